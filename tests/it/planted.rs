//! Planted reprints are found: paragraphs recombined from the samples, edited, wrapped anew, in the other script, cut.
//! `FANGZHI_SEED=n` draws others.

#[path = "../../benches/data.rs"]
mod data;
#[path = "../../benches/edits.rs"]
mod edits;

use crate::support::{TestIndex, every_hit, wrapped};
use data::{PARAGRAPHS_PER_REPORT, Source};
use edits::{EDITS, edited, excerpt, letters, table, traditional};
use fangzhi::eval::random::SplitMix64;
use fangzhi::search::request::SearchRequest;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::ops::Range;

/// Texts that have reprints.
const ORIGINALS: usize = 400;
/// Texts that have none.
const OTHERS: usize = 800;
/// Letters of what is drawn as a whole, as it was before edits.
type Part = Vec<char>;
/// Where an article of the test comes from: which text, how it was changed, and the sentences that it was made from, of
/// which an excerpt may have cut the first and the last.
type Origin = (usize, String, Vec<Part>);
/// Least share of the letters of a text, before edits, that stand in another which it is truly from: a reprint is edited up
/// to a fifth.
const SAME_SHARE: f64 = 0.8;

/// The sentences of a part of a text. Each that is drawn ends with the only full stop in it; a lead of so many letters, which
/// names the place of the report, is drawn apart.
fn sentences(text: &str, lead: usize, part: Range<usize>) -> Vec<Part> {
    let mut all = vec![Part::new()];
    for (at, c) in text.chars().enumerate().filter(|(at, _)| part.contains(at)) {
        all.last_mut().unwrap().push(c);
        if c == '。' || at + 1 == lead {
            all.push(Part::new());
        }
    }
    all
}

/// The letters that a sentence has in common with another where one is laid on the other: all where they lie on each other must
/// be the same. So a cut sentence is part of the whole one, and one with another number or place is another.
fn laid(a: &[char], b: &[char]) -> usize {
    let from = |a: &[char], b: &[char]| {
        let tails = (0..a.len()).filter_map(|at| a.get(at..));
        tails.map(|tail| tail.len().min(b.len()) * usize::from(agree(tail, b))).max()
    };
    from(a, b).max(from(b, a)).unwrap_or(0)
}

fn agree(a: &[char], b: &[char]) -> bool {
    !b.is_empty() && a.iter().zip(b).all(|(a, b)| a == b)
}

/// The share of a text, before edits, that stands in another, before edits. The two may be drawn as different texts and have drawn
/// the same sentences.
fn held(text: &[Part], other: &[Part]) -> f64 {
    let longest = |part: &Part| other.iter().map(|other| laid(part, other)).max().unwrap_or(0);
    let all: usize = text.iter().map(Vec::len).sum();
    text.iter().map(longest).sum::<usize>() as f64 / all as f64
}

/// JSONL of all texts, by record the origin. Every record is one paragraph.
fn planted(seed: u64) -> (String, BTreeMap<String, Origin>) {
    let mut random = SplitMix64::new(seed);
    let table = table();
    let long = |text: &String| text.chars().count() >= 90;
    let mut source = Source::load();
    source.seed = seed;
    let bases = source.paragraphs((ORIGINALS + OTHERS) * 2);
    // The first paragraph of each report has a lead.
    let lead = |at: usize, text: &str| {
        let end = text
            .chars()
            .position(|c| c == '：')
            .filter(|_| at.is_multiple_of(PARAGRAPHS_PER_REPORT));
        end.map_or(0, |end| end + 1)
    };
    let (leads, bases): (Vec<usize>, Vec<String>) = bases
        .into_iter()
        .enumerate()
        .filter(|(_, text)| long(text))
        .map(|(at, text)| (lead(at, &text), text))
        .take(ORIGINALS + OTHERS)
        .unzip();
    assert_eq!(bases.len(), ORIGINALS + OTHERS);
    let letters = letters(bases.get(..50).unwrap_or_default());
    let mut texts: Vec<(Origin, String)> = Vec::new();
    for (base, (text, &lead)) in bases.iter().zip(&leads).enumerate() {
        let whole = || sentences(text, lead, 0..usize::MAX);
        texts.push(((base, "itself".to_owned(), whole()), text.clone()));
        if base >= ORIGINALS {
            continue;
        }
        let percent = EDITS[base % EDITS.len()];
        let mut changed = edited(text, percent, &letters, &mut random);
        if random.chance(30) {
            changed = traditional(&changed, &table);
        }
        if random.chance(30) {
            changed = wrapped(&changed, 30);
        }
        texts.push(((base, format!("{percent:02} %"), whole()), changed));
        if base % 2 == 0 && text.chars().count() >= 120 {
            let cut = excerpt(text, &mut random);
            let before = text.split(&cut).next().unwrap().chars().count();
            let part = sentences(text, lead, before..before + cut.chars().count());
            let changed = edited(&cut, base % 5, &letters, &mut random);
            texts.push(((base, "excerpt".to_owned(), part), changed));
        }
    }
    let (mut lines, mut origins) = (String::new(), BTreeMap::new());
    for (at, (origin, text)) in texts.into_iter().enumerate() {
        let id = format!("r{at}");
        writeln!(lines, "{}", serde_json::json!({ "id": id, "text": text })).unwrap();
        origins.insert(id, origin);
    }
    (lines, origins)
}

#[test]
fn planted_reprints_and_excerpts_are_found_and_little_else() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().canonicalize().unwrap().join("planted.jsonl");
    let seed = std::env::var("FANGZHI_SEED").map(|seed| seed.parse().expect("a number"));
    let (lines, origins) = planted(seed.unwrap_or(data::SEED));
    fs::write(&path, lines).unwrap();
    let index = TestIndex::of(&[path]);

    let request = SearchRequest { collapse: true, ..every_hit("") };
    let (mut near, mut within) = (BTreeSet::new(), BTreeSet::new());
    for hit in index.searcher().search(&request).unwrap().hits {
        let reprints = hit.reprints.unwrap();
        let record = |path: &str| path.rsplit_once('#').unwrap().1.to_owned();
        let all: Vec<String> = reprints.paragraphs.iter().map(|one| record(&one.path)).collect();
        let all: Vec<String> = all.into_iter().chain([record(&hit.path)]).collect();
        for a in &all {
            near.extend(all.iter().filter(|b| a < *b).map(|b| (a.clone(), b.clone())));
            let wholes = reprints.excerpt_of.iter();
            within.extend(wholes.map(|whole| (a.clone(), record(&whole.path))));
        }
    }
    let holds = |a: &str, b: &str| held(&origins[a].2, &origins[b].2) >= SAME_SHARE;
    let is_right = |(a, b): &&(String, String)| holds(a, b);
    let right = near.iter().filter(|pair| is_right(pair) && holds(&pair.1, &pair.0)).count();
    let links = within.iter().filter(is_right).count();
    let precision = (right + links) as f64 / (near.len() + within.len()) as f64;

    let mut found: BTreeMap<&str, [usize; 2]> = BTreeMap::new();
    for (id, (base, how, _)) in origins.iter().filter(|(_, origin)| origin.1 != "itself") {
        let whole = origins.iter().find(|(_, other)| other.0 == *base && other.1 == "itself");
        let whole = whole.unwrap().0.clone();
        let pairs = [(id.clone(), whole.clone()), (whole, id.clone())];
        let is_found = pairs.iter().any(|pair| near.contains(pair) || within.contains(pair));
        let [hits, all] = found.entry(how.as_str()).or_default();
        *hits += usize::from(is_found);
        *all += 1;
    }
    let [hits, all] = found.values().fold([0, 0], |sum, [hits, all]| [sum[0] + hits, sum[1] + all]);
    let recall = hits as f64 / all as f64;
    println!(
        "precision {precision:.4} ({} pairs), recall {recall:.4} of {all}: {found:?}",
        near.len() + within.len()
    );
    for (a, b) in near.iter().chain(&within).filter(|pair| !is_right(pair)).take(5) {
        let told = |id: &str| (origins[id].0, &origins[id].1);
        println!("wrong: {a} {:?}, {b} {:?}", told(a), told(b));
    }
    assert!(precision >= 0.98, "precision {precision}");
    assert!(recall >= 0.95, "recall {recall}: {found:?}");
}
