//! Page furniture: the lines of a saved page that are not the report. Dropped lines are kept for view, with the rule.
//!
//! Every rule prefers to leave furniture in over losing a sentence: rules ask for whole lines, known words and short
//! lengths. Rules see [`Line::key`], so Traditional pages and both kinds of punctuation are covered. Order matters: runs
//! (navigation, notices of document sites, keyword lists) first, then single lines, then tails, which need to know what
//! text is left.

mod mail;
mod patterns;
mod running;
mod trails;

use crate::ingest::boilerplate::patterns::{
    ANSWERS, ANSWERS_COUNT, ANSWERS_LABEL, BUTTON, BUTTONS_FIRST, CLOCK, COMMENT, COPYRIGHT,
    CREDIT, CRUMB_BETWEEN, CRUMB_MARK, DISCLAIMER, DOUBLE_NAME, EDITOR, EDITOR_ROLE, EDITORS,
    FOOT_LABEL, FOOTER, FORUM, FORUM_COUNT, FORUM_LABEL, FORUM_PATH, FORUM_RANK, FORUM_SEAT, HASH,
    ITEM, LED, LEXICON, LEXICON_COUNT, LEXICON_LABEL, LICENCE, LICENSED, LINK_ONLY, NO_NAME,
    NOTICE, NOTICE_ITEM, NOTICE_SURE, PAGE_HEAD, PAGE_NUMBER, PAGER, PAGER_WORD, POSITION,
    PREV_NEXT, RELATED, RIGHTS, RULE_LINE, SHARING, SIZE, SPACED, SUPPORT, TEASER, TOOL_ALONE,
    TOOL_PART,
};
use crate::ingest::page::Line;
use crate::ingest::{Role, kinds};
use crate::text::tokens::is_han;
use regex::Regex;
use std::collections::HashMap;

pub use crate::ingest::boilerplate::mail::part_head;
pub use crate::ingest::boilerplate::trails::part_trails;

/// A paragraph this long is text of an article, whatever stands around it.
const TEXT_FROM_CHARS: usize = 150;
/// A line with the end of a sentence tells something from so many characters on.
const SENTENCE_FROM_CHARS: usize = 5;
/// No label, button or link title is longer.
const LABEL_MAX_CHARS: usize = 40;
/// No disclaimer of a platform is longer.
const NOTICE_MAX_CHARS: usize = 250;

/// Marks the lines that are furniture with the name of the rule. Rows of tables are data: two that are equal are two,
/// and one that reads as a page number is none.
pub fn mark(lines: &mut [Line<'_>]) {
    let rows: Vec<(usize, Option<&'static str>)> = lines
        .iter()
        .enumerate()
        .filter(|(_, line)| line.role == Some(Role::Row) || kinds::is_boxed_row(line.text))
        .map(|(at, line)| (at, line.dropped))
        .collect();
    mark_all(lines);
    for (at, dropped) in rows {
        lines[at].dropped = dropped;
    }
}

fn mark_all(lines: &mut [Line<'_>]) {
    drop_crumbs(lines);
    drop_notices(lines);
    drop_keywords(lines);
    drop_contents(lines);
    drop_led_contents(lines);
    drop_spaced_contents(lines);
    drop_forum(lines);
    drop_labels(lines, &ANSWERS, &ANSWERS_LABEL, &ANSWERS_COUNT);
    drop_labels(lines, &LEXICON, &LEXICON_LABEL, &LEXICON_COUNT);
    drop_tools(lines);
    drop_single_lines(lines);
    running::drop_page_numbers(lines);
    running::drop_running_heads(lines);
    drop_repeated_titles(lines);
    drop_tails(lines);
}

/// Rules whose lines stand between two pages, so that a sentence may go on behind them.
const PAGE_BREAKS: [&str; 2] = ["page-number", "separator"];

/// Whether a sentence may go on behind this line: a page number or a ruled line.
pub fn is_page_break(line: &Line<'_>) -> bool {
    match line.dropped {
        _ if begins(&line.key, "+┌├└┏┣┗╔╠╚") => false,
        Some(rule) => PAGE_BREAKS.contains(&rule),
        None => {
            line.chars <= 100 && is_page_number(&line.key)
                || is_rule(&line.key)
                || is_only_number(&line.key)
        }
    }
}

/// Whether a line is nothing but a number, as that of a page may be; what is joined out of lines has none of them.
pub fn is_only_number(key: &str) -> bool {
    (1..=4).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_digit())
}

/// `您的位置: 首页 > 新闻`, in one line or one label a line.
fn drop_crumbs(lines: &mut [Line<'_>]) {
    let mut at = 0;
    while at < lines.len() {
        let key = lines[at].key.as_str();
        let named = lines[at].chars <= 120 && is_position(key);
        let path = lines[at].chars <= 80
            && !key.contains('。')
            && separated_labels(key)
            && CRUMB_BETWEEN.find_iter(key).count() >= 2;
        let home = matches!(key, "首页" | "网站首页");
        let mut end = at;
        if named || path {
            end = at + 1;
            // The position label alone in its line: labels and marks follow.
            if key.ends_with(':') && lines.get(end).is_some_and(|line| line.chars <= 12) {
                end += 1;
            }
        } else if home {
            end = at + 1;
        }
        if end > at {
            let first_mark = end;
            while let [mark, label, ..] = lines.get(end..).unwrap_or_default() {
                if !CRUMB_MARK.is_match(&mark.key) || label.chars > 24 {
                    break;
                }
                end += 2;
            }
            // The last label once more, as the name of the section.
            if end > first_mark && lines.get(end).is_some_and(|line| line.key == lines[end - 1].key)
            {
                end += 1;
            }
            let alone = home && end == first_mark;
            if !alone {
                drop_run(lines, at, end, "breadcrumb");
            }
        }
        at = end.max(at + 1);
    }
}

/// Whether all parts between marks are short labels, as no comparison in a sentence has them.
fn separated_labels(key: &str) -> bool {
    key.split(['>', '»', '›'])
        .all(|label| label.chars().count() <= 30 && !label.contains([',', ';', '。']))
}

/// The notices of document-sharing sites: a head such as 温馨提示 and numbered items about downloading.
fn drop_notices(lines: &mut [Line<'_>]) {
    let half = lines.len() / 2;
    let mut at = 0;
    while at < lines.len() {
        let head = begins(&lines[at].key, "温友") && NOTICE.is_match(&lines[at].key);
        let items_from = at + usize::from(head);
        let items = count_run(lines, items_from, |line| is_notice_item(&line.key));
        let end = items_from + items;
        // Notices of offices have such items too: all items must be so, and one be what only such a site says.
        let sure = lines.get(end).is_none_or(|next| !begins_item(&next.key))
            && lines[items_from..end].iter().any(|line| NOTICE_SURE.is_match(&line.key));
        // Without the head two items at the top of the page decide.
        if sure && (head || (items >= 2 && at <= half.min(12))) {
            let end = end + count_run(lines, end, |line| is_support(&line.key));
            drop_run(lines, at, end, "document-site");
            at = end;
        } else {
            at += 1;
        }
    }
    for line in lines.iter_mut().filter(|line| line.is_kept() && is_support(&line.key)) {
        line.dropped = Some("document-site");
    }
}

fn is_notice_item(key: &str) -> bool {
    begins_item(key) && NOTICE_ITEM.is_match(key)
}

fn begins_item(key: &str) -> bool {
    key.starts_with(|c: char| c == '(' || c.is_numeric())
}

fn is_support(key: &str) -> bool {
    begins(key, "网在联客") && SUPPORT.is_match(key)
}

/// Whether a line begins with one of these characters: what most lines do not need no pattern for.
fn begins(key: &str, with: &str) -> bool {
    key.starts_with(|c| with.contains(c))
}

/// A title cut into keywords, one a line, before the title itself.
fn drop_keywords(lines: &mut [Line<'_>]) {
    let mut at = 0;
    while at < lines.len() {
        let run = count_run(lines, at, |line| line.chars <= 8 && line.is_kept());
        let next = lines.get(at + run).filter(|line| line.is_kept());
        if run >= 4
            && let Some(title) = next
        {
            let title = letters(&title.key);
            // The longest end of the run whose words, joined, begin the title; titles have few words.
            let end = at + run;
            let from = (end.saturating_sub(24).max(at)..=end - 4).find(|&from| {
                let run = lines.get(from..end).unwrap_or_default();
                let joined: String = run.iter().map(|line| letters(&line.key)).collect();
                !joined.is_empty() && title.starts_with(&joined)
            });
            if let Some(from) = from {
                drop_run(lines, from, end, "keywords");
            }
        }
        at += run.max(1);
    }
}

/// Headlines of a list that must come again.
const CONTENTS_MIN: usize = 3;

/// A list of headlines at the top, most of which come again as headings of their own.
fn drop_contents(lines: &mut [Line<'_>]) {
    if lines.iter().filter(|line| is_item(&line.key)).nth(CONTENTS_MIN - 1).is_none() {
        return;
    }
    let mut places: HashMap<String, usize> = HashMap::new();
    for (at, line) in lines.iter().enumerate() {
        if line.is_kept() && line.chars <= 120 {
            places.insert(title_of(&line.key), at);
        }
    }
    let mut at = 0;
    while at < lines.len() {
        let end = at + contents_run(lines, at);
        let items = (at..end).filter(|&i| ITEM.is_match(&lines[i].key)).count();
        let again = (at..end).filter(|&i| comes_again(lines, &places, i, end)).count();
        if again >= CONTENTS_MIN && again * 5 >= items * 2 {
            let head = at.checked_sub(1).filter(|&i| lines[i].key.ends_with(':')).unwrap_or(at);
            drop_run(lines, head, end, "contents");
        }
        at = end.max(at + 1);
    }
}

fn is_item(key: &str) -> bool {
    let first = |c: char| c == '(' || c.is_numeric() || "一二三四五六七八九十".contains(c);
    key.starts_with(first) && ITEM.is_match(key)
}

/// Lines with leaders under a head such as 目录, and without one.
const LED_MIN: (usize, usize) = (2, 5);

/// A table of contents by its looks: titles, dots that lead to a number, numbers that never fall.
fn drop_led_contents(lines: &mut [Line<'_>]) {
    let mut at = 0;
    while at < lines.len() {
        let mut page = 0;
        let run = count_run(lines, at, |line| {
            line.is_kept()
                && led_page(&line.key).is_some_and(|to| {
                    let goes_on = to == 0 || to >= page;
                    page = page.max(to);
                    goes_on
                })
        });
        let head = at.checked_sub(1).filter(|&head| is_contents_head(&lines[head]));
        let min = if head.is_some() { LED_MIN.0 } else { LED_MIN.1 };
        if run >= min {
            drop_run(lines, head.unwrap_or(at), at + run, "contents");
        }
        at += run.max(1);
    }
}

/// Below the head of a table of contents a wide space may stand for the dots.
fn drop_spaced_contents(lines: &mut [Line<'_>]) {
    for head in 0..lines.len() {
        if !is_contents_head(&lines[head]) {
            continue;
        }
        let mut page = 0;
        let run = count_run(lines, head + 1, |line| {
            let to = || SPACED.captures(line.text)?.name("page")?.as_str().parse::<u32>().ok();
            line.is_kept()
                && line.chars <= 120
                && to().is_some_and(|to| {
                    let goes_on = to >= page;
                    page = to;
                    goes_on
                })
        });
        if run >= LED_MIN.0 {
            drop_run(lines, head, head + 1 + run, "contents");
        }
    }
}

fn is_contents_head(line: &Line<'_>) -> bool {
    line.is_kept()
        && line.chars <= LABEL_MAX_CHARS
        && CONTENTS_HEADS.contains(&letters(&line.key).as_str())
}

const CONTENTS_HEADS: [&str; 4] = ["目录", "目次", "本期目录", "总目录"];

/// The page that dots lead to; 0 for one in Roman numbers.
fn led_page(key: &str) -> Option<u32> {
    if !key.contains(['.', '…', '·']) {
        return None;
    }
    let found = LED.captures(key)?;
    Some(found.name("page")?.as_str().parse().unwrap_or(0))
}

/// What a forum says around each post. Who wrote it stands in the line above a rank.
fn drop_forum(lines: &mut [Line<'_>]) {
    if !lines.iter().any(|line| line.chars <= 120 && FORUM.is_match(&line.key)) {
        return;
    }
    for at in 0..lines.len() {
        let line = &lines[at];
        if !line.is_kept() || line.level.is_some() || line.chars > 80 {
            continue;
        }
        let before = at.checked_sub(1).map(|before| lines[before].key.as_str());
        let counted = before.is_some_and(|before| FORUM_COUNT.is_match(before))
            && line.key.chars().all(|c| c.is_ascii_digit());
        if FORUM_LABEL.is_match(&line.key) || counted {
            // Above the seat of a post, too, when the post before it has ended there.
            let ended = |at: usize| at.checked_sub(2).is_some_and(|at| !lines[at].is_kept());
            let is_rank =
                FORUM_RANK.is_match(&line.key) || (FORUM_SEAT.is_match(&line.key) && ended(at));
            lines[at].dropped = Some("page-tools");
            if let Some(name) = at.checked_sub(1).and_then(|at| lines.get_mut(at))
                && is_rank
                && name.is_kept()
                && name.level.is_none()
                && name.chars <= 15
                && !name.key.contains(['。', ' ', ':', ','])
            {
                name.dropped = Some("page-tools");
            }
        } else if FORUM_PATH.is_match(&line.key) && !line.key.contains('。') {
            lines[at].dropped = Some("breadcrumb");
        }
    }
}

/// On a page that bears the sign of a site, the labels of the site and the counts below them.
fn drop_labels(lines: &mut [Line<'_>], sign: &Regex, label: &Regex, count: &Regex) {
    let may_be = |line: &Line<'_>| line.chars <= LABEL_MAX_CHARS && line.level.is_none();
    if !lines.iter().any(|line| may_be(line) && sign.is_match(&line.key)) {
        return;
    }
    let mut counts = false;
    for line in lines.iter_mut().filter(|line| line.is_kept()) {
        let is_count = counts && line.key.chars().all(|c| c.is_ascii_digit() || c == ',');
        counts = may_be(line) && count.is_match(&line.key);
        if is_count || (may_be(line) && label.is_match(&line.key)) {
            line.dropped = Some("page-tools");
        }
    }
}

/// Lines from here that are a list of headlines: numbered ones, second halves after a colon, a stamp in brackets.
fn contents_run(lines: &[Line<'_>], from: usize) -> usize {
    let mut open = false;
    count_run(lines, from, |line| {
        let item = ITEM.is_match(&line.key);
        let stamp = line.key.starts_with('(') && line.key.ends_with(')');
        let is_in = line.is_kept()
            && line.level.is_none()
            && line.chars <= 80
            && !line.key.trim_end_matches('。').contains('。')
            && (item || open || stamp);
        open = item && line.key.ends_with(':');
        is_in
    })
}

fn comes_again(lines: &[Line<'_>], places: &HashMap<String, usize>, at: usize, end: usize) -> bool {
    let line = &lines[at];
    if !ITEM.is_match(&line.key) {
        return false;
    }
    let later =
        |title: &str| !title.is_empty() && places.get(title).is_some_and(|&place| place >= end);
    let title = title_of(&line.key);
    let broken = lines.get(at + 1).filter(|next| at + 1 < end && !ITEM.is_match(&next.key));
    later(&title) || broken.is_some_and(|next| later(&(title + &title_of(&next.key))))
}

/// The words of a headline without its number.
fn title_of(key: &str) -> String {
    letters(&ITEM.replace(key, ""))
}

/// Buttons; a single `大` or `|` only next to one.
fn drop_tools(lines: &mut [Line<'_>]) {
    let mut at = 0;
    while at < lines.len() {
        let run = count_run(lines, at, |line| {
            line.is_kept()
                && line.level.is_none()
                && line.chars <= LABEL_MAX_CHARS
                && (buttons(&line.key).is_some()
                    || TOOL_ALONE.is_match(&line.key)
                    || TOOL_PART.is_match(&line.key))
        });
        let part = lines.get(at..at + run).unwrap_or_default();
        let sure = part.iter().any(|line| TOOL_ALONE.is_match(&line.key));
        let buttons: usize = part.iter().filter_map(|line| buttons(&line.key)).sum();
        if sure || buttons >= 2 {
            drop_run(lines, at, at + run, "page-tools");
        }
        at += run.max(1);
    }
}

/// How many buttons a line has that has nothing else but sizes of letters, in any order and with any marks between;
/// `None` for other lines, and where the marks are those of a sentence.
fn buttons(key: &str) -> Option<usize> {
    if key.contains(['。', '，', ',', ';']) {
        return None;
    }
    let mut count = 0;
    for word in key.split(|c: char| !c.is_alphanumeric()) {
        let mut rest = word;
        while !rest.is_empty() {
            let button = BUTTON.find(rest);
            count += usize::from(button.is_some());
            rest = rest.get(button.or_else(|| SIZE.find(rest))?.end()..)?;
        }
    }
    (count > 0).then_some(count)
}

/// Lines that are furniture wherever they stand.
fn drop_single_lines(lines: &mut [Line<'_>]) {
    let count = lines.len();
    let mut at = 0;
    while at < count {
        let line = &lines[at];
        let short = line.chars <= 100;
        let rule = if !line.is_kept() {
            None
        } else if short && is_prev_next(&line.key) {
            Some("prev-next")
        } else if short && is_page_number(&line.key) {
            Some("page-number")
        } else if short && is_pager(&line.key) {
            Some("prev-next")
        } else if is_link(&line.key) {
            Some("link")
        } else if is_rule(&line.key) {
            Some("separator")
        } else if short && is_credit(&line.key) {
            Some("photo-credit")
        } else if short && is_page_head(&line.key) {
            Some("page-head")
        } else if line.chars <= 60 && !line.key.contains('。') && is_editors(&line.key) {
            Some("editor")
        } else if line.chars <= NOTICE_MAX_CHARS && is_disclaimer(&line.key) {
            Some("copyright")
        } else if is_follow(lines, at)
            || is_sharing(line)
            || is_clock(&line.key)
            || is_hash(&line.key)
            || is_comment(&line.key)
        {
            Some("page-tools")
        } else {
            None
        };
        if let Some(rule) = rule {
            lines[at].dropped = Some(rule);
            // `责任编辑:` with the name in the next line.
            let names = rule == "editor" && lines[at].key.ends_with(':');
            if let Some(next) = lines.get_mut(at + 1).filter(|next| names && is_name(&next.key)) {
                next.dropped = Some(rule);
            }
        }
        at += 1;
    }
}

/// Whether a line leads to the other pages of the same text or list: `上一页 1 2 3 下一页`.
fn is_pager(key: &str) -> bool {
    key.contains('页') && PAGER_WORD.is_match(key) && PAGER.is_match(key)
}

/// Whether a line is what a platform says of the texts of others, a whole line of it.
fn is_disclaimer(key: &str) -> bool {
    begins(key.trim_start_matches(['(', '[', '【', '*', ' ']), "平声注说本该文以图部内素转Nn")
        && DISCLAIMER.is_match(key)
}

/// The button 关注 below a source and a date. Elsewhere the word alone may be the name of a column.
fn is_follow(lines: &[Line<'_>], at: usize) -> bool {
    lines[at].level.is_none()
        && match lines[at].key.as_str() {
            "+关注" | "+ 关注" | "已关注" => true,
            "关注" => {
                at.checked_sub(1).is_some_and(|at| kinds::is_publication_line(&lines[at].key))
            }
            _ => false,
        }
}

/// What heads the place for readers to write, also where the page declares it a heading.
const DISCUSSION_HEADS: [&str; 5] = ["我要留言", "我有话说", "进入讨论区", "写留言", "精选留言"];

/// Whether a line asks to follow, share or open the page.
fn is_sharing(line: &Line<'_>) -> bool {
    let words = line.key.trim_start_matches(|c: char| !c.is_alphanumeric());
    line.chars <= LABEL_MAX_CHARS
        && (line.level.is_none() || DISCUSSION_HEADS.contains(&words))
        && begins(
            words,
            "请快先来点轻戳猛左右上下方蓝欢赶长扫识一立搜记关微敬赞在分收转留评喜阅浏写精预继向使广TtEe完全投爆商如若我进举字正加努数Ll您你当此对抱觉看需Pp纠访查播本今昨累总人已共新采编读报发网登文了获观更大感认",
        )
        && SHARING.is_match(&line.key)
}

fn is_position(key: &str) -> bool {
    begins(key, "您你当现所的位") && POSITION.is_match(key)
}

fn is_prev_next(key: &str) -> bool {
    let first = |c: char| c.is_whitespace() || "•·●◆■-|上下前后没已".contains(c);
    key.starts_with(first) && PREV_NEXT.is_match(key)
}

fn is_page_number(key: &str) -> bool {
    let first = |c: char| c.is_whitespace() || c.is_numeric() || "-—–·~第共".contains(c);
    key.starts_with(first) && PAGE_NUMBER.is_match(key)
}

fn is_credit(key: &str) -> bool {
    key.starts_with('本') && CREDIT.is_match(key)
}

fn is_page_head(key: &str) -> bool {
    let first =
        |c: char| c.is_whitespace() || c.is_numeric() || c.is_ascii_uppercase() || c == '第';
    key.starts_with(first) && PAGE_HEAD.is_match(key)
}

fn is_copyright(key: &str) -> bool {
    let words = key.trim_start_matches(|c: char| c.is_whitespace() || "*※★([【".contains(c));
    begins(words, "版免郑特法转凡本未cC©") && COPYRIGHT.is_match(key)
}

fn is_link(key: &str) -> bool {
    let first = |c: char| c.is_whitespace() || "![*-原链网本h查阅".contains(c);
    key.starts_with(first) && LINK_ONLY.is_match(key)
}

fn is_rule(key: &str) -> bool {
    begins(key, "+-—_=*•~#＊※─━═┌├└┏┣┗╔╠╚") && RULE_LINE.is_match(key)
}

fn is_hash(key: &str) -> bool {
    key.starts_with(|c: char| c.is_ascii_hexdigit()) && HASH.is_match(key)
}

/// Whether a line is the day and hour alone that pages for telephones put above a text: `[10-27 08:12]`.
fn is_clock(key: &str) -> bool {
    key.starts_with('[') && CLOCK.is_match(key)
}

fn is_comment(key: &str) -> bool {
    key.starts_with("<!--") && COMMENT.is_match(key)
}

/// A title that stands there twice before the text begins, at once or after the navigation: the first stays. What
/// stood right below it may come again with it.
fn drop_repeated_titles(lines: &mut [Line<'_>]) {
    let kept: Vec<usize> = (0..lines.len()).filter(|&at| lines[at].is_kept()).take(30).collect();
    // The place among the kept lines that the next repeated line must equal.
    let mut expected = 0;
    for (n, &at) in kept.iter().enumerate().skip(1) {
        let line = &lines[at];
        if line.chars > 60 || line.key.ends_with('。') {
            break;
        }
        let same = |other: usize| {
            line.chars >= 5 && kept.get(other).is_some_and(|&other| lines[other].key == line.key)
        };
        if same(expected) && expected < n {
            lines[at].dropped = Some("repeated-title");
            expected += 1;
        } else if same(n - 1) {
            lines[at].dropped = Some("repeated-title");
        } else {
            expected = 0;
        }
    }
}

/// What follows a copyright notice or a list of related pages goes, unless text of an article comes after it.
fn drop_tails(lines: &mut [Line<'_>]) {
    let mut text_after = vec![false; lines.len() + 1];
    let mut told_after = text_after.clone();
    for (at, line) in lines.iter().enumerate().rev() {
        text_after[at] = text_after[at + 1] || is_article_text(line);
        told_after[at] = told_after[at + 1] || is_told(line);
    }
    let mut at = 0;
    while at < lines.len() {
        let line = &lines[at];
        let rule = if !line.is_kept() {
            None
        } else if at > 0 && line.chars <= 400 && is_copyright(&line.key) {
            Some("copyright")
        } else if line.chars <= LABEL_MAX_CHARS && RELATED.is_match(&line.key) {
            Some("related")
        } else if !text_after[at + 1] && licence_end(lines, at).is_some_and(|end| !told_after[end])
        {
            Some("licence")
        } else if line.key.contains('[') && TEASER.is_match(&line.key) {
            Some("teaser")
        } else if line.chars <= 100 && !text_after[at + 1] && is_footer(&line.key) {
            Some("site-footer")
        } else {
            None
        };
        let Some(rule) = rule else {
            at += 1;
            continue;
        };
        if rule == "teaser" {
            drop_teaser_title(lines, at);
        }
        // Before a short article, or in the middle of one: its sentences are neither titles nor labels.
        let to_end =
            rule == "licence" || (!told_after[at + 1] && !text_after[at + 1] && rule != "teaser");
        let end = if to_end {
            lines.len()
        } else if rule == "related" {
            at + 1 + count_run(lines, at + 1, |line| is_link_title(line))
        } else {
            at + 1
        };
        drop_run(lines, at, end, rule);
        at = end;
    }
}

/// Whether a line names who keeps a site, or has the links of its foot.
fn is_footer(key: &str) -> bool {
    // What a foot names is no sentence.
    !key.ends_with('。') && (FOOTER.is_match(key) || is_foot_labels(key))
}

/// Whether a line has nothing but links of the foot of a site, two at least: `某报社概况 | 关于我们 | 招聘启事`.
fn is_foot_labels(key: &str) -> bool {
    let labels = || key.split(['|', '┊', '丨']).map(str::trim).filter(|label| !label.is_empty());
    labels().count() >= 2 && labels().all(|label| FOOT_LABEL.is_match(label))
}

/// The title line above a teaser.
fn drop_teaser_title(lines: &mut [Line<'_>], teaser: usize) {
    if teaser >= 2
        && let Some(title) = lines.get_mut(teaser - 1)
        && title.is_kept()
        && title.chars <= 60
        && !title.key.ends_with(['。', '!', '?'])
    {
        title.dropped = Some("teaser");
    }
}

/// Text that no list of links holds: a long paragraph, or a heading the format declares.
fn is_article_text(line: &Line<'_>) -> bool {
    line.is_kept()
        && (line.chars > TEXT_FROM_CHARS || line.level.is_some())
        && !TEASER.is_match(&line.key)
        && !COPYRIGHT.is_match(&line.key)
}

/// A line that holds the end of a sentence of a report, or begins a section of it.
fn is_told(line: &Line<'_>) -> bool {
    let section =
        || kinds::is_numbered(&line.key) && !line.key.starts_with(|c: char| c.is_ascii_digit());
    line.is_kept()
        && (line.chars >= SENTENCE_FROM_CHARS && line.key.contains('。') || section())
        && !TEASER.is_match(&line.key)
        && !RIGHTS.is_match(&line.key)
}

/// Most lines of a box about the licence of a text.
const LICENCE_LINES: usize = 24;

/// Where a box about the licence of a text ends that begins here: behind the last line with the name of a licence.
fn licence_end(lines: &[Line<'_>], at: usize) -> Option<usize> {
    if !LICENCE.is_match(&lines[at].key) {
        return None;
    }
    let rest = lines.get(at..)?;
    let last = rest.iter().take(LICENCE_LINES).rposition(|line| LICENSED.is_match(&line.key))?;
    Some(at + last + 1)
}

/// A headline in a list of links.
fn is_link_title(line: &Line<'_>) -> bool {
    line.is_kept()
        && line.level.is_none()
        && line.chars <= LABEL_MAX_CHARS
        && line.key.starts_with(['-', '•', '·', '▪', '●'])
        && !line.key.ends_with('。')
}

fn is_editors(key: &str) -> bool {
    let key = BUTTONS_FIRST.find(key).and_then(|found| key.get(found.end()..)).unwrap_or(key);
    let names = |found: &regex::Captures<'_>| {
        let sure = found.name("sure").is_some();
        found.name("names").is_some_and(|names| are_editors(names.as_str(), sure))
    };
    EDITOR.captures(key).is_some_and(|found| names(&found)) || EDITORS.is_match(key)
}

/// Whether a label such as `初审:` is followed by names of people and words for what they do, nothing else. What is only
/// done by people who make pages is `sure` of it.
fn are_editors(names: &str, sure: bool) -> bool {
    let parts = names.split(|c: char| c.is_whitespace() || "、,/|丨;:()[]【】".contains(c));
    parts.filter(|part| !part.is_empty()).all(|part| {
        let chars = part.chars().count();
        let longest = if sure || DOUBLE_NAME.is_match(part) { 4 } else { 3 };
        let name = part.chars().all(is_han) && chars <= longest && !NO_NAME.is_match(part);
        let foreign =
            chars <= 15 && part.contains('·') && part.chars().all(|c| is_han(c) || c == '·');
        name || foreign || EDITOR_ROLE.is_match(part)
    })
}

fn is_name(key: &str) -> bool {
    let han = key.chars().filter(|&c| is_han(c)).count();
    (2..=12).contains(&han) && key.chars().all(|c| is_han(c) || c == ' ' || c == '·' || c == '、')
}

fn letters(key: &str) -> String {
    key.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn count_run(lines: &[Line<'_>], from: usize, is_in: impl FnMut(&&Line<'_>) -> bool) -> usize {
    lines.get(from..).unwrap_or_default().iter().take_while(is_in).count()
}

fn drop_run(lines: &mut [Line<'_>], from: usize, to: usize, rule: &'static str) {
    for line in lines.get_mut(from..to).unwrap_or_default() {
        if line.dropped.is_none() {
            line.dropped = Some(rule);
        }
    }
}

#[cfg(test)]
mod tests;
