//! The directory at the end of a ZIP file: which members it has and where their bytes are.
//!
//! Read by hand because the `zip` crate keeps one of several members of the same name only, and because a name's bytes
//! must be seen before they are decoded. Needs nothing that unpacks, so `sniff` can look at names in every build.
//! Source: PKWARE's APPNOTE.TXT 6.3.10, sections 4.3 to 4.5.

use crate::ingest::little_endian::{u16_at, u32_at, u64_at};
use memchr::memmem;

const END_RECORD: &[u8] = b"PK\x05\x06";
const END_RECORD_BYTES: usize = 22;
const END_RECORD_64: &[u8] = b"PK\x06\x06";
const LOCATOR_64: &[u8] = b"PK\x06\x07";
const LOCATOR_64_BYTES: usize = 20;
const ENTRY: &[u8] = b"PK\x01\x02";
const ENTRY_BYTES: usize = 46;
const LOCAL_HEADER: &[u8] = b"PK\x03\x04";
const LOCAL_HEADER_BYTES: usize = 30;

/// Bytes behind the end record that are looked through: the longest comment, and what mail programs append.
const TAIL_BYTES: usize = 0xFFFF + (4 << 10);

/// The extra field with 64-bit sizes.
const EXTRA_ZIP64: u16 = 0x0001;

/// The extra field with the name in UTF-8, written by Info-ZIP.
pub(crate) const EXTRA_UNICODE_PATH: u16 = 0x7075;

/// The members of a ZIP file in the order of its directory.
#[derive(Debug)]
pub(crate) struct Directory<'a> {
    /// At most as many as were asked for.
    pub(crate) entries: Vec<Entry<'a>>,
    /// How many the archive says it has, or more where more were seen.
    pub(crate) declared: u64,
    /// Whether reading stopped because enough were read.
    pub(crate) has_more: bool,
    /// Whether none is missing of those that were asked for.
    pub(crate) is_whole: bool,
}

/// A member of a ZIP file.
#[derive(Debug, Clone)]
pub(crate) struct Entry<'a> {
    /// Its name, not decoded.
    pub(crate) name: &'a [u8],
    /// General purpose flags.
    pub(crate) flags: u16,
    /// How it is compressed: 0 not at all, 8 Deflate.
    pub(crate) method: u16,
    /// CRC-32 of its bytes.
    pub(crate) crc: u32,
    /// Its size in the archive.
    pub(crate) packed_bytes: u64,
    /// The size it says it unpacks to.
    pub(crate) unpacked_bytes: u64,
    /// Extra fields, one behind the other.
    pub(crate) extra: &'a [u8],
    /// The system its attributes are of: 3 Unix.
    pub(crate) system: u8,
    /// Attributes: those of DOS in the low, those of Unix in the high half.
    pub(crate) attributes: u32,
    /// The part of a split archive it starts in, and the part that holds the directory.
    parts: (u32, u32),
    /// Where its local header stands, in this file.
    header_at: Option<usize>,
}

impl Entry<'_> {
    /// Whether a password is needed.
    pub(crate) fn is_encrypted(&self) -> bool {
        self.flags & 1 != 0 || self.method == 99
    }

    /// Whether its name says it is in UTF-8.
    pub(crate) fn is_utf8(&self) -> bool {
        self.flags & (1 << 11) != 0
    }

    /// The file type bits of Unix, `None` where the archive was written elsewhere.
    pub(crate) fn unix_type(&self) -> Option<u32> {
        let kind = (self.attributes >> 16) & 0o170_000;
        (self.system == 3 && kind != 0).then_some(kind)
    }

    /// Whether it is marked as a folder; folders also end in a slash.
    pub(crate) fn is_folder(&self) -> bool {
        self.name.ends_with(b"/")
            || self.unpacked_bytes == 0
                && (self.name.ends_with(b"\\") || self.attributes & 0x10 != 0)
    }

    /// Whether its bytes stand in another file of a split archive.
    pub(crate) fn is_in_other_part(&self) -> bool {
        self.parts.0 != self.parts.1
    }

    /// The content of an extra field.
    pub(crate) fn extra(&self, wanted: u16) -> Option<&[u8]> {
        extra_field(self.extra, wanted)
    }

    /// Its bytes as they stand in the archive; `None` where they lie outside it.
    pub(crate) fn packed<'a>(&self, bytes: &'a [u8]) -> Option<&'a [u8]> {
        self.bytes_from(bytes)?.get(..usize::try_from(self.packed_bytes).ok()?)
    }

    /// The archive from the member's first byte on.
    pub(crate) fn bytes_from<'a>(&self, bytes: &'a [u8]) -> Option<&'a [u8]> {
        let header = self.header_at?;
        if !bytes.get(header..)?.starts_with(LOCAL_HEADER) {
            return None;
        }
        let name = usize::from(u16_at(bytes, header + 26)?);
        let extra = usize::from(u16_at(bytes, header + 28)?);
        bytes.get(header + LOCAL_HEADER_BYTES + name + extra..)
    }
}

impl<'a> Directory<'a> {
    /// The directory of a ZIP file, up to a number of entries; `None` when the file has none, as when it is cut off.
    pub(crate) fn read(bytes: &'a [u8], entries_max: usize) -> Option<Self> {
        let end = End::find(bytes)?;
        let mut directory =
            Self { entries: Vec::new(), declared: end.entries, has_more: false, is_whole: false };
        let mut at = end.directory_at;
        let stop = bytes.get(..end.record_at)?;
        while stop.get(at..).is_some_and(|rest| rest.starts_with(ENTRY)) {
            if directory.entries.len() == entries_max {
                directory.has_more = true;
                break;
            }
            let Some((entry, next)) = entry(stop, at, &end) else { break };
            directory.entries.push(entry);
            at = next;
        }
        let seen = u64::try_from(directory.entries.len()).unwrap_or(u64::MAX);
        // The count has 16 bits; writers without 64-bit records let it overflow.
        directory.declared = directory.declared.max(seen + u64::from(directory.has_more));
        directory.is_whole = directory.has_more || directory.declared == seen;
        (seen > 0 || directory.has_more || end.entries == 0).then_some(directory)
    }
}

/// What the record at the end of a ZIP file says.
struct End {
    record_at: usize,
    directory_at: usize,
    /// Bytes before the archive, such as a program that unpacks it.
    shift: usize,
    entries: u64,
    part: u32,
}

impl End {
    fn find(bytes: &[u8]) -> Option<Self> {
        let from = bytes.len().saturating_sub(END_RECORD_BYTES + TAIL_BYTES);
        let mut tail = bytes.get(from..)?;
        // A comment may hold the mark too: the last record that leads to a directory counts.
        for _ in 0..64 {
            let found = memmem::rfind(tail, END_RECORD)?;
            if let Some(end) = Self::at(bytes, from + found) {
                return Some(end);
            }
            tail = tail.get(..found)?;
        }
        None
    }

    fn at(bytes: &[u8], record_at: usize) -> Option<Self> {
        let mut part = u32::from(u16_at(bytes, record_at + 4)?);
        let mut entries = u64::from(u16_at(bytes, record_at + 10)?);
        let mut size = u64::from(u32_at(bytes, record_at + 12)?);
        let mut offset = u64::from(u32_at(bytes, record_at + 16)?);
        let mut record_at = record_at;
        if bytes.len() < record_at + END_RECORD_BYTES {
            return None;
        }
        if let Some(at) = record_64_at(bytes, record_at) {
            part = u32_at(bytes, at + 16)?;
            entries = u64_at(bytes, at + 32)?;
            size = u64_at(bytes, at + 40)?;
            offset = u64_at(bytes, at + 48)?;
            record_at = at;
        }
        let (size, offset) = (usize::try_from(size).ok()?, usize::try_from(offset).ok()?);
        let holds = |at: usize| bytes.get(at..).is_some_and(|rest| rest.starts_with(ENTRY));
        let before_record = record_at.checked_sub(size);
        let directory_at = match before_record {
            Some(at) if entries == 0 || holds(at) => at,
            _ if holds(offset) && offset < record_at => offset,
            _ => return None,
        };
        let shift = directory_at.saturating_sub(offset);
        Some(Self { record_at, directory_at, shift, entries, part })
    }
}

/// Where the 64-bit end record stands that belongs to the one at an offset.
fn record_64_at(bytes: &[u8], record_at: usize) -> Option<usize> {
    let locator = record_at.checked_sub(LOCATOR_64_BYTES)?;
    if !bytes.get(locator..)?.starts_with(LOCATOR_64) {
        return None;
    }
    let is_record =
        |at: &usize| bytes.get(*at..).is_some_and(|rest| rest.starts_with(END_RECORD_64));
    let declared = u64_at(bytes, locator + 8).and_then(|at| usize::try_from(at).ok());
    // Behind a self-extracting program the declared offset is too small; the record ends where its locator begins.
    declared.filter(is_record).or_else(|| locator.checked_sub(56).filter(is_record))
}

/// The entry at an offset and where the next one begins.
fn entry<'a>(bytes: &'a [u8], at: usize, end: &End) -> Option<(Entry<'a>, usize)> {
    let length = |field| u16_at(bytes, at + field).map(usize::from);
    let name_at = at + ENTRY_BYTES;
    let extra_at = name_at + length(28)?;
    let comment_at = extra_at + length(30)?;
    let next = comment_at + length(32)?;
    let extra = bytes.get(extra_at..comment_at)?;
    let mut wide = Wide(extra_field(extra, EXTRA_ZIP64).unwrap_or_default());
    // The order of the fields in the extra field is this one.
    let unpacked_bytes = wide.or(u32_at(bytes, at + 24)?);
    let packed_bytes = wide.or(u32_at(bytes, at + 20)?);
    let offset = wide.or(u32_at(bytes, at + 42)?);
    let part = match u16_at(bytes, at + 34)? {
        u16::MAX => u32_at(wide.0, 0).unwrap_or(u32::from(u16::MAX)),
        part => u32::from(part),
    };
    let entry = Entry {
        name: bytes.get(name_at..extra_at)?,
        flags: u16_at(bytes, at + 8)?,
        method: u16_at(bytes, at + 10)?,
        crc: u32_at(bytes, at + 16)?,
        packed_bytes,
        unpacked_bytes,
        extra,
        system: *bytes.get(at + 5)?,
        attributes: u32_at(bytes, at + 38)?,
        parts: (part, end.part),
        header_at: usize::try_from(offset).ok().and_then(|at| at.checked_add(end.shift)),
    };
    (next <= bytes.len()).then_some((entry, next))
}

/// The 64-bit values that are left in the extra field.
struct Wide<'a>(&'a [u8]);

impl Wide<'_> {
    /// The next wide value where the narrow one says that there is one.
    fn or(&mut self, narrow: u32) -> u64 {
        if narrow != u32::MAX {
            return u64::from(narrow);
        }
        let wide = u64_at(self.0, 0);
        self.0 = self.0.get(8..).unwrap_or_default();
        wide.unwrap_or(u64::from(narrow))
    }
}

fn extra_field(mut extra: &[u8], wanted: u16) -> Option<&[u8]> {
    loop {
        let (id, size) = (u16_at(extra, 0)?, usize::from(u16_at(extra, 2)?));
        if id == wanted {
            return extra.get(4..4 + size);
        }
        extra = extra.get(4 + size..)?;
    }
}

/// Members by the headers before each of them, which stand where the directory is cut off; up to a number of them.
///
/// Behind members that do not say their size before their bytes, some may be bytes that look like a header.
pub(crate) fn begun(bytes: &[u8], entries_max: usize) -> Vec<Entry<'_>> {
    let mut entries = Vec::new();
    let mut at = 0;
    while entries.len() < entries_max {
        let rest = bytes.get(at..).unwrap_or_default();
        let Some(found) = memmem::find(rest, LOCAL_HEADER) else { break };
        at += found;
        let Some((entry, next)) = begun_entry(bytes, at) else { break };
        entries.push(entry);
        at = next;
    }
    entries
}

/// The member whose header stands at an offset, and where the next header is to be looked for.
fn begun_entry(bytes: &[u8], at: usize) -> Option<(Entry<'_>, usize)> {
    const SIZES_BEHIND: u16 = 1 << 3;
    let length = |field| u16_at(bytes, at + field).map(usize::from);
    let name_at = at + LOCAL_HEADER_BYTES;
    let extra_at = name_at + length(26)?;
    let start = extra_at + length(28)?;
    let packed_bytes = u64::from(u32_at(bytes, at + 18)?);
    let entry = Entry {
        name: bytes.get(name_at..extra_at)?,
        flags: u16_at(bytes, at + 6)?,
        method: u16_at(bytes, at + 8)?,
        crc: u32_at(bytes, at + 14)?,
        packed_bytes,
        unpacked_bytes: u64::from(u32_at(bytes, at + 22)?),
        extra: bytes.get(extra_at..start).unwrap_or_default(),
        system: 0,
        attributes: 0,
        parts: (0, 0),
        header_at: Some(at),
    };
    let is_sized = entry.flags & SIZES_BEHIND == 0;
    let end = usize::try_from(packed_bytes).ok().and_then(|len| start.checked_add(len));
    let next = end.filter(|&end| is_sized && end <= bytes.len()).unwrap_or(name_at);
    Some((entry, next))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An archive of one stored member, written byte by byte.
    fn archive(before: &[u8], declared_offset: u32, comment: &[u8]) -> Vec<u8> {
        let local = [
            LOCAL_HEADER,
            &[0; 14],
            &3_u32.to_le_bytes(),
            &3_u32.to_le_bytes(),
            &5_u16.to_le_bytes(),
            &[0; 2],
            b"a.txt",
            b"abc",
        ]
        .concat();
        let entry = [
            ENTRY,
            &[0; 16],
            &3_u32.to_le_bytes(),
            &3_u32.to_le_bytes(),
            &5_u16.to_le_bytes(),
            &[0; 12],
            &declared_offset.to_le_bytes(),
            b"a.txt",
        ]
        .concat();
        let offset = u32::try_from(local.len()).unwrap() + declared_offset;
        let end = [
            END_RECORD,
            &[0; 4],
            &[1, 0, 1, 0],
            &u32::try_from(entry.len()).unwrap().to_le_bytes(),
            &offset.to_le_bytes(),
            &u16::try_from(comment.len()).unwrap().to_le_bytes(),
            comment,
        ]
        .concat();
        [before, &local, &entry, &end].concat()
    }

    #[track_caller]
    fn check(bytes: &[u8]) {
        let directory = Directory::read(bytes, 10).unwrap();
        assert_eq!((directory.entries.len(), directory.declared), (1, 1));
        let entry = &directory.entries[0];
        assert_eq!(entry.name, b"a.txt");
        assert_eq!(entry.packed(bytes), Some(b"abc".as_slice()));
    }

    #[test]
    fn a_member_is_found_behind_a_comment_and_behind_a_program() {
        check(&archive(b"", 0, b""));
        check(&archive(b"", 0, b"comment with PK\x05\x06 in it, and more bytes than a record has"));
        check(&archive(b"MZ program", 0, b""));
        check(&archive(b"MZ program", 10, b""));
        check(&[archive(b"", 0, b""), b"\r\n--boundary--".to_vec()].concat());
    }

    #[test]
    fn a_directory_with_counts_of_64_bits_is_found() {
        let narrow = archive(b"", 0, b"");
        let end = narrow.len() - END_RECORD_BYTES;
        let (members, record) = narrow.split_at(end);
        let (size, offset) = (u32_at(record, 12).unwrap(), u32_at(record, 16).unwrap());
        let wide = |number: u32| u64::from(number).to_le_bytes();
        let (record_64, locator) = (
            [END_RECORD_64, &wide(44), &[0; 12], &wide(1), &wide(1), &wide(size), &wide(offset)],
            [LOCATOR_64, &[0; 4], &wide(u32::try_from(end).unwrap()), &[1, 0, 0, 0]],
        );
        let full = [END_RECORD, &[0; 4], &[0xff; 12], &[0; 2]].concat();
        let parts = [members.to_vec(), record_64.concat(), locator.concat(), full];
        check(&parts.concat());
        check(&[b"MZ program".to_vec(), parts.concat()].concat());
    }

    #[test]
    fn a_file_without_its_end_has_no_directory_but_names_that_begin() {
        let bytes = archive(b"", 0, b"");
        let cut = bytes.get(..bytes.len() - 10).unwrap();
        assert!(Directory::read(cut, 10).is_none());
        let begun = begun(cut, 10);
        assert_eq!(begun.len(), 1);
        assert_eq!(begun[0].name, b"a.txt");
        assert_eq!(begun[0].packed(cut), Some(b"abc".as_slice()));
    }

    #[test]
    fn headers_inside_a_member_that_says_its_size_are_not_its_neighbours() {
        let inner = archive(b"", 0, b"");
        let size = u32::try_from(inner.len()).unwrap().to_le_bytes();
        let header = [LOCAL_HEADER, &[0; 14], &size, &size, &[5, 0, 0, 0], b"b.zip"].concat();
        let cut = [header.as_slice(), &inner, &archive(b"", 0, b"")[..50]].concat();
        let names: Vec<_> = begun(&cut, 10).into_iter().map(|entry| entry.name).collect();
        assert_eq!(names, [b"b.zip", b"a.txt"]);
        assert_eq!(begun(&cut, 1).len(), 1);
    }

    #[test]
    fn no_more_entries_are_read_than_wanted() {
        let bytes = archive(b"", 0, b"");
        let directory = Directory::read(&bytes, 0);
        assert!(
            directory.is_some_and(|directory| directory.has_more && directory.entries.is_empty())
        );
    }
}
