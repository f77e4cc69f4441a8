//! The query language: text to [`Node`]. No query text is an error.
//!
//! | typed | means |
//! |---|---|
//! | `网格 培训` | both |
//! | `"网格 培训"`, `“…”`, `「…」`, `『…』` | literally; `""` inside straight quotes is a quote |
//! | `-培训` | not this |
//! | `网格 \| 培训` | either |
//! | `( … )` | a group |
//! | `region:云南`, `举措：网格化管理`, `date:2019..2021` | a field has this value |
//! | `标题:(报告 \| 通知)` | a field has one of these values |
//! | `网格 ~5 培训` | at most five characters between the two |
//! | `网*员`, `网?员` | any run, any one character |
//!
//! Signs count only with white space or the query's edge outside them; full-width and Chinese ones count alike. What
//! only looks like syntax is literal text, and a note says so.
//!
//! **Precedence.** `~` binds tightest, then `-`, then `|`, then the space: `迪庆 网格化 | 积分制` is 迪庆 and either of the
//! two. Web search engines read it so, and it is what people mean who list variants of one thing between others;
//! `(a b) | (c d)` needs its brackets.
//!
//! The steps: `scan` marks which quotes and brackets are syntax, `lex` cuts, this file puts together. Each looks at a
//! character a bounded number of times. Read [`crate::search::ast`] first.

mod dates;
mod fields;
mod lex;
mod scan;

pub use dates::date_range;

use crate::model::{MeasurePath, RegionPath};
use crate::search::ast::{Item, Node};
use crate::search::request::SearchNote;
use lex::Lexeme;

/// Looks up the values of fields while parsing; the vocabulary implements it.
pub trait FieldValues {
    /// The division with this name, alias, former name, code or path, when there is exactly one.
    fn region(&self, value: &str) -> Option<RegionPath>;
    /// Whether several divisions have this name and none is meant before the others.
    fn is_region_of_several(&self, _value: &str) -> bool {
        false
    }
    /// Whether this is the name of an area that is only a part of the division it leads to.
    fn is_part_of_region(&self, _value: &str) -> bool {
        false
    }
    /// The measure with this name, alias or path, or the group of measures with this name.
    fn measure(&self, value: &str) -> Option<MeasurePath>;
}

/// A query understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed {
    /// The tree; an `And` at the top, empty for an empty query.
    pub root: Node,
    /// What was taken otherwise than it may have been meant.
    pub notes: Vec<SearchNote>,
}

/// Understands `query`.
///
/// Notes are [`SearchNote::PartOf`] and [`SearchNote::PlainText`] with the reasons `unknown-field`, `unknown-value`,
/// `ambiguous-value`, `no-value` (a field with nothing behind its colon), `unbalanced` (a quote or bracket without its
/// partner, or brackets too deep), `distance` (a `~5` without an item on each side) and `empty` (nothing that can be
/// searched: left out).
pub fn parse(query: &str, values: &dyn FieldValues) -> Parsed {
    let mut notes = Vec::new();
    let scan = scan::scan(without_question_mark(query).unwrap_or(query));
    let lexemes = lex::lex(&scan, values, &mut notes);
    let mut parser = Parser { lexemes: &lexemes, at: 0, notes };
    let root = Node::And(parser.sequence());
    Parsed { root, notes: parser.notes }
}

/// Whether nothing of a query can be looked for: separators, and signs of the language with nothing beside them.
pub fn asks_nothing(query: &str) -> bool {
    // A value that is not known is literal text, so whether anything is asked does not depend on the vocabulary.
    struct NoValues;
    impl FieldValues for NoValues {
        fn region(&self, _value: &str) -> Option<RegionPath> {
            None
        }
        fn measure(&self, _value: &str) -> Option<MeasurePath> {
            None
        }
    }
    parse(query, &NoValues).root == Node::And(Vec::new())
}

/// Whether a query is marked as a question: it ends in `？` or `?`.
///
/// There the sign is no wildcard. A query of one long item may be a question too: [`Node::long_item`].
pub fn is_question(query: &str) -> bool {
    without_question_mark(query).is_some_and(|rest| rest.chars().any(lex::is_searchable))
}

/// The query without the question marks at its end; `None` when there are none.
fn without_question_mark(query: &str) -> Option<&str> {
    let query = query.trim_end();
    let rest = query.trim_end_matches(|c: char| matches!(c, '?' | '？') || c.is_whitespace());
    (rest.len() < query.len()).then_some(rest)
}

/// Puts lexemes together; the brackets among them pair and are at most [`scan::DEPTH_MAX`] deep.
struct Parser<'a> {
    lexemes: &'a [Lexeme],
    at: usize,
    notes: Vec<SearchNote>,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Lexeme> {
        self.lexemes.get(self.at)
    }

    /// Everything up to a closing bracket or the end: the parts of an `And`.
    fn sequence(&mut self) -> Vec<Node> {
        let mut parts = Vec::new();
        while !matches!(self.peek(), None | Some(Lexeme::Close)) {
            match self.either() {
                Some(Node::And(inner)) => parts.extend(inner),
                Some(part) => parts.push(part),
                None => {}
            }
        }
        parts
    }

    /// One part or several with `|` between them. Always goes forward.
    fn either(&mut self) -> Option<Node> {
        let mut parts = Vec::new();
        let mut bar_between = true;
        loop {
            match self.peek() {
                Some(Lexeme::Or) => {
                    self.at += 1;
                    let has_next = !matches!(self.peek(), None | Some(Lexeme::Close | Lexeme::Or));
                    if parts.is_empty() || !has_next {
                        self.note("|", "empty");
                    }
                    bar_between = true;
                }
                Some(Lexeme::Close) | None => break,
                Some(_) if !bar_between => break,
                Some(_) => {
                    bar_between = false;
                    match self.near() {
                        Some(Node::Or(inner)) => parts.extend(inner),
                        Some(part) => parts.push(part),
                        None => {}
                    }
                }
            }
        }
        match parts.len() {
            0 | 1 => parts.pop(),
            _ => Some(Node::Or(parts)),
        }
    }

    /// A part, or items with `~` between them: `a ~5 b ~3 c` wants a near b and b near c.
    fn near(&mut self) -> Option<Node> {
        let mut pairs = Vec::new();
        while let Some(
            [Lexeme::Item(left), Lexeme::Near { distance, .. }, Lexeme::Item(right), ..],
        ) = self.lexemes.get(self.at..)
        {
            pairs.push(Node::Near {
                left: left.clone(),
                right: right.clone(),
                distance: *distance,
            });
            self.at += 2;
        }
        if pairs.is_empty() {
            return self.single();
        }
        // The last item of the chain is the right one of its pair.
        self.at += 1;
        if pairs.len() == 1 { pairs.pop() } else { Some(Node::And(pairs)) }
    }

    /// An item, a field, a group, or one of these excluded. `None` when it comes to nothing.
    fn single(&mut self) -> Option<Node> {
        let lexeme = self.peek()?.clone();
        self.at += 1;
        match lexeme {
            Lexeme::Item(item) => Some(Node::Item(item)),
            Lexeme::Field(clause) => Some(Node::Field(clause)),
            Lexeme::Minus => self.near().map(|part| Node::Not(Box::new(part))),
            Lexeme::Open => self.group(),
            Lexeme::Near { text, .. } => {
                self.note(&text, "distance");
                Some(Node::Item(Item::quoted(text)))
            }
            // `sequence` and `either` take these before it comes here; after a minus the lexer leaves none.
            Lexeme::Close | Lexeme::Or => None,
        }
    }

    /// A group whose opening bracket has been taken.
    fn group(&mut self) -> Option<Node> {
        let mut parts = self.sequence();
        if self.peek() == Some(&Lexeme::Close) {
            self.at += 1;
        }
        match parts.len() {
            0 => {
                self.note("()", "empty");
                None
            }
            1 => parts.pop(),
            _ => Some(Node::And(parts)),
        }
    }

    fn note(&mut self, text: &str, reason: &'static str) {
        self.notes.push(SearchNote::PlainText { text: text.to_owned(), reason });
    }
}

#[cfg(test)]
mod tests;
