//! Sets the tags of single paragraphs by hand: writes the corrections, and at once the paragraphs they are for.

use crate::index::{
    Attached, AttachedBy, Documents, FileRecord, IndexError, OpenIndex, SCHEMA_FOLDER,
    StoredParagraph, Writer, WriterOptions, part_path, recover_engine,
};
use crate::pipeline::PipelineError;
use crate::pipeline::read::{is_corrected, note_corrected};
use crate::pipeline::retag::{Retagged, Retagger, is_changed};
use crate::tag::Tagger;
use crate::text::fold::letters;
use crate::vocab::Vocabulary;
use crate::vocab::overrides::{
    Change, Override, Overrides, beginning, file_names, text_key, write,
};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

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
}

/// The corrections of an index, each with the paragraphs it was attached to.
pub fn overrides(dir: &Path, overrides: &Overrides) -> Result<Vec<OverrideState>, PipelineError> {
    let records = OpenIndex::open(dir)?.file_records()?;
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
    let state = |entry: &Override| OverrideState {
        entry: entry.clone(),
        attached: attached.remove(entry.id.as_str()).unwrap_or_default(),
        pending: ids.contains(entry.id.as_str())
            || file_names(&entry.report).any(|name| names.contains(name)),
    };
    Ok(overrides.all().iter().map(state).collect())
}

/// Corrects the tags of paragraphs given by their ids. What was said of them before stays where it does not disagree.
pub fn set_tags(dir: &Path, ids: &[String], correction: &Correction) -> Result<(), PipelineError> {
    let mut editor = Editor::open(dir)?;
    for id in ids {
        editor.touch(id)?;
    }
    let places = editor.places()?;
    for id in ids {
        let Some(place) = places.get(id) else { continue };
        let known = editor.entries_of(id);
        let mut entry = editor.take_entries(&known).unwrap_or_default();
        entry.regions.merge(&correction.regions);
        entry.measures.merge(&correction.measures);
        if let Some(note) = &correction.note {
            entry.note.clone_from(note);
        }
        let Override { report, text, hash, before, after, .. } = place.clone();
        editor.entries.push(Override {
            id: id.clone(),
            report,
            text,
            hash,
            before,
            after,
            ..entry
        });
    }
    editor.finish()
}

/// Takes corrections back, by the ids of their paragraphs or their own; gives the ids that none was for.
pub fn unset_tags(dir: &Path, ids: &[String]) -> Result<Vec<String>, PipelineError> {
    let mut editor = Editor::open(dir)?;
    let mut unknown = Vec::new();
    for id in ids {
        let known = editor.entries_of(id);
        if known.is_empty() {
            unknown.push(id.clone());
        }
        for paragraph in editor.paragraphs_of(&known) {
            editor.touch(&paragraph)?;
        }
        editor.take_entries(&known);
    }
    editor.finish()?;
    Ok(unknown)
}

/// The corrections while they are changed: nobody else writes meanwhile.
struct Editor<'a> {
    dir: &'a Path,
    index: OpenIndex,
    writer: Writer,
    vocabulary: Vocabulary,
    records: Vec<FileRecord>,
    entries: Vec<Override>,
    /// Ordinals of the files of the paragraphs concerned, with the reports in them.
    touched: BTreeMap<usize, BTreeSet<ReportName>>,
    wanted: Vec<String>,
}

/// Path as shown, and record.
type ReportName = (String, Option<String>);

impl<'a> Editor<'a> {
    fn open(dir: &'a Path) -> Result<Self, PipelineError> {
        recover_engine(dir)?;
        // An index that is not there must not be made by asking for its lock.
        OpenIndex::open(dir)?;
        let writer = Writer::open(dir, WriterOptions { heap_bytes: WRITER_BYTES, threads: 1 })?;
        let index = OpenIndex::open(dir)?;
        let vocabulary = Vocabulary::load(Some(&dir.join(SCHEMA_FOLDER)))?;
        let records = index.file_records()?;
        let entries = vocabulary.overrides.all().to_vec();
        let (touched, wanted) = (BTreeMap::new(), Vec::new());
        Ok(Self { dir, index, writer, vocabulary, records, entries, touched, wanted })
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

    /// The entries that are for the paragraph with an id.
    fn entries_of(&self, id: &str) -> Vec<String> {
        let attached = self.records.iter().flat_map(|record| &record.corrected.attached);
        let attached = attached.filter(|attached| attached.paragraph == id);
        let mut ids: Vec<String> = attached.map(|attached| attached.entry.clone()).collect();
        ids.push(id.to_owned());
        ids.retain(|id| self.entries.iter().any(|entry| entry.id == *id));
        ids.dedup();
        ids
    }

    /// The paragraphs that entries were attached to.
    fn paragraphs_of(&self, entries: &[String]) -> Vec<String> {
        let attached = self.records.iter().flat_map(|record| &record.corrected.attached);
        let attached = attached.filter(|attached| entries.contains(&attached.entry));
        attached.map(|attached| attached.paragraph.clone()).collect()
    }

    /// Takes entries out and gives what they say together.
    fn take_entries(&mut self, ids: &[String]) -> Option<Override> {
        let taken: Vec<Override> =
            self.entries.extract_if(.., |entry| ids.contains(&entry.id)).collect();
        taken.into_iter().reduce(|mut all, next| {
            all.regions.merge(&next.regions);
            all.measures.merge(&next.measures);
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
        write(&schema, std::mem::take(&mut self.entries))?;
        // Read again, so that what was written is what is applied.
        let vocabulary = Arc::new(Vocabulary::load(Some(&schema))?);
        let retagger = Retagger {
            index: &self.index,
            tagger: Tagger::new(Arc::clone(&vocabulary)),
            vocabulary: &vocabulary,
            documents: Documents::new(),
            rewrite: false,
        };
        for (file, names) in &self.touched {
            let Some(record) = self.records.get(*file) else { continue };
            let is_current = is_corrected(record, &self.vocabulary.overrides);
            let mut record = correct(&retagger, &self.writer, record, names)?;
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
    writer: &Writer,
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
