//! Characters shifted by half: a web converter that makes full-width signs half-width byte by byte over GBK text.
//!
//! In `。基` (A1 A3, BB F9) it sees A3 BB, the full-width semicolon, and writes `;`. The lead byte A1 stays alone and
//! becomes `?`, and all that follows is read one byte off: `。基層黨` turns into `?;鶎狱h`, until a byte below 80 brings
//! the reading back in step. The way back: put A3 and the sign's byte before the GBK bytes of the run and read again.
//! Only the character whose lead byte was lost cannot be known; it becomes U+FFFD.
//!
//! A run is repaired only when every Han character it gives is a common one, which a run that was never shifted does
//! not do; `吗?(是)` and `??` in ordinary text stay.

use crate::text::tokens::is_han;
use crate::text::{OffsetMap, OffsetMapBuilder};
use encoding_rs::GBK;
use std::borrow::Cow;

/// Stands for a character of which only one byte is left.
const LOST: char = '\u{fffd}';
/// The longest runs seen have 12 characters; a much longer one is a coincidence.
const RUN_CHARS_MAX: usize = 40;

/// Puts shifted runs back in step.
///
/// Units: the map counts bytes of UTF-8, from the result to `text`.
/// Errors: none; text without such runs is returned borrowed.
pub fn realign(text: &str) -> (Cow<'_, str>, OffsetMap) {
    let mut realigned = String::new();
    let mut map = OffsetMapBuilder::default();
    let mut done = 0;
    for (at, run) in runs(text) {
        realigned.push_str(text.get(done..at).unwrap_or_default());
        map.copy(at - done);
        realigned.push_str(&run.text);
        map.replace(run.text.len(), run.source_len);
        done = at + run.source_len;
    }
    if done == 0 {
        return (Cow::Borrowed(text), OffsetMap::identity(text.len()));
    }
    realigned.push_str(text.get(done..).unwrap_or_default());
    map.copy(text.len() - done);
    (Cow::Owned(realigned), map.finish())
}

/// How many runs [`realign`] would put back.
pub fn count_runs(text: &str) -> usize {
    runs(text).count()
}

/// The runs with the byte each begins at; none overlaps the one before.
fn runs(text: &str) -> impl Iterator<Item = (usize, Run)> {
    let mut done = 0;
    memchr::memchr_iter(b'?', text.as_bytes()).filter_map(move |at| {
        let run = (at >= done).then(|| text.get(at..).and_then(read_run))??;
        done = at + run.source_len;
        Some((at, run))
    })
}

/// A run that was put back in step.
struct Run {
    text: String,
    /// Bytes of UTF-8 it takes in the source.
    source_len: usize,
}

/// Reads a run from its `?` on; `None` where nothing was shifted.
fn read_run(text: &str) -> Option<Run> {
    let mut chars = text.char_indices().skip(1);
    let (_, sign) = chars.next().filter(|(_, c)| c.is_ascii_punctuation())?;
    let mut read = String::from(LOST);
    let mut pending = u8::try_from(sign).ok()? | 0x80;
    for (at, c) in chars.take(RUN_CHARS_MAX) {
        let mut in_step = false;
        match u8::try_from(c) {
            // The rest of a character lost its own second byte here.
            Ok(b'?') => {
                read.push(LOST);
                in_step = true;
            }
            Ok(byte @ 0x40..=0x7e) => {
                read.push(read_pair(pending, byte)?);
                in_step = true;
            }
            // The same accident once more: A3 belonged to this character.
            Ok(byte @ 0x21..=0x3f) => {
                read.push(read_pair(pending, 0xa3)?);
                pending = byte | 0x80;
            }
            _ => {
                let (lead, trail) = gbk_bytes(c)?;
                read.push(read_pair(pending, lead)?);
                pending = trail;
            }
        }
        if in_step {
            let known = read.chars().filter(|&c| c != LOST).count();
            return (known > 0).then_some(Run { text: read, source_len: at + c.len_utf8() });
        }
    }
    None
}

/// The character two bytes stand for, when it is one that reports use.
fn read_pair(lead: u8, trail: u8) -> Option<char> {
    let bytes = [lead, trail];
    let read = GBK.decode_without_bom_handling_and_without_replacement(&bytes)?;
    let mut chars = read.chars();
    let c = chars.next().filter(|_| chars.next().is_none())?;
    let sign = matches!(
        c,
        '。' | '，'
            | '、'
            | '；'
            | '：'
            | '“'
            | '”'
            | '‘'
            | '’'
            | '《'
            | '》'
            | '（'
            | '）'
            | '…'
            | '—'
            | '·'
            | '！'
            | '？'
            | '【'
            | '】'
    );
    (sign || is_common(c)).then_some(c)
}

/// Whether a Han character, Simplified or Traditional, is one of the 3,755 of GB 2312's first level.
fn is_common(c: char) -> bool {
    let simplified = crate::text::script::to_simplified(c.encode_utf8(&mut [0; 4])).chars().next();
    let first_level = |c| {
        gbk_bytes(c).is_some_and(|(lead, trail)| (0xb0..=0xd7).contains(&lead) && trail >= 0xa1)
    };
    is_han(c) && (first_level(c) || simplified.is_some_and(first_level))
}

/// The two bytes of a character in GBK.
fn gbk_bytes(c: char) -> Option<(u8, u8)> {
    let mut buffer = [0; 4];
    let (bytes, _, unmappable) = GBK.encode(c.encode_utf8(&mut buffer));
    match (bytes.as_ref(), unmappable) {
        (&[lead, trail], false) => Some((lead, trail)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(input: &str, expected: &str) {
        let (text, map) = realign(input);
        assert_eq!(text, expected);
        map.assert_sound(input, &text);
    }

    /// What the converter makes of a text: every A3 with a byte of a sign behind it becomes the sign.
    fn shift(text: &str) -> String {
        let (bytes, _, _) = GBK.encode(text);
        let mut shifted = Vec::new();
        let mut at = 0;
        while at < bytes.len() {
            match (bytes[at], bytes.get(at + 1)) {
                (0xa3, Some(&sign @ 0xa1..=0xfe)) if (sign & 0x7f).is_ascii_punctuation() => {
                    shifted.push(sign & 0x7f);
                    at += 2;
                }
                (byte, _) => {
                    shifted.push(byte);
                    at += 1;
                }
            }
        }
        GBK.decode_without_bom_handling(&shifted).0.replace(LOST, "?")
    }

    #[test]
    fn a_shifted_run_is_read_again() {
        let shifted = shift("支持。基層黨建");
        assert_eq!(shifted, "支持?;鶎狱h建");
        check(&shifted, "支持\u{fffd}基層黨建");
    }
    #[test]
    fn a_lost_sign_may_be_followed_by_another() {
        let shifted = shift("成效。”黨建");
        assert_eq!(shifted, "成效?!秉h建");
        check(&shifted, "成效\u{fffd}”黨建");
    }
    #[test]
    fn a_run_ends_too_where_a_second_byte_was_lost() {
        check("青?;ブ?土族", "青\u{fffd}互\u{fffd}土族");
    }
    #[test]
    fn a_gloss_behind_the_run_stays_for_the_gloss_rule() {
        check("??偨Y(jié)梳理", "\u{fffd}總結(jié)梳理");
    }
    #[test]
    fn ordinary_questions_stay() {
        for text in
            ["好吗?(是)", "真的?!", "什么??啊A", "为何?“因为A", "a?b:c", "?;", "谁?,他说A级"]
        {
            check(text, text);
        }
    }
}
