//! Text in one or two bytes a character, for the store.
//!
//! `index-schema/characters.txt` lists characters by how common they are, in running text of Simplified script first: the
//! first have one byte, the rest two. What the store packs is a third shorter than in UTF-16, and packs a fifth better.

use std::sync::LazyLock;

/// The characters in the order of their codes; line breaks are none of them.
const LIST: &str = include_str!("../../index-schema/characters.txt");

/// First bytes from here on begin a code of two bytes.
const TWO: usize = 220;
/// This first byte begins the number of a character that the list does not have, in three bytes.
const OTHER: u8 = 255;
/// Codes that there are.
const CODES: usize = TWO + (OTHER as usize - TWO) * 256;

static TABLE: LazyLock<Table> = LazyLock::new(Table::new);

struct Table {
    characters: Vec<char>,
    /// Code of each character of the basic plane, [`CODES`] where it has none.
    codes: Vec<u16>,
}

impl Table {
    fn new() -> Self {
        let characters: Vec<char> =
            LIST.chars().filter(|&c| c != '\n' && c != '\r').take(CODES).collect();
        let none = u16::try_from(CODES).unwrap_or(u16::MAX);
        let mut codes = vec![none; 1 << 16];
        for (code, &character) in (0..none).zip(&characters) {
            if let Some(place) = codes.get_mut(character as usize) {
                *place = code;
            }
        }
        Self { characters, codes }
    }
}

/// Appends the codes of a text.
pub(super) fn encode(text: &str, out: &mut Vec<u8>) {
    let table = &*TABLE;
    for character in text.chars() {
        let code = table.codes.get(character as usize).map_or(CODES, |&code| usize::from(code));
        let [.., high, low] = code.saturating_sub(TWO).to_be_bytes();
        if code < TWO {
            out.push(code.to_le_bytes()[0]);
        } else if code < CODES {
            out.extend([high + TWO.to_le_bytes()[0], low]);
        } else {
            let [_, rest @ ..] = u32::from(character).to_be_bytes();
            out.push(OTHER);
            out.extend(rest);
        }
    }
}

/// The text of these codes; `None` where they are none.
pub(super) fn decode(codes: &[u8]) -> Option<String> {
    let table = &*TABLE;
    let mut text = String::with_capacity(codes.len() * 2);
    let mut rest = codes.iter().copied();
    while let Some(first) = rest.next() {
        let mut next = || rest.next().map(usize::from);
        let code = usize::from(first);
        text.push(if first == OTHER {
            let number = next()? << 16 | next()? << 8 | next()?;
            char::from_u32(u32::try_from(number).ok()?)?
        } else if code < TWO {
            *table.characters.get(code)?
        } else {
            *table.characters.get(TWO + (code - TWO) * 256 + next()?)?
        });
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[track_caller]
    fn check(text: &str, bytes: usize) {
        let mut codes = Vec::new();
        encode(text, &mut codes);
        assert_eq!((decode(&codes).as_deref(), codes.len()), (Some(text), bytes), "{text}");
    }

    #[test]
    fn every_code_has_one_character_of_its_own() {
        let characters = &TABLE.characters;
        assert_eq!(characters.len(), CODES);
        assert_eq!(LIST.lines().map(|line| line.chars().count()).sum::<usize>(), CODES);
        assert_eq!(characters.iter().collect::<HashSet<_>>().len(), CODES);
    }

    #[test]
    fn common_characters_take_one_byte_and_unknown_ones_four() {
        check("一是人，国。2023", 10);
        check("乡鄉A", 6);
        check("\n𠮷\u{10ffff}", 12);
    }

    #[test]
    fn every_character_comes_back() {
        let all: String = ('\0'..=char::MAX).collect();
        let mut codes = Vec::new();
        encode(&all, &mut codes);
        assert!(decode(&codes) == Some(all));
    }

    #[test]
    fn a_code_that_is_cut_off_is_none() {
        for codes in [&[255, 0, 0][..], &[220], &[255, 255, 255, 255], &[255, 0, 0xd8, 0]] {
            assert_eq!(decode(codes), None, "{codes:?}");
        }
    }
}
