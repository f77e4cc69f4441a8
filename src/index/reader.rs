//! Opens the last commit of an index for reading, and says what was known when it was made.

use crate::analysis::{self, Lexicon};
use crate::index::directory::ReadDirectory;
use crate::index::document::DOC_REPORT;
use crate::index::lists::{META, can_be_restored};
use crate::index::record::{FileRecord, StoredParagraph, path_from_text};
use crate::index::schema::{Fields, PARAGRAPH};
use crate::index::stored::Columns;
use crate::index::writer::{Fingerprints, Payload, Root};
use crate::index::{ENGINE_FOLDER, IndexError};
use crate::reprints::{Edges, EdgesError};
use std::any::Any;
use std::cell::Cell;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::panic::{self, AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, Once, PoisonError};
use std::thread;
use tantivy::collector::DocSetCollector;
use tantivy::columnar::Column;
use tantivy::index::SegmentId;
use tantivy::query::TermQuery;
use tantivy::schema::{Field, IndexRecordOption, Value};
use tantivy::{
    DocAddress, Index, IndexReader, ReloadPolicy, Searcher, SegmentReader, TantivyDocument,
    TantivyError, Term,
};

/// A part of the index that was made with other data than this program has now.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Outdated {
    /// `schema`, `lexicon`, `vocabularies` or `cleaning`.
    pub part: &'static str,
    /// What brings it up to date: `new-index`, `reanalyze`, `retag` or `reread`.
    pub remedy: &'static str,
}

/// What is known of an index without searching it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexInfo {
    /// Folders and files that a run without paths refreshes, absolute.
    pub roots: Vec<PathBuf>,
    /// Parts made with other data than this program's.
    pub outdated: Vec<Outdated>,
}

/// Reads what is known of the index in `dir`; `vocabularies` is the fingerprint of those in use now.
pub fn info(dir: &Path, vocabularies: &str) -> Result<IndexInfo, IndexError> {
    let (_, payload) = open_payload(dir)?;
    Ok(info_of(&payload, vocabularies))
}

/// What a commit says; `vocabularies` is the fingerprint of those in use now.
fn info_of(payload: &Payload, vocabularies: &str) -> IndexInfo {
    let current = Fingerprints::current(vocabularies.to_owned());
    IndexInfo {
        roots: payload.roots.iter().map(|root| path_from_text(&root.path)).collect(),
        outdated: outdated(&payload.fingerprints, &current),
    }
}

/// Which parts differ, with the remedy of each.
pub(crate) fn outdated(found: &Fingerprints, wanted: &Fingerprints) -> Vec<Outdated> {
    [
        ("schema", "new-index", &found.schema, &wanted.schema),
        ("lexicon", "reanalyze", &found.lexicon, &wanted.lexicon),
        ("vocabularies", "retag", &found.vocabularies, &wanted.vocabularies),
        ("cleaning", "reread", &found.cleaning, &wanted.cleaning),
    ]
    .into_iter()
    .filter(|(_, _, found, wanted)| found != wanted)
    .map(|(part, remedy, _, _)| Outdated { part, remedy })
    .collect()
}

/// The last commit of an index, open for reading.
pub(crate) struct OpenIndex {
    pub(crate) dir: PathBuf,
    pub(crate) index: Index,
    pub(crate) reader: IndexReader,
    pub(crate) fields: Fields,
    pub(crate) payload: Payload,
    pub(crate) columns: Arc<NumberColumns>,
    /// The file of reprints that the payload names, if it was there.
    reprints: Option<File>,
}

/// Columns of numbers, each opened once in a segment: that costs more than reading a number from it. Where all items must
/// be found, opening those that hits are counted and ranked by took an eighth of a search.
#[derive(Debug, Default)]
pub(crate) struct NumberColumns(Mutex<HashMap<(SegmentId, &'static str), Column<u64>>>);

impl NumberColumns {
    pub(crate) fn of(
        &self,
        reader: &SegmentReader,
        name: &'static str,
    ) -> tantivy::Result<Column<u64>> {
        // Nothing is half done in it when something panics.
        let mut opened = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(match opened.entry((reader.segment_id(), name)) {
            Entry::Occupied(known) => known.get().clone(),
            Entry::Vacant(new) => new.insert(reader.fast_fields().u64(name)?).clone(),
        })
    }
}

/// How often an index is opened anew when its file of reprints has just given way to that of a later commit.
const TIMES_OPENED_MAX: usize = 5;

impl OpenIndex {
    /// Opens the index in `dir`.
    pub(crate) fn open(dir: &Path) -> Result<Self, IndexError> {
        let mut times = 1;
        loop {
            let index = Self::open_once(dir)?;
            let lacks_file = index.payload.reprints.is_some() && index.reprints.is_none();
            if !lacks_file || times == TIMES_OPENED_MAX {
                return Ok(index);
            }
            times += 1;
        }
    }

    fn open_once(dir: &Path) -> Result<Self, IndexError> {
        let (index, payload) = open_payload(dir)?;
        let failed = |error| IndexError::from_engine(dir, error);
        analysis::register(index.tokenizers(), Lexicon::builtin());
        let fields = Fields::of(&index.schema()).map_err(|_missing| IndexError::Version {
            path: dir.to_path_buf(),
            found: payload.fingerprints.schema.clone(),
            wanted: PARAGRAPH.version.to_string(),
        })?;
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()
            .map_err(failed)?;
        let named = payload.reprints.as_ref();
        // Open it stays readable when the next commit removes it. Only who asks for reprints needs it.
        let reprints =
            named.and_then(|file| File::open(dir.join(ENGINE_FOLDER).join(&file.name)).ok());
        let columns = Arc::default();
        Ok(Self { dir: dir.to_path_buf(), index, reader, fields, payload, columns, reprints })
    }

    /// What is known of reprints, also where it is of an earlier commit; nothing where nothing was compared yet or it was
    /// compared in another way.
    pub(crate) fn edges(&self) -> Result<Edges, IndexError> {
        Ok(self.edges_of_version()?.unwrap_or_default())
    }

    /// What is known of reprints, and whether all its paragraphs were compared with each other. A file that is lost,
    /// damaged or of another version is as good as none.
    pub(crate) fn edges_to_search(&self) -> (Edges, bool) {
        let edges = self.edges_of_version().ok().flatten();
        let is_complete = self.payload.reprints.as_ref().is_some_and(|file| file.complete);
        let is_compared = edges.is_some() && is_complete;
        (edges.unwrap_or_default(), is_compared)
    }

    /// The edges of the file that the payload names; `None` where it names none, or one of another version.
    fn edges_of_version(&self) -> Result<Option<Edges>, IndexError> {
        let Some(named) = &self.payload.reprints else { return Ok(None) };
        let damaged = |cause: String| IndexError::Damaged { path: self.dir.clone(), cause };
        let Some(mut file) = self.reprints.as_ref() else {
            return Err(damaged(format!("{} is missing", named.name)));
        };
        let mut bytes = Vec::new();
        file.seek(SeekFrom::Start(0))
            .and_then(|_start| file.read_to_end(&mut bytes))
            .map_err(|error| IndexError::from_io(&self.dir, &error))?;
        match Edges::from_bytes(&bytes) {
            Err(EdgesError::Version) => Ok(None),
            read => read.map(Some).map_err(|error| damaged(format!("{}: {error}", named.name))),
        }
    }

    /// What its last commit says; `vocabularies` is the fingerprint of those in use now.
    pub(crate) fn info(&self, vocabularies: &str) -> IndexInfo {
        info_of(&self.payload, vocabularies)
    }

    /// The roots that an index remembers, also one of another schema.
    pub(crate) fn remembered_roots(dir: &Path) -> Result<Vec<Root>, IndexError> {
        match read_payload(dir, &open_listed(dir)?) {
            Ok(payload) => Ok(payload.roots),
            // To make it anew is what they are asked for.
            Err(IndexError::Version { path, .. }) => Err(IndexError::Lost { path }),
            Err(error) => Err(error),
        }
    }

    /// Number of the commit that is open: each has a larger one than those before it.
    pub(crate) fn commit_number(&self) -> Result<u64, IndexError> {
        commit_number(&self.dir, &self.index)
    }

    /// The records of all files.
    pub(crate) fn file_records(&self) -> Result<Vec<FileRecord>, IndexError> {
        let failed = |error| IndexError::from_engine(&self.dir, error);
        let searcher = self.reader.searcher();
        let query = TermQuery::new(
            Term::from_field_text(self.fields.doc, DOC_REPORT),
            IndexRecordOption::Basic,
        );
        let mut addresses: Vec<_> =
            searcher.search(&query, &DocSetCollector).map_err(failed)?.into_iter().collect();
        addresses.sort_unstable();
        let mut records = Vec::with_capacity(addresses.len());
        for address in addresses {
            let document = stored_document(|| searcher.doc(address)).map_err(failed)?;
            records.push(self.record(&document)?);
        }
        Ok(records)
    }

    /// What the store keeps of a paragraph; `None` for the record of a file.
    pub(crate) fn paragraph(
        &self,
        searcher: &Searcher,
        address: DocAddress,
    ) -> Result<Option<StoredParagraph>, IndexError> {
        let failed = |error| IndexError::from_engine(&self.dir, error);
        let number = |name| self.number(searcher, address, name);
        let halves = (number("id_head")?, number("id_tail")?);
        let (Some(id_head), Some(id_tail)) = halves else { return Ok(None) };
        let columns = Columns {
            id_head,
            id_tail,
            line: number("line")?.unwrap_or(0),
            byte: number("byte")?.unwrap_or(0),
        };
        let document = stored_document(|| searcher.doc(address)).map_err(failed)?;
        let bytes = stored_bytes(&document, self.fields.stored);
        let stored = StoredParagraph::unpack(bytes, &columns);
        stored.map(Some).ok_or_else(|| IndexError::Damaged {
            path: self.dir.clone(),
            cause: "stored paragraph".to_owned(),
        })
    }

    /// What a column of numbers has for a document.
    pub(crate) fn number(
        &self,
        searcher: &Searcher,
        address: DocAddress,
        name: &'static str,
    ) -> Result<Option<u64>, IndexError> {
        let reader = searcher.segment_reader(address.segment_ord);
        let column = self.columns.of(reader, name);
        let column = column.map_err(|error| IndexError::from_engine(&self.dir, error))?;
        Ok(column.first(address.doc_id))
    }

    /// The last number that a file with paragraphs has; `None` where there are none.
    pub(crate) fn last_number(&self) -> Result<Option<u32>, IndexError> {
        let mut last = None;
        for reader in self.reader.searcher().segment_readers() {
            let column = reader.fast_fields().u64("report_key");
            let column = column.map_err(|error| IndexError::from_engine(&self.dir, error))?;
            if column.values.num_vals() > 0 {
                last = last.max(u32::try_from(column.max_value() >> u32::BITS).ok());
            }
        }
        Ok(last)
    }

    /// The record of a file.
    fn record(&self, document: &TantivyDocument) -> Result<FileRecord, IndexError> {
        let bytes = stored_bytes(document, self.fields.stored);
        serde_json::from_slice(bytes).map_err(|error| IndexError::Damaged {
            path: self.dir.clone(),
            cause: format!("stored document: {error}"),
        })
    }
}

/// Number of the last commit; 0 before the first.
pub(crate) fn commit_number(dir: &Path, index: &Index) -> Result<u64, IndexError> {
    let metas = index.load_metas().map_err(|error| IndexError::from_engine(dir, error))?;
    Ok(metas.opstamp)
}

/// The bytes that the store keeps of a document, none where there are none.
pub(crate) fn stored_bytes(document: &TantivyDocument, field: Field) -> &[u8] {
    document.get_first(field).and_then(|value| value.as_bytes()).unwrap_or(&[])
}

/// Opens the engine's folder in `dir`, of whatever schema, without opening what is in it.
fn open_listed(dir: &Path) -> Result<Index, IndexError> {
    let engine = dir.join(ENGINE_FOLDER);
    let path = dir.to_path_buf();
    if !engine.join(META).is_file() {
        // Locks, temporary files and an empty list of files stand there also when making it came to no end.
        let is_of_segment = |name: &std::ffi::OsStr| !name.as_encoded_bytes().starts_with(b".");
        let damaged = engine.read_dir().is_ok_and(|files| {
            files.filter_map(Result::ok).any(|file| is_of_segment(&file.file_name()))
        });
        return Err(if damaged {
            lost_or_damaged(dir, format!("{META} is missing"))
        } else {
            IndexError::Missing { path }
        });
    }
    open_engine(&engine).map_err(|error| match IndexError::from_engine(dir, error) {
        // The engine shows all of what it could not make sense of.
        IndexError::Damaged { .. } => lost_or_damaged(dir, META.to_owned()),
        error => error,
    })
}

/// The error of a list of segments that is damaged or gone.
fn lost_or_damaged(dir: &Path, cause: String) -> IndexError {
    let path = dir.to_path_buf();
    if can_be_restored(dir) {
        IndexError::Damaged { path, cause }
    } else {
        IndexError::Lost { path }
    }
}

/// Opens the engine's folder in `dir` and reads what its last commit says.
fn open_payload(dir: &Path) -> Result<(Index, Payload), IndexError> {
    let index = open_listed(dir)?;
    let payload = payload(dir, &index)?;
    Ok((index, payload))
}

/// Opens the engine's files for reading.
pub(super) fn open_engine(engine: &Path) -> tantivy::Result<Index> {
    Index::open(ReadDirectory::open(engine)?)
}

/// What the last commit says about itself, when it is of this program's schema.
fn payload(dir: &Path, index: &Index) -> Result<Payload, IndexError> {
    let payload = read_payload(dir, index)?;
    if payload.fingerprints.schema != PARAGRAPH.version.to_string() {
        return Err(IndexError::Version {
            path: dir.to_path_buf(),
            found: payload.fingerprints.schema,
            wanted: PARAGRAPH.version.to_string(),
        });
    }
    Ok(payload)
}

fn read_payload(dir: &Path, index: &Index) -> Result<Payload, IndexError> {
    let text = index.load_metas().map_err(|error| IndexError::from_engine(dir, error))?.payload;
    let Some(text) = text else {
        return Err(IndexError::Missing { path: dir.to_path_buf() });
    };
    serde_json::from_str(&text).map_err(|error| {
        let path = dir.to_path_buf();
        let found = format!("unknown ({error})");
        if can_be_restored(dir) {
            return IndexError::Damaged { path, cause: format!("{META}: {error}") };
        }
        IndexError::Version { path, found, wanted: PARAGRAPH.version.to_string() }
    })
}

/// What is stored of a document, as `read` gives it. The engine looks into an unpacked block without asking whether its
/// numbers fit, so a damaged one makes it panic, and so does zstd where there is no memory for it; here both are errors.
pub(crate) fn stored_document(
    read: impl FnOnce() -> tantivy::Result<TantivyDocument>,
) -> tantivy::Result<TantivyDocument> {
    quietly(read).unwrap_or_else(|panic| Err(error_of(panic.as_ref())))
}

/// What zstd says where it gets no memory.
const NO_CONTEXT: &str = "zstd returned null pointer";

/// What a panic of the engine over a stored block means.
fn error_of(panic: &(dyn Any + Send)) -> TantivyError {
    let said = panic.downcast_ref::<String>().map(String::as_str);
    let said = said.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or_default();
    if said.contains(NO_CONTEXT) {
        let error =
            io::Error::new(io::ErrorKind::OutOfMemory, "not enough memory to read the index");
        return error.into();
    }
    TantivyError::InternalError("what is stored of a paragraph is damaged".to_owned())
}

thread_local! {
    /// Whether a panic of this thread is caught and said in other words.
    static IS_QUIET: Cell<bool> = const { Cell::new(false) };
}

type Hook = Box<dyn Fn(&PanicHookInfo<'_>) + Send + Sync>;

/// Tells of panics as `told` does, but for those that are caught.
fn but_quiet(told: Hook) -> Hook {
    Box::new(move |panic| {
        if !IS_QUIET.get() {
            told(panic);
        }
    })
}

/// What `read` gives; a panic in it is an error and prints nothing. Panics elsewhere are told as before.
fn quietly<T>(read: impl FnOnce() -> T) -> thread::Result<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| panic::set_hook(but_quiet(panic::take_hook())));
    IS_QUIET.set(true);
    let found = catch_unwind(AssertUnwindSafe(read));
    IS_QUIET.set(false);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::document::Origin;
    use crate::index::writer::{Documents, Writer, WriterOptions};
    use crate::model::{Article, Paragraph, ParagraphKind};
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn a_column_of_a_segment_is_opened_once() {
        let folder = tempfile::tempdir().unwrap();
        let options = WriterOptions { heap_bytes: 0, threads: 1 };
        let mut writer = Writer::open(folder.path(), options).unwrap();
        let paragraphs = ["甲", "乙", "丙"].map(|text| Paragraph::new(text, ParagraphKind::Body));
        let mut report = Documents::new().of(&Origin::default());
        let mut made = Vec::new();
        let article = Article { paragraphs: paragraphs.into(), ..Article::default() };
        report.article(&article, false, &mut |document| {
            made.push(document);
            true
        });
        writer.add(made).unwrap();
        let fingerprints = Fingerprints::current(String::new());
        let program = "fangzhi".to_owned();
        writer
            .commit(&Payload { program, fingerprints, roots: Vec::new(), reprints: None })
            .unwrap();
        let index = OpenIndex::open(folder.path()).unwrap();
        let searcher = index.reader.searcher();
        for doc in 0..3 {
            assert!(index.paragraph(&searcher, DocAddress::new(0, doc)).unwrap().is_some());
        }
        assert_eq!(index.columns.0.lock().unwrap().len(), 4);
    }

    #[test]
    fn a_panic_of_the_engine_over_a_damaged_block_is_an_error() {
        let block: &[u8] = &[];
        let read = || {
            let _length = block.first().expect("the engine takes a block to be whole");
            Ok(TantivyDocument::default())
        };
        let error = stored_document(read).unwrap_err();
        assert!(error.to_string().contains("damaged"), "{error}");
        assert!(stored_document(|| Ok(TantivyDocument::default())).is_ok());
    }

    #[test]
    fn a_panic_of_zstd_for_want_of_memory_is_no_damage() {
        let none = std::hint::black_box(None::<u8>);
        let read = || {
            let _context = none.expect("zstd returned null pointer when creating new context");
            Ok(TantivyDocument::default())
        };
        let error = stored_document(read).unwrap_err();
        let error = IndexError::from_engine(Path::new("/i"), error);
        assert!(matches!(error, IndexError::Other { .. }), "{error:?}");
        assert!(error.to_string().contains("not enough memory"), "{error}");
    }

    #[test]
    fn a_panic_that_is_caught_is_not_printed_and_others_are() {
        static TOLD: AtomicUsize = AtomicUsize::new(0);
        let (here, before) = (thread::current().id(), panic::take_hook());
        panic::set_hook(but_quiet(Box::new(move |panic| {
            if thread::current().id() == here {
                TOLD.fetch_add(1, Ordering::Relaxed);
            } else {
                before(panic);
            }
        })));
        let fail = || -> usize { [0_usize; 0].iter().copied().next().expect("none") };
        assert!(quietly(fail).is_err());
        assert_eq!(TOLD.load(Ordering::Relaxed), 0);
        assert!(catch_unwind(fail).is_err());
        assert_eq!(TOLD.load(Ordering::Relaxed), 1);
    }
}
