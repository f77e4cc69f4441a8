//! fangzhi (方志): full-text search with Chinese tokenization that finds what places did.
//!
//! The library does the work and prints nothing; the command in `src/bin/fangzhi` talks to people.
//! Modules in reading order: [`model`] (plain data), [`text`] (string tools), [`vocab`] (divisions, measures,
//! synonyms), [`ingest`] (bytes to paragraphs), [`tag`] (paragraphs to regions and measures), [`analysis`] (text to
//! tokens of the engine), [`index`] (what stands on disk), [`search`] (a query to hits and facets), [`pipeline`]
//! (many files), [`eval`] (judged queries).

pub mod analysis;
pub mod eval;
pub mod index;
pub mod ingest;
pub mod model;
pub mod pipeline;
pub mod search;
pub mod tag;
pub mod text;
pub mod vocab;
