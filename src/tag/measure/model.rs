//! The learned part: a weight for each feature, each measure and each cue, added up to the odds of a tag.
//!
//! The file `index-schema/measure-model.tsv` is written by `benches/tags/train.py` from labelled paragraphs. A line is
//! `shared<TAB>feature<TAB>weight`, `measure<TAB>path<TAB>weight`, `cue<TAB>path<TAB>cue<TAB>weight`, or, for what a
//! feature weighs more or less for one measure than for all, `own<TAB>path<TAB>feature<TAB>weight`; what is not there
//! weighs 0. A measure without a line of its own is not of the model: its cues and threshold decide alone.

use super::features::{Case, IN_PARAGRAPH, feature_names};
use super::words::KnownWords;
use crate::vocab::measures::{Cue, Measure};
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

/// Odds above which more certainty makes no difference.
const MOST_ODDS: f32 = 1000.0;

/// Weights by measure.
#[derive(Debug)]
pub(super) struct Model {
    /// `None` for a measure that the model does not know.
    measures: Vec<Option<OfMeasure>>,
    /// By word in the paragraph: what it weighs for all measures.
    words: Vec<f32>,
    /// By word: where it stands in `own_words` what it weighs more or less for some of them.
    own_by_word: Vec<Range<usize>>,
    /// Measures and weights.
    own_words: Vec<(usize, f32)>,
}

#[derive(Debug, Clone)]
struct OfMeasure {
    bias: f32,
    /// By feature other than words in the paragraph: the shared weight and its own together.
    features: Vec<f32>,
    cues: Vec<f32>,
}

/// What the words of a paragraph weigh.
#[derive(Debug)]
pub(super) struct WordWeights {
    shared: f32,
    /// By measure.
    own: Vec<f32>,
}

impl Model {
    /// Reads the model's file for the measures of a vocabulary; lines about features, cues and measures that are not
    /// there any more say nothing.
    pub(super) fn new(text: &str, measures: &[Measure]) -> Self {
        let names = feature_names();
        let features: HashMap<&str, usize> =
            names.iter().enumerate().map(|(at, name)| (name.as_str(), at)).collect();
        let paths: HashMap<&str, usize> =
            measures.iter().enumerate().map(|(at, measure)| (measure.path.as_str(), at)).collect();
        let cues: Vec<HashMap<Cow<'_, str>, usize>> = measures
            .iter()
            .map(|measure| {
                measure.cues.iter().enumerate().map(|(at, cue)| (written(cue), at)).collect()
            })
            .collect();
        let mut shared = vec![0.0; names.len()];
        let mut of_measures: Vec<Option<OfMeasure>> = vec![None; measures.len()];
        let mut own_words = Vec::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let mut fields = line.split('\t');
            let (Some(kind), Some(key)) = (fields.next(), fields.next()) else { continue };
            let Some(weight) = fields.next_back().and_then(|weight| weight.parse().ok()) else {
                continue;
            };
            if kind == "shared" {
                if let Some(at) = features.get(key) {
                    shared[*at] = weight;
                }
                continue;
            }
            let Some(measure) = paths.get(key).copied() else { continue };
            let own = of_measures[measure].get_or_insert_with(|| OfMeasure {
                bias: 0.0,
                features: vec![0.0; IN_PARAGRAPH],
                cues: vec![0.0; measures[measure].cues.len()],
            });
            match (kind, fields.next()) {
                ("measure", None) => own.bias = weight,
                ("cue", Some(cue)) => {
                    if let Some(at) = cues[measure].get(cue) {
                        own.cues[*at] = weight;
                    }
                }
                ("own", Some(feature)) => match features.get(feature).copied() {
                    Some(at) if at >= IN_PARAGRAPH => {
                        own_words.push((at - IN_PARAGRAPH, measure, weight));
                    }
                    Some(at) => own.features[at] = weight,
                    None => {}
                },
                _ => {}
            }
        }
        let words = shared.split_off(IN_PARAGRAPH);
        for own in of_measures.iter_mut().flatten() {
            own.features.iter_mut().zip(&shared).for_each(|(own, shared)| *own += shared);
        }
        own_words.sort_unstable_by_key(|(word, measure, _)| (*word, *measure));
        let mut from = 0;
        let range_of = |word: usize| {
            let start = from;
            from += own_words.iter().skip(from).take_while(|(of, ..)| *of == word).count();
            start..from
        };
        Self {
            measures: of_measures,
            own_by_word: (0..words.len()).map(range_of).collect(),
            words,
            own_words: own_words.iter().map(|(_, measure, weight)| (*measure, *weight)).collect(),
        }
    }

    /// What the words of a paragraph weigh for each measure.
    pub(super) fn of_words(&self, words: &KnownWords) -> WordWeights {
        let mut weights = WordWeights { shared: 0.0, own: vec![0.0; self.measures.len()] };
        for word in words.iter() {
            weights.shared += self.words.get(word).copied().unwrap_or(0.0);
            let own = self.own_by_word.get(word).and_then(|at| self.own_words.get(at.clone()));
            for (measure, weight) in own.unwrap_or_default() {
                weights.own[*measure] += weight;
            }
        }
        weights
    }

    /// The odds that a paragraph describes a measure, 1 where a tag is worth giving; `None` for a measure that the
    /// model does not know. `words` are those of the paragraph.
    pub(super) fn odds(&self, case: &Case, words: &WordWeights) -> Option<f32> {
        let own = self.measures.get(case.measure)?.as_ref()?;
        let weigh = |weights: &[f32], values: &[(usize, f32)]| -> f32 {
            let weight = |at: usize| weights.get(at).copied().unwrap_or(0.0);
            values.iter().map(|(at, value)| weight(*at) * value).sum()
        };
        let words = words.shared + words.own.get(case.measure).copied().unwrap_or(0.0);
        let features = weigh(&own.features, &case.values) + words;
        Some((own.bias + features + weigh(&own.cues, &case.cues)).exp().min(MOST_ODDS))
    }
}

/// A cue as it stands in the file.
fn written(cue: &Cue) -> Cow<'_, str> {
    match cue.parts.as_slice() {
        [only] => Cow::Borrowed(only),
        parts => Cow::Owned(parts.join("…")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tag::measure::words::known_words;
    use crate::vocab::Vocabulary;
    use crate::vocab::measures::MODEL;
    use std::collections::HashSet;

    #[test]
    fn every_line_of_the_built_in_model_says_something() {
        let vocabulary = Vocabulary::builtin();
        let names: HashSet<String> = feature_names().into_iter().collect();
        let mut seen = HashSet::new();
        for line in MODEL.lines().filter(|line| !line.starts_with('#')) {
            let fields: Vec<&str> = line.split('\t').collect();
            let (weight, key) = fields.split_last().unwrap();
            assert!(weight.parse::<f32>().is_ok_and(f32::is_finite), "{line}");
            assert!(seen.insert(key.to_vec()), "{line}: given twice");
            let measure = |path: &str| vocabulary.measures.resolve(path);
            let known = match key {
                ["shared", name] => names.contains(*name),
                ["measure", path] => measure(path).is_some(),
                ["own", path, name] => measure(path).is_some() && names.contains(*name),
                ["cue", path, cue] => measure(path).is_some_and(|measure| {
                    measure.cues.iter().any(|known| known.parts.join("…") == *cue)
                }),
                _ => false,
            };
            assert!(known, "{line}: nothing has that name");
        }
    }

    #[test]
    fn the_built_in_model_knows_the_built_in_measures() {
        let vocabulary = Vocabulary::builtin();
        let model = Model::new(MODEL, vocabulary.measures.all());
        for (at, measure) in vocabulary.measures.all().iter().enumerate() {
            let case = Case { measure: at, ..Case::default() };
            let words = model.of_words(&KnownWords::default());
            assert!(model.odds(&case, &words).is_some(), "{}", measure.path);
        }
    }

    #[test]
    fn odds_add_up_from_features_cues_words_and_measure() {
        let vocabulary = Vocabulary::builtin();
        let measures = vocabulary.measures.all();
        let path = &measures[0].path;
        let cue = measures[0].cues[0].parts.join("…");
        let words = known_words().collect::<Vec<_>>();
        let (known, topic) = (0, words.len() - 1);
        let text = format!(
            "shared\tone\t-1\nshared\tparagraph:{}\t0.25\nmeasure\t{path}\t0.5\ncue\t{path}\t{cue}\t2\n\
             own\t{path}\tone\t0.5\nown\t{path}\ttopic:{}\t-2\nown\t{path}\ttopic:{}\t8\n\
             measure\t{}\t0.25\n",
            words[known],
            words[topic],
            words[topic - 1],
            measures[1].path
        );
        let model = Model::new(&text, measures);
        let mut held = KnownWords::default();
        [known, topic].iter().for_each(|word| held.insert(*word));
        let words = model.of_words(&held);
        let odds = |measure| {
            let case = Case { measure, values: vec![(0, 1.0)], cues: vec![(0, 0.5)] };
            model.odds(&case, &words)
        };
        assert!((odds(0).unwrap() - (-0.75_f32).exp()).abs() < 1e-5);
        assert!((odds(1).unwrap() - (-0.5_f32).exp()).abs() < 1e-5);
        assert!(odds(2).is_none());
    }
}
