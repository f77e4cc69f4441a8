//! Which encoding bytes are in, when neither a mark nor the user says so.
//!
//! Valid UTF-8 is believed. UTF-16 shows by the text it gives. Between GB18030 and Big5, which accept nearly all of
//! each other's bytes, the share of common characters decides ([`score`]). The thresholds were set on pieces of news
//! and statute text and checked on other text; see the tests of `decode`.

use crate::ingest::decode::common::is_common;
use encoding_rs::{BIG5, Encoding, GB18030, UTF_16BE, UTF_16LE};

/// Bytes looked at to choose between encodings; more changes no decision and costs time.
const SAMPLE_BYTES: usize = 256 << 10;

/// Texts with fewer characters are not guessed at.
const CHARACTERS_MIN: usize = 8;

/// Fewer characters outside ASCII prove nothing, however long the text.
const EVIDENCE_MIN: usize = 4;

/// A lead of the better guess below this is none.
const MARGIN_MIN: f32 = 0.02;

/// Right decodings of Chinese text score 0.6 to 0.95, wrong ones and other languages below 0.25.
const SCORE_MIN: f32 = 0.35;

/// Pieces of UTF-16 need this score, ASCII counted as common.
const UTF16_SCORE_MIN: f32 = 0.45;

/// A guess that could be made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Guess {
    pub(super) encoding: &'static Encoding,
    /// Score of this encoding less that of the other one, 0 to 1.
    pub(super) margin: f32,
}

/// Why no guess could be made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum NoGuess {
    /// Too few characters, in all or outside ASCII; the latter are given.
    TooShort { best: &'static Encoding, characters: usize },
    /// Both encodings fit.
    Tie { best: &'static Encoding, other: &'static Encoding, margin: f32 },
    /// No encoding gives Chinese text.
    NoneFits,
}

/// What the lines of a text that is not valid UTF-8 are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Lines {
    /// UTF-8 with some bad bytes.
    DamagedUtf8,
    /// Some lines are UTF-8, the others are in the guessed encoding.
    Mixed(Guess),
    /// One legacy encoding throughout.
    Legacy(Guess),
}

/// UTF-16 without a mark, when the bytes give sensible text in one of its byte orders.
pub(super) fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = bytes.get(..SAMPLE_BYTES).unwrap_or(bytes);
    if sample.len() < 2 * CHARACTERS_MIN {
        return None;
    }
    [UTF_16LE, UTF_16BE]
        .into_iter()
        .map(|encoding| (encoding, utf16_score(encoding, sample)))
        .filter(|&(_, score)| score > UTF16_SCORE_MIN)
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .map(|(encoding, _)| encoding)
}

/// Decides what bytes are that are neither valid UTF-8 nor UTF-16.
pub(super) fn by_lines(bytes: &[u8]) -> Result<Lines, NoGuess> {
    let mut utf8_lines = 0;
    let (mut utf8_bytes, mut foreign_bytes) = (0, 0);
    let mut foreign = Vec::new();
    for line in lines(bytes) {
        match kind_of_line(line) {
            LineKind::Ascii => continue,
            LineKind::Utf8 => {
                utf8_lines += 1;
                utf8_bytes += line.len();
                continue;
            }
            LineKind::DamagedUtf8 => utf8_bytes += line.len(),
            LineKind::Foreign => {
                foreign_bytes += line.len();
                if foreign.len() < SAMPLE_BYTES {
                    foreign.extend_from_slice(line.get(..SAMPLE_BYTES).unwrap_or(line));
                    foreign.push(b'\n');
                }
            }
        }
    }
    if foreign.is_empty() {
        return Ok(Lines::DamagedUtf8);
    }
    // A line of a legacy text can be valid UTF-8 by accident (1 of 3,194 lines measured): one is not enough.
    let mixed = utf8_lines >= 2 || utf8_bytes > foreign_bytes;
    match (legacy(&foreign), mixed) {
        (Ok(guess), true) => Ok(Lines::Mixed(guess)),
        (Ok(guess), false) => Ok(Lines::Legacy(guess)),
        (Err(_), true) if utf8_bytes > foreign_bytes => Ok(Lines::DamagedUtf8),
        (Err(no_guess), _) => Err(no_guess),
    }
}

/// GB18030 or Big5, by the share of common characters each of them gives.
pub(super) fn legacy(bytes: &[u8]) -> Result<Guess, NoGuess> {
    let sample = bytes.get(..SAMPLE_BYTES).unwrap_or(bytes);
    let candidates = [GB18030, BIG5].map(|encoding| (encoding, Evidence::of(encoding, sample)));
    let [mut best, mut other] = candidates;
    if other.1.score() > best.1.score() {
        std::mem::swap(&mut best, &mut other);
    }
    let margin = (best.1.score() - other.1.score()).min(1.0);
    let (encoding, evidence) = best;
    if evidence.characters < CHARACTERS_MIN || evidence.outside_ascii < EVIDENCE_MIN {
        Err(NoGuess::TooShort { best: encoding, characters: evidence.outside_ascii })
    } else if evidence.score() < SCORE_MIN {
        Err(NoGuess::NoneFits)
    } else if margin < MARGIN_MIN {
        Err(NoGuess::Tie { best: encoding, other: other.0, margin })
    } else {
        Ok(Guess { encoding, margin })
    }
}

/// How well the text that `encoding` gives looks like Chinese: 1 is all common characters; damage makes it negative.
pub(super) fn score(encoding: &'static Encoding, bytes: &[u8]) -> f32 {
    Evidence::of(encoding, bytes.get(..SAMPLE_BYTES).unwrap_or(bytes)).score()
}

/// What one line of a text looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineKind {
    Ascii,
    Utf8,
    DamagedUtf8,
    Foreign,
}

/// Whether a line is UTF-8, nearly UTF-8, or something else.
pub(super) fn kind_of_line(line: &[u8]) -> LineKind {
    if line.is_ascii() {
        return LineKind::Ascii;
    }
    match std::str::from_utf8(line) {
        // Two bytes of GBK are easily a valid Latin or Arabic letter, hardly ever several common Han.
        Ok(text) if text.chars().any(|c| !c.is_ascii() && is_common(c)) => return LineKind::Utf8,
        Ok(_) => return LineKind::Foreign,
        Err(_) => {}
    }
    let (mut good, mut common, mut bad) = (0_usize, 0_usize, 0_usize);
    for chunk in line.utf8_chunks() {
        let outside_ascii = chunk.valid().chars().filter(|c| !c.is_ascii());
        good += outside_ascii.clone().count();
        common += outside_ascii.filter(|&c| is_common(c)).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    // A lost byte costs up to two replacements; a legacy line is nothing but replacements.
    if good > 2 * bad && common > bad { LineKind::DamagedUtf8 } else { LineKind::Foreign }
}

/// The lines of a file with their line ends.
pub(super) fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split_inclusive(|&byte| byte == b'\n')
}

/// Counts over a decoded sample.
#[derive(Debug, Default, Clone, Copy)]
struct Evidence {
    characters: usize,
    outside_ascii: usize,
    common: usize,
    replaced: usize,
    /// Private use and C1 controls: unassigned codes of the encoding.
    odd: usize,
}

impl Evidence {
    fn of(encoding: &'static Encoding, bytes: &[u8]) -> Self {
        let mut evidence = Self::default();
        // Without `last`, a character cut at the end of the sample is no evidence against.
        let mut decoder = encoding.new_decoder_without_bom_handling();
        let mut text = String::with_capacity(
            decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(bytes.len()),
        );
        let _ = decoder.decode_to_string(bytes, &mut text, false);
        for c in text.chars() {
            evidence.characters += 1;
            if c.is_ascii() {
                continue;
            }
            evidence.outside_ascii += 1;
            match c {
                char::REPLACEMENT_CHARACTER => evidence.replaced += 1,
                '\u{80}'..='\u{9f}' | '\u{e000}'..='\u{f8ff}' => evidence.odd += 1,
                _ if is_common(c) => evidence.common += 1,
                _ => {}
            }
        }
        evidence
    }

    fn score(&self) -> f32 {
        let share = |count: usize| ratio(count, self.outside_ascii);
        (share(self.common) - 3.0 * share(self.replaced) - share(self.odd)).max(-1.0)
    }
}

/// The share of sensible characters of UTF-16 text less the share of impossible ones.
fn utf16_score(encoding: &'static Encoding, bytes: &[u8]) -> f32 {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut text =
        String::with_capacity(decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(bytes.len()));
    let _ = decoder.decode_to_string(bytes, &mut text, false);
    let (mut all, mut good, mut bad) = (0, 0, 0);
    for c in text.chars() {
        all += 1;
        match c {
            '\t' | '\n' | '\r' | ' '..='~' => good += 1,
            _ if is_common(c) => good += 1,
            '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffd}' | '\u{e000}'..='\u{f8ff}' => {
                bad += 1;
            }
            // Scripts that stand in no Chinese report; Yi, Mongolian, Tibetan, Arabic and Hangul do.
            '\u{100}'..='\u{2ff}'
            | '\u{700}'..='\u{ebf}'
            | '\u{1000}'..='\u{10ff}'
            | '\u{1200}'..='\u{17ff}' => {
                bad += 1;
            }
            _ => {}
        }
    }
    ratio(good, all) - ratio(bad, all)
}

/// `part` of `whole`, 0 of nothing.
fn ratio(part: usize, whole: usize) -> f32 {
    #[allow(
        clippy::cast_precision_loss,
        reason = "counts of a sample of at most 256 KiB are exact"
    )]
    let (part, whole) = (part as f32, whole.max(1) as f32);
    part / whole
}
