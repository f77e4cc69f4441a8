//! How much of the outside world is taken in at once.
//!
//! Every limit is a field of [`Limits`]; whoever refuses something because of one answers with [`OverLimit`], which
//! names the limit, so that the command can say which option raises it.

use serde::{Deserialize, Serialize};

/// Packed members that come to no more bytes may be packed as tightly as they like: XML of one repeated element is.
const RATIO_FREE_BYTES: u64 = 1 << 20;

/// The sizes above which input is refused or handled more plainly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Bytes of one file, or of one member of an archive, that is read whole (all formats but JSONL outside archives).
    pub file_bytes_max: u64,
    /// Bytes of one JSONL line, its line end included.
    pub record_bytes_max: usize,
    /// Bytes of decoded markup given to the main-text finder; larger pages give their whole text.
    pub html_bytes_max: usize,
    /// Nested elements given to the main-text finder, which recurses; deeper pages give their whole text.
    pub html_depth_max: usize,
    /// Pages of a PDF.
    pub pages_max: u64,
    /// Bytes that all members of a packed file (archive, office file, PDF) come to when unpacked.
    pub unpacked_bytes_max: u64,
    /// How many times its packed size a packed member may unpack to; see [`Limits::dense_bytes_max`].
    pub ratio_max: u64,
    /// Members of an archive.
    pub members_max: u64,
    /// Archives inside an archive: 1 reads an archive in an archive, 0 none.
    pub nesting_max: u64,
    /// Wall seconds for one file, or one member of an archive, in a process of its own. Cleaning and tagging, and all of
    /// plain text, CSV and JSONL, take time in proportion to the text, and end when the run is stopped.
    pub seconds_max: u64,
    /// Bytes of memory of that process.
    pub memory_bytes_max: u64,
}

impl Limits {
    /// The usual limits, but with files up to so many bytes, and records up to a quarter of that.
    pub fn of_files(file_bytes_max: u64) -> Self {
        let record_bytes_max = usize::try_from(file_bytes_max / 4).unwrap_or(usize::MAX);
        Self { file_bytes_max, record_bytes_max, ..Self::default() }
    }

    /// Bytes that a member of so many packed bytes may unpack to under [`Limits::ratio_max`]; a mebibyte is free.
    pub fn dense_bytes_max(&self, packed_bytes: u64) -> u64 {
        packed_bytes.saturating_mul(self.ratio_max).max(RATIO_FREE_BYTES)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes_max: 64 << 20,
            record_bytes_max: 16 << 20,
            html_bytes_max: 4 << 20,
            html_depth_max: 512,
            pages_max: 3_000,
            unpacked_bytes_max: 1 << 30,
            ratio_max: 200,
            members_max: 50_000,
            nesting_max: 1,
            seconds_max: 60,
            memory_bytes_max: 2 << 30,
        }
    }
}

/// Which limit was met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum LimitName {
    /// [`Limits::file_bytes_max`].
    FileBytes,
    /// [`Limits::record_bytes_max`].
    RecordBytes,
    /// [`Limits::pages_max`].
    Pages,
    /// [`Limits::unpacked_bytes_max`].
    UnpackedBytes,
    /// [`Limits::ratio_max`].
    Ratio,
    /// [`Limits::members_max`].
    Members,
    /// [`Limits::nesting_max`].
    Nesting,
    /// [`Limits::seconds_max`].
    Seconds,
    /// [`Limits::memory_bytes_max`].
    Memory,
}

impl LimitName {
    /// The command-line option that raises it.
    pub fn option(self) -> &'static str {
        match self {
            // A record may be a quarter of a file.
            Self::FileBytes | Self::RecordBytes => "--max-file-bytes",
            Self::Pages => "--max-pages",
            Self::UnpackedBytes => "--max-unpacked-bytes",
            Self::Ratio => "--max-ratio",
            Self::Members => "--max-members",
            Self::Nesting => "--max-nesting",
            Self::Seconds => "--max-seconds",
            Self::Memory => "--max-extract-memory",
        }
    }

    /// What it has and what it has it for: `has 12 bytes, the limit for a file is …`.
    fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::FileBytes => ("has", "bytes", "a file"),
            Self::RecordBytes => ("has", "bytes", "a record"),
            Self::Pages => ("has", "pages", "a file"),
            Self::UnpackedBytes => ("unpacks to", "bytes", "unpacked text"),
            Self::Ratio => ("unpacks to", "times its size", "unpacking"),
            Self::Members => ("has", "members", "an archive"),
            Self::Nesting => ("lies", "archives deep", "archives in an archive"),
            Self::Seconds => ("takes", "seconds", "a file"),
            Self::Memory => ("takes", "bytes of memory", "reading a file"),
        }
    }
}

/// Something is larger than its limit; raised with [`LimitName::option`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error(
    "{} {}{found} {}, the limit for {} is {max} ({} raises it)",
    limit.words().0,
    if *.exact { "" } else { "more than " },
    limit.words().1,
    limit.words().2,
    limit.option()
)]
pub struct OverLimit {
    /// Which limit.
    pub limit: LimitName,
    /// Its value, in the unit of the limit.
    pub max: u64,
    /// The value met; when not `exact`, at least this.
    pub found: u64,
    /// Whether `found` is the whole or only what was seen before reading stopped.
    pub exact: bool,
}

impl OverLimit {
    /// Reading stopped when more than the limit was met.
    pub fn more_than(limit: LimitName, max: u64) -> Self {
        Self { limit, max, found: max, exact: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_members_may_be_packed_as_tightly_as_they_like() {
        let limits = Limits { ratio_max: 10, ..Limits::default() };
        let most = [0, 1, 200_000, u64::MAX].map(|packed| limits.dense_bytes_max(packed));
        assert_eq!(most, [1 << 20, 1 << 20, 2_000_000, u64::MAX]);
    }

    #[test]
    fn the_message_names_size_limit_and_option() {
        let mut error = OverLimit { limit: LimitName::FileBytes, max: 10, found: 12, exact: true };
        assert_eq!(
            error.to_string(),
            "has 12 bytes, the limit for a file is 10 (--max-file-bytes raises it)"
        );
        error = OverLimit { limit: LimitName::Ratio, exact: false, ..error };
        assert_eq!(
            error.to_string(),
            "unpacks to more than 12 times its size, the limit for unpacking is 10 (--max-ratio raises it)"
        );
    }
}
