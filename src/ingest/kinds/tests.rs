//! Short invented lines with their neighbours: what kind each is.

use super::*;
use crate::ingest::page;
use ParagraphKind::{Body, Byline, Caption, Heading, Table};
use proptest::strategy::{Strategy, ValueTree};
use proptest::string::string_regex;
use proptest::test_runner::TestRunner;
use std::borrow::Cow;

/// Lines that a pattern matches, drawn from the pattern itself.
pub(in crate::ingest) fn lines_of(pattern: &Regex) -> Vec<String> {
    // What strings are drawn from knows no ends of a line.
    let line = pattern.as_str().replacen('^', "", 1).replace('$', "");
    let lines = string_regex(&line).unwrap();
    let mut runner = TestRunner::deterministic();
    let drawn = (0..500).map(|_| lines.new_tree(&mut runner).unwrap().current());
    let matched: Vec<String> = drawn.filter(|line| pattern.is_match(line)).collect();
    assert!(matched.len() > 100, "{} of {pattern:?}", matched.len());
    matched
}

#[test]
fn no_line_is_kept_from_the_pattern_that_it_matches() {
    type Look = (&'static LazyLock<Regex>, fn(&str) -> bool);
    let looks: [Look; 3] =
        [(&LABELLED, may_be_labelled), (&DATE_LINE, may_be_date), (&PASSED, may_be_passed)];
    for (pattern, may_be) in looks {
        for line in lines_of(pattern) {
            assert!(may_be(&line), "{line:?} {pattern:?}");
        }
    }
}

#[track_caller]
fn check(text: &str, expected: &[ParagraphKind]) {
    let mut lines = page::lines(text, &|text| Cow::Borrowed(text));
    let goes_on = vec![false; lines.len()];
    mark(&mut lines, &goes_on);
    let kinds: Vec<ParagraphKind> = lines.iter().map(|line| line.kind).collect();
    assert_eq!(kinds, expected, "{text}");
}

#[test]
fn a_signature_is_a_byline_and_a_closing_formula_is_text() {
    check(
        "关于种树的通知\n各村今年都要种树。\n特此通知\n示例县林业局\n2020年3月12日\n（此件公开发布）\n示例办法\n第一条 种树。",
        &[Heading, Body, Body, Byline, Byline, Body, Heading, Body],
    );
    // An office over a date at the head of a text is no signature.
    check("示例县林业局\n2020年3月12日\n各村今年都要种树。", &[Heading, Byline, Body]);
}
#[test]
fn who_writes_a_letter_or_an_essay_is_a_byline() {
    let letter = "给果农的信\n果农们：\n树苗到了，都来领吧。\n此致\n敬礼！\n守林的 老甲\n2020年3月12日\n又及：剪刀也带来，山上的枝条要剪了，一人带一把。";
    check(letter, &[Heading, Body, Body, Body, Body, Byline, Byline, Body]);
    let essay = "山里的路\n路修到了果园边上。\n甲小山\n2020年3月写于示例县";
    check(essay, &[Heading, Body, Byline, Byline]);
    let letter = "给果农的信\n树苗到了，都来领吧。\n甲小山\n二〇二〇年三月十二日夜于示例县";
    check(letter, &[Heading, Body, Byline, Byline]);
    let together =
        "给果农的信\n树苗到了，都来领吧。\n示例村全体村民\n2020年3月12日\n附：领树苗的名单。";
    check(together, &[Heading, Body, Byline, Byline, Body]);
    // A title above its date, and a slogan, are none.
    let next = "山里的路\n路修到了果园边上。\n果园里的新鲜事\n2020年3月12日\n果子熟了。";
    check(next, &[Heading, Body, Heading, Byline, Body]);
    check("山里的路\n他写于示例县的信很长\n信到了。", &[Heading, Heading, Body]);
}
#[test]
fn chapters_are_no_list_of_names() {
    let text = "管水的办法\n第一章　总　则\n第二章　水　渠\n第三章　附　则\n第一章　总　则\n第一条　为了管好水渠，定这个办法。";
    check(text, &[Heading, Heading, Heading, Heading, Heading, Body]);
}
#[test]
fn a_title_may_ask() {
    check(
        "果园里的水从哪里来？\n甲某\n2020-03-12\n水从山上来。",
        &[Heading, Heading, Byline, Body],
    );
    check("果园里的水从哪里来？\n水从山上来。", &[Body, Body]);
    check("记者：水从哪里来？\n2020-03-12\n水从山上来。", &[Body, Byline, Body]);
}
#[test]
fn what_an_office_says_of_a_letter_is_a_byline() {
    let text = "修渠的事\n来信人：甲**\n回复单位：示例县水利局\n满意度评价：满意\n渠修好了。";
    check(text, &[Heading, Byline, Byline, Byline, Body]);
    check("回复：渠已经修好\n来信说渠漏水。", &[Heading, Body]);
}
#[test]
fn a_picture_with_a_label_has_a_caption() {
    check("标题很好\n图：晒场上的果农\n很好。", &[Heading, Caption, Body]);
    check("标题很好\n（图一：晒场）\n很好。", &[Heading, Caption, Body]);
    check("标题很好\n图：甲某\n很好。", &[Heading, Byline, Body]);
}
#[test]
fn ways_to_get_in_touch_and_lists_of_names_are_no_headings() {
    check(
        "示例局的职责\n地址：示例路1号\n办公电话：000-1234567\n办公时间：8:30—17:30\n种树。",
        &[Heading, Body, Body, Body, Body],
    );
    check("热线：一个号码管全城\n全城都打这个号码。", &[Heading, Body]);
    check("手机成了新农具\n村民用手机卖果子。", &[Heading, Body]);
    check(
        "网格员名单\n甲某 示例村第一网格\n乙某某 示例村第二网格\n丙某 样本村第一网格",
        &[Heading, Body, Body, Body],
    );
    check("种好树 修好路\n某县种了树，修了路。", &[Heading, Body]);
    check("下列人员通过：\n甲某 乙某 丙某某 丁某 戊某\n种树。", &[Body, Body, Body]);
    check("抓种树 促修路 惠万家\n某县种了树。", &[Heading, Body]);
}
#[test]
fn what_a_library_says_of_the_newspaper_is_a_byline() {
    check("示例日报/2020年/3月/12日/第002版\n某县种树\n某县种了树。", &[Byline, Heading, Body]);
    check("来源丨示例县融媒体中心\n某县种了树。", &[Byline, Body]);
    check("（原标题：某县种树忙）\n某县种了树。", &[Byline, Body]);
    check("种树/修路\n某县种了树。", &[Heading, Body]);
}
#[test]
fn a_mark_of_a_section_is_no_heading() {
    check("某县种树\nPART 01\n种得快\n某县种了树。", &[Heading, Body, Heading, Body]);
    check("No.1的村子\n某县种了树。", &[Heading, Body]);
}
#[test]
fn a_short_line_without_marks_heads_what_follows() {
    check("办好夜校 方便农户\n某县坚持党建引领。", &[Heading, Body]);
    check("进秋天,某县夜校工作全面铺开\n某县坚持党建引领。", &[Heading, Body]);
}
#[test]
fn an_introduction_or_a_list_item_is_no_heading() {
    check("各位代表：\n做了以下工作，\n- 修路\n很好。", &[Body, Body, Body, Body]);
}
#[test]
fn a_sentence_cut_off_is_no_heading() {
    check("标题\n此外,某县以“三大行\n同时,修好水渠,切实发\n很好。", &[Heading, Body, Body, Body]);
}
#[test]
fn numbered_sections_are_headings() {
    check(
        "一、背景起因\n（一）经济稳步向前、后劲增强。\n全年很好，样样都好。",
        &[Heading, Heading, Body],
    );
    check("标题\n（一）修路的；\n（二）种树的。\n很好。", &[Heading, Body, Body, Body]);
}
#[test]
fn lines_of_authors_and_dates_are_bylines() {
    let lines = [
        "本报记者 张某某 李某",
        "记者：王某",
        "作者:某某",
        "某某日报记者 赵某 通讯员 钱某",
        "河湾新闻记者 周某 实习生 吴某",
        "来源：某某日报",
        "来源丨某某日报",
        "来源 | 某某日报",
        "文丨张某某",
        "时间：2026-02-09",
        "2026-02-03 09:02:33",
        "某某日报    2019年12月11日",
        "省长　王某某",
        "（来源：某某日报）",
        "□ 本报记者 张某",
        "（某州委组织部供稿）",
        "文/记者 张某 图/李某",
        "以下文章来源于示例山乡 ，作者甲某",
        "【来源】示例山乡",
        "2022-04-09作者：甲某",
        "中华民国110年3月8日",
        "二○○九年十一月廿三日",
        "2020年5月29日 某省第十三届人民代表大会常务委员会第十次会议通过",
    ];
    for line in lines {
        check(&format!("标题很好\n{line}\n某县坚持党建引领。"), &[Heading, Byline, Body]);
    }
}
#[test]
fn text_that_only_begins_so_is_no_byline() {
    for line in ["记者：愿意出钱修路吗？", "2023年，某县修了路。", "记者看到新路很宽。"]
    {
        check(&format!("标题很好\n{line}\n某县坚持党建引领。"), &[Heading, Body, Body]);
    }
    for line in ["图片新闻", "河湾新闻记者培训班"] {
        check(&format!("标题很好\n{line}\n某县坚持党建引领。"), &[Heading, Heading, Body]);
    }
}
#[test]
fn a_label_and_its_value_in_two_lines_are_a_byline() {
    check("标题很好\n来源:\n某某日报\n某县坚持党建引领。", &[Heading, Byline, Byline, Body]);
}
#[test]
fn a_name_alone_under_the_text_is_a_byline() {
    check("标题很好\n某县坚持党建引领。\n李某某", &[Heading, Body, Byline]);
    check("标题很好\n某县坚持党建引领。\n谢谢", &[Heading, Body, Body]);
}
#[test]
fn a_line_under_a_hole_is_the_caption_of_a_picture() {
    let text = "标题很好\n\n某县修路。\n\n\n\n果农在地里学修剪\n\n办好夜校讲堂\n\n某县种树。\n\n某县办学。";
    check(text, &[Heading, Body, Caption, Heading, Body, Body]);
}
#[test]
fn words_say_what_a_caption_is() {
    for line in
        ["图为村民修路。", "村民在修路。本报记者 张某摄", "村民在修路（资料图）", "表1 修路情况"]
    {
        check(&format!("标题很好\n{line}\n某县坚持党建引领。"), &[Heading, Caption, Body]);
    }
}
#[test]
fn cells_make_a_table() {
    check("标题很好\n类型\t数量\n| 甲 | 1 |\n很好。", &[Heading, Table, Table, Body]);
    check("标题很好\n│甲│1│\n│很好\n很好。", &[Heading, Table, Heading, Body]);
}
#[test]
fn numbers_in_wide_columns_make_a_table() {
    let rows = "乡镇    渠道    公里\n山脚乡    3    12\n柳湾镇    5    20";
    check(&format!("渠道情况\n{rows}\n很好。"), &[Heading, Table, Table, Table, Body]);
    let names = "甲某    乙某    丙某\n丁某    戊某    己某\n庚某    辛某    壬某";
    check(&format!("渠长名单\n{names}\n很好。"), &[Heading, Body, Body, Body, Body]);
    let offices = "示例县水利局    示例县财政局\n2020年3月12日";
    check(&format!("通知\n渠要修。\n{offices}"), &[Heading, Body, Byline, Byline]);
}
#[test]
fn the_items_of_a_list_of_annexes_head_nothing() {
    let text = "通知\n渠要修。\n附件：1.渠道清单\n2.验收表\n\n1.修渠\n渠修好了。";
    check(text, &[Heading, Body, Body, Body, Heading, Body]);
    check("附件1：渠道清单\n1.修渠\n渠修好了。", &[Heading, Heading, Body]);
}
#[test]
fn who_gave_a_speech_stands_below_its_day() {
    let text = "守好渠\n——在全县会议上的讲话\n（2020年3月12日）\n甲小山\n同志们：";
    check(text, &[Heading, Heading, Byline, Byline, Body]);
    check("守好渠\n（2020年3月12日）\n基本情况\n渠修好了。", &[Heading, Byline, Heading, Body]);
}
#[test]
fn a_signature_may_have_a_seal_or_stand_beside_its_day() {
    check(
        "申请\n渠要修。\n山脚村民委员会（盖章）\n2020年3月12日",
        &[Heading, Body, Byline, Byline],
    );
    check("总结\n渠修好了。\n山脚村村民委员会2020年3月12日", &[Heading, Body, Byline]);
    check("总结\n渠修好了。\n渠在2020年3月12日", &[Heading, Body, Body]);
}
#[test]
fn a_long_first_line_without_marks_is_the_title() {
    let title =
        "[视频]【走村串户看变化 果园里的新鲜事】某县:农民夜校开到村口 果农学会修剪亩产提高两成";
    check(&format!("{title}\n2018-12-14\n某县坚持党建引领。"), &[Heading, Byline, Body]);
}
#[test]
fn a_remark_in_brackets_ends_a_line() {
    assert!(is_finished("很好。（某网 文/某某）"));
    assert!(is_finished("他说：“很好。”"));
    assert!(is_finished("（某某供稿）"));
    assert!(!is_finished("全州197个村(社区)"));
    assert!(!is_finished("推进“一肩"));
}
