//! Text that was read in a wrong encoding before it was saved: read the wrong way back, and then in the right one.
//!
//! Three accidents are known: GBK or UTF-8 once read as Latin-1 (`ÖÐ¹ú`, `ä¸­å›½`) and UTF-8 once read as GBK
//! (`涓浗`). A line is read again only where the way back is sure: its bytes must give Chinese text without a fault,
//! or for UTF-8 nearly so; what was lost in between becomes U+FFFD. All other lines stay.

use crate::ingest::decode::common::is_common;
use crate::ingest::decode::detect::{self, LineKind};
use crate::ingest::decode::mapped::Sink;
use crate::model::Span;
use crate::text::{OffsetMap, OffsetMapBuilder};
use encoding_rs::{Encoding, GBK, UTF_8, WINDOWS_1252};

/// A text of which some lines were read again.
#[derive(Debug)]
pub(super) struct ReadAgain {
    pub(super) text: String,
    /// Leads to the text it was made from.
    pub(super) map: OffsetMap,
    /// How many lines were read again.
    pub(super) lines: usize,
    /// Characters lost on the way.
    pub(super) lost: usize,
}

/// A byte that stands in no UTF-8 and for no character of GBK: what was lost.
const LOST: u8 = 0xff;
/// Fewer pairs of Latin letters with marks prove nothing: names and foreign words have some.
const LATIN_PAIRS_MIN: usize = 3;
/// How well lines must look like Chinese when they are read again as GBK or Big5.
const SCORE_MIN: f32 = 0.6;

/// Reads the garbled lines of a text again, also of one that was garbled twice; `None` where no way back is sure.
pub(super) fn read_again(text: &str) -> Option<ReadAgain> {
    read_lines_again(text).or_else(|| {
        let once = undo_once(text)?;
        let again = read_lines_again(&once.text)?;
        let map = by_characters(&again.text, &once.map.then(&again.map));
        Some(ReadAgain { map, ..again })
    })
}

/// Undoes the reading of UTF-8 as Latin-1 throughout, whatever the text is then.
fn undo_once(text: &str) -> Option<ReadAgain> {
    if !Wrong::Latin.may_be_in(text) || text.chars().any(|c| Wrong::Latin.bytes(c) == [LOST]) {
        return None;
    }
    let mut map = OffsetMapBuilder::default();
    text.chars().for_each(|c| map.replace(1, c.len_utf8()));
    let text =
        String::from_utf8(text.chars().flat_map(|c| Wrong::Latin.bytes(c)).collect()).ok()?;
    Some(ReadAgain { text, map: map.finish(), lines: 0, lost: 0 })
}

fn read_lines_again(text: &str) -> Option<ReadAgain> {
    let wrong = [Wrong::Latin, Wrong::Gbk].into_iter().find(|wrong| wrong.may_be_in(text))?;
    let lines: Vec<(&str, Option<Vec<u8>>)> =
        text.split_inclusive('\n').map(|line| (line, wrong.bytes_of(line))).collect();
    // Short lines alone tell little of GBK and Big5: all lines together do.
    let foreign: Vec<u8> = lines
        .iter()
        .filter_map(|(_, bytes)| bytes.as_deref())
        .filter(|bytes| !is_utf8(bytes))
        .flatten()
        .copied()
        .collect();
    let legacy = detect::legacy(&foreign).ok().map(|guess| guess.encoding);
    let legacy = legacy
        .filter(|&encoding| wrong == Wrong::Latin && detect::score(encoding, &foreign) > SCORE_MIN);

    let mut sink = Sink::default();
    let mut to_text = OffsetMapBuilder::default();
    let (mut at, mut count) = (0, 0);
    for (line, bytes) in lines {
        let right = bytes.and_then(|bytes| right_encoding(&bytes, legacy).zip(Some(bytes)));
        let Some((encoding, bytes)) = right else {
            sink.append(UTF_8, line.as_bytes(), at);
            to_text.copy(line.len());
            at += line.len();
            continue;
        };
        sink.append(encoding, &bytes, at);
        line.chars().for_each(|c| to_text.replace(wrong.bytes(c).len(), c.len_utf8()));
        at += bytes.len();
        count += 1;
    }
    let lost = sink.replacements;
    let (text, map) = sink.finish(at);
    if count == 0 {
        return None;
    }
    let map = by_characters(&text, &to_text.finish().then(&map));
    Some(ReadAgain { text, map, lines: count, lost })
}

/// A map in which every character of the text leads to whole characters of the garbled one.
fn by_characters(text: &str, map: &OffsetMap) -> OffsetMap {
    let mut whole = OffsetMapBuilder::default();
    for (at, c) in text.char_indices() {
        let source = map.to_source(Span::new(at, at + c.len_utf8()));
        // Two characters may share a garbled one: the second takes what is left.
        let start = source.start().max(whole.source_len());
        whole.skip_to(start);
        whole.replace(c.len_utf8(), source.end().saturating_sub(start));
    }
    whole.skip_to(map.source_len());
    whole.finish()
}

/// Whether programs left their own marks of lost text: `锟斤拷` of replaced characters, `烫烫烫烫` and `屯屯屯屯` of
/// memory that was never filled.
pub(super) fn has_marks(text: &str) -> bool {
    ["锟斤拷", "烫烫烫烫", "屯屯屯屯"].iter().any(|mark| text.contains(mark))
}

/// In which encoding a garbled line reads as Chinese.
fn right_encoding(bytes: &[u8], legacy: Option<&'static Encoding>) -> Option<&'static Encoding> {
    if is_utf8(bytes) {
        return Some(UTF_8);
    }
    legacy.filter(|encoding| {
        encoding.decode_without_bom_handling_and_without_replacement(bytes).is_some()
    })
}

/// Whether bytes are UTF-8 that is mostly common Chinese, with few faults.
fn is_utf8(bytes: &[u8]) -> bool {
    if !matches!(detect::kind_of_line(bytes), LineKind::Utf8 | LineKind::DamagedUtf8) {
        return false;
    }
    let (mut good, mut common, mut bad) = (0_usize, 0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        let outside_ascii = chunk.valid().chars().filter(|c| !c.is_ascii());
        good += outside_ascii.clone().count();
        common += outside_ascii.filter(|&c| is_common(c)).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good >= 4 * bad && common * 2 > good
}

/// What a text was read as by mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wrong {
    Latin,
    Gbk,
}

impl Wrong {
    /// A quick look: most texts hold nothing of the kind.
    fn may_be_in(self, text: &str) -> bool {
        match self {
            // U+00C0..U+00FF begin with this byte.
            Self::Latin => memchr::memchr(0xC3, text.as_bytes()).is_some(),
            // What the comma and the full stop of UTF-8 begin with in GBK; no text has these characters often.
            Self::Gbk => text.matches(['锛', '銆']).nth(2).is_some(),
        }
    }

    /// The bytes that a line was read from; `None` where it was not read so.
    fn bytes_of(self, line: &str) -> Option<Vec<u8>> {
        match self {
            Self::Latin => {
                let is_latin = |c| c == char::REPLACEMENT_CHARACTER || self.bytes(c) != [LOST];
                (latin_pairs(line) >= LATIN_PAIRS_MIN && line.chars().all(is_latin))
                    .then_some(())?;
            }
            Self::Gbk => {
                line.contains(['锛', '銆', '鐨', '涓', '鍦', '鏄', '鍜', '浜']).then_some(())?;
            }
        }
        Some(line.chars().flat_map(|c| self.bytes(c)).collect())
    }

    /// The bytes of one character.
    fn bytes(self, c: char) -> Vec<u8> {
        let encoding = match (self, u8::try_from(c)) {
            (_, Ok(byte)) if c.is_ascii() || self == Self::Latin => return vec![byte],
            (Self::Latin, _) => WINDOWS_1252,
            (Self::Gbk, _) => GBK,
        };
        let mut buffer = [0; 4];
        let (bytes, _, unmappable) = encoding.encode(c.encode_utf8(&mut buffer));
        if unmappable { vec![LOST] } else { bytes.into_owned() }
    }
}

/// How often two Latin letters with marks, or a letter and a sign, stand side by side, less the Han.
fn latin_pairs(text: &str) -> usize {
    let (mut pairs, mut han, mut after_latin) = (0_usize, 0_usize, false);
    for c in text.chars() {
        let letter = ('\u{C0}'..='\u{FF}').contains(&c);
        let high = letter || WINDOWS_1252_SIGNS.contains(&c) || ('\u{80}'..'\u{C0}').contains(&c);
        pairs += usize::from(high && after_latin);
        han += usize::from(('\u{4E00}'..='\u{9FFF}').contains(&c));
        after_latin = letter || (after_latin && high);
    }
    pairs.saturating_sub(han)
}

/// What Windows shows for the bytes 80 to 9F.
const WINDOWS_1252_SIGNS: [char; 27] = [
    '€', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 'Ž', '‘', '’', '“', '”', '•', '–',
    '—', '˜', '™', 'š', '›', 'œ', 'ž', 'Ÿ',
];

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "示例县种树\n　　示例县今年种了一千二百棵树，村民都来领树苗。山脚村修好了水渠，种上了柳树。\n";

    /// Checks what becomes of a garbled text, and that every character leads to its own garbled ones.
    #[track_caller]
    fn check(garbled: &str, expected: &str) {
        let again = read_again(garbled).expect("a way back");
        assert_eq!(again.text, expected);
        again.map.assert_sound(garbled, &again.text);
        for (at, c) in again.text.char_indices() {
            let span = again.map.to_source(Span::new(at, at + c.len_utf8()));
            assert!(garbled.get(span.range()).is_some_and(|part| !part.is_empty()), "{c}");
        }
    }

    fn latin_1(bytes: &[u8]) -> String {
        bytes.iter().copied().map(char::from).collect()
    }

    #[test]
    fn what_was_read_as_latin_is_read_again() {
        check(&latin_1(&GBK.encode(TEXT).0), TEXT);
        check(&latin_1(TEXT.as_bytes()), TEXT);
        check(&WINDOWS_1252.decode_without_bom_handling(TEXT.as_bytes()).0, TEXT);
        check(&WINDOWS_1252.decode_without_bom_handling(&GBK.encode(TEXT).0).0, TEXT);
    }
    #[test]
    fn lines_that_are_right_stay() {
        let mixed = format!("山脚村的路\n{}也通了。\n", latin_1(TEXT.as_bytes()));
        check(&mixed, &format!("山脚村的路\n{TEXT}也通了。\n"));
    }
    #[test]
    fn utf_8_read_as_gbk_is_read_again_and_what_is_lost_is_said() {
        let garbled = GBK.decode_without_bom_handling(TEXT.repeat(3).as_bytes()).0.into_owned();
        let again = read_again(&garbled).unwrap();
        assert!(again.lost > 0 && again.text.contains("今年种了一千二百棵"), "{}", again.text);
        again.map.assert_sound(&garbled, &again.text);
    }
    #[test]
    fn foreign_words_and_rare_characters_stay() {
        for text in [
            "Café, naïveté, garçon, forêt, très élégant, château, œuvre.\nÜber Größe, Äußeres, süß, öde.\n",
            "示例县与 São Paulo、Düsseldorf、Reykjavík 结为友好城市。\n",
            "锛是一种化学元素，銆是另一个字，锛和銆都少见。\n",
            "各村的路修好了，全县都种了树。\n",
        ] {
            assert!(read_again(text).is_none(), "{text}");
        }
    }
    #[test]
    fn the_marks_of_programs_are_known() {
        assert!(has_marks("树苗锟斤拷锟斤拷") && has_marks("烫烫烫烫烫"));
        assert!(!has_marks("水很烫烫烫，车队屯屯。"));
    }
}
