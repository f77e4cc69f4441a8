//! Characters drawn twice at nearly the same place, to look bold or to throw a shadow: they are said once.

use super::page::Glyph;
use std::collections::HashMap;

/// How far apart two drawings of one character may be, in sizes of the font. Two letters side by side are further.
const DISTANCE: f32 = 0.15;

/// Removes later drawings of a character that stands there already.
pub(super) fn drop_doubles(glyphs: &mut Vec<Glyph>) {
    // The last drawing of each character: an overprint follows soon, by string or by line.
    let mut seen: HashMap<(char, i32, i32), (f32, f32)> = HashMap::with_capacity(glyphs.len());
    glyphs.retain(|glyph| {
        let Some(char) = glyph.text.chars().next().filter(|char| !char.is_whitespace()) else {
            return true;
        };
        let reach = DISTANCE * glyph.size;
        if reach < 0.05 {
            return true;
        }
        // Cells of a fixed size, large enough that the same place is in the same cell or the next.
        let cell = |place: f32| {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "places on a page are small; huge ones share a cell"
            )]
            let cell = (place / CELL).floor() as i32;
            cell
        };
        let (x, y) = (cell(glyph.left), cell(glyph.baseline));
        let near = |&(left, baseline): &(f32, f32)| {
            (left - glyph.left).abs() < reach && (baseline - glyph.baseline).abs() < reach
        };
        for across in -1..=1 {
            for down in -1..=1 {
                let key = (char, x.saturating_add(across), y.saturating_add(down));
                if seen.get(&key).is_some_and(near) {
                    return false;
                }
            }
        }
        seen.insert((char, x, y), (glyph.left, glyph.baseline));
        true
    });
}

/// Side of a cell in points.
const CELL: f32 = 4.0;
