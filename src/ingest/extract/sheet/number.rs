//! Numbers and days as a sheet shows them.
//!
//! Only what changes the words of a number is followed: decimals, leading zeros, per cent, units. Thousands are not
//! parted (`1234`, not `1,234`), so that one number is one word whoever shows it.

use calamine::ExcelDateTime;

/// Digits that a sheet keeps; what is behind them is noise of the arithmetic.
const DIGITS: usize = 15;
/// Numbers from here on are shown with an exponent.
const PLAIN_MAX: f64 = 1e21;
/// Numbers below are shown with an exponent.
const PLAIN_MIN: f64 = 1e-9;

/// A number without a format: `12`, `0.3`, never `12.0` or `0.30000000000000004`.
pub(super) fn general(value: f64) -> Option<String> {
    if !value.is_finite() {
        return None;
    }
    let value = without_noise(value);
    let size = value.abs();
    Some(if size == 0.0 {
        "0".to_owned()
    } else if (PLAIN_MIN..PLAIN_MAX).contains(&size) {
        value.to_string()
    } else {
        format!("{value:E}")
    })
}

/// A number with a format code of Excel: `0.0%`, `000000`, `0.00"万元"`. Codes of other kinds (fractions, exponents,
/// conditions) show it as [`general`] does.
pub(super) fn formatted(value: f64, code: &str) -> Option<String> {
    let Some(format) = Format::parse(code) else { return general(value) };
    if !value.is_finite() {
        return None;
    }
    let value = without_noise(if format.is_percent { value * 100.0 } else { value });
    let size = value.abs();
    if size >= PLAIN_MAX {
        return general(value);
    }
    let scale = 10_f64.powi(i32::try_from(format.decimals).unwrap_or(0));
    let rounded = without_noise(size * scale).round() / scale;
    let mut digits = format!("{rounded:.*}", format.decimals);
    while digits.contains('.') && digits.len() - digits.find('.')? - 1 > format.decimals_shown {
        let Some(rest) = digits.strip_suffix('0') else { break };
        digits.truncate(rest.len());
    }
    let digits = digits.strip_suffix('.').unwrap_or(&digits);
    let whole = digits.find('.').unwrap_or(digits.len());
    let zeros = "0".repeat(format.whole_shown.saturating_sub(whole));
    let sign = if value < 0.0 && rounded != 0.0 { "-" } else { "" };
    let percent = if format.is_percent { "%" } else { "" };
    Some(format!("{}{sign}{zeros}{digits}{percent}{}", format.before, format.after))
}

/// A day, a time of day, or both: `2023-06-19`, `08:30`, `2023-06-19 08:30`; a duration: `26:30`.
pub(super) fn date(value: ExcelDateTime) -> Option<String> {
    let days = value.as_f64();
    if !days.is_finite() {
        return None;
    }
    let (year, month, day, hour, minute, second, _) = value.to_ymd_hms_milli();
    let seconds = if second == 0 { String::new() } else { format!(":{second:02}") };
    let time = format!("{hour:02}:{minute:02}{seconds}");
    if value.is_duration() {
        // Hours go beyond a day.
        let minutes = (days.abs() * 24.0 * 60.0).round();
        let sign = if days < 0.0 { "-" } else { "" };
        return Some(format!("{sign}{:02}:{:02}", (minutes / 60.0).floor(), minutes % 60.0));
    }
    if (0.0..1.0).contains(&days) {
        return Some(time);
    }
    let day = format!("{year:04}-{month:02}-{day:02}");
    Some(if days.fract() == 0.0 { day } else { format!("{day} {time}") })
}

/// A day as ISO 8601 has it, in the form of [`date`]: `2023-06-19T00:00:00` is `2023-06-19`.
pub(super) fn iso_date(text: &str) -> String {
    let Some((day, time)) = text.split_once('T') else { return text.to_owned() };
    let time = time.trim_end_matches('Z');
    let time = time.split_once('.').map_or(time, |(time, _)| time);
    let time = time.strip_suffix(":00").filter(|time| time.contains(':')).unwrap_or(time);
    if time == "00:00" { day.to_owned() } else { format!("{day} {time}") }
}

/// The number with the digits that count.
fn without_noise(value: f64) -> f64 {
    format!("{value:.*e}", DIGITS - 1).parse().unwrap_or(value)
}

/// What a format code says of positive numbers.
#[derive(Debug, Default, PartialEq)]
struct Format {
    before: String,
    after: String,
    /// Digits before the point that are always shown.
    whole_shown: usize,
    /// Digits behind the point.
    decimals: usize,
    /// How many of them are shown even when they are 0.
    decimals_shown: usize,
    is_percent: bool,
}

impl Format {
    /// `None` for codes that are not just digits, per cent and words.
    fn parse(code: &str) -> Option<Self> {
        let mut format = Self::default();
        let (mut has_digits, mut has_point) = (false, false);
        let mut chars = code.chars();
        while let Some(c) = chars.next() {
            match c {
                ';' => break,
                '0' | '#' | '?' if !has_point => {
                    has_digits = true;
                    format.whole_shown += usize::from(c == '0');
                }
                '0' | '#' | '?' => {
                    format.decimals += 1;
                    if c == '0' {
                        format.decimals_shown = format.decimals;
                    }
                }
                '.' if !has_point => has_point = true,
                // Thousands; behind all digits it would divide by a thousand.
                ',' if has_digits && !has_point => {
                    if !chars.as_str().starts_with(['0', '#', '?']) {
                        return None;
                    }
                }
                '%' => format.is_percent = true,
                '"' => {
                    let (words, rest) = chars.as_str().split_once('"')?;
                    format.words(has_digits).push_str(words);
                    chars = rest.chars();
                }
                '\\' => {
                    let c = chars.next()?;
                    format.words(has_digits).push(c);
                }
                // A space as wide as the next character, or that character repeated.
                '_' | '*' => drop(chars.next()),
                '[' => {
                    let (inside, rest) = chars.as_str().split_once(']')?;
                    // `[$¥-804]` is a currency, `[>100]` a condition, `[Red]` a colour.
                    if let Some(sign) = inside.strip_prefix('$') {
                        let sign = sign.split_once('-').map_or(sign, |(sign, _)| sign);
                        format.words(has_digits).push_str(sign);
                    } else if inside.starts_with(['<', '>', '=']) {
                        return None;
                    }
                    chars = rest.chars();
                }
                ' ' | '(' | ')' | '+' | '-' => {}
                '$' | '¥' | '￥' | '€' | '£' => format.words(has_digits).push(c),
                _ => return None,
            }
        }
        (has_digits && format.decimals <= DIGITS && format.whole_shown <= DIGITS).then_some(format)
    }

    fn words(&mut self, has_digits: bool) -> &mut String {
        if has_digits { &mut self.after } else { &mut self.before }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::ExcelDateTimeType;

    #[test]
    fn numbers_are_shown_without_noise() {
        let shown = |value| general(value).unwrap_or_default();
        assert_eq!(shown(12.0), "12");
        assert_eq!(shown(0.1 + 0.2), "0.3");
        assert_eq!(shown(-0.0), "0");
        assert_eq!(shown(1234.5), "1234.5");
        assert_eq!(shown(530_102_199_001_011_234.0), "530102199001011000");
        assert_eq!(shown(1e300), "1E300");
        assert_eq!(shown(f64::NAN), "");
    }

    #[test]
    fn formats_show_decimals_zeros_per_cent_and_units() {
        let check = |value, code, expected: &str| {
            assert_eq!(formatted(value, code).as_deref(), Some(expected), "{value} {code}");
        };
        check(0.285, "0%", "29%");
        check(0.9876, "0.0%", "98.8%");
        check(0.5, "0.##%", "50%");
        check(12.3, "0.00", "12.30");
        check(-0.001, "0.00", "0.00");
        check(-1234.5, "#,##0.00_);(#,##0.00)", "-1234.50");
        check(5301.0, "000000", "005301");
        check(12.0, "0\"个\"", "12个");
        check(3.146, "[$¥-804]#,##0.00", "¥3.15");
        check(12.5, "General", "12.5");
        check(12.5, "# ?/?", "12.5");
        check(12_345.0, "0,", "12345");
        check(12.5, "", "12.5");
        check(0.0, "#", "0");
    }

    #[test]
    fn days_and_times() {
        let shown = |value, kind| date(ExcelDateTime::new(value, kind, false)).unwrap_or_default();
        assert_eq!(shown(45_096.0, ExcelDateTimeType::DateTime), "2023-06-19");
        assert_eq!(shown(45_096.354_166_666_7, ExcelDateTimeType::DateTime), "2023-06-19 08:30");
        assert_eq!(shown(0.5, ExcelDateTimeType::DateTime), "12:00");
        assert_eq!(shown(1.104_166_666_7, ExcelDateTimeType::TimeDelta), "26:30");
        assert_eq!(iso_date("2023-06-19"), "2023-06-19");
        assert_eq!(iso_date("2023-06-19T00:00:00"), "2023-06-19");
        assert_eq!(iso_date("2023-06-19T08:30:00Z"), "2023-06-19 08:30");
    }
}
