//! What a page says about itself: title, date, source, author, address.

use crate::ingest::Metadata;
use crate::ingest::extract::html::linked::linked_data;
use crate::ingest::extract::html::near::{Near, Sureness, date_in, is_person, is_press};
use crate::ingest::extract::html::page::Page;
use crate::ingest::metadata::names_nobody;
use crate::model::{Date, Span};
use regex::Regex;
use std::sync::LazyLock;

/// Names of `meta` tags, in lower case; the first that is present counts.
///
/// Source: Open Graph, schema.org, Dublin Core, and the tag names prescribed for Chinese government pages
/// (ArticleTitle, PubDate, ContentSource, Author, SiteName).
const TITLE_NAMES: &[&str] =
    &["articletitle", "og:title", "twitter:title", "dc.title", "citation_title", "headline"];
const DATE_NAMES: &[&str] = &[
    "pubdate",
    "article:published_time",
    "og:published_time",
    "publishdate",
    "publish_date",
    "publishtime",
    "publish_time",
    "publish-time",
    "pubtime",
    "firstpublishedtime",
    "datepublished",
    "og:release_date",
    "dc.date.issued",
    "dcterms.issued",
    "article:create_at",
    "weibo:article:create_at",
    "weibo: article:create_at",
    "citation_publication_date",
    "bytedance:published_time",
];
/// Tags that templates fill with other dates as well.
const WEAK_DATE_NAMES: &[&str] =
    &["dc.date", "dcterms.created", "dc.date.created", "date", "og:time"];
/// When a page was changed.
const LATE_DATE_NAMES: &[&str] = &[
    "article:modified_time",
    "og:updated_time",
    "bytedance:lastmodified_time",
    "bytedance:updated_time",
    "lastmodifiedtime",
    "dcterms.modified",
    "last-modified",
];
const SOURCE_NAMES: &[&str] =
    &["contentsource", "source", "og:article:source", "mediaid", "article:publisher", "dc.source"];
const SITE_NAMES: &[&str] =
    &["og:site_name", "sitename", "application-name", "apple-mobile-web-app-title"];
const AUTHOR_NAMES: &[&str] =
    &["author", "article:author", "og:article:author", "dc.creator", "og:author"];
const URL_NAMES: &[&str] = &["og:url"];

/// Titles that are looked for in the page, each in all its parts.
const TITLES_MAX: usize = 6;

/// Longer ones are none.
const TITLE_BYTES_MAX: usize = 1200;

/// The titles that a page declares, the best first.
pub(super) fn titles(page: &Page, found: Option<&str>) -> Vec<String> {
    let linked = page.head.json_ld.iter().find_map(|json| linked_data(json)?.title);
    let declared = metas(page, TITLE_NAMES).map(str::to_owned);
    let found = found.map(|title| title.trim().to_owned());
    let mut titles: Vec<String> =
        declared.chain(linked).chain(found).chain(page.head.title.clone()).collect();
    titles.retain(|title| {
        !title.is_empty() && title.len() <= TITLE_BYTES_MAX && !is_given_by_editor(title)
    });
    titles.dedup();
    titles.truncate(TITLES_MAX);
    titles
}

/// Whether it is what editors of pages call a page that nobody gave a title.
fn is_given_by_editor(title: &str) -> bool {
    let title = title.to_lowercase();
    let name = title.trim_end_matches(|c: char| c.is_ascii_digit() || c.is_whitespace());
    ["无标题文档", "無標題文件", "无标题", "新建网页", "untitled document", "untitled", "new page"]
        .contains(&name)
}

/// The names of the site.
pub(super) fn sites(page: &Page) -> Vec<String> {
    metas(page, SITE_NAMES).map(str::to_owned).collect()
}

/// Whether a word processor wrote the page.
pub(super) fn is_of_word_processor(page: &Page) -> bool {
    const NAMES: [&str; 3] = ["microsoft word", "wps office", "word.document"];
    metas(page, &["generator", "progid"])
        .any(|value| NAMES.iter().any(|name| value.to_ascii_lowercase().contains(name)))
}

/// The publisher named beside the title, `标题_某某新闻网`, `某某日报-数字报`.
fn publisher_of_title(page: &Page) -> Option<&str> {
    let title = page.head.title.as_deref()?;
    let parts = title.split(['_', '|', '｜', '-', '–', '—', '－', '丨']).map(str::trim);
    parts.rev().find(|part| is_press(part))
}

/// What these `meta` tags hold, in the order of the names.
fn metas<'a>(page: &'a Page, names: &'a [&str]) -> impl Iterator<Item = &'a str> {
    let with = move |name: &'a &str| page.head.metas.iter().filter(move |(known, _)| known == name);
    names.iter().flat_map(with).map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
}

/// Everything a page declares; `title` is the one found with the article, `start` where its text begins.
pub(super) fn metadata(
    source: &str,
    page: &Page,
    title: Option<String>,
    near: Near,
    start: usize,
) -> Metadata {
    let linked = page.head.json_ld.iter().find_map(|json| linked_data(json)).unwrap_or_default();
    let url = url(page);
    let date = date(source, page, &near, linked.date, url.as_deref(), start);
    let is_name = |name: &&str| name.chars().any(char::is_alphabetic) && !name.contains("://");
    let declared_source = metas(page, SOURCE_NAMES).filter(is_name).map(label_off);
    let source = declared_source
        .map(str::to_owned)
        .find(|name| !names_nobody(name))
        .or(near.source)
        .or(near.account)
        .or(near.publisher)
        .or(linked.source)
        .or_else(|| script_source(source))
        .or(near.office)
        .or_else(|| metas(page, SITE_NAMES).next().map(str::to_owned))
        .or_else(|| publisher_of_title(page).map(str::to_owned));
    // Pages of a site often declare the site as their author.
    let is_author = |name: &&str| name.split([' ', '、', ',', '，']).all(is_person);
    let author = near
        .author
        .or_else(|| metas(page, AUTHOR_NAMES).map(label_off).find(is_author).map(str::to_owned))
        .or_else(|| linked.author.filter(|name| is_author(&name.as_str())));
    let author = author.filter(|author| Some(author) != source.as_ref());
    Metadata {
        title: title.or(near.title).or(linked.title),
        source,
        author,
        date,
        url,
        pages: None,
    }
}

/// `来源：某报` in a tag that is for the name alone.
fn label_off(name: &str) -> &str {
    name.rsplit([':', '：']).next().unwrap_or(name).trim()
}

/// The date of publication: declared, linked, shown, and what else tells it, in this order.
fn date(
    source: &str,
    page: &Page,
    near: &Near,
    linked: Option<Date>,
    url: Option<&str>,
    start: usize,
) -> Option<Date> {
    let meta = |names| metas(page, names).find_map(date_in);
    let shown = |least: Sureness| {
        near.date.filter(|(sureness, _)| *sureness <= least).map(|(_, date)| date)
    };
    let times = &page.head.times;
    let published = times.iter().find(|time| time.is_published);
    // The first one in or behind the title; those before it are of other pages.
    let first = times.iter().find(|time| time.at + 300 >= start);
    meta(DATE_NAMES)
        .or(linked)
        .or_else(|| published.and_then(|time| date_in(&time.value)))
        .or_else(|| shown(Sureness::Likely))
        .or_else(|| meta(WEAK_DATE_NAMES))
        .or_else(|| first.and_then(|time| date_in(&time.value)))
        .or_else(|| shown(Sureness::Bare))
        .or_else(|| url.and_then(date_in_address))
        .or_else(|| script_date(source))
        .or_else(|| shown(Sureness::Above))
        .or_else(|| meta(LATE_DATE_NAMES))
}

/// The day in an address: `/2023/06/19/`, `/202306/t20230619_1.html`.
fn date_in_address(url: &str) -> Option<Date> {
    static DAY: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:/|[/_]t)((?:19|20)\d\d)[-/]?([01]\d)[-/]?([0-3]\d)(?:[/_.]|$)")
            .expect("the pattern is constant")
    });
    let found = DAY.captures(url)?;
    let number = |group: usize| found.get(group)?.as_str().parse().ok();
    Date::new(number(1)?, Some(number(2)?), Some(number(3)?))
}

/// A date written in a script for the page to show. No script is run.
fn script_date(source: &str) -> Option<Date> {
    static ASSIGNED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r#"(?i)(?:\b\w{0,12}(?:publish|pub)_?(?:time|date)|\b(?:ori_?)?create_?time|\bct)["']?\s*[:=]\s*["']?((?:19|20)\d\d-\d\d-\d\d|\d{13}\b|\d{10}\b)"#,
        )
        .expect("the pattern is constant")
    });
    ASSIGNED.captures(source).and_then(|found| date_in(found.get(1)?.as_str()))
}

/// The medium that a script names for the page to show: `"media":"某县发布"`.
fn script_source(source: &str) -> Option<String> {
    static NAMED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#""(?:media|media_?[nN]ame)"\s*:\s*"([\p{Han}A-Za-z·]{2,30})""#)
            .expect("the pattern is constant")
    });
    let mut names = NAMED.captures_iter(source).filter_map(|found| Some(found.get(1)?.as_str()));
    let is_name = |name: &&str| name.chars().any(|c| c > '\u{2E80}') && !names_nobody(name);
    // Lists of other pages name other media: only one that is alone is the page's own.
    let first = names.next()?;
    (is_name(&first) && names.all(|name| name == first)).then(|| first.to_owned())
}

/// The page's address; archives write their own before it.
fn url(page: &Page) -> Option<String> {
    let head = &page.head;
    let declared = || metas(page, URL_NAMES).next().map(str::to_owned);
    let url = head.canonical.clone().or_else(declared).or_else(|| head.saved_from.clone())?;
    let is_archived = url.contains("web.archive.org/web/") || url.starts_with("/web/");
    let original = url.rfind("http").filter(|_| is_archived);
    let url = original.and_then(|at| url.get(at..)).unwrap_or(&url).trim();
    (!url.is_empty()).then(|| url.to_owned())
}

/// The part of the text that a page is asked about: from its title to the end of its article.
pub(super) fn start(title: Option<Span>, article: Option<Span>) -> usize {
    title.or(article).map_or(0, Span::start)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks date, source, author and address of a page whose title is its first line.
    #[track_caller]
    fn check(source: &str, expected: (&str, &str, &str, &str)) {
        let page = Page::read(source, 100);
        let title = page.lines.first().map(|line| line.span);
        let near = Near::of(&page, title, None);
        let found = metadata(source, &page, None, near, start(title, None));
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let date = found.date.map(|date| date.to_string()).unwrap_or_default();
        let (source, author) = (text(&found.source), text(&found.author));
        assert_eq!((&*date, &*source, &*author, &*text(&found.url)), expected);
    }

    #[test]
    fn the_first_tag_that_says_something_counts() {
        check(
            "<meta name=PubDate content=''><meta name=publishdate content='2023-06-19 10:00'><meta name=ContentSource content='来源：示例日报'>\
             <meta name=author content='某某'><link rel=canonical href='https://a.example/1'><p>标题</p>",
            ("2023-06-19", "示例日报", "某某", "https://a.example/1"),
        );
        check(
            "<meta name=author content='示例县人民政府'><meta property='og:site_name' content='示例网'><p>标题</p>",
            ("", "示例网", "", ""),
        );
        check(
            "<meta name=lastmodifiedtime content='2024-01-01'><p>标题</p><p>2023-06-19</p>",
            ("2023-06-19", "", "", ""),
        );
        check(
            "<meta name=lastmodifiedtime content='2024-01-01'><p>标题</p>",
            ("2024-01-01", "", "", ""),
        );
    }

    #[test]
    fn what_an_editor_calls_a_new_page_is_no_title() {
        let titles_of =
            |title: &str| titles(&Page::read(&format!("<title>{title}</title>"), 9), None);
        for given in ["无标题文档", "Untitled Document", "新建网页 1", "New Page 1"] {
            assert!(titles_of(given).is_empty(), "{given}");
        }
        assert_eq!(titles_of("新建网页的办法"), ["新建网页的办法"]);
    }

    #[test]
    fn what_names_no_source_is_none() {
        for nobody in ["原创稿", "本站原创", "网络转载", "本网编辑"] {
            check(
                &format!(
                    "<meta name=source content={nobody}><p>标题</p><p>来源：示例网－示例频道</p>"
                ),
                ("", "示例网－示例频道", "", ""),
            );
        }
        check("<meta name=source content=原创音乐网><p>标题</p>", ("", "原创音乐网", "", ""));
    }

    #[test]
    fn a_script_names_the_medium() {
        let media = |name: &str| format!("{{\"title\":\"标题\",\"media\":\"{name}\"}}");
        let page = |json: &str| format!("<script>DATA = {json}</script><p>标题</p>");
        check(&page(&media("示例发布")), ("", "示例发布", "", ""));
        check(&page(&media("pc")), ("", "", "", ""));
        check(&page(&(media("示例发布") + &media("另一发布"))), ("", "", "", ""));
    }

    #[test]
    fn addresses_and_scripts_tell_the_date_when_nothing_else_does() {
        let url = "http://a.example/xw/202306/t20230619_12.html";
        check(&format!("<link rel=canonical href={url}><p>标题</p>"), ("2023-06-19", "", "", url));
        check("<script>var ct = \"1687140000\";</script><p>标题</p>", ("2023-06-19", "", "", ""));
        check(
            "<script>{\"publishTime\":\"2023-06-19 08:00\"}</script><p>标题</p>",
            ("2023-06-19", "", "", ""),
        );
        check("<script>var ctx = 1687140000</script><p>标题</p>", ("", "", "", ""));
    }

    #[test]
    fn the_address_of_an_archive_leads_to_the_page() {
        check(
            "<link rel=canonical href='https://web.archive.org/web/20230701/http://a.example/1.html'><p>标题</p>",
            ("", "", "", "http://a.example/1.html"),
        );
    }

    #[test]
    fn a_time_element_is_read_below_the_title() {
        check(
            "<p>标题</p><time datetime='2023-06-19T08:00+08:00'>昨天</time>",
            ("2023-06-19", "", "", ""),
        );
    }
}
