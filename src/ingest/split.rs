//! A page into articles: where one piece of writing ends and the next begins.
//!
//! Signs, strongest first: headings the format declares over texts that each have a dateline, or a line of source and
//! date; a
//! heading that begins with a place and a colon; a line of an author, which closes an article when text stands before
//! it and opens one when a heading stands before it; a heading over a dateline or over a line of source and date.
//! Numbered sections never split, so a long report stays one article.

use crate::ingest::kinds;
use crate::ingest::metadata;
use crate::ingest::page::Line;
use crate::model::ParagraphKind;
use regex::Regex;
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

/// `云岭县:` at the start of a heading.
static PLACE_HEAD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"^(?P<place>[\p{Han}·]{1,16}(州|市|县|区|乡|镇|村|盟|旗|地区|街道|省|社区))\s*:\s*\S",
    )
    .expect("a fixed pattern")
});
/// A field of a letter, an interview or a form; no title begins so.
static FIELD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\p{Han}{0,6}(人|者|时间|日期|单位|部门|机构|内容|结果|地点|对象|编号|类型|状态|方式|电话)\s*:\s*\S")
        .expect("a fixed pattern")
});
/// How news texts begin.
static DATELINE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)^[\[(【]?(
            本(报|网|台|刊|社)(\S{0,12})?(讯|电|消息|报道)
            |(新华社|新华网|中新社|中新网|人民网|央视网|央广网|光明网|中国网|\S{2,8}(日报|晚报|网|社|台))\s?\S{0,12}?(\d{1,2}月)?(\d{1,2}日)?(电|讯|消息)(?:[\s:(\])】]|$)
            |\S{2,10}(电|讯)\s?[(（]
        )",
    )
    .expect("a fixed pattern")
});
/// A title and who signs it in one line: `某市: 标题 ■某部 2023年6月19日`.
static SIGNED_TITLE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^.{5,80}?\s*(?P<mark>[■□◆◇])\s*(?P<sign>\S.{1,50})$").expect("a fixed pattern")
});

/// Parts a line that holds both a title and its signature into a line for each; the mark between them goes.
pub fn part_signed_titles(lines: &mut Vec<Line<'_>>, simplify: &dyn Fn(&str) -> Cow<'_, str>) {
    for line in std::mem::take(lines) {
        match part_signed_title(&line, simplify) {
            Some((title, signature)) => lines.extend([title, signature]),
            None => lines.push(line),
        }
    }
}

fn part_signed_title<'a>(
    line: &Line<'a>,
    simplify: &dyn Fn(&str) -> Cow<'_, str>,
) -> Option<(Line<'a>, Line<'a>)> {
    let has_mark = || line.text.contains(['■', '□', '◆', '◇']);
    if !line.is_kept() || line.chars > 140 || line.text.contains('。') || !has_mark() {
        return None;
    }
    let found = SIGNED_TITLE.captures(line.text)?;
    let (mark, sign) = (found.name("mark")?, found.name("sign")?);
    let title = line.part(0..mark.start(), simplify)?;
    let sign = line.part(sign.range(), simplify)?;
    let is_signature = kinds::is_author_line(&sign.key)
        || kinds::is_publication_line(&sign.key)
        || kinds::is_names(&sign.key)
        || kinds::is_office(&sign.key);
    is_signature.then_some((title, sign))
}

/// The articles as ranges of lines, in order; dropped lines lie inside or between them.
pub fn articles(lines: &[Line<'_>]) -> Vec<Range<usize>> {
    let kept: Vec<usize> = (0..lines.len()).filter(|&at| lines[at].is_kept()).collect();
    let page = Page::new(lines, &kept);
    let levels = page.article_levels();
    let mut starts: Vec<usize> = Vec::new();
    let mut start = 0;
    for n in 0..kept.len() {
        let opens = n > start && page.opens_article(n, start, levels);
        if opens {
            starts.push(start);
            start = n;
        }
    }
    if !kept.is_empty() {
        starts.push(start);
    }
    let ends = starts.iter().skip(1).copied().chain([kept.len()]);
    starts.iter().zip(ends).map(|(&start, end)| kept[start]..kept[end - 1] + 1).collect()
}

/// The kept lines, addressed by their number among themselves.
struct Page<'a, 'b> {
    lines: &'a [Line<'b>],
    kept: &'a [usize],
    /// How many of the kept lines before each are body, so that a page of headings costs no second walk.
    bodies: Vec<usize>,
}

impl<'a, 'b> Page<'a, 'b> {
    fn new(lines: &'a [Line<'b>], kept: &'a [usize]) -> Self {
        let mut sum = 0;
        let mut bodies = vec![0];
        bodies.extend(kept.iter().map(|&at| {
            let line = &lines[at];
            let is_text = line.kind == ParagraphKind::Body && !kinds::is_section_mark(&line.key);
            sum += usize::from(is_text);
            sum
        }));
        Self { lines, kept, bodies }
    }

    fn line(&self, n: usize) -> Option<&Line<'b>> {
        self.kept.get(n).map(|&at| &self.lines[at])
    }

    fn is(&self, n: usize, kind: ParagraphKind) -> bool {
        self.line(n).is_some_and(|line| line.kind == kind)
    }

    fn is_author(&self, n: usize) -> bool {
        self.line(n).is_some_and(|line| {
            line.kind == ParagraphKind::Byline && kinds::is_author_line(&line.key)
        })
    }

    /// Whether an article begins at this line; the current one began at `start`.
    fn opens_article(&self, n: usize, start: usize, level: Option<usize>) -> bool {
        let Some(line) = self.line(n) else { return false };
        if line.kind != ParagraphKind::Heading {
            return false;
        }
        if let Some(level) = level {
            // A higher heading below the head of the page belongs to that head.
            return line
                .level
                .is_some_and(|own| own == level || (own < level && self.has_body(start, n)));
        }
        if n.checked_sub(1).is_some_and(|before| self.is_author(before) && before > start)
            && self.has_body(start, n)
        {
            return true;
        }
        if !self.has_body(start, n)
            || kinds::is_numbered(&line.key)
            || FIELD.is_match(&line.key)
            || self.is_numbered_above(n)
        {
            return false;
        }
        if PLACE_HEAD.is_match(&line.key) {
            return true;
        }
        // Only the first of a run of headings can be the start of an article.
        if n > start && self.is(n - 1, ParagraphKind::Heading) {
            return false;
        }
        let mut next = n;
        while self.is(next, ParagraphKind::Heading) {
            next += 1;
        }
        let after = self.line(next);
        if after.is_some_and(|after| is_stamp(&after.key)) {
            return false;
        }
        if self.is(next, ParagraphKind::Byline) {
            // `标题 / 本报记者 … / 正文`, or source and date below a title.
            return self.is(next + 1, ParagraphKind::Body)
                || self.is(next + 1, ParagraphKind::Byline);
        }
        after.is_some_and(|after| after.kind == ParagraphKind::Body && is_dateline(&after.key))
    }

    /// Whether the number of the heading stands in the line above it.
    fn is_numbered_above(&self, n: usize) -> bool {
        let before = n.checked_sub(1).and_then(|before| self.line(before));
        before.is_some_and(|before| {
            kinds::is_section_mark(&before.key) && before.key.contains(char::is_alphanumeric)
        })
    }

    fn has_body(&self, from: usize, to: usize) -> bool {
        self.bodies[from] < self.bodies[to]
    }

    /// The depth of declared headings that are titles of articles: most texts under them begin with a dateline, or with a
    /// line of source and date.
    fn article_levels(&self) -> Option<usize> {
        let mut counts: HashMap<usize, (usize, usize, usize)> = HashMap::new();
        for n in 0..self.kept.len() {
            let Some(level) = self.line(n).and_then(|line| line.level) else { continue };
            let dated = self
                .line(n + 1)
                .is_some_and(|next| next.kind == ParagraphKind::Body && is_dateline(&next.key));
            let signed = self.is(n + 2, ParagraphKind::Body)
                && self.line(n + 1).is_some_and(|next| {
                    next.kind == ParagraphKind::Byline && metadata::is_source_and_date(&next.key)
                });
            let count = counts.entry(level).or_default();
            count.0 += 1;
            count.1 += usize::from(dated);
            count.2 += usize::from(signed);
        }
        counts
            .into_iter()
            .filter(|&(_, (all, dated, signed))| {
                // One line of source and date stands below the title of any page.
                let signed = if signed >= 2 { signed } else { 0 };
                all >= 2 && (dated + signed) * 2 >= all
            })
            .map(|(level, _)| level)
            .max()
    }
}

/// Whether a line says when a post or an answer was written or changed: what stands above it belongs to the one before.
fn is_stamp(key: &str) -> bool {
    let changed =
        || key.strip_prefix("编辑于").is_some_and(|day| day.trim().starts_with(char::is_numeric));
    key.contains("只看该作者") || changed()
}

fn is_dateline(key: &str) -> bool {
    DATELINE.is_match(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::page;

    /// Checks the first lines of the articles.
    #[track_caller]
    fn check(text: &str, first_lines: &[&str]) {
        let simplify = |text: &str| -> Cow<'static, str> { Cow::Owned(text.to_owned()) };
        let simplify: &dyn Fn(&str) -> Cow<'_, str> = &move |text| simplify(text);
        let mut lines = page::lines(text, simplify);
        part_signed_titles(&mut lines, simplify);
        let goes_on = vec![false; lines.len()];
        kinds::mark(&mut lines, &goes_on);
        let firsts: Vec<&str> =
            articles(&lines).into_iter().map(|range| lines[range.start].text).collect();
        assert_eq!(firsts, first_lines);
    }

    #[test]
    fn a_page_of_a_newspaper_falls_into_its_articles() {
        let text = "> 视点\n某州办夜校——\n果农学技术 亩产大提高\n本报记者 张某\n某州修路。\n某州种树。\n\
            云岭县:办好农民夜校\n云岭县修路。\n本报记者 张某 李某\n雪山县:管好水渠\n雪山县种树。\n本报记者 张某 李某\n\
            图片新闻\n某州开展科普活动\n某州办学。\n本报记者 张某 李某";
        check(text, &["> 视点", "云岭县:办好农民夜校", "雪山县:管好水渠", "图片新闻"]);
    }
    #[test]
    fn numbered_sections_stay_in_one_article() {
        check(
            "政府工作报告\n各位代表：\n一、去年工作\n修了路。\n二、今年打算\n要种树。",
            &["政府工作报告"],
        );
    }
    #[test]
    fn a_byline_under_the_title_opens_nothing_new() {
        check(
            "某县的经验\n某某日报 2019年12月11日\n学会修剪 亩产提高\n某县修路。\n李某某",
            &["某县的经验"],
        );
    }
    #[test]
    fn a_title_with_source_and_date_after_text_begins_an_article() {
        check(
            "某县修路\n来源：某某日报\n路修好了。\n某县种树\n来源：某某日报\n树种好了。",
            &["某县修路", "某县种树"],
        );
    }
    #[test]
    fn a_signature_begins_no_article_whatever_short_line_follows() {
        let head = "关于种树的通知\n各村今年都要种树，树苗到林业站领。";
        for end in [
            "示例县林业局\n2020年3月12日\n（此件公开发布）",
            "示例县林业局\n二〇二〇年三月十二日\n联系人：甲某，电话：000-000",
            "示例县林业局\n示例县示例镇人民政府\n2020年3月12日\n抄送：县委办公室，各乡镇人民政府，县直各部门，各村民委员会。",
            "特此通知\n示例县林业局\n2020年3月12日\n附件：树苗名单\n1.柳树；2.杨树。",
            "示例县林业局\n2020年3月12日\n示例县林业局办公室 2020年3月13日印发",
        ] {
            check(&format!("{head}\n{end}"), &["关于种树的通知"]);
        }
    }
    #[test]
    fn an_office_and_a_date_above_a_text_are_its_title() {
        let text = "各单位的做法\n示例县财政局\n2020年3月1日\n财政局今年把账目在网上公开，人人都能查看每一笔开支。\n\
            示例县林业局\n2020年3月2日\n林业局今年把树苗送到各个村子，种下的树有专人看管。";
        check(text, &["各单位的做法", "示例县林业局"]);
    }
    #[test]
    fn a_mark_of_a_section_in_its_own_line_begins_no_article() {
        for [first, second] in
            [["01", "02"], ["PART 01", "PART 02"], ["NO.1", "NO.2"], ["/ 01 /", "/ 02 /"]]
        {
            let text = format!(
                "某县种树\n{first}\n种得快\n本报讯 树种好了。\n{second}\n管得好\n本报讯 树管好了。"
            );
            check(&text, &["某县种树"]);
        }
        check("某县种树\n◆\n种得快\n本报讯 树种好了。", &["某县种树"]);
        let two = "某县种树\n本报讯 树种好了。\n◆\n某县修路\n本报讯 路修好了。";
        check(two, &["某县种树", "某县修路"]);
    }
    #[test]
    fn a_field_in_a_text_begins_no_article() {
        for field in ["办理单位：示例县水利局", "采访对象：守渠的人"] {
            let text = format!("修渠的事\n渠要修。\n{field}\n2020-03-12\n渠修好了。");
            check(&text, &["修渠的事"]);
        }
        let place = "修渠的事\n渠要修。\n示例县：办理有了结果\n2020-03-12\n渠修好了。";
        check(place, &["修渠的事", "示例县：办理有了结果"]);
    }
    #[test]
    fn the_stamps_of_posts_and_answers_begin_no_article() {
        for stamp in ["发表于 2020-03-12 10:00 | 只看该作者", "编辑于 2020-03-12 10:00"]
        {
            check(&format!("修渠的事\n渠要修。\n顶\n{stamp}\n渠该修。"), &["修渠的事"]);
        }
        let blog = "修渠的事\n渠要修。\n种树的事\n2020-03-12 10:00\n树要种。";
        check(blog, &["修渠的事", "种树的事"]);
    }
    #[test]
    fn a_heading_over_a_dateline_begins_an_article() {
        check("某县修路\n路修好了。\n短讯\n某县种树\n本报讯 树种好了。", &["某县修路", "短讯"]);
    }
    #[test]
    fn declared_headings_over_datelines_are_articles() {
        let text = "# 某某联播\n## 详细新闻\n### 某县修路\n某视网消息：路修好了。\n### 某县种树\n某视网消息：树种好了。";
        check(text, &["某某联播", "某县修路", "某县种树"]);
    }
    #[test]
    fn declared_headings_over_sources_and_dates_are_articles() {
        let text = "# 某州动态\n## 某县修路\n某某日报 2021-05-01\n路修好了。\n## 某县种树\n来源：某某日报 2021-05-02\n树种好了。";
        check(text, &["某州动态", "某县修路", "某县种树"]);
        let one = "# 某州网\n# 某县修路\n某某日报 2021-05-01\n路修好了。\n## 多办实事\n树种好了。";
        check(one, &["某州网"]);
    }
    #[test]
    fn chapters_of_a_regulation_are_no_articles() {
        check(
            "# 某市条例\n## 第一章 总则\n第一条 为了修路。\n## 第二章 附则\n第二条 自公布之日起施行。",
            &["某市条例"],
        );
    }
    #[test]
    fn a_title_and_its_signature_in_one_line_are_parted() {
        let simplify: &dyn Fn(&str) -> Cow<'_, str> = &|text| Cow::Owned(text.to_owned());
        let parts = |text| {
            let mut lines = page::lines(text, simplify);
            part_signed_titles(&mut lines, simplify);
            lines.iter().map(|line| line.text.to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(
            parts("某省某地区: 把夜校办到村口 ■某地区委员会组织部 2023年06月19日"),
            ["某省某地区: 把夜校办到村口", "某地区委员会组织部 2023年06月19日"]
        );
        assert_eq!(parts("成绩很好 ●这是重点"), ["成绩很好 ●这是重点"]);
    }
}
