//! Reading, cleaning, tagging and indexing many files: workers, one writer, progress events, totals.
//!
//! [`retag`] gives what is stored other tags, [`set_tags`] corrects those of single paragraphs, without reading files.
//! `changes` decides what to do with each file, `read` and `report` turn a file into documents, [`run`] lets workers do so and one
//! writer take it all in. Invariant: a file is in the index as a whole, of one reading, with its record, or not at all.

mod alone;
mod attach;
mod changes;
mod correct;
mod doubtful;
mod failure;
#[cfg(test)]
mod faults;
mod inspect;
mod intake;
mod memory;
mod read;
mod repair;
mod report;
mod retag;
mod run;

pub use alone::write_alone;
pub use correct::{Correction, OverrideState, changed_files, overrides, set_tags, unset_tags};
pub use doubtful::{Doubt, DoubtAbout, DoubtRequest, doubtful};
pub use failure::KEPT_BEFORE;
pub use inspect::{Inspected, inspect};
pub use memory::Memory;
pub use repair::{RepairSummary, repair};
pub use retag::{RetagProgress, RetagRequest, RetagSummary, TagChange, retag};
pub use run::{rebuild, run};

use crate::index::{Fingerprints, IndexError, OpenIndex, PartialFile};
use crate::ingest::limits::Limits;
use crate::ingest::ocr::OcrCommand;
use crate::ingest::sandbox::ExtractorCommand;
use crate::model::{EncodingReport, Note};
use crate::vocab::{VocabError, Vocabulary};
use std::path::PathBuf;
use std::time::Duration;

/// What to bring into the index, and how.
#[derive(Debug, Clone)]
pub struct IndexRequest {
    /// Files and folders, absolute; empty refreshes the remembered roots.
    pub paths: Vec<PathBuf>,
    /// Only files that match one of these globs; empty for all.
    pub include: Vec<String>,
    /// No files or folders that match one of these globs.
    pub exclude: Vec<String>,
    /// Encoding of every text file, as a WHATWG label; `None` guesses.
    pub encoding: Option<String>,
    /// How much of a file is taken in.
    pub limits: Limits,
    /// How the process is started that takes text out of formats other than plain text; `None` does so in this one.
    pub extractor: Option<ExtractorCommand>,
    /// What reads PDFs whose pages are pictures; `None` lists them as failed.
    pub ocr: Option<OcrCommand>,
    /// Worker threads that read and clean; 0 takes one a core, as far as there is memory for them.
    pub jobs: usize,
    /// The most memory for what is read and written. A file that is read whole may have an eighth of it.
    pub memory: Memory,
    /// Remove reports that vanished even when they are more than half of their root.
    pub prune: bool,
    /// Keep reports that vanished.
    pub keep_missing: bool,
    /// Remembered files and folders, absolute, that are remembered no more, and those below them: what the index holds
    /// of them goes, be they there or not, but for what another remembered folder holds. Nothing with `keep_missing`; an
    /// error where one of `paths` is not all there.
    pub forget: Vec<PathBuf>,
    /// Say what would be done, change nothing.
    pub dry_run: bool,
    /// Read every file again, changed or not.
    pub reread: bool,
    /// Merge to one segment at the end.
    pub optimize: bool,
    /// How long to wait while another process writes to the index; zero is an error at once.
    pub wait: Duration,
    /// What is finished is committed when so much time went by since the last commit, or at the next file's end.
    pub commit_every: Duration,
    /// Or when files of so many bytes were read since then.
    pub commit_bytes: u64,
}

impl Default for IndexRequest {
    fn default() -> Self {
        Self {
            paths: Vec::new(),
            include: Vec::new(),
            exclude: Vec::new(),
            encoding: None,
            limits: Limits::default(),
            extractor: None,
            ocr: None,
            jobs: 0,
            memory: Memory::default(),
            prune: false,
            keep_missing: false,
            forget: Vec::new(),
            dry_run: false,
            reread: false,
            optimize: false,
            wait: Duration::ZERO,
            commit_every: Duration::from_secs(60),
            commit_bytes: 256 << 20,
        }
    }
}

/// What a file gave that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadFile {
    /// How its bytes became text; `None` for a JSONL file without a readable record.
    pub encoding: Option<EncodingReport>,
    /// Pieces found in it.
    pub articles: usize,
    /// Paragraphs indexed.
    pub paragraphs: usize,
    /// Lines left out as boilerplate.
    pub dropped: usize,
    /// What a person should know.
    pub notes: Vec<Note>,
    /// Itself, its members and records where text is missing: the first of them.
    pub in_part: Vec<PartialFile>,
    /// How many of them there are.
    pub in_part_total: u64,
}

/// What became of one file or record.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// New in the index.
    Added(Box<ReadFile>),
    /// Changed since it was last read, and read again.
    Updated(Box<ReadFile>),
    /// Known and unchanged: what it gave when it was read.
    Unchanged(Box<ReadFile>),
    /// The content of a file that is gone, under a new path.
    Moved {
        /// Where it was.
        from: PathBuf,
        /// What it gave.
        read: Box<ReadFile>,
    },
    /// Vanished, and its paragraphs with it.
    Removed,
    /// Vanished or excluded, and kept in the index.
    Kept,
    /// Could not be read; what was known of it stays.
    Failed {
        /// Cause, without the path.
        cause: String,
        /// A code for the hint that goes with it: `permission`, `binary`, `undecided`, `wrong-encoding`,
        /// `too-large`, `vanished`, `special`, `link`, `record`, `other`.
        code: &'static str,
    },
    /// Of no format that is read.
    NotRead,
}

/// Progress of an indexing run.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// Another process writes to the index; the run waits for it.
    Waiting,
    /// The folders were walked.
    Found {
        /// Files to look at.
        files: usize,
        /// Their bytes.
        bytes: u64,
    },
    /// One file or record is done.
    File {
        /// Its path.
        path: PathBuf,
        /// Record id or line in a JSONL file.
        record: Option<String>,
        /// Its bytes; 0 for records.
        bytes: u64,
        /// How long a worker read, cleaned and tagged it, waits for the writer included; zero where none did.
        took: Duration,
        /// What became of it.
        outcome: Outcome,
    },
    /// All files are read; paragraphs are being compared for reprints.
    Comparing,
    /// So many pairs of paragraphs that may be reprints are compared.
    Compared {
        /// Pairs that are done.
        done: u64,
        /// All of them.
        all: u64,
    },
    /// What was done so far is safe on disk.
    Committed {
        /// Paragraphs in the index.
        paragraphs: u64,
    },
}

/// Totals of an indexing run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct IndexSummary {
    /// Reports new in the index.
    pub added: usize,
    /// Reports read again.
    pub updated: usize,
    /// Reports known and unchanged.
    pub unchanged: usize,
    /// Reports under a new path.
    pub moved: usize,
    /// Reports removed.
    pub removed: usize,
    /// Reports that vanished and were kept, with the root they belonged to.
    pub kept_missing: Vec<(PathBuf, usize)>,
    /// Files in the index that this run does not include; they stay as they were.
    pub not_included: usize,
    /// Files not read, by extension (or `companion`, `special`), with how many.
    pub not_read: Vec<(String, usize)>,
    /// Files and records that failed: path with record, cause, hint code.
    pub failed: Vec<(String, String, &'static str)>,
    /// Files, members and records that were read in part, in this run or, when they are unchanged, before: of each
    /// file the first of them.
    pub in_part: Vec<PartialFile>,
    /// How many of them there are.
    pub in_part_total: u64,
    /// Roots that were named without options and read with those of an earlier run.
    pub as_before: Vec<RootOptions>,
    /// Roots that were missing, unreadable or empty: nothing below them was removed.
    pub bad_roots: Vec<(PathBuf, String)>,
    /// Roots with a folder or file below that could not be looked at: nothing below them was removed.
    pub incomplete_roots: Vec<PathBuf>,
    /// Paragraphs added in this run.
    pub paragraphs: u64,
    /// Paragraphs in the index now.
    pub paragraphs_total: u64,
    /// Reports in the index now: files, members of archives and records that were read.
    pub reports_total: u64,
    /// Reports among them without a paragraph.
    pub reports_without_text: u64,
    /// Bytes of files read in this run.
    pub bytes_read: u64,
    /// Wall time.
    pub elapsed: Duration,
    /// What of it went into comparing paragraphs with each other; `benches/reprints.rs` prints it.
    pub compare_elapsed: Duration,
    /// Stopped before the end by the user; what was finished is in the index.
    pub interrupted: bool,
}

/// How a root was asked for.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct RootOptions {
    /// The folder or file, absolute.
    pub root: PathBuf,
    /// Only files that match one of these globs; empty for all.
    pub include: Vec<String>,
    /// No files or folders that match one of these globs.
    pub exclude: Vec<String>,
    /// Encoding of every text file.
    pub encoding: Option<String>,
}

/// Why a run stopped.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PipelineError {
    /// The index could not be opened or written; the last commit stands.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// A vocabulary or the corrections by hand could not be read or written.
    #[error(transparent)]
    Vocab(#[from] VocabError),
    /// The texts of the index were cut by other words than those in use; what is written among them must be cut alike.
    #[error("{path}: the words of this index are others than those in use", path = .path.display())]
    OtherWords {
        /// The index.
        path: PathBuf,
    },
    /// An option cannot be used.
    #[error("{option}: {cause}")]
    Option {
        /// Name of the option.
        option: &'static str,
        /// What is wrong with it.
        cause: String,
    },
    /// A place named with what is to be forgotten is not all there, and what moved to it could not be known again.
    /// Nothing was done.
    #[error("{path}: {cause}; nothing was forgotten", path = .path.display())]
    NewPlace {
        /// The place.
        path: PathBuf,
        /// What it is: `empty`, `missing`, `unreadable` or `incomplete`.
        cause: &'static str,
    },
    /// The file to look at could not be read.
    #[error("{path}: {cause}", path = .path.display())]
    File {
        /// Where.
        path: PathBuf,
        /// Why.
        cause: String,
        /// A code for the hint that goes with it, as in [`Outcome::Failed`].
        code: &'static str,
    },
}

/// An error where the texts of an index were cut by other words than those of a vocabulary.
fn same_words(index: &OpenIndex, vocabulary: &Vocabulary) -> Result<(), PipelineError> {
    let current = Fingerprints::current(vocabulary.fingerprint().whole());
    if index.payload.fingerprints.lexicon == current.lexicon {
        return Ok(());
    }
    Err(PipelineError::OtherWords { path: index.dir.clone() })
}
