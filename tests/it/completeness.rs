//! Every string that begins and ends at token boundaries finds exactly the paragraphs that hold it.

use crate::plain::{self, Row};
use crate::support::{
    Draws, TestIndex, assert_none, assert_noticed, every_hit, quoted, reports, samples,
};
use fangzhi::text::fold::fold;
use fangzhi::text::script::to_simplified;
use std::collections::BTreeSet;

/// How many strings are drawn from real reports.
const STRINGS: usize = 300;
/// How many from the samples: enough that each seeded fault shows in one of them.
const SAMPLE_STRINGS: usize = 2_000;
/// Separators that may stand for one another; none of them joins two tokens.
const SEPARATORS: [&str; 8] = ["，", "、", "。", " ", "——", "）（", "……", "：“"];

/// A paragraph: its id and its row of tokens.
type Known = (String, Row);

/// Says whether a string stands in a paragraph.
type Scan = fn(text: &Row, needle: &Row) -> bool;

fn scan(text: &Row, needle: &Row) -> bool {
    plain::contains(text, needle)
}

/// As if no end marks were stored: a last Han is found only where another Han follows it.
fn scan_without_end_marks(text: &Row, needle: &Row) -> bool {
    let is_han = |token: Option<&Option<String>>| {
        token.and_then(Option::as_ref).is_some_and(|text| !plain::variants(first(text)).is_empty())
    };
    plain::places(text, needle)
        .into_iter()
        .any(|at| !is_han(needle.last()) || is_han(text.get(at + needle.len())))
}

fn first(text: &str) -> char {
    text.chars().next().unwrap_or(' ')
}

/// As if the last pair of a paragraph were not stored.
fn scan_without_the_last_token(text: &Row, needle: &Row) -> bool {
    plain::contains(&text[..text.len().saturating_sub(1)], needle)
}

/// As if separators were not there.
fn scan_over_separators(text: &Row, needle: &Row) -> bool {
    let glued = |row: &Row| row.iter().filter(|token| token.is_some()).cloned().collect::<Row>();
    plain::contains(&glued(text), &glued(needle))
}

/// A string of one to twelve tokens of a text, a quarter of the time at its end; `None` for a text without a token.
pub(crate) fn draw(draws: &mut Draws, text: &str) -> Option<String> {
    let tokens = plain::tokens(text);
    if tokens.is_empty() {
        return None;
    }
    let count = 1 + draws.below(12.min(tokens.len()));
    let starts = tokens.len() - count + 1;
    let start = if draws.once_in(4) { starts - 1 } else { draws.below(starts) };
    let place = tokens[start].place.start..tokens[start + count - 1].place.end;
    Some(vary(draws, &plain::cut(text, place)))
}

/// The same string in another script and with other separators.
fn vary(draws: &mut Draws, text: &str) -> String {
    let mut varied = String::new();
    let mut end = 0;
    for token in plain::tokens(text) {
        if token.place.start > end {
            varied.push_str(draws.pick::<&str>(&SEPARATORS));
        }
        end = token.place.end;
        for c in plain::cut(text, token.place).chars() {
            let variants = plain::variants(c);
            varied.push(if variants.is_empty() || draws.once_in(2) {
                c
            } else {
                *draws.pick(variants)
            });
        }
    }
    varied
}

/// A string with the paragraphs that an index finds for it.
struct Found {
    text: String,
    ids: BTreeSet<String>,
    total: u64,
}

fn find(index: &TestIndex, strings: Vec<String>) -> Vec<Found> {
    let searcher = index.searcher();
    let find = |text: String| {
        let answer = searcher.search(&every_hit(&quoted(&text))).unwrap();
        Found {
            text,
            ids: answer.hits.into_iter().map(|hit| hit.id).collect(),
            total: answer.total,
        }
    };
    strings.into_iter().map(find).collect()
}

/// What is found wrongly or not found, with what a scan says is right.
fn differences(known: &[Known], found: &[Found], scan: Scan) -> Vec<String> {
    let mut wrong = Vec::new();
    for Found { text, ids, total } in found {
        let needle = plain::row(text);
        let holds = known.iter().filter(|(_, row)| scan(row, &needle));
        let expected: BTreeSet<String> = holds.map(|(id, _)| id.clone()).collect();
        if *ids != expected || *total != expected.len() as u64 {
            let missed = expected.difference(ids).count();
            let extra = ids.difference(&expected).count();
            wrong.push(format!("{text:?}: {missed} missed, {extra} too many, total {total}"));
        }
    }
    wrong
}

/// Paragraphs of an index and strings drawn from them, every tenth from one with Latin letters: those are rare.
fn drawn(index: &TestIndex, count: usize) -> (Vec<Known>, Vec<String>) {
    let paragraphs = index.paragraphs();
    let known = paragraphs.iter().map(|hit| (hit.id.clone(), plain::row(&hit.text))).collect();
    let texts: Vec<&str> = paragraphs.iter().map(|hit| hit.text.as_str()).collect();
    let has_latin = |text: &&&str| text.contains(|c: char| c.is_ascii_alphabetic());
    let latin: Vec<&str> = texts.iter().filter(has_latin).copied().collect();
    let mut draws = Draws::new();
    let mut strings = Vec::new();
    while strings.len() < count {
        let from = if strings.len() % 10 == 0 && !latin.is_empty() { &latin } else { &texts };
        let text = *draws.pick(from);
        strings.extend(draw(&mut draws, text));
    }
    (known, strings)
}

#[test]
fn what_stands_in_the_samples_is_found_and_nothing_else() {
    let index = samples();
    let (known, strings) = drawn(&index, SAMPLE_STRINGS);
    let found = find(&index, strings);
    assert_none(&differences(&known, &found, scan));
    for (fault, scan) in [
        ("end mark left out", scan_without_end_marks as Scan),
        ("last pair dropped", scan_without_the_last_token),
        ("separators do not count", scan_over_separators),
    ] {
        assert_noticed(fault, &differences(&known, &found, scan));
    }
}

#[test]
fn what_stands_in_real_reports_is_found_and_nothing_else() {
    let Some(reports) = reports(16) else { return };
    let index = TestIndex::of(&reports);
    let (known, strings) = drawn(&index, STRINGS);
    eprintln!("{} strings from {} paragraphs", strings.len(), known.len());
    assert_none(&differences(&known, &find(&index, strings), scan));
}

#[test]
fn the_drawn_strings_are_of_every_kind() {
    let (_, strings) = drawn(&samples(), SAMPLE_STRINGS);
    let holds =
        |test: fn(char) -> bool| strings.iter().filter(|text| text.chars().any(test)).count();
    let counts = [
        holds(|c| !plain::variants(c).is_empty()),
        holds(|c| c.is_ascii_digit()),
        holds(|c| c.is_ascii_alphabetic()),
        holds(|c| c == '%'),
        holds(|c| "，、。 —）…：".contains(c)),
    ];
    assert!(
        counts.iter().all(|&count| count > 0),
        "Han, digits, Latin, symbols, separators: {counts:?}"
    );
}

/// Where the fold of a part of a text is not the part of its fold.
fn fold_faults(texts: &[String], fold: &dyn Fn(&str) -> String) -> Vec<String> {
    let mut draws = Draws::new();
    let mut wrong = Vec::new();
    for text in texts {
        let count = text.chars().count();
        let start = draws.below(count);
        let place = start..start + draws.below(count - start) + 1;
        let part = plain::cut(text, place.clone());
        if fold(&part) != plain::cut(&fold(text), place) {
            wrong.push(part);
        }
    }
    wrong
}

#[test]
fn folding_commutes_with_cutting() {
    let texts: Vec<String> = samples().paragraphs().into_iter().map(|hit| hit.text).collect();
    assert_none(&fold_faults(&texts, &fold));
    let by_phrase = |text: &str| to_simplified(text).into_owned();
    // Conversion by phrase looks at what stands beside a character, so the cut matters.
    let cut_in_phrase = ["乾隆年間的乾旱".to_owned(), "瞭望塔一目瞭然".to_owned()];
    let often: Vec<String> = cut_in_phrase.iter().cycle().take(40).cloned().collect();
    assert_none(&fold_faults(&often, &fold));
    assert_noticed("folded by phrase", &fold_faults(&often, &by_phrase));
}
