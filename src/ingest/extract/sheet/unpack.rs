//! Zip files that hold a workbook: opened only when they unpack to what they say, and to no more than allowed.

use crate::ingest::Format;
use crate::ingest::extract::ExtractError;
use crate::ingest::extract::sheet::damaged;
use crate::ingest::faults::plain;
use crate::ingest::limits::{LimitName, Limits, OverLimit};
use std::io::{self, Cursor, Read};
use zip::ZipArchive;
use zip::result::ZipError;

/// A zip file in memory.
pub(super) type Archive<'b> = ZipArchive<Cursor<&'b [u8]>>;

/// Opens a zip file whose members stay within the limits.
///
/// The sizes that the directory declares are checked first; then the parts with text are unpacked once to nowhere,
/// because a reader that opens the file itself would believe a directory that lies.
pub(super) fn open<'b>(bytes: &'b [u8], limits: &Limits) -> Result<Archive<'b>, ExtractError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| zip_error(&error))?;
    let members = u64::try_from(archive.len()).unwrap_or(u64::MAX);
    check(LimitName::Members, limits.members_max, members)?;
    let mut total: u64 = 0;
    for at in 0..archive.len() {
        let member = archive.by_index_raw(at).map_err(|error| zip_error(&error))?;
        if member.encrypted() {
            return Err(ExtractError::Encrypted { format: Format::Sheet });
        }
        total = total.saturating_add(member.size());
        check_ratio(member.size(), member.compressed_size(), limits)?;
    }
    check(LimitName::UnpackedBytes, limits.unpacked_bytes_max, total)?;
    for at in 0..archive.len() {
        let member = archive.by_index(at).map_err(|error| zip_error(&error))?;
        let is_picture = member
            .name()
            .is_ok_and(|name| name.contains("media/") || name.starts_with("Pictures/"));
        if is_picture {
            continue;
        }
        let declared = member.size();
        let mut sizes = member.take(declared.saturating_add(1));
        let found = io::copy(&mut sizes, &mut io::sink()).map_err(damaged)?;
        if found > declared {
            return Err(damaged("a part of it is larger than it says"));
        }
    }
    Ok(archive)
}

fn check_ratio(size: u64, packed: u64, limits: &Limits) -> Result<(), OverLimit> {
    if size <= limits.dense_bytes_max(packed) {
        return Ok(());
    }
    let (limit, max) = (LimitName::Ratio, limits.ratio_max);
    Err(OverLimit { limit, max, found: size.div_ceil(packed.max(1)), exact: true })
}

fn check(limit: LimitName, max: u64, found: u64) -> Result<(), OverLimit> {
    if found <= max { Ok(()) } else { Err(OverLimit { limit, max, found, exact: true }) }
}

/// What is wrong with a zip file.
pub(super) fn zip_error(error: &ZipError) -> ExtractError {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => {
            ExtractError::Encrypted { format: Format::Sheet }
        }
        error => damaged(plain(error)),
    }
}
