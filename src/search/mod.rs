//! A query to hits and facets: parse, plan, collect, fetch, mark.
//!
//! The order of the steps: `parse` (text to [`ast`]), `plan` (tree to engine query), `rank` and `facet` (collectors),
//! `snippet` (marks). What goes in and out is in [`request`].

pub mod ast;
pub mod parse;
pub mod request;

use crate::index::IndexError;
use crate::model::RegionPath;
use crate::vocab::Vocabulary;
use request::{Hit, SearchRequest, SearchResponse};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

/// Why a search could not be answered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SearchError {
    /// The query is longer than 4,096 characters.
    #[error("query has {chars} characters, most are {max}")]
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

/// Most characters of a query.
pub const QUERY_CHARS_MAX: usize = 4096;

/// Numbers about an index.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize)]
pub struct Stats {
    /// Reports known.
    pub reports: u64,
    /// Articles in them.
    pub articles: u64,
    /// Paragraphs in them.
    pub paragraphs: u64,
    /// Paragraphs by kind.
    pub kinds: Vec<(String, u64)>,
    /// Reports by encoding.
    pub encodings: Vec<(String, u64)>,
    /// Paragraphs with a region tag.
    pub with_region: u64,
    /// Paragraphs with a measure tag.
    pub with_measure: u64,
    /// Paragraphs with a date.
    pub with_date: u64,
    /// First and last day of any date, `yyyymmdd`.
    pub dates: Option<(u32, u32)>,
    /// Segments of the index.
    pub segments: usize,
    /// Bytes of the index on disk.
    pub bytes: u64,
    /// Remembered roots.
    pub roots: Vec<String>,
}

/// Answers searches over one state of an index.
pub struct Searcher {
    vocabulary: Arc<Vocabulary>,
}

impl Searcher {
    /// Opens the last commit of the index in `dir`.
    pub fn open(dir: &Path, vocabulary: Arc<Vocabulary>) -> Result<Self, IndexError> {
        let _ = dir;
        Ok(Self { vocabulary })
    }

    /// Answers one request.
    pub fn search(&self, request: &SearchRequest) -> Result<SearchResponse, SearchError> {
        let _ = (&self.vocabulary, request);
        todo!()
    }

    /// Gives every hit, in order and without a ceiling, until `each` breaks; the response has no hits.
    pub fn for_each(
        &self,
        request: &SearchRequest,
        each: &mut dyn FnMut(Hit) -> ControlFlow<()>,
    ) -> Result<SearchResponse, SearchError> {
        let _ = (request, each);
        todo!()
    }

    /// The paragraphs whose id starts with `prefix`, at most `limit`, with `context` neighbours each.
    pub fn by_id(
        &self,
        prefix: &str,
        limit: usize,
        context: usize,
    ) -> Result<Vec<Hit>, SearchError> {
        let _ = (prefix, limit, context);
        todo!()
    }

    /// The paragraphs of the file at `path` (absolute) that cover `line`, from 1.
    pub fn by_line(
        &self,
        path: &Path,
        line: usize,
        context: usize,
    ) -> Result<Vec<Hit>, SearchError> {
        let _ = (path, line, context);
        todo!()
    }

    /// Paragraphs tagged with a region or below it.
    pub fn count_region(&self, path: &RegionPath) -> Result<u64, SearchError> {
        let _ = path;
        todo!()
    }

    /// Numbers about the index.
    pub fn stats(&self) -> Result<Stats, SearchError> {
        todo!()
    }
}
