//! Running heads: the short line that stands beside the number, or at the end, of every page; numbers of pages that only
//! their order shows to be such.

use crate::ingest::page::Line;
use crate::ingest::{boilerplate, kinds};
use regex::Regex;
use std::collections::HashMap;
use std::sync::LazyLock;

/// No running head is longer.
const HEAD_CHARS_MAX: usize = 40;
/// Pages that must have the line; a word may stand at two ends of pages by chance.
const PAGES_MIN: usize = 3;

/// Fewer lines between two numbers, or two feet with a number, are no page.
const PAGE_LINES_MIN: (usize, usize) = (8, 5);

/// Marks lines with a number that grows from page to page: nothing but the number, or words that stay the same beside it.
pub(super) fn drop_page_numbers(lines: &mut [Line<'_>]) {
    let mut feet: HashMap<String, Vec<(usize, u32)>> = HashMap::new();
    for (at, line) in lines.iter().enumerate() {
        let is_short = line.is_kept() && line.chars <= FOOT_CHARS_MAX && line.level.is_none();
        if let Some((words, number)) = foot(line).filter(|_| is_short) {
            feet.entry(words).or_default().push((at, number));
        }
    }
    for (words, places) in feet {
        let least = if words.is_empty() { PAGE_LINES_MIN.0 } else { PAGE_LINES_MIN.1 };
        let grows = |step| {
            places.windows(2).enumerate().all(|(n, pair)| {
                let &[(at, number), (next, after)] = pair else { return false };
                // The last page may hold but a few lines.
                let is_last = n + 2 == places.len();
                after == number + step && (next - at > least || is_last)
            })
        };
        // Left and right pages may have feet of their own.
        if places.len() >= PAGES_MIN && (grows(1) || (grows(2) && !words.is_empty())) {
            for (at, _) in places {
                let rule = if words.is_empty() { "page-number" } else { "running-head" };
                lines[at].dropped = Some(rule);
            }
        }
    }
}

/// No foot of a page is longer.
const FOOT_CHARS_MAX: usize = 80;

/// The words of a foot, without its number, and the number; a heading that ends with a number is none.
fn foot(line: &Line<'_>) -> Option<(String, u32)> {
    if boilerplate::is_only_number(&line.key) {
        return Some((String::new(), line.key.parse().ok()?));
    }
    if kinds::is_finished(line.text) || !line.key.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let found = FOOT.captures(&line.key)?;
    let number = ["page", "of", "first", "last"].iter().find_map(|name| found.name(name))?;
    let words = [line.key.get(..number.start())?, line.key.get(number.end()..)?].concat();
    let letters = words.chars().filter(|c| c.is_alphabetic()).count();
    Some((words, number.as_str().parse().ok()?)).filter(|_| letters >= FOOT_LETTERS_MIN)
}

/// Shorter words beside a number are those of a heading: `案例  1`.
const FOOT_LETTERS_MIN: usize = 4;

/// Words with the number of the page: `第 3 页`, `3 / 12`, or parted from them by a wide space.
static FOOT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)第\s*(?P<page>\d{1,4})\s*页|(^|\s)(?P<of>\d{1,4})\s*/\s*\d{1,4}(\s|$)|^(?P<first>\d{1,4})\s{2,}\S|\S\s{2,}(?P<last>\d{1,4})$",
    )
    .expect("a fixed pattern")
});

/// Marks lines that stand beside the numbers, or at the ends, of pages again and again. The first of each stays: it may
/// be the title.
pub(super) fn drop_running_heads(lines: &mut [Line<'_>]) {
    let ends_page = |at: usize| {
        lines[at].new_page || at == 0 || lines.get(at + 1).is_some_and(|next| next.new_page)
    };
    let is_number = |at: Option<usize>| {
        let line = at.and_then(|at| lines.get(at));
        line.is_some_and(|line| line.dropped == Some("page-number"))
    };
    let mut pages: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, line) in lines.iter().enumerate() {
        let is_short = line.is_kept() && line.chars <= HEAD_CHARS_MAX && line.level.is_none();
        let beside = is_number(at.checked_sub(1)) || is_number(at.checked_add(1));
        if is_short && (beside || ends_page(at)) && !kinds::is_finished(line.text) {
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
    use crate::ingest::page;
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

    /// What is left out of a text, with numbers of pages told by `foot`.
    #[track_caller]
    fn check(foot: impl Fn(usize) -> String, rules: &[&str]) {
        let page =
            |number| format!("{}{}\n", "果园的树种好了，渠修好了。\n".repeat(9), foot(number));
        let text: String = (1..=3).map(page).collect();
        let mut lines = page::lines(&text, &|text| Cow::Borrowed(text));
        boilerplate::mark(&mut lines);
        let dropped: Vec<&str> = lines.iter().filter_map(|line| line.dropped).collect();
        assert_eq!(dropped, rules);
    }

    #[test]
    fn a_number_that_grows_from_page_to_page_is_that_of_the_page() {
        check(|number| number.to_string(), &["page-number"; 3]);
        check(|number| format!("示例县果园 编印    {number}"), &["running-head"; 3]);
        check(|number| format!("示例县果园 编印 {number} / 3"), &["running-head"; 3]);
        check(|number| (number * number).to_string(), &[]);
        check(|number| format!("案例  {number}"), &[]);
        check(|number| format!("果园第{number}号地 12 亩"), &[]);
        check(|number| format!("果园一共有树    {}", number * 7), &[]);
    }
    #[test]
    fn numbers_of_a_list_are_none_of_pages() {
        let mut lines = page::lines("1\n柳树\n2\n杨树\n3\n槐树", &|text| Cow::Borrowed(text));
        boilerplate::mark(&mut lines);
        assert!(lines.iter().all(Line::is_kept));
    }

    #[test]
    fn a_line_that_comes_again_elsewhere_stays() {
        let text = "果园\n第 1 页\n树种好了。\n果园\n渠修好了。\n果园\n路修好了。\n果园\n第 2 页";
        let mut lines = page::lines(text, &|text| Cow::Borrowed(text));
        drop_running_heads(&mut lines);
        assert!(lines.iter().all(Line::is_kept));
    }
}
