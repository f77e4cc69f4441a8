//! `fangzhi inspect`: how a file is read, cleaned, split and tagged.

use crate::advice::Advice;
use crate::app::App;
use crate::args::InspectArgs;
use crate::exit::{Exit, Failure};
use crate::lang::{Lang, Noun, cause, counted, tr};
use crate::member;
use crate::notes;
use crate::output::json;
use crate::output::layout::{Ink, Look, Run, pad_start, shortened, visible};
use crate::output::place;
use crate::output::text::{kind_name, tag_names};
use crate::values::{self, near_names};
use crate::vocabulary;
use fangzhi::ingest::archive::REST;
use fangzhi::model::{
    Article, Date, DecidedBy, EncodingReport, Figure, Note, Paragraph, Place, Report,
};
use fangzhi::pipeline::{IndexRequest, PipelineError, inspect};
use fangzhi::tag::period::{self, Period};
use fangzhi::text::script::to_simplified;
use fangzhi::vocab::Vocabulary;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Columns before the text of a paragraph: its place, or spaces.
const INDENT: usize = 6;

/// Most names of members that are offered where one is not found.
const NEAR_MAX: usize = 5;
/// How like a name must be to be offered.
const NEAR_PERCENT: usize = 60;
/// How like a name is that differs in its folder only.
const SAME_NAME: usize = 100;

/// Runs the command.
pub(crate) fn run(app: &App, args: &InspectArgs) -> Result<Exit, Failure> {
    let schema = crate::config::index(app.index.as_deref(), &crate::config::variables, &app.cwd)
        .map(|chosen| vocabulary::schema_folder(chosen.folder()));
    let vocabulary = vocabulary::to_look(app, schema.as_deref())?;
    let request = IndexRequest {
        encoding: args.encoding.clone(),
        ..values::reading(app.lang, &args.reading)?
    };
    let inspection = Inspection { app, json: args.json, vocabulary, request };
    let mut exit = Exit::Fine;
    for file in &args.files {
        if inspection.file(file)? == Exit::Failed {
            exit = Exit::Failed;
        }
    }
    Ok(exit)
}

/// How files are looked at.
struct Inspection<'a> {
    app: &'a App,
    json: bool,
    vocabulary: Arc<Vocabulary>,
    request: IndexRequest,
}

impl Inspection<'_> {
    /// Shows a file, or of an archive the members at and below a path in it.
    fn file(&self, named: &Path) -> Result<Exit, Failure> {
        let app = self.app;
        let (file, asked) = match member::split(named).filter(|_| !named.exists()) {
            Some((archive, inside)) => (archive, inside.trim_end_matches('/')),
            None => (named, ""),
        };
        let mut out = app.out();
        let mut written = Ok(());
        let mut failures = Vec::new();
        let mut members = Members::new(asked);
        let result = inspect(file, &self.vocabulary, &self.request, &mut |inspected| {
            // After a closed pipe nothing more can be written, and the rest of the file goes by.
            if !members.take(inspected.member.as_deref()) || written.is_err() {
                return;
            }
            let path = inside(file, inspected.member.as_deref());
            let record = inspected.record.as_deref();
            written = match &inspected.report {
                Ok(report) if self.json => json::inspected(&mut out, &path, record, report),
                Ok(report) => {
                    out.write_all(text(&path, record, report, app.out_look, app.lang).as_bytes())
                }
                Err(error) if self.json => {
                    json::line(&mut out, &json::inspect_error(&path, record, error))
                }
                Err(_) => Ok(()),
            };
            if let Err(error) = &inspected.report {
                failures.push(format!("{}: {}", name(&path, record), cause(app.lang, error)));
            }
        });
        written?;
        let failure = match &result {
            Err(error) => Some((error_words(error), Failure::pipeline(app.lang, error))),
            Ok(not_read) => members.missing(app, file, not_read),
        };
        if let Some((words, _)) = failure.as_ref().filter(|_| self.json) {
            json::line(&mut out, &json::inspect_error(named, None, words))?;
        }
        out.flush()?;
        failure.iter().for_each(|(_, failure)| app.report(failure));
        failures.iter().for_each(|failure| app.error(failure, &[]));
        Ok(if failure.is_some() || !failures.is_empty() { Exit::Failed } else { Exit::Fine })
    }
}

/// Why a file gave nothing, in the words that JSON keeps.
fn error_words(error: &PipelineError) -> String {
    match error {
        PipelineError::File { cause, .. } => cause.clone(),
        other => other.to_string(),
    }
}

/// The members of an archive at and below a path in it.
struct Members<'a> {
    /// The path; empty for all.
    asked: &'a str,
    /// Something at or below the path was met.
    is_met: bool,
    /// The file gave itself: it is no archive.
    is_plain: bool,
    /// Names of the others.
    others: BTreeSet<String>,
}

impl<'a> Members<'a> {
    fn new(asked: &'a str) -> Self {
        Self { asked, is_met: asked.is_empty(), is_plain: false, others: BTreeSet::new() }
    }

    /// Whether a member is among those asked for. A file that is no archive is given as itself and never is.
    fn take(&mut self, member: Option<&str>) -> bool {
        if self.asked.is_empty() {
            return true;
        }
        let Some(name) = member else {
            self.is_plain = true;
            return false;
        };
        let rest = name.strip_prefix(self.asked);
        let is_asked = rest
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || rest.starts_with("!/"));
        // Where reading stopped, the member may stand behind that place.
        if is_asked || name == REST && !self.is_met {
            self.is_met = true;
            return true;
        }
        self.others.insert(name.to_owned());
        false
    }

    /// Why nothing was shown: for JSON, and for people with names that are near; `None` when something was.
    /// `not_read` counts by extension what is of no format that is read.
    fn missing(
        &self,
        app: &App,
        archive: &Path,
        not_read: &[(String, usize)],
    ) -> Option<(String, Failure)> {
        if self.is_met {
            return None;
        }
        let archive = archive.display();
        if self.is_plain {
            let failure = Failure::new(tr!(
                app.lang,
                "{path}: no archive, it is read as a whole",
                path = archive
            ));
            let hint = tr!(app.lang, "look at it with `fangzhi inspect '{path}'`", path = archive);
            return Some(("no archive".to_owned(), failure.hint(hint)));
        }
        if let Some(failure) = self.unread(app, &archive, not_read) {
            return Some((format!("{} is of a format that is not read", self.asked), failure));
        }
        if self.others.is_empty() {
            let failure = Failure::new(tr!(
                app.lang,
                "{archive}: holds no files that are read",
                archive = archive
            ));
            return Some(("holds no files that are read".to_owned(), failure));
        }
        let cause = tr!(
            app.lang,
            "{archive}: holds no {member} that is read",
            archive = archive,
            member = self.asked
        );
        let near = self.near();
        let failure = if near.is_empty() {
            let some: Vec<_> = self.others.iter().take(NEAR_MAX).map(String::as_str).collect();
            Failure::new(cause).hint(tr!(
                app.lang,
                "it holds {names}; `fangzhi inspect '{archive}'` shows all",
                names = some.join(tr!(app.lang, ", ")),
                archive = archive
            ))
        } else {
            near_names(app.lang, Failure::new(cause), &near)
        };
        Some((format!("holds no {} that is read", self.asked), failure))
    }

    /// What to do with a file of no format that is read, where the archive has such.
    fn unread(
        &self,
        app: &App,
        archive: &impl std::fmt::Display,
        not_read: &[(String, usize)],
    ) -> Option<Failure> {
        let extension = Path::new(self.asked).extension()?.to_str()?.to_ascii_lowercase();
        not_read.iter().find(|(known, _)| *known == extension)?;
        let advice = Advice::of(&extension);
        let what = advice.map(|advice| advice.what(app.lang));
        let failure = Failure::new(tr!(
            app.lang,
            "{path}: not read: {what}",
            path = format_args!("{archive}!/{}", self.asked),
            what = what.map_or_else(|| format!(".{extension}"), str::to_owned)
        ));
        let instead = advice.map(|advice| advice.instead(app.lang));
        Some(failure.hint(instead.unwrap_or(tr!(app.lang, "`fangzhi formats` lists what is read"))))
    }

    /// The names that are most like the one asked for.
    fn near(&self) -> Vec<String> {
        let scored = self.others.iter().map(|name| (likeness(name, self.asked), name));
        let mut scored: Vec<_> = scored.filter(|(score, _)| *score >= NEAR_PERCENT).collect();
        scored.sort_by_key(|(score, name)| (std::cmp::Reverse(*score), *name));
        // The same name in another folder is the one that was meant.
        if scored.first().is_some_and(|(score, _)| *score == SAME_NAME) {
            scored.retain(|(score, _)| *score == SAME_NAME);
        }
        scored.into_iter().take(NEAR_MAX).map(|(_, name)| name.clone()).collect()
    }
}

/// How many of the characters of two paths are the same, in percent; the last names decide where they are equal.
fn likeness(a: &str, b: &str) -> usize {
    let last = |path: &str| path.rsplit('/').next().unwrap_or_default().to_lowercase();
    if last(a) == last(b) {
        return SAME_NAME;
    }
    let sorted = |path: &str| {
        let mut chars: Vec<char> = last(path).chars().collect();
        chars.sort_unstable();
        chars
    };
    let (a, mut b) = (sorted(a), sorted(b));
    let all = a.len() + b.len();
    let shared = a.iter().filter(|char| {
        b.binary_search(char).is_ok_and(|at| {
            b.remove(at);
            true
        })
    });
    (200 * shared.count() / all.max(1)).min(SAME_NAME - 1)
}

/// The path of a member of an archive, or of the file itself.
fn inside(file: &Path, member: Option<&str>) -> PathBuf {
    match member {
        Some(member) => PathBuf::from(format!("{}!/{member}", file.display())),
        None => file.to_path_buf(),
    }
}

fn name(file: &Path, record: Option<&str>) -> String {
    record
        .map_or_else(|| file.display().to_string(), |record| format!("{}#{record}", file.display()))
}

/// One report for people.
fn text(file: &Path, record: Option<&str>, report: &Report, look: Look, lang: Lang) -> String {
    let mut text = look.paint(Ink::Strong, &visible(&shortened(&name(file, record))));
    let _ = writeln!(text, "\n{}", encoding(&report.encoding, lang));
    if let Some(unit) = margin_unit(file, report, lang) {
        let _ = writeln!(text, "{}", tr!(lang, "in the margin: {unit}", unit = unit));
    }
    noted(&report.notes, 0, look, lang, &mut text);
    if report.articles.iter().all(|article| article.paragraphs.is_empty()) {
        noted(&[Note::new("no-text", "")], 0, look, lang, &mut text);
    }
    for (at, article) in report.articles.iter().enumerate() {
        head(at + 1, article, look, lang, &mut text);
        for shown in &article.paragraphs {
            paragraph(file, shown, article.date, look, lang, &mut text);
        }
    }
    if !report.dropped.is_empty() {
        let _ = writeln!(text, "\n{}", look.paint(Ink::Strong, tr!(lang, "left out")));
        for dropped in &report.dropped {
            let run = Run::default()
                .then(Ink::Faint, &format!("[{}] ", rule_title(&dropped.rule, lang)))
                .then(Ink::Faint, &dropped.text);
            let line = dropped.line.map(|line| line.to_string());
            run.lines(&look, &margin(line), INDENT, &mut text);
        }
    }
    text
}

/// What people call the text that a rule of cleaning leaves out.
fn rule_title(rule: &str, lang: Lang) -> &str {
    match rule {
        "breadcrumb" => tr!(lang, "breadcrumb"),
        "contents" => tr!(lang, "contents"),
        "copyright" => tr!(lang, "copyright"),
        "document-site" => tr!(lang, "site of documents"),
        "editor" => tr!(lang, "editor"),
        "keywords" => tr!(lang, "keywords"),
        "licence" => tr!(lang, "licence"),
        "link" => tr!(lang, "link"),
        "page-head" => tr!(lang, "page head"),
        "page-number" => tr!(lang, "page number"),
        "page-rest" => tr!(lang, "outside the article"),
        "page-tools" => tr!(lang, "page tools"),
        "photo-credit" => tr!(lang, "photo credit"),
        "prev-next" => tr!(lang, "previous and next"),
        "related" => tr!(lang, "related articles"),
        "repeated-title" => tr!(lang, "repeated title"),
        "running-head" => tr!(lang, "running head"),
        "separator" => tr!(lang, "separator"),
        "site-footer" => tr!(lang, "site footer"),
        "teaser" => tr!(lang, "teaser"),
        other => other,
    }
}

/// What the margin counts where it counts no lines.
fn margin_unit(file: &Path, report: &Report, lang: Lang) -> Option<&'static str> {
    let mut places = report.articles.iter().flat_map(|article| &article.paragraphs);
    place::unit(&file.to_string_lossy(), &places.find_map(|paragraph| paragraph.place)?, lang)
}

fn encoding(report: &EncodingReport, lang: Lang) -> String {
    let decided = match report.decided_by {
        DecidedBy::Bom => tr!(lang, "byte order mark"),
        DecidedBy::Valid => tr!(lang, "all bytes are valid in it"),
        DecidedBy::Utf16Pattern => tr!(lang, "zero bytes of UTF-16"),
        DecidedBy::Declared => tr!(lang, "declared by the page"),
        DecidedBy::Frequency => tr!(lang, "gives common characters"),
        DecidedBy::LineByLine => tr!(lang, "line by line"),
        DecidedBy::Format => tr!(lang, "as the format has it"),
        DecidedBy::Option => tr!(lang, "given by --encoding"),
    };
    let mut text =
        tr!(lang, "encoding {name}: {decided}", name = report.encoding, decided = decided);
    if let Some(margin) = report.margin {
        text.push_str(&tr!(lang, ", margin {margin}", margin = format!("{margin:.2}")));
    }
    if report.replacements > 0 {
        let offset = report.first_replacement.unwrap_or(0);
        text.push_str(&tr!(
            lang,
            ", unreadable characters: {n}, the first at byte {offset}",
            n = report.replacements,
            offset = offset
        ));
    }
    text
}

fn head(at: usize, article: &Article, look: Look, lang: Lang, text: &mut String) {
    let title = article.title.as_deref().unwrap_or_else(|| tr!(lang, "(no title)"));
    let count =
        counted(lang, u64::try_from(article.paragraphs.len()).unwrap_or(0), Noun::Paragraph);
    let heading = tr!(lang, "Article {n} ({paragraphs})", n = at, paragraphs = count);
    text.push('\n');
    Run::default()
        .then(Ink::Faint, &heading)
        .then(Ink::Plain, "  ")
        .then(Ink::Strong, title)
        .lines(&look, "", 2, text);
    let date = article.date.map(|date| date.to_string());
    let facts = [
        (tr!(lang, "subtitle"), article.subtitle.as_deref()),
        (tr!(lang, "source"), article.source.as_deref()),
        (tr!(lang, "author"), article.author.as_deref()),
        (tr!(lang, "date"), date.as_deref()),
    ];
    for (name, value) in facts {
        if let Some(value) = value {
            let run = Run::default()
                .then(Ink::Faint, name)
                .then(Ink::Plain, ": ")
                .then(Ink::Plain, value);
            run.lines(&look, "  ", 2, text);
        }
    }
    text.push('\n');
}

fn paragraph(
    file: &Path,
    paragraph: &Paragraph,
    written: Option<Date>,
    look: Look,
    lang: Lang,
    text: &mut String,
) {
    let kind = format!("[{}] ", kind_name(paragraph.kind, lang));
    let name = file.to_string_lossy();
    let place = paragraph.place.map(|place: Place| place::typed(&name, &place));
    Run::default().then(Ink::Faint, &kind).then(Ink::Plain, &paragraph.display).lines(
        &look,
        &margin(place),
        INDENT,
        text,
    );
    let tags = [
        (tr!(lang, "Region"), tag_names(&paragraph.regions, lang)),
        (tr!(lang, "Measure"), tag_names(&paragraph.measures, lang)),
    ];
    for (name, paths) in tags.iter().filter(|(_, paths)| !paths.is_empty()) {
        let run =
            Run::default().then(Ink::Faint, name).then(Ink::Faint, ": ").then(Ink::Region, paths);
        run.lines(&look, &" ".repeat(INDENT), INDENT, text);
    }
    let told = [
        (tr!(lang, "Figure"), figures(paragraph)),
        (tr!(lang, "Time (inferred)"), periods(paragraph, written)),
    ];
    for (name, what) in told.iter().filter(|(_, what)| !what.is_empty()) {
        let run =
            Run::default().then(Ink::Faint, name).then(Ink::Faint, ": ").then(Ink::Plain, what);
        run.lines(&look, &" ".repeat(INDENT), INDENT, text);
    }
    noted(&paragraph.notes, INDENT, look, lang, text);
}

/// Each year or month named from the article's date: `去年 = 2022-01-01..2022-12-31`.
fn periods(paragraph: &Paragraph, written: Option<Date>) -> String {
    let one = |period: &Period| {
        let words: String =
            paragraph.display.chars().skip(period.at.start()).take(period.at.len()).collect();
        format!("{words} = {}..{}", json::day(period.date.from), json::day(period.date.to))
    };
    let found = period::find(&to_simplified(&paragraph.display), written);
    found.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// Each figure as it is counted: `97300人次 (9.73万人次), 5-15户`.
fn figures(paragraph: &Paragraph) -> String {
    let one = |figure: &Figure| {
        let upper = figure.value_max.map(|upper| format!("-{upper}")).unwrap_or_default();
        let unit = figure.unit.as_deref().unwrap_or("");
        let noun = figure.noun.as_deref().unwrap_or("");
        let read = format!("{}{upper}{unit}", figure.value);
        let written: String =
            paragraph.display.chars().skip(figure.at.start()).take(figure.at.len()).collect();
        let written = if written == read { String::new() } else { format!(" ({written})") };
        format!("{read}{noun}{written}")
    };
    paragraph.figures.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn noted(notes: &[Note], indent: usize, look: Look, lang: Lang, text: &mut String) {
    for note in notes {
        Run::default().then(Ink::Note, "! ").then(Ink::Faint, &notes::words(lang, note)).lines(
            &look,
            &" ".repeat(indent),
            indent,
            text,
        );
    }
}

/// The place in its column, as it is typed after the path.
fn margin(place: Option<String>) -> String {
    format!("{}  ", pad_start(&place.unwrap_or_default(), INDENT - 2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use fangzhi::model::{Dropped, ParagraphKind, RegionPath, Span, Tag};
    use insta::assert_snapshot;
    use regex::Regex;

    fn report() -> Report {
        let paragraph = Paragraph {
            place: Some(Place::Text { line: (3, 4), bytes: Span::new(20, 60) }),
            notes: vec![Note::new("joined", "2")],
            regions: vec![Tag { path: RegionPath::new("云南省").unwrap(), inferred: false }],
            figures: vec![Figure {
                value: 12_000.0,
                value_max: None,
                unit: Some("个".to_owned()),
                qualifier: None,
                noun: None,
                at: Span::new(16, 21),
            }],
            ..Paragraph::new(
                "山城推行网格化管理，今年划分网格1.2万个。\x1b[1m",
                ParagraphKind::Body,
            )
        };
        Report {
            encoding: EncodingReport {
                encoding: "GB18030".to_owned(),
                decided_by: DecidedBy::Frequency,
                margin: Some(0.42),
                replacements: 1,
                first_replacement: Some(77),
            },
            articles: vec![Article {
                title: Some("山城网格化".to_owned()),
                source: Some("示例日报(虚构)".to_owned()),
                date: Date::new(2023, Some(6), Some(19)),
                paragraphs: vec![paragraph],
                ..Article::default()
            }],
            dropped: vec![Dropped {
                text: "首页 > 新闻".to_owned(),
                rule: "breadcrumb".to_owned(),
                line: Some(1),
            }],
            notes: Vec::new(),
        }
    }

    #[test]
    fn every_rule_of_cleaning_has_a_title_in_chinese() {
        let source = include_str!("../../ingest/boilerplate/mod.rs");
        let rules = source.split_once("#[cfg(test)]").unwrap().0;
        let named = Regex::new(r#"(?:Some\(|, )"([a-z-]+)"\)"#).unwrap();
        let mut count = 0;
        for rule in named.captures_iter(rules).map(|found| found.get(1).unwrap().as_str()) {
            assert!(!rule_title(rule, Lang::Chinese).is_ascii(), "{rule}");
            count += 1;
        }
        assert!(count > 15, "{count} rules");
    }

    #[test]
    fn a_report_is_shown_with_all_that_was_found_and_left_out() {
        assert_snapshot!(text(Path::new("a.txt"), None, &report(), Look::default(), Lang::Chinese), @r"
        a.txt
        编码 GB18030：解出的是常用字，余量 0.42，1 个字无法解读，首个在第 77 字节

        第 1 篇（1 段）  山城网格化
          来源: 示例日报(虚构)
          日期: 2023-06-19

           3  [正文] 山城推行网格化管理，今年划分网格1.2万个。␛[1m
              地区: 云南省
              数字: 12000个 (1.2万个)
              时间（推断）: 今年 = 2023-01-01..2023-12-31
              ! 由 2 行连成

        略去的内容
           1  [导航路径] 首页 > 新闻
        ");
        let mut packed = report();
        packed.encoding.margin = None;
        packed.encoding.replacements = 0;
        let place = Place::Block { block: (12, 12), page: Some((2, 2)), area: None };
        packed.articles[0].paragraphs[0].place = Some(place);
        packed.dropped[0].line = None;
        assert_snapshot!(text(Path::new("a.xlsx"), None, &packed, Look::default(), Lang::Chinese), @r"
        a.xlsx
        编码 GB18030：解出的是常用字
        左侧数字：表.行

        第 1 篇（1 段）  山城网格化
          来源: 示例日报(虚构)
          日期: 2023-06-19

        2.12  [正文] 山城推行网格化管理，今年划分网格1.2万个。␛[1m
              地区: 云南省
              数字: 12000个 (1.2万个)
              时间（推断）: 今年 = 2023-01-01..2023-12-31
              ! 由 2 行连成

        略去的内容
              [导航路径] 首页 > 新闻
        ");
        let narrow = Look { columns: Some(30), ..Look::default() };
        assert_snapshot!(text(Path::new("a.jsonl"), Some("7"), &report(), narrow, Lang::English), @r"
        a.jsonl#7
        encoding GB18030: gives common characters, margin 0.42, unreadable characters: 1, the first at byte 77

        Article 1 (1 paragraph)  山
          城网格化
          source: 示例日报(虚构)
          date: 2023-06-19

           3  [body] 山城推行网格化管
              理，今年划分网格1.2万
              个。␛[1m
              Region: 云南省
              Figure: 12000个 (1.2万
              个)
              Time (inferred): 今年 =
              2023-01-01..2023-12-31
              ! joined from 2 lines

        left out
           1  [breadcrumb] 首页 > 新闻
        ");
    }
}
