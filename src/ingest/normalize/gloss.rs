//! Pinyin glosses that web converters put after a character: `網(wǎng)站` becomes `網站`.
//!
//! A parenthesis is a gloss when it holds one syllable that the character before it can have; the readings come from
//! the `pinyin` crate, with all heteronyms. Damaged glosses (`黨(ù)員`, `偨Y(jié)`) and glosses without tone go only in
//! documents that are full of glosses, so `西藏(Tibet)`, `5公斤(kg)` and `(社區)` stay everywhere. A gloss of two or
//! more syllables, `饕餮(tāo tiè)`, was written by a person and stays.

use crate::text::tokens::is_han;
use crate::text::{OffsetMap, OffsetMapBuilder};
use pinyin::ToPinyinMulti;
use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// From this many glosses on a document counts as glossed throughout.
pub const GLOSSED_FROM: usize = 5;
/// Letters in the longest gloss: `zhuàng`, and one for a slip.
const LETTERS_MAX: usize = 7;
/// Characters looked back from a closing bracket: letters, loose accents, a tone digit, spaces.
const LOOK_BACK_MAX: usize = 20;

/// All syllables any character has, without tone.
static SYLLABLES: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    ('\u{4e00}'..='\u{9fff}')
        .filter_map(|c| c.to_pinyin_multi())
        .flatten()
        .map(pinyin::Pinyin::plain)
        .collect()
});

/// How many syllables in brackets are readings of the character before; a document with [`GLOSSED_FROM`] of them is
/// full of glosses.
pub fn count_readings(text: &str) -> usize {
    find_glosses(text, true).readings
}

/// Whether a bracket of a text may end a gloss: none does that has Han before it, in a text as it came or made plain.
pub fn may_hold_glosses(text: &str) -> bool {
    text.match_indices([')', '）']).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        before.is_some_and(|c| !('\u{4e00}'..='\u{9fff}').contains(&c))
    })
}

/// Removes the glosses; `glossed` says whether the whole document is full of them.
///
/// Units: the map counts bytes of UTF-8, from the result to `text`.
/// Errors: none; text without glosses is returned borrowed.
pub fn strip_glosses(text: &str, glossed: bool) -> (Cow<'_, str>, OffsetMap) {
    let found =
        if may_hold_glosses(text) { find_glosses(text, glossed) } else { Glosses::default() };
    if found.dropped == 0 {
        return (Cow::Borrowed(text), OffsetMap::identity(text.len()));
    }
    let mut stripped = String::with_capacity(text.len());
    let mut map = OffsetMapBuilder::default();
    for (start, end) in found.kept {
        map.skip_to(start);
        map.copy(end - start);
        stripped.push_str(text.get(start..end).unwrap_or_default());
    }
    map.skip_to(text.len());
    (Cow::Owned(stripped), map.finish())
}

/// What a walk through the text found.
#[derive(Default)]
struct Glosses {
    /// The byte ranges that stay, ascending.
    kept: Vec<(usize, usize)>,
    /// Glosses dropped.
    dropped: usize,
    /// How many of them are a reading of the character before.
    readings: usize,
}

/// Walks once over the text. A closing bracket looks back over what is *kept*, so that brackets inside brackets and
/// two glosses in a row come out the same however often the rule runs.
fn find_glosses(text: &str, glossed: bool) -> Glosses {
    let mut found = Glosses::default();
    for (at, c) in text.char_indices() {
        if matches!(c, ')' | '）')
            && let Some(gloss) = gloss_before(text, &found.kept)
            && let Some(is_reading) = judge(gloss.after, &gloss.letters, glossed)
        {
            while found.kept.last().is_some_and(|&(start, _)| start >= gloss.start) {
                found.kept.pop();
            }
            if let Some(last) = found.kept.last_mut() {
                last.1 = last.1.min(gloss.start);
            }
            found.dropped += 1;
            found.readings += usize::from(is_reading);
            continue;
        }
        let end = at + c.len_utf8();
        match found.kept.last_mut() {
            Some(last) if last.1 == at => last.1 = end,
            _ => found.kept.push((at, end)),
        }
    }
    found
}

/// A possible gloss: what stands in the bracket and after which character.
struct Candidate {
    after: char,
    letters: String,
    /// Byte of the opening bracket.
    start: usize,
}

/// Reads back from a closing bracket over the kept text.
fn gloss_before(text: &str, kept: &[(usize, usize)]) -> Option<Candidate> {
    let mut back = kept
        .iter()
        .rev()
        .flat_map(|&(start, end)| {
            let part = text.get(start..end).unwrap_or_default();
            part.char_indices().rev().map(move |(at, c)| (start + at, c))
        })
        .take(LOOK_BACK_MAX);
    let mut letters = String::new();
    let mut ended = false;
    loop {
        let (at, c) = back.next()?;
        match c {
            '(' | '（' if !letters.is_empty() => {
                let (_, after) = back.next()?;
                let letters = letters.chars().rev().collect();
                let bound = !after.is_whitespace() && !matches!(after, '(' | '（');
                return bound.then_some(Candidate { after, letters, start: at });
            }
            ' ' | '\u{3000}' => ended |= !letters.is_empty(),
            _ if !ended && is_gloss_char(c) => letters.push(c),
            _ => return None,
        }
    }
}

fn is_gloss_char(c: char) -> bool {
    matches!(c, 'a'..='z' | 'A'..='Z' | '1'..='5' | 'ɑ' | 'ɡ' | '\u{300}'..='\u{30c}')
        || matches!(c as u32, 0xc0..=0x17f | 0x1cd..=0x1dc | 0x1f8 | 0x1f9 | 0x1e3e | 0x1e3f)
}

/// A syllable as compared: no tone, `ü` and `v` as `u`.
struct Syllable {
    base: String,
    toned: bool,
}

/// Takes the tone off; `None` where it can be no single syllable.
fn syllable(letters: &str) -> Option<Syllable> {
    let (letters, digit) = match letters.strip_suffix(|c: char| c.is_ascii_digit()) {
        Some(rest) => (rest, true),
        None => (letters, false),
    };
    let (mut base, mut marks) = (String::new(), 0);
    for c in letters.nfd() {
        match c {
            'ɑ' => base.push('a'),
            'ɡ' => base.push('g'),
            'v' | '\u{fc}' => base.push('u'),
            'a'..='z' => base.push(c),
            // Grave, acute, macron, caron, and the breve that some write for it.
            '\u{300}' | '\u{301}' | '\u{304}' | '\u{306}' | '\u{30c}' => marks += 1,
            '\u{302}' | '\u{308}' => {}
            _ => return None,
        }
    }
    let toned = digit || marks == 1;
    let single = marks + usize::from(digit) <= 1;
    (single && !base.is_empty() && base.len() <= LETTERS_MAX).then_some(Syllable { base, toned })
}

/// Whether it is a gloss; `Some(true)` when it is a reading of the character, `Some(false)` when other signs decide.
fn judge(after: char, letters: &str, glossed: bool) -> Option<bool> {
    let Syllable { base, toned } = syllable(letters)?;
    let has_mark = toned && !letters.ends_with(|c: char| c.is_ascii_digit());
    if !is_han(after) {
        // The character before was itself damaged: `偨Y(jié)`.
        return (glossed && has_mark && is_syllable(&base)).then_some(false);
    }
    if is_reading(after, &base) {
        return (toned || glossed).then_some(true);
    }
    // A reading the table lacks, or what is left of a syllable.
    (has_mark && (is_syllable(&base) || glossed)).then_some(false)
}

fn is_reading(c: char, base: &str) -> bool {
    c.to_pinyin_multi().is_some_and(|all| all.into_iter().any(|one| same(one.plain(), base)))
}

fn is_syllable(base: &str) -> bool {
    SYLLABLES.contains(base) || SYLLABLES.iter().any(|one| same(one, base))
}

/// Whether a reading of the table is this syllable; the table writes `ü`.
fn same(reading: &str, base: &str) -> bool {
    reading.chars().map(|c| if c == 'ü' || c == 'v' { 'u' } else { c }).eq(base.chars())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Five plain glosses, which make a document a glossed one.
    const FULL: &str = "網(wǎng)網(wǎng)網(wǎng)網(wǎng)網(wǎng)";

    #[track_caller]
    fn check(input: &str, expected: &str) {
        let (text, map) = strip_glosses(input, count_readings(input) >= GLOSSED_FROM);
        assert_eq!(text, expected);
        map.assert_sound(input, &text);
    }

    /// In a document with five other glosses.
    #[track_caller]
    fn check_glossed(input: &str, expected: &str) {
        check(&format!("{FULL}{input}"), &format!("網網網網網{expected}"));
    }

    #[test]
    fn a_gloss_goes() {
        check("新時(shí)代", "新時代");
    }
    #[test]
    fn any_listed_reading_is_a_gloss() {
        check("重(chóng)重(zhòng)", "重重");
    }
    #[test]
    fn full_width_brackets_and_tone_digits_are_glosses_too() {
        check("网（wang3）基( jī )層", "网基層");
    }
    #[test]
    fn odd_letters_for_a_and_g_are_known() {
        check("網(wɑ̌nɡ)綠(lǜ)女(nv3)", "網綠女");
    }
    #[test]
    fn a_syllable_that_is_no_reading_goes_when_it_bears_a_tone() {
        check("黨(mǎ)員", "黨員");
    }
    #[test]
    fn a_bare_reading_goes_only_in_a_glossed_document() {
        check("五元(yuan)", "五元(yuan)");
        check_glossed("五元(yuan)", "五元");
    }
    #[test]
    fn a_toned_fragment_goes_only_in_a_glossed_document() {
        check("黨(ù)員", "黨(ù)員");
        check_glossed("黨(ù)員", "黨員");
    }
    #[test]
    fn a_gloss_after_a_damaged_character_goes_only_in_a_glossed_document() {
        check("偨Y(jié)梳", "偨Y(jié)梳");
        check_glossed("偨Y(jié)梳", "偨Y梳");
    }
    #[test]
    fn real_parentheses_stay() {
        for text in [
            "街道(社區)",
            "村(居)",
            "(2019年)",
            "石油(CNPC)",
            "西藏(Tibet)",
            "五公斤(kg)",
            "甲(a)乙(b2)",
        ] {
            check(text, text);
            check_glossed(text, text);
        }
    }
    #[test]
    fn two_syllables_stay() {
        check_glossed("饕餮(tāo tiè)饕餮(tāotiè)", "饕餮(tāo tiè)饕餮(tāotiè)");
    }
    #[test]
    fn two_glosses_in_a_row_go() {
        check("網(wǎng)(wǎng)站", "網站");
    }
    #[test]
    fn brackets_inside_brackets_end_the_same_in_one_run_as_in_two() {
        for text in ["網(wa(wǎng)ng)站", "網(wǎ網(wǎng)ng)", "((((網(wǎng))))"] {
            let once = strip_glosses(text, true).0.into_owned();
            assert_eq!(strip_glosses(&once, true).0, once);
        }
    }
    #[test]
    fn a_gloss_at_the_start_has_no_character() {
        check_glossed("", "");
        check("(wǎng)站", "(wǎng)站");
        check("\n(wǎng)站", "\n(wǎng)站");
    }
}
