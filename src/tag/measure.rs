//! Which measures a paragraph describes: cues weighed sentence by sentence.
//!
//! A cue counts fully where something was done (a number, a verb such as 开展, a named act), less in plain talk, and
//! hardly in instructions (要…) or where a sentence merely lists many measures. Headings and bylines describe none.
//! The cues stand in `index-schema/measures.toml`.

use super::offsets::{CharOffsets, around};
use crate::model::{Evidence, MeasurePath, Paragraph, ParagraphKind, Tag};
use crate::vocab::measures::{Cue, Measure, Measures, USUAL};
use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, MatchKind};
use std::collections::HashMap;
use std::ops::Range;

/// How far apart, in bytes, the parts of one cue may stand.
const PART_GAP: usize = 45;
/// A sentence that touches so many measures and reports no number lists them.
const LIST_OF_MEASURES: usize = 6;
/// Most places kept as evidence of one tag.
const EVIDENCE_MAX: usize = 8;
/// How much of the best measure's score another one needs in the same paragraph, and the most this can ask.
const SHARE_OF_BEST: f32 = 0.4;
const BESIDE_BEST_MAX: f32 = 1.6;
/// What cues count in a paragraph that reports no number, and in one that opens a section and reports none:
/// 该县坚持…，以…为重点，推动….
const TEXT_WITHOUT_NUMBER: f32 = 0.6;
const LEAD_WITHOUT_NUMBER: f32 = 0.4;
/// What a cue counts that is one item of an enumeration, or a scheme's name without a number.
const LISTED: f32 = 0.6;
/// What a cue of the same measure in the nearest heading adds.
const HEADING_HELPS: f32 = 0.3;

/// What stands around a paragraph.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Surroundings<'a> {
    /// The nearest heading above it, in Simplified script.
    pub(crate) heading: Option<&'a str>,
    /// Whether it is the first of several paragraphs below that heading.
    pub(crate) section_lead: bool,
}

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
const WANTED: [&str; 19] = [
    "明确提出",
    "报告提出",
    "重要讲话",
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
    acts: Acts,
}

/// Finds the words that say whether something was done or is only wanted; one pass instead of one for each word.
#[derive(Debug)]
struct Acts {
    done: AhoCorasick,
    wanted: AhoCorasick,
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
        let words = |list: &[&str]| AhoCorasick::new(list).expect("a few words fit any automaton");
        let acts = Acts { done: words(&DONE), wanted: words(&WANTED) };
        Self { measures: measures.all().to_vec(), automaton, entries, acts }
    }

    /// Adds the measures of one paragraph, best first, with their evidence; `text` is its Simplified text.
    pub(crate) fn tag(&self, paragraph: &mut Paragraph, text: &str, place: &Surroundings<'_>) {
        if matches!(paragraph.kind, ParagraphKind::Heading | ParagraphKind::Byline) {
            return;
        }
        let mut scores = self.scores(text, place);
        let best = scores.iter().map(|score| score.value).fold(0.0, f32::max);
        let beside_best = (SHARE_OF_BEST * best).min(BESIDE_BEST_MAX);
        scores.retain(|score| {
            let threshold =
                self.measures.get(score.measure).map_or(f32::INFINITY, |measure| measure.threshold);
            score.value >= threshold.max(beside_best)
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

    fn scores(&self, text: &str, place: &Surroundings<'_>) -> Vec<Score> {
        let mut sentences = sentences(text, &self.acts);
        let found = self.cues(text, &sentences);
        if found.is_empty() {
            return Vec::new();
        }
        weaken_lists(&mut sentences, &found);
        if !sentences.iter().any(|sentence| sentence.has_number) {
            let talk = if place.section_lead { LEAD_WITHOUT_NUMBER } else { TEXT_WITHOUT_NUMBER };
            sentences.iter_mut().for_each(|sentence| sentence.factor *= talk);
        }
        let mut scores: HashMap<usize, Score> = HashMap::new();
        for hit in found {
            let Some(cue) = self.cue(hit.measure, hit.cue) else { continue };
            let Some(sentence) = sentences.get(hit.sentence) else { continue };
            let mut value = cue.weight * sentence.factor;
            if is_listed(text, &hit.at) || cue.scheme && !sentence.has_number {
                value *= LISTED;
            }
            scores
                .entry(hit.measure)
                .or_insert_with(|| Score::new(hit.measure))
                .add(hit.cue, value, hit.at);
        }
        if let Some(heading) = place.heading {
            for measure in self.named_in_heading(heading) {
                if let Some(score) = scores.get_mut(&measure) {
                    score.value += HEADING_HELPS;
                }
            }
        }
        scores.into_values().collect()
    }

    /// The measures a heading names with more than a generic word.
    fn named_in_heading(&self, heading: &str) -> Vec<usize> {
        let found = self.cues(heading, &sentences(heading, &self.acts));
        let telling = found
            .iter()
            .filter(|hit| self.cue(hit.measure, hit.cue).is_some_and(|cue| cue.weight >= USUAL));
        let mut named: Vec<usize> = telling.map(|hit| hit.measure).collect();
        named.sort_unstable();
        named.dedup();
        named
    }

    fn cue(&self, measure: usize, cue: usize) -> Option<&Cue> {
        self.measures.get(measure).and_then(|measure| measure.cues.get(cue))
    }

    /// All cues, without those inside a longer cue of the same measure or inside an expression that cancels them.
    fn cues(&self, text: &str, sentences: &[Sentence]) -> Vec<Found> {
        let mut found: Vec<Found> = Vec::new();
        let mut cancelled: HashMap<usize, Vec<Range<usize>>> = HashMap::new();
        for hit in self.automaton.find_overlapping_iter(text) {
            for entry in self.entries.get(hit.pattern().as_usize()).into_iter().flatten() {
                let Some(cue) = entry.cue else {
                    cancelled.entry(entry.measure).or_default().push(hit.range());
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
        found.retain(|hit| {
            !cancelled.get(&hit.measure).is_some_and(|outer| lies_in_one(&hit.at, outer))
        });
        without_overlaps(found)
    }
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

/// Whether a cue is an item of an enumeration of three or more: 代办证件、走访慰问、隐患排查.
fn is_listed(text: &str, at: &Range<usize>) -> bool {
    const ENDS: [char; 9] = ['，', ',', '。', '；', ';', ':', '：', '！', '？'];
    /// Bytes between a cue and the 、 of its item.
    const ITEM: usize = 18;
    let (before, after) = around(text, at);
    let before = before.rfind(ENDS).and_then(|end| before.get(end..)).unwrap_or(before);
    let after = after.find(ENDS).and_then(|end| after.get(..end)).unwrap_or(after);
    let near = |distance: Option<usize>| distance.is_some_and(|bytes| bytes <= ITEM);
    let beside = near(before.rfind('、').map(|mark| before.len() - mark - '、'.len_utf8()))
        || near(after.find('、'));
    beside && before.matches('、').count() + after.matches('、').count() >= 2
}

/// Of the cues of one measure that share characters only the longest counts: 让群众少跑腿 says one thing once.
fn without_overlaps(mut found: Vec<Found>) -> Vec<Found> {
    found.sort_by_key(|hit| (hit.measure, hit.at.start, std::cmp::Reverse(hit.at.end)));
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
        _ => 6,
    }
}

/// Cuts at sentence ends and says for each how much its cues count.
fn sentences(text: &str, acts: &Acts) -> Vec<Sentence> {
    let mut sentences = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices() {
        if matches!(c, '。' | '！' | '？' | '；' | ';' | '!' | '?' | '\n') {
            let end = at + c.len_utf8();
            sentences.push(sentence(text, start..end, acts));
            start = end;
        }
    }
    if start < text.len() {
        sentences.push(sentence(text, start..text.len(), acts));
    }
    sentences
}

fn sentence(text: &str, at: Range<usize>, acts: &Acts) -> Sentence {
    let words = text.get(at.clone()).unwrap_or("");
    let has_number = reports_a_number(words);
    let begins = words.trim_start_matches(|c: char| !c.is_alphanumeric());
    let wanted = begins.starts_with('要') || acts.wanted.is_match(words);
    let done = acts.done.is_match(words);
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
    let mut touched: Vec<(usize, usize)> =
        found.iter().map(|hit| (hit.sentence, hit.measure)).collect();
    touched.sort_unstable();
    touched.dedup();
    for measures in touched.chunk_by(|a, b| a.0 == b.0) {
        let Some(sentence) = measures.first().and_then(|(number, _)| sentences.get_mut(*number))
        else {
            continue;
        };
        if measures.len() >= LIST_OF_MEASURES && !sentence.has_number {
            sentence.factor *= 0.5;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocab::Vocabulary;
    use std::sync::LazyLock;

    fn paragraph(kind: ParagraphKind, text: &str) -> Paragraph {
        Paragraph {
            display: text.to_owned(),
            kind,
            place: None,
            notes: Vec::new(),
            regions: Vec::new(),
            measures: Vec::new(),
            mentions: Vec::new(),
            evidence: Vec::new(),
            figures: Vec::new(),
        }
    }

    fn tagged(kind: ParagraphKind, text: &str, place: &Surroundings<'_>) -> Paragraph {
        static TAGGER: LazyLock<MeasureTagger> =
            LazyLock::new(|| MeasureTagger::new(&Vocabulary::builtin().measures));
        let mut paragraph = paragraph(kind, text);
        TAGGER.tag(&mut paragraph, text, place);
        paragraph
    }

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let tagged = tagged(ParagraphKind::Body, text, &Surroundings::default());
        let names: Vec<&str> = tagged.measures.iter().map(|tag| tag.path.name()).collect();
        assert_eq!(names, expected, "{text}");
    }

    #[test]
    fn a_named_act_with_a_number_is_described() {
        check("全县划分网格320个,配备网格员510名。", &["网格化管理"]);
        check("向85个村选派第一书记85名,实现驻村工作队全覆盖。", &["第一书记与驻村工作队"]);
        check("共调解矛盾纠纷46起,化解信访积案7件。", &["矛盾纠纷化解"]);
    }

    #[test]
    fn generic_words_alone_describe_nothing() {
        for text in [
            "平安是发展的基础。",
            "搭建平台,推动共建共享。",
            "坚持生态优先,重视教育。",
            "团结各族群众,建设美好家园。",
            "产业兴旺,人才辈出。",
        ] {
            check(text, &[]);
        }
    }

    #[test]
    fn instructions_and_speeches_describe_nothing() {
        check("会议强调,要加强网格化管理,完善调解机制。", &[]);
        check("报告明确提出,持续整顿软弱涣散基层党组织。", &[]);
        check("第八条 村民委员会应当健全村务监督制度。", &[]);
    }

    #[test]
    fn a_list_of_slogans_describes_nothing() {
        check(
            "推动党建、网格化管理、普法宣传、人居环境、志愿服务、便民服务、民族团结、移风易俗同步发展。",
            &[],
        );
    }

    #[test]
    fn headings_and_bylines_describe_nothing() {
        let text = "全县划分网格320个,配备网格员510名。";
        for kind in [ParagraphKind::Heading, ParagraphKind::Byline] {
            assert!(tagged(kind, text, &Surroundings::default()).measures.is_empty());
        }
    }

    #[test]
    fn the_opening_of_a_section_needs_a_number() {
        let lead = Surroundings { heading: Some("落实组织生活制度"), section_lead: true };
        let talk = "该州看重组织生活制度,努力使之规范。";
        assert!(tagged(ParagraphKind::Body, talk, &lead).measures.is_empty());
        let act = "该州落实组织生活制度,开展主题党日活动52场次。";
        assert!(!tagged(ParagraphKind::Body, act, &lead).measures.is_empty());
    }

    #[test]
    fn a_cue_inside_a_cancelling_expression_does_not_count() {
        check("内蒙古自治区自治县自治州2个。", &[]);
        check("开通直通车2趟。", &[]);
    }

    #[test]
    fn evidence_names_the_words_and_their_places() {
        let tagged = tagged(ParagraphKind::Body, "全县配备网格员510名。", &Surroundings::default());
        let evidence = &tagged.evidence[0];
        assert_eq!((evidence.tag.as_str(), evidence.rule.as_str()), ("基层治理/网格化管理", "cue"));
        for (words, span) in evidence.words.iter().zip(&evidence.at) {
            let there: String =
                tagged.display.chars().skip(span.start()).take(span.len()).collect();
            assert_eq!(&there, words);
        }
    }

    #[test]
    fn a_date_is_no_reported_number() {
        assert!(!reports_a_number("2022年5月1日以来"));
        assert!(reports_a_number("2022年调解53件"));
    }
}
