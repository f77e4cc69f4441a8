//! Compound files (OLE2), which old Word and Excel files are: single streams out of hostile bytes.
//!
//! The readers of these formats open the container themselves, and believe what it says of chains and lengths. They
//! are therefore never given the file, but a new container with no more than the streams whose content was checked.

use crate::ingest::little_endian::{u16_at, u32_at};
use cfb::{CompoundFile, Version};
use std::io::{self, Cursor, Read, Write};

/// The largest sector number; above stand marks such as the end of a chain.
const SECTOR_MAX: u32 = 0xffff_fff9;

/// Bytes of the header, where the first 109 sectors of the table are listed.
const HEADER_BYTES: usize = 512;

/// An opened container.
#[derive(Debug)]
pub(super) struct Compound<'b> {
    file: CompoundFile<Cursor<&'b [u8]>>,
    /// No stream is longer than the file that holds it.
    len: u64,
}

impl<'b> Compound<'b> {
    /// Opens a container; the error says what is wrong with it.
    pub(super) fn open(bytes: &'b [u8]) -> io::Result<Self> {
        const CAUSE: &str = "its directory is cut off or damaged";
        if lists_too_much(bytes) {
            return Err(io::Error::other(CAUSE));
        }
        let file = CompoundFile::open(Cursor::new(bytes)).map_err(|error| told(CAUSE, &error))?;
        Ok(Self { file, len: u64::try_from(bytes.len()).unwrap_or(u64::MAX) })
    }

    /// Whether a stream of this name stands in the top folder.
    pub(super) fn has(&self, name: &str) -> bool {
        self.file.is_stream(format!("/{name}"))
    }

    /// A stream of the top folder, `None` where there is none.
    ///
    /// Errors: what is wrong, where it is not there to its end.
    pub(super) fn stream(&mut self, name: &str) -> io::Result<Option<Vec<u8>>> {
        if !self.has(name) {
            return Ok(None);
        }
        let cut = |error| told(&format!("its part {name} is cut off or damaged"), &error);
        let mut stream = self.file.open_stream(format!("/{name}")).map_err(cut)?;
        let declared = stream.len();
        let mut content = Vec::new();
        if declared <= self.len {
            stream.read_to_end(&mut content).map_err(cut)?;
        }
        if u64::try_from(content.len()).is_ok_and(|found| found == declared) {
            Ok(Some(content))
        } else {
            Err(cut(io::ErrorKind::UnexpectedEof.into()))
        }
    }
}

/// An error of the same kind that says what it is of.
fn told(what: &str, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{what}: {error}"))
}

/// A container with these streams and nothing else.
pub(super) fn with_streams(streams: &[(&str, &[u8])]) -> io::Result<Vec<u8>> {
    let mut file = CompoundFile::create_with_version(Version::V3, Cursor::new(Vec::new()))?;
    for (name, content) in streams {
        file.create_stream(format!("/{name}"))?.write_all(content)?;
    }
    file.flush()?;
    Ok(file.into_inner().into_inner())
}

/// Whether the list of the table's sectors is longer than the file needs: each of its sectors would be read as 127
/// more, so that a small file could ask for gigabytes.
///
/// Source: [MS-CFB] 2.2 (header), 2.5 (the list of the table's sectors).
fn lists_too_much(bytes: &[u8]) -> bool {
    let sector_bytes = if u16_at(bytes, 30) == Some(12) { 4096 } else { HEADER_BYTES };
    let numbers = sector_bytes / 4;
    let needed = bytes.len() / sector_bytes / numbers / (numbers - 1) + 1;
    let mut listed = 0;
    let mut next = u32_at(bytes, 68);
    while let Some(sector) = next.filter(|&sector| sector <= SECTOR_MAX) {
        listed += 1;
        if listed > needed {
            return true;
        }
        next = usize::try_from(sector)
            .ok()
            .and_then(|sector| sector.checked_add(2)?.checked_mul(sector_bytes)?.checked_sub(4))
            .and_then(|at| u32_at(bytes, at));
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_of_the_top_folder_are_read_whole() {
        let long = vec![7; 5_000];
        let bytes = with_streams(&[("Data", b"abc"), ("WordDocument", &long)]).unwrap();
        let mut file = Compound::open(&bytes).unwrap();
        assert_eq!(file.stream("Data").unwrap().as_deref(), Some(b"abc".as_slice()));
        assert_eq!(file.stream("WordDocument").unwrap(), Some(long));
        assert_eq!(file.stream("Workbook").unwrap(), None);
        assert!(file.has("Data") && !file.has("Workbook"));
    }

    #[test]
    fn a_container_cut_anywhere_gives_whole_streams_or_none() {
        let long: Vec<u8> = (0..9_000).map(|at| u8::try_from(at % 251).unwrap()).collect();
        let bytes = with_streams(&[("WordDocument", &long), ("1Table", &long)]).unwrap();
        let mut opened = 0;
        for end in (0..bytes.len()).step_by(97) {
            let Ok(mut file) = Compound::open(bytes.get(..end).unwrap()) else { continue };
            opened += 1;
            for name in ["WordDocument", "1Table"] {
                match file.stream(name) {
                    Ok(Some(content)) => assert_eq!(content, long),
                    Ok(None) => {}
                    Err(error) => assert!(error.to_string().starts_with("its part "), "{error}"),
                }
            }
        }
        assert!(opened > 0);
    }

    #[test]
    fn a_list_of_the_table_that_is_longer_than_the_file_needs_is_refused() {
        let mut bytes = with_streams(&[("WordDocument", &[7; 5_000])]).unwrap();
        assert!(!lists_too_much(&bytes));
        // Sectors that list one another, each standing for 127 more.
        bytes[68..72].copy_from_slice(&1_u32.to_le_bytes());
        bytes[HEADER_BYTES * 3 - 4..HEADER_BYTES * 3].copy_from_slice(&2_u32.to_le_bytes());
        assert!(lists_too_much(&bytes));
        assert!(Compound::open(&bytes).is_err());
    }

    #[test]
    fn a_stream_that_says_to_be_longer_than_its_file_is_cut_off() {
        let mut bytes = with_streams(&[("WordDocument", &[7; 5_000])]).unwrap();
        let name: Vec<u8> = "WordDocument".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let entry = memchr::memmem::find(&bytes, &name).unwrap();
        bytes[entry + 120..entry + 124].copy_from_slice(&0x7fff_0000_u32.to_le_bytes());
        let error = Compound::open(&bytes).unwrap().stream("WordDocument").unwrap_err();
        assert!(error.to_string().starts_with("its part WordDocument is cut off"), "{error}");
    }
}
