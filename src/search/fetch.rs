//! Paragraphs fetched from the index and made ready to be shown: by their id, by their place, as hits with marks.

use crate::index::{
    IndexError, StoredParagraph, head as id_head, id_start, path_bytes, path_from_text, path_text,
};
use crate::model::{Place, Span};
use crate::search::plan::Plan;
use crate::search::rank::Ranked;
use crate::search::request::{Hit, SearchRequest};
use crate::search::snippet::{merge_spans, snippet};
use crate::search::{SearchError, Searcher};
use crate::text::literal::TokenizedText;
use std::ops::{Bound, RangeInclusive};
use std::path::Path;
use tantivy::query::{BooleanQuery, Query, RangeQuery, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, Term};

/// Fewest digits of an id that are shown.
const SHORT_ID: usize = 7;
/// Digits of an id that the column `id_head` holds.
const ID_HEAD: usize = 16;

impl Searcher {
    /// The paragraphs whose id starts with `prefix`, at most `limit`, with `context` neighbours and all reprints each.
    pub fn by_id(
        &self,
        prefix: &str,
        limit: usize,
        context: usize,
    ) -> Result<Vec<Hit>, SearchError> {
        let prefix = prefix.to_ascii_lowercase();
        let mut found = Vec::new();
        for (_, address) in self.id_heads(prefix.get(..ID_HEAD).unwrap_or(&prefix))? {
            if found.len() >= limit {
                break;
            }
            let hit = self.fetch(address)?.filter(|hit| hit.id.starts_with(&prefix));
            found.extend(hit.map(|hit| (hit, address)));
        }
        self.shown_alone(found, context)
    }

    /// The paragraphs of the file at `path` (absolute) whose place is wanted, in reading order.
    pub fn by_place(
        &self,
        path: &Path,
        wanted: &dyn Fn(&Place) -> bool,
        context: usize,
    ) -> Result<Vec<Hit>, SearchError> {
        let term = Term::from_field_text(self.index().fields.path, &path_text(path));
        let mut found = self.fetch_all(&TermQuery::new(term, IndexRecordOption::Basic))?;
        let file = path_text(path);
        // The records of a file and the members of an archive are its own; what lies below a folder is not.
        found.retain(|(hit, _)| {
            let rest = hit.path.strip_prefix(&file).unwrap_or("/");
            (rest.is_empty() || rest.starts_with('#') || rest.starts_with("!/"))
                && hit.place.is_some_and(|place| wanted(&place))
        });
        found.sort_by_key(|(hit, _)| (hit.path.clone(), hit.article, hit.paragraph));
        self.shown_alone(found, context)
    }

    /// Paragraphs with `context` neighbours and their reprints.
    fn shown_alone(
        &self,
        found: Vec<(Hit, DocAddress)>,
        context: usize,
    ) -> Result<Vec<Hit>, SearchError> {
        let members = self.members(found.iter().map(|(_, address)| *address))?;
        let mut hits = Vec::with_capacity(found.len());
        for (mut hit, address) in found {
            self.add_context(&mut hit, address, context)?;
            hit.reprints = Some(self.reprints(&hit, address, &members)?);
            hits.push(hit);
        }
        Ok(hits)
    }

    /// Fetches a hit and marks it.
    pub(super) fn hit(
        &self,
        ranked: Ranked,
        plan: &Plan,
        request: &SearchRequest,
    ) -> Result<Hit, SearchError> {
        let stored = self.stored(ranked.address)?;
        let text = TokenizedText::new(&stored.text);
        let mut marks: Vec<Span> =
            plan.marks.iter().flat_map(|mark| mark.find_all(&text)).collect();
        if marks.is_empty() {
            marks = plan.parts_of_words.iter().flat_map(|mark| mark.find_all(&text)).collect();
        }
        if let Some(wanted) = &request.filters.figure {
            let figures = stored.figures.iter().filter(|figure| wanted.matches(figure));
            marks.extend(figures.map(|figure| figure.at));
        }
        let highlights = merge_spans(marks);
        let mut hit = self.shown(stored, highlights, request.snippet_chars)?;
        hit.score = ranked.score;
        self.add_context(&mut hit, ranked.address, request.context)?;
        if request.explain {
            hit.explanation = Some(self.explain(plan, ranked)?);
        }
        Ok(hit)
    }

    /// A stored paragraph as it is shown.
    fn shown(
        &self,
        stored: StoredParagraph,
        highlights: Vec<Span>,
        snippet_chars: usize,
    ) -> Result<Hit, SearchError> {
        let bytes = path_bytes(path_from_text(&stored.path).as_os_str());
        let path = stored.shown_path();
        Ok(Hit {
            short_id: self.short_id(&stored.id)?,
            id: stored.id,
            score: 0.0,
            path,
            path_bytes: bytes,
            article: stored.article,
            paragraph: stored.paragraph,
            kind: stored.kind,
            title: stored.title,
            date: stored.date,
            source: stored.source,
            snippet: snippet(&stored.text, &highlights, snippet_chars),
            text: stored.text,
            highlights,
            regions: stored.regions,
            measures: stored.measures,
            evidence: stored.evidence,
            figures: stored.figures,
            place: stored.place,
            reprints: None,
            more: 0,
            before: Vec::new(),
            after: Vec::new(),
            explanation: None,
        })
    }

    /// The shortest start of an id that no other paragraph has.
    fn short_id(&self, id: &str) -> Result<String, SearchError> {
        let own = id_head(id);
        let others = self.id_heads(id.get(..SHORT_ID).unwrap_or(id))?;
        let shared = |other: u64| (other ^ own).leading_zeros() as usize / 4;
        let others = others.iter().filter(|(other, _)| *other != own);
        let length = others.map(|(other, _)| shared(*other) + 1).max().unwrap_or(SHORT_ID);
        Ok(id.get(..length.max(SHORT_ID)).unwrap_or(id).to_owned())
    }

    /// Living paragraphs whose id starts with `prefix`, at most [`ID_HEAD`] digits of it, by the head of their id.
    fn id_heads(&self, prefix: &str) -> Result<Vec<(u64, DocAddress)>, SearchError> {
        let Some(range) = id_range(prefix) else { return Ok(Vec::new()) };
        let field = self.index().fields.id_start;
        let start = |head: u64| Term::from_field_u64(field, id_start(head));
        let (first, last) = (start(*range.start()), start(*range.end()));
        let io_failed = |error: std::io::Error| {
            SearchError::Index(IndexError::from_io(&self.index().dir, &error))
        };
        let mut heads = Vec::new();
        for (segment, reader) in (0..).zip(self.engine().segment_readers()) {
            let inverted = reader.inverted_index(field).map_err(|error| self.failed(error))?;
            let terms = inverted.terms().range();
            let terms = terms.ge(first.serialized_value_bytes()).le(last.serialized_value_bytes());
            let mut terms = terms.into_stream().map_err(io_failed)?;
            let column = self.index().columns.of(reader, "id_head");
            let column = column.map_err(|error| self.failed(error))?;
            while let Some((_, info)) = terms.next() {
                let record = IndexRecordOption::Basic;
                let mut postings =
                    inverted.read_block_postings_from_terminfo(info, record).map_err(io_failed)?;
                // Hundreds of paragraphs have the same start, and their heads stand far from each other: asked for
                // together they are waited for together.
                while !postings.docs().is_empty() {
                    let mut block = vec![None; postings.docs().len()];
                    column.first_vals(postings.docs(), &mut block);
                    for (&doc, head) in postings.docs().iter().zip(block) {
                        let head = head.filter(|head| range.contains(head));
                        let living = head.filter(|_| !reader.is_deleted(doc));
                        heads.extend(living.map(|head| (head, DocAddress::new(segment, doc))));
                    }
                    postings.advance();
                }
            }
        }
        heads.sort_unstable();
        Ok(heads)
    }

    /// The paragraphs of the same article right before and after a hit.
    fn add_context(
        &self,
        hit: &mut Hit,
        address: DocAddress,
        context: usize,
    ) -> Result<(), SearchError> {
        if context == 0 {
            return Ok(());
        }
        let fields = &self.index().fields;
        let article = Term::from_field_u64(fields.article_key, self.key(address, "article_key")?);
        let ordinal = |at: usize| Bound::Included(Term::from_field_u64(fields.ordinal, at as u64));
        let range = RangeQuery::new(
            ordinal(hit.paragraph.saturating_sub(context)),
            ordinal(hit.paragraph + context),
        );
        let neighbours = BooleanQuery::intersection(vec![
            Box::new(TermQuery::new(article, IndexRecordOption::Basic)),
            Box::new(range),
        ]);
        let mut found = self.fetch_all(&neighbours)?;
        found.sort_by_key(|(neighbour, _)| neighbour.paragraph);
        for (neighbour, _) in found {
            match neighbour.paragraph.cmp(&hit.paragraph) {
                std::cmp::Ordering::Less => hit.before.push(neighbour.text),
                std::cmp::Ordering::Equal => {}
                std::cmp::Ordering::Greater => hit.after.push(neighbour.text),
            }
        }
        Ok(())
    }

    /// Fetches what a query finds, unscored and unmarked, with where it stands in the index.
    fn fetch_all(&self, query: &dyn Query) -> Result<Vec<(Hit, DocAddress)>, SearchError> {
        let collector = tantivy::collector::DocSetCollector;
        let found = self.engine().search(query, &collector).map_err(|error| self.failed(error))?;
        let mut addresses: Vec<DocAddress> = found.into_iter().collect();
        addresses.sort_unstable();
        let mut hits = Vec::new();
        for address in addresses {
            hits.extend(self.fetch(address)?.map(|hit| (hit, address)));
        }
        Ok(hits)
    }

    /// Fetches a paragraph, unscored and unmarked; `None` for the record of a file.
    fn fetch(&self, address: DocAddress) -> Result<Option<Hit>, SearchError> {
        let Some(stored) = self.index().paragraph(self.engine(), address)? else {
            return Ok(None);
        };
        self.shown(stored, Vec::new(), SearchRequest::default().snippet_chars).map(Some)
    }

    pub(super) fn key(
        &self,
        address: DocAddress,
        column: &'static str,
    ) -> Result<u64, SearchError> {
        Ok(self.index().number(self.engine(), address, column)?.unwrap_or(0))
    }

    pub(super) fn stored(&self, address: DocAddress) -> Result<StoredParagraph, SearchError> {
        let stored = self.index().paragraph(self.engine(), address)?;
        stored.ok_or_else(|| {
            let cause = "a file's record among the paragraphs found".to_owned();
            SearchError::Index(IndexError::Damaged { path: self.index().dir.clone(), cause })
        })
    }
}

/// The heads of all ids that start with `prefix`, at most [`ID_HEAD`] digits; `None` when it is no start of an id.
fn id_range(prefix: &str) -> Option<RangeInclusive<u64>> {
    if !prefix.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    let least = u64::from_str_radix(&format!("{prefix:0<ID_HEAD$}"), 16).ok()?;
    let greatest = u64::from_str_radix(&format!("{prefix:f<ID_HEAD$}"), 16).ok()?;
    Some(least..=greatest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(prefix: &str, expected: Option<(u64, u64)>) {
        let range = id_range(prefix);
        assert_eq!(range.map(|range| (*range.start(), *range.end())), expected);
    }

    #[test]
    fn a_start_of_an_id_stands_for_all_that_begin_with_it() {
        check("", Some((0, u64::MAX)));
        check("5f0c1d2", Some((0x5f0c_1d20_0000_0000, 0x5f0c_1d2f_ffff_ffff)));
        check("0123456789abcdef", Some((0x0123_4567_89ab_cdef, 0x0123_4567_89ab_cdef)));
    }

    #[test]
    fn what_is_no_number_starts_no_id() {
        check("+5f", None);
        check("网", None);
    }
}
