//! Where the cues of measures stand in a text, and how it speaks: one pass finds the first parts of all cues and the
//! words of [`super::context`], then the other parts of the cues behind them.

use super::context::{Read, Says, telling_words};
use crate::tag::offsets::around;
use crate::text::finder::WordFinder;
use crate::vocab::measures::{Cue, Measure};
use memchr::memmem;
use std::ops::Range;

/// How far apart, in bytes, the parts of one cue may stand.
const PART_GAP: usize = 45;

/// Finds cues and the words that say how a text speaks.
#[derive(Debug)]
pub(super) struct Reader {
    words: WordFinder,
    /// By word.
    meanings: Vec<Meaning>,
    entries: Vec<Entry>,
}

/// What a word means.
#[derive(Debug)]
struct Meaning {
    says: Says,
    /// Where what it is in measures stands in the reader's entries: these are small, so that they stay near.
    entries: Range<u32>,
}

/// What a word is in a measure.
#[derive(Debug, Clone, Copy)]
enum Entry {
    /// The first part of a cue, which has this ordinal within its measure.
    Cue { measure: u32, cue: u32, traits: Traits },
    /// An expression that cancels cues.
    Cancels { measure: u32 },
}

/// What is asked of each cue that is found, so that its measure need not be asked.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Traits {
    pub(super) weight: f32,
    pub(super) scheme: bool,
    /// Whether it has several parts.
    pub(super) parted: bool,
    /// Characters of its parts together; 255 stands for more.
    pub(super) chars: u8,
    /// Lower bytes of the first and the last character of its second part, which its sentence must hold.
    second: [u8; 2],
}

/// The lower bytes of the characters of a text: most words are missed in it without a search.
#[derive(Debug, Clone, Copy, Default)]
struct LowerBytes([u64; 4]);

impl LowerBytes {
    fn of(text: &str) -> Self {
        let mut all = Self::default();
        for (cell, bit) in text.chars().map(lower_byte).map(Self::bit) {
            all.0[cell] |= bit;
        }
        all
    }

    fn hold(&self, byte: u8) -> bool {
        let (cell, bit) = Self::bit(byte);
        self.0[cell] & bit != 0
    }

    fn bit(byte: u8) -> (usize, u64) {
        (usize::from(byte >> 6), 1 << (byte & 63))
    }
}

fn lower_byte(c: char) -> u8 {
    u32::from(c).to_le_bytes()[0]
}

/// A cue found in a paragraph.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) measure: usize,
    pub(super) cue: usize,
    pub(super) traits: Traits,
    pub(super) at: Range<usize>,
    pub(super) sentence: usize,
    /// Whether it is an item of an enumeration.
    pub(super) listed: bool,
}

impl Reader {
    pub(super) fn new(measures: &[Measure]) -> Self {
        let mut all: Vec<(&str, Option<Entry>)> = Vec::new();
        for (number, measure) in (0..).zip(measures) {
            for (cue, words) in (0..).zip(&measure.cues) {
                let first = words.parts.first();
                let entry = Entry::Cue { measure: number, cue, traits: Traits::of(words) };
                all.extend(first.map(|first| (first.as_str(), Some(entry))));
            }
            let cancels = Some(Entry::Cancels { measure: number });
            all.extend(measure.not.iter().map(|words| (words.as_str(), cancels)));
        }
        let telling = telling_words();
        all.extend(telling.keys().map(|word| (*word, None)));
        all.sort_unstable_by_key(|(word, _)| *word);
        let (mut words, mut meanings, mut entries) = (Vec::new(), Vec::new(), Vec::new());
        for group in all.chunk_by(|a, b| a.0 == b.0) {
            let word = group[0].0;
            let from = ordinal(entries.len());
            entries.extend(group.iter().filter_map(|(_, entry)| *entry));
            let says = telling.get(word).copied().unwrap_or_default();
            meanings.push(Meaning { says, entries: from..ordinal(entries.len()) });
            words.push(word);
        }
        Self { words: WordFinder::new(&words), meanings, entries }
    }

    /// How a text speaks, and all cues, by measure and place, without those inside a longer cue of the same measure or
    /// inside an expression that cancels them.
    pub(super) fn read(&self, measures: &[Measure], text: &str) -> (Read, Vec<Found>) {
        let mut read = Read::new(text);
        let mut found: Vec<Found> = Vec::new();
        let mut cancelled: Vec<(usize, Range<usize>)> = Vec::new();
        let mut sentence = 0;
        // Of the sentence and of the text, once something asks for them.
        let (mut letters, mut marks) = (None, None);
        self.words.each(text, |hit| {
            let Some(meaning) = self.meanings.get(hit.word) else { return };
            while read.sentences.get(sentence).is_some_and(|one| one.at.end <= hit.at.start) {
                sentence += 1;
                letters = None;
            }
            let Some(end) = read.sentences.get(sentence).map(|sentence| sentence.at.end) else {
                return;
            };
            read.hear(meaning.says, &hit.at, sentence);
            let Range { start, end: behind } = meaning.entries;
            let entries = self.entries.get(start as usize..behind as usize).unwrap_or_default();
            let mut listed = None;
            for entry in entries {
                let (measure, cue, traits) = match *entry {
                    Entry::Cue { measure, cue, traits } => (measure as usize, cue as usize, traits),
                    Entry::Cancels { measure } => {
                        cancelled.push((measure as usize, hit.at.clone()));
                        continue;
                    }
                };
                let mut at = hit.at.clone();
                let listed = if traits.parted {
                    let letters = letters.get_or_insert_with(|| {
                        let start = read.sentences.get(sentence).map_or(0, |one| one.at.start);
                        LowerBytes::of(text.get(start..end).unwrap_or_default())
                    });
                    if !traits.second.iter().all(|&byte| letters.hold(byte)) {
                        continue;
                    }
                    let parts = cue_of(measures, measure, cue).map(|cue| cue.parts.as_slice());
                    match all_parts(text, at, end, parts.unwrap_or_default()) {
                        Some(all) => at = all,
                        None => continue,
                    }
                    is_listed(text, &at, marks.get_or_insert_with(|| enumeration_marks(text)))
                } else {
                    let marks = marks.get_or_insert_with(|| enumeration_marks(text));
                    *listed.get_or_insert_with(|| is_listed(text, &at, marks))
                };
                found.push(Found { measure, cue, traits, at, sentence, listed });
            }
        });
        read.judge(text);
        if !cancelled.is_empty() {
            cancelled.sort_unstable_by_key(|(measure, at)| (*measure, at.end, at.start));
            found.retain(|hit| !is_cancelled(hit, &cancelled));
        }
        drop_overlaps(&mut found);
        (read, found)
    }
}

impl Traits {
    fn of(cue: &Cue) -> Self {
        let chars: usize = cue.parts.iter().map(|part| part.chars().count()).sum();
        let second = cue.parts.get(1).map_or("", String::as_str).chars();
        let (first, last) = (second.clone().next(), second.clone().next_back());
        Self {
            weight: cue.weight,
            scheme: cue.scheme,
            parted: cue.parts.len() > 1,
            chars: u8::try_from(chars).unwrap_or(u8::MAX),
            second: [first, last].map(|c| c.map_or(0, lower_byte)),
        }
    }
}

fn ordinal(at: usize) -> u32 {
    u32::try_from(at).expect("lists of cues are far shorter than 4 GB")
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

/// Sorts by measure and place. Of the cues of one measure that share characters only the longest stays:
/// 让群众少跑腿 says one thing once.
fn drop_overlaps(found: &mut Vec<Found>) {
    found.sort_unstable_by_key(|hit| {
        (hit.measure, hit.at.start, std::cmp::Reverse(hit.at.end), hit.cue)
    });
    found.dedup_by(|next, kept| {
        let overlap = next.measure == kept.measure && next.at.start < kept.at.end;
        if overlap && next.at.len() > kept.at.len() {
            std::mem::swap(next, kept);
        }
        overlap
    });
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
        at.end += end_of_first(text.get(at.end..reach)?, part)?;
    }
    Some(at)
}

/// Where a word ends that stands in a few characters of text, the first time. A general search costs more to begin
/// than these characters take one by one.
fn end_of_first(text: &str, word: &str) -> Option<usize> {
    let first = word.chars().next()?;
    let mut starts = text.char_indices().filter(|(_, c)| *c == first);
    let (start, _) =
        starts.find(|(at, _)| text.get(*at..).is_some_and(|rest| rest.starts_with(word)))?;
    Some(start + word.len())
}

const MARK: &str = "、";

/// Where the marks between the items of enumerations stand.
fn enumeration_marks(text: &str) -> Vec<usize> {
    memmem::find_iter(text.as_bytes(), MARK).collect()
}

/// Whether a cue is an item of an enumeration of three or more: 代办证件、走访慰问、隐患排查. `marks` are those of the text.
fn is_listed(text: &str, at: &Range<usize>, marks: &[usize]) -> bool {
    const ENDS: [char; 9] = ['，', ',', '。', '；', ';', ':', '：', '！', '？'];
    /// Bytes between a cue and the 、 of its item.
    const ITEM: usize = 18;
    let next = marks.partition_point(|&mark| mark < at.start);
    let before = next.checked_sub(1).and_then(|last| marks.get(last));
    let mut behind = marks.get(next..).unwrap_or_default().iter();
    let after = behind.find(|&&mark| mark >= at.end);
    // Most cues have no such mark near, which is sooner seen than where their sentence begins.
    if before.is_none_or(|mark| mark + MARK.len() + ITEM < at.start)
        && after.is_none_or(|mark| at.end + ITEM < *mark)
    {
        return false;
    }
    let (before, after) = around(text, at);
    let before = before.rfind(ENDS).and_then(|end| before.get(end..)).unwrap_or(before);
    let after = after.find(ENDS).and_then(|end| after.get(..end)).unwrap_or(after);
    let is_near = |distance: Option<usize>| distance.is_some_and(|bytes| bytes <= ITEM);
    let beside = is_near(before.rfind(MARK).map(|mark| before.len() - mark - MARK.len()))
        || is_near(after.find(MARK));
    beside && before.matches(MARK).count() + after.matches(MARK).count() >= 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn reader(cues: &[&str], not: &[&str]) -> (Reader, Vec<Measure>) {
        let list = |words: &[&str]| format!("{words:?}");
        let text = format!(
            "[[measure]]\npath = \"a/b\"\nstrong = {}\nnot = {}\n\
             [[measure]]\npath = \"a/c\"\nusual = [\"网格\"]",
            list(cues),
            list(not)
        );
        let source = crate::vocab::Source { file: String::new(), text };
        let measures =
            crate::vocab::measures::Measures::load(&[source], &mut Vec::new()).all().to_vec();
        (Reader::new(&measures), measures)
    }

    /// The cues of both measures as measure and words.
    #[track_caller]
    fn check(cues: &[&str], not: &[&str], text: &str, expected: &[(usize, &str)]) {
        let (reader, measures) = reader(cues, not);
        let (_, found) = reader.read(&measures, text);
        let found: Vec<(usize, &str)> =
            found.into_iter().map(|hit| (hit.measure, text.get(hit.at).unwrap())).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn cues_are_given_by_measure_and_place() {
        let text = "配网格员,划网格,选网格员。";
        let own = [(0, "网格员"), (0, "网格员")];
        check(&["网格员"], &[], text, &[&own[..], &[(1, "网格"); 3]].concat());
    }

    #[test]
    fn the_parts_of_a_cue_follow_each_other_in_one_sentence() {
        let expected = [(0, "选派干部任第一书记")];
        check(&["选派…第一书记"], &[], "选派干部任第一书记。", &expected);
        check(&["选派…第一书记"], &[], "选派干部。第一书记到了。", &[]);
        check(&["选派…第一书记"], &[], "第一书记选派干部。", &[]);
    }

    #[test]
    fn of_cues_that_overlap_the_longest_counts_and_one_in_a_cancelling_expression_does_not() {
        check(&["民跑腿", "让群众少跑", "少跑腿"], &[], "让群众少跑腿", &[(0, "让群众少跑")]);
        check(&["自治"], &["自治区"], "自治区,自治", &[(0, "自治")]);
    }

    #[test]
    fn an_item_of_an_enumeration_is_listed() {
        let listed = |text: &str| {
            let at = text.find("走访慰问").unwrap();
            is_listed(text, &(at..at + "走访慰问".len()), &enumeration_marks(text))
        };
        assert!(listed("开展代办证件、走访慰问、隐患排查等活动"));
        assert!(!listed("走访慰问、隐患排查"));
        assert!(!listed("代办证件、隐患排查、办好夜校，走访慰问"));
        assert!(!listed("走访慰问"));
    }

    proptest! {
        #[test]
        fn the_first_place_of_a_word_is_found(text in "[网格a员]{0,12}", word in "[网格a员]{1,3}") {
            let end = text.find(&word).map(|at| at + word.len());
            prop_assert_eq!(end_of_first(&text, &word), end);
        }
    }
}
