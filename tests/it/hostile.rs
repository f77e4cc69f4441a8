//! Names and content that nobody would write on purpose: listed or indexed, never lost, never the end of a run.
//!
//! `FANGZHI_LONG=1` takes the sizes of an archive where an ordinary run takes small ones.

#![cfg(unix)]

use crate::support::{TestIndex, quoted, vocabulary};
use fangzhi::index::check;
use fangzhi::pipeline::IndexRequest;
use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const SENTENCE: &str = "小组把水渠修到了地头，村民用上了自来水。";

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> PathBuf {
        self.0.path().canonicalize().unwrap()
    }

    fn write(&self, name: impl AsRef<Path>, bytes: &[u8]) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    fn request(&self) -> IndexRequest {
        IndexRequest { paths: vec![self.path()], ..IndexRequest::default() }
    }
}

fn is_long() -> bool {
    std::env::var_os("FANGZHI_LONG").is_some()
}

#[track_caller]
fn assert_sound(index: &TestIndex) {
    let problems = check(&index.dir(), &vocabulary(), true);
    assert_eq!(problems.unwrap(), []);
}

#[test]
fn files_with_any_name_are_found_and_known_again() {
    let folder = Folder::new();
    let names: [&[u8]; 8] = [
        b"new\nline.txt",
        b"\x1b[31mred\x07.txt",
        b"\xb1\xa8\xb8\xe6.txt",
        b"\\x41.txt",
        b"a!b.zip!.txt",
        b"--report.txt",
        b" .txt",
        b"#line 3.txt",
    ];
    for name in names {
        folder.write(OsStr::from_bytes(name), SENTENCE.as_bytes());
    }
    // The longest name, and a path of about 4,000 bytes through 64 folders.
    folder.write(format!("{}.txt", "长".repeat(83)), SENTENCE.as_bytes());
    let deep: PathBuf = (0..64).map(|_| "深".repeat(18)).collect();
    folder.write(deep.join("1.txt"), SENTENCE.as_bytes());
    let index = TestIndex::new();
    let summary = index.run(&folder.request());
    assert_eq!((summary.added, summary.failed), (10, vec![]));
    assert_eq!(index.search(&quoted("把水渠修到了地头")).total, 10);
    let summary = index.run(&IndexRequest { reread: true, ..IndexRequest::default() });
    assert_eq!((summary.updated, summary.added, summary.removed), (10, 0, 0));
    assert_sound(&index);
    fs::remove_dir_all(folder.path().join("深".repeat(18))).unwrap();
    assert_eq!(index.run(&IndexRequest::default()).removed, 1);
}

#[test]
fn links_that_turn_in_circles_pipes_and_devices_end_no_run() {
    let folder = Folder::new();
    folder.write("1.txt", SENTENCE.as_bytes());
    let path = folder.path();
    symlink(&path, path.join("self")).unwrap();
    symlink("b.txt", path.join("a.txt")).unwrap();
    symlink("a.txt", path.join("b.txt")).unwrap();
    symlink("/dev/zero", path.join("zero.txt")).unwrap();
    let made = Command::new("mkfifo").arg(path.join("pipe.txt")).status();
    assert!(made.unwrap().success());
    let index = TestIndex::new();
    let summary = index.run(&folder.request());
    assert_eq!((summary.added, summary.removed), (1, 0));
    let mut codes: Vec<&str> = summary.failed.iter().map(|(.., code)| *code).collect();
    codes.sort_unstable();
    // The two links to each other are not followed by the system itself.
    assert_eq!(codes, ["link", "link", "other", "other", "special"], "{:?}", summary.failed);
    assert_eq!(index.search(&quoted("把水渠修到了地头")).total, 1);
    assert_sound(&index);
}

#[test]
fn a_sparse_file_of_ten_gigabytes_is_refused_by_its_size() {
    let folder = Folder::new();
    folder.write("1.txt", SENTENCE.as_bytes());
    fs::File::create(folder.path().join("2.txt")).unwrap().set_len(10 << 30).unwrap();
    let index = TestIndex::new();
    let summary = index.run(&folder.request());
    let codes: Vec<&str> = summary.failed.iter().map(|(.., code)| *code).collect();
    assert_eq!((summary.added, codes), (1, vec!["too-large"]));
    assert_sound(&index);
}

#[test]
fn a_file_that_grows_while_it_is_read_is_whole_after_the_last_run() {
    let folder = Folder::new();
    folder.write("1.txt", SENTENCE.as_bytes());
    let index = TestIndex::new();
    let path = folder.path().join("1.txt");
    let is_done = AtomicBool::new(false);
    let lines = std::thread::scope(|scope| {
        let writing = scope.spawn(|| {
            let mut file = fs::File::options().append(true).open(&path).unwrap();
            let mut lines = 0;
            while !is_done.load(Ordering::Relaxed) {
                lines += 1;
                write!(file, "\n\n第{lines}次走访也记在这里。").unwrap();
                std::thread::sleep(Duration::from_millis(1));
            }
            lines
        });
        for _ in 0..5 {
            index.run(&folder.request());
            assert_sound(&index);
        }
        is_done.store(true, Ordering::Relaxed);
        writing.join().unwrap()
    });
    index.run(&folder.request());
    assert_eq!(index.search(&quoted("次走访也记在这里")).total, lines);
    assert_sound(&index);
}

#[test]
fn odd_text_is_indexed_or_listed_and_never_both() {
    let folder = Folder::new();
    let pairs: Vec<u8> = (0..=u16::MAX).flat_map(u16::to_be_bytes).collect();
    folder.write("pairs.txt", &pairs);
    for (part, bytes) in pairs.chunks(4096).enumerate() {
        folder.write(format!("pairs-{part}.txt"), bytes);
    }
    folder.write("han.txt", "治".repeat(300_000).as_bytes());
    folder.write("latin.txt", "a".repeat(300_000).as_bytes());
    folder.write("blank.txt", " ".repeat(300_000).as_bytes());
    let lines = if is_long() { 10_000_000 } else { 20_000 };
    folder.write("short.txt", "字\n\n".repeat(lines).as_bytes());
    let index = TestIndex::new();
    let summary = index.run(&folder.request());
    let files = fs::read_dir(folder.path()).unwrap().count();
    let not_read: usize = summary.not_read.iter().map(|(_, count)| count).sum();
    assert_eq!(summary.added + summary.failed.len() + not_read, files, "{:?}", summary.failed);
    assert_sound(&index);
}

#[test]
fn a_folder_of_very_many_files_is_taken_whole() {
    let folder = Folder::new();
    let files = if is_long() { 100_000 } else { 2_000 };
    for number in 0..files {
        folder.write(format!("{number}.txt"), format!("第{number}{SENTENCE}").as_bytes());
    }
    let index = TestIndex::new();
    assert_eq!(index.run(&folder.request()).added, files);
    let summary = index.run(&IndexRequest::default());
    assert_eq!((summary.unchanged, summary.updated), (files, 0));
    assert_eq!(index.search("").total, files as u64);
}
