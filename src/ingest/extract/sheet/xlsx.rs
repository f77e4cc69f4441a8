//! XLSX: cells are streamed, so that one far cell costs nothing.

use crate::ingest::Format;
use crate::ingest::extract::ExtractError;
use crate::ingest::extract::sheet::{Book, Budget, Merge, Sheet, damaged, number};
use crate::ingest::faults::plain;
use crate::ingest::limits::Limits;
use calamine::{DataRef, Dimensions, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use std::io::Cursor;

/// Reads a workbook whose unpacked sizes were checked.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Book, ExtractError> {
    let mut file: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(xlsx_error)?;
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
        read_cells(&mut file, &mut sheet, &mut budget)?;
        let merges = file.merge_cells_by_sheet_name(&sheet.name).map_err(xlsx_error)?;
        let merges: Vec<Merge> = merges.iter().map(merge).collect();
        sheet.merge(&merges, &mut budget)?;
        book.sheets.push(sheet);
    }
    Ok(book)
}

fn read_cells(
    file: &mut Xlsx<Cursor<&[u8]>>,
    sheet: &mut Sheet,
    budget: &mut Budget,
) -> Result<(), ExtractError> {
    let mut cells = file.worksheet_cells_reader(&sheet.name).map_err(xlsx_error)?;
    let codes: Vec<Option<String>> = cells
        .styles()
        .iter()
        .map(|style| Some(style.number_format.as_ref()?.format_code.clone()))
        .collect();
    while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(xlsx_error)? {
        let (row, column) = cell.get_position();
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        let code = codes.get(style).and_then(Option::as_deref).unwrap_or_default();
        match cell.get_value() {
            DataRef::SharedString(text) => sheet.add(row, column, text, budget)?,
            DataRef::String(text) => sheet.add(row, column, text, budget)?,
            value => {
                if let Some(text) = shown(value, code) {
                    sheet.add(row, column, &text, budget)?;
                }
            }
        }
    }
    Ok(())
}

/// A value as the sheet shows it; errors show nothing.
fn shown(value: &DataRef<'_>, code: &str) -> Option<String> {
    match value {
        DataRef::Int(value) => Some(value.to_string()),
        DataRef::Float(value) => number::formatted(*value, code),
        DataRef::Bool(value) => Some(if *value { "TRUE" } else { "FALSE" }.to_owned()),
        DataRef::DateTime(value) => number::date(*value),
        DataRef::DateTimeIso(text) => Some(number::iso_date(text)),
        DataRef::DurationIso(text) | DataRef::String(text) => Some(text.clone()),
        DataRef::SharedString(text) => Some((*text).to_owned()),
        DataRef::Error(_) | DataRef::Empty => None,
    }
}

/// Merged cells as [`Sheet::merge`] has them; corners in the wrong order merge nothing.
pub(super) fn merge(area: &Dimensions) -> Merge {
    let length = |from: u32, to: u32| to.saturating_sub(from).saturating_add(1);
    Merge {
        row: area.start.0,
        column: usize::try_from(area.start.1).unwrap_or(usize::MAX),
        rows: length(area.start.0, area.end.0),
        columns: usize::try_from(length(area.start.1, area.end.1)).unwrap_or(1),
    }
}

fn xlsx_error(error: XlsxError) -> ExtractError {
    match error {
        XlsxError::Password => ExtractError::Encrypted { format: Format::Sheet },
        error => damaged(plain(error)),
    }
}
