//! The file of what comparing found: pairs of classes that are near, that are excerpts, and that are neither.
//!
//! The pairs that are neither are kept as well, so that the next run compares only what it has not seen. The same set of
//! texts gives the same bytes; a file is named by what is in it.

use crate::reprints::Verdict;
use crate::reprints::letters::mixed;

/// Begins every file; the last byte changes with what is compared and how.
const MAGIC: [u8; 8] = *b"fzrepr\0\x05";
/// Bytes of the checksum at the end.
const CHECKSUM: usize = 16;

/// What is known of pairs of classes, each class by the key of its text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Edges {
    /// Classes near each other, the lesser key first, sorted.
    pub(crate) near: Vec<(u64, u64)>,
    /// An excerpt and what it is from, sorted.
    pub(crate) within: Vec<(u64, u64)>,
    /// Pairs that are neither, each as one number, sorted.
    apart: Vec<u64>,
}

/// Why a file of edges cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum EdgesError {
    /// Another program's, or of another way to compare.
    #[error("the file of reprints is of another version")]
    Version,
    /// Its checksum does not fit.
    #[error("the file of reprints is damaged")]
    Damaged,
}

impl Edges {
    /// What is known of a pair, in this order; `None` when it was never compared.
    pub(crate) fn verdict(&self, a: u64, b: u64) -> Option<Verdict> {
        let holds = |pairs: &[(u64, u64)], pair| pairs.binary_search(&pair).is_ok();
        if holds(&self.near, (a.min(b), a.max(b))) {
            Some(Verdict::Near)
        } else if holds(&self.within, (a, b)) {
            Some(Verdict::Within)
        } else if holds(&self.within, (b, a)) {
            Some(Verdict::Holds)
        } else {
            self.apart.binary_search(&one_number(a, b)).is_ok().then_some(Verdict::Apart)
        }
    }

    /// Takes in a pair; [`Self::sort`] must follow the last.
    pub(crate) fn add(&mut self, a: u64, b: u64, verdict: Verdict) {
        match verdict {
            Verdict::Near => self.near.push((a.min(b), a.max(b))),
            Verdict::Within => self.within.push((a, b)),
            Verdict::Holds => self.within.push((b, a)),
            Verdict::Apart => self.apart.push(one_number(a, b)),
        }
    }

    /// Brings the pairs into the order of the file.
    pub(crate) fn sort(&mut self) {
        self.near.sort_unstable();
        self.within.sort_unstable();
        self.apart.sort_unstable();
    }

    /// The bytes of the file.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        for count in [self.near.len(), self.within.len(), self.apart.len()] {
            bytes.extend((count as u64).to_le_bytes());
        }
        for (a, b) in self.near.iter().chain(&self.within) {
            bytes.extend(a.to_le_bytes());
            bytes.extend(b.to_le_bytes());
        }
        for pair in &self.apart {
            bytes.extend(pair.to_le_bytes());
        }
        let checksum = checksum(&bytes);
        bytes.extend(checksum);
        bytes
    }

    /// The edges of a file.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, EdgesError> {
        let (content, found) = bytes.split_last_chunk::<CHECKSUM>().ok_or(EdgesError::Damaged)?;
        if checksum(content) != *found {
            return Err(EdgesError::Damaged);
        }
        // Only what is whole can be another version's.
        if !content.starts_with(&MAGIC) {
            return Err(EdgesError::Version);
        }
        let (numbers, _) = content.as_chunks::<8>();
        let mut numbers = numbers.iter().skip(1).map(|number| u64::from_le_bytes(*number));
        let mut count = || usize::try_from(numbers.next()?).ok();
        let (Some(near), Some(within)) = (count(), count()) else {
            return Err(EdgesError::Damaged);
        };
        let _apart = count();
        let mut pairs = |count: usize| -> Vec<(u64, u64)> {
            (0..count).map_while(|_| Some((numbers.next()?, numbers.next()?))).collect()
        };
        let (near, within) = (pairs(near), pairs(within));
        Ok(Self { near, within, apart: numbers.collect() })
    }

    /// The name of the file with these bytes.
    pub(crate) fn name(bytes: &[u8]) -> String {
        let digits = bytes.last_chunk::<CHECKSUM>().into_iter().flatten();
        let digits = digits.take(8).map(|byte| format!("{byte:02x}"));
        format!("{NAME}{}", digits.collect::<String>())
    }

    /// Whether a file has such a name.
    pub(crate) fn is_name(name: &str) -> bool {
        name.starts_with(NAME)
    }
}

/// How the names of all files of edges begin.
const NAME: &str = "reprints-";

fn checksum(bytes: &[u8]) -> [u8; CHECKSUM] {
    let mut checksum = [0; CHECKSUM];
    blake3::Hasher::new().update(bytes).finalize_xof().fill(&mut checksum);
    checksum
}

/// A pair as one number, the same in either order. Among ten million pairs known the odds that one not yet compared has
/// the number of another are 1 to 10^12.
fn one_number(a: u64, b: u64) -> u64 {
    mixed(mixed(a.min(b)).wrapping_add(a.max(b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edges() -> Edges {
        let mut edges = Edges::default();
        edges.add(9, 2, Verdict::Near);
        edges.add(4, 5, Verdict::Within);
        edges.add(4, 1, Verdict::Holds);
        edges.add(3, 8, Verdict::Apart);
        edges.sort();
        edges
    }

    #[test]
    fn a_file_says_what_was_found_in_either_order() {
        let bytes = edges().to_bytes();
        let read = Edges::from_bytes(&bytes).unwrap();
        assert_eq!(read, edges());
        assert_eq!(read.verdict(2, 9), Some(Verdict::Near));
        assert_eq!(read.verdict(5, 4), Some(Verdict::Holds));
        assert_eq!(read.verdict(1, 4), Some(Verdict::Within));
        assert_eq!(read.verdict(8, 3), Some(Verdict::Apart));
        assert_eq!(read.verdict(8, 4), None);
        assert!(Edges::is_name(&Edges::name(&bytes)));
    }

    #[test]
    fn a_damaged_file_is_an_error_whatever_byte_it_is() {
        let bytes = edges().to_bytes();
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            assert!(Edges::from_bytes(&damaged).is_err(), "{at}");
            assert!(Edges::from_bytes(&bytes[..at]).is_err(), "{at}");
        }
    }
}
