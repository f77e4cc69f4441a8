//! HTML within Markdown: the tags go, blocks and rows end lines, comments, scripts and styles go with what is in them.

use crate::ingest::extract::entity::entity;
use crate::ingest::extract::markdown::draft::{Draft, Kind, Page, Piece};
use std::ops::Range;

/// Tags that end a line of text.
const BLOCKS: [&str; 22] = [
    "p",
    "br",
    "div",
    "li",
    "ul",
    "ol",
    "table",
    "tbody",
    "thead",
    "tr",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "section",
    "article",
    "blockquote",
    "hr",
    "center",
    "figcaption",
];

/// What is open at the end of a line of HTML.
#[derive(Debug, Default)]
pub(super) struct Tags {
    open: Open,
    /// Where the open comment begins, and how far was read.
    comment: Option<Range<usize>>,
    in_row: bool,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Open {
    #[default]
    Text,
    Comment,
    Tag,
    /// A script or style, until its end tag.
    Script,
    Style,
}

impl Tags {
    /// Whether a tag within text ends a line.
    pub(super) fn breaks_line(tag: &str) -> bool {
        tag_name(tag).is_some_and(|(name, _)| BLOCKS.contains(&name.as_str()))
    }

    /// The text of a comment that nothing closed.
    pub(super) fn open_comment(self) -> Option<Range<usize>> {
        self.comment.filter(|_| self.open == Open::Comment)
    }

    /// Adds the words of a part of the source to the draft; rows of tables are written to the page.
    pub(super) fn feed(
        &mut self,
        source: &str,
        part: Range<usize>,
        draft: &mut Draft,
        page: &mut Page<'_>,
    ) {
        let text = source.get(part.clone()).unwrap_or_default();
        let mut at = 0;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            let place = part.start + at;
            at += match self.open {
                Open::Comment => self.skip(rest, "-->", place),
                Open::Tag => self.skip(rest, ">", place),
                Open::Script => self.skip(rest, "</script>", place),
                Open::Style => self.skip(rest, "</style>", place),
                Open::Text => self.text(rest, place, draft, page),
            };
        }
    }

    /// Passes over what is open; gives the bytes passed.
    fn skip(&mut self, rest: &str, end: &str, place: usize) -> usize {
        let len = match find_ignoring_case(rest, end) {
            Some(found) => {
                self.open = Open::Text;
                found + end.len()
            }
            None => rest.len(),
        };
        if let Some(comment) = &mut self.comment {
            comment.end = place + len;
        }
        len
    }

    /// Takes the next text or mark; gives the bytes taken.
    fn text(&mut self, rest: &str, place: usize, draft: &mut Draft, page: &mut Page<'_>) -> usize {
        draft.has_plain = true;
        match rest.as_bytes().first() {
            Some(b'\n') => {
                draft.break_line(false);
                1
            }
            Some(b'<') if rest.starts_with("<!--") => {
                self.open = Open::Comment;
                self.comment = Some(place + 4..place + 4);
                4
            }
            Some(b'<') => {
                let Some((name, len)) = tag_name(rest) else {
                    draft.push(Piece::copy(place..place + 1));
                    return 1;
                };
                self.tag(&name, rest.starts_with("</"), draft, page);
                len
            }
            Some(b'&') => {
                let (piece, len) = match entity(rest) {
                    Some((text, len)) => (Piece::put(place..place + len, &text), len),
                    None => (Piece::copy(place..place + 1), 1),
                };
                draft.push(piece);
                len
            }
            _ => {
                let len = memchr::memchr3(b'<', b'&', b'\n', rest.as_bytes()).unwrap_or(rest.len());
                draft.push(Piece::copy(place..place + len));
                len
            }
        }
    }

    fn tag(&mut self, name: &str, is_end: bool, draft: &mut Draft, page: &mut Page<'_>) {
        self.open = match name {
            "script" if !is_end => Open::Script,
            "style" if !is_end => Open::Style,
            // Until the end of the tag itself.
            _ => Open::Tag,
        };
        match name {
            "tr" | "table" => {
                let kind = if self.in_row { Kind::Row } else { Kind::Paragraph };
                let done = std::mem::take(draft);
                if !done.is_empty() {
                    page.write(done, kind);
                }
                self.in_row = name == "tr" && !is_end;
            }
            "td" | "th" => draft.break_line(true),
            name if BLOCKS.contains(&name) => draft.break_line(true),
            _ => {}
        }
    }
}

/// The name of the tag at the start, in lower case, and the bytes up to its end.
fn tag_name(text: &str) -> Option<(String, usize)> {
    let rest = text.strip_prefix('<')?;
    let name = rest.strip_prefix('/').unwrap_or(rest);
    let len = name.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let after = name.as_bytes().get(len);
    let begins = name.starts_with(|c: char| c.is_ascii_alphabetic());
    let ends = after.is_none_or(|&after| matches!(after, b'>' | b'/' | b' ' | b'\t' | b'\n'));
    let taken = text.len() - name.len() + len;
    (begins && ends).then(|| (name.get(..len).unwrap_or_default().to_ascii_lowercase(), taken))
}

/// Where `end`, in lower case, stands first.
fn find_ignoring_case(text: &str, end: &str) -> Option<usize> {
    let (bytes, end) = (text.as_bytes(), end.as_bytes());
    let first = end.first()?;
    memchr::memchr_iter(*first, bytes).find(|&at| {
        bytes.get(at..at + end.len()).is_some_and(|found| found.eq_ignore_ascii_case(end))
    })
}
