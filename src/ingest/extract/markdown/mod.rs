//! Markdown by its structure: the marks go, each heading, paragraph, item and row is a block with its role.
//!
//! `walk` follows the events of the parser, `tags` takes the words out of HTML, `draft` judges the lines of a paragraph
//! and writes it. Every character leads back to its place in the source.

mod draft;
mod tags;
mod walk;

use crate::ingest::extract::markdown::draft::Page;
use crate::ingest::extract::{declared_date, plain};
use crate::ingest::{Block, Extracted, Layout, Metadata, Role};

/// Front matter longer than this is text.
const FRONT_MATTER_LINES_MAX: usize = 60;
/// Blocks above the text among which a line of source and date is looked for.
const HEAD_BLOCKS_MAX: usize = 6;
/// Bytes of the longest such line.
const LABELS_BYTES_MAX: usize = 600;

/// Text without its markup; the front matter, the first top heading and a line of labels above the text become
/// metadata.
pub(super) fn extract(text: &str) -> Extracted {
    let lines = plain::extract(text.to_owned());
    let source = lines.text.as_str();
    let mut metadata = Metadata::default();
    let start = front_matter(source, &mut metadata);
    let mut page = Page::new(source);
    walk::read(&mut page, start..source.len(), 0);
    let Page { taken, blocks, .. } = page;
    let (text, map) = taken.finish();
    let words = |block: &Block| text.get(block.span.range()).unwrap_or_default().to_owned();
    let title = blocks.iter().find(|block| block.role == Some(Role::Heading(1)));
    metadata.title = metadata.title.or(title.map(words));
    let above = blocks.iter().take_while(|block| block.role != Some(Role::Body));
    for block in above.take(HEAD_BLOCKS_MAX).filter(|block| block.role.is_none()) {
        declare_labels(&mut metadata, &words(block));
    }
    let map = lines.map.map(|lines| lines.then(&map));
    Extracted {
        text,
        map,
        layout: Layout::Blocks,
        blocks,
        metadata,
        notes: Vec::new(),
        unread_pages: Vec::new(),
    }
}

/// `来源：某报；发布日期：2023-06-19；……` above the text. A line of one label is left to cleaning.
fn declare_labels(metadata: &mut Metadata, line: &str) {
    const LABELS: [&str; 8] =
        ["来源", "來源", "信息来源", "日期", "发布日期", "发布时间", "时间", "作者"];
    if line.len() > LABELS_BYTES_MAX {
        return;
    }
    let parts =
        || line.split(['；', ';', '|', '｜']).filter_map(|part| part.split_once(['：', ':']));
    let is_label = |label: &str| LABELS.contains(&label.trim());
    if parts().filter(|(label, _)| is_label(label)).count() < 2
        || !line.split(['：', ':']).next().is_some_and(is_label)
    {
        return;
    }
    let mut found = Metadata::default();
    for (label, value) in parts().filter(|(label, _)| is_label(label)) {
        let key = match label.trim() {
            "信息来源" => "来源",
            "发布时间" | "时间" => "日期",
            label => label,
        };
        // `某报（记者某某）`, `某报(转载)`.
        let value = value.split(['（', '(']).next().unwrap_or(value);
        declare(&mut found, key, value);
    }
    metadata.source = metadata.source.take().or(found.source);
    metadata.author = metadata.author.take().or(found.author);
    metadata.date = metadata.date.or(found.date);
}

/// Reads `key: value` lines between two `---` at the start; gives the place after them.
fn front_matter(source: &str, metadata: &mut Metadata) -> usize {
    let Some(rest) = source.strip_prefix("---\n") else { return 0 };
    let mut at = source.len() - rest.len();
    let mut found = Metadata::default();
    for line in rest.split_inclusive('\n').take(FRONT_MATTER_LINES_MAX) {
        at += line.len();
        let line = line.trim_end();
        if line == "---" || line == "..." {
            *metadata = found;
            return at;
        }
        let is_item = line.is_empty() || line.starts_with([' ', '\t', '-', '#']);
        match line.split_once([':', '：']) {
            _ if is_item => {}
            Some((key, value)) => declare(&mut found, key.trim(), value),
            None => return 0, // A rule above text, not front matter.
        }
    }
    0
}

fn declare(metadata: &mut Metadata, key: &str, value: &str) {
    let value = value.trim().trim_matches(['"', '\'']).trim();
    if value.is_empty() {
        return;
    }
    let text = || Some(value.to_owned());
    match key.to_lowercase().as_str() {
        "title" | "标题" | "題目" | "题目" => metadata.title = text(),
        "date" | "日期" | "pubdate" | "published" | "发布日期" => {
            metadata.date = declared_date(value);
        }
        "author" | "作者" => metadata.author = text(),
        "source" | "来源" | "來源" => metadata.source = text(),
        "url" | "link" | "链接" => metadata.url = text(),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Span;
    use proptest::prelude::*;

    /// Lines expected begin with a mark of their role: `1` to `6` headings, `=` rows, `.` body, `^` captions, `-` none.
    #[track_caller]
    fn check(input: &str, expected: &[&str]) -> Extracted {
        let extracted = extract(input);
        let shown: Vec<String> = extracted
            .blocks
            .iter()
            .map(|block| {
                let mark = match block.role {
                    Some(Role::Heading(depth)) => char::from_digit(u32::from(depth), 10).unwrap(),
                    Some(Role::Row) => '=',
                    Some(Role::Body) => '.',
                    Some(Role::Caption) => '^',
                    Some(Role::RunningHead | Role::LeftOut) => '?',
                    None => '-',
                };
                format!("{mark}{}", extracted.text.get(block.span.range()).unwrap())
            })
            .collect();
        assert_eq!(shown, expected);
        assert_eq!(extracted.layout, Layout::Blocks);
        extracted.map.as_ref().unwrap().assert_sound(input, &extracted.text);
        extracted
    }

    #[test]
    fn the_words_of_a_picture_in_a_line_of_their_own_are_a_caption() {
        check(
            "一句。\n\n![水渠](q.jpg)\n*图：村民修渠*\n\n尾。",
            &["-一句。", "^水渠", "-图：村民修渠", "-尾。"],
        );
        check("![水渠](q.jpg) 通了水。\n", &["-水渠 通了水。"]);
    }

    #[test]
    fn headings_have_their_depth() {
        check(
            "# 标题\n\n## 一、做法 ##\n##二、成效\n正文。",
            &["1标题", "2一、做法", "2二、成效", "-正文。"],
        );
        check("#　标题\n正文一句。\n###三级###", &["1标题", "-正文一句。", "3三级"]);
        check("#话题# 正文", &["-#话题# 正文"]);
        check("示例县\n===\n做法\n---\n", &["1示例县", "2做法"]);
    }

    #[test]
    fn a_rule_below_a_paragraph_makes_no_heading() {
        check(
            "示例县推行网格化管理，办好小事。\n---\n后",
            &["-示例县推行网格化管理，办好小事。", "-后"],
        );
        check("一段。\n二段\n---", &["-一段。", "-二段"]);
    }

    #[test]
    fn items_of_lists_are_text_and_keep_their_numbers() {
        check(
            "- 第一\n  * 第二\n1. 第三\n2. 第四\n\n> - 第五\n- [x] 第六",
            &[".第一", ".第二", ".1. 第三", ".2. 第四", ".第五", ".第六"],
        );
        check(
            "- **加强领导**\n- **压实责任。**各村都做。\n- 来源：示例日报",
            &["-加强领导", ".压实责任。各村都做。", "-来源：示例日报"],
        );
        check("1、第一\n（二）第二", &["-1、第一", "-（二）第二"]);
        check("2023.\n\n3) 第三", &["-2023.", "-3) 第三"]);
        check("1. 一段。\n\n   二段。\n2. 三段", &[".1. 一段。", ".二段。", ".2. 三段"]);
    }

    #[test]
    fn a_list_of_one_number_is_a_heading_or_text_by_its_words() {
        check(
            "1. 加强领导\n\n正文。\n\n2. 压实责任\n\n正文。",
            &["-1. 加强领导", "-正文。", "-2. 压实责任", "-正文。"],
        );
    }

    #[test]
    fn emphasis_and_code_go_when_they_are_paired() {
        check("**重点**工作*很*好~~旧~~`a*b`", &["-重点工作很好旧a*b"]);
        check("a_b_c 和 _强调_", &["-a_b_c 和 强调"]);
        check("\\*不是\\*强调&amp;&nbsp;好", &["-*不是*强调&\u{A0}好"]);
        check("5*3=15，2 * 3，**没完", &["-5*3=15，2 * 3，**没完"]);
    }

    #[test]
    fn emphasis_beside_chinese_punctuation_goes_too() {
        check("**“治理”**强调", &["-“治理”强调"]);
        check(
            "推进**“一网统管”**工作，**《条例》**施行，__（试行）__好",
            &["-推进“一网统管”工作，《条例》施行，（试行）好"],
        );
        check("\\**“治理”**强调", &["-**“治理”**强调"]);
        check(
            "代码`**“甲”**`和****和** 不 **和snake__“a”__b",
            &["-代码**“甲”**和****和** 不 **和snake__“a”__b"],
        );
    }

    #[test]
    fn figures_with_marks_between_are_no_emphasis() {
        check("约10~20个，3~5天", &["-约10~20个，3~5天"]);
        check("5*3=15，2*3", &["-5*3=15，2*3"]);
    }

    #[test]
    fn links_and_pictures_leave_their_words() {
        check(
            "见[示例县(网)](http://a.example/b_(c) \"题\")。![图一](1.png)",
            &["-见示例县(网)。图一"],
        );
        check("[2023]1号文，<http://a.example/>，完", &["-[2023]1号文，http://a.example/，完"]);
        check("![村民在修路](1.png)\n\n正文。", &["^村民在修路", "-正文。"]);
        check("[示例县](以下称本县)建网格", &["-[示例县](以下称本县)建网格"]);
    }

    #[test]
    fn what_looks_like_the_address_of_a_link_is_text() {
        check(
            "# 题\n\n[记者]: 张某\n\n正文[一]。\n\n[一]: http://a.example/\n",
            &["1题", "-[记者]: 张某", "-正文一。"],
        );
        check("1. [摄影]: 李某\n正文。", &["-1. [摄影]: 李某", ".正文。"]);
    }

    #[test]
    fn footnotes_stand_at_their_place() {
        check("正文[^1]一句。\n\n[^1]: 注释。\n\n后。", &["-正文一句。", "-注释。", "-后。"]);
    }

    #[test]
    fn a_table_row_is_a_line_of_its_cells() {
        check("| 县 | 网格 |\n|:--|--:|\n| 示例县 | **120** |\n", &["=县 网格", "=示例县 120"]);
        // No line under the head, cells beyond it, a bar in a cell, a remark right below.
        check("|县|网格|\n|示例县|120|", &["=县 网格", "=示例县 120"]);
        check(
            "|县|数|\n|-|-|\n|甲县|1|另有|说明|\n|乙\\|丙||\n注：截至6月。",
            &["=县 数", "=甲县 1 另有 说明", "=乙|丙", "-注：截至6月。"],
        );
    }

    #[test]
    fn lines_of_one_paragraph_are_joined() {
        check("示例县推进网格化\n管理工作。", &["-示例县推进网格化管理工作。"]);
        check("the grid\nworks well", &["-the grid works well"]);
        check(
            "第一行  \n第二行\\\n第三行<br>第四行",
            &["-第一行", "-第二行", "-第三行", "-第四行"],
        );
    }

    #[test]
    fn lines_that_are_paragraphs_stay_apart() {
        let long = "示例县推行网格化管理，把全县分成网格，每个网格都有人管。";
        check(
            &format!("{long}\n云岭县也这样做。\n{long}"),
            &[&format!("-{long}"), "-云岭县也这样做。", &format!("-{long}")],
        );
        check(&format!("　　{long}\n　　云岭县也做\n"), &[&format!("-{long}"), "-云岭县也做"]);
        check(
            &format!("一、做法\n{long}{long}\n二、成效\n{long}"),
            &["-一、做法", &format!("-{long}{long}"), "-二、成效", &format!("-{long}")],
        );
    }

    #[test]
    fn indented_prose_is_no_code() {
        check(
            "    　　示例县推行**网格化**管理。\n    云岭县也做。\n\n后。",
            &["-示例县推行网格化管理。", "-云岭县也做。", "-后。"],
        );
        check("\tlet a = 1;\n", &[".let a = 1;"]);
        check("1.     第一，空格多了。\n2. 第二", &[".1. 第一，空格多了。", ".2. 第二"]);
    }

    #[test]
    fn fences_go_and_code_stays_as_it_is() {
        check("```text\n**不动**\n\n# 也不\n```\n后", &[".**不动**", ".# 也不", "-后"]);
    }

    #[test]
    fn html_leaves_its_words() {
        check("前<!-- 一 -->中\n<!-- 二\n三 -->\n后", &["-前中", "-后"]);
        check(
            "<div class=\"a\nb\">\n一段。\n</div>\n<p>二段&nbsp;好<b>啊</b></p>\n\n三段",
            &["-一段。", "-二段\u{A0}好啊", "-三段"],
        );
        check(
            "<table><tr><td>县</td><td>数</td></tr>\n<tr><td>甲县</td>\n<td>1</td></tr></table>",
            &["=县 数", "=甲县 1"],
        );
        check("<script>\nvar a = 1;\n</script>\n<某某>和a<b", &["-<某某>和a<b"]);
        check("前\n\n<!-- 没完\n## 标题\n正文。", &["-前", "-没完", "2标题", "-正文。"]);
    }

    #[test]
    fn front_matter_is_metadata() {
        let input = "---\ntitle: \"示例县的做法\"\ndate: 2023-06-19\ntags:\n  - 一\n来源：示例日报\n---\n# 别的题\n文";
        check(input, &["1别的题", "-文"]);
        let metadata = extract(input).metadata;
        assert_eq!(metadata.title.as_deref(), Some("示例县的做法"));
        assert_eq!(metadata.source.as_deref(), Some("示例日报"));
        assert_eq!(metadata.date.unwrap().to_string(), "2023-06-19");
        assert_eq!(extract("\n# **题**\n").metadata.title.as_deref(), Some("题"));
    }

    #[test]
    fn a_rule_at_the_start_is_no_front_matter() {
        check("---\n正文一句。\n---\n后", &["-正文一句。", "-后"]);
    }

    #[test]
    fn labels_above_the_text_are_metadata() {
        let input =
            "# 题\n\n> 来源：示例日报（虚构）；发布日期：2021-01-20；本文是示例，很好。\n\n正文。";
        let extracted = check(
            input,
            &[
                "1题",
                "-来源：示例日报（虚构）；发布日期：2021-01-20；本文是示例，很好。",
                "-正文。",
            ],
        );
        assert_eq!(extracted.metadata.source.as_deref(), Some("示例日报"));
        assert_eq!(extracted.metadata.date.unwrap().to_string(), "2021-01-20");
        let prose = extract("# 题\n\n做法：一是来源：甲；时间：2020年。");
        assert_eq!((prose.metadata.source, prose.metadata.date), (None, None));
    }

    #[test]
    fn windows_lines_lead_to_their_bytes() {
        let input = "# 题\r\n\r\n示例县推进**网格**\r\n化管理。\r\n";
        let extracted = check(input, &["1题", "-示例县推进网格化管理。"]);
        let at = extracted.text.find("化管理").unwrap();
        let place = extracted.map.unwrap().to_source(Span::new(at, at + "化管理".len()));
        assert_eq!(input.get(place.range()), Some("化管理"));
    }

    #[test]
    fn hostile_text_takes_little_time() {
        let units = [
            "*",
            "`",
            "[",
            "<a",
            "*a ",
            "[a](b)",
            "**a",
            "_a",
            "![",
            "~~a",
            "`a``b```",
            "> ",
            "- ",
            "1. ",
            "<!--",
            "|a",
            "**“",
            "<div>\n",
            "[a]: 文\n",
            "[^a]: ",
            "#文\n",
            "\\*",
            "&amp;",
            "    文\n\n",
        ];
        for unit in units {
            let start = std::time::Instant::now();
            let text = unit.repeat(200_000 / unit.len());
            let extracted = extract(&text);
            assert!(extracted.text.len() <= text.len(), "{unit}");
            // A debug build takes some seconds for the worst; what grows with the square takes minutes.
            assert!(
                start.elapsed() < std::time::Duration::from_secs(30),
                "{unit}: {:?}",
                start.elapsed()
            );
        }
    }

    proptest! {
        #[test]
        fn any_text_keeps_sound_places(
            text in "([-#*_`~>|<!\\[\\]()&;:\\\\ \n\t]|\r\n|文|。|a|1|--|```|    |\u{3000}|<br>|<td>|</tr>|<tr>|<!--|-->|\\|-\\|\n|1\\. |\\[\\^1\\]:|&amp;|“|”|\\*\\*){0,60}",
        ) {
            let extracted = extract(&text);
            extracted.map.unwrap().assert_sound(&text, &extracted.text);
            let mut lines = extracted.text.lines();
            for block in &extracted.blocks {
                prop_assert_eq!(extracted.text.get(block.span.range()), lines.next());
            }
            prop_assert_eq!(lines.next(), None);
        }

        #[test]
        fn no_han_is_lost(
            text in "([-#*_`~>|\\[\\]()\\\\ \n]|文|字|治|理|。|，|a|1|    |\u{3000}|\\|-\\|\n|1\\. |\\]: |“|”|\\*\\*){0,60}",
        ) {
            let han = |text: &str| text.chars().filter(|&c| crate::text::tokens::is_han(c)).collect::<String>();
            prop_assert_eq!(han(&extract(&text).text), han(&text));
        }
    }
}
