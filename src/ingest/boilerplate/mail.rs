//! The head of a message of mail, a newsgroup or a board: its subject is a title, its day a line of its own, the rest is
//! left out.

use crate::ingest::page::Line;
use regex::Regex;
use std::borrow::Cow;
use std::sync::LazyLock;

/// No head has more lines.
const LINES_MAX: usize = 40;
/// No field is longer.
const FIELD_CHARS_MAX: usize = 300;

/// A field of a head, by what it is for. Words of forms and notices (`时间：`, `主题：`) are fields only beside a sender.
static FIELD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?xi)^(
            (?P<subject>subject|主\s*题|标\s*题|题\s*目)
            |(?P<day>date|sent|(发送|寄信|发信)?(时间|日期)|发信站)
            |(?P<sender>from|(发件|发信|寄信|寄件)人)
            |to|cc|bcc|reply-to|message-id|newsgroups|organization|lines|references|in-reply-to|path|received|return-path
            |mime-version|content-[a-z-]{4,30}|user-agent|nntp-posting-(host|date)|xref|sender|importance|priority|x-[a-z-]{2,30}
            |(收件|收信|抄送|密送)人?|转信站|附件
        )\s*:",
    )
    .expect("a fixed pattern")
});

/// Leaves out the head of a message at the beginning of the text, but for its subject and its day.
pub fn part_head(lines: &mut Vec<Line<'_>>, simplify: &dyn Fn(&str) -> Cow<'_, str>) {
    let (mut subject, mut has_sender, mut end) = (None, false, 0);
    for (at, line) in lines.iter().enumerate().take(LINES_MAX) {
        // A long field goes on in the next line, behind white space.
        let goes_on = at > 0 && line.indent > 0 && subject != Some(at - 1);
        let field = Some(line).filter(|line| line.is_kept() && line.chars <= FIELD_CHARS_MAX);
        let field = field.and_then(|line| FIELD.captures(&line.key));
        if (line.gap > 0 && at > 0) || (field.is_none() && !goes_on) {
            break;
        }
        if let Some(field) = field {
            has_sender |= field.name("sender").is_some();
            if field.name("subject").is_some() && subject.is_none() {
                subject = Some(at);
            }
        }
        end = at + 1;
    }
    let Some(subject) = subject.filter(|_| has_sender) else { return };
    let parts = label_end(lines[subject].text).and_then(|label| {
        let line = &lines[subject];
        line.part(0..label, simplify).zip(line.part(label..line.text.len(), simplify))
    });
    let Some((mut label, mut title)) = parts else { return };
    for line in lines.iter_mut().take(end) {
        let is_day = FIELD.captures(&line.key).is_some_and(|field| field.name("day").is_some());
        if !is_day {
            line.dropped = Some(RULE);
        }
    }
    label.dropped = Some(RULE);
    title.level = Some(1);
    lines.splice(subject..=subject, [label, title]);
}

/// The rule by which a head is left out.
const RULE: &str = "page-head";

/// Where the words of a field begin.
fn label_end(text: &str) -> Option<usize> {
    let (at, mark) = text.char_indices().find(|&(_, c)| matches!(c, ':' | '：'))?;
    Some(at + mark.len_utf8())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::page;

    /// Checks which lines stay.
    #[track_caller]
    fn check(text: &str, kept: &[&str]) {
        let simplify: &dyn Fn(&str) -> Cow<'_, str> = &|text| Cow::Borrowed(text);
        let mut lines = page::lines(text, simplify);
        part_head(&mut lines, simplify);
        let stays = lines.iter().filter(|line| line.is_kept());
        assert_eq!(stays.map(|line| line.text).collect::<Vec<_>>(), kept);
    }

    #[test]
    fn of_the_head_of_a_message_subject_and_day_stay() {
        let text = "很好。\nFrom: 甲";
        check(
            &format!(
                "From: a@example.com\nSubject: 果园的账\nDate: 6 May 2002\nReferences: <1>\n <2>\nX-Mailer: b\n\n{text}"
            ),
            &["果园的账", "Date: 6 May 2002", "很好。", "From: 甲"],
        );
        check(
            &format!("发件人：甲\n发送时间：2015年3月4日\n收件人：乙\n主题：果园的账\n\n{text}"),
            &["发送时间：2015年3月4日", "果园的账", "很好。", "From: 甲"],
        );
        check(
            &format!(
                "发信人: a (甲), 信区: B\n标  题: 果园的账\n发信站: 示例站 (Mon May  6 10:11:12 2002)\n\n{text}"
            ),
            &["果园的账", "发信站: 示例站 (Mon May  6 10:11:12 2002)", "很好。", "From: 甲"],
        );
    }
    #[test]
    fn fields_of_notices_and_forms_stay() {
        for text in [
            "主题：丰收节\n时间：2024年9月22日\n地点：广场",
            "标题：果园的账\n作者：甲某\n日期：2024年3月5日",
            "果园的账\n发件人：甲\n主题：账",
            "发件人：甲\n\n主题：果园的账",
            "From: 甲\nTo: 乙\n很好。",
            "发件人：甲\n主题：\n很好。",
            "收件人：乙\n主题：果园的账\n很好。",
        ] {
            check(text, &text.lines().filter(|line| !line.is_empty()).collect::<Vec<_>>());
        }
    }
}
