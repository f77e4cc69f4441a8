//! Numbers as Chinese texts write them (`9.73万`, `一千二百余`, `５－15`), and the units they are counted in.
//!
//! [`read_number`] reads one number at a place; [`unit_at`] the unit that follows it; [`Measure`] says which units can
//! be compared (元 and 万元, 亩 and 公顷). What is a figure and what a date is decided by `tag::figure`.

use std::collections::HashMap;
use std::sync::LazyLock;

/// A number in text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Number {
    /// Its value; of a number between two (`十几`, `七八千`) the lower one.
    pub value: f64,
    /// The upper one of a number between two.
    pub value_max: Option<f64>,
    /// The character after it, as an ordinal of the text read.
    pub end: usize,
    /// 余, 多, 来 or 几 inside or behind it.
    pub more: Option<char>,
    /// Whether it is written in Chinese numerals.
    pub han: bool,
    /// Whether it counts in 万 or 亿.
    pub large: bool,
    /// What the last 万, 亿 … multiplies by, as a power of ten: `5-10万` means it for both.
    exponent: u32,
}

impl Number {
    /// The number before this one in a range such as `5-10万`, counted in the same 万 or 亿 when it has none itself.
    pub fn in_scale_of(self, last: Self) -> Self {
        if self.exponent > 0 || last.exponent < 4 || self.han {
            return self;
        }
        let scaled = Decimal::of(self.value).shifted(last.exponent).value();
        Self { value: scaled, exponent: last.exponent, ..self }
    }
}

/// Digits with a decimal point, exact: 9.73万 is 97300 and not 97300.00000000001.
#[derive(Debug, Clone, Copy)]
struct Decimal {
    digits: u128,
    /// Digits behind the point.
    places: u32,
}

impl Decimal {
    fn of(value: f64) -> Self {
        let text = format!("{value}");
        let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
        Self {
            digits: format!("{whole}{rest}").parse().unwrap_or(0),
            places: u32::try_from(rest.len()).unwrap_or(0),
        }
    }

    fn shifted(self, exponent: u32) -> Self {
        let up = exponent.saturating_sub(self.places);
        Self {
            digits: self.digits.saturating_mul(10_u128.saturating_pow(up)),
            places: self.places.saturating_sub(exponent),
        }
    }

    fn plus(self, other: Self) -> Self {
        let places = self.places.max(other.places);
        let at = |one: Self| one.digits.saturating_mul(10_u128.saturating_pow(places - one.places));
        Self { digits: at(self).saturating_add(at(other)), places }
    }

    #[allow(clippy::cast_precision_loss, reason = "a figure of text has fewer than 15 digits")]
    fn value(self) -> f64 {
        self.digits as f64 / 10_u128.saturating_pow(self.places) as f64
    }
}

/// Most digits of a number: longer ones are codes.
const DIGITS_MAX: usize = 15;

/// The value of a decimal digit, full width too.
pub fn digit(c: char) -> Option<u32> {
    match c {
        '0'..='9' => c.to_digit(10),
        '\u{ff10}'..='\u{ff19}' => Some(u32::from(c) - 0xff10),
        _ => None,
    }
}

/// The value of a Chinese digit.
pub fn han_digit(c: char) -> Option<u32> {
    Some(match c {
        '零' | '〇' | '○' => 0,
        '一' => 1,
        '二' | '两' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

/// 十 百 千 万 亿 as powers of ten.
fn exponent_of(c: char) -> Option<u32> {
    Some(match c {
        '十' => 1,
        '百' => 2,
        '千' => 3,
        '万' => 4,
        '亿' => 8,
        _ => return None,
    })
}

/// Whether a character can begin or continue a Chinese numeral.
pub fn is_han_numeral(c: char) -> bool {
    // One question for the characters of [`han_digit`] and [`exponent_of`] (a test looks): it is asked of every character.
    matches!(
        c,
        '零' | '〇'
            | '○'
            | '一'
            | '二'
            | '两'
            | '三'
            | '四'
            | '五'
            | '六'
            | '七'
            | '八'
            | '九'
            | '十'
            | '百'
            | '千'
            | '万'
            | '亿'
    )
}

/// Reads the number that begins at `at`; `None` where none does.
///
/// The text must be in Simplified script. Units: ordinals of `text`.
pub fn read_number(text: &[char], at: usize) -> Option<Number> {
    let first = *text.get(at)?;
    if digit(first).is_some() { read_arabic(text, at) } else { read_han(text, at) }
}

fn read_arabic(text: &[char], at: usize) -> Option<Number> {
    let (plain, end) = read_digits(text, at)?;
    let mut tail = read_tail(text, skip_space_before_scale(text, end));
    let mut sum = plain.shifted(tail.exponent);
    // `1亿2000万`, `3万5千`: a smaller part follows.
    if tail.exponent > 0
        && tail.more.is_none()
        && text.get(tail.end).is_some_and(|&c| digit(c).is_some())
        && let Some((second, end)) = read_digits(text, tail.end)
    {
        let rest = read_tail(text, end);
        if rest.exponent > 0 && rest.exponent < tail.exponent {
            sum = sum.plus(second.shifted(rest.exponent));
            tail = rest;
        }
    }
    Some(Number {
        value: sum.value(),
        value_max: None,
        end: tail.end,
        more: tail.more,
        han: false,
        large: tail.exponent >= 4,
        exponent: tail.exponent,
    })
}

/// A space between digits and 万 or 亿 is part of the number.
fn skip_space_before_scale(text: &[char], at: usize) -> usize {
    let spaced =
        text.get(at) == Some(&' ') && matches!(text.get(at + 1), Some('万' | '亿' | '余' | '多'));
    if spaced { at + 1 } else { at }
}

/// Digits with commas between thousands and one decimal point.
fn read_digits(text: &[char], at: usize) -> Option<(Decimal, usize)> {
    let run = |from: usize| text.iter().skip(from).take_while(|&&c| digit(c).is_some()).count();
    let mut digits = String::new();
    let push = |from: usize, length: usize, digits: &mut String| {
        let values = text.iter().skip(from).take(length).filter_map(|&c| digit(c));
        digits.extend(values.filter_map(|value| char::from_digit(value, 10)));
    };
    let mut end = at;
    let first = run(at);
    push(at, first, &mut digits);
    end += first;
    if (1..=3).contains(&first) {
        while matches!(text.get(end), Some(',' | '，')) && run(end + 1) == 3 {
            push(end + 1, 3, &mut digits);
            end += 4;
        }
    }
    let mut places = 0;
    if matches!(text.get(end), Some('.' | '．')) {
        let fraction = run(end + 1);
        if fraction > 0 {
            push(end + 1, fraction, &mut digits);
            end += 1 + fraction;
            places = fraction;
            // `2023.6.19` and `1.2.3` are no numbers.
            if matches!(text.get(end), Some('.' | '．')) && run(end + 1) > 0 {
                return None;
            }
        }
    }
    if digits.is_empty() || digits.len() > DIGITS_MAX {
        return None;
    }
    Some((Decimal { digits: digits.parse().ok()?, places: u32::try_from(places).ok()? }, end))
}

/// What follows digits: 余 or 多, powers of ten, 余 or 多.
struct Tail {
    exponent: u32,
    more: Option<char>,
    end: usize,
}

fn read_tail(text: &[char], from: usize) -> Tail {
    // 24个亿
    let spoken = text.get(from) == Some(&'个') && text.get(from + 1) == Some(&'亿');
    let mut tail = Tail { exponent: 0, more: None, end: from + usize::from(spoken) };
    tail.take_more(text);
    while let Some(exponent) = text.get(tail.end).copied().and_then(exponent_of) {
        // `3百` and `5千万` are numbers, `3十` is none; in 亿千瓦 and 500千伏 the 千 is the unit's.
        let of_unit = exponent < 4 && unit_at(text, tail.end).is_some();
        if of_unit || (exponent == 1 && tail.exponent == 0 && tail.more.is_none()) {
            break;
        }
        tail.exponent += exponent;
        tail.end += 1;
    }
    tail.take_more(text);
    tail
}

impl Tail {
    fn take_more(&mut self, text: &[char]) {
        let Some(&c) = text.get(self.end).filter(|&&c| matches!(c, '余' | '多' | '来' | '几'))
        else {
            return;
        };
        // `3多` is nothing, `来` is more often the verb: only before what is counted.
        let follows = text.get(self.end + 1).copied();
        let counted = |c: char| exponent_of(c).is_some() || is_unit_start(c);
        if c == '来' && !follows.is_some_and(counted) {
            return;
        }
        if c == '几' && follows.and_then(exponent_of).is_none() {
            return;
        }
        self.more = Some(c);
        self.end += 1;
    }
}

fn read_han(text: &[char], at: usize) -> Option<Number> {
    let in_run = |c: &&char| is_han_numeral(**c) || matches!(**c, '几' | '数');
    let mut run: Vec<char> = text.iter().skip(at).take_while(in_run).take(24).copied().collect();
    // The next word's: 三十数据; the unit's: 两亿千瓦.
    while let [.., before, last] = run.as_slice() {
        let of_unit = matches!(before, '万' | '亿')
            && matches!(last, '百' | '千')
            && unit_at(text, at + run.len() - 1).is_some();
        if *last != '数' && !of_unit {
            break;
        }
        run.pop();
    }
    let (whole, scale): (&[char], &[char]) = {
        let large = run.iter().rev().take_while(|c| matches!(c, '万' | '亿')).count();
        let (head, scale) = run.split_at(run.len() - large);
        // 万亿元 and 亿元 have no other numeral; in 十二亿六千万 the 万 is of the last part only.
        let of_whole = !head.is_empty() && !head.iter().any(|c| matches!(c, '万' | '亿'));
        if of_whole { (head, scale) } else { (&run, &[]) }
    };
    if matches!(whole, ['几' | '数']) && scale.is_empty() {
        return None;
    }
    let (low, high) = han_value(whole)?;
    let (places, end) = read_places(text, at, &run);
    let tail = read_tail(text, end);
    let own: u32 = scale.iter().filter_map(|&c| exponent_of(c)).sum();
    let factor = 10_f64.powi(i32::try_from(own + tail.exponent).ok()?);
    let value = |number: f64| match places {
        Some(places) => {
            let whole = Decimal::of(number);
            whole.plus(places).shifted(tail.exponent).value()
        }
        None => number * factor,
    };
    Some(Number {
        value: value(low),
        value_max: high.map(value),
        end: tail.end,
        more: tail.more,
        han: true,
        large: run.iter().any(|c| matches!(c, '万' | '亿')) || tail.exponent >= 4,
        exponent: own + tail.exponent,
    })
}

/// 点 and the digits behind it, where a unit or 万 follows: 三点五倍, and not 三点五十分.
fn read_places(text: &[char], at: usize, run: &[char]) -> (Option<Decimal>, usize) {
    let end = at + run.len();
    let is_digit = |c: &&char| han_digit(**c).is_some() && **c != '两';
    let places: Vec<char> =
        text.iter().skip(end + 1).take_while(is_digit).take(6).copied().collect();
    let after = end + 1 + places.len();
    let of_share = at >= 3 && text.get(at - 3..at) == Some(&['百', '分', '之']);
    let counted = text.get(after).is_some_and(|&c| matches!(c, '万' | '亿'))
        || unit_at(text, after).is_some();
    if text.get(end) != Some(&'点') || places.is_empty() || !(of_share || counted) {
        return (None, end);
    }
    let digits = places
        .iter()
        .filter_map(|&c| han_digit(c))
        .fold(0, |all, digit| all * 10 + u128::from(digit));
    (Some(Decimal { digits, places: u32::try_from(places.len()).unwrap_or(0) }), after)
}

/// The value of a numeral without 万 and 亿 at its end, or the two values it lies between.
fn han_value(run: &[char]) -> Option<(f64, Option<f64>)> {
    let power = |chars: &[char]| {
        let exponents: Option<Vec<u32>> = chars.iter().map(|&c| exponent_of(c)).collect();
        Some(10_f64.powi(i32::try_from(exponents?.iter().sum::<u32>()).ok()?))
    };
    match run {
        ['几' | '数'] => Some((2.0, Some(9.0))),
        // 几十, 数百
        ['几' | '数', rest @ ..] => {
            let power = power(rest)?;
            Some((2.0 * power, Some(9.0 * power)))
        }
        // 十几, 二十几
        [tens @ .., '十', '几'] => {
            let tens = match tens {
                [] => 10.0,
                [c] => f64::from(han_digit(*c)?) * 10.0,
                _ => return None,
            };
            Some((tens + 1.0, Some(tens + 9.0)))
        }
        // 千百万, 百十来: words for many.
        ['百' | '千', '十' | '百' | '千', ..] => None,
        // 十七八
        ['十', low, high] if neighbours(*low, *high) => {
            Some((f64::from(10 + han_digit(*low)?), Some(f64::from(10 + han_digit(*high)?))))
        }
        // 三五, 七八千
        [low, high, rest @ ..] if neighbours(*low, *high) => {
            let power = power(rest)?;
            Some((f64::from(han_digit(*low)?) * power, Some(f64::from(han_digit(*high)?) * power)))
        }
        _ => standard_han(run).map(|value| (value, None)),
    }
}

/// Two digits side by side that mean "one of the two".
fn neighbours(low: char, high: char) -> bool {
    match (han_digit(low), han_digit(high)) {
        (Some(low), Some(high)) if low > 0 => high == low + 1 || (low == 3 && high == 5),
        _ => false,
    }
}

/// 一千二百零五, 三万, 十二亿; `None` for digits in a row, which are years and codes.
fn standard_han(run: &[char]) -> Option<f64> {
    let (mut total, mut section, mut digit_read) = (0.0, 0.0, None);
    let mut last = u32::MAX;
    for &c in run {
        if let Some(value) = han_digit(c) {
            if digit_read.is_some_and(|before| before != 0) {
                return None;
            }
            digit_read = Some(value);
            continue;
        }
        let exponent = exponent_of(c)?;
        let scale = 10_f64.powi(i32::try_from(exponent).ok()?);
        if exponent >= 4 {
            section += f64::from(digit_read.take().unwrap_or(0));
            let whole = if section == 0.0 && total == 0.0 { 1.0 } else { section };
            // 万亿: the 亿 multiplies what stands before.
            total = if exponent == 8 { (total + whole) * scale } else { total + whole * scale };
            section = 0.0;
            last = u32::MAX;
        } else {
            if exponent >= last {
                return None;
            }
            last = exponent;
            section += f64::from(digit_read.take().unwrap_or(1)) * scale;
        }
    }
    section += f64::from(digit_read.unwrap_or(0));
    Some(total + section)
}

/// What units measure; units of one kind are compared after conversion.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measure {
    /// The unit that stands for the kind.
    pub base: &'static str,
    /// How many of them one unit is.
    pub factor: f64,
}

/// A unit that may follow a number.
#[derive(Debug)]
pub struct Unit {
    /// As reports write it.
    pub name: &'static str,
    /// What shows behind it that it is none, apart by spaces: 5支 but not 5支部.
    not_before: &'static str,
    /// Whether it counts after a single Chinese digit too: 三户 but not 三项, which is mostly a name.
    pub concrete: bool,
    measure: Measure,
}

const fn unit(name: &'static str, not_before: &'static str) -> Unit {
    Unit { name, not_before, concrete: false, measure: Measure { base: name, factor: 1.0 } }
}

const fn concrete(name: &'static str, not_before: &'static str) -> Unit {
    Unit { name, not_before, concrete: true, measure: Measure { base: name, factor: 1.0 } }
}

const fn converted(
    name: &'static str,
    base: &'static str,
    factor: f64,
    not_before: &'static str,
) -> Unit {
    Unit { name, not_before, concrete: true, measure: Measure { base, factor } }
}

/// Square metres of a 亩.
const MU: f64 = 10_000.0 / 15.0;

/// Units that reports count in. People: 人, 名 and 位 are one kind; 人次 is another.
static UNITS: &[Unit] = &[
    // Money.
    converted("元", "元", 1.0, "旦 宵 件"),
    converted("块钱", "元", 1.0, ""),
    concrete("美元", ""),
    concrete("欧元", ""),
    concrete("港元", ""),
    concrete("日元", ""),
    // Area.
    converted("平方公里", "平方米", 1e6, ""),
    converted("平方千米", "平方米", 1e6, ""),
    converted("平方米", "平方米", 1.0, ""),
    converted("平方公尺", "平方米", 1.0, ""),
    converted("平米", "平方米", 1.0, ""),
    converted("公顷", "平方米", 1e4, ""),
    converted("亩", "平方米", MU, ""),
    concrete("亩次", ""),
    // Length.
    converted("公里", "米", 1e3, ""),
    converted("千米", "米", 1e3, ""),
    converted("海里", "米", 1852.0, ""),
    converted("米", "米", 1.0, "粉"),
    converted("公尺", "米", 1.0, ""),
    converted("里", "米", 500.0, "程 面 外 边 弄"),
    converted("厘米", "米", 0.01, ""),
    converted("毫米", "米", 0.001, ""),
    concrete("英寸", ""),
    // Weight.
    converted("吨", "千克", 1e3, ""),
    converted("公斤", "千克", 1.0, ""),
    converted("千克", "千克", 1.0, ""),
    converted("斤", "千克", 0.5, ""),
    converted("克", "千克", 1e-3, "里"),
    converted("毫克", "千克", 1e-6, ""),
    converted("微克", "千克", 1e-9, ""),
    // Volume.
    converted("立方米", "立方米", 1.0, ""),
    converted("立方", "立方米", 1.0, "体"),
    converted("升", "立方米", 1e-3, "级 至 到 为"),
    converted("毫升", "立方米", 1e-6, ""),
    // Energy and power.
    converted("千瓦时", "千瓦时", 1.0, ""),
    converted("兆瓦时", "千瓦时", 1e3, ""),
    converted("度电", "千瓦时", 1.0, ""),
    converted("千瓦", "千瓦", 1.0, ""),
    converted("兆瓦", "千瓦", 1e3, ""),
    converted("吉瓦", "千瓦", 1e6, ""),
    concrete("千伏", ""),
    concrete("分贝", ""),
    concrete("摄氏度", ""),
    concrete("℃", ""),
    // Shares.
    converted("%", "%", 1.0, ""),
    converted("％", "%", 1.0, ""),
    converted("‰", "%", 0.1, ""),
    converted("个百分点", "个百分点", 1.0, ""),
    converted("百分点", "个百分点", 1.0, ""),
    converted("个基点", "个百分点", 0.01, ""),
    concrete("倍", ""),
    // Lengths of time; years and days of a month are dates.
    converted("天", "天", 1.0, "然"),
    converted("个工作日", "个工作日", 1.0, ""),
    converted("工作日", "个工作日", 1.0, ""),
    converted("个小时", "小时", 1.0, ""),
    converted("小时", "小时", 1.0, "候"),
    converted("分钟", "小时", 1.0 / 60.0, ""),
    converted("个月", "个月", 1.0, ""),
    converted("个季度", "个月", 3.0, ""),
    unit("个星期", ""),
    unit("学时", ""),
    unit("课时", ""),
    // People and households.
    concrete("人次", ""),
    unit("人份", ""),
    converted("人", "人", 1.0, "民 均 才 类 工智 工费 社局 社部 大代 大常 物 格 数 行道"),
    converted("名", "人", 1.0, "录 额"),
    Unit {
        name: "位",
        not_before: "于 置 居 列 一体",
        concrete: false,
        measure: Measure { base: "人", factor: 1.0 },
    },
    concrete("户", "籍 口 型"),
    concrete("户次", ""),
    unit("口人", ""),
    // Events.
    converted("场次", "场", 1.0, ""),
    converted("场", "场", 1.0, "所 地 景"),
    unit("次", "产业 要的"),
    unit("期", "货 望 待"),
    unit("轮", "流 胎"),
    unit("批次", ""),
    unit("批", "准"),
    unit("班次", ""),
    unit("班", "子 组 车"),
    unit("架次", ""),
    unit("车次", ""),
    concrete("辆次", ""),
    unit("台次", ""),
    unit("件次", ""),
    unit("艘次", ""),
    unit("列次", ""),
    unit("趟", ""),
    // Things, short for long.
    unit("个", ""),
    unit("项", "目"),
    unit("条", "例 款"),
    unit("件", ""),
    unit("家", "庭 渠市"),
    unit("所", "谓 属"),
    unit("支", "部 书 撑 付"),
    unit("座", "谈"),
    unit("处", "理 置 级 罚 于"),
    unit("台", "湾 账 阶"),
    unit("台套", ""),
    concrete("辆", ""),
    unit("套", "餐"),
    unit("份", "额 子"),
    unit("张", "贴 家口 家界"),
    unit("本", "报讯 级 市 省 届 科生 科院"),
    unit("册", ""),
    unit("篇", "章"),
    unit("部", "门 委 分 署"),
    unit("种", "植业 植户 植面 植基 植大 养殖 养业 粮大"),
    unit("大类", ""),
    unit("类", "似 别 型"),
    unit("例", "如 会 行"),
    unit("起", "来 到 点 步"),
    unit("宗", "教"),
    unit("栋", "梁"),
    unit("幢", ""),
    unit("间", "隔 距"),
    unit("棵", ""),
    concrete("株", "洲"),
    unit("头", "条 版"),
    unit("只", "有 要 能 是 需 为"),
    unit("匹", "配"),
    unit("羽", "绒"),
    unit("架", "构"),
    unit("艘", ""),
    unit("列", "为 入 出 席 举"),
    unit("门", "槛 户 票 店 诊"),
    unit("堂", ""),
    unit("节", "能 日 目 约 假"),
    unit("幅", "度 员 射"),
    unit("块", ""),
    unit("面", "积 向 临"),
    unit("片", "区 段"),
    unit("根", "据 本 治"),
    unit("盏", ""),
    unit("枚", ""),
    unit("粒", ""),
    unit("袋", ""),
    unit("箱", ""),
    unit("桶", ""),
    unit("对", "口 于 外 标 接 照 象 应 比"),
    unit("组", "织 建 长 合 成"),
    unit("笔", ""),
    unit("单", "位 元 独 一"),
    unit("款", "项 式"),
    unit("副", "主 书 县 市 省"),
    unit("道", "路 德 理 教"),
    unit("剂次", ""),
    unit("剂", ""),
    unit("针", "对"),
    unit("桩", ""),
    unit("票", "据 价 务 房"),
    unit("股", "份 东 权"),
    unit("幕", "后"),
    unit("圈", ""),
    unit("孔", "子"),
    unit("口", "岸 头 号 径 服 粮"),
    unit("床", ""),
    unit("字", "样 体"),
    unit("页", ""),
    unit("则", ""),
    unit("首", "批 次 先 要 府 都 届 创 个 席"),
    unit("声", ""),
    unit("标箱", ""),
    unit("人日", ""),
    unit("工日", ""),
    unit("公里/小时", ""),
];

type Starts = HashMap<char, Vec<(Vec<char>, &'static Unit)>>;

/// Units by their first character, long ones first.
static STARTS: LazyLock<Starts> = LazyLock::new(|| {
    let mut starts: Starts = HashMap::new();
    for unit in UNITS {
        let name: Vec<char> = unit.name.chars().collect();
        if let Some(&first) = name.first() {
            starts.entry(first).or_default().push((name, unit));
        }
    }
    for units in starts.values_mut() {
        units.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    }
    starts
});

/// Whether a unit begins with this character.
pub fn is_unit_start(c: char) -> bool {
    STARTS.contains_key(&c)
}

/// The longest unit at a place and the character after it; 个多月 and 个半月 are 个月.
pub fn unit_at(text: &[char], at: usize) -> Option<(&'static Unit, usize)> {
    let units = STARTS.get(text.get(at)?)?;
    units.iter().find_map(|(name, unit)| {
        let end = ends(text, at, name)?;
        let mut others = unit.not_before.split(' ').filter(|word| !word.is_empty());
        let refused =
            others.any(|word| word.chars().enumerate().all(|(n, c)| text.get(end + n) == Some(&c)));
        (!refused).then_some((*unit, end))
    })
}

fn ends(text: &[char], at: usize, name: &[char]) -> Option<usize> {
    let rest = text.get(at..)?;
    if rest.starts_with(name) {
        return Some(at + name.len());
    }
    match (name, rest) {
        ([first, tail @ ..], [start, '多' | '半', rest @ ..])
            if first == start && !tail.is_empty() && rest.starts_with(tail) =>
        {
            Some(at + name.len() + 1)
        }
        _ => None,
    }
}

/// The measure of a unit as a figure bears it; a unit that is not known measures itself.
pub fn measure_of(name: &str) -> Option<Measure> {
    UNITS.iter().find(|unit| unit.name == name).map(|unit| unit.measure)
}

/// How a unit is typed: `万元` is 10,000 元, `亿元`, `万人次`; `None` for no unit.
pub fn typed_unit(text: &str) -> Option<(Measure, f64)> {
    let mut rest = text.trim();
    let mut scale = 1.0;
    if let Some(measure) = measure_of(rest) {
        return Some((measure, 1.0));
    }
    while let Some(first) = rest.chars().next() {
        let Some(exponent) = exponent_of(first).filter(|exponent| *exponent >= 2) else { break };
        scale *= 10_f64.powi(i32::try_from(exponent).ok()?);
        rest = rest.get(first.len_utf8()..)?;
        if let Some(measure) = measure_of(rest) {
            return Some((measure, scale));
        }
    }
    None
}

/// A number as a person types it in an option, with or without a unit: `1万`, `10,000`, `1.5亿元`.
pub fn typed_number(text: &str) -> Option<(f64, Option<Measure>)> {
    let text: Vec<char> = text.trim().chars().filter(|c| *c != ' ').collect();
    let number = read_number(&text, 0)?;
    let unit: String = text.get(number.end..)?.iter().collect();
    if unit.is_empty() {
        return Some((number.value, None));
    }
    let measure = measure_of(&unit)?;
    Some((number.value, Some(measure)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, value: f64, value_max: Option<f64>, rest: &str) {
        let chars: Vec<char> = text.chars().collect();
        let number = read_number(&chars, 0).unwrap_or_else(|| panic!("no number in {text}"));
        assert_eq!((number.value, number.value_max), (value, value_max), "{text}");
        let left: String = chars[number.end..].iter().collect();
        assert_eq!(left, rest, "{text}");
    }

    #[test]
    fn digits_may_have_commas_a_point_and_powers_of_ten() {
        check("9.73万人次", 97_300.0, None, "人次");
        check("1,234,567元", 1_234_567.0, None, "元");
        check("1，200户", 1200.0, None, "户");
        check("2019，2020年", 2019.0, None, "，2020年");
        check("１２．５％", 12.5, None, "％");
        check("5000多万元", 50_000_000.0, None, "元");
        check("18万余人次", 180_000.0, None, "人次");
        check("1亿余元", 100_000_000.0, None, "元");
        check("2.3万亿元", 2.3e12, None, "元");
        check("1亿2000万元", 120_000_000.0, None, "元");
        check("3万5千人", 35_000.0, None, "人");
        check("5百余户", 500.0, None, "户");
        check("30来户", 30.0, None, "户");
        check("12来自", 12.0, None, "来自");
        check("3.07亿", 307_000_000.0, None, "");
        check("1.39亿千瓦", 139_000_000.0, None, "千瓦");
        check("500千伏", 500.0, None, "千伏");
        check("24个亿", 2_400_000_000.0, None, "");
    }

    #[test]
    fn chinese_numerals_are_read() {
        check("一千二百余户", 1200.0, None, "户");
        check("三百零五个", 305.0, None, "个");
        check("二十多万人", 200_000.0, None, "人");
        check("一万二千三百四十五元", 12_345.0, None, "元");
        check("十二亿元", 1.2e9, None, "元");
        check("两万亿元", 2e12, None, "元");
        check("百余名", 100.0, None, "名");
        check("十几名", 11.0, Some(19.0), "名");
        check("几十户", 20.0, Some(90.0), "户");
        check("七八千块", 7000.0, Some(8000.0), "块");
        check("三五户", 3.0, Some(5.0), "户");
        check("三十数据", 30.0, None, "数据");
        check("十几万人次", 110_000.0, Some(190_000.0), "人次");
        check("七八十万元", 700_000.0, Some(800_000.0), "元");
        check("零点六倍", 0.6, None, "倍");
        check("三点五万人", 35_000.0, None, "人");
        check("三点五十分", 3.0, None, "点五十分");
        check("两亿千瓦", 200_000_000.0, None, "千瓦");
        check("三千米", 3000.0, None, "米");
        check("十二亿六千万元", 1_260_000_000.0, None, "元");
        check("一千三百八十七亿四千万元", 138_740_000_000.0, None, "元");
        check("一万二千三百亿元", 1_230_000_000_000.0, None, "元");
        check("二万亿元", 2e12, None, "元");
    }

    #[test]
    fn a_numeral_is_a_digit_or_a_power_of_ten() {
        for c in '\0'..=char::MAX {
            let either = han_digit(c).is_some() || exponent_of(c).is_some();
            assert_eq!(is_han_numeral(c), either, "{c}");
        }
    }

    #[test]
    fn digits_in_a_row_and_double_points_are_no_numbers() {
        for text in
            ["二〇二三年", "一九年", "2023.6.19", "1234567890123456789个", "数据", "千百万次"]
        {
            let chars: Vec<char> = text.chars().collect();
            assert_eq!(read_number(&chars, 0), None, "{text}");
        }
    }

    #[test]
    fn every_unit_stands_in_the_table_once_and_is_found_by_its_own_name() {
        for one in UNITS {
            let chars: Vec<char> = one.name.chars().collect();
            let (found, end) = unit_at(&chars, 0).unwrap();
            assert_eq!((found.name, end), (one.name, chars.len()));
            assert_eq!(UNITS.iter().filter(|other| other.name == one.name).count(), 1);
        }
    }

    #[test]
    fn units_convert_within_their_kind() {
        let to_base =
            |text| typed_unit(text).map(|(measure, scale)| (measure.base, measure.factor * scale));
        assert_eq!(to_base("万元"), Some(("元", 1e4)));
        assert_eq!(to_base("亿元"), Some(("元", 1e8)));
        assert_eq!(to_base("名"), Some(("人", 1.0)));
        assert_eq!(to_base("公里"), to_base("千米"));
        assert_eq!(to_base("公顷").unwrap().0, to_base("亩").unwrap().0);
        assert_eq!(to_base("党员"), None);
        assert_eq!(typed_number("1万"), Some((10_000.0, None)));
        assert_eq!(typed_number("1.5亿元").map(|(value, _)| value), Some(1.5e8));
        assert_eq!(typed_number("许多"), None);
    }
}
