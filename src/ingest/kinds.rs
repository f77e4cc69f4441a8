//! What each kept line is: heading, body, byline, caption or table row.
//!
//! A line is judged by its words and by its neighbours. The tests on words see [`Line::key`].

use crate::ingest::Role;
use crate::ingest::page::Line;
use crate::model::ParagraphKind;
use crate::text::tokens::is_han;
use regex::Regex;
use std::collections::HashMap;
use std::sync::LazyLock;

macro_rules! patterns {
    ($($(#[$doc:meta])* $name:ident = $pattern:expr;)*) => {
        $($(#[$doc])* static $name: LazyLock<Regex> =
            LazyLock::new(|| Regex::new($pattern).expect("a fixed pattern"));)*
    };
}

patterns! {
    /// A reporter's line: a role and names, nothing else.
    REPORTER = r"(?x)^[\[(【■□◆◇●\s]*
        (
            ((\S{0,8}(日报|晚报|早报|时报|商报|周报|网|社|台|客户端)\s*|全媒体|融媒体|首席|特约|特派|实习|见习|驻\S{2,6}|本\S{1,3}|新华社|中新社)*\s*
                (记者|通讯员)(\s*[/:、]\s*|\s*))
            |((特约)?(评论员|观察员|撰稿人?|作者)|撰文|供稿|文字|文\s*/?\s*图|文|图|摄影|摄制|采写|策划|统筹)(\s*[/:|丨]\s*|\s+)
        )
        (?P<names>[\p{Han}·]{2,14}((\s*[、,/]\s*|\s+)[\p{Han}·/:]{1,14})*)
        ((\s+|\s*[/、])(文|图|摄影|摄|报道|文/图))?
        [\])】]*$";
    /// Labelled facts about the publication.
    LABELLED = r"(?x)^[\[(【]*(
        (信息|稿件|文章|新闻)?(来源|出处)\s*[:|丨].{0,60}|(发布|发表|更新|成文|印发|发文|公开|生成)?(时间|日期)\s*:.{0,60}|(索引号|文号|发文字号|发布机构|发文机关|主题分类|供稿单位|作者单位|报送单位|撰稿人?|作者|供稿)\s*[:|丨].{0,40}
        |[(][^()]{2,30}(供稿|撰稿|整理)
    )[\])】]*$";
    /// A date, with or without time, alone or after a publisher or an office.
    DATE_LINE = r"(?x)^(?P<who>[\p{Han}A-Za-z《》·()\s]{2,24}?[\s:|]+)?[\[(【]?
        (\d{4}\s*[-年/.]\s*\d{1,2}\s*[-月/.]\s*\d{1,2}\s*日?|[二〇零○一三四五六七八九十]{4}年[一二三四五六七八九十]{1,3}月[一二三四五六七八九十]{1,3}日|\d{4}年\d{1,2}月)
        [\])】]?(\s*(星期|周)[一二三四五六日天])?(\s*\d{1,2}\s*[:时点]\s*\d{1,2}(\s*[:分]\s*(\d{1,2}\s*秒?)?)?)?(\s.{0,40})?$";
    OFFICE = r"^[\p{Han}()·]{3,30}(部|委|局|厅|办|室|府|院|中心|社|报|网|台|站|会|处|科|组|队|校|集团|公司)$";
    /// When a regulation was passed: `2020年5月29日 某省人民代表大会常务委员会第十次会议通过`.
    PASSED = r"^[(]?\d{4}年\d{1,2}月\d{1,2}日\s*\S.*(通过|修正|修订|批准|公布|施行|修改)\)?$";
    /// A label whose value stands in the next line.
    OPEN_LABEL = r"^(信息|稿件|文章)?(来源|出处|时间|日期|发布时间|发布日期|作者|供稿)\s*:$";
    SPEAKER = r"^.{0,24}(省长|市长|主席|书记|总理|县长|州长|区长|主任|局长|院长|检察长|部长|会长|专员|盟长|旗长|行长|厅长)\s+[\p{Han}·]{1,4}([\s·]+[\p{Han}]{1,8})?$";
    /// Names alone: `赵刚`, `李 强`.
    NAMES = r"^[\(（]?[\p{Han}]{2,4}([\s、][\p{Han}]{1,4}){0,3}[\)）]?$";
    CAPTION = r"(?x)(
        ((记者|通讯员)\s*)?[\p{Han}·]{2,8}([\s、][\p{Han}]{2,4}){0,3}\s*(摄|/摄)[)\]】]?$|(供图|资料图片?|资料照片|图片来源.{0,20}|图源.{0,20}|摄影报道)[)\]】]?[。.]?$
        |^(图为|上图|下图|左图|右图|题图|图片说明|图[一二三四五六七八九十\d]{1,2}[\s:、.)]|\(图[一二三四五六七八九十\d]{0,2}\)|▲|△).{2,}
        |^表\s?[一二三四五六七八九十\d]{1,3}[\s:、.].{2,}
    )";
    NUMBERED = r"^([一二三四五六七八九十]{1,3}\s*[、.,]|[(（][一二三四五六七八九十]{1,3}[)）]|第[一二三四五六七八九十百]{1,5}[章节编部分篇条]|\d{1,2}\s*(、|[.]\s*[^\d\s]|[.]$)|材料\s*[一二三四五六七八九十\d]|附件)";
    NUMBERED_HAN = r"^([一二三四五六七八九十]{1,3}\s*、|[(（][一二三四五六七八九十]{1,3}[)）])";
    /// Words that join a sentence to the one before; no heading begins with them.
    CONNECTIVE = r"^(同时|此外|另外|与此同时|另一方面|一方面|其次|首先|最后|其中|目前|近年来|截至目前|随后|为此|对此|因此|但是?|然而|今年以来|去年以来|据悉|据了解|据介绍|下一步|接下来|比如|例如|如今|今年|去年|当前|当天|当日|随着.{1,20})\s*,";
    LIST_MARK = r"^[-•·●▪◦※*+]\s*\S";
    NOT_NAMES = r"^(谢谢|完|全文完|全文|再见|附|附件|略|无|结束|正文|说明|注)$";
}

/// Characters of the longest heading, a numbered one.
const HEADING_CHARS_MAX: usize = 50;
/// Marks of the end of a sentence.
pub const SENTENCE_ENDS: [char; 6] = ['。', '！', '？', '!', '?', '…'];
/// Marks after which a line is not cut in mid-sentence.
const FINAL_MARKS: [char; 5] = ['：', ':', '；', ';', '.'];
/// Closing marks that may stand after a final mark.
pub const CLOSING_MARKS: [char; 12] =
    ['”', '’', '"', '」', '』', '）', ')', '》', '】', ']', '］', '〉'];

/// Gives every kept line its kind. `goes_on` says of each line whether it is wrapped and ends in the next kept one.
pub fn mark(lines: &mut [Line<'_>], goes_on: &[bool]) {
    let kept: Vec<usize> = (0..lines.len()).filter(|&at| lines[at].is_kept()).collect();
    let usual_gap = usual_gap(lines, &kept);
    for (n, &at) in kept.iter().enumerate() {
        let before = n.checked_sub(1).and_then(|n| kept.get(n)).copied();
        let kind = if goes_on[at] || before.is_some_and(|before| goes_on[before]) {
            // A part of a wrapped line is never judged by its looks.
            ParagraphKind::Body
        } else {
            kind_alone(&lines[at])
        };
        lines[at].kind = kind;
    }
    for (n, &at) in kept.iter().enumerate() {
        let before = n.checked_sub(1).and_then(|n| kept.get(n)).map(|&at| &lines[at]);
        let after = kept.get(n + 1).map(|&at| &lines[at]);
        lines[at].kind = kind_in_place(&lines[at], before, after, usual_gap);
    }
}

/// Whether a line ends as a sentence, a list item or an introduction ends.
pub fn is_finished(text: &str) -> bool {
    let ends = |text: &str| text.ends_with(SENTENCE_ENDS) || text.ends_with(FINAL_MARKS);
    if ends(text.trim_end_matches(CLOSING_MARKS)) {
        return true;
    }
    // A remark in brackets after a sentence, or a line all in brackets: `……。（来源：某报）`.
    let remark =
        [('（', '）'), ('(', ')'), ('【', '】'), ('[', ']')].iter().find_map(|&(open, close)| {
            let inside = text.strip_suffix(close)?;
            inside.rfind(open).and_then(|at| inside.get(..at))
        });
    remark.is_some_and(|before| {
        before.is_empty() || ends(before.trim_end().trim_end_matches(CLOSING_MARKS))
    })
}

/// Whether a line looks like a heading: short, without the marks of sentences.
pub fn looks_like_heading(line: &Line<'_>) -> bool {
    let text = line.text;
    let chars = line.chars;
    if line.level.is_some() {
        return true;
    }
    if chars > HEADING_CHARS_MAX {
        return false;
    }
    if text.ends_with(['，', ',', '、', '：', ':', '；', ';']) || LIST_MARK.is_match(&line.key)
    {
        return false;
    }
    if !text.chars().any(char::is_alphabetic) || is_broken(line) || left_open(&mirrored(text)) {
        return false;
    }
    let has = |marks: &[char]| text.contains(marks);
    let sentence = has(&['。', '！', '？', '；', ';', '!', '?']);
    if NUMBERED_HAN.is_match(&line.key) {
        // `（一）经济稳步向前、后劲增强。` stands above its paragraphs as a heading does.
        return !text.trim_end_matches('。').contains(['。', '；', ';', '？']);
    }
    (chars <= 40 && !sentence && !has(&['，', ','])) || (chars <= 25 && !sentence)
}

/// Whether even a short line shows that it is the beginning of a sentence cut off: a quotation is open, or a word that
/// joins sentences begins it.
pub fn is_broken(line: &Line<'_>) -> bool {
    !is_finished(line.text) && (left_open(line.text) || CONNECTIVE.is_match(&line.key))
}

/// Whether it is a line of an author: `本报记者 …`, `作者：…`.
pub fn is_author_line(key: &str) -> bool {
    key.chars().count() <= 60 && REPORTER.is_match(key) && !key.contains('。')
}

/// The names in a line of an author.
pub fn author_names(key: &str) -> Option<&str> {
    Some(REPORTER.captures(key)?.name("names")?.as_str())
}

/// Whether it is a line about source or date.
pub fn is_publication_line(key: &str) -> bool {
    let chars = key.chars().count();
    let labelled = || LABELLED.is_match(key) || (chars <= 60 && DATE_LINE.is_match(key));
    (chars <= 90 && !key.contains(['。', '?', '!']) && labelled())
        || (chars <= 200 && PASSED.is_match(key))
}

/// Whether it is a label such as `来源:` whose value stands in the next line.
pub fn is_open_label(key: &str) -> bool {
    key.chars().count() <= 8 && OPEN_LABEL.is_match(key)
}

/// Whether a line begins with a mark that closes or goes on, so that its beginning stands in the line before.
pub fn begins_in_sentence(text: &str) -> bool {
    text.chars().next().is_some_and(|c| {
        matches!(
            c,
            '，' | ','
                | '、'
                | '。'
                | '；'
                | '：'
                | '！'
                | '？'
                | '”'
                | '’'
                | '」'
                | '』'
                | '）'
                | ')'
                | '》'
                | '】'
                | '〉'
        )
    })
}

/// Whether a line begins like an item of a numbered list or a numbered section.
pub fn is_numbered(key: &str) -> bool {
    let first = |c: char| c.is_numeric() || "一二三四五六七八九十(（第材附".contains(c);
    key.starts_with(first) && NUMBERED.is_match(key)
}

fn kind_alone(line: &Line<'_>) -> ParagraphKind {
    match line.role {
        Some(Role::Row) => return ParagraphKind::Table,
        Some(Role::Caption) => return ParagraphKind::Caption,
        Some(Role::Body) => return ParagraphKind::Body,
        Some(Role::Heading(_) | Role::RunningHead) | None => {}
    }
    let key = line.key.as_str();
    if line.level.is_some() {
        ParagraphKind::Heading
    } else if is_author_line(key)
        || is_publication_line(key)
        || (line.chars <= 40 && key.contains(char::is_whitespace) && SPEAKER.is_match(key))
    {
        ParagraphKind::Byline
    } else if is_table_row(line) {
        ParagraphKind::Table
    } else if line.chars <= 120 && may_be_caption(key) && CAPTION.is_match(key) {
        ParagraphKind::Caption
    } else if looks_like_heading(line) {
        ParagraphKind::Heading
    } else {
        ParagraphKind::Body
    }
}

/// Whether a line holds one of the characters without which [`CAPTION`] never matches: most lines need not be read by it.
fn may_be_caption(key: &str) -> bool {
    key.contains(['图', '摄', '照', '▲', '△']) || key.starts_with('表')
}

/// Second look, with the neighbours' first kinds known.
fn kind_in_place(
    line: &Line<'_>,
    before: Option<&Line<'_>>,
    after: Option<&Line<'_>>,
    usual_gap: usize,
) -> ParagraphKind {
    if matches!(line.role, Some(Role::Row | Role::Caption | Role::Body)) {
        return line.kind;
    }
    let is = |line: Option<&Line<'_>>, kind| line.is_some_and(|line| line.kind == kind);
    if before.is_some_and(|before| is_open_label(&before.key))
        && line.chars <= 40
        && !is_finished(line.text)
    {
        return ParagraphKind::Byline;
    }
    if line.kind == ParagraphKind::Body && is_long_title(line, before, after) {
        return ParagraphKind::Heading;
    }
    if line.kind != ParagraphKind::Heading || line.level.is_some() {
        return line.kind;
    }
    if after.is_some_and(|after| begins_in_sentence(after.text)) {
        return ParagraphKind::Body;
    }
    if line.text.ends_with('。') {
        // The last item of a list ends as a heading of this kind does; what stands around it decides.
        let in_list = before.is_some_and(|before| before.text.ends_with(['；', ';']))
            || after.is_none_or(|after| is_numbered(&after.key));
        if in_list {
            return ParagraphKind::Body;
        }
    }
    let after_body = is(before, ParagraphKind::Body);
    if after.is_none() && before.is_some() {
        // Nothing stands below it, so it heads nothing: an author's name, or a last short line.
        let ended = before.is_some_and(|before| is_finished(before.text));
        let names = NAMES.is_match(&line.key) && !NOT_NAMES.is_match(&line.key);
        return if after_body && ended && names {
            ParagraphKind::Byline
        } else {
            ParagraphKind::Body
        };
    }
    // A picture leaves a hole of blank lines; the line under it describes the picture when a heading still follows.
    let dated = line.text.starts_with(|c: char| c.is_ascii_digit());
    let hole = line.gap >= usual_gap + 2 && after_body && !is_numbered(&line.key) && !dated;
    let heading_follows = is(after, ParagraphKind::Heading)
        && after.is_some_and(|after| after.gap <= usual_gap + 1 && !is_numbered(&after.key));
    if hole && heading_follows {
        return ParagraphKind::Caption;
    }
    ParagraphKind::Heading
}

/// A title too long for a heading elsewhere: the first line, or above a line of source and date, without any mark of
/// a sentence.
fn is_long_title(line: &Line<'_>, before: Option<&Line<'_>>, after: Option<&Line<'_>>) -> bool {
    let above_byline = after.is_some_and(|after| after.kind == ParagraphKind::Byline);
    (before.is_none() || above_byline)
        && after.is_some()
        && line.chars <= 90
        && !is_finished(line.text)
        && !left_open(line.text)
        && !line.text.contains(['。', '，', ',', '；', ';', '、'])
}

fn is_table_row(line: &Line<'_>) -> bool {
    let cells = line.text.split('\t').filter(|cell| !cell.trim().is_empty()).count();
    let piped = line.text.starts_with('|') && line.text.ends_with('|') && line.text.len() > 2;
    cells >= 2 || piped
}

/// Pairs whose one half alone shows that a line was cut.
const PAIRS: [(char, char); 5] = [('“', '”'), ('《', '》'), ('（', '）'), ('(', ')'), ('「', '」')];

/// Whether a quotation or bracket is open at the end.
fn left_open(text: &str) -> bool {
    PAIRS.iter().any(|&(open, close)| {
        let depth = text.chars().fold(0_usize, |depth, c| {
            if c == open {
                depth + 1
            } else if c == close {
                depth.saturating_sub(1)
            } else {
                depth
            }
        });
        depth > 0
    })
}

/// The text read backwards, with opening and closing marks exchanged.
fn mirrored(text: &str) -> String {
    let turn = |c: char| {
        PAIRS.iter().find_map(|&(open, close)| match c {
            _ if c == open => Some(close),
            _ if c == close => Some(open),
            _ => None,
        })
    };
    text.chars().rev().map(|c| turn(c).unwrap_or(c)).collect()
}

/// The commonest number of blank lines between two kept lines.
fn usual_gap(lines: &[Line<'_>], kept: &[usize]) -> usize {
    let mut counts: HashMap<usize, usize> = HashMap::new();
    for &at in kept.iter().skip(1) {
        *counts.entry(lines[at].gap).or_default() += 1;
    }
    counts
        .into_iter()
        .max_by_key(|&(gap, count)| (count, std::cmp::Reverse(gap)))
        .map_or(0, |(gap, _)| gap)
}

/// Whether it names an office or a publisher, as a signature does.
pub fn is_office(key: &str) -> bool {
    OFFICE.is_match(key)
}

/// Whether it is only Han names, as under an article.
pub fn is_names(key: &str) -> bool {
    NAMES.is_match(key) && key.chars().filter(|&c| is_han(c)).count() >= 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::page;
    use ParagraphKind::{Body, Byline, Caption, Heading, Table};
    use std::borrow::Cow;

    #[track_caller]
    fn check(text: &str, expected: &[ParagraphKind]) {
        let mut lines = page::lines(text, &|text| Cow::Borrowed(text));
        let goes_on = vec![false; lines.len()];
        mark(&mut lines, &goes_on);
        let kinds: Vec<ParagraphKind> = lines.iter().map(|line| line.kind).collect();
        assert_eq!(kinds, expected, "{text}");
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
        check(
            "标题\n此外,某县以“三大行\n同时,修好水渠,切实发\n很好。",
            &[Heading, Body, Body, Body],
        );
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
        check("标题很好\n图片新闻\n某县坚持党建引领。", &[Heading, Heading, Body]);
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
        for line in [
            "图为村民修路。",
            "村民在修路。本报记者 张某摄",
            "村民在修路（资料图）",
            "表1 修路情况",
        ] {
            check(&format!("标题很好\n{line}\n某县坚持党建引领。"), &[Heading, Caption, Body]);
        }
    }
    #[test]
    fn cells_make_a_table() {
        check("标题很好\n类型\t数量\n| 甲 | 1 |\n很好。", &[Heading, Table, Table, Body]);
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
}
