//! Folding: one character to one character, free of context, so that `fold(s[i..j]) == fold(s)[i..j]` for all text.
//!
//! Everything compared literally is folded, and a character stands at the same place before and after. What converts
//! by phrase, for reading and for cutting into words, is [`crate::text::script`].
//!
//! Han characters fold by class. A class joins every character of OpenCC's table with *all* its Simplified forms
//! (劃 with 划 and 㓰), the characters a phrase of OpenCC converts otherwise (計畫 → 计划 joins 畫 and 划), and the
//! regional variants of `index-schema/fold-exceptions.tsv` (著 and 着). Radicals of `index-schema/radicals.tsv` fold as
//! the ideographs they look like. Its representative is, in this order: in the
//! basic plane, what most rows give (the first value of a row counts double, a character for itself not), not itself
//! Traditional, the lowest code point.

use crate::text::script::{HanTable, characters, phrases, rows};
use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Pairs of variants that OpenCC's Traditional-to-Simplified tables do not join.
pub(crate) const EXCEPTIONS: &str = include_str!("../../index-schema/fold-exceptions.tsv");

/// Radicals and the ideographs they look like: text out of PDF files holds `⺠` where 民 is meant.
const RADICALS: &str = include_str!("../../index-schema/radicals.tsv");

/// The representative of a character: simple lower case, half width, and for Han the representative of its class.
///
/// The full-width comma stays: in `2019，2020年` it parts two numbers, and a half-width one would join them.
/// Half-width kana stay. Folding twice equals once.
#[inline]
pub fn fold_char(c: char) -> char {
    fold_with(&CLASSES, c)
}

/// Folds every character; the number of characters stays the same.
pub fn fold(text: &str) -> String {
    let mut folded = String::new();
    fold_into(text, &mut folded);
    folded
}

/// Replaces the content of `folded` with the folded `text`; a buffer used again needs no allocation.
pub fn fold_into(text: &str, folded: &mut String) {
    let classes = &*CLASSES;
    folded.clear();
    folded.reserve(text.len());
    // Most characters fold to themselves: runs of them are copied in one piece.
    let mut copied = 0;
    for (at, c) in text.char_indices() {
        let representative = fold_with(classes, c);
        if representative != c {
            folded.push_str(text.get(copied..at).unwrap_or_default());
            folded.push(representative);
            copied = at + c.len_utf8();
        }
    }
    folded.push_str(text.get(copied..).unwrap_or_default());
}

#[inline]
fn fold_with(classes: &HanTable, c: char) -> char {
    match c {
        '\0'..='\x7f' => c.to_ascii_lowercase(),
        '\u{2e80}'..='\u{2fdf}' | '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}' => {
            classes.get(c)
        }
        '\u{3000}' => ' ',
        // Punctuation, kana, enclosed forms: nothing there has two cases.
        '\u{2000}'..='\u{206f}' | '\u{2fe0}'..='\u{33ff}' | '，' => c,
        '\u{ff01}'..='\u{ff5e}' => narrow(c).to_ascii_lowercase(),
        _ => simple_lower(c),
    }
}

/// The ASCII character of a full-width form in U+FF01–FF5E; other characters stay.
fn narrow(c: char) -> char {
    (c as u32).checked_sub(0xfee0).and_then(char::from_u32).filter(char::is_ascii).unwrap_or(c)
}

/// The narrow form of a full-width Latin letter or decimal digit; other characters, punctuation too, stay.
pub(crate) fn narrow_alphanumeric(c: char) -> char {
    match narrow(c) {
        narrowed if narrowed.is_ascii_alphanumeric() => narrowed,
        _ => c,
    }
}

/// Lower case where it is one character (`İ` has two and stays).
fn simple_lower(c: char) -> char {
    let mut lower = c.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}

static CLASSES: LazyLock<HanTable> = LazyLock::new(|| {
    let mut classes = Classes::default();
    for (traditional, values) in characters() {
        classes.add_row(traditional, values);
    }
    for (phrase, simplified) in phrases() {
        phrase
            .chars()
            .zip(simplified.chars())
            .filter(|(from, to)| from != to)
            .for_each(|(a, b)| classes.join(a, b));
    }
    for (a, b) in rows(EXCEPTIONS) {
        a.chars().zip(b.chars()).for_each(|(a, b)| classes.join(a, b));
    }
    let mut pairs: HashMap<char, char> = classes.representatives().into_iter().collect();
    // A radical folds as the ideograph it looks like; it joins no class, or it could come to stand for one.
    for (radical, ideograph) in rows(RADICALS) {
        if let (Some(radical), Some(ideograph)) = (radical.chars().next(), ideograph.chars().next())
        {
            let representative = pairs.get(&ideograph).copied().unwrap_or(ideograph);
            pairs.insert(radical, representative);
        }
    }
    HanTable::new(pairs)
});

/// Sets of characters that fold together, as trees whose root stands for the set while it grows.
#[derive(Default)]
struct Classes {
    ordinals: HashMap<char, usize>,
    members: Vec<Member>,
}

struct Member {
    character: char,
    parent: usize,
    /// How often the table gives this character for another one; first values count double.
    votes: u32,
    is_traditional: bool,
}

impl Classes {
    fn add_row(&mut self, traditional: char, values: impl Iterator<Item = char>) {
        let key = self.ordinal(traditional);
        self.members[key].is_traditional = true;
        for (rank, value) in values.enumerate() {
            self.join(traditional, value);
            let at = self.ordinal(value);
            if value != traditional {
                self.members[at].votes += if rank == 0 { 2 } else { 1 };
            }
        }
    }

    fn ordinal(&mut self, character: char) -> usize {
        *self.ordinals.entry(character).or_insert_with(|| {
            let parent = self.members.len();
            self.members.push(Member { character, parent, votes: 0, is_traditional: false });
            parent
        })
    }

    fn join(&mut self, a: char, b: char) {
        let (a, b) = (self.ordinal(a), self.ordinal(b));
        let (a, b) = (self.root(a), self.root(b));
        self.members[b].parent = a;
    }

    fn root(&self, mut at: usize) -> usize {
        while self.members[at].parent != at {
            at = self.members[at].parent;
        }
        at
    }

    /// Each character that is not its own representative, with its representative.
    fn representatives(&self) -> Vec<(char, char)> {
        let mut best: Vec<&Member> = self.members.iter().collect();
        for (at, member) in self.members.iter().enumerate() {
            let chosen = &mut best[self.root(at)];
            if preference(member) > preference(chosen) {
                *chosen = member;
            }
        }
        let members = self.members.iter().enumerate();
        let pairs = members.map(|(at, member)| (member.character, best[self.root(at)].character));
        pairs.filter(|(from, to)| from != to).collect()
    }
}

/// Greater for the better representative; the file's head says why in this order.
fn preference(member: &Member) -> (bool, u32, bool, Reverse<char>) {
    (
        member.character < '\u{10000}',
        member.votes,
        !member.is_traditional,
        Reverse(member.character),
    )
}

/// The letters and digits of a text, folded: what makes two texts the same one.
pub fn letters(text: &str) -> String {
    let mut letters = String::with_capacity(text.len());
    letters.extend(text.chars().map(fold_char).filter(|&c| is_letter(c)));
    letters
}

/// What [`char::is_alphanumeric`] says, with a short way for the ideographs that Chinese is made of: the standard library
/// bisects a table for each.
#[inline]
pub(crate) fn is_letter(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}') || c.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::path::Path;

    #[track_caller]
    fn check(input: &str, expected: &str) {
        assert_eq!(fold(input), expected);
    }

    #[test]
    fn letters_become_small_and_narrow() {
        check("COVID-19 ＡＢｃ　１２％ Éß Ω K", "covid-19 abc 12% éß ω k");
    }

    #[test]
    fn the_full_width_comma_still_parts_numbers() {
        check("２０１９，２０２０年（３．５）", "2019，2020年(3.5)");
    }

    #[test]
    fn half_width_kana_and_dotted_capital_i_stay() {
        check("ｶﾞİ", "ｶﾞİ");
    }

    #[test]
    fn both_scripts_fold_to_the_usual_simplified_form() {
        check("網格化管理與幹部", "网格化管理与干部");
        check("乾隆 计划 計畫 瞭解 什么 什麼 著力 着力", "干隆 计画 计画 了解 什么 什么 着力 着力");
    }

    #[test]
    fn the_commonest_characters_are_their_own_representatives() {
        for common in [
            "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种",
            "面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小现实加量都两体制机当使点从业本去",
            "把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或",
            "但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次",
            "品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必",
            "战先回则任取完举色权",
        ] {
            check(common, common);
        }
    }

    #[test]
    fn every_pair_of_the_tables_folds_together() {
        for (traditional, values) in characters() {
            for value in values {
                assert_eq!(fold_char(traditional), fold_char(value), "{traditional} {value}");
            }
        }
        for (phrase, simplified) in phrases() {
            assert_eq!(fold(phrase), fold(simplified));
        }
        for (a, b) in rows(EXCEPTIONS) {
            assert_eq!(fold(a), fold(b));
        }
    }

    #[test]
    fn folding_any_character_twice_equals_once() {
        for c in '\0'..=char::MAX {
            assert_eq!(fold_char(fold_char(c)), fold_char(c), "{c:?}");
        }
    }

    #[test]
    fn no_character_with_two_cases_takes_the_short_way() {
        for c in ('\u{2000}'..='\u{206f}')
            .chain('\u{2e80}'..='\u{9fff}')
            .chain('\u{20000}'..='\u{3ffff}')
        {
            assert_eq!(simple_lower(c), c, "{c:?}");
        }
    }

    #[test]
    fn the_short_way_to_a_letter_is_that_of_the_standard_library() {
        for c in '\0'..=char::MAX {
            assert_eq!(is_letter(c), c.is_alphanumeric(), "{c:?}");
        }
    }

    #[test]
    fn both_sides_of_the_cases_of_opencc_fold_together() {
        let path =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/opencc/to_simplified.jsonl");
        let Ok(lines) = std::fs::read_to_string(&path) else {
            println!("skipped: no {}", path.display());
            return;
        };
        let mut cases = 0;
        for line in lines.lines() {
            let case: serde_json::Value = serde_json::from_str(line).unwrap();
            if matches!(case["config"].as_str(), Some("t2s" | "tw2s" | "hk2s")) {
                assert_eq!(
                    fold(case["input"].as_str().unwrap()),
                    fold(case["expected"].as_str().unwrap()),
                    "{case}"
                );
                cases += 1;
            }
        }
        println!("{cases} cases");
        assert_eq!(cases, 108);
    }

    proptest! {
        #[test]
        fn folding_commutes_with_cutting(text in "([乾幹隆淨計畫划覆复ＡａA，。　 𫫇噁]|\\PC){0,24}", from in 0..24_usize, count in 0..24_usize) {
            let cut = |s: &str| s.chars().skip(from).take(count).collect::<String>();
            prop_assert_eq!(fold(&cut(&text)), cut(&fold(&text)));
            prop_assert_eq!(fold(&text).chars().count(), text.chars().count());
        }
    }
}
