//! A part of a packed document, walked element by element, with bounded depth and without entities of its own.
//!
//! Whoever starts an element walks it to its end with [`Xml::next`] or passes over it with [`Xml::skip`]; names are
//! compared without their prefix, which every producer may choose.

use crate::ingest::faults::plain;
use quick_xml::XmlVersion;
use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;
use std::borrow::Cow;

/// Elements inside one another; real documents have a few dozen. Readers call themselves for each.
const DEPTH_MAX: usize = 256;

/// Longer values of attributes are none that a reader looks at; names that are looked up again and again stay cheap.
const VALUE_BYTES_MAX: usize = 1024;

/// What a part was found to be wrong with, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct XmlError(pub(super) String);

/// What stands inside an element.
pub(super) enum Node<'a> {
    /// An element, to be walked or skipped before anything else is read.
    Element(Element<'a>),
    /// Text, its references resolved.
    Text(Cow<'a, str>),
}

/// A part being read.
pub(super) struct Xml<'a> {
    reader: Reader<&'a [u8]>,
    depth: usize,
}

impl<'a> Xml<'a> {
    /// Starts to read a part.
    pub(super) fn new(text: &'a str) -> Self {
        let mut reader = Reader::from_str(text);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.allow_dangling_amp = true;
        Self { reader, depth: 0 }
    }

    /// What comes next inside the element that is open; `None` at its end, which is passed.
    pub(super) fn next(&mut self) -> Result<Option<Node<'a>>, XmlError> {
        loop {
            let event = self.reader.read_event().map_err(|error| XmlError(plain(error)))?;
            match event {
                // Empty elements arrive as a start and an end.
                Event::Start(start) | Event::Empty(start) => {
                    self.depth += 1;
                    if self.depth > DEPTH_MAX {
                        let cause = format!("more than {DEPTH_MAX} elements inside one another");
                        return Err(XmlError(cause));
                    }
                    return Ok(Some(Node::Element(Element(start))));
                }
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    return Ok(None);
                }
                Event::Eof if self.depth > 0 => {
                    return Err(XmlError("it ends before its elements do".to_owned()));
                }
                Event::Eof => return Ok(None),
                Event::Text(text) => return Ok(Some(Node::Text(text.into_inner()))),
                Event::CData(text) => return Ok(Some(Node::Text(text.into_inner()))),
                Event::GeneralRef(reference) => {
                    return Ok(Some(Node::Text(Cow::Owned(referred(&reference)))));
                }
                // Office files have none; what it could define, nobody expands.
                Event::DocType(_) => {
                    return Err(XmlError("a document type, which these files have not".to_owned()));
                }
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            }
        }
    }

    /// The next element inside the one that is open, text passed over; `None` at its end.
    pub(super) fn next_element(&mut self) -> Result<Option<Element<'a>>, XmlError> {
        loop {
            match self.next()? {
                Some(Node::Element(element)) => return Ok(Some(element)),
                Some(Node::Text(_)) => {}
                None => return Ok(None),
            }
        }
    }

    /// Passes over the rest of the element that is open.
    pub(super) fn skip(&mut self) -> Result<(), XmlError> {
        let outside = self.depth.saturating_sub(1);
        while self.next()?.is_some() || self.depth > outside {}
        Ok(())
    }

    /// The text of the element that is open and of all inside it.
    pub(super) fn text(&mut self) -> Result<String, XmlError> {
        let outside = self.depth.saturating_sub(1);
        let mut text = String::new();
        loop {
            match self.next()? {
                Some(Node::Text(part)) => text.push_str(&part),
                Some(Node::Element(_)) => {}
                None if self.depth <= outside => return Ok(text),
                None => {}
            }
        }
    }
}

/// The start of an element.
pub(super) struct Element<'a>(pub(super) BytesStart<'a>);

impl Element<'_> {
    /// Its name without prefix.
    pub(super) fn name(&self) -> &str {
        self.0.local_name().into_inner()
    }

    /// The value of an attribute, by its name without prefix; `None` where it is far too long.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        let short = |attribute: &Attribute<'_>| attribute.value.len() <= VALUE_BYTES_MAX;
        self.all(name).next().filter(short).map(value)
    }

    /// The text that an attribute holds, however long.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.all(name).next().map(value)
    }

    /// Whether an attribute of that name, of whatever prefix, has that value.
    pub(super) fn says(&self, name: &str, value: &str) -> bool {
        self.all(name).any(|attribute| attribute.value == value)
    }

    /// The attributes of a name with any prefix. They are not compared with one another, which would take time by their
    /// square.
    fn all(&self, name: &str) -> impl Iterator<Item = Attribute<'_>> {
        let mut attributes = self.0.attributes();
        attributes.with_checks(false);
        let all = attributes.filter_map(Result::ok);
        all.filter(move |attribute| attribute.key.local_name().into_inner() == name)
    }

    /// The value of an attribute that is a whole number.
    pub(super) fn number<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.attribute(name)?.trim().parse().ok()
    }
}

/// The value of an attribute, its references resolved.
fn value(attribute: Attribute<'_>) -> String {
    match attribute.normalized_value(XmlVersion::Implicit1_0) {
        Ok(value) => value.into_owned(),
        Err(_) => attribute.value.into_owned(),
    }
}

/// The text of a reference.
pub(super) fn referred(reference: &BytesRef<'_>) -> String {
    match reference.resolve_char_ref() {
        Ok(Some(c)) => c.to_string(),
        Ok(None) => predefined(reference).to_owned(),
        Err(_) => char::REPLACEMENT_CHARACTER.to_string(),
    }
}

/// The text of a reference by name. Names that a document would have to define itself stand for nothing.
fn predefined(name: &str) -> &'static str {
    match name {
        "lt" => "<",
        "gt" => ">",
        "amp" => "&",
        "apos" => "'",
        "quot" => "\"",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(source: &str) -> Result<String, XmlError> {
        Xml::new(source).text()
    }

    #[test]
    fn references_are_resolved_and_unknown_ones_are_nothing() {
        assert_eq!(
            text("<a>甲&lt;乙&#x4E19;&amp;&none;&#0;<b/></a>").as_deref(),
            Ok("甲<乙丙&\u{fffd}")
        );
        assert_eq!(text("<a>A & B</a>").as_deref(), Ok("A & B"));
        assert_eq!(text("<a><![CDATA[<甲>]]></a>").as_deref(), Ok("<甲>"));
    }

    #[test]
    fn elements_are_skipped_to_their_own_end() {
        let mut xml = Xml::new("<p:a><b k='1&amp;2'><b/>甲</b><w:c w:k=\"2\"/></p:a>");
        let a = xml.next_element().unwrap().unwrap();
        assert_eq!(a.name(), "a");
        let b = xml.next_element().unwrap().unwrap();
        assert_eq!(b.attribute("k").as_deref(), Some("1&2"));
        xml.skip().unwrap();
        let c = xml.next_element().unwrap().unwrap();
        assert_eq!((c.name(), c.number("k")), ("c", Some(2)));
        assert!(xml.next().unwrap().is_none());
        assert!(xml.next().unwrap().is_none());
        assert!(xml.next().unwrap().is_none());
    }

    #[test]
    fn what_is_cut_off_too_deep_or_defines_entities_is_an_error() {
        for wrong in
            ["<a><b>甲</b>", "<a>甲</b>", "<a", "<!DOCTYPE a [<!ENTITY b \"甲\">]><a>&b;</a>"]
        {
            assert!(text(wrong).is_err(), "{wrong}");
        }
        assert!(text(&"<a>".repeat(100_000)).unwrap_err().0.contains("256"));
    }
}
