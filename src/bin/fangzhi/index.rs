//! `fangzhi index`: reads files into the index, with progress, and says at the end what became of them.

use crate::advice::Advice;
use crate::app::{App, in_shell};
use crate::args::IndexArgs;
use crate::config::{self, INDEX_FOLDER};
use crate::exit::{Exit, Failure};
use crate::interrupt;
use crate::lang::{self, Lang, Noun, bytes, counted, thousands, tr};
use crate::output::json;
use crate::output::layout::{shortened, table, visible};
use crate::output::report::ReportOutput;
use crate::output::text::relative;
use crate::panics;
use crate::partial;
use crate::progress::{Progress, duration};
use crate::tags;
use crate::values;
use crate::vocabulary;
use crate::watch;
use fangzhi::index::{self, IndexError, split_member};
use fangzhi::ingest::Format;
use fangzhi::ingest::limits::LimitName;
use fangzhi::pipeline::{
    self, Event, IndexRequest, IndexSummary, KEPT_BEFORE, PipelineError, RootOptions,
};
use fangzhi::vocab::Vocabulary;
use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

/// Most failed files that the summary names, and most that were read in part; `--json` names all.
const FILES_SHOWN: usize = 20;
/// Most files read in part that a search names.
const IN_PART_SHOWN_BY_SEARCH: usize = 3;

/// Runs the command.
pub(crate) fn run(app: &App, args: &IndexArgs) -> Result<Exit, Failure> {
    let chosen = config::index(app.index.as_deref(), &config::variables, &app.cwd);
    let folder = match chosen {
        Some(chosen) => chosen.folder().to_owned(),
        None if args.paths.is_empty() => {
            return Err(Failure::new(tr!(
                app.lang,
                "no folder was named and there is no index here to refresh"
            ))
            .hint(tr!(app.lang, "name what to index: fangzhi index FOLDER")));
        }
        None => app.cwd.join(INDEX_FOLDER),
    };
    let request = request(app, args)?;
    if request.paths.is_empty()
        && !(request.include.is_empty() && request.exclude.is_empty() && request.encoding.is_none())
    {
        return Err(Failure::new(tr!(
            app.lang,
            "--include, --exclude and --encoding go with a folder or file"
        ))
        .hint(tr!(
            app.lang,
            "remembered folders are read as they were asked for; name one to have it read otherwise"
        )));
    }
    let batch = Batch { app, request, folder, is_json: args.json, stop: interrupt::stop_flag() };
    if args.watch {
        return watch::run(batch);
    }
    let report = args.report.as_deref().map(|path| {
        refuse_inside(&batch, path)?;
        Report::create(app, path)
    });
    let mut report = report.transpose()?;
    let summary = batch.run(&mut |event| match &mut report {
        Some(report) => report.rows.event(event),
        None => Ok(()),
    })?;
    if let Some(report) = report {
        report.finish(app)?;
    }
    if !args.json && !is_nothing(&summary) {
        app.print(&text(&summary, &batch.folder, args.dry_run, app.lang))?;
    }
    complain(app, &summary);
    name_partial(app, &summary, &batch.folder, FILES_SHOWN);
    if !args.dry_run {
        let vocabulary = vocabulary::of_index(app.lang, &batch.folder)?;
        tags::look_for_lost(app, &batch.folder, &vocabulary);
    }
    if summary.added > 0 {
        name_moved(app, &batch.folder, &summary);
    }
    Ok(if has_failed(&summary) { Exit::Failed } else { Exit::Fine })
}

/// Whether a run was stopped, or met a folder that is not there, gives nothing, or cannot be read to its end.
fn has_failed(summary: &IndexSummary) -> bool {
    summary.interrupted || !summary.bad_roots.is_empty() || !summary.incomplete_roots.is_empty()
}

/// Names remembered folders that are not there and that the run did not look at: what was added may be the same files
/// in another place.
fn name_moved(app: &App, folder: &Path, summary: &IndexSummary) {
    // What it was made with does not matter here.
    let Ok(info) = index::info(folder, "") else { return };
    let is_told = |root: &PathBuf| summary.bad_roots.iter().any(|(told, _)| told == root);
    for root in info.roots.iter().filter(|root| !root.exists() && !is_told(root)) {
        let root = root.to_string_lossy();
        let typed = in_shell(&root);
        app.note(&tr!(
            app.lang,
            "{root}: remembered and not there; if it moved: `fangzhi index --forget {typed}`",
            root = root,
            typed = typed
        ));
    }
}

/// What is run once, or again and again: which index, what goes into it, and when to stop.
pub(crate) struct Batch<'a> {
    pub(crate) app: &'a App,
    pub(crate) folder: PathBuf,
    pub(crate) request: IndexRequest,
    /// Whether events and summary are printed as JSON lines.
    pub(crate) is_json: bool,
    pub(crate) stop: Arc<AtomicBool>,
}

impl Batch<'_> {
    /// Brings the index up to date, with progress; `each` is shown every event.
    pub(crate) fn run(
        &self,
        each: &mut dyn FnMut(&Event) -> io::Result<()>,
    ) -> Result<IndexSummary, Failure> {
        let (app, folder, request) = (self.app, &self.folder, &self.request);
        panics::uses(folder);
        let vocabulary = vocabulary::of_index(app.lang, folder)?;
        let mut progress = Progress::new(app);
        let mut out = app.out();
        let mut written: io::Result<()> = Ok(());
        let mut each = |event: Event| {
            progress.event(&event);
            if event == Event::Waiting {
                app.note(&tr!(
                    app.lang,
                    "another process is updating this index; waiting for it, at most {n} s",
                    n = request.wait.as_secs()
                ));
            }
            if written.is_ok() {
                written = each(&event);
            }
            if self.is_json && written.is_ok() {
                written = json::line(&mut out, &json::event(&event));
                if event == Event::Waiting && written.is_ok() {
                    // Nothing more may come for long.
                    written = out.flush();
                }
            }
        };
        let stop = &self.stop;
        let (is_new, is_made) = (!folder.exists(), index::is_made(folder));
        let corrections = vocabulary::corrections(folder);
        let mut summary = pipeline::run(folder, &vocabulary, request, stop, &mut each);
        if let Err(PipelineError::Index(IndexError::Version { .. })) = summary {
            app.note(tr!(
                app.lang,
                "this index is of another version; a new one is made and takes its place at the end"
            ));
            summary = pipeline::rebuild(folder, &vocabulary, request, stop, &mut each);
        }
        progress.finish();
        let is_fine = summary.as_ref().is_ok_and(|summary| !has_failed(summary));
        if is_fine && !request.dry_run {
            vocabulary::remember_corrections(folder, corrections);
        }
        // An index of nothing would stand before the one of a folder above it.
        if !is_fine && !is_made && index::discard_empty(folder).is_ok_and(|gone| gone) && is_new {
            // Whatever else came to stand there meanwhile stays.
            let _removed = fs::remove_dir(folder);
        }
        let summary = summary.map_err(|error| Failure::pipeline(app.lang, &error))?;
        written?;
        if self.is_json {
            json::line(&mut out, &json::summary(&summary))?;
        }
        out.flush()?;
        Ok(summary)
    }
}

/// The file of `--report`.
struct Report<'a> {
    path: &'a Path,
    rows: ReportOutput<BufWriter<File>>,
}

/// Refuses a report that the next run would take for one of the files.
fn refuse_inside(batch: &Batch<'_>, path: &Path) -> Result<(), Failure> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(&batch.app.cwd).canonicalize();
    let Ok(folder) = folder else { return Ok(()) };
    let place = folder.join(path.file_name().unwrap_or_default());
    let roots = roots(batch)?;
    let roots = roots.iter().filter_map(|root| root.canonicalize().ok());
    if roots.into_iter().any(|root| place.starts_with(root)) {
        return Err(Failure::new(tr!(
            batch.app.lang,
            "{path}: a report in a folder that is indexed would be indexed itself",
            path = path.display()
        ))
        .hint(tr!(batch.app.lang, "name a place outside these folders")));
    }
    Ok(())
}

/// The folders and files of the request, or those the index remembers.
pub(crate) fn roots(batch: &Batch<'_>) -> Result<Vec<PathBuf>, Failure> {
    if !batch.request.paths.is_empty() {
        return Ok(batch.request.paths.clone());
    }
    let vocabularies = vocabulary::of_index(batch.app.lang, &batch.folder)?.fingerprint().whole();
    let info = fangzhi::index::info(&batch.folder, &vocabularies);
    Ok(info.map_err(|error| Failure::index(batch.app.lang, &error))?.roots)
}

impl<'a> Report<'a> {
    fn create(app: &App, path: &'a Path) -> Result<Self, Failure> {
        if path == Path::new("-") {
            return Err(Failure::new(tr!(app.lang, "--report: - is no file")).hint(tr!(
                app.lang,
                "name a file; `fangzhi index --json` prints what became of each file"
            )));
        }
        let rows = File::create(path).map(BufWriter::new).and_then(ReportOutput::start);
        let rows = rows.map_err(|error| Failure::io(app.lang, path, &error))?;
        Ok(Self { path, rows })
    }

    fn finish(self, app: &App) -> Result<(), Failure> {
        self.rows.finish().map_err(|error| Failure::io(app.lang, self.path, &error))
    }
}

/// Whether there is nothing to say but what is wrong with the folders that were named.
fn is_nothing(summary: &IndexSummary) -> bool {
    let files =
        summary.added + summary.updated + summary.unchanged + summary.moved + summary.removed;
    files == 0
        && !summary.bad_roots.is_empty()
        && summary.not_read.is_empty()
        && summary.failed.is_empty()
}

fn request(app: &App, args: &IndexArgs) -> Result<IndexRequest, Failure> {
    let memory = values::memory(app.lang, &args.memory, args.jobs)?;
    Ok(IndexRequest {
        paths: args.paths.iter().map(|path| app.absolute(path)).collect(),
        include: args.include.clone(),
        exclude: args.exclude.clone(),
        encoding: args.encoding.clone(),
        jobs: args.jobs,
        memory,
        prune: args.prune,
        keep_missing: args.keep_missing,
        forget: args.forget.iter().map(|path| app.once_absolute(path)).collect(),
        dry_run: args.dry_run,
        reread: args.reread,
        optimize: args.optimize,
        wait: Duration::from_secs(args.wait),
        commit_every: Duration::from_secs(args.commit_every),
        commit_bytes: values::size(app.lang, "--commit-size", &args.commit_size)?,
        ..values::reading(app.lang, &args.reading)?
    })
}

/// Brings an index in the cache folder up to date before a search; tells only what is new or wrong.
pub(crate) fn refresh(
    app: &App,
    vocabulary: &Arc<Vocabulary>,
    folder: &Path,
    request: &IndexRequest,
) -> Result<(), PipelineError> {
    let mut progress = Progress::new(app);
    let stop = interrupt::stop_flag();
    let summary =
        pipeline::run(folder, vocabulary, request, &stop, &mut |event| progress.event(&event));
    progress.finish();
    let summary = summary?;
    if summary.added + summary.updated + summary.moved + summary.removed > 0 {
        app.line(&changes(&summary, app.lang).join(tr!(app.lang, ", ")));
    }
    if !summary.not_read.is_empty() {
        app.note(&tr!(app.lang, "not read: {what}", what = not_read(&summary, app.lang)));
    }
    complain(app, &summary);
    if let Some(files) = partial::counts(app.lang, &summary.in_part, summary.in_part_total) {
        app.note(&tr!(app.lang, "read in part: {files}", files = files));
    }
    name_partial(app, &summary, folder, IN_PART_SHOWN_BY_SEARCH);
    Ok(())
}

/// Names on standard error what was read in part. The index lists all that a dry run did not find out.
fn name_partial(app: &App, summary: &IndexSummary, folder: &Path, most: usize) {
    let all = format!("fangzhi stats --problems --index '{}'", folder.display());
    partial::list(app, (&summary.in_part, summary.in_part_total), most, &all);
}

/// Options of a folder as they are typed.
pub(crate) fn as_typed(options: &RootOptions) -> String {
    let includes = options.include.iter().map(|glob| ("--include", glob));
    let excludes = options.exclude.iter().map(|glob| ("--exclude", glob));
    let encoding = options.encoding.iter().map(|label| ("--encoding", label));
    let typed = includes.chain(excludes).chain(encoding);
    typed
        .map(|(option, value)| format!("{option} {}", in_shell(value)))
        .collect::<Vec<_>>()
        .join(" ")
}

/// Names on standard error what could not be read. What can be done is said with the first file it helps.
pub(crate) fn complain(app: &App, summary: &IndexSummary) {
    let (mut hinted, mut advised) = (HashSet::new(), HashSet::new());
    for (path, cause, code) in summary.failed.iter().take(FILES_SHOWN) {
        let file = shown_path(split_pages(path).0, app.lang, &app.cwd);
        let path = shown_path(path, app.lang, &app.cwd);
        let hint = hint(app.lang, code, cause).filter(|hint| hinted.insert(hint.clone()));
        let hint = hint.map(|hint| {
            // What lies in an archive can be looked at; all else is done to the archive.
            let archive = split_member(&file).filter(|_| !hint.contains("fangzhi inspect"));
            let file = archive.map_or(file.as_str(), |(archive, _)| archive);
            visible(&hint.replace("FILE", file)).into_owned()
        });
        let is_new = advised.insert(cause);
        let cause = failed_cause(app.lang, code, cause);
        let cause = if is_new { cause } else { without_advice(cause) };
        app.error(&format!("{}: {cause}", shortened(&path)), hint.as_slice());
    }
    if let Some(more @ 1..) = summary.failed.len().checked_sub(FILES_SHOWN) {
        app.line(&tr!(app.lang, "… and {n} more that failed; --json lists all", n = more));
    }
    for hint in instead(summary, app.lang) {
        app.hint(&hint);
    }
    for options in &summary.as_before {
        app.note(&tr!(
            app.lang,
            "{root}: read with {options} as in an earlier run; options given anew take their place, and to be rid of them: fangzhi index --forget {root}, then fangzhi index {root}",
            root = in_shell(relative(&options.root.display().to_string(), &app.cwd)),
            options = as_typed(options)
        ));
    }
    for (root, cause) in &summary.bad_roots {
        let hint = if cause == "empty" && summary.reports_total == 0 {
            tr!(app.lang, "`fangzhi formats` lists what is read")
        } else {
            tr!(
                app.lang,
                "nothing below it was removed from the index; check the name, or that the disk is there; what is gone for good is taken out with `fangzhi index --forget FOLDER`"
            )
        };
        let root = root.display().to_string();
        app.error(
            &format!("{}: {}", relative(&root, &app.cwd), root_cause(app.lang, cause)),
            &[hint.to_owned()],
        );
    }
    for (root, count) in &summary.kept_missing {
        app.note(&tr!(
            app.lang,
            "{root}: {files} that vanished or are excluded were kept; --prune removes them from the index",
            root = root.display(),
            files = counted(app.lang, u64::try_from(*count).unwrap_or(0), Noun::File)
        ));
    }
    if summary.not_included > 0 {
        app.note(&tr!(
            app.lang,
            "{files} that --include leaves out stay in the index as they were; --exclude takes files out",
            files = counted(app.lang, u64::try_from(summary.not_included).unwrap_or(0), Noun::File)
        ));
    }
    if summary.interrupted {
        let IndexSummary { added, updated, unchanged, moved, removed, failed, .. } = summary;
        let finished = added + updated + unchanged + moved + removed + failed.len();
        app.note(if finished > 0 {
            tr!(
                app.lang,
                "stopped; what was finished is in the index, the next run goes on from there"
            )
        } else {
            tr!(
                app.lang,
                "stopped before any file was finished; the index holds nothing of this run"
            )
        });
    }
}

/// Why a file failed. The library says it in English; where there is no Chinese for it, its kind is said first.
pub(crate) fn failed_cause(lang: Lang, code: &str, cause: &str) -> String {
    if let Some(cause) = cause.strip_suffix(KEPT_BEFORE) {
        let cause = failed_cause(lang, code, cause);
        return tr!(lang, "{cause}; what was read of it before is kept", cause = cause);
    }
    match (lang, lang::known(cause)) {
        (Lang::English, _) => cause.to_owned(),
        (Lang::Chinese, Some(known)) => known,
        (Lang::Chinese, None) => format!("{} ({cause})", failed_kind(lang, code)),
    }
}

/// A cause without the brackets that say what to do with a format that is not read.
fn without_advice(cause: String) -> String {
    let advice = [(" (save it as ", ')'), (" (convert it to ", ')'), ("（请", '）')];
    let parted = advice.iter().find_map(|(open, close)| {
        let (before, rest) = cause.split_once(open)?;
        Some(format!("{before}{}", rest.split_once(*close)?.1))
    });
    parted.unwrap_or(cause)
}

/// What is wrong with files of a code, in a word or two.
fn failed_kind(lang: Lang, code: &str) -> &'static str {
    match code {
        "permission" => tr!(lang, "no permission to read it"),
        "binary" => tr!(lang, "not a text file"),
        "undecided" => tr!(lang, "its encoding cannot be told"),
        "wrong-encoding" => tr!(lang, "not in the encoding given"),
        "special" => tr!(lang, "no regular file"),
        "link" => tr!(lang, "a link that was not followed"),
        "too-large" => tr!(lang, "larger than the limit"),
        "vanished" => tr!(lang, "vanished during the run"),
        "record" => tr!(lang, "a record cannot be read"),
        "encrypted" => tr!(lang, "encrypted"),
        "scanned" => tr!(lang, "pages are pictures"),
        "unmapped" => tr!(lang, "characters unknown"),
        "damaged" => tr!(lang, "damaged"),
        "not-read" => tr!(lang, "of a format that is not read"),
        "not-built" => tr!(lang, "not part of this build"),
        "time" => tr!(lang, "took too long"),
        "memory" => tr!(lang, "took too much memory"),
        "crashed" => tr!(lang, "its reader crashed"),
        "ocr" => tr!(lang, "the OCR command failed"),
        _ => tr!(lang, "cannot be read"),
    }
}

/// Why nothing was read below a root.
pub(crate) fn root_cause(lang: Lang, cause: &str) -> &str {
    match cause {
        "empty" => tr!(lang, "no file here that can be read"),
        "missing" => tr!(lang, "no such file or folder"),
        "unreadable" => tr!(lang, "cannot be read"),
        "incomplete" => tr!(lang, "a part of it cannot be read"),
        _ => cause,
    }
}

/// A path as it is typed after `fangzhi show`: without the folder here in front, a line of a JSONL file after a colon.
/// Pages of a PDF stand behind it.
pub(crate) fn shown_path(path: &str, lang: Lang, cwd: &Path) -> String {
    let (path, pages) = split_pages(relative(path, cwd));
    if let Some(pages) = pages {
        let pages = partial::page_list(lang, pages);
        let pages = if pages.contains(|char: char| !char.is_ascii_digit()) {
            tr!(lang, "pages {n}", n = pages)
        } else {
            tr!(lang, "page {n}", n = pages)
        };
        return format!("{path} ({pages})");
    }
    match path.rsplit_once("#line ") {
        Some((file, line)) => format!("{file}:{line}"),
        None => path.to_owned(),
    }
}

/// The path of a file, and the numbers of its pages where they stand behind it: `甲.pdf#page 2, 5-7`.
fn split_pages(path: &str) -> (&str, Option<&str>) {
    let is_numbers =
        |pages: &str| pages.chars().all(|char| matches!(char, '0'..='9' | ',' | ' ' | '-'));
    match path.rsplit_once("#page ") {
        Some((file, pages)) if is_numbers(pages) => (file, Some(pages)),
        _ => (path, None),
    }
}

/// What can be done about a file that failed; `FILE` stands for its path.
pub(crate) fn hint(lang: Lang, code: &str, cause: &str) -> Option<String> {
    if code == "not-read" && cause.starts_with("a member compressed with") {
        return Some(
            tr!(lang, "unpack the archive and pack it again as an ordinary ZIP").to_owned(),
        );
    }
    if code == "too-large" {
        // The library names the option in its message.
        let option = cause.rsplit_once('(')?.1.split_once(' ')?.0;
        if option == LimitName::Share.option() {
            return Some(
                tr!(
                    lang,
                    "give the run more memory with --memory: a file that is read whole may have an eighth of it"
                )
                .to_owned(),
            );
        }
        return Some(tr!(
            lang,
            "allow more with {option}, where you know the file; `fangzhi formats` lists the limits",
            option = option
        ));
    }
    fixed_hint(lang, code).map(str::to_owned)
}

fn fixed_hint(lang: Lang, code: &str) -> Option<&'static str> {
    Some(match code {
        "permission" => tr!(lang, "make it readable: chmod u+r 'FILE'"),
        "binary" => {
            tr!(lang, "skip it with --exclude, or look at it with `fangzhi inspect 'FILE'`")
        }
        "undecided" => tr!(
            lang,
            "say its encoding: `fangzhi index 'FILE' --encoding gb18030`; `fangzhi formats` names those that are read"
        ),
        "wrong-encoding" => {
            tr!(lang, "leave --encoding out to have it told from the text, or give another")
        }
        "encrypted" => tr!(
            lang,
            "open it with its password, save it without one, then run the same command again"
        ),
        "scanned" => tr!(
            lang,
            "name a program that recognises characters with --ocr COMMAND (see `fangzhi index --help`), or index the text it was made from"
        ),
        "unmapped" => tr!(
            lang,
            "print it to PDF again from the document it was made from, or read it as pictures with --ocr COMMAND"
        ),
        "damaged" => tr!(
            lang,
            "fetch it again; or open it in its program, which may repair it, and save it as DOCX, XLSX or PDF"
        ),
        "not-read" => tr!(
            lang,
            "save it as DOCX, PDF or text; `fangzhi formats` lists what is read and what to do with the rest"
        ),
        "not-built" => tr!(
            lang,
            "build fangzhi with all features: cargo install --path . --locked; `fangzhi formats` lists those it has"
        ),
        "time" => {
            tr!(lang, "give it more time with --max-seconds 600, or split it into smaller files")
        }
        "memory" => tr!(
            lang,
            "give it more memory with --max-extract-memory 4G, or split it into smaller files"
        ),
        "crashed" => tr!(
            lang,
            "all other files were read; save this one anew in its program, as DOCX or PDF, and report it if you can share it"
        ),
        "ocr" => {
            tr!(lang, "run the command given to --ocr by itself on 'FILE' and see what it says")
        }
        "vanished" => tr!(lang, "it vanished during the run; run the command again"),
        "record" => tr!(
            lang,
            "each line must be {\"text\": \"…\"} with a different \"id\", if any; the other lines were read"
        ),
        _ => return None,
    })
}

/// The summary for people.
fn text(summary: &IndexSummary, folder: &Path, dry_run: bool, lang: Lang) -> String {
    let mut text = String::new();
    let changes = changes(summary, lang).join(tr!(lang, ", "));
    if dry_run {
        let _ = writeln!(text, "{}", tr!(lang, "would do: {changes}", changes = changes));
    } else {
        let _ = writeln!(text, "{changes}");
    }
    if !summary.not_read.is_empty() {
        let _ = writeln!(text, "{}", tr!(lang, "not read: {what}", what = not_read(summary, lang)));
    }
    if !summary.failed.is_empty() {
        let failed_by_code = summary.failed.iter().map(|(path, _, code)| (path.as_str(), *code));
        let files = failed(failed_by_code, lang);
        let _ = writeln!(text, "{}", tr!(lang, "failed: {files}", files = files));
    }
    if let Some(files) = partial::counts(lang, &summary.in_part, summary.in_part_total) {
        let _ = writeln!(text, "{}", tr!(lang, "read in part: {files}", files = files));
    }
    if summary.reports_total == 0 && has_failed(summary) {
        return text;
    }
    let rows = [
        vec![tr!(lang, "index").to_owned(), visible(&folder.display().to_string()).into_owned()],
        vec![
            tr!(lang, "holds").to_owned(),
            format!(
                "{} · {}",
                reports(lang, summary.reports_total, summary.reports_without_text),
                counted(lang, summary.paragraphs_total, Noun::Paragraph)
            ),
        ],
        vec![
            tr!(lang, "read").to_owned(),
            [
                bytes(summary.bytes_read),
                elapsed(summary.elapsed),
                format!("{}/s", bytes(speed(summary.bytes_read, summary.elapsed))),
            ]
            .join(tr!(lang, ", ")),
        ],
    ];
    text.push_str(&table(&rows, &[]));
    text
}

/// How many reports there are, and how many of them gave no text.
pub(crate) fn reports(lang: Lang, total: u64, without_text: u64) -> String {
    let reports = counted(lang, total, Noun::Report);
    match without_text {
        0 => reports,
        n => tr!(lang, "{reports} ({n} without text)", reports = reports, n = thousands(n)),
    }
}

/// What changed, in words.
pub(crate) fn changes(summary: &IndexSummary, lang: Lang) -> Vec<String> {
    let files = |count: usize| counted(lang, u64::try_from(count).unwrap_or(0), Noun::File);
    let paragraphs = counted(lang, summary.paragraphs, Noun::Paragraph);
    let mut parts = vec![match (summary.added, summary.updated) {
        (added, 0) => {
            tr!(lang, "{files} added ({paragraphs})", files = files(added), paragraphs = paragraphs)
        }
        (0, updated) => tr!(
            lang,
            "{files} updated ({paragraphs})",
            files = files(updated),
            paragraphs = paragraphs
        ),
        (added, updated) => tr!(
            lang,
            "{files} added and {n} updated ({paragraphs})",
            files = files(added),
            n = updated,
            paragraphs = paragraphs
        ),
    }];
    let counts = [
        (summary.moved, tr!(lang, "{n} moved", n = summary.moved)),
        (summary.removed, tr!(lang, "{n} removed", n = summary.removed)),
        (summary.unchanged, tr!(lang, "{n} unchanged", n = summary.unchanged)),
    ];
    parts.extend(counts.into_iter().filter(|(count, _)| *count > 0).map(|(_, words)| words));
    parts
}

/// What was left aside, by extension: `pdf 3, saved page folders 2`.
fn not_read(summary: &IndexSummary, lang: Lang) -> String {
    let parts = summary.not_read.iter().map(|(what, count)| {
        let what = match what.as_str() {
            "companion" => tr!(lang, "folders of saved pages").to_owned(),
            "special" => tr!(lang, "special files").to_owned(),
            "" => tr!(lang, "without extension").to_owned(),
            extension => format!(".{}", visible(extension)),
        };
        format!("{what} {count}")
    });
    parts.collect::<Vec<_>>().join(tr!(lang, ", "))
}

/// What to do with formats that are not read, each advice once with the extensions it is for.
fn instead(summary: &IndexSummary, lang: Lang) -> Vec<String> {
    let mut advices: Vec<(&str, Vec<String>)> = Vec::new();
    for (extension, _) in &summary.not_read {
        let Some(advice) = Advice::of(extension) else { continue };
        let (instead, extension) = (advice.instead(lang), format!(".{extension}"));
        match advices.iter_mut().find(|(known, _)| *known == instead) {
            Some((_, extensions)) => extensions.push(extension),
            None => advices.push((instead, vec![extension])),
        }
    }
    let comma = tr!(lang, ", ");
    let line = |(instead, of): (&str, Vec<String>)| {
        tr!(lang, "{extensions}: {instead}", extensions = of.join(comma), instead = instead)
    };
    advices.into_iter().map(line).collect()
}

/// How many files, members of archives and records failed and of what: `2 files, 1 record: encrypted 2, damaged 1`.
/// Each has its path and code.
pub(crate) fn failed<'a>(all: impl Iterator<Item = (&'a str, &'a str)>, lang: Lang) -> String {
    let mut kinds: BTreeMap<&str, u64> = BTreeMap::new();
    let mut paths = Vec::new();
    for (path, code) in all {
        *kinds.entry(failed_kind(lang, code)).or_insert(0) += 1;
        paths.push(path);
    }
    let mut kinds: Vec<_> = kinds.into_iter().collect();
    kinds.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let kinds: Vec<_> = kinds.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
    tr!(
        lang,
        "{files}: {kinds}",
        files = counted_paths(lang, paths.into_iter()),
        kinds = kinds.join(tr!(lang, ", "))
    )
}

/// How many of the paths are files, members of archives and records: `2 files, 1 record`.
pub(crate) fn counted_paths<'a>(lang: Lang, paths: impl Iterator<Item = &'a str>) -> String {
    let (mut files, mut members, mut records) = (0, 0, 0);
    for path in paths {
        if file_of_record(path).is_some() {
            records += 1;
        } else if split_member(path).is_some() {
            members += 1;
        } else {
            files += 1;
        }
    }
    let nouns = [(files, Noun::File), (members, Noun::Member), (records, Noun::Record)];
    let counts = nouns.into_iter().filter(|(count, _)| *count > 0);
    let counts: Vec<_> = counts.map(|(count, noun)| counted(lang, count, noun)).collect();
    counts.join(tr!(lang, ", "))
}

/// The file of a record: `a.jsonl` of `a.jsonl#7`.
pub(crate) fn file_of_record(path: &str) -> Option<&str> {
    let mut files = path.match_indices('#').filter_map(|(at, _)| path.get(..at));
    files.find(|file| Format::from_path(Path::new(file)) == Some(Format::Jsonl))
}

pub(crate) fn elapsed(elapsed: Duration) -> String {
    if elapsed < Duration::from_secs(10) {
        format!("{:.1} s", elapsed.as_secs_f32())
    } else {
        duration(elapsed)
    }
}

fn speed(count: u64, elapsed: Duration) -> u64 {
    let millis = elapsed.as_millis().max(1);
    u64::try_from(u128::from(count) * 1000 / millis).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
