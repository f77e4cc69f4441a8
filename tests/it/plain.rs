//! A second, plain reading of the contract on characters and tokens, to compare the program with.
//!
//! Only the fold of a single character is the program's own; what folds together is tested beside it.

use fangzhi::text::fold::fold_char;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::OnceLock;
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};
use unicode_script::{Script, UnicodeScript};

/// A text as a row of folded tokens; `None` is a run of separators.
pub(crate) type Row = Vec<Option<String>>;

/// A token: its folded text and its characters.
pub(crate) struct Token {
    pub(crate) text: String,
    pub(crate) place: Range<usize>,
}

#[derive(PartialEq, Clone, Copy)]
enum Class {
    Han,
    Digit,
    Letter,
    Mark,
    Symbol,
    Separator,
}

fn class(c: char) -> Class {
    if c.script() == Script::Han || matches!(c, '々' | '〇') {
        return Class::Han;
    }
    match (c, c.general_category(), c.general_category_group()) {
        ('%' | '‰', ..) => Class::Symbol,
        (_, GeneralCategory::DecimalNumber, _) => Class::Digit,
        (.., GeneralCategoryGroup::Letter) => Class::Letter,
        (.., GeneralCategoryGroup::Mark) => Class::Mark,
        (.., GeneralCategoryGroup::Symbol) => Class::Symbol,
        _ => Class::Separator,
    }
}

/// The tokens of a text.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let folded: Vec<char> = text.chars().map(fold_char).collect();
    let class_at = |at: usize| folded.get(at).map_or(Class::Separator, |&c| class(c));
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < folded.len() {
        let start = at;
        at += 1;
        match class_at(start) {
            Class::Separator | Class::Mark => continue,
            Class::Han | Class::Symbol => {}
            Class::Letter => {
                while matches!(class_at(at), Class::Letter | Class::Mark) {
                    at += 1;
                }
            }
            Class::Digit => loop {
                let joins = matches!(folded.get(at), Some('.' | ','));
                if class_at(at) == Class::Digit || joins && class_at(at + 1) == Class::Digit {
                    at += 1;
                } else {
                    break;
                }
            },
        }
        tokens.push(Token { text: folded[start..at].iter().collect(), place: start..at });
    }
    tokens
}

/// The row of a text, without separators at its ends.
pub(crate) fn row(text: &str) -> Row {
    let mut row = Row::new();
    let mut end = 0;
    for token in tokens(text) {
        if token.place.start > end && !row.is_empty() {
            row.push(None);
        }
        end = token.place.end;
        row.push(Some(token.text));
    }
    row
}

/// The ordinals at which a row stands in another.
pub(crate) fn places(text: &[Option<String>], needle: &[Option<String>]) -> Vec<usize> {
    let starts = 0..(text.len() + 1).saturating_sub(needle.len());
    starts.filter(|&at| !needle.is_empty() && text[at..].starts_with(needle)).collect()
}

/// Whether a row stands in another.
pub(crate) fn contains(text: &[Option<String>], needle: &[Option<String>]) -> bool {
    !places(text, needle).is_empty()
}

/// All Han that fold to the same character, the character itself among them.
pub(crate) fn variants(c: char) -> &'static [char] {
    static VARIANTS: OnceLock<HashMap<char, Vec<char>>> = OnceLock::new();
    let variants = VARIANTS.get_or_init(|| {
        let mut variants: HashMap<char, Vec<char>> = HashMap::new();
        for c in ('\u{3400}'..='\u{9fff}').chain('\u{20000}'..='\u{2fa1f}') {
            variants.entry(fold_char(c)).or_default().push(c);
        }
        variants
    });
    variants.get(&fold_char(c)).map_or(&[], Vec::as_slice)
}

/// The characters of a range.
pub(crate) fn cut(text: &str, place: Range<usize>) -> String {
    text.chars().skip(place.start).take(place.len()).collect()
}
