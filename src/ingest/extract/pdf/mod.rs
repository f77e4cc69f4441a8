//! PDF: characters with their places, and from those lines and paragraphs.
//!
//! `document` opens the file, `fonts` knows what the codes of a string stand for, `content` runs the pages; what comes
//! out is [`page::PageText`]. `judge` takes out pages that would be indexed as garbage, and refuses files of pictures and files
//! whose fonts do not say what they draw; `layout` makes blocks.

#[cfg(test)]
mod bomb_tests;
mod content;
mod cost;
#[cfg(test)]
mod damage_tests;
mod document;
#[cfg(test)]
mod fixture;
mod fonts;
mod inflate;
mod judge;
mod layout;
mod lexer;
mod marked;
mod matrix;
mod overprint;
mod page;
#[cfg(test)]
mod tests;

use crate::ingest::extract::ExtractError;
use crate::ingest::limits::Limits;
use crate::ingest::{Extracted, Metadata};
use crate::model::Note;
use crate::text::tokens::is_han;
use content::PageReader;
use document::{Document, damaged};
use inflate::Soundness;
use judge::{Judged, judge};
use page::PageText;

/// Longest title a file may declare, in characters; longer ones are abstracts.
const TITLE_CHARS_MAX: usize = 80;

/// Last bytes of a file in which the mark of its end stands; something else may follow it.
const END_BYTES: usize = 1024;

/// The text of the file.
///
/// Errors: [`ExtractError::Encrypted`], [`ExtractError::Damaged`], [`ExtractError::OverLimit`]; pages that are all
/// pictures are [`ExtractError::Scanned`], fonts that say nothing [`ExtractError::Unmapped`].
pub(super) fn extract(bytes: &[u8], limits: &Limits) -> Result<Extracted, ExtractError> {
    let document = Document::open(bytes, limits)?;
    let mut pages = read_pages(&document, limits)?;
    let Judged { mut notes, unread } = judge(&mut pages).map_err(|error| match error {
        // Fonts that say nothing have lost what they said.
        ExtractError::Unmapped { .. } if document.is_damaged() && is_cut(bytes) => {
            damaged("it was cut off before the fonts of its pages")
        }
        ExtractError::Unmapped { .. } if document.lost_fonts() => {
            damaged("the fonts of its pages are lost")
        }
        other => other,
    })?;
    let (title, pages_count) = (title(&document), (!document.is_damaged()).then_some(pages.len()));
    let metadata = Metadata { title, pages: pages_count, ..Metadata::default() };
    if document.is_damaged() {
        notes.push(Note::new("damaged-file", "pages may be missing"));
    }
    if document.repeats_pages() {
        notes.push(Note::new("damaged-file", "its tree of pages names a page more than once"));
    }
    let gaps = pages
        .iter()
        .filter(|page| unread.contains(&page.number) || page.soundness == Soundness::Broken);
    let gaps: Vec<usize> = gaps.map(|page| page.number).collect();
    let mut extracted = layout::blocks(&pages, &gaps).finish(metadata, notes);
    extracted.unread_pages = unread;
    Ok(extracted)
}

/// Whether the mark that ends every file is missing.
fn is_cut(bytes: &[u8]) -> bool {
    let end = bytes.get(bytes.len().saturating_sub(END_BYTES)..).unwrap_or(bytes);
    memchr::memmem::find(end, b"%%EOF").is_none()
}

fn read_pages(document: &Document, limits: &Limits) -> Result<Vec<PageText>, ExtractError> {
    let mut reader = PageReader::new(document);
    let pages = document.pages(limits)?;
    let pages = pages.iter().zip(1..).map(|(page, number)| reader.read(page, number));
    pages.collect::<Result<_, _>>().map_err(ExtractError::from)
}

/// The declared title, when it is one: programs put file names and their own names there.
///
/// The declared date is when the file was made, and the author who sat at the machine: neither is the report's.
fn title(document: &Document) -> Option<String> {
    let info = document.info().and_then(|info| document.text(info, b"Title"));
    info.and_then(|title| plausible_title(&title)).or_else(|| {
        let metadata = document.stream(document.catalog()?, b"Metadata")?;
        let packet = document.stream_bytes(metadata).ok()??;
        plausible_title(xmp_title(std::str::from_utf8(&packet).ok()?)?)
    })
}

/// The first title in an XMP packet: `<dc:title><rdf:Alt><rdf:li xml:lang="x-default">…</rdf:li>`.
fn xmp_title(packet: &str) -> Option<&str> {
    let (_, rest) = packet.split_once("<dc:title")?;
    let (title, _) = rest.split_once("</dc:title>")?;
    let (_, item) = title.split_once("<rdf:li")?;
    let (_, text) = item.split_once('>')?;
    let (text, _) = text.split_once('<')?;
    (!text.contains('&')).then_some(text)
}

fn plausible_title(declared: &str) -> Option<String> {
    const EXTENSIONS: [&str; 12] = [
        ".doc", ".docx", ".wps", ".pdf", ".txt", ".indd", ".qxd", ".cdr", ".fbd", ".htm", ".html",
        ".xls",
    ];
    const PROGRAMS: [&str; 7] = [
        "microsoft word",
        "microsoft powerpoint",
        "untitled",
        "anonymous",
        "无标题",
        "未命名",
        "文档",
    ];
    let title = declared.trim().trim_start_matches('\u{feff}');
    let lower = title.to_ascii_lowercase();
    let is_file = EXTENSIONS.iter().any(|extension| lower.ends_with(extension))
        || title.contains(['/', '\\']);
    let is_program = PROGRAMS.iter().any(|name| lower.starts_with(name));
    let is_label = title.ends_with([':', '：']);
    let is_plain =
        title.chars().all(|char| !char.is_control() && char != char::REPLACEMENT_CHARACTER);
    let has_words = title.chars().filter(|&char| is_han(char)).count() >= 4;
    let is_short = title.chars().count() <= TITLE_CHARS_MAX;
    (is_short && has_words && is_plain && !is_file && !is_program && !is_label)
        .then(|| title.to_owned())
}
