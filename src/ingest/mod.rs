//! Bytes to articles: find the files, decode them, extract their text, clean and split it.
//!
//! One file goes `walk -> decode -> extract -> normalize -> split -> metadata`. Tags are given by `tag`, not here.

pub mod decode;
pub mod limits;
pub mod boilerplate;
pub mod clean;
pub mod kinds;
pub mod lines;
pub mod metadata;
pub mod normalize;
pub mod page;
pub mod split;

use crate::model::{Date, Note};
use crate::text::OffsetMap;

/// Whether the lines of an extracted text are lines of a page or whole blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// Plain text: a line end may be a hard wrap inside a paragraph.
    Lines,
    /// The format knows its paragraphs: one line is one whole block, never re-joined.
    Blocks,
}

/// What the format itself says about the report, apart from its text.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Metadata {
    /// Declared title.
    pub title: Option<String>,
    /// Declared publisher.
    pub source: Option<String>,
    /// Declared author.
    pub author: Option<String>,
    /// Declared date.
    pub date: Option<Date>,
    /// Where it was published.
    pub url: Option<String>,
}

/// Text taken out of a format, before any cleaning.
#[derive(Debug, Clone, PartialEq)]
pub struct Extracted {
    /// The text, lines ended by `\n`.
    pub text: String,
    /// Leads from `text` to the bytes of the untouched file; `None` where the format has no byte places.
    pub map: Option<OffsetMap>,
    /// What a line of `text` is.
    pub layout: Layout,
    /// What the format declares.
    pub metadata: Metadata,
    /// What a person should know.
    pub notes: Vec<Note>,
}

/// Version of the rules that clean and split text; an index made with another is read again.
pub const CLEANING_VERSION: &str = "1";
