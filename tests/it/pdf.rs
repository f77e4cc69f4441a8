//! PDFs of several producers give the text they were made from: its characters, its order, its paragraphs.
//!
//! The files and the script that made them are in `tests/fixtures/pdf`.
#![cfg(feature = "pdf")]

use crate::support::repository;
use fangzhi::ingest::{Extracted, Format, ReadOptions, Role, extract_bytes};
use fangzhi::text::fold;
use std::collections::HashMap;
use std::fs;
use std::hash::Hash;

/// Share of the text's characters that must be read.
const CHARACTERS_MIN: f64 = 0.995;

/// Similarity of the order of the characters.
const ORDER_MIN: f64 = 0.98;

/// How the text read out of a file compares with the text it was made from.
#[derive(Debug)]
struct Compared {
    characters: f64,
    order: f64,
    precision: f64,
    recall: f64,
}

fn compare(wanted: &[String], read: &[String]) -> Compared {
    let (a, b) =
        (wanted.concat().chars().collect::<Vec<_>>(), read.concat().chars().collect::<Vec<_>>());
    let exact = shared(wanted, read);
    Compared {
        characters: share(shared(&a, &b), a.len()),
        order: share(2 * common_subsequence(&a, &b), a.len() + b.len()),
        precision: share(exact, read.len()),
        recall: share(exact, wanted.len()),
    }
}

#[allow(clippy::cast_precision_loss, reason = "counts of a small file")]
fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

/// How many items two lists share, each item as often as both have it.
fn shared<T: Hash + Eq>(a: &[T], b: &[T]) -> usize {
    let mut left: HashMap<&T, usize> = HashMap::new();
    for item in a {
        *left.entry(item).or_default() += 1;
    }
    let found = b.iter().filter(|item| {
        left.get_mut(item).filter(|count| **count > 0).map(|count| *count -= 1).is_some()
    });
    found.count()
}

fn common_subsequence(a: &[char], b: &[char]) -> usize {
    let mut row = vec![0; b.len() + 1];
    for x in a {
        let mut diagonal = 0;
        for (at, y) in b.iter().enumerate() {
            let above = row[at + 1];
            row[at + 1] = if x == y { diagonal + 1 } else { above.max(row[at]) };
            diagonal = above;
        }
    }
    row[b.len()]
}

/// A paragraph as it is compared: white space aside, look-alike and full-width characters as what they stand for.
fn plain(text: &str) -> String {
    fold::fold(text).split_whitespace().collect()
}

fn folder() -> std::path::PathBuf {
    repository("tests/fixtures/pdf")
}

fn read(name: &str) -> Extracted {
    let bytes = fs::read(folder().join(name)).unwrap();
    extract_bytes(&bytes, Format::Pdf, &ReadOptions::default()).unwrap().extracted
}

/// The paragraphs of a file that belong to its text.
fn paragraphs(extracted: &Extracted) -> Vec<String> {
    let text = extracted.blocks.iter().filter(|block| block.role != Some(Role::RunningHead));
    text.map(|block| plain(extracted.text.get(block.span.range()).unwrap())).collect()
}

fn truth(name: &str) -> Vec<String> {
    fs::read_to_string(folder().join(name)).unwrap().lines().map(plain).collect()
}

#[track_caller]
fn check(file: &str, text: &str, paragraphs_min: f64) {
    let (wanted, read) = (truth(text), paragraphs(&read(file)));
    let compared = compare(&wanted, &read);
    let enough = compared.characters >= CHARACTERS_MIN
        && compared.order >= ORDER_MIN
        && compared.precision >= paragraphs_min
        && compared.recall >= paragraphs_min;
    assert!(enough, "{file}: {compared:?}\n{}", read.join("\n"));
}

#[test]
fn one_column_comes_out_as_it_was_written() {
    check("libreoffice.pdf", "report.txt", 0.9);
    check("wkhtmltopdf.pdf", "report.txt", 0.9);
    check("reportlab.pdf", "report.txt", 0.9);
}

#[test]
fn two_columns_come_out_one_after_the_other() {
    check("libreoffice-2.pdf", "report.txt", 0.8);
    check("reportlab-2.pdf", "report.txt", 0.8);
    check("chromium-2-brief.pdf", "brief.txt", 0.8);
}

#[test]
fn rows_drawn_across_columns_are_put_in_order() {
    check("rows-2.pdf", "report.txt", 0.8);
}

#[test]
fn lines_from_top_to_bottom_are_read_from_the_right() {
    check("vertical-3.pdf", "report.txt", 0.8);
}

#[test]
fn blocks_say_what_they_are_and_where_they_stand() {
    let extracted = read("reportlab.pdf");
    let title =
        extracted.blocks.iter().find(|block| matches!(block.role, Some(Role::Heading(_)))).unwrap();
    assert_eq!(title.role, Some(Role::Heading(1)));
    assert_eq!(title.page, Some((1, 1)));
    let [left, top, right, bottom] = title.area.unwrap();
    assert!(
        60 <= left && left < right && right <= 535 && 60 <= top && top < bottom && bottom <= 100
    );
    let feet = extracted.blocks.iter().filter(|block| block.role == Some(Role::RunningHead));
    let feet: Vec<_> = feet.filter_map(|block| extracted.text.get(block.span.range())).collect();
    assert!(feet.contains(&"- 1 -"), "{feet:?}");
    let numbers: Vec<usize> = extracted.blocks.iter().map(|block| block.number).collect();
    assert_eq!(numbers, (1..=numbers.len()).collect::<Vec<_>>());
}

#[test]
fn the_comparison_notices_what_is_wrong() {
    let wanted = truth("report.txt");
    let whole = compare(&wanted, &wanted);
    assert_eq!(
        (whole.characters, whole.order, whole.precision, whole.recall),
        (1.0, 1.0, 1.0, 1.0)
    );
    let mut turned = wanted.clone();
    turned.reverse();
    assert!(compare(&wanted, &turned).order < ORDER_MIN);
    assert!(compare(&wanted, &[wanted.concat()]).recall < 0.8);
    assert!(compare(&wanted, &wanted[1..]).characters < CHARACTERS_MIN);
}
