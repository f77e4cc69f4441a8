//! The text boxes of a Word document of before 2007, which the library does not read.
//!
//! Word keeps their text after all other text of the document; where each box stands is not looked up, so they come
//! after the body. Word 6 and Word 95 are left to the library.
//!
//! Source: [MS-DOC] 2.8.35 (the table of pieces).

use crate::ingest::extract::doc::fields::{FIELD_BEGIN, FIELD_END, FIELD_SEPARATOR};
use crate::ingest::extract::doc::file::{LOST, WordFile, count};

/// Body, notes, heads, remarks and endnotes stand before the text boxes.
const BEFORE: [usize; 5] =
    [count::BODY, count::FOOTNOTES, count::HEADS, count::REMARKS, count::ENDNOTES];

/// The paragraphs of all text boxes; none where the file cannot be understood.
pub(super) fn paragraphs(file: &WordFile) -> Vec<String> {
    characters(file).map(|text| cut(&text)).unwrap_or_default()
}

/// The characters of the text boxes, marks and all.
fn characters(file: &WordFile) -> Option<String> {
    let from = BEFORE.iter().try_fold(0_u32, |sum, &text| sum.checked_add(file.count(text)?))?;
    let boxes = file.count(count::BOXES).filter(|count| *count > 0)?;
    read(file, from, from.checked_add(boxes)?)
}

/// The characters `from..to`, by the table of pieces.
fn read(file: &WordFile, from: u32, to: u32) -> Option<String> {
    let mut text = String::new();
    for piece in file.pieces()?.iter().filter_map(|piece| piece.part(from, to)) {
        let bytes = file.bytes_of(&piece)?;
        let encoding =
            if piece.is_wide { encoding_rs::UTF_16LE } else { encoding_rs::WINDOWS_1252 };
        text.push_str(&encoding.decode_without_bom_handling(bytes).0);
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
            LOST => paragraph.push('\u{fffd}'),
            c if c.is_control() => {}
            c => paragraph.push(c),
        }
    }
    paragraphs.retain(|paragraph| !paragraph.trim().is_empty());
    paragraphs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::extract::doc::file::tests::{Told, piece_table};
    use crate::ingest::limits::Limits;

    fn open(bytes: &[u8]) -> WordFile {
        WordFile::open(bytes, &Limits::default()).unwrap()
    }

    #[test]
    fn boxes_are_cut_into_paragraphs_of_text() {
        let text = "甲\u{13}PAGE\u{14}1\u{15}\r\u{1}乙\t丙\u{b}丁\r\r\u{13}码\r后";
        assert_eq!(cut(text), ["甲1", "乙 丙\n丁", "后"]);
    }

    #[test]
    fn pieces_are_read_in_both_widths_and_from_the_middle() {
        let pieces = piece_table(&[(5, 1024, false), (2, 1029, true)]);
        let mut told = Told { tables: vec![(33, pieces)], ..Told::default() };
        let text = [b"ab cd".as_slice(), &[0x32, 0x75, 0x59, 0x4e]].concat();
        let file = open(&told.container(&text));
        assert_eq!(read(&file, 3, 7).as_deref(), Some("cd甲乙"));
        assert_eq!(read(&file, 6, 60).as_deref(), Some("乙"));
        told.counts = [0, 0, 0, 3, 0, 0, 0, 0, 0, 3, 0];
        let file = open(&told.container(&text));
        assert_eq!(paragraphs(&file), ["cd甲"]);
        told.tables = vec![(33, piece_table(&[(5, 9_000, false)]))];
        let file = open(&told.container(&text));
        assert_eq!(paragraphs(&file), [""; 0]);
    }
}
