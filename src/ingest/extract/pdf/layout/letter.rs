//! Characters of a page made fit for geometry: broken places dropped, doubles removed, vertical writing turned.
//!
//! Everything after this file sees horizontal lines that run from left to right and stand below each other.

use crate::ingest::extract::pdf::page::{Glyph, PageText};
use std::collections::HashMap;

/// Farther out is no place on a page: PDF allows pages of 14,400 points.
const PLACE_MAX: f32 = 20_000.0;

/// Larger type is an error of a matrix; the largest poster headlines are smaller.
const SIZE_MAX: f32 = 2_000.0;

/// How much of the smaller box two equal characters share when one repeats the other, drawn twice to look bold or with
/// a shadow. Neighbours such as `ll` share nothing.
const DOUBLE_SHARE: f32 = 0.6;

/// Above the baseline, in sizes: the body of a Han character. Fonts' own ascents are too different to compare lines by.
const ASCENT: f32 = 0.8;

/// Below the baseline, in sizes. Less than the real depth, so that tightly set lines keep white between them.
const DESCENT: f32 = 0.1;

/// Upright text of this many sizes stands within a vertical line; longer text is a line of its own.
const UPRIGHT_EM_MAX: f32 = 1.6;

/// A visible character, or a space, with its box.
#[derive(Debug, Clone, Copy)]
pub(super) struct Letter<'a> {
    pub(super) text: &'a str,
    pub(super) left: f32,
    pub(super) right: f32,
    pub(super) baseline: f32,
    pub(super) size: f32,
    pub(super) bold: bool,
}

impl Letter<'_> {
    pub(super) fn top(&self) -> f32 {
        self.baseline - ASCENT * self.size
    }

    pub(super) fn bottom(&self) -> f32 {
        self.baseline + DESCENT * self.size
    }

    pub(super) fn is_space(&self) -> bool {
        self.text.chars().all(char::is_whitespace)
    }

    /// Whether `other` is this character drawn once more.
    fn repeats(&self, other: &Self) -> bool {
        let shared = |from: f32, to: f32, other_from: f32, other_to: f32| {
            let least = (to - from).min(other_to - other_from);
            to.min(other_to) - from.max(other_from) >= DOUBLE_SHARE * least
        };
        self.text == other.text
            && shared(self.left, self.right, other.left, other.right)
            && shared(self.top(), self.bottom(), other.top(), other.bottom())
    }
}

/// The letters of a page, with the way back from turned places.
#[derive(Debug)]
pub(super) struct Letters<'a> {
    /// In the order they are drawn.
    pub(super) letters: Vec<Letter<'a>>,
    /// Height of the page as the letters see it.
    pub(super) height: f32,
    /// Width of the real page when its lines run from top to bottom, from right to left: they were turned.
    pub(super) turned: Option<f32>,
}

impl<'a> Letters<'a> {
    /// Reads a page. Lines that run across and lines that run down are kept apart, those that start higher come first.
    pub(super) fn of(page: &'a PageText) -> Vec<Self> {
        let sound: Vec<&Glyph> = page.glyphs.iter().filter(|glyph| is_sound(glyph, page)).collect();
        let vertical = sound.iter().filter(|glyph| glyph.vertical).count();
        let mostly_vertical = vertical * 2 > sound.len();
        let mut across = Self { letters: Vec::new(), height: page.height, turned: None };
        let mut down = Self { letters: Vec::new(), height: page.width, turned: Some(page.width) };
        for cluster in clusters(&sound) {
            let (Some(first), Some(last)) = (cluster.first(), cluster.last()) else { continue };
            let within_line = last.right - first.left <= UPRIGHT_EM_MAX * size_of(first);
            if first.vertical || (mostly_vertical && within_line) {
                down.letters.extend(turned(cluster, page.width));
            } else {
                across.letters.extend(cluster.iter().map(|glyph| upright(glyph)));
            }
        }
        let mut all = vec![across, down];
        all.retain(|letters| !letters.letters.is_empty());
        for letters in &mut all {
            remove_doubles(&mut letters.letters);
        }
        all.sort_by(|a, b| a.highest().total_cmp(&b.highest()));
        all
    }

    /// Where the highest letter stands on the real page.
    fn highest(&self) -> f32 {
        let tops = self.letters.iter().map(|letter| match self.turned {
            Some(_) => letter.left,
            None => letter.top(),
        });
        tops.fold(f32::MAX, f32::min)
    }

    /// A box of the letters' places as left, top, right, bottom on the real page.
    pub(super) fn to_page(&self, [left, top, right, bottom]: [f32; 4]) -> [f32; 4] {
        match self.turned {
            Some(width) => [width - bottom, left, width - top, right],
            None => [left, top, right, bottom],
        }
    }
}

/// Whether a glyph has a place on the page.
fn is_sound(glyph: &Glyph, page: &PageText) -> bool {
    let places = [glyph.left, glyph.top, glyph.right, glyph.bottom, glyph.baseline];
    let known = places.iter().all(|place| place.is_finite() && place.abs() <= PLACE_MAX);
    let within = |from: f32, to: f32, length: f32| {
        !(length.is_finite() && length > 0.0) || (from.max(to) >= 0.0 && from.min(to) <= length)
    };
    known
        && !glyph.text.is_empty()
        && within(glyph.left, glyph.right, page.width)
        && within(glyph.top, glyph.bottom, page.height)
}

/// The size, or what the box says where the font's is unusable.
fn size_of(glyph: &Glyph) -> f32 {
    let usable = |size: f32| size.is_finite() && size > 0.5 && size <= SIZE_MAX;
    let tall = (glyph.bottom - glyph.top).abs();
    [glyph.size, tall].into_iter().find(|&size| usable(size)).unwrap_or(1.0)
}

fn upright(glyph: &Glyph) -> Letter<'_> {
    Letter {
        text: &glyph.text,
        left: glyph.left.min(glyph.right),
        right: glyph.left.max(glyph.right),
        baseline: glyph.baseline,
        size: size_of(glyph),
        bold: glyph.bold,
    }
}

/// Cuts glyphs into vertical ones, each alone, and upright ones that follow each other on a line.
fn clusters<'s, 'a>(glyphs: &'s [&'a Glyph]) -> impl Iterator<Item = &'s [&'a Glyph]> {
    glyphs.chunk_by(|a, b| {
        let size = size_of(a);
        let near = |a: f32, b: f32, em: f32| (a - b).abs() <= em * size;
        !a.vertical
            && !b.vertical
            && near(a.baseline, b.baseline, 0.1)
            && near(a.right, b.left, 0.3)
    })
}

/// Glyphs that take one place of a vertical line: what was the top becomes the left, what was the right becomes the top.
///
/// Upright digits that stand side by side share the place's height in their order.
fn turned<'s, 'a>(
    cluster: &'s [&'a Glyph],
    width: f32,
) -> impl Iterator<Item = Letter<'a>> + use<'s, 'a> {
    let left = cluster.iter().map(|glyph| glyph.left).fold(f32::MAX, f32::min);
    let right = cluster.iter().map(|glyph| glyph.right).fold(f32::MIN, f32::max);
    #[allow(clippy::cast_precision_loss, reason = "a cluster is a few digits")]
    let count = cluster.len() as f32;
    cluster.iter().enumerate().map(move |(at, glyph)| {
        let size = size_of(glyph);
        let top = glyph.top.min(glyph.bottom);
        let height = (glyph.bottom - glyph.top).abs() / count;
        #[allow(clippy::cast_precision_loss, reason = "a cluster is a few digits")]
        let above = top + height * at as f32;
        Letter {
            text: &glyph.text,
            left: above,
            right: above + height,
            // The middle of the line becomes the middle of a character that stands on a baseline.
            baseline: width - (left + right) / 2.0 + (ASCENT - DESCENT) / 2.0 * size,
            size,
            bold: glyph.bold,
        }
    })
}

/// Removes letters that repeat an earlier one at nearly the same place.
fn remove_doubles(letters: &mut Vec<Letter<'_>>) {
    // Cells as large as a letter: a double lies in the same cell or in one beside it. A cell remembers its last letters
    // only, so that a page of one character drawn a hundred thousand times stays cheap.
    const REMEMBERED: usize = 4;
    let mut cells: HashMap<(i32, i32), Vec<Letter<'_>>> = HashMap::with_capacity(letters.len());
    letters.retain(|letter| {
        let cell = |place: f32| {
            #[allow(clippy::cast_possible_truncation, reason = "places are bounded by PLACE_MAX")]
            let number = (place / letter.size.max(4.0)).floor() as i32;
            number
        };
        let (x, y) = (cell(letter.left), cell(letter.baseline));
        let near = (-1..=1).flat_map(|dx| (-1..=1).map(move |dy| (x + dx, y + dy)));
        for place in near {
            let known = cells.get(&place).into_iter().flatten();
            if known.into_iter().any(|earlier| earlier.repeats(letter)) {
                return false;
            }
        }
        let known = cells.entry((x, y)).or_default();
        if known.len() == REMEMBERED {
            known.remove(0);
        }
        known.push(*letter);
        true
    });
}
