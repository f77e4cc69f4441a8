//! What BM25 counts: paragraphs only, and as their usual length that of running text.
//!
//! File records hold a placeholder in every scored field and are taken off. Headings, bylines and captions are documents
//! too, but short: with them the average would be half the length of what people read, and every paragraph of common
//! length would count as a long one.

use crate::index::{DOC_REPORT, Fields};
use crate::model::ParagraphKind;
use std::collections::HashMap;
use tantivy::query::Bm25StatisticsProvider;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet, Searcher, TERMINATED, Term};

/// What is known of the lengths of one state of an index; made once for it, since it walks all headings.
#[derive(Debug)]
pub(crate) struct Lengths {
    /// File records.
    records: u64,
    /// Tokens of each scored field, as if every paragraph were as long as one of running text is on average.
    tokens: HashMap<Field, u64>,
}

impl Lengths {
    /// Counts records, running text and what it holds.
    pub(crate) fn new(searcher: &Searcher, fields: &Fields) -> tantivy::Result<Self> {
        let records = searcher.doc_freq(&Term::from_field_text(fields.doc, DOC_REPORT))?;
        let documents = Bm25StatisticsProvider::total_num_docs(searcher)?.saturating_sub(records);
        let mut asides = 0;
        let scored = [fields.words, fields.grams, fields.title, fields.heading];
        let mut of_asides = [0_u64; 4];
        for reader in searcher.segment_readers() {
            let kinds = reader.inverted_index(fields.kind)?;
            let mut lengths = Vec::with_capacity(scored.len());
            for field in scored {
                lengths.push(reader.get_fieldnorms_reader(field)?);
            }
            for kind in ParagraphKind::ALL.into_iter().filter(|kind| !kind.is_running()) {
                let term = Term::from_field_text(fields.kind, kind.as_str());
                let Some(mut postings) = kinds.read_postings(&term, IndexRecordOption::Basic)?
                else {
                    continue;
                };
                while postings.doc() != TERMINATED {
                    asides += 1;
                    for (sum, lengths) in of_asides.iter_mut().zip(&lengths) {
                        *sum += u64::from(lengths.fieldnorm(postings.doc()));
                    }
                    postings.advance();
                }
            }
        }
        let mut tokens = HashMap::new();
        for (field, of_asides) in scored.into_iter().zip(of_asides) {
            // One placeholder a record.
            let all =
                Bm25StatisticsProvider::total_num_tokens(searcher, field)?.saturating_sub(records);
            let (all, counted) = match documents.saturating_sub(asides) {
                0 => (all, documents),
                running => (all.saturating_sub(of_asides), running),
            };
            let as_counted = u128::from(all) * u128::from(documents) / u128::from(counted.max(1));
            tokens.insert(field, u64::try_from(as_counted).unwrap_or(u64::MAX));
        }
        Ok(Self { records, tokens })
    }
}

/// Statistics over the paragraphs of an index.
pub(crate) struct ParagraphStatistics<'a> {
    pub(crate) searcher: &'a Searcher,
    pub(crate) lengths: &'a Lengths,
    /// What the average length is multiplied by.
    pub(crate) stretch: f32,
}

impl Bm25StatisticsProvider for ParagraphStatistics<'_> {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        match self.lengths.tokens.get(&field) {
            #[allow(
                clippy::cast_precision_loss,
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "an average length needs no more than seven digits"
            )]
            Some(&tokens) => Ok((tokens as f64 * f64::from(self.stretch)) as u64),
            None => Bm25StatisticsProvider::total_num_tokens(self.searcher, field),
        }
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        let all = Bm25StatisticsProvider::total_num_docs(self.searcher)?;
        Ok(all.saturating_sub(self.lengths.records))
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        self.searcher.doc_freq(term)
    }
}
