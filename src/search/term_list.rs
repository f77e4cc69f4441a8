//! The documents of a term in one segment, block by block, and what is found in any of several terms.

use crate::search::found::{ListScorer, explain_by_score};
use tantivy::postings::{BlockSegmentPostings, TermInfo};
use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{COLLECT_BLOCK_BUFFER_LEN, DocId, Score, SegmentReader, TERMINATED, Term};

/// Documents with a term and how often it stands there, in rising order.
///
/// The engine's own list goes document by document; this one gives blocks to loops that do little with each.
pub(super) struct TermList {
    postings: BlockSegmentPostings,
    /// Place in the block at hand; one past its end only where that is the last.
    at: usize,
}

impl TermList {
    /// `None` where a segment does not hold the term.
    pub(super) fn open(
        reader: &SegmentReader,
        term: &Term,
        record: IndexRecordOption,
    ) -> tantivy::Result<Option<Self>> {
        let postings = reader.inverted_index(term.field())?.read_block_postings(term, record)?;
        Ok(postings.map(|postings| Self { postings, at: 0 }))
    }

    /// The list of a term that was looked up before.
    pub(super) fn of_info(
        reader: &SegmentReader,
        field: Field,
        info: &TermInfo,
        record: IndexRecordOption,
    ) -> tantivy::Result<Self> {
        let inverted = reader.inverted_index(field)?;
        Ok(Self { postings: inverted.read_block_postings_from_terminfo(info, record)?, at: 0 })
    }

    /// Documents of the whole list.
    pub(super) fn len(&self) -> usize {
        self.postings.doc_freq() as usize
    }

    /// The document at hand, [`TERMINATED`] behind the last.
    fn doc(&self) -> DocId {
        self.postings.docs().get(self.at).copied().unwrap_or(TERMINATED)
    }

    /// Calls `each` with the documents from `from` to before `end`, and leaves them behind. Where it is not recorded how
    /// often the term stands in a document, that is once.
    pub(super) fn walk(&mut self, from: DocId, end: DocId, mut each: impl FnMut(DocId, u32)) {
        if self.doc() < from {
            self.at = self.postings.seek(from);
        }
        loop {
            let docs = self.postings.docs().get(self.at..).unwrap_or_default();
            let whole = docs.last().is_none_or(|&last| last < end);
            let within = if whole { docs.len() } else { docs.partition_point(|&doc| doc < end) };
            let docs = docs.get(..within).unwrap_or_default();
            let times = self.postings.freqs().get(self.at..).unwrap_or_default();
            if times.is_empty() {
                docs.iter().for_each(|&doc| each(doc, 1));
            } else {
                docs.iter().zip(times).for_each(|(&doc, &times)| each(doc, times));
            }
            self.at += within;
            if !whole || docs.is_empty() {
                return;
            }
            self.postings.advance();
            self.at = 0;
        }
    }

    /// How often the term stands in a document, which is none before the last one asked for.
    pub(super) fn times(&mut self, doc: DocId) -> Option<u32> {
        if self.doc() < doc {
            self.at = self.postings.seek(doc);
        }
        (self.doc() == doc).then(|| self.postings.freq(self.at))
    }
}

/// Documents looked at together: as many as keep what is noted of each in the fastest memory.
pub(super) const WINDOW: u32 = 4096;

/// What holds any of some terms; it does not score.
#[derive(Debug, Clone)]
pub(super) struct AnyTermQuery {
    pub(super) terms: Vec<Term>,
}

impl AnyTermQuery {
    /// All documents of a segment that hold one, in rising order.
    fn docs(&self, reader: &SegmentReader) -> tantivy::Result<Vec<DocId>> {
        let mut lists = Vec::with_capacity(self.terms.len());
        for term in &self.terms {
            lists.extend(TermList::open(reader, term, IndexRecordOption::Basic)?);
        }
        let mut docs = Vec::new();
        let mut held = [0_u64; WINDOW as usize / 64];
        while let Some(first) = lists.iter().map(TermList::doc).min().filter(|&d| d < TERMINATED) {
            for list in &mut lists {
                list.walk(first, first.saturating_add(WINDOW), |doc, _| {
                    let at = doc - first;
                    if let Some(bits) = held.get_mut(at as usize / 64) {
                        *bits |= 1 << (at % 64);
                    }
                });
            }
            for (from, bits) in (first..).step_by(64).zip(&mut held) {
                while *bits != 0 {
                    docs.push(from + bits.trailing_zeros());
                    *bits &= *bits - 1;
                }
            }
        }
        Ok(docs)
    }
}

impl Query for AnyTermQuery {
    fn weight(&self, _scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(AnyTermWeight(self.clone())))
    }
}

struct AnyTermWeight(AnyTermQuery);

impl Weight for AnyTermWeight {
    fn scorer(&self, reader: &SegmentReader, _boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        Ok(Box::new(ListScorer::<DocId>::new(self.0.docs(reader)?.into(), None)))
    }

    fn for_each_no_score(
        &self,
        reader: &SegmentReader,
        callback: &mut dyn FnMut(&[DocId]),
    ) -> tantivy::Result<()> {
        self.0.docs(reader)?.chunks(COLLECT_BLOCK_BUFFER_LEN).for_each(callback);
        Ok(())
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        explain_by_score(self, reader, doc, "any term")
    }
}
