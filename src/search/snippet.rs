//! Marks in the text of a hit, and an extract around them.

use crate::model::Span;
use crate::search::request::Snippet;

/// Characters at which an extract likes to begin and end.
const CLAUSE_ENDS: &[char] =
    &['。', '！', '？', '；', '，', '、', '：', '!', '?', ';', ',', ':', '\n'];

/// Sorts spans and joins those that touch or overlap.
pub fn merge_spans(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    let mut merged: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans.into_iter().filter(|span| !span.is_empty()) {
        match merged.last_mut() {
            Some(last) if span.start() <= last.end() => {
                *last = Span::new(last.start(), last.end().max(span.end()));
            }
            _ => merged.push(span),
        }
    }
    merged
}

/// An extract of at most about `chars` characters around the densest marks; the whole text when it is short enough.
///
/// Units: `highlights` are characters of `text`, merged and sorted; those of the result are characters of the extract.
pub fn snippet(text: &str, highlights: &[Span], chars: usize) -> Snippet {
    let characters: Vec<char> = text.chars().collect();
    if characters.len() <= chars {
        return Snippet { text: text.to_owned(), highlights: highlights.to_vec() };
    }
    let window = densest(highlights, chars);
    let slack = chars.saturating_sub(window.len());
    // A little more of what follows than of what comes before.
    let mut start = window.start().saturating_sub(slack / 3);
    let mut end = (start + chars).min(characters.len());
    start = end.saturating_sub(chars).min(start);
    // Begin after a clause end if one is near, so that the extract does not start in the middle of a word.
    if start > 0 {
        let latest = window.start().min(start + slack / 3);
        let clause = characters
            .get(start..latest)
            .and_then(|part| part.iter().position(|c| CLAUSE_ENDS.contains(c)));
        start = clause.map_or(start, |at| start + at + 1);
    }
    if end < characters.len() {
        let earliest = window.end().max(end.saturating_sub(slack / 3));
        let clause = characters
            .get(earliest..end)
            .and_then(|part| part.iter().rposition(|c| CLAUSE_ENDS.contains(c)));
        end = clause.map_or(end, |at| earliest + at + 1);
    }
    let mut extract = String::new();
    let shift = if start > 0 {
        extract.push('…');
        1
    } else {
        0
    };
    extract.extend(characters.get(start..end).unwrap_or_default());
    if end < characters.len() {
        extract.push('…');
    }
    let inside = highlights.iter().filter_map(|span| {
        let (from, to) = (span.start().max(start), span.end().min(end));
        (from < to).then(|| Span::new(from - start + shift, to - start + shift))
    });
    Snippet { text: extract, highlights: inside.collect() }
}

/// The stretch of at most `chars` characters that covers the most marked ones; the first of equals.
fn densest(highlights: &[Span], chars: usize) -> Span {
    let mut best = Span::new(0, 0);
    let mut best_marked = 0;
    for (at, first) in highlights.iter().enumerate() {
        let limit = first.start() + chars;
        let mut marked = 0;
        let mut end = first.start();
        for span in highlights.iter().skip(at).take_while(|span| span.start() < limit) {
            end = span.end().min(limit);
            marked += end - span.start();
        }
        if marked > best_marked {
            (best, best_marked) = (Span::new(first.start(), end), marked);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(snippet: &Snippet) -> Vec<String> {
        let characters: Vec<char> = snippet.text.chars().collect();
        snippet.highlights.iter().map(|span| characters[span.range()].iter().collect()).collect()
    }

    #[test]
    fn a_short_text_is_given_whole() {
        let found = snippet("推行网格化管理", &[Span::new(2, 5)], 20);
        assert_eq!(found.text, "推行网格化管理");
        assert_eq!(marked(&found), ["网格化"]);
    }

    #[test]
    fn a_long_text_is_cut_around_the_mark() {
        let text = format!("{}，推行网格化管理，{}", "甲".repeat(50), "乙".repeat(50));
        let found = snippet(&text, &[Span::new(53, 56)], 30);
        assert!(found.text.starts_with('…') && found.text.ends_with('…'), "{}", found.text);
        assert!(found.text.chars().count() <= 32);
        assert_eq!(marked(&found), ["网格化"]);
    }

    #[test]
    fn the_densest_place_wins() {
        let text = format!("网格{}网格网格{}", "甲".repeat(40), "乙".repeat(40));
        let spans = merge_spans(vec![Span::new(0, 2), Span::new(42, 44), Span::new(44, 46)]);
        assert_eq!(spans, [Span::new(0, 2), Span::new(42, 46)]);
        assert_eq!(marked(&snippet(&text, &spans, 20)), ["网格网格"]);
    }

    #[test]
    fn without_marks_the_beginning_is_shown() {
        let found = snippet(&"甲".repeat(50), &[], 10);
        assert_eq!(found.text, format!("{}…", "甲".repeat(10)));
    }
}
