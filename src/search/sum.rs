//! The score of a hit as the sum of its parts, which are looked at for many hits at once.
//!
//! The engine's own sum of optional parts reads every document of each part and asks a scorer for each. Here a part that
//! is not much longer than the list of hits is walked block by block, and hits are looked up in the others. Who wants the
//! best hits alone says what a hit must score: parts that together cannot lift one above that are only looked up for hits
//! that the other parts bring near it (MaxScore; Turtle and Flood, 1995). Parts are always added in the order of what they
//! can give, the greatest first, so that a score does not depend on how it was reached.

use crate::search::found::{ListScorer, OnceQuery, OnceWeight, explain_by_score};
use crate::search::term_list::{TermList, WINDOW};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::SegmentId;
use tantivy::postings::TermInfo;
use tantivy::query::{
    Bm25Weight, BoostQuery, EnableScoring, Explanation, Query, Scorer, TermQuery, Weight,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, Score, SeekDangerResult, SegmentReader, Term};

/// A part is walked that holds no more than so many documents for each hit. An estimate of how much less it takes to read
/// on in a block than to look one up.
const WALKED_FOR_A_HIT: usize = 8;

/// A part of a score.
pub(super) struct Part {
    scored: Scored,
    /// What its score is multiplied by.
    pub(super) weight: Score,
}

/// What gives a part its score.
enum Scored {
    Term(Term),
    Query(Box<dyn Query>),
}

impl Part {
    /// BM25 of a term.
    pub(super) fn term(term: Term, weight: Score) -> Self {
        Self { scored: Scored::Term(term), weight }
    }

    /// The score of a query.
    pub(super) fn query(query: Box<dyn Query>, weight: Score) -> Self {
        Self { scored: Scored::Query(query), weight }
    }

    /// The part alone, as the engine scores it.
    pub(super) fn alone(&self) -> Box<dyn Query> {
        let query = match &self.scored {
            Scored::Term(term) => {
                Box::new(TermQuery::new(term.clone(), IndexRecordOption::WithFreqs))
            }
            Scored::Query(query) => query.box_clone(),
        };
        Box::new(BoostQuery::new(query, self.weight))
    }

    fn weighted(&self, scoring: EnableScoring<'_>) -> tantivy::Result<WeightedPart> {
        Ok(match (&self.scored, scoring) {
            (Scored::Term(term), EnableScoring::Enabled { searcher, statistics_provider }) => {
                // A term is looked up once in each segment; the engine would do so to count it and again to read it.
                let (field, mut infos, mut found) = (term.field(), Vec::new(), 0);
                for reader in searcher.segment_readers() {
                    if let Some(info) = reader.inverted_index(field)?.get_term_info(term)? {
                        found += u64::from(info.doc_freq);
                        infos.push((reader.segment_id(), info));
                    }
                }
                let documents = statistics_provider.total_num_docs()?;
                #[allow(
                    clippy::cast_precision_loss,
                    reason = "an average length needs no more than seven digits"
                )]
                let average =
                    statistics_provider.total_num_tokens(field)? as Score / documents as Score;
                let bm25 = Bm25Weight::for_one_term_without_explain(found, documents, average);
                WeightedPart::Term { field, infos, bm25: bm25.boost_by(self.weight) }
            }
            _ => WeightedPart::Query(self.alone().weight(scoring)?),
        })
    }
}

impl Clone for Part {
    fn clone(&self) -> Self {
        let scored = match &self.scored {
            Scored::Term(term) => Scored::Term(term.clone()),
            Scored::Query(query) => Scored::Query(query.box_clone()),
        };
        Self { scored, weight: self.weight }
    }
}

/// Every hit with the sum of the parts that hold it.
#[derive(Clone)]
pub(super) struct SumQuery {
    pub(super) hits: OnceQuery,
    pub(super) parts: Vec<Part>,
}

impl fmt::Debug for SumQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sum({:?}, {} parts)", self.hits, self.parts.len())
    }
}

impl Query for SumQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let parts = self.parts.iter().map(|part| part.weighted(scoring));
        let mut parts: Vec<_> = parts.collect::<tantivy::Result<_>>()?;
        parts.sort_by(|a, b| b.most().total_cmp(&a.most()));
        Ok(Box::new(SumWeight { hits: self.hits.once_weight(scoring)?, parts }))
    }
}

struct SumWeight {
    hits: OnceWeight,
    parts: Vec<WeightedPart>,
}

enum WeightedPart {
    /// Where it stands by segment.
    Term {
        field: Field,
        infos: Vec<(SegmentId, TermInfo)>,
        bm25: Bm25Weight,
    },
    Query(Box<dyn Weight>),
}

impl WeightedPart {
    /// What it gives a hit at most.
    fn most(&self) -> Score {
        match self {
            // The shortest text, which says the term over and over.
            Self::Term { bm25, .. } => bm25.score(0, u32::MAX),
            Self::Query(_) => Score::INFINITY,
        }
    }
}

/// How much larger a sum may be for having been added up in another order.
const ROUNDING: Score = 1.0001;

impl Weight for SumWeight {
    /// For explaining; [`Self::for_each`] does not need all scores at once.
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let mut scored = Vec::new();
        self.for_each(reader, &mut |doc, score| scored.push((doc, score * boost)))?;
        Ok(Box::new(ListScorer::<(DocId, Score)>::new(scored.into(), None)))
    }

    fn for_each(
        &self,
        reader: &SegmentReader,
        callback: &mut dyn FnMut(DocId, Score),
    ) -> tantivy::Result<()> {
        self.for_each_pruning(Score::NEG_INFINITY, reader, &mut |doc, score| {
            callback(doc, score);
            Score::NEG_INFINITY
        })
    }

    fn for_each_pruning(
        &self,
        mut threshold: Score,
        reader: &SegmentReader,
        callback: &mut dyn FnMut(DocId, Score) -> Score,
    ) -> tantivy::Result<()> {
        let hits = self.hits.docs(reader)?;
        let mut parts = Vec::with_capacity(self.parts.len());
        let mut lengths_of = HashMap::new();
        for part in &self.parts {
            parts.extend(SegmentPart::open(part, reader, hits.len(), &mut lengths_of)?);
        }
        // What each part and those behind it give at most.
        let mut most: Vec<Score> = parts.iter().map(|part| part.most).collect();
        let mut behind = 0.0;
        for most in most.iter_mut().rev() {
            behind += *most * ROUNDING;
            *most = behind;
        }
        let mut sums = [0.0; WINDOW as usize];
        let mut rest = &hits[..];
        while let Some(&first) = rest.first() {
            let end = first.saturating_add(WINDOW);
            let window;
            (window, rest) = rest.split_at(rest.partition_point(|&doc| doc < end));
            // Those behind need not be walked, now or later: the threshold does not fall.
            let needed = most.iter().position(|&most| most <= threshold).unwrap_or(parts.len());
            if most.first().copied().unwrap_or(0.0) <= threshold {
                return Ok(());
            }
            let (needed, others) = parts.split_at_mut(needed);
            let most = most.get(needed.len()..).unwrap_or_default();
            let mut add = |doc: DocId, score: Score| {
                if let Some(sum) = sums.get_mut((doc - first) as usize) {
                    *sum += score;
                }
            };
            for part in needed {
                part.add(window, first, end, &mut add);
            }
            'hits: for &doc in window {
                let mut score = sums.get((doc - first) as usize).copied().unwrap_or(0.0);
                for (part, most) in others.iter_mut().zip(most) {
                    if (score + most) * ROUNDING <= threshold {
                        continue 'hits;
                    }
                    score += part.score_of(doc).unwrap_or(0.0);
                }
                if score > threshold {
                    threshold = callback(doc, score);
                }
            }
            sums.fill(0.0);
        }
        Ok(())
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        explain_by_score(self, reader, doc, "sum")
    }
}

/// A part in one segment.
struct SegmentPart {
    documents: Documents,
    /// Whether all its documents are read and not just hits looked up in it.
    walked: bool,
    /// What it gives a hit at most.
    most: Score,
}

enum Documents {
    Term { list: Box<TermList>, bm25: Bm25Weight, lengths: FieldNormReader },
    Scorer(Probe),
}

impl SegmentPart {
    /// `None` where the segment holds nothing of it.
    fn open(
        part: &WeightedPart,
        reader: &SegmentReader,
        hits: usize,
        lengths_of: &mut HashMap<Field, FieldNormReader>,
    ) -> tantivy::Result<Option<Self>> {
        let (documents, count) = match part {
            WeightedPart::Term { field, infos, bm25 } => {
                let info = infos.iter().find(|(segment, _)| *segment == reader.segment_id());
                let Some((_, info)) = info else { return Ok(None) };
                let record = IndexRecordOption::WithFreqs;
                let list = TermList::of_info(reader, *field, info, record)?;
                let lengths = match lengths_of.entry(*field) {
                    Entry::Occupied(known) => known.get().clone(),
                    Entry::Vacant(new) => new.insert(lengths(reader, *field)?).clone(),
                };
                let count = list.len();
                (Documents::Term { list: Box::new(list), bm25: bm25.clone(), lengths }, count)
            }
            WeightedPart::Query(weight) => {
                let scorer = weight.scorer(reader, 1.0)?;
                let count = usize::try_from(scorer.cost()).unwrap_or(usize::MAX);
                (Documents::Scorer(Probe::new(scorer)), count)
            }
        };
        let walked = count <= hits.saturating_mul(WALKED_FOR_A_HIT);
        Ok(Some(Self { documents, walked, most: part.most() }))
    }

    /// Gives the scores of documents from `first` to before `end`: of all it holds or of `hits` among them.
    fn add(
        &mut self,
        hits: &[DocId],
        first: DocId,
        end: DocId,
        add: &mut impl FnMut(DocId, Score),
    ) {
        if !self.walked {
            for &doc in hits {
                if let Some(score) = self.score_of(doc) {
                    add(doc, score);
                }
            }
            return;
        }
        match &mut self.documents {
            Documents::Term { list, bm25, lengths } => list.walk(first, end, |doc, times| {
                add(doc, bm25.score(lengths.fieldnorm_id(doc), times));
            }),
            Documents::Scorer(probe) => probe.walk(first, end, add),
        }
    }

    /// What a document gets, which is none before the last one asked for; `None` for one that is not held.
    fn score_of(&mut self, doc: DocId) -> Option<Score> {
        match &mut self.documents {
            Documents::Term { list, bm25, lengths } => {
                Some(bm25.score(lengths.fieldnorm_id(doc), list.times(doc)?))
            }
            Documents::Scorer(probe) => probe.score_of(doc),
        }
    }
}

/// The lengths of a field, all equal where none are kept.
pub(super) fn lengths(reader: &SegmentReader, field: Field) -> tantivy::Result<FieldNormReader> {
    let lengths = reader.fieldnorms_readers().get_field(field)?;
    Ok(lengths.unwrap_or_else(|| FieldNormReader::constant(reader.max_doc(), 1)))
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

    /// Gives all documents from `first` to before `end`; not to be mixed with [`Self::score_of`], as a scorer that gives
    /// no bound, the only kind there is here, is never put off.
    fn walk(&mut self, first: DocId, end: DocId, each: &mut impl FnMut(DocId, Score)) {
        let mut doc = self.scorer.doc();
        if doc < first {
            doc = self.scorer.seek(first);
        }
        while doc < end {
            each(doc, self.scorer.score());
            doc = self.scorer.advance();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::term_list::AnyTermQuery;
    use proptest::prelude::*;
    use tantivy::query::{BooleanQuery, ConstScoreQuery, Occur, PhraseQuery};
    use tantivy::schema::{Schema, TEXT};
    use tantivy::{Index, Searcher, doc};

    /// Words of the texts; each stands in half as many as the one before.
    const WORDS: usize = 14;

    /// Texts of a few words in two segments, more than are looked at together.
    fn index() -> (Searcher, Field) {
        let mut schema = Schema::builder();
        let text = schema.add_text_field("text", TEXT);
        let index = Index::create_in_ram(schema.build());
        let mut writer = index.writer_with_num_threads(1, 15_000_000).unwrap();
        writer.set_merge_policy(Box::new(tantivy::merge_policy::NoMergePolicy));
        let mut lot = 7_u64;
        for texts in [3 * WINDOW, WINDOW / 2] {
            for _ in 0..texts {
                let mut words = Vec::new();
                // Knuth's multiplier; the high bits are those without a short period.
                while words.is_empty() || lot >> 61 > 0 {
                    lot = lot.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    words.push(format!("w{}", (lot << 3).leading_zeros() as usize % WORDS));
                }
                writer.add_document(doc!(text => words.join(" "))).unwrap();
            }
            writer.commit().unwrap();
        }
        (index.reader().unwrap().searcher(), text)
    }

    fn scores(searcher: &Searcher, query: &dyn Query) -> Vec<Vec<(DocId, u32)>> {
        let weight = query.weight(EnableScoring::enabled_from_searcher(searcher)).unwrap();
        let in_segment = |reader| {
            let mut found = Vec::new();
            let mut add = |doc, score: Score| found.push((doc, score.to_bits()));
            weight.for_each(reader, &mut add).unwrap();
            found
        };
        searcher.segment_readers().iter().map(in_segment).collect()
    }

    /// The best hits of each segment, of which only those with a better score than the worst so far are asked for.
    fn best(searcher: &Searcher, query: &dyn Query, count: usize) -> Vec<Vec<(DocId, u32)>> {
        let weight = query.weight(EnableScoring::enabled_from_searcher(searcher)).unwrap();
        let in_segment = |reader| {
            let mut found: Vec<(DocId, Score)> = Vec::new();
            let mut add = |doc, score: Score| {
                found.push((doc, score));
                found.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
                found.truncate(count);
                let worst = found.get(count - 1).map(|&(_, score)| score);
                worst.unwrap_or(Score::NEG_INFINITY)
            };
            weight.for_each_pruning(Score::NEG_INFINITY, reader, &mut add).unwrap();
            found.into_iter().map(|(doc, score)| (doc, score.to_bits())).collect()
        };
        searcher.segment_readers().iter().map(in_segment).collect()
    }

    /// Any words are hits, scored by others: as the engine adds them up, but for rounding, and the best are the same to
    /// the last bit when only they are asked for.
    #[test]
    fn the_sum_is_that_of_the_engine() {
        let (searcher, field) = index();
        let word = |number: usize| Term::from_field_text(field, &format!("w{number}"));
        let part = |(first, second, weight): (usize, Option<usize>, f32)| match second {
            None => Part::term(word(first), weight),
            Some(second) => {
                let phrase: Box<dyn Query> =
                    Box::new(PhraseQuery::new(vec![word(first), word(second)]));
                let is_const = weight > 1.0;
                let constant = || Box::new(ConstScoreQuery::new(phrase.box_clone(), 3.0));
                Part::query(if is_const { constant() } else { phrase }, weight)
            }
        };
        let words = prop::collection::btree_set(0..WORDS, 1..4);
        let filter = prop::option::of(0..WORDS);
        let parts =
            prop::collection::vec((0..WORDS, prop::option::of(0..WORDS), 0.1_f32..2.0), 1..9);
        let config = ProptestConfig::with_cases(64);
        let count = 1_usize..40;
        proptest!(config, |(words in words, filter in filter, parts in parts, count in count)| {
            let unscored = |number: usize| -> Box<dyn Query> {
                Box::new(TermQuery::new(word(number), IndexRecordOption::Basic))
            };
            let hits = |any: Box<dyn Query>| {
                let mut all = vec![any];
                all.extend(filter.map(unscored));
                OnceQuery::new(Box::new(BooleanQuery::intersection(all)))
            };
            let any = AnyTermQuery { terms: words.iter().map(|&number| word(number)).collect() };
            let by_engine = BooleanQuery::union(words.iter().map(|&word| unscored(word)).collect());
            let parts: Vec<Part> = parts.into_iter().map(part).collect();
            let mut all: Vec<(Occur, Box<dyn Query>)> =
                vec![(Occur::Must, Box::new(hits(Box::new(by_engine))))];
            all.extend(parts.iter().map(|part| (Occur::Should, part.alone())));
            let sum = SumQuery { hits: hits(Box::new(any)), parts };
            let mut summed = scores(&searcher, &sum);
            let engines = scores(&searcher, &BooleanQuery::new(all));
            for (ours, engines) in summed.iter().flatten().zip(engines.iter().flatten()) {
                let [score, engines_score] = [ours.1, engines.1].map(f32::from_bits);
                prop_assert_eq!(ours.0, engines.0);
                prop_assert!((score - engines_score).abs() <= engines_score * 1e-5);
            }
            let hits = |segments: &[Vec<_>]| segments.iter().map(Vec::len).collect::<Vec<_>>();
            prop_assert_eq!(hits(&summed), hits(&engines));
            for segment in &mut summed {
                segment.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
                segment.truncate(count);
            }
            prop_assert_eq!(best(&searcher, &sum, count), summed);
        });
    }
}
