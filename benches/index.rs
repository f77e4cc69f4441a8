//! Files on disk to a committed index, with everything on: reading, cleaning, tagging, writing. Paragraphs per second.
//!
//! Measured on 10,000 recombined paragraphs (`FANGZHI_BENCH_PARAGRAPHS` for more) in one report a file, with one worker
//! a core; then on the same files unchanged, which is what a refresh costs. The files are in the system's cache. Left
//! out: making the files.

mod data;

use criterion::{BatchSize, Criterion, Throughput};
use data::{Source, Written};
use fangzhi::pipeline::{IndexRequest, IndexSummary, run};
use fangzhi::vocab::Vocabulary;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

fn main() {
    let mut criterion = data::criterion();
    let paragraphs = data::paragraphs(data::PARAGRAPHS_INDEX);
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let reports = Source::load().write(paragraphs, &folder.path().join("reports"));
    bench_index(&mut criterion, &reports, paragraphs, &data::vocabulary());
    criterion.final_summary();
}

fn bench_index(
    criterion: &mut Criterion,
    reports: &Written,
    paragraphs: usize,
    vocabulary: &Arc<Vocabulary>,
) {
    let mut group = criterion.benchmark_group("index");
    group.throughput(Throughput::Elements(paragraphs as u64));
    group.bench_function(format!("new {paragraphs}"), |bencher| {
        bencher.iter_batched(
            || tempfile::tempdir().expect("a temporary folder can be made"),
            |folder| {
                let summary = index(&folder.path().join("index"), reports, vocabulary);
                assert_eq!((summary.added, summary.bytes_read), (reports.files, reports.bytes));
                assert!(summary.paragraphs >= paragraphs as u64, "{summary:?}");
                folder
            },
            BatchSize::PerIteration,
        );
    });

    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let dir = folder.path().join("index");
    index(&dir, reports, vocabulary);
    group.bench_function(format!("unchanged {paragraphs}"), |bencher| {
        bencher.iter(|| {
            let summary = index(&dir, reports, vocabulary);
            assert_eq!((summary.unchanged, summary.added), (reports.files, 0));
        });
    });
    group.finish();
}

fn index(dir: &Path, reports: &Written, vocabulary: &Arc<Vocabulary>) -> IndexSummary {
    let request = IndexRequest { paths: vec![reports.dir.clone()], ..IndexRequest::default() };
    let summary = run(dir, vocabulary, &request, &AtomicBool::new(false), &mut |_| {})
        .expect("the generated reports can be indexed");
    assert_eq!(summary.failed, [], "every generated report is read");
    summary
}
