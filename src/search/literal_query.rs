//! Literal search in the engine: the grams of a string as a phrase, whose last lone Han character matches every pair
//! that begins with it.
//!
//! The engine's own prefix queries stop at 50 expansions; this one reads the whole range of terms, so that nothing is
//! missed. `analysis::literal_terms` says which terms stand where; `text::literal` is the same search in one text.

use crate::analysis::{LiteralTerms, TermMatch};
use crate::search::found::{Found, ListScorer, Match, explain_by_score};
use crate::search::sum::lengths;
use std::fmt;
use std::sync::Arc;
use tantivy::postings::{Postings, TermInfo};
use tantivy::query::{
    Bm25Weight, EmptyQuery, EnableScoring, Explanation, PhraseQuery, Query, Scorer, TermQuery,
    Weight,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, Score, Searcher, SegmentReader, TERMINATED, Term};

/// The query for the terms of a literal string in a field with positions.
pub(crate) fn literal_query(field: Field, terms: &LiteralTerms) -> Box<dyn Query> {
    let mut exact = Vec::new();
    let mut prefix = None;
    for (position, term) in &terms.terms {
        match term {
            TermMatch::Exact(text) => {
                exact.push((*position as usize, Term::from_field_text(field, text)));
            }
            TermMatch::Prefix(han) => prefix = Some((*position as usize, *han)),
        }
    }
    match (prefix, exact.len()) {
        (Some((position, han)), _) => {
            Box::new(PrefixLiteralQuery { field, exact, position, han, found: Found::default() })
        }
        (None, 0) => Box::new(EmptyQuery),
        (None, 1) => Box::new(TermQuery::new(exact.remove(0).1, IndexRecordOption::WithFreqs)),
        (None, _) => Box::new(PhraseQuery::new_with_offset(exact)),
    }
}

/// Exact terms at their positions and, last, every term that begins with a Han character.
#[derive(Clone)]
struct PrefixLiteralQuery {
    field: Field,
    exact: Vec<(usize, Term)>,
    position: usize,
    han: char,
    found: Found<Match>,
}

impl fmt::Debug for PrefixLiteralQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrefixLiteral({:?}, {}*@{})", self.exact, self.han, self.position)
    }
}

impl PrefixLiteralQuery {
    /// All documents of a segment that hold the string, in order.
    fn matches(&self, reader: &SegmentReader) -> tantivy::Result<Arc<[Match]>> {
        self.found.in_segment(reader, || {
            if self.exact.is_empty() { self.any_position(reader) } else { self.after_exact(reader) }
        })
    }

    /// Every document with a term that begins with the Han character.
    fn any_position(&self, reader: &SegmentReader) -> tantivy::Result<Vec<Match>> {
        let mut sum = Sum::default();
        self.each_term(reader, IndexRecordOption::WithFreqs, &mut |_df, postings| {
            let mut doc = postings.doc();
            while doc != TERMINATED {
                sum.add((doc, postings.term_freq()), reader.max_doc());
                doc = postings.advance();
            }
        })?;
        Ok(sum.into_matches())
    }

    /// Documents where a term that begins with the Han character follows the exact terms.
    fn after_exact(&self, reader: &SegmentReader) -> tantivy::Result<Vec<Match>> {
        let candidates = self.exact_places(reader)?;
        let mut times = vec![0_u32; candidates.len()];
        let mut positions = Vec::new();
        self.each_term(reader, IndexRecordOption::WithFreqsAndPositions, &mut |df, postings| {
            let mut meet = |at: usize, postings: &mut dyn Postings| {
                let (Some((_, wanted)), Some(times)) = (candidates.get(at), times.get_mut(at))
                else {
                    return;
                };
                postings.positions(&mut positions);
                *times += wanted
                    .iter()
                    .filter(|place| positions.binary_search(place).is_ok())
                    .map(|_| 1)
                    .sum::<u32>();
            };
            // Walk whichever list is shorter and jump in the other.
            if df as usize <= candidates.len() {
                let mut doc = postings.doc();
                while doc != TERMINATED {
                    if let Ok(at) = candidates.binary_search_by_key(&doc, |&(doc, _)| doc) {
                        meet(at, postings);
                    }
                    doc = postings.advance();
                }
            } else {
                for (at, &(doc, _)) in candidates.iter().enumerate() {
                    if postings.doc() < doc {
                        postings.seek(doc);
                    }
                    if postings.doc() == doc {
                        meet(at, postings);
                    }
                }
            }
        })?;
        let found = candidates.iter().zip(times).filter(|&(_, times)| times > 0);
        Ok(found.map(|(&(doc, _), times)| (doc, times)).collect())
    }

    /// Documents that hold the exact terms in their places, with the positions where the last term must stand.
    fn exact_places(&self, reader: &SegmentReader) -> tantivy::Result<Vec<(DocId, Vec<u32>)>> {
        let inverted = reader.inverted_index(self.field)?;
        let mut lists = Vec::new();
        for (position, term) in &self.exact {
            let Some(postings) =
                inverted.read_postings(term, IndexRecordOption::WithFreqsAndPositions)?
            else {
                return Ok(Vec::new());
            };
            // How far behind this term the last one must stand.
            let ahead = u32::try_from(self.position - position).unwrap_or(u32::MAX);
            lists.push((ahead, postings));
        }
        lists.sort_by_key(|(_, postings)| postings.size_hint());
        let Some(((first_ahead, mut first), mut others)) = split_first(lists) else {
            return Ok(Vec::new());
        };
        let mut places = Vec::new();
        let mut wanted = Vec::new();
        let mut positions = Vec::new();
        let mut doc = first.doc();
        while doc != TERMINATED {
            let everywhere = others.iter_mut().all(|(_, postings)| {
                if postings.doc() < doc {
                    postings.seek(doc);
                }
                postings.doc() == doc
            });
            if everywhere {
                first.positions_with_offset(first_ahead, &mut wanted);
                for (ahead, postings) in &mut others {
                    postings.positions_with_offset(*ahead, &mut positions);
                    wanted.retain(|place| positions.binary_search(place).is_ok());
                }
                if !wanted.is_empty() {
                    places.push((doc, wanted.clone()));
                }
            }
            doc = first.advance();
        }
        Ok(places)
    }

    /// Calls `each` with the document frequency and postings of every term that begins with the Han character.
    fn each_term(
        &self,
        reader: &SegmentReader,
        record: IndexRecordOption,
        each: &mut dyn FnMut(u32, &mut dyn Postings),
    ) -> tantivy::Result<()> {
        let inverted = reader.inverted_index(self.field)?;
        each_beginning(reader, self.field, self.han, &mut |info| {
            let mut postings = inverted.read_postings_from_terminfo(info, record)?;
            each(info.doc_freq, &mut postings);
            Ok(true)
        })
    }
}

/// Whether the terms that begin with a Han character have no more than so many documents together, which is the most
/// it can stand in.
pub(super) fn stands_in_at_most(
    searcher: &Searcher,
    field: Field,
    han: char,
    limit: u64,
) -> tantivy::Result<bool> {
    let mut documents = 0;
    for reader in searcher.segment_readers() {
        each_beginning(reader, field, han, &mut |info| {
            documents += u64::from(info.doc_freq);
            Ok(documents <= limit)
        })?;
    }
    Ok(documents <= limit)
}

/// Whether a term of a field begins with a string, in documents that may have been deleted.
pub(super) fn begins_a_term(
    searcher: &Searcher,
    field: Field,
    start: &str,
) -> tantivy::Result<bool> {
    for reader in searcher.segment_readers() {
        let inverted = reader.inverted_index(field)?;
        let mut terms = inverted.terms().range().ge(start.as_bytes()).into_stream()?;
        if terms.next().is_some_and(|(term, _)| term.starts_with(start.as_bytes())) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// How often something stands in each document, of lists that share documents. A frequent character has pairs in
/// every paragraph several times over, so many entries are summed up by document and take no more room than that.
#[derive(Default)]
struct Sum {
    /// As they came, while there are few.
    listed: Vec<Match>,
    /// By document, once there are more than a quarter as many as documents.
    counted: Vec<u32>,
}

impl Sum {
    fn add(&mut self, (doc, times): Match, documents: u32) {
        if self.counted.is_empty() {
            self.listed.push((doc, times));
            if self.listed.len() > documents as usize / 4 {
                self.counted = vec![0; documents as usize];
                for (doc, times) in std::mem::take(&mut self.listed) {
                    self.count(doc, times);
                }
            }
        } else {
            self.count(doc, times);
        }
    }

    fn count(&mut self, doc: DocId, times: u32) {
        if let Some(counted) = self.counted.get_mut(doc as usize) {
            *counted = counted.saturating_add(times);
        }
    }

    /// Each document once, in rising order.
    fn into_matches(mut self) -> Vec<Match> {
        if !self.counted.is_empty() {
            return (0..).zip(self.counted).filter(|&(_, times)| times > 0).collect();
        }
        self.listed.sort_unstable_by_key(|&(doc, _)| doc);
        self.listed.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 = kept.1.saturating_add(next.1);
            }
            same
        });
        self.listed
    }
}

/// Gives every term of a segment that begins with a Han character, until `each` has enough.
fn each_beginning(
    reader: &SegmentReader,
    field: Field,
    han: char,
    each: &mut dyn FnMut(&TermInfo) -> tantivy::Result<bool>,
) -> tantivy::Result<()> {
    let inverted = reader.inverted_index(field)?;
    let prefix = han.to_string();
    let mut terms = inverted.terms().range().ge(prefix.as_bytes()).into_stream()?;
    while let Some((term, info)) = terms.next() {
        if !term.starts_with(prefix.as_bytes()) || !each(info)? {
            break;
        }
    }
    Ok(())
}

fn split_first<T>(mut list: Vec<T>) -> Option<(T, Vec<T>)> {
    if list.is_empty() {
        return None;
    }
    let first = list.remove(0);
    Some((first, list))
}

impl Query for PrefixLiteralQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let mut bm25 = None;
        if let EnableScoring::Enabled { searcher, statistics_provider } = scoring {
            let mut found = 0_u64;
            for reader in searcher.segment_readers() {
                found += self.matches(reader)?.len() as u64;
            }
            let documents = statistics_provider.total_num_docs()?;
            #[allow(
                clippy::cast_precision_loss,
                reason = "an average length needs no more than seven digits"
            )]
            let average = statistics_provider.total_num_tokens(self.field)? as Score
                / documents.max(1) as Score;
            bm25 = Some(Bm25Weight::for_one_term_without_explain(
                found.min(documents),
                documents,
                average,
            ));
        }
        Ok(Box::new(PrefixLiteralWeight { query: self.clone(), bm25 }))
    }
}

struct PrefixLiteralWeight {
    query: PrefixLiteralQuery,
    bm25: Option<Bm25Weight>,
}

impl Weight for PrefixLiteralWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let bm25 = match &self.bm25 {
            Some(bm25) => Some((bm25.boost_by(boost), lengths(reader, self.query.field)?)),
            None => None,
        };
        Ok(Box::new(ListScorer::new(self.query.matches(reader)?, bm25)))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        explain_by_score(self, reader, doc, "literal with a last lone character")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(entries: &[Match], documents: u32, listed_max: usize) {
        let mut expected = std::collections::BTreeMap::new();
        let mut sum = Sum::default();
        for &(doc, times) in entries {
            *expected.entry(doc).or_insert(0) += times;
            sum.add((doc, times), documents);
            assert!(sum.listed.len() <= listed_max, "{} entries are kept", sum.listed.len());
        }
        assert_eq!(sum.into_matches(), expected.into_iter().collect::<Vec<_>>());
    }

    #[test]
    fn entries_of_several_lists_are_summed_up_by_document() {
        check(&[(3, 1), (7, 2), (1, 1), (7, 1)], 1000, 4);
    }

    #[test]
    fn many_entries_take_no_more_room_than_the_documents() {
        let pairs: Vec<Match> = (0..50).flat_map(|_| (0..40).map(|doc| (doc, 1))).collect();
        check(&pairs, 40, 10);
    }
}
