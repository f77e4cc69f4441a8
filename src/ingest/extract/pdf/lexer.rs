//! The words of page contents and of CMaps: both are written in the same small language.
//!
//! Nothing is refused here: what makes no sense is skipped, since viewers do so too.

use std::ops::Range;

/// Bytes of a name or string, in the [`Arena`] it was read into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slice {
    start: u32,
    end: u32,
}

/// Where unescaped names and strings are collected; emptied after each operator, so that none is allocated for itself.
#[derive(Debug, Default)]
pub(super) struct Arena {
    bytes: Vec<u8>,
}

impl Arena {
    pub(super) fn get(&self, slice: Slice) -> &[u8] {
        self.bytes.get(slice.start as usize..slice.end as usize).unwrap_or_default()
    }

    pub(super) fn clear(&mut self) {
        self.bytes.clear();
    }

    /// Where the next bytes will stand. A content stream is far smaller than 4 GiB.
    fn mark(&self) -> u32 {
        u32::try_from(self.bytes.len()).unwrap_or(u32::MAX)
    }

    fn since(&self, start: u32) -> Slice {
        Slice { start, end: self.mark() }
    }
}

/// One word.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Token<'a> {
    Number(f32),
    Name(Slice),
    Text(Slice),
    ArrayStart,
    ArrayEnd,
    DictStart,
    DictEnd,
    /// An operator, or `true`, `false`, `null`.
    Word(&'a [u8]),
}

/// More zero bytes between two words are a hole in the file.
const ZEROS_MAX: usize = 8;

/// Reads words from the front to the end.
#[derive(Debug)]
pub(super) struct Lexer<'a> {
    source: &'a [u8],
    at: usize,
    is_garbled: bool,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(source: &'a [u8]) -> Self {
        Self { source, at: 0, is_garbled: false }
    }

    /// Whether something was met that no writer writes: bytes of it were lost or overwritten, and the codes around them
    /// are not those that were meant.
    pub(super) fn is_garbled(&self) -> bool {
        self.is_garbled
    }

    /// The next word; `None` at the end.
    pub(super) fn next(&mut self, arena: &mut Arena) -> Option<Token<'a>> {
        loop {
            self.skip_blanks();
            let first = self.peek()?;
            let token = match first {
                b'[' => self.take(Token::ArrayStart),
                b']' => self.take(Token::ArrayEnd),
                b'<' if self.ahead(1) == Some(b'<') => self.take_two(Token::DictStart),
                b'>' if self.ahead(1) == Some(b'>') => self.take_two(Token::DictEnd),
                b'<' => self.hexadecimal(arena),
                b'(' => self.literal(arena),
                b'/' => self.name(arena),
                b'+' | b'-' | b'.' | b'0'..=b'9' => self.number(),
                // Lone delimiters, and the braces of PostScript functions.
                b'>' | b')' | b'{' | b'}' => {
                    self.at += 1;
                    continue;
                }
                _ => Token::Word(self.regular()),
            };
            return Some(token);
        }
    }

    /// Steps over the data of an inline image; to be called after its `ID`.
    ///
    /// Its length is nowhere written, so the end is an `EI` between blanks after which the content goes on with text.
    pub(super) fn skip_inline_image(&mut self) {
        // One blank parts `ID` from the data.
        let mut from = self.at + 1;
        while let Some(found) =
            self.source.get(from..).and_then(|rest| memchr::memmem::find(rest, b"EI"))
        {
            let at = from + found;
            let before = at.checked_sub(1).and_then(|before| self.source.get(before));
            let after = self.source.get(at + 2);
            let follows = at + 2..(at + 12).min(self.source.len());
            if before.is_none_or(|&byte| is_blank(byte))
                && after.is_none_or(|&byte| is_blank(byte))
                && self.is_plain(follows)
            {
                self.at = at + 2;
                return;
            }
            from = at + 2;
        }
        self.at = self.source.len();
    }

    fn is_plain(&self, range: Range<usize>) -> bool {
        let bytes = self.source.get(range).unwrap_or_default();
        bytes.iter().all(|&byte| matches!(byte, b'\t' | b'\n' | b'\r' | b' '..=b'~'))
    }

    fn peek(&self) -> Option<u8> {
        self.source.get(self.at).copied()
    }

    fn ahead(&self, by: usize) -> Option<u8> {
        self.source.get(self.at + by).copied()
    }

    fn take(&mut self, token: Token<'a>) -> Token<'a> {
        self.at += 1;
        token
    }

    fn take_two(&mut self, token: Token<'a>) -> Token<'a> {
        self.at += 2;
        token
    }

    fn skip_blanks(&mut self) {
        let mut zeros = 0;
        while let Some(byte) = self.peek() {
            zeros += usize::from(byte == 0);
            if byte == b'%' {
                while self.peek().is_some_and(|byte| byte != b'\n' && byte != b'\r') {
                    self.at += 1;
                }
            } else if is_blank(byte) {
                self.at += 1;
            } else {
                self.is_garbled |= zeros > ZEROS_MAX;
                return;
            }
        }
    }

    /// Bytes up to the next blank or delimiter; at least one, so that reading goes on.
    fn regular(&mut self) -> &'a [u8] {
        let start = self.at;
        self.at += 1;
        while self.peek().is_some_and(is_regular) {
            self.at += 1;
        }
        self.source.get(start..self.at).unwrap_or_default()
    }

    /// A number, read as viewers read damaged ones: `--5`, `1.2.3` and `4-2` end where they stop making sense.
    fn number(&mut self) -> Token<'a> {
        let word = self.regular();
        let digits = word.iter().position(|&byte| byte != b'+' && byte != b'-').unwrap_or(0);
        let negative = word.first() == Some(&b'-');
        let mut value = 0.0_f64;
        let mut scale = 1.0_f64;
        let mut after_point = false;
        for &byte in word.get(digits..).unwrap_or_default() {
            match byte {
                b'0'..=b'9' if after_point => {
                    scale /= 10.0;
                    value += f64::from(byte - b'0') * scale;
                }
                b'0'..=b'9' => value = value * 10.0 + f64::from(byte - b'0'),
                b'.' if !after_point => after_point = true,
                _ => break,
            }
        }
        #[expect(clippy::cast_possible_truncation, reason = "places on a page need no more digits")]
        let value = value.min(1e9) as f32;
        Token::Number(if negative { -value } else { value })
    }

    fn name(&mut self, arena: &mut Arena) -> Token<'a> {
        let start = arena.mark();
        self.at += 1;
        while let Some(byte) = self.peek().filter(|&byte| is_regular(byte)) {
            self.at += 1;
            let escaped = (byte == b'#')
                .then(|| Some(hex(self.peek()?)? << 4 | hex(self.ahead(1)?)?))
                .flatten();
            if escaped.is_some() {
                self.at += 2;
            }
            arena.bytes.push(escaped.unwrap_or(byte));
        }
        Token::Name(arena.since(start))
    }

    fn hexadecimal(&mut self, arena: &mut Arena) -> Token<'a> {
        let start = arena.mark();
        self.at += 1;
        let mut high = None;
        while let Some(byte) = self.peek() {
            self.at += 1;
            if byte == b'>' {
                break;
            }
            let Some(digit) = hex(byte) else {
                self.is_garbled |= byte == 0 || !is_blank(byte);
                continue;
            };
            match high.take() {
                Some(high) => arena.bytes.push(high << 4 | digit),
                None => high = Some(digit),
            }
        }
        if let Some(high) = high {
            arena.bytes.push(high << 4);
        }
        Token::Text(arena.since(start))
    }

    fn literal(&mut self, arena: &mut Arena) -> Token<'a> {
        let start = arena.mark();
        self.at += 1;
        let mut depth = 1_usize;
        while let Some(byte) = self.peek() {
            self.at += 1;
            match byte {
                b'\\' => {
                    if let Some(byte) = self.escape() {
                        arena.bytes.push(byte);
                    }
                    continue;
                }
                b'(' => depth += 1,
                b')' => {
                    depth -= 1;
                    if depth == 0 {
                        break;
                    }
                }
                // Any line end counts as one line feed.
                b'\r' => {
                    if self.peek() == Some(b'\n') {
                        self.at += 1;
                    }
                    arena.bytes.push(b'\n');
                    continue;
                }
                _ => {}
            }
            arena.bytes.push(byte);
        }
        Token::Text(arena.since(start))
    }

    /// What follows a backslash; `None` for a line that goes on.
    fn escape(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(match byte {
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'b' => 8,
            b'f' => 12,
            b'\n' => return None,
            b'\r' => {
                if self.peek() == Some(b'\n') {
                    self.at += 1;
                }
                return None;
            }
            b'0'..=b'7' => {
                let mut value = byte - b'0';
                for _ in 0..2 {
                    let Some(digit) = self.peek().filter(|byte| (b'0'..=b'7').contains(byte))
                    else {
                        break;
                    };
                    self.at += 1;
                    // The standard says to ignore the overflow.
                    value = value.wrapping_mul(8).wrapping_add(digit - b'0');
                }
                value
            }
            other => other,
        })
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, 0 | 9 | 10 | 12 | 13 | 32)
}

fn is_regular(byte: u8) -> bool {
    !is_blank(byte)
        && !matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

fn hex(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(source: &[u8]) -> Vec<String> {
        let mut arena = Arena::default();
        let mut lexer = Lexer::new(source);
        let mut words = Vec::new();
        while let Some(token) = lexer.next(&mut arena) {
            words.push(match token {
                Token::Number(number) => format!("{number}"),
                Token::Name(slice) => format!("/{}", arena.get(slice).escape_ascii()),
                Token::Text(slice) => format!("({})", arena.get(slice).escape_ascii()),
                Token::Word(word) => {
                    if word == b"ID" {
                        lexer.skip_inline_image();
                    }
                    word.escape_ascii().to_string()
                }
                other => format!("{other:?}"),
            });
        }
        words
    }

    #[track_caller]
    fn check(source: &[u8], expected: &[&str]) {
        assert_eq!(words(source), expected);
    }

    #[test]
    fn numbers_are_read_as_viewers_read_them() {
        check(b"1 -2.5 +.25 --3 1.5.2 4-2 .", &["1", "-2.5", "0.25", "-3", "1.5", "4", "0"]);
    }

    #[test]
    fn strings_are_unescaped() {
        check(
            br"(a\(b\)\101\n) (x(y)z) <41 4> (\
b)",
            &[r"(A)".replace('A', r"a(b)A\n").as_str(), "(x(y)z)", "(A@)", "(b)"],
        );
    }

    #[test]
    fn names_arrays_and_comments_are_told_apart() {
        check(
            b"/A#42[1/B]<</C(d)>>% no\nTj",
            &[
                "/AB",
                "ArrayStart",
                "1",
                "/B",
                "ArrayEnd",
                "DictStart",
                "/C",
                "(d)",
                "DictEnd",
                "Tj",
            ],
        );
    }

    #[test]
    fn the_data_of_an_inline_image_is_skipped() {
        check(
            b"BI /W 1 ID \x00EI\xff( EI \x80 (\nEI Q (a) Tj",
            &["BI", "/W", "1", "ID", "Q", "(a)", "Tj"],
        );
    }

    #[test]
    fn holes_are_noticed() {
        let is_garbled = |source: &[u8]| {
            let (mut arena, mut lexer) = (Arena::default(), Lexer::new(source));
            while lexer.next(&mut arena).is_some() {}
            lexer.is_garbled()
        };
        assert!(!is_garbled(b"\0<41 42\n43> (\0\0) Tj\0\0\0\0\0\0\0\0\0\0\0\0"));
        assert!(is_garbled(b"<41\0\0 42>"));
        assert!(is_garbled(b"<41 Tj (a>"));
        assert!(is_garbled(b"BT \0\0\0\0\0\0\0\0\0\0\0\0 ET"));
    }

    #[test]
    fn what_is_never_closed_ends_with_the_source() {
        check(b"(a", &["(a)"]);
        check(b"<4", &["(@)"]);
        check(b"ID ", &["ID"]);
    }
}
