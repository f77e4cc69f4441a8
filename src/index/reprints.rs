//! Compares the paragraphs of an index with each other and writes down which are near and which are excerpts.
//!
//! Keys and sketches stand in the columns `reprint` and `sketch`; texts are read of those only that were never compared. What this
//! costs: sorting for all texts, reading and comparing for the new ones.

use crate::index::writer::directory;
use crate::index::{
    ENGINE_FOLDER, IndexError, OpenIndex, StoredParagraph, stored_bytes, stored_document,
};
use crate::reprints::{Edges, Joined, Sketch, Text, Verdict, candidates, unpacked};
use crossbeam_channel::bounded;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
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

/// A text that stands in the index, once or many times: its key, and one of the paragraphs that have it.
type Class = (u64, DocAddress);
/// Two classes by their places, the lower first.
type Pair = (u32, u32);

/// Pairs that a thread takes at a time.
const PAIRS_AT_ONCE: usize = 32;
/// Bytes of prepared texts that a thread keeps.
const KEPT_BYTES: usize = 16 << 20;
/// Stands for the place of a text that was not read yet.
const NOT_READ: u64 = u64::MAX;
/// How often it is told how far the comparison is: when so manieth part of it is done.
const TOLD_PARTS: u64 = 100;

/// Compares what was never compared and writes the file that the next commit shall name. `None` when it was stopped.
/// `tell` learns how many of how many steps are done.
pub(crate) fn compare(
    index: &OpenIndex,
    jobs: usize,
    stop: &AtomicBool,
    tell: &mut dyn FnMut(u64, u64),
) -> Result<Option<ReprintsFile>, IndexError> {
    let failed = |error: io::Error| IndexError::from_io(&index.dir, &error);
    // A damaged file only costs the time to compare all again.
    let known = index.edges().unwrap_or_default();
    let (classes, sketches) = classes(index)?;
    let rounds = candidates(&sketches);
    drop(sketches);
    let key = |place: u32| classes.get(place as usize).map_or(0, |class| class.0);
    let all = rounds.iter().map(|round| round.len() as u64).sum();
    let mut steps = Steps { done: 0, all, tell };
    let mut texts = Texts::new(index, &classes).map_err(failed)?;
    let mut edges = Edges::default();
    let mut joined = Joined::new(classes.len());
    for round in rounds {
        let count = round.len();
        // What hangs together by what was found before says nothing new.
        let apart = round.into_iter().filter(|&(a, b)| joined.root(a) != joined.root(b));
        let mut found: Vec<(Pair, Option<Verdict>)> =
            apart.map(|pair| (pair, known.verdict(key(pair.0), key(pair.1)))).collect();
        let open = found.extract_if(.., |(_, verdict)| verdict.is_none());
        let open: Vec<Pair> = open.map(|(pair, _)| pair).collect();
        steps.add(count - open.len());
        texts.read(&open, stop)?;
        let mut take = |pairs: &[Pair], verdicts: Vec<Verdict>| {
            steps.add(pairs.len());
            found.extend(pairs.iter().copied().zip(verdicts.into_iter().map(Some)));
        };
        texts.compare(&open, threads(jobs), stop, &mut take).map_err(failed)?;
        if stop.load(Ordering::Relaxed) {
            return Ok(None);
        }
        for ((a, b), verdict) in found {
            let Some(verdict) = verdict else { continue };
            edges.add(key(a), key(b), verdict);
            if verdict == Verdict::Near {
                joined.join(a, b);
            }
        }
    }
    edges.sort();
    write(&index.dir, &edges).map(Some).map_err(failed)
}

/// All texts long enough to be near another, each once, in the order of their keys, and their sketches.
fn classes(index: &OpenIndex) -> Result<(Vec<Class>, Vec<Sketch>), IndexError> {
    let (mut classes, mut columns) = (Vec::new(), Vec::new());
    for (segment, reader) in (0..).zip(index.reader.searcher().segment_readers()) {
        let column = |name| {
            let column = reader.fast_fields().u64(name);
            column.map_err(|error| IndexError::from_engine(&index.dir, error))
        };
        let (keys, sketches) = (column("reprint")?, column("sketch")?);
        let long = reader.doc_ids_alive().filter(|doc| sketches.first(*doc).is_some());
        classes
            .extend(long.filter_map(|doc| Some((keys.first(doc)?, DocAddress::new(segment, doc)))));
        columns.push(sketches);
    }
    classes.sort_unstable();
    classes.dedup_by_key(|(key, _)| *key);
    // Only now, as a sketch takes twice as much as a class.
    let mut sketches = Vec::with_capacity(classes.len());
    classes.retain(|(_, address): &Class| {
        let column = columns.get(address.segment_ord as usize);
        let sketch = column.and_then(|column| unpacked(column.values_for_doc(address.doc_id)));
        sketches.extend(sketch);
        sketch.is_some()
    });
    Ok((classes, sketches))
}

/// How far a comparison is.
struct Steps<'a> {
    done: u64,
    all: u64,
    tell: &'a mut dyn FnMut(u64, u64),
}

impl Steps<'_> {
    fn add(&mut self, steps: usize) {
        let part = |done: u64| done * TOLD_PARTS / self.all.max(1);
        let before = part(self.done);
        self.done += steps as u64;
        if part(self.done) > before {
            (self.tell)(self.done, self.all);
        }
    }
}

/// Texts, in a file of their own: pairs ask for them in any order, and the index can only unpack many at
/// once.
struct Texts<'a> {
    index: &'a OpenIndex,
    classes: &'a [Class],
    file: NamedTempFile,
    /// Bytes of the file.
    end: u64,
    /// Where in the file the text of each class stands; [`NOT_READ`] where it does not.
    places: Vec<u64>,
}

impl<'a> Texts<'a> {
    fn new(index: &'a OpenIndex, classes: &'a [Class]) -> io::Result<Self> {
        let file = NamedTempFile::new_in(index.dir.join(ENGINE_FOLDER))?;
        Ok(Self { index, classes, file, end: 0, places: vec![NOT_READ; classes.len()] })
    }

    /// Reads the texts of pairs out of the index, in its order, but for those that were read before.
    fn read(&mut self, pairs: &[Pair], stop: &AtomicBool) -> Result<(), IndexError> {
        let places = pairs.iter().flat_map(|&(a, b)| [a, b]);
        let new = places.filter(|place| self.places.get(*place as usize) == Some(&NOT_READ));
        let address = |place| Some((self.classes.get(place as usize)?.1, place));
        let mut wanted: Vec<(DocAddress, u32)> = new.filter_map(address).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let failed = |error: io::Error| IndexError::from_io(&self.index.dir, &error);
        let searcher = self.index.reader.searcher();
        let mut out = BufWriter::new(self.file.as_file_mut());
        for (address, place) in wanted {
            if stop.load(Ordering::Relaxed) {
                break;
            }
            let document = stored_document(|| searcher.doc(address))
                .map_err(|error| IndexError::from_engine(&self.index.dir, error))?;
            let bytes = stored_bytes(&document, self.index.fields.stored);
            let text = StoredParagraph::unpack_text(bytes).unwrap_or_default();
            let bytes = text.len() as u64;
            out.write_all(&bytes.to_le_bytes()).map_err(failed)?;
            out.write_all(text.as_bytes()).map_err(failed)?;
            if let Some(at) = self.places.get_mut(place as usize) {
                *at = self.end;
            }
            self.end += size_of::<u64>() as u64 + bytes;
        }
        out.flush().map_err(failed)
    }

    /// Compares pairs with so many threads; `take` gets them in no particular order.
    fn compare(
        &self,
        pairs: &[Pair],
        threads: usize,
        stop: &AtomicBool,
        take: &mut dyn FnMut(&[Pair], Vec<Verdict>),
    ) -> io::Result<()> {
        let (send, receive) = bounded(threads);
        let next = AtomicUsize::new(0);
        let next = || pairs.chunks(PAIRS_AT_ONCE).nth(next.fetch_add(1, Ordering::Relaxed));
        thread::scope(|scope| {
            for _ in 0..threads.min(pairs.len().div_ceil(PAIRS_AT_ONCE)) {
                let (mut kept, send) = (Kept::new(self)?, send.clone());
                scope.spawn(move || {
                    while let Some(pairs) = next() {
                        let here = pairs.iter().take_while(|_| !stop.load(Ordering::Relaxed));
                        let verdict = |&(a, b)| Ok(kept.get(a)?.verdict(&*kept.get(b)?));
                        let verdicts: io::Result<Vec<Verdict>> = here.map(verdict).collect();
                        if send.send((pairs, verdicts)).is_err() {
                            break;
                        }
                    }
                });
            }
            drop(send);
            for (pairs, verdicts) in receive {
                take(pairs, verdicts?);
            }
            Ok(())
        })
    }
}

/// Texts that one thread has ready to be compared.
struct Kept<'a> {
    places: &'a [u64],
    file: File,
    texts: HashMap<u32, Arc<Text>>,
    bytes: usize,
}

impl<'a> Kept<'a> {
    fn new(texts: &'a Texts<'_>) -> io::Result<Self> {
        let file = texts.file.reopen()?;
        Ok(Self { places: &texts.places, file, texts: HashMap::new(), bytes: 0 })
    }

    fn get(&mut self, class: u32) -> io::Result<Arc<Text>> {
        if let Some(text) = self.texts.get(&class) {
            return Ok(Arc::clone(text));
        }
        let at = self.places.get(class as usize).filter(|at| **at != NOT_READ);
        self.file.seek(SeekFrom::Start(*at.ok_or(io::ErrorKind::NotFound)?))?;
        let mut bytes = [0; size_of::<u64>()];
        self.file.read_exact(&mut bytes)?;
        let bytes = usize::try_from(u64::from_le_bytes(bytes)).map_err(io::Error::other)?;
        let mut text = vec![0; bytes];
        self.file.read_exact(&mut text)?;
        let text = Arc::new(Text::new(String::from_utf8(text).map_err(io::Error::other)?));
        if self.bytes > KEPT_BYTES {
            self.texts.clear();
            self.bytes = 0;
        }
        self.bytes += text.bytes();
        self.texts.insert(class, Arc::clone(&text));
        Ok(text)
    }
}

/// As many as asked for, or one a core.
fn threads(jobs: usize) -> usize {
    let cores = || thread::available_parallelism().map_or(1, usize::from);
    if jobs == 0 { cores() } else { jobs }
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
