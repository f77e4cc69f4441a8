//! `fangzhi show`: one paragraph whole, found by id, by place in a file, or by rank in the last search.

use crate::app::App;
use crate::args::ShowArgs;
use crate::config;
use crate::exit::{Exit, Failure};
use crate::lang::tr;
use crate::last;
use crate::output::place::{Wanted, typed};
use crate::output::{json, notes, text};
use crate::search;
use fangzhi::index::{IndexError, path_from_text, path_text};
use fangzhi::search::Searcher;
use fangzhi::search::request::{Hit, SearchNote};
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Most paragraphs that an id too short may list.
const CANDIDATES: usize = 10;
/// Most files of an archive that are named where it was given itself.
const MEMBERS_NAMED: usize = 5;

/// What is to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Target {
    /// Rank in the last search, from 1.
    Rank(usize),
    /// Start of an id.
    Id(String),
    /// A line, page, row or paragraph of a file.
    Place(PathBuf, Wanted),
}

impl Target {
    /// `3` and `#3` are ranks, hexadecimal digits an id, anything that ends in `:LINE` or `:SHEET.ROW` a place.
    fn read(target: &OsStr) -> Option<Self> {
        let Some(text) = target.to_str() else {
            // What is not UTF-8 is a path; as it is shown it can be taken apart.
            let text = path_text(Path::new(target));
            let (path, place) = text.rsplit_once([':', '：'])?;
            return Some(Self::Place(path_from_text(path), Wanted::read(place)?));
        };
        if let Some((path, place)) = text.rsplit_once([':', '：']) {
            return Some(Self::Place(PathBuf::from(path), Wanted::read(place)?));
        }
        let digits = text.strip_prefix(['#', '＃']).unwrap_or(text);
        let all_digits = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        if all_digits && (digits.len() < 4 || digits.len() < text.len()) {
            return digits.parse().ok().filter(|rank| *rank > 0).map(Self::Rank);
        }
        let id = text.to_ascii_lowercase();
        let is_id = (4..=32).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_id.then_some(Self::Id(id))
    }
}

/// Whether a target names a paragraph by its place in a file.
pub(crate) fn is_place(target: &OsStr) -> bool {
    matches!(Target::read(target), Some(Target::Place(..)))
}

/// Runs the command.
pub(crate) fn run(app: &App, args: &ShowArgs) -> Result<Exit, Failure> {
    let mut out = app.out();
    let mut exit = Exit::Fine;
    let mut open: Option<(PathBuf, Searcher)> = None;
    let mut shown = 0;
    for target in &args.targets {
        match find(app, target, args.context, &mut open) {
            Ok(hits) => {
                for hit in &hits {
                    shown += 1;
                    if args.json {
                        json::line(&mut out, &json::hit(hit))?;
                        continue;
                    }
                    if shown > 1 {
                        writeln!(out)?;
                    }
                    out.write_all(text::paragraph(hit, &app.view(false)).as_bytes())?;
                }
            }
            Err(failure @ Failure::Output(_)) => return Err(failure),
            Err(failure) => {
                out.flush()?;
                app.report(&failure);
                exit = Exit::Failed;
            }
        }
    }
    out.flush()?;
    if shown > 0 && open.is_some_and(|(_, searcher)| !searcher.is_compared()) {
        app.note(&notes::note(&SearchNote::NotCompared, app.lang));
    }
    Ok(exit)
}

/// The paragraphs that a target names; `open` keeps the index for the next one.
pub(crate) fn find(
    app: &App,
    target: &OsStr,
    context: usize,
    open: &mut Option<(PathBuf, Searcher)>,
) -> Result<Vec<Hit>, Failure> {
    let shown = target.to_string_lossy();
    let Some(read) = Target::read(target) else {
        return Err(Failure::new(tr!(
            app.lang,
            "{target} is no id, no PATH:LINE and no rank",
            target = shown
        ))
        .hint(tr!(
            app.lang,
            "examples: `fangzhi show 5f0c1d2`, `fangzhi show reports/a.txt:12`, `fangzhi show 1`"
        )));
    };
    let (index, id) = match &read {
        Target::Rank(rank) => {
            let (index, id) = ranked(app, *rank)?;
            (index, Some(id))
        }
        Target::Id(id) => (index_folder(app)?, Some(id.clone())),
        Target::Place(..) => (index_folder(app)?, None),
    };
    let searcher = searcher(app, open, index)?;
    let hits = match (&read, id) {
        (Target::Place(path, wanted), _) => {
            let path = app.absolute(&on_disk(path, &app.cwd));
            let name = path.to_string_lossy();
            searcher.by_place(&path, &|place| wanted.fits(&name, place), context)
        }
        (_, Some(id)) => searcher.by_id(&id, CANDIDATES, context),
        (_, None) => Ok(Vec::new()),
    };
    let hits = hits.map_err(|error| Failure::search(app.lang, &error))?;
    match (&read, hits.as_slice()) {
        (Target::Place(path, wanted), []) => {
            Err(no_such_place(app, searcher, &shown, path, *wanted)?)
        }
        (_, []) => {
            let failure = Failure::new(tr!(
                app.lang,
                "{target}: no such paragraph in the index",
                target = shown
            ));
            Err(failure.hint(tr!(
                app.lang,
                "the index may have changed since; search again, or name another one with --index"
            )))
        }
        (Target::Id(id), [_, _, ..]) => {
            let lines: Vec<_> = hits
                .iter()
                .map(|hit| format!("{}  {}", hit.short_id, text::path_line(hit, &app.cwd)))
                .collect();
            let cause =
                tr!(app.lang, "{id}: several paragraphs have an id that starts so:", id = id);
            Err(Failure::new(format!("{cause}\n{}", lines.join("\n"))))
        }
        (Target::Place(path, _), _) => match members(app, path, &hits) {
            Some(failure) => Err(failure),
            None => Ok(hits),
        },
        _ => Ok(hits),
    }
}

/// Why a place shows nothing: the file is not in the index, or its paragraphs stand elsewhere.
fn no_such_place(
    app: &App,
    searcher: &Searcher,
    target: &str,
    path: &Path,
    wanted: Wanted,
) -> Result<Failure, Failure> {
    let hits = searcher.by_place(&app.absolute(&on_disk(path, &app.cwd)), &|_| true, 0);
    let hits = hits.map_err(|error| Failure::search(app.lang, &error))?;
    let places: Vec<(Wanted, &Hit)> = hits
        .iter()
        .filter_map(|hit| Some((Wanted::read(&typed(&hit.path, &hit.place?))?, hit)))
        .collect();
    let before = places.iter().filter(|(place, _)| *place < wanted).max_by_key(|(place, _)| *place);
    let behind = places.iter().filter(|(place, _)| *place > wanted).min_by_key(|(place, _)| *place);
    let nearest: Vec<String> = [before, behind]
        .into_iter()
        .flatten()
        .map(|(_, hit)| format!("'{}'", text::path_line(hit, &app.cwd)))
        .collect();
    if nearest.is_empty() {
        let path = path.display();
        return Ok(Failure::new(tr!(
            app.lang,
            "{path}: the index holds no paragraph of it",
            path = path
        ))
        .hint(tr!(app.lang, "`fangzhi stats` names the remembered folders")));
    }
    let places = nearest.join(tr!(app.lang, ", "));
    Ok(Failure::new(tr!(
        app.lang,
        "{target}: no paragraph stands there; the nearest: {places}",
        target = target,
        places = places
    )))
}

/// A path as it was typed; a name that is not UTF-8 may be typed as it is shown, with `\xNN`.
fn on_disk(path: &Path, cwd: &Path) -> PathBuf {
    match path.to_str() {
        Some(text) if text.contains("\\x") && !cwd.join(path).exists() => path_from_text(text),
        _ => path.to_owned(),
    }
}

/// Where an archive was given itself, and several of its files have such a place: which was meant, nobody knows.
fn members(app: &App, path: &Path, hits: &[Hit]) -> Option<Failure> {
    let shown: BTreeSet<String> = hits.iter().map(|hit| text::path_line(hit, &app.cwd)).collect();
    let archive = path_text(&app.absolute(&on_disk(path, &app.cwd)));
    let files: BTreeSet<&str> = hits
        .iter()
        .filter_map(|hit| hit.path.strip_prefix(&archive)?.strip_prefix("!/"))
        .map(|member| member.split('#').next().unwrap_or(member))
        .collect();
    if files.len() < 2 {
        return None;
    }
    let some: Vec<_> = shown.iter().take(MEMBERS_NAMED).map(|place| format!("'{place}'")).collect();
    let failure = Failure::new(tr!(
        app.lang,
        "{path}: an archive, and {n} of its files have such a place",
        path = path.display(),
        n = files.len()
    ));
    Some(failure.hint(tr!(app.lang, "name which: fangzhi show {places}", places = some.join(" "))))
}

/// The index and id of a hit of the last search.
fn ranked(app: &App, rank: usize) -> Result<(PathBuf, String), Failure> {
    let Some(last) = last::recall(app) else {
        return Err(Failure::new(tr!(app.lang, "no search is remembered")).hint(tr!(
            app.lang,
            "search first, then show a hit by its rank; or show it by its id"
        )));
    };
    // Hits of files that were searched without an index are meant whatever index is here.
    let chosen = config::index(app.index.as_deref(), &config::variables, &app.cwd);
    let in_cache =
        config::cache_folder(&config::variables).is_some_and(|cache| last.index.starts_with(cache));
    if let Some(chosen) = chosen.filter(|chosen| !in_cache && chosen.folder() != last.index) {
        return Err(Failure::new(tr!(
            app.lang,
            "#{rank}: the last search was in {last}, not in {index}",
            rank = rank,
            last = last.index.display(),
            index = chosen.folder().display()
        ))
        .hint(tr!(app.lang, "search here first, or name the paragraph by its id")));
    }
    match last.ids.get(rank - 1) {
        Some(id) => Ok((last.index, id.clone())),
        None => Err(Failure::new(tr!(
            app.lang,
            "#{rank}: the last search showed {n} hits",
            rank = rank,
            n = last.ids.len()
        ))),
    }
}

/// The index here; without one that of the last search, so that an id from its answer can be shown.
fn index_folder(app: &App) -> Result<PathBuf, Failure> {
    let chosen = config::index(app.index.as_deref(), &config::variables, &app.cwd);
    let known = chosen
        .map(|chosen| chosen.folder().to_owned())
        .or_else(|| last::recall(app).map(|last| last.index));
    known.ok_or_else(|| {
        Failure::index(app.lang, &IndexError::Missing { path: app.cwd.join(config::INDEX_FOLDER) })
    })
}

/// The searcher of an index, opened once.
fn searcher<'a>(
    app: &App,
    open: &'a mut Option<(PathBuf, Searcher)>,
    index: PathBuf,
) -> Result<&'a Searcher, Failure> {
    let opened = match open.take() {
        Some((known, searcher)) if known == index => searcher,
        _ => search::open(app, &index)?,
    };
    let (_, searcher) = open.insert((index, opened));
    Ok(searcher)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<Target>) {
        assert_eq!(Target::read(OsStr::new(text)), expected);
    }

    #[test]
    fn short_numbers_are_ranks() {
        check("3", Some(Target::Rank(3)));
        check("#12", Some(Target::Rank(12)));
        check("#1234", Some(Target::Rank(1234)));
        check("0", None);
        check("#", None);
    }

    #[test]
    fn hexadecimal_digits_are_an_id() {
        check("5F0c1d2", Some(Target::Id("5f0c1d2".to_owned())));
        check("1234567", Some(Target::Id("1234567".to_owned())));
        check("5f0", None);
        check("网格", None);
    }

    #[cfg(unix)]
    #[test]
    fn a_name_that_is_not_utf8_is_a_path() {
        use std::os::unix::ffi::OsStrExt;
        let place = Wanted::read("3").unwrap();
        let path = PathBuf::from(OsStr::from_bytes(b"gbk/\xb1\xa8.txt"));
        let read = Target::read(OsStr::from_bytes(b"gbk/\xb1\xa8.txt:3"));
        assert_eq!(read, Some(Target::Place(path.clone(), place)));
        assert_eq!(Target::read(OsStr::from_bytes(b"gbk/\xb1\xa8.txt")), None);
        assert_eq!(on_disk(Path::new("gbk/\\xb1\\xa8.txt"), Path::new("/none")), path);
    }

    #[test]
    fn a_line_follows_the_last_colon() {
        let place =
            |path: &str, place| Some(Target::Place(path.into(), Wanted::read(place).unwrap()));
        check("a:b.txt:12", place("a:b.txt", "12"));
        check("甲.txt：3", place("甲.txt", "3"));
        check("a.zip!/b.xlsx:2.12", place("a.zip!/b.xlsx", "2.12"));
        check("a.txt:0", None);
        check("a.txt", None);
    }
}
