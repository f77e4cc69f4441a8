//! An index follows its files: what was added, changed, removed or renamed is so in the index after the next run.

use crate::support::{Draws, TestIndex, assert_none, assert_noticed, vocabulary};
use fangzhi::ingest::limits::Limits;
use fangzhi::pipeline::{self, Event, IndexRequest, IndexSummary, Memory, PipelineError};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

/// A folder of reports with a plain list of what they say.
struct Reports {
    folder: tempfile::TempDir,
    /// The paragraphs of each file.
    list: BTreeMap<String, Vec<String>>,
    written: usize,
}

impl Reports {
    /// That many files.
    fn new(files: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut reports = Self { folder, list: BTreeMap::new(), written: 0 };
        (0..files).for_each(|number| reports.write(&format!("{number}.txt")));
        reports
    }

    fn dir(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir().join(name)
    }

    /// Writes a file that says what no other does, long enough ago for its time stamp to be believed.
    fn write(&mut self, name: &str) {
        let paragraph = |at: usize| {
            let number = self.written + at;
            format!("第{number}小组把水渠修到了地头，{number}户村民当年用上了自来水。")
        };
        let paragraphs: Vec<String> = (1..=3).map(paragraph).collect();
        fs::write(self.path(name), paragraphs.join("\n\n")).unwrap();
        self.written += paragraphs.len();
        let written = SystemTime::now() - Duration::from_secs(1_000_000 - self.written as u64);
        File::options().write(true).open(self.path(name)).unwrap().set_modified(written).unwrap();
        self.list.insert(name.to_owned(), paragraphs);
    }

    fn remove(&mut self, name: &str) {
        fs::remove_file(self.path(name)).unwrap();
        self.list.remove(name);
    }

    fn rename(&mut self, from: &str, to: &str) {
        fs::rename(self.path(from), self.path(to)).unwrap();
        let paragraphs = self.list.remove(from).unwrap();
        self.list.insert(to.to_owned(), paragraphs);
    }

    fn request(&self) -> IndexRequest {
        IndexRequest { paths: vec![self.dir()], ..IndexRequest::default() }
    }

    /// Paragraphs that are in the list or in the index, but not in both.
    fn differences(&self, index: &TestIndex) -> Vec<String> {
        let wanted: BTreeSet<(String, String)> = self
            .list
            .iter()
            .flat_map(|(name, texts)| texts.iter().map(|text| (name.clone(), text.clone())))
            .collect();
        let name = |path: &str| Path::new(path).file_name().unwrap().to_string_lossy().into_owned();
        let hits = index.paragraphs();
        let found: BTreeSet<(String, String)> =
            hits.iter().map(|hit| (name(&hit.path), hit.text.clone())).collect();
        let mut differences: Vec<String> =
            wanted.symmetric_difference(&found).map(|one| format!("{one:?}")).collect();
        if hits.len() != found.len() {
            differences.push(format!("{} paragraphs, {} different", hits.len(), found.len()));
        }
        differences
    }
}

/// Ids of all paragraphs with their texts.
fn ids(index: &TestIndex) -> BTreeMap<String, String> {
    index.paragraphs().into_iter().map(|hit| (hit.text, hit.id)).collect()
}

/// What a run did: added, updated, unchanged, moved, removed.
fn counts(summary: &IndexSummary) -> [usize; 5] {
    [summary.added, summary.updated, summary.unchanged, summary.moved, summary.removed]
}

#[track_caller]
fn assert_sound(index: &TestIndex) {
    let problems = fangzhi::index::check(&index.dir(), &vocabulary(), false);
    assert_eq!(problems.unwrap(), []);
}

#[test]
fn after_any_changes_the_index_says_what_the_files_say() {
    let mut reports = Reports::new(6);
    let index = TestIndex::new();
    let mut draws = Draws::new();
    for round in 0..12 {
        for step in 0..=draws.below(3) {
            let names: Vec<String> = reports.list.keys().cloned().collect();
            let new = format!("{round}-{step}.txt");
            let any = |draws: &mut Draws| draws.pick(&names).clone();
            match draws.below(4) {
                1 => {
                    let name = any(&mut draws);
                    reports.write(&name);
                }
                2 if names.len() > 2 => {
                    let name = any(&mut draws);
                    reports.remove(&name);
                }
                3 => {
                    let name = any(&mut draws);
                    reports.rename(&name, &new);
                }
                _ => reports.write(&new),
            }
        }
        let summary = index.run(&IndexRequest { prune: true, ..reports.request() });
        assert_none(&reports.differences(&index));
        assert_eq!(
            summary.paragraphs_total,
            reports.list.values().map(Vec::len).sum::<usize>() as u64
        );
        // Files that came in different runs are not taken for one.
        assert_eq!(index.searcher().stats().unwrap().articles, reports.list.len() as u64);
        assert_sound(&index);
    }
    let (name, _) = reports.list.pop_first().unwrap();
    assert_noticed(&format!("{name} left out of the list"), &reports.differences(&index));
}

#[test]
fn a_run_without_changes_reads_nothing_and_commits_nothing() {
    let reports = Reports::new(3);
    let index = TestIndex::new();
    assert_eq!(counts(&index.run(&reports.request())), [3, 0, 0, 0, 0]);
    let mut events = Vec::new();
    let summary = index.run_with(&reports.request(), &mut |event| events.push(event));
    assert_eq!((counts(&summary), summary.bytes_read), ([0, 0, 3, 0, 0], 0));
    assert!(events.contains(&Event::Found { files: 0, bytes: 0 }), "{events:?}");
    assert!(!events.iter().any(|event| matches!(event, Event::Committed { .. })), "{events:?}");
}

#[test]
fn a_run_without_paths_refreshes_what_is_remembered() {
    let mut reports = Reports::new(2);
    let index = TestIndex::new();
    index.run(&reports.request());
    reports.write("new.txt");
    let summary = index.run(&IndexRequest::default());
    assert_eq!(counts(&summary), [1, 0, 2, 0, 0]);
    assert_none(&reports.differences(&index));
}

#[test]
fn a_file_that_moved_keeps_its_ids() {
    let mut reports = Reports::new(4);
    let index = TestIndex::new();
    index.run(&reports.request());
    let before = ids(&index);
    reports.rename("1.txt", "other.txt");
    assert_eq!(counts(&index.run(&reports.request())), [0, 0, 3, 1, 0]);
    assert_none(&reports.differences(&index));
    assert_eq!(ids(&index), before);
}

#[test]
fn a_renamed_folder_is_not_a_lost_one() {
    let reports = Reports::new(0);
    fs::create_dir(reports.path("旧")).unwrap();
    for number in 0..3 {
        let file = reports.path("旧").join(format!("{number}.txt"));
        fs::write(file, format!("第{number}小组把水渠修到了地头，村民都用上了自来水。")).unwrap();
    }
    let index = TestIndex::new();
    index.run(&reports.request());
    let before = ids(&index);
    fs::rename(reports.path("旧"), reports.path("新")).unwrap();
    assert_eq!(counts(&index.run(&reports.request())), [0, 0, 0, 3, 0]);
    assert_eq!(ids(&index), before);
}

#[test]
fn what_moved_is_not_there_twice_however_much_else_is_lost() {
    let mut reports = Reports::new(5);
    let index = TestIndex::new();
    index.run(&reports.request());
    let before = ids(&index);
    for name in ["0.txt", "1.txt", "2.txt"] {
        reports.remove(name);
    }
    reports.rename("3.txt", "moved.txt");
    let summary = index.run(&reports.request());
    assert_eq!(counts(&summary), [0, 0, 1, 1, 0]);
    assert_eq!(summary.kept_missing, [(reports.dir(), 3)]);
    assert_eq!(ids(&index), before);
    assert_sound(&index);
}

#[test]
fn a_commit_comes_when_enough_was_read() {
    let reports = Reports::new(3);
    let commits = |commit_bytes| {
        let mut commits = 0;
        let request = IndexRequest { commit_bytes, jobs: 1, ..reports.request() };
        TestIndex::new().run_with(&request, &mut |event| {
            commits += usize::from(matches!(event, Event::Committed { .. }));
        });
        commits
    };
    assert_eq!((commits(1 << 20), commits(1)), (1, 3));
}

#[test]
fn a_file_that_memory_has_no_room_for_is_refused_until_there_is_more() {
    let reports = Reports::new(1);
    let large = reports.path("large.txt");
    let least = Memory::of(0);
    let text = "第一小组把水渠修到了地头，村民都用上了自来水。";
    let blank = "\n".repeat(usize::try_from(least.file_bytes_max()).unwrap());
    fs::write(&large, format!("{text}{blank}")).unwrap();
    fs::write(reports.path("large.jsonl"), format!("{{\"text\": \"{text}\"}}{blank}")).unwrap();
    let index = TestIndex::new();
    let request = IndexRequest { memory: least, ..reports.request() };
    for _again in 0..2 {
        let summary = index.run(&request);
        let [(path, cause, code)] = &summary.failed[..] else { panic!("{:?}", summary.failed) };
        assert!(path.ends_with("/large.txt"), "JSONL is read line by line: {path}");
        assert_eq!(*code, "too-large");
        assert!(cause.contains("the limit is 8 MiB (--memory raises it)"), "{cause}");
    }
    let more = IndexRequest { memory: Memory::of(128 << 20), ..reports.request() };
    let summary = index.run(&more);
    assert_eq!((summary.failed, summary.added), (vec![], 1));
}

#[test]
fn files_vanish_only_below_roots_of_this_run() {
    let (mut one, mut other) = (Reports::new(4), Reports::new(4));
    let index = TestIndex::new();
    index.run(&IndexRequest { paths: vec![one.dir(), other.dir()], ..IndexRequest::default() });
    let before = index.search("").total;
    one.remove("0.txt");
    other.remove("0.txt");
    assert_eq!(index.run(&one.request()).removed, 1);
    assert_eq!(index.search("").total, before - 3);
    assert_eq!(index.run(&other.request()).removed, 1);
    assert_eq!(index.search("").total, before - 6);
}

#[test]
fn a_root_that_is_missing_or_empty_removes_nothing() {
    let reports = Reports::new(3);
    let root = reports.dir();
    let index = TestIndex::new();
    index.run(&reports.request());
    let aside = root.with_extension("aside");
    fs::rename(&root, &aside).unwrap();
    let missing = index.run(&reports_of(&root));
    assert_eq!(
        (missing.removed, missing.bad_roots),
        (0, vec![(root.clone(), "missing".to_owned())])
    );
    fs::create_dir(&root).unwrap();
    let empty = index.run(&IndexRequest { prune: true, ..reports_of(&root) });
    assert_eq!((empty.removed, empty.bad_roots), (0, vec![(root.clone(), "empty".to_owned())]));
    assert_none(&reports.differences(&index));
    fs::remove_dir(&root).unwrap();
    fs::rename(&aside, &root).unwrap();
}

fn reports_of(root: &Path) -> IndexRequest {
    IndexRequest { paths: vec![root.to_path_buf()], ..IndexRequest::default() }
}

#[test]
fn more_than_half_gone_must_be_confirmed() {
    let mut reports = Reports::new(4);
    let index = TestIndex::new();
    index.run(&reports.request());
    for name in ["0.txt", "1.txt", "2.txt"] {
        reports.remove(name);
    }
    let kept = index.run(&reports.request());
    assert_eq!((kept.removed, kept.kept_missing), (0, vec![(reports.dir(), 3)]));
    assert_eq!(index.search("").total, 12);
    assert_eq!(
        index.run(&IndexRequest { keep_missing: true, prune: true, ..reports.request() }).removed,
        0
    );
    let pruned = index.run(&IndexRequest { prune: true, ..reports.request() });
    assert_eq!((pruned.removed, pruned.kept_missing), (3, Vec::new()));
    assert_none(&reports.differences(&index));
}

#[test]
fn half_gone_is_removed() {
    let mut reports = Reports::new(4);
    let index = TestIndex::new();
    index.run(&reports.request());
    reports.remove("0.txt");
    reports.remove("1.txt");
    assert_eq!(index.run(&reports.request()).removed, 2);
    assert_none(&reports.differences(&index));
}

#[test]
fn a_file_that_fails_keeps_what_it_said_before() {
    let mut reports = Reports::new(2);
    let index = TestIndex::new();
    index.run(&reports.request());
    fs::write(reports.path("0.txt"), b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR").unwrap();
    let summary = index.run(&reports.request());
    let failed: Vec<(&str, &str)> =
        summary.failed.iter().map(|(path, _, code)| (path.as_str(), *code)).collect();
    let path = reports.path("0.txt");
    assert_eq!(failed, [(path.to_str().unwrap(), "not-read")]);
    assert_none(&reports.differences(&index));
    reports.write("0.txt");
    assert_eq!(index.run(&reports.request()).updated, 1);
    assert_none(&reports.differences(&index));
}

#[test]
fn that_a_known_file_fails_now_is_remembered_with_what_it_said_before() {
    let mut reports = Reports::new(2);
    let index = TestIndex::new();
    index.run(&reports.request());
    let sound = fs::read(reports.path("0.txt")).unwrap();
    let write = |bytes: &[u8], seconds| {
        fs::write(reports.path("0.txt"), bytes).unwrap();
        let when = SystemTime::now() - Duration::from_secs(seconds);
        let file = File::options().write(true).open(reports.path("0.txt")).unwrap();
        file.set_modified(when).unwrap();
    };
    write(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 500_000);
    let mut commits = 0;
    let first = index.run(&reports.request());
    let second = index.run_with(&reports.request(), &mut |event| {
        commits += usize::from(matches!(event, Event::Committed { .. }));
    });
    let (path, cause, code) = first.failed.first().unwrap().clone();
    assert!(cause.ends_with(pipeline::KEPT_BEFORE), "{cause}");
    assert_eq!((first.failed.len(), &second.failed, commits), (1, &first.failed, 0));
    assert_eq!(counts(&second), [0, 0, 2, 0, 0]);
    assert_eq!(index.searcher().stats().unwrap().failed, [(path, cause, code.to_owned())]);
    assert_none(&reports.differences(&index));
    // Another failure takes the place of the first.
    write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", 400_000);
    let codes = |summary: &IndexSummary| -> Vec<&str> {
        summary.failed.iter().map(|(.., code)| *code).collect()
    };
    assert_eq!(codes(&index.run(&reports.request())), ["damaged"]);
    let small = IndexRequest { limits: Limits::of_files(10), ..reports.request() };
    write(&sound, 300_000);
    assert_eq!(codes(&index.run(&small)), ["too-large"]);
    assert_none(&reports.differences(&index));
    let put_right = index.run(&reports.request());
    assert_eq!((counts(&put_right), codes(&put_right)), ([0, 1, 1, 0, 0], vec![]));
    assert_eq!(index.searcher().stats().unwrap().failed, []);
    assert_none(&reports.differences(&index));
    reports.write("0.txt");
    assert_eq!(counts(&index.run(&reports.request())), [0, 1, 1, 0, 0]);
    assert_sound(&index);
}

#[test]
fn a_file_that_gives_nothing_is_listed_again_and_read_only_when_something_changed() {
    let mut reports = Reports::new(1);
    reports.write("1.txt");
    let sound = fs::read(reports.path("1.txt")).unwrap();
    let long_ago = SystemTime::now() - Duration::from_secs(2_000_000);
    let write = |bytes: &[u8], when| {
        fs::write(reports.path("1.txt"), bytes).unwrap();
        File::options().write(true).open(reports.path("1.txt")).unwrap().set_modified(when)
    };
    write(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", long_ago).unwrap();
    let index = TestIndex::new();
    let first = index.run(&reports.request());
    let mut commits = 0;
    let second = index.run_with(&reports.request(), &mut |event| {
        commits += usize::from(matches!(event, Event::Committed { .. }));
    });
    assert_eq!((first.failed.len(), &second.failed, commits), (1, &first.failed, 0));
    assert_eq!((second.unchanged, index.searcher().stats().unwrap().files), (1, 1));
    // What it holds is put right.
    write(&sound, long_ago + Duration::from_secs(60)).unwrap();
    let third = index.run(&reports.request());
    assert_eq!((third.added, third.updated, third.failed.len()), (1, 0, 0));
    assert_none(&reports.differences(&index));
}

#[test]
fn a_file_over_a_limit_is_read_when_the_limit_is_raised() {
    let reports = Reports::new(1);
    let index = TestIndex::new();
    let small = IndexRequest { limits: Limits::of_files(100), ..reports.request() };
    assert_eq!(index.run(&small).failed.len(), 1);
    assert_eq!(index.run(&small).failed.len(), 1);
    assert_eq!(index.run(&reports.request()).added, 1);
    assert_none(&reports.differences(&index));
}

#[test]
fn a_file_that_moved_and_gives_nothing_there_is_neither_lost_nor_forgotten() {
    let mut reports = Reports::new(2);
    let index = TestIndex::new();
    index.run(&reports.request());
    reports.rename("0.txt", "moved.txt");
    let small = IndexRequest { limits: Limits::of_files(100), ..reports.request() };
    for _ in 0..2 {
        let summary = index.run(&small);
        assert_eq!(
            (summary.failed.len(), summary.removed, summary.added),
            (1, 0, 0),
            "{summary:?}"
        );
        assert_eq!(index.search("").total, 6);
        let failed = index.searcher().stats().unwrap().failed;
        assert_eq!(failed.len(), 1);
        assert!(
            failed[0].0.ends_with("/moved.txt") && failed[0].1.ends_with(pipeline::KEPT_BEFORE)
        );
    }
    assert_eq!(counts(&index.run(&reports.request())), [0, 1, 1, 0, 0]);
    assert_none(&reports.differences(&index));
    assert_sound(&index);
}

#[test]
fn a_file_that_gave_nothing_and_vanished_is_no_removed_report() {
    let reports = Reports::new(3);
    for name in ["a.txt", "b.txt", "c.txt", "d.txt"] {
        fs::write(reports.path(name), b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR").unwrap();
    }
    let index = TestIndex::new();
    assert_eq!(index.run(&reports.request()).failed.len(), 4);
    for name in ["a.txt", "b.txt", "c.txt", "d.txt"] {
        fs::remove_file(reports.path(name)).unwrap();
    }
    // More than half of the files are gone, and none of the reports.
    let summary = index.run(&reports.request());
    assert_eq!(counts(&summary), [0, 0, 3, 0, 0]);
    assert_eq!((summary.failed.len(), summary.kept_missing.len()), (0, 0));
    assert_none(&reports.differences(&index));
    assert_sound(&index);
}

#[test]
fn a_large_file_whose_name_says_nothing_is_listed_when_it_begins_as_a_report() {
    let reports = Reports::new(1);
    let page = b"<!DOCTYPE html><html><body>".as_slice();
    for (name, start) in [("网页", page), ("压缩包", b"PK\x03\x04"), ("图片", b"\x89PNG\r\n\x1a\n")]
    {
        fs::write(reports.path(name), start).unwrap();
        File::options().write(true).open(reports.path(name)).unwrap().set_len(65 << 20).unwrap();
    }
    let index = TestIndex::new();
    let summary = index.run(&reports.request());
    let mut failed: Vec<_> =
        summary.failed.iter().map(|(path, _, code)| (PathBuf::from(path), *code)).collect();
    failed.sort();
    let names = ["压缩包", "网页"].map(|name| (reports.path(name), "too-large"));
    assert_eq!((failed, summary.added), (names.to_vec(), 1));
    assert_eq!(summary.not_read, [(String::new(), 1)]);
}

/// The codes of what failed in the first run over a folder with one sound file and one more.
fn failure_codes(name: &str, bytes: &[u8], request: &IndexRequest) -> Vec<&'static str> {
    let reports = Reports::new(1);
    fs::write(reports.path(name), bytes).unwrap();
    let index = TestIndex::new();
    let summary = index.run(&IndexRequest { paths: vec![reports.dir()], ..request.clone() });
    assert_none(&reports.differences(&index));
    summary.failed.iter().map(|(.., code)| *code).collect()
}

#[test]
fn a_bad_file_is_listed_and_stops_nothing() {
    let plain = IndexRequest::default();
    assert_eq!(failure_codes("a.txt", b"text\0\x01\x02\x03 text", &plain), ["binary"]);
    assert_eq!(failure_codes("a.txt", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", &plain), ["damaged"]);
    let small = IndexRequest { limits: Limits::of_files(1_000), ..plain.clone() };
    assert_eq!(failure_codes("a.txt", "治".repeat(1_000).as_bytes(), &small), ["too-large"]);
    let forced = IndexRequest { encoding: Some("utf-8".to_owned()), ..plain.clone() };
    let (gbk, ..) = encoding_rs::GB18030.encode("村里修通了水渠，家家用上自来水。");
    assert_eq!(failure_codes("a.txt", &gbk, &forced), ["wrong-encoding"]);
    assert_eq!(failure_codes("a.jsonl", b"{\"text\": 1}\nno json\n", &plain), ["record", "record"]);
}

#[test]
fn an_unknown_encoding_is_refused_before_anything_is_done() {
    let reports = Reports::new(1);
    let index = TestIndex::new();
    let request = IndexRequest { encoding: Some("gb1803".to_owned()), ..reports.request() };
    let stop = AtomicBool::new(false);
    let refused = pipeline::run(&index.dir(), &vocabulary(), &request, &stop, &mut |_| {});
    assert!(
        matches!(refused, Err(PipelineError::Option { option: "--encoding", .. })),
        "{refused:?}"
    );
    assert!(!index.dir().exists());
}

#[test]
fn a_file_that_vanishes_during_the_run_is_listed() {
    let mut reports = Reports::new(2);
    let index = TestIndex::new();
    index.run(&reports.request());
    reports.write("new.txt");
    let summary = index.run_with(&reports.request(), &mut |event| {
        if matches!(event, Event::Found { .. }) {
            fs::remove_file(reports.path("new.txt")).unwrap();
        }
    });
    let codes: Vec<&str> = summary.failed.iter().map(|(.., code)| *code).collect();
    assert_eq!((codes, summary.added), (vec!["vanished"], 0));
    reports.list.remove("new.txt");
    assert_none(&reports.differences(&index));
}

#[test]
fn a_dry_run_changes_nothing() {
    let reports = Reports::new(2);
    let index = TestIndex::new();
    let summary = index.run(&IndexRequest { dry_run: true, ..reports.request() });
    assert_eq!(counts(&summary), [2, 0, 0, 0, 0]);
    assert!(!index.dir().exists());
}

#[test]
fn a_run_that_is_stopped_commits_what_is_finished() {
    let reports = Reports::new(60);
    let index = TestIndex::new();
    let stop = AtomicBool::new(false);
    let request = IndexRequest { jobs: 1, ..reports.request() };
    let summary = pipeline::run(&index.dir(), &vocabulary(), &request, &stop, &mut |event| {
        if matches!(event, Event::File { .. }) {
            stop.store(true, Ordering::Relaxed);
        }
    })
    .unwrap();
    assert!(summary.interrupted && summary.added > 0, "{summary:?}");
    assert_eq!(index.search("").total, summary.added as u64 * 3);
    assert_sound(&index);
    let rest = index.run(&reports.request());
    assert_eq!((rest.added, rest.unchanged), (60 - summary.added, summary.added));
    assert_none(&reports.differences(&index));
}

#[test]
fn a_new_file_where_another_moved_away_replaces_nothing() {
    let mut reports = Reports::new(3);
    let index = TestIndex::new();
    index.run(&reports.request());
    reports.rename("0.txt", "old.txt");
    index.run(&reports.request());
    reports.write("0.txt");
    assert_eq!(counts(&index.run(&reports.request())), [1, 0, 3, 0, 0]);
    assert_none(&reports.differences(&index));
    assert_sound(&index);
}

#[test]
fn a_folder_finds_files_that_were_indexed_under_a_smaller_root() {
    let reports = Reports::new(0);
    fs::create_dir(reports.path("甲")).unwrap();
    fs::write(reports.path("甲").join("1.txt"), "小组把水渠修到了地头，村民用上了自来水。")
        .unwrap();
    let index = TestIndex::new();
    index.run(&reports_of(&reports.path("甲")));
    index.run(&reports.request());
    let mut request = crate::support::every_hit("水渠");
    for folder in [reports.dir(), reports.path("甲"), reports.path("甲/")] {
        request.filters.paths = vec![folder];
        assert_eq!(index.searcher().search(&request).unwrap().total, 1, "{:?}", request.filters);
    }
}

#[test]
fn a_root_that_never_was_is_not_remembered() {
    let reports = Reports::new(1);
    let index = TestIndex::new();
    index.run(&reports.request());
    assert_eq!(index.run(&reports_of(&reports.path("nowhere"))).bad_roots.len(), 1);
    assert_eq!(index.run(&IndexRequest::default()).bad_roots, []);
}

/// Whether the index says that all of it was made with the vocabulary.
fn is_up_to_date(index: &TestIndex, vocabulary: &fangzhi::vocab::Vocabulary) -> bool {
    let info = fangzhi::index::info(&index.dir(), &vocabulary.fingerprint().whole()).unwrap();
    info.outdated.is_empty()
}

/// The built-in vocabulary with one synonym more.
fn changed_vocabulary() -> std::sync::Arc<fangzhi::vocab::Vocabulary> {
    let schema = tempfile::tempdir().unwrap();
    fangzhi::vocab::Vocabulary::export(schema.path()).unwrap();
    let synonyms = schema.path().join("synonyms.txt");
    let text = fs::read_to_string(&synonyms).unwrap();
    fs::write(&synonyms, format!("{text}\n水渠 = 引水沟\n")).unwrap();
    std::sync::Arc::new(fangzhi::vocab::Vocabulary::load(Some(schema.path())).unwrap())
}

#[test]
fn a_file_that_fails_after_a_change_of_vocabulary_does_not_keep_the_index_outdated() {
    let reports = Reports::new(2);
    let index = TestIndex::new();
    index.run(&reports.request());
    fs::write(reports.path("0.txt"), b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR").unwrap();
    let changed = changed_vocabulary();
    let stop = AtomicBool::new(false);
    let request = IndexRequest::default();
    let summary = pipeline::run(&index.dir(), &changed, &request, &stop, &mut |_| {}).unwrap();
    assert_eq!((summary.failed.len(), counts(&summary)), (1, [0, 1, 0, 0, 0]));
    assert!(is_up_to_date(&index, &changed));
    assert_none(&reports.differences(&index));
}

#[test]
fn a_stopped_change_of_vocabulary_is_taken_up_by_the_next_run() {
    let reports = Reports::new(60);
    let index = TestIndex::new();
    index.run(&reports.request());
    let changed = changed_vocabulary();
    assert!(!is_up_to_date(&index, &changed));
    let run = |stop: AtomicBool, is_stopped: bool| {
        let request = IndexRequest { jobs: 1, ..IndexRequest::default() };
        pipeline::run(&index.dir(), &changed, &request, &stop, &mut |event| {
            if is_stopped && matches!(event, Event::File { .. }) {
                stop.store(true, Ordering::Relaxed);
            }
        })
        .unwrap()
    };
    let first = run(AtomicBool::new(false), true);
    assert!(first.interrupted && first.updated > 0, "{first:?}");
    assert!(!is_up_to_date(&index, &changed));
    let second = run(AtomicBool::new(false), false);
    assert_eq!(counts(&second), [0, 60 - first.updated, first.updated, 0, 0]);
    assert!(is_up_to_date(&index, &changed));
}

#[test]
fn a_rebuild_keeps_the_old_index_when_it_is_dry_or_a_root_is_missing() {
    let reports = Reports::new(3);
    let index = TestIndex::new();
    index.run(&reports.request());
    let rebuild = |request: &IndexRequest| {
        let stop = AtomicBool::new(false);
        pipeline::rebuild(&index.dir(), &vocabulary(), request, &stop, &mut |_| {}).unwrap()
    };
    rebuild(&IndexRequest { dry_run: true, ..IndexRequest::default() });
    assert_none(&reports.differences(&index));
    let aside = reports.dir().with_extension("aside");
    fs::rename(reports.dir(), &aside).unwrap();
    let root = aside.with_extension("");
    assert_eq!(rebuild(&IndexRequest::default()).bad_roots.len(), 1);
    assert_eq!(index.search("").total, 9);
    fs::rename(&aside, &root).unwrap();
    rebuild(&IndexRequest::default());
    assert_none(&reports.differences(&index));
    assert_sound(&index);
    assert_eq!(fs::read_dir(index.dir()).unwrap().count(), 1);
}

#[test]
fn a_swap_that_was_killed_halfway_is_finished() {
    let reports = Reports::new(2);
    let index = TestIndex::new();
    index.run(&reports.request());
    fs::rename(index.dir().join("index"), index.dir().join("index.old")).unwrap();
    assert_eq!(counts(&index.run(&IndexRequest::default())), [0, 0, 2, 0, 0]);
    assert_none(&reports.differences(&index));
    fs::create_dir(index.dir().join("index.old")).unwrap();
    index.run(&IndexRequest::default());
    assert!(!index.dir().join("index.old").exists());
}

#[test]
fn a_run_that_is_stopped_while_it_walks_changes_nothing() {
    let mut reports = Reports::new(3);
    let index = TestIndex::new();
    let stopped = || {
        let stop = AtomicBool::new(true);
        let request = reports.request();
        let summary = pipeline::run(&index.dir(), &vocabulary(), &request, &stop, &mut |event| {
            panic!("{event:?}");
        });
        assert!(summary.unwrap().interrupted);
    };
    stopped();
    assert!(!index.dir().exists());
    index.run(&reports.request());
    stopped();
    assert_none(&reports.differences(&index));
    reports.write("9.txt");
    assert_eq!(counts(&index.run(&IndexRequest::default())), [1, 0, 3, 0, 0]);
}

#[cfg(unix)]
#[test]
fn a_run_that_includes_less_keeps_what_the_walk_met_elsewhere() {
    let reports = Reports::new(2);
    let index = TestIndex::new();
    // What it is only its content would say.
    let closed = reports.path("closed");
    fs::write(&closed, "不可读").unwrap();
    fs::set_permissions(&closed, std::os::unix::fs::PermissionsExt::from_mode(0o000)).unwrap();
    if File::open(&closed).is_ok() {
        eprintln!("skipped: every file can be read here");
        return;
    }
    let problems = || {
        let failed = index.searcher().stats().unwrap().failed;
        failed
            .into_iter()
            .map(|(path, ..)| path.rsplit('/').next().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    index.run(&reports.request());
    assert_eq!(problems(), ["closed"]);
    let narrow = IndexRequest { include: vec!["1.txt".to_owned()], ..reports.request() };
    index.run(&narrow);
    assert_eq!(problems(), ["closed"]);
    fs::remove_file(closed).unwrap();
    index.run(&narrow);
    assert_eq!(problems(), [""; 0]);
}

#[test]
fn a_run_that_includes_less_leaves_the_rest_as_it_is() {
    let mut reports = Reports::new(4);
    let index = TestIndex::new();
    index.run(&reports.request());
    let narrow = IndexRequest { include: vec!["1.txt".to_owned()], ..reports.request() };
    let summary = index.run(&narrow);
    assert_eq!((summary.removed, summary.kept_missing.len()), (0, 0));
    assert_eq!(summary.not_included, 3);
    assert_none(&reports.differences(&index));
    // The root is still remembered whole.
    reports.write("9.txt");
    let whole = index.run(&IndexRequest::default());
    assert_eq!((whole.added, whole.not_included), (1, 0));
    assert_none(&reports.differences(&index));
    // What is asked to be left out goes.
    let without = IndexRequest { exclude: vec!["1.txt".to_owned()], ..reports.request() };
    assert_eq!(index.run(&without).removed, 1);
}

#[test]
fn options_that_hold_from_an_earlier_run_are_told() {
    let reports = Reports::new(3);
    let index = TestIndex::new();
    let exclude = vec!["1.txt".to_owned()];
    let given = index.run(&IndexRequest { exclude: exclude.clone(), ..reports.request() });
    assert_eq!((given.added, given.as_before), (2, Vec::new()));
    let named = index.run(&reports.request());
    assert_eq!((named.added, named.as_before.len()), (0, 1));
    assert_eq!(named.as_before[0].exclude, exclude);
    // Who names nothing asks for what is remembered.
    assert_eq!(index.run(&IndexRequest::default()).as_before, []);
    let others = IndexRequest { exclude: vec!["2.txt".to_owned()], ..reports.request() };
    assert_eq!(index.run(&others).as_before, []);
}

#[test]
fn a_file_with_an_encoding_of_its_own_keeps_it_inside_a_larger_root() {
    let reports = Reports::new(2);
    let odd = reports.path("odd.txt");
    // Too short to be guessed.
    fs::write(&odd, encoding_rs::GBK.encode("水渠").0).unwrap();
    let index = TestIndex::new();
    assert_eq!(index.run(&reports.request()).failed.len(), 1);
    let label = Some("gb18030".to_owned());
    let told = IndexRequest { encoding: label, ..reports_of(&odd) };
    assert_eq!(index.run(&told).added, 1);
    fs::write(&odd, encoding_rs::GBK.encode("新渠").0).unwrap();
    let refreshed = index.run(&IndexRequest::default());
    assert_eq!((refreshed.updated, refreshed.failed.len()), (1, 0), "{:?}", refreshed.failed);
    assert_eq!(index.search("\"新渠\"").total, 1);
    // Another encoding reads the file again though it did not change.
    let again = IndexRequest { encoding: Some("big5".to_owned()), ..reports_of(&odd) };
    assert_eq!(index.run(&again).unchanged, 0);
}

#[test]
fn a_root_that_is_not_there_makes_no_index() {
    let folder = tempfile::tempdir().unwrap();
    let index = TestIndex::new();
    let summary = index.run(&reports_of(&folder.path().join("nowhere")));
    assert_eq!(summary.bad_roots.len(), 1);
    assert!(!index.dir().exists());
}

#[test]
fn who_waits_for_another_writer_sees_what_that_one_wrote() {
    let reports = Reports::new(4);
    let index = TestIndex::new();
    let second = index.run_behind(&reports.request(), &reports.request(), || {});
    assert_eq!(counts(&second), [0, 0, 4, 0, 0]);
    assert_none(&reports.differences(&index));
    assert_sound(&index);
}

#[test]
fn what_is_finished_is_committed_in_time_with_any_number_of_workers() {
    const WORKERS: usize = 8;
    let reports = Reports::new(120);
    let index = TestIndex::new();
    let memory = Memory::of(Memory::least(WORKERS));
    let commit_every = Duration::ZERO;
    let often = IndexRequest { jobs: WORKERS, memory, commit_every, ..reports.request() };
    let mut commits = 0;
    index.run_with(&often, &mut |event| {
        commits += usize::from(matches!(event, Event::Committed { .. }));
    });
    // From when a commit is due to when it is made, each worker ends the one file that it has open, and four whole ones
    // may wait: with so much memory eleven messages do, and a file takes at least a beginning, a part and an end.
    assert!(commits >= 120 / (1 + WORKERS + 4), "{commits}");
    assert_none(&reports.differences(&index));
    assert_sound(&index);
}
