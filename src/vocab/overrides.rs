//! Corrections by hand: tags that a person gave to single paragraphs or took from them.
//!
//! They stand in `overrides.jsonl` in the user's `schema/` folder, a line each, sorted, so that the files of two people
//! merge line by line. An entry tells its paragraph in several ways: by id, by report and text, and by the texts right
//! before and behind it. Which paragraph it is in the end decides `pipeline::attach`; this module reads, checks and
//! writes.

use super::{Divisions, Measures, Resolution, Source, VocabError};
use crate::model::{Evidence, MeasurePath, Paragraph, RegionPath, Tag};
use crate::text::fold::letters;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Name of the file.
pub const OVERRIDES_FILE: &str = "overrides.jsonl";
/// Rule of the evidence of a tag that was given by hand.
pub const SET_RULE: &str = "override";
/// Rule of the evidence that tells of a tag that was taken away by hand.
pub const NOT_RULE: &str = "override-not";
/// Characters of a paragraph that an entry shows.
const TEXT_CHARS: usize = 60;

/// What is corrected of one sort of tags.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Change {
    /// None of the tagger's tags stay.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub none: bool,
    /// Paths it has.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub add: Vec<String>,
    /// Paths it has not, nor any below them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not: Vec<String>,
}

impl Change {
    /// Whether it changes nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Adds what `later` says; where the two disagree `later` holds.
    pub fn merge(&mut self, later: &Self) {
        if later.none {
            *self = later.clone();
        } else {
            self.add.retain(|path| !later.takes(path));
            self.not.retain(|path| !later.add.iter().any(|added| is_within(added, path)));
            self.add.extend(later.add.iter().cloned());
            self.not.extend(later.not.iter().cloned());
        }
        for list in [&mut self.add, &mut self.not] {
            list.sort_unstable();
            list.dedup();
        }
    }

    /// Whether it says if a paragraph has a path.
    pub fn decides(&self, path: &str) -> bool {
        self.takes(path) || self.add.iter().any(|added| added == path)
    }

    /// Whether it says that a paragraph has not a path.
    pub fn refuses(&self, path: &str) -> bool {
        self.not.iter().any(|not| is_within(path, not))
    }

    fn takes(&self, path: &str) -> bool {
        self.none || self.refuses(path)
    }

    /// Changes tags and their evidence.
    fn apply<P: Clone + AsRef<str> + TryFrom<String>>(
        &self,
        tags: &mut Vec<Tag<P>>,
        evidence: &mut Vec<Evidence>,
    ) {
        let by_hand = |tag: &str, rule: &str| Evidence {
            tag: tag.to_owned(),
            rule: rule.to_owned(),
            words: Vec::new(),
            at: Vec::new(),
        };
        let is_added = |path: &str| self.add.iter().any(|added| added == path);
        let taken = tags.extract_if(.., |tag| {
            let path = tag.path.as_ref();
            is_added(path) || self.takes(path)
        });
        let taken: Vec<String> = taken.map(|tag| tag.path.as_ref().to_owned()).collect();
        evidence.retain(|known| !taken.contains(&known.tag));
        let refused = taken.iter().filter(|path| !is_added(path));
        evidence.extend(refused.map(|path| by_hand(path, NOT_RULE)));
        for path in &self.add {
            let Ok(tag) = P::try_from(path.clone()) else { continue };
            tags.push(Tag { path: tag, inferred: false });
            evidence.push(by_hand(path, SET_RULE));
        }
    }
}

/// Whether `path` is `ancestor` or lies below it.
fn is_within(path: &str, ancestor: &str) -> bool {
    path.strip_prefix(ancestor).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The tags of one paragraph, corrected.
///
/// The first fields tell which paragraph it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// Path of the report with member and record, below the folder that holds the index where it lies there.
    pub report: String,
    /// How the text begins.
    pub text: String,
    /// Id of the paragraph.
    pub id: String,
    /// Key of its text; see [`text_key`].
    pub hash: String,
    /// Key of the text right before it in the report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// Key of the text right behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// Its regions.
    #[serde(default, skip_serializing_if = "Change::is_empty")]
    pub regions: Change,
    /// Its measures.
    #[serde(default, skip_serializing_if = "Change::is_empty")]
    pub measures: Change,
    /// Why, in the words of who did it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl Override {
    /// Corrects the tags of a paragraph.
    pub fn apply(&self, paragraph: &mut Paragraph) {
        self.regions.apply::<RegionPath>(&mut paragraph.regions, &mut paragraph.evidence);
        self.measures.apply::<MeasurePath>(&mut paragraph.measures, &mut paragraph.evidence);
    }

    /// Adds what `later` says of the same paragraph; where the two disagree `later` holds.
    pub fn merge(&mut self, later: &Self) {
        self.regions.merge(&later.regions);
        self.measures.merge(&later.measures);
        if self.note.is_empty() {
            self.note.clone_from(&later.note);
        } else if !later.note.is_empty() && later.note != self.note {
            self.note = format!("{}; {}", self.note, later.note);
        }
    }

    fn line(&self) -> String {
        serde_json::to_string(self).expect("plain data with string keys is always JSON")
    }

    /// Which tag or field makes no sense, and why.
    fn fault(&self, divisions: &Divisions, measures: &Measures) -> Option<(String, String)> {
        let is_hex = |text: &str, length: usize| {
            text.len() == length && text.bytes().all(|byte| byte.is_ascii_hexdigit())
        };
        if !is_hex(&self.id, 32) {
            return Some((self.id.clone(), "an id has 32 hexadecimal digits".to_owned()));
        }
        let keys = [Some(&self.hash), self.before.as_ref(), self.after.as_ref()];
        if let Some(key) = keys.into_iter().flatten().find(|key| !is_hex(key, 16)) {
            return Some((key.clone(), "the key of a text has 16 hexadecimal digits".to_owned()));
        }
        if self.regions.is_empty() && self.measures.is_empty() {
            return Some((self.id.clone(), "it corrects nothing".to_owned()));
        }
        let known = measures.all();
        for path in &self.measures.add {
            if !known.iter().any(|measure| measure.path.as_str() == path) {
                return Some((path.clone(), "no measure has this path".to_owned()));
            }
        }
        for path in &self.measures.not {
            if !known.iter().any(|measure| is_within(measure.path.as_str(), path)) {
                return Some((path.clone(), "no measure has this path".to_owned()));
            }
        }
        for path in self.regions.add.iter().chain(&self.regions.not) {
            let found = divisions.resolve(path);
            if !matches!(&found, Resolution::One(full, _) if full.as_str() == path) {
                return Some((path.clone(), "no region has this path".to_owned()));
            }
        }
        let both = |change: &Change| change.add.iter().find(|path| change.refuses(path)).cloned();
        let both = both(&self.regions).or_else(|| both(&self.measures));
        both.map(|path| (path, "both given and taken away".to_owned()))
    }
}

/// A line of the file that makes no sense: it corrects nothing, and stays as it is until somebody takes it out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsound {
    /// The line as written.
    pub line: String,
    /// The id it gives, where it gives one.
    pub id: Option<String>,
}

impl Unsound {
    fn new(line: &str) -> Self {
        let value: Option<serde_json::Value> = serde_json::from_str(line).ok();
        let id = value.as_ref().and_then(|value| value.get("id")?.as_str());
        Self { line: line.to_owned(), id: id.map(str::to_owned) }
    }
}

/// All corrections, by what they are found.
#[derive(Debug, Default)]
pub struct Overrides {
    entries: Vec<Override>,
    unsound: Vec<Unsound>,
    by_hash: HashMap<String, Vec<usize>>,
    by_report: HashMap<String, Vec<usize>>,
    /// Entries whose file is not where it was.
    homeless: HashSet<usize>,
    /// The folder that holds the index: paths of entries begin here.
    base: PathBuf,
}

impl Overrides {
    /// Reads the file of a `schema/` folder; what makes no sense is added to `faults` and left out.
    pub(crate) fn load(
        schema_dir: &Path,
        (divisions, measures): (&Divisions, &Measures),
        faults: &mut Vec<VocabError>,
    ) -> Self {
        let path = schema_dir.join(OVERRIDES_FILE);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(cause) => {
                faults.push(VocabError::Read { path: path.clone(), cause });
                String::new()
            }
        };
        let source = Source { file: path.display().to_string(), text };
        let (entries, unsound) = read(&source, divisions, measures, faults);
        Self { unsound, ..Self::new(entries, base_of(schema_dir)) }
    }

    fn new(entries: Vec<Override>, base: PathBuf) -> Self {
        let mut overrides = Self { base, ..Self::default() };
        for (at, entry) in entries.iter().enumerate() {
            overrides.by_hash.entry(entry.hash.clone()).or_default().push(at);
            overrides.by_report.entry(entry.report.clone()).or_default().push(at);
            if !overrides.is_there(&entry.report) {
                overrides.homeless.insert(at);
            }
        }
        overrides.entries = entries;
        overrides
    }

    /// All entries, by report, then id.
    pub fn all(&self) -> &[Override] {
        &self.entries
    }

    /// Lines that were left out.
    pub fn unsound(&self) -> &[Unsound] {
        &self.unsound
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Ordinals of the entries for a paragraph with that key of its text.
    pub fn of_text(&self, key: &str) -> &[usize] {
        self.by_hash.get(key).map_or(&[], Vec::as_slice)
    }

    /// Ordinals of the entries for paragraphs of a report, given as [`Self::report_name`] gives it.
    pub fn of_report(&self, report: &str) -> &[usize] {
        self.by_report.get(report).map_or(&[], Vec::as_slice)
    }

    /// Whether the file of an entry is not where the entry says.
    pub fn is_homeless(&self, at: usize) -> bool {
        self.homeless.contains(&at)
    }

    /// A fingerprint of the entries that concern a file: those for its reports, and those with one of these ids, of which
    /// it also tells whether their own file is there. Empty when there are none.
    pub fn of_file(&self, path: &str, ids: &HashSet<&str>) -> String {
        if self.entries.is_empty() {
            return String::new();
        }
        let file = self.report_name(path);
        let first = self.entries.partition_point(|entry| entry.report.as_str() < file.as_str());
        let begins = |entry: &&Override| entry.report.starts_with(&file);
        let of_path = self.entries.iter().skip(first).take_while(begins);
        let of_path = of_path.filter(|entry| file_names(&entry.report).any(|name| name == file));
        let elsewhere = self.entries.iter().enumerate().filter(|(_, entry)| {
            ids.contains(entry.id.as_str()) && file_names(&entry.report).all(|name| name != file)
        });
        let at_home = |at| if self.is_homeless(at) { "" } else { "!" };
        let elsewhere = elsewhere.map(|(at, entry)| entry.line() + at_home(at));
        let lines: Vec<String> = of_path.map(Override::line).chain(elsewhere).collect();
        if lines.is_empty() {
            return String::new();
        }
        let mut hash = super::hash(lines.iter().map(String::as_str));
        hash.truncate(16);
        hash
    }

    /// The path of a report as entries write it: below the folder that holds the index, `/` between names, else whole.
    pub fn report_name(&self, path: &str) -> String {
        let base = self.base.to_string_lossy();
        let below = path.strip_prefix(base.as_ref()).and_then(|rest| {
            rest.strip_prefix(std::path::MAIN_SEPARATOR).filter(|rest| !rest.is_empty())
        });
        below.unwrap_or(path).replace(std::path::MAIN_SEPARATOR, "/")
    }

    /// Whether the file of a report is there; of a name that is no UTF-8 that is taken for granted.
    fn is_there(&self, report: &str) -> bool {
        report.contains("\\x") || file_names(report).any(|file| self.base.join(file).exists())
    }
}

/// What the file of a report may be called: its path up to a member or record, or all of it.
pub(crate) fn file_names(report: &str) -> impl Iterator<Item = &str> {
    let ends = report.match_indices("!/").chain(report.match_indices('#'));
    ends.filter_map(|(end, _)| report.get(..end)).chain([report])
}

/// Writes entries in their order, then the unsound lines, all or nothing, into the file of a `schema/` folder, which is
/// made where it is missing.
pub fn write(
    schema_dir: &Path,
    mut entries: Vec<Override>,
    unsound: &[Unsound],
) -> Result<(), VocabError> {
    let path = schema_dir.join(OVERRIDES_FILE);
    entries.sort_by(|a, b| order(a).cmp(&order(b)));
    let lines = entries.iter().map(Override::line);
    let lines = lines.chain(unsound.iter().map(|unsound| unsound.line.clone()));
    let text: String = lines.map(|line| line + "\n").collect();
    let written = std::fs::create_dir_all(schema_dir).and_then(|()| {
        let mut file = temporary(schema_dir)?;
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()?;
        file.persist(&path).map_err(|error| error.error)
    });
    written.map(drop).map_err(|cause| VocabError::Write { path, cause })
}

/// A file that others may read, as far as the user's mask lets them: it is shared.
#[cfg(unix)]
fn temporary(folder: &Path) -> std::io::Result<tempfile::NamedTempFile> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::Permissions::from_mode(0o666);
    tempfile::Builder::new().permissions(mode).tempfile_in(folder)
}

#[cfg(not(unix))]
fn temporary(folder: &Path) -> std::io::Result<tempfile::NamedTempFile> {
    tempfile::NamedTempFile::new_in(folder)
}

fn order(entry: &Override) -> (&str, &str) {
    (&entry.report, &entry.id)
}

fn read(
    source: &Source,
    divisions: &Divisions,
    measures: &Measures,
    faults: &mut Vec<VocabError>,
) -> (Vec<Override>, Vec<Unsound>) {
    let (mut entries, mut unsound) = (Vec::new(), Vec::new());
    let mut lines: HashMap<String, (usize, usize)> = HashMap::new();
    let text = source.text.strip_prefix('\u{feff}').unwrap_or(&source.text);
    for (line, written) in text.lines().enumerate().map(|(at, line)| (at + 1, line.trim())) {
        if written.is_empty() {
            continue;
        }
        let fault = match serde_json::from_str::<Override>(written) {
            Err(error) => Some((written.chars().take(TEXT_CHARS).collect(), json_fault(&error))),
            Ok(entry) => {
                let fault = entry.fault(divisions, measures);
                match lines.get(&entry.id) {
                    _ if fault.is_some() => fault,
                    None => {
                        lines.insert(entry.id.clone(), (line, entries.len()));
                        entries.push(entry);
                        None
                    }
                    // Files that were merged line by line may say the same twice.
                    Some((_, at)) if entries.get(*at) == Some(&entry) => None,
                    Some((first, _)) => {
                        Some((entry.id, format!("line {first} is for this paragraph too")))
                    }
                }
            }
        };
        if let Some((what, reason)) = fault {
            faults.push(source.entry_error(line, &what, reason));
            unsound.push(Unsound::new(written));
        }
    }
    entries.sort_by(|a, b| order(a).cmp(&order(b)));
    (entries, unsound)
}

/// What is wrong with a line that is no entry, and where in it: it is the only line the parser saw.
fn json_fault(error: &serde_json::Error) -> String {
    let fault = error.to_string().replace(" at line 1 column ", ", at byte ");
    // Names of our own types say nothing to who wrote the line.
    fault.replace("struct Override", "an object").replace("struct Change", "an object")
}

/// The folder that holds the index whose `schema/` folder this is.
fn base_of(schema_dir: &Path) -> PathBuf {
    let full = std::fs::canonicalize(schema_dir).or_else(|_| std::path::absolute(schema_dir));
    let full = full.unwrap_or_else(|_| schema_dir.to_path_buf());
    full.ancestors().nth(2).map_or_else(PathBuf::new, Path::to_path_buf)
}

/// A key of a text's folded letters and digits, 16 hexadecimal digits.
pub fn text_key(letters: &str) -> String {
    let mut hex = blake3::hash(letters.as_bytes()).to_hex().to_string();
    hex.truncate(16);
    hex
}

/// How a text begins, as an entry shows it.
pub fn beginning(display: &str) -> String {
    display.chars().take(TEXT_CHARS).collect()
}

/// How much two beginnings of texts have in common: of their pairs of neighbouring letters the share in both, 0 to 1.
pub fn likeness(a: &str, b: &str) -> f32 {
    let pairs = |text: &str| {
        let letters: Vec<char> = letters(&beginning(text)).chars().collect();
        let mut pairs: Vec<[char; 2]> =
            letters.windows(2).filter_map(|pair| pair.try_into().ok()).collect();
        pairs.sort_unstable();
        pairs
    };
    let (a, mut b) = (pairs(a), pairs(b));
    let all = a.len() + b.len();
    let is_shared = |pair: &&[char; 2]| {
        let at = b.binary_search(pair);
        at.is_ok_and(|at| {
            b.remove(at);
            true
        })
    };
    let shared = a.iter().filter(is_shared).count();
    #[allow(clippy::cast_precision_loss, reason = "some dozens of pairs")]
    let share = if all == 0 { 0.0 } else { 2.0 * shared as f32 / all as f32 };
    share
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ParagraphKind;
    use crate::vocab::Vocabulary;

    const GRID: &str = "基层治理/网格化管理";
    const VILLAGE: &str = "基层治理/村民自治";

    fn change(none: bool, add: &[&str], not: &[&str]) -> Change {
        let owned = |list: &[&str]| list.iter().map(|path| (*path).to_owned()).collect();
        Change { none, add: owned(add), not: owned(not) }
    }

    fn entry(report: &str, id: char, measures: Change) -> Override {
        Override {
            report: report.to_owned(),
            text: "全县推行网格。".to_owned(),
            id: id.to_string().repeat(32),
            hash: "0".repeat(16),
            measures,
            ..Override::default()
        }
    }

    fn tagged(measures: &[&str]) -> Paragraph {
        let tag = |path: &&str| Tag { path: MeasurePath::new(*path).unwrap(), inferred: false };
        let evidence = |path: &&str| Evidence {
            tag: (*path).to_owned(),
            rule: "cue".to_owned(),
            words: vec!["网格".to_owned()],
            at: Vec::new(),
        };
        Paragraph {
            display: "全县推行网格。".to_owned(),
            kind: ParagraphKind::Body,
            place: None,
            notes: Vec::new(),
            regions: Vec::new(),
            measures: measures.iter().map(tag).collect(),
            mentions: Vec::new(),
            evidence: measures.iter().map(evidence).collect(),
            figures: Vec::new(),
        }
    }

    #[track_caller]
    fn check(change: Change, given: &[&str], expected: &[&str], evidence: &[(&str, &str)]) {
        let mut paragraph = tagged(given);
        entry("a.txt", 'a', change).apply(&mut paragraph);
        let tags: Vec<&str> = paragraph.measures.iter().map(|tag| tag.path.as_str()).collect();
        assert_eq!(tags, expected);
        let found: Vec<(&str, &str)> = paragraph
            .evidence
            .iter()
            .map(|evidence| (evidence.tag.as_str(), evidence.rule.as_str()))
            .collect();
        assert_eq!(found, evidence);
    }

    #[test]
    fn tags_are_given_taken_and_confirmed() {
        let given = change(false, &[VILLAGE], &[]);
        check(given, &[GRID], &[GRID, VILLAGE], &[(GRID, "cue"), (VILLAGE, SET_RULE)]);
        check(change(false, &[], &[GRID]), &[GRID], &[], &[(GRID, NOT_RULE)]);
        check(change(false, &[], &["基层治理"]), &[GRID], &[], &[(GRID, NOT_RULE)]);
        check(change(false, &[GRID], &[]), &[GRID], &[GRID], &[(GRID, SET_RULE)]);
        let only = change(true, &[VILLAGE], &[]);
        check(only, &[GRID], &[VILLAGE], &[(GRID, NOT_RULE), (VILLAGE, SET_RULE)]);
    }

    #[test]
    fn what_is_said_later_holds() {
        let mut first = change(false, &[GRID], &[VILLAGE]);
        first.merge(&change(false, &[VILLAGE], &[GRID]));
        assert_eq!(first, change(false, &[VILLAGE], &[GRID]));
        first.merge(&change(true, &[], &[]));
        assert_eq!(first, change(true, &[], &[]));
    }

    fn faults(text: &str) -> (usize, Vec<String>) {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join(OVERRIDES_FILE), text).unwrap();
        let vocabulary = Vocabulary::builtin();
        let mut faults = Vec::new();
        let known = (&vocabulary.divisions, &vocabulary.measures);
        let overrides = Overrides::load(dir.path(), known, &mut faults);
        (overrides.all().len(), faults.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn what_is_written_is_read_again_in_order() {
        let dir = tempfile::tempdir().unwrap();
        let schema = dir.path().join("i/schema");
        let grid = change(false, &[GRID], &[]);
        let entries = vec![entry("b.txt", 'a', grid.clone()), entry("a.txt", 'b', grid)];
        write(&schema, entries.clone(), &[]).unwrap();
        let read = Vocabulary::load(Some(&schema)).unwrap();
        assert_eq!(read.overrides.all(), [entries[1].clone(), entries[0].clone()]);
        let text = std::fs::read_to_string(schema.join(OVERRIDES_FILE)).unwrap();
        assert_eq!(text.lines().count(), 2);
        assert!(text.starts_with(r#"{"report":"a.txt","text":"全县"#), "{text}");
    }

    #[test]
    fn every_bad_line_is_named_and_the_good_ones_stay() {
        let good = entry("a.txt", 'a', change(false, &[GRID], &[])).line();
        let unknown = entry("a.txt", 'b', change(false, &["基层治理/没有"], &[])).line();
        let both = entry("a.txt", 'c', change(false, &[GRID], &["基层治理"])).line();
        let again = entry("a.txt", 'a', change(true, &[], &[])).line();
        let text = format!("{good}\n\nnot json\n{unknown}\n{both}\n{again}\n{good}\n");
        let (read, found) = faults(&text);
        assert_eq!(read, 1);
        let expected = [
            ":3: not json: ",
            ":4: 基层治理/没有: no measure has this path",
            ":5: 基层治理/网格化管理: both given and taken away",
            ":6: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: line 1 is for this paragraph too",
        ];
        assert_eq!(found.len(), expected.len(), "{found:#?}");
        for (found, expected) in found.iter().zip(expected) {
            assert!(found.contains(expected), "{found} does not say {expected}");
        }
    }

    #[test]
    fn fields_that_are_not_known_and_entries_that_say_nothing_are_faults() {
        let nothing = entry("a.txt", 'a', Change::default()).line();
        let (read, found) = faults(&format!("{nothing}\n"));
        assert_eq!((read, found.len()), (0, 1), "{found:#?}");
        let odd = entry("a.txt", 'a', change(true, &[], &[])).line();
        for (known, unknown) in [("\"none\"", "\"nothing\""), ("\"text\"", "\"words\"")] {
            let (read, found) = faults(&odd.replace(known, unknown));
            assert_eq!((read, found.len()), (0, 1), "{found:#?}");
        }
    }

    #[test]
    fn an_edited_text_is_like_the_old_one_and_another_is_not() {
        let old = "全县划分网格320个,配备网格员510名。";
        assert!(likeness(old, "全县划分网格330个,配备专职网格员512名。") > 0.5);
        assert!(likeness(old, "开展普法宣传进校园活动。") < 0.1);
        assert!((likeness(old, old) - 1.0).abs() < f32::EPSILON);
        assert!(likeness("", "").abs() < f32::EPSILON);
    }

    #[test]
    fn only_entries_of_a_file_decide_its_fingerprint() {
        let grid = change(false, &[GRID], &[]);
        let of = |entries: Vec<Override>, path: &str, ids: &[&str]| {
            let ids = ids.iter().copied().collect();
            Overrides::new(entries, PathBuf::from("/base")).of_file(path, &ids)
        };
        let one = vec![entry("d/a.zip!/b.txt", 'a', grid.clone())];
        assert_ne!(of(one.clone(), "/base/d/a.zip", &[]), "");
        assert_eq!(of(one.clone(), "/base/d/a.zi", &[]), "");
        assert_eq!(of(one.clone(), "/elsewhere/a.zip", &[]), "");
        assert_ne!(of(one.clone(), "/elsewhere/a.zip", &[one[0].id.as_str()]), "");
        let two = vec![one[0].clone(), entry("other.txt", 'b', grid)];
        assert_eq!(of(one, "/base/d/a.zip", &[]), of(two, "/base/d/a.zip", &[]));
    }
}
