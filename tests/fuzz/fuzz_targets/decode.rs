//! Bytes of any encoding: each character leads to the bytes it was read from, and only at the ends are bytes left over.
#![no_main]

use encoding_rs::{Encoding, GB18030};
use fangzhi::ingest::decode::{DecodeOptions, KNOWN_LABELS, decode, encoding_for_label};
use fangzhi::ingest::lines::LineIndex;
use fangzhi::model::Span;
use fangzhi_fuzz::contained;
use libfuzzer_sys::fuzz_target;

/// Bytes of a mark at the start, of the rest of a character at either end, of an escape of JIS encodings.
const LEFT_OVER_MAX: usize = 8;

/// How the report names HZ, which is no encoding of the web's standard.
const HZ: &str = "HZ-GB-2312";

/// Whether bytes of HZ are the marks around characters and at ends of lines, which stand for nothing.
fn are_marks(bytes: &[u8]) -> bool {
    bytes.chunks(2).all(|mark| matches!(mark, b"~{" | b"~}" | b"~\n"))
}

/// Whether a character comes of these bytes.
fn again_as(encoding: &'static Encoding, unit: &[u8], c: char) -> bool {
    encoding.decode_without_bom_handling(unit).0.contains(c)
}

fuzz_target!(|input: &[u8]| contained(|| {
    // The first byte chooses an encoding, and whether the user or the file names it.
    let Some((&choice, bytes)) = input.split_first() else { return };
    let label = KNOWN_LABELS[usize::from(choice >> 2) % KNOWN_LABELS.len()];
    let named = encoding_for_label(label).ok();
    let options = match choice & 3 {
        0 => DecodeOptions::default(),
        1 => DecodeOptions { forced: named, declared: None },
        _ => DecodeOptions { forced: None, declared: named },
    };
    let Ok(decoded) = decode(bytes, &options) else { return };
    let (text, map) = (&decoded.text, &decoded.map);
    assert_eq!((map.out_len(), map.source_len()), (text.len(), bytes.len()));
    let is_hz = decoded.report.encoding == HZ;
    let encodings: Vec<_> = decoded
        .report
        .encoding
        .split(" + ")
        .filter(|_| !is_hz)
        .map(|name| encoding_for_label(name).expect("the report names an encoding"))
        .collect();
    // Where a wrong reading was undone, a character comes of the bytes of one or two wrong ones.
    let repaired = decoded.notes.iter().any(|note| note.code == "repaired");
    let mut before = Span::new(0, 0);
    for (at, c) in text.char_indices() {
        let source = map.to_source(Span::new(at, at + c.len_utf8()));
        let left_over = if at == 0 { source.start() <= LEFT_OVER_MAX } else { source == before };
        let gap = bytes.get(before.end()..source.start());
        let follows = gap.is_some_and(|gap| gap.is_empty() || is_hz && are_marks(gap));
        // Two repaired characters may share a wrong one: the second has no bytes, and here none follow but a rest.
        let shares = repaired && source.start() == bytes.len();
        assert!(left_over || follows || shares, "{before:?} {source:?} {c:?}");
        let unit = bytes.get(source.range()).expect("inside the file");
        let again = |encoding: &&'static Encoding| again_as(encoding, unit, c);
        let of_hz = || {
            let high: Vec<u8> = unit.iter().map(|byte| byte | 0x80).collect();
            is_hz && (unit.is_ascii() && c.is_ascii() || again_as(GB18030, &high, c))
        };
        let known = c == '\u{fffd}' || repaired;
        assert!(known || encodings.iter().any(again) || of_hz(), "{c:?} from {unit:x?}");
        before = source;
    }
    let rest = bytes.get(before.end()..).unwrap_or_default();
    let rest = rest.iter().rev().skip_while(|&&byte| byte == 0).count();
    assert!(rest <= LEFT_OVER_MAX, "{rest} bytes lost at the end");

    let report = &decoded.report;
    assert!(report.replacements <= text.matches('\u{fffd}').count());
    assert_eq!(report.first_replacement.is_some(), report.replacements > 0);
    assert!(report.first_replacement.is_none_or(|at| at < bytes.len()));
    let lines = LineIndex::from_decoded(text, map);
    let ends = text.matches(['\n', '\r']).count() - text.matches("\r\n").count();
    assert_eq!(lines.line_of(bytes.len()), ends + 1);
}));
