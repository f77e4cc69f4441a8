//! How text is laid out: colour, width, wrapping with wide characters, links, control characters made visible.

use fangzhi::model::Span;
use fangzhi::text::width::{char_width, pad, width};
use std::borrow::Cow;
use std::fmt::Write as _;
use std::path::Path;

/// What the place written to can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Look {
    /// Colour and other styles.
    pub(crate) color: bool,
    /// Links that can be clicked (OSC 8).
    pub(crate) links: bool,
    /// Columns to wrap to; `None` leaves lines whole.
    pub(crate) columns: Option<usize>,
}

/// What a piece of text is, for its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ink {
    /// Not styled.
    Plain,
    /// A heading or the title of a hit.
    Strong,
    /// What is secondary: ids, paths, context.
    Faint,
    /// A region.
    Region,
    /// A match.
    Mark,
    /// `error:`
    Error,
    /// `hint:`
    Hint,
    /// `note:`
    Note,
}

impl Ink {
    fn style(self) -> anstyle::Style {
        use anstyle::AnsiColor::{Cyan, Green, Red, Yellow};
        let style = anstyle::Style::new();
        match self {
            Self::Plain => style,
            Self::Strong => style.bold(),
            Self::Faint => style.dimmed(),
            Self::Region => style.fg_color(Some(Green.into())),
            Self::Mark => style.bold().fg_color(Some(Red.into())),
            Self::Error => style.bold().fg_color(Some(Red.into())),
            Self::Hint => style.bold().fg_color(Some(Cyan.into())),
            Self::Note => style.bold().fg_color(Some(Yellow.into())),
        }
    }
}

impl Look {
    /// `text` in the colour of `ink`.
    pub(crate) fn paint(&self, ink: Ink, text: &str) -> String {
        if !self.color || ink == Ink::Plain || text.is_empty() {
            return text.to_owned();
        }
        let style = ink.style();
        format!("{}{text}{}", style.render(), style.render_reset())
    }

    /// `text` as a link to the file at the absolute path `target`.
    pub(crate) fn link(&self, target: &str, text: &str) -> String {
        if !self.links || !Path::new(target).is_absolute() {
            return text.to_owned();
        }
        format!("\x1b]8;;{}\x1b\\{text}\x1b]8;;\x1b\\", file_url(target))
    }
}

/// `file://` and the path with everything but plain letters percent-encoded.
fn file_url(path: &str) -> String {
    let mut url = String::from("file://");
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            url.push(char::from(byte));
        } else {
            write!(url, "%{byte:02X}").unwrap_or_default();
        }
    }
    url
}

/// What stands for a character that a terminal would obey, hide or reorder by: `␛`, `\u{202e}`.
fn visible_char(c: char) -> Option<String> {
    match c {
        '\0'..='\x1f' => char::from_u32(0x2400 + u32::from(c)).map(String::from),
        '\x7f' => Some("␡".to_owned()),
        // Direction marks and overrides can make a path or a text read as another one.
        '\u{80}'..='\u{9f}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}' => Some(c.escape_unicode().to_string()),
        _ => None,
    }
}

/// `text` with control characters made visible, so that no file can speak to the terminal.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|c| visible_char(c).is_some()) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match visible_char(c) {
            Some(sign) => shown.push_str(&sign),
            None => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

/// Text in pieces of different ink, to be wrapped as one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Run {
    cells: Vec<(char, Ink)>,
}

impl Run {
    /// Adds text with control characters made visible.
    #[must_use]
    pub(crate) fn then(mut self, ink: Ink, text: &str) -> Self {
        self.cells.extend(visible(text).chars().map(|c| (c, ink)));
        self
    }

    /// Adds text whose highlights, half-open ranges of its characters, get [`Ink::Mark`].
    #[must_use]
    pub(crate) fn then_marked(mut self, text: &str, highlights: &[Span]) -> Self {
        let mut highlights = highlights.iter().peekable();
        for (at, c) in text.chars().enumerate() {
            while highlights.next_if(|span| span.end() <= at).is_some() {}
            let marked = highlights.peek().is_some_and(|span| span.start() <= at);
            let ink = if marked { Ink::Mark } else { Ink::Plain };
            match visible_char(c) {
                Some(sign) => self.cells.extend(sign.chars().map(|c| (c, ink))),
                None => self.cells.push((c, ink)),
            }
        }
        self
    }

    /// Writes the run as lines: the first after `first` (already laid out, `first_width` columns), the others after
    /// `indent` spaces.
    pub(crate) fn lines(&self, look: &Look, first: &str, indent: usize, into: &mut String) {
        let mut prefix = first.to_owned();
        let columns =
            look.columns.map_or(usize::MAX, |columns| columns.saturating_sub(indent).max(8));
        for line in wrap(&self.cells, columns) {
            into.push_str(&prefix);
            paint_cells(look, line, into);
            into.push('\n');
            prefix = " ".repeat(indent);
        }
    }
}

fn paint_cells(look: &Look, cells: &[(char, Ink)], into: &mut String) {
    for run in cells.chunk_by(|a, b| a.1 == b.1) {
        let text: String = run.iter().map(|(c, _)| c).collect();
        if let Some((_, ink)) = run.first() {
            into.push_str(&look.paint(*ink, &text));
        }
    }
}

/// Cuts cells into lines of at most `columns`. Between Han a line may end anywhere, but no line starts with closing
/// punctuation or ends with opening punctuation, and Latin words and numbers stay whole while they fit.
fn wrap(cells: &[(char, Ink)], columns: usize) -> Vec<&[(char, Ink)]> {
    let mut lines = Vec::new();
    let mut start = 0;
    while start < cells.len() {
        let rest = cells.get(start..).unwrap_or_default();
        let fits = fitting(rest, columns);
        let end = if fits == rest.len() { fits } else { last_break(rest, fits).unwrap_or(fits) };
        let line = rest.get(..end).unwrap_or_default();
        lines.push(trim_end(line));
        start += end;
        while fits < rest.len() && cells.get(start).is_some_and(|(c, _)| *c == ' ') {
            start += 1;
        }
    }
    if lines.is_empty() {
        lines.push(&[]);
    }
    lines
}

/// How many cells fit into `columns`, at least one.
fn fitting(cells: &[(char, Ink)], columns: usize) -> usize {
    let mut used = 0;
    let over = cells.iter().position(|(c, _)| {
        used += char_width(*c);
        used > columns
    });
    over.unwrap_or(cells.len()).max(1)
}

/// The last place up to `fits` where a line may end.
fn last_break(cells: &[(char, Ink)], fits: usize) -> Option<usize> {
    (1..=fits).rev().find(|&at| {
        matches!((cells.get(at - 1), cells.get(at)), (Some((before, _)), Some((after, _))) if may_break(*before, *after))
    })
}

fn may_break(before: char, after: char) -> bool {
    const CLOSING: &str = "，。、；：！？）〕】》」』”’,.;:!?)]}%‰…—·";
    const OPENING: &str = "（〔【《「『“‘([{";
    if char_width(after) == 0 || CLOSING.contains(after) || OPENING.contains(before) {
        return false;
    }
    before == ' ' || after == ' ' || char_width(before) > 1 || char_width(after) > 1
}

fn trim_end(mut cells: &[(char, Ink)]) -> &[(char, Ink)] {
    while let Some(((' ', _), rest)) = cells.split_last() {
        cells = rest;
    }
    cells
}

/// A table of rows: columns aligned, the ones marked `true` to the right; two spaces between.
pub(crate) fn table(rows: &[Vec<String>], right: &[bool]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|at| {
            rows.iter().filter_map(|row| row.get(at)).map(|cell| width(cell)).max().unwrap_or(0)
        })
        .collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (at, cell) in row.iter().enumerate() {
            if at > 0 {
                line.push_str("  ");
            }
            let columns = widths.get(at).copied().unwrap_or(0);
            if right.get(at).copied().unwrap_or(false) {
                line.push_str(&pad_start(cell, columns));
            } else {
                line.push_str(&pad(cell, columns));
            }
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// Characters of a path that are shown; of a longer one its beginning and its end. Names in archives may have 65,535.
const PATH_CHARS_MAX: usize = 240;

/// A path for people; no longer than can be taken in, which one of an archive need not be.
pub(crate) fn shortened(path: &str) -> Cow<'_, str> {
    let chars = path.chars().count();
    if chars <= PATH_CHARS_MAX {
        return Cow::Borrowed(path);
    }
    let half = PATH_CHARS_MAX / 2;
    let start: String = path.chars().take(half).collect();
    let end: String = path.chars().skip(chars - half).collect();
    Cow::Owned(format!("{start}…{end}"))
}

/// `text` after spaces up to `columns`.
pub(crate) fn pad_start(text: &str, columns: usize) -> String {
    format!("{}{text}", " ".repeat(columns.saturating_sub(width(text))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_too_long_to_be_read_is_shortened_in_the_middle() {
        assert_eq!(shortened("d/甲.txt"), "d/甲.txt");
        let long = format!("a.zip!/{}尾.txt:3", "长".repeat(3_900));
        let shown = shortened(&long);
        assert_eq!(shown.chars().count(), PATH_CHARS_MAX + 1);
        assert!(shown.starts_with("a.zip!/长") && shown.ends_with("长尾.txt:3"), "{shown}");
    }

    #[track_caller]
    fn check_wrap(text: &str, columns: usize, expected: &[&str]) {
        let look = Look { columns: Some(columns), ..Look::default() };
        let mut lines = String::new();
        Run::default().then(Ink::Plain, text).lines(&look, "", 0, &mut lines);
        assert_eq!(lines.lines().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn han_wrap_anywhere_by_their_width() {
        check_wrap("网格化管理工作", 8, &["网格化管", "理工作"]);
        check_wrap("网格化管理工作", 9, &["网格化管", "理工作"]);
    }

    #[test]
    fn no_line_starts_with_closing_punctuation() {
        check_wrap("网格化管，理工作", 8, &["网格化", "管，理工", "作"]);
        check_wrap("网格（化管理）工作", 8, &["网格（化", "管理）工", "作"]);
        check_wrap("网格化（管理）工作", 8, &["网格化", "（管理）", "工作"]);
    }

    #[test]
    fn words_and_numbers_stay_whole_while_they_fit() {
        check_wrap("共有5985万元 invested", 10, &["共有5985万", "元", "invested"]);
        check_wrap("abcdefghijkl", 8, &["abcdefgh", "ijkl"]);
        check_wrap("", 8, &[""]);
    }

    #[test]
    fn control_characters_are_shown_not_obeyed() {
        assert_eq!(visible("a\x1b[31mb\n\0\x7f"), "a␛[31mb␊␀␡");
        assert_eq!(visible("报告\u{202e}txt.exe\u{9b}"), "报告\\u{202e}txt.exe\\u{9b}");
        assert!(matches!(visible("平常的字"), Cow::Borrowed(_)));
    }

    #[test]
    fn marks_stand_on_their_characters() {
        let look = Look { color: true, ..Look::default() };
        let mut line = String::new();
        let spans = [Span::new(1, 3), Span::new(4, 5)];
        Run::default().then_marked("推\x1b网格化", &spans).lines(&look, "", 0, &mut line);
        let mark = |text: &str| look.paint(Ink::Mark, text);
        assert_eq!(line, format!("推{}格{}\n", mark("␛网"), mark("化")));
    }

    #[test]
    fn a_link_holds_an_encoded_path_and_only_where_links_work() {
        let look = Look { links: true, ..Look::default() };
        assert_eq!(
            look.link("/a b/州", "州:3"),
            "\x1b]8;;file:///a%20b/%E5%B7%9E\x1b\\州:3\x1b]8;;\x1b\\"
        );
        assert_eq!(Look::default().link("/a", "a"), "a");
        assert_eq!(look.link("relative", "x"), "x");
    }

    #[test]
    fn a_table_is_aligned_by_width_on_screen() {
        let rows =
            [vec!["云南".to_owned(), "3".to_owned()], vec!["a".to_owned(), "120".to_owned()]];
        assert_eq!(table(&rows, &[false, true]), "云南    3\na     120\n");
    }
}
