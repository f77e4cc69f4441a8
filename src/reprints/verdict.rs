//! How two texts are related: the exact comparison that follows a suspicion.

use crate::reprints::letters::{NEAR_LETTERS_MIN, SHINGLE_LETTERS, shingles};
use std::collections::HashMap;

/// A text made ready to be compared.
#[derive(Debug, Clone)]
pub(crate) struct Text {
    letters: Vec<char>,
    shingles: Vec<u32>,
    numbers: Vec<String>,
}

/// What a text is to another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verdict {
    /// Nothing.
    Apart,
    /// The same text, edited.
    Near,
    /// The first is an excerpt of the second.
    Within,
    /// The second is an excerpt of the first.
    Holds,
}

/// Least share of letters in common order, of the longer text, where that has at least [`LONG_LETTERS`].
const NEAR_SHARE: f64 = 0.76;
/// The same of the shortest text that can be near another: a formula of law or protocol is short, and so large a part of
/// it is common to paragraphs on different things.
const NEAR_SHARE_SHORT: f64 = 0.90;
/// Letters from which on [`NEAR_SHARE`] is enough.
const LONG_LETTERS: usize = 130;
/// Least Jaccard similarity of the shingles where sentences changed places and letters are in another order.
const NEAR_JACCARD: f64 = 0.65;
/// Least share of an excerpt's shingles that the longer text has.
const EXCERPT_SHARE: f64 = 0.75;
/// An excerpt has at most this share of the letters of the text it is from.
const EXCERPT_LENGTH: f64 = 0.75;
/// How much likelier than a letter a number is to differ, having more than one.
const NUMBER_ODDS: f64 = 2.4;
/// What share of numbers may differ beyond that, by chance. Where still more do it is the same report on another year,
/// meeting or county.
const NUMBER_CHANCE: f64 = 0.12;

impl Text {
    pub(crate) fn new(letters: Vec<char>) -> Self {
        let (shingles, numbers) = (shingles(&letters), numbers(&letters));
        Self { letters, shingles, numbers }
    }

    /// What this text is to `other`.
    pub(crate) fn verdict(&self, other: &Self) -> Verdict {
        if self.letters.len() > other.letters.len() {
            return match other.verdict(self) {
                Verdict::Within => Verdict::Holds,
                verdict => verdict,
            };
        }
        let (short, long) = (self.letters.len(), other.letters.len());
        let common = common(&self.shingles, &other.shingles);
        if share(short, long) <= EXCERPT_LENGTH {
            let held = share(common, self.shingles.len());
            // A letter that differs spoils all shingles it is in.
            let letters = held.powf(share(1, SHINGLE_LETTERS));
            let is_excerpt = held >= EXCERPT_SHARE && self.numbers_agree(other, letters, 2);
            return if is_excerpt { Verdict::Within } else { Verdict::Apart };
        }
        let all = self.shingles.len() + other.shingles.len() - common;
        let jaccard = share(common, all);
        let in_order = share(in_order(&self.letters, &other.letters), long);
        let near = jaccard >= NEAR_JACCARD || in_order >= near_share(long);
        if near && self.numbers_agree(other, in_order.max(jaccard), 1) {
            Verdict::Near
        } else {
            Verdict::Apart
        }
    }

    /// Whether the numbers of one text are in the other, but for as many as edits that leave this share of the letters
    /// would touch, and so `many` in any case: an excerpt may begin and end within one.
    fn numbers_agree(&self, other: &Self, letters: f64, many: usize) -> bool {
        let fewer = self.numbers.len().min(other.numbers.len());
        let missing = fewer - common(&self.numbers, &other.numbers);
        missing <= many || share(missing, fewer) <= NUMBER_CHANCE + NUMBER_ODDS * (1.0 - letters)
    }
}

#[allow(clippy::cast_precision_loss, reason = "texts have fewer letters than 2^52")]
fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

/// The share that texts of so many letters must have in common order.
fn near_share(letters: usize) -> f64 {
    let beyond = letters.clamp(NEAR_LETTERS_MIN, LONG_LETTERS) - NEAR_LETTERS_MIN;
    let part = share(beyond, LONG_LETTERS - NEAR_LETTERS_MIN);
    NEAR_SHARE_SHORT - part * (NEAR_SHARE_SHORT - NEAR_SHARE)
}

/// Runs of digits, Chinese ones too, sorted.
fn numbers(letters: &[char]) -> Vec<String> {
    let kind = |c: char| match c {
        '0'..='9' => 1,
        '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '百' | '千'
        | '〇' | '零' => 2,
        _ => 0,
    };
    let runs = letters.chunk_by(|&a, &b| kind(a) == kind(b));
    let mut numbers: Vec<String> = runs
        .filter(|run| run.first().is_some_and(|&first| kind(first) > 0))
        .map(|run| run.iter().collect())
        .collect();
    numbers.sort_unstable();
    numbers
}

/// How many values two sorted lists have in common.
fn common<T: Ord>(a: &[T], b: &[T]) -> usize {
    let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
    let mut count = 0;
    while let (Some(x), Some(y)) = (a.peek(), b.peek()) {
        let order = x.cmp(y);
        count += usize::from(order.is_eq());
        if order.is_le() {
            a.next();
        }
        if order.is_ge() {
            b.next();
        }
    }
    count
}

/// Letters of the longest common subsequence, 64 columns at once.
///
/// Source: Hyyrö, *Bit-parallel LCS-length computation revisited*, 2004.
fn in_order(a: &[char], b: &[char]) -> usize {
    let words = a.len().div_ceil(64);
    let mut places: HashMap<char, Vec<u64>> = HashMap::new();
    for (at, &letter) in a.iter().enumerate() {
        if let Some(word) = places.entry(letter).or_insert_with(|| vec![0; words]).get_mut(at / 64)
        {
            *word |= 1 << (at % 64);
        }
    }
    // A zero bit is a column where the common subsequence grew.
    let mut columns = vec![u64::MAX; words];
    for places in b.iter().filter_map(|letter| places.get(letter)) {
        let mut carry = false;
        for (column, place) in columns.iter_mut().zip(places) {
            let matched = *column & place;
            let (sum, over) = column.overflowing_add(matched);
            let (sum, over_too) = sum.overflowing_add(u64::from(carry));
            carry = over || over_too;
            *column = sum | (*column & !place);
        }
    }
    // Columns behind the last letter never change.
    columns.iter().map(|column| column.count_zeros() as usize).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reprints::letters;

    #[track_caller]
    fn check(a: &str, b: &str, expected: Verdict) {
        let text = |text| Text::new(letters(text));
        assert_eq!(text(a).verdict(&text(b)), expected, "{a}\n{b}");
    }

    const LEAD: &str = "全县把八十七个村划成四百一十二个网格，选聘网格员四百三十名，每天上门走访，把老人、病人和在外务工人员的家底记在一本账上。";
    const REST: &str = "入夏以来，网格员先后报告滑坡点十一处，帮着转移群众两百多人，没有一人受伤；秋收时又替三十几户缺劳力的人家联系收割机。";

    #[test]
    fn an_edited_text_is_near_in_either_order_of_its_sentences() {
        let whole = format!("{LEAD}{REST}");
        check(&whole, &whole.replace("先后报告", "共报告").replace("每天", "天天"), Verdict::Near);
        check(&whole, &format!("{REST}{LEAD}"), Verdict::Near);
    }

    #[test]
    fn an_excerpt_is_within_the_text_it_is_from() {
        let whole = format!("{LEAD}{REST}");
        check(LEAD, &whole, Verdict::Within);
        check(&whole, REST, Verdict::Holds);
    }

    #[test]
    fn the_same_report_on_another_year_is_another_text() {
        let a = "2019年，全县新修村道48公里，硬化入户路126条，安装路灯1930盏，惠及群众2.4万人，总投资5600万元，群众出行难的问题基本解决。";
        let b = "2021年，全县新修村道73公里，硬化入户路215条，安装路灯880盏，惠及群众3.1万人，总投资9200万元，群众出行难的问题基本解决。";
        check(a, b, Verdict::Apart);
        check(a, &a.replace("48公里", "49公里"), Verdict::Near);
    }

    #[test]
    fn texts_on_different_things_are_apart() {
        check(LEAD, REST, Verdict::Apart);
        check("", "", Verdict::Apart);
    }

    #[test]
    fn letters_in_order_are_counted_as_by_the_table() {
        let letters: Vec<char> = "abcabba".repeat(20).chars().collect();
        let others: Vec<char> = "cbabacxx".repeat(17).chars().collect();
        for (a, b) in [(7, 6), (64, 64), (65, 130), (140, 136), (0, 5)] {
            let (a, b) = (&letters[..a], &others[..b]);
            let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
            for (i, x) in a.iter().enumerate() {
                for (j, y) in b.iter().enumerate() {
                    table[i + 1][j + 1] =
                        if x == y { table[i][j] + 1 } else { table[i][j + 1].max(table[i + 1][j]) };
                }
            }
            assert_eq!(in_order(a, b), table[a.len()][b.len()]);
        }
    }
}
