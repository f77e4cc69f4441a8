//! Towns and villages: behind their county, or by themselves where the article or the paragraph says which is meant.

mod words;

use super::passing::{
    in_scheme_name, joins_a_list, opens_a_sentence, passing_by_before, stands_as_subject,
};
use super::{Named, Places, is_strictly_below};
use crate::tag::gazetteer::Gazetteer;
use crate::tag::offsets::around;
use crate::text::finder::WordFinder;
use crate::text::tokens::is_han;
use crate::vocab::divisions::{Division, Divisions, Level, NameKind};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;
use words::{
    LANDSCAPES, NATIONALITIES, NO_TOWNS, PHRASE_ENDS, PHRASE_STARTS, TOWN_PHRASE_ENDS,
    VILLAGES_LIKE_PHRASES,
};

/// Longest name of a town or village with its suffix, in characters.
const LOCAL_NAME_MAX: usize = 8;
/// Longest name of a town named without its county, in characters: 鄂温克族达斡尔族 and the like stand with it.
const TOWN_NAME_MAX: usize = 12;

const TOWN_SUFFIXES: &[&str] = &["镇", "乡", "街道", "苏木"];
const VILLAGE_SUFFIXES: &[&str] = &["村", "社区", "嘎查"];

/// Where any suffix stands; the first four are those of towns.
static SUFFIXES: LazyLock<WordFinder> =
    LazyLock::new(|| WordFinder::new(&[TOWN_SUFFIXES, VILLAGE_SUFFIXES].concat()));

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
    let divisions = gazetteer.divisions();
    if let Some(town) = longest_town(rest(end), is_town).or_else(|| {
        // 石柱县 + 还在 + 沙子镇: what ends in a town of the county behind a small word is no name of another.
        plain_name(divisions, rest(end), TOWN_SUFFIXES).filter(|name| {
            let mut parts = name.char_indices().skip(1).map(|(at, _)| name.split_at(at));
            !parts.any(|(before, end)| {
                before.ends_with(|c| "在到从向往的和与对去于由把让被给".contains(c))
                    && end.chars().nth(2).is_some()
                    && is_town(end)
            })
        })
    }) {
        end += town.len();
        let today = town_of_today(town).filter(|today| !is_town(town) && is_town(today));
        names.push(today.unwrap_or_else(|| town.to_owned()));
    }
    // 文安驿镇的梁家河村
    let from = if rest(end).starts_with('的') { end + "的".len() } else { end };
    let village = if names.is_empty() {
        // 海口龙华南社区 is no 南社区: one character before 社区 is a name only behind a county written in full.
        let is_short = |name: &str| name.chars().count() == 3 && name.ends_with("社区");
        let before = text.get(..from).unwrap_or("");
        let is_full = before.ends_with(['县', '市', '区', '旗', '的']);
        plain_name(divisions, rest(from), VILLAGE_SUFFIXES)
            .filter(|name| is_full || !is_short(name))
            // 浏阳市石牛山村; with 的 it may be any mountain village.
            .or_else(|| hill_village(rest(end)))
    } else {
        village_of_town(divisions, rest(from))
    };
    if let Some(village) = village {
        end = from + village.len();
        if names.is_empty() {
            names.extend(town_called_like(gazetteer.divisions(), division, village));
        }
        names.push(village.to_owned());
    }
    (names, end)
}

/// The town of a county that bears a village's name, which is where it has its seat: 潭门镇 for 潭门村. A name that
/// towns in many counties bear (新民) says nothing.
fn town_called_like(divisions: &Divisions, county: &Division, village: &str) -> Option<String> {
    const FEW: usize = 3;
    let stem = village.strip_suffix('村').filter(|stem| stem.chars().nth(1).is_some())?;
    let towns = ["镇", "乡"].map(|suffix| format!("{stem}{suffix}"));
    let mut here = towns.iter().filter(|town| divisions.has_town(&county.code, town));
    let only = here.next().filter(|_| here.next().is_none())?;
    let bearers: usize = towns.iter().map(|town| divisions.with_town(town).count()).sum();
    (bearers <= FEW).then(|| only.clone())
}

/// What a township is called since it became a town, or the other way round: 斗江镇 for 斗江乡.
fn town_of_today(name: &str) -> Option<String> {
    let (stem, suffix) = match name.strip_suffix('乡') {
        Some(stem) => (stem, '镇'),
        None => (name.strip_suffix('镇')?, '乡'),
    };
    stem.chars().nth(1).is_some().then(|| format!("{stem}{suffix}"))
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
fn plain_name<'t>(divisions: &Divisions, text: &'t str, suffixes: &[&str]) -> Option<&'t str> {
    let mut end = 0;
    for c in text.chars().take(LOCAL_NAME_MAX - 1).take_while(|c| is_han(*c)) {
        end += c.len_utf8();
        let name = text.get(..end)?;
        let Some(suffix) = suffixes.iter().find(|suffix| name.ends_with(**suffix)) else {
            continue;
        };
        let stem = name.strip_suffix(suffix)?;
        let after = text.get(end..).unwrap_or("");
        if goes_on_to_a_suffix(after) || *suffix == "村" && names_a_road(after) {
            continue;
        }
        let is_plain = if TOWN_SUFFIXES.contains(suffix) {
            // 侗族山乡 is a phrase, 唐古拉山镇 a name.
            is_plain_town(if *suffix == "镇" { without_hill(stem) } else { stem })
        } else {
            is_plain_stem(stem) && (!tells_a_deed(divisions, stem) || is_called_like_help(stem))
        };
        return (is_plain && !goes_on(suffix, after)).then_some(name);
    }
    None
}

/// The village at the start of a text behind its town, where more is a name than elsewhere: 茅坪镇 + 神山村, 和平村.
fn village_of_town<'t>(divisions: &Divisions, text: &'t str) -> Option<&'t str> {
    plain_name(divisions, text, VILLAGE_SUFFIXES)
        .or_else(|| village_like_a_phrase(text))
        .or_else(|| community_like_a_division(divisions, text))
}

/// 镇海社区: what begins like a phrase (镇…社区) and is the name of a division that is no word.
fn community_like_a_division<'t>(divisions: &Divisions, text: &'t str) -> Option<&'t str> {
    let (end, _) = text.char_indices().nth(2)?;
    let name = divisions.named(text.get(..end)?);
    let is_name = name.iter().any(|(_, kind)| *kind == NameKind::Short);
    (is_name && text.get(end..)?.starts_with("社区"))
        .then(|| text.get(..end + "社区".len()))
        .flatten()
}

/// 和平村, 周城村: names right behind their town.
fn village_like_a_phrase(text: &str) -> Option<&str> {
    let (name, stem) = short_village(text)?;
    let is_walled = stem.ends_with('城')
        && stem.chars().count() == 2
        && !PHRASE_STARTS.iter().any(|word| stem.starts_with(word));
    if is_walled || VILLAGES_LIKE_PHRASES.contains(&stem) {
        return Some(name);
    }
    hill_village(text)
}

/// 神山村, 石牛山村; 小山村, 深山村 and 藏族山村 are no names.
fn hill_village(text: &str) -> Option<&str> {
    let (name, stem) = short_village(text)?;
    let is_hill = (2..=3).contains(&stem.chars().count())
        && stem.ends_with('山')
        && !stem.contains('族')
        && !LANDSCAPES.iter().any(|word| stem.ends_with(word))
        && !PHRASE_STARTS.iter().any(|word| stem.starts_with(word));
    is_hill.then_some(name)
}

/// What ends in 村 within four characters, and what stands before 村.
fn short_village(text: &str) -> Option<(&str, &str)> {
    let (end, _) = text.char_indices().take(4).find(|(_, c)| *c == '村')?;
    let (stem, name) = (text.get(..end)?, text.get(..end + "村".len())?);
    let after = text.get(name.len()..)?;
    (stem.chars().all(is_han) && !goes_on("村", after)).then_some((name, stem))
}

/// One to four characters that are no phrase.
fn is_plain_stem(stem: &str) -> bool {
    (1..=4).contains(&stem.chars().count())
        && !PHRASE_STARTS.iter().any(|word| stem.starts_with(word))
        && !PHRASE_ENDS.iter().any(|word| stem.ends_with(word))
        && !stem.contains(OF_PHRASES)
}

/// Characters of phrases that no name has.
const OF_PHRASES: [char; 4] = ['的', '个', '了', '等'];

/// 结对帮扶: what is done to villages, unless a town is called so (帮达镇).
fn tells_a_deed(divisions: &Divisions, stem: &str) -> bool {
    let has_town = |suffix| divisions.with_town(&format!("{stem}{suffix}")).next().is_some();
    stem.contains(['帮', '扶', '由']) && !["镇", "乡"].iter().any(has_town)
}

/// 帮东, 帮卡: names right behind their county or town; 帮带, 帮助 are deeds there, too.
fn is_called_like_help(stem: &str) -> bool {
    let rest = stem.strip_prefix('帮').filter(|rest| rest.chars().count() == 1);
    rest.is_some_and(|rest| !rest.starts_with(['扶', '助', '带', '包', '建', '促', '联', '教']))
}

/// The town's own name without that of the nationality it is of: 黄桑坪 in 黄桑坪苗族.
fn without_nationality(stem: &str) -> &str {
    let Some(before) = stem.strip_suffix('族') else { return stem };
    let nationality = NATIONALITIES.iter().find_map(|name| before.strip_suffix(name));
    nationality.filter(|rest| rest.chars().nth(1).is_some()).unwrap_or(stem)
}

/// 唐古拉 in 唐古拉山.
fn without_hill(stem: &str) -> &str {
    stem.strip_suffix('山').filter(|rest| rest.chars().nth(1).is_some()).unwrap_or(stem)
}

/// Two to four characters that are no phrase; towns of one character are only known from the list.
fn is_plain_town(stem: &str) -> bool {
    let stem = without_nationality(stem);
    (2..=4).contains(&stem.chars().count())
        && !PHRASE_STARTS.iter().any(|word| stem.starts_with(word))
        && (is_called_by_a_village(stem)
            || !TOWN_PHRASE_ENDS.iter().any(|word| stem.ends_with(word)))
        && !stem.contains(OF_PHRASES)
}

/// 黄村 in 黄村镇; 示范村镇 are villages and towns.
fn is_called_by_a_village(stem: &str) -> bool {
    stem.ends_with('村') && stem.chars().count() == 2 && !stem.starts_with(['山', '渔', '邻', '新'])
}

/// 乡村, 乡镇, 村民, 村委会: the suffix is the start of another word.
fn goes_on(suffix: &str, after: &str) -> bool {
    match suffix {
        "乡" => after.starts_with(['村', '镇', '贤', '亲', '间', '土']),
        "镇" => after.starts_with(['村', '街', '乡', '企']),
        "村" if goes_on_to_a_suffix(after) || names_a_road(after) => true,
        "村" => after.starts_with([
            '民', '委', '两', '支', '务', '干', '级', '镇', '集', '庄', '居', '医', '规', '寨',
            '主', '里', '道', '容', '口', '头', '落', '史', '改', '组', '长', '官', '子', '校',
            '小',
        ]),
        _ => false,
    }
}

/// 中关村大街, 高村东路18号, 曹杨新村街道: what is called by a village is none.
fn names_a_road(after: &str) -> bool {
    const ROADS: [&str; 12] = [
        "大街", "大道", "街道", "东路", "西路", "南路", "北路", "中路", "东街", "西街", "南街",
        "北街",
    ];
    // 双堰村街道两旁, 红坡村大街上: a village's own streets.
    const OF_ITS_OWN: [&str; 2] = ["大街", "街道"];
    const ALONG: [&str; 6] = ["上", "两旁", "两侧", "旁", "边", "里"];
    let has_number = |rest: &str| rest.starts_with(|c: char| c.is_ascii_digit());
    let is_its_own = |word: &str, rest: &str| {
        OF_ITS_OWN.contains(&word) && ALONG.iter().any(|along| rest.starts_with(along))
    };
    ROADS.iter().any(|word| after.strip_prefix(word).is_some_and(|rest| !is_its_own(word, rest)))
        || after.strip_prefix(['路', '街']).is_some_and(has_number)
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
    pub(super) fn read(
        divisions: &Divisions,
        texts: impl Iterator<Item = (&'t str, &'t [Suffix])>,
    ) -> Self {
        let mut names: HashMap<&str, usize> = HashMap::new();
        for (text, suffixes) in texts {
            for suffix in suffixes.iter().filter(|suffix| !suffix.of_town) {
                if let Some(name) = village_ending_at(divisions, text, suffix.at.clone()) {
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
fn village_ending_at<'t>(
    divisions: &Divisions,
    text: &'t str,
    Range { start: suffix_at, end }: Range<usize>,
) -> Option<&'t str> {
    let before = text.get(..suffix_at)?;
    let suffix = text.get(suffix_at..end)?;
    if goes_on(suffix, text.get(end..)?) {
        return None;
    }
    let starts = before.char_indices().rev().take(4).take_while(|(_, c)| is_han(*c));
    for (at, _) in starts.skip(1) {
        let before = text.get(..at)?;
        let begins = before.ends_with("走进")
            || before.chars().next_back().is_none_or(|c| {
                !c.is_alphanumeric()
                    || "在的到从是和与对去回向像把让为有给离因叫县镇乡区过及于由被".contains(c)
            });
        let stem = text.get(at..suffix_at)?;
        if begins && is_plain_stem(stem) && !tells_a_deed(divisions, stem) {
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
    // 博鳌镇和潭门镇: the last of a list is no partner where the first is the subject.
    for at in 1..named.len() {
        let [.., last, next] = &mut named[..=at] else { continue };
        next.subject |=
            last.subject && text.get(last.at.end..next.at.start).is_some_and(joins_a_list);
    }
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
        let named_today = |start: usize, name: &str| {
            let county = self.county_of_town(name, named, start)?;
            Some((start, format!("{}/{name}", self.divisions.get(county)?.path), county))
        };
        let (start, path, division) = starts
            .iter()
            .skip(2)
            .rev()
            .find_map(|start| {
                let name = self.text.get(*start..end)?;
                if NO_TOWNS.contains(&name) {
                    return None;
                }
                if let Some((path, division)) = self.places.known_local(name) {
                    return Some((*start, path.to_owned(), division));
                }
                named_today(*start, name)
            })
            .or_else(|| {
                starts.iter().skip(2).rev().find_map(|start| {
                    let today = town_of_today(self.text.get(*start..end)?)?;
                    let near = !self.places.context().is_empty() || !named.is_empty();
                    named_today(*start, &today).filter(|_| near)
                })
            })?;
        let mut at = start..end;
        let mut path = path;
        let behind = self.text.get(end..).unwrap_or("");
        // 上允镇的翁板村
        let stem = behind.strip_prefix('的').unwrap_or(behind);
        if let Some(village) = village_of_town(self.divisions, stem) {
            path = format!("{path}/{village}");
            at.end += behind.len() - stem.len() + village.len();
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
        let name = village_ending_at(self.divisions, self.text, suffix_at..end)?;
        if let Some(last) = self.village_listed_before(named, found, end - name.len()) {
            let path = format!("{}/{name}", without_village(&last.path));
            return Some(self.place(path, last.division, end - name.len()..end));
        }
        let start = end - name.len();
        if !self.villages.is_named_again(name)
            && !self.is_introduced(name, end)
            && !self.is_told_of_in_its_town(name, start)
        {
            return None;
        }
        let (mut path, division) = self.only_area(named, found, start)?;
        let county = self.divisions.get(division)?;
        // Its own town is nearer than the one the lead was about, but not than one named beside it.
        let told_here = || {
            let mut before = named.iter().chain(found).filter(|place| place.at.start < start);
            before.any(|place| place.path == path || is_strictly_below(&place.path, &path))
        };
        if let Some(town) = town_called_like(self.divisions, county, name)
            && (path == county.path.as_str()
                || self.places.known_local(&town).is_some() && !told_here())
        {
            path = format!("{}/{town}", county.path);
        }
        Some(self.place(format!("{path}/{name}"), division, start..end))
    }

    /// The village that a list goes on from: 八一村、乌石岭村.
    fn village_listed_before<'n>(
        &self,
        named: &'n [Named],
        found: &'n [Named],
        start: usize,
    ) -> Option<&'n Named> {
        let before = |place: &&Named| place.at.end <= start;
        let last_named = named[..named.partition_point(|place| before(&place))].last();
        let last =
            last_named.into_iter().chain(found.last().filter(before)).max_by_key(|p| p.at.end)?;
        let is_village = without_village(&last.path).len() < last.path.len();
        (is_village && self.text.get(last.at.end..start).is_some_and(joins_a_list)).then_some(last)
    }

    /// Named once, at the start of a clause or behind a small word, with the people who run a village or what it has:
    /// ，西坎村党支部书记, 39岁的龙口村村民.
    fn is_introduced(&self, name: &str, end: usize) -> bool {
        const BEHIND: [&str; 7] = ["党支部", "党总支", "村民", "村支书", "村主任", "位于", "地处"];
        const BEHIND_A_VILLAGE: [&str; 5] = ["坐落", "距", "共有", "现有", "全村"];
        let before =
            self.text.get(..end - name.len()).and_then(|before| before.chars().next_back());
        let after = self.text.get(end..).unwrap_or("");
        let is_followed_by = |words: &[&str]| words.iter().any(|word| after.starts_with(word));
        let opens = before.is_none_or(|c| !c.is_alphanumeric());
        // 严家坪村有1300亩板栗; 带动村有资产增值 is no name.
        let is_measured = after
            .strip_prefix('有')
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        name.chars().count() > 2
            && (opens && is_followed_by(&BEHIND)
                || opens
                    && name.ends_with('村')
                    && (is_measured || is_followed_by(&BEHIND_A_VILLAGE))
                || before.is_some_and(|c| "的在到是".contains(c)) && after.starts_with("村民"))
    }

    /// 里土村几乎家家有画师: named once at the start of a clause, where the article is about one town.
    fn is_told_of_in_its_town(&self, name: &str, start: usize) -> bool {
        let in_a_town = match self.places.title.as_slice() {
            [only] => self
                .divisions
                .get(only.division)
                .is_some_and(|county| is_strictly_below(&only.path, county.path.as_str())),
            _ => false,
        };
        let before = self.text.get(..start).unwrap_or("");
        let is_gone_to = ["在", "走进", "来到"].iter().any(|word| before.ends_with(word));
        // 发挥社区作用: before 社区 a clause may begin with what is done.
        let opens =
            name.ends_with('村') && before.chars().next_back().is_none_or(|c| !c.is_alphanumeric());
        in_a_town && name.chars().count() > 2 && (is_gone_to || opens)
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
