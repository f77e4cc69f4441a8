//! What of the text round an article belongs to it.

use super::*;
use crate::ingest::extract::html::extract;
use crate::ingest::limits::Limits;

const BODY: &str = "河湾镇把全镇划分为四十个网格，每个网格配备一名网格员，群众有事不用出村，干部带着表格上门服务。";

/// The lines of the article of a page, and those left out, each without the body.
#[track_caller]
fn check(before: &str, behind: &str, expected: &[&str], left_out: &[&str]) {
    let body: String = (1..=5).map(|n| format!("<p>{n}月，{BODY}</p>")).collect();
    let page = format!(
        "<html><head><title>河湾镇的网格</title></head><body>{before}<div class=main>{body}</div>{behind}</body></html>"
    );
    let extracted = extract(&page, &Limits::default());
    let lines = |is_wanted: fn(Option<Role>) -> bool| -> Vec<&str> {
        let blocks = extracted.blocks.iter().filter(|block| is_wanted(block.role));
        let lines = blocks.map(|block| extracted.text.get(block.span.range()).unwrap());
        lines.filter(|line| !line.ends_with(BODY)).collect()
    };
    assert_eq!(lines(|role| role != Some(Role::LeftOut)), expected);
    assert_eq!(lines(|role| role == Some(Role::LeftOut)), left_out);
    extracted.map.unwrap().assert_sound(&page, &extracted.text);
}

const TITLE: &str = "<h1>河湾镇的网格</h1>";

#[test]
fn an_introduction_in_a_block_of_its_own_is_kept() {
    let lead = "编者按：本栏介绍各镇的做法。";
    check(&format!("{TITLE}<div><p>{lead}</p></div>"), "", &["河湾镇的网格", lead], &[]);
    let label = "<div class=a>【导语】</div><div class=b>本栏介绍各镇的做法。</div>";
    check(
        &format!("{TITLE}{label}"),
        "",
        &["河湾镇的网格", "【导语】", "本栏介绍各镇的做法。"],
        &[],
    );
    let facts = "<div class=a>字体：大 中 小</div><div class=a>浏览次数：20</div>";
    check(&format!("{TITLE}{facts}"), "", &["河湾镇的网格"], &[]);
}

#[test]
fn a_closing_part_in_a_block_of_its_own_is_kept() {
    let comment =
        "<div class=c><h3>专家点评</h3><p>网格小了，事情就近了。</p><p>（某大学）</p></div>";
    let kept = ["河湾镇的网格", "专家点评", "网格小了，事情就近了。"];
    check(TITLE, comment, &kept, &[]);
    let links = "<ul><li><a href=1>别的消息</a></ul>";
    check(TITLE, &format!("{comment}{links}<p>关于本站</p>"), &kept, &[]);
}

const TABLE: &str =
    "<div class=t><table><tr><td>村<td>水渠<td>夜校<tr><td>柳河村<td>三条<td>十二期</table></div>";
const ROWS: [&str; 2] = ["村 水渠 夜校", "柳河村 三条 十二期"];

#[test]
fn a_table_in_a_block_of_its_own_below_the_article_is_kept() {
    let [first, second] = ROWS;
    check(TITLE, TABLE, &["河湾镇的网格", first, second], &[]);
    let caption = "<div class=x><p>附表：各村的水渠</p></div>";
    let behind = format!("{caption}{TABLE}<p>关于本站</p>");
    check(TITLE, &behind, &["河湾镇的网格", "附表：各村的水渠", first, second], &[]);
    let many = "<tr><td>柳河村<td>三条<td>十二期".repeat(200);
    let behind = format!("<div class=t><table><tr><td>村<td>水渠<td>夜校{many}</table></div>");
    let kept = [&["河湾镇的网格", first][..], &[second; 200]].concat();
    check(TITLE, &behind, &kept, &[]);
}

#[test]
fn a_table_that_is_not_taken_is_named() {
    let links = "<ul><li><a href=1>别的消息</a></ul>";
    check(TITLE, &format!("{links}{TABLE}"), &["河湾镇的网格"], &ROWS);
    let side = format!("{links}<div class=x>水车转了。</div>");
    check(TITLE, &side, &["河湾镇的网格"], &["水车转了。"]);
    let side = TABLE.replace("class=t", "class=sidebar");
    check(TITLE, &side, &["河湾镇的网格"], &ROWS);
    check(&format!("{TABLE}{TITLE}"), "", &["河湾镇的网格"], &ROWS);
    let pager = "<div class=t><table><tr><td>上一篇：无<td>下一篇：无<tr><td>返回首页<td>打印本页</table></div>";
    check(TITLE, pager, &["河湾镇的网格"], &[]);
}

#[test]
fn a_list_that_is_announced_is_kept_and_another_is_named() {
    let items = ["清理水渠三条", "修好村道五里"];
    let list = format!("<ul class=l><li>{}<li>{}</ul>", items[0], items[1]);
    let heading = "<div class=x><h3>办成的事</h3></div>";
    let kept = ["河湾镇的网格", "办成的事", items[0], items[1]];
    check(TITLE, &format!("{heading}{list}"), &kept, &[]);
    let line = "<div class=x>镇里办成的事如下：</div>";
    let kept = ["河湾镇的网格", "镇里办成的事如下：", items[0], items[1]];
    check(TITLE, &format!("{line}{list}"), &kept, &[]);
    let long = "网站用户注册须知全文";
    check(TITLE, &format!("<ul class=l><li>{long}</ul>"), &["河湾镇的网格"], &[long]);
    check(
        TITLE,
        &format!("<h3>热门文章</h3>{list}<ul><li>{long}</ul>"),
        &["河湾镇的网格"],
        &[long],
    );
}

#[test]
fn a_day_and_a_document_attached_below_the_article_are_kept() {
    let day = "<div class=d>2014年4月16日（星期三）</div>";
    check(TITLE, day, &["河湾镇的网格", "2014年4月16日（星期三）"], &[]);
    let end = format!("<div class=e><p>完</p></div>{day}<div class=h>香港時間15時02分</div>");
    let kept = ["河湾镇的网格", "完", "2014年4月16日（星期三）", "香港時間15時02分"];
    check(TITLE, &end, &kept, &[]);
    let hour = "<div class=h>开门时间9时30分</div>";
    check(TITLE, hour, &["河湾镇的网格"], &["开门时间9时30分"]);
    let annex = "<div class=fj>附件：<a href=1>柳河村水渠表.docx</a></div>";
    check(TITLE, annex, &["河湾镇的网格", "附件：柳河村水渠表.docx"], &[]);
    check(
        TITLE,
        "<div class=d>更新于 2014-04-16 浏览 20 次</div>",
        &["河湾镇的网格"],
        &["更新于 2014-04-16 浏览 20 次"],
    );
}

#[test]
fn what_stands_over_the_text_of_a_page_without_blocks_is_kept() {
    let body: String = (1..=5).map(|n| format!("<p>{n}月，{BODY}</p>")).collect();
    let page = format!(
        "<title>河湾镇党政办公室编印</title><center>河湾镇政务简报<br>第3期<hr></center><p align=center><b>四十个网格管到户</b></p>{body}"
    );
    let extracted = extract(&page, &Limits::default());
    let lines: Vec<&str> = extracted.text.lines().take(3).collect();
    assert_eq!(lines, ["河湾镇政务简报", "第3期", "四十个网格管到户"]);
}

#[test]
fn the_line_named_as_the_author_s_is_kept() {
    let author = "<div class=index_author>河湾新闻记者 周某 实习生 吴某</div>";
    check(&format!("{TITLE}{author}"), "", &["河湾镇的网格", "河湾新闻记者 周某 实习生 吴某"], &[]);
}

#[test]
fn what_follows_the_furniture_of_a_page_is_left_out_and_named() {
    let other = "河湾镇昨天下了一场大雨。";
    for before in [
        "<h3>相关阅读</h3>",
        "<p><a href=1>河湾镇降雨</a></p>",
        "<p>版权所有：河湾镇</p>",
        "<p>网友评论</p>",
    ] {
        check(TITLE, &format!("<div>{before}<p>{other}</p></div>"), &["河湾镇的网格"], &[other]);
    }
    let side = |class: &str| format!("<div class={class}><p>{other}</p></div>");
    check(TITLE, &side("sidebar"), &["河湾镇的网格"], &[other]);
    check(TITLE, &side("comment_list"), &["河湾镇的网格"], &[other]);
    check(TITLE, &format!("<footer><p>{other}</p></footer>"), &["河湾镇的网格"], &[other]);
    check(TITLE, &side("photo"), &["河湾镇的网格", other], &[]);
}

#[test]
fn a_title_below_its_introduction_is_kept() {
    let lead = "核心提示：四十个网格，四十个网格员，管到每一户。";
    let body: String = (1..=5).map(|n| format!("<p>{n}月，{BODY}</p>")).collect();
    for declared in ["河湾镇的网格", "河湾镇政务 第3期"] {
        let page = format!(
            "<title>{declared}</title><div class=digest>{lead}</div><h1>河湾镇的网格</h1>{body}"
        );
        let extracted = extract(&page, &Limits::default());
        let lines: Vec<&str> = extracted.text.lines().collect();
        assert_eq!(extracted.text.matches("河湾镇的网格").count(), 1);
        assert_eq!(lines.get(..2), Some(&[lead, "河湾镇的网格"][..]));
    }
}

#[test]
fn the_day_under_a_text_is_kept_and_is_its_date() {
    let signed = "<p>完</p><p>2014年4月16日（星期三）<br>香港時間15時02分</p>";
    let kept = ["河湾镇的网格", "完", "2014年4月16日（星期三）", "香港時間15時02分"];
    check(TITLE, signed, &kept, &[]);
    check(
        TITLE,
        "<p>河湾镇网格办</p><p>二〇一四年四月十六日</p>",
        &["河湾镇的网格", "河湾镇网格办", "二〇一四年四月十六日"],
        &[],
    );
    let day = "2014-04-16";
    check(TITLE, &format!("<p>{day}</p>"), &["河湾镇的网格", day], &[]);
    let day = "2014年4月16日";
    check(TITLE, &format!("<p>打印 关闭</p><p>{day}</p>"), &["河湾镇的网格"], &[day]);
    let day = "2014年4月16日 10:20";
    check(TITLE, &format!("<p>河湾镇</p><p>{day}</p>"), &["河湾镇的网格"], &[day]);
    let page = |head: &str, foot: &str| {
        let body: String = (1..=5).map(|n| format!("<p>{n}月，{BODY}</p>")).collect();
        let page =
            format!("<title>河湾镇的网格</title>{TITLE}{head}<div class=main>{body}</div>{foot}");
        extract(&page, &Limits::default()).metadata.date.map(|date| date.to_string())
    };
    assert_eq!(page("", signed).as_deref(), Some("2014-04-16"));
    assert_eq!(page("<p>发布时间：2014-04-17</p>", signed).as_deref(), Some("2014-04-17"));
    assert_eq!(page("", "<p><a href=1>河湾镇降雨</a></p><p>2014年4月16日（星期三）</p>"), None);
}

/// What is taken above the body of a page, whose title is its `h1`.
#[track_caller]
fn check_above(source: &str, expected: &[&str]) {
    let page = Page::read(source, 100);
    let of = |is_wanted: &dyn Fn(&PageLine) -> bool| -> Vec<Span> {
        page.lines.iter().filter(|line| is_wanted(line)).map(|line| line.span).collect()
    };
    let selection = Selection { spans: of(&|line| line.is_prose), ..Selection::default() };
    let title = of(&|line| line.role == Some(Role::Heading(1))).first().copied();
    let parts = with_surroundings(&page, title, &selection, &[], &[]);
    let above = parts.len() - selection.spans.len();
    let words = parts.iter().take(above).map(|part| page.text.get(part.range()).unwrap());
    assert_eq!(words.collect::<Vec<_>>(), expected);
}

#[test]
fn who_wrote_a_text_is_kept_by_the_class_of_the_line() {
    let author = "河湾之声记者 某甲 实习生 某乙";
    let page =
        |words: &str| format!("{TITLE}<p>2021-03-09</p><p class=author>{words}</p><p>{BODY}</p>");
    check_above(&page(author), &["河湾镇的网格", author]);
    check_above(&page("3分钟前"), &["河湾镇的网格"]);
    check_above(&page(author).replace(" class=author", ""), &["河湾镇的网格"]);
}

#[test]
fn a_line_passed_over_below_the_title_is_named() {
    let lines = "<div>∙ 网格专栏 &gt;</div><div>字体：大 中 小</div><div>河湾镇</div>";
    check(&format!("{TITLE}{lines}"), "", &["河湾镇的网格"], &["∙ 网格专栏 >"]);
}

#[test]
fn a_heading_over_what_was_taken_for_the_title_is_kept() {
    let page = |heading: &str| format!("<h2>{heading}</h2><p>河湾镇的网格</p>");
    let heading = "河湾镇网格化管理公报";
    check(&page(heading), "", &[heading, "河湾镇的网格"], &[]);
    let site = "河湾镇人民政府门户网站";
    check(&page(site), "", &["河湾镇的网格"], &[site]);
}

#[test]
fn heads_over_a_text_whose_title_stands_nowhere_are_kept_in_its_block() {
    let head = "<center>网格简报<br>第3期</center><p><b>网格员走进每一户人家</b></p>";
    let kept = ["网格简报", "第3期", "网格员走进每一户人家"];
    check_above(&format!("{head}<p>{BODY}</p>"), &kept);
    for furniture in ["上一期 下一期", "<a href=1>首页</a>", "首页 > 简报"] {
        check_above(&format!("<p>最早</p><p>{furniture}</p>{head}<p>{BODY}</p>"), &kept);
    }
    check_above(&format!("{head}<div class=main>{BODY}</div>"), &[]);
}

#[test]
fn text_over_the_title_is_named() {
    let notice = "<div class=notice>本站将于下周停机维护。</div>";
    check(&format!("{notice}{TITLE}"), "", &["河湾镇的网格"], &["本站将于下周停机维护。"]);
}

#[test]
fn another_long_part_of_a_page_is_named_and_not_taken() {
    let lines: Vec<String> = (1..=40).map(|n| format!("第{n}个村的路灯亮了。")).collect();
    let behind: String = lines.iter().map(|line| format!("<div>{line}</div>")).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    check(TITLE, &format!("<div class=x>{behind}</div>"), &["河湾镇的网格"], &lines);
    let few: String = lines.iter().take(3).map(|line| format!("<div>{line}</div>")).collect();
    let kept: Vec<&str> = ["河湾镇的网格"].into_iter().chain(lines.into_iter().take(3)).collect();
    check(TITLE, &format!("<div class=x>{few}</div>"), &kept, &[]);
}

#[test]
fn second_titles_in_cells_are_kept() {
    let head = "<table><tr><td><img src=a></td></tr><tr><td align=center class=bt2>一线见闻</td></tr>\
                <tr><td align=center><strong>河湾镇的网格</strong></td></tr><tr><td class=bt2>看四十个网格怎么管</td></tr></table>";
    check(head, "", &["一线见闻", "河湾镇的网格", "看四十个网格怎么管"], &[]);
    let plain = "<div>河湾镇的网格</div><div>看四十个网格怎么管</div>";
    check(plain, "", &["河湾镇的网格", "看四十个网格怎么管"], &[]);
    let declared = "<!--enpproperty <introtitle>一线见闻</introtitle>/enpproperty--><p>一线见闻</p><p>河湾镇的网格</p>";
    check(declared, "", &["一线见闻", "河湾镇的网格"], &[]);
    check("<p>要闻速递</p><p>河湾镇的网格</p><p>打印本页 收藏</p>", "", &["河湾镇的网格"], &[]);
}

#[test]
fn the_rows_over_those_that_were_found_belong_to_the_table() {
    let long = BODY.repeat(3);
    let page = format!(
        "<title>县长信箱</title><table><tr><td>来信标题<td>想问公交车的事</tr><tr><td>来信人<td>某某</tr>\
         <tr><td>来信内容<td>{long}</tr><tr><td>办理单位<td>某局</tr></table>"
    );
    let extracted = extract(&page, &Limits::default());
    let lines: Vec<&str> = extracted.text.lines().collect();
    let content = format!("来信内容 {long}");
    assert_eq!(lines, ["来信标题 想问公交车的事", "来信人 某某", &content, "办理单位 某局"]);
    assert_eq!(extracted.metadata.title.as_deref(), Some("想问公交车的事"));
}

#[test]
fn facts_buttons_and_notices_are_no_text() {
    let facts = "<ul><li>索引号：1<li>发布机构：河湾镇政府<li>名称：河湾镇的网格</ul>";
    let named = ["发布机构：河湾镇政府", "名称：河湾镇的网格"];
    check(&format!("{facts}{TITLE}"), "", &["河湾镇的网格"], &named);
    let notice = "声明：转载此文是为了传递更多信息，请权利人与本网联系。";
    check(TITLE, &format!("<p>{notice}</p>"), &["河湾镇的网格"], &[notice]);
    check(
        "<p><a href=/>首页</a></p><p>站内搜索</p><h1>河湾镇的网格</h1>",
        "",
        &["河湾镇的网格"],
        &[],
    );
    assert!(is_button("【提交】") && !is_button("提交材料"));
    assert!(!is_notice("声明：河湾镇从未授权任何人收费。"));
}

#[test]
fn a_heading_in_two_lines_is_one_paragraph() {
    check("<h1>河湾镇<br>的网格</h1>", "", &["河湾镇 的网格"], &[]);
}
