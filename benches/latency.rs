//! Searches beside plain tantivy over the same paragraphs: processor time of the searching thread, in turns.
//!
//! Plain tantivy has one text field in pairs of Han, and nothing else. Both are asked for the total and the ten best, ours
//! with their texts and snippets, plain tantivy with their ids; a row without a total lets plain tantivy skip what
//! cannot be among the ten best. `all` are queries of one to three items of two to four Han, `any` clauses of eight to twenty.
//! Each figure is the middle of five rounds, each ratio the middle of the ratios of the rounds.
//!
//! Measured on 100,000 recombined paragraphs (`FANGZHI_BENCH_PARAGRAPHS` for more), or on an index of one's own:
//!
//!     FANGZHI_BENCH_INDEX=DIR cargo bench --bench latency
#![allow(clippy::print_stdout, reason = "the table is the result of the bench")]

mod data;
#[path = "peers/plain.rs"]
mod plain;

use data::Source;
use fangzhi::eval::latency::{Class, SampledParagraph, classes};
use fangzhi::eval::metrics::LatencySummary;
use fangzhi::model::ParagraphKind;
use fangzhi::pipeline::{IndexRequest, run};
use fangzhi::search::Searcher;
use fangzhi::search::request::{Facet, FacetRequest, Filters, Group, MatchMode, SearchRequest};
use plain::{Cut, Plain, thread_cpu_ms};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

/// Queries of a row.
const QUERIES: usize = 300;

/// Paragraphs that queries are drawn from.
const SAMPLED: usize = 2000;

/// Rounds that are measured.
const ROUNDS: usize = 5;

/// A row: what is asked of both.
struct Row {
    name: &'static str,
    requests: Vec<SearchRequest>,
    /// Whether plain tantivy counts, too; ours always does.
    plain_counts: bool,
}

/// Median and 95th percentile of a round, in milliseconds.
type Times = [f64; 2];

fn main() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let (index, name) = match std::env::var_os("FANGZHI_BENCH_INDEX") {
        Some(index) => (PathBuf::from(index), "FANGZHI_BENCH_INDEX".to_owned()),
        None => generated(folder.path()),
    };
    let searcher = Searcher::open(&index, data::vocabulary()).expect("the index opens");
    let texts = folder.path().join("plain");
    let paragraphs = copy(&searcher, &texts);
    let mut plain = Plain::open(&texts, Cut::Bigrams).expect("it was just made");
    let rows = rows(&sample(&searcher));
    let mut measured: Vec<[Vec<Times>; 2]> = rows.iter().map(|_| Default::default()).collect();
    // Reading what is read for the first time is no part of a round.
    for round in 0..=ROUNDS {
        for (row, [ours, theirs]) in rows.iter().zip(&mut measured) {
            let times = (ask(&searcher, row), ask_plain(&mut plain, row));
            if round > 0 {
                ours.push(times.0);
                theirs.push(times.1);
            }
        }
    }
    println!("{paragraphs} paragraphs from {name}, {QUERIES} queries a row, CPU ms\n");
    println!("| query | p50 | p95 | plain tantivy p50 | p95 | ratio p50 | p95 |");
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    for (row, [ours, theirs]) in rows.iter().zip(&measured) {
        let of = |times: &[Times], part: usize| middle(times.iter().map(|time| time[part]));
        let ratio = |part: usize| middle(ours.iter().zip(theirs).map(|(a, b)| a[part] / b[part]));
        println!(
            "| {} | {:.3} | {:.3} | {:.3} | {:.3} | {:.2} | {:.2} |",
            row.name,
            of(ours, 0),
            of(ours, 1),
            of(theirs, 0),
            of(theirs, 1),
            ratio(0),
            ratio(1)
        );
    }
}

/// An index of generated reports, and what they are from.
fn generated(folder: &Path) -> (PathBuf, String) {
    let source = Source::load();
    let reports = source.write(data::paragraphs(data::PARAGRAPHS_QUERY), &folder.join("reports"));
    let request = IndexRequest { paths: vec![reports.dir], ..IndexRequest::default() };
    let index = folder.join("index");
    run(&index, &data::vocabulary(), &request, &AtomicBool::new(false), &mut |_| {})
        .expect("the generated reports can be indexed");
    (index, source.name)
}

/// Indexes every paragraph with plain tantivy, too; gives how many there are.
fn copy(searcher: &Searcher, dir: &Path) -> usize {
    std::fs::create_dir(dir).expect("the folder is new");
    let (give, take) = crossbeam_channel::bounded(1024);
    std::thread::scope(|scope| {
        let writing = scope.spawn(|| Plain::create(dir, Cut::Bigrams, take.into_iter()));
        let mut paragraphs = 0;
        // The empty query finds every paragraph.
        let each = &mut |hit: fangzhi::search::request::Hit| {
            paragraphs += 1;
            match give.send((hit.id, hit.text)) {
                Ok(()) => ControlFlow::Continue(()),
                Err(_) => ControlFlow::Break(()),
            }
        };
        searcher.for_each(&SearchRequest::default(), each).expect("every paragraph can be read");
        drop(give);
        writing.join().expect("the writer does not panic").expect("the folder can be written");
        paragraphs
    })
}

/// Body paragraphs in the order of their ids, which is that of chance.
fn sample(searcher: &Searcher) -> Vec<SampledParagraph> {
    let filters = Filters { kinds: vec![ParagraphKind::Body], ..Filters::default() };
    let mut sampled = Vec::new();
    let each = &mut |hit: fangzhi::search::request::Hit| {
        sampled.push(SampledParagraph::from(&hit));
        if sampled.len() < SAMPLED { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    let request = SearchRequest { filters, ..SearchRequest::default() };
    searcher.for_each(&request, each).expect("paragraphs can be read");
    sampled
}

fn rows(paragraphs: &[SampledParagraph]) -> Vec<Row> {
    let mut all = Vec::new();
    let mut any = Vec::new();
    for drawn in classes(paragraphs, QUERIES, data::SEED) {
        match drawn.class {
            // One item in a third of the queries, two or three in the others.
            Class::Term => all.extend(drawn.requests.into_iter().take(QUERIES / 3)),
            Class::All => all.extend(drawn.requests.into_iter().take(QUERIES - QUERIES / 3)),
            Class::Any => any = drawn.requests,
            _ => {}
        }
    }
    assert_eq!((all.len(), any.len()), (QUERIES, QUERIES), "too little text to draw queries from");
    let facet = |facet| FacetRequest { facet, under: None, limit: 10 };
    let with = |requests: &[SearchRequest], match_mode: MatchMode, facets: &[FacetRequest]| {
        let facets = facets.to_vec();
        let asked = requests.iter().map(|request| SearchRequest {
            match_mode,
            facets: facets.clone(),
            group: Group::None,
            ..request.clone()
        });
        asked.collect::<Vec<_>>()
    };
    let facets = [facet(Facet::Region), facet(Facet::Measure)];
    let row = |name, requests, plain_counts| Row { name, requests, plain_counts };
    vec![
        row("`all`, total", with(&all, MatchMode::All, &[]), true),
        row("`all`, total, region and measure", with(&all, MatchMode::All, &facets), true),
        row("`any`, total", with(&any, MatchMode::Any, &[]), true),
        row("`any`, total; plain without", with(&any, MatchMode::Any, &[]), false),
        row("`any`, total, region and measure", with(&any, MatchMode::Any, &facets), true),
    ]
}

/// One round of ours. Each query was drawn from a paragraph, which it must find.
fn ask(searcher: &Searcher, row: &Row) -> Times {
    let time = |request: &SearchRequest| {
        let started = thread_cpu_ms();
        let response = searcher.search(request).expect("a drawn query can be answered");
        let took = thread_cpu_ms() - started;
        assert!(response.total > 0, "nothing found: {}", request.query);
        assert_eq!(response.facets.len(), request.facets.len());
        took
    };
    summary(row.requests.iter().map(time).collect())
}

/// One round of plain tantivy: items as phrases, a clause as any of its pairs.
fn ask_plain(plain: &mut Plain, row: &Row) -> Times {
    let mut time = |request: &SearchRequest| {
        let started = thread_cpu_ms();
        let query = match request.match_mode {
            MatchMode::Any => plain.any(&request.query),
            _ => plain.all(&request.query.split(' ').collect::<Vec<_>>()),
        };
        let found = if row.plain_counts {
            plain.counted(query.as_ref(), request.limit).map(|(total, _)| total)
        } else {
            plain.best(query.as_ref(), request.limit).map(|best| best.len())
        };
        let took = thread_cpu_ms() - started;
        assert!(found.is_ok_and(|found| found > 0), "nothing found: {}", request.query);
        took
    };
    summary(row.requests.iter().map(&mut time).collect())
}

fn summary(times: Vec<f64>) -> Times {
    let summary = LatencySummary::of(times);
    [summary.p50_ms, summary.p95_ms]
}

fn middle(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
