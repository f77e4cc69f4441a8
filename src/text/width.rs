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
    let mut used = 0;
    for c in text.chars() {
        used += char_width(c);
        if used + 1 > columns {
            break;
        }
        cut.push(c);
    }
    cut.push('…');
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn han_take_two_columns() {
        assert_eq!(width("网格a"), 5);
        assert_eq!(pad("网格", 6), "网格  ");
    }

    #[test]
    fn a_cut_text_fits_its_columns() {
        assert_eq!(truncate("网格化管理", 5), "网格…");
        assert_eq!(truncate("网格", 4), "网格");
    }
}
