//! Fonts with codes of one byte: Type 1, TrueType and Type 3.

use super::encoding::{self, CodeTexts};
use super::widths;
use super::{Advance, sane, truetype};
use crate::ingest::extract::pdf::document::Document;
use crate::ingest::extract::pdf::lexer::{Arena, Lexer, Token};
use crate::ingest::limits::OverLimit;
use lopdf::{Dictionary, Object};

/// Items read of an array of differences: a number and a name for each code are enough.
const DIFFERENCES_MAX: usize = 1 << 10;

/// A font with 256 codes.
#[derive(Debug)]
pub(super) struct Simple {
    texts: CodeTexts,
    /// In sizes of the font.
    widths: Vec<f32>,
}

impl Simple {
    /// Reads a font; `units` is what a unit of its widths is in sizes of the font, `told` whether it has a ToUnicode.
    pub(super) fn load(
        document: &Document,
        dict: &Dictionary,
        name: &str,
        units: f32,
        told: bool,
    ) -> Result<Self, OverLimit> {
        Ok(Self {
            texts: texts(document, dict, name, told)?,
            widths: code_widths(document, dict, name, units),
        })
    }

    pub(super) fn next(&self, bytes: &[u8]) -> Option<(u32, Advance)> {
        let &code = bytes.first()?;
        let width = self.widths.get(usize::from(code)).copied().unwrap_or_default();
        let word_end = code == b' ';
        Some((
            u32::from(code),
            Advance { len: 1, width, step: width, origin: (0.0, 0.0), word_end },
        ))
    }

    /// Adds what a code stands for to `text`; `false` when that can not be known.
    pub(super) fn push(&self, code: u32, text: &mut String) -> bool {
        let known = usize::try_from(code)
            .ok()
            .and_then(|code| self.texts.get(code))
            .map_or("", |text| text);
        text.push_str(known);
        !known.is_empty()
    }
}

fn code_widths(document: &Document, dict: &Dictionary, name: &str, units: f32) -> Vec<f32> {
    let list = document.array(dict, b"Widths");
    let first = document.number(dict, b"FirstChar").unwrap_or_default();
    let missing = document
        .dict(dict, b"FontDescriptor")
        .and_then(|descriptor| document.number(descriptor, b"MissingWidth"))
        .and_then(|width| sane(width, units));
    (0..=u8::MAX)
        .map(|code| {
            let place = f32::from(code) - first;
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a place that is not below zero"
            )]
            let given = (place >= 0.0)
                .then(|| list.get(place as usize))
                .flatten()
                .and_then(|width| document.as_number(width))
                .and_then(|width| sane(width, units));
            given
                .or(missing)
                .unwrap_or_else(|| if list.is_empty() { widths::standard(name, code) } else { 0.0 })
        })
        .collect()
}

/// What the codes stand for: the named encoding with its differences, else what the embedded font says.
fn texts(
    document: &Document,
    dict: &Dictionary,
    name: &str,
    told: bool,
) -> Result<CodeTexts, OverLimit> {
    let encoding = document.get(dict, b"Encoding");
    let named = match encoding {
        Some(Object::Name(name)) => Some(name.as_slice()),
        Some(Object::Dictionary(encoding)) => document.name(encoding, b"BaseEncoding"),
        _ => None,
    };
    let truetype = document.name(dict, b"Subtype") == Some(b"TrueType");
    // Encodings without a known name are none.
    let named = named.filter(|named| encoding::is_name(named));
    let type3 = document.name(dict, b"Subtype") == Some(b"Type3");
    let lost_unicode = !told && document.is_lost(dict, b"ToUnicode");
    let mut texts = match named {
        // A subset with codes of its own that names Latin letters, as some writers do, says it by ToUnicode only.
        Some(_) if lost_unicode && has_own_codes(document, dict) => nothing(),
        Some(named) => encoding::named(named),
        // The names of Differences say all that a Type 3 font has to say.
        None if type3 => nothing(),
        None if name.contains("symbol") => (0..=u8::MAX)
            .map(|code| encoding::symbol(code).map(String::from).unwrap_or_default().into())
            .collect(),
        None if document.is_lost(dict, b"Encoding") => nothing(),
        // Codes of an embedded font with signs of its own: subsets number them as they come, and to take them for Latin
        // letters would index garbage.
        None if !told && has_own_codes(document, dict) => nothing(),
        None => encoding::named(if truetype { b"WinAnsiEncoding" } else { b"StandardEncoding" }),
    };
    // Reading a font file is worth it only where nothing else speaks.
    if named.is_none() && !told {
        embedded(document, dict, &mut texts)?;
    }
    if let Some(Object::Dictionary(encoding)) = encoding {
        differ(document, encoding, &mut texts);
    }
    Ok(texts)
}

/// No code that stands for anything.
fn nothing() -> CodeTexts {
    vec![Box::default(); 256]
}

/// Whether a font is embedded and said to have other characters than Latin ones; so is one of which it is lost what is
/// said of it.
fn has_own_codes(document: &Document, dict: &Dictionary) -> bool {
    const SYMBOLIC: i64 = 4;
    if document.is_lost(dict, b"FontDescriptor") {
        return true;
    }
    let Some(descriptor) = document.dict(dict, b"FontDescriptor") else { return false };
    let flags = document.get(descriptor, b"Flags").and_then(|flags| flags.as_i64().ok());
    let symbolic = flags.is_some_and(|flags| flags & SYMBOLIC != 0);
    symbolic
        && [b"FontFile".as_slice(), b"FontFile2", b"FontFile3"]
            .iter()
            .any(|key| descriptor.has(key))
}

/// Puts the names of a Differences array over the encoding.
fn differ(document: &Document, encoding: &Dictionary, texts: &mut CodeTexts) {
    let mut code = 0_usize;
    for item in document.array(encoding, b"Differences").iter().take(DIFFERENCES_MAX) {
        match document.resolve(item) {
            Some(Object::Name(name)) => {
                if let Some(text) = texts.get_mut(code) {
                    *text = encoding::glyph_text(name).unwrap_or_default().into();
                }
                code += 1;
            }
            Some(Object::Integer(number)) => code = usize::try_from(*number).unwrap_or(texts.len()),
            _ => {}
        }
    }
}

/// Puts what the embedded font file says of its codes over `texts`.
fn embedded(
    document: &Document,
    dict: &Dictionary,
    texts: &mut CodeTexts,
) -> Result<(), OverLimit> {
    let Some(descriptor) = document.dict(dict, b"FontDescriptor") else { return Ok(()) };
    if let Some(file) = document.stream(descriptor, b"FontFile") {
        if let Some(font) = document.stream_bytes(file)? {
            type1_encoding(&font, texts);
        }
        return Ok(());
    }
    let file = document
        .stream(descriptor, b"FontFile2")
        .or_else(|| document.stream(descriptor, b"FontFile3"));
    let Some(file) = file else { return Ok(()) };
    let Some(font) = document.stream_bytes(file)? else { return Ok(()) };
    let chars = truetype::glyph_chars(&font);
    // A subset with a table of its own codes and none of Unicode says nothing: the codes may be Latin letters or not.
    for (code, glyph) in chars.by_code {
        if let Some(char) = chars.by_glyph.get(&glyph)
            && let Some(text) = texts.get_mut(usize::from(code))
        {
            *text = char.to_string().into();
        }
    }
    Ok(())
}

/// The encoding that a Type 1 font file states in its readable part: `dup 65 /A put`.
fn type1_encoding(font: &[u8], texts: &mut CodeTexts) {
    let end = memchr::memmem::find(font, b"eexec").unwrap_or(font.len());
    let Some(readable) = font.get(..end) else { return };
    let Some(start) = memchr::memmem::find(readable, b"/Encoding") else { return };
    let mut lexer = Lexer::new(readable.get(start..).unwrap_or_default());
    let mut arena = Arena::default();
    let mut code = None;
    let mut entries = 0;
    while let Some(token) = lexer.next(&mut arena) {
        match token {
            Token::Number(number) if (0.0..256.0).contains(&number) => {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "between 0 and 256"
                )]
                let whole = number as usize;
                code = Some(whole);
            }
            Token::Name(name) => {
                if let Some(text) = code.take().and_then(|code: usize| texts.get_mut(code)) {
                    *text = encoding::glyph_text(arena.get(name)).unwrap_or_default().into();
                    entries += 1;
                }
            }
            Token::Word(b"def" | b"readonly") if entries > 0 => return,
            Token::Word(b"StandardEncoding") => return,
            _ if entries >= DIFFERENCES_MAX => return,
            _ => {}
        }
        if !matches!(token, Token::Number(_)) {
            arena.clear();
        }
    }
}
