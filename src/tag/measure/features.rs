//! What is known of one measure in one paragraph, as numbers that the model weighs.
//!
//! All features are those of every measure, so that one with few labelled examples profits from the others: how
//! strong its cues are, whether numbers and done-verbs stand beside them, how much of the paragraph is about it, what
//! stands around the paragraph, and the words that say how it speaks and what about ([`super::words`]).

use super::context::Read;
use super::cues::cue_of;
use super::plain::Score;
use super::words::{CONTEXT_WORDS, known_words};
use crate::vocab::measures::{FAINT, Measure, STRONG, USUAL};

/// Bytes before and after a cue in which a done-verb governs it.
const VERB_BEFORE: usize = 18;
const VERB_AFTER: usize = 12;
/// Groups of party building.
const PARTY_GROUPS: [&str; 4] = ["组织建设", "队伍建设", "教育培训", "保障机制"];
/// Context words that show a text of party building.
const PARTY_WORDS: [&str; 6] = ["党委", "支部", "党组织", "党员", "干部", "书记"];

/// Ordinals of the context words in the cues' sentences begin here; those of all words in the paragraph below.
const IN_SENTENCE: usize = NAMES.len();
const IN_PARAGRAPH: usize = IN_SENTENCE + CONTEXT_WORDS.len();

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

/// What stands around a paragraph.
#[derive(Debug, Default, Clone)]
pub(super) struct Surroundings {
    /// Measures that the nearest heading names, and the article's title; sorted.
    pub(super) heading: Vec<usize>,
    pub(super) title: Vec<usize>,
    /// Whether the paragraph is the first of several below its heading.
    pub(super) lead: bool,
    pub(super) plan_section: bool,
    pub(super) account_section: bool,
    pub(super) law: bool,
    /// Scores, by measure, of the paragraphs around: how far before (negative) or behind, and the scores.
    pub(super) near: Vec<(isize, Vec<(usize, f32)>)>,
}

/// One measure in one paragraph.
#[derive(Debug, Clone)]
pub(super) struct Case<'a> {
    pub(super) measure: usize,
    /// Features by ordinal with their values; zeros are left out.
    pub(super) values: Vec<(usize, f32)>,
    /// Ordinals of the words in the paragraph, all of value 1.
    pub(super) words: &'a [usize],
    /// Cues by ordinal with what each counts.
    pub(super) cues: Vec<(usize, f32)>,
}

impl Case<'_> {
    /// All features by ordinal with their values.
    pub(super) fn features(&self) -> impl Iterator<Item = (usize, f32)> {
        self.values.iter().copied().chain(self.words.iter().map(|word| (IN_PARAGRAPH + word, 1.0)))
    }
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
    place: &'a Surroundings,
    /// Scores of all measures, best first.
    ranked: Vec<f32>,
    sum: f32,
    /// What the cues of each sentence say together, and the most that one measure says.
    sentences: Vec<(f32, f32)>,
    has_number: bool,
    /// Share of the words of party building that it holds.
    party: f32,
}

impl<'a> Paragraph<'a> {
    pub(super) fn new(
        text: &'a str,
        read: &'a Read,
        measures: &'a [Measure],
        place: &'a Surroundings,
        scores: &[Score],
    ) -> Self {
        let mut ranked: Vec<f32> = scores.iter().map(|score| score.value).collect();
        ranked.sort_by(|a, b| b.total_cmp(a));
        let party = PARTY_WORDS.iter().filter(|word| read.holds(word)).count();
        let mut sentences = vec![(0.0_f32, 0.0_f32); read.sentences.len()];
        for score in scores {
            for (at, own) in by_sentence(measures, score) {
                if let Some((sum, most)) = sentences.get_mut(at) {
                    *sum += own;
                    *most = most.max(own);
                }
            }
        }
        Self {
            sentences,
            sum: ranked.iter().sum(),
            has_number: read.sentences.iter().any(|sentence| sentence.has_number),
            party: (ratio(party, PARTY_WORDS.len()) * 2.0).min(1.0),
            text,
            read,
            measures,
            place,
            ranked,
        }
    }

    /// The features of one measure.
    pub(super) fn case(&self, score: &Score) -> Case<'a> {
        let mut values = Values::default();
        values.set(Feature::One, 1.0);
        self.strength(score, &mut values);
        self.rank(score, &mut values);
        self.rank_in_sentences(score, &mut values);
        self.beside_cues(score, &mut values);
        let sentences = self.extent(score, &mut values);
        self.surroundings(score, &mut values);
        self.paragraph(score, &mut values);
        for word in sentences {
            values.add(IN_SENTENCE + word, 1.0);
        }
        let cues = score
            .cues
            .iter()
            .map(|(cue, _)| {
                let best = score
                    .hits
                    .iter()
                    .filter(|hit| hit.cue == *cue)
                    .filter_map(|hit| self.factor(hit.sentence));
                (*cue, best.fold(0.0, f32::max))
            })
            .collect();
        Case { measure: score.measure, values: values.0, words: &self.read.words, cues }
    }

    fn factor(&self, sentence: usize) -> Option<f32> {
        self.read.sentences.get(sentence).map(|sentence| sentence.factor)
    }

    fn strength(&self, score: &Score, values: &mut Values) {
        let (mut strong, mut usual, mut faint, mut scheme, mut parts, mut longest) =
            (0, 0, 0, 0, 0, 0);
        for (cue, _) in &score.cues {
            let Some(cue) = cue_of(self.measures, score.measure, *cue) else { continue };
            let weight = cue.weight;
            strong += usize::from(weight >= STRONG);
            usual += usize::from((USUAL..STRONG).contains(&weight));
            faint += usize::from(weight <= FAINT);
            scheme += usize::from(cue.scheme);
            parts += usize::from(cue.parts.len() > 1);
            longest = longest.max(cue.parts.iter().map(|part| part.chars().count()).sum());
        }
        let at_least = |count: usize, least: usize| f32::from(u8::from(count >= least));
        values.set(Feature::Strong1, at_least(strong, 1));
        values.set(Feature::Strong2, at_least(strong, 2));
        values.set(Feature::Strong3, at_least(strong, 3));
        values.set(Feature::Usual1, at_least(usual, 1));
        values.set(Feature::Usual2, at_least(usual, 2));
        values.set(Feature::Usual3, at_least(usual, 3));
        values.set(Feature::Faint, at_least(faint, 1));
        values.set(Feature::Scheme, at_least(scheme, 1));
        values.set(Feature::Parts, at_least(parts, 1));
        values.set(Feature::LongCue, ratio(longest.min(8), 8));
        values.set(Feature::LawStrong, if self.place.law { at_least(strong, 1) } else { 0.0 });
        values.set(Feature::Occurrences, logarithm(score.hits.len()));
        let letters: usize = score.hits.iter().map(|hit| hit.at.len()).sum();
        values.set(Feature::Density, (ratio(letters, self.text.len()) * 4.0).min(1.0));
    }

    fn rank(&self, score: &Score, values: &mut Values) {
        let best = self.ranked.first().copied().unwrap_or(0.0);
        values.set(Feature::Plain, score.value.min(3.0));
        values.set(Feature::PlainLog, score.value.ln_1p());
        values.set(Feature::PlainEnough, f32::from(u8::from(score.value >= 1.0)));
        values.set(Feature::Best, f32::from(u8::from(score.value >= best)));
        let second = self.ranked.get(1).is_some_and(|second| score.value >= *second);
        values.set(Feature::Second, f32::from(u8::from(second && score.value < best)));
        values.set(Feature::Behind, (best - score.value).min(3.0));
        values.set(Feature::Share, if self.sum > 0.0 { score.value / self.sum } else { 0.0 });
        let good = self.ranked.iter().take_while(|value| **value >= 0.5).count();
        values.set(Feature::Others, logarithm(good));
    }

    fn rank_in_sentences(&self, score: &Score, values: &mut Values) {
        let some = |is: bool| f32::from(u8::from(is));
        let (mut share, mut best, mut number, mut alone) = (0.0_f32, 0, false, false);
        for (at, own) in by_sentence(self.measures, score) {
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
        values.set(Feature::SentenceShare, share);
        values.set(Feature::SentenceBest, some(best > 0));
        values.set(Feature::SentenceBestNumber, some(number));
        values.set(Feature::SentenceAlone, some(alone));
        values.set(Feature::BestSentences, ratio(best, self.read.sentences.len()));
    }

    fn beside_cues(&self, score: &Score, values: &mut Values) {
        let (mut numbers, mut done, mut strong_number) = (Vec::new(), Vec::new(), false);
        let (mut names, mut speech, mut after, mut listed) = (0, 0, 0, 0);
        for hit in &score.hits {
            let Some(sentence) = self.read.sentences.get(hit.sentence) else { continue };
            if self.read.number_near(&hit.at, &sentence.at) {
                numbers.push(hit.cue);
                let cue = cue_of(self.measures, score.measure, hit.cue);
                strong_number |= cue.is_some_and(|cue| cue.weight >= STRONG);
            }
            if self.read.done_beside(&hit.at, &sentence.at, VERB_BEFORE, VERB_AFTER) {
                done.push(hit.cue);
            }
            match self.read.quoted(&hit.at) {
                Some(true) => speech += 1,
                Some(false) => names += 1,
                None => {}
            }
            after += usize::from(sentence.after_speech);
            listed += usize::from(hit.listed);
        }
        numbers.dedup();
        done.dedup();
        let all = |count: usize| f32::from(u8::from(count == score.hits.len()));
        let some = |is: bool| f32::from(u8::from(is));
        values.set(Feature::NumberNear, some(!numbers.is_empty()));
        values.set(Feature::NumberNear2, some(numbers.len() > 1));
        values.set(Feature::StrongNumber, some(strong_number));
        values.set(Feature::Done, some(!done.is_empty()));
        values.set(Feature::Done2, some(done.len() > 1));
        values.set(Feature::Listed, all(listed));
        values.set(Feature::NameQuoted, some(names > 0));
        values.set(Feature::SpeechQuoted, all(speech));
        values.set(Feature::AfterSpeech, all(after));
    }

    /// How much of the paragraph is about the measure; gives the context words of its sentences.
    fn extent(&self, score: &Score, values: &mut Values) -> Vec<usize> {
        let mut sentences: Vec<usize> = score.hits.iter().map(|hit| hit.sentence).collect();
        sentences.dedup();
        sentences.sort_unstable();
        sentences.dedup();
        let held: Vec<_> = sentences.iter().filter_map(|at| self.read.sentences.get(*at)).collect();
        let count = self.read.sentences.len();
        let length: usize = held.iter().map(|sentence| sentence.at.len()).sum();
        values.set(Feature::Sentences, ratio(sentences.len(), count));
        values.set(Feature::Text, ratio(length, self.text.len()));
        values.set(Feature::First, f32::from(u8::from(sentences.first() == Some(&0))));
        let last = count > 1 && sentences.first() == Some(&(count - 1));
        values.set(Feature::Last, f32::from(u8::from(last)));
        values
            .set(Feature::Factor, held.iter().map(|sentence| sentence.factor).fold(0.0, f32::max));
        let mut words: Vec<usize> =
            held.iter().flat_map(|sentence| sentence.words.iter().copied()).collect();
        words.sort_unstable();
        words.dedup();
        words
    }

    fn surroundings(&self, score: &Score, values: &mut Values) {
        let holds =
            |list: &[usize]| f32::from(u8::from(list.binary_search(&score.measure).is_ok()));
        values.set(Feature::Heading, holds(&self.place.heading));
        values.set(Feature::Title, holds(&self.place.title));
        let mut sum = 0.0;
        for (distance, scores) in &self.place.near {
            let value = scores
                .binary_search_by_key(&score.measure, |(measure, _)| *measure)
                .ok()
                .and_then(|at| scores.get(at))
                .map_or(0.0, |(_, value)| value.min(1.5));
            sum += value;
            match distance {
                -1 => values.set(Feature::Before, value),
                1 => values.set(Feature::After, value),
                _ => {}
            }
        }
        values.set(Feature::Around, sum / 4.0);
    }

    fn paragraph(&self, score: &Score, values: &mut Values) {
        let some = |is: bool| f32::from(u8::from(is));
        values.set(Feature::Lead, some(self.place.lead));
        values.set(Feature::LeadNumber, some(self.place.lead && self.has_number));
        values.set(Feature::HasNumber, some(self.has_number));
        values.set(Feature::Numbers, logarithm(self.read.numbers.len()));
        let chars = self.text.len() / '中'.len_utf8();
        values.set(Feature::Long, (ratio(chars, 100)).ln_1p());
        values.set(Feature::Short, some(chars < 60));
        values.set(Feature::PlanSection, some(self.place.plan_section));
        values.set(Feature::AccountSection, some(self.place.account_section));
        values.set(Feature::Law, some(self.place.law));
        let path = self.measures.get(score.measure).map_or("", |measure| measure.path.as_str());
        let own = PARTY_GROUPS.iter().any(|group| path.starts_with(group));
        values.set(Feature::PartyOwn, if own { self.party } else { 0.0 });
        values.set(Feature::PartyOther, if own { 0.0 } else { self.party });
    }
}

/// What the cues of a measure weigh in each sentence that has one.
fn by_sentence(measures: &[Measure], score: &Score) -> Vec<(usize, f32)> {
    let weight = |cue| cue_of(measures, score.measure, cue).map_or(0.0, |cue| cue.weight);
    score
        .hits
        .chunk_by(|a, b| a.sentence == b.sentence)
        .filter_map(|hits| {
            Some((hits.first()?.sentence, hits.iter().map(|hit| weight(hit.cue)).sum()))
        })
        .collect()
}

#[derive(Debug, Default)]
struct Values(Vec<(usize, f32)>);

impl Values {
    fn set(&mut self, feature: Feature, value: f32) {
        self.add(feature as usize, value);
    }

    fn add(&mut self, ordinal: usize, value: f32) {
        if value != 0.0 {
            self.0.push((ordinal, value));
        }
    }
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
