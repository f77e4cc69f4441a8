//! Date, source and author in invented lines near a title.

use super::*;

/// Checks date, source and author of lines of which the first is the title.
#[track_caller]
fn check(lines: &str, expected: (&str, &str, &str)) {
    let source: String = lines.lines().map(|line| format!("<p>{line}</p>")).collect();
    let page = Page::read(&source, 100);
    let near = Near::of(&page, page.lines.first().map(|line| line.span), None);
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let date = near.date.map(|(_, date)| date.to_string()).unwrap_or_default();
    let source = near.source.or(near.publisher);
    assert_eq!((&*date, &*text(&source), &*text(&near.author)), expected, "{lines}");
}

#[test]
fn offices_buttons_and_short_years_beside_a_date_are_read() {
    for (line, expected) in [
        ("2023-06-19 示例县林业局", ("2023-06-19", "示例县林业局", "")),
        ("2023-06-19 来源：示例融媒+关注", ("2023-06-19", "示例融媒", "")),
        ("2023-06-19 来源：示例发布 云南 举报", ("2023-06-19", "示例发布", "")),
        ("2023-06-19 来源：澎湃新闻·澎湃号·政务", ("2023-06-19", "", "")),
        (
            "〖作者：某某〗〖来源：示例镇党政办〗〖日期：2023-6-19〗",
            ("2023-06-19", "示例镇党政办", "某某"),
        ),
        ("2023-06-19 来源：示例网 记者 某某", ("2023-06-19", "示例网", "某某")),
        ("时间：23/06/19", ("2023-06-19", "", "")),
        ("23/06/19", ("", "", "")),
        ("发布机构 示例镇政府 生成日期 2023-06-19", ("2023-06-19", "", "")),
    ] {
        check(&format!("标题\n{line}"), expected);
    }
}

#[test]
fn the_line_under_the_title_names_date_source_and_author() {
    for line in [
        "2023-06-19 08:30 来源：示例日报 | 记者：某某",
        "发布时间：2023-06-19 10:20 来源：示例日报 作者：某某",
        "2023年06月19日 08:00　　来源：《示例日报》　作者：某某 编辑：某",
        "[ 2023-06-19 ] [来源：示例日报] [作者：某某]",
        "时间:2023/6/19 来 源：示例日报 作 者：某某 浏览次数：12",
        "来源：示例日报作者：某某发布时间：2023-06-19",
        "日期：2023.06.19 稿源：示例日报（记者：某某）",
        "示例日报 2023年6月19日 10时20分 作者:某某",
    ] {
        check(&format!("标题\n{line}\n正文在2021年，有一句。"), ("2023-06-19", "示例日报", "某某"));
    }
    check("标题\n来源：\n示例日报\n发布日期：\n2023-06-19", ("2023-06-19", "示例日报", ""));
    check("标题\n作者：某甲 某乙丙、某丁 摄影：某", ("", "", "某甲 某乙丙 某丁"));
}

#[test]
fn the_date_of_publication_goes_before_others() {
    check("标题\n成文日期：2023-06-01\n发布日期：2023-06-19", ("2023-06-19", "", ""));
    check("标题\n2023-06-01\n2023-06-19 10:20", ("2023-06-19", "", ""));
    check("标题\n更新时间：2023-07-01\n2023-06-19", ("2023-06-19", "", ""));
    check("标题\n成文日期：二〇二三年六月一日", ("2023-06-01", "", ""));
}

#[test]
fn dates_of_other_things_are_not_that_of_the_page() {
    for line in [
        "自2021年3月4日起，全县推行。",
        "2021年3月5日全县产业大会召开",
        "打印时间：2024-01-01 10:00",
        "今天是2024年1月1日 星期一",
        "报名时间：2024-01-01",
        "截止日期：2024-01-01",
        "2023-06-19 至 2023-06-25",
        "电话：2023-1234567",
    ] {
        check(&format!("标题\n{line}"), ("", "", ""));
    }
}

#[test]
fn names_that_name_nobody_are_none() {
    check("标题\n来源：本站 作者：佚名", ("", "", ""));
    check("标题\n来源：互联网 作者：admin", ("", "", ""));
}

#[test]
fn elements_side_by_side_are_words_of_their_own() {
    for line in [
        "<span>2023-06-19</span><span>·</span><span><a>示例县融媒体中心</a></span>",
        "<span>2023-06-19</span><span>来源：</span><a>示例县融媒体中心</a><span>示例省</span>",
        "<em>原创</em><span>2023-06-19</span><a>示例县融媒体中心</a>",
        "2023-06-19 来源：<span style='color:red'>示例县</span><span style='color:red'>融媒体中心</span>",
        "2023-06-19 来源：示例县<b>融媒体</b>中心",
    ] {
        check(&format!("标题\n{line}"), ("2023-06-19", "示例县融媒体中心", ""));
    }
}

#[test]
fn the_name_of_the_account_is_the_source() {
    let line = "<span>原创</span><span>示例宣传</span><a id=js_name>平安示例发布阅读</a><em>2023-06-19</em>";
    let page = Page::read(&format!("<p>标题</p><p>{line}</p>"), 100);
    let near = Near::of(&page, page.lines.first().map(|line| line.span), None);
    assert_eq!(near.account.as_deref(), Some("平安示例发布阅读"));
}

#[test]
fn a_bar_labels_as_a_colon_does() {
    for bar in ["丨", "｜", " | "] {
        check(&format!("标题\n来源{bar}示例日报"), ("", "示例日报", ""));
    }
    check("标题\n来源 | 发布时间 | 字号", ("", "", ""));
}

#[test]
fn the_publisher_may_stand_over_the_date() {
    check("标题\n示例发布\n2023-06-19 08:08 官方账号", ("2023-06-19", "示例发布", ""));
    check("标题\n县里办了一件事\n2023-06-19 08:08", ("2023-06-19", "", ""));
}

#[test]
fn a_day_apart_from_its_month_is_a_date() {
    check("标题\n<span>19</span><span>2023-06</span>", ("2023-06-19", "", ""));
    check("标题\n19\n2023年6月", ("2023-06-19", "", ""));
    check("标题\n2023/06 19", ("2023-06-19", "", ""));
    check("标题\n2023-06", ("", "", ""));
}

/// Checks the date of a page whose article are these lines.
#[track_caller]
fn check_article(before: &str, article: &str, behind: &str, expected: &str) {
    let text = format!("{before}\n标题\n{article}\n{behind}");
    let lines = text.lines().filter(|line| !line.is_empty());
    let source: String = lines.map(|line| format!("<p>{line}</p>")).collect();
    let page = Page::read(&source, 100);
    let start = page.text.find("标题").unwrap();
    let end = page.text.find(behind).filter(|_| !behind.is_empty());
    let title = Span::new(start, start + "标题".len());
    let end = end.map_or(page.text.len(), |end| end - 1);
    let near = Near::of(&page, Some(title), Some(Span::new(title.end() + 1, end)));
    let date = near.date.map(|(_, date)| date.to_string()).unwrap_or_default();
    assert_eq!(date, expected, "{before} / {article} / {behind}");
}

const PROSE: &str =
    "全镇把改厕列入民生实事，三年里改了一千二百户，村民们都说方便多了，县里又定了新的目标。";

#[test]
fn a_comment_does_not_date_the_page() {
    let article = format!("2023-06-19\n{PROSE}");
    for comment in
        ["网友评论\n某某 2023-06-21 08:00", "某某 2023-06-21 08:00", "发表于 2023-06-21 08:00"]
    {
        check_article("", &article, comment, "2023-06-19");
    }
    check_article("", PROSE, "发布时间：2023-06-21", "2023-06-21");
    let answers = format!("{PROSE}\n发布于 2023-06-19 20:11\n{PROSE}\n发布于 2023-06-22 20:11");
    check_article("", &answers, "", "2023-06-19");
}

#[test]
fn the_clock_of_a_page_is_not_its_date() {
    let clock = "2023年09月01日 星期五 农历七月十七";
    check_article(clock, PROSE, "", "");
    check_article("2023年09月01日 星期五", &format!("06月19日 10:00\n{PROSE}"), "", "");
    check_article("2023年06月19日 星期一", &format!("06月19日 10:00\n{PROSE}"), "", "2023-06-19");
    check_article(&format!("示例日报 {clock}"), PROSE, "", "2023-09-01");
}

#[test]
fn the_items_of_a_list_do_not_date_it() {
    let item = |day| format!("<a href=1>示例县办了第{day}期培训班</a><span>2023-06-{day}</span>");
    check(&format!("标题\n{}\n{}", item(11), item(12)), ("", "", ""));
    check(&format!("标题\n{}", item(11)), ("2023-06-11", "", ""));
}

#[test]
fn dates_of_scripts_and_other_languages_are_read() {
    let shown = |text| date_in(text).map(|date| date.to_string()).unwrap_or_default();
    for text in [
        "1687140000",
        "1687140000000",
        "Mon Jun 19 10:20:00 CST 2023",
        "June 19, 2023",
        "19 Jun 2023",
    ] {
        assert_eq!(shown(text), "2023-06-19", "{text}");
    }
    assert_eq!(shown("1677600000"), "2023-03-01");
    assert_eq!(shown("nothing"), "");
}
