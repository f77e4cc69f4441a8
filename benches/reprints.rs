//! Comparing paragraphs for reprints: seconds of wall and processor time and memory at growing numbers of paragraphs, what
//! ten files more cost, and how many planted reprints are found.
//!
//! Three paragraphs in seven are planted reprints of the others: up to 20 % of their characters edited, a third of them in the
//! other script, one in six an excerpt. The others are lines of the files in `FANGZHI_BENCH_LINES`, drawn by lot, or paragraphs
//! recombined from the samples, in which a sentence stands hundreds of times, more than in real text. Sizes are 10,000 and
//! 100,000, or what `FANGZHI_BENCH_PARAGRAPHS` says. All is compared twice, the second time with nothing else to do: that
//! is what is printed. Left out: making the files, and reading them.
#![allow(clippy::print_stdout, reason = "a table is what it is run for")]

mod data;
mod edits;

use data::Source;
use edits::{EDITS, edited, excerpt, letters, table, traditional};
use fangzhi::eval::random::SplitMix64;
use fangzhi::pipeline::{Event, IndexRequest, IndexSummary, run};
use fangzhi::search::Searcher;
use fangzhi::search::request::{Filters, Group, SearchRequest};
use fangzhi::vocab::Vocabulary;
use rustix::time::{ClockId, clock_gettime};
use std::collections::HashSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// Paragraphs of a file.
const PER_FILE: usize = 500;
/// Of seven paragraphs so many are planted.
const PLANTED_OF_SEVEN: usize = 3;
/// Characters of the shortest text that has reprints.
const EDITED_CHARS_MIN: usize = 90;
/// Every so manieth file is looked through for planted reprints that are not found.
const LOOKED_EVERY: usize = 20;

fn main() {
    let lines = std::env::var_os("FANGZHI_BENCH_LINES").map(|folder| lines(Path::new(&folder)));
    let vocabulary = data::vocabulary();
    println!("texts of {}", if lines.is_some() { "FANGZHI_BENCH_LINES" } else { "corpus/samples" });
    println!(
        "paragraphs | files read s | compared s | CPU s | RssAnon MB, before | ten files more: CPU s | found of planted"
    );
    let sizes = match std::env::var_os("FANGZHI_BENCH_PARAGRAPHS") {
        Some(_) => vec![data::paragraphs(0)],
        None => vec![10_000, 100_000],
    };
    for size in sizes {
        let originals = size - size * PLANTED_OF_SEVEN / 7;
        let originals = match &lines {
            Some(lines) => drawn(lines, originals),
            None => Source::load().paragraphs(originals),
        };
        measure(&originals, size, &vocabulary);
    }
}

/// The distinct lines of all files below a folder that are long enough to be paragraphs.
fn lines(folder: &Path) -> Vec<String> {
    let mut seen = HashSet::new();
    let files = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter();
    let files = files.filter_map(Result::ok).filter(|entry| entry.file_type().is_file());
    for file in files {
        let text = fs::read_to_string(file.path()).expect("the files hold UTF-8");
        seen.extend(text.lines().filter(|line| line.chars().count() >= 10).map(str::to_owned));
    }
    let mut lines: Vec<String> = seen.into_iter().collect();
    lines.sort_unstable();
    lines
}

/// So many of the lines, by lot.
fn drawn(lines: &[String], count: usize) -> Vec<String> {
    let mut random = SplitMix64::new(data::SEED);
    let mut places: Vec<usize> = (0..lines.len()).collect();
    assert!(count <= lines.len(), "{count} of {} lines", lines.len());
    for at in 0..count {
        places.swap(at, at + random.below(lines.len() - at));
    }
    places.iter().take(count).filter_map(|&place| lines.get(place).cloned()).collect()
}

fn measure(originals: &[String], size: usize, vocabulary: &Arc<Vocabulary>) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let reports = folder.path().join("reports");
    let later = folder.path().join("later");
    for dir in [&reports, &later] {
        fs::create_dir(dir).expect("the folder is new");
    }
    write(originals, size, &reports, &later);
    let index = folder.path().join("index");
    let (first, _) = timed(&index, &reports, vocabulary);
    forget(&index);
    let (alone, cost) = timed(&index, &reports, vocabulary);
    for file in fs::read_dir(&later).expect("it was just made").filter_map(Result::ok) {
        fs::rename(file.path(), reports.join(file.file_name())).expect("on one disk");
    }
    let (more, cost_more) = timed(&index, &reports, vocabulary);
    assert_eq!(more.added, 10);
    let (found, planted) = found(&index, &reports, vocabulary);
    assert!(found * 100 >= planted * 95, "{found} found of {planted} planted");
    println!(
        "{} | {:.1} | {:.2} | {:.2} | {}, {} | {:.2} | {found} of {planted}",
        more.paragraphs_total,
        (first.elapsed - first.compare_elapsed).as_secs_f64(),
        alone.compare_elapsed.as_secs_f64(),
        cost.cpu_seconds,
        cost.peak_mb,
        cost.before_mb,
        cost_more.cpu_seconds,
    );
}

/// Writes JSONL files of texts and their reprints, the last ten of them to `later`. A record's id is the number of its text,
/// with a mark where it is a reprint.
fn write(originals: &[String], size: usize, reports: &Path, later: &Path) {
    let mut random = SplitMix64::new(data::SEED);
    let (drawn, table) = (letters(originals.get(..100).unwrap_or_default()), table());
    let long = |text: &str| text.chars().count() >= EDITED_CHARS_MIN;
    let long: Vec<usize> = (0..originals.len())
        .filter(|&at| originals.get(at).is_some_and(|text| long(text)))
        .collect();
    let mut records: Vec<(String, String)> =
        originals.iter().enumerate().map(|(at, text)| (at.to_string(), text.clone())).collect();
    for ordinal in 0..size - originals.len() {
        let base = random.choose(&long).copied().unwrap_or_default();
        let text = originals.get(base).map_or("", String::as_str);
        let cut = if random.below(6) == 0 { excerpt(text, &mut random) } else { text.to_owned() };
        // Of an excerpt no more than a twentieth is edited: it has less to be known by.
        let percent = EDITS.get(random.below(if cut == text { 6 } else { 2 })).copied();
        let changed = edited(&cut, percent.unwrap_or(0), &drawn, &mut random);
        let changed = if random.chance(33) { traditional(&changed, &table) } else { changed };
        // Anywhere, not behind all that is not planted.
        let place = random.below(records.len() + 1);
        records.push((format!("{base}{MARK}{ordinal}"), changed));
        let last = records.len() - 1;
        records.swap(place, last);
    }
    let files = records.chunks(PER_FILE).count();
    for (ordinal, chunk) in records.chunks(PER_FILE).enumerate() {
        let mut lines = String::new();
        for (id, text) in chunk {
            writeln!(lines, "{}", serde_json::json!({ "id": id, "text": text }))
                .expect("a string takes all");
        }
        let dir = if ordinal + 10 < files { reports } else { later };
        fs::write(dir.join(format!("{ordinal:05}.jsonl")), lines).expect("the disk has room");
    }
}

/// Stands in the id of a reprint behind that of its text.
const MARK: char = 'r';

/// Removes what comparing found, so that the next run compares everything.
fn forget(index: &Path) {
    let files = fs::read_dir(index.join("index")).expect("it was just made");
    for file in files.filter_map(Result::ok) {
        if file.file_name().to_string_lossy().starts_with("reprints-") {
            fs::remove_file(file.path()).expect("it is there");
        }
    }
}

/// What comparing takes.
struct Cost {
    cpu_seconds: f64,
    /// The most anonymous memory of the process meanwhile.
    peak_mb: u64,
    /// And when it began.
    before_mb: u64,
}

/// Indexes and gives what comparing took.
fn timed(index: &Path, reports: &Path, vocabulary: &Arc<Vocabulary>) -> (IndexSummary, Cost) {
    let request = IndexRequest { paths: vec![reports.to_path_buf()], ..IndexRequest::default() };
    let (compares, done) = (AtomicBool::new(false), AtomicBool::new(false));
    let mut started = None;
    let (summary, peak_mb) = thread::scope(|scope| {
        let peak = scope.spawn(|| {
            let mut peak = 0;
            while !done.load(Ordering::Relaxed) {
                if compares.load(Ordering::Relaxed) {
                    peak = peak.max(anonymous_mb());
                }
                thread::sleep(Duration::from_millis(10));
            }
            peak
        });
        let summary = run(index, vocabulary, &request, &AtomicBool::new(false), &mut |event| {
            if event == Event::Comparing {
                started = Some((cpu_seconds(), anonymous_mb()));
                compares.store(true, Ordering::Relaxed);
            }
        });
        done.store(true, Ordering::Relaxed);
        (summary.expect("the generated reports can be indexed"), peak.join().unwrap_or(0))
    });
    let (started, before_mb) = started.expect("new paragraphs are compared");
    (summary, Cost { cpu_seconds: cpu_seconds() - started, peak_mb, before_mb })
}

/// How many planted reprints of some files are linked with the text they are of, and how many there are.
fn found(index: &Path, reports: &Path, vocabulary: &Arc<Vocabulary>) -> (usize, usize) {
    let searcher = Searcher::open(index, Arc::clone(vocabulary)).expect("it was just made");
    let (mut found, mut planted) = (0, 0);
    let mut files: Vec<PathBuf> = fs::read_dir(reports)
        .expect("it was just made")
        .filter_map(|file| Some(file.ok()?.path()))
        .collect();
    files.sort_unstable();
    for file in files.iter().step_by(LOOKED_EVERY) {
        let request = SearchRequest {
            filters: Filters { paths: vec![file.clone()], ..Filters::default() },
            collapse: true,
            limit: PER_FILE,
            group: Group::None,
            ..SearchRequest::default()
        };
        let response = searcher.search(&request).expect("no query is an error");
        for hit in response.hits {
            let Some(reprints) = hit.reprints else { continue };
            let near = reprints.paragraphs.iter().map(|one| one.path.as_str()).chain([&*hit.path]);
            let near: Vec<&str> = near.collect();
            let linked = reprints.excerpt_of.iter().chain(&reprints.excerpts);
            let all: HashSet<&str> = linked
                .map(|one| record(&one.path))
                .chain(near.iter().map(|path| record(path)))
                .collect();
            let here = near.iter().filter(|path| path.starts_with(&*file.to_string_lossy()));
            for (base, _) in here.filter_map(|path| record(path).split_once(MARK)) {
                planted += 1;
                found += usize::from(all.contains(base));
            }
        }
    }
    (found, planted)
}

/// The id of a record out of its path.
fn record(path: &str) -> &str {
    path.rsplit_once('#').map_or("", |(_, record)| record)
}

fn cpu_seconds() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// The anonymous memory of the process, as Linux tells it.
fn anonymous_mb() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"));
    let kilobytes =
        line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok());
    kilobytes.unwrap_or(0) / 1024
}
