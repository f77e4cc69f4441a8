//! Wrong and unusual arguments: what is said, and the exit code.

use crate::fangzhi;
use crate::ran;
use crate::reports;
use crate::run;

#[track_caller]
fn check(arguments: &[&str], code: i32, said: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let ran = run(folder.path(), arguments);
    assert_eq!(ran.code, code, "{}", ran.err);
    for text in said {
        assert!(ran.err.contains(text), "{text:?} is not in {:?}", ran.err);
    }
    assert!(ran.out.is_empty(), "{}", ran.out);
}

#[test]
fn a_wrong_option_is_named_with_what_may_be_meant() {
    check(
        &["search", "治理", "--regoin", "云南"],
        2,
        &["error: there is no option --regoin", "did you mean --region?"],
    );
    check(&["search", "治理", "-z"], 2, &["there is no option -z"]);
    check(
        &["--lang=zh", "search", "治理", "--regoin", "云南"],
        2,
        &["错误: 没有选项 --regoin", "提示: 是否指 --region？"],
    );
}

#[test]
fn an_unknown_command_is_named() {
    check(&["serach", "治理"], 2, &["there is no command serach", "did you mean search?"]);
    check(&["网格化管理"], 2, &["to search, write: fangzhi search 网格化管理"]);
}

#[test]
fn without_a_command_the_help_goes_to_standard_error() {
    check(&[], 2, &["Usage: fangzhi [OPTIONS] COMMAND"]);
}

#[test]
fn wrong_values_are_said_before_anything_is_read() {
    check(&["search", "治理", "--since", "去年"], 2, &["no index here"]);
    check(&["index", ".", "--memory", "much"], 2, &["--memory: much is not a size", "64M"]);
    check(&["index", ".", "--memory", "63M"], 2, &["63M is too little; the least is 64M"]);
    let extract = ["index", ".", "--max-extract-memory", "95M"];
    check(&extract, 2, &["--max-extract-memory: 95M is too little; the least is 96M"]);
    let jobs = ["index", ".", "--memory", "64M", "--jobs", "3"];
    check(&jobs, 2, &["64M is too little for 3 threads; the least is 96M"]);
    check(
        &["search", "治理", "--sort", "dat"],
        2,
        &["dat is no value of", "choices: score, date, figure"],
    );
    check(&["search", "治理", "--json", "--csv"], 2, &["cannot be used with"]);
}

#[test]
fn a_missing_index_and_a_missing_path_are_errors_with_a_hint() {
    check(&["search", "治理"], 2, &["no index here", "hint: make one with `fangzhi index FOLDER`"]);
    check(&["search", "治理", "nosuch.txt"], 2, &["nosuch.txt: no such file or folder", "hint:"]);
    check(&["search", "治理", "reports"], 2, &["reports is no file or folder here"]);
    check(&["search"], 2, &["nothing to search for"]);
    check(&["stats"], 2, &["no index here"]);
    check(&["index"], 2, &["no folder was named"]);
    check(&["show", "3"], 2, &["no search is remembered"]);
}

#[test]
fn without_home_a_search_in_files_says_what_to_set() {
    let folder = crate::reports();
    let ran =
        ran(fangzhi(folder.path()).env_remove("FANGZHI_CACHE").args(["search", "网格", "reports"]));
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("neither FANGZHI_CACHE nor HOME is set"), "{}", ran.err);
}

#[test]
fn the_language_follows_the_locale_and_the_option() {
    let folder = tempfile::tempdir().unwrap();
    let said = |variables: &[(&str, &str)], arguments: &[&str]| {
        ran(fangzhi(folder.path()).envs(variables.iter().copied()).args(arguments)).err
    };
    assert!(said(&[("LANG", "zh_CN.UTF-8")], &["stats"]).starts_with("错误:"));
    assert!(said(&[("LANG", "zh_CN.UTF-8"), ("LC_ALL", "C")], &["stats"]).starts_with("error:"));
    assert!(said(&[("LANG", "zh_CN.UTF-8")], &["stats", "--lang", "en"]).starts_with("error:"));
}

#[test]
fn colour_is_for_terminals_or_on_demand() {
    let folder = tempfile::tempdir().unwrap();
    let said = |variables: &[(&str, &str)], arguments: &[&str]| {
        ran(fangzhi(folder.path()).envs(variables.iter().copied()).args(arguments)).err
    };
    assert!(!said(&[], &["stats"]).contains('\x1b'));
    assert!(said(&[], &["stats", "--color", "always"]).contains('\x1b'));
    assert!(said(&[("CLICOLOR_FORCE", "1")], &["stats"]).contains('\x1b'));
    assert!(!said(&[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")], &["stats"]).contains('\x1b'));
}

#[test]
fn control_characters_in_names_are_shown_not_obeyed() {
    let folder = tempfile::tempdir().unwrap();
    let ran = run(folder.path(), &["inspect", "\x1b[2J.txt"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("␛[2J.txt") && !ran.err.contains('\x1b'), "{:?}", ran.err);
}

#[test]
fn notes_name_the_index_that_was_given() {
    let folder = reports();
    run(folder.path(), &["index", "reports", "--index", "own's"]);
    std::fs::write(folder.path().join("reports/丙.txt"), "网格划到村口。\n").unwrap();
    let changed = run(folder.path(), &["search", "网格", "--index", "own's"]);
    let command = r"`fangzhi index --index 'own'\''s'`";
    assert!(changed.err.contains(command), "{}", changed.err);
    std::fs::rename(folder.path().join("reports"), folder.path().join("moved")).unwrap();
    let moved = run(folder.path(), &["index", "moved", "--index", "own's"]);
    assert!(moved.err.contains(r"reports' --index 'own'\''s'`"), "{}", moved.err);
}

#[test]
fn what_a_run_leaves_out_is_said_apart_from_what_vanished() {
    let folder = reports();
    std::fs::write(folder.path().join("reports/丙.md"), "# 网格\n\n网格划到村口。\n").unwrap();
    run(folder.path(), &["index", "reports"]);
    let narrow = run(folder.path(), &["index", "reports", "--include", "*.md"]);
    assert!(narrow.err.contains("2 files that --include leaves out stay"), "{}", narrow.err);
    let without = run(folder.path(), &["index", "reports", "--exclude", "*.txt"]);
    assert!(without.err.contains("2 files that vanished or are excluded"), "{}", without.err);
    let pruned = run(folder.path(), &["index", "reports", "--prune"]);
    assert!(pruned.out.contains("2 removed"), "{}", pruned.out);
    assert!(!pruned.err.contains("2 files"), "{}", pruned.err);
}

#[test]
fn a_village_of_the_index_is_shown_with_its_path() {
    let folder = reports();
    let text = "阿里地区修水渠\n\n2024年3月2日\n\n噶尔县狮泉河镇加木村修好了水渠。\n";
    std::fs::write(folder.path().join("reports/丙.txt"), text).unwrap();
    run(folder.path(), &["index", "reports"]);
    let shown = run(folder.path(), &["schema", "show", "加木村"]);
    let path = "西藏自治区/阿里地区/噶尔县/狮泉河镇/加木村";
    assert!(shown.code == 0 && shown.out.contains(path), "{} {}", shown.out, shown.err);
    assert_eq!(run(folder.path(), &["schema", "show", "虚构村"]).code, 2);
}

#[test]
fn no_doubts_shown_is_not_no_doubts() {
    let folder = reports();
    run(folder.path(), &["index", "reports"]);
    let all = run(folder.path(), &["tags", "--doubtful"]);
    let none = run(folder.path(), &["tags", "--doubtful", "-n", "0"]);
    assert!(all.err.contains("doubtful tags"), "{}", all.err);
    assert!(none.err.contains("0 of ") && none.err.contains("doubtful tags"), "{}", none.err);
}
