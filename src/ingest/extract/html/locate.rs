//! Finds again, among the lines of a page, the blocks that were chosen as its article.
//!
//! White space does not count: the tree moved it. Long blocks are found first, in order, and hold the places between
//! which the short ones are looked for; a caption such as `图片` would else be found in the menu.

use crate::ingest::extract::Taken;
use crate::model::Span;
use crate::text::OffsetMap;
use memchr::memmem;

/// Blocks with at least so many bytes (eight Han) stand for themselves.
const LONG_BYTES_MIN: usize = 24;

/// So many blocks at the beginning may stand in the head of the page as well.
const MOVED_MAX: usize = 3;

/// Searched bytes per byte of the page before the search is given up, so that hostile pages end.
const WORK_MAX: usize = 64;

/// A block of the article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finding<'a> {
    /// Its text.
    pub(super) text: &'a str,
    /// Where it stands in the lines of the page; `None` when it is not there.
    pub(super) place: Option<Span>,
}

/// The text without white space, and its map to the text.
pub(super) fn compact(text: &str) -> (String, OffsetMap) {
    let mut taken = Taken::from(text);
    let mut start = 0;
    for (at, space) in text.match_indices(char::is_whitespace) {
        taken.copy(start..at);
        start = at + space.len();
    }
    taken.copy(start..text.len());
    taken.finish()
}

/// The place of each block that is not empty; places never run backwards.
pub(super) fn locate<'a>(
    page: &(String, OffsetMap),
    blocks: impl Iterator<Item = &'a str>,
) -> Vec<Finding<'a>> {
    let (text, map) = page;
    let blocks: Vec<(&str, String)> = blocks
        .map(|block| (block, compact(block).0))
        .filter(|(_, compact)| !compact.is_empty())
        .collect();
    let mut search = Search { text, work_left: text.len().saturating_mul(WORK_MAX).max(1 << 20) };
    let mut places: Vec<Option<Span>> = vec![None; blocks.len()];
    let mut from = 0;
    for ((_, block), place) in blocks.iter().zip(&mut places) {
        if block.len() >= LONG_BYTES_MIN {
            *place = search.first(block, from, text.len());
            from = place.map_or(from, Span::end);
        }
    }
    search.move_down(&blocks, &mut places);
    // Before the first long block stand menus, so the nearest place is meant: search backwards from there.
    let first_long = places.iter().position(Option::is_some).unwrap_or(0);
    let mut until = places.get(first_long).copied().flatten().map_or(0, Span::start);
    for ((_, block), place) in blocks.iter().zip(&mut places).take(first_long).rev() {
        *place = search.last(block, 0, until);
        until = place.map_or(until, Span::start);
    }
    let mut from = 0;
    for index in first_long..blocks.len() {
        let until =
            places.iter().skip(index).find_map(|place| *place).map_or(text.len(), Span::start);
        if let (Some((_, block)), Some(place)) = (blocks.get(index), places.get_mut(index)) {
            if place.is_none() && block.len() < LONG_BYTES_MIN {
                *place = search.first(block, from, until);
            }
            from = place.map_or(from, Span::end);
        }
    }
    let found = blocks.into_iter().zip(places);
    found
        .map(|((text, _), place)| Finding { text, place: place.map(|place| map.to_source(place)) })
        .collect()
}

struct Search<'a> {
    text: &'a str,
    work_left: usize,
}

impl Search<'_> {
    fn first(&mut self, block: &str, from: usize, until: usize) -> Option<Span> {
        let window = self.window(from, until)?;
        let at = memmem::find(window, block.as_bytes());
        self.work_left = self.work_left.saturating_sub(at.unwrap_or(until - from));
        at.map(|at| Span::new(from + at, from + at + block.len()))
    }

    fn last(&mut self, block: &str, from: usize, until: usize) -> Option<Span> {
        let window = self.window(from, until)?;
        let at = memmem::rfind(window, block.as_bytes());
        self.work_left = self.work_left.saturating_sub(until - from - at.unwrap_or(0));
        at.map(|at| Span::new(from + at, from + at + block.len()))
    }

    /// Moves the first long blocks as near to the text as they are: a title stands in tables and menus above it, too.
    fn move_down(&mut self, blocks: &[(&str, String)], places: &mut [Option<Span>]) {
        let placed: Vec<usize> =
            (0..places.len()).filter(|&at| places[at].is_some()).take(MOVED_MAX + 1).collect();
        for pair in placed.windows(2).rev() {
            let &[first, second] = pair else { continue };
            let (Some((_, block)), Some(place), Some(next)) =
                (blocks.get(first), places[first], places[second])
            else {
                continue;
            };
            places[first] = self.last(block, place.start(), next.start()).or(Some(place));
        }
    }

    /// The part of the text to search, while there is work left.
    fn window(&self, from: usize, until: usize) -> Option<&[u8]> {
        self.text.as_bytes().get(from..until).filter(|_| self.work_left > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(page: &str, blocks: &[&str], expected: &[Option<&str>]) {
        let compacted = compact(page);
        let findings = locate(&compacted, blocks.iter().copied());
        let found: Vec<_> = findings
            .iter()
            .map(|finding| finding.place.map(|place| page.get(place.range()).unwrap()))
            .collect();
        assert_eq!(found, expected);
        assert!(findings.windows(2).all(|pair| match (pair[0].place, pair[1].place) {
            (Some(first), Some(second)) => first.end() <= second.start(),
            _ => true,
        }));
    }

    const LONG: &str = "示例县推进网格化管理的做法，";

    #[test]
    fn blocks_are_found_whatever_the_white_space() {
        check(
            "示例县 推进\n网格化管理的做法， 完",
            &[LONG],
            &[Some("示例县 推进\n网格化管理的做法，")],
        );
    }

    #[test]
    fn a_short_block_is_the_one_next_to_the_article() {
        let page = format!("做法\n菜单\n做法\n{LONG}\n做法\n图片\n{LONG}尾");
        check(&page, &["做法", LONG, "图片"], &[Some("做法"), Some(LONG), Some("图片")]);
        let compacted = compact(&page);
        let first = locate(&compacted, ["做法", LONG].into_iter())[0].place.unwrap();
        assert_eq!(first.start(), "做法\n菜单\n".len());
    }

    #[test]
    fn a_title_is_the_one_next_to_the_text() {
        let title = "示例县推进网格化管理的通知";
        let page = format!("标题：{title}\n{title}\n{LONG}");
        let place = locate(&compact(&page), [title, LONG].into_iter())[0].place.unwrap();
        assert_eq!(page.get(..place.start()).unwrap().lines().count(), 1);
    }

    #[test]
    fn short_blocks_alone_are_found_in_order() {
        check("甲\n乙\n丙\n甲", &["甲", "丙", "甲"], &[Some("甲"), Some("丙"), Some("甲")]);
        check(
            &format!("甲\n乙\n甲\n{LONG}"),
            &["甲", "乙", "甲", LONG],
            &[Some("甲"), Some("乙"), Some("甲"), Some(LONG)],
        );
    }

    #[test]
    fn a_block_that_is_not_there_disturbs_no_other() {
        check(
            &format!("甲\n{LONG}"),
            &["甲", "不在这里的一段比较长的文字内容", LONG],
            &[Some("甲"), None, Some(LONG)],
        );
    }
}
