//! Checks an index: checksums of its files, file records against paragraphs, stored text against terms, fingerprints.

use crate::analysis::{self, Lexicon};
use crate::index::content::{Sum, add_postings, of_term};
use crate::index::document::{
    DOC_PARAGRAPH, DOC_REPORT, DOC_TITLE, MEMBER_MARK, Origin, add_tags, generation_term,
    path_terms,
};
use crate::index::lists::{META, damaged_lists, replace_meta, restore_lists};
use crate::index::reader::{open_engine, outdated};
use crate::index::record::{FileRecord, StoredParagraph, split_member};
use crate::index::writer::{Fingerprints, Payload, replace_file};
use crate::index::{ENGINE_FOLDER, Fields, IndexError, OpenIndex, PARAGRAPH, SCHEMA_FOLDER};
use crate::vocab::Vocabulary;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::{fs, io};
use tantivy::collector::Count;
use tantivy::directory::error::OpenReadError;
use tantivy::query::TermQuery;
use tantivy::schema::{Field, IndexRecordOption, Value};
use tantivy::{
    DocAddress, DocSet, Index, Segment, SegmentReader, TERMINATED, TantivyDocument, Term,
};

/// Something wrong with an index.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Problem {
    /// A code: `checksum`, `paragraphs`, `duplicate-path`, `duplicate-number`, `totals`, `reprints`, `terms`, `stored`,
    /// `orphan`, `unfinished`, `outdated`.
    pub code: &'static str,
    /// What and where.
    pub detail: String,
}

/// Checks the index in `dir`; `vocabulary` is the one in use now. An empty list is a sound index. `full` compares also
/// every stored text with the terms it was indexed by, which takes about as long as indexing.
pub fn check(dir: &Path, vocabulary: &Vocabulary, full: bool) -> Result<Vec<Problem>, IndexError> {
    let mut findings = Findings::default();
    if !checksums(dir, &mut findings)? {
        // Reading on in damaged files would only repeat the same problem in other words.
        return Ok(findings.problems);
    }
    let index = OpenIndex::open(dir)?;
    let current = Fingerprints::current(vocabulary.fingerprint().whole());
    findings.look(&index, full.then_some(vocabulary))?;
    if is_repair_unfinished(dir) {
        findings.add("unfinished", "a repair came to no end: fangzhi repair goes on".to_owned());
    }
    for part in outdated(&index.payload.fingerprints, &current) {
        let detail = format!("{} ({}; {SCHEMA_FOLDER}/ may have changed)", part.part, part.remedy);
        findings.add("outdated", detail);
    }
    Ok(findings.problems)
}

/// What is wrong, and with which files.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub(crate) problems: Vec<Problem>,
    /// Keys of the files whose record or paragraphs are wrong, with their paths, escaped.
    pub(crate) files: BTreeMap<String, String>,
}

impl Findings {
    /// What a full check of an index finds whose files are sound.
    pub(crate) fn full(index: &OpenIndex, vocabulary: &Vocabulary) -> Result<Self, IndexError> {
        let mut findings = Self::default();
        findings.look(index, Some(vocabulary))?;
        Ok(findings)
    }

    fn add(&mut self, code: &'static str, detail: String) {
        self.problems.push(Problem { code, detail });
    }

    fn add_file(&mut self, code: &'static str, (key, path): (&str, &str), detail: &str) {
        self.add(code, format!("{path}: {detail}"));
        self.files.insert(key.to_owned(), path.to_owned());
    }

    /// With a vocabulary texts are compared with their terms, where they were cut into its words.
    fn look(
        &mut self,
        index: &OpenIndex,
        vocabulary: Option<&Vocabulary>,
    ) -> Result<(), IndexError> {
        let failed = |error| IndexError::from_engine(&index.dir, error);
        let searcher = index.reader.searcher();
        let count = |field, value: &str| {
            let term = Term::from_field_text(field, value);
            let query = TermQuery::new(term, IndexRecordOption::Basic);
            searcher.search(&query, &Count).map_err(failed)
        };
        let records = index.file_records()?;
        let (mut paths, mut numbers) = (HashSet::new(), HashSet::new());
        let mut paragraphs = 0;
        for record in &records {
            let name = (record.key.as_str(), record.path.as_str());
            // The record is a document of the file too.
            let found = count(index.fields.file, &record.key)?.saturating_sub(1);
            if found != record.paragraphs {
                let detail = format!("{} recorded, {found} indexed", record.paragraphs);
                self.add_file("paragraphs", name, &detail);
            } else if vocabulary.is_some() && record.generation > 0 {
                let reading = generation_term(&record.key, record.generation);
                let of_reading = count(index.fields.file, &reading)?;
                if of_reading != found {
                    let detail = format!("{of_reading} of its last reading, {found} indexed");
                    self.add_file("paragraphs", name, &detail);
                }
            }
            paragraphs += record.paragraphs;
            if !numbers.insert(record.number) {
                self.add("duplicate-number", format!("{}: {}", record.path, record.number));
            }
            if !paths.insert(record.path.as_str()) {
                self.add("duplicate-path", record.path.clone());
                self.files.insert(record.key.clone(), record.path.clone());
            }
        }
        let indexed = count(index.fields.doc, DOC_PARAGRAPH)?;
        if indexed != paragraphs {
            self.add("totals", format!("{paragraphs} in the records of files, {indexed} indexed"));
        }
        let known = count(index.fields.doc, DOC_REPORT)?;
        if known != paths.len() {
            self.add("totals", format!("{known} file records, {} paths", paths.len()));
        }
        if let Err(error) = index.edges() {
            // `fangzhi index` makes the file again.
            self.add("reprints", error.to_string());
        }
        let Some(vocabulary) = vocabulary else { return Ok(()) };
        let current = Fingerprints::current(vocabulary.fingerprint().whole());
        if index.payload.fingerprints.lexicon != current.lexicon {
            return Ok(());
        }
        analysis::register(index.index.tokenizers(), Lexicon::of(&vocabulary.words));
        self.texts(index, &records)
    }

    /// Compares every stored text with the terms of its document, and every document with the record of its file.
    fn texts(&mut self, index: &OpenIndex, records: &[FileRecord]) -> Result<(), IndexError> {
        let failed = |error| IndexError::from_engine(&index.dir, error);
        let searcher = index.reader.searcher();
        let by_key: HashMap<&str, &FileRecord> =
            records.iter().map(|record| (record.key.as_str(), record)).collect();
        // Of each file how many paragraphs are wrong, and the first.
        let mut wrong: BTreeMap<(&str, String, String), (usize, String)> = BTreeMap::new();
        for (ord, reader) in (0..).zip(searcher.segment_readers()) {
            let (keys, file_of) = files_of(reader, index.fields.file).map_err(failed)?;
            let mut sums: Vec<Sum> = vec![0; reader.max_doc() as usize];
            let checked = checked_fields(&index.fields);
            for field in checked {
                let entry = reader.schema().get_field_entry(field);
                add_postings(reader, field, entry, &mut sums).map_err(failed)?;
            }
            for doc in reader.doc_ids_alive() {
                let key = file_of.get(doc as usize).and_then(|&file| keys.get(file));
                let key = key.map_or("", String::as_str);
                let record = by_key.get(key);
                let mut note = |code, path: &str, id: &str| {
                    let of_file = (code, key.to_owned(), path.to_owned());
                    wrong.entry(of_file).or_insert_with(|| (0, id.to_owned())).0 += 1;
                };
                let known_path = record.map_or("?", |record| record.path.as_str());
                match index.paragraph(&searcher, DocAddress::new(ord, doc)) {
                    // The record of a file.
                    Ok(None) => {}
                    Ok(Some(stored)) => {
                        let Some(record) = record else {
                            let file = split_member(&stored.path);
                            let file = file.map_or(stored.path.as_str(), |(archive, _)| archive);
                            note("orphan", file, &stored.id);
                            continue;
                        };
                        let expected = expected(&index.fields, &stored, &record.path);
                        let sum = sum_of(&index.index, &expected, checked).map_err(failed)?;
                        if sums.get(doc as usize) != Some(&sum) {
                            note("terms", known_path, &stored.id);
                        }
                    }
                    Err(_) => note("stored", known_path, "?"),
                }
            }
        }
        for ((code, key, path), (count, id)) in wrong {
            let detail = match code {
                "terms" => format!("{count} paragraphs with terms their text does not have ({id})"),
                "orphan" => format!("{count} paragraphs, and no record of the file ({id})"),
                _ => format!("{count} paragraphs whose text cannot be read"),
            };
            self.add_file(code, (&key, &path), &detail);
        }
        Ok(())
    }
}

/// The keys of the files of a segment, and of each document which of them it is of.
fn files_of(reader: &SegmentReader, field: Field) -> tantivy::Result<(Vec<String>, Vec<usize>)> {
    let (mut keys, mut file_of) = (Vec::new(), vec![usize::MAX; reader.max_doc() as usize]);
    let inverted = reader.inverted_index(field)?;
    let mut terms = inverted.terms().stream()?;
    while let Some((term, info)) = terms.next() {
        // The second term of a paragraph says of which reading it is.
        if term.contains(&b'@') {
            continue;
        }
        let mut postings = inverted.read_postings_from_terminfo(info, IndexRecordOption::Basic)?;
        while postings.doc() != TERMINATED {
            if let Some(file) = file_of.get_mut(postings.doc() as usize) {
                *file = keys.len();
            }
            postings.advance();
        }
        keys.push(String::from_utf8_lossy(term).into_owned());
    }
    Ok((keys, file_of))
}

/// The fields whose terms follow from what is stored of a paragraph alone.
fn checked_fields(fields: &Fields) -> [Field; 15] {
    [
        fields.doc,
        fields.words,
        fields.grams,
        fields.title,
        fields.source_text,
        fields.kind,
        fields.path,
        fields.region,
        fields.region_all,
        fields.region_inferred,
        fields.region_inferred_all,
        fields.measure,
        fields.measure_all,
        fields.measure_inferred,
        fields.measure_inferred_all,
    ]
}

/// What a paragraph has in [`checked_fields`]. `file` is the path its file has according to its record.
fn expected(fields: &Fields, stored: &StoredParagraph, file: &str) -> TantivyDocument {
    let mut document = TantivyDocument::default();
    document.add_text(fields.doc, DOC_PARAGRAPH);
    document.add_text(fields.words, &stored.text);
    document.add_text(fields.grams, &stored.text);
    let titles: Vec<&str> =
        stored.title.as_deref().into_iter().chain(stored.subtitle.as_deref()).collect();
    let titles = titles.join("\n");
    let is_title = titles == stored.text;
    if is_title {
        document.add_text(fields.doc, DOC_TITLE);
    }
    document.add_text(fields.title, if is_title { "" } else { &titles });
    document.add_text(fields.source_text, stored.source.as_deref().unwrap_or(""));
    document.add_text(fields.kind, stored.kind.as_str());
    // Of a file that moved and could not be read there, the paragraphs say where it was.
    let (path, member) = match stored.path.strip_prefix(file) {
        Some(rest) => (file, rest.strip_prefix(MEMBER_MARK)),
        None => split_member(&stored.path)
            .map_or((stored.path.as_str(), None), |(archive, member)| (archive, Some(member))),
    };
    let record = stored.record.as_deref();
    for term in path_terms(&Origin { path, member, record, ..Origin::default() }) {
        document.add_text(fields.path, term);
    }
    add_tags(
        &mut document,
        stored.regions.iter().map(|tag| (tag.path.as_str(), tag.inferred)),
        (fields.region, fields.region_all),
        (fields.region_inferred, fields.region_inferred_all),
    );
    add_tags(
        &mut document,
        stored.measures.iter().map(|tag| (tag.path.as_str(), tag.inferred)),
        (fields.measure, fields.measure_all),
        (fields.measure_inferred, fields.measure_inferred_all),
    );
    document
}

/// Longer tokens the engine leaves out.
const TOKEN_BYTES_MAX: usize = u16::MAX as usize - 5;

/// What the terms of a document count for in the given fields, as [`add_postings`] counts those that were indexed.
fn sum_of(index: &Index, document: &TantivyDocument, of: [Field; 15]) -> tantivy::Result<Sum> {
    let mut sum: Sum = 0;
    let schema = index.schema();
    for field in of {
        let entry = schema.get_field_entry(field);
        let Some(option) = entry.field_type().index_record_option() else { continue };
        let mut analyzer = index.tokenizer_for_field(field)?;
        let mut terms: HashMap<Vec<u8>, (u32, Vec<u32>)> = HashMap::new();
        for value in document.get_all(field) {
            analyzer.token_stream(value.as_str().unwrap_or_default()).process(&mut |token| {
                if token.text.len() > TOKEN_BYTES_MAX {
                    return;
                }
                let (times, positions) = terms.entry(token.text.as_bytes().to_vec()).or_default();
                *times = if option.has_freq() { *times + 1 } else { 1 };
                if option.has_positions() {
                    positions.push(u32::try_from(token.position).unwrap_or(u32::MAX));
                }
            });
        }
        for (term, (times, positions)) in terms {
            sum = sum.wrapping_add(of_term(entry.name(), &term, times, &positions));
        }
    }
    Ok(sum)
}

/// Compares the engine's files with their checksums; whether all is well.
fn checksums(dir: &Path, findings: &mut Findings) -> Result<bool, IndexError> {
    let lists = damaged_lists(dir)?;
    for list in &lists {
        findings.add("checksum", (*list).to_owned());
    }
    if lists.contains(&META) {
        return Ok(false);
    }
    let failed = |error| IndexError::from_engine(dir, error);
    // The list of segments is read before any of them is opened, which ends at the first bad file.
    if let Ok(index) = open_engine(&dir.join(ENGINE_FOLDER)) {
        for file in damaged_files(dir, &index).map_err(failed)? {
            findings.add("checksum", file.display().to_string());
        }
        for file in missing_files(dir, &index).map_err(failed)? {
            findings.add("checksum", format!("{} is missing", file.display()));
        }
        if !findings.problems.is_empty() {
            return Ok(false);
        }
    }
    OpenIndex::open(dir)?;
    if !tells_of_our_fields(dir)? {
        findings.add("checksum", META.to_owned());
    }
    Ok(findings.problems.is_empty())
}

/// The files of segments that are there and not as they were written. The engine's own check passes over those that
/// its list of files to clear up does not name. A file that cannot be read now is an error, not a damaged one.
fn damaged_files(dir: &Path, index: &Index) -> tantivy::Result<BTreeSet<PathBuf>> {
    let mut damaged = BTreeSet::new();
    for file in index.load_metas()?.list_segment_files() {
        if !dir.join(ENGINE_FOLDER).join(&file).try_exists()? {
            continue;
        }
        match index.directory().validate_checksum(&file) {
            Ok(true) => {}
            Err(OpenReadError::IoError { .. }) => {
                // Cut too short for a checksum, or not to be read at all.
                fs::read(dir.join(ENGINE_FOLDER).join(&file))?;
                damaged.insert(file);
            }
            Ok(false) | Err(_) => {
                damaged.insert(file);
            }
        }
    }
    Ok(damaged)
}

/// The files of segments that are not there.
fn missing_files(dir: &Path, index: &Index) -> tantivy::Result<BTreeSet<PathBuf>> {
    let mut missing = BTreeSet::new();
    let metas = index.load_metas()?;
    let whole = metas.segments.iter().filter(|segment| !segment.has_deletes());
    let whole: HashSet<String> = whole.map(|segment| segment.id().uuid_string()).collect();
    for file in metas.list_segment_files() {
        // A segment without deletions names a file for them all the same.
        let name = file.to_string_lossy();
        let is_none = name.ends_with(".del")
            && name.split('.').next().is_some_and(|segment| whole.contains(segment));
        if !is_none && !dir.join(ENGINE_FOLDER).join(&file).try_exists()? {
            missing.insert(file);
        }
    }
    Ok(missing)
}

/// The files of the index in `dir` that are not as they were written, or not there; none where that cannot be told.
/// Every byte is read. Where the engine fails over an index without saying why, this tells damage from a fault of ours.
pub fn damage(dir: &Path) -> Vec<String> {
    let mut findings = Findings::default();
    // What it found before it failed is true.
    let _ended = checksums(dir, &mut findings);
    findings.problems.into_iter().map(|problem| problem.detail).collect()
}

/// Whether the list of fields is, word for word, the one this program writes: no checksum guards it, and the engine
/// passes over what it does not know.
fn tells_of_our_fields(dir: &Path) -> Result<bool, IndexError> {
    let meta = read_meta(dir).map_err(|error| IndexError::from_io(dir, &error))?;
    Ok(serde_json::to_value(PARAGRAPH.build()).is_ok_and(|fields| fields == meta["schema"]))
}

fn read_meta(dir: &Path) -> io::Result<serde_json::Value> {
    let bytes = fs::read(dir.join(ENGINE_FOLDER).join(META))?;
    Ok(serde_json::from_slice(&bytes)?)
}

/// Stands in the engine's folder from before something is given up until all of it was read again.
const UNFINISHED: &str = "repair-unfinished";

/// Notes that something is given up to be read again.
pub(crate) fn begin_repair(dir: &Path) -> Result<(), IndexError> {
    let written = replace_file(&dir.join(ENGINE_FOLDER), UNFINISHED, b"");
    written.map_err(|error| IndexError::from_io(dir, &error))
}

/// Whether a repair began and came to no end.
pub(crate) fn is_repair_unfinished(dir: &Path) -> bool {
    dir.join(ENGINE_FOLDER).join(UNFINISHED).exists()
}

/// Notes that all was read again.
pub(crate) fn end_repair(dir: &Path) -> Result<(), IndexError> {
    match fs::remove_file(dir.join(ENGINE_FOLDER).join(UNFINISHED)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(IndexError::from_io(dir, &error))
        }
        _ => Ok(()),
    }
}

/// How many documents the last commit holds, by its list of segments.
pub(crate) fn document_count(dir: &Path) -> Result<u64, IndexError> {
    let failed = |error| IndexError::from_engine(dir, error);
    let index = open_engine(&dir.join(ENGINE_FOLDER)).map_err(failed)?;
    let segments = index.load_metas().map_err(failed)?.segments;
    Ok(segments.iter().map(|segment| u64::from(segment.num_docs())).sum())
}

/// Whether a segment cannot be opened though all of its files that are there can be read.
fn is_damaged(dir: &Path, segment: &Segment) -> Result<bool, IndexError> {
    if SegmentReader::open(segment).is_ok() {
        return Ok(false);
    }
    let id = segment.id().uuid_string();
    let metas = segment.index().load_metas();
    let files = metas.map_err(|error| IndexError::from_engine(dir, error))?.list_segment_files();
    for file in files.into_iter().filter(|file| file.to_string_lossy().starts_with(&id)) {
        match fs::File::open(dir.join(ENGINE_FOLDER).join(file)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(IndexError::from_io(dir, &error));
            }
            _ => {}
        }
    }
    Ok(true)
}

/// Writes the engine's lists anew where they are damaged, and the list of fields where it is not the one this program
/// writes and the last commit says that it was; what was wrong. Call it under the writer lock.
pub(crate) fn restore(dir: &Path) -> Result<Vec<Problem>, IndexError> {
    let io_failed = |error: io::Error| IndexError::from_io(dir, &error);
    let problem = |list: &str| Problem { code: "checksum", detail: list.to_owned() };
    let mut problems: Vec<Problem> = restore_lists(dir)?.into_iter().map(problem).collect();
    // An index that is not there has nothing to restore.
    OpenIndex::remembered_roots(dir)?;
    if tells_of_our_fields(dir)? {
        return Ok(problems);
    }
    let mut meta = read_meta(dir).map_err(io_failed)?;
    let payload =
        meta["payload"].as_str().and_then(|text| serde_json::from_str::<Payload>(text).ok());
    if payload.is_some_and(|payload| payload.fingerprints.schema == PARAGRAPH.version.to_string()) {
        meta["schema"] =
            serde_json::to_value(PARAGRAPH.build()).map_err(|error| io_failed(error.into()))?;
        let text = serde_json::to_vec_pretty(&meta).map_err(|error| io_failed(error.into()))?;
        replace_meta(dir, &text).map_err(io_failed)?;
    }
    problems.push(problem(META));
    Ok(problems)
}

/// Takes the segments out of the list that have a damaged or missing file, so that the rest can be read; how many there
/// were. Call it under the writer lock.
pub(crate) fn drop_damaged_segments(dir: &Path) -> Result<usize, IndexError> {
    let failed = |error| IndexError::from_engine(dir, error);
    let index = open_engine(&dir.join(ENGINE_FOLDER)).map_err(failed)?;
    let of_segment = |file: PathBuf| {
        let name = file.to_string_lossy();
        name.split('.').next().unwrap_or_default().to_owned()
    };
    let mut damaged: BTreeSet<String> =
        damaged_files(dir, &index).map_err(failed)?.into_iter().map(of_segment).collect();
    for segment in index.searchable_segments().map_err(failed)? {
        let id = segment.id().uuid_string();
        // One whose file is gone cannot be opened.
        if !damaged.contains(&id) && is_damaged(dir, &segment)? {
            damaged.insert(id);
        }
    }
    if damaged.is_empty() {
        return Ok(0);
    }
    begin_repair(dir)?;
    let io_failed = |error: io::Error| IndexError::from_io(dir, &error);
    let mut meta = read_meta(dir).map_err(io_failed)?;
    if let Some(segments) = meta["segments"].as_array_mut() {
        segments.retain(|segment| {
            let id = segment["segment_id"].as_str().unwrap_or_default().replace('-', "");
            !damaged.contains(&id)
        });
    }
    let text = serde_json::to_vec_pretty(&meta).map_err(|error| io_failed(error.into()))?;
    replace_meta(dir, &text).map_err(io_failed)?;
    Ok(damaged.len())
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
        let fingerprints = Fingerprints::current(Vocabulary::builtin().fingerprint().whole());
        let payload = Payload {
            program: "fangzhi".to_owned(),
            fingerprints,
            roots: Vec::new(),
            reprints: None,
        };
        writer.commit(&payload).unwrap();
        let problems = check(folder.path(), &Vocabulary::builtin(), false).unwrap();
        let codes: Vec<&str> = problems.iter().map(|problem| problem.code).collect();
        assert_eq!(codes, ["duplicate-number"], "{problems:?}");
    }
}
