//! The words of a long list in running text, by their first two characters.
//!
//! For lists of thousands of short words over Han text, where an automaton over bytes costs more: made in a tenth of
//! its time, and the scan asks one bit for each pair of neighbouring characters (`benches/records/tagging.md`). What the
//! words mean is the caller's.

use std::ops::{ControlFlow, Range};

/// Bits that say whether some word begins with two characters of this hash: 8 KB, so that they stay in the processor.
const PAIR_BITS: u32 = 16;

/// Bits that say whether some word is a single character of these lower bits.
const SINGLE_BITS: usize = 1024;

/// Bytes behind the first two characters of a word that are compared at once.
const TAIL: usize = 8;

/// Finds words.
#[derive(Debug)]
pub(crate) struct WordFinder {
    /// A bit for each hash of the first two characters of a word.
    pairs: Vec<u64>,
    /// The words by the same hash: an open table of a power of two, at least half of it free.
    slots: Vec<Slot>,
    /// Words of two and more characters, those that begin alike side by side, the longer before its own beginning.
    words: Vec<Word>,
    /// What words have behind their tails, one behind the other.
    rests: Vec<u8>,
    /// Words of one character, sorted.
    singles: Vec<(char, usize)>,
    /// A bit for the lower bits of each of them.
    single_bits: [u64; SINGLE_BITS / 64],
}

/// Words that begin with the same two characters.
#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    /// 0 where none is.
    pair: u64,
    from: u32,
    to: u32,
}

/// What stands behind the first two characters of a word.
#[derive(Debug, Clone, Copy)]
struct Word {
    /// The first bytes of it, as a number with the first byte lowest.
    tail: u64,
    /// Its place in the caller's list.
    ordinal: u32,
    /// Bytes of all of it.
    length: u32,
    /// Where what it has behind the tail stands in the finder's rests.
    rest: u32,
}

/// A word found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    /// Its place in the list.
    pub(crate) word: usize,
    /// Bytes of the text.
    pub(crate) at: Range<usize>,
}

/// Two characters that some words begin with, where they were met in a text.
struct Met<'t> {
    pair: u64,
    hash: u64,
    /// The byte they begin at, and that behind them.
    at: usize,
    end: usize,
    /// The bytes behind them, and the first of these as a number.
    behind: &'t [u8],
    tail: u64,
}

impl WordFinder {
    /// A finder of distinct words; empty ones are never found.
    pub(crate) fn new<T: AsRef<str>>(list: &[T]) -> Self {
        let mut sorted: Vec<(&str, u32)> =
            list.iter().zip(0..).map(|(word, at)| (word.as_ref(), at)).collect();
        // Downwards a word comes before its own beginning.
        sorted.sort_unstable_by(|a, b| b.cmp(a));
        let alike = |a: &(&str, u32), b: &(&str, u32)| first_two(a.0) == first_two(b.0);
        let groups = sorted.chunk_by(alike).count();
        let mut finder = Self {
            pairs: vec![0; 1 << (PAIR_BITS - 6)],
            slots: vec![Slot::default(); (groups * 2).next_power_of_two().max(2)],
            words: Vec::with_capacity(sorted.len()),
            rests: Vec::new(),
            singles: Vec::new(),
            single_bits: [0; SINGLE_BITS / 64],
        };
        for group in sorted.chunk_by(alike) {
            match first_two(group[0].0) {
                (Some(first), Some(second)) => finder.add(first, second, group),
                (Some(single), None) => {
                    let (cell, bit) = single_bit(single);
                    finder.single_bits[cell] |= bit;
                    let words = group.iter().map(|(_, ordinal)| (single, *ordinal as usize));
                    finder.singles.extend(words);
                }
                (None, _) => {}
            }
        }
        finder.singles.sort_unstable();
        finder
    }

    fn add(&mut self, first: char, second: char, group: &[(&str, u32)]) {
        let from = length(self.words.len());
        for (word, ordinal) in group {
            let behind = word.as_bytes().get(first.len_utf8() + second.len_utf8()..);
            let behind = behind.unwrap_or_default();
            let rest = length(self.rests.len());
            self.rests.extend(behind.iter().skip(TAIL));
            self.words.push(Word {
                tail: tail_of(behind),
                ordinal: *ordinal,
                length: length(behind.len()),
                rest,
            });
        }
        let pair = pair(first, second);
        let hash = hash(pair);
        let (cell, bit) = bit_of(hash);
        self.pairs[cell] |= bit;
        let mut at = self.slot_of(hash);
        while self.slots[at].pair != 0 {
            at = (at + 1) % self.slots.len();
        }
        self.slots[at] = Slot { pair, from, to: length(self.words.len()) };
    }

    /// The longest of the words that begin first at byte `from` or behind it.
    pub(crate) fn longest(&self, text: &str, from: usize) -> Option<Found> {
        match self.scan(text, from, ControlFlow::Break) {
            ControlFlow::Break(found) => Some(found),
            ControlFlow::Continue(()) => None,
        }
    }

    /// Calls `f` for each place of each word, also inside others, in the order of their beginnings, the longest first.
    pub(crate) fn each(&self, text: &str, mut f: impl FnMut(Found)) {
        let all: ControlFlow<()> = self.scan(text, 0, |found| {
            f(found);
            ControlFlow::Continue(())
        });
        debug_assert_eq!(all, ControlFlow::Continue(()));
    }

    #[inline]
    fn scan<B>(
        &self,
        text: &str,
        from: usize,
        mut f: impl FnMut(Found) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        let mut chars = text.get(from..).unwrap_or("").char_indices();
        let Some((_, mut first)) = chars.next() else { return ControlFlow::Continue(()) };
        let mut at = from;
        for (next, second) in chars {
            let pair = pair(first, second);
            let hash = hash(pair);
            let (cell, bit) = bit_of(hash);
            if self.pairs[cell] & bit != 0 {
                let end = from + next + second.len_utf8();
                let behind = text.as_bytes().get(end..).unwrap_or_default();
                let tail = tail_of(behind);
                self.words_at(&Met { pair, hash, at, end, behind, tail }, &mut f)?;
            }
            self.single_at(at, first, &mut f)?;
            (first, at) = (second, from + next);
        }
        self.single_at(at, first, &mut f)
    }

    /// The words of a pair that stand where it was met.
    fn words_at<B>(
        &self,
        met: &Met<'_>,
        f: &mut impl FnMut(Found) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        let mut slot = self.slot_of(met.hash);
        while self.slots[slot].pair != met.pair {
            if self.slots[slot].pair == 0 {
                return ControlFlow::Continue(());
            }
            slot = (slot + 1) % self.slots.len();
        }
        let Slot { from, to, .. } = self.slots[slot];
        for word in &self.words[from as usize..to as usize] {
            if self.stands_at(word, met) {
                let at = met.at..met.end + word.length as usize;
                f(Found { word: word.ordinal as usize, at })?;
            }
        }
        ControlFlow::Continue(())
    }

    /// Whether a word that begins with the pair goes on as the text does.
    #[inline]
    fn stands_at(&self, word: &Word, met: &Met<'_>) -> bool {
        let length = word.length as usize;
        let behind_it = u64::MAX.checked_shl(word.length.saturating_mul(u8::BITS)).unwrap_or(0);
        if (word.tail ^ met.tail) & !behind_it != 0 || length > met.behind.len() {
            return false;
        }
        let rest = word.rest as usize;
        length <= TAIL || met.behind.get(TAIL..length) == self.rests.get(rest..rest + length - TAIL)
    }

    #[inline]
    fn single_at<B>(
        &self,
        at: usize,
        c: char,
        f: &mut impl FnMut(Found) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        let (cell, bit) = single_bit(c);
        if self.single_bits[cell] & bit == 0 {
            return ControlFlow::Continue(());
        }
        match self.singles.binary_search_by_key(&c, |(single, _)| *single) {
            Ok(single) => f(Found { word: self.singles[single].1, at: at..at + c.len_utf8() }),
            Err(_) => ControlFlow::Continue(()),
        }
    }

    /// Where the search for a hash begins.
    fn slot_of(&self, hash: u64) -> usize {
        let [.., a, b, c, d, _, _] = hash.to_be_bytes();
        u32::from_be_bytes([a, b, c, d]) as usize & (self.slots.len() - 1)
    }
}

fn first_two(word: &str) -> (Option<char>, Option<char>) {
    let mut chars = word.chars();
    (chars.next(), chars.next())
}

/// The first bytes as a number, the first one lowest; what is missing is 0.
#[inline]
fn tail_of(bytes: &[u8]) -> u64 {
    let whole = bytes.first_chunk::<TAIL>().copied();
    u64::from_le_bytes(whole.unwrap_or_else(|| {
        let mut padded = [0; TAIL];
        padded.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        padded
    }))
}

/// Two characters as one number, never 0 for what stands in a list of words.
#[inline]
fn pair(first: char, second: char) -> u64 {
    u64::from(first) << 32 | u64::from(second) | 1 << 63
}

/// The upper half of the answer is well mixed (Fibonacci hashing).
#[inline]
fn hash(pair: u64) -> u64 {
    (pair ^ pair >> 21).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// Cell and bit of a hash among the bits of the pairs.
#[inline]
fn bit_of(hash: u64) -> (usize, u64) {
    let [a, b, ..] = hash.to_be_bytes();
    let bit = u16::from_be_bytes([a, b]);
    (usize::from(bit >> 6), 1 << (bit & 63))
}

/// Cell and bit of a character among the bits of the single ones.
#[inline]
fn single_bit(c: char) -> (usize, u64) {
    let bit = c as usize % SINGLE_BITS;
    (bit / 64, 1 << (bit % 64))
}

fn length(length: usize) -> u32 {
    u32::try_from(length).expect("lists of words are far shorter than 4 GB")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// All places of the words, by beginning and from long to short, found one by one.
    fn places(words: &[String], text: &str) -> Vec<Found> {
        let mut places = Vec::new();
        for (word, letters) in words.iter().enumerate().filter(|(_, word)| !word.is_empty()) {
            let starts = text.char_indices().map(|(at, _)| at);
            let starts = starts.filter(|at| text.get(*at..).unwrap().starts_with(letters.as_str()));
            places.extend(starts.map(|at| Found { word, at: at..at + letters.len() }));
        }
        places.sort_by_key(|found| (found.at.start, std::cmp::Reverse(found.at.end)));
        places
    }

    fn all(finder: &WordFinder, text: &str) -> Vec<Found> {
        let mut found = Vec::new();
        finder.each(text, |one| found.push(one));
        found
    }

    #[test]
    fn the_longest_word_that_begins_first_is_found() {
        let finder = WordFinder::new(&["四川", "四川北路", "川北", "路", "上海"]);
        let found =
            |from| finder.longest("在四川北路上海", from).map(|found| (found.word, found.at));
        assert_eq!(found(0), Some((1, 3..15)));
        assert_eq!(found(6), Some((2, 6..12)));
        assert_eq!(found(12), Some((3, 12..15)));
        assert_eq!(found(15), Some((4, 15..21)));
        assert_eq!(found(18), None);
        assert_eq!(finder.longest("", 0), None);
    }

    #[test]
    fn long_words_are_compared_to_their_end() {
        let finder = WordFinder::new(&["中华人民共和国", "中华人民共和国宪法", "中华人民"]);
        let words = |text| {
            let found = all(&finder, text);
            found.into_iter().map(|found| (found.word, found.at.len())).collect::<Vec<_>>()
        };
        assert_eq!(words("中华人民共和国宪法"), [(1, 27), (0, 21), (2, 12)]);
        assert_eq!(words("中华人民共和国宪"), [(0, 21), (2, 12)]);
        assert_eq!(words("中华人民共和区"), [(2, 12)]);
        assert_eq!(words("中华人"), []);
    }

    #[test]
    fn a_word_does_not_go_on_behind_the_text() {
        assert_eq!(all(&WordFinder::new(&["中华\0", "\0"]), "中华"), []);
    }

    #[test]
    fn without_words_nothing_is_found() {
        assert_eq!(all(&WordFinder::new(&[""; 1]), "四川"), []);
        assert_eq!(all(&WordFinder::new::<&str>(&[]), "四川"), []);
    }

    proptest! {
        #[test]
        fn every_place_of_every_word_is_found(
            words in proptest::collection::btree_set("[省市县a😀]{0,4}|[省市a]{5,8}", 0..12),
            text in "[省市县a😀]{0,40}|[省市a]{20,60}",
        ) {
            let words: Vec<String> = words.into_iter().collect();
            let finder = WordFinder::new(&words);
            prop_assert_eq!(all(&finder, &text), places(&words, &text));
            let first = places(&words, &text).into_iter().next();
            prop_assert_eq!(finder.longest(&text, 0), first);
        }
    }
}
