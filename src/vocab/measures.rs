//! The measures (举措) a paragraph can be tagged with, and the cues that speak for them.
//!
//! Source: `index-schema/measures.toml`. What a cue weighs in a sentence is decided by `tag::measure`.

use super::{Problem, Source, VocabError};
use crate::model::MeasurePath;
use crate::text::script::to_simplified;
use serde::Deserialize;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// The learned weights of the built-in measures; `tag::measure::model` reads them.
pub(crate) const MODEL: &str = include_str!("../../index-schema/measure-model.tsv");
/// The words of which the model weighs what they say for each measure.
pub(crate) const TOPIC_WORDS: &str = include_str!("../../index-schema/topic-words.txt");

/// Weight of a cue that proves its measure where something was done.
pub const STRONG: f32 = 1.0;
/// Weight of a cue that needs a second one or a number beside it.
pub const USUAL: f32 = 0.55;
/// Weight of a generic word that only helps others.
pub const FAINT: f32 = 0.25;

/// Words that speak for a measure.
#[derive(Debug, Clone, PartialEq)]
pub struct Cue {
    /// The words; more than one when they must follow each other in one sentence (`选派…第一书记`).
    pub parts: Vec<String>,
    /// How much it says: 1 proves.
    pub weight: f32,
    /// Whether it is the name of a scheme (三会一课), which says nothing where it is only listed.
    pub scheme: bool,
}

/// One measure.
#[derive(Debug, Clone, PartialEq)]
pub struct Measure {
    /// Group and name.
    pub path: MeasurePath,
    /// English gloss.
    pub english: String,
    /// What it covers, in English.
    pub covers: String,
    /// Other names that `--measure` takes.
    pub aliases: Vec<String>,
    /// The score a paragraph must reach.
    pub threshold: f32,
    /// What speaks for it.
    pub cues: Vec<Cue>,
    /// Expressions that hold a cue without meaning it; a cue inside them does not count.
    pub not: Vec<String>,
}

/// All measures in the order of their file.
#[derive(Debug, Clone, Default)]
pub struct Measures {
    all: Arc<[Measure]>,
    names: HashMap<String, Vec<usize>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    measure: Vec<toml::Spanned<Row>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Row {
    path: String,
    english: String,
    covers: String,
    aliases: Vec<String>,
    threshold: Option<f32>,
    strong: Vec<String>,
    usual: Vec<String>,
    faint: Vec<String>,
    schemes: Vec<String>,
    not: Vec<String>,
    remove: bool,
}

impl Measures {
    /// Reads the sources in order; a path given again replaces the earlier entry. What makes no sense is added to
    /// `faults` and left out.
    pub(crate) fn load(sources: &[Source], faults: &mut Vec<VocabError>) -> Self {
        let mut all: Vec<Measure> = Vec::new();
        for source in sources {
            let file: File = match toml::from_str(&source.text) {
                Ok(file) => file,
                Err(error) => {
                    let line = error.span().map_or(1, |span| line_of(&source.text, span.start));
                    let entry = source.text.lines().nth(line - 1).unwrap_or("").trim();
                    faults.push(source.entry_error(line, entry, error.message()));
                    continue;
                }
            };
            let mut seen = HashSet::new();
            for row in file.measure {
                let line = line_of(&source.text, row.span().start);
                let row = row.into_inner();
                let taken = if seen.insert(row.path.clone()) {
                    add(&mut all, &row)
                } else {
                    Err("the path is given twice".to_owned())
                };
                faults
                    .extend(taken.err().map(|reason| source.entry_error(line, &row.path, reason)));
            }
        }
        let mut names: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, measure) in all.iter().enumerate() {
            let own = [measure.path.as_str(), measure.path.name()];
            for name in own.into_iter().chain(measure.aliases.iter().map(String::as_str)) {
                let bearers = names.entry(name.to_owned()).or_default();
                if !bearers.contains(&at) {
                    bearers.push(at);
                }
            }
        }
        Self { all: all.into(), names }
    }

    /// All measures in the order of their file.
    pub fn all(&self) -> &[Measure] {
        &self.all
    }

    /// The same, to be kept by others: its thousands of cues need no copy.
    pub(crate) fn shared(&self) -> Arc<[Measure]> {
        Arc::clone(&self.all)
    }

    /// The measure of a full path, a name or an alias, in either script; `None` when there is none or several.
    pub fn resolve(&self, name: &str) -> Option<&Measure> {
        let simplified = to_simplified(name.trim());
        match self.names.get(simplified.trim_matches('/'))?.as_slice() {
            [only] => self.all.get(*only),
            _ => None,
        }
    }

    /// The path that a filter by this name selects: that of a measure, by its English name too, or of a group of them.
    pub fn resolve_path(&self, name: &str) -> Option<MeasurePath> {
        let simplified = to_simplified(name.trim());
        let group = simplified.trim_matches('/');
        let groups = || self.all.iter().filter_map(|measure| measure.path.parent());
        let english = |measure: &&Measure| measure.english.eq_ignore_ascii_case(name.trim());
        let measure = self.resolve(name).or_else(|| self.all.iter().find(english));
        measure
            .map(|measure| measure.path.clone())
            .or_else(|| groups().find(|path| path.as_str() == group))
    }

    /// Names of measures that resemble what was asked, at most five.
    pub fn near(&self, name: &str) -> Vec<String> {
        let wanted: HashSet<char> = to_simplified(name).chars().filter(|c| *c != '/').collect();
        let mut scored: Vec<(usize, &str)> = self
            .all
            .iter()
            .map(|measure| {
                let shared = measure.path.name().chars().filter(|c| wanted.contains(c)).count();
                (shared, measure.path.as_str())
            })
            .filter(|(shared, _)| *shared > 0)
            .collect();
        scored.sort_by_key(|(shared, _)| std::cmp::Reverse(*shared));
        scored.into_iter().take(5).map(|(_, path)| path.to_owned()).collect()
    }

    pub(crate) fn check(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        for measure in self.all() {
            let mut problem = |what: String| {
                problems.push(Problem {
                    file: "measures.toml",
                    entry: measure.path.to_string(),
                    what,
                });
            };
            let mut seen = HashSet::new();
            for cue in &measure.cues {
                let written = cue.parts.join("…");
                if cue.parts.first().is_some_and(|part| part.chars().count() < 2) {
                    problem(format!("the cue {written} is too short to mean anything"));
                }
                if !seen.insert(written.clone()) {
                    problem(format!("the cue {written} is given twice"));
                }
            }
            if measure.english.is_empty() {
                problem("no English gloss".to_owned());
            }
            if measure.cues.is_empty() {
                problem("no cue, so no paragraph is ever tagged with it".to_owned());
            }
        }
        for (name, bearers) in &self.names {
            if let [first, _, ..] = bearers.as_slice() {
                problems.push(Problem {
                    file: "measures.toml",
                    entry: self.all[*first].path.to_string(),
                    what: format!("the name {name} means more than one measure"),
                });
            }
        }
        problems.sort_by(|a, b| (&a.entry, &a.what).cmp(&(&b.entry, &b.what)));
        problems
    }
}

impl Measure {
    fn from_row(row: &Row) -> Result<Self, String> {
        let path = MeasurePath::new(row.path.clone()).map_err(|error| error.to_string())?;
        if path.as_str().matches('/').count() != 1 {
            return Err("a measure's path is group/name".to_owned());
        }
        let threshold = row.threshold.unwrap_or(1.0);
        if !(threshold > 0.0 && threshold.is_finite()) {
            return Err(format!("threshold {threshold} is not above 0"));
        }
        let lists = [
            (&row.strong, STRONG, false),
            (&row.usual, USUAL, false),
            (&row.faint, FAINT, false),
            (&row.schemes, STRONG, true),
        ];
        let mut cues = Vec::new();
        for (list, weight, scheme) in lists {
            for written in list {
                let parts: Vec<String> = written.split('…').map(str::to_owned).collect();
                if parts.iter().any(|part| part.trim().is_empty()) {
                    return Err(format!("the cue {written:?} has an empty part"));
                }
                cues.push(Cue { parts, weight, scheme });
            }
        }
        Ok(Self {
            path,
            english: row.english.clone(),
            covers: row.covers.clone(),
            aliases: row.aliases.clone(),
            threshold,
            cues,
            not: row.not.clone(),
        })
    }
}

/// Adds an entry, puts it in the place of one with its path, or removes that.
fn add(all: &mut Vec<Measure>, row: &Row) -> Result<(), String> {
    let known = all.iter().position(|measure| measure.path.as_str() == row.path);
    match (known, row.remove) {
        (Some(at), true) => drop(all.remove(at)),
        (None, true) => return Err("there is no such measure to remove".to_owned()),
        (Some(at), false) => all[at] = Measure::from_row(row)?,
        (None, false) => all.push(Measure::from_row(row)?),
    }
    Ok(())
}

/// The line, counted from 1, that a byte offset stands in.
fn line_of(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn builtin() -> Measures {
        let text = include_str!("../../index-schema/measures.toml").to_owned();
        Measures::load(&[Source { file: "measures.toml".to_owned(), text }], &mut Vec::new())
    }

    #[test]
    fn path_name_and_alias_mean_the_same_measure() {
        let measures = builtin();
        for name in ["基层治理/网格化管理", "网格化管理", "网格化", "/基层治理/网格化管理/"]
        {
            let found = measures.resolve(name).map(|measure| measure.path.as_str());
            assert_eq!(found, Some("基层治理/网格化管理"), "{name}");
        }
        assert!(measures.resolve("网格").is_none());
        assert_eq!(
            measures.near("网格管理").first().map(String::as_str),
            Some("基层治理/网格化管理")
        );
    }

    #[test]
    fn the_lexicon_is_sorted_and_every_cue_stands_once_in_its_measure() {
        let file: File = toml::from_str(include_str!("../../index-schema/measures.toml")).unwrap();
        let mut cues = 0;
        for row in file.measure.iter().map(toml::Spanned::get_ref) {
            let mut seen = HashSet::new();
            for list in [&row.schemes, &row.strong, &row.usual, &row.faint] {
                assert!(list.is_sorted(), "{}: not sorted", row.path);
                for cue in list {
                    assert!(seen.insert(cue), "{}: {cue} stands twice", row.path);
                    assert_eq!(to_simplified(cue), cue.as_str(), "{}", row.path);
                }
            }
            assert!(row.not.is_sorted(), "{}: not sorted", row.path);
            cues += seen.len();
        }
        assert!(cues >= 1_800, "{cues} cues");
    }

    #[test]
    fn every_measure_belongs_to_a_known_group() {
        const GROUPS: [&str; 11] = [
            "产业与振兴",
            "保障机制",
            "城乡建设",
            "基层治理",
            "应急与安全",
            "政务与营商",
            "教育培训",
            "民族与边疆",
            "民生与生态",
            "组织建设",
            "队伍建设",
        ];
        for measure in builtin().all() {
            let (group, _) = measure.path.as_str().split_once('/').unwrap();
            assert!(GROUPS.contains(&group), "{}", measure.path);
        }
    }

    #[test]
    fn every_measure_has_at_least_fifteen_cues() {
        for measure in builtin().all() {
            assert!(measure.cues.len() >= 15, "{} has {}", measure.path, measure.cues.len());
        }
    }

    #[test]
    fn no_generic_word_proves_a_measure_alone() {
        let generic = [
            "共建",
            "平台",
            "教育",
            "生态",
            "产业",
            "标准化",
            "文明",
            "人才",
            "下沉",
            "微治理",
            "平安",
            "团结",
            "和平",
            "建设",
            "服务",
            "治理",
            "培训",
            "乡村振兴",
            "考核",
            "就业",
        ];
        for measure in builtin().all() {
            for cue in &measure.cues {
                if let [word] = cue.parts.as_slice() {
                    let proves =
                        generic.contains(&word.as_str()) && cue.weight >= measure.threshold;
                    assert!(!proves, "{word} alone proves {}", measure.path);
                }
            }
        }
    }

    #[test]
    fn a_cue_with_an_ellipsis_has_parts() {
        let text = "[[measure]]\npath = \"一/二\"\nstrong = [\"选派…第一书记\"]".to_owned();
        let measures = Measures::load(&[Source { file: String::new(), text }], &mut Vec::new());
        assert_eq!(measures.all()[0].cues[0].parts, ["选派", "第一书记"]);
    }
}
