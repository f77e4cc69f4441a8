//! XLSX: cells are streamed, so that one far cell costs nothing.

use crate::ingest::Format;
use crate::ingest::extract::ExtractError;
use crate::ingest::extract::sheet::{Book, Budget, Sheet, damaged, number, workbook};
use crate::ingest::faults::plain;
use crate::ingest::limits::Limits;
use calamine::{DataRef, Reader, Xlsx, XlsxError};
use std::io::Cursor;

/// Reads a workbook whose unpacked sizes were checked.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Book, ExtractError> {
    let mut file: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(xlsx_error)?;
    let known = file.sheets_metadata().to_vec();
    workbook::read(known, limits, |sheet, budget| {
        if read_cells(&mut file, sheet, budget)? {
            sheet.unread_formulas = unread_formulas(&mut file, sheet)?;
        }
        file.merge_cells_by_sheet_name(&sheet.name).map_err(xlsx_error)
    })
}

/// Reads the cells; whether one that is empty is written down, as formulas without a result are.
fn read_cells(
    file: &mut Xlsx<Cursor<&[u8]>>,
    sheet: &mut Sheet,
    budget: &mut Budget,
) -> Result<bool, ExtractError> {
    let mut cells = file.worksheet_cells_reader(&sheet.name).map_err(xlsx_error)?;
    let codes: Vec<Option<String>> = cells
        .styles()
        .iter()
        .map(|style| Some(style.number_format.as_ref()?.format_code.clone()))
        .collect();
    let mut has_empty = false;
    while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(xlsx_error)? {
        let (row, column) = cell.get_position();
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        let code = codes.get(style).and_then(Option::as_deref).unwrap_or_default();
        match cell.get_value() {
            DataRef::SharedString(text) => sheet.add(row, column, text, budget)?,
            DataRef::String(text) => sheet.add(row, column, text, budget)?,
            DataRef::Empty => has_empty = true,
            value => {
                if let Some(text) = shown(value, code) {
                    sheet.add(row, column, &text, budget)?;
                }
            }
        }
    }
    Ok(has_empty)
}

/// How many formulas have no result: programs that write workbooks without computing them leave it to the next one.
fn unread_formulas(file: &mut Xlsx<Cursor<&[u8]>>, sheet: &Sheet) -> Result<usize, ExtractError> {
    let mut cells = file.worksheet_cells_reader(&sheet.name).map_err(xlsx_error)?;
    let mut unread = 0;
    while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(xlsx_error)? {
        unread += usize::from(cell.formula.is_some() && cell.value == DataRef::Empty);
    }
    Ok(unread)
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

fn xlsx_error(error: XlsxError) -> ExtractError {
    match error {
        XlsxError::Password => ExtractError::Encrypted { format: Format::Sheet },
        error => damaged(plain(error)),
    }
}
