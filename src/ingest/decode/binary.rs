//! Files that are no text: known by their first bytes, or by control bytes that no text encoding uses.

/// How files of other formats begin, what stands at an offset further on, and what to call them.
///
/// Source: the formats' own specifications. An RTF file and a PostScript file are ASCII, but markup that nobody
/// wants as text.
const SIGNATURES: &[(&[u8], usize, &[u8], &str)] = &[
    (b"PK\x03\x04", 0, b"", "a ZIP archive (DOCX, XLSX, ODT or plain ZIP)"),
    (b"PK\x05\x06", 0, b"", "an empty ZIP archive"),
    (b"%PDF-", 0, b"", "a PDF"),
    (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 0, b"", "an old Office file (DOC, XLS, PPT or WPS)"),
    (b"{\\rtf", 0, b"", "an RTF document (save it as DOCX)"),
    (b"%!PS", 0, b"", "a PostScript file"),
    (b"CAJ\0", 0, b"", "a CAJ document"),
    (b"HN\0\0", 0, b"", "a CAJ document"),
    (b"\x89PNG\r\n\x1A\n", 0, b"", "a PNG image"),
    (b"\xFF\xD8\xFF", 0, b"", "a JPEG image"),
    (b"GIF87a", 0, b"", "a GIF image"),
    (b"GIF89a", 0, b"", "a GIF image"),
    (b"II*\0", 0, b"", "a TIFF image"),
    (b"MM\0*", 0, b"", "a TIFF image"),
    (b"BM", 6, b"\0\0\0\0", "a BMP image"),
    (b"RIFF", 8, b"WEBP", "a WebP image"),
    (b"AT&TFORM", 12, b"DJV", "a DjVu document"),
    (b"\0\0\0", 4, b"ftyp", "a video or HEIC image"),
    (b"Rar!\x1A\x07", 0, b"", "a RAR archive (unpack it)"),
    (b"7z\xBC\xAF\x27\x1C", 0, b"", "a 7z archive (unpack it)"),
    (b"\x1F\x8B\x08", 0, b"", "a gzip archive"),
    (b"\xFD7zXZ\0", 0, b"", "an xz archive (unpack it)"),
    (b"BZh", 4, b"1AY&SY", "a bzip2 archive (unpack it)"),
    (b"\x28\xB5\x2F\xFD", 0, b"", "a Zstandard archive"),
    (b"SQLite format 3\0", 0, b"", "an SQLite database"),
    (b"\x7FELF", 0, b"", "a program"),
];

/// Byte order marks of UTF-32.
const UTF_32_MARKS: [&[u8]; 2] = [b"\xFF\xFE\0\0", b"\0\0\xFE\xFF"];

/// The name of the format whose first bytes these are, with its article.
pub(super) fn known_format(bytes: &[u8]) -> Option<&'static str> {
    let begins = |&&(start, at, further, _): &&(&[u8], usize, &[u8], _)| {
        bytes.starts_with(start) && bytes.get(at..).is_some_and(|rest| rest.starts_with(further))
    };
    SIGNATURES.iter().find(begins).map(|&(.., name)| name)
}

/// What text these bytes are that is not supported.
pub(super) fn unsupported_text(bytes: &[u8]) -> Option<&'static str> {
    let is_utf_32 = UTF_32_MARKS.iter().any(|mark| bytes.starts_with(mark));
    is_utf_32.then_some("UTF-32 text, which is not supported")
}

/// The first byte, with its offset, that shows the file to be binary.
///
/// One NUL is enough: no encoding but UTF-16 and UTF-32 holds one in text, and those were recognised before. Other
/// control bytes do stray into text (terminal logs, bad converters); they decide only when they are more than one
/// byte in a hundred. NULs at the very end are what a crash leaves of a half-written file: not looked at.
pub(super) fn binary_byte(bytes: &[u8]) -> Option<(u8, usize)> {
    let text = without_nul_tail(bytes);
    if let Some(at) = memchr::memchr(0, text) {
        return Some((0, at));
    }
    let count = count_controls(text);
    if count < 4 || count * 100 <= text.len() {
        return None;
    }
    text.iter().enumerate().find(|&(_, &byte)| is_stray(byte)).map(|(at, &byte)| (byte, at))
}

/// Whether any byte is one that text seldom holds.
pub(super) fn has_control(bytes: &[u8]) -> bool {
    // Counting a block at a time is vectorised, looking for the first is not.
    bytes.chunks(4096).any(|block| count_controls(block) > 0)
}

fn count_controls(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| is_stray(byte)).count()
}

/// The bytes before a tail of NULs, all of them when nothing else is there.
pub(super) fn without_nul_tail(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().rposition(|&byte| byte != 0).map_or(bytes.len(), |at| at + 1);
    bytes.get(..end).unwrap_or(bytes)
}

/// Control bytes other than tab, line ends, form feed and the escape byte of terminals.
fn is_stray(byte: u8) -> bool {
    matches!(byte, 0x00..=0x08 | 0x0E..=0x1A | 0x1C..=0x1F | 0x7F)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_has_a_name() {
        assert_eq!(known_format(b"%PDF-1.7\n"), Some("a PDF"));
        assert_eq!(known_format(b"BZh91AY&SY"), Some("a bzip2 archive (unpack it)"));
        assert_eq!(known_format("BZhou 报告".as_bytes()), None);
        assert_eq!(known_format("报告".as_bytes()), None);
        assert!(unsupported_text(b"\xFF\xFE\0\0").is_some());
    }

    #[test]
    fn one_nul_inside_is_binary_and_a_tail_of_nuls_is_not() {
        assert_eq!(binary_byte(b"text\0text"), Some((0, 4)));
        assert_eq!(binary_byte(b"text\0\0\0"), None);
        assert_eq!(binary_byte(b"\0\0\0"), Some((0, 0)));
    }

    #[test]
    fn a_few_stray_controls_are_text_and_many_are_not() {
        let mut text = vec![b'a'; 1000];
        text.extend([0x01, 0x02, 0x03, 0x04, 0x7F]);
        assert_eq!(binary_byte(&text), None);
        assert_eq!(binary_byte(b"\x7f\x01\x02\x03\x04 text"), Some((0x7F, 0)));
    }
}
