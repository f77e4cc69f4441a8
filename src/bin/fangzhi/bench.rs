//! `fangzhi bench`: query latency by class on the user's own index, with queries drawn from its own text.

use crate::app::App;
use crate::args::BenchArgs;
use crate::eval::{lines, nothing_shared, write_lines};
use crate::exit::{Exit, Failure};
use crate::lang::{Lang, tr};
use crate::output::json;
use crate::output::layout::table;
use crate::search;
use crate::vocabulary;
use fangzhi::eval::latency::{Class, SampledParagraph, classes, measure};
use fangzhi::eval::{INTERVAL_QUERIES_MIN, LatencyComparison, Measured, Timed, compare_times};
use fangzhi::model::ParagraphKind;
use fangzhi::search::Searcher;
use fangzhi::search::request::{Filters, SearchRequest};
use serde_json::json;
use std::io::Write;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

/// Paragraphs that queries are drawn from.
const SAMPLE: usize = 2000;

/// What came of one class.
struct Row {
    class: Class,
    measured: Measured,
    /// Against the earlier run.
    compared: Option<LatencyComparison>,
}

/// Runs the command.
pub(crate) fn run(app: &App, args: &BenchArgs) -> Result<Exit, Failure> {
    let index = search::index_here(app)?;
    let earlier = args.compare.as_deref().map(|file| lines::<Timed>(app, file)).transpose()?;
    let vocabulary = vocabulary::to_search(app, &vocabulary::schema_folder(&index));
    let open = || {
        Searcher::open(&index, Arc::clone(&vocabulary))
            .map_err(|error| Failure::index(app.lang, &error))
    };
    let requests = classes(&sample(app, &open()?)?, args.queries.into(), args.seed);
    if requests.iter().all(|class| class.requests.is_empty()) {
        return Err(Failure::new(tr!(app.lang, "this index holds no text to take queries from")));
    }
    // The dictionary is the process's: it would be loaded by the first query alone.
    fangzhi::analysis::Lexicon::of(&vocabulary.words).load();
    let started = Instant::now();
    let mut rows = Vec::new();
    for class in &requests {
        let searcher = open()?;
        let answer =
            |request: &SearchRequest| searcher.search(request).map(|response| response.total);
        let measured = measure(class, args.threads.into(), &|| started.elapsed(), &answer)
            .map_err(|error| Failure::search(app.lang, &error))?;
        let compared = earlier.as_ref().and_then(|earlier| compare_times(&measured.timed, earlier));
        rows.push(Row { class: class.class, measured, compared });
    }
    if let Some(file) = &args.run {
        let timed = rows.iter().flat_map(|row| &row.measured.timed);
        write_lines(app, file, timed)?;
    }
    if let Some(file) = &args.compare {
        remark(app, file, &rows)?;
    }
    let mut out = app.out();
    if args.json {
        let classes = rows.iter().map(|row| {
            json!({
                "class": row.class,
                "cold": row.measured.cold,
                "warm": row.measured.warm,
                "hits": row.measured.hits(),
                "compared": row.compared,
            })
        });
        let classes: Vec<_> = classes.collect();
        json::line(
            &mut out,
            &json!({
                "schema": 1, "seed": args.seed, "threads": args.threads, "classes": classes,
            }),
        )?;
    } else {
        out.write_all(text(&rows, args.compare.as_deref(), app.lang).as_bytes())?;
    }
    out.flush()?;
    Ok(Exit::Fine)
}

/// Says when the earlier run cannot be compared, or only in part, or found something else.
fn remark(app: &App, file: &Path, rows: &[Row]) -> Result<(), Failure> {
    let compared: Vec<_> = rows.iter().filter_map(|row| row.compared).collect();
    if compared.is_empty() {
        return Err(nothing_shared(app, file));
    }
    if compared.iter().any(|compared| compared.other_threads) {
        app.note(&tr!(
            app.lang,
            "{file} was measured with another number of threads; times of several at once are longer",
            file = file.display()
        ));
    }
    let asked: usize = rows.iter().map(|row| row.measured.timed.len()).sum();
    let known: usize = compared.iter().map(|compared| compared.queries).sum();
    if known < asked {
        app.note(&tr!(
            app.lang,
            "compared are the {n} of {all} queries that {file} has too",
            n = known,
            all = asked,
            file = file.display()
        ));
    }
    if compared.iter().any(|compared| compared.low.is_none()) {
        app.note(&tr!(
            app.lang,
            "no interval is given of fewer than {n} queries",
            n = INTERVAL_QUERIES_MIN
        ));
    }
    let other: usize = compared.iter().map(|compared| compared.other_hits).sum();
    if other > 0 {
        app.note(&tr!(
            app.lang,
            "{n} queries found another number of paragraphs than in {file}",
            n = other,
            file = file.display()
        ));
    }
    Ok(())
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

fn text(rows: &[Row], compared: Option<&Path>, lang: Lang) -> String {
    let mut heading = [
        tr!(lang, "class"),
        tr!(lang, "cold p50 ms"),
        tr!(lang, "cold p95 ms"),
        "p50 ms",
        "p95 ms",
        "p99 ms",
        tr!(lang, "per second"),
        tr!(lang, "queries"),
    ]
    .map(str::to_owned)
    .to_vec();
    heading.extend(compared.map(|file| tr!(lang, "to {file}", file = file.display())));
    let mut cells = vec![heading];
    cells.extend(rows.iter().map(
        |Row { class, measured: Measured { cold, warm, .. }, compared }| {
            let ms = |ms: f64| format!("{ms:.2}");
            let mut row = vec![class.as_str().to_owned()];
            row.extend([cold.p50_ms, cold.p95_ms, warm.p50_ms, warm.p95_ms, warm.p99_ms].map(ms));
            row.extend([format!("{:.0}", warm.qps), warm.queries.to_string()]);
            row.extend(compared.map(|compared| match (compared.low, compared.high) {
                (Some(low), Some(high)) => tr!(
                    lang,
                    "{ratio} ({low} to {high})",
                    ratio = ms(compared.ratio),
                    low = ms(low),
                    high = ms(high)
                ),
                _ => ms(compared.ratio),
            }));
            row
        },
    ));
    table(&cells, &[false, true, true, true, true, true, true, true])
}
