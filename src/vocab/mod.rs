//! Vocabularies: the divisions of China, the measures a report can describe, synonyms, words, and corrections by hand.
//!
//! The data stands in `index-schema/` and is built in; a user's `schema/` folder adds to it or overrides single
//! entries, and holds the corrections ([`overrides`]). This module loads, checks and resolves names; it reads no report text: that is `tag`. Read
//! [`divisions`] next.

pub mod divisions;
pub mod measures;
pub mod overrides;
pub mod synonyms;
mod towns;
pub mod words;

pub use divisions::{Candidate, Division, Divisions, Level, NameKind, Resolution};
pub use measures::{Cue, Measure, Measures};
use overrides::OVERRIDES_FILE;
pub use overrides::{Override, Overrides};
pub use synonyms::Synonyms;
pub use words::Words;

use std::fmt;
use std::path::{Path, PathBuf};

const DIVISIONS: &str = include_str!("../../index-schema/divisions.csv");
const FORMER_NAMES: &str = include_str!("../../index-schema/former-names.csv");
const TOWNS: &str = include_str!("../../index-schema/towns.csv");
const MEASURES: &str = include_str!("../../index-schema/measures.toml");
const SYNONYMS: &str = include_str!("../../index-schema/synonyms.txt");

/// The files a `schema/` folder may hold, with their built-in text, in the order they are written.
const FILES: [(&str, &str); 5] = [
    ("divisions.csv", DIVISIONS),
    ("former-names.csv", FORMER_NAMES),
    ("measures.toml", MEASURES),
    ("synonyms.txt", SYNONYMS),
    WORDS,
];

const WORDS: (&str, &str) = ("words.txt", words::BUILTIN);

/// Why a vocabulary could not be loaded or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VocabError {
    /// A file of the schema folder could not be read.
    #[error("{}: cannot read: {cause}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: std::io::Error,
    },
    /// An exported file could not be written.
    #[error("{}: cannot write: {cause}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: std::io::Error,
    },
    /// An entry that makes no sense.
    #[error("{file}:{line}: {entry}: {reason}")]
    Entry {
        /// The file as it was given.
        file: String,
        /// Its line, counted from 1.
        line: usize,
        /// The entry as written: a code, path, name or line.
        entry: String,
        /// What is wrong with it.
        reason: String,
    },
}

/// Something in a vocabulary that loads but is probably not meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The kind of file it is about, for example `measures.toml`.
    pub file: &'static str,
    /// The entry: a path, name or line.
    pub entry: String,
    /// What is odd about it.
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.file, self.entry, self.what)
    }
}

/// What tells one vocabulary from another: a blake3 hash, in hexadecimal, of each part's sources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint {
    /// Divisions with their former names and towns.
    pub divisions: String,
    /// Measures and their cues.
    pub measures: String,
    /// Synonyms.
    pub synonyms: String,
    /// Words, where they are not those that are built in.
    pub words: Option<String>,
}

/// Stands in [`Fingerprint::whole`] before the words.
pub(crate) const WORDS_MARK: char = '+';

impl Fingerprint {
    /// A short text of everything that decides tags and the reading of names: divisions, measures, synonyms; then the
    /// words, where they are not those that are built in.
    pub fn whole(&self) -> String {
        let start = |hash: &str| hash.get(..16).unwrap_or(hash).to_owned();
        let names = [&self.divisions, &self.measures, &self.synonyms].map(|part| start(part));
        let words = self.words.iter().map(|words| format!("{WORDS_MARK}{}", start(words)));
        names.join(".") + &words.collect::<String>()
    }
}

/// One text that entries were read from: a built-in file or one of a schema folder.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    /// As shown in errors.
    pub(crate) file: String,
    pub(crate) text: String,
}

impl Source {
    fn entry_error(&self, line: usize, entry: &str, reason: impl Into<String>) -> VocabError {
        VocabError::Entry {
            file: self.file.clone(),
            line,
            entry: entry.to_owned(),
            reason: reason.into(),
        }
    }
}

/// Divisions, measures and synonyms that belong together.
#[derive(Debug)]
pub struct Vocabulary {
    /// The administrative divisions.
    pub divisions: Divisions,
    /// The measures.
    pub measures: Measures,
    /// Words that mean the same.
    pub synonyms: Synonyms,
    /// Words that text is cut into.
    pub words: Words,
    /// Tags of single paragraphs that were set by hand; no part of the fingerprint, since each concerns one file.
    pub overrides: Overrides,
    fingerprint: Fingerprint,
}

impl Vocabulary {
    /// The vocabulary that is built in.
    ///
    /// # Panics
    /// Never: the built-in files are loaded by the tests of this module.
    pub fn builtin() -> Self {
        Self::load(None).expect("the built-in files load: a test loads them")
    }

    /// The built-in vocabulary with the entries of a `schema/` folder added or put in their place.
    ///
    /// Every file may be missing. An entry with the same code (divisions), name (former names) or path (measures)
    /// replaces; `remove = true` removes; a line `!word` in `synonyms.txt` or `words.txt` removes what has that word.
    ///
    /// Errors: a file that exists and cannot be read, and the first entry that makes no sense, with file and line.
    pub fn load(schema_dir: Option<&Path>) -> Result<Self, VocabError> {
        let (vocabulary, faults) = Self::load_usable(schema_dir)?;
        faults.into_iter().next().map_or(Ok(vocabulary), Err)
    }

    /// As [`Self::load`], but faults of the corrections by hand are given beside, and the lines left out: they decide
    /// nothing that is only looked at.
    pub fn load_usable(schema_dir: Option<&Path>) -> Result<(Self, Vec<VocabError>), VocabError> {
        let (vocabulary, faults, of_overrides) = Self::read(schema_dir);
        faults.into_iter().next().map_or(Ok((vocabulary, of_overrides)), Err)
    }

    /// As [`Self::load`], with every fault of every file; what is sound is loaded. Files that build on a faulty one
    /// are not looked at: former names and overrides on divisions, overrides on measures.
    pub fn load_sound(schema_dir: Option<&Path>) -> (Self, Vec<VocabError>) {
        let (vocabulary, mut faults, of_overrides) = Self::read(schema_dir);
        faults.extend(of_overrides);
        (vocabulary, faults)
    }

    /// What is sound, the faults of the vocabularies and those of the corrections.
    fn read(schema_dir: Option<&Path>) -> (Self, Vec<VocabError>, Vec<VocabError>) {
        let (mut faults, mut of_overrides) = (Vec::new(), Vec::new());
        let [divisions, former, measures, synonyms, words] =
            FILES.map(|file| sources(file, schema_dir, &mut faults));
        let mut faults_of_words = Vec::new();
        let words = Words::load(&words, &mut faults_of_words);
        let fingerprint = Fingerprint {
            divisions: hash(
                divisions.iter().chain(&former).map(|source| source.text.as_str()).chain([TOWNS]),
            ),
            measures: hash(
                measures
                    .iter()
                    .map(|source| source.text.as_str())
                    .chain([self::measures::MODEL, self::measures::TOPIC_WORDS]),
            ),
            synonyms: hash(synonyms.iter().map(|source| source.text.as_str())),
            words: words.fingerprint(),
        };
        let divisions = Divisions::load(&divisions, &former, TOWNS, &mut faults);
        let measures = Measures::load(&measures, &mut faults);
        let overrides = match schema_dir {
            Some(dir) if faults.is_empty() => {
                Overrides::load(dir, (&divisions, &measures), &mut of_overrides)
            }
            _ => Overrides::default(),
        };
        let synonyms = Synonyms::load(&synonyms, &mut faults);
        faults.extend(faults_of_words);
        let vocabulary = Self { divisions, measures, synonyms, words, overrides, fingerprint };
        (vocabulary, faults, of_overrides)
    }

    /// The words alone, at less cost. Errors as of [`Self::load`].
    pub fn load_words(schema_dir: Option<&Path>) -> Result<Words, VocabError> {
        let mut faults = Vec::new();
        let sources = sources(WORDS, schema_dir, &mut faults);
        let words = Words::load(&sources, &mut faults);
        faults.into_iter().next().map_or(Ok(words), Err)
    }

    /// Names in a `schema/` folder that no file of it has, and that are therefore not looked at; hidden files aside.
    pub fn strangers(schema_dir: &Path) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(schema_dir) else { return Vec::new() };
        let names = entries.filter_map(|entry| Some(entry.ok()?.file_name()));
        let names = names.map(|name| name.to_string_lossy().into_owned());
        let is_known = |name: &str| Self::file_names().any(|known| known == name);
        let mut strangers: Vec<String> =
            names.filter(|name| !name.starts_with('.') && !is_known(name)).collect();
        strangers.sort();
        strangers
    }

    /// Names of the files that a `schema/` folder may hold.
    pub fn file_names() -> impl Iterator<Item = &'static str> {
        FILES.into_iter().map(|(name, _)| name).chain([OVERRIDES_FILE])
    }

    /// The hashes of the parts.
    pub fn fingerprint(&self) -> &Fingerprint {
        &self.fingerprint
    }

    /// What is odd though it loads: cues given twice, aliases that name two measures, synonyms that clash.
    pub fn check(&self) -> Vec<Problem> {
        let mut problems = self.divisions.check();
        problems.extend(self.measures.check());
        problems.extend(self.synonyms.check());
        problems.extend(self.words.check());
        problems
    }

    /// Writes the built-in files into a folder, made where it is missing, and returns their paths.
    ///
    /// Files that are there are overwritten; the caller asks first.
    pub fn export(dir: &Path) -> Result<Vec<PathBuf>, VocabError> {
        let written = |path: &Path, result: std::io::Result<()>| {
            result.map_err(|cause| VocabError::Write { path: path.to_owned(), cause })
        };
        written(dir, std::fs::create_dir_all(dir))?;
        let mut paths = Vec::with_capacity(FILES.len());
        for (name, text) in FILES {
            let path = dir.join(name);
            written(&path, std::fs::write(&path, text))?;
            paths.push(path);
        }
        Ok(paths)
    }
}

/// The built-in file and, where the folder has one of that name, the user's.
fn sources(
    (name, builtin): (&str, &str),
    schema_dir: Option<&Path>,
    faults: &mut Vec<VocabError>,
) -> Vec<Source> {
    let mut sources =
        vec![Source { file: format!("index-schema/{name}"), text: builtin.to_owned() }];
    let Some(dir) = schema_dir else { return sources };
    let path = dir.join(name);
    match std::fs::read_to_string(&path) {
        // Spreadsheet programs put a byte order mark before the header.
        Ok(text) => sources.push(Source {
            file: path.display().to_string(),
            text: text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned(),
        }),
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => {}
        Err(cause) => faults.push(VocabError::Read { path, cause }),
    }
    sources
}

fn hash<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let mut hasher = blake3::Hasher::new();
    for text in texts {
        hasher.update(&(text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    }
    hasher.finalize().to_hex().to_string()
}

/// The lines of a text that hold an entry, with their numbers from 1; `#` starts a comment.
pub(crate) fn entry_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().filter_map(|(index, line)| {
        let line = line.split_once('#').map_or(line, |(before, _)| before).trim();
        (!line.is_empty()).then_some((index + 1, line))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in files {
            std::fs::write(dir.path().join(name), text).unwrap();
        }
        dir
    }

    #[track_caller]
    fn refused(name: &str, text: &str, expected: &str) {
        let dir = folder(&[(name, text)]);
        let error = Vocabulary::load(Some(dir.path())).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}\ndoes not say: {expected}");
        assert!(error.contains(name), "{error}\ndoes not name the file");
    }

    #[test]
    fn the_built_in_files_load_and_have_no_problems() {
        let vocabulary = Vocabulary::load(None).unwrap();
        assert_eq!(vocabulary.check(), []);
        assert_eq!(vocabulary.measures.all().len(), 50);
    }

    #[test]
    fn what_is_exported_loads_to_the_same_vocabulary() {
        let dir = tempfile::tempdir().unwrap();
        let paths = Vocabulary::export(dir.path()).unwrap();
        assert_eq!(paths.len(), FILES.len());
        let again = Vocabulary::load(Some(dir.path())).unwrap();
        let builtin = Vocabulary::builtin();
        assert_eq!(again.measures.all(), builtin.measures.all());
        assert_eq!(again.divisions.all().len(), builtin.divisions.all().len());
        assert_eq!(again.check(), []);
        assert_eq!(again.fingerprint().words, None);
    }

    #[test]
    fn a_users_measure_is_added_replaced_and_removed() {
        let dir = folder(&[(
            "measures.toml",
            "[[measure]]\npath = \"城乡建设/公园建设\"\nenglish = \"Parks\"\ncovers = \"parks\"\nstrong = [\"口袋公园\"]\n\
             [[measure]]\npath = \"基层治理/网格化管理\"\nenglish = \"Grids\"\ncovers = \"grids\"\nstrong = [\"网格\"]\n\
             [[measure]]\npath = \"民生与生态/关爱帮扶\"\nremove = true\n",
        )]);
        let measures = Vocabulary::load(Some(dir.path())).unwrap().measures;
        assert_eq!(measures.all().len(), 50);
        assert!(measures.resolve("公园建设").is_some());
        assert!(measures.resolve("关爱帮扶").is_none());
        assert_eq!(measures.resolve("网格化管理").map(|m| m.english.as_str()), Some("Grids"));
    }

    #[test]
    fn a_fingerprint_changes_with_its_own_part_only() {
        let dir = folder(&[("synonyms.txt", "虫草山 = 虫草采挖点\n")]);
        let (own, builtin) = (Vocabulary::load(Some(dir.path())).unwrap(), Vocabulary::builtin());
        assert_ne!(own.fingerprint().synonyms, builtin.fingerprint().synonyms);
        assert_eq!(own.fingerprint().measures, builtin.fingerprint().measures);
        assert_eq!((&own.fingerprint().words, &builtin.fingerprint().words), (&None, &None));
    }

    #[test]
    fn words_stand_behind_the_names_in_a_fingerprint() {
        let dir = folder(&[("words.txt", "院坝会\n")]);
        let own = Vocabulary::load(Some(dir.path())).unwrap().fingerprint().whole();
        let builtin = Vocabulary::builtin().fingerprint().whole();
        let (names, words) = own.split_once(WORDS_MARK).unwrap();
        assert_eq!((names, words.len()), (builtin.as_str(), 16));
    }

    #[test]
    fn errors_name_file_line_and_entry() {
        let csv = "code,name,level,parent,short,word_like\n";
        refused("divisions.csv", &format!("{csv}539999,某县,county,530099,,\n"), ":2: 539999");
        refused("divisions.csv", &format!("{csv}5399,某县,county,530000,,\n"), "six digits");
        refused("divisions.csv", &format!("{csv}539999,某县,town,530000,,\n"), "level");
        refused("former-names.csv", "name,until,codes,short\n某县,2001,999999,\n", "999999");
        refused("measures.toml", "[[measure]]\npath = \"一/二\"\nbold = 1\n", "bold");
        refused("measures.toml", "[[measure]]\npath = \"一/二/三\"\n", "group/name");
        refused("synonyms.txt", "网格员\n", ":1: 网格员");
    }

    #[test]
    fn every_fault_of_every_file_is_found_at_once() {
        let csv = "code,name,level,parent,short,word_like\n";
        let dir = folder(&[
            ("divisions.csv", &format!("{csv}5399,甲,county,530000,,\n539998,乙,town,530000,,\n")),
            ("measures.toml", "[[measure]]\npath = \"一\"\n[[measure]]\npath = \"二/三/四\"\n"),
            ("synonyms.txt", "网格员\n甲 = 乙\n=\n"),
            ("words.txt", "院坝会\n会\n"),
        ]);
        let (vocabulary, faults) = Vocabulary::load_sound(Some(dir.path()));
        let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        let expected = [
            "divisions.csv:2: 5399",
            "divisions.csv:3: 539998",
            "measures.toml:1: 一",
            "measures.toml:3: 二/三/四",
            "synonyms.txt:1: 网格员",
            "synonyms.txt:3: =",
            "words.txt:2: 会",
        ];
        assert_eq!(faults.len(), expected.len(), "{faults:#?}");
        for (fault, expected) in faults.iter().zip(expected) {
            assert!(fault.contains(expected), "{fault}\ndoes not say: {expected}");
        }
        assert_eq!(vocabulary.synonyms.expand("甲"), ["乙"]);
        assert!(vocabulary.words.iter().any(|(word, _)| word == "院坝会"));
    }

    #[test]
    fn bad_corrections_are_left_out_where_nothing_is_written() {
        let dir = folder(&[("overrides.jsonl", "not json\n"), ("synonyms.txt", "甲 = 乙\n")]);
        let error = Vocabulary::load(Some(dir.path())).unwrap_err();
        assert!(error.to_string().contains("overrides.jsonl:1: not json"), "{error}");
        let (vocabulary, faults) = Vocabulary::load_usable(Some(dir.path())).unwrap();
        assert_eq!((vocabulary.synonyms.expand("甲"), faults.len()), (vec!["乙".to_owned()], 1));
        let dir = folder(&[("overrides.jsonl", "not json\n"), ("synonyms.txt", "=\n")]);
        let error = Vocabulary::load_usable(Some(dir.path())).unwrap_err();
        assert!(error.to_string().contains("synonyms.txt:1: ="), "{error}");
    }

    #[test]
    fn a_division_of_a_users_folder_is_known() {
        let dir = folder(&[(
            "divisions.csv",
            "code,name,level,parent,short,word_like,remove\n533499,虚构县,county,533400,虚构,,\n533422,,,,,,true\n",
        )]);
        let divisions = Vocabulary::load(Some(dir.path())).unwrap().divisions;
        let path = divisions.by_code("533499").map(|d| d.path.as_str().to_owned());
        assert_eq!(path.as_deref(), Some("云南省/迪庆藏族自治州/虚构县"));
        assert!(divisions.by_code("533422").is_none());
    }

    #[test]
    fn a_folder_without_files_is_the_built_in_vocabulary() {
        let dir = folder(&[]);
        let fingerprint = Vocabulary::load(Some(dir.path())).unwrap().fingerprint().clone();
        assert_eq!(&fingerprint, Vocabulary::builtin().fingerprint());
    }
}
