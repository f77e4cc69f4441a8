//! Why files give nothing, as codes: what can be done about them, and whether the next run tries again.

use crate::ingest::ReadError;
use crate::ingest::decode::DecodeError;
use crate::ingest::extract::{ExtractError, RecordCause};
use crate::ingest::limits::{LimitName, OverLimit};
use crate::pipeline::changes::Job;

/// Ends the cause of a failure where the index keeps what an earlier reading of the file gave.
pub const KEPT_BEFORE: &str = "; what was read of it before is kept";

/// Why a file gives nothing; what was read of it before stays, and that is said.
pub(super) fn failed_cause(job: &Job, error: &ReadError) -> String {
    let had_text = job.before().is_some_and(|before| before.paragraphs > 0);
    let kept = if had_text { KEPT_BEFORE } else { "" };
    format!("{error}{kept}")
}

/// The same, where it is that a file or record is too large, with the limit that lets it in: the memory of the run,
/// where that is what there is too little of.
pub(super) fn what_helps(error: ReadError, is_short_of_memory: bool) -> ReadError {
    match error {
        ReadError::OverLimit(over)
        | ReadError::Extract(ExtractError::OverLimit(over))
        | ReadError::Record(RecordCause::OverLimit(over)) => {
            let is_size = matches!(over.limit, LimitName::FileBytes | LimitName::RecordBytes);
            let limit = if is_size && is_short_of_memory { LimitName::Share } else { over.limit };
            ReadError::OverLimit(OverLimit { limit, ..over })
        }
        error => error,
    }
}

/// Every code that [`failure_code`] gives.
const FAILURE_CODES: [&str; 19] = [
    "binary",
    "crashed",
    "damaged",
    "encrypted",
    "link",
    "memory",
    "not-built",
    "not-read",
    "ocr",
    "permission",
    "record",
    "scanned",
    "special",
    "time",
    "too-large",
    "undecided",
    "unmapped",
    "vanished",
    "wrong-encoding",
];

/// A code as a record keeps it.
pub(super) fn known_code(code: &str) -> &'static str {
    FAILURE_CODES.into_iter().find(|known| *known == code).unwrap_or("other")
}

/// The hint that goes with a failure, as a code.
pub(super) fn failure_code(error: &ReadError) -> &'static str {
    match error {
        ReadError::Vanished => "vanished",
        ReadError::NotRegular => "special",
        ReadError::Io(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
            "permission"
        }
        ReadError::OverLimit(over) | ReadError::Extract(ExtractError::OverLimit(over)) => {
            match over.limit {
                LimitName::Seconds => "time",
                LimitName::Memory => "memory",
                _ => "too-large",
            }
        }
        ReadError::Extract(error) => match error {
            ExtractError::OverLimitBeyond { .. } => "too-large",
            ExtractError::Damaged { .. } => "damaged",
            ExtractError::Encrypted { .. } => "encrypted",
            ExtractError::Scanned { .. } => "scanned",
            ExtractError::Unmapped { .. } => "unmapped",
            ExtractError::NotRead { .. } => "not-read",
            ExtractError::NotBuilt { .. } => "not-built",
            _ => "other",
        },
        ReadError::Record(_) => "record",
        ReadError::Died { .. } => "crashed",
        ReadError::Ocr { .. } => "ocr",
        ReadError::Decode(DecodeError::Binary { .. } | DecodeError::Format { .. }) => "binary",
        ReadError::Decode(DecodeError::WrongEncoding { .. }) => "wrong-encoding",
        ReadError::Decode(_) => "undecided",
        _ => "other",
    }
}

/// Whether the failure is remembered: not where the file is gone, is no file, or was not read to see.
pub(super) fn is_remembered(error: &ReadError) -> bool {
    match error {
        ReadError::OverLimit(_)
        | ReadError::Decode(_)
        | ReadError::Extract(_)
        | ReadError::Internal
        | ReadError::Died { .. }
        | ReadError::Extractor { .. }
        | ReadError::Ocr { .. }
        | ReadError::Io(_) => true,
        ReadError::Vanished | ReadError::NotRegular | ReadError::Stopped | ReadError::Record(_) => {
            false
        }
    }
}

/// Whether other limits, a command that reads scanned pages, or other readers may let it be read.
pub(super) fn depends_on_run(error: &ReadError) -> bool {
    matches!(error, ReadError::Internal)
        || matches!(
            failure_code(error),
            "too-large"
                | "time"
                | "memory"
                | "scanned"
                | "unmapped"
                | "ocr"
                | "not-built"
                | "crashed"
        )
}

/// Whether it has nothing to do with what was read: the next run tries again.
pub(super) fn is_passing(error: &ReadError) -> bool {
    matches!(
        error,
        ReadError::Io(_) | ReadError::Extractor { .. } | ReadError::Ocr { .. } | ReadError::Stopped
    )
}
