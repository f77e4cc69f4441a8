//! The reports of a file: the file itself, the members of an archive, the records of a JSONL member.

use crate::ingest::archive::{Member, members};
use crate::ingest::extract::{JsonlRecords, RecordsOptions};
use crate::ingest::lines::LineIndex;
use crate::ingest::sniff::{differs, sniff};
use crate::ingest::{Format, ReadError, ReadOptions, Taken, extract_bytes, open_table};
use crate::model::Span;
use serde::{Deserialize, Serialize};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// Where a record stands in a JSONL member.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordPlace {
    /// Its declared id.
    pub id: Option<String>,
    /// Its line, from 1.
    pub line: usize,
    /// Bytes of its line in the member.
    pub bytes: Span,
}

/// One report out of a file, or why there is none.
#[derive(Debug)]
pub struct Piece {
    /// Its path inside the archive, `None` for the file itself.
    pub member: Option<String>,
    /// What it is, as its content says.
    pub format: Format,
    /// Where it stands, for a record of a JSONL member.
    pub record: Option<RecordPlace>,
    /// Which part of the report it is, from 0: a long table comes in several, one behind the other.
    pub part: usize,
    /// Its text.
    pub taken: Result<Taken, ReadError>,
}

impl Piece {
    /// A member that gives nothing; its format is what its name says.
    pub(crate) fn failed(member: String, error: ReadError) -> Self {
        let format = named(&member).unwrap_or(Format::Plain);
        Self { member: Some(member), format, record: None, part: 0, taken: Err(error) }
    }
}

/// Follows a file that is being taken apart.
pub(crate) trait Follow {
    /// A member of an archive comes next, or the file itself; whether it is to be read.
    fn begin(&mut self, _ordinal: usize, _member: Option<&str>) -> bool {
        true
    }

    /// A report, with the bytes of the file or member it was taken from; whether to go on.
    fn piece(&mut self, piece: Piece, bytes: &[u8]) -> bool;

    /// The member is done, or was passed over.
    fn end(&mut self, _ordinal: usize) {}
}

/// Files of an archive that are of no format that is read, by extension.
pub type NotRead = Vec<(String, usize)>;

/// Takes the reports out of a file in their order; `each` says whether to go on.
///
/// `named` is the format that the file's name says, `file_name` its name without folders. Not for JSONL files outside
/// archives, which are read record by record with [`crate::ingest::open_records`].
/// Gives how many files of an archive were passed over. Errors: the file, or what of it had not come yet, gives
/// nothing. A member that gives nothing is a piece with its
/// reason.
pub fn pieces(
    bytes: &[u8],
    file_name: &str,
    named: Option<Format>,
    options: &ReadOptions,
    each: &mut dyn FnMut(Piece) -> bool,
) -> Result<NotRead, ReadError> {
    struct Each<'a>(&'a mut dyn FnMut(Piece) -> bool);
    impl Follow for Each<'_> {
        fn piece(&mut self, piece: Piece, _bytes: &[u8]) -> bool {
            (self.0)(piece)
        }
    }
    follow(bytes, file_name, named, options, &mut Each(each))
}

/// As [`pieces`], with all that can be followed.
pub(crate) fn follow(
    bytes: &[u8],
    file_name: &str,
    named: Option<Format>,
    options: &ReadOptions,
    follow: &mut dyn Follow,
) -> Result<NotRead, ReadError> {
    let format = sniff(bytes, named)?;
    if !format.is_archive() {
        if follow.begin(0, None) {
            taken_parts(bytes, named, format, options, &mut |part, taken| {
                let taken = Ok(taken);
                follow.piece(Piece { member: None, format, record: None, part, taken }, bytes)
            })?;
        }
        return Ok(NotRead::new());
    }
    let mut ordinal = 0;
    let not_read = members(bytes, format, file_name, &options.limits, &mut |member| {
        let goes_on = !follow.begin(ordinal, Some(&member.name))
            || member_pieces(member, options, &mut |piece, bytes| follow.piece(piece, bytes));
        follow.end(ordinal);
        ordinal += 1;
        goes_on
    })?;
    Ok(not_read)
}

/// The reports of a member that is no archive.
fn member_pieces(
    member: Member,
    options: &ReadOptions,
    each: &mut dyn FnMut(Piece, &[u8]) -> bool,
) -> bool {
    let Member { name, content } = member;
    let named = named(&name);
    let found = content.and_then(|bytes| sniff(&bytes, named).map(|format| (bytes, format)));
    let (bytes, format) = match found {
        Ok(found) => found,
        Err(error) => return each(Piece::failed(name, error.into()), &[]),
    };
    if format != Format::Jsonl {
        let mut parts = 0;
        let piece = |part, taken| {
            let member = Some(name.clone());
            Piece { member, format, record: None, part, taken }
        };
        let read = taken_parts(&bytes, named, format, options, &mut |part, taken| {
            parts = part + 1;
            each(piece(part, Ok(taken)), &bytes)
        });
        return read.unwrap_or_else(|error| each(piece(parts, Err(error)), &bytes));
    }
    let records = RecordsOptions {
        record_bytes_max: options.limits.record_bytes_max,
        encoding: options.encoding,
    };
    JsonlRecords::new(bytes.as_slice(), records).all(|found| {
        let (record, taken) = match found {
            Ok(record) => {
                let lines = LineIndex::default();
                let taken = Taken { encoding: record.encoding, extracted: record.extracted, lines };
                (RecordPlace { id: record.id, line: record.line, bytes: record.bytes }, Ok(taken))
            }
            Err(error) => {
                let place = RecordPlace { id: None, line: error.line, bytes: Span::new(0, 0) };
                (place, Err(ReadError::Record(error.cause)))
            }
        };
        let member = Some(name.clone());
        each(Piece { member, format, record: Some(record), part: 0, taken }, &bytes)
    })
}

/// The parts of one report in their order; `each` says whether to go on, which is the answer. Errors come before the
/// first part, but for a fault of the program.
fn taken_parts(
    bytes: &[u8],
    named: Option<Format>,
    format: Format,
    options: &ReadOptions,
    each: &mut dyn FnMut(usize, Taken) -> bool,
) -> Result<bool, ReadError> {
    if format != Format::Csv {
        return Ok(each(0, extracted(bytes, named, format, options)?));
    }
    let mut parts = catch_unwind(AssertUnwindSafe(|| open_table(bytes, options)))
        .unwrap_or(Err(ReadError::Internal))?;
    for part in 0.. {
        let next = catch_unwind(AssertUnwindSafe(|| parts.next()));
        let Some(mut taken) = next.map_err(|_| ReadError::Internal)? else { break };
        if part == 0 {
            taken.extracted.notes.extend(differs(named, format));
        }
        if !each(part, taken) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The text of one report; a reader that panics costs this report only.
fn extracted(
    bytes: &[u8],
    named: Option<Format>,
    format: Format,
    options: &ReadOptions,
) -> Result<Taken, ReadError> {
    let read = catch_unwind(AssertUnwindSafe(|| extract_bytes(bytes, format, options)));
    let mut taken = read.unwrap_or(Err(ReadError::Internal))?;
    taken.extracted.notes.extend(differs(named, format));
    Ok(taken)
}

/// The format that the name of a member says.
fn named(member: &str) -> Option<Format> {
    Format::from_path(Path::new(member))
}
