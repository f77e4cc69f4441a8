//! The lines of a page, by a tokenizer that builds no tree and knows where everything stood.
//!
//! One pass, without recursion, in time linear in the source: nothing in the markup can make it slow or deep. What a
//! browser does not show (scripts, styles, forms' choices, hidden blocks, readings over characters) is left out.

use crate::ingest::extract::Taken;
use crate::ingest::extract::entity::entity;
use crate::model::Span;
use crate::text::OffsetMap;
use memchr::memmem;
use std::ops::Range;

/// Elements whose content is not markup and not text of the page.
const RAW: &[&str] =
    &["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "noscript"];

/// Elements whose content is not text of the page.
const SKIPPED: &[&str] =
    &["template", "select", "svg", "math", "object", "datalist", "audio", "video", "canvas"];

/// Elements that may be hidden by an attribute together with their content.
const HIDEABLE: &[&str] =
    &["div", "span", "section", "ul", "ol", "table", "aside", "article", "form"];

/// Elements that start and end a line.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "br",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "frameset",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hgroup",
    "hr",
    "html",
    "legend",
    "li",
    "main",
    "menu",
    "nav",
    "ol",
    "optgroup",
    "option",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "tfoot",
    "thead",
    "tr",
    "ul",
];

/// Elements without an end.
const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];

/// Elements whose end tag is usually left out: a new one ends the one before.
const SELF_ENDING: &[&str] = &["p", "li", "dt", "dd", "tr", "td", "th", "option", "rt", "rp"];

/// Elements that a tree opens again in every block until they are ended (HTML Living Standard, formatting elements).
const FORMATTING: &[&str] =
    &["b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];

/// How many elements a tree may make by repeating formatting; a hostile page would make them by its square.
const REPEATED_FORMATTING_MAX: usize = 500_000;

/// Cells of a table row together longer than this are layout, not data, and stay lines of their own.
const ROW_BYTES_MAX: usize = 900;

/// How far up an end tag looks for its start when the depth is estimated.
const UNWIND_MAX: usize = 64;

/// Blocks of linked data that are kept; pages have one or two.
const JSON_LD_MAX: usize = 8;

/// `meta` tags that are kept.
const METAS_MAX: usize = 200;

/// A page as lines, with what its head declares.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// One block of the page a line; the cells of a table row are one line.
    pub(super) text: String,
    /// Leads from `text` to the source.
    pub(super) map: OffsetMap,
    /// The parts of `text` that are links.
    pub(super) links: Vec<Span>,
    /// Whether elements are nested deeper than the limit.
    pub(super) is_too_deep: bool,
    /// The first `title` element.
    pub(super) title: Option<String>,
    /// `meta` tags: name or property in lower case, and content.
    pub(super) metas: Vec<(String, String)>,
    /// Blocks of `application/ld+json`.
    pub(super) json_ld: Vec<String>,
    /// `link rel=canonical`.
    pub(super) canonical: Option<String>,
    /// The address in the comment that browsers put into saved pages.
    pub(super) saved_from: Option<String>,
    /// The first `time datetime=…`.
    pub(super) time: Option<String>,
}

impl Page {
    /// Reads a page or a part of one; nesting is only counted up to `depth_max`.
    pub(super) fn read(source: &str, depth_max: usize) -> Self {
        let mut reader = Reader {
            lines: Lines::from(source),
            page: Self::default(),
            source,
            skip: None,
            open: Vec::new(),
            depth_max,
            unclosed_formatting: 0,
            repeated_formatting: 0,
            pre: 0,
            link: None,
        };
        reader.run();
        let (text, map) = reader.lines.finish();
        Self { text, map, ..reader.page }
    }
}

/// Content that is being left out, until its end tag.
enum Skip<'a> {
    /// This element, so many of them open.
    Element(&'a str, usize),
    /// A reading over a character, or the bracket round it.
    Reading,
}

struct Reader<'a> {
    source: &'a str,
    lines: Lines<'a>,
    page: Page,
    skip: Option<Skip<'a>>,
    /// Names of the elements that are open, as far as can be told without a tree.
    open: Vec<&'a str>,
    depth_max: usize,
    /// Formatting elements without end so far, and how often a tree would repeat them.
    unclosed_formatting: usize,
    repeated_formatting: usize,
    /// How many `pre` elements are open.
    pre: usize,
    /// Where the link that is open starts in the text.
    link: Option<usize>,
}

impl<'a> Reader<'a> {
    fn run(&mut self) {
        let bytes = self.source.as_bytes();
        let (mut at, mut text_from) = (0, 0);
        while let Some(step) = bytes.get(at..).and_then(|rest| memchr::memchr(b'<', rest)) {
            let open = at + step;
            let Some(token) = self.token(open) else {
                at = open + 1; // A lone `<` is text.
                continue;
            };
            self.text(text_from..open);
            at = self.markup(token);
            text_from = at;
        }
        self.text(text_from..self.source.len());
    }

    /// The markup that starts at the `<` at `open`.
    fn token(&self, open: usize) -> Option<Token> {
        let rest = self.source.get(open..)?;
        let bytes = rest.as_bytes();
        match bytes.get(1)? {
            b'!' if rest.starts_with("<!--") => {
                let body = open + 4;
                // `<!-->` and `<!--->` are whole comments.
                let end = ["<!-->", "<!--->"]
                    .iter()
                    .find(|short| rest.starts_with(**short))
                    .map(|short| open + short.len());
                let end =
                    end.or_else(|| memmem::find(bytes.get(4..)?, b"-->").map(|at| body + at + 3));
                let end = end.unwrap_or(self.source.len());
                Some(Token { kind: TokenKind::Comment, body: body.min(end)..end, end })
            }
            b'!' | b'?' => {
                let end = memchr::memchr(b'>', bytes).map_or(self.source.len(), |at| open + at + 1);
                Some(Token { kind: TokenKind::Other, body: open..end, end })
            }
            b'/' if bytes.get(2).is_some_and(u8::is_ascii_alphabetic) => {
                let end = memchr::memchr(b'>', bytes).map_or(self.source.len(), |at| open + at + 1);
                Some(Token { kind: TokenKind::End, body: open + 2..end, end })
            }
            byte if byte.is_ascii_alphabetic() => {
                let end = open + tag_len(bytes);
                Some(Token { kind: TokenKind::Start, body: open + 1..end, end })
            }
            _ => None,
        }
    }

    /// Acts on a piece of markup; gives the place where reading goes on.
    fn markup(&mut self, token: Token) -> usize {
        let body = self.source.get(token.body).unwrap_or_default();
        let name_len = body
            .bytes()
            .take_while(|byte| !byte.is_ascii_whitespace() && !matches!(byte, b'>' | b'/'))
            .count();
        let name = body.get(..name_len).unwrap_or_default();
        match token.kind {
            TokenKind::Other => token.end,
            TokenKind::Comment => {
                self.comment(body);
                token.end
            }
            TokenKind::End => {
                self.end_tag(name);
                token.end
            }
            TokenKind::Start => {
                let attributes = body.get(name_len..).unwrap_or_default();
                self.start_tag(name, attributes);
                match RAW.iter().find(|raw| raw.eq_ignore_ascii_case(name)) {
                    Some(raw) => self.raw_content(raw, attributes, token.end),
                    None => token.end,
                }
            }
        }
    }

    fn comment(&mut self, body: &str) {
        if self.page.saved_from.is_none()
            && let Some(rest) = body.trim_start().strip_prefix("saved from url=")
        {
            let address = rest.split_once(')').map_or(rest, |(_, address)| address);
            self.page.saved_from = address.split_whitespace().next().map(str::to_owned);
        }
    }

    fn start_tag(&mut self, name: &'a str, attributes: &'a str) {
        self.count_open(name);
        if is_one_of(name, &["rt", "rp"]) && !matches!(self.skip, Some(Skip::Element(..))) {
            self.skip = Some(Skip::Reading);
            return;
        }
        match &mut self.skip {
            Some(Skip::Element(skipped, count)) => {
                *count += usize::from(skipped.eq_ignore_ascii_case(name));
                return;
            }
            Some(Skip::Reading) if is_one_of(name, &["rb", "rtc", "p", "div", "ruby"]) => {
                self.skip = None;
            }
            Some(Skip::Reading) => return,
            None => {}
        }
        if is_one_of(name, SKIPPED) || (is_one_of(name, HIDEABLE) && is_hidden(attributes)) {
            self.skip = Some(Skip::Element(name, 1));
            return;
        }
        match name.to_ascii_lowercase().as_str() {
            "meta" => self.meta(attributes),
            "link"
                if attribute(attributes, "rel")
                    .is_some_and(|rel| rel.eq_ignore_ascii_case("canonical")) =>
            {
                self.page.canonical =
                    self.page.canonical.take().or_else(|| attribute(attributes, "href"));
            }
            "time" if self.page.time.is_none() => {
                self.page.time = attribute(attributes, "datetime");
            }
            "td" | "th" => self.lines.end_cell(),
            "pre" => self.pre += 1,
            "a" => {
                self.end_link();
                self.link = Some(self.lines.taken.text.len());
            }
            _ => {}
        }
        self.boundary(name, true);
    }

    fn end_tag(&mut self, name: &str) {
        self.count_closed(name);
        match &mut self.skip {
            Some(Skip::Element(skipped, count)) => {
                *count -= usize::from(skipped.eq_ignore_ascii_case(name));
                if *count == 0 {
                    self.skip = None;
                }
                return;
            }
            // `</p>` and the like: the end of the reading was forgotten.
            Some(Skip::Reading)
                if is_one_of(name, &["rt", "rp", "ruby"]) || is_one_of(name, BLOCKS) =>
            {
                self.skip = None;
            }
            Some(Skip::Reading) | None => {}
        }
        match name.to_ascii_lowercase().as_str() {
            "pre" => self.pre = self.pre.saturating_sub(1),
            "a" => self.end_link(),
            _ => {}
        }
        self.boundary(name, false);
    }

    /// What a start or end tag does to the lines.
    fn boundary(&mut self, name: &str, is_start: bool) {
        if is_one_of(name, BLOCKS) {
            self.lines.end_block();
        }
        if name.eq_ignore_ascii_case("tr") {
            self.lines.end_row(is_start);
        } else if name.eq_ignore_ascii_case("table") {
            self.lines.table(is_start);
        }
    }

    fn end_link(&mut self) {
        let text = &self.lines.taken.text;
        // The line end before the link was written with its first word.
        let words =
            self.link.take().and_then(|start| text.get(start..)).unwrap_or_default().trim_start();
        if !words.is_empty() {
            self.page.links.push(Span::new(text.len() - words.len(), text.len()));
        }
    }

    fn meta(&mut self, attributes: &str) {
        let name =
            ["name", "property", "itemprop"].iter().find_map(|key| attribute(attributes, key));
        if let (Some(name), Some(content)) = (name, attribute(attributes, "content"))
            && self.page.metas.len() < METAS_MAX
        {
            self.page.metas.push((name.trim().to_ascii_lowercase(), content));
        }
    }

    /// Passes over the content of a raw element that starts at `from`; gives the place of its end tag.
    fn raw_content(&mut self, name: &str, attributes: &str, from: usize) -> usize {
        let rest = self.source.get(from..).unwrap_or_default();
        let closing = memmem::find_iter(rest.as_bytes(), b"</").find(|at| {
            rest.as_bytes()
                .get(at + 2..at + 2 + name.len())
                .is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
        });
        let content = rest.get(..closing.unwrap_or(rest.len())).unwrap_or_default();
        if name == "title" && self.page.title.is_none() && self.skip.is_none() {
            let title = plain_text(content);
            self.page.title = Some(title.split_whitespace().collect::<Vec<_>>().join(" "))
                .filter(|title| !title.is_empty());
        }
        let is_json_ld = name == "script"
            && attribute(attributes, "type")
                .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/ld+json"));
        if is_json_ld && self.page.json_ld.len() < JSON_LD_MAX {
            self.page.json_ld.push(content.to_owned());
        }
        from + content.len()
    }

    fn text(&mut self, part: Range<usize>) {
        if self.skip.is_none() && !part.is_empty() {
            self.lines.text(part, self.pre > 0);
        }
    }

    fn count_open(&mut self, name: &'a str) {
        if self.page.is_too_deep || is_one_of(name, VOID) {
            return;
        }
        if is_one_of(name, SELF_ENDING)
            && self.open.last().is_some_and(|last| last.eq_ignore_ascii_case(name))
        {
            self.open.pop();
        }
        self.open.push(name);
        if is_one_of(name, FORMATTING) {
            self.unclosed_formatting += 1;
        } else {
            self.repeated_formatting += self.unclosed_formatting;
        }
        self.page.is_too_deep = self.open.len() > self.depth_max
            || self.unclosed_formatting > self.depth_max
            || self.repeated_formatting > REPEATED_FORMATTING_MAX;
    }

    fn count_closed(&mut self, name: &str) {
        if is_one_of(name, FORMATTING) {
            self.unclosed_formatting = self.unclosed_formatting.saturating_sub(1);
        }
        let from_top = self
            .open
            .iter()
            .rev()
            .take(UNWIND_MAX)
            .position(|open| open.eq_ignore_ascii_case(name));
        if let Some(from_top) = from_top {
            self.open.truncate(self.open.len() - from_top - 1);
        }
    }
}

struct Token {
    kind: TokenKind,
    /// What follows the opening `<`, `</` or `<!--`.
    body: Range<usize>,
    /// The place after it.
    end: usize,
}

enum TokenKind {
    Comment,
    Start,
    End,
    Other,
}

/// The lines so far.
struct Lines<'a> {
    taken: Taken<'a>,
    /// White space since the last character, not yet decided: where it starts, and whether it is more than a line
    /// end of the source.
    space: Option<(usize, bool)>,
    /// Whether the next character starts a line of its own.
    is_block_over: bool,
    /// Where the table row that is open starts in the text, and whether it holds more than a cell.
    row: Option<Row>,
}

struct Row {
    start: usize,
    cells: usize,
}

impl<'a> Lines<'a> {
    fn from(source: &'a str) -> Self {
        Self { taken: Taken::from(source), space: None, is_block_over: false, row: None }
    }

    /// Takes text of the source over: white space becomes one space, references their characters.
    fn text(&mut self, part: Range<usize>, is_pre: bool) {
        let (mut at, end) = (part.start, part.end);
        while let Some(rest) = self.taken.source.get(at..end).filter(|rest| !rest.is_empty()) {
            // The longest stretch without white space, references and the end.
            let plain = rest.find(|c: char| c.is_whitespace() || c == '&').unwrap_or(rest.len());
            if plain > 0 {
                self.before_word(at, rest);
                self.taken.copy(at..at + plain);
                at += plain;
                continue;
            }
            let reference = if rest.starts_with('&') { entity(rest) } else { None };
            let c = rest.chars().next().unwrap_or_default();
            let len = reference.as_ref().map_or(c.len_utf8(), |(_, len)| *len);
            match &reference {
                Some((text, _)) if !text.trim().is_empty() => {
                    self.before_word(at, text);
                    self.taken.replace(at..at + len, text);
                }
                None if c == '&' => {
                    self.before_word(at, rest);
                    self.taken.copy(at..at + len);
                }
                None if c == '\n' && is_pre => self.end_block(),
                white => {
                    let is_line_end = white.is_none() && matches!(c, '\n' | '\r');
                    let (start, is_wide) = self.space.unwrap_or((at, false));
                    self.space = Some((start, is_wide || !is_line_end));
                }
            }
            at += len;
        }
    }

    /// Puts the line end or the space that is due before the word at `at`.
    fn before_word(&mut self, at: usize, word: &str) {
        let space = self.space.take();
        let last = self.taken.text.chars().next_back();
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
    }

    fn end_block(&mut self) {
        self.is_block_over = true;
        self.space = None;
    }

    /// A new cell starts: a line of its own for now; the end of the row may join them.
    fn end_cell(&mut self) {
        self.end_block();
        if let Some(row) = &mut self.row {
            row.cells += 1;
        }
    }

    /// A row starts or ends: the cells of the one before become one line, if they are data.
    fn end_row(&mut self, is_start: bool) {
        let end = self.taken.text.len();
        if let Some(row) = self.row.take()
            && row.cells > 1
            && end - row.start <= ROW_BYTES_MAX
        {
            let cells = self.taken.text.split_off(row.start);
            // The first line end is that of the row before. A space is as long as a line end: the map stays.
            let first = usize::from(cells.starts_with('\n'));
            self.taken.text.push_str(cells.get(..first).unwrap_or_default());
            self.taken.text.push_str(&cells.get(first..).unwrap_or_default().replace('\n', " "));
        }
        self.row = is_start.then_some(Row { start: end, cells: 0 });
    }

    /// A table starts or ends. Inside a row it makes the outer one layout; the last row may lack its end tag.
    fn table(&mut self, is_start: bool) {
        if is_start {
            self.row = None;
        } else {
            self.end_row(false);
        }
    }

    fn finish(mut self) -> (String, OffsetMap) {
        self.end_row(false);
        self.taken.finish()
    }
}

/// Whether a line end beside it is no space: Han and wide punctuation.
fn is_han_or_mark(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE4F}' | '\u{FF00}'..='\u{FFEF}'
        | '\u{20000}'..='\u{3FFFF}' | '“' | '”' | '‘' | '’' | '…' | '—' | '·')
}

/// The length of the start tag at the start of `bytes`; `>` inside quotes does not end it.
fn tag_len(bytes: &[u8]) -> usize {
    let mut at = 1;
    while let Some(step) = bytes.get(at..).and_then(|rest| memchr::memchr3(b'>', b'"', b'\'', rest))
    {
        let found = at + step;
        match bytes.get(found) {
            Some(b'>') => return found + 1,
            // A quote only quotes a value; elsewhere it is a slip of the pen.
            Some(&quote) if is_value_start(bytes, found) => {
                let Some(close) =
                    bytes.get(found + 1..).and_then(|rest| memchr::memchr(quote, rest))
                else {
                    return bytes.len();
                };
                at = found + close + 2;
            }
            _ => at = found + 1,
        }
    }
    bytes.len()
}

fn is_value_start(bytes: &[u8], quote: usize) -> bool {
    let before = bytes.get(..quote).unwrap_or_default();
    before.trim_ascii_end().ends_with(b"=")
}

/// The value of an attribute, its references decoded.
fn attribute(attributes: &str, name: &str) -> Option<String> {
    let mut rest = attributes;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        let key_len = rest
            .find(|c: char| c.is_ascii_whitespace() || matches!(c, '=' | '>'))
            .unwrap_or(rest.len());
        if key_len == 0 && !rest.starts_with('=') {
            return None;
        }
        let (key, after) = rest.split_at(key_len.max(usize::from(key_len == 0)));
        let (value, next) = match after.trim_start().strip_prefix('=') {
            None => ("", after),
            Some(value) => value_of(value.trim_start()),
        };
        if key.eq_ignore_ascii_case(name) {
            return Some(plain_text(value));
        }
        rest = next;
    }
}

/// An attribute's value, quoted or bare, and what follows it.
fn value_of(text: &str) -> (&str, &str) {
    for quote in ['"', '\''] {
        if let Some(value) = text.strip_prefix(quote) {
            return value.split_once(quote).unwrap_or((value, ""));
        }
    }
    let end = text.find(|c: char| c.is_ascii_whitespace() || c == '>').unwrap_or(text.len());
    text.split_at(end)
}

/// Text with its references decoded.
fn plain_text(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, reference) = rest.split_at(at);
        plain.push_str(before);
        let (decoded, len) = entity(reference).unwrap_or_else(|| ("&".to_owned(), 1));
        plain.push_str(&decoded);
        rest = reference.get(len..).unwrap_or_default();
    }
    plain.push_str(rest);
    plain
}

fn is_hidden(attributes: &str) -> bool {
    if !attributes.contains(['h', 'H', 'd', 'D']) {
        return false;
    }
    attribute(attributes, "hidden").is_some()
        || attribute(attributes, "style").is_some_and(|style| {
            let style: String = style.chars().filter(|c| !c.is_whitespace()).collect();
            style.to_ascii_lowercase().contains("display:none")
        })
}

fn is_one_of(name: &str, names: &[&str]) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(source: &str, expected: &str) -> Page {
        let page = Page::read(source, 100);
        assert_eq!(page.text, expected);
        assert_eq!((page.map.out_len(), page.map.source_len()), (page.text.len(), source.len()));
        page
    }

    #[test]
    fn blocks_become_lines_and_inline_elements_do_not() {
        check("<div>一<p>二<b>三</b><br>四</div>五", "一\n二三\n四\n五");
        check("<p> 　一 \n 二&nbsp;</p><p>&nbsp;</p>三", "一 二\n三");
        check("示例县\n<b>推进</b>\r\nworks\nwell", "示例县推进 works well");
        check("<pre>一\n二</pre>", "一\n二");
    }

    #[test]
    fn a_row_of_data_is_a_line_and_a_row_of_layout_is_not() {
        check(
            "<table><tr><td>县</td><td><p>网格</p></td></tr><tr><td>示例县<td>120</table>尾",
            "县 网格\n示例县 120\n尾",
        );
        let long = "长".repeat(400);
        check(
            &format!("<table><tr><td>左<td><p>{long}</p><p>段</p></tr></table>"),
            &format!("左\n{long}\n段"),
        );
        check("<table><tr><td>左<td><table><tr><td>甲<td>乙</table></table>", "左\n甲 乙");
    }

    #[test]
    fn what_is_not_shown_is_left_out() {
        check(
            "一<script>if (a<b) '</p>'</script><style>x</style><!-- 注 --><template><p>无</p></template>二",
            "一二",
        );
        check("一<div style='display: none'><div>藏</div></div><div hidden>藏</div>二", "一二");
        check("<ruby>網<rp>(</rp><rt>wǎng<rp>)</rp></ruby>站<ruby>路<rt>lù</ruby>上", "網站路上");
        check("<script>没有结尾", "");
    }

    #[test]
    fn markup_that_is_none_is_text() {
        check("3 < 5 且 a<3，<>&copy=1", "3 < 5 且 a<3，<>&copy=1");
        check("<a title=\"a>b\" href=x>链</a><p class='x\">尾", "链");
    }

    #[test]
    fn characters_lead_to_their_references() {
        let page = check("<p>&ldquo;治&#x7406;&rdquo;</p>", "“治理”");
        assert_eq!(page.map.to_source(Span::new(0, 3)), Span::new(3, 10));
        assert_eq!(page.map.to_source(Span::new(6, 9)), Span::new(13, 21));
    }

    #[test]
    fn the_head_is_read() {
        let page = check(
            "<!-- saved from url=(0025)http://a.example/1.html --><title> 题&amp;\n目 </title>\
             <META NAME=PubDate content='2023-06-19'><meta property=\"og:title\" content=\"题\"/>\
             <link rel=canonical href=/c><script type='application/ld+json'>{}</script><time datetime=2023>",
            "",
        );
        assert_eq!(page.title.as_deref(), Some("题& 目"));
        assert_eq!(
            page.metas,
            [("pubdate".into(), "2023-06-19".into()), ("og:title".into(), "题".into())]
        );
        assert_eq!(page.canonical.as_deref(), Some("/c"));
        assert_eq!(page.saved_from.as_deref(), Some("http://a.example/1.html"));
        assert_eq!((page.json_ld, page.time.as_deref()), (vec!["{}".to_owned()], Some("2023")));
    }

    #[test]
    fn depth_is_counted_with_left_out_end_tags_in_mind() {
        assert!(Page::read(&"<div>".repeat(101), 100).is_too_deep);
        assert!(!Page::read("<p>文<li>", 100).is_too_deep);
        assert!(!Page::read(&"<li>文".repeat(1000), 100).is_too_deep);
        let fonts: String = (0..200).map(|n| format!("<p><font size={n}>文</p>")).collect();
        assert!(Page::read(&fonts, 100).is_too_deep, "a tree nests what is never closed");
        assert!(!Page::read(&"<div><br></div>".repeat(1000), 100).is_too_deep);
    }
}
