//! The learned part: a weight for each feature, each measure and each cue, added up to the odds of a tag.
//!
//! The file `index-schema/measure-model.tsv` is written by `benches/tags/train.py` from labelled paragraphs. A line is
//! `shared<TAB>feature<TAB>weight`, `measure<TAB>path<TAB>weight`, `cue<TAB>path<TAB>cue<TAB>weight`, or, for what a
//! feature weighs more or less for one measure than for all, `own<TAB>path<TAB>feature<TAB>weight`; what is not there
//! weighs 0. A measure without a line of its own is not of the model: its cues and threshold decide alone.

use super::features::{Case, feature_names};
use crate::vocab::measures::{Cue, Measure};
use std::borrow::Cow;
use std::collections::HashMap;

/// Odds above which more certainty makes no difference.
const MOST_ODDS: f32 = 1000.0;

/// Weights by measure; `None` for one that the model does not know.
#[derive(Debug)]
pub(super) struct Model(Vec<Option<OfMeasure>>);

#[derive(Debug, Clone)]
struct OfMeasure {
    bias: f32,
    /// By feature: the shared weight and its own together.
    features: Vec<f32>,
    cues: Vec<f32>,
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
                features: vec![0.0; names.len()],
                cues: vec![0.0; measures[measure].cues.len()],
            });
            match (kind, fields.next()) {
                ("measure", None) => own.bias = weight,
                ("cue", Some(cue)) => {
                    if let Some(at) = cues[measure].get(cue) {
                        own.cues[*at] = weight;
                    }
                }
                ("own", Some(feature)) => {
                    if let Some(at) = features.get(feature) {
                        own.features[*at] = weight;
                    }
                }
                _ => {}
            }
        }
        for own in of_measures.iter_mut().flatten() {
            own.features.iter_mut().zip(&shared).for_each(|(own, shared)| *own += shared);
        }
        Self(of_measures)
    }

    /// Whether the model knows a measure.
    pub(super) fn knows(&self, measure: usize) -> bool {
        self.0.get(measure).is_some_and(Option::is_some)
    }

    /// The odds that a paragraph describes a measure, 1 where a tag is worth giving; `None` for a measure that the
    /// model does not know.
    pub(super) fn odds(&self, case: &Case<'_>) -> Option<f32> {
        let own = self.0.get(case.measure)?.as_ref()?;
        let weight = |weights: &[f32], at: usize| weights.get(at).copied().unwrap_or(0.0);
        let features: f32 =
            case.features().map(|(at, value)| weight(&own.features, at) * value).sum();
        let cues: f32 = case.cues.iter().map(|(at, value)| weight(&own.cues, *at) * value).sum();
        Some((own.bias + features + cues).exp().min(MOST_ODDS))
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
            assert!(model.knows(at), "{}", measure.path);
        }
    }

    #[test]
    fn odds_add_up_from_features_cues_and_measure() {
        let vocabulary = Vocabulary::builtin();
        let measures = vocabulary.measures.all();
        let path = &measures[0].path;
        let cue = measures[0].cues[0].parts.join("…");
        let words = known_words().collect::<Vec<_>>();
        let (known, topic) = (0, words.len() - 1);
        let text = format!(
            "shared\tone\t-1\nshared\tparagraph:{}\t0.25\nmeasure\t{path}\t0.5\ncue\t{path}\t{cue}\t2\n\
             own\t{path}\tone\t0.5\nown\t{path}\ttopic:{}\t-2\n",
            words[known], words[topic]
        );
        let model = Model::new(&text, measures);
        let words = [known, topic];
        let case = Case { measure: 0, values: vec![(0, 1.0)], words: &words, cues: vec![(0, 0.5)] };
        assert!((model.odds(&case).unwrap() - (-0.75_f32).exp()).abs() < 1e-5);
        assert!(model.odds(&Case { measure: 1, ..case }).is_none());
    }
}
