//! XLS, the workbook of Excel before 2007; WPS sheets (`.et`) are the same.
//!
//! calamine is given a container with the workbook alone, whose records were measured before (`biff`); `codes` has the
//! formats of its numbers.

use crate::ingest::Format;
use crate::ingest::extract::compound::{Compound, with_streams};
use crate::ingest::extract::sheet::codes::Codes;
use crate::ingest::extract::sheet::{Book, biff, damaged, number, workbook};
use crate::ingest::extract::{ExtractError, fault};
use crate::ingest::faults::plain;
use crate::ingest::limits::{LimitName, Limits, OverLimit};
use calamine::{Data, Reader, Xls, XlsError};
use std::io::{self, Cursor};

/// Reads a workbook.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Book, ExtractError> {
    let stream = stream(bytes, limits)?;
    let (found, max) = (biff::bytes_needed(&stream)?, limits.unpacked_bytes_max);
    if found > max {
        let limit = LimitName::UnpackedBytes;
        return Err(OverLimit { limit, max, found, exact: true }.into());
    }
    let codes = Codes::read(&stream);
    let clean = with_streams(&[("Workbook", &stream)])
        .map_err(|error| fault(&error, limits, || damaged(&error)))?;
    drop(stream);
    let mut file: Xls<_> = Xls::new(Cursor::new(clean)).map_err(xls_error)?;
    let known = file.sheets_metadata().to_vec();
    workbook::read(known, limits, |sheet, budget| {
        let range = file.worksheet_range(&sheet.name).map_err(xls_error)?;
        let (first_row, first_column) = range.start().unwrap_or_default();
        for (row, column, value) in range.used_cells() {
            let row = u32::try_from(row).unwrap_or(u32::MAX).saturating_add(first_row);
            let column = column + usize::try_from(first_column).unwrap_or_default();
            let code =
                u32::try_from(column).map_or("", |column| codes.of(sheet.number, row, column));
            if let Some(text) = shown(value, code) {
                sheet.add(row, column, &text, budget)?;
            }
        }
        file.merge_cells_by_sheet_name(&sheet.name).map_err(xls_error)
    })
}

/// A value as the sheet shows it; errors show nothing.
fn shown(value: &Data, code: &str) -> Option<String> {
    match value {
        // Whole numbers of this format have 30 bits.
        Data::Int(value) => match i32::try_from(*value) {
            Ok(value) => number::formatted(f64::from(value), code),
            Err(_) => Some(value.to_string()),
        },
        Data::Float(value) => number::formatted(*value, code),
        Data::String(text) | Data::DurationIso(text) => Some(text.clone()),
        Data::Bool(value) => Some(if *value { "TRUE" } else { "FALSE" }.to_owned()),
        Data::DateTime(value) => number::date(*value),
        Data::DateTimeIso(text) => Some(number::iso_date(text)),
        Data::Error(_) | Data::Empty => None,
    }
}

/// The stream with the workbook.
fn stream(bytes: &[u8], limits: &Limits) -> Result<Vec<u8>, ExtractError> {
    let failed = |error: io::Error| fault(&error, limits, || damaged(&error));
    let mut file = Compound::open(bytes).map_err(failed)?;
    if file.has("EncryptedPackage") {
        return Err(ExtractError::Encrypted { format: Format::Sheet });
    }
    for name in ["Workbook", "Book"] {
        if let Some(stream) = file.stream(name).map_err(failed)? {
            return Ok(stream);
        }
    }
    Err(damaged("a compound file without a workbook"))
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

    #[test]
    fn a_compound_file_without_a_workbook_is_damaged() {
        let bytes = with_streams(&[("WordDocument", b"")]).unwrap();
        let error = read(&bytes, &Limits::default()).unwrap_err();
        assert_eq!(error.to_string(), "damaged sheet: a compound file without a workbook");
        let bytes = with_streams(&[("EncryptedPackage", b"")]).unwrap();
        let error = read(&bytes, &Limits::default()).unwrap_err();
        assert_eq!(error, ExtractError::Encrypted { format: Format::Sheet });
    }
}
