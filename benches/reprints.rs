//! Comparing paragraphs for reprints: seconds of wall and processor time at growing numbers of paragraphs, and for ten
//! files more.
//!
//! Measured on recombined paragraphs (10,000 and 100,000, or as many as `FANGZHI_BENCH_PARAGRAPHS` says), of which one in
//! ten is a reprint of another with a few letters changed. A sentence of the samples stands in hundreds of them, which
//! is more than in real text; `FANGZHI_BENCH_TEXT` gives other sentences. The time is that from the last file read to
//! the last commit; the rest of the run is printed beside it. Left out: making the files.
#![allow(clippy::print_stdout, reason = "a table is what it is run for")]

mod data;

use data::Source;
use fangzhi::eval::random::SplitMix64;
use fangzhi::pipeline::{Event, IndexRequest, IndexSummary, run};
use fangzhi::search::Searcher;
use fangzhi::search::request::{SearchRequest, Unit};
use fangzhi::vocab::Vocabulary;
use rustix::time::{ClockId, clock_gettime};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Paragraphs of a file.
const PER_FILE: usize = 500;
/// Every so manieth paragraph has a reprint.
const REPRINT_EVERY: usize = 10;

fn main() {
    let source = Source::load();
    let vocabulary = data::vocabulary();
    println!("sentences of {}", source.name);
    println!(
        "paragraphs | run s | compare s | compare CPU s | ten files more: CPU s | index MB | peak MB"
    );
    let sizes = match std::env::var_os("FANGZHI_BENCH_PARAGRAPHS") {
        Some(_) => vec![data::paragraphs(0)],
        None => vec![10_000, 100_000],
    };
    for size in sizes {
        measure(&source, size, &vocabulary);
    }
}

fn measure(source: &Source, size: usize, vocabulary: &Arc<Vocabulary>) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let reports = folder.path().join("reports");
    let later = folder.path().join("later");
    for dir in [&reports, &later] {
        fs::create_dir(dir).expect("the folder is new");
    }
    let planted = write(source, size, &reports, &later);
    let index = folder.path().join("index");
    let (first, cpu) = timed(&index, &reports, vocabulary);
    for file in fs::read_dir(&later).expect("it was just made").filter_map(Result::ok) {
        fs::rename(file.path(), reports.join(file.file_name())).expect("on one disk");
    }
    let (second, cpu_more) = timed(&index, &reports, vocabulary);
    assert_eq!(second.added, 10);
    let searcher = Searcher::open(&index, Arc::clone(vocabulary)).expect("it was just made");
    let request = SearchRequest { count_by: Unit::Cluster, limit: 0, ..SearchRequest::default() };
    let response = searcher.search(&request).expect("no query is an error");
    let joined = response.total - response.clusters.unwrap_or(response.total);
    assert!(joined * 100 >= planted as u64 * 95, "{joined} joined of {planted} planted");
    println!(
        "{} | {:.1} | {:.2} | {cpu:.2} | {cpu_more:.2} | {:.1} | {}",
        response.total,
        first.elapsed.as_secs_f64(),
        first.compare_elapsed.as_secs_f64(),
        searcher.stats().map_or(0.0, |stats| stats.bytes as f64 / 1e6),
        peak_mb(),
    );
}

/// Writes JSONL files with their reprints, the last ten of them to `later`; gives how many reprints there are.
fn write(source: &Source, size: usize, reports: &Path, later: &Path) -> usize {
    let mut random = SplitMix64::new(data::SEED);
    let long = |text: &str| text.chars().count() >= 100;
    let mut planted = 0;
    let mut texts = Vec::new();
    for text in
        source.reports(size * REPRINT_EVERY / (REPRINT_EVERY + 1)).flat_map(|r| r.paragraphs)
    {
        if random.chance(100 / REPRINT_EVERY) && long(&text) {
            let at = random.below(text.chars().count());
            let changed = text.chars().enumerate();
            texts.push(
                changed.filter(|(place, _)| place.abs_diff(at) > 1).map(|(_, c)| c).collect(),
            );
            planted += 1;
        }
        texts.push(text);
    }
    let files = texts.chunks(PER_FILE).count();
    for (ordinal, chunk) in texts.chunks(PER_FILE).enumerate() {
        let mut lines = String::new();
        for (at, text) in chunk.iter().enumerate() {
            let line = serde_json::json!({ "id": at.to_string(), "text": text });
            writeln!(lines, "{line}").expect("a string takes all");
        }
        let dir = if ordinal + 10 < files { reports } else { later };
        fs::write(dir.join(format!("{ordinal:05}.jsonl")), lines).expect("the disk has room");
    }
    planted
}

/// Indexes and gives the processor time that comparing took.
fn timed(index: &Path, reports: &Path, vocabulary: &Arc<Vocabulary>) -> (IndexSummary, f64) {
    let request = IndexRequest { paths: vec![reports.to_path_buf()], ..IndexRequest::default() };
    let mut started = None;
    let summary = run(index, vocabulary, &request, &AtomicBool::new(false), &mut |event| {
        if event == Event::Comparing {
            started = Some(cpu_seconds());
        }
    })
    .expect("the generated reports can be indexed");
    let started = started.expect("new paragraphs are compared");
    (summary, cpu_seconds() - started)
}

fn cpu_seconds() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// The most memory that the process had so far, as Linux tells it.
fn peak_mb() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes =
        peak.and_then(|peak| peak.trim().strip_suffix("kB")?.trim().parse::<u64>().ok());
    kilobytes.map_or_else(|| "?".to_owned(), |kilobytes| (kilobytes / 1024).to_string())
}
