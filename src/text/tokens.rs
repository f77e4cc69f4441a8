//! Text cut into the tokens of the contract: Han characters, numbers, words, symbols; all else separates.

/// What kind of token it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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
    /// Whether separators stand between this token and the one before it.
    pub after_separator: bool,
}

/// Cuts text that [`super::fold::fold`] has folded.
pub fn tokens(folded: &str) -> Vec<Token<'_>> {
    let _ = folded;
    Vec::new()
}

/// Whether a character is a Han token of its own: Script=Han, 々 or 〇.
pub fn is_han(c: char) -> bool {
    matches!(c as u32, 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff | 0x20000..=0x3ffff)
        || c == '々'
        || c == '〇'
}
