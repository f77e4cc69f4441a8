//! `fangzhi stats`: what the index holds.

use crate::app::App;
use crate::args::StatsArgs;
use crate::exit::{Exit, Failure};
use crate::lang::{Lang, Noun, bytes, counted, thousands, tr};
use crate::output::json;
use crate::output::layout::{table, visible};
use crate::output::text::kind_name;
use crate::search;
use fangzhi::model::ParagraphKind;
use fangzhi::search::Stats;
use std::io::Write;
use std::path::Path;

/// Runs the command.
pub(crate) fn run(app: &App, args: &StatsArgs) -> Result<Exit, Failure> {
    let index = search::index_here(app)?;
    let stats =
        search::open(app, &index)?.stats().map_err(|error| Failure::search(app.lang, &error))?;
    let mut out = app.out();
    if args.json {
        json::line(&mut out, &json::stats(&index, &stats))?;
    } else {
        out.write_all(text(&index, &stats, app.lang).as_bytes())?;
    }
    out.flush()?;
    Ok(Exit::Fine)
}

fn text(index: &Path, stats: &Stats, lang: Lang) -> String {
    let mut rows = Vec::new();
    let mut row = |name: &str, value: String| rows.push(vec![name.to_owned(), value]);
    row(tr!(lang, "index"), visible(&index.display().to_string()).into_owned());
    let held = [
        counted(lang, stats.files, Noun::File),
        counted(lang, stats.reports, Noun::Report),
        counted(lang, stats.articles, Noun::Article),
        counted(lang, stats.paragraphs, Noun::Paragraph),
    ];
    row(tr!(lang, "holds"), held.join(" · "));
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
    let dates = stats.dates.map(|(from, to)| format!("{} – {}", json::day(from), json::day(to)));
    row(tr!(lang, "dates"), dates.unwrap_or_else(|| tr!(lang, "none").to_owned()));
    let encodings = stats
        .encodings
        .iter()
        .map(|(name, count)| format!("{} {}", visible(name), thousands(*count)));
    row(tr!(lang, "encodings"), encodings.collect::<Vec<_>>().join(tr!(lang, ", ")));
    let segments = counted(lang, u64::try_from(stats.segments).unwrap_or(0), Noun::Segment);
    row(tr!(lang, "size"), format!("{}, {segments}", bytes(stats.bytes)));
    for root in &stats.roots {
        row(tr!(lang, "folder"), visible(root).into_owned());
    }
    let mut text = table(&rows, &[]);
    text.push_str(tr!(lang, "Counts are exact over tags that were given automatically; their measured error is in the README."));
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use insta::assert_snapshot;

    #[test]
    fn the_numbers_stand_with_their_units() {
        let stats = Stats {
            files: 42,
            reports: 42,
            articles: 51,
            paragraphs: 9120,
            kinds: vec![("body".to_owned(), 9000), ("heading".to_owned(), 120)],
            encodings: vec![("UTF-8".to_owned(), 40), ("GB18030".to_owned(), 2)],
            with_region: 7000,
            with_measure: 3000,
            with_date: 9120,
            dates: Some((20150301, 20251231)),
            segments: 1,
            bytes: 12_345_678,
            roots: vec!["/data/reports".to_owned()],
        };
        assert_snapshot!(text(Path::new("/data/.fangzhi"), &stats, Lang::Chinese), @r"
        索引    /data/.fangzhi
        共有    42 个文件 · 42 份报告 · 51 篇 · 9,120 段
        类型    正文 9,000、标题 120
        有地区  7,000 段 (76 %)
        有举措  3,000 段 (32 %)
        有日期  9,120 段 (100 %)
        日期    2015-03-01 – 2025-12-31
        编码    UTF-8 40、GB18030 2
        大小    12.3 MB, 1 个索引段
        文件夹  /data/reports
        计数精确，但标签由程序自动标注；其实测误差见 README。
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
        Counts are exact over tags that were given automatically; their measured error is in the README.
        ");
    }
}
