//! The streams of a Word document and what its first page says of them, checked before the library reads them.
//!
//! The library makes room for as many characters as a document says to have, and reads a page of properties or a piece
//! of text as often as it is listed: a wrong number would make it ask for gigabytes.
//!
//! Source: [MS-DOC] 2.5 (the file information block), 2.8 (tables of places), 2.9.38 (the table of pieces). Word 6 and
//! Word 95: "Microsoft Word for Windows 6.0 binary file format".

use crate::ingest::Format;
use crate::ingest::extract::compound::{Compound, with_streams};
use crate::ingest::extract::doc::fields;
use crate::ingest::extract::{ExtractError, fault};
use crate::ingest::limits::Limits;
use crate::ingest::little_endian::{u16_at, u32_at};
use std::io;
use std::ops::Range;

/// The first bytes of a document, as Word 97 and as Word 6 wrote them.
const IDENTS: [u16; 2] = [0xa5ec, WORD_6];
const WORD_6: u16 = 0xa5dc;
/// The first version of the format that has the tables of Word 97.
const WORD_97_VERSION: u16 = 0x00c0;

const ENCRYPTED: u16 = 0x0100;
const SECOND_TABLE: u16 = 0x0200;
/// Pieces of a document that was saved fast: before Word 97 others have none.
const COMPLEX: u16 = 0x0004;

const TITLE: &str = "\u{5}SummaryInformation";

/// A page of properties.
const PAGE_BYTES: usize = 512;
/// No more pages are listed than the document has, give or take.
const PAGES_SLACK: usize = 16;
/// Pieces may share text that was copied, but many that do would be a way to make much text of few bytes.
const TEXT_TIMES_MAX: usize = 2;
const TEXT_FREE_BYTES: usize = 4 << 20;

/// Of the counts of characters in the information block.
pub(super) mod count {
    pub(in crate::ingest::extract::doc) const BODY: usize = 3;
    pub(in crate::ingest::extract::doc) const FOOTNOTES: usize = 4;
    pub(in crate::ingest::extract::doc) const HEADS: usize = 5;
    pub(in crate::ingest::extract::doc) const REMARKS: usize = 7;
    pub(in crate::ingest::extract::doc) const ENDNOTES: usize = 8;
    pub(in crate::ingest::extract::doc) const BOXES: usize = 9;
    pub(in crate::ingest::extract::doc) const BOXES_OF_HEADS: usize = 10;
}

/// All texts of a document, in their order.
const TEXTS: [usize; 7] = [
    count::BODY,
    count::FOOTNOTES,
    count::HEADS,
    count::REMARKS,
    count::ENDNOTES,
    count::BOXES,
    count::BOXES_OF_HEADS,
];

/// Of the tables that the information block gives the places of.
mod table {
    pub(super) const FOOTNOTES: usize = 3;
    pub(super) const HEADS: usize = 11;
    pub(super) const CHARACTER_PAGES: usize = 12;
    pub(super) const PARAGRAPH_PAGES: usize = 13;
    pub(super) const PIECES: usize = 33;
    pub(super) const ENDNOTES: usize = 47;
}

/// Tables that give the places of notes in a text of their own, and the count of its characters.
const NOTES: [(usize, usize); 3] = [
    (table::FOOTNOTES, count::FOOTNOTES),
    (table::ENDNOTES, count::ENDNOTES),
    (table::HEADS, count::HEADS),
];

/// Where Word 6 keeps what the library reads: the length of the body, and the tables.
mod word_6 {
    pub(super) const TEXT: usize = 0x18;
    pub(super) const BODY: usize = 0x34;
    pub(super) const CHARACTER_PAGES: usize = 0xb8;
    pub(super) const PARAGRAPH_PAGES: usize = 0xc0;
    pub(super) const PIECES: usize = 0x160;
}

/// A Word document that was taken out of its container.
#[derive(Debug)]
pub(super) struct WordFile {
    pub(super) document: Vec<u8>,
    /// The tables of Word 97 and later.
    table: Option<(&'static str, Vec<u8>)>,
    title: Option<Vec<u8>>,
    /// Characters of its text that are zeros: no program writes them.
    pub(super) lost: usize,
}

impl WordFile {
    /// Takes the streams with text out of the container, and checks what they say of themselves.
    ///
    /// Errors: [`ExtractError::Encrypted`], [`ExtractError::Damaged`], and [`ExtractError::NotRead`] for other files in
    /// the same container; [`ExtractError::OverLimit`] for want of memory.
    pub(super) fn open(bytes: &[u8], limits: &Limits) -> Result<Self, ExtractError> {
        let failed = |error: io::Error| fault(&error, limits, || damaged(&error));
        let mut file = Compound::open(bytes).map_err(failed)?;
        let Some(document) = file.stream("WordDocument").map_err(failed)? else {
            let what = "an OLE file that is no Word document".to_owned();
            return Err(ExtractError::NotRead { what });
        };
        let flags = u16_at(&document, 10).unwrap_or(0);
        if flags & ENCRYPTED != 0 && IDENTS.map(Some).contains(&u16_at(&document, 0)) {
            return Err(ExtractError::Encrypted { format: Format::Doc });
        }
        let name = if flags & SECOND_TABLE == 0 { "0Table" } else { "1Table" };
        let table = file.stream(name).map_err(failed)?.map(|table| (name, table));
        // A title is not worth an error.
        let title = file.stream(TITLE).ok().flatten();
        let mut file = Self { document, table, title, lost: 0 };
        file.clamp_notes();
        file.check().map_err(damaged)?;
        file.mark_lost();
        fields::show_equations(&mut file);
        // Pieces that lead into the head of a hostile file may have changed what it says of itself.
        file.check().map_err(damaged)?;
        Ok(file)
    }

    /// A container with these streams alone: no pictures, which may be packed.
    pub(super) fn container(&self) -> io::Result<Vec<u8>> {
        let mut streams = vec![("WordDocument", self.document.as_slice())];
        streams.extend(self.table.as_ref().map(|(name, table)| (*name, table.as_slice())));
        streams.extend(self.title.as_ref().map(|title| (TITLE, title.as_slice())));
        with_streams(&streams)
    }

    /// A count of characters; `None` where the file has none, as before Word 97.
    pub(super) fn count(&self, ordinal: usize) -> Option<u32> {
        self.is_word_97().then_some(())?;
        let (counts, len, _) = self.sections()?;
        (ordinal < len).then(|| u32_at(&self.document, counts + ordinal * 4))?
    }

    /// The pieces of text, in the order of their characters.
    pub(super) fn pieces(&self) -> Option<Vec<Piece>> {
        pieces(self.table_at(table::PIECES)?)
    }

    /// The bytes of a piece; `None` for one that leads out of the document.
    pub(super) fn bytes_of(&self, piece: &Piece) -> Option<&[u8]> {
        let start = usize::try_from(piece.offset).ok()?;
        self.document.get(start..start.checked_add(piece.bytes()?)?)
    }

    pub(super) fn is_word_97(&self) -> bool {
        u16_at(&self.document, 0) != Some(WORD_6)
            && u16_at(&self.document, 2).is_some_and(|version| version >= WORD_97_VERSION)
    }

    /// Where the counts stand and how many they are, and where the places of tables stand.
    fn sections(&self) -> Option<(usize, usize, usize)> {
        const SHORTS: usize = 32;
        let counts = SHORTS + 2 + usize::from(u16_at(&self.document, SHORTS)?) * 2 + 2;
        let len = usize::from(u16_at(&self.document, counts - 2)?);
        Some((counts, len, counts + len * 4 + 2))
    }

    /// A table of Word 97; `None` for one that leads out of its stream.
    fn table_at(&self, ordinal: usize) -> Option<&[u8]> {
        self.table.as_ref()?.1.get(self.range_of(ordinal)?)
    }

    fn range_of(&self, ordinal: usize) -> Option<Range<usize>> {
        self.is_word_97().then_some(())?;
        let (_, _, places) = self.sections()?;
        let len = usize::from(u16_at(&self.document, places - 2)?);
        (ordinal < len).then(|| range(&self.document, places + ordinal * 8))?
    }

    /// Puts the places of notes and running heads into their text: the format leaves the last of each table open, and
    /// the library takes it for the end of a note.
    fn clamp_notes(&mut self) {
        for (ordinal, text) in NOTES {
            let Some(max) = self.count(text) else { continue };
            let Some(range) = self.range_of(ordinal) else { continue };
            let places = self.table.as_mut().and_then(|(_, table)| table.get_mut(range));
            for place in places.unwrap_or_default().chunks_exact_mut(4) {
                let clamped = u32_at(place, 0).map_or(0, |place| place.min(max));
                place.copy_from_slice(&clamped.to_le_bytes());
            }
        }
    }

    /// Marks and counts the characters of the text that were overwritten with zeros.
    fn mark_lost(&mut self) {
        for piece in self.text_pieces() {
            let start = usize::try_from(piece.offset).unwrap_or(usize::MAX);
            let end = piece.bytes().and_then(|bytes| start.checked_add(bytes));
            let text = end.and_then(|end| self.document.get_mut(start..end)).unwrap_or_default();
            self.lost += if piece.is_wide { mark_wide(text) } else { mark_narrow(text) };
        }
    }

    /// The pieces as far as there is text in them; what stands behind it is none.
    pub(super) fn text_pieces(&self) -> Vec<Piece> {
        let document = &self.document;
        let of_text = |pieces: Vec<Piece>, chars: u32| {
            pieces.iter().filter_map(|piece| piece.part(0, chars)).collect()
        };
        if self.is_word_97() {
            let chars = TEXTS.iter().filter_map(|&text| self.count(text));
            let chars = chars.fold(0, u32::saturating_add);
            return of_text(self.pieces().unwrap_or_default(), chars);
        }
        let chars = u32_at(document, word_6::BODY).unwrap_or(0);
        let pieces = if u16_at(document, 10).is_some_and(|flags| flags & COMPLEX != 0) {
            range(document, word_6::PIECES).and_then(|range| pieces(document.get(range)?))
        } else {
            let offset = u32_at(document, word_6::TEXT);
            offset.map(|offset| vec![Piece { chars: (0, chars), offset, is_wide: false }])
        };
        let mut pieces = of_text(pieces.unwrap_or_default(), chars);
        for piece in &mut pieces {
            piece.is_wide = false;
        }
        pieces
    }

    /// How many bytes of text the pieces may have together.
    fn text_bytes_max(&self) -> usize {
        self.document.len().saturating_mul(TEXT_TIMES_MAX).saturating_add(TEXT_FREE_BYTES)
    }

    /// What is wrong with what the document says of itself; the library finds the rest.
    fn check(&self) -> Result<(), &'static str> {
        if self.is_word_97() { self.check_word_97() } else { self.check_word_6() }
    }

    fn check_word_97(&self) -> Result<(), &'static str> {
        for ordinal in [count::BODY, count::FOOTNOTES, count::HEADS, count::REMARKS] {
            self.check_chars(self.count(ordinal).unwrap_or(0))?;
        }
        self.check_pieces(&self.pieces().unwrap_or_default())?;
        self.check_pages(self.table_at(table::CHARACTER_PAGES), 8)?;
        self.check_pages(self.table_at(table::PARAGRAPH_PAGES), 8)?;
        for (ordinal, _) in NOTES {
            let places = self.table_at(ordinal).unwrap_or_default().chunks_exact(4);
            let (mut before, mut left) = (u32::MAX, self.text_bytes_max());
            for place in places.filter_map(|place| u32_at(place, 0)) {
                left = usize::try_from(place.saturating_sub(before))
                    .ok()
                    .and_then(|len| left.checked_sub(len))
                    .ok_or("its notes have more text than the document")?;
                before = place;
            }
        }
        Ok(())
    }

    fn check_word_6(&self) -> Result<(), &'static str> {
        let document = &self.document;
        self.check_chars(u32_at(document, word_6::BODY).unwrap_or(0))?;
        let table = |at: usize| document.get(range(document, at)?);
        if u16_at(document, 10).is_some_and(|flags| flags & COMPLEX != 0) {
            // All of them are narrow here, whatever they say.
            let pieces = table(word_6::PIECES).and_then(pieces).unwrap_or_default();
            let narrow = |piece: Piece| Piece { is_wide: false, ..piece };
            self.check_pieces(&pieces.into_iter().map(narrow).collect::<Vec<_>>())?;
        }
        self.check_pages(table(word_6::CHARACTER_PAGES), 6)?;
        self.check_pages(table(word_6::PARAGRAPH_PAGES), 6)
    }

    /// A character takes a byte at least.
    fn check_chars(&self, chars: u32) -> Result<(), &'static str> {
        match usize::try_from(chars) {
            Ok(chars) if chars <= self.text_bytes_max() => Ok(()),
            _ => Err("it says to have more characters than it has bytes"),
        }
    }

    fn check_pieces(&self, pieces: &[Piece]) -> Result<(), &'static str> {
        let mut left = self.text_bytes_max();
        for piece in pieces {
            left = piece
                .bytes()
                .and_then(|bytes| left.checked_sub(bytes))
                .ok_or("its pieces of text lie over one another")?;
        }
        Ok(())
    }

    /// A list of pages of properties: places, one more than pages, and then numbers of pages.
    fn check_pages(&self, list: Option<&[u8]>, bytes_each: usize) -> Result<(), &'static str> {
        let listed = list.map_or(0, |list| list.len().saturating_sub(4) / bytes_each);
        if listed > self.document.len() / PAGE_BYTES + PAGES_SLACK {
            return Err("it lists more pages of properties than it has");
        }
        Ok(())
    }
}

/// A run of characters in the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece {
    /// The first character, and the first behind.
    pub(super) chars: (u32, u32),
    /// Where its bytes begin.
    pub(super) offset: u32,
    /// Two bytes a character, of UTF-16; else one, of Windows-1252.
    pub(super) is_wide: bool,
}

impl Piece {
    /// The part of it that lies in `from..to`.
    pub(super) fn part(&self, from: u32, to: u32) -> Option<Self> {
        let (first, last) = self.chars;
        let (start, end) = (first.max(from), last.min(to));
        let skipped = start.checked_sub(first)?.checked_mul(if self.is_wide { 2 } else { 1 })?;
        let offset = self.offset.checked_add(skipped)?;
        (start < end).then_some(Self { chars: (start, end), offset, is_wide: self.is_wide })
    }

    /// How many bytes it has.
    pub(super) fn bytes(&self) -> Option<usize> {
        let chars = usize::try_from(self.chars.1.checked_sub(self.chars.0)?).ok()?;
        chars.checked_mul(if self.is_wide { 2 } else { 1 })
    }
}

/// Reads a table of pieces.
fn pieces(table: &[u8]) -> Option<Vec<Piece>> {
    const NARROW: u32 = 0x4000_0000;
    let mut at = 0;
    // Changes of properties stand before the pieces.
    while *table.get(at)? == 1 {
        at += 3 + usize::from(u16_at(table, at + 1)?);
    }
    let len = usize::try_from(u32_at(table, at + 1)?).ok()?;
    let list = table.get(at + 5..)?.get(..len)?;
    let count = list.len().checked_sub(4)? / 12;
    let piece = |ordinal: usize| {
        let chars = (u32_at(list, ordinal * 4)?, u32_at(list, ordinal * 4 + 4)?);
        let place = u32_at(list, (count + 1) * 4 + ordinal * 8 + 2)?;
        let (is_wide, offset) = (place & NARROW == 0, place & (NARROW - 1));
        Some(Piece { chars, offset: if is_wide { offset } else { offset / 2 }, is_wide })
    };
    (0..count).map(piece).collect()
}

/// Stands in narrow text for characters that are lost: a control that no text has.
pub(super) const LOST: char = '\u{81}';
const LOST_BYTE: u8 = 0x81;

/// So many zeros side by side, and the characters at both ends may be overwritten by half.
const HOLE_UNITS: usize = 4;

/// Puts U+FFFD for each run of zeros in text of two bytes a character; gives how many characters are lost.
fn mark_wide(text: &mut [u8]) -> usize {
    let (units, _) = text.as_chunks_mut::<2>();
    let (mut at, mut lost) = (0, 0);
    while let Some(hole) = units.get(at..).and_then(|rest| rest.iter().position(|u| *u == [0; 2])) {
        let mut from = at + hole;
        let mut end = from + zeros(units.get(from..).unwrap_or_default(), &[0; 2]);
        if end - from >= HOLE_UNITS {
            let is_half = |unit: &&mut [u8; 2]| unit[0] == 0;
            if let Some(after) = units.get_mut(end).filter(is_half) {
                *after = [0; 2];
                end += 1;
            }
            // Marks of paragraphs and fields stay.
            let before = from.checked_sub(1).and_then(|before| units.get(before));
            if before.is_some_and(|unit| unit[1] == 0 && unit[0] >= b' ') {
                from -= 1;
            }
        }
        units[from] = 0xfffd_u16.to_le_bytes();
        lost += end - from;
        at = end;
    }
    lost
}

/// Puts [`LOST`] for each run of zeros in text of one byte a character; gives how many characters are lost.
fn mark_narrow(text: &mut [u8]) -> usize {
    let (mut at, mut lost) = (0, 0);
    while let Some(hole) = text.get(at..).and_then(|rest| memchr::memchr(0, rest)) {
        let from = at + hole;
        let end = from + zeros(text.get(from..).unwrap_or_default(), &0);
        // Alone before a byte of text it could be the half of a character.
        if end - from > 1 {
            text[from] = LOST_BYTE;
        }
        lost += end - from;
        at = end;
    }
    lost
}

/// How many zeros a text begins with.
fn zeros<T: PartialEq>(text: &[T], zero: &T) -> usize {
    text.iter().take_while(|unit| *unit == zero).count()
}

/// The part of a stream whose place and length stand at `at` in the document.
fn range(document: &[u8], at: usize) -> Option<Range<usize>> {
    let start = usize::try_from(u32_at(document, at)?).ok()?;
    let len = usize::try_from(u32_at(document, at + 4)?).ok()?;
    Some(start..start.checked_add(len)?)
}

fn damaged(cause: impl ToString) -> ExtractError {
    ExtractError::Damaged { format: Format::Doc, cause: cause.to_string() }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Counts of characters that a document says to have, and its tables.
    #[derive(Default)]
    pub(in crate::ingest::extract::doc) struct Told {
        pub(in crate::ingest::extract::doc) counts: [u32; 11],
        pub(in crate::ingest::extract::doc) tables: Vec<(usize, Vec<u8>)>,
    }

    impl Told {
        /// A document of Word 97 with this text behind its first page, in its container.
        pub(in crate::ingest::extract::doc) fn container(&self, text: &[u8]) -> Vec<u8> {
            const TABLES: usize = 75;
            let mut document = vec![0; 34 + 28];
            document[..2].copy_from_slice(&IDENTS[0].to_le_bytes());
            document[2..4].copy_from_slice(&0xc1_u16.to_le_bytes());
            document[32] = 14;
            document.extend(11_u16.to_le_bytes());
            document.extend(self.counts.iter().flat_map(|count| count.to_le_bytes()));
            document.extend(u16::try_from(TABLES).unwrap().to_le_bytes());
            let (mut places, mut stream) = (vec![0; TABLES * 8], vec![0; 8]);
            for (ordinal, table) in &self.tables {
                let at = u32::try_from(stream.len()).unwrap();
                places[ordinal * 8..ordinal * 8 + 4].copy_from_slice(&at.to_le_bytes());
                let len = u32::try_from(table.len()).unwrap();
                places[ordinal * 8 + 4..ordinal * 8 + 8].copy_from_slice(&len.to_le_bytes());
                stream.extend(table);
            }
            document.extend(places);
            document.resize(1024, 0);
            document.extend(text);
            document.resize(document.len().max(5_000), 0);
            with_streams(&[("WordDocument", &document), ("0Table", &stream)]).unwrap()
        }
    }

    /// A table of pieces: how many characters each has, where it begins, and whether it is wide.
    pub(in crate::ingest::extract::doc) fn piece_table(pieces: &[(u32, u32, bool)]) -> Vec<u8> {
        let mut list = vec![0; 4];
        let mut end = 0_u32;
        for (chars, ..) in pieces {
            end = end.checked_add(*chars).unwrap();
            list.extend(end.to_le_bytes());
        }
        for (_, offset, is_wide) in pieces {
            let place = if *is_wide { *offset } else { (offset * 2) | 0x4000_0000 };
            list.extend([&[0; 2], place.to_le_bytes().as_slice(), &[0; 2]].concat());
        }
        // A change of properties stands before it.
        [&[1, 2, 0, 9, 9, 2], u32::try_from(list.len()).unwrap().to_le_bytes().as_slice(), &list]
            .concat()
    }

    fn positions(places: &[u32]) -> Vec<u8> {
        places.iter().flat_map(|place| place.to_le_bytes()).collect()
    }

    #[track_caller]
    fn check(told: &Told, expected: Result<(), &str>) {
        let found = WordFile::open(&told.container(b"ab"), &Limits::default()).map(|_| ());
        let expected = expected.map_err(damaged);
        assert_eq!(found, expected);
    }

    #[test]
    fn a_document_with_more_characters_than_bytes_is_damaged() {
        let cause = Err("it says to have more characters than it has bytes");
        for ordinal in [count::BODY, count::FOOTNOTES, count::HEADS, count::REMARKS] {
            let mut told = Told::default();
            told.counts[ordinal] = 5_000;
            check(&told, Ok(()));
            told.counts[ordinal] = 0x7fff_ffff;
            check(&told, cause);
        }
    }

    #[test]
    fn pieces_may_share_text_but_not_much_of_it() {
        let pieces = |count: usize| Told {
            tables: vec![(table::PIECES, piece_table(&vec![(4_000, 1_000, false); count]))],
            ..Told::default()
        };
        check(&pieces(50), Ok(()));
        check(&pieces(2_000), Err("its pieces of text lie over one another"));
    }

    #[test]
    fn a_page_of_properties_is_not_listed_again_and_again() {
        for ordinal in [table::CHARACTER_PAGES, table::PARAGRAPH_PAGES] {
            let pages = |count: usize| Told {
                tables: vec![(ordinal, positions(&vec![1; 2 * count + 1]))],
                ..Told::default()
            };
            check(&pages(9), Ok(()));
            check(&pages(500), Err("it lists more pages of properties than it has"));
        }
    }

    #[test]
    fn notes_end_where_their_text_does() {
        for (ordinal, text) in NOTES {
            let mut told = Told::default();
            told.counts[text] = 60;
            told.tables = vec![(ordinal, positions(&[0, 20, 0xffff_fff0]))];
            let file = WordFile::open(&told.container(b"ab"), &Limits::default()).unwrap();
            assert_eq!(file.table_at(ordinal), Some(positions(&[0, 20, 60]).as_slice()));
            told.counts[text] = 4_000;
            told.tables = vec![(ordinal, positions(&[0, 4_000].repeat(3_000)))];
            check(&told, Err("its notes have more text than the document"));
        }
    }

    #[test]
    fn zeros_in_the_text_are_lost_characters() {
        let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
        let mut text = wide("在政治上团结二十\r一大学");
        assert_eq!(mark_wide(&mut text.clone()), 0);
        // From the middle of a character to the middle of another one.
        text[9..21].fill(0);
        assert_eq!(mark_wide(&mut text), 7);
        assert_eq!(text, wide("在政治上\u{fffd}\0\0\0\0\0\0学"));
        let mut text = wide("甲\r\0\0\0\0\0乙\0丙");
        assert_eq!(mark_wide(&mut text), 6);
        assert_eq!(text, wide("甲\r\u{fffd}\0\0\0\0乙\u{fffd}丙"));
        let mut text = b"ab\0\0\0cd\0".to_vec();
        assert_eq!(mark_narrow(&mut text), 4);
        assert_eq!(text, b"ab\x81\0\0cd\0");
    }

    #[test]
    fn zeros_behind_the_text_are_not_counted() {
        let mut told =
            Told { tables: vec![(33, piece_table(&[(6, 1024, false)]))], ..Told::default() };
        for (chars, lost) in [(2, 0), (6, 3)] {
            told.counts[count::BODY] = chars;
            let container = told.container(b"ab\0\0\0c");
            let file = WordFile::open(&container, &Limits::default()).unwrap();
            assert_eq!(file.lost, lost);
        }
    }

    #[test]
    fn text_over_the_head_of_a_document_does_not_raise_its_counts() {
        const COUNTS: u32 = 64;
        let mut told = Told {
            tables: vec![(table::PIECES, piece_table(&[(10, COUNTS, true)]))],
            ..Told::default()
        };
        told.counts[count::BODY] = 10;
        check(&told, Err("it says to have more characters than it has bytes"));
    }

    #[test]
    fn a_password_is_named_though_nothing_else_can_be_read() {
        let mut document = vec![0xff; 200];
        document[..2].copy_from_slice(&IDENTS[0].to_le_bytes());
        let bytes = with_streams(&[("WordDocument", &document)]).unwrap();
        let error = WordFile::open(&bytes, &Limits::default()).unwrap_err();
        assert_eq!(error, ExtractError::Encrypted { format: Format::Doc });
    }

    #[test]
    fn pictures_stay_behind() {
        let bytes = with_streams(&[("WordDocument", &[0; 50]), ("Data", b"d"), (TITLE, b"t")]);
        let clean =
            WordFile::open(&bytes.unwrap(), &Limits::default()).unwrap().container().unwrap();
        let file = Compound::open(&clean).unwrap();
        assert!(file.has("WordDocument") && file.has(TITLE) && !file.has("Data"));
    }
}
