//! `fangzhi stats`: what the index holds.

use crate::app::App;
use crate::args::StatsArgs;
use crate::exit::{Exit, Failure};
use crate::index;
use crate::lang::{Lang, Noun, bytes, counted, thousands, tr};
use crate::output::json;
use crate::output::layout::{shortened, table, visible};
use crate::output::text::kind_name;
use crate::partial;
use crate::search;
use fangzhi::eval::labels::{Counts, LabelScore, MEASURED};
use fangzhi::model::ParagraphKind;
use fangzhi::search::Stats;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

/// Runs the command.
pub(crate) fn run(app: &App, args: &StatsArgs) -> Result<Exit, Failure> {
    let folder = search::index_here(app)?;
    let stats =
        search::open(app, &folder)?.stats().map_err(|error| Failure::search(app.lang, &error))?;
    let mut out = app.out();
    if args.json {
        json::line(&mut out, &json::stats(&folder, &stats, &MEASURED))?;
    } else if args.problems {
        out.write_all(problems(app, &stats).as_bytes())?;
    } else {
        out.write_all(text(&folder, &stats, app.lang).as_bytes())?;
        out.write_all(tag_error(&MEASURED, args.tags, app.lang).as_bytes())?;
    }
    out.flush()?;
    Ok(Exit::Fine)
}

/// What could not be read, and what only in part, one file a line.
fn problems(app: &App, stats: &Stats) -> String {
    let mut text = String::new();
    for (path, cause, code) in &stats.failed {
        let cause = index::failed_cause(app.lang, code, cause);
        let path = index::shown_path(path, app.lang, &app.cwd);
        let line = format!("{}: {cause}", shortened(&path));
        let _infallible = writeln!(text, "{}", visible(&line));
    }
    for file in &stats.in_part {
        let _infallible = writeln!(text, "{}", visible(&partial::line(app, file)));
    }
    let named = u64::try_from(stats.in_part.len()).unwrap_or(u64::MAX);
    if let Some(n @ 1..) = stats.in_part_total.checked_sub(named) {
        let more = tr!(app.lang, "… and {n} more read in part, in files named above", n = n);
        let _infallible = writeln!(text, "{more}");
    }
    if text.is_empty() {
        let _infallible = writeln!(text, "{}", tr!(app.lang, "all files were read whole"));
    }
    text
}

fn text(folder: &Path, stats: &Stats, lang: Lang) -> String {
    let mut rows = Vec::new();
    let mut row = |name: &str, value: String| rows.push(vec![name.to_owned(), value]);
    row(tr!(lang, "index"), visible(&folder.display().to_string()).into_owned());
    let held = [
        counted(lang, stats.files, Noun::File),
        index::reports(lang, stats.reports, stats.reports_without_text),
        counted(lang, stats.articles, Noun::Article),
        counted(lang, stats.paragraphs, Noun::Paragraph),
    ];
    row(tr!(lang, "holds"), held.join(" · "));
    if !stats.failed.is_empty() {
        let failed = stats.failed.iter().map(|(path, _, code)| (path.as_str(), code.as_str()));
        row(tr!(lang, "failed"), index::failed(failed, lang));
    }
    if let Some(files) = partial::counts(lang, &stats.in_part, stats.in_part_total) {
        row(tr!(lang, "read in part"), files);
    }
    let kinds = stats.kinds.iter().map(|(kind, count)| {
        let known = ParagraphKind::ALL.into_iter().find(|known| known.as_str() == kind);
        format!(
            "{} {}",
            known.map_or(kind.as_str(), |known| kind_name(known, lang)),
            thousands(*count)
        )
    });
    row(tr!(lang, "kinds"), kinds.collect::<Vec<_>>().join(tr!(lang, ", ")));
    let share = |count: u64| {
        let percent = if stats.paragraphs == 0 {
            0
        } else {
            u128::from(count) * 100 / u128::from(stats.paragraphs)
        };
        format!("{} ({percent} %)", counted(lang, count, Noun::Paragraph))
    };
    row(tr!(lang, "with region"), share(stats.with_region));
    row(tr!(lang, "with measure"), share(stats.with_measure));
    row(tr!(lang, "with date"), share(stats.with_date));
    if stats.overrides > 0 {
        let set = tr!(
            lang,
            "{paragraphs} by corrections: {n}",
            n = thousands(stats.overrides),
            paragraphs = counted(lang, stats.overridden, Noun::Paragraph)
        );
        row(tr!(lang, "corrected"), set);
    }
    let dates = stats.dates.map(|(from, to)| format!("{} – {}", json::day(from), json::day(to)));
    row(tr!(lang, "dates"), dates.unwrap_or_else(|| tr!(lang, "none").to_owned()));
    let encodings = stats
        .encodings
        .iter()
        .map(|(name, count)| format!("{} {}", visible(name), thousands(*count)));
    row(tr!(lang, "encodings"), encodings.collect::<Vec<_>>().join(tr!(lang, ", ")));
    let segments = counted(lang, u64::try_from(stats.segments).unwrap_or(0), Noun::Segment);
    row(tr!(lang, "size"), [bytes(stats.bytes), segments].join(tr!(lang, ", ")));
    for root in &stats.roots {
        row(tr!(lang, "folder"), visible(root).into_owned());
    }
    let mut text = table(&rows, &[]);
    text.push_str(&parts(stats, lang));
    text.push_str(tr!(lang, "A report is a file, a member of an archive or a record of a JSONL file. `fangzhi stats --problems` lists what was not or only partly read."));
    text.push('\n');
    text
}

/// Fields named for each part of the index at most.
const FIELDS_SHOWN: usize = 3;

/// What takes the bytes of the index, part by part with its largest fields.
fn parts(stats: &Stats, lang: Lang) -> String {
    let rows = stats.parts.iter().filter(|part| part.bytes > 0).map(|part| {
        let name = match part.part {
            "store" => tr!(lang, "texts and tags, packed"),
            "terms" => tr!(lang, "terms"),
            "postings" => tr!(lang, "postings"),
            "positions" => tr!(lang, "positions"),
            "columns" => tr!(lang, "columns"),
            "lengths" => tr!(lang, "lengths"),
            _ => tr!(lang, "deletions"),
        };
        let percent = u128::from(part.bytes) * 100 / u128::from(stats.bytes.max(1));
        let fields = part.fields.iter().take(FIELDS_SHOWN);
        let fields = fields.map(|(field, size)| format!("{field} {}", bytes(*size)));
        let fields = fields.collect::<Vec<_>>().join(tr!(lang, ", "));
        vec![format!("  {name}"), bytes(part.bytes), format!("{percent} %"), fields]
    });
    table(&rows.collect::<Vec<_>>(), &[false, true, true])
}

/// How far the tags that are counted can be trusted; `each` measure by itself, too.
fn tag_error(measured: &LabelScore, each: bool, lang: Lang) -> String {
    let mut text = tr!(
        lang,
        "\nCounts are exact over tags that were given automatically. How right those of the built-in vocabularies are, on\n{n} paragraphs of {m} reports that were labelled by reading and no rule was written on:\n",
        n = measured.paragraphs,
        m = measured.files
    );
    let percent = |share: Option<f64>| {
        share.map_or_else(|| "–".to_owned(), |share| format!("{:.0} %", share * 100.0))
    };
    let row = |name: &str, counts: &Counts| {
        vec![
            name.to_owned(),
            percent(counts.precision()),
            percent(counts.recall()),
            (counts.right + counts.missed).to_string(),
        ]
    };
    let heads = ["", tr!(lang, "precision"), tr!(lang, "recall"), tr!(lang, "labels")];
    let mut rows = vec![heads.map(ToOwned::to_owned).to_vec()];
    rows.push(row(tr!(lang, "regions, exact"), &measured.regions));
    rows.push(row(tr!(lang, "regions, with all above"), &measured.regions_above));
    rows.push(row(tr!(lang, "measures"), &measured.measures));
    if each {
        rows.extend(measured.by_measure.iter().map(|(measure, counts)| row(measure, counts)));
    }
    text.push_str(&table(&rows, &[false, true, true, true]));
    text.push_str(tr!(
        lang,
        "precision: of the tags given, how many are right; recall: of the tags that are due, how many were given.\nA true count is about count × precision ÷ recall; with few labels both are rough.\n"
    ));
    if !each {
        text.push_str(tr!(lang, "`fangzhi stats --tags` says it of each measure.\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use fangzhi::index::PartialFile;
    use fangzhi::model::Note;
    use fangzhi::search::Part;
    use insta::assert_snapshot;

    #[test]
    fn the_error_of_the_tags_stands_below_with_its_meaning() {
        let counts = |right, wrong, missed| Counts { right, wrong, missed };
        let measured = LabelScore {
            paragraphs: 589,
            files: 113,
            regions: counts(9, 1, 3),
            regions_above: counts(19, 1, 1),
            measures: counts(3, 1, 0),
            by_measure: [
                ("基层治理/网格化管理".to_owned(), counts(3, 0, 0)),
                ("保障机制/经费保障".to_owned(), counts(0, 1, 0)),
            ]
            .into(),
            ..LabelScore::default()
        };
        assert_snapshot!(tag_error(&measured, true, Lang::Chinese), @r"

        计数精确，但标签由程序自动标注。内置词表所给标签的准确程度，在 113 份报告的 589 段上实测
        （逐段阅读标注，未用于编写规则）：
                             精确率  召回率  标注数
        地区（精确）           90 %    75 %      12
        地区（含上级）         95 %    95 %      20
        举措                   75 %   100 %       3
        保障机制/经费保障       0 %       –       0
        基层治理/网格化管理   100 %   100 %       3
        精确率：所给标签中正确的比例；召回率：应给标签中已给的比例。
        真实数量约为 计数 × 精确率 ÷ 召回率；标注数少时二者都只是粗略值。
        ");
        let short = tag_error(&measured, false, Lang::English);
        assert!(!short.contains("网格化管理"), "{short}");
        assert!(
            short.contains("regions, exact") && short.ends_with("of each measure.\n"),
            "{short}"
        );
    }

    #[test]
    fn the_numbers_stand_with_their_units() {
        let stats = Stats {
            files: 42,
            reports: 42,
            reports_without_text: 1,
            failed: vec![("甲.doc".to_owned(), "no".to_owned(), "damaged".to_owned())],
            in_part: vec![PartialFile {
                path: "乙.pdf".to_owned(),
                notes: vec![Note::new("pages-without-text", "1 of 2")],
            }],
            in_part_total: 1,
            articles: 51,
            paragraphs: 9120,
            kinds: vec![("body".to_owned(), 9000), ("heading".to_owned(), 120)],
            encodings: vec![("UTF-8".to_owned(), 40), ("GB18030".to_owned(), 2)],
            with_region: 7000,
            with_measure: 3000,
            with_date: 9120,
            overrides: 3,
            overridden: 2,
            dates: Some((20150301, 20251231)),
            segments: 1,
            bytes: 12_345_678,
            parts: vec![
                Part {
                    part: "postings",
                    bytes: 8_000_000,
                    fields: vec![("grams".to_owned(), 6_000_000), ("words".to_owned(), 2_000_000)],
                },
                Part { part: "store", bytes: 4_345_678, fields: Vec::new() },
                Part { part: "deletes", bytes: 0, fields: Vec::new() },
            ],
            roots: vec!["/data/reports".to_owned()],
        };
        assert_snapshot!(text(Path::new("/data/.fangzhi"), &stats, Lang::Chinese), @r"
        索引    /data/.fangzhi
        共有    42 个文件 · 42 份报告（1 份没有文字） · 51 篇 · 9,120 段
        失败    1 个文件：已损坏 1
        未读全  1 个文件：有的页没有文字 1
        类型    正文 9,000、标题 120
        有地区  7,000 段 (76 %)
        有举措  3,000 段 (32 %)
        有日期  9,120 段 (100 %)
        更正    3 处，2 段
        日期    2015-03-01 – 2025-12-31
        编码    UTF-8 40、GB18030 2
        大小    12.3 MB、1 个索引段
        文件夹  /data/reports
          倒排表              8.0 MB  64 %  grams 6.0 MB、words 2.0 MB
          正文与标签（压缩）  4.3 MB  35 %
        一份报告是一个文件、压缩包中的一个文件或 JSONL 的一条记录。用 `fangzhi stats --problems` 列出读取失败和未读全的文件。
        ");
        assert_snapshot!(text(Path::new("/data/.fangzhi"), &Stats::default(), Lang::English), @r"
        index         /data/.fangzhi
        holds         0 files · 0 reports · 0 articles · 0 paragraphs
        kinds
        with region   0 paragraphs (0 %)
        with measure  0 paragraphs (0 %)
        with date     0 paragraphs (0 %)
        dates         none
        encodings
        size          0 B, 0 segments
        A report is a file, a member of an archive or a record of a JSONL file. `fangzhi stats --problems` lists what was not or only partly read.
        ");
    }
}
