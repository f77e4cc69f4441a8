//! Why an index could not be opened or written, told apart so that a person knows what to do.

use std::io;
use std::path::{Path, PathBuf};
use tantivy::TantivyError;
use tantivy::directory::error::{LockError, OpenDirectoryError, OpenReadError, OpenWriteError};

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
    /// The list of its segments is damaged, and nothing tells what stood in it.
    #[error("{path}: damaged index: meta.json and its copy", path = .path.display())]
    Lost {
        /// The folder.
        path: PathBuf,
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

impl IndexError {
    /// Sorts an error of the engine about the index in `dir`.
    pub(crate) fn from_engine(dir: &Path, error: TantivyError) -> Self {
        let path = dir.to_path_buf();
        match &error {
            TantivyError::LockFailure(LockError::LockBusy, _) => Self::Locked { path },
            TantivyError::LockFailure(LockError::IoError(io), _) | TantivyError::IoError(io) => {
                Self::from_io(dir, io)
            }
            TantivyError::OpenReadError(OpenReadError::FileDoesNotExist(file)) => {
                Self::Damaged { path, cause: format!("{} is missing", file.display()) }
            }
            TantivyError::OpenReadError(OpenReadError::IoError { io_error, .. })
                if io_error.kind() == io::ErrorKind::PermissionDenied =>
            {
                Self::Other { path, cause: format!("cannot be read: {io_error}") }
            }
            TantivyError::OpenReadError(OpenReadError::IoError { io_error, .. })
            | TantivyError::OpenWriteError(OpenWriteError::IoError { io_error, .. })
            | TantivyError::OpenDirectoryError(OpenDirectoryError::IoError { io_error, .. }) => {
                Self::from_io(dir, io_error)
            }
            TantivyError::OpenDirectoryError(OpenDirectoryError::DoesNotExist(_)) => {
                Self::Missing { path }
            }
            TantivyError::DataCorruption(_) | TantivyError::DeserializeError(_) => {
                Self::Damaged { path, cause: error.to_string() }
            }
            TantivyError::IncompatibleIndex(_)
            | TantivyError::OpenReadError(OpenReadError::IncompatibleIndex(_)) => Self::Version {
                path,
                found: error.to_string(),
                wanted: "this program's".to_owned(),
            },
            // A writer thread that could not write says so only in the text of its error.
            _ if error.to_string().contains("No space left")
                || error.to_string().contains("StorageFull") =>
            {
                Self::DiskFull { path }
            }
            _ => Self::Other { path, cause: error.to_string() },
        }
    }

    /// Sorts an error of the system about the index in `dir`.
    pub(crate) fn from_io(dir: &Path, error: &io::Error) -> Self {
        let path = dir.to_path_buf();
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull { path },
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                Self::ReadOnly { path, cause: error.to_string() }
            }
            // What is looked for in an index stands in its lists.
            io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof | io::ErrorKind::NotFound => {
                Self::Damaged { path, cause: error.to_string() }
            }
            _ => Self::Other { path, cause: error.to_string() },
        }
    }
}
