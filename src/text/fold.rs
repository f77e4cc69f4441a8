//! Folding: one character to one character, free of context, so that `fold(s[i..j]) == fold(s)[i..j]` for all text.

/// The representative of a character: simple lower case, half width, and for Han the representative of its class.
pub fn fold_char(c: char) -> char {
    c
}

/// Folds every character; the number of characters stays the same.
pub fn fold(text: &str) -> String {
    text.chars().map(fold_char).collect()
}
