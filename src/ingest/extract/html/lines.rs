//! The lines of a page while they are being read: white space, line ends, cells of tables joined to rows.

use crate::ingest::Role;
use crate::ingest::extract::Taken;
use crate::ingest::extract::entity::entity;
use crate::text::OffsetMap;
use std::ops::Range;

/// Cells of a table row together longer than this are layout, not data, and stay lines of their own.
const ROW_BYTES_MAX: usize = 900;

/// A line of a cell with at least so many letters, and marks of a sentence, is running text.
const PROSE_BYTES_MIN: usize = 90;

/// What is known of a line where it starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Mark {
    /// Where the line starts in the text.
    pub(super) start: usize,
    /// What the markup says it is.
    pub(super) role: Option<Role>,
    /// The innermost container it stands in.
    pub(super) container: Option<usize>,
    /// Whether it stands in the middle of the page.
    pub(super) is_centred: bool,
    /// Whether it is centred below a picture.
    pub(super) is_below_image: bool,
    /// How many `<br>`, or line ends in a `<pre>`, part it from the line above; 0 where something else does.
    pub(super) breaks: usize,
    /// Columns of white space before it that the page shows.
    pub(super) indent: usize,
}

/// The lines so far.
pub(super) struct Lines<'a> {
    pub(super) taken: Taken<'a>,
    /// White space since the last character, not yet decided: where it starts, and whether it is more than a line
    /// end of the source.
    space: Option<(usize, bool)>,
    /// Whether the next character starts a line of its own.
    is_block_over: bool,
    /// Breaks since the last character: of lines, and whether a block ended.
    breaks: (usize, bool),
    /// Columns of shown white space since the last break.
    indent: usize,
    /// Whether a picture stood there since the last character.
    after_image: bool,
    marks: Vec<Mark>,
    /// The tables that are open, the innermost last.
    tables: Vec<Table>,
    /// The rows that became one line each.
    rows: Vec<DataRow>,
}

#[derive(Debug, Default)]
struct Table {
    rows: Vec<RowPart>,
    open: Option<RowPart>,
    /// Whether it has heads or lines between its cells.
    is_ruled: bool,
}

/// A table row, or the part of it read so far.
#[derive(Debug)]
struct RowPart {
    text: Range<usize>,
    /// Where the cell that is open starts.
    cell: usize,
    /// Cells with text in them.
    filled: usize,
    /// Whether a cell holds running text in several lines.
    has_prose: bool,
    /// Whether a cell holds a table, so that the row is layout.
    has_table: bool,
    /// Whether that is a table of data.
    has_data_table: bool,
    /// Where the text of the first such table starts.
    table: usize,
    /// Whether a heading stands in it, so that it is layout.
    has_heading: bool,
}

#[derive(Debug)]
struct DataRow {
    text: Range<usize>,
    is_data: bool,
}

impl<'a> Lines<'a> {
    pub(super) fn from(source: &'a str) -> Self {
        Self {
            taken: Taken::from(source),
            space: None,
            is_block_over: false,
            breaks: (0, false),
            indent: 0,
            after_image: false,
            marks: Vec::new(),
            tables: Vec::new(),
            rows: Vec::new(),
        }
    }

    /// Whether the next word starts a line.
    pub(super) fn starts_line(&self) -> bool {
        self.is_block_over || self.marks.is_empty()
    }

    /// A picture stands here.
    pub(super) fn image(&mut self) {
        self.after_image = true;
    }

    /// Takes text of the source over: white space becomes one space, references their characters. `mark` is for the
    /// line that starts in it.
    ///
    /// A blank line between words ends a line: plain text that somebody put into a page between two tags.
    pub(super) fn text(&mut self, part: Range<usize>, is_pre: bool, mark: Mark) {
        let (mut at, end) = (part.start, part.end);
        let (mut has_word, mut line_ends) = (false, 0);
        while let Some(rest) = self.taken.source.get(at..end).filter(|rest| !rest.is_empty()) {
            // The longest stretch without white space, references and the end.
            let plain = rest.find(|c: char| c.is_whitespace() || c == '&').unwrap_or(rest.len());
            if plain > 0 {
                if has_word && line_ends > 1 {
                    self.end_block();
                }
                (has_word, line_ends) = (true, 0);
                self.before_word(at, rest, mark);
                self.taken.copy(at..at + plain);
                at += plain;
                continue;
            }
            let reference = if rest.starts_with('&') { entity(rest) } else { None };
            let c = rest.chars().next().unwrap_or_default();
            let len = reference.as_ref().map_or(c.len_utf8(), |(_, len)| *len);
            match &reference {
                Some((text, _)) if !text.trim().is_empty() => {
                    self.before_word(at, text, mark);
                    self.taken.replace(at..at + len, text);
                }
                None if c == '&' => {
                    self.before_word(at, rest, mark);
                    self.taken.copy(at..at + len);
                }
                None if c == '\n' && is_pre => self.end_line(),
                white => {
                    let is_line_end = white.is_none() && matches!(c, '\n' | '\r');
                    line_ends += usize::from(white.is_none() && c == '\n');
                    self.indent +=
                        match white.as_ref().and_then(|(text, _)| text.chars().next()).unwrap_or(c)
                        {
                            '\u{3000}' | '\u{2003}' => 2,
                            '\u{A0}' | '\u{2002}' => 1,
                            ' ' if is_pre => 1,
                            _ => 0,
                        };
                    let (start, is_wide) = self.space.unwrap_or((at, false));
                    self.space = Some((start, is_wide || !is_line_end));
                }
            }
            at += len;
        }
    }

    /// Puts the line end or the space that is due before the word at `at`.
    fn before_word(&mut self, at: usize, word: &str, mark: Mark) {
        let space = self.space.take();
        let last = self.taken.text.chars().next_back();
        let starts_line = self.starts_line();
        if self.is_block_over {
            self.is_block_over = false;
            if last.is_some() {
                self.taken.replace(at..at, "\n");
            }
        } else if let (Some((start, is_wide)), Some(last)) = (space, last) {
            // A line end of the source between two Han is the page's lay-out, no space.
            let is_join =
                !is_wide && is_han_or_mark(last) && word.chars().next().is_some_and(is_han_or_mark);
            if !is_join && last != '\n' {
                let start = start.max(self.taken.map.source_len());
                self.taken.replace(start..at.max(start), " ");
            }
        }
        if starts_line {
            if let (Some(Role::Heading(_)), Some(table)) = (mark.role, self.tables.last_mut())
                && let Some(row) = &mut table.open
            {
                row.has_heading = true;
            }
            let is_below_image = mark.is_below_image && self.after_image;
            let start = self.taken.text.len();
            let (breaks, indent) = (if self.breaks.1 { 0 } else { self.breaks.0 }, self.indent);
            self.marks.push(Mark { start, is_below_image, breaks, indent, ..mark });
        }
        (self.breaks, self.indent) = ((0, false), 0);
        self.after_image = false;
    }

    /// The line that is open ends here.
    pub(super) fn end_block(&mut self) {
        self.end_line();
        self.breaks.1 = true;
    }

    /// The line that is open ends here, but not what it stands in.
    pub(super) fn end_line(&mut self) {
        self.is_block_over = true;
        self.space = None;
        self.breaks.0 += 1;
        self.indent = 0;
    }

    /// A new cell starts: a line of its own for now; the end of the table may join them.
    pub(super) fn start_cell(&mut self, is_head: bool) {
        self.end_block();
        let text = &self.taken.text;
        if let Some(table) = self.tables.last_mut() {
            table.is_ruled |= is_head;
            if let Some(row) = &mut table.open {
                row.end_cell(text);
            }
        }
    }

    /// A row starts: the one before ends, if that was forgotten.
    pub(super) fn start_row(&mut self) {
        self.end_row();
        let start = self.taken.text.len();
        if self.tables.is_empty() {
            self.tables.push(Table::default());
        }
        if let Some(table) = self.tables.last_mut() {
            table.open = Some(RowPart {
                text: start..start,
                cell: start,
                filled: 0,
                has_prose: false,
                has_table: false,
                has_data_table: false,
                table: start,
                has_heading: false,
            });
        }
    }

    /// A row ends.
    pub(super) fn end_row(&mut self) {
        let text = &self.taken.text;
        if let Some(table) = self.tables.last_mut()
            && let Some(mut row) = table.open.take()
        {
            row.end_cell(text);
            row.text.end = text.len();
            table.rows.push(row);
        }
    }

    /// A table starts. Inside a row it makes the outer one layout.
    pub(super) fn start_table(&mut self, is_ruled: bool) {
        if let Some(row) = self.tables.last_mut().and_then(|table| table.open.as_mut()) {
            if !row.has_table {
                row.table = self.taken.text.len();
            }
            row.has_table = true;
        }
        self.tables.push(Table { is_ruled, ..Table::default() });
    }

    /// A table ends; its last row may lack its end tag.
    pub(super) fn end_table(&mut self) {
        self.end_row();
        if let Some(table) = self.tables.pop() {
            let is_data = table.is_data();
            self.rows.extend(table.data_rows(is_data));
            let outer = self.tables.last_mut().and_then(|table| table.open.as_mut());
            if let Some(row) = outer {
                row.has_data_table |= is_data;
            }
        }
    }

    /// The text, its map, and the marks of its lines.
    pub(super) fn finish(mut self) -> (String, OffsetMap, Vec<Mark>) {
        while !self.tables.is_empty() {
            self.end_table();
        }
        let (text, map) = self.taken.finish();
        let (text, marks) = join_cells(text, self.marks, self.rows);
        (text, map, marks)
    }
}

impl RowPart {
    /// The cell that is open ends.
    fn end_cell(&mut self, text: &str) {
        let cell = text.get(self.cell..).unwrap_or_default();
        self.filled += usize::from(!cell.is_empty());
        let is_prose =
            |line: &&str| line.len() >= PROSE_BYTES_MIN && line.contains(['。', '，', '；']);
        // Only as long as the row may still be data: the work stays linear.
        if cell.len() <= ROW_BYTES_MAX {
            let mut lines = cell.lines().filter(|line| !line.is_empty());
            self.has_prose |= lines.clone().count() > 1 && lines.any(|line| is_prose(&line));
        } else {
            self.has_prose = true;
        }
        self.cell = text.len();
    }

    /// Whether its cells may be one line.
    fn is_joined(&self) -> bool {
        self.filled > 1 && !self.has_table && !self.has_heading && self.text.len() <= ROW_BYTES_MAX
    }

    /// Whether one of its cells says what it says with a small table of its own.
    fn has_cell_of_rows(&self) -> bool {
        self.has_data_table
            && self.filled > 1
            && !self.has_prose
            && !self.has_heading
            && self.text.len() <= ROW_BYTES_MAX
    }
}

impl Table {
    /// Whether it is a table of data rather than one that only places things on the page.
    fn is_data(&self) -> bool {
        let joined = self.rows.iter().filter(|row| row.is_joined()).count();
        let layout = self.rows.iter().filter(|row| row.has_prose || row.has_table).count();
        let rows = self.rows.len();
        // Nothing but rows of cells, some of which hold tables.
        let nested = self.rows.iter().filter(|row| row.has_cell_of_rows()).count();
        let is_nested = joined > 0 && nested > 0 && joined + nested == rows;
        is_nested || (joined > 1 && (self.is_ruled || layout * 2 < rows))
    }

    /// The rows whose cells are one line: all of a table of data; of another table those without running text, such as
    /// a date beside a source.
    fn data_rows(self, is_data: bool) -> impl Iterator<Item = DataRow> {
        let row = move |row: RowPart| {
            if is_data && row.has_cell_of_rows() {
                // What stands before the table says whose rows they are.
                return Some(row.text.start..row.table);
            }
            (row.is_joined() && (is_data || !row.has_prose)).then_some(row.text)
        };
        self.rows.into_iter().filter_map(row).map(move |text| DataRow { text, is_data })
    }
}

/// Makes the line ends between the cells of each row spaces. A space is as long as a line end: the map stays.
fn join_cells(text: String, marks: Vec<Mark>, mut rows: Vec<DataRow>) -> (String, Vec<Mark>) {
    // Rows of different tables do not overlap: a row with a table in it is none.
    rows.sort_unstable_by_key(|row| row.text.start);
    let mut bytes = text.into_bytes();
    let mut kept: Vec<Mark> = Vec::with_capacity(marks.len());
    let mut marks = marks.into_iter().peekable();
    for row in rows {
        while let Some(mark) = marks.next_if(|mark| mark.start < row.text.start) {
            kept.push(mark);
        }
        let mut is_first = true;
        while let Some(mark) = marks.next_if(|mark| mark.start < row.text.end) {
            if is_first {
                // A row of layout is what its first cell is.
                let role = if row.is_data { Some(Role::Row) } else { mark.role };
                kept.push(Mark { role, ..mark });
                is_first = false;
            } else if let Some(byte) = bytes.get_mut(mark.start - 1) {
                *byte = b' ';
            }
        }
    }
    kept.extend(marks);
    // Line ends were exchanged for spaces, so this is UTF-8 still.
    let text = String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
    (text, kept)
}

/// Whether a line end beside it is no space: Han and wide punctuation.
fn is_han_or_mark(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE4F}' | '\u{FF00}'..='\u{FFEF}'
        | '\u{20000}'..='\u{3FFFF}' | '“' | '”' | '‘' | '’' | '…' | '—' | '·')
}
