//! Damaged files of an index: said as damage, with what to do, and never as a panic.

use crate::Ran;
use crate::fangzhi;
use crate::ran;
use crate::reports;
use crate::run;
use std::fs;
use std::path::{Path, PathBuf};

/// The files of the engine that end so.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let all = fs::read_dir(folder.join(".fangzhi/index")).unwrap().map(|file| file.unwrap().path());
    all.filter(|path| path.extension().is_some_and(|found| found == ending)).collect()
}

/// An index of which every byte of such files but the last ones, which name their format, is another.
fn damaged(ending: &str, every: usize) -> tempfile::TempDir {
    let folder = reports();
    assert_eq!(run(folder.path(), &["index", "reports"]).code, 0);
    let found = files(folder.path(), ending);
    assert!(!found.is_empty(), "{ending}");
    for file in found {
        let mut bytes = fs::read(&file).unwrap();
        let end = bytes.len().saturating_sub(120);
        bytes.iter_mut().take(end).step_by(every).for_each(|byte| *byte ^= 0xff);
        fs::write(file, bytes).unwrap();
    }
    folder
}

#[track_caller]
fn check_told(ran: &Ran, what: &str) {
    assert!(!ran.err.contains("panicked") && !ran.err.contains("backtrace"), "{what}: {}", ran.err);
    assert!((0..=2).contains(&ran.code), "{what}: {} {}", ran.code, ran.err);
    if ran.code == 2 {
        assert!(
            ran.err.contains("damaged index: ") && ran.err.contains("fangzhi repair"),
            "{what}: {}",
            ran.err
        );
    }
}

#[test]
fn damage_is_said_as_damage_whatever_the_engine_makes_of_it() {
    let mut failed = 0;
    for ending in ["store", "term", "idx", "pos", "fast", "fieldnorm"] {
        for every in [1, 3, 37] {
            let folder = damaged(ending, every);
            for arguments in [
                &["search", "网格"][..],
                &["search", "\"便民服务站\"", "--facet", "region"],
                &["stats"],
                &["index", "reports", "--reread"],
            ] {
                let ran = ran(fangzhi(folder.path()).args(arguments).env("RUST_BACKTRACE", "0"));
                check_told(&ran, &format!("{ending} {every} {arguments:?}"));
                failed += usize::from(ran.code == 2);
            }
        }
    }
    assert!(failed > 20, "{failed}");
}

#[test]
fn check_names_every_bad_file() {
    let folder = damaged("store", 1);
    let (positions, terms) = (&files(folder.path(), "pos")[0], &files(folder.path(), "term")[0]);
    fs::write(positions, b"x").unwrap();
    fs::remove_file(terms).unwrap();
    let checked = run(folder.path(), &["check"]);
    assert_eq!(checked.code, 2, "{}", checked.err);
    for file in [positions, terms, &files(folder.path(), "store")[0]] {
        let name = file.file_name().unwrap().to_string_lossy();
        assert!(checked.out.contains(&*name), "{name}: {}{}", checked.out, checked.err);
    }
    assert!(checked.out.contains(" is missing"), "{}", checked.out);
}
