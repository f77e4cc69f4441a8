//! The query language: text to [`Node`]. No query text is an error.

use crate::model::{MeasurePath, RegionPath};
use crate::search::ast::Node;
use crate::search::request::SearchNote;

/// Looks up the values of fields while parsing; the vocabulary implements it.
pub trait FieldValues {
    /// The division with this name, alias, former name, code or path, when there is exactly one.
    fn region(&self, value: &str) -> Option<RegionPath>;
    /// The measure with this name, alias or path.
    fn measure(&self, value: &str) -> Option<MeasurePath>;
}

/// A query understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed {
    /// The tree; an `And` at the top, empty for an empty query.
    pub root: Node,
    /// What was taken otherwise than it may have been meant.
    pub notes: Vec<SearchNote>,
}

/// Understands `query`.
pub fn parse(query: &str, values: &dyn FieldValues) -> Parsed {
    let _ = (query, values);
    Parsed { root: Node::And(Vec::new()), notes: Vec::new() }
}
