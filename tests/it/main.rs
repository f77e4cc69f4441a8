//! Modules together: files to index, index to hits, against plain counts and against real reports.
#![allow(
    clippy::unwrap_used,
    reason = "a test that unwraps wrongly fails, which is what it is for"
)]
#![allow(clippy::print_stderr, reason = "skipped parts are said")]

mod acceptance;
mod archives;
mod completeness;
mod content;
mod facets;
mod failures;
mod figures;
mod gold;
#[cfg(feature = "html")]
mod hostile;
mod html;
mod judgements;
mod labels;
mod lexicon;
mod long;
mod marks;
mod pdf;
mod places;
mod plain;
mod planted;
mod queries;
#[cfg(feature = "archives")]
mod ranking;
mod reasons;
mod regions;
mod repair;
mod reprints;
mod retag;
mod samples;
mod scale;
mod segments;
mod sheets;
mod support;
mod tidy;
mod truth;
mod updates;
mod word;
