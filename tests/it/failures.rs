//! What goes wrong with an index is told apart, loses nothing, and never panics.

use crate::support::{
    TestIndex, assert_none, assert_noticed, every_hit, files_below, repository, vocabulary,
};
use fangzhi::index::{IndexError, check};
use fangzhi::pipeline::{self, Event, IndexRequest, PipelineError};
use fangzhi::search::Searcher;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::AtomicBool;

/// A folder with a few reports.
fn reports() -> PathBuf {
    repository("corpus/samples/四川")
}

fn run(dir: &Path, paths: &[PathBuf]) -> Result<(), PipelineError> {
    let request = IndexRequest { paths: paths.to_vec(), ..IndexRequest::default() };
    let stop = AtomicBool::new(false);
    pipeline::run(dir, &vocabulary(), &request, &stop, &mut |_| {}).map(drop)
}

fn open(dir: &Path) -> Result<Searcher, IndexError> {
    Searcher::open(dir, vocabulary())
}

/// The name of the kind of an error of the index.
fn kind(error: &IndexError) -> &'static str {
    match error {
        IndexError::Missing { .. } => "missing",
        IndexError::Version { .. } => "version",
        IndexError::Damaged { .. } => "damaged",
        IndexError::Locked { .. } => "locked",
        IndexError::ReadOnly { .. } => "read-only",
        IndexError::DiskFull { .. } => "disk full",
        IndexError::NotAnIndex { .. } => "not an index",
        _ => "other",
    }
}

fn kind_of_run(outcome: Result<(), PipelineError>) -> &'static str {
    match outcome {
        Ok(()) => "no error",
        Err(PipelineError::Index(error)) => kind(&error),
        Err(error) => panic!("{error}"),
    }
}

fn kind_of_open(outcome: Result<Searcher, IndexError>) -> &'static str {
    outcome.map_or_else(|error| kind(&error), |_| "no error")
}

#[test]
fn two_writers_exclude_each_other() {
    let index = TestIndex::new();
    let mut second = None;
    let request = IndexRequest { paths: vec![reports()], ..IndexRequest::default() };
    index.run_with(&request, &mut |event| {
        if matches!(event, Event::Found { .. }) {
            second = Some(kind_of_run(run(&index.dir(), &[reports()])));
        }
    });
    assert_eq!(second, Some("locked"));
    assert!(index.search("").total > 0);
    assert_eq!(kind_of_run(run(&index.dir(), &[reports()])), "no error");
}

#[test]
fn a_missing_index_is_told_from_a_damaged_one_and_from_another_folder() {
    let index = TestIndex::new();
    assert_eq!(kind_of_open(open(&index.dir())), "missing");
    assert_eq!(kind_of_run(run(&index.dir(), &[])), "missing");
    fs::create_dir(index.dir()).unwrap();
    fs::write(index.dir().join("notes.txt"), "not an index").unwrap();
    assert_eq!(kind_of_run(run(&index.dir(), &[reports()])), "not an index");
    assert_eq!(fs::read(index.dir().join("notes.txt")).unwrap(), b"not an index");
}

#[test]
fn an_index_of_another_schema_is_refused_and_made_anew() {
    let index = TestIndex::of(&[reports()]);
    let total = index.search("").total;
    let meta = index.dir().join("index/meta.json");
    let text = fs::read_to_string(&meta).unwrap();
    let version = r#"\"schema\":\""#;
    assert!(text.contains(version), "{text}");
    fs::write(&meta, text.replace(version, &format!("{version}0."))).unwrap();
    assert_eq!(kind_of_open(open(&index.dir())), "version");
    assert_eq!(kind_of_run(run(&index.dir(), &[])), "version");
    let stop = AtomicBool::new(false);
    let request = IndexRequest::default();
    pipeline::rebuild(&index.dir(), &vocabulary(), &request, &stop, &mut |_| {}).unwrap();
    assert_eq!(index.search("").total, total);
}

#[test]
fn an_empty_folder_gives_an_empty_index() {
    let folder = tempfile::tempdir().unwrap();
    let index = TestIndex::of(&[folder.path().canonicalize().unwrap()]);
    let answer = index.search("网格");
    assert_eq!((answer.total, answer.hits.len()), (0, 0));
    assert_eq!(index.search("").total, 0);
}

/// A way to damage a file.
type Damage = fn(&Path);

fn truncate(file: &Path) {
    let bytes = fs::read(file).unwrap();
    fs::write(file, &bytes[..bytes.len() / 2]).unwrap();
}

fn empty(file: &Path) {
    fs::write(file, b"").unwrap();
}

fn flip(file: &Path) {
    let mut bytes = fs::read(file).unwrap();
    let middle = bytes.len() / 2;
    if let Some(byte) = bytes.get_mut(middle) {
        *byte ^= 0x55;
    }
    fs::write(file, bytes).unwrap();
}

fn remove(file: &Path) {
    fs::remove_file(file).unwrap();
}

fn leave(_: &Path) {}

/// What is wrong with the answers of an index with one damaged file: a panic, or nothing said by anyone.
fn silence(dir: &Path, file: &str) -> Vec<String> {
    let asked = catch_unwind(AssertUnwindSafe(|| {
        let searched = open(dir)
            .map_err(|error| error.to_string())
            .and_then(|searcher| {
                searcher.search(&every_hit("网格")).map_err(|error| error.to_string())
            })
            .and_then(|answer| if answer.total > 0 { Ok(()) } else { Err("nothing".to_owned()) });
        let checked = check(dir, &vocabulary(), false);
        (searched, checked)
    }));
    match asked {
        Err(_) => vec![format!("{file}: panic")],
        Ok((_, Ok(problems))) if problems.is_empty() => vec![format!("{file}: nothing said")],
        Ok((Ok(()), Err(error))) => {
            vec![format!("{file}: searched, but cannot be checked: {error}")]
        }
        Ok(_) => Vec::new(),
    }
}

/// What is wrong when each file of an index is damaged in turn.
fn damaged_silently(damage: Damage) -> Vec<String> {
    let index = TestIndex::of(&[reports()]);
    let dir = index.dir();
    let mut wrong = Vec::new();
    for file in files_below(&dir.join("index")) {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        // Locks are empty; an index without a copy of its list of segments is one that was made before there were such.
        let is_copy_gone = name == ".meta.copy" && std::ptr::fn_addr_eq(damage, remove as Damage);
        if name.ends_with(".lock") || is_copy_gone {
            continue;
        }
        let sound = fs::read(&file).unwrap();
        damage(&file);
        wrong.extend(silence(&dir, &name));
        fs::write(&file, sound).unwrap();
    }
    assert_none(&silence_of_sound(&dir));
    wrong
}

fn silence_of_sound(dir: &Path) -> Vec<String> {
    match check(dir, &vocabulary(), false) {
        Ok(problems) => problems.iter().map(|problem| problem.detail.clone()).collect(),
        Err(error) => vec![error.to_string()],
    }
}

#[test]
fn a_damaged_file_is_noticed_and_nothing_panics() {
    for damage in [truncate, empty, flip, remove] {
        assert_none(&damaged_silently(damage));
    }
    assert_noticed("no damage", &damaged_silently(leave));
}

/// A small file system of its own; `None`, said on standard error, where it may not be made.
struct SmallDisk {
    folder: tempfile::TempDir,
}

impl SmallDisk {
    fn new(size: &str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let options = format!("size={size}");
        let mounted = mount(&["-t", "tmpfs", "-o", &options, "tmpfs"], folder.path());
        if !mounted {
            eprintln!("skipped: no file system may be mounted here");
        }
        mounted.then_some(Self { folder })
    }

    fn remount(&self, options: &str) {
        assert!(mount(&["-o", &format!("remount,{options}")], self.folder.path()));
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // One that stays is empty and goes with the machine.
        let _unmounted = Command::new("umount").arg(self.folder.path()).status();
    }
}

fn mount(arguments: &[&str], folder: &Path) -> bool {
    let done = Command::new("mount").args(arguments).arg(folder).output();
    done.is_ok_and(|done| done.status.success())
}

#[test]
fn a_full_disk_loses_nothing_and_the_next_run_completes() {
    let Some(disk) = SmallDisk::new("200k") else { return };
    let dir = disk.folder.path().join("index.fangzhi");
    let all = repository("corpus/samples");
    assert_eq!(kind_of_run(run(&dir, std::slice::from_ref(&all))), "disk full");
    disk.remount("size=64m");
    assert_eq!(kind_of_run(run(&dir, std::slice::from_ref(&all))), "no error");
    assert_none(&silence_of_sound(&dir));
    let total = open(&dir).unwrap().search(&every_hit("")).unwrap().total;
    assert_eq!(total, TestIndex::of(&[all]).search("").total);
}

#[test]
fn a_disk_that_fills_up_leaves_the_last_commit() {
    let Some(disk) = SmallDisk::new("64m") else { return };
    let dir = disk.folder.path().join("index.fangzhi");
    assert_eq!(kind_of_run(run(&dir, &[reports()])), "no error");
    let before = open(&dir).unwrap().search(&every_hit("")).unwrap().total;
    // What is left of the disk is taken by something else.
    let other = disk.folder.path().join("other");
    let taken = fs::write(&other, vec![1_u8; 64 << 20]);
    assert!(taken.is_err(), "the disk is larger than it should be");
    assert_eq!(kind_of_run(run(&dir, &[repository("corpus/samples")])), "disk full");
    let after = open(&dir).unwrap().search(&every_hit("")).unwrap().total;
    assert_eq!(after, before);
    fs::remove_file(other).unwrap();
    assert_eq!(kind_of_run(run(&dir, &[repository("corpus/samples")])), "no error");
    assert_none(&silence_of_sound(&dir));
}

#[test]
fn a_read_only_folder_can_be_searched_but_not_written() {
    let Some(disk) = SmallDisk::new("64m") else { return };
    let dir = disk.folder.path().join("index.fangzhi");
    assert_eq!(kind_of_run(run(&dir, &[reports()])), "no error");
    disk.remount("ro");
    assert!(open(&dir).unwrap().search(&every_hit("网格")).unwrap().total > 0);
    assert_none(&silence_of_sound(&dir));
    assert_eq!(kind_of_run(run(&dir, &[repository("corpus/samples")])), "read-only");
    let new = disk.folder.path().join("new.fangzhi");
    assert_eq!(kind_of_run(run(&new, &[reports()])), "read-only");
    disk.remount("rw");
}
