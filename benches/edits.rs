//! Reprints made on purpose: edited, in the other script, cut. For benches and tests.

use fangzhi::eval::random::SplitMix64;
use std::collections::HashMap;
use std::fs;
use std::path::Path;

/// What part of a text is edited, in hundredths.
pub(crate) const EDITS: [usize; 6] = [0, 4, 8, 12, 16, 20];

/// Changes, removes and adds runs of one to four letters anywhere, numbers too, until so many hundredths are edited.
pub(crate) fn edited(
    text: &str,
    percent: usize,
    letters: &[char],
    random: &mut SplitMix64,
) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    let mut left = chars.len() * percent / 100;
    while left > 0 {
        let run = random.between(1, 4).min(left);
        left -= run;
        let at = random.below(chars.len().saturating_sub(run));
        let drawn: Vec<char> = (0..run).filter_map(|_| random.choose(letters).copied()).collect();
        match random.below(3) {
            0 => drop(chars.splice(at..at + run, drawn)),
            1 => drop(chars.drain(at..at + run)),
            _ => drop(chars.splice(at..at, drawn)),
        }
    }
    chars.into_iter().collect()
}

/// The letters of texts, as often as they stand there, to be drawn by [`edited`].
pub(crate) fn letters(texts: &[String]) -> Vec<char> {
    texts.iter().flat_map(|text| text.chars()).filter(|c| c.is_alphanumeric()).collect()
}

/// Each letter in the other script, if the table has it.
pub(crate) fn traditional(text: &str, table: &HashMap<char, char>) -> String {
    text.chars().map(|c| table.get(&c).copied().unwrap_or(c)).collect()
}

/// Simplified letters with a Traditional one.
pub(crate) fn table() -> HashMap<char, char> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("index-schema/script-characters.tsv");
    let rows = fs::read_to_string(path).expect("the table is part of the project");
    let rows = rows.lines().filter_map(|row| row.split_once('\t'));
    rows.filter_map(|(traditional, simplified)| {
        Some((simplified.chars().next()?, traditional.chars().next()?))
    })
    .collect()
}

/// A third or more of a text from anywhere in it.
pub(crate) fn excerpt(text: &str, random: &mut SplitMix64) -> String {
    let chars: Vec<char> = text.chars().collect();
    let length = random.between(chars.len() / 3, chars.len() * 7 / 10).max(80);
    let from = random.below(chars.len().saturating_sub(length));
    chars.into_iter().skip(from).take(length).collect()
}
