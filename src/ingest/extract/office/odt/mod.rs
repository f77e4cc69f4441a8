//! OpenDocument texts, as LibreOffice and others write them.
//!
//! As with DOCX, what a reader of the printed page sees: body, then notes, then the heads and feet of pages. `body`
//! walks the text, `styles` says what a style makes of a paragraph, `lists` writes automatic numbers.
//!
//! Source of the names: OpenDocument 1.3, part 3.

mod body;
mod lists;
mod styles;
#[cfg(test)]
mod tests;

use crate::ingest::extract::ExtractError;
use crate::ingest::extract::office::package::Package;
use crate::ingest::extract::story::{Piece, Story, believed_title};
use crate::ingest::extract::xml::{Xml, XmlError};
use crate::ingest::limits::Limits;
use crate::ingest::{Extracted, Format, Metadata};
use crate::model::Note;
use body::Body;
use styles::Styles;

/// The text of the file.
///
/// Errors: [`ExtractError::Encrypted`] when its list of members says so, [`ExtractError::Damaged`] when its content is
/// missing or no XML; other parts that cannot be read are noted and left out.
pub(in crate::ingest::extract) fn extract(
    bytes: &[u8],
    limits: &Limits,
) -> Result<Extracted, ExtractError> {
    const CONTENT: &str = "content.xml";
    let mut package = Package::open(bytes, Format::Odt, limits)?;
    let mut notes = Vec::new();
    let manifest = package.part("META-INF/manifest.xml", &mut notes, is_encrypted)?;
    if manifest == Some(true) || package.contains("encrypted-package") {
        return Err(ExtractError::Encrypted { format: Format::Odt });
    }
    let mut styles = Styles::default();
    package.part("styles.xml", &mut notes, |xml| named_styles(xml, &mut styles))?;
    let source = package.text(CONTENT)?;
    let source = source.ok_or_else(|| package.damaged(format!("it has no {CONTENT}")))?;
    let mut story = Story::default();
    let found = content(&mut Xml::new(&source), &mut styles);
    let (pieces, hidden_chars) =
        found.map_err(|error| package.damaged(format!("{CONTENT}: {}", error.0)))?;
    story.add(&pieces);
    if hidden_chars > 0 {
        notes.push(Note::new("hidden-text", hidden_chars.to_string()));
    }
    let heads = package.part("styles.xml", &mut Vec::new(), |xml| running_heads(xml, &styles))?;
    for head in heads.unwrap_or_default() {
        story.add_running_head(&head);
    }
    let title = package.part("meta.xml", &mut notes, title)?.flatten();
    let metadata = Metadata { title: believed_title(title, story.text()), ..Metadata::default() };
    Ok(story.finish(metadata, notes))
}

/// Whether the list of members names a cipher for one of them.
fn is_encrypted(xml: &mut Xml<'_>) -> Result<bool, XmlError> {
    while let Some(element) = xml.next_element()? {
        if element.name() == "encryption-data" || is_encrypted(xml)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The styles that have names people see. Those made for single paragraphs of the heads have names that return, with
/// another meaning, in the content.
fn named_styles(xml: &mut Xml<'_>, styles: &mut Styles) -> Result<(), XmlError> {
    xml.next_element()?;
    while let Some(element) = xml.next_element()? {
        match element.name() {
            "styles" => styles.read(xml)?,
            _ => xml.skip()?,
        }
    }
    Ok(())
}

/// The text of the document, with its notes at the end, and how many characters of it are not shown.
fn content(xml: &mut Xml<'_>, styles: &mut Styles) -> Result<(Vec<Piece>, usize), XmlError> {
    let mut found = (Vec::new(), 0);
    xml.next_element()?;
    while let Some(element) = xml.next_element()? {
        match element.name() {
            "automatic-styles" => styles.read(xml)?,
            "body" => {
                let mut body = Body::new(styles);
                found = (body.whole(xml)?, body.hidden_chars());
            }
            _ => xml.skip()?,
        }
    }
    Ok(found)
}

/// The heads and feet of all kinds of pages.
fn running_heads(xml: &mut Xml<'_>, styles: &Styles) -> Result<Vec<Vec<Piece>>, XmlError> {
    let mut heads = Vec::new();
    while let Some(element) = xml.next_element()? {
        let name = element.name();
        if name.starts_with("header") || name.starts_with("footer") {
            let is_shown = element.attribute("display").is_none_or(|shown| shown != "false");
            let pieces = Body::new(styles).whole(xml)?;
            heads.extend(is_shown.then_some(pieces));
        } else if matches!(name, "document-styles" | "master-styles" | "master-page") {
            heads.append(&mut running_heads(xml, styles)?);
        } else {
            xml.skip()?;
        }
    }
    Ok(heads)
}

/// The declared title of a file.
fn title(xml: &mut Xml<'_>) -> Result<Option<String>, XmlError> {
    while let Some(element) = xml.next_element()? {
        match element.name() {
            "title" => return xml.text().map(Some),
            "document-meta" | "meta" => {
                if let Some(found) = title(xml)? {
                    return Ok(Some(found));
                }
            }
            _ => xml.skip()?,
        }
    }
    Ok(None)
}
