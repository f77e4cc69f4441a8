//! What the style of a paragraph says of it: heading, caption, entry of a table of contents, numbered.

use crate::ingest::Role;
use crate::ingest::extract::story::role_of_style;
use crate::ingest::extract::xml::{Element, Xml, XmlError};
use std::collections::HashMap;

/// Styles based on one another; Word allows fewer.
const CHAIN_MAX: usize = 16;

/// The level below all headings: running text.
const BODY_LEVEL: u8 = 9;

/// The styles of a document.
#[derive(Debug, Default)]
pub(super) struct Styles {
    by_id: HashMap<String, Style>,
    /// The style of paragraphs that name none.
    default: Option<String>,
}

/// A list that a paragraph or style is in; parts not given come from elsewhere.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct InList {
    /// The list.
    pub(super) list: Option<String>,
    /// The level in it, from 0.
    pub(super) level: Option<usize>,
}

#[derive(Debug, Default)]
struct Style {
    /// What its name makes of a paragraph.
    role: Option<Role>,
    based_on: Option<String>,
    /// Depth in the outline, from 0; [`BODY_LEVEL`] for running text.
    outline: Option<u8>,
    in_list: Option<InList>,
    is_hidden: Option<bool>,
    is_placeholder: bool,
}

impl Styles {
    /// Reads the part of styles.
    pub(super) fn read(xml: &mut Xml<'_>) -> Result<Self, XmlError> {
        let mut styles = Self::default();
        xml.next_element()?;
        while let Some(element) = xml.next_element()? {
            match element.attribute("styleId") {
                Some(id) if element.name() == "style" => {
                    let is_default =
                        element.attribute("default").is_some_and(|value| is_on(&value));
                    if is_default
                        && element.attribute("type").is_some_and(|kind| kind == "paragraph")
                    {
                        styles.default = Some(id.clone());
                    }
                    styles.by_id.insert(id, Style::read(xml)?);
                }
                _ => xml.skip()?,
            }
        }
        Ok(styles)
    }

    /// What a style makes of a paragraph; `None` for running text and unknown styles.
    pub(super) fn role(&self, id: Option<&str>) -> Option<Role> {
        for style in self.chain(id) {
            if let Some(level) = style.outline {
                return outline_role(level);
            }
            if style.role.is_some() {
                return style.role;
            }
        }
        // A document without its styles still says what they were called.
        id.filter(|id| !self.by_id.contains_key(*id)).and_then(role_of_style)
    }

    /// The list that a style puts its paragraphs in.
    pub(super) fn in_list(&self, id: Option<&str>) -> Option<&InList> {
        self.chain(id).find_map(|style| style.in_list.as_ref())
    }

    /// Whether text of a style is not shown.
    pub(super) fn is_hidden(&self, id: &str) -> bool {
        self.chain(Some(id)).find_map(|style| style.is_hidden).unwrap_or(false)
    }

    /// Whether text of a style only asks for text to be put in its place.
    pub(super) fn is_placeholder(&self, id: &str) -> bool {
        self.by_id.get(id).is_some_and(|style| style.is_placeholder)
    }

    /// A style and those it is based on, nearest first; the default style for no name.
    fn chain(&self, id: Option<&str>) -> impl Iterator<Item = &Style> {
        let first = id.or(self.default.as_deref()).and_then(|id| self.by_id.get(id));
        std::iter::successors(first, |style| self.by_id.get(style.based_on.as_ref()?))
            .take(CHAIN_MAX)
    }
}

impl Style {
    fn read(xml: &mut Xml<'_>) -> Result<Self, XmlError> {
        let mut style = Self::default();
        while let Some(element) = xml.next_element()? {
            match element.name() {
                "name" => {
                    let name = value(&element).unwrap_or_default();
                    style.role = role_of_style(&name);
                    style.is_placeholder =
                        matches!(name.as_str(), "Placeholder Text" | "占位符文本");
                }
                "basedOn" => style.based_on = value(&element),
                "pPr" => {
                    style.read_paragraph(xml)?;
                    continue;
                }
                "rPr" => {
                    style.is_hidden = run_properties(xml)?.is_hidden;
                    continue;
                }
                _ => {}
            }
            xml.skip()?;
        }
        Ok(style)
    }

    fn read_paragraph(&mut self, xml: &mut Xml<'_>) -> Result<(), XmlError> {
        while let Some(element) = xml.next_element()? {
            match element.name() {
                "outlineLvl" => self.outline = element.number("val"),
                "numPr" => {
                    self.in_list = Some(in_list(xml)?);
                    continue;
                }
                _ => {}
            }
            xml.skip()?;
        }
        Ok(())
    }
}

/// What is said of a run of text.
#[derive(Debug, Default)]
pub(super) struct RunProperties {
    /// Its style.
    pub(super) style: Option<String>,
    /// Whether it is not shown.
    pub(super) is_hidden: Option<bool>,
    /// Whether it, a paragraph's mark, was deleted.
    pub(super) is_deleted: bool,
}

/// Reads the properties of a run to their end.
pub(super) fn run_properties(xml: &mut Xml<'_>) -> Result<RunProperties, XmlError> {
    let mut properties = RunProperties::default();
    while let Some(element) = xml.next_element()? {
        match element.name() {
            "rStyle" => properties.style = value(&element),
            "vanish" => properties.is_hidden = Some(value(&element).is_none_or(|on| is_on(&on))),
            "del" | "moveFrom" => properties.is_deleted = true,
            _ => {}
        }
        xml.skip()?;
    }
    Ok(properties)
}

/// Reads the list a paragraph is in.
pub(super) fn in_list(xml: &mut Xml<'_>) -> Result<InList, XmlError> {
    let mut found = InList::default();
    while let Some(element) = xml.next_element()? {
        match element.name() {
            "numId" => found.list = value(&element),
            "ilvl" => found.level = element.number("val"),
            _ => {}
        }
        xml.skip()?;
    }
    Ok(found)
}

/// What a depth in the outline makes of a paragraph.
pub(super) fn outline_role(level: u8) -> Option<Role> {
    (level < BODY_LEVEL).then(|| Role::Heading(level + 1))
}

/// The `w:val` of an element.
pub(super) fn value(element: &Element<'_>) -> Option<String> {
    element.attribute("val")
}

/// Whether the value of a switch means on.
pub(super) fn is_on(value: &str) -> bool {
    !matches!(value, "0" | "false" | "off" | "none")
}
