//! `fangzhi check`: is the index whole?

use crate::app::App;
use crate::args::CheckArgs;
use crate::exit::{Exit, Failure};
use crate::lang::tr;
use crate::output::json;
use crate::output::layout::visible;
use crate::search;
use crate::vocabulary;
use std::io::Write;

/// Runs the command.
pub(crate) fn run(app: &App, args: &CheckArgs) -> Result<Exit, Failure> {
    let index = search::index_here(app)?;
    let vocabulary = vocabulary::to_look(app, Some(&vocabulary::schema_folder(&index)))?;
    let vocabularies = vocabulary.fingerprint().whole();
    let mut out = app.out();
    if args.digest {
        let digest = fangzhi::index::content_digest(&index);
        writeln!(out, "{}", digest.map_err(|error| Failure::index(app.lang, &error))?)?;
        out.flush()?;
        return Ok(Exit::Fine);
    }
    let problems = fangzhi::index::check(&index, &vocabulary, args.full)
        .map_err(|error| Failure::index(app.lang, &error))?;
    // Of a damaged list of segments nothing more can be said than that it is.
    let info = fangzhi::index::info(&index, &vocabularies).map(|info| info.outdated);
    let outdated = match info {
        Err(_) if !problems.is_empty() => Vec::new(),
        info => info.map_err(|error| Failure::index(app.lang, &error))?,
    };
    for problem in &problems {
        if args.json {
            json::line(&mut out, &json::problem(problem))?;
        } else {
            writeln!(out, "{}: {}", problem.code, visible(&problem.detail))?;
        }
    }
    out.flush()?;
    for outdated in &outdated {
        app.note(&search::outdated_text(app, outdated));
    }
    if problems.is_empty() {
        app.line(&tr!(app.lang, "{index}: no damage found", index = index.display()));
        return Ok(Exit::Fine);
    }
    let is_damaged = problems.iter().any(|problem| problem.code != "outdated");
    let hint = if is_damaged {
        tr!(app.lang, "`fangzhi repair` reads again from the files what is damaged")
    } else {
        tr!(app.lang, "`fangzhi retag` applies changed vocabularies, `fangzhi index` all else")
    };
    app.error(
        &tr!(app.lang, "{index}: problems found: {n}", index = index.display(), n = problems.len()),
        &[hint.to_owned()],
    );
    Ok(Exit::Failed)
}
