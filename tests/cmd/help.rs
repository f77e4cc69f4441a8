//! Help, completions and manual pages in both languages.

use crate::run;

const COMMANDS: [&str; 14] = [
    "index",
    "search",
    "show",
    "inspect",
    "analyze",
    "stats",
    "check",
    "eval",
    "bench",
    "schema",
    "cache",
    "formats",
    "completions",
    "man",
];

#[track_caller]
fn printed(arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let ran = run(folder.path(), arguments);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{arguments:?}");
    ran.out
}

#[test]
fn the_help_of_the_command_in_english() {
    insta::assert_snapshot!(printed(&["--help"]), @"");
}

#[test]
fn the_help_of_the_command_in_chinese() {
    insta::assert_snapshot!(printed(&["--lang", "zh", "--help"]), @"");
}

#[test]
fn the_help_of_search_in_english() {
    insta::assert_snapshot!(printed(&["search", "-h"]), @"");
}

#[test]
fn the_help_of_search_in_chinese() {
    insta::assert_snapshot!(printed(&["search", "-h", "--lang=zh"]), @"");
}

#[test]
fn every_command_has_help_in_both_languages() {
    for command in COMMANDS {
        let english = printed(&[command, "--help"]);
        assert!(english.contains(&format!("Usage: fangzhi {command}")), "{english}");
        let chinese = printed(&["--lang", "zh", command, "--help"]);
        assert!(chinese.contains(&format!("用法： fangzhi {command}")), "{chinese}");
        assert_eq!(printed(&["help", command]), english);
    }
}

#[test]
fn completions_know_every_command() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = printed(&["completions", shell]);
        assert!(COMMANDS.iter().all(|command| script.contains(command)), "{shell}");
    }
}

#[test]
fn manual_pages_are_made_for_every_command() {
    assert!(printed(&["man"]).contains(".TH fangzhi 1"));
    for command in COMMANDS {
        let page = printed(&["man", command]);
        assert!(
            page.contains(&format!(".TH fangzhi-{command} 1")),
            "{command}: {}",
            page.lines().nth(2).unwrap()
        );
    }
}

#[test]
fn the_version_is_that_of_the_package() {
    assert_eq!(printed(&["--version"]), format!("fangzhi {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn formats_name_extensions_and_encodings() {
    let text = printed(&["formats", "--lang", "zh"]);
    assert!([".txt", ".jsonl", "GB18030", "编码"].iter().all(|part| text.contains(part)), "{text}");
}
