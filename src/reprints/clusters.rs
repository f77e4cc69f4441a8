//! Classes joined to clusters: the connected components of what is near.

use crate::reprints::{Edges, Joined};
use std::collections::HashMap;

/// Which cluster a class belongs to, and which clusters hold excerpts of which. A cluster goes by the least key in it.
#[derive(Debug, Default)]
pub(crate) struct Clusters {
    /// Of each class that is near another.
    cluster: HashMap<u64, u64>,
    excerpt_of: HashMap<u64, Vec<u64>>,
    excerpts: HashMap<u64, Vec<u64>>,
}

impl Clusters {
    /// Joins the ends of all edges.
    pub(crate) fn new(edges: &Edges) -> Self {
        let mut keys: Vec<u64> = edges.near.iter().flat_map(|&(a, b)| [a, b]).collect();
        keys.sort_unstable();
        keys.dedup();
        let mut joined = Joined::new(keys.len());
        let place = |key| keys.binary_search(&key).ok().and_then(|at| u32::try_from(at).ok());
        for &(a, b) in &edges.near {
            if let (Some(a), Some(b)) = (place(a), place(b)) {
                joined.join(a, b);
            }
        }
        let cluster = (0..).zip(&keys).filter_map(|(place, &key)| {
            let least = keys.get(joined.root(place) as usize)?;
            Some((key, *least))
        });
        let cluster = cluster.collect();
        let mut clusters = Self { cluster, ..Self::default() };
        for &(part, whole) in &edges.within {
            let (part, whole) = (clusters.of(part), clusters.of(whole));
            // Through others an excerpt may have come into one cluster with what it is from.
            if part != whole {
                clusters.excerpt_of.entry(part).or_default().push(whole);
                clusters.excerpts.entry(whole).or_default().push(part);
            }
        }
        for linked in clusters.excerpt_of.values_mut().chain(clusters.excerpts.values_mut()) {
            linked.sort_unstable();
            linked.dedup();
        }
        clusters
    }

    /// The cluster of a class.
    pub(crate) fn of(&self, key: u64) -> u64 {
        self.cluster.get(&key).copied().unwrap_or(key)
    }

    /// The clusters that those of a cluster are excerpts of.
    pub(crate) fn excerpt_of(&self, cluster: u64) -> &[u64] {
        self.excerpt_of.get(&cluster).map_or(&[], Vec::as_slice)
    }

    /// The clusters that are excerpts of those of a cluster.
    pub(crate) fn excerpts(&self, cluster: u64) -> &[u64] {
        self.excerpts.get(&cluster).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reprints::Verdict;

    #[test]
    fn a_cluster_is_what_hangs_together_and_an_excerpt_is_none_of_it() {
        let mut edges = Edges::default();
        for (a, b) in [(5, 7), (2, 7), (10, 11), (3, 5)] {
            edges.add(a, b, Verdict::Near);
        }
        for (part, whole) in [(9, 7), (20, 2)] {
            edges.add(part, whole, Verdict::Within);
        }
        let clusters = Clusters::new(&edges);
        assert_eq!(
            [2, 3, 5, 7, 9, 10, 11, 99].map(|key| clusters.of(key)),
            [2, 2, 2, 2, 9, 10, 10, 99]
        );
        assert_eq!(clusters.excerpts(2), [9, 20]);
        assert_eq!(clusters.excerpt_of(9), [2]);
        assert_eq!(clusters.excerpts(9), [0; 0]);
    }
}
