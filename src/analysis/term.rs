//! What the engine's tokens have in common: the placeholder, a limit on their length, their place in the source.

/// The token of a field without any other, so that every document has a length in every scored field.
///
/// It begins with a control character, which separates tokens, so no text gives it.
pub const PLACEHOLDER: &str = "\u{2}";

/// First character of the token that stands for a very long one.
const LONG_MARK: char = '\u{4}';

/// The engine drops tokens of 65,531 bytes and more without a sign; well before, a token is replaced by its hash.
const TERM_BYTES_MAX: usize = 1024;

/// Replaces a folded token of more than [`TERM_BYTES_MAX`] bytes with its hash, so that it is still found whole.
pub(super) fn bound(term: &mut String) {
    if term.len() > TERM_BYTES_MAX {
        let hash = blake3::hash(term.as_bytes());
        term.clear();
        term.push(LONG_MARK);
        term.push_str(hash.to_hex().as_str());
    }
}

/// Finds the byte of the n-th character of a text; asked for places that never go back.
///
/// Folding and conversion keep the number of characters but not of bytes, and the engine counts bytes.
#[derive(Debug)]
pub(super) struct CharCursor<'a> {
    text: &'a str,
    byte: usize,
    character: usize,
}

impl<'a> CharCursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, byte: 0, character: 0 }
    }

    /// The byte where character number `character` begins, or the end of the text.
    pub(super) fn byte_of(&mut self, character: usize) -> usize {
        for _ in self.character..character {
            self.byte += self.text.as_bytes().get(self.byte).map_or(0, |&lead| bytes_led_by(lead));
        }
        self.character = self.character.max(character);
        self.byte
    }
}

/// How many bytes the character has that begins with `lead`.
fn bytes_led_by(lead: u8) -> usize {
    match lead {
        0..=0x7f => 1,
        0x80..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0.. => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::tokens::has_token;

    #[test]
    fn no_text_gives_a_reserved_token() {
        assert!(!has_token(PLACEHOLDER));
        assert!(!has_token(&LONG_MARK.to_string()));
    }

    #[test]
    fn a_long_token_is_replaced_by_a_short_one_of_its_own() {
        let term = |token: &str| {
            let mut term = token.to_owned();
            bound(&mut term);
            term
        };
        assert_eq!(term("网格"), "网格");
        assert!(term(&"a".repeat(70_000)).len() < 100);
        assert_ne!(term(&"a".repeat(70_000)), term(&"a".repeat(70_001)));
    }

    #[test]
    fn the_cursor_counts_characters() {
        let mut cursor = CharCursor::new("a网é𠮷b");
        assert_eq!(
            [0, 1, 1, 2, 3, 4, 5, 9].map(|at| cursor.byte_of(at)),
            [0, 1, 1, 4, 6, 10, 11, 11]
        );
    }
}
