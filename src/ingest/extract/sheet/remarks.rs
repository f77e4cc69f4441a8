//! What stands on the sheets of an XLSX beside their cells: comments, with their answers, and text boxes.
//!
//! calamine does not read them. A part that cannot be read is noted; the cells are there without it.

use crate::ingest::extract::parts::{Part, drawn_paragraphs, drawn_text, list_of, relationships};
use crate::ingest::extract::sheet::unpack::Archive;
use crate::ingest::extract::sheet::{Book, Sheet};
use crate::ingest::extract::xml::{Element, Xml, XmlError};
use crate::ingest::faults::plain;
use crate::model::Note;
use std::collections::HashSet;
use std::io::Read;

/// Where the text box or the commented cell stands, a row from 0, and a paragraph of it.
pub(super) type Remark = (u32, String);

/// Adds the remarks to the sheets of a book; the sizes of all parts were checked.
pub(super) fn add(archive: &mut Archive<'_>, book: &mut Book) {
    const USUAL: &str = "xl/workbook.xml";
    let Book { sheets, notes, .. } = book;
    let mut file = File { archive, notes };
    let parts = file.read("_rels/.rels", |xml| relationships(xml, "")).unwrap_or_default();
    let main = parts.into_iter().find(|part| part.kind == "officeDocument");
    let main = main.map_or_else(|| USUAL.to_owned(), |part| part.target);
    let parts = file.named_by(&main);
    let ids = file.read(&main, sheet_ids).unwrap_or_default();
    for sheet in sheets {
        let id = sheet.number.checked_sub(1).and_then(|ordinal| ids.get(ordinal));
        if let Some(part) = id.and_then(|id| parts.iter().find(|part| part.id == *id)) {
            let parts = file.named_by(&part.target);
            file.add_remarks(&parts, sheet);
        }
    }
}

/// The file being read.
struct File<'f, 'b> {
    archive: &'f mut Archive<'b>,
    notes: &'f mut Vec<Note>,
}

impl File<'_, '_> {
    /// Reads a part; `None` where there is none of that name or it cannot be read, which is noted.
    fn read<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&mut Xml<'_>) -> Result<T, XmlError>,
    ) -> Option<T> {
        let mut member = self.archive.by_name(name).ok()?;
        let mut text = String::new();
        let found = match member.read_to_string(&mut text) {
            Ok(_) => read(&mut Xml::new(&text)).map_err(|error| error.0),
            Err(error) => Err(plain(error)),
        };
        match found {
            Ok(found) => Some(found),
            Err(cause) => {
                self.notes.push(Note::new("part-unread", format!("{name}: {cause}")));
                None
            }
        }
    }

    /// The parts that a part names.
    fn named_by(&mut self, part: &str) -> Vec<Part> {
        let (folder, list) = list_of(part);
        self.read(&list, |xml| relationships(xml, folder)).unwrap_or_default()
    }

    fn add_remarks(&mut self, parts: &[Part], sheet: &mut Sheet) {
        let remarks = &mut sheet.remarks;
        let mut of_kind =
            |kind: &str, read: &mut dyn FnMut(&mut Xml<'_>) -> Result<(), XmlError>| {
                for part in parts.iter().filter(|part| part.kind == kind) {
                    self.read(&part.target, &mut *read);
                }
            };
        // Of comments with answers, the older list has a copy with a notice to those who cannot see the answers.
        let mut answered = HashSet::new();
        of_kind("threadedComment", &mut |xml| {
            xml.next_element()?;
            comments(xml, "threadedComment", remarks, &mut |cell| {
                answered.insert(cell.to_owned());
                true
            })
        });
        of_kind("comments", &mut |xml| {
            xml.next_element()?;
            while let Some(element) = xml.next_element()? {
                match element.name() {
                    "commentList" => {
                        comments(xml, "comment", remarks, &mut |cell| !answered.contains(cell))?;
                    }
                    _ => xml.skip()?,
                }
            }
            Ok(())
        });
        of_kind("drawing", &mut |xml| {
            xml.next_element()?;
            boxes(xml, 0, remarks)
        });
        remarks.retain(|(_, text)| !text.trim().is_empty());
        remarks.sort_by_key(|(row, _)| *row);
    }
}

/// The ids of the sheets, in their order.
fn sheet_ids(xml: &mut Xml<'_>) -> Result<Vec<String>, XmlError> {
    let mut ids = Vec::new();
    xml.next_element()?;
    while let Some(element) = xml.next_element()? {
        if element.name() == "sheets" {
            while let Some(sheet) = xml.next_element()? {
                ids.push(sheet.attribute("id").unwrap_or_default());
                xml.skip()?;
            }
        } else {
            xml.skip()?;
        }
    }
    Ok(ids)
}

/// The comments of a list, to its end, on cells that are wanted.
fn comments(
    xml: &mut Xml<'_>,
    name: &str,
    remarks: &mut Vec<Remark>,
    is_wanted: &mut dyn FnMut(&str) -> bool,
) -> Result<(), XmlError> {
    while let Some(element) = xml.next_element()? {
        let cell = element.attribute("ref").unwrap_or_default();
        if element.name() != name || !is_wanted(&cell) {
            xml.skip()?;
            continue;
        }
        let mut text = String::new();
        while let Some(element) = xml.next_element()? {
            match element.name() {
                // With answers it is plain, else in runs; readings over characters are no runs.
                "text" if name == "threadedComment" => text.push_str(&xml.text()?),
                "text" => drawn_text(xml, &mut text)?,
                _ => xml.skip()?,
            }
        }
        remarks.push((row_of(&cell), text));
    }
    Ok(())
}

/// The text boxes of a drawing, to the end of the element that is open.
fn boxes(xml: &mut Xml<'_>, row: u32, remarks: &mut Vec<Remark>) -> Result<(), XmlError> {
    let mut row = row;
    while let Some(element) = xml.next_element()? {
        match element.name() {
            "from" => row = anchor_row(xml)?.unwrap_or(row),
            // The first form with text is the fullest, the others repeat it.
            "AlternateContent" => {
                let before = remarks.len();
                while xml.next_element()?.is_some() {
                    if remarks.len() > before { xml.skip()? } else { boxes(xml, row, remarks)? }
                }
            }
            "sp" | "cxnSp" => shape(xml, row, remarks)?,
            _ => boxes(xml, row, remarks)?,
        }
    }
    Ok(())
}

/// A shape, which may be hidden.
fn shape(xml: &mut Xml<'_>, row: u32, remarks: &mut Vec<Remark>) -> Result<(), XmlError> {
    let before = remarks.len();
    let mut is_hidden = false;
    while let Some(element) = xml.next_element()? {
        if element.name() == "nvSpPr" {
            while let Some(element) = xml.next_element()? {
                is_hidden |= element.name() == "cNvPr" && is_on(&element, "hidden");
                xml.skip()?;
            }
        } else if element.name() == "txBody" {
            let mut texts = Vec::new();
            drawn_paragraphs(xml, &mut texts)?;
            remarks.extend(texts.into_iter().map(|text| (row, text)));
        } else {
            xml.skip()?;
        }
    }
    if is_hidden {
        remarks.truncate(before);
    }
    Ok(())
}

fn is_on(element: &Element<'_>, name: &str) -> bool {
    element.says(name, "1") || element.says(name, "true")
}

/// The row of an anchor, read to its end.
fn anchor_row(xml: &mut Xml<'_>) -> Result<Option<u32>, XmlError> {
    let mut row = None;
    while let Some(element) = xml.next_element()? {
        match element.name() {
            "row" => row = xml.text()?.trim().parse().ok(),
            _ => xml.skip()?,
        }
    }
    Ok(row)
}

/// The row of a cell's name, from 0: `B2` is 1.
fn row_of(cell: &str) -> u32 {
    let digits = cell.trim_start_matches(|c: char| !c.is_ascii_digit());
    digits.parse::<u32>().unwrap_or(1).saturating_sub(1)
}
