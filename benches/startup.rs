//! Cold start of the command as a process of its own: no work, and one search over a ready index. Wall time.
//!
//! Measured on the built `fangzhi` with an index of 10,000 recombined paragraphs (`FANGZHI_BENCH_PARAGRAPHS` for more);
//! the files are in the system's cache. It holds what a person waits for: start of the process, opening the index,
//! search, output, exit. Left out: the disk.

mod data;

use criterion::Criterion;
use data::Source;
use fangzhi::pipeline::{IndexRequest, run};
use std::path::Path;
use std::process::{Command, Output};
use std::sync::atomic::AtomicBool;

fn main() {
    let mut criterion = data::criterion();
    let paragraphs = data::paragraphs(data::PARAGRAPHS_INDEX);
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let dir = folder.path().join("index");
    let source = Source::load();
    let reports = source.write(paragraphs, &folder.path().join("reports"));
    let request = IndexRequest { paths: vec![reports.dir], ..IndexRequest::default() };
    run(&dir, &data::vocabulary(), &request, &AtomicBool::new(false), &mut |_| {})
        .expect("the generated reports can be indexed");
    bench_start(&mut criterion, folder.path(), &dir);
    criterion.final_summary();
}

fn bench_start(criterion: &mut Criterion, home: &Path, index: &Path) {
    let index = index.to_str().expect("the name of a temporary folder is UTF-8");
    // Every lead paragraph begins with a place, and every report has this byline.
    let search = ["search", "--index", index, "--json", "本报记者"];
    let answer: serde_json::Value = serde_json::from_slice(&start(home, &search).stdout)
        .expect("the answer is one JSON object");
    assert!(answer["total"].as_u64().is_some_and(|total| total > 0), "{answer}");

    let mut group = criterion.benchmark_group("startup");
    group.bench_function("--version", |bencher| {
        bencher.iter(|| assert!(!start(home, &["--version"]).stdout.is_empty()));
    });
    group.bench_function("search", |bencher| {
        bencher.iter(|| assert!(!start(home, &search).stdout.is_empty()));
    });
    group.finish();
}

/// Runs the command to its end with folders of its own; it must succeed.
fn start(home: &Path, arguments: &[&str]) -> Output {
    let output = Command::new(env!("CARGO_BIN_EXE_fangzhi"))
        .args(arguments)
        .env("HOME", home)
        .env("FANGZHI_CACHE", home.join("cache"))
        .env_remove("FANGZHI_INDEX")
        .current_dir(home)
        .output()
        .expect("the command starts");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "fangzhi {arguments:?}: {errors}");
    output
}
