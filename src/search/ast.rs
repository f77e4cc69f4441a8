//! A query as a tree: words, phrases, fields, boolean structure. It knows nothing of the engine.
//!
//! `parse` makes it, `plan` renders it for the local index. A tree prints as a query that is understood as the same
//! tree, so it can be shown to people, stored, and asked again.

use crate::model::{MeasurePath, RegionPath};
use crate::text::tokens::is_han;
use std::fmt::{self, Write};

/// One thing to be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The text to find, without quotes.
    pub text: String,
    /// Literal text only: no synonyms, no tags, no wildcards.
    pub quoted: bool,
}

impl Item {
    /// An item as typed without quotes.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), quoted: false }
    }

    /// An item that is found as literal text only.
    pub fn quoted(text: impl Into<String>) -> Self {
        Self { text: text.into(), quoted: true }
    }

    /// Whether `*` (any run) or `?` (one character) in the text stand for others.
    ///
    /// Only the ASCII signs do, so look before folding: `？` inside an item is the punctuation mark.
    pub fn has_wildcard(&self) -> bool {
        !self.quoted && self.text.contains(['*', '?'])
    }
}

/// As it is typed; text in quotes has its own quotes doubled.
impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.quoted { write_quoted(f, &self.text) } else { f.write_str(&self.text) }
    }
}

/// A field with the value it must have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldClause {
    /// `region:` / `地区:`, resolved to its path.
    Region(RegionPath),
    /// `measure:` / `举措:`, resolved to its path.
    Measure(MeasurePath),
    /// `mention:` / `提及:`: the text names the division or one below it, whether or not it reports on it.
    Mention(RegionPath),
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

/// With the English name of the field, paths in quotes, days as `2020-05-01`.
impl fmt::Display for FieldClause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Region(path) => {
                f.write_str("region:")?;
                write_quoted(f, path.as_str())
            }
            Self::Measure(path) => {
                f.write_str("measure:")?;
                write_quoted(f, path.as_str())
            }
            Self::Mention(path) => {
                f.write_str("mention:")?;
                write_quoted(f, path.as_str())
            }
            Self::Title(item) => write!(f, "title:{item}"),
            Self::Source(item) => write!(f, "source:{item}"),
            Self::Date { from, to } => {
                f.write_str("date:")?;
                write_day(f, *from)?;
                if from != to {
                    f.write_str("..")?;
                    write_day(f, *to)?;
                }
                Ok(())
            }
        }
    }
}

/// A query or a part of one.
///
/// A tree made by the parser is flat: no `And` directly in an `And`, no `Or` in an `Or`, and neither has a single part,
/// except the `And` at the root.
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

impl Node {
    /// The item of a query that is one long unquoted item: more than 12 Han without a wildcard.
    ///
    /// People paste sentences and type questions without a question mark; where such an item is not found literally
    /// the query ranks by any of its words.
    pub fn long_item(&self) -> Option<&Item> {
        let item = match self {
            Self::Item(item) => item,
            Self::And(parts) => match parts.as_slice() {
                [Self::Item(item)] => item,
                _ => return None,
            },
            _ => return None,
        };
        let long = item.text.chars().filter(|&c| is_han(c)).count() > LONG_ITEM_HAN;
        (long && !item.quoted && !item.has_wildcard()).then_some(item)
    }

    /// Every item that must or may stand in the text, in the order typed; what is excluded and what fields ask is
    /// left out.
    pub fn items(&self) -> Vec<&Item> {
        self.parts_in_text().into_iter().flat_map(Self::own_items).collect()
    }

    /// The items, and the pairs of items at a distance, that must or may stand in the text, in the order typed.
    pub(crate) fn parts_in_text(&self) -> Vec<&Self> {
        match self {
            Self::And(parts) | Self::Or(parts) => {
                parts.iter().flat_map(Self::parts_in_text).collect()
            }
            Self::Item(_) | Self::Near { .. } => vec![self],
            Self::Not(_) | Self::Field(_) => Vec::new(),
        }
    }

    /// The items of a part that [`Node::parts_in_text`] gave.
    pub(crate) fn own_items(&self) -> Vec<&Item> {
        match self {
            Self::Item(item) => vec![item],
            Self::Near { left, right, .. } => vec![left, right],
            Self::And(_) | Self::Or(_) | Self::Not(_) | Self::Field(_) => Vec::new(),
        }
    }

    /// The alternatives that ask for no text: fields and exclusions beside a `|`.
    pub(crate) fn itemless_alternatives(&self) -> Vec<&Self> {
        match self {
            Self::And(parts) => parts.iter().flat_map(Self::itemless_alternatives).collect(),
            Self::Or(parts) => parts
                .iter()
                .flat_map(|part| {
                    if part.items().is_empty() { vec![part] } else { part.itemless_alternatives() }
                })
                .collect(),
            Self::Not(_) | Self::Item(_) | Self::Near { .. } | Self::Field(_) => Vec::new(),
        }
    }
}

/// Han of an item above which a query of that one item may be a question.
const LONG_ITEM_HAN: usize = 12;

/// As a query that is understood as the same tree; an `And` without parts is the empty query.
impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        write_node(&mut text, self)?;
        // At the end of a query a question mark marks a question; brackets make it the wildcard it is here.
        if text.ends_with(['?', '？']) { write!(f, "({text})") } else { f.write_str(&text) }
    }
}

fn write_node(out: &mut impl Write, node: &Node) -> fmt::Result {
    match node {
        Node::And(parts) => write_joined(out, parts, " ", |_| false),
        // `|` binds tighter than the space, so only an `And` needs brackets in it.
        Node::Or(parts) => write_joined(out, parts, " | ", |part| matches!(part, Node::And(_))),
        Node::Not(part) => {
            out.write_char('-')?;
            let is_single = match &**part {
                // `---a` is another item, not what leaves out `--a`.
                Node::Item(item) => item.quoted || !item.text.starts_with(is_minus),
                part => matches!(part, Node::Field(_)),
            };
            write_part(out, part, !is_single)
        }
        Node::Item(item) => write!(out, "{item}"),
        Node::Near { left, right, distance } => write!(out, "{left} ~{distance} {right}"),
        Node::Field(clause) => write!(out, "{clause}"),
    }
}

/// What leaves out the item behind it.
pub(super) fn is_minus(c: char) -> bool {
    matches!(c, '-' | '－')
}

fn write_joined(
    out: &mut impl Write,
    parts: &[Node],
    between: &str,
    in_brackets: impl Fn(&Node) -> bool,
) -> fmt::Result {
    for (ordinal, part) in parts.iter().enumerate() {
        if ordinal > 0 {
            out.write_str(between)?;
        }
        write_part(out, part, in_brackets(part))?;
    }
    Ok(())
}

fn write_part(out: &mut impl Write, part: &Node, in_brackets: bool) -> fmt::Result {
    if !in_brackets {
        return write_node(out, part);
    }
    out.write_char('(')?;
    write_node(out, part)?;
    out.write_char(')')
}

fn write_quoted(out: &mut impl Write, text: &str) -> fmt::Result {
    write!(out, "\"{}\"", text.replace('"', "\"\""))
}

fn write_day(out: &mut impl Write, day: u32) -> fmt::Result {
    write!(out, "{:04}-{:02}-{:02}", day / 10_000, day / 100 % 100, day % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(node: &Node, expected: &str) {
        assert_eq!(node.to_string(), expected);
    }

    fn item(text: &str) -> Node {
        Node::Item(Item::plain(text))
    }

    #[test]
    fn and_is_a_space_and_or_a_bar() {
        let either = Node::Or(vec![item("b"), Node::And(vec![item("c"), item("d")])]);
        check(&Node::And(vec![item("a"), either]), "a b | (c d)");
    }

    #[test]
    fn excluded_groups_stand_in_brackets() {
        let both = Node::And(vec![item("a"), item("b")]);
        check(&Node::Not(Box::new(both)), "-(a b)");
        check(&Node::Not(Box::new(item("a"))), "-a");
    }

    #[test]
    fn quotes_in_quoted_text_are_doubled() {
        check(&Node::Item(Item::quoted("a\"b")), "\"a\"\"b\"");
    }

    #[test]
    fn a_single_day_prints_once() {
        check(&Node::Field(FieldClause::Date { from: 20200501, to: 20200501 }), "date:2020-05-01");
        check(
            &Node::Field(FieldClause::Date { from: 20190101, to: 20211231 }),
            "date:2019-01-01..2021-12-31",
        );
    }

    #[test]
    fn a_wildcard_at_the_end_is_kept_from_becoming_a_question() {
        check(&Node::And(vec![item("a"), item("网格?")]), "(a 网格?)");
    }

    #[test]
    fn only_a_query_of_one_long_plain_item_may_be_a_question() {
        let long = "各地怎样把网格化管理落到实处";
        assert!(Node::And(vec![item(long)]).long_item().is_some());
        assert!(Node::And(vec![item(long), item("b")]).long_item().is_none());
        assert!(Node::And(vec![item("网格化管理")]).long_item().is_none());
        assert!(Node::Item(Item::quoted(long)).long_item().is_none());
    }

    #[test]
    fn items_leave_out_what_is_excluded() {
        let query = Node::And(vec![item("a"), Node::Not(Box::new(item("b"))), item("c")]);
        assert_eq!(query.items(), [&Item::plain("a"), &Item::plain("c")]);
    }
}
