//! Marked content: text that stands for what is drawn (ActualText), and layers that are switched off.

use super::document::{Document, as_dict};
use super::page::Glyph;
use lopdf::{Dictionary, Object};
use std::collections::HashSet;

/// Marks inside marks that are kept apart; deeper ones count as part of those.
const MARKS_MAX: usize = 1 << 10;

/// Layers of one membership that are looked at.
const GROUPS_MAX: usize = 64;

/// Characters that may stand for a few drawn ones; longer texts describe pictures.
const ACTUAL_CHARS_MAX: usize = 256;

/// The open marks of a page.
#[derive(Debug, Default)]
pub(super) struct Marks {
    open: Vec<Mark>,
    /// Marks opened when no more were kept.
    unkept: usize,
    hidden: usize,
}

#[derive(Debug)]
struct Mark {
    actual: Option<String>,
    hidden: bool,
    /// How many glyphs the page had before.
    start: usize,
}

impl Marks {
    pub(super) fn depth(&self) -> usize {
        self.open.len() + self.unkept
    }

    /// Whether what is drawn now stands on a layer that is switched off.
    pub(super) fn hidden(&self) -> bool {
        self.hidden > 0
    }

    pub(super) fn begin(&mut self, actual: Option<String>, hidden: bool, start: usize) {
        if self.open.len() >= MARKS_MAX {
            self.unkept += 1;
            return;
        }
        self.hidden += usize::from(hidden);
        self.open.push(Mark { actual, hidden, start });
    }

    /// Ends the innermost mark; what was drawn in it becomes the text that stands for it.
    pub(super) fn end(&mut self, glyphs: &mut Vec<Glyph>) {
        if self.unkept > 0 {
            self.unkept -= 1;
            return;
        }
        let Some(mark) = self.open.pop() else { return };
        self.hidden -= usize::from(mark.hidden);
        if let Some(actual) = mark.actual {
            replace(glyphs, mark.start, &actual);
        }
    }
}

/// Puts `actual` in the place of the glyphs from `start` on, when they stand on one line.
fn replace(glyphs: &mut Vec<Glyph>, start: usize, actual: &str) {
    let Some(drawn) = glyphs.get_mut(start..).filter(|drawn| !drawn.is_empty()) else { return };
    let chars: Vec<char> = actual.chars().filter(|char| !char.is_control()).collect();
    if chars.len() > ACTUAL_CHARS_MAX.max(2 * drawn.len()) {
        return;
    }
    if chars.len() == drawn.len() {
        for (glyph, char) in drawn.iter_mut().zip(&chars) {
            glyph.text.clear();
            glyph.text.push(*char);
        }
        return;
    }
    let first = &drawn[0];
    // A text for several lines, such as a whole paragraph, says nothing of where its characters stand.
    let one_line =
        drawn.iter().all(|glyph| (glyph.baseline - first.baseline).abs() < first.size / 2.0);
    if !one_line && drawn.iter().all(|glyph| glyph.text != "\u{fffd}") {
        return;
    }
    let mut whole = first.clone();
    for glyph in drawn.iter() {
        whole.left = whole.left.min(glyph.left);
        whole.right = whole.right.max(glyph.right);
        whole.top = whole.top.min(glyph.top);
        whole.bottom = whole.bottom.max(glyph.bottom);
    }
    glyphs.truncate(start);
    let count = u16::try_from(chars.len()).map_or(f32::MAX, f32::from);
    let share = (whole.right - whole.left) / count;
    let mut left = whole.left;
    for char in chars {
        let right = left + share;
        glyphs.push(Glyph { text: char.to_string(), left, right, ..whole.clone() });
        left = right;
    }
}

/// The layers (optional content groups) that are off when the file is opened, by the address of their dictionaries.
#[derive(Debug, Default)]
pub(super) struct Layers {
    off: HashSet<usize>,
    /// All are off but these.
    on: Option<HashSet<usize>>,
}

impl Layers {
    pub(super) fn load(document: &Document) -> Self {
        let configuration = document
            .catalog()
            .and_then(|catalog| document.dict(catalog, b"OCProperties"))
            .and_then(|properties| document.dict(properties, b"D"));
        let Some(configuration) = configuration else { return Self::default() };
        let groups = |key: &[u8]| {
            let groups = document.array(configuration, key).iter();
            groups
                .filter_map(|group| document.resolve(group).and_then(as_dict))
                .map(address)
                .collect()
        };
        let all_off = document.name(configuration, b"BaseState") == Some(b"OFF");
        Self { off: groups(b"OFF"), on: all_off.then(|| groups(b"ON")) }
    }

    /// Whether a group, or all groups of a membership, are off.
    pub(super) fn hides(&self, document: &Document, layer: &Dictionary) -> bool {
        if self.off.is_empty() && self.on.is_none() {
            return false;
        }
        if document.name(layer, b"Type") != Some(b"OCMD") {
            return self.is_off(layer);
        }
        match document.get(layer, b"OCGs") {
            Some(Object::Dictionary(group)) => self.is_off(group),
            Some(Object::Array(groups)) => {
                let mut groups = groups
                    .iter()
                    .take(GROUPS_MAX)
                    .filter_map(|group| document.resolve(group).and_then(as_dict))
                    .peekable();
                groups.peek().is_some() && groups.all(|group| self.is_off(group))
            }
            _ => false,
        }
    }

    fn is_off(&self, group: &Dictionary) -> bool {
        let group = address(group);
        self.off.contains(&group) || self.on.as_ref().is_some_and(|on| !on.contains(&group))
    }
}

fn address(dict: &Dictionary) -> usize {
    std::ptr::from_ref(dict).addr()
}
