//! A query to hits and facets: parse, plan, collect, fetch, mark.
//!
//! The order of the steps: `parse` (text to [`ast`]), `plan` (tree to engine query), `rank` and `facet` (collectors),
//! `snippet` (marks). What goes in and out is in [`request`].

pub mod ast;
pub mod parse;
pub mod request;
