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
            |(\p{Han}{2,6}新闻记者\s+)
            |((特约)?(评论员|观察员|撰稿人?|作者)|撰文|供稿|文字|文\s*/?\s*图|文|图|摄影|摄制|采写|策划|统筹)(\s*[/:|丨]\s*|\s+)
        )
        (?P<names>[\p{Han}·]{2,14}((\s*[、,/]\s*|\s+)[\p{Han}·/:]{1,14})*)
        ((\s+|\s*[/、])(文|图|摄影|摄|报道|文/图))?
        [\])】]*$";
    /// Labelled facts about the publication.
    LABELLED = r"(?x)^[\[(【]*(
        (信息|稿件|文章|新闻)?(来源|出处)\s*[:|丨】].{0,60}|原标题\s*:.{1,70}|(发布|发表|更新|成文|印发|发文|公开|生成|发送)?(时间|日期)\s*[:】].{0,60}|(索引号|文号|发文字号|发布机构|发文机关|主题分类|供稿单位|作者单位|报送单位|撰稿人?|作者|供稿)\s*[:|丨】].{0,40}
        |(来信|写信|留言|提问|信件|回复|答复|诉求|受理|反映)(人|者|编号|类型|时间|日期|单位|部门|机构|状态)\s*:.{0,40}|满意度(评价)?\s*:.{0,10}
        |[(][^()]{2,30}(供稿|撰稿|整理)
    )[\])】]*$";
    /// A date, with or without time, alone or after a publisher or an office.
    DATE_LINE = r"(?x)^(?P<who>[\p{Han}A-Za-z《》·()\s]{2,24}?[\s:|]+)?[\[(【]?
        (\d{4}\s*[-年/.]\s*\d{1,2}\s*[-月/.]\s*\d{1,2}\s*日?|[二〇零○O一三四五六七八九十]{4}年[一二三四五六七八九十]{1,3}月([一二三四五六七八九十廿卅]{1,3}日)?|\d{4}年\d{1,2}月|(中华)?民国\s*(\d{2,3}年\d{1,2}月\d{1,2}日|[一二三四五六七八九〇零○百十]{2,6}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十廿卅]{1,3}日)|(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01]))
        [\])】]?(\s*(星期|周)[一二三四五六日天])?(\s*(上午|下午|中午|晚上|晚|凌晨))?(\s*\d{1,2}\s*[:时点]\s*\d{1,2}(\s*[:分]\s*(\d{1,2}\s*秒?)?)?)?(\s.{0,40}|(作者|来源|记者|编辑)\s*:.{1,40})?$";
    /// The day of a message, as mail and newsgroups write it: `Date: Mon, 6 May 2002 10:11:12 +0800`.
    SENT = r"(?i)^(date|sent|发信站)\s*:.{0,60}(19|20)\d{2}.{0,40}$";
    /// Where a newspaper printed it, as libraries of newspapers say: `某某日报/2021年/5月/6日/第003版`.
    PRINTED = r"^《?[\p{Han}]{2,20}》?\s*/\s*\d{4}\s*年\s*/\s*\d{1,2}\s*月\s*/\s*\d{1,2}\s*日\s*/\s*第?\s*[A-Z]?\d{1,3}\s*版.{0,20}$";
    /// A date and nothing else, as under a signature.
    DATE_ALONE = r"^[(]?(\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日|\d{4}\s*[-/.]\s*\d{1,2}\s*[-/.]\s*\d{1,2}|[二〇零○O一三四五六七八九]{4}年[一二三四五六七八九十]{1,3}月[一二三四五六七八九十]{1,3}日|(中华)?民国\s*[一二三四五六七八九〇零○百十]{2,6}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日)[)]?$";
    /// How blogs give the day of a text, between counts: `0.5122020.02.03 18:00:00字数 1,021阅读 332`.
    COUNTED = r"^[\d.]{0,7}\s?(19|20)\d{2}[.-]\d{2}[.-]\d{2}\s+\d{1,2}:\d{2}(:\d{2})?\s*(IP属地\s*:\s*\S{2,4}\s*)?字数\s*[\d,]+\s*(阅读\s*[\d,]+)?.{0,12}$";
    /// An office and the day with nothing between them, as under a report.
    SIGNED_DATE = r"^[\p{Han}()·]{3,30}(部|委|局|厅|办|室|府|院|中心|社|站|会|处|队|校|集团|公司|镇|乡|街道|学校|大学|支部)(\d{4}年\d{1,2}月\d{1,2}日|[二〇零○O一三四五六七八九]{4}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日)$";
    /// The list of annexes of a document, with its first item.
    ANNEXES = r"^附\s*件\s*:?\s*1\s*[.、]\s*\S";
    /// An item of such a list.
    ANNEX = r"^\d{1,2}\s*[.、]\s*\S";
    /// A remark behind the name of who signs.
    SEAL = r"\s*[(](盖章|公章|印章|章|签章|代章|签字|签名)[)]$";
    /// The title of a speech, or what it was said at.
    SPEECH = r"(讲话|发言|致辞|演讲|讲稿|(会议|大会|全会|座谈会)上)[)]?$";
    /// When and by whom an official document was printed, at its very end.
    ISSUED = r"^[\p{Han}()·]{3,30}\s*\d{4}年\d{1,2}月\d{1,2}日\s?(印发|印制)$";
    /// An organ that signs, which need be no office.
    ORGAN = r"^[\p{Han}()·]{2,30}(镇|乡|街道|村|社区|大学|中学|小学|银行|支行|党组|分公司|基地|全体(村民|居民|职工|员工|社员|成员|业主|师生|同学|学生|学员|家长|党员|干部|群众)(代表)?)$";
    /// What stands below a signature, a sentence or not.
    BELOW_SIGNATURE = r"^[(]?(又及|另及|此件|联系|咨询|监督|举报|抄送|抄报|主送|分送|附|政策解读|公开|信息公开|备注|注\s*:|电话|地址|签发|校对|印发)";
    /// What an official document says last, above the signature.
    CLOSING = r"^(特此|以上|此致|敬礼|妥否|当否|请予|专此|此复)";
    /// What a letter says last, above the name of who writes it.
    FAREWELL = r"^(此致|(此致\s*)?敬礼[!。]?|顺(祝|颂|致).{0,12}|谨祝.{0,12}|(恭|敬)?祝.{0,8}[!])$";
    /// Where and when a writer ended.
    WRITTEN = r"^[(]?(\d{4}年(\d{1,2}月(\d{1,2}日)?)?.{0,8}(写|记|改|作|草|成稿|完稿|定稿|改定)于[\p{Han}]{1,16}|(写|记|作|草|完稿|定稿)于\s?\d{4}年(\d{1,2}月(\d{1,2}日)?)?.{0,16}|(\d{4}年\d{1,2}月(\d{1,2}日)?|[二〇零○一三四五六七八九]{4}年[一二三四五六七八九十]{1,2}月([一二三四五六七八九十廿卅]{1,3}日)?)[凌清早晨午晚深夜]{0,2}于[\p{Han}]{1,16})[)]?$";
    /// `01`, `PART 02`, `NO.3`, `◆`: the mark of a section that stands in a line of its own above the heading.
    SECTION_MARK = r"(?ix)^[^\p{Han}\w]*(0\d|(part|no|chapter|section|step|vol|lesson)[\s.:_-]*(\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|[ivx]{1,4}))[^\p{Han}\w]*$
        |^[●◆■▲▼★☆◇○□▪❖✦◎※]{1,3}$";
    /// Lines that are no headings however short: remarks of official documents, ways to get in touch, counts.
    NO_HEADING = r"(?x)^(
        \((此件|本文共|联系|咨询|主动公开|依申请公开|公开方式).{2,40}\)|(抄送|抄报|主送|分送|印送)\s*:.{1,40}
        |[^\s:]{0,8}(电\s*话|热线|传真|手机|邮编|邮政编码|办公时间|工作时间|接待时间|开放时间|服务时间)(\([^()]{1,8}\))?\s*:\D{0,8}\d.{0,40}
        |.{1,80}?(…{2,}|[.·]{5,}|(\.\s){4,})[\s.…·]*\d{1,4}
        |(出席|列席|缺席|请假|参加|参会|与会|主持|记录|整理)(人员?|单位|领导|会议)?\s*:\s*\S.{0,60}|地\s*点\s*:\s*\S.{0,40}
        |此致|(此致\s*)?敬礼|[^\s:]{0,6}(联\s*系\s*人|邮箱|网址|地\s*址)\s*:\s*\S.{0,40}
    )$";
    /// A name at the beginning of a line of a list: `李某 某村第一网格`.
    NAMED_ROW = r"^[\p{Han}]{2,3}\s+\S";
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
        |^(图为|上图|下图|左图|右图|题图|图片说明|图[一二三四五六七八九十\d]{0,2}:|图[一二三四五六七八九十\d]{1,2}[\s、.)]|\(图[一二三四五六七八九十\d]{0,2}[:)]|▲|△).{2,}
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
        let is_part = goes_on[at] || before.is_some_and(|before| goes_on[before]);
        let kind = if is_part && !lines[at].in_title {
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
    mark_spaced_tables(lines, &kept, goes_on);
    mark_annexes(lines, &kept);
    mark_signatures(lines, &kept);
    mark_letters(lines, &kept);
    mark_speakers(lines, &kept);
    mark_lists_of_names(lines, &kept);
}

/// Rows and cells of a table, no fewer, whose cells only wide spaces part.
const SPACED_MIN: usize = 3;
/// No cell of such a table is longer.
const CELL_CHARS_MAX: usize = 20;

/// Lines with as many cells each, some of them numbers, are rows of a table.
fn mark_spaced_tables(lines: &mut [Line<'_>], kept: &[usize], goes_on: &[bool]) {
    let mut from = 0;
    while from < kept.len() {
        let rest = kept.get(from..).unwrap_or_default();
        let count = rest.first().map_or(0, |&at| spaced_cells(&lines[at]));
        let is_row = |&(n, &at): &(usize, &usize)| {
            let line = &lines[at];
            let by_looks = line.kind == ParagraphKind::Body || line.is_heading_by_looks();
            by_looks && !goes_on[at] && (n == 0 || line.gap == 0) && spaced_cells(line) == count
        };
        let rows =
            if count < SPACED_MIN { 0 } else { rest.iter().enumerate().take_while(is_row).count() };
        let numbers = rest.iter().take(rows).filter(|&&at| {
            lines[at]
                .key
                .split_whitespace()
                .any(|cell| cell.starts_with(|c: char| c.is_ascii_digit()))
        });
        if rows >= SPACED_MIN && numbers.count() + 1 >= rows {
            for &at in rest.iter().take(rows) {
                lines[at].kind = ParagraphKind::Table;
            }
        }
        from += rows.max(1);
    }
}

/// How many cells a line has that wide spaces part; 0 for lines of another kind.
fn spaced_cells(line: &Line<'_>) -> usize {
    if !line.key.contains("  ") || line.key.contains(['。', ';']) {
        return 0;
    }
    let cells = || line.key.split("  ").map(str::trim).filter(|cell| !cell.is_empty());
    if cells().all(|cell| cell.chars().count() <= CELL_CHARS_MAX) { cells().count() } else { 0 }
}

/// The items of the list of annexes at the end of a document head nothing.
fn mark_annexes(lines: &mut [Line<'_>], kept: &[usize]) {
    let mut in_list = false;
    for &at in kept {
        let line = &mut lines[at];
        let begins = ANNEXES.is_match(&line.key);
        in_list = begins || (in_list && line.gap == 0 && ANNEX.is_match(&line.key));
        if in_list && line.is_heading_by_looks() {
            line.kind = ParagraphKind::Body;
        }
    }
}

/// Who gave a speech stands below its day.
fn mark_speakers(lines: &mut [Line<'_>], kept: &[usize]) {
    for window in kept.windows(4).take(SPEAKER_LINES) {
        let &[title, date, name, text] = window else { continue };
        let speaks = lines[title].kind == ParagraphKind::Heading
            && SPEECH.is_match(&lines[title].key)
            && lines[date].kind == ParagraphKind::Byline
            && DATE_ALONE.is_match(&lines[date].key);
        let is_name = lines[name].is_heading_by_looks()
            && is_names(&lines[name].key)
            && lines[text].kind == ParagraphKind::Body;
        if speaks && is_name {
            lines[name].kind = ParagraphKind::Byline;
        }
    }
}

/// The head of a speech has no more lines above its day.
const SPEAKER_LINES: usize = 4;

/// Offices that sign one document together; no more lines are looked at above its date.
const SIGNERS_MAX: usize = 8;
/// A line this long that ends as a sentence is text, and what stands above it may be its title.
const SENTENCE_CHARS_MIN: usize = 25;

/// The signature of a document, an organ's name above the date, is no title of what stands below it.
fn mark_signatures(lines: &mut [Line<'_>], kept: &[usize]) {
    for (n, &at) in kept.iter().enumerate() {
        let is_date =
            lines[at].kind == ParagraphKind::Byline && DATE_ALONE.is_match(&lines[at].key);
        let ends = || kept.get(n + 1).is_none_or(|&next| stands_below_signature(&lines[next]));
        if !is_date || !ends() {
            continue;
        }
        let above = kept.get(..n).unwrap_or_default();
        let signs = |&&at: &&usize| lines[at].is_heading_by_looks() && is_signer(&lines[at].key);
        let signers = above.iter().rev().take(SIGNERS_MAX).take_while(signs).count();
        let (above, signers) = above.split_at(n - signers);
        let Some(&last) = above.last() else { continue };
        let closes = CLOSING.is_match(&lines[last].key);
        let ends_text = lines[last].kind == ParagraphKind::Body
            || (lines[last].is_heading_by_looks() && (closes || is_numbered(&lines[last].key)));
        if signers.is_empty() || above.len() < 2 || !ends_text {
            continue;
        }
        if closes {
            lines[last].kind = ParagraphKind::Body;
        }
        for &signer in signers {
            lines[signer].kind = ParagraphKind::Byline;
        }
    }
}

/// No name under a letter or an essay is longer.
const WRITER_CHARS_MAX: usize = 16;

/// The name of who writes a letter stands below the farewell, that of who writes an essay at its very end; both above
/// the date.
fn mark_letters(lines: &mut [Line<'_>], kept: &[usize]) {
    for (n, window) in kept.windows(3).enumerate() {
        let &[above, name, date] = window else { continue };
        let is_date = lines[date].kind == ParagraphKind::Byline
            && (DATE_ALONE.is_match(&lines[date].key) || WRITTEN.is_match(&lines[date].key));
        let is_name = lines[name].is_heading_by_looks() && lines[name].chars <= WRITER_CHARS_MAX;
        if !is_date || !is_name {
            continue;
        }
        let ends = n + 3 == kept.len() && is_names(&lines[name].key);
        let told = lines[above].kind == ParagraphKind::Body && is_finished(lines[above].text);
        if FAREWELL.is_match(&lines[above].key) || (ends && told) {
            lines[name].kind = ParagraphKind::Byline;
        }
    }
}

/// Whether a line may follow a signature: not the first sentence of a text that has the signature for a title.
fn stands_below_signature(line: &Line<'_>) -> bool {
    let sentence = line.chars >= SENTENCE_CHARS_MIN && is_finished(line.text);
    let salutation = line.key.ends_with(':');
    line.kind != ParagraphKind::Body
        || BELOW_SIGNATURE.is_match(&line.key)
        || (!sentence && !salutation)
}

/// Whether a line has nothing but names of organs, as a signature has.
fn is_signer(key: &str) -> bool {
    let key = SEAL.find(key).and_then(|seal| key.get(..seal.start())).unwrap_or(key);
    key.chars().count() <= 80
        && key
            .split([' ', '、'])
            .filter(|name| !name.is_empty())
            .all(|name| OFFICE.is_match(name) || ORGAN.is_match(name) || name.ends_with("政府"))
}

/// Lines of a list of names; no title is so.
const NAMED_ROWS_MIN: usize = 3;
/// Names in one line, no fewer: three short words may be a slogan.
const NAMES_MIN: usize = 5;

/// Lines that each begin with a name and stand one below the other are a list, not headings.
fn mark_lists_of_names(lines: &mut [Line<'_>], kept: &[usize]) {
    let mut from = 0;
    while from < kept.len() {
        let rows = kept.get(from..).unwrap_or_default();
        let is_row = |&&at: &&usize| {
            let line = &lines[at];
            let short = line.is_heading_by_looks()
                || (line.kind == ParagraphKind::Body && line.chars <= HEADING_CHARS_MAX);
            short
                && !is_finished(line.text)
                && NAMED_ROW.is_match(&line.key)
                && !is_numbered(&line.key)
        };
        let count = rows.iter().take_while(is_row).count();
        if count >= NAMED_ROWS_MIN {
            for &at in rows.iter().take(count) {
                lines[at].kind = ParagraphKind::Body;
            }
        }
        from += count.max(1);
    }
}

/// Whether a line marks a section and has no words of its own: `01`, `PART 02`, `◆`.
pub fn is_section_mark(key: &str) -> bool {
    key.chars().count() <= 20 && SECTION_MARK.is_match(key)
}

/// Whether it says in which newspaper, on which day and page the text was printed.
pub fn is_printed_in(key: &str) -> bool {
    key.contains('/') && key.chars().count() <= 60 && PRINTED.is_match(key)
}

/// Whether a short line is no heading whatever stands around it.
fn is_no_heading(key: &str) -> bool {
    let names = || {
        let names = || key.split([' ', '、']).filter(|name| !name.is_empty());
        names().count() >= NAMES_MIN
            && names().all(|name| {
                let count = name.chars().count();
                (1..=3).contains(&count) && name.chars().all(is_han)
            })
    };
    is_section_mark(key) || NO_HEADING.is_match(key) || names()
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
    if is_no_heading(&line.key) {
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
    // `图:` before more than a name says what the picture shows.
    let shows = || key.strip_prefix("图:").is_some_and(|rest| rest.trim().chars().nth(4).is_some());
    key.chars().count() <= 60 && !key.contains('。') && REPORTER.is_match(key) && !shows()
}

/// The names in a line of an author.
pub fn author_names(key: &str) -> Option<&str> {
    Some(REPORTER.captures(key)?.name("names")?.as_str())
}

/// Whether it is a line about source or date.
pub fn is_publication_line(key: &str) -> bool {
    let chars = key.chars().count();
    let labelled = || {
        (may_be_labelled(key) && LABELLED.is_match(key))
            || (chars <= 60 && may_be_date(key) && DATE_LINE.is_match(key))
    };
    (chars <= 90 && !key.contains(['。', '?', '!']) && labelled())
        || (chars <= 200 && may_be_passed(key) && PASSED.is_match(key))
        || is_printed_in(key)
        || (chars <= 60 && key.starts_with("以下文章来源于") && !key.contains('。'))
        || (chars <= 80 && COUNTED.is_match(key))
        || (chars <= 80 && key.starts_with(['D', 'd', 'S', 's', '发']) && SENT.is_match(key))
        || (chars <= 60
            && (ISSUED.is_match(key) || WRITTEN.is_match(key) || SIGNED_DATE.is_match(key)))
}

/// Whether a line holds one of the characters without which [`LABELLED`] never matches.
fn may_be_labelled(key: &str) -> bool {
    key.contains([':', '(', '|', '丨', '】'])
}

/// The same of [`DATE_LINE`].
fn may_be_date(key: &str) -> bool {
    key.contains(|c: char| c == '年' || c.is_numeric())
}

/// Whether a line begins as [`PASSED`] does.
fn may_be_passed(key: &str) -> bool {
    key.starts_with(|c: char| c == '(' || c.is_numeric())
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
        Some(Role::Heading(_) | Role::RunningHead | Role::LeftOut) | None => {}
    }
    let key = line.key.as_str();
    if line.level.is_some() || line.in_title {
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
    let titles = is_long_title(line, before, after) || is_called(line, before, after);
    if line.kind == ParagraphKind::Body && titles {
        return ParagraphKind::Heading;
    }
    if line.kind != ParagraphKind::Heading || line.level.is_some() || line.in_title {
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

/// A title that asks or calls out: the first line, alone above a name or a date.
fn is_called(line: &Line<'_>, before: Option<&Line<'_>>, after: Option<&Line<'_>>) -> bool {
    let (words, end) = (line.key.trim_end_matches(['?', '!']), line.chars);
    let above = |kind| after.is_some_and(|after| after.kind == kind);
    before.is_none()
        && (above(ParagraphKind::Byline) || above(ParagraphKind::Heading))
        && (6..=HEADING_CHARS_MAX).contains(&end)
        && words.len() < line.key.len()
        && !words.contains(['。', '?', '!', ';', ':'])
        && !is_numbered(&line.key)
}

fn is_table_row(line: &Line<'_>) -> bool {
    let cells = line.text.split('\t').filter(|cell| !cell.trim().is_empty()).count();
    let piped = line.text.starts_with('|') && line.text.ends_with('|') && line.text.len() > 2;
    cells >= 2 || piped || is_boxed_row(line.text)
}

/// Whether a line is a row of a table that is drawn with characters: `│石门│12│`.
pub fn is_boxed_row(text: &str) -> bool {
    const SIDES: [char; 3] = ['│', '┃', '║'];
    text.starts_with(SIDES) && text.ends_with(SIDES) && text.chars().nth(2).is_some()
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
pub(super) mod tests;
