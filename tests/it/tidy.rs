//! The source tree keeps its own rules: who imports whom, documented files of readable length, links that lead
//! somewhere, data files in order, nothing that is true on one machine only.
//!
//! Each test lists every fault it finds, as `path:line: what is wrong`.

use crate::support::repository;
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Which modules of ours each module may import, itself aside. ARCHITECTURE.md gives the reasons.
///
/// While there is one engine only, `pipeline` writes to `index` directly; `backend` comes between them with the second.
const MAY_IMPORT: [(&str, &[&str]); 13] = [
    ("model", &[]),
    ("text", &["model"]),
    ("vocab", &["model", "text"]),
    ("ingest", &["model", "text"]),
    ("tag", &["model", "text", "vocab"]),
    ("analysis", &["model", "text", "vocab"]),
    ("reprints", &["model", "text"]),
    ("index", &["model", "text", "vocab", "analysis", "reprints"]),
    ("search", &["model", "text", "vocab", "analysis", "reprints", "index"]),
    ("backend", &["model", "text", "vocab", "analysis", "index", "search"]),
    ("pipeline", &["model", "text", "vocab", "ingest", "tag", "index", "backend"]),
    ("eval", &["model", "text", "vocab", "search", "backend", "pipeline"]),
    ("serve", &["model", "text", "search", "backend", "pipeline"]),
];

/// Modules that may name the engine's types; everybody else sees plain data.
const SEES_ENGINE: [&str; 4] = ["analysis", "index", "search", "backend"];

/// Most lines of a Rust file.
const RUST_LINES_MAX: usize = 900;

/// A file of the source tree, with `/` between the names of its path.
struct File {
    path: String,
    text: String,
}

impl File {
    /// The module of `src` it belongs to: `search` for `src/search/parse.rs`; `None` outside the library.
    fn module(&self) -> Option<&str> {
        let name = self.path.strip_prefix("src/")?.split('/').next()?;
        let name = name.strip_suffix(".rs").unwrap_or(name);
        (!matches!(name, "lib" | "bin")).then_some(name)
    }

    fn is_rust(&self) -> bool {
        has_extension(&self.path, &["rs"])
    }

    /// Lines that are code, with their numbers from 1: comments, among them doc comments, are left out.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().enumerate().map(|(ordinal, line)| (ordinal + 1, line));
        lines.filter(|(_, line)| !line.trim_start().starts_with("//"))
    }
}

/// What was found wrong, a line each.
#[derive(Default)]
struct Faults(String);

impl Faults {
    fn add(&mut self, path: &str, line: usize, what: impl std::fmt::Display) {
        writeln!(self.0, "{path}:{line}: {what}").expect("a String takes every write");
    }

    #[track_caller]
    fn assert_none(self) {
        assert!(self.0.is_empty(), "\n{}", self.0);
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn has_extension(path: &str, wanted: &[&str]) -> bool {
    Path::new(path)
        .extension()
        .and_then(|found| found.to_str())
        .is_some_and(|found| wanted.contains(&found))
}

/// Every text file of the project, sorted; build results and hidden folders (but those of cargo and CI) left out.
fn files() -> Vec<File> {
    let is_ours = |name: &str| {
        !matches!(name, "target" | "__pycache__")
            && (!name.starts_with('.') || matches!(name, ".ci" | ".cargo"))
    };
    let entries =
        walkdir::WalkDir::new(root()).sort_by_file_name().into_iter().filter_entry(|entry| {
            entry.depth() == 0 || entry.file_name().to_str().is_some_and(is_ours)
        });
    entries
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .filter_map(|entry| {
            let path = entry.path().strip_prefix(root()).ok()?;
            let path = path.to_str()?.replace(std::path::MAIN_SEPARATOR, "/");
            Some(File { path, text: std::fs::read_to_string(entry.path()).ok()? })
        })
        .collect()
}

#[test]
fn the_table_of_imports_has_no_way_back() {
    let order: Vec<&str> = MAY_IMPORT.iter().map(|(module, _)| *module).collect();
    for (place, (module, imports)) in MAY_IMPORT.iter().enumerate() {
        for import in *imports {
            let found = order.iter().position(|name| name == import);
            assert!(found.is_some_and(|found| found < place), "{module} may import {import}");
        }
    }
}

#[test]
fn modules_import_only_what_lies_below_them() {
    let table: BTreeMap<&str, &[&str]> = MAY_IMPORT.into_iter().collect();
    let import = Regex::new(r"\bcrate::([a-z_]+)").expect("a valid pattern");
    let mut faults = Faults::default();
    for file in files().iter().filter(|file| file.is_rust()) {
        let Some(module) = file.module() else { continue };
        let Some(allowed) = table.get(module) else {
            faults.add(
                &file.path,
                1,
                format_args!("module {module} is not in the table of imports"),
            );
            continue;
        };
        for (number, line) in file.code() {
            for found in import.captures_iter(line) {
                let other = &found[1];
                if other != module && !allowed.contains(&other) {
                    faults.add(&file.path, number, format_args!("{module} may not import {other}"));
                }
            }
            if line.contains("tantivy::") && !SEES_ENGINE.contains(&module) {
                faults.add(&file.path, number, format_args!("{module} may not see the engine"));
            }
        }
    }
    faults.assert_none();
}

#[test]
fn paths_start_at_the_root_of_the_crate() {
    // In two pieces, so that this file does not hold what it looks for.
    let unwanted = [concat!("super::", "super"), concat!("crate::", "{")];
    let mut faults = Faults::default();
    for file in files().iter().filter(|file| file.is_rust()) {
        for (number, line) in file.code() {
            for path in unwanted.iter().filter(|path| line.contains(**path)) {
                faults.add(
                    &file.path,
                    number,
                    format_args!("`{path}`: write the path from the root, one a line"),
                );
            }
        }
    }
    faults.assert_none();
}

#[test]
fn the_command_uses_the_public_names_of_the_library() {
    let mut faults = Faults::default();
    for file in files().iter().filter(|file| file.path.starts_with("src/bin/") && file.is_rust()) {
        for (number, _) in file.code().filter(|(_, line)| line.contains("tantivy::")) {
            faults.add(&file.path, number, "the command may not see the engine");
        }
    }
    faults.assert_none();
}

#[test]
fn rust_files_say_what_they_are_for_and_stay_readable() {
    let mut faults = Faults::default();
    for file in files().iter().filter(|file| file.is_rust()) {
        if !file.text.starts_with("//!") {
            faults.add(&file.path, 1, "does not start with `//!` and what the file is for");
        }
        let lines = file.text.lines().count();
        if lines > RUST_LINES_MAX {
            faults.add(&file.path, lines, format_args!("longer than {RUST_LINES_MAX} lines"));
        }
    }
    faults.assert_none();
}

#[test]
fn no_test_is_ignored() {
    let unwanted = concat!("#[", "ignore");
    let mut faults = Faults::default();
    for file in files().iter().filter(|file| file.is_rust()) {
        for (number, _) in file.code().filter(|(_, line)| line.contains(unwanted)) {
            faults.add(
                &file.path,
                number,
                "assert what happens now, with a FIXME, instead of ignoring the test",
            );
        }
    }
    faults.assert_none();
}

/// Whether a file is text in the state reports arrive in, which no rule of ours applies to.
fn is_sample(file: &File) -> bool {
    file.path.starts_with("corpus/samples/") || file.path.starts_with("corpus/sources/")
}

#[test]
fn no_file_names_a_place_of_one_machine() {
    let home = Regex::new(r"(^|[^\w.~/])(/(home|root|work|Users)/\w|[A-Z]:\\Users\\)")
        .expect("a valid pattern");
    let mut faults = Faults::default();
    for file in files().iter().filter(|file| !is_sample(file)) {
        for (ordinal, line) in file.text.lines().enumerate() {
            if home.is_match(line) {
                faults.add(&file.path, ordinal + 1, "a path of one machine");
            }
        }
    }
    faults.assert_none();
}

#[test]
fn no_merge_was_left_half_done() {
    let mut faults = Faults::default();
    for file in files().iter().filter(|file| !is_sample(file)) {
        for (ordinal, line) in file.text.lines().enumerate() {
            if line.starts_with(concat!("<<<<", "<<< "))
                || line.starts_with(concat!(">>>>", ">>> "))
            {
                faults.add(&file.path, ordinal + 1, "a conflict of a merge");
            }
        }
    }
    faults.assert_none();
}

#[test]
fn every_dependency_comes_from_the_public_registry() {
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).expect("Cargo.lock is committed");
    let mut faults = Faults::default();
    for (ordinal, line) in lock.lines().enumerate() {
        let source = line.strip_prefix("source = ");
        if source.is_some_and(|source| !source.starts_with("\"registry+")) {
            faults.add("Cargo.lock", ordinal + 1, line);
        }
    }
    faults.assert_none();
}

/// The targets of the links of a Markdown file, with their lines; code is left out.
fn links(markdown: &str) -> Vec<(usize, String)> {
    let link = Regex::new(r"\]\(([^()\s]+)\)").expect("a valid pattern");
    let code = Regex::new(r"`[^`]*`").expect("a valid pattern");
    let mut in_block = false;
    let mut found = Vec::new();
    for (ordinal, line) in markdown.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            in_block = !in_block;
        } else if !in_block {
            let line = code.replace_all(line, "");
            found.extend(link.captures_iter(&line).map(|link| (ordinal + 1, link[1].to_owned())));
        }
    }
    found
}

#[test]
fn links_outside_of_code_are_found() {
    let text = "[a](x.md) `[b](y.md)`\n```\n[c](z.md)\n```\n![d](i.png#e)";
    assert_eq!(links(text), [(1, "x.md".to_owned()), (5, "i.png#e".to_owned())]);
}

#[test]
fn links_in_markdown_lead_somewhere() {
    let mut faults = Faults::default();
    let is_ours = |file: &&File| has_extension(&file.path, &["md"]) && !is_sample(file);
    for file in files().iter().filter(is_ours) {
        let folder = root().join(&file.path).parent().map(Path::to_path_buf).unwrap_or_default();
        for (number, link) in links(&file.text) {
            let target = link.split('#').next().unwrap_or_default();
            let outside = target.contains("://") || target.starts_with("mailto:");
            if !outside && !target.is_empty() && !folder.join(target).exists() {
                faults.add(&file.path, number, format_args!("{target} does not exist"));
            }
        }
    }
    faults.assert_none();
}

/// Lines of a data file that are entries: comments and empty lines left out.
fn entries(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = text.lines().enumerate().map(|(ordinal, line)| (ordinal + 1, line));
    lines.filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'))
}

#[test]
fn data_files_hold_no_entry_twice_and_keep_the_order_they_promise() {
    let mut faults = Faults::default();
    let is_data = |file: &&File| {
        file.path.starts_with("index-schema/") && has_extension(&file.path, &["txt", "csv", "tsv"])
    };
    for file in files().iter().filter(is_data) {
        let promises = file.text.lines().take_while(|line| line.starts_with('#'));
        let sorted = promises.collect::<Vec<_>>().join(" ").contains("sorted");
        let mut seen = BTreeSet::new();
        let mut before = "";
        for (number, entry) in entries(&file.text) {
            if !seen.insert(entry) {
                faults.add(&file.path, number, format_args!("{entry:?} stands twice"));
            }
            if sorted && entry < before {
                faults.add(&file.path, number, format_args!("{entry:?} stands after {before:?}"));
            }
            before = entry;
        }
    }
    faults.assert_none();
}

#[test]
fn the_code_is_formatted() {
    let cargo = std::env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from);
    let has_formatter = Command::new(&cargo).args(["fmt", "--version"]).output();
    if !has_formatter.is_ok_and(|output| output.status.success()) {
        println!("skipped: rustfmt is not installed");
        return;
    }
    let checked = Command::new(cargo).args(["fmt", "--check"]).current_dir(root()).output();
    let checked = checked.expect("it ran a moment ago");
    assert!(
        checked.status.success(),
        "run `cargo fmt`:\n{}",
        String::from_utf8_lossy(&checked.stdout)
    );
}

#[test]
fn the_schema_of_check_has_all_codes() {
    let schema =
        std::fs::read_to_string(repository("index-schema/json/check.schema.json")).unwrap();
    let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    let codes = schema["properties"]["code"]["enum"].as_array().unwrap();
    let source = std::fs::read_to_string(repository("src/index/check.rs")).unwrap();
    let (documented, _) = source.split_once("pub code: &'static str").unwrap();
    let (_, documented) = documented.rsplit_once("/// A code:").unwrap();
    let documented: Vec<&str> = documented.split('`').skip(1).step_by(2).collect();
    assert!(documented.len() > 5, "{documented:?}");
    for code in documented {
        assert!(codes.contains(&code.into()), "{code}");
    }
}
