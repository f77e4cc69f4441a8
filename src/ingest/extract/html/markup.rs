//! Tags of a page: where they end and what their attributes say.

use crate::ingest::extract::entity::entity;
use std::ops::Range;

/// The length of the start tag at the start of `bytes`; `>` inside quotes does not end it.
pub(super) fn tag_len(bytes: &[u8]) -> usize {
    let mut at = 1;
    while let Some(step) = bytes.get(at..).and_then(|rest| memchr::memchr3(b'>', b'"', b'\'', rest))
    {
        let found = at + step;
        match bytes.get(found) {
            Some(b'>') => return found + 1,
            // A quote only quotes a value; elsewhere it is a slip of the pen.
            Some(&quote) if is_value_start(bytes, found) => {
                let Some(close) =
                    bytes.get(found + 1..).and_then(|rest| memchr::memchr(quote, rest))
                else {
                    return bytes.len();
                };
                at = found + close + 2;
            }
            _ => at = found + 1,
        }
    }
    bytes.len()
}

fn is_value_start(bytes: &[u8], quote: usize) -> bool {
    let before = bytes.get(..quote).unwrap_or_default();
    before.trim_ascii_end().ends_with(b"=")
}

/// The value of an attribute, its references decoded.
pub(super) fn attribute(attributes: &str, name: &str) -> Option<String> {
    attribute_range(attributes, name).and_then(|range| attributes.get(range)).map(plain_text)
}

/// Where the value of an attribute stands, without its quotes.
pub(super) fn attribute_range(attributes: &str, name: &str) -> Option<Range<usize>> {
    let mut at = 0;
    loop {
        let rest = attributes.get(at..)?;
        let key_at =
            at + rest.find(|c: char| !c.is_ascii_whitespace() && c != '/').unwrap_or(rest.len());
        let rest = attributes.get(key_at..)?;
        let key_len = rest
            .find(|c: char| c.is_ascii_whitespace() || matches!(c, '=' | '>'))
            .unwrap_or(rest.len());
        if key_len == 0 && !rest.starts_with('=') {
            return None;
        }
        let key_len = key_len.max(usize::from(key_len == 0));
        let (key, after) = rest.split_at(key_len);
        let after_at = key_at + key_len;
        let (value, next) = match after.trim_start().strip_prefix('=') {
            None => (after_at..after_at, after_at),
            Some(value) => {
                let value = value.trim_start();
                let value_at = attributes.len() - value.len();
                let (inside, len) = value_of(value);
                (value_at + inside.start..value_at + inside.end, value_at + len)
            }
        };
        if key.eq_ignore_ascii_case(name) {
            return Some(value);
        }
        at = next;
    }
}

/// Where an attribute's value stands in `text`, which it starts, and how long it is with its quotes.
fn value_of(text: &str) -> (Range<usize>, usize) {
    for quote in ['"', '\''] {
        if let Some(value) = text.strip_prefix(quote) {
            return match value.find(quote) {
                Some(end) => (1..1 + end, end + 2),
                None => (1..text.len(), text.len()),
            };
        }
    }
    let end = text.find(|c: char| c.is_ascii_whitespace() || c == '>').unwrap_or(text.len());
    (0..end, end)
}

/// Text with its references decoded.
pub(super) fn plain_text(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, reference) = rest.split_at(at);
        plain.push_str(before);
        let (decoded, len) = entity(reference).unwrap_or_else(|| ("&".to_owned(), 1));
        plain.push_str(&decoded);
        rest = reference.get(len..).unwrap_or_default();
    }
    plain.push_str(rest);
    plain
}

/// Whether an element is not shown. `visibility: hidden` is no sign: scripts show such text once a page is loaded.
pub(super) fn is_hidden(attributes: &str) -> bool {
    if !attributes.contains(['h', 'H', 'd', 'D']) {
        return false;
    }
    attribute(attributes, "hidden").is_some()
        || style(attributes).is_some_and(|style| style.contains("display:none"))
}

/// Whether a style makes an element a block of its own.
pub(super) fn is_block(attributes: &str) -> bool {
    attributes.contains("display")
        && style(attributes).is_some_and(|style| {
            style
                .split(';')
                .any(|part| matches!(part, "display:block" | "display:table" | "display:flex"))
        })
}

/// Whether a style or an old attribute puts the text in the middle.
pub(super) fn is_centred(attributes: &str) -> bool {
    attribute(attributes, "align").is_some_and(|align| align.trim().eq_ignore_ascii_case("center"))
        || style(attributes).is_some_and(|style| style.contains("text-align:center"))
}

/// The style of an element in lower case and without spaces.
fn style(attributes: &str) -> Option<String> {
    let style = attribute(attributes, "style")?;
    let style: String = style.chars().filter(|c| !c.is_whitespace()).collect();
    Some(style.to_ascii_lowercase())
}

/// Whether `name` is one of these, in any case.
pub(super) fn is_one_of(name: &str, names: &[&str]) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_found_in_any_spelling() {
        let check = |attributes: &str, name: &str, expected: Option<&str>| {
            assert_eq!(attribute(attributes, name).as_deref(), expected, "{attributes}");
        };
        check(" href=a.htm>", "href", Some("a.htm"));
        check(" HREF = 'a b'/>", "href", Some("a b"));
        check(" x=\"href=1\" href=\"a&amp;b\">", "href", Some("a&b"));
        check(" hidden>", "hidden", Some(""));
        check(" data-href=1>", "href", None);
        check(" href='open", "href", Some("open"));
        check(" =x y=2>", "y", Some("2"));
        check("", "y", None);
    }

    #[test]
    fn what_a_style_says_is_read_whatever_its_spaces() {
        assert!(is_hidden(" style='Display : NONE;'"));
        assert!(is_hidden(" hidden"));
        assert!(!is_hidden(" style='visibility: hidden; opacity: 0'"));
        assert!(
            is_centred(" style=\"color:red;text-align : center\"") && is_centred(" align=CENTER")
        );
        assert!(!is_centred(" class=center"));
    }
}
