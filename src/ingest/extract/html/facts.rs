//! Tables of facts: what the pages of offices say of a document over its text, number, office, day, class, one label and
//! value after the other. They are read as facts ([`near`](super::near)) and are no text.

use crate::ingest::extract::html::page::Page;
use regex::Regex;
use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

/// Labels that hardly head anything else.
const SURE: &[&str] = &[
    "索引号",
    "索取号",
    "信息索引",
    "索引编号",
    "主题分类",
    "信息分类",
    "体裁分类",
    "组配分类",
    "公开类别",
    "公开方式",
    "公开范围",
    "公开形式",
    "公开时限",
    "公开责任部门",
    "发文机关",
    "发文机构",
    "发布机构",
    "公开机构",
    "制发机关",
    "发文字号",
    "成文日期",
    "生成日期",
    "信息有效性",
    "時效性",
];

/// Labels beside those.
const OTHERS: &[&str] = &[
    "文号",
    "文件编号",
    "标题",
    "名称",
    "信息名称",
    "文件名称",
    "发布日期",
    "发布时间",
    "公开日期",
    "发文日期",
    "印发日期",
    "成文时间",
    "有效性",
    "时效性",
    "时效",
    "效力状态",
    "是否有效",
    "有效期",
    "废止日期",
    "失效日期",
    "失效时间",
    "生效日期",
    "施行日期",
    "主题词",
    "关键词",
    "关键字",
    "内容概述",
    "信息来源",
    "信息类别",
    "服务对象",
    "责任部门",
    "发布单位",
    "发文单位",
    "统一编号",
    "登记号",
    "文种",
    "语种",
    "访问量",
    "浏览次数",
];

/// Labels of the shortest table.
const LABELS_MIN: usize = 3;

/// Longer values are text.
const LINE_CHARS_MAX: usize = 300;

/// A label with white space between its characters, `索 引 号`, and the mark behind it.
static LABEL: LazyLock<Regex> = LazyLock::new(|| {
    let spaced = |label: &&str| {
        let characters: Vec<String> = label.chars().map(String::from).collect();
        characters.join(r"\s*")
    };
    // The longer ones first: `发布日期` before what begins like it.
    let mut labels: Vec<&&str> = SURE.iter().chain(OTHERS).collect();
    labels.sort_by_key(|label| std::cmp::Reverse(label.len()));
    let labels: Vec<String> = labels.into_iter().map(spaced).collect();
    Regex::new(&format!(
        r"(?:^|\s)[\[【]?(?P<label>{})[\]】]?\s*(?P<mark>[:：]|\s|$)",
        labels.join("|")
    ))
    .expect("the pattern is constant")
});

/// Which lines of a page are tables of facts: runs of lines that begin with such labels, a sure one among them.
pub(super) fn facts(page: &Page) -> Vec<bool> {
    let mut is_fact = vec![false; page.lines.len()];
    let mut at = 0;
    while at < page.lines.len() {
        let rows = at..at
            + page
                .lines
                .iter()
                .skip(at)
                .take_while(|line| line.letters > 0 && begins_with_label(page.line_text(line)))
                .count();
        if is_table(page, rows.clone())
            && let Some(table) = is_fact.get_mut(rows.clone())
        {
            table.fill(true);
        }
        at = rows.end.max(at + 1);
    }
    is_fact
}

/// The words of a line with a colon behind each label that has none: cells have borders instead.
pub(super) fn with_colons(line: &str) -> Cow<'_, str> {
    if !begins_with_label(line) {
        return Cow::Borrowed(line);
    }
    Cow::Owned(LABEL.replace_all(line, " $label：").trim_start().to_owned())
}

fn begins_with_label(words: &str) -> bool {
    words.chars().count() <= LINE_CHARS_MAX
        && LABEL.find(words).is_some_and(|found| found.start() == 0)
}

/// Whether lines are such a table; the heads of a table of data stand in one line.
fn is_table(page: &Page, rows: Range<usize>) -> bool {
    let lines = page.lines.get(rows).unwrap_or_default();
    let labels = || {
        let found = lines.iter().flat_map(|line| LABEL.captures_iter(page.line_text(line)));
        found.filter_map(|found| Some(found.name("label")?.as_str()))
    };
    let is_sure = |label: &str| {
        let label: String = label.chars().filter(|c| !c.is_whitespace()).collect();
        SURE.contains(&label.as_str())
    };
    lines.len() > 1 && labels().count() >= LABELS_MIN && labels().any(is_sure)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(source: &str, expected: &[bool]) {
        assert_eq!(facts(&Page::read(source, 100)), expected);
    }

    #[test]
    fn a_table_of_facts_is_known_by_its_labels() {
        let rows = "<tr><th>索引号<td>SJ/2024-1<th>信息分类<td>通知<tr><th>发布机构<td>示例镇<th>生成日期<td>2024-02-20";
        check(&format!("<table>{rows}</table><p>正文</p>"), &[true, true, false]);
        let items = "<ul><li><b>索 引 号：</b>SJ/1<li><b>有效性：</b>有效<li><b>名称：</b>示例县的通知</ul>";
        check(items, &[true, true, true]);
    }

    #[test]
    fn a_table_of_documents_is_none() {
        let list = "<table><tr><th>文号<th>标题<th>成文日期<tr><td>示政发1号<td>修渠的通知<td>2024-02-20</table>";
        check(list, &[false, false]);
        let letter = "<table><tr><td>标题<td>路灯坏了<tr><td>发布日期<td>2024-02-20<tr><td>关键词<td>路灯</table>";
        check(letter, &[false; 3]);
        check("<p>文号：示政发1号</p><p>成文日期：2024-02-20</p>", &[false; 2]);
    }

    #[test]
    fn cells_get_colons() {
        let row = "发布机构 示例镇政府 生成日期 2024-02-20";
        assert_eq!(with_colons(row), "发布机构：示例镇政府 生成日期：2024-02-20");
        assert_eq!(with_colons("示例镇政府 生成日期 2024"), "示例镇政府 生成日期 2024");
        assert_eq!(with_colons("索 引 号： 1"), "索 引 号： 1");
    }
}
