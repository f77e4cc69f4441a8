//! Glyphs to lines: a stand-in that takes each baseline for a line.

use super::page::PageText;
use crate::ingest::extract::BlockText;

pub(super) fn blocks(pages: &[PageText]) -> BlockText {
    let mut text = BlockText::default();
    let mut number = 0;
    for page in pages {
        let mut line = String::new();
        let mut baseline = f32::MIN;
        for glyph in &page.glyphs {
            if (glyph.baseline - baseline).abs() > glyph.size / 2.0 {
                number += 1;
                text.push_at(&line, None, number, Some((page.number, page.number)), None);
                line.clear();
            }
            baseline = glyph.baseline;
            line.push_str(&glyph.text);
        }
        number += 1;
        text.push_at(&line, None, number, Some((page.number, page.number)), None);
    }
    text
}
