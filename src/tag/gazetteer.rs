//! Names of divisions in running text, and which division each means.
//!
//! One pass finds all names and the words that only look like names. The longest name that begins first wins
//! (五大连池 is not 大连); short names and names that several divisions bear need their context: a parent beside them,
//! in the paragraph or in the article. What nothing decides stays unresolved. Which of the named divisions a paragraph
//! reports on is decided in [`super::region`].

mod words;

use crate::text::finder::{Found, WordFinder};
use crate::text::tokens::is_han;
use crate::vocab::divisions::{Level, NameKind};
use crate::vocab::{Divisions, Vocabulary};
use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;
use words::{
    BEFORE_SHORT_NAME, BEHIND_A_PLACE, BEHIND_ABBREVIATIONS, BEHIND_RIVERS, COMMON_ENDS, COMPANIES,
    LANDSCAPES, LOCAL_SUFFIXES, LOCAL_WORDS, LOOKALIKES, NATURE, NOT_A_PLACE_BEFORE, PERSON_WORDS,
    SIDES, SMALL_WORDS, WORDS_BEFORE_NAME,
};

/// How many names before a doubtful one may decide it by being near.
const NEAR_HITS: usize = 20;
/// How far behind another name a town's may end, in characters, and with what.
const TOWN_REST_MAX: usize = 7;
const TOWN_ENDS: [char; 4] = ['镇', '乡', '道', '木'];
/// How many names of counties decide together which are meant.
const LISTED_MIN: usize = 3;
/// Bytes of punctuation and marks that may stand before the first word of a paragraph.
const START_BYTES: usize = 90;

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

impl Hit<'_> {
    /// Ordinals of the divisions whose full name it is.
    pub(crate) fn full_bearers(&self) -> impl Iterator<Item = usize> {
        let full = self.bearers.iter().filter(|(_, kind)| *kind == NameKind::Full);
        full.map(|(at, _)| *at)
    }
}

/// Finds the names of a vocabulary.
#[derive(Debug)]
pub struct Gazetteer {
    vocabulary: Arc<Vocabulary>,
    names: WordFinder,
    behind_abbreviations: WordFinder,
    /// By name: where its bearers stand in `bearers`; nowhere for a look-alike.
    borne: Vec<Range<usize>>,
    bearers: Vec<(usize, NameKind)>,
}

impl Gazetteer {
    /// Compiles the names of the vocabulary's divisions.
    pub fn new(vocabulary: Arc<Vocabulary>) -> Self {
        let lookalikes: HashSet<&str> = LOOKALIKES.iter().chain(&LANDSCAPES).copied().collect();
        let mut all: Vec<(&str, (usize, NameKind))> = vocabulary
            .divisions
            .all_names()
            // One character (滇, 津) says nothing in running text.
            .filter(|(name, ..)| name.chars().nth(1).is_some() && !lookalikes.contains(name))
            .map(|(name, at, kind)| (name, (at, kind)))
            .collect();
        // Stable, so that the bearers of a name stay in the order of the divisions.
        all.sort_by_key(|(name, _)| *name);
        let (mut names, mut borne, mut bearers) = (Vec::new(), Vec::new(), Vec::new());
        for name in all.chunk_by(|a, b| a.0 == b.0) {
            names.push(name[0].0);
            borne.push(bearers.len()..bearers.len() + name.len());
            bearers.extend(name.iter().map(|(_, bearer)| *bearer));
        }
        names.extend(lookalikes);
        let behind_abbreviations = WordFinder::new(&BEHIND_ABBREVIATIONS);
        let names = WordFinder::new(&names);
        Self { names, behind_abbreviations, borne, bearers, vocabulary: Arc::clone(&vocabulary) }
    }

    pub(crate) fn divisions(&self) -> &Divisions {
        &self.vocabulary.divisions
    }

    /// The places of names in a text, in bytes, with the ordinals of the divisions they mean where the text decides that.
    pub fn named_in(&self, text: &str) -> Vec<(Range<usize>, Option<usize>)> {
        self.hits(text, &[]).into_iter().map(|hit| (hit.at, hit.division)).collect()
    }

    /// The names in a text with the divisions they mean. `context` are the divisions the article is about, nearest
    /// first.
    pub(crate) fn hits<'a>(&'a self, text: &str, context: &[usize]) -> Vec<Hit<'a>> {
        let mut hits = self.longest_names(text);
        self.keep_places(text, &mut hits, context);
        self.resolve_by_neighbours(text, &mut hits);
        self.resolve_by_context(text, &mut hits, context);
        self.resolve_by_towns(text, &mut hits);
        self.resolve_lists(text, &mut hits);
        hits
    }

    /// Who bears the name of an ordinal; nobody for a look-alike.
    fn bearers(&self, name: usize) -> &[(usize, NameKind)] {
        self.borne.get(name).and_then(|range| self.bearers.get(range.clone())).unwrap_or(&[])
    }

    /// The longest names from left to right, without those that only look like one.
    fn longest_names<'a>(&'a self, text: &str) -> Vec<Hit<'a>> {
        let mut hits = Vec::new();
        let mut from = 0;
        while let Some(mut found) = self.names.longest(text, from) {
            // 从江苏 is 从 + 江苏 and not 从江 + 苏: a name that begins like a small word gives way to one inside it.
            let first = text.get(found.at.clone()).and_then(|name| name.chars().next());
            if let Some(first) = first.filter(|first| SMALL_WORDS.contains(*first)) {
                found = self
                    .names
                    .longest(text, found.at.start + first.len_utf8())
                    .filter(|other| other.at.start < found.at.end && other.at.end > found.at.end)
                    .unwrap_or(found);
            }
            if let Some(parts) = self.city_and_district(text, &found.at) {
                for part in parts {
                    from = part.at.end;
                    let bearers = self.bearers(part.word);
                    hits.push(Hit { at: part.at, bearers, division: None, chained: false });
                }
                continue;
            }
            from = found.at.end;
            let bearers = self.bearers(found.word);
            if !bearers.is_empty() && !tells_a_side(text, &found.at) {
                hits.push(Hit { at: found.at, bearers, division: None, chained: false });
            }
        }
        hits
    }

    /// 青岛市北区 is 青岛 + 市北区 and not 青岛市 + 北区: a district whose name begins with 市.
    fn city_and_district(&self, text: &str, city: &Range<usize>) -> Option<[Found; 2]> {
        let short = city.start..city.end.checked_sub('市'.len_utf8())?;
        if !text.get(short.end..)?.starts_with("市北区")
            && !text.get(short.end..)?.starts_with("市南区")
            && !text.get(short.end..)?.starts_with("市中区")
        {
            return None;
        }
        let at = |range: Range<usize>| {
            let found = self.names.longest(text.get(..range.end)?, range.start)?;
            (found.at == range).then_some(found)
        };
        let district = at(short.end..city.end + "北区".len())?;
        let city = at(short)?;
        let is_in_city = |inner: usize| {
            self.bearers(city.word).iter().any(|(at, _)| self.divisions().is_within(inner, *at))
        };
        let mut districts = self.bearers(district.word).iter();
        districts.any(|(inner, _)| is_in_city(*inner)).then_some([city, district])
    }

    /// Provinces named by two or more abbreviations that stand for them all: 川渝两地.
    pub(crate) fn abbreviated(&self, text: &str) -> Vec<(Range<usize>, usize)> {
        let mut found = Vec::new();
        self.behind_abbreviations.each(text, |behind| {
            let before = text.get(..behind.at.start).unwrap_or("");
            let start = found.len();
            for (at, c) in before.char_indices().rev() {
                let range = at..at + c.len_utf8();
                let named =
                    text.get(range.clone()).map_or(&[][..], |name| self.divisions().named(name));
                let [(province, _)] = named else { break };
                found.push((range, *province));
            }
            if found.len() < start + 2 {
                found.truncate(start);
            }
            found[start..].reverse();
        });
        found
    }

    /// Drops the names that what stands behind them makes part of another name. A name with another right behind it
    /// is judged by that one: 西藏 in 西藏江孜县 is not the start of a river's name.
    fn keep_places(&self, text: &str, hits: &mut Vec<Hit<'_>>, context: &[usize]) {
        hits.retain(|hit| !is_company(text, hit) && !is_masked(text, hit));
        let ends_before_its_own: Vec<bool> = (1..=hits.len())
            .map(|next| match (hits.get(next - 1), hits.get(next)) {
                (Some(hit), Some(next)) => next.at.start == hit.at.end && self.holds(hit, next),
                _ => false,
            })
            .collect();
        let mut excused = ends_before_its_own.into_iter();
        // Whose town may stand behind it: 云南驿镇 in 祥云县云南驿镇.
        let mut before: Option<(usize, &[(usize, NameKind)])> = None;
        hits.retain(|hit| {
            let holders = before.filter(|(end, _)| *end == hit.at.start);
            let holders = holders.map_or(&[][..], |(_, bearers)| bearers);
            before = Some((hit.at.end, hit.bearers));
            excused.next().unwrap_or(false)
                || self.may_be_a_place(text, hit)
                    && !self.begins_a_town_of(text, hit, holders, context)
        });
    }

    /// Whether a bearer of the inner name lies in one of the outer name.
    fn holds(&self, outer: &Hit<'_>, inner: &Hit<'_>) -> bool {
        outer
            .bearers
            .iter()
            .any(|(at, _)| self.bearers_within(inner, *at).any(|inner| inner != *at))
    }

    /// Whether what stands behind a name lets it be a place.
    fn may_be_a_place(&self, text: &str, hit: &Hit<'_>) -> bool {
        let after = text.get(hit.at.end..).unwrap_or("");
        let is_full = hit.bearers.iter().any(|(_, kind)| *kind == NameKind::Full);
        if is_full || ends_like_a_division(text, hit) {
            // 新县 in 创新县域, 随县 in 随县城: two characters are a name only where a word ends.
            return !after.starts_with('域') && name_length(text, hit) > 2
                || !after.starts_with(['域', '城', '级', '乡', '里', '直', '区', '市']);
        }
        let is_province = hit.bearers.iter().any(|(at, _)| {
            self.divisions().get(*at).is_some_and(|division| division.level == Level::Province)
        });
        let mut rest = after.chars();
        let names_a_person = !is_province
            && rest.next().is_some_and(char::is_alphanumeric)
            && PERSON_WORDS.iter().any(|word| rest.as_str().starts_with(word));
        // 南阳乡村振兴: there is a 南阳乡 elsewhere.
        let is_word = LOCAL_WORDS.iter().any(|word| after.starts_with(word));
        let names_a_village = !is_word && LOCAL_SUFFIXES.iter().any(|word| after.starts_with(word));
        let begins_a_town = || {
            !is_word
                && towns_at(text, hit.at.start, hit.at.end)
                    .iter()
                    .any(|town| self.divisions().with_town(town).next().is_some())
        };
        let is_part = NOT_A_PLACE_BEFORE.iter().any(|word| after.starts_with(word))
            && !BEHIND_A_PLACE.iter().any(|word| after.starts_with(word))
            // 北京大学深圳医院 is in 深圳.
            && !(after.starts_with("医院")
                && text.get(..hit.at.start).is_some_and(|before| before.ends_with("大学")));
        !(is_part
            || names_a_person
            || !is_province && begins_a_town()
            || self.is_a_river(text, hit)
            || !is_province && (after.starts_with(NATURE) || names_a_village))
    }

    /// Whether a province's short name begins that of a town of the county right before it or of what the article is
    /// about: 江西坡镇 in 普安县.
    fn begins_a_town_of(
        &self,
        text: &str,
        hit: &Hit<'_>,
        holders: &[(usize, NameKind)],
        context: &[usize],
    ) -> bool {
        if holders.is_empty() && context.is_empty()
            || hit.bearers.iter().any(|(at, kind)| *kind == NameKind::Full || self.is_county(*at))
        {
            return false;
        }
        towns_at(text, hit.at.start, hit.at.end).iter().any(|town| {
            self.divisions().with_town(town).any(|county| {
                holders.iter().any(|(at, _)| *at == county)
                    || context.iter().any(|about| self.divisions().is_within(county, *about))
            })
        })
    }

    /// A county that is called by its river, where the river is meant: 柳江两岸.
    fn is_a_river(&self, text: &str, hit: &Hit<'_>) -> bool {
        let after = text.get(hit.at.end..).unwrap_or("");
        text.get(hit.at.clone()).is_some_and(|name| name.ends_with(['江', '河', '湖', '海', '溪']))
            && BEHIND_RIVERS.iter().any(|word| after.starts_with(word))
            && hit.bearers.iter().all(|(at, _)| self.is_county(*at))
    }

    fn is_county(&self, at: usize) -> bool {
        self.divisions().get(at).is_some_and(|division| division.level == Level::County)
    }

    /// First what needs no context, or only the name before it: 沈阳市 + 和平区.
    fn resolve_by_neighbours(&self, text: &str, hits: &mut [Hit<'_>]) {
        for at in 0..hits.len() {
            let (before, rest) = hits.split_at_mut(at);
            let Some((hit, behind)) = rest.split_first_mut() else { continue };
            let previous =
                before.last().and_then(|previous| Some((previous.division?, previous.at.end)));
            if let Some((previous, end)) = previous {
                match text.get(end..hit.at.start) {
                    Some("") => {
                        hit.division = self.child_named(hit, previous);
                        hit.chained = hit.division.is_some();
                        if !hit.chained && self.contradicts(hit, previous) {
                            continue;
                        }
                    }
                    Some("、") => hit.division = self.sibling_named(hit, previous),
                    _ => {}
                }
            }
            if hit.division.is_none() {
                hit.division = self
                    .without_context(text, hit)
                    .or_else(|| {
                        self.parent_named(
                            hit,
                            behind.first().filter(|next| next.at.start == hit.at.end)?,
                        )
                    })
                    .or_else(|| self.holder_of_town_behind(text, hit));
            }
        }
    }

    /// The only bearer of a name that has the town right behind it: 西湖区 in 西湖区蒋村街道.
    fn holder_of_town_behind(&self, text: &str, hit: &Hit<'_>) -> Option<usize> {
        let towns = towns_at(text, hit.at.end, hit.at.end);
        let has_town = |at: &usize| {
            self.divisions().get(*at).is_some_and(|division| {
                towns.iter().any(|town| self.divisions().has_town(&division.code, town))
            })
        };
        let mut holders = hit.bearers.iter().map(|(at, _)| *at).filter(has_town);
        let only = holders.next()?;
        holders.all(|other| other == only).then_some(only)
    }

    /// The bearer of a name that the name right behind it lies in: 唐山 in 唐山滦南.
    fn parent_named(&self, hit: &Hit<'_>, next: &Hit<'_>) -> Option<usize> {
        let not_a_word = hit.bearers.iter().filter(|(_, kind)| *kind != NameKind::WordLike);
        let holds_next = |at: &usize| self.bearers_within(next, *at).any(|inner| inner != *at);
        let parents: Vec<usize> = not_a_word.map(|(at, _)| *at).filter(holds_next).collect();
        self.highest(&parents)
    }

    /// The bearer of a name within another division.
    fn child_named(&self, hit: &Hit<'_>, ancestor: usize) -> Option<usize> {
        // 辽宁振兴 is no district of 丹东: a word is a district's name only right behind its city.
        let may_be_meant = |at: usize| {
            !hit.bearers.contains(&(at, NameKind::WordLike))
                || self.divisions().get(at).is_some_and(|division| {
                    division.parent == Some(ancestor) || !division.name.ends_with('区')
                })
        };
        let within: Vec<usize> = self
            .bearers_within(hit, ancestor)
            .filter(|at| *at != ancestor && may_be_meant(*at))
            .collect();
        // 黄山市歙县 is the county of today; parts of it have gone to districts of the city.
        let today: Vec<usize> = within
            .iter()
            .copied()
            .filter(|at| hit.bearers.contains(&(*at, NameKind::Full)))
            .collect();
        if let [only] = today.as_slice() {
            return Some(*only);
        }
        self.highest(&within).or_else(|| self.split_into(hit, &within))
    }

    /// The division above those that a former one was split into: 石家庄市桥东区.
    fn split_into(&self, hit: &Hit<'_>, within: &[usize]) -> Option<usize> {
        let is_former = |at: &usize| {
            hit.bearers.iter().any(|(of, kind)| of == at && matches!(kind, NameKind::Former(_)))
        };
        let parent_of = |at: &usize| self.divisions().get(*at).and_then(|division| division.parent);
        let parent = parent_of(within.first()?)?;
        within.iter().all(|at| is_former(at) && parent_of(at) == Some(parent)).then_some(parent)
    }

    /// Whether a district's name right behind a city means a district of another city only: 石家庄市桥东区 is not that
    /// of 张家口.
    fn contradicts(&self, hit: &Hit<'_>, previous: usize) -> bool {
        let level = |at: usize| self.divisions().get(at).map(|division| division.level);
        level(previous) == Some(Level::Prefecture)
            && hit.bearers.iter().all(|(at, _)| level(*at) == Some(Level::County))
    }

    /// The bearer of a name beside another division: a list goes on among siblings, 合作市、夏河.
    fn sibling_named(&self, hit: &Hit<'_>, sibling: usize) -> Option<usize> {
        let parent_of = |at: usize| self.divisions().get(at).and_then(|division| division.parent);
        let parent = parent_of(sibling)?;
        self.bearers_within(hit, parent).find(|at| parent_of(*at) == Some(parent))
    }

    /// A full name borne once, a province's short name, or an unmistakable prefecture's.
    fn without_context(&self, text: &str, hit: &Hit<'_>) -> Option<usize> {
        let level = |at: usize| self.divisions().get(at).map(|division| division.level);
        let usable: Vec<(usize, NameKind)> = own_names(text, hit).collect();
        if let Some((province, _)) =
            usable.iter().find(|(at, _)| level(*at) == Some(Level::Province))
        {
            return Some(*province);
        }
        let full: Vec<usize> =
            usable.iter().filter(|(_, kind)| *kind == NameKind::Full).map(|(at, _)| *at).collect();
        if let [only] = full.as_slice() {
            return (stands_by_itself(text, hit) || begins_a_word(text, hit)).then_some(*only);
        }
        if !full.is_empty() {
            return None;
        }
        let all: Vec<usize> = usable.iter().map(|(at, _)| *at).collect();
        let highest = self.highest(&all)?;
        let (_, kind) = usable.iter().find(|(at, _)| *at == highest)?;
        let is_long_former = matches!(kind, NameKind::Former(_)) && ends_like_a_division(text, hit);
        let is_long_short = *kind == NameKind::Short && ends_like_a_division(text, hit);
        // 优化州县: three characters of a name given up may begin inside a word.
        let is_name = name_length(text, hit) > if is_long_former { 3 } else { 2 };
        if (is_long_former || is_long_short) && (is_name || begins_a_word(text, hit)) {
            return Some(highest);
        }
        // 麻栗坡, 都江堰: three characters that only one county bears.
        let is_long_county = hit.bearers.len() == 1
            && *kind == NameKind::Short
            && name_length(text, hit) > 2
            && self.divisions().get(highest).is_some_and(|county| !county.name.ends_with('区'))
            && !self.is_called_by_nature(text, hit);
        let is_known = level(highest) == Some(Level::Prefecture) || is_long_county;
        (is_known && begins_a_word(text, hit)).then_some(highest)
    }

    /// Then what the rest of the paragraph or the article decides.
    fn resolve_by_context(&self, text: &str, hits: &mut [Hit<'_>], context: &[usize]) {
        let mut named: Vec<usize> = hits.iter().filter_map(|hit| hit.division).collect();
        named.sort_unstable();
        named.dedup();
        for at in 0..hits.len() {
            let hit = &hits[at];
            if hit.division.is_some() {
                if let Some(former) = self.former_of_the_article(text, hit, context) {
                    hits[at].division = Some(former);
                }
                continue;
            }
            if self.lies_elsewhere(&hits[..at], hit) {
                continue;
            }
            // What the context told of the name before it holds for the rest of the list.
            let listed = hits[..at].last().and_then(|last| {
                (text.get(last.at.end..hit.at.start)? == "、").then_some(last.division?)
            });
            if let Some(sibling) = listed.and_then(|last| self.sibling_named(hit, last)) {
                hits[at].division = Some(sibling);
                continue;
            }
            let before = hits[..at].iter().rev().filter_map(|hit| hit.division).take(NEAR_HITS);
            // A word-like name alone is a word, whatever stands around it; written out as 和平区 it is not word-like.
            let usable: Vec<usize> = own_names(text, hit).map(|(division, _)| division).collect();
            let is_full = hit.bearers.iter().any(|(_, kind)| *kind == NameKind::Full);
            if usable.is_empty()
                || !(begins_a_word(text, hit) || (is_full && stands_by_itself(text, hit)))
            {
                continue;
            }
            let around = before.chain(named.iter().copied()).chain(context.iter().copied());
            let decided = around.into_iter().find_map(|near| self.chosen_near(&usable, near));
            let at_start = !self.is_called_by_nature(text, hit)
                && hit.at.start < START_BYTES
                && text.get(..hit.at.start).is_some_and(|before| {
                    // 【走基层】上杭: a mark of the series stands before the title.
                    let before = before.rsplit(['】', ']', '］']).next().unwrap_or(before);
                    !before.chars().any(is_content)
                });
            hits[at].division =
                decided.or_else(|| at_start.then(|| self.highest(&usable)).flatten());
        }
    }

    /// 崇头镇的云和梯田: a county's short name that nothing resolves is that of the county which has a town named in
    /// the text, unless towns in many counties are called so.
    fn resolve_by_towns(&self, text: &str, hits: &mut [Hit<'_>]) {
        let may_be_meant = |hit: &Hit<'_>| hit.division.is_none() && begins_a_word(text, hit);
        if !hits.iter().any(may_be_meant) {
            return;
        }
        let counties = self.counties_of_towns_in(text);
        for hit in hits.iter_mut().filter(|hit| may_be_meant(hit)) {
            let meant: Vec<usize> =
                own_names(text, hit).map(|(at, _)| at).filter(|at| counties.contains(at)).collect();
            hit.division = meant.first().copied().filter(|_| meant.len() == 1);
        }
    }

    /// The counties of the towns named in a text that few counties have.
    fn counties_of_towns_in(&self, text: &str) -> HashSet<usize> {
        const FEW: usize = 3;
        let mut counties = HashSet::new();
        for (at, c) in text.char_indices().filter(|(_, c)| TOWN_ENDS.contains(c)) {
            let end = at + c.len_utf8();
            let before = text.get(..at).unwrap_or("").char_indices().rev().take(TOWN_REST_MAX);
            // The longest of them that is a name; two characters (城镇, 山乡) are too often a word.
            let names = before.take_while(|(_, c)| is_han(*c)).skip(1);
            let bearers = names.filter_map(|(start, _)| {
                let bearers: Vec<usize> =
                    self.divisions().with_town(text.get(start..end)?).collect();
                (!bearers.is_empty()).then_some(bearers)
            });
            counties.extend(bearers.last().filter(|all| all.len() <= FEW).into_iter().flatten());
        }
        counties
    }

    /// 靖江、泰兴、兴化三地: counties listed by their short names in a list that nothing resolves are those of the only
    /// prefecture that has them all.
    fn resolve_lists(&self, text: &str, hits: &mut [Hit<'_>]) {
        let goes_on = |last: &Hit<'_>, next: &Hit<'_>| {
            next.division.is_none()
                && matches!(text.get(last.at.end..next.at.start), Some("、" | "和"))
        };
        let mut first = 0;
        while let Some(hit) = hits.get(first) {
            let opens = hit.division.is_none() && begins_a_word(text, hit);
            let pairs = hits[first..].windows(2);
            let length = 1 + pairs.take_while(|pair| opens && goes_on(&pair[0], &pair[1])).count();
            let list = &mut hits[first..first + length];
            if length >= LISTED_MIN
                && let Some(prefecture) = self.only_prefecture_of(text, list)
            {
                for hit in list {
                    let meant = own_names(text, hit)
                        .map(|(at, _)| at)
                        .find(|at| self.prefecture_of(*at) == Some(prefecture));
                    hit.division = meant;
                }
            }
            first += length;
        }
    }

    fn prefecture_of(&self, county: usize) -> Option<usize> {
        self.divisions().get(county).filter(|division| division.level == Level::County)?.parent
    }

    /// The only prefecture in which each name of a list is a county's.
    fn only_prefecture_of(&self, text: &str, list: &[Hit<'_>]) -> Option<usize> {
        let (first, rest) = list.split_first()?;
        let mut parents =
            own_names(text, first).filter_map(|(at, _)| self.prefecture_of(at)).filter(|parent| {
                rest.iter().all(|hit| {
                    own_names(text, hit).any(|(at, _)| self.prefecture_of(at) == Some(*parent))
                })
            });
        let only = parents.next()?;
        parents.all(|other| other == only).then_some(only)
    }

    /// 苏州市江宁区: what is written right behind a city lies in it or is no division.
    fn lies_elsewhere(&self, before: &[Hit<'_>], hit: &Hit<'_>) -> bool {
        before.last().filter(|previous| previous.at.end == hit.at.start).is_some_and(|previous| {
            previous.division.is_some_and(|city| {
                self.contradicts(hit, city) && self.bearers_within(hit, city).next().is_none()
            })
        })
    }

    /// 桥东区 in an article on 石家庄 is the district it had, not that of 张家口 which has one today.
    fn former_of_the_article(&self, text: &str, hit: &Hit<'_>, context: &[usize]) -> Option<usize> {
        if hit.chained || hit.bearers.len() < 2 {
            return None;
        }
        let article = context.first()?;
        let within: Vec<(usize, NameKind)> = own_names(text, hit)
            .filter(|(at, _)| self.divisions().is_within(*at, *article))
            .collect();
        let is_former = |(_, kind): &(usize, NameKind)| matches!(kind, NameKind::Former(_));
        let ordinals: Vec<usize> = within.iter().map(|(at, _)| *at).collect();
        (!within.is_empty() && within.iter().all(is_former))
            .then(|| self.highest(&ordinals).or_else(|| self.split_into(hit, &ordinals)))?
    }

    /// A county's short name that is first of all a mountain's or river's, or begins like one: 恒山.
    fn is_called_by_nature(&self, text: &str, hit: &Hit<'_>) -> bool {
        text.get(hit.at.clone()).is_some_and(|name| name.ends_with(NATURE))
            && hit.bearers.iter().all(|(at, kind)| *kind == NameKind::Short && self.is_county(*at))
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

/// What from one place in a text on could be a town's name that ends not far behind another.
fn towns_at(text: &str, start: usize, behind: usize) -> Vec<&str> {
    let near = text.get(behind..).unwrap_or("").char_indices().take(TOWN_REST_MAX);
    near.take_while(|(_, c)| is_han(*c))
        .filter(|(_, c)| TOWN_ENDS.contains(c))
        .filter_map(|(at, c)| text.get(start..behind + at + c.len_utf8()))
        .collect()
}

/// Whether a name stands for a company that the paragraph names in full.
fn is_company(text: &str, hit: &Hit<'_>) -> bool {
    let name = text.get(hit.at.clone()).unwrap_or("");
    COMPANIES
        .iter()
        .any(|(short, full)| *short == name && full.iter().any(|full| text.contains(full)))
        && !ends_like_a_division(text, hit)
}

/// Whether a name is the end of a landscape's and the beginning of one of its sides: 河北 in 黄河北岸, 山东 in 秦岭山东麓.
fn tells_a_side(text: &str, at: &Range<usize>) -> bool {
    let mut name = text.get(at.clone()).unwrap_or("").chars();
    let is_split = matches!(
        (name.next(), name.next(), name.next()),
        (Some('山' | '河' | '江' | '湖' | '海'), Some('东' | '西' | '南' | '北'), None)
    );
    let after = text.get(at.end..).unwrap_or("");
    is_split
        && SIDES.iter().any(|(side, words)| {
            after.strip_prefix(*side).is_some_and(|rest| !rest.starts_with(*words))
        })
}

/// Whether a name only ends that of a masked place, or lies in a masked province: F市 + 北区, M省 + 河口县.
fn is_masked(text: &str, hit: &Hit<'_>) -> bool {
    let before = text.get(..hit.at.start).unwrap_or("");
    let name = text.get(hit.at.clone()).unwrap_or("");
    let is_mask = |c: char| c.is_ascii_uppercase() || c == '某';
    if name.starts_with('市') && before.ends_with(is_mask) {
        return true;
    }
    before.strip_suffix('省').is_some_and(|before| before.ends_with(is_mask))
}

/// The bearers whose own name it is, without those for which it is a word (平安) or the word for a part of any city
/// (市区, 郊区, 城区, once the names of districts).
fn own_names(text: &str, hit: &Hit<'_>) -> impl Iterator<Item = (usize, NameKind)> {
    let is_part = name_length(text, hit) == 2
        && text.get(hit.at.clone()).is_some_and(|name| name.ends_with('区'));
    hit.bearers.iter().copied().filter(move |(_, kind)| match kind {
        NameKind::WordLike => false,
        NameKind::Former(_) => !is_part,
        NameKind::Full | NameKind::Short => true,
    })
}

/// Whether a full name is a name whatever stands before it.
fn stands_by_itself(text: &str, hit: &Hit<'_>) -> bool {
    let name = text.get(hit.at.clone()).unwrap_or("");
    name_length(text, hit) > 3
        || name_length(text, hit) == 3 && !COMMON_ENDS.iter().any(|end| name.ends_with(end))
}

fn name_length(text: &str, hit: &Hit<'_>) -> usize {
    text.get(hit.at.clone()).map_or(0, |name| name.chars().count())
}

/// Whether a name is written with the word for its kind: 迪庆州, 康定县; 广州 is not.
fn ends_like_a_division(text: &str, hit: &Hit<'_>) -> bool {
    text.get(hit.at.clone()).is_some_and(|name| {
        name.ends_with(['县', '旗', '市', '区', '盟'])
            || name.ends_with('州') && name_length(text, hit) > 2
    })
}

/// Whether a word may begin where the name does.
fn begins_a_word(text: &str, hit: &Hit<'_>) -> bool {
    let before = text.get(..hit.at.start).unwrap_or("");
    let Some(last) = before.chars().next_back() else { return true };
    // 渭河咸阳段
    let after = text.get(hit.at.end..).unwrap_or("");
    let is_section = after.starts_with('段');
    !is_content(last)
        || is_section && "江河湖路线渠道城".contains(last)
        // 市公安局甘井子分局
        || last == '局' && after.starts_with("分局")
        // 原大同县
        || last == '原' && is_former(hit) && ends_like_a_division(text, hit)
        || BEFORE_SHORT_NAME.contains(last)
        || WORDS_BEFORE_NAME.iter().any(|word| before.ends_with(word))
}

/// Whether it is a name that divisions have given up.
fn is_former(hit: &Hit<'_>) -> bool {
    hit.bearers.iter().any(|(_, kind)| matches!(kind, NameKind::Former(_)))
}

/// Letters and digits; the rest separates.
fn is_content(c: char) -> bool {
    c.is_alphanumeric()
}

#[cfg(test)]
mod tests;
