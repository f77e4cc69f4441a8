//! Ranking on public judged sets: a change must not lose what `corpus/judgements/ranking.toml` says is reached.
//!
//! `cargo test` measures a part of each set, and strings taken out of its passages. All of it, where each bar of the
//! comparison with other engines stands, takes minutes:
//!
//!     FANGZHI_LONG=1 FANGZHI_KNOWN=DIR cargo test --release --test it ranking -- --nocapture
//!
//! DIR holds what `../shared/peers/known_items.py` writes; without it these queries are left out. Both print what was
//! measured in the form of the file.

use crate::support::{TestIndex, assert_none, assert_noticed, repository, shared};
use fangzhi::eval::latency::{Class, classes};
use fangzhi::eval::{Passage, Query, Run, read_jsonl};
use fangzhi::pipeline::IndexRequest;
use fangzhi::search::Searcher;
use fangzhi::search::request::{Group, MatchMode, SearchRequest};
use serde::Deserialize;
use std::collections::{BTreeMap, HashSet};
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What may be lost: other tie breaks, not another ranking.
const LOSS: f64 = 0.002;

/// Paragraphs asked for, so that ten passages come together.
const HITS: usize = 30;

/// Mean nDCG@10 of the queries at even and at odd places of their file.
type Halves = [f64; 2];

/// What is reached, by the name of what was asked.
type Reached = BTreeMap<String, Halves>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    part: BTreeMap<String, Part>,
    whole: BTreeMap<String, Reached>,
}

/// A part of a set: the passages whose ids have the least hashes, and the first queries that they answer.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    passages: usize,
    queries: usize,
    reached: Reached,
}

fn expected() -> Expected {
    let text = fs::read_to_string(repository("corpus/judgements/ranking.toml")).unwrap();
    toml::from_str(&text).unwrap()
}

/// A file of the set, packed or not.
fn lines(folder: &Path, name: &str) -> Box<dyn BufRead> {
    let packed = folder.join(format!("{name}.zst"));
    if packed.exists() {
        let unpacked = zstd::Decoder::new(File::open(packed).unwrap()).unwrap();
        return Box::new(BufReader::new(unpacked));
    }
    Box::new(BufReader::new(File::open(folder.join(name)).unwrap()))
}

fn passages(folder: &Path) -> Vec<Passage> {
    read_jsonl(lines(folder, "passages.jsonl")).map(Result::unwrap).collect()
}

fn queries(folder: &Path, name: &str) -> Vec<Query> {
    read_jsonl(lines(folder, name)).map(Result::unwrap).collect()
}

/// An index of passages, each a record of one file.
struct Indexed {
    _index: TestIndex,
    searcher: Searcher,
}

impl Indexed {
    fn of(passages: &[Passage]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("passages.jsonl");
        let mut file = File::create(&path).unwrap();
        for Passage { id, title, text } in passages {
            let record = serde_json::json!({ "id": id, "title": title, "text": text });
            writeln!(file, "{record}").unwrap();
        }
        file.flush().unwrap();
        let index = TestIndex::new();
        index.run(&IndexRequest { paths: vec![path], ..IndexRequest::default() });
        let searcher = index.searcher();
        Self { _index: index, searcher }
    }

    /// The passages found, best first.
    fn answer(&self, query: &str, match_mode: MatchMode) -> Vec<String> {
        let query = query.to_owned();
        let (limit, group) = (HITS, Group::None);
        let request = SearchRequest { query, match_mode, limit, group, ..SearchRequest::default() };
        let hits = self.searcher.search(&request).unwrap().hits;
        hits.iter().map(|hit| hit.path.rsplit_once(".jsonl#").unwrap().1.to_owned()).collect()
    }

    /// Mean nDCG@10 of each half of the judged queries.
    fn halves(&self, queries: &[Query], match_mode: MatchMode) -> Halves {
        [0, 1].map(|half| {
            let of_half: Vec<Query> = queries.iter().skip(half).step_by(2).cloned().collect();
            let run =
                Run::collect(&of_half, &|| Duration::ZERO, |text| self.answer(text, match_mode));
            run.metrics(&of_half).ndcg10
        })
    }
}

/// Two or three strings, and one quoted, out of each passage.
fn known_items(passages: &[Passage]) -> [(&'static str, Vec<Query>); 2] {
    let drawn = |class: Class| {
        let queries = passages.iter().enumerate().filter_map(|(seed, passage)| {
            let drawn = classes(&[passage.text.clone().into()], 1, seed as u64);
            let of_class = drawn.into_iter().find(|drawn| drawn.class == class)?;
            let text = of_class.requests.into_iter().next()?.query;
            let relevant = vec![passage.id.clone()];
            Some(Query { id: passage.id.clone(), text, relevant })
        });
        queries.collect()
    };
    [("items", drawn(Class::All)), ("literal", drawn(Class::Literal))]
}

/// What is reached less than it should be, one sentence each.
fn losses(set: &str, expected: &Reached, found: &Reached) -> Vec<String> {
    let mut losses = Vec::new();
    for (asked, halves) in expected {
        let now = found.get(asked).copied().unwrap_or_default();
        for (half, (expected, now)) in ["even", "odd"].into_iter().zip(halves.iter().zip(now)) {
            if now < expected - LOSS {
                losses
                    .push(format!("{set} {asked}, {half} half: {now:.4} instead of {expected:.4}"));
            }
        }
    }
    losses
}

fn print(set: &str, found: &Reached) {
    for (asked, [even, odd]) in found {
        eprintln!("{set}: {asked} = [{even:.4}, {odd:.4}]");
    }
}

/// What a part of a set reaches.
fn measure_part(folder: &Path, part: &Part) -> Reached {
    let mut chosen = passages(folder);
    chosen.sort_by_cached_key(|passage| *blake3::hash(passage.id.as_bytes()).as_bytes());
    chosen.truncate(part.passages);
    let ids: HashSet<&str> = chosen.iter().map(|passage| passage.id.as_str()).collect();
    let is_answered = |query: &Query| {
        let mut relevant = query.relevant.iter();
        !query.relevant.is_empty() && relevant.all(|id| ids.contains(id.as_str()))
    };
    let mut questions = queries(folder, "queries.jsonl");
    questions.retain(is_answered);
    questions.truncate(part.queries);
    let index = Indexed::of(&chosen);
    let mut found = Reached::new();
    found.insert("questions".to_owned(), index.halves(&questions, MatchMode::Any));
    for (name, items) in known_items(&chosen) {
        found.insert(name.to_owned(), index.halves(&items, MatchMode::Auto));
    }
    found
}

#[test]
fn a_part_of_each_judged_set_is_ranked_as_well_as_before() {
    let Some(sets) = shared("data/retrieval") else { return };
    let mut lost = Vec::new();
    for (set, part) in expected().part {
        let found = measure_part(&sets.join(&set), &part);
        print(&set, &found);
        lost.extend(losses(&set, &part.reached, &found));
    }
    assert_none(&lost);
}

#[test]
fn judged_sets_are_ranked_as_well_as_before() {
    if std::env::var_os("FANGZHI_LONG").is_none() {
        eprintln!("skipped: FANGZHI_LONG is not set");
        return;
    }
    let Some(sets) = shared("data/retrieval") else { return };
    let known = std::env::var_os("FANGZHI_KNOWN").map(PathBuf::from);
    let mut lost = Vec::new();
    for (set, reached) in expected().whole {
        let is_known = set == "known";
        let Some(folder) = (if is_known { known.clone() } else { Some(sets.join(&set)) }) else {
            eprintln!("skipped: FANGZHI_KNOWN is not set");
            continue;
        };
        let index = Indexed::of(&passages(&folder));
        let mut found = Reached::new();
        for asked in reached.keys() {
            let (file, mode) = if is_known {
                (format!("{asked}.jsonl"), MatchMode::Auto)
            } else {
                ("queries.jsonl".to_owned(), MatchMode::Any)
            };
            found.insert(asked.clone(), index.halves(&queries(&folder, &file), mode));
        }
        print(&set, &found);
        lost.extend(losses(&set, &reached, &found));
    }
    assert_none(&lost);
}

#[test]
fn a_loss_in_one_half_is_noticed() {
    let reached = |halves| Reached::from([("questions".to_owned(), halves)]);
    let before = reached([0.9, 0.8]);
    assert_none(&losses("set", &before, &reached([0.899, 0.95])));
    assert_noticed(
        "a loss of .003 in the odd half",
        &losses("set", &before, &reached([0.95, 0.797])),
    );
    assert_noticed("nothing measured", &losses("set", &before, &Reached::new()));
    assert!(expected().part.len() >= 3 && expected().whole.len() >= 3);
}
