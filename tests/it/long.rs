//! Long files: what is stopped in their middle costs nothing, and their places and numbers are those of the whole.

use crate::support::{TestIndex, vocabulary};
use fangzhi::pipeline::{self, IndexRequest, IndexSummary};
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const OLD: &str = "示例县把水渠修到了地头，三百户村民当年用上了自来水。";

/// A folder with one file, which is in the index as it was written first.
struct Grown {
    folder: tempfile::TempDir,
    name: &'static str,
    index: TestIndex,
}

impl Grown {
    fn new(name: &'static str, text: &str) -> Self {
        let grown = Self { folder: tempfile::tempdir().unwrap(), name, index: TestIndex::new() };
        fs::write(grown.path(), text).unwrap();
        assert_eq!(grown.index.run(&grown.request()).added, 1);
        grown
    }

    fn path(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join(self.name)
    }

    fn request(&self) -> IndexRequest {
        IndexRequest { paths: vec![self.path()], jobs: 1, ..IndexRequest::default() }
    }

    /// Runs and stops a second later.
    fn run_and_stop(&self) -> (IndexSummary, Duration) {
        let stop = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let stopped = scope.spawn(|| {
                std::thread::sleep(Duration::from_secs(1));
                stop.store(true, Ordering::Relaxed);
                Instant::now()
            });
            let dir = self.index.dir();
            let run = pipeline::run(&dir, &vocabulary(), &self.request(), &stop, &mut |_| {});
            (run.unwrap(), stopped.join().unwrap().elapsed())
        })
    }
}

/// Stopped in the middle of what takes minutes, the file keeps what it said before, and the next run reads it.
#[track_caller]
fn check_stopped(name: &'static str, old: &str, line: &str, count: usize, end: &str) {
    let grown = Grown::new(name, old);
    let found = |words: &str| grown.index.search(&format!("\"{words}\"")).total;
    assert_eq!(found("三百户村民"), 1);
    fs::write(grown.path(), line.repeat(count)).unwrap();
    let (summary, late) = grown.run_and_stop();
    assert!(
        summary.interrupted && summary.updated == 0 && summary.failed.is_empty(),
        "{summary:?}"
    );
    // One section in a debug build on a busy machine; the whole takes minutes.
    assert!(late < Duration::from_secs(20), "{late:?}");
    assert_eq!((found("三百户村民"), found("种了树")), (1, 0));
    fs::write(grown.path(), format!("{line}{end}")).unwrap();
    assert_eq!(grown.index.run(&grown.request()).updated, 1);
    assert_eq!((found("三百户村民"), found("种了树") > 0), (0, true));
    let problems = fangzhi::index::check(&grown.index.dir(), &vocabulary(), false);
    assert_eq!(problems.unwrap(), []);
}

#[test]
fn a_long_text_that_is_stopped_keeps_what_it_said_before() {
    check_stopped("a.txt", OLD, "示例县修了路，种了树，办了夜校，群众都满意。\n\n", 200_000, "");
}

#[test]
fn a_long_table_that_is_stopped_keeps_what_it_said_before() {
    let old = format!("县,说明\n甲县,{OLD}\n乙县,修路\n");
    check_stopped("a.csv", &old, "甲县,种了树\n", 400_000, "乙县,种了树\n");
}

#[test]
fn records_that_are_stopped_keep_what_they_said_before() {
    let old = format!("{{\"text\":\"{OLD}\"}}\n");
    check_stopped("a.jsonl", &old, "{\"text\":\"示例县种了树。\"}\n", 300_000, "");
}

#[test]
fn a_table_of_many_parts_is_one_report() {
    let row = |number: usize| format!("甲县,第{number}次修路\n");
    let rows: String = (1..=9_000).map(row).collect();
    let grown = Grown::new("a.csv", &format!("县,举措\n{rows}"));
    let paragraphs = grown.index.paragraphs();
    assert_eq!(paragraphs.len(), 9_001);
    for (at, paragraph) in paragraphs.iter().enumerate() {
        assert_eq!((paragraph.article, paragraph.paragraph), (1, at + 1));
        assert_eq!(paragraph.place.and_then(|place| place.line()), Some((at + 1, at + 1)));
    }
    let mut ids: Vec<&String> = paragraphs.iter().map(|paragraph| &paragraph.id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 9_001);
}

#[test]
fn very_many_bad_records_are_listed_singly_up_to_a_number() {
    let grown =
        Grown::new("a.jsonl", &format!("{{\"text\":\"{OLD}\"}}\n{}", "no json\n".repeat(1_200)));
    let failed = grown.index.run(&IndexRequest { reread: true, ..grown.request() }).failed;
    assert_eq!(failed.len(), 1_001);
    assert_eq!(failed[1_000].1, "200 more could not be read");
}
