//! fangzhi (方志): full-text search with Chinese tokenization that finds what places did.
//!
//! The library does the work and prints nothing; the command in `src/bin/fangzhi` talks to people.
//! Modules in reading order: [`model`] (plain data), [`text`] (string tools), [`vocab`] (divisions, measures,
//! synonyms), [`ingest`] (bytes to paragraphs), [`tag`] (paragraphs to regions and measures), [`analysis`] (text to
//! tokens of the engine), [`index`] (what stands on disk), [`search`] (a query to hits and facets), [`pipeline`]
//! (many files), [`eval`] (judged queries).
//!
//! ```
//! use fangzhi::pipeline::{self, IndexRequest};
//! use fangzhi::search::{Searcher, request::SearchRequest};
//! use fangzhi::vocab::Vocabulary;
//! use std::sync::{Arc, atomic::AtomicBool};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let folder = tempfile::tempdir()?;
//! let reports = folder.path().join("reports");
//! std::fs::create_dir(&reports)?;
//! std::fs::write(reports.join("a.txt"), "云南省保山市推行網格化管理，配备网格员300名。")?;
//!
//! let vocabulary = Arc::new(Vocabulary::builtin());
//! let index = folder.path().join("index");
//! let request = IndexRequest { paths: vec![reports], ..IndexRequest::default() };
//! pipeline::run(&index, &vocabulary, &request, &AtomicBool::new(false), &mut |_event| {})?;
//!
//! let query = SearchRequest { query: "网格化管理".to_owned(), ..SearchRequest::default() };
//! let answer = Searcher::open(&index, vocabulary)?.search(&query)?;
//! assert_eq!(answer.total, 1);
//! assert_eq!(answer.hits[0].regions[0].path.as_str(), "云南省/保山市");
//! # Ok(())
//! # }
//! ```

pub mod analysis;
pub mod eval;
pub mod index;
pub mod ingest;
pub mod model;
pub mod pipeline;
mod reprints;
pub mod search;
pub mod tag;
pub mod text;
pub mod vocab;
