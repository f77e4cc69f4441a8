//! The day and hour under a press release: the offices of Hong Kong date theirs nowhere else.

use crate::ingest::extract::html::near::date_in;
use crate::ingest::extract::html::page::Page;
use crate::model::Date;
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// `2014年4月16日（星期三）` with `香港時間15時02分` behind it.
static RELEASED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)^(?P<date>(?:19|20)\d\d\s?年\s?\d{1,2}\s?月\s?\d{1,2})\s?日\s*(?:[(（](?:星期|周)\p{Han}[)）])?
        \s*\p{Han}{2}[时時][间間]\s*\d{1,2}\s?[时時]\s?\d{1,2}\s?分?$",
    )
    .expect("the pattern is constant")
});

/// Longer lines are sentences.
const LINE_LETTERS_MAX: usize = 30;

/// The day that one of these lines names with its hour, in the same line or the next one.
pub(super) fn released(page: &Page, lines: Range<usize>) -> Option<Date> {
    let words = |at: usize| {
        let line = page.lines.get(at).filter(|line| line.letters <= LINE_LETTERS_MAX)?;
        Some(page.line_text(line))
    };
    (lines.start..lines.end.min(page.lines.len())).find_map(|at| {
        let day = words(at)?;
        let both = format!("{day} {}", words(at + 1).unwrap_or_default());
        let found = RELEASED.captures(day).or_else(|| RELEASED.captures(&both))?;
        date_in(found.name("date")?.as_str())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(lines: &str, expected: Option<&str>) {
        let page = Page::read(&lines.replace('\n', "<br>"), 100);
        let found = released(&page, 0..page.lines.len()).map(|date| date.to_string());
        assert_eq!(found.as_deref(), expected);
    }

    #[test]
    fn a_day_over_its_hour_is_that_of_the_release() {
        let day = "2014年4月16日（星期三）";
        for between in ["\n", " ", ""] {
            let lines = format!("河湾水渠今日通水。\n完\n{day}{between}香港時間15時02分\n列印此頁");
            check(&lines, Some("2014-04-16"));
        }
        check(&format!("{day}\n开门时间上午"), None);
        check(&format!("会议定于{day}\n香港時間15時02分"), None);
        check(&format!("{day}\n列印此頁"), None);
    }
}
