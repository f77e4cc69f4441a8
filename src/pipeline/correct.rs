//! Sets the tags of single paragraphs by hand: writes the corrections, and at once the paragraphs they are for.

use crate::index::{
    Attached, AttachedBy, Documents, FileRecord, IndexError, OpenIndex, SCHEMA_FOLDER,
    StoredParagraph, Writer, WriterOptions, part_path, path_from_text, recover_engine,
};
use crate::pipeline::read::{hash_file, is_corrected, note_corrected};
use crate::pipeline::retag::{Retagged, Retagger, gone, is_changed};
use crate::pipeline::{PipelineError, same_words};
use crate::tag::Tagger;
use crate::text::fold::letters;
use crate::vocab::overrides::{
    Change, Override, Overrides, Unsound, beginning, file_names, text_key, write,
};
use crate::vocab::{VocabError, Vocabulary};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Memory of the index writer for a few paragraphs, in bytes.
const WRITER_BYTES: usize = 32 << 20;

/// Stands where a record names the entries that its file was corrected with, and names none.
const PENDING: &str = "pending";

/// What is said by hand of a paragraph's tags.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Correction {
    /// Its regions.
    pub regions: Change,
    /// Its measures.
    pub measures: Change,
    /// Why; `None` leaves an earlier note.
    pub note: Option<String>,
}

/// A correction and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverrideState {
    /// As it stands in the file.
    pub entry: Override,
    /// Where it was attached: more than one place only where files were copied.
    pub attached: Vec<Attached>,
    /// Whether the index was not yet brought up to date with it.
    pub pending: bool,
    /// The reports of its paragraphs, where they are others than the entry says, as entries write them.
    pub moved_to: Vec<String>,
}

/// The corrections of an index, each with the paragraphs it was attached to.
pub fn overrides(dir: &Path, overrides: &Overrides) -> Result<Vec<OverrideState>, PipelineError> {
    let index = OpenIndex::open(dir)?;
    let records = index.file_records()?;
    let mut attached: HashMap<&str, Vec<Attached>> = HashMap::new();
    for found in records.iter().flat_map(|record| &record.corrected.attached) {
        attached.entry(&found.entry).or_default().push(found.clone());
    }
    // Files, and entries that were attached in them, that were corrected with other entries than the present.
    let old: Vec<&FileRecord> =
        records.iter().filter(|record| !is_corrected(record, overrides)).collect();
    let names: HashSet<String> =
        old.iter().map(|record| overrides.report_name(&record.path)).collect();
    let ids: HashSet<&str> = old.iter().flat_map(|record| record.corrected.entries()).collect();
    let state = |entry: &Override| -> Result<OverrideState, PipelineError> {
        let attached = attached.remove(entry.id.as_str()).unwrap_or_default();
        let mut moved_to = Vec::new();
        for found in &attached {
            let Some((stored, _)) = index.paragraph_of(&found.paragraph)? else { continue };
            let path = part_path(&stored.path, None, stored.record.as_deref());
            moved_to.push(overrides.report_name(&path));
        }
        moved_to.retain(|report| *report != entry.report);
        let pending = ids.contains(entry.id.as_str())
            || file_names(&entry.report).any(|name| names.contains(name));
        Ok(OverrideState { entry: entry.clone(), attached, pending, moved_to })
    };
    overrides.all().iter().map(state).collect()
}

/// Files of the paragraphs with these ids that are not as they were when they were read: places in them are of a text
/// that is not there any more.
pub fn changed_files(dir: &Path, ids: &[String]) -> Result<Vec<PathBuf>, PipelineError> {
    let index = OpenIndex::open(dir)?;
    let records = index.file_records()?;
    let mut changed = BTreeSet::new();
    for id in ids {
        let Some((_, number)) = index.paragraph_of(id)? else { continue };
        let file = records.iter().find(|file| file.number == number && is_other(file));
        changed.extend(file.map(|file| path_from_text(&file.path)));
    }
    Ok(changed.into_iter().collect())
}

/// Whether a file is there with another text than the one that the index holds.
fn is_other(file: &FileRecord) -> bool {
    let hash = hash_file(&path_from_text(&file.path), &AtomicBool::new(false));
    hash.is_ok_and(|hash| file.is_kept() || hash != file.hash)
}

/// Corrects the tags of paragraphs given by their ids. What was said of them before stays where it does not disagree.
pub fn set_tags(dir: &Path, ids: &[String], correction: &Correction) -> Result<(), PipelineError> {
    let mut editor = Editor::open(dir, Vocabulary::load)?;
    for id in ids {
        editor.touch_with_copies(id)?;
    }
    let places = editor.places()?;
    for id in ids {
        let Some(place) = places.get(id) else { continue };
        let mut entry = editor.take(id, &places).unwrap_or_default();
        entry.regions.merge(&correction.regions);
        entry.measures.merge(&correction.measures);
        if let Some(note) = &correction.note {
            entry.note.clone_from(note);
        }
        editor.entries.push(at_place(place, entry));
    }
    editor.finish()
}

/// Takes corrections back, by the ids of their paragraphs or their own, which takes them from all copies of a
/// paragraph; gives the ids that none was for. Lines that make no sense are in nobody's way.
pub fn unset_tags(dir: &Path, ids: &[String]) -> Result<Vec<String>, PipelineError> {
    let mut editor = Editor::open(dir, load_for_unset)?;
    for id in ids {
        editor.touch_with_copies(id)?;
    }
    let places = editor.places()?;
    let mut unknown = Vec::new();
    for id in ids {
        let known = editor.entries_of(id);
        if known.is_empty() {
            unknown.push(id.clone());
        } else if places.contains_key(id) {
            editor.take(id, &places);
        } else {
            editor.entries.retain(|entry| !known.contains(&entry.id));
        }
        editor.unsound.retain(|line| line.id.as_ref().is_none_or(|id| !known.contains(id)));
    }
    editor.finish()?;
    Ok(unknown)
}

/// The vocabularies, with those corrections that make sense; a file of them that cannot be read is an error, since it
/// would be written anew.
fn load_for_unset(schema: Option<&Path>) -> Result<Vocabulary, VocabError> {
    let (vocabulary, faults) = Vocabulary::load_usable(schema)?;
    let unread = faults.into_iter().find(|fault| matches!(fault, VocabError::Read { .. }));
    unread.map_or(Ok(vocabulary), Err)
}

/// What an entry says, of the paragraph at a place.
fn at_place(place: &Override, entry: Override) -> Override {
    let Override { regions, measures, note, .. } = entry;
    Override { regions, measures, note, ..place.clone() }
}

/// How the corrections are loaded.
type Load = fn(Option<&Path>) -> Result<Vocabulary, VocabError>;

/// The corrections while they are changed: nobody else writes meanwhile.
struct Editor<'a> {
    dir: &'a Path,
    load: Load,
    index: OpenIndex,
    writer: Writer,
    vocabulary: Vocabulary,
    records: Vec<FileRecord>,
    entries: Vec<Override>,
    unsound: Vec<Unsound>,
    /// Ordinals of the files of the paragraphs concerned, with the reports in them.
    touched: BTreeMap<usize, BTreeSet<ReportName>>,
    wanted: Vec<String>,
}

/// Path as shown, and record.
type ReportName = (String, Option<String>);

impl<'a> Editor<'a> {
    fn open(dir: &'a Path, load: Load) -> Result<Self, PipelineError> {
        recover_engine(dir)?;
        // An index that is not there must not be made by asking for its lock.
        OpenIndex::open(dir)?;
        let writer = Writer::open(dir, WriterOptions { heap_bytes: WRITER_BYTES, threads: 1 })?;
        let index = OpenIndex::open(dir)?;
        let vocabulary = load(Some(&dir.join(SCHEMA_FOLDER)))?;
        same_words(&index, &vocabulary)?;
        writer.use_words(&vocabulary.words);
        let records = index.file_records()?;
        let entries = vocabulary.overrides.all().to_vec();
        let unsound = vocabulary.overrides.unsound().to_vec();
        let (touched, wanted) = (BTreeMap::new(), Vec::new());
        Ok(Self {
            dir,
            load,
            index,
            writer,
            vocabulary,
            records,
            entries,
            unsound,
            touched,
            wanted,
        })
    }

    /// Notes that a paragraph is concerned, and with it those that share an entry with it.
    fn touch_with_copies(&mut self, id: &str) -> Result<(), PipelineError> {
        let copies = self.entries_of(id);
        let copies = copies.iter().flat_map(|entry| self.paragraphs_of(entry));
        let concerned: BTreeSet<String> = copies.chain([id.to_owned()]).collect();
        concerned.iter().try_for_each(|id| self.touch(id))
    }

    /// Notes that a paragraph is concerned.
    fn touch(&mut self, id: &str) -> Result<(), PipelineError> {
        let Some((StoredParagraph { path, record, .. }, number)) = self.index.paragraph_of(id)?
        else {
            return Ok(());
        };
        if let Some(file) = self.records.iter().position(|file| file.number == number) {
            self.touched.entry(file).or_default().insert((path, record));
            self.wanted.push(id.to_owned());
        }
        Ok(())
    }

    /// The entries that are for the paragraph with an id, or have it.
    fn entries_of(&self, id: &str) -> BTreeSet<String> {
        let attached = self.records.iter().flat_map(|record| &record.corrected.attached);
        let attached = attached.filter(|attached| attached.paragraph == id);
        let ids = attached.map(|attached| attached.entry.as_str()).chain([id]);
        let unsound = |id: &str| self.unsound.iter().any(|line| line.id.as_deref() == Some(id));
        let is_there = |id: &&str| self.entries.iter().any(|entry| entry.id == *id) || unsound(id);
        ids.filter(is_there).map(str::to_owned).collect()
    }

    /// The paragraphs that an entry was attached to.
    fn paragraphs_of(&self, entry: &str) -> Vec<String> {
        let attached = self.records.iter().flat_map(|record| &record.corrected.attached);
        let attached = attached.filter(|attached| attached.entry == entry);
        attached.map(|attached| attached.paragraph.clone()).collect()
    }

    /// Takes out the entries that are for a paragraph and gives what they say together. A copy of the paragraph that
    /// shares one of them keeps it, as an entry of its own.
    fn take(&mut self, id: &str, places: &HashMap<String, Override>) -> Option<Override> {
        let known = self.entries_of(id);
        let taken: Vec<Override> =
            self.entries.extract_if(.., |entry| known.contains(&entry.id)).collect();
        for entry in &taken {
            for copy in self.paragraphs_of(&entry.id).iter().filter(|copy| *copy != id) {
                let Some(place) = places.get(copy) else { continue };
                let mut all = at_place(place, entry.clone());
                if let Some(own) = self.entries.extract_if(.., |own| own.id == *copy).next() {
                    all.merge(&own);
                }
                self.entries.push(all);
            }
        }
        taken.into_iter().reduce(|mut all, next| {
            all.merge(&next);
            all
        })
    }

    /// By what the paragraphs that were touched are known, by id.
    fn places(&self) -> Result<HashMap<String, Override>, PipelineError> {
        let wanted: HashSet<&str> = self.wanted.iter().map(String::as_str).collect();
        let mut places = HashMap::new();
        for (file, names) in &self.touched {
            let Some(file) = self.records.get(*file) else { continue };
            self.index.reports_of(file, &mut |report| {
                if !names.contains(&(report.path.clone(), report.record.clone())) {
                    return Ok(());
                }
                let name = part_path(&report.path, None, report.record.as_deref());
                let name = self.vocabulary.overrides.report_name(&name);
                let mut last: Option<String> = None;
                let mut open: Option<String> = None;
                report.sections(&mut |section| {
                    for (id, paragraph) in section.ids.iter().zip(&section.article.paragraphs) {
                        let key = text_key(&letters(&paragraph.display));
                        let before = last.replace(key.clone());
                        let above: Option<&mut Override> =
                            open.take().and_then(|above| places.get_mut(&above));
                        if let Some(above) = above {
                            above.after = Some(key.clone());
                        }
                        if wanted.contains(id.as_str()) {
                            open = Some(id.clone());
                            let place = Override {
                                report: name.clone(),
                                text: beginning(&paragraph.display),
                                id: id.clone(),
                                hash: key,
                                before,
                                ..Override::default()
                            };
                            places.insert(id.clone(), place);
                        }
                    }
                    Ok(true)
                })
            })?;
        }
        Ok(places)
    }

    /// Writes the entries, then the paragraphs.
    fn finish(mut self) -> Result<(), PipelineError> {
        let schema = self.dir.join(SCHEMA_FOLDER);
        write(&schema, std::mem::take(&mut self.entries), &self.unsound)?;
        // Read again, so that what was written is what is applied.
        let vocabulary = Arc::new((self.load)(Some(&schema))?);
        let retagger = Retagger {
            index: &self.index,
            tagger: Tagger::new(Arc::clone(&vocabulary)),
            vocabulary: &vocabulary,
            documents: Documents::new(),
            gone: gone(&self.index, &self.records, &vocabulary.overrides)?,
        };
        for (file, names) in &self.touched {
            let Some(record) = self.records.get(*file) else { continue };
            let is_current = is_corrected(record, &self.vocabulary.overrides);
            let mut record = correct(&retagger, &mut self.writer, record, names)?;
            if !is_current {
                // Entries from elsewhere may wait for other reports of the file.
                PENDING.clone_into(&mut record.corrected.with);
            }
            self.writer.remove_record(&record.key);
            self.writer.add_record(&record)?;
        }
        self.writer.commit(&self.index.payload)?;
        self.writer.finish()?;
        Ok(())
    }
}

/// Writes the paragraphs of reports that are or were corrected, and no others: what other vocabularies would change is
/// left to a run over the whole index. Gives the record of the file as it is then.
fn correct(
    retagger: &Retagger<'_>,
    writer: &mut Writer,
    file: &FileRecord,
    names: &BTreeSet<ReportName>,
) -> Result<FileRecord, IndexError> {
    let mut record = file.clone();
    retagger.index.reports_of(file, &mut |report| {
        if !names.contains(&(report.path.clone(), report.record.clone())) {
            return Ok(());
        }
        // Which paragraphs were attached is known when all of the report was tagged.
        let (mut ids, mut changed) = (HashSet::new(), Vec::new());
        let attached = retagger.report(file, report, &mut |retagged| {
            let Retagged { old, new, documents } = retagged;
            let paragraphs = old.ids.into_iter().zip(old.article.paragraphs.iter().zip(&new));
            for (at, ((id, (before, after)), document)) in paragraphs.zip(documents).enumerate() {
                if is_changed(before, after) {
                    changed.push((id.clone(), old.key, old.first + at, document));
                }
                ids.insert(id);
            }
            Ok(true)
        })?;
        let was_or_is = file.corrected.attached.iter().chain(&attached);
        let concerned: HashSet<&str> = was_or_is.map(|found| found.paragraph.as_str()).collect();
        for (id, article, ordinal, document) in changed {
            if concerned.contains(id.as_str()) {
                writer.replace_paragraph(article, ordinal, document)?;
            }
        }
        record.corrected.attached.retain(|found| !ids.contains(&found.paragraph));
        record.corrected.attached.extend(attached);
        Ok(())
    })?;
    note_corrected(&mut record, &retagger.vocabulary.overrides);
    Ok(record)
}

impl OverrideState {
    /// How it was attached, the least certain way of several; `None` where it was not.
    pub fn by(&self) -> Option<AttachedBy> {
        self.attached.iter().map(|attached| attached.by).max()
    }
}
