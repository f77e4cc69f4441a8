//! What is known of one measure in one paragraph, as numbers that the model weighs.
//!
//! All features are those of every measure, so that one with few labelled examples profits from the others: how
//! strong its cues are, whether numbers and done-verbs stand beside them, how much of the paragraph is about it, what
//! stands around the paragraph, and the words that say how it speaks and what about ([`super::words`]).

use super::context::Read;
use super::cues::Found;
use super::plain::{Score, Scores};
use super::words::{CONTEXT_WORDS, ContextWords, KnownWords, known_words};
use crate::vocab::measures::{FAINT, Measure, STRONG, USUAL};
use std::rc::Rc;
use std::sync::LazyLock;

/// Bytes before and after a cue in which a done-verb governs it.
const VERB_BEFORE: usize = 18;
const VERB_AFTER: usize = 12;
/// Groups of party building.
const PARTY_GROUPS: [&str; 4] = ["组织建设", "队伍建设", "教育培训", "保障机制"];
/// Context words that show a text of party building.
const PARTY_WORDS: [&str; 6] = ["党委", "支部", "党组织", "党员", "干部", "书记"];
/// Their ordinals.
static PARTY: LazyLock<Vec<usize>> = LazyLock::new(|| {
    let at = |word: &&str| CONTEXT_WORDS.iter().position(|known| known == word);
    PARTY_WORDS.iter().filter_map(at).collect()
});

/// Ordinals of the context words in the cues' sentences begin here; those of all words in the paragraph below.
const IN_SENTENCE: usize = NAMES.len();
pub(super) const IN_PARAGRAPH: usize = IN_SENTENCE + CONTEXT_WORDS.len();

/// The plain features, in the order of their ordinals; the words follow.
macro_rules! features {
    ($($variant:ident $name:literal $what:literal),+ $(,)?) => {
        /// One plain feature.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Feature { $(#[doc = $what] $variant),+ }
        /// The names of the plain features in the model's file, by ordinal.
        pub(super) const NAMES: &[&str] = &[$($name),+];
    };
}

features! {
    One "one" "Always 1.",
    Strong1 "strong-1" "A cue that proves.",
    Strong2 "strong-2" "Two of them.",
    Strong3 "strong-3" "Three or more.",
    Usual1 "usual-1" "A usual cue.",
    Usual2 "usual-2" "Two of them.",
    Usual3 "usual-3" "Three or more.",
    Faint "faint" "A faint cue.",
    Scheme "scheme" "The name of a scheme.",
    Parts "parts" "A cue of several parts.",
    LongCue "long-cue" "Length of the longest cue.",
    Plain "plain" "The score of the weighted lexicon.",
    PlainLog "plain-log" "Its logarithm.",
    PlainEnough "plain-enough" "Whether it reaches the lexicon's own threshold.",
    Best "best" "Whether no other measure scores higher.",
    Second "second" "Whether only one scores higher.",
    Behind "behind" "How far it is behind the best.",
    Share "share" "Its share in the scores of all.",
    Others "others" "How many measures have a good score.",
    Occurrences "occurrences" "How often its cues are said.",
    Density "density" "Share of the text that its cues are.",
    NumberNear "number-near" "A number beside a cue.",
    NumberNear2 "number-near-2" "Numbers beside two cues.",
    StrongNumber "strong-number" "A number beside a cue that proves.",
    Done "done" "A done-verb beside a cue.",
    Done2 "done-2" "Done-verbs beside two cues.",
    Listed "listed" "All its cues are items of enumerations.",
    Sentences "sentences" "Share of the sentences with its cues.",
    Text "text" "Share of the text that those sentences are.",
    First "first" "A cue in the first sentence.",
    Last "last" "Cues in the last of several sentences only.",
    NameQuoted "name-quoted" "A cue in a name in quotation marks.",
    SpeechQuoted "speech-quoted" "All its cues are quoted speech.",
    AfterSpeech "after-speech" "All its cues stand after a speech began.",
    Factor "factor" "What its best sentence counts in the lexicon.",
    SentenceShare "sentence-share" "Its greatest share in what the cues of one sentence say.",
    SentenceBest "sentence-best" "No other measure says more in one of its sentences.",
    SentenceBestNumber "sentence-best-number" "And that sentence reports a number.",
    SentenceAlone "sentence-alone" "One of its sentences speaks of nothing else.",
    BestSentences "best-sentences" "Share of the sentences in which no other says more.",
    Heading "heading" "The heading names it.",
    Title "title" "The article's title names it.",
    Before "before" "Its score in the paragraph before.",
    After "after" "Its score in the paragraph behind.",
    Around "around" "Its scores in the paragraphs around.",
    Lead "lead" "The paragraph opens a section.",
    LeadNumber "lead-number" "It opens one and reports a number.",
    HasNumber "has-number" "The paragraph reports a number.",
    Numbers "numbers" "How many.",
    Long "long" "Length of the paragraph.",
    Short "short" "Whether it is very short.",
    PlanSection "plan-section" "The section is about plans.",
    AccountSection "account-section" "The section is an account.",
    Law "law" "The paragraph is an article of a law.",
    LawStrong "law-strong" "It is one, and a cue proves.",
    PartyOwn "party-own" "A text of party building and one of its measures.",
    PartyOther "party-other" "A text of party building and another measure.",
}

/// Where a paragraph stands in its article.
#[derive(Debug, Default, Clone)]
pub(super) struct Place {
    /// Measures that the nearest heading names, and the article's title; sorted.
    pub(super) heading: Rc<[usize]>,
    pub(super) title: Rc<[usize]>,
    /// Whether the paragraph is the first of several below its heading.
    pub(super) lead: bool,
    pub(super) plan_section: bool,
    pub(super) account_section: bool,
    pub(super) law: bool,
}

/// What stands around a paragraph.
#[derive(Debug)]
pub(super) struct Surroundings<'a> {
    pub(super) place: &'a Place,
    /// Scores, by measure, of the paragraphs around: how far before (negative) or behind, and the scores.
    pub(super) near: Vec<(isize, &'a [Score])>,
}

/// One measure in one paragraph, but for the words of the paragraph, which are those of all measures.
#[derive(Debug, Clone, Default)]
pub(super) struct Case {
    pub(super) measure: usize,
    /// Features by ordinal with their values; zeros are left out.
    pub(super) values: Vec<(usize, f32)>,
    /// Cues by ordinal with what each counts.
    pub(super) cues: Vec<(usize, f32)>,
}

impl Case {
    fn set(&mut self, feature: Feature, value: f32) {
        if value != 0.0 {
            self.values.push((feature as usize, value));
        }
    }

    fn set_if(&mut self, feature: Feature, is: bool) {
        self.set(feature, one_if(is));
    }
}

/// The features that the words of a paragraph are, by ordinal; the value of each is 1.
pub(super) fn features_of(words: &KnownWords) -> impl Iterator<Item = usize> {
    words.iter().map(|word| IN_PARAGRAPH + word)
}

/// The names of all features in the model's file, by ordinal.
pub(super) fn feature_names() -> Vec<String> {
    let plain = NAMES.iter().map(|name| (*name).to_owned());
    let in_sentence = CONTEXT_WORDS.iter().map(|word| format!("sentence:{word}"));
    let in_paragraph = known_words().enumerate().map(|(ordinal, word)| {
        let kind = if ordinal < CONTEXT_WORDS.len() { "paragraph" } else { "topic" };
        format!("{kind}:{word}")
    });
    plain.chain(in_sentence).chain(in_paragraph).collect()
}

/// What all measures of one paragraph share.
pub(super) struct Paragraph<'a> {
    text: &'a str,
    read: &'a Read,
    measures: &'a [Measure],
    around: &'a Surroundings<'a>,
    scores: &'a Scores,
    /// The best scores of all measures.
    best: f32,
    second: Option<f32>,
    sum: f32,
    /// What the cues of each sentence say together, and the most that one measure says.
    sentences: Vec<(f32, f32)>,
    /// Share of the words of party building that it holds.
    party: f32,
    /// The features that are the same for all measures: of the scores, and of the paragraph.
    others: f32,
    common: Case,
}

impl<'a> Paragraph<'a> {
    pub(super) fn new(
        text: &'a str,
        read: &'a Read,
        measures: &'a [Measure],
        around: &'a Surroundings<'a>,
        scores: &'a Scores,
    ) -> Self {
        let mut ranked: Vec<f32> = scores.all.iter().map(|score| score.value).collect();
        ranked.sort_unstable_by(|a, b| b.total_cmp(a));
        let good = ranked.iter().take_while(|value| **value >= 0.5).count();
        let party = PARTY.iter().filter(|word| read.words.contains(**word)).count();
        let mut sentences = vec![(0.0_f32, 0.0_f32); read.sentences.len()];
        for score in &scores.all {
            for (at, own) in by_sentence(scores.found(score)) {
                if let Some((sum, most)) = sentences.get_mut(at) {
                    *sum += own;
                    *most = most.max(own);
                }
            }
        }
        Self {
            best: ranked.first().copied().unwrap_or(0.0),
            second: ranked.get(1).copied(),
            sum: ranked.iter().sum(),
            sentences,
            party: (ratio(party, PARTY_WORDS.len()) * 2.0).min(1.0),
            others: logarithm(good),
            common: common(text, read, around.place),
            text,
            read,
            measures,
            around,
            scores,
        }
    }

    /// Puts the features of one measure into `case`.
    pub(super) fn case(&self, score: &Score, case: &mut Case) {
        case.measure = score.measure;
        case.values.clear();
        case.set(Feature::One, 1.0);
        self.strength(score, case);
        self.rank(score, case);
        self.rank_in_sentences(score, case);
        self.beside_cues(score, case);
        let words = self.extent(score, case);
        self.surroundings(score, case);
        case.values.extend_from_slice(&self.common.values);
        let path = self.measures.get(score.measure).map_or("", |measure| measure.path.as_str());
        let own = PARTY_GROUPS.iter().any(|group| path.starts_with(group));
        case.set(Feature::PartyOwn, if own { self.party } else { 0.0 });
        case.set(Feature::PartyOther, if own { 0.0 } else { self.party });
        case.values.extend(words.iter().map(|word| (IN_SENTENCE + word, 1.0)));
        case.cues.clear();
        case.cues.extend(self.scores.cues(score).iter().map(|cue| (cue.cue, cue.factor)));
    }

    fn strength(&self, score: &Score, case: &mut Case) {
        let (mut strong, mut usual, mut longest) = (0, 0, 0);
        let (mut faint, mut scheme, mut parted) = (false, false, false);
        for cue in self.scores.cues(score) {
            let traits = cue.traits;
            strong += usize::from(traits.weight >= STRONG);
            usual += usize::from((USUAL..STRONG).contains(&traits.weight));
            faint |= traits.weight <= FAINT;
            scheme |= traits.scheme;
            parted |= traits.parted;
            longest = longest.max(usize::from(traits.chars));
        }
        let found = self.scores.found(score);
        case.set_if(Feature::Strong1, strong >= 1);
        case.set_if(Feature::Strong2, strong >= 2);
        case.set_if(Feature::Strong3, strong >= 3);
        case.set_if(Feature::Usual1, usual >= 1);
        case.set_if(Feature::Usual2, usual >= 2);
        case.set_if(Feature::Usual3, usual >= 3);
        case.set_if(Feature::Faint, faint);
        case.set_if(Feature::Scheme, scheme);
        case.set_if(Feature::Parts, parted);
        case.set(Feature::LongCue, ratio(longest.min(8), 8));
        case.set_if(Feature::LawStrong, self.around.place.law && strong >= 1);
        case.set(Feature::Occurrences, logarithm(found.len()));
        let letters: usize = found.iter().map(|hit| hit.at.len()).sum();
        case.set(Feature::Density, (ratio(letters, self.text.len()) * 4.0).min(1.0));
    }

    fn rank(&self, score: &Score, case: &mut Case) {
        let is_best = score.value >= self.best;
        case.set(Feature::Plain, score.value.min(3.0));
        case.set(Feature::PlainLog, score.value.ln_1p());
        case.set_if(Feature::PlainEnough, score.value >= 1.0);
        case.set_if(Feature::Best, is_best);
        let is_second = self.second.is_some_and(|second| score.value >= second);
        case.set_if(Feature::Second, is_second && !is_best);
        case.set(Feature::Behind, (self.best - score.value).min(3.0));
        case.set(Feature::Share, if self.sum > 0.0 { score.value / self.sum } else { 0.0 });
        case.set(Feature::Others, self.others);
    }

    fn rank_in_sentences(&self, score: &Score, case: &mut Case) {
        let (mut share, mut best, mut number, mut alone) = (0.0_f32, 0, false, false);
        for (at, own) in by_sentence(self.scores.found(score)) {
            let (Some((sum, most)), Some(sentence)) =
                (self.sentences.get(at), self.read.sentences.get(at))
            else {
                continue;
            };
            share = share.max(own / sum.max(own));
            if own >= *most {
                best += 1;
                number |= sentence.has_number;
            }
            alone |= own >= *sum;
        }
        case.set(Feature::SentenceShare, share);
        case.set_if(Feature::SentenceBest, best > 0);
        case.set_if(Feature::SentenceBestNumber, number);
        case.set_if(Feature::SentenceAlone, alone);
        case.set(Feature::BestSentences, ratio(best, self.read.sentences.len()));
    }

    fn beside_cues(&self, score: &Score, case: &mut Case) {
        let (mut numbers, mut done) = (Runs::default(), Runs::default());
        let (mut strong_number, mut names) = (false, false);
        let (mut speech, mut after, mut listed) = (true, true, true);
        for hit in self.scores.found(score) {
            let Some(sentence) = self.read.sentences.get(hit.sentence) else { continue };
            if self.read.number_near(&hit.at, &sentence.at) {
                numbers.add(hit.cue);
                strong_number |= hit.traits.weight >= STRONG;
            }
            if self.read.done_beside(&hit.at, &sentence.at, VERB_BEFORE, VERB_AFTER) {
                done.add(hit.cue);
            }
            let quoted = self.read.quoted(&hit.at);
            speech &= quoted == Some(true);
            names |= quoted == Some(false);
            after &= sentence.after_speech;
            listed &= hit.listed;
        }
        case.set_if(Feature::NumberNear, numbers.count > 0);
        case.set_if(Feature::NumberNear2, numbers.count > 1);
        case.set_if(Feature::StrongNumber, strong_number);
        case.set_if(Feature::Done, done.count > 0);
        case.set_if(Feature::Done2, done.count > 1);
        case.set_if(Feature::Listed, listed);
        case.set_if(Feature::NameQuoted, names);
        case.set_if(Feature::SpeechQuoted, speech);
        case.set_if(Feature::AfterSpeech, after);
    }

    /// How much of the paragraph is about the measure; gives the context words of its sentences.
    fn extent(&self, score: &Score, case: &mut Case) -> ContextWords {
        let mut words = ContextWords::default();
        let (mut held, mut length, mut factor) = (0, 0, 0.0_f32);
        let found = self.scores.found(score);
        for hits in found.chunk_by(|a, b| a.sentence == b.sentence) {
            let Some(hit) = hits.first() else { continue };
            let Some(sentence) = self.read.sentences.get(hit.sentence) else { continue };
            held += 1;
            length += sentence.at.len();
            factor = factor.max(sentence.factor);
            words.extend(&sentence.words);
        }
        let count = self.read.sentences.len();
        let first = found.first().map(|hit| hit.sentence);
        case.set(Feature::Sentences, ratio(held, count));
        case.set(Feature::Text, ratio(length, self.text.len()));
        case.set_if(Feature::First, first == Some(0));
        case.set_if(Feature::Last, count > 1 && first == Some(count - 1));
        case.set(Feature::Factor, factor);
        words
    }

    fn surroundings(&self, score: &Score, case: &mut Case) {
        let place = self.around.place;
        let is_in = |list: &[usize]| list.binary_search(&score.measure).is_ok();
        case.set_if(Feature::Heading, is_in(&place.heading));
        case.set_if(Feature::Title, is_in(&place.title));
        let mut sum = 0.0;
        for (distance, scores) in &self.around.near {
            let value = scores
                .binary_search_by_key(&score.measure, |other| other.measure)
                .ok()
                .and_then(|at| scores.get(at))
                .map_or(0.0, |other| other.value.min(1.5));
            sum += value;
            match distance {
                -1 => case.set(Feature::Before, value),
                1 => case.set(Feature::After, value),
                _ => {}
            }
        }
        case.set(Feature::Around, sum / 4.0);
    }
}

/// The features of a paragraph itself.
fn common(text: &str, read: &Read, place: &Place) -> Case {
    let mut case = Case::default();
    let has_number = read.sentences.iter().any(|sentence| sentence.has_number);
    case.set_if(Feature::Lead, place.lead);
    case.set_if(Feature::LeadNumber, place.lead && has_number);
    case.set_if(Feature::HasNumber, has_number);
    case.set(Feature::Numbers, logarithm(read.numbers.len()));
    let chars = text.len() / '中'.len_utf8();
    case.set(Feature::Long, ratio(chars, 100).ln_1p());
    case.set_if(Feature::Short, chars < 60);
    case.set_if(Feature::PlanSection, place.plan_section);
    case.set_if(Feature::AccountSection, place.account_section);
    case.set_if(Feature::Law, place.law);
    case
}

/// What the cues of a measure weigh in each sentence that has one.
fn by_sentence(found: &[Found]) -> impl Iterator<Item = (usize, f32)> {
    found.chunk_by(|a, b| a.sentence == b.sentence).filter_map(|hits| {
        let weight = hits.iter().map(|hit| hit.traits.weight).sum();
        Some((hits.first()?.sentence, weight))
    })
}

/// How many runs of the same cue there are.
#[derive(Debug, Default)]
struct Runs {
    count: usize,
    last: Option<usize>,
}

impl Runs {
    fn add(&mut self, cue: usize) {
        self.count += usize::from(self.last.replace(cue) != Some(cue));
    }
}

fn one_if(is: bool) -> f32 {
    f32::from(u8::from(is))
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts in one paragraph; a share needs no more than six digits"
)]
fn ratio(part: usize, whole: usize) -> f32 {
    if whole == 0 { 0.0 } else { part as f32 / whole as f32 }
}

fn logarithm(count: usize) -> f32 {
    ratio(count, 1).ln_1p()
}
