//! Lines that a page breaks by hand, at `<br>` or within `<pre>`: where they are one text set in a column, those of a
//! paragraph are put together again.

use crate::ingest::extract::html::page::{Page, PageLine};
use crate::ingest::kinds;
use crate::ingest::normalize::rejoin::{self, Border};
use crate::ingest::page::{self, Line};
use crate::text::script;

/// Columns of the widest indent that is looked at.
const INDENT_MAX: usize = 16;

/// Says of each line of the page whether it goes on in the next.
pub(super) fn joins(page: &Page) -> Vec<bool> {
    let mut joins = vec![false; page.lines.len()];
    let mut start = 0;
    while start < page.lines.len() {
        let run = run_at(page.lines.get(start..).unwrap_or_default());
        let lines = page.lines.get(start..start + run).unwrap_or_default();
        if lines.len() > 2 {
            for (join, border) in joins.iter_mut().skip(start).zip(borders(page, lines)) {
                *join = border == Border::Join;
            }
        }
        start += run.max(1);
    }
    joins
}

/// How many lines from the first on are parted by nothing but their ends and empty lines.
fn run_at(lines: &[PageLine]) -> usize {
    let is_text = |line: &&PageLine| line.role.is_none() && !line.is_linked();
    let more = lines.iter().skip(1).take_while(|line| line.breaks > 0 && is_text(line));
    lines.first().filter(is_text).map_or(0, |_| 1 + more.count())
}

/// What becomes of the borders between lines that a page breaks by hand.
fn borders(page: &Page, lines: &[PageLine]) -> Vec<Border> {
    let mut text = String::new();
    for line in lines {
        if line.breaks > 1 {
            text.push('\n');
        }
        text.extend(std::iter::repeat_n(' ', line.indent.min(INDENT_MAX)));
        text.push_str(page.line_text(line));
        text.push('\n');
    }
    let seen = page::lines(&text, &script::to_simplified);
    if seen.len() != lines.len() {
        return Vec::new();
    }
    let mut borders = wrapped_borders(&seen);
    // An empty line ends a paragraph.
    for (border, next) in borders.iter_mut().zip(lines.iter().skip(1)) {
        if next.breaks > 1 {
            *border = Border::Break;
        }
    }
    let mut from = 0;
    while from < seen.len() {
        let joins = borders.iter().skip(from).take_while(|border| **border == Border::Join).count();
        if are_statements(seen.get(from..=from + joins).unwrap_or_default()) {
            borders.iter_mut().skip(from).take(joins).for_each(|border| *border = Border::Break);
        }
        from += joins + 1;
    }
    borders
}

/// The borders of a text set in a column, which short lines may interrupt: headings, whom a letter is to, who signs it.
fn wrapped_borders(lines: &[Line<'_>]) -> Vec<Border> {
    let borders = rejoin::wrapped_borders(lines);
    if borders.contains(&Border::Join) {
        return borders;
    }
    let widest = lines.iter().map(|line| line.columns).max().unwrap_or_default();
    let is_short = |line: &Line<'_>| line.columns * 2 <= widest && !kinds::is_finished(line.text);
    let (mut ordinals, mut column) = (Vec::new(), Vec::new());
    for (ordinal, line) in lines.iter().enumerate().filter(|(_, line)| !is_short(line)) {
        ordinals.push(ordinal);
        column.push(line.clone());
    }
    if column.len() == lines.len() {
        return borders;
    }
    let mut whole = vec![Border::Break; borders.len()];
    for (pair, border) in ordinals.windows(2).zip(rejoin::wrapped_borders(&column)) {
        if let [ordinal, next] = pair
            && next - ordinal == 1
            && let Some(known) = whole.get_mut(*ordinal)
        {
            *known = border;
        }
    }
    whole
}

/// Whether lines that look like one paragraph are statements of the same length, one below the other, perhaps with a
/// shorter line below them: no sentence ends within a line, no clause has lost its beginning or end, and there are many
/// of them or the first commas stand at the same place. In a column of prose sentences end anywhere.
fn are_statements(lines: &[Line<'_>]) -> bool {
    /// So many lines without a sentence that ends in one of them are no prose.
    const MANY: usize = 4;
    const FEW: usize = 3;
    /// Characters by which what is alike may differ.
    const SLACK: usize = 2;
    /// Characters of the shortest clause.
    const CLAUSE_CHARS_MIN: usize = 3;
    const ENDS: [char; 4] = ['。', '！', '？', '；'];
    const COMMAS: [char; 2] = ['，', ','];
    let is_alike = |numbers: &mut dyn Iterator<Item = usize>| {
        let (least, most) =
            numbers.fold((usize::MAX, 0), |(least, most), n| (least.min(n), most.max(n)));
        most <= least.saturating_add(SLACK)
    };
    let is_whole = |line: &Line<'_>| {
        let words = line.text.trim_end_matches(ENDS);
        let mut clauses = words.split(COMMAS);
        !words.contains(ENDS) && clauses.all(|clause| clause.chars().count() >= CLAUSE_CHARS_MIN)
    };
    let are_all_alike = is_alike(&mut lines.iter().map(|line| line.chars));
    let without_last = lines.split_last().map_or(lines, |(_, others)| others);
    let alike = if are_all_alike { lines } else { without_last };
    let commas: Vec<usize> = alike
        .iter()
        .filter_map(|line| line.text.chars().position(|c| COMMAS.contains(&c)))
        .collect();
    alike.len() >= FEW
        && lines.iter().all(is_whole)
        && is_alike(&mut alike.iter().map(|line| line.chars))
        && (are_all_alike && alike.len() >= MANY
            || commas.len() == alike.len() && is_alike(&mut commas.into_iter()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines of the page, put together.
    #[track_caller]
    fn check(source: &str, expected: &[&str]) {
        let page = Page::read(source, 100);
        let mut shown = String::new();
        for (line, joins) in page.lines.iter().zip(joins(&page)) {
            shown.push_str(page.line_text(line));
            shown.push_str(if joins { "" } else { "\n" });
        }
        assert_eq!(shown.lines().collect::<Vec<_>>(), expected);
    }

    const FIRST: [&str; 2] = [
        "入冬以来，某县把修渠养路当作头等大事，安排专人每天沿着水",
        "渠走一遍，发现渗漏马上报告。",
    ];
    const SECOND: [&str; 2] = [
        "全县还办了四十二期夜校，请来农技员讲授果树修剪，先后有一",
        "千余名果农参加学习，亩产提高了两成。",
    ];

    #[test]
    fn a_text_in_a_column_is_put_together() {
        let [one, two] = FIRST;
        let [three, four] = SECOND;
        let expected = [format!("{one}{two}"), format!("{three}{four}")];
        let expected = expected.each_ref().map(String::as_str);
        check(&format!("<pre>\n    {one}\n{two}\n    {three}\n{four}\n</pre>"), &expected);
        check(
            &format!("<div>　　{one}<br>{two}<br/>&emsp;&emsp;{three}<br>\n{four}</div>"),
            &expected,
        );
    }

    #[test]
    fn statements_of_equal_length_stay_lines() {
        const STATEMENTS: [&str; 4] = [
            "柳河镇把水渠养护交给各村，每一段渠道都有专人巡查看管",
            "柳河镇把道路清扫包到各组，每一条巷道都有农户轮流值日",
            "柳河镇把果树修剪办成夜校，每一位果农都能学到实用技术",
            "柳河镇把村口空地改成集市，每一户人家都能摆摊卖出山货",
        ];
        check(&STATEMENTS.join("<br>"), &STATEMENTS);
        let ended = STATEMENTS.map(str::to_owned).join("<br>") + "。";
        let shown = STATEMENTS.join("\n") + "。";
        check(&ended, &shown.lines().collect::<Vec<_>>());
        let uneven = [
            "柳河镇管好水渠，每一段渠道都由专人巡查看管到田头",
            "柳河镇把道路清扫包到各组，每条巷道农户轮流值日",
            "柳河镇请农技员到夜校讲果树修剪，果农学到新本领",
            "柳河镇把村口的空地改成集市，家家能摆摊卖出山货",
        ];
        check(
            &(uneven.join("<br>") + "。"),
            &[&uneven[..3], &["柳河镇把村口的空地改成集市，家家能摆摊卖出山货。"]].concat(),
        );
        // With a line below them, and as many as make a column.
        let mut all = [STATEMENTS, STATEMENTS, STATEMENTS].concat();
        check(&all.join("<br>"), &all);
        all.push("以上做法已在全镇推开。");
        check(&all.join("<br>"), &all);
    }

    #[test]
    fn a_column_whose_last_line_is_full_is_put_together() {
        let lines = [
            "入冬以来，柳河镇把修渠养路当作头等大事，安排专人每天沿着水",
            "渠走一遍，发现渗漏马上报告。全镇还办了四十二期夜校，请来农",
            "技员讲授果树修剪，先后有一千余名果农参加学习，亩产提高两成。",
        ];
        check(&lines.join("<br>"), &[&lines.concat()]);
        let lines = [
            "镇里还请来农技员讲授果树修剪和病虫害的防治办法，先后有一千余名果",
            "农参加学习，并且带着学到的办法回到各自的园子里，挨家挨户地帮助那",
            "些没有来得及参加学习的乡亲把树修剪好，亩产比上年提高了两成以上。",
        ];
        check(&lines.join("<br>"), &[&lines.concat()]);
    }

    #[test]
    fn lines_meant_as_lines_stay() {
        for lines in [
            &["空山新雨后，天气晚来秋。", "明月松间照，清泉石上流。", "竹喧归浣女，莲动下渔舟。"][..],
            &[
                "某县政府办公室",
                "地址：某县某镇人民路12号政务服务中心三楼东侧",
                "电话：0000-123456",
            ],
            &[
                "某县扎实推进农村人居环境整治提升行动",
                "某县召开全县乡村治理工作现场推进会议",
                "某县举办基层干部治理能力提升培训班级",
                "某县启动村级议事协商创新实验试点工作",
            ],
            &[
                "我们走过田埂，走过水渠，看见麦子一天一天黄了，",
                "我们走过村口，走过学堂，听见孩子一声一声唱着，",
                "我们记得每一盏灯，每一条路，每一次雨后的彩虹，",
                "都在心里。",
            ],
            &[
                "各村要按照要求，把渠道清淤任务落实到组、到户、到人，",
                "确保春灌用水。",
                "特此通知。",
            ],
        ] {
            check(&lines.join("<br>"), lines);
            check(&format!("<pre>{}</pre>", lines.join("\n")), lines);
        }
        // What the page parts by more than a line end.
        let lines = [FIRST, SECOND].concat();
        check(&lines.join("<br><br>"), &lines);
        check(&format!("<p>{}</p>", lines.join("</p><p>")), &lines);
    }

    #[test]
    fn headings_and_empty_lines_in_a_column_do_not_break_it() {
        let [one, two] = FIRST;
        let [three, four] = SECOND;
        let joined = [one.to_owned() + two, three.to_owned() + four];
        let expected = ["一、修渠", &joined[0], "二、办学", &joined[1]];
        check(
            &format!(
                "<pre>\n    一、修渠\n    {one}\n{two}\n    二、办学\n    {three}\n{four}\n</pre>"
            ),
            &expected,
        );
        check(
            &format!("<pre>\n{one}\n{two}\n\n{three}\n{four}\n</pre>"),
            &[&joined[0], &joined[1]],
        );
    }
}
