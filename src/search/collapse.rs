//! Reprints of hits: one paragraph of each cluster, and where the others stand.

use crate::reprints::Clusters;
use crate::search::rank::Ranked;
use crate::search::request::{Hit, Reprint, Reprints};
use crate::search::{SearchError, Searcher};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use tantivy::DocAddress;

/// The paragraphs of clusters, each with the head of its id, in the order of the ids.
pub(super) struct Members {
    clusters: Arc<Clusters>,
    of: HashMap<u64, Vec<(u64, DocAddress)>>,
}

impl Members {
    fn of(&self, cluster: u64) -> &[(u64, DocAddress)] {
        self.of.get(&cluster).map_or(&[], Vec::as_slice)
    }
}

impl Searcher {
    /// The clusters of the index, read when they are first asked for.
    pub(super) fn clusters(&self) -> Arc<Clusters> {
        Arc::clone(&self.compared().0)
    }

    /// Whether all paragraphs were compared with each other; if not, reprints that are not the same letter by letter are
    /// missing, as they are where what comparing found is lost or damaged.
    pub fn is_compared(&self) -> bool {
        self.compared().1
    }

    fn compared(&self) -> &(Arc<Clusters>, bool) {
        self.clusters.get_or_init(|| {
            let (edges, is_compared) = self.index().edges_to_search();
            (Arc::new(Clusters::new(&edges)), is_compared)
        })
    }

    /// The best hit of each cluster, in their order.
    pub(super) fn first_of_clusters(
        &self,
        ranked: Vec<Ranked>,
    ) -> Result<Vec<Ranked>, SearchError> {
        let clusters = self.clusters();
        let mut known = HashSet::new();
        let mut first = Vec::new();
        for hit in ranked {
            if known.insert(clusters.of(self.key(hit.address, "reprint")?)) {
                first.push(hit);
            }
        }
        Ok(first)
    }

    /// All paragraphs that are in one cluster with one of these or are linked with it, found in one pass over the index.
    pub(super) fn members(
        &self,
        paragraphs: impl Iterator<Item = DocAddress>,
    ) -> Result<Members, SearchError> {
        let clusters = self.clusters();
        let mut of: HashMap<u64, Vec<(u64, DocAddress)>> = HashMap::new();
        for address in paragraphs {
            let cluster = clusters.of(self.key(address, "reprint")?);
            let linked = clusters.excerpt_of(cluster).iter().chain(clusters.excerpts(cluster));
            for &cluster in linked.chain([&cluster]) {
                of.entry(cluster).or_default();
            }
        }
        for (segment, reader) in (0..).zip(self.engine().segment_readers()) {
            let column = |name| reader.fast_fields().u64(name).map_err(|error| self.failed(error));
            let (keys, ids) = (column("reprint")?, column("id_head")?);
            for doc in reader.doc_ids_alive() {
                // A file's record has no key.
                let Some(key) = keys.first(doc) else { continue };
                if let Some(members) = of.get_mut(&clusters.of(key)) {
                    members.push((ids.first(doc).unwrap_or(0), DocAddress::new(segment, doc)));
                }
            }
        }
        of.values_mut().for_each(|members| members.sort_unstable());
        Ok(Members { clusters, of })
    }

    /// The reprints and excerpts of a paragraph.
    pub(super) fn reprints(
        &self,
        hit: &Hit,
        address: DocAddress,
        members: &Members,
    ) -> Result<Reprints, SearchError> {
        let cluster = members.clusters.of(self.key(address, "reprint")?);
        let all = members.of(cluster);
        let least = match all.first() {
            Some(&(_, least)) if least != address => self.stored(least)?.id,
            _ => hit.id.clone(),
        };
        let others = |clusters: &[u64]| self.listed(members, clusters, address);
        Ok(Reprints {
            cluster: least,
            count: all.len().saturating_sub(1) as u64,
            paragraphs: others(&[cluster])?,
            excerpt_of: others(members.clusters.excerpt_of(cluster))?,
            excerpts: others(members.clusters.excerpts(cluster))?,
        })
    }

    /// The first paragraphs of clusters, but for one.
    fn listed(
        &self,
        members: &Members,
        clusters: &[u64],
        but: DocAddress,
    ) -> Result<Vec<Reprint>, SearchError> {
        let mut all: Vec<_> = clusters.iter().flat_map(|&cluster| members.of(cluster)).collect();
        all.sort_unstable();
        let others = all.into_iter().map(|(_, address)| *address).filter(|&address| address != but);
        let reprint = |address| {
            let stored = self.stored(address)?;
            Ok(Reprint { path: stored.shown_path(), id: stored.id, place: stored.place })
        };
        others.take(Reprints::LISTED_MAX).map(reprint).collect()
    }
}
