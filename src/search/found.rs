//! Documents found once: what costs a look into terms, positions or stored text is looked for once in a segment, however
//! often the query is run (to count, to rank, for each facet with a selection of its own).

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::SegmentId;
use tantivy::query::{Bm25Weight, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError};

/// A document with the number of times the string stands in it.
pub(super) type Match = (DocId, u32);

/// What a query found in each segment so far; copies share it. It belongs to one state of an index.
#[derive(Clone, Default)]
pub(super) struct Found {
    segments: Arc<Mutex<HashMap<SegmentId, Arc<[Match]>>>>,
}

impl Found {
    /// The matches in a segment, looked for the first time.
    pub(super) fn in_segment(
        &self,
        reader: &SegmentReader,
        find: impl FnOnce() -> tantivy::Result<Vec<Match>>,
    ) -> tantivy::Result<Arc<[Match]>> {
        // A search that panicked has put nothing in.
        let mut segments = self.segments.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(matches) = segments.get(&reader.segment_id()) {
            return Ok(Arc::clone(matches));
        }
        let matches: Arc<[Match]> = find()?.into();
        segments.insert(reader.segment_id(), Arc::clone(&matches));
        Ok(matches)
    }
}

impl fmt::Debug for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Found")
    }
}

/// A query whose documents are looked for once in each segment; it does not score.
#[derive(Clone)]
pub(super) struct OnceQuery {
    query: Arc<Box<dyn Query>>,
    found: Found,
}

impl OnceQuery {
    pub(super) fn new(query: Box<dyn Query>) -> Self {
        Self { query: Arc::new(query), found: Found::default() }
    }
}

impl fmt::Debug for OnceQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Once({:?})", self.query)
    }
}

impl Query for OnceQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let unscored = match scoring.searcher() {
            Some(searcher) => EnableScoring::disabled_from_searcher(searcher),
            None => EnableScoring::disabled_from_schema(scoring.schema()),
        };
        Ok(Box::new(OnceWeight { weight: self.query.weight(unscored)?, found: self.found.clone() }))
    }
}

struct OnceWeight {
    weight: Box<dyn Weight>,
    found: Found,
}

impl Weight for OnceWeight {
    fn scorer(&self, reader: &SegmentReader, _boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let matches = self.found.in_segment(reader, || {
            let mut matches = Vec::new();
            let mut add = |docs: &[DocId]| matches.extend(docs.iter().map(|&doc| (doc, 0)));
            self.weight.for_each_no_score(reader, &mut add)?;
            Ok(matches)
        })?;
        Ok(Box::new(ListScorer::new(matches, None, None)))
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

/// Documents found beforehand, scored by BM25 or not at all.
pub(super) struct ListScorer {
    matches: Arc<[Match]>,
    at: usize,
    bm25: Option<Bm25Weight>,
    lengths: Option<FieldNormReader>,
}

impl ListScorer {
    /// Over documents in rising order.
    pub(super) fn new(
        matches: Arc<[Match]>,
        bm25: Option<Bm25Weight>,
        lengths: Option<FieldNormReader>,
    ) -> Self {
        Self { matches, at: 0, bm25, lengths }
    }
}

impl DocSet for ListScorer {
    fn advance(&mut self) -> DocId {
        self.at = (self.at + 1).min(self.matches.len());
        self.doc()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        let rest = self.matches.get(self.at..).unwrap_or_default();
        self.at += rest.partition_point(|&(doc, _)| doc < target);
        self.doc()
    }

    fn doc(&self) -> DocId {
        self.matches.get(self.at).map_or(TERMINATED, |&(doc, _)| doc)
    }

    fn size_hint(&self) -> u32 {
        u32::try_from(self.matches.len()).unwrap_or(u32::MAX)
    }
}

impl Scorer for ListScorer {
    fn score(&mut self) -> Score {
        match (&self.bm25, &self.lengths, self.matches.get(self.at)) {
            (Some(bm25), Some(lengths), Some(&(doc, times))) => {
                bm25.score(lengths.fieldnorm_id(doc), times)
            }
            _ => 0.0,
        }
    }
}
