//! Traditional to Simplified with OpenCC's character table and phrases; the number of characters never changes.
//!
//! Text that is Simplified already stays as it is where a phrase would have given it.
//!
//! The tables are `index-schema/script-characters.tsv` and `script-phrases.tsv` (OpenCC, Apache-2.0). What is compared
//! literally does not pass here but through [`crate::text::fold`], which is free of context.

use std::borrow::Cow;
use std::sync::LazyLock;

const CHARACTERS: &str = include_str!("../../index-schema/script-characters.tsv");
const PHRASES: &str = include_str!("../../index-schema/script-phrases.tsv");

/// The tables by name, for the fingerprint of the analysis.
pub(crate) const TABLES: [&str; 2] = [CHARACTERS, PHRASES];

/// `text` in Simplified script. Phrase-aware: 乾隆 stays, 乾 alone becomes 干.
///
/// From left to right the longest phrase is taken, else OpenCC's first choice for the character. Text without anything
/// to convert is returned borrowed.
///
/// Units: character positions are the same in both; byte positions are not (some characters of 3 bytes become 4).
/// Source: OpenCC's configuration `t2s`.
pub fn to_simplified(text: &str) -> Cow<'_, str> {
    let converter = &*CONVERTER;
    let mut rewriter = Rewriter::new(text);
    let mut phrase_end = 0;
    for (at, c) in text.char_indices() {
        if at < phrase_end || converter.leaves(c) {
            continue;
        }
        if let Some((phrase, simplified)) = converter.phrase_at(text, at, c) {
            phrase_end = at + phrase.len();
            if phrase != simplified {
                rewriter.replace(at, phrase_end, simplified);
            }
            continue;
        }
        let simplified = converter.characters.get(c);
        if simplified != c {
            rewriter.replace(at, at + c.len_utf8(), simplified.encode_utf8(&mut [0; 4]));
        }
    }
    rewriter.finish()
}

/// Rows of the character table: a Traditional character and all its Simplified ones, the usual one first.
pub(super) fn characters() -> impl Iterator<Item = (char, impl Iterator<Item = char>)> {
    rows(CHARACTERS).filter_map(|(traditional, simplified)| {
        Some((
            traditional.chars().next()?,
            simplified.split(' ').filter_map(|value| value.chars().next()),
        ))
    })
}

/// Rows of the phrase table: a Traditional phrase and its Simplified form of as many characters.
pub(super) fn phrases() -> impl Iterator<Item = (&'static str, &'static str)> {
    rows(PHRASES).map(|(traditional, simplified)| {
        (traditional, simplified.split(' ').next().unwrap_or(simplified))
    })
}

/// Lines `key<TAB>value` of a table; lines that begin with `#` are comments.
pub(super) fn rows(table: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    table.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t'))
}

/// First and last character looked up in an array: radicals and ideographs of the basic plane. Rarer ones are
/// searched.
const DIRECT: std::ops::RangeInclusive<char> = '\u{2e80}'..='\u{9fff}';

/// Place of `c` in an array over [`DIRECT`].
fn direct_index(c: char) -> Option<usize> {
    DIRECT.contains(&c).then(|| c as usize - *DIRECT.start() as usize)
}

/// A map from Han characters to Han characters; what it does not know stays.
///
/// 110 KB for the basic plane, because an array read is what keeps conversion at the speed of memory.
pub(super) struct HanTable {
    direct: Vec<char>,
    rare: Vec<(char, char)>,
}

impl HanTable {
    pub(super) fn new(pairs: impl IntoIterator<Item = (char, char)>) -> Self {
        let mut table = Self { direct: DIRECT.collect(), rare: Vec::new() };
        for (from, to) in pairs {
            match direct_index(from).and_then(|index| table.direct.get_mut(index)) {
                Some(slot) => *slot = to,
                None => table.rare.push((from, to)),
            }
        }
        table.rare.sort_unstable();
        table
    }

    #[inline]
    pub(super) fn get(&self, c: char) -> char {
        match direct_index(c).and_then(|index| self.direct.get(index)) {
            Some(&to) => to,
            None if c < '\u{20000}' => c,
            None => self
                .rare
                .binary_search_by_key(&c, |&(from, _)| from)
                .map_or(c, |at| self.rare[at].1),
        }
    }
}

/// Text that is mostly kept: what is replaced is written, what lies between is copied in one piece.
struct Rewriter<'a> {
    text: &'a str,
    out: String,
    copied: usize,
}

impl<'a> Rewriter<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, out: String::new(), copied: 0 }
    }

    /// Replaces the bytes `from..to`, which lie on character boundaries after everything replaced before.
    fn replace(&mut self, from: usize, to: usize, with: &str) {
        if self.copied == 0 {
            self.out.reserve(self.text.len() + self.text.len() / 16);
        }
        self.out.push_str(self.text.get(self.copied..from).unwrap_or_default());
        self.out.push_str(with);
        self.copied = to;
    }

    fn finish(mut self) -> Cow<'a, str> {
        if self.copied == 0 {
            return Cow::Borrowed(self.text);
        }
        self.out.push_str(self.text.get(self.copied..).unwrap_or_default());
        Cow::Owned(self.out)
    }
}

static CONVERTER: LazyLock<Converter> = LazyLock::new(Converter::new);

struct Converter {
    characters: HanTable,
    /// For each character of [`DIRECT`]: 0, or 1 + the place in `phrases` of those that begin with it.
    starts: Vec<u16>,
    /// A bit for each of them that becomes another one or begins a phrase: few do, and the bits stay in the processor.
    moved: Vec<u64>,
    /// Phrases with the same first character, longest first.
    phrases: Vec<Vec<(&'static str, &'static str)>>,
}

impl Converter {
    fn new() -> Self {
        let first_choice =
            characters().filter_map(|(from, mut values)| Some((from, values.next()?)));
        let mut converter = Self {
            characters: HanTable::new(first_choice),
            starts: vec![0; DIRECT.count()],
            moved: Vec::new(),
            phrases: Vec::new(),
        };
        for phrase in phrases() {
            converter.add_phrase(phrase);
        }
        // What a phrase gives must stay when it is met again: 乾安縣 → 乾安县, and 乾安县 is not 干安县.
        for (traditional, simplified) in phrases() {
            let changes = simplified.chars().any(|c| converter.characters.get(c) != c);
            if changes && traditional != simplified {
                converter.add_phrase((simplified, simplified));
            }
        }
        for group in &mut converter.phrases {
            group.sort_unstable_by_key(|(key, _)| std::cmp::Reverse(key.len()));
        }
        converter.moved = vec![0; DIRECT.count().div_ceil(64)];
        for (at, (c, start)) in DIRECT.zip(&converter.starts).enumerate() {
            let moved = *start != 0 || converter.characters.get(c) != c;
            converter.moved[at / 64] |= u64::from(moved) << (at % 64);
        }
        converter
    }

    /// Whether a character stays as it is, whatever stands behind it.
    #[inline]
    fn leaves(&self, c: char) -> bool {
        match direct_index(c) {
            Some(at) => self.moved.get(at / 64).is_some_and(|cell| cell >> (at % 64) & 1 == 0),
            // Rare ones are asked.
            None => c < '\u{20000}',
        }
    }

    fn add_phrase(&mut self, phrase: (&'static str, &'static str)) {
        // Every phrase begins in the basic plane (a test holds the tables to it).
        let Some(start) =
            phrase.0.chars().next().and_then(direct_index).and_then(|at| self.starts.get_mut(at))
        else {
            return;
        };
        if *start == 0 {
            self.phrases.push(Vec::new());
            *start = u16::try_from(self.phrases.len()).unwrap_or(0);
        }
        if let Some(group) = self.phrases.get_mut(usize::from(*start).wrapping_sub(1)) {
            group.push(phrase);
        }
    }

    /// The longest phrase that stands at byte `at`, where `first` stands, and its Simplified form.
    #[inline]
    fn phrase_at(
        &self,
        text: &str,
        at: usize,
        first: char,
    ) -> Option<(&'static str, &'static str)> {
        let start = *direct_index(first).and_then(|index| self.starts.get(index))?;
        let group = self.phrases.get(usize::from(start).checked_sub(1)?)?;
        let rest = text.as_bytes().get(at..)?;
        group.iter().copied().find(|(phrase, _)| rest.starts_with(phrase.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::path::Path;

    #[track_caller]
    fn check(input: &str, expected: &str) {
        assert_eq!(to_simplified(input), expected);
    }

    #[test]
    fn a_traditional_character_becomes_its_usual_simplified_one() {
        check("網格化管理與幹部隊伍", "网格化管理与干部队伍");
    }

    #[test]
    fn a_phrase_overrules_its_characters() {
        check("乾隆年間的乾淨", "乾隆年间的干净");
        check("計畫了解與瞭解", "计划了解与了解");
        check("回覆與覆蓋", "回复与覆盖");
    }

    #[test]
    fn the_longest_phrase_wins() {
        check("乾乾淨淨過乾乾", "干干净净过干干");
    }

    #[test]
    fn text_without_anything_to_convert_is_borrowed() {
        for text in ["", "plain ASCII", "网格化管理，2023年1.5万人次", "乾隆"] {
            assert!(matches!(to_simplified(text), Cow::Borrowed(same) if same == text), "{text}");
        }
    }

    #[test]
    fn a_rare_character_may_take_more_bytes_but_stays_one_character() {
        check("二噁英與噁心", "二𫫇英与恶心");
    }

    #[test]
    fn every_row_of_the_tables_is_sound() {
        for (traditional, values) in rows(CHARACTERS) {
            assert_eq!(traditional.chars().count(), 1, "{traditional}");
            assert!(values.split(' ').all(|value| value.chars().count() == 1), "{traditional}");
        }
        for (phrase, simplified) in rows(PHRASES) {
            let count = phrase.chars().count();
            assert!(simplified.split(' ').all(|value| value.chars().count() == count), "{phrase}");
            assert!(DIRECT.contains(&phrase.chars().next().unwrap()), "{phrase}");
        }
        assert_eq!((rows(CHARACTERS).count(), rows(PHRASES).count()), (4148, 477));
    }

    #[test]
    fn the_cases_of_opencc_convert_as_expected() {
        let path =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/opencc/to_simplified.jsonl");
        let Ok(lines) = std::fs::read_to_string(&path) else {
            println!("skipped: no {}", path.display());
            return;
        };
        let (mut right, mut all) = (0, 0);
        for line in lines.lines() {
            let case: serde_json::Value = serde_json::from_str(line).unwrap();
            if case["config"] == "t2s" {
                all += 1;
                right += usize::from(
                    to_simplified(case["input"].as_str().unwrap())
                        == case["expected"].as_str().unwrap(),
                );
            }
        }
        println!("OpenCC t2s: {right} of {all} cases");
        assert!(right >= 52, "{right} of {all}");
    }

    proptest! {
        #[test]
        fn the_number_of_characters_never_changes(text in "([乾幹隆淨計畫覆回噁二英瞭解網格a1，。 𫫇]|\\PC){0,24}") {
            prop_assert_eq!(to_simplified(&text).chars().count(), text.chars().count());
        }
    }
}
