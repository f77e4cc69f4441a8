//! Reprints: which paragraphs have the same text, nearly the same, or are excerpts of others.
//!
//! Paragraphs with the same folded letters are one *class*. Classes are compared with each other: `letters` makes the
//! sketch of a text that stands in the index, `candidates` finds the classes whose sketches are alike, `verdict` compares
//! their texts (`in_order` what they have in common order), `edges` is the file of what was found, `clusters` joins classes
//! that are near each other. All of it depends on nothing but the set of texts, so any order and batching of files gives
//! the same.
//!
//! An excerpt is linked to the texts it is from and never joined with them: through a long paragraph all its excerpts
//! would become one. Nothing here removes a paragraph. Read `letters.rs` next; `index/reprints.rs` runs it.

mod candidates;
mod clusters;
mod edges;
mod in_order;
mod joined;
mod letters;
mod verdict;

pub(crate) use candidates::candidates;
pub(crate) use clusters::Clusters;
pub(crate) use edges::{Edges, EdgesError};
pub(crate) use joined::Joined;
pub(crate) use letters::{Sketch, columns, unpacked};
pub(crate) use verdict::{Text, Verdict};
