//! The dictionary words are cut by: jieba's own and `index-schema/words.txt`, behind tantivy-jieba.
//!
//! It is read at the first cut (0.1 s), never at start. tantivy-jieba keeps a dictionary with words of one's own by
//! value, so that each tokenizer the engine asks for would copy it (6 ms, 34 MB); here the process owns it.

use std::ops::Range;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError, TryLockError};
use tantivy::tokenizer::{TokenStream, Tokenizer};
use tantivy_jieba::JiebaTokenizer;
use tantivy_jieba::jieba_rs::Jieba;

/// Words of our own: `word frequency`, comments begin with `#`.
pub(super) const WORDS: &str = include_str!("../../index-schema/words.txt");

/// Version of the crate whose dictionary and rules cut; part of the fingerprint, a test compares it with `Cargo.lock`.
pub(super) const JIEBA_VERSION: &str = "0.11.0";

/// `JiebaTokenizer` cuts through `&mut self`, so each copy serves one thread at a time, for microseconds; a thread that
/// finds them busy makes another, up to four. Each cuts 50 MB/s, and indexing takes some 3 MB/s a core.
static CUTTERS: [LazyLock<Mutex<JiebaTokenizer>>; 4] =
    [LazyLock::new(read), LazyLock::new(copy), LazyLock::new(copy), LazyLock::new(copy)];

/// One piece of a cut text: a word, or what stands between words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cut {
    /// Bytes of the text.
    pub(super) bytes: Range<usize>,
    /// Characters of the text.
    pub(super) characters: Range<usize>,
}

/// Replaces `cuts` with the pieces of `text`: the most probable cut, without jieba's HMM, which invents words from
/// context.
pub(super) fn cut(text: &str, cuts: &mut Vec<Cut>) {
    cuts.clear();
    let mut cutter = free_cutter();
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

/// Words of our own with their frequencies; what is no such line is left out (a test finds it).
pub(super) fn own_words() -> impl Iterator<Item = (&'static str, usize)> {
    WORDS.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let (word, frequency) = line.split_once(' ')?;
        Some((word, frequency.parse().ok()?))
    })
}

fn read() -> Mutex<JiebaTokenizer> {
    let mut jieba = Jieba::new();
    // `load_dict` would forget the frequencies already counted.
    for (word, frequency) in own_words() {
        jieba.add_word(word, Some(frequency), None);
    }
    let mut tokenizer = JiebaTokenizer::with_jieba(jieba);
    tokenizer.set_search_mode(false);
    tokenizer.set_hmm(false);
    Mutex::new(tokenizer)
}

fn copy() -> Mutex<JiebaTokenizer> {
    Mutex::new(first().clone())
}

fn free_cutter() -> MutexGuard<'static, JiebaTokenizer> {
    for cutter in &CUTTERS {
        match cutter.try_lock() {
            Ok(free) => return free,
            // Cutting changes nothing in a cutter, so one that was held in a panic is as good as before.
            Err(TryLockError::Poisoned(free)) => return free.into_inner(),
            Err(TryLockError::WouldBlock) => {}
        }
    }
    first()
}

fn first() -> MutexGuard<'static, JiebaTokenizer> {
    CUTTERS[0].lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut_all(text: &str) -> Vec<String> {
        let mut cuts = Vec::new();
        cut(text, &mut cuts);
        cuts.into_iter().map(|cut| text.get(cut.bytes).unwrap().to_owned()).collect()
    }

    #[test]
    fn every_line_of_our_words_is_a_word_and_a_frequency() {
        let lines: Vec<&str> = WORDS.lines().filter(|line| !line.starts_with('#')).collect();
        assert_eq!(lines.len(), own_words().count());
        assert!(lines.is_sorted(), "not sorted");
        assert!(
            own_words().zip(own_words().skip(1)).all(|((a, _), (b, _))| a != b),
            "twice the same word"
        );
        assert!(own_words().all(|(word, frequency)| word.chars().count() > 1 && frequency > 0));
    }

    #[test]
    fn every_word_of_our_own_is_cut_whole_in_a_sentence() {
        for (word, _) in own_words() {
            assert!(
                cut_all(&format!("全面推行{word}工作")).iter().any(|cut| cut == word),
                "{word}"
            );
        }
    }

    #[test]
    fn jieba_alone_leaves_a_single_character_of_every_word_of_our_own() {
        let jieba = Jieba::new();
        let needless: Vec<&str> = own_words()
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
        cut("a，网格化", &mut cuts);
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
