//! The administrative divisions of China from province to county, their names, and the towns below them.
//!
//! Sources: `index-schema/divisions.csv`, `former-names.csv` and `towns.csv`; origin and licences are named in
//! `index-schema/README.md`. A municipality has one level (`天津市/和平区`), as have the counties a province governs
//! itself (`海南省/琼海市`). How names are found in running text is decided by `tag::region`.

use super::towns::Towns;
use super::{Problem, Source, VocabError};
use crate::model::RegionPath;
use crate::text::fold::{fold_char, narrow_alphanumeric};
use crate::text::script::to_simplified;
use serde::Deserialize;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::OnceLock;

/// How far below the country a division stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Province, autonomous region, municipality, special administrative region.
    Province,
    /// City, prefecture, autonomous prefecture, league.
    Prefecture,
    /// District, county, banner, city at county level.
    County,
}

/// A name a division once had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormerName {
    /// The name in full.
    pub name: String,
    /// Its short form; empty where that is an ordinary word or another division's name.
    pub short: String,
    /// The year in which it was given up.
    pub until: u16,
}

/// One administrative division in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Division {
    /// Six digits of GB/T 2260.
    pub code: String,
    /// Name in full, for example `维西傈僳族自治县`.
    pub name: String,
    /// How far below the country.
    pub level: Level,
    /// Ordinal of the division above, `None` for a province.
    pub parent: Option<usize>,
    /// From the province down.
    pub path: RegionPath,
    /// Names that mean it where the context allows: `维西`, `维西县`.
    pub short: Vec<String>,
    /// Names that are ordinary words too (`平安`, `滇`, `新城区`): they mean it only beside its parent.
    pub word_like: Vec<String>,
    /// What it was called before.
    pub former: Vec<FormerName>,
}

/// What kind of name of a division a string is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NameKind {
    /// The name in full.
    Full,
    /// A short name.
    Short,
    /// A name given up in this year.
    Former(u16),
    /// A name that is an ordinary word too.
    WordLike,
}

/// One reading of an ambiguous name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The division.
    pub path: RegionPath,
    /// Its code.
    pub code: String,
}

/// What a name, path or code means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolution {
    /// One division; the note says what else the name could have meant, or that it is a former name.
    One(RegionPath, Option<String>),
    /// Several, in the order of their codes.
    Ambiguous(Vec<Candidate>),
    /// None; `near` are similar names, best first, at most five.
    Unknown {
        /// Similar names.
        near: Vec<String>,
    },
}

/// All divisions, with an index of their names.
#[derive(Debug)]
pub struct Divisions {
    all: Vec<Division>,
    by_code: HashMap<String, usize>,
    names: OnceLock<HashMap<String, Vec<(usize, NameKind)>>>,
    by_path: OnceLock<HashMap<String, usize>>,
    towns: Towns,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DivisionRow {
    code: String,
    name: String,
    level: String,
    parent: String,
    #[serde(default)]
    short: String,
    #[serde(default)]
    word_like: String,
    #[serde(default)]
    remove: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FormerRow {
    name: String,
    until: String,
    codes: String,
    #[serde(default)]
    short: String,
    #[serde(default)]
    remove: String,
}

impl Divisions {
    /// Reads the divisions and then their former names; later sources override earlier ones. What makes no sense is
    /// added to `faults`; with faults in the divisions themselves former names are not looked at.
    pub(crate) fn load(
        divisions: &[Source],
        former: &[Source],
        towns_source: &'static str,
        faults: &mut Vec<VocabError>,
    ) -> Self {
        let before = faults.len();
        let mut loaded = Self {
            all: read_divisions(divisions, faults),
            by_code: HashMap::new(),
            names: OnceLock::new(),
            by_path: OnceLock::new(),
            towns: Towns::new(towns_source),
        };
        loaded.by_code =
            loaded.all.iter().enumerate().map(|(at, d)| (d.code.clone(), at)).collect();
        if faults.len() == before {
            loaded.read_former(former, faults);
        }
        loaded
    }

    fn read_former(&mut self, sources: &[Source], faults: &mut Vec<VocabError>) {
        for source in sources {
            let mut replaced = HashSet::new();
            for row in rows::<FormerRow>(source) {
                let (line, row) = match row {
                    Ok(row) => row,
                    Err(fault) => {
                        faults.push(fault);
                        continue;
                    }
                };
                let mut bad = |reason: &str| {
                    faults.push(source.entry_error(line, &row.name, reason));
                };
                if row.name.is_empty() {
                    bad("a former name needs a name");
                    continue;
                }
                // The first row of a name in a later file puts the earlier file's rows of that name aside.
                if source.file != sources[0].file && replaced.insert(row.name.clone()) {
                    for division in &mut self.all {
                        division.former.retain(|former| former.name != row.name);
                    }
                }
                if row.remove == "true" {
                    continue;
                }
                let Ok(until) = row.until.parse() else {
                    bad("until is a year");
                    continue;
                };
                for code in row.codes.split('|') {
                    match self.by_code.get(code) {
                        Some(&at) => self.all[at].former.push(FormerName {
                            name: row.name.clone(),
                            short: row.short.clone(),
                            until,
                        }),
                        // A user may have removed the division; its former names go with it.
                        None if source.file == sources[0].file && sources.len() > 1 => {}
                        None => bad(&format!("no division has the code {code}")),
                    }
                }
            }
        }
    }

    /// All divisions in the order of their codes.
    pub fn all(&self) -> &[Division] {
        &self.all
    }

    /// The division at an ordinal that this type gave out.
    pub fn get(&self, ordinal: usize) -> Option<&Division> {
        self.all.get(ordinal)
    }

    /// The division with a code of six digits.
    pub fn by_code(&self, code: &str) -> Option<&Division> {
        self.by_code.get(code).and_then(|&at| self.all.get(at))
    }

    /// The division at a path.
    pub fn find(&self, path: &RegionPath) -> Option<&Division> {
        self.ordinal(path.as_str()).and_then(|at| self.all.get(at))
    }

    /// The ordinal of the division at a path.
    pub fn ordinal(&self, path: &str) -> Option<usize> {
        self.by_path
            .get_or_init(|| {
                let paths = self.all.iter().enumerate();
                paths.map(|(at, d)| (d.path.as_str().to_owned(), at)).collect()
            })
            .get(path)
            .copied()
    }

    /// The divisions that bear a name, with the kind of name it is for each.
    pub fn named(&self, name: &str) -> &[(usize, NameKind)] {
        self.names.get_or_init(|| self.index_names()).get(name).map_or(&[], Vec::as_slice)
    }

    fn index_names(&self) -> HashMap<String, Vec<(usize, NameKind)>> {
        let mut names: HashMap<String, Vec<(usize, NameKind)>> =
            HashMap::with_capacity(self.all.len() * 4);
        for (name, at, kind) in self.all_names() {
            let bearers = names.entry(name.to_owned()).or_default();
            if !bearers.iter().any(|(known, _)| *known == at) {
                bearers.push((at, kind));
            }
        }
        names
    }

    /// Every name with the ordinal of its bearer; word-like names are given as such even when they are full names.
    pub fn all_names(&self) -> impl Iterator<Item = (&str, usize, NameKind)> {
        self.all.iter().enumerate().flat_map(|(at, division)| {
            let full = (!division.word_like.contains(&division.name)).then_some((
                division.name.as_str(),
                at,
                NameKind::Full,
            ));
            let short = division.short.iter().map(move |name| (name.as_str(), at, NameKind::Short));
            let word =
                division.word_like.iter().map(move |name| (name.as_str(), at, NameKind::WordLike));
            let former = division.former.iter().flat_map(move |former| {
                [former.name.as_str(), former.short.as_str()]
                    .into_iter()
                    .filter(|name| !name.is_empty())
                    .map(move |name| (name, at, NameKind::Former(former.until)))
            });
            full.into_iter().chain(short).chain(word).chain(former)
        })
    }

    /// Whether `ancestor` is the division `ordinal` itself or stands above it.
    pub fn is_within(&self, ordinal: usize, ancestor: usize) -> bool {
        let mut at = Some(ordinal);
        while let Some(here) = at {
            if here == ancestor {
                return true;
            }
            at = self.all.get(here).and_then(|division| division.parent);
        }
        false
    }

    /// The counties, and cities without counties, that have a town, township or subdistrict of that name.
    pub fn with_town<'d>(&'d self, town: &str) -> impl Iterator<Item = usize> + use<'d> {
        self.towns.counties(town).filter_map(|code| self.by_code.get(code).copied())
    }

    /// Whether the division with a code has a town, township or subdistrict of that name.
    pub fn has_town(&self, code: &str, town: &str) -> bool {
        self.towns.counties(town).any(|county| county == code)
    }

    /// What a path, any name, alias, former name, address (`云南省迪庆州`) or code means; either script, in
    /// full width too, and radicals for the ideographs they look like (`江⻄省`).
    ///
    /// A province wins over its namesakes, and so does a division over its own descendants (大理: the prefecture, not
    /// its city); the note says so.
    pub fn resolve(&self, input: &str) -> Resolution {
        // As typed first: a character of a Simplified name may be a Traditional one elsewhere (乾安 is not 干安).
        let typed = input.trim();
        let plain: String = typed.chars().map(plain).collect();
        let simplified = to_simplified(&plain);
        self.look_up(typed)
            .or_else(|| self.look_up(&simplified))
            .unwrap_or_else(|| self.unknown(&without_separators(&simplified)))
    }

    fn look_up(&self, text: &str) -> Option<Resolution> {
        let text = text.trim_matches('/').trim();
        if let Some(at) = self.ordinal(text) {
            return Some(Resolution::One(self.all[at].path.clone(), None));
        }
        let address = without_separators(text);
        let mut bearers = self.named(&address).to_vec();
        if bearers.is_empty() {
            bearers = self.address(&address);
        }
        // 江西省/景德镇 is the city and no town of the province.
        if let Some(path) = self.path_below(text).filter(|_| bearers.is_empty()) {
            return Some(Resolution::One(path, None));
        }
        let is_code = text.len() >= 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        if let Some(division) = self.by_code(&format!("{text:0<6}")).filter(|_| is_code) {
            return Some(Resolution::One(division.path.clone(), None));
        }
        (!bearers.is_empty()).then(|| self.choose(bearers))
    }

    fn choose(&self, mut bearers: Vec<(usize, NameKind)>) -> Resolution {
        bearers.sort_by_key(|(at, kind)| (*kind, *at));
        if let [first, second, ..] = bearers.as_slice() {
            let one_full = first.1 == NameKind::Full && second.1 != NameKind::Full;
            let others_former =
                bearers.iter().skip(1).all(|(_, kind)| matches!(kind, NameKind::Former(_)));
            if one_full && others_former {
                bearers.truncate(1);
            }
        }
        let holds_all = |at: usize| bearers.iter().all(|(other, _)| self.is_within(*other, at));
        let is_province = |at: usize| self.all[at].level == Level::Province;
        let winner = match bearers.as_slice() {
            [only] => Some(*only),
            many => many.iter().copied().find(|(at, _)| is_province(*at) || holds_all(*at)),
        };
        let Some((at, kind)) = winner else {
            bearers.sort_by_key(|(at, _)| *at);
            let candidate = |at: usize| Candidate {
                path: self.all[at].path.clone(),
                code: self.all[at].code.clone(),
            };
            return Resolution::Ambiguous(bearers.iter().map(|(at, _)| candidate(*at)).collect());
        };
        let note = match kind {
            _ if bearers.len() > 1 => {
                let others: Vec<&str> = bearers
                    .iter()
                    .filter(|(other, _)| *other != at)
                    .map(|(other, _)| self.all[*other].path.as_str())
                    .collect();
                Some(format!("{} ≠ {}", self.all[at].path, others.join(", ")))
            }
            NameKind::Former(until) => Some(format!("{} (–{until})", self.all[at].path)),
            _ => None,
        };
        Resolution::One(self.all[at].path.clone(), note)
    }

    /// Whether a name is that of an area which is only a part of the division it is given to: 雄安新区 of 河北省.
    pub fn names_a_part(&self, name: &str) -> bool {
        let name = to_simplified(name.trim());
        let bearers = self.named(&name);
        !bearers.is_empty() && bearers.iter().all(|(at, _)| self.all[*at].has_part(&name))
    }

    /// A path that goes on below the gazetteer: `…/噶尔县/狮泉河镇/康乐新居村`.
    fn path_below(&self, path: &str) -> Option<RegionPath> {
        let ends = path.match_indices('/').map(|(end, _)| end).collect::<Vec<_>>();
        let (known, rest) = ends.into_iter().rev().find_map(|end| {
            let known = path.get(..end)?;
            self.ordinal(known).map(|at| (at, path.get(end + 1..).unwrap_or("")))
        })?;
        rest.split('/')
            .all(is_local_name)
            .then(|| RegionPath::new(format!("{}/{rest}", self.all[known].path)).ok())?
    }

    /// The readings of names written one after the other, each within the one before: 云南迪庆香格里拉.
    fn address(&self, text: &str) -> Vec<(usize, NameKind)> {
        let splits: Vec<usize> = text.char_indices().skip(1).map(|(at, _)| at).collect();
        // The longest first name wins: 海南藏族自治州共和县 is not 海南 and a rest.
        for split in splits.into_iter().rev() {
            let (Some(first), Some(rest)) = (text.get(..split), text.get(split..)) else {
                continue;
            };
            let outer = self.named(first);
            if outer.is_empty() {
                continue;
            }
            let mut inner = self.named(rest).to_vec();
            if inner.is_empty() {
                inner = self.address(rest);
            }
            inner.retain(|(at, _)| {
                outer.iter().any(|(ancestor, _)| ancestor != at && self.is_within(*at, *ancestor))
            });
            if !inner.is_empty() {
                return inner;
            }
        }
        Vec::new()
    }

    fn unknown(&self, text: &str) -> Resolution {
        let mut near: Vec<(usize, &str)> = Vec::new();
        let mut seen = HashSet::new();
        for (name, _, _) in self.all_names() {
            if name.chars().count() < 2 || !seen.insert(name) {
                continue;
            }
            let distance = if !text.is_empty() && name.contains(text) {
                1
            } else if text.contains(name) {
                2
            } else {
                3 * edit_distance(text, name, 1)
            };
            if distance <= 3 {
                near.push((distance, name));
            }
        }
        near.sort_by_key(|(distance, name)| (*distance, name.len(), *name));
        Resolution::Unknown {
            near: near.into_iter().take(5).map(|(_, name)| name.to_owned()).collect(),
        }
    }

    pub(crate) fn check(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut problem = |entry: &str, what: String| {
            problems.push(Problem { file: "divisions.csv", entry: entry.to_owned(), what });
        };
        for division in &self.all {
            let own: Vec<&String> = division.short.iter().chain(&division.word_like).collect();
            let distinct: BTreeSet<_> = own.iter().collect();
            if distinct.len() != own.len() {
                problem(&division.code, "a name is given twice".to_owned());
            }
            if let Some(name) = own.iter().find(|name| name.trim() != name.as_str()) {
                problem(&division.code, format!("spaces around {name:?}"));
            }
            if let Some(parent) = division.parent.and_then(|at| self.all.get(at)) {
                let digits = if division.level == Level::County && parent.level == Level::Prefecture
                {
                    4
                } else {
                    2
                };
                if division.code.get(..digits) != parent.code.get(..digits) {
                    problem(
                        &division.code,
                        format!("its code does not begin as that of {}", parent.name),
                    );
                }
            }
        }
        problems
    }
}

/// Whether a name ends as those of towns and villages do, which lie below the divisions.
pub fn is_local_name(name: &str) -> bool {
    LOCAL_SUFFIXES.iter().any(|suffix| name.ends_with(suffix))
}

/// How the names of units below the county end.
pub(crate) const LOCAL_SUFFIXES: [&str; 11] =
    ["镇", "乡", "街道", "苏木", "村", "社区", "嘎查", "居委会", "村委会", "团场", "农场"];

fn read_divisions(sources: &[Source], faults: &mut Vec<VocabError>) -> Vec<Division> {
    // Code to row and where it stands, so that errors found later still name the place.
    let mut kept: HashMap<String, (usize, usize, DivisionRow)> = HashMap::new();
    for (number, source) in sources.iter().enumerate() {
        let mut seen = HashSet::new();
        for row in rows::<DivisionRow>(source) {
            let (line, row) = match row {
                Ok(row) => row,
                Err(fault) => {
                    faults.push(fault);
                    continue;
                }
            };
            if row.code.len() != 6 || !row.code.bytes().all(|byte| byte.is_ascii_digit()) {
                faults.push(source.entry_error(line, &row.code, "a code has six digits"));
            } else if !seen.insert(row.code.clone()) {
                faults.push(source.entry_error(line, &row.code, "the code is given twice"));
            } else if row.remove == "true" {
                kept.remove(&row.code);
            } else {
                kept.insert(row.code.clone(), (number, line, row));
            }
        }
    }
    let mut rows: Vec<_> = kept.into_values().collect();
    rows.sort_by(|(_, _, a), (_, _, b)| a.code.cmp(&b.code));
    let ordinals: HashMap<&str, usize> =
        rows.iter().enumerate().map(|(at, (_, _, row))| (row.code.as_str(), at)).collect();
    let mut divisions: Vec<Division> = Vec::with_capacity(rows.len());
    for (number, line, row) in &rows {
        let division = Division::from_row(row, &ordinals, &divisions).unwrap_or_else(|reason| {
            faults.push(sources[*number].entry_error(*line, &row.code, reason));
            Division::stand_in(&row.code)
        });
        divisions.push(division);
    }
    divisions
}

/// How the names of areas end that are planned or governed apart, and are no divisions.
const AREA_SUFFIXES: [&str; 4] = ["新区", "新片区", "合作区", "兵团"];
/// How the names of zones end that are never the whole of a division: 洋浦经济开发区, 万盛经开区.
const ZONE_SUFFIXES: [&str; 2] = ["开发区", "经开区"];

impl Division {
    /// Whether a short name is that of an area in the division (两江新区, 横琴), not one of the division itself. That of
    /// a county is: 西海岸新区 has the bounds of 黄岛区.
    fn has_part(&self, name: &str) -> bool {
        let is_area = |name: &str| AREA_SUFFIXES.iter().any(|suffix| name.ends_with(suffix));
        let is_zone = |name: &str| ZONE_SUFFIXES.iter().any(|suffix| name.ends_with(suffix));
        let of_a_zone = |long: &String| is_zone(long) && long.starts_with(name);
        if !self.name.starts_with(name) && self.short.iter().any(of_a_zone) {
            return true;
        }
        let of_an_area = |long: &String| is_area(long) && long.starts_with(name);
        self.level != Level::County
            && (is_area(name) || !self.name.starts_with(name))
            && self.short.iter().any(of_an_area)
    }

    /// The division of a row; `above` are those of smaller codes, so its parent is among them.
    fn from_row(
        row: &DivisionRow,
        ordinals: &HashMap<&str, usize>,
        above: &[Self],
    ) -> Result<Self, String> {
        let level = match row.level.as_str() {
            "province" => Level::Province,
            "prefecture" => Level::Prefecture,
            "county" => Level::County,
            _ => return Err("level is province, prefecture or county".to_owned()),
        };
        let parent = match (level, row.parent.as_str()) {
            (Level::Province, "") => None,
            (Level::Province, _) => return Err("a province has no parent".to_owned()),
            (_, code) => Some(
                *ordinals
                    .get(code)
                    .ok_or_else(|| format!("no division has the code of its parent, {code:?}"))?,
            ),
        };
        let above = match parent {
            Some(at) => Some(
                above
                    .get(at)
                    .filter(|above| above.level < level)
                    .ok_or("its parent is not above it")?,
            ),
            None => None,
        };
        let own = RegionPath::from_names([row.name.as_str()]);
        let path = own
            .and_then(|own| match above {
                Some(above) => RegionPath::new(format!("{}/{own}", above.path)),
                None => Ok(own),
            })
            .map_err(|_| "a division needs a name")?;
        Ok(Self {
            code: row.code.clone(),
            name: row.name.clone(),
            level,
            parent,
            path,
            short: names(&row.short),
            word_like: names(&row.word_like),
            former: Vec::new(),
        })
    }

    /// Keeps the ordinal of a row that makes no sense, so that those below it are not blamed too.
    fn stand_in(code: &str) -> Self {
        Self {
            code: code.to_owned(),
            name: code.to_owned(),
            level: Level::Province,
            parent: None,
            path: RegionPath::new(code).expect("a code is six digits"),
            short: Vec::new(),
            word_like: Vec::new(),
            former: Vec::new(),
        }
    }
}

/// An address without what parts its names: 云南省/迪庆州.
fn without_separators(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, '/' | ' ' | '·')).collect()
}

/// The ideograph that a radical copied out of a PDF stands for; letters and digits in half width.
fn plain(c: char) -> char {
    if matches!(c, '\u{2e80}'..='\u{2fdf}') { fold_char(c) } else { narrow_alphanumeric(c) }
}

fn names(list: &str) -> Vec<String> {
    list.split('|').filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// A row of a CSV file.
trait Row: serde::de::DeserializeOwned {
    /// The columns that it may have.
    const COLUMNS: &[&str];
}

impl Row for DivisionRow {
    const COLUMNS: &[&str] = &["code", "name", "level", "parent", "short", "word_like", "remove"];
}

impl Row for FormerRow {
    const COLUMNS: &[&str] = &["name", "until", "codes", "short", "remove"];
}

/// The rows of a CSV source with their lines; none where the first line does not name the columns.
fn rows<'a, R: Row + 'a>(
    source: &'a Source,
) -> impl Iterator<Item = Result<(usize, R), VocabError>> + 'a {
    let mut reader = csv::ReaderBuilder::new().flexible(false).from_reader(source.text.as_bytes());
    let has_names =
        reader.headers().is_ok_and(|names| names.iter().all(|name| R::COLUMNS.contains(&name)));
    let fault = (!has_names).then(|| {
        let first = source.text.lines().next().unwrap_or("");
        let reason = format!("the first line names the columns: {}", R::COLUMNS.join(","));
        Err(source.entry_error(1, first, reason))
    });
    let rows = reader.into_deserialize::<R>().enumerate().take_while(move |_| has_names);
    let rows = rows.map(move |(index, row)| {
        row.map(|row| (index + 2, row)).map_err(|error| {
            let line = error.position().map_or(index + 2, |position| {
                usize::try_from(position.line()).unwrap_or(usize::MAX)
            });
            let entry = source.text.lines().nth(line.saturating_sub(1)).unwrap_or("");
            source.entry_error(line, entry, row_fault(&error))
        })
    });
    fault.into_iter().chain(rows)
}

/// What is wrong with a row; in which line is said beside it.
fn row_fault(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("{len} fields, where the first line has {expected_len}")
        }
        csv::ErrorKind::Deserialize { err, .. } => err.kind().to_string(),
        _ => error.to_string(),
    }
}

/// Insertions, deletions and replacements between two strings, or `limit + 1` when there are more.
fn edit_distance(a: &str, b: &str, limit: usize) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > limit {
        return limit + 1;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()].min(limit + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocab::Vocabulary;
    use std::sync::LazyLock;

    fn divisions() -> &'static Divisions {
        static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(Vocabulary::builtin);
        &VOCABULARY.divisions
    }

    #[track_caller]
    fn check(input: &str, expected: &str) {
        match divisions().resolve(input) {
            Resolution::One(path, _) => assert_eq!(path.as_str(), expected, "{input}"),
            other => panic!("{input}: {other:?}"),
        }
    }

    #[test]
    fn any_name_path_or_code_leads_to_the_division() {
        for input in [
            "云南省/迪庆藏族自治州",
            "迪庆藏族自治州",
            "迪庆",
            "迪庆州",
            "云南迪庆",
            "533400",
            "5334",
            "云南省迪庆州",
        ] {
            check(input, "云南省/迪庆藏族自治州");
        }
        check("维西县", "云南省/迪庆藏族自治州/维西傈僳族自治县");
        check("滇", "云南省");
        check("53", "云南省");
    }

    #[test]
    fn former_names_lead_to_todays_divisions_with_a_note() {
        for (input, expected) in [
            ("昌都地区", "西藏自治区/昌都市"),
            ("康定县", "四川省/甘孜藏族自治州/康定市"),
            ("中甸县", "云南省/迪庆藏族自治州/香格里拉市"),
            ("中甸", "云南省/迪庆藏族自治州/香格里拉市"),
        ] {
            check(input, expected);
            assert!(
                matches!(divisions().resolve(input), Resolution::One(_, Some(note)) if note.contains('–'))
            );
        }
    }

    #[test]
    fn what_a_province_governs_itself_has_one_level() {
        check("琼海", "海南省/琼海市");
        check("天津 和平", "天津市/和平区");
        check("石河子市", "新疆维吾尔自治区/石河子市");
    }

    #[test]
    fn a_province_wins_over_its_namesakes_with_a_note() {
        for name in ["吉林", "海南"] {
            assert!(matches!(
                divisions().resolve(name),
                Resolution::One(path, Some(_)) if path.as_str() == format!("{name}省")
            ));
        }
    }

    #[test]
    fn an_ambiguous_name_lists_its_bearers_with_codes() {
        let Resolution::Ambiguous(found) = divisions().resolve("朝阳区") else {
            panic!("朝阳区 is ambiguous")
        };
        let codes: Vec<&str> = found.iter().map(|candidate| candidate.code.as_str()).collect();
        assert_eq!(codes, ["110105", "220104"]);
        check("北京朝阳", "北京市/朝阳区");
    }

    #[test]
    fn an_unknown_name_has_near_ones() {
        let Resolution::Unknown { near } = divisions().resolve("迪庆洲") else {
            panic!("no such division")
        };
        assert!(near.contains(&"迪庆州".to_owned()), "{near:?}");
        for odd in ["", "/", "《》", "1", "999999", "乌有之乡"] {
            assert!(matches!(divisions().resolve(odd), Resolution::Unknown { .. }), "{odd}");
        }
    }

    #[test]
    fn areas_planned_apart_are_parts_of_their_division() {
        for name in ["雄安", "雄安新區", "横琴", "前海", "两江新区", "新疆兵团", "福州新区"]
        {
            assert!(divisions().names_a_part(name), "{name}");
        }
        for name in ["河北", "福州", "全疆", "浦东新区", "西海岸新区", "兵团第一师", "乌有新区"]
        {
            assert!(!divisions().names_a_part(name), "{name}");
        }
    }

    #[test]
    fn codes_may_be_in_full_width() {
        check("５３３４００", "云南省/迪庆藏族自治州");
    }

    #[test]
    fn a_path_may_go_on_below_the_gazetteer() {
        check(
            "西藏自治区/阿里地区/噶尔县/狮泉河镇/康乐新居村",
            "西藏自治区/阿里地区/噶尔县/狮泉河镇/康乐新居村",
        );
        assert!(matches!(
            divisions().resolve("西藏自治区/阿里地区/乌有"),
            Resolution::Unknown { .. }
        ));
    }

    #[test]
    fn every_full_path_code_and_unshared_name_resolves_to_its_division() {
        let divisions = divisions();
        for division in divisions.all() {
            for input in [division.path.as_str(), &division.code] {
                assert_eq!(
                    divisions.resolve(input),
                    Resolution::One(division.path.clone(), None),
                    "{input}"
                );
            }
        }
        for (name, at, _) in divisions.all_names() {
            if divisions.named(name).len() == 1 {
                assert!(
                    matches!(divisions.resolve(name), Resolution::One(path, _) if path == divisions.all()[at].path),
                    "{name}"
                );
            }
        }
    }

    #[test]
    fn the_files_are_sorted_and_unique_and_towns_belong_to_divisions() {
        let divisions = divisions();
        let sorted = |file: &str, text: &str| {
            let lines: Vec<&str> = text.lines().skip(1).collect();
            for pair in lines.windows(2) {
                assert!(pair[0] < pair[1], "{file}: {} stands before {}", pair[0], pair[1]);
            }
        };
        sorted("divisions.csv", include_str!("../../index-schema/divisions.csv"));
        sorted("towns.csv", include_str!("../../index-schema/towns.csv"));
        let former = include_str!("../../index-schema/former-names.csv");
        let names: Vec<&str> =
            former.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
        assert!(names.is_sorted(), "former-names.csv is not sorted by name");
        for line in include_str!("../../index-schema/towns.csv").lines().skip(1) {
            let (town, counties) = line.split_once(',').unwrap();
            for code in counties.split('|') {
                assert!(divisions.by_code(code).is_some(), "towns.csv: {town}: {code}");
            }
            assert!(counties.split('|').is_sorted(), "towns.csv: {town} is not sorted");
        }
        assert!(divisions.has_town("542523", "狮泉河镇"));
    }
}
