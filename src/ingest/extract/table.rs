//! Rows of cells to paragraphs: where the names of the columns stand, and what each row says with them.
//!
//! `sheet` and `csv` read the cells; both ask a [`Table`] what becomes of a row and put its parts together in their
//! own way, because only CSV knows where in the file a cell stands.

use crate::ingest::Role;
use crate::ingest::extract::form;
use crate::text::tokens::is_han;
use std::collections::HashSet;
use std::ops::Range;

/// Rows with text among which the names of the columns are looked for.
const HEAD_ROWS_MAX: usize = 10;
/// Rows below a head that are compared with it.
const BODY_ROWS_SEEN: usize = 20;
/// Rows that one head may take.
const HEAD_DEPTH_MAX: usize = 3;
/// Characters of the longest name of a column; longer cells are text.
const NAME_CHARS_MAX: usize = 40;

/// How many rows with text a [`Table`] wants to see.
pub(super) const ROWS_SEEN: usize = HEAD_ROWS_MAX + HEAD_DEPTH_MAX + BODY_ROWS_SEEN;

/// A cell with text in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cell {
    /// Its column, from 0.
    pub column: usize,
    /// How many columns it spans, at least 1.
    pub columns: usize,
    /// Its text: one line, without white space at its ends.
    pub text: String,
}

impl Cell {
    /// A cell of one column; `None` where `text` is blank. White space and line ends inside become single spaces.
    pub(super) fn new(column: usize, text: &str) -> Option<Self> {
        let mut words = text.split_whitespace();
        let mut line = words.next()?.to_owned();
        for word in words {
            line.push(' ');
            line.push_str(word);
        }
        Some(Self { column, columns: 1, text: line })
    }
}

/// A part of the paragraph that a row becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part<'t> {
    /// Text that does not stand in the row: the name of a column, a mark.
    Inserted(&'t str),
    /// The text of a cell, by its ordinal in the row.
    Cell(usize),
}

/// Where a table has the names of its columns, and what they are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Table {
    /// Ordinals of the rows of names, among the rows with text.
    head: Option<Range<usize>>,
    /// `name：` by column; empty where a column has none.
    names: Vec<String>,
    /// The rows of names, by which a head printed again on the next page is known.
    head_rows: Vec<Vec<Cell>>,
    /// All text stands in one column: no table, but lines.
    is_list: bool,
    /// The ordinal of the first row of labels and values, where it is a form.
    form: Option<usize>,
}

impl Table {
    /// Judges a table by its rows with text: the first [`ROWS_SEEN`] are enough, more show better whether all text
    /// stands in one column. Cells are in the order of their columns.
    pub(super) fn find<R: AsRef<[Cell]>>(rows: &[R]) -> Self {
        let mut columns = rows.iter().flat_map(|row| row.as_ref()).map(|cell| cell.column);
        let first = columns.next();
        if columns.all(|column| Some(column) == first) {
            return Self { is_list: true, ..Self::default() };
        }
        let seen: Vec<&[Cell]> = rows.iter().take(ROWS_SEEN).map(AsRef::as_ref).collect();
        let form = form::find(&seen);
        if form.is_some() {
            return Self { form, ..Self::default() };
        }
        for start in 0..seen.len().min(HEAD_ROWS_MAX) {
            if let Some((depth, names)) = head_at(&seen, start) {
                let head_rows =
                    seen.iter().skip(start).take(depth).map(|row| row.to_vec()).collect();
                let names = names
                    .into_iter()
                    .map(|name| if name.is_empty() { name } else { format!("{name}：") })
                    .collect();
                let head = Some(start..start + depth);
                return Self { head, names, head_rows, ..Self::default() };
            }
            if begins_body(&seen, start) {
                break;
            }
        }
        Self::default()
    }

    /// Whether all text stands in one column.
    #[cfg(feature = "sheets")]
    pub(super) fn is_list(&self) -> bool {
        self.is_list
    }

    /// What becomes of the row with that ordinal among the rows with text: what it is, and its parts. `in_notes`
    /// says whether the row above is a remark, and is told whether this one is.
    pub(super) fn row<'t>(
        &'t self,
        ordinal: usize,
        cells: &[Cell],
        in_notes: &mut bool,
    ) -> (Option<Role>, Vec<Part<'t>>) {
        let first = self.form.or(self.head.as_ref().map(|head| head.start));
        let is_above = first.is_some_and(|first| ordinal < first);
        *in_notes = is_remark(cells) || (*in_notes && goes_on_in_notes(cells));
        if self.is_list || is_above || *in_notes {
            return (None, joined(cells));
        }
        if self.form.is_some() {
            return (Some(Role::Row), form::parts(cells));
        }
        // Who made the table, and when.
        if self.head.is_some() && cells.iter().all(form::is_signed) {
            return (None, joined(cells));
        }
        if let Some(depth) = self.head_row(cells) {
            return (Some(Role::Row), self.names_of(depth));
        }
        if self.head.is_none() {
            return (Some(Role::Row), joined(cells));
        }
        let mut parts = Vec::with_capacity(cells.len() * 3);
        for (at, cell) in cells.iter().enumerate() {
            if at > 0 {
                parts.push(Part::Inserted("；"));
            }
            // What spans several columns belongs to none of them: the name of a group of rows.
            let name = self.names.get(cell.column).filter(|name| !name.is_empty());
            if let Some(name) = name.filter(|_| cell.columns == 1) {
                parts.push(Part::Inserted(name));
            }
            parts.push(Part::Cell(at));
        }
        (Some(Role::Row), parts)
    }

    /// Which row of the head it is, or is again.
    fn head_row(&self, cells: &[Cell]) -> Option<usize> {
        self.head_rows.iter().position(|row| {
            row.len() == cells.len()
                && row.iter().zip(cells).all(|(name, cell)| name.text == cell.text)
        })
    }

    /// The cells of a row of the head, without names that reach down from the row above.
    fn names_of(&self, depth: usize) -> Vec<Part<'static>> {
        let row = self.head_rows.get(depth).map_or(&[] as &[Cell], Vec::as_slice);
        let above = depth.checked_sub(1).and_then(|above| self.head_rows.get(above));
        let is_above = |cell: &Cell| {
            above
                .and_then(|above| cell_at(above, cell.column))
                .is_some_and(|name| name.text == cell.text)
        };
        parted((0..row.len()).filter(|&at| row.get(at).is_some_and(|cell| !is_above(cell))))
    }
}

/// The paragraph of a row whose cells have their texts in them.
#[cfg(any(feature = "sheets", test))]
pub(super) fn paragraph(cells: &[Cell], parts: &[Part<'_>]) -> String {
    let text = |part: &Part<'_>| match *part {
        Part::Inserted(text) => text.to_owned(),
        Part::Cell(at) => cells.get(at).map(|cell| cell.text.clone()).unwrap_or_default(),
    };
    parts.iter().map(text).collect()
}

/// All cells with a space between them.
fn joined(cells: &[Cell]) -> Vec<Part<'static>> {
    parted(0..cells.len())
}

/// Cells with a space between them.
fn parted(cells: impl Iterator<Item = usize>) -> Vec<Part<'static>> {
    let mut parts = Vec::new();
    for at in cells {
        if !parts.is_empty() {
            parts.push(Part::Inserted(" "));
        }
        parts.push(Part::Cell(at));
    }
    parts
}

/// `注：…`, `数据来源：…`, alone in its row, or with the mark in a cell of its own.
fn is_remark(cells: &[Cell]) -> bool {
    const LABELS: [&str; 7] = ["注", "备注", "说明", "来源", "数据来源", "资料来源", "附注"];
    let bare = |label: &str| {
        LABELS.contains(&label.trim_matches(|c: char| c.is_ascii_digit() || !c.is_alphanumeric()))
    };
    match cells {
        [cell] => {
            let is_counted = cell.text.strip_prefix('注').is_some_and(|rest| {
                rest.starts_with(|c: char| c.is_ascii_digit())
                    && rest
                        .trim_start_matches(|c: char| c.is_ascii_digit())
                        .starts_with(['.', '、', '．'])
            });
            is_counted || cell.text.split_once(['：', ':']).is_some_and(|(label, _)| bare(label))
        }
        [mark, text] => {
            mark.text.starts_with(['注', '附'])
                && bare(&mark.text)
                && mark.text.ends_with(['：', ':'])
                && !is_number(&text.text)
        }
        _ => false,
    }
}

/// Whether a row below a remark is one more: a numbered line, a sentence, or who signs.
fn goes_on_in_notes(cells: &[Cell]) -> bool {
    let [cell] = cells else { return false };
    let is_numbered = || {
        let rest = cell.text.trim_start_matches(['（', '(', '[']);
        rest.starts_with(|c: char| c.is_ascii_digit() || ('①'..='⑳').contains(&c))
            && !is_number(&cell.text)
    };
    is_numbered() || cell.text.ends_with(['。', '；', ';']) || form::is_signed(cell)
}

/// Where the tables on a sheet begin, by the ordinals of their first rows, the first of all rows included.
/// `is_apart` says whether blank rows stand above a row.
///
/// A table begins below a blank row, or with a caption such as `表2 经费情况`, and has names of columns of its own.
#[cfg(any(feature = "sheets", test))]
pub(super) fn starts(rows: &[Vec<Cell>], is_apart: impl Fn(usize) -> bool) -> Vec<usize> {
    /// Titles between the blank row and the names of the columns.
    const TITLES_MAX: usize = 3;
    let mut starts = vec![0];
    let mut start = 0;
    // Rows of the table so far that have cells side by side.
    let mut filled = 0;
    let mut judged = Judged::default();
    for (at, row) in rows.iter().enumerate() {
        let is_caption = is_caption(row);
        if filled >= 2 && (is_caption || is_apart(at)) {
            let ends = |other: &usize| *other > at + TITLES_MAX && is_apart(*other);
            let end = (at + 1..rows.len().min(at + ROWS_SEEN)).find(ends);
            let end = end.unwrap_or(rows.len().min(at + ROWS_SEEN));
            let window: Vec<&[Cell]> =
                rows.get(at..end).unwrap_or_default().iter().map(Vec::as_slice).collect();
            let titles = window.iter().take(TITLES_MAX).take_while(|row| is_title(row)).count();
            let window = window.get(titles..).unwrap_or_default();
            let above = rows.get(start..at).unwrap_or_default();
            if begins_table(above, window, is_caption, |top| judged.of(start, top)) {
                starts.push(at);
                (start, filled) = (at, 0);
            }
        }
        filled += usize::from(row.len() >= 2);
    }
    starts
}

/// The table so far, judged by its first rows. At every blank row it is asked for: it is judged again only while these
/// rows become more, so that each is looked at a bounded number of times.
#[cfg(any(feature = "sheets", test))]
#[derive(Default)]
struct Judged {
    /// Ordinals of the rows that were looked at.
    rows: Range<usize>,
    is_form: bool,
    /// The names of its columns.
    names: HashSet<String>,
}

#[cfg(any(feature = "sheets", test))]
impl Judged {
    /// What is known of the table whose first rows are `top`, the first of them row `start`.
    fn of(&mut self, start: usize, top: &[Vec<Cell>]) -> &Self {
        let rows = start..start + top.len();
        if self.rows != rows {
            let table = Table::find(top);
            let names = table.head_rows.into_iter().flatten().map(|cell| cell.text).collect();
            *self = Self { rows, is_form: table.form.is_some(), names };
        }
        self
    }
}

/// `表2 经费情况`, `附表一：人员名单`, alone in its row.
#[cfg(any(feature = "sheets", test))]
fn is_caption(row: &[Cell]) -> bool {
    let [cell] = row else { return false };
    let text = cell.text.strip_prefix('附').unwrap_or(&cell.text);
    let is_figure = |c: char| c.is_ascii_digit() || "一二三四五六七八九十 ".contains(c);
    text.strip_prefix('表').is_some_and(|rest| rest.starts_with(is_figure))
        && !text.ends_with(['。', '；'])
}

/// Whether a row can stand between a blank row and the names of the columns: a title, who made the table.
#[cfg(any(feature = "sheets", test))]
fn is_title(row: &[Cell]) -> bool {
    row.len() == 1 && !is_remark(row) || row.iter().all(is_labelled)
}

/// Whether the rows of `window` begin a table of their own below the rows `above`: names of columns that stand below
/// a caption, or repeat one of the names above, or have figures below them. `judged` says what is known of the first
/// rows above.
#[cfg(any(feature = "sheets", test))]
fn begins_table<'j>(
    above: &[Vec<Cell>],
    window: &[&[Cell]],
    has_caption: bool,
    judged: impl FnOnce(&[Vec<Cell>]) -> &'j Judged,
) -> bool {
    let Some(first) = window.first() else { return false };
    let top = above.get(..above.len().min(ROWS_SEEN)).unwrap_or_default();
    if form::find(window) == Some(0) {
        return !judged(top).is_form;
    }
    let Some((depth, _)) = head_at(window, 0) else { return false };
    let body = window.get(depth..).unwrap_or_default();
    let is_name_above = || {
        let names = &judged(top).names;
        first.iter().any(|cell| names.contains(&cell.text))
    };
    has_caption
        || is_name_above()
        || (!begins_as_rows_do(first, above, body) && has_figures_below(first, body))
}

/// Whether the first cell ends as one of its column does: `青石镇` among other towns.
#[cfg(any(feature = "sheets", test))]
fn begins_as_rows_do(row: &[Cell], above: &[Vec<Cell>], body: &[&[Cell]]) -> bool {
    let Some(cell) = row.first().filter(|cell| cell.text.chars().count() >= 3) else {
        return false;
    };
    let others = above.iter().rev().take(BODY_ROWS_SEEN).map(Vec::as_slice);
    others
        .chain(body.iter().copied())
        .filter_map(|other| other.first())
        .any(|other| other.text.chars().next_back() == cell.text.chars().next_back())
}

/// Whether a word of the row has nothing but figures below it.
#[cfg(any(feature = "sheets", test))]
fn has_figures_below(row: &[Cell], body: &[&[Cell]]) -> bool {
    // What is said where a figure lacks is no name.
    let lacks = |text: &str| text.starts_with(['无', '暂', '未', '不', '待', '缺', '另']);
    let is_word = |text: &str| {
        text.chars().any(is_han) && !text.chars().any(|c| c.is_ascii_digit()) && !lacks(text)
    };
    row.iter().all(|cell| !lacks(&cell.text))
        && row.iter().filter(|cell| is_word(&cell.text)).any(|cell| {
            let below = body.iter().filter_map(|other| cell_at(other, cell.column));
            let (figures, all) = below.fold((0, 0), |(figures, all), other| {
                (figures + usize::from(is_number(&other.text)), all + 1)
            });
            figures >= 2 && figures == all
        })
}

/// The cell of a row that stands in a column.
fn cell_at(row: &[Cell], column: usize) -> Option<&Cell> {
    row.binary_search_by_key(&column, |cell| cell.column).ok().and_then(|at| row.get(at))
}

/// The head that begins in row `start`: how many rows it takes, and its names by column.
fn head_at(rows: &[&[Cell]], start: usize) -> Option<(usize, Vec<String>)> {
    let first = rows.get(start)?;
    if !first.iter().all(is_name) || texts(first) < 2 {
        return None;
    }
    let mut depth = 1;
    while depth < HEAD_DEPTH_MAX && goes_on_below(rows, start, depth) {
        depth += 1;
    }
    let head = rows.get(start..start + depth)?;
    let names = names(head);
    let body: Vec<&[Cell]> =
        rows.iter().skip(start + depth).take(BODY_ROWS_SEEN).copied().collect();
    let fits = depth > 1 || !looks_like_body(first, &body);
    (fits && is_distinct(&names) && is_as_wide(&names, &body)).then_some((depth, names))
}

/// Whether a row that is no head is as wide as those below it: no head comes after it.
fn begins_body(rows: &[&[Cell]], start: usize) -> bool {
    let Some(row) = rows.get(start) else { return false };
    let body: Vec<&[Cell]> = rows.iter().skip(start + 1).take(BODY_ROWS_SEEN).copied().collect();
    row.len() >= 2 && !row.iter().any(is_labelled) && is_as_wide(&names(&[row]), &body)
}

/// `填报单位：某局`.
pub(super) fn is_labelled(cell: &Cell) -> bool {
    cell.text.split_once(['：', ':']).is_some_and(|(_, value)| !value.trim().is_empty())
}

/// Whether a cell can be the name of a column: short, no sentence, no value with its own label.
fn is_name(cell: &Cell) -> bool {
    !is_labelled(cell)
        && cell.text.chars().count() <= NAME_CHARS_MAX
        && !cell.text.contains(['。', '；', '！', '？'])
}

/// How many cells of a row are words; more numbers than words make it 0. Years stand for words after a first word:
/// `指标 2021 2022 2023`.
fn texts(row: &[Cell]) -> usize {
    let begins_with_words = row.first().is_some_and(|cell| !is_number(&cell.text));
    let is_text =
        |cell: &&Cell| !is_number(&cell.text) || (begins_with_words && is_year(&cell.text));
    let count = row.iter().filter(is_text).count();
    if count * 2 > row.len() { count } else { 0 }
}

/// A figure or a day: digits with the marks that figures and days have.
pub(super) fn is_number(text: &str) -> bool {
    text.chars().any(|c| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_digit() || ",.%+-/: ‰％－".contains(c))
}

fn is_year(text: &str) -> bool {
    text.len() == 4 && (text.starts_with("19") || text.starts_with("20")) && is_number(text)
}

/// Whether row `start + depth` belongs to the head above it: its names stand under wide cells or gaps of the row
/// above, and where both rows have a cell at the same place, that begins a group or is merged downwards.
fn goes_on_below(rows: &[&[Cell]], start: usize, depth: usize) -> bool {
    let Some((above, row)) = rows.get(start + depth - 1).zip(rows.get(start + depth)) else {
        return false;
    };
    // A row of the body must follow.
    if rows.len() <= start + depth + 1 || !row.iter().all(is_name) || texts(row) < row.len() {
        return false;
    }
    let at = |column: usize| cell_at(above, column);
    let groups = |column: usize| {
        at(column).is_some_and(|cell| cell.columns > 1)
            || (at(column).is_some()
                && at(column + 1).is_none()
                && cell_at(row, column + 1).is_some())
    };
    let fills_gap = row.iter().any(|cell| at(cell.column).is_none() && under(above, cell.column));
    fills_gap
        && row.iter().all(|cell| match at(cell.column) {
            Some(same) if same.text == cell.text => true,
            Some(_) => groups(cell.column),
            None => under(above, cell.column),
        })
}

/// Whether a column stands right of a cell of the row, so that it may be one of a group.
fn under(row: &[Cell], column: usize) -> bool {
    row.first().is_some_and(|cell| cell.column < column)
}

/// The names by column; those of several rows with `·` between.
fn names(head: &[&[Cell]]) -> Vec<String> {
    let ends = head.iter().filter_map(|row| row.last()).map(|cell| cell.column + cell.columns);
    let mut names = vec![String::new(); ends.max().unwrap_or_default()];
    for (depth, row) in head.iter().enumerate() {
        let is_last = depth + 1 == head.len();
        for (at, cell) in row.iter().enumerate() {
            // A group reaches to the next cell of its row, but not over a name that has nothing below.
            let next = row.get(at + 1).map_or(names.len(), |next| next.column);
            let end = match cell.columns {
                1 if is_last => cell.column + 1,
                1 => next.min(group_end(head.get(depth + 1).copied(), cell.column, next)),
                columns => next.min(cell.column + columns),
            };
            for name in names.iter_mut().take(end).skip(cell.column) {
                if name.is_empty() {
                    name.push_str(&cell.text);
                } else if !name.ends_with(&cell.text) {
                    name.push('·');
                    name.push_str(&cell.text);
                }
            }
        }
    }
    names
}

/// Where the names end that stand side by side below a column, looked for up to column `until`.
fn group_end(below: Option<&[Cell]>, column: usize, until: usize) -> usize {
    let below = below.unwrap_or_default();
    let first = below.partition_point(|cell| cell.column < column);
    let mut end = column + 1;
    for cell in below.iter().skip(first).take_while(|cell| cell.column < until) {
        if cell.column > end {
            break;
        }
        end = cell.column + cell.columns;
    }
    end
}

/// Most names are given once; `数量` may stand twice.
fn is_distinct(names: &[String]) -> bool {
    let given: Vec<&String> = names.iter().filter(|name| !name.is_empty()).collect();
    let distinct: HashSet<&String> = given.iter().copied().collect();
    distinct.len() * 4 >= given.len() * 3
}

/// Whether the rows below have about as many cells as there are names.
fn is_as_wide(names: &[String], body: &[&[Cell]]) -> bool {
    let named = names.iter().filter(|name| !name.is_empty()).count();
    let mut widths: Vec<usize> = body.iter().map(|row| row.len()).collect();
    widths.sort_unstable();
    // The upper quarter: rows of groups, sums and remarks are narrow.
    let Some(&width) = widths.get(widths.len() * 3 / 4) else { return false };
    width >= 2 && named * 2 >= width && named <= width * 3
}

/// Whether the first row is one of the body, as tables without a head begin: all below a cell ends as the cell does
/// (`云岭县`, `某某县`), or the cell's text comes again in its column.
fn looks_like_body(row: &[Cell], body: &[&[Cell]]) -> bool {
    // A head printed again is no sign.
    let others: Vec<&[Cell]> = body.iter().copied().filter(|other| *other != row).collect();
    row.iter().any(|cell| {
        let below: Vec<&str> = others
            .iter()
            .filter_map(|row| cell_at(row, cell.column))
            .map(|other| other.text.as_str())
            .collect();
        let last = cell.text.chars().next_back();
        let is_word = last.is_some_and(is_han)
            && cell.text.chars().count() >= 3
            && !cell.text.starts_with(['所', '各']);
        let all_alike = below.iter().all(|text| text.chars().next_back() == last);
        below.contains(&cell.text.as_str()) || (is_word && all_alike && below.len() >= 2)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows written as text: a line a row, cells parted by `|`; `=3` at a cell's end spans it over three columns.
    fn rows(text: &str) -> Vec<Vec<Cell>> {
        let row = |line: &str| {
            let mut column = 0;
            let mut cells = Vec::new();
            for text in line.split('|') {
                let (text, columns) =
                    text.split_once('=').map_or((text, 1), |(text, n)| (text, n.parse().unwrap()));
                cells.extend(Cell::new(column, text).map(|cell| Cell { columns, ..cell }));
                column += columns;
            }
            cells
        };
        text.lines().map(row).collect()
    }

    /// Each expected line begins with `=` for a row of the table, `-` for other text.
    #[track_caller]
    fn check(input: &str, expected: &[&str]) {
        let rows = rows(input);
        let table = Table::find(&rows);
        let mut in_notes = false;
        let shown: Vec<String> = rows
            .iter()
            .enumerate()
            .map(|(ordinal, cells)| {
                let (role, parts) = table.row(ordinal, cells, &mut in_notes);
                let mark = if role == Some(Role::Row) { '=' } else { '-' };
                format!("{mark}{}", paragraph(cells, &parts))
            })
            .collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_row_says_its_column_names() {
        check(
            "地区|网格数|举措\n示例县|120|网格化管理\n云岭县||积分制",
            &[
                "=地区 网格数 举措",
                "=地区：示例县；网格数：120；举措：网格化管理",
                "=地区：云岭县；举措：积分制",
            ],
        );
    }

    #[test]
    fn titles_above_and_remarks_below_are_text() {
        check(
            "示例市基层治理情况表=3\n填报单位：示例局||日期：2023年6月\n县|数量|率\n甲县|1|50%\n乙县|2|60%\n注：截至6月底。\n数据来源:示例局",
            &[
                "-示例市基层治理情况表",
                "-填报单位：示例局 日期：2023年6月",
                "=县 数量 率",
                "=县：甲县；数量：1；率：50%",
                "=县：乙县；数量：2；率：60%",
                "-注：截至6月底。",
                "-数据来源:示例局",
            ],
        );
    }

    #[test]
    fn names_in_two_rows_are_combined() {
        let body = [
            "=县：甲县；网格·专职：1；网格·兼职：2；备注：无",
            "=县：乙县；网格·专职：3；网格·兼职：4",
        ];
        // Merged cells known, and not known.
        for head in ["县|网格=2|备注\n|专职|兼职|", "县|网格||备注\n|专职|兼职|"]
        {
            let mut expected = vec!["=县 网格 备注", "=专职 兼职"];
            expected.extend(body);
            check(&format!("{head}\n甲县|1|2|无\n乙县|3|4|"), &expected);
        }
        // The reader of sheets repeats what is merged downwards.
        check(
            "县|2022年=2|2023年=2\n县|计划|完成|计划|完成\n甲县|1|2|3|4",
            &[
                "=县 2022年 2023年",
                "=计划 完成 计划 完成",
                "=县：甲县；2022年·计划：1；2022年·完成：2；2023年·计划：3；2023年·完成：4",
            ],
        );
    }

    #[test]
    fn years_are_names_after_a_word() {
        check(
            "指标|2021|2022\n网格数|10|20",
            &["=指标 2021 2022", "=指标：网格数；2021：10；2022：20"],
        );
    }

    #[test]
    fn rows_without_a_head_are_their_cells() {
        check("1|2|3\n4|5|6", &["=1 2 3", "=4 5 6"]);
        check(
            "示例县|网格化管理\n云岭县|积分制\n某某县|网格化管理",
            &["=示例县 网格化管理", "=云岭县 积分制", "=某某县 网格化管理"],
        );
        check(
            "示例县在全县推行网格化管理。|好\n云岭县也做。|好",
            &["=示例县在全县推行网格化管理。 好", "=云岭县也做。 好"],
        );
    }

    #[test]
    fn one_column_is_no_table() {
        check(
            "示例县的做法\n一是建网格。\n二是建队伍。",
            &["-示例县的做法", "-一是建网格。", "-二是建队伍。"],
        );
    }

    #[test]
    fn a_column_without_a_name_gives_its_value_alone() {
        check("县|数量\n甲县|1|另有说明", &["=县 数量", "=县：甲县；数量：1；另有说明"]);
    }

    #[test]
    fn the_name_of_a_group_of_rows_belongs_to_no_column() {
        check(
            "县|数量|率\n东部地区=3\n甲县|1|2",
            &["=县 数量 率", "=东部地区", "=县：甲县；数量：1；率：2"],
        );
    }

    #[test]
    fn a_head_printed_again_is_a_head() {
        check(
            "县名|数量\n甲县|1\n乙县|2\n县名|数量\n丙县|3",
            &[
                "=县名 数量",
                "=县名：甲县；数量：1",
                "=县名：乙县；数量：2",
                "=县名 数量",
                "=县名：丙县；数量：3",
            ],
        );
    }

    #[test]
    fn a_pasted_article_stays_in_its_row() {
        let article = "示例县推行网格化管理，办好小事。".repeat(20);
        check(
            &format!("标题|正文\n示例县的做法|{article}"),
            &["=标题 正文", &format!("=标题：示例县的做法；正文：{article}")],
        );
    }

    #[test]
    fn a_form_pairs_labels_and_values() {
        check(
            "示例项目申报表=4\n项目名称|河堤加固|申报单位|示例镇\n总投资（万元）|35.5|联系人|王某\n建设内容|加固河堤2公里，修桥一座。=3\n注：一式两份。",
            &[
                "-示例项目申报表",
                "=项目名称：河堤加固；申报单位：示例镇",
                "=总投资（万元）：35.5；联系人：王某",
                "=建设内容：加固河堤2公里，修桥一座。",
                "-注：一式两份。",
            ],
        );
        // Values left empty, labels with their mark, and a name merged over a group of rows.
        check(
            "姓 名：|王某|性别：|男\n联系电话||家庭住址|示例村\n工作情况|所在单位|示例合作社\n工作情况|主要事迹|组织村民修渠。",
            &[
                "=姓 名：王某；性别：男",
                "=联系电话；家庭住址：示例村",
                "=工作情况；所在单位：示例合作社",
                "=工作情况；主要事迹：组织村民修渠。",
            ],
        );
    }

    #[test]
    fn tables_of_text_are_no_forms() {
        check(
            "单位|负责人|主要做法|成效\n示例镇|王某|积分制|矛盾减少\n甲乡|李某|巡查|群众满意\n乙乡|赵某|夜校|收入增加",
            &[
                "=单位 负责人 主要做法 成效",
                "=单位：示例镇；负责人：王某；主要做法：积分制；成效：矛盾减少",
                "=单位：甲乡；负责人：李某；主要做法：巡查；成效：群众满意",
                "=单位：乙乡；负责人：赵某；主要做法：夜校；成效：收入增加",
            ],
        );
        check(
            "项目|2022年\n人员经费|30\n办公经费|20\n项目资金|50",
            &[
                "=项目 2022年",
                "=项目：人员经费；2022年：30",
                "=项目：办公经费；2022年：20",
                "=项目：项目资金；2022年：50",
            ],
        );
        check(
            "服务事项|内容\n养老服务|送餐\n培训服务|教果树修剪",
            &[
                "=服务事项 内容",
                "=服务事项：养老服务；内容：送餐",
                "=服务事项：培训服务；内容：教果树修剪",
            ],
        );
        check(
            "类别|要求\n服务时间|全天\n服务地点|村委会\n服务内容|送餐",
            &[
                "=类别 要求",
                "=类别：服务时间；要求：全天",
                "=类别：服务地点；要求：村委会",
                "=类别：服务内容；要求：送餐",
            ],
        );
    }

    #[test]
    fn remarks_go_on_in_the_rows_below() {
        check(
            "县|数量\n甲县|1\n乙县|2\n注：1.截至6月底。\n2.乙县为快报。\n（3）不含外来人口\n填表人：王某\n3月|7",
            &[
                "=县 数量",
                "=县：甲县；数量：1",
                "=县：乙县；数量：2",
                "-注：1.截至6月底。",
                "-2.乙县为快报。",
                "-（3）不含外来人口",
                "-填表人：王某",
                "=县：3月；数量：7",
            ],
        );
        check(
            "县|数量|率\n2.甲县|1|2\n乙县|2|3\n3.丙县\n填表人：王某|审核人：|日期：6月1日",
            &[
                "=县 数量 率",
                "=县：2.甲县；数量：1；率：2",
                "=县：乙县；数量：2；率：3",
                "=县：3.丙县",
                "-填表人：王某 审核人： 日期：6月1日",
            ],
        );
        check(
            "县|数量\n甲县|1\n注：|乙县没有上报\n注2.丙县也没有",
            &["=县 数量", "=县：甲县；数量：1", "-注： 乙县没有上报", "-注2.丙县也没有"],
        );
    }

    /// An empty line of `input` is a blank row.
    #[track_caller]
    fn check_starts(input: &str, expected: &[usize]) {
        let lines: Vec<&str> = input.lines().collect();
        let filled: Vec<usize> = (0..lines.len()).filter(|&at| !lines[at].is_empty()).collect();
        let text: Vec<&str> = lines.iter().copied().filter(|line| !line.is_empty()).collect();
        let is_apart = |at: usize| at > 0 && filled[at] > filled[at - 1] + 1;
        assert_eq!(starts(&rows(&text.join("\n")), is_apart), expected);
    }

    #[test]
    fn tables_below_each_other_are_told_apart() {
        // By their captions, by a name that comes again, by figures.
        check_starts(
            "表1 网格\n乡镇|网格数\n甲乡|8\n乙乡|3\n表2 经费\n乡镇|做法\n甲乡|夜校\n丙镇|修路",
            &[0, 4],
        );
        check_starts("乡镇|网格数\n甲乡|8\n乙乡|3\n\n乡镇|做法\n甲乡|夜校\n丙镇|修路", &[0, 3]);
        check_starts("乡镇|网格数\n甲乡|8\n乙乡|3\n\n用水情况\n水源|水量\n水库|8\n机井|3", &[0, 3]);
        // A form with a table below it.
        check_starts(
            "项目名称|修桥|联系人|王某\n建设地点|甲村|总投资|30\n\n工序|天数\n打桩|8\n浇筑|3",
            &[0, 2],
        );
    }

    #[test]
    fn many_blank_rows_take_little_time() {
        let list = "网格\n".repeat(20_000);
        let pairs = "网格|数量\n甲|一\n\n".repeat(5_000);
        let rows = rows(&format!("{list}{pairs}").replace("\n\n", "\n"));
        let begun = std::time::Instant::now();
        assert!(!starts(&rows, |_| true).is_empty());
        assert!(begun.elapsed() < std::time::Duration::from_secs(20));
    }

    #[test]
    fn blank_rows_within_a_table_part_nothing() {
        check_starts(
            "基层治理情况表\n填报单位：某局|日期：6月\n\n乡镇|网格数\n甲乡|8\n乙乡|3",
            &[0],
        );
        check_starts("乡镇|网格数\n甲乡|8\n乙乡|3\n\n丙乡|未上报\n丁乡|9\n戊乡|10", &[0]);
        check_starts("乡镇|做法\n甲乡|夜校\n乙乡|修路\n\n西部\n白水镇|修渠\n红土寨|种树", &[0]);
        check_starts("乡镇|网格数|专职\n甲乡|8|1\n乙乡|3|2\n\n合计|11|3\n\n注：截至6月底。", &[0]);
    }

    #[test]
    fn line_ends_in_a_cell_are_spaces() {
        assert_eq!(Cell::new(0, " 甲\n 乙\t").unwrap().text, "甲 乙");
        assert_eq!(Cell::new(0, " \u{3000}\n"), None);
    }
}
