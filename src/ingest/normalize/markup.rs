//! Leftover page markup in plain text: `<p>…</p><p>…<br></p>` in one line becomes lines.
//!
//! Only for text that holds tags all the same: plain text, cells of tables that crawlers filled, pages that escape
//! their markup twice; real HTML is read by `extract`. Just well-known tags and entities are touched, so `a<b` and
//! `<某某>` stay; `&lt;` and `&gt;` stay too, or they would make new tags.

use crate::text::{OffsetMap, OffsetMapBuilder};
use regex::Regex;
use std::borrow::Cow;
use std::sync::LazyLock;

/// Tags that end a line, tags that vanish, and entities.
static MARKUP: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)(?P<cell></t[dh]>)|(?P<block></?(?:p|br|div|li|ul|ol|tr|table|tbody|thead|h[1-6]|section|article|blockquote|hr)(?:\s[^<>\n]{0,300})?\s?/?>)",
        r"|(?P<inline></?(?:strong|b|em|i|u|span|font|a|img|td|th|sup|sub|small|big|center)(?:\s[^<>\n]{0,300})?\s?/?>)",
        r"|(?P<comment><!--[^\n]{0,300}?-->)",
        r"|(?P<space>&nbsp;|&emsp;|&ensp;)|(?P<entity>&(?:amp|quot|ldquo|rdquo|middot|hellip|mdash);)",
    ))
    .expect("a fixed pattern")
});

/// Whether a plain text holds page markup: at least two tags that writers never type.
pub fn has_markup(text: &str) -> bool {
    static TAG: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)</?(?:p|br|div|td|li|strong|span|font|u|b)(?:\s[^<>\n]{0,300})?\s?/?>")
            .expect("a fixed pattern")
    });
    TAG.find_iter(text).nth(1).is_some()
}

/// What leftover tags become.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Markup {
    /// There are none.
    #[default]
    None,
    /// Paragraphs are lines of their own.
    Lines,
    /// The text is rows of a table: paragraphs of a cell stay in their row.
    Rows,
}

/// Whether text that a format gives in blocks holds paragraphs with their tags: two sentences with a tag at their end.
pub fn has_paragraph_tags(text: &str) -> bool {
    static END: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)[。！？；：”](?:\s|&nbsp;){0,8}(?:</p>|<br\s?/?>)")
            .expect("a fixed pattern")
    });
    END.find_iter(text).nth(1).is_some()
}

/// Makes block tags line ends and table cells tabs, drops other tags and comments, reads entities.
///
/// In rows block tags and cells are spaces, and nothing beside other white space or at the ends of a value.
///
/// Units: the map counts bytes of UTF-8, from the result to `text`.
pub fn strip_markup(text: &str, markup: Markup) -> (Cow<'_, str>, OffsetMap) {
    let mut stripped = String::with_capacity(text.len());
    let mut map = OffsetMapBuilder::default();
    let mut done = 0;
    for found in MARKUP.captures_iter(text) {
        let Some(whole) = found.get(0) else { continue };
        stripped.push_str(text.get(done..whole.start()).unwrap_or_default());
        map.copy(whole.start() - done);
        let is_parting = found.name("block").or(found.name("cell")).is_some();
        let made = if is_parting && markup == Markup::Rows {
            space_between(&stripped, text.get(whole.end()..).unwrap_or_default())
        } else if found.name("block").is_some() {
            "\n"
        } else if found.name("cell").is_some() {
            "\t"
        } else if found.name("space").is_some() {
            " "
        } else if found.name("entity").is_some() {
            character(whole.as_str())
        } else {
            ""
        };
        stripped.push_str(made);
        map.replace(made.len(), whole.len());
        done = whole.end();
    }
    stripped.push_str(text.get(done..).unwrap_or_default());
    map.copy(text.len() - done);
    (Cow::Owned(stripped), map.finish())
}

/// The space between two parts of a row, where one is due.
fn space_between(before: &str, after: &str) -> &'static str {
    let is_due = !before.is_empty()
        && !before.ends_with(|c: char| c.is_whitespace() || c == '：')
        && !after.is_empty()
        && !after.starts_with(|c: char| c.is_whitespace() || c == '；' || c == '<');
    if is_due { " " } else { "" }
}

fn character(entity: &str) -> &'static str {
    match entity.to_ascii_lowercase().as_str() {
        "&amp;" => "&",
        "&quot;" => "\"",
        "&ldquo;" => "“",
        "&rdquo;" => "”",
        "&middot;" => "·",
        "&hellip;" => "…",
        _ => "—",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(input: &str, expected: &str) {
        let (text, map) = strip_markup(input, Markup::Lines);
        assert_eq!(text, expected);
        map.assert_sound(input, &text);
    }

    #[test]
    fn paragraph_tags_become_line_ends() {
        check("<p><strong>甲</strong>乙。<br></p><p>丙</p>", "\n甲乙。\n\n\n丙\n");
    }
    #[test]
    fn cells_become_tabs() {
        check("<tr><td>甲</td><td class=\"a\">乙</td></tr>", "\n甲\t乙\t\n");
    }
    #[test]
    fn entities_are_read() {
        check("甲&nbsp;乙&amp;&ldquo;丙&rdquo;&bad;", "甲 乙&“丙”&bad;");
    }
    #[test]
    fn angle_brackets_of_the_text_stay() {
        check("a<b 且 <某某> 1<2>", "a<b 且 <某某> 1<2>");
    }
    #[test]
    fn tags_in_rows_are_spaces() {
        let input =
            "正文：<p>甲村修路。</p><p>乙村<b>种树</b>。&nbsp;</p>；日期：2020\n正文：一<br/>二";
        let (text, map) = strip_markup(input, Markup::Rows);
        assert_eq!(text, "正文：甲村修路。 乙村种树。 ；日期：2020\n正文：一 二");
        map.assert_sound(input, &text);
    }
    #[test]
    fn sentences_that_end_with_tags_are_paragraphs() {
        assert!(has_paragraph_tags("<p>甲村修路。</p> <p>乙村种树。 </p>"));
        assert!(!has_paragraph_tags("写<p>甲</p>和<p>乙</p>，再写<br>。"));
    }
    #[test]
    fn one_tag_alone_is_no_markup() {
        assert!(!has_markup("写一个<p>标签"));
        assert!(has_markup("<p>甲</p>"));
    }
}
