//! What the records of an XLS workbook make calamine hold, measured before it reads them.
//!
//! calamine holds each sheet as a full rectangle from its first to its last cell, makes room for as many cells as the
//! sheet declares, and gives every cell a copy of its text: two far cells, a wrong number or a text that a million
//! cells share would make it ask for gigabytes. The records are therefore walked here in the same way as there.
//!
//! Source: [MS-XLS] 2.1.4, 2.4: a record is its type and length, two bytes each, and its data; cells begin with row
//! and column.

use crate::ingest::Format;
use crate::ingest::extract::ExtractError;
use crate::ingest::extract::sheet::damaged;
use crate::ingest::little_endian::{u16_at, u32_at};

/// The value of a cell, and its copy.
const CELL_BYTES: u64 = 64;
const FORMULA_BYTES: u64 = 24;
/// What is set aside for each cell that a sheet declares.
const DECLARED_BYTES: u64 = 40;
/// Rows times columns of the largest sheet of this format.
const CELLS_MAX: u64 = 65_536 * 256;
/// How often the workbook may be walked for its sheets, which lie one behind the other.
const WALKS_MAX: usize = 4;

pub(super) const FORMULA: u16 = 0x0006;
pub(super) const END: u16 = 0x000a;
const FILE_PASS: u16 = 0x002f;
const CONTINUE: u16 = 0x003c;
pub(super) const BOUND_SHEET: u16 = 0x0085;
pub(super) const MUL_RK: u16 = 0x00bd;
const RICH_LABEL: u16 = 0x00d6;
const STRINGS: u16 = 0x00fc;
const LABEL_OF_STRINGS: u16 = 0x00fd;
const DIMENSIONS: u16 = 0x0200;
pub(super) const NUMBER: u16 = 0x0203;
const LABEL: u16 = 0x0204;
const BOOL_OR_ERROR: u16 = 0x0205;
const FORMULA_STRING: u16 = 0x0207;
pub(super) const RK: u16 = 0x027e;
pub(super) const BEGIN: u16 = 0x0809;

/// The bytes that the cells of all sheets take.
///
/// Errors: [`ExtractError::Encrypted`]; [`ExtractError::Damaged`] for sheets that cannot be what they declare.
pub(super) fn bytes_needed(stream: &[u8]) -> Result<u64, ExtractError> {
    let mut sheets = Vec::new();
    let mut texts = Vec::new();
    let mut records = Records::from(stream, 0);
    while let Some((kind, data)) = records.next() {
        match kind {
            END => break,
            FILE_PASS => return Err(ExtractError::Encrypted { format: Format::Sheet }),
            BOUND_SHEET => sheets.extend(u32_at(data, 0)),
            STRINGS => texts = lengths(&records.with_continued(data)),
            _ => {}
        }
    }
    let mut left = stream.len().saturating_mul(WALKS_MAX);
    let (mut needed, mut declared_max) = (0_u64, 0);
    for place in sheets {
        let at = usize::try_from(place).unwrap_or(usize::MAX);
        let mut records = Records::from(stream, at);
        let sheet = Sheet::measure(&mut records, &texts)?;
        left = left
            .checked_sub(records.at.saturating_sub(at))
            .ok_or_else(|| damaged("its sheets lie over one another"))?;
        needed = needed.saturating_add(sheet.bytes());
        declared_max = sheet.declared.max(declared_max);
    }
    Ok(needed.saturating_add(declared_max * DECLARED_BYTES))
}

/// The records from a place on, up to one that is cut off.
pub(super) struct Records<'s> {
    stream: &'s [u8],
    at: usize,
}

impl<'s> Records<'s> {
    pub(super) fn from(stream: &'s [u8], at: usize) -> Self {
        Self { stream, at }
    }

    /// The parts of a record that goes on in those behind it.
    fn with_continued(&mut self, data: &'s [u8]) -> Vec<&'s [u8]> {
        let mut parts = vec![data];
        while u16_at(self.stream, self.at) == Some(CONTINUE) {
            let Some((_, data)) = self.next() else { break };
            parts.push(data);
        }
        parts
    }
}

impl<'s> Iterator for Records<'s> {
    /// Type and data.
    type Item = (u16, &'s [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.stream.get(self.at..)?;
        let len = usize::from(u16_at(rest, 2)?);
        let record = (u16_at(rest, 0)?, rest.get(4..4 + len)?);
        self.at += 4 + len;
        Some(record)
    }
}

/// What one sheet holds.
#[derive(Debug, Default)]
struct Sheet {
    cells: Rectangle,
    formulas: Rectangle,
    /// Cells that it says to have.
    declared: u64,
    text_bytes: u64,
}

impl Sheet {
    fn measure(records: &mut Records<'_>, texts: &[u64]) -> Result<Self, ExtractError> {
        let mut sheet = Self::default();
        // Charts in a sheet have cells of their own, which are passed over; the sheet's own beginning counts as none.
        let mut depth = 0_usize;
        let mut is_begun = false;
        let mut formula = (0, 0);
        for (kind, data) in records {
            match kind {
                BEGIN if is_begun => depth += 1,
                BEGIN => is_begun = true,
                END if depth == 0 => break,
                END => depth -= 1,
                _ if depth > 0 => {}
                DIMENSIONS => sheet.declared = declared(data)?.max(sheet.declared),
                FORMULA_STRING => {
                    sheet.cells.add(formula);
                    sheet.add_text(u16_at(data, 0));
                }
                _ => {
                    let Some(place) = place(data) else { continue };
                    match kind {
                        NUMBER | BOOL_OR_ERROR | RK => sheet.cells.add(place),
                        LABEL | RICH_LABEL => {
                            sheet.cells.add(place);
                            sheet.add_text(u16_at(data, 6));
                        }
                        LABEL_OF_STRINGS => {
                            sheet.cells.add(place);
                            let at = u32_at(data, 6).and_then(|at| usize::try_from(at).ok());
                            let text = at.and_then(|at| texts.get(at));
                            sheet.text_bytes =
                                sheet.text_bytes.saturating_add(text.copied().unwrap_or(0));
                        }
                        MUL_RK => {
                            let cells = u64::try_from(data.len().saturating_sub(6) / 6);
                            let further = cells.unwrap_or(0).saturating_sub(1);
                            sheet.cells.add(place);
                            sheet.cells.add((place.0, place.1 + further));
                        }
                        FORMULA => {
                            formula = place;
                            sheet.cells.add(place);
                            sheet.formulas.add(place);
                        }
                        _ => {}
                    }
                }
            }
        }
        Ok(sheet)
    }

    /// A text of so many characters, which is made room for whether they are there or not.
    fn add_text(&mut self, chars: Option<u16>) {
        self.text_bytes = self.text_bytes.saturating_add(u64::from(chars.unwrap_or(0)) * 3);
    }

    fn bytes(&self) -> u64 {
        let cells = self.cells.cells().saturating_mul(CELL_BYTES);
        let formulas = self.formulas.cells().saturating_mul(FORMULA_BYTES);
        // Each text and its copy.
        cells.saturating_add(formulas).saturating_add(self.text_bytes.saturating_mul(2))
    }
}

/// The smallest rectangle around cells.
#[derive(Debug, Clone, Copy, Default)]
struct Rectangle {
    /// First and last row, first and last column.
    corners: Option<(u64, u64, u64, u64)>,
}

impl Rectangle {
    fn add(&mut self, (row, column): (u64, u64)) {
        let (top, bottom, left, right) = self.corners.unwrap_or((row, row, column, column));
        self.corners = Some((top.min(row), bottom.max(row), left.min(column), right.max(column)));
    }

    fn cells(&self) -> u64 {
        self.corners.map_or(0, |(top, bottom, left, right)| {
            (bottom - top + 1).saturating_mul(right - left + 1)
        })
    }
}

/// Row and column of a cell.
fn place(data: &[u8]) -> Option<(u64, u64)> {
    Some((short(data, 0)?, short(data, 2)?))
}

/// The cells that a sheet says to have.
fn declared(data: &[u8]) -> Result<u64, ExtractError> {
    let corners = if data.len() >= 12 {
        [long(data, 0), long(data, 4), short(data, 8), short(data, 10)]
    } else {
        [short(data, 0), short(data, 2), short(data, 4), short(data, 6)]
    };
    let [Some(top), Some(bottom), Some(left), Some(right)] = corners else { return Ok(0) };
    // The last row and column stand one further; calamine takes a first column beyond the last as 0.
    if bottom == 0 || right == 0 {
        return Ok(0);
    }
    let left = if left > 0xff || right < left { 0 } else { left };
    let rows = bottom.checked_sub(top).filter(|&rows| rows > 0);
    let columns = right.checked_sub(left).filter(|&columns| columns > 0);
    rows.zip(columns)
        .map(|(rows, columns)| rows.saturating_mul(columns))
        .filter(|&cells| cells <= CELLS_MAX)
        .ok_or_else(|| damaged("a sheet in it says to have more cells than a sheet can have"))
}

fn short(data: &[u8], at: usize) -> Option<u64> {
    u16_at(data, at).map(u64::from)
}

fn long(data: &[u8], at: usize) -> Option<u64> {
    u32_at(data, at).map(u64::from)
}

/// The bytes of each shared text at most, as far as they can be read; `parts` is the record and those it goes on in.
///
/// Source: [MS-XLS] 2.5.293.
fn lengths(parts: &[&[u8]]) -> Vec<u64> {
    const COUNTS_BYTES: usize = 8;
    let mut parts = Parts { data: &[], behind: parts.iter() };
    let mut lengths = Vec::new();
    if parts.step().and_then(|()| parts.take(COUNTS_BYTES)).is_some() {
        lengths.extend(std::iter::from_fn(|| parts.length()));
    }
    lengths
}

/// Data that is cut into records.
struct Parts<'p, 's> {
    data: &'s [u8],
    behind: std::slice::Iter<'p, &'s [u8]>,
}

impl<'s> Parts<'_, 's> {
    fn step(&mut self) -> Option<()> {
        self.data = self.behind.next()?;
        Some(())
    }

    /// Bytes that stand in one record.
    fn take(&mut self, len: usize) -> Option<&'s [u8]> {
        let (taken, rest) = self.data.split_at_checked(len)?;
        self.data = rest;
        Some(taken)
    }

    /// Steps over a text; gives the bytes it has at most in UTF-8.
    fn length(&mut self) -> Option<u64> {
        const WIDE: u8 = 1;
        const EXTENDED: u8 = 4;
        const RICH: u8 = 8;
        if self.data.is_empty() {
            self.step()?;
            if self.data.is_empty() {
                return Some(0);
            }
        }
        let head = self.take(3)?;
        let flags = *head.get(2)?;
        let runs = if flags & RICH == 0 { 0 } else { u16_at(self.take(2)?, 0)? };
        let extension = if flags & EXTENDED == 0 { 0 } else { u32_at(self.take(4)?, 0)? };
        let (mut left, mut wide) = (usize::from(u16_at(head, 0)?), flags & WIDE);
        let mut bytes = 0;
        loop {
            let width = 1 + usize::from(wide);
            let here = left.min(self.data.len() / width);
            self.take(here * width)?;
            bytes += here * (1 + width);
            left -= here;
            if left == 0 {
                break;
            }
            // What goes on in the next record says again how wide its characters are.
            self.step()?;
            wide = *self.take(1)?.first()? & WIDE;
        }
        let mut skipped = usize::from(runs) * 4 + usize::try_from(extension).ok()?;
        while skipped > 0 {
            if self.data.is_empty() {
                self.step()?;
            }
            let here = skipped.min(self.data.len());
            self.take(here)?;
            skipped -= here;
        }
        u64::try_from(bytes).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn push(stream: &mut Vec<u8>, kind: u16, data: &[u16]) {
        let data: Vec<u8> = data.iter().flat_map(|value| value.to_le_bytes()).collect();
        push_bytes(stream, kind, &data);
    }

    fn push_bytes(stream: &mut Vec<u8>, kind: u16, data: &[u8]) {
        stream.extend(kind.to_le_bytes());
        stream.extend(u16::try_from(data.len()).unwrap().to_le_bytes());
        stream.extend(data);
    }

    /// A workbook with sheets of these records.
    fn workbook(texts: &[&[u8]], sheets: &[&[(u16, &[u16])]]) -> Vec<u8> {
        let mut content = Vec::new();
        let mut places = Vec::new();
        for sheet in sheets {
            places.push(content.len());
            push(&mut content, BEGIN, &[0]);
            for (kind, data) in *sheet {
                push(&mut content, *kind, data);
            }
            push(&mut content, END, &[]);
        }
        let texts_bytes: usize = texts.iter().map(|part| part.len() + 4).sum();
        let start = 6 + sheets.len() * 8 + texts_bytes + 4;
        let mut stream = Vec::new();
        push(&mut stream, BEGIN, &[0]);
        for place in places {
            push(&mut stream, BOUND_SHEET, &[u16::try_from(start + place).unwrap(), 0]);
        }
        for (ordinal, part) in texts.iter().enumerate() {
            push_bytes(&mut stream, if ordinal == 0 { STRINGS } else { CONTINUE }, part);
        }
        push(&mut stream, END, &[]);
        stream.extend(content);
        stream
    }

    #[track_caller]
    fn check(stream: &[u8], expected: Result<u64, &str>) {
        let found = bytes_needed(stream).map_err(|error| error.to_string());
        assert_eq!(found, expected.map_err(|cause| format!("damaged sheet: {cause}")));
    }

    #[test]
    fn far_cells_are_measured_before_they_are_read() {
        let near: &[(u16, &[u16])] = &[(NUMBER, &[9, 4]), (MUL_RK, &[0, 0, 0, 0, 0, 0, 0, 0, 1])];
        check(&workbook(&[], &[near]), Ok(10 * 5 * CELL_BYTES));
        check(&workbook(&[], &[near, near]), Ok(2 * 10 * 5 * CELL_BYTES));
        let far: &[(u16, &[u16])] = &[(NUMBER, &[0, 0]), (RK, &[0xffff, 0xff])];
        check(&workbook(&[], &[far]), Ok(CELLS_MAX * CELL_BYTES));
        let formulas: &[(u16, &[u16])] = &[(FORMULA, &[1, 1]), (FORMULA, &[2, 2])];
        check(&workbook(&[], &[formulas]), Ok(4 * (CELL_BYTES + FORMULA_BYTES)));
    }

    #[test]
    fn cells_of_a_chart_in_a_sheet_are_not_its_own() {
        let sheet: &[(u16, &[u16])] = &[(BEGIN, &[0]), (RK, &[900, 9]), (END, &[]), (RK, &[1, 1])];
        check(&workbook(&[], &[sheet]), Ok(CELL_BYTES));
    }

    #[test]
    fn a_sheet_that_declares_more_cells_than_there_can_be_is_damaged() {
        let dimensions = |bottom: u16, right: u16| {
            let data = [1, 0, bottom, 0, 1, right, 0];
            workbook(&[], &[&[(DIMENSIONS, &data)]])
        };
        let cause = Err("a sheet in it says to have more cells than a sheet can have");
        check(&dimensions(3, 5), Ok(2 * 4 * DECLARED_BYTES));
        check(&dimensions(0, 5), Ok(0));
        check(&dimensions(1, 5), cause);
        check(&dimensions(0xffff, 0xffff), cause);
        // Rows that come to 2^32 less a few.
        check(&workbook(&[], &[&[(DIMENSIONS, &[9, 0, 4, 0, 0, 1, 0])]]), cause);
    }

    #[test]
    fn a_text_that_many_cells_share_is_counted_for_each() {
        // A text of 3 wide characters with a run, cut in the middle and going on in narrow ones; then one of 2.
        let first = [&[0; 8], [3, 0, 9, 1, 0].as_slice(), &[0x32, 0x75]].concat();
        let second = [0, b'a', b'b', 1, 2, 3, 4, 2, 0, 0, b'c', b'd'];
        let sheet: &[(u16, &[u16])] = &[
            (LABEL_OF_STRINGS, &[0, 0, 0, 0, 0]),
            (LABEL_OF_STRINGS, &[0, 0, 0, 0, 0]),
            (LABEL_OF_STRINGS, &[0, 0, 0, 1, 0]),
            (LABEL_OF_STRINGS, &[0, 0, 0, 7, 0]),
        ];
        let text = 2 * (3 + 2 + 2) + 2 * 2;
        check(&workbook(&[&first, &second], &[sheet]), Ok(CELL_BYTES + 2 * text));
    }

    #[test]
    fn a_text_that_says_to_be_longer_than_it_is_counts_as_it_says() {
        let sheet: &[(u16, &[u16])] = &[(LABEL, &[0, 0, 0, 0xffff]), (FORMULA_STRING, &[0xffff])];
        check(&workbook(&[], &[sheet]), Ok(CELL_BYTES + 2 * 2 * 3 * 0xffff));
    }

    #[test]
    fn sheets_at_one_place_are_damage_and_a_password_is_named() {
        let mut stream = Vec::new();
        push(&mut stream, BEGIN, &[0]);
        for _ in 0..20 {
            push(&mut stream, BOUND_SHEET, &[0, 0]);
        }
        // No end: each sheet is the whole workbook.
        check(&stream, Err("its sheets lie over one another"));
        push(&mut stream, FILE_PASS, &[0, 1, 2]);
        let encrypted = ExtractError::Encrypted { format: Format::Sheet };
        assert_eq!(bytes_needed(&stream), Err(encrypted));
    }
}
