//! Checks an index: checksums of its files, file records against paragraphs, fingerprints.

use crate::index::document::{DOC_PARAGRAPH, DOC_REPORT};
use crate::index::reader::outdated;
use crate::index::writer::Fingerprints;
use crate::index::{ENGINE_FOLDER, IndexError, OpenIndex, PARAGRAPH, SCHEMA_FOLDER};
use std::collections::HashSet;
use std::path::Path;
use std::{fs, io};
use tantivy::Term;
use tantivy::collector::Count;
use tantivy::query::TermQuery;
use tantivy::schema::IndexRecordOption;

/// Something wrong with an index.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Problem {
    /// A code: `checksum`, `paragraphs`, `duplicate-path`, `duplicate-number`, `totals`, `reprints`, `outdated`.
    pub code: &'static str,
    /// What and where.
    pub detail: String,
}

/// Checks the index in `dir`; `vocabularies` is the fingerprint of those in use now. An empty list is a sound index.
pub fn check(dir: &Path, vocabularies: &str) -> Result<Vec<Problem>, IndexError> {
    let index = OpenIndex::open(dir)?;
    let failed = |error| IndexError::from_engine(dir, error);
    let mut problems = Vec::new();
    for file in index.index.validate_checksum().map_err(failed)? {
        problems.push(Problem { code: "checksum", detail: file.display().to_string() });
    }
    if !tells_of_our_fields(dir).map_err(|error| IndexError::from_io(dir, &error))? {
        problems.push(Problem { code: "checksum", detail: META.to_owned() });
    }
    if !problems.is_empty() {
        // Reading on in damaged files would only repeat the same problem in other words.
        return Ok(problems);
    }
    let searcher = index.reader.searcher();
    let count = |field, value: &str| {
        let query = TermQuery::new(Term::from_field_text(field, value), IndexRecordOption::Basic);
        searcher.search(&query, &Count).map_err(failed)
    };
    let (mut paths, mut numbers) = (HashSet::new(), HashSet::new());
    let mut paragraphs = 0;
    for record in index.file_records()? {
        // The record is a document of the file too.
        let found = count(index.fields.file, &record.key)?.saturating_sub(1);
        if found != record.paragraphs {
            let detail =
                format!("{}: {} recorded, {found} indexed", record.path, record.paragraphs);
            problems.push(Problem { code: "paragraphs", detail });
        }
        paragraphs += record.paragraphs;
        if !numbers.insert(record.number) {
            let detail = format!("{}: {}", record.path, record.number);
            problems.push(Problem { code: "duplicate-number", detail });
        }
        if !paths.insert(record.path.clone()) {
            problems.push(Problem { code: "duplicate-path", detail: record.path });
        }
    }
    let indexed = count(index.fields.doc, DOC_PARAGRAPH)?;
    if indexed != paragraphs {
        let detail = format!("{paragraphs} in the records of files, {indexed} indexed");
        problems.push(Problem { code: "totals", detail });
    }
    let known = count(index.fields.doc, DOC_REPORT)?;
    if known != paths.len() {
        problems.push(Problem {
            code: "totals",
            detail: format!("{known} file records, {} paths", paths.len()),
        });
    }
    if let Err(error) = index.edges() {
        // `fangzhi index` makes the file again.
        problems.push(Problem { code: "reprints", detail: error.to_string() });
    }
    for part in
        outdated(&index.payload.fingerprints, &Fingerprints::current(vocabularies.to_owned()))
    {
        let detail = format!("{} ({}; {SCHEMA_FOLDER}/ may have changed)", part.part, part.remedy);
        problems.push(Problem { code: "outdated", detail });
    }
    Ok(problems)
}

/// The engine's list of segments and fields.
const META: &str = "meta.json";

/// Whether the list of fields is, word for word, the one this program writes: no checksum guards it, and the engine
/// passes over what it does not know.
fn tells_of_our_fields(dir: &Path) -> io::Result<bool> {
    let bytes = fs::read(dir.join(ENGINE_FOLDER).join(META))?;
    let meta: serde_json::Value = serde_json::from_slice(&bytes)?;
    Ok(serde_json::to_value(PARAGRAPH.build()).is_ok_and(|fields| fields == meta["schema"]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::record::FileRecord;
    use crate::index::writer::{Payload, Writer, WriterOptions};

    #[test]
    fn two_files_with_one_number_are_a_problem() {
        let folder = tempfile::tempdir().unwrap();
        let options = WriterOptions { heap_bytes: 0, threads: 1 };
        let mut writer = Writer::open(folder.path(), options).unwrap();
        for name in ["a", "b"] {
            let record: FileRecord = serde_json::from_value(serde_json::json!({
                "key": name, "number": 7, "path": name, "root": "", "size": 0, "mtime_ns": 0,
                "seen_ns": 0, "hash": "", "made_with": "", "generation": 1, "reports": 0,
                "articles": 0, "paragraphs": 0, "dropped": [], "notes": [],
            }))
            .unwrap();
            writer.add_record(&record).unwrap();
        }
        let fingerprints = Fingerprints::current(String::new());
        let payload = Payload { program: "fangzhi".to_owned(), fingerprints, roots: Vec::new() };
        writer.commit(&payload).unwrap();
        let problems = check(folder.path(), "").unwrap();
        let codes: Vec<&str> = problems.iter().map(|problem| problem.code).collect();
        assert_eq!(codes, ["duplicate-number"], "{problems:?}");
    }
}
