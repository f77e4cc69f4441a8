//! How many letters two texts have in common order: their longest common subsequence; that of two long texts nearly.

use crate::reprints::letters::{hash, high};
use std::ops::Range;
use std::sync::OnceLock;

/// The letters of a text, ready to be compared with those of another.
#[derive(Debug)]
pub(crate) struct Sequence {
    pub(crate) letters: Vec<char>,
    /// The runs that stand in it once, hash and place, sorted; only long texts need them.
    anchors: OnceLock<Vec<(u32, u32)>>,
}

/// Where one of two texts has no more letters than this, all are compared with all, 64 at once.
const WHOLE_MAX: usize = 4096;
/// Letters of an anchor.
const ANCHOR_LETTERS: usize = 8;

impl Sequence {
    pub(crate) fn new(letters: Vec<char>) -> Self {
        Self { letters, anchors: OnceLock::new() }
    }

    fn anchors(&self) -> &[(u32, u32)] {
        self.anchors.get_or_init(|| anchors(&self.letters))
    }

    /// Letters in common order. Two long texts are held together at the runs that stand once in each, and compared
    /// between them; where both go on for more than [`WHOLE_MAX`] letters without such a run, they are taken to have nothing
    /// in common.
    pub(crate) fn in_order(&self, other: &Self) -> usize {
        let (a, b) = (self.letters.as_slice(), other.letters.as_slice());
        if let Some(count) = in_order(a, b) {
            return count;
        }
        let between = |of_a: Range<usize>, of_b: Range<usize>| {
            let both = a.get(of_a).zip(b.get(of_b));
            both.and_then(|(a, b)| in_order(a, b)).unwrap_or(0)
        };
        let (mut count, mut end_a, mut end_b) = (0, 0_usize, 0_usize);
        for (in_a, in_b) in self.chain(other) {
            // An anchor may begin in the one before.
            let begun = end_a.saturating_sub(in_a).max(end_b.saturating_sub(in_b));
            if begun < ANCHOR_LETTERS {
                count += between(end_a..in_a + begun, end_b..in_b + begun) + ANCHOR_LETTERS - begun;
                (end_a, end_b) = (in_a + ANCHOR_LETTERS, in_b + ANCHOR_LETTERS);
            }
        }
        count + between(end_a..a.len(), end_b..b.len())
    }

    /// Where anchors of both stand in each, as many as are in common order, in that order.
    fn chain(&self, other: &Self) -> Vec<(usize, usize)> {
        let mut others = other.anchors().iter().peekable();
        let mut both = Vec::new();
        for &(hash, at) in self.anchors() {
            while others.next_if(|(other, _)| *other < hash).is_some() {}
            let same = others.next_if(|(other, _)| *other == hash);
            both.extend(same.map(|&(_, in_other)| (at as usize, in_other as usize)));
        }
        both.retain(|&(at, in_other)| self.anchor(at) == other.anchor(in_other));
        both.sort_unstable();
        longest_rising(&both)
    }

    fn anchor(&self, at: usize) -> Option<&[char]> {
        self.letters.get(at..at + ANCHOR_LETTERS)
    }
}

/// The runs that stand once in a text.
fn anchors(letters: &[char]) -> Vec<(u32, u32)> {
    let runs = letters.windows(ANCHOR_LETTERS);
    let mut all: Vec<(u32, u32)> = runs.map(|run| high(hash(run))).zip(0..).collect();
    all.sort_unstable();
    all.chunk_by(|a, b| a.0 == b.0).filter(|same| same.len() == 1).flatten().copied().collect()
}

/// The most of these pairs that rise in both values, of pairs that rise in the first.
fn longest_rising(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // For each length the pair that ends a rising row of it with the least second value; for each pair the one before it.
    let (mut ends, mut before): (Vec<usize>, Vec<Option<usize>>) = (Vec::new(), Vec::new());
    let second = |at: usize| pairs.get(at).map(|pair| pair.1);
    for at in 0..pairs.len() {
        let length = ends.partition_point(|&end| second(end) < second(at));
        before.push(length.checked_sub(1).and_then(|shorter| ends.get(shorter).copied()));
        match ends.get_mut(length) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let mut row = Vec::with_capacity(ends.len());
    let mut next = ends.last().copied();
    while let Some(at) = next {
        row.extend(pairs.get(at));
        next = before.get(at).copied().flatten();
    }
    row.reverse();
    row
}

/// Letters of the longest common subsequence, 64 columns at once; `None` where both texts have more than [`WHOLE_MAX`].
///
/// Source: Hyyrö, *Bit-parallel LCS-length computation revisited*, 2004.
fn in_order(a: &[char], b: &[char]) -> Option<usize> {
    // What both begin and end with is always part of it.
    let start = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (a.get(start..)?, b.get(start..)?);
    let end = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    let (a, b) = (a.get(..a.len() - end)?, b.get(..b.len() - end)?);
    let (a, b) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if a.len() > WHOLE_MAX {
        return None;
    }
    let words = a.len().div_ceil(64);
    let mut alphabet = a.to_vec();
    alphabet.sort_unstable();
    alphabet.dedup();
    let mut places = vec![0_u64; alphabet.len() * words];
    let first = |letter: &char| alphabet.binary_search(letter).ok().map(|at| at * words);
    for (at, letter) in a.iter().enumerate() {
        if let Some(word) = first(letter).and_then(|first| places.get_mut(first + at / 64)) {
            *word |= 1 << (at % 64);
        }
    }
    // A zero bit is a column where the common subsequence grew.
    let mut columns = vec![u64::MAX; words];
    for places in b.iter().filter_map(|letter| places.get(first(letter)?..)) {
        let mut carry = false;
        for (column, place) in columns.iter_mut().zip(places) {
            let matched = *column & place;
            let (sum, over) = column.overflowing_add(matched);
            let (sum, over_too) = sum.overflowing_add(u64::from(carry));
            carry = over || over_too;
            *column = sum | (*column & !place);
        }
    }
    // Columns behind the last letter never change.
    let between = columns.iter().map(|column| column.count_zeros() as usize).sum::<usize>();
    Some(start + between + end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reprints::letters::mixed;

    /// The table of textbooks.
    fn by_table(a: &[char], b: &[char]) -> usize {
        let mut above = vec![0; b.len() + 1];
        for x in a {
            let mut row = vec![0; b.len() + 1];
            for (at, y) in b.iter().enumerate() {
                row[at + 1] = if x == y { above[at] + 1 } else { above[at + 1].max(row[at]) };
            }
            above = row;
        }
        above[b.len()]
    }

    #[test]
    fn letters_in_order_are_counted_as_by_the_table() {
        let letters: Vec<char> = "abcabba".repeat(20).chars().collect();
        let others: Vec<char> = "cbabacxx".repeat(17).chars().collect();
        for (a, b) in [(7, 6), (64, 64), (65, 130), (140, 136), (0, 5), (140, 0)] {
            let (a, b) = (&letters[..a], &others[..b]);
            assert_eq!(in_order(a, b), Some(by_table(a, b)));
            let framed = |middle: &[char]| ["xyz", &String::from_iter(middle), "zyx"].concat();
            let [a, b] = [a, b].map(|middle| framed(middle).chars().collect::<Vec<char>>());
            assert_eq!(in_order(&a, &b), Some(by_table(&a, &b)));
        }
    }

    /// Letters drawn from three hundred.
    fn drawn(count: usize, seed: u64) -> Vec<char> {
        let letter = |at| char::from_u32(0x4e00 + (mixed(seed + at) % 300) as u32).unwrap();
        (0..count as u64).map(letter).collect()
    }

    #[test]
    fn long_texts_are_held_together_at_what_stands_once_in_each() {
        let text = drawn(6000, 1);
        // One letter in twelve is another or gone, a passage is new and another one gone.
        let mut edited = text.clone();
        for at in (0..edited.len()).step_by(12) {
            edited[at] = 'x';
        }
        edited.retain({
            let mut at = 0;
            move |_| {
                at += 1;
                at % 37 > 0
            }
        });
        edited.splice(2000..2000, drawn(500, 1 << 40));
        edited.drain(4000..4200);
        let [one, other] = [text, edited].map(Sequence::new);
        let exact = by_table(&one.letters, &other.letters);
        let found = one.in_order(&other);
        assert!(found <= exact && found * 1000 >= exact * 985, "{found} of {exact}");
        assert_eq!(other.in_order(&one), found);
        assert_eq!(one.in_order(&one), 6000);
        // What is only alike by chance counts little, and costs little.
        assert!(one.in_order(&Sequence::new(drawn(6000, 1 << 50))) < 600);
    }

    #[test]
    fn the_most_pairs_that_rise_in_both_values_are_found() {
        let pairs = [(0, 5), (1, 1), (2, 6), (3, 2), (4, 3), (9, 0)];
        assert_eq!(longest_rising(&pairs), [(1, 1), (3, 2), (4, 3)]);
        assert_eq!(longest_rising(&[]), []);
    }
}
