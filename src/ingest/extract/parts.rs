//! How the parts of an Office Open XML file name one another, and the text of drawings, which all of them may hold.
//!
//! Source: ECMA-376 part 2, 6.5 (relationships); part 1, 21.1.2 (text of drawings).

use crate::ingest::extract::xml::{Xml, XmlError};

/// A part that another one names.
pub(super) struct Part {
    pub(super) id: String,
    /// What it is, in one word: `styles`, `header`.
    pub(super) kind: String,
    /// Its name in the package.
    pub(super) target: String,
}

/// The folder of a part, and the list of the parts that it names.
pub(super) fn list_of(part: &str) -> (&str, String) {
    let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
    (folder, resolve(folder, &format!("_rels/{name}.rels")))
}

/// The parts a list of relationships names; targets outside the file are left out.
pub(super) fn relationships(xml: &mut Xml<'_>, folder: &str) -> Result<Vec<Part>, XmlError> {
    let mut parts = Vec::new();
    xml.next_element()?;
    while let Some(element) = xml.next_element()? {
        let is_inside = element.attribute("TargetMode").is_none_or(|mode| mode != "External");
        if let (Some(kind), Some(target), true) =
            (element.attribute("Type"), element.attribute("Target"), is_inside)
        {
            let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
            let id = element.attribute("Id").unwrap_or_default();
            parts.push(Part { id, kind, target: resolve(folder, &target) });
        }
        xml.skip()?;
    }
    Ok(parts)
}

/// The name in the package of a target named from a folder.
pub(super) fn resolve(folder: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut names: Vec<&str> = folder.split('/').filter(|name| !name.is_empty()).collect();
    for name in target.split('/') {
        match name {
            ".." => drop(names.pop()),
            "." | "" => {}
            name => names.push(name),
        }
    }
    names.join("/")
}

/// The paragraphs of a drawing's text, to the end of the element that is open.
pub(super) fn drawn_paragraphs(xml: &mut Xml<'_>, texts: &mut Vec<String>) -> Result<(), XmlError> {
    while let Some(element) = xml.next_element()? {
        if element.name() == "p" {
            let mut text = String::new();
            drawn_text(xml, &mut text)?;
            texts.push(text);
        } else {
            xml.skip()?;
        }
    }
    Ok(())
}

pub(super) fn drawn_text(xml: &mut Xml<'_>, text: &mut String) -> Result<(), XmlError> {
    while let Some(element) = xml.next_element()? {
        match element.name() {
            "t" => text.push_str(&xml.text()?),
            "br" => {
                text.push('\n');
                xml.skip()?;
            }
            "r" | "fld" => drawn_text(xml, text)?,
            _ => xml.skip()?,
        }
    }
    Ok(())
}
