//! Numbers about an index: how much is in it, and how much of it is tagged and dated.

use crate::index::{FileRecord, PartialFile};
use crate::search::facet::{CountCollector, Counts};
use crate::search::request::{Bucket, BucketKey, Facet, FacetRequest, Unit};
use crate::search::{SearchError, Searcher};
use std::collections::BTreeMap;
use tantivy::query::TermQuery;
use tantivy::schema::IndexRecordOption;
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
    /// First and last day of any date, `yyyymmdd`.
    pub dates: Option<(u32, u32)>,
    /// Segments of the index.
    pub segments: usize,
    /// Bytes of the index on disk.
    pub bytes: u64,
    /// Remembered roots.
    pub roots: Vec<String>,
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
        let collector =
            CountCollector { facets, unit: Unit::Paragraph, inferred: true, clusters: None };
        let paragraph = Term::from_field_text(index.fields.doc, crate::index::DOC_PARAGRAPH);
        let query = TermQuery::new(paragraph, IndexRecordOption::Basic);
        let counts =
            self.engine().search(&query, &collector).map_err(|error| self.failed(error))?;
        let tagged = |at: usize, facet: Facet| counts.paragraphs - missing(&counts, at, facet);
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
        failed.sort();
        // A root inside another one meets the same.
        failed.dedup();
        Ok(Stats {
            files: records.iter().filter(|record| record.refused.is_none()).count() as u64,
            reports: sum(&|record| record.reports),
            reports_without_text: sum(&|record| record.parts.without_text),
            in_part,
            in_part_total,
            failed,
            articles: counts.articles.len() as u64,
            paragraphs: counts.paragraphs,
            kinds: buckets(&counts, 0, Facet::Kind)
                .into_iter()
                .filter_map(|bucket| match bucket.key {
                    BucketKey::Path(kind) => Some((kind, bucket.count)),
                    BucketKey::Own | BucketKey::Missing => None,
                })
                .collect(),
            encodings: encodings.into_iter().collect(),
            with_region: tagged(1, Facet::Region),
            with_measure: tagged(2, Facet::Measure),
            with_date: tagged(3, Facet::Year),
            dates: self.dates()?,
            segments: self.engine().segment_readers().len(),
            bytes: self.engine().space_usage().map_or(0, |usage| usage.total().get_bytes()),
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

fn buckets(counts: &Counts, at: usize, facet: Facet) -> Vec<Bucket> {
    let all = FacetRequest { facet, under: None, limit: usize::MAX };
    counts
        .facets
        .get(at)
        .map_or_else(Vec::new, |paths| paths.buckets(&all, Unit::Paragraph, 0).buckets)
}

fn missing(counts: &Counts, at: usize, facet: Facet) -> u64 {
    let missing =
        buckets(counts, at, facet).into_iter().find(|bucket| bucket.key == BucketKey::Missing);
    missing.map_or(0, |bucket| bucket.count)
}
