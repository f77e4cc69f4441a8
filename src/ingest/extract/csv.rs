//! Rows of cells separated by commas, semicolons, tabs or bars: a row is a paragraph with its column names.
//!
//! The `csv` crate reads the same cells (a test compares them) but does not say where in the file each stands, so the
//! rows are cut here: a cell is known by its place, and every value leads back to its bytes.

use crate::ingest::extract::table::{Cell, Part, ROWS_SEEN, Table, is_number};
use crate::ingest::extract::{Taken, plain};
use crate::ingest::sections::{SECTION_BYTES, SECTION_LINES};
use crate::ingest::{Block, Extracted, Layout, Metadata};
use crate::model::{Note, Span};
use crate::text::tokens::is_han;
use std::borrow::Cow;
use std::ops::Range;

/// The separators that are tried, commonest first.
const SEPARATORS: [u8; 4] = *b",\t;|";
/// Rows by which the separator is found.
const ROWS_COMPARED: usize = 50;
/// Bytes that all inserted column names may come to, in multiples of the text: names of hostile length would be
/// repeated in every row.
const NAMES_PER_BYTE_MAX: usize = 16;
/// Names always fit into so many bytes.
const NAMES_BYTES_MIN: usize = 1 << 16;

/// Cells of the longest row, as many as a sheet has columns; what stands behind them is one more cell.
const CELLS_MAX: usize = 16_384;

/// A row is a line of its cells with their column names; text without separators that repeat is plain text.
pub(super) fn extract(text: String) -> Extracted {
    let mut parts = Parts::of(text);
    (parts.part_bytes, parts.part_rows) = (usize::MAX, usize::MAX);
    parts.next().unwrap_or_else(|| plain::extract(String::new()))
}

/// A table taken out part by part: its text with the column names, and the places of its cells, take many times the
/// bytes of the file.
#[derive(Debug)]
pub(crate) struct Parts {
    /// The file with its lines made alike; `None` when it has been given, as a text that is no table.
    lines: Option<Extracted>,
    /// What separates cells, and how many of them rows usually have.
    separator: Option<(u8, usize)>,
    table: Table,
    progress: Progress,
    is_begun: bool,
    part_bytes: usize,
    part_rows: usize,
}

/// How far a table has been taken out.
#[derive(Debug, Clone, Copy)]
struct Progress {
    /// Where the next row begins.
    at: usize,
    /// See [`Scanner::quotes_close`].
    quotes_close: bool,
    /// Rows with text so far.
    ordinal: usize,
    /// Rows so far.
    number: usize,
    /// Bytes that column names may still take.
    names_left: usize,
    /// Cells of the last row; 0 before the first.
    cells: usize,
    /// Whether the rows before the last have all cells, but for titles and remarks.
    is_regular: bool,
    /// Whether the last row has a quote that nothing closes.
    is_open: bool,
    /// Whether the last row is a remark.
    in_notes: bool,
}

impl Parts {
    /// The parts of a text; at least one.
    pub(crate) fn of(text: String) -> Self {
        let lines = plain::extract(text);
        let at = named_separator(&lines.text);
        let rows = lines.text.get(at..).unwrap_or_default();
        let separator = separator(rows);
        let table = separator.map(|(separator, _)| table(rows, separator)).unwrap_or_default();
        let names_left = NAMES_BYTES_MIN.max(lines.text.len().saturating_mul(NAMES_PER_BYTE_MAX));
        let progress = Progress {
            at,
            quotes_close: true,
            ordinal: 0,
            number: 0,
            names_left,
            cells: 0,
            is_regular: true,
            is_open: false,
            in_notes: false,
        };
        let (part_bytes, part_rows) = (SECTION_BYTES, SECTION_LINES);
        let (lines, is_begun) = (Some(lines), false);
        Self { lines, separator, table, progress, is_begun, part_bytes, part_rows }
    }
}

impl Progress {
    /// What is known of the end of a table whose last row has no line end: programs that write tables end every row.
    fn end(&self, columns: usize) -> &'static str {
        let lacks_cells = self.is_regular && (2..columns).contains(&self.cells);
        if lacks_cells || self.is_open { "cut-end" } else { "no-line-end" }
    }
}

impl Iterator for Parts {
    type Item = Extracted;

    fn next(&mut self) -> Option<Extracted> {
        let Some((separator, columns)) = self.separator else { return self.lines.take() };
        let lines = self.lines.as_ref()?;
        if self.is_begun && self.progress.at >= lines.text.len() {
            return None;
        }
        let mut writer = Writer::new(&lines.text, &self.table, self.progress);
        let Progress { at, quotes_close, .. } = self.progress;
        let mut scanner = Scanner { source: &lines.text, separator, at, quotes_close };
        while writer.taken.text.len() < self.part_bytes && writer.blocks.len() < self.part_rows {
            let did_close = scanner.quotes_close;
            let Some(row) = scanner.row() else { break };
            let known = &mut writer.progress;
            known.is_regular &= known.cells < 2 || known.cells == columns;
            known.cells = row.cells.len();
            known.is_open = did_close && !scanner.quotes_close;
            writer.row(&row);
        }
        let (at, quotes_close) = (scanner.at, scanner.quotes_close);
        let Writer { taken, blocks, progress, .. } = writer;
        if self.is_begun && blocks.is_empty() {
            return None;
        }
        self.progress = Progress { at, quotes_close, ..progress };
        let mut notes = if self.is_begun { Vec::new() } else { lines.notes.clone() };
        let is_last = lines.text.bytes().skip(at).all(|byte| byte == b'\n');
        if self.progress.names_left == 0 && is_last {
            notes.push(Note::new("column-names", "too long to be repeated in every row"));
        }
        if is_last && !lines.text.ends_with('\n') {
            notes.push(Note::new(self.progress.end(columns), ""));
        }
        self.is_begun = true;
        let (text, map) = taken.finish();
        let map = lines.map.as_ref().map(|lines| lines.then(&map));
        let (layout, metadata) = (Layout::Blocks, Metadata::default());
        Some(Extracted { text, map, layout, blocks, metadata, notes, unread_pages: Vec::new() })
    }
}

/// Where rows begin: behind a first line `sep=;`, with which programs are told the separator. It is found by the rows,
/// as it is without such a line.
fn named_separator(source: &str) -> usize {
    let Some((first, _)) = source.split_once('\n') else { return 0 };
    let named = first.trim_matches('"').strip_prefix("sep=").map(str::as_bytes);
    match named {
        Some(&[separator]) if SEPARATORS.contains(&separator) => first.len() + 1,
        _ => 0,
    }
}

/// Where the names of the columns stand, as the first rows show it.
fn table(source: &str, separator: u8) -> Table {
    let first: Vec<Vec<Cell>> = rows(source, separator)
        .map(|row| cells(source, &row).1)
        .filter(|cells| !cells.is_empty())
        .take(ROWS_SEEN)
        .collect();
    Table::find(&first)
}

/// The separator that gives the rows the same number of cells, and that number; `None` for text that is no table.
fn separator(source: &str) -> Option<(u8, usize)> {
    let judged = |separator| {
        let counts: Vec<usize> =
            rows(source, separator).take(ROWS_COMPARED).map(|row| row.cells.len()).collect();
        let columns = usual_columns(&counts)?;
        let is_exact = counts.iter().all(|&count| count == columns);
        Some(((is_exact, columns), (separator, columns)))
    };
    // Of equally good ones the first.
    SEPARATORS
        .into_iter()
        .filter_map(judged)
        .rev()
        .max_by_key(|(quality, _)| *quality)
        .map(|(_, found)| found)
        .or_else(|| {
            SEPARATORS.into_iter().find_map(|separator| {
                names_over_figures(source, separator).map(|columns| (separator, columns))
            })
        })
}

/// The number of names above rows that hardly agree in their length but have figures below the names; no sentence
/// stands among them.
fn names_over_figures(source: &str, separator: u8) -> Option<usize> {
    /// Characters of the longest cell.
    const CELL_CHARS_MAX: usize = 20;
    let mut rows = rows(source, separator).take(ROWS_COMPARED);
    let texts = |row: &Row| row.cells.iter().map(|cell| cell.text(source)).collect::<Vec<_>>();
    let is_short = |text: &String| {
        text.chars().nth(CELL_CHARS_MAX).is_none() && !text.contains(['。', '！', '？', '；', '：'])
    };
    let names = texts(&rows.next()?);
    let is_name = |text: &String| is_short(text) && text.chars().any(is_han);
    if names.len() < 2
        || !names.iter().all(is_name)
        || names.iter().any(|name| name.contains(|c: char| c.is_ascii_digit()))
    {
        return None;
    }
    let (mut all, mut wide, mut with_figures) = (0, 0, 0);
    for row in rows {
        let cells = texts(&row);
        if !cells.iter().all(is_short) || cells.len() > names.len() + 1 {
            return None;
        }
        all += 1;
        wide += usize::from(cells.len() > 1);
        with_figures += usize::from(cells.iter().skip(1).any(|cell| is_number(cell.trim())));
    }
    (wide * 2 >= all && with_figures * 2 >= wide && with_figures > 0).then_some(names.len())
}

/// The number of cells that nearly all rows have, or the first row and half of all. Rows of one cell are titles and
/// remarks, if they are few.
fn usual_columns(counts: &[usize]) -> Option<usize> {
    let of = |columns: usize| counts.iter().filter(|&&count| count == columns).count();
    let usual = counts.iter().copied().filter(|&count| count > 1).max_by_key(|&count| of(count))?;
    let (equal, single) = (of(usual), of(1));
    // Two sentences with one comma each are no table: among so few columns every row counts.
    let apart = if usual > 2 { single.min(counts.len() / 2) } else { 0 };
    let compared = counts.len() - apart;
    // Names of columns, and rows typed by hand of which some lack their last cells or have a comma too many.
    let is_ragged = usual > 2 && counts.first() == Some(&usual) && equal * 2 >= compared;
    (equal >= 2 && (equal * 5 >= compared * 4 || is_ragged)).then_some(usual)
}

/// A row of the source.
struct Row {
    /// Its cells, the quotes around them left out.
    cells: Vec<RawCell>,
}

/// A cell where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct RawCell {
    /// The parts of the source that are its text; between two of them stands one half of a doubled quote, or the end
    /// of a quoted part.
    parts: Vec<Range<usize>>,
}

impl RawCell {
    fn text(&self, source: &str) -> String {
        self.parts.iter().filter_map(|part| source.get(part.clone())).collect()
    }

    /// The cell that has only those bytes of its text.
    fn within(&self, kept: &Range<usize>) -> Self {
        let mut from = 0;
        let cut = |part: &Range<usize>| {
            let to = from + part.len();
            let (start, end) = (kept.start.clamp(from, to), kept.end.clamp(from, to));
            let cut = part.start + (start - from)..part.start + (end - from);
            from = to;
            (!cut.is_empty()).then_some(cut)
        };
        Self { parts: self.parts.iter().filter_map(cut).collect() }
    }
}

/// The rows of the source; empty lines are none.
fn rows(source: &str, separator: u8) -> impl Iterator<Item = Row> {
    let mut scanner = Scanner { source, separator, at: 0, quotes_close: true };
    std::iter::from_fn(move || scanner.row())
}

/// Cuts rows into cells, as RFC 4180 and the `csv` crate have it.
struct Scanner<'a> {
    source: &'a str,
    separator: u8,
    at: usize,
    /// Until a quote is met that nothing closes: it and all behind it are text.
    quotes_close: bool,
}

impl Scanner<'_> {
    fn row(&mut self) -> Option<Row> {
        let (bytes, separator) = (self.source.as_bytes(), self.separator);
        while bytes.get(self.at) == Some(&b'\n') {
            self.at += 1;
        }
        if self.at >= bytes.len() {
            return None;
        }
        let mut cells = Vec::new();
        loop {
            if cells.len() == CELLS_MAX {
                // The rest of the line.
                self.separator = b'\n';
            }
            cells.push(self.cell());
            let end = bytes.get(self.at).copied();
            self.at += usize::from(end.is_some());
            if end != Some(separator) || cells.len() > CELLS_MAX {
                self.separator = separator;
                return Some(Row { cells });
            }
        }
    }

    /// The cell that begins here; leaves the place at the separator or line end after it.
    fn cell(&mut self) -> RawCell {
        let mut parts = Vec::new();
        if self.quotes_close && self.source.as_bytes().get(self.at) == Some(&b'"') {
            match self.quoted(&mut parts) {
                Some(end) => self.at = end,
                None => {
                    self.quotes_close = false;
                    parts.clear();
                }
            }
        }
        let rest = self.source.as_bytes().get(self.at..).unwrap_or_default();
        let len = memchr::memchr2(self.separator, b'\n', rest).unwrap_or(rest.len());
        if len > 0 {
            parts.push(self.at..self.at + len);
        }
        self.at += len;
        RawCell { parts }
    }

    /// The parts between the quotes that begin here, and the place after them; `None` where nothing closes them.
    fn quoted(&self, parts: &mut Vec<Range<usize>>) -> Option<usize> {
        let bytes = self.source.as_bytes();
        let mut from = self.at + 1;
        let mut at = from;
        loop {
            at += memchr::memchr(b'"', bytes.get(at..)?)?;
            if bytes.get(at + 1) != Some(&b'"') {
                parts.extend((from < at).then_some(from..at));
                return Some(at + 1);
            }
            // The first of the two is text.
            parts.push(from..at + 1);
            from = at + 2;
            at = from;
        }
    }
}

/// Writes rows as paragraphs.
struct Writer<'a> {
    taken: Taken<'a>,
    table: &'a Table,
    blocks: Vec<Block>,
    progress: Progress,
}

impl<'a> Writer<'a> {
    fn new(source: &'a str, table: &'a Table, progress: Progress) -> Self {
        Self { taken: Taken::from(source), table, blocks: Vec::new(), progress }
    }

    fn row(&mut self, row: &Row) {
        self.progress.number += 1;
        let (raw, cells) = cells(self.taken.source, row);
        if cells.is_empty() {
            return;
        }
        let begins = |at: usize| raw.get(at).and_then(|cell| cell.parts.first());
        let begins = |at: usize| begins(at).map_or(0, |part| part.start);
        if !self.taken.text.is_empty() {
            // The line end stands for whatever lies between the two rows.
            self.taken.replace(begins(0)..begins(0), "\n");
        }
        let start = self.taken.text.len();
        let (role, parts) =
            self.table.row(self.progress.ordinal, &cells, &mut self.progress.in_notes);
        let mut next = 0;
        // Mark and name before a cell are inserted as one: half as many pieces of the map.
        let mut inserted = String::new();
        for part in parts {
            match part {
                Part::Inserted(text) => {
                    let names_left = &mut self.progress.names_left;
                    let is_name = text.len() > '：'.len_utf8() && text.ends_with('：');
                    if is_name {
                        *names_left = names_left.saturating_sub(text.len());
                    }
                    if !is_name || *names_left > 0 {
                        inserted.push_str(text);
                    }
                }
                Part::Cell(at) => {
                    self.taken.replace(begins(next)..begins(next), &inserted);
                    inserted.clear();
                    if let Some(cell) = raw.get(at) {
                        copy_words(&mut self.taken, cell);
                    }
                    next = at + 1;
                }
            }
        }
        let span = Span::new(start, self.taken.text.len());
        let number = self.progress.number;
        self.blocks.push(Block { span, role, number, page: None, area: None });
        self.progress.ordinal += 1;
    }
}

/// The cells of a row that have text: where they stand, and what they say.
fn cells<'r>(source: &str, row: &'r Row) -> (Vec<Cow<'r, RawCell>>, Vec<Cell>) {
    row.cells
        .iter()
        .enumerate()
        .filter_map(|(column, raw)| {
            let text = raw.text(source);
            let (raw, cell) = match kept_as_text(&text) {
                Some(kept) => (Cow::Owned(raw.within(&kept)), Cell::new(column, text.get(kept)?)),
                None => (Cow::Borrowed(raw), Cell::new(column, &text)),
            };
            Some((raw, cell?))
        })
        .unzip()
}

/// What a spreadsheet shows of `="00456"` and `'001`, which keep figures from being made numbers.
fn kept_as_text(text: &str) -> Option<Range<usize>> {
    let inner = text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    if inner.is_some_and(|inner| !inner.contains('"')) {
        return Some(2..text.len() - 1);
    }
    let figures = text.strip_prefix('\'')?;
    let is_figure = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '/' | ':');
    let digits = figures.strip_suffix(['X', 'x']).unwrap_or(figures);
    (digits.starts_with(|c: char| c.is_ascii_digit() || c == '-')
        && digits.ends_with(|c: char| c.is_ascii_digit())
        && digits.chars().all(is_figure))
    .then_some(1..text.len())
}

/// Takes the text of a cell over as [`Cell::new`] has it: white space and line ends become single spaces.
fn copy_words(taken: &mut Taken<'_>, cell: &RawCell) {
    let source = taken.source;
    let mut gap: Option<Range<usize>> = None;
    let mut has_words = false;
    for part in &cell.parts {
        let text = source.get(part.clone()).unwrap_or_default();
        let mut at = part.start;
        for piece in text.split_inclusive(char::is_whitespace) {
            let word = piece.trim_end();
            if !word.is_empty() {
                if let Some(gap) = gap.take().filter(|_| has_words) {
                    taken.replace(gap, " ");
                }
                taken.copy(at..at + word.len());
                has_words = true;
            }
            let end = at + piece.len();
            if word.len() < piece.len() {
                gap = Some(gap.map_or(at + word.len(), |gap| gap.start)..end);
            }
            at = end;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::Role;
    use proptest::prelude::*;

    #[track_caller]
    fn check(input: &str, expected: &str) -> Extracted {
        let extracted = extract(input.to_owned());
        assert_eq!(extracted.text, expected);
        assert_sound(&extracted, input);
        extracted
    }

    /// A line end inside a cell becomes a space of the same size, which counts as copied.
    #[track_caller]
    fn assert_sound(extracted: &Extracted, source: &str) {
        let source = match extracted.layout {
            Layout::Blocks => source.replace(['\n', '\t'], " "),
            Layout::Lines => source.to_owned(),
        };
        extracted.map.as_ref().unwrap().assert_sound(&source, &extracted.text);
    }

    #[test]
    fn a_line_that_names_the_separator_is_no_row() {
        let rows = "地区 网格数\n地区：示例县；网格数：120\n地区：云岭县；网格数：96";
        check("sep=;\r\n地区;网格数\r\n示例县;120\r\n云岭县;96\r\n", rows);
        check("\"sep=,\"\n地区,网格数\n示例县,120\n云岭县,96\n", rows);
        // A text about it.
        check("sep=;是第一行的写法\n", "sep=;是第一行的写法\n");
    }

    #[test]
    fn a_row_says_its_column_names_and_leads_to_its_bytes() {
        let input =
            "地区,网格数,举措\r\n示例县,120,\"建\"\"网格\"\",\n办小事\"\r\n\r\n云岭县,,积分制\r\n";
        let extracted = check(
            input,
            "地区 网格数 举措\n地区：示例县；网格数：120；举措：建\"网格\", 办小事\n地区：云岭县；举措：积分制",
        );
        assert_eq!(extracted.layout, Layout::Blocks);
        let shown: Vec<_> =
            extracted.blocks.iter().map(|block| (block.number, block.role)).collect();
        assert_eq!(shown, [1, 2, 3].map(|number| (number, Some(Role::Row))));
        let map = extracted.map.unwrap();
        let source = |words: &str| {
            let at = extracted.text.rfind(words).unwrap();
            input.get(map.to_source(Span::new(at, at + words.len())).range()).unwrap()
        };
        assert_eq!(source("积分制"), "积分制");
        assert_eq!(source("网格\", 办小事"), "网格\"\",\n办小事");
        assert_eq!(source("120"), "120");
        // What was inserted stands nowhere.
        assert_eq!(source("举措："), "");
    }

    #[test]
    fn figures_kept_as_text_are_shown_as_a_sheet_shows_them() {
        let input = "编号,名称,=\"0731\"\n'007,甲村,\"=\"\"0099\"\"\"\n'12X,'乙村,='a'\n";
        let extracted = extract(input.to_owned());
        assert_eq!(
            extracted.text,
            "编号 名称 0731\n编号：007；名称：甲村；0731：0099\n编号：12X；名称：'乙村；0731：='a'"
        );
        assert_sound(&extracted, input);
        let at = extracted.text.rfind("0099").unwrap();
        let place = extracted.map.as_ref().unwrap().to_source(Span::new(at, at + 4));
        assert_eq!(input.get(place.range()), Some("0099"));
    }

    #[test]
    fn a_form_pairs_labels_and_values() {
        check(
            "项目申报表,,,\n项目名称,修桥,联系人,王某\n建设地点,甲村,总投资,30万元\n",
            "项目申报表\n项目名称：修桥；联系人：王某\n建设地点：甲村；总投资：30万元",
        );
    }

    #[test]
    fn separators_are_found_by_the_rows() {
        for separator in [",", ";", "\t", "|"] {
            let input = "县,数\n甲县,1\n乙县,2\n".replace(',', separator);
            check(&input, "县 数\n县：甲县；数：1\n县：乙县；数：2");
        }
        check("县;数\n甲县;1,5\n乙县;2,5", "县 数\n县：甲县；数：1,5\n县：乙县；数：2,5");
        check(
            "县,说明\n甲县,\"一;二;三\"\n乙县,\"四;五;六\"",
            "县 说明\n县：甲县；说明：一;二;三\n县：乙县；说明：四;五;六",
        );
    }

    #[test]
    fn prose_is_plain_text() {
        for text in [
            "示例县推进治理,很好\n一是建网格。\n二是建队伍,办小事,群众满意。",
            "甲,乙",
            "一列\n二",
            "",
        ] {
            assert_eq!(check(text, text).layout, Layout::Lines);
        }
    }

    #[test]
    fn duties_of_offices_are_no_form() {
        check(
            "项目,责任单位,进展情况\n河道整治资金,水务局,已拨付\n养老服务经费,民政局,已拨付\n乡村道路计划,交通局,正在施工\n",
            "项目 责任单位 进展情况\n项目：河道整治资金；责任单位：水务局；进展情况：已拨付\n\
             项目：养老服务经费；责任单位：民政局；进展情况：已拨付\n\
             项目：乡村道路计划；责任单位：交通局；进展情况：正在施工",
        );
        // Whatever the first column is called.
        check(
            "所办的事,谁来办,办得怎样\n水渠清淤计划,柳河村,渠道已通\n校舍修缮经费,文教办,尚缺二成\n果园病害问题,农技站,药已发放\n",
            "所办的事 谁来办 办得怎样\n所办的事：水渠清淤计划；谁来办：柳河村；办得怎样：渠道已通\n\
             所办的事：校舍修缮经费；谁来办：文教办；办得怎样：尚缺二成\n\
             所办的事：果园病害问题；谁来办：农技站；办得怎样：药已发放",
        );
    }

    #[test]
    fn a_form_with_a_picture_or_plain_labels_is_one() {
        check(
            "人员登记表,,\n家长姓名,周某,贴照片处\n所在单位,柳河小学,贴照片处\n教学专业,数学,贴照片处\n",
            "人员登记表\n家长姓名：周某；贴照片处\n所在单位：柳河小学；贴照片处\n教学专业：数学；贴照片处",
        );
        check(
            "负责人,周某,校长\n经办人,吴某,干事\n地点,柳河村,小学旁\n",
            "负责人：周某；校长\n经办人：吴某；干事\n地点：柳河村；小学旁",
        );
    }

    #[test]
    fn a_row_that_lacks_cells_or_has_too_many_undoes_no_table() {
        check(
            "县,数,举措\n甲县,1\n乙县,2,修路\n丙县,3,修桥,已完工\n",
            "县 数 举措\n县：甲县；数：1\n县：乙县；数：2；举措：修路\n县：丙县；数：3；举措：修桥；已完工",
        );
        check("县,数\n甲县,1,快报\n乙县\n", "县 数\n县：甲县；数：1；快报\n县：乙县");
        for list in ["甲县,乙县\n丙县,丁县,戊县\n己县", "甲县,乙县\n丙县修桥3座,丁县修渠\n好"]
        {
            assert_eq!(check(list, list).layout, Layout::Lines);
        }
        let prose = "甲县,乙县都修了路。\n丙县,丁县,戊县修桥,己县修渠。\n庚县,辛县,壬县建网格。\n癸县,子县,丑县办培训。";
        assert_eq!(check(prose, prose).layout, Layout::Lines);
    }

    #[test]
    fn titles_and_remarks_are_text() {
        let extracted = check(
            "示例市情况表,,\n县,数,率\n甲县,1,2\n乙县,3,4\n注：截至6月底。,,\n",
            "示例市情况表\n县 数 率\n县：甲县；数：1；率：2\n县：乙县；数：3；率：4\n注：截至6月底。",
        );
        let roles: Vec<_> = extracted.blocks.iter().map(|block| block.role.is_some()).collect();
        assert_eq!(roles, [false, true, true, true, false]);
    }

    #[test]
    fn a_quote_that_nothing_closes_is_text() {
        check("县,数\n\"甲县,1\n乙县,2\n", "县 数\n县：\"甲县；数：1\n县：乙县；数：2");
        check("县,数\n\"甲\"县,1\n乙\"县\",2\n", "县 数\n县：甲县；数：1\n县：乙\"县\"；数：2");
    }

    #[track_caller]
    fn check_end(last: &str, expected: &[&str]) {
        let text = format!("县,数,举措\n{}{last}", "甲县,1,修路\n".repeat(9));
        for found in [extract(text.clone()), Parts::of(text).last().unwrap()] {
            let codes: Vec<&str> = found.notes.iter().map(|note| note.code.as_str()).collect();
            assert_eq!(codes, expected, "{last}");
        }
    }

    #[test]
    fn a_table_that_ends_within_a_row_is_cut_off() {
        check_end("丙县,3,积分制\n", &[]);
        check_end("丙县,3\n", &[]);
        check_end("丙县,3", &["cut-end"]);
        check_end("丙县,3,\"积分", &["cut-end"]);
        // Nobody can see whether more was to follow.
        check_end("丙县,3,积分", &["no-line-end"]);
        check_end("注：截至6月底。", &["no-line-end"]);
        check_end("丙县,3\n丁县,4", &["no-line-end"]);
        check_end("\"丙县,3,积分制\n丁县,4,夜校", &["no-line-end"]);
    }

    #[test]
    fn hostile_rows_take_little_time() {
        let wide = format!("{0}\n{0}\n", "a,".repeat(1_000_000));
        assert_eq!(extract(wide).blocks.len(), 2);
        let quotes = format!("a,b\nc,d\n{}", ",\"".repeat(500_000));
        assert!(extract(quotes).map.is_some());
        let doubled = format!("a,b\nc,\"{}", "\"\"".repeat(500_000));
        assert!(extract(doubled).map.is_some());
        // Short values under long names: the names are not repeated for ever.
        let name = "网".repeat(40);
        let long = format!("{name}甲,{name}乙\n{}", "1,2\n".repeat(20_000));
        let extracted = extract(long.clone());
        assert!(extracted.text.len() < long.len() * 20);
        assert_eq!(extracted.notes, []);
    }

    #[test]
    fn the_parts_of_a_table_are_the_whole() {
        let row = |number: usize| format!("甲县,{number},\"修路\n种树\"\r\n");
        let rows: String = (0..SECTION_LINES * 2).map(row).collect();
        let text = format!("县,数,举措\r\n{rows}\n\n");
        let whole = extract(text.clone());
        let parts: Vec<Extracted> = Parts::of(text.clone()).collect();
        assert_eq!(parts.len(), 3);
        let texts: Vec<&str> = parts.iter().map(|part| part.text.as_str()).collect();
        assert_eq!(texts.join("\n"), whole.text);
        let numbers = |extracted: &Extracted| -> Vec<usize> {
            extracted.blocks.iter().map(|block| block.number).collect()
        };
        assert_eq!(parts.iter().flat_map(numbers).collect::<Vec<_>>(), numbers(&whole));
        let last = &parts[2];
        assert_sound(last, &text);
        let at = last.text.rfind("修路 种树").unwrap();
        let place = last.map.as_ref().unwrap().to_source(Span::new(at, at + "修路 种树".len()));
        assert_eq!(place.end(), text.trim_end().len() - 1);
    }

    #[test]
    fn a_text_that_is_no_table_is_one_part() {
        for text in ["", "示例县推进治理。"] {
            let parts: Vec<Extracted> = Parts::of(text.to_owned()).collect();
            assert_eq!(parts, [extract(text.to_owned())]);
        }
    }

    #[test]
    fn what_stands_behind_very_many_cells_is_one_cell() {
        let text = format!("{}\"甲,乙\n1,2\n", ",".repeat(CELLS_MAX + 5));
        let rows: Vec<Row> = rows(&text, b',').collect();
        assert_eq!((rows.len(), rows[0].cells.len(), rows[1].cells.len()), (2, CELLS_MAX + 1, 2));
        assert_eq!(rows[0].cells[CELLS_MAX].text(&text), ",,,,,\"甲,乙");
    }

    fn table() -> impl Strategy<Value = String> {
        let cell = prop_oneof![
            "[文a1\"]{0,3}",
            Just("\"甲,\n乙\"".to_owned()),
            "\"(\"\"|文|\n| |,){0,4}\""
        ];
        let row = prop::collection::vec(cell, 1..4).prop_map(|cells| cells.join(","));
        prop::collection::vec(row, 0..6).prop_map(|rows| rows.join("\n"))
    }

    proptest! {
        #[test]
        fn the_cells_are_those_of_the_csv_crate(text in table()) {
            let own = rows(&text, b',')
                .map(|row| row.cells.iter().map(|cell| cell.text(&text)).collect::<Vec<_>>());
            let own: Vec<Vec<String>> = own.collect();
            // The crate closes every quote at the end of the text.
            let mut scanner = Scanner { source: &text, separator: b',', at: 0, quotes_close: true };
            while scanner.row().is_some() {}
            if scanner.quotes_close {
                let mut reader = ::csv::ReaderBuilder::new()
                    .has_headers(false)
                    .flexible(true)
                    .from_reader(text.as_bytes());
                let theirs: Vec<Vec<String>> = reader
                    .records()
                    .map(|record| record.unwrap().iter().map(str::to_owned).collect())
                    .collect();
                prop_assert_eq!(own, theirs);
            }
        }

        #[test]
        fn any_table_keeps_sound_places(
            text in prop_oneof![table(), "([,;\t|\"\n =']|\r\n|文|a|1|\u{3000}){0,40}"],
        ) {
            let extracted = extract(text.clone());
            assert_sound(&extracted, &text);
            for block in &extracted.blocks {
                let line = extracted.text.get(block.span.range()).unwrap();
                prop_assert!(!line.contains('\n') && !line.trim().is_empty());
            }
        }
    }
}
