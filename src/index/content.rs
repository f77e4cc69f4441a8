//! What an index holds as one short value, whatever the order, the segments and the numbers given on the way.
//!
//! Each document is hashed by itself: its terms with their positions, its columns, what is stored. The hashes are added
//! up, so neither the order of documents nor their segments matter. Left out is what two runs over the same files may
//! number differently: the number of a file, which reading of it the paragraphs are of, when it was looked at.

use crate::index::IndexError;
use crate::index::document::place_in_file;
use crate::index::reader::{OpenIndex, stored_bytes, stored_document};
use crate::index::record::FileRecord;
use std::path::Path;
use tantivy::postings::Postings;
use tantivy::schema::{Field, FieldEntry, FieldType, IndexRecordOption};
use tantivy::{DocId, DocSet, SegmentReader, TERMINATED};

/// The sum of hashes.
pub(super) type Sum = u128;

/// A digest of all documents of the last commit in `dir`, as 32 hexadecimal digits: equal where the same files, read the
/// same way, came to the same paragraphs, terms, columns and records, in whatever order and by however many runs, and to
/// the same reprints among them.
pub fn content_digest(dir: &Path) -> Result<String, IndexError> {
    let index = OpenIndex::open(dir)?;
    let failed = |error| IndexError::from_engine(dir, error);
    let is_compared = index.payload.reprints.as_ref().is_some_and(|file| file.complete);
    let mut total = hash(&[&[u8::from(is_compared)], &index.edges()?.to_bytes()]);
    for reader in index.reader.searcher().segment_readers() {
        let mut sums = vec![0; reader.max_doc() as usize];
        for (field, entry) in reader.schema().fields().filter(|(_, entry)| entry.is_indexed()) {
            add_postings(reader, field, entry, &mut sums).map_err(failed)?;
        }
        for (_, entry) in reader.schema().fields().filter(|(_, entry)| entry.is_fast()) {
            add_columns(reader, entry, &mut sums).map_err(failed)?;
        }
        let store = reader.get_store_reader(1).map_err(|error| IndexError::from_io(dir, &error))?;
        for doc in reader.doc_ids_alive() {
            let document = stored_document(|| store.get(doc)).map_err(failed)?;
            let stored = comparable(stored_bytes(&document, index.fields.stored));
            let terms = sums.get(doc as usize).copied().unwrap_or_default();
            total = total.wrapping_add(hash(&[&terms.to_le_bytes(), &stored]));
        }
    }
    Ok(format!("{total:032x}"))
}

/// What is stored of a document without what differs from run to run.
fn comparable(stored: &[u8]) -> Vec<u8> {
    match serde_json::from_slice::<FileRecord>(stored) {
        Ok(record) => {
            let record = FileRecord { number: 0, generation: 0, seen_ns: 0, ..record };
            serde_json::to_vec(&record).expect("plain data with string keys is always JSON")
        }
        Err(_) => stored.to_vec(),
    }
}

fn hash(parts: &[&[u8]]) -> Sum {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    let mut bytes = [0; 16];
    hasher.finalize_xof().fill(&mut bytes);
    Sum::from_le_bytes(bytes)
}

/// What a term of a field counts for in a document where it stands so many times at these positions.
pub(super) fn of_term(field: &str, term: &[u8], times: u32, positions: &[u32]) -> Sum {
    let term = match field {
        "file" => term.split(|byte| *byte == b'@').next().unwrap_or_default(),
        _ => term,
    };
    let positions: Vec<u8> = positions.iter().flat_map(|position| position.to_le_bytes()).collect();
    hash(&[field.as_bytes(), term, &times.to_le_bytes(), &positions])
}

/// Adds to each document what the terms of a field count for.
pub(super) fn add_postings(
    reader: &SegmentReader,
    field: Field,
    entry: &FieldEntry,
    sums: &mut [Sum],
) -> tantivy::Result<()> {
    let option = entry.field_type().index_record_option().unwrap_or(IndexRecordOption::Basic);
    let inverted = reader.inverted_index(field)?;
    let mut terms = inverted.terms().stream()?;
    let mut positions = Vec::new();
    while let Some((term, info)) = terms.next() {
        let term = without_file(entry.name(), term);
        let mut postings = inverted.read_postings_from_terminfo(info, option)?;
        while postings.doc() != TERMINATED {
            positions.clear();
            if option.has_positions() {
                postings.positions(&mut positions);
            }
            let times = if option.has_freq() { postings.term_freq() } else { 1 };
            if let Some(sum) = sums.get_mut(postings.doc() as usize) {
                *sum = sum.wrapping_add(of_term(entry.name(), &term, times, &positions));
            }
            postings.advance();
        }
    }
    Ok(())
}

/// A term without the number of the file, where it has one.
fn without_file(field: &str, term: &[u8]) -> Vec<u8> {
    match <[u8; 8]>::try_from(term) {
        Ok(bytes) if is_numbered(field) => {
            (place_in_file(u64::from_be_bytes(bytes)) as u64).to_be_bytes().to_vec()
        }
        _ => term.to_vec(),
    }
}

/// Whether the numbers of a field begin with that of the file.
fn is_numbered(field: &str) -> bool {
    matches!(field, "report_key" | "article_key")
}

fn add_columns(
    reader: &SegmentReader,
    entry: &FieldEntry,
    sums: &mut [Sum],
) -> tantivy::Result<()> {
    let (name, columns) = (entry.name(), reader.fast_fields());
    let mut add = |doc: DocId, values: Vec<u8>| {
        if let Some(sum) = sums.get_mut(doc as usize) {
            *sum = sum.wrapping_add(hash(&[b"column", name.as_bytes(), &values]));
        }
    };
    match entry.field_type() {
        FieldType::U64(_) => {
            let column = columns.u64(name)?;
            for doc in 0..reader.max_doc() {
                let values = column.values_for_doc(doc).map(|value| {
                    if is_numbered(name) { place_in_file(value) as u64 } else { value }
                });
                add(doc, values.flat_map(u64::to_le_bytes).collect());
            }
        }
        FieldType::F64(_) => {
            let column = columns.f64(name)?;
            for doc in 0..reader.max_doc() {
                add(doc, column.values_for_doc(doc).flat_map(f64::to_le_bytes).collect());
            }
        }
        _ => {
            let column = columns.str(name)?;
            let mut value = String::new();
            for doc in 0..reader.max_doc() {
                let mut values = Vec::new();
                // A segment in which nobody has a value has no column.
                if let Some(column) = &column {
                    for ord in column.term_ords(doc) {
                        value.clear();
                        column.ord_to_str(ord, &mut value)?;
                        values.extend_from_slice(&(value.len() as u64).to_le_bytes());
                        values.extend_from_slice(value.as_bytes());
                    }
                }
                add(doc, values);
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::PARAGRAPH;

    #[test]
    fn every_column_of_the_schema_is_of_a_kind_that_is_added() {
        for (_, entry) in PARAGRAPH.build().fields().filter(|(_, entry)| entry.is_fast()) {
            let kind = entry.field_type();
            let known = matches!(kind, FieldType::U64(_) | FieldType::F64(_) | FieldType::Str(_));
            assert!(known, "{}", entry.name());
        }
    }

    #[test]
    fn a_term_counts_by_field_times_and_positions_and_not_by_reading() {
        let of = |field, term: &str, times, positions: &[u32]| {
            of_term(field, term.as_bytes(), times, positions)
        };
        let one = of("grams", "水渠", 1, &[2]);
        assert_ne!(one, of("words", "水渠", 1, &[2]));
        assert_ne!(one, of("grams", "水渠", 2, &[2]));
        assert_ne!(one, of("grams", "水渠", 1, &[4]));
        assert_eq!(of("file", "k@1", 1, &[]), of("file", "k@7", 1, &[]));
    }
}
