//! What a page of a PDF says before anyone knows its lines: characters with places.

use super::inflate::Soundness;

/// A character drawn on a page.
///
/// Lengths are points (1/72 inch) from the page's top left corner, after the page's own rotation.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Glyph {
    /// What it stands for: one character, or several (a ligature); U+FFFD where the font does not say.
    pub(super) text: String,
    /// Left edge of its box.
    pub(super) left: f32,
    /// Top edge of its box.
    pub(super) top: f32,
    /// Right edge of its box.
    pub(super) right: f32,
    /// Bottom edge of its box.
    pub(super) bottom: f32,
    /// Baseline, from the top.
    pub(super) baseline: f32,
    /// Font size as drawn: text matrix and page matrix applied.
    pub(super) size: f32,
    /// Drawn from top to bottom.
    pub(super) vertical: bool,
    /// The number of its typeface in the document: equal means the same one.
    pub(super) font: u32,
    /// Whether the font's name says bold.
    pub(super) bold: bool,
}

/// A page's characters in the order they are drawn.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct PageText {
    /// Its place in the document, from 1.
    pub(super) number: usize,
    /// Width after rotation.
    pub(super) width: f32,
    /// Height after rotation.
    pub(super) height: f32,
    /// The characters.
    pub(super) glyphs: Vec<Glyph>,
    /// Share of the page that its pictures cover; more than 1 where they lie above each other.
    pub(super) covered: f32,
    /// Lines and areas that are drawn.
    pub(super) outlines: usize,
    /// What became of its content.
    pub(super) soundness: Soundness,
}
