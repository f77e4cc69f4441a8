//! What names in a query mean: divisions, measures, synonyms, looked up in the vocabulary.

use crate::model::{MeasurePath, RegionPath};
use crate::search::parse::FieldValues;
use crate::text::script::to_simplified;
use crate::vocab::{Resolution, Vocabulary};

/// The division that an item of a query names. Unlike the value of a field, an item is seldom a name, so nothing is
/// looked for that costs time when it is none: paths, codes, names written one after the other, similar names.
pub(crate) fn item_region(vocabulary: &Vocabulary, item: &str) -> Option<RegionPath> {
    let item = item.trim();
    let is_name = |name: &str| !vocabulary.divisions.named(name).is_empty();
    let known = is_name(item) || is_name(&to_simplified(item));
    // 雄安 is a part of 河北省, and most of what is tagged 河北省 is not about it.
    (known && !vocabulary.is_part_of_region(item)).then(|| vocabulary.region(item))?
}

impl FieldValues for Vocabulary {
    fn region(&self, value: &str) -> Option<RegionPath> {
        match self.divisions.resolve(value) {
            Resolution::One(path, _note) => Some(path),
            Resolution::Ambiguous(_) | Resolution::Unknown { .. } => None,
        }
    }

    fn is_region_of_several(&self, value: &str) -> bool {
        matches!(self.divisions.resolve(value), Resolution::Ambiguous(_))
    }

    fn is_part_of_region(&self, value: &str) -> bool {
        self.divisions.names_a_part(value)
    }

    fn measure(&self, value: &str) -> Option<MeasurePath> {
        self.measures.resolve_path(value)
    }
}
