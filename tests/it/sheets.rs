//! Workbooks as other programs write them: one table in XLSX, XLS and ODS, read from file to paragraphs.
//!
//! The fixtures hold invented text. `book.xlsx` was written by openpyxl, `book.xls` by xlwt, `book.ods` by odfpy.

use crate::support::{repository, vocabulary};
use fangzhi::model::{ParagraphKind, Place, Report};
use fangzhi::pipeline::{self, IndexRequest};

/// What all three show.
const PARAGRAPHS: [&str; 9] = [
    "治理情况",
    "示例市基层治理情况表",
    "市 县 网格 启用日期 完成率",
    "专职 兼职",
    "市：示例市；县：云岭县；网格·专职：120；网格·兼职：0.3；启用日期：2023-06-19；完成率：SHARE",
    "市：示例市；县：清河县；网格·专职：80；网格·兼职：12.5；启用日期：2023-07-01 08:30；完成率：WHOLE",
    "注：数据截至2023年6月底。",
    "做法",
    "地区 举措 是否推广",
];
/// How many of them are on the first sheet.
const FIRST_SHEET: usize = 7;
const LAST: [&str; 2] = [
    "地区：云岭县；举措：推行网格化管理， 办好群众身边的小事。；是否推广：TRUE",
    "地区：清河县；举措：实行积分制；是否推广：FALSE",
];

fn read(name: &str) -> Report {
    let path = repository("tests/fixtures/sheet").join(name);
    let mut reports = Vec::new();
    pipeline::inspect(&path, &vocabulary(), &IndexRequest::default(), &mut |inspected| {
        reports.push(inspected.report.unwrap());
    })
    .unwrap();
    assert_eq!(reports.len(), 1, "{name}");
    reports.remove(0)
}

#[track_caller]
fn check(name: &str, share: &str, whole: &str) {
    let report = read(name);
    let shown: Vec<&str> = report
        .articles
        .iter()
        .flat_map(|article| &article.paragraphs)
        .map(|paragraph| paragraph.display.as_str())
        .collect();
    // Only of XLSX remarks are read.
    let remarks = ["不是正文的批注"];
    let (first_sheet, second_sheet) = PARAGRAPHS.split_at(FIRST_SHEET);
    let wanted: Vec<String> = first_sheet
        .iter()
        .chain(remarks.iter().filter(|_| name.ends_with("xlsx")))
        .chain(second_sheet)
        .chain(&LAST)
        .map(|text| text.replace("SHARE", share).replace("WHOLE", whole))
        .collect();
    assert_eq!(shown, wanted, "{name}");
    assert!(report.notes.iter().any(|note| note.code == "hidden-sheets"), "{:?}", report.notes);
}

#[test]
fn workbooks_of_three_formats_give_the_same_rows() {
    check("book.xlsx", "98.8%", "100.0%");
    check("book.ods", "98.8%", "100.0%");
    check("book.xls", "98.8%", "100.0%");
}

#[test]
fn rows_are_tables_and_know_their_sheet_and_number() {
    for name in ["book.xlsx", "book.ods", "book.xls"] {
        let report = read(name);
        let paragraphs: Vec<_> =
            report.articles.iter().flat_map(|article| &article.paragraphs).collect();
        let find = |word: &str| {
            paragraphs.iter().find(|paragraph| paragraph.display.contains(word)).unwrap()
        };
        let row = find("清河县；网格");
        assert_eq!(row.kind, ParagraphKind::Table);
        let place = Place::Block { block: (5, 5), page: Some((1, 1)), area: None };
        assert_eq!(row.place, Some(place), "{name}");
        let row = find("积分制");
        let place = Place::Block { block: (3, 3), page: Some((2, 2)), area: None };
        assert_eq!((row.kind, row.place), (ParagraphKind::Table, Some(place)), "{name}");
        assert!(!row.regions.is_empty() || !row.measures.is_empty(), "{name}: {row:?}");
    }
}
