//! What is said about an answer: notes, and why nothing was found.

use crate::lang::{Lang, Noun, counted, thousands, tr};
use crate::output::layout::visible;
use crate::output::text::{facet_name, kind_name};
use crate::vocabulary;
use fangzhi::model::ParagraphKind;
use fangzhi::search::request::{Facet, Reason, ReasonOf, SearchNote, Spelling, UNTAGGED};
use fangzhi::text::script::to_simplified;

/// What the person asking should know, one sentence a note.
pub(crate) fn note(note: &SearchNote, lang: Lang) -> String {
    match note {
        SearchNote::PlainText { text, reason } => {
            let text = visible(text);
            match *reason {
                "unknown-field" => tr!(
                    lang,
                    "`{text}` was searched as plain text: no such field; fields are region, measure, mention, title, source, date",
                    text = text
                ),
                "unknown-value" => match either(&text, &[',', '，', '、', '|', '｜']) {
                    Some(either) => tr!(
                        lang,
                        "`{text}` was searched as plain text: no such value; either is asked for with spaces: {either}",
                        text = text,
                        either = either
                    ),
                    None => tr!(lang, "`{text}` was searched as plain text: no such value", text = text),
                },
                "no-value" => tr!(
                    lang,
                    "`{text}` was searched as plain text: a value stands directly behind the colon",
                    text = text
                ),
                "ambiguous-value" => tr!(
                    lang,
                    "`{text}` was searched as plain text: several regions are called so; --region with the name lists them",
                    text = text
                ),
                "unbalanced" => tr!(
                    lang,
                    "`{text}` was searched as plain text: a quote or parenthesis is not closed",
                    text = text
                ),
                "distance" => tr!(
                    lang,
                    "`{text}` was searched as plain text: a distance stands between two items, as in `A ~5 B`",
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
        SearchNote::AsSeparators { signs } => tr!(
            lang,
            "{signs}: searched as separators are, so hits may have other signs there",
            signs = visible(signs)
        ),
        SearchNote::AnyWord => {
            tr!(lang, "taken as a question: ranked by any of its words (--match all wants all)")
                .to_owned()
        }
        SearchNote::PartOf { name, path } => vocabulary::part_of(lang, &visible(name), path),
        SearchNote::Undated { count } => {
            tr!(
                lang,
                "{paragraphs} without a date left out by the dates asked for",
                paragraphs = counted(lang, *count, Noun::Paragraph)
            )
        }
    }
}

/// Why nothing was found, a line for each item and filter.
pub(crate) fn reasons(reasons: &[Reason], lang: Lang) -> Vec<String> {
    let mut selections = reasons.iter().filter(|reason| reason.of.is_filter());
    let only_excluded = selections.all(|reason| reason.of == ReasonOf::Excluded);
    let line = |reason: &Reason| match reason.of {
        ReasonOf::Item => item(reason, only_excluded, lang),
        ReasonOf::Distance => distance(reason, only_excluded, lang),
        ReasonOf::Excluded => exclusion(reason, lang),
        _ => filter(reason, lang),
    };
    reasons.iter().map(line).collect()
}

/// `网格员: alone in 40 paragraphs, none of them under the filters`.
fn item(reason: &Reason, only_excluded: bool, lang: Lang) -> String {
    let what = visible(&reason.what);
    let n = counted(lang, reason.alone, Noun::Paragraph);
    let mut line = match (reason.alone, reason.by_tag) {
        (0, _) => tr!(lang, "{what}: in no paragraph", what = what),
        (all, Some(tagged)) if all == tagged => {
            tr!(lang, "{what}: in the text of none, as a tag of {n}", what = what, n = n)
        }
        (all, Some(tagged)) if tagged > 0 => tr!(
            lang,
            "{what}: alone in the text of {n}, as a tag of {tagged} more",
            what = what,
            n = counted(lang, all.saturating_sub(tagged), Noun::Paragraph),
            tagged = thousands(tagged)
        ),
        _ => tr!(lang, "{what}: alone in {n}", what = what, n = n),
    };
    line += &filtered(reason, only_excluded, lang);
    if !reason.names.is_empty() {
        let names = spellings(&reason.names, lang);
        line += &tr!(lang, "; it is also called {names}", names = names);
    }
    if !reason.near.is_empty() {
        let near = spellings(&reason.near, lang);
        line += &tr!(lang, "; similar: {near}", near = near);
    }
    line += &meant(&what, reason.alone, lang);
    line
}

/// How something is written that an item looks like.
fn meant(what: &str, alone: u64, lang: Lang) -> String {
    match what {
        "AND" | "&&" => tr!(lang, "; all items are wanted without a word between them").to_owned(),
        "OR" | "||" => tr!(lang, "; either is asked for with one |: 甲 | 乙").to_owned(),
        "NOT" => tr!(lang, "; what is left out has a - before it: 甲 -乙").to_owned(),
        _ if alone > 0 => String::new(),
        _ => looks_like(what, lang),
    }
}

/// As [`meant`], of an item that stands nowhere.
fn looks_like(what: &str, lang: Lang) -> String {
    let mut line = String::new();
    // Only quoted text has spaces in it, and what it says is meant.
    if what.contains(char::is_whitespace) {
        return line;
    }
    if let Some(either) = either(what, &['|']) {
        line += &tr!(lang, "; either is asked for with spaces: {either}", either = either);
    }
    let parts: Vec<&str> = what.split(['"', '“', '”']).filter(|part| !part.is_empty()).collect();
    if parts.len() > 1 {
        line += &tr!(
            lang,
            "; quotes that touch other text are part of it, two items are asked for with spaces: {items}",
            items = parts.join(" ")
        );
    }
    if like_a_field(what) {
        line += tr!(lang, "; fields are 地区, 举措, 提及, 标题, 来源 and 日期, as in 地区:云南");
    }
    let mut behind = what.split(['~', '～']).skip(1);
    if behind.any(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) {
        line += tr!(lang, "; a distance of at most four digits stands between spaces: 甲 ~5 乙");
    }
    if what.trim_matches('？').contains('？') {
        let any = what.replace('？', "?");
        line += &tr!(
            lang,
            "; ？ is punctuation here, any one character is asked for with ?: {any}",
            any = any
        );
    }
    line
}

/// Words that are taken for fields, which would be called otherwise or are options.
const NO_FIELDS: [&str; 20] = [
    "类型", "种类", "类别", "分类", "省份", "省", "地域", "区域", "地方", "措施", "做法", "标签",
    "时间", "年份", "题目", "题名", "篇名", "出处", "作者", "路径",
];

/// Whether an item may be meant as a field, as in `类型:正文`.
fn like_a_field(what: &str) -> bool {
    let name = what.split_once([':', '：']).map(|(name, _)| to_simplified(name));
    name.is_some_and(|name| NO_FIELDS.contains(&name.as_ref()))
}

/// What an item asks with `separators` in it, as alternatives: `治理 | 社区`, `地区:云南 | 地区:四川`.
fn either(item: &str, separators: &[char]) -> Option<String> {
    let colon =
        item.find([':', '：']).filter(|at| item.find(separators).is_some_and(|bar| bar > *at));
    let (field, values) = match colon {
        Some(at) => (item.get(..at)?, item.get(at..)?.trim_start_matches([':', '：'])),
        None => ("", item),
    };
    let field = if field.is_empty() { String::new() } else { format!("{field}:") };
    let values = values.split(separators).map(str::trim).filter(|value| !value.is_empty());
    let either: Vec<String> = values.map(|value| format!("{field}{value}")).collect();
    (either.len() > 1).then(|| either.join(" | "))
}

/// What filters and exclusions, or exclusions alone, leave of an item or distance that is found.
fn filtered(reason: &Reason, only_excluded: bool, lang: Lang) -> String {
    let Some(left) = reason.filtered.filter(|_| reason.alone > 0) else { return String::new() };
    let n = counted(lang, left, Noun::Paragraph);
    match (left, only_excluded) {
        (0, true) => tr!(lang, ", none of them without what is excluded").to_owned(),
        (0, false) => tr!(lang, ", none of them under the filters").to_owned(),
        (_, true) => tr!(lang, ", without what is excluded in {n}", n = n),
        (_, false) => tr!(lang, ", under the filters in {n}", n = n),
    }
}

/// `网格 ~5 培训: in no paragraph; both, at any distance, in 3 paragraphs`.
fn distance(reason: &Reason, only_excluded: bool, lang: Lang) -> String {
    let what = visible(&reason.what);
    let n = counted(lang, reason.alone, Noun::Paragraph);
    let line = match reason.alone {
        0 => tr!(lang, "{what}: in no paragraph", what = what),
        _ => tr!(lang, "{what}: alone in {n}", what = what, n = n),
    };
    let both = counted(lang, reason.without.unwrap_or(0), Noun::Paragraph);
    line + &filtered(reason, only_excluded, lang)
        + &tr!(lang, "; both, at any distance, in {n}", n = both)
}

/// `-培训: keeps 40 paragraphs out; without it the query finds 3 paragraphs`.
fn exclusion(reason: &Reason, lang: Lang) -> String {
    let what = visible(&reason.what);
    let n = counted(lang, reason.alone, Noun::Paragraph);
    tr!(lang, "-{what}: keeps {n} out", what = what, n = n) + &without(reason, lang)
}

/// What the query finds without a filter, where that is anything.
fn without(reason: &Reason, lang: Lang) -> String {
    match reason.without {
        None | Some(0) => String::new(),
        Some(n) => {
            let n = counted(lang, n, Noun::Paragraph);
            tr!(lang, "; without it the query finds {n}", n = n)
        }
    }
}

/// What a filter selects by, and its value as people write it.
fn selected(reason: &Reason, lang: Lang) -> String {
    let what = visible(&reason.what);
    let named = |name| if name == UNTAGGED { tr!(lang, "untagged") } else { name };
    let tags = || what.split(" | ").map(named).collect::<Vec<_>>().join(" | ");
    let by = match reason.of {
        ReasonOf::Region => return format!("{} {}", facet_name(Facet::Region, lang), tags()),
        ReasonOf::Measure => return format!("{} {}", facet_name(Facet::Measure, lang), tags()),
        ReasonOf::Source => facet_name(Facet::Source, lang),
        ReasonOf::Kind => {
            let name = |code| {
                let kind = ParagraphKind::ALL.into_iter().find(|kind| kind.as_str() == code);
                kind.map_or(code, |kind| kind_name(kind, lang))
            };
            let names: Vec<&str> = what.split(" | ").map(name).collect();
            return format!("{} {}", facet_name(Facet::Kind, lang), names.join(" | "));
        }
        ReasonOf::Date => tr!(lang, "Date"),
        ReasonOf::Title => tr!(lang, "Title"),
        ReasonOf::Path => tr!(lang, "Path"),
        ReasonOf::Figure => tr!(lang, "Figure"),
        ReasonOf::Item | ReasonOf::Distance | ReasonOf::Excluded => return what.into_owned(),
    };
    format!("{by} {what}")
}

/// `filter Region 云南省: alone leaves 40 paragraphs; without it the query finds 3 paragraphs`.
fn filter(reason: &Reason, lang: Lang) -> String {
    let what = selected(reason, lang);
    let line = match reason.alone {
        0 => tr!(lang, "filter {what}: leaves no paragraph", what = what),
        n => {
            let n = counted(lang, n, Noun::Paragraph);
            tr!(lang, "filter {what}: alone leaves {n}", what = what, n = n)
        }
    };
    line + &without(reason, lang)
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
        check_first(&[reason], english, chinese);
    }

    #[track_caller]
    fn check_first(reasons: &[Reason], english: &str, chinese: &str) {
        let first = |lang| super::reasons(reasons, lang).swap_remove(0);
        assert_eq!(
            (first(Lang::English).as_str(), first(Lang::Chinese).as_str()),
            (english, chinese)
        );
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
    fn a_filter_for_what_has_no_tag_is_named_in_the_language() {
        check(
            Reason::new(ReasonOf::Region, "云南省 | untagged"),
            "filter Region 云南省 | untagged: leaves no paragraph",
            "筛选 地区 云南省 | 未标注：没有任何段落",
        );
    }

    #[test]
    fn quotes_inside_an_item_and_names_of_no_field_are_told() {
        check(
            Reason::new(ReasonOf::Item, "\"干部\"群众"),
            "\"干部\"群众: in no paragraph; quotes that touch other text are part of it, two items are asked for with spaces: 干部 群众",
            "\"干部\"群众：没有任何段落含有；紧贴其他文字的引号算作原文，要查两项请用空格分开：干部 群众",
        );
        check(
            Reason::new(ReasonOf::Item, "类型:正文"),
            "类型:正文: in no paragraph; fields are 地区, 举措, 提及, 标题, 来源 and 日期, as in 地区:云南",
            "类型:正文：没有任何段落含有；可用的字段有 地区、举措、提及、标题、来源、日期，如 地区:云南",
        );
        // What is announced before a colon, and hours.
        check(
            Reason::new(ReasonOf::Item, "遂川县:抓实"),
            "遂川县:抓实: in no paragraph",
            "遂川县:抓实：没有任何段落含有",
        );
    }

    #[test]
    fn an_item_that_stands_nowhere_comes_with_what_may_have_been_meant() {
        let near = vec![spelling("网格", 1200), spelling("网络", 3)];
        check(
            Reason { near, ..Reason::new(ReasonOf::Item, "网革") },
            "网革: in no paragraph; similar: 网格 (1,200), 网络 (3)",
            "网革：没有任何段落含有；相近的有：网格（1,200）、网络（3）",
        );
        check(
            Reason::new(ReasonOf::Item, "治理|社区"),
            "治理|社区: in no paragraph; either is asked for with spaces: 治理 | 社区",
            "治理|社区：没有任何段落含有；要其中任意一个，请在竖线两边加空格：治理 | 社区",
        );
        check(
            Reason::new(ReasonOf::Item, "标题:山村|水乡"),
            "标题:山村|水乡: in no paragraph; either is asked for with spaces: 标题:山村 | 标题:水乡",
            "标题:山村|水乡：没有任何段落含有；要其中任意一个，请在竖线两边加空格：标题:山村 | 标题:水乡",
        );
        check(
            Reason::new(ReasonOf::Item, "水渠~5积分"),
            "水渠~5积分: in no paragraph; a distance of at most four digits stands between spaces: 甲 ~5 乙",
            "水渠~5积分：没有任何段落含有；距离最多四位数，两边要有空格：甲 ~5 乙",
        );
        check(
            Reason::new(ReasonOf::Item, "水渠 | 积分"),
            "水渠 | 积分: in no paragraph",
            "水渠 | 积分：没有任何段落含有",
        );
        check(
            Reason::new(ReasonOf::Item, "水渠~积分"),
            "水渠~积分: in no paragraph",
            "水渠~积分：没有任何段落含有",
        );
        check(
            Reason { alone: 2, ..Reason::new(ReasonOf::Item, "OR") },
            "OR: alone in 2 paragraphs; either is asked for with one |: 甲 | 乙",
            "OR：单独有 2 段；要其中任意一个，用一条竖线：甲 | 乙",
        );
        check(
            Reason::new(ReasonOf::Item, "联？户"),
            "联？户: in no paragraph; ？ is punctuation here, any one character is asked for with ?: 联?户",
            "联？户：没有任何段落含有；这里的 ？ 是标点，任意一个字请用半角问号：联?户",
        );
        check(
            Reason::new(ReasonOf::Item, "怎么办？"),
            "怎么办？: in no paragraph",
            "怎么办？：没有任何段落含有",
        );
        let names = vec![spelling("迪庆", 7)];
        check(
            Reason {
                alone: 9,
                by_tag: Some(9),
                names,
                ..Reason::new(ReasonOf::Item, "迪庆藏族自治州")
            },
            "迪庆藏族自治州: in the text of none, as a tag of 9 paragraphs; it is also called 迪庆 (7)",
            "迪庆藏族自治州：正文里没有，作为标签有 9 段；又名迪庆（7）",
        );
    }

    #[test]
    fn an_item_says_what_the_filters_leave_of_it() {
        let item = |alone, left| Reason {
            alone,
            filtered: Some(left),
            ..Reason::new(ReasonOf::Item, "甲")
        };
        let filter = Reason::new(ReasonOf::Region, "云南省");
        let excluded = Reason::new(ReasonOf::Excluded, "乙");
        check_first(
            &[item(40, 0), excluded.clone(), filter.clone()],
            "甲: alone in 40 paragraphs, none of them under the filters",
            "甲：单独有 40 段，经筛选后一段不剩",
        );
        check_first(
            &[item(1, 1), filter],
            "甲: alone in 1 paragraph, under the filters in 1 paragraph",
            "甲：单独有 1 段，经筛选后有 1 段",
        );
        check_first(
            &[item(40, 0), excluded.clone()],
            "甲: alone in 40 paragraphs, none of them without what is excluded",
            "甲：单独有 40 段，去掉排除的内容后一段不剩",
        );
        check_first(
            &[item(40, 3), excluded],
            "甲: alone in 40 paragraphs, without what is excluded in 3 paragraphs",
            "甲：单独有 40 段，去掉排除的内容后有 3 段",
        );
    }

    #[test]
    fn a_filter_that_empties_the_result_says_so() {
        check(
            Reason { alone: 2, without: Some(5), ..Reason::new(ReasonOf::Region, "云南省") },
            "filter Region 云南省: alone leaves 2 paragraphs; without it the query finds 5 paragraphs",
            "筛选 地区 云南省：单独有 2 段；去掉它可查到 5 段",
        );
        check(
            Reason { without: Some(0), ..Reason::new(ReasonOf::Region, "云南省") },
            "filter Region 云南省: leaves no paragraph",
            "筛选 地区 云南省：没有任何段落",
        );
        check(
            Reason { alone: 2, ..Reason::new(ReasonOf::Kind, "caption | table") },
            "filter Kind caption | table: alone leaves 2 paragraphs",
            "筛选 类型 图注 | 表格：单独有 2 段",
        );
        check(
            Reason::new(ReasonOf::Date, "2030-01-01.."),
            "filter Date 2030-01-01..: leaves no paragraph",
            "筛选 日期 2030-01-01..：没有任何段落",
        );
    }

    #[test]
    fn what_is_found_by_tag_is_not_counted_as_text() {
        check(
            Reason { alone: 9, by_tag: Some(7), ..Reason::new(ReasonOf::Item, "迪庆") },
            "迪庆: alone in the text of 2 paragraphs, as a tag of 7 more",
            "迪庆：单独在 2 段的正文中，另有 7 段由标签命中",
        );
    }

    #[test]
    fn an_exclusion_that_empties_the_result_says_so() {
        check(
            Reason { alone: 40, without: Some(3), ..Reason::new(ReasonOf::Excluded, "培训") },
            "-培训: keeps 40 paragraphs out; without it the query finds 3 paragraphs",
            "-培训：排除了 40 段；去掉它可查到 3 段",
        );
    }

    #[test]
    fn items_too_far_apart_are_told_from_items_that_are_not_there() {
        let distance = Reason::new(ReasonOf::Distance, "网格 ~5 培训");
        check(
            Reason { without: Some(3), ..distance },
            "网格 ~5 培训: in no paragraph; both, at any distance, in 3 paragraphs",
            "网格 ~5 培训：没有任何段落含有；不论远近同时含有二者的有 3 段",
        );
    }
}
