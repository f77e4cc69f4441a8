//! Which article each hit is of, for counting articles and reports.
//!
//! Articles and reports have small numbers that stand for their keys in all segments of a searcher. The number of a
//! paragraph's article is read from the columns the first time it is a hit and remembered in four bytes, so hits are counted
//! by setting bits. That took a tenth of the time of a search by any part, which finds tens of thousands.

use crate::index::NumberColumns;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use tantivy::columnar::Column;
use tantivy::index::SegmentId;
use tantivy::{DocId, SegmentReader};

/// Spreads keys, which are the number of a file above and that of a place in it below, over all bits: the lowest choose
/// the bucket, the highest tell its entries apart.
#[derive(Default)]
pub(crate) struct KeyHasher(u64);

impl Hasher for KeyHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for bytes in bytes.chunks(8) {
            self.write_u64(bytes.iter().fold(0, |key, &byte| key << 8 | u64::from(byte)));
        }
    }

    fn write_u64(&mut self, key: u64) {
        let key = self.0 ^ key;
        // The finish of SplitMix64.
        let key = (key ^ (key >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let key = (key ^ (key >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        self.0 = key ^ (key >> 31);
    }
}

/// Documents of which something is remembered together, once one of them was met.
const PAGE: usize = 4096;

/// What stands for a document that was not met yet.
pub(super) const UNKNOWN: u32 = 0;

/// A number for each document of a segment, [`UNKNOWN`] at first; at most four bytes a document.
#[derive(Debug)]
pub(super) struct Pages(Box<[OnceLock<Box<[AtomicU32]>>]>);

impl Pages {
    pub(super) fn new(documents: u32) -> Self {
        Self((0..(documents as usize).div_ceil(PAGE)).map(|_| OnceLock::new()).collect())
    }

    /// `None` for what is no document of the segment.
    pub(super) fn of(&self, doc: DocId) -> Option<&AtomicU32> {
        let doc = doc as usize;
        let unknown = || (0..PAGE).map(|_| AtomicU32::new(UNKNOWN)).collect();
        self.0.get(doc / PAGE)?.get_or_init(unknown).get(doc % PAGE)
    }
}

/// A set of small numbers.
#[derive(Debug, Clone, Default)]
pub(crate) struct Numbers(Vec<u64>);

impl Numbers {
    pub(super) fn add(&mut self, number: u32) {
        let at = number as usize / 64;
        if at >= self.0.len() {
            self.0.resize(at + 1, 0);
        }
        if let Some(bits) = self.0.get_mut(at) {
            *bits |= 1 << (number % 64);
        }
    }

    pub(super) fn add_all(&mut self, other: &Self) {
        self.0.resize(self.0.len().max(other.0.len()), 0);
        self.0.iter_mut().zip(&other.0).for_each(|(bits, other)| *bits |= other);
    }

    pub(crate) fn len(&self) -> u64 {
        self.0.iter().map(|bits| u64::from(bits.count_ones())).sum()
    }

    fn each(&self) -> impl Iterator<Item = usize> {
        self.0.iter().enumerate().flat_map(|(at, &bits)| {
            let rest = |&bits: &u64| Some(bits & bits.wrapping_sub(1));
            let bits = std::iter::successors(Some(bits), rest).take_while(|&bits| bits != 0);
            bits.map(move |bits| at * 64 + bits.trailing_zeros() as usize)
        })
    }
}

/// The articles of one state of an index as far as they were met.
#[derive(Debug, Default)]
pub(super) struct Articles {
    known: Mutex<Known>,
    segments: Mutex<HashMap<SegmentId, Arc<Pages>>>,
}

#[derive(Debug, Default)]
struct Known {
    /// By key, from 1.
    articles: HashMap<u64, u32, BuildHasherDefault<KeyHasher>>,
    /// By key.
    reports: HashMap<u64, u32, BuildHasherDefault<KeyHasher>>,
    /// The report of each article; nothing at 0.
    report_of: Vec<u32>,
}

impl Known {
    /// The number of an article, whose paragraphs are all of one report.
    fn number(&mut self, key: u64, report_key: impl FnOnce() -> Option<u64>) -> u32 {
        if let Some(&number) = self.articles.get(&key) {
            return number;
        }
        let new = |known: usize| u32::try_from(known + 1).unwrap_or(u32::MAX);
        let number = new(self.articles.len());
        let report = report_key().map_or(UNKNOWN, |key| {
            let next = new(self.reports.len());
            *self.reports.entry(key).or_insert(next)
        });
        self.report_of.resize(number as usize, UNKNOWN);
        self.report_of.push(report);
        self.articles.insert(key, number);
        number
    }
}

impl Articles {
    /// The reports of articles.
    pub(super) fn reports(&self, articles: &Numbers) -> Numbers {
        let known = self.known();
        let mut reports = Numbers::default();
        let of = |article| known.report_of.get(article).filter(|&&report| report != UNKNOWN);
        articles.each().filter_map(of).for_each(|&report| reports.add(report));
        reports
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        // An article gets its number last, so what panicked left a report that nothing names.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The articles of a segment.
pub(super) struct SegmentArticles {
    all: Arc<Articles>,
    pages: Arc<Pages>,
    article_key: Column<u64>,
    report_key: Column<u64>,
}

impl SegmentArticles {
    pub(super) fn open(
        all: &Arc<Articles>,
        columns: &NumberColumns,
        reader: &SegmentReader,
    ) -> tantivy::Result<Self> {
        // Nothing is half done in it when something panics.
        let mut segments = all.segments.lock().unwrap_or_else(PoisonError::into_inner);
        let new = || Arc::new(Pages::new(reader.max_doc()));
        Ok(Self {
            pages: Arc::clone(segments.entry(reader.segment_id()).or_insert_with(new)),
            all: Arc::clone(all),
            article_key: columns.of(reader, "article_key")?,
            report_key: columns.of(reader, "report_key")?,
        })
    }

    /// The number of the article of a paragraph, [`UNKNOWN`] for what is none.
    pub(super) fn of(&self, doc: DocId) -> u32 {
        let remembered = self.pages.of(doc);
        let number = remembered.map_or(UNKNOWN, |number| number.load(Ordering::Relaxed));
        if number != UNKNOWN {
            return number;
        }
        let Some(key) = self.article_key.first(doc) else { return UNKNOWN };
        let number = self.all.known().number(key, || self.report_key.first(doc));
        if let Some(remembered) = remembered {
            remembered.store(number, Ordering::Relaxed);
        }
        number
    }

    /// The key of a paragraph's report.
    pub(super) fn report_key(&self, doc: DocId) -> Option<u64> {
        self.report_key.first(doc)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn keys_of_files_and_of_places_in_one_file_are_spread() {
        let spread = |key: &dyn Fn(u64) -> u64| {
            let hashes: Vec<u64> = (0..4_096)
                .map(|at| {
                    let mut hasher = KeyHasher::default();
                    hasher.write_u64(key(at));
                    hasher.finish()
                })
                .collect();
            let distinct = |part: fn(u64) -> u64| {
                hashes.iter().map(|hash| part(*hash)).collect::<HashSet<u64>>().len()
            };
            (distinct(|hash| hash & 4_095), distinct(|hash| hash >> 57))
        };
        for key in [|at| at << 32, |at| (7 << 32) + at, |at| (at << 32) + at] as [fn(u64) -> u64; 3]
        {
            let (buckets, marks) = spread(&key);
            assert!(buckets > 2_000 && marks > 100, "{buckets} {marks}");
        }
    }

    fn numbers(all: &[u32]) -> Numbers {
        let mut numbers = Numbers::default();
        all.iter().for_each(|&number| numbers.add(number));
        numbers
    }

    #[test]
    fn a_set_holds_each_number_once() {
        let mut set = numbers(&[1, 63, 64, 200, 64]);
        assert_eq!(set.each().collect::<Vec<_>>(), [1, 63, 64, 200]);
        set.add_all(&numbers(&[63, 700]));
        assert_eq!((set.len(), numbers(&[]).len()), (5, 0));
    }

    #[test]
    fn articles_of_one_report_count_it_once() {
        let articles = Articles::default();
        let given = [(7, Some(70)), (9, Some(70)), (7, None), (4, Some(40)), (5, None)];
        let given = given.map(|(key, report)| articles.known().number(key, || report));
        assert_eq!(given, [1, 2, 1, 3, 4]);
        let reports = |all: &[u32]| articles.reports(&numbers(all)).len();
        assert_eq!((reports(&[1, 2]), reports(&[1, 2, 3, 4]), reports(&[4])), (1, 2, 0));
    }
}
