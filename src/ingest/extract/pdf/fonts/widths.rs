//! Widths of the glyphs of composite fonts, and those of fonts every viewer has.

use super::{ENTRY_BYTES, sane};
use crate::ingest::extract::pdf::document::Document;
use crate::ingest::limits::OverLimit;
use lopdf::{Dictionary, Object};
use std::collections::HashMap;

/// Values of glyph numbers, as the arrays `W` and `W2` give them: lists and ranges.
#[derive(Debug)]
pub(super) struct CidValues<const N: usize> {
    single: HashMap<u32, [f32; N]>,
    ranges: Vec<(u32, u32, [f32; N])>,
}

impl<const N: usize> CidValues<N> {
    /// Reads `first [value …]` and `first last value` entries; absurd values are left out.
    ///
    /// Errors: above the limit for unpacked bytes, when many fonts share one long array.
    pub(super) fn load(
        document: &Document,
        dict: &Dictionary,
        key: &[u8],
    ) -> Result<Self, OverLimit> {
        let mut values = Self { single: HashMap::new(), ranges: Vec::new() };
        let mut items = document.array(dict, key).iter();
        while let Some(first) = items.next() {
            let Some(first) = cid(document, first) else { continue };
            let Some(next) = items.next().and_then(|next| document.resolve(next)) else { break };
            if let Object::Array(list) = next {
                document.charge(list.len() * ENTRY_BYTES)?;
                for (glyph, value) in (first..).zip(list.as_chunks::<N>().0) {
                    if let Some(value) = value_of(document, value.iter()) {
                        values.single.insert(glyph, value);
                    }
                }
                continue;
            }
            document.charge(ENTRY_BYTES)?;
            let last = cid(document, next);
            let value = value_of(document, items.by_ref().take(N));
            if let (Some(last), Some(value)) = (last, value) {
                values.ranges.push((first, last, value));
            }
        }
        // A stable sort: of two ranges with the same start the later stays the later.
        values.ranges.sort_by_key(|range| range.0);
        Ok(values)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.single.is_empty() && self.ranges.is_empty()
    }

    pub(super) fn get(&self, glyph: u32) -> Option<&[f32; N]> {
        if let Some(value) = self.single.get(&glyph) {
            return Some(value);
        }
        let end = self.ranges.partition_point(|range| range.0 <= glyph);
        let before = self.ranges.get(end.saturating_sub(4)..end)?;
        before.iter().rev().find(|range| glyph <= range.1).map(|range| &range.2)
    }
}

fn cid(document: &Document, object: &Object) -> Option<u32> {
    let number = document.as_number(object)?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "glyph numbers are whole and below 65,536"
    )]
    let cid = (0.0..=65_535.0).contains(&number).then_some(number as u32);
    cid
}

fn value_of<'a, const N: usize>(
    document: &Document,
    mut items: impl Iterator<Item = &'a Object>,
) -> Option<[f32; N]> {
    let mut value = [0.0; N];
    for part in &mut value {
        *part = document.as_number(items.next()?).and_then(|number| sane(number, 0.001))?;
    }
    Some(value)
}

/// Widths of Helvetica from the space to the tilde, in thousandths. Source: Adobe's core 14 metrics.
#[rustfmt::skip]
const HELVETICA: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

/// The width of a code in a font that brings no widths, as one of the fonts every viewer has; close enough to tell
/// where a word ends.
pub(super) fn standard(font_name: &str, code: u8) -> f32 {
    if font_name.contains("courier") || font_name.contains("mono") {
        return 0.6;
    }
    let place = usize::from(code.wrapping_sub(b' '));
    f32::from(HELVETICA.get(place).copied().unwrap_or(556)) / 1000.0
}
