//! Literal search in one text: where the tokens of a string stand in the tokens of a text.

use crate::model::Span;

/// All places, in characters of `text`, where `needle` stands literally: its folded tokens are a run of the text's,
/// with separators in the same gaps (what separators they are does not matter).
pub fn find_all(text: &str, needle: &str) -> Vec<Span> {
    let _ = (text, needle);
    Vec::new()
}
