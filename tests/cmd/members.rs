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
