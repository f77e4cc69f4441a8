//! OpenDocument texts written here, element by element.

use super::*;
use crate::ingest::Role;
use crate::ingest::extract::office::package::tests::zipped;
use proptest::prelude::*;
use proptest::sample::Index;

const AUTOMATIC: &str = r#"<office:automatic-styles>
    <style:style style:name="P1" style:family="paragraph" style:parent-style-name="Title"/>
    <style:style style:name="P2" style:family="paragraph" style:parent-style-name="Table"/>
    <style:style style:name="P3" style:family="paragraph" style:parent-style-name="Second"/>
    <style:style style:name="P4" style:family="paragraph"><style:text-properties text:display="none"/></style:style>
    <style:style style:name="T1" style:family="text"><style:text-properties text:display="none"/></style:style>
    <text:list-style style:name="L1">
      <text:list-level-style-number text:level="1" style:num-suffix="、" style:num-format="一, 二, 三, ..."/>
      <text:list-level-style-number text:level="2" loext:num-list-format="（%2%）" style:num-format="一, 二, 三, ..."/>
      <text:list-level-style-number text:level="3" style:num-suffix="." text:display-levels="2" style:num-format="1" text:start-value="5">
        <style:list-level-properties><style:list-level-label-alignment text:label-followed-by="nothing"/></style:list-level-properties>
      </text:list-level-style-number>
    </text:list-style>
    <text:list-style style:name="L2"><text:list-level-style-bullet text:level="1" text:bullet-char="●"/></text:list-style>
    </office:automatic-styles>"#;

const STYLES: &str = r#"<office:document-styles><office:styles>
    <style:style style:name="Standard" style:family="paragraph"/>
    <style:style style:name="Title" style:family="paragraph" style:parent-style-name="Heading"/>
    <style:style style:name="Caption" style:family="paragraph"/>
    <style:style style:name="Table" style:family="paragraph" style:parent-style-name="Caption"/>
    <style:style style:name="Second" style:display-name="第二级" style:family="paragraph" style:default-outline-level="2"/>
    <text:outline-style><text:outline-level-style text:level="1" style:num-format=""/>
      <text:outline-level-style text:level="2" style:num-prefix="第" style:num-suffix="章" style:num-format="1"/></text:outline-style>
    </office:styles>
    <office:automatic-styles><style:style style:name="P1"><style:text-properties text:display="none"/></style:style></office:automatic-styles>
    <office:master-styles><style:master-page>
      <style:header><text:p text:style-name="P1">简报</text:p></style:header>
      <style:header-left style:display="false"><text:p>不显</text:p></style:header-left>
      <style:footer><text:p>第 <text:page-number>1</text:page-number> 页</text:p></style:footer>
    </style:master-page><style:master-page><style:header><text:p>简报</text:p></style:header></style:master-page></office:master-styles>
    </office:document-styles>"#;

fn content(body: &str) -> String {
    format!(
        "<office:document-content>{AUTOMATIC}<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
}

fn read(members: &[(&str, &str)]) -> Result<Extracted, ExtractError> {
    let members: Vec<_> = members.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    extract(&zipped(&members), &Limits::default())
}

#[track_caller]
fn check_roles(body: &str, expected: &[(&str, Option<Role>)]) {
    let extracted = read(&[("content.xml", &content(body)), ("styles.xml", STYLES)]).unwrap();
    let heads = [("简报", Some(Role::RunningHead)), ("第 1 页", Some(Role::RunningHead))];
    let expected: Vec<_> = expected.iter().chain(&heads).copied().collect();
    let text = |block: &crate::ingest::Block| extracted.text.get(block.span.range()).unwrap();
    let blocks: Vec<_> = extracted.blocks.iter().map(|block| (text(block), block.role)).collect();
    assert_eq!(blocks, expected);
}

/// Blocks without a role.
#[track_caller]
fn check(body: &str, expected: &[&str]) {
    let expected: Vec<_> = expected.iter().map(|text| (*text, None)).collect();
    check_roles(body, &expected);
}

#[test]
fn text_stands_in_paragraphs_whatever_is_inside_them() {
    check(
        "<text:p>网格<text:span text:style-name=\"T9\">化</text:span><text:bookmark text:name=\"b\"/> \n  <text:a>链&amp;接</text:a><text:new>。</text:new></text:p>\
         <text:section><text:p>节</text:p></text:section>",
        &["网格化 链&接。", "节"],
    );
}

#[test]
fn spaces_tabs_and_breaks_become_characters() {
    check(
        "<text:p><text:tab/>甲<text:s text:c=\"1000000\"/>乙<text:tab/>丙<text:line-break/>丁<text:soft-page-break/>戊</text:p>",
        &["甲 乙 丙\n丁戊"],
    );
}

#[test]
fn what_is_no_text_is_left_out() {
    check(
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>删</text:p></text:deletion></text:changed-region></text:tracked-changes>\
         <office:forms><form:textarea><text:p>表</text:p></form:textarea></office:forms>\
         <text:p>甲<office:annotation><dc:creator>某</dc:creator><text:p>注</text:p></office:annotation><text:ruby><text:ruby-base>区</text:ruby-base><text:ruby-text>qū</text:ruby-text></text:ruby>\
         <text:span text:style-name=\"T1\">隐</text:span><text:hidden-text>隐</text:hidden-text><text:placeholder>填</text:placeholder></text:p>\
         <text:p text:style-name=\"P4\">隐段</text:p><text:section text:display=\"none\"><text:p>隐节</text:p></text:section>",
        &["甲区"],
    );
}

#[test]
fn a_text_box_is_read_once_after_its_paragraph() {
    check(
        "<text:p>前<draw:frame><draw:text-box><text:p>框中</text:p></draw:text-box><svg:title>图</svg:title><svg:desc>描述</svg:desc></draw:frame>后\
         <draw:custom-shape><text:p>形</text:p></draw:custom-shape></text:p><draw:frame><draw:text-box><text:p>页上</text:p></draw:text-box></draw:frame>",
        &["前后", "框中", "形", "页上"],
    );
}

#[test]
fn all_traps_together_give_what_the_page_shows() {
    check_roles(
        "<text:tracked-changes><text:p>停</text:p></text:tracked-changes><text:p>云岭县把夜<text:span>校</text:span><text:change text:change-id=\"c\"/>办到村口，全县<text:ruby><text:ruby-base>区</text:ruby-base><text:ruby-text>qū</text:ruby-text></text:ruby><text:a>划为网格</text:a>\
         <draw:frame><draw:text-box><text:p>框中</text:p></draw:text-box></draw:frame>，共<text:expression>120</text:expression>个<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>截至年底。</text:p></text:note-body></text:note>。<text:line-break/>下一行<text:tab/>完</text:p>\
         <table:table><table:table-row><table:table-cell><text:p>镇</text:p></table:table-cell><table:table-cell><text:p>场</text:p><text:p>次</text:p></table:table-cell></table:table-row></table:table>",
        &[
            ("云岭县把夜校办到村口，全县区划为网格，共120个。\n下一行 完", None),
            ("框中", None),
            ("镇 场 次", Some(Role::Row)),
            ("截至年底。", Some(Role::Body)),
        ],
    );
}

#[test]
fn headings_and_styles_say_what_a_paragraph_is() {
    check_roles(
        "<text:p text:style-name=\"P1\">标题</text:p><text:h text:outline-level=\"1\">一级</text:h><text:h text:outline-level=\"2\">二级</text:h>\
         <text:h text:outline-level=\"2\" text:is-list-header=\"true\">无号</text:h><text:h text:outline-level=\"2\">又一</text:h>\
         <text:p text:style-name=\"P2\">表1</text:p><text:p text:style-name=\"P3\">样式</text:p><text:p text:style-name=\"Contents_20_1\">目</text:p>",
        &[
            ("标题", Some(Role::Heading(1))),
            ("一级", Some(Role::Heading(1))),
            ("第1章 二级", Some(Role::Heading(2))),
            ("无号", Some(Role::Heading(2))),
            ("第2章 又一", Some(Role::Heading(2))),
            ("表1", Some(Role::Caption)),
            ("样式", Some(Role::Heading(2))),
            ("目", Some(Role::RunningHead)),
        ],
    );
}

#[test]
fn automatic_numbers_are_written() {
    let item = |text: &str| format!("<text:list-item><text:p>{text}</text:p></text:list-item>");
    let inner = |text: &str| {
        format!("<text:list-item><text:list>{}</text:list></text:list-item>", item(text))
    };
    let list = |more: &str, items: &str| {
        format!("<text:list text:style-name=\"L1\" {more}>{items}</text:list>")
    };
    let body = list(
        "",
        &(item("要求") + &inner("目标") + &inner("原则") + &item("保障") + &inner("组织")),
    ) + "<text:p>正文</text:p>"
        + &list("text:continue-numbering=\"true\"", &item("再"))
        + &list(
            "",
            &(inner("").replace("<text:p></text:p>", "<text:p>深</text:p>")
                + "<text:list-header><text:p>无号</text:p></text:list-header>"
                + "<text:list-item text:start-value=\"7\"><text:p>七</text:p><text:p>续</text:p></text:list-item>"),
        );
    check(
        &body,
        &[
            "一、要求",
            "（一）目标",
            "（二）原则",
            "二、保障",
            "（一）组织",
            "正文",
            "三、再",
            "（一）深",
            "无号",
            "七、七",
            "续",
        ],
    );
    let third = list(
        "",
        &format!("<text:list-item><text:list>{}</text:list></text:list-item>", inner("细")),
    );
    check(&third, &["一.5.细"]);
}

#[test]
fn an_item_with_a_bullet_is_no_heading() {
    let list = "<text:list text:style-name=\"L2\"><text:list-item><text:p>点</text:p><text:p>续</text:p></text:list-item></text:list>";
    check_roles(list, &[("点", Some(Role::Body)), ("续", None)]);
}

#[test]
fn a_table_of_contents_is_kept_but_is_no_text() {
    check_roles(
        "<text:table-of-content><text:table-of-content-source><text:index-title-template>模板</text:index-title-template></text:table-of-content-source>\
         <text:index-body><text:index-title><text:p>目录</text:p></text:index-title><text:p>一章</text:p></text:index-body></text:table-of-content><text:p>正文</text:p>",
        &[("目录", Some(Role::RunningHead)), ("一章", Some(Role::RunningHead)), ("正文", None)],
    );
}

#[test]
fn a_row_of_a_table_is_one_block_and_repeats_are_written_once() {
    let cell = |more: &str, text: &str| {
        format!("<table:table-cell {more}><text:p>{text}</text:p></table:table-cell>")
    };
    let body = format!(
        "<table:table><table:table-column table:number-columns-repeated=\"1000000\"/><table:table-header-rows><table:table-row>{}{}</table:table-row></table:table-header-rows>\
         <table:table-row table:number-rows-repeated=\"1000000\">{}<table:covered-table-cell><text:p>盖</text:p></table:covered-table-cell>{}</table:table-row></table:table>",
        cell("", "县"),
        cell("", "网格"),
        cell("table:number-columns-repeated=\"1000000\"", "示例县"),
        cell("", "120"),
    );
    check_roles(&body, &[("县 网格", Some(Role::Row)), ("示例县 120", Some(Role::Row))]);
}

#[test]
fn notes_stand_at_the_end() {
    check_roles(
        "<text:p>正文<text:note text:note-class=\"footnote\"><text:note-citation>1</text:note-citation><text:note-body><text:p>脚注</text:p></text:note-body></text:note>。</text:p><text:p>下段</text:p>",
        &[("正文。", None), ("下段", None), ("脚注", Some(Role::Body))],
    );
}

#[test]
fn a_title_is_believed_when_the_text_says_the_same() {
    let meta = "<office:document-meta><office:meta><meta:generator>某</meta:generator><dc:title>云岭县办夜校</dc:title></office:meta></office:document-meta>";
    let title = |text: &str| {
        let content = content(&format!("<text:p>{text}</text:p>"));
        read(&[("content.xml", &content), ("meta.xml", meta)]).unwrap().metadata.title
    };
    assert_eq!(title("云岭县办夜校").as_deref(), Some("云岭县办夜校"));
    assert_eq!(title("别的"), None);
}

#[test]
fn a_file_that_is_none_or_has_a_password_says_so() {
    let message = |members: &[(&str, &str)]| read(members).unwrap_err().to_string();
    let manifest = "<manifest:manifest><manifest:file-entry/><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>";
    assert!(
        message(&[("content.xml", "x"), ("META-INF/manifest.xml", manifest)])
            .starts_with("encrypted odt")
    );
    assert!(message(&[("encrypted-package", "x")]).starts_with("encrypted odt"));
    assert_eq!(message(&[("styles.xml", STYLES)]), "damaged odt: it has no content.xml");
    assert!(message(&[("content.xml", "<a><b></a>")]).starts_with("damaged odt: content.xml: "));
    let noted =
        read(&[("content.xml", &content("<text:p>甲</text:p>")), ("styles.xml", "<a>")]).unwrap();
    assert_eq!((noted.text.as_str(), noted.notes.len()), ("甲", 1));
}

#[test]
fn hostile_files_are_refused() {
    let laughs = "<!DOCTYPE a [<!ENTITY a \"哈\">]><office:document-content><office:body><text:p>&a;</text:p></office:body></office:document-content>";
    assert!(read(&[("content.xml", laughs)]).unwrap_err().to_string().contains("document type"));
    for element in [
        "p",
        "list",
        "list-item",
        "table",
        "span",
        "frame",
        "note",
        "section",
        "table-of-content",
        "index-body",
        "any",
    ] {
        let deep = format!("<a><body>{}", format!("<text:{element}>").repeat(5_000));
        let error = read(&[("content.xml", &deep)]).unwrap_err();
        assert!(error.to_string().contains("256 elements"), "{element}: {error}");
    }
    let styles = "<a><master-styles>".to_owned() + &"<master-page>".repeat(5_000);
    assert_eq!(
        read(&[("content.xml", &content("<text:p>甲</text:p>")), ("styles.xml", &styles)])
            .unwrap()
            .text,
        "甲"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn damaged_xml_gives_text_or_an_error(at: Index, piece in "[<>/&;\"=:a-z ]{0,6}") {
        let mut damaged = content("<text:list text:style-name=\"L1\"><text:list-item><text:p>甲&amp;</text:p></text:list-item></text:list><table:table><table:table-row/></table:table>");
        let places: Vec<usize> = damaged.char_indices().map(|(place, _)| place).collect();
        damaged.insert_str(*at.get(&places), &piece);
        drop(read(&[("content.xml", &damaged), ("styles.xml", STYLES)]));
    }
}
