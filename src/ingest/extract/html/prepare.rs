//! What is done to the source of a page before it is read: toolbars of archives go, pages inside it are unfolded, and
//! elements that are empty in XML are closed as HTML closes them.

use crate::ingest::extract::Taken;
use crate::ingest::extract::entity::entity;
use crate::ingest::extract::html::markup::{
    attribute, attribute_range, is_hidden, is_one_of, tag_len,
};
use crate::ingest::extract::html::page::letters;
use crate::ingest::extract::html::reader::{METAS_MAX, end_tag};
use crate::text::OffsetMap;
use memchr::memmem;
use regex::Regex;
use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

/// The comments round what web archives put into the pages they keep.
const TOOLBARS: [(&str, &str); 2] = [
    ("<!-- BEGIN WAYBACK TOOLBAR INSERT -->", "<!-- END WAYBACK TOOLBAR INSERT -->"),
    ("<!-- Baidu Snapshot Begin -->", "<!-- Baidu Snapshot End -->"),
];

/// Pages inside a page that are unfolded.
const INSIDE_MAX: usize = 32;

/// Shorter content of a hidden field is no article.
const STORE_BYTES_MIN: usize = 90;

/// Shorter words for browsers without scripts, and shorter strings in a script, are none: notices are not longer.
const SCRIPTED_BYTES_MIN: usize = 300;

/// Shorter descriptions are no text.
const DESCRIPTION_LETTERS_MIN: usize = 20;

/// Longer ones are none that a page was given by hand; the tree is slow where it has many line breaks.
const DESCRIPTION_BYTES_MAX: usize = 32 << 10;

/// What holds text that is unfolded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Inside {
    /// Pages in the attributes of frames.
    Frames,
    /// Those, and what a script takes the article from, or what stands for it where no script runs: hidden fields,
    /// templates, linked data, strings.
    Stores,
    /// Those, and the description in the head.
    Description,
}

/// The source as it is read; the map leads to the source as it stands and is `None` where nothing was changed.
pub(super) fn prepare(source: &str, inside: Inside) -> (Cow<'_, str>, Option<OffsetMap>) {
    let mut changes = toolbars(source);
    changes.extend(frames(source));
    changes.extend(empty_elements(source));
    match inside {
        Inside::Frames => {}
        Inside::Stores => changes.extend(stores(source)),
        Inside::Description => {
            changes.extend(stores(source));
            changes.extend(description(source));
        }
    }
    if changes.is_empty() {
        return (Cow::Borrowed(source), None);
    }
    changes.sort_by_key(|change| change.whole.start);
    let mut taken = Taken::from(source);
    let mut at = 0;
    for change in changes.into_iter() {
        if change.whole.start < at {
            continue;
        }
        taken.copy(at..change.whole.start);
        match &change.put {
            Put::Nothing => {}
            Put::End(tag) => {
                taken.replace(change.whole.start..change.whole.end, &format!("></{tag}>"));
            }
            Put::Inside(inside, writing) => unfold(&mut taken, inside.clone(), *writing),
        }
        at = change.whole.end;
    }
    taken.copy(at..source.len());
    let (text, map) = taken.finish();
    (Cow::Owned(text), Some(map))
}

/// Whether the page has hidden fields that hold an article.
pub(super) fn has_store(source: &str) -> bool {
    !stores(source).is_empty()
}

/// Whether the page has a description that may be an article.
pub(super) fn has_description(source: &str) -> bool {
    description(source).is_some()
}

/// A part of the source, and what stands there instead.
struct Change {
    whole: Range<usize>,
    put: Put,
}

/// What is put in place of a part of the source.
enum Put {
    Nothing,
    /// The end of a start tag, and the end tag of the element.
    End(&'static str),
    /// A page that stands in that part, and how it is written.
    Inside(Range<usize>, Writing),
}

/// How a page inside a page is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Writing {
    /// As markup.
    Markup,
    /// As the value of an attribute.
    Value,
    /// As plain text in an attribute, in which scripts' escapes stand for characters.
    Plain,
    /// As a string of a script that holds markup.
    String,
    /// As a string of a script that holds plain text.
    PlainString,
}

impl Writing {
    fn is_plain(self) -> bool {
        matches!(self, Self::Plain | Self::PlainString)
    }

    fn is_string(self) -> bool {
        matches!(self, Self::String | Self::PlainString)
    }
}

fn toolbars(source: &str) -> Vec<Change> {
    let mut changes = Vec::new();
    for (begin, end) in TOOLBARS {
        let found = memmem::find(source.as_bytes(), begin.as_bytes()).and_then(|start| {
            let after = source.as_bytes().get(start..)?;
            let len = memmem::find(after, end.as_bytes())? + end.len();
            Some(Change { whole: start..start + len, put: Put::Nothing })
        });
        changes.extend(found);
    }
    changes
}

/// `<iframe srcdoc="…">`: the page stands in the attribute.
fn frames(source: &str) -> Vec<Change> {
    let bytes = source.as_bytes();
    if memmem::find(bytes, b"srcdoc").is_none() && memmem::find(bytes, b"SRCDOC").is_none() {
        return Vec::new();
    }
    let with_page = |(tag, attributes): Tag| {
        let value = attribute_range(source.get(attributes.clone())?, "srcdoc")?;
        let inside = attributes.start + value.start..attributes.start + value.end;
        Some(Change { whole: tag, put: Put::Inside(inside, Writing::Value) })
    };
    tags(source, "iframe").filter_map(with_page).take(INSIDE_MAX).collect()
}

/// `<script/>`: in XML the element is empty, in HTML it goes on to the next end tag.
fn empty_elements(source: &str) -> Vec<Change> {
    const NAMES: [&str; 5] = ["script", "style", "title", "textarea", "iframe"];
    if !source.trim_start_matches('\u{FEFF}').trim_start().starts_with("<?xml") {
        return Vec::new();
    }
    let empty = |name: &'static str| {
        let is_empty =
            |(tag, _): &Tag| source.get(tag.clone()).is_some_and(|tag| tag.ends_with("/>"));
        let end = move |(tag, _): Tag| Change { whole: tag.end - 2..tag.end, put: Put::End(name) };
        tags(source, name).filter(is_empty).map(end)
    };
    NAMES.into_iter().flat_map(empty).collect()
}

/// What holds the article of a page that shows none.
fn stores(source: &str) -> Vec<Change> {
    let mut stores = fields(source);
    if stores.is_empty() {
        stores =
            ["noscript", "template"].into_iter().flat_map(|name| unshown(source, name)).collect();
    }
    if stores.is_empty() {
        stores.extend(longest_string(source));
    }
    stores
}

/// `<textarea style="display:none">`: the article as markup, from which a script takes it.
fn fields(source: &str) -> Vec<Change> {
    let (mut stores, mut from) = (Vec::new(), 0);
    for (tag, attributes) in tags(source, "textarea") {
        // One inside another is text.
        if tag.start < from {
            continue;
        }
        let Some(end) = end_tag(source, "textarea", tag.end) else { break };
        from = end;
        let content = source.get(tag.end..end).unwrap_or_default();
        let is_text = content.contains('。') && content.len() >= STORE_BYTES_MIN;
        if is_text && is_hidden(source.get(attributes).unwrap_or_default()) {
            stores.push(Change {
                whole: tag.start..end,
                put: Put::Inside(tag.end..end, Writing::Value),
            });
        }
        if stores.len() == INSIDE_MAX {
            break;
        }
    }
    stores
}

/// `<noscript>`, `<template>`: the article for browsers that run no script, or for the script that shows it.
fn unshown(source: &str, name: &'static str) -> Vec<Change> {
    let (mut stores, mut from) = (Vec::new(), 0);
    for (tag, _) in tags(source, name) {
        if tag.start < from || stores.len() == INSIDE_MAX {
            continue;
        }
        let Some(end) = end_tag(source, name, tag.end) else { break };
        from = end;
        if source.get(tag.end..end).is_some_and(is_article) {
            stores.push(Change {
                whole: tag.start..end,
                put: Put::Inside(tag.end..end, Writing::Markup),
            });
        }
    }
    stores
}

/// `"articleBody":"…"`, `"content":"<p>…"`: the longest string of this name in the scripts of a page, in place of its
/// script. There is one article; other strings are of other pages.
fn longest_string(source: &str) -> Option<Change> {
    static STRING: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r#"(?i)"(?:articleBody|(?:article|news|art|main|detail)?_?(?:content|body|html|text|detail|cnt_html))"\s*:\s*"((?:[^"\\]|\\.){100,})""#,
        )
        .expect("the pattern is constant")
    });
    let (mut best, mut from): (Option<(Range<usize>, Range<usize>)>, _) = (None, 0);
    for (tag, _) in tags(source, "script") {
        if tag.start < from {
            continue;
        }
        let Some(end) = end_tag(source, "script", tag.end) else { break };
        from = end;
        let content = source.get(tag.end..end).unwrap_or_default();
        let strings = STRING.captures_iter(content).filter_map(|found| found.get(1));
        for string in strings.filter(|string| is_article(string.as_str())) {
            if best.as_ref().is_none_or(|(_, best)| best.len() < string.len()) {
                best = Some((tag.start..end, tag.end + string.start()..tag.end + string.end()));
            }
        }
    }
    let (whole, inside) = best?;
    let is_markup = source.get(inside.clone())?.contains(['<', '&']);
    let writing = if is_markup { Writing::String } else { Writing::PlainString };
    Some(Change { whole, put: Put::Inside(inside, writing) })
}

/// Whether words that a page does not show are long enough for an article, and sentences.
fn is_article(words: &str) -> bool {
    let escaped = || words.matches("\\u3002").nth(1).is_some();
    words.len() >= SCRIPTED_BYTES_MIN && (words.matches('。').nth(1).is_some() || escaped())
}

/// The longest description in the head, if it is text: pages made for sharing a picture have their words there.
fn description(source: &str) -> Option<Change> {
    const NAMES: [&str; 2] = ["description", "og:description"];
    let with_text = |(tag, attributes): Tag| {
        let own = source.get(attributes.clone())?;
        let name = attribute(own, "name").or_else(|| attribute(own, "property"))?;
        let value = attribute_range(own, "content")?;
        let is_it = is_one_of(name.trim(), &NAMES)
            && value.len() <= DESCRIPTION_BYTES_MAX
            && letters(own.get(value.clone())?) >= DESCRIPTION_LETTERS_MIN;
        let inside = attributes.start + value.start..attributes.start + value.end;
        is_it.then_some(Change { whole: tag, put: Put::Inside(inside, Writing::Plain) })
    };
    let found = tags(source, "meta").take(METAS_MAX).filter_map(with_text);
    // Of two with the same words the first one.
    let len = |change: &Change| match &change.put {
        Put::Inside(inside, _) => inside.len(),
        Put::Nothing | Put::End(_) => 0,
    };
    found.reduce(|best, other| if len(&other) > len(&best) { other } else { best })
}

/// A start tag, and the part of it behind its name.
type Tag = (Range<usize>, Range<usize>);

/// The start tags of this name.
fn tags<'a>(source: &'a str, name: &'static str) -> impl Iterator<Item = Tag> + 'a {
    let bytes = source.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let open = at + memchr::memchr(b'<', bytes.get(at..)?)?;
            at = open + 1;
            let start = at + name.len();
            if bytes.get(at..start).is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
            {
                let end = open + bytes.get(open..).map_or(0, tag_len);
                at = end;
                return Some((open..end, start..end.max(start)));
            }
        }
    })
}

/// Takes a page over that is written in another way, its references and escapes decoded, in a block of its own. The
/// markup in plain text is none.
fn unfold(taken: &mut Taken<'_>, part: Range<usize>, writing: Writing) {
    let Some(value) = taken.source.get(part.clone()) else { return };
    taken.replace(part.start..part.start, "<div>");
    let is_plain = writing.is_plain();
    let is_mark = |c: char| match writing {
        Writing::Markup => false,
        Writing::Value => c == '&',
        Writing::Plain => matches!(c, '&' | '\\' | '<' | '\n'),
        Writing::String => c == '\\',
        Writing::PlainString => matches!(c, '\\' | '<'),
    };
    let mut at = 0;
    while let Some(rest) = value.get(at..).filter(|rest| !rest.is_empty()) {
        let plain = rest.find(is_mark).unwrap_or(rest.len());
        taken.copy(part.start + at..part.start + at + plain);
        at += plain;
        let Some(rest) = value.get(at..).filter(|rest| !rest.is_empty()) else { break };
        let escaped = || if writing.is_string() { string_escape(rest) } else { escape(rest) };
        let reference = if writing.is_string() { None } else { entity(rest) };
        let (text, len) = reference
            .or_else(|| escaped().filter(|_| writing != Writing::Value))
            .unwrap_or_else(|| {
                let first = rest.chars().next().unwrap_or_default();
                (first.to_string(), first.len_utf8())
            });
        let text = match text.as_str() {
            "<" if is_plain => "&lt;",
            "\n" if is_plain => "<br>",
            other => other,
        };
        taken.replace(part.start + at..part.start + at + len, text);
        at += len;
    }
    taken.replace(part.end..part.end, "</div>");
}

/// A character as scripts write it, `\x0a`, and how long that is.
fn escape(text: &str) -> Option<(String, usize)> {
    let digits = text.strip_prefix("\\x")?.get(..2)?;
    let c = char::from(u8::from_str_radix(digits, 16).ok()?);
    Some((c.to_string(), 4))
}

/// A character as strings of JSON write it, `\n`, `\u4e2d`, `\/`, and how long that is.
fn string_escape(text: &str) -> Option<(String, usize)> {
    let rest = text.strip_prefix('\\')?;
    let unit = |rest: &str| u16::from_str_radix(rest.strip_prefix('u')?.get(..4)?, 16).ok();
    if let Some(first) = unit(rest) {
        // Characters beyond the first plane are written as two units.
        let second = rest.get(5..).and_then(|rest| unit(rest.strip_prefix('\\')?));
        let pair = second.and_then(|second| String::from_utf16(&[first, second]).ok());
        let is_high = (0xD800..0xDC00).contains(&first);
        return match (is_high, pair) {
            (true, Some(pair)) => Some((pair, 12)),
            _ => Some((char::from_u32(first.into()).unwrap_or('\u{FFFD}').to_string(), 6)),
        };
    }
    let c = match rest.chars().next()? {
        'n' => '\n',
        'r' | 't' | 'b' | 'f' => ' ',
        other => other,
    };
    Some((c.to_string(), 1 + rest.chars().next()?.len_utf8()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(source: &str, expected: &str) {
        check_inside(source, Inside::Frames, expected);
    }

    #[track_caller]
    fn check_inside(source: &str, inside: Inside, expected: &str) {
        let (text, map) = prepare(source, inside);
        assert_eq!(text, expected);
        if let Some(map) = map {
            map.assert_sound(source, &text);
        }
    }

    #[test]
    fn the_toolbar_of_an_archive_goes() {
        let [(begin, end), _] = TOOLBARS;
        check(&format!("前{begin}<div>存档</div>{end}后"), "前后");
        check(&format!("前{begin}后"), &format!("前{begin}后"));
    }

    #[test]
    fn a_page_in_an_attribute_is_unfolded() {
        check(
            "前<IFRAME width=1 srcdoc=\"&lt;p class=&quot;a&quot;>治&amp;理\"></iframe>后",
            "前<div><p class=\"a\">治&理</div></iframe>后",
        );
        check("<iframe src=a.htm>srcdoc</iframe>", "<iframe src=a.htm>srcdoc</iframe>");
    }

    #[test]
    fn a_hidden_field_with_text_is_unfolded() {
        let text = "河湾镇把全镇划分为四十个网格，每个网格配备一名网格员，群众有事不用出村。";
        let page = |attributes: &str| format!("前<textarea {attributes}>&lt;p>{text}</textarea>后");
        let hidden = page("style='display:none'");
        assert!(has_store(&hidden) && !has_store(&page("rows=3")));
        assert!(!has_store("<textarea hidden>请输入。</textarea>"));
        check_inside(&hidden, Inside::Stores, &format!("前<div><p>{text}</div></textarea>后"));
        check(&hidden, &hidden);
        check_inside(&page("rows=3"), Inside::Stores, &page("rows=3"));
    }

    #[test]
    fn a_description_is_unfolded_as_plain_text() {
        let text = "河湾镇把全镇划分为四十个网格，每个网格配备一名网格员";
        let page = format!(
            "<META name=description content=\"{text}\\x0a2<3 &amp; \\x26amp; \\y。\"><meta name=keywords content=\"{text}{text}\">后"
        );
        assert!(has_description(&page));
        let rest = format!("<meta name=keywords content=\"{text}{text}\">后");
        let expected = format!("<div>{text}<br>2&lt;3 & &amp; \\y。</div>{rest}");
        check_inside(&page, Inside::Description, &expected);
        assert!(!has_description("<meta name=description content='示例县的网站'>"));
    }

    #[test]
    fn an_empty_element_of_xml_is_closed() {
        let page = "<?xml version='1.0'?><script src=a.js/><p>一</p>";
        check(page, "<?xml version='1.0'?><script src=a.js></script><p>一</p>");
        check("<script src=a.js/><p>一</p>", "<script src=a.js/><p>一</p>");
    }

    #[test]
    fn what_a_page_holds_for_its_script_is_unfolded() {
        let text = "河湾镇把全镇划分为四十个网格，每个网格配备一名网格员。群众有事不用出村，干部带着表格上门服务。".repeat(4);
        for name in ["noscript", "template"] {
            let page = format!("前<{name} id=a><p>{text}</p></{name}>后");
            assert!(has_store(&page));
            check_inside(&page, Inside::Stores, &format!("前<div><p>{text}</p></div></{name}>后"));
            check(&page, &page);
        }
        let page =
            |string: &str| format!("前<script>var a={{\"content\":\"{string}\"}}</script>后");
        let expected = format!("前<div><p class=\"a\">{text}</p></div></script>后");
        check_inside(&page(&format!("<p class=\\\"a\\\">{text}<\\/p>")), Inside::Stores, &expected);
        // Plain text, and characters by their numbers.
        let found = page(&format!("{text}\\n\\u6cb3\\ud842\\udfb7"));
        check_inside(&found, Inside::Stores, &format!("前<div>{text}<br>河𠮷</div></script>后"));
        assert!(!has_store("<noscript>您的浏览器不支持脚本。请打开以后再看。</noscript>"));
        assert!(!has_store(&format!("<script>var a={{\"tags\":\"{text}\"}}</script>")));
    }
}
