//! What a page says about itself: title, date, source, author, address.

use crate::ingest::Metadata;
use crate::ingest::extract::declared_date;
use crate::ingest::extract::html::page::Page;
use crate::model::Date;
use regex::Regex;
use serde_json::Value;
use std::sync::LazyLock;

/// Names of `meta` tags, in lower case; the first that is present counts.
///
/// Source: Open Graph, schema.org, and the tag names prescribed for Chinese government pages (ArticleTitle, PubDate,
/// ContentSource, Author).
const TITLE_NAMES: &[&str] = &["articletitle", "og:title", "twitter:title"];
const DATE_NAMES: &[&str] = &[
    "pubdate",
    "article:published_time",
    "og:published_time",
    "publishdate",
    "publish_date",
    "publishtime",
    "publish-time",
    "firstpublishedtime",
    "datepublished",
    "dc.date",
    "dcterms.created",
    "og:release_date",
    "article:create_at",
    "weibo:article:create_at",
    "date",
];
const SOURCE_NAMES: &[&str] =
    &["contentsource", "source", "og:article:source", "mediaid", "article:publisher"];
const AUTHOR_NAMES: &[&str] = &["author", "article:author", "og:article:author"];
const URL_NAMES: &[&str] = &["og:url"];

/// Date, source and author from the lines between title and article.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Near {
    date: Option<Date>,
    source: Option<String>,
    author: Option<String>,
}

impl Near {
    /// Looks into the few lines after `start`, where the title ends, or around it.
    pub(super) fn of(page: &str, start: usize, lines_max: usize) -> Self {
        static DATE: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}")
                .expect("the pattern is constant")
        });
        static SOURCE: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"(?:来\s?源|來\s?源|稿源|文章来源|信息来源)\s?[:：]\s?([^\s|｜:：,，。;；(（]{2,30})")
                .expect("the pattern is constant")
        });
        static AUTHOR: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"(?:作\s?者|记者|記者)\s?[:：]\s?([^\s|｜:：,，。;；(（]{2,20})")
                .expect("the pattern is constant")
        });
        let mut near = Self::default();
        let after =
            page.get(start..).unwrap_or_default().lines().filter(|line| !line.trim().is_empty());
        let before = page
            .get(..start)
            .unwrap_or_default()
            .lines()
            .rev()
            .filter(|line| !line.trim().is_empty());
        // Dates and sources stand in short lines; a year inside a sentence is not the date of the page.
        let short = |line: &&str| line.chars().count() <= 120;
        for line in after.take(lines_max).chain(before.take(lines_max)).filter(short) {
            let capture = |regex: &Regex| Some(regex.captures(line)?.get(1)?.as_str().to_owned());
            near.source = near.source.or_else(|| capture(&SOURCE));
            near.author = near.author.or_else(|| capture(&AUTHOR));
            let is_sentence = line.contains(['。', '，']);
            if near.date.is_none() && !is_sentence {
                near.date = DATE.find(line).and_then(|found| declared_date(found.as_str()));
            }
        }
        near
    }
}

/// The title that `meta` tags declare.
pub(super) fn title(page: &Page) -> Option<String> {
    meta(page, TITLE_NAMES)
}

/// The content of the first of these `meta` tags.
fn meta(page: &Page, names: &[&str]) -> Option<String> {
    let value = names.iter().find_map(|name| page.metas.iter().find(|(known, _)| known == name));
    value.map(|(_, value)| value.trim().to_owned()).filter(|value| !value.is_empty())
}

/// Everything a page declares; `title` is the one found with the article.
pub(super) fn metadata(page: &Page, title: Option<String>, near: &Near) -> Metadata {
    let meta = |names| meta(page, names);
    let linked = page.json_ld.iter().find_map(|json| linked_data(json)).unwrap_or_default();
    Metadata {
        title: title.or(linked.title),
        source: meta(SOURCE_NAMES).or_else(|| near.source.clone()).or(linked.source),
        author: near.author.clone().or_else(|| meta(AUTHOR_NAMES)).or(linked.author),
        date: meta(DATE_NAMES)
            .as_deref()
            .and_then(declared_date)
            .or(linked.date)
            .or_else(|| page.time.as_deref().and_then(declared_date))
            .or(near.date),
        url: page.canonical.clone().or_else(|| meta(URL_NAMES)).or_else(|| page.saved_from.clone()),
    }
}

/// The first article in a block of JSON-LD.
fn linked_data(json: &str) -> Option<Metadata> {
    let value: Value = serde_json::from_str(json.trim()).ok()?;
    let mut candidates = match value {
        Value::Array(items) => items,
        Value::Object(mut object) => match object.remove("@graph") {
            Some(Value::Array(items)) => items,
            _ => vec![Value::Object(object)],
        },
        _ => return None,
    };
    candidates.retain(|item| item.get("datePublished").is_some() || item.get("headline").is_some());
    let item = candidates.first()?;
    let text = |name: &str| item.get(name).and_then(Value::as_str).map(str::to_owned);
    Some(Metadata {
        title: text("headline"),
        source: item.get("publisher").and_then(name_of),
        author: item.get("author").and_then(name_of),
        date: item
            .get("datePublished")
            .or(item.get("pubDate"))
            .and_then(Value::as_str)
            .and_then(declared_date),
        url: None,
    })
}

/// The name of a person or organisation: text, an object with a name, or a list of such.
fn name_of(value: &Value) -> Option<String> {
    let one =
        |value: &Value| value.as_str().or_else(|| value.get("name")?.as_str()).map(str::to_owned);
    match value {
        Value::Array(items) => items.first().and_then(one),
        other => one(other),
    }
    .filter(|name| !name.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_under_the_title_names_date_source_and_author() {
        let page = "标题\n2023-06-19 08:30 来源：示例日报 | 记者：某某\n正文在2021年，有一句。";
        let near = Near::of(page, "标题".len(), 5);
        assert_eq!(near.date.unwrap().to_string(), "2023-06-19");
        assert_eq!(
            (near.source.as_deref(), near.author.as_deref()),
            (Some("示例日报"), Some("某某"))
        );
    }

    #[test]
    fn a_date_in_a_sentence_is_not_the_date_of_the_page() {
        assert_eq!(Near::of("标题\n自2021年3月4日起，全县推行。", 0, 5).date, None);
    }

    #[test]
    fn linked_data_names_its_publisher() {
        let json = r#"{"@graph":[{"@type":"WebSite"},{"headline":"题","datePublished":"2023-06-19T08:00:00+08:00","publisher":{"name":"示例日报"},"author":[{"name":"某某"}]}]}"#;
        let found = linked_data(json).unwrap();
        assert_eq!(
            (found.source.as_deref(), found.author.as_deref()),
            (Some("示例日报"), Some("某某"))
        );
        assert_eq!(found.date.unwrap().to_string(), "2023-06-19");
        assert!(linked_data("[1").is_none());
    }
}
