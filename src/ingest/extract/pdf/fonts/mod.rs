//! Fonts: the bytes of a shown string to characters with widths.
//!
//! What a code stands for is asked in this order: the font's own ToUnicode, the CMap or encoding it names, the font
//! file it embeds. Where nobody knows it is U+FFFD, never a guess.

mod cmap;
mod composite;
mod encoding;
mod predefined;
mod simple;
mod truetype;
mod widths;

use crate::ingest::extract::pdf::document::Document;
use crate::ingest::limits::OverLimit;
use cmap::ToUnicode;
use composite::Composite;
use encoding_rs::GB18030;
use lopdf::{Dictionary, Object};
use simple::Simple;
use std::collections::HashMap;
use std::rc::Rc;

/// The widest a character may be, in sizes of its font; wider ones are errors of the file.
const ADVANCE_MAX: f32 = 10.0;

/// What a font and an entry of its tables cost of the limit for unpacked bytes.
const FONT_BYTES: usize = 1 << 13;
const ENTRY_BYTES: usize = 32;

/// A font as pages use it.
#[derive(Debug)]
pub(super) struct Font {
    /// The number of its typeface in the document.
    pub(super) id: u32,
    /// Whether its name says bold.
    pub(super) bold: bool,
    /// Written from top to bottom.
    pub(super) vertical: bool,
    /// How large it is drawn at size 1: 1, but for fonts that are drawn by page contents (Type 3).
    pub(super) em: f32,
    to_unicode: Option<ToUnicode>,
    /// Bullets and arrows, drawn as letters of a font without letters.
    dingbats: bool,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Simple(Box<Simple>),
    Composite(Box<Composite>),
    /// The file does not have it, or not all of it.
    Lost,
}

/// The place of one character, in sizes of the font.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Advance {
    /// Bytes taken from the string.
    pub(super) len: usize,
    /// Its width.
    pub(super) width: f32,
    /// How far the pen moves: to the right, or up (so mostly below zero) when written vertically.
    pub(super) step: f32,
    /// From the horizontal origin to the vertical one.
    pub(super) origin: (f32, f32),
    /// Whether the space between words is added: the single byte 32.
    pub(super) word_end: bool,
}

impl Font {
    /// Stands for a font that the file does not have: each two bytes are a character that nobody knows.
    pub(super) fn lost() -> Self {
        Self {
            id: u32::MAX,
            bold: false,
            vertical: false,
            em: 1.0,
            to_unicode: None,
            dingbats: false,
            kind: Kind::Lost,
        }
    }

    /// Takes one character from a shown string: its text goes into `text`, which is emptied first.
    pub(super) fn next(&self, bytes: &[u8], text: &mut String) -> Option<Advance> {
        text.clear();
        let (code, advance) = match &self.kind {
            Kind::Simple(simple) => simple.next(bytes)?,
            Kind::Composite(composite) => composite.next(bytes)?,
            Kind::Lost => return lost(bytes, text),
        };
        let raw = bytes.get(..advance.len)?;
        if !self.push_unicode(code, text) {
            let known = match &self.kind {
                Kind::Simple(simple) => simple.push(code, text),
                Kind::Composite(composite) => composite.push(code, raw, text),
                Kind::Lost => false,
            };
            if !(known && clean(text)) {
                text.clear();
                text.push(if self.dingbats {
                    self.dingbat(code)
                } else {
                    char::REPLACEMENT_CHARACTER
                });
            }
        }
        Some(advance)
    }

    fn push_unicode(&self, code: u32, text: &mut String) -> bool {
        let Some(unicode) = &self.to_unicode else { return false };
        if unicode.push(code, text) && clean(text) {
            return true;
        }
        text.clear();
        false
    }

    fn dingbat(&self, code: u32) -> char {
        let sign = u8::try_from(code & 0xff).ok().and_then(encoding::symbol);
        sign.unwrap_or('•')
    }
}

/// Takes one character of a font that is lost. Chinese has two bytes a character.
fn lost(bytes: &[u8], text: &mut String) -> Option<Advance> {
    let blank = bytes.iter().all(|&byte| byte == b' ');
    let len = if blank || bytes.len() % 2 == 1 { 1 } else { 2 };
    let width = if len == 1 { 0.5 } else { 1.0 };
    text.push(if blank { ' ' } else { char::REPLACEMENT_CHARACTER });
    (!bytes.is_empty()).then_some(Advance {
        len,
        width,
        step: width,
        origin: (0.0, 0.0),
        word_end: blank,
    })
}

/// Makes blanks of controls that mean blanks and letters of ligatures, and says whether the text can stand: private use
/// and other controls say nothing to anybody else.
fn clean(text: &mut String) -> bool {
    let plain = |char: char| match char {
        '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' => Some(" "),
        '\u{fb00}' => Some("ff"),
        '\u{fb01}' => Some("fi"),
        '\u{fb02}' => Some("fl"),
        '\u{fb03}' => Some("ffi"),
        '\u{fb04}' => Some("ffl"),
        '\u{fb05}' | '\u{fb06}' => Some("st"),
        _ => None,
    };
    if text.chars().any(|char| plain(char).is_some()) {
        let mut cleaned = String::new();
        for char in text.chars() {
            match plain(char) {
                Some(plain) => cleaned.push_str(plain),
                None => cleaned.push(char),
            }
        }
        *text = cleaned;
    }
    let stands = |char: char| {
        !char.is_control()
            && !matches!(char, '\u{e000}'..='\u{f8ff}' | '\u{fff0}'..='\u{ffff}' | '\u{f0000}'..)
    };
    !text.is_empty() && text.chars().all(stands)
}

/// The fonts of a document, each read once.
#[derive(Debug, Default)]
pub(super) struct Fonts {
    /// By the address of their dictionaries, which stay where they are while the document is open.
    known: HashMap<usize, Rc<Font>>,
    /// Numbers of typefaces by name: writers cut one into many fonts, of 256 characters or of one page each.
    faces: HashMap<String, u32>,
}

impl Fonts {
    /// The font of a dictionary.
    ///
    /// Errors: its tables unpack to more than allowed.
    pub(super) fn get(
        &mut self,
        document: &Document,
        dict: &Dictionary,
    ) -> Result<Rc<Font>, OverLimit> {
        let key = std::ptr::from_ref(dict).addr();
        if let Some(font) = self.known.get(&key) {
            return Ok(Rc::clone(font));
        }
        let name = face_name(document, dict);
        // Fonts without name are each a face of their own: they get the numbers from above.
        let next = u32::try_from(self.faces.len()).unwrap_or(u32::MAX);
        let id = if name.is_empty() {
            u32::MAX - u32::try_from(self.known.len()).unwrap_or(u32::MAX)
        } else {
            *self.faces.entry(name.clone()).or_insert(next)
        };
        let font = Rc::new(load(document, dict, &name, id)?);
        self.known.insert(key, Rc::clone(&font));
        Ok(font)
    }
}

/// The name of a font in lower case, without the letters that tell subsets apart; empty when it has none.
fn face_name(document: &Document, dict: &Dictionary) -> String {
    let described = || document.name(document.dict(dict, b"FontDescriptor")?, b"FontName");
    let name = document.name(dict, b"BaseFont").or_else(described).unwrap_or_default();
    let name = match name {
        [tag @ .., _]
            if name.get(6) == Some(&b'+') && tag.iter().take(6).all(u8::is_ascii_uppercase) =>
        {
            name.get(7..).unwrap_or_default()
        }
        _ => name,
    };
    // Chinese programs write 宋体 as they write everything else.
    GB18030.decode_without_bom_handling(name).0.to_ascii_lowercase()
}

fn load(document: &Document, dict: &Dictionary, name: &str, id: u32) -> Result<Font, OverLimit> {
    let to_unicode = match document.get(dict, b"ToUnicode") {
        Some(Object::Stream(stream)) => {
            document.stream_bytes(stream)?.map(|source| ToUnicode::parse(&source))
        }
        _ => None,
    };
    let to_unicode = to_unicode.filter(|unicode| unicode.len() > 0);
    document.charge(FONT_BYTES + to_unicode.as_ref().map_or(0, ToUnicode::len) * ENTRY_BYTES)?;
    let told = to_unicode.is_some();
    let mut em = 1.0;
    let mut vertical = false;
    let kind = match document.name(dict, b"Subtype") {
        Some(b"Type0") => {
            let composite = Composite::load(document, dict, told)?;
            vertical = composite.as_ref().is_some_and(|composite| composite.vertical);
            composite.map_or(Kind::Lost, |composite| Kind::Composite(Box::new(composite)))
        }
        subtype => {
            let type3 = (subtype == Some(b"Type3")).then(|| type3_units(document, dict));
            if let Some((_, size)) = type3 {
                em = size;
            }
            let units = type3.map_or(0.001, |(width, _)| width);
            Kind::Simple(Box::new(Simple::load(document, dict, name, units, told)?))
        }
    };
    Ok(Font {
        id,
        bold: ["bold", "black", "heavy", "粗"].iter().any(|word| name.contains(word)),
        vertical,
        em,
        to_unicode,
        dingbats: ["symbol", "dingbat", "wingding", "webding"]
            .iter()
            .any(|word| name.contains(word)),
        kind,
    })
}

/// What one unit of a Type 3 font is in sizes of the font, for widths, and how high its characters stand.
fn type3_units(document: &Document, dict: &Dictionary) -> (f32, f32) {
    let matrix =
        document.numbers::<6>(dict, b"FontMatrix").unwrap_or([0.001, 0.0, 0.0, 0.001, 0.0, 0.0]);
    let across = matrix[0].hypot(matrix[1]);
    let up = matrix[2].hypot(matrix[3]);
    // Most fonts have 1,000 units; others only show by the box of all characters how large they are.
    let mut em = up * 1000.0;
    if !(0.3..=3.0).contains(&em) {
        let [_, bottom, _, top] = document.numbers::<4>(dict, b"FontBBox").unwrap_or_default();
        em = (top - bottom).abs() * up;
    }
    (across, if (0.05..=20.0).contains(&em) { em } else { 1.0 })
}

/// A width or step as fonts give it, in thousandths, made sizes of the font; `None` for absurd ones.
fn sane(value: f32, units: f32) -> Option<f32> {
    let value = value * units;
    (value.is_finite() && value.abs() <= ADVANCE_MAX).then_some(value)
}
