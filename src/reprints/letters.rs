//! What of a text is compared: its folded letters and digits, their shingles, a sketch of these.

use crate::reprints::verdict::parted;
use crate::text::fold::fold_char;

/// Letters of a shingle. Pairs stand in every text of a kind, and of longer runs an edited text keeps too few.
pub(crate) const SHINGLE_LETTERS: usize = 4;
/// Letters of the shingles of which a sketch is made. Runs of four are those of any text on the subject; of eight, most
/// stand in one text and its reprints only.
const SKETCH_LETTERS: usize = 8;
/// Shingles of a sketch.
pub(crate) const SKETCH_SHINGLES: usize = 8;
/// Bits of each that are kept: among a million texts a shingle meets another one of the same bits in half of all cases,
/// which costs a comparison and nothing else.
pub(crate) const SKETCH_BITS: u32 = 24;
/// A text with fewer letters has no near ones: below this a formula with another name and date is as close to a text as
/// an edited reprint is.
pub(crate) const NEAR_LETTERS_MIN: usize = 48;

/// The folded letters and digits of a text, all that stays when it is wrapped, punctuated or written in the other script
/// anew. Where anything stands between two digits one blank does, or 1.5 would be 15.
pub(crate) fn letters(text: &str) -> Vec<char> {
    let mut letters: Vec<char> = Vec::with_capacity(text.len() / 3);
    let mut gap = false;
    for c in text.chars().map(fold_char) {
        if !is_letter(c) {
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

/// A letter or digit. Whether it is Han is asked first: nearly all are, and it is faster than the table of all letters.
pub(crate) fn is_letter(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}') || c.is_alphanumeric()
}

/// Hashes of all shingles, sorted, each once.
pub(crate) fn shingles(letters: &[char]) -> Vec<u32> {
    let mut hashes: Vec<u32> =
        letters.windows(SHINGLE_LETTERS).map(|shingle| high(hash(shingle))).collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

/// The shingles of a text whose hashes are least, by other bits of these: of texts alike some are the same, and an excerpt
/// has some of those of the whole. A text with fewer shingles repeats its last.
pub(crate) type Sketch = [u32; SKETCH_SHINGLES];

/// The sketch of a text; `None` where it is too short to be near another.
fn sketch(letters: &[char]) -> Option<Sketch> {
    if letters.len() < NEAR_LETTERS_MIN {
        return None;
    }
    let mut hashes: Vec<u64> = letters.windows(SKETCH_LETTERS).map(hash).collect();
    hashes.sort_unstable();
    hashes.dedup();
    // The highest bits of the least hashes are all nought.
    let kept = |hash: &u64| low(*hash) >> (u32::BITS - SKETCH_BITS);
    let last = kept(hashes.get(..SKETCH_SHINGLES).unwrap_or(&hashes).last()?);
    let mut sketch = [last; SKETCH_SHINGLES];
    sketch.iter_mut().zip(&hashes).for_each(|(place, hash)| *place = kept(hash));
    Some(sketch)
}

/// By what paragraphs with the same text know each other: 56 bits of a blake3 of the letters, or of all that is there
/// where no letter is, and, where it is long enough to be near another, of all else that a verdict is made from, so that
/// one text of a key stands for all. A row has the key that a paragraph with its text has, so that both are one. Two
/// texts of one key would be taken for one; among a million the odds are 1 to 144,000.
fn text_key(text: &str, letters: &[char]) -> u64 {
    let letters: String = if letters.is_empty() {
        text.chars().map(fold_char).collect()
    } else {
        letters.iter().collect()
    };
    let mut hasher = blake3::Hasher::new();
    hasher.update(letters.as_bytes());
    if letters.chars().count() >= NEAR_LETTERS_MIN {
        let (wording, mut facts) = parted(text);
        facts.sort_unstable();
        hasher.update(b"\0").update(wording.iter().collect::<String>().as_bytes());
        for fact in facts {
            hasher.update(b"\0").update(fact.as_bytes());
        }
    }
    let mut key = [0; 8];
    hasher.finalize_xof().fill(&mut key[..7]);
    u64::from_le_bytes(key)
}

/// The key of a paragraph, and its sketch as it stands in a column, two shingles a value. A row of a table has none: it
/// repeats the names of the columns, and so is near every other row.
pub(crate) fn columns(text: &str, is_row: bool) -> (u64, Vec<u64>) {
    let letters = letters(text);
    let sketch = if is_row { None } else { sketch(&letters) };
    let pairs = sketch.iter().flat_map(|sketch| sketch.chunks_exact(2));
    let one = |pair: &[u32]| pair.iter().fold(0, |all, &one| all << SKETCH_BITS | u64::from(one));
    (text_key(text, &letters), pairs.map(one).collect())
}

/// The sketch out of the values of its column; `None` where there are none.
pub(crate) fn unpacked(values: impl Iterator<Item = u64>) -> Option<Sketch> {
    let last = (1 << SKETCH_BITS) - 1;
    let hashes = values.flat_map(|pair| [low(pair >> SKETCH_BITS), low(pair) & last]);
    let mut sketch = [0; SKETCH_SHINGLES];
    let found = sketch.iter_mut().zip(hashes).map(|(place, hash)| *place = hash).count();
    (found == SKETCH_SHINGLES).then_some(sketch)
}

pub(crate) fn hash(shingle: &[char]) -> u64 {
    shingle.iter().fold(0, |hash: u64, &letter| {
        mixed(hash.wrapping_add(u64::from(letter)).wrapping_add(0x9e37_79b9_7f4a_7c15))
    })
}

#[allow(clippy::cast_possible_truncation, reason = "32 bits stay")]
pub(crate) fn high(number: u64) -> u32 {
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
    fn every_han_is_a_letter() {
        assert!(('\u{4e00}'..='\u{9fff}').all(char::is_alphanumeric));
        assert_eq!(['〇', 'a', '9', '，', ' '].map(is_letter), [true, true, true, false, false]);
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
    fn texts_of_one_key_are_one_to_a_verdict() {
        let key = |text: &str| text_key(text, &letters(text));
        let text = |title: &str| {
            format!(
                "县委印发{title}，要求各乡镇把网格员的待遇、培训和考核写进年度计划，每季度由组织部门到村里看一次，看过的写成清单，年底按清单销号。"
            )
        };
        let (marked, quoted) = (text("《网格员管理办法》"), text("“网格员管理办法”"));
        assert_ne!(key(&marked), key(&quoted));
        assert_eq!(key(&quoted), key(&quoted.replace('，', "。")));
        assert_eq!(key(&marked), key(&marked.replace('，', "\n")));
        for text in [marked, quoted] {
            assert_eq!(columns(&text, true).0, columns(&text, false).0);
        }
    }

    #[test]
    fn short_texts_and_rows_of_tables_have_no_sketch() {
        let text: String = ('\u{4e00}'..).take(NEAR_LETTERS_MIN).collect();
        let sketch = |text: &str, is_row| unpacked(columns(text, is_row).1.into_iter());
        let found = sketch(&text, false).unwrap();
        assert!(found.iter().all(|shingle| shingle >> SKETCH_BITS == 0 && *shingle > 0));
        assert_eq!(sketch(&text, true), None);
        assert_eq!(columns(&text, true).0, columns(&text, false).0);
        let shorter: String = text.chars().skip(1).collect();
        assert_eq!(sketch(&shorter, false), None);
        assert!(sketch(&"哈".repeat(NEAR_LETTERS_MIN), false).is_some());
    }
}
