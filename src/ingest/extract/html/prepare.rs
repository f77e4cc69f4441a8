//! What is done to the source of a page before it is read: toolbars of archives go, pages inside it are unfolded.

use crate::ingest::extract::Taken;
use crate::ingest::extract::entity::entity;
use crate::ingest::extract::html::markup::{attribute_range, tag_len};
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

/// The source as it is read; the map leads to the source as it stands and is `None` where nothing was changed.
pub(super) fn prepare(source: &str) -> (Cow<'_, str>, Option<OffsetMap>) {
    let mut changes = toolbars(source);
    changes.extend(inside(source));
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
            unfold(&mut taken, inside.clone());
        }
        at = change.whole.end;
    }
    taken.copy(at..source.len());
    let (text, map) = taken.finish();
    (Cow::Owned(text), Some(map))
}

/// A part of the source that is left out, or that holds a page as the value of an attribute.
struct Change {
    whole: Range<usize>,
    inside: Option<Range<usize>>,
}

fn toolbars(source: &str) -> Vec<Change> {
    let mut changes = Vec::new();
    for (begin, end) in TOOLBARS {
        let found = memmem::find(source.as_bytes(), begin.as_bytes()).and_then(|start| {
            let after = source.as_bytes().get(start..)?;
            let len = memmem::find(after, end.as_bytes())? + end.len();
            Some(Change { whole: start..start + len, inside: None })
        });
        changes.extend(found);
    }
    changes
}

/// `<iframe srcdoc="…">`: the page stands in the attribute.
fn inside(source: &str) -> Vec<Change> {
    const NAME: &[u8] = b"<iframe";
    let bytes = source.as_bytes();
    if memmem::find(bytes, b"srcdoc").is_none() && memmem::find(bytes, b"SRCDOC").is_none() {
        return Vec::new();
    }
    let mut changes = Vec::new();
    let mut at = 0;
    while let Some(step) = bytes.get(at..).and_then(|rest| memchr::memchr(b'<', rest)) {
        let open = at + step;
        at = open + 1;
        let is_iframe = bytes
            .get(open..open + NAME.len())
            .is_some_and(|found| found.eq_ignore_ascii_case(NAME));
        if !is_iframe || changes.len() == INSIDE_MAX {
            continue;
        }
        let end = open + bytes.get(open..).map_or(0, tag_len);
        let start = open + NAME.len();
        if let Some(value) = source.get(start..end).and_then(|tag| attribute_range(tag, "srcdoc")) {
            let inside = start + value.start..start + value.end;
            changes.push(Change { whole: open..end, inside: Some(inside) });
        }
        at = end;
    }
    changes
}

/// Takes a page over that is written as the value of an attribute, its references decoded, in a block of its own.
fn unfold(taken: &mut Taken<'_>, part: Range<usize>) {
    let Some(value) = taken.source.get(part.clone()) else { return };
    taken.replace(part.start..part.start, "<div>");
    let mut at = 0;
    while let Some(rest) = value.get(at..).filter(|rest| !rest.is_empty()) {
        let plain = rest.find('&').unwrap_or(rest.len());
        taken.copy(part.start + at..part.start + at + plain);
        at += plain;
        let Some(rest) = value.get(at..).filter(|rest| !rest.is_empty()) else { break };
        let (text, len) = entity(rest).unwrap_or_else(|| ("&".to_owned(), 1));
        taken.replace(part.start + at..part.start + at + len, &text);
        at += len;
    }
    taken.replace(part.end..part.end, "</div>");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(source: &str, expected: &str) {
        let (text, map) = prepare(source);
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
}
