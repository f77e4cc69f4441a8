//! Codes of simple fonts: the four encodings that have names, and glyph names.
//!
//! The tables (PDF 32000-1:2008, annex D, and the Adobe Glyph List) are lopdf's, asked for by the only way it opens
//! to them: a font dictionary.

use lopdf::{Dictionary, Document, Encoding, Object};

/// Longest glyph name that is looked up; the Adobe Glyph List stays below 40.
const NAME_BYTES_MAX: usize = 127;

/// What each code of a simple font stands for; empty where nothing is known.
pub(super) type CodeTexts = Vec<Box<str>>;

/// Whether an encoding of that name is known.
pub(super) fn is_name(name: &[u8]) -> bool {
    matches!(
        name,
        b"WinAnsiEncoding" | b"MacRomanEncoding" | b"MacExpertEncoding" | b"StandardEncoding"
    )
}

/// The table of a named encoding.
pub(super) fn named(name: &[u8]) -> CodeTexts {
    let name = match name {
        b"WinAnsiEncoding" | b"MacRomanEncoding" | b"MacExpertEncoding" => name,
        _ => b"StandardEncoding",
    };
    let font = font_with(Object::Name(name.to_vec()));
    let document = Document::default();
    let encoding = font.get_font_encoding(&document);
    let text = |code: u8| {
        encoding.as_ref().ok().and_then(|encoding| encoding.bytes_to_string(&[code]).ok())
    };
    (0..=u8::MAX).map(|code| text(code).unwrap_or_default().into()).collect()
}

/// The character, or characters, of a glyph name; `None` for names that say nothing, such as `g23`.
pub(super) fn glyph_text(name: &[u8]) -> Option<String> {
    let name = std::str::from_utf8(name).ok()?;
    // `a.alt` is another form of `a`.
    let name = name.split('.').next().filter(|name| (1..=NAME_BYTES_MAX).contains(&name.len()))?;
    if let Some(text) = whole_name(name) {
        return Some(text);
    }
    // `f_i` is a ligature of its parts.
    name.contains('_')
        .then(|| name.split('_').map(whole_name).collect::<Option<String>>())
        .flatten()
}

fn whole_name(name: &str) -> Option<String> {
    if let Some(digits) =
        name.strip_prefix("uni").filter(|digits| digits.len() >= 4 && digits.len() % 4 == 0)
    {
        let units: Option<Vec<u16>> = digits
            .as_bytes()
            .chunks_exact(4)
            .map(|digits| {
                std::str::from_utf8(digits)
                    .ok()
                    .and_then(|digits| u16::from_str_radix(digits, 16).ok())
            })
            .collect();
        if let Some(text) = units.and_then(|units| String::from_utf16(&units).ok()) {
            return Some(text);
        }
    }
    if let Some(digits) = name.strip_prefix('u').filter(|digits| (4..=6).contains(&digits.len()))
        && let Some(char) = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32)
    {
        return Some(char.to_string());
    }
    listed(name)
}

/// Looks a name up in the Adobe Glyph List.
fn listed(name: &str) -> Option<String> {
    // Most subsets number their glyphs, and each look-up costs a font dictionary: a page of Chromium's has dozens of
    // such fonts, which took nine tenths of its time. The list has numbers in these families only.
    let numbered = name.bytes().any(|byte| byte.is_ascii_digit());
    if numbered && !["afii", "SF", "H18", "H22"].iter().any(|family| name.starts_with(family)) {
        return None;
    }
    let mut encoding = Dictionary::new();
    encoding.set("Type", "Encoding");
    encoding.set("Differences", vec![Object::Integer(0), Object::Name(name.into())]);
    let font = font_with(Object::Dictionary(encoding));
    let document = Document::default();
    let encoding = font.get_font_encoding(&document).ok()?;
    // An unknown name makes lopdf fall back to another kind of encoding.
    let Encoding::Differences(_) = &encoding else { return None };
    encoding.bytes_to_string(&[0]).ok().filter(|text| !text.is_empty())
}

fn font_with(encoding: Object) -> Dictionary {
    let mut font = Dictionary::new();
    font.set("Type", Object::Name(b"Font".to_vec()));
    font.set("Encoding", encoding);
    font
}

/// Letters of the font Symbol, whose codes are its own. Source: PDF 32000-1:2008, D.5; the signs met in reports.
const SYMBOL: &str = "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ";
const SYMBOL_SMALL: &str = "αβχδεφγηιϕκλμνοπθρστυϖωξψζ";
const SYMBOL_SIGNS: [(u8, char); 14] = [
    (0xa3, '≤'),
    (0xa5, '∞'),
    (0xae, '→'),
    (0xb0, '°'),
    (0xb1, '±'),
    (0xb3, '≥'),
    (0xb4, '×'),
    (0xb7, '•'),
    (0xb8, '÷'),
    (0xb9, '≠'),
    (0xbb, '≈'),
    (0xbc, '…'),
    (0xd7, '⋅'),
    (0xe5, '∑'),
];

/// What a code of the font Symbol stands for.
pub(super) fn symbol(code: u8) -> Option<char> {
    match code {
        b'A'..=b'Z' => SYMBOL.chars().nth(usize::from(code - b'A')),
        b'a'..=b'z' => SYMBOL_SMALL.chars().nth(usize::from(code - b'a')),
        b' '
        | b'!'
        | b'#'
        | b'%'
        | b'&'
        | b'('..=b')'
        | b'+'
        | b','..=b';'
        | b'='
        | b'['
        | b']' => Some(char::from(code)),
        _ => SYMBOL_SIGNS.iter().find(|(of, _)| *of == code).map(|(_, char)| *char),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, expected: Option<&str>) {
        assert_eq!(glyph_text(name.as_bytes()).as_deref(), expected, "{name}");
    }

    #[test]
    fn named_encodings_have_their_characters() {
        for (name, code, text) in [
            ("WinAnsiEncoding", 0x93, "“"),
            ("WinAnsiEncoding", 0xb7, "·"),
            ("MacRomanEncoding", 0xd2, "“"),
            ("StandardEncoding", 0x27, "’"),
            ("Unheard", b'A'.into(), "A"),
        ] {
            assert_eq!(&*named(name.as_bytes())[code as usize], text, "{name}");
        }
    }

    #[test]
    fn glyph_names_have_their_characters() {
        check("A", Some("A"));
        check("quotedblleft", Some("“"));
        check("Aacute", Some("Á"));
        check("uni5EB7", Some("康"));
        check("uni5EB75B9A", Some("康定"));
        check("u20000", Some("\u{20000}"));
        check("a.sc", Some("a"));
        check("f_j", Some("fj"));
        check("afii10017", Some("А"));
    }

    #[test]
    fn names_that_say_nothing_have_none() {
        for name in ["g23", ".notdef", "", "cid1234", "uniD800", "glyph_12"] {
            check(name, None);
        }
    }

    #[test]
    fn symbol_has_greek_letters() {
        assert_eq!(
            (symbol(b'a'), symbol(b'Z'), symbol(0xb7), symbol(0xff)),
            (Some('α'), Some('Ζ'), Some('•'), None)
        );
    }
}
