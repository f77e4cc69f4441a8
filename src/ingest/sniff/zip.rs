//! Which of the formats that are ZIP files a ZIP file is, by the names of its members.

use crate::ingest::Format;
use crate::ingest::archive::directory::{Directory, Entry, begun};
use crate::ingest::extract::ExtractError;
use crate::ingest::sniff::not_read;
use memchr::memmem;

/// Members looked at: office files have some hundred, and the names that tell stand among the first.
const ENTRIES_MAX: usize = 10_000;

/// Members that office files have, and other archives have not.
const OFFICE_PARTS: [&str; 5] =
    ["[Content_Types].xml", "_rels/.rels", "docProps/app.xml", "docProps/core.xml", "mimetype"];

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
    let (mut entries, is_whole) = match Directory::read(bytes, ENTRIES_MAX) {
        Some(directory) => (directory.entries, directory.is_whole),
        None => (Vec::new(), false),
    };
    if !is_whole {
        entries.extend(begun(bytes, ENTRIES_MAX));
    }
    if let Some(found) = entries
        .iter()
        .filter(|entry| entry.name == b"mimetype")
        .find_map(|it| media_type(bytes, it))
    {
        return found;
    }
    let names: Vec<&[u8]> = entries.iter().map(|entry| entry.name).collect();
    let has = |wanted: &str| names.iter().any(|name| is_name(name, wanted));
    let has_part = |folder: &str, file: &str| names.iter().any(|name| is_part(name, folder, file));
    if has_part("word/", "document") {
        Ok(Format::Docx)
    } else if has_part("xl/", "workbook") {
        Ok(Format::Sheet)
    } else if has_part("ppt/", "presentation") {
        Err(not_read("a PowerPoint presentation (save it as PDF)"))
    } else if has("META-INF/container.xml") && has("mimetype") {
        Err(not_read("an EPUB book (convert it to HTML or DOCX)"))
    } else if has("OFD.xml") {
        Err(not_read("an OFD document (save it as PDF)"))
    } else if has("Index/Document.iwa") || has("Index.zip") && has("Metadata/Properties.plist") {
        Err(not_read("an iWork document"))
    } else if has("content.xml") && (has("META-INF/manifest.xml") || !is_whole) {
        // An OpenDocument file whose media type is missing or compressed.
        Ok(if named == Some(Format::Sheet) { Format::Sheet } else { Format::Odt })
    } else {
        let is_office = OFFICE_PARTS.iter().any(|part| has(part));
        let is_cut_office = is_office && !is_whole;
        let is_package = has("[Content_Types].xml") || is_cut_office;
        let found = if is_package { package(&names) } else { Ok(Format::Zip) };
        match (found, named) {
            // What would tell may be cut off; its reader says what is missing.
            (Ok(Format::Zip), Some(named @ (Format::Docx | Format::Odt | Format::Sheet)))
                if !is_whole =>
            {
                Ok(named)
            }
            (Ok(Format::Zip), _) if is_cut_office => {
                Err(not_read("an office file that is cut off"))
            }
            (found, _) => found,
        }
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
        Err(not_read("a PowerPoint presentation (save it as PDF)"))
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
    let max = usize::try_from(MEDIA_TYPE_BYTES_MAX).unwrap_or(usize::MAX);
    let content = match entry.packed_bytes {
        // Its size stands behind it, where the next mark of the archive is.
        0 => entry.bytes_from(bytes)?,
        _ => entry.packed(bytes)?,
    };
    let content = content.get(..max).unwrap_or(content);
    let content = content.get(..memmem::find(content, b"PK").unwrap_or(content.len()))?;
    let media_type = std::str::from_utf8(content).ok()?.trim();
    if media_type == "application/epub+zip" {
        return Some(Err(not_read("an EPUB book (convert it to HTML or DOCX)")));
    }
    let kind = media_type.strip_prefix("application/vnd.oasis.opendocument.")?;
    Some(match kind.split('-').next().unwrap_or(kind) {
        "text" => Ok(Format::Odt),
        "spreadsheet" => Ok(Format::Sheet),
        "presentation" => Err(not_read("an OpenDocument presentation (save it as PDF)")),
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
