//! Plain tantivy as others use it: one text field, its text stored, cut by tantivy-jieba or into pairs of Han.
//!
//! Shared by the example `peer` and the bench `latency`. Texts and queries are NFKC in lower case; nothing else is done.
#![allow(dead_code, reason = "the bench and the example use a part of it each")]

use rustix::time::{ClockId, clock_gettime};
use std::ops::Range;
use std::path::Path;
use tantivy::collector::{Count, DocSetCollector, TopDocs};
use tantivy::query::{BooleanQuery, PhraseQuery, Query, TermQuery};
use tantivy::schema::{
    Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions, Value,
};
use tantivy::tokenizer::{LowerCaser, TextAnalyzer, Token, TokenStream, Tokenizer};
use tantivy::{DocAddress, Index, IndexWriter, Result, Searcher, TantivyDocument, Term};
use unicode_normalization::UnicodeNormalization;

/// The name under which the tokenizer is known to the index.
const TOKENIZER: &str = "chinese";

/// Memory of the one writing thread, as `fangzhi index` takes it.
const WRITER_BYTES: usize = 256 << 20;

/// How text is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// Words, by tantivy-jieba as it comes.
    Jieba,
    /// Neighbouring Han in pairs, other words whole.
    Bigrams,
}

/// An index that can be searched.
pub(crate) struct Plain {
    searcher: Searcher,
    analyzer: TextAnalyzer,
    id: Field,
    text: Field,
}

impl Plain {
    /// Indexes passages, which are an id and a text each, into an empty folder: one thread, one commit.
    pub(crate) fn create(
        dir: &Path,
        cut: Cut,
        passages: impl Iterator<Item = (String, String)>,
    ) -> Result<()> {
        let (schema, id, text) = schema();
        let index = Index::create_in_dir(dir, schema)?;
        index.tokenizers().register(TOKENIZER, analyzer(cut));
        let mut writer: IndexWriter = index.writer_with_num_threads(1, WRITER_BYTES)?;
        for (passage_id, passage) in passages {
            let mut document = TantivyDocument::default();
            document.add_text(id, passage_id);
            document.add_text(text, normal(&passage));
            writer.add_document(document)?;
        }
        writer.commit()?;
        writer.wait_merging_threads()
    }

    /// Opens what `create` wrote.
    pub(crate) fn open(dir: &Path, cut: Cut) -> Result<Self> {
        let (_, id, text) = schema();
        let index = Index::open_in_dir(dir)?;
        index.tokenizers().register(TOKENIZER, analyzer(cut));
        Ok(Self { searcher: index.reader()?.searcher(), analyzer: analyzer(cut), id, text })
    }

    /// The passages that hold any token of a text.
    pub(crate) fn any(&mut self, text: &str) -> Box<dyn Query> {
        let mut terms: Vec<Term> = self.tokens(text).into_iter().map(|(_, term)| term).collect();
        terms.sort_unstable();
        terms.dedup();
        let one_term = |term| -> Box<dyn Query> {
            Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))
        };
        Box::new(BooleanQuery::union(terms.into_iter().map(one_term).collect()))
    }

    /// The passages that hold every item, each as a phrase.
    pub(crate) fn all(&mut self, items: &[&str]) -> Box<dyn Query> {
        let phrases = items.iter().map(|item| self.phrase(item)).collect();
        Box::new(BooleanQuery::intersection(phrases))
    }

    /// Ids of the best passages.
    pub(crate) fn best(&self, query: &dyn Query, limit: usize) -> Result<Vec<String>> {
        let best = self.searcher.search(query, &TopDocs::with_limit(limit).order_by_score())?;
        self.ids(best.into_iter().map(|(_, address)| address))
    }

    /// How many passages are found, and the ids of the best.
    pub(crate) fn counted(&self, query: &dyn Query, limit: usize) -> Result<(usize, Vec<String>)> {
        let collectors = (Count, TopDocs::with_limit(limit).order_by_score());
        let (total, best) = self.searcher.search(query, &collectors)?;
        Ok((total, self.ids(best.into_iter().map(|(_, address)| address))?))
    }

    /// Ids of all passages found.
    pub(crate) fn every(&self, query: &dyn Query) -> Result<Vec<String>> {
        let mut found: Vec<DocAddress> =
            self.searcher.search(query, &DocSetCollector)?.into_iter().collect();
        found.sort_unstable();
        self.ids(found.into_iter())
    }

    fn ids(&self, found: impl Iterator<Item = DocAddress>) -> Result<Vec<String>> {
        found
            .map(|address| {
                let document: TantivyDocument = self.searcher.doc(address)?;
                let id = document.get_first(self.id).and_then(|id| id.as_str().map(str::to_owned));
                Ok(id.unwrap_or_default())
            })
            .collect()
    }

    fn phrase(&mut self, item: &str) -> Box<dyn Query> {
        let mut tokens = self.tokens(item);
        match tokens.len() {
            0 => Box::new(tantivy::query::EmptyQuery),
            1 => Box::new(TermQuery::new(tokens.remove(0).1, IndexRecordOption::WithFreqs)),
            _ => Box::new(PhraseQuery::new_with_offset(tokens)),
        }
    }

    /// Terms with their positions; signs and blanks, which jieba gives as tokens, are left out.
    fn tokens(&mut self, text: &str) -> Vec<(usize, Term)> {
        let (text, field) = (normal(text), self.text);
        let mut stream = self.analyzer.token_stream(&text);
        let mut tokens = Vec::new();
        while stream.advance() {
            let token = stream.token();
            if token.text.contains(char::is_alphanumeric) {
                tokens.push((token.position, Term::from_field_text(field, &token.text)));
            }
        }
        tokens
    }
}

/// Milliseconds of processor time that this thread took so far.
pub(crate) fn thread_cpu_ms() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 * 1e3 + time.tv_nsec as f64 / 1e6
}

fn schema() -> (Schema, Field, Field) {
    let mut schema = Schema::builder();
    let id = schema.add_text_field("id", STRING | STORED);
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(TOKENIZER)
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let options = TextOptions::default().set_stored().set_indexing_options(indexing);
    let text = schema.add_text_field("text", options);
    (schema.build(), id, text)
}

fn analyzer(cut: Cut) -> TextAnalyzer {
    match cut {
        Cut::Jieba => {
            TextAnalyzer::builder(tantivy_jieba::JiebaTokenizer::new()).filter(LowerCaser).build()
        }
        Cut::Bigrams => TextAnalyzer::builder(Bigrams).filter(LowerCaser).build(),
    }
}

fn normal(text: &str) -> String {
    text.nfkc().collect()
}

/// Cuts text into pairs of neighbouring Han and whole other words.
#[derive(Clone)]
struct Bigrams;

/// The tokens of one text.
struct Pieces<'a> {
    text: &'a str,
    places: std::vec::IntoIter<Range<usize>>,
    token: Token,
}

impl Tokenizer for Bigrams {
    type TokenStream<'a> = Pieces<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Pieces<'a> {
        Pieces { text, places: pieces(text).into_iter(), token: Token::default() }
    }
}

impl TokenStream for Pieces<'_> {
    fn advance(&mut self) -> bool {
        let Some(place) = self.places.next() else { return false };
        // A token that was not given yet stands before the first position.
        self.token.position = self.token.position.wrapping_add(1);
        self.token.text.clear();
        self.token.text.push_str(self.text.get(place.clone()).unwrap_or_default());
        (self.token.offset_from, self.token.offset_to) = (place.start, place.end);
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

/// Where the tokens of a text stand; a Han without a neighbour is a token of its own.
fn pieces(text: &str) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let mut word = None;
    // The Han before, and whether it is in a pair already.
    let mut before: Option<(usize, bool)> = None;
    let ends = text.char_indices().chain([(text.len(), ' ')]);
    for (at, c) in ends {
        let han = fangzhi::text::tokens::is_han(c);
        if han || !c.is_alphanumeric() {
            pieces.extend(word.take().map(|from| from..at));
        } else if word.is_none() {
            word = Some(at);
        }
        before = match before {
            Some((from, _)) if han => {
                pieces.push(from..at + c.len_utf8());
                Some((at, true))
            }
            Some((from, false)) => {
                pieces.push(from..at);
                None
            }
            _ => han.then_some((at, false)),
        };
    }
    pieces
}
