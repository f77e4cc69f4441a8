//! The analyzers by name, as `index-schema/paragraph.toml` and the engine know them, and a view of what they do.
//!
//! Text and queries pass the same chains, so there is one analyzer a name and no separate one for queries.

use crate::analysis::dictionary::{JIEBA_VERSION, Lexicon};
use crate::analysis::grams::{Gram, GramTokenizer, grams};
use crate::analysis::words::WordTokenizer;
use crate::text::fold::{EXCEPTIONS, fold};
use crate::text::script::{TABLES, to_simplified};
use crate::text::tokens::{TokenKind, Tokens};
use crate::vocab::words::BUILTIN;
use std::sync::Arc;
use tantivy::tokenizer::TokenizerManager;

/// Name of the analyzer of [`crate::analysis::words`](mod@crate::analysis::words).
pub const WORDS: &str = "words";

/// Name of the analyzer of [`crate::analysis::grams`](mod@crate::analysis::grams).
pub const GRAMS: &str = "grams";

/// Raised when the same tables give other tokens than before.
const VERSION: u32 = 2;

/// Makes both analyzers known to the engine.
pub fn register(manager: &TokenizerManager, lexicon: Arc<Lexicon>) {
    manager.register(WORDS, WordTokenizer::new(lexicon));
    manager.register(GRAMS, GramTokenizer::default());
}

/// Names everything built in that decides tokens: the tables, the dictionary, our words and the version of the rules. An
/// index made with another one, or with other words of its user, must be analyzed again.
pub fn fingerprint() -> String {
    let mut hasher = blake3::Hasher::new();
    let tables = TABLES.into_iter().chain([EXCEPTIONS, BUILTIN, JIEBA_VERSION]);
    for part in tables {
        // The length keeps the parts apart.
        hasher.update(&part.len().to_le_bytes()).update(part.as_bytes());
    }
    hasher.update(&VERSION.to_le_bytes());
    hasher.finalize().to_hex().chars().take(16).collect()
}

/// What becomes of a text, for people who wonder why something is found or not.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Analysis {
    /// In Simplified script.
    pub simplified: String,
    /// As it is compared.
    pub folded: String,
    /// The tokens of the folded text.
    pub tokens: Vec<AnalyzedToken>,
    /// What ranks it.
    pub words: Vec<String>,
    /// What finds it; [`grams`](mod@crate::analysis::grams) says which marks they bear.
    pub grams: Vec<Gram>,
}

/// One token with its place.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct AnalyzedToken {
    /// Folded.
    pub text: String,
    /// What kind it is.
    pub kind: TokenKind,
    /// First character and the one after the last, counted from 0.
    pub at: [usize; 2],
    /// Whether separators stand between it and the token before it.
    pub after_separator: bool,
}

/// Shows a text as the analyzers see it.
pub fn analyze(text: &str, lexicon: Arc<Lexicon>) -> Analysis {
    let folded = fold(text);
    let tokens = Tokens::new(&folded).map(|token| AnalyzedToken {
        text: token.text.to_owned(),
        kind: token.kind,
        at: [token.char_start, token.char_end],
        after_separator: token.after_separator,
    });
    Analysis {
        simplified: to_simplified(text).into_owned(),
        tokens: tokens.collect(),
        words: WordTokenizer::new(lexicon).words(text),
        grams: grams(text),
        folded,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::grams::{TermMatch, literal_terms};
    use crate::text::literal::find_all;
    use crate::vocab::Vocabulary;
    use tantivy::collector::Count;
    use tantivy::query::PhraseQuery;
    use tantivy::schema::{IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
    use tantivy::{Index, IndexWriter, Term, doc};

    #[test]
    fn the_engine_knows_both_analyzers() {
        let manager = TokenizerManager::new();
        register(&manager, Lexicon::builtin());
        for (name, first) in [(WORDS, "网格化"), (GRAMS, "网格")] {
            let mut analyzer = manager.get(name).unwrap();
            let mut stream = analyzer.token_stream("網格化管理");
            assert!(stream.advance());
            assert_eq!(stream.token().text, first);
        }
    }

    /// What the search part builds on: a phrase at the distances of the terms finds exactly what the scan finds.
    #[test]
    fn the_engine_finds_literals_by_their_grams() {
        let texts = [
            "村（社区）两委",
            "村社区两委",
            "村a社区两委",
            "1、2月",
            "1至2月",
            "建村和社区：1、2月",
            "網格化",
            "網格，化",
        ];
        let mut schema = Schema::builder();
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(GRAMS)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        let field =
            schema.add_text_field("text", TextOptions::default().set_indexing_options(indexing));
        let index = Index::create_in_ram(schema.build());
        register(index.tokenizers(), Lexicon::builtin());
        let mut writer: IndexWriter = index.writer_with_num_threads(1, 15_000_000).unwrap();
        for text in texts {
            writer.add_document(doc!(field => text)).unwrap();
        }
        writer.commit().unwrap();
        let searcher = index.reader().unwrap().searcher();
        for needle in
            ["村（社区", "村社区", "1、2", "1至2", "网格化", "社区：1", "社区两委", "网格、化"]
        {
            let terms =
                literal_terms(needle).unwrap().terms.into_iter().filter_map(|(position, term)| {
                    match term {
                        TermMatch::Exact(term) => {
                            Some((position as usize, Term::from_field_text(field, &term)))
                        }
                        TermMatch::Prefix(_) => None,
                    }
                });
            let found =
                searcher.search(&PhraseQuery::new_with_offset(terms.collect()), &Count).unwrap();
            let scanned = texts.iter().filter(|text| !find_all(text, needle).is_empty()).count();
            assert_eq!(found, scanned, "{needle}");
        }
    }

    #[test]
    fn the_fingerprint_is_short_and_steady() {
        assert_eq!(fingerprint(), fingerprint());
        assert_eq!(fingerprint().len(), 16);
    }

    #[test]
    fn an_analysis_shows_every_step() {
        let shown = serde_json::to_value(analyze("乾淨，5G", Lexicon::builtin())).unwrap();
        let expected = serde_json::json!({
            "simplified": "干净，5G",
            "folded": "干净，5g",
            "tokens": [
                {"text": "干", "kind": "han", "at": [0, 1], "after_separator": false},
                {"text": "净", "kind": "han", "at": [1, 2], "after_separator": false},
                {"text": "5", "kind": "number", "at": [3, 4], "after_separator": true},
                {"text": "g", "kind": "word", "at": [4, 5], "after_separator": false},
            ],
            "words": ["干净", "5g"],
            "grams": [
                {"position": 0, "term": "干净"},
                {"position": 1, "term": "净\u{3}"},
                {"position": 2, "term": "5"},
                {"position": 3, "term": "g"},
            ],
        });
        assert_eq!(shown, expected);
    }

    #[test]
    fn words_of_a_user_are_cut_whole_in_either_script() {
        let dir = tempfile::tempdir().unwrap();
        let words = |text: &str| {
            std::fs::write(dir.path().join("words.txt"), text).unwrap();
            Lexicon::of(&Vocabulary::load(Some(dir.path())).unwrap().words)
        };
        let cut = |text: &str, lexicon: &Arc<Lexicon>| analyze(text, Arc::clone(lexicon)).words;
        let (builtin, own) = (Lexicon::builtin(), words("院坝会\n火塘夜话 30\n"));
        assert_ne!(cut("开院坝会", &builtin), ["开", "院坝会"]);
        assert_eq!(cut("开院坝会", &own), ["开", "院坝会"]);
        assert_eq!(cut("開院壩會", &own), ["开", "院坝会"]);
        assert_eq!(cut("办火塘夜话和三会一课", &own), ["办", "火塘夜话", "和", "三会一课"]);
        assert!(
            Arc::ptr_eq(&own, &words("火塘夜话 30\n院坝会\n")),
            "the same words are read twice"
        );
        assert_ne!(cut("三会一课", &words("!三会一课\n")), ["三会一课"]);
    }
}
