//! Plain text: only its line ends are made alike.

use crate::ingest::extract::Taken;
use crate::ingest::{Extracted, Layout, Metadata};
use crate::text::OffsetMap;

/// Text with its lines ended by `\n`, whatever ended them before.
pub(super) fn extract(text: String) -> Extracted {
    let (text, map) = if text.contains('\r') {
        unix_lines(&text)
    } else {
        let map = OffsetMap::identity(text.len());
        (text, map)
    };
    Extracted {
        text,
        map: Some(map),
        layout: Layout::Lines,
        blocks: Vec::new(),
        metadata: Metadata::default(),
        notes: Vec::new(),
        unread_pages: Vec::new(),
    }
}

/// `\r\n` and a lone `\r` (old Macintosh) become `\n`.
fn unix_lines(source: &str) -> (String, OffsetMap) {
    let mut taken = Taken::from(source);
    let mut from = 0;
    for at in memchr::memchr_iter(b'\r', source.as_bytes()) {
        taken.copy(from..at);
        if source.as_bytes().get(at + 1) != Some(&b'\n') {
            taken.replace(at..at + 1, "\n");
        }
        from = at + 1;
    }
    taken.copy(from..source.len());
    taken.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Span;

    #[track_caller]
    fn check(input: &str, expected: &str) {
        let extracted = extract(input.to_owned());
        assert_eq!(extracted.text, expected);
        extracted.map.unwrap().assert_sound(input, expected);
    }

    #[test]
    fn text_without_carriage_returns_is_unchanged() {
        check("一\n二", "一\n二");
    }

    #[test]
    fn windows_lines_end_with_a_line_feed() {
        check("一\r\n二\n三\r\n\r\n", "一\n二\n三\n\n");
    }

    #[test]
    fn old_macintosh_lines_end_with_a_line_feed_in_the_same_place() {
        let extracted = extract("一\r二\r\r\n".to_owned());
        assert_eq!(extracted.text, "一\n二\n\n");
        assert_eq!(extracted.map.unwrap().to_source(Span::new(3, 4)), Span::new(3, 4));
    }
}
