//! The table `cmap` of embedded TrueType and OpenType fonts, read backwards: glyph number to character.
//!
//! Needed where a PDF numbers glyphs (Identity-H) and gives no ToUnicode. Source: OpenType 1.9, `cmap`.

use std::collections::HashMap;

/// Characters taken from one font; a format 12 table of a few bytes can claim millions.
const CHARS_MAX: u32 = 200_000;

/// What an embedded font says of its glyphs.
#[derive(Debug, Default, PartialEq)]
pub(super) struct GlyphChars {
    /// Character of a glyph number.
    pub(super) by_glyph: HashMap<u16, char>,
    /// Glyph number of a code, for fonts with codes of their own (symbol and Macintosh tables).
    pub(super) by_code: HashMap<u8, u16>,
}

/// Reads the tables of a font file; nothing where it is damaged or of another kind.
pub(super) fn glyph_chars(font: &[u8]) -> GlyphChars {
    let mut chars = GlyphChars::default();
    let _ = read_tables(font, &mut chars);
    chars
}

fn read_tables(font: &[u8], chars: &mut GlyphChars) -> Option<()> {
    let base = if font.starts_with(b"ttcf") { long(font, 12)? } else { 0 };
    let count = short(font, base + 4)?;
    let cmap = (0..usize::from(count)).find_map(|table| {
        let entry = base + 12 + 16 * table;
        let tag = font.get(entry..entry + 4)?;
        (tag == b"cmap").then(|| long(font, entry + 8)).flatten()
    })?;
    let mut left = CHARS_MAX;
    for table in 0..usize::from(short(font, cmap + 2)?).min(64) {
        let entry = cmap + 4 + 8 * table;
        let kind = (short(font, entry)?, short(font, entry + 2)?);
        let Some(offset) = long(font, entry + 4).and_then(|offset| cmap.checked_add(offset)) else {
            continue;
        };
        let _ = read_table(font, offset, &mut left, &mut |code, glyph| match kind {
            // Unicode, by its own number or Windows'.
            (0, _) | (3, 1 | 10) => {
                if let Some(char) = char::from_u32(code) {
                    keep(&mut chars.by_glyph, glyph, char);
                }
            }
            // Codes of the font's own, lifted to the private use area; or those of a Macintosh.
            (3, 0) => {
                if let Ok(code) = u8::try_from(code & 0xff) {
                    chars.by_code.insert(code, glyph);
                }
            }
            (1, 0) => {
                if let Ok(code) = u8::try_from(code) {
                    chars.by_code.entry(code).or_insert(glyph);
                }
            }
            _ => {}
        });
    }
    Some(())
}

/// Keeps one character for each glyph: fonts draw some radicals and ideographs with the same glyph, and the ideograph
/// is meant.
fn keep(by_glyph: &mut HashMap<u16, char>, glyph: u16, char: char) {
    let rank = |char: char| match char {
        '\u{2e80}'..='\u{2fdf}' | '\u{f900}'..='\u{faff}' | '\u{e000}'..='\u{f8ff}' => 1,
        _ => 0,
    };
    by_glyph
        .entry(glyph)
        .and_modify(|kept| {
            if (rank(char), char) < (rank(*kept), *kept) {
                *kept = char;
            }
        })
        .or_insert(char);
}

/// Reads one table and hands each code with its glyph to `entry`.
fn read_table(
    font: &[u8],
    at: usize,
    left: &mut u32,
    entry: &mut impl FnMut(u32, u16),
) -> Option<()> {
    match short(font, at)? {
        0 => {
            for (code, &glyph) in (0_u32..).zip(font.get(at + 6..at + 262)?) {
                entry(code, u16::from(glyph));
            }
        }
        4 => read_segments(font, at, left, entry)?,
        6 => {
            let first = u32::from(short(font, at + 6)?);
            for index in 0..usize::from(short(font, at + 8)?) {
                entry(first + u32::try_from(index).ok()?, short(font, at + 10 + 2 * index)?);
            }
        }
        12 => {
            for group in 0..long(font, at + 12)?.min(1 << 16) {
                let group = at + 16 + 12 * group;
                let (first, last) = (long32(font, group)?, long32(font, group + 4)?);
                let glyph = long32(font, group + 8)?;
                for code in first..=last {
                    *left = left.checked_sub(1)?;
                    let Some(glyph) =
                        glyph.checked_add(code - first).and_then(|glyph| u16::try_from(glyph).ok())
                    else {
                        break;
                    };
                    entry(code, glyph);
                }
            }
        }
        _ => {}
    }
    Some(())
}

/// Format 4: segments of codes, each with a distance or a list of glyphs.
fn read_segments(
    font: &[u8],
    at: usize,
    left: &mut u32,
    entry: &mut impl FnMut(u32, u16),
) -> Option<()> {
    let double = usize::from(short(font, at + 6)?) & !1;
    let ends = at + 14;
    let starts = ends + double + 2;
    let deltas = starts + double;
    let offsets = deltas + double;
    for segment in (0..double).step_by(2) {
        let (start, end) = (short(font, starts + segment)?, short(font, ends + segment)?);
        let delta = short(font, deltas + segment)?;
        let offset = usize::from(short(font, offsets + segment)?);
        for code in start..=end {
            *left = left.checked_sub(1)?;
            let glyph = if offset == 0 {
                code.wrapping_add(delta)
            } else {
                let place = offsets + segment + offset + 2 * usize::from(code - start);
                match short(font, place) {
                    Some(0) => 0,
                    Some(glyph) => glyph.wrapping_add(delta),
                    None => break,
                }
            };
            if glyph != 0 && code != 0xffff {
                entry(u32::from(code), glyph);
            }
        }
    }
    Some(())
}

fn short(font: &[u8], at: usize) -> Option<u16> {
    let bytes = font.get(at..at.checked_add(2)?)?;
    Some(u16::from_be_bytes(bytes.try_into().ok()?))
}

fn long32(font: &[u8], at: usize) -> Option<u32> {
    let bytes = font.get(at..at.checked_add(4)?)?;
    Some(u32::from_be_bytes(bytes.try_into().ok()?))
}

fn long(font: &[u8], at: usize) -> Option<usize> {
    long32(font, at).and_then(|value| usize::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::extract::pdf::fixture::truetype;

    #[test]
    fn glyphs_lead_to_characters() {
        let chars = glyph_chars(&truetype(&[(3, '县'), (4, '治'), (9, 'a')])).by_glyph;
        assert_eq!(
            (chars.get(&3), chars.get(&4), chars.get(&9)),
            (Some(&'县'), Some(&'治'), Some(&'a'))
        );
        assert_eq!(chars.get(&5), None);
    }

    #[test]
    fn an_ideograph_wins_over_its_radical() {
        let chars = glyph_chars(&truetype(&[(7, '⼒'), (7, '力')])).by_glyph;
        assert_eq!(chars.get(&7), Some(&'力'));
    }

    #[test]
    fn a_table_that_claims_all_codes_ends() {
        let mut font = vec![0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0];
        font.extend(b"cmap\0\0\0\0\0\0\0\x1c\0\0\0\x40");
        font.extend([0, 0, 0, 1, 0, 3, 0, 10, 0, 0, 0, 12]);
        font.extend([0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9]);
        font.extend([0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 1].repeat(9));
        assert!(glyph_chars(&font).by_glyph.len() <= 65_536);
    }

    #[test]
    fn cut_fonts_give_what_is_left() {
        let font = truetype(&[(3, '县'), (4, '治')]);
        for end in 0..font.len() {
            drop(glyph_chars(&font[..end]));
        }
    }
}
