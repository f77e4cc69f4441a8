//! `fangzhi eval`: ranking measured on judged queries, over an index made of the passages for this run.

use crate::app::App;
use crate::args::EvalArgs;
use crate::exit::{Exit, Failure};
use crate::interrupt;
use crate::lang::{Lang, tr};
use crate::output::json;
use crate::output::layout::table;
use crate::progress::Progress;
use crate::request::match_mode;
use crate::vocabulary;
use fangzhi::eval::judgements::Identified;
use fangzhi::eval::{Answer, Comparison, LatencySummary, Metrics, Query, Run, compare, read_jsonl};
use fangzhi::ingest::limits::Limits;
use fangzhi::pipeline::{self, IndexRequest};
use fangzhi::search::request::{Filters, Group, SearchRequest};
use fangzhi::search::{SearchError, Searcher};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use std::collections::{BTreeSet, HashSet};
use std::fs::File;
use std::io::{BufReader, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Hits asked for: enough for ten passages when a group of passages shows two paragraphs of each.
const HITS: usize = 20;

/// Runs the command.
pub(crate) fn run(app: &App, args: &EvalArgs) -> Result<Exit, Failure> {
    let passages = app.absolute(&args.passages);
    let queries = queries(app, &args.queries)?;
    let earlier = args.compare.as_deref().map(|file| lines::<Answer>(app, file)).transpose()?;
    let folder = tempfile::tempdir()
        .map_err(|cause| Failure::io(app.lang, &std::env::temp_dir(), &cause))?;
    let searcher = indexed(app, &passages, folder.path())?;
    let started = Instant::now();
    let mut failed: Option<SearchError> = None;
    let run = Run::collect(&queries, &|| started.elapsed(), |query| {
        let request = SearchRequest {
            query: query.to_owned(),
            match_mode: match_mode(args.match_mode),
            limit: HITS,
            group: Group::Report,
            ..SearchRequest::default()
        };
        match searcher.search(&request) {
            // Where nothing has all items, what a person is shown are the inexact hits.
            Ok(response) => {
                let hits = response.relaxed.map_or(response.hits, |relaxed| relaxed.hits);
                hits.iter().map(|hit| passage_id(&hit.path, &passages).to_owned()).collect()
            }
            Err(error) => {
                failed.get_or_insert(error);
                Vec::new()
            }
        }
    });
    if let Some(error) = failed {
        app.report(&Failure::search(app.lang, &error));
    }
    remark_unknown(app, args, &unknown(&searcher, &passages, &queries, &run));
    if let Some(file) = &args.run {
        write_lines(app, file, run.answers.iter())?;
    }
    let compared = match (&args.compare, earlier) {
        (Some(file), Some(answers)) => {
            let compared = compare(&run, &Run { answers }, &queries);
            Some((file, compared.ok_or_else(|| nothing_shared(app, file))?))
        }
        _ => None,
    };
    let (metrics, latency) = (run.metrics(&queries), run.latency());
    let mut out = app.out();
    if args.json {
        json::line(
            &mut out,
            &json!({
                "schema": 1,
                "metrics": metrics,
                "latency": latency,
                "compared": compared.map(|(_, compared)| compared),
            }),
        )?;
    } else {
        out.write_all(text(&metrics, &latency, compared, app.lang).as_bytes())?;
    }
    out.flush()?;
    Ok(Exit::Fine)
}

/// The judged queries; lines that cannot be used are said and passed over.
fn queries(app: &App, file: &Path) -> Result<Vec<Query>, Failure> {
    let opened = File::open(file).map_err(|cause| Failure::io(app.lang, file, &cause))?;
    let (mut queries, mut faults) = (Vec::new(), Vec::new());
    for query in read_jsonl::<Query>(BufReader::new(opened)) {
        match query {
            Ok(query) => queries.push(query),
            Err(fault) => faults.push(fault.to_string()),
        }
    }
    if let Some(first) = faults.first() {
        app.note(&format!("{}: {first}", file.display()));
        app.note(&tr!(
            app.lang,
            "{file}: {n} lines could not be used",
            file = file.display(),
            n = faults.len()
        ));
    }
    if queries.is_empty() {
        return Err(Failure::new(tr!(
            app.lang,
            "{file}: nothing to measure",
            file = file.display()
        )));
    }
    Ok(queries)
}

/// The passages in an index of their own, each a report.
fn indexed(app: &App, passages: &Path, folder: &Path) -> Result<Searcher, Failure> {
    File::open(passages).map_err(|cause| Failure::io(app.lang, passages, &cause))?;
    let vocabulary = vocabulary::load(app.lang, None)?;
    let index = folder.join("index");
    let request = IndexRequest {
        paths: vec![passages.to_owned()],
        limits: Limits::of_files(u64::MAX),
        ..IndexRequest::default()
    };
    let mut progress = Progress::new(app);
    let stop = interrupt::stop_flag();
    let summary =
        pipeline::run(&index, &vocabulary, &request, &stop, &mut |event| progress.event(&event));
    progress.finish();
    let summary = summary.map_err(|error| Failure::pipeline(app.lang, &error))?;
    for (path, cause, _) in summary.failed.iter().take(3) {
        app.note(&format!("{path}: {cause}"));
    }
    if !summary.failed.is_empty() {
        app.note(&tr!(
            app.lang,
            "{file}: {n} lines could not be used",
            file = passages.display(),
            n = summary.failed.len()
        ));
    }
    if summary.paragraphs_total == 0 {
        return Err(Failure::new(tr!(
            app.lang,
            "{file}: nothing to measure",
            file = passages.display()
        )));
    }
    Searcher::open(&index, vocabulary).map_err(|error| Failure::index(app.lang, &error))
}

/// The ids judged relevant that no passage has, each once. What a query found is known to be there.
fn unknown<'q>(
    searcher: &Searcher,
    passages: &Path,
    queries: &'q [Query],
    run: &Run,
) -> BTreeSet<&'q str> {
    let found: HashSet<&str> =
        run.answers.iter().flat_map(|answer| &answer.ids).map(String::as_str).collect();
    let judged = queries.iter().flat_map(|query| &query.relevant).map(String::as_str);
    let mut unknown: BTreeSet<&str> = judged.filter(|id| !found.contains(id)).collect();
    unknown.retain(|id| {
        let path = PathBuf::from(format!("{}#{id}", passages.display()));
        let filters = Filters { paths: vec![path], ..Filters::default() };
        let request = SearchRequest { filters, limit: 0, ..SearchRequest::default() };
        searcher.search(&request).is_ok_and(|response| response.total == 0)
    });
    unknown
}

fn remark_unknown(app: &App, args: &EvalArgs, unknown: &BTreeSet<&str>) {
    let Some(first) = unknown.first() else { return };
    app.note(&tr!(
        app.lang,
        "{file}: relevant ids that no passage has: {n}, the first {id}; they count as not found",
        file = args.queries.display(),
        n = unknown.len(),
        id = first
    ));
}

/// The id of a passage from the path of its hit, `file#id`; ids may hold `#` themselves.
fn passage_id<'a>(path: &'a str, passages: &Path) -> &'a str {
    let file = passages.to_string_lossy();
    path.strip_prefix(file.as_ref()).and_then(|rest| rest.strip_prefix('#')).unwrap_or(path)
}

/// Writes what a run gave, one JSON object a line, for [`lines`] of a later one.
pub(crate) fn write_lines<'a, T: Serialize + 'a>(
    app: &App,
    file: &Path,
    all: impl Iterator<Item = &'a T>,
) -> Result<(), Failure> {
    let failed = |cause: std::io::Error| Failure::io(app.lang, file, &cause);
    let mut out = std::io::BufWriter::new(File::create(file).map_err(failed)?);
    for one in all {
        json::line(&mut out, one).map_err(failed)?;
    }
    out.flush().map_err(failed)
}

/// What an earlier run wrote. A comparison without some of it would not be the one asked for, so each line must be good.
pub(crate) fn lines<T: DeserializeOwned + Identified>(
    app: &App,
    file: &Path,
) -> Result<Vec<T>, Failure> {
    let opened = File::open(file).map_err(|cause| Failure::io(app.lang, file, &cause))?;
    read_jsonl::<T>(BufReader::new(opened))
        .collect::<Result<_, _>>()
        .map_err(|fault| Failure::new(format!("{}: {fault}", file.display())))
}

/// An earlier run that asked nothing of what this one did.
pub(crate) fn nothing_shared(app: &App, file: &Path) -> Failure {
    Failure::new(tr!(app.lang, "{file}: no query in common with this run", file = file.display()))
}

fn text(
    metrics: &Metrics,
    latency: &LatencySummary,
    compared: Option<(&PathBuf, Comparison)>,
    lang: Lang,
) -> String {
    let row = |name: &str, value: String| vec![name.to_owned(), value];
    let latency = format!(
        "p50 {:.2} ms, p95 {:.2} ms, p99 {:.2} ms",
        latency.p50_ms, latency.p95_ms, latency.p99_ms
    );
    let mut rows = vec![
        row("Recall@10", format!("{:.4}", metrics.recall10)),
        row("MRR@10", format!("{:.4}", metrics.mrr10)),
        row("nDCG@10", format!("{:.4}", metrics.ndcg10)),
        row("P@1", format!("{:.4}", metrics.p1)),
        row(tr!(lang, "judged queries"), metrics.judged.to_string()),
        row(tr!(lang, "latency"), latency),
    ];
    if let Some((file, compared)) = compared {
        let signed = |value: f64| format!("{value:+.4}");
        let difference = tr!(
            lang,
            "{difference} ({low} to {high}), {n} queries",
            difference = signed(compared.difference),
            low = signed(compared.low),
            high = signed(compared.high),
            n = compared.queries
        );
        let what = format!("nDCG@10 {}", tr!(lang, "less that of {file}", file = file.display()));
        rows.push(row(&what, difference));
    }
    table(&rows, &[])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_of_a_passage_is_what_follows_the_file() {
        let passages = Path::new("/d/p#1.jsonl");
        assert_eq!(passage_id("/d/p#1.jsonl#DOC#7", passages), "DOC#7");
        assert_eq!(passage_id("elsewhere", passages), "elsewhere");
    }

    #[test]
    fn figures_stand_with_their_names() {
        let metrics = Metrics { recall10: 0.5, mrr10: 0.25, ndcg10: 1.0, p1: 0.0, judged: 4 };
        let text = text(&metrics, &LatencySummary::default(), None, Lang::Chinese);
        assert!(
            text.starts_with("Recall@10     0.5000\nMRR@10        0.2500\nnDCG@10       1.0000\n"),
            "{text}"
        );
    }
}
