//! Bytes to articles: find the files, decode them, extract their text, clean and split it.
//!
//! One file goes `walk -> decode -> extract -> normalize -> split -> metadata`. Tags are given by `tag`, not here.

pub mod archive;
pub mod boilerplate;
pub mod clean;
pub mod decode;
pub mod extract;
#[cfg_attr(
    not(any(
        feature = "pdf",
        feature = "docx",
        feature = "doc",
        feature = "sheets",
        feature = "archives"
    )),
    allow(dead_code, reason = "without libraries nothing of theirs is put into words")
)]
mod faults;
pub mod kinds;
pub mod limits;
pub mod lines;
pub(crate) mod little_endian;
pub mod metadata;
pub mod normalize;
pub mod ocr;
pub mod page;
pub mod reports;
pub mod sandbox;
pub mod sections;
pub mod sniff;
pub mod split;
pub mod walk;

use crate::ingest::decode::{DecodeError, DecodeOptions, Decoded, decode};
use crate::ingest::extract::{CsvParts, ExtractError, JsonlRecords, RecordCause, RecordsOptions};
use crate::ingest::limits::{LimitName, Limits, OverLimit};
use crate::ingest::lines::LineIndex;
use crate::model::{Date, DecidedBy, EncodingReport, Note, Span};
use crate::text::OffsetMap;
use encoding_rs::Encoding;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, Read};
use std::path::Path;

/// The formats that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Format {
    /// Text, or a file without extension that holds text.
    Plain,
    /// Markdown.
    Markdown,
    /// A web page.
    Html,
    /// A web page saved with its parts in one file.
    Mhtml,
    /// One JSON object a line, each a report; read with [`open_records`].
    Jsonl,
    /// Rows of cells separated by commas, tabs or semicolons.
    Csv,
    /// Pages.
    Pdf,
    /// Word since 2007.
    Docx,
    /// Word before 2007; WPS documents are the same container.
    Doc,
    /// OpenDocument text.
    Odt,
    /// Excel, old and new, and OpenDocument sheets.
    Sheet,
    /// Archive of files.
    Zip,
    /// Archive of files, not compressed.
    Tar,
    /// A compressed file; a TAR inside is read as an archive.
    Gzip,
    /// A compressed file; a TAR inside is read as an archive.
    Zstd,
}

impl Format {
    /// All formats, in the order shown to people.
    pub const ALL: [Self; 15] = [
        Self::Plain,
        Self::Markdown,
        Self::Html,
        Self::Mhtml,
        Self::Jsonl,
        Self::Csv,
        Self::Pdf,
        Self::Docx,
        Self::Doc,
        Self::Odt,
        Self::Sheet,
        Self::Zip,
        Self::Tar,
        Self::Gzip,
        Self::Zstd,
    ];

    /// The extensions of its files, in lower case without dot.
    pub fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Plain => &["txt", "text"],
            Self::Markdown => &["md", "markdown"],
            Self::Html => &["html", "htm", "xhtml", "shtml"],
            Self::Mhtml => &["mhtml", "mht"],
            Self::Jsonl => &["jsonl", "ndjson"],
            Self::Csv => &["csv", "tsv"],
            Self::Pdf => &["pdf"],
            Self::Docx => &["docx", "docm", "dotx", "dotm"],
            Self::Doc => &["doc", "wps"],
            Self::Odt => &["odt"],
            Self::Sheet => &["xlsx", "xlsm", "xls", "et", "ods"],
            Self::Zip => &["zip"],
            Self::Tar => &["tar"],
            Self::Gzip => &["gz", "tgz"],
            Self::Zstd => &["zst"],
        }
    }

    /// The format of files with that extension, given in lower case without its dot.
    pub fn from_extension(extension: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.extensions().contains(&extension))
    }

    /// The format that a file's name tells, in any case; `None` for other extensions and for none.
    pub fn from_path(path: &Path) -> Option<Self> {
        Self::from_extension(&path.extension()?.to_str()?.to_ascii_lowercase())
    }

    /// The name shown to people and stored in the index.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "text",
            Self::Markdown => "markdown",
            Self::Html => "html",
            Self::Mhtml => "mhtml",
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
            Self::Pdf => "pdf",
            Self::Docx => "docx",
            Self::Doc => "doc",
            Self::Odt => "odt",
            Self::Sheet => "sheet",
            Self::Zip => "zip",
            Self::Tar => "tar",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }

    /// The cargo feature that reads it; `None` for what every build reads.
    pub fn feature(self) -> Option<&'static str> {
        match self {
            Self::Pdf => Some("pdf"),
            Self::Docx | Self::Odt => Some("docx"),
            Self::Doc => Some("doc"),
            Self::Sheet => Some("sheets"),
            Self::Zip | Self::Tar | Self::Gzip | Self::Zstd => Some("archives"),
            Self::Plain | Self::Markdown | Self::Html | Self::Mhtml | Self::Jsonl | Self::Csv => {
                None
            }
        }
    }

    /// Whether its reader is part of this build.
    pub fn is_built(self) -> bool {
        match self.feature() {
            None => true,
            Some("pdf") => cfg!(feature = "pdf"),
            Some("docx") => cfg!(feature = "docx"),
            Some("doc") => cfg!(feature = "doc"),
            Some("sheets") => cfg!(feature = "sheets"),
            Some("archives") => cfg!(feature = "archives"),
            Some(_) => false,
        }
    }

    /// Whether its bytes are text, to be decoded before anything is taken out.
    pub fn is_text(self) -> bool {
        matches!(self, Self::Plain | Self::Markdown | Self::Html | Self::Jsonl | Self::Csv)
    }

    /// Whether it holds files.
    pub fn is_archive(self) -> bool {
        matches!(self, Self::Zip | Self::Tar | Self::Gzip | Self::Zstd)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Whether the lines of an extracted text are lines of a page or whole blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Layout {
    /// Plain text: a line end may be a hard wrap inside a paragraph.
    Lines,
    /// The format knows its paragraphs: one line is one whole block, never re-joined.
    Blocks,
}

/// What a format says a block is. Where it says nothing, cleaning judges by the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Role {
    /// A heading, of depth 1 and more.
    Heading(u8),
    /// Running text that is no heading whatever it looks like, such as a list item.
    Body,
    /// One row of a table.
    Row,
    /// Words of a picture or table.
    Caption,
    /// A page's head or foot, or its number: left out, kept for view.
    RunningHead,
    /// Text of a web page outside its article: left out, kept for view.
    LeftOut,
}

/// A part of an extracted text that the format holds together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// Bytes of [`Extracted::text`]: whole lines, without the last line end.
    pub span: Span,
    /// What the format says it is.
    pub role: Option<Role>,
    /// Its number in the file (paragraph, row of its sheet), from 1.
    pub number: usize,
    /// First and last page or sheet it stands on, from 1; `None` where the format has none.
    pub page: Option<(usize, usize)>,
    /// Left, top, right, bottom on the first page, in points from its top left corner.
    pub area: Option<[i32; 4]>,
}

/// What the format itself says about the report, apart from its text.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
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
    /// How many pages a PDF has that is not damaged.
    pub pages: Option<usize>,
}

/// Text taken out of a format, before any cleaning.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Extracted {
    /// The text, lines ended by `\n`.
    pub text: String,
    /// Leads from `text` to the bytes of the untouched file; `None` where the format has no byte places.
    pub map: Option<OffsetMap>,
    /// What a line of `text` is.
    pub layout: Layout,
    /// What the format says of parts of the text, in their order, without overlap. A text without `map` has its places
    /// from here.
    pub blocks: Vec<Block>,
    /// What the format declares.
    pub metadata: Metadata,
    /// What a person should know.
    pub notes: Vec<Note>,
    /// Pages, from 1, that only a program which recognises characters could read: pictures among pages with text.
    pub unread_pages: Vec<usize>,
}

/// Numbers of pages, in their order, as people write them: `2, 5-7`.
pub(crate) fn page_ranges(numbers: &[usize]) -> String {
    let runs = numbers.chunk_by(|a, b| a.checked_add(1) == Some(*b));
    let words = runs.filter_map(|run| match run {
        [] => None,
        [page] => Some(page.to_string()),
        [first, .., last] => Some(format!("{first}-{last}")),
    });
    words.collect::<Vec<_>>().join(", ")
}

/// How a report is read.
#[derive(Debug, Clone, Copy, Default)]
pub struct ReadOptions {
    /// The encoding the user chose.
    pub encoding: Option<&'static Encoding>,
    /// How much is taken in.
    pub limits: Limits,
}

/// Why a file gave no report.
#[derive(Debug, thiserror::Error, Serialize, Deserialize)]
#[non_exhaustive]
pub enum ReadError {
    /// It was there when its folder was read.
    #[error("vanished while being read")]
    Vanished,
    /// It is a pipe, socket, device or folder by now.
    #[error("not a regular file")]
    NotRegular,
    /// The run was stopped before it was read to its end: neither a fault of the file, nor is it read.
    #[error("stopped before it was read")]
    Stopped,
    /// A fault of the program, met on this file.
    #[error("internal fault while reading it: please report it with the file")]
    Internal,
    /// The system refused.
    #[error("cannot be read: {0}")]
    Io(
        #[source]
        #[serde(with = "crate::ingest::sandbox::io_error")]
        io::Error,
    ),
    /// The process that read it came to an end.
    #[error("ended the process that reads it: {how}")]
    Died {
        /// How: a signal, a code, what its last words say.
        how: String,
    },
    /// The process that was to read it cannot be used.
    #[error("the process that reads it {cause}")]
    Extractor {
        /// What is wrong with it.
        cause: String,
    },
    /// The command that was to read its pages did not.
    #[error("{command} did not read its pages: {cause}")]
    Ocr {
        /// The program.
        command: String,
        /// Its first words on standard error, or what became of it.
        cause: String,
    },
    /// It is larger than allowed.
    #[error(transparent)]
    OverLimit(#[from] OverLimit),
    /// Its bytes are no text.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// Its text is not of its format.
    #[error(transparent)]
    Extract(#[from] ExtractError),
    /// A record of a JSONL member is none.
    #[error(transparent)]
    Record(RecordCause),
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
/// Errors: [`ReadError::OverLimit`] above [`Limits::file_bytes_max`], also when the file grows while it is read.
pub fn read_bytes(path: &Path, limits: &Limits) -> Result<Vec<u8>, ReadError> {
    let file = open_regular(path)?;
    let size = file.metadata()?.len();
    let (limit, max) = (LimitName::FileBytes, limits.file_bytes_max);
    if size > max {
        return Err(OverLimit { limit, max, found: size, exact: true }.into());
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
    let more = file.take(max.saturating_add(1)).read_to_end(&mut bytes)?;
    if u64::try_from(more).is_ok_and(|more| more > max) {
        return Err(OverLimit::more_than(limit, max).into());
    }
    Ok(bytes)
}

/// A file decoded and taken out of its format.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Taken {
    /// How its bytes became text.
    pub encoding: EncodingReport,
    /// Its text; the map leads to the bytes of the file.
    pub extracted: Extracted,
    /// Where the lines of the file begin.
    pub lines: LineIndex,
}

/// Takes the text of one report out of a file of that format; an archive holds several and is an error here.
pub fn extract_bytes(
    bytes: &[u8],
    format: Format,
    options: &ReadOptions,
) -> Result<Taken, ReadError> {
    if !format.is_text() {
        let extracted = extract::packed(bytes, format, options)?;
        let encoding = EncodingReport {
            encoding: "Unicode".to_owned(),
            decided_by: DecidedBy::Format,
            margin: None,
            replacements: extracted.text.matches('\u{fffd}').count(),
            first_replacement: None,
        };
        return Ok(Taken { encoding, extracted, lines: LineIndex::default() });
    }
    let declared = if format == Format::Html { extract::declared_encoding(bytes) } else { None };
    let decoded = decode(bytes, &DecodeOptions { forced: options.encoding, declared })?;
    let lines = LineIndex::from_decoded(&decoded.text, &decoded.map);
    let mut extracted = extract::text(decoded.text, format, &options.limits)?;
    extracted.map = extracted.map.map(|map| decoded.map.then(&map));
    // The end that is cut off may show in its characters and in its markup.
    extracted.notes.retain(|note| decoded.notes.iter().all(|other| other.code != note.code));
    extracted.notes.splice(0..0, decoded.notes);
    Ok(Taken { encoding: decoded.report, extracted, lines })
}

/// A table in text, taken out of its file part by part; see [`open_table`].
pub(crate) struct TableParts {
    encoding: EncodingReport,
    map: OffsetMap,
    lines: LineIndex,
    /// Of decoding, for the first part.
    notes: Vec<Note>,
    is_begun: bool,
    parts: CsvParts,
}

/// Opens a CSV file whose rows are given in parts of bounded size; together they are what [`extract_bytes`] gives.
pub(crate) fn open_table(bytes: &[u8], options: &ReadOptions) -> Result<TableParts, ReadError> {
    let decoded = decode(bytes, &DecodeOptions { forced: options.encoding, declared: None })?;
    let lines = LineIndex::from_decoded(&decoded.text, &decoded.map);
    let Decoded { text, map, report: encoding, notes } = decoded;
    Ok(TableParts { encoding, map, lines, notes, is_begun: false, parts: CsvParts::of(text) })
}

impl Iterator for TableParts {
    type Item = Taken;

    fn next(&mut self) -> Option<Taken> {
        let mut extracted = self.parts.next()?;
        extracted.map = extracted.map.map(|map| self.map.then(&map));
        extracted.notes.retain(|note| self.notes.iter().all(|other| other.code != note.code));
        if !std::mem::replace(&mut self.is_begun, true) {
            extracted.notes.splice(0..0, self.notes.clone());
        }
        let all = Span::new(0, extracted.text.len());
        let bytes = extracted.map.as_ref().map(|map| map.to_source(all));
        let lines = bytes.map_or_else(LineIndex::default, |bytes| self.lines.part(bytes));
        Some(Taken { encoding: self.encoding.clone(), extracted, lines })
    }
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

/// Whether a file that is named JSONL begins as records do; one of another format is read as what it is.
pub(crate) fn begins_as_records(path: &Path) -> Result<bool, ReadError> {
    let mut start = Vec::new();
    let bytes = u64::try_from(sniff::START_BYTES).unwrap_or(u64::MAX);
    open_regular(path)?.take(bytes).read_to_end(&mut start)?;
    Ok(!sniff::is_misnamed_records(&start))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{DecidedBy, Span};
    use std::io::{Seek, SeekFrom, Write};
    use tempfile::{NamedTempFile, TempDir};

    fn file(content: &[u8]) -> NamedTempFile {
        let mut file = NamedTempFile::new().unwrap();
        file.write_all(content).unwrap();
        file
    }

    fn small() -> Limits {
        Limits { file_bytes_max: 10, ..Limits::default() }
    }

    #[test]
    fn a_pdf_that_is_named_jsonl_is_not_read_line_by_line() {
        let is_records = |content: &[u8]| begins_as_records(file(content).path()).unwrap();
        assert!(!is_records(&[b"%PDF-1.4\n".as_slice(), &[b'\n'; 9_000]].concat()));
        assert!(is_records(b"{\"text\": \"%PDF-1.4\"}"));
        assert!(is_records(b""));
    }

    #[test]
    fn the_feature_of_every_format_is_one_of_the_manifest() {
        let manifest = include_str!("../../Cargo.toml");
        for feature in Format::ALL.into_iter().filter_map(Format::feature) {
            assert!(manifest.contains(&format!("\n{feature} = [")), "{feature}");
        }
        // Without a match arm of its own a feature would never count as built.
        let all = cfg!(all(feature = "pdf", feature = "docx", feature = "doc"))
            && cfg!(all(feature = "sheets", feature = "archives"));
        assert_eq!(Format::ALL.into_iter().all(Format::is_built), all);
    }

    #[test]
    fn a_file_up_to_the_limit_is_read_and_a_larger_one_is_refused() {
        assert_eq!(read_bytes(file(&[b'a'; 10]).path(), &small()).unwrap().len(), 10);
        let error = read_bytes(file(&[b'a'; 11]).path(), &small()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "has 11 bytes, the limit is 10 bytes (--max-file-bytes raises it)"
        );
    }

    #[test]
    fn a_hundred_megabytes_are_refused_without_being_read() {
        let huge = file(b"");
        huge.as_file().set_len(100 << 20).unwrap();
        let error = read_bytes(huge.path(), &Limits::default()).unwrap_err();
        assert!(matches!(error, ReadError::OverLimit(OverLimit { exact: true, .. })), "{error}");
    }

    #[test]
    fn a_vanished_file_and_a_folder_have_errors_of_their_own() {
        let folder = TempDir::new().unwrap();
        let limits = Limits::default();
        assert!(matches!(
            read_bytes(&folder.path().join("a.txt"), &limits),
            Err(ReadError::Vanished)
        ));
        assert!(matches!(read_bytes(folder.path(), &limits), Err(ReadError::NotRegular)));
    }

    #[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
    #[test]
    fn a_pipe_that_took_the_place_of_a_file_is_not_waited_for() {
        let folder = TempDir::new().unwrap();
        let pipe = folder.path().join("a.txt");
        if std::process::Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .is_ok_and(|status| status.success())
        {
            assert!(matches!(read_bytes(&pipe, &Limits::default()), Err(ReadError::NotRegular)));
        }
        if let Ok(error) = read_bytes(Path::new("/dev/zero"), &Limits::default()) {
            panic!("a device was read: {} bytes", error.len());
        }
    }

    #[test]
    fn places_lead_through_encoding_and_format_to_the_bytes() {
        let text = "# 示例县推进网格化管理工作\r\n\r\n**做法**很好\r\n";
        let bytes = encoding_rs::GBK.encode(text).0;
        let Taken { encoding: report, extracted, .. } =
            extract_bytes(&bytes, Format::Markdown, &ReadOptions::default()).unwrap();
        assert_eq!(
            (report.encoding.as_str(), report.decided_by),
            ("GB18030", DecidedBy::Frequency)
        );
        assert_eq!(extracted.text, "示例县推进网格化管理工作\n做法很好");
        let at = extracted.text.find("做法").unwrap();
        let span = extracted.map.unwrap().to_source(Span::new(at, at + "做法".len()));
        assert_eq!(encoding_rs::GBK.decode(&bytes[span.range()]).0, "做法");
    }

    #[test]
    fn a_page_is_decoded_as_it_declares() {
        let bytes = encoding_rs::GBK.encode("<meta charset=gb2312><p>治理</p>").0;
        let Taken { encoding: report, extracted, .. } =
            extract_bytes(&bytes, Format::Html, &ReadOptions::default()).unwrap();
        assert_eq!((report.decided_by, extracted.text.as_str()), (DecidedBy::Declared, "治理"));
        assert_eq!(extracted.map.unwrap().to_source(Span::new(0, 3)), Span::new(24, 26));
    }

    #[test]
    fn a_gigabyte_of_records_is_read_record_by_record() {
        // A sparse file: one line of NULs far longer than a record may be, between two records.
        let mut huge = file("{\"text\":\"前\"}\n".as_bytes());
        huge.as_file_mut().seek(SeekFrom::Start(1 << 26)).unwrap();
        huge.write_all("\n{\"text\":\"后\"}".as_bytes()).unwrap();
        let options = ReadOptions {
            limits: Limits { record_bytes_max: 1 << 16, ..Limits::default() },
            encoding: None,
        };
        let all: Vec<_> = open_records(huge.path(), &options).unwrap().collect();
        assert_eq!(all.len(), 3);
        let error = all[1].as_ref().unwrap_err();
        assert!(matches!(error.cause, RecordCause::OverLimit(_)), "{error}");
        let last = all[2].as_ref().unwrap();
        assert_eq!(
            (last.extracted.text.as_str(), last.line, last.bytes.start()),
            ("后", 3, (1 << 26) + 1)
        );
    }
}
