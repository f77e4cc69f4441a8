//! Workbooks written as XML into a zip, as Excel and others write them.

use super::*;
use crate::ingest::Layout;
use std::io::{Cursor, Write};
use std::time::{Duration, Instant};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

fn packed(members: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in members {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

const NAMESPACES: &str = r#"xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships""#;

/// A workbook of sheets: name, further attributes, and the XML of its rows with what follows them.
fn xlsx(sheets: &[(&str, &str, &str)]) -> Vec<u8> {
    xlsx_with(sheets, &[])
}

/// The same, with other parts.
fn xlsx_with(sheets: &[(&str, &str, &str)], others: &[(&str, &str)]) -> Vec<u8> {
    let (mut list, mut relations) = (String::new(), String::new());
    let mut members = Vec::new();
    for (at, (name, attributes, rows)) in sheets.iter().enumerate() {
        let id = at + 1;
        list += &format!(r#"<sheet name="{name}" sheetId="{id}" r:id="rId{id}" {attributes}/>"#);
        relations += &format!(
            r#"<Relationship Id="rId{id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet{id}.xml"/>"#
        );
        let (rows, after) = rows.split_once("</sheetData>").unwrap_or((rows, ""));
        members.push((
            format!("xl/worksheets/sheet{id}.xml"),
            format!("<worksheet {NAMESPACES}><sheetData>{rows}</sheetData>{after}</worksheet>"),
        ));
    }
    relations += r#"<Relationship Id="rIdS" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rIdT" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>"#;
    members.push((
        "xl/workbook.xml".to_owned(),
        format!("<workbook {NAMESPACES}><sheets>{list}</sheets></workbook>"),
    ));
    members.push(("xl/_rels/workbook.xml.rels".to_owned(), format!(r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relations}</Relationships>"#)));
    members.push(("_rels/.rels".to_owned(), r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#.to_owned()));
    members.push(("xl/sharedStrings.xml".to_owned(), format!(
        "<sst {NAMESPACES}><si><t>地区</t></si><si><t>示例县</t></si><si><r><rPr><b/></rPr><t>网格化</t></r><r><t xml:space=\"preserve\">管理 </t></r><rPh sb=\"0\" eb=\"1\"><t>ワンゴー</t></rPh></si></sst>"
    )));
    members.push(("xl/styles.xml".to_owned(), format!(
        "<styleSheet {NAMESPACES}><numFmts count=\"1\"><numFmt numFmtId=\"176\" formatCode=\"0.0%\"/></numFmts><fonts count=\"1\"><font/></fonts><fills count=\"1\"><fill/></fills><borders count=\"1\"><border/></borders><cellXfs count=\"4\"><xf numFmtId=\"0\"/><xf numFmtId=\"14\" applyNumberFormat=\"1\"/><xf numFmtId=\"176\" applyNumberFormat=\"1\"/><xf numFmtId=\"22\" applyNumberFormat=\"1\"/></cellXfs></styleSheet>"
    )));
    let members = members.iter().map(|(name, content)| (name.as_str(), content.as_str()));
    packed(&members.chain(others.iter().copied()).collect::<Vec<_>>())
}

/// A row of words, as inline strings; `-` is no cell.
fn words(row: usize, cells: &str) -> String {
    let mut xml = format!("<row r=\"{row}\">");
    for (column, cell) in ('A'..).zip(cells.split(' ')).filter(|(_, cell)| *cell != "-") {
        xml += &format!(r#"<c r="{column}{row}" t="inlineStr"><is><t>{cell}</t></is></c>"#);
    }
    xml + "</row>"
}

#[track_caller]
fn check(bytes: &[u8], expected: &[&str]) -> Extracted {
    let extracted = extract(bytes, &Limits::default()).unwrap();
    assert_eq!(extracted.text.lines().collect::<Vec<_>>(), expected);
    assert_eq!((extracted.layout, &extracted.map), (Layout::Blocks, &None));
    extracted
}

#[test]
fn cells_of_every_type_are_shown_as_in_the_sheet() {
    let row = r#"<row r="2"><c r="A2" t="s"><v>1</v></c><c r="B2"><v>120</v></c><c r="C2"><v>0.30000000000000004</v></c>
        <c r="D2" s="1"><v>45096</v></c><c r="E2" s="2"><v>0.9876</v></c><c r="F2" t="b"><v>1</v></c>
        <c r="G2" t="e"><v>#N/A</v></c><c r="H2" t="str"><f>A1&amp;"x"</f><v>算出 &lt;甲&gt;</v></c><c r="I2" s="3"><v>45096.5</v></c>
        <c r="J2"/><c r="K2" t="s"><v>2</v></c></row>"#;
    let head = words(1, "名称 网格数 系数 日期 比率 达标 错误 公式 时刻 空 举措");
    check(
        &xlsx(&[("Sheet1", "", &(head + row))]),
        &[
            "名称 网格数 系数 日期 比率 达标 错误 公式 时刻 空 举措",
            "名称：示例县；网格数：120；系数：0.3；日期：2023-06-19；比率：98.8%；达标：TRUE；公式：算出 <甲>；时刻：2023-06-19 12:00；举措：网格化管理",
        ],
    );
}

/// A sheet that names its remarks, and other parts.
fn with_remarks(others: &[(&str, &str)]) -> Vec<u8> {
    let list = r#"<Relationships><Relationship Id="a" Type="http://x/comments" Target="../comments1.xml"/><Relationship Id="b" Type="http://x/2017/threadedComment" Target="../threads1.xml"/>
        <Relationship Id="c" Type="http://x/drawing" Target="/xl/drawings/drawing1.xml"/><Relationship Id="d" Type="http://x/vmlDrawing" Target="../comments1.xml"/></Relationships>"#;
    let others = [&[("xl/worksheets/_rels/sheet2.xml.rels", list)], others].concat();
    let hidden = ("藏", r#"state="hidden""#, words(1, "甲 乙"));
    let rows = words(1, "县 网格") + &words(2, "云岭县 9");
    xlsx_with(&[(hidden.0, hidden.1, &hidden.2), ("Sheet2", "", &rows)], &others)
}

#[test]
fn comments_and_text_boxes_stand_behind_the_rows() {
    let comments = r#"<comments><authors><author>甲</author></authors><commentList>
        <comment ref="B2"><text><r><rPr><b/></rPr><t>含撤并</t></r><r><t xml:space="preserve">的网格</t></r><rPh><t>han</t></rPh></text></comment>
        <comment ref="A1"><text><t>旧版请升级</t></text></comment><comment ref="A2"><text/></comment></commentList></comments>"#;
    let threads = r#"<ThreadedComments><threadedComment ref="A1"><text>按乡镇统计</text></threadedComment>
        <threadedComment ref="A1"><text>已核对</text><mentions/></threadedComment></ThreadedComments>"#;
    let shape = |text: &str, hidden: &str| {
        format!(
            r#"<xdr:sp><xdr:nvSpPr><xdr:cNvPr name="框" descr="图" {hidden}/></xdr:nvSpPr><xdr:txBody><a:bodyPr/><a:p><a:r><a:t>{text}</a:t></a:r></a:p><a:p/></xdr:txBody></xdr:sp>"#
        )
    };
    let drawing = format!(
        r#"<xdr:wsDr><xdr:twoCellAnchor><xdr:from><xdr:col>0</xdr:col><xdr:row>7</xdr:row></xdr:from><xdr:to><xdr:row>9</xdr:row></xdr:to><xdr:grpSp>{}{}</xdr:grpSp></xdr:twoCellAnchor>
        <xdr:oneCellAnchor><xdr:from><xdr:row>1</xdr:row></xdr:from><mc:AlternateContent><mc:Choice/><mc:Fallback>{}</mc:Fallback></mc:AlternateContent><xdr:pic><xdr:cNvPr descr="照片"/></xdr:pic></xdr:oneCellAnchor></xdr:wsDr>"#,
        shape("数据截至年底。", ""),
        shape("隐", r#"hidden="1""#),
        shape("单位：个", ""),
    );
    let parts = [
        ("xl/comments1.xml", comments),
        ("xl/threads1.xml", threads),
        ("xl/drawings/drawing1.xml", &drawing),
    ];
    let extracted = check(
        &with_remarks(&parts),
        &[
            "县 网格",
            "县：云岭县；网格：9",
            "按乡镇统计",
            "已核对",
            "含撤并的网格",
            "单位：个",
            "数据截至年底。",
        ],
    );
    let places: Vec<_> = extracted.blocks.iter().map(|it| (it.number, it.role)).collect();
    let (row, body) = (Some(Role::Row), Some(Role::Body));
    let expected = [(1, row), (2, row), (1, body), (1, body), (2, body), (2, body), (8, body)];
    assert_eq!(places, expected);
    assert!(extracted.blocks.iter().all(|it| it.page == Some((2, 2))));
}

#[test]
fn remarks_that_cannot_be_read_are_noted() {
    let parts = [("xl/comments1.xml", "<comments><commentList>"), ("xl/threads1.xml", "")];
    let extracted = check(&with_remarks(&parts), &["县 网格", "县：云岭县；网格：9"]);
    let codes: Vec<_> = extracted.notes.iter().map(|note| note.code.as_str()).collect();
    assert_eq!(codes, ["part-unread", "hidden-sheets"]);
}

#[test]
fn formulas_without_a_result_are_counted() {
    let row = r#"<row r="2"><c r="A2" t="s"><v>1</v></c><c r="B2"><f>1+1</f></c><c r="C2"><f>1+2</f><v>3</v></c><c r="D2"/></row>
        <row r="3"><c r="A3" t="s"><v>1</v></c><c r="B3"><v>1</v></c><c r="C3"><f>1+1</f></c></row>"#;
    let extracted = check(
        &xlsx(&[("Sheet1", "", &(words(1, "名称 甲 乙") + row))]),
        &["名称 甲 乙", "名称：示例县；乙：3", "名称：示例县；甲：1"],
    );
    assert_eq!(extracted.notes, [Note::new("formulas-unread", "2")]);
    let cells = r#"<table:table-row><table:table-cell><text:p>甲</text:p></table:table-cell>
        <table:table-cell table:formula="of:=1+1" table:number-columns-repeated="2"/>
        <table:table-cell table:formula="of:=&quot;&quot;" office:value-type="string" office:string-value=""/>
        <table:table-cell table:formula="of:=1+2" office:value-type="float" office:value="3"/></table:table-row>"#;
    let extracted = check(&ods(&content(cells)), &["甲 3"]);
    assert_eq!(
        extracted.notes,
        [Note::new("hidden-sheets", "1"), Note::new("formulas-unread", "2")]
    );
}

#[test]
fn two_tables_on_a_sheet_have_names_of_their_own() {
    let first =
        words(1, "表1_网格") + &words(2, "乡镇 网格数") + &words(3, "甲乡 8") + &words(4, "乙乡 3");
    let second =
        words(6, "表2_经费") + &words(7, "乡镇 经费") + &words(8, "甲乡 50") + &words(9, "乙乡 60");
    let extracted = check(
        &xlsx(&[("Sheet1", "", &(first + &second))]),
        &[
            "表1_网格",
            "乡镇 网格数",
            "乡镇：甲乡；网格数：8",
            "乡镇：乙乡；网格数：3",
            "表2_经费",
            "乡镇 经费",
            "乡镇：甲乡；经费：50",
            "乡镇：乙乡；经费：60",
        ],
    );
    let numbers: Vec<usize> = extracted.blocks.iter().map(|block| block.number).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 6, 7, 8, 9]);
}

#[test]
fn blocks_know_their_sheet_row_and_role() {
    let first = words(3, "示例市基层治理情况")
        + &words(5, "县 数")
        + &words(6, "甲县 一")
        + &words(9, "乙县 二");
    let book = xlsx(&[
        ("Sheet1", "", &first),
        ("草稿", "state=\"hidden\"", &words(1, "不给人看")),
        ("空表", "", ""),
        ("附表", "", &words(1, "一段文字")),
        ("名单", "", &(words(1, "一、甲县") + &words(2, "二、乙县"))),
    ]);
    let extracted = check(
        &book,
        &[
            "示例市基层治理情况",
            "县 数",
            "县：甲县；数：一",
            "县：乙县；数：二",
            "附表",
            "一段文字",
            "名单",
            "一、甲县",
            "二、乙县",
        ],
    );
    let blocks: Vec<_> = extracted
        .blocks
        .iter()
        .map(|block| (block.number, block.page.unwrap().0, block.role))
        .collect();
    let row = Some(Role::Row);
    assert_eq!(
        blocks,
        [
            (3, 1, None),
            (5, 1, row),
            (6, 1, row),
            (9, 1, row),
            (1, 4, Some(Role::Heading(1))),
            (1, 4, None),
            (1, 5, Some(Role::Heading(1))),
            (1, 5, row),
            (2, 5, row),
        ]
    );
    assert_eq!(extracted.notes, [Note::new("hidden-sheets", "1")]);
}

#[test]
fn merged_cells_combine_names_and_reach_the_rows_below() {
    let rows = words(1, "示例市情况表")
        + &words(2, "市 县 网格 -")
        + &words(3, "- - 专职 兼职")
        + &words(4, "示例市 甲县 一 二")
        + &words(5, "- 乙县 三 四")
        + &words(6, "合计 - - 十")
        + r#"</sheetData><mergeCells><mergeCell ref="A1:D1"/><mergeCell ref="A2:A3"/><mergeCell ref="B2:B3"/><mergeCell ref="C2:D2"/><mergeCell ref="A4:A5"/><mergeCell ref="A6:C6"/></mergeCells>"#;
    check(
        &xlsx(&[("Sheet1", "", &rows)]),
        &[
            "示例市情况表",
            "市 县 网格",
            "专职 兼职",
            "市：示例市；县：甲县；网格·专职：一；网格·兼职：二",
            "市：示例市；县：乙县；网格·专职：三；网格·兼职：四",
            "合计；网格·兼职：十",
        ],
    );
}

#[test]
fn what_stands_merged_over_the_first_table_is_the_title() {
    let title = |first: &str, merged: &str| {
        let rows = words(1, first) + &words(2, "村名 茶园 产量") + &words(3, "河湾村 320 41");
        let rows = format!("{rows}</sheetData>{merged}");
        extract(&xlsx(&[("项目", "", &rows)]), &Limits::default()).unwrap().metadata.title
    };
    let merged = r#"<mergeCells><mergeCell ref="A1:C1"/></mergeCells>"#;
    let own = "河湾乡茶园面积和产量表";
    assert_eq!(title(own, merged).as_deref(), Some(own));
    assert_eq!(title(own, ""), None);
    assert_eq!(title("附件1", merged), None);
    assert_eq!(title("填报单位：河湾乡", merged), None);
}

#[test]
fn a_far_cell_costs_nothing() {
    let rows = words(1, "甲 乙") + r#"<row r="1048576"><c r="XFD1048576" t="s"><v>1</v></c></row>"#;
    let extracted = check(&xlsx(&[("Sheet1", "", &rows)]), &["甲 乙", "示例县"]);
    assert_eq!(extracted.blocks[1].number, 1_048_576);
}

#[test]
fn what_unpacks_to_too_much_is_refused() {
    let limits = Limits { unpacked_bytes_max: 20_000, ..Limits::default() };
    let found = |book: &[u8], limits: &Limits| match extract(book, limits).unwrap_err() {
        ExtractError::OverLimit(over) => over.limit,
        error => panic!("{error}"),
    };
    // As declared.
    let rows: String = (1..400).map(|row| words(row, "甲 乙")).collect();
    assert_eq!(found(&xlsx(&[("Sheet1", "", &rows)]), &limits), LimitName::UnpackedBytes);
    // By names repeated in every row.
    let name = "网".repeat(39);
    let rows = words(1, &format!("{name}甲 {name}乙 {name}丙 {name}丁"))
        + &(2..60).map(|row| format!("<row r=\"{row}\"><c><v>1</v></c><c><v>2</v></c><c><v>3</v></c><c><v>4</v></c></row>")).collect::<String>();
    let book = xlsx(&[("Sheet1", "", &rows)]);
    assert_eq!(found(&book, &limits), LimitName::UnpackedBytes);
    assert!(extract(&book, &Limits::default()).is_ok());
    let blank = format!(
        "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>{}</t></is></c></row>",
        " ".repeat(3 << 20)
    );
    assert_eq!(found(&xlsx(&[("Sheet1", "", &blank)]), &Limits::default()), LimitName::Ratio);
    let few = Limits { members_max: 3, ..Limits::default() };
    assert_eq!(found(&book, &few), LimitName::Members);
}

#[test]
fn a_directory_that_lies_about_sizes_is_damaged() {
    let mut book = xlsx(&[("Sheet1", "", &words(1, "甲 乙"))]);
    // The uncompressed size stands 24 bytes behind the mark of an entry in the directory.
    let mark = book.windows(4).position(|bytes| bytes == b"PK\x01\x02").unwrap();
    book[mark + 24..mark + 28].copy_from_slice(&10_u32.to_le_bytes());
    let error = extract(&book, &Limits::default()).unwrap_err();
    assert!(matches!(error, ExtractError::Damaged { .. }), "{error}");
}

#[test]
fn what_is_no_workbook_is_named() {
    let message = |bytes: &[u8]| extract(bytes, &Limits::default()).unwrap_err().to_string();
    assert_eq!(message(b"<html>"), "damaged sheet: neither a zip file nor a compound file");
    assert_eq!(
        message(&packed(&[("xl/workbook.bin", "")])),
        "a binary workbook (XLSB) is not read"
    );
    assert!(message(&packed(&[("a.txt", "")])).starts_with("damaged sheet: "));
    assert!(message(b"PK\x03\x04").starts_with("damaged sheet: "));
    let whole = xlsx(&[("Sheet1", "", &words(1, "甲 乙"))]);
    assert!(message(&whole[..whole.len() / 2]).starts_with("damaged sheet: "));
    assert!(message(OLE).starts_with("damaged sheet: "));
}

#[test]
fn any_damage_gives_an_answer() {
    let rows = words(1, "县 数")
        + &words(2, "甲县 一")
        + r#"</sheetData><mergeCells><mergeCell ref="A1:B1"/></mergeCells>"#;
    let books = [
        xlsx(&[("Sheet1", "", &rows)]),
        ods(&content(
            "<table:table-row><table:table-cell><text:p>甲</text:p></table:table-cell></table:table-row>",
        )),
    ];
    for book in books {
        for at in (0..book.len()).step_by(7) {
            let mut hurt = book.clone();
            hurt[at] ^= 0x55;
            if let Ok(extracted) = extract(&hurt, &Limits::default()) {
                assert!(extracted.text.len() < 1000);
            }
        }
    }
}

fn ods(content: &str) -> Vec<u8> {
    packed(&[
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", content),
        ("META-INF/manifest.xml", "<manifest:manifest/>"),
    ])
}

fn content(rows: &str) -> String {
    format!(
        "<office:document-content><office:automatic-styles><style:style style:name=\"ta2\" style:family=\"table\"><style:table-properties table:display=\"false\"/></style:style></office:automatic-styles><office:body><office:spreadsheet><table:table table:name=\"Sheet1\" table:style-name=\"ta1\"><table:table-column/>{rows}</table:table><table:table table:name=\"藏\" table:style-name=\"ta2\"><table:table-row><table:table-cell><text:p>不给人看</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
    )
}

#[test]
fn open_document_sheets_give_what_they_show() {
    let rows = r##"<table:table-header-rows><table:table-row><table:table-cell office:value-type="string"><text:p>县</text:p></table:table-cell>
        <table:table-cell office:value-type="string" table:number-columns-spanned="2"><text:p>网<text:span>格</text:span></text:p></table:table-cell><table:covered-table-cell/>
        <table:table-cell><text:p>日期</text:p></table:table-cell><table:table-cell table:number-columns-repeated="16000"/></table:table-row></table:table-header-rows>
        <table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>
        <table:table-row><table:table-cell><office:annotation><text:p>批注</text:p></office:annotation><text:p>甲&amp;乙县</text:p><text:p>第二段</text:p></table:table-cell>
        <table:table-cell office:value-type="percentage" office:value="0.5"><text:p>50%</text:p></table:table-cell>
        <table:table-cell office:value-type="float" office:value="3"/>
        <table:table-cell office:value-type="date" office:date-value="2023-06-19"><text:p>19/06/23</text:p></table:table-cell>
        <table:table-cell calcext:value-type="error"><text:p>#N/A</text:p></table:table-cell></table:table-row>
        <table:table-row table:number-rows-repeated="2"><table:table-cell><text:p>丙县</text:p></table:table-cell><table:table-cell table:number-columns-repeated="2"><text:p>一</text:p></table:table-cell></table:table-row>
        <table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>"##;
    let extracted = check(
        &ods(&content(rows)),
        &[
            "县 网格 日期",
            "县：甲&乙县 第二段；网格：50%；网格：3；日期：2023-06-19",
            "县：丙县；网格：一；网格：一",
            "县：丙县；网格：一；网格：一",
        ],
    );
    let numbers: Vec<usize> = extracted.blocks.iter().map(|block| block.number).collect();
    assert_eq!(numbers, [1, 4, 5, 6]);
    assert_eq!(extracted.notes, [Note::new("hidden-sheets", "1")]);
}

#[test]
fn repeated_cells_count_towards_the_limit() {
    let rows = r#"<table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384"><text:p>网</text:p></table:table-cell></table:table-row>"#;
    let limits = Limits { unpacked_bytes_max: 1 << 20, ..Limits::default() };
    let error = extract(&ods(&content(rows)), &limits).unwrap_err();
    assert!(matches!(error, ExtractError::OverLimit(_)), "{error}");
}

#[test]
fn many_attributes_of_one_element_take_no_time_by_their_square() {
    let attributes: String = (0..100_000).map(|n| format!(" a{n}=\"\"")).collect();
    let row = format!(
        "<table:table-row><table:table-cell{attributes}><text:p>甲</text:p></table:table-cell></table:table-row>"
    );
    let limits = Limits { ratio_max: 10_000, ..Limits::default() };
    let start = Instant::now();
    assert_eq!(extract(&ods(&content(&row)), &limits).unwrap().text, "甲");
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}

#[test]
fn an_encrypted_open_document_is_named() {
    let book = packed(&[
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", "?"),
        ("META-INF/manifest.xml", "<manifest:encryption-data/>"),
    ]);
    let error = extract(&book, &Limits::default()).unwrap_err();
    assert_eq!(error, ExtractError::Encrypted { format: Format::Sheet });
}
