//! A band of a page with white columns through it: columns of running text, rows of cells, or lines with wide gaps.

use crate::ingest::extract::pdf::layout::paragraph::begins_item;
use crate::ingest::extract::pdf::layout::region::extent;
use crate::ingest::extract::pdf::layout::run::{Run, lines};

/// Narrower columns, in sizes, hold cells, not running text.
const COLUMN_EM_MIN: f32 = 6.0;

/// A line of running text ends so near its column's edge, in sizes, unless it is the last of its paragraph.
const FULL_EM: f32 = 1.7;

/// Share of full lines in running text. Paragraphs of two lines would have half.
const FULL_SHARE: f32 = 0.45;

/// Fewer lines say nothing of how full a column's lines are.
const LINES_TO_JUDGE: usize = 3;

/// Rows of a table of two columns; one less where there are more columns.
const ROWS_MIN: usize = 3;

/// Columns of so many lines together show where the columns of the document are.
const LINES_TO_LEARN: usize = 12;

/// So many sets of columns are remembered; newspapers have a handful.
const SEEN_MAX: usize = 32;

/// White between two rows of a table, against that between the lines of one cell.
const ROW_GAP: f32 = 1.35;

/// A row of a table.
#[derive(Debug)]
pub(super) struct Row<'a> {
    /// From left to right; each the lines of the cell.
    pub(super) cells: Vec<Vec<Run<'a>>>,
}

/// What a band is.
#[derive(Debug)]
pub(super) enum Judged<'a> {
    /// Lines with wide gaps, each read from left to right.
    Lines(Vec<Run<'a>>),
    /// Rows of cells, and the lines above them that are none.
    Table(Vec<Run<'a>>, Vec<Row<'a>>),
    /// Columns of running text, from left to right.
    Columns(Vec<Vec<Run<'a>>>),
}

/// Judges a band by its columns.
///
/// `above` is where the text above the band ends; `columns_seen` holds the middles of the white between columns of
/// running text that were met so far, and learns.
pub(super) fn judge<'a>(
    mut strips: Vec<Vec<Run<'a>>>,
    above: Option<f32>,
    gutters: &[(f32, f32)],
    em: f32,
    columns_seen: &mut Vec<Vec<f32>>,
) -> Judged<'a> {
    let grid = Grid::of(gutters);
    let shapes = grid.shapes(&strips, em);
    let seen = columns_seen.iter().any(|middles| is_in_place(middles, gutters));
    if seen || is_text(&shapes) {
        let lines: usize = shapes.iter().map(|shape| shape.lines).sum();
        if !seen && lines >= LINES_TO_LEARN && columns_seen.len() < SEEN_MAX {
            columns_seen.push(grid.middles.clone());
        }
        return Judged::Columns(grid.split(strips.into_iter().flatten()));
    }
    if grid.is_table(&strips) {
        let rows = strips.split_off(grid.text_above(&strips, above, em));
        Judged::Table(strips.into_iter().flatten().collect(), grid.rows(rows))
    } else {
        Judged::Lines(strips.into_iter().flatten().collect())
    }
}

/// Whether each of these middles lies in the white of its number.
fn is_in_place(middles: &[f32], gutters: &[(f32, f32)]) -> bool {
    let mut both = middles.iter().zip(gutters);
    middles.len() == gutters.len()
        && both.all(|(middle, (left, right))| (left..=right).contains(&middle))
}

/// The columns of a band.
struct Grid {
    /// The middles of the white between them.
    middles: Vec<f32>,
}

impl Grid {
    fn of(gutters: &[(f32, f32)]) -> Self {
        Self { middles: gutters.iter().map(|(left, right)| (left + right) / 2.0).collect() }
    }

    fn column_of(&self, run: &Run<'_>) -> usize {
        self.middles.partition_point(|&middle| middle < run.left)
    }

    /// The runs of each column.
    fn split<'a>(&self, runs: impl IntoIterator<Item = Run<'a>>) -> Vec<Vec<Run<'a>>> {
        let mut columns: Vec<Vec<Run<'a>>> = Vec::new();
        columns.resize_with(self.middles.len() + 1, Vec::new);
        for run in runs {
            let column = self.column_of(&run);
            columns[column].push(run);
        }
        columns
    }

    fn shapes(&self, strips: &[Vec<Run<'_>>], em: f32) -> Vec<Shape> {
        let mut columns: Vec<Vec<&Run<'_>>> = vec![Vec::new(); self.middles.len() + 1];
        for run in strips.iter().flatten() {
            columns[self.column_of(run)].push(run);
        }
        columns.iter().map(|runs| Shape::of(runs, em)).collect()
    }

    /// Whether a strip has cells side by side.
    fn is_parted(&self, strip: &[Run<'_>]) -> bool {
        let mut columns = strip.iter().map(|run| self.column_of(run));
        let first = columns.next();
        columns.any(|column| Some(column) != first)
    }

    /// How many strips at the top are no part of the table: the end of a paragraph, a caption. They reach beyond the
    /// table, are labelled, or stand nearer to the text above (which ends at `above`) than to the rows below.
    fn text_above(&self, strips: &[Vec<Run<'_>>], above: Option<f32>, em: f32) -> usize {
        let Some(first) = strips.iter().position(|strip| self.is_parted(strip)) else { return 0 };
        let (single, rows) = strips.split_at(first);
        let Some((left, right)) = extent(rows.iter().flatten()) else { return 0 };
        let is_outside = |strip: &Vec<Run<'_>>| {
            let beyond = |run: &Run<'_>| run.left < left - em || run.right > right + em;
            strip.iter().any(beyond) || strip.iter().any(|run| is_label(&run.text()))
        };
        let own = single.iter().rposition(is_outside).map_or(0, |at| at + 1);
        if own == 0 && above.is_none() {
            return 0;
        }
        let end_before = |at: usize| match at.checked_sub(1) {
            Some(before) => strips.get(before).map(|strip| bottom(strip)),
            None => above,
        };
        // White above each strip that may be the first of the table; of equals the lowest counts.
        let white = |at: usize| Some((at, top(strips.get(at)?) - end_before(at)?));
        let widest = (own..=first).filter_map(white).max_by(|a, b| a.1.total_cmp(&b.1));
        widest.map_or(own, |(at, _)| at)
    }

    /// Whether enough strips hold cells side by side, and more than the numbers of a list before its items.
    fn is_table(&self, strips: &[Vec<Run<'_>>]) -> bool {
        let rows = strips.iter().filter(|strip| self.is_parted(strip)).count();
        let mut first_column = strips.iter().flatten().filter(|run| self.column_of(run) == 0);
        let is_list = self.middles.len() == 1
            && first_column.all(|run| begins_item(&format!("{} ", run.text())));
        !is_list && (rows >= ROWS_MIN || rows + 1 == ROWS_MIN && self.middles.len() >= 2)
    }

    /// The rows of a table.
    fn rows<'a>(&self, strips: Vec<Vec<Run<'a>>>) -> Vec<Row<'a>> {
        let rows = row_strips(strips, |run| self.column_of(run)).into_iter().map(|runs| {
            let cells = self.split(runs).into_iter().filter(|cell| !cell.is_empty());
            Row { cells: cells.map(lines).collect() }
        });
        rows.collect()
    }
}

/// What the lines of a column look like.
struct Shape {
    lines: usize,
    full: usize,
    /// In sizes.
    width: f32,
}

impl Shape {
    fn of(runs: &[&Run<'_>], em: f32) -> Self {
        // Runs of one line count as one.
        let mut ends: Vec<(f32, f32, f32)> =
            runs.iter().map(|run| (run.baseline, run.left, run.right)).collect();
        ends.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut rows: Vec<(f32, f32)> = Vec::new();
        let mut last = f32::MIN;
        for (baseline, left, right) in ends {
            match rows.last_mut() {
                Some(row) if baseline - last < em / 4.0 => {
                    *row = (row.0.min(left), row.1.max(right));
                }
                _ => rows.push((left, right)),
            }
            last = baseline;
        }
        let left = rows.iter().map(|row| row.0).fold(f32::MAX, f32::min);
        let right = rows.iter().map(|row| row.1).fold(f32::MIN, f32::max);
        Self {
            lines: rows.len(),
            full: rows.iter().filter(|row| right - row.1 <= FULL_EM * em).count(),
            width: (right - left) / em,
        }
    }
}

/// Whether columns hold running text.
fn is_text(shapes: &[Shape]) -> bool {
    let (mut lines, mut full) = (0, 0);
    for shape in shapes {
        if shape.width < COLUMN_EM_MIN {
            return false;
        }
        if shape.lines >= LINES_TO_JUDGE {
            lines += shape.lines;
            full += shape.full;
        }
    }
    // A text may end in the first line of its last column; shorter columns show nothing.
    let beside = shapes.split_last().is_some_and(|(last, others)| {
        let least = if last.lines >= 2 { 2 } else { LINES_TO_JUDGE };
        others.iter().all(|shape| shape.lines >= least)
    });
    #[allow(clippy::cast_precision_loss, reason = "counts of lines on a page")]
    let full_enough = lines == 0 || full as f32 >= FULL_SHARE * lines as f32;
    beside && full_enough
}

fn top(strip: &[Run<'_>]) -> f32 {
    strip.iter().map(|run| run.top).fold(f32::MAX, f32::min)
}

fn bottom(strip: &[Run<'_>]) -> f32 {
    strip.iter().map(|run| run.bottom).fold(f32::MIN, f32::max)
}

/// Whether a line is the caption of a table: `表1 …`, `附表二：…`, `单位：万元`.
fn is_label(text: &str) -> bool {
    let text = text.trim_start_matches(['（', '(', ' ']);
    let number = |text: &str| {
        let first = text.trim_start().chars().next();
        first.is_some_and(|c| c.is_ascii_digit() || "一二三四五六七八九十".contains(c))
    };
    ["表", "附表", "续表"].iter().any(|label| text.strip_prefix(label).is_some_and(number))
        || text.starts_with("单位：")
        || text.starts_with("单位:")
}

/// Joins strips into rows: lines of one cell stand closer than rows do.
fn row_strips<'a>(
    strips: Vec<Vec<Run<'a>>>,
    column_of: impl Fn(&Run<'a>) -> usize,
) -> Vec<Vec<Run<'a>>> {
    let gaps: Vec<f32> = strips
        .windows(2)
        .filter_map(|pair| match pair {
            [upper, lower] => Some(top(lower) - bottom(upper)),
            _ => None,
        })
        .collect();
    let least = gaps.iter().copied().fold(f32::MAX, f32::min);
    let most = gaps.iter().copied().fold(f32::MIN, f32::max);
    let wrapped = most > ROW_GAP * least;
    let border = (least + most) / 2.0;
    let mut rows: Vec<Vec<Run<'a>>> = Vec::new();
    for (at, strip) in strips.into_iter().enumerate() {
        let gap = at.checked_sub(1).and_then(|before| gaps.get(before)).copied();
        let goes_on = match gap {
            None => false,
            Some(gap) if wrapped => gap < border,
            // Lines equally far apart: without a first cell a strip goes on with the row above.
            Some(_) => strip.iter().all(|run| column_of(run) > 0),
        };
        match rows.last_mut() {
            Some(row) if goes_on => row.extend(strip),
            _ => rows.push(strip),
        }
    }
    rows
}
