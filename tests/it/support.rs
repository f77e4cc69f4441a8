//! An index in a folder of its own, for tests.

use fangzhi::pipeline::{self, Event, IndexRequest, IndexSummary};
use fangzhi::search::Searcher;
use fangzhi::search::request::{Hit, SearchRequest, SearchResponse};
use fangzhi::vocab::Vocabulary;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};

/// The built-in vocabulary, loaded once for all tests.
pub(crate) fn vocabulary() -> Arc<Vocabulary> {
    static VOCABULARY: OnceLock<Arc<Vocabulary>> = OnceLock::new();
    Arc::clone(VOCABULARY.get_or_init(|| Arc::new(Vocabulary::builtin())))
}

/// A folder of the repository.
pub(crate) fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A folder beside the repository with real reports; `None`, said on standard error, where it is not there.
pub(crate) fn shared(path: &str) -> Option<PathBuf> {
    let folder = repository("../shared").join(path);
    if folder.exists() {
        return Some(folder.canonicalize().expect("it exists"));
    }
    eprintln!("skipped: ../shared/{path} is not there");
    None
}

/// An index that goes when it is dropped.
pub(crate) struct TestIndex {
    folder: tempfile::TempDir,
}

impl TestIndex {
    /// An empty place.
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder can be made") }
    }

    /// An index of files and folders.
    pub(crate) fn of(paths: &[PathBuf]) -> Self {
        let index = Self::new();
        index.run(&IndexRequest { paths: paths.to_vec(), ..IndexRequest::default() });
        index
    }

    /// The folder people would name.
    pub(crate) fn dir(&self) -> PathBuf {
        self.folder.path().join("index.fangzhi")
    }

    /// Runs and must not fail.
    pub(crate) fn run(&self, request: &IndexRequest) -> IndexSummary {
        self.run_with(request, &mut |_| {})
    }

    /// Runs, must not fail, and shows its events.
    pub(crate) fn run_with(
        &self,
        request: &IndexRequest,
        each: &mut dyn FnMut(Event),
    ) -> IndexSummary {
        pipeline::run(&self.dir(), &vocabulary(), request, &AtomicBool::new(false), each)
            .expect("the run succeeds")
    }

    /// A searcher over the last commit.
    pub(crate) fn searcher(&self) -> Searcher {
        Searcher::open(&self.dir(), vocabulary()).expect("the index opens")
    }

    /// Searches with all hits and no grouping.
    pub(crate) fn search(&self, query: &str) -> SearchResponse {
        let request = SearchRequest {
            query: query.to_owned(),
            limit: 10_000,
            group: fangzhi::search::request::Group::None,
            ..SearchRequest::default()
        };
        self.searcher().search(&request).expect("no query is an error")
    }
}

/// The file names of hits, sorted, each once.
pub(crate) fn files(hits: &[Hit]) -> Vec<String> {
    let mut names: Vec<String> = hits
        .iter()
        .map(|hit| Path::new(&hit.path).file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names.dedup();
    names
}
