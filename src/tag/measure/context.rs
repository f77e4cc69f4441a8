//! How the sentences of a paragraph speak: what was done, what is wanted, what is quoted, where numbers stand.

use super::words::{CONTEXT_WORDS, known_words};
use crate::text::finder::WordFinder;
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

/// Finds the words that say how a text speaks.
#[derive(Debug)]
pub(super) struct Context {
    words: WordFinder,
    /// By word: what it says.
    says: Vec<Says>,
}

/// What a word says of the sentence that holds it.
#[derive(Debug, Clone, Copy, Default)]
struct Says {
    done: bool,
    wanted: bool,
    speech: bool,
    demands: bool,
    /// Its ordinal among the context and topic words.
    known: Option<usize>,
}

impl Says {
    /// Whether it is a topic word and nothing else.
    fn is_topic(self) -> bool {
        let context = self.done || self.wanted || self.speech || self.demands;
        !context && self.known.is_some_and(|word| word >= CONTEXT_WORDS.len())
    }
}

/// One sentence and how much a cue in it counts.
#[derive(Debug)]
pub(super) struct Sentence {
    pub(super) at: Range<usize>,
    pub(super) factor: f32,
    pub(super) has_number: bool,
    /// Whether it only tells what somebody demanded, without a number.
    pub(super) demanded: bool,
    /// Whether somebody's speech began before it in the paragraph.
    pub(super) after_speech: bool,
    /// Ordinals of the context words in it, sorted, each once.
    pub(super) words: Vec<usize>,
}

/// A paragraph as the features see it.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) sentences: Vec<Sentence>,
    /// Ordinals of the context and topic words in the paragraph, sorted, each once.
    pub(super) words: Vec<usize>,
    /// Bytes of the numbers that count something.
    pub(super) numbers: Vec<Range<usize>>,
    /// Bytes of the words that say something was done.
    done: Vec<Range<usize>>,
    /// Bytes of the quotations, and whether each is longer than a name.
    quotes: Vec<(Range<usize>, bool)>,
}

impl Context {
    pub(super) fn new() -> Self {
        let mut says: BTreeMap<&str, Says> = BTreeMap::new();
        DONE.iter().for_each(|word| says.entry(word).or_default().done = true);
        WANTED.iter().for_each(|word| says.entry(word).or_default().wanted = true);
        SPEECH.iter().for_each(|word| says.entry(word).or_default().speech = true);
        DEMANDS.iter().for_each(|word| says.entry(word).or_default().demands = true);
        for (ordinal, word) in known_words().enumerate() {
            says.entry(word).or_default().known = Some(ordinal);
        }
        let (words, says): (Vec<&str>, Vec<Says>) = says.into_iter().unzip();
        Self { words: WordFinder::new(&words), says }
    }

    /// Cuts at sentence ends and notes what each sentence holds; every list is in the order of the text.
    pub(super) fn read(&self, text: &str) -> Read {
        // No word goes on over the end of a sentence (a test looks), so one pass serves them all.
        let mut found: Vec<(Range<usize>, Says)> = Vec::new();
        let mut words: Vec<usize> = Vec::new();
        self.words.each(text, |hit| {
            let Some(says) = self.says.get(hit.word) else { return };
            words.extend(says.known);
            // A topic word says nothing of its sentence.
            if !says.is_topic() {
                found.push((hit.at, *says));
            }
        });
        let mut sentences = Vec::new();
        let mut after_speech = false;
        let mut from = 0;
        for at in sentences_of(text) {
            let count = found.get(from..).unwrap_or_default();
            let count = count.iter().take_while(|(word, _)| word.start < at.end).count();
            let said = found.get(from..from + count).unwrap_or_default();
            from += count;
            let words = text.get(at.clone()).unwrap_or("");
            sentences.push(sentence(words, at, said, after_speech));
            after_speech |= said.iter().any(|(_, says)| says.speech);
        }
        words.sort_unstable();
        words.dedup();
        let done = found.into_iter().filter(|(_, says)| says.done).map(|(at, _)| at).collect();
        Read { sentences, words, numbers: numbers(text), done, quotes: quotes(text) }
    }
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

/// What a sentence says, by the words found in it.
fn sentence(
    words: &str,
    at: Range<usize>,
    said: &[(Range<usize>, Says)],
    after_speech: bool,
) -> Sentence {
    let says = |what: fn(&Says) -> bool| said.iter().any(|(_, says)| what(says));
    let has_number = reports_a_number(words);
    let begins = words.trim_start_matches(|c: char| !c.is_alphanumeric());
    let wanted = begins.starts_with('要') || says(|says| says.wanted);
    let factor = match (wanted, has_number, says(|says| says.done)) {
        (true, false, _) => 0.35,
        (true, true, _) => 0.8,
        (false, true, _) => 1.2,
        (false, false, true) => 1.0,
        (false, false, false) => 0.7,
    };
    let demanded = wanted && !has_number && !words.contains("应当") && says(|says| says.demands);
    let context = |says: &Says| says.known.filter(|word| *word < CONTEXT_WORDS.len());
    let mut words: Vec<usize> = said.iter().filter_map(|(_, says)| context(says)).collect();
    words.sort_unstable();
    words.dedup();
    Sentence { at, factor, has_number, demanded, after_speech, words }
}

impl Read {
    /// Whether the paragraph holds a context word.
    pub(super) fn holds(&self, word: &str) -> bool {
        self.words.iter().any(|known| CONTEXT_WORDS.get(*known) == Some(&word))
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

    /// The ordinal of the sentence that a byte stands in.
    pub(super) fn sentence_of(&self, byte: usize) -> usize {
        self.sentences.partition_point(|sentence| sentence.at.end <= byte)
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

/// The quotations of a text; one that is not closed ends with the text.
fn quotes(text: &str) -> Vec<(Range<usize>, bool)> {
    let mut quotes = Vec::new();
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
    use std::collections::HashSet;

    #[test]
    fn a_date_is_no_reported_number() {
        assert!(!reports_a_number("2022年5月1日以来"));
        assert!(reports_a_number("2022年调解53件"));
        let text = "2022年调解53件,用时3年内";
        let found: Vec<&str> = numbers(text).into_iter().filter_map(|at| text.get(at)).collect();
        assert_eq!(found, ["53", "3"]);
    }

    #[test]
    fn a_long_quotation_is_speech_and_a_short_one_a_name() {
        let text = "推行“街巷长”制。他说：“我们村的路修好了,大家都高兴得很。”";
        let read = Context::new().read(text);
        let of = |word: &str| {
            let start = text.find(word).unwrap();
            read.quoted(&(start..start + word.len()))
        };
        assert_eq!((of("街巷长"), of("修好"), of("推行")), (Some(false), Some(true), None));
    }

    #[test]
    fn what_follows_a_speech_word_is_marked() {
        let read = Context::new().read("市长强调,完善机制。加快建设。");
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
            let read = Context::new().read(&text);
            let covered: usize = read.sentences.iter().map(|sentence| sentence.at.len()).sum();
            proptest::prop_assert_eq!(covered, text.len());
        }
    }
}
