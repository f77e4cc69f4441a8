//! The reports of a file: the file itself, the members of an archive, the records of a JSONL member.

use crate::ingest::archive::members;
use crate::ingest::extract::{JsonlRecords, RecordsOptions};
use crate::ingest::sniff::sniff;
use crate::ingest::{Format, ReadError, ReadOptions, Taken, extract_bytes};
use crate::model::Span;
use serde::{Deserialize, Serialize};
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
    /// Its text.
    pub taken: Result<Taken, ReadError>,
}

/// Takes the reports out of a file in their order; `each` says whether to go on.
///
/// `named` is the format that the file's name says, `file_name` its name without folders. Not for JSONL files outside
/// archives, which are read record by record with [`crate::ingest::open_records`].
/// Errors: the file as a whole gives nothing. A member that gives nothing is a piece with its reason.
pub fn pieces(
    bytes: &[u8],
    file_name: &str,
    named: Option<Format>,
    options: &ReadOptions,
    each: &mut dyn FnMut(Piece) -> bool,
) -> Result<(), ReadError> {
    let format = sniff(bytes, named)?;
    if !format.is_archive() {
        let taken = extract_bytes(bytes, format, options)?;
        each(Piece { member: None, format, record: None, taken: Ok(taken) });
        return Ok(());
    }
    members(bytes, format, file_name, &options.limits, &mut |member| {
        let named = Format::from_path(Path::new(&member.name));
        match member.content.map_err(ReadError::from) {
            Ok(bytes) => member_pieces(&bytes, member.name, named, options, each),
            Err(error) => each(failed(member.name, named, error)),
        }
    })?;
    Ok(())
}

/// The reports of a member that is no archive.
fn member_pieces(
    bytes: &[u8],
    name: String,
    named: Option<Format>,
    options: &ReadOptions,
    each: &mut dyn FnMut(Piece) -> bool,
) -> bool {
    let format = match sniff(bytes, named) {
        Ok(format) => format,
        Err(error) => return each(failed(name, named, error.into())),
    };
    if format != Format::Jsonl {
        let taken = extract_bytes(bytes, format, options);
        return each(Piece { member: Some(name), format, record: None, taken });
    }
    let records = RecordsOptions {
        record_bytes_max: options.limits.record_bytes_max,
        encoding: options.encoding,
    };
    JsonlRecords::new(bytes, records).all(|found| {
        let (record, taken) = match found {
            Ok(record) => {
                let taken = Taken {
                    encoding: record.encoding,
                    extracted: record.extracted,
                    lines: crate::ingest::lines::LineIndex::default(),
                };
                (RecordPlace { id: record.id, line: record.line, bytes: record.bytes }, Ok(taken))
            }
            Err(error) => {
                let place = RecordPlace { id: None, line: error.line, bytes: Span::new(0, 0) };
                (place, Err(ReadError::Record(error.cause)))
            }
        };
        each(Piece { member: Some(name.clone()), format, record: Some(record), taken })
    })
}

fn failed(name: String, named: Option<Format>, error: ReadError) -> Piece {
    let format = named.unwrap_or(Format::Plain);
    Piece { member: Some(name), format, record: None, taken: Err(error) }
}
