//! The best hits of a query, in an order that does not depend on where documents stand in the index.

use crate::index::NumberColumns;
use crate::model::ParagraphKind;
use crate::search::figures::SegmentFigures;
use crate::search::request::{FigureFilter, Sort};
use std::cmp::{self, Reverse};
use std::collections::BinaryHeap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::query::Weight;
use tantivy::{DocAddress, DocId, Score, SegmentReader};

/// A hit before it is fetched; the greater one ranks first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Ranked {
    pub(crate) score: Score,
    pub(crate) address: DocAddress,
    /// What comes before the score: the last day, or the bits of the largest figure, which rise with it; 0 where hits
    /// are sorted by score, and for undated ones, which so come last.
    first: u64,
    id_head: u64,
}

impl Eq for Ranked {}

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> cmp::Ordering {
        self.first
            .cmp(&other.first)
            .then(self.score.total_cmp(&other.score))
            .then(other.id_head.cmp(&self.id_head))
            .then(other.address.cmp(&self.address))
    }
}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// Collects the best `limit` hits, best first.
pub(crate) struct TopHits {
    pub(crate) limit: usize,
    pub(crate) sort: Sort,
    /// Which figures hits are sorted by.
    pub(crate) figure: Option<FigureFilter>,
    /// What the score of a heading, byline or caption is multiplied by: running text comes first.
    pub(crate) aside: Score,
    /// By ordinal of the segment.
    pub(crate) kinds: Arc<[SegmentKinds]>,
    pub(crate) columns: Arc<NumberColumns>,
    /// Bits of what a hit must score at least after the segments read so far; of scores, none of which is negative, they
    /// rise as they do. 0 to begin with.
    pub(crate) least: AtomicU32,
}

/// The kinds of the paragraphs of a segment. Opened once a searcher: the ordinals are looked up in a dictionary.
#[derive(Clone)]
pub(crate) struct SegmentKinds {
    column: Option<Column<u64>>,
    /// Ordinals of running text and table rows.
    running: Vec<u64>,
}

impl SegmentKinds {
    pub(crate) fn open(reader: &SegmentReader) -> tantivy::Result<Self> {
        let Some(kind) = reader.fast_fields().str("kind")? else {
            return Ok(Self { column: None, running: Vec::new() });
        };
        let mut running = Vec::new();
        for wanted in ParagraphKind::ALL.into_iter().filter(|kind| kind.is_running()) {
            running.extend(kind.dictionary().term_ord(wanted.as_str())?);
        }
        Ok(Self { column: Some(kind.ords().clone()), running })
    }

    fn is_aside(&self, doc: DocId) -> bool {
        let kind = self.column.as_ref().and_then(|kind| kind.first(doc));
        kind.is_some_and(|kind| !self.running.contains(&kind))
    }
}

impl Collector for TopHits {
    type Fruit = Vec<Ranked>;
    type Child = SegmentTopHits;

    fn for_segment(&self, segment: u32, reader: &SegmentReader) -> tantivy::Result<Self::Child> {
        let kinds = self.kinds.get(segment as usize).cloned();
        Ok(SegmentTopHits {
            segment,
            limit: self.limit,
            heap: BinaryHeap::new(),
            least: Score::from_bits(self.least.load(Ordering::Relaxed)),
            aside: self.aside,
            kinds: kinds.map_or_else(|| SegmentKinds::open(reader), Ok)?,
            id_head: self.columns.of(reader, "id_head")?,
            first: match (self.sort, &self.figure) {
                (Sort::Date, _) => First::Date(self.columns.of(reader, "date_to")?),
                (Sort::Figure, Some(figure)) => SegmentFigures::open(figure, reader)?
                    .map_or(First::Score, |figures| First::Figure(Box::new(figures))),
                (Sort::Figure, None) | (Sort::Score, _) => First::Score,
            },
        })
    }

    fn collect_segment(
        &self,
        weight: &dyn Weight,
        segment: u32,
        reader: &SegmentReader,
    ) -> tantivy::Result<Vec<Ranked>> {
        let mut best = self.for_segment(segment, reader)?;
        let alive = reader.alive_bitset();
        weight.for_each_pruning(best.threshold(), reader, &mut |doc, score| {
            if alive.is_none_or(|alive| alive.is_alive(doc)) {
                best.collect(doc, score);
            }
            best.threshold()
        })?;
        self.least.fetch_max(best.least.to_bits(), Ordering::Relaxed);
        Ok(best.harvest())
    }

    fn requires_scoring(&self) -> bool {
        true
    }

    fn merge_fruits(&self, fruits: Vec<Vec<Ranked>>) -> tantivy::Result<Vec<Ranked>> {
        let mut all: Vec<Ranked> = fruits.into_iter().flatten().collect();
        all.sort_unstable_by(|a, b| b.cmp(a));
        all.truncate(self.limit);
        Ok(all)
    }
}

/// What decides the order before the score does.
enum First {
    Score,
    Date(Column<u64>),
    Figure(Box<SegmentFigures>),
}

impl First {
    fn of(&self, doc: DocId) -> u64 {
        match self {
            Self::Score => 0,
            Self::Date(date) => date.first(doc).unwrap_or(0),
            Self::Figure(figures) => figures.largest(doc).map_or(0, f64::to_bits),
        }
    }
}

/// The part of [`TopHits`] in one segment.
pub(crate) struct SegmentTopHits {
    segment: u32,
    limit: usize,
    heap: BinaryHeap<Reverse<Ranked>>,
    /// What a hit must score at least to be among the best so far.
    least: Score,
    aside: Score,
    kinds: SegmentKinds,
    id_head: Column<u64>,
    first: First,
}

impl SegmentTopHits {
    /// A hit that does not score more is not among the best so far. One that scores as much as the worst of these may be.
    fn threshold(&self) -> Score {
        (self.least / self.aside.max(1.0)).next_down().next_down()
    }
}

impl SegmentCollector for SegmentTopHits {
    type Fruit = Vec<Ranked>;

    fn collect(&mut self, doc: DocId, score: Score) {
        // Most hits are told apart from the best by their score, before a column is read.
        if score * self.aside.max(1.0) < self.least {
            return;
        }
        let score = if self.kinds.is_aside(doc) { score * self.aside } else { score };
        if score < self.least {
            return;
        }
        let ranked = Ranked {
            score,
            address: DocAddress::new(self.segment, doc),
            first: self.first.of(doc),
            id_head: self.id_head.first(doc).unwrap_or(0),
        };
        if self.heap.len() < self.limit {
            self.heap.push(Reverse(ranked));
        } else if let Some(mut worst) = self.heap.peek_mut()
            && ranked > worst.0
        {
            *worst = Reverse(ranked);
        }
        if matches!(self.first, First::Score)
            && self.heap.len() >= self.limit
            && let Some(Reverse(worst)) = self.heap.peek()
        {
            self.least = worst.score;
        }
    }

    fn harvest(self) -> Vec<Ranked> {
        self.heap.into_iter().map(|Reverse(ranked)| ranked).collect()
    }
}

/// Distinct values of a column over all hits, for `--within article` and counts of articles and reports.
pub(crate) struct DistinctKeys {
    pub(crate) column: &'static str,
}

impl Collector for DistinctKeys {
    type Fruit = std::collections::HashSet<u64>;
    type Child = SegmentDistinctKeys;

    fn for_segment(&self, _segment: u32, reader: &SegmentReader) -> tantivy::Result<Self::Child> {
        Ok(SegmentDistinctKeys {
            column: Arc::new(reader.fast_fields().u64(self.column)?),
            keys: Self::Fruit::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, fruits: Vec<Self::Fruit>) -> tantivy::Result<Self::Fruit> {
        Ok(fruits.into_iter().flatten().collect())
    }
}

/// The part of [`DistinctKeys`] in one segment.
pub(crate) struct SegmentDistinctKeys {
    column: Arc<Column<u64>>,
    keys: std::collections::HashSet<u64>,
}

impl SegmentCollector for SegmentDistinctKeys {
    type Fruit = std::collections::HashSet<u64>;

    fn collect(&mut self, doc: DocId, _score: Score) {
        self.keys.extend(self.column.first(doc));
    }

    fn harvest(self) -> Self::Fruit {
        self.keys
    }
}
