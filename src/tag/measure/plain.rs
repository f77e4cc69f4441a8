//! The weighted lexicon: what the cues of a measure say together, without anything learned.
//!
//! It decides alone for the measures of a user's own; for the built-in ones it is one feature of many.

use super::context::Read;
use super::cues::{Found, Traits};
use std::ops::Range;

/// A sentence that touches so many measures and reports no number lists them.
const LIST_OF_MEASURES: usize = 6;
/// What cues count in a paragraph that reports no number, and in one that opens a section and reports none:
/// 该县坚持…，以…为重点，推动….
const TEXT_WITHOUT_NUMBER: f32 = 0.6;
const LEAD_WITHOUT_NUMBER: f32 = 0.4;
/// What a cue counts that is one item of an enumeration, or a scheme's name without a number.
const LISTED: f32 = 0.6;

/// The scores of all measures that have a cue in a paragraph.
#[derive(Debug)]
pub(super) struct Scores {
    /// By measure.
    pub(super) all: Vec<Score>,
    /// Where the cues stand, by measure and place.
    found: Vec<Found>,
    /// The distinct cues, by measure.
    cues: Vec<ScoredCue>,
}

/// The score of one measure.
#[derive(Debug)]
pub(super) struct Score {
    pub(super) measure: usize,
    pub(super) value: f32,
    found: Range<usize>,
    cues: Range<usize>,
}

/// What a cue counts, said once or often.
#[derive(Debug)]
pub(super) struct ScoredCue {
    pub(super) cue: usize,
    pub(super) traits: Traits,
    /// What it counts at its best place.
    value: f32,
    /// What its best sentence counts.
    pub(super) factor: f32,
}

impl Scores {
    /// The scores of a paragraph; `found` is sorted by measure and place.
    pub(super) fn new(read: &Read, found: Vec<Found>, lead: bool) -> Self {
        let lists = lists(read, &found);
        let talk = match (read.sentences.iter().any(|sentence| sentence.has_number), lead) {
            (true, _) => 1.0,
            (false, true) => LEAD_WITHOUT_NUMBER,
            (false, false) => TEXT_WITHOUT_NUMBER,
        };
        let (mut all, mut cues, mut from) = (Vec::new(), Vec::new(), 0);
        for group in found.chunk_by(|a, b| a.measure == b.measure) {
            let Some(first) = group.first() else { continue };
            let first_cue = cues.len();
            for hit in group {
                let Some(sentence) = read.sentences.get(hit.sentence) else { continue };
                let mut value = hit.traits.weight * sentence.factor * talk;
                if lists.contains(&hit.sentence) {
                    value *= 0.5;
                }
                if hit.listed || hit.traits.scheme && !sentence.has_number {
                    value *= LISTED;
                }
                add(&mut cues, first_cue, hit, value, sentence.factor);
            }
            let own = cues.get_mut(first_cue..).unwrap_or_default();
            own.sort_unstable_by_key(|cue| cue.cue);
            all.push(Score {
                measure: first.measure,
                value: own.iter().map(|cue| cue.value).sum(),
                found: from..from + group.len(),
                cues: first_cue..cues.len(),
            });
            from += group.len();
        }
        Self { all, found, cues }
    }

    /// Where the cues of a measure stand, in order.
    pub(super) fn found(&self, score: &Score) -> &[Found] {
        self.found.get(score.found.clone()).unwrap_or_default()
    }

    /// The distinct cues of a measure, in order.
    pub(super) fn cues(&self, score: &Score) -> &[ScoredCue] {
        self.cues.get(score.cues.clone()).unwrap_or_default()
    }
}

/// Adds a place of a cue to those from `first` on, which are of its measure. A cue said again adds nothing; its best
/// sentence counts.
fn add(cues: &mut Vec<ScoredCue>, first: usize, hit: &Found, value: f32, factor: f32) {
    match cues.iter_mut().skip(first).find(|known| known.cue == hit.cue) {
        Some(known) => {
            known.value = known.value.max(value);
            known.factor = known.factor.max(factor);
        }
        None => cues.push(ScoredCue { cue: hit.cue, traits: hit.traits, value, factor }),
    }
}

/// The sentences that name many measures and no number: they list them. `found` is sorted by measure and place.
fn lists(read: &Read, found: &[Found]) -> Vec<usize> {
    let mut touched = vec![0; read.sentences.len()];
    for hits in found.chunk_by(|a, b| (a.measure, a.sentence) == (b.measure, b.sentence)) {
        if let Some(count) = hits.first().and_then(|hit| touched.get_mut(hit.sentence)) {
            *count += 1;
        }
    }
    let counted = touched.iter().zip(&read.sentences).enumerate();
    counted
        .filter(|(_, (count, sentence))| **count >= LIST_OF_MEASURES && !sentence.has_number)
        .map(|(at, _)| at)
        .collect()
}
