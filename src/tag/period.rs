//! Years and months that a text names from its own day: 今年, 去年5月, 近三年, 本月.
//!
//! They are resolved where the article has a date and are always inferred: the article may quote an older one. They
//! are shown by `inspect`; nothing is searched or filtered by them. Dates written out are left alone.

use crate::model::{Date, DatePrecision, Span};
use crate::tag::offsets::{CharOffsets, around};
use crate::text::quantity::{digit, han_digit};
use regex::{Captures, Regex};
use std::sync::LazyLock;

/// A stretch of time that a text names from its own day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// Its first and last day.
    pub date: Date,
    /// Where its words stand in the display text, in characters.
    pub at: Span,
}

static WORDS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        (?P<year>今年|本年度|本年|去年|上一年度|上一年|上年度|上年|大前年|前年|明年)
        (?P<part>上半年|下半年|第?(?P<quarter>[一二三四])季度
            |前(?P<quarters>[一二三两123])个?季度|[前头](?P<first>\d{1,2}|十[一二]?|[一二两三四五六七八九])个月
            |(?P<month>\d{1,2}|十[一二]?|[一二三四五六七八九]|元)月
            ([至到—-](?P<until>\d{1,2}|十[一二]?|[一二三四五六七八九])月)?)?
        |(?P<last>最?近|过去)(?P<count>\d{1,2}|十|[一二两三四五六七八九])年
        |(?P<this>本月|上个月|上月)",
    )
    .expect("a fixed pattern")
});

/// Characters behind the words with which they are others: 如今年轻人, 上年纪, 本年级.
const OTHER_BEHIND: &str = "轻纪级代龄长球亮味";

/// The periods that a text in Simplified script names from `written`, the date of its article, in order.
pub fn find(text: &str, written: Option<Date>) -> Vec<Period> {
    let Some(written) = written else { return Vec::new() };
    // A document of several years has no this year.
    if written.from / 10_000 != written.to / 10_000 {
        return Vec::new();
    }
    let offsets = CharOffsets::new(text);
    let found = WORDS.captures_iter(text).filter_map(|found| {
        let whole = found.get(0)?;
        let (before, behind) = around(text, &whole.range());
        if behind.starts_with(|c| OTHER_BEHIND.contains(c)) || before.ends_with(['附', '如', '之'])
        {
            return None;
        }
        let date = resolve(&found, written)?;
        Some(Period { date, at: offsets.span(whole.start(), whole.end()) })
    });
    found.collect()
}

fn resolve(found: &Captures<'_>, written: Date) -> Option<Date> {
    let part = |name| found.name(name).map(|part| part.as_str());
    let this_year = written.from / 10_000;
    let this_month = match written.precision {
        DatePrecision::Year => None,
        DatePrecision::Day | DatePrecision::Month => Some(written.from / 100 % 100),
    };
    if let Some(word) = part("year") {
        let year = match word {
            "去年" | "上一年度" | "上一年" | "上年度" | "上年" => this_year - 1,
            "前年" => this_year - 2,
            "大前年" => this_year - 3,
            "明年" => this_year + 1,
            _ => this_year,
        };
        return in_year(found, year);
    }
    if let Some(count) = part("count").and_then(number).filter(|count| (1..100).contains(count)) {
        // A report of January tells of the years that are over.
        let over = part("last") == Some("过去") && this_month.is_some_and(|month| month <= 3);
        let last = if over { this_year - 1 } else { this_year };
        return years(last + 1 - count, last);
    }
    let month = this_month?;
    match part("this")? {
        "本月" => Date::new(this_year, Some(month), None),
        _ if month == 1 => Date::new(this_year - 1, Some(12), None),
        _ => Date::new(this_year, Some(month - 1), None),
    }
}

/// A year or the part of it that is named.
fn in_year(found: &Captures<'_>, year: u32) -> Option<Date> {
    let part = |name| found.name(name).map(|part| part.as_str());
    match part("part") {
        Some("上半年") => months(year, 1, 6),
        Some("下半年") => months(year, 7, 12),
        Some(_) if part("quarters").is_some() => {
            months(year, 1, part("quarters").and_then(number)? * 3)
        }
        Some(_) if part("first").is_some() => months(year, 1, part("first").and_then(number)?),
        Some(_) => match (part("quarter").and_then(number), part("month").and_then(number)) {
            (Some(quarter), _) => months(year, quarter * 3 - 2, quarter * 3),
            (None, month) => months(year, month?, part("until").map_or(month, number)?),
        },
        None => Date::new(year, None, None),
    }
}

/// Whole months, both inclusive.
fn months(year: u32, first: u32, last: u32) -> Option<Date> {
    let (first, last) = (Date::new(year, Some(first), None)?, Date::new(year, Some(last), None)?);
    (first.from <= last.from).then_some(Date { to: last.to, ..first })
}

/// Whole years, both inclusive.
fn years(first: u32, last: u32) -> Option<Date> {
    let (first, last) = (Date::new(first, None, None)?, Date::new(last, None, None)?);
    Some(Date { to: last.to, ..first })
}

/// Up to 99 in digits, up to 十二 in Chinese; 元 is the first month's.
fn number(text: &str) -> Option<u32> {
    if text == "元" {
        return Some(1);
    }
    if text.chars().all(|c| digit(c).is_some()) {
        return Some(text.chars().filter_map(digit).fold(0, |all, digit| all * 10 + digit));
    }
    match text.split_once('十') {
        Some(("", "")) => Some(10),
        Some(("", ones)) => Some(10 + ones.chars().next().and_then(han_digit)?),
        _ => text.chars().next().and_then(han_digit),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, written: (u32, Option<u32>, Option<u32>), expected: &[(&str, u32, u32)]) {
        let written = Date::new(written.0, written.1, written.2);
        let found: Vec<(String, u32, u32)> = find(text, written)
            .into_iter()
            .map(|period| {
                let words = text.chars().skip(period.at.start()).take(period.at.len());
                (words.collect(), period.date.from, period.date.to)
            })
            .collect();
        let found: Vec<_> =
            found.iter().map(|(words, from, to)| (words.as_str(), *from, *to)).collect();
        assert_eq!(found, expected, "{text}");
    }

    const JUNE: (u32, Option<u32>, Option<u32>) = (2023, Some(6), Some(19));

    #[test]
    fn years_are_counted_from_the_day_of_the_article() {
        check("今年以来，全县", JUNE, &[("今年", 20230101, 20231231)]);
        check("比去年多", JUNE, &[("去年", 20220101, 20221231)]);
        check("前年和明年", JUNE, &[("前年", 20210101, 20211231), ("明年", 20240101, 20241231)]);
        check("近三年来，", JUNE, &[("近三年", 20210101, 20231231)]);
        check("过去5年", JUNE, &[("过去5年", 20190101, 20231231)]);
        check("过去五年", (2023, Some(1), None), &[("过去五年", 20180101, 20221231)]);
        check("较上年增长", (2023, None, None), &[("上年", 20220101, 20221231)]);
    }

    #[test]
    fn parts_of_a_year_are_months() {
        check("去年5月", JUNE, &[("去年5月", 20220501, 20220531)]);
        check("今年1至6月", JUNE, &[("今年", 20230101, 20231231)]);
        check("今年1月至5月", JUNE, &[("今年1月至5月", 20230101, 20230531)]);
        check("今年上半年", JUNE, &[("今年上半年", 20230101, 20230630)]);
        check("去年第四季度", JUNE, &[("去年第四季度", 20221001, 20221231)]);
        check("去年十二月", JUNE, &[("去年十二月", 20221201, 20221231)]);
        check("本月", JUNE, &[("本月", 20230601, 20230630)]);
        check("上个月", (2023, Some(1), Some(5)), &[("上个月", 20221201, 20221231)]);
    }

    #[test]
    fn nothing_is_resolved_without_a_date_or_in_other_words() {
        assert_eq!(find("今年", None), []);
        check("本月", (2023, None, None), &[]);
        for text in
            ["如今年轻人", "上年纪的人", "本年级", "附近三年", "2022年", "近年来", "去年13月"]
        {
            let found = find(text, Date::new(2023, Some(6), None));
            assert!(found.is_empty(), "{text}: {found:?}");
        }
    }

    #[test]
    fn periods_of_common_frames_are_read_as_a_reader_would() {
        check("今年前三季度，", JUNE, &[("今年前三季度", 20230101, 20230930)]);
        check("今年前5个月", JUNE, &[("今年前5个月", 20230101, 20230531)]);
        check("今年一季度", JUNE, &[("今年一季度", 20230101, 20230331)]);
        check("去年全年", JUNE, &[("去年", 20220101, 20221231)]);
        check("去年年底", JUNE, &[("去年", 20220101, 20221231)]);
        check("二〇二三年", JUNE, &[]);
        check("\"十四五\"期间", JUNE, &[]);
        check("近三年", JUNE, &[("近三年", 20210101, 20231231)]);
        check("2019—2023年", JUNE, &[]);
        check("今年7月底前", JUNE, &[("今年7月", 20230701, 20230731)]);
        check("去年下半年以来", JUNE, &[("去年下半年", 20220701, 20221231)]);
        check("前两年", JUNE, &[]);
        check("近五年来", JUNE, &[("近五年", 20190101, 20231231)]);
        check("最近两年", JUNE, &[("最近两年", 20220101, 20231231)]);
        check("过去一年", JUNE, &[("过去一年", 20230101, 20231231)]);
        check("明年春耕", JUNE, &[("明年", 20240101, 20241231)]);
        check("大前年", JUNE, &[("大前年", 20200101, 20201231)]);
        check("今年前四个月", JUNE, &[("今年前四个月", 20230101, 20230430)]);
        check("今年元月至4月", JUNE, &[("今年元月至4月", 20230101, 20230430)]);
        check("去年10月至12月", JUNE, &[("去年10月至12月", 20221001, 20221231)]);
        check("今年头两个月", JUNE, &[("今年头两个月", 20230101, 20230228)]);
        check("本季度", JUNE, &[]);
        check("上个月", JUNE, &[("上个月", 20230501, 20230531)]);
        check("今年第二季度", JUNE, &[("今年第二季度", 20230401, 20230630)]);
    }
}
