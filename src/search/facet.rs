//! Counts by path: every hit adds one to each distinct path among its tags and all above them.
//!
//! Each paragraph has one set of values in a facet, and a segment counts how often it meets which set. Sets are numbered as
//! they are met and remembered by document, so columns are read the first time only ([`SegmentSets`]). When a segment is done,
//! the sets that occurred are turned into nodes (the paths and all above them), by [`FacetPaths`], which all queries of a
//! searcher share. Counts never come from document frequencies, which count deleted documents.

use crate::index::NumberColumns;
use crate::reprints::Clusters;
use crate::search::articles::{Articles, KeyHasher, Numbers, Pages, SegmentArticles, UNKNOWN};
use crate::search::request::{Bucket, BucketKey, Facet, FacetCounts, FacetRequest, Unit};
use std::collections::{HashMap, HashSet};
use std::hash::BuildHasherDefault;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::index::SegmentId;
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
    /// What is known of the index that is searched.
    pub(super) known: Known,
}

/// What all queries of a searcher share.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    pub(super) columns: Arc<NumberColumns>,
    articles: Arc<Articles>,
    paths: Arc<FacetPaths>,
}

impl Known {
    pub(super) fn new(columns: Arc<NumberColumns>) -> Self {
        Self { columns, ..Self::default() }
    }
}

/// Keys of reports or clusters, or numbers of articles.
pub(crate) type Keys = HashSet<u64, BuildHasherDefault<KeyHasher>>;

/// What [`CountCollector`] found.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counts {
    /// Paragraphs.
    pub(crate) paragraphs: u64,
    pub(crate) articles: Numbers,
    pub(crate) reports: Numbers,
    /// Clusters of reprints, if they are counted.
    pub(crate) clusters: Keys,
    /// By facet, in the order asked.
    facets: Vec<(Facet, PathCounts)>,
    paths: Arc<FacetPaths>,
}

impl Counts {
    /// The total in the unit asked for.
    pub(crate) fn total(&self, unit: Unit) -> u64 {
        match unit {
            Unit::Paragraph => self.paragraphs,
            Unit::Article => self.articles.len(),
            Unit::Report => self.reports.len(),
            Unit::Cluster => self.clusters.len() as u64,
        }
    }

    /// The answer to a request, `None` when its facet was not counted: direct children of its path, what the path has
    /// itself and, at the top, what has no tag.
    pub(crate) fn buckets(&self, request: &FacetRequest, unit: Unit) -> Option<FacetCounts> {
        let (_, counts) = self.facets.iter().find(|(facet, _)| *facet == request.facet)?;
        let answer = |paths: &mut Paths| counts.buckets(request, unit, self.total(unit), paths);
        Some(self.paths.with(request.facet, answer))
    }
}

/// Distinct keys of what comes mostly in runs: the paragraphs of an article follow each other.
#[derive(Debug, Clone, Default)]
struct Distinct {
    keys: Keys,
    last: Option<u64>,
}

impl Distinct {
    fn add(&mut self, key: Option<u64>) {
        if key != self.last {
            self.keys.extend(key);
            self.last = key;
        }
    }
}

/// A number of paragraphs, and the distinct articles, reports or clusters they belong to where these are counted.
#[derive(Debug, Clone, Default)]
struct Tally {
    paragraphs: u64,
    distinct: Distinct,
}

impl Tally {
    fn count(&self, unit: Unit) -> u64 {
        match unit {
            Unit::Paragraph => self.paragraphs,
            Unit::Article | Unit::Report | Unit::Cluster => self.distinct.keys.len() as u64,
        }
    }
}

/// Ordinal of a path in [`Paths`].
type Node = u32;

/// The paths that stand in the columns of one state of an index, learned as they are met.
#[derive(Debug, Default)]
pub(crate) struct FacetPaths {
    by_facet: Mutex<HashMap<Facet, Paths>>,
}

impl FacetPaths {
    /// Runs `each` on the paths of a facet.
    fn with<T>(&self, facet: Facet, each: impl FnOnce(&mut Paths) -> T) -> T {
        // Paths are only ever added, each in one step, so a panic elsewhere leaves them whole.
        let mut by_facet = self.by_facet.lock().unwrap_or_else(PoisonError::into_inner);
        each(by_facet.entry(facet).or_default())
    }
}

/// The paths of one facet, each with the one above it.
#[derive(Debug, Default)]
struct Paths {
    paths: Vec<String>,
    parents: Vec<Option<Node>>,
    by_path: HashMap<String, Node>,
    /// Of each column of a segment, the nodes of its ordinals as far as they are known.
    ordinals: HashMap<(SegmentId, &'static str), Vec<Option<Node>>>,
    /// Of each segment, with inferred tags and without.
    sets: HashMap<(SegmentId, bool), KnownSets>,
}

/// What is known of the sets of a segment.
#[derive(Debug)]
struct KnownSets {
    sets: Arc<SegmentSets>,
    /// By number of a set, as far as they are known.
    nodes: Vec<Option<SetNodes>>,
}

/// The nodes of a set of values.
#[derive(Debug)]
struct SetNodes {
    own: Box<[Node]>,
    /// With all above them.
    within: Box<[Node]>,
}

impl Paths {
    fn node(&mut self, path: &str, tree: bool) -> Node {
        if let Some(&node) = self.by_path.get(path) {
            return node;
        }
        let above = path.rsplit_once('/').filter(|_| tree);
        let parent = above.map(|(above, _)| self.node(above, tree));
        let node = Node::try_from(self.paths.len()).unwrap_or(Node::MAX);
        self.paths.push(path.to_owned());
        self.parents.push(parent);
        self.by_path.insert(path.to_owned(), node);
        node
    }

    /// Reads the terms of sorted ordinals of a column that are not known yet. What a damaged file does not give counts
    /// for nothing.
    fn learn(&mut self, segment: SegmentId, column: &TagColumn, ordinals: &[u64], tree: bool) {
        let key = (segment, column.name);
        let mut nodes = self.ordinals.remove(&key).unwrap_or_default();
        nodes.resize(column.strings.num_terms().max(nodes.len()), None);
        let is_new = |&&ordinal: &&u64| matches!(nodes.get(place(ordinal)), Some(None));
        let new: Vec<u64> = ordinals.iter().filter(is_new).copied().collect();
        let mut rest = new.iter();
        let read = column.strings.dictionary().sorted_ords_to_term_cb(&new, |term| {
            let slot = rest.next().and_then(|&ordinal| nodes.get_mut(place(ordinal)));
            if let (Some(slot), Ok(path)) = (slot, std::str::from_utf8(term)) {
                *slot = Some(self.node(path, tree));
            }
        });
        debug_assert!(matches!(read, Ok(true)), "ordinals of {} without terms", column.name);
        self.ordinals.insert(key, nodes);
    }

    fn sets_of(&mut self, segment: SegmentId, inferred: bool, documents: u32) -> &KnownSets {
        let new = || KnownSets { sets: Arc::new(SegmentSets::new(documents)), nodes: Vec::new() };
        self.sets.entry((segment, inferred)).or_insert_with(new)
    }

    fn node_of(&self, segment: SegmentId, column: &TagColumn, ordinal: u64) -> Option<Node> {
        *self.ordinals.get(&(segment, column.name))?.get(place(ordinal))?
    }

    /// A node and all above it.
    fn upwards(&self, node: Node) -> impl Iterator<Item = Node> {
        std::iter::successors(Some(node), |&node| *self.parents.get(node as usize)?)
    }
}

/// An ordinal as a place in an array.
fn place(ordinal: u64) -> usize {
    usize::try_from(ordinal).unwrap_or(usize::MAX)
}

/// Counts of one facet by node of its [`Paths`].
#[derive(Debug, Clone, Default)]
struct PathCounts {
    /// Paragraphs of the path or anything below it.
    within: Vec<u64>,
    /// Paragraphs of the path itself.
    own: Vec<u64>,
    /// The same as articles or reports, where these are counted.
    keys: HashMap<Node, [Keys; 2]>,
    missing: Tally,
}

impl PathCounts {
    fn add(&mut self, nodes: &[Node], own: bool, tally: &Tally) {
        for &node in nodes {
            let sums = if own { &mut self.own } else { &mut self.within };
            let at = node as usize;
            if sums.len() <= at {
                sums.resize(at + 1, 0);
            }
            if let Some(sum) = sums.get_mut(at) {
                *sum += tally.paragraphs;
            }
            if !tally.distinct.keys.is_empty() {
                let [within, itself] = self.keys.entry(node).or_default();
                let keys = if own { itself } else { within };
                keys.extend(&tally.distinct.keys);
            }
        }
    }

    fn merge(&mut self, other: Self) {
        self.missing.paragraphs += other.missing.paragraphs;
        self.missing.distinct.keys.extend(other.missing.distinct.keys);
        for (sums, others) in [(&mut self.within, other.within), (&mut self.own, other.own)] {
            if sums.len() < others.len() {
                sums.resize(others.len(), 0);
            }
            sums.iter_mut().zip(others).for_each(|(sum, other)| *sum += other);
        }
        for (node, [within, own]) in other.keys {
            let known = self.keys.entry(node).or_default();
            known[0].extend(within);
            known[1].extend(own);
        }
    }

    /// How often a path was met, itself or with what is below it.
    fn count(&self, node: Node, own: bool, unit: Unit) -> u64 {
        match unit {
            Unit::Paragraph => {
                let sums = if own { &self.own } else { &self.within };
                sums.get(node as usize).copied().unwrap_or(0)
            }
            Unit::Article | Unit::Report | Unit::Cluster => {
                self.keys.get(&node).map_or(0, |keys| keys[usize::from(own)].len() as u64)
            }
        }
    }

    fn buckets(
        &self,
        request: &FacetRequest,
        unit: Unit,
        total: u64,
        paths: &Paths,
    ) -> FacetCounts {
        let under = request.under.as_ref().map(|under| paths.by_path.get(under).copied());
        // What has no tree has all its values at the top.
        let parent = if is_tree(request.facet) { under } else { None };
        let is_child = |above: Option<Node>| match parent {
            None => above.is_none(),
            Some(under) => above.is_some() && above == under,
        };
        let nodes = (0..).zip(&paths.parents).filter(|(_, above)| is_child(**above));
        let counts = nodes.map(|(node, _)| (node, self.count(node, false, unit)));
        let mut children: Vec<Bucket> = counts
            .filter(|&(_, count)| count > 0)
            .filter_map(|(node, count)| {
                let path = paths.paths.get(node as usize)?.clone();
                Some(Bucket { key: BucketKey::Path(path), count })
            })
            .collect();
        if request.facet == Facet::Year {
            children.sort_unstable_by(|a, b| b.key.cmp(&a.key));
        } else {
            children.sort_unstable_by(|a, b| b.count.cmp(&a.count).then_with(|| a.key.cmp(&b.key)));
        }
        let other = children.len().saturating_sub(request.limit);
        children.truncate(request.limit);
        let last = match under {
            Some(under) => {
                let own = under.map_or(0, |node| self.count(node, true, unit));
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

/// Whether a value of a facet counts for everything above it too.
fn is_tree(facet: Facet) -> bool {
    matches!(facet, Facet::Region | Facet::Measure)
}

impl Collector for CountCollector {
    type Fruit = Counts;
    type Child = SegmentCounts;

    fn for_segment(&self, _segment: u32, reader: &SegmentReader) -> tantivy::Result<SegmentCounts> {
        let facets = self.facets.iter().map(|&facet| SegmentFacet::open(facet, self, reader));
        let columns = &self.known.columns;
        Ok(SegmentCounts {
            unit: self.unit,
            paragraphs: 0,
            articles: Numbers::default(),
            last_article: UNKNOWN,
            clusters: Distinct::default(),
            article_of: SegmentArticles::open(&self.known.articles, columns, reader)?,
            cluster_of: match &self.clusters {
                Some(clusters) => Some((columns.of(reader, "reprint")?, Arc::clone(clusters))),
                None => None,
            },
            facets: facets.collect::<tantivy::Result<_>>()?,
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, fruits: Vec<Counts>) -> tantivy::Result<Counts> {
        let facets = self.facets.iter().map(|&facet| (facet, PathCounts::default()));
        let mut all = Counts {
            facets: facets.collect(),
            paths: Arc::clone(&self.known.paths),
            ..Counts::default()
        };
        for fruit in fruits {
            all.paragraphs += fruit.paragraphs;
            all.articles.add_all(&fruit.articles);
            all.clusters.extend(fruit.clusters);
            for ((_, known), (_, counts)) in all.facets.iter_mut().zip(fruit.facets) {
                known.merge(counts);
            }
        }
        all.reports = self.known.articles.reports(&all.articles);
        Ok(all)
    }
}

/// The part of [`CountCollector`] in one segment.
pub(crate) struct SegmentCounts {
    unit: Unit,
    paragraphs: u64,
    articles: Numbers,
    /// That of the paragraph before.
    last_article: u32,
    clusters: Distinct,
    article_of: SegmentArticles,
    cluster_of: Option<(Column<u64>, Arc<Clusters>)>,
    facets: Vec<SegmentFacet>,
}

impl SegmentCounts {
    /// Counts the cluster of a paragraph; gives what facets count it by.
    fn key(&mut self, doc: DocId) -> Option<u64> {
        let cluster = self
            .cluster_of
            .as_ref()
            .and_then(|(column, clusters)| column.first(doc).map(|key| clusters.of(key)));
        self.clusters.add(cluster);
        match self.unit {
            Unit::Paragraph => None,
            Unit::Article => Some(self.article_of.of(doc).into()),
            Unit::Report => self.article_of.report_key(doc),
            Unit::Cluster => cluster,
        }
    }
}

impl SegmentCollector for SegmentCounts {
    type Fruit = Counts;

    fn collect(&mut self, doc: DocId, _score: Score) {
        self.collect_block(&[doc]);
    }

    fn collect_block(&mut self, docs: &[DocId]) {
        self.paragraphs += docs.len() as u64;
        for &doc in docs {
            let article = self.article_of.of(doc);
            if article != self.last_article && article != UNKNOWN {
                self.articles.add(article);
            }
            self.last_article = article;
        }
        if self.unit == Unit::Paragraph && self.cluster_of.is_none() {
            for facet in &mut self.facets {
                docs.iter().for_each(|&doc| facet.collect(doc, None));
            }
        } else {
            for &doc in docs {
                let key = self.key(doc);
                self.facets.iter_mut().for_each(|facet| facet.collect(doc, key));
            }
        }
    }

    fn harvest(self) -> Counts {
        let by_node = |facet: SegmentFacet| (facet.facet, facet.harvest());
        Counts {
            paragraphs: self.paragraphs,
            articles: self.articles,
            reports: Numbers::default(),
            clusters: self.clusters.keys,
            facets: self.facets.into_iter().map(by_node).collect(),
            paths: Arc::default(),
        }
    }
}

/// A column of tags.
struct TagColumn {
    name: &'static str,
    strings: StrColumn,
}

/// Where the values of a facet stand.
enum Values {
    /// Paths in columns of ordinals.
    Tags(Vec<TagColumn>),
    /// First and last day.
    Dates { from: Column<u64>, to: Column<u64> },
}

impl Values {
    /// Puts the values of a paragraph in order: ordinals with their column above them, or years.
    fn read(&self, doc: DocId, values: &mut Vec<u64>) {
        values.clear();
        match self {
            Self::Tags(columns) => {
                for (at, column) in (0_u64..).zip(columns) {
                    let ordinals = column.strings.term_ords(doc);
                    values.extend(ordinals.map(|ordinal| at << ORDINAL_BITS | ordinal));
                }
            }
            Self::Dates { from, to } => {
                if let (Some(from), Some(to)) = (from.first(doc), to.first(doc)) {
                    values.extend(from / 10_000..=to / 10_000);
                }
            }
        }
    }
}

/// The bits of an ordinal in a value of [`Values::read`].
const ORDINAL_BITS: u32 = 32;

/// Number of a set of values in a segment.
type Set = u32;

/// The set without values.
const EMPTY: Set = 1;

/// Which set of values each paragraph of a segment has, as far as they were met. All queries of a searcher share it; it
/// takes at most four bytes a document.
#[derive(Debug)]
struct SegmentSets {
    pages: Pages,
    known: Mutex<Sets>,
}

#[derive(Debug)]
struct Sets {
    /// By number.
    values: Vec<Box<[u64]>>,
    numbers: HashMap<Box<[u64]>, Set, BuildHasherDefault<KeyHasher>>,
}

impl SegmentSets {
    fn new(documents: u32) -> Self {
        // What stands for unknown ones, and the empty one.
        let values = vec![Box::default(); 2];
        Self {
            pages: Pages::new(documents),
            known: Mutex::new(Sets { values, numbers: HashMap::default() }),
        }
    }

    fn known(&self) -> MutexGuard<'_, Sets> {
        // A set gets its number last, so what panicked left a value that nothing names.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sets {
    fn number(&mut self, values: &[u64]) -> Set {
        // Not by the table: its empty key has a dangling address, where some processors take long to compare no bytes.
        if values.is_empty() {
            return EMPTY;
        }
        if let Some(&number) = self.numbers.get(values) {
            return number;
        }
        let number = Set::try_from(self.values.len()).unwrap_or(Set::MAX);
        self.values.push(values.into());
        self.numbers.insert(values.into(), number);
        number
    }
}

/// Counts of one facet in one segment.
struct SegmentFacet {
    facet: Facet,
    inferred: bool,
    segment: SegmentId,
    paths: Arc<FacetPaths>,
    values: Values,
    sets: Arc<SegmentSets>,
    /// The values of the paragraph at hand.
    at_hand: Vec<u64>,
    /// Paragraphs by set.
    times: Vec<u32>,
    /// Where articles, reports or clusters are counted, those of each set.
    distinct: HashMap<Set, Distinct>,
}

impl SegmentFacet {
    fn open(facet: Facet, asked: &CountCollector, reader: &SegmentReader) -> tantivy::Result<Self> {
        let columns = reader.fast_fields();
        let names: &[&'static str] = match (facet, asked.inferred) {
            (Facet::Region, true) => &["region", "region_inferred"],
            (Facet::Region, false) => &["region"],
            (Facet::Measure, true) => &["measure", "measure_inferred"],
            (Facet::Measure, false) => &["measure"],
            (Facet::Source, _) => &["source"],
            (Facet::Kind, _) => &["kind"],
            (Facet::Year, _) => &[],
        };
        let values = if facet == Facet::Year {
            Values::Dates { from: columns.u64("date_from")?, to: columns.u64("date_to")? }
        } else {
            let mut tags = Vec::new();
            for &name in names {
                tags.extend(columns.str(name)?.map(|strings| TagColumn { name, strings }));
            }
            Values::Tags(tags)
        };
        let (segment, inferred) = (reader.segment_id(), asked.inferred);
        let paths = Arc::clone(&asked.known.paths);
        let sets = paths.with(facet, |paths| {
            Arc::clone(&paths.sets_of(segment, inferred, reader.max_doc()).sets)
        });
        Ok(Self {
            facet,
            inferred,
            segment,
            paths,
            values,
            sets,
            at_hand: Vec::new(),
            times: Vec::new(),
            distinct: HashMap::new(),
        })
    }

    fn collect(&mut self, doc: DocId, key: Option<u64>) {
        let set = self.set_of(doc);
        let at = set as usize;
        if self.times.len() <= at {
            self.times.resize(at + 1, 0);
        }
        if let Some(times) = self.times.get_mut(at) {
            *times += 1;
        }
        if key.is_some() {
            self.distinct.entry(set).or_default().add(key);
        }
    }

    /// The set of a document; its columns are read the first time only.
    fn set_of(&mut self, doc: DocId) -> Set {
        let known = self.sets.pages.of(doc);
        let set = known.map_or(UNKNOWN, |set| set.load(Ordering::Acquire));
        if set != UNKNOWN {
            return set;
        }
        self.values.read(doc, &mut self.at_hand);
        let set = self.sets.known().number(&self.at_hand);
        if let Some(known) = known {
            known.store(set, Ordering::Release);
        }
        set
    }

    fn harvest(self) -> PathCounts {
        let paths = Arc::clone(&self.paths);
        paths.with(self.facet, |paths| self.by_node(paths))
    }

    fn by_node(mut self, paths: &mut Paths) -> PathCounts {
        let times = (0..).zip(std::mem::take(&mut self.times));
        let met: Vec<(Set, u32)> = times.filter(|(_, times)| *times > 0).collect();
        self.name_sets(met.iter().map(|(set, _)| *set), paths);
        let mut counts = PathCounts::default();
        let nodes = paths.sets.get(&(self.segment, self.inferred)).map(|known| &known.nodes);
        let is_distinct = !self.distinct.is_empty();
        for (set, times) in met {
            let distinct = if is_distinct { self.distinct.remove(&set) } else { None };
            let distinct = distinct.unwrap_or_default();
            let tally = Tally { paragraphs: u64::from(times), distinct };
            if set == EMPTY {
                counts.missing = tally;
            } else if let Some(Some(nodes)) = nodes.and_then(|nodes| nodes.get(set as usize)) {
                counts.add(&nodes.within, false, &tally);
                counts.add(&nodes.own, true, &tally);
            }
        }
        counts
    }

    /// Finds the nodes of sets of which they are not known yet.
    fn name_sets(&self, met: impl Iterator<Item = Set>, paths: &mut Paths) {
        let key = (self.segment, self.inferred);
        let named = paths.sets.get(&key).map_or(&[][..], |known| &known.nodes);
        let is_new = |set: &Set| !matches!(named.get(*set as usize), Some(Some(_)));
        let new: Vec<Set> = met.filter(is_new).collect();
        if new.is_empty() {
            return;
        }
        let values: Vec<(Set, Box<[u64]>)> = {
            let sets = self.sets.known();
            new.iter()
                .filter_map(|&set| Some((set, sets.values.get(set as usize)?.clone())))
                .collect()
        };
        let tree = is_tree(self.facet);
        if let Values::Tags(columns) = &self.values {
            for (at, column) in columns.iter().enumerate() {
                let all = values.iter().flat_map(|(_, values)| values).map(|value| parts(*value));
                let mut ordinals: Vec<u64> =
                    all.filter(|(of, _)| *of == at).map(|(_, ordinal)| ordinal).collect();
                ordinals.sort_unstable();
                ordinals.dedup();
                paths.learn(self.segment, column, &ordinals, tree);
            }
        }
        for (set, values) in values {
            let node_of = |value: &u64, paths: &mut Paths| match &self.values {
                Values::Dates { .. } => Some(paths.node(&value.to_string(), false)),
                Values::Tags(columns) => {
                    let (at, ordinal) = parts(*value);
                    paths.node_of(self.segment, columns.get(at)?, ordinal)
                }
            };
            let mut own: Vec<Node> =
                values.iter().filter_map(|value| node_of(value, paths)).collect();
            let mut within: Vec<Node> = own.iter().flat_map(|&node| paths.upwards(node)).collect();
            for nodes in [&mut own, &mut within] {
                nodes.sort_unstable();
                nodes.dedup();
            }
            let nodes = SetNodes { own: own.into(), within: within.into() };
            if let Some(known) = paths.sets.get_mut(&key) {
                let at = set as usize;
                if known.nodes.len() <= at {
                    known.nodes.resize_with(at + 1, || None);
                }
                if let Some(known) = known.nodes.get_mut(at) {
                    *known = Some(nodes);
                }
            }
        }
    }
}

/// Column and ordinal of a value of [`Values::read`].
fn parts(value: u64) -> (usize, u64) {
    (place(value >> ORDINAL_BITS), value & ((1 << ORDINAL_BITS) - 1))
}
