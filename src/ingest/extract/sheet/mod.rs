//! Excel, old and new, and OpenDocument sheets: a row is a paragraph with its column names.
//!
//! `calamine` reads XLSX and XLS; ODS is read here, because calamine would unroll every repeated row. All three give a
//! [`Book`] of rows with text, which [`Table`] turns into paragraphs.

mod biff;
mod codes;
mod number;
mod ods;
mod remarks;
mod unpack;
mod workbook;
mod xls;
mod xlsx;

use crate::ingest::extract::ExtractError;
use crate::ingest::extract::blocks::BlockText;
use crate::ingest::extract::sheet::remarks::Remark;
use crate::ingest::extract::table::{self, Cell, Table, paragraph};
use crate::ingest::limits::{LimitName, Limits, OverLimit};
use crate::ingest::sniff::OLE;
use crate::ingest::{Extracted, Format, Metadata, Role};
use crate::model::Note;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What a cell takes in memory besides its text.
const CELL_BYTES: usize = size_of::<Cell>() + size_of::<usize>();
/// Characters of a cell whose text is repeated in all rows that it is merged over; longer text is no name.
const REPEATED_CHARS_MAX: usize = 40;
/// Characters of a title over a table.
const TITLE_CHARS: RangeInclusive<usize> = 6..=60;

/// The text of the file.
///
/// Errors: [`ExtractError::Encrypted`], [`ExtractError::Damaged`], [`ExtractError::NotRead`] for binary XLSB,
/// [`ExtractError::OverLimit`] for files that unpack to too much.
pub(super) fn extract(bytes: &[u8], limits: &Limits) -> Result<Extracted, ExtractError> {
    let book = if bytes.starts_with(b"PK") {
        let mut archive = unpack::open(bytes, limits)?;
        if archive.index_for_name("content.xml").is_some() {
            ods::read(&mut archive, limits)?
        } else if archive.index_for_name("xl/workbook.bin").is_some() {
            return Err(ExtractError::NotRead { what: "a binary workbook (XLSB)".to_owned() });
        } else {
            let mut book = contained(|| xlsx::read(bytes, limits))?;
            remarks::add(&mut archive, &mut book);
            book
        }
    } else if bytes.starts_with(OLE) {
        contained(|| xls::read(bytes, limits))?
    } else {
        return Err(damaged("neither a zip file nor a compound file"));
    };
    book.into_extracted(limits)
}

/// Runs the reader of a library, which may panic on hostile bytes.
fn contained(read: impl FnOnce() -> Result<Book, ExtractError>) -> Result<Book, ExtractError> {
    catch_unwind(AssertUnwindSafe(read))
        .unwrap_or_else(|_| Err(damaged("its reader broke down on it")))
}

fn damaged(cause: impl ToString) -> ExtractError {
    ExtractError::Damaged { format: Format::Sheet, cause: cause.to_string() }
}

/// The sheets of a workbook that people see.
#[derive(Debug, Default)]
struct Book {
    sheets: Vec<Sheet>,
    /// How many sheets are hidden.
    hidden: usize,
    notes: Vec<Note>,
}

/// The cells with text of one sheet.
#[derive(Debug, Default)]
struct Sheet {
    name: String,
    /// Its number in the workbook, from 1, hidden sheets counted.
    number: usize,
    /// Cells in the order of their columns, by row from 0.
    rows: BTreeMap<u32, Vec<Cell>>,
    /// How many formulas have no result in the file.
    unread_formulas: usize,
    /// Comments and text boxes.
    remarks: Vec<Remark>,
}

/// Cells that are merged to one.
#[derive(Debug, Clone, Copy)]
struct Merge {
    row: u32,
    column: usize,
    rows: u32,
    columns: usize,
}

impl Sheet {
    /// Adds a cell; blank text adds none.
    fn add(
        &mut self,
        row: u32,
        column: usize,
        text: &str,
        budget: &mut Budget,
    ) -> Result<(), OverLimit> {
        let Some(cell) = Cell::new(column, text) else { return Ok(()) };
        budget.take(cell.text.len() + CELL_BYTES)?;
        put(self.rows.entry(row).or_default(), cell);
        Ok(())
    }

    /// Lets merged cells span their columns, and gives short ones to every row they are merged over that has text.
    fn merge(&mut self, merges: &[Merge], budget: &mut Budget) -> Result<(), OverLimit> {
        for merge in merges {
            let Some(row) = self.rows.get_mut(&merge.row) else { continue };
            let Ok(at) = row.binary_search_by_key(&merge.column, |cell| cell.column) else {
                continue;
            };
            // Never over a cell that has text all the same.
            let next = row.get(at + 1).map_or(usize::MAX, |next| next.column);
            let Some(cell) = row.get_mut(at) else { continue };
            cell.columns = merge.columns.clamp(1, next - cell.column);
            let cell = cell.clone();
            if cell.text.chars().count() > REPEATED_CHARS_MAX {
                continue;
            }
            let below = merge.row.saturating_add(1)..merge.row.saturating_add(merge.rows);
            for (_, cells) in self.rows.range_mut(below) {
                budget.take(cell.text.len() + CELL_BYTES)?;
                if cells.binary_search_by_key(&cell.column, |other| other.column).is_err() {
                    put(cells, cell.clone());
                }
            }
        }
        Ok(())
    }

    /// What stands over the table in a cell merged over its columns.
    fn title(&self) -> Option<&str> {
        let mut rows = self.rows.values();
        let ([cell], true) = (rows.next()?.as_slice(), rows.any(|row| row.len() > 1)) else {
            return None;
        };
        let is_title = cell.columns > 1
            && TITLE_CHARS.contains(&cell.text.chars().count())
            && !cell.text.contains([':', '：', '。', '\n']);
        is_title.then_some(cell.text.as_str())
    }

    /// Whether its name was given by a person.
    fn has_own_name(&self) -> bool {
        let name = self.name.trim();
        let rest = ["Sheet", "sheet", "工作表", "表格", "表"]
            .iter()
            .find_map(|given| name.strip_prefix(given))
            .unwrap_or(name);
        !rest.trim().chars().all(|c| c.is_ascii_digit() || matches!(c, '(' | ')' | ' '))
    }
}

/// Puts a cell in its place among those of its row; of two at one place the first stays.
fn put(row: &mut Vec<Cell>, cell: Cell) {
    let at = match row.last() {
        Some(last) if last.column >= cell.column => {
            match row.binary_search_by_key(&cell.column, |other| other.column) {
                Ok(_) => return,
                Err(at) => at,
            }
        }
        _ => row.len(),
    };
    row.insert(at, cell);
}

impl Book {
    fn into_extracted(self, limits: &Limits) -> Result<Extracted, ExtractError> {
        let mut text = BlockText::default();
        let mut budget = Budget::new(limits);
        let mut unread_formulas = 0;
        let mut notes = self.notes;
        let first = self.sheets.iter().find(|sheet| !sheet.rows.is_empty());
        let title = first.and_then(Sheet::title).map(str::to_owned);
        for sheet in self.sheets {
            unread_formulas += sheet.unread_formulas;
            let first = sheet.rows.keys().next().map_or(1, |&row| number_of(row));
            let page = Some((sheet.number, sheet.number));
            if sheet.has_own_name() && !sheet.rows.is_empty() {
                text.push(&sheet.name, Some(Role::Heading(1)), first, page, None);
            }
            let (numbers, rows): (Vec<u32>, Vec<Vec<Cell>>) = sheet.rows.into_iter().unzip();
            let is_apart = |at: usize| {
                let above = at.checked_sub(1).and_then(|above| numbers.get(above));
                above.zip(numbers.get(at)).is_some_and(|(above, row)| row - above > 1)
            };
            let mut starts = table::starts(&rows, is_apart);
            starts.push(rows.len());
            for (&start, &end) in starts.iter().zip(starts.iter().skip(1)) {
                let rows = rows.get(start..end).unwrap_or_default();
                let table = Table::find(rows);
                let mut in_notes = false;
                let numbers = numbers.iter().skip(start);
                for (ordinal, (&number, cells)) in numbers.zip(rows).enumerate() {
                    let (role, parts) = table.row(ordinal, cells, &mut in_notes);
                    // Rows of one column are rows too; a single one is judged by its words.
                    let is_line = table.is_list() && rows.len() > 1;
                    let role = if is_line { Some(Role::Row) } else { role };
                    let row = paragraph(cells, &parts);
                    budget.take(row.len())?;
                    text.push(&row, role, number_of(number), page, None);
                }
            }
            for (row, remark) in &sheet.remarks {
                budget.take(remark.len())?;
                text.push(remark, Some(Role::Body), number_of(*row), page, None);
            }
        }
        if self.hidden > 0 {
            notes.push(Note::new("hidden-sheets", self.hidden.to_string()));
        }
        if unread_formulas > 0 {
            notes.push(Note::new("formulas-unread", unread_formulas.to_string()));
        }
        Ok(text.finish(Metadata { title, ..Metadata::default() }, notes))
    }
}

/// The number of a row as people count.
fn number_of(row: u32) -> usize {
    usize::try_from(row).unwrap_or(usize::MAX).saturating_add(1)
}

/// How many bytes of cells may still be held.
struct Budget {
    max: u64,
    left: u64,
}

impl Budget {
    fn new(limits: &Limits) -> Self {
        Self { max: limits.unpacked_bytes_max, left: limits.unpacked_bytes_max }
    }

    fn take(&mut self, bytes: usize) -> Result<(), OverLimit> {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        let over = || OverLimit::more_than(LimitName::UnpackedBytes, self.max);
        self.left = self.left.checked_sub(bytes).ok_or_else(over)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
