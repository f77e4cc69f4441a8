//! Marks lie on what was searched for, in the text of a hit and in its extract.

use crate::plain;
use crate::support::{Draws, TestIndex, assert_none, assert_noticed, every_hit, quoted, samples};
use fangzhi::model::Span;
use fangzhi::search::request::{Hit, Snippet};

/// What is wrong with the shape of marks in a text: they lie in it, in order, and do not touch.
fn shape_faults(text: &str, marks: &[Span]) -> Vec<String> {
    let end = text.chars().count();
    let mut faults = Vec::new();
    if marks.iter().any(|mark| mark.is_empty() || mark.end() > end) {
        faults.push(format!("marks {marks:?} in {end} characters"));
    }
    if marks.windows(2).any(|pair| pair[0].end() >= pair[1].start()) {
        faults.push(format!("marks {marks:?} touch or are not in order"));
    }
    faults
}

/// The marked text and what is left without the marks' brackets.
fn show(text: &str, marks: &[Span]) -> String {
    let mut shown = String::new();
    for (at, c) in text.chars().enumerate() {
        shown.extend(marks.iter().filter(|mark| mark.end() == at).map(|_| ']'));
        shown.extend(marks.iter().filter(|mark| mark.start() == at).map(|_| '['));
        shown.push(c);
    }
    let end = text.chars().count();
    shown.extend(marks.iter().filter(|mark| mark.end() == end).map(|_| ']'));
    shown
}

/// The characters of a text that are marked.
fn marked(text: &str, marks: &[Span]) -> Vec<String> {
    marks.iter().map(|mark| plain::cut(text, mark.range())).collect()
}

/// What is wrong with the marks of a hit of a quoted string: every place of it is marked, and nothing else.
fn literal_faults(hit: &Hit, item: &str) -> Vec<String> {
    let mut faults = shape_faults(&hit.text, &hit.highlights);
    let (row, needle) = (plain::row(&hit.text), plain::row(item));
    let tokens = plain::tokens(&hit.text);
    // From ordinals of the row, where gaps count, to ordinals of tokens.
    let token = |at: usize| row[..at].iter().filter(|token| token.is_some()).count();
    let mut wanted: Vec<(usize, usize)> = Vec::new();
    for at in plain::places(&row, &needle) {
        let (from, to) = (token(at), token(at + needle.len()) - 1);
        let (start, end) = (tokens[from].place.start, tokens[to].place.end);
        match wanted.last_mut() {
            Some((_, last)) if start <= *last => *last = end.max(*last),
            _ => wanted.push((start, end)),
        }
    }
    let found: Vec<(usize, usize)> =
        hit.highlights.iter().map(|mark| (mark.start(), mark.end())).collect();
    if found != wanted {
        faults.push(format!("{item:?} in {}", show(&hit.text, &hit.highlights)));
    }
    faults
}

/// What is wrong with an extract: it is a part of the text, and its marks are the text's.
fn extract_faults(hit: &Hit) -> Vec<String> {
    let Snippet { text, highlights } = &hit.snippet;
    let mut faults = shape_faults(text, highlights);
    let characters: Vec<char> = hit.text.chars().collect();
    let is_cut_before = text.starts_with('…') && !hit.text.starts_with(text.as_str());
    let is_cut_after = text.ends_with('…') && !hit.text.ends_with(text.as_str());
    let inner: Vec<char> = {
        let all: Vec<char> = text.chars().collect();
        all[usize::from(is_cut_before)..all.len() - usize::from(is_cut_after)].to_vec()
    };
    let shift = usize::from(is_cut_before);
    let starts = characters.windows(inner.len().max(1)).enumerate();
    let starts = starts.filter(|(_, window)| *window == inner.as_slice()).map(|(at, _)| at);
    // The extract may stand in the text more than once; the marks must fit at one of its places.
    let fits = |start: usize| {
        let end = start + inner.len();
        let wanted = hit.highlights.iter().filter_map(|mark| {
            let (from, to) = (mark.start().max(start), mark.end().min(end));
            (from < to).then(|| Span::new(from - start + shift, to - start + shift))
        });
        wanted.collect::<Vec<_>>() == *highlights
    };
    if !starts.clone().any(fits) {
        faults.push(format!("{} of {}", show(text, highlights), show(&hit.text, &hit.highlights)));
    }
    if !hit.highlights.is_empty() && highlights.is_empty() {
        faults.push(format!("no mark in {text:?}"));
    }
    faults
}

/// Strings of one to six tokens from the paragraphs of an index.
fn drawn(index: &TestIndex) -> Vec<String> {
    let paragraphs = index.paragraphs();
    let mut draws = Draws::new();
    let mut strings = Vec::new();
    while strings.len() < 120 {
        let text = &paragraphs[draws.below(paragraphs.len())].text;
        let tokens = plain::tokens(text);
        if tokens.is_empty() {
            continue;
        }
        let start = draws.below(tokens.len());
        let last = (start + draws.below(6)).min(tokens.len() - 1);
        strings.push(plain::cut(text, tokens[start].place.start..tokens[last].place.end));
    }
    strings
}

#[test]
fn marks_lie_on_every_place_of_a_literal_and_nowhere_else() {
    let index = samples();
    let searcher = index.searcher();
    let mut faults = Vec::new();
    let (mut off_by_one, mut cut_short, mut extracts) = (Vec::new(), Vec::new(), Vec::new());
    for item in drawn(&index) {
        let mut request = every_hit(&quoted(&item));
        request.snippet_chars = 30;
        for mut hit in searcher.search(&request).unwrap().hits {
            faults.extend(literal_faults(&hit, &item));
            faults.extend(extract_faults(&hit));
            let sound = hit.clone();
            let shift = |mark: &Span| Span::new(mark.start() + 1, mark.end() + 1);
            hit.highlights = sound.highlights.iter().map(shift).collect();
            off_by_one.extend(literal_faults(&hit, &item));
            hit.highlights.pop();
            cut_short.extend(literal_faults(&hit, &item));
            hit.highlights = sound.highlights;
            hit.snippet.highlights = sound.snippet.highlights.iter().map(shift).collect();
            extracts.extend(extract_faults(&hit));
        }
    }
    assert_none(&faults);
    assert_noticed("marks off by one", &off_by_one);
    assert_noticed("last mark left out", &cut_short);
    assert_noticed("marks of the extract off by one", &extracts);
}

#[test]
fn marks_of_any_query_can_be_shown_and_taken_away() {
    let index = samples();
    let mut faults = Vec::new();
    for query in [
        "网格化管理",
        "怎样把矛盾化解在网格里？",
        "护边员 巡逻",
        "彩礼 | 酒席 -村规民约",
        "网格* 支部",
        "夜?班",
        "酒席 ~5 礼金",
        "西藏 网格化管理",
        "5G 基站",
        "村 支部 群众",
    ] {
        let mut request = every_hit(query);
        request.snippet_chars = 40;
        let hits = index.searcher().search(&request).unwrap().hits;
        assert!(!hits.is_empty(), "{query} finds nothing");
        for hit in hits {
            faults.extend(shape_faults(&hit.text, &hit.highlights));
            faults.extend(extract_faults(&hit));
            let shown = show(&hit.text, &hit.highlights);
            let mut bare = shown.clone();
            for word in marked(&hit.text, &hit.highlights) {
                bare = bare.replacen(&format!("[{word}]"), &word, 1);
            }
            if bare != hit.text {
                faults.push(shown);
            }
        }
    }
    assert_none(&faults);
}
