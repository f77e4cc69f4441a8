//! What the program must do on the real reports it was made for (`../shared`, when it is there).

use crate::support::{TestIndex, files, files_below, shared};
use fangzhi::pipeline::IndexRequest;
use std::fs;
use std::path::Path;

/// Terms and the seeds that hold them: number of the seed at the start of its file name.
fn probe() -> Option<Vec<(String, Vec<String>)>> {
    let table = fs::read_to_string(shared("gold/probe.tsv")?).unwrap();
    let rows = table.lines().skip(1).filter_map(|line| line.split_once('\t'));
    Some(
        rows.map(|(term, seeds)| {
            (term.to_owned(), seeds.split_whitespace().map(str::to_owned).collect())
        })
        .collect(),
    )
}

fn seed_number(name: &str) -> String {
    name.trim_start_matches('s').chars().take_while(char::is_ascii_digit).collect()
}

#[track_caller]
fn check_probe(index: &TestIndex, held: &dyn Fn(&str) -> bool) {
    let mut wrong = Vec::new();
    for (term, mut wanted) in probe().unwrap() {
        wanted.retain(|seed| held(seed));
        let found = index.search(&format!("\"{term}\""));
        let found: Vec<String> = files(&found.hits).iter().map(|name| seed_number(name)).collect();
        let mut found = found;
        found.dedup();
        if found != wanted {
            wrong.push(format!("{term}: found {found:?}, held by {wanted:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_term_finds_its_seeds_and_no_other() {
    let Some(seeds) = shared("seeds") else { return };
    check_probe(&TestIndex::of(&[seeds]), &|_| true);
}

#[test]
fn every_term_finds_its_seeds_in_other_encodings() {
    let Some(folder) = shared("data/encodings/probe") else { return };
    let mut by_encoding: std::collections::BTreeMap<String, Vec<std::path::PathBuf>> =
        Default::default();
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let encoding = name.split('.').rev().nth(1).unwrap_or("").to_owned();
        by_encoding.entry(encoding).or_default().push(path);
    }
    for (encoding, files) in by_encoding {
        let held: Vec<String> = files
            .iter()
            .map(|path| seed_number(&path.file_name().unwrap().to_string_lossy()))
            .collect();
        eprintln!("{encoding}: {held:?}");
        check_probe(&TestIndex::of(&files), &|seed| held.iter().any(|held| held == seed));
    }
}

#[test]
fn names_of_places_and_measures_find_by_tag() {
    let Some(seeds) = shared("seeds") else { return };
    let index = TestIndex::of(&[seeds]);
    for (query, file, words) in [
        ("康定 第一书记", "001", "駐村第一書記"),
        ("迪庆 一肩挑", "000", "一肩挑"),
        ("西藏 网格化管理", "004", "網格化管理"),
    ] {
        let found = index.search(query);
        assert!(
            found.hits.iter().any(|hit| hit.path.contains(file) && hit.text.contains(words)),
            "{query}: {:?}",
            found.hits.iter().map(|hit| &hit.text).collect::<Vec<_>>()
        );
    }
}

#[test]
fn a_figure_finds_its_paragraph_first() {
    let Some(seeds) = shared("seeds") else { return };
    let index = TestIndex::of(&[seeds]);
    for figure in ["9.73万人次", "5985万元", "845名", "80.53%", "13.5万余人次", "70万元"]
    {
        let found = index.search(figure);
        let first = found.hits.first().unwrap_or_else(|| panic!("{figure} is not found"));
        let plain = first.text.replace('萬', "万").replace('餘', "余").replace('員', "员");
        assert!(plain.contains(figure), "{figure}: {}", first.text);
    }
}

#[test]
fn curly_quotes_are_quotes() {
    let Some(seeds) = shared("seeds") else { return };
    let index = TestIndex::of(&[seeds]);
    assert_eq!(index.search("“网格化管理”").total, index.search("\"网格化管理\"").total);
}

#[test]
fn a_word_divided_by_a_line_break_is_found() {
    let Some(seeds) = shared("seeds") else { return };
    let found = TestIndex::of(&[seeds]).search("素质培养");
    assert_eq!(files(&found.hits).len(), 1);
    assert!(found.hits.iter().all(|hit| hit.path.contains("/000_")));
}

#[test]
fn every_report_is_read_or_listed() {
    let (Some(reports), Some(seeds)) = (shared("data/reports"), shared("seeds")) else { return };
    let index = TestIndex::new();
    let request =
        IndexRequest { paths: vec![reports.clone(), seeds.clone()], ..IndexRequest::default() };
    let summary = index.run(&request);
    let count = |folder: &Path| files_below(folder).len();
    let listed: usize = summary.not_read.iter().map(|(_, count)| count).sum();
    assert_eq!(
        summary.added + listed + summary.failed.len(),
        count(&reports) + count(&seeds),
        "{summary:?}"
    );
    assert!(summary.failed.is_empty(), "{:?}", summary.failed);
    let again = index.run(&request);
    assert_eq!((again.added, again.updated, again.unchanged), (0, 0, summary.added));
}

#[test]
fn a_place_that_is_only_named_is_found_by_mention() {
    let Some(seeds) = shared("seeds") else { return };
    let index = TestIndex::of(&[seeds]);
    let mentioned = index.search("提及:北京");
    assert!(mentioned.total > 0, "a rally cry names Beijing");
    assert_eq!(index.search("地区:北京").total, 0, "no report is about Beijing");
}

#[test]
fn a_query_typed_with_radicals_is_the_same_query() {
    let Some(seeds) = shared("seeds") else { return };
    let index = TestIndex::of(&[seeds]);
    assert_eq!(index.search("⺠族团结").total, index.search("民族团结").total);
}
