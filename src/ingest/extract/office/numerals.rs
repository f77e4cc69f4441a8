//! Automatic numbers as a word processor shows them: `一`, `（三）` without its brackets, `IV`, `②`.

/// How the numbers of a list are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Numerals {
    /// 1, 2, 3
    #[default]
    Decimal,
    /// 01, 02, 03
    DecimalZero,
    /// １, ２, ３
    DecimalWide,
    /// ①, ②, ③
    Circled,
    /// ⑴, ⑵, ⑶
    Bracketed,
    /// ⒈, ⒉, ⒊
    Dotted,
    /// a, b, c
    LowerLetter,
    /// A, B, C
    UpperLetter,
    /// i, ii, iii
    LowerRoman,
    /// I, II, III
    UpperRoman,
    /// 一, 十一, 一百零一
    Chinese,
    /// 一, 十一, 一〇一: counted to ninety-nine, then digit by digit
    ChineseShort,
    /// 一, 一一, 一〇一: digit by digit
    ChineseDigits,
    /// 壹, 贰, 叁
    ChineseFormal,
    /// 壹, 貳, 參
    ChineseFormalTraditional,
    /// 甲, 乙, 丙
    Stems,
    /// 子, 丑, 寅
    Branches,
    /// 甲子, 乙丑, 丙寅
    StemsAndBranches,
    /// No number is shown.
    None,
}

impl Numerals {
    /// The numerals that `w:numFmt` of WordprocessingML names; `None` for bullets and none at all.
    ///
    /// Source: ECMA-376 part 1, 17.18.59 `ST_NumberFormat`; formats of other scripts count in figures here.
    pub(super) fn from_word(name: &str) -> Self {
        match name {
            "none" | "bullet" => Self::None,
            "decimalZero" => Self::DecimalZero,
            "decimalFullWidth" | "decimalFullWidth2" => Self::DecimalWide,
            "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" => Self::Circled,
            "decimalEnclosedParen" => Self::Bracketed,
            "decimalEnclosedFullstop" => Self::Dotted,
            "lowerLetter" => Self::LowerLetter,
            "upperLetter" => Self::UpperLetter,
            "lowerRoman" => Self::LowerRoman,
            "upperRoman" => Self::UpperRoman,
            "chineseCountingThousand" | "taiwaneseCountingThousand" | "japaneseCounting" => {
                Self::Chinese
            }
            "chineseCounting" | "taiwaneseCounting" => Self::ChineseShort,
            "ideographDigital" | "taiwaneseDigital" | "japaneseDigitalTenThousand" => {
                Self::ChineseDigits
            }
            "chineseLegalSimplified" => Self::ChineseFormal,
            "ideographLegalTraditional" => Self::ChineseFormalTraditional,
            "ideographTraditional" => Self::Stems,
            "ideographZodiac" => Self::Branches,
            "ideographZodiacTraditional" => Self::StemsAndBranches,
            _ => Self::Decimal,
        }
    }

    /// The numerals that `style:num-format` of OpenDocument names by their first numbers: `1`, `一, 二, 三, ...`.
    pub(super) fn from_open_document(sample: &str) -> Self {
        match sample.chars().next() {
            None => Self::None,
            Some('0') => Self::DecimalZero,
            Some('１') => Self::DecimalWide,
            Some('①') => Self::Circled,
            Some('⑴') => Self::Bracketed,
            Some('⒈') => Self::Dotted,
            Some('a') => Self::LowerLetter,
            Some('A') => Self::UpperLetter,
            Some('i') => Self::LowerRoman,
            Some('I') => Self::UpperRoman,
            Some('一') => Self::Chinese,
            Some('壹') if sample.contains('貳') => Self::ChineseFormalTraditional,
            Some('壹') => Self::ChineseFormal,
            Some('甲') => Self::Stems,
            Some('子') => Self::Branches,
            Some(_) => Self::Decimal,
        }
    }

    /// The number written out; figures where the numerals have no sign for it.
    pub(super) fn write(self, number: u32) -> String {
        let written = match self {
            Self::None => Some(String::new()),
            Self::Decimal => None,
            Self::DecimalZero => Some(format!("{number:02}")),
            Self::DecimalWide => Some(digits(number, "０１２３４５６７８９")),
            Self::Circled => sign(number, 1, '①', 20)
                .or_else(|| sign(number, 21, '㉑', 15))
                .or_else(|| sign(number, 36, '㊱', 15)),
            Self::Bracketed => sign(number, 1, '⑴', 20),
            Self::Dotted => sign(number, 1, '⒈', 20),
            Self::LowerLetter => letters(number, 'a'),
            Self::UpperLetter => letters(number, 'A'),
            Self::LowerRoman => roman(number).map(|text| text.to_lowercase()),
            Self::UpperRoman => roman(number),
            Self::Chinese => counted(number, "零一二三四五六七八九", ["千", "百", "十"]),
            Self::ChineseShort if number < 100 => Self::Chinese.write_some(number),
            Self::ChineseShort | Self::ChineseDigits => {
                Some(digits(number, "〇一二三四五六七八九"))
            }
            Self::ChineseFormal => counted(number, "零壹贰叁肆伍陆柒捌玖", ["仟", "佰", "拾"]),
            Self::ChineseFormalTraditional => {
                counted(number, "零壹貳參肆伍陸柒捌玖", ["仟", "佰", "拾"])
            }
            Self::Stems => nth(number, STEMS),
            Self::Branches => nth(number, BRANCHES),
            Self::StemsAndBranches => stem_and_branch(number),
        };
        written.unwrap_or_else(|| number.to_string())
    }

    fn write_some(self, number: u32) -> Option<String> {
        Some(self.write(number))
    }
}

/// A number with the gap that follows it: none after marks that are wide themselves.
pub(super) fn spaced(mut number: String, is_close: bool) -> String {
    let is_wide_mark = |c: char| matches!(c, '、' | '．' | '）' | '：' | '。' | '】' | '〕' | '，');
    if !is_close
        && number.chars().next_back().is_some_and(|last| !is_wide_mark(last) && last != ' ')
    {
        number.push(' ');
    }
    number
}

const STEMS: &str = "甲乙丙丁戊己庚辛壬癸";
const BRANCHES: &str = "子丑寅卯辰巳午未申酉戌亥";

/// The sign of `number` in a run of `count` signs that starts with `first` for the number `from`.
fn sign(number: u32, from: u32, first: char, count: u32) -> Option<String> {
    let step = number.checked_sub(from).filter(|step| *step < count)?;
    char::from_u32(u32::from(first) + step).map(String::from)
}

/// Figures of another script, from nought to nine.
fn digits(number: u32, figures: &str) -> String {
    let figure = |c: char| figures.chars().nth(usize::try_from(c.to_digit(10)?).ok()?);
    number.to_string().chars().filter_map(figure).collect()
}

/// Spoken numbers below ten thousand. Ten to nineteen drop the leading one where the signs are the plain ones.
fn counted(number: u32, figures: &str, units: [&str; 3]) -> Option<String> {
    let figure = |digit: u32| figures.chars().nth(usize::try_from(digit).ok()?);
    if number == 0 || number > 9_999 {
        return None;
    }
    let mut text = String::new();
    let mut gap = false;
    for (place, unit) in [1_000, 100, 10, 1].into_iter().zip(units.into_iter().chain([""])) {
        let digit = number / place % 10;
        if digit == 0 {
            gap = true;
            continue;
        }
        if gap && !text.is_empty() {
            text.extend(figure(0));
        }
        gap = false;
        let is_plain_ten = place == 10 && digit == 1 && text.is_empty() && unit == "十";
        if !is_plain_ten {
            text.extend(figure(digit));
        }
        text.push_str(unit);
    }
    Some(text)
}

/// `a` to `z`, then `aa`, `bb`, as Word and LibreOffice go on.
fn letters(number: u32, first: char) -> Option<String> {
    let (round, letter) = (number.checked_sub(1)? / 26, (number - 1) % 26);
    let letter = char::from_u32(u32::from(first) + letter)?;
    (round < 10)
        .then(|| std::iter::repeat_n(letter, usize::try_from(round).unwrap_or(0) + 1).collect())
}

fn roman(number: u32) -> Option<String> {
    const SIGNS: [(u32, &str); 13] = [
        (1_000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    let mut rest = Some(number).filter(|number| (1..4_000).contains(number))?;
    let mut text = String::new();
    for (value, sign) in SIGNS {
        while rest >= value {
            text.push_str(sign);
            rest -= value;
        }
    }
    Some(text)
}

fn nth(number: u32, signs: &str) -> Option<String> {
    let place = usize::try_from(number.checked_sub(1)?).ok()?;
    signs.chars().nth(place).map(String::from)
}

fn stem_and_branch(number: u32) -> Option<String> {
    let place = number.checked_sub(1).filter(|place| *place < 60)?;
    Some(nth(place % 10 + 1, STEMS)? + &nth(place % 12 + 1, BRANCHES)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, expected: &[(u32, &str)]) {
        for (number, written) in expected {
            assert_eq!(Numerals::from_word(name).write(*number), *written, "{name} {number}");
        }
    }

    #[test]
    fn numbers_are_written_as_word_shows_them() {
        check("decimal", &[(0, "0"), (12, "12")]);
        check("decimalZero", &[(1, "01"), (12, "12")]);
        check("decimalFullWidth", &[(12, "１２")]);
        check("decimalEnclosedCircle", &[(1, "①"), (20, "⑳"), (21, "㉑"), (36, "㊱"), (51, "51")]);
        check("lowerLetter", &[(1, "a"), (26, "z"), (27, "aa")]);
        check("upperRoman", &[(4, "IV"), (49, "XLIX"), (4_000, "4000")]);
        check("bullet", &[(1, "")]);
        check("hebrew1", &[(3, "3")]);
    }

    #[test]
    fn numbers_are_written_in_chinese() {
        check(
            "chineseCountingThousand",
            &[(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (35, "三十五"), (100, "一百")],
        );
        check(
            "chineseCountingThousand",
            &[(101, "一百零一"), (110, "一百一十"), (1_001, "一千零一")],
        );
        check("chineseCountingThousand", &[(0, "0"), (10_000, "10000")]);
        check("chineseCounting", &[(12, "十二"), (101, "一〇一")]);
        check("ideographDigital", &[(10, "一〇")]);
        check("chineseLegalSimplified", &[(2, "贰"), (10, "壹拾"), (12, "壹拾贰")]);
        check("ideographTraditional", &[(1, "甲"), (10, "癸"), (11, "11")]);
        check("ideographZodiacTraditional", &[(1, "甲子"), (60, "癸亥")]);
    }

    #[test]
    fn a_gap_follows_what_is_no_wide_mark() {
        for (number, expected) in [("一、", "一、"), ("1.", "1. "), ("第三条", "第三条 "), ("", "")]
        {
            assert_eq!(spaced(number.to_owned(), false), expected);
        }
        assert_eq!(spaced("第三条".to_owned(), true), "第三条");
    }

    #[test]
    fn open_document_names_numerals_by_their_first() {
        for (sample, expected) in [
            ("1", "3"),
            ("一, 二, 三, ...", "三"),
            ("a", "c"),
            ("I", "III"),
            ("①, ②, ③, ...", "③"),
            ("", ""),
        ] {
            assert_eq!(Numerals::from_open_document(sample).write(3), expected, "{sample}");
        }
    }
}
