//! A query to hits and facets: parse, plan, collect, fetch, mark.
//!
//! The order of the steps: `parse` (text to [`ast`]), `plan` (tree to engine queries), `rank` and `facet` (collectors), `collapse` (reprints),
//! `snippet` (marks), all run by [`Searcher`]. What goes in and out is in [`request`]. Invariant: no query text is an
//! error, and what is found does not depend on how text is cut into words.

pub mod ast;
mod collapse;
mod excluded;
mod facet;
pub mod figures;
mod literal_query;
mod names;
pub mod parse;
mod plan;
mod rank;
pub mod request;
mod searcher;
mod snippet;
mod statistics;
mod stats;
mod verified;

pub use searcher::Searcher;
pub use stats::Stats;

use crate::index::IndexError;

/// Most characters of a query.
pub const QUERY_CHARS_MAX: usize = 4096;

/// Why a search could not be answered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SearchError {
    /// The query is too long.
    #[error("query has {chars} characters, {max} are the most")]
    QueryTooLong {
        /// Characters of the query.
        chars: usize,
        /// Most that are taken.
        max: usize,
    },
    /// The index could not be read.
    #[error(transparent)]
    Index(#[from] IndexError),
}
