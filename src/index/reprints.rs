//! Compares the paragraphs of an index with each other and writes down which are near and which are excerpts.
//!
//! Keys and sketches stand in the columns `reprint` and `sketch`; texts are read of those only that were never compared. What this
//! costs: sorting for all texts, reading and comparing for the new ones.

use crate::index::writer::directory;
use crate::index::{
    ENGINE_FOLDER, IndexError, OpenIndex, StoredParagraph, stored_bytes, stored_document,
};
use crate::reprints::{Edges, Sketch, Text, candidates, unpacked};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::fs;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use tantivy::DocAddress;
use tempfile::NamedTempFile;

/// The file of what comparing found, as a commit names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ReprintsFile {
    /// Its name in the engine's folder.
    pub(crate) name: String,
    /// Whether it is about all paragraphs of the commit. If not, what it says of those it knows is true all the same, and
    /// saves the next run from comparing them again.
    pub(crate) complete: bool,
}

impl ReprintsFile {
    /// Whether it is about all paragraphs of its commit, is there whole, and was made as this program would.
    pub(crate) fn is_current(&self, dir: &Path) -> bool {
        let read = fs::read(dir.join(ENGINE_FOLDER).join(&self.name));
        self.complete && read.is_ok_and(|bytes| Edges::from_bytes(&bytes).is_ok())
    }
}

/// A text that stands in the index, once or many times.
struct Class {
    key: u64,
    sketch: Sketch,
    /// One of the paragraphs that have it.
    address: DocAddress,
}

/// Compares what was never compared and writes the file that the next commit shall name. `None` when it was stopped.
pub(crate) fn compare(
    index: &OpenIndex,
    stop: &AtomicBool,
) -> Result<Option<ReprintsFile>, IndexError> {
    // A damaged file only costs the time to compare all again.
    let known = index.edges().unwrap_or_default();
    let classes = classes(index)?;
    let sketches: Vec<Sketch> = classes.iter().map(|class| class.sketch).collect();
    let mut edges = Edges::default();
    let mut open = Vec::new();
    for (a, b) in candidates(&sketches) {
        let (Some(one), Some(other)) = (classes.get(a as usize), classes.get(b as usize)) else {
            continue;
        };
        match known.verdict(one.key, other.key) {
            Some(verdict) => edges.add(one.key, other.key, verdict),
            None => open.push((one, other)),
        }
    }
    drop(sketches);
    let mut texts = Texts::read(index, &open)?;
    let mut last: Option<(u64, Text)> = None;
    for (one, other) in open {
        if stop.load(Ordering::Relaxed) {
            return Ok(None);
        }
        let text = match last.take() {
            Some((key, text)) if key == one.key => text,
            _ => texts.get(one.key).map_err(|error| IndexError::from_io(&index.dir, &error))?,
        };
        let second =
            texts.get(other.key).map_err(|error| IndexError::from_io(&index.dir, &error))?;
        edges.add(one.key, other.key, text.verdict(&second));
        last = Some((one.key, text));
    }
    edges.sort();
    write(&index.dir, &edges).map(Some).map_err(|error| IndexError::from_io(&index.dir, &error))
}

/// All texts long enough to be near another, each once, in the order of their keys.
fn classes(index: &OpenIndex) -> Result<Vec<Class>, IndexError> {
    let mut classes = Vec::new();
    for (segment, reader) in (0..).zip(index.reader.searcher().segment_readers()) {
        let column = |name| {
            let column = reader.fast_fields().u64(name);
            column.map_err(|error| IndexError::from_engine(&index.dir, error))
        };
        let (keys, sketches) = (column("reprint")?, column("sketch")?);
        for doc in reader.doc_ids_alive() {
            let sketch = unpacked(sketches.values_for_doc(doc));
            if let (Some(key), Some(sketch)) = (keys.first(doc), sketch) {
                classes.push(Class { key, sketch, address: DocAddress::new(segment, doc) });
            }
        }
    }
    classes.sort_unstable_by_key(|class| (class.key, class.address));
    classes.dedup_by_key(|class| class.key);
    Ok(classes)
}

/// Texts, in a file of their own: pairs ask for them in any order, and the index can only unpack many at
/// once.
struct Texts {
    file: NamedTempFile,
    /// Where in the file the text of a key stands, and its bytes.
    places: HashMap<u64, (u64, usize)>,
}

impl Texts {
    /// Reads the texts of all pairs out of the index, in its order.
    fn read(index: &OpenIndex, pairs: &[(&Class, &Class)]) -> Result<Self, IndexError> {
        let mut wanted: Vec<(DocAddress, u64)> =
            pairs.iter().flat_map(|(a, b)| [(a.address, a.key), (b.address, b.key)]).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let failed = |error: io::Error| IndexError::from_io(&index.dir, &error);
        let mut file = NamedTempFile::new_in(index.dir.join(ENGINE_FOLDER)).map_err(failed)?;
        let mut out = BufWriter::new(file.as_file_mut());
        let mut places = HashMap::with_capacity(wanted.len());
        let mut end = 0;
        let searcher = index.reader.searcher();
        for (address, key) in wanted {
            let document = stored_document(|| searcher.doc(address))
                .map_err(|error| IndexError::from_engine(&index.dir, error))?;
            let text = StoredParagraph::unpack_text(stored_bytes(&document, index.fields.stored));
            let text = text.unwrap_or_default();
            out.write_all(text.as_bytes()).map_err(failed)?;
            places.insert(key, (end, text.len()));
            end += text.len() as u64;
        }
        out.flush().map_err(failed)?;
        drop(out);
        Ok(Self { file, places })
    }

    fn get(&mut self, key: u64) -> io::Result<Text> {
        let &(at, bytes) = self.places.get(&key).ok_or(io::ErrorKind::NotFound)?;
        let mut text = vec![0; bytes];
        let file = self.file.as_file_mut();
        file.seek(SeekFrom::Start(at))?;
        file.read_exact(&mut text)?;
        Ok(Text::new(str::from_utf8(&text).map_err(io::Error::other)?))
    }
}

/// Writes the edges to a file of the engine's folder, safe on disk but for its name, which the commit sees to.
fn write(dir: &Path, edges: &Edges) -> io::Result<ReprintsFile> {
    let bytes = edges.to_bytes();
    let name = Edges::name(&bytes);
    let engine = directory(&dir.join(ENGINE_FOLDER)).map_err(io::Error::other)?;
    engine.atomic_write(Path::new(&name), &bytes)?;
    Ok(ReprintsFile { name, complete: true })
}

/// Removes the files of reprints that the last commit does not name.
pub(super) fn remove_others(engine: &Path, kept: Option<&ReprintsFile>) {
    let Ok(entries) = fs::read_dir(engine) else { return };
    for entry in entries.filter_map(Result::ok) {
        let name = entry.file_name();
        let is_other = name
            .to_str()
            .is_some_and(|name| Edges::is_name(name) && kept.is_none_or(|kept| kept.name != name));
        if is_other {
            // One that cannot be removed only takes room.
            let _left_behind = fs::remove_file(entry.path());
        }
    }
}
