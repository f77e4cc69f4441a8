//! A block being put together: pieces of the source in lines, and what becomes of the lines.
//!
//! Reports that call themselves Markdown are often text with one paragraph on each line and no blank line between, so
//! the lines of one paragraph are judged before they are joined.

use crate::ingest::extract::Taken;
use crate::ingest::normalize::rejoin;
use crate::ingest::{Block, Role, kinds};
use crate::model::Span;
use crate::text::width;
use std::ops::Range;

/// Columns of the longest line that may be a wrapped one; longer lines are paragraphs.
const WRAPPED_COLUMNS_MAX: usize = 120;
/// Columns below which nobody wraps.
const WRAPPED_COLUMNS_MIN: usize = 12;
/// Marks that are taken for one; longer runs are decoration.
const RUN_MAX: usize = 3;

/// A part of the source that is text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    /// Where it stands.
    pub source: Range<usize>,
    /// Text in its place; `None` for the source as it is.
    pub text: Option<String>,
    /// Code or an escaped mark: stars in it are text.
    pub is_verbatim: bool,
    /// Stands for a picture that is not shown.
    pub is_picture: bool,
}

impl Piece {
    /// The source as it is.
    pub(super) fn copy(source: Range<usize>) -> Self {
        Self { source, text: None, is_verbatim: false, is_picture: false }
    }

    /// Other text in its place.
    pub(super) fn put(source: Range<usize>, text: &str) -> Self {
        Self { source, text: Some(text.to_owned()), is_verbatim: true, is_picture: false }
    }

    fn text<'a>(&'a self, source: &'a str) -> &'a str {
        match &self.text {
            Some(text) => text,
            None => source.get(self.source.clone()).unwrap_or_default(),
        }
    }

    /// The part of it within `range` of its own text; other text than the source's is only taken whole.
    fn part(&self, range: Range<usize>) -> Option<Self> {
        if range.is_empty() {
            return None;
        }
        Some(match self.text {
            Some(_) => self.clone(),
            None => {
                let start = self.source.start + range.start;
                Self { source: start..start + range.len(), ..self.clone() }
            }
        })
    }
}

/// What a block is by its marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text.
    Paragraph,
    /// An item of a list.
    Item,
    /// A heading with its depth.
    Heading(u8),
    /// The cells of a table's row, with breaks between them.
    Row,
    /// The words of a picture.
    Caption,
}

/// The lines of a block.
#[derive(Debug, Default)]
pub(super) struct Draft {
    lines: Vec<DraftLine>,
    /// Has words that are not bold.
    pub has_plain: bool,
}

#[derive(Debug, Default, Clone)]
struct DraftLine {
    pieces: Vec<Piece>,
    /// The line is ended by a mark, not just by the line end of the source.
    ends_hard: bool,
}

impl Draft {
    /// Whether there is nothing in it.
    pub(super) fn is_empty(&self) -> bool {
        self.lines.iter().all(|line| line.pieces.is_empty())
    }

    /// Adds a piece to the last line.
    pub(super) fn push(&mut self, piece: Piece) {
        if self.lines.is_empty() {
            self.lines.push(DraftLine::default());
        }
        let Some(line) = self.lines.last_mut() else { return };
        match line.pieces.last_mut() {
            Some(last)
                if last.text.is_none()
                    && piece.text.is_none()
                    && last.is_verbatim == piece.is_verbatim
                    && last.is_picture == piece.is_picture
                    && last.source.end == piece.source.start =>
            {
                last.source.end = piece.source.end;
            }
            _ => line.pieces.push(piece),
        }
    }

    /// Where the last piece ends.
    pub(super) fn end(&self) -> Option<usize> {
        let pieces = self.lines.iter().rev().flat_map(|line| line.pieces.last());
        pieces.map(|piece| piece.source.end).next()
    }

    /// Ends the line; `hard` when a mark of the text ends it.
    pub(super) fn break_line(&mut self, hard: bool) {
        if let Some(line) = self.lines.last_mut() {
            line.ends_hard |= hard;
            self.lines.push(DraftLine::default());
        }
    }
}

/// The text that comes out, block by block.
pub(super) struct Page<'s> {
    pub taken: Taken<'s>,
    pub blocks: Vec<Block>,
    /// The source before this is passed.
    at: usize,
}

impl<'s> Page<'s> {
    pub(super) fn new(source: &'s str) -> Self {
        Self { taken: Taken::from(source), blocks: Vec::new(), at: 0 }
    }

    /// Writes a block, or several where its lines are paragraphs of their own.
    pub(super) fn write(&mut self, draft: Draft, kind: Kind) {
        let source = self.taken.source;
        let is_bold = !draft.has_plain;
        let lines: Vec<DraftLine> =
            draft.lines.into_iter().filter(|line| !line.pieces.is_empty()).collect();
        match kind {
            Kind::Heading(_) | Kind::Row | Kind::Caption => {
                let role = match kind {
                    Kind::Heading(depth) => Role::Heading(depth),
                    Kind::Row => Role::Row,
                    _ => Role::Caption,
                };
                self.write_joined(&lines, Some(role), kind == Kind::Row);
            }
            Kind::Paragraph | Kind::Item => {
                let role = (kind == Kind::Item && !is_bold).then_some(Role::Body);
                let seen: Vec<Seen> = lines.iter().map(|line| Seen::new(line, source)).collect();
                for group in groups(&lines, &seen) {
                    let Some(first) = seen.get(group.start) else { continue };
                    let lines = lines.get(group).unwrap_or_default();
                    match first.form {
                        Form::Text if first.is_labelled => self.write_joined(lines, None, false),
                        Form::Text => self.write_joined(lines, role, false),
                        Form::Rule => {}
                        Form::Picture => self.write_joined(lines, Some(Role::Caption), false),
                        Form::Heading(depth, mark) => self.write_heading(lines, depth, mark),
                        Form::Row => self.write_cells(lines),
                    }
                }
            }
        }
    }

    /// Lines of code, each as it is.
    pub(super) fn write_verbatim(&mut self, lines: impl Iterator<Item = Range<usize>>) {
        for line in lines {
            let piece = Piece { is_verbatim: true, ..Piece::copy(line) };
            self.write_pieces(vec![piece], Some(Role::Body));
        }
    }

    /// `##标题##`, which is no heading to CommonMark for want of a space.
    fn write_heading(&mut self, lines: &[DraftLine], depth: u8, mark: usize) {
        let source = self.taken.source;
        let mut pieces: Vec<Piece> = lines.iter().flat_map(|line| line.pieces.clone()).collect();
        trim_start(&mut pieces, source, |text| text.trim_start().get(mark..).unwrap_or_default());
        trim_end(&mut pieces, source, |text| text.trim_end().trim_end_matches('#'));
        self.write_pieces(pieces, Some(Role::Heading(depth)));
    }

    /// `| 县 | 网格 |` without the line that makes it a table.
    fn write_cells(&mut self, lines: &[DraftLine]) {
        let source = self.taken.source;
        let mut cells = vec![DraftLine::default()];
        for piece in lines.iter().flat_map(|line| &line.pieces) {
            let mut at = 0;
            let mark = if piece.is_verbatim { '\n' } else { '|' };
            for (number, text) in piece.text(source).split(mark).enumerate() {
                if number > 0 {
                    cells.push(DraftLine::default());
                }
                if let Some(cell) = cells.last_mut() {
                    cell.pieces.extend(piece.part(at..at + text.len()));
                }
                at += text.len() + 1;
            }
        }
        self.write_joined(&cells, Some(Role::Row), true);
    }

    /// Lines as one block: with a space between cells, with what rejoining says between other lines.
    fn write_joined(&mut self, lines: &[DraftLine], role: Option<Role>, is_row: bool) {
        let source = self.taken.source;
        let mut pieces: Vec<Piece> = Vec::new();
        for line in lines {
            let mut next = line.pieces.clone();
            trim_start(&mut next, source, str::trim_start);
            trim_end(&mut next, source, str::trim_end);
            if let (Some(last), Some(first)) = (pieces.last(), next.first()) {
                let joint =
                    if is_row { " " } else { rejoin::joint(last.text(source), first.text(source)) };
                if !joint.is_empty() {
                    pieces.push(Piece::put(last.source.end..last.source.end, joint));
                }
            }
            pieces.append(&mut next);
        }
        self.write_pieces(pieces, role);
    }

    fn write_pieces(&mut self, pieces: Vec<Piece>, role: Option<Role>) {
        let source = self.taken.source;
        let mut pieces = without_marks(pieces, source);
        // A reader that went back would make the way to the source unsound.
        let passed = self.at;
        pieces.retain(|piece| piece.source.start >= passed);
        trim_start(&mut pieces, source, str::trim_start);
        trim_end(&mut pieces, source, str::trim_end);
        let Some(first) = pieces.first() else { return };
        let before = self.taken.text.len();
        if before > 0 {
            let at = first.source.start;
            self.taken.replace(at..at, "\n");
        }
        let start = self.taken.text.len();
        for piece in &pieces {
            let place = piece.source.clone();
            self.at = place.end;
            match &piece.text {
                // A block is one line, whatever an entity stands for.
                Some(text) => self.taken.replace(place, &text.replace(['\n', '\r'], " ")),
                None => self.taken.copy(place),
            }
        }
        let span = Span::new(start, self.taken.text.len());
        let number = self.blocks.len() + 1;
        self.blocks.push(Block { span, role, number, page: None, area: None });
    }
}

/// What can be seen of a line.
struct Seen {
    text: String,
    columns: usize,
    form: Form,
    /// Begins with the white space that begins a paragraph.
    is_indented: bool,
    /// `来源：…`: the words decide what it is, also in a list.
    is_labelled: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Form {
    Text,
    /// Marks only.
    Rule,
    /// A heading of so many marks, and where its words begin.
    Heading(u8, usize),
    /// Between bars.
    Row,
    /// The words of a picture and nothing else.
    Picture,
}

impl Seen {
    fn new(line: &DraftLine, source: &str) -> Self {
        let whole: String = line.pieces.iter().map(|piece| piece.text(source)).collect();
        let text = whole.trim();
        let is_plain = !line.pieces.iter().any(|piece| piece.is_verbatim);
        let is_picture = line.pieces.iter().all(|piece| piece.is_picture);
        let form = match heading_mark(text) {
            _ if is_picture => Form::Picture,
            _ if is_rule(text) => Form::Rule,
            Some((depth, mark)) if is_plain => Form::Heading(depth, mark),
            _ if is_row(text) => Form::Row,
            _ => Form::Text,
        };
        const LABELS: [&str; 9] =
            ["来源", "信息来源", "出处", "日期", "时间", "发布时间", "发布日期", "作者", "记者"];
        let label = text.split_once(['：', ':']).map(|(label, _)| label.trim());
        Self {
            columns: width::width(text),
            form,
            is_indented: whole.starts_with(['\u{3000}', '\u{a0}', '\u{2003}']),
            is_labelled: label.is_some_and(|label| LABELS.contains(&label)),
            text: text.to_owned(),
        }
    }
}

/// `##标题`, `#　标题`: depth and length of the mark. With a space it is a heading to CommonMark too, and with one `#`
/// alone a topic: `#网格化# 来了`.
fn heading_mark(text: &str) -> Option<(u8, usize)> {
    let len = text.bytes().take_while(|&byte| byte == b'#').count();
    let depth = u8::try_from(len).ok().filter(|depth| (1..=6).contains(depth))?;
    let rest = text.get(len..)?;
    (!rest.is_empty() && (depth > 1 || rest.starts_with(['\u{3000}', '\u{a0}'])))
        .then_some((depth, len))
}

/// A line of marks only: the line under a table's head, or a rule that CommonMark does not know.
fn is_rule(text: &str) -> bool {
    let only = |marks: &[char]| text.chars().all(|c| marks.contains(&c));
    (only(&['=']) && text.len() >= 2)
        || (only(&['|', '-', ':', ' ']) && text.contains('-') && text.contains('|'))
}

fn is_row(text: &str) -> bool {
    text.len() > 2 && text.starts_with('|') && text.ends_with('|')
}

/// Which lines stand together.
fn groups(lines: &[DraftLine], seen: &[Seen]) -> Vec<Range<usize>> {
    let widest = seen.iter().map(|line| line.columns).max().unwrap_or_default();
    let above = seen.split_last().map_or(&[] as &[Seen], |(_, above)| above);
    let page = Lines {
        widest,
        is_wrapped: (WRAPPED_COLUMNS_MIN..=WRAPPED_COLUMNS_MAX).contains(&widest)
            && above.iter().all(|line| line.columns * 5 >= widest * 4),
        all_finished: above.iter().all(|line| kinds::is_finished(&line.text)),
    };
    let mut groups: Vec<Range<usize>> = Vec::new();
    for (at, line) in seen.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| seen.get(before).zip(lines.get(before)));
        match groups.last_mut() {
            Some(group)
                if before.is_some_and(|(before, draft)| {
                    !draft.ends_hard && page.joins(before, line)
                }) =>
            {
                group.end = at + 1;
            }
            _ => groups.push(at..at + 1),
        }
    }
    groups
}

/// What the lines of a paragraph are like together.
struct Lines {
    /// Columns of the longest.
    widest: usize,
    /// All but the last are about as long as the longest.
    is_wrapped: bool,
    /// All but the last end as sentences do.
    all_finished: bool,
}

impl Lines {
    /// Whether the text of one line goes on in the next.
    fn joins(&self, line: &Seen, next: &Seen) -> bool {
        if line.form != Form::Text || next.form != Form::Text || next.is_indented {
            return false;
        }
        let finished = kinds::is_finished(&line.text);
        if next.is_labelled || (kinds::is_numbered(&next.text) && (finished || !self.is_wrapped)) {
            return false;
        }
        if self.all_finished {
            return false;
        }
        if self.is_wrapped {
            return true;
        }
        if finished {
            return false;
        }
        let goes_on =
            line.text.ends_with(['，', ',', '、']) || kinds::begins_in_sentence(&next.text);
        let is_latin = rejoin::joint(&line.text, &next.text) == " ";
        // A short line above longer ones is a heading.
        goes_on
            || is_latin
            || (self.widest <= WRAPPED_COLUMNS_MAX && line.columns * 2 >= self.widest)
    }
}

/// Shortens the text at the start as `cut` does, piece by piece while nothing is left of one.
fn trim_start(pieces: &mut Vec<Piece>, source: &str, cut: impl Fn(&str) -> &str) {
    let mut gone = 0;
    for piece in pieces.iter_mut() {
        let text = piece.text(source);
        let (len, kept) = (text.len(), cut(text).len());
        if kept > 0 {
            match &mut piece.text {
                Some(text) => drop(text.drain(..len - kept)),
                None => piece.source.start += len - kept,
            }
            break;
        }
        gone += 1;
    }
    pieces.drain(..gone);
}

/// Shortens the text at the end as `cut` does.
fn trim_end(pieces: &mut Vec<Piece>, source: &str, cut: impl Fn(&str) -> &str) {
    while let Some(piece) = pieces.last_mut() {
        let text = piece.text(source);
        let (len, kept) = (text.len(), cut(text).len());
        if kept > 0 {
            match &mut piece.text {
                Some(text) => text.truncate(kept),
                None => piece.source.end -= len - kept,
            }
            return;
        }
        pieces.pop();
    }
}

/// A run of marks that CommonMark left in the text.
struct Run {
    /// Where it stands in the source.
    source: Range<usize>,
    mark: char,
    can_open: bool,
    can_close: bool,
}

/// The pieces without the pairs of marks that CommonMark does not take for marks, because they stand between a
/// bracket or quotation mark and a letter: `**“治理”**强调`. No space parts words in Chinese.
fn without_marks(pieces: Vec<Piece>, source: &str) -> Vec<Piece> {
    let drops = pairs(&runs(&pieces, source));
    if drops.is_empty() {
        return pieces;
    }
    let mut kept = Vec::with_capacity(pieces.len() + drops.len());
    let mut drops = drops.into_iter().peekable();
    for piece in pieces {
        if piece.is_verbatim {
            kept.push(piece);
            continue;
        }
        let (start, end) = (piece.source.start, piece.source.end);
        let mut from = start;
        while let Some(drop) = drops.next_if(|drop| drop.start < end) {
            kept.extend(piece.part(from - start..drop.start - start));
            from = drop.end;
        }
        kept.extend(piece.part(from - start..end - start));
    }
    kept
}

fn runs(pieces: &[Piece], source: &str) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut before: Option<char> = None;
    for (number, piece) in pieces.iter().enumerate() {
        let text = piece.text(source);
        let mut at = 0;
        while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
            let is_mark = matches!(c, '*' | '_' | '~') && !piece.is_verbatim;
            // The character behind a backslash is itself; the piece begins with it.
            let place = piece.source.start + at;
            let escaped = at == 0 && place > 0 && source.as_bytes().get(place - 1) == Some(&b'\\');
            let rest = text.get(at..).unwrap_or_default();
            let len = if is_mark && !escaped {
                rest.len() - rest.trim_start_matches(c).len()
            } else {
                c.len_utf8()
            };
            if is_mark && !escaped && (2..=RUN_MAX).contains(&len) {
                let next = rest.get(len..).and_then(|rest| rest.chars().next()).or_else(|| {
                    pieces.get(number + 1).and_then(|next| next.text(source).chars().next())
                });
                let in_name = |side: Option<char>| {
                    c == '_' && side.is_some_and(|side| side.is_ascii_alphanumeric())
                };
                let is_word = |side: Option<char>| side.is_some_and(|side| !side.is_whitespace());
                runs.push(Run {
                    source: place..place + len,
                    mark: c,
                    can_open: is_word(next) && !in_name(before),
                    can_close: is_word(before) && !in_name(next),
                });
            }
            before = rest.get(..len).and_then(|run| run.chars().next_back());
            at += len;
        }
    }
    runs
}

/// The places of the runs that open and close, in order.
fn pairs(runs: &[Run]) -> Vec<Range<usize>> {
    let mut drops = Vec::new();
    let mut open: Vec<&Run> = Vec::new();
    for run in runs {
        let same = |other: &&Run| other.mark == run.mark && other.source.len() == run.source.len();
        let opening = open
            .iter()
            .position(|other| run.can_close && same(other) && other.source.end < run.source.start);
        if let Some(opening) = opening {
            drops.extend([open.swap_remove(opening).source.clone(), run.source.clone()]);
        } else if run.can_open {
            // At most one of each mark and length is open.
            open.retain(|other| !same(other));
            open.push(run);
        }
    }
    drops.sort_unstable_by_key(|drop| drop.start);
    drops
}
