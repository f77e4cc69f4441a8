//! Cleaned text cut into lines, each with what can be seen of it alone: length, indent, gap above, forms for rules.
//!
//! `boilerplate` marks lines as dropped, `split` gives the others their kind and finds the articles, `rejoin` says
//! which lines belong together.

use crate::ingest::Role;
use crate::model::ParagraphKind;
use crate::text::width;
use std::borrow::Cow;
use std::ops::Range;

/// Characters of a line that rules see as `key`; no rule needs more.
const KEY_CHARS_MAX: usize = 600;

/// A line with text in it. Blank lines are only counted.
#[derive(Debug, Clone)]
pub struct Line<'a> {
    /// Where its text stands in the cleaned text, in bytes, without the white space at its ends.
    pub range: Range<usize>,
    /// That text.
    pub text: &'a str,
    /// Its beginning in Simplified script with half-width punctuation and plain spaces: what rules compare.
    pub key: String,
    /// Length of `text` in characters.
    pub chars: usize,
    /// Columns of `text` on a terminal.
    pub columns: usize,
    /// Columns of white space before it.
    pub indent: usize,
    /// Blank lines before it.
    pub gap: usize,
    /// What the format says it is.
    pub role: Option<Role>,
    /// Depth of a heading that the format or a Markdown mark declares.
    pub level: Option<usize>,
    /// The rule that took it for boilerplate.
    pub dropped: Option<&'static str>,
    /// What part of an article it is.
    pub kind: ParagraphKind,
    /// Whether the text says that a page begins here.
    pub new_page: bool,
    /// Whether it is one of the lines of a title that stands in several.
    pub in_title: bool,
}

impl Line<'_> {
    /// Whether it is text of an article.
    pub fn is_kept(&self) -> bool {
        self.dropped.is_none()
    }

    /// Whether only its looks make it a heading: no format declares it one.
    pub fn is_heading_by_looks(&self) -> bool {
        self.kind == ParagraphKind::Heading && self.level.is_none()
    }

    /// First character of the text.
    pub fn first(&self) -> Option<char> {
        self.text.chars().next()
    }

    /// Last character of the text.
    pub fn last(&self) -> Option<char> {
        self.text.chars().next_back()
    }
}

impl<'a> Line<'a> {
    /// A part of the line as a line of its own; `None` where nothing is left of it.
    ///
    /// Units: `range` counts bytes of `text`.
    pub fn part(
        &self,
        range: Range<usize>,
        simplify: &dyn Fn(&str) -> Cow<'_, str>,
    ) -> Option<Self> {
        let piece = self.text.get(range.clone())?;
        let text = piece.trim();
        if text.is_empty() {
            return None;
        }
        let at = self.range.start + range.start + (piece.len() - piece.trim_start().len());
        Some(Line {
            range: at..at + text.len(),
            text,
            key: key(text, simplify),
            chars: text.chars().count(),
            columns: width::width(text),
            ..self.clone()
        })
    }
}

/// Cuts the text; `simplify` is [`crate::text::script::to_simplified`].
pub fn lines<'a>(text: &'a str, simplify: &dyn Fn(&str) -> Cow<'_, str>) -> Vec<Line<'a>> {
    let mut lines = Vec::new();
    let (mut start, mut gap) = (0, 0);
    for whole in text.split('\n') {
        let (mark, level) = heading_mark(whole);
        let body = whole.get(mark..).unwrap_or_default();
        let trimmed = body.trim();
        if trimmed.is_empty() {
            gap += 1;
        } else {
            let at = start + mark + (body.len() - body.trim_start().len());
            lines.push(Line {
                range: at..at + trimmed.len(),
                text: trimmed,
                key: key(trimmed, simplify),
                chars: trimmed.chars().count(),
                columns: width::width(trimmed),
                indent: whole
                    .chars()
                    .take_while(|c| c.is_whitespace())
                    .map(|c| if c == '\u{3000}' { 2 } else { 1 })
                    .sum(),
                gap,
                role: None,
                level,
                dropped: None,
                kind: ParagraphKind::Body,
                new_page: false,
                in_title: false,
            });
            gap = 0;
        }
        start += whole.len() + 1;
    }
    lines
}

/// Length and depth of a Markdown heading mark at the start of the line.
fn heading_mark(line: &str) -> (usize, Option<usize>) {
    let depth = line.bytes().take_while(|&byte| byte == b'#').count();
    match line.as_bytes().get(depth) {
        Some(b' ') if (1..=6).contains(&depth) => (depth + 1, Some(depth)),
        _ => (0, None),
    }
}

fn key(text: &str, simplify: &dyn Fn(&str) -> Cow<'_, str>) -> String {
    let end = text.char_indices().nth(KEY_CHARS_MAX).map_or(text.len(), |(at, _)| at);
    let head = simplify(text.get(..end).unwrap_or(text));
    let (mut key, mut copied) = (String::with_capacity(head.len()), 0);
    for (at, c) in head.char_indices() {
        let narrow = half_width(c);
        if narrow != c {
            key.push_str(head.get(copied..at).unwrap_or_default());
            key.push(narrow);
            copied = at + c.len_utf8();
        }
    }
    key.push_str(head.get(copied..).unwrap_or_default());
    key
}

/// Punctuation as the rules write it.
fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => {
            u32::from(c).checked_sub(0xfee0).and_then(char::from_u32).unwrap_or(c)
        }
        '\u{3000}' | '\t' => ' ',
        '︰' | '∶' => ':',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<Line<'_>> {
        lines(text, &|text| Cow::Borrowed(text))
    }

    #[test]
    fn a_line_knows_its_place_indent_and_gap() {
        let text = "甲\n\n\n　　乙：丙 \n";
        let lines = cut(text);
        assert_eq!(lines.len(), 2);
        let second = &lines[1];
        assert_eq!((second.text, second.key.as_str()), ("乙：丙", "乙:丙"));
        assert_eq!(text.get(second.range.clone()), Some("乙：丙"));
        assert_eq!((second.indent, second.gap, second.chars, second.columns), (4, 2, 3, 6));
    }

    #[test]
    fn a_markdown_heading_loses_its_mark() {
        let lines = cut("## 甲\n#乙");
        assert_eq!((lines[0].text, lines[0].level), ("甲", Some(2)));
        assert_eq!((lines[1].text, lines[1].level), ("#乙", None));
    }
}
