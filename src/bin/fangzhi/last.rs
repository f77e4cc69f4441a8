//! The hits of the last search, remembered for `fangzhi show 3`.
//!
//! A convenience: where the cache folder cannot be written nothing is remembered and nobody is told.

use crate::app::App;
use crate::cache::Cache;
use fangzhi::search::request::Hit;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// Ids of the hits of the last search, in order, and the index they are in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Last {
    /// Folder of the index.
    pub(crate) index: PathBuf,
    /// Full ids, best hit first.
    pub(crate) ids: Vec<String>,
}

/// Remembers the hits as they were shown.
pub(crate) fn remember(app: &App, index: &Path, hits: &[Hit]) {
    let last =
        Last { index: index.to_owned(), ids: hits.iter().map(|hit| hit.id.clone()).collect() };
    if let (Ok(cache), Ok(text)) = (Cache::open(app), serde_json::to_vec(&last)) {
        std::fs::write(cache.folder().join("last.json"), text).ok();
    }
}

/// What was remembered.
pub(crate) fn recall(app: &App) -> Option<Last> {
    let text = std::fs::read(Cache::open(app).ok()?.folder().join("last.json")).ok()?;
    serde_json::from_slice(&text).ok()
}
