//! What the store keeps: everything shown of a paragraph, and what is known of a file.

use crate::index::document::MEMBER_MARK;
use crate::model::{
    Date, Dropped, EncodingReport, Evidence, Figure, MeasurePath, Note, ParagraphKind, Place,
    RegionPath, Tag,
};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// A paragraph as the store keeps it; [`StoredParagraph::pack`] says how.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct StoredParagraph {
    pub(crate) id: String,
    pub(crate) text: String,
    pub(crate) kind: ParagraphKind,
    /// Path of the file, escaped; see [`path_text`].
    pub(crate) path: String,
    /// Record of a JSONL file.
    pub(crate) record: Option<String>,
    /// Ordinal of the article in its report, from 1.
    pub(crate) article: usize,
    /// Ordinal of the paragraph in its article, from 1.
    pub(crate) paragraph: usize,
    /// Whether a section of a long article begins here: what stands before it was not seen when this was tagged.
    pub(crate) goes_on: bool,
    pub(crate) title: Option<String>,
    pub(crate) subtitle: Option<String>,
    pub(crate) date: Option<Date>,
    pub(crate) source: Option<String>,
    pub(crate) place: Option<Place>,
    pub(crate) regions: Vec<Tag<RegionPath>>,
    pub(crate) measures: Vec<Tag<MeasurePath>>,
    pub(crate) evidence: Vec<Evidence>,
    pub(crate) figures: Vec<Figure>,
    pub(crate) notes: Vec<Note>,
}

impl StoredParagraph {
    /// The file, and for a record `file#id`.
    pub(crate) fn shown_path(&self) -> String {
        match &self.record {
            Some(record) => format!("{}#{record}", self.path),
            None => self.path.clone(),
        }
    }
}

/// A member of an archive or a record that could not be read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct FailedPart {
    /// Its path inside the archive.
    pub(crate) member: Option<String>,
    /// Record of a JSONL file or member.
    pub(crate) record: Option<String>,
    /// Why.
    pub(crate) cause: String,
    /// Code of the hint.
    pub(crate) code: String,
}

/// Most members and records of a file that are remembered as read in part; all are counted.
const PARTIAL_PARTS_MAX: usize = 100;

/// A file, member of an archive or record that was read, but not all of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartialFile {
    /// Its path, with member and record: `a.zip!/b.jsonl#7`.
    pub path: String,
    /// What is missing; the notes whose code is one of [`Note::LOSS_CODES`].
    pub notes: Vec<Note>,
}

impl PartialFile {
    /// Orders by what costs most, then by path.
    pub(crate) fn order(&self) -> (Option<usize>, &str) {
        (self.notes.first().and_then(Note::loss), &self.path)
    }
}

/// A member of an archive or a record that was read in part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct PartialPart {
    /// Its path inside the archive.
    pub(crate) member: Option<String>,
    /// Record of a JSONL file or member.
    pub(crate) record: Option<String>,
    /// What is missing.
    pub(crate) notes: Vec<Note>,
}

/// Reports of a file that gave less than others.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Parts {
    /// Reports without a paragraph.
    pub(crate) without_text: usize,
    /// Members and records that were read in part: the first [`PARTIAL_PARTS_MAX`].
    pub(crate) partial: Vec<PartialPart>,
    /// How many members and records were read in part.
    pub(crate) partial_total: usize,
}

/// How a correction by hand found its paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AttachedBy {
    /// The id is that of the paragraph.
    Id,
    /// The same text in the report of the same path.
    Text,
    /// The text was edited, and stands beside the same texts in the report of the same path.
    Around,
    /// The file is gone; the same text stands between the same texts in another.
    Moved,
}

/// A correction by hand and its paragraph.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Attached {
    /// The id that the entry gives.
    pub entry: String,
    /// The id that the paragraph has.
    pub paragraph: String,
    /// How they came together.
    pub by: AttachedBy,
}

/// What of a file was corrected by hand.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Corrected {
    /// Fingerprint of the entries that concern the file.
    pub(crate) with: String,
    /// Those that found their paragraph.
    pub(crate) attached: Vec<Attached>,
}

impl Corrected {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Ids of the entries that found their paragraph in the file.
    pub(crate) fn entries(&self) -> HashSet<&str> {
        self.attached.iter().map(|attached| attached.entry.as_str()).collect()
    }
}

/// What is known of a file that was read: by it a later run sees what changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct FileRecord {
    /// Key of the file, given once and kept when it moves.
    pub(crate) key: String,
    /// Its number in this index, by which its reports and articles are numbered.
    pub(crate) number: u32,
    /// Path, escaped.
    pub(crate) path: String,
    /// Root it was found under, escaped.
    pub(crate) root: String,
    /// Bytes.
    pub(crate) size: u64,
    /// Last change in nanoseconds since 1970.
    pub(crate) mtime_ns: i128,
    /// When it was looked at, in nanoseconds since 1970: a change within two seconds of it may not show in `mtime_ns`.
    pub(crate) seen_ns: i128,
    /// blake3 of the bytes, hexadecimal.
    pub(crate) hash: String,
    /// Fingerprint of the data it was read with.
    pub(crate) made_with: String,
    /// Which reading of the file its paragraphs are from, counted from 1.
    pub(crate) generation: u64,
    /// How the bytes became text; `None` where nothing could be read.
    pub(crate) encoding: Option<EncodingReport>,
    /// Reports in it: 1, or the records of a JSONL file.
    pub(crate) reports: usize,
    /// Articles in them.
    pub(crate) articles: usize,
    /// Paragraphs indexed.
    pub(crate) paragraphs: usize,
    /// Text left out, kept for view; of a JSONL file the first lines only.
    pub(crate) dropped: Vec<Dropped>,
    /// What a person should know.
    pub(crate) notes: Vec<Note>,
    /// Members and records that could not be read: listed again as long as the file is as it was. One without either
    /// name is the file itself, which cannot be read any more; all else is of the reading before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) failed_parts: Vec<FailedPart>,
    /// Files in it, an archive, that are of no format that is read: how many, by extension.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) not_read: Vec<(String, usize)>,
    /// The limits and readers of the run, in short, where they left something in it out: with others it is read again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) over_limits: Option<String>,
    /// What is known of its reports besides their number.
    #[serde(default)]
    pub(crate) parts: Parts,
    /// Corrections by hand.
    #[serde(default, skip_serializing_if = "Corrected::is_empty")]
    pub(crate) corrected: Corrected,
    /// Why nothing of it could be read, and the code of the hint: it is not tried again while it, the data and the
    /// limits stay as they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) refused: Option<(String, String)>,
}

impl FileRecord {
    /// Counts a report of the file: its paragraphs, and its notes, of a member or record only where text is missing.
    /// `is_empty`: it has no bytes.
    pub(crate) fn count(
        &mut self,
        (member, record): (Option<&str>, Option<&str>),
        paragraphs: usize,
        is_empty: bool,
        mut notes: Vec<Note>,
    ) {
        self.reports += 1;
        self.paragraphs += paragraphs;
        if paragraphs == 0 {
            self.parts.without_text += 1;
            // That an empty file has no text needs no word.
            if !is_empty {
                notes.push(Note::new("no-text", ""));
            }
        }
        if member.is_none() && record.is_none() {
            self.notes = notes;
            return;
        }
        let notes = losses(&notes);
        if notes.is_empty() {
            return;
        }
        self.parts.partial_total += 1;
        if self.parts.partial.len() < PARTIAL_PARTS_MAX {
            let (member, record) = (member.map(str::to_owned), record.map(str::to_owned));
            self.parts.partial.push(PartialPart { member, record, notes });
        }
    }

    /// Whether it cannot be read any more: its paragraphs are of a reading before, with what data is not known.
    pub(crate) fn is_kept(&self) -> bool {
        self.failed_parts.iter().any(|part| part.member.is_none() && part.record.is_none())
    }

    /// What of it could not be read: path, cause in English, code.
    pub(crate) fn failed(&self) -> Vec<(String, String, String)> {
        let whole = self.refused.iter();
        let whole = whole.map(|(cause, code)| (self.path.clone(), cause.clone(), code.clone()));
        let parts = self.failed_parts.iter().map(|part| {
            let path = part_path(&self.path, part.member.as_deref(), part.record.as_deref());
            (path, part.cause.clone(), part.code.clone())
        });
        whole.chain(parts).collect()
    }

    /// How many reports of it were read in part, and the first of them.
    pub(crate) fn partial(&self) -> (u64, Vec<PartialFile>) {
        let notes = losses(&self.notes);
        let whole = (!notes.is_empty()).then(|| PartialFile { path: self.path.clone(), notes });
        let total = usize::from(whole.is_some()) + self.parts.partial_total;
        let parts = self.parts.partial.iter().map(|part| PartialFile {
            path: part_path(&self.path, part.member.as_deref(), part.record.as_deref()),
            notes: part.notes.clone(),
        });
        (total as u64, whole.into_iter().chain(parts).collect())
    }
}

/// The notes which say that text is missing, what costs most first.
fn losses(notes: &[Note]) -> Vec<Note> {
    let mut losses: Vec<Note> =
        notes.iter().filter(|note| note.loss().is_some()).cloned().collect();
    losses.sort_by_key(Note::loss);
    losses
}

/// The path of a part of a file, as people see it: `a.zip!/b.jsonl#7`.
pub(crate) fn part_path(file: &str, member: Option<&str>, record: Option<&str>) -> String {
    let mut path = file.to_owned();
    if let Some(member) = member {
        path.push_str(MEMBER_MARK);
        path.push_str(member);
    }
    if let Some(record) = record {
        path.push('#');
        path.push_str(record);
    }
    path
}

/// A path as text: bytes that are not UTF-8, and backslashes before `x`, become `\xNN`.
pub fn path_text(path: &Path) -> String {
    let bytes = path.as_os_str().as_encoded_bytes();
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(&chunk.valid().replace("\\x", "\\x5cx"));
        for byte in chunk.invalid() {
            // Writing to a string cannot fail.
            let _infallible = write!(text, "\\x{byte:02x}");
        }
    }
    text
}

/// The archive and the path inside it, of a path such as `dir/a.zip!/b.docx`: at the first `!/` after a name with an
/// extension. `None` for other paths.
///
/// An archive in an archive stays in the second part: `a.zip!/b.zip!/c.txt` is `c.txt` of `b.zip` of `a.zip`.
pub fn split_member(path: &str) -> Option<(&str, &str)> {
    path.match_indices("!/").find_map(|(at, mark)| {
        let (archive, member) = (path.get(..at)?, path.get(at + mark.len()..)?);
        has_extension(archive).then_some((archive, member))
    })
}

/// Whether the last name of a path has an extension, as archives have and most folders have not.
pub(crate) fn has_extension(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|extension| !extension.is_empty())
}

/// The path that [`path_text`] wrote.
pub fn path_from_text(text: &str) -> PathBuf {
    if !text.contains("\\x") {
        return PathBuf::from(text);
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\\x") {
        bytes.extend_from_slice(before.as_bytes());
        match after.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or("");
            }
            None => {
                bytes.extend_from_slice(b"\\x");
                rest = after;
            }
        }
    }
    bytes.extend_from_slice(rest.as_bytes());
    PathBuf::from(os_string(bytes))
}

#[cfg(unix)]
fn os_string(bytes: Vec<u8>) -> OsString {
    use std::os::unix::ffi::OsStringExt;
    OsString::from_vec(bytes)
}

#[cfg(not(unix))]
fn os_string(bytes: Vec<u8>) -> OsString {
    OsString::from(String::from_utf8_lossy(&bytes).into_owned())
}

/// The raw bytes of a path that is not UTF-8, `None` for any other.
pub(crate) fn path_bytes(path: &OsStr) -> Option<Vec<u8>> {
    path.to_str().is_none().then(|| path.as_encoded_bytes().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], text: &str) {
        let path = PathBuf::from(os_string(bytes.to_vec()));
        assert_eq!(path_text(&path), text);
        assert_eq!(path_from_text(text), path);
    }

    #[test]
    fn a_path_survives_as_text() {
        check("报告/云南.txt".as_bytes(), "报告/云南.txt");
        check(b"gbk/\xb1\xa8.txt", "gbk/\\xb1\\xa8.txt");
        check(b"odd\\x41.txt", "odd\\x5cx41.txt");
    }

    #[test]
    fn a_member_is_told_from_a_folder_that_ends_in_an_exclamation_mark() {
        assert_eq!(split_member("d/a.zip!/b/c.txt"), Some(("d/a.zip", "b/c.txt")));
        assert_eq!(split_member("a.zip!/b.zip!/c.txt"), Some(("a.zip", "b.zip!/c.txt")));
        assert_eq!(split_member("好!/a.zip!/c.txt"), Some(("好!/a.zip", "c.txt")));
        assert_eq!(split_member("a.zip!/"), Some(("a.zip", "")));
        for path in ["好!/c.txt", "a.zip", "a.zip!", "!/c.txt", ""] {
            assert_eq!(split_member(path), None, "{path}");
        }
    }
}
