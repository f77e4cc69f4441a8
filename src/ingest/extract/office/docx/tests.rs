//! Word documents written here, element by element.

use super::*;
use crate::ingest::Role;
use crate::ingest::extract::office::package::tests::zipped;
use crate::ingest::limits::OverLimit;
use proptest::prelude::*;
use proptest::sample::Index;

const STYLES: &str = r#"<w:styles xmlns:w="w">
    <w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>
    <w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/><w:basedOn w:val="a"/>
      <w:pPr><w:numPr><w:numId w:val="3"/></w:numPr><w:outlineLvl w:val="0"/></w:pPr></w:style>
    <w:style w:type="paragraph" w:styleId="mine"><w:name w:val="公文标题"/><w:basedOn w:val="1"/></w:style>
    <w:style w:type="paragraph" w:styleId="not"><w:name w:val="heading 2"/><w:pPr><w:outlineLvl w:val="9"/></w:pPr></w:style>
    <w:style w:type="paragraph" w:styleId="loop"><w:name w:val="x"/><w:basedOn w:val="loop"/></w:style>
    <w:style w:type="paragraph" w:styleId="cap"><w:name w:val="caption"/></w:style>
    <w:style w:type="paragraph" w:styleId="t1"><w:name w:val="toc 1"/></w:style>
    <w:style w:type="character" w:styleId="ask"><w:name w:val="Placeholder Text"/></w:style>
    <w:style w:type="character" w:styleId="gone"><w:name w:val="Gone"/><w:rPr><w:vanish/></w:rPr></w:style>
    </w:styles>"#;

/// List 1: 一、（一）1. with a clause list 2 that starts at three; list 3 by style; list 4 bullets.
const NUMBERING: &str = r#"<w:numbering xmlns:w="w">
    <w:abstractNum w:abstractNumId="0">
      <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="%1、"/></w:lvl>
      <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/></w:lvl>
      <w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:isLgl/><w:lvlText w:val="%1.%3."/></w:lvl>
    </w:abstractNum>
    <w:abstractNum w:abstractNumId="1">
      <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="第%1条"/></w:lvl>
    </w:abstractNum>
    <w:abstractNum w:abstractNumId="2">
      <w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="●"/></w:lvl>
      <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/><w:pStyle w:val="mine"/><w:suff w:val="nothing"/><w:lvlText w:val="%2"/></w:lvl>
    </w:abstractNum>
    <w:abstractNum w:abstractNumId="4"><w:numStyleLink w:val="1"/></w:abstractNum>
    <w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
    <w:num w:numId="2"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="3"/></w:lvlOverride></w:num>
    <w:num w:numId="3"><w:abstractNumId w:val="2"/></w:num>
    <w:num w:numId="5"><w:abstractNumId w:val="1"/></w:num>
    <w:num w:numId="6"><w:abstractNumId w:val="4"/></w:num>
    </w:numbering>"#;

const RELATIONSHIPS: &str = r#"<Relationships xmlns="r">
    <Relationship Id="r1" Type="http://x/relationships/styles" Target="styles.xml"/>
    <Relationship Id="r2" Type="http://x/relationships/numbering" Target="/word/numbering.xml"/>
    <Relationship Id="r3" Type="http://x/relationships/footnotes" Target="footnotes.xml"/>
    <Relationship Id="r4" Type="http://x/relationships/endnotes" Target="../word/endnotes.xml"/>
    <Relationship Id="r5" Type="http://x/relationships/header" Target="header1.xml"/>
    <Relationship Id="r6" Type="http://x/relationships/header" Target="header2.xml"/>
    <Relationship Id="r7" Type="http://x/relationships/footer" Target="footer1.xml"/>
    <Relationship Id="r8" Type="http://x/relationships/aFChunk" Target="afchunk.mht"/>
    <Relationship Id="r9" Type="http://x/relationships/styles" Target="http://x/styles" TargetMode="External"/>
    </Relationships>"#;

fn document(body: &str) -> String {
    format!(r#"<?xml version="1.0"?><w:document xmlns:w="w"><w:body>{body}</w:body></w:document>"#)
}

fn file(body: &str, others: &[(&str, &str)]) -> Vec<u8> {
    let document = document(body);
    let mut members = vec![
        ("word/document.xml", document.as_bytes()),
        ("word/styles.xml", STYLES.as_bytes()),
        ("word/numbering.xml", NUMBERING.as_bytes()),
        ("word/_rels/document.xml.rels", RELATIONSHIPS.as_bytes()),
    ];
    members.extend(others.iter().map(|(name, text)| (*name, text.as_bytes())));
    zipped(&members)
}

fn read(bytes: &[u8]) -> Result<Extracted, ExtractError> {
    extract(bytes, &Limits::default())
}

/// The blocks as text and role.
fn blocks(extracted: &Extracted) -> Vec<(&str, Option<Role>)> {
    let text = |block: &crate::ingest::Block| extracted.text.get(block.span.range()).unwrap();
    extracted.blocks.iter().map(|block| (text(block), block.role)).collect()
}

#[track_caller]
fn check_file(body: &str, others: &[(&str, &str)], expected: &[(&str, Option<Role>)]) {
    assert_eq!(blocks(&read(&file(body, others)).unwrap()), expected);
}

/// Blocks without a role.
#[track_caller]
fn check(body: &str, expected: &[&str]) {
    let expected: Vec<_> = expected.iter().map(|text| (*text, None)).collect();
    check_file(body, &[], &expected);
}

/// A paragraph with properties.
fn p(properties: &str, text: &str) -> String {
    format!("<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>")
}

fn item(list: u8, level: u8, text: &str) -> String {
    p(&format!(r#"<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list}"/></w:numPr>"#), text)
}

#[test]
fn runs_of_a_word_are_joined() {
    check(
        "<w:p><w:r><w:t>网格</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>化</w:t></w:r></w:p>",
        &["网格化"],
    );
    check(
        r#"<w:p><w:hyperlink><w:r><w:t>链</w:t></w:r></w:hyperlink><w:smartTag><w:r><w:t>接</w:t></w:r></w:smartTag>
        <w:sdt><w:sdtContent><w:r><w:t xml:space="preserve"> 框 </w:t></w:r></w:sdtContent></w:sdt><w:r><w:t> 好&amp;多
        </w:t></w:r></w:p>"#,
        &["链接 框 好&多"],
    );
}

#[test]
fn of_changes_the_last_state_is_read() {
    check(
        "<w:p><w:del><w:r><w:delText>旧</w:delText><w:t>旧</w:t></w:r></w:del><w:ins><w:r><w:t>新</w:t></w:r></w:ins>\
         <w:moveFrom><w:r><w:t>从</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>到</w:t></w:r></w:moveTo></w:p>",
        &["新到"],
    );
    check(
        &(p("<w:rPr><w:del/></w:rPr>", "前半，") + &p("", "后半。") + &p("", "下一段")),
        &["前半，后半。", "下一段"],
    );
    check(&(p("", "甲") + &p("<w:rPr><w:del/></w:rPr>", "末")), &["甲", "末"]);
}

#[test]
fn readings_over_characters_are_left_out() {
    check(
        "<w:p><w:r><w:ruby><w:rubyPr/><w:rt><w:r><w:t>qū</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>区</w:t></w:r></w:rubyBase></w:ruby></w:r><w:r><w:t>划</w:t></w:r></w:p>",
        &["区划"],
    );
}

#[test]
fn a_text_box_is_read_once_after_its_paragraph() {
    let content = "<w:txbxContent><w:p><w:r><w:t>框中</w:t></w:r></w:p></w:txbxContent>";
    check(
        &format!(
            "<w:p><w:r><w:t>前</w:t></w:r><w:r><mc:AlternateContent><mc:Choice><w:drawing><wp:docPr descr=\"图\"/><a:t>名</a:t><wps:txbx>{content}</wps:txbx></w:drawing></mc:Choice>\
             <mc:Fallback><w:pict><v:textbox>{content}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r><w:r><w:t>后</w:t></w:r></w:p>"
        ),
        &["前后", "框中"],
    );
    check(
        &format!("<w:p><w:r><w:pict><v:textbox>{content}</v:textbox></w:pict></w:r></w:p>"),
        &["框中"],
    );
    check(
        "<w:p><w:r><w:object><v:shape/><o:OLEObject/><w:t>物</w:t></w:object><w:t>文</w:t></w:r></w:p>",
        &["文"],
    );
}

#[test]
fn codes_of_fields_are_left_out_and_results_kept() {
    let field = |result: &str| {
        format!(
            r#"<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DATE</w:instrText><w:t>码</w:t></w:r>
            <w:r><w:fldChar w:fldCharType="separate"/></w:r>{result}<w:r><w:fldChar w:fldCharType="end"/></w:r>"#
        )
    };
    let inner = field("<w:r><w:t>内</w:t></w:r>");
    check(
        &format!(
            "<w:p><w:fldSimple><w:r><w:t>二〇</w:t></w:r></w:fldSimple>{}<w:r><w:t>年</w:t></w:r></w:p>",
            field(&inner)
        ),
        &["二〇内年"],
    );
    check(
        r#"<w:p><w:r><w:fldChar w:fldCharType="begin"/><w:t>码</w:t></w:r></w:p><w:p><w:r><w:t>仍在</w:t></w:r></w:p>"#,
        &["仍在"],
    );
}

/// A field whose code comes in parts, without a result.
fn coded(parts: &[&str]) -> String {
    let parts: String =
        parts.iter().map(|it| format!("<w:r><w:instrText>{it}</w:instrText></w:r>")).collect();
    format!(
        r#"<w:r><w:fldChar w:fldCharType="begin"/></w:r>{parts}<w:r><w:fldChar w:fldCharType="end"/></w:r>"#
    )
}

#[test]
fn an_equation_shows_what_its_code_says() {
    let field = coded(&[r" EQ \* jc2 \o\ad(\s\up 9(", "yí", "),", "彝", ") "]);
    check(
        &format!("<w:p><w:r><w:t>云岭县</w:t></w:r>{field}<w:r><w:t>族</w:t></w:r></w:p>"),
        &["云岭县彝族"],
    );
    check(
        r#"<w:p><w:fldSimple w:instr=" eq \o\ac(○,甲)"/><w:r><w:t>组</w:t></w:r><w:fldSimple w:instr="EQ \f(1,2)"><w:r><w:t>半</w:t></w:r></w:fldSimple></w:p>"#,
        &["甲组半"],
    );
    // One inside another, and others that show nothing.
    let inner = coded(&[r"EQ \f(1,2)"]);
    let outer = format!(
        r#"<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>EQ \o\ac(□,</w:instrText></w:r>{inner}<w:r><w:instrText>)</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>"#
    );
    check(
        &format!("<w:p>{outer}{}{}<w:r><w:t>完</w:t></w:r></w:p>", coded(&["ADVANCE"]), coded(&[])),
        &["1/2完"],
    );
    let hidden = r"<w:r><w:rPr><w:vanish/></w:rPr><w:instrText>EQ \l(甲)</w:instrText></w:r>";
    check(
        &format!(
            r#"<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>{hidden}<w:r><w:fldChar w:fldCharType="end"/><w:t>乙</w:t></w:r></w:p>"#
        ),
        &["乙"],
    );
}

#[test]
fn of_several_forms_the_first_with_text_is_read() {
    let content = "<w:txbxContent><w:p><w:r><w:t>框中</w:t></w:r></w:p></w:txbxContent>";
    let forms = |forms: &str| {
        format!(
            "<w:p><w:r><w:t>前</w:t><mc:AlternateContent>{forms}</mc:AlternateContent></w:r></w:p>"
        )
    };
    check(
        &forms(&format!(
            "<mc:Choice/><mc:Choice><w:drawing/></mc:Choice><mc:Fallback><w:pict>{content}</w:pict></mc:Fallback>"
        )),
        &["前", "框中"],
    );
    check(
        &forms(
            "<mc:Choice><w:t>新</w:t></mc:Choice><mc:Choice><w:t>旧</w:t></mc:Choice><mc:Fallback><w:t>旧</w:t></mc:Fallback>",
        ),
        &["前新"],
    );
    check(
        &forms(
            "<mc:Choice><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r></mc:Choice><mc:Fallback><w:t>隐</w:t></mc:Fallback>",
        ),
        &["前"],
    );
}

#[test]
fn words_drawn_as_a_shape_are_read() {
    let shape = |path: &str| {
        format!("<w:p><w:r><w:pict><v:shape><v:path/>{path}</v:shape></w:pict></w:r></w:p>")
    };
    check(&shape(r#"<v:textpath on="t" style="x" string="工作&amp;简报"/>"#), &["工作&简报"]);
    check(
        &shape(r#"<v:textpath on="f" string="没有"/><v:textpath string=" "/><v:textpath/>"#),
        &[],
    );
}

#[test]
fn a_graphic_is_read_once_where_it_stands() {
    let point = |kind: &str, set: &str, text: &str| {
        format!(
            r#"<dgm:pt type="{kind}"><dgm:prSet {set}/><dgm:spPr/><dgm:t><a:bodyPr/><a:p><a:r><a:rPr/><a:t>{text}</a:t></a:r><a:r><a:t>落实</a:t></a:r></a:p></dgm:t></dgm:pt>"#
        )
    };
    let data = format!(
        "<dgm:dataModel><dgm:ptLst>{}{}<dgm:pt/></dgm:ptLst><dgm:cxnLst><dgm:cxn><a:p/></dgm:cxn></dgm:cxnLst></dgm:dataModel>",
        point("node", r#"phldrT="[文本]""#, "党委"),
        point("node", r#"phldr="1""#, "输入"),
    );
    let relations = r#"<Relationships><Relationship Id="d1" Type="http://x/diagramData" Target="diagrams/data1.xml"/><Relationship Id="d2" Type="http://x/diagramData" Target="diagrams/none.xml"/></Relationships>"#;
    let document = document(
        r#"<w:p><w:r><w:drawing><a:graphicData><dgm:relIds r:dm="d1" r:lo="d2"/></a:graphicData></w:drawing></w:r></w:p>
        <w:p><w:r><w:t>后</w:t><w:drawing><dgm:relIds r:dm="d1"/><dgm:relIds r:dm="d2"/></w:drawing></w:r></w:p>"#,
    );
    let bytes = zipped(&[
        ("word/document.xml", document.as_bytes()),
        ("word/_rels/document.xml.rels", relations.as_bytes()),
        ("word/diagrams/data1.xml", data.as_bytes()),
    ]);
    assert_eq!(blocks(&read(&bytes).unwrap()), [("党委落实", None), ("后", None)]);
}

#[test]
fn breaks_tabs_and_signs_become_characters() {
    check(
        r#"<w:p><w:r><w:t>甲</w:t><w:br/><w:t>乙</w:t><w:cr/><w:t>丙</w:t><w:br w:type="page"/></w:r></w:p>"#,
        &["甲\n乙\n丙"],
    );
    check(
        r#"<w:p><w:r><w:tab/><w:t>甲</w:t><w:tab/><w:t>2</w:t><w:noBreakHyphen/><w:t>3</w:t><w:softHyphen/><w:t>4</w:t>
        <w:sym w:font="Wingdings" w:char="F0FE"/><w:sym w:font="Wingdings" w:char="F04A"/><w:sym w:font="宋体" w:char="2460"/></w:r></w:p>"#,
        &["甲 2-34☑①"],
    );
}

#[test]
fn all_traps_together_give_what_the_page_shows() {
    let text_box = "<w:txbxContent><w:p><w:r><w:t>框中</w:t></w:r></w:p></w:txbxContent>";
    let body = format!(
        r#"<w:p><w:r><w:t>云岭县把夜</w:t></w:r><w:r><w:t>校</w:t></w:r><w:del><w:r><w:delText>停</w:delText></w:r></w:del><w:ins><w:r><w:t>办</w:t></w:r></w:ins>
        <w:r><w:t>到村口，全县</w:t></w:r><w:r><w:ruby><w:rt><w:r><w:t>qū</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>区</w:t></w:r></w:rubyBase></w:ruby></w:r>
        <w:hyperlink><w:r><w:t>划为网格</w:t></w:r></w:hyperlink><w:r><mc:AlternateContent><mc:Choice><w:drawing>{text_box}</w:drawing></mc:Choice><mc:Fallback><w:pict>{text_box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>
        <w:sdt><w:sdtContent><w:r><w:t>，共</w:t></w:r></w:sdtContent></w:sdt><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>=SUM</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>120</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>
        <w:smartTag><w:r><w:t>个</w:t></w:r></w:smartTag><w:r><w:footnoteReference w:id="1"/></w:r><w:r><w:t>。</w:t><w:br/><w:t>下一行</w:t><w:tab/><w:t>完</w:t></w:r></w:p>
        <w:tbl><w:tr><w:tc>{}</w:tc><w:tc>{}{}</w:tc></w:tr></w:tbl>"#,
        p("", "镇"),
        p("", "场"),
        p("", "次"),
    );
    let notes = format!(
        r#"<w:footnotes><w:footnote w:id="1">{}</w:footnote></w:footnotes>"#,
        p("", "截至年底。")
    );
    check_file(
        &body,
        &[("word/footnotes.xml", &notes)],
        &[
            ("云岭县把夜校办到村口，全县区划为网格，共120个。\n下一行 完", None),
            ("框中", None),
            ("镇 场 次", Some(Role::Row)),
            ("截至年底。", Some(Role::Body)),
        ],
    );
}

#[test]
fn hidden_text_is_left_out() {
    check(
        r#"<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r><w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>显</w:t></w:r>
        <w:r><w:rPr><w:rStyle w:val="gone"/></w:rPr><w:t>没</w:t></w:r></w:p>"#,
        &["显"],
    );
    let hidden = "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>内部 口径</w:t><w:tab/></w:r></w:p>";
    assert_eq!(read(&file(hidden, &[])).unwrap().notes, [Note::new("hidden-text", "4")]);
    let control = |properties: &str| {
        format!(
            r#"<w:p><w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent><w:r><w:rPr><w:rStyle w:val="ask"/></w:rPr><w:t>请输入</w:t></w:r></w:sdtContent></w:sdt></w:p>"#
        )
    };
    check(&(control("<w:showingPlcHdr/>") + &control("")), &["请输入"]);
    // What asks for text is no hidden text.
    assert_eq!(read(&file(&control("<w:showingPlcHdr/>"), &[])).unwrap().notes, []);
}

#[test]
fn a_formula_is_text_with_its_fractions_apart() {
    check(
        "<w:p><m:oMath><m:r><m:t>y=</m:t></m:r><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f>\
         <m:sSup><m:e><m:r><m:t>10</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup><m:nary><m:sup/></m:nary></m:oMath></w:p>",
        &["y=1/210^2"],
    );
}

#[test]
fn automatic_numbers_are_written() {
    let body = item(1, 0, "总体要求")
        + &item(1, 1, "目标")
        + &item(1, 1, "原则")
        + &item(1, 2, "细则")
        + &item(1, 0, "保障")
        + &item(1, 1, "组织")
        + &item(2, 0, "为了")
        + &item(2, 0, "本法")
        + &item(5, 0, "附则")
        + &item(0, 0, "无")
        + &item(9, 0, "未知");
    check(
        &body,
        &[
            "一、总体要求",
            "（一）目标",
            "（二）原则",
            "1.1. 细则",
            "二、保障",
            "（一）组织",
            "第三条 为了",
            "第四条 本法",
            "第五条 附则",
            "无",
            "未知",
        ],
    );
}

#[test]
fn a_paragraph_with_a_bullet_is_no_heading() {
    check_file(&item(3, 0, "点"), &[], &[("点", Some(Role::Body))]);
}

#[test]
fn a_paragraph_without_text_is_counted_and_a_level_never_counted_shows_its_start() {
    check(&(item(1, 0, "") + &item(1, 0, "甲") + &item(1, 2, "乙")), &["二、甲", "2.1. 乙"]);
    check(&item(1, 2, "丙"), &["1.1. 丙"]);
}

#[test]
fn styles_number_paragraphs_and_lists_borrow_levels_of_styles() {
    let heading = Some(Role::Heading(1));
    let styled = |style: &str, text: &str| p(&format!(r#"<w:pStyle w:val="{style}"/>"#), text);
    check_file(
        &(styled("1", "甲") + &styled("mine", "乙") + &styled("mine", "丙")),
        &[],
        &[("甲", heading), ("I乙", heading), ("II丙", heading)],
    );
    check(&item(6, 1, "丁"), &["I丁"]);
}

#[test]
fn styles_and_outline_levels_say_what_a_paragraph_is() {
    let styled = |style: &str| p(&format!(r#"<w:pStyle w:val="{style}"/>"#), style);
    let body = styled("mine")
        + &styled("not")
        + &styled("loop")
        + &styled("cap")
        + &styled("t1")
        + &styled("Heading3")
        + &p(r#"<w:outlineLvl w:val="1"/>"#, "二级")
        + &p(r#"<w:pStyle w:val="cap"/><w:outlineLvl w:val="9"/>"#, "正文");
    check_file(
        &body,
        &[],
        &[
            ("Imine", Some(Role::Heading(1))),
            ("not", None),
            ("loop", None),
            ("cap", Some(Role::Caption)),
            ("t1", Some(Role::RunningHead)),
            ("Heading3", Some(Role::Heading(3))),
            ("二级", Some(Role::Heading(2))),
            ("正文", None),
        ],
    );
}

#[test]
fn a_table_of_contents_is_kept_but_is_no_text() {
    let contents = r#"<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr><w:sdtContent>"#;
    let body = format!("{contents}{}</w:sdtContent></w:sdt>{}", p("", "目录"), p("", "正文"));
    check_file(&body, &[], &[("目录", Some(Role::RunningHead)), ("正文", None)]);
}

#[test]
fn a_row_of_a_table_is_one_block() {
    let cell = |text: &str| format!("<w:tc>{}</w:tc>", p("", text));
    let go_on = "<w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc>";
    let body = format!(
        "<w:tbl><w:tblPr/><w:tblGrid/><w:tr>{}{}</w:tr><w:tr>{}<w:tc>{}{}</w:tc></w:tr><w:sdt><w:sdtContent><w:tr>{go_on}<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt></w:tr></w:sdtContent></w:sdt>\
         <w:tr><w:trPr><w:del/></w:trPr>{}</w:tr></w:tbl>",
        cell("县"),
        cell("网格"),
        cell("示例县"),
        p("", "120"),
        p("", "个"),
        cell("121"),
        cell("删"),
    );
    let row = Some(Role::Row);
    check_file(&body, &[], &[("县 网格", row), ("示例县 120 个", row), ("121", row)]);
}

#[test]
fn notes_stand_at_the_end_and_heads_after_them() {
    let notes = |element: &str| {
        format!(
            r#"<w:x><w:{element} w:type="separator" w:id="0">{}</w:{element}><w:{element} w:id="1">{}</w:{element}><w:{element} w:id="7">{}</w:{element}></w:x>"#,
            p("", "线"),
            p("", element),
            p("", "没人提"),
        )
    };
    let head = |text: &str| format!("<w:hdr>{}</w:hdr>", p("", text));
    check_file(
        r#"<w:p><w:r><w:t>正文</w:t></w:r><w:r><w:endnoteReference w:id="1"/></w:r><w:r><w:footnoteReference w:id="1"/></w:r><w:r><w:t>。</w:t></w:r></w:p>"#,
        &[
            ("word/footnotes.xml", &notes("footnote")),
            ("word/endnotes.xml", &notes("endnote")),
            ("word/header1.xml", &head("简报")),
            ("word/header2.xml", &head("简报")),
            ("word/footer1.xml", &head("第 1 页")),
            ("word/comments.xml", &head("批注")),
        ],
        &[
            ("正文。", None),
            ("footnote", Some(Role::Body)),
            ("endnote", Some(Role::Body)),
            ("简报", Some(Role::RunningHead)),
            ("第 1 页", Some(Role::RunningHead)),
        ],
    );
}

#[test]
fn blocks_are_numbered_and_lines_of_a_paragraph_share_a_number() {
    let body =
        format!("<w:p><w:r><w:t>甲</w:t><w:br/><w:t>乙</w:t></w:r></w:p><w:p/>{}", p("", "丙"));
    let extracted = read(&file(&body, &[])).unwrap();
    let numbers: Vec<usize> = extracted.blocks.iter().map(|block| block.number).collect();
    assert_eq!((extracted.text.as_str(), numbers), ("甲\n乙\n丙", vec![1, 2]));
}

#[test]
fn other_prefixes_and_places_are_read_as_well() {
    let document = r#"<document xmlns="strict"><body><p><r><t>甲</t></r></p></body></document>"#;
    let list = r#"<Relationships><Relationship Id="1" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument" Target="/main/text.xml"/></Relationships>"#;
    let bytes = zipped(&[("_rels/.rels", list.as_bytes()), ("main/text.xml", document.as_bytes())]);
    assert_eq!(read(&bytes).unwrap().text, "甲");
}

#[test]
fn a_title_is_believed_when_the_text_says_the_same() {
    let core = |title: &str| {
        format!(
            "<cp:coreProperties><dc:creator>某</dc:creator><dc:title>{title}</dc:title></cp:coreProperties>"
        )
    };
    let with = |title: &str| {
        let bytes = file(&p("", "云岭县办夜校"), &[("docProps/core.xml", &core(title))]);
        read(&bytes).unwrap().metadata
    };
    assert_eq!(with("云岭县办夜校").title.as_deref(), Some("云岭县办夜校"));
    assert_eq!(with("模板"), Metadata::default());
}

#[test]
fn parts_that_cannot_be_read_are_noted() {
    let body = format!(r#"{}<w:altChunk r:id="r8"/>"#, p(r#"<w:pStyle w:val="1"/>"#, "甲"));
    let mut extracted = read(&file(&body, &[("word/header1.xml", "<w:hdr>")])).unwrap();
    let notes: Vec<_> = extracted.notes.drain(..).map(|note| (note.code, note.detail)).collect();
    let note = |detail: &str| ("part-unread".to_owned(), detail.to_owned());
    assert_eq!(notes.first(), Some(&note("word/afchunk.mht")));
    assert!(notes[1].1.starts_with("word/header1.xml: "), "{notes:?}");
    assert_eq!(extracted.text, "甲");
}

#[test]
fn a_file_that_is_none_says_what_is_wrong() {
    let message = |bytes: &[u8]| read(bytes).unwrap_err().to_string();
    let bytes = file("<w:p/>", &[]);
    assert!(message(&bytes[..bytes.len() - 30]).starts_with("damaged docx: it is cut off"));
    let other = zipped(&[("xl/workbook.xml", b"<a/>")]);
    assert_eq!(message(&other), "damaged docx: it has no word/document.xml");
    let wrong = zipped(&[("word/document.xml", b"<w:document><w:body>")]);
    assert!(message(&wrong).starts_with("damaged docx: word/document.xml: it ends before"));
}

#[test]
fn hostile_files_are_refused_in_time() {
    let laughs = r#"<!DOCTYPE a [<!ENTITY a "哈哈哈"><!ENTITY b "&a;&a;&a;">]><w:document><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:document>"#;
    let bytes = zipped(&[("word/document.xml", laughs.as_bytes())]);
    assert!(read(&bytes).unwrap_err().to_string().contains("document type"));
    for element in ["p", "tbl", "sdt", "r", "AlternateContent", "drawing", "txbxContent", "any"] {
        let open = format!("<w:{element}>").repeat(5_000);
        let error = read(&zipped(&[("word/document.xml", open.as_bytes())])).unwrap_err();
        assert!(error.to_string().contains("256 elements"), "{element}: {error}");
    }
    let deepest = "<w:p><w:r><w:drawing><w:txbxContent>".repeat(63);
    let closing = "</w:txbxContent></w:drawing></w:r></w:p>".repeat(63);
    check(&format!("{deepest}{closing}{}", p("", "甲")), &["甲"]);
    let bomb = file(&" ".repeat(4 << 20), &[]);
    assert!(matches!(read(&bomb), Err(ExtractError::OverLimit(OverLimit { .. }))));
}

#[test]
fn a_style_that_repeats_itself_and_a_list_of_long_numbers_stay_short() {
    let long = "长".repeat(300);
    let numbering = format!(
        r#"<w:numbering><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/><w:lvlText w:val="{long}"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>"#
    );
    let document = document(&item(1, 0, "甲"));
    let bytes = zipped(&[
        ("word/document.xml", document.as_bytes()),
        ("word/numbering.xml", numbering.as_bytes()),
    ]);
    assert_eq!(read(&bytes).unwrap().text.chars().count(), 64 + 1 + 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn damaged_bytes_give_text_or_an_error(at: Index, byte: u8, cut: Index) {
        let body = item(1, 0, "甲") + "<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>" + &p("", "乙");
        let whole = file(&body, &[]);
        let mut bytes = whole.clone();
        bytes[at.index(whole.len())] = byte;
        drop(read(&bytes));
        drop(read(&whole[..cut.index(whole.len())]));
    }

    #[test]
    fn damaged_xml_gives_text_or_an_error(at: Index, piece in "[<>/&;\"=:a-z ]{0,6}") {
        let mut damaged = document(&(item(1, 0, "甲") + &p(r#"<w:pStyle w:val="1"/>"#, "乙&amp;")));
        let places: Vec<usize> = damaged.char_indices().map(|(place, _)| place).collect();
        damaged.insert_str(*at.get(&places), &piece);
        let bytes = zipped(&[("word/document.xml", damaged.as_bytes()), ("word/numbering.xml", NUMBERING.as_bytes())]);
        drop(read(&bytes));
    }
}
