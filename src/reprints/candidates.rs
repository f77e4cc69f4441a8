//! Which classes are worth comparing: those whose sketches share a rare shingle, or two.
//!
//! A shingle that many classes have is a formula of its kind of text. Of a class only the next [`WINDOW`] that have the
//! shingle are looked at, in the order of their keys: that bounds the work by the number of classes, and a text that
//! stands in thousands of versions still becomes one cluster, as each is near the next.

use crate::reprints::letters::{SKETCH_BITS, Sketch};
use std::iter;

/// Classes behind a class that a shared shingle leads to.
const WINDOW: usize = 16;
/// Of a shingle that no more classes than this have, one shared is enough.
const RARE: usize = 16;
/// Entries that are sorted at a time.
const ENTRIES_AT_ONCE: usize = 4 << 20;
/// Pairs that are counted at a time.
const PAIRS_AT_ONCE: usize = 8 << 20;
/// Marks the first entry of a bucket.
const FIRST: u32 = 1 << 31;

/// Pairs of places in `sketches`, the lower first, sorted. Memory: at most about 96 bytes a sketch besides the answer,
/// and 100 MB.
pub(crate) fn candidates(sketches: &[Sketch]) -> Vec<(u32, u32)> {
    let buckets = buckets(sketches);
    let runs: Vec<&[u32]> = buckets.chunk_by(|_, next| next & FIRST == 0).collect();
    let all: usize = runs.iter().map(|run| 2 * run.len() * WINDOW.min(run.len() - 1)).sum();
    let blocks = all.div_ceil(PAIRS_AT_ONCE).max(1);
    let per_block = u32::try_from(sketches.len().div_ceil(blocks).max(1)).unwrap_or(FIRST);
    let mut found = Vec::new();
    let mut pairs: Vec<u64> = Vec::new();
    for block in 0..u32::try_from(blocks).unwrap_or(u32::MAX) {
        let here = block.saturating_mul(per_block)..(block + 1).saturating_mul(per_block);
        pairs.clear();
        for run in &runs {
            for (at, first) in run.iter().enumerate() {
                let first = first & !FIRST;
                if here.contains(&first) {
                    let next = run.iter().skip(at + 1).take(WINDOW);
                    let next = next.map(|&other| u64::from(first) << 32 | u64::from(other));
                    // What is rare counts for two.
                    let times = if run.len() <= RARE { 2 } else { 1 };
                    pairs.extend(next.flat_map(|pair| iter::repeat_n(pair, times)));
                }
            }
        }
        pairs.sort_unstable();
        for same in pairs.chunk_by(|a, b| a == b) {
            let Some(&[a, b]) = same.first().map(|&pair| halves(pair)).as_ref() else { continue };
            // A pair may have been beyond the window of another shingle it shares.
            if same.len() > 1 || alike(sketches, a, b) {
                found.push((a, b));
            }
        }
    }
    found
}

/// For each shingle that several sketches have their places, rising, the first one marked.
fn buckets(sketches: &[Sketch]) -> Vec<u32> {
    assert!(sketches.len() < FIRST as usize, "an index has less than two thousand million texts");
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
            let start = buckets.len();
            buckets.extend(bucket.iter().map(|&entry| halves(entry)[1]));
            if let Some(first) = buckets.get_mut(start) {
                *first |= FIRST;
            }
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
    use crate::reprints::letters::SKETCH_SHINGLES;

    /// A sketch with the given hashes, filled up with some that no other has.
    fn sketch(own: u32, hashes: &[u32]) -> Sketch {
        let fill = (0..).map(|n| 1_000_000 + own * 100 + n);
        let all: Vec<u32> = hashes.iter().copied().chain(fill).take(SKETCH_SHINGLES).collect();
        all.try_into().unwrap()
    }

    #[test]
    fn sketches_that_share_a_rare_shingle_or_two_are_candidates() {
        assert_eq!(candidates(&[sketch(0, &[1]), sketch(1, &[2]), sketch(2, &[1])]), [(0, 2)]);
        let mut formula: Vec<Sketch> = (0..20).map(|own| sketch(own, &[7])).collect();
        assert_eq!(candidates(&formula), []);
        formula[1] = sketch(1, &[7, 8]);
        formula[4] = sketch(4, &[7, 8]);
        assert_eq!(candidates(&formula), [(1, 4)]);
        assert_eq!(candidates(&[]), []);
    }

    #[test]
    fn a_text_in_thousands_of_versions_makes_few_pairs_and_leaves_none_alone() {
        let all: Vec<Sketch> = (0..5000).map(|own| sketch(own, &[1, 2, 3])).collect();
        let pairs = candidates(&all);
        assert_eq!(pairs.len(), 5000 * WINDOW - WINDOW * (WINDOW + 1) / 2);
        assert!((0..4999).all(|at| pairs.binary_search(&(at, at + 1)).is_ok()));
    }
}
