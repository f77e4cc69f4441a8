//! Figures of a paragraph: quantities that it reports, `9.73万人次`, `5-15户`, `80.53%`.
//!
//! A figure is a number directly followed by a unit. Dates, ages, ordinals, numbers of documents and the numbers in
//! the names of schemes (`四项机制`, `“六个一”`) are none. A Chinese numeral of one digit counts only before units that
//! no name has (三户, 三万元): 三个, 三项, 一名 are mostly names or articles. Numbers and units themselves are read by
//! [`crate::text::quantity`].

use crate::model::{Figure, Span};
use crate::text::quantity::{Number, Unit, digit, han_digit, is_han_numeral, read_number, unit_at};
use std::sync::LazyLock;

/// Words before a figure that say how exact it is, long ones first.
const BEFORE: &[&str] = &[
    "不少于",
    "不低于",
    "不超过",
    "不高于",
    "不小于",
    "不大于",
    "不多于",
    "大约为",
    "不足",
    "不到",
    "不下",
    "不止",
    "超过",
    "突破",
    "达到",
    "接近",
    "将近",
    "大约",
    "约为",
    "高达",
    "多达",
    "低于",
    "高于",
    "少于",
    "多于",
    "至少",
    "至多",
    "最多",
    "最少",
    "最高",
    "最低",
    "上限",
    "近",
    "超",
    "约",
    "逾",
    "达",
    "满",
    "过",
];

/// The same with their last characters.
static BEFORE_BY_END: LazyLock<Vec<(char, &str)>> = LazyLock::new(|| {
    BEFORE.iter().filter_map(|word| Some((word.chars().next_back()?, *word))).collect()
});

/// Characters before a one-character word of [`BEFORE`] with which it is part of another word: 附近, 合约, 传达.
const NOT_QUALIFIERS: &[(char, &str)] = &[
    ('近', "附最邻临靠亲相就贴走新"),
    ('超', "高反赶"),
    ('约', "合节签预违制契公条履解邀失"),
    ('达', "传发到直抵送转表下通雷林宏拉"),
    ('满', "圆未"),
    ('过', "通经超不度渡跨路走越胜错难"),
];

/// Words behind a figure that say how exact it is.
const BEHIND: &[&str] = &["以上", "以下", "以内", "左右", "上下", "之多", "不等"];

/// Words with which the noun that is counted ends: what follows is told of it.
const NOUN_ENDS: &[&str] = &[
    "实现", "开展", "完成", "参加", "参与", "建立", "成立", "组成", "发放", "覆盖", "纳入", "全部",
    "已经", "共同", "深入", "通过", "进行", "得到", "获得", "荣获", "达到", "提供", "解决", "投入",
    "用于", "位于", "同比", "增长", "下降", "增加", "减少", "分别", "其中", "进入", "走进", "入驻",
    "签订", "签约", "开工", "建成", "投产", "竣工", "落地", "落户", "受益", "脱贫", "摘帽", "接受",
    "担任", "成为", "推动", "促进", "带动", "吸纳", "举办", "召开", "化解", "整改", "办结", "构成",
    "之间", "之内", "左右", "以上", "以下", "以内", "目前", "同时", "以及", "按照", "围绕", "利用",
    "依托", "采取", "形成", "启动", "正在", "正式", "相继", "陆续", "先后", "累计", "平均", "当选",
    "赴", "奔赴", "加入", "上门", "主动", "提高", "全面", "积极", "负责", "没有", "联合", "包括",
    "涉及", "来自", "来源", "属于", "高于", "低于", "超过", "不足", "提升", "缩短", "上升", "安排",
    "受伤", "死亡", "上榜", "之前", "之后", "以前", "以后", "出席", "对", "揭牌", "上演", "流转",
    "发布", "持续", "更新", "要", "每", "内", "的", "了", "和", "与", "及", "或", "在", "为", "被",
    "把", "将", "让", "均", "都", "也", "就", "并", "而", "已", "未", "是", "从", "由", "到", "至",
    "则", "又", "还", "进", "较", "比", "占", "获", "达", "超", "约", "近", "等",
];

/// The same, sorted, with their first characters.
static ENDS_BY_START: LazyLock<Vec<(char, &str)>> = LazyLock::new(|| {
    let mut ends: Vec<(char, &str)> =
        NOUN_ENDS.iter().filter_map(|word| Some((word.chars().next()?, *word))).collect();
    ends.sort_unstable();
    ends
});

/// Characters behind a word of [`NOUN_ENDS`] with which it is part of a noun: 在校生, 就业岗位, 获奖作品.
const NOUN_PARTS: &[(char, &str)] = &[
    ('在', "校职岗册编建读园训网"),
    ('未', "来成"),
    ('和', "谐平睦美"),
    ('为', "民"),
    ('进', "修口出城村"),
    ('达', "标"),
    ('近', "海郊"),
    ('超', "市级大高"),
    ('比', "赛例"),
    ('就', "业学医"),
    ('将', "士军"),
    ('获', "奖"),
    ('占', "地"),
    ('都', "市"),
    ('与', "会"),
    ('要', "素道点件闻"),
    ('内', "陆河外地科镜"),
    ('对', "口外象"),
];

/// Characters before a word of [`NOUN_ENDS`] with which it is the end of a word: 先进, 欠发达, 高等.
const NOUN_TAILS: &[(char, &str)] = &[
    ('要', "主重"),
    ('达', "发"),
    ('进', "先引推"),
    ('等', "高中初平"),
    ('近', "邻"),
    ('由', "自"),
    ('对', "面绝相"),
];

/// Units behind which something else is told, not what is counted.
const NO_NOUN: &[&str] = &[
    "%",
    "％",
    "‰",
    "倍",
    "个百分点",
    "百分点",
    "个基点",
    "天",
    "个工作日",
    "工作日",
    "个小时",
    "小时",
    "分钟",
    "个月",
    "个季度",
    "个星期",
];

/// Most characters of a noun; what is longer is a sentence.
const NOUN_CHARS: usize = 8;

/// Most characters of a quoted name that begins with a number.
const SCHEME_CHARS: usize = 12;

/// The figures of a text in Simplified script, in order. Positions of characters are those of the display text.
pub fn find(text: &str) -> Vec<Figure> {
    // Most characters begin no number, which is sooner seen than read.
    let Some(mut at) = text.chars().position(may_begin_number) else { return Vec::new() };
    let text: Vec<char> = text.chars().collect();
    let mut figures = Vec::new();
    while at < text.len() {
        match read(&text, at) {
            Some((found, end)) => {
                figures.extend(found);
                at = end;
            }
            None => at = after_number(&text, at),
        }
        at += text.iter().skip(at).take_while(|c| !may_begin_number(**c)).count();
    }
    figures
}

/// Whether a figure may begin with a character.
fn may_begin_number(c: char) -> bool {
    digit(c).is_some() || is_han_numeral(c) || matches!(c, '几' | '数')
}

/// The place after the number at `at`, or the next character.
fn after_number(text: &[char], at: usize) -> usize {
    let is_number = |c: char| digit(c).is_some() || is_han_numeral(c);
    let length = text.iter().skip(at).take_while(|&&c| is_number(c) || c == '几').count();
    at + length.max(1)
}

/// A figure, or nothing where a number is no figure, with the place after it; `None` where no number is.
fn read(text: &[char], at: usize) -> Option<(Option<Figure>, usize)> {
    if let Some(percent) = read_percent(text, at) {
        let end = percent.at.end();
        return Some((Some(percent), end));
    }
    let number = read_number(text, at)?;
    if !may_begin(text, at, number) {
        return Some((None, number.end));
    }
    let (low, high, counted) = read_range(text, at, number);
    let (unit, end) = match counted {
        Some((unit, end)) => (Some(unit), end),
        None => (None, high.unwrap_or(low).end),
    };
    if !is_quantity(text, at, low, unit, end) {
        return Some((None, end));
    }
    let unit_name = unit.map(|unit| unit_name(text, unit, end));
    let end = with_bracket(text, end);
    let behind = BEHIND.iter().find(|word| starts_with(text, end, word));
    let noun_from = end + behind.map_or(0, |word| word.chars().count());
    let noun = if unit.is_some_and(|unit| NO_NOUN.contains(&unit.name)) {
        None
    } else {
        noun(text, noun_from)
    };
    // Without a unit only amounts in 万 and 亿 of something named: 5万群众.
    if unit_name.is_none() && noun.is_none() {
        return Some((None, end));
    }
    let before = qualifier(text, at);
    let more = high.unwrap_or(low).more.or(low.more).map(|c| c.to_string());
    let figure = Figure {
        value: low.value,
        value_max: high.map(|high| high.value).or(low.value_max),
        unit: unit_name,
        qualifier: before.or(more).or(behind.map(|word| (*word).to_owned())),
        noun,
        at: Span::new(at, end),
    };
    Some((Some(figure), end))
}

/// 百分之八十.
fn read_percent(text: &[char], at: usize) -> Option<Figure> {
    if !starts_with(text, at, "百分之") {
        return None;
    }
    let from = at + 3;
    let (value, end, more) = match text.get(from) {
        Some('百') => (100.0, from + 1, None),
        _ => {
            let number = read_number(text, from)?;
            (number.value, number.end, number.more)
        }
    };
    Some(Figure {
        value,
        value_max: None,
        unit: Some("%".to_owned()),
        qualifier: qualifier(text, at).or(more.map(|c| c.to_string())),
        noun: None,
        at: Span::new(at, end),
    })
}

/// Whether what stands before a number lets it be a quantity.
fn may_begin(text: &[char], at: usize, number: Number) -> bool {
    let before = |back: usize| at.checked_sub(back).and_then(|at| text.get(at)).copied();
    let Some(last) = before(1) else { return true };
    // G318, A4, 1+6, 12/5, 〔2019〕, 3:1.
    if last.is_ascii_alphabetic()
        || matches!(last, '+' | '＋' | '/' | '〔' | '#' | '№' | '.' | '．' | '×')
    {
        return false;
    }
    if matches!(last, ':' | '：' | '-' | '—' | '–' | '~' | '～' | '至')
        && before(2).is_some_and(|c| digit(c).is_some())
    {
        // The second half of a range that was not read as one, a time or a ratio.
        return false;
    }
    // 零下30摄氏度 is not 30.
    if last == '下' && before(2) == Some('零') {
        return false;
    }
    if last == '第' || (last == ' ' && before(2) == Some('第')) {
        return false;
    }
    // 第三、四条; 第3-5批 was read as one number before.
    if matches!(last, '、' | '和' | '至') && is_after_ordinal(text, at - 1) {
        return false;
    }
    let part_of_word = match last {
        '之' | '初' | '其' | '星' | '唯' | '统' | '逐' | '同' | '万' | '周' => number.han,
        '期' => before(2) == Some('星'),
        _ => false,
    };
    !part_of_word
}

/// Whether a list such as `第一、二` stands before `at`.
fn is_after_ordinal(text: &[char], at: usize) -> bool {
    let mut steps = 0;
    for back in (0..at).rev() {
        let Some(&c) = text.get(back) else { return false };
        steps += 1;
        if c == '第' {
            return true;
        }
        let listed = digit(c).is_some() || is_han_numeral(c) || matches!(c, '、' | '第');
        if !listed || steps > 8 {
            return false;
        }
    }
    false
}

type Counted = Option<(&'static Unit, usize)>;

/// The number or the two ends of a range, with the unit that follows.
fn read_range(text: &[char], at: usize, first: Number) -> (Number, Option<Number>, Counted) {
    let own = unit_after(text, first.end);
    let single = (first, None, own);
    // A list number and a year are no lower ends: `1—5` needs its unit behind the second.
    let from = own.map_or(first.end, |(_, end)| end);
    let Some(second_at) = after_dash(text, from) else { return single };
    let Some(second) = read_number(text, second_at) else { return single };
    let Some((unit, end)) = unit_after(text, second.end) else { return single };
    let is_other_unit = own.is_some_and(|(own, _)| own.name != unit.name);
    // From 15 to 20 are two figures.
    let changes = at
        .checked_sub(1)
        .and_then(|before| text.get(before))
        .is_some_and(|c| matches!(c, '从' | '由'));
    let low = if own.is_none() { first.in_scale_of(second) } else { first };
    if is_other_unit || changes || first.value_max.is_some() || second.value <= low.value {
        return single;
    }
    (low, Some(second), Some((unit, end)))
}

/// The place after what joins the ends of a range.
fn after_dash(text: &[char], at: usize) -> Option<usize> {
    match (text.get(at)?, text.get(at + 1)) {
        ('—' | '－' | '-', Some('—' | '－' | '-')) => Some(at + 2),
        ('-' | '—' | '–' | '－' | '~' | '～' | '―' | '至' | '到', _) => Some(at + 1),
        _ => None,
    }
}

/// The unit behind a number, over one space.
fn unit_after(text: &[char], at: usize) -> Counted {
    unit_at(text, at)
        .or_else(|| (text.get(at) == Some(&' ')).then(|| unit_at(text, at + 1)).flatten())
}

/// Whether number and unit report a quantity, by what they are and what stands around them.
fn is_quantity(text: &[char], at: usize, number: Number, unit: Option<&Unit>, end: usize) -> bool {
    let Some(unit) = unit else {
        return number.large && !number.han;
    };
    if number.han && !is_clear_numeral(text, at, number, unit) {
        return false;
    }
    if is_scheme_name(text, at, end) {
        return false;
    }
    let next = text.get(end).copied();
    // 3万吨级码头, 85平方米户型.
    if next == Some('级') || is_period(text, at, unit) {
        return false;
    }
    match unit.name {
        // “六个一”, 5个100: names of schemes.
        "个" => !next.is_some_and(|c| {
            digit(c).is_some() || (is_han_numeral(c) && !matches!(c, '两' | '亿' | '千' | '万'))
        }),
        // Round the clock.
        "小时" if number.value == 24.0 => false,
        // 15分钟生活圈.
        "小时" | "分钟" => {
            !text.iter().skip(end).take(8).take_while(|c| !is_stop(**c)).any(|c| *c == '圈')
        }
        // 二期工程.
        "期" => !["工程", "项目", "建设"].iter().any(|word| starts_with(text, end, word)),
        // 六户镇, 三台县.
        _ if number.han => !next.is_some_and(|c| "镇乡村县市区街寨沟山河".contains(c)),
        _ => true,
    }
}

/// Whether days or months are a time and no length of it: 前两天, 近3个月.
fn is_period(text: &[char], at: usize, unit: &Unit) -> bool {
    let before = |back: usize| at.checked_sub(back).and_then(|at| text.get(at)).copied();
    matches!(unit.name, "天" | "个月" | "个季度" | "个星期")
        && match before(1) {
            Some('前') => before(2) != Some('提'),
            Some('这' | '那') => true,
            Some('近') => before(2).is_none_or(|c| is_stop(c) || c == '最'),
            Some('来') => before(2) == Some('未'),
            _ => false,
        }
}

/// Whether a Chinese numeral is a quantity and no name: long ones, 余 and ranges are; 三, 十 only before concrete units.
fn is_clear_numeral(text: &[char], at: usize, number: Number, unit: &Unit) -> bool {
    let chars = text.get(at..number.end).unwrap_or(&[]);
    match chars {
        [c] if han_digit(*c) == Some(1) => false,
        // 上百名, 近千亩.
        ['百' | '千' | '万' | '亿'] => qualifier(text, at)
            .is_some_and(|word| matches!(word.as_str(), "上" | "近" | "超" | "逾")),
        [c] if han_digit(*c) == Some(0) => false,
        [_] => unit.concrete,
        _ if number.value_max.is_some() && chars.iter().all(|c| han_digit(*c).is_some()) => {
            unit.concrete || matches!(unit.name, "名" | "人" | "家" | "位" | "次" | "天")
        }
        _ => true,
    }
}

/// A number right behind an opening quotation mark whose end is near: “三项制度”, “15分钟便民圈”.
fn is_scheme_name(text: &[char], at: usize, end: usize) -> bool {
    let opened = at.checked_sub(1).and_then(|before| text.get(before));
    if !matches!(opened, Some('“' | '‘' | '"' | '「' | '『' | '《')) {
        return false;
    }
    let mut inside = text.iter().skip(end).take(SCHEME_CHARS);
    let closing =
        inside.find(|c| is_stop(**c) || matches!(**c, '”' | '’' | '"' | '」' | '』' | '》'));
    matches!(closing, Some('”' | '’' | '"' | '」' | '』' | '》'))
}

fn is_stop(c: char) -> bool {
    matches!(c, '，' | ',' | '。' | '；' | ';' | '、' | '！' | '？' | '：' | ':')
}

/// The unit as it is shown: full-width signs narrowed, 个多月 as 个月.
fn unit_name(text: &[char], unit: &Unit, end: usize) -> String {
    match (unit.name, text.get(end)) {
        ("％", _) => "%".to_owned(),
        ("块钱", _) => "元".to_owned(),
        ("百分点", _) => "个百分点".to_owned(),
        (name, _) => name.to_owned(),
    }
}

/// The end with a second unit in brackets: `3750个（册）`.
fn with_bracket(text: &[char], end: usize) -> usize {
    let Some('(' | '（') = text.get(end) else { return end };
    let inside = text.iter().skip(end + 1).take_while(|c| !matches!(c, ')' | '）')).count();
    let closed = matches!(text.get(end + 1 + inside), Some(')' | '）'));
    let is_unit = unit_at(text, end + 1).is_some_and(|(_, to)| to == end + 1 + inside);
    if closed && inside <= 2 && is_unit { end + inside + 2 } else { end }
}

/// The word before a figure that says how exact it is.
fn qualifier(text: &[char], at: usize) -> Option<String> {
    let last = *text.get(at.checked_sub(1)?)?;
    // 上百名, 上千斤; not 路上万人, 以上百名, 成百上千.
    if last == '上' && matches!(text.get(at), Some('百' | '千' | '万' | '亿')) {
        let before = at.checked_sub(2).and_then(|before| text.get(before));
        return before
            .is_none_or(|c| !"以晚早路街网线身山天百".contains(*c))
            .then(|| "上".to_owned());
    }
    let words = BEFORE_BY_END.iter().filter(|(end, _)| *end == last);
    words.map(|(_, word)| word).find_map(|word| {
        let length = word.chars().count();
        let from = at.checked_sub(length)?;
        if !starts_with(text, from, word) {
            return None;
        }
        let first = word.chars().next()?;
        let before = from.checked_sub(1).and_then(|before| text.get(before)).copied();
        let other = NOT_QUALIFIERS.iter().any(|(c, words)| {
            length == 1 && *c == first && before.is_some_and(|c| words.contains(c))
        });
        (!other).then(|| (*word).to_owned())
    })
}

/// The noun that is counted, where it follows directly and its end is clear.
fn noun(text: &[char], from: usize) -> Option<String> {
    let run: Vec<char> = text
        .iter()
        .skip(from)
        .take_while(|c| is_noun_char(**c))
        .take(NOUN_CHARS + 1)
        .copied()
        .collect();
    let length = (0..run.len()).find(|&at| ends_noun(&run, at)).unwrap_or(run.len());
    // 一万元以上五万元以下; 世界500强.
    let other_number = run.first().is_some_and(|c| is_han_numeral(*c))
        || text.get(from + length).is_some_and(|c| c.is_ascii_alphanumeric());
    let short = length == 1 && run.first().is_some_and(|c| "省市县区州乡镇村国队人".contains(*c));
    let fits = (2..=NOUN_CHARS).contains(&length) || short;
    (fits && !other_number).then(|| run.iter().take(length).collect())
}

fn is_noun_char(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

fn ends_noun(run: &[char], at: usize) -> bool {
    let (this, next) = (run.get(at), run.get(at + 1));
    let part_of = |(word, behind): &(char, &str)| {
        this == Some(word) && next.is_some_and(|next| behind.contains(*next))
    };
    let before = at.checked_sub(1).and_then(|before| run.get(before));
    let ends_word = |(word, ahead): &(char, &str)| {
        this == Some(word) && before.is_some_and(|before| ahead.contains(*before))
    };
    let Some(this_one) = this else { return false };
    let first = ENDS_BY_START.partition_point(|(start, _)| start < this_one);
    let ends = ENDS_BY_START.iter().skip(first).take_while(|(start, _)| start == this_one);
    ends.map(|(_, word)| word).any(|word| starts_with(run, at, word))
        && !NOUN_PARTS.iter().any(part_of)
        && !NOUN_TAILS.iter().any(ends_word)
}

fn starts_with(text: &[char], at: usize, word: &str) -> bool {
    word.chars().enumerate().all(|(n, c)| text.get(at + n) == Some(&c))
}

#[cfg(test)]
mod tests;
