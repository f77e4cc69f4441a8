//! The characters of pages to blocks in reading order.
//!
//! `letter` (broken and doubled characters dropped, vertical lines turned) -> `run` (pieces of lines) -> `running`
//! (heads, feet and page numbers taken out) -> `region` and `table` (columns, tables, reading order) -> `paragraph`
//! (lines joined) -> here (paragraphs joined over columns and pages, roles and places given).
//!
//! Lengths are points; every threshold is in sizes of the type around it, because pages are scaled.

mod letter;
mod paragraph;
mod region;
mod run;
mod running;
mod table;
#[cfg(test)]
mod tests;

use crate::ingest::Role;
use crate::ingest::extract::blocks::BlockText;
use crate::ingest::extract::pdf::layout::letter::Letters;
use crate::ingest::extract::pdf::layout::paragraph::{Edges, Paragraph, Style};
use crate::ingest::extract::pdf::layout::region::{HEADLINE_SIZE, Region};
use crate::ingest::extract::pdf::layout::run::Run;
use crate::ingest::extract::pdf::layout::running::RunningHead;
use crate::ingest::extract::pdf::page::PageText;

/// Longer blocks are no headings, however large.
const HEADING_CHARS_MAX: usize = 80;

/// Longer bold and centred lines are no headings.
const BOLD_HEADING_CHARS_MAX: usize = 40;

/// Headings of sizes that differ by less, as a factor, are of one depth.
const DEPTH_FACTOR: f32 = 1.05;

/// The blocks of a document's pages; no paragraph goes on over the pages of those numbers, which were not read.
pub(super) fn blocks(pages: &[PageText], gaps: &[usize]) -> BlockText {
    let mut sides: Vec<(usize, Letters<'_>)> = Vec::new();
    for page in pages {
        sides.extend(Letters::of(page).into_iter().map(|letters| (page.number, letters)));
    }
    let mut runs: Vec<Vec<Run<'_>>> =
        sides.iter().map(|(_, letters)| run::runs(&letters.letters)).collect();
    let places: Vec<(usize, f32)> =
        sides.iter().map(|(page, letters)| (*page, letters.height)).collect();
    let heads = running::take(&mut runs, &places);
    let body = region::body_size(runs.iter().flatten());
    let mut pages_read = region::Pages::default();
    let regions: Vec<Vec<Region<'_>>> =
        runs.into_iter().map(|runs| pages_read.regions(runs)).collect();
    let columns = regions.iter().flatten().filter_map(|region| match region {
        Region::Column(column) => Some(column),
        Region::Table(_) => None,
    });
    let style = Style::of(body, columns);
    let mut flow =
        Flow { sides: &sides, style: &style, open: None, waiting: Vec::new(), pieces: Vec::new() };
    let mut last = 1;
    for (side, (regions, heads)) in regions.into_iter().zip(heads).enumerate() {
        let page = sides[side].0;
        if gaps.iter().any(|gap| (last..=page).contains(gap)) {
            flow.close();
        }
        last = page;
        flow.add_page(side, regions, heads);
    }
    flow.close();
    write(flow.pieces)
}

/// A block before its number and depth are known.
struct Piece {
    text: String,
    role: PieceRole,
    page: (usize, usize),
    area: [f32; 4],
}

/// What a piece is.
enum PieceRole {
    /// A heading of that size of type.
    Heading(f32),
    Given(Option<Role>),
}

/// Paragraphs on their way through columns and pages.
struct Flow<'s, 'a> {
    sides: &'s [(usize, Letters<'a>)],
    style: &'s Style,
    /// The last paragraph, which the next column may go on with, and the sides of its first and last line.
    open: Option<Open<'a>>,
    /// What stands between two parts of the open paragraph: heads, feet, notes. It comes after it.
    waiting: Vec<Piece>,
    pieces: Vec<Piece>,
}

/// A paragraph that may go on.
struct Open<'a> {
    paragraph: Paragraph<'a>,
    first_side: usize,
    last_side: usize,
    /// Lines on the first side.
    first_lines: usize,
    edges: Edges,
}

impl<'a> Flow<'_, 'a> {
    fn add_page(&mut self, side: usize, regions: Vec<Region<'a>>, heads: Vec<RunningHead<'a>>) {
        let (top, bottom): (Vec<_>, Vec<_>) = heads.into_iter().partition(|head| head.at_top);
        for head in top {
            self.add_head(head, side);
        }
        for region in regions {
            match region {
                Region::Column(column) => {
                    let paragraphs = paragraph::paragraphs(column, self.style);
                    self.add_column(paragraphs, side);
                }
                Region::Table(rows) => {
                    self.close();
                    for row in rows {
                        self.add_row(row, side);
                    }
                }
            }
        }
        for head in bottom {
            self.add_head(head, side);
        }
    }

    fn add_column(&mut self, mut paragraphs: Vec<Paragraph<'a>>, side: usize) {
        let text =
            paragraphs.iter().rposition(|paragraph| !paragraph::is_note(paragraph, self.style));
        let notes = paragraphs.split_off(text.map_or(0, |last| last + 1));
        for (at, next) in paragraphs.into_iter().enumerate() {
            if let Some(open) = &mut self.open
                && at == 0
                && paragraph::goes_on_across(&open.paragraph, &next, self.style)
            {
                if open.last_side == open.first_side && side == open.first_side {
                    open.first_lines += next.lines.len();
                }
                open.paragraph.lines.extend(next.lines);
                open.paragraph.edges = next.edges;
                open.last_side = side;
                continue;
            }
            self.close();
            let (first_lines, edges) = (next.lines.len(), next.edges);
            self.open = Some(Open {
                paragraph: next,
                first_side: side,
                last_side: side,
                first_lines,
                edges,
            });
        }
        for note in notes {
            let piece = self.piece(&note.lines, PieceRole::Given(None), side);
            self.wait(piece);
        }
    }

    fn add_head(&mut self, head: RunningHead<'a>, side: usize) {
        let piece = self.piece(&head.runs, PieceRole::Given(Some(Role::RunningHead)), side);
        // A row's parts stay apart, as cells do.
        let text = head.runs.iter().map(Run::text).collect::<Vec<_>>().join(" ");
        self.wait(Piece { text, ..piece });
    }

    fn add_row(&mut self, row: table::Row<'a>, side: usize) {
        let cells: Vec<String> = row.cells.iter().map(|lines| paragraph::text(lines)).collect();
        let lines: Vec<Run<'a>> = row.cells.into_iter().flatten().collect();
        let piece = self.piece(&lines, PieceRole::Given(Some(Role::Row)), side);
        self.pieces.push(Piece { text: cells.join(" "), ..piece });
    }

    /// Puts a piece after the open paragraph.
    fn wait(&mut self, piece: Piece) {
        if self.open.is_some() {
            self.waiting.push(piece);
        } else {
            self.pieces.push(piece);
        }
    }

    /// Ends the open paragraph; what waited for its end follows.
    fn close(&mut self) {
        if let Some(open) = self.open.take() {
            let role = self.role(&open);
            let first = open.paragraph.lines.get(..open.first_lines).unwrap_or_default();
            let mut piece = self.piece(first, role, open.first_side);
            piece.text = paragraph::text(&open.paragraph.lines);
            piece.page.1 = self.page(open.last_side);
            self.pieces.push(piece);
        }
        self.pieces.append(&mut self.waiting);
    }

    /// A heading is clearly larger than the text, or bold, short and centred.
    fn role(&self, open: &Open<'a>) -> PieceRole {
        let lines = &open.paragraph.lines;
        let chars: usize = lines.iter().map(Run::letter_count).sum();
        let Some(first) = lines.first() else { return PieceRole::Given(None) };
        let large = first.size >= HEADLINE_SIZE * self.style.body && chars <= HEADING_CHARS_MAX;
        let bold = lines.len() == 1
            && first.is_bold()
            && chars <= BOLD_HEADING_CHARS_MAX
            && paragraph::is_centred(first, open.edges);
        if large || bold { PieceRole::Heading(first.size) } else { PieceRole::Given(None) }
    }

    fn page(&self, side: usize) -> usize {
        self.sides.get(side).map_or(1, |(number, _)| *number)
    }

    fn piece(&self, lines: &[Run<'a>], role: PieceRole, side: usize) -> Piece {
        let mut area = [f32::MAX, f32::MAX, f32::MIN, f32::MIN];
        for line in lines {
            area[0] = area[0].min(line.left);
            area[1] = area[1].min(line.top);
            area[2] = area[2].max(line.right);
            area[3] = area[3].max(line.bottom);
        }
        let area = self.sides.get(side).map_or(area, |(_, letters)| letters.to_page(area));
        let page = self.page(side);
        Piece { text: paragraph::text(lines), role, page: (page, page), area }
    }
}

/// Numbers the pieces and gives headings the depth that their size has among all.
fn write(pieces: Vec<Piece>) -> BlockText {
    let mut sizes: Vec<f32> = pieces
        .iter()
        .filter_map(|piece| match piece.role {
            PieceRole::Heading(size) => Some(size),
            PieceRole::Given(_) => None,
        })
        .collect();
    sizes.sort_by(|a, b| b.total_cmp(a));
    sizes.dedup_by(|a, b| *b < *a * DEPTH_FACTOR);
    let depth = |size: f32| {
        let larger = sizes.iter().take_while(|known| **known >= size * DEPTH_FACTOR).count();
        u8::try_from(larger + 1).map_or(6, |depth| depth.min(6))
    };
    let mut text = BlockText::default();
    let pieces = pieces.into_iter().filter(|piece| !piece.text.trim().is_empty());
    for (at, piece) in pieces.enumerate() {
        let role = match piece.role {
            PieceRole::Heading(size) => Some(Role::Heading(depth(size))),
            PieceRole::Given(role) => role,
        };
        text.push(&piece.text, role, at + 1, Some(piece.page), Some(outwards(piece.area)));
    }
    text
}

/// A box in whole points that holds the box.
fn outwards([left, top, right, bottom]: [f32; 4]) -> [i32; 4] {
    #[allow(clippy::cast_possible_truncation, reason = "places are bounded, and a cast saturates")]
    let whole =
        [left.floor() as i32, top.floor() as i32, right.ceil() as i32, bottom.ceil() as i32];
    whole
}
