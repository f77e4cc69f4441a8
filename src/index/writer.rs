//! The one writer of an index: replaces files as a whole, commits paragraphs and file records together.
//!
//! A commit is safe on disk when [`Writer::commit`] returns: the engine syncs its files and renames `meta.json`, and
//! the folder itself is synced here, which the engine leaves out.

use crate::analysis::{self, Lexicon};
use crate::index::document::{Origin, ReportDocuments, digest, generation_term, record_document};
use crate::index::lists::WriteDirectory;
use crate::index::queue::{Document, Queue, Queued};
use crate::index::reader::{OpenIndex, commit_number};
use crate::index::record::FileRecord;
use crate::index::reprints::{ReprintsFile, remove_others};
use crate::index::schema::{Fields, PARAGRAPH};
use crate::index::{ENGINE_FOLDER, IndexError, REBUILD_FOLDER, REPLACED_FOLDER, SCHEMA_FOLDER};
use crate::model::CLEANING_VERSION;
use crate::vocab::{WORDS_MARK, Words};
use serde::{Deserialize, Serialize};
use std::fs;
use std::io::Write;
use std::ops::{Bound, RangeInclusive};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};
use tantivy::directory::error::OpenDirectoryError;
use tantivy::directory::{Directory, DirectoryLock, INDEX_WRITER_LOCK, MmapDirectory};
use tantivy::indexer::UserOperation;
use tantivy::merge_policy::{LogMergePolicy, NoMergePolicy};
use tantivy::query::{BooleanQuery, RangeQuery, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{Index, IndexWriter, TantivyError, Term};

/// Stands in what a file was made with before what its tags were given by.
const TAGS_MARK: char = '-';

/// What decided the content of an index, one fingerprint a part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Fingerprints {
    /// Version of the declared document.
    pub(crate) schema: String,
    /// Dictionary and analysis.
    pub(crate) lexicon: String,
    /// Divisions, measures, synonyms.
    pub(crate) vocabularies: String,
    /// Rules that clean and split text.
    pub(crate) cleaning: String,
}

impl Fingerprints {
    /// Those of this program with the given vocabularies, whose words belong to the dictionary.
    pub(crate) fn current(vocabularies: String) -> Self {
        let lexicon = analysis::fingerprint();
        let (lexicon, vocabularies) = match vocabularies.split_once(WORDS_MARK) {
            Some((names, words)) => (format!("{lexicon}{WORDS_MARK}{words}"), names.to_owned()),
            None => (lexicon, vocabularies),
        };
        Self {
            schema: PARAGRAPH.version.to_string(),
            lexicon,
            vocabularies,
            cleaning: CLEANING_VERSION.to_owned(),
        }
    }

    /// One fingerprint of all that a file's paragraphs depend on: how they are read, then what their tags are given by.
    pub(crate) fn content(&self) -> String {
        let read = digest(&[self.lexicon.as_bytes(), self.cleaning.as_bytes()]);
        format!("{read}{TAGS_MARK}{}", self.tags())
    }

    /// The vocabularies that tags are given by; synonyms, the last part, serve searching only.
    fn tags(&self) -> &str {
        self.vocabularies.rsplit_once('.').map_or(&self.vocabularies, |(tags, _)| tags)
    }

    /// Whether what was made with this, according to its record, had these divisions.
    pub(crate) fn are_divisions_of(&self, made_with: &str) -> bool {
        let divisions = |tags: &str| tags.split('.').next().map(str::to_owned);
        let made_with = made_with.split_once(TAGS_MARK).and_then(|(_, tags)| divisions(tags));
        made_with == divisions(&self.vocabularies)
    }

    /// What a file was made with, according to its record, when its tags are given anew by these vocabularies.
    pub(crate) fn retagged(&self, made_with: &str) -> String {
        let (read, rest) = made_with.split_once(TAGS_MARK).unwrap_or((made_with, ""));
        // An encoding that was given by hand stands behind a space.
        let encoding = rest.find(' ').and_then(|at| rest.get(at..)).unwrap_or_default();
        format!("{read}{TAGS_MARK}{}{encoding}", self.tags())
    }
}

/// A folder or file that a run without paths refreshes, with how it was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Root {
    /// Absolute path, escaped.
    pub(crate) path: String,
    #[serde(default)]
    pub(crate) include: Vec<String>,
    #[serde(default)]
    pub(crate) exclude: Vec<String>,
    #[serde(default)]
    pub(crate) encoding: Option<String>,
    /// What the last walk could not follow or read below it: path, cause, code of the hint.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) problems: Vec<(String, String, String)>,
}

/// What a commit says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Payload {
    /// Always `fangzhi`, to know our own indexes.
    pub(crate) program: String,
    pub(crate) fingerprints: Fingerprints,
    pub(crate) roots: Vec<Root>,
    /// What is known of reprints.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reprints: Option<ReprintsFile>,
}

/// How a writer works.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WriterOptions {
    /// Memory of the engine's writer, in bytes.
    pub(crate) heap_bytes: usize,
    /// Threads of the engine's writer.
    pub(crate) threads: usize,
}

/// The engine takes no less than this for a thread, and no more.
const HEAP_BYTES: RangeInclusive<usize> = 15_000_000..=4_000_000_000;
/// Documents that wait for the engine take at most one in so many parts of its memory.
const WAITING_SHARE: usize = 16;
/// Of the room for these, documents that go to one thread of the engine together take at most one in so many parts.
const BATCH_SHARE: usize = 8;

/// Makes the documents of reports; workers have a copy each, so that the writer only has to add them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Documents {
    fields: Fields,
}

impl Documents {
    /// For the schema of this program.
    pub(crate) fn new() -> Self {
        Self {
            fields: Fields::of(&PARAGRAPH.build()).expect("a test looks up every declared field"),
        }
    }

    /// What makes the documents of a report.
    pub(crate) fn of(&self, origin: &Origin<'_>) -> ReportDocuments {
        ReportDocuments::new(self.fields, origin)
    }
}

/// Writes to an index; one at a time.
pub(crate) struct Writer {
    dir: PathBuf,
    fields: Fields,
    index: Index,
    writer: IndexWriter<Queued>,
    queue: Queue,
    /// What goes to one thread of the engine together: a small update makes one segment however many threads there are,
    /// and threads are woken for hundreds of documents at a time.
    batch: Vec<UserOperation<Queued>>,
    /// Bytes of the documents in it.
    batch_bytes: usize,
    /// No more than this, but for a document that alone is larger.
    batch_bytes_max: usize,
}

/// The longest that a merge is waited for which the engine began of itself, and how often it is looked whether it is done.
const MERGE_WAIT: Duration = Duration::from_secs(3_600);
const ASK_AGAIN: Duration = Duration::from_millis(20);

impl Writer {
    /// Opens the index in `dir` for writing, making it where there is none.
    pub(crate) fn open(dir: &Path, options: WriterOptions) -> Result<Self, IndexError> {
        let engine = engine_folder(dir)?;
        let failed = |error| IndexError::from_engine(dir, error);
        let directory = directory(&engine).map_err(|error| failed(error.into()))?;
        let exists = Index::exists(&*directory).map_err(|error| failed(error.into()))?;
        let mut index = if exists {
            Index::open(directory).map_err(failed)?
        } else {
            Index::create(directory, PARAGRAPH.build(), PARAGRAPH.settings()).map_err(failed)?
        };
        analysis::register(index.tokenizers(), Lexicon::builtin());
        let fields = Fields::of(&index.schema()).map_err(|missing| IndexError::Version {
            path: dir.to_path_buf(),
            found: format!("without field {missing:?}"),
            wanted: PARAGRAPH.version.to_string(),
        })?;
        // A dedicated thread only helps one busy writer thread; with the readers there is no core left for it.
        index.settings_mut().docstore_compress_dedicated_thread = false;
        let threads = options.threads.max(1);
        let heap =
            options.heap_bytes.clamp(HEAP_BYTES.start() * threads, HEAP_BYTES.end() * threads);
        let writer = index.writer_with_num_threads(threads, heap).map_err(failed)?;
        remove_stale_temporaries(&engine);
        // Also files of a commit that came to no end: the next one goes on from the same number, and where a list of
        // deletions stands in its way under that number it could never be written.
        writer.garbage_collect_files().wait().map_err(|error| write_error(dir, error))?;
        let waiting_bytes = heap / WAITING_SHARE;
        Ok(Self {
            dir: dir.to_path_buf(),
            fields,
            index,
            writer,
            queue: Queue::new(waiting_bytes),
            batch: Vec::new(),
            batch_bytes: 0,
            batch_bytes_max: waiting_bytes / BATCH_SHARE,
        })
    }

    /// Cuts text into a user's words too. Must come before anything is added.
    pub(crate) fn use_words(&self, words: &Words) {
        analysis::register(self.index.tokenizers(), Lexicon::of(words));
    }

    /// Number of the commit it goes on from.
    pub(crate) fn commit_number(&self) -> Result<u64, IndexError> {
        commit_number(&self.dir, &self.index)
    }

    /// Removes everything of a file. Must come before anything of it is added in the same commit.
    pub(crate) fn remove_file(&mut self, key: &str) {
        self.remove(Term::from_field_text(self.fields.file, key));
    }

    /// Removes the paragraphs of one reading of a file, and neither its record nor those of other readings.
    pub(crate) fn remove_generation(&mut self, key: &str, generation: u64) {
        let term = generation_term(key, generation);
        self.remove(Term::from_field_text(self.fields.file, &term));
    }

    /// Removes the paragraphs of an article that were added before.
    pub(crate) fn remove_article(&mut self, key: u64) {
        self.remove(Term::from_field_u64(self.fields.article_key, key));
    }

    /// Puts a document in the place of one paragraph of an article; for a few, since each looks through the article.
    pub(crate) fn replace_paragraph(
        &mut self,
        article_key: u64,
        ordinal: usize,
        document: Document,
    ) -> Result<(), IndexError> {
        let article = Term::from_field_u64(self.fields.article_key, article_key);
        let ordinal = Term::from_field_u64(self.fields.ordinal, ordinal as u64);
        let place = RangeQuery::new(Bound::Included(ordinal.clone()), Bound::Included(ordinal));
        let query = BooleanQuery::intersection(vec![
            Box::new(TermQuery::new(article, IndexRecordOption::Basic)),
            Box::new(place),
        ]);
        self.hand_over()?;
        let removed = self.writer.delete_query(Box::new(query));
        removed.map_err(|error| write_error(&self.dir, error))?;
        self.add(vec![document])
    }

    /// Removes the record of a file and leaves its paragraphs; for a record that is written anew.
    pub(crate) fn remove_record(&mut self, key: &str) {
        self.remove(Term::from_field_text(self.fields.record, key));
    }

    /// Adds the documents of a report, made by [`Documents`]; waits while too many bytes wait for the engine.
    pub(crate) fn add(&mut self, documents: Vec<Document>) -> Result<(), IndexError> {
        for document in documents {
            let bytes = document.bytes();
            // Before it is admitted: one that needs all the room would wait for the batch.
            if self.batch_bytes + bytes > self.batch_bytes_max {
                self.hand_over()?;
            }
            self.batch.push(UserOperation::Add(self.queue.admit(document)));
            self.batch_bytes += bytes;
        }
        Ok(())
    }

    /// Removes what has a term, of all that was added before.
    fn remove(&mut self, term: Term) {
        if self.batch.is_empty() {
            self.writer.delete_term(term);
        } else {
            self.batch.push(UserOperation::Delete(term));
        }
    }

    /// Gives the engine what was collected for it.
    fn hand_over(&mut self) -> Result<(), IndexError> {
        self.batch_bytes = 0;
        let batch = std::mem::take(&mut self.batch);
        self.writer.run(batch).map(drop).map_err(|error| write_error(&self.dir, error))
    }

    /// Adds the record of a file, after all its reports.
    pub(crate) fn add_record(&mut self, record: &FileRecord) -> Result<(), IndexError> {
        self.add(vec![record_document(&self.fields, record)])
    }

    /// Makes everything so far safe on disk and visible to readers.
    pub(crate) fn commit(&mut self, payload: &Payload) -> Result<(), IndexError> {
        self.hand_over()?;
        let failed = |error| write_error(&self.dir, error);
        let mut prepared = self.writer.prepare_commit().map_err(failed)?;
        let payload_reprints = payload.reprints.as_ref();
        let payload =
            serde_json::to_string(payload).expect("plain data with string keys is always JSON");
        prepared.set_payload(&payload);
        prepared.commit().map_err(failed)?;
        let synced = self.index.directory().sync_directory();
        synced.map_err(|error| IndexError::from_io(&self.dir, &error))?;
        remove_others(&self.dir.join(ENGINE_FOLDER), payload_reprints);
        Ok(())
    }

    /// Lets the engine begin no merge with the commits to come, or lets it again. What it needs for one would come on top
    /// of what comparing for reprints takes.
    pub(crate) fn hold_merges(&self, hold: bool) {
        self.writer.set_merge_policy(if hold {
            Box::new(NoMergePolicy)
        } else {
            Box::new(LogMergePolicy::default())
        });
    }

    /// Merges everything committed into one segment.
    pub(crate) fn optimize(&mut self) -> Result<(), IndexError> {
        let failed = |error| IndexError::from_engine(&self.dir, error);
        // A merge that the engine began may still hold some of the segments: until it is done they cannot be merged.
        self.writer.set_merge_policy(Box::new(NoMergePolicy));
        let begun = Instant::now();
        loop {
            let segments = self.index.searchable_segment_ids().map_err(failed)?;
            if segments.len() < 2 {
                return Ok(());
            }
            match self.writer.merge(&segments).wait() {
                Err(TantivyError::InvalidArgument(_)) if begun.elapsed() < MERGE_WAIT => {
                    thread::sleep(ASK_AGAIN);
                }
                merged => return merged.map(drop).map_err(failed),
            }
        }
    }

    /// Waits for merges that are under way, then lets the index go.
    pub(crate) fn finish(self) -> Result<(), IndexError> {
        let dir = self.dir.clone();
        self.writer.wait_merging_threads().map_err(|error| IndexError::from_engine(&dir, error))
    }
}

/// The engine's folder, for writing.
pub(super) fn directory(engine: &Path) -> Result<Box<dyn Directory>, OpenDirectoryError> {
    let directory = MmapDirectory::open(engine)?;
    #[cfg(test)]
    let directory = crate::index::faults::FaultyDirectory::new(engine, directory);
    Ok(Box::new(WriteDirectory::new(engine, directory)))
}

/// Sorts an error of the engine's writer.
///
/// A thread of the writer that cannot write dies, and only that it died is told. What killed it is asked of the disk.
fn write_error(dir: &Path, error: TantivyError) -> IndexError {
    let error = IndexError::from_engine(dir, error);
    match (&error, probe(&dir.join(ENGINE_FOLDER))) {
        (IndexError::Other { .. }, Err(cause)) => IndexError::from_io(dir, &cause),
        _ => error,
    }
}

/// Tries to write to a folder as much as the beginning of a segment takes.
fn probe(folder: &Path) -> std::io::Result<()> {
    let mut file = tempfile::tempfile_in(folder)?;
    file.write_all(&[0; 1 << 16])?;
    file.sync_all()
}

/// The engine's folder below `dir`, made where it is missing; refuses a folder that holds other things.
fn engine_folder(dir: &Path) -> Result<PathBuf, IndexError> {
    let failed = |error: std::io::Error| IndexError::from_io(dir, &error);
    let engine = dir.join(ENGINE_FOLDER);
    if engine.is_dir() {
        return Ok(engine);
    }
    if dir.is_dir() {
        let mut others = fs::read_dir(dir).map_err(failed)?.filter_map(Result::ok);
        if others
            .any(|entry| entry.file_name() != SCHEMA_FOLDER && entry.file_name() != REBUILD_FOLDER)
        {
            return Err(IndexError::NotAnIndex { path: dir.to_path_buf() });
        }
    } else if dir.exists() {
        return Err(IndexError::NotAnIndex { path: dir.to_path_buf() });
    }
    fs::create_dir_all(&engine).map_err(failed)?;
    Ok(engine)
}

/// Puts the engine's folder of the index `fresh` in the place of that of `dir`.
pub(crate) fn replace_engine(dir: &Path, fresh: &Path) -> Result<(), IndexError> {
    let failed = |error: std::io::Error| IndexError::from_io(dir, &error);
    let (engine, old) = (dir.join(ENGINE_FOLDER), dir.join(REPLACED_FOLDER));
    if old.exists() {
        fs::remove_dir_all(&old).map_err(failed)?;
    }
    fs::rename(&engine, &old).map_err(failed)?;
    if let Err(error) = fs::rename(fresh.join(ENGINE_FOLDER), &engine) {
        fs::rename(&old, &engine).map_err(failed)?;
        return Err(failed(error));
    }
    sync_folder(dir).map_err(failed)?;
    fs::remove_dir_all(&old).map_err(failed)?;
    fs::remove_dir_all(fresh).map_err(failed)
}

/// Finishes what a killed [`replace_engine`] left: the old files come back where the new ones were not yet in place,
/// and go where they were. One that is still at work holds the lock, which moved with the old files.
pub(crate) fn recover_engine(dir: &Path) -> Result<(), IndexError> {
    let failed = |error: std::io::Error| IndexError::from_io(dir, &error);
    let (engine, old) = (dir.join(ENGINE_FOLDER), dir.join(REPLACED_FOLDER));
    if !old.is_dir() {
        return Ok(());
    }
    let _lock = lock_folder(dir, &old)?;
    if engine.join("meta.json").is_file() {
        return fs::remove_dir_all(&old).map_err(failed);
    }
    fs::rename(&old, &engine).map_err(failed)
}

/// Whether the engine has a folder below `dir`.
pub fn is_made(dir: &Path) -> bool {
    dir.join(ENGINE_FOLDER).exists()
}

/// Removes the engine's folder of the index in `dir` where nothing of any file was committed to it; whether it did.
pub fn discard_empty(dir: &Path) -> Result<bool, IndexError> {
    if !is_made(dir) {
        return Ok(true);
    }
    let _lock = lock_engine(dir)?;
    match OpenIndex::open(dir) {
        Ok(index) if index.file_records()?.is_empty() => {}
        Err(IndexError::Missing { .. }) => {}
        Ok(_) => return Ok(false),
        Err(error) => return Err(error),
    }
    // Under its name it is there whole or not at all: who opens it now must not lose files one by one.
    let failed = |error: std::io::Error| IndexError::from_io(dir, &error);
    let old = dir.join(REPLACED_FOLDER);
    fs::rename(dir.join(ENGINE_FOLDER), &old).map_err(failed)?;
    fs::remove_dir_all(&old).map_err(failed)?;
    Ok(true)
}

/// Holds the writer lock of the index in `dir` as long as the answer lives.
pub(crate) fn lock_engine(dir: &Path) -> Result<DirectoryLock, IndexError> {
    lock_folder(dir, &dir.join(ENGINE_FOLDER))
}

/// Holds the writer lock of the engine's files in a folder of the index in `dir`.
fn lock_folder(dir: &Path, folder: &Path) -> Result<DirectoryLock, IndexError> {
    let failed = |error| IndexError::from_engine(dir, error);
    let engine = MmapDirectory::open(folder).map_err(|error| failed(error.into()))?;
    engine
        .acquire_lock(&INDEX_WRITER_LOCK)
        .map_err(|error| failed(TantivyError::LockFailure(error, None)))
}

/// Removes the temporary files of killed writers, which the engine never does. Called under the writer lock, so none
/// of them is in use.
fn remove_stale_temporaries(engine: &Path) {
    let Ok(entries) = fs::read_dir(engine) else { return };
    for entry in entries.filter_map(Result::ok) {
        if entry.file_name().to_string_lossy().starts_with(".tmp") {
            // One that cannot be removed only takes room.
            let _left_behind = fs::remove_file(entry.path());
        }
    }
}

/// Puts a file with these bytes in the place of another, safe on disk.
pub(super) fn replace_file(folder: &Path, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(folder.join(name))?;
    open_as_folder(folder, name);
    sync_folder(folder)
}

/// Lets those read a file who may look into its folder; temporary files are made for their owner alone, and keep that
/// when they are renamed.
#[cfg(unix)]
pub(super) fn open_as_folder(folder: &Path, name: impl AsRef<Path>) {
    use std::os::unix::fs::PermissionsExt;
    let Ok(of_folder) = fs::metadata(folder) else { return };
    let mode = fs::Permissions::from_mode(of_folder.permissions().mode() & 0o666);
    // Who may not change it is not its owner, and it was open before.
    let _as_it_was = fs::set_permissions(folder.join(name), mode);
}

#[cfg(not(unix))]
pub(super) fn open_as_folder(_folder: &Path, _name: impl AsRef<Path>) {}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> std::io::Result<()> {
    fs::File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_folder: &Path) -> std::io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::content_digest;
    use crate::model::{Article, Paragraph, ParagraphKind};
    use tantivy::TantivyDocument;

    #[test]
    fn other_vocabularies_change_what_tags_were_given_by_and_nothing_else() {
        let old = Fingerprints::current("d1.m1.s1".to_owned());
        let with_encoding = format!("{} big5", old.content());
        let synonyms = Fingerprints::current("d1.m1.s2".to_owned());
        assert_eq!(synonyms.retagged(&with_encoding), with_encoding);
        let measures = Fingerprints::current("d1.m2.s1".to_owned());
        let retagged = measures.retagged(&with_encoding);
        assert_eq!(retagged, format!("{} big5", measures.content()));
        assert_ne!(retagged, with_encoding);
        assert!(measures.are_divisions_of(&with_encoding));
        let divisions = Fingerprints::current("d2.m1.s1".to_owned());
        assert!(!divisions.are_divisions_of(&with_encoding));
    }

    /// Writes files of one paragraph each with so many threads, in two readings of which the first goes again; the digest
    /// and the number of segments.
    fn written(files: u32, threads: usize) -> (String, usize) {
        let folder = tempfile::tempdir().unwrap();
        let mut writer =
            Writer::open(folder.path(), WriterOptions { heap_bytes: 0, threads }).unwrap();
        for number in 0..files {
            let key = number.to_string();
            for generation in 0..2 {
                let text = format!("第{number}村第{generation}次修路。");
                let paragraphs = vec![Paragraph::new(text, ParagraphKind::Body)];
                let article = Article { paragraphs, ..Article::default() };
                let origin = Origin { file_key: &key, path: &key, generation, ..Origin::default() };
                let mut report = Documents::new().of(&Origin { file_number: number, ..origin });
                let mut made = Vec::new();
                report.article(&article, false, &mut |document| {
                    made.push(document);
                    true
                });
                writer.add(made).unwrap();
            }
            writer.remove_generation(&key, 0);
        }
        let payload = Payload {
            program: "fangzhi".to_owned(),
            fingerprints: Fingerprints::current(String::new()),
            roots: Vec::new(),
            reprints: None,
        };
        writer.commit(&payload).unwrap();
        let index = OpenIndex::open(folder.path()).unwrap();
        let searcher = index.reader.searcher();
        assert_eq!(searcher.num_docs(), u64::from(files));
        (content_digest(folder.path()).unwrap(), searcher.segment_readers().len())
    }

    #[test]
    fn what_several_threads_write_is_what_one_writes() {
        assert_eq!(written(2_000, 3).0, written(2_000, 1).0);
    }

    #[test]
    fn a_small_update_makes_one_segment_of_several_threads() {
        assert_eq!(written(50, 4), written(50, 1));
        assert_eq!(written(50, 4).1, 1);
    }

    #[test]
    fn a_document_that_needs_all_the_room_does_not_wait_for_what_was_collected() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer =
            Writer::open(folder.path(), WriterOptions { heap_bytes: 0, threads: 1 }).unwrap();
        let document = |bytes| Document::new(TantivyDocument::default(), bytes);
        let begun = Instant::now();
        writer
            .add(vec![document(1), document(HEAP_BYTES.start() / WAITING_SHARE), document(1)])
            .unwrap();
        assert!(!writer.batch.is_empty() && begun.elapsed() < Duration::from_secs(9));
    }

    #[test]
    fn what_a_rebuild_is_putting_in_place_is_left_to_it() {
        let folder = tempfile::tempdir().unwrap();
        let old = folder.path().join(REPLACED_FOLDER);
        fs::create_dir(&old).unwrap();
        let at_work = lock_folder(folder.path(), &old).unwrap();
        let recovered = recover_engine(folder.path());
        assert!(matches!(recovered, Err(IndexError::Locked { .. })), "{recovered:?}");
        assert!(old.is_dir());
        drop(at_work);
        recover_engine(folder.path()).unwrap();
        assert!(!old.exists() && folder.path().join(ENGINE_FOLDER).is_dir());
    }
}
