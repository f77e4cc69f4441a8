//! Names in the top folder of an OLE2 file (DOC, XLS, PPT, MSG and others).
//!
//! Only the top folder counts: a document with a sheet in it holds the sheet's streams in a folder below.
//! Source: [MS-CFB] 2.2 (header), 2.3 (sector chains), 2.6 (directory entries).

use crate::ingest::little_endian::{u16_at, u32_at};

/// Directory sectors that are read; a document with a thousand objects needs some hundred.
const SECTORS_MAX: usize = 4096;

const HEADER_BYTES: usize = 512;
const ENTRY_BYTES: usize = 128;
/// Sector numbers of the allocation table that stand in the header.
const TABLE_SECTORS_IN_HEADER: usize = 109;
/// No such sector, no such entry.
const NONE: u32 = 0xFFFF_FFFA;

/// The names in the top folder; all names where the folder's tree is damaged; none where there is no directory.
pub(super) struct TopNames {
    pub(super) names: Vec<String>,
    /// Whether the directory goes on where the file does not.
    pub(super) is_cut: bool,
}

pub(super) fn top_names(bytes: &[u8]) -> TopNames {
    let file = Container::open(bytes);
    let (entries, is_cut) = file.map_or((Vec::new(), true), |file| file.entries());
    let mut names = Vec::new();
    let mut visited = vec![false; entries.len()];
    let mut ahead: Vec<u32> = entries.first().map(|root| root.child).into_iter().collect();
    while let Some(number) = ahead.pop() {
        let Ok(ordinal) = usize::try_from(number) else { continue };
        let Some(entry) = entries.get(ordinal).filter(|_| !visited[ordinal]) else { continue };
        visited[ordinal] = true;
        names.push(entry.name.clone());
        ahead.extend([entry.left, entry.right]);
    }
    if names.is_empty() {
        names = entries.into_iter().map(|entry| entry.name).collect();
    }
    TopNames { names, is_cut }
}

/// The stream that the file was begun with, by its first bytes: Word and Excel write that of their text first.
pub(super) fn first_stream(bytes: &[u8]) -> Option<&'static str> {
    let first = Container::open(bytes)?.sector(0)?;
    match (u16_at(first, 0)?, u16_at(first, 2)?) {
        (0xA5EC | 0xA5DC, _) => Some("WordDocument"),
        (0x0809, 8 | 16) => Some("Workbook"),
        _ => None,
    }
}

/// An entry of the directory: a stream or a folder, in a tree of its neighbours.
struct Entry {
    name: String,
    left: u32,
    right: u32,
    child: u32,
}

struct Container<'a> {
    bytes: &'a [u8],
    sector_bytes: usize,
}

impl<'a> Container<'a> {
    fn open(bytes: &'a [u8]) -> Option<Self> {
        let shift = u16_at(bytes, 30)?;
        matches!(shift, 9 | 12).then(|| Self { bytes, sector_bytes: 1 << shift })
    }

    /// A sector; the last one of a file that is cut off may be short.
    fn sector(&self, number: u32) -> Option<&'a [u8]> {
        if number >= NONE {
            return None;
        }
        // The header fills the first sector, of 512 bytes or 4096.
        let start = usize::try_from(number).ok()?.checked_add(1)?.checked_mul(self.sector_bytes)?;
        let end = start.checked_add(self.sector_bytes)?.min(self.bytes.len());
        self.bytes.get(start.max(HEADER_BYTES)..end)
    }

    /// The sector that follows in its chain.
    fn next(&self, number: u32) -> Option<u32> {
        let per_sector = self.sector_bytes / 4;
        let number = usize::try_from(number).ok()?;
        let table = self.sector(self.table_sector(number / per_sector)?)?;
        u32_at(table, number % per_sector * 4)
    }

    /// The sector that holds a part of the allocation table.
    fn table_sector(&self, ordinal: usize) -> Option<u32> {
        if ordinal < TABLE_SECTORS_IN_HEADER {
            return u32_at(self.bytes, 76 + ordinal * 4);
        }
        // Each further sector of numbers ends with the number of the next one.
        let per_sector = self.sector_bytes / 4 - 1;
        let ordinal = ordinal - TABLE_SECTORS_IN_HEADER;
        let mut sector = u32_at(self.bytes, 68)?;
        for _ in 0..(ordinal / per_sector).min(SECTORS_MAX) {
            sector = u32_at(self.sector(sector)?, per_sector * 4)?;
        }
        u32_at(self.sector(sector)?, ordinal % per_sector * 4)
    }

    /// The entries of the directory, and whether it goes on where the file does not.
    fn entries(&self) -> (Vec<Entry>, bool) {
        let (mut entries, mut is_cut) = (Vec::new(), false);
        let mut number = u32_at(self.bytes, 48);
        for _ in 0..SECTORS_MAX {
            let Some(sector) = number.and_then(|number| self.sector(number)) else { break };
            is_cut |= sector.len() < self.sector_bytes;
            entries.extend(sector.chunks_exact(ENTRY_BYTES).filter_map(entry));
            number = number.and_then(|number| self.next(number));
        }
        (entries, is_cut || number.is_none_or(|number| number < NONE))
    }
}

fn entry(bytes: &[u8]) -> Option<Entry> {
    // Counted in bytes, with the NUL at the end.
    let length = usize::from(u16_at(bytes, 64)?).clamp(2, 64) - 2;
    let units: Vec<u16> =
        bytes.get(..length)?.chunks_exact(2).filter_map(|pair| u16_at(pair, 0)).collect();
    Some(Entry {
        name: String::from_utf16_lossy(&units),
        left: u32_at(bytes, 68)?,
        right: u32_at(bytes, 72)?,
        child: u32_at(bytes, 76)?,
    })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A file with these entries behind the root: name and the folder it lies in, 0 for the top.
    pub(in crate::ingest::sniff) fn container(entries: &[(&str, u32)]) -> Vec<u8> {
        let mut bytes = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
        bytes.resize(HEADER_BYTES, 0xFF);
        bytes[30..32].copy_from_slice(&9_u16.to_le_bytes());
        bytes[48..52].copy_from_slice(&1_u32.to_le_bytes());
        bytes[76..80].copy_from_slice(&0_u32.to_le_bytes());
        // The table: itself, then the directory's chain.
        let mut table = vec![0xFFFF_FFFD_u32];
        let sectors = (entries.len() + 1).div_ceil(4);
        for sector in 1..=sectors {
            let next = u32::try_from(sector + 1).unwrap();
            table.push(if sector == sectors { 0xFFFF_FFFE } else { next });
        }
        table.resize(128, 0xFFFF_FFFF);
        bytes.extend(table.iter().flat_map(|number| number.to_le_bytes()));
        let all: Vec<(&str, Option<u32>)> = std::iter::once(("Root Entry", None))
            .chain(entries.iter().map(|&(name, folder)| (name, Some(folder))))
            .collect();
        let number = |at: Option<usize>| at.map_or(u32::MAX, |at| u32::try_from(at).unwrap());
        for (ordinal, &(name, folder)) in all.iter().enumerate() {
            let mut entry = vec![0; ENTRY_BYTES];
            let units: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
            entry[..units.len()].copy_from_slice(&units);
            entry[64..66].copy_from_slice(&u16::try_from(units.len() + 2).unwrap().to_le_bytes());
            // A tree that is a chain: each entry's right neighbour is the next one of its folder.
            let behind = folder.and_then(|folder| {
                all.iter().skip(ordinal + 1).position(|entry| entry.1 == Some(folder))
            });
            let child = all.iter().position(|entry| entry.1 == u32::try_from(ordinal).ok());
            entry[68..72].copy_from_slice(&u32::MAX.to_le_bytes());
            entry[72..76].copy_from_slice(&number(behind.map(|at| at + ordinal + 1)).to_le_bytes());
            entry[76..80].copy_from_slice(&number(child).to_le_bytes());
            bytes.extend(entry);
        }
        bytes.resize(bytes.len().next_multiple_of(512), 0);
        bytes
    }

    #[test]
    fn only_names_of_the_top_folder_are_given() {
        let bytes = container(&[
            ("ObjectPool", 0),
            ("_1", 1),
            ("Workbook", 2),
            ("1Table", 0),
            ("WordDocument", 0),
        ]);
        assert_eq!(top_names(&bytes).names, ["ObjectPool", "1Table", "WordDocument"]);
    }

    #[test]
    fn the_table_of_a_large_file_goes_on_outside_the_header() {
        let small =
            container(&[("1Table", 0), ("Data", 0), ("A", 0), ("B", 0), ("WordDocument", 0)]);
        let mut bytes = small[..HEADER_BYTES].to_vec();
        bytes.resize(HEADER_BYTES + 14_002 * 512, 0);
        let mut put = |sector: usize, at: usize, number: u32| {
            let at = sector * 512 + at;
            bytes[at..at + 4].copy_from_slice(&number.to_le_bytes());
        };
        put(0, 48, 14_000); // The directory, in two sectors.
        put(0, 68, 5); // Further sectors of the table are listed in sector 5.
        put(1 + 5, 0, 6); // Part 109 of the table is sector 6.
        put(1 + 6, (14_000 - 109 * 128) * 4, 14_001);
        put(1 + 6, (14_001 - 109 * 128) * 4, 0xFFFF_FFFE);
        bytes[HEADER_BYTES + 14_000 * 512..].copy_from_slice(&small[1024..]);
        assert_eq!(top_names(&bytes).names, ["1Table", "Data", "A", "B", "WordDocument"]);
    }

    #[test]
    fn a_chain_in_a_circle_ends() {
        let mut bytes = container(&[("WordDocument", 0)]);
        bytes[516..520].copy_from_slice(&1_u32.to_le_bytes()); // The directory's sector follows itself.
        assert!(top_names(&bytes).names.contains(&"WordDocument".to_owned()));
    }

    #[test]
    fn a_file_cut_anywhere_is_read_as_far_as_it_goes() {
        let bytes = container(&[("WordDocument", 0)]);
        for end in 0..bytes.len() {
            let _names = top_names(bytes.get(..end).unwrap());
        }
        assert_eq!(top_names(bytes.get(..8).unwrap()).names, [""; 0]);
    }
}
