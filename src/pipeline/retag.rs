//! Gives the paragraphs of an index the tags of other vocabularies and corrections, from what is stored of them.
//!
//! Article by article as when they were indexed, so the result is that of a fresh run over the same files. All of it is
//! one commit: readers see the old tags, then the new ones; a run that is stopped changes nothing.

use crate::index::{
    Attached, Corrected, Document, Documents, FileRecord, IndexError, OpenIndex, Origin, Payload,
    StoredReport, StoredSection, Writer, WriterOptions, paragraph_id, recover_engine,
};
use crate::model::{Article, Paragraph, Tag};
use crate::pipeline::PipelineError;
use crate::pipeline::attach::Attacher;
use crate::pipeline::read::{is_corrected, note_corrected};
use crate::pipeline::report::{ReportReader, WAITING_PARTS};
use crate::tag::Tagger;
use crate::text::fold::letters;
use crate::vocab::Vocabulary;
use crossbeam_channel::{bounded, unbounded};
use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How tags are given anew.
#[derive(Debug, Clone)]
pub struct RetagRequest {
    /// Say what would change, change nothing.
    pub dry_run: bool,
    /// Also files whose tags were given by these vocabularies; for a program with other rules.
    pub all: bool,
    /// Threads that tag; 0 takes one a core.
    pub jobs: usize,
    /// Memory of the index writer, in bytes.
    pub writer_bytes: usize,
}

impl Default for RetagRequest {
    fn default() -> Self {
        Self { dry_run: false, all: false, jobs: 0, writer_bytes: 128 << 20 }
    }
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
    /// Stopped by the user; nothing was changed.
    pub interrupted: bool,
}

/// Gives the index in `dir` the tags of `vocabulary`. `stop` ends it early, with the index as it was.
pub fn retag(
    dir: &Path,
    vocabulary: &Arc<Vocabulary>,
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
        let options = WriterOptions { heap_bytes: request.writer_bytes, threads: 1 };
        writer = Some(Writer::open(dir, options)?);
        // Somebody else may have written before the lock was ours.
        index = OpenIndex::open(dir)?;
    }
    let records = index.file_records()?;
    let mut payload = index.payload.clone();
    let old_divisions = payload.fingerprints.divisions().to_owned();
    payload.fingerprints.vocabularies = vocabulary.fingerprint().whole();
    let work = work(dir, vocabulary, &records, &payload, request.all)?;
    let mut summary = RetagSummary {
        files: records.iter().filter(|record| record.refused.is_none()).count(),
        overrides: vocabulary.overrides.all().len(),
        ..RetagSummary::default()
    };
    // Which divisions a text only mentions is not stored, so where these may have changed every paragraph is written.
    let rewrite = request.all || payload.fingerprints.divisions() != old_divisions;
    let retagger = Retagger {
        index: &index,
        tagger: Tagger::new(Arc::clone(vocabulary)),
        vocabulary,
        documents: Documents::new(),
        rewrite,
    };
    let mut intake =
        Intake { writer: writer.as_ref(), changes: Changes::default(), summary: &mut summary };
    intake.take_all(&retagger, &work, request.jobs, stop, each)?;
    let Changes { regions, measures } = intake.changes;
    (summary.regions, summary.measures) = (sorted(regions), sorted(measures));
    summary.interrupted = stop.load(Ordering::Relaxed);
    let touched: HashSet<&str> = work.iter().map(|job| job.record.key.as_str()).collect();
    let untouched = records.iter().filter(|record| !touched.contains(record.key.as_str()));
    summary.overrides_attached += attached(untouched);
    if let Some(mut writer) = writer
        && !summary.interrupted
    {
        if !work.is_empty() || payload != index.payload {
            writer.commit(&payload)?;
        }
        writer.finish()?;
    }
    summary.elapsed = started.elapsed();
    Ok(summary)
}

/// How many entries found their paragraph in these files.
fn attached<'r>(records: impl Iterator<Item = &'r FileRecord>) -> usize {
    records.map(|record| record.corrected.attached.len()).sum()
}

/// A file whose record, and maybe tags, are not of the vocabularies in use.
struct Job {
    /// As it will be.
    record: FileRecord,
    /// Whether its tags are given anew; else only its record is written.
    tag: bool,
}

/// Which files there is something to do with.
fn work(
    dir: &Path,
    vocabulary: &Vocabulary,
    records: &[FileRecord],
    payload: &Payload,
    all: bool,
) -> Result<Vec<Job>, PipelineError> {
    let overrides = &vocabulary.overrides;
    let attached: HashSet<&str> =
        records.iter().flat_map(|record| record.corrected.entries()).collect();
    // An entry whose file is gone may have its paragraph in any other.
    let search_everywhere = overrides
        .all()
        .iter()
        .enumerate()
        .any(|(at, entry)| overrides.is_homeless(at) && !attached.contains(entry.id.as_str()));
    let mut work = Vec::new();
    for record in records {
        let made_with = payload
            .fingerprints
            .retagged(&record.made_with)
            .ok_or_else(|| PipelineError::ReadAgain { path: dir.to_path_buf() })?;
        let is_new = made_with != record.made_with;
        let tag = record.paragraphs > 0
            && (is_new || all || search_everywhere || !is_corrected(record, overrides));
        if is_new || tag {
            work.push(Job { record: FileRecord { made_with, ..record.clone() }, tag });
        }
    }
    Ok(work)
}

/// Gives tags to what is stored.
pub(super) struct Retagger<'a> {
    pub(super) index: &'a OpenIndex,
    pub(super) tagger: Tagger,
    pub(super) vocabulary: &'a Vocabulary,
    pub(super) documents: Documents,
    /// Write every paragraph, not only those of which something stored changed.
    pub(super) rewrite: bool,
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
        let mut attacher = Attacher::of(&self.vocabulary.overrides, &origin);
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
                    let is_changed = retagged.is_changed() || self.rewrite;
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
            note_corrected(&mut record, &self.vocabulary.overrides);
        }
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
    writer: Option<&'a Writer>,
    changes: Changes,
    summary: &'a mut RetagSummary,
}

impl Intake<'_> {
    /// Lets workers tag all files and takes in what they send.
    fn take_all(
        &mut self,
        retagger: &Retagger<'_>,
        work: &[Job],
        jobs: usize,
        stop: &AtomicBool,
        each: &mut dyn FnMut(RetagProgress),
    ) -> Result<(), PipelineError> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let workers = if jobs == 0 { cores } else { jobs }.min(work.len());
        let (give, take) = unbounded();
        for job in work {
            // The receiver is alive: it is one line above.
            let _sent = give.send(job);
        }
        drop(give);
        self.summary.files_tagged = work.iter().filter(|job| job.tag).count();
        let (send, receive) = bounded(WAITING_PARTS);
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
                if let Some(writer) = self.writer {
                    if let Some(key) = instead_of {
                        writer.remove_article(key);
                    }
                    writer.add(documents)?;
                }
            }
            Message::File(record) => {
                self.summary.overrides_attached += record.corrected.attached.len();
                if let Some(writer) = self.writer {
                    writer.remove_record(&record.key);
                    writer.add_record(&record)?;
                }
            }
            Message::Failed(error) => return Err(error.into()),
        }
        Ok(())
    }
}
