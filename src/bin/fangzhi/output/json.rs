//! Answers as JSON. The shapes are the contract with other programs: `index-schema/json/*.schema.json` describes
//! them, and the tests check every answer here against those files. Fields are only ever added.
//!
//! Unknown is `null`, never an empty string. Nothing here depends on the language.

use crate::advice::ADVICE;
use crate::formats;
use crate::lang::Lang;
use fangzhi::analysis::Analysis;
use fangzhi::eval::labels::{Counts, LabelScore};
use fangzhi::index::Problem;
use fangzhi::ingest::Format;
use fangzhi::model::{
    Article, Date, Dropped, Evidence, Figure, MeasurePath, Note, Paragraph, Place, RegionPath,
    Report, Span, Tag,
};
use fangzhi::pipeline::{Event, IndexSummary, Outcome, ReadFile, RepairSummary};
use fangzhi::search::Stats;
use fangzhi::search::request::{
    Bucket, BucketKey, CrossCounts, CrossRow, Explanation, FacetCounts, Hit, MatchMode, Reason,
    ReasonOf, Relaxed, Reprint, Reprints, SearchNote, SearchResponse, Unit,
};
use fangzhi::tag::period::{self, Period};
use fangzhi::text::script::to_simplified;
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::io::{self, Write};
use std::path::Path;

/// Version of all shapes here.
const SCHEMA: u32 = 1;

/// Writes one value as one line.
pub(crate) fn line(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}

#[derive(Serialize)]
struct SearchShape<'a> {
    schema: u32,
    query: &'a str,
    #[serde(rename = "match")]
    matched: &'static str,
    total: u64,
    articles: u64,
    reports: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    clusters: Option<u64>,
    unit: Unit,
    took_ms: f64,
    notes: Vec<Value>,
    reasons: Vec<Value>,
    hits: Vec<HitShape<'a>>,
    relaxed: Option<RelaxedShape<'a>>,
    facets: Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cross: Option<Value>,
}

#[derive(Serialize)]
struct RelaxedShape<'a> {
    total: u64,
    hits: Vec<HitShape<'a>>,
}

#[derive(Serialize)]
struct HitShape<'a> {
    id: &'a str,
    short_id: &'a str,
    score: f32,
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    path_bytes: Option<&'a [u8]>,
    article: usize,
    paragraph: usize,
    kind: &'static str,
    title: Option<&'a str>,
    date: Option<DateShape>,
    source: Option<&'a str>,
    text: &'a str,
    snippet: &'a str,
    highlights: &'a [Span],
    regions: &'a [Tag<RegionPath>],
    measures: &'a [Tag<MeasurePath>],
    evidence: &'a [Evidence],
    figures: Vec<FigureShape<'a>>,
    #[serde(flatten)]
    place: PlaceShape,
    #[serde(skip_serializing_if = "Option::is_none")]
    reprints: Option<ReprintsShape<'a>>,
    more: usize,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    before: &'a [String],
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    after: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<&'a Explanation>,
}

/// Where else the text of a hit stands.
#[derive(Serialize)]
struct ReprintsShape<'a> {
    cluster: &'a str,
    count: u64,
    paragraphs: Vec<ReprintShape<'a>>,
    excerpt_of: Vec<ReprintShape<'a>>,
    excerpts: Vec<ReprintShape<'a>>,
}

#[derive(Serialize)]
struct ReprintShape<'a> {
    id: &'a str,
    path: &'a str,
    #[serde(flatten)]
    place: PlaceShape,
}

impl<'a> From<&'a Reprints> for ReprintsShape<'a> {
    fn from(reprints: &'a Reprints) -> Self {
        let shape = |one: &'a Reprint| ReprintShape {
            id: &one.id,
            path: &one.path,
            place: one.place.into(),
        };
        let shapes = |list: &'a [Reprint]| list.iter().map(shape).collect();
        Self {
            cluster: &reprints.cluster,
            count: reprints.count,
            paragraphs: shapes(&reprints.paragraphs),
            excerpt_of: shapes(&reprints.excerpt_of),
            excerpts: shapes(&reprints.excerpts),
        }
    }
}

/// A figure with the text it was read from.
#[derive(Serialize)]
struct FigureShape<'a> {
    as_written: String,
    #[serde(serialize_with = "plain_number")]
    value: f64,
    #[serde(serialize_with = "plain_number_if_any")]
    value_max: Option<f64>,
    unit: Option<&'a str>,
    qualifier: Option<&'a str>,
    noun: Option<&'a str>,
    at: Span,
}

fn figures<'a>(display: &str, figures: &'a [Figure]) -> Vec<FigureShape<'a>> {
    let shape = |figure: &'a Figure| FigureShape {
        as_written: display.chars().skip(figure.at.start()).take(figure.at.len()).collect(),
        value: figure.value,
        value_max: figure.value_max,
        unit: figure.unit.as_deref(),
        qualifier: figure.qualifier.as_deref(),
        noun: figure.noun.as_deref(),
        at: figure.at,
    };
    figures.iter().map(shape).collect()
}

/// A year or month that a text names from its article's date.
#[derive(Serialize)]
struct PeriodShape {
    as_written: String,
    #[serde(flatten)]
    date: DateShape,
    inferred: bool,
    at: Span,
}

fn periods(display: &str, simplified: &str, written: Option<Date>) -> Vec<PeriodShape> {
    let shape = |period: Period| PeriodShape {
        as_written: display.chars().skip(period.at.start()).take(period.at.len()).collect(),
        date: period.date.into(),
        inferred: true,
        at: period.at,
    };
    period::find(simplified, written).into_iter().map(shape).collect()
}

/// `97300`, not `97300.0`.
#[allow(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
fn plain_number<S: serde::Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    /// Whole numbers up to here are exact.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    #[allow(clippy::cast_possible_truncation, reason = "whole and in range, as the line says")]
    if value.fract() == 0.0 && value.abs() <= EXACT {
        serializer.serialize_i64(*value as i64)
    } else {
        serializer.serialize_f64(*value)
    }
}

#[allow(clippy::ref_option, reason = "as serde calls it")]
fn plain_number_if_any<S: serde::Serializer>(
    value: &Option<f64>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => plain_number(value, serializer),
        None => serializer.serialize_none(),
    }
}

/// Where a paragraph stands: `line` and `bytes` of a text, `block`, `page` and `box` of a packed format.
#[derive(Serialize, Default)]
struct PlaceShape {
    line: Option<(usize, usize)>,
    bytes: Option<Span>,
    page: Option<(usize, usize)>,
    block: Option<(usize, usize)>,
    #[serde(rename = "box")]
    area: Option<[i32; 4]>,
}

impl From<Option<Place>> for PlaceShape {
    fn from(place: Option<Place>) -> Self {
        place.map_or_else(Self::default, |place| Self {
            line: place.line(),
            bytes: place.bytes(),
            page: place.page(),
            block: place.block(),
            area: place.area(),
        })
    }
}

/// The two ends of a date as `yyyy-mm-dd`, which sorts and reads everywhere.
#[derive(Serialize)]
struct DateShape {
    from: String,
    to: String,
    precision: fangzhi::model::DatePrecision,
}

impl From<Date> for DateShape {
    fn from(date: Date) -> Self {
        Self { from: day(date.from), to: day(date.to), precision: date.precision }
    }
}

/// `20230619` as `2023-06-19`.
pub(crate) fn day(day: u32) -> String {
    format!("{:04}-{:02}-{:02}", day / 10_000, day / 100 % 100, day % 100)
}

/// The answer to one search.
pub(crate) fn search(response: &SearchResponse) -> impl Serialize {
    SearchShape {
        schema: SCHEMA,
        query: &response.query,
        matched: if response.matched == MatchMode::Any { "any" } else { "all" },
        total: response.total,
        articles: response.articles,
        reports: response.reports,
        clusters: response.clusters,
        unit: response.unit,
        took_ms: response.took_ms,
        notes: response.notes.iter().map(note).collect(),
        reasons: response.reasons.iter().map(reason).collect(),
        hits: response.hits.iter().map(hit_shape).collect(),
        relaxed: response.relaxed.as_ref().map(relaxed),
        facets: facets(&response.facets),
        cross: response.cross.as_ref().map(cross),
    }
}

/// Something wrong with an index.
pub(crate) fn problem(problem: &Problem) -> Value {
    json!({ "schema": SCHEMA, "code": problem.code, "detail": problem.detail })
}

/// The answer to one line of `--batch` that could not be answered.
pub(crate) fn batch_error(query: &str, error: &str) -> Value {
    json!({ "schema": SCHEMA, "query": query, "error": error })
}

/// One hit.
pub(crate) fn hit(hit: &Hit) -> impl Serialize {
    hit_shape(hit)
}

fn hit_shape(hit: &Hit) -> HitShape<'_> {
    HitShape {
        id: &hit.id,
        short_id: &hit.short_id,
        score: hit.score,
        path: &hit.path,
        path_bytes: hit.path_bytes.as_deref(),
        article: hit.article,
        paragraph: hit.paragraph,
        kind: hit.kind.as_str(),
        title: hit.title.as_deref(),
        date: hit.date.map(DateShape::from),
        source: hit.source.as_deref(),
        text: &hit.text,
        snippet: &hit.snippet.text,
        highlights: &hit.highlights,
        regions: &hit.regions,
        measures: &hit.measures,
        evidence: &hit.evidence,
        figures: figures(&hit.text, &hit.figures),
        place: hit.place.into(),
        reprints: hit.reprints.as_ref().map(ReprintsShape::from),
        more: hit.more,
        before: &hit.before,
        after: &hit.after,
        explanation: hit.explanation.as_ref(),
    }
}

fn relaxed(relaxed: &Relaxed) -> RelaxedShape<'_> {
    RelaxedShape { total: relaxed.total, hits: relaxed.hits.iter().map(hit_shape).collect() }
}

/// The first counts of a facet stand under its name, further ones of the same facet under `region:云南省`.
fn facets(all: &[FacetCounts]) -> Map<String, Value> {
    let mut shape = Map::new();
    for counts in all {
        let name = counts.facet.as_str().to_owned();
        let key = match &counts.under {
            Some(under) if shape.contains_key(&name) => format!("{name}:{under}"),
            _ => name,
        };
        shape.insert(key, facet(counts));
    }
    shape
}

fn facet(counts: &FacetCounts) -> Value {
    let buckets: Vec<_> =
        counts.buckets.iter().map(|b| bucket(b, counts.under.as_deref())).collect();
    json!({ "total": counts.total, "other": counts.other, "buckets": buckets })
}

/// Rows and columns in the order of a table; a row has a count for each column.
fn cross(counts: &CrossCounts) -> Value {
    let (rows, columns) = (counts.of.rows(), counts.of.columns());
    let under = columns.under.as_deref();
    let row = |row: &CrossRow| {
        let path = if let BucketKey::Path(path) = &row.key { Some(path) } else { None };
        json!({ "path": path, "total": row.total, "counts": row.counts })
    };
    json!({
        "facets": [rows.facet.as_str(), columns.facet.as_str()],
        "total": counts.total,
        "columns": counts.columns.iter().map(|b| bucket(b, under)).collect::<Vec<_>>(),
        "other_columns": counts.other_columns,
        "rows": counts.rows.iter().map(row).collect::<Vec<_>>(),
        "other_rows": counts.other_rows,
    })
}

/// `path` is null for what has no tag; `own` marks the parent's own count (本级).
fn bucket(bucket: &Bucket, under: Option<&str>) -> Value {
    match &bucket.key {
        BucketKey::Path(path) => json!({ "path": path, "count": bucket.count }),
        BucketKey::Own => json!({ "path": under, "count": bucket.count, "own": true }),
        BucketKey::Missing => json!({ "path": null, "count": bucket.count }),
    }
}

fn note(note: &SearchNote) -> Value {
    match note {
        SearchNote::PlainText { text, reason } => {
            json!({ "code": "plain-text", "text": text, "reason": reason })
        }
        SearchNote::Synonyms { item, also } => {
            json!({ "code": "synonyms", "item": item, "also": also })
        }
        SearchNote::ByTag { item, facet, hits } => {
            json!({ "code": "by-tag", "item": item, "facet": facet.as_str(), "hits": hits })
        }
        SearchNote::NotCompared => json!({ "code": "not-compared" }),
        SearchNote::AnyWord => json!({ "code": "any-word" }),
        SearchNote::AsSeparators { signs } => json!({ "code": "as-separators", "signs": signs }),
        SearchNote::PartOf { name, path } => {
            json!({ "code": "part-of", "name": name, "path": path })
        }
        SearchNote::Undated { count } => json!({ "code": "undated", "count": count }),
    }
}

fn reason(reason: &Reason) -> Value {
    let mut shape = json!({
        "what": reason.what,
        "of": reason.of.as_str(),
        "alone": reason.alone,
        "filter": reason.of.is_filter(),
    });
    let more = match reason.of {
        ReasonOf::Item => json!({
            "by_tag": reason.by_tag,
            "filtered": reason.filtered,
            "near": reason.near,
            "names": reason.names,
        }),
        ReasonOf::Distance => json!({ "without": reason.without, "filtered": reason.filtered }),
        _ => json!({ "without": reason.without }),
    };
    if let (Value::Object(shape), Value::Object(more)) = (&mut shape, more) {
        shape.extend(more);
    }
    shape
}

#[derive(Serialize)]
struct DocumentShape<'a> {
    schema: u32,
    kind: &'static str,
    path: String,
    record: Option<&'a str>,
    encoding: &'a str,
    decided_by: fangzhi::model::DecidedBy,
    margin: Option<f32>,
    replacements: usize,
    first_replacement: Option<usize>,
    articles: Vec<ArticleShape<'a>>,
    dropped: &'a [Dropped],
    notes: &'a [Note],
}

#[derive(Serialize)]
struct ArticleShape<'a> {
    article: usize,
    title: Option<&'a str>,
    subtitle: Option<&'a str>,
    source: Option<&'a str>,
    author: Option<&'a str>,
    date: Option<DateShape>,
    paragraphs: usize,
}

#[derive(Serialize)]
struct InspectShape<'a> {
    schema: u32,
    article: usize,
    paragraph: usize,
    kind: &'static str,
    text: std::borrow::Cow<'a, str>,
    display: &'a str,
    title: Option<&'a str>,
    date: Option<DateShape>,
    source: Option<&'a str>,
    regions: Vec<&'a str>,
    measures: Vec<&'a str>,
    inferred: Vec<&'a str>,
    mentions: &'a [RegionPath],
    evidence: &'a [Evidence],
    figures: Vec<FigureShape<'a>>,
    dates: Vec<PeriodShape>,
    #[serde(flatten)]
    place: PlaceShape,
    notes: &'a [Note],
}

/// A report as `inspect` gives it: a line for the file, then one for each paragraph.
pub(crate) fn inspected(
    out: &mut impl Write,
    path: &Path,
    record: Option<&str>,
    report: &Report,
) -> io::Result<()> {
    line(
        out,
        &DocumentShape {
            schema: SCHEMA,
            kind: "document",
            path: path.display().to_string(),
            record,
            encoding: &report.encoding.encoding,
            decided_by: report.encoding.decided_by,
            margin: report.encoding.margin,
            replacements: report.encoding.replacements,
            first_replacement: report.encoding.first_replacement,
            articles: report.articles.iter().enumerate().map(article).collect(),
            dropped: &report.dropped,
            notes: &report.notes,
        },
    )?;
    for (article_at, article) in report.articles.iter().enumerate() {
        for (at, paragraph) in article.paragraphs.iter().enumerate() {
            line(out, &inspected_paragraph(article_at + 1, article, at + 1, paragraph))?;
        }
    }
    Ok(())
}

/// A file or record that `inspect` could not read.
pub(crate) fn inspect_error(path: &Path, record: Option<&str>, error: &str) -> Value {
    json!({ "schema": SCHEMA, "kind": "error", "path": path.display().to_string(), "record": record, "error": error })
}

fn article((at, article): (usize, &Article)) -> ArticleShape<'_> {
    ArticleShape {
        article: at + 1,
        title: article.title.as_deref(),
        subtitle: article.subtitle.as_deref(),
        source: article.source.as_deref(),
        author: article.author.as_deref(),
        date: article.date.map(DateShape::from),
        paragraphs: article.paragraphs.len(),
    }
}

fn inspected_paragraph<'a>(
    article_at: usize,
    article: &'a Article,
    at: usize,
    paragraph: &'a Paragraph,
) -> InspectShape<'a> {
    let inferred_regions =
        paragraph.regions.iter().filter(|tag| tag.inferred).map(|tag| tag.path.as_str());
    let inferred_measures =
        paragraph.measures.iter().filter(|tag| tag.inferred).map(|tag| tag.path.as_str());
    let text = to_simplified(&paragraph.display);
    InspectShape {
        schema: SCHEMA,
        article: article_at,
        paragraph: at,
        kind: paragraph.kind.as_str(),
        dates: periods(&paragraph.display, &text, article.date),
        text,
        display: &paragraph.display,
        title: article.title.as_deref(),
        date: article.date.map(DateShape::from),
        source: article.source.as_deref(),
        regions: paragraph.regions.iter().map(|tag| tag.path.as_str()).collect(),
        measures: paragraph.measures.iter().map(|tag| tag.path.as_str()).collect(),
        inferred: inferred_regions.chain(inferred_measures).collect(),
        mentions: &paragraph.mentions,
        evidence: &paragraph.evidence,
        figures: figures(&paragraph.display, &paragraph.figures),
        place: paragraph.place.into(),
        notes: &paragraph.notes,
    }
}

/// What was wrong with an index and what became of it.
pub(crate) fn repair(repaired: &RepairSummary) -> Value {
    json!({
        "schema": SCHEMA,
        "segments_dropped": repaired.segments_dropped,
        "problems": repaired.problems,
        "files": repaired.files,
        "without_source": repaired.without_source,
        "run": repaired.run.as_ref().map(summary),
        "left": repaired.left,
    })
}

/// One event of an indexing run.
pub(crate) fn event(event: &Event) -> Value {
    match event {
        Event::Waiting => json!({ "schema": SCHEMA, "event": "waiting" }),
        Event::Found { files, bytes } => {
            json!({ "schema": SCHEMA, "event": "found", "files": files, "bytes": bytes })
        }
        Event::File { path, record, bytes, outcome: what, took: _ } => {
            let mut shape = Map::new();
            shape.insert("schema".to_owned(), SCHEMA.into());
            shape.insert("event".to_owned(), "file".into());
            shape.insert("path".to_owned(), path.display().to_string().into());
            shape.insert("record".to_owned(), record.clone().into());
            shape.insert("bytes".to_owned(), (*bytes).into());
            outcome(what, &mut shape);
            Value::Object(shape)
        }
        Event::Comparing => json!({ "schema": SCHEMA, "event": "comparing" }),
        Event::Compared { done, all } => {
            json!({ "schema": SCHEMA, "event": "compared", "done": done, "all": all })
        }
        Event::Committed { paragraphs } => {
            json!({ "schema": SCHEMA, "event": "committed", "paragraphs": paragraphs })
        }
    }
}

fn outcome(outcome: &Outcome, shape: &mut Map<String, Value>) {
    let mut put = |name: &str, value: Value| {
        shape.insert(name.to_owned(), value);
    };
    match outcome {
        Outcome::Added(file) => {
            put("outcome", "added".into());
            read(file, put);
        }
        Outcome::Updated(file) => {
            put("outcome", "updated".into());
            read(file, put);
        }
        Outcome::Unchanged(_) => put("outcome", "unchanged".into()),
        Outcome::NotRead => put("outcome", "not-read".into()),
        Outcome::Moved { from, .. } => {
            put("outcome", "moved".into());
            put("from", from.display().to_string().into());
        }
        Outcome::Removed => put("outcome", "removed".into()),
        Outcome::Kept => put("outcome", "kept".into()),
        Outcome::Failed { cause, code } => {
            put("outcome", "failed".into());
            put("cause", cause.as_str().into());
            put("code", (*code).into());
        }
    }
}

fn read(file: &ReadFile, mut put: impl FnMut(&str, Value)) {
    put("encoding", json!(file.encoding));
    put("articles", file.articles.into());
    put("paragraphs", file.paragraphs.into());
    put("dropped", file.dropped.into());
    put("notes", json!(file.notes));
    put("in_part", json!(file.in_part));
    put("in_part_total", file.in_part_total.into());
}

fn failed<C: AsRef<str>>((path, cause, code): &(String, String, C)) -> Value {
    let code = code.as_ref();
    json!({ "path": path, "cause": cause, "code": code })
}

/// The totals at the end of an indexing run.
pub(crate) fn summary(summary: &IndexSummary) -> Value {
    let failed: Vec<_> = summary.failed.iter().map(failed).collect();
    let not_read: Vec<_> = summary
        .not_read
        .iter()
        .map(|(what, files)| json!({ "what": what, "files": files }))
        .collect();
    let kept: Vec<_> = summary
        .kept_missing
        .iter()
        .map(|(root, reports)| json!({ "root": root.display().to_string(), "reports": reports }))
        .collect();
    let bad: Vec<_> = summary
        .bad_roots
        .iter()
        .map(|(root, cause)| json!({ "root": root.display().to_string(), "cause": cause }))
        .collect();
    json!({
        "schema": SCHEMA,
        "event": "summary",
        "added": summary.added,
        "updated": summary.updated,
        "unchanged": summary.unchanged,
        "moved": summary.moved,
        "removed": summary.removed,
        "kept_missing": kept,
        "not_read": not_read,
        "failed": failed,
        "in_part": summary.in_part,
        "in_part_total": summary.in_part_total,
        "as_before": summary.as_before,
        "bad_roots": bad,
        "incomplete_roots": summary.incomplete_roots.iter().map(|root| root.display().to_string()).collect::<Vec<_>>(),
        "paragraphs": summary.paragraphs,
        "paragraphs_total": summary.paragraphs_total,
        "reports_total": summary.reports_total,
        "reports_without_text": summary.reports_without_text,
        "bytes_read": summary.bytes_read,
        "elapsed_ms": u64::try_from(summary.elapsed.as_millis()).unwrap_or(u64::MAX),
        "interrupted": summary.interrupted,
    })
}

/// What is read and what is not. The words are English: programs compare them.
pub(crate) fn formats() -> Value {
    let lang = Lang::English;
    let read: Vec<_> = Format::ALL
        .into_iter()
        .map(|format| {
            json!({
                "format": format.as_str(),
                "extensions": format.extensions(),
                "place": formats::places(format),
                "taken": formats::taken(format, lang),
                "left_out": formats::left_out(format, lang),
                "archive": format.is_archive(),
                "built": format.is_built(),
                "feature": format.feature(),
            })
        })
        .collect();
    let not_read: Vec<_> = ADVICE
        .iter()
        .map(|advice| {
            json!({
                "extensions": advice.extensions,
                "what": advice.what(lang),
                "instead": advice.instead(lang),
            })
        })
        .collect();
    let limits: Vec<_> = formats::limits()
        .iter()
        .map(|limit| {
            json!({
                "option": limit.option,
                "default": limit.default,
                "unit": limit.unit,
                "what": limit.what(lang),
            })
        })
        .collect();
    json!({
        "schema": SCHEMA,
        "formats": read,
        "not_read": not_read,
        "encodings": formats::ENCODINGS,
        "limits": limits,
    })
}

/// A text as the analyzers see it.
pub(crate) fn analysis(text: &str, analysis: &Analysis) -> Value {
    json!({
        "schema": SCHEMA,
        "text": text,
        "simplified": analysis.simplified,
        "folded": analysis.folded,
        "tokens": analysis.tokens,
        "words": analysis.words,
        "grams": analysis.grams,
    })
}

/// Numbers about an index.
pub(crate) fn stats(index: &Path, stats: &Stats, measured: &LabelScore) -> Value {
    let map = |pairs: &[(String, u64)]| -> Map<String, Value> {
        pairs.iter().map(|(name, count)| (name.clone(), (*count).into())).collect()
    };
    json!({
        "schema": SCHEMA,
        "index": index.display().to_string(),
        "files": stats.files,
        "reports": stats.reports,
        "reports_without_text": stats.reports_without_text,
        "failed": stats.failed.iter().map(failed).collect::<Vec<_>>(),
        "in_part": stats.in_part,
        "in_part_total": stats.in_part_total,
        "articles": stats.articles,
        "paragraphs": stats.paragraphs,
        "kinds": map(&stats.kinds),
        "encodings": map(&stats.encodings),
        "with_region": stats.with_region,
        "with_measure": stats.with_measure,
        "with_date": stats.with_date,
        "overrides": stats.overrides,
        "overridden": stats.overridden,
        "dates": stats.dates.map(|(from, to)| json!({ "from": day(from), "to": day(to) })),
        "segments": stats.segments,
        "bytes": stats.bytes,
        "parts": stats.parts.iter()
            .map(|part| (part.part.to_owned(), json!({ "bytes": part.bytes, "fields": map(&part.fields) })))
            .collect::<Map<String, Value>>(),
        "roots": stats.roots,
        "tag_error": {
            "paragraphs": measured.paragraphs,
            "files": measured.files,
            "regions": tag_error(&measured.regions),
            "regions_above": tag_error(&measured.regions_above),
            "measures": tag_error(&measured.measures),
            "by_measure": measured.by_measure.iter()
                .map(|(measure, counts)| (measure.clone(), tag_error(counts)))
                .collect::<Map<String, Value>>(),
        },
    })
}

fn tag_error(counts: &Counts) -> Value {
    json!({
        "precision": counts.precision(),
        "recall": counts.recall(),
        "labels": counts.right + counts.missed,
    })
}

#[cfg(test)]
mod tests;
