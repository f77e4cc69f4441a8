//! What is done to the source of a page before it is read: toolbars of archives go, pages inside it are unfolded.

use crate::ingest::extract::Taken;
use crate::ingest::extract::entity::entity;
use crate::ingest::extract::html::markup::{
    attribute, attribute_range, is_hidden, is_one_of, tag_len,
};
use crate::ingest::extract::html::page::letters;
use crate::ingest::extract::html::reader::{METAS_MAX, end_tag};
use crate::text::OffsetMap;
use memchr::memmem;
use std::borrow::Cow;
use std::ops::Range;

/// The comments round what web archives put into the pages they keep.
const TOOLBARS: [(&str, &str); 2] = [
    ("<!-- BEGIN WAYBACK TOOLBAR INSERT -->", "<!-- END WAYBACK TOOLBAR INSERT -->"),
    ("<!-- Baidu Snapshot Begin -->", "<!-- Baidu Snapshot End -->"),
];

/// Pages inside a page that are unfolded.
const INSIDE_MAX: usize = 32;

/// Shorter content of a hidden field is no article.
const STORE_BYTES_MIN: usize = 90;

/// Shorter descriptions are no text.
const DESCRIPTION_LETTERS_MIN: usize = 20;

/// Longer ones are none that a page was given by hand; the tree is slow where it has many line breaks.
const DESCRIPTION_BYTES_MAX: usize = 32 << 10;

/// What holds text that is unfolded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Inside {
    /// Pages in the attributes of frames.
    Frames,
    /// Those, and hidden fields from which a script takes the article.
    Stores,
    /// Those, and the description in the head.
    Description,
}

/// The source as it is read; the map leads to the source as it stands and is `None` where nothing was changed.
pub(super) fn prepare(source: &str, inside: Inside) -> (Cow<'_, str>, Option<OffsetMap>) {
    let mut changes = toolbars(source);
    changes.extend(frames(source));
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
        if let Some(inside) = &change.inside {
            unfold(&mut taken, inside.clone(), change.is_plain);
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

/// A part of the source that is left out, or that holds a page as the value of an attribute.
struct Change {
    whole: Range<usize>,
    inside: Option<Range<usize>>,
    /// Whether that is plain text, in which scripts' escapes stand for characters.
    is_plain: bool,
}

fn toolbars(source: &str) -> Vec<Change> {
    let mut changes = Vec::new();
    for (begin, end) in TOOLBARS {
        let found = memmem::find(source.as_bytes(), begin.as_bytes()).and_then(|start| {
            let after = source.as_bytes().get(start..)?;
            let len = memmem::find(after, end.as_bytes())? + end.len();
            Some(Change { whole: start..start + len, inside: None, is_plain: false })
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
        Some(Change { whole: tag, inside: Some(inside), is_plain: false })
    };
    tags(source, "iframe").filter_map(with_page).take(INSIDE_MAX).collect()
}

/// `<textarea style="display:none">`: the article as markup, from which a script takes it.
fn stores(source: &str) -> Vec<Change> {
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
            let whole = tag.start..end;
            stores.push(Change { whole, inside: Some(tag.end..end), is_plain: false });
        }
        if stores.len() == INSIDE_MAX {
            break;
        }
    }
    stores
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
        is_it.then_some(Change { whole: tag, inside: Some(inside), is_plain: true })
    };
    let found = tags(source, "meta").take(METAS_MAX).filter_map(with_text);
    // Of two with the same words the first one.
    let len = |change: &Change| change.inside.as_ref().map_or(0, ExactSizeIterator::len);
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

/// Takes a page over that is written as the value of an attribute, its references decoded, in a block of its own. The
/// markup in plain text is none.
fn unfold(taken: &mut Taken<'_>, part: Range<usize>, is_plain: bool) {
    let Some(value) = taken.source.get(part.clone()) else { return };
    taken.replace(part.start..part.start, "<div>");
    let is_mark = |c: char| c == '&' || is_plain && matches!(c, '\\' | '<' | '\n');
    let mut at = 0;
    while let Some(rest) = value.get(at..).filter(|rest| !rest.is_empty()) {
        let plain = rest.find(is_mark).unwrap_or(rest.len());
        taken.copy(part.start + at..part.start + at + plain);
        at += plain;
        let Some(rest) = value.get(at..).filter(|rest| !rest.is_empty()) else { break };
        let escaped = || escape(rest).filter(|_| is_plain);
        let (text, len) = entity(rest).or_else(escaped).unwrap_or_else(|| {
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
}
