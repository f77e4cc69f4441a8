//! Text to the tokens of the engine: `words` decide the order of hits, `grams` whether a paragraph is found.
//!
//! Reading order: [`grams`](mod@grams) (literal search), `dictionary` and [`words`](mod@words) (jieba),
//! [`analyzer`] (their names for the engine, the fingerprint, and what `fangzhi analyze` shows). Only this module
//! sees the engine's tokenizer interface; what a token is, says [`crate::text::tokens`].

pub mod analyzer;
mod dictionary;
pub mod grams;
mod term;
pub mod words;

pub use analyzer::{Analysis, GRAMS, WORDS, analyze, fingerprint, register};
pub use dictionary::Lexicon;
pub use grams::{
    END_MARK, GAP, Gram, GramTokenizer, JOIN_MARK, LiteralTerms, TermMatch, grams, is_mark,
    literal_terms,
};
pub use term::PLACEHOLDER;
pub use words::{WordTokenizer, words};
