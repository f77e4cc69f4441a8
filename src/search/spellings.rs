//! What was perhaps meant by an item that is in no paragraph: strings of the index with one character other than the
//! item's, or with two neighbours swapped.
//!
//! Candidates come from the dictionary of grams, not from the paragraphs: a character fits a place when the pairs it
//! makes with its neighbours occur. The other script needs no look: both are found as one. Characters that sound like
//! the item's come first, since most slips are made in typing pinyin.

use crate::analysis::is_mark;
use crate::text::fold::fold;
use crate::text::script::to_simplified;
use crate::text::tokens::{TokenKind, tokens};
use pinyin::ToPinyinMulti;
use std::collections::HashMap;
use tantivy::schema::Field;
use tantivy::{Searcher, Term};

/// Most characters of an item that is looked into; longer ones are sentences, and each character costs a look.
const CHARS_MAX: usize = 12;
/// Most candidates given, most frequent pairs first: the caller counts each in the index.
const CANDIDATES_MAX: usize = 24;

/// Strings like `item`: first those with two characters swapped, then those with one replaced by one that sounds the
/// same, then by any other, each in the order of their likelihood. Some may stand nowhere: only their pairs are known to.
///
/// Two characters share their half with too many others to be replaced by any: 火星 is no slip of 火情. Only an item that is one run of two to twelve Han or one Latin word of four letters or more is looked into.
pub(super) fn candidates(
    searcher: &Searcher,
    grams: Field,
    item: &str,
) -> tantivy::Result<[Vec<String>; 3]> {
    let folded = fold(item);
    let tokens = tokens(&folded);
    let dictionary = Dictionary { searcher, grams };
    let run: Vec<char> = folded.chars().collect();
    match tokens.as_slice() {
        [word] if word.kind == TokenKind::Word && word.text.len() >= 4 => {
            Ok([Vec::new(), Vec::new(), dictionary.words(word.text)?])
        }
        _ if tokens.len() == run.len()
            && (2..=CHARS_MAX).contains(&run.len())
            && tokens.iter().all(|token| token.kind == TokenKind::Han) =>
        {
            let (alike, mut other): (Vec<_>, Vec<_>) = dictionary
                .replaced(&run)?
                .into_iter()
                .partition(|candidate| sounds_alike(&candidate.text, &run));
            if run.len() == 2 {
                other.clear();
            }
            Ok([shown(dictionary.swapped(&run)?), shown(alike), shown(other)])
        }
        _ => Ok([Vec::new(), Vec::new(), Vec::new()]),
    }
}

/// Whether each character has a reading, but for tones, of the one in its place.
fn sounds_alike(text: &str, run: &[char]) -> bool {
    let readings = |c: char| c.to_pinyin_multi().into_iter().flatten().map(pinyin::Pinyin::plain);
    text.chars().zip(run).all(|(a, &b)| a == b || readings(a).any(|a| readings(b).any(|b| a == b)))
}

/// The likeliest candidates, as people write them.
fn shown(mut found: Vec<Candidate>) -> Vec<String> {
    found.sort_by(|a, b| b.bound.cmp(&a.bound).then_with(|| a.text.cmp(&b.text)));
    found.truncate(CANDIDATES_MAX);
    found.into_iter().map(|found| to_simplified(&found.text).into_owned()).collect()
}

/// A string all pairs of which occur.
struct Candidate {
    text: String,
    /// It stands in no more documents than this.
    bound: u64,
}

/// The grams of an index.
struct Dictionary<'a> {
    searcher: &'a Searcher,
    grams: Field,
}

impl Dictionary<'_> {
    fn swapped(&self, run: &[char]) -> tantivy::Result<Vec<Candidate>> {
        let mut found = Vec::new();
        for at in 1..run.len() {
            let mut other = run.to_vec();
            other.swap(at - 1, at);
            if other != run {
                found.extend(self.candidate(&other)?);
            }
        }
        Ok(found)
    }

    fn replaced(&self, run: &[char]) -> tantivy::Result<Vec<Candidate>> {
        let mut pairs = Vec::with_capacity(run.len());
        for pair in run.windows(2) {
            pairs.push(self.frequency(pair)?);
        }
        let mut found = Vec::new();
        for (at, &c) in run.iter().enumerate() {
            // The pairs that stay; mostly one of them occurs nowhere, and there is nothing to look for here.
            let kept = pairs.iter().enumerate().filter(|&(pair, _)| pair != at && pair + 1 != at);
            let kept = kept.map(|(_, &frequency)| frequency).min().unwrap_or(u64::MAX);
            if kept == 0 {
                continue;
            }
            let before = at.checked_sub(1).and_then(|before| run.get(before)).copied();
            let after = run.get(at + 1).copied();
            let fitting = match (before, after) {
                (Some(before), _) => self.followers(before)?,
                (None, Some(after)) => self.leaders(after)?,
                (None, None) => Vec::new(),
            };
            for other in fitting.into_iter().filter(|&other| other != c) {
                let mut bound = kept;
                if let Some(before) = before {
                    bound = bound.min(self.frequency(&[before, other])?);
                }
                if let Some(after) = after {
                    bound = bound.min(self.frequency(&[other, after])?);
                }
                if bound > 0 {
                    let mut string = run.to_vec();
                    string.splice(at..=at, [other]);
                    found.push(Candidate { text: string.into_iter().collect(), bound });
                }
            }
        }
        Ok(found)
    }

    /// A string, if every pair in it occurs.
    fn candidate(&self, string: &[char]) -> tantivy::Result<Option<Candidate>> {
        let mut bound = u64::MAX;
        for pair in string.windows(2) {
            bound = bound.min(self.frequency(pair)?);
            if bound == 0 {
                return Ok(None);
            }
        }
        Ok(Some(Candidate { text: string.iter().collect(), bound }))
    }

    fn frequency(&self, pair: &[char]) -> tantivy::Result<u64> {
        let gram: String = pair.iter().collect();
        self.searcher.doc_freq(&Term::from_field_text(self.grams, &gram))
    }

    /// The Han that follow one somewhere.
    fn followers(&self, han: char) -> tantivy::Result<Vec<char>> {
        let mut found = Vec::new();
        self.each_from(&han.to_string(), &mut |term, _| {
            let Some(second) = term.strip_prefix(han) else { return false };
            found.extend(second.chars().next().filter(|&c| !is_mark(c)));
            true
        })?;
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    /// The Han that stand before one somewhere. The dictionary is sorted by the first of a pair, so it is asked
    /// for each first character in turn and not read.
    fn leaders(&self, han: char) -> tantivy::Result<Vec<char>> {
        let mut found = Vec::new();
        for reader in self.searcher.segment_readers() {
            let inverted = reader.inverted_index(self.grams)?;
            let mut from = String::new();
            loop {
                let mut terms = inverted.terms().range().ge(from.as_bytes()).into_stream()?;
                let Some((term, _)) = terms.next() else { break };
                let Some(first) = std::str::from_utf8(term).ok().and_then(|t| t.chars().next())
                else {
                    break;
                };
                if inverted.terms().get(format!("{first}{han}"))?.is_some() {
                    found.push(first);
                }
                // The next first character; after the last there is none.
                let Some(next) = (first..=char::MAX).nth(1) else { break };
                from = next.to_string();
            }
        }
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    /// Latin words with the same first letter and one letter more, less or other, or two swapped; commonest first.
    fn words(&self, word: &str) -> tantivy::Result<Vec<String>> {
        let Some(first) = word.chars().next() else { return Ok(Vec::new()) };
        let mut found: HashMap<String, u64> = HashMap::new();
        self.each_from(&first.to_string(), &mut |term, documents| {
            if is_near(word, term) {
                *found.entry(term.to_owned()).or_insert(0) += documents;
            }
            term.starts_with(first)
        })?;
        let mut found: Vec<_> = found.into_iter().collect();
        found.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        Ok(found.into_iter().take(CANDIDATES_MAX).map(|(word, _)| word).collect())
    }

    /// Gives the terms from `start` on with their documents, segment by segment, until `each` has enough of one.
    fn each_from(
        &self,
        start: &str,
        each: &mut dyn FnMut(&str, u64) -> bool,
    ) -> tantivy::Result<()> {
        for reader in self.searcher.segment_readers() {
            let inverted = reader.inverted_index(self.grams)?;
            let mut terms = inverted.terms().range().ge(start.as_bytes()).into_stream()?;
            while let Some((term, info)) = terms.next() {
                let Ok(term) = std::str::from_utf8(term) else { continue };
                if !each(term, u64::from(info.doc_freq)) {
                    break;
                }
            }
        }
        Ok(())
    }
}

/// Whether one letter was left out, added or replaced, or two neighbours swapped.
fn is_near(word: &str, other: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (word.chars().collect(), other.chars().collect());
    let same_start = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let rest = |chars: &[char], skip: usize| chars.get(same_start + skip..).map(<[char]>::to_vec);
    let swapped = |chars: &[char]| {
        let mut chars = chars.to_vec();
        if same_start + 1 < chars.len() {
            chars.swap(same_start, same_start + 1);
        }
        chars
    };
    word != other
        && (rest(&a, 1).is_some_and(|a| Some(a) == rest(&b, 0))
            || rest(&b, 1).is_some_and(|b| Some(b) == rest(&a, 0))
            || rest(&a, 1).is_some_and(|a| Some(a) == rest(&b, 1))
            || swapped(&a) == b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(word: &str, other: &str, near: bool) {
        assert_eq!(is_near(word, other), near, "{word} {other}");
        assert_eq!(is_near(other, word), near, "{other} {word}");
    }

    #[track_caller]
    fn check_sound(text: &str, run: &str, alike: bool) {
        let run: Vec<char> = run.chars().collect();
        assert_eq!(sounds_alike(text, &run), alike, "{text} {run:?}");
    }

    #[test]
    fn characters_of_one_reading_sound_alike() {
        check_sound("干部", "干不", true);
        check_sound("网格园", "网格员", true);
        // One of several readings is enough.
        check_sound("银行", "银航", true);
        check_sound("火情", "火星", false);
    }

    #[test]
    fn one_letter_more_less_or_other_is_near() {
        check("covid", "covit", true);
        check("covid", "covd", true);
        check("covid", "ccovid", true);
        check("covid", "covids", true);
        check("covid", "corit", false);
        check("covid", "covid", false);
    }

    #[test]
    fn two_swapped_letters_are_near() {
        check("covid", "cvoid", true);
        check("covid", "coivd", true);
        check("covid", "vocid", false);
    }
}
