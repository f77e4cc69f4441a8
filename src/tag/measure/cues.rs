//! Where the cues of measures stand in a text: one pass finds all first parts, then the other parts behind them.

use super::context::Read;
use crate::text::finder::WordFinder;
use crate::vocab::measures::{Cue, Measure};
use std::ops::Range;

/// How far apart, in bytes, the parts of one cue may stand.
const PART_GAP: usize = 45;

/// A cue as the finder sees it: found by its first part.
#[derive(Debug)]
struct Entry {
    measure: usize,
    /// Ordinal of the cue within its measure, `None` for an expression that cancels cues.
    cue: Option<usize>,
}

/// Finds cues.
#[derive(Debug)]
pub(super) struct CueFinder {
    words: WordFinder,
    /// By word: where its entries stand in `entries`.
    meant: Vec<Range<usize>>,
    entries: Vec<Entry>,
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
        let mut all: Vec<(&str, Entry)> = Vec::new();
        for (number, measure) in measures.iter().enumerate() {
            for (cue, words) in measure.cues.iter().enumerate() {
                let first = words.parts.first();
                let entry = Entry { measure: number, cue: Some(cue) };
                all.extend(first.map(|first| (first.as_str(), entry)));
            }
            let cancels = || Entry { measure: number, cue: None };
            all.extend(measure.not.iter().map(|words| (words.as_str(), cancels())));
        }
        all.sort_unstable_by_key(|(word, _)| *word);
        let (mut words, mut meant, mut from) = (Vec::new(), Vec::new(), 0);
        for entries in all.chunk_by(|a, b| a.0 == b.0) {
            words.push(entries[0].0);
            meant.push(from..from + entries.len());
            from += entries.len();
        }
        let words = WordFinder::new(&words);
        Self { words, meant, entries: all.into_iter().map(|(_, entry)| entry).collect() }
    }

    /// All cues, by measure and place, without those inside a longer cue of the same measure or inside an expression
    /// that cancels them.
    pub(super) fn find(&self, measures: &[Measure], text: &str, read: &Read) -> Vec<Found> {
        let mut found: Vec<Found> = Vec::new();
        let mut cancelled: Vec<(usize, Range<usize>)> = Vec::new();
        self.words.each(text, |hit| {
            let meant = self.meant.get(hit.word).and_then(|range| self.entries.get(range.clone()));
            for entry in meant.unwrap_or_default() {
                let Some(cue) = entry.cue else {
                    cancelled.push((entry.measure, hit.at.clone()));
                    continue;
                };
                let sentence = read.sentence_of(hit.at.start);
                let Some(end) = read.sentences.get(sentence).map(|sentence| sentence.at.end) else {
                    continue;
                };
                let Some(parts) = cue_of(measures, entry.measure, cue) else { continue };
                if let Some(at) = all_parts(text, hit.at.clone(), end, &parts.parts) {
                    found.push(Found { measure: entry.measure, cue, at, sentence });
                }
            }
        });
        if !cancelled.is_empty() {
            cancelled.sort_unstable_by_key(|(measure, at)| (*measure, at.end, at.start));
            found.retain(|hit| !is_cancelled(hit, &cancelled));
        }
        without_overlaps(found)
    }
}

/// A cue by the ordinals of its measure and its own.
pub(super) fn cue_of(measures: &[Measure], measure: usize, cue: usize) -> Option<&Cue> {
    measures.get(measure).and_then(|measure| measure.cues.get(cue))
}

/// Whether a cue lies inside one of the expressions that cancel it, which are sorted by measure and end.
fn is_cancelled(hit: &Found, cancelled: &[(usize, Range<usize>)]) -> bool {
    let first = cancelled
        .partition_point(|(measure, outer)| (*measure, outer.end) < (hit.measure, hit.at.end));
    cancelled
        .iter()
        .skip(first)
        .take_while(|(measure, outer)| *measure == hit.measure && outer.end < hit.at.end + PART_GAP)
        .any(|(_, outer)| outer.start <= hit.at.start)
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
