//! Undoing hard wraps: which line goes on in the next.
//!
//! Two kinds of pages are wrapped. In a *column* nearly all lines are equally wide, as in text out of PDF files or
//! e-mail; a full line goes on. Elsewhere single paragraphs are cut in two, as in text copied out of newspaper pages;
//! there a long line without a final mark goes on unless the next line plainly begins something new. Where the source
//! lost the rest of a line nothing is joined, and the line is reported.
//!
//! A wrong join glues two paragraphs, a missed one destroys a word and a paragraph; measured on re-cut text, joins of
//! the second kind are 1.00 precise and 0.89 to 1.00 complete.

use crate::ingest::boilerplate;
use crate::ingest::kinds::{self, SENTENCE_ENDS};
use crate::ingest::page::Line;
use crate::model::ParagraphKind;
use crate::text::tokens::is_han;

/// A line shorter than this, with no sentence ended in it, is not the first half of a wrapped one.
const FIRST_HALF_CHARS_MIN: usize = 30;
/// A shorter line with a quotation left open is a slip of the writer, not a cut one.
const BROKEN_CHARS_MIN: usize = 10;
/// A quotation left open is taken as cut when it closes within this many characters of the next line.
const QUOTE_CLOSES_WITHIN: usize = 24;
/// A line that ends with one of these is cut there.
const OPENING_MARKS: [char; 7] = ['“', '《', '（', '(', '「', '『', '【'];
/// Lines in a page needed to see a column.
const COLUMN_LINES_MIN: usize = 8;
/// No column is narrower, in terminal columns; a list of short lines is no column.
const COLUMN_WIDTH_MIN: usize = 24;

/// What becomes of the border between a line and the next kept one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Border {
    /// The next line begins a new paragraph.
    Break,
    /// The next line goes on.
    Join,
    /// The next line begins a new paragraph, but this one is cut off.
    Lost,
}

/// How a page was measured when it was set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Measure {
    /// In terminal columns: Han take two, digits and Latin letters one.
    Columns,
    /// In characters, or in columns before its signs and digits were made half-width.
    Characters,
}

impl Measure {
    /// How far a line reaches, in terminal columns.
    fn reach(self, line: &Line<'_>) -> usize {
        match self {
            Self::Columns => line.indent + line.columns,
            Self::Characters => line.indent + line.chars * 2,
        }
    }
}

/// A page set in one column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    measure: Measure,
    /// Width of a full line, in terminal columns.
    width: usize,
    /// Whether paragraphs are marked by white space before their first line.
    indented: bool,
}

impl Column {
    /// How much shorter a full line may be, where no word or mark fitted behind it.
    fn slack(self) -> usize {
        (self.width / 12).clamp(4, 8)
    }

    fn is_full(self, line: &Line<'_>) -> bool {
        self.measure.reach(line) + self.slack() >= self.width
    }
}

/// Sees whether the kept lines stand in a column.
pub fn find_column(lines: &[Line<'_>]) -> Option<Column> {
    let kept: Vec<&Line<'_>> = lines.iter().filter(|line| line.is_kept()).collect();
    if kept.len() < COLUMN_LINES_MIN {
        return None;
    }
    let (_, column) = [Measure::Columns, Measure::Characters]
        .into_iter()
        .filter_map(|measure| measured(&kept, measure))
        .max_by_key(|&(full, column)| (full, column.measure == Measure::Columns))?;
    Some(Column { indented: indents_begin_paragraphs(&kept, column), ..column })
}

/// The column seen with one measure and its number of full lines.
fn measured(kept: &[&Line<'_>], measure: Measure) -> Option<(usize, Column)> {
    let mut reaches: Vec<usize> = kept.iter().map(|line| measure.reach(line)).collect();
    reaches.sort_unstable();
    let width =
        reaches.get(reaches.len() * 9 / 10).copied().filter(|&width| width >= COLUMN_WIDTH_MIN)?;
    let column = Column { measure, width, indented: false };
    let in_column =
        |line: &&&Line<'_>| column.is_full(line) && measure.reach(line) <= width + column.slack();
    let full = kept.iter().filter(in_column).count();
    let cut = kept.iter().filter(in_column).filter(|line| !kinds::is_finished(line.text)).count();
    let wider = reaches.iter().filter(|&&reach| reach > width + column.slack()).count();
    let is_set = full * 5 >= kept.len() * 2 && cut * 2 >= full && wider * 20 <= kept.len();
    is_set.then_some((full, column))
}

/// A line after a short one begins a paragraph for sure: are those indented, and the lines after full ones not?
fn indents_begin_paragraphs(kept: &[&Line<'_>], column: Column) -> bool {
    let (mut starts, mut starts_in, mut others, mut others_in) = (0, 0, 0, 0);
    for (line, next) in kept.iter().zip(kept.iter().skip(1)) {
        let indented = usize::from(next.indent >= 2);
        if column.is_full(line) {
            others += 1;
            others_in += indented;
        } else {
            starts += 1;
            starts_in += indented;
        }
    }
    starts_in * 2 >= starts.max(1) && others_in * 2 < others.max(1)
}

/// Says of each line what becomes of its border with the next kept line, in a column.
pub fn column_borders(lines: &[Line<'_>], column: Column) -> Vec<Border> {
    borders(lines, &[], |line, next, _| {
        let new_paragraph = kinds::is_numbered(&next.key)
            || next.level.is_some()
            || line.level.is_some()
            || kinds::is_author_line(&next.key)
            || kinds::is_author_line(&line.key)
            || kinds::is_publication_line(&line.key);
        if column.indented && next.indent >= 2 {
            return Border::Break;
        }
        let reach = column.measure.reach(line);
        if kinds::is_finished(line.text) {
            let blank_between = next.gap > 0 && line.gap == 0;
            // A paragraph that ends just at the margin is rarer than a sentence that does, unless indents mark it.
            let full =
                if column.indented { column.is_full(line) } else { reach + 2 >= column.width };
            return if full && !blank_between && !new_paragraph {
                Border::Join
            } else {
                Border::Break
            };
        }
        // A long number or word that did not fit leaves a gap; what stands before it is no heading.
        let nearly =
            reach * 4 >= column.width * 3 && line.text.contains(['，', ',', '。', '；', ';']);
        if column.is_full(line) || nearly { Border::Join } else { Border::Break }
    })
}

/// No column of lines that a page breaks by hand is narrower: poems and lists are.
const WRAPPED_WIDTH_MIN: usize = 40;

/// Says of each line what becomes of its border with the next, where a page breaks lines by hand: a column of prose is
/// put together, everything else stays lines.
pub fn wrapped_borders(lines: &[Line<'_>]) -> Vec<Border> {
    let column = find_column(lines)
        .or_else(|| {
            [Measure::Columns, Measure::Characters]
                .into_iter()
                .find_map(|measure| short_column(lines, measure))
        })
        .filter(|&column| is_prose(lines, column));
    column.map_or_else(|| vec![Border::Break; lines.len()], |column| column_borders(lines, column))
}

/// The column of a few lines: each is full or ends a sentence.
fn short_column(lines: &[Line<'_>], measure: Measure) -> Option<Column> {
    let width = lines.iter().map(|line| measure.reach(line)).max()?;
    let column = Column { measure, width, indented: false };
    let fits = lines.iter().all(|line| column.is_full(line) || kinds::is_finished(line.text))
        && lines.last().is_some_and(|line| kinds::is_finished(line.text));
    let kept: Vec<&Line<'_>> = lines.iter().collect();
    fits.then(|| Column { indented: indents_begin_paragraphs(&kept, column), ..column })
}

/// Whether the full lines of a column are cut wherever they are full: at least two of them, mostly between two
/// characters, in sentences with marks.
fn is_prose(lines: &[Line<'_>], column: Column) -> bool {
    let cut = || lines.iter().filter(|line| column.is_full(line) && !kinds::is_finished(line.text));
    let count = cut().count();
    let torn = cut().filter(|line| line.last().is_some_and(char::is_alphanumeric)).count();
    let marked = cut().filter(|line| line.text.contains(['，', '。', '、', '；', '“'])).count();
    column.width >= WRAPPED_WIDTH_MIN && torn >= 2 && torn * 2 >= count && marked * 3 >= count * 2
}

/// Says of each line what becomes of its border with the next kept line, on a page whose lines are paragraphs or
/// halves of paragraphs; kinds must be known, and which lines are plainly `cut`.
pub fn line_borders(lines: &[Line<'_>], cut: &[bool]) -> Vec<Border> {
    let leads = lines.iter().filter(|line| line.is_kept() && begins_with_lead(line.text)).count();
    let body: Vec<&Line<'_>> =
        lines.iter().filter(|line| line.is_kept() && line.kind == ParagraphKind::Body).collect();
    let indented = body.iter().filter(|line| line.indent >= 2).count();
    // When most paragraphs are indented and some lines are not, an indent begins a paragraph.
    let indents_mark = indented * 10 >= body.len() * 5 && indented < body.len() && indented >= 2;
    borders(lines, cut, |line, next, carried| {
        if kinds::is_open_label(&line.key) && next.kind == ParagraphKind::Byline {
            return Border::Join;
        }
        if line.kind != ParagraphKind::Body
            || kinds::is_finished(line.text)
            || ends_with_date(line.text)
        {
            return Border::Break;
        }
        let in_sentence =
            kinds::begins_in_sentence(next.text) || line.text.ends_with(OPENING_MARKS);
        if in_sentence || (quote_closes(line.text, next.text) && next.kind != ParagraphKind::Table)
        {
            return Border::Join;
        }
        let long = carried || line.chars >= FIRST_HALF_CHARS_MIN || line.text.contains('。');
        let broken = line.chars >= BROKEN_CHARS_MIN && kinds::is_broken(line);
        let new_start = next.kind != ParagraphKind::Body
            || kinds::is_numbered(&next.key)
            || (indents_mark && next.indent >= 2)
            || (leads >= 2 && begins_with_lead(next.text));
        match (long, new_start) {
            (true, false) => Border::Join,
            (true, true) => Border::Lost,
            (false, _) if broken => Border::Lost,
            (false, _) => Border::Break,
        }
    })
}

/// Walks over the pairs of kept lines, of which those that are `cut` go on; `judge` says of the others, and is told, too,
/// whether the first of the two goes on a line itself.
fn borders(
    lines: &[Line<'_>],
    cut: &[bool],
    judge: impl Fn(&Line<'_>, &Line<'_>, bool) -> Border,
) -> Vec<Border> {
    let mut borders = vec![Border::Break; lines.len()];
    let is_row =
        |line: &Line<'_>| kinds::is_boxed_row(line.text) || boilerplate::is_only_number(&line.key);
    let mut before: Option<usize> = None;
    let (mut carried, mut apart) = (false, false);
    for (at, line) in lines.iter().enumerate() {
        if !line.is_kept() {
            // Furniture other than a page break ends a paragraph.
            apart |= !boilerplate::is_page_break(line);
            continue;
        }
        if let Some(before) = before {
            let goes_on = cut.get(before) == Some(&true);
            let border = if goes_on { Border::Join } else { judge(&lines[before], line, carried) };
            borders[before] = match border {
                Border::Join if apart || is_row(&lines[before]) || is_row(line) => Border::Break,
                border => border,
            };
            carried = borders[before] == Border::Join;
        }
        (before, apart) = (Some(at), false);
    }
    borders
}

/// What stands between two joined lines: a space between Latin words, nothing between Han.
pub fn joint(before: &str, after: &str) -> &'static str {
    let latin = |c: char| c.is_alphabetic() && !is_han(c);
    match (before.chars().next_back(), after.chars().next()) {
        (Some(last), Some(first)) if latin(last) && latin(first) => " ",
        _ => "",
    }
}

/// A lead sentence at the start of a paragraph: `办好农民夜校。` and more text.
fn begins_with_lead(text: &str) -> bool {
    let Some((lead, rest)) = text.split_once('。') else { return false };
    let han = lead.chars().take(21).count();
    (5..=20).contains(&han) && lead.chars().all(is_han) && rest.chars().nth(19).is_some()
}

fn quote_closes(line: &str, next: &str) -> bool {
    const PAIRS: [(char, char); 6] =
        [('“', '”'), ('「', '」'), ('《', '》'), ('『', '』'), ('（', '）'), ('(', ')')];
    PAIRS.iter().any(|&(open, close)| {
        let is_open = line.chars().rev().find(|&c| c == open || c == close) == Some(open);
        let mut ahead = next.chars().take(QUOTE_CLOSES_WITHIN);
        is_open && ahead.find(|&c| c == open || c == close) == Some(close)
    })
}

fn ends_with_date(text: &str) -> bool {
    let mut back = text.chars().rev();
    back.next() == Some('日') && back.next().is_some_and(|c| c.is_ascii_digit())
}

/// Whether a body line without successor is cut off: long, and in the middle of a sentence.
pub fn is_cut_off(line: &Line<'_>) -> bool {
    line.kind == ParagraphKind::Body
        && line.chars >= FIRST_HALF_CHARS_MIN
        && line.text.contains(SENTENCE_ENDS)
        && !kinds::is_finished(line.text)
        && !ends_with_date(line.text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::page;
    use std::borrow::Cow;

    /// Checks the border between `line` and `next` on a page with two paragraphs that begin with a lead.
    #[track_caller]
    fn check(line: &str, next: &str, expected: Border) {
        let leads = "管好水渠道路。某县把修渠养路当作头等大事，一件一件办好办实。\n办好农民夜校。某县把夜校办到各村的村口，一件一件办好办实。";
        let text = format!("某县的工作\n{leads}\n{line}\n\n{next}\n某县还要修路。\n某县还要种树。");
        let mut lines = page::lines(&text, &|text| Cow::Borrowed(text));
        assert_eq!(find_column(&lines), None);
        let goes_on = vec![false; lines.len()];
        kinds::mark(&mut lines, &goes_on);
        assert_eq!(line_borders(&lines, &goes_on)[3], expected);
    }

    #[test]
    fn a_word_cut_in_two_is_joined() {
        check(
            "全县把道路养护列入年度民生实事，县乡村三级分段负责，重点管好路面清扫、边沟疏",
            "通、行道树修剪三件小事，群众出行更方便。",
            Border::Join,
        );
        check(
            "各乡镇赶在雨季以前检修水渠和泵站，安排专人每天沿渠走一遍，发现渗漏马上报",
            "告，三百多处隐患全部处理完毕。",
            Border::Join,
        );
        check(
            "到去年年底，全县已办夜校四十二期，请来农技员讲授果树修剪，先后有一千余名果农参",
            "加学习，亩产提高了两成。",
            Border::Join,
        );
    }
    #[test]
    fn a_short_first_line_is_joined_when_a_sentence_ends_in_it() {
        check("夜校办在村口。课桌椅由学", "校捐来，老师由县里选派，每周上两次课。", Border::Join);
    }
    #[test]
    fn a_number_and_its_noun_are_joined() {
        check(
            "县财政调整支出结构。从前年开始，每年安排每个乡镇80万元",
            "的养路资金，各村的工钱也提高了。",
            Border::Join,
        );
    }
    #[test]
    fn an_open_quotation_is_joined_with_its_end() {
        check(
            "为方便老人办事，镇里把窗口搬到集市上，逢集开门，实行“一窗",
            "办”，老人不用再跑县城。",
            Border::Join,
        );
        check(
            "冬天路滑，村里的事情由干部包片、党员包户，采取“三",
            "上门”等办法，把难事办好。",
            Border::Join,
        );
    }
    #[test]
    fn a_line_that_begins_with_a_closing_mark_is_joined() {
        check("某县认真执行《", "某某工作条例", Border::Join);
        check(
            "某县严格落实各项要求，认真执行新近印发的《某某工作条例",
            "》，把事情办好办实。",
            Border::Join,
        );
    }
    #[test]
    fn a_lead_after_a_cut_line_means_lost_text() {
        check(
            "县里研究制定了管水护路的具体办法，在各村都设立了巡查岗位和公示栏目，并",
            "认真培训巡查人员。县里请来水利专家，手把手教会大家看图纸、量水位。",
            Border::Lost,
        );
    }
    #[test]
    fn a_heading_after_a_cut_line_means_lost_text() {
        check("此外，县里以农技推广“三大行", "建好水利设施 方便群众生产", Border::Lost);
        check("同时，管好集体果园，切实发", "云岭县:办好农民夜校", Border::Lost);
        check(
            "县里把夜校经费列入年初预算，按人头拨付，按季度公开，还明确了专人管理，确保经",
            "一、下一步打算",
            Border::Lost,
        );
    }
    #[test]
    fn whole_lines_stay_apart() {
        check(
            "县里把夜校经费列入年初预算，按人头拨付，按季度公开，还明确了专人管理。",
            "某县还办了学校，请来了老师。",
            Border::Break,
        );
        check("本报记者 张某某", "某县还办了学校，请来了老师。", Border::Break);
        check("建好水利设施 方便群众生产", "某县还办了学校，请来了老师。", Border::Break);
        check(
            "会议要求，各地要按照省里的统一部署，认真做好以下几个方面的工作：",
            "某县还办了学校，请来了老师。",
            Border::Break,
        );
    }
    #[test]
    fn nothing_stands_between_han_and_a_space_between_words() {
        assert_eq!(joint("边沟疏", "通"), "");
        assert_eq!(joint("full text", "search"), " ");
        assert_eq!(joint("PM", "2.5"), "");
        assert_eq!(joint("", "a"), "");
    }

    /// Sets paragraphs in a column of `width` characters.
    fn set(paragraphs: &[&str], width: usize, indent: &str) -> String {
        let mut page = String::new();
        for paragraph in paragraphs {
            let whole: Vec<char> = indent.chars().chain(paragraph.chars()).collect();
            for line in whole.chunks(width) {
                page.extend(line);
                page.push('\n');
            }
        }
        page
    }

    #[track_caller]
    fn check_column(indent: &str) {
        let long = "去年以来某县推行网格化管理把全县划成一千二百个网格每个网格都有一名网格员负责了解情况上门服务化解矛盾群众满意度明显提高了很多倍。";
        let paragraphs = [
            "某县情况",
            long,
            "第二段比较短，只有这么一句话，可是也要比一行更长一些才行啊。",
            long,
            long,
        ];
        let page = set(&paragraphs, 20, indent);
        let lines = page::lines(&page, &|text| Cow::Borrowed(text));
        let column = find_column(&lines).expect("a column");
        let mut joined = vec![String::new()];
        for (line, border) in lines.iter().zip(column_borders(&lines, column)) {
            let last = joined.last_mut().unwrap();
            last.push_str(line.text);
            if border != Border::Join {
                joined.push(String::new());
            }
        }
        joined.pop();
        assert_eq!(joined, paragraphs);
    }

    #[test]
    fn a_column_without_indents_is_joined() {
        check_column("");
    }
    #[test]
    fn a_column_with_indents_is_joined() {
        check_column("　　");
    }
}
