//! Running heads: the short line that stands beside the number of every page.

use crate::ingest::kinds;
use crate::ingest::page::Line;
use std::collections::HashMap;

/// No running head is longer.
const HEAD_CHARS_MAX: usize = 40;
/// Pages that must have the line; a word may stand at two ends of pages by chance.
const PAGES_MIN: usize = 3;

/// Marks lines that stand beside the numbers of pages again and again. The first of each stays: it may be the title.
pub(super) fn drop_running_heads(lines: &mut [Line<'_>]) {
    let is_number = |at: Option<usize>| {
        let line = at.and_then(|at| lines.get(at));
        line.is_some_and(|line| line.dropped == Some("page-number"))
    };
    let mut pages: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, line) in lines.iter().enumerate() {
        let is_short = line.is_kept() && line.chars <= HEAD_CHARS_MAX && line.level.is_none();
        let beside = is_number(at.checked_sub(1)) || is_number(at.checked_add(1));
        if is_short && beside && !kinds::is_finished(line.text) {
            pages.entry(line.text).or_default().push(at);
        }
    }
    let repeated = pages.into_values().filter(|places| places.len() >= PAGES_MIN);
    let later: Vec<usize> = repeated.flat_map(|places| places.into_iter().skip(1)).collect();
    for at in later {
        lines[at].dropped = Some("running-head");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::{boilerplate, page};
    use std::borrow::Cow;

    /// How many running heads are left out of a report of so many pages, with `head` over the number of each.
    fn dropped(head: &str, pages: usize) -> usize {
        let text: String = (1..=pages)
            .map(|page| {
                format!("{head}\n第 {page} 页 共 {pages} 页\n果园第{page}块地的树种好了。\n")
            })
            .collect();
        let mut lines = page::lines(&text, &|text| Cow::Borrowed(text));
        boilerplate::mark(&mut lines);
        lines.iter().filter(|line| line.dropped == Some("running-head")).count()
    }

    #[test]
    fn the_line_beside_every_page_number_is_left_out_after_its_first() {
        assert_eq!(dropped("示例县果园 2020 年度账目", 4), 3);
        assert_eq!(dropped("示例县果园 2020 年度账目", 2), 0);
        assert_eq!(dropped("树种好了。", 4), 0);
    }

    #[test]
    fn a_line_that_comes_again_elsewhere_stays() {
        let text = "果园\n第 1 页\n树种好了。\n果园\n渠修好了。\n果园\n路修好了。\n果园\n第 2 页";
        let mut lines = page::lines(text, &|text| Cow::Borrowed(text));
        drop_running_heads(&mut lines);
        assert!(lines.iter().all(Line::is_kept));
    }
}
