//! Classes joined to clusters: the connected components of what is near.

use crate::reprints::Edges;
use std::collections::HashMap;

/// Which cluster a class belongs to, and which classes are excerpts of which.
#[derive(Debug, Clone, Default)]
pub(crate) struct Clusters {
    /// Of each class with a near one the least key of its cluster.
    cluster: HashMap<u64, u64>,
    edges: Edges,
}

impl Clusters {
    /// Joins the ends of all edges.
    pub(crate) fn new(edges: Edges) -> Self {
        let mut cluster = HashMap::new();
        for &(a, b) in &edges.near {
            let (a, b) = (root(&mut cluster, a), root(&mut cluster, b));
            cluster.insert(a.max(b), a.min(b));
        }
        let classes: Vec<u64> = cluster.keys().copied().collect();
        for class in classes {
            let least = root(&mut cluster, class);
            cluster.insert(class, least);
        }
        Self { cluster, edges }
    }

    /// The cluster of a class: the same number for all classes in it.
    pub(crate) fn of(&self, key: u64) -> u64 {
        self.cluster.get(&key).copied().unwrap_or(key)
    }

    /// The classes that those of a cluster are excerpts of.
    pub(crate) fn excerpt_of(&self, cluster: u64) -> Vec<u64> {
        let links = self.edges.within.iter().filter(|(part, _)| self.of(*part) == cluster);
        links.map(|(_, whole)| *whole).collect()
    }

    /// The classes that are excerpts of those of a cluster.
    pub(crate) fn excerpts(&self, cluster: u64) -> Vec<u64> {
        let links = self.edges.within.iter().filter(|(_, whole)| self.of(*whole) == cluster);
        links.map(|(part, _)| *part).collect()
    }
}

/// The class at the top; those on the way then stand right below it. Every class points to a lesser one, so the way ends.
fn root(cluster: &mut HashMap<u64, u64>, key: u64) -> u64 {
    let mut top = key;
    while let Some(&above) = cluster.get(&top).filter(|&&above| above != top) {
        top = above;
    }
    let mut below = key;
    while let Some(above) = cluster.insert(below, top).filter(|&above| above != below) {
        below = above;
    }
    top
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cluster_is_what_hangs_together_and_an_excerpt_is_none_of_it() {
        let near = vec![(5, 7), (2, 7), (10, 11), (3, 5)];
        let within = vec![(9, 7), (20, 2)];
        let clusters = Clusters::new(Edges { near, within, ..Edges::default() });
        assert_eq!(
            [2, 3, 5, 7, 9, 10, 11, 99].map(|key| clusters.of(key)),
            [2, 2, 2, 2, 9, 10, 10, 99]
        );
        assert_eq!(clusters.excerpts(2), [9, 20]);
        assert_eq!(clusters.excerpt_of(9), [7]);
        assert_eq!(clusters.excerpts(9), [0; 0]);
    }
}
