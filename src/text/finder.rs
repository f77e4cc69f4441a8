//! The words of a long list in running text, by their first two characters.
//!
//! For lists of thousands of short words over Han text, where an automaton over bytes costs more: made in a tenth of
//! its time, and the scan asks one bit for each pair of neighbouring characters (`benches/records/tagging.md`). What the
//! words mean is the caller's.

use std::ops::{ControlFlow, Range};

/// Bits that say whether some word begins with two characters of this hash: 8 KB, so that they stay in the processor.
const PAIR_BITS: u32 = 16;

/// Finds words.
#[derive(Debug)]
pub(crate) struct WordFinder {
    /// A bit for each hash of the first two characters of a word.
    pairs: Vec<u64>,
    /// The words by the same hash: an open table of a power of two, at least half of it free.
    slots: Vec<Slot>,
    /// Words of two and more characters, those that begin alike side by side, the longer before its own beginning.
    words: Vec<Word>,
    /// The words themselves, one behind the other.
    text: String,
    /// Words of one character, sorted.
    singles: Vec<(char, usize)>,
}

/// Words that begin with the same two characters.
#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    /// 0 where none is.
    pair: u64,
    from: u32,
    to: u32,
}

#[derive(Debug, Clone, Copy)]
struct Word {
    /// Bytes of the finder's text.
    from: u32,
    to: u32,
    /// Its place in the caller's list.
    ordinal: u32,
}

/// A word found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    /// Its place in the list.
    pub(crate) word: usize,
    /// Bytes of the text.
    pub(crate) at: Range<usize>,
}

impl WordFinder {
    /// A finder of distinct words; empty ones are never found.
    pub(crate) fn new<T: AsRef<str>>(list: &[T]) -> Self {
        let mut sorted: Vec<(&str, u32)> =
            list.iter().zip(0..).map(|(word, at)| (word.as_ref(), at)).collect();
        // Downwards a word comes before its own beginning.
        sorted.sort_unstable_by(|a, b| b.cmp(a));
        let bytes = sorted.iter().map(|(word, _)| word.len()).sum();
        let mut finder = Self {
            pairs: vec![0; 1 << (PAIR_BITS - 6)],
            slots: vec![Slot::default(); (sorted.len() * 2).next_power_of_two().max(2)],
            words: Vec::with_capacity(sorted.len()),
            text: String::with_capacity(bytes),
            singles: Vec::new(),
        };
        for group in sorted.chunk_by(|a, b| first_two(a.0) == first_two(b.0)) {
            match first_two(group[0].0) {
                (Some(first), Some(second)) => finder.add(pair(first, second), group),
                (Some(single), None) => finder
                    .singles
                    .extend(group.iter().map(|(_, ordinal)| (single, *ordinal as usize))),
                (None, _) => {}
            }
        }
        finder.singles.sort_unstable();
        finder
    }

    fn add(&mut self, pair: u64, group: &[(&str, u32)]) {
        let from = length(self.words.len());
        for (word, ordinal) in group {
            let from = length(self.text.len());
            self.text.push_str(word);
            self.words.push(Word { from, to: length(self.text.len()), ordinal: *ordinal });
        }
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
                self.words_at(text, at, pair, hash, &mut f)?;
            }
            if !self.singles.is_empty() {
                self.single_at(at, first, &mut f)?;
            }
            (first, at) = (second, from + next);
        }
        self.single_at(at, first, &mut f)
    }

    /// The words of a pair that stand at a byte.
    fn words_at<B>(
        &self,
        text: &str,
        at: usize,
        pair: u64,
        hash: u64,
        f: &mut impl FnMut(Found) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        let mut slot = self.slot_of(hash);
        while self.slots[slot].pair != pair {
            if self.slots[slot].pair == 0 {
                return ControlFlow::Continue(());
            }
            slot = (slot + 1) % self.slots.len();
        }
        let Slot { from, to, .. } = self.slots[slot];
        let rest = text.as_bytes().get(at..).unwrap_or_default();
        for word in &self.words[from as usize..to as usize] {
            let bytes = &self.text.as_bytes()[word.from as usize..word.to as usize];
            if rest.starts_with(bytes) {
                f(Found { word: word.ordinal as usize, at: at..at + bytes.len() })?;
            }
        }
        ControlFlow::Continue(())
    }

    fn single_at<B>(
        &self,
        at: usize,
        c: char,
        f: &mut impl FnMut(Found) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
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
    fn without_words_nothing_is_found() {
        assert_eq!(all(&WordFinder::new(&[""; 1]), "四川"), []);
        assert_eq!(all(&WordFinder::new::<&str>(&[]), "四川"), []);
    }

    proptest! {
        #[test]
        fn every_place_of_every_word_is_found(
            words in proptest::collection::btree_set("[省市县a😀]{0,4}", 0..12),
            text in "[省市县a😀]{0,40}",
        ) {
            let words: Vec<String> = words.into_iter().collect();
            let finder = WordFinder::new(&words);
            prop_assert_eq!(all(&finder, &text), places(&words, &text));
            let first = places(&words, &text).into_iter().next();
            prop_assert_eq!(finder.longest(&text, 0), first);
        }
    }
}
