//! The weighted lexicon: what the cues of a measure say together, without anything learned.
//!
//! It decides alone for the measures of a user's own; for the built-in ones it is one feature of many.

use super::context::Read;
use super::cues::{Found, cue_of};
use crate::tag::offsets::around;
use crate::vocab::measures::Measure;
use std::ops::Range;

/// A sentence that touches so many measures and reports no number lists them.
const LIST_OF_MEASURES: usize = 6;
/// What cues count in a paragraph that reports no number, and in one that opens a section and reports none:
/// 该县坚持…，以…为重点，推动….
const TEXT_WITHOUT_NUMBER: f32 = 0.6;
const LEAD_WITHOUT_NUMBER: f32 = 0.4;
/// What a cue counts that is one item of an enumeration, or a scheme's name without a number.
const LISTED: f32 = 0.6;

/// The score of one measure, and its cues.
#[derive(Debug, Clone)]
pub(super) struct Score {
    pub(super) measure: usize,
    pub(super) value: f32,
    /// Each distinct cue with its best value.
    pub(super) cues: Vec<(usize, f32)>,
    /// Where they stand, in order.
    pub(super) hits: Vec<Hit>,
}

/// One place of a cue.
#[derive(Debug, Clone)]
pub(super) struct Hit {
    pub(super) cue: usize,
    pub(super) at: Range<usize>,
    pub(super) sentence: usize,
    /// Whether it is an item of an enumeration.
    pub(super) listed: bool,
}

/// The scores of all measures that have a cue, by measure. `found` is sorted by measure and place.
pub(super) fn scores(
    measures: &[Measure],
    text: &str,
    read: &Read,
    found: &[Found],
    lead: bool,
) -> Vec<Score> {
    let lists = lists(read, found);
    let talk = match (read.sentences.iter().any(|sentence| sentence.has_number), lead) {
        (true, _) => 1.0,
        (false, true) => LEAD_WITHOUT_NUMBER,
        (false, false) => TEXT_WITHOUT_NUMBER,
    };
    let mut scores = Vec::new();
    for group in found.chunk_by(|a, b| a.measure == b.measure) {
        let Some(first) = group.first() else { continue };
        let mut score =
            Score { measure: first.measure, value: 0.0, cues: Vec::new(), hits: Vec::new() };
        for hit in group {
            let Some(cue) = cue_of(measures, hit.measure, hit.cue) else { continue };
            let Some(sentence) = read.sentences.get(hit.sentence) else { continue };
            let mut value = cue.weight * sentence.factor * talk;
            if lists.binary_search(&hit.sentence).is_ok() {
                value *= 0.5;
            }
            let listed = is_listed(text, &hit.at);
            if listed || cue.scheme && !sentence.has_number {
                value *= LISTED;
            }
            score.hits.push(Hit {
                cue: hit.cue,
                at: hit.at.clone(),
                sentence: hit.sentence,
                listed,
            });
            score.cues.push((hit.cue, value));
        }
        // A cue said again adds nothing; its best sentence counts.
        score.cues.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
        score.cues.dedup_by_key(|(cue, _)| *cue);
        score.value = score.cues.iter().map(|(_, value)| value).sum();
        scores.push(score);
    }
    scores
}

/// The sentences that name many measures and no number, sorted: they list them.
fn lists(read: &Read, found: &[Found]) -> Vec<usize> {
    let mut touched: Vec<(usize, usize)> =
        found.iter().map(|hit| (hit.sentence, hit.measure)).collect();
    touched.sort_unstable();
    touched.dedup();
    touched
        .chunk_by(|a, b| a.0 == b.0)
        .filter(|measures| measures.len() >= LIST_OF_MEASURES)
        .filter_map(|measures| measures.first().map(|(sentence, _)| *sentence))
        .filter(|sentence| {
            read.sentences.get(*sentence).is_some_and(|sentence| !sentence.has_number)
        })
        .collect()
}

/// Whether a cue is an item of an enumeration of three or more: 代办证件、走访慰问、隐患排查.
fn is_listed(text: &str, at: &Range<usize>) -> bool {
    const ENDS: [char; 9] = ['，', ',', '。', '；', ';', ':', '：', '！', '？'];
    /// Bytes between a cue and the 、 of its item.
    const ITEM: usize = 18;
    let near = |distance: Option<usize>| distance.is_some_and(|bytes| bytes <= ITEM);
    let beside = |before: &str, after: &str| {
        near(before.rfind('、').map(|mark| before.len() - mark - '、'.len_utf8()))
            || near(after.find('、'))
    };
    let (before, after) = around(text, at);
    // Most cues have no such mark near, which is sooner seen than where their sentence begins.
    if !beside(before, after) {
        return false;
    }
    let before = before.rfind(ENDS).and_then(|end| before.get(end..)).unwrap_or(before);
    let after = after.find(ENDS).and_then(|end| after.get(..end)).unwrap_or(after);
    beside(before, after) && before.matches('、').count() + after.matches('、').count() >= 2
}
