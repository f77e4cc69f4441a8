//! Web pages: the main text, what the page declares, and the place of every character in its source.
//!
//! dom_smoothie tells which text is the article ([`article`]), but not where it stood in the source. So the source is
//! first turned into lines by a small tokenizer of our own ([`page`]), which knows its places; then each block of the
//! article is looked up among those lines ([`locate`]), and what belongs to it is added ([`select`], [`around`]). What
//! comes out is always the page's own text. Where no article is found, or the markup is too deep or large for a tree, all lines of
//! the page are the text; cleaning knows site furniture.

mod around;
#[cfg_attr(not(feature = "html"), path = "article_off.rs")]
mod article;
mod declare;
mod elements;
mod facts;
mod lines;
mod linked;
mod locate;
mod markup;
mod near;
mod page;
mod prepare;
mod reader;
mod select;
mod teasers;
mod title;
mod wrapped;

use crate::ingest::extract::Taken;
use crate::ingest::extract::html::around::{rest, shows_text, with_surroundings};
use crate::ingest::extract::html::declare::metadata;
use crate::ingest::extract::html::locate::compact;
use crate::ingest::extract::html::near::{Near, is_credit};
use crate::ingest::extract::html::page::{Page, PageLine, letters};
use crate::ingest::extract::html::prepare::Inside;
use crate::ingest::extract::html::select::{
    Selection, is_in_menu, left_out, menus, over_title, select, select_named,
};
use crate::ingest::extract::html::teasers::beside_teasers;
use crate::ingest::extract::html::title::Title;
use crate::ingest::limits::Limits;
use crate::ingest::normalize::rejoin;
use crate::ingest::{Block, Extracted, Layout, Role};
use crate::model::{Note, Span};
use crate::text::OffsetMap;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use regex::bytes::Regex;
use std::sync::LazyLock;

/// Bytes at the start of a page that are searched for a declared encoding; browsers take 1,024.
const DECLARATION_BYTES: usize = 4096;

/// Pages with more tags and references give their whole text: the tree takes time by the square of some of them
/// (measured: 20 s for a million `&#`).
const MARKS_MAX: usize = 200_000;

/// And with more ends of lines: the tree takes the bare text between them apart by the square of their number (6.5 s for
/// 180,000 of them, 0.6 s for 45,000).
const BREAKS_MAX: usize = 50_000;

/// Pages that show fewer letters are read again with what their attributes hide: scripts show it later.
const SHOWN_LETTERS_MIN: usize = 200;

/// Longer words of a page of frames are no excuse for its having them.
const EXCUSE_CHARS_MAX: usize = 80;

/// A heading stands over at least so many letters.
const TEXT_LETTERS_MIN: usize = 10;

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
/// Notes: `cut-end`, `whole-page`, `description`, `html-too-deep`, `html-too-large`, `block-without-place`, `frames`.
pub(super) fn extract(source: &str, limits: &Limits) -> Extracted {
    let (mut prepared, mut unfolded) = prepare::prepare(source, Inside::Frames);
    // What scripts show once the page is loaded, where it shows little else.
    if prepare::has_store(source)
        && all_letters(&Page::read(&prepared, limits.html_depth_max)) < SHOWN_LETTERS_MIN
    {
        (prepared, unfolded) = prepare::prepare(source, Inside::Stores);
    }
    let mut extracted = extract_prepared(&prepared, source, limits);
    if extracted.text.is_empty() && prepare::has_description(source) {
        (prepared, unfolded) = prepare::prepare(source, Inside::Description);
        extracted = extract_prepared(&prepared, source, limits);
        extracted.notes.retain(|other| other.code != "whole-page");
        extracted.notes.push(Note::new("description", ""));
    }
    if let Some(unfolded) = unfolded {
        extracted.map = extracted.map.map(|map| unfolded.then(&map));
    }
    extracted
}

/// The article of a page as it was prepared; what its scripts say stands in the page as it was before.
fn extract_prepared(source: &str, whole: &str, limits: &Limits) -> Extracted {
    let mut page = read(source, limits.html_depth_max);
    if source.len() != whole.len() {
        page.head.json_ld.extend(Page::read(whole, limits.html_depth_max).head.json_ld);
    }
    let mut notes = Vec::new();
    if page.is_cut {
        notes.push(Note::new("cut-end", ""));
    }
    let found = if page.is_too_deep {
        notes.push(Note::new(
            "html-too-deep",
            format!("more than {} nested elements", limits.html_depth_max),
        ));
        None
    } else if source.len() > limits.html_bytes_max
        || marks(source) > MARKS_MAX
        || breaks(source) > BREAKS_MAX
    {
        notes.push(Note::new("html-too-large", "too much markup to look for an article"));
        None
    } else {
        article::find(source)
    };
    let is_framed = || all_letters(&page) < SHOWN_LETTERS_MIN && !shows_text(&page);
    if page.head.is_frameset || !page.head.frames.is_empty() && is_framed() {
        notes.push(Note::new("frames", page.head.frames.join(" ")));
    }
    let compacted = compact(&page.text);
    let titles = declare::titles(&page, found.as_ref().map(|found| found.title.as_str()));
    let sites = declare::sites(&page);
    let mut title = Title::choose(&titles, &sites, &page, &compacted);
    if title.place.is_none() && declare::is_of_word_processor(&page) {
        // Word processors keep the title of the file this one was copied from.
        title.text = None;
    }
    let menus = menus(&page);
    let selection = found.and_then(|found| {
        let content = Page::read(&found.content, usize::MAX).text;
        select(&page, &compacted, &content, &menus)
    });
    // A finder that saw nothing but what stands round the block that is named as the article missed it.
    let named = || select_named(&page, &menus);
    let selection = match selection {
        Some(found) => named()
            .filter(|named| named.misses(&found))
            .or_else(|| beside_teasers(&page, title.place, &found, &menus, &sites))
            .or(Some(found)),
        None => named()
            .or_else(|| beside_teasers(&page, title.place, &whole_page(&page), &menus, &sites)),
    };
    let (is_left_out, is_over_title) =
        (left_out(&page, title.place), over_title(&page, title.place));
    let without = |selection: Selection, is_out| selection.without(&page, is_out);
    let selection =
        selection.map(|selection| without(without(selection, &is_left_out), &is_over_title));
    let parts = match &selection {
        Some(selection) => {
            if selection.homeless > 0 {
                let detail = format!("{} of {}", selection.homeless, selection.found);
                notes.push(Note::new("block-without-place", detail));
            }
            let spans = with_surroundings(&page, title.place, selection, &menus, &sites);
            without(Selection { spans, ..Selection::default() }, &is_left_out).spans
        }
        None => {
            let is_excuse =
                |line: &PageLine| page.head.is_frameset && is_excuse(page.line_text(line));
            let whole = without(without(whole_page(&page), &is_left_out), &is_over_title);
            let lines = whole.spans.into_iter().filter(|span| {
                let lines = page.lines.get(page.lines_of(*span)).unwrap_or_default();
                !is_in_menu(&menus, *span) && !lines.iter().any(is_excuse)
            });
            let lines: Vec<Span> = lines.collect();
            if !lines.is_empty() {
                notes.push(Note::new("whole-page", "no article was found in the page"));
            }
            lines
        }
    };
    let article = selection.as_ref().and_then(|selection| {
        let (first, last) = (selection.spans.first()?, selection.spans.last()?);
        Some(Span::new(first.start(), last.end()))
    });
    let near = Near::of(&page, title.place, article);
    let start = declare::start(title.place, article);
    let metadata = metadata(whole, &page, title.text, near, start);
    let rest = rest(&page, &parts, &menus);
    let (text, map, mut blocks) = put_together(&page, title.place, &parts, &rest);
    check_headings(&text, &mut blocks, metadata.title.as_deref(), &sites);
    let map = Some(page.map.then(&map));
    Extracted {
        text,
        map,
        layout: Layout::Blocks,
        blocks,
        metadata,
        notes,
        unread_pages: Vec::new(),
    }
}

/// Everything a page shows, as if it had been found.
fn whole_page(page: &Page) -> Selection {
    let spans = page.lines.iter().map(|line| line.span).collect();
    Selection { spans, ..Selection::default() }
}

/// The lines of a page; also what its attributes hide, where little else is there.
fn read(source: &str, depth_max: usize) -> Page {
    let page = Page::read(source, depth_max);
    let shown = all_letters(&page);
    if page.has_hidden && shown < SHOWN_LETTERS_MIN {
        let whole = Page::read_shown(source, depth_max);
        let all = all_letters(&whole);
        if all >= SHOWN_LETTERS_MIN && all > shown * 4 {
            return whole;
        }
    }
    page
}

/// Letters of all its lines.
fn all_letters(page: &Page) -> usize {
    page.lines.iter().map(|line| line.letters).sum()
}

/// What a page of frames says to browsers that show none.
fn is_excuse(words: &str) -> bool {
    let words = words.to_lowercase();
    words.chars().count() <= EXCUSE_CHARS_MAX
        && (words.contains("框架") || words.contains("框頁") || words.contains("frame"))
        && (words.contains("浏览器") || words.contains("瀏覽器") || words.contains("browser"))
}

/// Tags and references, roughly.
fn marks(source: &str) -> usize {
    memchr::memchr2_iter(b'<', b'&', source.as_bytes()).count()
}

/// `<br>` and `<hr>`.
fn breaks(source: &str) -> usize {
    let bytes = source.as_bytes();
    let is_break = |at: &usize| {
        let name = bytes.get(at + 1..at + 3).unwrap_or_default();
        name.eq_ignore_ascii_case(b"br") || name.eq_ignore_ascii_case(b"hr")
    };
    memchr::memchr_iter(b'<', bytes).filter(is_break).count()
}

/// The parts of a page as a text, a line each, with the roles of its lines; those of the rest are for view only.
fn put_together(
    page: &Page,
    title: Option<Span>,
    parts: &[Span],
    rest: &[Span],
) -> (String, OffsetMap, Vec<Block>) {
    let joins = wrapped::joins(page);
    let title = title.map_or(0..0, |place| page.lines_of(place));
    // What stands between a line and the one above where both are one paragraph.
    let joint = |line: usize, above: &str, words: &str| {
        let before = line.checked_sub(1)?;
        let is_of_title = title.contains(&before) && title.contains(&line);
        if is_of_title || page.is_one_heading(before) {
            return Some(" ");
        }
        joins.get(before).is_some_and(|&joins| joins).then(|| rejoin::joint(above, words))
    };
    let mut taken = Taken::from(&page.text);
    let mut blocks: Vec<Block> = Vec::with_capacity(parts.len() + rest.len());
    let wanted = parts.iter().map(|part| (part, false));
    let mut all: Vec<(&Span, bool)> = wanted.chain(rest.iter().map(|part| (part, true))).collect();
    // Stable: parts that were not in order stay as they were among themselves.
    all.sort_by_key(|(part, _)| part.start());
    let mut before_is_rest = false;
    for (part, is_rest) in all {
        let is_alike = std::mem::replace(&mut before_is_rest, is_rest) == is_rest;
        let from = taken.map.source_len();
        let Some(between) = page.text.get(from..part.start()) else { continue };
        let ordinals = page.lines_of(*part);
        let lines = page.lines.get(ordinals.clone()).unwrap_or_default();
        let mut is_same_line = false;
        if !taken.text.is_empty() {
            // Parts of one line of the page stay in one line.
            is_same_line = is_alike && between.chars().all(|c| c == ' ');
            let words = page.text.get(part.range()).unwrap_or_default();
            let joint = joint(ordinals.start, &taken.text, words);
            if let Some(joint) = joint.filter(|_| is_alike && between == "\n") {
                taken.replace(from..part.start(), joint);
                is_same_line = true;
            } else {
                taken.replace(from..from, if is_same_line { " " } else { "\n" });
            }
        }
        let first = ordinals.start;
        for (ordinal, line) in ordinals.zip(lines) {
            let start = line.span.start().clamp(part.start(), part.end());
            let end = line.span.end().clamp(start, part.end());
            let above = taken.map.source_len().max(part.start());
            if ordinal > first {
                let joint = joint(ordinal, &taken.text, page.line_text(line));
                is_same_line = joint.is_some();
                match joint {
                    Some(joint) => taken.replace(above..start, joint),
                    None => taken.copy(above..start),
                }
            }
            let at = taken.text.len();
            taken.copy(start..end);
            let span = Span::new(at, taken.text.len());
            if let Some(block) = blocks.last_mut().filter(|_| is_same_line) {
                block.span = Span::new(block.span.start(), span.end());
            } else {
                let number = blocks.len() + 1;
                let role = if is_rest { Some(Role::LeftOut) } else { line.role };
                blocks.push(Block { span, role, number, page: None, area: None });
            }
        }
    }
    let (text, map) = taken.finish();
    (text, map, blocks)
}

/// Takes the role from headings that head nothing of the article: names of the site, labels of its boxes, and who wrote
/// it.
fn check_headings(text: &str, blocks: &mut [Block], title: Option<&str>, sites: &[String]) {
    let words = |block: &Block| text.get(block.span.range()).unwrap_or_default();
    let mut has_text = false;
    for block in blocks.iter_mut().rev().filter(|block| block.role != Some(Role::LeftOut)) {
        if let Some(Role::Heading(_)) = block.role {
            let words = words(block);
            if is_credit(words) {
                block.role = None;
                continue;
            }
            let is_site = sites.iter().any(|site| site == words) && title != Some(words);
            if !has_text || is_site {
                block.role = None;
            }
            has_text = block.role.is_some();
        } else {
            has_text |= letters(words(block)) >= TEXT_LETTERS_MIN;
        }
    }
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
    fn a_hard_wrapped_text_is_put_together() {
        let source = "<html><title>甲村</title><body><pre>\n    甲村把修渠养路当作头等大事，安排专人每天沿着水渠走一遍，发现渗\n漏马上报告。\n    村里还办了42期夜校，请来农技员讲授果树修剪，前后有一千余名果\n农参加学习。\n</pre></body></html>";
        let extracted = extracted(source);
        check_places(source, &extracted);
        let lines: Vec<&str> = extracted.text.lines().collect();
        assert_eq!(
            lines,
            [
                "甲村把修渠养路当作头等大事，安排专人每天沿着水渠走一遍，发现渗漏马上报告。",
                "村里还办了42期夜校，请来农技员讲授果树修剪，前后有一千余名果农参加学习。",
            ]
        );
        let words: Vec<&str> = extracted
            .blocks
            .iter()
            .map(|block| extracted.text.get(block.span.range()).unwrap())
            .collect();
        assert_eq!(words, lines);
    }

    #[cfg(feature = "html")]
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
    fn a_page_without_text_has_that_of_its_description() {
        let words = format!("{BODY}\\x0a第二段也在这里。");
        let page = |body: &str| {
            format!(
                "<title></title><meta property='og:title' content='示例县推进网格化管理'>\
                 <meta name=description content='{words}'><body>{body}<script>x()</script></body>"
            )
        };
        let found = extracted(&page("<div></div>"));
        assert_eq!(found.text, format!("{BODY}\n第二段也在这里。"));
        assert_eq!(found.metadata.title.as_deref(), Some("示例县推进网格化管理"));
        let codes: Vec<_> = found.notes.iter().map(|note| note.code.as_str()).collect();
        assert_eq!(codes, ["description"]);
        check_places(&page("<div></div>"), &found);
        assert_eq!(extracted(&page("<p>别的话。</p>")).text, "别的话。");
        assert_eq!(extracted("<title>空</title><div></div>").notes, []);
    }

    #[test]
    fn a_page_whose_text_stands_in_a_frame_says_so() {
        let framed = |rest: &str| {
            let source = format!("<title>示例县</title><p>首页</p>{rest}");
            extracted(&source).notes.into_iter().find(|note| note.code == "frames")
        };
        let note = framed("<iframe src=a.html></iframe>").unwrap();
        assert_eq!(note.detail, "a.html");
        assert_eq!(framed("<iframe src=a.html width=0></iframe>"), None);
        assert_eq!(framed("<iframe src='about:blank'></iframe>"), None);
        assert_eq!(framed(&format!("<p>{BODY}</p><iframe src=a.html></iframe>")), None);
    }

    #[test]
    fn what_a_page_of_frames_says_to_old_browsers_is_no_text() {
        let page = |words: &str| {
            extracted(&format!(
                "<frameset><frame src=a.html><noframes><body>{words}</body></noframes></frameset>"
            ))
        };
        let excuse = page("本页用了框架，您的浏览器不支持框架。");
        assert!(excuse.blocks.iter().all(|block| block.role == Some(Role::LeftOut)));
        assert_eq!(excuse.notes.len(), 1, "{:?}", excuse.notes);
        assert_eq!(page("框架协议签订了。").blocks[0].role, None);
    }

    #[test]
    fn the_article_in_a_hidden_field_is_read_where_the_page_shows_little_else() {
        let stored = format!("<textarea style='display:none'>&lt;p>{BODY}&lt;/p></textarea>");
        let source = format!("<h1>示例县推进网格化管理</h1>{stored}<div id=show></div>");
        let found = extracted(&source);
        assert_eq!(found.text, format!("示例县推进网格化管理\n{BODY}"));
        check_places(&source, &found);
        let shown =
            extracted(&news().replace("<div id=content>", &format!("{stored}<div id=content>")));
        assert_eq!(shown.text, extracted(&news()).text);
    }

    #[cfg(feature = "html")]
    #[test]
    fn a_kicker_and_the_line_of_the_authors_are_read_with_the_title() {
        let head = "<h3>全县划分一百二十个网格</h3><h1>示例县推进网格化管理</h1><h2>——基层见闻</h2><p>本报记者 某某 通讯员 某某某</p>";
        let extracted = extracted(&news().replace("<h1>示例县推进网格化管理</h1>", head));
        let lines: Vec<_> = extracted.text.lines().take(4).collect();
        let expected = [
            "全县划分一百二十个网格",
            "示例县推进网格化管理",
            "——基层见闻",
            "本报记者 某某 通讯员 某某某",
        ];
        assert_eq!(lines, expected);
        // The name of a channel is none.
        let channel = "<h3>工作动态</h3><h1>示例县推进网格化管理</h1>";
        let extracted = self::extracted(&news().replace("<h1>示例县推进网格化管理</h1>", channel));
        assert_eq!(extracted.text.lines().next(), Some("示例县推进网格化管理"));
    }

    #[test]
    fn an_article_that_a_script_shows_is_found_by_the_name_of_its_block() {
        let sections: String = (1..=6)
            .map(|n| {
                format!(
                    "<section><section><span>{n}月，</span><span>{BODY}</span></section></section>"
                )
            })
            .collect();
        let source = format!(
            "<title>示例县推进网格化管理</title><div><p>轻触阅读原文</p><h1>示例县推进网格化管理</h1><span>某某</span><a id=js_name href=x>示例发布</a>\
             <div class=\"rich_media_content\" id=\"js_content\" style=\"visibility: hidden; opacity: 0;\">{sections}</div>\
             <p>预览时标签不可点</p><p>微信扫一扫</p></div>"
        );
        let extracted = extracted(&source);
        let lines: Vec<&str> = extracted.text.lines().collect();
        assert_eq!((lines.len(), lines[0]), (7, "示例县推进网格化管理"), "{lines:?}");
        assert!(extracted.notes.is_empty(), "{:?}", extracted.notes);
        assert_eq!(extracted.metadata.source.as_deref(), Some("示例发布"));
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
    fn the_ways_to_other_pages_are_left_out_of_a_short_page() {
        let nav = "<nav>要闻 <a href=/b>示例窗口</a><p>示例县欢迎您的到来</p></nav>";
        let text = "<h2>示例县办起议事小院</h2><p>村民来小院说事。</p><p>三个月办了二十件。</p>";
        let shown =
            |source: &str| extracted(source).text.lines().map(str::to_owned).collect::<Vec<_>>();
        let own = ["示例县办起议事小院", "村民来小院说事。", "三个月办了二十件。"];
        let kept = |source: &str| {
            let extracted = extracted(source);
            let is_kept = |block: &&Block| block.role != Some(Role::LeftOut);
            let kept = extracted.blocks.iter().filter(is_kept);
            kept.filter_map(|block| Some(extracted.text.get(block.span.range())?.to_owned()))
                .collect::<Vec<_>>()
        };
        assert_eq!(kept(&format!("{nav}{text}")), own);
        assert_eq!(kept(&format!("{text}{nav}")), own);
        // Text in such an element, and a page that has nothing else, stay.
        assert_eq!(kept(&format!("<nav>{text}</nav>")), own);
        assert_eq!(shown(nav), ["要闻 示例窗口", "示例县欢迎您的到来"]);
    }

    #[test]
    fn a_block_that_a_script_shows_is_read_beside_what_is_shown() {
        let source = "<h1>示例县：网格化管理解民忧</h1><div>2023-05-06 18:30</div>\
                      <div id=js_content style='visibility: hidden'><p>示例县把全县划为二百三十六个网格，配备网格员五百名。</p></div>\
                      <div>阅读 1000 赞 20 在看</div>";
        let extracted = extracted(source);
        assert!(extracted.text.contains("二百三十六个网格"), "{}", extracted.text);
        check_places(source, &extracted);
    }

    #[test]
    fn menus_of_a_page_without_article_are_left_out_and_lists_of_links_stay() {
        let menu: String = (1..=9).map(|n| format!("<li><a href=/{n}>栏目{n}</a></li>")).collect();
        let source = format!(
            "<ul>{menu}</ul><div>全县共有网格员一百二十名</div><a href=x>网格员名单和联系电话</a>"
        );
        let extracted = extracted(&source);
        assert_eq!(extracted.text, "全县共有网格员一百二十名\n网格员名单和联系电话");
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
    fn a_page_that_ends_in_its_middle_is_cut() {
        let is_cut =
            |source: &str| extracted(source).notes.iter().any(|note| note.code == "cut-end");
        for cut in [
            "<html><body><p>甲</p><p><span>乙",
            "<html><body><p>甲</p><p>乙",
            "<html><body><table><tr><td>甲",
            "<p>甲</p><p class=\"t",
            "<p>甲</p><",
            "<p>甲</p></",
            "<p>甲</p><!-- 乙",
        ] {
            // A `<` alone is text.
            assert_eq!(is_cut(cut), !cut.ends_with(['<', '/']), "{cut}");
        }
        for whole in [
            "<html><body><p>甲</p><div><p>乙</body></html>",
            "<html><body><div><p>甲</p></body>",
            "<html><body><p>甲<p>乙",
            "<html><body><p>甲</p>",
            "<p>甲</p><p>乙",
            "<div>甲<",
            "甲 < 乙",
        ] {
            assert!(!is_cut(whole), "{whole}");
        }
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
