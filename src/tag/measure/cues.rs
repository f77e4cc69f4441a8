//! Where the cues of measures stand in a text: one automaton over all first parts, then the other parts behind them.

use super::context::Read;
use crate::vocab::measures::{Cue, Measure};
use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, MatchKind};
use std::collections::HashMap;
use std::ops::Range;

/// How far apart, in bytes, the parts of one cue may stand.
const PART_GAP: usize = 45;

/// A cue as the automaton sees it: found by its first part.
#[derive(Debug)]
struct Entry {
    measure: usize,
    /// Ordinal of the cue within its measure, `None` for an expression that cancels cues.
    cue: Option<usize>,
}

/// Finds cues.
#[derive(Debug)]
pub(super) struct CueFinder {
    automaton: AhoCorasick,
    /// By pattern.
    entries: Vec<Vec<Entry>>,
}

/// A cue found in a paragraph.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) measure: usize,
    pub(super) cue: usize,
    pub(super) at: Range<usize>,
    pub(super) sentence: usize,
}

impl CueFinder {
    pub(super) fn new(measures: &[Measure]) -> Self {
        let mut patterns: Vec<String> = Vec::new();
        let mut entries: Vec<Vec<Entry>> = Vec::new();
        let mut known: HashMap<String, usize> = HashMap::new();
        let mut add = |words: &str, entry: Entry| {
            let pattern = *known.entry(words.to_owned()).or_insert_with(|| {
                patterns.push(words.to_owned());
                entries.push(Vec::new());
                patterns.len() - 1
            });
            entries[pattern].push(entry);
        };
        for (number, measure) in measures.iter().enumerate() {
            for (cue, words) in measure.cues.iter().enumerate() {
                if let Some(first) = words.parts.first() {
                    add(first, Entry { measure: number, cue: Some(cue) });
                }
            }
            for words in &measure.not {
                add(words, Entry { measure: number, cue: None });
            }
        }
        let automaton = AhoCorasickBuilder::new()
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(&patterns)
            .expect("some thousand short cues stay far below the automaton's limits");
        Self { automaton, entries }
    }

    /// All cues, by measure and place, without those inside a longer cue of the same measure or inside an expression
    /// that cancels them.
    pub(super) fn find(&self, measures: &[Measure], text: &str, read: &Read) -> Vec<Found> {
        let mut found: Vec<Found> = Vec::new();
        let mut cancelled: HashMap<usize, Vec<Range<usize>>> = HashMap::new();
        for hit in self.automaton.find_overlapping_iter(text) {
            for entry in self.entries.get(hit.pattern().as_usize()).into_iter().flatten() {
                let Some(cue) = entry.cue else {
                    cancelled.entry(entry.measure).or_default().push(hit.range());
                    continue;
                };
                let sentence = read.sentence_of(hit.start());
                let Some(end) = read.sentences.get(sentence).map(|sentence| sentence.at.end) else {
                    continue;
                };
                let Some(parts) = cue_of(measures, entry.measure, cue) else { continue };
                if let Some(at) = all_parts(text, hit.range(), end, &parts.parts) {
                    found.push(Found { measure: entry.measure, cue, at, sentence });
                }
            }
        }
        found.retain(|hit| {
            !cancelled.get(&hit.measure).is_some_and(|outer| lies_in_one(&hit.at, outer))
        });
        without_overlaps(found)
    }
}

/// A cue by the ordinals of its measure and its own.
pub(super) fn cue_of(measures: &[Measure], measure: usize, cue: usize) -> Option<&Cue> {
    measures.get(measure).and_then(|measure| measure.cues.get(cue))
}

/// Whether a range lies inside one of others that are sorted by their ends, as the automaton finds them.
fn lies_in_one(at: &Range<usize>, others: &[Range<usize>]) -> bool {
    let first = others.partition_point(|other| other.end < at.end);
    others
        .iter()
        .skip(first)
        .take_while(|other| other.end < at.end + PART_GAP)
        .any(|other| other.start <= at.start)
}

/// Of the cues of one measure that share characters only the longest counts: 让群众少跑腿 says one thing once.
fn without_overlaps(mut found: Vec<Found>) -> Vec<Found> {
    found.sort_by_key(|hit| (hit.measure, hit.at.start, std::cmp::Reverse(hit.at.end), hit.cue));
    let mut kept: Vec<Found> = Vec::with_capacity(found.len());
    for hit in found {
        match kept.last_mut() {
            Some(last) if last.measure == hit.measure && hit.at.start < last.at.end => {
                if hit.at.len() > last.at.len() {
                    *last = hit;
                }
            }
            _ => kept.push(hit),
        }
    }
    kept
}

/// Where the parts of a cue stand, one after the other before `end`.
fn all_parts(
    text: &str,
    first: Range<usize>,
    end: usize,
    parts: &[String],
) -> Option<Range<usize>> {
    let mut at = first;
    for part in parts.iter().skip(1) {
        let mut reach = (at.end + PART_GAP + part.len()).min(end);
        while !text.is_char_boundary(reach) {
            reach -= 1;
        }
        let place = text.get(at.end..reach)?.find(part.as_str())?;
        at.end += place + part.len();
    }
    Some(at)
}
