//! When nothing is found, the answer says why, item by item and filter by filter, with true counts.

use crate::support::{TestIndex, every_hit};
use fangzhi::model::{MeasurePath, RegionPath};
use fangzhi::search::request::{Reason, SearchRequest, Spelling, Within};
use std::fs;

/// Five paragraphs of two articles.
fn index() -> (tempfile::TempDir, TestIndex) {
    let folder = tempfile::tempdir().unwrap();
    let lines = [
        r#"{"id":"1","title":"山村新事","date":"2021-05-01","text":"迪庆的村子推行网格化管理。\n\n村里修通了水渠。\n\n网格员每天上门，用Windows填表。"}"#,
        r#"{"id":"2","title":"水乡旧闻","text":"镇上推行积分制。\n\n镇里办起网络课堂。"}"#,
    ];
    fs::write(folder.path().join("a.jsonl"), lines.join("\n")).unwrap();
    let index = TestIndex::of(&[folder.path().canonicalize().unwrap()]);
    (folder, index)
}

#[track_caller]
fn reasons(index: &TestIndex, request: &SearchRequest) -> Vec<Reason> {
    let answer = index.searcher().search(request).unwrap();
    assert_eq!(answer.total, 0, "{}", request.query);
    answer.reasons
}

fn spellings(found: &[Spelling]) -> Vec<(&str, u64)> {
    found.iter().map(|one| (one.text.as_str(), one.alone)).collect()
}

#[track_caller]
fn check_near(query: &str, expected: &[(&str, u64)]) {
    let (_folder, index) = index();
    let reasons = reasons(&index, &every_hit(query));
    let found = reasons.iter().find(|reason| reason.what == query).unwrap();
    assert_eq!((found.alone, spellings(&found.near).as_slice()), (0, expected));
    // What is suggested is found, as often as it says.
    for near in &found.near {
        assert_eq!(index.search(&near.text).total, near.alone, "{}", near.text);
    }
}

#[test]
fn a_wrong_character_is_told_wherever_it_stands() {
    check_near("网革员", &[("网格员", 1)]);
    check_near("罔格员", &[("网格员", 1)]);
    check_near("网格圆", &[("网格化", 1), ("网格员", 1)]);
    check_near("網革員", &[("网格员", 1)]);
}

#[test]
fn swapped_characters_are_told() {
    check_near("积制分", &[("积分制", 1)]);
    check_near("渠水", &[("水渠", 1), ("了水", 1)]);
}

#[test]
fn a_wrong_letter_is_told() {
    check_near("windosw", &[("windows", 1)]);
    check_near("wimdows", &[("windows", 1)]);
}

#[test]
fn what_resembles_nothing_has_no_suggestion() {
    check_near("噼里啪啦", &[]);
    check_near("windmill", &[]);
}

#[test]
fn each_item_says_how_often_it_stands_alone() {
    let (_folder, index) = index();
    let reasons = reasons(&index, &every_hit("积分制 水渠"));
    let alone: Vec<_> = reasons
        .iter()
        .map(|reason| (reason.what.as_str(), reason.alone, reason.filtered))
        .collect();
    assert_eq!(alone, [("积分制", 1, None), ("水渠", 1, None)]);
    assert!(reasons.iter().all(|reason| reason.near.is_empty() && reason.names.is_empty()));
}

#[test]
fn filters_say_what_they_leave_and_what_is_found_without_them() {
    let (_folder, index) = index();
    let mut request = every_hit("积分制");
    request.filters.since = Some(20_210_101);
    request.filters.regions = vec![RegionPath::new("云南省/迪庆藏族自治州").unwrap()];
    let found = reasons(&index, &request);
    let [item, region, date] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((item.alone, item.filtered), (1, Some(0)));
    // Each filter alone would do: without one, the other still leaves nothing.
    assert_eq!((region.is_filter, region.without), (true, Some(0)));
    assert_eq!((date.is_filter, date.without), (true, Some(0)));
    request.filters.regions.clear();
    let found = reasons(&index, &request);
    assert_eq!((found[1].is_filter, found[1].without), (true, Some(1)));
    request.query = "水渠".to_owned();
    request.filters.measures = vec![MeasurePath::new("党建引领/积分制管理").unwrap()];
    let without_measure = SearchRequest { filters: Default::default(), ..request.clone() };
    assert_eq!(index.searcher().search(&without_measure).unwrap().total, 1);
    let found = reasons(&index, &request);
    let left: Vec<_> = found.iter().map(|reason| (reason.is_filter, reason.without)).collect();
    assert_eq!(left, [(false, None), (true, Some(1)), (true, Some(0))]);
    assert_eq!(found[0].filtered, Some(0));
}

#[test]
fn a_region_that_stands_only_under_another_name_says_which() {
    let (_folder, index) = index();
    let found = reasons(&index, &every_hit("\"迪庆藏族自治州\""));
    assert_eq!(spellings(&found[0].names), [("迪庆", 1)]);
    let found = reasons(&index, &every_hit("迪庆藏族自治州"));
    assert_eq!(found[0].by_tag, Some(found[0].alone));
    assert!(found[0].alone > 0);
    assert_eq!(spellings(&found[0].names), [("迪庆", 1)]);
}

#[test]
fn items_of_one_article_are_found_together_when_asked() {
    let (_folder, index) = index();
    let apart = every_hit("网格化管理 水渠");
    assert_eq!(reasons(&index, &apart).len(), 2);
    let together = SearchRequest { within: Within::Article, ..apart };
    let answer = index.searcher().search(&together).unwrap();
    assert_eq!((answer.total, answer.articles), (2, 1));
    let across = SearchRequest { within: Within::Article, ..every_hit("积分制 水渠") };
    assert_eq!(reasons(&index, &across).len(), 2);
    // An exclusion still looks at each paragraph by itself.
    let but = SearchRequest {
        within: Within::Article, ..every_hit("网格化管理 水渠 -\"迪庆\"")
    };
    assert_eq!(index.searcher().search(&but).unwrap().total, 1);
}
