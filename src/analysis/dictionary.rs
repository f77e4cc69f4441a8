//! The dictionary words are cut by: jieba's own and those of `words.txt`, behind tantivy-jieba.
//!
//! It is read at the first cut (0.1 s), never at start. tantivy-jieba keeps a dictionary with words of one's own by
//! value, so that each tokenizer the engine asks for would copy it (6 ms, 34 MB); here tokenizers share it.

use crate::vocab::Words;
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, OnceLock, PoisonError, TryLockError};
use tantivy::tokenizer::{TokenStream, Tokenizer};
use tantivy_jieba::JiebaTokenizer;
use tantivy_jieba::jieba_rs::Jieba;

/// Version of the crate whose dictionary and rules cut; part of the fingerprint, a test compares it with `Cargo.lock`.
pub(super) const JIEBA_VERSION: &str = "0.11.0";

/// One piece of a cut text: a word, or what stands between words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cut {
    /// Bytes of the text.
    pub(super) bytes: Range<usize>,
    /// Characters of the text.
    pub(super) characters: Range<usize>,
}

/// What text is cut by.
pub struct Lexicon {
    words: Words,
    /// `JiebaTokenizer` cuts through `&mut self`, so each copy serves one thread at a time, for microseconds; a thread
    /// that finds them busy makes another, up to four. Each cuts 50 MB/s, and indexing takes some 3 MB/s a core.
    cutters: [OnceLock<Mutex<JiebaTokenizer>>; 4],
}

impl fmt::Debug for Lexicon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Lexicon")
    }
}

impl Lexicon {
    /// The one with the words that are built in; the process has one.
    pub fn builtin() -> Arc<Self> {
        static BUILTIN: LazyLock<Arc<Lexicon>> =
            LazyLock::new(|| Arc::new(Lexicon::new(Words::builtin())));
        Arc::clone(&BUILTIN)
    }

    /// The one with these words. The last one asked for is kept, since an index is written, then searched.
    pub fn of(words: &Words) -> Arc<Self> {
        static LAST: Mutex<Option<(String, Arc<Lexicon>)>> = Mutex::new(None);
        let Some(fingerprint) = words.fingerprint() else { return Self::builtin() };
        // Nothing panics while it is held.
        let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, lexicon)) = last.as_ref()
            && *known == fingerprint
        {
            return Arc::clone(lexicon);
        }
        let lexicon = Arc::new(Self::new(words.clone()));
        *last = Some((fingerprint, Arc::clone(&lexicon)));
        lexicon
    }

    /// Reads the dictionary now instead of at the first cut.
    pub fn load(&self) {
        drop(self.free_cutter());
    }

    fn new(words: Words) -> Self {
        Self { words, cutters: [const { OnceLock::new() }; 4] }
    }

    /// Replaces `cuts` with the pieces of `text`: the most probable cut, without jieba's HMM, which invents words from
    /// context.
    pub(super) fn cut(&self, text: &str, cuts: &mut Vec<Cut>) {
        cuts.clear();
        let mut cutter = self.free_cutter();
        let mut stream = cutter.token_stream(text);
        while stream.advance() {
            let token = stream.token();
            cuts.push(Cut {
                bytes: token.offset_from..token.offset_to,
                // tantivy-jieba's positions count characters.
                characters: token.position..token.position + token.position_length,
            });
        }
    }

    fn read(&self) -> JiebaTokenizer {
        let mut jieba = Jieba::new();
        // `load_dict` would forget the frequencies already counted.
        for (word, frequency) in self.words.iter() {
            jieba.add_word(word, frequency, None);
        }
        let mut tokenizer = JiebaTokenizer::with_jieba(jieba);
        tokenizer.set_search_mode(false);
        tokenizer.set_hmm(false);
        tokenizer
    }

    fn free_cutter(&self) -> MutexGuard<'_, JiebaTokenizer> {
        let [first, copies @ ..] = &self.cutters;
        let first = first.get_or_init(|| Mutex::new(self.read()));
        let copies = copies.iter().map(|copy| copy.get_or_init(|| Mutex::new(free(first).clone())));
        for cutter in std::iter::once(first).chain(copies) {
            match cutter.try_lock() {
                Ok(free) => return free,
                // Cutting changes nothing in a cutter, so one that was held in a panic is as good as before.
                Err(TryLockError::Poisoned(free)) => return free.into_inner(),
                Err(TryLockError::WouldBlock) => {}
            }
        }
        free(first)
    }
}

fn free(cutter: &Mutex<JiebaTokenizer>) -> MutexGuard<'_, JiebaTokenizer> {
    cutter.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocab::words::BUILTIN;

    fn cut_all(text: &str) -> Vec<String> {
        let mut cuts = Vec::new();
        Lexicon::builtin().cut(text, &mut cuts);
        cuts.into_iter().map(|cut| text.get(cut.bytes).unwrap().to_owned()).collect()
    }

    #[test]
    fn every_line_of_our_words_is_a_word_and_a_frequency() {
        let lines: Vec<&str> = BUILTIN.lines().filter(|line| !line.starts_with('#')).collect();
        assert!(lines.is_sorted(), "not sorted");
        let words = Words::builtin();
        let again: Vec<String> = words
            .iter()
            .map(|(word, frequency)| format!("{word} {}", frequency.unwrap_or_default()))
            .collect();
        assert_eq!(again, lines);
    }

    #[test]
    fn every_word_of_our_own_is_cut_whole_in_a_sentence() {
        for (word, _) in Words::builtin().iter() {
            assert!(
                cut_all(&format!("全面推行{word}工作")).iter().any(|cut| cut == word),
                "{word}"
            );
        }
    }

    #[test]
    fn jieba_alone_leaves_a_single_character_of_every_word_of_our_own() {
        let jieba = Jieba::new();
        let words = Words::builtin();
        let needless: Vec<&str> = words
            .iter()
            .map(|(word, _)| word)
            .filter(|word| {
                jieba.cut(word, false).iter().all(|token| token.word.chars().count() > 1)
            })
            .collect();
        assert!(needless.is_empty(), "{needless:?}");
    }

    #[test]
    fn words_of_our_own_leave_ordinary_text_as_it_is() {
        assert_eq!(cut_all("两委员会一会三会议"), ["两", "委员会", "一会", "三", "会议"]);
        assert_eq!(cut_all("驻村工作队员"), ["驻村", "工作", "队员"]);
    }

    #[test]
    fn places_are_counted_in_bytes_and_in_characters() {
        let mut cuts = Vec::new();
        Lexicon::builtin().cut("a，网格化", &mut cuts);
        let places: Vec<_> = cuts.into_iter().map(|cut| (cut.bytes, cut.characters)).collect();
        assert_eq!(places, [(0..1, 0..1), (1..4, 1..2), (4..13, 2..5)]);
    }

    #[test]
    fn nothing_is_invented_from_context() {
        assert_eq!(
            cut_all("他来到了网易杭研大厦"),
            ["他", "来到", "了", "网易", "杭", "研", "大厦"]
        );
    }

    #[test]
    fn many_threads_cut_alike() {
        let text = "网格化管理与三会一课".repeat(50);
        let alone = cut_all(&text);
        std::thread::scope(|scope| {
            let threads: Vec<_> =
                (0..8).map(|_| scope.spawn(|| (0..20).all(|_| cut_all(&text) == alone))).collect();
            assert!(threads.into_iter().all(|thread| thread.join().unwrap()));
        });
    }

    #[test]
    fn the_version_named_is_the_one_built_in() {
        let lock = include_str!("../../Cargo.lock");
        assert!(
            lock.contains(&format!("name = \"jieba-rs\"\nversion = \"{JIEBA_VERSION}\"")),
            "set JIEBA_VERSION"
        );
    }
}
