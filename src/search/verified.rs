//! Candidates that are checked against the stored text: wildcards and distances, which the postings cannot decide.

use crate::index::{StoredParagraph, stored_bytes, stored_document};
use crate::search::found::{Found, ListScorer, explain_by_score};
use std::fmt;
use std::sync::Arc;
use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::Field;
use tantivy::{DocId, Score, SegmentReader, TERMINATED, TantivyDocument};

/// Decides on the display text of a paragraph.
pub(crate) type Check = Arc<dyn Fn(&str) -> bool + Send + Sync>;

/// Documents of `candidates` whose text passes a check.
#[derive(Clone)]
pub(crate) struct VerifiedQuery {
    candidates: Arc<Box<dyn Query>>,
    stored: Field,
    check: Check,
    found: Found<DocId>,
}

impl VerifiedQuery {
    /// `candidates` must hold every document that can pass.
    pub(crate) fn new(candidates: Box<dyn Query>, stored: Field, check: Check) -> Self {
        Self { candidates: Arc::new(candidates), stored, check, found: Found::default() }
    }
}

impl fmt::Debug for VerifiedQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Verified({:?})", self.candidates)
    }
}

impl Query for VerifiedQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let unscored = match scoring.searcher() {
            Some(searcher) => EnableScoring::disabled_from_searcher(searcher),
            None => EnableScoring::disabled_from_schema(scoring.schema()),
        };
        let candidates = self.candidates.weight(unscored)?;
        Ok(Box::new(VerifiedWeight { candidates, query: self.clone() }))
    }
}

struct VerifiedWeight {
    candidates: Box<dyn Weight>,
    query: VerifiedQuery,
}

impl VerifiedWeight {
    /// Reads the stored text of every candidate of a segment.
    fn passed(&self, reader: &SegmentReader) -> tantivy::Result<Vec<DocId>> {
        let mut candidates = self.candidates.scorer(reader, 1.0)?;
        // Candidates come in store order, so a single cached block serves them.
        let store = reader.get_store_reader(1)?;
        let mut passed = Vec::new();
        let mut doc = candidates.doc();
        while doc != TERMINATED {
            if !reader.is_deleted(doc) {
                let document: TantivyDocument = stored_document(|| store.get(doc))?;
                let bytes = stored_bytes(&document, self.query.stored);
                // A file's record is no paragraph and cannot be read as one.
                if let Some(text) = StoredParagraph::unpack_text(bytes)
                    && (self.query.check)(&text)
                {
                    passed.push(doc);
                }
            }
            doc = candidates.advance();
        }
        Ok(passed)
    }
}

impl Weight for VerifiedWeight {
    fn scorer(&self, reader: &SegmentReader, _boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let passed = self.query.found.in_segment(reader, || self.passed(reader))?;
        Ok(Box::new(ListScorer::new(passed, None)))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        explain_by_score(self, reader, doc, "checked against the text")
    }
}
