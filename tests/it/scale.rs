//! Completeness on as many strings as one likes: what an index of any size finds against one plain scan of its texts.
//!
//! `cargo test` checks the samples. An index of one's own is checked by
//!
//!     FANGZHI_SCALE_INDEX=DIR/.fangzhi FANGZHI_SCALE_STRINGS=20000 \
//!         cargo test --release --test it scale::an_index_of_ones_own -- --nocapture

use crate::completeness::draw;
use crate::plain::{self, Row};
use crate::support::{Draws, assert_none, assert_noticed, every_hit, quoted, samples, vocabulary};
use aho_corasick::{AhoCorasick, MatchKind};
use fangzhi::search::Searcher;
use fangzhi::search::request::SearchRequest;
use fangzhi::text::literal::{Needle, Pattern, TokenizedText};
use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;
use std::path::Path;

/// A paragraph: the first 16 digits of its id, and its text.
type Paragraph = (u64, String);

/// What a string or pattern is found in.
type Keys = HashSet<u64>;

/// Bytes of an element of a row, so that a scan for bytes is one for elements.
const ELEMENT: usize = 4;

/// Rows as bytes: each token a number, separators nought.
#[derive(Default)]
struct Alphabet {
    numbers: HashMap<String, u32>,
}

impl Alphabet {
    fn bytes(&mut self, row: &Row) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(row.len() * ELEMENT);
        for element in row {
            let next = u32::try_from(self.numbers.len() + 1).unwrap();
            let number = match element {
                Some(token) => *self.numbers.entry(token.clone()).or_insert(next),
                None => 0,
            };
            bytes.extend(number.to_be_bytes());
        }
        bytes
    }
}

fn paragraphs(searcher: &Searcher) -> Vec<Paragraph> {
    let mut all = Vec::new();
    let mut each = |hit: fangzhi::search::request::Hit| {
        all.push((u64::from_str_radix(hit.id.get(..16).unwrap(), 16).unwrap(), hit.text));
        ControlFlow::Continue(())
    };
    searcher.for_each(&SearchRequest::default(), &mut each).unwrap();
    all
}

/// What the plain scan does to a row before it looks; the identity, or a seeded fault.
type Reading = fn(Row) -> Row;

fn as_it_is(row: Row) -> Row {
    row
}

fn without_the_last_token(mut row: Row) -> Row {
    row.pop();
    row
}

fn without_separators(row: Row) -> Row {
    row.into_iter().filter(Option::is_some).collect()
}

/// The paragraphs that hold each string, by one pass over all of them.
fn scan(paragraphs: &[Paragraph], strings: &[String], text: Reading, needle: Reading) -> Vec<Keys> {
    let mut alphabet = Alphabet::default();
    let needles: Vec<Vec<u8>> =
        strings.iter().map(|string| alphabet.bytes(&needle(plain::row(string)))).collect();
    let finder = AhoCorasick::builder().match_kind(MatchKind::Standard).build(&needles).unwrap();
    let mut found = vec![Keys::new(); strings.len()];
    for (key, paragraph) in paragraphs {
        let row = alphabet.bytes(&text(plain::row(paragraph)));
        let places = finder.find_overlapping_iter(&row);
        for place in places.filter(|place| place.start() % ELEMENT == 0 && !place.is_empty()) {
            found[place.pattern().as_usize()].insert(*key);
        }
    }
    found
}

fn searched(searcher: &Searcher, queries: &[String]) -> Vec<Keys> {
    let request = |query: &String| SearchRequest { synonyms: false, ..every_hit(query) };
    queries.iter().map(|query| searcher.hit_keys(&request(query)).unwrap()).collect()
}

/// Where an index finds something else than a scan.
fn differences(queries: &[String], found: &[Keys], expected: &[Keys]) -> Vec<String> {
    let mut wrong = Vec::new();
    for ((query, found), expected) in queries.iter().zip(found).zip(expected) {
        let missing = expected.difference(found).count();
        let extra = found.difference(expected).count();
        if missing + extra > 0 {
            wrong.push(format!("{query}: {missing} missing, {extra} too many"));
        }
    }
    wrong
}

/// Strings of one to twelve tokens, every tenth from a paragraph with Latin letters.
fn strings(paragraphs: &[Paragraph], count: usize, draws: &mut Draws) -> Vec<String> {
    let has_latin = |(_, text): &&Paragraph| text.contains(|c: char| c.is_ascii_alphabetic());
    let latin: Vec<&Paragraph> = paragraphs.iter().filter(has_latin).collect();
    let mut strings = Vec::new();
    while strings.len() < count {
        let from_latin = strings.len() % 10 == 0 && !latin.is_empty();
        let (_, text) = if from_latin { *draws.pick(&latin) } else { draws.pick(paragraphs) };
        strings.extend(draw(draws, text));
    }
    strings
}

/// Patterns: strings with characters replaced by `?`, or a few by `*`, or what is left of a number by `*`.
fn patterns(paragraphs: &[Paragraph], count: usize, draws: &mut Draws) -> Vec<String> {
    let mut patterns = Vec::new();
    while patterns.len() < count {
        let string = strings(paragraphs, 1, draws).remove(0);
        let mut pattern: Vec<char> = string.chars().take(8).collect();
        let at = draws.below(pattern.len());
        if draws.once_in(2) {
            pattern[at] = '?';
        } else {
            let end = (at + 1 + draws.below(2)).min(pattern.len());
            pattern.splice(at..end, ['*']);
        }
        let pattern: String = pattern.into_iter().collect();
        let is_item = !pattern.contains(|c: char| !c.is_alphanumeric() && c != '*' && c != '?');
        // At the end of a query a question mark marks a question.
        if is_item && pattern.chars().count() > 1 && !pattern.ends_with('?') {
            patterns.push(pattern);
        }
    }
    patterns
}

/// Two strings of one paragraph and a distance that they do or nearly do keep.
fn pairs(
    paragraphs: &[Paragraph],
    count: usize,
    draws: &mut Draws,
) -> Vec<(String, String, usize)> {
    let mut pairs = Vec::new();
    while pairs.len() < count {
        let (_, text) = draws.pick(paragraphs);
        let tokens = plain::tokens(text);
        if tokens.len() < 6 {
            continue;
        }
        let first = draws.below(tokens.len() - 5);
        let second = first + 2 + draws.below(4);
        let cut = |from: usize, to: usize| {
            plain::cut(text, tokens[from].place.start..tokens[to].place.end)
        };
        let gap = tokens[second].place.start - tokens[first + 1].place.end;
        pairs.push((
            cut(first, first + 1),
            cut(second, second),
            (gap + draws.below(4)).saturating_sub(1),
        ));
    }
    pairs
}

fn texts(paragraphs: &[Paragraph], mut each: impl FnMut(u64, &TokenizedText)) {
    for (key, text) in paragraphs {
        each(*key, &TokenizedText::new(text));
    }
}

/// Whether two strings stand at most so many characters apart.
fn are_near(text: &TokenizedText, left: &Needle, right: &Needle, distance: usize) -> bool {
    let right = right.find_all(text);
    left.find_all(text).iter().any(|a| {
        right.iter().any(|b| {
            let apart = |first: usize, then: usize| then.checked_sub(first);
            let gap = apart(a.end(), b.start()).or_else(|| apart(b.end(), a.start()));
            gap.is_some_and(|gap| gap <= distance)
        })
    })
}

/// Strings, patterns and pairs of an index; asserts that all find what a scan finds and that faults are noticed.
fn check(searcher: &Searcher, count: usize, verified: usize) {
    let paragraphs = paragraphs(searcher);
    let draws = &mut Draws::new();

    let strings = strings(&paragraphs, count, draws);
    let queries: Vec<String> = strings.iter().map(|string| quoted(string)).collect();
    let found = searched(searcher, &queries);
    let wrong = differences(&queries, &found, &scan(&paragraphs, &strings, as_it_is, as_it_is));
    let hits: usize = found.iter().map(HashSet::len).sum();
    eprintln!(
        "{} paragraphs, {count} strings, {hits} hits, {} wrong",
        paragraphs.len(),
        wrong.len()
    );
    assert_none(&wrong);
    for (fault, text, needle) in [
        ("the last token left out", without_the_last_token as Reading, as_it_is as Reading),
        ("separators do not count", without_separators, without_separators),
    ] {
        let faulty = scan(&paragraphs, &strings, text, needle);
        assert_noticed(fault, &differences(&queries, &found, &faulty));
    }

    let queries = patterns(&paragraphs, verified, draws);
    let pairs = pairs(&paragraphs, verified, draws);
    let near = |(left, right, distance): &(String, String, usize)| {
        format!("{} ~{distance} {}", quoted(left), quoted(right))
    };
    let near_queries: Vec<String> = pairs.iter().map(near).collect();
    let patterns: Vec<Pattern> = queries.iter().map(|pattern| Pattern::new(pattern)).collect();
    let needles: Vec<(Needle, Needle, usize)> = pairs
        .iter()
        .map(|(left, right, distance)| (Needle::new(left), Needle::new(right), *distance))
        .collect();
    let mut of_patterns = vec![Keys::new(); patterns.len()];
    let mut of_pairs = vec![Keys::new(); needles.len()];
    let mut of_wider_pairs = of_pairs.clone();
    texts(&paragraphs, |key, text| {
        for (found, pattern) in of_patterns.iter_mut().zip(&patterns) {
            found.extend(pattern.is_in(text).then_some(key));
        }
        let wide = of_pairs.iter_mut().zip(&mut of_wider_pairs);
        for ((found, wider), (left, right, distance)) in wide.zip(&needles) {
            found.extend(are_near(text, left, right, *distance).then_some(key));
            wider.extend(are_near(text, left, right, distance + 1).then_some(key));
        }
    });
    let found = searched(searcher, &queries);
    assert_none(&differences(&queries, &found, &of_patterns));
    let found = searched(searcher, &near_queries);
    assert_none(&differences(&near_queries, &found, &of_pairs));
    assert_noticed("one character further", &differences(&near_queries, &found, &of_wider_pairs));
    let hits: usize = of_patterns.iter().chain(&of_pairs).map(HashSet::len).sum();
    eprintln!("{verified} patterns and {verified} pairs, {hits} hits, 0 wrong");
}

#[test]
fn the_samples_hold_what_a_scan_of_them_holds() {
    check(&samples().searcher(), 2_000, 150);
}

#[test]
fn an_index_of_ones_own() {
    let Ok(folder) = std::env::var("FANGZHI_SCALE_INDEX") else {
        eprintln!("skipped: FANGZHI_SCALE_INDEX names no index");
        return;
    };
    let count =
        std::env::var("FANGZHI_SCALE_STRINGS").map_or(20_000, |count| count.parse().unwrap());
    let searcher = Searcher::open(Path::new(&folder), vocabulary()).unwrap();
    check(&searcher, count, count.div_ceil(100));
}
