//! A query to hits and facets: parse, plan, collect, fetch, mark.
//!
//! The order of the steps: `parse` (text to [`ast`]), `plan` (tree to engine queries), `rank` and `facet` (collectors), `cross` (one facet by another), `collapse` (reprints),
//! `fetch` and `snippet` (hits and their marks), all run by [`Searcher`]. What goes in and out is in [`request`]. Invariant: no query text is an
//! error, and what is found does not depend on how text is cut into words.

mod any;
mod articles;
pub mod ast;
mod collapse;
mod cross;
mod excluded;
mod facet;
mod fetch;
pub mod figures;
mod found;
mod literal_query;
mod names;
pub mod parse;
mod plan;
mod rank;
mod reasons;
pub mod request;
mod searcher;
mod snippet;
mod spellings;
mod statistics;
mod stats;
mod sum;
mod term_list;
mod verified;

pub use searcher::Searcher;
pub use snippet::{merge_spans, snippet};
pub use stats::{Part, Stats};

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
