//! Names of divisions in running text, and which division each means.
//!
//! One automaton over all names and over words that only look like names. The longest name that begins first wins
//! (五大连池 is not 大连); short names and names that several divisions bear need their context: a parent beside them,
//! in the paragraph or in the article. What nothing decides stays unresolved. Which of the named divisions a paragraph
//! reports on is decided in [`super::region`].

use crate::vocab::divisions::{Level, NameKind};
use crate::vocab::{Divisions, Vocabulary};
use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, MatchKind};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

/// Words that hold a division's name and are none: idioms, mountains, companies, and names over a word boundary.
const LOOKALIKES: &[&str] = &[
    "祁连山",
    "长白山脉",
    "黄山风景",
    "武夷山脉",
    "太行山",
    "大别山",
    "昆仑山",
    "阿尔泰山",
    "新乡村",
    "新乡贤",
    "新乡镇",
    "新乡土",
    "四平方",
    "四平八稳",
    "长治久安",
    "阿里巴巴",
    "阿里云",
    "阿里健康",
    "文山会海",
    "大同小异",
    "天下大同",
    "世界大同",
    "日照时",
    "日照充足",
    "日照条件",
    "第三明",
    "出海口",
    "入海口",
    "南通道",
    "安康杯",
    "平安夜",
    "和平共处",
    "和平统一",
    "世界和平",
    "和平发展",
    "长安汽车",
    "长安街",
    "北京现代",
    "北京时间",
    "南京条约",
    "南京路步行街",
    "浦东发展银行",
    "中山装",
    "中山先生",
    "孙中山",
    "中山陵",
    "上海合作组织",
    "上海证券",
    "深圳证券",
    "北京证券",
    "香港联交所",
    "河北梆子",
    "四川盆地",
    "云南白药",
    "贵州茅台",
    "青岛啤酒",
    "东方红",
    "东方航空",
    "金山银山",
    "青山绿水",
    "南海诸岛",
    "东海舰队",
    "北海舰队",
    "南海舰队",
    "西安事变",
    "遵义会议",
    "延安精神",
    "井冈山精神",
    "古田会议",
    "西柏坡精神",
    "大庆精神",
    "延安整风",
    "瑞金医院",
    "协和医院",
    "华西医院",
    "湘雅医院",
    "长江三角洲",
    "珠江三角洲",
    "塔里木河",
    "黑龙江流域",
    "黄河流域",
    "通州湾",
    "广安门",
    "德胜门",
    "宣武门",
    "沿海城市",
    "滨海城市",
    "临海城市",
    "靠海城市",
    "新县域",
    "江南水乡",
];

/// What follows a short name when it is part of another name: 北京大学, 四川北路.
const NOT_A_PLACE_BEFORE: &[&str] = &[
    "大学",
    "学院",
    "师范",
    "理工",
    "医科",
    "财经",
    "银行",
    "北路",
    "南路",
    "东路",
    "西路",
    "中路",
    "路",
    "大街",
    "街",
    "大道",
    "日报",
    "晚报",
    "晨报",
    "早报",
    "商报",
    "时报",
    "青年报",
    "电视台",
    "卫视",
    "广播",
    "机场",
    "火车站",
    "站",
    "高速",
    "铁路",
    "大桥",
    "集团",
    "公司",
    "股份",
    "证券",
    "酒店",
    "宾馆",
    "大厦",
    "饭店",
    "话",
    "方言",
    "菜",
    "戏",
    "梆子",
    "牌",
    "汽车",
    "籍",
    "出版社",
    "国安",
    "烤鸭",
    "啤酒",
    "航空",
    "港股",
    "精神",
    "会议精神",
    "奥运",
    "冬奥",
    "亚运",
    "世博",
    "宣言",
    "条约",
    "舰",
    "号",
];

/// Characters after which a short name may begin. Others make it likely the tail of another word: 创新和发展.
const BEFORE_SHORT_NAME: &str = "在从到对与和及同向由以为是自往离经去至于赴达据让给使被该将把比跟如像的了着省市州区县盟旗进访抵持动爱见看游援";

/// One name found in a text.
#[derive(Debug, Clone)]
pub(crate) struct Hit<'a> {
    /// Bytes of the text.
    pub(crate) at: Range<usize>,
    /// Who bears the name.
    bearers: &'a [(usize, NameKind)],
    /// The ordinal of the division it means.
    pub(crate) division: Option<usize>,
    /// Whether the name right before it is its ancestor: 云南省 + 迪庆州.
    pub(crate) chained: bool,
}

/// The automaton over the names of a vocabulary.
#[derive(Debug)]
pub struct Gazetteer {
    vocabulary: Arc<Vocabulary>,
    automaton: AhoCorasick,
    /// By pattern: the bearers of the name; empty for a look-alike.
    bearers: Vec<Vec<(usize, NameKind)>>,
}

impl Gazetteer {
    /// Compiles the names of the vocabulary's divisions.
    pub fn new(vocabulary: Arc<Vocabulary>) -> Self {
        let mut patterns: Vec<&str> = LOOKALIKES.to_vec();
        let mut bearers: Vec<Vec<(usize, NameKind)>> = vec![Vec::new(); patterns.len()];
        let mut known: HashMap<&str, Option<usize>> =
            patterns.iter().map(|name| (*name, None)).collect();
        for (name, at, kind) in vocabulary.divisions.all_names() {
            // One character (滇, 津) says nothing in running text.
            if name.chars().nth(1).is_none() {
                continue;
            }
            match known.get(name) {
                Some(Some(pattern)) => bearers[*pattern].push((at, kind)),
                Some(None) => {}
                None => {
                    known.insert(name, Some(patterns.len()));
                    patterns.push(name);
                    bearers.push(vec![(at, kind)]);
                }
            }
        }
        let automaton = AhoCorasickBuilder::new()
            .match_kind(MatchKind::LeftmostLongest)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(&patterns)
            .expect("some thousand short names stay far below the automaton's limits");
        Self { automaton, bearers, vocabulary: Arc::clone(&vocabulary) }
    }

    pub(crate) fn divisions(&self) -> &Divisions {
        &self.vocabulary.divisions
    }

    /// The names in a text with the divisions they mean. `context` are the divisions the article is about, nearest
    /// first.
    pub(crate) fn hits<'a>(&'a self, text: &str, context: &[usize]) -> Vec<Hit<'a>> {
        let mut hits: Vec<Hit<'a>> = self
            .automaton
            .find_iter(text)
            .filter_map(|found| {
                let bearers = self.bearers.get(found.pattern().as_usize())?;
                (!bearers.is_empty()).then(|| Hit {
                    at: found.range(),
                    bearers,
                    division: None,
                    chained: false,
                })
            })
            .filter(|hit| may_be_a_place(text, hit))
            .collect();
        self.resolve_by_neighbours(text, &mut hits);
        self.resolve_by_context(text, &mut hits, context);
        hits
    }

    /// First what needs no context, or only the name before it: 沈阳市 + 和平区.
    fn resolve_by_neighbours(&self, text: &str, hits: &mut [Hit<'_>]) {
        for at in 0..hits.len() {
            let (before, rest) = hits.split_at_mut(at);
            let hit = &mut rest[0];
            let previous =
                before.last().and_then(|previous| previous.division.map(|d| (d, previous.at.end)));
            if let Some((ancestor, end)) = previous {
                let between = text.get(end..hit.at.start).unwrap_or("");
                let within: Vec<usize> =
                    self.bearers_within(hit, ancestor).filter(|d| *d != ancestor).collect();
                if between.is_empty() {
                    if let Some(division) = self.highest(&within) {
                        hit.division = Some(division);
                        hit.chained = true;
                        continue;
                    }
                }
                // 甘南州合作市、夏河县: a list goes on among the siblings.
                if between == "、" {
                    if let Some(parent) =
                        self.divisions().get(ancestor).and_then(|division| division.parent)
                    {
                        let siblings: Vec<usize> =
                            self.bearers_within(hit, parent).filter(|d| *d != parent).collect();
                        if let [only] = siblings.as_slice() {
                            if self.divisions().get(*only).and_then(|d| d.parent) == Some(parent) {
                                hit.division = Some(*only);
                                continue;
                            }
                        }
                    }
                }
            }
            hit.division = self.without_context(text, hit);
        }
    }

    /// A full name borne once, a province's short name, or an unmistakable prefecture's.
    fn without_context(&self, text: &str, hit: &Hit<'_>) -> Option<usize> {
        let level = |at: usize| self.divisions().get(at).map(|division| division.level);
        let usable: Vec<(usize, NameKind)> =
            hit.bearers.iter().copied().filter(|(_, kind)| *kind != NameKind::WordLike).collect();
        if let Some((province, _)) =
            usable.iter().find(|(at, _)| level(*at) == Some(Level::Province))
        {
            return Some(*province);
        }
        let full: Vec<usize> =
            usable.iter().filter(|(_, kind)| *kind == NameKind::Full).map(|(at, _)| *at).collect();
        if let [only] = full.as_slice() {
            return (name_length(text, hit) > 2 || begins_a_word(text, hit)).then_some(*only);
        }
        if !full.is_empty() {
            return None;
        }
        let all: Vec<usize> = usable.iter().map(|(at, _)| *at).collect();
        let highest = self.highest(&all)?;
        let (_, kind) = usable.iter().find(|(at, _)| *at == highest)?;
        let is_long_former = matches!(kind, NameKind::Former(_)) && ends_like_a_division(text, hit);
        let is_long_short = *kind == NameKind::Short && ends_like_a_division(text, hit);
        if (is_long_former || is_long_short) && name_length(text, hit) > 2 {
            return Some(highest);
        }
        (level(highest) == Some(Level::Prefecture) && begins_a_word(text, hit)).then_some(highest)
    }

    /// Then what the rest of the paragraph or the article decides.
    fn resolve_by_context(&self, text: &str, hits: &mut [Hit<'_>], context: &[usize]) {
        let named: Vec<usize> = hits.iter().filter_map(|hit| hit.division).collect();
        for at in 0..hits.len() {
            if hits[at].division.is_some() {
                continue;
            }
            let hit = &hits[at];
            let before = hits[..at].iter().rev().filter_map(|hit| hit.division);
            // A word-like name alone is a word, whatever stands around it; written out as 和平区 it is not word-like.
            let usable: Vec<usize> = hit
                .bearers
                .iter()
                .filter(|(_, kind)| *kind != NameKind::WordLike)
                .map(|(division, _)| *division)
                .collect();
            let is_full = hit.bearers.iter().any(|(_, kind)| *kind == NameKind::Full);
            if usable.is_empty()
                || !(begins_a_word(text, hit) || (is_full && name_length(text, hit) > 2))
            {
                continue;
            }
            let around = before.chain(named.iter().copied()).chain(context.iter().copied());
            let decided = around.into_iter().find_map(|near| self.chosen_near(&usable, near));
            let at_start =
                text.get(..hit.at.start).is_some_and(|before| !before.chars().any(is_content));
            hits[at].division =
                decided.or_else(|| at_start.then(|| self.highest(&usable)).flatten());
        }
    }

    /// The one of several divisions that a named or inherited division points to: within it, above it, or, for a
    /// county, beside it in the same prefecture.
    fn chosen_near(&self, usable: &[usize], near: usize) -> Option<usize> {
        let divisions = self.divisions();
        let pick = |test: &dyn Fn(usize) -> bool| {
            let fitting: Vec<usize> = usable.iter().copied().filter(|at| test(*at)).collect();
            self.highest(&fitting)
        };
        pick(&|at| divisions.is_within(at, near) || divisions.is_within(near, at)).or_else(|| {
            let near = divisions.get(near)?;
            let parent = near.parent.filter(|_| near.level == Level::County)?;
            pick(&|at| divisions.is_within(at, parent))
        })
    }

    fn bearers_within<'h>(
        &'h self,
        hit: &'h Hit<'_>,
        ancestor: usize,
    ) -> impl Iterator<Item = usize> + 'h {
        hit.bearers
            .iter()
            .map(|(at, _)| *at)
            .filter(move |at| self.divisions().is_within(*at, ancestor))
    }

    /// The division all the others lie within: 大理 is the prefecture, not its city.
    fn highest(&self, among: &[usize]) -> Option<usize> {
        among.iter().copied().find(|candidate| {
            among.iter().all(|other| self.divisions().is_within(*other, *candidate))
        })
    }
}

/// Whether what stands around a name lets it be a place.
fn may_be_a_place(text: &str, hit: &Hit<'_>) -> bool {
    let after = text.get(hit.at.end..).unwrap_or("");
    let is_full = hit.bearers.iter().any(|(_, kind)| *kind == NameKind::Full);
    if is_full && name_length(text, hit) > 2 {
        return true;
    }
    if is_full {
        // 新县 in 创新县域, 随县 in 随县城: two characters are a name only where a word ends.
        return !after.starts_with(['域', '城', '级', '乡', '里', '直', '区', '市']);
    }
    !NOT_A_PLACE_BEFORE.iter().any(|word| after.starts_with(word))
}

fn name_length(text: &str, hit: &Hit<'_>) -> usize {
    text.get(hit.at.clone()).map_or(0, |name| name.chars().count())
}

/// Whether a name is written with the word for its kind: 迪庆州, 康定县.
fn ends_like_a_division(text: &str, hit: &Hit<'_>) -> bool {
    text.get(hit.at.clone())
        .is_some_and(|name| name.ends_with(['州', '县', '旗', '市', '区', '盟']))
}

/// Whether a word may begin where the name does.
fn begins_a_word(text: &str, hit: &Hit<'_>) -> bool {
    match text.get(..hit.at.start).and_then(|before| before.chars().next_back()) {
        Some(before) => !is_content(before) || BEFORE_SHORT_NAME.contains(before),
        None => true,
    }
}

/// Letters and digits; the rest separates.
fn is_content(c: char) -> bool {
    c.is_alphanumeric()
}
