//! Title, subtitle, source, author and date of an article, from its own lines.
//!
//! Only the lines above the text, lines of their own below it, and a remark in brackets at its very end are asked: a
//! year in a sentence is never the date of a report.

use crate::ingest::kinds;
use crate::model::{Article, Date, Paragraph, ParagraphKind};
use crate::text::tokens::is_han;
use regex::Regex;
use std::borrow::Cow;
use std::sync::LazyLock;

macro_rules! patterns {
    ($($(#[$doc:meta])* $name:ident = $pattern:expr;)*) => {
        $($(#[$doc])* static $name: LazyLock<Regex> =
            LazyLock::new(|| Regex::new($pattern).expect("a fixed pattern"));)*
    };
}

patterns! {
    /// `2020-03-12`, `2020年3月12日`, and as libraries of newspapers write, `2020年/3月/12日`.
    DAY = r"(?P<y>\d{4})\s*(?:[-年/.]|年\s*/)\s*(?P<m>\d{1,2})\s*(?:[-月/.]|月\s*/)\s*(?P<d>\d{1,2})";
    MONTH = r"(?P<y>\d{4})\s*年\s*(?P<m>\d{1,2})\s*月";
    HAN_DAY = r"(?P<y>[〇零○O一二三四五六七八九]{4})年(?P<m>[一二三四五六七八九十]{1,2})月((?P<d>[一二三四五六七八九十廿卅]{1,3})日)?";
    /// Years counted from 1911, where the line says so or labels a date: `民国112年9月14日`, `发布日期:112-09-14`.
    REPUBLIC_DAY = r"(民国\s*(?P<y>\d{2,3})|(日期|时间)\s*:\s*(?P<y3>1\d{2}))\s*[-年/.]\s*(?P<m>\d{1,2})\s*[-月/.]\s*(?P<d>\d{1,2})(\D|$)";
    /// The same in characters: `中华民国一百一十三年三月五日`, `民国一一三年三月五日`.
    REPUBLIC_HAN_DAY = r"民国\s*(?P<y>[一二三四五六七八九〇零○百十]{1,6})年(?P<m>[一二三四五六七八九十]{1,2})月(?P<d>[一二三四五六七八九十廿卅]{1,3})日";
    /// A day without marks, alone or behind its label: `20240305`, `发布日期:20240305`.
    BARE_DAY = r"^((\p{Han}{0,4}(日期|时间)|[Dd]ate)\s*:\s*)?(?P<y>(19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})(\s|$)";
    /// `6 May 2002`, and as newsgroups have it `May  6 10:11:12 2002`.
    MAIL_DAY = r"(?i)\b(?P<d>\d{1,2})\s+(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,?\s+(?P<y>(19|20)\d{2})\b|\b(?P<month2>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+(?P<d2>\d{1,2})(,|\s+\d{1,2}:\d{2}(:\d{2})?)\s+(?P<y2>(19|20)\d{2})\b";
    /// `由 甲某某 发布于 2012-05-04`.
    POSTED = r"^由\s*(?P<name>\S{2,20}?)\s*(发布|发表|上传|提交)于?\s*:?\s*\d{4}";
    /// What stands behind the name of one who publishes on a platform.
    ACCOUNT = r"\s*(官方)?([账帐]号|微信|微博|公众号|头条号)+$";
    /// What stands before a title that is a field.
    TITLE_LABEL = r"(?i)^(\[|【)?\s*(副?标题|题目|title)\s*(]\s*:?|】\s*:?|:)\s*\S";
    PACKED_DAY = r"[(\[【](?P<y>(19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})[)\]】]";
    /// What an article was called where it was taken from: its words say nothing of this one's day.
    FIRST_CALLED = r"^[(\[【]*原标题\s*:";
    /// The newspaper in `某某日报/2020年/3月/12日/第002版`.
    PRINTED_BY = r"^《?(?P<name>[\p{Han}]{2,20}?)》?\s*/";
    SOURCE = r"(来源|出处)\s*[:|丨】]\s*(?P<name>[^\s:|丨()\[\]【】]{2,30})";
    /// `原创稿`, `本站原创`, `网络`: what stands where a source should, and names none.
    NOBODY = r"(?x)^(
        (本站|本网站?|网站|本报|本刊|网络|互联网|自采|综合|未知|佚名|不详|匿名|其[他它]|无|系统管理员|管理员|admin(istrator)?|小编|网友)
            (原创稿?件?|转载稿?件?|稿件?|文章|内容|整理|采编|采写|综合|编辑|消息|讯)?
        |.{0,10}(供图|资料图片?)|原创(稿件?|文章|内容|作品)?|转载(稿件?|文章)?|投稿|来稿|自采稿件?|编辑|稿件
    )$";
    PUBLISHER = r"^[《\[(【]?(?P<name>[\p{Han}A-Za-z·]{1,20}?(日报|晚报|早报|时报|商报|周报|周刊|报|网|新闻|电视台|广播|社|在线|客户端|发布|融媒|传媒|杂志|之声|中心))[》\])】]?(\([^()]{1,6}\))?[\s|:]";
    /// One who publishes, and nothing else.
    PUBLISHER_ALONE = r"^\p{Han}{2,12}(日报|晚报|早报|时报|商报|周报|周刊|新闻网|电视台|融媒(体(中心)?)?|传媒|客户端|(官方)?账号)$";
    OFFICE_DATED = r"^(?P<name>[\p{Han}()·、]{3,40}?)\s*\d{4}\s*[-年/.]";
    WRITER = r"(作者|撰稿人?|撰文|供稿单位|供稿|报送单位|作者单位)\s*[:|丨】]\s*(?P<name>[^\s|丨].{0,40}?)\s*([|丨]|来源|时间|日期|编辑|$)";
    /// `(某网 文/某某)`, `(某报 记者 某某)`, `(来源:某报)` at the end of the text.
    REMARK = r"(?x)[(](?P<inside>[^()]{2,40})[)]\s*$";
    REMARK_WRITER = r"^(?P<source>[\p{Han}A-Za-z《》]{2,14}?)?[\s,]*(文|记者|通讯员|作者|文图|图文)\s*[/:\s]\s*(?P<author>[\p{Han}·]{2,8}([\s、][\p{Han}]{2,4})*)$";
    /// A label above a title: the name of a column, not of the article.
    LABEL = r"^([>●■◆◎▶]\s*\S{1,8}|原标题\s*:.*|附件\s*[一二三四五六七八九十\d]{0,3}\s*:?|(编号|密级|档号|索引号)\s*:.*|短\s*讯|(图片|要闻|综合|时政|本地|国内|各地|一句话)?(新闻|简讯|快讯|资讯|要闻|视点|观察|聚焦|关注|专题|专版|特稿|通讯|头条|导读|摘要|动态))$";
    /// `2018年7月5日 某某会议通过`: one step of the history that stands above a law.
    ENACTED = r"^[(]?\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日.{2,}?(通过|批准|修订|修正|修改|公布|颁布|发布)";
    /// From when a law holds, which is no date of its text.
    IN_FORCE = r"^\s*日?\s*(起|开始)";
    /// `2023年工作总结`, `某县2023年度基层党建报告(节选)`: the year that a document names as its own.
    TITLE_YEAR = r"(?x)^\D{0,24}?(?P<y>(19|20)\d{2})\s*年度?(\s*(?P<m>\d{1,2})\s*月(\s*(?P<d>\d{1,2})\s*日)?)?
        (?P<rest>[^—–~至到-].*)?(报告|总结|要点|汇报|公报|通报|简报|综述|述职|计划|白皮书|蓝皮书|年鉴|试题|真题|题|卷)(\s*[(][^()]*[)])*\s*[A-Z]?\s*类?题?$";
    /// A year in characters: `二〇二三年`.
    HAN_YEAR = r"[一二][〇零○O九][〇零○O一二三四五六七八九]{2}年";
    /// The number of an issue: `第12期`, `2024年第3号`, `〔2024〕5号`.
    ISSUE = r"^[(〔\[]?(((19|20)\d{2}|[一二三四五六七八九〇零○O]{4})\s*年?[)〕\]]?\s*(度|第)*\s*[\d一二三四五六七八九十百]{1,4}\s*[期号](\s*[(]?\s*总第?\s*\d{1,5}\s*期[)]?)?|总?第\s*[\d一二三四五六七八九十百]{1,5}\s*[期号](\s*[(]?\s*总第?\s*\d{1,5}\s*期[)]?)?)[)〕\]]?$";
    /// What a paper that an office puts out now and then is called.
    PERIODICAL = r"^[\p{Han}《》“”·]{2,20}(简报|信息|快报|动态|参考|专报|内参|摘报|通讯|交流|快讯|周报|月报|要情|要讯|工作情况|反映|专刊|专辑)》?$";
    /// The name of a site behind a title: `标题 - 某某新闻网`, `标题_要闻_某某日报`, `标题 某某县人民政府门户网站`.
    SITE = r"(?x)(
        (\s*[_|丨]\s*|\s+[-—–]\s+|[-–])([\p{Han}]{2,8}(\s*[_|丨]\s*|\s+[-—–]\s+|[-–])){0,3}
            [\p{Han}·]{2,20}(网|网站|日报|晚报|早报|时报|商报|客户端|在线|频道|数字报|电子报|人民政府|委员会|[局厅])
        |\s+[\p{Han}·]{2,16}(门户网站|政府网站?|政务网|新闻网|官方网站)
    )$";
    /// `某县人民政府文件`, `特急`, `签发人:某某`, `主动公开`.
    RED_HEAD = r"(?x)^(
        [\p{Han}()·、\s]{2,60}(委|会|府|室|局|厅|部|院|处|站|队|校|中心|公司|集团|党组|组|社)\s*文\s*件
        |文\s*件|(特急|加急|平急|机密|秘密|内部)([★\s]*\S{0,6})?|签发人?\s*:.{0,20}|(主动|依申请|不予)公开|0\d{2,6}
    )$";
    /// `云政发〔2023〕5号`, with who signed it in the same line.
    DOCUMENT_NUMBER = r"(?x)^(文号\s*:\s*)?[\p{Han}()·]{1,16}\s*[〔\[(【﹝]\s*(19|20)\d{2}\s*[〕\])】﹞]\s*(第\s*)?\d{1,5}\s*号
        (\s*签\s*发\s*人?\s*:.{0,20})?$";
    /// What the titles of official documents end with.
    OFFICIAL_TITLE = r"关于.{4,}(通知|意见|决定|决议|方案|办法|函|请示|报告|批复|公告|通告|通报|细则|规定|规划|计划|纪要|总结)([(][^()]{1,20}[)])?$";
    SESSION = r"^[-—―\s(]*\d{4}年\d{1,2}月\d{1,2}日.{2,}(会议|大会|全会|座谈会)上.{0,4}$";
}

/// Whether a line shows the day it was read: with the weather, or the traditional calendar. Heads of papers have that
/// too, beside the name or the page of the paper.
pub(crate) fn is_clock(line: &str) -> bool {
    ["农历", "農曆", "℃", "天气", "欢迎", "您好", "你好"].iter().any(|word| line.contains(word))
        && !line.contains(['版', '报', '報', '刊', '第'])
}

/// Whether a byline names both a publisher and a date.
pub(crate) fn is_source_and_date(line: &str) -> bool {
    let key = plain(line);
    find_date(&key).is_some() && (SOURCE.is_match(&key) || PUBLISHER.is_match(&key))
}

/// Whether a byline says of which day, or month, an article is.
pub(crate) fn is_dated(line: &str) -> bool {
    !is_clock(line) && find_date(&plain(line)).is_some()
}

/// Whether a line stands over the title of an official document: its red head, its number, who signed it.
pub(crate) fn is_official_head(key: &str) -> bool {
    key.len() <= 200 && (RED_HEAD.is_match(key) || DOCUMENT_NUMBER.is_match(key))
}

/// Whether a name that stands for a source or an author names nobody.
pub(crate) fn names_nobody(name: &str) -> bool {
    name.len() <= 60 && NOBODY.is_match(&name.to_ascii_lowercase())
}

/// Longer paragraphs are no titles, bylines or dates; the history of a law may take this much.
const KEY_BYTES_MAX: usize = 1200;

/// Longer lines are no titles of official documents.
const TITLE_CHARS_MAX: usize = 90;

/// Fills the article's fields from its paragraphs; `simplify` is [`crate::text::script::to_simplified`].
pub fn fill(article: &mut Article, simplify: &dyn Fn(&str) -> Cow<'_, str>) {
    let is_text = |paragraph: &Paragraph| {
        paragraph.kind == ParagraphKind::Body
            && (paragraph.display.len() > KEY_BYTES_MAX
                || !is_official_head(&plain(&simplify(&paragraph.display))))
    };
    let text_from = article.paragraphs.iter().position(is_text).unwrap_or(article.paragraphs.len());
    let mut in_history = true;
    let keys: Vec<String> = article
        .paragraphs
        .iter()
        .enumerate()
        .map(|(at, paragraph)| {
            // Of the text itself only the beginning is asked, as far as a law's history may go on in it.
            let is_asked = at <= text_from || in_history || paragraph.kind == ParagraphKind::Byline;
            if !is_asked || paragraph.display.len() > KEY_BYTES_MAX {
                return String::new();
            }
            let key = plain(&simplify(&paragraph.display));
            in_history &= at < text_from || ENACTED.is_match(&key);
            key
        })
        .collect();
    fill_titles(article, &keys, text_from);
    for (at, key) in keys.iter().enumerate() {
        let kind = article.paragraphs.get(at).map(|paragraph| paragraph.kind);
        let is_clock = at < text_from && is_clock(key);
        if kind == Some(ParagraphKind::Byline) && !is_clock {
            fill_from_byline(article, key);
            // Below the text an office signs what it sends, above it names who wrote.
            if at < text_from {
                fill_office(article, key);
            }
        }
    }
    // What a law's history says last is the date of this text.
    article.date = end_of_history(&keys, text_from).or(article.date);
    // A heading above the text may bear the date: `《某某联播》 (20240105)`, `——2024年1月5日在某会议上`.
    if article.date.is_none() {
        article.date = keys.iter().take(text_from).find_map(|key| heading_date(key));
    }
    if article.date.is_none() {
        article.date =
            article.title.as_deref().and_then(|title| title_date(&plain(&simplify(title))));
    }
    fill_from_last_remark(article, simplify);
}

/// The latest day of a law's history: lines above the text, and long ones that were taken for its beginning.
fn end_of_history(keys: &[String], text_from: usize) -> Option<Date> {
    let mut last: Option<Date> = None;
    for (at, key) in keys.iter().enumerate() {
        let found = last_enacted(key);
        if at >= text_from && (last.is_none() || found.is_none()) {
            break;
        }
        last = [last, found].into_iter().flatten().max_by_key(|date| date.to);
    }
    last
}

/// The latest day in a line of a law's history; `None` for other lines.
fn last_enacted(key: &str) -> Option<Date> {
    if !ENACTED.is_match(key) {
        return None;
    }
    let days = DAY.captures_iter(key).filter(|found| {
        let end = found.get(0).map_or(0, |whole| whole.end());
        !key.get(end..).is_some_and(|rest| IN_FORCE.is_match(rest))
    });
    days.filter_map(|found| from_digits(&found)).max_by_key(|date| date.to)
}

/// The year, month or day that a title gives its own document.
fn title_date(title: &str) -> Option<Date> {
    let year = HAN_YEAR.find(title).and_then(|year| {
        let digits = year.as_str().chars().map_while(han_digit).map(|digit| digit.to_string());
        Some(format!(
            "{}{}{}",
            title.get(..year.start())?,
            digits.collect::<String>(),
            title.get(year.end() - '年'.len_utf8()..)?
        ))
    });
    let title = year.as_deref().unwrap_or(title);
    let found = TITLE_YEAR.captures(title)?;
    let number = |name| found.name(name).and_then(|part| part.as_str().parse().ok());
    Date::new(number("y")?, number("m"), number("d"))
}

/// The name of a page of a newspaper is no longer: `要闻`, `基层治理`.
const PAGE_NAME_CHARS_MAX: usize = 6;

fn fill_titles(article: &mut Article, keys: &[String], text_from: usize) {
    let heads: Vec<usize> = article
        .paragraphs
        .iter()
        .take(text_from)
        .enumerate()
        .filter(|(_, paragraph)| paragraph.kind == ParagraphKind::Heading)
        .map(|(at, _)| at)
        .collect();
    // The name of a page stands between the newspaper and the title.
    let is_page_name = |at: usize| {
        at > 0
            && kinds::is_printed_in(&keys[at - 1])
            && keys[at].chars().count() <= PAGE_NAME_CHARS_MAX
            && heads.contains(&(at + 1))
    };
    let heads: Vec<usize> = heads.iter().copied().filter(|&at| !is_page_name(at)).collect();
    let heads = without_labels(heads, keys);
    let text = |at: usize| {
        let display = &article.paragraphs.get(at)?.display;
        Some(closed_up(without_site(without_title_label(display))).into_owned())
    };
    let Some(&first) = heads.first() else { return };
    // A title in the length of a sentence, below the red head.
    let is_long_title = || {
        let key = keys.get(text_from).map_or("", String::as_str);
        !key.contains('。')
            && key.chars().count() <= TITLE_CHARS_MAX
            && OFFICIAL_TITLE.is_match(key)
    };
    if is_official_head(&keys[first]) && is_long_title() {
        article.title = text(text_from);
        return;
    }
    // `示例日报` between the title and the date published it.
    let publishes = |at: usize| {
        let dated =
            article.paragraphs.get(at + 1).is_some_and(|next| next.kind == ParagraphKind::Byline)
                && keys.get(at + 1).is_some_and(|next| find_date(next).is_some());
        dated && PUBLISHER_ALONE.is_match(&keys[at])
    };
    let second = heads.get(1).copied().filter(|&at| !kinds::is_numbered(&keys[at]));
    let publisher = second.filter(|&at| publishes(at));
    let second = second.filter(|_| publisher.is_none());
    // `……办夜校——` is said before the title, not the title.
    let is_title_of_office =
        |second: usize| is_office_name(&keys[first]) && keys[second].starts_with("关于");
    let kicker = keys[first].ends_with("——")
        || keys[first].ends_with("--")
        || second.is_some_and(is_title_of_office);
    let (title, subtitle) = match second {
        Some(second) if kicker => (text(second), text(first)),
        second => (text(first), second.and_then(text)),
    };
    article.title = title;
    article.subtitle = subtitle;
    article.source = publisher.and_then(text);
}

/// A title without the name of its field: `标题：…`, `【标题】…`.
fn without_title_label(title: &str) -> &str {
    let is_labelled = title.len() <= KEY_BYTES_MAX && TITLE_LABEL.is_match(&plain(title));
    let rest = title.split_once([':', '：', ']', '】']).filter(|_| is_labelled);
    rest.map_or(title, |(_, rest)| rest.trim_start_matches([':', '：']).trim_start())
}

/// A title of a few characters set wide: `通　　知`.
fn closed_up(title: &str) -> Cow<'_, str> {
    let mut parts = title.split_whitespace();
    let are_single = parts.all(|part| part.chars().nth(1).is_none() && part.chars().all(is_han));
    let chars = title.split_whitespace().count();
    if are_single && (2..=CLOSED_UP_CHARS_MAX).contains(&chars) {
        return Cow::Owned(title.split_whitespace().collect());
    }
    Cow::Borrowed(title)
}

/// Longer titles that are set wide were closed up before.
const CLOSED_UP_CHARS_MAX: usize = 7;

/// No title that stands before the name of a site is shorter.
const TITLE_BEFORE_SITE_CHARS_MIN: usize = 8;

/// A title without the name of the site that a browser puts behind it.
fn without_site(title: &str) -> &str {
    if title.len() > KEY_BYTES_MAX
        || !title.contains(['-', '_', '|', '｜', '丨', '—', '–', ' ', '\u{3000}'])
    {
        return title;
    }
    let key = plain(title);
    let chars =
        SITE.find(&key).and_then(|site| key.get(..site.start())).map(|own| own.chars().count());
    let Some(chars) = chars.filter(|&chars| chars >= TITLE_BEFORE_SITE_CHARS_MIN) else {
        return title;
    };
    let end = title.char_indices().nth(chars).map_or(title.len(), |(at, _)| at);
    title.get(..end).unwrap_or(title).trim_end()
}

/// The headings above a text without those that are no title of it: names of columns, and the red head of an official
/// document, with the names of more offices in it.
fn without_labels(heads: Vec<usize>, keys: &[String]) -> Vec<usize> {
    let mut named = heads.clone();
    if let Some(last) = heads.iter().rposition(|&at| is_official_head(&keys[at])) {
        let is_head = |&&at: &&usize| {
            is_official_head(&keys[at]) || at < heads[last] && is_office_name(&keys[at])
        };
        named = heads.iter().filter(|at| !is_head(at)).copied().collect();
    }
    // Behind the number of an issue the name above it is that of the paper.
    let issue = named.iter().position(|&at| ISSUE.is_match(&keys[at]));
    if let Some(issue) = issue
        && issue == 1
        && named.len() > 2
        && PERIODICAL.is_match(&keys[named[0]])
    {
        named.remove(0);
    }
    named.retain(|&at| !LABEL.is_match(&keys[at]) && !ISSUE.is_match(&keys[at]));
    if named.is_empty() { heads } else { named }
}

/// Whether a line is the name of an office, or of several.
fn is_office_name(key: &str) -> bool {
    let mut names = key.split_whitespace().peekable();
    names.peek().is_some() && names.all(kinds::is_office)
}

fn fill_from_byline(article: &mut Article, key: &str) {
    if FIRST_CALLED.is_match(key) {
        return;
    }
    if article.date.is_none() {
        article.date = find_date(key);
    }
    let name_in = |pattern: &Regex| {
        pattern.captures(key).and_then(|found| Some(found.name("name")?.as_str().trim().to_owned()))
    };
    if article.source.is_none() {
        let printed = || kinds::is_printed_in(key).then(|| name_in(&PRINTED_BY)).flatten();
        let source = name_in(&SOURCE).or_else(|| name_in(&PUBLISHER));
        let source = source.map(|name| without_account(&name).to_owned());
        article.source = source.filter(|name| !names_nobody(name)).or_else(printed);
    }
    if article.author.is_none() {
        let posted = || name_in(&POSTED).filter(|name| !names_nobody(name));
        let names = || kinds::is_names(key).then(|| key.trim_matches(['(', ')']).to_owned());
        let reporter = kinds::author_names(key).map(only_names);
        article.author = reporter.or_else(|| name_in(&WRITER)).or_else(posted).or_else(names);
    }
}

/// The office that stands beside the day over a text wrote it.
fn fill_office(article: &mut Article, key: &str) {
    if article.author.is_some() || FIRST_CALLED.is_match(key) {
        return;
    }
    let found = OFFICE_DATED.captures(key);
    let Some(name) = found.and_then(|found| Some(found.name("name")?.as_str().trim().to_owned()))
    else {
        return;
    };
    let publishes = PUBLISHER.is_match(&format!("{name} "));
    article.author = (!publishes && kinds::is_office(&name)).then_some(name);
}

/// The name of one who publishes, without what it calls itself on a platform: `示例日报官方账号`.
fn without_account(name: &str) -> &str {
    let own = ACCOUNT.find(name).and_then(|found| name.get(..found.start()));
    own.filter(|own| PUBLISHER.is_match(&format!("{own} "))).unwrap_or(name)
}

/// The names of a line of authors, without the words for what each did.
fn only_names(names: &str) -> String {
    const ROLES: [&str; 9] =
        ["通讯员", "记者", "文", "图", "摄", "摄影", "报道", "摄影报道", "图文"];
    let parts = names.split([' ', '/', ':', '、', ',']);
    let names: Vec<&str> = parts.filter(|part| !part.is_empty() && !ROLES.contains(part)).collect();
    names.join(" ")
}

/// `(某网 文/某某)` after the last sentence.
fn fill_from_last_remark(article: &mut Article, simplify: &dyn Fn(&str) -> Cow<'_, str>) {
    let last = article.paragraphs.iter().rev().find(|one| one.kind == ParagraphKind::Body);
    let Some(last) = last else { return };
    let tail_from = last.display.char_indices().rev().nth(60).map_or(0, |(at, _)| at);
    let tail = plain(&simplify(last.display.get(tail_from..).unwrap_or_default()));
    let Some(found) = REMARK.captures(&tail) else { return };
    if names_several_sources(article, simplify) {
        return;
    }
    let Some(inside) = found.name("inside").map(|inside| inside.as_str()) else { return };
    if let Some(found) = SOURCE.captures(inside) {
        let name = found.name("name").map(|name| name.as_str().to_owned());
        article.source = article.source.take().or(name);
    } else if let Some(found) = REMARK_WRITER.captures(inside) {
        let part =
            |name| found.name(name).map(|part| part.as_str().trim_matches(['《', '》']).to_owned());
        article.source = article.source.take().or_else(|| part("source"));
        article.author = article.author.take().or_else(|| part("author"));
    }
}

/// Whether paragraphs end with remarks of different sources, as the news of a digest do.
fn names_several_sources(article: &Article, simplify: &dyn Fn(&str) -> Cow<'_, str>) -> bool {
    let sources = article.paragraphs.iter().filter_map(|one| {
        let text = one.display.trim_end();
        let remark = text.strip_suffix(['）', ')'])?;
        let inside = remark.get(remark.rfind(['（', '('])?..)?;
        let inside = Some(inside).filter(|inside| inside.len() <= REMARK_BYTES_MAX)?;
        let key = plain(&simplify(inside));
        Some(SOURCE.captures(&key)?.name("name")?.as_str().to_owned())
    });
    let mut sources = sources.peekable();
    let first = sources.peek().cloned();
    sources.any(|source| Some(&source) != first.as_ref())
}

/// No remark in brackets is longer.
const REMARK_BYTES_MAX: usize = 180;

fn heading_date(key: &str) -> Option<Date> {
    let dated = SESSION.is_match(key) || key.ends_with([')', ']', '】']);
    let packed = || from_digits(&PACKED_DAY.captures(key)?);
    if dated { packed().or_else(|| find_date(key)) } else { None }
}

/// The date in a short line, as exact as it is written.
pub fn find_date(key: &str) -> Option<Date> {
    if key.contains(['国', ':'])
        && let Some(found) = REPUBLIC_DAY.captures(key)
    {
        let number = |name| found.name(name)?.as_str().parse::<u32>().ok();
        let year = number("y").or_else(|| number("y3"))? + 1911;
        return Date::new(year, Some(number("m")?), Some(number("d")?));
    }
    if key.contains('国')
        && let Some(found) = REPUBLIC_HAN_DAY.captures(key)
    {
        let part = |name| found.name(name).map(|part| part.as_str());
        let year = part("y").and_then(republic_year)? + 1911;
        return Date::new(year, Some(han_number(part("m")?)?), Some(han_number(part("d")?)?));
    }
    if let Some(found) = DAY.captures(key)
        && let Some(date) = from_digits(&found)
    {
        return Some(date);
    }
    if let Some(found) = BARE_DAY.captures(key) {
        return from_digits(&found);
    }
    if let Some(date) = mail_day(key) {
        return Some(date);
    }
    if let Some(found) = HAN_DAY.captures(key) {
        let part = |name| found.name(name).map(|part| part.as_str());
        let year = part("y")?.chars().try_fold(0, |year, c| Some(year * 10 + han_digit(c)?))?;
        let day = part("d").map(|day| han_number(day).ok_or(())).transpose().ok()?;
        return Date::new(year, Some(han_number(part("m")?)?), day);
    }
    MONTH.captures(key).and_then(|found| {
        let number = |name| found.name(name)?.as_str().parse().ok();
        Date::new(number("y")?, Some(number("m")?), None)
    })
}

/// The day in the head of a message.
fn mail_day(key: &str) -> Option<Date> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    if !key.contains(|c: char| c.is_ascii_lowercase()) {
        return None;
    }
    let found = MAIL_DAY.captures(key)?;
    let part = |names: [&str; 2]| names.iter().find_map(|name| found.name(name));
    let name = part(["month", "month2"])?.as_str().to_ascii_lowercase();
    let month = (1..).zip(MONTHS).find(|&(_, month)| month == name)?.0;
    let number = |names| part(names)?.as_str().parse().ok();
    Date::new(number(["y", "y2"])?, Some(month), Some(number(["d", "d2"])?))
}

/// A year counted from 1911: 一百一十三, 一一三.
fn republic_year(text: &str) -> Option<u32> {
    if !text.contains(['百', '十']) {
        return text.chars().try_fold(0, |year, c| Some(year * 10 + han_digit(c)?));
    }
    let (hundreds, rest) = match text.split_once('百') {
        None => (0, text),
        Some((hundreds, rest)) => (hundreds.chars().next().map_or(Some(1), han_digit)?, rest),
    };
    let rest = rest.trim_start_matches(['零', '〇', '○']);
    let rest = if rest.is_empty() { 0 } else { han_number(rest)? };
    Some(hundreds * 100 + rest)
}

fn from_digits(found: &regex::Captures<'_>) -> Option<Date> {
    let number = |name| found.name(name)?.as_str().parse().ok();
    Date::new(number("y")?, Some(number("m")?), Some(number("d")?))
}

fn han_digit(c: char) -> Option<u32> {
    let at = "零一二三四五六七八九".chars().position(|digit| digit == c);
    match (at, c) {
        (Some(at), _) => u32::try_from(at).ok(),
        (None, '〇' | '○' | 'O') => Some(0),
        _ => None,
    }
}

/// Up to 三十一.
fn han_number(text: &str) -> Option<u32> {
    let text = text.replace('廿', "二十").replace('卅', "三十");
    match text.split_once('十') {
        None => text.chars().next().and_then(han_digit),
        Some((tens, ones)) => {
            let tens = if tens.is_empty() { 1 } else { tens.chars().next().and_then(han_digit)? };
            let ones = if ones.is_empty() { 0 } else { ones.chars().next().and_then(han_digit)? };
            Some(tens * 10 + ones)
        }
    }
}

/// Half-width punctuation, as the patterns write it.
fn plain(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => {
                u32::from(c).checked_sub(0xfee0).and_then(char::from_u32).unwrap_or(c)
            }
            '\u{3000}' => ' ',
            _ => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ParagraphKind::{Body, Byline, Heading};

    fn filled(paragraphs: &[(ParagraphKind, &str)]) -> Article {
        let paragraphs = paragraphs.iter().map(|&(kind, text)| Paragraph::new(text, kind));
        let mut article = Article { paragraphs: paragraphs.collect(), ..Article::default() };
        fill(&mut article, &|text| Cow::Owned(text.to_owned()));
        article
    }

    /// Checks source, author and date that a byline gives.
    #[track_caller]
    fn check(byline: &str, source: Option<&str>, author: Option<&str>, date: Option<&str>) {
        let article =
            filled(&[(Heading, "某县的经验"), (Byline, byline), (Body, "某县在2017年修了路。")]);
        assert_eq!(article.source.as_deref(), source, "source of {byline}");
        assert_eq!(article.author.as_deref(), author, "author of {byline}");
        assert_eq!(article.date.map(|date| date.to_string()).as_deref(), date, "date of {byline}");
    }

    #[test]
    fn a_byline_gives_what_it_says() {
        check("某某日报    2019年12月11日", Some("某某日报"), None, Some("2019-12-11"));
        check("来源：云岭日报 时间：2026-02-09", Some("云岭日报"), None, Some("2026-02-09"));
        check(
            "中共某地区委员会组织部 2023年06月19日",
            None,
            Some("中共某地区委员会组织部"),
            Some("2023-06-19"),
        );
        check("本报记者 张某 李某某", None, Some("张某 李某某"), None);
        check("记者 张某 通讯员 李某 文/图", None, Some("张某 李某"), None);
        check("作者：张某", None, Some("张某"), None);
        check("李某某", None, Some("李某某"), None);
        check("二〇二三年六月十九日", None, None, Some("2023-06-19"));
        check("2023年6月", None, None, Some("2023-06"));
        check("来源丨某某日报", Some("某某日报"), None, None);
        check("来源 ｜ 某某日报", Some("某某日报"), None, None);
        check("作者丨张某", None, Some("张某"), None);
        check("来源：本站原创", None, None, None);
        check("来源：果农供图", None, None, None);
        check("【来源】示例日报", Some("示例日报"), None, None);
        check("【作者】甲某", None, Some("甲某"), None);
        check("二○○九年十一月廿三日", None, None, Some("2009-11-23"));
        check("由 甲某某 发布于 2012-05-04", None, Some("甲某某"), Some("2012-05-04"));
        check("由 admin 发布于 2012-05-04", None, None, Some("2012-05-04"));
        check("来源：示例日报官方账号 2021-03-02", Some("示例日报"), None, Some("2021-03-02"));
        check("来源：示例融媒微信公众号", Some("示例融媒"), None, None);
        check("来源：大山公众号", Some("大山公众号"), None, None);
    }
    #[test]
    fn the_office_that_signs_below_a_text_did_not_write_it() {
        let signed = (Byline, "示例县农业农村局 2023年6月19日");
        let article = filled(&[(Heading, "果园的账"), (Body, "很好。"), signed]);
        let date = article.date.map(|date| date.to_string());
        assert_eq!((article.author, date.as_deref()), (None, Some("2023-06-19")));
    }
    #[test]
    fn a_day_without_marks_is_read_alone_or_behind_its_label() {
        check("20240305", None, None, Some("2024-03-05"));
        check("发布日期：20240305", None, None, Some("2024-03-05"));
        check("20241305", None, None, None);
        check("编号：20240305", None, None, None);
        check("来源：示例日报 电话 20240305", Some("示例日报"), None, None);
    }
    #[test]
    fn the_day_of_a_message_is_read() {
        check("Date: Mon, 6 May 2002 10:11:12 +0800", None, None, Some("2002-05-06"));
        check("发信站: 示例站 (Mon May  6 10:11:12 2002)", None, None, Some("2002-05-06"));
        check("Sent: May 6, 2002 9:12 AM", None, None, Some("2002-05-06"));
        check("Date: 35 May 2002", None, None, None);
    }
    #[test]
    fn years_of_the_republic_are_read_where_a_line_says_so() {
        check("发布日期：112-09-14", None, None, Some("2023-09-14"));
        check("民国112年9月14日", None, None, Some("2023-09-14"));
        check("发布日期：2012-09-14", None, None, Some("2012-09-14"));
        check("电话 112-09-14", None, None, None);
        check("中华民国一百一十三年三月五日", None, None, Some("2024-03-05"));
        check("民国一一三年三月五日", None, None, Some("2024-03-05"));
        check("民国一百零三年十二月三十一日", None, None, Some("2014-12-31"));
        check("民国九十九年三月五日", None, None, Some("2010-03-05"));
        check("民国十年三月五日", None, None, Some("1921-03-05"));
        check("民国百年庆典", None, None, None);
    }
    #[test]
    fn the_name_of_a_field_is_no_part_of_a_title() {
        for [line, title] in [
            ["标题：果园的账", "果园的账"],
            ["【标题】果园的账", "果园的账"],
            ["Title: 果园的账", "果园的账"],
            ["标题党：果园的账", "标题党：果园的账"],
            ["果园：标题的账", "果园：标题的账"],
        ] {
            let article = filled(&[(Heading, line), (Body, "很好。")]);
            assert_eq!(article.title.as_deref(), Some(title));
            assert_eq!(article.paragraphs[0].display, line);
        }
    }
    #[test]
    fn a_digest_of_several_sources_has_none() {
        let source = |first: &str| {
            let last = "渠修好了。（来源：示例县日报）";
            filled(&[(Heading, "一周"), (Body, first), (Body, last)]).source
        };
        assert_eq!(source("果子熟了。（来源：示例县发布）"), None);
        assert_eq!(source("果子熟了。（来源：示例县日报）").as_deref(), Some("示例县日报"));
        assert_eq!(source("果子熟了。").as_deref(), Some("示例县日报"));
    }
    #[test]
    fn a_library_of_newspapers_names_paper_and_day() {
        check("示例日报/2020年/3月/12日/第002版", Some("示例日报"), None, Some("2020-03-12"));
        check("来源丨示例县融媒体中心", Some("示例县融媒体中心"), None, None);
        check("原标题：2020年3月12日种树记", None, None, None);
        let printed = (Byline, "示例日报/2020年/3月/12日/第002版");
        let titles = |heads: &[&str]| {
            let heads = heads.iter().map(|&head| (Heading, head));
            let paragraphs = [printed].into_iter().chain(heads).chain([(Body, "种了树。")]);
            let article = filled(&paragraphs.collect::<Vec<_>>());
            (article.title, article.subtitle)
        };
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(titles(&["绿色家园", "某县种树忙"]), (some("某县种树忙"), None));
        assert_eq!(titles(&["种树忙"]), (some("种树忙"), None));
    }
    #[test]
    fn a_year_in_a_sentence_is_no_date() {
        let article = filled(&[(Heading, "某县的经验"), (Body, "2023年6月1日，某县修了路。")]);
        assert_eq!(article.date, None);
    }
    #[test]
    fn a_heading_may_bear_the_date() {
        let dated =
            |text| filled(&[(Heading, text), (Body, "很好。")]).date.map(|date| date.to_string());
        assert_eq!(dated("《某某联播》 (20240105)").as_deref(), Some("2024-01-05"));
        assert_eq!(
            dated("——2024年1月5日在某省第十四届人民代表大会第二次会议上").as_deref(),
            Some("2024-01-05")
        );
        assert_eq!(dated("2024年1月5日的大雪").as_deref(), None);
    }
    #[test]
    fn the_year_a_title_gives_its_own_document_is_its_date() {
        let dated =
            |text| filled(&[(Heading, text), (Body, "很好。")]).date.map(|date| date.to_string());
        assert_eq!(dated("2023年工作总结").as_deref(), Some("2023"));
        assert_eq!(dated("某县2022年度基层党建工作情况报告").as_deref(), Some("2022"));
        assert_eq!(
            dated("2021年9月某市考试《综合能力》题（网友回忆版）").as_deref(),
            Some("2021-09")
        );
        assert_eq!(dated("2021年10月23日某市考试题").as_deref(), Some("2021-10-23"));
        assert_eq!(dated("2020年0822某省考试题（甲卷）").as_deref(), Some("2020"));
        assert_eq!(dated("2021年至2025年工作总结"), None);
        assert_eq!(dated("某省2035年远景目标纲要"), None);
        assert_eq!(dated("2024年的大雪"), None);
        assert_eq!(dated("2021—2025年发展规划"), None);
        let article =
            filled(&[(Heading, "2023年工作总结"), (Byline, "2024年1月5日"), (Body, "很好。")]);
        assert_eq!(article.date.map(|date| date.to_string()).as_deref(), Some("2024-01-05"));
    }
    #[test]
    fn a_law_is_of_the_day_its_history_ends() {
        let article = filled(&[
            (Heading, "某市河道管理条例"),
            (Byline, "2004年8月19日 某市人民代表大会常务委员会第十四次会议通过"),
            (
                Byline,
                "2018年11月22日 某市人民代表大会常务委员会第七次会议修正 自2019年1月1日起施行",
            ),
            (Body, "第一条 为了管好河道，制定本条例。"),
        ]);
        assert_eq!(article.date.map(|date| date.to_string()).as_deref(), Some("2018-11-22"));
    }
    #[test]
    fn the_name_of_the_site_is_no_part_of_a_title() {
        let title =
            |line: &str| filled(&[(Heading, line), (Body, "很好。")]).title.unwrap_or_default();
        let own = "示例县三年种树百万棵";
        for site in [
            " - 示例新闻网",
            "_示例县人民政府网站",
            " 示例县人民政府门户网站",
            " | 要闻 | 示例日报",
        ] {
            assert_eq!(title(&format!("{own}{site}")), own);
        }
        for line in [
            "示例县—样本县开通公交",
            "种好树 修好路",
            "示例县2020-2022年种树规划",
            "山脚村：一张护林网",
            "果农学技术 亩产大提高",
            "山里织起一张防火网",
        ] {
            assert_eq!(title(line), line);
        }
        assert_eq!(title("通　　知"), "通知");
        assert_eq!(title("果园 账本"), "果园 账本");
    }
    #[test]
    fn the_number_of_an_issue_is_no_title() {
        let titles = |heads: &[&str]| {
            let mut lines: Vec<_> = heads.iter().map(|head| (Heading, *head)).collect();
            lines.push((Body, "很好。"));
            let article = filled(&lines);
            (article.title.unwrap_or_default(), article.subtitle)
        };
        assert_eq!(
            titles(&["农村工作简报", "第12期", "山脚村种树忙"]),
            ("山脚村种树忙".into(), None)
        );
        assert_eq!(titles(&["示例县林业局公告", "2020年第3号"]), ("示例县林业局公告".into(), None));
        assert_eq!(titles(&["会议纪要", "〔2020〕5号"]), ("会议纪要".into(), None));
        let two = ("果园的账".into(), Some("第一期工程完工".into()));
        assert_eq!(titles(&["果园的账", "第一期工程完工"]), two);
    }
    #[test]
    fn years_in_characters_are_read() {
        check("二〇二四年三月", None, None, Some("2024-03"));
        check("二O二四年三月五日", None, None, Some("2024-03-05"));
        let article = filled(&[(Heading, "某县二〇二三年工作总结"), (Body, "很好。")]);
        assert_eq!(article.date.map(|date| date.to_string()).as_deref(), Some("2023"));
    }
    #[test]
    fn a_day_that_does_not_exist_is_no_date() {
        assert_eq!(find_date("2023-02-30"), None);
    }
    #[test]
    fn the_remark_after_the_text_names_source_and_author() {
        let article = filled(&[(Heading, "某县的经验"), (Body, "某县修了路。（某某网 文/张某）")]);
        assert_eq!(
            (article.source.as_deref(), article.author.as_deref()),
            (Some("某某网"), Some("张某"))
        );
        let article = filled(&[(Body, "某县修了路。（来源：某某日报）")]);
        assert_eq!(article.source.as_deref(), Some("某某日报"));
        let article = filled(&[(Body, "某县修了路，通了车(共三条)")]);
        assert_eq!((article.source, article.author), (None, None));
    }
    #[test]
    fn a_label_is_no_title_and_a_kicker_no_main_title() {
        let article = filled(&[
            (Heading, "> 视点"),
            (Heading, "某县办夜校——"),
            (Heading, "果农学技术"),
            (Body, "很好。"),
        ]);
        assert_eq!(article.title.as_deref(), Some("果农学技术"));
        assert_eq!(article.subtitle.as_deref(), Some("某县办夜校——"));
    }
    #[test]
    fn the_red_head_of_a_document_is_no_title() {
        let title = |heads: &[&str], text: &str| {
            let mut lines: Vec<_> = heads.iter().map(|head| (Heading, *head)).collect();
            lines.push((Body, text));
            filled(&lines).title.unwrap_or_default()
        };
        let own = "关于做好冬季管护工作的通知";
        let text = "各村（居）：把路管好。";
        assert_eq!(title(&["某某县人民政府文件", "某政发〔2023〕5号", own], text), own);
        assert_eq!(title(&["某政发〔2023〕5号 签发人：张某", own], text), own);
        assert_eq!(
            title(&["000012", "特急", "某某镇党委", "某某镇人民政府", "文 件", own], text),
            own
        );
        assert_eq!(title(&[own, "某政发〔2023〕5号"], text), own);
        assert_eq!(title(&["某某县人民政府", own], text), own);
        let long = "某某县人民政府办公室关于进一步做好冬季农村公路管护、除雪保通和应急值守等各项工作的通知";
        assert_eq!(title(&["某某县人民政府办公室文件", "某政办发〔2023〕5号"], long), long);
        for other in ["办好群众盼望的窗口文件", "某某县人民政府文件管理办法", "2023年第5号令"]
        {
            assert_eq!(title(&[other, "某县的经验"], text), other);
        }
        // Nothing else can be the title.
        assert_eq!(title(&["某某县人民政府文件"], text), "某某县人民政府文件");
    }
    #[test]
    fn the_clock_over_a_pasted_page_is_no_date() {
        let dated = |line| {
            let article = filled(&[(Byline, line), (Heading, "某县的经验"), (Body, "很好。")]);
            article.date.map(|date| date.to_string())
        };
        assert_eq!(dated("2023年09月01日 星期五 农历七月十七"), None);
        assert_eq!(
            dated("某某日报 2023年09月01日 星期五 农历七月十七").as_deref(),
            Some("2023-09-01")
        );
    }
    #[test]
    fn what_stands_over_a_title_is_none() {
        for label in ["附件1", "附件：", "编号：示-007", "密级：内部"] {
            let article = filled(&[(Heading, label), (Heading, "果农名单"), (Body, "很好。")]);
            assert_eq!(article.title.as_deref(), Some("果农名单"), "{label}");
        }
        let article = filled(&[(Heading, "附件1：果农名单"), (Body, "很好。")]);
        assert_eq!(article.title.as_deref(), Some("附件1：果农名单"));
    }
    #[test]
    fn who_published_is_no_subtitle() {
        let read = |second| {
            let dated = (Byline, "2020-03-12 10:00");
            let article =
                filled(&[(Heading, "果园的账"), (Heading, second), dated, (Body, "很好。")]);
            (article.subtitle, article.source)
        };
        assert_eq!(read("示例县融媒"), (None, Some("示例县融媒".to_owned())));
        assert_eq!(read("访果农老甲"), (Some("访果农老甲".to_owned()), None));
        assert_eq!(read("账本上了网"), (Some("账本上了网".to_owned()), None));
    }
    #[test]
    fn a_first_section_is_no_subtitle() {
        let article =
            filled(&[(Heading, "政府工作报告"), (Heading, "一、去年工作"), (Body, "很好。")]);
        assert_eq!((article.title.as_deref(), article.subtitle), (Some("政府工作报告"), None));
    }
}
