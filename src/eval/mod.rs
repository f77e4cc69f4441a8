//! How good and how fast the answers are: judged queries, metrics, comparison of two runs, latency by class of query.
//!
//! Nothing here knows the engine: what answers a query is a closure, what tells the time is a closure, and every draw
//! of lots has a seed, so the same run gives the same figures. Read [`judgements`] first, then [`metrics`];
//! [`latency`] makes queries out of the user's own paragraphs; [`labels`] counts how right the tags are.

pub mod judgements;
pub mod labels;
pub mod latency;
pub mod metrics;
pub mod random;

pub use judgements::{JudgementError, Passage, Query, SampleQuery, read_jsonl, read_samples};
pub use latency::{INTERVAL_QUERIES_MIN, LatencyComparison, Measured, Timed, compare_times};
pub use metrics::{Answer, Comparison, LatencySummary, Metrics, Run, compare, percentile};
