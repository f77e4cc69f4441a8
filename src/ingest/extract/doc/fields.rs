//! Fields whose text stands in their code: phonetic guides, enclosed characters and other equations.
//!
//! The library drops the code of every field. What an equation shows is therefore left standing in the text, and what
//! it does not show is overwritten with a sign that shows nothing, before the library reads it. Word 6 is left as it
//! is: its text has no encoding of its own.

use crate::ingest::extract::doc::file::WordFile;
use crate::ingest::extract::equation;
use crate::ingest::little_endian::u16_at;

/// Begin, separator and end of a field; its code stands between the first two.
pub(super) const FIELD_BEGIN: char = '\u{13}';
pub(super) const FIELD_SEPARATOR: char = '\u{14}';
pub(super) const FIELD_END: char = '\u{15}';

/// Shows nothing: the place where a word may be parted.
const NOTHING: char = '\u{1f}';
/// Stands for half of a character of four bytes: any letter does, since it is only looked at.
const HALF: char = '字';

/// Longer fields are no equations.
const FIELD_CHARS_MAX: usize = 4_096;
/// Fields inside one another; more are not told apart.
const FIELDS_MAX: usize = 32;

/// Leaves of equations what they show.
pub(super) fn show_equations(file: &mut WordFile) {
    if !file.is_word_97() {
        return;
    }
    let mut fields = Fields::default();
    for piece in file.text_pieces() {
        let start = usize::try_from(piece.offset).unwrap_or(usize::MAX);
        let width = if piece.is_wide { 2 } else { 1 };
        for offset in (0..piece.bytes().unwrap_or(0)).step_by(width) {
            let at = start.saturating_add(offset);
            let document = &mut file.document;
            let c = if piece.is_wide {
                u16_at(document, at).map(|unit| char::from_u32(unit.into()).unwrap_or(HALF))
            } else {
                document.get(at).map(|&byte| char::from(byte))
            };
            let Some(c) = c else { return };
            fields.add(Place { at, is_wide: piece.is_wide, c }, document);
        }
    }
}

/// A character of the text.
#[derive(Clone, Copy)]
struct Place {
    at: usize,
    is_wide: bool,
    c: char,
}

impl Place {
    /// Overwrites the character; a sign that narrow text has not becomes a space.
    fn write(self, c: char, document: &mut [u8]) {
        if self.is_wide {
            let unit = u16::try_from(u32::from(c)).unwrap_or(0xfffd).to_le_bytes();
            if let Some(place) = document.get_mut(self.at..self.at + 2) {
                place.copy_from_slice(&unit);
            }
        } else if let Some(place) = document.get_mut(self.at) {
            *place = u8::try_from(c).ok().filter(u8::is_ascii).unwrap_or(b' ');
        }
    }
}

/// The fields that are open.
#[derive(Default)]
struct Fields {
    /// The characters from the first mark on.
    open: Vec<Place>,
    /// Where in them each field begins, and where its result does.
    starts: Vec<(usize, Option<usize>)>,
}

impl Fields {
    fn add(&mut self, place: Place, document: &mut [u8]) {
        match place.c {
            // A field ends with its paragraph: one left open by a damaged file would take in all that follows.
            '\r' | '\u{7}' => self.clear(),
            FIELD_BEGIN if self.starts.len() < FIELDS_MAX => {
                self.starts.push((self.open.len(), None));
                self.open.push(place);
            }
            _ if self.starts.is_empty() => {}
            _ if self.open.len() >= FIELD_CHARS_MAX => self.clear(),
            c => {
                self.open.push(place);
                match (c, self.starts.last_mut()) {
                    (FIELD_SEPARATOR, Some(start)) => start.1 = Some(self.open.len()),
                    (FIELD_END, Some(_)) => self.end(document),
                    _ => {}
                }
            }
        }
    }

    fn clear(&mut self) {
        self.open.clear();
        self.starts.clear();
    }

    /// Ends the innermost field, whose mark was the last character.
    fn end(&mut self, document: &mut [u8]) {
        let Some((start, result)) = self.starts.pop() else { return };
        let end = self.open.len().saturating_sub(1);
        let code: Vec<char> = match result {
            None => {
                self.open.get(start + 1..end).unwrap_or_default().iter().map(|it| it.c).collect()
            }
            Some(_) => Vec::new(),
        };
        // Of what is open only the view changes where the field stays as it is: a field round it sees no code.
        if let Some(shown) = equation::shown(&code) {
            let marks = [start, end].into_iter().filter_map(|at| self.open.get(at));
            marks.for_each(|mark| mark.write(NOTHING, document));
            let places = self.open.get_mut(start + 1..end).unwrap_or_default();
            for (place, shown) in places.iter_mut().zip(shown) {
                let shown = shown.unwrap_or(NOTHING);
                if shown != place.c {
                    place.write(shown, document);
                    place.c = shown;
                }
            }
        } else {
            let code = start..result.unwrap_or(end);
            self.open.get_mut(code).unwrap_or_default().iter_mut().for_each(|it| it.c = NOTHING);
        }
        for mark in [start, end] {
            self.open.get_mut(mark).into_iter().for_each(|mark| mark.c = NOTHING);
        }
        if self.starts.is_empty() {
            self.open.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::extract::doc::boxes;
    use crate::ingest::extract::doc::file::tests::{Told, piece_table};
    use crate::ingest::limits::Limits;

    fn wide(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    /// Text in pieces, read as that of a text box.
    #[track_caller]
    fn check_pieces(pieces: &[(&[u8], bool)], expected: &[&str]) {
        let (mut list, mut bytes, mut chars) = (Vec::new(), Vec::new(), 0);
        for (text, is_wide) in pieces {
            let len = u32::try_from(text.len()).unwrap() / if *is_wide { 2 } else { 1 };
            list.push((len, 1024 + u32::try_from(bytes.len()).unwrap(), *is_wide));
            bytes.extend_from_slice(text);
            chars += len;
        }
        let mut told = Told { tables: vec![(33, piece_table(&list))], ..Told::default() };
        told.counts[9] = chars;
        let file = WordFile::open(&told.container(&bytes), &Limits::default()).unwrap();
        assert_eq!(boxes::paragraphs(&file), expected);
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        check_pieces(&[(&wide(text), true)], &[expected]);
    }

    #[test]
    fn an_equation_leaves_what_it_shows() {
        check(
            "云岭县\u{13} EQ \\* jc2 \\* hps10 \\o\\al(\\s\\up 10(yí),彝) \u{15}族",
            "云岭县彝族",
        );
        check("第\u{13}eq \\o\\ac(○,甲)\u{15}组", "第甲组");
        check("\u{13}EQ \\o\\ad(\\s\\up 9(hū),𠮨)\u{15}", "𠮨");
        check("占\u{13}EQ \\f(3,4)\u{15}。", "占3/4。");
    }

    #[test]
    fn other_fields_stay_as_they_are() {
        check("第\u{13}PAGE\u{14}7\u{15}页\u{13}ASK 名\u{15}", "第7页");
        // With a result, an equation shows that.
        check("\u{13}EQ \\f(1,2)\u{14}半\u{15}数", "半数");
        check("开\u{13}EQ \\o(甲\r", "开");
    }

    #[test]
    fn fields_in_an_equation_show_their_results() {
        check("\u{13}EQ \\o\\ac(○,\u{13}REF a,b\u{14}乙\u{15})\u{15}组", "乙组");
        check("\u{13}EQ \\o\\ac(○,\u{13}EQ \\f(1,2)\u{15})\u{15}组", "1/2组");
        check("\u{13}IF 甲\u{13}EQ \\f(1,2)\u{15}\u{14}果\u{15}", "果");
    }

    #[test]
    fn a_field_may_lie_in_pieces_of_both_widths() {
        let (code, base, end) =
            (wide("云\u{13}EQ \\o\\al(\\s\\up 9(yí),"), wide("彝"), b")\x15zu".as_slice());
        check_pieces(&[(&code, true), (&base, true), (end, false)], &["云彝zu"]);
        check_pieces(&[(b"\x13EQ \\r(2)\x15", false)], &[" 2"]);
    }

    #[test]
    fn a_field_without_end_takes_nothing_in() {
        let open = format!("\u{13}EQ \\o(甲,{}", "乙".repeat(10_000));
        check_pieces(&[(&wide(&open), true)], &[]);
        let many = format!("{}文", "\u{13}EQ \\f(1,2)\u{15}".repeat(3_000));
        check(&many, &format!("{}文", "1/2".repeat(3_000)));
    }
}
