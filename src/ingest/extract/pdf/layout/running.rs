//! Running heads and feet, and page numbers: what stands at the edge of page after page.

use crate::ingest::extract::pdf::layout::run::{Run, rows};
use regex::Regex;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// Share of the page's height, at its top and at its bottom, where heads and feet stand. Margins of official documents
/// are 37 of 297 mm at the top.
const EDGE_SHARE: f32 = 0.13;

/// So many rows at an edge are looked at: name of the paper, date and rubric.
const EDGE_ROWS: usize = 3;

/// A row on so many pages is a running head, however many pages there are.
const PAGES_MIN: usize = 3;

/// Running heads stand at one height, in points: rounding, and pages that were cut unevenly.
const SAME_HEIGHT: f32 = 3.0;

/// White between a lone number and the text, in sizes.
const NUMBER_GAP_EM: f32 = 1.2;

/// A row at the edge of a page.
#[derive(Debug)]
pub(super) struct RunningHead<'a> {
    /// Its runs from left to right.
    pub(super) runs: Vec<Run<'a>>,
    /// Whether it stands at the top.
    pub(super) at_top: bool,
}

/// A row that may be one.
struct Candidate<'a> {
    page: usize,
    at_top: bool,
    baseline: f32,
    /// Rows between it and the edge.
    inwards: usize,
    /// White on the side of the text, in sizes.
    apart: f32,
    /// Its text, and the text of each of its runs, with digits made equal.
    keys: Vec<String>,
    text: String,
    runs: Vec<Run<'a>>,
}

/// Takes running heads out of the runs of each page; `heights` are those of the pages.
pub(super) fn take<'a>(pages: &mut [Vec<Run<'a>>], heights: &[f32]) -> Vec<Vec<RunningHead<'a>>> {
    let mut candidates = Vec::new();
    for (page, (runs, height)) in pages.iter_mut().zip(heights).enumerate() {
        let (edges, rest) = edge_rows(std::mem::take(runs), *height, page);
        *runs = rest;
        candidates.extend(edges);
    }
    let repeated = Repeated::of(&candidates, pages.len());
    let numbers = counting_pages(&candidates);
    let printed = printed_pages(&candidates);
    let mut heads: Vec<Vec<RunningHead<'a>>> = pages.iter().map(|_| Vec::new()).collect();
    // From the edge inwards: what stands behind a row of the text is text.
    candidates.sort_by_key(|candidate| (candidate.page, candidate.at_top, candidate.inwards));
    let mut text_begun: HashSet<(usize, bool)> = HashSet::new();
    for candidate in candidates {
        let edge = (candidate.page, candidate.at_top);
        let outermost = candidate.inwards == 0
            && (numbers.contains(&edge)
                || is_lone_number(&candidate)
                || printed.contains(&candidate.page));
        if !text_begun.contains(&edge) && (outermost || repeated.holds(&candidate)) {
            heads[candidate.page]
                .push(RunningHead { runs: candidate.runs, at_top: candidate.at_top });
        } else {
            text_begun.insert(edge);
            pages[candidate.page].extend(candidate.runs);
        }
    }
    heads
}

/// The rows at the edges of a page, and all its other runs.
fn edge_rows<'a>(
    mut runs: Vec<Run<'a>>,
    height: f32,
    page: usize,
) -> (Vec<Candidate<'a>>, Vec<Run<'a>>) {
    let (top_edge, bottom_edge) = (EDGE_SHARE * height, height - EDGE_SHARE * height);
    runs.sort_by(|a, b| a.baseline.total_cmp(&b.baseline));
    let mut rows = rows(runs, |run| (run.baseline, run.size));
    for row in &mut rows {
        row.sort_by(|a, b| a.left.total_cmp(&b.left));
    }
    let baselines: Vec<(f32, f32)> =
        rows.iter().filter_map(|row| row.first()).map(|run| (run.baseline, run.size)).collect();
    let count = rows.len();
    let (mut candidates, mut rest) = (Vec::new(), Vec::new());
    for (at, row) in rows.into_iter().enumerate() {
        let (baseline, size) = baselines.get(at).copied().unwrap_or((0.0, 1.0));
        let at_top = at < EDGE_ROWS && baseline < top_edge;
        let at_bottom = at + EDGE_ROWS >= count && baseline > bottom_edge;
        if !at_top && !at_bottom {
            rest.extend(row);
            continue;
        }
        let neighbour = if at_top { Some(at + 1) } else { at.checked_sub(1) };
        let apart = neighbour
            .and_then(|at| baselines.get(at))
            .map_or(f32::INFINITY, |(other, _)| (other - baseline).abs() / size - 1.0);
        let texts: Vec<String> = row.iter().map(Run::text).collect();
        let text = texts.concat();
        let keys = std::iter::once(&text).chain(&texts).map(|text| key(text)).collect();
        let inwards = if at_top { at } else { count - at - 1 };
        candidates.push(Candidate {
            page,
            at_top,
            baseline,
            inwards,
            apart,
            keys,
            text,
            runs: row,
        });
    }
    (candidates, rest)
}

/// A text with its digits made equal and its white left out.
fn key(text: &str) -> String {
    let visible = text.chars().filter(|c| !c.is_whitespace());
    visible.map(|c| if c.is_ascii_digit() { '#' } else { c }).collect()
}

/// Texts that stand at one height on so many pages that they belong to the pages and not to the text: for each edge and
/// text the heights, from and to.
struct Repeated(HashMap<(bool, String), Vec<(f32, f32)>>);

impl Repeated {
    fn of(candidates: &[Candidate<'_>], pages: usize) -> Self {
        let mut found: HashMap<(bool, &str), Vec<(f32, usize)>> = HashMap::new();
        for candidate in candidates {
            for key in &candidate.keys {
                // Digits alone may be cells of a table: `counting_pages` judges them.
                if key.chars().any(char::is_alphabetic) && key.chars().count() >= 2 {
                    let places = found.entry((candidate.at_top, key)).or_default();
                    places.push((candidate.baseline, candidate.page));
                }
            }
        }
        let enough = |on: usize| on >= PAGES_MIN || (on >= 2 && on * 2 >= pages);
        let heights = found.into_iter().filter_map(|((at_top, key), mut places)| {
            places.sort_by(|a, b| a.0.total_cmp(&b.0));
            let heights: Vec<(f32, f32)> = places
                .chunk_by(|a, b| b.0 - a.0 <= SAME_HEIGHT)
                .filter(|cluster| {
                    enough(cluster.iter().map(|place| place.1).collect::<HashSet<_>>().len())
                })
                .filter_map(|cluster| Some((cluster.first()?.0, cluster.last()?.0)))
                .collect();
            (!heights.is_empty()).then(|| ((at_top, key.to_owned()), heights))
        });
        Self(heights.collect())
    }

    fn holds(&self, candidate: &Candidate<'_>) -> bool {
        candidate.keys.iter().any(|key| {
            let heights = self.0.get(&(candidate.at_top, key.clone()));
            heights
                .into_iter()
                .flatten()
                .any(|&(from, to)| (from..=to).contains(&candidate.baseline))
        })
    }
}

/// Pages whose outermost row holds a number that counts with the pages.
fn counting_pages(candidates: &[Candidate<'_>]) -> HashSet<(usize, bool)> {
    let mut found: HashMap<(bool, i64), Vec<usize>> = HashMap::new();
    for candidate in candidates.iter().filter(|candidate| candidate.inwards == 0) {
        let number = page_number(&candidate.text);
        let page = i64::try_from(candidate.page).ok();
        if let Some((number, page)) = number.zip(page) {
            found.entry((candidate.at_top, number - page)).or_default().push(candidate.page);
        }
    }
    let counting = found.into_iter().filter(|(_, on)| on.len() >= 2);
    counting.flat_map(|((at_top, _), on)| on.into_iter().map(move |page| (page, at_top))).collect()
}

/// Pages around which a browser printed when, of what address and which of how many they are: `2023/5/1 10:20` and the
/// title above, `https://…` and `1/1` below, or the other way round. A page alone repeats nothing that would tell.
fn printed_pages(candidates: &[Candidate<'_>]) -> HashSet<usize> {
    let mut found: HashMap<usize, [bool; 3]> = HashMap::new();
    for candidate in candidates.iter().filter(|candidate| candidate.inwards == 0) {
        let told = found.entry(candidate.page).or_default();
        let ends = [candidate.runs.first(), candidate.runs.last()];
        for text in ends.into_iter().flatten().map(Run::text) {
            told[0] |= PRINTED_AT.is_match(&text);
            told[1] |= ADDRESS.is_match(&text);
            told[2] |= page_number(&text).is_some() && COUNT.is_match(&text);
        }
    }
    found.into_iter().filter(|(_, told)| *told == [true; 3]).map(|(page, _)| page).collect()
}

/// Day and hour as browsers write them, at one end of a row that may go on with the title.
static PRINTED_AT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)^\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}\b|\b\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}(?:,?\s*(?:[上下]午\s*)?\d{1,2}:\d{2}(?::\d{2})?(?:\s*[AP]M)?)?$",
    )
    .expect("the pattern is constant")
});

/// The address of a page or file, which may be cut off.
static ADDRESS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)\b(?:https?|file)://\S+$").expect("the pattern is constant"));

/// Which page of how many.
static COUNT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)/|of|共").expect("the pattern is constant"));

/// Whether a row is a page's number by itself: its marks say so, or it is short and apart from the text.
fn is_lone_number(candidate: &Candidate<'_>) -> bool {
    let marked =
        |text: &str| page_number(text).is_some() && text.chars().any(|c| !c.is_ascii_digit());
    match candidate.runs.as_slice() {
        [_] => {
            let short = candidate.text.chars().count() <= 3;
            marked(&candidate.text)
                || (page_number(&candidate.text).is_some()
                    && short
                    && candidate.apart > NUMBER_GAP_EM)
        }
        // A foot with other words: `1/3` at its end.
        runs => {
            candidate.apart > NUMBER_GAP_EM
                && [runs.first(), runs.last()].into_iter().flatten().any(|run| marked(&run.text()))
        }
    }
}

/// The number that a row gives its page: `- 3 -`, `— 12 —`, `3/20`, `第3页`, `第 3 页 共 20 页`, `Page 3 of 20`, `3`.
fn page_number(text: &str) -> Option<i64> {
    static SHAPE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"^(?i:[-–—－·•.~～|\s]*(\d{1,4})[-–—－·•.~～|\s]*|(\d{1,4})\s*(?:/|of)\s*\d{1,4}|第\s*(\d{1,4})\s*页(?:\s*[,，/]?\s*共\s*\d{1,4}\s*页)?|共\s*\d{1,4}\s*页\s*[,，/]?\s*第\s*(\d{1,4})\s*页|(?:page|p\.)\s*(\d{1,4})(?:\s*(?:/|of)\s*\d{1,4})?)$",
        )
        .expect("the pattern is constant")
    });
    let found = SHAPE.captures(text.trim())?;
    let digits = found.iter().skip(1).flatten().next()?;
    digits.as_str().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_numbers_are_known_by_their_shapes() {
        for text in [
            "3",
            "- 3 -",
            "— 3 —",
            "－3－",
            "3/20",
            "第3页",
            "第 3 页 共 20 页",
            "Page 3 of 20",
            "·3·",
        ] {
            assert_eq!(page_number(text), Some(3), "{text}");
        }
        for text in ["第3条", "3月", "2023年", "3.5%", "", "共3页", "12345"] {
            assert_eq!(page_number(text), None, "{text}");
        }
    }

    #[test]
    fn digits_do_not_tell_keys_apart() {
        assert_eq!(key("示例县日报  2023年5月1日"), key("示例县日报 2023年6月2日"));
        assert_ne!(key("示例县日报"), key("示例市日报"));
    }
}
