//! How the command ends: exit codes, and failures as a cause with hints a person can act on.

use crate::index;
use crate::lang::{self, Lang, tr};
use crate::vocabulary;
use fangzhi::index::{IndexError, damage};
use fangzhi::pipeline::PipelineError;
use fangzhi::search::SearchError;
use std::io;
use std::path::Path;
use std::process::ExitCode;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done; a search found something.
    Fine,
    /// A search found nothing.
    Nothing,
    /// Something failed and was reported.
    Failed,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Fine => 0,
            Exit::Nothing => 1,
            Exit::Failed => 2,
        })
    }
}

/// Why a command stopped.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A cause in the language of the person, and what to do about it.
    Said {
        /// What happened, with the thing it happened to.
        cause: String,
        /// What can be done, one step each.
        hints: Vec<String>,
    },
    /// Standard output could not be written; a closed pipe is no failure.
    Output(io::Error),
}

impl Failure {
    /// A failure without a hint.
    pub(crate) fn new(cause: impl Into<String>) -> Self {
        Self::Said { cause: cause.into(), hints: Vec::new() }
    }

    /// The same failure with one more hint.
    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        if let Self::Said { hints, .. } = &mut self {
            hints.push(hint.into());
        }
        self
    }

    /// A file or folder that could not be read or written.
    pub(crate) fn io(lang: Lang, path: &Path, cause: &io::Error) -> Self {
        Self::new(io_cause(lang, path, cause))
    }

    /// An index that could not be opened or written.
    pub(crate) fn index(lang: Lang, error: &IndexError) -> Self {
        match error {
            IndexError::Missing { path } => {
                Self::new(tr!(lang, "{path}: no index here", path = path.display()))
                    .hint(tr!(lang, "make one with `fangzhi index FOLDER`, or search files directly with `fangzhi search QUERY FOLDER`"))
            }
            IndexError::Version { path, found, wanted } => Self::new(tr!(
                lang,
                "{path}: made with index schema {found}, this program reads {wanted}",
                path = path.display(),
                found = found,
                wanted = wanted
            ))
            .hint(tr!(lang, "`fangzhi index` makes it anew from the files; own vocabularies and corrections stay")),
            IndexError::Damaged { path, cause } => {
                Self::new(tr!(lang, "{path}: damaged index: {cause}", path = path.display(), cause = lang::cause(lang, cause)))
                    .hint(tr!(lang, "`fangzhi repair` reads again from the files what is damaged; where it cannot, remove `index` in this folder and index again; keep `schema`, it holds own vocabularies and corrections"))
            }
            IndexError::Lost { path } => {
                Self::new(tr!(lang, "{path}: damaged index: meta.json and its copy", path = path.display()))
                    .hint(tr!(lang, "remove '{path}/index' and name its folders again: fangzhi index FOLDER… --index '{path}'; keep '{path}/schema', it holds own vocabularies and corrections", path = path.display()))
            }
            IndexError::Locked { path } => {
                Self::new(tr!(lang, "{path}: another process is updating this index", path = path.display()))
                    .hint(tr!(lang, "wait until it is done, or let it be waited for with --wait 600; searching works meanwhile"))
            }
            IndexError::ReadOnly { path, cause } => {
                Self::new(tr!(lang, "{path}: cannot write: {cause}", path = path.display(), cause = lang::cause(lang, cause)))
                    .hint(tr!(lang, "choose another folder with --index DIR, or change its permissions"))
            }
            IndexError::DiskFull { path } => {
                Self::new(tr!(lang, "{path}: no space left on the disk", path = path.display()))
                    .hint(tr!(lang, "make room and run the same command again; what was committed is kept"))
            }
            IndexError::NotAnIndex { path } => {
                Self::new(tr!(lang, "{path}: not an index and not empty", path = path.display()))
                    .hint(tr!(lang, "choose an empty or new folder with --index DIR"))
            }
            IndexError::Other { path, cause } => {
                // The engine often does not say that a file is damaged, only what it stumbled over.
                let damaged = damage(path);
                if !damaged.is_empty() {
                    let (path, cause) = (path.clone(), damaged.join(", "));
                    return Self::index(lang, &IndexError::Damaged { path, cause });
                }
                Self::new(format!("{}: {}", path.display(), lang::cause(lang, cause)))
            }
            other => Self::new(other.to_string()),
        }
    }

    /// A search that could not be answered.
    pub(crate) fn search(lang: Lang, error: &SearchError) -> Self {
        match error {
            SearchError::QueryTooLong { chars, max } => Self::new(tr!(
                lang,
                "the query has {chars} characters, most are {max}",
                chars = chars,
                max = max
            ))
            .hint(tr!(
                lang,
                "search for a shorter part of it; many queries go into a file for --batch"
            )),
            SearchError::Index(error) => Self::index(lang, error),
            other => Self::new(other.to_string()),
        }
    }

    /// A file named by the person that could not be read.
    fn file(lang: Lang, path: &Path, cause: &str, code: &str) -> Self {
        match code {
            "vanished" => Self::io(lang, path, &io::ErrorKind::NotFound.into()),
            "away" => Self::new(format!("{}: {}", path.display(), lang::cause(lang, cause)))
                .hint(tr!(lang, "what is damaged is read again from this folder: repair again when it is there; nothing was taken out")),
            "special" if path.is_dir() => {
                Self::new(tr!(lang, "{path}: a folder", path = path.display()))
                    .hint(tr!(lang, "name the files in it"))
            }
            _ => {
                let original = cause;
                let cause = index::failed_cause(lang, code, cause);
                let failure = Self::new(format!("{}: {cause}", path.display()));
                // To look at the file is what was just tried.
                match index::hint(lang, code, original).filter(|_| code != "binary") {
                    Some(hint) => failure.hint(hint.replace("FILE", &path.display().to_string())),
                    None => failure,
                }
            }
        }
    }

    /// An indexing run that stopped.
    pub(crate) fn pipeline(lang: Lang, error: &PipelineError) -> Self {
        match error {
            PipelineError::Index(error) => Self::index(lang, error),
            PipelineError::Option { option, cause } => {
                let cause = lang::cause(lang, cause);
                let failure = Self::new(format!("--{}: {cause}", option.trim_start_matches("--")));
                if option.contains("encoding") {
                    failure.hint(tr!(lang, "labels are those of the web: utf-8, gb18030, gbk, big5, utf-16le; see `fangzhi formats`"))
                } else if *option == "--forget" {
                    failure.hint(tr!(lang, "`fangzhi stats` names the remembered folders"))
                } else {
                    failure
                }
            }
            PipelineError::NewPlace { path, cause } => Self::new(format!(
                "{}: {}",
                path.display(),
                index::root_cause(lang, cause)
            ))
            .hint(tr!(lang, "nothing was read or forgotten: run it again when all of it is there")),
            PipelineError::Vocab(error) => vocabulary::failure(lang, error),
            PipelineError::File { path, cause, code } => Self::file(lang, path, cause, code),
            PipelineError::OtherWords { path } => Self::new(tr!(
                lang,
                "{path}: the words of this index are others than those in use",
                path = path.display()
            ))
            .hint(tr!(lang, "`fangzhi index` reads everything again")),
            other => Self::new(other.to_string()),
        }
    }
}

/// Why a file or folder could not be read or written.
pub(crate) fn io_cause(lang: Lang, path: &Path, cause: &io::Error) -> String {
    let known = match cause.kind() {
        io::ErrorKind::NotFound => Some(tr!(lang, "no such file or folder")),
        io::ErrorKind::PermissionDenied => Some(tr!(lang, "permission denied")),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            Some(tr!(lang, "no space left on the disk"))
        }
        _ => None,
    };
    let cause =
        known.map_or_else(|| lang::cause(lang, &cause.to_string()).into_owned(), str::to_owned);
    format!("{}: {cause}", path.display())
}

/// Writing to standard output is the only IO that is passed up bare.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}
