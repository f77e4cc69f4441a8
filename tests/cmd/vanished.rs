//! What became of files that are no more where they were, and that nothing is lost or doubled by it.

#![cfg(unix)]

use crate::run;
use serde_json::Value;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

/// Four reports, two in a folder of their own.
fn four() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let reports = folder.path().join("in");
    fs::create_dir_all(reports.join("2023")).unwrap();
    for (name, place) in
        [("2023/甲", "洱源县"), ("2023/乙", "祥云县"), ("丙", "弥渡县"), ("丁", "巍山县")]
    {
        let text = format!(
            "{place}整治河道\n\n{place}设河长{}名，清理河道垃圾若干吨，群众满意。\n",
            place.len() + name.len()
        );
        fs::write(reports.join(format!("{name}.txt")), text).unwrap();
    }
    assert_eq!(run(folder.path(), &["index", "in"]).code, 0);
    folder
}

/// The summary of a run.
#[track_caller]
fn index(folder: &Path, more: &[&str]) -> Value {
    let ran = run(folder, &[&["index", "in", "--json"], more].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    serde_json::from_str(ran.out.lines().last().unwrap()).unwrap()
}

/// Added, updated, unchanged, moved, removed, reports in the index.
#[track_caller]
fn check(folder: &Path, more: &[&str], expected: [u64; 6]) {
    let summary = index(folder, more);
    let names = ["added", "updated", "unchanged", "moved", "removed", "reports_total"];
    assert_eq!(names.map(|name| summary[name].as_u64().unwrap()), expected, "{summary}");
}

#[test]
fn a_folder_that_moved_and_left_a_link_is_not_there_twice() {
    let folder = four();
    let reports = folder.path().join("in");
    fs::rename(reports.join("2023"), reports.join("旧")).unwrap();
    symlink("旧", reports.join("2023")).unwrap();
    check(folder.path(), &[], [0, 0, 2, 2, 0, 4]);
    check(folder.path(), &["--reread"], [0, 4, 0, 0, 0, 4]);
    check(folder.path(), &[], [0, 0, 4, 0, 0, 4]);
}

#[test]
fn a_file_that_moved_is_not_there_twice_where_missing_ones_are_kept() {
    let folder = four();
    let reports = folder.path().join("in");
    fs::rename(reports.join("丙.txt"), reports.join("戊.txt")).unwrap();
    fs::remove_file(reports.join("丁.txt")).unwrap();
    check(folder.path(), &["--keep-missing"], [0, 0, 2, 1, 0, 4]);
}

#[test]
fn a_file_in_whose_place_stands_none_is_removed() {
    let folder = four();
    let reports = folder.path().join("in");
    fs::remove_file(reports.join("丙.txt")).unwrap();
    symlink("nowhere", reports.join("丙.txt")).unwrap();
    check(folder.path(), &[], [0, 0, 3, 0, 1, 3]);
    fs::remove_file(reports.join("丁.txt")).unwrap();
    fs::create_dir(reports.join("丁.txt")).unwrap();
    check(folder.path(), &[], [0, 0, 2, 0, 1, 2]);
}

#[test]
fn a_file_that_a_link_inside_keeps_under_its_name_stays() {
    let folder = four();
    let reports = folder.path().join("in");
    fs::create_dir(reports.join(".store")).unwrap();
    fs::rename(reports.join("丙.txt"), reports.join(".store/丙")).unwrap();
    symlink(".store/丙", reports.join("丙.txt")).unwrap();
    check(folder.path(), &[], [0, 0, 4, 0, 0, 4]);
}

#[test]
fn what_another_root_holds_and_this_one_does_not_see_stays() {
    let folder = four();
    fs::write(folder.path().join("in/己.log"), "南涧县整治河道，设河长九名。\n").unwrap();
    assert_eq!(run(folder.path(), &["index", "in/己.log"]).code, 0);
    check(folder.path(), &[], [0, 0, 4, 0, 0, 5]);
    fs::remove_file(folder.path().join("in/己.log")).unwrap();
    check(folder.path(), &[], [0, 0, 4, 0, 1, 4]);
}

#[test]
fn a_repair_keeps_what_vanished_and_is_sound() {
    let folder = four();
    fs::remove_file(folder.path().join("in/丙.txt")).unwrap();
    check(folder.path(), &["--keep-missing"], [0, 0, 3, 0, 0, 4]);
    for file in fs::read_dir(folder.path().join(".fangzhi/index")).unwrap().map(Result::unwrap) {
        if file.file_name().to_string_lossy().starts_with("reprints-") {
            fs::remove_file(file.path()).unwrap();
        }
    }
    let repaired = run(folder.path(), &["repair"]);
    assert_eq!(repaired.code, 0, "{}", repaired.err);
    assert_eq!(run(folder.path(), &["search", "弥渡县", "-l"]).out, "in/丙.txt\n");
}

#[test]
fn the_report_has_a_row_for_what_vanished_and_was_kept() {
    let folder = four();
    fs::remove_file(folder.path().join("in/丙.txt")).unwrap();
    index(folder.path(), &["--keep-missing", "--report", "rows.csv"]);
    let rows = fs::read_to_string(folder.path().join("rows.csv")).unwrap();
    assert!(rows.contains("丙.txt,,kept,"), "{rows}");
    index(folder.path(), &["--report", "rows.csv"]);
    let rows = fs::read_to_string(folder.path().join("rows.csv")).unwrap();
    assert!(rows.contains("丙.txt,,removed,"), "{rows}");
}

#[test]
fn a_folder_that_cannot_be_read_is_two() {
    use std::os::unix::fs::PermissionsExt;
    let folder = four();
    let locked = folder.path().join("in/2023");
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o000)).unwrap();
    let is_root = fs::read_dir(&locked).is_ok(); // The superuser reads everything.
    let ran = run(folder.path(), &["index", "in"]);
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(ran.code, if is_root { 0 } else { 2 }, "{}", ran.err);
    assert!(ran.out.contains("holds  4 reports"), "{}", ran.out);
}
