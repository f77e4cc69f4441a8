//! An index in a folder of its own, for tests.

use fangzhi::pipeline::{self, Event, IndexRequest, IndexSummary};
use fangzhi::search::Searcher;
use fangzhi::search::request::{Group, Hit, SearchRequest, SearchResponse};
use fangzhi::vocab::Vocabulary;
use proptest::prelude::Rng;
use proptest::test_runner::{TestRng, TestRunner};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, OnceLock, Weak, mpsc};
use std::time::Duration;

/// How long one run waits for another.
const PATIENCE: Duration = Duration::from_secs(100);

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

    /// Runs `first`, and once it has begun a second run that waits for it; `meanwhile` is called when that one waits.
    /// What the second run gave.
    pub(crate) fn run_behind(
        &self,
        first: &IndexRequest,
        second: &IndexRequest,
        mut meanwhile: impl FnMut(),
    ) -> IndexSummary {
        let second = IndexRequest { wait: PATIENCE, ..second.clone() };
        let (waiting, is_waiting) = mpsc::channel();
        std::thread::scope(|scope| {
            let mut behind = None;
            self.run_with(first, &mut |event| {
                if !matches!(event, Event::Found { .. }) || behind.is_some() {
                    return;
                }
                let (second, waiting) = (&second, waiting.clone());
                behind = Some(scope.spawn(move || {
                    self.run_with(second, &mut |event| {
                        if event == Event::Waiting {
                            waiting.send(()).expect("somebody listens");
                        }
                    })
                }));
                is_waiting.recv_timeout(PATIENCE).expect("the second run waits");
                meanwhile();
            });
            behind.expect("the first run begins").join().expect("the second run ends")
        })
    }

    /// A searcher over the last commit.
    pub(crate) fn searcher(&self) -> Searcher {
        Searcher::open(&self.dir(), vocabulary()).expect("the index opens")
    }

    /// Searches with all hits and no grouping.
    pub(crate) fn search(&self, query: &str) -> SearchResponse {
        self.searcher().search(&every_hit(query)).expect("no query is an error")
    }

    /// Every paragraph, in the order of files, articles and paragraphs.
    pub(crate) fn paragraphs(&self) -> Vec<Hit> {
        let mut all = self.search("").hits;
        all.sort_by(|a, b| {
            (&a.path, a.article, a.paragraph).cmp(&(&b.path, b.article, b.paragraph))
        });
        all
    }
}

/// A request for all hits, without grouping.
pub(crate) fn every_hit(query: &str) -> SearchRequest {
    let limit = 1_000_000;
    SearchRequest { query: query.to_owned(), limit, group: Group::None, ..SearchRequest::default() }
}

/// A string as a quoted item.
pub(crate) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// The index of `corpus/samples`, made once for tests that only read it and removed after the last of them.
pub(crate) fn samples() -> Arc<TestIndex> {
    static SAMPLES: Mutex<Weak<TestIndex>> = Mutex::new(Weak::new());
    let mut samples = SAMPLES.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    samples.upgrade().unwrap_or_else(|| {
        let index = Arc::new(TestIndex::of(&[repository("corpus/samples")]));
        *samples = Arc::downgrade(&index);
        index
    })
}

/// A text in lines of so many characters; as in print none begins with a mark.
pub(crate) fn wrapped(text: &str, width: usize) -> String {
    let (mut lines, mut columns) = (String::new(), 0);
    for c in text.chars() {
        if columns >= width && c.is_alphanumeric() {
            lines.push('\n');
            columns = 0;
        }
        lines.push(c);
        columns += 1;
    }
    lines
}

/// All files below a folder, sorted.
pub(crate) fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    files
}

/// Every `step`-th real report, with the seeds; `None` where they are not there.
pub(crate) fn reports(step: usize) -> Option<Vec<PathBuf>> {
    let mut paths = files_below(&shared("seeds")?);
    paths.extend(files_below(&shared("data/reports")?).into_iter().step_by(step));
    Some(paths)
}

/// Draws that are the same in every run.
pub(crate) struct Draws(TestRng);

impl Draws {
    /// Starts from the beginning.
    pub(crate) fn new() -> Self {
        Self(TestRunner::deterministic().rng().clone())
    }

    /// A number below `end`, which is not 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.0.next_u64() % end as u64).unwrap()
    }

    /// True once in `times`.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of the values.
    pub(crate) fn pick<'a, T>(&mut self, values: &'a [T]) -> &'a T {
        &values[self.below(values.len())]
    }
}

/// The failures of a check, at most ten of them, as the text of a failed assertion.
#[track_caller]
pub(crate) fn assert_none(failures: &[String]) {
    let shown = failures.iter().take(10).cloned().collect::<Vec<_>>().join("\n");
    assert!(failures.is_empty(), "{} failures, among them:\n{shown}", failures.len());
}

/// A check that a seeded fault must make fail.
#[track_caller]
pub(crate) fn assert_noticed(fault: &str, failures: &[String]) {
    assert!(!failures.is_empty(), "the check did not notice a seeded fault: {fault}");
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
