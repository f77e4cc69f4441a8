//! What is said about an answer: notes, and why nothing was found.

use crate::lang::{Lang, Noun, counted, thousands, tr};
use crate::output::layout::visible;
use crate::output::text::facet_name;
use fangzhi::search::request::{Reason, SearchNote, Spelling};

/// What the person asking should know, one sentence a note.
pub(crate) fn note(note: &SearchNote, lang: Lang) -> String {
    match note {
        SearchNote::PlainText { text, reason } => {
            let text = visible(text);
            match *reason {
                "unknown-field" => tr!(
                    lang,
                    "`{text}` was searched as plain text: no such field; fields are region, measure, title, source, date",
                    text = text
                ),
                "unknown-value" => {
                    tr!(lang, "`{text}` was searched as plain text: no such value", text = text)
                }
                "unbalanced" => tr!(
                    lang,
                    "`{text}` was searched as plain text: a quote or parenthesis is not closed",
                    text = text
                ),
                "empty" => {
                    tr!(lang, "`{text}` holds nothing to search for and was left out", text = text)
                }
                _ => tr!(lang, "`{text}` was searched as plain text", text = text),
            }
        }
        SearchNote::Synonyms { item, also } => {
            let also = also.join(tr!(lang, ", "));
            tr!(
                lang,
                "{item}: also found as {also} (--no-synonyms turns this off)",
                item = visible(item),
                also = visible(&also)
            )
        }
        SearchNote::ByTag { item, facet, hits } => tr!(
            lang,
            "{item} → {facet}: {hits} by tag",
            item = visible(item),
            facet = facet_name(*facet, lang),
            hits = thousands(*hits)
        ),
        SearchNote::NotCompared => tr!(
            lang,
            "this index was not compared for reprints to its end; `fangzhi index` finishes it, until then only equal texts are put together"
        )
        .to_owned(),
        SearchNote::AnyWord => {
            tr!(lang, "taken as a question: ranked by any of its words (--match all wants all)")
                .to_owned()
        }
        SearchNote::ProvinceWins { name, path } => tr!(
            lang,
            "{name} was taken as the province {path}; others have this name too",
            name = visible(name),
            path = path
        ),
        SearchNote::Undated { count } => {
            tr!(
                lang,
                "{paragraphs} without a date left out by --since/--until",
                paragraphs = counted(lang, *count, Noun::Paragraph)
            )
        }
    }
}

/// Why nothing was found, a line for each item and filter.
pub(crate) fn reasons(reasons: &[Reason], lang: Lang) -> Vec<String> {
    reasons
        .iter()
        .map(|one| if one.is_filter { filter(one, lang) } else { item(one, lang) })
        .collect()
}

/// `网格员: alone in 40 paragraphs, none of them under the filters`.
fn item(reason: &Reason, lang: Lang) -> String {
    let what = visible(&reason.what);
    let n = counted(lang, reason.alone, Noun::Paragraph);
    let mut line = match (reason.alone, reason.by_tag) {
        (0, _) => tr!(lang, "{what}: in no paragraph", what = what),
        (all, Some(tagged)) if all == tagged => {
            tr!(lang, "{what}: in the text of none, as a tag of {n}", what = what, n = n)
        }
        _ => tr!(lang, "{what}: alone in {n}", what = what, n = n),
    };
    match reason.filtered.filter(|_| reason.alone > 0) {
        Some(0) => line += tr!(lang, ", none of them under the filters"),
        Some(left) => {
            let left = counted(lang, left, Noun::Paragraph);
            line += &tr!(lang, ", under the filters in {n}", n = left);
        }
        None => {}
    }
    if !reason.names.is_empty() {
        let names = spellings(&reason.names, lang);
        line += &tr!(lang, "; it is also called {names}", names = names);
    }
    if !reason.near.is_empty() {
        let near = spellings(&reason.near, lang);
        line += &tr!(lang, "; similar: {near}", near = near);
    }
    line
}

/// `filter 云南省: alone leaves 40 paragraphs; without it the query finds 3 paragraphs`.
fn filter(reason: &Reason, lang: Lang) -> String {
    let what = visible(&reason.what);
    let mut line = match reason.alone {
        0 => tr!(lang, "filter {what}: leaves no paragraph", what = what),
        n => {
            let n = counted(lang, n, Noun::Paragraph);
            tr!(lang, "filter {what}: alone leaves {n}", what = what, n = n)
        }
    };
    if let Some(without) = reason.without.filter(|&without| without > 0) {
        let n = counted(lang, without, Noun::Paragraph);
        line += &tr!(lang, "; without it the query finds {n}", n = n);
    }
    line
}

/// Each with its paragraphs: `网格 (12), 网络 (3)`.
fn spellings(spellings: &[Spelling], lang: Lang) -> String {
    let shown = spellings
        .iter()
        .map(|one| tr!(lang, "{text} ({n})", text = visible(&one.text), n = thousands(one.alone)));
    shown.collect::<Vec<_>>().join(tr!(lang, ", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use fangzhi::search::request::Facet;

    #[track_caller]
    fn check(reason: Reason, english: &str, chinese: &str) {
        let reasons = [reason];
        assert_eq!(super::reasons(&reasons, Lang::English), [english]);
        assert_eq!(super::reasons(&reasons, Lang::Chinese), [chinese]);
    }

    fn spelling(text: &str, alone: u64) -> Spelling {
        Spelling { text: text.to_owned(), alone }
    }

    #[test]
    fn a_note_is_a_sentence() {
        let by_tag =
            SearchNote::ByTag { item: "迪庆".to_owned(), facet: Facet::Region, hits: 12 };
        assert_eq!(note(&by_tag, Lang::English), "迪庆 → Region: 12 by tag");
        assert_eq!(note(&by_tag, Lang::Chinese), "迪庆 → 地区：12 段由标签命中");
    }

    #[test]
    fn an_item_that_stands_nowhere_comes_with_what_may_have_been_meant() {
        let near = vec![spelling("网格", 1200), spelling("网络", 3)];
        check(
            Reason { near, ..Reason::of("网革", false) },
            "网革: in no paragraph; similar: 网格 (1,200), 网络 (3)",
            "网革：没有任何段落含有；相近的有：网格（1,200）、网络（3）",
        );
        let names = vec![spelling("迪庆", 7)];
        check(
            Reason {
                alone: 9, by_tag: Some(9), names, ..Reason::of("迪庆藏族自治州", false)
            },
            "迪庆藏族自治州: in the text of none, as a tag of 9 paragraphs; it is also called 迪庆 (7)",
            "迪庆藏族自治州：正文里没有，作为标签有 9 段；又名迪庆（7）",
        );
    }

    #[test]
    fn an_item_says_what_the_filters_leave_of_it() {
        check(
            Reason { alone: 40, filtered: Some(0), ..Reason::of("甲", false) },
            "甲: alone in 40 paragraphs, none of them under the filters",
            "甲：单独有 40 段，经筛选后一段不剩",
        );
        check(
            Reason { alone: 1, filtered: Some(1), ..Reason::of("甲", false) },
            "甲: alone in 1 paragraph, under the filters in 1 paragraph",
            "甲：单独有 1 段，经筛选后有 1 段",
        );
    }

    #[test]
    fn a_filter_that_empties_the_result_says_so() {
        check(
            Reason { alone: 2, without: Some(5), ..Reason::of("云南省", true) },
            "filter 云南省: alone leaves 2 paragraphs; without it the query finds 5 paragraphs",
            "筛选 云南省：单独有 2 段；去掉它可查到 5 段",
        );
        check(
            Reason { without: Some(0), ..Reason::of("云南省", true) },
            "filter 云南省: leaves no paragraph",
            "筛选 云南省：没有任何段落",
        );
    }
}
