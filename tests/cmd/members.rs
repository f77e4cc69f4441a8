//! Files inside archives from outside: found, filtered to and shown by the path `archive!/member`.

use crate::run;
use std::path::Path;

/// A folder with an archive in `reports/`: a DOCX and a text, both in the folder `材料` of the archive.
fn archive() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/samples/批量/湘西材料.zip");
    std::fs::create_dir(folder.path().join("reports")).unwrap();
    std::fs::copy(sample, folder.path().join("reports/a.zip")).unwrap();
    std::fs::write(folder.path().join("reports/b.txt"), "另有机耕道一条，长三公里。\n").unwrap();
    folder
}

#[track_caller]
fn found(folder: &Path, words: &[&str]) -> Vec<String> {
    let ran = run(folder, &[&["search", "机耕道", "-l"], words].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    let mut lines: Vec<_> = ran.out.lines().map(str::to_owned).collect();
    lines.sort();
    lines
}

#[test]
fn a_search_is_filtered_to_an_archive_or_a_part_of_it() {
    let folder = archive();
    run(folder.path(), &["index", "reports"]);
    let members = ["reports/a.zip!/材料/古丈县_茶园道路.docx", "reports/a.zip!/材料/说明.txt"];
    assert_eq!(found(folder.path(), &[]), [members[0], members[1], "reports/b.txt"]);
    assert_eq!(found(folder.path(), &["reports/a.zip"]), members);
    assert_eq!(found(folder.path(), &["reports/a.zip!/材料"]), members);
    assert_eq!(found(folder.path(), &[members[1]]), [members[1]]);
    assert_eq!(found(folder.path(), &["reports/b.txt"]), ["reports/b.txt"]);
}

#[test]
fn a_member_is_searched_without_an_index_of_its_own() {
    let folder = archive();
    let member = "reports/a.zip!/材料/说明.txt";
    assert_eq!(found(folder.path(), &[member]), [member]);
    let wrong = run(folder.path(), &["search", "机耕道", "reports/none.zip!/说明.txt"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.contains("no such file or folder"), "{}", wrong.err);
}

#[test]
fn an_archive_itself_is_not_shown_by_a_file_of_its_own_choice() {
    let folder = archive();
    run(folder.path(), &["index", "reports"]);
    let shown = run(folder.path(), &["show", "reports/a.zip:1"]);
    assert_eq!((shown.code, shown.out.as_str()), (2, ""));
    assert!(
        shown.err.starts_with("error: reports/a.zip: an archive, and 2 of its files have "),
        "{}",
        shown.err
    );
    let (_, command) = shown.err.split_once("name which: fangzhi ").unwrap();
    let words = shlex::split(command).unwrap();
    let shown = run(folder.path(), &words.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(shown.code, 0, "{}", shown.err);
}

#[test]
fn a_folder_in_an_archive_may_end_in_an_exclamation_mark() {
    let folder = tempfile::tempdir().unwrap();
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("好!/a.txt", zip::write::SimpleFileOptions::default()).unwrap();
    std::io::Write::write_all(&mut zip, "另有机耕道一条，长三公里。\n".as_bytes()).unwrap();
    std::fs::write(folder.path().join("a.zip"), zip.finish().unwrap().into_inner()).unwrap();
    run(folder.path(), &["index", "a.zip"]);
    for filter in ["a.zip", "a.zip!/好!", "a.zip!/好!/a.txt"] {
        assert_eq!(found(folder.path(), &[filter]), ["a.zip!/好!/a.txt"], "{filter}");
    }
}

#[cfg(unix)]
#[test]
fn a_name_that_is_not_utf8_is_shown_as_it_is_printed() {
    use std::os::unix::ffi::OsStrExt;
    let folder = tempfile::tempdir().unwrap();
    let name = std::ffi::OsStr::from_bytes(b"\xb1\xa8.txt");
    if std::fs::write(folder.path().join(name), "另有机耕道一条，长三公里。\n").is_err()
    {
        eprintln!("skipped: names are UTF-8 here");
        return;
    }
    run(folder.path(), &["index", "."]);
    assert_eq!(found(folder.path(), &[]), ["\\xb1\\xa8.txt"]);
    let shown = run(folder.path(), &["show", "\\xb1\\xa8.txt:1"]);
    assert!(shown.code == 0 && shown.out.contains("机耕道"), "{}", shown.err);
    let typed = std::ffi::OsStr::from_bytes(b"\xb1\xa8.txt:1");
    let shown =
        crate::ran(crate::fangzhi(folder.path()).args([std::ffi::OsStr::new("show"), typed]));
    assert!(shown.code == 0 && shown.out.contains("机耕道"), "{}", shown.err);
}

#[test]
fn a_place_in_a_member_is_shown() {
    let folder = archive();
    run(folder.path(), &["index", "reports"]);
    let shown = run(folder.path(), &["show", "reports/a.zip!/材料/说明.txt:5"]);
    assert_eq!(shown.code, 0, "{}", shown.err);
    assert!(shown.out.contains("不计入公路里程"), "{}", shown.out);
    let shown =
        run(folder.path(), &["show", "reports/a.zip!/材料/古丈县_茶园道路.docx:3", "--lang", "zh"]);
    assert_eq!(shown.code, 0, "{}", shown.err);
    assert!(shown.out.contains("文件第3段") && shown.out.contains("肩挑"), "{}", shown.out);
}

#[test]
fn records_are_listed_by_the_file_that_holds_them() {
    let folder = tempfile::tempdir().unwrap();
    let records =
        "{\"id\": \"a#1\", \"text\": \"修好机耕道一条。\"}\n{\"text\": \"另有机耕道两条。\"}\n";
    std::fs::write(folder.path().join("甲#乙.jsonl"), records).unwrap();
    std::fs::write(folder.path().join("丙#丁.txt"), "机耕道通到村口。\n").unwrap();
    run(folder.path(), &["index", "."]);
    assert_eq!(found(folder.path(), &[]), ["丙#丁.txt", "甲#乙.jsonl"]);
}
