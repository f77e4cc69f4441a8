//! XLS, the workbook of Excel before 2007; WPS sheets (`.et`) are the same.
//!
//! calamine holds each sheet as a full rectangle from its first to its last cell, so the rectangles are measured
//! before it reads: two far cells would make it ask for gigabytes.

use crate::ingest::Format;
use crate::ingest::extract::ExtractError;
use crate::ingest::extract::sheet::xlsx::merge;
use crate::ingest::extract::sheet::{Book, Budget, Merge, Sheet, damaged, number};
use crate::ingest::faults::plain;
use crate::ingest::limits::{LimitName, Limits, OverLimit};
use crate::ingest::little_endian::{u16_at, u32_at};
use calamine::{Data, Reader, SheetType, SheetVisible, Xls, XlsError};
use std::collections::HashMap;
use std::io::{Cursor, Read};

/// What calamine takes for each cell of a rectangle: the value, the formula, and the cell as it was read.
const CELL_BYTES: u64 = 64;

/// Reads a workbook.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Book, ExtractError> {
    let stream = workbook(bytes)?;
    let found = rectangles(&stream).saturating_mul(CELL_BYTES);
    let max = limits.unpacked_bytes_max;
    if found > max {
        let limit = LimitName::UnpackedBytes;
        return Err(OverLimit { limit, max, found, exact: true }.into());
    }
    drop(stream);
    let mut file: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(xls_error)?;
    let mut budget = Budget::new(limits);
    let mut book = Book::default();
    for (ordinal, known) in file.sheets_metadata().to_vec().into_iter().enumerate() {
        if known.typ != SheetType::WorkSheet {
            continue;
        }
        if known.visible != SheetVisible::Visible {
            book.hidden += 1;
            continue;
        }
        let mut sheet = Sheet { name: known.name, number: ordinal + 1, ..Sheet::default() };
        let merges = file.merge_cells_by_sheet_name(&sheet.name).map_err(xls_error)?;
        let range = file.worksheet_range(&sheet.name).map_err(xls_error)?;
        let (first_row, first_column) = range.start().unwrap_or_default();
        for (row, column, value) in range.used_cells() {
            let row = u32::try_from(row).unwrap_or(u32::MAX).saturating_add(first_row);
            let column = column + usize::try_from(first_column).unwrap_or_default();
            if let Some(text) = shown(value) {
                sheet.add(row, column, &text, &mut budget)?;
            }
        }
        let merges: Vec<Merge> = merges.iter().map(merge).collect();
        sheet.merge(&merges, &mut budget)?;
        book.sheets.push(sheet);
    }
    Ok(book)
}

/// A value as the sheet shows it, apart from number formats, which calamine does not tell of XLS; errors show nothing.
fn shown(value: &Data) -> Option<String> {
    match value {
        Data::Int(value) => Some(value.to_string()),
        Data::Float(value) => number::general(*value),
        Data::String(text) | Data::DurationIso(text) => Some(text.clone()),
        Data::Bool(value) => Some(if *value { "TRUE" } else { "FALSE" }.to_owned()),
        Data::DateTime(value) => number::date(*value),
        Data::DateTimeIso(text) => Some(number::iso_date(text)),
        Data::Error(_) | Data::Empty => None,
    }
}

/// The stream with the workbook.
fn workbook(bytes: &[u8]) -> Result<Vec<u8>, ExtractError> {
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(damaged)?;
    if file.exists("/EncryptedPackage") {
        return Err(ExtractError::Encrypted { format: Format::Sheet });
    }
    let name = ["/Workbook", "/Book", "/WORKBOOK", "/BOOK"]
        .into_iter()
        .find(|name| file.is_stream(name))
        .ok_or_else(|| damaged("a compound file without a workbook"))?;
    let mut stream = file.open_stream(name).map_err(damaged)?;
    // No stream is longer than its file, whatever it says.
    let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    let mut content = Vec::new();
    stream.by_ref().take(size).read_to_end(&mut content).map_err(damaged)?;
    Ok(content)
}

/// The cells that the rectangles of all sheets have together.
///
/// Source: [MS-XLS] 2.1.4, 2.4: a record is its type and length, two bytes each, and its data; cells begin with row
/// and column.
fn rectangles(stream: &[u8]) -> u64 {
    const BOF: u16 = 0x0809;
    const BOUND_SHEET: u16 = 0x0085;
    const DIMENSIONS: u16 = 0x0200;
    const MUL_RK: u16 = 0x00bd;
    const CELLS: [u16; 7] = [0x0203, 0x0204, 0x00d6, 0x0205, 0x027e, 0x00fd, 0x0006];
    let mut areas: HashMap<usize, Rectangle> = HashMap::new();
    let mut sheets = Vec::new();
    let (mut at, mut begin) = (0, 0);
    let mut largest = 0;
    while let Some((kind, data)) = record(stream, at) {
        match kind {
            BOF => begin = at,
            BOUND_SHEET => sheets.extend(long(data, 0)),
            DIMENSIONS => {
                let corners = if data.len() >= 12 {
                    [long(data, 0), long(data, 4), short(data, 8), short(data, 10)]
                } else {
                    [short(data, 0), short(data, 2), short(data, 4), short(data, 6)]
                };
                if let [Some(top), Some(bottom), Some(left), Some(right)] = corners {
                    let declared = areas.entry(begin).or_default();
                    // calamine reads a first column beyond 255 as 0.
                    declared.add(top, if left > 0xff { 0 } else { left });
                    // The last row and column stand one further.
                    declared.add(bottom.saturating_sub(1), right.saturating_sub(1));
                }
            }
            MUL_RK => {
                let right = data.len().checked_sub(2).and_then(|end| short(data, end));
                for column in [short(data, 2), right] {
                    if let Some((row, column)) = short(data, 0).zip(column) {
                        areas.entry(begin).or_default().add(row, column);
                    }
                }
            }
            _ if CELLS.contains(&kind) => {
                if let Some((row, column)) = short(data, 0).zip(short(data, 2)) {
                    areas.entry(begin).or_default().add(row, column);
                }
            }
            _ => {}
        }
        if let Some(area) = areas.get(&begin) {
            largest = area.cells().max(largest);
        }
        at += 4 + data.len();
    }
    // Several sheets may lie at one place; one that begins inside another's records counts as the largest.
    sheets.iter().fold(0, |total: u64, &place| {
        let known = usize::try_from(place).ok().and_then(|place| areas.get(&place));
        total.saturating_add(known.map_or(largest, Rectangle::cells))
    })
}

/// The record at a place: its type and data.
fn record(stream: &[u8], at: usize) -> Option<(u16, &[u8])> {
    let len = usize::from(u16_at(stream, at + 2)?);
    Some((u16_at(stream, at)?, stream.get(at + 4..at + 4 + len)?))
}

fn short(data: &[u8], at: usize) -> Option<u64> {
    u16_at(data, at).map(u64::from)
}

fn long(data: &[u8], at: usize) -> Option<u64> {
    u32_at(data, at).map(u64::from)
}

/// The smallest rectangle around cells.
#[derive(Debug, Clone, Copy, Default)]
struct Rectangle {
    /// First and last row, first and last column.
    corners: Option<(u64, u64, u64, u64)>,
}

impl Rectangle {
    fn add(&mut self, row: u64, column: u64) {
        let (top, bottom, left, right) = self.corners.unwrap_or((row, row, column, column));
        self.corners = Some((top.min(row), bottom.max(row), left.min(column), right.max(column)));
    }

    fn cells(&self) -> u64 {
        self.corners.map_or(0, |(top, bottom, left, right)| {
            (bottom - top + 1).saturating_mul(right - left + 1)
        })
    }
}

fn xls_error(error: XlsError) -> ExtractError {
    match error {
        XlsError::Password => ExtractError::Encrypted { format: Format::Sheet },
        error => damaged(plain(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn push(stream: &mut Vec<u8>, kind: u16, data: &[u16]) {
        for value in [kind, u16::try_from(data.len() * 2).unwrap()].iter().chain(data) {
            stream.extend(value.to_le_bytes());
        }
    }

    #[test]
    fn far_cells_are_measured_before_they_are_read() {
        let mut stream = Vec::new();
        push(&mut stream, 0x0809, &[0]);
        // Two sheets at byte 34, one at a place where none begins.
        for place in [34, 34, 1] {
            push(&mut stream, 0x0085, &[place, 0]);
        }
        push(&mut stream, 0x000a, &[]);
        assert_eq!(stream.len(), 34);
        push(&mut stream, 0x0809, &[0]);
        push(&mut stream, 0x0203, &[9, 4]);
        push(&mut stream, 0x00bd, &[0, 0, 0, 0, 5]);
        assert_eq!(rectangles(&stream), 3 * 60);
        push(&mut stream, 0x0200, &[0, 0, 0xffff, 0xffff, 0, 0xff]);
        assert_eq!(rectangles(&stream), 3 * 0xffff_ffff * 255);
        push(&mut stream, 0x0006, &[]);
        stream.pop();
        assert_eq!(rectangles(&stream), 3 * 0xffff_ffff * 255);
    }

    #[test]
    fn a_compound_file_without_a_workbook_is_damaged() {
        let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
        file.create_stream("/WordDocument").unwrap();
        file.flush().unwrap();
        let bytes = file.into_inner().into_inner();
        let error = read(&bytes, &Limits::default()).unwrap_err();
        assert_eq!(error.to_string(), "damaged sheet: a compound file without a workbook");
        let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
        file.create_stream("/EncryptedPackage").unwrap();
        file.flush().unwrap();
        let bytes = file.into_inner().into_inner();
        let error = read(&bytes, &Limits::default()).unwrap_err();
        assert_eq!(error, ExtractError::Encrypted { format: Format::Sheet });
    }
}
