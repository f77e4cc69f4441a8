//! What names in a query mean: divisions, measures, synonyms, looked up in the vocabulary.

use crate::model::{MeasurePath, RegionPath};
use crate::search::parse::FieldValues;
use crate::vocab::{Resolution, Vocabulary};

impl FieldValues for Vocabulary {
    fn region(&self, value: &str) -> Option<RegionPath> {
        match self.divisions.resolve(value) {
            Resolution::One(path, _note) => Some(path),
            Resolution::Ambiguous(_) | Resolution::Unknown { .. } => None,
        }
    }

    fn measure(&self, value: &str) -> Option<MeasurePath> {
        self.measures.resolve(value).map(|measure| measure.path.clone())
    }
}
