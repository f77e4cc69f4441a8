//! Grams: the tokens in which every literal string is found, no more and no fewer.
//!
//! A Han character gives the pair with the Han character that follows it directly, or itself and a mark: [`END_MARK`] at
//! the end of the text or before separators, [`JOIN_MARK`] before another token. Every other token is a gram as it is,
//! and separators between it and the next token are one more gram, [`GAP`]. Each gram takes one position, so the grams
//! of a string, at their distances, are in a text exactly where [`crate::text::literal`] finds the string;
//! [`literal_terms`] says what to ask for.
//!
//! Why separators are no empty position: one would be as wide as a token, and `1、2` would find `1至2`. Here a gram says
//! what follows it, or the position behind it does, and no position is empty. Positions stay small: in steps of 2, and 3
//! over separators, they took a seventh more.

use crate::analysis::term::{PLACEHOLDER, bound};
use crate::text::fold::{fold, fold_into};
use crate::text::tokens::{Token, TokenKind, Tokens};
use tantivy::tokenizer;

/// Follows a Han character before separators or the end of the text; a control character, as the other marks, so no pair
/// of user text looks like it.
pub const END_MARK: char = '\u{3}';

/// Follows a Han character before a token of another kind.
pub const JOIN_MARK: char = '\u{5}';

/// The gram of the separators between a token that is no Han character and the next token.
pub const GAP: char = '\u{6}';

/// Whether a character of a gram is a mark, not text.
pub fn is_mark(character: char) -> bool {
    matches!(character, END_MARK | JOIN_MARK | GAP)
}

/// One gram and the token it begins at.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Gram {
    /// Its place among the grams, from 0.
    pub position: u32,
    /// What the engine stores.
    pub term: String,
}

/// The grams of a text, in order.
pub fn grams(text: &str) -> Vec<Gram> {
    let folded = fold(text);
    GramTokens::new(&folded)
        .map(|gram| Gram { position: gram.position, term: gram.term() })
        .collect()
}

/// What to ask the engine for to find a string literally.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiteralTerms {
    /// Positions relative to the first, ascending, and what must stand there.
    pub terms: Vec<(u32, TermMatch)>,
}

/// What must stand at a position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TermMatch {
    /// This term.
    Exact(String),
    /// Any term that begins with this Han character: it may have any neighbour, or none.
    Prefix(char),
}

/// The terms of a literal string, `None` when it has no token.
///
/// A last Han character that the pair before it covers asks for nothing of its own; one that stands alone matches
/// every gram it begins.
pub fn literal_terms(needle: &str) -> Option<LiteralTerms> {
    let folded = fold(needle);
    let mut terms = Vec::new();
    let mut is_covered = false;
    let mut tokens = GramTokens::new(&folded).peekable();
    while let Some(gram) = tokens.next() {
        let is_open = tokens.peek().is_none() && gram.token.kind == TokenKind::Han;
        if !is_open {
            is_covered = matches!(gram.form, Form::Pair(_));
            terms.push((gram.position, TermMatch::Exact(gram.term())));
        } else if !is_covered {
            terms.extend(
                gram.token.text.chars().next().map(|han| (gram.position, TermMatch::Prefix(han))),
            );
        }
    }
    (!terms.is_empty()).then_some(LiteralTerms { terms })
}

/// The grams of a folded text.
struct GramTokens<'a> {
    tokens: Tokens<'a>,
    upcoming: Option<Token<'a>>,
    /// The token behind which separators are the next gram.
    gap_behind: Option<Token<'a>>,
    position: u32,
}

/// A gram: its position, its token and what becomes of that.
struct GramToken<'a> {
    position: u32,
    token: Token<'a>,
    form: Form<'a>,
}

enum Form<'a> {
    /// A Han character and the one that follows directly.
    Pair(Token<'a>),
    /// A Han character at the end of its run, with this mark.
    Marked(char),
    /// Any other token.
    Whole,
    /// The separators behind the token.
    Gap,
}

impl<'a> GramTokens<'a> {
    fn new(folded: &'a str) -> Self {
        let mut tokens = Tokens::new(folded);
        let upcoming = tokens.next();
        Self { tokens, upcoming, gap_behind: None, position: 0 }
    }

    /// What becomes of a token, by the one that comes next.
    fn form(&mut self, token: Token<'a>) -> Form<'a> {
        let direct = self.upcoming.filter(|next| !next.after_separator);
        match (token.kind, direct) {
            (TokenKind::Han, Some(next)) if next.kind == TokenKind::Han => Form::Pair(next),
            (TokenKind::Han, Some(_)) => Form::Marked(JOIN_MARK),
            (TokenKind::Han, None) => Form::Marked(END_MARK),
            (_, Some(_)) => Form::Whole,
            (_, None) => {
                self.gap_behind = self.upcoming.map(|_| token);
                Form::Whole
            }
        }
    }
}

impl<'a> Iterator for GramTokens<'a> {
    type Item = GramToken<'a>;

    fn next(&mut self) -> Option<GramToken<'a>> {
        let (token, form) = match self.gap_behind.take() {
            Some(token) => (token, Form::Gap),
            None => {
                let token = self.upcoming?;
                self.upcoming = self.tokens.next();
                (token, self.form(token))
            }
        };
        let position = self.position;
        self.position += 1;
        Some(GramToken { position, token, form })
    }
}

impl GramToken<'_> {
    fn term(&self) -> String {
        let mut term = String::new();
        self.write_term(&mut term);
        term
    }

    /// Fills the empty `term`.
    fn write_term(&self, term: &mut String) {
        match self.form {
            Form::Gap => term.push(GAP),
            Form::Whole => {
                term.push_str(self.token.text);
                bound(term);
            }
            Form::Pair(second) => {
                term.push_str(self.token.text);
                term.push_str(second.text);
            }
            Form::Marked(mark) => {
                term.push_str(self.token.text);
                term.push(mark);
            }
        }
    }
}

/// The engine's tokenizer for grams. A text without any gives [`PLACEHOLDER`].
///
/// It keeps one buffer for the folded text and allocates nothing per token.
#[derive(Debug, Clone, Default)]
pub struct GramTokenizer {
    folded: String,
}

impl tokenizer::Tokenizer for GramTokenizer {
    type TokenStream<'a> = GramStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> GramStream<'a> {
        fold_into(text, &mut self.folded);
        GramStream {
            grams: GramTokens::new(&self.folded),
            token: tokenizer::Token::default(),
            is_empty: true,
        }
    }
}

/// The grams of one text as the engine takes them, without offsets: nothing asks for any.
pub struct GramStream<'a> {
    grams: GramTokens<'a>,
    token: tokenizer::Token,
    is_empty: bool,
}

impl tokenizer::TokenStream for GramStream<'_> {
    fn advance(&mut self) -> bool {
        let was_empty = std::mem::replace(&mut self.is_empty, false);
        self.token.text.clear();
        let Some(gram) = self.grams.next() else {
            self.token.position = 0;
            self.token.text.push_str(PLACEHOLDER);
            return was_empty;
        };
        gram.write_term(&mut self.token.text);
        self.token.position = gram.position as usize;
        true
    }

    fn token(&self) -> &tokenizer::Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut tokenizer::Token {
        &mut self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::literal::{Needle, TokenizedText};
    use proptest::prelude::*;
    use std::path::Path;
    use tantivy::tokenizer::{TokenStream, Tokenizer};

    /// Shows the marks of a term: `$` the end, `+` another token behind, `_` separators.
    fn shown(term: &str) -> String {
        term.replace(END_MARK, "$").replace(JOIN_MARK, "+").replace(GAP, "_")
    }

    /// Shows grams as `position:term`.
    #[track_caller]
    fn check(text: &str, expected: &str) {
        let shown: Vec<String> = grams(text)
            .iter()
            .map(|gram| format!("{}:{}", gram.position, shown(&gram.term)))
            .collect();
        assert_eq!(shown.join(" "), expected);
    }

    /// Shows terms as `position:term`, a prefix with `*`.
    #[track_caller]
    fn check_literal(needle: &str, expected: &str) {
        let terms = literal_terms(needle).map_or(Vec::new(), |literal| literal.terms);
        let shown: Vec<String> = terms
            .iter()
            .map(|(position, term)| match term {
                TermMatch::Exact(term) => format!("{position}:{}", shown(term)),
                TermMatch::Prefix(han) => format!("{position}:{han}*"),
            })
            .collect();
        assert_eq!(shown.join(" "), expected);
    }

    #[test]
    fn han_go_in_pairs_and_end_with_a_mark() {
        check("網格化", "0:网格 1:格化 2:化$");
    }

    #[test]
    fn separators_are_said_by_the_han_before_them_or_are_a_gram() {
        check("（村）：社区，", "0:村$ 1:社区 2:区$");
        check("5，G、网，", "0:5 1:_ 2:g 3:_ 4:网$");
    }

    #[test]
    fn other_tokens_are_grams_as_they_are() {
        check("５Ｇ网1.5万%", "0:5 1:g 2:网+ 3:1.5 4:万+ 5:%");
    }

    #[test]
    fn a_literal_leaves_its_last_pair_open() {
        check_literal("网格化", "0:网格 1:格化");
        check_literal("网格5", "0:网格 1:格+ 2:5");
        check_literal("村(社区)", "0:村$ 1:社区");
        check_literal("1、2", "0:1 1:_ 2:2");
    }

    #[test]
    fn a_lone_last_han_matches_whatever_it_begins() {
        check_literal("网", "0:网*");
        check_literal("5万", "0:5 1:万*");
        check_literal("网格、员。", "0:网格 1:格$ 2:员*");
    }

    #[test]
    fn a_literal_of_separators_asks_for_nothing() {
        assert_eq!(literal_terms("，。"), None);
        assert_eq!(literal_terms(""), None);
    }

    #[test]
    fn a_text_without_grams_gives_the_placeholder() {
        for text in ["", "。", PLACEHOLDER] {
            assert_eq!(streamed(text), [(0, PLACEHOLDER.to_owned())], "{text:?}");
            assert!(grams(text).is_empty());
        }
    }

    fn streamed(text: &str) -> Vec<(u32, String)> {
        let mut tokenizer = GramTokenizer::default();
        let mut stream = tokenizer.token_stream(text);
        let mut all = Vec::new();
        while stream.advance() {
            all.push((
                u32::try_from(stream.token().position).unwrap(),
                stream.token().text.clone(),
            ));
        }
        all
    }

    /// What the engine does with a phrase: the terms stand at their distances from one place.
    fn is_match(grams: &[Gram], literal: &LiteralTerms) -> bool {
        let stands = |position: u32, wanted: &TermMatch| {
            grams.binary_search_by_key(&position, |gram| gram.position).is_ok_and(|at| match wanted
            {
                TermMatch::Exact(term) => &grams[at].term == term,
                TermMatch::Prefix(han) => grams[at].term.starts_with(*han),
            })
        };
        grams.iter().any(|gram| {
            literal.terms.iter().all(|(position, wanted)| stands(gram.position + position, wanted))
        })
    }

    #[track_caller]
    fn assert_grams_find_what_the_scan_finds(text: &str, needle: &str) {
        let scanned = Needle::new(needle).is_in(&TokenizedText::new(text));
        let found = literal_terms(needle).is_some_and(|literal| is_match(&grams(text), &literal));
        assert_eq!(found, scanned, "{needle:?} in {text:?}");
    }

    #[test]
    fn a_gap_is_no_token() {
        for text in ["1至2", "1至，2", "1a2", "村a社区", "村，a，社区", "1，2", "村-社区"]
        {
            assert_grams_find_what_the_scan_finds(text, "1、2");
            assert_grams_find_what_the_scan_finds(text, "村（社区）");
        }
    }

    proptest! {
        #[test]
        fn a_paragraph_holds_a_string_exactly_when_its_terms_match(
            text in "[网格幹干a1.,，%]{0,16}", needle in "[网格幹干a1.,，%]{0,4}",
        ) {
            assert_grams_find_what_the_scan_finds(&text, &needle);
        }

        #[test]
        fn every_substring_is_found_as_the_scan_finds_it(
            text in "([网格a1，]|\\PC){1,16}", from in 0..16_usize, count in 1..8_usize,
        ) {
            let needle: String = text.chars().skip(from).take(count).collect();
            assert_grams_find_what_the_scan_finds(&text, &needle);
        }

        #[test]
        fn the_stream_gives_the_grams(text in "([网格a1，]|\\PC){0,16}") {
            let mut listed: Vec<_> = grams(&text).into_iter().map(|gram| (gram.position, gram.term)).collect();
            if listed.is_empty() {
                listed.push((0, PLACEHOLDER.to_owned()));
            }
            prop_assert_eq!(streamed(&text), listed);
        }
    }

    #[test]
    fn literals_of_real_paragraphs_are_found_in_exactly_the_right_ones() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/gold");
        let mut texts = Vec::new();
        for name in ["002.jsonl", "003.jsonl"] {
            let Ok(lines) = std::fs::read_to_string(folder.join(name)) else {
                println!("skipped: no {name} in {}", folder.display());
                return;
            };
            for line in lines.lines() {
                let row: serde_json::Value = serde_json::from_str(line).unwrap();
                texts.extend(row["text"].as_str().map(str::to_owned));
            }
        }
        assert!(!texts.is_empty(), "no texts in {}", folder.display());
        let indexed: Vec<_> =
            texts.iter().map(|text| (grams(text), TokenizedText::new(text))).collect();
        let mut checked = 0;
        for (nth, text) in texts.iter().enumerate() {
            let characters: Vec<char> = text.chars().collect();
            for from in (nth % 7..characters.len()).step_by(7) {
                let to = (from + 1 + (from + nth) % 9).min(characters.len());
                let string: String = characters[from..to].iter().collect();
                let needle = Needle::new(&string);
                let literal = literal_terms(&string);
                for (grams, tokenized) in &indexed {
                    let found = literal.as_ref().is_some_and(|literal| is_match(grams, literal));
                    assert_eq!(
                        found,
                        needle.is_in(tokenized),
                        "{string:?} in {:?}",
                        tokenized.folded()
                    );
                }
                checked += 1;
            }
        }
        println!("{checked} strings in {} paragraphs", texts.len());
    }
}
