//! `fangzhi search`: which index, what is asked, and the answer in the form that was asked for.

use crate::app::App;
use crate::args::SearchArgs;
use crate::argv::{self, Words};
use crate::cache::Cache;
use crate::config::{self, Chosen};
use crate::exit::{Exit, Failure};
use crate::index;
use crate::lang::{Noun, counted, tr};
use crate::last;
use crate::member;
use crate::output::csv::CsvOutput;
use crate::output::{cross, json, notes, text};
use crate::panics;
use crate::request;
use crate::values::{self, NameFault};
use crate::vocabulary;
use fangzhi::index::{IndexError, Outdated, info};
use fangzhi::pipeline::{IndexRequest, PipelineError};
use fangzhi::search::request::{Hit, MatchMode, SearchRequest, SearchResponse};
use fangzhi::search::{SearchError, Searcher, parse};
use fangzhi::text::fold::fold;
use fangzhi::text::tokens::has_token;
use fangzhi::vocab::Vocabulary;
use fangzhi::vocab::overrides::OVERRIDES_FILE;
use std::collections::HashSet;
use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

/// Runs the command.
pub(crate) fn run(app: &App, args: &SearchArgs) -> Result<Exit, Failure> {
    let words = argv::split(app.lang, &args.words, request::asks_without_query(args), &app.cwd)?;
    words.notes.iter().for_each(|note| app.note(note));
    check_query(app, args, &words)?;
    let place =
        Place::choose(app, &words.paths).map_err(|failure| taken_as_word(app, failure, args))?;
    let vocabulary = vocabulary::to_search(app, &vocabulary::schema_folder(&place.index));
    remark_folders(app, &vocabulary, &words);
    // A name that nothing bears is said before an index is brought up to date; candidates need its counts.
    let request = match request::request(app, &vocabulary, args, words.query) {
        Err(NameFault::Unknown(failure)) => return Err(failure),
        known => known,
    };
    panics::uses(&place.index);
    place.refresh(app, &vocabulary, args)?;
    let searcher = Searcher::open(&place.index, vocabulary)
        .map_err(|error| Failure::index(app.lang, &error))?;
    place.remark(app, &searcher);
    let mut request =
        request.map_err(|fault| request::name_failure(app, fault, Some(&searcher)))?;
    request.filters.paths = place.filter;
    let asked = Asked { app, args, searcher: &searcher, request, index: &place.index };
    asked.answer()
}

/// Says where a last word was taken as the place to search in that is also the name of a division or measure.
fn remark_folders(app: &App, vocabulary: &Vocabulary, words: &Words) {
    let names = words.paths.iter().filter_map(|path| path.to_str());
    let is_name = |name: &&str| {
        !vocabulary.divisions.named(name).is_empty() || vocabulary.measures.resolve(name).is_some()
    };
    for name in names.filter(is_name) {
        app.note(&tr!(
            app.lang,
            "searched below {name}, a folder here; written first it is a word to find: {name} {query}",
            name = name,
            query = words.query
        ));
    }
}

/// Opens an index with the vocabulary that belongs to it.
pub(crate) fn open(app: &App, index: &Path) -> Result<Searcher, Failure> {
    let vocabulary = vocabulary::to_search(app, &vocabulary::schema_folder(index));
    Searcher::open(index, vocabulary).map_err(|error| Failure::index(app.lang, &error))
}

/// The index here, for the commands that look at one.
pub(crate) fn index_here(app: &App) -> Result<PathBuf, Failure> {
    let chosen = config::index(app.index.as_deref(), &config::variables, &app.cwd);
    let chosen = chosen.map(|chosen| chosen.folder().to_owned());
    if let Some(index) = &chosen {
        panics::uses(index);
    }
    chosen.ok_or_else(|| {
        Failure::index(app.lang, &IndexError::Missing { path: app.cwd.join(config::INDEX_FOLDER) })
    })
}

fn check_query(app: &App, args: &SearchArgs, words: &Words) -> Result<(), Failure> {
    let empty = words.query.trim().is_empty();
    if args.batch.is_some() && !empty {
        return Err(Failure::new(tr!(
            app.lang,
            "--batch takes its queries from the file; {query} is one too many",
            query = words.query
        )));
    }
    if empty && !request::asks_without_query(args) {
        return Err(Failure::new(tr!(app.lang, "nothing to search for")).hint(tr!(
            app.lang,
            "write what to find: fangzhi search 网格化管理; `fangzhi search --help` shows examples"
        )));
    }
    if asks_nothing(&words.query, args.literal) && !request::asks_without_query(args) {
        return Err(no_token(app, &words.query));
    }
    Ok(())
}

/// Whether a query would find everything, since nothing of it can be looked for.
fn asks_nothing(query: &str, literal: bool) -> bool {
    if literal { !has_token(&fold(query)) } else { parse::asks_nothing(query) }
}

fn no_token(app: &App, query: &str) -> Failure {
    let failure = Failure::new(tr!(
        app.lang,
        "{query} holds nothing that can be searched: characters, letters, digits or symbols",
        query = query
    ));
    if has_token(&fold(query)) {
        // `|`, which says nothing by itself.
        failure.hint(tr!(app.lang, "-F finds signs of the query language as they are"))
    } else {
        failure
    }
}

/// The index that is searched, and which part of it.
#[derive(Debug)]
struct Place {
    index: PathBuf,
    /// Only below these; empty for all.
    filter: Vec<PathBuf>,
    /// In the cache folder: what is brought up to date first.
    cached: Option<Vec<PathBuf>>,
}

impl Place {
    /// An index that covers the paths, else one in the cache folder made for them.
    fn choose(app: &App, paths: &[PathBuf]) -> Result<Self, Failure> {
        let chosen = config::index(app.index.as_deref(), &config::variables, &app.cwd);
        let paths: Vec<PathBuf> = paths.iter().map(|path| app.absolute(path)).collect();
        match chosen {
            Some(chosen) if paths.is_empty() || covers(chosen.folder(), &paths) => {
                Ok(Self { index: chosen.folder().to_owned(), filter: paths, cached: None })
            }
            Some(Chosen::Option(folder)) => {
                // Only an index that can be read can be said not to hold the paths.
                info(&folder, "").map_err(|error| Failure::index(app.lang, &error))?;
                Err(Failure::new(tr!(
                    app.lang,
                    "{index}: this index does not hold all of the paths",
                    index = folder.display()
                ))
                .hint(tr!(
                    app.lang,
                    "add them with `fangzhi index --index DIR PATH`, or search them without --index"
                )))
            }
            None if paths.is_empty() => Err(Failure::index(
                app.lang,
                &IndexError::Missing { path: app.cwd.join(config::INDEX_FOLDER) },
            )),
            _ => Self::in_cache(app, paths),
        }
    }

    /// An archive is indexed as a whole; of its members only those asked for are searched.
    fn in_cache(app: &App, paths: Vec<PathBuf>) -> Result<Self, Failure> {
        let roots: Vec<PathBuf> =
            paths.iter().map(|path| member::on_disk(path).to_path_buf()).collect();
        let filter = if roots == paths { Vec::new() } else { paths };
        let cache = Cache::open(app)?;
        let now = SystemTime::now();
        // Room that cannot be won back now is won back next time.
        cache.sweep(now).ok();
        let entry = cache.entry(&roots, now).map_err(|cause| {
            Failure::io(app.lang, cache.folder(), &cause)
                .hint(tr!(app.lang, "choose another cache folder with FANGZHI_CACHE=DIR"))
        })?;
        Ok(Self { index: entry.index(), filter, cached: Some(roots) })
    }

    /// Brings an index in the cache folder up to date and says where it is.
    fn refresh(
        &self,
        app: &App,
        vocabulary: &Arc<Vocabulary>,
        args: &SearchArgs,
    ) -> Result<(), Failure> {
        let reading = values::reading(app.lang, &args.reading)?;
        let Some(paths) = &self.cached else { return Ok(()) };
        if args.no_update {
            return Ok(());
        }
        let request = IndexRequest { paths: paths.clone(), prune: true, ..reading };
        let mut result = index::refresh(app, vocabulary, &self.index, &request);
        if let Err(PipelineError::Index(
            IndexError::Version { .. } | IndexError::Damaged { .. } | IndexError::Lost { .. },
        )) = result
        {
            app.note(tr!(
                app.lang,
                "the index in the cache folder is of another version or damaged and is made again"
            ));
            fs::remove_dir_all(&self.index)
                .map_err(|cause| Failure::io(app.lang, &self.index, &cause))?;
            result = index::refresh(app, vocabulary, &self.index, &request);
        }
        match result {
            Ok(()) => {
                app.note(&tr!(app.lang, "index: {path}", path = self.index.display()));
                Ok(())
            }
            Err(PipelineError::Index(IndexError::Locked { .. })) => {
                app.note(tr!(
                    app.lang,
                    "another process is updating this index; its last state was searched"
                ));
                Ok(())
            }
            Err(error) => Err(Failure::pipeline(app.lang, &error)),
        }
    }

    /// Says what is old about an index that is searched as it is.
    fn remark(&self, app: &App, searcher: &Searcher) {
        if self.cached.is_some() {
            return;
        }
        let info = searcher.info();
        for outdated in &info.outdated {
            app.note(&outdated_text(app, outdated));
        }
        let Some(made) = changed(&self.index.join("index/meta.json")) else { return };
        let corrections = vocabulary::schema_folder(&self.index).join(OVERRIDES_FILE);
        if changed(&corrections).is_some_and(|changed| changed > made)
            && !vocabulary::corrections_are_applied(&self.index)
        {
            app.note(&tr!(
                app.lang,
                "{file} changed after this index was made; `fangzhi retag` brings the tags up to date",
                file = corrections.display()
            ));
        }
        let newer = info.roots.iter().filter(|root| is_newer(root, made));
        let newer: Vec<_> = newer.map(|root| root.display().to_string()).collect();
        if !newer.is_empty() {
            app.note(&tr!(
                app.lang,
                "{folders} changed after this index was made; `fangzhi index` brings it up to date",
                folders = newer.join(tr!(app.lang, ", "))
            ));
        }
    }
}

/// Where there is no index, the last word may have been meant as the folder to search in.
fn taken_as_word(app: &App, failure: Failure, args: &SearchArgs) -> Failure {
    let last =
        args.words.last().filter(|_| args.words.len() > 1).map(|word| word.to_string_lossy());
    match last {
        Some(word) if !member::exists(&app.cwd.join(argv::typed(&word))) => failure.hint(tr!(
            app.lang,
            "{word} is no file or folder here and was taken as a word to find",
            word = argv::typed(&word)
        )),
        _ => failure,
    }
}

/// Whether an index remembers roots that hold all the paths.
fn covers(index: &Path, paths: &[PathBuf]) -> bool {
    info(index, "").is_ok_and(|info| {
        let mut files = paths.iter().map(|path| member::on_disk(path));
        files.all(|file| info.roots.iter().any(|root| file.starts_with(root)))
    })
}

/// What a part of the index made with other data needs.
pub(crate) fn outdated_text(app: &App, outdated: &Outdated) -> String {
    let part = match outdated.part {
        "schema" => tr!(app.lang, "fields"),
        "lexicon" => tr!(app.lang, "dictionary"),
        "vocabularies" => tr!(app.lang, "regions and measures"),
        "cleaning" => tr!(app.lang, "cleaning rules"),
        other => other,
    };
    if outdated.remedy == "retag" {
        return tr!(
            app.lang,
            "{part}: the index was made with others than the present; `fangzhi retag` renews it",
            part = part
        );
    }
    tr!(
        app.lang,
        "{part}: the index was made with others than the present; `fangzhi index` renews it",
        part = part
    )
}

/// Whether a root, or a folder directly in it, changed after `made`. Deeper folders are not looked at: a search must
/// stay quick, and `index` looks at everything.
fn is_newer(root: &Path, made: SystemTime) -> bool {
    const FOLDERS_MAX: usize = 200;
    let newer = |path: &Path| changed(path).is_some_and(|changed| changed > made);
    let inside = fs::read_dir(root).into_iter().flatten().filter_map(Result::ok).take(FOLDERS_MAX);
    newer(root)
        || inside
            .filter(|entry| !entry.file_name().to_string_lossy().starts_with('.'))
            .any(|entry| newer(&entry.path()))
}

fn changed(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|data| data.modified()).ok()
}

/// A search that is ready to be answered.
struct Asked<'a> {
    app: &'a App,
    args: &'a SearchArgs,
    searcher: &'a Searcher,
    request: SearchRequest,
    index: &'a Path,
}

impl Asked<'_> {
    fn answer(&self) -> Result<Exit, Failure> {
        if let Some(file) = &self.args.batch {
            return self.batch(file);
        }
        if self.args.files {
            return self.files();
        }
        if self.args.jsonl {
            let mut out = self.app.out();
            let response = self.stream(&mut |hit| json::line(&mut out, &json::hit(&hit)))?;
            out.flush()?;
            return self.end(&response);
        }
        if self.args.csv && self.args.cross.is_some() {
            return self.table();
        }
        if self.args.csv {
            let mut out = CsvOutput::start(self.app.out())?;
            let response = self.stream(&mut |hit| out.hit(&hit))?;
            out.finish()?;
            return self.end(&response);
        }
        self.page()
    }

    /// The best hits with facets, or the count alone, as text or JSON.
    fn page(&self) -> Result<Exit, Failure> {
        let response = self.searcher.search(&self.request).map_err(|error| self.failed(&error))?;
        let mut out = self.app.out();
        if self.args.json {
            json::line(&mut out, &json::search(&response))?;
        } else if self.args.count {
            writeln!(out, "{}", text::total(&response, self.app.lang))?;
        } else {
            let shown = if response.hits.is_empty() {
                response.relaxed.as_ref().map(|r| &r.hits)
            } else {
                None
            };
            last::remember(self.app, self.index, shown.unwrap_or(&response.hits));
            out.write_all(text::search(&response, &self.app.view(self.args.explain)).as_bytes())?;
        }
        out.flush()?;
        self.end(&response)
    }

    /// The table of `--cross` alone, as CSV.
    fn table(&self) -> Result<Exit, Failure> {
        let request = SearchRequest { limit: 0, ..self.request.clone() };
        let response = self.searcher.search(&request).map_err(|error| self.failed(&error))?;
        if let Some(counts) = &response.cross {
            cross::csv(counts, self.app.lang, self.app.out())?;
        }
        self.end(&response)
    }

    /// Each file, or member of an archive, with hits once, in the order of its best hit.
    fn files(&self) -> Result<Exit, Failure> {
        let mut out = self.app.out();
        let mut known = HashSet::new();
        let response = self.stream(&mut |hit| {
            let path = index::file_of_record(&hit.path).unwrap_or(&hit.path);
            let path = text::relative(path, &self.app.cwd);
            if known.contains(path) {
                return Ok(());
            }
            known.insert(path.to_owned());
            // A line end in a name would read as two names; whoever needs the raw name has --jsonl.
            writeln!(out, "{}", crate::output::layout::visible(path))
        })?;
        out.flush()?;
        self.end(&response)
    }

    /// Gives every hit, or as many as -n says; stops at the first that cannot be written.
    fn stream(
        &self,
        each: &mut dyn FnMut(Hit) -> io::Result<()>,
    ) -> Result<SearchResponse, Failure> {
        let mut left = self.args.limit.unwrap_or(usize::MAX);
        let mut written = Ok(());
        let response = self.searcher.for_each(&self.request, &mut |hit| {
            if left == 0 {
                return ControlFlow::Break(());
            }
            left -= 1;
            written = each(hit);
            if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        written?;
        response.map_err(|error| self.failed(&error))
    }

    fn failed(&self, error: &SearchError) -> Failure {
        Failure::search(self.app.lang, error)
    }

    /// Notes and reasons on standard error, and how it ends.
    fn end(&self, response: &SearchResponse) -> Result<Exit, Failure> {
        // In JSON they are part of the answer.
        if !self.args.json {
            response.notes.iter().for_each(|note| self.app.note(&notes::note(note, self.app.lang)));
        }
        if response.total > 0 {
            return Ok(Exit::Fine);
        }
        self.app.line(tr!(self.app.lang, "nothing found"));
        for reason in notes::reasons(&response.reasons, self.app.lang) {
            self.app.line(&format!("  {reason}"));
        }
        if response.relaxed.is_some() && (self.args.count || self.args.files) {
            let inexact = response.relaxed.as_ref().map_or(0, |relaxed| relaxed.total);
            let count = counted(self.app.lang, inexact, Noun::Paragraph);
            self.app.line(&tr!(
                self.app.lang,
                "  with words of the query or parts of them: {paragraphs} (--match any)",
                paragraphs = count
            ));
        }
        Ok(Exit::Nothing)
    }

    /// Many queries, one answer line each, written as soon as it is known.
    fn batch(&self, file: &Path) -> Result<Exit, Failure> {
        let queries: Box<dyn BufRead> = if file == Path::new("-") {
            Box::new(io::stdin().lock())
        } else {
            let opened =
                fs::File::open(file).map_err(|cause| Failure::io(self.app.lang, file, &cause))?;
            Box::new(BufReader::new(opened))
        };
        let mut out = self.app.out();
        let mut exit = Exit::Nothing;
        for (at, line) in queries.split(b'\n').enumerate() {
            let line = line.map_err(|cause| Failure::io(self.app.lang, file, &cause))?;
            let line = String::from_utf8_lossy(&line);
            let query = line.trim_start_matches('\u{feff}').trim();
            if query.is_empty() {
                continue;
            }
            if asks_nothing(query, self.request.literal) {
                exit = Exit::Failed;
                let cause = "query holds nothing that can be searched";
                self.refuse(&mut out, query, cause, (at, file), &no_token(self.app, query))?;
                continue;
            }
            let request = SearchRequest { query: query.to_owned(), ..self.request.clone() };
            match self.searcher.search(&request) {
                Ok(response) => {
                    if response.total > 0 && exit == Exit::Nothing {
                        exit = Exit::Fine;
                    }
                    if self.args.json {
                        json::line(&mut out, &json::search(&response))?;
                    } else {
                        writeln!(out, "{}", batch_line(&response, &self.app.cwd))?;
                    }
                }
                Err(error @ SearchError::QueryTooLong { .. }) => {
                    exit = Exit::Failed;
                    let failure = self.failed(&error);
                    self.refuse(&mut out, query, &error.to_string(), (at, file), &failure)?;
                }
                Err(error) => return Err(self.failed(&error)),
            }
            out.flush()?;
        }
        Ok(exit)
    }

    /// Says that a line of a batch, counted from 0, cannot be searched.
    fn refuse(
        &self,
        out: &mut impl Write,
        query: &str,
        cause: &str,
        (line, file): (usize, &Path),
        failure: &Failure,
    ) -> io::Result<()> {
        if self.args.json {
            json::line(out, &json::batch_error(query, cause))?;
            out.flush()?;
        }
        self.app.note(&tr!(
            self.app.lang,
            "line {n} of {file}:",
            n = line + 1,
            file = file.display()
        ));
        self.app.report(failure);
        Ok(())
    }
}

/// Query, paragraphs, articles, id and place of the best hit, separated by tabs. Hits by any word are marked `~`.
fn batch_line(response: &SearchResponse, base: &Path) -> String {
    let best = response.hits.first();
    let inexact = response.relaxed.as_ref().and_then(|relaxed| relaxed.hits.first());
    let mark = if best.is_none() && inexact.is_some() || response.matched == MatchMode::Any {
        "~"
    } else {
        ""
    };
    let hit = best.or(inexact);
    let id = hit.map(|hit| format!("{mark}{}", hit.short_id)).unwrap_or_default();
    let place = hit.map(|hit| text::path_line(hit, base)).unwrap_or_default();
    let cells = [
        response.query.clone(),
        response.total.to_string(),
        response.articles.to_string(),
        id,
        place,
    ];
    // A tab or line end inside a cell would make another cell or line of it.
    cells.map(|cell| crate::output::layout::visible(&cell).into_owned()).join("\t")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::text::samples;
    use fangzhi::search::request::Relaxed;

    #[test]
    fn a_batch_line_has_five_cells_whatever_the_query_holds() {
        let mut response = samples::response();
        response.query = "网格\t化".to_owned();
        assert_eq!(
            batch_line(&response, Path::new("/data")),
            "网格␉化\t132\t41\t5f0c1d2\treports/山城.txt:12"
        );
        let hits = std::mem::take(&mut response.hits);
        (response.total, response.articles) = (0, 0);
        assert_eq!(batch_line(&response, Path::new("/data")), "网格␉化\t0\t0\t\t");
        response.relaxed = Some(Relaxed { hits, total: 3 });
        assert_eq!(
            batch_line(&response, Path::new("/")),
            "网格␉化\t0\t0\t~5f0c1d2\tdata/reports/山城.txt:12"
        );
    }

    #[test]
    fn a_root_is_newer_when_it_or_a_folder_in_it_changed() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("2023")).unwrap();
        let later = SystemTime::now() + std::time::Duration::from_secs(60);
        assert!(is_newer(folder.path(), SystemTime::UNIX_EPOCH));
        assert!(!is_newer(folder.path(), later));
    }
}
