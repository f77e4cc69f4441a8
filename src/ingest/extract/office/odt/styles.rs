//! What the style of a paragraph says of it: heading, caption, entry of a table of contents, hidden.

use crate::ingest::Role;
use crate::ingest::extract::office::odt::lists::{Level, read_levels};
use crate::ingest::extract::story::role_of_style;
use crate::ingest::extract::xml::{Xml, XmlError};
use std::collections::HashMap;

/// Styles based on one another.
const CHAIN_MAX: usize = 16;

/// The styles of a document.
#[derive(Debug, Default)]
pub(super) struct Styles {
    /// Of paragraphs and text, by name; a name is not used for both with different meanings that matter here.
    by_name: HashMap<String, Style>,
    lists: HashMap<String, HashMap<usize, Level>>,
    /// How headings are numbered.
    outline: HashMap<usize, Level>,
}

#[derive(Debug, Default)]
struct Style {
    /// What its name makes of a paragraph.
    role: Option<Role>,
    parent: Option<String>,
    outline: Option<u8>,
    is_hidden: bool,
}

impl Styles {
    /// Reads a group of styles to its end.
    pub(super) fn read(&mut self, xml: &mut Xml<'_>) -> Result<(), XmlError> {
        while let Some(element) = xml.next_element()? {
            let name = element.attribute("name").unwrap_or_default();
            match element.name() {
                "style" => {
                    let shown = element.attribute("display-name");
                    let style = Style {
                        role: role_of_style(shown.as_ref().unwrap_or(&name)),
                        parent: element.attribute("parent-style-name"),
                        outline: element.number("default-outline-level"),
                        is_hidden: is_hidden(xml)?,
                    };
                    self.by_name.insert(name, style);
                }
                "list-style" => {
                    self.lists.insert(name, read_levels(xml)?);
                }
                "outline-style" => self.outline = read_levels(xml)?,
                _ => xml.skip()?,
            }
        }
        Ok(())
    }

    /// What a style makes of a paragraph; `None` for running text and unknown styles.
    pub(super) fn role(&self, name: &str) -> Option<Role> {
        let found = self.chain(name).find_map(|style| {
            let outline = style.outline.filter(|level| *level > 0).map(Role::Heading);
            outline.or(style.role)
        });
        // A document without its styles still says what they were called.
        found.or_else(|| role_of_style(name))
    }

    /// Whether text of a style is not shown.
    pub(super) fn is_hidden(&self, name: &str) -> bool {
        self.chain(name).any(|style| style.is_hidden)
    }

    /// The levels of a list's style.
    pub(super) fn list(&self, name: &str) -> Option<&HashMap<usize, Level>> {
        self.lists.get(name)
    }

    /// The levels of headings.
    pub(super) fn outline(&self) -> &HashMap<usize, Level> {
        &self.outline
    }

    /// A style and those it is based on, nearest first.
    fn chain(&self, name: &str) -> impl Iterator<Item = &Style> {
        let parent = |style: &&Style| self.by_name.get(style.parent.as_ref()?);
        std::iter::successors(self.by_name.get(name), parent).take(CHAIN_MAX)
    }
}

/// Whether a style, read to its end, hides its text.
fn is_hidden(xml: &mut Xml<'_>) -> Result<bool, XmlError> {
    let mut found = false;
    while let Some(element) = xml.next_element()? {
        if element.name() == "text-properties" {
            found |= element.attribute("display").is_some_and(|display| display == "none");
        }
        xml.skip()?;
    }
    Ok(found)
}
