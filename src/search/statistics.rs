//! What BM25 counts: paragraphs only. File records hold a placeholder in every scored field and are taken off here.

use crate::index::Fields;
use tantivy::query::Bm25StatisticsProvider;
use tantivy::schema::Field;
use tantivy::{Searcher, Term};

/// Statistics over the paragraphs of an index.
pub(crate) struct ParagraphStatistics<'a> {
    searcher: &'a Searcher,
    records: u64,
}

impl<'a> ParagraphStatistics<'a> {
    /// Counts the file records once.
    pub(crate) fn new(searcher: &'a Searcher, fields: &Fields) -> tantivy::Result<Self> {
        let records =
            searcher.doc_freq(&Term::from_field_text(fields.doc, crate::index::DOC_REPORT))?;
        Ok(Self { searcher, records })
    }
}

impl Bm25StatisticsProvider for ParagraphStatistics<'_> {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        // One placeholder a record.
        Ok(Bm25StatisticsProvider::total_num_tokens(self.searcher, field)?
            .saturating_sub(self.records))
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(Bm25StatisticsProvider::total_num_docs(self.searcher)?.saturating_sub(self.records))
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        self.searcher.doc_freq(term)
    }
}
