//! Villages named once, towns under their former kind, and the county over a town.

use super::check;

const TOWN: &str = "云南省/迪庆藏族自治州/德钦县/奔子栏镇";

#[test]
fn a_village_named_once_is_known_by_what_it_has() {
    let title = "# 德钦县:村里的事";
    for text in ["书松村有1200亩水田。", "39岁的书松村村民开起客栈。", "今年，书松村共有游客三万。"]
    {
        check(&[title, text], "云南省/迪庆藏族自治州/德钦县/书松村");
    }
    for text in [
        "空心村有了新住户。",
        "发挥社区党员作用。",
        "组织社区居民清扫。",
        "带动村有资产增值。",
        "不少专家说村有林要管好。",
    ] {
        check(&[title, text], "[云南省/迪庆藏族自治州/德钦县]");
    }
}

#[test]
fn in_a_towns_article_a_clause_may_begin_with_a_village() {
    let title = "# 德钦县奔子栏镇：画室";
    for text in
        ["书松村几乎家家有画师。", "早上，网格员在书松村转了一圈。", "走进书松社区，画挂满墙。"]
    {
        let name = if text.contains("社区") { "书松社区" } else { "书松村" };
        check(&[title, text], &format!("{TOWN}/{name}"));
    }
    for text in
        ["发挥社区作用，画室添了人。", "示范村一个接一个。", "各村都有画师。", "打造社区品牌。"]
    {
        check(&[title, text], &format!("[{TOWN}]"));
    }
    // In the county's article it may be any phrase.
    check(&["# 德钦县：画室", "书松村几乎家家有画师。"], "[云南省/迪庆藏族自治州/德钦县]");
}

#[test]
fn a_township_that_became_a_town_is_called_as_today() {
    for (text, expected) in [
        ("广西三江侗族自治县斗江乡通了车。", "广西壮族自治区/柳州市/三江侗族自治县/斗江镇"),
        ("四川省芦山县龙门乡的学校开学了。", "四川省/雅安市/芦山县/龙门镇"),
        (
            "在三江侗族自治县，班车从古宜镇开到斗江乡。",
            "广西壮族自治区/柳州市/三江侗族自治县 广西壮族自治区/柳州市/三江侗族自治县/古宜镇 广西壮族自治区/柳州市/三江侗族自治县/斗江镇",
        ),
    ] {
        check(&["# 简讯", text], expected);
    }
    // Of today's kind, of no county told of, and in a county that has neither.
    check(&["# 简讯", "四川省芦山县大川镇修了路。"], "四川省/雅安市/芦山县/大川镇");
    check(&["# 简讯", "斗江乡通了车。"], "");
    check(&["# 简讯", "云南省德钦县斗江乡通了车。"], "云南省/迪庆藏族自治州/德钦县/斗江乡");
}

#[test]
fn what_a_town_is_told_to_do_is_no_part_of_its_name() {
    let county = "重庆市/石柱土家族自治县";
    for adverb in ["还在", "正在", "先后在"] {
        let text = format!("石柱县{adverb}沙子镇推广林下种植。");
        check(&["# 简讯", &text], &format!("{county} {county}/沙子镇"));
    }
    for town in ["冷水镇", "中益乡", "沙子镇"] {
        check(&["# 简讯", &format!("石柱县{town}种了黄精。")], &format!("{county}/{town}"));
    }
}

#[test]
fn the_county_is_told_of_in_its_towns_article_where_it_is_the_subject() {
    let title = "# 德钦县奔子栏镇：夜校";
    let county = "云南省/迪庆藏族自治州/德钦县";
    for text in ["德钦县委说，夜校要办到各镇。", "德钦县有夜校四十所。", "去年，德钦县拨款修路。"]
    {
        check(&[title, text], county);
    }
    for text in [
        "夜校的桌椅是捐来的，老师来自县里，也有德钦县以外的。",
        "迪庆州也办了夜校。",
        "老师们备课到深夜。",
    ] {
        check(&[title, text], &format!("[{TOWN}]"));
    }
}

#[test]
fn a_countys_office_leads_back_from_its_town() {
    let article = |text| ["# 关于德钦县雪灾的通报", "奔子栏镇断了电。", text].map(str::to_owned);
    for text in ["县应急管理局调运棉被。", "县民政局发放救助金。", "县交通局清雪通路。"]
    {
        let lines = article(text);
        check(&lines.each_ref().map(String::as_str), "[云南省/迪庆藏族自治州/德钦县]");
    }
    for text in ["镇民政办发放救助金。", "小区交通恢复。", "电工抢修到天亮。"]
    {
        let lines = article(text);
        check(&lines.each_ref().map(String::as_str), &format!("[{TOWN}]"));
    }
}
