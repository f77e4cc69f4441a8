//! Which of the formats that are ZIP files a ZIP file is, by the names of its members.

use crate::ingest::Format;
use crate::ingest::archive::directory::{Directory, Entry, begun_names};
use crate::ingest::extract::ExtractError;
use crate::ingest::sniff::not_read;

/// Members looked at: office files have some hundred, and the names that tell stand among the first.
const ENTRIES_MAX: usize = 10_000;

/// The longest media type that is looked at.
const MEDIA_TYPE_BYTES_MAX: u64 = 200;

/// Whether it is a ZIP file. Where the name says so, bytes may stand before it, as in a program that unpacks itself.
pub(super) fn is_zip(bytes: &[u8], named: Option<Format>) -> bool {
    const STARTS: [&[u8]; 3] = [b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"];
    let is_named = matches!(named, Some(Format::Zip | Format::Docx | Format::Odt | Format::Sheet));
    STARTS.iter().any(|start| bytes.starts_with(start))
        || is_named && Directory::read(bytes, 1).is_some_and(|found| !found.entries.is_empty())
}

/// Which format it is: an office file, another known format, or an archive.
pub(super) fn format(bytes: &[u8], named: Option<Format>) -> Result<Format, ExtractError> {
    let directory = Directory::read(bytes, ENTRIES_MAX);
    let names: Vec<&[u8]> = match &directory {
        Some(directory) => directory.entries.iter().map(|entry| entry.name).collect(),
        None => begun_names(bytes, ENTRIES_MAX),
    };
    let entries = directory.as_ref().map(|found| found.entries.as_slice()).unwrap_or_default();
    if let Some(entry) = entries.iter().find(|entry| entry.name == b"mimetype")
        && let Some(found) = media_type(bytes, entry)
    {
        return found;
    }
    let has = |wanted: &str| names.iter().any(|name| is_name(name, wanted));
    let has_part = |folder: &str, file: &str| names.iter().any(|name| is_part(name, folder, file));
    if has_part("word/", "document") {
        Ok(Format::Docx)
    } else if has_part("xl/", "workbook") {
        Ok(Format::Sheet)
    } else if has_part("ppt/", "presentation") {
        Err(not_read("a PowerPoint presentation"))
    } else if has("META-INF/container.xml") && has("mimetype") {
        Err(not_read("an EPUB book"))
    } else if has("OFD.xml") {
        Err(not_read("an OFD document"))
    } else if has("Index/Document.iwa") || has("Index.zip") && has("Metadata/Properties.plist") {
        Err(not_read("an iWork document"))
    } else if has("content.xml") && has("META-INF/manifest.xml") {
        // An OpenDocument file whose media type is missing or compressed.
        Ok(if named == Some(Format::Sheet) { Format::Sheet } else { Format::Odt })
    } else if has("[Content_Types].xml") {
        package(&names)
    } else {
        Ok(Format::Zip)
    }
}

/// An Office Open XML file whose main part has an unusual name.
fn package(names: &[&[u8]]) -> Result<Format, ExtractError> {
    let has_folder = |folder: &str| names.iter().any(|name| starts(name, folder));
    if has_folder("word/") {
        Ok(Format::Docx)
    } else if has_folder("xl/") {
        Ok(Format::Sheet)
    } else if has_folder("ppt/") {
        Err(not_read("a PowerPoint presentation"))
    } else if has_folder("visio/") {
        Err(not_read("a Visio drawing"))
    } else if has_folder("Documents/") {
        Err(not_read("an XPS document"))
    } else {
        Ok(Format::Zip)
    }
}

/// What the member `mimetype` says, which OpenDocument and EPUB put first and do not compress.
fn media_type(bytes: &[u8], entry: &Entry<'_>) -> Option<Result<Format, ExtractError>> {
    if entry.method != 0 || entry.packed_bytes > MEDIA_TYPE_BYTES_MAX {
        return None;
    }
    let media_type = std::str::from_utf8(entry.packed(bytes)?).ok()?.trim();
    if media_type == "application/epub+zip" {
        return Some(Err(not_read("an EPUB book")));
    }
    let kind = media_type.strip_prefix("application/vnd.oasis.opendocument.")?;
    Some(match kind.split('-').next().unwrap_or(kind) {
        "text" => Ok(Format::Odt),
        "spreadsheet" => Ok(Format::Sheet),
        "presentation" => Err(not_read("an OpenDocument presentation")),
        "graphics" => Err(not_read("an OpenDocument drawing")),
        _ => Err(not_read("an OpenDocument file of another kind")),
    })
}

/// Names in packages are compared without regard to case, and some writers use backslashes.
fn is_name(name: &[u8], wanted: &str) -> bool {
    name.len() == wanted.len() && starts(name, wanted)
}

fn starts(name: &[u8], wanted: &str) -> bool {
    let same = |(a, b): (&u8, u8)| a.eq_ignore_ascii_case(&b) || *a == b'\\' && b == b'/';
    name.len() >= wanted.len() && name.iter().zip(wanted.bytes()).all(same)
}

/// Whether the name is that of a main part: `word/document.xml`, but also `word/document2.xml`, `xl/workbook.bin`.
fn is_part(name: &[u8], folder: &str, file: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let Some(rest) = lower.get(folder.len()..) else { return false };
    let is_file = rest.strip_prefix(file.as_bytes()).is_some_and(|rest| {
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        matches!(rest.get(digits..), Some(b".xml" | b".bin"))
    });
    starts(name, folder) && is_file
}
