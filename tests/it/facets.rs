//! Counts of facets equal a plain recount over the hits, however the index is cut into segments.

use crate::segments::{DELETED, SegmentedCopies};
use crate::support::{Draws, TestIndex, assert_none, assert_noticed, every_hit, samples};
use fangzhi::model::{MeasurePath, ParagraphKind, RegionPath};
use fangzhi::search::request::{
    Bucket, BucketKey, CrossRequest, Facet, FacetCounts, FacetRequest, Hit, SearchNote,
    SearchRequest, Unit,
};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;

/// Counts by bucket.
type Counts = BTreeMap<BucketKey, u64>;

/// How a recount counts.
#[derive(Clone, Copy)]
struct Recount {
    unit: Unit,
    inferred: bool,
    /// Seeded fault: a paragraph adds one to a path for each tag at or below it.
    parents_twice: bool,
}

/// The values of a facet a hit has: the paths of its tags, its years, and so on.
fn values(hit: &Hit, facet: Facet, inferred: bool) -> Vec<String> {
    match facet {
        Facet::Region => hit
            .regions
            .iter()
            .filter(|tag| inferred || !tag.inferred)
            .map(|tag| tag.path.to_string())
            .collect(),
        Facet::Measure => hit
            .measures
            .iter()
            .filter(|tag| inferred || !tag.inferred)
            .map(|tag| tag.path.to_string())
            .collect(),
        Facet::Year => hit
            .date
            .iter()
            .flat_map(|date| (date.from / 10_000..=date.to / 10_000).map(|year| year.to_string()))
            .collect(),
        Facet::Source => hit.source.iter().cloned().collect(),
        Facet::Kind => vec![hit.kind.as_str().to_owned()],
    }
}

/// The buckets that a value counts in below `under`.
fn buckets_of(facet: Facet, value: &str, under: Option<&str>) -> Option<BucketKey> {
    if !matches!(facet, Facet::Region | Facet::Measure) {
        return Some(BucketKey::Path(value.to_owned()));
    }
    let Some(under) = under else {
        return value.split('/').next().map(|top| BucketKey::Path(top.to_owned()));
    };
    if value == under {
        return Some(BucketKey::Own);
    }
    let child = value.strip_prefix(under)?.strip_prefix('/')?.split('/').next()?;
    Some(BucketKey::Path(format!("{under}/{child}")))
}

/// What a hit is counted as.
fn key(hit: &Hit, unit: Unit) -> (String, usize) {
    match unit {
        Unit::Paragraph => (hit.id.clone(), 0),
        Unit::Article => (hit.path.clone(), hit.article),
        Unit::Report => (hit.path.clone(), 0),
        Unit::Cluster => unreachable!("reprints are recounted in reprints.rs"),
    }
}

impl Recount {
    /// Counts hits by hand; gives the counts and the total.
    fn count(self, hits: &[Hit], facet: Facet, under: Option<&str>) -> (Counts, u64) {
        let mut keys: BTreeMap<BucketKey, HashSet<(String, usize)>> = BTreeMap::new();
        let mut again: Counts = Counts::new();
        let mut all = HashSet::new();
        for hit in hits {
            all.insert(key(hit, self.unit));
            let values = values(hit, facet, self.inferred);
            let found: Vec<BucketKey> =
                values.iter().filter_map(|value| buckets_of(facet, value, under)).collect();
            let distinct: BTreeSet<&BucketKey> = found.iter().collect();
            for &bucket in &distinct {
                keys.entry(bucket.clone()).or_default().insert(key(hit, self.unit));
                let times = found.iter().filter(|other| *other == bucket).count() as u64;
                *again.entry(bucket.clone()).or_insert(0) += times - 1;
            }
            if values.is_empty() && under.is_none() {
                keys.entry(BucketKey::Missing).or_default().insert(key(hit, self.unit));
            }
        }
        let extra = |bucket: &BucketKey| {
            if self.parents_twice { again.get(bucket).copied().unwrap_or(0) } else { 0 }
        };
        let counts = keys
            .into_iter()
            .map(|(bucket, keys)| {
                let extra = extra(&bucket);
                (bucket, keys.len() as u64 + extra)
            })
            .collect();
        (counts, all.len() as u64)
    }
}

fn as_counts(facet: &FacetCounts) -> Counts {
    facet.buckets.iter().map(|Bucket { key, count }| (key.clone(), *count)).collect()
}

/// Facets of every kind, with the levels below two paths.
fn wanted() -> Vec<FacetRequest> {
    let request = |facet, under: Option<&str>| FacetRequest {
        facet,
        under: under.map(str::to_owned),
        limit: usize::MAX,
    };
    let mut wanted: Vec<FacetRequest> =
        Facet::ALL.into_iter().map(|facet| request(facet, None)).collect();
    wanted.push(request(Facet::Region, Some("云南省")));
    wanted.push(request(Facet::Region, Some("云南省/怒江傈僳族自治州")));
    wanted.push(request(Facet::Measure, Some("基层治理")));
    wanted
}

/// The same request without the selection of one facet.
fn without(facet: Facet, request: &SearchRequest) -> SearchRequest {
    let mut request = SearchRequest { facets: Vec::new(), ..request.clone() };
    match facet {
        Facet::Region => request.filters.regions.clear(),
        Facet::Measure => request.filters.measures.clear(),
        Facet::Kind => request.filters.kinds.clear(),
        Facet::Year => (request.filters.since, request.filters.until) = (None, None),
        Facet::Source => {}
    }
    request
}

/// Requests whose facets are counted: by text, by tag, by every selection, by each unit.
fn requests() -> Vec<SearchRequest> {
    let region = |path: &str| RegionPath::new(path).unwrap();
    let measure = |path: &str| MeasurePath::new(path).unwrap();
    let mut requests = vec![
        every_hit(""),
        every_hit("村"),
        every_hit("\"网格\" | \"支部\""),
        every_hit("西藏 网格化管理"),
        every_hit("怎样化解矛盾？"),
        every_hit("没有的词语在这里"),
    ];
    let mut selected = every_hit("村");
    selected.filters.regions = vec![region("云南省"), region("四川省/凉山彝族自治州")];
    requests.push(selected.clone());
    selected.filters.measures = vec![measure("基层治理")];
    requests.push(selected.clone());
    selected.filters.kinds = vec![ParagraphKind::Body];
    selected.filters.since = Some(20_180_101);
    requests.push(selected.clone());
    selected.filters.regions.clear();
    selected.filters.until = Some(20_201_231);
    requests.push(selected);
    requests
        .into_iter()
        .enumerate()
        .map(|(at, mut request)| {
            request.count_by = [Unit::Paragraph, Unit::Article, Unit::Report][at % 3];
            request.inferred = at % 4 != 1;
            request.facets = wanted();
            request
        })
        .collect()
}

/// Where the facets of an index differ from a recount.
fn differences(index: &TestIndex, requests: &[SearchRequest], parents_twice: bool) -> Vec<String> {
    let searcher = index.searcher();
    let mut wrong = Vec::new();
    for request in requests {
        let answer = searcher.search(request).unwrap();
        let recount = Recount { unit: request.count_by, inferred: request.inferred, parents_twice };
        assert_eq!(answer.hits.len() as u64, answer.total);
        for (unit, total) in [(Unit::Article, answer.articles), (Unit::Report, answer.reports)] {
            let keys: HashSet<_> = answer.hits.iter().map(|hit| key(hit, unit)).collect();
            if keys.len() as u64 != total {
                wrong.push(format!("{:?}: {total} {unit:?}s, not {}", request.query, keys.len()));
            }
        }
        for (wanted, found) in request.facets.iter().zip(&answer.facets) {
            let hits = searcher.search(&without(wanted.facet, request)).unwrap().hits;
            let (counts, total) = recount.count(&hits, wanted.facet, wanted.under.as_deref());
            if (as_counts(found), found.total) != (counts.clone(), total) || found.other != 0 {
                wrong.push(format!("{:?} {wanted:?}: {found:?}, not {counts:?}", request.query));
            }
        }
    }
    wrong
}

#[test]
fn facets_equal_a_recount_over_one_four_and_fifty_segments() {
    let copies = SegmentedCopies::new();
    for (segments, index) in &copies.indexes {
        assert_eq!(index.searcher().stats().unwrap().segments, *segments);
        assert_none(&differences(index, &requests(), false));
        assert_noticed("a parent counted twice", &differences(index, &requests(), true));
    }
}

#[test]
fn facets_equal_a_recount_after_deletions_and_updates() {
    let copies = SegmentedCopies::new();
    let mut totals = Vec::new();
    for (segments, index) in &copies.indexes {
        let before = index.search("").total;
        copies.delete_and_change(index);
        let after = index.search("").total;
        assert!(after < before, "{segments} segments: {before} paragraphs, then {after}");
        assert_none(&differences(index, &requests(), false));
        for name in DELETED {
            let left = index.paragraphs().iter().filter(|hit| hit.path.ends_with(name)).count();
            assert_eq!(left, 0, "{name} with {segments} segments");
        }
        totals.push(after);
        copies.restore();
    }
    assert!(totals.windows(2).all(|pair| pair[0] == pair[1]), "{totals:?}");
}

/// Tables that are asked for: top levels, a level below, and what is no tree.
fn tables() -> [CrossRequest; 4] {
    let one = |facet, under: Option<&str>| FacetRequest {
        facet,
        under: under.map(str::to_owned),
        limit: usize::MAX,
    };
    let tables = [
        (one(Facet::Region, None), one(Facet::Measure, None)),
        (one(Facet::Region, Some("云南省")), one(Facet::Measure, Some("基层治理"))),
        (one(Facet::Measure, None), one(Facet::Region, Some("云南省"))),
        (one(Facet::Measure, Some("基层治理")), one(Facet::Year, None)),
    ];
    tables.map(|(rows, columns)| CrossRequest::new(rows, columns).unwrap())
}

/// Whether a hit is tagged with a path or what lies below it.
fn is_below(hit: &Hit, facet: Facet, inferred: bool, path: &str) -> bool {
    let below = |value: &String| {
        value.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    values(hit, facet, inferred).iter().any(below)
}

/// Where the cells of tables differ from a recount.
fn wrong_cells(index: &TestIndex, parents_twice: bool) -> (usize, Vec<String>) {
    let searcher = index.searcher();
    let (mut cells, mut wrong) = (0, Vec::new());
    for request in requests() {
        let recount = Recount { unit: request.count_by, inferred: request.inferred, parents_twice };
        for table in tables() {
            let (rows, columns) = (table.rows().clone(), table.columns().clone());
            let asked = SearchRequest { cross: Some(table), ..request.clone() };
            let answer = searcher.search(&asked).unwrap();
            let Some(cross) = answer.cross else {
                assert_eq!(answer.total, 0, "{:?}", request.query);
                continue;
            };
            let fixed = SearchRequest { match_mode: answer.matched, ..request.clone() };
            let beside = without(rows.facet, &fixed);
            let in_rows = searcher.search(&beside).unwrap().hits;
            let hits = searcher.search(&without(columns.facet, &beside)).unwrap().hits;
            let mut expected = BTreeMap::new();
            for (key, _) in recount.count(&in_rows, rows.facet, rows.under.as_deref()).0 {
                let is_of_row = |hit: &&Hit| match &key {
                    BucketKey::Path(path) => is_below(hit, rows.facet, request.inferred, path),
                    _ => values(hit, rows.facet, request.inferred).is_empty(),
                };
                // What a path has itself has no row.
                if key == BucketKey::Own {
                    continue;
                }
                let of_row: Vec<Hit> = hits.iter().filter(is_of_row).cloned().collect();
                let counts = recount.count(&of_row, columns.facet, columns.under.as_deref());
                expected.insert(key, counts);
            }
            let found: BTreeSet<&BucketKey> = cross.rows.iter().map(|row| &row.key).collect();
            if found != expected.keys().collect() {
                wrong.push(format!("{:?}: rows {found:?}", request.query));
            }
            for row in &cross.rows {
                let Some((counts, total)) = expected.get(&row.key) else { continue };
                let keys = cross.columns.iter().map(|column| &column.key);
                let wanted: Vec<u64> =
                    keys.map(|key| counts.get(key).copied().unwrap_or(0)).collect();
                cells += wanted.len();
                if (&wanted, *total) != (&row.counts, row.total) {
                    wrong.push(format!("{:?} {row:?}, not {wanted:?} {total}", request.query));
                }
            }
        }
    }
    (cells, wrong)
}

#[test]
fn a_table_of_two_facets_equals_a_recount_of_its_cells() {
    let index = samples();
    let (cells, wrong) = wrong_cells(&index, false);
    assert!(cells > 1_000, "{cells}");
    assert_none(&wrong);
    assert_noticed("a parent counted twice", &wrong_cells(&index, true).1);
}

#[test]
fn tables_have_rows_that_can_be_selected_and_columns_of_another_facet() {
    let one = |facet| FacetRequest { facet, under: None, limit: 5 };
    let table = |rows, columns| CrossRequest::new(one(rows), one(columns));
    assert!(table(Facet::Measure, Facet::Source).is_some());
    assert!(table(Facet::Source, Facet::Measure).is_none());
    assert!(table(Facet::Region, Facet::Region).is_none());
}

/// Requests with filters, units and facets drawn by lot.
fn drawn_requests(count: usize) -> Vec<SearchRequest> {
    let mut draws = Draws::new();
    let draws = &mut draws;
    let regions = ["云南省", "西藏自治区", "四川省/凉山彝族自治州", "内蒙古自治区"];
    let measures = ["基层治理", "基层治理/网格化管理", "党建引领"];
    let kinds = [ParagraphKind::Body, ParagraphKind::Heading, ParagraphKind::Table];
    let mut requests = Vec::new();
    while requests.len() < count {
        let mut request =
            every_hit(draws.pick::<&str>(&["", "村", "支部 | 网格", "怎样办事？", "\"镇\""]));
        let filters = &mut request.filters;
        filters.regions = regions
            .iter()
            .filter(|_| draws.once_in(4))
            .map(|path| RegionPath::new(*path).unwrap())
            .collect();
        filters.measures = measures
            .iter()
            .filter(|_| draws.once_in(5))
            .map(|path| MeasurePath::new(*path).unwrap())
            .collect();
        filters.kinds = kinds.into_iter().filter(|_| draws.once_in(5)).collect();
        filters.since = draws.once_in(3).then_some(20_190_101);
        filters.until = draws.once_in(3).then_some(20_221_231);
        request.count_by = *draws.pick(&[Unit::Paragraph, Unit::Article, Unit::Report]);
        request.inferred = !draws.once_in(3);
        request.facets = wanted().into_iter().filter(|_| draws.once_in(2)).collect();
        requests.push(request);
    }
    requests
}

#[test]
fn facets_equal_a_recount_under_drawn_filters() {
    let index = samples();
    let requests = drawn_requests(12);
    assert_none(&differences(&index, &requests, false));
    assert_noticed("a parent counted twice", &differences(&index, &requests, true));
}

#[test]
fn what_is_beyond_the_limit_is_summed() {
    let index = samples();
    let mut request = every_hit("村");
    request.facets = vec![FacetRequest { facet: Facet::Region, under: None, limit: 3 }];
    let all = SearchRequest { facets: wanted(), ..request.clone() };
    let (few, all) =
        (index.searcher().search(&request).unwrap(), index.searcher().search(&all).unwrap());
    let paths = |facet: &FacetCounts| {
        facet
            .buckets
            .iter()
            .filter(|bucket| bucket.key != BucketKey::Missing)
            .cloned()
            .collect::<Vec<_>>()
    };
    let (shown, every) = (paths(&few.facets[0]), paths(&all.facets[0]));
    assert_eq!(shown, every[..3]);
    assert_eq!(few.facets[0].other, every.len() - 3);
}

/// Whether a hit passes the selections of a request, by reading its tags and dates.
fn passes(hit: &Hit, request: &SearchRequest) -> bool {
    let filters = &request.filters;
    let counts = |inferred: bool| request.inferred || !inferred;
    let region = filters.regions.is_empty()
        || hit.regions.iter().any(|tag| {
            counts(tag.inferred) && filters.regions.iter().any(|path| tag.path.is_within(path))
        });
    let measure = filters.measures.is_empty()
        || hit.measures.iter().any(|tag| {
            counts(tag.inferred) && filters.measures.iter().any(|path| tag.path.is_within(path))
        });
    let kind = filters.kinds.is_empty() || filters.kinds.contains(&hit.kind);
    let (since, until) = (filters.since.unwrap_or(0), filters.until.unwrap_or(u32::MAX));
    let dated = hit.date.is_some_and(|date| date.to >= since && date.from <= until);
    let asks_date = filters.since.is_some() || filters.until.is_some();
    region && measure && kind && (dated || !asks_date)
}

#[test]
fn selections_keep_what_a_scan_keeps() {
    let index = samples();
    let searcher = index.searcher();
    for mut request in requests() {
        let all = searcher.search(&every_hit(&request.query)).unwrap();
        // Without inferred tags an item that names a place finds less.
        if request.query.contains(' ') {
            continue;
        }
        request.facets.clear();
        let kept: BTreeSet<String> =
            all.hits.iter().filter(|hit| passes(hit, &request)).map(|hit| hit.id.clone()).collect();
        let answer = searcher.search(&request).unwrap();
        let found: BTreeSet<String> = answer.hits.iter().map(|hit| hit.id.clone()).collect();
        assert_eq!(found, kept, "{:?}", request.filters);
    }
}

#[test]
fn a_date_matches_by_overlap_and_undated_paragraphs_are_said() {
    let folder = tempfile::tempdir().unwrap();
    let record = |id: usize, date: &str| {
        format!("{{\"id\":{id},\"text\":\"第{id}小组修通了水渠，村民用上了自来水。\"{date}}}\n")
    };
    let records = [",\"date\":\"2019\"", ",\"date\":\"2020-05\"", ",\"date\":\"2020-05-31\"", ""];
    let text: String = records.iter().enumerate().map(|(id, date)| record(id, date)).collect();
    fs::write(folder.path().join("records.jsonl"), text).unwrap();
    let index = TestIndex::of(&[folder.path().canonicalize().unwrap()]);
    let count = |since: Option<u32>, until: Option<u32>| {
        let mut request = every_hit("水渠");
        (request.filters.since, request.filters.until) = (since, until);
        let answer = index.searcher().search(&request).unwrap();
        let undated = answer.notes.iter().find_map(|note| match note {
            SearchNote::Undated { count } => Some(*count),
            _ => None,
        });
        (answer.total, undated)
    };
    assert_eq!(count(None, None), (4, None));
    assert_eq!(count(Some(20_190_630), Some(20_190_701)), (1, Some(1)));
    assert_eq!(count(Some(20_200_531), None), (2, Some(1)));
    assert_eq!(count(Some(20_200_601), None), (0, Some(1)));
    assert_eq!(count(None, Some(20_200_501)), (2, Some(1)));
}

#[test]
fn what_has_no_tag_can_be_selected() {
    let index = samples();
    let searcher = index.searcher();
    for (facet, inferred) in
        [Facet::Region, Facet::Measure].map(|one| [(one, true), (one, false)]).concat()
    {
        let wanted = FacetRequest { facet, under: None, limit: usize::MAX };
        let request = SearchRequest { facets: vec![wanted], inferred, ..every_hit("") };
        let all = searcher.search(&request).unwrap();
        let missing = all.facets[0].buckets.iter().find(|bucket| bucket.key == BucketKey::Missing);
        let missing = missing.map_or(0, |bucket| bucket.count);
        let select = |named: bool| {
            let mut request = request.clone();
            request.filters.untagged = vec![facet];
            if named {
                request.filters.regions.push(RegionPath::new("云南省").unwrap());
                request.filters.measures.push(MeasurePath::new("基层治理").unwrap());
            }
            searcher.search(&request).unwrap().hits
        };
        let is_untagged = |hit: &Hit| values(hit, facet, inferred).is_empty();
        let alone = select(false);
        assert!(missing > 0 && alone.len() as u64 == missing, "{facet:?} {missing}");
        assert!(alone.iter().all(is_untagged));
        // Beside a name either will do.
        let either = select(true);
        assert!(either.iter().any(is_untagged) && !either.iter().all(is_untagged), "{facet:?}");
    }
}
