//! Where the lines of the untouched file begin, so that a byte place can be said as a line number.
//!
//! A line ends with `\r\n`, a lone `\r` or `\n`, as editors count; the other line separators of Unicode end no line
//! here, although cleaning treats them as line ends.

use crate::model::Span;
use crate::text::OffsetMap;
use serde::{Deserialize, Serialize};

/// The line starts of a file, in bytes of the untouched file.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LineIndex {
    /// Start of each line after the first, or after those that are left out, ascending.
    starts: Vec<usize>,
    /// Lines that are left out at the beginning of a part.
    #[serde(default)]
    before: usize,
}

impl LineIndex {
    /// The lines of the decoded text, led back to the bytes they came from; right for encodings whose line ends take
    /// more than one byte.
    ///
    /// Units: `map` leads from bytes of `text` to bytes of the file.
    pub fn from_decoded(text: &str, map: &OffsetMap) -> Self {
        let bytes = text.as_bytes();
        // Counted before, so that a file of many short lines takes no room for growing.
        let mut starts = Vec::with_capacity(memchr::memchr2_iter(b'\n', b'\r', bytes).count());
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            let followed_by_newline = bytes.get(at + 1) == Some(&b'\n');
            if bytes.get(at) == Some(&b'\r') && followed_by_newline {
                continue;
            }
            starts.push(map.to_source(Span::new(at, at + 1)).end());
        }
        Self { starts, before: 0 }
    }

    /// The index of the lines of a part of the file, which knows their numbers in the whole.
    pub(crate) fn part(&self, bytes: Span) -> Self {
        let first = self.starts.partition_point(|&start| start <= bytes.start());
        let within = self.starts.get(first..).unwrap_or_default();
        let starts = within.iter().copied().take_while(|&start| start <= bytes.end()).collect();
        Self { starts, before: self.before + first }
    }

    /// The start of each line after the first, or after those that are left out.
    pub(crate) fn starts(&self) -> &[usize] {
        &self.starts
    }

    /// Lines that are left out at the beginning.
    pub(crate) fn before(&self) -> usize {
        self.before
    }

    /// The index with these line starts behind so many other lines; `None` when they do not ascend or lie beyond
    /// `file_len`.
    pub(crate) fn from_starts(starts: Vec<usize>, before: usize, file_len: usize) -> Option<Self> {
        let sound = starts.is_sorted_by(|a, b| a < b)
            && starts.last().is_none_or(|&last| last <= file_len)
            && before <= file_len;
        sound.then_some(Self { starts, before })
    }

    /// The line a byte of the file stands in, counted from 1.
    pub fn line_of(&self, byte: usize) -> usize {
        self.before + self.starts.partition_point(|&start| start <= byte) + 1
    }

    /// First and last line of a byte range, both inclusive and counted from 1.
    pub fn lines_of(&self, bytes: Span) -> (usize, usize) {
        let last = if bytes.is_empty() { bytes.start() } else { bytes.end() - 1 };
        (self.line_of(bytes.start()), self.line_of(last))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::OffsetMapBuilder;

    #[test]
    fn every_kind_of_line_end_ends_one_line() {
        let text = "a\r\nb\rc\n\nd";
        let index = LineIndex::from_decoded(text, &OffsetMap::identity(text.len()));
        let lines: Vec<usize> = (0..text.len()).map(|byte| index.line_of(byte)).collect();
        assert_eq!(lines, [1, 1, 1, 2, 2, 3, 3, 4, 5]);
        assert_eq!(index.lines_of(Span::new(3, 6)), (2, 3));
    }

    #[test]
    fn lines_of_utf_16_are_found_in_its_bytes() {
        // "甲\n乙" in UTF-16 with a mark: 2 + 2 + 2 + 2 bytes.
        let mut builder = OffsetMapBuilder::default();
        builder.replace(0, 2);
        builder.replace(3, 2);
        builder.replace(1, 2);
        builder.replace(3, 2);
        let index = LineIndex::from_decoded("甲\n乙", &builder.finish());
        assert_eq!((index.line_of(5), index.line_of(6)), (1, 2));
    }
}
