//! Searches by class of query over an index that fits in memory, one thread, warm: a table with p50, p95, p99 and
//! queries per second, then criterion's figures for a round of all queries of a class.
//!
//! Measured on 100,000 recombined paragraphs (`FANGZHI_BENCH_PARAGRAPHS` for more), with queries drawn from the
//! paragraphs, so each finds something. Every query is asked for its total, its ten best hits with snippets, and what
//! its class adds; `count` asks the queries of `all` for no hits. Left out: the start of the command (`startup`).
#![allow(clippy::print_stdout, reason = "the table is the result of the bench")]

mod data;

use criterion::{Criterion, Throughput};
use data::Source;
use fangzhi::eval::latency::{Class, ClassRequests, SampledParagraph, classes, measure};
use fangzhi::eval::metrics::LatencySummary;
use fangzhi::pipeline::{IndexRequest, run};
use fangzhi::search::Searcher;
use fangzhi::search::request::{Group, MatchMode, SearchRequest};
use std::hint::black_box;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

/// Queries of each class.
const QUERIES: usize = 200;

/// Paragraphs that queries are drawn from.
const SAMPLED: usize = 1000;

fn main() {
    let mut criterion = data::criterion();
    let paragraphs = data::paragraphs(data::PARAGRAPHS_QUERY);
    let source = Source::load();
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let searcher = index(&source, paragraphs, folder.path());
    let rounds = rounds(&sample(&searcher, paragraphs));

    println!("\n{paragraphs} paragraphs from {}, {QUERIES} queries a class", source.name);
    println!("class      p50 ms   p95 ms   p99 ms      QPS     hits");
    for (name, round) in &rounds {
        let (latency, hits) = measure_round(&searcher, round);
        print_row(name, &latency, hits);
    }
    bench_rounds(&mut criterion, &searcher, &rounds);
    criterion.final_summary();
}

/// An index of so many paragraphs in `folder`.
fn index(source: &Source, paragraphs: usize, folder: &Path) -> Searcher {
    let (reports, dir) = (source.write(paragraphs, &folder.join("reports")), folder.join("index"));
    let vocabulary = data::vocabulary();
    let request =
        IndexRequest { paths: vec![reports.dir], optimize: true, ..IndexRequest::default() };
    let summary = run(&dir, &vocabulary, &request, &AtomicBool::new(false), &mut |_| {})
        .expect("the generated reports can be indexed");
    assert!(summary.paragraphs_total >= paragraphs as u64, "{summary:?}");
    Searcher::open(&dir, vocabulary).expect("an index just written opens")
}

/// Paragraphs of the index, evenly spread over it.
fn sample(searcher: &Searcher, paragraphs: usize) -> Vec<SampledParagraph> {
    let mut sampled = Vec::new();
    let mut ordinal = 0;
    let step = (paragraphs / SAMPLED).max(1);
    // The empty query finds every paragraph.
    let response = searcher.for_each(&SearchRequest::default(), &mut |hit| {
        if ordinal % step == 0 {
            sampled.push(SampledParagraph::from(&hit));
        }
        ordinal += 1;
        if sampled.len() < SAMPLED { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    assert!(response.is_ok_and(|response| response.total >= paragraphs as u64));
    sampled
}

/// Names and requests of what is measured.
fn rounds(paragraphs: &[SampledParagraph]) -> Vec<(&'static str, ClassRequests)> {
    let mut rounds = Vec::new();
    for drawn in classes(paragraphs, QUERIES, data::SEED) {
        assert_eq!(drawn.requests.len(), QUERIES, "{:?}", drawn.class);
        if drawn.class == Class::All {
            let count = |request: &SearchRequest| SearchRequest { limit: 0, ..request.clone() };
            let requests = drawn.requests.iter().map(count).collect();
            rounds.push(("count", ClassRequests { class: drawn.class, requests }));
        }
        rounds.push((drawn.class.as_str(), drawn));
    }
    rounds
}

/// Hits of one request, which must find the paragraph it was drawn from.
fn hits(searcher: &Searcher, request: &SearchRequest) -> u64 {
    let request = SearchRequest { group: Group::None, ..request.clone() };
    let response = searcher.search(&request).expect("a drawn query can be answered");
    assert!(response.total > 0, "nothing found: {}", request.query);
    let shown =
        usize::try_from(response.total).map_or(request.limit, |total| total.min(request.limit));
    assert_eq!(response.hits.len(), shown, "hits of {}", request.query);
    for counts in &response.facets {
        assert!(counts.total >= 1 && !counts.buckets.is_empty(), "facets of {}", request.query);
    }
    assert!(request.match_mode == MatchMode::Any || response.relaxed.is_none());
    response.total
}

fn measure_round(searcher: &Searcher, round: &ClassRequests) -> (LatencySummary, u64) {
    let started = Instant::now();
    let answer =
        |request: &SearchRequest| Ok::<u64, std::convert::Infallible>(hits(searcher, request));
    match measure(round, 1, &|| started.elapsed(), &answer) {
        Ok(measured) => (measured.warm, measured.hits()),
        Err(never) => match never {},
    }
}

fn print_row(name: &str, latency: &LatencySummary, hits: u64) {
    let LatencySummary { p50_ms, p95_ms, p99_ms, qps, .. } = latency;
    println!("{name:<8} {p50_ms:>8.3} {p95_ms:>8.3} {p99_ms:>8.3} {qps:>8.0} {hits:>8}");
}

fn bench_rounds(
    criterion: &mut Criterion,
    searcher: &Searcher,
    rounds: &[(&'static str, ClassRequests)],
) {
    let mut group = criterion.benchmark_group("query");
    for (name, ClassRequests { requests, .. }) in rounds {
        group.throughput(Throughput::Elements(requests.len() as u64));
        group.bench_function(*name, |bencher| {
            bencher.iter(|| {
                black_box(requests).iter().map(|request| hits(searcher, request)).sum::<u64>()
            });
        });
    }
    group.finish();
}
