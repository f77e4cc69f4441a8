//! `fangzhi schema`: the vocabularies that decide tags, exported, checked and asked.

use crate::app::App;
use crate::args::SchemaCommand;
use crate::config;
use crate::exit::{Exit, Failure};
use crate::lang::tr;
use crate::output::layout::{table, visible};
use crate::search;
use crate::values::near_names;
use crate::vocabulary::{self, Resolved};
use fangzhi::model::RegionPath;
use fangzhi::vocab::Vocabulary;
use fangzhi::vocab::overrides::OVERRIDES_FILE;
use std::path::{Path, PathBuf};

/// Runs `schema export`, `schema check` or `schema show`.
pub(crate) fn run(app: &App, command: &SchemaCommand) -> Result<Exit, Failure> {
    match command {
        SchemaCommand::Export { dir } => {
            export(app, dir.clone().unwrap_or_else(|| schema_here(app)).as_path())
        }
        SchemaCommand::Check { dir } => check(app, dir.as_deref()),
        SchemaCommand::Show { name } => show(app, name),
    }
}

/// Writes the built-in files; what somebody may have edited is never overwritten.
fn export(app: &App, folder: &Path) -> Result<Exit, Failure> {
    let is_other = |entry: std::fs::DirEntry| entry.file_name() != OVERRIDES_FILE;
    let used =
        std::fs::read_dir(folder).is_ok_and(|entries| entries.filter_map(Result::ok).any(is_other));
    if used {
        return Err(Failure::new(tr!(app.lang, "{path}: not empty", path = folder.display()))
            .hint(tr!(app.lang, "name a new folder: fangzhi schema export DIR")));
    }
    let files = vocabulary::export(app.lang, folder)?;
    let lines: Vec<_> =
        files.iter().map(|file| format!("{}\n", visible(&file.display().to_string()))).collect();
    app.print(&lines.concat())?;
    app.note(tr!(
        app.lang,
        "what you leave in these files replaces the built-in entry of the same name; delete what you do not change, then run `fangzhi retag`"
    ));
    Ok(Exit::Fine)
}

fn check(app: &App, folder: Option<&Path>) -> Result<Exit, Failure> {
    let folder = match folder {
        Some(folder) if !folder.is_dir() => {
            return Err(Failure::new(tr!(
                app.lang,
                "{path}: no such folder",
                path = folder.display()
            )));
        }
        Some(folder) => Some(folder.to_owned()),
        None => Some(schema_here(app)).filter(|folder| folder.is_dir()),
    };
    let strangers = folder.as_deref().map(Vocabulary::strangers).unwrap_or_default();
    if !strangers.is_empty() {
        let known: Vec<&str> = Vocabulary::file_names().collect();
        app.note(&tr!(
            app.lang,
            "not looked at: {names}; the files of this folder are {known}",
            names = strangers.join(tr!(app.lang, ", ")),
            known = known.join(tr!(app.lang, ", "))
        ));
    }
    let faults = vocabulary::check(app.lang, folder.as_deref());
    let lines: Vec<_> = faults.iter().map(|fault| format!("{}\n", visible(fault))).collect();
    app.print(&lines.concat())?;
    let what = folder.map_or_else(
        || tr!(app.lang, "built-in vocabularies").to_owned(),
        |folder| folder.display().to_string(),
    );
    if faults.is_empty() {
        app.line(&tr!(app.lang, "{what}: no faults", what = what));
        return Ok(Exit::Fine);
    }
    app.error(&tr!(app.lang, "{what}: faults found: {n}", what = what, n = faults.len()), &[]);
    Ok(Exit::Failed)
}

/// Every region and measure that a name stands for.
fn show(app: &App, name: &str) -> Result<Exit, Failure> {
    let vocabulary = vocabulary::to_look(app, Some(&schema_here(app)))?;
    let mut rows = Vec::new();
    let mut near = Vec::new();
    let region = tr!(app.lang, "Region").to_owned();
    match vocabulary::region(app.lang, &vocabulary, name) {
        Resolved::One(path, note) => {
            let code = vocabulary::region_code(&vocabulary, &path).unwrap_or_default();
            rows.push(vec![region.clone(), path.to_string(), code, note.unwrap_or_default()]);
        }
        Resolved::Ambiguous(found) => {
            rows.extend(
                found.into_iter().map(|(path, code)| {
                    vec![region.clone(), path.to_string(), code, String::new()]
                }),
            );
        }
        Resolved::Unknown(names) => near.extend(names),
    }
    match vocabulary::measure(&vocabulary, name) {
        Resolved::One(path, _) => {
            let covers = vocabulary::measure_covers(app.lang, &vocabulary, &path);
            rows.push(vec![
                tr!(app.lang, "Measure").to_owned(),
                path.to_string(),
                String::new(),
                covers,
            ]);
        }
        Resolved::Ambiguous(found) => rows.extend(
            found
                .into_iter()
                .map(|(path, _)| vec![tr!(app.lang, "Measure").to_owned(), path.to_string()]),
        ),
        Resolved::Unknown(names) => near.extend(names),
    }
    if rows.is_empty() {
        let local = local_regions(app, name).into_iter();
        rows.extend(local.map(|path| vec![region.clone(), path.to_string()]));
    }
    if rows.is_empty() {
        let failure =
            Failure::new(tr!(app.lang, "no region or measure is called {name}", name = name));
        return Err(near_names(app.lang, failure, &near));
    }
    app.print(&table(&rows, &[]))?;
    Ok(Exit::Fine)
}

/// The towns and villages of the index here that have the name; where there is no index that can be read, none.
fn local_regions(app: &App, name: &str) -> Vec<RegionPath> {
    let searcher = search::index_here(app).and_then(|index| search::open(app, &index));
    searcher.ok().and_then(|searcher| searcher.regions_called(name).ok()).unwrap_or_default()
}

/// The folder of the user's own vocabularies: in the folder of the index here, else where an index would be made.
pub(crate) fn schema_here(app: &App) -> PathBuf {
    let chosen = config::index(app.index.as_deref(), &config::variables, &app.cwd);
    let index = chosen
        .map_or_else(|| app.cwd.join(config::INDEX_FOLDER), |chosen| chosen.folder().to_owned());
    vocabulary::schema_folder(&index)
}
