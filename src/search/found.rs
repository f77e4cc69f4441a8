//! Documents found once: what costs a look into terms, positions or stored text is looked for once in a segment, however
//! often the query is run (to count, to rank, for each facet with a selection of its own).

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::SegmentId;
use tantivy::query::{Bm25Weight, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{
    COLLECT_BLOCK_BUFFER_LEN, DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError,
};

/// A document with the number of times the string stands in it.
pub(super) type Match = (DocId, u32);

/// What a query found in each segment so far, [`Match`]es or documents; copies share it. It belongs to one state of an
/// index.
pub(super) struct Found<T> {
    segments: Arc<Mutex<HashMap<SegmentId, Arc<[T]>>>>,
}

impl<T> Clone for Found<T> {
    fn clone(&self) -> Self {
        Self { segments: Arc::clone(&self.segments) }
    }
}

impl<T> Default for Found<T> {
    fn default() -> Self {
        Self { segments: Arc::default() }
    }
}

impl<T> Found<T> {
    /// What stands in a segment, looked for the first time.
    pub(super) fn in_segment(
        &self,
        reader: &SegmentReader,
        find: impl FnOnce() -> tantivy::Result<Vec<T>>,
    ) -> tantivy::Result<Arc<[T]>> {
        // A search that panicked has put nothing in.
        let mut segments = self.segments.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = segments.get(&reader.segment_id()) {
            return Ok(Arc::clone(found));
        }
        let found: Arc<[T]> = find()?.into();
        segments.insert(reader.segment_id(), Arc::clone(&found));
        Ok(found)
    }
}

impl<T> fmt::Debug for Found<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Found")
    }
}

/// A query whose documents are looked for once in each segment; it does not score.
#[derive(Clone)]
pub(super) struct OnceQuery {
    query: Arc<Box<dyn Query>>,
    found: Found<DocId>,
}

impl OnceQuery {
    pub(super) fn new(query: Box<dyn Query>) -> Self {
        Self { query: Arc::new(query), found: Found::default() }
    }

    pub(super) fn once_weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<OnceWeight> {
        let unscored = match scoring.searcher() {
            Some(searcher) => EnableScoring::disabled_from_searcher(searcher),
            None => EnableScoring::disabled_from_schema(scoring.schema()),
        };
        Ok(OnceWeight { weight: self.query.weight(unscored)?, found: self.found.clone() })
    }
}

impl fmt::Debug for OnceQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Once({:?})", self.query)
    }
}

impl Query for OnceQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.once_weight(scoring)?))
    }
}

pub(super) struct OnceWeight {
    weight: Box<dyn Weight>,
    found: Found<DocId>,
}

impl OnceWeight {
    /// All documents of a segment, in rising order.
    pub(super) fn docs(&self, reader: &SegmentReader) -> tantivy::Result<Arc<[DocId]>> {
        self.found.in_segment(reader, || {
            let mut all = Vec::new();
            self.weight.for_each_no_score(reader, &mut |docs| all.extend_from_slice(docs))?;
            Ok(all)
        })
    }
}

impl Weight for OnceWeight {
    fn scorer(&self, reader: &SegmentReader, _boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        Ok(Box::new(ListScorer::new(self.docs(reader)?, None)))
    }

    fn for_each_no_score(
        &self,
        reader: &SegmentReader,
        callback: &mut dyn FnMut(&[DocId]),
    ) -> tantivy::Result<()> {
        self.docs(reader)?.chunks(COLLECT_BLOCK_BUFFER_LEN).for_each(callback);
        Ok(())
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        explain_by_score(self, reader, doc, "a hit")
    }
}

/// An explanation that is the score alone.
pub(super) fn explain_by_score(
    weight: &dyn Weight,
    reader: &SegmentReader,
    doc: DocId,
    what: &'static str,
) -> tantivy::Result<Explanation> {
    let mut scorer = weight.scorer(reader, 1.0)?;
    if scorer.doc() > doc || scorer.seek(doc) != doc {
        return Err(TantivyError::InvalidArgument(format!("document {doc} does not match")));
    }
    Ok(Explanation::new(what, scorer.score()))
}

/// BM25 of something with the lengths of its field.
pub(super) type Bm25 = (Bm25Weight, FieldNormReader);

/// An entry of a [`ListScorer`].
pub(super) trait Listed: Copy + Send + Sync + 'static {
    fn doc(self) -> DocId;
    fn score(self, bm25: Option<&Bm25>) -> Score;
}

/// Does not score.
impl Listed for DocId {
    fn doc(self) -> DocId {
        self
    }

    fn score(self, _bm25: Option<&Bm25>) -> Score {
        0.0
    }
}

impl Listed for Match {
    fn doc(self) -> DocId {
        self.0
    }

    fn score(self, bm25: Option<&Bm25>) -> Score {
        let (doc, times) = self;
        bm25.map_or(0.0, |(bm25, lengths)| bm25.score(lengths.fieldnorm_id(doc), times))
    }
}

/// Has its score already.
impl Listed for (DocId, Score) {
    fn doc(self) -> DocId {
        self.0
    }

    fn score(self, _bm25: Option<&Bm25>) -> Score {
        self.1
    }
}

/// Documents found beforehand.
pub(super) struct ListScorer<T> {
    entries: Arc<[T]>,
    at: usize,
    bm25: Option<Bm25>,
}

impl<T: Listed> ListScorer<T> {
    /// Over documents in rising order.
    pub(super) fn new(entries: Arc<[T]>, bm25: Option<Bm25>) -> Self {
        Self { entries, at: 0, bm25 }
    }
}

impl<T: Listed> DocSet for ListScorer<T> {
    fn advance(&mut self) -> DocId {
        self.at = (self.at + 1).min(self.entries.len());
        self.doc()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        let rest = self.entries.get(self.at..).unwrap_or_default();
        self.at += rest.partition_point(|entry| entry.doc() < target);
        self.doc()
    }

    fn doc(&self) -> DocId {
        self.entries.get(self.at).map_or(TERMINATED, |entry| entry.doc())
    }

    fn size_hint(&self) -> u32 {
        u32::try_from(self.entries.len()).unwrap_or(u32::MAX)
    }
}

impl<T: Listed> Scorer for ListScorer<T> {
    fn score(&mut self) -> Score {
        self.entries.get(self.at).map_or(0.0, |entry| entry.score(self.bm25.as_ref()))
    }
}
