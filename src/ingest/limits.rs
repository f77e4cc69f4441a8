//! How much of the outside world is taken in at once.
//!
//! Every limit is a field of [`Limits`]; whoever refuses something because of one answers with [`OverLimit`], which
//! names the limit, so that the command can say which option raises it.

use serde::{Deserialize, Serialize};
use std::fmt;

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
    /// The least of [`Limits::memory_bytes_max`]: what the process has of its own, its stack and a small file.
    pub const MEMORY_BYTES_MIN: u64 = 96 << 20;

    /// The usual limits, but with files up to so many bytes, and records up to a quarter of that.
    pub fn of_files(file_bytes_max: u64) -> Self {
        let record_bytes_max = usize::try_from(file_bytes_max / 4).unwrap_or(usize::MAX);
        Self { file_bytes_max, record_bytes_max, ..Self::default() }
    }

    /// The same, with files and records up to those of [`Limits::of_files`], where these are smaller.
    pub fn with_files_of(self, file_bytes_max: u64) -> Self {
        let room = Self::of_files(file_bytes_max);
        let file_bytes_max = self.file_bytes_max.min(room.file_bytes_max);
        let record_bytes_max = self.record_bytes_max.min(room.record_bytes_max);
        Self { file_bytes_max, record_bytes_max, ..self }
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
    /// What the memory of a run leaves of [`Limits::file_bytes_max`] and [`Limits::record_bytes_max`].
    Share,
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
            Self::Share => "--memory",
        }
    }

    /// What is said of what exceeds it, and of how much that may be.
    fn words(self) -> (&'static str, Unit) {
        match self {
            Self::FileBytes | Self::RecordBytes | Self::Share => ("has", Unit::Bytes("")),
            Self::Pages => ("has", Unit::Count("page", "pages")),
            Self::UnpackedBytes => ("unpacks to", Unit::Bytes("")),
            Self::Ratio => ("unpacks to", Unit::Count("time its size", "times its size")),
            Self::Members => ("has", Unit::Count("member", "members")),
            Self::Nesting => ("lies", Unit::Count("archive deep", "archives deep")),
            Self::Seconds => ("takes", Unit::Count("second", "seconds")),
            Self::Memory => ("takes", Unit::Bytes(" of memory")),
        }
    }
}

/// How a value of a limit is written.
enum Unit {
    /// As a size, with the words behind it.
    Bytes(&'static str),
    /// As a number, with the word for one and the word for more.
    Count(&'static str, &'static str),
}

impl Unit {
    fn of(&self, value: u64) -> String {
        match (self, value) {
            (Self::Bytes(behind), _) => format!("{}{behind}", size(value)),
            (Self::Count(one, _), 1) => format!("1 {one}"),
            (Self::Count(_, more), _) => format!("{value} {more}"),
        }
    }
}

/// Bytes as options write them: `64 MiB`, `1 GiB`; what is no whole number of a unit is rounded up to a tenth, so that
/// what is above a limit also looks so.
fn size(bytes: u64) -> String {
    if bytes == 1 {
        return "1 byte".to_owned();
    }
    if bytes < 1024 || bytes < 10_240 && !bytes.is_multiple_of(1024) {
        return format!("{bytes} bytes");
    }
    let units = [(30, "GiB"), (20, "MiB"), (10, "KiB")];
    let (shift, unit) =
        units.into_iter().find(|(shift, _)| bytes >> shift > 0).unwrap_or((10, "KiB"));
    let one = 1_u64 << shift;
    let (whole, rest) = (bytes / one, bytes % one);
    match (rest * 10).div_ceil(one) {
        0 => format!("{whole} {unit}"),
        10 => format!("{} {unit}", whole + 1),
        tenths => format!("{whole}.{tenths} {unit}"),
    }
}

/// Something is larger than its limit; raised with [`LimitName::option`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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

impl fmt::Display for OverLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (verb, unit) = self.limit.words();
        let (max, option) = (unit.of(self.max), self.limit.option());
        let found = unit.of(self.found);
        if self.exact && found != max {
            write!(f, "{verb} {found}, the limit is {max} ({option} raises it)")
        } else {
            write!(f, "{verb} more than {max} ({option} raises the limit)")
        }
    }
}

impl std::error::Error for OverLimit {}

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

    #[track_caller]
    fn check(limit: LimitName, (found, max): (u64, u64), exact: bool, expected: &str) {
        assert_eq!(OverLimit { limit, max, found, exact }.to_string(), expected);
    }

    #[test]
    fn the_message_names_size_limit_and_option() {
        use LimitName::*;
        let file = "has 71.8 MiB, the limit is 64 MiB (--max-file-bytes raises it)";
        check(FileBytes, (75_200_000, 64 << 20), true, file);
        let little = "has 64.1 MiB, the limit is 64 MiB (--max-file-bytes raises it)";
        check(FileBytes, ((64 << 20) + 1, 64 << 20), true, little);
        check(Pages, (12, 1), true, "has 12 pages, the limit is 1 page (--max-pages raises it)");
        let deep = "lies 2 archives deep, the limit is 1 archive deep (--max-nesting raises it)";
        check(Nesting, (2, 1), true, deep);
        let bytes = "has 12 bytes, the limit is 1 byte (--max-file-bytes raises it)";
        check(FileBytes, (12, 1), true, bytes);
    }

    #[test]
    fn what_was_not_measured_to_its_end_is_said_once() {
        use LimitName::*;
        let ratio = "unpacks to more than 200 times its size (--max-ratio raises the limit)";
        check(Ratio, (200, 200), false, ratio);
        let second = "takes more than 1 second (--max-seconds raises the limit)";
        check(Seconds, (1, 1), false, second);
        let memory = "takes more than 2 GiB of memory (--max-extract-memory raises the limit)";
        check(Memory, (2 << 30, 2 << 30), false, memory);
    }

    #[test]
    fn sizes_are_written_as_options_take_them() {
        let sizes =
            [0, 1, 1023, 1024, 1536, 15 << 10, 1 << 20, (1 << 20) - 1, 3 << 29, u64::MAX].map(size);
        let expected = [
            "0 bytes",
            "1 byte",
            "1023 bytes",
            "1 KiB",
            "1536 bytes",
            "15 KiB",
            "1 MiB",
            "1024 KiB",
            "1.5 GiB",
            "17179869184 GiB",
        ];
        assert_eq!(sizes, expected);
    }
}
