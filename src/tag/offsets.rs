//! Places in one text, quickly also in very long ones: byte offsets to character ordinals, and what stands around.

use crate::model::Span;
use std::ops::Range;

/// Bytes between two remembered places.
const STEP: usize = 256;

/// How many bytes before and after a place a rule may look at, so that no rule reads a long text again and again.
const AROUND: usize = 600;

/// What stands before and behind a range of a text, as far as rules look.
pub(crate) fn around<'t>(text: &'t str, at: &Range<usize>) -> (&'t str, &'t str) {
    let mut from = at.start.saturating_sub(AROUND);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let mut to = at.end.saturating_add(AROUND).min(text.len());
    while !text.is_char_boundary(to) {
        to -= 1;
    }
    (text.get(from..at.start).unwrap_or(""), text.get(at.end..to).unwrap_or(""))
}

/// The number of characters before every [`STEP`]th byte of a text.
#[derive(Debug)]
pub(crate) struct CharOffsets<'a> {
    text: &'a str,
    before: Vec<usize>,
}

impl<'a> CharOffsets<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        let mut before = Vec::with_capacity(text.len() / STEP + 1);
        let mut count = 0;
        for chunk in text.as_bytes().chunks(STEP) {
            before.push(count);
            count += chars_in(chunk);
        }
        before.push(count);
        Self { text, before }
    }

    /// The characters that stand in a range of bytes.
    pub(crate) fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.ordinal(start), self.ordinal(end))
    }

    fn ordinal(&self, byte: usize) -> usize {
        let step = (byte / STEP).min(self.before.len() - 1);
        self.before[step] + chars_in(&self.text.as_bytes()[step * STEP..byte])
    }
}

/// Characters that begin in these bytes.
fn chars_in(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_ordinal_is_the_number_of_characters_before(text in "[a网é😀]{0,400}") {
            let offsets = CharOffsets::new(&text);
            for (ordinal, (byte, _)) in text.char_indices().enumerate() {
                prop_assert_eq!(offsets.span(byte, text.len()), Span::new(ordinal, text.chars().count()));
            }
        }
    }
}
