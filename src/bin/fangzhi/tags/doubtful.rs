//! `fangzhi tags --doubtful`: paragraphs whose tags somebody should look at.

use crate::app::App;
use crate::args::{Doubts, TagsArgs};
use crate::argv::typed;
use crate::exit::{Exit, Failure};
use crate::interrupt;
use crate::lang::tr;
use crate::output::layout::{Ink, Run};
use crate::output::{json, notes, text};
use crate::progress::Counting;
use crate::request::name_failure;
use crate::search::index_here;
use crate::values;
use crate::vocabulary;
use fangzhi::pipeline::{Doubt, DoubtAbout, DoubtRequest, doubtful};
use fangzhi::search::Searcher;
use fangzhi::search::request::{Filters, Group, Hit, MatchMode, SearchRequest};
use fangzhi::search::{merge_spans, snippet};
use serde_json::json;
use std::collections::HashSet;
use std::fmt::Write as _;
use std::io::Write as _;
use std::ops::ControlFlow;
use std::sync::atomic::Ordering;

/// Runs the command.
pub(crate) fn run(app: &App, args: &TagsArgs, sort: Doubts) -> Result<Exit, Failure> {
    let index = index_here(app)?;
    let vocabulary = vocabulary::to_look(app, Some(&vocabulary::schema_folder(&index)))?;
    let searcher = Searcher::open(&index, vocabulary.clone())
        .map_err(|error| Failure::index(app.lang, &error))?;
    let named = |fault| name_failure(app, fault, Some(&searcher));
    let mut filters = Filters::default();
    for name in &args.region {
        filters
            .regions
            .push(values::region(app, &vocabulary, "--region", typed(name)).map_err(named)?);
    }
    let mut measures = Vec::new();
    for name in &args.measure {
        measures.push(values::measure(app, &vocabulary, "--measure", typed(name)).map_err(named)?);
    }
    let query: Vec<&str> = args.query.iter().map(|word| typed(word)).collect();
    let only = found(app, &searcher, query.join(" "), filters)?;
    let request =
        DoubtRequest { only, measures, regions: sort == Doubts::Regions, limit: args.limit };
    let stop = interrupt::stop_flag();
    let progress = Counting::new(app);
    let doubts =
        doubtful(&index, &vocabulary, &request, &stop, &|files, all| progress.show(files, all));
    progress.finish();
    let (total, doubts) = doubts.map_err(|error| Failure::pipeline(app.lang, &error))?;
    let mut shown = Vec::with_capacity(doubts.len());
    for doubt in doubts {
        let hits = searcher.by_id(&doubt.id, 1, 0);
        let hits = hits.map_err(|error| Failure::search(app.lang, &error))?;
        shown.extend(hits.into_iter().next().map(|hit| (marked(hit, &doubt), doubt)));
    }
    let mut out = app.out();
    if args.json {
        let doubts: Vec<_> = shown.iter().map(|(hit, doubt)| shape(hit, doubt)).collect();
        json::line(&mut out, &json!({ "schema": 1, "total": total, "doubts": doubts }))?;
    } else {
        for (hit, doubt) in &shown {
            out.write_all(lines(app, hit, doubt).as_bytes())?;
        }
    }
    out.flush()?;
    if stop.load(Ordering::Relaxed) {
        app.note(tr!(app.lang, "stopped; not all files were looked at"));
        return Ok(Exit::Failed);
    }
    if !args.json {
        app.line(&match shown.len() {
            0 => tr!(app.lang, "nothing is doubtful here").to_owned(),
            n => tr!(app.lang, "{n} of {all} doubtful tags", n = n, all = total),
        });
    }
    Ok(Exit::Fine)
}

/// Ids of the paragraphs that a query and filters find; `None` where nothing is asked.
fn found(
    app: &App,
    searcher: &Searcher,
    query: String,
    filters: Filters,
) -> Result<Option<HashSet<String>>, Failure> {
    if query.trim().is_empty() && filters == Filters::default() {
        return Ok(None);
    }
    let request = SearchRequest {
        query,
        filters,
        match_mode: MatchMode::All,
        group: Group::None,
        facets: Vec::new(),
        ..SearchRequest::default()
    };
    let mut ids = HashSet::new();
    let answer = searcher.for_each(&request, &mut |hit| {
        ids.insert(hit.id);
        ControlFlow::Continue(())
    });
    let answer = answer.map_err(|error| Failure::search(app.lang, &error))?;
    answer.notes.iter().for_each(|note| app.note(&notes::note(note, app.lang)));
    for reason in notes::reasons(&answer.reasons, app.lang) {
        app.line(&format!("  {reason}"));
    }
    Ok(Some(ids))
}

/// The paragraph with the words of the doubt marked.
fn marked(hit: Hit, doubt: &Doubt) -> Hit {
    let highlights = merge_spans(doubt.at.clone());
    let chars = SearchRequest::default().snippet_chars;
    Hit { snippet: snippet(&hit.text, &highlights, chars), highlights, ..hit }
}

/// Whether the paragraph has the measure.
fn is_given(hit: &Hit, path: &str) -> bool {
    hit.measures.iter().any(|tag| tag.path.as_str() == path)
}

fn shape(hit: &Hit, doubt: &Doubt) -> serde_json::Value {
    let words = &doubt.words;
    match &doubt.about {
        DoubtAbout::Measure { path, score, threshold } => json!({
            "measure": path,
            "score": score,
            "threshold": threshold,
            "given": is_given(hit, path),
            "words": words,
            "hit": json::hit(hit),
        }),
        DoubtAbout::Region { candidates } => {
            json!({ "candidates": candidates, "words": words, "hit": json::hit(hit) })
        }
    }
}

/// What is doubtful, then where it stands and the words.
fn lines(app: &App, hit: &Hit, doubt: &Doubt) -> String {
    let look = app.out_look;
    let words = doubt.words.join(tr!(app.lang, ", "));
    let run = match &doubt.about {
        DoubtAbout::Measure { path, score, threshold } => {
            let given = if is_given(hit, path) {
                tr!(app.lang, "given")
            } else {
                tr!(app.lang, "not given")
            };
            // Rounded down: what is below the threshold must not read as if it reached it.
            let score = format!("{:.2} / {threshold:.2}  ", (score * 100.0).floor() / 100.0);
            let (score, given) = (score.as_str(), format!("  {given}"));
            Run::default().then(Ink::Plain, score).then(Ink::Region, path).then(Ink::Faint, &given)
        }
        DoubtAbout::Region { candidates } => {
            let candidates: Vec<&str> = candidates.iter().map(|path| path.as_str()).collect();
            Run::default().then(Ink::Region, &candidates.join(" | "))
        }
    };
    let mut text = String::new();
    run.then(Ink::Faint, &format!("  {words}")).lines(&look, "", 2, &mut text);
    let id = look.paint(Ink::Faint, &hit.short_id);
    let _infallible = writeln!(text, "  {id}  {}", text::place_of(hit, &app.view(false)));
    Run::default()
        .then_marked(&hit.snippet.text, &hit.snippet.highlights)
        .lines(&look, "  ", 2, &mut text);
    text.push('\n');
    text
}
