//! Character references of HTML: `&nbsp;`, `&#20013;`, `&#x4E2D;`.

/// The named references of HTML 4 and those for punctuation of HTML 5, sorted; others stay as they are written.
///
/// Source: HTML Living Standard, named character references (a selection).
#[rustfmt::skip]
const NAMED: &[(&str, &str)] = &[
    ("AElig", "Æ"), ("Aacute", "Á"), ("Acirc", "Â"), ("Agrave", "À"), ("Alpha", "Α"), ("Aring", "Å"), ("Atilde", "Ã"),
    ("Auml", "Ä"), ("Beta", "Β"), ("Ccedil", "Ç"), ("Chi", "Χ"), ("CloseCurlyDoubleQuote", "”"),
    ("CloseCurlyQuote", "’"), ("Dagger", "‡"), ("Delta", "Δ"), ("ETH", "Ð"), ("Eacute", "É"), ("Ecirc", "Ê"),
    ("Egrave", "È"), ("Epsilon", "Ε"), ("Eta", "Η"), ("Euml", "Ë"), ("Gamma", "Γ"), ("Hat", "^"), ("Iacute", "Í"),
    ("Icirc", "Î"), ("Igrave", "Ì"), ("Iota", "Ι"), ("Iuml", "Ï"), ("Kappa", "Κ"), ("Lambda", "Λ"), ("Mu", "Μ"),
    ("NewLine", "\n"), ("NoBreak", "\u{2060}"), ("NonBreakingSpace", "\u{A0}"), ("Ntilde", "Ñ"), ("Nu", "Ν"),
    ("OElig", "Œ"), ("Oacute", "Ó"), ("Ocirc", "Ô"), ("Ograve", "Ò"), ("Omega", "Ω"), ("Omicron", "Ο"),
    ("OpenCurlyDoubleQuote", "“"), ("OpenCurlyQuote", "‘"), ("Oslash", "Ø"), ("Otilde", "Õ"), ("Ouml", "Ö"),
    ("Phi", "Φ"), ("Pi", "Π"), ("Prime", "″"), ("Psi", "Ψ"), ("Rho", "Ρ"), ("Scaron", "Š"), ("Sigma", "Σ"),
    ("THORN", "Þ"), ("Tab", "\t"), ("Tau", "Τ"), ("Theta", "Θ"), ("ThinSpace", "\u{2009}"), ("Uacute", "Ú"),
    ("Ucirc", "Û"), ("Ugrave", "Ù"), ("Upsilon", "Υ"), ("Uuml", "Ü"), ("Xi", "Ξ"), ("Yacute", "Ý"), ("Yuml", "Ÿ"),
    ("ZeroWidthSpace", "\u{200B}"), ("Zeta", "Ζ"), ("aacute", "á"), ("acirc", "â"), ("acute", "´"), ("aelig", "æ"),
    ("agrave", "à"), ("alefsym", "ℵ"), ("alpha", "α"), ("amp", "&"), ("and", "∧"), ("ang", "∠"), ("apos", "'"),
    ("aring", "å"), ("ast", "*"), ("asymp", "≈"), ("atilde", "ã"), ("auml", "ä"), ("bdquo", "„"), ("beta", "β"),
    ("bigstar", "★"), ("blacksquare", "▪"), ("brvbar", "¦"), ("bsol", "\\"), ("bull", "•"), ("bullet", "•"),
    ("cap", "∩"), ("ccedil", "ç"), ("cedil", "¸"), ("cent", "¢"), ("check", "✓"), ("chi", "χ"), ("cir", "○"),
    ("circ", "ˆ"), ("clubs", "♣"), ("colon", ":"), ("comma", ","), ("commat", "@"), ("cong", "≅"), ("copy", "©"),
    ("copysr", "℗"), ("crarr", "↵"), ("cross", "✗"), ("cup", "∪"), ("curren", "¤"), ("dArr", "⇓"), ("dagger", "†"),
    ("darr", "↓"), ("dash", "‐"), ("deg", "°"), ("delta", "δ"), ("diams", "♦"), ("divide", "÷"), ("dollar", "$"),
    ("dtri", "▿"), ("dtrif", "▾"), ("eacute", "é"), ("ecirc", "ê"), ("egrave", "è"), ("ell", "ℓ"), ("empty", "∅"),
    ("emsp", "\u{2003}"), ("emsp13", "\u{2004}"), ("emsp14", "\u{2005}"), ("ensp", "\u{2002}"), ("epsilon", "ε"),
    ("equals", "="), ("equiv", "≡"), ("eta", "η"), ("eth", "ð"), ("euml", "ë"), ("euro", "€"), ("excl", "!"),
    ("exist", "∃"), ("female", "♀"), ("flat", "♭"), ("fnof", "ƒ"), ("forall", "∀"), ("frac12", "½"), ("frac13", "⅓"),
    ("frac14", "¼"), ("frac15", "⅕"), ("frac23", "⅔"), ("frac34", "¾"), ("frasl", "⁄"), ("gamma", "γ"), ("ge", "≥"),
    ("grave", "`"), ("gt", ">"), ("hArr", "⇔"), ("hairsp", "\u{200A}"), ("half", "½"), ("harr", "↔"), ("hearts", "♥"),
    ("hellip", "…"), ("horbar", "―"), ("hyphen", "‐"), ("iacute", "í"), ("icirc", "î"), ("iexcl", "¡"),
    ("igrave", "ì"), ("image", "ℑ"), ("incare", "℅"), ("infin", "∞"), ("int", "∫"), ("iota", "ι"), ("iquest", "¿"),
    ("isin", "∈"), ("iuml", "ï"), ("kappa", "κ"), ("lArr", "⇐"), ("lambda", "λ"), ("lang", "⟨"), ("langle", "⟨"),
    ("laquo", "«"), ("larr", "←"), ("lbrace", "{"), ("lbrack", "["), ("lceil", "⌈"), ("lcub", "{"), ("ldquo", "“"),
    ("ldquor", "„"), ("le", "≤"), ("lfloor", "⌊"), ("lowast", "∗"), ("lowbar", "_"), ("loz", "◊"), ("lpar", "("),
    ("lrm", "\u{200E}"), ("lsaquo", "‹"), ("lsqb", "["), ("lsquo", "‘"), ("lsquor", "‚"), ("lt", "<"), ("macr", "¯"),
    ("male", "♂"), ("malt", "✠"), ("mdash", "—"), ("micro", "µ"), ("middot", "·"), ("minus", "−"), ("mldr", "…"),
    ("mu", "μ"), ("nabla", "∇"), ("natural", "♮"), ("nbsp", "\u{A0}"), ("ndash", "–"), ("ne", "≠"), ("ni", "∋"),
    ("nldr", "‥"), ("not", "¬"), ("notin", "∉"), ("nsub", "⊄"), ("ntilde", "ñ"), ("nu", "ν"), ("num", "#"),
    ("numero", "№"), ("numsp", "\u{2007}"), ("oacute", "ó"), ("ocirc", "ô"), ("oelig", "œ"), ("ograve", "ò"),
    ("oline", "‾"), ("omega", "ω"), ("omicron", "ο"), ("oplus", "⊕"), ("or", "∨"), ("ordf", "ª"), ("ordm", "º"),
    ("oslash", "ø"), ("otilde", "õ"), ("otimes", "⊗"), ("ouml", "ö"), ("para", "¶"), ("part", "∂"), ("percnt", "%"),
    ("period", "."), ("permil", "‰"), ("perp", "⊥"), ("phi", "φ"), ("phone", "☎"), ("pi", "π"), ("piv", "ϖ"),
    ("plus", "+"), ("plusmn", "±"), ("pound", "£"), ("prime", "′"), ("prod", "∏"), ("prop", "∝"), ("psi", "ψ"),
    ("puncsp", "\u{2008}"), ("quest", "?"), ("quot", "\""), ("rArr", "⇒"), ("radic", "√"), ("rang", "⟩"),
    ("rangle", "⟩"), ("raquo", "»"), ("rarr", "→"), ("rbrace", "}"), ("rbrack", "]"), ("rceil", "⌉"), ("rcub", "}"),
    ("rdquo", "”"), ("rdquor", "”"), ("real", "ℜ"), ("reg", "®"), ("rfloor", "⌋"), ("rho", "ρ"), ("rlm", "\u{200F}"),
    ("rpar", ")"), ("rsaquo", "›"), ("rsqb", "]"), ("rsquo", "’"), ("rsquor", "’"), ("sbquo", "‚"), ("scaron", "š"),
    ("sdot", "⋅"), ("sect", "§"), ("semi", ";"), ("sharp", "♯"), ("shy", "\u{AD}"), ("sigma", "σ"), ("sigmaf", "ς"),
    ("sim", "∼"), ("sol", "/"), ("spades", "♠"), ("squ", "□"), ("square", "□"), ("squf", "▪"), ("star", "☆"),
    ("starf", "★"), ("sub", "⊂"), ("sube", "⊆"), ("sum", "∑"), ("sup", "⊃"), ("sup1", "¹"), ("sup2", "²"),
    ("sup3", "³"), ("supe", "⊇"), ("szlig", "ß"), ("tau", "τ"), ("telrec", "⌕"), ("there4", "∴"), ("theta", "θ"),
    ("thetasym", "ϑ"), ("thinsp", "\u{2009}"), ("thorn", "þ"), ("tilde", "˜"), ("times", "×"), ("trade", "™"),
    ("uArr", "⇑"), ("uacute", "ú"), ("uarr", "↑"), ("ucirc", "û"), ("ugrave", "ù"), ("uml", "¨"), ("upsih", "ϒ"),
    ("upsilon", "υ"), ("utri", "▵"), ("utrif", "▴"), ("uuml", "ü"), ("verbar", "|"), ("vert", "|"), ("weierp", "℘"),
    ("xi", "ξ"), ("yacute", "ý"), ("yen", "¥"), ("yuml", "ÿ"), ("zeta", "ζ"), ("zwj", "\u{200D}"),
    ("zwnj", "\u{200C}"),
];

/// Names that are known without a semicolon whatever follows them.
const OLD: [&str; 5] = ["nbsp", "lt", "gt", "amp", "quot"];

/// Code points 0x80 to 0x9F mean the letters of windows-1252 there, as browsers read them.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž', '\u{8F}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}', 'ž', 'Ÿ',
];

/// The text that the reference at the start of `source` stands for, and its length in bytes; `None` when there is
/// none.
///
/// A reference that was escaped once more, as some editors do (`&amp;nbsp;`), counts as a whole.
pub(super) fn entity(source: &str) -> Option<(String, usize)> {
    let (text, len) = single(source)?;
    if text == "&"
        && let Some(rest) = source.get(len..)
        && rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '#')
        && let Some((inner, inner_len)) = single(&format!("&{}", start_of(rest)))
    {
        return Some((inner, len + inner_len - 1));
    }
    Some((text, len))
}

/// As much of a text as a reference may take.
fn start_of(text: &str) -> &str {
    let end = text.char_indices().nth(32).map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or_default()
}

fn single(source: &str) -> Option<(String, usize)> {
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
    let name = body.get(..count)?;
    let next = body.as_bytes().get(count);
    if let Ok(at) = NAMED.binary_search_by_key(&name, |(known, _)| *known) {
        let is_closed = next == Some(&b';');
        // `&copy=1` in a link is no sign. Han may follow a name whose semicolon was forgotten, letters may not.
        let is_ended =
            is_closed || OLD.contains(&name) || !matches!(next, Some(b'=' | b'_' | b'-'));
        let (_, text) = NAMED.get(at)?;
        return is_ended.then(|| ((*text).to_owned(), 1 + count + usize::from(is_closed)));
    }
    // `&nbsp2023`: the oldest names need no end at all.
    let old = ["nbsp", "quot"].into_iter().find(|old| name.starts_with(old))?;
    let at = NAMED.binary_search_by_key(&old, |(known, _)| *known).ok()?;
    NAMED.get(at).map(|(_, text)| ((*text).to_owned(), 1 + old.len()))
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
        check("&Prime;", Some(("″", 7)));
    }

    #[test]
    fn a_forgotten_semicolon_is_forgiven() {
        check("&ldquo某", Some(("“", 6)));
        check("&mdash&mdash;", Some(("—", 6)));
        check("&middot ", Some(("·", 7)));
        check("&nbsp2023", Some(("\u{A0}", 5)));
        check("&#8220某", Some(("“", 6)));
    }

    #[test]
    fn a_reference_escaped_twice_is_one() {
        check("&amp;nbsp;", Some(("\u{A0}", 10)));
        check("&amp;#20013;", Some(("中", 12)));
        check("&amp;ldquo某", Some(("“", 10)));
        check("&amp;b", Some(("&", 5)));
        check("&amp;某", Some(("&", 5)));
    }

    #[test]
    fn names_are_sorted() {
        assert!(NAMED.is_sorted());
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
