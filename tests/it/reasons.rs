//! When nothing is found, the answer says why, item by item and filter by filter, with true counts.

use crate::support::{TestIndex, every_hit};
use fangzhi::model::{MeasurePath, RegionPath};
use fangzhi::search::request::{
    MatchMode, Reason, ReasonOf, SearchNote, SearchRequest, Spelling, Within,
};
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
    // What sounds alike comes first.
    check_near("网格圆", &[("网格员", 1), ("网格化", 1)]);
    check_near("網革員", &[("网格员", 1)]);
}

#[test]
fn swapped_characters_are_told() {
    check_near("积制分", &[("积分制", 1)]);
    check_near("渠水", &[("水渠", 1)]);
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
    assert_eq!((region.of, region.without), (ReasonOf::Region, Some(0)));
    assert_eq!((date.of, date.without), (ReasonOf::Date, Some(0)));
    request.filters.regions.clear();
    let found = reasons(&index, &request);
    assert_eq!((found[1].of, found[1].without), (ReasonOf::Date, Some(1)));
    request.query = "水渠".to_owned();
    request.filters.measures = vec![MeasurePath::new("党建引领/积分制管理").unwrap()];
    let without_measure = SearchRequest { filters: Default::default(), ..request.clone() };
    assert_eq!(index.searcher().search(&without_measure).unwrap().total, 1);
    let found = reasons(&index, &request);
    let left: Vec<_> = found.iter().map(|reason| (reason.of, reason.without)).collect();
    assert_eq!(
        left,
        [(ReasonOf::Item, None), (ReasonOf::Measure, Some(1)), (ReasonOf::Date, Some(0)),]
    );
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
    // What is excluded must stand nowhere in the article, though no paragraph holds both.
    let but =
        SearchRequest { within: Within::Article, ..every_hit("网格化管理 水渠 -Windows") };
    let found = reasons(&index, &but);
    let excluded: Vec<_> = found.iter().filter(|reason| reason.of == ReasonOf::Excluded).collect();
    assert_eq!(excluded.len(), 1);
    assert_eq!((excluded[0].what.as_str(), excluded[0].without), ("Windows", Some(2)));
    let other =
        SearchRequest { within: Within::Article, ..every_hit("网格化管理 水渠 -积分制") };
    assert_eq!(index.searcher().search(&other).unwrap().total, 2);
}

#[test]
fn an_exclusion_that_left_nothing_is_named() {
    let (_folder, index) = index();
    let mut request = every_hit("积分制 -推行");
    let found = reasons(&index, &request);
    let [item, excluded] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((item.of, item.alone, item.filtered), (ReasonOf::Item, 1, Some(0)));
    assert_eq!((excluded.of, excluded.what.as_str()), (ReasonOf::Excluded, "推行"));
    // It stands in two paragraphs, one of which the query finds without it.
    assert_eq!((excluded.alone, excluded.without), (2, Some(1)));
    request = SearchRequest { not: vec!["推行".to_owned()], ..every_hit("积分制") };
    assert_eq!(reasons(&index, &request)[1].without, Some(1));
}

#[test]
fn items_too_far_apart_are_told_with_what_holds_both() {
    let (_folder, index) = index();
    let found = reasons(&index, &every_hit("迪庆 ~2 管理"));
    let [left, right, distance] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((left.of, right.of), (ReasonOf::Item, ReasonOf::Item));
    // Near something means in the text: that 迪庆 names a region with three paragraphs says nothing here.
    assert_eq!((left.alone, left.by_tag), (1, None));
    assert_eq!((distance.of, distance.what.as_str()), (ReasonOf::Distance, "迪庆 ~2 管理"));
    assert_eq!((distance.alone, distance.without), (0, Some(1)));
}

#[test]
fn an_item_at_a_distance_is_never_noted_as_found_by_tag() {
    let (_folder, index) = index();
    let by_tag = |query: &str| {
        let notes = index.search(query).notes;
        notes.iter().any(|note| matches!(note, SearchNote::ByTag { .. }))
    };
    assert!(by_tag("迪庆 水渠"));
    assert!(!by_tag("迪庆 ~5 村子 | 水渠"));
}

#[test]
fn a_string_without_anything_to_search_for_is_noted() {
    let (_folder, index) = index();
    let noted = |request: SearchRequest| {
        let notes = index.searcher().search(&request).unwrap().notes;
        notes.contains(&SearchNote::PlainText { text: "。".to_owned(), reason: "empty" })
    };
    assert!(noted(SearchRequest { literal: true, ..every_hit("。") }));
    assert!(noted(SearchRequest { not: vec!["。".to_owned()], ..every_hit("水渠") }));
    assert!(!noted(SearchRequest { literal: true, ..every_hit("水渠。") }));
}

#[test]
fn what_all_items_find_is_found_by_any_part_too() {
    let (_folder, index) = index();
    for query in ["Window", "迪庆州"] {
        let all = SearchRequest { match_mode: MatchMode::All, ..every_hit(query) };
        let any = SearchRequest { match_mode: MatchMode::Any, ..every_hit(query) };
        let [all, any] = [all, any].map(|request| index.searcher().search(&request).unwrap().total);
        assert!(any >= all, "{query}: {any} of {all}");
    }
    let part = SearchRequest { match_mode: MatchMode::Any, ..every_hit("Window") };
    assert_eq!(index.searcher().search(&part).unwrap().total, 1);
}

#[test]
fn a_word_that_is_not_there_is_found_by_any_by_what_it_has_in_common_with_one() {
    let (_folder, index) = index();
    let found = |query: &str| {
        let request = SearchRequest { match_mode: MatchMode::Any, ..every_hit(query) };
        let hits = index.searcher().search(&request).unwrap().hits;
        hits.iter().map(|hit| (hit.text.clone(), hit.highlights.len())).collect::<Vec<_>>()
    };
    let sheet = [("网格员每天上门，用Windows填表。".to_owned(), 1)];
    for query in ["Windowses", "mywindow", "Windowspaper"] {
        assert_eq!(found(query), sheet, "{query}");
    }
    for query in ["windy", "2021windmills", "windowsillornaments"] {
        assert_eq!(found(query), [], "{query}");
    }
}

#[test]
fn synonyms_are_found_in_either_script() {
    let (_folder, index) = index();
    let noted = |query: &str| {
        let notes = index.search(query).notes;
        notes.into_iter().find_map(|note| match note {
            SearchNote::Synonyms { also, .. } => Some(also),
            _ => None,
        })
    };
    assert!(noted("个体户").is_some());
    assert_eq!(noted("個體戶"), noted("个体户"));
    // What holds the item itself finds nothing more; the other way round it does.
    assert_eq!(noted("第一书记"), None);
    assert_eq!(noted("驻村第一书记"), Some(vec!["第一书记".to_owned()]));
}
