//! The score of a hit as the sum of its clauses, each asked about the hits alone.
//!
//! The engine's own sum of optional parts reads every document of each part, window by window. Where one document in
//! many is a hit, looking each hit up in each part is far less.

use crate::search::found::explain_by_score;
use std::fmt;
use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SeekDangerResult, SegmentReader};

/// Every hit with the sum of the clauses that hold it.
pub(super) struct SumQuery {
    /// What is a hit; does not score.
    pub(super) hits: Box<dyn Query>,
    pub(super) clauses: Vec<Box<dyn Query>>,
}

impl Clone for SumQuery {
    fn clone(&self) -> Self {
        let clauses = self.clauses.iter().map(|clause| clause.box_clone()).collect();
        Self { hits: self.hits.box_clone(), clauses }
    }
}

impl fmt::Debug for SumQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sum({:?}, {:?})", self.hits, self.clauses)
    }
}

impl Query for SumQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let clauses = self.clauses.iter().map(|clause| clause.weight(scoring));
        Ok(Box::new(SumWeight {
            hits: self.hits.weight(scoring)?,
            clauses: clauses.collect::<tantivy::Result<_>>()?,
        }))
    }
}

struct SumWeight {
    hits: Box<dyn Weight>,
    clauses: Vec<Box<dyn Weight>>,
}

impl Weight for SumWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let clauses =
            self.clauses.iter().map(|clause| Ok(Probe::new(clause.scorer(reader, boost)?)));
        Ok(Box::new(SumScorer {
            hits: self.hits.scorer(reader, 1.0)?,
            clauses: clauses.collect::<tantivy::Result<_>>()?,
        }))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        explain_by_score(self, reader, doc, "sum")
    }
}

struct SumScorer {
    hits: Box<dyn Scorer>,
    clauses: Vec<Probe>,
}

impl DocSet for SumScorer {
    fn advance(&mut self) -> DocId {
        self.hits.advance()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.hits.seek(target)
    }

    fn doc(&self) -> DocId {
        self.hits.doc()
    }

    fn size_hint(&self) -> u32 {
        self.hits.size_hint()
    }
}

impl Scorer for SumScorer {
    fn score(&mut self) -> Score {
        let doc = self.hits.doc();
        self.clauses.iter_mut().filter_map(|clause| clause.score_of(doc)).sum()
    }
}

/// A scorer that is asked about rising documents. A phrase then looks at these alone and need not find the next
/// document it stands in.
struct Probe {
    scorer: Box<dyn Scorer>,
    /// No document before it is held; where `found`, it is held itself.
    next: DocId,
    found: bool,
}

impl Probe {
    fn new(scorer: Box<dyn Scorer>) -> Self {
        let next = scorer.doc();
        Self { scorer, next, found: true }
    }

    /// What a document gets; `None` for one that is not held.
    fn score_of(&mut self, doc: DocId) -> Option<Score> {
        if self.next < doc || self.next == doc && !self.found {
            (self.next, self.found) = match self.scorer.seek_danger(doc) {
                SeekDangerResult::Found => (doc, true),
                SeekDangerResult::SeekLowerBound(next) => (next, false),
            };
        }
        (self.found && self.next == doc).then(|| self.scorer.score())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::found::OnceQuery;
    use tantivy::collector::TopDocs;
    use tantivy::query::{BooleanQuery, ConstScoreQuery, Occur, PhraseQuery, TermQuery};
    use tantivy::schema::{IndexRecordOption, STORED, Schema, TEXT};
    use tantivy::{Index, Term, doc};

    /// Two thousand texts of five words each, out of eight.
    fn index() -> (Index, tantivy::schema::Field) {
        let mut schema = Schema::builder();
        let text = schema.add_text_field("text", TEXT | STORED);
        let index = Index::create_in_ram(schema.build());
        let mut writer = index.writer_with_num_threads(1, 15_000_000).unwrap();
        let mut lot = 7_u64;
        for _ in 0..2000 {
            let words = (0..5).map(|_| {
                // Knuth's multiplier; the high bits are those without a short period.
                lot = lot.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                format!("w{}", lot >> 61)
            });
            writer.add_document(doc!(text => words.collect::<Vec<_>>().join(" "))).unwrap();
        }
        writer.commit().unwrap();
        (index, text)
    }

    #[test]
    fn the_sum_is_that_of_the_engine() {
        let (index, field) = index();
        let searcher = index.reader().unwrap().searcher();
        let word = |number: usize| Term::from_field_text(field, &format!("w{number}"));
        let term = |number| -> Box<dyn Query> {
            Box::new(TermQuery::new(word(number), IndexRecordOption::WithFreqs))
        };
        let phrase = |a, b| -> Box<dyn Query> {
            let phrase = Box::new(PhraseQuery::new(vec![word(a), word(b)]));
            Box::new(ConstScoreQuery::new(phrase, 3.0))
        };
        let hits = || OnceQuery::new(Box::new(BooleanQuery::intersection(vec![term(0), term(1)])));
        let clauses = || vec![term(0), term(2), phrase(0, 1), phrase(1, 0), phrase(2, 3), term(9)];
        let sum = SumQuery { hits: Box::new(hits()), clauses: clauses() };
        let mut parts: Vec<(Occur, Box<dyn Query>)> = vec![(Occur::Must, Box::new(hits()))];
        parts.extend(clauses().into_iter().map(|clause| (Occur::Should, clause)));
        let scores = |query: &dyn Query| {
            let top = TopDocs::with_limit(2000).order_by_score();
            let mut found = searcher.search(query, &top).unwrap();
            found.sort_by_key(|(_, address)| *address);
            found
        };
        let (found, expected) = (scores(&sum), scores(&BooleanQuery::new(parts)));
        assert!(found.len() > 300 && found.len() == expected.len(), "{}", found.len());
        for ((score, address), (wanted, same)) in found.iter().zip(&expected) {
            assert!(address == same && (score - wanted).abs() < 1e-4, "{score} {wanted}");
        }
    }
}
