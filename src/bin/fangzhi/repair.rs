//! `fangzhi repair`: reads again from the files what is damaged in the index.

use crate::app::App;
use crate::args::RepairArgs;
use crate::exit::{Exit, Failure};
use crate::index::complain;
use crate::interrupt;
use crate::lang::{Noun, counted, tr};
use crate::output::json;
use crate::output::layout::visible;
use crate::progress::Progress;
use crate::search::index_here;
use crate::values;
use crate::vocabulary;
use fangzhi::pipeline::{IndexRequest, repair};
use std::io::Write as _;

/// Runs the command.
pub(crate) fn run(app: &App, args: &RepairArgs) -> Result<Exit, Failure> {
    let index = index_here(app)?;
    let vocabulary = vocabulary::of_index(app.lang, &index)?;
    let memory = values::memory(app.lang, &args.memory, args.jobs)?;
    let request =
        IndexRequest { jobs: args.jobs, memory, ..values::reading(app.lang, &args.reading)? };
    let stop = interrupt::stop_flag();
    let mut progress = Progress::new(app);
    let mut each = |event| progress.event(&event);
    let summary = repair(&index, &vocabulary, &request, &stop, &mut each);
    progress.finish();
    let summary = summary.map_err(|error| Failure::pipeline(app.lang, &error))?;
    let mut out = app.out();
    if args.json {
        json::line(&mut out, &json::repair(&summary))?;
    } else {
        for problem in &summary.problems {
            writeln!(out, "{}: {}", problem.code, visible(&problem.detail))?;
        }
        if summary.segments_dropped > 0 {
            let dropped = summary.segments_dropped;
            writeln!(out, "{}", tr!(app.lang, "damaged segments given up: {n}", n = dropped))?;
        }
        if let Some(run) = &summary.run {
            let files = u64::try_from(run.added + run.updated).unwrap_or(0);
            let files = counted(app.lang, files, Noun::File);
            writeln!(out, "{}", tr!(app.lang, "read again: {files}", files = files))?;
        }
    }
    out.flush()?;
    if let Some(run) = &summary.run {
        complain(app, run);
    }
    for path in &summary.without_source {
        app.note(&tr!(
            app.lang,
            "{path}: something of it is damaged, and the file is gone, changed or no more among those that are indexed; what the index has of it stays",
            path = path
        ));
    }
    let index = index.display();
    if !summary.left.is_empty() {
        for problem in &summary.left {
            app.note(&format!("{}: {}", problem.code, visible(&problem.detail)));
        }
        app.error(
            &tr!(app.lang, "{index}: {n} problems are left", index = index, n = summary.left.len()),
            &[tr!(
                app.lang,
                "what the index still has can be searched; to make it anew from the files, remove `index` in this folder and index again; keep `schema`, it holds own vocabularies and corrections"
            )
            .to_owned()],
        );
        return Ok(Exit::Failed);
    }
    match &summary.run {
        None => app.line(&tr!(app.lang, "{index}: nothing to repair", index = index)),
        Some(run) if run.interrupted => return Ok(Exit::Failed),
        Some(_) => app.line(&tr!(app.lang, "{index}: repaired", index = index)),
    }
    Ok(Exit::Fine)
}
