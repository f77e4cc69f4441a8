//! Divisions, measures, synonyms and words: load, check, resolve names.

/// Everything that decides names and tags.
#[derive(Debug, Default)]
pub struct Vocabulary {}
