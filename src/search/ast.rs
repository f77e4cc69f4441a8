//! A query as a tree: words, phrases, fields, boolean structure. It knows nothing of the engine.
//!
//! `parse` makes it, `plan` renders it for the local index.

use crate::model::{MeasurePath, RegionPath};

/// One thing to be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The text to find, without quotes.
    pub text: String,
    /// Literal text only: no synonyms, no tags, no wildcards.
    pub quoted: bool,
}

/// A field with the value it must have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldClause {
    /// `region:` / `地区:`, with its value as typed.
    Region(RegionPath),
    /// `measure:` / `举措:`.
    Measure(MeasurePath),
    /// `title:` / `标题:`: the article's title holds the item.
    Title(Item),
    /// `source:` / `来源:`: the publisher's name holds the item.
    Source(Item),
    /// `date:` / `日期:`: first and last day, `yyyymmdd`, inclusive.
    Date {
        /// First day.
        from: u32,
        /// Last day.
        to: u32,
    },
}

/// A query or a part of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// Every part must match.
    And(Vec<Node>),
    /// At least one part must match.
    Or(Vec<Node>),
    /// The part must not match.
    Not(Box<Node>),
    /// Text to find.
    Item(Item),
    /// Two items with at most `distance` characters between them, in this order or the other.
    Near {
        /// The item before the sign.
        left: Item,
        /// The item after it.
        right: Item,
        /// Most characters between the two.
        distance: usize,
    },
    /// A field with a value.
    Field(FieldClause),
}
