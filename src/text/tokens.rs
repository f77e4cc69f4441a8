//! Text cut into the tokens of the contract: Han characters, numbers, words, symbols; all else separates.
//!
//! The rules of the contract leave some characters aside, and so do these: ①, ½, ² and other numbers that are no
//! decimal digits separate (〇 is Han); a combining mark belongs to the word before it and separates elsewhere, also
//! after Han; `_ & # @ /` are punctuation and separate. What the engine stores is made of these tokens in
//! `crate::analysis`; comparing them one by one is [`crate::text::literal`].

use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};
use unicode_script::{Script, UnicodeScript};

/// What kind of token it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum TokenKind {
    /// One character with Script=Han, 々 or 〇.
    Han,
    /// Digits, with `.` or `,` between digits.
    Number,
    /// A run of other letters.
    Word,
    /// One character of category S, `%` or `‰`.
    Symbol,
}

/// One token of folded text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token<'a> {
    /// Folded text of the token.
    pub text: &'a str,
    /// What kind it is.
    pub kind: TokenKind,
    /// Ordinal of its first character in the text.
    pub char_start: usize,
    /// Ordinal after its last character.
    pub char_end: usize,
    /// Whether separators stand between this token and the one before it; never for the first token.
    pub after_separator: bool,
}

/// Cuts text that [`super::fold::fold`] has folded.
pub fn tokens(folded: &str) -> Vec<Token<'_>> {
    Tokens::new(folded).collect()
}

/// Whether a character is a Han token of its own: Script=Han, 々 or 〇.
pub fn is_han(c: char) -> bool {
    class(c) == Class::Han
}

/// Whether text holds at least one token.
pub fn has_token(text: &str) -> bool {
    text.chars().any(is_token)
}

/// Whether a character makes a token, alone or with its neighbours.
pub fn is_token(c: char) -> bool {
    !matches!(class(c), Class::Separator | Class::Mark)
}

/// The tokens of a folded text, one after the other, without allocation.
#[derive(Debug, Clone)]
pub struct Tokens<'a> {
    folded: &'a str,
    /// Bytes and characters of `folded` behind us.
    at: usize,
    characters: usize,
    started: bool,
}

impl<'a> Tokens<'a> {
    /// Begins at the start of text that [`super::fold::fold`] has folded.
    pub fn new(folded: &'a str) -> Self {
        Self { folded, at: 0, characters: 0, started: false }
    }

    /// The same tokens, each with the byte of the folded text where it begins.
    pub fn with_bytes(mut self) -> impl Iterator<Item = (usize, Token<'a>)> {
        std::iter::from_fn(move || self.next().map(|token| (self.at - token.text.len(), token)))
    }

    fn rest(&self) -> std::str::Chars<'a> {
        self.folded.get(self.at..).unwrap_or_default().chars()
    }

    fn step(&mut self, c: char) {
        self.at += c.len_utf8();
        self.characters += 1;
    }

    /// Passes separators; the first character of the next token and its class, and whether anything was passed.
    fn skip_separators(&mut self) -> Option<(char, Class, bool)> {
        let start = self.at;
        for c in self.rest() {
            match class(c) {
                Class::Separator | Class::Mark => self.step(c),
                class => return Some((c, class, self.at > start)),
            }
        }
        None
    }

    /// Passes the rest of a word.
    fn take_letters(&mut self) {
        for c in self.rest() {
            if !matches!(class(c), Class::Letter | Class::Mark) {
                break;
            }
            self.step(c);
        }
    }

    /// Passes the rest of a number: digits, and a point or comma that stands between two of them.
    fn take_digits(&mut self) {
        let mut rest = self.rest().peekable();
        while let Some(c) = rest.next() {
            let joins = matches!(c, '.' | ',')
                && rest.peek().is_some_and(|&next| class(next) == Class::Digit);
            if !joins && class(c) != Class::Digit {
                break;
            }
            self.step(c);
        }
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let (first, class, skipped) = self.skip_separators()?;
        let after_separator = skipped && self.started;
        self.started = true;
        let (start, char_start) = (self.at, self.characters);
        self.step(first);
        let kind = match class {
            Class::Digit => {
                self.take_digits();
                TokenKind::Number
            }
            Class::Letter => {
                self.take_letters();
                TokenKind::Word
            }
            Class::Han => TokenKind::Han,
            // `skip_separators` stops at no separator and at no mark.
            Class::Symbol | Class::Separator | Class::Mark => TokenKind::Symbol,
        };
        let text = self.folded.get(start..self.at).unwrap_or_default();
        Some(Token { text, kind, char_start, char_end: self.characters, after_separator })
    }
}

/// What a character does to the cutting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Han,
    Digit,
    Letter,
    Mark,
    Symbol,
    Separator,
}

/// Short ways for what reports are made of; the rest is asked from Unicode's tables.
#[inline]
fn class(c: char) -> Class {
    match c {
        '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' => Class::Han,
        '0'..='9' => Class::Digit,
        'a'..='z' | 'A'..='Z' => Class::Letter,
        '%' | '$' | '+' | '<' | '=' | '>' | '^' | '`' | '|' | '~' => Class::Symbol,
        '\0'..='\x7f' => Class::Separator,
        '、' | '。' | '，' | '《' | '》' | '“' | '”' | '‘' | '’' | '·' | '—' | '…' => {
            Class::Separator
        }
        _ => class_by_property(c),
    }
}

fn class_by_property(c: char) -> Class {
    if c.script() == Script::Han || matches!(c, '々' | '〇') {
        return Class::Han;
    }
    if matches!(c, '%' | '‰') {
        return Class::Symbol;
    }
    match c.general_category_group() {
        GeneralCategoryGroup::Letter => Class::Letter,
        GeneralCategoryGroup::Mark => Class::Mark,
        GeneralCategoryGroup::Number if c.general_category() == GeneralCategory::DecimalNumber => {
            Class::Digit
        }
        GeneralCategoryGroup::Symbol => Class::Symbol,
        _ => Class::Separator,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold::fold;
    use proptest::prelude::*;

    /// Shows tokens as `kind initial:text`, a space where separators stand before.
    #[track_caller]
    fn check(input: &str, expected: &str) {
        let folded = fold(input);
        let mut shown = String::new();
        for token in Tokens::new(&folded) {
            shown.push_str(if token.after_separator { " " } else { "" });
            let initial = match token.kind {
                TokenKind::Han => 'h',
                TokenKind::Number => 'n',
                TokenKind::Word => 'w',
                TokenKind::Symbol => 's',
            };
            shown.push_str(&format!("[{initial}:{}]", token.text));
        }
        assert_eq!(shown, expected);
    }

    #[test]
    fn each_han_character_is_a_token() {
        check("网格々〇", "[h:网][h:格][h:々][h:〇]");
        // A radical is folded to the ideograph it looks like before it is cut.
        check("𠮷⺼", "[h:𠮷][h:肉]");
    }

    #[test]
    fn a_number_keeps_points_and_commas_between_digits() {
        check("1,234.5万.5 2023.03.05, 7.", "[n:1,234.5][h:万] [n:5] [n:2023.03.05] [n:7]");
        check("1..2 3,，4", "[n:1] [n:2] [n:3] [n:4]");
    }

    #[test]
    fn a_token_ends_where_letters_meet_digits() {
        check("COVID-19 5G A4纸", "[w:covid] [n:19] [n:5][w:g] [w:a][n:4][h:纸]");
    }

    #[test]
    fn a_mark_belongs_to_the_word_before_it_and_separates_elsewhere() {
        check("e\u{301}a 网\u{fe00}格", "[w:e\u{301}a] [h:网] [h:格]");
    }

    #[test]
    fn each_symbol_is_a_token() {
        check("80％~90‰＋￥", "[n:80][s:%][s:~][n:90][s:‰][s:+][s:￥]");
    }

    #[test]
    fn numbers_that_are_no_decimal_digits_separate() {
        check("①一½2²Ⅻ〇", "[h:一] [n:2] [h:〇]");
    }

    #[test]
    fn leading_and_trailing_separators_leave_no_trace() {
        check("——“网格”。", "[h:网][h:格]");
        check("，。", "");
        check("", "");
    }

    #[test]
    fn sentence_commas_part_numbers_of_full_width_text() {
        check("2019，2020年", "[n:2019] [n:2020][h:年]");
    }

    #[test]
    fn the_short_ways_agree_with_the_tables_of_unicode() {
        for c in '\0'..=char::MAX {
            assert_eq!(class(c), class_by_property(c), "{c:?}");
        }
    }

    proptest! {
        #[test]
        fn tokens_stand_at_their_places_and_hold_all_that_does_not_separate(
            text in "([网格乾a1２.,，。%￥①\u{301} 々]|\\PC){0,24}",
        ) {
            let folded = fold(&text);
            let characters: Vec<char> = folded.chars().collect();
            let mut end = 0;
            for token in Tokens::new(&folded) {
                let between = &characters[end..token.char_start];
                prop_assert!(!has_token(&between.iter().collect::<String>()));
                prop_assert_eq!(token.after_separator, end > 0 && !between.is_empty());
                prop_assert_eq!(token.text, characters[token.char_start..token.char_end].iter().collect::<String>());
                prop_assert!(token.char_start < token.char_end);
                end = token.char_end;
            }
            prop_assert!(!has_token(&characters[end..].iter().collect::<String>()));
        }
    }
}
