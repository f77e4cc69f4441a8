//! How much of the outside world is taken in at once.
//!
//! Every limit is a field of [`Limits`]; whoever refuses something because of one answers with [`TooLarge`], which
//! names the limit, so that the command can say which option raises it.

use std::fmt;

/// The sizes above which input is refused or handled more plainly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one file that is read whole (all formats but JSONL).
    pub file_bytes_max: u64,
    /// Bytes of one JSONL line, its line end included.
    pub record_bytes_max: usize,
    /// Bytes of decoded markup given to the main-text finder; larger pages give their whole text.
    pub html_bytes_max: usize,
    /// Nested elements given to the main-text finder, which recurses; deeper pages give their whole text.
    pub html_depth_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes_max: 64 << 20,
            record_bytes_max: 16 << 20,
            html_bytes_max: 4 << 20,
            html_depth_max: 512,
        }
    }
}

/// Which limit was met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LimitName {
    /// [`Limits::file_bytes_max`].
    FileBytes,
    /// [`Limits::record_bytes_max`].
    RecordBytes,
}

impl LimitName {
    /// The command-line option that raises it.
    pub fn option(self) -> &'static str {
        match self {
            // A record may be a quarter of a file.
            Self::FileBytes | Self::RecordBytes => "--max-file-bytes",
        }
    }
}

impl fmt::Display for LimitName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::FileBytes => "a file",
            Self::RecordBytes => "a record",
        })
    }
}

/// Something is larger than its limit; raised with [`LimitName::option`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "{} {size_bytes} bytes, the limit for {limit} is {limit_bytes} ({} raises it)",
    if *.exact { "has" } else { "has more than" },
    limit.option()
)]
pub struct TooLarge {
    /// Which limit.
    pub limit: LimitName,
    /// Its value in bytes.
    pub limit_bytes: u64,
    /// The size met; when not `exact`, at least this.
    pub size_bytes: u64,
    /// Whether `size_bytes` is the whole size or only what was seen before reading stopped.
    pub exact: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_names_size_limit_and_option() {
        let error =
            TooLarge { limit: LimitName::FileBytes, limit_bytes: 10, size_bytes: 12, exact: true };
        assert_eq!(
            error.to_string(),
            "has 12 bytes, the limit for a file is 10 (--max-file-bytes raises it)"
        );
    }
}
