//! The text of an OpenDocument part, element by element: paragraphs, lists, tables, text boxes, notes.
//!
//! Text stands in paragraphs and headings, whatever is inside them; elements that are not named here are walked
//! through. What is repeated by a count in the file (spaces, rows, cells) is written once.

use crate::ingest::Role;
use crate::ingest::extract::office::odt::lists::{Counts, count};
use crate::ingest::extract::office::odt::styles::Styles;
use crate::ingest::extract::story::{Cell, Paragraph, Piece, Row};
use crate::ingest::extract::xml::{Element, Node, Xml, XmlError};
use std::collections::HashMap;

/// Elements whose content is no text of the document: what was deleted, remarks, forms, readings over characters,
/// text that asks for text, code.
const SKIPPED: &[&str] = &[
    "annotation",
    "annotation-end",
    "binary-data",
    "forms",
    "hidden-paragraph",
    "hidden-text",
    "note-citation",
    "placeholder",
    "ruby-text",
    "script",
    "tracked-changes",
];

/// Shapes, which stand in a line and hold paragraphs of their own.
const SHAPES: &[&str] = &[
    "caption",
    "circle",
    "connector",
    "control",
    "custom-shape",
    "ellipse",
    "frame",
    "g",
    "line",
    "path",
    "polygon",
    "polyline",
    "rect",
    "regular-polygon",
];

/// Tables of contents and other lists of what stands elsewhere.
const INDEXES: &[&str] = &[
    "alphabetical-index",
    "bibliography",
    "illustration-index",
    "object-index",
    "table-index",
    "table-of-content",
    "user-index",
];

/// A reader of one part.
pub(super) struct Body<'a> {
    styles: &'a Styles,
    /// How far the lists have counted, by their style; headings count under no name.
    counts: HashMap<String, Counts>,
    notes: Vec<Piece>,
    /// Characters that are not shown.
    hidden_chars: usize,
    /// How many tables of contents are open.
    contents: usize,
}

/// A paragraph being read.
#[derive(Default)]
struct Line {
    text: String,
    /// Text boxes anchored in it.
    boxes: Vec<Piece>,
}

/// The list that is open.
struct List {
    style: String,
    level: usize,
}

impl<'a> Body<'a> {
    pub(super) fn new(styles: &'a Styles) -> Self {
        Self { styles, counts: HashMap::new(), notes: Vec::new(), hidden_chars: 0, contents: 0 }
    }

    /// The text of the element that is open, its notes last.
    pub(super) fn whole(&mut self, xml: &mut Xml<'_>) -> Result<Vec<Piece>, XmlError> {
        let mut pieces = Vec::new();
        self.story(xml, &mut pieces)?;
        for piece in &mut self.notes {
            if let Piece::Paragraph(paragraph) = piece {
                paragraph.role.get_or_insert(Role::Body);
            }
        }
        pieces.append(&mut self.notes);
        Ok(pieces)
    }

    /// How many characters are not shown.
    pub(super) fn hidden_chars(&self) -> usize {
        self.hidden_chars
    }

    /// Paragraphs and tables, to the end of the element that is open.
    fn story(&mut self, xml: &mut Xml<'_>, into: &mut Vec<Piece>) -> Result<(), XmlError> {
        while let Some(element) = xml.next_element()? {
            self.story_element(&element, xml, into)?;
        }
        Ok(())
    }

    fn story_element(
        &mut self,
        element: &Element<'_>,
        xml: &mut Xml<'_>,
        into: &mut Vec<Piece>,
    ) -> Result<(), XmlError> {
        match element.name() {
            "p" => self.paragraph(element, None, xml, into),
            "h" => {
                let number = self.heading_number(element);
                self.paragraph(element, number, xml, into)
            }
            "list" => self.list(element, None, xml, into),
            "table" => {
                let mut rows = Vec::new();
                self.rows(xml, &mut rows)?;
                into.push(Piece::Table(rows));
                Ok(())
            }
            "section" if element.attribute("display").is_some_and(|display| display == "none") => {
                let text = xml.text()?;
                self.hide(&text);
                Ok(())
            }
            name if INDEXES.contains(&name) => self.index(xml, into),
            name if SKIPPED.contains(&name) => xml.skip(),
            _ => self.story(xml, into),
        }
    }

    fn paragraph(
        &mut self,
        element: &Element<'_>,
        number: Option<String>,
        xml: &mut Xml<'_>,
        into: &mut Vec<Piece>,
    ) -> Result<(), XmlError> {
        let mut line = Line::default();
        self.inline(xml, &mut line)?;
        let style = element.attribute("style-name").unwrap_or_default();
        if self.styles.is_hidden(&style) {
            self.hide(&line.text);
        } else if !line.text.trim().is_empty() {
            let declared = || match element.name() {
                "h" => Some(Role::Heading(element.number("outline-level").unwrap_or(1))),
                _ => self.styles.role(&style),
            };
            let role = if self.contents > 0 { Some(Role::RunningHead) } else { declared() };
            into.push(Piece::Paragraph(Paragraph::numbered(number, line.text, role)));
        }
        into.append(&mut line.boxes);
        Ok(())
    }

    fn heading_number(&mut self, element: &Element<'_>) -> Option<String> {
        let level = element.number::<usize>("outline-level").unwrap_or(1);
        let is_numbered = element.attribute("is-list-header").is_none_or(|is| is != "true");
        match level.checked_sub(1) {
            Some(level) if is_numbered => {
                let counts = self.counts.entry(String::new()).or_default();
                count(self.styles.outline(), counts, level, element.number("start-value"))
            }
            _ => None,
        }
    }

    /// Text and what holds it, to the end of the element that is open.
    fn inline(&mut self, xml: &mut Xml<'_>, line: &mut Line) -> Result<(), XmlError> {
        while let Some(node) = xml.next()? {
            match node {
                Node::Text(text) => text.chars().for_each(|c| line.push(c)),
                Node::Element(element) => self.inline_element(&element, xml, line)?,
            }
        }
        Ok(())
    }

    fn inline_element(
        &mut self,
        element: &Element<'_>,
        xml: &mut Xml<'_>,
        line: &mut Line,
    ) -> Result<(), XmlError> {
        match element.name() {
            "s" | "tab" => line.text.push(' '),
            "line-break" => line.text.push('\n'),
            "note" => {
                let mut note = Vec::new();
                self.story(xml, &mut note)?;
                self.notes.append(&mut note);
                return Ok(());
            }
            "span" => {
                let style = element.attribute("style-name").unwrap_or_default();
                if !self.styles.is_hidden(&style) {
                    return self.inline(xml, line);
                }
                let text = xml.text()?;
                self.hide(&text);
                return Ok(());
            }
            name if SHAPES.contains(&name) => return self.story(xml, &mut line.boxes),
            name if SKIPPED.contains(&name) => {}
            _ => return self.inline(xml, line),
        }
        xml.skip()
    }

    /// Counts text that is not shown.
    fn hide(&mut self, text: &str) {
        self.hidden_chars += text.chars().filter(|c| !c.is_whitespace()).count();
    }

    /// A list, or one inside another.
    fn list(
        &mut self,
        element: &Element<'_>,
        outer: Option<&List>,
        xml: &mut Xml<'_>,
        into: &mut Vec<Piece>,
    ) -> Result<(), XmlError> {
        let style = element.attribute("style-name");
        let style = style.or_else(|| outer.map(|outer| outer.style.clone())).unwrap_or_default();
        let list = List { style, level: outer.map_or(0, |outer| outer.level + 1) };
        let goes_on = element.attribute("continue-numbering").is_some_and(|on| on == "true")
            || element.attribute("continue-list").is_some();
        if outer.is_none() && !goes_on {
            self.counts.remove(&list.style);
        }
        while let Some(item) = xml.next_element()? {
            match item.name() {
                "list-item" => self.item(&item, true, &list, xml, into)?,
                "list-header" => self.item(&item, false, &list, xml, into)?,
                _ => xml.skip()?,
            }
        }
        Ok(())
    }

    /// An item of a list; its number stands before its first paragraph, and an item without one is not counted.
    fn item(
        &mut self,
        item: &Element<'_>,
        is_numbered: bool,
        list: &List,
        xml: &mut Xml<'_>,
        into: &mut Vec<Piece>,
    ) -> Result<(), XmlError> {
        let mut is_first = is_numbered;
        while let Some(element) = xml.next_element()? {
            match element.name() {
                "p" | "h" => {
                    let number = if is_first { self.item_number(item, list) } else { None };
                    is_first = false;
                    self.paragraph(&element, number, xml, into)?;
                }
                "list" => self.list(&element, Some(list), xml, into)?,
                _ => self.story_element(&element, xml, into)?,
            }
        }
        Ok(())
    }

    /// The number before an item, empty for a bullet.
    fn item_number(&mut self, item: &Element<'_>, list: &List) -> Option<String> {
        let levels = self.styles.list(&list.style)?;
        if !levels.contains_key(&list.level) {
            return Some(String::new());
        }
        let counts = self.counts.entry(list.style.clone()).or_default();
        count(levels, counts, list.level, item.number("start-value"))
    }

    /// A table of contents: what it lists, without the forms it is made from.
    fn index(&mut self, xml: &mut Xml<'_>, into: &mut Vec<Piece>) -> Result<(), XmlError> {
        self.contents += 1;
        while let Some(element) = xml.next_element()? {
            match element.name() {
                "index-body" => self.story(xml, into)?,
                _ => xml.skip()?,
            }
        }
        self.contents -= 1;
        Ok(())
    }

    fn rows(&mut self, xml: &mut Xml<'_>, rows: &mut Vec<Row>) -> Result<(), XmlError> {
        while let Some(element) = xml.next_element()? {
            if element.name() == "table-row" {
                let mut row = Row::new();
                self.row(xml, &mut row)?;
                rows.push(row);
            } else {
                // Rows stand in groups, some of them heads.
                self.rows(xml, rows)?;
            }
        }
        Ok(())
    }

    fn row(&mut self, xml: &mut Xml<'_>, row: &mut Row) -> Result<(), XmlError> {
        while let Some(element) = xml.next_element()? {
            let mut cell = Cell::new();
            match element.name() {
                "table-cell" => self.story(xml, &mut cell)?,
                // A cell beside or above goes on here.
                _ => xml.skip()?,
            }
            row.push(cell);
        }
        Ok(())
    }
}

impl Line {
    /// White space of the file is one space at most, and none at the start of a line.
    fn push(&mut self, c: char) {
        if !matches!(c, ' ' | '\t' | '\n' | '\r') {
            self.text.push(c);
        } else if !self.text.is_empty() && !self.text.ends_with([' ', '\n']) {
            self.text.push(' ');
        }
    }
}
