//! Lines that are plainly cut in the middle of a number, a word or a sentence, though the page as a whole is no column.
//!
//! A line with a comma that ends without a mark may be a heading, so a cut is seen only where a number or a foreign word
//! goes on in the next line, or where words end that no heading ends with. Where a page has one such line and is narrow,
//! other lines of its width with a comma are cut too.

use crate::ingest::Role;
use crate::ingest::kinds;
use crate::ingest::page::Line;
use crate::text::tokens::is_han;

/// A page is narrow when no line is wider, in terminal columns.
const NARROW_COLUMNS_MAX: usize = 60;
/// Words that need more behind them.
const OPEN_WORDS: [&str; 12] = [
    "已经", "正在", "以及", "并且", "而且", "因为", "由于", "如果", "虽然", "不仅", "为了", "成为",
];

/// Says of each line whether it is cut and goes on in the next kept one.
pub fn find(lines: &[Line<'_>]) -> Vec<bool> {
    let kept: Vec<usize> = (0..lines.len()).filter(|&at| lines[at].is_kept()).collect();
    let pairs = || kept.iter().zip(kept.iter().skip(1));
    let mut cut = vec![false; lines.len()];
    for (&at, &next) in pairs() {
        cut[at] = may_go_on(&lines[at], &lines[next]) && is_cut(&lines[at], &lines[next]);
    }
    cut_blocks(lines, &kept, &mut cut);
    let widest = kept.iter().map(|&at| lines[at].columns).max().unwrap_or_default();
    if widest > NARROW_COLUMNS_MAX || !cut.contains(&true) {
        return cut;
    }
    for (&at, &next) in pairs() {
        let (line, next) = (&lines[at], &lines[next]);
        let fills = line.columns * 10 >= widest * 7;
        cut[at] |= fills
            && has_comma(line)
            && next.indent <= line.indent
            && line.last().is_some_and(char::is_alphanumeric)
            && may_go_on(line, next);
    }
    cut
}

/// Lines of a paragraph, no fewer, whose like width shows by itself that they were cut.
const BLOCK_LINES_MIN: usize = 3;
/// No such paragraph is narrower, in terminal columns: slogans and lists are.
const BLOCK_WIDTH_MIN: usize = 30;
/// How much shorter than the others a cut line may be.
const BLOCK_SLACK: usize = 4;

/// Marks the lines of paragraphs that were cut at one width and stand by themselves, as in a short text or between long
/// lines.
fn cut_blocks(lines: &[Line<'_>], kept: &[usize], cut: &mut [bool]) {
    let reach = |at: usize| lines[at].indent + lines[at].columns;
    let mut from = 0;
    while from < kept.len() {
        let rest = kept.get(from..).unwrap_or_default();
        let goes_on = |pair: &&[usize]| {
            let &&[at, next] = pair else { return false };
            lines[next].indent <= lines[at].indent && may_go_on(&lines[at], &lines[next])
        };
        let count = 1 + rest.windows(2).take_while(goes_on).count();
        from += count;
        let Some((&last, block)) = rest.get(..count).and_then(<[usize]>::split_last) else {
            continue;
        };
        let width = block.iter().map(|&at| reach(at)).max().unwrap_or_default();
        let is_full = |at: usize| reach(at) + BLOCK_SLACK >= width;
        let ends = |at: usize| kinds::is_finished(lines[at].text);
        // A title may stand above it.
        let above = block.iter().take_while(|&&at| !is_full(at) && !ends(at)).count();
        let block = block.get(above..).unwrap_or_default();
        let is_set = block.len() + 1 >= BLOCK_LINES_MIN
            && width >= BLOCK_WIDTH_MIN
            && reach(last) <= width + BLOCK_SLACK
            && ends(last)
            && block.iter().all(|&at| is_full(at) || ends(at));
        if !is_set {
            continue;
        }
        let open: Vec<usize> = block.iter().copied().filter(|&at| !ends(at)).collect();
        let torn = open.iter().filter(|&&at| lines[at].last().is_some_and(char::is_alphanumeric));
        let marked =
            open.iter().filter(|&&at| lines[at].text.contains(['，', '。', '、', '；', '“']));
        if torn.count() >= 2 && marked.count() * 3 >= open.len() * 2 {
            for &at in block {
                // A sentence that ends right at the margin is rarer the end of its paragraph.
                cut[at] |= !ends(at) || reach(at) + 2 >= width;
            }
        }
    }
}

/// Whether nothing speaks against it that a line goes on in the next.
fn may_go_on(line: &Line<'_>, next: &Line<'_>) -> bool {
    let is_plain =
        |line: &Line<'_>| line.level.is_none() && line.role.is_none_or(|role| role == Role::Body);
    next.gap == 0
        && is_plain(line)
        && is_plain(next)
        && !line.text.contains('\t')
        && !kinds::is_numbered(&next.key)
        && !kinds::is_publication_line(&next.key)
        && !kinds::is_author_line(&next.key)
}

fn is_cut(line: &Line<'_>, next: &Line<'_>) -> bool {
    let open = || OPEN_WORDS.iter().any(|word| line.key.ends_with(word));
    cuts_number(&line.key, &next.key)
        || cuts_word(&line.key, &next.key)
        || (has_comma(line) && (cuts_han_number(&line.key, &next.key) || open()))
        || cuts_addressees(line, next)
}

/// No line of offices is cut before it is so wide, in terminal columns.
const ADDRESSEES_WIDTH_MIN: usize = 40;

/// Whether the offices to which a document goes are cut: `各乡镇，县直各部门，各企事业` and `单位：`.
fn cuts_addressees(line: &Line<'_>, next: &Line<'_>) -> bool {
    line.key.starts_with('各')
        && has_comma(line)
        && line.columns >= ADDRESSEES_WIDTH_MIN
        && !kinds::is_finished(line.text)
        && next.key.ends_with(':')
        && !next.key.contains(['。', ';'])
}

fn has_comma(line: &Line<'_>) -> bool {
    line.text.contains(['，', ','])
}

/// Whether a number is cut: `共1,` and `246件`, `98.` and `7%`.
fn cuts_number(line: &str, next: &str) -> bool {
    let Some((head, mark)) =
        [',', '.'].iter().find_map(|&mark| Some((line.strip_suffix(mark)?, mark)))
    else {
        return false;
    };
    // `1.` alone is the number of an item.
    let words = head.trim_end_matches(|c: char| c.is_ascii_digit());
    let inside = words.len() < head.len() && words.chars().any(char::is_alphabetic);
    let digits = next.chars().take_while(char::is_ascii_digit).count();
    let rest = next.get(digits..).unwrap_or_default();
    let goes_on = if mark == ',' {
        digits == 3
    } else {
        (1..=2).contains(&digits) && rest.starts_with(['%', '万', '亿'])
    };
    inside && goes_on && !rest.starts_with(['.', '、'])
}

/// Whether a number in characters is cut: `学生二` and `十六人`. `第一`, `统一` and such words are none.
fn cuts_han_number(line: &str, next: &str) -> bool {
    let mut back = line.chars().rev();
    let (last, before) = (back.next(), back.next());
    let one_alone =
        last == Some('一') && before.is_some_and(|c| "第统唯之专如万划归合单同逐五".contains(c));
    let mut ahead = next.chars();
    let (first, second) = (ahead.next(), ahead.next());
    let number = |c: Option<char>, of: &str| c.is_some_and(|c| of.contains(c));
    number(last, "一二两三四五六七八九")
        && number(first, "十百千")
        && number(second, "一二三四五六七八九零余多万亿元人名户个条处")
        && !one_alone
}

/// Whether a foreign word in Chinese text is cut, or stands before one that goes on: `Agri-` and `Tech公司`, `smart` and
/// `farm示范点`.
fn cuts_word(line: &str, next: &str) -> bool {
    let letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
    let (head, is_hyphened) = line.strip_suffix('-').map_or((line, false), |head| (head, true));
    let goes_on = letter(next.chars().next())
        && (is_hyphened || next.starts_with(|c: char| c.is_ascii_lowercase()));
    letter(head.chars().next_back()) && goes_on && head.starts_with(is_han) && next.contains(is_han)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::page;
    use std::borrow::Cow;

    /// Checks the lines of a page that are cut.
    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let lines = page::lines(text, &|text| Cow::Borrowed(text));
        let cut = find(&lines);
        let cut = lines.iter().zip(cut).filter(|&(_, cut)| cut);
        assert_eq!(cut.map(|(line, _)| line.text).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_number_goes_on_in_the_next_line() {
        check("果园账\n果树一共1,\n246棵，成活98.\n7%，很好。", &["果树一共1,", "246棵，成活98."]);
        check("老果园，有果树三\n十六棵。", &["老果园，有果树三"]);
        check("果园账\n1.\n246棵果树的账\n很好。", &[]);
        check("修好路，争第一\n十个村都修了路。", &[]);
        check("果树三\n十六棵。", &[]);
    }
    #[test]
    fn a_foreign_word_goes_on_in_the_next_line() {
        check(
            "引来 Fruit-\nTree 公司，建成 orchard\nfarm 三处。",
            &["引来 Fruit-", "Tree 公司，建成 orchard"],
        );
        check("果园用上 App\nApp 让果农省心。", &[]);
        check("Orchards of the\nvalley grow.", &[]);
    }
    #[test]
    fn a_line_that_ends_with_an_open_word_goes_on() {
        check("山上有四块果园，两块已经\n荒了，剩下的还在。", &["山上有四块果园，两块已经"]);
        check("办夜校，学修剪\n果农都来了。", &[]);
        check("山上有四块果园，两块已经\n\n荒了，剩下的还在。", &[]);
    }
    #[test]
    fn the_offices_a_document_goes_to_are_put_together() {
        let offices = "各乡镇人民政府，县委各部门，县直各委办局，各企事业";
        check(&format!("{offices}\n单位：\n种树。"), &[offices]);
        check(&format!("{offices}\n都要种树。"), &[]);
    }
    #[test]
    fn a_paragraph_of_even_lines_was_cut_at_its_width() {
        let first = "山脚村今年请来农技员，教果农给果树修剪枝条，教";
        let second = "大家看土浇水、看叶施肥，村里还办起夜校，逢五逢";
        let text = format!("山脚村的果园\n{first}\n{second}\n十开课。");
        check(&text, &[first, second]);
        check(&format!("山脚村的果园\n{first}\n十开课。"), &[]);
        // Slogans, verses and lists.
        let slogans =
            "山脚村的人种树修渠样样都走在前头\n柳湾镇的人养蜂办学件件都落到实处\n两个地方都好。";
        check(slogans, &[]);
        check("种树修渠，样样都走在前头，\n养蜂办学，件件都落到实处，\n两个地方都好。", &[]);
    }
    #[test]
    fn a_narrow_page_with_one_cut_line_has_more() {
        let cut = "果园收成\n果农办起合作社，社员扫\n码就能领树苗，去年领了1,\n246棵。";
        check(cut, &["果农办起合作社，社员扫", "码就能领树苗，去年领了1,"]);
        let whole = "果园收成\n果农办起合作社，社员多\n去年领了树苗246棵。";
        check(whole, &[]);
        let wide = format!("{cut}\n{}。", "果农在山上种了很多树".repeat(5));
        check(&wide, &["码就能领树苗，去年领了1,"]);
        let item = "果园收成\n果农办起合作社，社员多\n一、树苗\n去年领了1,\n246棵。";
        check(item, &["去年领了1,"]);
    }
}
