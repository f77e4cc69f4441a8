//! What opening a file would cost in memory, measured before it is opened.
//!
//! lopdf makes objects of everything at once, each sixty times the size of the shortest word it is written with, and
//! bounds single streams only: 300 kB of packed object streams came to 17 GB. So the words are counted first. Streams
//! that are encrypted or hidden from this count are left to the limits of the process.

use super::lexer::{Arena, Lexer, Token};
use lopdf::{Dictionary, Object, Stream};
use memchr::memmem;
use std::ops::Range;

/// What one object takes in memory, with its share of the array or dictionary it stands in.
const OBJECT_BYTES: u64 = 128;

/// So many bytes of an object stream have a word at least, or count as one.
const BYTES_OF_A_WORD: usize = 16;

/// So many packed bytes cost as much time as a word.
const READ_BYTES_OF_A_WORD: usize = 64;

/// How far before and after its type the dictionary of an object stream reaches.
const DICTIONARY_BYTES_MAX: usize = 1 << 12;

/// Whether all objects of a file, also those in packed streams, stay below `bytes_max` in memory.
pub(super) fn is_affordable(file: &[u8], bytes_max: u64) -> bool {
    let mut left = (bytes_max / OBJECT_BYTES).checked_sub(words_outside_of_streams(file));
    for at in memmem::find_iter(file, b"/ObjStm") {
        let Some(objects) = left else { break };
        let stream = object_stream(file, at);
        // A stream without an end reaches to that of the file, and so may the next.
        let read = stream.as_ref().map_or(0, |stream| stream.content.len() / READ_BYTES_OF_A_WORD);
        left = objects.checked_sub(u64::try_from(read).unwrap_or(u64::MAX));
        let Some(objects) = left else { break };
        let words = usize::try_from(objects).unwrap_or(usize::MAX);
        // A stream that unpacks to more bytes than this has more words than are left, or is mostly blanks.
        let unpacked = stream.map(|stream| {
            stream.decompressed_content_with_limit(words.saturating_mul(BYTES_OF_A_WORD))
        });
        left = match unpacked {
            Some(Ok(content)) => {
                // Blanks cost time, and the same stream may be met again.
                let blanks = u64::try_from(content.len() / BYTES_OF_A_WORD).unwrap_or(u64::MAX);
                objects.checked_sub(words_of(&content).max(blanks))
            }
            Some(Err(lopdf::Error::Decompress(lopdf::DecompressError::MemoryLimitExceeded {
                ..
            }))) => None,
            _ => left,
        };
    }
    left.is_some()
}

/// The object stream in whose dictionary its type stands at that place.
fn object_stream(file: &[u8], at: usize) -> Option<Stream> {
    let before = at.saturating_sub(DICTIONARY_BYTES_MAX)..at;
    let start = before.start + memmem::rfind(file.get(before)?, b"obj")?;
    let after = file.get(at..(at + DICTIONARY_BYTES_MAX).min(file.len()))?;
    let end = at + memmem::find(after, b"stream")?;
    let data = end + b"stream".len();
    let rest = file.get(data..)?;
    let rest = rest.strip_prefix(b"\r").unwrap_or(rest);
    let rest = rest.strip_prefix(b"\n").unwrap_or(rest);
    let content = rest.get(..memmem::find(rest, b"endstream").unwrap_or(rest.len()))?;
    let mut dict = Dictionary::new();
    dict.set("Filter", filters(file.get(start..end)?));
    Some(Stream::new(dict, content.to_vec()))
}

/// The filters that a dictionary names, without their parameters: those do not change how many words come out much.
fn filters(dictionary: &[u8]) -> Object {
    let mut arena = Arena::default();
    let mut lexer = Lexer::new(dictionary);
    let mut names = Vec::new();
    let mut inside = false;
    while let Some(token) = lexer.next(&mut arena) {
        match token {
            Token::Name(name) if arena.get(name) == b"Filter" => inside = true,
            Token::Name(name) if inside && arena.get(name).ends_with(b"Decode") => {
                names.push(Object::Name(arena.get(name).to_vec()));
            }
            Token::ArrayStart => {}
            _ => inside = false,
        }
    }
    Object::Array(names)
}

fn words_outside_of_streams(file: &[u8]) -> u64 {
    let mut words = 0;
    let mut at = 0;
    while let Some(stream) = find_from(file, b"stream", at) {
        words += words_of(file.get(at..stream.start).unwrap_or_default());
        // Without an end it reaches to that of the file, and so do all after it.
        let Some(end) = find_from(file, b"endstream", stream.end) else {
            at = stream.end;
            break;
        };
        at = end.end;
    }
    words + words_of(file.get(at..).unwrap_or_default())
}

fn find_from(file: &[u8], wanted: &[u8], from: usize) -> Option<Range<usize>> {
    let start = from + memmem::find(file.get(from..)?, wanted)?;
    Some(start..start + wanted.len())
}

/// How many words a text has: what blanks or brackets part, and each name.
fn words_of(text: &[u8]) -> u64 {
    let mut words = 0;
    let mut parted = true;
    for &byte in text {
        let parts = matches!(byte, 0..=b' ' | b'[' | b']' | b'<' | b'>' | b'(' | b')');
        words +=
            u64::from(byte == b'/' || matches!(byte, b'[' | b'<' | b'(') || (parted && !parts));
        parted = parts;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::extract::pdf::fixture::Pdf;

    fn packed(text: &str) -> Vec<u8> {
        let mut stream = Stream::new(Dictionary::new(), text.into());
        stream.compress().unwrap();
        stream.content
    }

    #[track_caller]
    fn check(pdf: Pdf, megabytes: u64, expected: bool) {
        assert_eq!(is_affordable(&pdf.finish(), megabytes << 20), expected);
    }

    #[test]
    fn words_are_counted() {
        assert_eq!(words_of(b"1 0 obj <</A[1 2]/B (x)>>"), 12);
    }

    #[test]
    fn plain_objects_are_counted() {
        let pdf = || {
            let mut pdf = Pdf::default();
            pdf.object(format!("[{}]", "1 ".repeat(100_000)));
            pdf
        };
        check(pdf(), 10, false);
        check(pdf(), 20, true);
    }

    #[test]
    fn packed_objects_are_counted_together() {
        let pdf = |filter: &str| {
            let mut pdf = Pdf::default();
            for _ in 0..10 {
                pdf.stream(&format!("/Type/ObjStm/Filter{filter}"), packed(&"1 ".repeat(10_000)));
            }
            pdf
        };
        check(pdf("/FlateDecode"), 10, false);
        check(pdf("[/FlateDecode]"), 20, true);
        check(pdf("[/FlateDecode]"), 10, false);
    }

    #[test]
    fn contents_of_pages_are_not_counted() {
        let mut pdf = Pdf::default();
        pdf.page_with("1 ".repeat(1_000_000), "", "");
        check(pdf, 1, true);
    }
}
