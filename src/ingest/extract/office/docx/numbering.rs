//! Automatic numbers: `一、`, `（二）`, `第三条`, which official documents are full of and no text run holds.
//!
//! Source: ECMA-376 part 1, 17.9 (Numbering). Lists made from one definition count on; one with a start of its own
//! starts there once.

use crate::ingest::extract::office::docx::styles::{InList, Styles, is_on, value};
use crate::ingest::extract::office::numerals::{Numerals, spaced};
use crate::ingest::extract::xml::{Element, Xml, XmlError};
use std::collections::{HashMap, HashSet};

/// Levels of a list.
const LEVELS: usize = 9;

/// Characters of the text round a number; more is no number.
const PATTERN_CHARS_MAX: usize = 64;

/// The lists of a document.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    definitions: HashMap<String, Definition>,
    lists: HashMap<String, List>,
}

/// How the paragraphs of lists are numbered.
#[derive(Debug, Default)]
struct Definition {
    levels: HashMap<usize, Level>,
    /// The style whose list has the levels instead.
    by_style: Option<String>,
}

/// A list made from a definition.
#[derive(Debug, Default)]
struct List {
    definition: String,
    starts: HashMap<usize, u32>,
    levels: HashMap<usize, Level>,
}

#[derive(Debug)]
struct Level {
    start: u32,
    numerals: Numerals,
    is_bullet: bool,
    /// The text with `%1` to `%9` for the numbers of the levels.
    pattern: String,
    /// A number of this level or above starts it anew; `Some(0)` for none.
    restart: Option<usize>,
    /// Whether nothing stands between the number and the text.
    is_close: bool,
    /// Whether all numbers are in figures.
    is_legal: bool,
    /// The style of its paragraphs.
    style: Option<String>,
}

impl Numbering {
    /// Reads the part of lists.
    pub(super) fn read(xml: &mut Xml<'_>) -> Result<Self, XmlError> {
        let mut numbering = Self::default();
        xml.next_element()?;
        while let Some(element) = xml.next_element()? {
            match element.name() {
                "abstractNum" => {
                    let id = element.attribute("abstractNumId").unwrap_or_default();
                    numbering.definitions.insert(id, Definition::read(xml)?);
                }
                "num" => {
                    let id = element.attribute("numId").unwrap_or_default();
                    numbering.lists.insert(id, List::read(xml)?);
                }
                _ => xml.skip()?,
            }
        }
        Ok(numbering)
    }

    /// The definition of a list, also where a style stands between them.
    fn definition<'a>(
        &'a self,
        list: &'a List,
        styles: &Styles,
    ) -> Option<(&'a str, &'a Definition)> {
        let found = self.definitions.get(&list.definition)?;
        let Some(style) = found.by_style.as_deref().filter(|_| found.levels.is_empty()) else {
            return Some((&list.definition, found));
        };
        let other = styles.in_list(Some(style))?.list.as_ref()?;
        let name = &self.lists.get(other)?.definition;
        Some((name, self.definitions.get(name)?))
    }
}

impl Definition {
    fn read(xml: &mut Xml<'_>) -> Result<Self, XmlError> {
        let mut definition = Self::default();
        while let Some(element) = xml.next_element()? {
            match element.name() {
                "lvl" => {
                    let place = level_of(&element);
                    let level = Level::read(xml)?;
                    definition.levels.extend(place.map(|place| (place, level)));
                    continue;
                }
                "numStyleLink" => definition.by_style = value(&element),
                _ => {}
            }
            xml.skip()?;
        }
        Ok(definition)
    }
}

impl List {
    fn read(xml: &mut Xml<'_>) -> Result<Self, XmlError> {
        let mut list = Self::default();
        while let Some(element) = xml.next_element()? {
            match element.name() {
                "abstractNumId" => list.definition = value(&element).unwrap_or_default(),
                "lvlOverride" => {
                    list.read_override(level_of(&element), xml)?;
                    continue;
                }
                _ => {}
            }
            xml.skip()?;
        }
        Ok(list)
    }

    fn read_override(&mut self, place: Option<usize>, xml: &mut Xml<'_>) -> Result<(), XmlError> {
        while let Some(element) = xml.next_element()? {
            match (element.name(), place) {
                ("startOverride", Some(place)) => {
                    self.starts.extend(element.number("val").map(|start| (place, start)));
                }
                ("lvl", Some(place)) => {
                    self.levels.insert(place, Level::read(xml)?);
                    continue;
                }
                _ => {}
            }
            xml.skip()?;
        }
        Ok(())
    }
}

impl Level {
    fn read(xml: &mut Xml<'_>) -> Result<Self, XmlError> {
        let mut level = Self {
            start: 0,
            numerals: Numerals::Decimal,
            is_bullet: false,
            pattern: String::new(),
            restart: None,
            is_close: false,
            is_legal: false,
            style: None,
        };
        while let Some(element) = xml.next_element()? {
            match element.name() {
                "start" => level.start = element.number("val").unwrap_or(0),
                "numFmt" => {
                    let format = value(&element).unwrap_or_default();
                    level.numerals = Numerals::from_word(&format);
                    level.is_bullet = format == "bullet";
                }
                "lvlText" => {
                    let pattern = value(&element).unwrap_or_default();
                    level.pattern = pattern.chars().take(PATTERN_CHARS_MAX).collect();
                }
                "lvlRestart" => level.restart = element.number("val"),
                "suff" => {
                    level.is_close = value(&element).is_some_and(|suffix| suffix == "nothing");
                }
                "isLgl" => level.is_legal = value(&element).is_none_or(|on| is_on(&on)),
                "pStyle" => level.style = value(&element),
                _ => {}
            }
            xml.skip()?;
        }
        Ok(level)
    }
}

/// How far the lists of a document have counted.
pub(super) struct Counters<'a> {
    numbering: &'a Numbering,
    styles: &'a Styles,
    /// The last number of each level, by definition.
    counts: HashMap<&'a str, [Option<u32>; LEVELS]>,
    /// Lists and levels whose own start was used.
    started: HashSet<(&'a str, usize)>,
}

impl<'a> Counters<'a> {
    pub(super) fn new(numbering: &'a Numbering, styles: &'a Styles) -> Self {
        Self { numbering, styles, counts: HashMap::new(), started: HashSet::new() }
    }

    /// Counts a paragraph and gives the number before its text, which is empty for a bullet; `None` for neither.
    pub(super) fn next(&mut self, own: Option<&InList>, style: Option<&str>) -> Option<String> {
        let (numbering, styles) = (self.numbering, self.styles);
        let of_style = styles.in_list(style);
        let id = own.and_then(|own| own.list.as_ref()).or_else(|| of_style?.list.as_ref())?;
        let (id, list) = numbering.lists.get_key_value(id)?;
        let (name, definition) = numbering.definition(list, styles)?;
        let level_at =
            |place: usize| list.levels.get(&place).or_else(|| definition.levels.get(&place));
        let of_own_list = own.and_then(|own| own.list.as_ref()).is_some();
        let place = own
            .and_then(|own| own.level)
            .or_else(|| of_style.filter(|_| !of_own_list)?.level)
            .or_else(|| {
                let named =
                    |at: &usize| level_at(*at).is_some_and(|level| level.style.as_deref() == style);
                style.and_then(|_| (0..LEVELS).find(named))
            })
            .unwrap_or(0);
        let level = level_at(place)?;
        let counts = self.counts.entry(name).or_default();
        let own_start = list.starts.get(&place).filter(|_| self.started.insert((id, place)));
        let number = match (own_start, counts.get(place).copied()?) {
            (Some(start), _) => *start,
            (None, Some(last)) => last.saturating_add(1),
            (None, None) => level.start,
        };
        for (at, count) in counts.iter_mut().enumerate() {
            let restart = level_at(at).and_then(|level| level.restart);
            if at == place {
                *count = Some(number);
            } else if at > place && restart.is_none_or(|level| place < level) {
                *count = None;
            } else if at < place && count.is_none() {
                // Word shows a level that was never counted as if it had been, once.
                *count = Some(level_at(at).map_or(1, |level| level.start));
            }
        }
        if level.numerals == Numerals::None {
            return level.is_bullet.then(String::new);
        }
        let mut text = String::new();
        let mut pattern = level.pattern.chars();
        while let Some(c) = pattern.next() {
            if c != '%' {
                text.push(c);
                continue;
            }
            let Some(shown) = pattern.next().and_then(|digit| digit.to_digit(10)) else { continue };
            let Some(shown) = usize::try_from(shown).ok().and_then(|shown| shown.checked_sub(1))
            else {
                continue;
            };
            let numerals = match level_at(shown) {
                _ if level.is_legal => Numerals::Decimal,
                Some(shown) => shown.numerals,
                None => Numerals::Decimal,
            };
            text.push_str(&numerals.write(counts.get(shown).copied().flatten().unwrap_or(1)));
        }
        Some(spaced(text, level.is_close)).filter(|number| !number.is_empty())
    }
}

fn level_of(element: &Element<'_>) -> Option<usize> {
    element.number("ilvl").filter(|level| *level < LEVELS)
}
