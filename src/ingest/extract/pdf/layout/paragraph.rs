//! Lines of a column to paragraphs.
//!
//! Whether a line ends its paragraph is read from the page alone: would the first word of the next line have fitted
//! into the room that was left? Then the end was meant. Indents, steps between lines, sizes and weights say the rest.

use crate::ingest::extract::pdf::layout::region::{self, Column};
use crate::ingest::extract::pdf::layout::run::Run;
use crate::text::tokens::is_han;
use regex::Regex;
use std::sync::LazyLock;

/// Lines whose sizes differ by a larger factor are not of one paragraph.
const SIZE_FACTOR: f32 = 1.12;

/// A step to the next line, against the usual one, that sets paragraphs apart.
const STEP_FACTOR: f32 = 1.3;

/// Lines farther apart, in sizes, are not of one paragraph: double spacing and a little more.
const LEADING_MAX: f32 = 2.6;

/// The same for lines of a headline, whose usual step is not known.
const HEADLINE_STEP_EM: f32 = 2.2;

/// A line that begins so far right of its column's edge, in sizes, is indented. Indents are two characters; one is seen.
const INDENT_EM: f32 = 0.8;

/// The usual indent of a paragraph's first line, in sizes: a line that is short by as much is not centred.
const FIRST_INDENT_EM: f32 = 2.0;

/// Places that differ by less, in sizes, are one.
const NEAR_EM: f32 = 0.3;

/// White on both sides of a centred line, in sizes, at least.
const CENTRED_EM: f32 = 1.0;

/// Room measured against a word, in sizes: rounding of places, no more, for where lines end unevenly the room of a full
/// line comes close to a character's width.
const ROOM_SLACK_EM: f32 = 0.005;

/// Lines that end within so many sizes of the farthest are looked at for the column's edge.
const EDGE_EM: f32 = 3.0;

/// Share of these lines that end at one place when that place is the edge; punctuation may hang beyond it.
const EDGE_SHARE: f32 = 0.3;

/// Fewer lines do not show where a column ends.
const LINES_TO_JUDGE: usize = 5;

/// One line of so many may reach beyond the edge where lines end unevenly: a mark, an unbreakable word.
const OUTLIERS: usize = 20;

/// Where lines go on is seen from so many lines, if no indent shows it.
const LINES_TO_SEE_START: usize = 3;

/// Lines that go on at a place, among all that go on, when the place is an edge: one of so many. Fewer are a mark in the
/// margin.
const START_SHARE: usize = 8;

/// Smaller type than the text's, as a share of it, is a note's.
const NOTE_SIZE: f32 = 0.93;

/// What holds for the whole document.
#[derive(Debug, Clone)]
pub(super) struct Style {
    /// Size of most text.
    pub(super) body: f32,
    /// Step from line to line within a paragraph, in sizes.
    leading: f32,
    /// Whether paragraphs begin with an indent.
    indented: bool,
    /// Edges of columns with many lines: left, right, lines.
    frames: Vec<(f32, f32, usize)>,
}

/// Left and right edge of a column's text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edges {
    pub(super) left: f32,
    pub(super) right: f32,
}

/// Lines that belong together.
#[derive(Debug)]
pub(super) struct Paragraph<'a> {
    pub(super) lines: Vec<Run<'a>>,
    /// Edges of the column of its last line.
    pub(super) edges: Edges,
}

impl Style {
    /// Reads the style off all columns of a document.
    pub(super) fn of<'c, 'a: 'c>(
        body: f32,
        columns: impl Iterator<Item = &'c Column<'a>> + Clone,
    ) -> Self {
        let mut style = Self { body, leading: f32::INFINITY, indented: false, frames: Vec::new() };
        for column in columns.clone() {
            if column.lines.len() >= LINES_TO_JUDGE {
                let edges = style.edges(column);
                style.frames.push((edges.left, edges.right, column.lines.len()));
            }
        }
        let (mut steps, mut starts, mut indented) = (Vec::new(), 0_usize, 0_usize);
        for column in columns {
            let edges = style.edges(column);
            for triple in column.lines.windows(3) {
                let [before, line, after] = triple else { continue };
                if !(same_size(before.size, line.size)
                    && same_size(line.size, after.size)
                    && same_size(line.size, body))
                {
                    continue;
                }
                let fills = edges.right - line.right < EDGE_EM * body;
                let step = (line.baseline - before.baseline) / body;
                if step > LEADING_MAX {
                    continue;
                }
                if is_full(before, line, edges) && line.left - edges.left < NEAR_EM * body {
                    steps.push(step);
                } else if !is_full(before, line, edges) && fills && is_full(line, after, edges) {
                    starts += 1;
                    indented += usize::from(is_indented(line, edges));
                }
            }
        }
        steps.sort_by(f32::total_cmp);
        style.leading = steps.get(steps.len() / 2).copied().unwrap_or(f32::INFINITY);
        style.indented = indented * 2 > starts;
        style
    }

    /// The edges of a column's text: its own, or those of a fuller column at the same place.
    pub(super) fn edges(&self, column: &Column<'_>) -> Edges {
        let size = region::body_size(&column.lines);
        let text: Vec<&Run<'_>> =
            column.lines.iter().filter(|line| same_size(line.size, size)).collect();
        let em = self.body;
        let right = right_edge(&text, em);
        let seen = left_edge(&column.lines, right, size);
        let farthest = || text.iter().map(|line| line.left).fold(f32::MAX, f32::min);
        let left = seen.unwrap_or_else(farthest);
        // What stands left of where the text goes on is no edge: a head, a wide table, a mark in the margin.
        let outer = seen.unwrap_or_else(|| column.left.min(left));
        let near = |a: f32, b: f32| (a - b).abs() <= NEAR_EM * em;
        let holds = |frame: &&(f32, f32, usize)| {
            frame.0 <= left + NEAR_EM * em
                && frame.1 >= right - NEAR_EM * em
                && (near(frame.0, left) || near(frame.0, column.left))
        };
        let fuller =
            self.frames.iter().filter(holds).max_by(|a, b| a.2.cmp(&b.2).then(b.1.total_cmp(&a.1)));
        match fuller {
            Some(&(left, right, lines)) if lines >= text.len() => Edges { left, right },
            _ if text.len() >= LINES_TO_JUDGE => Edges { left: outer, right },
            _ => Edges { left: outer, right: column.right.max(right) },
        }
    }

    /// The edges that lines of a size keep to: headlines may be wider than the text below them.
    fn edges_for(&self, line: &Run<'_>, column: Edges, whole: Edges) -> Edges {
        if same_size(line.size, self.body) { column } else { whole }
    }
}

/// Where lines end: the place where many do, or else the farthest. Punctuation may hang beyond the edge and says nothing.
fn right_edge(lines: &[&Run<'_>], em: f32) -> f32 {
    let mut ends: Vec<f32> =
        lines.iter().filter(|line| !line.ends_with_mark()).map(|line| line.right).collect();
    if ends.is_empty() {
        ends.extend(lines.iter().map(|line| line.right));
    }
    ends.sort_by(f32::total_cmp);
    ends.truncate(ends.len() - ends.len() / OUTLIERS);
    let Some(&farthest) = ends.last() else { return 0.0 };
    ends.retain(|end| farthest - end <= EDGE_EM * em);
    let clusters = ends.chunk_by(|a, b| b - a < 0.05 * em);
    let most = clusters.max_by_key(|cluster| cluster.len()).unwrap_or_default();
    #[allow(clippy::cast_precision_loss, reason = "counts of lines of a column")]
    let shared = most.len() >= 3 && most.len() as f32 >= EDGE_SHARE * ends.len() as f32;
    most.last().copied().filter(|_| shared).unwrap_or(farthest)
}

/// Where the lines begin that go on with a full one above them, or farther left, where most paragraphs begin whose other
/// lines hang; `None` where too few lines show it. `right` is where full lines end.
fn left_edge(lines: &[Run<'_>], right: f32, size: f32) -> Option<f32> {
    let indented = |left: f32, edge: f32| left - edge >= INDENT_EM * size;
    let near = |a: f32, b: f32| (a - b).abs() <= NEAR_EM * size;
    // Places where lines go on, and whether the line above begins to the right; where they go on to the right of the line
    // above; and places where paragraphs begin.
    let (mut going_on, mut hanging, mut beginning) = (Vec::new(), Vec::new(), Vec::new());
    for pair in lines.windows(2) {
        let [before, line] = pair else { continue };
        if !same_size(line.size, size) {
            continue;
        }
        let full = same_size(before.size, line.size)
            && right - before.right < line.first_unit() - ROOM_SLACK_EM * line.size;
        if !full {
            beginning.push(line.left);
        } else if indented(line.left, before.left) {
            hanging.push((before.left, line.left));
        } else {
            going_on.push((line.left, indented(before.left, line.left)));
        }
    }
    going_on.sort_by(|a, b| a.0.total_cmp(&b.0));
    let places = || going_on.chunk_by(|a, b| b.0 - a.0 <= NEAR_EM * size);
    let most = places().map(<[_]>::len).max()?;
    let is_edge = |place: &&[(f32, bool)]| {
        let shown = place.iter().any(|(_, indent)| *indent)
            || place.len() >= LINES_TO_SEE_START && place.len() * 2 >= lines.len();
        shown
            && (place.len() == most
                || place.len() > 1 && place.len() * START_SHARE >= going_on.len())
    };
    let edge = places().find(is_edge)?.first()?.0;
    // Items begin at one place left of it, and others of their lines hang below it.
    hanging.retain(|(_, line)| near(*line, edge));
    let item = hanging.first().map_or(edge, |(item, _)| *item);
    let items = beginning.iter().filter(|&&left| near(left, item)).count();
    Some(if items * 2 > beginning.len() { item } else { edge })
}

fn same_size(a: f32, b: f32) -> bool {
    a < b * SIZE_FACTOR && b < a * SIZE_FACTOR
}

/// Whether a line stands in the middle of its column, white on both sides.
pub(super) fn is_centred(line: &Run<'_>, edges: Edges) -> bool {
    let (before, after) = (line.left - edges.left, edges.right - line.right);
    let near = |a: f32, b: f32| (a - b).abs() < NEAR_EM * line.size;
    before > CENTRED_EM * line.size
        && near(before, after)
        && !near(before, FIRST_INDENT_EM * line.size)
}

/// Whether a line ended because the start of the next had no room.
fn is_full(line: &Run<'_>, next: &Run<'_>, edges: Edges) -> bool {
    let mut room = edges.right - line.right;
    if is_centred(line, edges) {
        room += line.left - edges.left;
    }
    room < next.first_unit() - ROOM_SLACK_EM * line.size
}

fn is_indented(line: &Run<'_>, edges: Edges) -> bool {
    line.left - edges.left >= INDENT_EM * line.size
}

/// Cuts a column into paragraphs.
pub(super) fn paragraphs<'a>(column: Column<'a>, style: &Style) -> Vec<Paragraph<'a>> {
    let text = style.edges(&column);
    let whole = Edges { left: column.left.min(text.left), right: column.right.max(text.right) };
    let mut found: Vec<Paragraph<'a>> = Vec::new();
    let mut lines = column.lines.into_iter().peekable();
    while let Some(line) = lines.next() {
        match found.last_mut() {
            Some(open) if goes_on_within(open, &line, lines.peek(), style) => open.lines.push(line),
            _ => {
                let edges = style.edges_for(&line, text, whole);
                found.push(Paragraph { lines: vec![line], edges });
            }
        }
    }
    found
}

/// Whether a line goes on with the paragraph above it in its column.
fn goes_on_within(
    open: &Paragraph<'_>,
    line: &Run<'_>,
    next: Option<&Run<'_>>,
    style: &Style,
) -> bool {
    let Some(before) = open.lines.last() else { return false };
    let step = line.baseline - before.baseline;
    let step_max = if same_size(line.size, style.body) && style.leading.is_finite() {
        STEP_FACTOR * style.leading * line.size
    } else {
        HEADLINE_STEP_EM * line.size
    };
    if !same_size(before.size, line.size) || step > step_max || !is_full(before, line, open.edges) {
        return false;
    }
    if begins_with_bullet(&line.text()) {
        return false;
    }
    let indented = is_indented(line, open.edges);
    let changes_weight =
        before.is_bold() && line.is_regular() || before.is_regular() && line.is_bold();
    if changes_weight && (indented || !style.indented) {
        return false;
    }
    let headline = !same_size(line.size, style.body);
    if is_centred(before, open.edges) || headline && is_centred(line, open.edges) {
        return true;
    }
    if indented {
        return hangs(open, line, next);
    }
    style.indented
        || !(ends_sentence(before) && begins_item(&line.text()) || is_next_item(open, line))
}

/// Whether a line begins with a mark of the kind that its paragraph begins with: `2.` after `1.`.
fn is_next_item(open: &Paragraph<'_>, line: &Run<'_>) -> bool {
    let mark = |line: &Run<'_>| {
        let text = line.text();
        let number = |c: &char| c.is_ascii_digit() || "一二三四五六七八九十百零〇".contains(*c);
        text.chars().find(|c| !number(c)).filter(|_| begins_item(&text))
    };
    let first = open.lines.first().and_then(mark);
    first.is_some() && first == mark(line)
}

/// Whether an indented line belongs to a paragraph that stands indented as a whole, or all but its first line.
fn hangs(open: &Paragraph<'_>, line: &Run<'_>, next: Option<&Run<'_>>) -> bool {
    let near = |a: f32, b: f32| (a - b).abs() <= NEAR_EM * line.size;
    match open.lines.as_slice() {
        [.., _, before] => near(before.left, line.left),
        [first] => {
            let below_words = first.left_after_mark().is_some_and(|left| near(left, line.left));
            let goes_on = next.is_some_and(|next| near(next.left, line.left));
            below_words && begins_item(&first.text()) || near(first.left, line.left) && goes_on
        }
        [] => false,
    }
}

/// Whether a paragraph at the start of a column goes on with the last one of the column before.
pub(super) fn goes_on_across(open: &Paragraph<'_>, next: &Paragraph<'_>, style: &Style) -> bool {
    let (Some(before), Some(line)) = (open.lines.last(), next.lines.first()) else { return false };
    let plain = same_size(before.size, line.size) && same_size(line.size, style.body);
    let changes_weight = before.is_bold() != line.is_bold() && (before.is_bold() || line.is_bold());
    plain
        && !changes_weight
        && is_full(before, line, open.edges)
        && !is_indented(line, next.edges)
        && (style.indented || !(ends_sentence(before) && begins_item(&line.text())))
}

/// Whether a paragraph is a note at the foot of its column: small, and begun by a mark.
pub(super) fn is_note(paragraph: &Paragraph<'_>, style: &Style) -> bool {
    static MARK: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:[①-⑳⑴-⒇*＊※†]|[\[［【(（〔]\d{1,3}[\]］】)）〕]|\d{1,2}\s?[^\d.,%％年月日]|注[:：释])")
            .expect("the pattern is constant")
    });
    let small = paragraph.lines.iter().all(|line| line.size <= NOTE_SIZE * style.body);
    small && paragraph.lines.first().is_some_and(|line| MARK.is_match(&line.text()))
}

fn ends_sentence(line: &Run<'_>) -> bool {
    let text = line.text();
    text.trim_end_matches(['”', '’', '」', '』', '）', ')', '"'])
        .ends_with(['。', '！', '？', '!', '?', '；', ';', '：', ':', '.'])
}

/// Whether a text begins with a sign that is drawn before items of a list and nowhere else.
fn begins_with_bullet(text: &str) -> bool {
    text.starts_with(['●', '•', '◆', '■', '□', '▪', '◇', '★', '☆'])
}

/// Whether a text begins as the items of a list do.
pub(super) fn begins_item(text: &str) -> bool {
    static START: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"^(?:第[一二三四五六七八九十百零〇\d]{1,6}[条章节款项编]|[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,3}(?:、|[.．](?:\D|$))|[①-⑳●•◆■□○※▪◇★☆]|[-–—*·] )",
        )
        .expect("the pattern is constant")
    });
    START.is_match(text)
}

/// The text of a paragraph: its lines joined as the script of their ends asks.
pub(super) fn text(lines: &[Run<'_>]) -> String {
    let mut joined = String::new();
    for line in lines {
        join(&mut joined, &line.text());
    }
    joined
}

/// Appends a line.
pub(super) fn join(joined: &mut String, line: &str) {
    let (before, after) = (joined.chars().next_back(), line.chars().next());
    if let Some((before, after)) = before.zip(after) {
        let mut back = joined.chars().rev();
        back.next();
        let word = back.next();
        if before == '-' && word.is_some_and(is_latin) && after.is_lowercase() {
            joined.pop();
        } else if needs_space(before, after) {
            joined.push(' ');
        }
    }
    joined.push_str(line);
}

fn is_latin(c: char) -> bool {
    c.is_alphabetic() && !is_han(c)
}

/// Whether two lines that meet in these characters were words apart. Digits of one number may be cut by a line's end.
fn needs_space(before: char, after: char) -> bool {
    let latin = |c: char| is_latin(c) || c.is_ascii_digit();
    let closes = |c: char| latin(c) || matches!(c, ',' | '.' | ';' | ':' | ')' | '?' | '!');
    closes(before) && latin(after) && (is_latin(before) || is_latin(after))
}
