//! What of a text is compared: its folded letters and digits, their shingles, a sketch of these.

use crate::text::fold::fold_char;

/// Letters of a shingle. Pairs stand in every text of a kind, and of longer runs an edited text keeps too few.
pub(crate) const SHINGLE_LETTERS: usize = 4;
/// Shingles of a sketch.
pub(crate) const SKETCH_SHINGLES: usize = 20;
/// A text with fewer letters has no near ones: below this a formula with another name and date is as close to a text as
/// an edited reprint is.
pub(crate) const NEAR_LETTERS_MIN: usize = 48;

/// The folded letters and digits of a text, all that stays when it is wrapped, punctuated or written in the other script
/// anew. Where anything stands between two digits one blank does, or 1.5 would be 15.
pub(crate) fn letters(text: &str) -> Vec<char> {
    let mut letters: Vec<char> = Vec::with_capacity(text.len() / 3);
    let mut gap = false;
    for c in text.chars().map(fold_char) {
        if !c.is_alphanumeric() {
            gap = true;
            continue;
        }
        if gap && c.is_ascii_digit() && letters.last().is_some_and(char::is_ascii_digit) {
            letters.push(' ');
        }
        gap = false;
        letters.push(c);
    }
    letters
}

/// Hashes of all shingles, sorted, each once.
pub(crate) fn shingles(letters: &[char]) -> Vec<u32> {
    let mut hashes: Vec<u32> = letters.windows(SHINGLE_LETTERS).map(shingle).collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

/// The least hashes of a text's shingles, rising: of texts alike they are alike, and of an excerpt they are among those of
/// the whole. A text with fewer shingles repeats its last.
pub(crate) type Sketch = [u32; SKETCH_SHINGLES];

/// The sketch of a text; `None` where it is too short to be near another.
fn sketch(letters: &[char]) -> Option<Sketch> {
    let hashes = if letters.len() < NEAR_LETTERS_MIN { Vec::new() } else { shingles(letters) };
    let last = *hashes.get(..SKETCH_SHINGLES).unwrap_or(&hashes).last()?;
    let mut sketch = [last; SKETCH_SHINGLES];
    sketch.iter_mut().zip(hashes).for_each(|(place, hash)| *place = hash);
    Some(sketch)
}

/// By what paragraphs with the same text know each other: half of a blake3-128 of the letters, or of all that is there
/// where no letter is. Two texts of one key would be taken for one; among a million the odds are 1 to 37 million.
fn text_key(text: &str, letters: &[char]) -> u64 {
    let letters: String = if letters.is_empty() {
        text.chars().map(fold_char).collect()
    } else {
        letters.iter().collect()
    };
    let mut key = [0; 8];
    blake3::Hasher::new().update(letters.as_bytes()).finalize_xof().fill(&mut key);
    u64::from_le_bytes(key)
}

/// What stands in the column of a paragraph: its key, then its sketch, two hashes a value. A row of a table has no
/// sketch: it repeats the names of the columns, and so is near every other row.
pub(crate) fn column_values(text: &str, is_row: bool) -> Vec<u64> {
    let letters = letters(text);
    let sketch = if is_row { None } else { sketch(&letters) };
    let mut values = vec![text_key(text, &letters)];
    for pair in sketch.iter().flat_map(|sketch| sketch.chunks_exact(2)) {
        values.push(pair.iter().fold(0, |value, &hash| value << 32 | u64::from(hash)));
    }
    values
}

/// Key and sketch out of the values of a column.
pub(crate) fn unpacked(mut values: impl Iterator<Item = u64>) -> (u64, Option<Sketch>) {
    let key = values.next().unwrap_or(0);
    let hashes = values.flat_map(|value| [high(value), low(value)]);
    let mut sketch = [0; SKETCH_SHINGLES];
    let found = sketch.iter_mut().zip(hashes).map(|(place, hash)| *place = hash).count();
    (key, (found == SKETCH_SHINGLES).then_some(sketch))
}

fn shingle(letters: &[char]) -> u32 {
    let mut hash = 0_u64;
    for &letter in letters {
        hash = mixed(hash.wrapping_add(u64::from(letter)).wrapping_add(0x9e37_79b9_7f4a_7c15));
    }
    high(hash)
}

#[allow(clippy::cast_possible_truncation, reason = "32 bits stay")]
fn high(number: u64) -> u32 {
    (number >> 32) as u32
}

#[allow(clippy::cast_possible_truncation, reason = "the low 32 bits are what is wanted")]
fn low(number: u64) -> u32 {
    number as u32
}

/// The finalizer of SplitMix64: every bit of the number changes every bit of the answer.
pub(crate) fn mixed(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(letters(text).into_iter().collect::<String>(), expected);
    }

    #[test]
    fn wraps_marks_and_script_make_no_difference() {
        check("「網格化」管理，\n全县412个 Ａb", "网格化管理全县412个ab");
        check("网格化管理全县412个AB。", "网格化管理全县412个ab");
    }

    #[test]
    fn digits_with_anything_between_them_do_not_become_one_number() {
        check("增长1.5万", "增长1 5万");
        check("2019，2020年", "2019 2020年");
        check("增长15万，3", "增长15万3");
    }

    #[test]
    fn a_text_without_letters_is_known_by_its_marks() {
        let key = |text: &str| text_key(text, &letters(text));
        assert_ne!(key("※※※"), key("★★★"));
        assert_eq!(key("，县。"), key("縣"));
    }

    #[test]
    fn short_texts_and_rows_of_tables_have_no_sketch() {
        let text: String = ('\u{4e00}'..).take(NEAR_LETTERS_MIN).collect();
        let (key, sketch) = unpacked(column_values(&text, false).into_iter());
        assert!(sketch.is_some_and(|sketch| sketch.is_sorted()));
        assert_eq!(unpacked(column_values(&text, true).into_iter()), (key, None));
        let shorter: String = text.chars().skip(1).collect();
        assert_eq!(column_values(&shorter, false).len(), 1);
        let same = "哈".repeat(NEAR_LETTERS_MIN);
        assert!(unpacked(column_values(&same, false).into_iter()).1.is_some());
    }
}
