//! Markdown: the markers go, the words stay in their lines.
//!
//! A light reader, line by line: headings, lists, quotes, emphasis, links, tables, code fences, comments, front
//! matter. It never joins lines (reports often put a paragraph on each line without a blank one between), so the
//! layout is that of plain text.

use crate::ingest::extract::entity::entity;
use crate::ingest::extract::{Taken, declared_date, plain};
use crate::ingest::{Extracted, Layout, Metadata};
use std::collections::BTreeMap;
use std::ops::Range;

/// Front matter longer than this is text.
const FRONT_MATTER_LINES_MAX: usize = 60;

/// How far a closing marker is looked for, so that a hostile line takes no time by its square.
const SPAN_BYTES_MAX: usize = 16 << 10;

/// Brackets nested deeper are no link; each is then looked at by few others only.
const BRACKETS_MAX: usize = 16;

/// Longer runs of one mark are counted as several.
const RUN_MAX: usize = 64;

/// Text without its markup; the front matter and the first top heading become metadata.
pub(super) fn extract(text: &str) -> Extracted {
    let lines = plain::extract(text.to_owned());
    let source = lines.text.as_str();
    let mut metadata = Metadata::default();
    let mut reader =
        Reader { taken: Taken::from(source), in_comment: false, fence: None, heading: None };
    for line in lines_from(source, front_matter(source, &mut metadata)) {
        reader.line(line);
    }
    metadata.title = metadata.title.or(reader.heading);
    let (text, map) = reader.taken.finish();
    let map = lines.map.map(|lines| lines.then(&map));
    Extracted { text, map, layout: Layout::Lines, blocks: Vec::new(), metadata, notes: Vec::new() }
}

/// The ranges of the lines from `start` on, without their line ends.
fn lines_from(source: &str, start: usize) -> impl Iterator<Item = Range<usize>> {
    let mut at = start;
    source.get(start..).unwrap_or_default().split_inclusive('\n').map(move |line| {
        let from = at;
        at += line.len();
        from..from + line.strip_suffix('\n').unwrap_or(line).len()
    })
}

/// Reads `key: value` lines between two `---` at the start; gives the place after them.
fn front_matter(source: &str, metadata: &mut Metadata) -> usize {
    let Some(rest) = source.strip_prefix("---\n") else { return 0 };
    let mut at = source.len() - rest.len();
    let mut found = Metadata::default();
    for line in rest.split_inclusive('\n').take(FRONT_MATTER_LINES_MAX) {
        at += line.len();
        let line = line.trim_end();
        if line == "---" || line == "..." {
            *metadata = found;
            return at;
        }
        let is_item = line.is_empty() || line.starts_with([' ', '\t', '-', '#']);
        match line.split_once([':', '：']) {
            _ if is_item => {}
            Some((key, value)) => declare(&mut found, key.trim(), value),
            None => return 0, // A rule above text, not front matter.
        }
    }
    0
}

fn declare(metadata: &mut Metadata, key: &str, value: &str) {
    let value = value.trim().trim_matches(['"', '\'']).trim();
    if value.is_empty() {
        return;
    }
    let text = || Some(value.to_owned());
    match key.to_lowercase().as_str() {
        "title" | "标题" | "題目" | "题目" => metadata.title = text(),
        "date" | "日期" | "pubdate" | "published" | "发布日期" => {
            metadata.date = declared_date(value);
        }
        "author" | "作者" => metadata.author = text(),
        "source" | "来源" | "來源" => metadata.source = text(),
        "url" | "link" | "链接" => metadata.url = text(),
        _ => {}
    }
}

/// What is known from the lines above.
struct Reader<'a> {
    taken: Taken<'a>,
    in_comment: bool,
    /// The marker and length of the code fence that is open.
    fence: Option<(u8, usize)>,
    /// The first heading of the first level.
    heading: Option<String>,
}

impl Reader<'_> {
    fn line(&mut self, range: Range<usize>) {
        let source = self.taken.source;
        let line = source.get(range.clone()).unwrap_or_default();
        if let Some((marker, len)) = fence(line) {
            match self.fence {
                None => self.fence = Some((marker, len)),
                Some((open, open_len)) if open == marker && len >= open_len => self.fence = None,
                Some(_) => return self.copy_line(range),
            }
            return;
        }
        if self.fence.is_some() {
            return self.copy_line(range);
        }
        if !self.in_comment && is_rule(line) {
            return;
        }
        let (start, level) = after_markers(line);
        let mut end = line.trim_end().len();
        if level > 0 {
            end = line
                .get(..end)
                .unwrap_or_default()
                .trim_end_matches('#')
                .trim_end()
                .len()
                .max(start);
        }
        let before = self.taken.text.len();
        let had_words = !line.trim().is_empty();
        if is_table_row(line) {
            self.cells(range.start + start..range.start + end);
        } else {
            self.inline(range.start + start..range.start + end);
        }
        // A line of markup only leaves no empty line; an empty line stays one.
        if !had_words || self.taken.text.len() > before {
            self.end_line(range.end);
        }
        if level == 1 && self.heading.is_none() {
            self.heading = self
                .taken
                .text
                .get(before..)
                .map(|title| title.trim().to_owned())
                .filter(|title| !title.is_empty());
        }
    }

    fn copy_line(&mut self, range: Range<usize>) {
        let end = range.end;
        self.taken.copy(range);
        self.end_line(end);
    }

    /// Takes the line end over, if the source has one there.
    fn end_line(&mut self, at: usize) {
        if self.taken.source.as_bytes().get(at) == Some(&b'\n') {
            self.taken.copy(at..at + 1);
        }
    }

    /// The cells of a table row, joined by spaces.
    fn cells(&mut self, row: Range<usize>) {
        let text = self.taken.source.get(row.clone()).unwrap_or_default();
        let mut at = row.start;
        let mut is_first = true;
        for cell in text.split('|') {
            let start = at + (cell.len() - cell.trim_start().len());
            let end = at + cell.trim_end().len();
            if start < end {
                if !is_first {
                    self.taken.replace(at..at, " ");
                }
                is_first = false;
                self.inline(start..end);
            }
            at += cell.len() + 1;
        }
    }

    /// The words of a part of a line.
    fn inline(&mut self, part: Range<usize>) {
        let source = self.taken.source;
        let end = part.end;
        let mut at = part.start;
        // Closing markers that were found together with their opening ones: nothing of them is text.
        let mut drops: BTreeMap<usize, usize> = BTreeMap::new();
        let mut copied = at;
        while at < end {
            let rest = source.get(at..end).unwrap_or_default();
            if self.in_comment {
                let close = rest.find("-->").map(|close| close + 3);
                self.in_comment = close.is_none();
                at += close.unwrap_or(rest.len());
                copied = at;
                continue;
            }
            if let Some(closing) = drops.first_entry().filter(|closing| *closing.key() <= at) {
                // One that was passed over, inside an address for example, marks nothing.
                if let (start, end) = closing.remove_entry()
                    && start == at
                {
                    self.taken.copy(copied..at);
                    at = end.max(at + 1);
                    copied = at;
                }
                continue;
            }
            let Some((opening, kind)) = marker(rest, source.get(..at).unwrap_or_default()) else {
                at += rest.chars().next().map_or(1, char::len_utf8);
                continue;
            };
            self.taken.copy(copied..at);
            match kind {
                Marker::Drop => {}
                Marker::Escape(len) => {
                    // The escaped character is text even where it would be a marker.
                    self.taken.copy(at + opening..at + opening + len);
                    at += len;
                }
                Marker::Pair(close) => {
                    drops.insert(at + close.start, at + close.end);
                }
                Marker::Verbatim(close) => {
                    self.taken.copy(at + opening..at + close.start);
                    at += close.end - opening;
                }
                Marker::Text(text) => self.taken.replace(at..at + opening, &text),
                Marker::Comment => self.in_comment = true,
            }
            at += opening;
            copied = at;
        }
        self.taken.copy(copied..end.max(copied));
    }
}

/// What stands at an opening marker; ranges count from its first byte.
enum Marker {
    /// Nothing of it is text.
    Drop,
    /// The next character, of so many bytes, is itself.
    Escape(usize),
    /// The closing marker goes too.
    Pair(Range<usize>),
    /// What stands before the closing marker is text as it is.
    Verbatim(Range<usize>),
    /// It stands for other text.
    Text(String),
    /// The start of a comment, perhaps of many lines.
    Comment,
}

/// The marker at the start of `rest` and its length; `before` is the text in front of it.
fn marker(rest: &str, before: &str) -> Option<(usize, Marker)> {
    let bytes = rest.as_bytes();
    match bytes.first()? {
        b'\\' => {
            let next = bytes.get(1).filter(|byte| byte.is_ascii_punctuation())?;
            Some((1, Marker::Escape(char::from(*next).len_utf8())))
        }
        b'&' => entity(rest).map(|(text, len)| (len, Marker::Text(text))),
        b'`' => {
            let run = run_len(bytes, b'`');
            let close = find_run(rest, run, b'`', run)?;
            Some((run, Marker::Verbatim(close)))
        }
        b'!' if bytes.get(1) == Some(&b'[') => link(rest, 2),
        b'[' => link(rest, 1),
        b'<' => angle(rest),
        b'*' => emphasis(rest, b'*'),
        b'~' if bytes.get(1) == Some(&b'~') => emphasis(rest, b'~'),
        // Underscores inside names and addresses are letters.
        b'_' if !before.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_') => {
            emphasis(rest, b'_')
        }
        _ => None,
    }
}

/// `**words**`, `*words*`, `~~words~~`: only when the closing marker stands in the same line and hugs a word.
fn emphasis(rest: &str, mark: u8) -> Option<(usize, Marker)> {
    let run = run_len(rest.as_bytes(), mark);
    let after = rest.get(run..)?.chars().next()?;
    if run > 3 || after.is_whitespace() {
        return None;
    }
    let close = find_run(rest, run, mark, run)?;
    let is_hugged = !rest.get(..close.start)?.ends_with(char::is_whitespace);
    (is_hugged && close.start > run).then_some((run, Marker::Pair(close)))
}

/// `[words](address)` and `![words](address)`; the address goes.
fn link(rest: &str, opening: usize) -> Option<(usize, Marker)> {
    let bytes = rest.as_bytes();
    let close = matching(bytes, opening, b'[', b']')?;
    if bytes.get(close + 1) != Some(&b'(') {
        return None;
    }
    let end = matching(bytes, close + 2, b'(', b')')?;
    Some((opening, Marker::Pair(close..end + 1)))
}

/// `<http://…>`, a comment, or a tag of HTML.
fn angle(rest: &str) -> Option<(usize, Marker)> {
    if rest.starts_with("<!--") {
        return Some((4, Marker::Comment));
    }
    let near = rest.as_bytes().get(..SPAN_BYTES_MAX).unwrap_or(rest.as_bytes());
    let close = memchr::memchr(b'>', near)?;
    let inner = rest.get(1..close)?;
    let is_address = inner.contains("://") || (inner.contains('@') && !inner.contains(' '));
    if is_address && !inner.contains('<') {
        return Some((1, Marker::Verbatim(close..close + 1)));
    }
    let name = inner.strip_prefix('/').unwrap_or(inner);
    name.starts_with(|c: char| c.is_ascii_alphabetic()).then_some((close + 1, Marker::Drop))
}

/// The place of the bracket that closes the one before `from`.
fn matching(bytes: &[u8], from: usize, open: u8, close: u8) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, &byte) in bytes.iter().enumerate().skip(from).take(SPAN_BYTES_MAX) {
        if byte == close && depth == 0 {
            return Some(at);
        }
        depth = if byte == open { depth + 1 } else { depth - usize::from(byte == close) };
        if depth > BRACKETS_MAX {
            return None;
        }
    }
    None
}

/// The next run of exactly `len` marks from `from` on.
fn find_run(text: &str, from: usize, mark: u8, len: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes().get(..SPAN_BYTES_MAX).unwrap_or(text.as_bytes());
    let mut at = from;
    loop {
        at += memchr::memchr(mark, bytes.get(at..)?)?;
        let run = run_len(bytes.get(at..)?, mark);
        if run == len {
            return Some(at..at + run);
        }
        at += run;
    }
}

fn run_len(bytes: &[u8], mark: u8) -> usize {
    bytes.iter().take(RUN_MAX).take_while(|&&byte| byte == mark).count()
}

/// The marker and length of a code fence line.
fn fence(line: &str) -> Option<(u8, usize)> {
    let line = line.trim_start();
    let mark = line.bytes().next().filter(|mark| matches!(mark, b'`' | b'~'))?;
    let run = run_len(line.as_bytes(), mark);
    let has_inline_end = mark == b'`' && line.get(run..).is_some_and(|info| info.contains('`'));
    (run >= 3 && !has_inline_end).then_some((mark, run))
}

/// A line of marks only: a rule, the underline of a heading, or the line under a table's head.
fn is_rule(line: &str) -> bool {
    let line = line.trim();
    let only = |marks: &[char]| line.chars().all(|c| marks.contains(&c));
    let count = |mark: char| line.chars().filter(|&c| c == mark).count();
    (only(&['=']) && count('=') >= 2)
        || [['-', ' '], ['*', ' '], ['_', ' ']]
            .iter()
            .any(|marks| only(marks) && count(marks[0]) >= 3)
        || (only(&['|', '-', ':', ' ']) && count('-') >= 1 && count('|') >= 1)
}

fn is_table_row(line: &str) -> bool {
    let line = line.trim();
    line.len() > 1 && line.starts_with('|') && line.ends_with('|')
}

/// Where the words of a line start, after quote, list and heading markers, and the level of its heading or 0.
fn after_markers(line: &str) -> (usize, usize) {
    let mut rest = line;
    loop {
        let trimmed = rest.trim_start_matches([' ', '\t']);
        if let Some(quoted) = trimmed.strip_prefix('>') {
            rest = quoted;
        } else if let Some(item) =
            ["- ", "* ", "+ "].iter().find_map(|marker| trimmed.strip_prefix(marker))
        {
            rest = ["[ ] ", "[x] ", "[X] "]
                .iter()
                .find_map(|marker| item.strip_prefix(marker))
                .unwrap_or(item);
        } else {
            rest = trimmed;
            break;
        }
    }
    let level = run_len(rest.as_bytes(), b'#');
    let after = rest.get(level..).unwrap_or_default();
    let is_heading = (1..=6).contains(&level)
        && (after.is_empty() || after.starts_with([' ', '\t', '\u{3000}']) || level > 1);
    if is_heading {
        rest = after.trim_start();
    }
    (line.len() - rest.len(), if is_heading { level } else { 0 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(input: &str, expected: &str) {
        let extracted = extract(input);
        assert_eq!(extracted.text, expected);
        extracted.map.unwrap().assert_sound(input, expected);
    }

    #[test]
    fn headings_lists_and_quotes_lose_their_markers() {
        check("# 标题\n\n## 一、做法 ##\n##二、成效\n", "标题\n\n一、做法\n二、成效\n");
        check("- 第一\n  * 第二\n1. 第三\n> - 第四\n- [x] 第五", "第一\n第二\n1. 第三\n第四\n第五");
        check("#话题# 正文", "#话题# 正文");
        check("示例县\n===\n做法\n---\n", "示例县\n做法\n");
    }

    #[test]
    fn emphasis_and_code_go_when_they_are_paired() {
        check("**重点**工作*很*好~~旧~~`a*b`", "重点工作很好旧a*b");
        check("5*3=15，2 * 3，**没完", "5*3=15，2 * 3，**没完");
        check("a_b_c 和 _强调_", "a_b_c 和 强调");
        check("\\*不是\\*强调&amp;&nbsp;", "*不是*强调&\u{A0}");
    }

    #[test]
    fn links_and_pictures_leave_their_words() {
        check(
            "见[示例县(网)](http://a.example/b_(c) \"题\")。![图一](1.png)",
            "见示例县(网)。图一",
        );
        check("[2023]1号文，<http://a.example/>，<br/>完", "[2023]1号文，http://a.example/，完");
    }

    #[test]
    fn a_table_row_is_a_line_of_its_cells() {
        check("| 县 | 网格 |\n|:--|--:|\n| 示例县 | **120** |\n", "县 网格\n示例县 120\n");
    }

    #[test]
    fn fences_go_and_code_stays_as_it_is() {
        check("```text\n**不动**\n```\n后", "**不动**\n后");
    }

    #[test]
    fn comments_of_any_length_go() {
        check("前<!-- 一 -->中\n<!-- 二\n三 -->\n后", "前中\n后");
    }

    #[test]
    fn front_matter_is_metadata() {
        let input = "---\ntitle: \"示例县的做法\"\ndate: 2023-06-19\ntags:\n  - 一\n来源：示例日报\n---\n# 别的题\n文";
        check(input, "别的题\n文");
        let metadata = extract(input).metadata;
        assert_eq!(metadata.title.as_deref(), Some("示例县的做法"));
        assert_eq!(metadata.source.as_deref(), Some("示例日报"));
        assert_eq!(metadata.date.unwrap().to_string(), "2023-06-19");
        assert_eq!(extract("\n# **题**\n").metadata.title.as_deref(), Some("题"));
    }

    #[test]
    fn a_rule_at_the_start_is_no_front_matter() {
        check("---\n正文一句\n---\n后", "正文一句\n后");
    }

    #[test]
    fn carriage_returns_are_line_ends() {
        check("# 题\r\n\r\n文\r\n", "题\n\n文\n");
    }

    #[test]
    fn a_hostile_line_takes_little_time() {
        for unit in ["*", "`", "[", "<a", "*a ", "[a](b)", "**a", "_a", "![", "~~a", "`a``b```"] {
            let line = unit.repeat(300_000 / unit.len());
            assert!(extract(&line).text.len() <= line.len(), "{unit}");
        }
    }

    proptest! {
        #[test]
        fn any_text_keeps_sound_places(text in "([-#*_`~>|<!\\[\\]()&;\\\\ \n]|\r\n|文|a|1|--|```){0,40}") {
            let extracted = extract(&text);
            extracted.map.unwrap().assert_sound(&text, &extracted.text);
        }
    }
}
