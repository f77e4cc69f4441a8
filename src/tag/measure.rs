//! Which measures a paragraph describes: cues weighed sentence by sentence.
//!
//! A cue counts fully where something was done (a number, a verb such as 开展, a named act), less in plain talk, and
//! hardly in instructions (要…) or where a sentence merely lists many measures. Headings and bylines describe none.
//! The cues stand in `index-schema/measures.toml`.

use super::offsets::CharOffsets;
use crate::model::{Evidence, MeasurePath, Paragraph, ParagraphKind, Tag};
use crate::vocab::measures::{Measure, Measures};
use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, MatchKind};
use std::collections::HashMap;
use std::ops::Range;

/// How far apart, in bytes, the parts of one cue may stand.
const PART_GAP: usize = 45;
/// A sentence that touches so many measures and reports no number lists them.
const LIST_OF_MEASURES: usize = 6;
/// Most places kept as evidence of one tag.
const EVIDENCE_MAX: usize = 8;
/// How much of the best measure's score another one needs in the same paragraph.
const SHARE_OF_BEST: f32 = 0.3;

/// A cue as the automaton sees it: found by its first part.
#[derive(Debug)]
struct Entry {
    measure: usize,
    /// Ordinal of the cue within its measure, `None` for an expression that cancels cues.
    cue: Option<usize>,
}

/// Weighs cues.
#[derive(Debug)]
pub struct MeasureTagger {
    measures: Vec<Measure>,
    automaton: AhoCorasick,
    /// By pattern.
    entries: Vec<Vec<Entry>>,
}

/// A cue found in a paragraph.
#[derive(Debug, Clone)]
struct Found {
    measure: usize,
    cue: usize,
    at: Range<usize>,
    sentence: usize,
}

/// One sentence and how much a cue in it counts.
#[derive(Debug)]
struct Sentence {
    at: Range<usize>,
    factor: f32,
    has_number: bool,
}

impl MeasureTagger {
    /// Compiles the cues.
    pub fn new(measures: &Measures) -> Self {
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
        for (number, measure) in measures.all().iter().enumerate() {
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
        Self { measures: measures.all().to_vec(), automaton, entries }
    }

    /// Adds the measures of one paragraph, best first, with their evidence; `text` is its Simplified text.
    pub fn tag(&self, paragraph: &mut Paragraph, text: &str) {
        if matches!(paragraph.kind, ParagraphKind::Heading | ParagraphKind::Byline) {
            return;
        }
        let mut scores = self.scores(text);
        let best = scores.iter().map(|score| score.value).fold(0.0, f32::max);
        scores.retain(|score| {
            let threshold =
                self.measures.get(score.measure).map_or(f32::INFINITY, |measure| measure.threshold);
            score.value >= threshold && score.value >= SHARE_OF_BEST * best
        });
        scores.sort_by(|a, b| b.value.total_cmp(&a.value).then(a.measure.cmp(&b.measure)));
        scores.truncate(most_tags(text));
        let offsets = CharOffsets::new(text);
        for score in scores {
            let Some(measure) = self.measures.get(score.measure) else { continue };
            paragraph.measures.push(Tag { path: measure.path.clone(), inferred: false });
            paragraph.evidence.push(score.into_evidence(&measure.path, text, &offsets));
        }
    }

    fn scores(&self, text: &str) -> Vec<Score> {
        let mut sentences = sentences(text);
        let found = self.cues(text, &sentences);
        weaken_lists(&mut sentences, &found);
        weaken_lead(text, &mut sentences);
        let mut scores: HashMap<usize, Score> = HashMap::new();
        for hit in found {
            let Some(cue) =
                self.measures.get(hit.measure).and_then(|measure| measure.cues.get(hit.cue))
            else {
                continue;
            };
            let Some(sentence) = sentences.get(hit.sentence) else { continue };
            let listed = cue.scheme && !sentence.has_number;
            let value = cue.weight * sentence.factor * if listed { 0.5 } else { 1.0 };
            scores
                .entry(hit.measure)
                .or_insert_with(|| Score::new(hit.measure))
                .add(hit.cue, value, hit.at);
        }
        scores.into_values().collect()
    }

    /// All cues, without those inside a longer cue of the same measure or inside an expression that cancels them.
    fn cues(&self, text: &str, sentences: &[Sentence]) -> Vec<Found> {
        let mut found: Vec<Found> = Vec::new();
        let mut cancelled: Vec<(usize, Range<usize>)> = Vec::new();
        for hit in self.automaton.find_overlapping_iter(text) {
            for entry in self.entries.get(hit.pattern().as_usize()).into_iter().flatten() {
                let Some(cue) = entry.cue else {
                    cancelled.push((entry.measure, hit.range()));
                    continue;
                };
                let sentence = sentences.partition_point(|sentence| sentence.at.end <= hit.start());
                let Some(end) = sentences.get(sentence).map(|sentence| sentence.at.end) else {
                    continue;
                };
                let Some(parts) = self.measures.get(entry.measure).and_then(|m| m.cues.get(cue))
                else {
                    continue;
                };
                if let Some(at) = all_parts(text, hit.range(), end, &parts.parts) {
                    found.push(Found { measure: entry.measure, cue, at, sentence });
                }
            }
        }
        let whole = found.clone();
        found.retain(|hit| {
            let inside =
                |outer: &Range<usize>| outer.start <= hit.at.start && hit.at.end <= outer.end;
            !cancelled.iter().any(|(measure, at)| *measure == hit.measure && inside(at))
                && !whole.iter().any(|other| {
                    other.measure == hit.measure
                        && other.at.len() > hit.at.len()
                        && inside(&other.at)
                })
        });
        found
    }
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
        let rest = text.get(at.end..end)?;
        let place = rest.find(part.as_str()).filter(|place| *place <= PART_GAP)?;
        at.end += place + part.len();
    }
    Some(at)
}

/// The score of one measure in a paragraph.
#[derive(Debug)]
struct Score {
    measure: usize,
    value: f32,
    /// Each distinct cue with its best value.
    cues: Vec<(usize, f32)>,
    at: Vec<Range<usize>>,
}

impl Score {
    fn new(measure: usize) -> Self {
        Self { measure, value: 0.0, cues: Vec::new(), at: Vec::new() }
    }

    /// A cue said again adds nothing; its best sentence counts.
    fn add(&mut self, cue: usize, value: f32, at: Range<usize>) {
        match self.cues.iter_mut().find(|(known, _)| *known == cue) {
            Some((_, best)) => *best = best.max(value),
            None => self.cues.push((cue, value)),
        }
        self.value = self.cues.iter().map(|(_, value)| value).sum();
        self.at.push(at);
    }

    fn into_evidence(self, path: &MeasurePath, text: &str, offsets: &CharOffsets<'_>) -> Evidence {
        let mut at = self.at;
        at.sort_by_key(|range| (range.start, range.end));
        at.truncate(EVIDENCE_MAX);
        Evidence {
            tag: path.as_str().to_owned(),
            rule: "cue".to_owned(),
            words: at
                .iter()
                .filter_map(|range| text.get(range.clone()))
                .map(str::to_owned)
                .collect(),
            at: at.iter().map(|range| offsets.span(range.start, range.end)).collect(),
        }
    }
}

/// How many measures a paragraph of this length can describe.
fn most_tags(text: &str) -> usize {
    match text.chars().count() {
        0..=60 => 2,
        61..=250 => 3,
        251..=500 => 4,
        _ => 5,
    }
}

/// Cuts at sentence ends and says for each how much its cues count.
fn sentences(text: &str) -> Vec<Sentence> {
    let mut sentences = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices() {
        if matches!(c, '。' | '！' | '？' | '；' | ';' | '!' | '?' | '\n') {
            let end = at + c.len_utf8();
            sentences.push(sentence(text, start..end));
            start = end;
        }
    }
    if start < text.len() {
        sentences.push(sentence(text, start..text.len()));
    }
    sentences
}

fn sentence(text: &str, at: Range<usize>) -> Sentence {
    /// Words that say something was done.
    const DONE: [&str; 58] = [
        "开展",
        "建立",
        "组建",
        "成立",
        "选派",
        "打造",
        "落实",
        "推行",
        "实施",
        "制定",
        "出台",
        "设立",
        "举办",
        "组织",
        "完成",
        "实现",
        "建成",
        "新增",
        "配备",
        "划分",
        "投入",
        "提高",
        "培训",
        "解决",
        "化解",
        "调解",
        "发放",
        "推广",
        "创新",
        "探索",
        "构建",
        "整合",
        "安排",
        "选优配强",
        "引进",
        "建设",
        "培育",
        "发展",
        "印发",
        "启动",
        "开通",
        "改造",
        "整治",
        "查处",
        "整改",
        "细化",
        "明确",
        "健全",
        "完善",
        "累计",
        "覆盖",
        "纳入",
        "争取",
        "表彰",
        "评出",
        "命名",
        "规范",
        "推进",
    ];
    /// Words that say something is wanted.
    const WANTED: [&str; 16] = [
        "要求",
        "强调",
        "指出",
        "必须",
        "应当",
        "应该",
        "需要",
        "要坚持",
        "要加强",
        "要进一步",
        "要推动",
        "要深入",
        "要把",
        "我们要",
        "希望",
        "务必",
    ];
    let words = text.get(at.clone()).unwrap_or("");
    let has_number = reports_a_number(words);
    let begins = words.trim_start_matches(|c: char| !c.is_alphanumeric());
    let wanted = begins.starts_with('要') || WANTED.iter().any(|word| words.contains(word));
    let done = DONE.iter().any(|word| words.contains(word));
    let factor = match (wanted, has_number, done) {
        (true, false, _) => 0.35,
        (true, true, _) => 0.8,
        (false, true, _) => 1.2,
        (false, false, true) => 1.0,
        (false, false, false) => 0.7,
    };
    Sentence { at, factor, has_number }
}

/// A digit that is not part of a date.
fn reports_a_number(words: &str) -> bool {
    let mut rest = words;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let tail = rest.get(at..).unwrap_or("");
        let after = tail.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        if !after.starts_with(['年', '月', '日', '号', '时', '—', '-', '~']) {
            return true;
        }
        rest = after;
    }
    false
}

/// A sentence that names many measures and no number lists them: each counts half.
fn weaken_lists(sentences: &mut [Sentence], found: &[Found]) {
    for (number, sentence) in sentences.iter_mut().enumerate() {
        let mut touched: Vec<usize> =
            found.iter().filter(|hit| hit.sentence == number).map(|hit| hit.measure).collect();
        touched.sort_unstable();
        touched.dedup();
        if touched.len() >= LIST_OF_MEASURES && !sentence.has_number {
            sentence.factor *= 0.5;
        }
    }
}

/// A short paragraph of one sentence without a number introduces what follows: 阿里地区坚持…，以“三抓”为重点，推动….
fn weaken_lead(text: &str, sentences: &mut [Sentence]) {
    const INTRODUCES: [&str; 12] = [
        "为重点",
        "为抓手",
        "为支撑",
        "为载体",
        "为关键",
        "为依托",
        "为主线",
        "为统领",
        "为引领",
        "为目标",
        "近年来",
        "有力保障",
    ];
    let [only] = sentences else { return };
    if !only.has_number && INTRODUCES.iter().any(|word| text.contains(word)) {
        only.factor *= 0.5;
    }
}
