//! Titles that stand in several lines: which line of one goes on in the next.
//!
//! Officials set long titles in two to four lines: the office, `关于…`, the rest. A title is put together where its words
//! say that it is not whole: it begins with `关于` and has not come to the word for what it is (`通知`, `方案`), begins
//! with `——` and has not come to the meeting, ends with the name of a place and a colon, or only a remark such as
//! `（试行）` follows. Other lines that stand one below the other are title and subtitle.

use crate::ingest::kinds;
use crate::ingest::metadata;
use crate::ingest::page::Line;
use crate::model::ParagraphKind;
use regex::Regex;
use std::sync::LazyLock;

macro_rules! patterns {
    ($($(#[$doc:meta])* $name:ident = $pattern:expr;)*) => {
        $($(#[$doc])* static $name: LazyLock<Regex> =
            LazyLock::new(|| Regex::new($pattern).expect("a fixed pattern"));)*
    };
}

patterns! {
    /// An office that issues, or several, with nothing behind them.
    ISSUERS = r"^([\p{Han}()·]{2,30}(委员会|委|府|办公室|办|局|厅|部|院|处|中心|公司|集团|协会|联合会|总工会|小组|指挥部|大会|银行|学校|大学|医院|村|社区|街道|乡|镇)[\s、]*){1,6}$";
    /// What the title of an official document ends with.
    WHOLE = r"(通知|意见|决定|决议|方案|办法|函|请示|报告|批复|公告|通告|通报|细则|规定|规划|计划|纪要|总结|条例|预案|要点|说明|建议|提案|议案|答复|复函|回复|汇报|讲话|情况|公示|纲要|规程|制度|标准|措施|清单|章程|倡议书|公开信|启事|简报|调研|思考|启示|实践)[》”]?([(][^()]{1,20}[)])?$";
    /// A remark on a document that stands below its title.
    REMARK = r"^[(](试行|暂行|草案|草稿|征求意见稿|送审稿|讨论稿|审议稿|修订稿|修订|修订草案|节选|摘要|摘录|代拟稿|初稿|公开征求意见稿|第[一二三四五]次征求意见稿)[)]$";
    /// The meeting at which a report was given.
    AT_MEETING = r"(会议|大会|全会|座谈会|会|活动|仪式|论坛)上(的\p{Han}{1,12})?[)]?$";
    /// A place, or an office, that speaks or of which a title speaks.
    PLACE = r"^[\p{Han}·]{1,12}(省|市|州|县|区|旗|盟|镇|乡|村|街道|社区):$";
}

/// No line of a title is longer.
const LINE_CHARS_MAX: usize = 45;
/// No title has more lines.
const LINES_MAX: usize = 5;
/// No title is longer.
const TITLE_CHARS_MAX: usize = 120;

/// Says of each line whether it is part of a title that goes on in the next kept line.
pub fn find(lines: &[Line<'_>]) -> Vec<bool> {
    let kept: Vec<usize> = (0..lines.len()).filter(|&at| lines[at].is_kept()).collect();
    let mut goes_on = vec![false; lines.len()];
    let mut n = 0;
    while n < kept.len() {
        let rest = kept.get(n..).unwrap_or_default();
        let count = if begins_title(lines, &kept, n) { title_lines(lines, rest) } else { 1 };
        for &at in rest.iter().take(count - 1) {
            goes_on[at] = true;
        }
        n += count;
    }
    goes_on
}

/// Makes the lines of each such title a heading.
pub fn mark(lines: &mut [Line<'_>], goes_on: &[bool]) {
    let mut before = false;
    for (line, &goes_on) in lines.iter_mut().zip(goes_on) {
        if line.is_kept() {
            line.in_title = before || goes_on;
            before = goes_on;
        }
    }
}

/// Whether a title may begin here: at the head of the text, behind a blank line, a sentence, or the red head.
fn begins_title(lines: &[Line<'_>], kept: &[usize], n: usize) -> bool {
    let Some(line) = kept.get(n).map(|&at| &lines[at]) else { return false };
    let before = n.checked_sub(1).and_then(|n| kept.get(n)).map(|&at| &lines[at]);
    is_short(line)
        && before.is_none_or(|before| {
            line.gap > 0
                || begins_session(&line.key)
                || kinds::is_finished(before.text)
                || metadata::is_official_head(&before.key)
                || before.key.starts_with("附件")
        })
}

/// How many lines from the first on make one title; 1 where they make none.
fn title_lines(lines: &[Line<'_>], kept: &[usize]) -> usize {
    let mut key = String::new();
    for (count, pair) in kept.windows(2).take(LINES_MAX - 1).enumerate() {
        let &[at, below] = pair else { break };
        let (line, next) = (&lines[at], &lines[below]);
        key.push_str(&line.key);
        let total = key.chars().count() + next.chars;
        // Furniture between them parts them.
        if below > at + 1 || next.gap > 0 || !is_short(next) || total > TITLE_CHARS_MAX {
            return 1;
        }
        let remark = REMARK.is_match(&next.key) && is_heading(line);
        let whole = || {
            let whole = format!("{key}{}", next.key);
            (begins_official(&whole)
                && WHOLE.is_match(&whole)
                && !(begins_official(&key) && WHOLE.is_match(&key)))
                || (begins_session(&key)
                    && !AT_MEETING.is_match(&key)
                    && AT_MEETING.is_match(&whole))
        };
        if remark || whole() || is_place_and_words(line, next, kept.get(2).map(|&at| &lines[at])) {
            let remark = kept
                .get(count + 2)
                .is_some_and(|&at| lines[at].gap == 0 && REMARK.is_match(&lines[at].key));
            return count + 2 + usize::from(remark);
        }
        let offices = ISSUERS.is_match(&key) && begins_official(&next.key);
        let more_offices = ISSUERS.is_match(&key) && ISSUERS.is_match(&next.key);
        let open = (begins_official(&key) && !WHOLE.is_match(&key))
            || (begins_session(&key) && !AT_MEETING.is_match(&key));
        if !(offices || more_offices || open) {
            return 1;
        }
    }
    1
}

/// `示例县:` over words without a mark: the place that they tell of.
fn is_place_and_words(line: &Line<'_>, next: &Line<'_>, after: Option<&Line<'_>>) -> bool {
    PLACE.is_match(&line.key)
        && kinds::looks_like_heading(next)
        && !next.key.contains(',')
        && after.is_some_and(|after| {
            kinds::is_author_line(&after.key) || kinds::is_publication_line(&after.key)
        })
}

/// Whether a title begins with what an official document is about, perhaps behind the offices that issue it.
fn begins_official(key: &str) -> bool {
    key.find("关于")
        .is_some_and(|at| at == 0 || key.get(..at).is_some_and(|head| ISSUERS.is_match(head)))
}

fn begins_session(key: &str) -> bool {
    let words = key.trim_start_matches(['—', '-', '―', '(', ' ']);
    words.len() < key.len()
        && (words.starts_with('在') || words.starts_with(|c: char| c.is_ascii_digit()))
        && key.contains('在')
}

/// Whether a line is short and holds no mark of a sentence.
fn is_short(line: &Line<'_>) -> bool {
    line.chars <= LINE_CHARS_MAX
        && line.level.is_none()
        && line.role.is_none()
        && !line.text.contains(['。', '；', '！', '？', '\t'])
        && !kinds::is_numbered(&line.key)
}

fn is_heading(line: &Line<'_>) -> bool {
    line.kind != ParagraphKind::Table && kinds::looks_like_heading(line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::page;
    use std::borrow::Cow;

    /// Checks the titles that are put together.
    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let lines = page::lines(text, &|text| Cow::Borrowed(text));
        let goes_on = find(&lines);
        let mut titles: Vec<String> = Vec::new();
        let mut open = false;
        for (line, goes_on) in lines.iter().zip(goes_on) {
            if open {
                titles.last_mut().unwrap().push_str(line.text);
            } else if goes_on {
                titles.push(line.text.to_owned());
            }
            open = goes_on;
        }
        assert_eq!(titles, expected, "{text}");
    }

    #[test]
    fn an_official_title_goes_on_until_it_says_what_it_is() {
        let text = "各乡镇：\n树要种好。";
        let office = "示例县人民政府办公室";
        check(
            &format!("{office}\n关于印发种树方案的通知\n{text}"),
            &["示例县人民政府办公室关于印发种树方案的通知"],
        );
        check(
            &format!(
                "中共示例县委\n示例县人民政府\n关于加快种树\n三年行动的意见\n（试行）\n{text}"
            ),
            &["中共示例县委示例县人民政府关于加快种树三年行动的意见（试行）"],
        );
        check(
            &format!("关于做好冬季除雪\n和值守工作的通知\n{text}"),
            &["关于做好冬季除雪和值守工作的通知"],
        );
        check(&format!("{office}\n关于种树的通知"), &["示例县人民政府办公室关于种树的通知"]);
    }
    #[test]
    fn what_stands_below_a_whole_title_is_no_part_of_it() {
        check("关于种树的通知\n示林发〔2020〕5号\n各乡镇：", &[]);
        check("关于种树的通知\n示例县林业局的方案\n各乡镇：", &[]);
        check("关于种树的那些事\n本报记者 甲某\n树种好了。", &[]);
        check("示例县人民政府\n山脚村种树忙\n树种好了。", &[]);
        check("关于做好冬季除雪\n\n和值守工作的通知\n各乡镇：", &[]);
        // A line of a paragraph that happens to begin so.
        check("县里前几天印发了\n关于种树和修\n路的通知，各村都在学。", &[]);
    }
    #[test]
    fn a_remark_belongs_to_the_title_above_it() {
        check("渠道管护办法\n（试行）\n第一条　管好渠道。", &["渠道管护办法（试行）"]);
        check("渠道管护办法\n（山脚村）\n第一条　管好渠道。", &[]);
        check("渠修好了。\n（试行）\n渠修好了。", &[]);
    }
    #[test]
    fn the_meeting_in_a_subtitle_goes_on() {
        check(
            "工作报告\n\n——2020年1月5日在示例县人民代表大会\n第三次会议上\n县长　甲某",
            &["——2020年1月5日在示例县人民代表大会第三次会议上"],
        );
        check("守好渠\n——在全县会议上的讲话\n甲某", &[]);
    }
    #[test]
    fn a_place_and_a_colon_stand_before_the_title() {
        check("示例县：\n渠水到田头\n本报记者 甲某\n渠修好了。", &["示例县：渠水到田头"]);
        check("示例县：\n渠水到田头\n渠修好了。", &[]);
        check("尊敬的领导：\n渠水到田头\n本报记者 甲某", &[]);
    }
}
