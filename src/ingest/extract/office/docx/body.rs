//! The text of a Word part, element by element: paragraphs, tables, text boxes, fields, changes.
//!
//! Elements that are not named here are walked through, so that text inside an element nobody knew is not lost; text
//! itself comes from `w:t` alone.

use crate::ingest::Role;
use crate::ingest::extract::equation;
use crate::ingest::extract::office::docx::numbering::{Counters, Numbering};
use crate::ingest::extract::office::docx::styles::{
    InList, Styles, in_list, is_on, outline_role, run_properties, value,
};
use crate::ingest::extract::story::{Cell, Paragraph, Piece, Row};
use crate::ingest::extract::xml::{Element, Node, Xml, XmlError};
use std::collections::{HashMap, HashSet};

/// Elements whose content is no text of the document: properties, what was deleted or moved away, comments, readings
/// over characters, embedded files.
const SKIPPED: &[&str] = &[
    "del",
    "delInstrText",
    "delText",
    "moveFrom",
    "object",
    "pPr",
    "rPr",
    "rt",
    "sectPr",
    "subDoc",
    "tblGrid",
    "tblPr",
    "tblPrEx",
];

/// Fields inside one another; more are not counted.
const FIELDS_MAX: usize = 32;

/// Parts in other formats that are named.
const FOREIGN_PARTS_MAX: usize = 8;

/// Which notes a part holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum NoteKind {
    /// At the foot of the page.
    Foot,
    /// At the end of the document.
    End,
}

/// A reader of the parts of one document, in order; numbers count on from part to part.
pub(super) struct Body<'a> {
    styles: &'a Styles,
    counters: Counters<'a>,
    /// Notes that the text refers to.
    notes: HashSet<(NoteKind, String)>,
    /// Parts in other formats that Word would show in their place.
    foreign_parts: Vec<String>,
    /// Fields that are open.
    fields: Vec<Field>,
    /// What the graphics that text stands in say, by the id of their part.
    graphics: HashMap<String, Vec<String>>,
    /// Characters that are not shown.
    hidden_chars: usize,
    /// Grows with everything that is read.
    taken: usize,
    /// Text of paragraphs whose mark was deleted: it belongs to the next one.
    carried: String,
    /// How many tables of contents are open.
    contents: usize,
    /// How many controls are open that still ask for their text.
    placeholders: usize,
}

/// A paragraph being read.
#[derive(Default)]
struct Line {
    text: String,
    /// Text boxes anchored in it.
    boxes: Vec<Piece>,
    /// Whether the run that is open is shown.
    seen: Seen,
}

/// Whether text is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Seen {
    #[default]
    Shown,
    Hidden,
    /// It asks for text.
    Asking,
}

/// A field that is open.
#[derive(Default)]
struct Field {
    code: String,
    /// Whether its code has ended.
    is_in_result: bool,
    has_result: bool,
}

/// What is said of a paragraph.
#[derive(Default)]
struct Properties {
    style: Option<String>,
    outline: Option<u8>,
    in_list: Option<InList>,
    is_mark_deleted: bool,
}

impl<'a> Body<'a> {
    pub(super) fn new(styles: &'a Styles, numbering: &'a Numbering) -> Self {
        Self {
            styles,
            counters: Counters::new(numbering, styles),
            notes: HashSet::new(),
            foreign_parts: Vec::new(),
            fields: Vec::new(),
            graphics: HashMap::new(),
            hidden_chars: 0,
            taken: 0,
            carried: String::new(),
            contents: 0,
            placeholders: 0,
        }
    }

    /// The text of the main part, with that of the graphics which it names by these ids.
    pub(super) fn main(
        &mut self,
        xml: &mut Xml<'_>,
        graphics: HashMap<String, Vec<String>>,
    ) -> Result<Vec<Piece>, XmlError> {
        self.graphics = graphics;
        let pieces = self.part(xml);
        // Other parts have ids of their own.
        self.graphics.clear();
        pieces
    }

    /// The text of a whole part: body, head or foot.
    pub(super) fn part(&mut self, xml: &mut Xml<'_>) -> Result<Vec<Piece>, XmlError> {
        self.fields.clear();
        let mut pieces = Vec::new();
        if xml.next_element()?.is_some() {
            self.story(xml, &mut pieces)?;
        }
        self.end_carried(&mut pieces);
        Ok(pieces)
    }

    /// The notes of a part that the text refers to.
    pub(super) fn notes(
        &mut self,
        xml: &mut Xml<'_>,
        kind: NoteKind,
    ) -> Result<Vec<Piece>, XmlError> {
        let mut pieces = Vec::new();
        xml.next_element()?;
        while let Some(element) = xml.next_element()? {
            // Separators have a type.
            let is_note = element.attribute("type").is_none_or(|kind| kind == "normal");
            let id = element.attribute("id").unwrap_or_default();
            if is_note && self.notes.contains(&(kind, id)) {
                self.fields.clear();
                self.story(xml, &mut pieces)?;
            } else {
                xml.skip()?;
            }
        }
        for piece in &mut pieces {
            if let Piece::Paragraph(paragraph) = piece {
                paragraph.role.get_or_insert(Role::Body);
            }
        }
        Ok(pieces)
    }

    /// The ids of parts in other formats that stand in the text.
    pub(super) fn foreign_parts(&self) -> &[String] {
        &self.foreign_parts
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
            "p" => self.paragraph(xml, into),
            "tbl" => {
                let mut rows = Vec::new();
                self.rows(xml, &mut rows)?;
                into.push(Piece::Table(rows));
                Ok(())
            }
            "sdt" => self.control(xml, &mut |body, xml| body.story(xml, into)),
            "AlternateContent" => self.alternate(xml, &mut |body, xml| body.story(xml, into)),
            "altChunk" => {
                if self.foreign_parts.len() < FOREIGN_PARTS_MAX {
                    self.foreign_parts.extend(element.attribute("id"));
                }
                xml.skip()
            }
            name if SKIPPED.contains(&name) => xml.skip(),
            _ => self.story(xml, into),
        }
    }

    fn paragraph(&mut self, xml: &mut Xml<'_>, into: &mut Vec<Piece>) -> Result<(), XmlError> {
        let mut line = Line { text: std::mem::take(&mut self.carried), ..Line::default() };
        let mut properties = Properties::default();
        while let Some(element) = xml.next_element()? {
            if element.name() == "pPr" {
                properties = self.properties(xml)?;
            } else {
                self.inline_element(&element, xml, &mut line)?;
            }
        }
        // The code of a field ends with its paragraph; one left open by a damaged file would hide all that follows.
        self.fields.retain(|field| field.is_in_result);
        let style = properties.style.as_deref();
        if properties.is_mark_deleted {
            self.carried = line.text;
        } else {
            let number = self.counters.next(properties.in_list.as_ref(), style);
            if !line.text.trim().is_empty() {
                let role = self.role(&properties);
                into.push(Piece::Paragraph(Paragraph::numbered(number, line.text, role)));
            }
        }
        into.append(&mut line.boxes);
        Ok(())
    }

    fn role(&self, properties: &Properties) -> Option<Role> {
        if self.contents > 0 {
            return Some(Role::RunningHead);
        }
        match properties.outline {
            Some(level) => outline_role(level),
            None => self.styles.role(properties.style.as_deref()),
        }
    }

    fn properties(&mut self, xml: &mut Xml<'_>) -> Result<Properties, XmlError> {
        let mut properties = Properties::default();
        while let Some(element) = xml.next_element()? {
            match element.name() {
                "pStyle" => properties.style = value(&element),
                "outlineLvl" => properties.outline = element.number("val"),
                "numPr" => {
                    properties.in_list = Some(in_list(xml)?);
                    continue;
                }
                "rPr" => {
                    properties.is_mark_deleted = run_properties(xml)?.is_deleted;
                    continue;
                }
                _ => {}
            }
            xml.skip()?;
        }
        Ok(properties)
    }

    /// Runs and what holds them, to the end of the element that is open.
    fn inline(&mut self, xml: &mut Xml<'_>, line: &mut Line) -> Result<(), XmlError> {
        while let Some(element) = xml.next_element()? {
            self.inline_element(&element, xml, line)?;
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
            "r" => return self.run(xml, line),
            "t" => return self.text(element, xml, line),
            "tab" | "ptab" => self.push(line, " "),
            "br" | "cr" => self.push(line, "\n"),
            "noBreakHyphen" => self.push(line, "-"),
            "sym" => {
                let font = element.attribute("font").unwrap_or_default();
                let sign = symbol(&font, &element.attribute("char").unwrap_or_default());
                self.push(line, sign.map(String::from).as_deref().unwrap_or_default());
            }
            "fldChar" => self.field(element.attribute("fldCharType").as_deref(), line),
            "instrText" => return self.code(xml, line),
            "fldSimple" => {
                let code = element.text("instr").unwrap_or_default();
                self.fields.push(Field { code, is_in_result: true, has_result: false });
                self.inline(xml, line)?;
                self.end_field(line);
                return Ok(());
            }
            "footnoteReference" => self.refer(NoteKind::Foot, element),
            "endnoteReference" => self.refer(NoteKind::End, element),
            "drawing" | "pict" => return self.shapes(xml, &mut line.boxes),
            "sdt" => return self.control(xml, &mut |body, xml| body.inline(xml, line)),
            "AlternateContent" => {
                return self.alternate(xml, &mut |body, xml| body.inline(xml, line));
            }
            // Formulas: a fraction and a power would otherwise be one number.
            "den" => return self.formula_part("/", xml, line),
            "sup" => return self.formula_part("^", xml, line),
            name if SKIPPED.contains(&name) => {}
            _ => return self.inline(xml, line),
        }
        xml.skip()
    }

    fn run(&mut self, xml: &mut Xml<'_>, line: &mut Line) -> Result<(), XmlError> {
        let outside = line.seen;
        while let Some(element) = xml.next_element()? {
            if element.name() == "rPr" {
                let properties = run_properties(xml)?;
                let style = properties.style.as_deref();
                let is_hidden = properties.is_hidden;
                let by_style = || style.is_some_and(|style| self.styles.is_hidden(style));
                let asks = |style| self.placeholders > 0 && self.styles.is_placeholder(style);
                let seen = if is_hidden.unwrap_or_else(by_style) {
                    Seen::Hidden
                } else if is_hidden.is_none() && style.is_some_and(asks) {
                    Seen::Asking
                } else {
                    Seen::Shown
                };
                line.seen = if outside == Seen::Shown { seen } else { outside };
            } else {
                self.inline_element(&element, xml, line)?;
            }
        }
        line.seen = outside;
        Ok(())
    }

    fn text(
        &mut self,
        element: &Element<'_>,
        xml: &mut Xml<'_>,
        line: &mut Line,
    ) -> Result<(), XmlError> {
        let keeps_space = element.attribute("space").is_some_and(|space| space == "preserve");
        let mut text = String::new();
        while let Some(node) = xml.next()? {
            match node {
                Node::Text(part) => text.push_str(&part),
                Node::Element(_) => xml.skip()?,
            }
        }
        // A line end in the file is no line end of the text.
        let text = text.replace(['\n', '\r', '\t'], " ");
        self.push(line, if keeps_space { &text } else { text.trim_matches(' ') });
        Ok(())
    }

    fn push(&mut self, line: &mut Line, text: &str) {
        if self.fields.iter().any(|field| !field.is_in_result) {
            return;
        }
        let chars = text.chars().filter(|c| !c.is_whitespace()).count();
        self.taken += chars;
        match line.seen {
            Seen::Shown => line.text.push_str(text),
            Seen::Hidden => self.hidden_chars += chars,
            Seen::Asking => {}
        }
        if chars > 0 {
            self.fields.iter_mut().for_each(|field| field.has_result = true);
        }
    }

    fn formula_part(
        &mut self,
        sign: &str,
        xml: &mut Xml<'_>,
        line: &mut Line,
    ) -> Result<(), XmlError> {
        let before = line.text.len();
        self.push(line, sign);
        let with_sign = line.text.len();
        self.inline(xml, line)?;
        if line.text.len() == with_sign {
            line.text.truncate(before);
        }
        Ok(())
    }

    fn field(&mut self, step: Option<&str>, line: &mut Line) {
        match step {
            Some("begin") if self.fields.len() < FIELDS_MAX => self.fields.push(Field::default()),
            Some("separate") => {
                self.fields.last_mut().into_iter().for_each(|field| field.is_in_result = true);
            }
            Some("end") => self.end_field(line),
            _ => {}
        }
    }

    /// A part of a field's code.
    fn code(&mut self, xml: &mut Xml<'_>, line: &Line) -> Result<(), XmlError> {
        let text = xml.text()?;
        let open = self.fields.last_mut().filter(|field| !field.is_in_result);
        if let (Some(field), Seen::Shown) = (open, line.seen) {
            field.code.push_str(&text);
        }
        Ok(())
    }

    /// Ends the innermost field. Phonetic guides and enclosed characters have no result: their text stands in the code.
    fn end_field(&mut self, line: &mut Line) {
        let Some(field) = self.fields.pop() else { return };
        let text = if field.has_result { None } else { equation::text(&field.code) };
        let Some(text) = text else { return };
        match self.fields.iter_mut().rfind(|field| !field.is_in_result) {
            Some(outer) => outer.code.push_str(&text),
            None => self.push(line, &text),
        }
    }

    fn refer(&mut self, kind: NoteKind, element: &Element<'_>) {
        self.notes.extend(element.attribute("id").map(|id| (kind, id)));
    }

    /// The text boxes of a drawing; its other text (names, descriptions) is none of the document.
    fn shapes(&mut self, xml: &mut Xml<'_>, boxes: &mut Vec<Piece>) -> Result<(), XmlError> {
        while let Some(element) = xml.next_element()? {
            match element.name() {
                "txbxContent" => {
                    // A box has fields and paragraphs of its own.
                    let fields = std::mem::take(&mut self.fields);
                    self.story(xml, boxes)?;
                    self.end_carried(boxes);
                    self.fields = fields;
                }
                "AlternateContent" => {
                    self.alternate(xml, &mut |body, xml| body.shapes(xml, boxes))?;
                }
                "textpath" => {
                    let is_on =
                        element.attribute("on").is_none_or(|on| !on.starts_with(['f', '0']));
                    let text = element.text("string").filter(|_| is_on).unwrap_or_default();
                    self.push_box(text, boxes);
                    xml.skip()?;
                }
                "relIds" => {
                    let id = element.attribute("dm").unwrap_or_default();
                    for text in self.graphics.remove(&id).unwrap_or_default() {
                        self.push_box(text, boxes);
                    }
                    xml.skip()?;
                }
                _ => self.shapes(xml, boxes)?,
            }
        }
        Ok(())
    }

    fn push_box(&mut self, text: String, boxes: &mut Vec<Piece>) {
        if !text.trim().is_empty() {
            self.taken += 1;
            boxes.push(Piece::Paragraph(Paragraph { text, role: None }));
        }
    }

    /// One of the forms in which something is given: the first with text is the fullest, the others repeat it.
    fn alternate(
        &mut self,
        xml: &mut Xml<'_>,
        walk: &mut dyn FnMut(&mut Self, &mut Xml<'_>) -> Result<(), XmlError>,
    ) -> Result<(), XmlError> {
        let before = self.taken;
        while xml.next_element()?.is_some() {
            if self.taken > before {
                xml.skip()?;
            } else {
                walk(self, xml)?;
            }
        }
        Ok(())
    }

    /// A content control.
    fn control(
        &mut self,
        xml: &mut Xml<'_>,
        walk: &mut dyn FnMut(&mut Self, &mut Xml<'_>) -> Result<(), XmlError>,
    ) -> Result<(), XmlError> {
        let (contents, placeholders) = (self.contents, self.placeholders);
        while let Some(element) = xml.next_element()? {
            match element.name() {
                "sdtPr" => self.control_properties(xml)?,
                "sdtContent" => walk(self, xml)?,
                _ => xml.skip()?,
            }
        }
        (self.contents, self.placeholders) = (contents, placeholders);
        Ok(())
    }

    fn control_properties(&mut self, xml: &mut Xml<'_>) -> Result<(), XmlError> {
        while let Some(element) = xml.next_element()? {
            match element.name() {
                "showingPlcHdr" => {
                    self.placeholders += usize::from(value(&element).is_none_or(|on| is_on(&on)));
                }
                "docPartGallery" => {
                    let gallery = value(&element).unwrap_or_default();
                    self.contents += usize::from(gallery == "Table of Contents");
                }
                // The gallery stands inside another element.
                "docPartObj" | "docPartList" => {
                    self.control_properties(xml)?;
                    continue;
                }
                _ => {}
            }
            xml.skip()?;
        }
        Ok(())
    }

    fn rows(&mut self, xml: &mut Xml<'_>, rows: &mut Vec<Row>) -> Result<(), XmlError> {
        while let Some(element) = xml.next_element()? {
            match element.name() {
                "tr" => {
                    let mut row = Row::new();
                    if self.row(xml, &mut row)? {
                        rows.push(row);
                    }
                }
                "sdt" => self.control(xml, &mut |body, xml| body.rows(xml, rows))?,
                name if SKIPPED.contains(&name) => xml.skip()?,
                _ => self.rows(xml, rows)?,
            }
        }
        Ok(())
    }

    /// The cells of a row; whether the row is still there.
    fn row(&mut self, xml: &mut Xml<'_>, row: &mut Row) -> Result<bool, XmlError> {
        let mut is_kept = true;
        while let Some(element) = xml.next_element()? {
            match element.name() {
                // The same element says it of a row as of a paragraph's mark.
                "trPr" => is_kept = !run_properties(xml)?.is_deleted,
                "tc" => {
                    let mut cell = Cell::new();
                    self.cell(xml, &mut cell)?;
                    row.push(cell);
                }
                "sdt" => self.control(xml, &mut |body, xml| body.row(xml, row).map(drop))?,
                name if SKIPPED.contains(&name) => xml.skip()?,
                _ => is_kept &= self.row(xml, row)?,
            }
        }
        Ok(is_kept)
    }

    fn cell(&mut self, xml: &mut Xml<'_>, cell: &mut Cell) -> Result<(), XmlError> {
        let mut goes_on = false;
        while let Some(element) = xml.next_element()? {
            if element.name() == "tcPr" {
                goes_on = is_merged(xml)?;
            } else if goes_on {
                xml.skip()?;
            } else {
                self.story_element(&element, xml, cell)?;
            }
        }
        self.end_carried(cell);
        Ok(())
    }

    /// Text that waits for a next paragraph, where there is none.
    fn end_carried(&mut self, into: &mut Vec<Piece>) {
        let text = std::mem::take(&mut self.carried);
        if !text.trim().is_empty() {
            into.push(Piece::Paragraph(Paragraph { text, role: None }));
        }
    }
}

/// Whether a cell's properties, read to their end, say that the cell before or above goes on in it.
fn is_merged(xml: &mut Xml<'_>) -> Result<bool, XmlError> {
    let mut found = false;
    while let Some(element) = xml.next_element()? {
        if matches!(element.name(), "vMerge" | "hMerge") {
            found |= value(&element).is_none_or(|merge| merge == "continue");
        }
        xml.skip()?;
    }
    Ok(found)
}

/// The character that a sign of a symbol font shows, where it says something; `code` is hexadecimal.
///
/// Source: the character maps of Wingdings, Wingdings 2 and Symbol.
fn symbol(font: &str, code: &str) -> Option<char> {
    let code = u32::from_str_radix(code, 16).ok()?;
    if !(0xE000..=0xF8FF).contains(&code) {
        return char::from_u32(code).filter(|c| !c.is_control());
    }
    let offset = |first: char, from: u32| char::from_u32(u32::from(first) + (code & 0xFF) - from);
    match (font, code & 0xFF) {
        ("Wingdings", 0x81..=0x8A) => offset('①', 0x81),
        ("Wingdings", 0x8C..=0x95) => offset('❶', 0x8C),
        ("Wingdings", 0x6F | 0x71 | 0x72 | 0xA8) | ("Wingdings 2", 0x2A | 0xA3) => Some('□'),
        ("Wingdings", 0xFE) | ("Wingdings 2", 0x52) => Some('☑'),
        ("Wingdings", 0xFD) | ("Wingdings 2", 0x53 | 0x54) => Some('☒'),
        ("Wingdings", 0xFC) | ("Wingdings 2", 0x50) => Some('√'),
        ("Wingdings", 0xFB) | ("Wingdings 2", 0x4F) => Some('×'),
        ("Symbol", 0xA3) => Some('≤'),
        ("Symbol", 0xB0) => Some('°'),
        ("Symbol", 0xB1) => Some('±'),
        ("Symbol", 0xB3) => Some('≥'),
        ("Symbol", 0xB4) => Some('×'),
        _ => None,
    }
}
