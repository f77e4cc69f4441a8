//! `fangzhi bench`: query latency by class on the user's own index, with queries drawn from its own text.

use crate::app::App;
use crate::args::BenchArgs;
use crate::exit::{Exit, Failure};
use crate::lang::{Lang, tr};
use crate::output::json;
use crate::output::layout::table;
use crate::search;
use fangzhi::eval::LatencySummary;
use fangzhi::eval::latency::{Class, SampledParagraph, classes, measure};
use fangzhi::model::ParagraphKind;
use fangzhi::search::Searcher;
use fangzhi::search::request::{Filters, SearchRequest};
use serde_json::json;
use std::io::Write;
use std::ops::ControlFlow;
use std::time::Instant;

/// Paragraphs that queries are drawn from.
const SAMPLE: usize = 2000;

/// Runs the command.
pub(crate) fn run(app: &App, args: &BenchArgs) -> Result<Exit, Failure> {
    let searcher = search::open(app, &search::index_here(app)?)?;
    let requests = classes(&sample(app, &searcher)?, args.queries, args.seed);
    if requests.iter().all(|class| class.requests.is_empty()) {
        return Err(Failure::new(tr!(app.lang, "this index holds no text to take queries from")));
    }
    let started = Instant::now();
    let mut rows = Vec::new();
    for class in &requests {
        let answer =
            |request: &SearchRequest| searcher.search(request).map(|response| response.total);
        let measured = measure(&class.requests, &|| started.elapsed(), answer);
        let (latency, hits) = measured.map_err(|error| Failure::search(app.lang, &error))?;
        rows.push((class.class, latency, hits));
    }
    let mut out = app.out();
    if args.json {
        let classes: Vec<_> = rows
            .iter()
            .map(|(class, latency, hits)| json!({ "class": class, "latency": latency, "hits": hits }))
            .collect();
        json::line(&mut out, &json!({ "schema": 1, "seed": args.seed, "classes": classes }))?;
    } else {
        out.write_all(text(&rows, app.lang).as_bytes())?;
    }
    out.flush()?;
    Ok(Exit::Fine)
}

/// Body paragraphs in the order of their ids, which is that of chance, and the same each time.
fn sample(app: &App, searcher: &Searcher) -> Result<Vec<SampledParagraph>, Failure> {
    let filters = Filters { kinds: vec![ParagraphKind::Body], ..Filters::default() };
    let request = SearchRequest { filters, ..SearchRequest::default() };
    let mut sample = Vec::new();
    let result = searcher.for_each(&request, &mut |hit| {
        sample.push(SampledParagraph {
            region: hit.regions.into_iter().next().map(|tag| tag.path),
            year: hit.date.map(|date| date.from / 10_000),
            text: hit.text,
        });
        if sample.len() < SAMPLE { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    result.map_err(|error| Failure::search(app.lang, &error))?;
    Ok(sample)
}

fn text(rows: &[(Class, LatencySummary, u64)], lang: Lang) -> String {
    let heading = [
        tr!(lang, "class"),
        "p50 ms",
        "p95 ms",
        "p99 ms",
        tr!(lang, "per second"),
        tr!(lang, "queries"),
    ];
    let mut cells = vec![heading.map(str::to_owned).to_vec()];
    cells.extend(rows.iter().map(|(class, latency, _)| {
        vec![
            class.as_str().to_owned(),
            format!("{:.2}", latency.p50_ms),
            format!("{:.2}", latency.p95_ms),
            format!("{:.2}", latency.p99_ms),
            format!("{:.0}", latency.qps),
            latency.queries.to_string(),
        ]
    }));
    table(&cells, &[false, true, true, true, true, true])
}
