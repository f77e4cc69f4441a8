//! Word documents since 2007, and what other programs write in that format.
//!
//! What a reader of the printed page sees, in reading order: body, then footnotes and endnotes, then the heads and feet
//! of pages. Left out are deleted and hidden text, comments, codes of fields, readings over characters and pictures.
//! `body` walks the text, `styles` says what a style makes of a paragraph, `numbering` writes automatic numbers.
//!
//! Source of the names: ECMA-376 part 1, 17 (WordprocessingML), in both of its namespaces.

mod body;
mod numbering;
mod styles;
#[cfg(test)]
mod tests;

use crate::ingest::extract::ExtractError;
use crate::ingest::extract::office::package::Package;
use crate::ingest::extract::parts::{Part, drawn_paragraphs, list_of, relationships, resolve};
use crate::ingest::extract::story::{Story, believed_title};
use crate::ingest::extract::xml::{Xml, XmlError};
use crate::ingest::limits::Limits;
use crate::ingest::{Extracted, Format, Metadata};
use crate::model::Note;
use body::{Body, NoteKind};
use numbering::Numbering;
use std::collections::{HashMap, HashSet};
use styles::{Styles, is_on};

/// Graphics of one document that are read.
const GRAPHICS_MAX: usize = 1_000;

/// The text of the file.
///
/// Errors: [`ExtractError::Damaged`] when its main part is missing or no XML; other parts that cannot be read are
/// noted and left out.
pub(in crate::ingest::extract) fn extract(
    bytes: &[u8],
    limits: &Limits,
) -> Result<Extracted, ExtractError> {
    let mut file = File { package: Package::open(bytes, Format::Docx, limits)?, notes: Vec::new() };
    let main = file.main_part()?;
    let parts = file.relationships(&main)?;
    let styles = file.part(&parts, "styles", Styles::read)?.unwrap_or_default();
    let numbering = file.part(&parts, "numbering", Numbering::read)?.unwrap_or_default();
    let source = file.package.text(&main)?;
    let source = source.ok_or_else(|| file.package.damaged(format!("it has no {main}")))?;
    let mut body = Body::new(&styles, &numbering);
    let mut story = Story::default();
    let graphics = file.graphics(&parts)?;
    let pieces = body.main(&mut Xml::new(&source), graphics);
    story.add(&pieces.map_err(|error| file.package.damaged(format!("{main}: {}", error.0)))?);
    for (kind, part) in [(NoteKind::Foot, "footnotes"), (NoteKind::End, "endnotes")] {
        let pieces = file.part(&parts, part, |xml| body.notes(xml, kind))?;
        story.add(&pieces.unwrap_or_default());
    }
    for id in body.foreign_parts() {
        let name = parts.iter().find(|part| part.id == *id).map_or(id, |part| &part.target);
        file.notes.push(Note::new("part-unread", name));
    }
    let mut read = HashSet::new();
    for kind in ["header", "footer"] {
        for part in parts.iter().filter(|part| part.kind == kind && read.insert(&part.target)) {
            let pieces = file.read(&part.target, |xml| body.part(xml))?;
            story.add_running_head(&pieces.unwrap_or_default());
        }
    }
    if body.hidden_chars() > 0 {
        file.notes.push(Note::new("hidden-text", body.hidden_chars().to_string()));
    }
    let title = file.read("docProps/core.xml", title)?.flatten();
    let metadata = Metadata { title: believed_title(title, story.text()), ..Metadata::default() };
    Ok(story.finish(metadata, file.notes))
}

/// The file being read.
struct File<'a> {
    package: Package<'a>,
    notes: Vec<Note>,
}

impl File<'_> {
    /// The name of the part that holds the text.
    fn main_part(&mut self) -> Result<String, ExtractError> {
        const USUAL: &str = "word/document.xml";
        let parts = self.read("_rels/.rels", |xml| relationships(xml, ""))?.unwrap_or_default();
        let named = parts.into_iter().find(|part| part.kind == "officeDocument");
        let main = named.map_or_else(|| USUAL.to_owned(), |part| part.target);
        if self.package.contains(&main) {
            return Ok(main);
        }
        if self.package.contains(USUAL) {
            return Ok(USUAL.to_owned());
        }
        Err(self.package.damaged(format!("it has no {main}")))
    }

    /// The parts that a part names; those of usual name where it names none.
    fn relationships(&mut self, main: &str) -> Result<Vec<Part>, ExtractError> {
        let (folder, list) = list_of(main);
        if let Some(parts) = self.read(&list, |xml| relationships(xml, folder))? {
            return Ok(parts);
        }
        let usual = ["styles", "numbering", "footnotes", "endnotes"];
        Ok(usual
            .map(|kind| Part {
                id: String::new(),
                kind: kind.to_owned(),
                target: resolve(folder, &format!("{kind}.xml")),
            })
            .into())
    }

    /// What graphics with text say, a paragraph each, by the id of their part.
    fn graphics(&mut self, parts: &[Part]) -> Result<HashMap<String, Vec<String>>, ExtractError> {
        let mut graphics = HashMap::new();
        for part in parts.iter().filter(|part| part.kind == "diagramData").take(GRAPHICS_MAX) {
            let mut texts = Vec::new();
            self.read(&part.target, |xml| graphic(xml, &mut texts))?;
            graphics.insert(part.id.clone(), texts);
        }
        Ok(graphics)
    }

    /// Reads the first part of a kind.
    fn part<T>(
        &mut self,
        parts: &[Part],
        kind: &str,
        read: impl FnOnce(&mut Xml<'_>) -> Result<T, XmlError>,
    ) -> Result<Option<T>, ExtractError> {
        match parts.iter().find(|part| part.kind == kind) {
            Some(part) => self.read(&part.target, read),
            None => Ok(None),
        }
    }

    /// Reads a part that the text can do without.
    fn read<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&mut Xml<'_>) -> Result<T, XmlError>,
    ) -> Result<Option<T>, ExtractError> {
        self.package.part(name, &mut self.notes, read)
    }
}

/// The paragraphs of a graphic (SmartArt) in their order; what still asks for text is none.
fn graphic(xml: &mut Xml<'_>, texts: &mut Vec<String>) -> Result<(), XmlError> {
    while let Some(element) = xml.next_element()? {
        match element.name() {
            "pt" => point(xml, texts)?,
            "dataModel" | "ptLst" => graphic(xml, texts)?,
            _ => xml.skip()?,
        }
    }
    Ok(())
}

/// One of the places for text in a graphic.
fn point(xml: &mut Xml<'_>, texts: &mut Vec<String>) -> Result<(), XmlError> {
    let mut asks = false;
    while let Some(element) = xml.next_element()? {
        match element.name() {
            "prSet" => {
                asks = element.attribute("phldr").is_some_and(|on| is_on(&on));
                xml.skip()?;
            }
            "t" if !asks => drawn_paragraphs(xml, texts)?,
            _ => xml.skip()?,
        }
    }
    Ok(())
}

/// The declared title of a file.
fn title(xml: &mut Xml<'_>) -> Result<Option<String>, XmlError> {
    xml.next_element()?;
    while let Some(element) = xml.next_element()? {
        if element.name() == "title" {
            return xml.text().map(Some);
        }
        xml.skip()?;
    }
    Ok(None)
}
