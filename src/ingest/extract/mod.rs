//! Text out of its format, with what the format says about it and the place of every character.
//!
//! Each format is one file; none cleans, splits or judges the text. JSONL holds many reports and is read record by
//! record with [`JsonlRecords`]; archives are opened by `archive`.

mod blocks;
#[cfg(any(feature = "doc", feature = "sheets"))]
mod compound;
mod csv;
#[cfg_attr(not(feature = "doc"), path = "doc_off.rs")]
mod doc;
mod entity;
#[cfg(any(feature = "docx", feature = "doc"))]
mod equation;
mod form;
mod html;
mod jsonl;
mod markdown;
mod mhtml;
#[cfg_attr(not(feature = "docx"), path = "office_off.rs")]
mod office;
#[cfg(any(feature = "docx", feature = "sheets"))]
mod parts;
#[cfg_attr(not(feature = "pdf"), path = "pdf/not_built.rs")]
mod pdf;
mod plain;
#[cfg_attr(not(feature = "sheets"), path = "sheet/off.rs")]
mod sheet;
#[cfg(any(feature = "docx", feature = "doc"))]
mod story;
mod table;
#[cfg(any(feature = "docx", feature = "sheets"))]
#[cfg_attr(
    not(all(feature = "docx", feature = "sheets")),
    allow(
        dead_code,
        reason = "sheets stream their part, documents walk theirs: each uses a half of it"
    )
)]
mod xml;

pub(crate) use blocks::BlockText;
pub(crate) use csv::Parts as CsvParts;
pub use html::declared_encoding;
pub use jsonl::{JsonlRecords, Record, RecordCause, RecordError, RecordsOptions};

use crate::ingest::limits::{Limits, OverLimit};
use crate::ingest::{Extracted, Format, ReadOptions};
use crate::model::Date;
use crate::text::{OffsetMap, OffsetMapBuilder};
use regex::Regex;
use serde::{Deserialize, Serialize};
#[cfg(any(feature = "docx", feature = "doc", feature = "sheets", feature = "archives"))]
use std::io;
use std::ops::Range;
use std::sync::LazyLock;

/// Why a text could not be taken out of its format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[non_exhaustive]
pub enum ExtractError {
    /// The format holds many reports and is not read as one.
    #[error("holds many reports: read it record by record")]
    ManyReports,
    /// The file is not what it should be: cut off, or written wrongly.
    #[error("damaged {format}: {cause}")]
    Damaged {
        /// What it should be.
        format: Format,
        /// What is wrong with it.
        cause: String,
    },
    /// A password is needed to open it.
    #[error("encrypted {format}: save it without a password")]
    Encrypted {
        /// What it is.
        format: Format,
    },
    /// Its pages are pictures.
    #[error("scanned: pages without text: {pages} (--ocr COMMAND reads them)")]
    Scanned {
        /// Pages of the file.
        pages: usize,
    },
    /// Its fonts do not say which characters they draw.
    #[error("fonts without Unicode mapping: {percent} % of its characters can not be known")]
    Unmapped {
        /// Share of the characters that have no Unicode value.
        percent: u8,
        /// Pages of the file.
        pages: usize,
    },
    /// A format that this program knows but does not read.
    #[error("{what} is not read")]
    NotRead {
        /// What it is, with its article: "an RTF document".
        what: String,
    },
    /// A member of an archive whose name leads elsewhere.
    #[error("refused: {cause}")]
    Refused {
        /// What is wrong with it.
        cause: String,
    },
    /// The format's reader was left out of this build.
    #[error("{format} is not part of this build: build with feature `{feature}`")]
    NotBuilt {
        /// What it is.
        format: Format,
        /// The cargo feature that reads it.
        feature: String,
    },
    /// It is larger than allowed.
    #[error(transparent)]
    OverLimit(#[from] OverLimit),
    /// Members of an archive behind the place where the limit for all of it was met.
    #[error("{members} further members: {limit}")]
    OverLimitBeyond {
        /// How many.
        members: u64,
        /// The limit.
        limit: OverLimit,
    },
}

/// Takes the text out of a decoded file; the map leads to `text`.
pub fn text(text: String, format: Format, limits: &Limits) -> Result<Extracted, ExtractError> {
    match format {
        Format::Plain => Ok(plain::extract(text)),
        Format::Markdown => Ok(markdown::extract(&text)),
        Format::Html => Ok(html::extract(&text, limits)),
        Format::Csv => Ok(csv::extract(text)),
        _ => Err(ExtractError::ManyReports),
    }
}

/// Takes the text of one report out of the bytes of a packed file.
pub fn packed(
    bytes: &[u8],
    format: Format,
    options: &ReadOptions,
) -> Result<Extracted, ExtractError> {
    let limits = &options.limits;
    match format {
        Format::Mhtml => mhtml::extract(bytes, options),
        Format::Pdf => pdf::extract(bytes, limits),
        Format::Docx => office::docx(bytes, limits),
        Format::Odt => office::odt(bytes, limits),
        Format::Doc => doc::extract(bytes, limits),
        Format::Sheet => sheet::extract(bytes, limits),
        _ => Err(ExtractError::ManyReports),
    }
}

/// What it means that reading failed: want of memory is no damage of the file.
#[cfg(any(feature = "docx", feature = "doc", feature = "sheets", feature = "archives"))]
pub(crate) fn fault(
    error: &io::Error,
    limits: &Limits,
    damage: impl FnOnce() -> ExtractError,
) -> ExtractError {
    if error.kind() == io::ErrorKind::OutOfMemory {
        let limit = crate::ingest::limits::LimitName::Memory;
        return OverLimit::more_than(limit, limits.memory_bytes_max).into();
    }
    damage()
}

/// Text that is being taken, from left to right, out of a source.
struct Taken<'a> {
    source: &'a str,
    text: String,
    map: OffsetMapBuilder,
}

impl<'a> Taken<'a> {
    fn from(source: &'a str) -> Self {
        Self { source, text: String::new(), map: OffsetMapBuilder::default() }
    }

    /// Takes a part of the source over unchanged.
    fn copy(&mut self, part: Range<usize>) {
        self.map.skip_to(part.start);
        if let Some(text) = self.source.get(part) {
            self.text.push_str(text);
            self.map.copy(text.len());
        }
    }

    /// Puts `text` in the place of a part of the source.
    fn replace(&mut self, part: Range<usize>, text: &str) {
        self.map.skip_to(part.start);
        self.text.push_str(text);
        self.map.replace(text.len(), part.len());
    }

    fn finish(mut self) -> (String, OffsetMap) {
        self.map.skip_to(self.source.len());
        (self.text, self.map.finish())
    }
}

/// A date as formats declare it: `2023-06-19T08:00:00+08:00`, `2023/6/19`, `2023年6月`, `20230619`, `2023`.
fn declared_date(text: &str) -> Option<Date> {
    static SHAPE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:^|\D)((?:19|20)\d\d)(?:\s?[-/.年]\s?(\d{1,2})(?:\s?[-/.月]\s?(\d{1,2}))?|([01]\d)([0-3]\d)(?:\d{4,6})?)?(?:\D|$)")
            .expect("the pattern is constant")
    });
    let found = SHAPE.captures(text)?;
    let number = |group: usize| found.get(group).and_then(|digits| digits.as_str().parse().ok());
    Date::new(number(1)?, number(2).or(number(4)), number(3).or(number(5)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_the_shapes_formats_use() {
        let shown = |text| declared_date(text).map(|date| date.to_string()).unwrap_or_default();
        for text in [
            "2023-06-19T08:00:00+08:00",
            "2023/6/19",
            "发布于2023年6月19日 10:20",
            "20230619",
            "20230619101500",
        ] {
            assert_eq!(shown(text), "2023-06-19", "{text}");
        }
        assert_eq!(shown("2023年6月"), "2023-06");
        assert_eq!(shown("2023"), "2023");
        assert_eq!(shown("2023-13-01"), "");
        assert_eq!(shown("12020233"), "");
    }

    #[test]
    fn jsonl_is_not_one_report() {
        let result = text("{}".to_owned(), Format::Jsonl, &Limits::default());
        assert_eq!(result, Err(ExtractError::ManyReports));
    }

    #[test]
    #[cfg(feature = "docx")]
    fn want_of_memory_is_a_limit_and_no_damage() {
        let limits = Limits { memory_bytes_max: 64, ..Limits::default() };
        let of = |kind: io::ErrorKind| fault(&kind.into(), &limits, || ExtractError::ManyReports);
        assert_eq!(of(io::ErrorKind::UnexpectedEof), ExtractError::ManyReports);
        let message = of(io::ErrorKind::OutOfMemory).to_string();
        assert!(message.starts_with("takes more than 64 bytes of memory"), "{message}");
    }
}
