//! Words that mean the same in the language of offices: 村两委 = 村党支部委员会和村民委员会.
//!
//! Only looked up here; when a query uses them, and how that is said, is decided by `search`.

use super::{Problem, Source, VocabError, entry_lines};
use std::collections::{BTreeMap, BTreeSet};

/// The synonyms, both ways for `a = b`, one way for `a => b`.
#[derive(Debug, Clone, Default)]
pub struct Synonyms {
    /// Each word with what may stand for it, sorted, without the word itself.
    others: BTreeMap<String, BTreeSet<String>>,
    /// How often a pair was given; more than once is reported.
    doubled: Vec<(String, String)>,
}

impl Synonyms {
    /// Reads the sources in order. Faults: lines that are neither `a = b` nor `a => b` nor `!a`; they are left out.
    pub(crate) fn load(sources: &[Source], faults: &mut Vec<VocabError>) -> Self {
        let mut synonyms = Self::default();
        for source in sources {
            // A user's file may repeat a built-in line; only repetitions inside one file are odd.
            synonyms.doubled.clear();
            let mut seen = BTreeSet::new();
            for (line, entry) in entry_lines(&source.text) {
                let taken = synonyms.add(entry, &mut seen);
                faults.extend(taken.err().map(|reason| source.entry_error(line, entry, reason)));
            }
        }
        synonyms
    }

    fn add(
        &mut self,
        entry: &str,
        seen: &mut BTreeSet<(String, String)>,
    ) -> Result<(), &'static str> {
        if let Some(word) = entry.strip_prefix('!') {
            self.remove(word.trim());
            return Ok(());
        }
        let (from, to, one_way) = match entry.split_once("=>") {
            Some((from, to)) => (words(from), words(to), true),
            None => (words(entry), words(entry), false),
        };
        if from.iter().chain(&to).any(|word| word.is_empty()) {
            return Err("an empty word beside =");
        }
        if !one_way && from.len() < 2 {
            return Err("wanted `a = b`, `a => b` or `!a`");
        }
        for word in &from {
            for other in to.iter().filter(|other| *other != word) {
                if !seen.insert((word.clone(), other.clone())) {
                    self.doubled.push((word.clone(), other.clone()));
                }
                self.others.entry(word.clone()).or_default().insert(other.clone());
            }
        }
        Ok(())
    }

    fn remove(&mut self, word: &str) {
        self.others.remove(word);
        for others in self.others.values_mut() {
            others.remove(word);
        }
        self.others.retain(|_, others| !others.is_empty());
    }

    /// What else an item may be called, sorted; the item itself is not in it, and nothing follows from a synonym's
    /// own synonyms.
    pub fn expand(&self, item: &str) -> Vec<String> {
        self.others.get(item).map(|others| others.iter().cloned().collect()).unwrap_or_default()
    }

    /// Number of words that have a synonym.
    pub fn len(&self) -> usize {
        self.others.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.others.is_empty()
    }

    pub(crate) fn check(&self) -> Vec<Problem> {
        let problem = |(word, other): &(String, String)| Problem {
            file: "synonyms.txt",
            entry: word.clone(),
            what: format!("given twice with {other}"),
        };
        self.doubled.iter().map(problem).collect()
    }
}

fn words(list: &str) -> Vec<String> {
    list.split('=').map(|word| word.trim().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loaded(text: &str) -> Synonyms {
        let source = Source { file: "test".to_owned(), text: text.to_owned() };
        Synonyms::load(&[source], &mut Vec::new())
    }

    #[track_caller]
    fn check(text: &str, item: &str, expected: &[&str]) {
        assert_eq!(loaded(text).expand(item), expected);
    }

    #[test]
    fn an_equals_sign_goes_both_ways() {
        check("网格员 = 网格管理员 = 网格长", "网格管理员", &["网格员", "网格长"]);
    }

    #[test]
    fn an_arrow_goes_one_way() {
        check("低保 => 最低生活保障", "低保", &["最低生活保障"]);
        check("低保 => 最低生活保障", "最低生活保障", &[]);
    }

    #[test]
    fn comments_and_empty_lines_are_skipped() {
        check("# 说明\n\n甲 = 乙 # 尾注\n", "甲", &["乙"]);
    }

    #[test]
    fn an_exclamation_mark_removes_a_word() {
        check("甲 = 乙 = 丙\n!乙", "甲", &["丙"]);
        check("甲 = 乙\n!乙", "甲", &[]);
    }

    #[test]
    fn a_pair_given_twice_is_a_problem() {
        assert_eq!(loaded("甲 = 乙\n乙 = 甲").check().len(), 2);
    }
}
