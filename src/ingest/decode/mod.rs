//! Bytes to text: which encoding a report is in, and where each character of its text stands in the file.
//!
//! Decoding never invents: what can not be decided is [`DecodeError::Undecided`], what can not be decoded is U+FFFD
//! and counted. Invisible characters and line ends are left to cleaning. Read `detect` for how an encoding is found,
//! `mapped` for the places.

mod binary;
mod common;
mod detect;
mod garbled;
mod hz;
mod labels;
mod mapped;
#[cfg(feature = "archives")]
mod names;

pub use labels::{KNOWN_LABELS, UnknownLabel, encoding_for_label};
#[cfg(feature = "archives")]
pub(crate) use names::NameDecoder;

use crate::ingest::decode::detect::{Guess, LineKind, Lines, NoGuess};
use crate::ingest::decode::mapped::Sink;
use crate::model::{DecidedBy, EncodingReport, Note};
use crate::text::OffsetMap;
use encoding_rs::{BIG5, Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::ops::Range;

/// A margin below this is reported to the user.
const MARGIN_LOW: f32 = 0.1;

/// Texts longer than this are never valid UTF-8 by accident.
const ACCIDENT_BYTES_MAX: usize = 64;

/// How far a declared encoding may score behind its rival and still be believed.
const DECLARED_LAG_MAX: f32 = 0.3;

/// What is known about the encoding from outside the text.
#[derive(Debug, Clone, Copy, Default)]
pub struct DecodeOptions {
    /// The user's choice; only a byte order mark is believed more.
    pub forced: Option<&'static Encoding>,
    /// What the format declares (a `meta` tag, an XML declaration); believed when the bytes agree.
    pub declared: Option<&'static Encoding>,
}

/// The text of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Decoded {
    /// The text without byte order mark; bytes that could not be decoded are U+FFFD.
    pub text: String,
    /// Leads from `text` to the bytes of the file.
    pub map: OffsetMap,
    /// How the encoding was found.
    pub report: EncodingReport,
    /// What a person should know: `replacements`, `cut-start`, `cut-end`, `nul-tail`, `mixed-encodings`,
    /// `low-margin`, `repaired`, `mojibake`.
    pub notes: Vec<Note>,
}

/// Why a file gave no text.
#[derive(Debug, Clone, PartialEq, thiserror::Error, Serialize, Deserialize)]
#[non_exhaustive]
pub enum DecodeError {
    /// The first bytes are those of another format.
    #[error("not a text file: {format}")]
    Format {
        /// What it is, with its article: "a PDF".
        format: Cow<'static, str>,
    },
    /// A control byte that no text encoding uses; usually an image or an archive with a `.txt` name.
    #[error("not a text file: control byte 0x{byte:02x} at offset {offset}")]
    Binary {
        /// The byte met.
        byte: u8,
        /// Bytes from the start of the file.
        offset: usize,
    },
    /// Too little text to tell; nothing is guessed.
    #[error(
        "encoding undecided: not UTF-8, and too short to tell (characters outside ASCII: {characters}), perhaps {best}"
    )]
    TooShort {
        /// The encoding that fits best.
        best: Cow<'static, str>,
        /// Characters outside ASCII that it gives.
        characters: usize,
    },
    /// Two encodings fit about equally well.
    #[error(
        "encoding undecided: not UTF-8, and {best} fits better than {other} by {margin:.2} only"
    )]
    Undecided {
        /// The encoding that fits best.
        best: Cow<'static, str>,
        /// The one that fits nearly as well.
        other: Cow<'static, str>,
        /// How much better, 0 to 1.
        margin: f32,
    },
    /// The text is in no encoding that is guessed here, for example EUC-TW or a European one.
    #[error("encoding unknown: neither UTF-8, UTF-16, GB18030 nor Big5 gives Chinese text")]
    Unknown,
    /// The encoding the user chose does not fit the bytes.
    #[error(
        "not {encoding}: places that cannot be decoded: {replacements}, the first at offset {first}"
    )]
    WrongEncoding {
        /// The encoding chosen.
        encoding: Cow<'static, str>,
        /// Malformed places.
        replacements: usize,
        /// Offset of the first of them.
        first: usize,
    },
}

/// Decodes a file.
///
/// Order: byte order mark; the user's choice; HZ; valid UTF-8, also cut at either end; the declared encoding, if it
/// fits; UTF-16 without mark; damaged UTF-8, lines in different encodings, GB18030 against Big5.
///
/// Units: the map counts bytes, from the text to the file.
/// Errors: binary files, and text whose encoding can not be told.
pub fn decode(bytes: &[u8], options: &DecodeOptions) -> Result<Decoded, DecodeError> {
    if let Some(format) = binary::known_format(bytes).or_else(|| binary::unsupported_text(bytes)) {
        return Err(DecodeError::Format { format: format.into() });
    }
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        if encoding == UTF_8 {
            refuse_binary(bytes)?;
        }
        return Ok(whole(bytes, mark..bytes.len(), encoding, DecidedBy::Bom, None));
    }
    if let Some(encoding) = options.forced {
        return forced(bytes, encoding);
    }
    // Control bytes are what UTF-16 shows of itself, even where its bytes are valid UTF-8 by chance.
    let has_control = binary::has_control(bytes);
    if has_control && let Some(encoding) = detect::utf16_without_mark(bytes) {
        return Ok(whole(bytes, 0..bytes.len(), encoding, DecidedBy::Utf16Pattern, None));
    }
    let binary = if has_control { refuse_binary(bytes) } else { Ok(()) };
    if binary.is_ok()
        && let Some(sink) = hz::decode(bytes)
    {
        return Ok(finish(sink, bytes, "HZ-GB-2312".to_owned(), DecidedBy::Frequency, None));
    }
    if binary.is_ok()
        && let Some(body) = valid_utf8(bytes)
    {
        return Ok(whole(bytes, body, UTF_8, DecidedBy::Valid, None));
    }
    if !has_control && let Some(encoding) = detect::utf16_without_mark(bytes) {
        return Ok(whole(bytes, 0..bytes.len(), encoding, DecidedBy::Utf16Pattern, None));
    }
    binary?;
    if let Some(encoding) = options.declared
        && let Some(decoded) = declared(bytes, encoding)
    {
        return Ok(decoded);
    }
    let body = 0..binary::without_nul_tail(bytes).len();
    match detect::by_lines(bytes)? {
        Lines::DamagedUtf8 => Ok(whole(bytes, body, UTF_8, DecidedBy::Valid, None)),
        Lines::Mixed(guess) => Ok(line_by_line(bytes, body, guess)),
        Lines::Legacy(Guess { encoding, margin }) => {
            Ok(whole(bytes, body, encoding, DecidedBy::Frequency, Some(margin)))
        }
    }
}

/// Whether the first bytes of a file look like the start of a text.
pub(crate) fn is_text(start: &[u8]) -> bool {
    let has_mark = Encoding::for_bom(start).is_some();
    binary::known_format(start).is_none()
        && binary::unsupported_text(start).is_none()
        && (has_mark || refuse_binary(start).is_ok() || detect::utf16_without_mark(start).is_some())
}

/// The name of a format that is no text by its first bytes, with its article: "a PNG image".
pub(crate) fn known_format(start: &[u8]) -> Option<&'static str> {
    binary::known_format(start)
}

impl From<NoGuess> for DecodeError {
    fn from(no_guess: NoGuess) -> Self {
        match no_guess {
            NoGuess::TooShort { best, characters } => {
                Self::TooShort { best: encoding_name(best).into(), characters }
            }
            NoGuess::Tie { best, other, margin } => Self::Undecided {
                best: encoding_name(best).into(),
                other: encoding_name(other).into(),
                margin,
            },
            NoGuess::NoneFits => Self::Unknown,
        }
    }
}

/// The name used in reports: GBK and GB2312 are read, and named, as the GB18030 they are part of.
fn encoding_name(encoding: &'static Encoding) -> &'static str {
    if encoding == GBK || encoding == GB18030 { "GB18030" } else { encoding.name() }
}

fn refuse_binary(bytes: &[u8]) -> Result<(), DecodeError> {
    match binary::binary_byte(bytes) {
        Some((byte, offset)) => Err(DecodeError::Binary { byte, offset }),
        None => Ok(()),
    }
}

/// The part of the file that is valid UTF-8: all of it, or all but a character cut at either end and a tail of NULs.
fn valid_utf8(bytes: &[u8]) -> Option<Range<usize>> {
    let text = binary::without_nul_tail(bytes);
    let is_rest = |byte: &&u8| matches!(byte, 0x80..=0xBF);
    let start = text.iter().take(3).take_while(is_rest).count();
    let body = text.get(start..)?;
    let end = match std::str::from_utf8(body) {
        Ok(_) => body.len(),
        Err(error) if error.error_len().is_none() => error.valid_up_to(),
        Err(_) => return None,
    };
    let is_cut = start > 0 || end < body.len();
    // ASCII, or a few letters that two bytes of GBK also are, with odd bytes at an end prove nothing.
    let body = body.get(..end)?;
    let is_proved = !is_cut || body.iter().any(|&byte| byte >= 0xE0);
    (is_proved && !is_utf8_by_accident(body)).then_some(start..start + end)
}

/// Whether a short valid text is rather Chinese in a legacy encoding: `占` of GBK is also an Armenian letter of UTF-8.
fn is_utf8_by_accident(body: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(body.get(..ACCIDENT_BYTES_MAX + 1).unwrap_or(body)) else {
        return false;
    };
    let mut letters = text.chars().filter(|c| !c.is_ascii());
    // Latin letters with marks, as in pinyin, are meant.
    text.len() <= ACCIDENT_BYTES_MAX
        && letters.clone().any(|c| !('\u{A0}'..'\u{200}').contains(&c))
        && letters.all(|c| c < '\u{800}')
        && [GB18030, BIG5].iter().any(|encoding| detect::score(encoding, body) > 0.45)
}

/// Decodes by the user's choice, and refuses when it plainly does not fit.
fn forced(bytes: &[u8], encoding: &'static Encoding) -> Result<Decoded, DecodeError> {
    if encoding != UTF_16LE && encoding != UTF_16BE {
        refuse_binary(bytes)?;
    }
    let decoded = whole(bytes, 0..bytes.len(), encoding, DecidedBy::Option, None);
    let EncodingReport { replacements, first_replacement, .. } = decoded.report;
    let outside_ascii = decoded.text.chars().filter(|c| !c.is_ascii()).count();
    match first_replacement {
        Some(first) if replacements > 2 && replacements * 4 > outside_ascii => {
            Err(DecodeError::WrongEncoding {
                encoding: encoding_name(encoding).into(),
                replacements,
                first,
            })
        }
        _ => Ok(decoded),
    }
}

/// Decodes by the format's declaration, if it fits.
fn declared(bytes: &[u8], encoding: &'static Encoding) -> Option<Decoded> {
    if encoding == UTF_8 || encoding == UTF_16LE || encoding == UTF_16BE {
        return None; // The bytes were seen to be neither.
    }
    // Every file decodes without errors in a single-byte encoding; pages often declare one by mistake.
    if encoding.is_single_byte() && detect::legacy(bytes).is_ok() {
        return None;
    }
    let rival = if encoding == BIG5 { GB18030 } else { BIG5 };
    let is_chinese = encoding == BIG5 || encoding == GBK || encoding == GB18030;
    if is_chinese && detect::score(rival, bytes) > detect::score(encoding, bytes) + DECLARED_LAG_MAX
    {
        return None;
    }
    let decoded = whole(bytes, 0..bytes.len(), encoding, DecidedBy::Declared, None);
    (decoded.report.replacements == 0).then_some(decoded)
}

/// Decodes the part `body` of a file in one encoding.
fn whole(
    bytes: &[u8],
    body: Range<usize>,
    encoding: &'static Encoding,
    decided_by: DecidedBy,
    margin: Option<f32>,
) -> Decoded {
    let mut sink = Sink::default();
    let cut = sink.append(encoding, bytes.get(body.clone()).unwrap_or_default(), body.start);
    let name = encoding_name(encoding).to_owned();
    let mut decoded = finish(sink, bytes, name, decided_by, margin);
    if body.start > 0 && decided_by != DecidedBy::Bom {
        decoded.notes.push(Note::new("cut-start", format!("{} bytes", body.start)));
    }
    let text_end = binary::without_nul_tail(bytes).len().max(body.end);
    let cut = cut + text_end - body.end;
    if cut > 0 {
        decoded.notes.push(Note::new("cut-end", format!("{cut} bytes")));
    }
    if text_end < bytes.len() {
        decoded.notes.push(Note::new("nul-tail", format!("{} bytes", bytes.len() - text_end)));
    }
    decoded
}

/// Decodes a file whose lines are partly UTF-8, partly in a legacy encoding, as files glued together are.
fn line_by_line(bytes: &[u8], body: Range<usize>, guess: Guess) -> Decoded {
    let mut sink = Sink::default();
    let (mut at, mut cut, mut legacy_lines) = (body.start, 0, 0_usize);
    for line in detect::lines(bytes.get(body).unwrap_or_default()) {
        let encoding = match detect::kind_of_line(line) {
            LineKind::Foreign => {
                legacy_lines += 1;
                guess.encoding
            }
            LineKind::Ascii | LineKind::Utf8 | LineKind::DamagedUtf8 => UTF_8,
        };
        cut = sink.append(encoding, line, at); // Only the last line can end inside a character.
        at += line.len();
    }
    let name = format!("UTF-8 + {}", encoding_name(guess.encoding));
    let mut decoded = finish(sink, bytes, name, DecidedBy::LineByLine, Some(guess.margin));
    decoded.notes.push(Note::new(
        "mixed-encodings",
        format!("{legacy_lines} lines in {}", encoding_name(guess.encoding)),
    ));
    if cut > 0 {
        decoded.notes.push(Note::new("cut-end", format!("{cut} bytes")));
    }
    decoded
}

fn finish(
    sink: Sink,
    bytes: &[u8],
    encoding: String,
    decided_by: DecidedBy,
    margin: Option<f32>,
) -> Decoded {
    let (replacements, first_replacement) = (sink.replacements, sink.first_replacement);
    let (mut text, mut map) = sink.finish(bytes.len());
    let mut notes = Vec::new();
    let mut lost = 0;
    if let Some(again) = garbled::read_again(&text) {
        (text, map) = (again.text, map.then(&again.map));
        notes.push(Note::new("repaired", again.lines.to_string()));
        lost = again.lost;
    }
    if let Some(first) = first_replacement {
        notes.push(Note::new(
            "replacements",
            format!("{replacements}, the first at offset {first}"),
        ));
    }
    if let Some(margin) = margin.filter(|&margin| margin < MARGIN_LOW) {
        notes.push(Note::new("low-margin", format!("{margin:.2}")));
    }
    if lost > 0 {
        notes.push(Note::new("mojibake", format!("characters lost: {lost}")));
    } else if garbled::has_marks(&text) {
        notes.push(Note::new("mojibake", "marks of lost characters"));
    } else if is_mojibake(&text) {
        notes.push(Note::new("mojibake", "Latin letters where Han are expected"));
    }
    let report = EncodingReport { encoding, decided_by, margin, replacements, first_replacement };
    Decoded { text, map, report, notes }
}

/// Whether the text was already damaged before it was saved: Chinese bytes once read as Latin-1 (`ÖÐ¹ú`).
fn is_mojibake(text: &str) -> bool {
    // U+0080..U+00FF begin with these two bytes; most files hold none of them.
    if memchr::memchr2(0xC2, 0xC3, text.as_bytes()).is_none() {
        return false;
    }
    let (mut pairs, mut han, mut after_latin) = (0_usize, 0_usize, false);
    for c in text.chars() {
        let latin = ('\u{C0}'..='\u{FF}').contains(&c);
        pairs += usize::from(latin && after_latin);
        han += usize::from(('\u{4E00}'..='\u{9FFF}').contains(&c));
        after_latin = latin || (after_latin && ('\u{A0}'..='\u{BF}').contains(&c));
    }
    pairs >= 3 && pairs > han
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Span;
    use encoding_rs::{Encoder, EncoderResult};
    use proptest::prelude::*;
    use std::path::Path;

    const TEXT: &str = "示例县推进网格化管理，把办事窗口开到群众家门口。\n全县共有一百二十个网格，每个网格有一名工作人员。\n";
    const TRADITIONAL: &str = "示例縣推進網格化管理，把辦事窗口開到群眾家門口。\n全縣共有一百二十個網格，每個網格有一名工作人員。\n";

    fn plain(bytes: &[u8]) -> Result<Decoded, DecodeError> {
        decode(bytes, &DecodeOptions::default())
    }

    /// The text in another encoding; characters it lacks are left out.
    fn encoded(encoding: &'static Encoding, text: &str) -> Vec<u8> {
        if encoding == UTF_16LE {
            return text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        }
        if encoding == UTF_16BE {
            return text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        }
        let mut encoder: Encoder = encoding.new_encoder();
        let mut bytes = Vec::with_capacity(text.len() * 2 + 16);
        let mut rest = text;
        loop {
            let (result, read) =
                encoder.encode_from_utf8_to_vec_without_replacement(rest, &mut bytes, true);
            rest = rest.get(read..).unwrap();
            match result {
                EncoderResult::InputEmpty => return bytes,
                EncoderResult::OutputFull => bytes.reserve(16),
                EncoderResult::Unmappable(_) => {}
            }
        }
    }

    #[track_caller]
    fn check(bytes: &[u8], text: &str, encoding: &str, decided_by: DecidedBy) -> Decoded {
        let decoded = plain(bytes).unwrap();
        assert_eq!(decoded.text, text);
        assert_eq!(decoded.report.encoding, encoding);
        assert_eq!(decoded.report.decided_by, decided_by);
        assert_eq!(decoded.map.out_len(), decoded.text.len());
        assert_eq!(decoded.map.source_len(), bytes.len());
        decoded
    }

    fn codes(decoded: &Decoded) -> Vec<&str> {
        decoded.notes.iter().map(|note| note.code.as_str()).collect()
    }

    #[test]
    fn each_encoding_is_found() {
        check(TEXT.as_bytes(), TEXT, "UTF-8", DecidedBy::Valid);
        check(&encoded(GB18030, TEXT), TEXT, "GB18030", DecidedBy::Frequency);
        check(&encoded(BIG5, TRADITIONAL), TRADITIONAL, "Big5", DecidedBy::Frequency);
        check(&encoded(GB18030, TRADITIONAL), TRADITIONAL, "GB18030", DecidedBy::Frequency);
        check(&encoded(UTF_16LE, TEXT), TEXT, "UTF-16LE", DecidedBy::Utf16Pattern);
        check(&encoded(UTF_16BE, TEXT), TEXT, "UTF-16BE", DecidedBy::Utf16Pattern);
    }

    #[test]
    fn a_mark_is_skipped_and_its_bytes_belong_to_no_character() {
        let bytes = [b"\xEF\xBB\xBF".as_slice(), TEXT.as_bytes()].concat();
        let decoded = check(&bytes, TEXT, "UTF-8", DecidedBy::Bom);
        assert_eq!(decoded.map.to_source(Span::new(0, 3)), Span::new(3, 6));
        let bytes = [b"\xFE\xFF".as_slice(), &encoded(UTF_16BE, TEXT)].concat();
        check(&bytes, TEXT, "UTF-16BE", DecidedBy::Bom);
    }

    #[test]
    fn a_file_cut_inside_a_character_keeps_its_encoding() {
        let bytes = TEXT.as_bytes().get(1..TEXT.len() - 2).unwrap();
        let decoded = plain(bytes).unwrap();
        assert_eq!(decoded.text, TEXT.get(3..TEXT.len() - 4).unwrap());
        assert_eq!(codes(&decoded), ["cut-start", "cut-end"]);
        assert_eq!(decoded.report.replacements, 0);
        assert_eq!(decoded.map.to_source(Span::new(0, 3)), Span::new(2, 5));
    }

    #[test]
    fn a_damaged_byte_is_one_replacement_with_its_offset() {
        let mut bytes = TEXT.as_bytes().to_vec();
        bytes.insert(9, 0xFF);
        let decoded = plain(&bytes).unwrap();
        assert_eq!(decoded.report.encoding, "UTF-8");
        assert_eq!((decoded.report.replacements, decoded.report.first_replacement), (1, Some(9)));
        assert_eq!(codes(&decoded), ["replacements"]);
        let mut bytes = encoded(GB18030, TEXT);
        bytes.insert(6, 0xFF);
        let decoded = plain(&bytes).unwrap();
        assert_eq!(
            (decoded.report.encoding.as_str(), decoded.report.first_replacement),
            ("GB18030", Some(6))
        );
    }

    #[test]
    fn glued_files_are_read_line_by_line() {
        let bytes = [TEXT.as_bytes(), &encoded(GB18030, TEXT)].concat();
        let decoded = check(&bytes, &TEXT.repeat(2), "UTF-8 + GB18030", DecidedBy::LineByLine);
        assert_eq!(codes(&decoded), ["mixed-encodings"]);
        assert_eq!(
            decoded.map.to_source(Span::new(TEXT.len(), TEXT.len() + 3)),
            Span::new(TEXT.len(), TEXT.len() + 2)
        );
    }

    #[test]
    fn too_little_text_is_not_guessed() {
        assert!(matches!(plain(&encoded(GB18030, "治理网格")), Err(DecodeError::TooShort { .. })));
        assert!(matches!(
            plain(b"a caf\xe9 in the middle of nowhere"),
            Err(DecodeError::TooShort { .. })
        ));
        let forced = DecodeOptions { forced: Some(GBK), declared: None };
        assert_eq!(decode(&encoded(GB18030, "治理网格"), &forced).unwrap().text, "治理网格");
    }

    #[test]
    fn text_in_no_known_encoding_is_not_guessed() {
        let russian: Vec<u8> = encoded(
            encoding_rs::WINDOWS_1251,
            "В области открыты новые окна для обращений граждан.",
        );
        assert_eq!(plain(&russian), Err(DecodeError::Unknown));
    }

    #[test]
    fn binary_files_are_refused_with_the_place() {
        assert_eq!(plain(b"abc\0def"), Err(DecodeError::Binary { byte: 0, offset: 3 }));
        assert_eq!(plain(b"%PDF-1.4"), Err(DecodeError::Format { format: "a PDF".into() }));
        assert!(plain(b"").unwrap().text.is_empty());
    }

    #[test]
    fn a_tail_of_nuls_is_left_out_with_a_note() {
        let bytes = [TEXT.as_bytes(), &[0; 100]].concat();
        assert_eq!(codes(&check(&bytes, TEXT, "UTF-8", DecidedBy::Valid)), ["nul-tail"]);
        let bytes = [encoded(GB18030, TEXT).as_slice(), &[0; 7]].concat();
        assert_eq!(codes(&check(&bytes, TEXT, "GB18030", DecidedBy::Frequency)), ["nul-tail"]);
    }

    #[test]
    fn a_declaration_is_believed_when_the_bytes_agree() {
        let decode = |bytes: &[u8], declared| {
            let decoded =
                decode(bytes, &DecodeOptions { forced: None, declared: Some(declared) }).unwrap();
            (decoded.report.encoding, decoded.report.decided_by)
        };
        let expected = |name: &str, by| (name.to_owned(), by);
        assert_eq!(
            decode(&encoded(GB18030, "治理"), GBK),
            expected("GB18030", DecidedBy::Declared)
        );
        assert_eq!(decode(TEXT.as_bytes(), GBK), expected("UTF-8", DecidedBy::Valid));
        assert_eq!(
            decode(&encoded(GB18030, TEXT), UTF_8),
            expected("GB18030", DecidedBy::Frequency)
        );
        assert_eq!(
            decode(&encoded(GB18030, TEXT), encoding_rs::WINDOWS_1252),
            expected("GB18030", DecidedBy::Frequency)
        );
        assert_eq!(
            decode(&encoded(BIG5, TRADITIONAL), GBK),
            expected("Big5", DecidedBy::Frequency)
        );
        assert_eq!(
            decode(b"caf\xe9 au lait", encoding_rs::WINDOWS_1252),
            expected("windows-1252", DecidedBy::Declared)
        );
    }

    #[test]
    fn a_forced_encoding_that_does_not_fit_is_an_error() {
        let forced = DecodeOptions { forced: Some(UTF_8), declared: None };
        let error = decode(&encoded(GB18030, TEXT), &forced).unwrap_err();
        assert!(
            matches!(&error, DecodeError::WrongEncoding { encoding, .. } if encoding == "UTF-8"),
            "{error}"
        );
    }

    #[test]
    fn chinese_once_read_in_a_wrong_encoding_is_read_again_or_noted() {
        let latin = encoding_rs::WINDOWS_1252
            .decode_without_bom_handling(&encoded(GBK, TEXT))
            .0
            .into_owned();
        let decoded = plain(latin.as_bytes()).unwrap();
        assert_eq!((decoded.text.as_str(), codes(&decoded)), (TEXT, vec!["repaired"]));
        // One byte that was lost leaves no sure way back.
        let torn: String = latin.replacen('¡', "", 1);
        assert_eq!(codes(&plain(torn.as_bytes()).unwrap()).last(), Some(&"mojibake"));
        assert_eq!(codes(&plain("锟斤拷锟斤拷".as_bytes()).unwrap()), ["mojibake"]);
        assert!(codes(&plain("Café Orléans, Genève und Zürich".as_bytes()).unwrap()).is_empty());
    }

    proptest! {
        #[test]
        fn any_bytes_decode_or_are_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            if let Ok(decoded) = plain(&bytes) {
                prop_assert_eq!(decoded.map.out_len(), decoded.text.len());
                prop_assert_eq!(decoded.map.source_len(), bytes.len());
            }
        }
    }

    /// Real files with known text.
    #[test]
    fn shared_files_are_decoded_as_their_truth_says() {
        let Some(folder) = shared("data/encodings") else { return };
        let manifest = std::fs::read_to_string(folder.join("manifest.tsv")).unwrap();
        let (mut right, mut total) = (0, 0);
        for row in manifest.lines().skip(1) {
            let columns: Vec<&str> = row.split('\t').collect();
            let (path, truth) = (columns[0], columns[1]);
            let bytes = std::fs::read(folder.join(path)).unwrap();
            total += 1;
            let result = plain(&bytes);
            let fine = if truth == "EUC-TW" {
                result.is_err() // Not an encoding of the WHATWG standard: nothing must be guessed.
            } else if let Ok(expected) =
                std::fs::read_to_string(folder.join(format!("{path}.utf8")))
            {
                result.as_ref().is_ok_and(|decoded| similar(&decoded.text, &expected))
            } else {
                let encoding = encoding_for_label(truth.trim_end_matches("+BOM")).unwrap();
                let expected = encoding.decode(&bytes).0;
                result.as_ref().is_ok_and(|decoded| similar(&decoded.text, &expected))
            };
            right += usize::from(fine);
            if !fine {
                let got = result.map(|decoded| {
                    (decoded.report, decoded.text.chars().take(40).collect::<String>())
                });
                println!("wrong: {path} ({truth}, {}): {got:?}", columns[2]);
            }
        }
        println!("encodings: {right}/{total} right");
        assert!(right + 1 >= total, "{right} of {total}");
    }

    /// Pieces made from real text, as research on detectors made them; each class reaches its figure.
    #[test]
    fn shared_texts_in_pieces_are_decoded_or_refused() {
        for (encoding, texts) in shared_texts() {
            for length in [4, 8, 12, 16, 32, 64, 256] {
                let tally = Tally::of_pieces(encoding, &texts, length);
                println!("{}, {length} characters: {tally:?}", encoding.name());
                // Four characters are at times valid in another encoding too; from eight on nothing is wrong.
                assert!(length == 4 || tally.wrong == 0, "{} {length}: {tally:?}", encoding.name());
                assert!(
                    length < 16 || tally.right * 100 >= tally.all() * 98,
                    "{} {length}: {tally:?}",
                    encoding.name()
                );
            }
        }
    }

    #[test]
    fn shared_texts_cut_or_damaged_are_decoded() {
        for (encoding, texts) in shared_texts() {
            for text in &texts {
                let bytes = encoded(encoding, text);
                let lost: Vec<_> =
                    (0..6).filter(|&damage| !survives(&bytes, text, damage)).collect();
                assert!(
                    lost.is_empty(),
                    "{}: damage {lost:?} to {:?}…",
                    encoding.name(),
                    text.get(..30)
                );
            }
        }
    }

    /// What became of a class of texts.
    #[derive(Debug, Default)]
    struct Tally {
        right: usize,
        refused: usize,
        wrong: usize,
    }

    impl Tally {
        /// Sixty random pieces of each text.
        fn of_pieces(encoding: &'static Encoding, texts: &[String], length: usize) -> Self {
            let mut tally = Self::default();
            let mut random = 7_u32;
            for chars in texts.iter().map(|text| text.chars().collect::<Vec<_>>()) {
                for _ in 0..60 {
                    random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    let start = (random >> 8) as usize % (chars.len() - length);
                    let piece: String = chars[start..start + length].iter().collect();
                    tally.add(encoding, &piece);
                }
            }
            tally
        }

        fn add(&mut self, encoding: &'static Encoding, piece: &str) {
            if piece.is_ascii() {
                return;
            }
            match plain(&encoded(encoding, piece)) {
                Ok(decoded) if decoded.text == piece => self.right += 1,
                Ok(_) => self.wrong += 1,
                Err(_) => self.refused += 1,
            }
        }

        fn all(&self) -> usize {
            self.right + self.refused + self.wrong
        }
    }

    /// Each encoding with the texts it can hold, less the few characters it lacks.
    fn shared_texts() -> Vec<(&'static Encoding, Vec<String>)> {
        let Some(folder) = shared("seeds") else { return Vec::new() };
        let entries = std::fs::read_dir(folder).unwrap();
        let mut texts: Vec<String> =
            entries.map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap()).collect();
        texts.sort();
        let holds = |encoding, text: &str| encoding != BIG5 || text.contains('網');
        let as_held = |encoding: &'static Encoding, text: &str| {
            encoding.decode_without_bom_handling(&encoded(encoding, text)).0.into_owned()
        };
        [UTF_8, GB18030, BIG5, UTF_16LE, UTF_16BE]
            .into_iter()
            .map(|encoding| {
                let texts = texts.iter().filter(|text| holds(encoding, text));
                (encoding, texts.map(|text| as_held(encoding, text)).collect())
            })
            .collect()
    }

    /// Whether the text is found again after the damage of that number.
    fn survives(bytes: &[u8], text: &str, damage: usize) -> bool {
        let mut bytes = bytes.to_vec();
        let middle = bytes.len() / 2;
        let is_utf16 = bytes.len() == text.encode_utf16().count() * 2;
        match damage {
            0 => bytes.truncate(bytes.len() - 1),
            1 => bytes.truncate(bytes.len() - 2),
            2 if !is_utf16 => drop(bytes.drain(..1)),
            3 if !is_utf16 => drop(bytes.drain(..2)),
            4 => bytes[middle] = 0xFF,
            5 if !is_utf16 => drop(bytes.remove(middle)),
            _ => {}
        }
        plain(&bytes).is_ok_and(|decoded| similar(&decoded.text, text))
    }

    /// Nearly the same: 98 of 100 characters of the truth are there, and few others.
    fn similar(text: &str, truth: &str) -> bool {
        let count = |text: &str| {
            let mut counts = std::collections::HashMap::new();
            for c in text.chars().filter(|c| !c.is_whitespace() && *c != '\u{FEFF}') {
                *counts.entry(c).or_insert(0_usize) += 1;
            }
            counts
        };
        let (ours, theirs) = (count(text), count(truth));
        let all: usize = theirs.values().sum();
        let shared: usize =
            theirs.iter().map(|(c, n)| (*n).min(ours.get(c).copied().unwrap_or(0))).sum();
        let ours_all: usize = ours.values().sum();
        shared * 100 >= all * 98 && shared * 100 >= ours_all * 95
    }

    fn shared(path: &str) -> Option<std::path::PathBuf> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(path);
        if folder.exists() {
            return Some(folder);
        }
        println!("skipped: ../shared/{path} is not here");
        None
    }
}
