//! Figures over ranked answers: Recall@10, MRR@10, nDCG@10, P@1, latency percentiles, and whether two runs differ.
//!
//! Relevance is binary. Formulas, percentiles and the bootstrap are those of the peers' harness, so figures of this
//! program and of other engines can stand in one table.

use super::judgements::{Identified, Query};
use super::random::SplitMix64;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
use std::time::Duration;

/// Answers looked at.
pub const DEPTH: usize = 10;

/// The ranked answer to one query. As JSON a line `{"qid","ids","ms"}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// The query's id.
    pub qid: String,
    /// Ids of passages, best first, each once.
    pub ids: Vec<String>,
    /// Wall time in milliseconds.
    pub ms: f64,
}

/// The ranked answers of one configuration.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Run {
    /// One answer a query, in the order asked.
    pub answers: Vec<Answer>,
}

impl Identified for Answer {
    fn id(&self) -> &str {
        &self.qid
    }
}

impl Run {
    /// Asks every query once. `answer` gives ids, best first; `clock` the time since any fixed moment.
    ///
    /// An id that comes again (two paragraphs of one passage) counts where it came first.
    pub fn collect(
        queries: &[Query],
        clock: &dyn Fn() -> Duration,
        mut answer: impl FnMut(&str) -> Vec<String>,
    ) -> Self {
        let answers = queries.iter().map(|query| {
            let started = clock();
            let mut ids = answer(&query.text);
            let ms = (clock().saturating_sub(started)).as_secs_f64() * 1000.0;
            let mut seen = HashSet::new();
            ids.retain(|id| seen.insert(id.clone()));
            Answer { qid: query.id.clone(), ids, ms }
        });
        Self { answers: answers.collect() }
    }

    /// Means over the judged queries of the run; queries without judgements are passed over.
    pub fn metrics(&self, queries: &[Query]) -> Metrics {
        let relevant = relevant_by_query(queries);
        let mut sum = Metrics::default();
        for answer in &self.answers {
            if let Some(relevant) = relevant.get(answer.qid.as_str()) {
                sum.add(&answer.ids, relevant);
            }
        }
        sum.mean()
    }

    /// How long the answers took.
    pub fn latency(&self) -> LatencySummary {
        LatencySummary::of(self.answers.iter().map(|answer| answer.ms).collect())
    }
}

/// How good answers are, as means over judged queries; each from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Metrics {
    /// Share of the relevant passages (at most 10 of them) among the first 10.
    pub recall10: f64,
    /// One over the rank of the first relevant passage among the first 10.
    pub mrr10: f64,
    /// Discounted gain of the first 10, as a share of the best possible.
    pub ndcg10: f64,
    /// Share of queries whose first answer is relevant.
    pub p1: f64,
    /// Queries judged.
    pub judged: usize,
}

impl Metrics {
    fn add(&mut self, ids: &[String], relevant: &HashSet<&str>) {
        let top = ids.get(..ids.len().min(DEPTH)).unwrap_or_default();
        let hits: Vec<usize> =
            (0..top.len()).filter(|&rank| relevant.contains(top[rank].as_str())).collect();
        let possible = relevant.len().min(DEPTH);
        self.recall10 += real(hits.len()) / real(possible);
        self.mrr10 += hits.first().map_or(0.0, |&rank| 1.0 / real(rank + 1));
        self.ndcg10 += ndcg(&hits, possible);
        self.p1 += if hits.first() == Some(&0) { 1.0 } else { 0.0 };
        self.judged += 1;
    }

    fn mean(self) -> Self {
        let judged = real(self.judged.max(1));
        Self {
            recall10: self.recall10 / judged,
            mrr10: self.mrr10 / judged,
            ndcg10: self.ndcg10 / judged,
            p1: self.p1 / judged,
            judged: self.judged,
        }
    }
}

/// Gain of relevant passages at these ranks (from 0) against `possible` of them at the top.
fn ndcg(ranks: &[usize], possible: usize) -> f64 {
    let gain = |rank: usize| 1.0 / real(rank + 2).log2();
    let ideal: f64 = (0..possible).map(gain).sum();
    ranks.iter().copied().map(gain).sum::<f64>() / ideal
}

fn relevant_by_query(queries: &[Query]) -> HashMap<&str, HashSet<&str>> {
    let judged = queries.iter().filter(|query| !query.relevant.is_empty());
    judged
        .map(|query| (query.id.as_str(), query.relevant.iter().map(String::as_str).collect()))
        .collect()
}

/// A count as a real number; exact below 2^53.
pub(super) fn real(count: usize) -> f64 {
    count as f64
}

/// How long queries took.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct LatencySummary {
    /// Half of the queries took at most so many milliseconds.
    pub p50_ms: f64,
    /// 95 of 100 did.
    pub p95_ms: f64,
    /// 99 of 100 did.
    pub p99_ms: f64,
    /// Queries a second.
    pub qps: f64,
    /// Queries measured.
    pub queries: usize,
}

impl LatencySummary {
    /// Sums up wall times in milliseconds.
    pub fn of(mut times_ms: Vec<f64>) -> Self {
        times_ms.sort_by(f64::total_cmp);
        let total_ms: f64 = times_ms.iter().sum();
        let at = |percent| percentile(&times_ms, percent).unwrap_or(0.0);
        Self {
            p50_ms: at(50),
            p95_ms: at(95),
            p99_ms: at(99),
            qps: if total_ms > 0.0 { real(times_ms.len()) * 1000.0 / total_ms } else { 0.0 },
            queries: times_ms.len(),
        }
    }

    /// With the queries a second of all threads that asked at once, which took so long together.
    pub(super) fn of_whole(self, whole: Duration) -> Self {
        let seconds = whole.as_secs_f64();
        let qps = if seconds > 0.0 { real(self.queries) / seconds } else { 0.0 };
        Self { qps, ..self }
    }
}

/// The smallest of `sorted` that `percent` of them do not exceed (nearest rank); `None` of nothing.
pub fn percentile(sorted: &[f64], percent: usize) -> Option<f64> {
    let rank = (percent * sorted.len()).div_ceil(100).max(1);
    sorted.get(rank.min(sorted.len()).checked_sub(1)?).copied()
}

/// Two runs over the queries that both answered and somebody judged.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Comparison {
    /// Queries compared.
    pub queries: usize,
    /// Mean nDCG@10 of the first run.
    pub first: f64,
    /// Mean nDCG@10 of the second.
    pub second: f64,
    /// First less second.
    pub difference: f64,
    /// Lower end of the difference's 95 % interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Samples drawn for an interval, and the seed they start from.
const BOOTSTRAP_SAMPLES: usize = 10_000;
const BOOTSTRAP_SEED: u64 = 1;

/// Compares nDCG@10 of two runs by a paired bootstrap over queries; `None` when they share no judged query.
///
/// The interval says how far the difference depends on which queries were asked: where it holds 0, neither is better.
pub fn compare(first: &Run, second: &Run, queries: &[Query]) -> Option<Comparison> {
    let relevant = relevant_by_query(queries);
    let score = |answer: &Answer| {
        let relevant = relevant.get(answer.qid.as_str())?;
        let mut sum = Metrics::default();
        sum.add(&answer.ids, relevant);
        Some(sum.ndcg10)
    };
    let others: HashMap<&str, f64> = second
        .answers
        .iter()
        .filter_map(|answer| Some((answer.qid.as_str(), score(answer)?)))
        .collect();
    let pairs: Vec<(f64, f64)> = first
        .answers
        .iter()
        .filter_map(|answer| Some((score(answer)?, *others.get(answer.qid.as_str())?)))
        .collect();
    if pairs.is_empty() {
        return None;
    }
    let mean =
        |value: fn(&(f64, f64)) -> f64| pairs.iter().map(value).sum::<f64>() / real(pairs.len());
    let differences: Vec<f64> = pairs.iter().map(|(first, second)| first - second).collect();
    let (low, high) = interval(&differences);
    let (first, second) = (mean(|pair| pair.0), mean(|pair| pair.1));
    Some(Comparison { queries: pairs.len(), first, second, difference: first - second, low, high })
}

/// The 95 % interval of the mean, by drawing as many again with replacement, many times.
pub(super) fn interval(values: &[f64]) -> (f64, f64) {
    let mut random = SplitMix64::new(BOOTSTRAP_SEED);
    let mut means: Vec<f64> = (0..BOOTSTRAP_SAMPLES)
        .map(|_| {
            let drawn = (0..values.len()).filter_map(|_| random.choose(values));
            drawn.sum::<f64>() / real(values.len())
        })
        .collect();
    means.sort_by(f64::total_cmp);
    let at =
        |per_mille: usize| means.get(BOOTSTRAP_SAMPLES * per_mille / 1000).copied().unwrap_or(0.0);
    (at(25), at(975))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    fn query(id: &str, relevant: &[&str]) -> Query {
        let relevant = relevant.iter().map(ToString::to_string).collect();
        Query { id: id.to_owned(), text: id.to_owned(), relevant }
    }

    /// The answers to queries `q0`, `q1`, … in order.
    fn run(answers: &[&[&str]]) -> Run {
        let answer = |(ordinal, ids): (usize, &&[&str])| Answer {
            qid: format!("q{ordinal}"),
            ids: ids.iter().map(ToString::to_string).collect(),
            ms: 1.0,
        };
        Run { answers: answers.iter().enumerate().map(answer).collect() }
    }

    #[track_caller]
    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-9, "{found} instead of {expected}");
    }

    #[test]
    fn a_relevant_passage_at_the_second_place() {
        let metrics = run(&[&["x", "a"]]).metrics(&[query("q0", &["a"])]);
        near(metrics.recall10, 1.0);
        near(metrics.mrr10, 0.5);
        near(metrics.ndcg10, 1.0 / 3.0_f64.log2());
        near(metrics.p1, 0.0);
    }

    #[test]
    fn only_the_first_ten_count() {
        let late = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "a"];
        let metrics = run(&[&late]).metrics(&[query("q0", &["a"])]);
        assert_eq!(metrics, Metrics { judged: 1, ..Metrics::default() });
    }

    #[test]
    fn twelve_relevant_passages_can_fill_ten_places_at_most() {
        let many: Vec<String> = (0..12).map(|number| number.to_string()).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let metrics = run(&[&many]).metrics(&[query("q0", &many)]);
        near(metrics.recall10, 1.0);
        near(metrics.ndcg10, 1.0);
    }

    #[test]
    fn figures_are_means_over_judged_queries() {
        let queries = [query("q0", &["a"]), query("q1", &["b"]), query("q2", &[])];
        let metrics = run(&[&["a"], &[], &["c"]]).metrics(&queries);
        near(metrics.ndcg10, 0.5);
        assert_eq!(metrics.judged, 2);
    }

    #[test]
    fn a_run_keeps_the_first_of_equal_ids_and_takes_the_time() {
        let time = Cell::new(Duration::ZERO);
        let clock = || {
            time.set(time.get() + Duration::from_millis(2));
            time.get()
        };
        let answers = |text: &str| vec![text.to_owned(), "b".to_owned(), text.to_owned()];
        let run = Run::collect(&[query("q0", &[])], &clock, answers);
        assert_eq!(run.answers[0].ids, ["q0", "b"]);
        near(run.answers[0].ms, 2.0);
        near(run.latency().qps, 500.0);
    }

    #[test]
    fn percentiles_are_values_that_occur() {
        let values = [1.0, 2.0, 3.0, 4.0];
        for (percent, expected) in
            [(0, 1.0), (25, 1.0), (50, 2.0), (51, 3.0), (95, 4.0), (100, 4.0)]
        {
            assert_eq!(percentile(&values, percent), Some(expected), "{percent}");
        }
        assert_eq!(percentile(&[], 50), None);
    }

    #[test]
    fn a_run_does_not_differ_from_itself() {
        let queries = [query("q0", &["a"]), query("q1", &["b"])];
        let run = run(&[&["a"], &["x", "b"]]);
        let compared = compare(&run, &run, &queries).unwrap();
        assert_eq!((compared.difference, compared.low, compared.high), (0.0, 0.0, 0.0));
    }

    #[test]
    fn a_run_that_is_always_better_is_better_with_certainty() {
        let queries: Vec<Query> = (0..20).map(|n| query(&format!("q{n}"), &["a"])).collect();
        let better = run(&[&["a"] as &[&str]; 20]);
        let worse = run(&[&["x", "a"] as &[&str]; 20]);
        let compared = compare(&better, &worse, &queries).unwrap();
        assert_eq!(compared.queries, 20);
        near(compared.low, 1.0 - 1.0 / 3.0_f64.log2());
    }

    #[test]
    fn one_better_query_of_twenty_proves_nothing() {
        let queries: Vec<Query> = (0..20).map(|n| query(&format!("q{n}"), &["a"])).collect();
        let mut once = vec![&["x"] as &[&str]; 20];
        once[7] = &["a"];
        let compared = compare(&run(&once), &run(&[&["x"] as &[&str]; 20]), &queries).unwrap();
        assert!(
            compared.difference > 0.0 && compared.low == 0.0 && compared.high > 0.05,
            "{compared:?}"
        );
    }

    #[test]
    fn runs_over_other_queries_can_not_be_compared() {
        assert_eq!(compare(&run(&[&["a"]]), &Run::default(), &[query("q0", &["a"])]), None);
    }
}
