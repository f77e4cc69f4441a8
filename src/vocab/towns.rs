//! Towns, townships and subdistricts by name, data of about 2023, found without reading the whole table.

use std::sync::OnceLock;

/// `index-schema/towns.csv`: a line for each name, sorted, with the codes of the counties that have a town of it.
#[derive(Debug)]
pub(crate) struct Towns {
    text: &'static str,
    /// Made at the first question.
    table: OnceLock<Table>,
}

/// Where each line begins, and which names there are at all: most of what is asked for is no name.
#[derive(Debug)]
struct Table {
    lines: Vec<usize>,
    /// A bit for the hash of each name.
    names: Vec<u64>,
}

/// Bits for the hashes of about 40,000 names.
const NAME_BITS: u32 = 19;

impl Towns {
    pub(crate) fn new(text: &'static str) -> Self {
        Self { text, table: OnceLock::new() }
    }

    /// The codes of the counties with a town of that name.
    pub(crate) fn counties(&self, name: &str) -> impl Iterator<Item = &'static str> + use<> {
        self.row(name).into_iter().flat_map(|codes| codes.split('|'))
    }

    fn row(&self, name: &str) -> Option<&'static str> {
        let Table { lines, names } = self.table.get_or_init(|| Table::new(self.text));
        let (cell, bit) = bit_of(name);
        if names[cell] & bit == 0 {
            return None;
        }
        let found = lines
            .binary_search_by(|at| row_at(self.text, *at).map_or("", |(town, _)| town).cmp(name))
            .ok()?;
        row_at(self.text, *lines.get(found)?).map(|(_, codes)| codes)
    }
}

impl Table {
    fn new(text: &str) -> Self {
        let starts = text.match_indices('\n').map(|(at, _)| at + 1);
        let lines: Vec<usize> = starts.filter(|at| *at < text.len()).collect();
        let mut names = vec![0; 1 << (NAME_BITS - 6)];
        for (town, _) in lines.iter().filter_map(|at| row_at(text, *at)) {
            let (cell, bit) = bit_of(town);
            names[cell] |= bit;
        }
        Self { lines, names }
    }
}

/// Name and codes of the line that begins at a byte.
fn row_at(text: &str, at: usize) -> Option<(&str, &str)> {
    text.get(at..)?.lines().next()?.split_once(',')
}

/// Cell and bit of a name, by a hash that is quickly made.
fn bit_of(name: &str) -> (usize, u64) {
    let hash = name.as_bytes().chunks(8).fold(0_u64, |hash, chunk| {
        let mut padded = [0; 8];
        padded.iter_mut().zip(chunk).for_each(|(to, from)| *to = *from);
        (hash.rotate_left(5) ^ u64::from_le_bytes(padded)).wrapping_mul(0x9E37_79B9_7F4A_7C15)
    });
    let bit = hash >> (u64::BITS - NAME_BITS);
    (usize::try_from(bit >> 6).unwrap_or(0), 1 << (bit & 63))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_town_is_found_first_last_and_between_and_no_other() {
        let towns = Towns::new("town,counties\n上镇,1|2\n下镇,3\n中镇,4\n");
        let of = |name: &str| towns.counties(name).collect::<Vec<_>>();
        assert_eq!(of("上镇"), ["1", "2"]);
        assert_eq!(of("下镇"), ["3"]);
        assert_eq!(of("中镇"), ["4"]);
        for other in ["中", "town", "", "下"] {
            assert!(of(other).is_empty(), "{other}");
        }
    }
}
