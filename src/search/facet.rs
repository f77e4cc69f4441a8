//! Counts by path: every hit adds one to each distinct path among its tags and all above them.
//!
//! Tags are columns of ordinals. A segment turns an ordinal into its nodes (the path and its ancestors) the first time
//! it meets it, so a hit costs a few array accesses and the dictionary is read only for what occurs. Counts never come
//! from document frequencies, which count deleted documents.

use crate::reprints::Clusters;
use crate::search::request::{Bucket, BucketKey, Facet, FacetCounts, FacetRequest, Unit};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocId, Score, SegmentReader};

/// Counts hits, and hits by the paths of facets.
#[derive(Debug, Clone)]
pub(crate) struct CountCollector {
    /// Facets to count.
    pub(crate) facets: Vec<Facet>,
    /// What a count is of.
    pub(crate) unit: Unit,
    /// Whether inferred tags count.
    pub(crate) inferred: bool,
    /// By what clusters of reprints are counted, if they are.
    pub(crate) clusters: Option<Arc<Clusters>>,
}

/// What [`CountCollector`] found.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counts {
    /// Paragraphs.
    pub(crate) paragraphs: u64,
    /// Articles.
    pub(crate) articles: HashSet<u64>,
    /// Reports.
    pub(crate) reports: HashSet<u64>,
    /// Clusters of reprints, if they are counted.
    pub(crate) clusters: HashSet<u64>,
    /// By facet, in the order asked.
    pub(crate) facets: Vec<PathCounts>,
}

impl Counts {
    /// The total in the unit asked for.
    pub(crate) fn total(&self, unit: Unit) -> u64 {
        match unit {
            Unit::Paragraph => self.paragraphs,
            Unit::Article => self.articles.len() as u64,
            Unit::Report => self.reports.len() as u64,
            Unit::Cluster => self.clusters.len() as u64,
        }
    }
}

/// Counts of one facet by path.
#[derive(Debug, Clone, Default)]
pub(crate) struct PathCounts {
    paths: HashMap<String, NodeCount>,
    missing: Tally,
}

/// How often a path was met.
#[derive(Debug, Clone, Default)]
struct NodeCount {
    /// The path or anything below it.
    within: Tally,
    /// The path itself.
    own: Tally,
}

/// A number of paragraphs, or the distinct articles, reports or clusters they belong to.
#[derive(Debug, Clone, Default)]
struct Tally {
    paragraphs: u64,
    keys: HashSet<u64>,
}

impl Tally {
    fn add(&mut self, key: Option<u64>) {
        self.paragraphs += 1;
        self.keys.extend(key);
    }

    fn merge(&mut self, other: Self) {
        self.paragraphs += other.paragraphs;
        self.keys.extend(other.keys);
    }

    fn count(&self, unit: Unit) -> u64 {
        match unit {
            Unit::Paragraph => self.paragraphs,
            Unit::Article | Unit::Report | Unit::Cluster => self.keys.len() as u64,
        }
    }
}

impl PathCounts {
    fn merge(&mut self, other: Self) {
        self.missing.merge(other.missing);
        for (path, count) in other.paths {
            let known = self.paths.entry(path).or_default();
            known.within.merge(count.within);
            known.own.merge(count.own);
        }
    }

    /// The answer to a request: direct children of `under`, its own count and, at the top, what has no tag.
    pub(crate) fn buckets(&self, request: &FacetRequest, unit: Unit, total: u64) -> FacetCounts {
        let flat = !matches!(request.facet, Facet::Region | Facet::Measure);
        let is_child = |path: &str| match &request.under {
            _ if flat => true,
            None => !path.contains('/'),
            Some(under) => path
                .strip_prefix(under.as_str())
                .and_then(|rest| rest.strip_prefix('/'))
                .is_some_and(|name| !name.contains('/')),
        };
        let mut children: Vec<Bucket> = self
            .paths
            .iter()
            .filter(|(path, _)| is_child(path))
            .map(|(path, count)| Bucket {
                key: BucketKey::Path(path.clone()),
                count: count.within.count(unit),
            })
            .collect();
        if request.facet == Facet::Year {
            children.sort_unstable_by(|a, b| b.key.cmp(&a.key));
        } else {
            children.sort_unstable_by(|a, b| b.count.cmp(&a.count).then_with(|| a.key.cmp(&b.key)));
        }
        let other = children.len().saturating_sub(request.limit);
        children.truncate(request.limit);
        let last = match &request.under {
            Some(under) => {
                let own = self.paths.get(under).map_or(0, |count| count.own.count(unit));
                Bucket { key: BucketKey::Own, count: own }
            }
            None => Bucket { key: BucketKey::Missing, count: self.missing.count(unit) },
        };
        if last.count > 0 {
            children.push(last);
        }
        FacetCounts {
            facet: request.facet,
            under: request.under.clone(),
            total,
            other,
            buckets: children,
        }
    }
}

impl Collector for CountCollector {
    type Fruit = Counts;
    type Child = SegmentCounts;

    fn for_segment(&self, _segment: u32, reader: &SegmentReader) -> tantivy::Result<SegmentCounts> {
        let columns = reader.fast_fields();
        let facets =
            self.facets.iter().map(|&facet| SegmentFacet::open(facet, self.inferred, reader));
        Ok(SegmentCounts {
            unit: self.unit,
            counts: Counts::default(),
            article_key: columns.u64("article_key")?,
            report_key: columns.u64("report_key")?,
            clusters: match &self.clusters {
                Some(clusters) => Some((columns.u64("reprint")?, Arc::clone(clusters))),
                None => None,
            },
            facets: facets.collect::<tantivy::Result<_>>()?,
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, fruits: Vec<Counts>) -> tantivy::Result<Counts> {
        let mut all =
            Counts { facets: vec![PathCounts::default(); self.facets.len()], ..Counts::default() };
        for fruit in fruits {
            all.paragraphs += fruit.paragraphs;
            all.articles.extend(fruit.articles);
            all.reports.extend(fruit.reports);
            all.clusters.extend(fruit.clusters);
            for (facet, counts) in all.facets.iter_mut().zip(fruit.facets) {
                facet.merge(counts);
            }
        }
        Ok(all)
    }
}

/// The part of [`CountCollector`] in one segment.
pub(crate) struct SegmentCounts {
    unit: Unit,
    counts: Counts,
    article_key: Column<u64>,
    report_key: Column<u64>,
    clusters: Option<(Column<u64>, Arc<Clusters>)>,
    facets: Vec<SegmentFacet>,
}

impl SegmentCollector for SegmentCounts {
    type Fruit = Counts;

    fn collect(&mut self, doc: DocId, _score: Score) {
        let article = self.article_key.first(doc);
        let report = self.report_key.first(doc);
        self.counts.paragraphs += 1;
        self.counts.articles.extend(article);
        self.counts.reports.extend(report);
        let cluster = self
            .clusters
            .as_ref()
            .and_then(|(column, clusters)| column.first(doc).map(|key| clusters.of(key)));
        self.counts.clusters.extend(cluster);
        let key = match self.unit {
            Unit::Paragraph => None,
            Unit::Article => article,
            Unit::Report => report,
            Unit::Cluster => cluster,
        };
        for facet in &mut self.facets {
            facet.collect(doc, key);
        }
    }

    fn harvest(mut self) -> Counts {
        self.counts.facets = self.facets.into_iter().map(SegmentFacet::harvest).collect();
        self.counts
    }
}

/// Index of a path in [`Nodes`].
type Node = usize;

/// The paths met in a segment, with their counts.
#[derive(Default)]
struct Nodes {
    by_path: HashMap<String, Node>,
    paths: Vec<String>,
    counts: Vec<NodeCount>,
    /// The last document that counted within the node, plus one: a document counts once however many tags lead here.
    last: Vec<u32>,
}

impl Nodes {
    fn of(&mut self, path: &str) -> Node {
        if let Some(&node) = self.by_path.get(path) {
            return node;
        }
        let node = self.paths.len();
        self.by_path.insert(path.to_owned(), node);
        self.paths.push(path.to_owned());
        self.counts.push(NodeCount::default());
        self.last.push(0);
        node
    }

    fn add_within(&mut self, node: Node, doc: DocId, key: Option<u64>) {
        if let (Some(last), Some(count)) = (self.last.get_mut(node), self.counts.get_mut(node))
            && *last != doc + 1
        {
            *last = doc + 1;
            count.within.add(key);
        }
    }

    fn add_own(&mut self, node: Node, key: Option<u64>) {
        if let Some(count) = self.counts.get_mut(node) {
            count.own.add(key);
        }
    }
}

/// One column of tags: nodes of an ordinal, the path itself last.
struct TagColumn {
    column: StrColumn,
    nodes_of: Vec<Option<Box<[Node]>>>,
}

impl TagColumn {
    fn open(reader: &SegmentReader, name: &str) -> tantivy::Result<Option<Self>> {
        let column = reader.fast_fields().str(name)?;
        Ok(column.map(|column| {
            let terms = column.num_terms();
            Self { column, nodes_of: vec![None; terms] }
        }))
    }
}

/// Where the values of a facet stand.
enum Values {
    /// Paths in columns of ordinals; `tree` when a value counts for its ancestors too.
    Tags { columns: Vec<TagColumn>, tree: bool },
    /// First and last day.
    Dates { from: Column<u64>, to: Column<u64> },
}

/// Counts of one facet in one segment.
struct SegmentFacet {
    values: Values,
    nodes: Nodes,
    missing: Tally,
}

impl SegmentFacet {
    fn open(facet: Facet, inferred: bool, reader: &SegmentReader) -> tantivy::Result<Self> {
        let tags = |names: &[&str], tree| {
            let mut columns = Vec::new();
            for name in names {
                columns.extend(TagColumn::open(reader, name)?);
            }
            Ok::<_, tantivy::TantivyError>(Values::Tags { columns, tree })
        };
        let values = match (facet, inferred) {
            (Facet::Region, true) => tags(&["region", "region_inferred"], true)?,
            (Facet::Region, false) => tags(&["region"], true)?,
            (Facet::Measure, true) => tags(&["measure", "measure_inferred"], true)?,
            (Facet::Measure, false) => tags(&["measure"], true)?,
            (Facet::Source, _) => tags(&["source"], false)?,
            (Facet::Kind, _) => tags(&["kind"], false)?,
            (Facet::Year, _) => {
                let columns = reader.fast_fields();
                Values::Dates { from: columns.u64("date_from")?, to: columns.u64("date_to")? }
            }
        };
        Ok(Self { values, nodes: Nodes::default(), missing: Tally::default() })
    }

    fn collect(&mut self, doc: DocId, key: Option<u64>) {
        let found = match &mut self.values {
            Values::Tags { columns, tree } => {
                let mut found = false;
                for column in columns {
                    let TagColumn { column, nodes_of } = column;
                    for ordinal in column.term_ords(doc) {
                        found = true;
                        let Some(slot) =
                            usize::try_from(ordinal).ok().and_then(|at| nodes_of.get_mut(at))
                        else {
                            continue;
                        };
                        let nodes = slot.get_or_insert_with(|| {
                            nodes_of_value(column, ordinal, *tree, &mut self.nodes)
                        });
                        for &node in nodes.iter() {
                            self.nodes.add_within(node, doc, key);
                        }
                        if let Some(&own) = nodes.last() {
                            self.nodes.add_own(own, key);
                        }
                    }
                }
                found
            }
            Values::Dates { from, to } => match (from.first(doc), to.first(doc)) {
                (Some(from), Some(to)) => {
                    for year in from / 10_000..=to / 10_000 {
                        let node = self.nodes.of(&year.to_string());
                        self.nodes.add_within(node, doc, key);
                        self.nodes.add_own(node, key);
                    }
                    true
                }
                _ => false,
            },
        };
        if !found {
            self.missing.add(key);
        }
    }

    fn harvest(self) -> PathCounts {
        PathCounts {
            paths: self.nodes.paths.into_iter().zip(self.nodes.counts).collect(),
            missing: self.missing,
        }
    }
}

/// The nodes of a value: every path above it, if it is one of a tree, then the value itself.
fn nodes_of_value(column: &StrColumn, ordinal: u64, tree: bool, nodes: &mut Nodes) -> Box<[Node]> {
    let mut value = String::new();
    // An ordinal of the column always has its term; if a damaged file has none, it counts for nothing.
    if !column.ord_to_str(ordinal, &mut value).unwrap_or(false) {
        return Box::default();
    }
    let ancestors = value.match_indices('/').filter(|_| tree).filter_map(|(at, _)| value.get(..at));
    ancestors.chain(std::iter::once(value.as_str())).map(|path| nodes.of(path)).collect()
}
