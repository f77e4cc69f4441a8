//! Numbers about an index: how much is in it, and how much of it is tagged and dated.

use crate::index::{FileRecord, PartialFile};
use crate::search::facet::{CountCollector, Counts};
use crate::search::request::{Bucket, BucketKey, Facet, FacetRequest, Unit};
use crate::search::{SearchError, Searcher};
use std::collections::BTreeMap;
use tantivy::query::TermQuery;
use tantivy::schema::IndexRecordOption;
use tantivy::space_usage::{PerFieldSpaceUsage, SearcherSpaceUsage, SegmentSpaceUsage};
use tantivy::{Term, index::SegmentReader};

/// Numbers about an index.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize)]
pub struct Stats {
    /// Files known.
    pub files: u64,
    /// Reports in them: files, members of archives and records that were read.
    pub reports: u64,
    /// Reports among them without a paragraph.
    pub reports_without_text: u64,
    /// Files, members and records that were read in part: of each file the first of them.
    pub in_part: Vec<PartialFile>,
    /// How many of them there are.
    pub in_part_total: u64,
    /// Files, members and records that could not be read, as the last run met them: path, cause in English, code.
    pub failed: Vec<(String, String, String)>,
    /// Articles in them.
    pub articles: u64,
    /// Paragraphs in them.
    pub paragraphs: u64,
    /// Paragraphs by kind.
    pub kinds: Vec<(String, u64)>,
    /// Files by encoding.
    pub encodings: Vec<(String, u64)>,
    /// Paragraphs with a region tag.
    pub with_region: u64,
    /// Paragraphs with a measure tag.
    pub with_measure: u64,
    /// Paragraphs with a date.
    pub with_date: u64,
    /// Corrections of tags by hand.
    pub overrides: u64,
    /// Paragraphs they were attached to.
    pub overridden: u64,
    /// First and last day of any date, `yyyymmdd`.
    pub dates: Option<(u32, u32)>,
    /// Segments of the index.
    pub segments: usize,
    /// Bytes of the index on disk.
    pub bytes: u64,
    /// What takes them, largest first.
    pub parts: Vec<Part>,
    /// Remembered roots.
    pub roots: Vec<String>,
}

/// A part of an index and the bytes it takes.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Part {
    /// `store`, `terms`, `postings`, `positions`, `columns`, `lengths` or `deletes`.
    pub part: &'static str,
    /// Bytes on disk.
    pub bytes: u64,
    /// The fields that take them, largest first; none where a part is not kept by field.
    pub fields: Vec<(String, u64)>,
}

/// The file of a record that is told by its line, and the line: line 9 stands before line 10.
fn in_file(path: &str) -> (&str, usize) {
    let line = path.rsplit_once("#line ").and_then(|(file, line)| Some((file, line.parse().ok()?)));
    line.unwrap_or((path, 0))
}

impl Searcher {
    /// Numbers about the index.
    pub fn stats(&self) -> Result<Stats, SearchError> {
        let index = self.index();
        let records = index.file_records()?;
        let mut encodings: BTreeMap<String, u64> = BTreeMap::new();
        for encoding in records.iter().filter_map(|record| record.encoding.as_ref()) {
            *encodings.entry(encoding.encoding.clone()).or_insert(0) += 1;
        }
        let facets = vec![Facet::Kind, Facet::Region, Facet::Measure, Facet::Year];
        let (unit, clusters, known) = (Unit::Paragraph, None, self.known().clone());
        let collector = CountCollector { facets, unit, inferred: true, clusters, known };
        let paragraph = Term::from_field_text(index.fields.doc, crate::index::DOC_PARAGRAPH);
        let query = TermQuery::new(paragraph, IndexRecordOption::Basic);
        let counts =
            self.engine().search(&query, &collector).map_err(|error| self.failed(error))?;
        let tagged = |facet: Facet| counts.paragraphs - missing(&counts, facet);
        let sum = |count: &dyn Fn(&FileRecord) -> usize| -> u64 {
            records.iter().map(|record| count(record) as u64).sum()
        };
        let (mut in_part, mut in_part_total) = (Vec::new(), 0);
        for (total, files) in records.iter().map(FileRecord::partial) {
            in_part_total += total;
            in_part.extend(files);
        }
        in_part.sort_by(|a, b| a.order().cmp(&b.order()));
        let mut failed: Vec<_> = records.iter().flat_map(FileRecord::failed).collect();
        failed.extend(index.payload.roots.iter().flat_map(|root| root.problems.clone()));
        failed.sort_by(|a, b| in_file(&a.0).cmp(&in_file(&b.0)).then_with(|| a.cmp(b)));
        // A root inside another one meets the same.
        failed.dedup();
        let usage = self.engine().space_usage().map_err(|error| self.failed(error.into()))?;
        Ok(Stats {
            files: records.iter().filter(|record| record.refused.is_none()).count() as u64,
            reports: sum(&|record| record.reports),
            reports_without_text: sum(&|record| record.parts.without_text),
            in_part,
            in_part_total,
            failed,
            articles: counts.articles.len(),
            paragraphs: counts.paragraphs,
            kinds: buckets(&counts, Facet::Kind)
                .into_iter()
                .filter_map(|bucket| match bucket.key {
                    BucketKey::Path(kind) => Some((kind, bucket.count)),
                    BucketKey::Own | BucketKey::Missing => None,
                })
                .collect(),
            encodings: encodings.into_iter().collect(),
            with_region: tagged(Facet::Region),
            with_measure: tagged(Facet::Measure),
            with_date: tagged(Facet::Year),
            overrides: self.vocabulary().overrides.all().len() as u64,
            overridden: sum(&|record| record.corrected.attached.len()),
            dates: self.dates()?,
            segments: self.engine().segment_readers().len(),
            bytes: usage.total().get_bytes(),
            parts: parts(&usage),
            roots: index.payload.roots.iter().map(|root| root.path.clone()).collect(),
        })
    }

    /// The first and last day over all segments.
    fn dates(&self) -> Result<Option<(u32, u32)>, SearchError> {
        let mut days: Option<(u64, u64)> = None;
        for reader in self.engine().segment_readers() {
            let (Some((first, _)), Some((_, last))) =
                (self.bounds(reader, "date_from")?, self.bounds(reader, "date_to")?)
            else {
                continue;
            };
            days = Some(days.map_or((first, last), |(from, to)| (from.min(first), to.max(last))));
        }
        let day = |day: u64| u32::try_from(day).unwrap_or(0);
        Ok(days.map(|(from, to)| (day(from), day(to))))
    }

    /// Least and greatest value of a column among living documents, `None` without any.
    fn bounds(
        &self,
        reader: &SegmentReader,
        column: &str,
    ) -> Result<Option<(u64, u64)>, SearchError> {
        let column = reader.fast_fields().u64(column).map_err(|error| self.failed(error))?;
        let values = reader.doc_ids_alive().filter_map(|doc| column.first(doc));
        Ok(values.fold(None, |known, value| {
            Some(known.map_or((value, value), |(least, greatest): (u64, u64)| {
                (least.min(value), greatest.max(value))
            }))
        }))
    }
}

/// The bytes of all segments by part and field.
fn parts(usage: &SearcherSpaceUsage) -> Vec<Part> {
    let of_fields = |part, of: fn(&SegmentSpaceUsage) -> &PerFieldSpaceUsage| {
        let mut fields: BTreeMap<String, u64> = BTreeMap::new();
        let mut bytes = 0;
        for segment in usage.segments() {
            bytes += of(segment).total().get_bytes();
            for field in of(segment).fields() {
                *fields.entry(field.field_name().to_owned()).or_insert(0) +=
                    field.total().get_bytes();
            }
        }
        let mut fields: Vec<(String, u64)> = fields.into_iter().collect();
        fields.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        Part { part, bytes, fields }
    };
    let whole = |part, of: fn(&SegmentSpaceUsage) -> u64| {
        let bytes = usage.segments().iter().map(of).sum();
        Part { part, bytes, fields: Vec::new() }
    };
    let mut parts = vec![
        whole("store", |segment| segment.store().total().get_bytes()),
        of_fields("terms", SegmentSpaceUsage::termdict),
        of_fields("postings", SegmentSpaceUsage::postings),
        of_fields("positions", SegmentSpaceUsage::positions),
        of_fields("columns", SegmentSpaceUsage::fast_fields),
        of_fields("lengths", SegmentSpaceUsage::fieldnorms),
        whole("deletes", |segment| segment.deletes().get_bytes()),
    ];
    parts.sort_by_key(|part| std::cmp::Reverse(part.bytes));
    parts
}

fn buckets(counts: &Counts, facet: Facet) -> Vec<Bucket> {
    let all = FacetRequest { facet, under: None, limit: usize::MAX };
    counts.buckets(&all, Unit::Paragraph).map_or_else(Vec::new, |answer| answer.buckets)
}

fn missing(counts: &Counts, facet: Facet) -> u64 {
    let missing =
        buckets(counts, facet).into_iter().find(|bucket| bucket.key == BucketKey::Missing);
    missing.map_or(0, |bucket| bucket.count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_stand_in_the_order_of_their_lines() {
        let sorted = ["a.jsonl", "a.jsonl#line 2", "a.jsonl#line 10", "a.jsonl#line x", "b.txt"];
        assert!(sorted.is_sorted_by_key(|path| in_file(path)));
    }
}
