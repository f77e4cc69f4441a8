//! Running heads and feet, and page numbers: what stands at the edge of page after page.

use crate::ingest::extract::pdf::layout::run::{Run, rows};
use crate::text::tokens::is_han;
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

/// Places of two cells below each other differ by less, in points.
const SAME_COLUMN: f32 = 1.0;

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
    /// Ordinal among the sides.
    side: usize,
    /// Number of its page.
    page: usize,
    at_top: bool,
    baseline: f32,
    /// Rows between it and the edge.
    inwards: usize,
    /// White on the side of the text, in sizes.
    apart: f32,
    /// Whether its cells stand above or below those of the next row.
    in_table: bool,
    /// Its text, and the text of each of its runs.
    whole: Key,
    parts: Vec<Key>,
    text: String,
    runs: Vec<Run<'a>>,
}

/// Takes running heads out of the runs of each side of a page; `sides` are their pages' numbers and their heights.
pub(super) fn take<'a>(
    pages: &mut [Vec<Run<'a>>],
    sides: &[(usize, f32)],
) -> Vec<Vec<RunningHead<'a>>> {
    let mut candidates = Vec::new();
    for (side, (runs, place)) in pages.iter_mut().zip(sides).enumerate() {
        let (edges, rest) = edge_rows(std::mem::take(runs), *place, side);
        *runs = rest;
        candidates.extend(edges);
    }
    let count = sides.iter().map(|(page, _)| page).collect::<HashSet<_>>().len();
    let repeated = Repeated::of(&candidates, count);
    let numbers = counting_pages(&candidates);
    let printed = printed_pages(&candidates);
    let mut heads: Vec<Vec<RunningHead<'a>>> = pages.iter().map(|_| Vec::new()).collect();
    // From the edge inwards: what stands behind a row of the text is text.
    candidates.sort_by_key(|candidate| (candidate.side, candidate.at_top, candidate.inwards));
    let mut text_begun: HashSet<(usize, bool)> = HashSet::new();
    for candidate in candidates {
        let edge = (candidate.side, candidate.at_top);
        let outermost = candidate.inwards == 0
            && (numbers.contains(&edge)
                || is_lone_number(&candidate)
                || printed.contains(&candidate.side));
        if !text_begun.contains(&edge) && (outermost || repeated.holds(&candidate)) {
            heads[candidate.side]
                .push(RunningHead { runs: candidate.runs, at_top: candidate.at_top });
        } else {
            text_begun.insert(edge);
            pages[candidate.side].extend(candidate.runs);
        }
    }
    heads
}

/// The rows at the edges of a page, and all its other runs.
fn edge_rows<'a>(
    mut runs: Vec<Run<'a>>,
    (page, height): (usize, f32),
    side: usize,
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
    let places: Vec<Vec<[f32; 3]>> =
        rows.iter().map(|row| row.iter().map(ends).collect()).collect();
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
        let in_table = neighbour
            .and_then(|at| places.get(at))
            .zip(places.get(at))
            .is_some_and(|(other, own)| are_cells(own, other));
        let texts: Vec<String> = row.iter().map(Run::text).collect();
        let text = texts.concat();
        let key = |text: &str| if in_table { Key::exact(text) } else { Key::of(text) };
        let (whole, parts) = (key(&texts.join(" ")), texts.iter().map(|text| key(text)).collect());
        let inwards = if at_top { at } else { count - at - 1 };
        candidates.push(Candidate {
            side,
            page,
            at_top,
            baseline,
            inwards,
            apart,
            in_table,
            whole,
            parts,
            text,
            runs: row,
        });
    }
    (candidates, rest)
}

/// Left end, right end and middle.
fn ends(run: &Run<'_>) -> [f32; 3] {
    [run.left, run.right, (run.left + run.right) / 2.0]
}

/// Whether two rows have two cells below each other: set to the left, to the right, or to the middle. Two rows of a head
/// share their first's left and their last's right end at most.
fn are_cells(row: &[[f32; 3]], other: &[[f32; 3]]) -> bool {
    (0..3).any(|end| {
        let (mut at, mut shared) = (0, 0);
        for place in row.iter().map(|ends| ends[end]) {
            while other.get(at).is_some_and(|ends| ends[end] < place - SAME_COLUMN) {
                at += 1;
            }
            shared +=
                usize::from(other.get(at).is_some_and(|ends| ends[end] <= place + SAME_COLUMN));
        }
        shared >= 2
    })
}

/// A text by which rows are known again: without white, with a sign for each of its numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Key {
    text: String,
    /// The numbers, and whether each stands so that it may be the page's.
    numbers: Vec<(i64, bool)>,
}

impl Key {
    /// The text of a row of a table, or of a sentence: other figures make another row.
    fn exact(text: &str) -> Self {
        let text = text.chars().filter(|c| !c.is_whitespace()).collect();
        Self { text, numbers: Vec::new() }
    }

    /// The text of any other row. Whole dates are equal: a file may hold the papers of several days.
    fn of(text: &str) -> Self {
        if text
            .trim_end()
            .trim_end_matches(['”', '）', ')', '"'])
            .ends_with(['。', '！', '？', '；', '!', '?', ';'])
        {
            return Self::exact(text);
        }
        let text = DATE.replace_all(text, "§");
        let (mut key, mut numbers) = (String::new(), Vec::new());
        let mut before: Option<char> = None;
        let mut rest = text.chars().peekable();
        while let Some(c) = rest.next() {
            if c.is_ascii_digit() {
                let mut value = i64::from(c.to_digit(10).unwrap_or(0));
                while let Some(digit) = rest.peek().and_then(|c| c.to_digit(10)) {
                    value = value.wrapping_mul(10).wrapping_add(i64::from(digit));
                    rest.next();
                }
                // `新增37名`, `2018年` count something else.
                let apart = before.is_none_or(|c| !is_han(c) || c == '第')
                    && rest.peek().is_none_or(|c| !is_han(*c) || "页頁版".contains(*c));
                numbers.push((value, apart));
                key.push('#');
            } else if !c.is_whitespace() {
                key.push(c);
            }
            before = Some(c);
        }
        Self { text: key, numbers }
    }

    fn has_letters(&self) -> bool {
        self.text.chars().any(char::is_alphabetic) && self.text.chars().count() >= 2
    }

    fn has_figures(&self) -> bool {
        self.text.contains(|c: char| c == '#' || c.is_ascii_digit())
    }

    /// Its numbers as they must be on other pages: themselves, or what is left when the page's is taken off.
    fn figures(&self, page: usize, counting: &[bool]) -> Vec<i64> {
        let page = i64::try_from(page).unwrap_or(0);
        let both = self.numbers.iter().zip(counting);
        both.map(|((value, _), counts)| if *counts { value.wrapping_sub(page) } else { *value })
            .collect()
    }
}

/// Where a text stands: baseline, number of the page, and its key.
type Place<'k> = (f32, usize, &'k Key);

/// Rows of one text at one height, on so many pages that they belong to the pages and not to the text.
struct Standing {
    from: f32,
    to: f32,
    /// Which of the numbers count with the pages.
    counting: Vec<bool>,
    figures: Vec<i64>,
}

/// What stands at one height on page after page, by edge and text.
struct Repeated(HashMap<(bool, String), Vec<Standing>>);

impl Repeated {
    fn of(candidates: &[Candidate<'_>], pages: usize) -> Self {
        let mut found: HashMap<(bool, &str), Vec<Place<'_>>> = HashMap::new();
        for candidate in candidates {
            for key in std::iter::once(&candidate.whole).chain(&candidate.parts) {
                let places = found.entry((candidate.at_top, &key.text)).or_default();
                places.push((candidate.baseline, candidate.page, key));
            }
        }
        let enough = |on: usize| on >= PAGES_MIN || (on >= 2 && on * 2 >= pages);
        let standing = found.into_iter().filter_map(|((at_top, key), mut places)| {
            places.sort_by(|a, b| a.0.total_cmp(&b.0));
            let mut standing = Vec::new();
            for cluster in places.chunk_by(|a, b| b.0 - a.0 <= SAME_HEIGHT) {
                let (Some(first), Some(last)) = (cluster.first(), cluster.last()) else { continue };
                let counting = counting_numbers(cluster);
                // Digits alone may be cells of a table.
                if !first.2.has_letters() && !counting.contains(&true) {
                    continue;
                }
                let mut on: HashMap<Vec<i64>, HashSet<usize>> = HashMap::new();
                for (_, page, key) in cluster {
                    on.entry(key.figures(*page, &counting)).or_default().insert(*page);
                }
                standing.extend(on.into_iter().filter(|(_, on)| enough(on.len())).map(
                    |(figures, _)| Standing {
                        from: first.0,
                        to: last.0,
                        counting: counting.clone(),
                        figures,
                    },
                ));
            }
            (!standing.is_empty()).then(|| ((at_top, key.to_owned()), standing))
        });
        Self(standing.collect())
    }

    /// Whether a row is a running head: as a whole, or in a part beside which nothing but words or the page's number
    /// stands.
    fn holds(&self, candidate: &Candidate<'_>) -> bool {
        let holds = |key: &Key| {
            let standing = self.0.get(&(candidate.at_top, key.text.clone()));
            standing.into_iter().flatten().any(|standing| {
                (standing.from..=standing.to).contains(&candidate.baseline)
                    && standing.figures == key.figures(candidate.page, &standing.counting)
            })
        };
        let parts = || candidate.parts.iter();
        holds(&candidate.whole)
            || !candidate.in_table
                && parts().any(|part| part.has_letters() && holds(part))
                && parts().all(|part| !part.has_figures() || holds(part))
    }
}

/// Which numbers of a text count with the pages, in more of its rows than they stay the same.
fn counting_numbers(rows: &[Place<'_>]) -> Vec<bool> {
    let count = rows.first().map_or(0, |row| row.2.numbers.len());
    let most = |value: &dyn Fn(&Place<'_>) -> Option<i64>| {
        let mut seen: HashMap<i64, usize> = HashMap::new();
        for value in rows.iter().filter_map(value) {
            *seen.entry(value).or_default() += 1;
        }
        seen.into_values().max().unwrap_or(0)
    };
    let counts = |at: usize| {
        let offset = |row: &Place<'_>| {
            let (value, apart) = *row.2.numbers.get(at)?;
            apart.then(|| value.wrapping_sub(i64::try_from(row.1).unwrap_or(0)))
        };
        most(&offset) > most(&|row| Some(row.2.numbers.get(at)?.0))
    };
    (0..count).map(counts).collect()
}

/// A date of year, month and day.
static DATE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"[0-9]{4}\s*年\s*[0-9]{1,2}\s*月\s*[0-9]{1,2}\s*日|[0-9]{4}[-./][0-9]{1,2}[-./][0-9]{1,2}",
    )
    .expect("the pattern is constant")
});

/// Sides whose outermost row holds a number that counts with the pages.
fn counting_pages(candidates: &[Candidate<'_>]) -> HashSet<(usize, bool)> {
    let mut found: HashMap<(bool, i64), Vec<usize>> = HashMap::new();
    for candidate in candidates.iter().filter(|candidate| candidate.inwards == 0) {
        let number = page_number(&candidate.text);
        let page = i64::try_from(candidate.page).ok();
        if let Some((number, page)) = number.zip(page) {
            found.entry((candidate.at_top, number - page)).or_default().push(candidate.side);
        }
    }
    let counting = found.into_iter().filter(|(_, on)| on.len() >= 2);
    counting.flat_map(|((at_top, _), on)| on.into_iter().map(move |side| (side, at_top))).collect()
}

/// Pages around which a browser printed when, of what address and which of how many they are: `2023/5/1 10:20` and the
/// title above, `https://…` and `1/1` below, or the other way round. A page alone repeats nothing that would tell.
fn printed_pages(candidates: &[Candidate<'_>]) -> HashSet<usize> {
    let mut found: HashMap<usize, [bool; 3]> = HashMap::new();
    for candidate in candidates.iter().filter(|candidate| candidate.inwards == 0) {
        let told = found.entry(candidate.side).or_default();
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
                && !candidate.in_table
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
    fn dates_do_not_tell_keys_apart() {
        assert_eq!(Key::of("示例县日报  2023年5月1日"), Key::of("示例县日报 2023年6月12日"));
        assert_eq!(Key::of("示例县日报 2023-05-01"), Key::of("示例县日报 2023-06-12"));
        assert_ne!(Key::of("示例县日报"), Key::of("示例市日报"));
        // In a sentence they say something.
        assert_ne!(Key::of("2023年5月1日开工。"), Key::of("2023年6月2日开工。"));
    }

    #[test]
    fn numbers_that_stand_apart_may_be_the_pages() {
        for text in ["示例县年鉴 12", "12 示例县年鉴", "第12页", "年鉴 12/30", "A12版", "·12·"]
        {
            assert!(
                Key::of(text).numbers.first().is_some_and(|(value, apart)| *value == 12 && *apart),
                "{text}"
            );
        }
        for text in ["新增网格员12名", "12月份走访", "2018年工作成效"] {
            assert!(Key::of(text).numbers.iter().all(|(_, apart)| !apart), "{text}");
        }
    }
}
