//! The text boxes of a Word document of before 2007, which the library does not read.
//!
//! Word keeps their text after all other text of the document; where each box stands is not looked up, so they come
//! after the body. Word 6 and Word 95 are left to the library.
//!
//! Source: [MS-DOC] 2.5 (the file information block), 2.8.35 and 2.9.38 (the table of pieces).

use crate::ingest::little_endian::{u16_at, u32_at};
use std::io::{Cursor, Read};

/// Begin, separator and end of a field; its code stands between the first two.
const FIELD_BEGIN: char = '\u{13}';
const FIELD_SEPARATOR: char = '\u{14}';
const FIELD_END: char = '\u{15}';

/// The first version of the format that has tables of pieces as they are read here.
const WORD_97: u16 = 0x00c0;

/// Of the counts of characters in the information block: body, notes, heads, remarks and endnotes stand before the
/// text boxes.
const COUNTS_BEFORE: [usize; 5] = [3, 4, 5, 7, 8];
const COUNT_OF_BOXES: usize = 9;

/// Of the places in the information block: the table of pieces.
const PLACE_OF_PIECES: usize = 33;

/// The paragraphs of all text boxes; none where the file cannot be understood.
pub(super) fn paragraphs(bytes: &[u8]) -> Vec<String> {
    characters(bytes).map(|text| cut(&text)).unwrap_or_default()
}

/// The characters of the text boxes, marks and all.
fn characters(bytes: &[u8]) -> Option<String> {
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).ok()?;
    let mut stream = |name: &str| {
        let mut content = Vec::new();
        file.open_stream(name).ok()?.read_to_end(&mut content).ok()?;
        Some(content)
    };
    let document = stream("/WordDocument")?;
    if u16_at(&document, 2)? < WORD_97 {
        return None;
    }
    let shorts = usize::from(u16_at(&document, 32)?);
    let counts = 34 + shorts * 2 + 2;
    let count = |at: usize| u32_at(&document, counts + at * 4);
    let places = counts + usize::from(u16_at(&document, counts - 2)?) * 4 + 2;
    let from = COUNTS_BEFORE.iter().try_fold(0_u32, |sum, at| sum.checked_add(count(*at)?))?;
    let to = from.checked_add(count(COUNT_OF_BOXES).filter(|count| *count > 0)?)?;
    let table = stream(if u16_at(&document, 10)? & 0x0200 == 0 { "/0Table" } else { "/1Table" })?;
    let pieces = places + PLACE_OF_PIECES * 8;
    let (start, len) = (usize_at(&document, pieces)?, usize_at(&document, pieces + 4)?);
    read(&document, table.get(start..start.checked_add(len)?)?, from, to)
}

/// The characters `from..to`, by the table of pieces.
fn read(document: &[u8], table: &[u8], from: u32, to: u32) -> Option<String> {
    let mut at = 0;
    // Changes of properties stand before the pieces.
    while *table.get(at)? == 1 {
        at += 3 + usize::from(u16_at(table, at + 1)?);
    }
    let pieces = table.get(at + 5..)?.get(..usize_at(table, at + 1)?)?;
    let count = pieces.len().checked_sub(4)? / 12;
    let mut text = String::new();
    for piece in 0..count {
        let (first, last) = (u32_at(pieces, piece * 4)?, u32_at(pieces, piece * 4 + 4)?);
        let (start, end) = (first.max(from), last.min(to));
        if start >= end {
            continue;
        }
        let place = u32_at(pieces, (count + 1) * 4 + piece * 8 + 2)?;
        let (skipped, len) =
            (usize::try_from(start - first).ok()?, usize::try_from(end - start).ok()?);
        let offset = usize::try_from(place & 0x3fff_ffff).ok()?;
        if place & 0x4000_0000 == 0 {
            let bytes = document.get(offset.checked_add(skipped.checked_mul(2)?)?..)?;
            let (text_of_piece, _) = encoding_rs::UTF_16LE
                .decode_without_bom_handling(bytes.get(..len.checked_mul(2)?)?);
            text.push_str(&text_of_piece);
        } else {
            let bytes = document.get((offset / 2).checked_add(skipped)?..)?.get(..len)?;
            text.push_str(&encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0);
        }
        // Pieces that overlap would be a way to make much text of few bytes.
        if text.len() > document.len().saturating_mul(2) {
            return None;
        }
    }
    Some(text)
}

/// Paragraphs without the codes of fields and the marks of pictures.
fn cut(text: &str) -> Vec<String> {
    let mut paragraphs = vec![String::new()];
    // Codes of fields that are open; their results are text.
    let mut codes = 0_usize;
    for c in text.chars() {
        let Some(paragraph) = paragraphs.last_mut() else { break };
        match c {
            FIELD_BEGIN => codes += 1,
            FIELD_SEPARATOR => codes = codes.saturating_sub(1),
            '\r' | '\u{7}' => {
                codes = 0;
                paragraphs.push(String::new());
            }
            _ if codes > 0 => {}
            FIELD_END => {}
            '\u{b}' | '\u{c}' => paragraph.push('\n'),
            '\t' => paragraph.push(' '),
            '\u{1e}' => paragraph.push('-'),
            c if c.is_control() => {}
            c => paragraph.push(c),
        }
    }
    paragraphs.retain(|paragraph| !paragraph.trim().is_empty());
    paragraphs
}

fn usize_at(bytes: &[u8], at: usize) -> Option<usize> {
    u32_at(bytes, at).and_then(|number| usize::try_from(number).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_are_cut_into_paragraphs_of_text() {
        let text = "甲\u{13}PAGE\u{14}1\u{15}\r\u{1}乙\t丙\u{b}丁\r\r\u{13}码\r后";
        assert_eq!(cut(text), ["甲1", "乙 丙\n丁", "后"]);
    }

    #[test]
    fn pieces_are_read_in_both_widths_and_from_the_middle() {
        let document = [b"ab cd".as_slice(), &[0x32, 0x75, 0x59, 0x4e]].concat();
        let mut table = vec![1, 2, 0, 9, 9, 2, 28, 0, 0, 0];
        for place in [0_u32, 5, 7] {
            table.extend(place.to_le_bytes());
        }
        for place in [0x4000_0000_u32, 5] {
            table.extend([&[0; 2], place.to_le_bytes().as_slice(), &[0; 2]].concat());
        }
        assert_eq!(read(&document, &table, 3, 7).as_deref(), Some("cd甲乙"));
        assert_eq!(read(&document, &table, 6, 60).as_deref(), Some("乙"));
        assert_eq!(read(&document[..8], &table, 3, 7), None);
        assert_eq!(read(&document, &table[..20], 3, 7), None);
    }

    #[test]
    fn what_is_no_word_document_has_no_boxes() {
        assert_eq!(paragraphs(b"none"), Vec::<String>::new());
    }
}
