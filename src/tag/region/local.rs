//! Towns and villages: behind their county, or by themselves where the article or the paragraph says which is meant.

use super::passing::{in_scheme_name, opens_a_sentence, passing_by_before, stands_as_subject};
use super::{Named, Places, is_strictly_below};
use crate::tag::gazetteer::Gazetteer;
use crate::tag::offsets::around;
use crate::text::finder::WordFinder;
use crate::text::tokens::is_han;
use crate::vocab::divisions::{Division, Divisions, Level};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

/// Longest name of a town or village with its suffix, in characters.
const LOCAL_NAME_MAX: usize = 8;
/// Longest name of a town named without its county, in characters: 鄂温克族达斡尔族 and the like stand with it.
const TOWN_NAME_MAX: usize = 12;

const TOWN_SUFFIXES: &[&str] = &["镇", "乡", "街道", "苏木"];
const VILLAGE_SUFFIXES: &[&str] = &["村", "社区", "嘎查"];

/// Where any suffix stands; the first four are those of towns.
static SUFFIXES: LazyLock<WordFinder> =
    LazyLock::new(|| WordFinder::new(&[TOWN_SUFFIXES, VILLAGE_SUFFIXES].concat()));

/// Words that look like a town's name and are none.
const NO_TOWNS: [&str; 8] =
    ["小城镇", "中心镇", "重点镇", "建制镇", "特色镇", "民族乡", "乡镇街道", "各街道"];

/// What the part before the suffix begins with when it is a phrase: 推进乡村, 各村.
const PHRASE_STARTS: &[&str] = &[
    "的",
    "各",
    "个",
    "全",
    "等",
    "多",
    "和",
    "与",
    "及",
    "在",
    "有",
    "为",
    "是",
    "对",
    "把",
    "到",
    "以",
    "每",
    "两",
    "几",
    "些",
    "这",
    "那",
    "本",
    "该",
    "某",
    "其",
    "被",
    "将",
    "向",
    "从",
    "由",
    "让",
    "使",
    "给",
    "于",
    "或",
    "并",
    "而",
    "也",
    "都",
    "就",
    "已",
    "一个",
    "一些",
    "一批",
    "许多",
    "不少",
    "所有",
    "所在",
    "附近",
    "周边",
    "邻近",
    "相邻",
    "整个",
    "其他",
    "部分",
    "推进",
    "推动",
    "开展",
    "实施",
    "打造",
    "选派",
    "组织",
    "加强",
    "建立",
    "建成",
    "建设",
    "完善",
    "整合",
    "新建",
    "新修",
    "新增",
    "修建",
    "改造",
    "提升",
    "培育",
    "创建",
    "深化",
    "探索",
    "坚持",
    "采取",
    "通过",
    "发展",
    "带领",
    "引导",
    "帮助",
    "走访",
    "深入",
    "聚焦",
    "强化",
    "健全",
    "落实",
    "严格",
    "按照",
    "围绕",
    "依托",
    "利用",
    "投入",
    "安排",
    "召开",
    "举办",
    "成立",
    "完成",
    "实现",
    "制定",
    "印发",
    "出台",
    "鼓励",
    "教育",
    "党委",
    "政府",
    "干部",
    "群众",
    "农民",
    "书记",
    "第一",
    "县",
    "市",
    "区",
    "州",
    "省",
    "乡",
    "镇",
    "村",
    "街道",
    "社区",
    "嘎查",
    "小区",
    "我",
    "你",
    "他",
    "她",
    "咱",
    "离",
    "距",
    "近",
    "优秀",
    "统筹",
    "协调",
    "涉及",
    "覆盖",
    "服务",
    "美丽",
    "数字",
    "智慧",
    "绿色",
    "红色",
    "民主",
    "农",
    "城乡",
    "城市",
    "城镇",
    "山区",
    "牧区",
    "库区",
    "边境",
    "沿边",
    "刚",
    "扶贫",
    "贫困",
    "脱贫",
    "上述",
    "原",
    "新型",
    "推行",
    "实行",
    "推选",
    "选举",
    "选配",
    "选优",
    "选聘",
    "选拔",
    "配强",
    "配齐",
    "抓好",
    "明确",
    "规范",
    "建强",
    "撤销",
    "合并",
    "调整",
    "培训",
    "轮训",
    "聘请",
    "聘任",
    "设立",
    "发动",
    "召集",
    "联合",
    "指导",
    "督促",
    "动员",
    "支持",
    "要求",
    "提高",
    "优化",
    "压实",
    "做强",
    "整顿",
    "理顺",
    "倡导",
    "推广",
    "开设",
    "明晰",
    "老工业",
    "老旧",
    "未来",
    "完整",
    "零碳",
    "低碳",
];

/// What the part before the suffix ends with when it is a phrase: 示范村, 驻村, 农村.
const PHRASE_ENDS: &[&str] = &[
    "重点",
    "示范",
    "行政",
    "自然",
    "贫困",
    "边境",
    "边远",
    "偏远",
    "美丽",
    "智慧",
    "数字",
    "文明",
    "先进",
    "小康",
    "富裕",
    "特色",
    "民族",
    "传统",
    "试点",
    "样板",
    "标杆",
    "明星",
    "空心",
    "城中",
    "移民",
    "搬迁",
    "脱贫",
    "薄弱",
    "后进",
    "涣散",
    "整治",
    "所辖",
    "下辖",
    "农",
    "乡",
    "山",
    "渔",
    "驻",
    "进",
    "入",
    "包",
    "联",
    "扶",
    "帮",
    "到",
    "这个",
    "那个",
    "的",
    "个",
    "些",
    "牧",
    "城",
    "生态",
    "旅游",
    "绿色",
    "红色",
    "平安",
    "和谐",
    "幸福",
    "示范点",
    "居民",
    "型",
    "化",
    "级",
    "建设",
    "创新",
    "治理",
    "优美",
    "宜居",
    "安置",
    "中心",
    "多数",
    "全体",
    "新农",
    "全国",
    "全省",
    "全市",
    "全县",
    "我",
    "咱",
    "本",
    "该",
    "各",
    "每",
    "全",
    "某",
    "出列",
    "产业",
    "集体",
    "老旧",
    "管理",
    "服务",
    "试验",
    "实验",
    "城镇",
    "城市",
    "街道",
    "村",
    "小",
    "大学生",
    "自治",
    "高原",
    "江边",
    "海边",
    "岛上",
    "邻",
    "外",
    "他",
    "整",
    "哪个",
    "几",
    "两",
    "亿元",
    "百强",
    "回",
    "离",
    "出",
    "强",
    "弱",
    "穷",
    "富",
    "孤",
    "荒",
    "红",
    "无",
    "零",
    "类",
    "族",
];

/// What is called 山村 and has no name: 小山村, 偏远山村.
const LANDSCAPES: [&str; 12] = [
    "大山", "小山", "深山", "高山", "远山", "荒山", "穷山", "老山", "个山", "座山", "区山", "边山",
];

/// Names of villages that begin or end like a phrase; told from one only behind their town.
const VILLAGES_LIKE_PHRASES: [&str; 8] =
    ["和平", "和睦", "和顺", "和兴", "民族", "幸福", "文明", "平安"];

/// What the part before a town's suffix is or ends with when it is a phrase: 古镇, 重点镇.
const TOWN_PHRASE_ENDS: &[&str] = &[
    "各", "城", "小", "重点", "特色", "示范", "农", "建制", "所辖", "下辖", "个", "的", "村", "家",
    "故", "思", "他", "同", "返", "回", "下", "离", "中心", "全", "强", "名", "旅游", "边境",
    "民族", "水", "山",
];

/// The town and village written right behind a division: 改则县 + 麻米乡 + 古昌村.
pub(super) fn local_names(
    gazetteer: &Gazetteer,
    division: &Division,
    text: &str,
    from: usize,
) -> (Vec<String>, usize) {
    let mut names = Vec::new();
    let mut end = from;
    if !has_towns(gazetteer.divisions(), division) {
        return (names, end);
    }
    let rest = |end: usize| text.get(end..).unwrap_or("");
    // 乌镇 is the everyday name of 乌镇镇.
    let is_town = |name: &str| {
        let has_town = |name: &str| gazetteer.divisions().has_town(&division.code, name);
        has_town(name) || name.ends_with('镇') && has_town(&format!("{name}镇"))
    };
    if let Some(town) =
        longest_town(rest(end), is_town).or_else(|| plain_name(rest(end), TOWN_SUFFIXES))
    {
        end += town.len();
        names.push(town.to_owned());
    }
    // 文安驿镇的梁家河村
    let from = if rest(end).starts_with('的') { end + "的".len() } else { end };
    let village = if names.is_empty() {
        // 海口龙华南社区 is no 南社区: one character before 社区 is a name only behind a county written in full.
        let is_short = |name: &str| name.chars().count() == 3 && name.ends_with("社区");
        let before = text.get(..from).unwrap_or("");
        let is_full = before.ends_with(['县', '市', '区', '旗', '的']);
        plain_name(rest(from), VILLAGE_SUFFIXES).filter(|name| is_full || !is_short(name))
    } else {
        village_of_town(rest(from))
    };
    if let Some(village) = village {
        end = from + village.len();
        names.push(village.to_owned());
    }
    (names, end)
}

/// Counties have towns, and so have the few cities without counties.
fn has_towns(divisions: &Divisions, division: &Division) -> bool {
    match division.level {
        Level::Province => false,
        Level::County => true,
        Level::Prefecture => {
            let next = divisions.ordinal(division.path.as_str()).map(|at| at + 1);
            let next = next.and_then(|at| divisions.get(at));
            // In the order of codes a prefecture's counties stand right behind it.
            next.is_none_or(|next| {
                next.level != Level::County || next.code.get(..4) != division.code.get(..4)
            })
        }
    }
}

/// The longest name at the start of a text that a county has a town of.
fn longest_town(text: &str, is_town: impl Fn(&str) -> bool) -> Option<&str> {
    let mut longest = None;
    let mut end = 0;
    for c in text.chars().take(LOCAL_NAME_MAX).take_while(|c| is_han(*c)) {
        end += c.len_utf8();
        let name = text.get(..end)?;
        if TOWN_SUFFIXES.iter().any(|suffix| name.ends_with(suffix)) && is_town(name) {
            longest = Some(name);
        }
    }
    longest
}

/// The shortest name at the start of a text that ends in one of the suffixes and is no phrase.
fn plain_name<'t>(text: &'t str, suffixes: &[&str]) -> Option<&'t str> {
    let mut end = 0;
    for c in text.chars().take(LOCAL_NAME_MAX - 1).take_while(|c| is_han(*c)) {
        end += c.len_utf8();
        let name = text.get(..end)?;
        let Some(suffix) = suffixes.iter().find(|suffix| name.ends_with(**suffix)) else {
            continue;
        };
        let stem = name.strip_suffix(suffix)?;
        let after = text.get(end..).unwrap_or("");
        if goes_on_to_a_suffix(after) {
            continue;
        }
        let is_plain =
            if TOWN_SUFFIXES.contains(suffix) { is_plain_town(stem) } else { is_plain_stem(stem) };
        return (is_plain && !goes_on(suffix, after)).then_some(name);
    }
    None
}

/// The village at the start of a text behind its town, where more is a name than elsewhere: 茅坪镇 + 神山村, 和平村.
fn village_of_town(text: &str) -> Option<&str> {
    plain_name(text, VILLAGE_SUFFIXES).or_else(|| village_like_a_phrase(text))
}

fn village_like_a_phrase(text: &str) -> Option<&str> {
    let (end, _) = text.char_indices().take(4).find(|(_, c)| *c == '村')?;
    let (stem, after) = (text.get(..end)?, text.get(end + "村".len()..)?);
    let is_hill = (2..=3).contains(&stem.chars().count())
        && stem.chars().all(is_han)
        && stem.ends_with('山')
        && !LANDSCAPES.iter().any(|word| stem.ends_with(word))
        && !PHRASE_STARTS.iter().any(|word| stem.starts_with(word));
    let is_name = is_hill || VILLAGES_LIKE_PHRASES.contains(&stem);
    (is_name && !goes_on("村", after)).then(|| text.get(..end + "村".len())).flatten()
}

/// One to four characters that are no phrase.
fn is_plain_stem(stem: &str) -> bool {
    (1..=4).contains(&stem.chars().count())
        && !PHRASE_STARTS.iter().any(|word| stem.starts_with(word))
        && !PHRASE_ENDS.iter().any(|word| stem.ends_with(word))
        && !stem.contains(['的', '个', '了', '等', '帮', '扶'])
}

/// Two to four characters that are no phrase; towns of one character are only known from the list.
fn is_plain_town(stem: &str) -> bool {
    (2..=4).contains(&stem.chars().count())
        && !PHRASE_STARTS.iter().any(|word| stem.starts_with(word))
        && !TOWN_PHRASE_ENDS.iter().any(|word| stem.ends_with(word))
        && !stem.contains(['的', '个', '了', '等'])
}

/// 乡村, 乡镇, 村民, 村委会: the suffix is the start of another word.
fn goes_on(suffix: &str, after: &str) -> bool {
    match suffix {
        "乡" => after.starts_with(['村', '镇', '贤', '亲', '间', '土']),
        "镇" => after.starts_with(['村', '街', '乡', '企']),
        "村" if goes_on_to_a_suffix(after) => true,
        "村" => after.starts_with([
            '民', '委', '两', '支', '务', '干', '级', '镇', '集', '庄', '居', '医', '规', '寨',
            '主', '里', '道', '容', '口', '头', '落', '史', '改', '组', '长', '官', '子', '校',
            '小',
        ]),
        _ => false,
    }
}

/// 韩村 + 河村, 韩村 + 河镇: the name goes on.
fn goes_on_to_a_suffix(after: &str) -> bool {
    after
        .strip_prefix(['河', '桥', '坝', '岭', '沟', '堡', '店', '湾'])
        .is_some_and(|rest| rest.starts_with(['村', '镇', '乡']))
}

/// The suffix of a town's or village's name.
#[derive(Debug)]
pub(super) struct Suffix {
    of_town: bool,
    /// Bytes of the text.
    at: Range<usize>,
}

/// Where suffixes stand in a text, in order.
pub(super) fn suffixes(text: &str) -> Vec<Suffix> {
    let mut found = Vec::new();
    SUFFIXES.each(text, |suffix| {
        found.push(Suffix { of_town: suffix.word < TOWN_SUFFIXES.len(), at: suffix.at });
    });
    found
}

/// How often each village-like name stands in an article, so that one named without its county can be told from a
/// phrase.
#[derive(Debug, Default)]
pub(super) struct VillageNames<'t>(HashMap<&'t str, usize>);

impl<'t> VillageNames<'t> {
    /// Reads texts with their suffixes.
    pub(super) fn read(texts: impl Iterator<Item = (&'t str, &'t [Suffix])>) -> Self {
        let mut names: HashMap<&str, usize> = HashMap::new();
        for (text, suffixes) in texts {
            for suffix in suffixes.iter().filter(|suffix| !suffix.of_town) {
                if let Some(name) = village_ending_at(text, suffix.at.start, suffix.at.end) {
                    *names.entry(name).or_default() += 1;
                }
            }
        }
        Self(names)
    }

    fn is_named_again(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(|count| *count > 1)
    }
}

/// The village whose name ends here, where a word begins with it.
fn village_ending_at(text: &str, suffix_at: usize, end: usize) -> Option<&str> {
    let before = text.get(..suffix_at)?;
    let suffix = text.get(suffix_at..end)?;
    if goes_on(suffix, text.get(end..)?) {
        return None;
    }
    let starts = before.char_indices().rev().take(4).take_while(|(_, c)| is_han(*c));
    for (at, _) in starts.skip(1) {
        let before = text.get(..at)?;
        let begins = before.chars().next_back().is_none_or(|c| {
            !c.is_alphanumeric()
                || "在的到从是和与对去回向像把让为有给离因叫县镇乡区过及于".contains(c)
        });
        let stem = text.get(at..suffix_at)?;
        if begins && is_plain_stem(stem) {
            return text.get(at..end);
        }
    }
    None
}

/// Towns and villages named without their county: as named before in the article, by the only county of that name
/// that the article or paragraph is about, or the only one in the country.
pub(super) fn add_local_places(
    gazetteer: &Gazetteer,
    places: &Places,
    villages: &VillageNames<'_>,
    text: &str,
    suffixes: &[Suffix],
    named: &mut Vec<Named>,
) {
    let finder = Finder { divisions: gazetteer.divisions(), places, villages, text };
    let mut found: Vec<Named> = Vec::new();
    for Suffix { of_town, at: Range { start, end } } in suffixes {
        let (start, end) = (*start, *end);
        // Named places stand in the order of the text and do not overlap.
        let next = named.partition_point(|place| place.at.end < end);
        if named.get(next).is_some_and(|place| place.at.start < end)
            || found.last().is_some_and(|place| place.at.end >= end)
        {
            continue;
        }
        let place = if *of_town {
            finder.town(named, start, end)
        } else {
            finder.village(named, &found, start, end)
        };
        // A longer name may reach back over a division that stands for itself: 浦东新区 + 南码头街道.
        let free_from =
            next.checked_sub(1).and_then(|last| named.get(last)).map_or(0, |place| place.at.end);
        found.extend(place.filter(|place| place.at.start >= free_from));
    }
    named.extend(found);
    named.sort_by_key(|place| place.at.start);
}

struct Finder<'a> {
    divisions: &'a Divisions,
    places: &'a Places,
    villages: &'a VillageNames<'a>,
    text: &'a str,
}

impl Finder<'_> {
    /// The town whose name ends here, with the village behind it. The longest name first: 新城镇 before 城镇. Two
    /// characters (城镇, 山乡) are too often a word.
    fn town(&self, named: &[Named], suffix_at: usize, end: usize) -> Option<Named> {
        if goes_on(self.text.get(suffix_at..end)?, self.text.get(end..)?) {
            return None;
        }
        let before = self.text.get(..end)?;
        let starts: Vec<usize> = before
            .char_indices()
            .rev()
            .take(TOWN_NAME_MAX)
            .take_while(|(_, c)| is_han(*c))
            .map(|(at, _)| at)
            .collect();
        let (start, path, division) = starts.iter().skip(2).rev().find_map(|start| {
            let name = self.text.get(*start..end)?;
            if NO_TOWNS.contains(&name) {
                return None;
            }
            if let Some((path, division)) = self.places.known_local(name) {
                return Some((*start, path.to_owned(), division));
            }
            let county = self.county_of_town(name, named, *start)?;
            Some((*start, format!("{}/{name}", self.divisions.get(county)?.path), county))
        })?;
        let mut at = start..end;
        let mut path = path;
        if let Some(village) = self.text.get(end..).and_then(village_of_town) {
            path = format!("{path}/{village}");
            at.end += village.len();
        }
        Some(self.place(path, division, at))
    }

    /// The county that a town's name means here.
    fn county_of_town(&self, name: &str, named: &[Named], start: usize) -> Option<usize> {
        let mut bearers = self.divisions.with_town(name).peekable();
        bearers.peek()?;
        let bearers: Vec<usize> = bearers.collect();
        let only_within = |area: usize| {
            let mut within =
                bearers.iter().copied().filter(|at| self.divisions.is_within(*at, area));
            within.next().filter(|_| within.next().is_none())
        };
        // What stands before it is nearer than what stands behind.
        let before =
            named.iter().rev().filter(|place| place.at.start < start).map(|place| place.division);
        let behind =
            named.iter().filter(|place| place.at.start >= start).map(|place| place.division);
        let example = self.places.example.iter();
        let current = example.chain(&self.places.current).chain(&self.places.title);
        let current = current.map(|place| place.division);
        let mut areas = current.chain(before).chain(behind).peekable();
        let nothing_known = areas.peek().is_none();
        let decided = areas.find_map(only_within);
        let only = bearers.first().copied().filter(|_| bearers.len() == 1);
        // Borne once in the country, and nothing speaks for another place.
        let long = name.chars().count() > 3;
        // Exam papers make up names of towns.
        let may_be_alone = nothing_known && (!self.places.exam || name.chars().count() > 4);
        decided.or_else(|| only.filter(|_| may_be_alone && (long || self.begins_a_word(start))))
    }

    fn begins_a_word(&self, at: usize) -> bool {
        let before = self.text.get(..at).and_then(|before| before.chars().next_back());
        before.is_none_or(|c| !c.is_alphanumeric() || "在的到从是和与对去来".contains(c))
    }

    /// The village whose name ends here: known by its county from before, or of the one county or
    /// town that the article or paragraph is about.
    fn village(
        &self,
        named: &[Named],
        found: &[Named],
        suffix_at: usize,
        end: usize,
    ) -> Option<Named> {
        let before = self.text.get(..suffix_at)?;
        let starts =
            before.char_indices().rev().take(LOCAL_NAME_MAX).take_while(|(_, c)| is_han(*c));
        let known = starts.filter_map(|(at, _)| {
            let (path, division) = self.places.known_local(self.text.get(at..end)?)?;
            Some((at, path.to_owned(), division))
        });
        if let Some((at, path, division)) = known.last() {
            return Some(self.place(path, division, at..end));
        }
        let name = village_ending_at(self.text, suffix_at, end)?;
        if !self.villages.is_named_again(name) && !self.is_introduced(name, end) {
            return None;
        }
        let start = end - name.len();
        let (path, division) = self.only_area(named, found, start)?;
        Some(self.place(format!("{path}/{name}"), division, start..end))
    }

    /// Named once, at the start of a clause, with the people who run a village: ，西坎村党支部书记.
    fn is_introduced(&self, name: &str, end: usize) -> bool {
        const BEHIND: [&str; 7] = ["党支部", "党总支", "村民", "村支书", "村主任", "位于", "地处"];
        let before =
            self.text.get(..end - name.len()).and_then(|before| before.chars().next_back());
        let after = self.text.get(end..).unwrap_or("");
        name.chars().count() > 2
            && before.is_none_or(|c| !c.is_alphanumeric())
            && BEHIND.iter().any(|word| after.starts_with(word))
    }

    /// The county or town that a village lies in: what the article is about, else the only one the paragraph names, else
    /// that of the example before where it names none.
    fn only_area(&self, named: &[Named], found: &[Named], start: usize) -> Option<(String, usize)> {
        let is_small = |division: usize| {
            self.divisions.get(division).is_some_and(|division| has_towns(self.divisions, division))
        };
        let area = |path: &str, division| (without_village(path).to_owned(), division);
        let current = self.places.current.as_slice();
        if let [only] = current
            && is_small(only.division)
        {
            // The town named before it: 腾蛟镇的干部和青湾村村民.
            let towns = named.iter().chain(found).filter(|place| {
                place.at.start < start && is_strictly_below(&place.path, &only.path)
            });
            let town = towns.max_by_key(|place| place.at.start);
            return Some(area(town.map_or(&only.path, |town| &town.path), only.division));
        }
        if self.places.exam || current.len() > 1 {
            return None;
        }
        let mut counties = named.iter().filter(|place| place.reported && is_small(place.division));
        if let Some(first) = counties.next() {
            let is_only = counties.all(|other| other.division == first.division);
            return is_only.then(|| area(&first.path, first.division));
        }
        let example = self.places.example.as_ref().filter(|_| named.is_empty())?;
        is_small(example.division).then(|| area(&example.path, example.division))
    }

    fn place(&self, path: String, division: usize, at: Range<usize>) -> Named {
        let (before, after) = around(self.text, &at);
        Named {
            path,
            division,
            reported: !in_scheme_name(before, after) && !passing_by_before(before),
            subject: stands_as_subject(before),
            stressed: opens_a_sentence(before),
            at,
        }
    }
}

/// The path of the county or town that a village lies in.
fn without_village(path: &str) -> &str {
    match path.rsplit_once('/') {
        Some((above, last)) if VILLAGE_SUFFIXES.iter().any(|suffix| last.ends_with(suffix)) => {
            above
        }
        _ => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stem_is_a_name_unless_it_is_a_phrase() {
        for stem in ["古昌", "余", "大丰阳", "城西", "小岗", "梁家庄", "三龙坝"] {
            assert!(is_plain_stem(stem), "{stem}");
        }
        for stem in ["示范", "贫困", "农", "各", "全县重点", "推进农", "14个", "这个", "驻", ""]
        {
            assert!(!is_plain_stem(stem), "{stem}");
        }
    }
}
