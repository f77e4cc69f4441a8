//! Bytes to text with the place of every character.
//!
//! encoding_rs gives the text but not how many bytes each character took. Between two malformed places all bytes are
//! whole characters, so their lengths follow from the bytes themselves ([`UnitRule`]); encodings without such a rule
//! are fed byte by byte, which is slower and equally exact.

use crate::text::{OffsetMap, OffsetMapBuilder};
use encoding_rs::{BIG5, DecoderResult, Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};

/// Text is decoded in blocks that stay in the cache; a `String` as target would be filled with zeros at every call.
const BLOCK_BYTES: usize = 8 << 10;

/// The text so far, its map to the bytes of the file, and what could not be decoded.
#[derive(Debug, Default)]
pub(super) struct Sink {
    pub(super) text: String,
    pub(super) map: OffsetMapBuilder,
    /// Malformed places, each one U+FFFD in the text.
    pub(super) replacements: usize,
    /// Where in the file the first of them stands.
    pub(super) first_replacement: Option<usize>,
}

impl Sink {
    /// Decodes `bytes`, which stand at offset `at` of the file, and appends them.
    ///
    /// Gives the number of bytes at the end that begin a character without finishing it; they are not decoded.
    pub(super) fn append(&mut self, encoding: &'static Encoding, bytes: &[u8], at: usize) -> usize {
        self.map.skip_to(at);
        if encoding == UTF_8 {
            return self.append_utf8(bytes);
        }
        match UnitRule::of(encoding) {
            Some(rule) => self.append_by_rule(encoding, rule, bytes, at),
            None => self.append_bytewise(encoding, bytes, at),
        }
    }

    /// The finished text and map; `source_len` is the length of the whole file.
    pub(super) fn finish(mut self, source_len: usize) -> (String, OffsetMap) {
        self.map.skip_to(source_len);
        (self.text, self.map.finish())
    }

    fn append_utf8(&mut self, bytes: &[u8]) -> usize {
        self.text.reserve(bytes.len());
        let mut rest = bytes;
        loop {
            // The whole-text check is vectorised; the damaged places are few.
            let error = match std::str::from_utf8(rest) {
                Ok(valid) => {
                    self.push_copied(valid);
                    return 0;
                }
                Err(error) => error,
            };
            let (valid, after) = rest.split_at(error.valid_up_to());
            if let Ok(valid) = std::str::from_utf8(valid) {
                self.push_copied(valid);
            }
            let Some(bad) = error.error_len() else {
                return after.len();
            };
            self.push_replacement(bad);
            rest = after.get(bad..).unwrap_or_default();
        }
    }

    fn append_by_rule(
        &mut self,
        encoding: &'static Encoding,
        rule: UnitRule,
        bytes: &[u8],
        at: usize,
    ) -> usize {
        let mut decoder = encoding.new_decoder_without_bom_handling();
        let mut block = [0; BLOCK_BYTES];
        // Everything before `mapped` is mapped; what is read between it and a malformed place is whole characters.
        let (mut read_total, mut mapped) = (0, 0);
        loop {
            let rest = bytes.get(read_total..).unwrap_or_default();
            let (result, read, written) =
                decoder.decode_to_utf8_without_replacement(rest, &mut block, false);
            read_total += read;
            let text = written_text(&block, written);
            mapped += map_units(rule, bytes.get(mapped..).unwrap_or_default(), text, &mut self.map);
            self.text.push_str(text);
            match result {
                DecoderResult::InputEmpty => return bytes.len() - mapped,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(bad, after) => {
                    let start = read_total - usize::from(bad) - usize::from(after);
                    self.map.skip_to(at + start);
                    self.push_replacement(usize::from(bad));
                    mapped = start + usize::from(bad);
                }
            }
        }
    }

    fn append_bytewise(&mut self, encoding: &'static Encoding, bytes: &[u8], at: usize) -> usize {
        let mut decoder = encoding.new_decoder_without_bom_handling();
        let mut block = [0; 16];
        let mut pending = 0; // First byte that no character has taken yet.
        for (index, byte) in bytes.chunks(1).enumerate() {
            let mut rest = byte;
            loop {
                let (result, read, written) =
                    decoder.decode_to_utf8_without_replacement(rest, &mut block, false);
                rest = rest.get(read..).unwrap_or_default();
                if written > 0 {
                    self.text.push_str(written_text(&block, written));
                    self.map.skip_to(at + pending);
                    self.map.replace(written, index + 1 - pending);
                    pending = index + 1;
                }
                match result {
                    DecoderResult::InputEmpty => break,
                    DecoderResult::OutputFull => {}
                    DecoderResult::Malformed(bad, after) => {
                        let end = index + 1 - rest.len() - usize::from(after);
                        let start = end.saturating_sub(usize::from(bad)).max(pending);
                        self.map.skip_to(at + start);
                        self.push_replacement(end.saturating_sub(start));
                        pending = end.max(pending);
                    }
                }
            }
        }
        bytes.len() - pending
    }

    /// Appends ASCII as it is.
    pub(super) fn append_plain(&mut self, bytes: &[u8]) {
        if let Ok(text) = std::str::from_utf8(bytes) {
            self.push_copied(text);
        }
    }

    /// Appends what so many bytes stand for.
    pub(super) fn append_as(&mut self, text: &str, bytes: usize) {
        self.text.push_str(text);
        self.map.replace(text.len(), bytes);
    }

    fn push_copied(&mut self, text: &str) {
        self.text.push_str(text);
        self.map.copy(text.len());
    }

    fn push_replacement(&mut self, bytes: usize) {
        self.first_replacement.get_or_insert(self.map.source_len());
        self.replacements += 1;
        self.text.push(char::REPLACEMENT_CHARACTER);
        self.map.replace(char::REPLACEMENT_CHARACTER.len_utf8(), bytes);
    }
}

/// What a decoder has written to the start of a block.
fn written_text(block: &[u8], written: usize) -> &str {
    block.get(..written).and_then(|text| std::str::from_utf8(text).ok()).unwrap_or_default()
}

/// How the length of a character follows from its bytes.
#[derive(Debug, Clone, Copy)]
enum UnitRule {
    SingleByte,
    Gb18030,
    Big5,
    Utf16,
}

impl UnitRule {
    fn of(encoding: &'static Encoding) -> Option<Self> {
        if encoding.is_single_byte() {
            Some(Self::SingleByte)
        } else if encoding == GB18030 || encoding == GBK {
            Some(Self::Gb18030)
        } else if encoding == BIG5 {
            Some(Self::Big5)
        } else if encoding == UTF_16LE || encoding == UTF_16BE {
            Some(Self::Utf16)
        } else {
            None
        }
    }

    /// Bytes taken and characters given by the unit at the start of `bytes`, whose first character is `c`.
    fn unit(self, bytes: &[u8], c: char) -> (usize, usize) {
        let lead = bytes.first().copied().unwrap_or_default();
        let trail = bytes.get(1).copied().unwrap_or_default();
        match self {
            Self::SingleByte => (1, 1),
            Self::Utf16 => (2 * c.len_utf16(), 1),
            // 0x80 is the euro sign of code page 936; a digit in second place marks a four-byte character.
            Self::Gb18030 if lead <= 0x80 => (1, 1),
            Self::Gb18030 if trail.is_ascii_digit() => (4, 1),
            Self::Big5 if lead <= 0x80 => (1, 1),
            // The four codes of Big5-HKSCS that are a letter and a combining mark.
            Self::Big5 if lead == 0x88 && matches!(trail, 0x62 | 0x64 | 0xA3 | 0xA5) => (2, 2),
            Self::Gb18030 | Self::Big5 => (2, 1),
        }
    }
}

/// Maps `text`, decoded from the start of `bytes`, unit by unit; gives the number of bytes it took.
fn map_units(rule: UnitRule, bytes: &[u8], text: &str, map: &mut OffsetMapBuilder) -> usize {
    let mut at = 0;
    let mut run = (0, 0, 0); // Bytes of text and of source of the units of the run, and their count.
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        let (source, count) = rule.unit(bytes.get(at..).unwrap_or_default(), c);
        let more: usize = chars.by_ref().take(count - 1).map(char::len_utf8).sum();
        let out = c.len_utf8() + more;
        if (out, source) != (run.0, run.1) {
            map.repeat(run.0, run.1, run.2);
            run = (out, source, 0);
        }
        run.2 += 1;
        at += source;
    }
    map.repeat(run.0, run.1, run.2);
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Span;
    use proptest::prelude::*;

    fn decoded(encoding: &'static Encoding, bytes: &[u8]) -> (String, OffsetMap, usize) {
        let mut sink = Sink::default();
        let tail = sink.append(encoding, bytes, 0);
        let (text, map) = sink.finish(bytes.len());
        (text, map, tail)
    }

    /// Every character, decoded alone from the bytes its map gives, is itself.
    #[track_caller]
    fn check_places(encoding: &'static Encoding, bytes: &[u8]) {
        let (text, map, _) = decoded(encoding, bytes);
        assert_eq!((map.out_len(), map.source_len()), (text.len(), bytes.len()));
        let mut last = 0;
        for (at, c) in text.char_indices() {
            let span = map.to_source(Span::new(at, at + c.len_utf8()));
            assert!(span.start() >= last && span.end() <= bytes.len());
            last = span.start();
            if c != char::REPLACEMENT_CHARACTER {
                let (alone, _) = encoding.decode_without_bom_handling(&bytes[span.range()]);
                assert!(alone.contains(c), "{c:?} at {span:?} of {bytes:02x?} is {alone:?} alone");
            }
        }
    }

    #[test]
    fn every_character_leads_to_its_own_bytes() {
        check_places(GB18030, b"a\xd6\xd0\x81\x30\x84\x36b\x80\xce\xc4");
        check_places(BIG5, b"a\xa4\xa4\x88\x62\x88\xa5b");
        check_places(UTF_16LE, b"a\0\x2d\x4e\x40\xd8\x00\xdc");
        check_places(encoding_rs::WINDOWS_1252, b"caf\xe9");
        check_places(encoding_rs::SHIFT_JIS, b"\x93\xfa\xb1a");
        check_places(encoding_rs::EUC_JP, b"\x8f\xa2\xaf\xc6\xfca");
    }

    #[test]
    fn a_malformed_place_is_one_replacement_with_its_bytes() {
        let (text, map, tail) = decoded(GB18030, b"\xd6\xd0\xff\xce\xc4");
        assert_eq!((text.as_str(), tail), ("中\u{FFFD}文", 0));
        assert_eq!(map.to_source(Span::new(3, 6)), Span::new(2, 3));
        let (text, map, _) = decoded(UTF_8, b"a\xe4\xb8b");
        assert_eq!(text, "a\u{FFFD}b");
        assert_eq!(map.to_source(Span::new(1, 4)), Span::new(1, 3));
    }

    #[test]
    fn an_unfinished_character_at_the_end_is_left_out_and_counted() {
        assert_eq!(decoded(UTF_8, "中文".as_bytes().get(..5).unwrap()).2, 2);
        assert_eq!(decoded(GB18030, b"\xd6\xd0\xce").2, 1);
        assert_eq!(decoded(UTF_16LE, b"\x2d\x4e\x87").2, 1);
        assert_eq!(decoded(encoding_rs::SHIFT_JIS, b"\x93\xfa\x93").2, 1);
    }

    proptest! {
        #[test]
        fn places_are_right_on_any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            for encoding in [GB18030, BIG5, UTF_8, encoding_rs::EUC_KR] {
                check_places(encoding, &bytes);
            }
        }

        #[test]
        fn the_rule_and_the_byte_by_byte_way_agree(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            for encoding in [BIG5, encoding_rs::WINDOWS_1252, UTF_16LE] {
                let mut slow = Sink::default();
                let tail = slow.append_bytewise(encoding, &bytes, 0);
                let replacements = slow.replacements;
                let (text, map) = slow.finish(bytes.len());
                let fast = decoded(encoding, &bytes);
                prop_assert_eq!((&text, tail), (&fast.0, fast.2));
                prop_assert_eq!(replacements, text.matches('\u{FFFD}').count() - valid_replacements(&fast.0, &fast.1, encoding, &bytes));
                for (at, c) in text.char_indices() {
                    let span = Span::new(at, at + c.len_utf8());
                    prop_assert_eq!(map.to_source(span), fast.1.to_source(span), "{:?} at {}", c, at);
                }
            }
        }
    }

    /// How many U+FFFD the bytes really hold (possible in GB18030 and UTF-16).
    fn valid_replacements(
        text: &str,
        map: &OffsetMap,
        encoding: &'static Encoding,
        bytes: &[u8],
    ) -> usize {
        text.match_indices('\u{FFFD}')
            .filter(|(at, _)| {
                let span = map.to_source(Span::new(*at, at + 3));
                !encoding.decode_without_bom_handling(&bytes[span.range()]).1
            })
            .count()
    }
}
