//! How wide text stands on a terminal. Han count two columns; the curly quotes “” and … count as on most terminals, one.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns that `text` takes on a terminal.
pub fn width(text: &str) -> usize {
    text.width()
}

/// Columns of one character; control characters take none.
pub fn char_width(c: char) -> usize {
    c.width().unwrap_or(0)
}

/// `text` followed by spaces up to `columns`; longer text stays whole.
pub fn pad(text: &str, columns: usize) -> String {
    let mut padded = text.to_owned();
    padded.extend(std::iter::repeat_n(' ', columns.saturating_sub(width(text))));
    padded
}

/// The longest start of `text` that fits `columns`, with `…` in its last column where something was cut.
pub fn truncate(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut cut = String::new();
    let mut end = 0;
    for c in text.chars() {
        cut.push(c);
        // Asked of the whole start: a character may widen the one before it.
        if width(&cut) + 1 > columns {
            break;
        }
        end = cut.len();
    }
    cut.truncate(end);
    if columns > 0 {
        cut.push('…');
    }
    cut
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn han_take_two_columns() {
        assert_eq!(width("网格a"), 5);
        assert_eq!(pad("网格", 6), "网格  ");
    }

    #[test]
    fn a_cut_text_fits_its_columns() {
        assert_eq!(truncate("网格化管理", 5), "网格…");
        assert_eq!(truncate("网格", 4), "网格");
        assert_eq!(truncate("网格", 0), "");
    }

    proptest! {
        #[test]
        fn no_text_is_wider_than_asked(text in "([网a❤\u{fe0f}\u{301}\n]|\\PC){0,12}", columns in 0..12_usize) {
            let cut = truncate(&text, columns);
            prop_assert!(width(&cut) <= columns, "{:?}", cut);
            prop_assert!(cut == text || text.starts_with(cut.strip_suffix('…').unwrap_or("")));
            prop_assert_eq!(width(&pad(&cut, 12)), 12);
        }
    }
}
