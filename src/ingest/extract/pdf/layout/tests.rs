//! Pages set by hand: what stands where, and how it must be read.

use crate::ingest::Role;
use crate::ingest::extract::pdf::inflate::Soundness;
use crate::ingest::extract::pdf::layout::blocks;
use crate::ingest::extract::pdf::page::{Glyph, PageText};
use proptest::prelude::*;
use std::time::{Duration, Instant};

const SIZE: f32 = 10.0;
const LEADING: f32 = 16.0;

/// Room of a character: half a square for what is not Chinese.
fn advance(c: char, size: f32) -> f32 {
    if c.is_ascii() { size / 2.0 } else { size }
}

fn glyph(text: &str, left: f32, baseline: f32, width: f32, size: f32) -> Glyph {
    Glyph {
        text: text.to_owned(),
        left,
        top: baseline - 0.88 * size,
        right: left + width,
        bottom: baseline + 0.12 * size,
        baseline,
        size,
        vertical: false,
        font: 0,
        bold: false,
    }
}

/// A page that is being set.
#[derive(Clone)]
struct Sheet(PageText);

impl Sheet {
    fn new(number: usize) -> Self {
        Self(PageText {
            number,
            width: 600.0,
            height: 800.0,
            glyphs: Vec::new(),
            covered: 0.0,
            outlines: 0,
            soundness: Soundness::Whole,
        })
    }

    /// Draws one line; spaces are left out, as most producers do.
    fn draw(&mut self, text: &str, left: f32, baseline: f32, size: f32) -> &mut Self {
        let mut at = left;
        for c in text.chars() {
            let width = advance(c, size);
            if c != ' ' {
                self.0.glyphs.push(glyph(&c.to_string(), at, baseline, width, size));
            }
            at += width;
        }
        self
    }

    /// Draws text broken into lines of `units` characters, the first indented by two; gives the baseline after it.
    fn flow(&mut self, text: &str, left: f32, top: f32, units: usize) -> f32 {
        let chars: Vec<char> = text.chars().collect();
        let (first, rest) = chars.split_at(chars.len().min(units - 2));
        self.draw(&String::from_iter(first), left + 2.0 * SIZE, top, SIZE);
        let mut baseline = top + LEADING;
        for line in rest.chunks(units) {
            self.draw(&String::from_iter(line), left, baseline, SIZE);
            baseline += LEADING;
        }
        baseline
    }

    /// A single character drawn from top to bottom.
    fn draw_down(&mut self, text: &str, middle: f32, top: f32, size: f32) -> &mut Self {
        for (c, at) in text.chars().zip(0_u8..) {
            let above = top + f32::from(at) * size;
            let across =
                glyph(&c.to_string(), middle - size / 2.0, above + 0.88 * size, size, size);
            self.0.glyphs.push(Glyph { vertical: true, ..across });
        }
        self
    }
}

/// The blocks of sheets with their roles.
fn read(sheets: &[Sheet]) -> Vec<(Option<Role>, String)> {
    let pages: Vec<PageText> = sheets.iter().map(|sheet| sheet.0.clone()).collect();
    let read = blocks(&pages, &[]);
    let text = |block: &crate::ingest::Block| {
        read.text.get(block.span.range()).unwrap_or_default().to_owned()
    };
    read.blocks.iter().map(|block| (block.role, text(block))).collect()
}

fn texts(sheets: &[Sheet]) -> Vec<String> {
    read(sheets).into_iter().map(|(_, text)| text).collect()
}

/// Invented text without repetition, so that a character out of place shows.
fn prose(from: u32, chars: u32) -> String {
    let mut text: String = (from..from + chars - 1)
        .filter_map(|at| char::from_u32(0x4e00 + at * 7 % 20_000))
        .collect();
    text.push('。');
    text
}

#[track_caller]
fn check(sheets: &[Sheet], expected: &[&str]) {
    assert_eq!(texts(sheets), expected);
}

#[test]
fn paragraphs_are_known_by_indent_and_by_the_room_they_leave() {
    let mut sheet = Sheet::new(1);
    // The last line of the second is full: only the indent of the third tells.
    let paragraphs = [prose(0, 75), prose(100, 78), prose(200, 50)];
    let mut baseline = 100.0;
    for paragraph in &paragraphs {
        baseline = sheet.flow(paragraph, 50.0, baseline, 20);
    }
    check(&[sheet], &paragraphs.each_ref().map(String::as_str));
}

#[test]
fn lines_left_of_the_text_do_not_move_its_edge() {
    let paragraphs = [prose(0, 75), prose(100, 78), prose(200, 50), prose(300, 70)];
    let expected: Vec<&str> = paragraphs.iter().map(String::as_str).collect();
    let check_with = |text: &str, left: f32, top: f32, size: f32| {
        let mut sheet = Sheet::new(1);
        let mut baseline = 300.0;
        for paragraph in &paragraphs {
            baseline = sheet.flow(paragraph, 100.0, baseline, 20);
        }
        sheet.draw(text, left, top, size);
        let mut found = texts(&[sheet]);
        found.retain(|found| found != text);
        assert_eq!(found, expected, "{text} at {left}, {top}");
    };
    for left in [100.0, 92.0, 88.0, 60.0] {
        // A head, a foot of the text's size, a large title.
        check_with("示例县简报第八期", left, 260.0, 7.0);
        check_with("抄送县委各部门和各乡镇", left, 640.0, SIZE);
        check_with("示例县推行网格化管理全面提升治理效能", left, 260.0, 15.0);
    }
    // A number in the margin, between two paragraphs.
    check_with("5", 70.0, 420.0, 7.0);
}

#[test]
fn a_table_wider_than_the_text_does_not_move_its_edge() {
    let mut sheet = Sheet::new(1);
    let paragraphs = [prose(0, 75), prose(100, 78), prose(200, 50)];
    let mut baseline = 100.0;
    for paragraph in &paragraphs {
        baseline = sheet.flow(paragraph, 100.0, baseline, 20);
    }
    for (row, at) in ["乡镇", "甲镇", "乙乡", "丙乡"].iter().zip(0_u8..) {
        let top = baseline + 20.0 + 18.0 * f32::from(at);
        sheet
            .draw(row, 70.0, top, SIZE)
            .draw("网格", 200.0, top, SIZE)
            .draw("率", 320.0, top, SIZE);
    }
    assert_eq!(texts(&[sheet])[..3], paragraphs);
}

#[test]
fn items_that_hang_keep_the_edge_they_begin_at() {
    let mut sheet = Sheet::new(1);
    let mut baseline = 100.0;
    let mut items = Vec::new();
    for number in 1..=4_u32 {
        let words: Vec<char> = prose(number * 100, 58).chars().collect();
        sheet.draw(&format!("{number}."), 50.0, baseline, SIZE);
        for line in words.chunks(18) {
            sheet.draw(&String::from_iter(line), 70.0, baseline, SIZE);
            baseline += LEADING;
        }
        items.push(format!("{number}. {}", String::from_iter(words)));
    }
    check(&[sheet], &items.iter().map(String::as_str).collect::<Vec<_>>());
}

#[test]
fn without_indents_the_step_between_paragraphs_tells() {
    let mut sheet = Sheet::new(1);
    let line = |from| prose(from, 21).chars().take(20).collect::<String>();
    for (from, baseline) in
        [(0, 100.0), (20, 116.0), (40, 132.0), (60, 160.0), (80, 176.0), (100, 192.0)]
    {
        sheet.draw(&line(from), 50.0, baseline, SIZE);
    }
    let paragraph = |from: u32| [line(from), line(from + 20), line(from + 40)].concat();
    check(&[sheet], &[&paragraph(0), &paragraph(60)]);
}

#[test]
fn the_order_of_drawing_does_not_matter() {
    let mut sheet = Sheet::new(1);
    let after = sheet.flow(&prose(0, 75), 50.0, 100.0, 20);
    sheet.flow(&prose(100, 75), 50.0, after, 20);
    let expected = texts(&[sheet.clone()]);
    sheet.0.glyphs.reverse();
    assert_eq!(texts(&[sheet.clone()]), expected);
    sheet.0.glyphs.sort_by(|a, b| a.text.cmp(&b.text));
    assert_eq!(texts(&[sheet]), expected);
}

#[test]
fn columns_drawn_row_by_row_come_out_one_after_the_other() {
    for count in 2_u8..=5 {
        let mut sheet = Sheet::new(1);
        sheet.0.width = 1_000.0;
        let middle = (40.0 + 175.0 * f32::from(count) + 25.0) / 2.0;
        sheet.draw("示例县网格化治理情况通报", middle - 6.0 * 24.0, 80.0, 24.0);
        let columns: Vec<String> = (0..u32::from(count)).map(|at| prose(at * 300, 180)).collect();
        for (column, at) in columns.iter().zip(0_u8..) {
            sheet.flow(column, 40.0 + 175.0 * f32::from(at), 130.0, 16);
        }
        sheet
            .0
            .glyphs
            .sort_by(|a, b| a.baseline.total_cmp(&b.baseline).then(a.left.total_cmp(&b.left)));
        let mut expected = vec!["示例县网格化治理情况通报"];
        expected.extend(columns.iter().map(String::as_str));
        check(&[sheet], &expected);
    }
}

#[test]
fn a_paragraph_goes_on_in_the_next_column_and_on_the_next_page() {
    let text = prose(0, 200);
    let lines: Vec<String> =
        text.chars().collect::<Vec<_>>().chunks(16).map(String::from_iter).collect();
    let (mut first, mut second) = (Sheet::new(1), Sheet::new(2));
    for sheet in [&mut first, &mut second] {
        sheet.flow(&prose(900, 60), 50.0, 100.0, 16);
        sheet.flow(&prose(1_000, 60), 300.0, 100.0, 16);
    }
    let column = |sheet: &mut Sheet, left: f32, top: f32, lines: &[String]| {
        for (line, at) in lines.iter().zip(0_u8..) {
            sheet.draw(line, left, top + LEADING * f32::from(at), SIZE);
        }
    };
    let mut only = Sheet::new(1);
    column(&mut only, 50.0, 100.0, &lines[..5]);
    column(&mut only, 300.0, 100.0, &lines[5..10]);
    let mut last = Sheet::new(2);
    column(&mut last, 50.0, 100.0, &lines[10..]);
    let pages: Vec<PageText> = [&only, &last].map(|sheet| sheet.0.clone()).to_vec();
    let read = blocks(&pages, &[]);
    assert_eq!(read.text, text);
    assert_eq!(read.blocks[0].page, Some((1, 2)));
    for gap in [1, 2] {
        let parted = blocks(&pages, &[gap]);
        assert_eq!((parted.blocks[0].page, parted.blocks[1].page), (Some((1, 1)), Some((2, 2))));
    }
    assert_eq!(blocks(&pages, &[3]).blocks, read.blocks);
    // The place is that of the part on the first page.
    assert_eq!(read.blocks[0].area.map(|[left, _, right, _]| (left, right)), Some((50, 460)));
}

#[test]
fn a_headline_across_columns_parts_the_articles() {
    let mut sheet = Sheet::new(1);
    let articles: Vec<String> = (0..4).map(|at| prose(at * 300, 120)).collect();
    sheet.flow(&articles[0], 50.0, 100.0, 20);
    sheet.flow(&articles[1], 300.0, 100.0, 20);
    sheet.draw("云岭镇办起农民夜校", 150.0, 240.0, 20.0);
    sheet.flow(&articles[2], 50.0, 270.0, 20);
    sheet.flow(&articles[3], 300.0, 270.0, 20);
    check(
        &[sheet],
        &[&articles[0], &articles[1], "云岭镇办起农民夜校", &articles[2], &articles[3]],
    );
}

#[test]
fn articles_of_a_newspaper_keep_to_their_boxes() {
    let mut sheet = Sheet::new(1);
    sheet.0.width = 1_000.0;
    let articles: Vec<String> = (0..9).map(|at| prose(at * 300, 110)).collect();
    let headline = |sheet: &mut Sheet, text: &str, left: f32, top: f32| {
        sheet.draw(text, left, top, 24.0);
    };
    // Left three columns below a headline, right two below theirs, at the bottom five below one over all.
    headline(&mut sheet, "云岭镇办起农民夜校群众参加踊跃", 90.0, 80.0);
    headline(&mut sheet, "青山县治水护河见成效", 640.0, 96.0);
    for (at, left, top) in
        [(0, 40.0, 110.0), (1, 225.0, 110.0), (2, 410.0, 110.0), (3, 595.0, 126.0)]
    {
        sheet.flow(&articles[at], left, top, 16);
    }
    sheet.flow(&articles[4], 780.0, 126.0, 16);
    headline(&mut sheet, "示例县全面推行网格化治理小事不出村大事不出镇", 200.0, 300.0);
    for (article, at) in articles[5..].iter().zip(0_u8..) {
        sheet.flow(article, 40.0 + 185.0 * f32::from(at), 330.0, 16);
    }
    let mut expected =
        vec!["云岭镇办起农民夜校群众参加踊跃", &articles[0], &articles[1], &articles[2]];
    expected.extend(["青山县治水护河见成效", &articles[3], &articles[4]]);
    expected.push("示例县全面推行网格化治理小事不出村大事不出镇");
    expected.extend(articles[5..].iter().map(String::as_str));
    check(&[sheet], &expected);
}

#[test]
fn rows_of_cells_are_rows() {
    let mut sheet = Sheet::new(1);
    let rows = [
        ["县名", "网格数", "办结率"],
        ["示例县", "286", "98.9%"],
        ["云岭县", "174", "97.2%"],
        ["青山县", "203", "99.1%"],
    ];
    for (row, at) in rows.iter().zip(0_u8..) {
        for (cell, column) in row.iter().zip(0_u8..) {
            sheet.draw(cell, 60.0 + 150.0 * f32::from(column), 100.0 + 20.0 * f32::from(at), SIZE);
        }
    }
    let after = sheet.flow(&prose(0, 100), 50.0, 220.0, 40);
    sheet.flow(&prose(200, 100), 50.0, after, 40);
    let found = read(&[sheet]);
    let cells: Vec<&str> = found
        .iter()
        .filter(|(role, _)| *role == Some(Role::Row))
        .map(|(_, text)| text.as_str())
        .collect();
    assert_eq!(
        cells,
        ["县名 网格数 办结率", "示例县 286 98.9%", "云岭县 174 97.2%", "青山县 203 99.1%"]
    );
    assert_eq!(found.len(), 6);
}

#[test]
fn the_end_of_a_paragraph_and_a_caption_above_a_table_are_no_row() {
    let cells = |sheet: &mut Sheet, left: f32, top: f32| {
        for (row, baseline) in
            [("乡镇", "网格"), ("甲镇", "42"), ("乙乡", "31")].iter().zip([0.0, 18.0, 36.0])
        {
            let baseline = top + baseline;
            sheet.draw(row.0, left, baseline, SIZE).draw(row.1, left + 80.0, baseline, SIZE);
        }
    };
    let rows = ["乡镇 网格", "甲镇 42", "乙乡 31"];
    let paragraph = prose(0, 40);
    for (left, caption, to_caption, to_table) in [
        (50.0, "", 0.0, 24.0),
        (120.0, "", 0.0, 16.0),
        (50.0, "表1 网格", 24.0, 16.0),
        (50.0, "网格情况", 16.0, 20.0),
    ] {
        let mut sheet = Sheet::new(1);
        let after = sheet.flow(&paragraph, 50.0, 100.0, 20);
        let baseline = after - LEADING + to_caption;
        sheet.draw(caption, 50.0, baseline, SIZE);
        cells(&mut sheet, left, baseline + to_table);
        let above = [paragraph.as_str(), caption].into_iter().filter(|text| !text.is_empty());
        let expected: Vec<&str> = above.chain(rows).collect();
        check(&[sheet], &expected);
    }
}

#[test]
fn the_lines_of_a_cell_stay_in_their_row() {
    let mut sheet = Sheet::new(1);
    for (name, at) in ["示例县", "云岭县", "青山县"].iter().zip(0_u8..) {
        let top = 100.0 + 60.0 * f32::from(at);
        sheet.draw(name, 60.0, top, SIZE);
        sheet.draw("划分网格并且配备", 160.0, top, SIZE);
        sheet.draw("网格员", 160.0, top + 14.0, SIZE);
        sheet.draw("民政局", 320.0, top, SIZE);
    }
    check(
        &[sheet],
        &[
            "示例县 划分网格并且配备网格员 民政局",
            "云岭县 划分网格并且配备网格员 民政局",
            "青山县 划分网格并且配备网格员 民政局",
        ],
    );
}

#[test]
fn numbers_before_items_are_no_column() {
    let mut sheet = Sheet::new(1);
    for (item, at) in ["划分网格", "配备网格员", "建立台账", "公开结果"].iter().zip(0_u8..)
    {
        let baseline = 100.0 + LEADING * f32::from(at);
        sheet.draw(&format!("{}.", at + 1), 50.0, baseline, SIZE);
        sheet.draw(item, 90.0, baseline, SIZE);
    }
    check(&[sheet], &["1. 划分网格", "2. 配备网格员", "3. 建立台账", "4. 公开结果"]);
}

#[test]
fn items_whose_lines_hang_are_whole() {
    let mut sheet = Sheet::new(1);
    for (lines, at) in [
        (["划分网格并且配备网格员", "每天巡查"], 0_u8),
        (["群众到网格站办事更方便", "不用跑路"], 1),
    ] {
        let top = 100.0 + 2.0 * LEADING * f32::from(at);
        sheet.draw("•", 50.0, top, SIZE).draw(lines[0], 65.0, top, SIZE);
        sheet.draw(lines[1], 65.0, top + LEADING, SIZE);
    }
    check(&[sheet], &["•划分网格并且配备网格员每天巡查", "•群众到网格站办事更方便不用跑路"]);
}

#[test]
fn text_drawn_twice_is_read_once() {
    let mut sheet = Sheet::new(1);
    sheet.draw("天天办实事 all", 50.0, 100.0, SIZE);
    let shifted = sheet.0.glyphs.clone();
    sheet.0.glyphs.extend(shifted.into_iter().map(|glyph| Glyph {
        left: glyph.left + 0.3,
        right: glyph.right + 0.3,
        ..glyph
    }));
    check(&[sheet], &["天天办实事 all"]);
}

#[test]
fn raised_letters_belong_to_their_line() {
    let mut sheet = Sheet::new(1);
    sheet.draw("面积300m", 50.0, 100.0, SIZE);
    sheet.draw("2", 90.0, 95.0, 6.0);
    sheet.draw("以上的网格", 94.0, 100.0, SIZE);
    check(&[sheet], &["面积300m2以上的网格"]);
}

#[test]
fn spaces_are_where_words_are_apart() {
    let mut sheet = Sheet::new(1);
    sheet.draw("Grid work in 2023", 50.0, 100.0, SIZE);
    sheet.draw("主任", 50.0, 140.0, SIZE).draw("张某", 90.0, 140.0, SIZE);
    // A justified line: a third of a character between Han.
    for (c, at) in "示例县网格化".chars().zip(0_u8..) {
        sheet.draw(&c.to_string(), 50.0 + 13.0 * f32::from(at), 180.0, SIZE);
    }
    // A title spaced out by hand.
    for (c, at) in "通知公告".chars().zip(0_u8..) {
        sheet.draw(&c.to_string(), 50.0 + 25.0 * f32::from(at), 220.0, SIZE);
    }
    check(&[sheet], &["Grid work in 2023", "主任 张某", "示例县网格化", "通知公告"]);
}

#[test]
fn a_word_cut_by_a_hyphen_is_joined() {
    let mut sheet = Sheet::new(1);
    for (line, at) in [
        "The county has divided its towns into grids and ap-",
        "pointed people who visit the families every week in",
        "winter.",
    ]
    .iter()
    .zip(0_u8..)
    {
        sheet.draw(line, 50.0, 100.0 + LEADING * f32::from(at), SIZE);
    }
    let joined = "The county has divided its towns into grids and appointed people who visit the families every week in winter.";
    check(&[sheet], &[joined]);
}

/// Three pages with head, foot, and a text that runs through.
fn book() -> (Vec<Sheet>, String) {
    let text = prose(0, 30 * 20 - 5);
    let chars: Vec<char> = text.chars().collect();
    let lines: Vec<String> = chars.chunks(30).map(String::from_iter).collect();
    let mut sheets = Vec::new();
    for (part, page) in lines.chunks(7).zip(1_u8..) {
        let mut sheet = Sheet::new(usize::from(page));
        let even = page % 2 == 0;
        sheet.draw("示例县年鉴", if even { 50.0 } else { 300.0 }, 40.0, 9.0);
        for (line, at) in part.iter().zip(0_u8..) {
            sheet.draw(line, 50.0, 100.0 + LEADING * f32::from(at), SIZE);
        }
        sheet.draw(&format!("- {page} -"), 280.0, 770.0, 9.0);
        sheets.push(sheet);
    }
    (sheets, text)
}

#[test]
fn running_heads_are_apart_and_text_is_joined_across_them() {
    let (sheets, text) = book();
    let found = read(&sheets);
    let (heads, others): (Vec<_>, Vec<_>) =
        found.into_iter().partition(|(role, _)| *role == Some(Role::RunningHead));
    assert_eq!(others, [(None, text)]);
    assert_eq!(heads.len(), 6);
    assert!(heads.iter().any(|(_, text)| text == "- 2 -"));
}

/// A page with these words at the ends of its first and its last row, and a text between.
fn around_text(top: [&str; 2], foot: [&str; 2]) -> Vec<(Option<Role>, String)> {
    let mut sheet = Sheet::new(1);
    for (row, baseline) in [(top, 30.0), (foot, 780.0)] {
        sheet.draw(row[0], 30.0, baseline, 8.0).draw(row[1], 300.0, baseline, 8.0);
    }
    sheet.flow(&prose(0, 100), 50.0, 120.0, 30);
    read(&[sheet])
}

#[test]
fn what_a_browser_prints_around_a_lone_page_is_no_text() {
    for (top, foot) in [
        (["11/23/26, 8:06 PM", "示例县果园丰收"], ["https://www.example.org/a/1.html", "1/1"]),
        (["2026/11/23 20:06", "示例县果园丰收"], ["https://www.example.org/very/lo…", "1/1"]),
        (["2026/11/23 下午8:06", "示例县果园丰收"], ["file:///home/a.html", "第 1 页，共 1 页"]),
        (["示例县果园丰收", "https://www.example.org/"], ["1 of 1", "2026/11/23, 20:06"]),
    ] {
        let found = around_text(top, foot);
        let texts = found.iter().filter(|(role, _)| *role != Some(Role::RunningHead));
        assert_eq!(texts.count(), 1, "{found:?}");
    }
}

#[test]
fn a_date_or_an_address_at_the_edge_of_a_lone_page_is_text() {
    for (top, foot) in [
        (["2026/11/23 20:06", "示例县果园丰收"], ["联系人：示例县办公室", "1/1"]),
        (["2026/11/23", "示例县政府网"], ["原文见 https://www.example.org/", "附件"]),
        (["示例县果园丰收", "简报"], ["https://www.example.org/a/1.html", "1/1"]),
    ] {
        let found = around_text(top, foot);
        let first = found.iter().find(|(_, text)| text.contains(top[0]));
        assert!(first.is_some_and(|(role, _)| *role != Some(Role::RunningHead)), "{found:?}");
    }
}

/// Pages with those rows at the top, each of cells at their places, and a text below that is nowhere the same; what was
/// taken for heads.
fn heads_of(pages: usize, rows: impl Fn(usize) -> Vec<Vec<(f32, String)>>) -> Vec<String> {
    let sheets = (1..=pages).zip(0_u32..).map(|(page, from)| {
        let mut sheet = Sheet::new(page);
        for (row, at) in rows(page).iter().zip(0_u8..) {
            for (left, cell) in row {
                sheet.draw(cell, *left, 40.0 + 18.0 * f32::from(at), SIZE);
            }
        }
        sheet.flow(&prose(from * 200, 150), 50.0, 140.0, 40);
        sheet
    });
    let found = read(&sheets.collect::<Vec<_>>());
    let heads = found.into_iter().filter(|(role, _)| *role == Some(Role::RunningHead));
    heads.map(|(_, text)| text).collect()
}

#[test]
fn figures_that_do_not_count_with_the_pages_are_text() {
    type Rows = Vec<Vec<(f32, String)>>;
    let one = |text: String| vec![vec![(50.0, text)]];
    for rows in [
        &(|page: usize| one(format!("示例县{page}月份新增网格员{}名", page * 37)))
            as &dyn Fn(usize) -> Rows,
        &|page| one(format!("全县新增网格员{}名，调解纠纷{}起。", page * 37, page * 91)),
        &|page| one(format!("全年共投入资金{}万元。", page * 120)),
        &|page| one(format!("{}年工作成效", 2017 + page)),
        &|page| one(format!("示例镇走访农户{}户", page * page)),
    ] {
        assert_eq!(heads_of(4, rows), [""; 0]);
    }
}

#[test]
fn rows_of_a_table_at_the_edge_of_pages_are_rows() {
    let rows = |page: usize| {
        let row = |at: usize| {
            let month = page * 3 + at;
            [format!("{}年{}月", 2000 + month / 12, month % 12 + 1), "示例镇".to_owned()]
                .into_iter()
                .chain([20 + month % 17, 60 + month * 7 % 53].map(|cell| cell.to_string()))
                .zip([50.0, 150.0, 250.0, 350.0])
                .map(|(cell, left)| (left, cell))
                .collect::<Vec<_>>()
        };
        (0..3).map(row).collect()
    };
    assert_eq!(heads_of(5, rows), [""; 0]);
    // Words alone tell rows apart, too.
    let names = ["云岭村", "青山村", "白水村", "黄坝村"];
    let rows = |page: usize| {
        let row = |at: usize| {
            vec![(50.0, names[(page + at) % 4].to_owned()), (150.0, "已办结".to_owned())]
        };
        (0..3).map(row).collect()
    };
    assert_eq!(heads_of(4, rows), [""; 0]);
}

#[test]
fn heads_may_hold_the_number_and_the_rubric_of_their_page() {
    type Row = Vec<(f32, String)>;
    let rubrics = ["综述", "基层治理", "教育", "卫生"];
    for (rows, first) in [
        (
            &(|page| vec![(50.0_f32, format!("示例县年鉴 {page}"))]) as &dyn Fn(usize) -> Row,
            "示例县年鉴 1",
        ),
        (
            &|page| vec![(50.0, "示例县年鉴".to_owned()), (300.0, format!("{}", page + 11))],
            "示例县年鉴 12",
        ),
        (
            &|page| vec![(50.0, "示例县年鉴".to_owned()), (300.0, rubrics[page % 4].to_owned())],
            "示例县年鉴 基层治理",
        ),
        (
            &|page| {
                vec![
                    (50.0, "示例日报".to_owned()),
                    (200.0, format!("2023年5月{page}日")),
                    (300.0, format!("第{page}版")),
                ]
            },
            "示例日报 2023年5月1日 第1版",
        ),
        (&|_| vec![(50.0, "内部资料，请勿外传。".to_owned())], "内部资料，请勿外传。"),
        (&|_| vec![(50.0, "示例县2023年报告".to_owned())], "示例县2023年报告"),
    ] {
        let heads = heads_of(4, |page| vec![rows(page)]);
        assert_eq!((heads.len(), heads[0].as_str()), (4, first), "{heads:?}");
    }
}

#[test]
fn what_repeats_inside_the_pages_is_text() {
    let (mut sheets, _) = book();
    for sheet in &mut sheets {
        sheet.draw("示例县年鉴", 50.0, 400.0, SIZE);
    }
    let kept =
        read(&sheets).into_iter().filter(|(role, text)| role.is_none() && text == "示例县年鉴");
    assert_eq!(kept.count(), 3);
}

#[test]
fn a_note_at_the_foot_does_not_cut_the_paragraph() {
    let (mut sheets, text) = book();
    sheets[0].draw("①数据来自示例县统计局。", 50.0, 700.0, 7.0);
    let found: Vec<String> = read(&sheets)
        .into_iter()
        .filter(|(role, _)| role.is_none())
        .map(|(_, text)| text)
        .collect();
    assert_eq!(found, [text, "①数据来自示例县统计局。".to_owned()]);
}

#[test]
fn headings_are_larger_or_bold_and_centred() {
    let mut sheet = Sheet::new(1);
    sheet.draw("示例县年度报告", 130.0, 60.0, 20.0);
    sheet.draw("第一章", 185.0, 90.0, SIZE);
    for glyph in sheet.0.glyphs.iter_mut().filter(|glyph| glyph.size == SIZE) {
        glyph.bold = true;
    }
    let after = sheet.flow(&prose(0, 100), 50.0, 120.0, 30);
    sheet.flow(&prose(200, 100), 50.0, after, 30);
    let roles: Vec<Option<Role>> = read(&[sheet]).into_iter().map(|(role, _)| role).collect();
    assert_eq!(roles, [Some(Role::Heading(1)), Some(Role::Heading(2)), None, None]);
}

#[test]
fn lines_from_top_to_bottom_are_read_from_right_to_left() {
    let mut sheet = Sheet::new(1);
    let text = prose(0, 56);
    let chars: Vec<char> = text.chars().collect();
    for (line, at) in chars.chunks(20).zip(0_u8..) {
        sheet.draw_down(&String::from_iter(line), 500.0 - LEADING * f32::from(at), 100.0, SIZE);
    }
    let page = [sheet.0];
    let read = blocks(&page, &[]);
    assert_eq!(read.text, text);
    let [left, top, right, bottom] = read.blocks[0].area.unwrap();
    assert!(
        left > 455 && right < 515 && top == 100 && bottom == 300,
        "{left} {top} {right} {bottom}"
    );
}

#[test]
fn a_number_takes_one_place_of_a_vertical_line() {
    let mut sheet = Sheet::new(1);
    sheet.draw_down("示例县有", 500.0, 100.0, SIZE);
    sheet.draw("22", 495.0, 148.8, SIZE);
    sheet.draw_down("个网格", 500.0, 150.0, SIZE);
    check(&[sheet], &["示例县有22个网格"]);
}

#[test]
fn broken_places_lose_their_own_character_only() {
    let mut sheet = Sheet::new(1);
    sheet.draw("示例县办实事", 50.0, 100.0, SIZE);
    let sound = sheet.0.glyphs[0].clone();
    for place in [f32::NAN, f32::INFINITY, f32::MIN, 1e30] {
        sheet.0.glyphs.push(Glyph { left: place, ..sound.clone() });
        sheet.0.glyphs.push(Glyph { baseline: place, ..sound.clone() });
    }
    sheet.0.glyphs[3].size = f32::NAN;
    check(&[sheet], &["示例县办实事"]);
    assert!(texts(&[Sheet::new(1)]).is_empty());
    assert!(blocks(&[], &[]).text.is_empty());
}

#[test]
fn time_stays_bounded_on_pages_of_garbage() {
    let page = |place: &dyn Fn(f32) -> (f32, f32, f32)| {
        let mut sheet = Sheet::new(1);
        for at in 0_u32..100_000 {
            #[allow(clippy::cast_precision_loss, reason = "small numbers")]
            let (left, baseline, size) = place(at as f32);
            let text = char::from_u32(0x4e00 + at % 20_000).unwrap_or('网').to_string();
            sheet.0.glyphs.push(glyph(&text, left, baseline, size, size));
        }
        sheet
    };
    let scattered = |at: f32| {
        (
            (at * 0.618).fract() * 590.0,
            (at * 0.7548).fract() * 790.0,
            1.0 + (at * 0.37).fract() * 20.0,
        )
    };
    let pages = [
        page(&scattered),
        page(&|_| (100.0, 100.0, 10.0)),
        page(&|at| (at * 0.005, at * 0.007, 2.0)),
        page(&|at| (at * 0.005, 100.0, 0.1)),
        page(&|at| (100.0, at * 0.007, 0.001)),
        page(&|at| ((at * 0.618).fract() * 590.0, (at * 0.01).floor() * 0.7, 0.6)),
    ];
    for (sheet, number) in pages.into_iter().zip(1..) {
        let start = Instant::now();
        let found = texts(&[sheet]);
        assert!(!found.is_empty());
        // A second or two in a debug build; what grows with the square takes minutes.
        assert!(start.elapsed() < Duration::from_secs(60), "page {number}: {:?}", start.elapsed());
    }
}

proptest! {
    #[test]
    fn no_character_is_lost_or_made_up(places in prop::collection::vec(
        (0.0_f32..600.0, 0.0_f32..800.0, 2.0_f32..30.0, any::<bool>()), 1..120,
    )) {
        let mut sheet = Sheet::new(1);
        let mut wanted = Vec::new();
        for ((left, baseline, size, vertical), code) in places.into_iter().zip(0x4e00_u32..) {
            let text = char::from_u32(code).unwrap_or('网').to_string();
            sheet.0.glyphs.push(Glyph { vertical, ..glyph(&text, left, baseline, size, size) });
            wanted.push(text);
        }
        let mut found: Vec<String> = texts(&[sheet]).concat().split_whitespace().flat_map(str::chars).map(String::from).collect();
        found.sort();
        prop_assert_eq!(found, wanted);
    }
}
