//! Character references of HTML: `&nbsp;`, `&#20013;`, `&#x4E2D;`.

/// The named references met in Chinese pages; others stay as they are written.
///
/// Source: HTML Living Standard, named character references (a selection).
const NAMED: &[(&str, &str)] = &[
    ("nbsp", "\u{A0}"),
    ("lt", "<"),
    ("gt", ">"),
    ("amp", "&"),
    ("quot", "\""),
    ("apos", "'"),
    ("ldquo", "“"),
    ("rdquo", "”"),
    ("lsquo", "‘"),
    ("rsquo", "’"),
    ("sbquo", "‚"),
    ("bdquo", "„"),
    ("laquo", "«"),
    ("raquo", "»"),
    ("lsaquo", "‹"),
    ("rsaquo", "›"),
    ("mdash", "—"),
    ("ndash", "–"),
    ("hellip", "…"),
    ("middot", "·"),
    ("bull", "•"),
    ("ensp", "\u{2002}"),
    ("emsp", "\u{2003}"),
    ("thinsp", "\u{2009}"),
    ("zwnj", "\u{200C}"),
    ("zwj", "\u{200D}"),
    ("shy", "\u{AD}"),
    ("copy", "©"),
    ("reg", "®"),
    ("trade", "™"),
    ("times", "×"),
    ("divide", "÷"),
    ("deg", "°"),
    ("plusmn", "±"),
    ("permil", "‰"),
    ("yen", "¥"),
    ("euro", "€"),
    ("pound", "£"),
    ("cent", "¢"),
    ("sect", "§"),
    ("para", "¶"),
    ("sup1", "¹"),
    ("sup2", "²"),
    ("sup3", "³"),
    ("frac12", "½"),
    ("frac14", "¼"),
    ("frac34", "¾"),
    ("micro", "µ"),
    ("le", "≤"),
    ("ge", "≥"),
    ("ne", "≠"),
    ("rarr", "→"),
    ("larr", "←"),
    ("uarr", "↑"),
    ("darr", "↓"),
    ("prime", "′"),
    ("Prime", "″"),
    ("tilde", "˜"),
    ("acute", "´"),
    ("uml", "¨"),
    ("iexcl", "¡"),
    ("iquest", "¿"),
    ("ordm", "º"),
    ("ordf", "ª"),
    ("not", "¬"),
    ("macr", "¯"),
    ("cedil", "¸"),
    ("brvbar", "¦"),
    ("curren", "¤"),
    ("alpha", "α"),
    ("beta", "β"),
    ("gamma", "γ"),
    ("delta", "δ"),
    ("mu", "μ"),
    ("Omega", "Ω"),
    ("eacute", "é"),
    ("egrave", "è"),
    ("ecirc", "ê"),
    ("aacute", "á"),
    ("agrave", "à"),
    ("uuml", "ü"),
    ("iacute", "í"),
    ("igrave", "ì"),
    ("oacute", "ó"),
    ("ograve", "ò"),
    ("uacute", "ú"),
    ("ugrave", "ù"),
    ("ouml", "ö"),
    ("auml", "ä"),
];

/// Code points 0x80 to 0x9F mean the letters of windows-1252 there, as browsers read them.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž', '\u{8F}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}', 'ž', 'Ÿ',
];

/// The text that the reference at the start of `source` stands for, and its length in bytes; `None` when there is
/// none.
pub(super) fn entity(source: &str) -> Option<(String, usize)> {
    let body = source.strip_prefix('&')?;
    if let Some(number) = body.strip_prefix('#') {
        let (radix, digits, prefix) = match number.strip_prefix(['x', 'X']) {
            Some(digits) => (16, digits, 3),
            None => (10, number, 2),
        };
        let count = digits.bytes().take_while(|byte| char::from(*byte).is_digit(radix)).count();
        let code = u32::from_str_radix(digits.get(..count)?, radix).ok()?;
        let end = prefix + count;
        let closed = usize::from(source.as_bytes().get(end) == Some(&b';'));
        return Some((character(code).to_string(), end + closed));
    }
    let count = body.bytes().take(32).take_while(u8::is_ascii_alphanumeric).count();
    let (name, is_closed) = (body.get(..count)?, body.as_bytes().get(count) == Some(&b';'));
    let (_, text) = NAMED.iter().find(|(known, _)| *known == name)?;
    // `&copy=1` in a link is no sign; the standard allows a few without the semicolon, and so do pages.
    let is_old = matches!(name, "nbsp" | "lt" | "gt" | "amp" | "quot");
    (is_closed || is_old).then(|| ((*text).to_owned(), 1 + count + usize::from(is_closed)))
}

fn character(code: u32) -> char {
    let c1 =
        code.checked_sub(0x80).and_then(|at| WINDOWS_1252.get(usize::try_from(at).ok()?)).copied();
    match c1 {
        Some(c) => c,
        None if code == 0 => char::REPLACEMENT_CHARACTER,
        None => char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(source: &str, expected: Option<(&str, usize)>) {
        assert_eq!(entity(source), expected.map(|(text, len)| (text.to_owned(), len)), "{source}");
    }

    #[test]
    fn references_are_read_by_name_and_number() {
        check("&ldquo;x", Some(("“", 7)));
        check("&#20013;", Some(("中", 8)));
        check("&#x4E2D文", Some(("中", 7)));
        check("&nbsp ", Some(("\u{A0}", 5)));
        check("&#147;", Some(("“", 6)));
    }

    #[test]
    fn what_is_no_reference_stays() {
        for source in ["&", "& b", "&unknown;", "&copy=1", "&#;", "&#xZ;", "&#99999999999;"] {
            check(source, None);
        }
        check("&#xD800;", Some(("\u{FFFD}", 8)));
        check("&#0;", Some(("\u{FFFD}", 4)));
    }
}
