//! Bytes of any encoding: each character leads to the bytes it was read from, and only at the ends are bytes left over.
#![no_main]

use encoding_rs::Encoding;
use fangzhi::ingest::decode::{DecodeOptions, KNOWN_LABELS, decode, encoding_for_label};
use fangzhi::ingest::lines::LineIndex;
use fangzhi::model::Span;
use fangzhi_fuzz::contained;
use libfuzzer_sys::fuzz_target;

/// Bytes of a mark at the start, of the rest of a character at either end, of an escape of JIS encodings.
const LEFT_OVER_MAX: usize = 8;

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
    let encodings: Vec<_> = decoded
        .report
        .encoding
        .split(" + ")
        .map(|name| encoding_for_label(name).expect("the report names an encoding"))
        .collect();
    let mut before = Span::new(0, 0);
    for (at, c) in text.char_indices() {
        let source = map.to_source(Span::new(at, at + c.len_utf8()));
        let left_over = if at == 0 { source.start() <= LEFT_OVER_MAX } else { source == before };
        assert!(left_over || source.start() == before.end(), "{before:?} {source:?} {c:?}");
        let unit = bytes.get(source.range()).expect("inside the file");
        let again =
            |encoding: &&'static Encoding| encoding.decode_without_bom_handling(unit).0.contains(c);
        assert!(c == '\u{fffd}' || encodings.iter().any(again), "{c:?} from {unit:x?}");
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
