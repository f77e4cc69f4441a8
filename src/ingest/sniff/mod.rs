//! What a file is by its content: names lie.
//!
//! Packed formats are known by their first bytes and by what stands in them (`zip`, `ole`); markup by its first tags
//! (`markup`). Between formats of text the name decides. Works in every build, whichever readers it has.

mod markup;
mod ole;
mod zip;

use crate::ingest::Format;
use crate::ingest::decode;
use crate::ingest::extract::ExtractError;
use crate::ingest::little_endian::u32_at;
use crate::model::Note;
use memchr::memmem;

/// The first bytes of a file that say whether it is text, and what kind.
pub(crate) const START_BYTES: usize = 4096;

/// How far behind its beginning the header of a PDF may stand, and before its end the mark of its end.
///
/// Source: ISO 32000-1, annex H, implementation notes 13 and 18.
const PDF_SLACK_BYTES: usize = 1024;

const PDF: &[u8] = b"%PDF-";
pub(crate) const OLE: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
const GZIP: &[u8] = b"\x1F\x8B\x08";
const ZSTD: &[u8] = b"\x28\xB5\x2F\xFD";

/// Bytes of a header of a TAR file.
pub(crate) const TAR_HEADER_BYTES: usize = 512;

/// The format of a file by its first bytes and what stands in it; its name decides only between formats of text.
///
/// `named` is what the file's name says. Errors: a known format that is not read, named with its article; a file that
/// is nothing that its name says; an office file that only a password opens.
pub fn sniff(bytes: &[u8], named: Option<Format>) -> Result<Format, ExtractError> {
    if bytes.is_empty() {
        return match named {
            Some(format) if !format.is_text() => Err(damaged(format, "it is empty")),
            _ => Ok(named.unwrap_or(Format::Plain)),
        };
    }
    if let Some(found) = packed(bytes, named) {
        return found;
    }
    if let Some(what) = decode::known_format(bytes) {
        return Err(not_read(what));
    }
    if let Some(found) = markup::markup(bytes, named) {
        return found;
    }
    match named {
        None => Ok(Format::Plain),
        Some(format) if format.is_text() => Ok(format),
        Some(_) if decode::is_text(start(bytes)) => Ok(Format::Plain),
        Some(format) if bytes.iter().all(|&byte| byte == 0) => {
            Err(damaged(format, "it holds only zero bytes"))
        }
        Some(format) => Err(damaged(format, &format!("does not begin as {} does", model(format)))),
    }
}

/// Whether a file that is named JSONL is something else, by its first bytes: no record begins as it does.
pub(crate) fn is_misnamed_records(start: &[u8]) -> bool {
    let text = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start).trim_ascii_start();
    !text.is_empty()
        && !text.starts_with(b"{")
        && !matches!(sniff(start, Some(Format::Jsonl)), Ok(Format::Jsonl))
}

/// The note for a report whose content is not what its name says; none where the name says nothing.
pub fn differs(named: Option<Format>, found: Format) -> Option<Note> {
    let named = named.filter(|&named| named != found)?;
    Some(Note::new("format-by-content", format!("named {named}, is {found}")))
}

/// Whether the first bytes of a file may begin one that is read, though its name says nothing: text is none.
#[cfg(feature = "archives")]
pub(crate) fn begins_as_report(start: &[u8]) -> bool {
    needs_whole(start)
        || matches!(markup::markup(start, None), Some(Ok(Format::Html | Format::Mhtml)))
}

/// Whether more than its first bytes must be seen to tell what a file is.
pub(crate) fn needs_whole(start: &[u8]) -> bool {
    start.starts_with(b"PK") || start.starts_with(OLE) || start.starts_with(PDF)
}

/// Whether the first bytes are the header of a TAR file: of POSIX's form, or of the form before, which has no mark but
/// a sum of its own bytes.
pub(crate) fn is_tar(start: &[u8]) -> bool {
    let Some(header) = start.get(..TAR_HEADER_BYTES) else { return false };
    if header.get(257..262) == Some(b"ustar") {
        return true;
    }
    let (Some(before), Some(field), Some(after)) =
        (header.get(..148), header.get(148..156), header.get(156..))
    else {
        return false;
    };
    let digits: Vec<u8> = field
        .iter()
        .copied()
        .skip_while(|&byte| byte == b' ')
        .take_while(u8::is_ascii_digit)
        .collect();
    let declared =
        std::str::from_utf8(&digits).ok().and_then(|text| u32::from_str_radix(text, 8).ok());
    let sum = |bytes: &[u8]| bytes.iter().map(|&byte| u32::from(byte)).sum::<u32>();
    header.first() != Some(&0) && declared == Some(sum(before) + 8 * u32::from(b' ') + sum(after))
}

/// What a packed file is; `None` for everything else.
fn packed(bytes: &[u8], named: Option<Format>) -> Option<Result<Format, ExtractError>> {
    if is_pdf(bytes, named) {
        Some(Ok(Format::Pdf))
    } else if zip::is_zip(bytes, named) {
        Some(zip::format(bytes, named))
    } else if bytes.starts_with(OLE) {
        Some(ole_format(bytes, named))
    } else if bytes.starts_with(GZIP) {
        Some(Ok(Format::Gzip))
    } else if is_zstd(bytes) {
        Some(Ok(Format::Zstd))
    } else if is_tar(bytes) || is_empty_tar(bytes, named) {
        Some(Ok(Format::Tar))
    } else {
        None
    }
}

/// A text about PDF may quote the first line of one: where junk stands before it, the end must be there too.
fn is_pdf(bytes: &[u8], named: Option<Format>) -> bool {
    let head = bytes.get(..PDF_SLACK_BYTES + PDF.len()).unwrap_or(bytes);
    let tail = || bytes.get(bytes.len().saturating_sub(2 * PDF_SLACK_BYTES)..).unwrap_or_default();
    match memmem::find(head, PDF) {
        None => false,
        Some(0) => true,
        Some(_) => named == Some(Format::Pdf) || memmem::find(tail(), b"startxref").is_some(),
    }
}

/// A frame, or a frame to be skipped before it, whose size leads to one.
fn is_zstd(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    while matches!(rest, [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..]) {
        let size = u32_at(rest, 4).and_then(|size| usize::try_from(size).ok());
        rest = size.and_then(|size| rest.get(size.checked_add(8)?..)).unwrap_or_default();
    }
    rest.starts_with(ZSTD)
}

/// An archive without members is its end only: two blocks of zeros.
fn is_empty_tar(bytes: &[u8], named: Option<Format>) -> bool {
    named == Some(Format::Tar)
        && bytes.len() >= 2 * TAR_HEADER_BYTES
        && bytes.iter().all(|&byte| byte == 0)
}

fn ole_format(bytes: &[u8], named: Option<Format>) -> Result<Format, ExtractError> {
    let found = ole::top_names(bytes);
    let is_first = |wanted: &str| found.is_cut && ole::first_stream(bytes) == Some(wanted);
    let has = |wanted: &str| found.names.iter().any(|name| name == wanted) || is_first(wanted);
    if has("EncryptedPackage") {
        let is_office = |format: &Format| matches!(format, Format::Docx | Format::Sheet);
        return Err(ExtractError::Encrypted {
            format: named.filter(is_office).unwrap_or(Format::Docx),
        });
    }
    if has("WordDocument") {
        return Ok(Format::Doc);
    }
    if has("Workbook") || has("Book") {
        return Ok(Format::Sheet);
    }
    const NOT_READ: &[(&str, &str)] = &[
        ("PowerPoint Document", "a PowerPoint presentation (save it as PDF)"),
        ("__properties_version1.0", "an Outlook message"),
        ("VisioDocument", "a Visio drawing"),
        ("HwpSummaryInformation", "a Hangul document"),
        ("\u{5}HwpSummaryInformation", "a Hangul document"),
        ("Catalog", "a thumbnail cache"),
    ];
    let known = NOT_READ.iter().find(|(name, _)| has(name)).map(|&(_, what)| what);
    match known {
        Some(what) => Err(not_read(what)),
        None if named == Some(Format::Doc) => Ok(Format::Doc),
        None if found.is_cut && named == Some(Format::Sheet) => Ok(Format::Sheet),
        None if found.is_cut => Err(not_read("an old Office file that is cut off")),
        None => Err(not_read("an old Office file of another kind")),
    }
}

fn start(bytes: &[u8]) -> &[u8] {
    bytes.get(..START_BYTES).unwrap_or(bytes)
}

fn not_read(what: &str) -> ExtractError {
    ExtractError::NotRead { what: what.to_owned() }
}

fn damaged(format: Format, cause: &str) -> ExtractError {
    ExtractError::Damaged { format, cause: cause.to_owned() }
}

/// A file of a format, as it is spoken of.
fn model(format: Format) -> &'static str {
    match format {
        Format::Plain | Format::Markdown | Format::Html | Format::Jsonl | Format::Csv => "a text",
        Format::Mhtml => "an MHTML page",
        Format::Pdf => "a PDF",
        Format::Docx => "a DOCX",
        Format::Doc => "a DOC",
        Format::Odt => "an ODT",
        Format::Sheet => "an XLSX, XLS or ODS",
        Format::Zip => "a ZIP archive",
        Format::Tar => "a TAR archive",
        Format::Gzip => "a gzip file",
        Format::Zstd => "a Zstandard file",
    }
}

#[cfg(test)]
mod tests;
