//! Words that text is cut into besides those of jieba's dictionary: `words.txt`, built in and a user's.
//!
//! They decide the order of hits and never what is found. Only the list is kept here; cutting is done by `analysis`.

use super::{Problem, Source, VocabError, entry_lines, hash};
use crate::text::fold::{fold_char, narrow_alphanumeric};
use crate::text::script::to_simplified;
use crate::text::tokens::is_token;
use std::collections::{BTreeMap, BTreeSet};

/// The built-in file.
pub(crate) const BUILTIN: &str = include_str!("../../index-schema/words.txt");

/// Most characters of a word: longer ones are sentences.
const CHARS_MAX: usize = 32;
/// Greatest frequency; all words of jieba's dictionary together count 60 million.
const FREQUENCY_MAX: usize = 60_000_000;

/// Words with their frequencies, in Simplified script and narrow letters, as text is when it is cut.
#[derive(Debug, Clone)]
pub struct Words {
    /// `None` for the least frequency that keeps the word whole.
    frequencies: BTreeMap<String, Option<usize>>,
    /// Given more than once in one file.
    doubled: Vec<String>,
}

impl Words {
    /// Those of the built-in file.
    pub(crate) fn builtin() -> Self {
        let source = Source { file: "words.txt".to_owned(), text: BUILTIN.to_owned() };
        Self::load(&[source], &mut Vec::new())
    }

    /// Reads the sources in order; later ones replace. Faults: lines that are neither a word, with or without a
    /// frequency, nor `!word`; they are left out.
    pub(crate) fn load(sources: &[Source], faults: &mut Vec<VocabError>) -> Self {
        let mut words = Self { frequencies: BTreeMap::new(), doubled: Vec::new() };
        for source in sources {
            let mut seen = BTreeSet::new();
            for (line, entry) in entry_lines(&source.text) {
                match words.add(entry) {
                    Ok(word) if seen.insert(word.clone()) => {}
                    Ok(word) => words.doubled.push(word),
                    Err(reason) => faults.push(source.entry_error(line, entry, reason)),
                }
            }
        }
        words
    }

    fn add(&mut self, entry: &str) -> Result<String, &'static str> {
        if let Some(word) = entry.strip_prefix('!') {
            let word = readable(word.trim());
            let removed = self.frequencies.remove(&word);
            return removed.map(|_| word).ok_or("no built-in word; those of jieba stay");
        }
        let parts: Vec<&str> = entry.split_whitespace().collect();
        let (word, frequency) = match parts.as_slice() {
            [word] => (*word, None),
            [word, frequency] => (*word, Some(known_frequency(frequency)?)),
            _ => return Err("wanted `word`, `word frequency` or `!word`"),
        };
        let word = readable(word);
        if !word.chars().all(|c| is_token(fold_char(c))) {
            return Err("a separator inside a word: text is cut there anyway");
        }
        if !(2..=CHARS_MAX).contains(&word.chars().count()) {
            return Err("wanted a word of 2 to 32 characters");
        }
        self.frequencies.insert(word.clone(), frequency);
        Ok(word)
    }

    /// Every word with its frequency, sorted; without one where it is to be as frequent as keeps the word whole.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Option<usize>)> {
        self.frequencies.iter().map(|(word, frequency)| (word.as_str(), *frequency))
    }

    /// What tells these words from others; `None` for those that are built in.
    pub(crate) fn fingerprint(&self) -> Option<String> {
        if self.frequencies == Self::builtin().frequencies {
            return None;
        }
        let lines = self.iter().map(|(word, frequency)| format!("{word} {frequency:?}\n"));
        Some(hash(std::iter::once(lines.collect::<String>().as_str())))
    }

    pub(crate) fn check(&self) -> Vec<Problem> {
        let problem = |word: &String| Problem {
            file: "words.txt",
            entry: word.clone(),
            what: "given twice".to_owned(),
        };
        self.doubled.iter().map(problem).collect()
    }
}

fn known_frequency(text: &str) -> Result<usize, &'static str> {
    let frequency = text.parse().ok().filter(|frequency| (1..=FREQUENCY_MAX).contains(frequency));
    frequency.ok_or("wanted a frequency of 1 to 60000000")
}

/// A text as words are known in: Simplified script, narrow letters and digits.
fn readable(word: &str) -> String {
    to_simplified(word).chars().map(narrow_alphanumeric).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loaded(text: &str) -> (Words, Vec<String>) {
        let source = |text: &str| Source { file: "words.txt".to_owned(), text: text.to_owned() };
        let mut faults = Vec::new();
        let words = Words::load(&[source("三会一课 20\n"), source(text)], &mut faults);
        (words, faults.iter().map(ToString::to_string).collect())
    }

    #[track_caller]
    fn check(text: &str, expected: &[(&str, Option<usize>)]) {
        let (words, faults) = loaded(text);
        assert_eq!((words.iter().collect::<Vec<_>>(), faults), (expected.to_vec(), Vec::new()));
    }

    #[track_caller]
    fn refused(entry: &str, reason: &str) {
        let (_, faults) = loaded(entry);
        assert_eq!(faults, [format!("words.txt:1: {entry}: {reason}")]);
    }

    #[test]
    fn words_are_added_replaced_and_removed() {
        check("院坝会 # 尾注\n", &[("三会一课", Some(20)), ("院坝会", None)]);
        check("三会一课 7\n院坝会 5\n", &[("三会一课", Some(7)), ("院坝会", Some(5))]);
        check("!三会一课\n", &[]);
    }

    #[test]
    fn words_are_kept_as_text_is_cut() {
        check("!三會一課\n院壩會\nＫＴＶ夜校\n", &[("KTV夜校", None), ("院坝会", None)]);
    }

    #[test]
    fn lines_that_make_no_word_are_faults() {
        refused("院坝会 5 n", "wanted `word`, `word frequency` or `!word`");
        refused("院坝会 零", "wanted a frequency of 1 to 60000000");
        refused("院坝会 0", "wanted a frequency of 1 to 60000000");
        refused("院坝会 99999999999", "wanted a frequency of 1 to 60000000");
        refused("三会，一课", "a separator inside a word: text is cut there anyway");
        refused("会", "wanted a word of 2 to 32 characters");
        refused(&"会".repeat(33), "wanted a word of 2 to 32 characters");
        refused("!院坝会", "no built-in word; those of jieba stay");
    }

    #[test]
    fn only_words_that_differ_from_the_built_in_have_a_fingerprint() {
        assert_eq!(Words::builtin().fingerprint(), None);
        let source = Source { file: "words.txt".to_owned(), text: BUILTIN.to_owned() };
        let twice = Words::load(&[source.clone(), source], &mut Vec::new());
        assert_eq!((twice.fingerprint(), twice.check()), (None, Vec::new()));
        let (one, other) = (loaded("院坝会").0.fingerprint(), loaded("院坝会 5").0.fingerprint());
        assert!(one.is_some() && one != other);
    }

    #[test]
    fn a_word_given_twice_is_a_problem() {
        assert_eq!(loaded("院坝会\n院壩會 5").0.check().len(), 1);
    }
}
