//! How right the tags are: paragraphs labelled by reading, against what the tagger gives.
//!
//! A label names its paragraph by file and [`text_key`], so labels can be kept and shared without the text. Format, a
//! line each: `{"file","text","half","regions","regions_maybe","measures","measures_maybe"}`; `FILE#RECORD` names a
//! record of a file of records.

use super::judgements::Identified;
use super::random::SplitMix64;
use crate::model::{Article, Paragraph};
use crate::pipeline::{self, IndexRequest, Inspected, PipelineError};
use crate::text::script::to_simplified;
use crate::vocab::Vocabulary;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::sync::{Arc, LazyLock};

/// Samples drawn for an interval, and the seed they start from.
const BOOTSTRAP_SAMPLES: usize = 2_000;
const BOOTSTRAP_SEED: u64 = 1;

/// What the built-in vocabularies reach on the labels that no rule was written on, strict.
///
/// Source: `fangzhi tags score corpus/judgements/tags.jsonl ../shared/data/reports --half check --json`; a test computes
/// it again.
pub static MEASURED: LazyLock<LabelScore> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../corpus/judgements/tags-check.json"))
        .expect("the file is read by a test below")
});

/// What a reader found a paragraph to report on and to describe.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// The file, by its path below the folder of the reports, or `FILE#RECORD`.
    pub file: String,
    /// The paragraph: [`text_key`] of its text.
    pub text: String,
    /// `build` or `check`: whether rules may be written on it.
    #[serde(default)]
    pub half: String,
    /// Regions, as full paths.
    #[serde(default)]
    pub regions: Vec<String>,
    /// Regions that another careful reader could well give.
    #[serde(default)]
    pub regions_maybe: Vec<String>,
    /// Measures, as full paths.
    #[serde(default)]
    pub measures: Vec<String>,
    /// Measures that another careful reader could well give.
    #[serde(default)]
    pub measures_maybe: Vec<String>,
}

/// A label with the id it is told apart by.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "Label")]
pub struct LabelLine {
    /// The label.
    pub label: Label,
    id: String,
}

impl From<Label> for LabelLine {
    fn from(label: Label) -> Self {
        let id = format!("{}#{}", label.file, label.text);
        Self { label, id }
    }
}

impl Identified for LabelLine {
    fn id(&self) -> &str {
        &self.id
    }
}

/// What the tagger gave a paragraph.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tags {
    /// Regions, as full paths.
    pub regions: Vec<String>,
    /// Measures, as full paths.
    pub measures: Vec<String>,
    /// First line of the paragraph, where its format has lines.
    pub line: Option<usize>,
}

/// Paragraphs with their tags, by file and [`text_key`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tagged {
    tags: HashMap<(String, String), Tags>,
}

impl Tagged {
    /// Reads and tags the files that the labels name, below `folder`; of equal paragraphs of a file the first counts.
    ///
    /// # Errors
    /// A file could not be read: without it the figure would not be the one asked for.
    pub fn read(
        folder: &Path,
        labels: &[Label],
        vocabulary: &Arc<Vocabulary>,
    ) -> Result<Self, PipelineError> {
        let mut tagged = Self::default();
        each_article(folder, labels, vocabulary, &mut |file, article| {
            article.paragraphs.iter().for_each(|paragraph| tagged.add(file, paragraph));
        })?;
        Ok(tagged)
    }

    /// The tags of the paragraph of a label.
    pub fn of(&self, label: &Label) -> Option<&Tags> {
        self.tags.get(&(label.file.clone(), label.text.clone()))
    }

    fn add(&mut self, file: &str, paragraph: &Paragraph) {
        let tags = Tags {
            regions: paragraph.regions.iter().map(|tag| tag.path.to_string()).collect(),
            measures: paragraph.measures.iter().map(|tag| tag.path.to_string()).collect(),
            line: paragraph.place.and_then(|place| place.line()).map(|(first, _)| first),
        };
        let key = (file.to_owned(), text_key(&paragraph.display));
        self.tags.entry(key).or_insert(tags);
    }
}

/// Reads and tags the files that the labels name, below `folder`, and gives each of their articles with the file as the
/// labels name it.
///
/// # Errors
/// A file could not be read.
pub fn each_article(
    folder: &Path,
    labels: &[Label],
    vocabulary: &Arc<Vocabulary>,
    f: &mut dyn FnMut(&str, &Article),
) -> Result<(), PipelineError> {
    let named: BTreeSet<&str> = labels.iter().map(|label| label.file.as_str()).collect();
    let files: BTreeSet<&str> = named.iter().map(|name| without_record(folder, name)).collect();
    let mut request = IndexRequest::default();
    // Bulk text in one file is larger than what strangers may send.
    request.limits.file_bytes_max = u64::MAX;
    for file in files {
        let mut each = |inspected: Inspected| {
            let record = inspected.record.map(|record| format!("{file}#{record}"));
            let name = record.as_deref().filter(|name| named.contains(name)).unwrap_or(file);
            let articles = inspected.report.map_or_else(|_| Vec::new(), |report| report.articles);
            if named.contains(name) {
                articles.iter().for_each(|article| f(name, article));
            }
        };
        pipeline::inspect(&folder.join(file), vocabulary, &request, &mut each)?;
    }
    Ok(())
}

/// The file of a name that may end with a record. A file's own name may hold the sign.
fn without_record<'a>(folder: &Path, name: &'a str) -> &'a str {
    match name.rsplit_once('#') {
        Some((file, _)) if !folder.join(name).exists() => file,
        _ => name,
    }
}

/// The key of a paragraph's text: the first half of blake3 over its Simplified letters and digits in lower case, so
/// that spaces, punctuation and script may change.
pub fn text_key(text: &str) -> String {
    let letters: String = to_simplified(text)
        .chars()
        .filter(|character| character.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    let hash = blake3::hash(letters.as_bytes()).to_hex();
    hash.chars().take(16).collect()
}

/// Right, wrong and missed tags.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Tags that reader and tagger give.
    pub right: usize,
    /// Tags that only the tagger gives.
    pub wrong: usize,
    /// Tags that only the reader gives.
    pub missed: usize,
}

impl Counts {
    /// Share of the given tags that are right; `None` where none was given.
    pub fn precision(&self) -> Option<f64> {
        share(self.right, self.right + self.wrong)
    }

    /// Share of the true tags that were given; `None` where there is none.
    pub fn recall(&self) -> Option<f64> {
        share(self.right, self.right + self.missed)
    }

    /// Harmonic mean of both; `None` where neither reader nor tagger gives any.
    pub fn f1(&self) -> Option<f64> {
        share(2 * self.right, 2 * self.right + self.wrong + self.missed)
    }

    fn add(&mut self, other: Self) {
        self.right += other.right;
        self.wrong += other.wrong;
        self.missed += other.missed;
    }

    /// Compares what was given with what is true; what only may be true is neither right nor wrong.
    fn of(given: &BTreeSet<&str>, wanted: &BTreeSet<&str>, maybe: &BTreeSet<&str>) -> Self {
        let right = given.intersection(wanted).count();
        let wrong = given.difference(wanted).filter(|tag| !maybe.contains(*tag)).count();
        Self { right, wrong, missed: wanted.len() - right }
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of labels are far below 2^52")]
fn share(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// What [`score`] found.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct LabelScore {
    /// Paragraphs compared.
    pub paragraphs: usize,
    /// Files they come from.
    pub files: usize,
    /// Labels whose paragraph was not found, as `file#key`.
    pub not_found: Vec<String>,
    /// Regions, path by path.
    pub regions: Counts,
    /// Regions with all that lie above them.
    pub regions_above: Counts,
    /// 95 % interval of the F1 of `regions_above`, by drawing files.
    pub regions_interval: (f64, f64),
    /// Measures.
    pub measures: Counts,
    /// 95 % interval of the F1 of `measures`, by drawing files.
    pub measures_interval: (f64, f64),
    /// Each measure that reader or tagger gave.
    pub by_measure: BTreeMap<String, Counts>,
}

/// Counts of one file, for drawing.
#[derive(Debug, Clone, Copy, Default)]
struct FileCounts {
    regions_above: Counts,
    measures: Counts,
}

/// Compares labels with tags. `lenient` takes a tag that may be right as
/// neither right nor wrong; else it is wrong.
pub fn score(labels: &[Label], tagged: &Tagged, lenient: bool) -> LabelScore {
    let mut score = LabelScore::default();
    let mut files: BTreeMap<&str, FileCounts> = BTreeMap::new();
    for label in labels {
        let Some(tags) = tagged.of(label) else {
            score.not_found.push(format!("{}#{}", label.file, label.text));
            continue;
        };
        let maybe = |list: &'_ [String]| if lenient { list.to_vec() } else { Vec::new() };
        let (regions_maybe, measures_maybe) =
            (maybe(&label.regions_maybe), maybe(&label.measures_maybe));
        score.paragraphs += 1;
        score.regions.add(Counts::of(
            &lowest(&tags.regions),
            &lowest(&label.regions),
            &names(&regions_maybe),
        ));
        let above = Counts::of(
            &with_above(&tags.regions),
            &with_above(&label.regions),
            &with_above(&regions_maybe),
        );
        let (given, wanted, may) =
            (names(&tags.measures), names(&label.measures), names(&measures_maybe));
        let measures = Counts::of(&given, &wanted, &may);
        for measure in given.union(&wanted) {
            let counts =
                Counts::of(&only(&given, measure), &only(&wanted, measure), &only(&may, measure));
            score.by_measure.entry((*measure).to_owned()).or_default().add(counts);
        }
        score.regions_above.add(above);
        score.measures.add(measures);
        let file = files.entry(&label.file).or_default();
        file.regions_above.add(above);
        file.measures.add(measures);
    }
    let files: Vec<FileCounts> = files.into_values().collect();
    score.files = files.len();
    score.regions_interval = interval(&files, |file| file.regions_above);
    score.measures_interval = interval(&files, |file| file.measures);
    score
}

fn names(list: &[String]) -> BTreeSet<&str> {
    list.iter().map(String::as_str).collect()
}

/// The tag alone, where it is one of them.
fn only<'a>(tags: &BTreeSet<&'a str>, tag: &str) -> BTreeSet<&'a str> {
    tags.get(tag).copied().into_iter().collect()
}

/// Paths without those that lie above another of them.
fn lowest(paths: &[String]) -> BTreeSet<&str> {
    let all = names(paths);
    let is_above = |path: &str| {
        all.iter().any(|other| other.strip_prefix(path).is_some_and(|rest| rest.starts_with('/')))
    };
    all.iter().copied().filter(|path| !is_above(path)).collect()
}

/// Paths and all that lie above them.
fn with_above(paths: &[String]) -> BTreeSet<&str> {
    let above = |path: &'_ String| {
        path.match_indices('/').map(|(at, _)| at).chain([path.len()]).collect::<Vec<_>>()
    };
    paths
        .iter()
        .flat_map(|path| above(path).into_iter().filter_map(move |end| path.get(..end)))
        .collect()
}

/// The 95 % interval of an F1, by drawing as many files with replacement, many times: paragraphs of one file are alike.
fn interval(files: &[FileCounts], counts: fn(&FileCounts) -> Counts) -> (f64, f64) {
    let mut random = SplitMix64::new(BOOTSTRAP_SEED);
    let mut drawn: Vec<f64> = (0..BOOTSTRAP_SAMPLES)
        .map(|_| {
            let mut sum = Counts::default();
            (0..files.len())
                .filter_map(|_| random.choose(files))
                .for_each(|file| sum.add(counts(file)));
            sum.f1().unwrap_or(0.0)
        })
        .collect();
    drawn.sort_by(f64::total_cmp);
    let at = |per_mille: usize| drawn.get(BOOTSTRAP_SAMPLES * per_mille / 1000).copied();
    (at(25).unwrap_or(0.0), at(975).unwrap_or(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(text: &str, regions: &[&str], measures: &[&str]) -> Label {
        let strings = |list: &[&str]| list.iter().map(ToString::to_string).collect();
        Label {
            file: "a.txt".to_owned(),
            text: text.to_owned(),
            regions: strings(regions),
            measures: strings(measures),
            ..Label::default()
        }
    }

    fn tagged(text: &str, regions: &[&str], measures: &[&str]) -> Tagged {
        let label = label(text, regions, measures);
        let tags = Tags { regions: label.regions, measures: label.measures, line: None };
        Tagged { tags: HashMap::from([((label.file, label.text), tags)]) }
    }

    #[test]
    fn a_label_may_name_a_record_of_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let records = "{\"id\":\"a\",\"text\":\"全县建成图书馆。\"}\n{\"id\":\"b\",\"text\":\"全县建成文化馆。\"}\n";
        std::fs::write(folder.path().join("r.jsonl"), records).unwrap();
        std::fs::write(folder.path().join("c#1.txt"), "全县建成体育馆。").unwrap();
        let named = |file: &str, text: &str| Label {
            file: file.to_owned(),
            text: text_key(text),
            ..Label::default()
        };
        let labels = [
            named("r.jsonl#b", "全县建成文化馆。"),
            named("c#1.txt", "全县建成体育馆。"),
            named("r.jsonl#b", "全县建成图书馆。"),
        ];
        let vocabulary = Arc::new(Vocabulary::builtin());
        let tagged = Tagged::read(folder.path(), &labels, &vocabulary).unwrap();
        let found: Vec<bool> = labels.iter().map(|label| tagged.of(label).is_some()).collect();
        assert_eq!(found, [true, true, false], "the last text is of another record");
    }

    #[test]
    fn the_key_is_of_letters_alone_in_either_script() {
        assert_eq!(text_key("網格 94 個，A級。"), text_key("网格94个a级"));
        assert_ne!(text_key("网格94个"), text_key("网格95个"));
        assert_eq!(text_key("网格").len(), 16);
    }

    #[test]
    fn a_county_of_the_right_city_is_half_right_with_what_lies_above() {
        let score = score(
            &[label("k", &["云南省/迪庆藏族自治州/德钦县"], &[])],
            &tagged("k", &["云南省/迪庆藏族自治州/维西傈僳族自治县"], &[]),
            false,
        );
        assert_eq!(score.regions, Counts { right: 0, wrong: 1, missed: 1 });
        assert_eq!(score.regions_above, Counts { right: 2, wrong: 1, missed: 1 });
    }

    #[test]
    fn a_path_above_another_of_the_same_paragraph_counts_once() {
        let both = ["云南省", "云南省/昆明市"];
        let score = score(&[label("k", &["云南省/昆明市"], &[])], &tagged("k", &both, &[]), false);
        assert_eq!(score.regions, Counts { right: 1, wrong: 0, missed: 0 });
    }

    #[test]
    fn what_may_be_right_is_wrong_only_when_strict() {
        let mut wanted = label("k", &[], &["甲/一"]);
        wanted.measures_maybe = vec!["甲/二".to_owned()];
        let tagged = tagged("k", &[], &["甲/一", "甲/二"]);
        let wanted = [wanted];
        assert_eq!(
            score(&wanted, &tagged, false).measures,
            Counts { right: 1, wrong: 1, missed: 0 }
        );
        let lenient = score(&wanted, &tagged, true);
        assert_eq!(lenient.measures, Counts { right: 1, wrong: 0, missed: 0 });
        assert_eq!(lenient.measures.f1(), Some(1.0));
    }

    #[test]
    fn each_measure_has_its_own_counts_and_they_add_up() {
        let score = score(
            &[label("k", &[], &["甲/一", "甲/三"])],
            &tagged("k", &[], &["甲/一", "甲/二"]),
            false,
        );
        assert_eq!(score.by_measure["甲/一"], Counts { right: 1, wrong: 0, missed: 0 });
        assert_eq!(score.by_measure["甲/二"], Counts { right: 0, wrong: 1, missed: 0 });
        assert_eq!(score.by_measure["甲/三"], Counts { right: 0, wrong: 0, missed: 1 });
        assert_eq!(score.measures, Counts { right: 1, wrong: 1, missed: 1 });
    }

    #[test]
    fn the_measured_figures_are_there_and_add_up() {
        let mut sum = Counts::default();
        MEASURED.by_measure.values().for_each(|counts| sum.add(*counts));
        assert_eq!(sum, MEASURED.measures);
        assert!(MEASURED.paragraphs > 500 && MEASURED.not_found.is_empty());
    }

    #[test]
    fn a_paragraph_that_is_not_there_is_named_and_not_counted() {
        let score = score(&[label("gone", &["云南省"], &[])], &Tagged::default(), false);
        assert_eq!((score.paragraphs, score.not_found), (0, vec!["a.txt#gone".to_owned()]));
    }

    #[test]
    fn nothing_given_and_nothing_wanted_has_no_figure() {
        assert_eq!(Counts::default().f1(), None);
        assert_eq!(Counts { right: 0, wrong: 0, missed: 2 }.precision(), None);
    }
}
