//! The value of `date:` and of the date options: a year, month or day, or a range of them.

use crate::model::Date;

/// First and last day, `yyyymmdd`, of a value such as `2020`, `2020-05`, `2020年5月`, `20200501`, `2019..2021`,
/// `2019-2021`, `2019~2021`, `2019..` or `..2021`; `None` when it is no date or runs backwards.
pub fn date_range(value: &str) -> Option<(u32, u32)> {
    // Nothing longer is a date; it also keeps the search for a range's middle short.
    if value.chars().count() > VALUE_CHARS_MAX {
        return None;
    }
    let value: String = value.trim().chars().map(to_ascii).collect();
    if let Some(date) = single(&value) {
        return Some((date.from, date.to));
    }
    RANGE_SIGNS.iter().find_map(|sign| {
        value.match_indices(sign).find_map(|(at, sign)| {
            let (before, after) = (value.get(..at)?.trim(), value.get(at + sign.len()..)?.trim());
            let from = if before.is_empty() && *sign == *".." {
                Date::new(YEAR_FIRST, None, None)?
            } else {
                single(before)?
            };
            let to = if after.is_empty() && *sign == *".." {
                Date::new(YEAR_LAST, None, None)?
            } else {
                single(after)?
            };
            (value.as_str() != ".." && from.from <= to.to).then_some((from.from, to.to))
        })
    })
}

/// Longest value looked at: `2019年10月10日至2021年10月10日` has 23 characters.
const VALUE_CHARS_MAX: usize = 32;

/// What stands between the ends of a range. The hyphen comes last: `2020-05` is a month before it is a range.
const RANGE_SIGNS: [&str; 5] = ["..", "~", "至", "到", "-"];

/// Ends of open ranges: the years `Date` knows.
const YEAR_FIRST: u32 = 1900;
const YEAR_LAST: u32 = 2100;

/// Full-width digits, hyphens, slashes, stops and tildes as ASCII.
fn to_ascii(c: char) -> char {
    match c {
        '０'..='９' | '－' | '／' | '．' | '～' => {
            u32::from(c).checked_sub(0xfee0).and_then(char::from_u32).unwrap_or(c)
        }
        '—' | '–' => '-',
        '〜' => '~',
        c => c,
    }
}

/// A year, month or day.
fn single(text: &str) -> Option<Date> {
    if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let (year, month, day) = (text.get(..4)?, text.get(4..6)?, text.get(6..)?);
        return Date::new(year.parse().ok()?, Some(month.parse().ok()?), Some(day.parse().ok()?));
    }
    let chinese = text.contains('年');
    let mut numbers = [None; 3];
    let mut rest = text;
    for (ordinal, number) in numbers.iter_mut().enumerate() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 || digits > if ordinal == 0 { 4 } else { 2 } || (ordinal == 0 && digits < 4)
        {
            return None;
        }
        *number = Some(rest.get(..digits)?.parse().ok()?);
        rest = rest.get(digits..)?;
        let last = rest.is_empty();
        if chinese {
            rest = strip_unit(rest, ordinal)?;
        } else if !last {
            rest = rest.strip_prefix(['-', '/', '.'])?;
            if rest.is_empty() {
                return None;
            }
        }
        if rest.is_empty() {
            break;
        }
    }
    let [year, month, day] = numbers;
    if rest.is_empty() { Date::new(year?, month, day) } else { None }
}

/// `rest` without the 年, 月 or 日 (号) that must follow the number before it; the last may be left out for days.
fn strip_unit(rest: &str, ordinal: usize) -> Option<&str> {
    match ordinal {
        0 => rest.strip_prefix('年'),
        1 => rest.strip_prefix('月'),
        _ if rest.is_empty() => Some(rest),
        _ => rest.strip_prefix(['日', '号']),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: &str, expected: Option<(u32, u32)>) {
        assert_eq!(date_range(value), expected, "{value}");
    }

    #[test]
    fn a_year_a_month_and_a_day_are_whole_days() {
        check("2020", Some((20200101, 20201231)));
        check("2020-02", Some((20200201, 20200229)));
        check("2020-05-01", Some((20200501, 20200501)));
        check("20200501", Some((20200501, 20200501)));
        check("2020/5/1", Some((20200501, 20200501)));
    }

    #[test]
    fn chinese_dates_and_full_width_digits_are_read() {
        check("2020年", Some((20200101, 20201231)));
        check("2020年5月", Some((20200501, 20200531)));
        check("２０２０年５月１日", Some((20200501, 20200501)));
    }

    #[test]
    fn ranges_take_any_of_their_signs() {
        let years = Some((20190101, 20211231));
        for value in
            ["2019..2021", "2019-2021", "2019~2021", "2019～2021", "2019年至2021年", "2019—2021"]
        {
            check(value, years);
        }
        check("2019-05-2020-03", Some((20190501, 20200331)));
    }

    #[test]
    fn an_open_range_ends_where_the_calendar_does() {
        check("2019..", Some((20190101, 21001231)));
        check("..2019", Some((19000101, 20191231)));
    }

    #[test]
    fn what_is_no_date_is_none() {
        for value in [
            "",
            "..",
            "-",
            "20",
            "2020-13",
            "2020-02-30",
            "2021..2019",
            "2020年13月",
            "2020-",
            "春节",
            "2020年5",
            "1899",
            "2020-05-01-",
            "2020..2021..2022",
            "99999999999999999999999999999999999",
        ] {
            check(value, None);
        }
    }
}
