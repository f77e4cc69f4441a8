//! Plain data that travels between the parts: what a report, an article and a paragraph are.
//!
//! No IO and no engine types. Who fills it: `ingest` (text, places, dates), `tag` (regions, measures). Read
//! `text/offset_map.rs` next for how a place in cleaned text leads back to the source.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Version of the rules of `ingest` that clean and split text; raised with every change that gives other paragraphs,
/// titles or dates.
/// An index made with another is read again.
pub const CLEANING_VERSION: &str = "5";

/// Why a tag path was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a tag path: {0:?} (wanted names joined by single slashes)")]
pub struct BadPath(pub String);

macro_rules! tag_path {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Checks that the path is names joined by single slashes, without a slash at either end.
            pub fn new(path: impl Into<String>) -> Result<Self, BadPath> {
                let path = path.into();
                if path.split('/').any(|name| name.trim().is_empty()) {
                    return Err(BadPath(path));
                }
                Ok(Self(path))
            }

            /// Joins names; a slash inside a name is stored as U+2215 DIVISION SLASH.
            pub fn from_names<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Self, BadPath> {
                let names: Vec<String> = names.into_iter().map(|name| name.replace('/', "∕")).collect();
                Self::new(names.join("/"))
            }

            /// The path as written, for example `云南省/迪庆藏族自治州`.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The last name of the path.
            pub fn name(&self) -> &str {
                self.0.rsplit('/').next().unwrap_or(&self.0)
            }

            /// The path one level up, `None` for a top-level path.
            pub fn parent(&self) -> Option<Self> {
                self.0.rsplit_once('/').map(|(parent, _)| Self(parent.to_owned()))
            }

            /// The path itself and everything above it, shortest first.
            pub fn ancestors(&self) -> impl Iterator<Item = &str> {
                let whole = self.0.as_str();
                whole.match_indices('/').filter_map(|(at, _)| whole.get(..at)).chain(std::iter::once(whole))
            }

            /// Whether `self` is `other` or lies below it.
            pub fn is_within(&self, other: &Self) -> bool {
                self.0.strip_prefix(&other.0).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            }
        }

        impl TryFrom<String> for $name {
            type Error = BadPath;
            fn try_from(path: String) -> Result<Self, BadPath> {
                Self::new(path)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl From<$name> for String {
            fn from(path: $name) -> String {
                path.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

tag_path! {
    /// An administrative division from the province down: `云南省/迪庆藏族自治州/香格里拉市`.
    RegionPath
}
tag_path! {
    /// A measure (举措) as group and name: `基层治理/网格化管理`.
    MeasurePath
}

/// A half-open range; what it counts (bytes, characters, lines) is said where it is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "[usize; 2]", into = "[usize; 2]")]
pub struct Span {
    start: usize,
    end: usize,
}

impl Span {
    /// The range from `start` to before `end`.
    ///
    /// # Panics
    /// When `end` is before `start`: a programming error, never caused by input.
    pub fn new(start: usize, end: usize) -> Self {
        assert!(start <= end, "a span runs forwards: {start}..{end}");
        Self { start, end }
    }

    /// First place inside.
    pub fn start(self) -> usize {
        self.start
    }

    /// First place after.
    pub fn end(self) -> usize {
        self.end
    }

    /// How many places it covers.
    pub fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether it covers nothing.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// As the standard library's range.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start..self.end
    }

    /// Whether the two share a place.
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

impl TryFrom<[usize; 2]> for Span {
    type Error = String;
    fn try_from([start, end]: [usize; 2]) -> Result<Self, String> {
        if start <= end {
            Ok(Self { start, end })
        } else {
            Err(format!("span runs backwards: {start}..{end}"))
        }
    }
}

impl From<Span> for [usize; 2] {
    fn from(span: Span) -> Self {
        [span.start, span.end]
    }
}

/// What part of an article a paragraph is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ParagraphKind {
    /// A title, subtitle or section heading.
    Heading,
    /// Running text.
    Body,
    /// Who wrote it, for whom, when.
    Byline,
    /// Words under a picture or above a table.
    Caption,
    /// One row of a table.
    Table,
}

impl ParagraphKind {
    /// All kinds, in the order used everywhere.
    pub const ALL: [Self; 5] =
        [Self::Heading, Self::Body, Self::Byline, Self::Caption, Self::Table];

    /// The name used in JSON, in the index and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Heading => "heading",
            Self::Body => "body",
            Self::Byline => "byline",
            Self::Caption => "caption",
            Self::Table => "table",
        }
    }

    /// Whether it is text that people read through, rows of tables included; not what stands beside it.
    pub fn is_running(self) -> bool {
        matches!(self, Self::Body | Self::Table)
    }
}

/// How exactly a date is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DatePrecision {
    /// One day.
    Day,
    /// A month.
    Month,
    /// A year.
    Year,
}

/// When a report is of: both ends are whole days written `yyyymmdd`, inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Date {
    /// First day.
    pub from: u32,
    /// Last day.
    pub to: u32,
    /// How exactly it is known.
    pub precision: DatePrecision,
}

impl Date {
    /// A day, month or year of the Gregorian calendar between 1900 and 2100; `None` when there is no such date.
    pub fn new(year: u32, month: Option<u32>, day: Option<u32>) -> Option<Self> {
        if !(1900..=2100).contains(&year) {
            return None;
        }
        let last_day = |month: u32| match month {
            4 | 6 | 9 | 11 => 30,
            2 if year.is_multiple_of(4)
                && (!year.is_multiple_of(100) || year.is_multiple_of(400)) =>
            {
                29
            }
            2 => 28,
            _ => 31,
        };
        let number = |month: u32, day: u32| year * 10_000 + month * 100 + day;
        match (month, day) {
            (None, None) => Some(Self {
                from: number(1, 1),
                to: number(12, 31),
                precision: DatePrecision::Year,
            }),
            (Some(month @ 1..=12), None) => Some(Self {
                from: number(month, 1),
                to: number(month, last_day(month)),
                precision: DatePrecision::Month,
            }),
            (Some(month @ 1..=12), Some(day)) if day >= 1 && day <= last_day(month) => Some(Self {
                from: number(month, day),
                to: number(month, day),
                precision: DatePrecision::Day,
            }),
            _ => None,
        }
    }
}

/// As exact as it is known: `2023-06-19`, `2023-06`, `2023`.
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = (self.from / 10_000, self.from / 100 % 100, self.from % 100);
        match self.precision {
            DatePrecision::Day => write!(f, "{year:04}-{month:02}-{day:02}"),
            DatePrecision::Month => write!(f, "{year:04}-{month:02}"),
            DatePrecision::Year => write!(f, "{year:04}"),
        }
    }
}

/// Something a person should know about a file or a paragraph: a repaired or doubtful place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// A fixed word such as `text-lost`, `joined`, `replacements`; listed in `index-schema/README.md`.
    pub code: String,
    /// What it is about, in words or figures; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
}

impl Note {
    /// The codes which say of a file that text of it is missing, or cannot be found because its characters are not
    /// known; what costs most comes first. A reader that gives a new code of this sort names it here.
    pub const LOSS_CODES: [&'static str; 19] = [
        "no-text",
        "damaged-file",
        "pages-damaged",
        "pages-without-text",
        "pages-unmapped",
        "pages-unrecognised",
        "ocr-failed",
        "part-unread",
        "mojibake",
        "unmapped-characters",
        "cut-end",
        "cut-start",
        "nul-tail",
        "block-without-place",
        "hidden-sheets",
        "hidden-text",
        "numbers-unread",
        "formulas-unread",
        "replacements",
    ];

    /// A note with its code and detail.
    pub fn new(code: &str, detail: impl Into<String>) -> Self {
        Self { code: code.to_owned(), detail: detail.into() }
    }

    /// How much what it says costs, 0 for most; `None` when all text of the file is there.
    pub fn loss(&self) -> Option<usize> {
        Self::LOSS_CODES.iter().position(|code| *code == self.code)
    }
}

/// Why a paragraph has a tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The tag's path.
    pub tag: String,
    /// The rule that gave it, for example `named`, `heading`, `title`, `cue`.
    pub rule: String,
    /// The words that decided, as they stand in the text.
    pub words: Vec<String>,
    /// Where they stand in the display text, in characters; empty when they stand in another paragraph.
    pub at: Vec<Span>,
}

/// A region or measure of a paragraph.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tag<P> {
    /// Which.
    pub path: P,
    /// Whether it was concluded from other paragraphs or names rather than written here.
    pub inferred: bool,
}

/// A quantity that a paragraph reports: `9.73万人次`.
///
/// Short names in the store; `None` and empty things are left out there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// The plain number; of a range its lower end.
    #[serde(rename = "v")]
    pub value: f64,
    /// The upper end of a range.
    #[serde(rename = "m", default, skip_serializing_if = "Option::is_none")]
    pub value_max: Option<f64>,
    /// What it is counted in, without 万 or 亿; `None` for `5万群众`.
    #[serde(rename = "u", default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// How exact it is: 近, 超过, 余, 以上.
    #[serde(rename = "q", default, skip_serializing_if = "Option::is_none")]
    pub qualifier: Option<String>,
    /// What is counted, where it follows directly.
    #[serde(rename = "n", default, skip_serializing_if = "Option::is_none")]
    pub noun: Option<String>,
    /// Where number and unit stand in the display text, in characters.
    #[serde(rename = "a")]
    pub at: Span,
}

/// Where a paragraph stands in the untouched file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Place {
    /// In a format whose text stands in its bytes.
    Text {
        /// First and last line, counted from 1, both inclusive.
        line: (usize, usize),
        /// Bytes of the untouched file.
        bytes: Span,
    },
    /// In a packed format.
    Block {
        /// First and last block (paragraph, row of a sheet), counted from 1, both inclusive.
        block: (usize, usize),
        /// First and last page or sheet, counted from 1; `None` where the format has none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        page: Option<(usize, usize)>,
        /// Left, top, right, bottom on the first page, in points from its top left corner.
        #[serde(rename = "box", default, skip_serializing_if = "Option::is_none")]
        area: Option<[i32; 4]>,
    },
}

impl Place {
    /// First and last line, where the format has lines.
    pub fn line(&self) -> Option<(usize, usize)> {
        match self {
            Self::Text { line, .. } => Some(*line),
            Self::Block { .. } => None,
        }
    }

    /// Bytes of the untouched file, where the text stands in them.
    pub fn bytes(&self) -> Option<Span> {
        match self {
            Self::Text { bytes, .. } => Some(*bytes),
            Self::Block { .. } => None,
        }
    }

    /// First and last block, in packed formats.
    pub fn block(&self) -> Option<(usize, usize)> {
        match self {
            Self::Text { .. } => None,
            Self::Block { block, .. } => Some(*block),
        }
    }

    /// First and last page or sheet, where the format has them.
    pub fn page(&self) -> Option<(usize, usize)> {
        match self {
            Self::Text { .. } => None,
            Self::Block { page, .. } => *page,
        }
    }

    /// Left, top, right, bottom on its first page, where the format has pages.
    pub fn area(&self) -> Option<[i32; 4]> {
        match self {
            Self::Text { .. } => None,
            Self::Block { area, .. } => *area,
        }
    }
}

/// The unit that is indexed and found.
#[derive(Debug, Clone, PartialEq)]
pub struct Paragraph {
    /// Cleaned text in its own script: the only text that is stored.
    pub display: String,
    /// What part of the article it is.
    pub kind: ParagraphKind,
    /// Where it stands in the file; `None` when the format has no such place.
    pub place: Option<Place>,
    /// Repaired or doubtful places.
    pub notes: Vec<Note>,
    /// The places it reports on, filled by `tag`.
    pub regions: Vec<Tag<RegionPath>>,
    /// What they did, filled by `tag`.
    pub measures: Vec<Tag<MeasurePath>>,
    /// Divisions named in the text, whether or not it reports on them, filled by `tag`.
    pub mentions: Vec<RegionPath>,
    /// Why the tags stand there, filled by `tag`.
    pub evidence: Vec<Evidence>,
    /// The quantities it reports, in order, filled by `tag`.
    pub figures: Vec<Figure>,
}

impl Paragraph {
    /// A text of which only its kind is known yet.
    pub fn new(display: impl Into<String>, kind: ParagraphKind) -> Self {
        Self {
            display: display.into(),
            kind,
            place: None,
            notes: Vec::new(),
            regions: Vec::new(),
            measures: Vec::new(),
            mentions: Vec::new(),
            evidence: Vec::new(),
            figures: Vec::new(),
        }
    }
}

/// One piece of writing in a report.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Article {
    /// Main title.
    pub title: Option<String>,
    /// Second title or kicker.
    pub subtitle: Option<String>,
    /// Who published it.
    pub source: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// When it is of.
    pub date: Option<Date>,
    /// Its paragraphs in reading order, title and byline among them.
    pub paragraphs: Vec<Paragraph>,
}

/// Text that is not the article, kept for view and not indexed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dropped {
    /// The line as it stands in the decoded file.
    pub text: String,
    /// The rule that dropped it, for example `breadcrumb`.
    pub rule: String,
    /// Its line, counted from 1, where known.
    pub line: Option<usize>,
}

/// How an encoding was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DecidedBy {
    /// A byte order mark.
    Bom,
    /// All bytes are valid in it (or valid up to a cut end).
    Valid,
    /// The zero bytes of UTF-16.
    Utf16Pattern,
    /// The page says so and decodes so.
    Declared,
    /// The characters it gives are common ones.
    Frequency,
    /// Different lines in different encodings.
    LineByLine,
    /// The format leaves no choice.
    Format,
    /// The user said so.
    Option,
}

/// How the bytes of a report became text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EncodingReport {
    /// Name of the encoding, for example `GB18030`.
    pub encoding: String,
    /// How it was found.
    pub decided_by: DecidedBy,
    /// How far the second-best guess was behind, 0 to 1; `None` where nothing was guessed.
    pub margin: Option<f32>,
    /// Characters that could not be decoded.
    pub replacements: usize,
    /// Byte offset of the first of them.
    pub first_replacement: Option<usize>,
}

/// A file, an archive member or a JSONL record, read and cleaned.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// How its bytes became text.
    pub encoding: EncodingReport,
    /// Its pieces in reading order.
    pub articles: Vec<Article>,
    /// What was left out, for view.
    pub dropped: Vec<Dropped>,
    /// What a person should know about it.
    pub notes: Vec<Note>,
}
