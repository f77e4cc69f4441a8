//! Bytes to articles: find the files, decode them, extract their text, clean and split it.
//!
//! One file goes `walk -> decode -> extract -> normalize -> split -> metadata`. Tags are given by `tag`, not here.

pub mod boilerplate;
pub mod clean;
pub mod decode;
pub mod extract;
pub mod kinds;
pub mod limits;
pub mod lines;
pub mod metadata;
pub mod normalize;
pub mod page;
pub mod split;
pub mod walk;

use crate::ingest::decode::{DecodeError, DecodeOptions, decode};
use crate::ingest::extract::{ExtractError, JsonlRecords, RecordsOptions, extract};
use crate::ingest::limits::{LimitName, Limits, TooLarge};
use crate::ingest::lines::LineIndex;
use crate::model::{Date, EncodingReport, Note};
use crate::text::OffsetMap;
use encoding_rs::Encoding;
use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, Read};
use std::path::Path;

/// The formats that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Text, or a file without extension that holds text.
    Plain,
    /// Markdown.
    Markdown,
    /// A web page.
    Html,
    /// One JSON object a line, each a report; read with [`open_records`].
    Jsonl,
}

impl Format {
    /// The format of files with that extension, given in lower case without its dot.
    pub fn from_extension(extension: &str) -> Option<Self> {
        match extension {
            "txt" | "text" => Some(Self::Plain),
            "md" | "markdown" => Some(Self::Markdown),
            "html" | "htm" | "xhtml" | "shtml" => Some(Self::Html),
            "jsonl" | "ndjson" => Some(Self::Jsonl),
            _ => None,
        }
    }

    /// The name shown to people and stored in the index.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "text",
            Self::Markdown => "markdown",
            Self::Html => "html",
            Self::Jsonl => "jsonl",
        }
    }
}

/// Whether the lines of an extracted text are lines of a page or whole blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// Plain text: a line end may be a hard wrap inside a paragraph.
    Lines,
    /// The format knows its paragraphs: one line is one whole block, never re-joined.
    Blocks,
}

/// What the format itself says about the report, apart from its text.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Metadata {
    /// Declared title.
    pub title: Option<String>,
    /// Declared publisher.
    pub source: Option<String>,
    /// Declared author.
    pub author: Option<String>,
    /// Declared date.
    pub date: Option<Date>,
    /// Where it was published.
    pub url: Option<String>,
}

/// Text taken out of a format, before any cleaning.
#[derive(Debug, Clone, PartialEq)]
pub struct Extracted {
    /// The text, lines ended by `\n`.
    pub text: String,
    /// Leads from `text` to the bytes of the untouched file; `None` where the format has no byte places.
    pub map: Option<OffsetMap>,
    /// What a line of `text` is.
    pub layout: Layout,
    /// What the format declares.
    pub metadata: Metadata,
    /// What a person should know.
    pub notes: Vec<Note>,
}

/// Version of the rules that clean and split text; an index made with another is read again.
pub const CLEANING_VERSION: &str = "1";
/// How a report is read.
#[derive(Debug, Clone, Copy, Default)]
pub struct ReadOptions {
    /// The encoding the user chose.
    pub encoding: Option<&'static Encoding>,
    /// How much is taken in.
    pub limits: Limits,
}

/// Why a file gave no report.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// It was there when its folder was read.
    #[error("vanished while being read")]
    Vanished,
    /// It is a pipe, socket, device or folder by now.
    #[error("not a regular file")]
    NotRegular,
    /// The system refused.
    #[error("cannot be read: {0}")]
    Io(#[source] io::Error),
    /// It is larger than allowed.
    #[error(transparent)]
    TooLarge(#[from] TooLarge),
    /// Its bytes are no text.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// Its text is not of its format.
    #[error(transparent)]
    Extract(#[from] ExtractError),
}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Self::Vanished,
            io::ErrorKind::InvalidInput => Self::NotRegular,
            _ => Self::Io(error),
        }
    }
}

/// The bytes of a file.
///
/// Errors: [`ReadError::TooLarge`] above [`Limits::file_bytes_max`], also when the file grows while it is read.
pub fn read_bytes(path: &Path, limits: &Limits) -> Result<Vec<u8>, ReadError> {
    let file = open_regular(path)?;
    let size = file.metadata()?.len();
    let too_large = |size_bytes, exact| TooLarge {
        limit: LimitName::FileBytes,
        limit_bytes: limits.file_bytes_max,
        size_bytes,
        exact,
    };
    if size > limits.file_bytes_max {
        return Err(too_large(size, true).into());
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
    let more = file.take(limits.file_bytes_max.saturating_add(1)).read_to_end(&mut bytes)?;
    if u64::try_from(more).is_ok_and(|more| more > limits.file_bytes_max) {
        return Err(too_large(limits.file_bytes_max, false).into());
    }
    Ok(bytes)
}

/// A file decoded and taken out of its format.
#[derive(Debug, Clone, PartialEq)]
pub struct Taken {
    /// How its bytes became text.
    pub encoding: EncodingReport,
    /// Its text; the map leads to the bytes of the file.
    pub extracted: Extracted,
    /// Where the lines of the file begin.
    pub lines: LineIndex,
}

/// Decodes a file and takes its text out of its format.
pub fn extract_bytes(
    bytes: &[u8],
    format: Format,
    options: &ReadOptions,
) -> Result<Taken, ReadError> {
    let declared = if format == Format::Html { extract::declared_encoding(bytes) } else { None };
    let decoded = decode(bytes, &DecodeOptions { forced: options.encoding, declared })?;
    let lines = LineIndex::from_decoded(&decoded.text, &decoded.map);
    let mut extracted = extract(decoded.text, format, &options.limits)?;
    extracted.map = extracted.map.map(|map| decoded.map.then(&map));
    extracted.notes.splice(0..0, decoded.notes);
    Ok(Taken { encoding: decoded.report, extracted, lines })
}

/// Opens a JSONL file to be read record by record; its size is not limited.
pub fn open_records(
    path: &Path,
    options: &ReadOptions,
) -> Result<JsonlRecords<BufReader<File>>, ReadError> {
    let reader = BufReader::with_capacity(1 << 16, open_regular(path)?);
    let record_bytes_max = options.limits.record_bytes_max;
    Ok(JsonlRecords::new(reader, RecordsOptions { record_bytes_max, encoding: options.encoding }))
}

/// Opens a file for reading; what is no regular file by now gives [`io::ErrorKind::InvalidInput`].
pub(crate) fn open_regular(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
    {
        use std::os::unix::fs::OpenOptionsExt;
        // Opening a pipe that took the file's place would wait for a writer for ever.
        const O_NONBLOCK: i32 = 0o4000;
        options.custom_flags(O_NONBLOCK);
    }
    let file = options.open(path)?;
    if file.metadata()?.is_file() {
        Ok(file)
    } else {
        Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"))
    }
}
