//! Which classes are worth comparing: those whose sketches share a rare shingle, or two.
//!
//! A shingle that many classes have is a formula of its kind of text. Of a class only the next [`WINDOW`] that have the
//! shingle are looked at, in the order of their keys: that bounds the work by the number of classes, and a text that
//! stands in thousands of versions still becomes one cluster, as each is near the next.

use crate::reprints::letters::{SKETCH_BITS, SKETCH_SHINGLES, Sketch};
use std::iter;

/// Classes behind a class that a shared shingle leads to.
const WINDOW: usize = 16;
/// Of a shingle that no more classes than this have, one shared is enough.
const RARE: usize = 16;
/// Entries that are sorted at a time.
const ENTRIES_AT_ONCE: usize = 1 << 20;
/// Marks the first place of a bucket.
const FIRST: u32 = 1 << 31;
/// Marks the places of a bucket that has few.
const FEW: u32 = 1 << 30;
/// All else of an entry. A sketch has eight places in buckets, and these are numbered with 32 bits.
const PLACE: u32 = (1 << 29) - 1;

/// Pairs of places in `sketches`, the lower first, in the rounds in which they should be compared: those of a round tell
/// which of the later ones need not be, because they hang together already. In the first round each place has its next one,
/// in the second the one after that, then come the next two, four, eight.
///
/// Memory besides the answer, in bytes: at most 96 a sketch while buckets grow, and 8 million. To save more of it all buckets
/// are read again, one number after the other, for every 131,072 sketches.
pub(crate) fn candidates(sketches: &[Sketch]) -> Vec<Vec<(u32, u32)>> {
    let buckets = buckets(sketches);
    let mut rounds = Vec::new();
    let mut entries: Vec<u64> = Vec::new();
    let places_at_once = ENTRIES_AT_ONCE / SKETCH_SHINGLES;
    for first in (0..sketches.len()).step_by(places_at_once) {
        let here = first..first + places_at_once;
        let places = buckets.iter().map(|entry| entry & PLACE);
        let places = (0..).zip(places).filter(|(_, place)| here.contains(&(*place as usize)));
        entries.clear();
        entries.extend(places.map(|(at, place): (u64, u32)| u64::from(place) << 32 | at));
        entries.sort_unstable();
        pair_up(sketches, &buckets, &entries, &mut rounds);
    }
    rounds
}

/// Adds the pairs of which `entries` tell the first: place, and where in `buckets` it stands, sorted.
fn pair_up(
    sketches: &[Sketch],
    buckets: &[u32],
    entries: &[u64],
    rounds: &mut Vec<Vec<(u32, u32)>>,
) {
    let mut others = Vec::new();
    for entries in entries.chunk_by(|a, b| a >> 32 == b >> 32) {
        let Some(&[place, _]) = entries.first().map(|&entry| halves(entry)).as_ref() else {
            continue;
        };
        others.clear();
        for [_, at] in entries.iter().map(|&entry| halves(entry)) {
            let next = buckets.iter().skip(at as usize + 1).take(WINDOW);
            let next = next.take_while(|&entry| entry & FIRST == 0);
            others.extend(next.map(|entry| (entry & PLACE, entry & FEW > 0)));
        }
        others.sort_unstable();
        let distinct = others.chunk_by(|a, b| a.0 == b.0).filter_map(|same| same.last());
        // Another shingle that a pair shares may have it beyond the window.
        let alike = distinct.filter(|(other, is_rare)| *is_rare || alike(sketches, place, *other));
        for (ordinal, (other, _)) in alike.enumerate() {
            let round = (usize::BITS - ordinal.leading_zeros()) as usize;
            if rounds.len() <= round {
                rounds.resize_with(round + 1, Vec::new);
            }
            rounds.get_mut(round).into_iter().for_each(|round| round.push((place, *other)));
        }
    }
}

/// For each shingle that several sketches have their places, rising, with marks.
fn buckets(sketches: &[Sketch]) -> Vec<u32> {
    assert!(sketches.len() <= PLACE as usize, "an index has less than five hundred million texts");
    let hashes = size_of_val(sketches) / size_of::<u32>();
    let slices = hashes.div_ceil(ENTRIES_AT_ONCE).max(1) as u64;
    let mut buckets = Vec::new();
    let mut entries: Vec<u64> = Vec::new();
    for slice in 0..slices {
        entries.clear();
        for (place, sketch) in (0_u64..).zip(sketches) {
            // Equal neighbours fill up the sketch of a text with few shingles.
            let distinct = sketch.chunk_by(|a, b| a == b).filter_map(|same| same.first());
            let here = distinct.filter(|&&hash| (u64::from(hash) * slices) >> SKETCH_BITS == slice);
            entries.extend(here.map(|&hash| u64::from(hash) << 32 | place));
        }
        entries.sort_unstable();
        for bucket in entries.chunk_by(|a, b| a >> 32 == b >> 32).filter(|same| same.len() > 1) {
            let few = if bucket.len() <= RARE { FEW } else { 0 };
            let places = bucket.iter().map(|&entry| halves(entry)[1] | few);
            buckets.extend(
                iter::once(FIRST)
                    .chain(iter::repeat(0))
                    .zip(places)
                    .map(|(first, place)| first | place),
            );
        }
    }
    buckets
}

#[allow(clippy::cast_possible_truncation, reason = "each half has 32 bits")]
fn halves(number: u64) -> [u32; 2] {
    [(number >> 32) as u32, number as u32]
}

/// Whether two sketches share two shingles.
fn alike(sketches: &[Sketch], a: u32, b: u32) -> bool {
    let (Some(a), Some(b)) = (sketches.get(a as usize), sketches.get(b as usize)) else {
        return false;
    };
    a.iter().filter(|hash| b.contains(hash)).count() > 1
}

#[cfg(test)]
mod tests {
    use super::*;
    /// A sketch with the given hashes, filled up with some that no other has.
    fn sketch(own: u32, hashes: &[u32]) -> Sketch {
        let fill = (0..).map(|n| 1_000_000 + own * 100 + n);
        let all: Vec<u32> = hashes.iter().copied().chain(fill).take(SKETCH_SHINGLES).collect();
        all.try_into().unwrap()
    }

    /// The pairs of all rounds, sorted.
    fn pairs(sketches: &[Sketch]) -> Vec<(u32, u32)> {
        let mut pairs = candidates(sketches).concat();
        pairs.sort_unstable();
        pairs
    }

    #[test]
    fn sketches_that_share_a_rare_shingle_or_two_are_candidates() {
        assert_eq!(pairs(&[sketch(0, &[1]), sketch(1, &[2]), sketch(2, &[1])]), [(0, 2)]);
        let mut formula: Vec<Sketch> = (0..20).map(|own| sketch(own, &[7])).collect();
        assert_eq!(pairs(&formula), []);
        formula[1] = sketch(1, &[7, 8]);
        formula[4] = sketch(4, &[7, 8]);
        assert_eq!(pairs(&formula), [(1, 4)]);
        // Of two shared formulas one leads from the first to the last, the other only to those between.
        let formulas = |own| match own {
            0 | 40 => sketch(own, &[7, 8]),
            1..=20 => sketch(own, &[8]),
            41..=60 => sketch(own, &[7]),
            _ => sketch(own, &[]),
        };
        assert_eq!(pairs(&(0..=60).map(formulas).collect::<Vec<Sketch>>()), [(0, 40)]);
        assert_eq!(pairs(&[]), []);
    }

    #[test]
    fn a_text_in_thousands_of_versions_makes_few_pairs_and_leaves_none_alone() {
        let all: Vec<Sketch> = (0..5000).map(|own| sketch(own, &[1, 2, 3])).collect();
        let rounds = candidates(&all);
        let count: usize = rounds.iter().map(Vec::len).sum();
        assert_eq!(count, 5000 * WINDOW - WINDOW * (WINDOW + 1) / 2);
        let next: Vec<(u32, u32)> = (0..4999).map(|at| (at, at + 1)).collect();
        assert_eq!(rounds.first(), Some(&next));
    }
}
