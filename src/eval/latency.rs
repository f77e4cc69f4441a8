//! How fast an index answers, by class of query: queries are drawn from its own paragraphs, so they are of the kind
//! its users ask and find something.
//!
//! The caller samples paragraphs, [`classes`] makes requests of them, [`measure`] asks, [`compare_times`] compares two runs. Retrieval sets with judgements
//! are measured in [`super::metrics`].

use super::judgements::Identified;
use super::metrics::{LatencySummary, interval, real};
use super::random::SplitMix64;
use crate::model::{ParagraphKind, RegionPath};
use crate::search::ast::Item;
use crate::search::request::{Facet, FacetRequest, Filters, Hit, MatchMode, SearchRequest};
use crate::text::tokens::is_han;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// A kind of query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// One item of two to four Han.
    Term,
    /// Two or three items of one paragraph.
    All,
    /// A clause, ranked by any of its words.
    Any,
    /// A quoted string of four to twelve characters.
    Literal,
    /// One item with a province, a year or a kind as filter.
    Filter,
    /// As `All`, with counts of regions and measures.
    Facets,
}

impl Class {
    /// All classes, in the order they are measured and shown.
    pub const ALL: [Self; 6] =
        [Self::Term, Self::All, Self::Any, Self::Literal, Self::Filter, Self::Facets];

    /// The name used in tables and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Term => "term",
            Self::All => "all",
            Self::Any => "any",
            Self::Literal => "literal",
            Self::Filter => "filter",
            Self::Facets => "facets",
        }
    }
}

/// A paragraph that queries are drawn from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampledParagraph {
    /// Its display text.
    pub text: String,
    /// A region it is tagged with.
    pub region: Option<RegionPath>,
    /// Its year.
    pub year: Option<u32>,
}

/// A paragraph of which only the text is known.
impl From<String> for SampledParagraph {
    fn from(text: String) -> Self {
        Self { text, region: None, year: None }
    }
}

/// A paragraph that a search found, with its first region and the year it begins in.
impl From<&Hit> for SampledParagraph {
    fn from(hit: &Hit) -> Self {
        Self {
            text: hit.text.clone(),
            region: hit.regions.first().map(|tag| tag.path.clone()),
            year: hit.date.map(|date| date.from / 10_000),
        }
    }
}

/// Requests of one class.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassRequests {
    /// The class.
    pub class: Class,
    /// Its requests.
    pub requests: Vec<SearchRequest>,
}

/// Draws `count` requests of each class. The same paragraphs and seed give the same requests.
///
/// Paragraphs without four Han in a row are passed over; a class is empty when there are no others.
pub fn classes(paragraphs: &[SampledParagraph], count: usize, seed: u64) -> Vec<ClassRequests> {
    let clauses: Vec<(&SampledParagraph, Vec<Vec<char>>)> = paragraphs
        .iter()
        .map(|paragraph| (paragraph, clauses(&paragraph.text)))
        .filter(|(_, clauses)| !clauses.is_empty())
        .collect();
    let draw_class = |(ordinal, class): (usize, Class)| {
        // Each class has lots of its own, so that one more class leaves the others' queries as they were.
        let mut random = SplitMix64::new(seed ^ ((ordinal as u64 + 1) << 32));
        let requests = (0..count).filter_map(|_| {
            let (paragraph, clauses) = random.choose(&clauses)?;
            draw(class, paragraph, clauses, &mut random)
        });
        ClassRequests { class, requests: requests.collect() }
    };
    Class::ALL.into_iter().enumerate().map(draw_class).collect()
}

/// A request with the times of both its answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Timed {
    /// Class and number: `term-0`.
    pub id: String,
    /// Its query text.
    pub query: String,
    /// Milliseconds of the first answer, by an index that was just opened.
    pub cold_ms: f64,
    /// Milliseconds of the second.
    pub warm_ms: f64,
    /// Hits found.
    pub hits: u64,
    /// Threads that asked at once; 0 in files that do not say it.
    #[serde(default)]
    pub threads: usize,
}

impl Identified for Timed {
    fn id(&self) -> &str {
        &self.id
    }
}

/// What came of asking the requests of a class.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// Each request, in order.
    pub timed: Vec<Timed>,
    /// The first answers.
    pub cold: LatencySummary,
    /// The second answers.
    pub warm: LatencySummary,
}

impl Measured {
    /// The sum of all hits, so that two runs can be seen to have found the same.
    pub fn hits(&self) -> u64 {
        self.timed.iter().map(|timed| timed.hits).sum()
    }
}

/// Asks every request, by several threads at once, and then every request again.
///
/// `answer` gives the number of hits; `clock` the time since any fixed moment. Each time is that of one answer; queries
/// a second are those of all threads together.
///
/// # Errors
/// The first error of `answer`.
pub fn measure<E: Send>(
    drawn: &ClassRequests,
    threads: usize,
    clock: &(dyn Fn() -> Duration + Sync),
    answer: &(dyn Fn(&SearchRequest) -> Result<u64, E> + Sync),
) -> Result<Measured, E> {
    let (cold, cold_whole) = ask_all(&drawn.requests, threads, clock, answer)?;
    let (warm, warm_whole) = ask_all(&drawn.requests, threads, clock, answer)?;
    let times = |answers: &[(f64, u64)]| answers.iter().map(|&(ms, _)| ms).collect();
    let both = drawn.requests.iter().zip(cold.iter().zip(&warm)).enumerate();
    let timed = both.map(|(ordinal, (request, (cold, warm)))| Timed {
        id: format!("{}-{ordinal}", drawn.class.as_str()),
        query: request.query.clone(),
        cold_ms: cold.0,
        warm_ms: warm.0,
        hits: warm.1,
        threads,
    });
    Ok(Measured {
        timed: timed.collect(),
        cold: LatencySummary::of(times(&cold)).of_whole(cold_whole),
        warm: LatencySummary::of(times(&warm)).of_whole(warm_whole),
    })
}

/// Milliseconds and hits of every request, in order, and the time they took together.
type Answers = (Vec<(f64, u64)>, Duration);

fn ask_all<E: Send>(
    requests: &[SearchRequest],
    threads: usize,
    clock: &(dyn Fn() -> Duration + Sync),
    answer: &(dyn Fn(&SearchRequest) -> Result<u64, E> + Sync),
) -> Result<Answers, E> {
    let next = AtomicUsize::new(0);
    let ask = || {
        let mut answers = Vec::new();
        loop {
            let ordinal = next.fetch_add(1, Ordering::Relaxed);
            let Some(request) = requests.get(ordinal) else { return Ok(answers) };
            let started = clock();
            let hits = answer(request)?;
            let ms = clock().saturating_sub(started).as_secs_f64() * 1000.0;
            answers.push((ordinal, (ms, hits)));
        }
    };
    let started = clock();
    let by_thread: Vec<Result<Vec<_>, E>> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads.max(1)).map(|_| scope.spawn(ask)).collect();
        let ended = threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic)));
        ended.collect()
    });
    let whole = clock().saturating_sub(started);
    let mut answers = Vec::with_capacity(requests.len());
    for answered in by_thread {
        answers.extend(answered?);
    }
    answers.sort_unstable_by_key(|&(ordinal, _)| ordinal);
    Ok((answers.into_iter().map(|(_, answer)| answer).collect(), whole))
}

/// The warm times of two runs over the queries that both asked.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct LatencyComparison {
    /// Queries compared.
    pub queries: usize,
    /// Time of the first run as a multiple of the second's: the geometric mean over queries.
    pub ratio: f64,
    /// Lower end of the ratio's 95 % interval; `None` of too few queries to tell.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
    /// Queries that found another number of hits.
    pub other_hits: usize,
    /// Whether another number of threads asked.
    pub other_threads: bool,
}

/// Fewest queries of which an interval is given. Five that all were a little slower by chance would seem to prove it.
pub const INTERVAL_QUERIES_MIN: usize = 30;

/// Compares warm times by a paired bootstrap over queries; `None` when the runs share none.
///
/// The interval says how far the ratio depends on which queries were asked: where it holds 1, neither is faster. How
/// busy the machine was at each time is not in it.
pub fn compare_times(first: &[Timed], second: &[Timed]) -> Option<LatencyComparison> {
    let known: HashMap<(&str, &str), &Timed> =
        second.iter().map(|timed| ((timed.id.as_str(), timed.query.as_str()), timed)).collect();
    let pairs: Vec<(&Timed, &Timed)> = first
        .iter()
        .filter_map(|one| Some((one, *known.get(&(one.id.as_str(), one.query.as_str()))?)))
        .collect();
    if pairs.is_empty() {
        return None;
    }
    // A clock may see nothing of a very short time.
    let log = |timed: &Timed| timed.warm_ms.max(1e-6).ln();
    let logs: Vec<f64> = pairs.iter().map(|(one, other)| log(one) - log(other)).collect();
    let ends = (logs.len() >= INTERVAL_QUERIES_MIN).then(|| interval(&logs));
    let mean = logs.iter().sum::<f64>() / real(logs.len());
    let other_threads = |(one, other): &(&Timed, &Timed)| {
        one.threads != other.threads && one.threads > 0 && other.threads > 0
    };
    Some(LatencyComparison {
        queries: pairs.len(),
        ratio: mean.exp(),
        low: ends.map(|(low, _)| low.exp()),
        high: ends.map(|(_, high)| high.exp()),
        other_hits: pairs.iter().filter(|(one, other)| one.hits != other.hits).count(),
        other_threads: pairs.iter().any(other_threads),
    })
}

/// Han in a row that make a clause queries can be drawn from.
const CLAUSE_HAN_MIN: usize = 4;

/// The runs of Han of a text, without short ones.
fn clauses(text: &str) -> Vec<Vec<char>> {
    let runs = text.split(|c| !is_han(c)).map(|run| run.chars().collect::<Vec<char>>());
    runs.filter(|run| run.len() >= CLAUSE_HAN_MIN).collect()
}

/// One request of a class from a paragraph with these clauses.
fn draw(
    class: Class,
    paragraph: &SampledParagraph,
    clauses: &[Vec<char>],
    random: &mut SplitMix64,
) -> Option<SearchRequest> {
    let mut request = SearchRequest::default();
    match class {
        Class::Term => request.query = part(clauses, 2, 4, random)?,
        Class::All => request.query = items(clauses, random)?,
        Class::Any => {
            request.query = part(clauses, 8, 20, random)?;
            request.match_mode = MatchMode::Any;
        }
        Class::Literal => request.query = Item::quoted(part(clauses, 4, 12, random)?).to_string(),
        Class::Filter => {
            request.query = part(clauses, 2, 4, random)?;
            request.filters = filter(paragraph);
        }
        Class::Facets => {
            request.query = items(clauses, random)?;
            request.facets = [Facet::Region, Facet::Measure]
                .map(|facet| FacetRequest { facet, under: None, limit: 10 })
                .to_vec();
        }
    }
    Some(request)
}

/// Two or three parts of the clauses, as items of a query.
fn items(clauses: &[Vec<char>], random: &mut SplitMix64) -> Option<String> {
    let count = random.between(2, 3);
    let parts: Option<Vec<String>> = (0..count).map(|_| part(clauses, 2, 4, random)).collect();
    Some(parts?.join(" "))
}

/// Characters in a row out of one clause, as many as wanted or as it has.
fn part(
    clauses: &[Vec<char>],
    chars_min: usize,
    chars_max: usize,
    random: &mut SplitMix64,
) -> Option<String> {
    let clause = random.choose(clauses)?;
    let length = random.between(chars_min, chars_max).min(clause.len());
    let from = random.between(0, clause.len() - length);
    clause.get(from..from + length).map(|part| part.iter().collect())
}

/// The paragraph's province, else its year, else running text.
fn filter(paragraph: &SampledParagraph) -> Filters {
    let region = paragraph.region.as_ref();
    let province = region.and_then(|path| RegionPath::new(path.ancestors().next()?).ok());
    let year = paragraph.year.filter(|_| province.is_none());
    let bare = province.is_none() && year.is_none();
    Filters {
        kinds: if bare { vec![ParagraphKind::Body] } else { Vec::new() },
        regions: province.into_iter().collect(),
        since: year.map(|year| year * 10_000 + 101),
        until: year.map(|year| year * 10_000 + 1231),
        ..Filters::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicU64;

    fn paragraphs() -> Vec<SampledParagraph> {
        let text = |text: &str, region: Option<&str>| SampledParagraph {
            text: text.to_owned(),
            region: region.and_then(|path| RegionPath::new(path).ok()),
            year: Some(2021),
        };
        vec![
            text("全县把网格化管理落到每个村组，选聘网格员312名。", Some("云南省/迪庆藏族自治州")),
            text("乡里办夜校，请老支书讲党课", None),
            text("2021年5月", None),
        ]
    }

    #[test]
    fn the_same_seed_draws_the_same_queries() {
        assert_eq!(classes(&paragraphs(), 5, 7), classes(&paragraphs(), 5, 7));
        assert_ne!(classes(&paragraphs(), 5, 7), classes(&paragraphs(), 5, 8));
    }

    #[test]
    fn every_class_gets_its_count_and_every_item_stands_in_a_paragraph() {
        let texts: String =
            paragraphs().into_iter().map(|paragraph| paragraph.text + "\n").collect();
        for drawn in classes(&paragraphs(), 20, 1) {
            assert_eq!(drawn.requests.len(), 20, "{:?}", drawn.class);
            for request in drawn.requests {
                for item in request.query.split(' ') {
                    let item = item.trim_matches('"');
                    assert!(item.chars().count() >= 2 && texts.contains(item), "{}", request.query);
                }
            }
        }
    }

    #[test]
    fn a_filter_is_the_province_or_else_the_year_or_else_running_text() {
        let [with_region, without_region, _] = paragraphs().try_into().unwrap();
        assert_eq!(filter(&with_region).regions[0].as_str(), "云南省");
        assert_eq!(filter(&without_region).since, Some(20210101));
        assert_eq!(filter(&String::new().into()).kinds, [ParagraphKind::Body]);
    }

    #[test]
    fn paragraphs_without_clauses_give_no_queries() {
        let bare = [SampledParagraph { text: "2021-05".to_owned(), region: None, year: None }];
        assert!(classes(&bare, 5, 1).iter().all(|class| class.requests.is_empty()));
    }

    fn drawn(count: usize) -> ClassRequests {
        ClassRequests { class: Class::Term, requests: vec![SearchRequest::default(); count] }
    }

    #[test]
    fn the_first_asking_is_cold_and_the_second_warm() {
        let (time_ms, asked) = (AtomicU64::new(0), AtomicU64::new(0));
        let clock = || Duration::from_millis(time_ms.load(Ordering::Relaxed));
        let answer = |_: &SearchRequest| {
            let cold = asked.fetch_add(1, Ordering::Relaxed) < 3;
            time_ms.fetch_add(if cold { 100 } else { 4 }, Ordering::Relaxed);
            Ok::<u64, std::convert::Infallible>(2)
        };
        let measured = measure(&drawn(3), 1, &clock, &answer).unwrap();
        assert_eq!((measured.cold.p99_ms, measured.warm.p99_ms), (100.0, 4.0));
        assert_eq!((measured.warm.qps, measured.warm.queries, measured.hits()), (250.0, 3, 6));
        assert_eq!((measured.timed[2].id.as_str(), measured.timed[2].cold_ms), ("term-2", 100.0));
    }

    #[test]
    fn threads_share_the_requests_and_an_error_ends_all() {
        let asked = AtomicU64::new(0);
        let clock = || Duration::ZERO;
        let answer = |_: &SearchRequest| match asked.fetch_add(1, Ordering::Relaxed) {
            n if n < 40 => Ok(n),
            _ => Err("broken"),
        };
        let measured = measure(&drawn(20), 4, &clock, &answer).unwrap();
        assert_eq!(measured.hits(), (20..40).sum::<u64>());
        assert_eq!(measure(&drawn(20), 4, &clock, &answer), Err("broken"));
    }

    #[test]
    fn two_runs_are_compared_query_by_query() {
        let timed = |id: usize, warm_ms: f64, hits: u64| Timed {
            id: format!("term-{id}"),
            query: format!("甲{id}"),
            cold_ms: 9.0,
            warm_ms,
            hits,
            threads: 1,
        };
        let slow: Vec<Timed> = (1..=40).map(|id| timed(id, 2.0 * id as f64, 1)).collect();
        let mut fast: Vec<Timed> = (1..=50).map(|id| timed(id, id as f64, 1)).collect();
        fast[0].hits = 2;
        fast[1].query = "乙".to_owned();
        let compared = compare_times(&slow, &fast).unwrap();
        assert_eq!((compared.queries, compared.other_hits), (39, 1));
        for bound in [Some(compared.ratio), compared.low, compared.high] {
            assert!(bound.is_some_and(|bound| (bound - 2.0).abs() < 1e-9), "{compared:?}");
        }
        assert!(!compared.other_threads);
        assert_eq!(compare_times(&slow, &[]), None);
        fast[7].threads = 2;
        assert!(compare_times(&slow, &fast).is_some_and(|compared| compared.other_threads));
        let few = compare_times(&slow[..29], &slow).unwrap();
        assert_eq!((few.queries, few.ratio, few.low, few.high), (29, 1.0, None, None));
    }
}
