//! Characters nobody sees: dropped, made plain spaces, or made line ends.
//!
//! Leaves look-alike letters to `radicals` and `width`. Private-use characters have no meaning outside the font they
//! were made for; they become U+FFFD and are counted.

use crate::text::{OffsetMap, OffsetMapBuilder};
use std::borrow::Cow;

/// What becomes of a character.
enum Fate {
    Keep,
    Drop,
    Become(char),
}

/// Drops invisible characters, makes odd spaces plain and all line ends `\n`.
///
/// Units: the map counts bytes of UTF-8, from the result to `text`.
/// Errors: none; text without such characters is returned borrowed.
pub fn make_plain(text: &str) -> (Cow<'_, str>, OffsetMap) {
    if text.chars().all(is_plain) {
        return (Cow::Borrowed(text), OffsetMap::identity(text.len()));
    }
    let mut plain = String::with_capacity(text.len());
    let mut map = OffsetMapBuilder::default();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let mut taken = c.len_utf8();
        if c == '\r' && chars.next_if_eq(&'\n').is_some() {
            taken += 1;
        }
        match fate(c) {
            Fate::Keep => {
                plain.push(c);
                map.copy(taken);
            }
            Fate::Drop => map.replace(0, taken),
            Fate::Become(other) => {
                plain.push(other);
                map.replace(other.len_utf8(), taken);
            }
        }
    }
    (Cow::Owned(plain), map.finish())
}

/// Whether a character stays as it is.
pub fn is_plain(c: char) -> bool {
    matches!(fate(c), Fate::Keep)
}

/// Whether a character is from a private-use area.
pub fn is_private_use(c: char) -> bool {
    matches!(c as u32, 0xe000..=0xf8ff | 0xf0000..=0xffffd | 0x10_0000..=0x10_fffd)
}

fn fate(c: char) -> Fate {
    match c as u32 {
        0x09 | 0x0a | 0x20..=0x7e => Fate::Keep,
        // CR, vertical tab, form feed, LINE SEPARATOR, PARAGRAPH SEPARATOR.
        0x0b..=0x0d | 0x2028 | 0x2029 => Fate::Become('\n'),
        // NEL stands inside lines in practice (a broken ellipsis of Windows-1252), so it ends none.
        0x85 | 0xa0 | 0x1680 | 0x2000..=0x200a | 0x202f | 0x205f => Fate::Become(' '),
        // Other controls.
        0x00..=0x08 | 0x0e..=0x1f | 0x7f..=0x9f => Fate::Drop,
        // Soft hyphen, grapheme joiner, bidi marks, vowel separator, zero-width marks, bidi embeddings and isolates.
        0xad | 0x34f | 0x61c | 0x180e | 0x200b..=0x200f | 0x202a..=0x202e | 0x2060..=0x206f => {
            Fate::Drop
        }
        // Variation selectors, BOM, interlinear and object marks, tags.
        0xfe00..=0xfe0f | 0xfeff | 0xfff0..=0xfffc | 0xe0000..=0xe0fff => Fate::Drop,
        // Noncharacters.
        code if code & 0xfffe == 0xfffe || (0xfdd0..=0xfdef).contains(&code) => Fate::Drop,
        _ if is_private_use(c) => Fate::Become('\u{fffd}'),
        _ => Fate::Keep,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(input: &str, expected: &str) {
        let (text, map) = make_plain(input);
        assert_eq!(text, expected);
        // A line end of one byte that became another of one byte counts as copied.
        map.assert_sound(&input.replace(['\r', '\u{b}', '\u{c}'], "\n"), &text);
    }

    #[test]
    fn plain_text_is_borrowed() {
        assert!(matches!(make_plain("网格\t化\n管理　好").0, Cow::Borrowed(_)));
    }
    #[test]
    fn marks_without_width_go() {
        check("\u{feff}网\u{200b}格\u{ad}化\u{2060}", "网格化");
    }
    #[test]
    fn controls_go() {
        check("a\u{0}b\u{1c}c\u{1f}d\u{7f}e\u{9c}", "abcde");
    }
    #[test]
    fn bidi_controls_tags_and_selectors_go() {
        check("a\u{202e}b\u{2066}c\u{e0041}d\u{fe0f}\u{e0100}", "abcd");
    }
    #[test]
    fn odd_spaces_become_plain() {
        check("a\u{a0}b\u{2007}c\u{202f}d\u{85}e", "a b c d e");
    }
    #[test]
    fn a_full_width_space_stays() {
        check("龚　正\u{200b}", "龚　正");
    }
    #[test]
    fn every_line_end_becomes_one_newline() {
        check("a\r\nb\rc\u{2028}d\u{2029}e\u{b}f\u{c}g\nh", "a\nb\nc\nd\ne\nf\ng\nh");
    }
    #[test]
    fn private_use_becomes_the_replacement_character() {
        check("甲\u{e123}乙\u{f0001}", "甲\u{fffd}乙\u{fffd}");
    }
}
