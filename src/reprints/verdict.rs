//! How two texts are related: the exact comparison that follows a suspicion.

use crate::reprints::in_order::Sequence;
use crate::reprints::letters::{
    NEAR_LETTERS_MIN, SHINGLE_LETTERS, hash, high, is_letter, letters, shingles,
};
use crate::text::fold::fold_char;
use std::sync::OnceLock;

/// A text made ready to be compared.
#[derive(Debug)]
pub(crate) struct Text {
    text: String,
    letters: Sequence,
    shingles: Vec<u32>,
    /// Most texts are compared with others that share little with them, and are never asked for it.
    content: OnceLock<Content>,
}

/// What a text says, and of what.
#[derive(Debug)]
struct Content {
    /// The letters, with one in the place of each fact.
    wording: Sequence,
    /// Numbers and titles, sorted.
    facts: Vec<String>,
    /// The fact that the text begins with, and the one that it ends with.
    ends: [Option<String>; 2],
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
const NEAR_SHARE: f64 = 0.72;
/// The same of the shortest text that can be near another: a formula of law or protocol is short, and so large a part of
/// it is common to paragraphs on different things.
const NEAR_SHARE_SHORT: f64 = 0.90;
/// Letters from which on [`NEAR_SHARE`] is enough.
const LONG_LETTERS: usize = 130;
/// Least Jaccard similarity of the shingles where sentences changed places and letters are in another order.
const NEAR_JACCARD: f64 = 0.65;
/// Least share of an excerpt's letters that are in shingles of the longer text. Runs of four are shared by chance, too, so
/// a little more than four fifths.
const EXCERPT_LETTERS: f64 = 0.85;
/// Least share of its shingles that the longer text has: each edit spoils all that it touches.
const EXCERPT_SHARE: f64 = 0.75;
/// Letters of the longest run of its own that is an edit of an excerpt; a longer one is a passage of its own, and does not
/// tell how the rest was edited.
const EDIT_LETTERS_MAX: usize = 6;
/// An excerpt has at most this share of the letters of the text it is from.
const EXCERPT_LENGTH: f64 = 0.75;
/// Least share of the shingles of the shorter text that the other has, where they are anything to each other: with letters
/// changed one by one, [`NEAR_SHARE`] of the letters leaves a third of them.
const HELD_MIN: f64 = 0.2;
/// Letters of the longest text that is one formula: of two longer ones each may have a passage with a subject of its own.
const FORMULA_LETTERS_MAX: usize = 250;
/// Letters of the longest title in `《》` that counts as one fact.
const TITLE_LETTERS_MAX: usize = 60;

impl Text {
    pub(crate) fn new(text: String) -> Self {
        let letters = letters(&text);
        let shingles = shingles(&letters);
        Self { text, letters: Sequence::new(letters), shingles, content: OnceLock::new() }
    }

    /// About the memory it takes, at most.
    pub(crate) fn bytes(&self) -> usize {
        // Letters, shingles, wording, facts, and what stands once in a long one.
        size_of::<Self>() + self.text.len() + 28 * self.letters.letters.len()
    }

    fn content(&self) -> &Content {
        self.content.get_or_init(|| {
            let (wording, mut facts) = parted(&self.text);
            let at_end = |letter: Option<&char>, fact: Option<&String>| {
                fact.filter(|_| letter == Some(&FACT)).cloned()
            };
            let ends =
                [at_end(wording.first(), facts.first()), at_end(wording.last(), facts.last())];
            facts.sort_unstable();
            Content { wording: Sequence::new(wording), facts, ends }
        })
    }

    /// What this text is to `other`.
    pub(crate) fn verdict(&self, other: &Self) -> Verdict {
        let (short, long) = (self.letters.letters.len(), other.letters.letters.len());
        if short > long {
            return match other.verdict(self) {
                Verdict::Within => Verdict::Holds,
                verdict => verdict,
            };
        }
        // The same letters, marked as titles or parted as numbers otherwise.
        if short > 0 && self.letters.letters == other.letters.letters {
            return Verdict::Near;
        }
        let common = common(&self.shingles, &other.shingles);
        let held = share(common, self.shingles.len());
        if held < HELD_MIN {
            return Verdict::Apart;
        }
        if share(short, long) <= EXCERPT_LENGTH {
            let own: usize = own_runs(&self.letters.letters, &other.shingles).iter().sum();
            let is_excerpt = held >= EXCERPT_SHARE
                && share(short - own, short) >= EXCERPT_LETTERS
                && self.excerpt_facts_agree(other);
            return if is_excerpt { Verdict::Within } else { Verdict::Apart };
        }
        let jaccard = share(common, self.shingles.len() + other.shingles.len() - common);
        let in_order =
            |a: &Sequence, b: &Sequence| share(a.in_order(b), a.letters.len().max(b.letters.len()));
        let is_alike =
            jaccard >= NEAR_JACCARD || in_order(&self.letters, &other.letters) >= near_share(long);
        let edited =
            || 1.0 - in_order(&self.content().wording, &other.content().wording).max(jaccard);
        if is_alike && self.facts_agree(other, edited) && !self.is_on_another(other) {
            Verdict::Near
        } else {
            Verdict::Apart
        }
    }

    /// Whether both are about somebody or something of their own: a formula is filled in again at each place, and edits do not
    /// write the same twice.
    fn is_on_another(&self, other: &Self) -> bool {
        let (a, b) = (&self.content().wording.letters, &other.content().wording.letters);
        a.len().max(b.len()) <= FORMULA_LETTERS_MAX && repeats_own(a, b) && repeats_own(b, a)
    }

    /// Whether no more facts differ than edits that touch this share of the letters would have changed.
    fn facts_agree(&self, other: &Self, edited: impl FnOnce() -> f64) -> bool {
        let (one, two) = (&self.content().facts, &other.content().facts);
        // The same of both, whichever asks.
        let fewer = if (one.len(), one) <= (two.len(), two) { one } else { two };
        let differ = fewer.len() - common(one, two);
        if differ == 0 {
            return true;
        }
        let edited = edited();
        let likely = undecided(fewer, edited).min(touched_max(fewer, edited, 2.0));
        share(differ, 1) <= likely.max(touched_max(fewer, edited, 1.0))
    }

    /// The same of an excerpt and the text it is from. It may begin and end within a fact.
    fn excerpt_facts_agree(&self, whole: &Self) -> bool {
        let (part, whole) = (self.content(), whole.content());
        let is_cut = |end: &Option<String>, is_part: fn(&str, &str) -> bool| {
            let fact = end.as_ref().filter(|fact| whole.facts.binary_search(fact).is_err());
            fact.is_some_and(|fact| whole.facts.iter().any(|whole| is_part(whole, fact)))
        };
        let [first, last] = &part.ends;
        // The number of an item in front of it is no fact.
        let is_item = self.text.trim_start().starts_with(['（', '(']);
        let cut = [
            is_cut(first, if is_item { |_, _| true } else { |whole, fact| whole.ends_with(fact) }),
            is_cut(last, |whole, fact| whole.starts_with(fact)),
        ];
        let cut = cut.into_iter().filter(|is_cut| *is_cut).count();
        let differ = part.facts.len().saturating_sub(common(&part.facts, &whole.facts) + cut);
        if differ == 0 {
            return true;
        }
        // Of the wording, or facts that differ would count as edits.
        let letters = &part.wording.letters;
        let own = own_runs(letters, &shingles(&whole.wording.letters));
        let (edits, passages): (Vec<usize>, Vec<usize>) =
            own.into_iter().partition(|run| *run <= EDIT_LETTERS_MAX);
        let seen = letters.len() - passages.iter().sum::<usize>();
        let edited = share(edits.iter().sum(), seen);
        // One edit may touch nothing but a fact; and a link says less than a join.
        let likely = undecided(&part.facts, edited.max(share(2, seen)));
        share(differ, 1) <= likely.max(touched_max(&part.facts, edited, 2.0))
    }
}

/// How many of some facts edits may have changed that touch this share of the letters: the mean, so many standard deviations,
/// and the half that rounding takes. Where the wording stayed and facts changed, it is the same report on another year,
/// meeting or law.
fn touched_max(facts: &[String], edited: f64, deviations: f64) -> f64 {
    // Each fact is touched or not: a sum of such has this mean and variance.
    let (mean, variance) = touched(facts, edited)
        .fold((0.0, 0.0), |(mean, of), odds| (mean + odds, of + odds * (1.0 - odds)));
    mean + deviations * variance.sqrt() + 0.5
}

/// How many of some facts differ where such edits are as likely as a form filled in anew, of which half the facts stay: its
/// years, and the numerals in its words.
fn undecided(facts: &[String], edited: f64) -> f64 {
    let count = share(facts.len(), 1);
    let odds = touched(facts, edited).sum::<f64>() / count.max(1.0);
    let odds = odds.clamp(f64::EPSILON, 0.49);
    count * (2.0 * (1.0 - odds)).ln() / ((1.0 - odds) / odds).ln()
}

/// The odds that such edits touch each of some facts.
fn touched(facts: &[String], edited: f64) -> impl Iterator<Item = f64> {
    let kept = 1.0 - edited;
    facts.iter().map(move |fact| 1.0 - kept.powf(length(fact)))
}

/// The lengths of the runs of a text's letters that are in none of some shingles.
fn own_runs(letters: &[char], shingles: &[u32]) -> Vec<usize> {
    let (mut runs, mut end) = (Vec::new(), 0_usize);
    for (at, shingle) in letters.windows(SHINGLE_LETTERS).enumerate() {
        if shingles.binary_search(&high(hash(shingle))).is_ok() {
            runs.push(at.saturating_sub(end));
            end = at + SHINGLE_LETTERS;
        }
    }
    runs.push(letters.len() - end);
    runs
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

/// The letters of a text.
fn length(text: &str) -> f64 {
    share(text.chars().count(), 1)
}

/// Digits are of one kind, Chinese ones of another, all else of none.
fn kind(c: char) -> u8 {
    match c {
        '0'..='9' => 1,
        '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '百' | '千'
        | '〇' | '零' => 2,
        'ⅰ'..='ⅿ' => 3,
        _ => 0,
    }
}

/// What a text says and of what: its letters with one in the place of each fact, and the facts, which are numbers and
/// titles in `《》`. Which article of a law it is (`第三条`) is none: it changes from version to version.
pub(crate) fn parted(text: &str) -> (Vec<char>, Vec<String>) {
    // A line may end within a number.
    let folded: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).map(fold_char).collect();
    let mut rest = without_label(&folded);
    let (mut wording, mut facts) = (Vec::with_capacity(rest.len()), Vec::new());
    while let Some((&first, behind)) = rest.split_first() {
        let (fact, next) = if let Some(title) = title(rest) {
            (title, behind.get(title.len() + 1..).unwrap_or(&[]))
        } else if kind(first) > 0 {
            let length = rest.iter().take_while(|&&c| kind(c) == kind(first)).count();
            rest.split_at(length)
        } else {
            wording.extend(Some(first).filter(|c| is_letter(*c)));
            rest = behind;
            continue;
        };
        facts.push(fact.iter().filter(|c| is_letter(**c)).collect());
        wording.push(FACT);
        rest = next;
    }
    (wording, facts)
}

/// Stands in a wording for any fact.
const FACT: char = '0';

/// The title in `《》` that a text begins with.
fn title(text: &[char]) -> Option<&[char]> {
    let (first, rest) = text.split_first()?;
    let end = rest.iter().take(TITLE_LETTERS_MAX).position(|c| matches!(c, '《' | '》'))?;
    (*first == '《' && rest.get(end) == Some(&'》')).then(|| rest.get(..end))?
}

/// A text without the number of its article in front.
fn without_label(text: &[char]) -> &[char] {
    let Some(('第', rest)) = text.split_first() else { return text };
    let digits = rest.iter().take_while(|&&c| kind(c) > 0).count();
    match rest.get(digits..).and_then(<[char]>::split_first) {
        Some(('条' | '章' | '节', rest)) if digits > 0 => rest,
        _ => text,
    }
}

/// Whether a text has two letters twice of which another text lacks one.
fn repeats_own(text: &[char], other: &[char]) -> bool {
    let is_own = |letter: &char| *letter != FACT && !other.contains(letter);
    let mut own: Vec<&[char]> = text.windows(2).filter(|pair| pair.iter().any(is_own)).collect();
    own.sort_unstable();
    own.windows(2).any(|pairs| pairs.first() == pairs.last())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(a: &str, b: &str, expected: Verdict) {
        let text = |text: &str| Text::new(text.to_owned());
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
    fn an_excerpt_with_other_numbers_is_from_another_text() {
        let part = "全县新修村道48公里，硬化入户路126条，安装路灯1930盏，惠及群众2.4万人，群众出行难的问题基本解决，入户调查的满意率也有所提高。";
        let whole = format!("{LEAD}{part}{REST}");
        check(part, &whole, Verdict::Within);
        let other = part.replace("48", "73").replace("126", "215").replace("1930", "880");
        check(&other, &whole, Verdict::Apart);
        // Nor does a sentence of its own make them edits.
        check(&format!("{other}山上也通了电。"), &whole, Verdict::Apart);
    }

    #[test]
    fn an_excerpt_may_begin_within_a_number() {
        let part =
            "8公里，都通到了自然村的村口，老人赶集、孩子上学、药材出山都不再绕行河滩，雨季也能走。";
        let whole = format!("{LEAD}全县新修村道4{part}{REST}");
        check(part, &whole, Verdict::Within);
        check(&part.replace('8', "7"), &whole, Verdict::Apart);
        check(&part.replace("8公里", "（三）山路"), &whole, Verdict::Within);
        check(&part.replace("8公里", "三里"), &whole, Verdict::Apart);
    }

    #[test]
    fn a_text_that_says_much_of_its_own_is_no_excerpt() {
        let own = "乡里另办了两期焊工班，学员都是外出多年回来的青年，结业后进了园区。";
        check(&format!("{LEAD}{own}"), &format!("{REST}{LEAD}{REST}"), Verdict::Apart);
    }

    #[test]
    fn the_same_report_on_another_year_is_another_text() {
        let a = "2019年，全县新修村道48公里，硬化入户路126条，安装路灯1930盏，惠及群众2.4万人，总投资5600万元，群众出行难的问题基本解决。";
        let b = "2021年，全县新修村道73公里，硬化入户路215条，安装路灯880盏，惠及群众3.1万人，总投资9200万元，群众出行难的问题基本解决。";
        check(a, b, Verdict::Apart);
        check(a, &a.replace("48公里", "49公里"), Verdict::Apart);
        // Edits touch numbers, too.
        let edited =
            a.replace("48公里", "49公里").replace("全县新修", "全区共修").replace("基本", "初步");
        check(a, &edited, Verdict::Near);
    }

    #[test]
    fn the_same_notice_of_another_level_is_another_text() {
        let notice = |level: &str| {
            format!(
                "受持续强降雨影响，市防汛抗旱指挥部决定于今日十八时启动防汛{level}级应急响应，各成员单位要按照预案要求落实值班值守，加强巡查排险，及时转移危险区域群众，确保人民生命财产安全。"
            )
        };
        check(&notice("Ⅲ"), &notice("Ⅱ"), Verdict::Apart);
        check(&notice("Ⅲ"), &notice("ⅲ"), Verdict::Near);
    }

    #[test]
    fn the_same_formula_with_another_title_is_another_text() {
        let a = "近日，县委办公室、县政府办公室印发了《关于加强村级河长巡查工作的意见》，并发出通知，要求各乡镇、各部门结合实际认真贯彻落实，年底前报告进展。";
        let title = |title| a.replace("关于加强村级河长巡查工作的意见", title);
        check(a, &title("关于做好秋冬季森林防火的通知"), Verdict::Apart);
        check(a, &a.replace("县政府办公室", "县府办").replace("年底前", "年内"), Verdict::Near);
    }

    #[test]
    fn the_same_formula_on_somebody_else_is_another_text() {
        let a = "周石桥同志病重期间和逝世后，县里各部门的负责人前往医院看望，以各种方式对周石桥同志的逝世表示哀悼，并向其家属送去慰问信和花圈，乡亲们也赶来送别。";
        check(a, &a.replace("周石桥", "吴大椿"), Verdict::Apart);
        check(a, &a.replacen("周石桥", "吴大椿", 1), Verdict::Near);
        check(a, &a.replace("周石桥", ""), Verdict::Near);
    }

    #[test]
    fn the_number_of_an_article_and_the_end_of_a_line_change_no_fact() {
        let law = "第十二条 乡镇人民政府应当建立网格员名册，明确其职责，每年用十二天组织三次培训，经费列入本级财政预算，任何单位不得挪用。";
        check(law, &law.replace("第十二条", "第三十条"), Verdict::Near);
        check(law, &law.replace("三次", "九次"), Verdict::Apart);
        check(law, &law.replace("第十二条 ", "").replace("十二", "十\n二"), Verdict::Near);
    }

    #[test]
    fn texts_on_different_things_are_apart() {
        check(LEAD, REST, Verdict::Apart);
        check("", "", Verdict::Apart);
    }
}
