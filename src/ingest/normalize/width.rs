//! Letters and digits in compatibility form: `２０２３年ＧＤＰ` becomes `2023年GDP`; marks for vertical lines become those of
//! horizontal ones.
//!
//! Chinese punctuation keeps its width; folding for search is `text::fold`'s work. Circled and superscript digits stay:
//! made plain they would join the number beside them.

use crate::text::{OffsetMap, OffsetMapBuilder};
use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;

/// Narrows full-width and styled letters and digits, and the percent sign; `．` between digits becomes a point.
///
/// Units: the map counts bytes of UTF-8, from the result to `text`.
pub fn narrow(text: &str) -> (Cow<'_, str>, OffsetMap) {
    if !text.chars().any(is_wide) {
        return (Cow::Borrowed(text), OffsetMap::identity(text.len()));
    }
    let mut narrowed = String::with_capacity(text.len());
    let mut map = OffsetMapBuilder::default();
    let mut before = ' ';
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let mut next_is_digit =
            || chars.peek().is_some_and(|&next| narrow_char(next).is_ascii_digit());
        let mut plain = narrow_char(c);
        if c == '．' && before.is_ascii_digit() && next_is_digit() {
            plain = '.';
        }
        narrowed.push(plain);
        if plain == c {
            map.copy(c.len_utf8());
        } else {
            map.replace(plain.len_utf8(), c.len_utf8());
        }
        before = plain;
    }
    (Cow::Owned(narrowed), map.finish())
}

/// Whether a character may be narrowed.
pub fn is_wide(c: char) -> bool {
    c == '．' || narrow_char(c) != c
}

/// Marks as vertical lines have them, and the same marks in horizontal lines.
const VERTICAL: [(char, char); 25] = [
    ('︐', '，'),
    ('︑', '、'),
    ('︒', '。'),
    ('︓', '：'),
    ('︔', '；'),
    ('︕', '！'),
    ('︖', '？'),
    ('︗', '〖'),
    ('︘', '〗'),
    ('︙', '…'),
    ('︱', '—'),
    ('︵', '（'),
    ('︶', '）'),
    ('︹', '〔'),
    ('︺', '〕'),
    ('︻', '【'),
    ('︼', '】'),
    ('︽', '《'),
    ('︾', '》'),
    ('︿', '〈'),
    ('﹀', '〉'),
    ('﹁', '「'),
    ('﹂', '」'),
    ('﹃', '『'),
    ('﹄', '』'),
];

fn narrow_char(c: char) -> char {
    match c as u32 {
        0xfe10..=0xfe44 => VERTICAL.iter().find(|pair| pair.0 == c).map_or(c, |pair| pair.1),
        0xff05 => '%',
        // Full-width digits and letters; mathematical letters and digits.
        0xff10..=0xff19 | 0xff21..=0xff3a | 0xff41..=0xff5a | 0x1d400..=0x1d7ff => {
            let mut plain = std::iter::once(c).nfkc();
            match (plain.next(), plain.next()) {
                (Some(one), None) if one.is_ascii_alphanumeric() => one,
                _ => c,
            }
        }
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(input: &str, expected: &str) {
        let (text, map) = narrow(input);
        assert_eq!(text, expected);
        map.assert_sound(input, &text);
    }

    #[test]
    fn digits_letters_and_percent_are_narrowed() {
        check("２０２３年ＧＤＰ增长５％", "2023年GDP增长5%");
    }
    #[test]
    fn a_point_between_digits_is_narrowed() {
        check("８０．５３％．", "80.53%．");
    }
    #[test]
    fn chinese_punctuation_stays() {
        check("（一）好，对；１：", "（一）好，对；1：");
    }
    #[test]
    fn marks_of_vertical_lines_become_those_of_horizontal_ones() {
        check("群眾說︓﹁好﹂︐︽公約︾︒", "群眾說：「好」，《公約》。");
        check("︰﹏", "︰﹏");
    }
    #[test]
    fn styled_letters_become_plain() {
        check("𝐆𝟏", "G1");
    }
    #[test]
    fn circled_and_raised_digits_stay() {
        check("①增长10²㎡", "①增长10²㎡");
    }
}
