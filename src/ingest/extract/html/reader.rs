//! Reads the markup of a page tag by tag; see `page`.

use crate::ingest::Role;
use crate::ingest::extract::html::elements::{
    ARTICLE_NAMES, ASIDE_STARTS, ASIDE_WORDS, BLOCKS, CONTAINERS, FORMATTING, HIDEABLE, ORNAMENTS,
    PARAGRAPHS, POSTER_NAMES, RAW, SELF_ENDING, SKIPPED, SNAPSHOT_IDS, VOID,
};
use crate::ingest::extract::html::lines::{Lines, Mark};
use crate::ingest::extract::html::markup::{
    attribute, is_block, is_centred, is_hidden, is_one_of, plain_text, tag_len,
};
use crate::ingest::extract::html::page::{Container, Field, Head, Named, Time};
use crate::model::Span;
use memchr::memmem;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;

/// How many elements a tree may make by repeating formatting; a hostile page would make them by its square.
const REPEATED_FORMATTING_MAX: usize = 500_000;

/// How deep all elements together may lie: the tree looks from each of them up to the page
/// (measured: 11 s for 40,000 paragraphs 500 deep, debug build).
const DEPTHS_MAX: usize = 5_000_000;

/// How far up an end tag looks for its start when the depth is estimated.
const UNWIND_MAX: usize = 64;

/// How far up a line looks for the heading, caption or list item it stands in.
const ROLE_UP_MAX: usize = 8;

/// Blocks of linked data that are kept; pages have one or two.
const JSON_LD_MAX: usize = 8;

/// Elements of text that a sound page closes.
const CLOSED: &[&str] =
    &["p", "div", "span", "td", "tr", "table", "li", "ul", "ol", "font", "a", "article", "section"];

/// `meta` tags that are kept.
pub(super) const METAS_MAX: usize = 200;

/// Addresses of frames, and elements named for what they hold, that are kept.
const NAMED_MAX: usize = 100;

/// Elements of a line that stand for words of their own where they stand side by side without a space.
const WORDS: &[&str] = &["span", "a", "em", "i", "label", "small", "time", "cite", "b", "strong"];

/// Elements named as titles that are kept; lists have one an item.
const TITLES_MAX: usize = 20;

/// Longer hidden paragraphs are kept.
const HIDDEN_PARAGRAPH_BYTES_MAX: usize = 1000;

/// What was read of a page.
pub(super) struct Reader<'a> {
    pub(super) lines: Lines<'a>,
    pub(super) head: Head,
    pub(super) links: Vec<Span>,
    pub(super) containers: Vec<Container>,
    /// Where one element of a line ends and the next begins, with nothing between them.
    pub(super) seams: Vec<usize>,
    pub(super) is_too_deep: bool,
    /// Whether something was left out because an attribute hides it.
    pub(super) has_hidden: bool,
    /// Whether the page ends in the middle of a tag, or of what it should have closed.
    pub(super) is_cut: bool,
    source: &'a str,
    /// Whether attributes that hide an element are obeyed.
    is_hiding: bool,
    skip: Option<Skip<'a>>,
    /// The elements that are open, as far as can be told without a tree.
    open: Vec<&'a str>,
    /// The containers among them, with the number of elements open round each.
    open_containers: Vec<(usize, usize)>,
    depth_max: usize,
    /// Formatting elements without end so far, and how often a tree would repeat them.
    unclosed_formatting: usize,
    repeated_formatting: usize,
    /// How deep all elements so far lie, together.
    depths: usize,
    /// How many `pre` elements are open.
    pre: usize,
    /// Where the text stood when an element of a line ended.
    word_end: Option<usize>,
    /// Where the link that is open starts in the text.
    link: Option<usize>,
    /// The element that says by its class what it holds: its name, and where it starts in the text.
    named: Option<(&'a str, Field, usize)>,
    /// How many elements were named as titles.
    titles: usize,
    /// How many elements were open round the centred one.
    centred: Option<usize>,
    /// The elements of a line that a style makes blocks: how many elements were open with each.
    styled_blocks: Vec<usize>,
    /// Where the next end tag of an element stands that is left out with its content.
    ends: HashMap<&'static str, Option<usize>>,
}

/// Content that is being left out, until its end tag.
enum Skip<'a> {
    /// This element, so many of them open.
    Element(&'a str, usize),
    /// A reading over a character, or the bracket round it.
    Reading,
}

impl<'a> Reader<'a> {
    pub(super) fn new(source: &'a str, depth_max: usize, is_hiding: bool) -> Self {
        Self {
            lines: Lines::from(source),
            head: Head::default(),
            links: Vec::new(),
            containers: Vec::new(),
            seams: Vec::new(),
            is_too_deep: false,
            has_hidden: false,
            is_cut: false,
            source,
            is_hiding,
            skip: None,
            open: Vec::new(),
            open_containers: Vec::new(),
            depth_max,
            unclosed_formatting: 0,
            repeated_formatting: 0,
            depths: 0,
            pre: 0,
            word_end: None,
            link: None,
            named: None,
            titles: 0,
            centred: None,
            styled_blocks: Vec::new(),
            ends: HashMap::new(),
        }
    }

    /// Reads all; gives whether everything that was left out came to its end.
    pub(super) fn run(&mut self) -> bool {
        let bytes = self.source.as_bytes();
        let (mut at, mut text_from) = (0, 0);
        // Plain text with the name of a page shows its lines.
        let has_markup = memchr::memchr_iter(b'<', bytes).any(|open| self.token(open).is_some());
        self.pre = usize::from(!has_markup);
        while let Some(step) = bytes.get(at..).and_then(|rest| memchr::memchr(b'<', rest)) {
            let open = at + step;
            let Some(token) = self.token(open) else {
                at = open + 1; // A lone `<` is text.
                continue;
            };
            self.text(text_from..open);
            self.is_cut = token.end == self.source.len() && !self.source.trim_end().ends_with('>');
            at = self.markup(token);
            text_from = at;
        }
        self.text(text_from..self.source.len());
        self.end_link();
        self.is_cut |= self.ends_inside();
        !matches!(self.skip, Some(Skip::Element(..)))
    }

    /// Whether elements are open at the end of a page that begins one and does not end it. Elements whose end is
    /// usually left out say so only where the page does end them elsewhere.
    fn ends_inside(&self) -> bool {
        const PAGE: &[&str] = &["html", "body"];
        let has_end = |name: &str| end_tag(self.source, name, 0).is_some();
        let may_stay_open = |name: &str| is_one_of(name, SELF_ENDING) && !has_end(name);
        let is_page = self.open.first().is_some_and(|first| first.eq_ignore_ascii_case("html"));
        is_page
            && !self.is_too_deep
            && !PAGE.iter().any(|name| has_end(name))
            && self
                .open
                .iter()
                .rev()
                .take(UNWIND_MAX)
                .any(|name| is_one_of(name, CLOSED) && !may_stay_open(name))
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
            // The marks go, what they hold is text.
            b'!' if rest.starts_with("<![CDATA[") => {
                let end = open + "<![CDATA[".len();
                Some(Token { kind: TokenKind::Other, body: open..end, end })
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
                self.start_tag(name, attributes, token.end);
                // A page of frames has no other text.
                let is_text = self.head.is_frameset && name.eq_ignore_ascii_case("noframes");
                match RAW.iter().find(|raw| raw.eq_ignore_ascii_case(name)) {
                    Some(raw) if !is_text => self.raw_content(raw, attributes, token.end),
                    _ => token.end,
                }
            }
        }
    }

    fn comment(&mut self, body: &str) {
        if self.head.saved_from.is_none()
            && let Some(rest) = body.trim_start().strip_prefix("saved from url=")
        {
            let address = rest.split_once(')').map_or(rest, |(_, address)| address);
            self.head.saved_from = address.split_whitespace().next().map(str::to_owned);
        }
        if let Some(fields) = body.strip_prefix("enpproperty") {
            self.properties(fields);
        }
    }

    /// What papers made with the publishing system of Founder say of an article in a comment.
    fn properties(&mut self, fields: &str) {
        for (name, key) in
            [("author", "author"), ("subtitle", "subtitle"), ("introtitle", "subtitle")]
        {
            let field = fields.split_once(&format!("<{name}>")).map_or("", |(_, rest)| rest);
            let value = field.split_once("</").map_or("", |(value, _)| value);
            let value = plain_text(value.trim());
            if !value.is_empty() && self.head.metas.len() < METAS_MAX {
                self.head.metas.push((key.to_owned(), value));
            }
        }
    }

    fn start_tag(&mut self, name: &'a str, attributes: &'a str, end: usize) {
        self.count_open(name);
        if self.is_left_out(name) {
            return;
        }
        if is_one_of(name, &["rt", "rp"]) {
            self.skip = Some(Skip::Reading);
            return;
        }
        if self.starts_left_out(name, attributes, end) {
            self.skip = Some(Skip::Element(name, 1));
            return;
        }
        match name.to_ascii_lowercase().as_str() {
            "meta" => self.meta(attributes),
            "link" => self.link_tag(attributes),
            "time" => self.time(attributes),
            "td" => self.lines.start_cell(false),
            "th" => self.lines.start_cell(true),
            "pre" => self.pre += 1,
            "img" => self.lines.image(),
            "frameset" => self.head.is_frameset = true,
            "frame" => self.frame(attributes),
            "iframe" if !is_unseen(attributes) => self.frame(attributes),
            "a" => {
                self.end_link();
                self.link = Some(self.lines.taken.text.len());
            }
            _ => {}
        }
        if is_one_of(name, WORDS) {
            self.seam(attributes);
        }
        if name.eq_ignore_ascii_case("br") {
            self.lines.end_line();
        } else if is_one_of(name, BLOCKS) {
            self.lines.end_block();
        } else if is_one_of(name, WORDS) && is_block(attributes) && !self.is_too_deep {
            self.lines.end_block();
            self.styled_blocks.push(self.open.len());
        }
        if name.eq_ignore_ascii_case("tr") {
            self.lines.start_row();
        } else if name.eq_ignore_ascii_case("table") {
            let has_lines =
                attribute(attributes, "border").is_some_and(|width| width.trim() != "0");
            self.lines.start_table(has_lines);
        }
        self.notice(name, attributes);
    }

    /// Whether a start tag lies in content that is left out.
    fn is_left_out(&mut self, name: &str) -> bool {
        match &mut self.skip {
            Some(Skip::Element(skipped, count)) => {
                *count += usize::from(skipped.eq_ignore_ascii_case(name));
                true
            }
            Some(Skip::Reading)
                if is_one_of(name, &["rb", "rtc", "ruby"]) || is_one_of(name, BLOCKS) =>
            {
                self.skip = None;
                false
            }
            Some(Skip::Reading) => true,
            None => false,
        }
    }

    /// Whether an element is left out with its content: never when its end is not there.
    fn starts_left_out(&mut self, name: &str, attributes: &str, end: usize) -> bool {
        if let Some(known) = SKIPPED.iter().find(|known| known.eq_ignore_ascii_case(name)) {
            return self.has_end(known, end);
        }
        let is_ornament = || {
            is_one_of(name, ORNAMENTS)
                && attribute(attributes, "aria-hidden").is_some_and(|value| value.trim() == "true")
        };
        let is_snapshot = || {
            attributes.contains("id")
                && attribute(attributes, "id").is_some_and(|id| is_one_of(&id, SNAPSHOT_IDS))
        };
        let is_whole = || is_one_of(name, HIDEABLE) || self.is_closed_paragraph(name, end);
        let is_hidden = || (is_hidden(attributes) || is_ornament()) && is_whole();
        if self.is_hiding && is_hidden() {
            self.has_hidden = true;
            return true;
        }
        self.is_hiding && name.eq_ignore_ascii_case("div") && is_snapshot()
    }

    /// Whether it is a paragraph of at most [`HIDDEN_PARAGRAPH_BYTES_MAX`] whose own end tag is there: it is often left
    /// out.
    fn is_closed_paragraph(&self, name: &str, from: usize) -> bool {
        let bytes = self.source.as_bytes();
        let to = bytes.len().min(from.saturating_add(HIDDEN_PARAGRAPH_BYTES_MAX));
        let Some(rest) = bytes.get(from..to).filter(|_| name.eq_ignore_ascii_case("p")) else {
            return false;
        };
        let mut tags = memchr::memchr_iter(b'<', rest).filter_map(|at| rest.get(at + 1..));
        let tag_name = |tag: &[u8]| {
            let len = tag.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
            tag.get(..len).map(|name| String::from_utf8_lossy(name).into_owned())
        };
        tags.find_map(|tag| match tag.strip_prefix(b"/") {
            Some(end) if tag_name(end)?.eq_ignore_ascii_case("p") => Some(true),
            Some(_) => None,
            None => is_one_of(&tag_name(tag)?, BLOCKS).then_some(false),
        })
        .unwrap_or(false)
    }

    /// Whether an end tag of this name comes after `from`. Every stretch of the source is searched once per name.
    fn has_end(&mut self, name: &'static str, from: usize) -> bool {
        let known = self.ends.get(name).copied();
        let next = match known {
            Some(None) => None,
            Some(Some(at)) if at >= from => Some(at),
            _ => end_tag(self.source, name, from),
        };
        self.ends.insert(name, next);
        next.is_some()
    }

    /// Remembers what an element's class and style say of the text in it.
    fn notice(&mut self, name: &'a str, attributes: &'a str) {
        if is_one_of(name, CONTAINERS) {
            self.container(name, attributes);
        }
        if self.centred.is_none()
            && (name.eq_ignore_ascii_case("center")
                || is_one_of(name, &["p", "div", "td"]) && is_centred(attributes))
        {
            self.centred = Some(self.open.len());
        }
        // Of elements in each other the inner one says it best.
        if is_one_of(
            name,
            &["span", "a", "em", "i", "p", "div", "strong", "li", "small", "td", "dd"],
        ) && let Some(field) = Field::of(attributes)
            && (field != Field::Title || self.named.is_none() && self.titles < TITLES_MAX)
        {
            self.titles += usize::from(field == Field::Title);
            self.named = Some((name, field, self.lines.taken.text.len()));
        }
    }

    fn container(&mut self, name: &str, attributes: &str) {
        let is_nav = name.eq_ignore_ascii_case("nav");
        let is_aside = is_nav || is_one_of(name, &["aside", "footer"]);
        if !is_aside
            && !attributes.contains("class")
            && !attributes.contains("id")
            && !attributes.contains("CLASS")
        {
            return;
        }
        let (class, id) = (attribute(attributes, "class"), attribute(attributes, "id"));
        let mut names = class.iter().chain(&id).flat_map(|names| names.split_whitespace());
        let is_article = names.any(|name| is_one_of(name, ARTICLE_NAMES));
        let mut names = class.iter().chain(&id).flat_map(|names| names.split_whitespace());
        let is_aside = is_aside || names.any(is_aside_name);
        let mut names = class.iter().chain(&id).flat_map(|names| names.split_whitespace());
        let is_of_poster = names.any(|name| is_one_of(name, POSTER_NAMES));
        let class = class.or(id).filter(|class| !class.trim().is_empty());
        let Some(class) = class.or(is_aside.then(String::new)) else { return };
        let mut hasher = DefaultHasher::new();
        name.to_ascii_lowercase().hash(&mut hasher);
        // `post_1201` and `post_1202` are of one kind.
        class.chars().filter(|c| !c.is_ascii_digit()).collect::<String>().trim().hash(&mut hasher);
        let parent = self.open_containers.last().map(|(_, container)| *container);
        self.open_containers.push((self.open.len(), self.containers.len()));
        let depth = self.open.len();
        let signature = hasher.finish();
        self.containers.push(Container {
            signature,
            parent,
            depth,
            is_article,
            is_aside,
            is_nav,
            is_of_poster,
        });
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
        if self.named.is_some_and(|(named, ..)| named.eq_ignore_ascii_case(name)) {
            self.end_named();
        }
        if is_one_of(name, WORDS) {
            self.word_end = Some(self.lines.taken.text.len());
        }
        match name.to_ascii_lowercase().as_str() {
            "pre" => self.pre = self.pre.saturating_sub(1),
            "a" => self.end_link(),
            _ => {}
        }
        if is_one_of(name, BLOCKS) {
            self.lines.end_block();
        }
        if name.eq_ignore_ascii_case("tr") {
            self.lines.end_row();
        } else if name.eq_ignore_ascii_case("table") {
            self.lines.end_table();
        }
    }

    /// An element of a line starts: right behind another one it is a word of its own. Editors part one word into elements
    /// that only have a style.
    fn seam(&mut self, attributes: &str) {
        let at = self.lines.taken.text.len();
        let is_new = at > 0 && self.word_end == Some(at) && self.seams.last() != Some(&at);
        let is_styled = attributes.contains("style")
            && !attributes.contains("class")
            && !attributes.contains("id=");
        if is_new && !is_styled && !self.lines.starts_line() {
            self.seams.push(at);
        }
    }

    fn end_link(&mut self) {
        if let Some(span) = self.link.take().and_then(|start| self.words_since(start)) {
            self.links.push(span);
        }
    }

    fn end_named(&mut self) {
        if let Some((_, field, start)) = self.named.take()
            && let Some(span) = self.words_since(start)
            && self.head.named.len() < NAMED_MAX
        {
            self.head.named.push(Named { field, span });
        }
    }

    /// The text since a place in it, without the line end before its first word.
    fn words_since(&self, start: usize) -> Option<Span> {
        let text = &self.lines.taken.text;
        let words = text.get(start..).unwrap_or_default().trim_start();
        (!words.is_empty()).then(|| Span::new(text.len() - words.len(), text.len()))
    }

    fn meta(&mut self, attributes: &str) {
        let name =
            ["name", "property", "itemprop"].iter().find_map(|key| attribute(attributes, key));
        if let (Some(name), Some(content)) = (name, attribute(attributes, "content"))
            && self.head.metas.len() < METAS_MAX
        {
            self.head.metas.push((name.trim().to_ascii_lowercase(), content));
        }
    }

    fn link_tag(&mut self, attributes: &str) {
        let rel = attribute(attributes, "rel");
        if self.head.canonical.is_none()
            && rel.is_some_and(|rel| rel.trim().eq_ignore_ascii_case("canonical"))
        {
            self.head.canonical = attribute(attributes, "href");
        }
    }

    fn time(&mut self, attributes: &str) {
        if let Some(value) = attribute(attributes, "datetime")
            && self.head.times.len() < NAMED_MAX
        {
            let says = |key: &str, word: &str| {
                attribute(attributes, key)
                    .is_some_and(|value| value.to_ascii_lowercase().contains(word))
            };
            let is_published = says("itemprop", "datepublished")
                || says("class", "publish")
                || attribute(attributes, "pubdate").is_some();
            let at = self.lines.taken.text.len();
            self.head.times.push(Time { value, at, is_published });
        }
    }

    fn frame(&mut self, attributes: &str) {
        let is_page = |address: &String| {
            let address = address.trim();
            !address.is_empty()
                && !address.starts_with("about:")
                && !address.starts_with("javascript:")
        };
        if let Some(address) = attribute(attributes, "src").filter(is_page)
            && self.head.frames.len() < NAMED_MAX
        {
            self.head.frames.push(address.trim().to_owned());
        }
    }

    /// Passes over the content of a raw element that starts at `from`; gives the place of its end tag.
    fn raw_content(&mut self, name: &str, attributes: &str, from: usize) -> usize {
        let end = end_tag(self.source, name, from).unwrap_or(self.source.len());
        let content = self.source.get(from..end).unwrap_or_default();
        if name == "title" && self.head.title.is_none() && self.skip.is_none() {
            let title = plain_text(content);
            self.head.title = Some(title.split_whitespace().collect::<Vec<_>>().join(" "))
                .filter(|title| !title.is_empty());
        }
        let is_json_ld = name == "script"
            && attribute(attributes, "type")
                .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/ld+json"));
        if is_json_ld && self.head.json_ld.len() < JSON_LD_MAX {
            self.head.json_ld.push(content.to_owned());
        }
        end
    }

    fn text(&mut self, part: Range<usize>) {
        if self.skip.is_some() || part.is_empty() {
            return;
        }
        let mark = if self.lines.starts_line() { self.mark() } else { Mark::default() };
        self.lines.text(part, self.pre > 0, mark);
    }

    /// What is known of a line that starts here.
    fn mark(&self) -> Mark {
        let is_bold =
            || self.open.iter().rev().take(4).any(|name| is_one_of(name, &["b", "strong"]));
        Mark {
            start: 0,
            role: if self.is_too_deep { None } else { self.role() },
            container: self.open_containers.last().map(|(_, container)| *container),
            is_centred: self.centred.is_some(),
            is_below_image: self.centred.is_some() && !is_bold(),
            breaks: 0,
            indent: 0,
        }
    }

    fn role(&self) -> Option<Role> {
        let mut is_direct = true;
        for name in self.open.iter().rev().take(ROLE_UP_MAX) {
            let heading = name.strip_prefix(['h', 'H']).and_then(|depth| depth.parse().ok());
            if let Some(depth @ 1..=6) = heading {
                return Some(Role::Heading(depth));
            }
            if is_one_of(name, &["figcaption", "caption"]) {
                return Some(Role::Caption);
            }
            if name.eq_ignore_ascii_case("li") {
                return is_direct.then_some(Role::Body);
            }
            if is_one_of(name, PARAGRAPHS) {
                return None;
            }
            is_direct &= !is_one_of(name, BLOCKS);
        }
        None
    }

    fn count_open(&mut self, name: &'a str) {
        if self.is_too_deep || is_one_of(name, VOID) {
            return;
        }
        if is_one_of(name, SELF_ENDING)
            && self.open.last().is_some_and(|last| last.eq_ignore_ascii_case(name))
        {
            self.open.pop();
            self.end_containers();
        }
        self.open.push(name);
        self.depths += self.open.len();
        if is_one_of(name, FORMATTING) {
            self.unclosed_formatting += 1;
        } else {
            self.repeated_formatting += self.unclosed_formatting;
        }
        self.is_too_deep = self.open.len() > self.depth_max
            || self.unclosed_formatting > self.depth_max
            || self.depths > DEPTHS_MAX
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
            self.end_containers();
        }
    }

    /// Containers and centred text end with the elements round them.
    fn end_containers(&mut self) {
        let depth = self.open.len();
        while self.open_containers.pop_if(|(opened, _)| *opened > depth).is_some() {}
        self.centred = self.centred.filter(|opened| *opened <= depth);
        while self.styled_blocks.pop_if(|opened| *opened > depth).is_some() {
            self.lines.end_block();
        }
    }
}

/// Whether a frame inside a page is there for its scripts: hidden, or of no size.
fn is_unseen(attributes: &str) -> bool {
    let is_nothing = |key: &str| {
        attribute(attributes, key)
            .is_some_and(|size| matches!(size.trim(), "0" | "1" | "0px" | "1px"))
    };
    is_hidden(attributes) || is_nothing("width") || is_nothing("height")
}

/// Whether a class or id names the side or foot of a page, or a box of it.
fn is_aside_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ASIDE_STARTS.iter().any(|start| name.starts_with(start))
        || ASIDE_WORDS.iter().any(|word| name.contains(word))
}

/// Where the next end tag of this name stands.
pub(super) fn end_tag(source: &str, name: &str, from: usize) -> Option<usize> {
    let rest = source.as_bytes().get(from..)?;
    let is_it = |at: &usize| {
        let found = rest.get(at + 2..at + 2 + name.len());
        found.is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
    };
    memmem::find_iter(rest, b"</").find(is_it).map(|at| from + at)
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
