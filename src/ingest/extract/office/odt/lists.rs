//! Automatic numbers of lists and headings.

use crate::ingest::extract::office::numerals::{Numerals, spaced};
use crate::ingest::extract::xml::{Element, Xml, XmlError};
use std::collections::HashMap;

/// Levels of a list.
pub(super) const LEVELS: usize = 10;

/// Characters of the text round a number; more is no number.
const PATTERN_CHARS_MAX: usize = 64;

/// How the numbers of a level are written.
#[derive(Debug)]
pub(super) struct Level {
    numerals: Numerals,
    start: u32,
    /// The text with `%1%` to `%10%` for the numbers of the levels.
    pattern: String,
    is_close: bool,
}

/// The last number of each level.
pub(super) type Counts = [Option<u32>; LEVELS];

/// Reads the levels of a list's style to its end; those with bullets are left out.
pub(super) fn read_levels(xml: &mut Xml<'_>) -> Result<HashMap<usize, Level>, XmlError> {
    let mut levels = HashMap::new();
    while let Some(element) = xml.next_element()? {
        let place = element.number::<usize>("level").and_then(|level| level.checked_sub(1));
        let mut level = Level::from_element(&element, place.unwrap_or(0));
        let is_numbered =
            matches!(element.name(), "list-level-style-number" | "outline-level-style");
        level.is_close = is_close(xml)?;
        if let Some(place) = place.filter(|place| is_numbered && *place < LEVELS) {
            levels.insert(place, level);
        }
    }
    Ok(levels)
}

impl Level {
    fn from_element(element: &Element<'_>, place: usize) -> Self {
        let attribute = |name| element.attribute(name).unwrap_or_default();
        // Newer programs write the whole text; older readers get it in pieces.
        let pattern = element.attribute("num-list-format").unwrap_or_else(|| {
            let shown = element.number("display-levels").unwrap_or(1_usize).clamp(1, LEVELS);
            let first = (place + 1).saturating_sub(shown);
            let numbers: Vec<String> =
                (first..=place).map(|place| format!("%{}%", place + 1)).collect();
            attribute("num-prefix") + &numbers.join(".") + &attribute("num-suffix")
        });
        Self {
            numerals: Numerals::from_open_document(&attribute("num-format")),
            start: element.number("start-value").unwrap_or(1),
            pattern: pattern.chars().take(PATTERN_CHARS_MAX).collect(),
            is_close: false,
        }
    }
}

/// Whether nothing stands between the number and the text, read to the end of the level.
fn is_close(xml: &mut Xml<'_>) -> Result<bool, XmlError> {
    let mut found = false;
    while let Some(element) = xml.next_element()? {
        if element.name() == "list-level-label-alignment" {
            found |= element.attribute("label-followed-by").is_some_and(|gap| gap == "nothing");
            xml.skip()?;
        } else {
            found |= is_close(xml)?;
        }
    }
    Ok(found)
}

/// Counts a paragraph at a level and gives the number before its text; `None` where none is shown.
///
/// `start` is a number of its own.
pub(super) fn count(
    levels: &HashMap<usize, Level>,
    counts: &mut Counts,
    place: usize,
    start: Option<u32>,
) -> Option<String> {
    let first = |at: usize| levels.get(&at).map_or(1, |level| level.start);
    let last = counts.get(place).copied()?;
    let number = start.unwrap_or_else(|| last.map_or(first(place), |last| last.saturating_add(1)));
    for (at, count) in counts.iter_mut().enumerate() {
        match at.cmp(&place) {
            std::cmp::Ordering::Less => *count = count.or_else(|| Some(first(at))),
            std::cmp::Ordering::Equal => *count = Some(number),
            std::cmp::Ordering::Greater => *count = None,
        }
    }
    let level = levels.get(&place).filter(|level| level.numerals != Numerals::None)?;
    let mut text = String::new();
    // Between the marks stand, in turn, text and numbers.
    for (turn, part) in level.pattern.split('%').enumerate() {
        let shown = part.parse::<usize>().ok().and_then(|shown| shown.checked_sub(1));
        match shown.filter(|_| turn % 2 == 1) {
            Some(shown) => {
                let numerals = levels.get(&shown).map_or(Numerals::Decimal, |level| level.numerals);
                let number = counts.get(shown).copied().flatten().unwrap_or(1);
                text.push_str(&numerals.write(number));
            }
            None => text.push_str(part),
        }
    }
    Some(spaced(text, level.is_close)).filter(|number| !number.is_empty())
}
