//! Names of encodings as people type them.

use encoding_rs::{BIG5, Encoding, GB18030, REPLACEMENT, UTF_16LE};

/// The labels shown when one is not known; others of the WHATWG Encoding Standard work too.
pub const KNOWN_LABELS: &[&str] = &[
    "utf-8",
    "gb18030",
    "gbk",
    "gb2312",
    "big5",
    "big5-hkscs",
    "utf-16le",
    "utf-16be",
    "shift_jis",
    "euc-jp",
    "euc-kr",
    "windows-1252",
];

/// Names that Windows and other programs use and the WHATWG list lacks.
const ALIASES: &[(&str, &Encoding)] = &[
    ("cp936", GB18030),
    ("ms936", GB18030),
    ("936", GB18030),
    ("windows-936", GB18030),
    ("gb18030-2022", GB18030),
    ("cp950", BIG5),
    ("ms950", BIG5),
    ("950", BIG5),
    ("windows-950", BIG5),
    ("big5hkscs", BIG5),
    ("utf16", UTF_16LE),
    ("utf16le", UTF_16LE),
    ("utf16be", encoding_rs::UTF_16BE),
];

/// A label that names no encoding.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown encoding {label:?}{}; known are {}", near.map(|near| format!(", did you mean {near}?")).unwrap_or_default(), KNOWN_LABELS.join(", "))]
pub struct UnknownLabel {
    /// What was given.
    pub label: String,
    /// The known label that differs least, when one is near.
    pub near: Option<&'static str>,
}

/// The encoding of a label such as `gbk`, `GB18030`, `cp936`, `big5-hkscs`, `utf-16le`; case and surrounding white
/// space do not matter.
pub fn encoding_for_label(label: &str) -> Result<&'static Encoding, UnknownLabel> {
    let wanted = label.trim().to_lowercase();
    let alias = ALIASES.iter().find(|(name, _)| *name == wanted).map(|&(_, encoding)| encoding);
    alias
        .or_else(|| Encoding::for_label(wanted.as_bytes()))
        // The standard's decoder of this name turns every text into one U+FFFD (labels such as hz-gb-2312).
        .filter(|&encoding| encoding != REPLACEMENT)
        .ok_or_else(|| UnknownLabel { label: label.to_owned(), near: nearest(&wanted) })
}

/// The known label with at most two (for short ones one) differing letters.
fn nearest(wanted: &str) -> Option<&'static str> {
    KNOWN_LABELS
        .iter()
        .map(|&known| (distance(wanted, known), known))
        .filter(|&(distance, known)| distance <= if known.len() < 5 { 1 } else { 2 })
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, known)| known)
}

/// How many letters must be put in, taken out or replaced to make one of the other (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    // A label is short; a pasted page is not compared letter by letter.
    if a.len() > 40 {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, &to) in row.iter_mut().skip(1).zip(&b) {
            let best = (diagonal + usize::from(from != to)).min(left + 1).min(*cell + 1);
            diagonal = *cell;
            *cell = best;
            left = best;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_names_are_known_in_any_case() {
        assert_eq!(encoding_for_label(" GBK ").unwrap(), encoding_rs::GBK);
        assert_eq!(encoding_for_label("cp936").unwrap(), GB18030);
        assert_eq!(encoding_for_label("Big5-HKSCS").unwrap(), BIG5);
        for label in KNOWN_LABELS {
            assert!(encoding_for_label(label).is_ok(), "{label}");
        }
    }

    #[test]
    fn a_wrong_label_is_an_error_with_the_nearest_and_the_known() {
        let error = encoding_for_label("gb18031").unwrap_err();
        assert_eq!(error.near, Some("gb18030"));
        assert!(error.to_string().contains("did you mean gb18030?"), "{error}");
        assert_eq!(encoding_for_label("klingon").unwrap_err().near, None);
        assert!(encoding_for_label("hz-gb-2312").is_err(), "a label without a decoder");
    }

    #[test]
    fn distance_counts_changed_letters() {
        assert_eq!(distance("big", "big5"), 1);
        assert_eq!(distance("utf8", "utf-8"), 1);
        assert_eq!(distance("", "gbk"), 3);
    }
}
