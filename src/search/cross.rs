//! One facet by another: a table that compares regions or measures.
//!
//! Each row is a search of its own that selects the row, so a cell is what somebody finds who narrows the search to that
//! row and reads the count of that column. Read `facet.rs` next for how counts are made.

use crate::model::{MeasurePath, RegionPath};
use crate::search::request::{
    BucketKey, CrossCounts, CrossRequest, CrossRow, Facet, FacetRequest, Filters, MatchMode,
    SearchRequest,
};
use crate::search::{SearchError, Searcher};
use std::collections::HashMap;

impl Searcher {
    /// Counts the columns for each row. `matched` is how the items of the query were matched as a whole: in a row where an
    /// item stands nowhere, it must not be relaxed.
    pub(super) fn cross(
        &self,
        request: &SearchRequest,
        matched: MatchMode,
        wanted: &CrossRequest,
    ) -> Result<CrossCounts, SearchError> {
        let counted = |filters: Filters, facets: Vec<FacetRequest>| {
            self.facets_alone(&SearchRequest {
                match_mode: matched,
                filters,
                limit: 0,
                facets,
                cross: None,
                ..request.clone()
            })
        };
        let both = vec![wanted.rows().clone(), wanted.columns().clone()];
        let mut cross = CrossCounts {
            of: wanted.clone(),
            total: 0,
            columns: Vec::new(),
            other_columns: 0,
            rows: Vec::new(),
            other_rows: 0,
        };
        let mut keys = Vec::new();
        for counts in counted(request.filters.clone(), both)? {
            if counts.facet == wanted.rows().facet {
                cross.other_rows = counts.other;
                keys.extend(counts.buckets.into_iter().map(|bucket| bucket.key));
            } else {
                cross.total = counts.total;
                cross.other_columns = counts.other;
                cross.columns = counts.buckets;
            }
        }
        let every_column = FacetRequest { limit: usize::MAX, ..wanted.columns().clone() };
        for key in keys {
            let Some(filters) = selecting(&request.filters, wanted.rows().facet, &key) else {
                continue;
            };
            for counts in counted(filters, vec![every_column.clone()])? {
                // A region in the query itself narrows the rows, too.
                if counts.total == 0 {
                    continue;
                }
                let of: HashMap<_, _> =
                    counts.buckets.into_iter().map(|bucket| (bucket.key, bucket.count)).collect();
                let count = |column: &BucketKey| of.get(column).copied().unwrap_or(0);
                cross.rows.push(CrossRow {
                    key: key.clone(),
                    total: counts.total,
                    counts: cross.columns.iter().map(|column| count(&column.key)).collect(),
                });
            }
        }
        Ok(cross)
    }
}

/// The filters of a row, which takes the place of what was selected in its facet; `None` for what a path has itself, which
/// cannot be selected.
fn selecting(filters: &Filters, facet: Facet, key: &BucketKey) -> Option<Filters> {
    let mut filters = filters.clone();
    filters.untagged.retain(|other| *other != facet);
    let path = match key {
        BucketKey::Path(path) => Some(path),
        BucketKey::Missing => None,
        BucketKey::Own => return None,
    };
    match facet {
        Facet::Region => {
            filters.regions = path.map(RegionPath::new).transpose().ok()?.into_iter().collect();
        }
        Facet::Measure => {
            filters.measures = path.map(MeasurePath::new).transpose().ok()?.into_iter().collect();
        }
        Facet::Year | Facet::Source | Facet::Kind => return None,
    }
    filters.untagged.extend(path.is_none().then_some(facet));
    Some(filters)
}
