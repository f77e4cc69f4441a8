//! ODS: the cells of `content.xml`, streamed.
//!
//! A cell's text is what the sheet shows (`50%`), days are written as ISO has them. Repeated rows and cells count
//! towards the limit as often as they are repeated.

use crate::ingest::Format;
use crate::ingest::extract::ExtractError;
use crate::ingest::extract::sheet::unpack::{Archive, zip_error};
use crate::ingest::extract::sheet::{Book, Budget, Merge, Sheet, damaged, number};
use crate::ingest::extract::xml::{Element, referred};
use crate::ingest::limits::Limits;
use quick_xml::Reader;
use quick_xml::events::Event;
use std::collections::HashSet;
use std::io::{BufRead, BufReader, Read};

/// Rows and columns of the largest sheet, as LibreOffice has them.
const ROWS_MAX: u32 = 1 << 20;
const COLUMNS_MAX: usize = 1 << 14;
/// Bytes of the list of parts that are looked through for encryption.
const MANIFEST_BYTES_MAX: u64 = 1 << 20;

/// Reads a workbook whose unpacked sizes were checked.
pub(super) fn read(archive: &mut Archive<'_>, limits: &Limits) -> Result<Book, ExtractError> {
    if is_encrypted(archive) {
        return Err(ExtractError::Encrypted { format: Format::Sheet });
    }
    let content = archive.by_name("content.xml").map_err(|error| zip_error(&error))?;
    let mut reader = Reader::from_reader(BufReader::new(content));
    reader.config_mut().expand_empty_elements = true;
    let mut walk = Walk { budget: Budget::new(limits), ..Walk::new() };
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(damaged)? {
            Event::Start(element) => walk.start(&Element(element), &mut reader)?,
            Event::End(element) => walk.end(element.local_name().as_ref())?,
            Event::Text(text) => walk.text(&text.xml10_content()),
            Event::CData(text) => walk.text(&text.xml10_content()),
            Event::GeneralRef(reference) => walk.text(&referred(&reference)),
            Event::Eof => break,
            _ => {}
        }
    }
    if !walk.in_spreadsheet {
        return Err(damaged("an OpenDocument file without sheets"));
    }
    Ok(walk.book)
}

/// Whether the list of parts says that they are encrypted.
fn is_encrypted(archive: &mut Archive<'_>) -> bool {
    let mut list = String::new();
    archive.by_name("META-INF/manifest.xml").is_ok_and(|manifest| {
        manifest.take(MANIFEST_BYTES_MAX).read_to_string(&mut list).is_ok()
            && list.contains("encryption-data")
    })
}

/// Where the reader stands.
struct Walk {
    book: Book,
    budget: Budget,
    /// Whether the document is a spreadsheet.
    in_spreadsheet: bool,
    /// The style whose properties follow.
    style: Option<String>,
    /// Styles of hidden sheets.
    hidden_styles: HashSet<String>,
    sheet: Option<Table>,
}

/// A sheet being read.
struct Table {
    sheet: Sheet,
    is_hidden: bool,
    merges: Vec<Merge>,
    /// The row that is read or comes next.
    row: u32,
    /// How often that row stands there.
    row_repeats: u32,
    column: usize,
    /// Cells of the row with their columns and repetitions.
    cells: Vec<(usize, usize, String)>,
    cell: Option<OpenCell>,
}

/// A cell being read.
struct OpenCell {
    /// What it shows.
    text: String,
    /// Text from its attributes, better than what it shows, or in its place.
    value: Option<String>,
    is_date: bool,
    is_error: bool,
    is_formula: bool,
    /// Whether another cell lies over it.
    is_covered: bool,
    repeats: usize,
    /// Rows and columns it is merged over.
    spans: (u32, usize),
    /// Paragraphs so far.
    paragraphs: usize,
    in_paragraph: bool,
}

impl Walk {
    fn new() -> Self {
        Self {
            book: Book::default(),
            budget: Budget::new(&Limits::default()),
            in_spreadsheet: false,
            style: None,
            hidden_styles: HashSet::new(),
            sheet: None,
        }
    }

    fn start<R: BufRead>(
        &mut self,
        element: &Element<'_>,
        reader: &mut Reader<R>,
    ) -> Result<(), ExtractError> {
        match element.name() {
            // Notes of editors, deleted cells, readings above characters: no text of the sheet.
            "annotation" | "tracked-changes" | "ruby-text" | "content-validations" => {
                reader.read_to_end_into(element.0.name(), &mut Vec::new()).map_err(damaged)?;
            }
            "spreadsheet" => self.in_spreadsheet = true,
            "style" => self.style = element.attribute("name"),
            "table-properties" if element.says("display", "false") => {
                self.hidden_styles.extend(self.style.take());
            }
            "table" if self.sheet.is_none() => {
                let style = element.attribute("style-name");
                self.sheet = Some(Table {
                    sheet: Sheet {
                        name: element.attribute("name").unwrap_or_default(),
                        number: self.book.sheets.len() + self.book.hidden + 1,
                        ..Sheet::default()
                    },
                    is_hidden: style.is_some_and(|style| self.hidden_styles.contains(&style)),
                    merges: Vec::new(),
                    row: 0,
                    row_repeats: 1,
                    column: 0,
                    cells: Vec::new(),
                    cell: None,
                });
            }
            name => {
                if let Some(table) = &mut self.sheet {
                    table.start(name, element);
                }
            }
        }
        Ok(())
    }

    fn end(&mut self, name: &str) -> Result<(), ExtractError> {
        let Some(table) = &mut self.sheet else { return Ok(()) };
        match name {
            "p" | "h" => {
                if let Some(cell) = &mut table.cell {
                    cell.in_paragraph = false;
                }
            }
            "table-cell" | "covered-table-cell" => table.end_cell(&mut self.budget)?,
            "table-row" => table.end_row(&mut self.budget)?,
            "table" => {
                let Some(mut table) = self.sheet.take() else { return Ok(()) };
                if table.is_hidden {
                    self.book.hidden += 1;
                } else {
                    table.sheet.merge(&table.merges, &mut self.budget)?;
                    self.book.sheets.push(table.sheet);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        let cell = self.sheet.as_mut().and_then(|table| table.cell.as_mut());
        if let Some(cell) = cell.filter(|cell| cell.in_paragraph) {
            cell.text.push_str(text);
        }
    }
}

impl Table {
    fn start(&mut self, name: &str, element: &Element<'_>) {
        match name {
            "table-row" => {
                self.row_repeats = count(element, "number-rows-repeated", ROWS_MAX);
                self.column = 0;
            }
            "table-cell" | "covered-table-cell" => {
                self.cell = Some(OpenCell::new(element, name != "table-cell"));
            }
            "p" | "h" => {
                if let Some(cell) = &mut self.cell {
                    if cell.paragraphs > 0 {
                        cell.text.push('\n');
                    }
                    cell.paragraphs += 1;
                    cell.in_paragraph = true;
                }
            }
            "s" | "tab" | "line-break" => {
                if let Some(cell) = &mut self.cell {
                    cell.text.push(' ');
                }
            }
            _ => {}
        }
    }

    fn end_cell(&mut self, budget: &mut Budget) -> Result<(), ExtractError> {
        let Some(cell) = self.cell.take() else { return Ok(()) };
        let (column, repeats) = (self.column, cell.repeats);
        self.column = self.column.saturating_add(repeats).min(COLUMNS_MAX);
        let (rows, columns) = cell.spans;
        let is_unread = cell.is_formula && cell.value.is_none() && cell.text.is_empty();
        if is_unread {
            let unread = &mut self.sheet.unread_formulas;
            *unread = unread.saturating_add(repeats.min(COLUMNS_MAX));
        }
        let text = cell.shown();
        if self.is_hidden || column >= COLUMNS_MAX || text.trim().is_empty() {
            return Ok(());
        }
        budget.take(text.len())?;
        if rows > 1 || columns > 1 {
            self.merges.push(Merge { row: self.row, column, rows, columns });
        }
        self.cells.push((column, repeats.min(COLUMNS_MAX - column), text));
        Ok(())
    }

    fn end_row(&mut self, budget: &mut Budget) -> Result<(), ExtractError> {
        let end = self.row.saturating_add(self.row_repeats).min(ROWS_MAX);
        let cells = std::mem::take(&mut self.cells);
        if !cells.is_empty() {
            for row in self.row..end {
                for (column, repeats, text) in &cells {
                    for column in *column..column + repeats {
                        self.sheet.add(row, column, text, budget)?;
                    }
                }
            }
        }
        self.row = end;
        Ok(())
    }
}

impl OpenCell {
    fn new(element: &Element<'_>, is_covered: bool) -> Self {
        let date = element.attribute("date-value");
        let is_date = date.is_some();
        let value = date.map(|date| number::iso_date(&date)).or_else(|| {
            // Only for cells that show nothing.
            let value = element.number("value");
            value.and_then(number::general).or_else(|| element.text("string-value"))
        });
        let is_formula = element.attribute("formula").is_some();
        // `calcext:value-type` stands beside `office:value-type`.
        let is_error = element.says("value-type", "error");
        Self {
            text: String::new(),
            value,
            is_date,
            is_error,
            is_formula,
            is_covered,
            repeats: usize::try_from(count(element, "number-columns-repeated", u32::MAX))
                .unwrap_or(COLUMNS_MAX),
            spans: (
                count(element, "number-rows-spanned", ROWS_MAX),
                usize::try_from(count(element, "number-columns-spanned", ROWS_MAX)).unwrap_or(1),
            ),
            paragraphs: 0,
            in_paragraph: false,
        }
    }

    fn shown(self) -> String {
        if self.is_error || self.is_covered {
            return String::new();
        }
        match self.value {
            Some(value) if self.is_date || self.text.trim().is_empty() => value,
            _ => self.text,
        }
    }
}

/// A number of repetitions, at least 1.
fn count(element: &Element<'_>, name: &str, max: u32) -> u32 {
    element.number(name).unwrap_or(1).clamp(1, max)
}
