//! The runs of a page to its columns and tables in reading order.
//!
//! A page is cut by turns: from top to bottom into bands that share their white columns, each band from left to right at
//! this white, each of the parts again. What has no white inside is one column of lines. `table` tells a band of cells
//! from columns of running text.

use crate::ingest::extract::pdf::layout::run::{Run, lines};
use crate::ingest::extract::pdf::layout::table::{self, Row};

/// White between columns is at least so wide, in sizes. Narrow papers go down to one character.
const GUTTER_EM: f32 = 0.9;

/// White between headlines of neighbouring articles, in their own size.
const HEADLINE_GUTTER_EM: f32 = 1.5;

/// Cuts within cuts: a newspaper page needs five; a page of garbage could ask for thousands.
const DEPTH_MAX: usize = 12;

/// So many white columns of a band are followed at once, the widest.
const GUTTERS_MAX: usize = 48;

/// Larger type, against the text around it, is a headline.
pub(super) const HEADLINE_SIZE: f32 = 1.15;

/// A headline that crosses white opens a new part when the white has parted so many rows above.
const ROWS_ABOVE_HEADLINE: usize = 3;

/// White above a line, against that between lines, that ends the columns above it when the line stands alone.
const LEADING_JUMP: f32 = 1.6;

/// A part of a page that is read from its first line to its last.
#[derive(Debug)]
pub(super) enum Region<'a> {
    /// Lines of one column.
    Column(Column<'a>),
    /// Rows of cells.
    Table(Vec<Row<'a>>),
}

/// Lines of one column, from top to bottom, with the edges that its text may fill.
#[derive(Debug)]
pub(super) struct Column<'a> {
    pub(super) lines: Vec<Run<'a>>,
    pub(super) left: f32,
    pub(super) right: f32,
}

/// The regions of pages in reading order.
#[derive(Debug, Default)]
pub(super) struct Pages {
    /// White between columns of running text, as seen so far: the middles of each set of columns.
    ///
    /// The last lines of a text in columns are too few to be known for columns by themselves.
    columns_seen: Vec<Vec<f32>>,
}

impl Pages {
    /// The regions of the next page in reading order.
    pub(super) fn regions<'a>(&mut self, runs: Vec<Run<'a>>) -> Vec<Region<'a>> {
        let mut found = Vec::new();
        if let Some((left, right)) = extent(&runs) {
            self.divide(runs, (left, right), 0, &mut found);
        }
        found
    }

    /// Cuts a part of a page whose text may fill the width between `edges`.
    fn divide<'a>(
        &mut self,
        runs: Vec<Run<'a>>,
        edges: (f32, f32),
        depth: usize,
        found: &mut Vec<Region<'a>>,
    ) {
        if depth == DEPTH_MAX {
            return push_column(runs, edges, found);
        }
        let em = body_size(&runs);
        let mut plain = Vec::new();
        for band in bands(strips(runs), em) {
            if band.gutters.is_empty() {
                plain.extend(band.strips.into_iter().flatten());
                continue;
            }
            let above = plain.iter().map(|run: &Run<'_>| run.bottom).reduce(f32::max);
            match table::judge(band.strips, above, &band.gutters, em, &mut self.columns_seen) {
                table::Judged::Lines(runs) => plain.extend(runs),
                table::Judged::Table(text_above, rows) => {
                    plain.extend(text_above);
                    push_column(std::mem::take(&mut plain), edges, found);
                    found.push(Region::Table(rows));
                }
                table::Judged::Columns(columns) => {
                    push_column(std::mem::take(&mut plain), edges, found);
                    let width =
                        columns.iter().filter_map(extent).map(|(l, r)| r - l).fold(0.0, f32::max);
                    let lefts: Vec<f32> =
                        columns.iter().filter_map(extent).map(|(left, _)| left).collect();
                    for (at, column) in columns.into_iter().enumerate() {
                        let Some((left, right)) = extent(&column) else { continue };
                        // A column of short lines is as wide as its sisters, as far as there is room.
                        let next = lefts.get(at + 1).map_or(edges.1, |next| next - GUTTER_EM * em);
                        self.divide(
                            column,
                            (left, right.max((left + width).min(next))),
                            depth + 1,
                            found,
                        );
                    }
                }
            }
        }
        push_column(plain, edges, found);
    }
}

/// Left and right end of runs.
pub(super) fn extent<'r, 'a: 'r>(
    runs: impl IntoIterator<Item = &'r Run<'a>>,
) -> Option<(f32, f32)> {
    let ends = runs.into_iter().map(|run| (run.left, run.right));
    ends.reduce(|all, run| (all.0.min(run.0), all.1.max(run.1)))
}

/// The size of most letters.
pub(super) fn body_size<'r, 'a: 'r>(runs: impl IntoIterator<Item = &'r Run<'a>>) -> f32 {
    let mut sizes: Vec<(f32, usize)> =
        runs.into_iter().map(|run| (run.size, run.letter_count())).collect();
    sizes.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = sizes.iter().map(|(_, count)| count).sum::<usize>() / 2;
    let mut seen = 0;
    let middle = sizes.iter().find(|(_, count)| {
        seen += count;
        seen > half
    });
    middle.map_or(1.0, |(size, _)| *size)
}

fn push_column<'a>(runs: Vec<Run<'a>>, (left, right): (f32, f32), found: &mut Vec<Region<'a>>) {
    if !runs.is_empty() {
        found.push(Region::Column(Column { lines: lines(runs), left, right }));
    }
}

/// Runs that overlap from top to bottom, from the highest strip to the lowest. White runs from side to side between two.
fn strips(mut runs: Vec<Run<'_>>) -> Vec<Vec<Run<'_>>> {
    runs.sort_by(|a, b| a.top.total_cmp(&b.top));
    let mut strips: Vec<Vec<Run<'_>>> = Vec::new();
    let mut end = f32::MIN;
    for run in runs {
        let apart = run.top > end;
        end = end.max(run.bottom);
        match strips.last_mut() {
            Some(strip) if !apart => strip.push(run),
            _ => strips.push(vec![run]),
        }
    }
    strips
}

/// Strips that share white columns.
struct Band<'a> {
    strips: Vec<Vec<Run<'a>>>,
    /// White from the top of the band to its bottom with text on both sides: left and right end.
    gutters: Vec<Interval>,
}

/// Left and right end of something white.
type Interval = (f32, f32);

/// Groups strips into bands, each as long as some white between its columns lasts.
fn bands<'a>(strips: Vec<Vec<Run<'a>>>, em: f32) -> Vec<Band<'a>> {
    let mut bands: Vec<Band<'a>> = Vec::new();
    let mut open = OpenBand::default();
    for strip in strips {
        let white = white_of(&strip, em);
        let parted = white.iter().any(is_inner);
        if open.parted_rows == 0 && parted {
            // What stands above the first columns is theirs only where it leaves their white alone.
            let own = open
                .strips
                .iter()
                .rposition(|above| intrudes(above, &white))
                .map_or(0, |at| at + 1);
            let strips = open.strips.split_off(own);
            bands.push(std::mem::take(&mut open).close());
            open.strips = strips;
            open.white.clone_from(&white);
        } else if open.parted_rows > 0 {
            let shared = intersect(&open.white, &white, GUTTER_EM * em);
            if !shared.iter().any(is_inner) || open.ends_before(&strip, em) {
                bands.push(std::mem::take(&mut open).close());
                open.white = white;
            } else {
                open.white = shared;
            }
        }
        open.parted_rows += usize::from(parted);
        open.strips.push(strip);
    }
    bands.push(open.close());
    bands.retain(|band| !band.strips.is_empty());
    bands.into_iter().flat_map(|band| release_ends(band, em)).collect()
}

/// Whether a strip stands in white that another has between its runs.
fn intrudes(strip: &[Run<'_>], white: &[Interval]) -> bool {
    let mut inner = white.iter().filter(|white| is_inner(white));
    inner.any(|&(left, right)| strip.iter().any(|run| run.left < right && run.right > left))
}

/// A band that still grows.
#[derive(Default)]
struct OpenBand<'a> {
    strips: Vec<Vec<Run<'a>>>,
    /// White that all strips share; means nothing before the first strip that is parted.
    white: Vec<Interval>,
    /// Strips with text on both sides of white.
    parted_rows: usize,
}

impl<'a> OpenBand<'a> {
    /// Whether the strip is a headline, or lines alone, across white that parted the rows above: a new part of the page
    /// begins, even if other white goes on through it.
    fn ends_before(&self, strip: &[Run<'a>], em: f32) -> bool {
        let inner = || self.white.iter().filter(|white| is_inner(white));
        let crosses =
            |run: &Run<'a>| inner().any(|&(left, right)| run.left < left && run.right > right);
        let headline = strip.iter().all(|run| run.size >= HEADLINE_SIZE * em);
        self.parted_rows >= ROWS_ABOVE_HEADLINE
            && (strip.iter().all(crosses) || headline && strip.iter().any(crosses))
    }

    fn close(self) -> Band<'a> {
        let parted = self.parted_rows > 0;
        let gutters = self.white.into_iter().filter(|white| parted && is_inner(white)).collect();
        Band { strips: self.strips, gutters }
    }
}

/// Gives back the strips at the ends of a band that only look like a part of its columns: a short title that stands in
/// the middle above them, a short line below them that begins the text that follows.
fn release_ends<'a>(mut band: Band<'a>, em: f32) -> Vec<Band<'a>> {
    if band.gutters.is_empty() {
        return vec![band];
    }
    let parted = |strip: &Vec<Run<'a>>| white_of(strip, em).iter().any(is_inner);
    let (Some(first), Some(last)) =
        (band.strips.iter().position(parted), band.strips.iter().rposition(parted))
    else {
        return vec![band];
    };
    let all = band.strips.iter().flatten();
    let (left, right) = all.fold((f32::MAX, f32::MIN), |(left, right), run| {
        (left.min(run.left), right.max(run.right))
    });
    let is_title = |strip: &Vec<Run<'a>>| match strip.as_slice() {
        [run] => {
            let off_centre = ((run.left + run.right) - (left + right)).abs() / 2.0;
            off_centre < em && run.left - left > 2.0 * em
        }
        _ => false,
    };
    let above = band.strips.iter().take(first).take_while(|strip| is_title(strip)).count();
    let leading = leading(band.strips.get(first..=last).unwrap_or_default());
    let jumps = |pair: &[Vec<Run<'a>>]| match pair {
        [upper, lower] => pitch(upper, lower) > LEADING_JUMP * leading,
        _ => false,
    };
    let below = band
        .strips
        .get(last..)
        .and_then(|tail| tail.windows(2).position(jumps))
        .map_or(band.strips.len(), |at| last + at + 1);
    let tail = band.strips.split_off(below);
    let columns = band.strips.split_off(above);
    let plain = |strips| Band { strips, gutters: Vec::new() };
    vec![plain(band.strips), Band { strips: columns, gutters: band.gutters }, plain(tail)]
}

/// The usual step from one strip to the next; without two strips, endless.
fn leading(strips: &[Vec<Run<'_>>]) -> f32 {
    let mut steps: Vec<f32> = strips
        .windows(2)
        .filter_map(|pair| match pair {
            [upper, lower] => Some(pitch(upper, lower)),
            _ => None,
        })
        .collect();
    steps.sort_by(f32::total_cmp);
    steps.get(steps.len() / 2).copied().unwrap_or(f32::INFINITY)
}

/// From the lowest baseline of a strip to the highest of the next.
fn pitch(upper: &[Run<'_>], lower: &[Run<'_>]) -> f32 {
    let from = upper.iter().map(|run| run.baseline).fold(f32::MIN, f32::max);
    let to = lower.iter().map(|run| run.baseline).fold(f32::MAX, f32::min);
    to - from
}

fn is_inner(white: &Interval) -> bool {
    white.0.is_finite() && white.1.is_finite()
}

/// The white of a strip that may part columns, both margins among it.
fn white_of(strip: &[Run<'_>], em: f32) -> Vec<Interval> {
    // The parts of a headline stand apart by a character of its own size.
    let smallest = strip.iter().map(|run| run.size).fold(f32::MAX, f32::min);
    let headline = smallest >= HEADLINE_SIZE * em;
    let least = if headline { HEADLINE_GUTTER_EM * smallest } else { GUTTER_EM * em };
    let mut taken: Vec<Interval> = strip.iter().map(|run| (run.left, run.right)).collect();
    taken.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut white = Vec::new();
    let mut end = f32::NEG_INFINITY;
    for (left, right) in taken {
        if left - end >= least {
            white.push((end, left));
        }
        end = end.max(right);
    }
    white.push((end, f32::INFINITY));
    if white.len() > GUTTERS_MAX {
        white.sort_by(|a, b| (b.1 - b.0).total_cmp(&(a.1 - a.0)));
        white.truncate(GUTTERS_MAX);
        white.sort_by(|a, b| a.0.total_cmp(&b.0));
    }
    white
}

/// White in both, at least `least` wide.
fn intersect(a: &[Interval], b: &[Interval], least: f32) -> Vec<Interval> {
    let (mut at_a, mut at_b) = (0, 0);
    let mut shared = Vec::new();
    while let (Some(x), Some(y)) = (a.get(at_a), b.get(at_b)) {
        let both = (x.0.max(y.0), x.1.min(y.1));
        if both.1 - both.0 >= least {
            shared.push(both);
        }
        if x.1 < y.1 {
            at_a += 1;
        } else {
            at_b += 1;
        }
    }
    shared
}
