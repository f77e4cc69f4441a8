//! Linked data: what a page says of its article in blocks of JSON.

use crate::ingest::Metadata;
use crate::ingest::extract::html::near::date_in;
use regex::Regex;
use serde_json::{Map, Value};
use std::sync::LazyLock;

/// Objects looked at in one block.
const OBJECTS_MAX: usize = 64;

/// How deep lists and main entities are followed.
const DEPTH_MAX: usize = 4;

/// The article described in a block of linked data.
pub(super) fn linked_data(json: &str) -> Option<Metadata> {
    let json = json.trim().trim_start_matches("<!--").trim_end_matches("-->").trim();
    let value = serde_json::from_str::<Value>(json).or_else(|_| {
        // Line ends inside strings, which the standard does not allow.
        serde_json::from_str(&json.replace(|c: char| c.is_control(), " "))
    });
    let Ok(value) = value else { return sloppy(json) };
    let mut objects = Vec::new();
    collect(&value, 0, &mut objects);
    // Of equals the last is taken, so they are looked at backwards.
    let best = objects.into_iter().rev().max_by_key(|object| weight(object))?;
    (weight(best) > 0).then(|| article(best))
}

/// All objects of a value that may describe an article.
fn collect<'a>(value: &'a Value, depth: usize, objects: &mut Vec<&'a Map<String, Value>>) {
    if depth > DEPTH_MAX || objects.len() >= OBJECTS_MAX {
        return;
    }
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, depth + 1, objects)),
        Value::Object(object) => {
            objects.push(object);
            let inner = ["@graph", "mainEntity", "mainEntityOfPage"];
            inner
                .iter()
                .filter_map(|name| object.get(*name))
                .for_each(|value| collect(value, depth + 1, objects));
        }
        _ => {}
    }
}

/// How likely an object is the article; 0 is none.
fn weight(object: &Map<String, Value>) -> usize {
    let kinds = match object.get("@type") {
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
        Some(kind) => kind.as_str().into_iter().collect::<Vec<_>>(),
        None => Vec::new(),
    };
    let has = |names: &[&str]| names.iter().any(|name| object.contains_key(*name));
    let is_kind = |word: &str| kinds.iter().any(|kind| kind.ends_with(word));
    if is_kind("Article") || is_kind("Posting") || is_kind("Report") {
        4
    } else if has(&["headline"]) {
        3
    } else if has(&["pubDate"]) {
        2
    } else {
        usize::from(has(&["datePublished"]) && !is_kind("WebSite") && !is_kind("Organization"))
    }
}

fn article(object: &Map<String, Value>) -> Metadata {
    let text = |names: &[&str]| {
        let found = names.iter().find_map(|name| object.get(*name)?.as_str());
        found.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
    };
    let date = |name: &&str| object.get(*name).and_then(Value::as_str).and_then(date_in);
    Metadata {
        title: text(&["headline", "title", "name"]),
        source: object.get("publisher").or(object.get("sourceOrganization")).and_then(name_of),
        author: object.get("author").and_then(name_of),
        date: ["datePublished", "pubDate", "dateCreated", "upDate"].iter().find_map(date),
        ..Metadata::default()
    }
}

/// The name of a person or organisation: text, an object with a name, or a list of such.
fn name_of(value: &Value) -> Option<String> {
    let one =
        |value: &Value| value.as_str().or_else(|| value.get("name")?.as_str()).map(str::to_owned);
    match value {
        Value::Array(items) => items.first().and_then(one),
        other => one(other),
    }
    .map(|name| name.trim().to_owned())
    .filter(|name| !name.is_empty())
}

/// What can be seen in a block that is no JSON: quotes inside strings, a comma too many.
fn sloppy(text: &str) -> Option<Metadata> {
    static FIELD: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#""(headline|title|datePublished|pubDate)"\s*:\s*"([^"\n]{1,200})""#)
            .expect("the pattern is constant")
    });
    static NAME: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r#""(author|publisher)"\s*:\s*\[?\s*(?:\{[^{}]{0,200}?"name"\s*:\s*)?"([^"\n]{1,60})""#,
        )
        .expect("the pattern is constant")
    });
    let field = |pattern: &Regex, names: &[&str]| {
        pattern.captures_iter(text).find_map(|found| {
            let (_, [name, value]) = found.extract();
            names.contains(&name).then(|| value.trim().to_owned())
        })
    };
    let found = Metadata {
        title: field(&FIELD, &["headline"]).or_else(|| field(&FIELD, &["title"])),
        source: field(&NAME, &["publisher"]),
        author: field(&NAME, &["author"]),
        date: field(&FIELD, &["datePublished", "pubDate"]).as_deref().and_then(date_in),
        ..Metadata::default()
    };
    (found != Metadata::default()).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(json: &str, expected: (&str, &str, &str, &str)) {
        let found = linked_data(json).unwrap_or_default();
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let date = found.date.map(|date| date.to_string()).unwrap_or_default();
        assert_eq!(
            (&*text(&found.title), &*text(&found.source), &*text(&found.author), &*date),
            expected
        );
    }

    #[test]
    fn the_article_is_found_among_other_things() {
        check(
            r#"{"@graph":[{"@type":"WebSite","name":"网","datePublished":"2001-01-01"},{"@type":["NewsArticle"],"headline":"题",
            "datePublished":"2023-06-19T08:00:00+08:00","publisher":{"name":"示例日报"},"author":[{"name":"某某"}]}]}"#,
            ("题", "示例日报", "某某", "2023-06-19"),
        );
        check(
            r#"[{"@type":"BreadcrumbList"},{"@type":"WebPage","mainEntity":{"@type":"BlogPosting","headline":"题","author":"某某"}}]"#,
            ("题", "", "某某", ""),
        );
        check(
            r#"{"@context":"c","title":"题","pubDate":"2023-06-19T08:00:00"}"#,
            ("题", "", "", "2023-06-19"),
        );
        check(r#"{"@type":"Organization","name":"示例社"}"#, ("", "", "", ""));
    }

    #[test]
    fn what_is_no_json_is_read_as_far_as_it_goes() {
        check("{\"@type\":\"Article\",\"headline\":\"上\n下\"}", ("上 下", "", "", ""));
        check(
            r#"{"headline":"题","description":"他说"好"","datePublished":"2023-06-19","author":{"@type":"Person","name":"某某"},"publisher":"示例社",}"#,
            ("题", "示例社", "某某", "2023-06-19"),
        );
        check("[1", ("", "", "", ""));
    }

    #[test]
    fn deep_lists_end() {
        assert!(linked_data(&"[".repeat(100_000)).is_none());
    }
}
