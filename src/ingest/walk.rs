//! Which files below the given roots are reports, and what became of every other entry.
//!
//! Nothing is read here but directories and files whose name does not tell their format: mostly the first bytes, the
//! whole of what may be an office file. Nothing is decided about removals either: [`RootState`] says what was seen of
//! each root, so that a folder which is missing, unreadable or empty is never taken for a folder whose reports were
//! deleted.

use crate::ingest::limits::Limits;
use crate::ingest::sniff::{self, sniff};
use crate::ingest::{Format, ReadError, decode, read_bytes};
use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};
use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs::{self, FileType, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;
use walkdir::{DirEntry, WalkDir};

/// Folder endings that browsers give to the companion folder of a saved page.
const COMPANION_ENDINGS: &[&str] = &["_files", "_文件", "_檔案", ".files"];

/// Extensions of the pages they belong to.
const PAGE_EXTENSIONS: &[&str] = &["html", "htm", "HTML", "HTM", "xhtml", "shtml"];

/// Which entries are wanted.
#[derive(Debug, Clone, Default)]
pub struct WalkOptions {
    include: Option<GlobSet>,
    /// Those of the patterns to include that name an extension.
    extensions: GlobSet,
    exclude: GlobSet,
}

/// A pattern that is no glob.
#[derive(Debug, thiserror::Error)]
#[error("not a file pattern: {pattern:?}: {cause}")]
pub struct BadPattern {
    /// As given.
    pub pattern: String,
    /// What is wrong with it.
    pub cause: globset::ErrorKind,
}

impl WalkOptions {
    /// Patterns such as `*.txt`, `2023/**` or `草稿`; without any to include, everything is.
    ///
    /// A pattern is matched with the path below the root; one without a slash also with the name alone. A folder that
    /// is excluded is not entered. What a pattern asks for by its extension, such as `*.log`, is read if its content is
    /// of a format that is read, as a file that is named is.
    pub fn new(include: &[String], exclude: &[String]) -> Result<Self, BadPattern> {
        let named: Vec<String> =
            include.iter().filter(|pattern| names_extension(pattern)).cloned().collect();
        let extensions = glob_set(&named)?;
        let include = if include.is_empty() { None } else { Some(glob_set(include)?) };
        Ok(Self { include, extensions, exclude: glob_set(exclude)? })
    }

    /// Whether a path below the root was asked to be left out.
    pub fn excludes(&self, relative: &Path) -> bool {
        matches(&self.exclude, relative)
    }

    /// Whether a path below the root is one that was asked for.
    pub(crate) fn includes(&self, relative: &Path) -> bool {
        self.include.as_ref().is_none_or(|include| matches(include, relative))
    }

    /// Whether a pattern asks for files with the extension of this one.
    fn asks_extension(&self, relative: &Path) -> bool {
        self.extensions.is_match(relative)
    }
}

/// Whether a pattern ends with an extension: not `2023/**`, nor `*.*`.
fn names_extension(pattern: &str) -> bool {
    let name = pattern.rsplit('/').next().unwrap_or(pattern);
    name.rsplit_once('.').is_some_and(|(_, end)| !end.is_empty() && !end.contains(['*', '?', '[']))
}

fn glob_set(patterns: &[String]) -> Result<GlobSet, BadPattern> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        let bad = |error: globset::Error| BadPattern {
            pattern: pattern.clone(),
            cause: error.kind().clone(),
        };
        let trimmed = pattern.trim_start_matches("./").trim_end_matches('/');
        set.add(glob(trimmed).map_err(bad)?);
        if !trimmed.contains('/') {
            set.add(glob(&format!("**/{trimmed}")).map_err(bad)?);
        }
    }
    let all = patterns.join(" ");
    set.build().map_err(|error| BadPattern { pattern: all, cause: error.kind().clone() })
}

/// A pattern in which `*` stays within a name and `**` does not.
fn glob(pattern: &str) -> Result<Glob, globset::Error> {
    GlobBuilder::new(pattern).literal_separator(true).build()
}

/// Whether the path or a folder above it matches: `--include 2023` means what lies in `2023`.
fn matches(set: &GlobSet, relative: &Path) -> bool {
    !set.is_empty()
        && relative.ancestors().any(|path| !path.as_os_str().is_empty() && set.is_match(path))
}

/// A report to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundFile {
    /// The root as given joined with the way below it.
    pub path: PathBuf,
    /// Ordinal of its root in [`Walk::roots`].
    pub root: usize,
    /// What it is read as.
    pub format: Format,
    /// Its size in bytes when it was seen.
    pub size_bytes: u64,
    /// When it was last changed, where the file system tells.
    pub modified: Option<SystemTime>,
}

/// A file of a format that is not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotRead {
    /// Where.
    pub path: PathBuf,
    /// Its extension in lower case, empty when it has none.
    pub extension: String,
}

/// An entry that could not be looked at, or was not followed.
#[derive(Debug)]
pub struct Problem {
    /// Where.
    pub path: PathBuf,
    /// What.
    pub cause: ProblemCause,
}

/// Why an entry gave nothing.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProblemCause {
    /// The root is not there.
    #[error("not found")]
    Missing,
    /// The system refused.
    #[error("cannot be read: {0}")]
    Unreadable(io::Error),
    /// A link to a folder it lies in.
    #[error("link to a folder above itself, not followed")]
    Cycle,
    /// A link to something outside the root.
    #[error("link out of the folder to {}, not followed", .target.display())]
    LinkOut {
        /// Where it leads.
        target: PathBuf,
    },
    /// A link to nothing.
    #[error("link to nothing")]
    BrokenLink,
    /// A pipe, socket or device: never opened.
    #[error("{0}, not opened")]
    Special(&'static str),
}

impl ProblemCause {
    /// Whether reports may lie behind it that the walk could not see.
    pub fn hides_reports(&self) -> bool {
        matches!(self, Self::Missing | Self::Unreadable(_))
    }
}

/// What was seen of a root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RootState {
    /// Walked to the end, with at least one report.
    Complete,
    /// Something below it could not be looked at.
    Incomplete,
    /// Walked to the end without finding a report: perhaps a disk that is not mounted.
    Empty,
    /// Not there.
    Missing,
    /// There, and not readable itself.
    Unreadable,
}

impl RootState {
    /// Whether a report that was known below this root and was not seen now is really gone.
    pub fn allows_removal(self) -> bool {
        self == Self::Complete
    }
}

/// A root and what was seen of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root {
    /// As given.
    pub path: PathBuf,
    /// What was seen.
    pub state: RootState,
}

/// Every entry below the roots, sorted within each root by path.
#[derive(Debug, Default)]
pub struct Walk {
    /// The roots in the order given.
    pub roots: Vec<Root>,
    /// What to read; a file below two roots stands under the first.
    pub files: Vec<FoundFile>,
    /// Files of other formats.
    pub not_read: Vec<NotRead>,
    /// Companion folders of saved pages, not entered.
    pub companions: Vec<PathBuf>,
    /// What could not be looked at or was not followed.
    pub problems: Vec<Problem>,
}

/// Looks at everything below the roots.
///
/// Hidden entries and indexes are skipped; links are followed to files inside their root only. Once
/// `stop` is set nothing more is looked at: the roots that were not walked to their end say so.
pub fn walk(roots: &[PathBuf], options: &WalkOptions, stop: &AtomicBool) -> Walk {
    let mut walk = Walk::default();
    let mut seen = HashSet::new();
    for (ordinal, root) in roots.iter().enumerate() {
        let mut visit = RootVisit {
            options,
            root,
            ordinal,
            stop,
            seen: &mut seen,
            links: Vec::new(),
            reports: 0,
            found: Walk::default(),
        };
        let state = visit.run();
        let mut found = visit.found;
        found.files.sort_by(|a, b| a.path.cmp(&b.path));
        walk.roots.push(Root { path: root.clone(), state });
        walk.files.append(&mut found.files);
        walk.not_read.append(&mut found.not_read);
        walk.companions.append(&mut found.companions);
        walk.problems.append(&mut found.problems);
    }
    walk
}

/// The walk below one root.
struct RootVisit<'a> {
    options: &'a WalkOptions,
    root: &'a Path,
    ordinal: usize,
    stop: &'a AtomicBool,
    /// Real paths of the reports found so far, below all roots.
    seen: &'a mut HashSet<PathBuf>,
    /// Links to files inside the root, looked at last: the file under its own name goes first.
    links: Vec<(PathBuf, PathBuf)>,
    /// Reports below this root, those found before below another one included.
    reports: usize,
    found: Walk,
}

impl RootVisit<'_> {
    fn run(&mut self) -> RootState {
        let (metadata, real_root) =
            match fs::metadata(self.root).and_then(|m| Ok((m, self.root.canonicalize()?))) {
                Ok(found) => found,
                Err(error) => {
                    let state =
                        if is_gone(&error) { RootState::Missing } else { RootState::Unreadable };
                    self.problem(self.root.to_owned(), io_cause(error));
                    return state;
                }
            };
        if let Some(kind) = special(metadata.file_type()) {
            self.problem(self.root.to_owned(), ProblemCause::Special(kind));
            return RootState::Unreadable;
        }
        if metadata.is_file() {
            self.named_file(&metadata, real_root);
        } else {
            self.folder(&real_root);
        }
        let hidden = |problem: &Problem| problem.cause.hides_reports();
        if self.found.problems.iter().any(|problem| hidden(problem) && problem.path == self.root) {
            RootState::Unreadable
        } else if self.is_stopped() || self.found.problems.iter().any(hidden) {
            RootState::Incomplete
        } else if self.reports == 0 {
            RootState::Empty
        } else {
            RootState::Complete
        }
    }

    /// A file that the user named: read whatever its name, if its content is of a format that is read.
    fn named_file(&mut self, metadata: &Metadata, real: PathBuf) {
        let path = self.root.to_owned();
        match Named::of(&path) {
            Named::Format(format) => self.report(path, real, format, metadata),
            Named::Bare | Named::Other(_) => self.sniff(path, real, metadata),
        }
    }

    fn folder(&mut self, real_root: &Path) {
        let (root, options) = (self.root, self.options);
        let mut companions = Vec::new();
        let entries = WalkDir::new(root).sort_by_file_name().into_iter().filter_entry(|entry| {
            if entry.depth() == 0 {
                return true;
            }
            if is_hidden(entry.file_name())
                || options.excludes(below(root, entry.path()))
                || entry.file_type().is_dir() && is_index(entry.path())
            {
                return false;
            }
            let is_companion = entry.file_type().is_dir() && is_companion(entry.path());
            if is_companion {
                companions.push(entry.path().to_owned());
            }
            !is_companion
        });
        for entry in entries {
            if self.is_stopped() {
                break;
            }
            match entry {
                Ok(entry) => self.entry(&entry, real_root),
                Err(error) => self.entry_failed(error),
            }
        }
        self.found.companions = companions;
        for (path, real) in std::mem::take(&mut self.links) {
            match fs::metadata(&real) {
                Ok(metadata) => self.file(path, real, &metadata),
                Err(error) => self.problem(path, io_cause(error)),
            }
        }
    }

    fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    fn entry(&mut self, entry: &DirEntry, real_root: &Path) {
        let (path, kind) = (entry.path(), entry.file_type());
        if entry.depth() == 0 || kind.is_dir() {
            return;
        }
        if let Some(special) = special(kind) {
            self.problem(path.to_owned(), ProblemCause::Special(special));
        } else if kind.is_symlink() {
            self.link(path, real_root);
        } else {
            match entry.metadata() {
                Ok(metadata) => {
                    self.file(path.to_owned(), real_root.join(below(self.root, path)), &metadata);
                }
                Err(error) => self.entry_failed(error),
            }
        }
    }

    /// An entry that is gone since its folder was read is not there: no problem.
    fn entry_failed(&mut self, error: walkdir::Error) {
        let path = error.path().unwrap_or(self.root).to_owned();
        let cause = error.into_io_error().unwrap_or_else(|| io::ErrorKind::Other.into());
        if path == self.root || !is_gone(&cause) {
            self.problem(path, ProblemCause::Unreadable(cause));
        }
    }

    /// A folder inside the root is walked under its own name, so only links to files are remembered.
    fn link(&mut self, path: &Path, real_root: &Path) {
        let target = match path.canonicalize() {
            Ok(target) => target,
            Err(error) => {
                let is_broken = is_gone(&error);
                let cause = if is_broken {
                    ProblemCause::BrokenLink
                } else {
                    ProblemCause::Unreadable(error)
                };
                return self.problem(path.to_owned(), cause);
            }
        };
        let here = path.parent().and_then(|parent| parent.canonicalize().ok()).unwrap_or_default();
        if here.starts_with(&target) {
            self.problem(path.to_owned(), ProblemCause::Cycle);
        } else if !target.starts_with(real_root) {
            self.problem(path.to_owned(), ProblemCause::LinkOut { target });
        } else if let Some(kind) =
            fs::metadata(&target).ok().and_then(|metadata| special(metadata.file_type()))
        {
            self.problem(path.to_owned(), ProblemCause::Special(kind));
        } else if target.is_file() {
            self.links.push((path.to_owned(), target));
        }
    }

    fn file(&mut self, path: PathBuf, real: PathBuf, metadata: &Metadata) {
        if !self.options.includes(below(self.root, &path)) {
            return;
        }
        match Named::of(&path) {
            Named::Format(format) => self.report(path, real, format, metadata),
            Named::Bare => self.sniff(path, real, metadata),
            Named::Other(_) if self.options.asks_extension(below(self.root, &path)) => {
                self.sniff(path, real, metadata);
            }
            Named::Other(extension) => self.found.not_read.push(NotRead { path, extension }),
        }
    }

    fn sniff(&mut self, path: PathBuf, real: PathBuf, metadata: &Metadata) {
        match format_by_content(&path) {
            Ok(Some(format)) => self.report(path, real, format, metadata),
            Ok(None) => {
                let extension = match Named::of(&path) {
                    Named::Other(extension) => extension,
                    Named::Bare | Named::Format(_) => String::new(),
                };
                self.found.not_read.push(NotRead { path, extension });
            }
            Err(error) => self.problem(path, io_cause(error)),
        }
    }

    fn report(&mut self, path: PathBuf, real: PathBuf, format: Format, metadata: &Metadata) {
        self.reports += 1;
        if self.seen.insert(real) {
            let (size_bytes, modified) = (metadata.len(), metadata.modified().ok());
            self.found.files.push(FoundFile {
                path,
                root: self.ordinal,
                format,
                size_bytes,
                modified,
            });
        }
    }

    fn problem(&mut self, path: PathBuf, cause: ProblemCause) {
        self.found.problems.push(Problem { path, cause });
    }
}

/// What a file's name says about its format.
#[derive(Debug)]
pub(crate) enum Named {
    /// A format that is read.
    Format(Format),
    /// No extension, or a dot that begins none: `1.关于工作的报告`, `2023.06`.
    Bare,
    /// Another extension, in lower case.
    Other(String),
}

impl Named {
    pub(crate) fn of(path: &Path) -> Self {
        let Some(extension) = path.extension().and_then(OsStr::to_str).map(str::to_ascii_lowercase)
        else {
            return Self::Bare;
        };
        let is_extension = extension.len() <= 8
            && extension.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && extension.bytes().any(|byte| byte.is_ascii_alphabetic());
        match Format::from_extension(&extension) {
            Some(format) => Self::Format(format),
            None if is_extension => Self::Other(extension),
            None => Self::Bare,
        }
    }
}

/// What a file is whose name does not say it; `None` for what is not read.
fn format_by_content(path: &Path) -> io::Result<Option<Format>> {
    let mut start = Vec::new();
    let start_bytes = u64::try_from(sniff::START_BYTES).unwrap_or(u64::MAX);
    crate::ingest::open_regular(path)?.take(start_bytes).read_to_end(&mut start)?;
    if !sniff::needs_whole(&start) {
        let found = sniff(&start, None).ok();
        return Ok(found.filter(|&found| found != Format::Plain || decode::is_text(&start)));
    }
    match read_bytes(path, &Limits::default()) {
        Ok(bytes) => Ok(sniff(&bytes, None).ok()),
        Err(ReadError::Io(error)) => Err(error),
        // What is too large under the usual limits is listed or read as the limits of the run have it.
        Err(ReadError::OverLimit(_)) => Ok(sniff(&start, None).ok()),
        Err(_) => Ok(None),
    }
}

/// The part of a path below the root.
fn below<'a>(root: &Path, path: &'a Path) -> &'a Path {
    path.strip_prefix(root).unwrap_or(path)
}

/// Whether a folder is an index, wherever it was put with `--index`: its lists and a user's vocabularies are no reports.
fn is_index(folder: &Path) -> bool {
    folder.join("index/.meta.copy").is_file()
}

/// Hidden files, and the marks that office programs put beside an open document: `~$报告.docx`.
pub(crate) fn is_hidden(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    name.starts_with(b".") || name.starts_with(b"~$")
}

/// Whether the folder holds the pictures and styles of a saved page that stands beside it.
fn is_companion(folder: &Path) -> bool {
    let Some(page) = folder.file_name().and_then(OsStr::to_str).and_then(companion_stem) else {
        return false;
    };
    PAGE_EXTENSIONS
        .iter()
        .any(|extension| folder.with_file_name(format!("{page}.{extension}")).is_file())
}

/// The page, without extension, whose companion folder is called so.
pub(crate) fn companion_stem(folder: &str) -> Option<&str> {
    COMPANION_ENDINGS.iter().find_map(|ending| folder.strip_suffix(ending))
}

/// Whether a file of that extension may have a companion folder.
#[cfg(feature = "archives")]
pub(crate) fn is_page_extension(extension: &str) -> bool {
    PAGE_EXTENSIONS.contains(&extension)
}

/// What a file is that is neither a file nor a folder nor a link.
fn special(kind: FileType) -> Option<&'static str> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        if kind.is_fifo() {
            return Some("named pipe");
        } else if kind.is_socket() {
            return Some("socket");
        } else if kind.is_block_device() || kind.is_char_device() {
            return Some("device");
        }
    }
    let is_plain = kind.is_file() || kind.is_dir() || kind.is_symlink();
    (!is_plain).then_some("special file")
}

fn io_cause(error: io::Error) -> ProblemCause {
    if is_gone(&error) { ProblemCause::Missing } else { ProblemCause::Unreadable(error) }
}

fn is_gone(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tempfile::TempDir;

    /// A folder with these files; a name that ends in a slash is a folder.
    fn tree(names: &[&str]) -> TempDir {
        let folder = TempDir::new().unwrap();
        for name in names {
            let path = folder.path().join(name);
            if name.ends_with('/') {
                fs::create_dir_all(path).unwrap();
            } else {
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, "文字").unwrap();
            }
        }
        folder
    }

    fn walked(folder: &TempDir) -> Walk {
        walk(&[folder.path().to_owned()], &WalkOptions::default(), &AtomicBool::new(false))
    }

    #[track_caller]
    fn check_files(folder: &TempDir, walk: &Walk, expected: &[&str]) {
        let files: Vec<_> = walk
            .files
            .iter()
            .map(|file| below(folder.path(), &file.path).to_str().unwrap())
            .collect();
        assert_eq!(files, expected);
    }

    fn causes(walk: &Walk) -> Vec<String> {
        walk.problems.iter().map(|problem| problem.cause.to_string()).collect()
    }

    #[test]
    fn an_index_below_the_root_is_not_entered() {
        let folder = tree(&["a.txt", "own/index/.meta.copy", "own/schema/b.txt", "index/c.txt"]);
        let walk = walked(&folder);
        check_files(&folder, &walk, &["a.txt", "index/c.txt"]);
        assert!(walk.not_read.is_empty(), "{:?}", walk.not_read);
    }

    #[test]
    fn reports_are_found_sorted_whatever_the_case_of_their_extension() {
        let folder =
            tree(&["b.TXT", "a/z.html", "a.md", "c.jsonl", "d.shtml", "e.tar.gz", "~$f.docx"]);
        let walk = walked(&folder);
        let names = ["a/z.html", "a.md", "b.TXT", "c.jsonl", "d.shtml", "e.tar.gz"];
        check_files(&folder, &walk, &names);
        assert_eq!((walk.files[0].format, walk.files[5].format), (Format::Html, Format::Gzip));
        assert_eq!(walk.roots[0].state, RootState::Complete);
    }

    #[test]
    fn hidden_entries_and_the_index_are_skipped() {
        let folder = tree(&["a.txt", ".b.txt", ".fangzhi/c.txt"]);
        check_files(&folder, &walked(&folder), &["a.txt"]);
    }

    #[test]
    fn other_formats_are_listed_and_files_without_extension_are_looked_into() {
        let folder = tree(&["a.rtf", "b", "1.关于工作的报告", "2023.06"]);
        fs::write(folder.path().join("c"), b"abc\0def").unwrap();
        fs::write(folder.path().join("d"), b"%PDF-1.4\n").unwrap();
        fs::write(folder.path().join("e"), b"PK\x05\x06").unwrap();
        fs::write(folder.path().join("f"), b"{\\rtf1").unwrap();
        let walk = walked(&folder);
        check_files(&folder, &walk, &["1.关于工作的报告", "2023.06", "b", "d", "e"]);
        assert_eq!((walk.files[3].format, walk.files[4].format), (Format::Pdf, Format::Zip));
        let not_read: Vec<_> = walk.not_read.iter().map(|file| file.extension.as_str()).collect();
        assert_eq!(not_read, ["rtf", "", ""]);
    }

    #[test]
    fn a_companion_folder_is_one_entry_and_its_files_are_none() {
        let folder = tree(&["页.html", "页_files/x.html", "other_files/a.txt"]);
        let walk = walked(&folder);
        check_files(&folder, &walk, &["other_files/a.txt", "页.html"]);
        assert_eq!(walk.companions, [folder.path().join("页_files")]);
    }

    #[test]
    fn patterns_choose_by_name_or_path() {
        let folder = tree(&["a.txt", "b.md", "草稿/c.txt", "d/e.txt"]);
        let options = |include: &[&str], exclude: &[&str]| {
            let owned =
                |list: &[&str]| list.iter().map(|&item| item.to_owned()).collect::<Vec<_>>();
            WalkOptions::new(&owned(include), &owned(exclude)).unwrap()
        };
        let run = |options| walk(&[folder.path().to_owned()], &options, &AtomicBool::new(false));
        check_files(&folder, &run(options(&["*.txt"], &["草稿"])), &["a.txt", "d/e.txt"]);
        check_files(&folder, &run(options(&["d"], &[])), &["d/e.txt"]);
        check_files(&folder, &run(options(&[], &["*/*.txt"])), &["a.txt", "b.md"]);
        check_files(&folder, &run(options(&["**/*.txt"], &["./d/"])), &["a.txt", "草稿/c.txt"]);
        assert!(WalkOptions::new(&["[".to_owned()], &[]).is_err());
    }

    #[test]
    fn a_pattern_that_names_an_extension_asks_for_text_of_other_extensions() {
        let folder = tree(&["a.log", "b.txt", "c.clean", "d/e.log", "d/f.json"]);
        fs::write(folder.path().join("g.log"), b"abc\0def").unwrap();
        let run = |include: &str| {
            let options = WalkOptions::new(&[include.to_owned()], &[]).unwrap();
            walk(&[folder.path().to_owned()], &options, &AtomicBool::new(false))
        };
        check_files(&folder, &run("*.log"), &["a.log", "d/e.log"]);
        assert_eq!(run("*.log").not_read.len(), 1);
        check_files(&folder, &run("*.{clean,json}"), &["c.clean", "d/f.json"]);
        check_files(&folder, &run("d/*.json"), &["d/f.json"]);
        check_files(&folder, &run("c.clean"), &["c.clean"]);
        for other in ["d", "d/**", "*.*", "*"] {
            assert!(run(other).files.iter().all(|file| file.path.ends_with("b.txt")), "{other}");
        }
    }

    #[test]
    fn a_missing_or_empty_root_allows_no_removal() {
        let folder = tree(&["empty/", "a.txt"]);
        let roots =
            [folder.path().join("empty"), folder.path().join("none"), folder.path().join("a.txt")];
        let walk = walk(&roots, &WalkOptions::default(), &AtomicBool::new(false));
        let states: Vec<_> = walk.roots.iter().map(|root| root.state).collect();
        assert_eq!(states, [RootState::Empty, RootState::Missing, RootState::Complete]);
        assert!(!states[0].allows_removal() && !states[1].allows_removal());
        assert_eq!(causes(&walk), ["not found"]);
    }

    #[test]
    fn a_file_below_two_roots_is_read_once() {
        let folder = tree(&["a/b.txt"]);
        let roots = [folder.path().to_owned(), folder.path().join("a")];
        let walk = walk(&roots, &WalkOptions::default(), &AtomicBool::new(false));
        assert_eq!(walk.files.len(), 1);
        assert_eq!(walk.roots[1].state, RootState::Complete);
    }

    #[test]
    fn a_named_file_is_read_whatever_its_extension_when_it_is_text() {
        let folder = tree(&["a.log"]);
        let walk =
            walk(&[folder.path().join("a.log")], &WalkOptions::default(), &AtomicBool::new(false));
        assert_eq!(walk.files.len(), 1);
    }

    #[cfg(unix)]
    mod unix {
        use super::*;
        use std::os::unix::ffi::OsStrExt;
        use std::os::unix::fs::symlink;

        #[test]
        fn links_are_followed_to_files_inside_only_and_never_twice() {
            let outside = tree(&["secret.txt"]);
            let folder = tree(&["a.txt", ".store/object", "sub/"]);
            let link = |to: &Path, name: &str| symlink(to, folder.path().join(name)).unwrap();
            link(&folder.path().join("a.txt"), "same.txt");
            link(&folder.path().join(".store/object"), "kept.txt");
            link(&outside.path().join("secret.txt"), "out.txt");
            link(outside.path(), "outdir");
            link(folder.path(), "sub/up");
            link(Path::new("nothing"), "broken.txt");
            link(Path::new("loop"), "loop");
            let walk = walked(&folder);
            check_files(&folder, &walk, &["a.txt", "kept.txt"]);
            let causes = causes(&walk);
            assert_eq!(causes.len(), 5, "{causes:?}");
            assert_eq!(
                causes.iter().filter(|cause| cause.starts_with("link out of the folder")).count(),
                2
            );
            assert!(causes.iter().any(|cause| cause.starts_with("link to a folder above")));
            assert!(causes.iter().any(|cause| cause == "link to nothing"));
        }

        #[test]
        fn a_pipe_is_listed_and_not_opened() {
            let folder = tree(&["a.txt"]);
            let pipe = folder.path().join("pipe.txt");
            let made = std::process::Command::new("mkfifo").arg(&pipe).status();
            if made.is_ok_and(|status| status.success()) {
                assert_eq!(causes(&walked(&folder)), ["named pipe, not opened"]);
            }
        }

        #[test]
        fn a_name_that_is_not_utf8_is_found() {
            let folder = tree(&[]);
            fs::write(folder.path().join(OsStr::from_bytes(b"\xb1\xa8\xb8\xe6.txt")), "文字")
                .unwrap();
            assert_eq!(walked(&folder).files.len(), 1);
        }

        #[test]
        fn an_unreadable_folder_makes_the_walk_incomplete() {
            use std::os::unix::fs::PermissionsExt;
            let folder = tree(&["a.txt", "locked/b.txt"]);
            let locked = folder.path().join("locked");
            fs::set_permissions(&locked, fs::Permissions::from_mode(0o000)).unwrap();
            let is_root = fs::read_dir(&locked).is_ok(); // The superuser reads everything.
            let state = walked(&folder).roots[0].state;
            fs::set_permissions(&locked, fs::Permissions::from_mode(0o755)).unwrap();
            assert_eq!(state, if is_root { RootState::Complete } else { RootState::Incomplete });
        }
    }
}
