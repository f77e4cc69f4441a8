//! Look-alike radicals and composed forms: text copied out of PDF files holds `⺠` (U+2EA0) where `民` is meant.
//!
//! NFKC repairs the Kangxi radicals only; the CJK Radicals Supplement needs Unicode's own table of equivalents. After
//! it everything is put into NFC, which also unifies compatibility ideographs.

use crate::text::{OffsetMap, OffsetMapBuilder};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;
use unicode_normalization::char::canonical_combining_class;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// Radical to ideograph, from `index-schema/radicals.tsv`.
static IDEOGRAPHS: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    include_str!("../../../index-schema/radicals.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let (radical, ideograph) = line.split_once('\t')?;
            Some((radical.chars().next()?, ideograph.chars().next()?))
        })
        .collect()
});

/// Puts the ideograph in place of each radical.
///
/// Units: the map counts bytes of UTF-8, from the result to `text`.
/// Source: Unicode's Equivalent_Unified_Ideograph, U+2E80 to U+2FDF.
pub fn unify_radicals(text: &str) -> (Cow<'_, str>, OffsetMap) {
    if !text.chars().any(is_radical) {
        return (Cow::Borrowed(text), OffsetMap::identity(text.len()));
    }
    let mut unified = String::with_capacity(text.len());
    let mut map = OffsetMapBuilder::default();
    for c in text.chars() {
        match is_radical(c).then(|| IDEOGRAPHS.get(&c)).flatten() {
            Some(&ideograph) => {
                unified.push(ideograph);
                map.replace(ideograph.len_utf8(), c.len_utf8());
            }
            None => {
                unified.push(c);
                map.copy(c.len_utf8());
            }
        }
    }
    (Cow::Owned(unified), map.finish())
}

/// Canonical composition (NFC), with an exact map: a changed stretch runs from one stable starter to the next.
///
/// Units: the map counts bytes of UTF-8, from the result to `text`.
pub fn compose(text: &str) -> (Cow<'_, str>, OffsetMap) {
    if text.chars().all(is_usual) || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        return (Cow::Borrowed(text), OffsetMap::identity(text.len()));
    }
    let mut composed = String::with_capacity(text.len());
    let mut map = OffsetMapBuilder::default();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let after_first = first.len_utf8();
        let stretch_end = rest
            .char_indices()
            .skip(1)
            .find(|&(_, c)| is_stable(c))
            .map_or(rest.len(), |(at, _)| at);
        let (stretch, tail) = rest.split_at(stretch_end);
        rest = tail;
        if stretch_end == after_first && is_stable(first) {
            composed.push(first);
            map.copy(after_first);
            continue;
        }
        let before = composed.len();
        composed.extend(stretch.nfc());
        if composed.get(before..) == Some(stretch) {
            map.copy(stretch.len());
        } else {
            map.replace(composed.len() - before, stretch.len());
        }
    }
    (Cow::Owned(composed), map.finish())
}

fn is_radical(c: char) -> bool {
    matches!(c as u32, 0x2e80..=0x2fdf)
}

/// The characters of nearly all texts, all of them composed (a test looks): the tables need not be asked about each.
fn is_usual(c: char) -> bool {
    matches!(c,
        '\0'..='\u{2ff}' | '\u{2010}'..='\u{2027}' | '\u{3001}'..='\u{3029}' | '\u{3400}'..='\u{9fff}'
        | '\u{ff01}'..='\u{ff5e}')
}

/// Whether composition never reaches across the place before this character.
fn is_stable(c: char) -> bool {
    canonical_combining_class(c) == 0 && is_nfc_quick(std::iter::once(c)) == IsNormalized::Yes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(rule: fn(&str) -> (Cow<'_, str>, OffsetMap), input: &str, expected: &str) {
        let (text, map) = rule(input);
        assert_eq!(text, expected);
        map.assert_sound(input, &text);
    }

    #[test]
    fn radicals_of_the_supplement_become_ideographs() {
        check(unify_radicals, "村⺠说⻓江⻛大", "村民说长江风大");
    }
    #[test]
    fn kangxi_radicals_become_ideographs() {
        check(unify_radicals, "⼈⽤⾏", "人用行");
    }
    #[test]
    fn a_radical_may_grow() {
        check(unify_radicals, "a⺇b", "a\u{20628}b");
    }
    #[test]
    fn other_text_stays() {
        check(unify_radicals, "民长", "民长");
    }
    #[test]
    fn what_is_usual_is_composed() {
        assert!(('\0'..=char::MAX).filter(|c| is_usual(*c)).all(is_stable));
    }
    #[test]
    fn accents_are_composed_one_by_one() {
        check(compose, "網(wa\u{30c}ng)站u\u{308}\u{304}", "網(wǎng)站ǖ");
    }
    #[test]
    fn compatibility_ideographs_are_unified() {
        check(compose, "a\u{f9e9}b", "a里b");
    }
    #[test]
    fn compatibility_letters_are_left_to_width() {
        check(compose, "ＡＢ①㎡", "ＡＢ①㎡");
    }
    #[test]
    fn the_table_has_every_radical_that_has_an_equivalent() {
        assert_eq!(IDEOGRAPHS.len(), 328);
        assert!(IDEOGRAPHS.keys().all(|&c| is_radical(c)));
    }
}
