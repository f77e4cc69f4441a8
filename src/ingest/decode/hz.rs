//! HZ (RFC 1843): GB2312 in seven bits, between `~{` and `~}`, as Chinese newsgroups and mail of the nineties have it.
//!
//! Nothing but the text tells it from ASCII, so all of it must fit: each `~{` is closed on its line, what stands between
//! is whole characters of GB2312, and these are common ones.

use crate::ingest::decode::common::is_common;
use crate::ingest::decode::mapped::Sink;
use encoding_rs::GB18030;

/// Fewer characters prove nothing.
const CHARACTERS_MIN: usize = 8;

/// The text of a file in HZ; `None` for every other one.
pub(super) fn decode(bytes: &[u8]) -> Option<Sink> {
    memchr::memmem::find(bytes, b"~{")?;
    if !bytes.is_ascii() {
        return None;
    }
    let mut sink = Sink::default();
    let (mut characters, mut common) = (0_usize, 0_usize);
    let (mut plain_from, mut at) = (0, 0);
    while let Some(found) = memchr::memchr(b'~', bytes.get(at..)?) {
        at += found;
        let meant = match bytes.get(at + 1) {
            Some(b'~') => "~",
            Some(b'{' | b'\n') => "",
            // Such as `~/folder`: people wrote them as they are.
            _ => {
                at += 1;
                continue;
            }
        };
        sink.append_plain(bytes.get(plain_from..at)?);
        sink.append_as(meant, 2);
        at += 2;
        if bytes.get(at - 1) == Some(&b'{') {
            let end = han_end(bytes, at)?;
            let high: Vec<u8> = bytes.get(at..end)?.iter().map(|byte| byte | 0x80).collect();
            let text = GB18030.decode_without_bom_handling_and_without_replacement(&high)?;
            for c in text.chars() {
                // Codes that GB2312 leaves free become characters for private use, which nobody wrote.
                if ('\u{e000}'..='\u{f8ff}').contains(&c) {
                    return None;
                }
                characters += 1;
                common += usize::from(is_common(c));
                sink.append_as(c.encode_utf8(&mut [0; 4]), 2);
            }
            sink.append_as("", 2);
            at = end + 2;
        }
        plain_from = at;
    }
    sink.append_plain(bytes.get(plain_from..)?);
    (characters >= CHARACTERS_MIN && common * 2 > characters).then_some(sink)
}

/// Where the mark stands that closes the characters which begin here.
fn han_end(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        match bytes.get(at..at + 2)? {
            b"~}" => return Some(at),
            [0x21..=0x77, 0x21..=0x7E] => at += 2,
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Span;

    const TEXT: &str = "示例县修好了渠，种好了树。";

    /// A text in HZ, each run of other than ASCII between marks.
    fn hz(text: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut is_open = false;
        for c in text.chars() {
            if c.is_ascii() == is_open {
                bytes.extend_from_slice(if is_open { b"~}" } else { b"~{" });
                is_open = !is_open;
            }
            let code = c.to_string();
            bytes.extend(GB18030.encode(&code).0.iter().map(|byte| byte & 0x7F));
        }
        bytes
    }

    #[track_caller]
    fn check(bytes: &[u8], expected: Option<&str>) {
        let found = decode(bytes).map(|sink| sink.finish(bytes.len()));
        assert_eq!(found.as_ref().map(|(text, _)| text.as_str()), expected);
        let Some((text, map)) = found else { return };
        assert_eq!((map.out_len(), map.source_len()), (text.len(), bytes.len()));
        for (at, c) in text.char_indices().filter(|(_, c)| !c.is_ascii()) {
            let span = map.to_source(Span::new(at, at + c.len_utf8()));
            let code: Vec<u8> = bytes[span.range()].iter().map(|byte| byte | 0x80).collect();
            assert_eq!(GB18030.decode(&code).0, c.to_string());
        }
    }

    #[test]
    fn characters_between_marks_are_read_each_from_its_own_bytes() {
        check(
            &hz(&format!("Subject: {TEXT}\n{TEXT} 12 mu\n")),
            Some(&format!("Subject: {TEXT}\n{TEXT} 12 mu\n")),
        );
    }
    #[test]
    fn a_tilde_is_written_twice_and_may_end_a_line() {
        let bytes = [hz(TEXT).as_slice(), b"~} a~~b ~/c ~\n", &hz(TEXT), b"~}"].concat();
        check(&bytes, Some(&format!("{TEXT} a~b ~/c {TEXT}")));
    }
    #[test]
    fn ascii_with_such_marks_stays_as_it_is() {
        for text in [
            "the set ~{1,2,3~} and ~{x~}",
            "~{abcdefghijklmnop~} is a key",
            "~{",
            "~{!!~}",
            "awk '~{print}'\n~}",
            "plain text ~ and ~~",
        ] {
            check(text.as_bytes(), None);
        }
        // A line end between the marks, a mark that is not closed, a byte too many, a free code.
        let [text, short] = [hz(TEXT), hz("树")];
        check(
            &[b"~{", text.get(2..8).unwrap(), b"\n", text.get(8..).unwrap(), b"~}"].concat(),
            None,
        );
        check(text.get(..text.len() - 2).unwrap(), None);
        check(&[&text, b"~} ~{a~}".as_slice()].concat(), None);
        check(&[&text, b"~} ~{-}~}".as_slice()].concat(), None);
        check(&[short.as_slice(), b"~}"].concat(), None);
    }
}
