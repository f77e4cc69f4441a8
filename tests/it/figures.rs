//! Searching by figures equals a plain filter over all paragraphs, however the index is cut into segments.

use crate::segments::SegmentedCopies;
use crate::support::{TestIndex, assert_none, assert_noticed, every_hit, shared};
use fangzhi::model::Figure;
use fangzhi::search::Searcher;
use fangzhi::search::request::{
    Facet, FacetRequest, FigureFilter, Hit, SearchNote, SearchRequest, Sort,
};
use fangzhi::text::quantity::measure_of;
use std::fs;

/// What is asked, and what is right, told another way than the program tells it.
struct Asked {
    of: &'static str,
    min: Option<&'static str>,
    max: Option<&'static str>,
    right: fn(&Figure) -> bool,
}

fn unit(figure: &Figure) -> &str {
    figure.unit.as_deref().unwrap_or("")
}

fn noun(figure: &Figure) -> &str {
    figure.noun.as_deref().unwrap_or("")
}

fn upper(figure: &Figure) -> f64 {
    figure.value_max.unwrap_or(figure.value)
}

const ASKED: [Asked; 8] = [
    Asked { of: "个", min: None, max: None, right: |one| unit(one) == "个" },
    Asked {
        of: "个",
        min: Some("10"),
        max: Some("100"),
        right: |one| unit(one) == "个" && upper(one) >= 10.0 && one.value <= 100.0,
    },
    Asked {
        of: "人",
        min: Some("100"),
        max: None,
        right: |one| matches!(unit(one), "人" | "名" | "位") && upper(one) >= 100.0,
    },
    Asked {
        of: "人次",
        min: Some("1万"),
        max: None,
        right: |one| unit(one) == "人次" && upper(one) >= 10_000.0,
    },
    Asked {
        of: "万元",
        min: Some("5"),
        max: Some("1亿元"),
        right: |one| unit(one) == "元" && upper(one) >= 50_000.0 && one.value <= 1e8,
    },
    Asked {
        of: "%",
        min: Some("90"),
        max: None,
        right: |one| unit(one) == "%" && upper(one) >= 90.0,
    },
    Asked { of: "党员", min: None, max: None, right: |one| noun(one).ends_with("党员") },
    Asked {
        of: "户",
        min: None,
        max: Some("5"),
        right: |one| unit(one) == "户" && one.value <= 5.0,
    },
];

fn request(query: &str, asked: &Asked) -> SearchRequest {
    let mut request = every_hit(query);
    request.filters.figure = Some(FigureFilter::typed(asked.of, asked.min, asked.max).unwrap());
    request
}

/// How answers differ from a plain filter; `fault` turns the recount wrong, to see that it would be noticed.
fn failures(searcher: &Searcher, query: &str, fault: bool) -> Vec<String> {
    let all = searcher.search(&every_hit(query)).unwrap().hits;
    let mut failures = Vec::new();
    for asked in &ASKED {
        let right = |hit: &Hit| {
            hit.figures.iter().any(|one| (asked.right)(one) || (fault && unit(one) == "家"))
        };
        let mut wanted: Vec<&str> =
            all.iter().filter(|hit| right(hit)).map(|hit| hit.id.as_str()).collect();
        let response = searcher.search(&request(query, asked)).unwrap();
        let mut found: Vec<&str> = response.hits.iter().map(|hit| hit.id.as_str()).collect();
        wanted.sort_unstable();
        found.sort_unstable();
        if wanted != found || response.total != wanted.len() as u64 {
            failures.push(format!(
                "{} {:?} {:?} in {query:?}: {} found, {} are right",
                asked.of,
                asked.min,
                asked.max,
                found.len(),
                wanted.len()
            ));
        }
    }
    failures
}

#[test]
fn a_figure_filter_finds_what_a_plain_filter_finds_in_any_number_of_segments() {
    let copies = SegmentedCopies::new();
    for (_, index) in &copies.indexes {
        for query in ["", "网格", "党员 -培训"] {
            assert_none(&failures(&index.searcher(), query, false));
        }
        assert_noticed("another unit", &failures(&index.searcher(), "", true));
        copies.delete_and_change(index);
        assert_none(&failures(&index.searcher(), "", false));
        copies.restore();
    }
}

#[test]
fn hits_sort_by_their_largest_figure_that_was_asked_for() {
    let copies = SegmentedCopies::new();
    let mut orders: Vec<Vec<String>> = Vec::new();
    for (_, index) in &copies.indexes {
        let mut request = request("", &ASKED[2]);
        request.sort = Sort::Figure;
        let hits = index.searcher().search(&request).unwrap().hits;
        let filter = request.filters.figure.unwrap();
        let largest = |hit: &Hit| {
            let asked = hit.figures.iter().filter(|one| filter.matches(one));
            let base = |one: &Figure| upper(one) * measure_of(unit(one)).map_or(1.0, |m| m.factor);
            asked.map(base).fold(0.0, f64::max)
        };
        let order: Vec<f64> = hits.iter().map(largest).collect();
        assert!(order.len() > 3 && order.is_sorted_by(|a, b| a >= b), "{order:?}");
        orders.push(hits.into_iter().map(|hit| hit.id).collect());
    }
    assert!(orders.windows(2).all(|pair| pair[0].len() == pair[1].len()));
}

fn index_of(texts: &[(&str, &str)]) -> (tempfile::TempDir, TestIndex) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in texts {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let index = TestIndex::of(&[folder.path().to_path_buf()]);
    (folder, index)
}

#[test]
fn units_convert_ranges_overlap_and_facets_count_the_same_hits() {
    let (_folder, index) = index_of(&[
        ("甲.txt", "云南省大理州修路\n\n大理州投入5985万元修路30公里，惠及群众9.73万人次。\n"),
        ("乙.txt", "四川省甘孜州种树\n\n甘孜州投入1.2亿元种树600公顷，每组5-15户。\n"),
    ]);
    let total = |of: &str, min: Option<&str>, max: Option<&str>| {
        let mut request = every_hit("");
        request.filters.figure = Some(FigureFilter::typed(of, min, max).unwrap());
        request.facets = vec![FacetRequest { facet: Facet::Region, under: None, limit: 10 }];
        let response = index.searcher().search(&request).unwrap();
        assert_eq!(response.facets[0].total, response.total, "{of}");
        response.total
    };
    assert_eq!(total("元", None, None), 2);
    assert_eq!(total("万元", Some("6000"), None), 1);
    assert_eq!(total("亿元", None, Some("0.6")), 1);
    assert_eq!(total("千米", Some("30"), Some("30")), 1);
    assert_eq!(total("亩", Some("9000"), Some("9000")), 1);
    assert_eq!(total("户", Some("12"), Some("20")), 1);
    assert_eq!(total("户", Some("16"), None), 0);
    assert_eq!(total("人次", Some("1万"), Some("10万")), 1);
}

#[test]
fn figures_are_marked_in_the_hit_and_stand_beside_a_query() {
    let (_folder, index) = index_of(&[(
        "甲.txt",
        "修路\n\n全县投入5985万元修路30公里。\n\n全县投入3万元种树。\n\n全县修路二十年。\n",
    )]);
    let mut request = every_hit("修路");
    request.filters.figure = Some(FigureFilter::typed("元", Some("10万"), None).unwrap());
    let response = index.searcher().search(&request).unwrap();
    let marked: Vec<String> = response.hits[0]
        .highlights
        .iter()
        .map(|span| response.hits[0].text.chars().skip(span.start()).take(span.len()).collect())
        .collect();
    assert_eq!((response.total, marked), (1, vec!["5985万元修路".to_owned()]));
    assert!(!response.notes.iter().any(|note| matches!(note, SearchNote::Undated { .. })));
    let none = FigureFilter::typed("亩", None, None).unwrap();
    request.filters.figure = Some(none);
    let response = index.searcher().search(&request).unwrap();
    assert!(
        response
            .reasons
            .iter()
            .any(|reason| reason.of.is_filter() && reason.what == "亩" && reason.alone == 0)
    );
}

#[test]
fn real_reports_answer_like_a_plain_filter() {
    let Some(reports) = shared("data/reports") else { return };
    let index = TestIndex::of(&[reports.join("case-material"), reports.join("work-report")]);
    for query in ["", "网格"] {
        assert_none(&failures(&index.searcher(), query, false));
    }
}
