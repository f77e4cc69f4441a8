//! The learned part: a weight for each feature, each measure and each cue, added up to the odds of a tag.
//!
//! The file `index-schema/measure-model.tsv` is written by `benches/tags/train.py` from labelled paragraphs. A line is
//! `shared<TAB>feature<TAB>weight`, `measure<TAB>path<TAB>weight` or `cue<TAB>path<TAB>cue<TAB>weight`; what is not
//! there weighs 0. A measure without a line of its own is not of the model: its cues and threshold decide alone.

use super::features::{Case, feature_name, shared_features};
use crate::vocab::measures::{Cue, Measure};
use std::borrow::Cow;
use std::collections::HashMap;

/// Odds above which more certainty makes no difference.
const MOST_ODDS: f32 = 1000.0;

/// Weights by ordinal.
#[derive(Debug)]
pub(super) struct Model {
    shared: Vec<f32>,
    /// By measure; `None` for one that the model does not know.
    measures: Vec<Option<OfMeasure>>,
}

#[derive(Debug, Clone, Default)]
struct OfMeasure {
    bias: f32,
    cues: Vec<f32>,
}

impl Model {
    /// Reads the model's file for the measures of a vocabulary; lines about cues and measures that are not there any
    /// more say nothing.
    pub(super) fn new(text: &str, measures: &[Measure]) -> Self {
        let ordinals: HashMap<String, usize> =
            (0..shared_features()).filter_map(|at| Some((feature_name(at)?, at))).collect();
        let paths: HashMap<&str, usize> =
            measures.iter().enumerate().map(|(at, measure)| (measure.path.as_str(), at)).collect();
        let cues: Vec<HashMap<Cow<'_, str>, usize>> = measures
            .iter()
            .map(|measure| {
                measure.cues.iter().enumerate().map(|(at, cue)| (written(cue), at)).collect()
            })
            .collect();
        let mut model =
            Self { shared: vec![0.0; shared_features()], measures: vec![None; measures.len()] };
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let fields: Vec<&str> = line.split('\t').collect();
            let weight = |field: &str| field.parse::<f32>().unwrap_or(0.0);
            match fields.as_slice() {
                ["shared", name, value] => {
                    if let Some(at) = ordinals.get(*name) {
                        model.shared[*at] = weight(value);
                    }
                }
                ["measure", path, value] => {
                    if let Some(at) = paths.get(path) {
                        model.of(*at, measures).bias = weight(value);
                    }
                }
                ["cue", path, cue, value] => {
                    let known =
                        paths.get(path).and_then(|at| Some((*at, *cues.get(*at)?.get(*cue)?)));
                    if let Some((measure, cue)) = known {
                        model.of(measure, measures).cues[cue] = weight(value);
                    }
                }
                _ => {}
            }
        }
        model
    }

    fn of(&mut self, at: usize, measures: &[Measure]) -> &mut OfMeasure {
        let cues = measures.get(at).map_or(0, |measure| measure.cues.len());
        self.measures[at].get_or_insert_with(|| OfMeasure { bias: 0.0, cues: vec![0.0; cues] })
    }

    /// Whether the model knows a measure.
    pub(super) fn knows(&self, measure: usize) -> bool {
        self.measures.get(measure).is_some_and(Option::is_some)
    }

    /// The odds that a paragraph describes a measure, 1 where a tag is worth giving; `None` for a measure that the
    /// model does not know.
    pub(super) fn odds(&self, case: &Case) -> Option<f32> {
        let own = self.measures.get(case.measure)?.as_ref()?;
        let weighed = |weights: &[f32], values: &[(usize, f32)]| -> f32 {
            values.iter().map(|(at, value)| weights.get(*at).unwrap_or(&0.0) * value).sum()
        };
        let sum = own.bias + weighed(&self.shared, &case.values) + weighed(&own.cues, &case.cues);
        Some(sum.exp().min(MOST_ODDS))
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
    use crate::vocab::Vocabulary;
    use crate::vocab::measures::MODEL;
    use std::collections::HashSet;

    #[test]
    fn every_line_of_the_built_in_model_says_something() {
        let vocabulary = Vocabulary::builtin();
        let names: HashSet<String> = (0..shared_features()).filter_map(feature_name).collect();
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
        let text = format!("shared\tone\t-1\nmeasure\t{path}\t0.5\ncue\t{path}\t{cue}\t2\n");
        let model = Model::new(&text, measures);
        let case = Case { measure: 0, values: vec![(0, 1.0)], cues: vec![(0, 0.5)] };
        assert!((model.odds(&case).unwrap() - 0.5_f32.exp()).abs() < 1e-5);
        assert!(model.odds(&Case { measure: 1, ..case }).is_none());
    }
}
