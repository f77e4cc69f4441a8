//! Paragraphs and tables as a word processor holds them, put into blocks.
//!
//! What is a row of data and what is text that somebody laid out with a table is decided here, for all formats.

use crate::ingest::extract::blocks::BlockText;
use crate::ingest::normalize::rejoin;
use crate::ingest::{Extracted, Metadata, Role};
use crate::model::Note;
use std::collections::HashSet;

/// A paragraph longer than this is prose, not an entry of a table.
const PROSE_CHARS: usize = 80;

/// A row with a cell of so many paragraphs of prose is text laid out with a table.
const PROSE_PARAGRAPHS: usize = 2;

/// A part of a document, in reading order.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Piece {
    /// Text up to a paragraph mark.
    Paragraph(Paragraph),
    /// Rows of cells.
    Table(Vec<Row>),
}

/// Cells of a table that stand side by side.
pub(super) type Row = Vec<Cell>;

/// What stands in a cell; nothing where the cell above goes on.
pub(super) type Cell = Vec<Piece>;

/// Text up to a paragraph mark.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Paragraph {
    /// Its text; `\n` where the writer broke a line.
    pub(super) text: String,
    /// What the format says it is.
    pub(super) role: Option<Role>,
}

impl Paragraph {
    /// A paragraph with its automatic number before it; an empty number is a bullet, and an item with one no heading
    /// unless the format says so.
    #[cfg(feature = "docx")]
    pub(super) fn numbered(number: Option<String>, text: String, role: Option<Role>) -> Self {
        let Some(number) = number else { return Self { text, role } };
        let role = role.or(number.is_empty().then_some(Role::Body));
        Self { text: number + text.trim_start(), role }
    }
}

/// A document's text being put together.
#[derive(Debug, Default)]
pub(super) struct Story {
    blocks: BlockText,
    heads: HashSet<String>,
}

impl Story {
    /// Adds parts of the document.
    pub(super) fn add(&mut self, pieces: &[Piece]) {
        for piece in pieces {
            match piece {
                Piece::Paragraph(paragraph) => self.add_paragraph(paragraph),
                Piece::Table(rows) => self.add_table(rows),
            }
        }
    }

    /// Adds a page's head or foot; one that is there already adds nothing.
    pub(super) fn add_running_head(&mut self, pieces: &[Piece]) {
        let text = flat(pieces);
        if !self.heads.contains(&text) {
            self.push(&text, Some(Role::RunningHead));
            self.heads.insert(text);
        }
    }

    /// Its text so far, a line a paragraph.
    pub(super) fn text(&self) -> &str {
        &self.blocks.text
    }

    /// The whole document.
    pub(super) fn finish(self, metadata: Metadata, notes: Vec<Note>) -> Extracted {
        self.blocks.finish(metadata, notes)
    }

    fn add_paragraph(&mut self, paragraph: &Paragraph) {
        let lines = paragraph.text.lines().map(str::trim).filter(|line| !line.is_empty());
        let text = if matches!(paragraph.role, Some(Role::Heading(_))) {
            // A title set on two lines is one title.
            lines.fold(String::new(), |text, line| {
                let joint = rejoin::joint(&text, line);
                text + joint + line
            })
        } else {
            lines.collect::<Vec<_>>().join("\n")
        };
        self.push(&text, paragraph.role);
    }

    fn add_table(&mut self, rows: &[Row]) {
        let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
        for row in rows {
            if columns < 2 || row.iter().any(|cell| is_prose(cell)) {
                for cell in row {
                    self.add(cell);
                }
            } else {
                let cells =
                    row.iter().map(|cell| flat_beside(cell)).filter(|cell| !cell.is_empty());
                self.push(&cells.collect::<Vec<_>>().join(" "), Some(Role::Row));
                self.add_tables_of(row);
            }
        }
    }

    /// Adds the tables that stand in the cells of a row, behind it.
    fn add_tables_of(&mut self, row: &[Cell]) {
        for piece in row.iter().flatten() {
            match piece {
                Piece::Table(rows) if is_table(rows) => self.add_table(rows),
                Piece::Table(rows) => rows.iter().for_each(|row| self.add_tables_of(row)),
                Piece::Paragraph(_) => {}
            }
        }
    }

    fn push(&mut self, text: &str, role: Option<Role>) {
        let number = self.blocks.blocks.len() + 1;
        self.blocks.push(text, role, number, None, None);
    }
}

/// What the built-in styles make of a paragraph, by the names that Word, WPS and LibreOffice give them.
pub(super) fn role_of_style(name: &str) -> Option<Role> {
    // OpenDocument writes a space in a name as its code.
    let name = name.replace("_20_", "").to_lowercase();
    let name: String = name.chars().filter(|c| !c.is_whitespace()).collect();
    let number = |prefixes: &[&str]| {
        let digits = prefixes.iter().find_map(|prefix| name.strip_prefix(*prefix))?;
        digits.parse().ok().filter(|number| (1..=10).contains(number))
    };
    match name.as_str() {
        "title" | "标题" => Some(Role::Heading(1)),
        "subtitle" | "副标题" => Some(Role::Heading(2)),
        "caption" | "题注" => Some(Role::Caption),
        "tocheading" | "toc标题" | "contentsheading" | "目录标题" => Some(Role::RunningHead),
        _ if number(&["toc", "contents", "目录"]).is_some() => Some(Role::RunningHead),
        _ => number(&["heading", "标题"]).map(Role::Heading),
    }
}

/// The title a file declares, if it is one: word processors keep that of the file this one was copied from.
///
/// A title is believed when one of the first paragraphs says the same.
pub(super) fn believed_title(declared: Option<String>, text: &str) -> Option<String> {
    const PARAGRAPHS: usize = 10;
    let declared = declared?;
    text.lines().take(PARAGRAPHS).find(|line| same_text(line, &declared)).map(str::to_owned)
}

/// Whether two texts are the same but for white space; blank text is like none.
fn same_text(one: &str, other: &str) -> bool {
    let letters = |text| str::chars(text).filter(|c| !c.is_whitespace());
    letters(one).next().is_some() && letters(one).eq(letters(other))
}

fn is_prose(cell: &[Piece]) -> bool {
    let is_long = |piece: &&Piece| match piece {
        Piece::Paragraph(paragraph) => paragraph.text.chars().nth(PROSE_CHARS).is_some(),
        Piece::Table(_) => false,
    };
    cell.iter().filter(is_long).count() >= PROSE_PARAGRAPHS
}

/// Whether a table in a cell has rows of its own: one row or one column is part of the cell.
fn is_table(rows: &[Row]) -> bool {
    rows.len() > 1 && rows.iter().any(|row| row.len() > 1)
}

/// All text of the pieces on one line.
fn flat(pieces: &[Piece]) -> String {
    let mut line = String::new();
    flatten(pieces, &mut line, |_| false);
    line
}

/// The text of the pieces on one line, without that of tables.
fn flat_beside(pieces: &[Piece]) -> String {
    let mut line = String::new();
    flatten(pieces, &mut line, is_table);
    line
}

fn flatten(pieces: &[Piece], line: &mut String, is_left_out: fn(&[Row]) -> bool) {
    for piece in pieces {
        match piece {
            Piece::Paragraph(paragraph) => {
                for part in paragraph.text.lines().map(str::trim).filter(|part| !part.is_empty()) {
                    if !line.is_empty() {
                        line.push(' ');
                    }
                    line.push_str(part);
                }
            }
            Piece::Table(rows) if is_left_out(rows) => {}
            Piece::Table(rows) => {
                for cell in rows.iter().flatten() {
                    flatten(cell, line, is_left_out);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paragraph(text: &str) -> Piece {
        Piece::Paragraph(Paragraph { text: text.to_owned(), role: None })
    }

    #[track_caller]
    fn check(pieces: &[Piece], expected: &[(&str, Option<Role>)]) {
        let mut story = Story::default();
        story.add(pieces);
        let extracted = story.finish(Metadata::default(), Vec::new());
        let blocks: Vec<_> = extracted
            .blocks
            .iter()
            .map(|block| (extracted.text.get(block.span.range()).unwrap(), block.role))
            .collect();
        assert_eq!(blocks, expected);
    }

    #[test]
    fn rows_are_blocks_and_cells_stand_on_one_line() {
        let nested = Piece::Table(vec![vec![vec![paragraph("内")], vec![paragraph("表")]]]);
        let table = Piece::Table(vec![
            vec![vec![paragraph("县")], vec![paragraph("网格\n数"), paragraph("个")]],
            vec![vec![], vec![paragraph("一"), nested]],
            vec![vec![], vec![]],
        ]);
        let row = Some(Role::Row);
        check(&[table], &[("县 网格 数 个", row), ("一 内 表", row)]);
    }

    #[test]
    fn the_rows_of_a_table_in_a_cell_come_one_by_one_behind_its_row() {
        let row = |texts: &[&str]| texts.iter().map(|text| vec![paragraph(text)]).collect::<Row>();
        let inner = Piece::Table(vec![row(&["村", "户"]), row(&["甲", "9"])]);
        let line = |piece| Piece::Table(vec![vec![vec![piece]], vec![vec![paragraph("末")]]]);
        let table = Piece::Table(vec![
            vec![vec![paragraph("前"), inner.clone(), paragraph("后")], vec![paragraph("旁")]],
            // In a table of one column, which is part of the cell.
            vec![vec![paragraph("又")], vec![line(inner.clone())]],
            vec![vec![inner], vec![]],
        ]);
        let rows = ["前 后 旁", "村 户", "甲 9", "又 末", "村 户", "甲 9", "村 户", "甲 9"];
        check(std::slice::from_ref(&table), &rows.map(|text| (text, Some(Role::Row))));
        let mut story = Story::default();
        story.add_running_head(&[table]);
        assert_eq!(story.text(), "前 村 户 甲 9 后 旁 又 村 户 甲 9 末 村 户 甲 9");
    }

    #[test]
    fn a_table_of_one_column_is_text() {
        let table = Piece::Table(vec![vec![vec![paragraph("甲")]], vec![vec![paragraph("乙")]]]);
        check(&[table], &[("甲", None), ("乙", None)]);
    }

    #[test]
    fn a_row_with_paragraphs_of_prose_is_text_and_its_neighbours_are_rows() {
        let long = "示例县办好农民夜校。".repeat(9);
        let table = Piece::Table(vec![
            vec![vec![paragraph("名称")], vec![paragraph("夜校")]],
            vec![vec![paragraph("做法")], vec![paragraph(&long), paragraph(&long)]],
            vec![vec![paragraph("成效")], vec![paragraph(&long)]],
        ]);
        let last = format!("成效 {long}");
        check(
            &[table],
            &[
                ("名称 夜校", Some(Role::Row)),
                ("做法", None),
                (&long, None),
                (&long, None),
                (&last, Some(Role::Row)),
            ],
        );
    }

    #[test]
    fn a_heading_on_two_lines_is_one_and_other_lines_stay_apart() {
        let heading = |text: &str| {
            Piece::Paragraph(Paragraph { text: text.to_owned(), role: Some(Role::Heading(1)) })
        };
        check(
            &[heading("云岭县\n 办夜校"), paragraph("　甲\n\n乙 ")],
            &[("云岭县办夜校", Some(Role::Heading(1))), ("甲\n乙", None)],
        );
    }

    #[test]
    fn built_in_styles_are_known_by_name() {
        for (name, expected) in [
            ("heading 3", Some(Role::Heading(3))),
            ("Heading_20_1", Some(Role::Heading(1))),
            ("标题 2", Some(Role::Heading(2))),
            ("Title", Some(Role::Heading(1))),
            ("caption", Some(Role::Caption)),
            ("toc 1", Some(Role::RunningHead)),
            ("Contents_20_10", Some(Role::RunningHead)),
            ("heading", None),
            ("heading 0", None),
            ("Table Contents", None),
            ("正文", None),
        ] {
            assert_eq!(role_of_style(name), expected, "{name}");
        }
    }

    #[test]
    fn a_declared_title_is_believed_when_it_stands_in_the_text() {
        let title = |declared: &str, text| believed_title(Some(declared.to_owned()), text);
        assert_eq!(title(" 云岭县 夜校 ", "云岭县夜校\n正文"), Some("云岭县夜校".to_owned()));
        assert_eq!(title("云岭县夜校", "标题（初稿）\n正文"), None);
        assert_eq!(title("", "正文"), None);
        assert_eq!(believed_title(None, "正文"), None);
    }

    #[test]
    fn running_heads_are_kept_once() {
        let mut story = Story::default();
        for head in ["简报", "第 1 页", "简报", ""] {
            story.add_running_head(&[paragraph(head)]);
        }
        let extracted = story.finish(Metadata::default(), Vec::new());
        assert_eq!(extracted.text, "简报\n第 1 页");
        assert!(extracted.blocks.iter().all(|block| block.role == Some(Role::RunningHead)));
    }
}
