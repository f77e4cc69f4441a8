//! `fangzhi inspect`: how a file is read, cleaned, split and tagged.

use crate::app::App;
use crate::args::InspectArgs;
use crate::exit::{Exit, Failure};
use crate::lang::{Lang, Noun, cause, counted, tr};
use crate::output::json;
use crate::output::layout::{Ink, Look, Run, pad_start, visible};
use crate::output::place;
use crate::output::text::{kind_name, tag_names};
use crate::values;
use crate::vocabulary;
use fangzhi::model::{
    Article, Date, DecidedBy, EncodingReport, Figure, Note, Paragraph, Place, Report,
};
use fangzhi::pipeline::{self, IndexRequest, Inspected};
use fangzhi::tag::period::{self, Period};
use fangzhi::text::script::to_simplified;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Columns before the text of a paragraph: its place, or spaces.
const INDENT: usize = 6;

/// Runs the command.
pub(crate) fn run(app: &App, args: &InspectArgs) -> Result<Exit, Failure> {
    let schema = crate::config::index(app.index.as_deref(), &crate::config::variables, &app.cwd)
        .map(|chosen| vocabulary::schema_folder(chosen.folder()));
    let vocabulary = vocabulary::load(app.lang, schema.as_deref())?;
    let request = IndexRequest {
        encoding: args.encoding.clone(),
        ..values::reading(app.lang, &args.reading)?
    };
    let mut out = app.out();
    let mut exit = Exit::Fine;
    for file in &args.files {
        let mut written = Ok(());
        let mut failures = Vec::new();
        let result = pipeline::inspect(file, &vocabulary, &request, &mut |inspected: Inspected| {
            let file = &inside(file, inspected.member.as_deref());
            let record = inspected.record.as_deref();
            // After a closed pipe nothing more can be written, and the rest of the file goes by.
            if written.is_ok() {
                written = match &inspected.report {
                    Ok(report) if args.json => json::inspected(&mut out, file, record, report),
                    Ok(report) => {
                        out.write_all(text(file, record, report, app.out_look, app.lang).as_bytes())
                    }
                    Err(error) if args.json => {
                        json::line(&mut out, &json::inspect_error(file, record, error))
                    }
                    Err(_) => Ok(()),
                };
            }
            if let Err(error) = inspected.report {
                let name = name(file, inspected.record.as_deref());
                failures.push(format!("{name}: {}", cause(app.lang, &error)));
            }
        });
        written?;
        out.flush()?;
        if let Err(error) = result {
            app.report(&Failure::pipeline(app.lang, &error));
            exit = Exit::Failed;
        }
        for failure in failures {
            app.error(&failure, &[]);
            exit = Exit::Failed;
        }
    }
    Ok(exit)
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
    let mut text = look.paint(Ink::Strong, &visible(&name(file, record)));
    let _ = writeln!(text, "\n{}", encoding(&report.encoding, lang));
    if let Some(unit) = margin_unit(file, report, lang) {
        let _ = writeln!(text, "{}", tr!(lang, "in the margin: {unit}", unit = unit));
    }
    notes(&report.notes, 0, look, &mut text);
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
                .then(Ink::Faint, &format!("[{}] ", dropped.rule))
                .then(Ink::Faint, &dropped.text);
            let line = dropped.line.map(|line| line.to_string());
            run.lines(&look, &margin(line), INDENT, &mut text);
        }
    }
    text
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
    notes(&paragraph.notes, INDENT, look, text);
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

fn notes(notes: &[Note], indent: usize, look: Look, text: &mut String) {
    for note in notes {
        let mut run = Run::default().then(Ink::Note, "! ").then(Ink::Faint, &note.code);
        if !note.detail.is_empty() {
            run = run.then(Ink::Faint, ": ").then(Ink::Faint, &note.detail);
        }
        run.lines(&look, &" ".repeat(indent), indent, text);
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

    fn report() -> Report {
        let paragraph = Paragraph {
            display: "山城推行网格化管理，今年划分网格1.2万个。\x1b[1m".to_owned(),
            kind: ParagraphKind::Body,
            place: Some(Place::Text { line: (3, 4), bytes: Span::new(20, 60) }),
            notes: vec![Note::new("joined", "3-4")],
            regions: vec![Tag { path: RegionPath::new("云南省").unwrap(), inferred: false }],
            measures: Vec::new(),
            mentions: Vec::new(),
            evidence: Vec::new(),
            figures: vec![Figure {
                value: 12_000.0,
                value_max: None,
                unit: Some("个".to_owned()),
                qualifier: None,
                noun: None,
                at: Span::new(16, 21),
            }],
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
              ! joined: 3-4

        略去的内容
           1  [breadcrumb] 首页 > 新闻
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
              ! joined: 3-4

        略去的内容
              [breadcrumb] 首页 > 新闻
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
              ! joined: 3-4

        left out
           1  [breadcrumb] 首页 > 新闻
        ");
    }
}
