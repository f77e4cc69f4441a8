//! Short articles beside a long column of teasers: links to other pages, each with its first sentence below. The finder
//! takes the longest text of a page, which is then the column.

use crate::ingest::extract::html::around::{heading_above, is_sentence};
use crate::ingest::extract::html::near::tells_day;
use crate::ingest::extract::html::page::{Page, PageLine};
use crate::ingest::extract::html::select::{NAMED_UP_MAX, Selection, is_text};
use crate::model::Span;

/// So many teasers in a row are a column.
const TEASERS_MIN: usize = 3;

/// Lines below a title that may tell its day.
const FACTS_LINES_MAX: usize = 3;

/// The block below the title and its day, where most of what was found is a column of teasers beside it.
pub(super) fn beside_teasers(
    page: &Page,
    title: Option<Span>,
    found: &Selection,
    menus: &[Span],
    sites: &[String],
) -> Option<Selection> {
    let lines_of = |span: &Span| page.lines_of(*span);
    let is_teaser = teasers(page);
    let letters = |ordinal: usize| page.lines.get(ordinal).map_or(0, |line| line.letters);
    let (mut all, mut in_teasers) = (0, 0);
    for ordinal in found.spans.iter().flat_map(lines_of) {
        all += letters(ordinal);
        in_teasers += if is_teaser.get(ordinal) == Some(&true) { letters(ordinal) } else { 0 };
    }
    if in_teasers * 2 <= all {
        return None;
    }
    let start = found.spans.first()?.start();
    let title = lines_of(&title.or_else(|| heading_above(page, start, sites))?);
    let facts = page.lines.iter().enumerate().skip(title.end).take(FACTS_LINES_MAX);
    let mut facts = facts.filter(|(_, line)| tells_day(&page.words(line)));
    let start = facts.next()?.0 + 1;
    let of_title: Vec<usize> = containers(page, page.lines.get(title.start)?).collect();
    // The whole block below, or that of the title itself.
    let own = containers(page, page.lines.get(start)?);
    let own = own.take_while(|own| !of_title.contains(own)).last();
    let block = own.or(of_title.first().copied())?;
    let inside = page.lines.iter().enumerate().skip(start);
    let inside =
        inside.filter(|(_, line)| containers(page, line).any(|container| container == block));
    let mut selection = Selection::default();
    let mut says = false;
    for (ordinal, line) in inside {
        if is_teaser.get(ordinal) == Some(&true) {
            return None;
        }
        if is_text(line, menus) {
            says |= is_sentence(page.line_text(line));
            selection.spans.push(line.span);
        }
    }
    says.then_some(selection)
}

fn containers(page: &Page, line: &PageLine) -> impl Iterator<Item = usize> {
    page.containers_of(line).take(NAMED_UP_MAX)
}

/// Which lines are links, or stand below one, in a row of such pairs.
fn teasers(page: &Page) -> Vec<bool> {
    let mut is_teaser = vec![false; page.lines.len()];
    let is_pair = |at: usize| {
        let pair = page.lines.get(at).zip(page.lines.get(at + 1));
        pair.is_some_and(|(link, text)| link.is_linked() && text.linked == 0 && text.letters > 0)
    };
    let mut at = 0;
    while at < page.lines.len() {
        let mut end = at;
        while is_pair(end) {
            end += 2;
        }
        if end - at >= TEASERS_MIN * 2
            && let Some(column) = is_teaser.get_mut(at..end)
        {
            column.fill(true);
        }
        at = end.max(at + 1);
    }
    is_teaser
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks what is taken of a page whose title is its first line and where all other lines were found.
    #[track_caller]
    fn check(source: &str, expected: Option<&[&str]>) {
        let page = Page::read(source, 100);
        let mut lines = page.lines.iter().map(|line| line.span);
        let title = lines.next();
        let found = Selection { spans: lines.collect(), ..Selection::default() };
        let taken = beside_teasers(&page, title, &found, &[], &[]);
        let words = |span: &Span| page.text.get(span.range()).unwrap();
        let taken: Option<Vec<&str>> =
            taken.as_ref().map(|taken| taken.spans.iter().map(words).collect());
        assert_eq!(taken.as_deref(), expected);
    }

    #[test]
    fn the_block_under_title_and_day_is_the_article_and_not_the_column_beside_it() {
        let teaser = "<div class=i><a href=1>河湾镇召开春耕备耕工作会议</a><p>会议要求各村抢抓农时，备足种子化肥，修好水渠，确保春耕顺利进行。</p></div>";
        let page = |facts: &str, teasers: usize| {
            format!(
                "<div class=a><h1>水渠通水</h1><p>{facts}</p><div class=c><p>水渠通了。</p><p>村里的水渠今天上午通水。</p></div></div>\
                 <div class=b><h3>热点</h3>{}</div>",
                teaser.repeat(teasers)
            )
        };
        let article = ["水渠通了。", "村里的水渠今天上午通水。"];
        check(&page("2023-06-19 来源：河湾镇", 4), Some(&article));
        // A page that tells of others, and one with a link or two below its text.
        check(&page("河湾镇专题", 4), None);
        check(&page("2023-06-19 来源：河湾镇", 2), None);
        // Teasers in the block of the article are part of it.
        let own = format!(
            "<div class=a><h1>水渠通水</h1><p>2023-06-19</p><p>村里的水渠今天上午通水。</p>{}</div>",
            teaser.repeat(4)
        );
        check(&own, None);
    }
}
