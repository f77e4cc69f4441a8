//! Rows of cells: not read by columns yet.

use crate::ingest::Extracted;
use crate::ingest::extract::plain;

/// A row is a line of its cells with their column names.
pub(super) fn extract(text: &str) -> Extracted {
    plain::extract(text.to_owned())
}
