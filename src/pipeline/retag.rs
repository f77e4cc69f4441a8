//! Gives the paragraphs of an index the tags of other vocabularies and corrections, from what is stored of them.
//!
//! Article by article as when they were indexed, so the result is that of a fresh run over the same files. All of it is
//! one commit: readers see the old tags, then the new ones; a run that is stopped changes nothing.

use crate::index::{
    Attached, Corrected, Document, Documents, FileRecord, Fingerprints, IndexError, OpenIndex,
    Origin, Payload, SCHEMA_FOLDER, StoredReport, StoredSection, Writer, WriterOptions,
    paragraph_id, part_path, recover_engine,
};
use crate::model::{Article, Paragraph, Tag};
use crate::pipeline::attach::Attacher;
use crate::pipeline::read::{is_corrected, note_corrected};
use crate::pipeline::report::ReportReader;
use crate::pipeline::{Memory, PipelineError, same_words};
use crate::tag::Tagger;
use crate::text::fold::letters;
use crate::vocab::overrides::file_names;
use crate::vocab::{Overrides, Vocabulary};
use crossbeam_channel::{bounded, unbounded};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How tags are given anew.
#[derive(Debug, Clone, Default)]
pub struct RetagRequest {
    /// Say what would change, change nothing.
    pub dry_run: bool,
    /// Also files whose tags were given by these vocabularies; for a program with other rules.
    pub all: bool,
    /// Threads that tag; 0 takes one a core.
    pub jobs: usize,
    /// The most memory for what is read and written.
    pub memory: Memory,
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetagProgress {
    /// Files done.
    pub files: usize,
    /// Files to do.
    pub files_total: usize,
    /// Paragraphs looked at.
    pub paragraphs: u64,
}

/// Paragraphs that got or lost a tag.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct TagChange {
    /// The tag.
    pub path: String,
    /// Paragraphs that have it now and had not.
    pub gained: u64,
    /// Paragraphs that had it and have not.
    pub lost: u64,
}

/// What became of the tags.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RetagSummary {
    /// Files in the index.
    pub files: usize,
    /// Files whose tags were given anew; the others were given by the same data.
    pub files_tagged: usize,
    /// Paragraphs in these.
    pub paragraphs: u64,
    /// Paragraphs whose tags, their evidence or figures changed.
    pub changed: u64,
    /// Regions by path.
    pub regions: Vec<TagChange>,
    /// Measures by path.
    pub measures: Vec<TagChange>,
    /// Corrections by hand.
    pub overrides: usize,
    /// Those that found their paragraph.
    pub overrides_attached: usize,
    /// Wall time.
    pub elapsed: Duration,
    /// Stopped by the user; nothing was changed, and nothing is counted.
    pub interrupted: bool,
}

/// Gives the index in `dir` the tags of its vocabularies. `stop` ends it early, with the index as it was.
pub fn retag(
    dir: &Path,
    request: &RetagRequest,
    stop: &AtomicBool,
    each: &mut dyn FnMut(RetagProgress),
) -> Result<RetagSummary, PipelineError> {
    let started = Instant::now();
    recover_engine(dir)?;
    // An index that is not there must not be made by asking for its lock.
    let mut index = OpenIndex::open(dir)?;
    let mut writer = None;
    if !request.dry_run {
        let threads = request.memory.writer_threads(request.jobs);
        let options = WriterOptions { heap_bytes: request.memory.writer_bytes(), threads };
        writer = Some(Writer::open(dir, options)?);
        // Somebody else may have written before the lock was ours, corrections too.
        index = OpenIndex::open(dir)?;
    }
    let vocabulary = &Arc::new(Vocabulary::load(Some(&dir.join(SCHEMA_FOLDER)))?);
    if let Some(writer) = &writer {
        writer.use_words(&vocabulary.words);
    }
    same_words(&index, vocabulary)?;
    let records = index.file_records()?;
    let mut payload = index.payload.clone();
    payload.fingerprints.vocabularies =
        Fingerprints::current(vocabulary.fingerprint().whole()).vocabularies;
    let gone = gone(&index, &records, &vocabulary.overrides)?;
    let work = work(vocabulary, &records, &gone, &payload, request.all);
    let mut summary = RetagSummary {
        files: records.iter().filter(|record| record.refused.is_none()).count(),
        overrides: vocabulary.overrides.all().len(),
        ..RetagSummary::default()
    };
    let before = summary.clone();
    let retagger = Retagger {
        index: &index,
        tagger: Tagger::new(Arc::clone(vocabulary)),
        vocabulary,
        documents: Documents::new(),
        gone,
    };
    let touched: HashSet<&str> = work.iter().map(|job| job.record.key.as_str()).collect();
    let untouched = records.iter().filter(|record| !touched.contains(record.key.as_str()));
    let mut intake = Intake {
        writer: writer.as_mut(),
        changes: Changes::default(),
        attached: attached(untouched),
        summary: &mut summary,
    };
    intake.take_all(&retagger, &work, (request.jobs, request.memory), stop, each)?;
    let Intake { changes: Changes { regions, measures }, attached: found, .. } = intake;
    (summary.regions, summary.measures) = (sorted(regions), sorted(measures));
    summary.overrides_attached = found.len();
    if stop.load(Ordering::Relaxed) {
        // Nothing of what was counted is so, nor would all of it be.
        let overrides_attached = attached(records.iter()).len();
        summary = RetagSummary { overrides_attached, interrupted: true, ..before };
    } else if let Some(mut writer) = writer {
        if !work.is_empty() || payload != index.payload {
            writer.commit(&payload)?;
        }
        writer.finish()?;
    }
    summary.elapsed = started.elapsed();
    Ok(summary)
}

/// The entries that found a paragraph in these files; a copied file has the paragraph of an entry once more.
fn attached<'r>(records: impl Iterator<Item = &'r FileRecord>) -> HashSet<String> {
    let attached = records.flat_map(|record| &record.corrected.attached);
    attached.map(|attached| attached.entry.clone()).collect()
}

/// A file whose record, and maybe tags, are not of the vocabularies in use.
struct Job {
    /// As it will be.
    record: FileRecord,
    /// Whether its tags are given anew; else only its record is written.
    tag: bool,
    /// Write every paragraph, not only those of which something stored changed: which divisions a text only mentions is
    /// not stored.
    rewrite: bool,
}

/// Which files there is something to do with.
fn work(
    vocabulary: &Vocabulary,
    records: &[FileRecord],
    gone: &HashSet<usize>,
    payload: &Payload,
    all: bool,
) -> Vec<Job> {
    let overrides = &vocabulary.overrides;
    let attached = attached(records.iter());
    // An entry whose report is gone may have its paragraph in any other.
    let is_gone = |at: usize| overrides.is_homeless(at) || gone.contains(&at);
    let mut entries = overrides.all().iter().enumerate();
    let search_everywhere = entries.any(|(at, entry)| is_gone(at) && !attached.contains(&entry.id));
    let job = |record: &FileRecord| {
        let made_with = payload.fingerprints.retagged(&record.made_with);
        let is_new = made_with != record.made_with;
        let is_corrected = is_corrected(record, overrides);
        // Of kept text it is not known with what it was tagged.
        let unknown = all || record.is_kept();
        let tag =
            record.paragraphs > 0 && (is_new || unknown || search_everywhere || !is_corrected);
        let rewrite = unknown || !payload.fingerprints.are_divisions_of(&record.made_with);
        let record = FileRecord { made_with, ..record.clone() };
        (is_new || tag || !is_corrected).then_some(Job { record, tag, rewrite })
    };
    records.iter().filter_map(job).collect()
}

/// Ordinals of the entries for members and records that their file, which is there, does not hold any more. Of a file in
/// which something could not be read none is known to be gone.
pub(super) fn gone(
    index: &OpenIndex,
    records: &[FileRecord],
    overrides: &Overrides,
) -> Result<HashSet<usize>, IndexError> {
    let mut parts: HashMap<&str, Vec<(usize, &str)>> = HashMap::new();
    for (at, entry) in overrides.all().iter().enumerate() {
        for file in file_names(&entry.report).filter(|file| *file != entry.report) {
            parts.entry(file).or_default().push((at, &entry.report));
        }
    }
    let mut gone = HashSet::new();
    if parts.is_empty() {
        return Ok(gone);
    }
    let is_whole =
        |record: &&FileRecord| record.failed_parts.is_empty() && record.refused.is_none();
    for record in records.iter().filter(is_whole) {
        let Some(parts) = parts.get(overrides.report_name(&record.path).as_str()) else { continue };
        let mut held = HashSet::new();
        index.reports_of(record, &mut |report| {
            let path = part_path(&report.path, None, report.record.as_deref());
            held.insert(overrides.report_name(&path));
            Ok(())
        })?;
        gone.extend(parts.iter().filter(|(_, report)| !held.contains(*report)).map(|(at, _)| *at));
    }
    Ok(gone)
}

/// Gives tags to what is stored.
pub(super) struct Retagger<'a> {
    pub(super) index: &'a OpenIndex,
    pub(super) tagger: Tagger,
    pub(super) vocabulary: &'a Vocabulary,
    pub(super) documents: Documents,
    /// See [`gone`].
    pub(super) gone: HashSet<usize>,
}

/// An article, or a section of a long one, that was given tags.
pub(super) struct Retagged {
    /// As it was.
    pub(super) old: StoredSection,
    /// Its paragraphs with the tags they have now.
    pub(super) new: Vec<Paragraph>,
    pub(super) documents: Vec<Document>,
}

impl Retagged {
    /// Whether anything that is stored changed.
    fn is_changed(&self) -> bool {
        self.old.article.paragraphs.iter().zip(&self.new).any(|(old, new)| is_changed(old, new))
    }
}

impl Retagger<'_> {
    /// Gives the paragraphs of a report their tags; `each` says whether to go on. Gives the corrections that were
    /// attached.
    pub(super) fn report(
        &self,
        file: &FileRecord,
        report: &StoredReport<'_>,
        each: &mut dyn FnMut(Retagged) -> Result<bool, IndexError>,
    ) -> Result<Vec<Attached>, IndexError> {
        let path = report.member.as_ref().map_or(report.path.as_str(), |_| file.path.as_str());
        let origin = Origin {
            file_key: &file.key,
            path,
            member: report.member.as_deref(),
            record: report.record.as_deref(),
            generation: file.generation,
            file_number: file.number,
            reports_before: report.reports_before,
            articles_before: report.articles_before(),
        };
        let mut reader = ReportReader::new(&self.tagger);
        let mut attacher = Attacher::of(&self.vocabulary.overrides, &origin).with_gone(&self.gone);
        let mut documents = self.documents.of(&origin);
        let mut articles = 0;
        report.sections(&mut |old| {
            if articles == 0 && !is_of(&origin, &old) {
                let cause = format!("{}: its paragraphs are of another report", report.path);
                return Err(IndexError::Damaged { path: self.index.dir.clone(), cause });
            }
            // An article without paragraphs has its number, too.
            while !old.continues && articles + 1 < old.number {
                articles += 1;
                documents.article(&Article::default(), false, &mut |_| true);
            }
            articles = old.number;
            let mut article = old.article.clone();
            reader.tag_article(&mut article, old.continues);
            attacher.correct(std::slice::from_mut(&mut article));
            let mut made = Vec::with_capacity(old.ids.len());
            documents.article(&article, old.continues, &mut |document| {
                made.push(document);
                true
            });
            each(Retagged { old, new: article.paragraphs, documents: made })
        })?;
        Ok(attacher.attached)
    }

    /// Gives the paragraphs of a file their tags and sends the articles in which something changed; its record comes
    /// last. Of a long article it is not waited for a change: all of it is sent.
    fn file(
        &self,
        job: &Job,
        stop: &AtomicBool,
        send: &mut dyn FnMut(Message) -> bool,
    ) -> Result<(), IndexError> {
        let mut record = job.record.clone();
        if job.tag {
            record.corrected = Corrected::default();
            self.index.reports_of(&job.record, &mut |report| {
                // The documents of an article of which nothing changed so far, and whether it was sent.
                let (mut held, mut is_sent) = (Vec::new(), false);
                let attached = self.report(&job.record, report, &mut |retagged| {
                    let (key, continues) = (retagged.old.key, retagged.old.continues);
                    let is_changed = retagged.is_changed() || job.rewrite;
                    let Retagged { old, new, documents } = retagged;
                    let mut goes_on = !stop.load(Ordering::Relaxed)
                        && send(Message::Tags(Box::new((old.article.paragraphs, new))));
                    if !continues {
                        held.clear();
                        is_sent = false;
                    }
                    held.extend(documents);
                    if is_changed || continues {
                        let instead_of = (!is_sent).then_some(key);
                        let documents = std::mem::take(&mut held);
                        goes_on &= send(Message::Article { instead_of, documents });
                        is_sent = true;
                    }
                    Ok(goes_on)
                })?;
                record.corrected.attached.extend(attached);
                Ok(())
            })?;
        }
        note_corrected(&mut record, &self.vocabulary.overrides);
        send(Message::File(Box::new(record)));
        Ok(())
    }
}

/// Whether the first section of a report is of the report that it is said to be: its first paragraph has that id.
fn is_of(origin: &Origin<'_>, first: &StoredSection) -> bool {
    let (Some(paragraph), Some(id)) = (first.article.paragraphs.first(), first.ids.first()) else {
        return true;
    };
    paragraph_id(&origin.report_key(), &letters(&paragraph.display), 0) == *id
}

/// Whether what is stored of a paragraph changed.
pub(super) fn is_changed(old: &Paragraph, new: &Paragraph) -> bool {
    old.regions != new.regions
        || old.measures != new.measures
        || old.evidence != new.evidence
        || old.figures != new.figures
}

/// What a worker sends to the writer.
enum Message {
    /// Paragraphs with the tags they had, and with those they have.
    Tags(Box<(Vec<Paragraph>, Vec<Paragraph>)>),
    /// Documents of an article; the first ones come in the place of those with its key.
    Article {
        instead_of: Option<u64>,
        documents: Vec<Document>,
    },
    /// The record of a file, after its paragraphs.
    File(Box<FileRecord>),
    Failed(IndexError),
}

/// Gained and lost, by path.
#[derive(Default)]
struct Changes {
    regions: BTreeMap<String, (u64, u64)>,
    measures: BTreeMap<String, (u64, u64)>,
}

fn count<P: AsRef<str>>(counts: &mut BTreeMap<String, (u64, u64)>, old: &[Tag<P>], new: &[Tag<P>]) {
    let only = |these: &[Tag<P>], others: &[Tag<P>]| -> Vec<String> {
        let has = |tags: &[Tag<P>], path: &str| tags.iter().any(|tag| tag.path.as_ref() == path);
        let paths = these.iter().map(|tag| tag.path.as_ref());
        paths.filter(|path| !has(others, path)).map(str::to_owned).collect()
    };
    only(new, old).into_iter().for_each(|path| counts.entry(path).or_default().0 += 1);
    only(old, new).into_iter().for_each(|path| counts.entry(path).or_default().1 += 1);
}

fn sorted(counts: BTreeMap<String, (u64, u64)>) -> Vec<TagChange> {
    let change = |(path, (gained, lost))| TagChange { path, gained, lost };
    let mut changes: Vec<TagChange> = counts.into_iter().map(change).collect();
    changes.sort_by_key(|change| std::cmp::Reverse(change.gained + change.lost));
    changes
}

/// The writer's side: takes in what workers send.
struct Intake<'a> {
    /// None in a dry run.
    writer: Option<&'a mut Writer>,
    changes: Changes,
    /// Entries that found a paragraph.
    attached: HashSet<String>,
    summary: &'a mut RetagSummary,
}

impl Intake<'_> {
    /// Lets workers tag all files and takes in what they send.
    fn take_all(
        &mut self,
        retagger: &Retagger<'_>,
        work: &[Job],
        (jobs, memory): (usize, Memory),
        stop: &AtomicBool,
        each: &mut dyn FnMut(RetagProgress),
    ) -> Result<(), PipelineError> {
        let workers = memory.workers(jobs).min(work.len());
        let (give, take) = unbounded();
        for job in work {
            // The receiver is alive: it is one line above.
            let _sent = give.send(job);
        }
        drop(give);
        self.summary.files_tagged = work.iter().filter(|job| job.tag).count();
        let (send, receive) = bounded(memory.waiting_parts());
        let mut files = 0;
        std::thread::scope(|scope| {
            for _ in 0..workers {
                let (take, send) = (take.clone(), send.clone());
                scope.spawn(move || {
                    for job in take {
                        if stop.load(Ordering::Relaxed) {
                            break;
                        }
                        let mut pass_on = |message| send.send(message).is_ok();
                        if let Err(error) = retagger.file(job, stop, &mut pass_on) {
                            pass_on(Message::Failed(error));
                        }
                    }
                });
            }
            drop(send);
            let taken = receive.iter().try_for_each(|message| {
                let is_file = matches!(message, Message::File(_));
                self.take(message)?;
                if is_file {
                    files += 1;
                    let paragraphs = self.summary.paragraphs;
                    each(RetagProgress { files, files_total: work.len(), paragraphs });
                }
                Ok(())
            });
            // Workers that still send stop when nobody listens.
            drop(receive);
            taken
        })
    }

    fn take(&mut self, message: Message) -> Result<(), PipelineError> {
        match message {
            Message::Tags(tags) => {
                for (old, new) in tags.0.iter().zip(&tags.1) {
                    self.summary.paragraphs += 1;
                    self.summary.changed += u64::from(is_changed(old, new));
                    count(&mut self.changes.regions, &old.regions, &new.regions);
                    count(&mut self.changes.measures, &old.measures, &new.measures);
                }
            }
            Message::Article { instead_of, documents } => {
                if let Some(writer) = &mut self.writer {
                    if let Some(key) = instead_of {
                        writer.remove_article(key);
                    }
                    writer.add(documents)?;
                }
            }
            Message::File(record) => {
                self.attached.extend(attached(std::iter::once(&*record)));
                if let Some(writer) = &mut self.writer {
                    writer.remove_record(&record.key);
                    writer.add_record(&record)?;
                }
            }
            Message::Failed(error) => return Err(error.into()),
        }
        Ok(())
    }
}
