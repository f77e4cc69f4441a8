//! Hits and facets as text for people; what is said about an answer is in `notes.rs`.
//!
//! Every function gives a string; the caller decides where it goes. What is in a report's text, title or name is
//! written through [`Run`] or [`visible`], so that nothing in it reaches the terminal as a command.

use crate::lang::{Lang, Noun, counted, thousands, tr};
use crate::output::cross;
use crate::output::layout::{Ink, Look, Run, pad_start, shortened, visible};
use crate::output::place;
use crate::output::reprints;
use crate::tags::rule_name;
use fangzhi::index::split_member;
use fangzhi::model::{ParagraphKind, Place, Tag};
use fangzhi::search::request::{
    BucketKey, Explanation, Facet, FacetCounts, Hit, SearchResponse, Unit,
};
use fangzhi::text::width::{pad, truncate, width};
use fangzhi::vocab::overrides::NOT_RULE;
use std::fmt::{Display, Write as _};
use std::path::Path;

/// How an answer is shown.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View<'a> {
    /// Language of headings.
    pub(crate) lang: Lang,
    /// Colour, links, width.
    pub(crate) look: Look,
    /// Paths below this folder are shown relative to it.
    pub(crate) base: &'a Path,
    /// Show scores and why.
    pub(crate) explain: bool,
}

/// Spaces before every line of a hit but its first.
const INDENT: usize = 4;

/// The whole answer: counts, hits or inexact hits, facets.
pub(crate) fn search(response: &SearchResponse, view: &View<'_>) -> String {
    let mut text = view.look.paint(Ink::Strong, &total(response, view.lang));
    let _ =
        writeln!(text, "{}", view.look.paint(Ink::Faint, &format!("  {:.1} ms", response.took_ms)));
    hits(&response.hits, view, &mut text);
    if let Some(relaxed) = &response.relaxed {
        let all = counted(view.lang, relaxed.total, Noun::Paragraph);
        let heading = tr!(
            view.lang,
            "Inexact results (words of the query or parts of them, {total})",
            total = all
        );
        let _ = writeln!(text, "\n{}", view.look.paint(Ink::Strong, &heading));
        hits(&relaxed.hits, view, &mut text);
    }
    facets(&response.facets, response.unit, view, &mut text);
    if let Some(counts) = &response.cross {
        text.push_str(&cross::text(counts, view));
    }
    text
}

/// `132 段 · 41 篇`: what is counted always stands with the count.
pub(crate) fn total(response: &SearchResponse, lang: Lang) -> String {
    let counts = [
        (response.total, Noun::Paragraph),
        (response.articles, Noun::Article),
        (response.reports, Noun::Report),
    ];
    // Reports are named only where they are what is counted.
    let shown = if response.unit == Unit::Report { 3 } else { 2 };
    let counts = counts.into_iter().take(shown);
    let clusters = response.clusters.map(|clusters| (clusters, Noun::Cluster));
    let parts: Vec<_> =
        counts.chain(clusters).map(|(count, noun)| counted(lang, count, noun)).collect();
    parts.join(" · ")
}

fn hits(hits: &[Hit], view: &View<'_>, text: &mut String) {
    for (at, hit) in hits.iter().enumerate() {
        text.push('\n');
        head(at + 1, hit, view, text);
        place_line(hit, view, text);
        context(&hit.before, view, text);
        if hit.before.is_empty() && hit.after.is_empty() {
            let run = Run::default().then_marked(&hit.snippet.text, &hit.snippet.highlights);
            run.lines(&view.look, &" ".repeat(INDENT), INDENT, text);
        } else {
            let run = Run::default().then_marked(&hit.text, &hit.highlights);
            run.lines(&view.look, &" ".repeat(INDENT), INDENT, text);
        }
        context(&hit.after, view, text);
        if view.explain {
            why(hit, view, text);
        }
        reprints::lines(hit, view, INDENT, text);
        if hit.more > 0 {
            let more = u64::try_from(hit.more).unwrap_or(u64::MAX);
            let more = thousands(more);
            let line = tr!(view.lang, "… and {n} more here", n = more);
            let _ = writeln!(text, "{}{}", " ".repeat(INDENT), view.look.paint(Ink::Faint, &line));
        }
    }
}

/// Rank, place, date, title.
fn head(rank: usize, hit: &Hit, view: &View<'_>, text: &mut String) {
    let date =
        hit.date.map_or_else(|| tr!(view.lang, "undated").to_owned(), |date| date.to_string());
    let title = hit.title.as_deref().unwrap_or_else(|| tr!(view.lang, "(no title)"));
    Run::default()
        .then(Ink::Plain, &pad_start(&rank.to_string(), INDENT - 2))
        .then(Ink::Plain, "  ")
        .then(Ink::Region, &region(hit, view.lang))
        .then(Ink::Plain, "  ")
        .then(Ink::Plain, &date)
        .then(Ink::Plain, "  ")
        .then(Ink::Strong, title)
        .lines(&view.look, "", INDENT, text);
}

/// The place of a hit: a region written in it before an inferred one; `+2` says how many more it has.
fn region(hit: &Hit, lang: Lang) -> String {
    let Some(first) = hit.regions.iter().find(|tag| !tag.inferred).or(hit.regions.first()) else {
        return tr!(lang, "untagged").to_owned();
    };
    match hit.regions.len() {
        1 => first.path.to_string(),
        count => format!("{} +{}", first.path, count - 1),
    }
}

/// Short id and place; never wrapped, so that both can be copied.
fn place_line(hit: &Hit, view: &View<'_>, text: &mut String) {
    let id = view.look.paint(Ink::Faint, &hit.short_id);
    let _ = writeln!(text, "{}{id}  {}", " ".repeat(INDENT), place_of(hit, view));
}

/// `path:line` as a link to the file, and what the number counts where it is no line.
pub(crate) fn place_of(hit: &Hit, view: &View<'_>) -> String {
    let place = view.look.paint(Ink::Faint, &visible(&shortened(&path_line(hit, view.base))));
    let mut text = match hit.path_bytes {
        Some(_) => place,
        None => view.look.link(file_of(&hit.path), &place),
    };
    if let Some(words) = hit.place.and_then(|place| place::words(&hit.path, &place, view.lang)) {
        let _ = write!(text, "  {}", view.look.paint(Ink::Faint, &words));
    }
    text
}

/// `path:line`, or what else can be typed after a path for `show`; relative to `base` where it lies below it.
pub(crate) fn path_line(hit: &Hit, base: &Path) -> String {
    path_place(&hit.path, hit.place, base)
}

/// The same for any place.
pub(crate) fn path_place(path: &str, place: Option<Place>, base: &Path) -> String {
    let shown = relative(path, base);
    let number = place.map(|place| place::typed(path, &place));
    number.map_or_else(|| shown.to_owned(), |number| format!("{shown}:{number}"))
}

/// `path` without `base` in front.
pub(crate) fn relative<'a>(path: &'a str, base: &Path) -> &'a str {
    Path::new(path)
        .strip_prefix(base)
        .ok()
        .and_then(Path::to_str)
        .filter(|rest| !rest.is_empty())
        .unwrap_or(path)
}

/// The file that can be opened: that of a record's `file#id`, the archive of a member.
fn file_of(path: &str) -> &str {
    if let Some((archive, _)) = split_member(path) {
        return archive;
    }
    path.rsplit_once('#')
        .map(|(file, _)| file)
        .filter(|file| file.ends_with(".jsonl"))
        .unwrap_or(path)
}

fn context(paragraphs: &[String], view: &View<'_>, text: &mut String) {
    for paragraph in paragraphs {
        let run = Run::default().then(Ink::Faint, paragraph);
        run.lines(&view.look, &" ".repeat(INDENT), INDENT, text);
    }
}

/// Score, tags and their evidence.
fn why(hit: &Hit, view: &View<'_>, text: &mut String) {
    if let Some(explanation) = &hit.explanation {
        explain(explanation, 0, view.lang, text);
    } else {
        let score = tr!(view.lang, "score {score}", score = format!("{:.3}", hit.score));
        let _ = writeln!(text, "{}{score}", " ".repeat(INDENT));
    }
    tags(hit, view, text);
}

fn explain(part: &Explanation, depth: usize, lang: Lang, text: &mut String) {
    let indent = " ".repeat(INDENT + 2 * depth);
    let _ = writeln!(text, "{indent}{:.3}  {}", part.value, visible(&part_name(&part.what, lang)));
    for inner in &part.parts {
        explain(inner, depth + 1, lang, text);
    }
}

/// What a part of a score is: JSON has its code, people read words.
fn part_name(what: &str, lang: Lang) -> String {
    let (code, item) = what.split_once(':').unwrap_or((what, ""));
    match code {
        "score" => tr!(lang, "score").to_owned(),
        "not running text" => tr!(lang, "a heading, byline or caption").to_owned(),
        "words" => tr!(lang, "word {item}", item = item),
        "grams" => tr!(lang, "characters {item}", item = item),
        "chars" => tr!(lang, "single character {item}", item = item),
        "title" => tr!(lang, "characters {item} in the title", item = item),
        "heading" => tr!(lang, "characters {item} in the heading above", item = item),
        "phrase" => tr!(lang, "{item} as a whole", item = item),
        "adjacent" => tr!(lang, "{item} one after the other", item = item),
        "whole" => tr!(lang, "{item} as the query has it", item = item),
        _ => what.to_owned(),
    }
}

/// The tags of a paragraph, each with the words that gave it.
fn tags(hit: &Hit, view: &View<'_>, text: &mut String) {
    let mut line = |heading: &str, path: &dyn Display, inferred: bool| {
        let path = path.to_string();
        let mut run = Run::default()
            .then(Ink::Faint, heading)
            .then(Ink::Plain, ": ")
            .then(Ink::Region, &path);
        if inferred {
            run = run.then(Ink::Faint, &format!(" ({})", tr!(view.lang, "inferred")));
        }
        for evidence in hit.evidence.iter().filter(|evidence| evidence.tag == path) {
            let words = evidence.words.join(tr!(view.lang, ", "));
            let rule = rule_name(&evidence.rule, view.lang);
            let words = if words.is_empty() { words } else { format!(": {words}") };
            run = run.then(Ink::Faint, &format!("  {rule}{words}"));
        }
        run.lines(&view.look, &" ".repeat(INDENT), INDENT, text);
    };
    let heading = facet_name(Facet::Region, view.lang);
    hit.regions.iter().for_each(|tag| line(heading, &tag.path, tag.inferred));
    let heading = facet_name(Facet::Measure, view.lang);
    hit.measures.iter().for_each(|tag| line(heading, &tag.path, tag.inferred));
    for evidence in hit.evidence.iter().filter(|evidence| evidence.rule == NOT_RULE) {
        let refused = format!("{}: {}", rule_name(NOT_RULE, view.lang), evidence.tag);
        let run = Run::default().then(Ink::Faint, &refused);
        run.lines(&view.look, &" ".repeat(INDENT), INDENT, text);
    }
}

/// One paragraph whole, for `show`.
pub(crate) fn paragraph(hit: &Hit, view: &View<'_>) -> String {
    let mut text = String::new();
    let title = hit.title.as_deref().unwrap_or_else(|| tr!(view.lang, "(no title)"));
    let mut run = Run::default().then(Ink::Strong, title);
    let date = hit.date.map(|date| date.to_string());
    for part in [hit.source.as_deref(), date.as_deref()].into_iter().flatten() {
        run = run.then(Ink::Plain, "  ").then(Ink::Plain, part);
    }
    run.lines(&view.look, "", 0, &mut text);
    let place = place_of(hit, view);
    let order = tr!(
        view.lang,
        "article {article}, paragraph {paragraph}, {kind}",
        article = hit.article,
        paragraph = hit.paragraph,
        kind = kind_name(hit.kind, view.lang)
    );
    let id = view.look.paint(Ink::Faint, &hit.short_id);
    let _ = writeln!(text, "{id}  {place}  {}\n", view.look.paint(Ink::Faint, &order));
    for paragraph in &hit.before {
        Run::default().then(Ink::Faint, paragraph).lines(&view.look, "", 0, &mut text);
        text.push('\n');
    }
    Run::default().then_marked(&hit.text, &hit.highlights).lines(&view.look, "", 0, &mut text);
    for paragraph in &hit.after {
        text.push('\n');
        Run::default().then(Ink::Faint, paragraph).lines(&view.look, "", 0, &mut text);
    }
    if !hit.regions.is_empty() || !hit.measures.is_empty() || !hit.evidence.is_empty() {
        text.push('\n');
        tags(hit, view, &mut text);
    }
    let mut others = String::new();
    reprints::lines(hit, view, 0, &mut others);
    if !others.is_empty() {
        text.push('\n');
        text.push_str(&others);
    }
    text
}

/// Facets as trees under one another, all counts in one column.
fn facets(facets: &[FacetCounts], unit: Unit, view: &View<'_>, text: &mut String) {
    let mut rows = Vec::new();
    for counts in facets {
        if counts.buckets.is_empty() || is_nested(counts, facets) {
            continue;
        }
        rows.push(Row::Gap);
        let mut heading = facet_name(counts.facet, view.lang).to_owned();
        if let Some(under) = &counts.under {
            let _ = write!(heading, " {under}");
        }
        rows.push(Row::Heading(heading));
        facet_rows(counts, facets, 1, view.lang, &mut rows);
    }
    write_rows(&rows, unit, view, text);
}

enum Row {
    Gap,
    Heading(String),
    Count { name: String, depth: usize, count: u64 },
    Words { words: String, depth: usize },
}

/// Whether the counts below a path are shown inside the tree of another answer, under the row of that path.
fn is_nested(counts: &FacetCounts, all: &[FacetCounts]) -> bool {
    counts.under.as_deref().is_some_and(|under| {
        all.iter().any(|other| {
            other.facet == counts.facet
                && other.buckets.iter().any(|bucket| is_path(&bucket.key, under))
        })
    })
}

fn is_path(key: &BucketKey, wanted: &str) -> bool {
    matches!(key, BucketKey::Path(path) if path == wanted)
}

fn facet_rows(
    counts: &FacetCounts,
    all: &[FacetCounts],
    depth: usize,
    lang: Lang,
    rows: &mut Vec<Row>,
) {
    let (tagged, untagged): (Vec<_>, Vec<_>) =
        counts.buckets.iter().partition(|bucket| bucket.key != BucketKey::Missing);
    for bucket in tagged {
        let name = bucket_name(&bucket.key, counts.facet, lang);
        rows.push(Row::Count { name, depth, count: bucket.count });
        for inner in all {
            if inner.facet == counts.facet
                && inner.under.as_deref().is_some_and(|under| is_path(&bucket.key, under))
            {
                facet_rows(inner, all, depth + 1, lang, rows);
            }
        }
    }
    if counts.other > 0 {
        let words = tr!(lang, "… {n} more rows, see --facet-limit", n = counts.other);
        rows.push(Row::Words { words, depth });
    }
    for bucket in untagged {
        let name = bucket_name(&bucket.key, counts.facet, lang);
        rows.push(Row::Count { name, depth, count: bucket.count });
    }
}

pub(super) fn bucket_name(key: &BucketKey, facet: Facet, lang: Lang) -> String {
    match (key, facet) {
        (BucketKey::Path(kind), Facet::Kind) => ParagraphKind::ALL
            .into_iter()
            .find(|known| known.as_str() == kind)
            .map_or_else(|| kind.clone(), |known| kind_name(known, lang).to_owned()),
        (BucketKey::Path(path), Facet::Region | Facet::Measure) => {
            path.rsplit('/').next().unwrap_or(path).to_owned()
        }
        (BucketKey::Path(path), _) => path.clone(),
        (BucketKey::Own, _) => tr!(lang, "(itself)").to_owned(),
        (BucketKey::Missing, Facet::Year) => tr!(lang, "undated").to_owned(),
        (BucketKey::Missing, Facet::Source) => tr!(lang, "unknown source").to_owned(),
        (BucketKey::Missing, _) => tr!(lang, "untagged").to_owned(),
    }
}

fn write_rows(rows: &[Row], unit: Unit, view: &View<'_>, text: &mut String) {
    let unit = match unit {
        Unit::Paragraph => tr!(view.lang, "paragraphs"),
        Unit::Article => tr!(view.lang, "articles"),
        Unit::Report => tr!(view.lang, "reports"),
        Unit::Cluster => tr!(view.lang, "different texts"),
    };
    let number_columns = rows
        .iter()
        .map(|row| if let Row::Count { count, .. } = row { width(&thousands(*count)) } else { 0 })
        .max()
        .unwrap_or(0)
        .max(width(unit));
    let name_columns = rows
        .iter()
        .map(|row| match row {
            Row::Count { name, depth, .. } => 2 * depth + width(&visible(name)),
            Row::Heading(heading) => width(&visible(heading)),
            Row::Gap | Row::Words { .. } => 0,
        })
        .max()
        .unwrap_or(0);
    let room = view
        .look
        .columns
        .map_or(usize::MAX, |columns| columns.saturating_sub(number_columns + 2).max(10));
    let name_columns = name_columns.min(room);
    for row in rows {
        match row {
            Row::Gap => text.push('\n'),
            Row::Heading(heading) => {
                let heading = pad(&truncate(&visible(heading), name_columns), name_columns);
                let unit = view.look.paint(Ink::Faint, &pad_start(unit, number_columns));
                let _ = writeln!(text, "{}  {unit}", view.look.paint(Ink::Strong, &heading));
            }
            Row::Count { name, depth, count } => {
                let name = format!("{}{}", "  ".repeat(*depth), visible(name));
                let name = pad(&truncate(&name, name_columns), name_columns);
                let _ = writeln!(text, "{name}  {}", pad_start(&thousands(*count), number_columns));
            }
            Row::Words { words, depth } => {
                let _ =
                    writeln!(text, "{}{}", "  ".repeat(*depth), view.look.paint(Ink::Faint, words));
            }
        }
    }
}

/// A facet's name.
pub(crate) fn facet_name(facet: Facet, lang: Lang) -> &'static str {
    match facet {
        Facet::Region => tr!(lang, "Region"),
        Facet::Measure => tr!(lang, "Measure"),
        Facet::Year => tr!(lang, "Year"),
        Facet::Source => tr!(lang, "Source"),
        Facet::Kind => tr!(lang, "Kind"),
    }
}

/// A kind's name.
pub(crate) fn kind_name(kind: ParagraphKind, lang: Lang) -> &'static str {
    match kind {
        ParagraphKind::Heading => tr!(lang, "heading"),
        ParagraphKind::Body => tr!(lang, "body"),
        ParagraphKind::Byline => tr!(lang, "byline"),
        ParagraphKind::Caption => tr!(lang, "caption"),
        ParagraphKind::Table => tr!(lang, "table"),
    }
}

/// Tag paths in one cell.
pub(crate) fn tag_names<P: Display>(tags: &[Tag<P>], lang: Lang) -> String {
    tags.iter().map(|tag| tag.path.to_string()).collect::<Vec<_>>().join(tr!(lang, ", "))
}

#[cfg(test)]
pub(crate) mod samples {
    //! Answers made by hand, for the tests of all outputs.

    use fangzhi::model::{
        Date, Evidence, Figure, MeasurePath, ParagraphKind, Place, RegionPath, Span, Tag,
    };
    use fangzhi::search::request::{
        Bucket, BucketKey, CrossCounts, CrossRequest, CrossRow, Facet, FacetCounts, FacetRequest,
        Hit, MatchMode, SearchResponse, Snippet, Unit,
    };

    pub(crate) fn hit() -> Hit {
        Hit {
            id: "5f0c1d2e3a4b5c6d7e8f901122334455".to_owned(),
            short_id: "5f0c1d2".to_owned(),
            score: 7.25,
            path: "/data/reports/山城.txt".to_owned(),
            path_bytes: None,
            article: 1,
            paragraph: 3,
            kind: ParagraphKind::Body,
            title: Some("山城推行网格化".to_owned()),
            date: Date::new(2023, Some(6), None),
            source: Some("示例日报(虚构)".to_owned()),
            text: "全州推行网格化管理，划分网格845个。".to_owned(),
            snippet: Snippet {
                text: "…推行网格化管理，划分网格845个。".to_owned(),
                highlights: vec![Span::new(3, 8)],
            },
            highlights: vec![Span::new(4, 9)],
            regions: vec![Tag {
                path: RegionPath::new("云南省/迪庆藏族自治州").unwrap(),
                inferred: true,
            }],
            measures: vec![Tag {
                path: MeasurePath::new("基层治理/网格化管理").unwrap(),
                inferred: false,
            }],
            evidence: vec![Evidence {
                tag: "基层治理/网格化管理".to_owned(),
                rule: "cue".to_owned(),
                words: vec!["网格化管理".to_owned()],
                at: vec![Span::new(4, 9)],
            }],
            figures: vec![Figure {
                value: 845.0,
                value_max: None,
                unit: Some("个".to_owned()),
                qualifier: None,
                noun: None,
                at: Span::new(14, 18),
            }],
            place: Some(Place::Text { line: (12, 13), bytes: Span::new(300, 352) }),
            reprints: None,
            more: 0,
            before: Vec::new(),
            after: Vec::new(),
            explanation: None,
        }
    }

    pub(crate) fn counts(
        facet: Facet,
        under: Option<&str>,
        buckets: &[(&str, u64)],
    ) -> FacetCounts {
        let key = |name: &str| match name {
            "" => BucketKey::Missing,
            "." => BucketKey::Own,
            path => BucketKey::Path(path.to_owned()),
        };
        FacetCounts {
            facet,
            under: under.map(str::to_owned),
            total: 132,
            other: 0,
            buckets: buckets
                .iter()
                .map(|(name, count)| Bucket { key: key(name), count: *count })
                .collect(),
        }
    }

    pub(crate) fn cross() -> CrossCounts {
        let one = |facet| FacetRequest { facet, under: None, limit: 3 };
        let column = |key, count| Bucket { key, count };
        let row = |path: &str, total, counts: [u64; 3]| CrossRow {
            key: BucketKey::Path(path.to_owned()),
            total,
            counts: counts.to_vec(),
        };
        CrossCounts {
            of: CrossRequest::new(one(Facet::Region), one(Facet::Measure)).unwrap(),
            total: 1_732,
            columns: vec![
                column(BucketKey::Path("基层治理".to_owned()), 1_066),
                column(BucketKey::Path("=产业".to_owned()), 40),
                column(BucketKey::Missing, 11),
            ],
            other_columns: 0,
            rows: vec![row("云南省", 1_000, [900, 30, 9]), row("西藏自治区", 4, [0, 4, 0])],
            other_rows: 2,
        }
    }

    pub(crate) fn response() -> SearchResponse {
        SearchResponse {
            query: "网格化管理".to_owned(),
            matched: MatchMode::All,
            total: 132,
            articles: 41,
            reports: 38,
            clusters: None,
            unit: Unit::Paragraph,
            took_ms: 1.25,
            notes: Vec::new(),
            hits: vec![hit()],
            relaxed: None,
            reasons: Vec::new(),
            cross: None,
            facets: vec![
                counts(Facet::Region, None, &[("云南省", 81), ("西藏自治区", 40), ("", 11)]),
                counts(Facet::Measure, None, &[("基层治理", 1066)]),
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fangzhi::model::Place;
    use fangzhi::search::request::Relaxed;
    use insta::assert_snapshot;

    fn view(lang: Lang, columns: Option<usize>) -> View<'static> {
        let look = Look { columns, ..Look::default() };
        View { lang, look, base: Path::new("/data"), explain: false }
    }

    #[test]
    fn an_answer_in_chinese() {
        assert_snapshot!(search(&samples::response(), &view(Lang::Chinese, None)), @r"
        132 段 · 41 篇  1.2 ms

         1  云南省/迪庆藏族自治州  2023-06  山城推行网格化
            5f0c1d2  reports/山城.txt:12
            …推行网格化管理，划分网格845个。

        地区             段
          云南省         81
          西藏自治区     40
          未标注         11

        举措             段
          基层治理    1,066
        ");
    }

    #[test]
    fn an_answer_in_english_on_a_narrow_terminal() {
        let mut response = samples::response();
        response.hits[0].more = 3;
        assert_snapshot!(search(&response, &view(Lang::English, Some(30))), @r"
        132 paragraphs · 41 articles  1.2 ms

         1  云南省/迪庆藏族自治州
            2023-06  山城推行网格化
            5f0c1d2  reports/山城.txt:12
            …推行网格化管理，划分网格
            845个。
            … and 3 more here

        Region        paragraphs
          云南省              81
          西藏自治区          40
          untagged            11

        Measure       paragraphs
          基层治理         1,066
        ");
    }

    #[test]
    fn children_of_a_selection_stand_under_its_row() {
        let mut response = samples::response();
        response.hits.clear();
        response.facets = vec![
            samples::counts(Facet::Region, None, &[("云南省", 81), ("西藏自治区", 40), ("", 11)]),
            samples::counts(
                Facet::Region,
                Some("云南省"),
                &[("云南省/迪庆藏族自治州", 60), (".", 21)],
            ),
            samples::counts(Facet::Year, None, &[("2023", 100), ("", 32)]),
        ];
        response.facets[0].other = 2;
        assert_snapshot!(search(&response, &view(Lang::Chinese, None)), @r"
        132 段 · 41 篇  1.2 ms

        地区                 段
          云南省             81
            迪庆藏族自治州   60
            本级             21
          西藏自治区         40
          … 另有 2 行，见 --facet-limit
          未标注             11

        年份                 段
          2023              100
          无日期             32
        ");
    }

    #[test]
    fn inexact_hits_stand_under_their_own_heading() {
        let mut response = samples::response();
        let hits = std::mem::take(&mut response.hits);
        (response.total, response.articles, response.reports) = (0, 0, 0);
        response.facets.clear();
        response.relaxed = Some(Relaxed { hits, total: 7 });
        assert_snapshot!(search(&response, &view(Lang::Chinese, None)), @r"
        0 段 · 0 篇  1.2 ms

        近似结果（含检索词或其部分，共 7 段）

         1  云南省/迪庆藏族自治州  2023-06  山城推行网格化
            5f0c1d2  reports/山城.txt:12
            …推行网格化管理，划分网格845个。
        ");
    }

    #[test]
    fn scores_tags_and_evidence_stand_with_explain_only() {
        let mut response = samples::response();
        response.facets.clear();
        response.hits[0].explanation = Some(Explanation {
            what: "score".to_owned(),
            value: 7.25,
            parts: vec![Explanation {
                what: "words:网格化".to_owned(),
                value: 7.25,
                parts: Vec::new(),
            }],
        });
        let mut explained = view(Lang::Chinese, None);
        explained.explain = true;
        assert_snapshot!(search(&response, &explained), @r"
        132 段 · 41 篇  1.2 ms

         1  云南省/迪庆藏族自治州  2023-06  山城推行网格化
            5f0c1d2  reports/山城.txt:12
            …推行网格化管理，划分网格845个。
            7.250  得分
              7.250  词 网格化
            地区: 云南省/迪庆藏族自治州 (推断)
            举措: 基层治理/网格化管理  线索词: 网格化管理
        ");
        assert!(!search(&response, &view(Lang::Chinese, None)).contains("7.250"));
    }

    #[test]
    fn a_hit_without_anything_known_is_shown() {
        let mut response = samples::response();
        let hit = &mut response.hits[0];
        (hit.title, hit.date, hit.place) = (None, None, None);
        hit.regions.clear();
        hit.measures.clear();
        response.facets = vec![samples::counts(Facet::Region, None, &[("", 132)])];
        assert_snapshot!(search(&response, &view(Lang::English, None)), @r"
        132 paragraphs · 41 articles  1.2 ms

         1  untagged  undated  (no title)
            5f0c1d2  reports/山城.txt
            …推行网格化管理，划分网格845个。

        Region      paragraphs
          untagged         132
        ");
    }

    #[test]
    fn nothing_in_a_report_reaches_the_terminal_as_a_command() {
        let mut response = samples::response();
        let hit = &mut response.hits[0];
        hit.title = Some("\x1b]0;x\x07题".to_owned());
        hit.path = "/data/\x1b[2J.txt".to_owned();
        hit.snippet.text = "一\x1b[31m二\0".to_owned();
        hit.text = hit.snippet.text.clone();
        hit.evidence[0].words = vec!["\x1b".to_owned()];
        hit.before = vec!["\x1b".to_owned()];
        response.facets = vec![samples::counts(Facet::Source, None, &[("\x1b[1m", 1)])];
        let mut explained = view(Lang::English, Some(40));
        explained.explain = true;
        for text in [search(&response, &explained), paragraph(&response.hits[0], &explained)] {
            assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{text:?}");
        }
    }

    #[test]
    fn a_paragraph_is_shown_whole_with_its_tags() {
        let mut hit = samples::hit();
        hit.before = vec!["前一段。".to_owned()];
        hit.after = vec!["后一段。".to_owned()];
        assert_snapshot!(paragraph(&hit, &view(Lang::Chinese, None)), @r"
        山城推行网格化  示例日报(虚构)  2023-06
        5f0c1d2  reports/山城.txt:12  第 1 篇第 3 段，正文

        前一段。

        全州推行网格化管理，划分网格845个。

        后一段。

            地区: 云南省/迪庆藏族自治州 (推断)
            举措: 基层治理/网格化管理  线索词: 网格化管理
        ");
    }

    #[test]
    fn pages_and_members_can_be_copied_and_are_said_in_words() {
        let mut response = samples::response();
        response.facets.clear();
        let hit = &mut response.hits[0];
        hit.path = "/data/汇编.zip!/山城.pdf".to_owned();
        hit.place = Some(Place::Block { block: (40, 40), page: Some((3, 4)), area: None });
        let shown = search(&response, &view(Lang::Chinese, None));
        assert!(shown.contains("5f0c1d2  汇编.zip!/山城.pdf:3  第3-4页\n"), "{shown}");
        let mut linked = view(Lang::English, None);
        linked.look = Look { color: true, links: true, columns: None };
        let shown = paragraph(&response.hits[0], &linked);
        let archive = "\x1b]8;;file:///data/%E6%B1%87%E7%BC%96.zip\x1b\\";
        assert!(shown.contains(archive) && shown.contains("pages 3-4"), "{shown:?}");
    }

    #[test]
    fn colour_and_links_change_nothing_but_the_styles() {
        let response = samples::response();
        let mut styled = view(Lang::Chinese, Some(60));
        styled.look = Look { color: true, links: true, columns: Some(60) };
        let painted = search(&response, &styled);
        assert!(painted.contains("\x1b]8;;file:///data/reports/%E5%B1%B1%E5%9F%8E.txt\x1b\\"));
        let bare = regex::Regex::new("\x1b\\[[0-9;]*m|\x1b\\]8;;[^\x1b]*\x1b\\\\").unwrap();
        assert_eq!(
            bare.replace_all(&painted, ""),
            search(&response, &view(Lang::Chinese, Some(60)))
        );
    }

    #[test]
    fn only_what_lies_below_the_folder_is_shown_relative_to_it() {
        assert_eq!(relative("/data/a.txt", Path::new("/data")), "a.txt");
        assert_eq!(relative("/database/a.txt", Path::new("/data")), "/database/a.txt");
        assert_eq!(file_of("/a#b.txt"), "/a#b.txt");
        assert_eq!(file_of("/a.jsonl#7"), "/a.jsonl");
        assert_eq!(file_of("/d/a.zip!/b/c.jsonl#7"), "/d/a.zip");
    }
}
