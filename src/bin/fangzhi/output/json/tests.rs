//! The JSON of every answer against its schema.

use super::*;
use crate::output::text::samples;
use fangzhi::eval::labels::MEASURED;
use fangzhi::index::PartialFile;
use fangzhi::model::{DecidedBy, EncodingReport, ParagraphKind};
use fangzhi::pipeline::RootOptions;
use fangzhi::search::Part;
use fangzhi::search::request::{Facet, Spelling};
use std::time::Duration;

/// Asserts that a value is as its schema file says.
#[track_caller]
fn check(schema: &str, value: &impl Serialize) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("index-schema/json");
    let text = std::fs::read_to_string(folder.join(format!("{schema}.schema.json"))).unwrap();
    let schema: Value = serde_json::from_str(&text).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let value = serde_json::to_value(value).unwrap();
    let errors: Vec<_> = validator
        .iter_errors(&value)
        .map(|error| format!("{error} at {}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?} in {value:#}");
}

#[test]
fn a_search_answer_is_as_its_schema_says() {
    let mut response = samples::response();
    check("search", &search(&response));
    response.facets.push(samples::counts(
        Facet::Region,
        Some("云南省"),
        &[("云南省/昆明市", 2), (".", 1)],
    ));
    response.notes = vec![
        SearchNote::PlainText { text: "x:y".to_owned(), reason: "unknown-field" },
        SearchNote::Synonyms { item: "甲".to_owned(), also: vec!["乙".to_owned()] },
        SearchNote::ByTag { item: "迪庆".to_owned(), facet: Facet::Region, hits: 12 },
        SearchNote::AnyWord,
        SearchNote::NotCompared,
        SearchNote::AsSeparators { signs: "Ⅱ".to_owned() },
        SearchNote::PartOf { name: "雄安".to_owned(), path: "河北省".to_owned() },
        SearchNote::Undated { count: 3 },
    ];
    (response.clusters, response.unit) = (Some(97), Unit::Cluster);
    let near = vec![Spelling { text: "乙".to_owned(), alone: 2 }];
    response.reasons = vec![
        Reason { near, filtered: Some(0), by_tag: Some(0), ..Reason::new(ReasonOf::Item, "甲") },
        Reason { without: Some(3), ..Reason::new(ReasonOf::Distance, "甲 ~5 乙") },
        Reason { without: Some(3), ..Reason::new(ReasonOf::Region, "云南省") },
    ];
    response.cross = Some(samples::cross());
    let hits = std::mem::take(&mut response.hits);
    response.relaxed = Some(Relaxed { hits, total: 7 });
    check("search", &search(&response));
    response.cross = None;
    check("batch", &search(&response));
    check("batch", &batch_error("甲", "too long"));
}

#[test]
fn a_problem_of_an_index_is_as_its_schema_says() {
    for code in
        ["checksum", "paragraphs", "duplicate-path", "duplicate-number", "totals", "outdated"]
    {
        check("check", &problem(&Problem { code, detail: "甲".to_owned() }));
    }
}

#[test]
fn a_hit_is_as_its_schema_says_and_unknown_is_null() {
    let mut one = samples::hit();
    check("hit", &hit(&one));
    one.explanation = Some(Explanation { what: "sum".to_owned(), value: 1.0, parts: Vec::new() });
    one.path_bytes = Some(vec![47, 255]);
    one.before = vec!["前".to_owned()];
    let other = Reprint { id: one.id.clone(), path: "/data/乙.txt".to_owned(), place: one.place };
    one.reprints = Some(Reprints {
        cluster: one.id.clone(),
        count: 2,
        paragraphs: vec![other.clone(), Reprint { place: None, ..other.clone() }],
        excerpt_of: vec![other],
        excerpts: Vec::new(),
    });
    (one.title, one.date, one.source, one.place) = (None, None, None, None);
    check("hit", &hit(&one));
    let value = serde_json::to_value(hit(&one)).unwrap();
    assert_eq!(
        [&value["title"], &value["date"], &value["source"], &value["line"], &value["bytes"]],
        [&Value::Null; 5]
    );
    assert_eq!(value["highlights"], json!([[4, 9]]));
}

#[test]
fn a_place_is_line_and_bytes_or_page_block_and_box() {
    let shown = |place| {
        let mut one = samples::hit();
        one.place = place;
        check("hit", &hit(&one));
        let value = serde_json::to_value(hit(&one)).unwrap();
        ["line", "bytes", "page", "block", "box"].map(|name| value[name].clone())
    };
    let text = Place::Text { line: (3, 4), bytes: Span::new(20, 60) };
    assert_eq!(
        shown(Some(text)),
        [json!([3, 4]), json!([20, 60]), json!(null), json!(null), json!(null)]
    );
    let area = Some([-2, 70, 300, 96]);
    let block = Place::Block { block: (7, 8), page: Some((2, 3)), area };
    assert_eq!(
        shown(Some(block)),
        [json!(null), json!(null), json!([2, 3]), json!([7, 8]), json!([-2, 70, 300, 96])]
    );
    assert_eq!(shown(None), [const { Value::Null }; 5]);
}

#[test]
fn facets_name_untagged_and_own_counts() {
    let below =
        samples::counts(Facet::Region, Some("云南省"), &[("云南省/昆明市", 2), (".", 1), ("", 4)]);
    let value = facet(&below);
    let both = facets(&[samples::counts(Facet::Region, None, &[("云南省", 3)]), below.clone()]);
    assert_eq!(both.keys().collect::<Vec<_>>(), ["region", "region:云南省"]);
    assert_eq!(facets(&[below]).keys().collect::<Vec<_>>(), ["region"]);
    assert_eq!(
        value["buckets"],
        json!([
            {"path": "云南省/昆明市", "count": 2},
            {"path": "云南省", "count": 1, "own": true},
            {"path": null, "count": 4}
        ])
    );
}

fn encoding() -> EncodingReport {
    EncodingReport {
        encoding: "GB18030".to_owned(),
        decided_by: DecidedBy::Frequency,
        margin: Some(0.5),
        replacements: 0,
        first_replacement: None,
    }
}

#[test]
fn inspect_lines_are_as_their_schema_says() {
    let paragraph = Paragraph {
        display: "推行網格化，今年".to_owned(),
        kind: ParagraphKind::Body,
        place: Some(Place::Block { block: (7, 7), page: None, area: None }),
        notes: vec![Note::new("joined", "")],
        regions: samples::hit().regions,
        measures: samples::hit().measures,
        mentions: vec![RegionPath::new("云南省").unwrap()],
        evidence: samples::hit().evidence,
        figures: vec![Figure {
            value: 845.0,
            value_max: None,
            unit: Some("个".to_owned()),
            qualifier: Some("超".to_owned()),
            noun: None,
            at: Span::new(0, 2),
        }],
    };
    let article = Article {
        title: Some("题".to_owned()),
        date: Date::new(2020, None, None),
        paragraphs: vec![paragraph],
        ..Article::default()
    };
    let report = Report {
        encoding: encoding(),
        articles: vec![article],
        dropped: vec![Dropped {
            text: "首页".to_owned(),
            rule: "breadcrumb".to_owned(),
            line: Some(1),
        }],
        notes: Vec::new(),
    };
    let mut out = Vec::new();
    inspected(&mut out, Path::new("a.txt"), None, &report).unwrap();
    let lines: Vec<Value> = String::from_utf8(out)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[1]["regions"], json!(["云南省/迪庆藏族自治州"]));
    assert_eq!(lines[1]["date"]["to"], json!("2020-12-31"));
    assert_eq!(lines[1]["figures"][0]["value"], json!(845));
    assert_eq!(lines[1]["dates"][0]["as_written"], json!("今年"));
    assert_eq!(lines[1]["dates"][0]["from"], json!("2020-01-01"));
    assert_eq!([&lines[1]["line"], &lines[1]["block"]], [&json!(null), &json!([7, 7])]);
    for line in &lines {
        check("inspect", line);
    }
    check("inspect", &inspect_error(Path::new("a.txt"), Some("7"), "no text"));
}

fn in_part() -> Vec<PartialFile> {
    let notes = vec![Note::new("cut-end", "")];
    vec![PartialFile { path: "a.zip!/b.txt".to_owned(), notes }]
}

#[test]
fn index_events_are_as_their_schema_says() {
    let took = Duration::from_millis(12);
    let file =
        |outcome| Event::File { path: "a.txt".into(), record: None, bytes: 3, took, outcome };
    let read = ReadFile {
        encoding: Some(encoding()),
        articles: 1,
        paragraphs: 2,
        dropped: 0,
        notes: vec![Note::new("joined", "3-4")],
        in_part: in_part(),
        in_part_total: 1,
    };
    let events = [
        Event::Found { files: 1, bytes: 3 },
        file(Outcome::Added(Box::new(read.clone()))),
        file(Outcome::Updated(Box::new(ReadFile { encoding: None, ..read.clone() }))),
        file(Outcome::Unchanged(Box::new(read.clone()))),
        file(Outcome::Moved { from: "b.txt".into(), read: Box::new(read) }),
        file(Outcome::NotRead),
        Event::Waiting,
        file(Outcome::Removed),
        file(Outcome::Failed { cause: "no".to_owned(), code: "binary" }),
        Event::Committed { paragraphs: 2 },
    ];
    for one in &events {
        check("index-event", &event(one));
    }
    let totals = IndexSummary {
        failed: vec![("a".to_owned(), "b".to_owned(), "binary")],
        in_part: in_part(),
        in_part_total: 1,
        not_read: vec![("pdf".to_owned(), 3)],
        kept_missing: vec![("/r".into(), 2)],
        as_before: vec![RootOptions {
            root: "/r".into(),
            include: Vec::new(),
            exclude: vec!["*.bak".to_owned()],
            encoding: None,
        }],
        bad_roots: vec![("/x".into(), "gone".to_owned())],
        incomplete_roots: vec!["/y".into()],
        elapsed: Duration::from_millis(12),
        ..IndexSummary::default()
    };
    check("index-event", &summary(&totals));
    let problem = fangzhi::index::Problem { code: "terms", detail: "a.txt: 1".to_owned() };
    let repaired = fangzhi::pipeline::RepairSummary {
        segments_dropped: 1,
        problems: vec![problem],
        files: vec!["a.txt".to_owned()],
        run: Some(totals),
        ..fangzhi::pipeline::RepairSummary::default()
    };
    check("repair", &repair(&repaired));
}

#[test]
fn the_formats_are_as_their_schema_says() {
    check("formats", &formats());
    let value = formats();
    let all: Vec<_> = value["formats"].as_array().unwrap().iter().collect();
    assert_eq!(all.len(), Format::ALL.len());
    let pdf = all.iter().find(|format| format["format"] == "pdf").unwrap();
    assert_eq!(pdf["place"], json!(["page", "block", "box"]));
    assert_eq!(pdf["feature"], json!("pdf"));
    assert_eq!(value["limits"][1]["option"], json!("--max-pages"));
}

#[test]
fn an_analysis_is_as_its_schema_says() {
    let text = "乾隆年間，推行5G網格";
    check(
        "analyze",
        &analysis(text, &fangzhi::analysis::analyze(text, fangzhi::analysis::Lexicon::builtin())),
    );
}

#[test]
fn stats_are_as_their_schema_says() {
    check("stats", &stats(Path::new("/x/.fangzhi"), &Stats::default(), &MEASURED));
    let known = Stats {
        dates: Some((20200101, 20231231)),
        kinds: vec![("body".to_owned(), 3)],
        parts: vec![Part { part: "terms", bytes: 8, fields: vec![("grams".to_owned(), 5)] }],
        failed: vec![("a".to_owned(), "b".to_owned(), "binary".to_owned())],
        in_part: in_part(),
        in_part_total: 1,
        ..Stats::default()
    };
    check("stats", &stats(Path::new("/x/.fangzhi"), &known, &MEASURED));
    assert_eq!(stats(Path::new("/x"), &known, &MEASURED)["dates"]["from"], json!("2020-01-01"));
}
