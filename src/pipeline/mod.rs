//! Reading, cleaning, tagging and indexing many files: workers, one writer, progress events, totals.

use crate::model::{EncodingReport, Note};
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
    /// Largest file that is read, in bytes.
    pub file_bytes_max: u64,
    /// Worker threads that read and clean; 0 takes one a core.
    pub jobs: usize,
    /// Memory of the index writer, in bytes.
    pub writer_bytes: usize,
    /// Remove reports that vanished even when they are more than half of their root.
    pub prune: bool,
    /// Keep reports that vanished.
    pub keep_missing: bool,
    /// Say what would be done, change nothing.
    pub dry_run: bool,
    /// Read every file again, changed or not.
    pub reread: bool,
    /// Merge to one segment at the end.
    pub optimize: bool,
}

impl Default for IndexRequest {
    fn default() -> Self {
        Self {
            paths: Vec::new(),
            include: Vec::new(),
            exclude: Vec::new(),
            encoding: None,
            file_bytes_max: 64 << 20,
            jobs: 0,
            writer_bytes: 128 << 20,
            prune: false,
            keep_missing: false,
            dry_run: false,
            reread: false,
            optimize: false,
        }
    }
}

/// What became of one file or record.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// New in the index.
    Added {
        /// How its bytes became text.
        encoding: EncodingReport,
        /// Pieces found in it.
        articles: usize,
        /// Paragraphs indexed.
        paragraphs: usize,
        /// Lines left out as boilerplate.
        dropped: usize,
        /// What a person should know.
        notes: Vec<Note>,
    },
    /// Changed since it was last read, and read again; fields as in `Added`.
    Updated {
        /// How its bytes became text.
        encoding: EncodingReport,
        /// Pieces found in it.
        articles: usize,
        /// Paragraphs indexed.
        paragraphs: usize,
        /// Lines left out as boilerplate.
        dropped: usize,
        /// What a person should know.
        notes: Vec<Note>,
    },
    /// Known and unchanged.
    Unchanged,
    /// Same content under a new path; not read again.
    Moved {
        /// Where it was.
        from: PathBuf,
    },
    /// Vanished, and its paragraphs with it.
    Removed,
    /// Of a format that is not read.
    NotRead {
        /// Why, as a code: `format`, `companion`, `special`.
        reason: &'static str,
    },
    /// Could not be read; what was known of it stays.
    Failed {
        /// Cause, without the path.
        cause: String,
        /// A code for the hint that goes with it: `permission`, `binary`, `undecided`, `too-large`, `vanished`, `record`, `other`.
        code: &'static str,
    },
}

/// Progress of an indexing run.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
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
        /// What became of it.
        outcome: Outcome,
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
    /// Files not read, by extension (or `companion`, `special`), with how many.
    pub not_read: Vec<(String, usize)>,
    /// Files and records that failed: path with record, cause, hint code.
    pub failed: Vec<(String, String, &'static str)>,
    /// Roots that were missing, unreadable or empty: nothing below them was removed.
    pub bad_roots: Vec<(PathBuf, String)>,
    /// Paragraphs added in this run.
    pub paragraphs: u64,
    /// Paragraphs in the index now.
    pub paragraphs_total: u64,
    /// Reports in the index now.
    pub reports_total: u64,
    /// Bytes of files read in this run.
    pub bytes_read: u64,
    /// Wall time.
    pub elapsed: Duration,
    /// Stopped before the end by the user; what was finished is in the index.
    pub interrupted: bool,
}

use crate::index::IndexError;
use crate::model::Report;
use crate::vocab::Vocabulary;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Why a run stopped.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PipelineError {
    /// The index could not be opened or written; the last commit stands.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// An option cannot be used.
    #[error("{option}: {cause}")]
    Option {
        /// Name of the option.
        option: &'static str,
        /// What is wrong with it.
        cause: String,
    },
}

/// Brings files into the index in `dir`, which is made when it does not exist. `stop` ends the run early after what
/// is finished has been committed.
pub fn run(
    dir: &Path,
    vocabulary: &Arc<Vocabulary>,
    request: &IndexRequest,
    stop: &AtomicBool,
    each: &mut dyn FnMut(Event),
) -> Result<IndexSummary, PipelineError> {
    let _ = (dir, vocabulary, request, stop, each);
    todo!()
}

/// A file read, cleaned and tagged, but not indexed.
#[derive(Debug, Clone, PartialEq)]
pub struct Inspected {
    /// Record id in a JSONL file.
    pub record: Option<String>,
    /// The report, or why it gave none.
    pub report: Result<Report, String>,
}

/// Reads one file as indexing would, for view.
pub fn inspect(
    path: &Path,
    vocabulary: &Arc<Vocabulary>,
    request: &IndexRequest,
    each: &mut dyn FnMut(Inspected),
) -> Result<(), PipelineError> {
    let _ = (path, vocabulary, request, each);
    todo!()
}
