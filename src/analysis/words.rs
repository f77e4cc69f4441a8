//! Words: jieba's cut of the Simplified text, folded, without separators. They rank hits and never decide them.
//!
//! Text is converted before it is cut, because jieba's dictionary is Simplified, and each word is folded after it, so
//! that variants meet. The dictionary is in `dictionary`; what is found at all is decided by [`GramTokenizer`](crate::analysis::GramTokenizer).

use crate::analysis::dictionary::{Cut, Lexicon};
use crate::analysis::term::{CharCursor, PLACEHOLDER, bound};
use crate::text::fold::{fold_into, narrow_alphanumeric};
use crate::text::script::to_simplified;
use crate::text::tokens::has_token;
use std::borrow::Cow;
use std::sync::Arc;
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

/// The words of a text by the built-in dictionary, in order; none for separators alone.
pub fn words(text: &str) -> Vec<String> {
    WordTokenizer::default().words(text)
}

/// The engine's tokenizer for words. A text without any gives [`PLACEHOLDER`].
///
/// Cheap to copy: copies share the dictionary, and the buffers are small. Positions count words.
#[derive(Debug, Clone)]
pub struct WordTokenizer {
    lexicon: Arc<Lexicon>,
    readable: String,
    cuts: Vec<Cut>,
}

impl WordTokenizer {
    /// Cuts by a dictionary.
    pub fn new(lexicon: Arc<Lexicon>) -> Self {
        Self { lexicon, readable: String::new(), cuts: Vec::new() }
    }

    /// The words of a text, in order; none for separators alone.
    pub fn words(&mut self, text: &str) -> Vec<String> {
        let mut stream = self.token_stream(text);
        let mut words = Vec::new();
        while stream.next_word() {
            words.push(stream.token.text.clone());
        }
        words
    }
}

/// By the built-in dictionary.
impl Default for WordTokenizer {
    fn default() -> Self {
        Self::new(Lexicon::builtin())
    }
}

impl Tokenizer for WordTokenizer {
    type TokenStream<'a> = WordStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> WordStream<'a> {
        let readable: &'a str = match readable(text) {
            Cow::Borrowed(same) => same,
            Cow::Owned(converted) => {
                self.readable = converted;
                &self.readable
            }
        };
        self.lexicon.cut(readable, &mut self.cuts);
        WordStream {
            readable,
            cuts: self.cuts.iter(),
            source: CharCursor::new(text),
            token: Token::default(),
        }
    }
}

/// What jieba knows words in: Simplified script, narrow letters and digits; as many characters as before.
fn readable(text: &str) -> Cow<'_, str> {
    let simplified = to_simplified(text);
    if simplified.chars().all(|c| narrow_alphanumeric(c) == c) {
        return simplified;
    }
    Cow::Owned(simplified.chars().map(narrow_alphanumeric).collect())
}

/// The words of one text as the engine takes them; offsets are bytes of the text given.
pub struct WordStream<'a> {
    readable: &'a str,
    cuts: std::slice::Iter<'a, Cut>,
    source: CharCursor<'a>,
    token: Token,
}

impl WordStream<'_> {
    /// Moves to the next word; `false` after the last.
    fn next_word(&mut self) -> bool {
        while let Some(cut) = self.cuts.next() {
            let (byte_end, char_end) = self.pass_number((cut.bytes.end, cut.characters.end));
            let piece = self.readable.get(cut.bytes.start..byte_end).unwrap_or_default();
            if !has_token(piece) {
                continue;
            }
            fold_into(piece, &mut self.token.text);
            bound(&mut self.token.text);
            // The default position is the greatest number, so the first word stands at 0.
            self.token.position = self.token.position.wrapping_add(1);
            // Conversion keeps the number of characters.
            self.token.offset_from = self.source.byte_of(cut.characters.start);
            self.token.offset_to = self.source.byte_of(char_end);
            return true;
        }
        false
    }

    /// Passes the pieces that make one number with the piece before them, which ends at byte and character `end`; jieba
    /// without its HMM cuts `13.5` at the point.
    fn pass_number(&mut self, mut end: (usize, usize)) -> (usize, usize) {
        let byte_at = |at: usize| self.readable.as_bytes().get(at).copied().unwrap_or_default();
        while let [point, digits, ..] = self.cuts.as_slice()
            && matches!(byte_at(point.bytes.start), b'.' | b',')
            && byte_at(point.bytes.start.wrapping_sub(1)).is_ascii_digit()
            && byte_at(digits.bytes.start).is_ascii_digit()
        {
            end = (digits.bytes.end, digits.characters.end);
            self.cuts.nth(1);
        }
        end
    }
}

impl TokenStream for WordStream<'_> {
    fn advance(&mut self) -> bool {
        if self.next_word() {
            return true;
        }
        let was_empty = self.token.position == usize::MAX;
        if was_empty {
            self.token.position = 0;
            self.token.text.push_str(PLACEHOLDER);
        }
        was_empty
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(words(text).join(" "), expected);
    }

    #[test]
    fn separators_are_no_words() {
        check("推行网格化管理，服务群众。", "推行 网格化 管理 服务 群众");
        check("、。 \n", "");
    }

    #[test]
    fn both_scripts_give_the_same_words() {
        check("網格化管理與計畫", "网格化 管理 与 计画");
        check("网格化管理与计划", "网格化 管理 与 计画");
        check("乾隆與幹部", "干隆 与 干部");
    }

    #[test]
    fn letters_and_digits_are_folded_and_stay_together() {
        check("ＣＯＶＩＤ-19疫苗与5G基站", "covid 19 疫苗 与 5g 基站");
    }

    #[test]
    fn a_number_is_one_word() {
        check("１.５万剂，1,234.5元；80%。2019，2020", "1.5 万 剂 1,234.5 元 80 % 2019 2020");
    }

    #[test]
    fn scheme_names_are_words() {
        check("落实三会一课和四议两公开", "落实 三会一课 和 四议两公开");
    }

    #[test]
    fn a_text_without_words_gives_the_placeholder_once() {
        let mut tokenizer = WordTokenizer::default();
        for text in ["", "——", PLACEHOLDER] {
            let mut stream = tokenizer.token_stream(text);
            assert!(stream.advance(), "{text:?}");
            assert_eq!((stream.token().text.as_str(), stream.token().position), (PLACEHOLDER, 0));
            assert!(!stream.advance(), "{text:?}");
        }
    }

    #[test]
    fn offsets_are_bytes_of_the_source() {
        let text = "，ＡＢ與二噁英網格";
        let mut tokenizer = WordTokenizer::default();
        let mut stream = tokenizer.token_stream(text);
        let mut places = Vec::new();
        while stream.advance() {
            places.push(text.get(stream.token().offset_from..stream.token().offset_to).unwrap());
        }
        assert_eq!(places.concat(), "ＡＢ與二噁英網格");
        assert_eq!((places.first(), places.last()), (Some(&"ＡＢ"), Some(&"網格")));
    }

    proptest! {
        #[test]
        fn the_words_and_what_separates_them_make_the_text(text in "([网格化乾隆a1Ａ.,，。% ]|\\PC){0,24}") {
            let mut tokenizer = WordTokenizer::default();
            let mut stream = tokenizer.token_stream(&text);
            let mut end = 0;
            while stream.next_word() {
                let token = stream.token();
                prop_assert!(!has_token(text.get(end..token.offset_from).unwrap()));
                prop_assert!(token.offset_from < token.offset_to);
                end = token.offset_to;
            }
            prop_assert!(!has_token(text.get(end..).unwrap()));
        }
    }
}
