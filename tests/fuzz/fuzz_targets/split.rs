//! Text into articles and paragraphs: each letter is in a paragraph or among what was left out, in its order, and each
//! paragraph is found again at its place.
#![no_main]

use fangzhi::ingest::clean::{clean, context, reread};
use fangzhi::ingest::lines::LineIndex;
use fangzhi::ingest::normalize::{normalize, normalize_part};
use fangzhi::ingest::{Extracted, Layout, Metadata};
use fangzhi::text::OffsetMap;
use fangzhi_fuzz::contained;
use libfuzzer_sys::fuzz_target;

/// Whether the letters are among `all`, in the same order.
fn are_among(letters: impl Iterator<Item = char>, all: &str) -> bool {
    let mut all = all.chars();
    letters.into_iter().all(|letter| all.any(|c| c == letter))
}

fn letters(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| c.is_alphanumeric())
}

fuzz_target!(|bytes: &[u8]| contained(|| {
    let Some((&choice, bytes)) = bytes.split_first() else { return };
    let layout = if choice & 1 == 0 { Layout::Lines } else { Layout::Blocks };
    let text = String::from_utf8_lossy(bytes).into_owned();
    let map = OffsetMap::identity(text.len());
    let lines = LineIndex::from_decoded(&text, &map);
    let extracted = Extracted {
        text: text.clone(),
        map: Some(map),
        layout,
        blocks: Vec::new(),
        metadata: Metadata::default(),
        notes: Vec::new(),
        unread_pages: Vec::new(),
    };
    let context = context(&extracted);
    let cleaned = clean(&extracted, &lines);
    let mut kept = String::new();
    for article in &cleaned.articles {
        assert!(!article.paragraphs.is_empty(), "an article without paragraphs");
        for paragraph in &article.paragraphs {
            let place = paragraph.place.expect("the text has places");
            let bytes = place.bytes().expect("in bytes");
            let part = text.get(bytes.range()).expect("whole characters");
            assert_eq!(reread(part, context), paragraph.display);
            assert_eq!(place.line(), Some(lines.lines_of(bytes)));
            kept.push_str(&paragraph.display);
        }
    }
    let normalized = normalize(&text, layout).text;
    assert!(are_among(letters(&kept), &normalized), "paragraphs in another order");
    let dropped = cleaned.dropped.iter().map(|dropped| normalize_part(&dropped.text, context).0);
    let mut found: Vec<char> =
        dropped.chain([kept]).flat_map(|text| letters(&text).collect::<Vec<_>>()).collect();
    let mut expected: Vec<char> = letters(&normalized).collect();
    found.sort_unstable();
    expected.sort_unstable();
    assert_eq!(found, expected, "letters lost, or there twice");
}));
