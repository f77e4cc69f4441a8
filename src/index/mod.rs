//! What stands on disk: schema, writer, report records, reader, check.

use std::path::{Path, PathBuf};

/// Why an index could not be opened or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IndexError {
    /// There is no index here.
    #[error("{path}: no index here", path = .path.display())]
    Missing {
        /// The folder.
        path: PathBuf,
    },
    /// Made by another version of the schema.
    #[error("{path}: made with index schema {found}, this program reads {wanted}", path = .path.display())]
    Version {
        /// The folder.
        path: PathBuf,
        /// Version found.
        found: String,
        /// Version this program reads.
        wanted: String,
    },
    /// A file of the index is damaged or gone.
    #[error("{path}: damaged index: {cause}", path = .path.display())]
    Damaged {
        /// The folder.
        path: PathBuf,
        /// What was met.
        cause: String,
    },
    /// Another process writes to it.
    #[error("{path}: another process is updating this index", path = .path.display())]
    Locked {
        /// The folder.
        path: PathBuf,
    },
    /// The folder cannot be written.
    #[error("{path}: cannot write: {cause}", path = .path.display())]
    ReadOnly {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        cause: String,
    },
    /// No room on the disk.
    #[error("{path}: no space left on the disk", path = .path.display())]
    DiskFull {
        /// The folder.
        path: PathBuf,
    },
    /// The folder is taken by something else.
    #[error("{path}: not an index and not empty", path = .path.display())]
    NotAnIndex {
        /// The folder.
        path: PathBuf,
    },
    /// Any other failure of the engine or the system.
    #[error("{path}: {cause}", path = .path.display())]
    Other {
        /// The folder.
        path: PathBuf,
        /// What was met.
        cause: String,
    },
}

/// Something wrong with an index.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Problem {
    /// A code: `checksum`, `report-counts`, `fingerprint`, …
    pub code: String,
    /// What and where.
    pub detail: String,
}

/// Which parts of the index were made with other data than this program has now; each names its remedy.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Outdated {
    /// `schema`, `lexicon`, `vocabularies` or `cleaning`.
    pub part: String,
    /// What to do: `new-index`, `reanalyze`, `retag`, `reread`.
    pub remedy: String,
}

/// What is known of an index without searching it.
#[derive(Debug, Clone, PartialEq)]
pub struct IndexInfo {
    /// Folders and files that a run without paths refreshes, absolute.
    pub roots: Vec<PathBuf>,
    /// Parts made with other data than this program's.
    pub outdated: Vec<Outdated>,
}

/// Reads what is known of the index in `dir`.
pub fn info(dir: &Path) -> Result<IndexInfo, IndexError> {
    let _ = dir;
    todo!()
}

/// Checks the index in `dir`: checksums, report records against paragraphs, fingerprints.
pub fn check(dir: &Path) -> Result<Vec<Problem>, IndexError> {
    let _ = dir;
    todo!()
}
