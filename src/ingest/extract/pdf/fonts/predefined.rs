//! The CMaps that a file names without holding them: codes are GB 18030, Big5 or Unicode text.
//!
//! Typesetters of Chinese official documents write such fonts without embedding them and without ToUnicode, so the
//! name of the CMap is all there is. Names and ranges: PDF 32000-1:2008, table 118, and Adobe's cmap-resources
//! (BSD 3-clause), of which only the facts needed to find ASCII and GB 2312 by glyph number are kept here.

use super::cmap::CodeSpace;
use encoding_rs::{BIG5, EUC_JP, EUC_KR, Encoding, GB18030, SHIFT_JIS};

/// How the codes of a predefined CMap are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Charset {
    /// An encoding of its own; the field is its decoder.
    Legacy(&'static Encoding),
    /// UTF-16BE or UCS-2.
    Utf16,
    /// UTF-32BE.
    Utf32,
    /// UTF-8.
    Utf8,
    /// Codes are CIDs.
    Identity,
}

/// A CMap known by its name.
#[derive(Debug, Clone)]
pub(super) struct Predefined {
    pub(super) charset: Charset,
    pub(super) spaces: Vec<CodeSpace>,
    pub(super) vertical: bool,
    /// Letters of ASCII have the glyphs of half width, not those of their own widths.
    half_width: bool,
    /// Bytes of Macintosh sets that are whole characters.
    macintosh: bool,
    ordering: Ordering,
}

/// Whose glyph numbers the CIDs are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ordering {
    Gb1,
    Cns1,
    Japan1,
    Korea1,
    /// The font's own.
    Identity,
}

impl Ordering {
    /// The collection of that name in a CIDSystemInfo.
    pub(super) fn from_name(name: &[u8]) -> Self {
        match name {
            b"GB1" => Self::Gb1,
            b"CNS1" => Self::Cns1,
            b"Japan1" => Self::Japan1,
            b"Korea1" | b"KR" => Self::Korea1,
            _ => Self::Identity,
        }
    }

    /// First CIDs of ASCII from U+0020 in own and in half width.
    fn ascii(self) -> Option<(u32, u32)> {
        match self {
            Self::Gb1 => Some((1, 813)),
            Self::Cns1 => Some((1, 13_648)),
            Self::Japan1 => Some((1, 231)),
            Self::Korea1 => Some((1, 8_094)),
            Self::Identity => None,
        }
    }
}

impl Predefined {
    /// The CMap of that name; `None` for those this program has no table of.
    pub(super) fn from_name(name: &[u8]) -> Option<Self> {
        let name = std::str::from_utf8(name).ok()?;
        let (stem, vertical) = match name {
            "H" | "V" => ("", name == "V"),
            _ => match name.strip_suffix("-V") {
                Some(stem) => (stem, true),
                None => (name.strip_suffix("-H")?, false),
            },
        };
        let two = |lead_low: u32, lead_high: u32, trail_low: u32| {
            vec![
                CodeSpace::new(1, 0, lead_low.saturating_sub(1).min(0x80)),
                CodeSpace::new(2, lead_low << 8 | trail_low, lead_high << 8 | 0xfe),
            ]
        };
        let half_width = matches!(
            stem,
            "GB-EUC" | "GBK-EUC" | "ETen-B5" | "90ms-RKSJ" | "KSCms-UHC-HW" | "UniJIS-UCS2-HW"
        );
        let macintosh = matches!(stem, "GBpc-EUC" | "B5pc");
        let (charset, spaces) = match stem {
            "Identity" => (Charset::Identity, vec![CodeSpace::new(2, 0, 0xffff)]),
            "GB-EUC" => (Charset::Legacy(GB18030), two(0xa1, 0xfe, 0xa1)),
            "GBpc-EUC" => (Charset::Legacy(GB18030), macintosh_spaces(0xa1)),
            "GBK-EUC" | "GBKp-EUC" => (Charset::Legacy(GB18030), two(0x81, 0xfe, 0x40)),
            "GBK2K" => {
                // The four-byte codes come first: their lead bytes are those of two bytes.
                let mut spaces = vec![CodeSpace::new(4, 0x8130_8130, 0xfe39_fe39)];
                spaces.extend(two(0x81, 0xfe, 0x40));
                (Charset::Legacy(GB18030), spaces)
            }
            "B5" | "ETen-B5" | "ETenms-B5" | "ETHK-B5" => {
                (Charset::Legacy(BIG5), two(0xa1, 0xfe, 0x40))
            }
            "HKscs-B5" | "HKgccs-B5" | "HKdla-B5" | "HKdlb-B5" | "HKm314-B5" | "HKm471-B5" => {
                (Charset::Legacy(BIG5), two(0x81, 0xfe, 0x40))
            }
            "B5pc" => (Charset::Legacy(BIG5), macintosh_spaces(0x40)),
            "90ms-RKSJ" | "90msp-RKSJ" | "90pv-RKSJ" | "83pv-RKSJ" | "Add-RKSJ" | "Ext-RKSJ" => {
                (Charset::Legacy(SHIFT_JIS), shift_jis_spaces())
            }
            "EUC" => (Charset::Legacy(EUC_JP), two(0xa1, 0xfe, 0xa1)),
            "KSC-EUC" | "KSCms-UHC" | "KSCms-UHC-HW" | "KSCpc-EUC" => {
                (Charset::Legacy(EUC_KR), two(0x81, 0xfe, 0x41))
            }
            _ if stem.starts_with("Uni") => unicode(stem)?,
            _ => return None,
        };
        Some(Self { charset, spaces, vertical, half_width, macintosh, ordering: ordering(stem) })
    }

    /// Adds what a code stands for to `text`; `false` when that can not be known.
    pub(super) fn push(&self, bytes: &[u8], text: &mut String) -> bool {
        let start = text.len();
        let known = match self.charset {
            Charset::Legacy(encoding) => {
                if let Some(char) = self.macintosh.then(|| macintosh_char(bytes)).flatten() {
                    text.push(char);
                    return true;
                }
                match encoding.decode_without_bom_handling_and_without_replacement(bytes) {
                    Some(decoded) => {
                        text.push_str(&decoded);
                        true
                    }
                    None => false,
                }
            }
            Charset::Utf16 => {
                let units =
                    bytes.chunks_exact(2).map(|unit| u16::from_be_bytes([unit[0], unit[1]]));
                let before = text.len();
                text.extend(char::decode_utf16(units).map_while(Result::ok));
                text.len() > before
            }
            Charset::Utf32 => {
                let char = bytes.try_into().ok().map(u32::from_be_bytes).and_then(char::from_u32);
                text.extend(char);
                char.is_some()
            }
            Charset::Utf8 => {
                let chars = std::str::from_utf8(bytes).unwrap_or_default();
                text.push_str(chars);
                !chars.is_empty()
            }
            Charset::Identity => false,
        };
        known && text.len() > start
    }

    /// The glyph number of a character, for its width; only where it can be computed: ASCII and GB 2312.
    pub(super) fn cid(&self, text: &str) -> Option<u32> {
        let mut chars = text.chars();
        let (char, None) = (chars.next()?, chars.next()) else { return None };
        if let ' '..='~' = char {
            let (own, half) = self.ordering.ascii()?;
            let first = if self.half_width { half } else { own };
            let space = self.ordering == Ordering::Gb1 && self.half_width && char == ' ';
            return Some(if space { GB1_HALF_SPACE } else { first + (u32::from(char) - 0x20) });
        }
        (self.ordering == Ordering::Gb1).then(|| gb1_cid(char)).flatten()
    }
}

fn ordering(stem: &str) -> Ordering {
    if stem == "Identity" {
        Ordering::Identity
    } else if stem.starts_with("GB") || stem.starts_with("UniGB") {
        Ordering::Gb1
    } else if stem.contains("B5") || stem.contains("CNS") {
        Ordering::Cns1
    } else if stem.contains("KS") {
        Ordering::Korea1
    } else {
        Ordering::Japan1
    }
}

/// CMaps whose codes are Unicode, of any collection: `UniGB-UCS2`, `UniJIS2004-UTF16`.
fn unicode(stem: &str) -> Option<(Charset, Vec<CodeSpace>)> {
    let mut parts = stem.split('-').skip(1);
    match parts.next()? {
        "UCS2" => Some((Charset::Utf16, vec![CodeSpace::new(2, 0, 0xffff)])),
        "UTF16" => Some((
            Charset::Utf16,
            vec![
                CodeSpace::new(2, 0, 0xd7ff),
                CodeSpace::new(4, 0xd800_dc00, 0xdbff_dfff),
                CodeSpace::new(2, 0xe000, 0xffff),
            ],
        )),
        "UTF32" => Some((Charset::Utf32, vec![CodeSpace::new(4, 0, 0x0010_ffff)])),
        "UTF8" => Some((
            Charset::Utf8,
            vec![
                CodeSpace::new(1, 0, 0x7f),
                CodeSpace::new(2, 0xc280, 0xdfbf),
                CodeSpace::new(3, 0x00e0_8080, 0x00ef_bfbf),
                CodeSpace::new(4, 0xf080_8080, 0xf4bf_bfbf),
            ],
        )),
        _ => None,
    }
}

fn macintosh_spaces(trail_low: u32) -> Vec<CodeSpace> {
    vec![
        CodeSpace::new(1, 0, 0x80),
        CodeSpace::new(1, 0xa0, 0xa0),
        CodeSpace::new(2, 0xa100 | trail_low, 0xfcfe),
        CodeSpace::new(1, 0xfd, 0xff),
    ]
}

fn shift_jis_spaces() -> Vec<CodeSpace> {
    vec![
        CodeSpace::new(1, 0, 0x80),
        CodeSpace::new(1, 0xa0, 0xdf),
        CodeSpace::new(2, 0x8140, 0x9ffc),
        CodeSpace::new(2, 0xe040, 0xfcfc),
    ]
}

/// Single bytes that Macintosh sets add to GB 2312 and Big5.
fn macintosh_char(bytes: &[u8]) -> Option<char> {
    match bytes {
        [0xa0] => Some('\u{a0}'),
        [0xfd] => Some('©'),
        [0xfe] => Some('™'),
        [0xff] => Some('…'),
        _ => None,
    }
}

/// Glyph numbers of Adobe-GB1 that follow GB 2312: first CID, first code, how many; a row of the code has 94.
///
/// Source: GB-EUC-H of Adobe's cmap-resources.
const GB1: [(u32, u32, u32); 17] = [
    (96, 0xa1a1, 94),
    (190, 0xa2b1, 50),
    (240, 0xa2e5, 10),
    (250, 0xa2f1, 12),
    (262, 0xa3a1, 94),
    (356, 0xa4a1, 83),
    (439, 0xa5a1, 86),
    (525, 0xa6a1, 24),
    (549, 0xa6c1, 53),
    (602, 0xa7a1, 33),
    (635, 0xa7d1, 33),
    (668, 0xa8a1, 32),
    (700, 0xa8c5, 38),
    (738, 0xa9a4, 76),
    (908, 0xaba1, 32),
    (940, 0xb0a1, 3_755),
    (4_695, 0xd8a1, 3_008),
];

/// The space of half width in Adobe-GB1, which stands apart from the other ASCII of half width.
const GB1_HALF_SPACE: u32 = 7_716;

/// Codes in a row of GB 2312.
const ROW: u32 = 94;

/// The character of a glyph number, where it can be computed: ASCII of all collections, GB 2312 of Adobe-GB1.
pub(super) fn char_of_cid(ordering: Ordering, cid: u32) -> Option<char> {
    let (own, half) = ordering.ascii()?;
    let gb1 = ordering == Ordering::Gb1;
    for (first, low) in [(own, own), (half, half + u32::from(gb1))] {
        if (low..first + 95).contains(&cid) {
            return char::from_u32(0x20 + cid - first);
        }
    }
    if !gb1 {
        return None;
    }
    if cid == GB1_HALF_SPACE {
        return Some(' ');
    }
    let &(first, code, _) =
        GB1.iter().find(|(first, _, count)| (*first..first + count).contains(&cid))?;
    let index = (code & 0xff) - 0xa1 + cid - first;
    let lead = u8::try_from((code >> 8) + index / ROW).ok()?;
    let trail = u8::try_from(0xa1 + index % ROW).ok()?;
    let text =
        GB18030.decode_without_bom_handling_and_without_replacement(&[lead, trail])?.into_owned();
    text.chars().next()
}

/// The glyph number of a character of GB 2312.
fn gb1_cid(char: char) -> Option<u32> {
    let mut buffer = [0; 4];
    let (bytes, _, unmappable) = GB18030.encode(char.encode_utf8(&mut buffer));
    let (&[lead, trail], false) = (bytes.as_ref(), unmappable) else { return None };
    let place = |code: u32| {
        ((code >> 8).checked_sub(0xa1)? * ROW).checked_add((code & 0xff).checked_sub(0xa1)?)
    };
    let wanted = place(u32::from(lead) << 8 | u32::from(trail))?;
    GB1.iter().find_map(|&(first, code, count)| {
        let distance = wanted.checked_sub(place(code)?)?;
        (distance < count).then(|| first + distance)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::extract::pdf::fonts::cmap::next_code;

    /// Reads all codes of a string by a predefined CMap.
    fn read(name: &str, mut bytes: &[u8]) -> String {
        let cmap = Predefined::from_name(name.as_bytes()).unwrap();
        let mut text = String::new();
        while let Some((_, len)) = next_code(&cmap.spaces, bytes) {
            let (code, rest) = bytes.split_at(len);
            if !cmap.push(code, &mut text) {
                text.push('\u{fffd}');
            }
            bytes = rest;
        }
        text
    }

    #[track_caller]
    fn check(names: &[&str], bytes: &[u8], expected: &str) {
        for name in names {
            assert_eq!(read(name, bytes), expected, "{name}");
        }
    }

    #[test]
    fn gb_codes_are_read() {
        let text = "示例县推进网格化管理,共建“四个一”。ABC 123%";
        let bytes = GB18030.encode(text).0;
        check(
            &["GB-EUC-H", "GB-EUC-V", "GBpc-EUC-H", "GBK-EUC-H", "GBKp-EUC-V", "GBK2K-H"],
            &bytes,
            text,
        );
    }

    #[test]
    fn gbk_adds_traditional_characters_and_gb18030_four_bytes() {
        let bytes = GB18030.encode("網格鎔a").0;
        check(&["GBK-EUC-H", "GBK2K-V"], &bytes, "網格鎔a");
        let bytes = GB18030.encode("a㐂𠀀镕b").0;
        check(&["GBK2K-H"], &bytes, "a㐂𠀀镕b");
    }

    #[test]
    fn big5_codes_are_read() {
        let text = "示例縣推動網格化管理,共建「四個一」。ABC 123%";
        let bytes = BIG5.encode(text).0;
        check(&["B5pc-H", "ETen-B5-H", "ETenms-B5-V", "HKscs-B5-H", "HKscs-B5-V"], &bytes, text);
    }

    #[test]
    fn hong_kong_characters_are_read() {
        check(&["HKscs-B5-H"], b"\x9d\xf7\x9d\xefa", "咗嘅a");
    }

    #[test]
    fn unicode_codes_are_read() {
        let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<_>>();
        let names =
            ["UniGB-UCS2-H", "UniGB-UCS2-V", "UniCNS-UCS2-H", "UniJIS-UCS2-H", "UniKS-UCS2-H"];
        check(&names, &utf16("县治理a1"), "县治理a1");
        let names = [
            "UniGB-UTF16-H",
            "UniCNS-UTF16-V",
            "UniJIS-UTF16-H",
            "UniKS-UTF16-H",
            "UniJIS2004-UTF16-H",
        ];
        check(&names, &utf16("县𠀀理a"), "县𠀀理a");
        let utf32: Vec<_> =
            "县𠀀a".chars().flat_map(|char| u32::from(char).to_be_bytes()).collect();
        check(&["UniGB-UTF32-H", "UniCNS-UTF32-H"], &utf32, "县𠀀a");
        check(&["UniGB-UTF8-H"], "县𠀀a".as_bytes(), "县𠀀a");
    }

    #[test]
    fn macintosh_signs_are_single_bytes() {
        check(&["GBpc-EUC-H", "B5pc-H"], b"\xfd\xfe\xffa", "©™…a");
    }

    #[test]
    fn broken_codes_are_unknown_and_cost_no_neighbour() {
        check(&["GBK-EUC-H"], b"\xff\xca\xbe", "\u{fffd}示");
        check(&["GB-EUC-H"], b"\xca\xbe\xca", "示\u{fffd}");
    }

    #[test]
    fn unknown_names_have_no_table() {
        for name in ["GBT-EUC-H", "CNS-EUC-H", "Own", "-H", ""] {
            assert!(Predefined::from_name(name.as_bytes()).is_none(), "{name}");
        }
    }

    #[test]
    fn glyph_numbers_of_gb1_lead_to_characters_and_back() {
        for (cid, char) in [
            (1, ' '),
            (34, 'A'),
            (846, 'A'),
            (98, '。'),
            (940, '啊'),
            (4694, '座'),
            (4695, '亍'),
            (7702, '齄'),
        ] {
            assert_eq!(char_of_cid(Ordering::Gb1, cid), Some(char), "{cid}");
        }
        let cmap = Predefined::from_name(b"GBKp-EUC-H").unwrap();
        for (text, cid) in
            [(" ", 1), ("A", 34), ("。", 98), ("啊", 940), ("座", 4694), ("亍", 4695), ("齄", 7702)]
        {
            assert_eq!(cmap.cid(text), Some(cid), "{text}");
        }
        let half = Predefined::from_name(b"GBK-EUC-H").unwrap();
        assert_eq!((half.cid("A"), half.cid(" "), half.cid("鎔")), (Some(846), Some(7716), None));
        assert_eq!(char_of_cid(Ordering::Gb1, 30_000), None);
        assert_eq!(char_of_cid(Ordering::Identity, 34), None);
    }
}
