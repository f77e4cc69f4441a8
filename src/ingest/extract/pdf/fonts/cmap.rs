//! CMaps written in the file: codes to Unicode (ToUnicode) and codes to glyph numbers (Encoding).
//!
//! Ranges stay ranges, so that a few bytes never unfold to millions of entries.

use crate::ingest::extract::pdf::lexer::{Arena, Lexer, Slice, Token};
use std::collections::HashMap;

/// Entries taken from one CMap; fonts have at most 65,536 glyphs.
const ENTRIES_MAX: usize = 1 << 18;

/// Characters one code may stand for; longer texts are no ligatures.
const TARGET_CHARS_MAX: usize = 32;

/// Codes of a length that a CMap takes from a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CodeSpace {
    /// Bytes of a code: 1 to 4.
    pub(super) len: usize,
    low: u32,
    high: u32,
}

impl CodeSpace {
    pub(super) fn new(len: usize, low: u32, high: u32) -> Self {
        Self { len, low, high }
    }

    /// Every byte lies between the bytes of both ends, as the standard has it.
    fn contains(&self, code: u32) -> bool {
        (0..self.len).all(|byte| {
            let at = |value: u32| (value >> (8 * byte)) & 0xff;
            (at(self.low)..=at(self.high)).contains(&at(code))
        })
    }
}

/// Takes the next code from a string: its value and its length in bytes; `None` at the end of the string.
pub(super) fn next_code(spaces: &[CodeSpace], bytes: &[u8]) -> Option<(u32, usize)> {
    let mut code = 0_u32;
    for (at, &byte) in bytes.iter().take(4).enumerate() {
        code = code << 8 | u32::from(byte);
        if spaces.iter().any(|space| space.len == at + 1 && space.contains(code)) {
            return Some((code, at + 1));
        }
    }
    // No code begins so: as long as the shortest that the first byte could begin.
    let first = u32::from(*bytes.first()?);
    let begins = |space: &&CodeSpace| {
        let shift = 8 * (space.len - 1);
        (space.low >> shift..=space.high >> shift).contains(&first)
    };
    let shortest = spaces.iter().filter(begins).map(|space| space.len).min();
    let shortest = shortest.or_else(|| spaces.iter().map(|space| space.len).min()).unwrap_or(1);
    let len = shortest.min(bytes.len());
    let code = bytes.iter().take(len).fold(0, |code, &byte| code << 8 | u32::from(byte));
    Some((code, len))
}

/// What a range of codes becomes.
#[derive(Debug, Clone, PartialEq)]
struct CodeRange<T> {
    low: u32,
    high: u32,
    target: T,
}

/// Codes to something; a later entry wins over an earlier one.
#[derive(Debug, Clone, PartialEq)]
struct CodeTable<T> {
    single: HashMap<u32, T>,
    /// By their first code, once sorted.
    ranges: Vec<CodeRange<T>>,
}

impl<T> Default for CodeTable<T> {
    fn default() -> Self {
        Self { single: HashMap::new(), ranges: Vec::new() }
    }
}

impl<T> CodeTable<T> {
    fn len(&self) -> usize {
        self.single.len() + self.ranges.len()
    }

    fn insert(&mut self, low: u32, high: u32, target: T) {
        if self.len() >= ENTRIES_MAX || high < low {
            return;
        }
        if low == high {
            self.single.insert(low, target);
        } else {
            self.ranges.push(CodeRange { low, high, target });
        }
    }

    fn sort(&mut self) {
        self.ranges.sort_by_key(|range| range.low);
    }

    /// The entry of that code with the code's distance from the entry's first.
    fn get(&self, code: u32) -> Option<(&T, u32)> {
        if let Some(target) = self.single.get(&code) {
            return Some((target, 0));
        }
        let end = self.ranges.partition_point(|range| range.low <= code);
        // Ranges hardly ever overlap; a few steps back find those that do without a walk through all of them.
        let before = self.ranges.get(end.saturating_sub(4)..end)?;
        let range = before.iter().rev().find(|range| code <= range.high)?;
        Some((&range.target, code - range.low))
    }
}

/// Codes to Unicode.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct ToUnicode {
    table: CodeTable<Box<str>>,
}

impl ToUnicode {
    /// Reads a CMap; what makes no sense is left out, and all of one with a hole.
    pub(super) fn parse(source: &[u8]) -> Self {
        let mut unicode = Self::default();
        let head = read_sections(source, &mut |section, low, high, target| {
            if matches!(section, Section::Unicode)
                && let Target::Text(bytes) = target
                && let Some(text) = utf16(bytes)
            {
                unicode.table.insert(low, high, text);
            }
        });
        if head.is_garbled {
            return Self::default();
        }
        unicode.table.sort();
        unicode
    }

    /// Adds the text of that code to `text`; `false` when it has none.
    pub(super) fn push(&self, code: u32, text: &mut String) -> bool {
        let Some((target, distance)) = self.table.get(code) else { return false };
        if distance == 0 {
            text.push_str(target);
            return true;
        }
        // The last character counts up along a range.
        let mut chars = target.chars();
        let Some(moved) = chars
            .next_back()
            .and_then(|last| u32::from(last).checked_add(distance))
            .and_then(char::from_u32)
        else {
            return false;
        };
        text.push_str(chars.as_str());
        text.push(moved);
        true
    }

    /// How many entries it has.
    pub(super) fn len(&self) -> usize {
        self.table.len()
    }
}

/// An Encoding CMap that stands in the file: codes to CIDs.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct CidMap {
    /// Lengths of codes.
    pub(super) spaces: Vec<CodeSpace>,
    /// Name of the CMap it builds on.
    pub(super) base: Option<Vec<u8>>,
    /// Written from top to bottom.
    pub(super) vertical: bool,
    table: CodeTable<u32>,
}

impl CidMap {
    /// Reads a CMap; what makes no sense is left out.
    pub(super) fn parse(source: &[u8]) -> Self {
        let mut map = Self::default();
        let mut table = CodeTable::default();
        let head = read_sections(source, &mut |section, low, high, target| {
            if let (Section::Cid, Target::Number(cid)) = (section, target) {
                table.insert(low, high, cid);
            }
        });
        map.table = table;
        map.table.sort();
        map.spaces = head.spaces;
        map.base = head.base;
        map.vertical = head.vertical;
        map
    }

    /// The CID of a code.
    pub(super) fn cid(&self, code: u32) -> Option<u32> {
        let (first, distance) = self.table.get(code)?;
        first.checked_add(distance)
    }
}

#[derive(Debug, Clone, Copy)]
enum Section {
    Unicode,
    Cid,
}

/// What a code stands for, as written.
enum Target<'a> {
    Text(&'a [u8]),
    Number(u32),
}

/// What a CMap says beside its table.
#[derive(Default)]
struct Head {
    spaces: Vec<CodeSpace>,
    base: Option<Vec<u8>>,
    vertical: bool,
    is_garbled: bool,
}

/// Reads all sections of a CMap and hands each entry to `entry`.
fn read_sections(source: &[u8], entry: &mut impl FnMut(Section, u32, u32, Target<'_>)) -> Head {
    let mut arena = Arena::default();
    let mut lexer = Lexer::new(source);
    let mut head = Head::default();
    // What stands before an operator.
    let mut before: Option<Token<'_>> = None;
    let mut wmode = false;
    while let Some(token) = lexer.next(&mut arena) {
        if let Token::Word(word) = token {
            match word {
                b"begincodespacerange" => read_spaces(&mut lexer, &mut arena, &mut head.spaces),
                b"beginbfchar" => {
                    read_entries(&mut lexer, &mut arena, Section::Unicode, false, entry);
                }
                b"beginbfrange" => {
                    read_entries(&mut lexer, &mut arena, Section::Unicode, true, entry);
                }
                b"begincidchar" => read_entries(&mut lexer, &mut arena, Section::Cid, false, entry),
                b"begincidrange" => read_entries(&mut lexer, &mut arena, Section::Cid, true, entry),
                b"usecmap" => {
                    if let Some(Token::Name(name)) = before {
                        head.base = Some(arena.get(name).to_vec());
                    }
                }
                _ => {}
            }
            arena.clear();
            before = None;
            continue;
        }
        match token {
            Token::Name(name) => wmode = arena.get(name) == b"WMode",
            Token::Number(number) if wmode => {
                head.vertical = number == 1.0;
                wmode = false;
            }
            _ => wmode = false,
        }
        before = Some(token);
    }
    head.is_garbled = lexer.is_garbled();
    head
}

fn read_spaces(lexer: &mut Lexer<'_>, arena: &mut Arena, spaces: &mut Vec<CodeSpace>) {
    while let (Some(Token::Text(low)), Some(Token::Text(high))) =
        (lexer.next(arena), lexer.next(arena))
    {
        let (low, high) = (arena.get(low), arena.get(high));
        if let (Some(first), Some(last)) = (number(low), number(high))
            && spaces.len() < 64
        {
            spaces.push(CodeSpace::new(low.len().max(high.len()), first, last));
        }
        arena.clear();
    }
}

/// Reads the entries of one section up to its end: pairs, or triples for ranges.
fn read_entries(
    lexer: &mut Lexer<'_>,
    arena: &mut Arena,
    section: Section,
    ranges: bool,
    entry: &mut impl FnMut(Section, u32, u32, Target<'_>),
) {
    loop {
        arena.clear();
        let Some(Token::Text(first)) = lexer.next(arena) else { return };
        let last = if ranges {
            let Some(Token::Text(last)) = lexer.next(arena) else { return };
            last
        } else {
            first
        };
        let codes = number(arena.get(first)).zip(number(arena.get(last)));
        let Some(target) = lexer.next(arena) else { return };
        match (target, codes) {
            (Token::Text(text), Some((low, high))) => {
                entry(section, low, high, Target::Text(arena.get(text)));
            }
            (Token::Number(cid), Some((low, high))) if cid >= 0.0 => {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "not negative, and what no CID can be is cut to the largest"
                )]
                let cid = cid as u32;
                entry(section, low, high, Target::Number(cid));
            }
            (Token::ArrayStart, codes) => {
                let Some(texts) = read_array(lexer, arena) else { return };
                // One that is too short or too long has lost something, and each of the rest may stand for another code.
                let fits = |&(low, high): &(u32, u32)| {
                    u32::try_from(texts.len())
                        .is_ok_and(|len| high.checked_sub(low) == len.checked_sub(1))
                };
                if let Some((low, _)) = codes.filter(fits) {
                    for (code, text) in (low..).zip(texts) {
                        entry(section, code, code, Target::Text(arena.get(text)));
                    }
                }
            }
            // The end of the section came too early.
            (Token::Word(_), _) => return,
            _ => {}
        }
    }
}

/// The strings of an array up to its end; `None` when there is none.
fn read_array(lexer: &mut Lexer<'_>, arena: &mut Arena) -> Option<Vec<Slice>> {
    let mut texts = Vec::new();
    loop {
        match lexer.next(arena)? {
            Token::Text(text) if texts.len() < ENTRIES_MAX => texts.push(text),
            Token::ArrayEnd => return Some(texts),
            Token::Word(_) => return None,
            _ => {}
        }
    }
}

/// A code of at most four bytes.
fn number(bytes: &[u8]) -> Option<u32> {
    (1..=4)
        .contains(&bytes.len())
        .then(|| bytes.iter().fold(0, |code, &byte| code << 8 | u32::from(byte)))
}

/// UTF-16BE text of a code; `None` for none and for what is none.
///
/// Some producers write one byte for characters below 256.
fn utf16(bytes: &[u8]) -> Option<Box<str>> {
    if let &[byte] = bytes {
        return (byte != 0).then(|| char::from(byte).to_string().into());
    }
    if bytes.len() % 2 == 1 {
        return None;
    }
    let units = bytes.chunks_exact(2).map(|unit| u16::from_be_bytes([unit[0], unit[1]]));
    let text: Result<String, _> = char::decode_utf16(units).take(TARGET_CHARS_MAX).collect();
    let text = text.ok()?;
    // A NUL at the end is a string of C, alone it says that the producer does not know.
    let text = text.trim_end_matches('\0').trim_start_matches('\u{feff}');
    (!text.is_empty()).then(|| text.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(cmap: &str, code: u32, expected: Option<&str>) {
        let mut text = String::new();
        let found = ToUnicode::parse(cmap.as_bytes()).push(code, &mut text);
        assert_eq!(found.then_some(text.as_str()), expected);
    }

    #[test]
    fn single_codes_have_their_text() {
        let cmap = "2 beginbfchar <01> <5EB7> <0002> <00660069> endbfchar";
        check(cmap, 1, Some("康"));
        check(cmap, 2, Some("fi"));
        check(cmap, 3, None);
    }

    #[test]
    fn ranges_count_up_and_arrays_name_each() {
        let cmap =
            "2 beginbfrange <0010> <0012> <4E00> <0020><0022>[<5DDE><D840DC00><53BF>] endbfrange";
        check(cmap, 0x12, Some("丂"));
        check(cmap, 0x13, None);
        check(cmap, 0x20, Some("州"));
        check(cmap, 0x21, Some("\u{20000}"));
        check(cmap, 0x22, Some("县"));
    }

    #[test]
    fn an_array_that_does_not_fit_its_range_says_nothing() {
        for array in ["<5DDE><53BF>", "<5DDE><53BF><6CBB><4E00>", ""] {
            check(&format!("1 beginbfrange <20> <22> [{array}] endbfrange"), 0x20, None);
        }
    }

    #[test]
    fn a_map_with_a_hole_says_nothing() {
        check("2 beginbfchar <01> <5EB7> <02> <53\0\0BF> endbfchar", 1, None);
        check("2 beginbfchar <01> <5EB7> <02> <5Tj3> endbfchar", 1, None);
    }

    #[test]
    fn a_range_may_count_through_surrogates() {
        check("1 beginbfrange <00> <ff> <D840DC00> endbfrange", 2, Some("\u{20002}"));
    }

    #[test]
    fn a_range_over_all_codes_costs_one_entry() {
        check("1 beginbfrange <00000000> <ffffffff> <0000> endbfrange", 0x5dde, None);
        check("1 beginbfrange <00000001> <ffffffff> <0001> endbfrange", 0x5dde, Some("州"));
    }

    #[test]
    fn no_text_and_half_surrogates_are_no_text() {
        check("1 beginbfchar <01> <0000> endbfchar", 1, None);
        check("1 beginbfchar <01> <D840> endbfchar", 1, None);
        check("1 beginbfchar <01> <> endbfchar", 1, None);
    }

    #[test]
    fn an_entry_without_end_ends_the_section_only() {
        check("1 beginbfchar <01> endbfchar 1 beginbfchar <02> <0041> endbfchar", 2, Some("A"));
    }

    #[test]
    fn codes_have_the_lengths_of_their_spaces() {
        let map = CidMap::parse(
            b"/Base usecmap /WMode 1 def 2 begincodespacerange <00> <80> <8140> <fefe> endcodespacerange \
              1 begincidrange <8140> <8150> 100 endcidrange 1 begincidchar <20> 7 endcidchar",
        );
        assert_eq!(map.base.as_deref(), Some(b"Base".as_slice()));
        assert!(map.vertical);
        let bytes = [0x20, 0x81, 0x45, 0xff, 0x81];
        assert_eq!(next_code(&map.spaces, &bytes), Some((0x20, 1)));
        assert_eq!(next_code(&map.spaces, &bytes[1..]), Some((0x8145, 2)));
        assert_eq!(next_code(&map.spaces, &bytes[3..]), Some((0xff, 1)));
        assert_eq!(next_code(&map.spaces, &bytes[4..]), Some((0x81, 1)));
        assert_eq!(next_code(&map.spaces, &[]), None);
        assert_eq!((map.cid(0x8145), map.cid(0x20), map.cid(0x21)), (Some(105), Some(7), None));
    }
}
