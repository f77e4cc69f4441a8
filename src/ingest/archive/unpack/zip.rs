//! Members of a ZIP file.

use crate::ingest::Format;
use crate::ingest::archive::directory::{Directory, EXTRA_UNICODE_PATH, Entry, begun};
use crate::ingest::archive::unpack::compressed::zstd_reader;
use crate::ingest::archive::unpack::meter::Meter;
use crate::ingest::archive::unpack::names::{MemberName, Pages};
use crate::ingest::archive::unpack::{Body, LINK, Level, Unpacker, crc, damaged, special};
use crate::ingest::decode::NameDecoder;
use crate::ingest::extract::ExtractError;
use crate::ingest::limits::{LimitName, OverLimit};
use crate::ingest::little_endian::u32_at;
use flate2::bufread::DeflateDecoder;
use std::io::Read;
use std::ops::ControlFlow;

/// Headers counted in a file whose directory is missing.
const BEGUN_MAX: usize = 10_000;

/// Gives the members in the order of the directory.
pub(super) fn open(
    unpacker: &mut Unpacker<'_>,
    bytes: &[u8],
    level: &Level,
) -> Result<ControlFlow<()>, ExtractError> {
    let room = usize::try_from(unpacker.members_left).unwrap_or(usize::MAX);
    let directory = Directory::read(bytes, room).ok_or_else(|| without_directory(bytes))?;
    let names = names(&directory);
    let pages = Pages::of(names.iter());
    for (entry, name) in directory.entries.iter().zip(&names) {
        if let Err(over) = unpacker.count_member() {
            return Ok(unpacker.stop(level, over.into()));
        }
        if entry.is_folder() || name.is_hidden() || pages.has_companion(name) {
            continue;
        }
        let meter = unpacker.meter;
        if unpacker.visit(level, name, || body(bytes, entry, meter)).is_break() {
            return Ok(ControlFlow::Break(()));
        }
    }
    let seen = u64::try_from(directory.entries.len()).unwrap_or(u64::MAX);
    if directory.has_more {
        let max = unpacker.limits.members_max;
        let over =
            OverLimit { found: max.max(seen), ..OverLimit::more_than(LimitName::Members, max) };
        return Ok(unpacker.stop(level, over.into()));
    }
    if directory.declared > seen {
        let cause = format!(
            "its directory is cut off: members that are there: {seen} of {}",
            directory.declared
        );
        return Ok(unpacker.stop(level, damaged(Format::Zip, &cause)));
    }
    Ok(ControlFlow::Continue(()))
}

fn without_directory(bytes: &[u8]) -> ExtractError {
    let begun = begun(bytes, BEGUN_MAX).len();
    damaged(
        Format::Zip,
        &format!(
            "its end is missing, and with it the directory; members that begin in it: {begun}"
        ),
    )
}

/// The names of all members, decoded together where they do not say their encoding.
fn names(directory: &Directory<'_>) -> Vec<MemberName> {
    let entries = &directory.entries;
    let silent = entries.iter().filter(|entry| declared_name(entry).is_none());
    let decoder = NameDecoder::for_names(silent.map(|entry| entry.name));
    let name = |entry: &Entry<'_>| match declared_name(entry) {
        Some(declared) => MemberName::new(declared),
        None => MemberName::new(&decoder.decode(entry.name)),
    };
    entries.iter().map(name).collect()
}

/// The name of a member that says to be in UTF-8, and is.
fn declared_name<'a>(entry: &'a Entry<'_>) -> Option<&'a str> {
    unicode_path(entry)
        .or_else(|| entry.is_utf8().then(|| std::str::from_utf8(entry.name).ok()).flatten())
}

/// The name in UTF-8 that Info-ZIP writes beside the old one; it holds as long as the old one was not changed.
fn unicode_path<'a>(entry: &'a Entry<'_>) -> Option<&'a str> {
    let field = entry.extra(EXTRA_UNICODE_PATH)?;
    let is_valid = field.first() == Some(&1) && u32_at(field, 1) == Some(crc(entry.name));
    is_valid.then(|| std::str::from_utf8(field.get(5..)?).ok()).flatten()
}

/// Makes a member ready to be read.
fn body<'a>(
    bytes: &'a [u8],
    entry: &Entry<'_>,
    meter: &'a Meter,
) -> Result<Body<'a>, ExtractError> {
    if let Some(what) = special_kind(entry) {
        return Err(special(what));
    }
    if entry.is_encrypted() {
        return Err(ExtractError::Encrypted { format: Format::Zip });
    }
    if entry.is_in_other_part() {
        return Err(damaged(
            Format::Zip,
            "it is one part of several, and the member is in another",
        ));
    }
    let packed = entry
        .packed(bytes)
        .ok_or_else(|| damaged(Format::Zip, "the member's bytes are missing"))?;
    let reader: Box<dyn Read + 'a> = match entry.method {
        0 => Box::new(meter.reader(packed, packed.len())),
        8 => Box::new(meter.reader(DeflateDecoder::new(packed), packed.len())),
        93 => Box::new(meter.reader(zstd_reader(packed)?, packed.len())),
        method => {
            let what = format!("a member compressed with {}", method_name(method));
            return Err(ExtractError::NotRead { what });
        }
    };
    let (declared_bytes, crc) = (Some(entry.unpacked_bytes), Some(entry.crc));
    Ok(Body { reader, format: Format::Zip, declared_bytes, crc, packed_bytes_used: None })
}

/// What a member is that is no file.
fn special_kind(entry: &Entry<'_>) -> Option<&'static str> {
    match entry.unix_type()? {
        0o100_000 => None,
        0o120_000 => Some(LINK),
        _ => Some("device, pipe or socket"),
    }
}

/// Source: APPNOTE.TXT, section 4.4.5.
fn method_name(method: u16) -> String {
    let name = match method {
        1 => "Shrink",
        2..=5 => "Reduce",
        6 => "Implode",
        9 => "Deflate64",
        10 => "PKWARE Implode",
        12 => "bzip2",
        14 => "LZMA",
        95 => "XZ",
        98 => "PPMd",
        _ => return format!("method {method}"),
    };
    format!("{name} (method {method})")
}
