//! What XLS and XLSX, both read by calamine, have in common: which sheets are read, and how cells are merged.

use crate::ingest::extract::ExtractError;
use crate::ingest::extract::sheet::{Book, Budget, Merge, Sheet};
use crate::ingest::limits::Limits;
use calamine::{Dimensions, SheetType, SheetVisible};

/// Reads the sheets that people see; `read` puts cells into a sheet and gives the areas that are merged to one cell.
pub(super) fn read(
    known: Vec<calamine::Sheet>,
    limits: &Limits,
    mut read: impl FnMut(&mut Sheet, &mut Budget) -> Result<Vec<Dimensions>, ExtractError>,
) -> Result<Book, ExtractError> {
    let mut budget = Budget::new(limits);
    let mut book = Book::default();
    for (ordinal, known) in known.into_iter().enumerate() {
        if known.typ != SheetType::WorkSheet {
            continue;
        }
        if known.visible != SheetVisible::Visible {
            book.hidden += 1;
            continue;
        }
        let mut sheet = Sheet { name: known.name, number: ordinal + 1, ..Sheet::default() };
        let merged = read(&mut sheet, &mut budget)?;
        let merges: Vec<Merge> = merged.iter().map(merge).collect();
        sheet.merge(&merges, &mut budget)?;
        book.sheets.push(sheet);
    }
    Ok(book)
}

/// Merged cells as [`Sheet::merge`] has them; corners in the wrong order merge nothing.
fn merge(area: &Dimensions) -> Merge {
    let length = |from: u32, to: u32| to.saturating_sub(from).saturating_add(1);
    Merge {
        row: area.start.0,
        column: usize::try_from(area.start.1).unwrap_or(usize::MAX),
        rows: length(area.start.0, area.end.0),
        columns: usize::try_from(length(area.start.1, area.end.1)).unwrap_or(1),
    }
}
