//! Planted reprints are found: paragraphs recombined from the samples, edited, wrapped anew, in the other script, cut.
//! `FANGZHI_SEED=n` draws others.

#[path = "../../benches/data.rs"]
mod data;
#[path = "../../benches/edits.rs"]
mod edits;

use crate::support::{TestIndex, every_hit, wrapped};
use data::Source;
use edits::{EDITS, edited, excerpt, letters, table, traditional};
use fangzhi::eval::random::SplitMix64;
use fangzhi::search::request::SearchRequest;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;

/// Texts that have reprints.
const ORIGINALS: usize = 400;
/// Texts that have none.
const OTHERS: usize = 800;
/// Where an article of the test comes from: which text, and how it was changed.
type Origin = (usize, String);

/// JSONL of all texts, by record the origin. Every record is one paragraph.
fn planted(seed: u64) -> (String, BTreeMap<String, Origin>) {
    let mut random = SplitMix64::new(seed);
    let table = table();
    let long = |text: &String| text.chars().count() >= 90;
    let mut source = Source::load();
    source.seed = seed;
    let bases = source.paragraphs((ORIGINALS + OTHERS) * 2);
    let bases: Vec<String> = bases.into_iter().filter(long).take(ORIGINALS + OTHERS).collect();
    assert_eq!(bases.len(), ORIGINALS + OTHERS);
    let letters = letters(bases.get(..50).unwrap_or_default());
    let mut texts: Vec<(Origin, String)> = Vec::new();
    for (base, text) in bases.iter().enumerate() {
        texts.push(((base, "itself".to_owned()), text.clone()));
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
        texts.push(((base, format!("{percent:02} %")), changed));
        if base % 2 == 0 && text.chars().count() >= 120 {
            let cut = edited(&excerpt(text, &mut random), base % 5, &letters, &mut random);
            texts.push(((base, "excerpt".to_owned()), cut));
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
    let origin = |path: &str| &origins[path.rsplit_once('#').unwrap().1];

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
    let pair = |(a, b): &(String, String)| (&origins[a], &origins[b]);
    let right = near.iter().map(pair).filter(|(a, b)| a.0 == b.0).count();
    let links = within.iter().map(pair).filter(|(a, b)| a.0 == b.0).count();
    let precision = (right + links) as f64 / (near.len() + within.len()) as f64;

    let mut found: BTreeMap<&str, [usize; 2]> = BTreeMap::new();
    for (id, (base, how)) in origins.iter().filter(|(_, (_, how))| how != "itself") {
        let whole = origins.iter().find(|(_, (other, how))| other == base && how == "itself");
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
    for pair in near.iter().chain(&within).filter(|(a, b)| origins[a].0 != origins[b].0).take(5) {
        println!(
            "wrong: {pair:?} {:?} {:?}",
            origin(&format!("#{}", pair.0)),
            origin(&format!("#{}", pair.1))
        );
    }
    assert!(precision >= 0.98, "precision {precision}");
    assert!(recall >= 0.95, "recall {recall}: {found:?}");
}
