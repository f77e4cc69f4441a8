//! How the sentences of a paragraph speak: what was done, what is wanted, what is quoted, where numbers stand.

use super::words::{CONTEXT_WORDS, ContextWords, KnownWords, known_words};
use memchr::memmem;
use std::collections::BTreeMap;
use std::ops::Range;

/// Words that say something was done.
const DONE: &[&str] = &[
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
const WANTED: &[&str] = &[
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
/// Words after which the rest of a paragraph is somebody's speech.
const SPEECH: &[&str] =
    &["强调", "指出", "要求,", "要求，", "表示,", "表示，", "认为,", "认为，", "提出,", "提出，"];
/// Words that make an instruction somebody's speech: what it asks for has not been done.
const DEMANDS: &[&str] = &["强调", "指出", "讲话", "提出"];
/// Characters of a quotation up to which it is a name and above which it is speech.
const NAME_CHARS: usize = 12;
/// Bytes between a cue and a number that belongs to it.
const NUMBER_NEAR: usize = 36;
/// Units after which a number counts something.
const UNITS: &str = "万亿千百个人户名家所座套件起次场期项条公里米吨亩元岁%％级类支台辆部张份册位对处间批村乡镇县市年余多只头株棵平公斤千瓦兆页门宗笔例趟班艘架栋幢届";

/// What a word says of the sentence that holds it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Says {
    done: bool,
    wanted: bool,
    speech: bool,
    demands: bool,
    /// Its ordinal among the context and topic words.
    known: Option<u16>,
}

/// The words that say how a text speaks and what about, with what each says.
pub(super) fn telling_words() -> BTreeMap<&'static str, Says> {
    let mut says: BTreeMap<&str, Says> = BTreeMap::new();
    DONE.iter().for_each(|word| says.entry(word).or_default().done = true);
    WANTED.iter().for_each(|word| says.entry(word).or_default().wanted = true);
    SPEECH.iter().for_each(|word| says.entry(word).or_default().speech = true);
    DEMANDS.iter().for_each(|word| says.entry(word).or_default().demands = true);
    for (ordinal, word) in (0..).zip(known_words()) {
        says.entry(word).or_default().known = Some(ordinal);
    }
    says
}

/// One sentence and how much a cue in it counts.
#[derive(Debug, Default)]
pub(super) struct Sentence {
    pub(super) at: Range<usize>,
    pub(super) factor: f32,
    pub(super) has_number: bool,
    /// Whether it only tells what somebody demanded, without a number.
    pub(super) demanded: bool,
    /// Whether somebody's speech began before it in the paragraph.
    pub(super) after_speech: bool,
    /// The context words in it.
    pub(super) words: ContextWords,
    /// What any of its words says.
    says: Says,
}

/// A paragraph as the features see it.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) sentences: Vec<Sentence>,
    /// The context and topic words in the paragraph.
    pub(super) words: KnownWords,
    /// Bytes of the numbers that count something.
    pub(super) numbers: Vec<Range<usize>>,
    /// Bytes of the words that say something was done.
    done: Vec<Range<usize>>,
    /// Bytes of the quotations, and whether each is longer than a name.
    quotes: Vec<(Range<usize>, bool)>,
}

/// Marks that end a sentence.
const SENTENCE_ENDS: [char; 8] = ['。', '！', '？', '；', ';', '!', '?', '\n'];

/// The sentences of a text with their ends.
fn sentences_of(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut start = 0;
    text.split_inclusive(SENTENCE_ENDS).map(move |sentence| {
        let from = start;
        start += sentence.len();
        from..start
    })
}

impl Read {
    /// Cuts at sentence ends. Every list is in the order of the text; the words are still to be heard.
    pub(super) fn new(text: &str) -> Self {
        let sentences = sentences_of(text).map(|at| Sentence { at, ..Sentence::default() });
        Self {
            sentences: sentences.collect(),
            words: KnownWords::default(),
            numbers: numbers(text),
            done: Vec::new(),
            quotes: quotes(text),
        }
    }

    /// Notes what a word says that stands in a sentence. No word goes on over the end of one (a test looks).
    pub(super) fn hear(&mut self, says: Says, at: &Range<usize>, sentence: usize) {
        let Some(sentence) = self.sentences.get_mut(sentence) else { return };
        if let Some(known) = says.known.map(usize::from) {
            self.words.insert(known);
            if known < CONTEXT_WORDS.len() {
                sentence.words.insert(known);
            }
        }
        if says.done {
            self.done.push(at.clone());
        }
        let all = &mut sentence.says;
        all.done |= says.done;
        all.wanted |= says.wanted;
        all.speech |= says.speech;
        all.demands |= says.demands;
    }

    /// Judges the sentences by what was heard.
    pub(super) fn judge(&mut self, text: &str) {
        let mut after_speech = false;
        for sentence in &mut self.sentences {
            let words = text.get(sentence.at.clone()).unwrap_or("");
            sentence.after_speech = after_speech;
            sentence.judge(words);
            after_speech |= sentence.says.speech;
        }
    }

    /// Whether a done-verb stands right before or behind a place, in its sentence, within so many bytes.
    pub(super) fn done_beside(
        &self,
        at: &Range<usize>,
        sentence: &Range<usize>,
        before: usize,
        after: usize,
    ) -> bool {
        let from = at.start.saturating_sub(before).max(sentence.start);
        let to = (at.end + after).min(sentence.end);
        let first = self.done.partition_point(|word| word.start < from);
        let mut near = self.done.iter().skip(first).take_while(|word| word.start < to);
        near.any(|word| word.end <= at.start || word.start >= at.end && word.end <= to)
    }

    /// Whether a number that counts something stands close to a range, in its sentence.
    pub(super) fn number_near(&self, at: &Range<usize>, sentence: &Range<usize>) -> bool {
        let from = at.start.saturating_sub(NUMBER_NEAR).max(sentence.start);
        let to = (at.end + NUMBER_NEAR).min(sentence.end);
        let first = self.numbers.partition_point(|number| number.end <= from);
        self.numbers.get(first).is_some_and(|number| number.start < to)
    }

    /// Whether a place stands in a quotation: `Some(true)` in one longer than a name.
    pub(super) fn quoted(&self, at: &Range<usize>) -> Option<bool> {
        let first = self.quotes.partition_point(|(quote, _)| quote.end < at.end);
        self.quotes.get(first).filter(|(quote, _)| quote.start <= at.start).map(|(_, long)| *long)
    }
}

impl Sentence {
    fn judge(&mut self, words: &str) {
        let Says { done, wanted, demands, .. } = self.says;
        self.has_number = reports_a_number(words);
        let begins = words.trim_start_matches(|c: char| !c.is_alphanumeric());
        let wanted = wanted || begins.starts_with('要');
        self.factor = match (wanted, self.has_number, done) {
            (true, false, _) => 0.35,
            (true, true, _) => 0.8,
            (false, true, _) => 1.2,
            (false, false, true) => 1.0,
            (false, false, false) => 0.7,
        };
        self.demanded = wanted && !self.has_number && demands && !words.contains("应当");
    }
}

/// The quotations of a text; one that is not closed ends with the text.
fn quotes(text: &str) -> Vec<(Range<usize>, bool)> {
    let mut quotes = Vec::new();
    if memmem::find(text.as_bytes(), "“".as_bytes()).is_none() {
        return quotes;
    }
    let mut open: Option<(usize, usize)> = None;
    for (count, (at, c)) in text.char_indices().enumerate() {
        match (c, open) {
            ('“', None) => open = Some((at, count)),
            ('”', Some((start, first))) => {
                quotes.push((start..at, count - first > NAME_CHARS));
                open = None;
            }
            _ => {}
        }
    }
    if let Some((start, _)) = open {
        quotes.push((start..text.len(), true));
    }
    quotes
}

/// The numbers of a text that count something: digits before a unit, no dates.
fn numbers(text: &str) -> Vec<Range<usize>> {
    let mut numbers = Vec::new();
    let mut rest = text.char_indices().peekable();
    while let Some((start, c)) = rest.next() {
        if !c.is_ascii_digit() {
            continue;
        }
        let mut end = start + 1;
        while let Some((at, _)) =
            rest.next_if(|(_, c)| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '—' | '~'))
        {
            end = at + 1;
        }
        let tail = text.get(end..).unwrap_or("");
        let mut after = tail.chars();
        let unit = after.next();
        let is_date = matches!(unit, Some('年' | '月' | '日' | '号' | '时'))
            && !matches!(after.next(), Some('内' | '来' | '间'));
        if !is_date && unit.is_some_and(|unit| UNITS.contains(unit)) {
            numbers.push(start..end);
        }
    }
    numbers
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tag::measure::cues::Reader;
    use std::collections::HashSet;
    use std::sync::LazyLock;

    #[test]
    fn a_date_is_no_reported_number() {
        assert!(!reports_a_number("2022年5月1日以来"));
        assert!(reports_a_number("2022年调解53件"));
        let text = "2022年调解53件,用时3年内";
        let found: Vec<&str> = numbers(text).into_iter().filter_map(|at| text.get(at)).collect();
        assert_eq!(found, ["53", "3"]);
    }

    /// A text, read by the built-in words.
    fn read(text: &str) -> Read {
        static READER: LazyLock<Reader> = LazyLock::new(|| Reader::new(&[]));
        READER.read(&[], text).0
    }

    #[test]
    fn a_long_quotation_is_speech_and_a_short_one_a_name() {
        let text = "推行“街巷长”制。他说：“我们村的路修好了,大家都高兴得很。”";
        let read = read(text);
        let of = |word: &str| {
            let start = text.find(word).unwrap();
            read.quoted(&(start..start + word.len()))
        };
        assert_eq!((of("街巷长"), of("修好"), of("推行")), (Some(false), Some(true), None));
    }

    #[test]
    fn what_follows_a_speech_word_is_marked() {
        let read = read("市长强调,完善机制。加快建设。");
        let marks: Vec<bool> =
            read.sentences.iter().map(|sentence| sentence.after_speech).collect();
        assert_eq!(marks, [false, true]);
    }

    #[test]
    fn context_and_topic_words_are_there_once() {
        let mut seen = HashSet::new();
        for word in known_words() {
            assert!(seen.insert(word), "{word} stands twice");
        }
    }

    #[test]
    fn no_word_goes_on_over_the_end_of_a_sentence() {
        let lists = [DONE, WANTED, SPEECH, DEMANDS].into_iter().flatten().copied();
        for word in lists.chain(known_words()) {
            let head = word.strip_suffix(SENTENCE_ENDS).unwrap_or(word);
            assert!(!head.contains(SENTENCE_ENDS), "{word}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_can_be_read(text in "[“”。；\n要3件年a]{0,80}") {
            let read = read(&text);
            let covered: usize = read.sentences.iter().map(|sentence| sentence.at.len()).sum();
            proptest::prop_assert_eq!(covered, text.len());
        }
    }
}
