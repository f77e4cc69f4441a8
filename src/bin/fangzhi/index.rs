//! `fangzhi index`: reads files into the index, with progress, and says at the end what became of them.

use crate::app::App;
use crate::args::IndexArgs;
use crate::config::{self, INDEX_FOLDER};
use crate::exit::{Exit, Failure};
use crate::interrupt;
use crate::lang::{Lang, Noun, bytes, counted, tr};
use crate::output::json;
use crate::output::layout::{table, visible};
use crate::progress::{Progress, duration};
use crate::values;
use crate::vocabulary;
use fangzhi::index::IndexError;
use fangzhi::pipeline::{self, Event, IndexRequest, IndexSummary, PipelineError};
use fangzhi::vocab::Vocabulary;
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// Most failed files that the summary names; `--json` names all.
const FAILED_SHOWN: usize = 20;

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
    let vocabulary = vocabulary::of_index(app.lang, &folder)?;
    let stop = interrupt::stop_flag();
    let mut progress = Progress::new(app);
    let mut out = app.out();
    let mut written: io::Result<()> = Ok(());
    let mut each = |event: Event| {
        progress.event(&event);
        if args.json && written.is_ok() {
            written = json::line(&mut out, &json::event(&event));
        }
    };
    let mut summary = pipeline::run(&folder, &vocabulary, &request, &stop, &mut each);
    if let Err(PipelineError::Index(IndexError::Version { .. })) = summary {
        app.note(tr!(
            app.lang,
            "this index is of another version; a new one is made and takes its place at the end"
        ));
        summary = pipeline::rebuild(&folder, &vocabulary, &request, &stop, &mut each);
    }
    progress.finish();
    let summary = summary.map_err(|error| Failure::pipeline(app.lang, &error))?;
    written?;
    if args.json {
        json::line(&mut out, &json::summary(&summary))?;
    } else {
        out.write_all(text(&summary, &folder, args.dry_run, app.lang).as_bytes())?;
    }
    out.flush()?;
    complain(app, &summary);
    let failed = summary.interrupted || !summary.bad_roots.is_empty();
    Ok(if failed { Exit::Failed } else { Exit::Fine })
}

fn request(app: &App, args: &IndexArgs) -> Result<IndexRequest, Failure> {
    let writer_bytes = values::size(app.lang, "--memory", &args.memory)?;
    Ok(IndexRequest {
        paths: args.paths.iter().map(|path| app.absolute(path)).collect(),
        include: args.include.clone(),
        exclude: args.exclude.clone(),
        encoding: args.encoding.clone(),
        jobs: args.jobs,
        writer_bytes: usize::try_from(writer_bytes).unwrap_or(usize::MAX),
        prune: args.prune,
        keep_missing: args.keep_missing,
        dry_run: args.dry_run,
        reread: args.reread,
        optimize: args.optimize,
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
    Ok(())
}

/// Names on standard error what could not be read.
fn complain(app: &App, summary: &IndexSummary) {
    for (path, cause, code) in summary.failed.iter().take(FAILED_SHOWN) {
        let cause = failed_cause(app.lang, code, cause);
        let hint =
            hint(app.lang, code).map(|hint| visible(&hint.replace("FILE", path)).into_owned());
        app.error(&format!("{path}: {cause}"), hint.as_slice());
    }
    if let Some(more @ 1..) = summary.failed.len().checked_sub(FAILED_SHOWN) {
        app.line(&tr!(app.lang, "… and {n} more that failed; --json lists all", n = more));
    }
    for (root, cause) in &summary.bad_roots {
        let hint = tr!(
            app.lang,
            "nothing below it was removed from the index; check the name, or that the disk is there"
        );
        app.error(
            &format!("{}: {}", root.display(), root_cause(app.lang, cause)),
            &[hint.to_owned()],
        );
    }
    for (root, count) in &summary.kept_missing {
        app.note(&tr!(
            app.lang,
            "{root}: {files} vanished and were kept; --prune removes them from the index",
            root = root.display(),
            files = counted(app.lang, u64::try_from(*count).unwrap_or(0), Noun::File)
        ));
    }
    if summary.interrupted {
        app.note(tr!(
            app.lang,
            "stopped; what was finished is in the index, the next run goes on from there"
        ));
    }
}

/// Why a file failed. The library says it in English; in Chinese its kind is said first.
pub(crate) fn failed_cause(lang: Lang, code: &str, cause: &str) -> String {
    let kind = match code {
        "permission" => tr!(lang, "no permission to read it"),
        "binary" => tr!(lang, "not a text file"),
        "undecided" => tr!(lang, "its encoding cannot be told"),
        "wrong-encoding" => tr!(lang, "not in the encoding given"),
        "special" => tr!(lang, "no regular file"),
        "link" => tr!(lang, "a link that was not followed"),
        "too-large" => tr!(lang, "larger than the limit"),
        "vanished" => tr!(lang, "vanished during the run"),
        "record" => tr!(lang, "a record cannot be read"),
        _ => tr!(lang, "cannot be read"),
    };
    match lang {
        Lang::English => cause.to_owned(),
        Lang::Chinese => format!("{kind} ({cause})"),
    }
}

/// Why nothing was read below a root.
fn root_cause(lang: Lang, cause: &str) -> &str {
    match cause {
        "empty" => tr!(lang, "no file here that can be read"),
        "missing" => tr!(lang, "no such file or folder"),
        "unreadable" => tr!(lang, "cannot be read"),
        _ => cause,
    }
}

/// What can be done about a file that failed; `FILE` stands for its path.
pub(crate) fn hint(lang: Lang, code: &str) -> Option<&'static str> {
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
        "too-large" => tr!(lang, "allow larger files with --max-file-bytes 1G"),
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
        let failed = counted(lang, u64::try_from(summary.failed.len()).unwrap_or(0), Noun::File);
        let _ = writeln!(text, "{}", tr!(lang, "failed: {files}", files = failed));
    }
    let rows = [
        vec![tr!(lang, "index").to_owned(), visible(&folder.display().to_string()).into_owned()],
        vec![
            tr!(lang, "holds").to_owned(),
            format!(
                "{} · {}",
                counted(lang, summary.reports_total, Noun::Report),
                counted(lang, summary.paragraphs_total, Noun::Paragraph)
            ),
        ],
        vec![
            tr!(lang, "read").to_owned(),
            format!(
                "{}, {}, {}/s",
                bytes(summary.bytes_read),
                elapsed(summary.elapsed),
                bytes(speed(summary.bytes_read, summary.elapsed))
            ),
        ],
    ];
    text.push_str(&table(&rows, &[]));
    text
}

/// What changed, in words.
fn changes(summary: &IndexSummary, lang: Lang) -> Vec<String> {
    let mut parts = vec![tr!(
        lang,
        "{files} added ({paragraphs})",
        files = counted(lang, u64::try_from(summary.added).unwrap_or(0), Noun::File),
        paragraphs = counted(lang, summary.paragraphs, Noun::Paragraph)
    )];
    let counts = [
        (summary.updated, tr!(lang, "{n} updated", n = summary.updated)),
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

fn elapsed(elapsed: Duration) -> String {
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
mod tests {
    use super::*;
    use insta::assert_snapshot;

    fn summary() -> IndexSummary {
        IndexSummary {
            added: 3,
            unchanged: 40,
            removed: 1,
            not_read: vec![
                ("pdf".to_owned(), 7),
                ("companion".to_owned(), 2),
                ("\x1b[1m".to_owned(), 1),
            ],
            failed: vec![("甲.txt".to_owned(), "no text".to_owned(), "binary")],
            paragraphs: 120,
            paragraphs_total: 9120,
            reports_total: 42,
            bytes_read: 3_400_000,
            elapsed: Duration::from_millis(1700),
            ..IndexSummary::default()
        }
    }

    #[test]
    fn the_summary_names_what_was_not_read() {
        assert_snapshot!(text(&summary(), Path::new("/data/.fangzhi"), false, Lang::English), @r"
        3 files added (120 paragraphs), 1 removed, 40 unchanged
        not read: .pdf 7, folders of saved pages 2, .␛[1m 1
        failed: 1 file
        index  /data/.fangzhi
        holds  42 reports · 9,120 paragraphs
        read   3.4 MB, 1.7 s, 2.0 MB/s
        ");
    }

    #[test]
    fn the_summary_in_chinese_of_a_dry_run() {
        assert_snapshot!(text(&summary(), Path::new("/data/.fangzhi"), true, Lang::Chinese), @r"
        将会：新增 3 个文件（120 段）、移除 1 个、未变 40 个
        未读取：.pdf 7、网页附属文件夹 2、.␛[1m 1
        失败：1 个文件
        索引  /data/.fangzhi
        共有  42 份报告 · 9,120 段
        读取  3.4 MB, 1.7 s, 2.0 MB/s
        ");
    }

    #[test]
    fn every_code_of_the_pipeline_has_a_hint() {
        let codes = [
            "permission",
            "binary",
            "undecided",
            "wrong-encoding",
            "too-large",
            "vanished",
            "record",
        ];
        for code in codes {
            assert!(hint(Lang::English, code).is_some(), "{code}");
        }
        assert_eq!(hint(Lang::English, "other"), None);
        // --include would narrow the folder that is remembered to this file.
        assert!(hint(Lang::English, "undecided").is_some_and(|hint| !hint.contains("--include")));
    }

    #[test]
    fn in_chinese_each_cause_begins_in_chinese() {
        for code in ["permission", "wrong-encoding", "special", "link", "other"] {
            let cause = failed_cause(Lang::Chinese, code, "link to nothing");
            assert!(!cause.starts_with(|first: char| first.is_ascii()), "{cause}");
            assert!(cause.ends_with(" (link to nothing)"), "{cause}");
            assert_eq!(failed_cause(Lang::English, code, "why"), "why");
        }
        for cause in ["empty", "missing", "unreadable"] {
            assert!(!root_cause(Lang::Chinese, cause).is_ascii(), "{cause}");
        }
    }
}
