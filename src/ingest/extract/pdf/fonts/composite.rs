//! Fonts with codes of several bytes (Type 0): Chinese, Japanese and Korean, and most embedded subsets.

use super::cmap::{self, CidMap, CodeSpace};
use super::predefined::{self, Charset, Ordering, Predefined};
use super::widths::CidValues;
use super::{Advance, ENTRY_BYTES, sane, truetype};
use crate::ingest::extract::pdf::document::Document;
use crate::ingest::limits::OverLimit;
use lopdf::{Dictionary, Object, Stream};
use std::collections::HashMap;

/// CMaps that build on each other.
const CMAPS_MAX: usize = 4;

/// A Type 0 font with its one descendant.
#[derive(Debug)]
pub(super) struct Composite {
    pub(super) vertical: bool,
    spaces: Vec<CodeSpace>,
    /// CMaps that stand in the file; the later ones are built on by the earlier.
    maps: Vec<CidMap>,
    predefined: Option<Predefined>,
    ordering: Ordering,
    glyphs: Option<Glyphs>,
    widths: CidValues<1>,
    width: f32,
    /// Step, and the vertical origin.
    steps: CidValues<3>,
    /// Height of the vertical origin, and step.
    step: [f32; 2],
}

/// What an embedded TrueType font says of its glyphs.
#[derive(Debug)]
struct Glyphs {
    chars: HashMap<u16, char>,
    /// Glyph numbers of CIDs, two bytes each; `None` where both are the same.
    by_cid: Option<Vec<u8>>,
}

impl Composite {
    /// Reads a font; `told` is whether it has a ToUnicode. `None` when its descendant is lost, and with it the widths of
    /// its characters and whose numbers its codes are.
    pub(super) fn load(
        document: &Document,
        dict: &Dictionary,
        told: bool,
    ) -> Result<Option<Self>, OverLimit> {
        let descendant = document.array(dict, b"DescendantFonts").first();
        let descendant = descendant.and_then(|font| document.resolve(font)?.as_dict().ok());
        let Some(descendant) = descendant else { return Ok(None) };
        let mut maps = Vec::new();
        let mut predefined = None;
        match document.get(dict, b"Encoding") {
            Some(Object::Name(name)) => predefined = Predefined::from_name(name),
            Some(Object::Stream(stream)) => {
                predefined = embedded_maps(document, stream, &mut maps)?;
            }
            _ => {}
        }
        let mut spaces: Vec<_> = maps.iter().flat_map(|map| map.spaces.iter().copied()).collect();
        if spaces.is_empty() {
            // Unknown CMaps are read by two bytes, as most have it.
            spaces = predefined
                .as_ref()
                .map_or_else(|| vec![CodeSpace::new(2, 0, 0xffff)], |map| map.spaces.clone());
        }
        let vertical = match maps.first() {
            Some(map) => map.vertical,
            None => predefined.as_ref().is_some_and(|map| map.vertical),
        };
        let ordering = document
            .dict(descendant, b"CIDSystemInfo")
            .and_then(|info| document.get(info, b"Ordering")?.as_str().ok())
            .map_or(Ordering::Identity, Ordering::from_name);
        let [origin, step] = document.numbers::<2>(descendant, b"DW2").unwrap_or([880.0, -1000.0]);
        let width = document.number(descendant, b"DW").unwrap_or(1000.0);
        Ok(Some(Self {
            vertical,
            spaces,
            maps,
            predefined,
            ordering,
            glyphs: if told { None } else { Glyphs::load(document, descendant)? },
            widths: CidValues::load(document, descendant, b"W")?,
            width: sane(width, 0.001).unwrap_or(1.0),
            steps: CidValues::load(document, descendant, b"W2")?,
            step: [sane(origin, 0.001).unwrap_or(0.88), sane(step, 0.001).unwrap_or(-1.0)],
        }))
    }

    pub(super) fn next(&self, bytes: &[u8]) -> Option<(u32, Advance)> {
        let (code, len) = cmap::next_code(&self.spaces, bytes)?;
        let raw = bytes.get(..len)?;
        let asked = !self.widths.is_empty() || (self.vertical && !self.steps.is_empty());
        let cid = asked.then(|| self.cid(code, raw)).flatten();
        let width = cid.and_then(|cid| self.widths.get(cid)).map_or(self.width, |&[width]| width);
        let (step, origin) = if self.vertical {
            let own = cid.and_then(|cid| self.steps.get(cid));
            own.map_or((self.step[1], (width / 2.0, self.step[0])), |&[step, x, y]| (step, (x, y)))
        } else {
            (width, (0.0, 0.0))
        };
        let word_end = len == 1 && code == 32;
        Some((code, Advance { len, width, step, origin, word_end }))
    }

    /// Adds what a code stands for to `text`; `false` when that can not be known.
    pub(super) fn push(&self, code: u32, raw: &[u8], text: &mut String) -> bool {
        // A CMap of the file's own that builds on a predefined one mostly turns a few signs.
        if let Some(predefined) = &self.predefined
            && predefined.push(raw, text)
        {
            return true;
        }
        let Some(cid) = self.cid(code, raw) else { return false };
        let char = predefined::char_of_cid(self.ordering, cid)
            .or_else(|| self.glyphs.as_ref().and_then(|glyphs| glyphs.char(cid)));
        text.extend(char);
        char.is_some()
    }

    fn cid(&self, code: u32, raw: &[u8]) -> Option<u32> {
        if let Some(cid) = self.maps.iter().find_map(|map| map.cid(code)) {
            return Some(cid);
        }
        let Some(predefined) = &self.predefined else {
            // With a CMap of its own a font has no other codes; with an unknown one none can be known.
            return None;
        };
        if predefined.charset == Charset::Identity {
            return Some(code);
        }
        let mut text = String::new();
        predefined.push(raw, &mut text).then(|| predefined.cid(&text)).flatten()
    }
}

/// Reads a CMap that stands in the file with those it builds on; gives the predefined one at the end of the chain.
fn embedded_maps<'a>(
    document: &'a Document,
    mut stream: &'a Stream,
    maps: &mut Vec<CidMap>,
) -> Result<Option<Predefined>, OverLimit> {
    for _ in 0..CMAPS_MAX {
        // A damaged one leaves the codes unknown.
        let Some(source) = document.stream_bytes(stream)? else { return Ok(None) };
        let mut map = CidMap::parse(&source);
        map.vertical |= document.number(&stream.dict, b"WMode") == Some(1.0);
        let base = map.base.clone();
        maps.push(map);
        match document.get(&stream.dict, b"UseCMap") {
            Some(Object::Stream(next)) => stream = next,
            Some(Object::Name(name)) => return Ok(Predefined::from_name(name)),
            _ => {
                // The dictionary may leave out what the CMap itself says, or bear a predefined name of its own.
                let own_name = document.name(&stream.dict, b"CMapName");
                return Ok(base.as_deref().or(own_name).and_then(Predefined::from_name));
            }
        }
    }
    Ok(None)
}

impl Glyphs {
    fn load(document: &Document, descendant: &Dictionary) -> Result<Option<Self>, OverLimit> {
        let Some(descriptor) = document.dict(descendant, b"FontDescriptor") else {
            return Ok(None);
        };
        let file = document
            .stream(descriptor, b"FontFile2")
            .or_else(|| document.stream(descriptor, b"FontFile3"));
        let Some(file) = file else { return Ok(None) };
        let Some(font) = document.stream_bytes(file)? else { return Ok(None) };
        let chars = truetype::glyph_chars(&font).by_glyph;
        document.charge(chars.len() * ENTRY_BYTES)?;
        let by_cid = match document.stream(descendant, b"CIDToGIDMap") {
            Some(map) => match document.stream_bytes(map)? {
                Some(map) => Some(map),
                None => return Ok(None),
            },
            None if document.is_lost(descendant, b"CIDToGIDMap") => return Ok(None),
            None => None,
        };
        Ok((!chars.is_empty()).then_some(Self { chars, by_cid }))
    }

    fn char(&self, cid: u32) -> Option<char> {
        let glyph = match &self.by_cid {
            Some(map) => {
                let at = usize::try_from(cid).ok()?.checked_mul(2)?;
                u16::from_be_bytes(map.get(at..at + 2)?.try_into().ok()?)
            }
            None => u16::try_from(cid).ok()?,
        };
        self.chars.get(&glyph).copied()
    }
}
