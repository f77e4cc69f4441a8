//! Wrong and unusual arguments: what is said, and the exit code.

use crate::fangzhi;
use crate::ran;
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
