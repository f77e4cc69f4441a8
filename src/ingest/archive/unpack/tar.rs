//! Members of a TAR archive, which is a stream: what was passed is gone.
//!
//! The stream is read twice, once for the names: they are decoded together, and a saved page may stand behind its
//! companion folder. Long names are read here and not by the `tar` crate, which takes them whole whatever their size.

use crate::ingest::Format;
use crate::ingest::archive::unpack::names::{MemberName, NAME_BYTES_MAX, Pages};
use crate::ingest::archive::unpack::{Body, LINK, Level, Unpacker, special};
use crate::ingest::decode::NameDecoder;
use crate::ingest::extract::ExtractError;
use std::io::{self, Read};
use std::ops::ControlFlow;
use tar::{Archive, EntryType};

/// Bytes of the records before a member that hold its long name.
const RECORDS_BYTES_MAX: u64 = 1 << 20;

/// A TAR archive, which may be compressed.
pub(super) struct Stream<'s> {
    /// The format of the file.
    pub(super) format: Format,
    /// The size of the file.
    pub(super) packed_bytes: usize,
    /// Starts it from its beginning.
    pub(super) start: &'s dyn Fn() -> Result<Box<dyn Read + 's>, ExtractError>,
}

/// Gives the members in their order.
pub(super) fn open(
    unpacker: &mut Unpacker<'_>,
    level: &Level,
    stream: &Stream<'_>,
) -> Result<ControlFlow<()>, ExtractError> {
    let (decoder, pages) = look_ahead(unpacker, stream)?;
    let (mut has_begun, mut too_many) = (false, None);
    let format = stream.format;
    let metered = unpacker.meter.reader((stream.start)()?, stream.packed_bytes);
    let ended = walk(metered, &mut |member, content| {
        has_begun = true;
        if let Err(over) = unpacker.count_member() {
            too_many = Some(over);
            return ControlFlow::Break(());
        }
        let name = MemberName::new(&decoder.decode(member.name));
        if member.kind == Kind::Folder || name.is_hidden() || pages.has_companion(&name) {
            return ControlFlow::Continue(());
        }
        let body = || match member.kind {
            Kind::Special(what) => Err(special(what)),
            _ => Ok(Body {
                reader: Box::new(content),
                format,
                declared_bytes: Some(member.bytes),
                crc: None,
                packed_bytes_used: None,
            }),
        };
        unpacker.visit(level, &name, body)
    });
    if let Some(over) = too_many {
        return Ok(unpacker.stop(level, over.into()));
    }
    match ended {
        Ok(flow) => Ok(flow),
        Err(error) => {
            let error = unpacker.fault(format, &error);
            if has_begun { Ok(unpacker.stop(level, error)) } else { Err(error) }
        }
    }
}

/// The encoding of all names and the saved pages, as far as the stream can be read.
fn look_ahead(
    unpacker: &Unpacker<'_>,
    stream: &Stream<'_>,
) -> Result<(NameDecoder, Pages), ExtractError> {
    let meter = unpacker.meter.fork();
    let mut names: Vec<Vec<u8>> = Vec::new();
    let mut left = unpacker.members_left;
    let metered = meter.reader((stream.start)()?, stream.packed_bytes);
    // Why it ends is told when the members are read.
    let _ended = walk(metered, &mut |member, _| {
        names.push(member.name.to_owned());
        left = left.saturating_sub(1);
        if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    let decoder = NameDecoder::for_names(names.iter().map(Vec::as_slice));
    let shown: Vec<MemberName> =
        names.iter().map(|name| MemberName::new(&decoder.decode(name))).collect();
    Ok((decoder, Pages::of(shown.iter())))
}

/// What a header says.
struct Header<'a> {
    name: &'a [u8],
    kind: Kind,
    bytes: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    File,
    Folder,
    Special(&'static str),
}

/// Calls `each` for every member of a stream.
fn walk(
    stream: impl Read,
    each: &mut dyn FnMut(&Header<'_>, &mut dyn Read) -> ControlFlow<()>,
) -> io::Result<ControlFlow<()>> {
    let mut archive = Archive::new(stream);
    let (mut long_name, mut is_sparse) = (None, false);
    for entry in archive.entries()?.raw(true) {
        let mut entry = entry?;
        let kind = entry.header().entry_type();
        match kind {
            EntryType::GNULongName => long_name = Some(long(&mut entry)?),
            EntryType::XHeader => {
                let records = records(&mut entry)?;
                long_name = record(&records, b"GNU.sparse.name")
                    .or_else(|| record(&records, b"path"))
                    .map(<[u8]>::to_owned)
                    .or(long_name);
                is_sparse = record(&records, b"GNU.sparse.major").is_some()
                    || record(&records, b"GNU.sparse.size").is_some();
            }
            EntryType::GNULongLink | EntryType::XGlobalHeader => {}
            _ => {
                let own_name = entry.header().path_bytes().into_owned();
                let name = long_name.take().unwrap_or(own_name);
                let kind = if std::mem::take(&mut is_sparse) {
                    Some(Kind::Special("sparse file"))
                } else {
                    member_kind(kind, &name)
                };
                let bytes = entry.header().entry_size()?;
                if let Some(kind) = kind
                    && each(&Header { name: &name, kind, bytes }, &mut entry).is_break()
                {
                    return Ok(ControlFlow::Break(()));
                }
            }
        }
    }
    Ok(ControlFlow::Continue(()))
}

/// `None` for what describes the archive, such as its label.
fn member_kind(kind: EntryType, name: &[u8]) -> Option<Kind> {
    match kind {
        // The form before POSIX has no type for folders.
        EntryType::Regular if name.ends_with(b"/") => Some(Kind::Folder),
        EntryType::Regular | EntryType::Continuous => Some(Kind::File),
        EntryType::Directory => Some(Kind::Folder),
        EntryType::Link | EntryType::Symlink => Some(Kind::Special(LINK)),
        EntryType::Char | EntryType::Block | EntryType::Fifo => {
            Some(Kind::Special("device, pipe or socket"))
        }
        EntryType::GNUSparse => Some(Kind::Special("sparse file")),
        _ => None,
    }
}

/// A name that stands in the place of a member.
fn long(entry: &mut dyn Read) -> io::Result<Vec<u8>> {
    // One byte more shows that it is too long.
    let most = u64::try_from(NAME_BYTES_MAX + 1).unwrap_or(u64::MAX);
    let mut name = Vec::new();
    entry.take(most).read_to_end(&mut name)?;
    name.truncate(name.iter().position(|&byte| byte == 0).unwrap_or(name.len()));
    Ok(name)
}

fn records(entry: &mut dyn Read) -> io::Result<Vec<u8>> {
    let mut records = Vec::new();
    entry.take(RECORDS_BYTES_MAX).read_to_end(&mut records)?;
    Ok(records)
}

/// The value of the last record `LENGTH KEY=VALUE\n` with a key.
fn record<'a>(mut records: &'a [u8], key: &[u8]) -> Option<&'a [u8]> {
    let mut found = None;
    while let Some(space) = records.iter().position(|&byte| byte == b' ') {
        let length: Option<usize> =
            records.get(..space).and_then(|digits| std::str::from_utf8(digits).ok()?.parse().ok());
        let Some(length) = length.filter(|&length| length > space) else { break };
        let Some(line) = records.get(space + 1..length) else { break };
        let value = line.strip_prefix(key).and_then(|rest| rest.strip_prefix(b"="));
        found = value.map(|value| value.strip_suffix(b"\n").unwrap_or(value)).or(found);
        records = records.get(length..).unwrap_or_default();
    }
    found.map(|name| name.get(..NAME_BYTES_MAX + 1).unwrap_or(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_found_by_their_key_and_the_last_one_counts() {
        let records = b"11 path=ab\n6 a=b\n10 path=c\n";
        assert_eq!(record(records, b"path"), Some(b"c".as_slice()));
        assert_eq!(record(records, b"a"), Some(b"b".as_slice()));
        assert_eq!(record(records, b"b"), None);
        for broken in ["", " ", "0 a=b", "99 a=b", "x a=b\n", "3 a=b\n"] {
            assert_eq!(record(broken.as_bytes(), b"b"), None);
        }
    }
}
