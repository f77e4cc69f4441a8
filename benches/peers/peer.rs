//! The engines of a comparison that are libraries in Rust: plain tantivy, cut by jieba or into bigrams, and this one.
//! `run.py` calls it; README.md beside this file has the protocol.
//!
//!     peer tantivy-jieba index PASSAGES.tsv DIR
//!     peer tantivy-jieba query DIR QUERIES.tsv
//!
//! Engines: `tantivy-jieba`, `tantivy-bigrams`, and, for `query` only, `fangzhi` and `fangzhi-facets`, which also counts
//! regions and measures. What they search, `fangzhi index` makes.
#![allow(clippy::print_stdout, reason = "its output is what it is for")]

mod plain;

use fangzhi::search::Searcher;
use fangzhi::search::ast::Item;
use fangzhi::search::request::{Facet, FacetRequest, Group, MatchMode, SearchRequest};
use fangzhi::vocab::Vocabulary;
use plain::{Cut, Plain, thread_cpu_ms};
use std::error::Error;
use std::fs;
use std::io::{BufRead, BufReader};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

type Fallible<T> = Result<T, Box<dyn Error>>;

/// Passages an answer names.
const IDS: usize = 10;

/// Hits asked of this engine for them: a passage can be several paragraphs, its title being one of its own.
const HITS: usize = 30;

/// A line of the queries.
struct Query {
    id: String,
    asked: Asked,
}

enum Asked {
    /// The ten best passages that hold any word of a text.
    Any(String),
    /// The ten best passages that hold every item, and how many there are.
    All(Vec<String>),
    /// All passages that hold a string.
    Find(String),
}

/// How many were found, where that was asked, and passages.
type Answer = (Option<usize>, Vec<String>);

fn main() -> Fallible<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        [engine, "index", passages, dir] => {
            let lines = BufReader::new(fs::File::open(passages)?).lines();
            let passages = lines.map_while(Result::ok).filter_map(|line| passage(&line));
            Plain::create(Path::new(dir), cut(engine)?, passages)?;
            Ok(())
        }
        ["fangzhi", "query", dir, queries] => query(&mut Ours::open(dir, false)?, queries),
        ["fangzhi-facets", "query", dir, queries] => query(&mut Ours::open(dir, true)?, queries),
        [engine, "query", dir, queries] => {
            query(&mut Plain::open(Path::new(dir), cut(engine)?)?, queries)
        }
        _ => {
            Err("usage: peer ENGINE index PASSAGES.tsv DIR | peer ENGINE query DIR QUERIES.tsv"
                .into())
        }
    }
}

fn cut(engine: &str) -> Fallible<Cut> {
    match engine {
        "tantivy-jieba" => Ok(Cut::Jieba),
        "tantivy-bigrams" => Ok(Cut::Bigrams),
        other => Err(format!("no engine {other}").into()),
    }
}

/// Id and text of a line, the title being the beginning of the text.
fn passage(line: &str) -> Option<(String, String)> {
    let (id, texts) = line.split_once('\t')?;
    Some((id.to_owned(), texts.replace('\t', "\n")))
}

fn read_query(line: &str) -> Option<Query> {
    let mut fields = line.split('\t').map(str::to_owned);
    let (kind, id) = (fields.next()?, fields.next()?);
    let asked = match kind.as_str() {
        "any" => Asked::Any(fields.next()?),
        "all" => Asked::All(fields.collect()),
        "find" => Asked::Find(fields.next()?),
        _ => return None,
    };
    Some(Query { id, asked })
}

/// Asks everything twice and prints the second answers with their times.
fn query(engine: &mut dyn Engine, queries: &str) -> Fallible<()> {
    let queries: Vec<Query> = fs::read_to_string(queries)?.lines().filter_map(read_query).collect();
    for query in &queries {
        // Finding all is not timed.
        if !matches!(query.asked, Asked::Find(_)) {
            engine.answer(&query.asked)?;
        }
    }
    for Query { id, asked } in &queries {
        let (started, cpu) = (Instant::now(), thread_cpu_ms());
        let (total, passages) = engine.answer(asked)?;
        let (cpu, wall) = (thread_cpu_ms() - cpu, started.elapsed().as_secs_f64() * 1e3);
        let total = total.map(|total| total.to_string()).unwrap_or_default();
        println!("{id}\t{cpu:.4}\t{wall:.4}\t{total}\t{}", passages.join("\t"));
    }
    Ok(())
}

trait Engine {
    fn answer(&mut self, asked: &Asked) -> Fallible<Answer>;
}

impl Engine for Plain {
    fn answer(&mut self, asked: &Asked) -> Fallible<Answer> {
        match asked {
            Asked::Any(text) => {
                let query = self.any(text);
                Ok((None, self.best(query.as_ref(), IDS)?))
            }
            Asked::All(items) => {
                let items: Vec<&str> = items.iter().map(String::as_str).collect();
                let query = self.all(&items);
                let (total, passages) = self.counted(query.as_ref(), IDS)?;
                Ok((Some(total), passages))
            }
            Asked::Find(string) => {
                let query = self.all(&[string]);
                Ok((None, self.every(query.as_ref())?))
            }
        }
    }
}

/// This engine.
struct Ours {
    searcher: Searcher,
    facets: Vec<FacetRequest>,
}

impl Ours {
    fn open(dir: &str, counts: bool) -> Fallible<Self> {
        let facet = |facet| FacetRequest { facet, under: None, limit: 10 };
        let facets =
            if counts { vec![facet(Facet::Region), facet(Facet::Measure)] } else { vec![] };
        let searcher = Searcher::open(Path::new(dir), Arc::new(Vocabulary::builtin()))?;
        Ok(Self { searcher, facets })
    }
}

impl Engine for Ours {
    fn answer(&mut self, asked: &Asked) -> Fallible<Answer> {
        let base = SearchRequest {
            group: Group::None,
            facets: self.facets.clone(),
            ..SearchRequest::default()
        };
        let mut passages = Vec::new();
        let total = match asked {
            Asked::Find(string) => {
                let query = Item::quoted(string.as_str()).to_string();
                let request = SearchRequest { query, ..base };
                self.searcher.for_each(&request, &mut |hit| {
                    passages.extend(record(&hit.path).map(str::to_owned));
                    ControlFlow::Continue(())
                })?;
                None
            }
            Asked::Any(text) => {
                let request = SearchRequest {
                    query: text.clone(),
                    match_mode: MatchMode::Any,
                    limit: HITS,
                    ..base
                };
                self.passages(&request, &mut passages)?;
                None
            }
            Asked::All(items) => {
                let request = SearchRequest {
                    query: items.join(" "),
                    match_mode: MatchMode::All,
                    limit: IDS,
                    ..base
                };
                Some(self.passages(&request, &mut passages)?)
            }
        };
        Ok((total, passages))
    }
}

impl Ours {
    /// The first different passages of the answer; gives its total.
    fn passages(&self, request: &SearchRequest, passages: &mut Vec<String>) -> Fallible<usize> {
        let response = self.searcher.search(request)?;
        for id in response.hits.iter().filter_map(|hit| record(&hit.path)) {
            if passages.len() < IDS && !passages.iter().any(|known| known == id) {
                passages.push(id.to_owned());
            }
        }
        Ok(usize::try_from(response.total)?)
    }
}

/// The record of a path, `passages.jsonl#id`.
fn record(path: &str) -> Option<&str> {
    path.split_once(".jsonl#").map(|(_, id)| id)
}
