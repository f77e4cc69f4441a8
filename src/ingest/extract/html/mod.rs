//! Web pages: the main text, what the page declares, and the place of every character in its source.
//!
//! dom_smoothie tells which text is the article, but not where it stood in the source. So the source is first turned
//! into lines by a small tokenizer of our own ([`page`]), which knows its places; then each block of the article is
//! looked up among those lines ([`locate`]). What comes out is always the page's own text. Where no article is found,
//! or the markup is too deep or large for a tree, all lines of the page are the text; cleaning knows site furniture.

mod declare;
mod locate;
mod page;

use crate::ingest::extract::Taken;
use crate::ingest::extract::html::declare::{Near, metadata};
use crate::ingest::extract::html::locate::{Finding, compact, locate};
use crate::ingest::extract::html::page::Page;
use crate::ingest::limits::Limits;
use crate::ingest::{Extracted, Layout};
use crate::model::{Note, Span};
use crate::text::OffsetMap;
use dom_smoothie::{Config, Readability, TextMode};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use memchr::memmem;
use regex::bytes::Regex;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::LazyLock;

/// Bytes at the start of a page that are searched for a declared encoding; browsers take 1,024.
const DECLARATION_BYTES: usize = 4096;

/// Pages with more elements give their whole text.
const ELEMENTS_MAX: usize = 200_000;

/// Pages with more tags and references give their whole text: the tree takes time by the square of some of them
/// (measured: 20 s for a million `&#`).
const MARKS_MAX: usize = 200_000;

/// An article with fewer letters may be a wrong guess.
const LETTERS_MIN: usize = 200;

/// Lines of the page with at least so many letters, and a comma or full stop, are running text.
const PROSE_LETTERS_MIN: usize = 30;

/// Shorter words are no title.
const TITLE_CHARACTERS_MIN: usize = 4;

/// So many site names are taken off the end of a title.
const TITLE_CUTS_MAX: usize = 6;

/// So many lines of links in a row are a menu.
const MENU_LINES_MIN: usize = 5;

/// Lines before the article that may name date and source.
const LINES_BEFORE_MAX: usize = 12;

/// The encoding that a page declares in a `meta` tag or an XML declaration.
pub fn declared_encoding(bytes: &[u8]) -> Option<&'static Encoding> {
    static DECLARATION: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r#"(?i)<meta[^>]{0,300}?charset\s*=\s*["']?\s*([a-z0-9_:.\-]+)|<\?xml[^>]{0,100}?encoding\s*=\s*["']([a-z0-9_:.\-]+)"#,
        )
        .expect("the pattern is constant")
    });
    let start = bytes.get(..DECLARATION_BYTES).unwrap_or(bytes);
    let found = DECLARATION.captures(start)?;
    let encoding = Encoding::for_label(found.get(1).or(found.get(2))?.as_bytes())?;
    // A page whose declaration could be read as ASCII is not UTF-16 (HTML Living Standard).
    Some(if encoding == UTF_16LE || encoding == UTF_16BE { UTF_8 } else { encoding })
}

/// The article of a page, or all its text.
///
/// Notes: `whole-page`, `html-too-deep`, `html-too-large`, `block-without-place`.
pub(super) fn extract(source: &str, limits: &Limits) -> Extracted {
    let page = Page::read(source, limits.html_depth_max);
    let mut notes = Vec::new();
    let article = if page.is_too_deep {
        notes.push(Note::new(
            "html-too-deep",
            format!("more than {} nested elements", limits.html_depth_max),
        ));
        None
    } else if source.len() > limits.html_bytes_max || marks(source) > MARKS_MAX {
        notes.push(Note::new("html-too-large", "too much markup to look for an article"));
        None
    } else {
        article(source)
    };
    let compacted = compact(&page.text);
    let declared = declare::title(&page);
    let guessed = article
        .as_ref()
        .map(|article| article.title.trim().to_owned())
        .or_else(|| page.title.clone());
    let title = Title::choose([declared, guessed], &page.text, &compacted);
    let blocks =
        article.map(|article| Page::read(&article.content, usize::MAX).text).unwrap_or_default();
    let mut findings = if is_enough(&blocks, &page.text) {
        locate(&compacted, blocks.lines())
    } else {
        Vec::new()
    };
    let menus = menus(&page);
    findings.retain(|finding| finding.place.is_none_or(|place| !is_in_menu(&menus, place)));
    let homeless = findings.iter().filter(|finding| finding.place.is_none()).count();
    // Text that the page's own lines lack for the most part was moved or made up by the tree: it is not believed.
    let (text, map, start) = if homeless * 2 >= findings.len() {
        notes.push(Note::new("whole-page", "no article was found in the page"));
        let start = title.line.map_or(0, Span::end);
        let (text, map) = without_menus(&page.text, &menus);
        (text, map, start)
    } else {
        if homeless > 0 {
            notes.push(Note::new(
                "block-without-place",
                format!("{homeless} of {}", findings.len()),
            ));
        }
        main_text(&page.text, title.line, &findings)
    };
    let near = Near::of(&page.text, start, LINES_BEFORE_MAX);
    let metadata = metadata(&page, title.text, &near);
    let map = Some(page.map.then(&map));
    Extracted { text, map, layout: Layout::Blocks, blocks: Vec::new(), metadata, notes }
}

/// What dom_smoothie takes for the article. It is not ours to trust with any input, so a panic there is no article.
fn article(source: &str) -> Option<dom_smoothie::Article> {
    let config = Config {
        max_elements_to_parse: ELEMENTS_MAX,
        text_mode: TextMode::Raw,
        ..Config::default()
    };
    catch_unwind(AssertUnwindSafe(|| {
        Readability::new(source, None, Some(config)).ok()?.parse().ok()
    }))
    .ok()
    .flatten()
}

/// Whether the article is long enough, or nearly all running text there is.
fn is_enough(article: &str, page: &str) -> bool {
    let found = letters(article);
    let is_prose = |line: &&str| {
        letters(line) >= PROSE_LETTERS_MIN && line.contains(['。', '，', ',', '.', '；'])
    };
    let prose: usize = page.lines().filter(is_prose).map(letters).sum();
    found > 0 && if found < LETTERS_MIN { found * 5 >= prose * 4 } else { found * 3 >= prose }
}

/// Tags and references, roughly.
fn marks(source: &str) -> usize {
    memchr::memchr2_iter(b'<', b'&', source.as_bytes()).count()
}

fn letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphanumeric()).count()
}

/// The menus of a page: runs of lines that are links. None when there is little else: then the links are what the
/// page is about.
fn menus(page: &Page) -> Vec<Span> {
    let mut lines: Vec<(Span, bool)> = Vec::new();
    let mut links = page.links.iter().peekable();
    let mut at = 0;
    for line in page.text.split_inclusive('\n') {
        let end = at + line.len();
        let mut linked = 0;
        while let Some(link) = links.next_if(|link| link.start() < end) {
            linked += page.text.get(link.start().max(at)..link.end().min(end)).map_or(0, letters);
        }
        lines.push((Span::new(at, end), linked > 0 && linked == letters(line)));
        at = end;
    }
    let runs = lines.chunk_by(|(_, first), (_, second)| first == second);
    let menus: Vec<Span> = runs
        .filter(|run| run.len() >= MENU_LINES_MIN && run.iter().all(|(_, is_linked)| *is_linked))
        .filter_map(|run| Some(Span::new(run.first()?.0.start(), run.last()?.0.end())))
        .collect();
    let in_menus: usize =
        menus.iter().filter_map(|menu| page.text.get(menu.range())).map(letters).sum();
    let all = letters(&page.text);
    if all - in_menus < LETTERS_MIN.min(all / 4) { Vec::new() } else { menus }
}

/// Whether a place lies in one of the menus, which are in order.
fn is_in_menu(menus: &[Span], place: Span) -> bool {
    let next = menus.partition_point(|menu| menu.end() <= place.start());
    menus.get(next).is_some_and(|menu| menu.overlaps(place))
}

/// All lines of a page but its menus.
fn without_menus(page: &str, menus: &[Span]) -> (String, OffsetMap) {
    let mut taken = Taken::from(page);
    let mut from = 0;
    for menu in menus {
        taken.copy(from..menu.start());
        from = menu.end();
    }
    taken.copy(from..page.len());
    taken.finish()
}

/// The text of the page at the places found, its title first; also the place in the page where the title ends.
///
/// A block without a place stands where its neighbours put it and leads to an empty range there.
fn main_text(
    page: &str,
    title: Option<Span>,
    findings: &[Finding<'_>],
) -> (String, OffsetMap, usize) {
    let start = findings.iter().find_map(|finding| finding.place).map_or(page.len(), Span::start);
    let mut taken = Taken::from(page);
    // The finder leaves the title out of the article; it is part of what was published.
    let title = title.filter(|line| line.end() <= start);
    if let Some(line) = title {
        taken.copy(line.range());
    }
    let mut last = title.map(Span::end);
    for finding in findings {
        let at = taken.map.source_len();
        if !taken.text.is_empty() {
            // Parts of one line of the page stay in one line.
            let between =
                last.zip(finding.place).and_then(|(from, place)| page.get(from..place.start()));
            let is_same_line = between.is_some_and(|between| between.chars().all(|c| c == ' '));
            taken.replace(at..at, if is_same_line { " " } else { "\n" });
        }
        match finding.place {
            Some(place) => taken.copy(place.range()),
            None => taken.replace(at..at, finding.text),
        }
        last = finding.place.map(Span::end);
    }
    let (text, map) = taken.finish();
    (text, map, title.map_or(start, Span::end))
}

/// The title of the article and the line of the page that shows it.
struct Title {
    text: Option<String>,
    line: Option<Span>,
}

impl Title {
    /// The first candidate that stands on a line of its own in the page, whole or without the names of the site that
    /// follow it (`标题_频道_网站`); else the first candidate, without what follows an underscore or bar.
    fn choose(
        candidates: [Option<String>; 2],
        page: &str,
        compacted: &(String, OffsetMap),
    ) -> Self {
        let candidates: Vec<String> =
            candidates.into_iter().flatten().filter(|text| !text.is_empty()).collect();
        for candidate in &candidates {
            let cuts = candidate
                .match_indices(['_', '|', '｜', '-', '–', '—'])
                .map(|(at, _)| at)
                .rev()
                .take(TITLE_CUTS_MAX);
            for end in std::iter::once(candidate.len()).chain(cuts) {
                let text = candidate.get(..end).unwrap_or_default().trim();
                if let Some(line) = own_line(page, compacted, text) {
                    return Self { text: Some(text.to_owned()), line: Some(line) };
                }
            }
        }
        let text = candidates.into_iter().next().map(|candidate| {
            let first = candidate.split(['_', '|', '｜']).next().unwrap_or_default().trim();
            if first.chars().count() >= TITLE_CHARACTERS_MIN { first.to_owned() } else { candidate }
        });
        Self { text, line: None }
    }
}

/// The first line of the page that holds these words and no others.
fn own_line(page: &str, (compacted, map): &(String, OffsetMap), words: &str) -> Option<Span> {
    let (words, _) = compact(words);
    if words.chars().count() < TITLE_CHARACTERS_MIN {
        return None;
    }
    memmem::find_iter(compacted.as_bytes(), words.as_bytes()).take(8).find_map(|at| {
        let place = map.to_source(Span::new(at, at + words.len()));
        let starts = page.get(..place.start())?.chars().next_back().is_none_or(|c| c == '\n');
        let ends = page.get(place.end()..)?.chars().next().is_none_or(|c| c == '\n');
        (starts && ends).then_some(place)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BODY: &str = "示例县把全县划分为一百二十个网格，每个网格配备一名网格员，群众有事不用出村，干部带着表格上门服务，问题在一线解决。";

    fn news() -> String {
        let paragraphs: String = (1..=6).map(|n| format!("<p>　　{n}月，{BODY}</p>\n")).collect();
        format!(
            "<!DOCTYPE html><html><head><meta charset=gb2312><title>示例县推进网格化管理_示例网</title>\
             <meta name=\"PubDate\" content=\"2023-06-19 10:00\"><style>p{{x:1}}</style></head><body>\
             <div class=nav><a href=/>首页</a><a href=/b>新闻</a><a href=/c>专题</a></div>\
             <div class=main><h1>示例县推进网格化管理</h1><div class=info>2023年06月18日 来源：示例日报&nbsp; 作者：某某</div>\
             <div id=content>{paragraphs}</div></div>\
             <script>var a = '<p>不是正文</p>';</script><div class=footer><a href=/d>关于我们</a></div></body></html>"
        )
    }

    fn extracted(source: &str) -> Extracted {
        extract(source, &Limits::default())
    }

    #[track_caller]
    fn check_places(source: &str, extracted: &Extracted) {
        let map = extracted.map.as_ref().unwrap();
        assert_eq!((map.out_len(), map.source_len()), (extracted.text.len(), source.len()));
        for (at, c) in extracted.text.char_indices().filter(|(_, c)| !c.is_whitespace()) {
            let span = map.to_source(Span::new(at, at + c.len_utf8()));
            let own = source.get(span.range()).unwrap();
            // Empty where the tree moved the text; a reference else.
            assert!(
                own.is_empty() || own.starts_with(c) || own.starts_with('&'),
                "{c:?} at {at} leads to {own:?}"
            );
        }
    }

    #[test]
    fn an_article_is_found_with_title_and_without_furniture() {
        let source = news();
        let extracted = extracted(&source);
        let lines: Vec<_> = extracted.text.lines().collect();
        assert_eq!(lines.first(), Some(&"示例县推进网格化管理"));
        assert!(extracted.text.contains(&format!("6月，{BODY}")));
        assert!(
            !extracted.text.contains("首页") && !extracted.text.contains("不是正文"),
            "{}",
            extracted.text
        );
        assert_eq!(extracted.layout, Layout::Blocks);
        check_places(&source, &extracted);
    }

    #[test]
    fn the_page_declares_date_source_and_author() {
        let metadata = extracted(&news()).metadata;
        assert_eq!(metadata.title.as_deref(), Some("示例县推进网格化管理"));
        assert_eq!(
            metadata.date.unwrap().to_string(),
            "2023-06-19",
            "the declaration goes before the line"
        );
        assert_eq!(metadata.source.as_deref(), Some("示例日报"));
        assert_eq!(metadata.author.as_deref(), Some("某某"));
    }

    #[test]
    fn a_page_without_article_gives_all_its_text() {
        let source = "<ul><li>第一条<li>第二条</ul><table><tr><td>县<td><p>网格</p></tr><tr><td>示例县<td>120</table>";
        let extracted = extracted(source);
        assert_eq!(extracted.text, "第一条\n第二条\n县 网格\n示例县 120");
        check_places(source, &extracted);
    }

    #[test]
    fn menus_of_a_page_without_article_are_left_out_and_lists_of_links_stay() {
        let menu: String = (1..=9).map(|n| format!("<li><a href=/{n}>栏目{n}</a></li>")).collect();
        let source =
            format!("<ul>{menu}</ul><div>全县共有网格员一百二十名</div><a href=x>更多</a>");
        let extracted = extracted(&source);
        assert_eq!(extracted.text, "全县共有网格员一百二十名\n更多");
        check_places(&source, &extracted);
        assert_eq!(extract(&menu, &Limits::default()).text.lines().count(), 9);
    }

    #[test]
    fn readings_over_characters_are_left_out() {
        let source =
            news().replace("一百", "<ruby>一<rp>(</rp><rt>yī</rt><rp>)</rp>百<rt>bǎi</ruby>");
        assert!(extracted(&source).text.contains(BODY));
    }

    #[test]
    fn deep_or_endless_markup_is_read_without_a_tree() {
        for open in ["<div>", "<b>", "<font color=red>", "<table><tr><td>", "<a href='"] {
            let source = format!("{}文字", open.repeat(100_000));
            let extracted = extracted(&source);
            assert!(open.contains('\'') || extracted.text == "文字", "{open}");
        }
        let deep = format!("{}文{}", "<div>".repeat(600), "</div>".repeat(600));
        assert_eq!(extracted(&deep).notes[0].code, "html-too-deep");
    }

    #[test]
    fn depth_up_to_the_limit_does_not_overflow_a_small_stack() {
        let depth = Limits::default().html_depth_max - 8;
        let paragraphs = news();
        let source = format!("{}{paragraphs}{}", "<div>".repeat(depth), "</div>".repeat(depth));
        std::thread::Builder::new()
            .stack_size(1 << 20)
            .spawn(move || assert!(extracted(&source).text.contains(BODY)))
            .unwrap()
            .join()
            .unwrap();
    }

    #[test]
    fn a_declared_encoding_is_found_in_tag_or_declaration() {
        let name = |source: &str| declared_encoding(source.as_bytes()).map(Encoding::name);
        assert_eq!(name("<meta charset=\"gb2312\">"), Some("GBK"));
        assert_eq!(
            name("<META http-equiv=Content-Type content='text/html; charset=big5'>"),
            Some("Big5")
        );
        assert_eq!(name("<?xml version='1.0' encoding='GB18030'?>"), Some("gb18030"));
        assert_eq!(name("<meta charset=utf-16>"), Some("UTF-8"));
        assert_eq!(name("<p>charset=gbk</p>"), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_markup_gives_text_with_places(source in "(<p>|</p>|<div hidden>|</div>|<br>|<td>|<tr>|</tr>|<table>|<script>|</script>|<!--|-->|<ruby>|<rt>|</ruby>|&nbsp;|&#x4e2d;|&|<|>|文字，|a| |\n|\"|'|<pre>|<a href=\"x\">){0,60}") {
            let extracted = extracted(&source);
            check_places(&source, &extracted);
        }
    }
}
