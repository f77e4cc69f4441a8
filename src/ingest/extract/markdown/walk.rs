//! From the events of the Markdown parser to blocks.
//!
//! `pulldown-cmark` knows where each event stands in the source. Where CommonMark and Chinese texts differ, the source
//! wins: text indented by spaces is no code, `10~20个` is not struck out, cells beyond the head of a table stay.

use crate::ingest::extract::markdown::draft::{Draft, Kind, Page, Piece};
use crate::ingest::extract::markdown::tags::Tags;
use crate::text::tokens::is_han;
use pulldown_cmark::{CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};
use std::ops::Range;

/// Text that CommonMark took for code or for a comment is read again; text in that, once more, is taken as it is.
const DEPTH_MAX: usize = 2;

/// Reads a part of the source into the page.
pub(super) fn read(page: &mut Page<'_>, part: Range<usize>, depth: usize) {
    let source = page.taken.source;
    let Some(text) = source.get(part.clone()) else { return };
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_TASKLISTS;
    let parser = Parser::new_ext(text, options);
    let base = part.start;
    let shifted = |range: &Range<usize>| base + range.start..base + range.end;
    // `[记者]: 张某` is the address of a link to CommonMark, and no text.
    let mut definitions: Vec<Range<usize>> = parser
        .reference_definitions()
        .iter()
        .filter(|(_, definition)| !is_target(&definition.dest))
        .map(|(_, definition)| shifted(&definition.span))
        .collect();
    definitions.sort_unstable_by_key(|definition| std::cmp::Reverse(definition.start));
    let mut walk = Walk::new(page, definitions, depth);
    for (event, range) in parser.into_offset_iter() {
        walk.event(event, shifted(&range));
    }
    walk.block();
    walk.definitions_before(source.len() + 1);
}

/// Whether what stands behind `[name]:` is an address, so that the line is no text.
fn is_target(target: &str) -> bool {
    let has_suffix =
        target.split('.').skip(1).any(|part| part.starts_with(|c: char| c.is_ascii_alphanumeric()));
    target.contains("://") || (!target.chars().any(is_han) && (target.contains('/') || has_suffix))
}

/// Whether the target of a link within text can be one: no Chinese words, or the marks that addresses have.
fn is_address(target: &str) -> bool {
    !target.chars().any(is_han) || target.contains(['/', '.', '#', ':', '%'])
}

/// Where the walk stands.
struct Walk<'p, 's> {
    page: &'p mut Page<'s>,
    /// Definitions of links that are text, last first.
    definitions: Vec<Range<usize>>,
    depth: usize,
    draft: Draft,
    /// `1. ` of an item whose text comes.
    marker: Option<Range<usize>>,
    heading: Option<Kind>,
    lists: Vec<List>,
    items: usize,
    bold: usize,
    image: usize,
    /// Text outside pictures in the paragraph.
    has_text: bool,
    code: Option<Code>,
    html: Option<Tags>,
    /// A row of a table is read, and its cells so far.
    row: Option<usize>,
    /// Whether the targets of the open links are text.
    links: Vec<bool>,
}

struct List {
    is_ordered: bool,
    items: usize,
    /// How many blocks the page had before it.
    first_block: usize,
}

struct Code {
    is_indented: bool,
    lines: Vec<Range<usize>>,
}

impl<'p, 's> Walk<'p, 's> {
    fn new(page: &'p mut Page<'s>, definitions: Vec<Range<usize>>, depth: usize) -> Self {
        Self {
            page,
            definitions,
            depth,
            draft: Draft::default(),
            marker: None,
            heading: None,
            lists: Vec::new(),
            items: 0,
            bold: 0,
            image: 0,
            has_text: false,
            code: None,
            html: None,
            row: None,
            links: Vec::new(),
        }
    }

    fn source(&self) -> &'s str {
        self.page.taken.source
    }

    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(&tag, range),
            Event::End(tag) => self.end(tag, range),
            Event::Text(text) => self.text(&text, range),
            Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.verbatim(&text, range);
            }
            Event::Html(_) => {
                let source = self.source();
                if let Some(tags) = &mut self.html {
                    tags.feed(source, range, &mut self.draft, self.page);
                }
            }
            Event::InlineHtml(tag) => {
                if Tags::breaks_line(&tag) {
                    self.draft.break_line(true);
                }
            }
            Event::SoftBreak => self.draft.break_line(false),
            Event::HardBreak => self.draft.break_line(true),
            Event::Rule => self.block(),
            Event::FootnoteReference(_) | Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>, range: Range<usize>) {
        match tag {
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough => {
                self.bold += usize::from(*tag == Tag::Strong);
                if let Some(len) = self.literal_mark(&range) {
                    self.push(range.start..range.start + len, true);
                }
                return;
            }
            Tag::Link { link_type, dest_url, .. } => {
                let is_text = *link_type == LinkType::Inline && !is_address(dest_url);
                self.links.push(is_text);
                if is_text {
                    self.push(range.start..range.start + 1, true);
                }
                return;
            }
            Tag::Image { .. } => {
                self.image += 1;
                return;
            }
            Tag::TableCell => {
                if self.row.is_some_and(|cells| cells > 0) {
                    self.draft.break_line(true);
                }
                self.row = self.row.map(|cells| cells + 1);
                return;
            }
            _ => {}
        }
        self.block();
        self.definitions_before(range.start);
        match tag {
            Tag::Heading { level, .. } => {
                let depth = *level as u8;
                self.heading = Some(Kind::Heading(depth));
            }
            Tag::List(first) => self.lists.push(List {
                is_ordered: first.is_some(),
                items: 0,
                first_block: self.page.blocks.len(),
            }),
            Tag::Item => self.start_item(range),
            Tag::CodeBlock(kind) => {
                let is_indented = matches!(kind, CodeBlockKind::Indented);
                self.code = Some(Code { is_indented, lines: Vec::new() });
            }
            Tag::HtmlBlock => {
                self.begin_text(range.start);
                self.html = Some(Tags::default());
            }
            Tag::TableHead | Tag::TableRow => self.row = Some(0),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd, range: Range<usize>) {
        match tag {
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough => {
                self.bold -= usize::from(tag == TagEnd::Strong).min(self.bold);
                if let Some(len) = self.literal_mark(&range) {
                    self.push(range.end - len..range.end, true);
                }
            }
            TagEnd::Link => {
                if self.links.pop() == Some(true) {
                    let from = self.draft.end().unwrap_or(range.start);
                    self.push(from..range.end, true);
                }
            }
            TagEnd::Image => self.image = self.image.saturating_sub(1),
            TagEnd::TableCell => {}
            TagEnd::TableHead | TagEnd::TableRow => self.end_row(range),
            TagEnd::Heading(_) => self.end_heading(range),
            TagEnd::CodeBlock => self.end_code(),
            TagEnd::HtmlBlock => self.end_html(),
            TagEnd::Item => {
                // `2023.` alone in its line is text, not an empty item.
                if let Some(marker) = self.marker.take() {
                    (self.has_text, self.draft.has_plain) = (true, true);
                    self.draft.push(Piece::copy(marker));
                }
                self.block();
                self.items = self.items.saturating_sub(1);
            }
            TagEnd::List(_) => {
                self.block();
                self.end_list();
            }
            _ => self.block(),
        }
    }

    /// The length of a mark that CommonMark takes for emphasis and readers for text: `10~20个`, `5*3=15，2*3`.
    fn literal_mark(&self, range: &Range<usize>) -> Option<usize> {
        let inside = self.source().get(range.clone())?;
        let mut marks = inside.chars();
        let (mark, next) = (marks.next()?, marks.next()?);
        if mark == next {
            return None;
        }
        let before = self.source().get(..range.start)?.chars().next_back();
        let is_figure = before.is_some_and(|c| c.is_ascii_digit()) && next.is_ascii_digit();
        (mark == '~' || (mark == '*' && is_figure)).then_some(1)
    }

    fn start_item(&mut self, range: Range<usize>) {
        self.items += 1;
        let Some(list) = self.lists.last_mut() else { return };
        list.items += 1;
        if !list.is_ordered {
            return;
        }
        let inside = self.source().get(range.clone()).unwrap_or_default();
        let number = inside.trim_start();
        let start = range.start + (inside.len() - number.len());
        let digits = number.bytes().take_while(u8::is_ascii_digit).count();
        let after = number.get(digits..).unwrap_or_default();
        let len = digits
            + usize::from(after.starts_with(['.', ')']))
            + usize::from(after.get(1..).is_some_and(|after| after.starts_with(' ')));
        self.marker = Some(start..start + len);
    }

    /// An ordered list of one item is a numbered heading or paragraph; its words decide.
    fn end_list(&mut self) {
        let Some(list) = self.lists.pop() else { return };
        if list.is_ordered
            && list.items == 1
            && let Some(block) = self.page.blocks.get_mut(list.first_block)
        {
            block.role = None;
        }
    }

    fn text(&mut self, text: &str, range: Range<usize>) {
        if let Some(code) = &mut self.code {
            code.lines.push(range);
            return;
        }
        self.begin_text(range.start);
        self.has_text |= self.image == 0 && !text.trim().is_empty();
        self.draft.has_plain |= self.bold == 0 && !text.trim().is_empty();
        let is_copy = self.source().get(range.clone()) == Some(text);
        let piece = if is_copy { Piece::copy(range) } else { Piece::put(range, text) };
        self.draft.push(Piece { is_picture: self.image > 0, ..piece });
    }

    /// Code within text: what stands between its marks.
    fn verbatim(&mut self, text: &str, range: Range<usize>) {
        self.begin_text(range.start);
        self.has_text = true;
        self.draft.has_plain = true;
        let inside = self.source().get(range.clone()).unwrap_or_default();
        let piece = match inside.find(text) {
            Some(at) => {
                let start = range.start + at;
                Piece { is_verbatim: true, ..Piece::copy(start..start + text.len()) }
            }
            None => Piece::put(range, text),
        };
        self.draft.push(piece);
    }

    /// A part of the source that the parser took for a mark.
    fn push(&mut self, range: Range<usize>, is_verbatim: bool) {
        self.begin_text(range.start);
        self.draft.push(Piece { is_verbatim, ..Piece::copy(range) });
    }

    /// What stands before text at a place: definitions that no block parts from it, and the number of its item.
    fn begin_text(&mut self, at: usize) {
        if self.draft.is_empty() {
            self.definitions_before(at);
        }
        if let Some(marker) = self.marker.take() {
            self.draft.push(Piece::copy(marker));
        }
    }

    /// Ends the block that is open.
    fn block(&mut self) {
        let draft = std::mem::take(&mut self.draft);
        let has_text = std::mem::take(&mut self.has_text);
        if draft.is_empty() {
            return;
        }
        let kind = match self.heading.take() {
            Some(heading) => heading,
            None if !has_text && draft.has_plain => Kind::Caption,
            None if self.items > 0 => Kind::Item,
            None => Kind::Paragraph,
        };
        self.page.write(draft, kind);
    }

    /// A line over a line of `-` or `=` is a heading only when it looks like one: people put rules below paragraphs.
    fn end_heading(&mut self, range: Range<usize>) {
        let inside = self.source().get(range).unwrap_or_default();
        if !inside.trim_start().starts_with('#') {
            let words = inside.trim_end().trim_end_matches(['-', '=']).trim();
            if words.contains('\n') || words.ends_with(['。', '；', '，', '！', '？', '：']) {
                self.heading = None;
            }
        }
        self.has_text = true;
        self.block();
        self.heading = None;
    }

    fn end_code(&mut self) {
        let Some(code) = self.code.take() else { return };
        let source = self.source();
        let lines: Vec<Range<usize>> =
            code.lines.into_iter().flat_map(|part| lines(source, part)).collect();
        let is_prose = lines
            .iter()
            .any(|line| source.get(line.clone()).is_some_and(|text| text.chars().any(is_han)));
        if code.is_indented && is_prose && self.depth < DEPTH_MAX {
            for line in lines {
                let text = source.get(line.clone()).unwrap_or_default();
                let start = line.end - text.trim_start().len();
                if self.marker.is_some() {
                    // `1.     第一`, with more spaces than an item has.
                    self.has_text = true;
                    self.draft.has_plain = true;
                    self.push(start..line.end, false);
                    self.block();
                } else {
                    read(self.page, start..line.end, self.depth + 1);
                }
            }
        } else {
            self.marker = None;
            self.page.write_verbatim(lines.into_iter());
        }
    }

    fn end_html(&mut self) {
        let Some(tags) = self.html.take() else { return };
        self.has_text = true;
        self.block();
        if let Some(open) = tags.open_comment() {
            // Nothing closes the comment: the rest of the report is no comment.
            if self.depth < DEPTH_MAX {
                read(self.page, open, self.depth + 1);
            } else {
                let lines: Vec<Range<usize>> = lines(self.source(), open).collect();
                self.page.write_verbatim(lines.into_iter());
            }
        }
    }

    fn end_row(&mut self, range: Range<usize>) {
        self.row = None;
        let source = self.source();
        let line = source.get(range.start..).and_then(|rest| rest.split('\n').next());
        let line = line.unwrap_or_default();
        if line.contains('|') {
            self.cells_beyond(range.start, line);
            let draft = std::mem::take(&mut self.draft);
            self.page.write(draft, Kind::Row);
        } else {
            // A line right below a table is a row of one cell to CommonMark.
            self.has_text = true;
            self.block();
        }
        self.has_text = false;
    }

    /// Cells that have no place under the head are dropped by CommonMark.
    fn cells_beyond(&mut self, start: usize, line: &str) {
        let from = self.draft.end().unwrap_or(start);
        let Some(rest) = from.checked_sub(start).and_then(|at| line.get(at..)) else { return };
        let mut at = from;
        for (number, cell) in rest.split('|').enumerate() {
            // The first is what closes the last cell that was read: marks, or nothing.
            if number > 0 && !cell.trim().is_empty() {
                self.draft.break_line(true);
                self.draft.push(Piece::copy(at..at + cell.len()));
            }
            at += cell.len() + 1;
        }
    }

    /// Writes the definitions that stand before a place.
    fn definitions_before(&mut self, place: usize) {
        while self.definitions.last().is_some_and(|definition| definition.start < place) {
            if let Some(definition) = self.definitions.pop() {
                let mut draft = Draft::default();
                draft.has_plain = true;
                // Else the item would go back to it.
                if let Some(marker) = self.marker.take() {
                    draft.push(Piece::copy(marker));
                }
                for line in lines(self.source(), definition) {
                    draft.push(Piece { is_verbatim: true, ..Piece::copy(line) });
                    draft.break_line(false);
                }
                self.page.write(draft, Kind::Paragraph);
            }
        }
    }
}

/// The lines of a part of the source, without their ends.
fn lines(source: &str, part: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let mut at = part.start;
    source.get(part).unwrap_or_default().split_inclusive('\n').map(move |line| {
        let from = at;
        at += line.len();
        from..from + line.strip_suffix('\n').unwrap_or(line).len()
    })
}
