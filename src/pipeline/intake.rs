//! The writer's side of a run: takes in what workers send, counts it and commits.

use crate::index::{
    FailedPart, FileRecord, IndexError, MEMBER_MARK, OpenIndex, PartialFile, Payload, Writer,
    compare, part_path, path_from_text, path_text,
};
use crate::pipeline::changes::Job;
use crate::pipeline::failure::{failed_cause, failure_code, known_code};
use crate::pipeline::read::Message;
use crate::pipeline::{Event, IndexRequest, IndexSummary, Outcome, PipelineError, ReadFile};
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// What an event says of a file of many reports, none of which could be read; each has an event of its own.
const NO_PART: &str = "none of what it holds could be read";
/// How long workers begin no file so that those that were begun can end and be committed.
pub(super) const HOLD_MAX: Duration = Duration::from_secs(5);

/// The path of a member of an archive.
fn with_member(archive: &Path, member: &str) -> PathBuf {
    let mut path = archive.as_os_str().to_owned();
    path.push(MEMBER_MARK);
    path.push(member);
    path.into()
}

/// What the index holds of each file, by its key, kept up while records are written: reading them all again at the end
/// costs as much as at the start.
pub(super) struct Totals(HashMap<String, FileTotals>);

/// Reports of a file, those of them without a paragraph, and paragraphs.
type FileTotals = (usize, usize, usize);

impl Totals {
    pub(super) fn of(records: &[FileRecord]) -> Self {
        Self(records.iter().map(|record| (record.key.clone(), Self::of_file(record))).collect())
    }

    fn of_file(record: &FileRecord) -> FileTotals {
        (record.reports, record.parts.without_text, record.paragraphs)
    }

    pub(super) fn note_in(&self, summary: &mut IndexSummary) {
        for (reports, without_text, paragraphs) in self.0.values() {
            summary.reports_total += *reports as u64;
            summary.reports_without_text += *without_text as u64;
            summary.paragraphs_total += *paragraphs as u64;
        }
    }
}

/// What the index holds of a file.
fn read_file(record: &FileRecord) -> Box<ReadFile> {
    let (in_part_total, in_part) = record.partial();
    Box::new(ReadFile {
        encoding: record.encoding.clone(),
        articles: record.articles,
        paragraphs: record.paragraphs,
        dropped: record.dropped.len(),
        notes: record.notes.clone(),
        in_part,
        in_part_total,
    })
}

/// The writer's side: takes in what workers send.
pub(super) struct Intake<'a> {
    /// None in a dry run.
    pub(super) writer: Option<Writer>,
    /// What the next commit says of itself: the fingerprints of before, as long as anything made with them is left.
    pub(super) payload: Payload,
    /// What the last commit says.
    pub(super) committed: Option<Payload>,
    pub(super) dir: &'a Path,
    pub(super) stop: &'a AtomicBool,
    /// Keys of the files that were read with other data than this run reads with.
    pub(super) stale: HashSet<String>,
    pub(super) totals: Totals,
    pub(super) jobs: &'a [Job],
    /// Paragraphs so far of files that are being taken in, by job.
    pub(super) open: HashMap<usize, u64>,
    pub(super) summary: &'a mut IndexSummary,
    pub(super) each: &'a mut dyn FnMut(Event),
    /// Whether anything waits for a commit.
    pub(super) dirty: bool,
    pub(super) commit_every: Duration,
    pub(super) commit_bytes: u64,
    /// Bytes of the files that were read since the last commit.
    pub(super) waiting_bytes: u64,
    pub(super) last_commit: Instant,
    /// How long the worker has been at the file whose message is taken in.
    pub(super) took: Duration,
    /// Set while workers are to begin no file.
    pub(super) hold: &'a AtomicBool,
    pub(super) held_since: Option<Instant>,
}

impl Intake<'_> {
    pub(super) fn remove(&mut self, record: &FileRecord) {
        if let Some(writer) = &mut self.writer {
            writer.remove_file(&record.key);
            self.totals.0.remove(&record.key);
        }
        self.dirty = true;
        self.stale.remove(&record.key);
        if record.refused.is_some() {
            return;
        }
        self.summary.removed += 1;
        self.tell(path_from_text(&record.path), 0, Outcome::Removed);
    }

    /// Tells of a file that vanished or is excluded and stays in the index.
    pub(super) fn missing(&mut self, record: &FileRecord) {
        if record.refused.is_none() {
            self.tell(path_from_text(&record.path), 0, Outcome::Kept);
        }
    }

    /// Tells what became of a file.
    fn tell(&mut self, path: PathBuf, bytes: u64, outcome: Outcome) {
        (self.each)(Event::File { path, record: None, bytes, took: self.took, outcome });
    }

    /// Tells of a file that is as it was, and lists again what is missing of it.
    pub(super) fn unchanged(&mut self, path: &Path, bytes: u64, record: FileRecord) {
        self.in_part(record.partial());
        self.not_read(&record.not_read);
        self.tell(path.to_path_buf(), bytes, Outcome::Unchanged(read_file(&record)));
        record.failed_parts.into_iter().for_each(|part| self.part_failed(path, part));
    }

    pub(super) fn take(&mut self, message: Message) -> Result<(), IndexError> {
        match message {
            Message::Unchanged(number, record) => {
                let Some(job) = self.jobs.get(number) else { return Ok(()) };
                self.write_record(&record)?;
                self.dirty = true;
                self.summary.unchanged += 1;
                self.unchanged(&job.path, job.size, *record);
            }
            Message::Begin(number) => {
                self.dirty = true;
                self.open.insert(number, 0);
            }
            Message::Report(number, documents) => {
                if let Some(paragraphs) = self.open.get_mut(&number) {
                    *paragraphs += documents.len() as u64;
                }
                if let Some(writer) = &mut self.writer {
                    writer.add(documents)?;
                }
            }
            Message::FailedPart(number, part) => {
                let Some(job) = self.jobs.get(number) else { return Ok(()) };
                self.part_failed(&job.path, part);
            }
            Message::End(number, record) => self.end(number, &record)?,
            Message::Abandoned(number) => self.give_up(number),
            Message::Refused(number, record) => {
                let Some(job) = self.jobs.get(number) else { return Ok(()) };
                self.write_record(&record)?;
                self.dirty = true;
                self.refused(&record, job.size);
            }
            Message::Failed(number, error, record) => {
                let Some(job) = self.jobs.get(number) else { return Ok(()) };
                self.give_up(number);
                if let Some(record) = record.filter(|_| self.writer.is_some()) {
                    self.write_record(&record)?;
                    self.stale.remove(&record.key);
                    self.dirty = true;
                }
                let (cause, code) = (failed_cause(job, &error), failure_code(&error));
                self.summary.failed.push((path_text(&job.path), cause.clone(), code));
                self.tell(job.path.clone(), job.size, Outcome::Failed { cause, code });
                // It may be the last one that a commit waits for.
                if self.held_since.is_some() {
                    self.commit_if_due()?;
                }
            }
        }
        Ok(())
    }

    /// Writes the record of a file in the place of the one before.
    fn write_record(&mut self, record: &FileRecord) -> Result<(), IndexError> {
        if let Some(writer) = &mut self.writer {
            writer.remove_record(&record.key);
            writer.add_record(record)?;
            self.totals.0.insert(record.key.clone(), Totals::of_file(record));
        }
        Ok(())
    }

    /// Lists what was read in part.
    fn in_part(&mut self, (total, files): (u64, Vec<PartialFile>)) {
        self.summary.in_part_total += total;
        self.summary.in_part.extend(files);
    }

    /// Counts files of an archive that are of no format that is read.
    fn not_read(&mut self, counts: &[(String, usize)]) {
        let all = &mut self.summary.not_read;
        for (extension, count) in counts {
            match all.iter_mut().find(|(known, _)| known == extension) {
                Some((_, known)) => *known += count,
                None => all.push((extension.clone(), *count)),
            }
        }
    }

    /// Takes out what was taken in of a file that came to no end: half of a file must not stay, and what an earlier
    /// reading gave does.
    fn give_up(&mut self, number: usize) {
        let Some(job) = self.jobs.get(number) else { return };
        if self.open.remove(&number).is_some()
            && let Some(writer) = &mut self.writer
        {
            writer.remove_generation(&job.key, job.generation());
        }
    }

    /// Lists a member or record that could not be read.
    fn part_failed(&mut self, file: &Path, part: FailedPart) {
        let FailedPart { member, record, cause, code } = part;
        let code = known_code(&code);
        let path = match member {
            Some(member) => with_member(file, &member),
            None => file.to_path_buf(),
        };
        let shown = part_path(&path_text(&path), None, record.as_deref());
        self.summary.failed.push((shown, cause.clone(), code));
        let outcome = Outcome::Failed { cause, code };
        (self.each)(Event::File { path, record, bytes: 0, took: self.took, outcome });
    }

    /// Lists a file again that could not be read before.
    pub(super) fn refused(&mut self, record: &FileRecord, bytes: u64) {
        let Some((cause, code)) = &record.refused else { return };
        let (cause, code) = (cause.clone(), known_code(code));
        self.summary.failed.push((record.path.clone(), cause.clone(), code));
        self.tell(path_from_text(&record.path), bytes, Outcome::Failed { cause, code });
    }

    fn end(&mut self, number: usize, record: &FileRecord) -> Result<(), IndexError> {
        let Some(job) = self.jobs.get(number) else { return Ok(()) };
        // Now that the new paragraphs are complete the old ones go.
        if let (Some(writer), Some(held)) = (&mut self.writer, job.held) {
            writer.remove_generation(&job.key, held);
        }
        self.write_record(record)?;
        self.stale.remove(&record.key);
        self.summary.paragraphs += self.open.remove(&number).unwrap_or(0);
        self.summary.bytes_read += job.size;
        self.waiting_bytes += job.size;
        let outcome = self.outcome(job, record);
        self.tell(job.path.clone(), job.size, outcome);
        self.commit_if_due()
    }

    /// Commits what is finished when it is time to.
    fn commit_if_due(&mut self) -> Result<(), IndexError> {
        let is_due = self.last_commit.elapsed() >= self.commit_every
            || self.waiting_bytes >= self.commit_bytes;
        if !is_due {
            return Ok(());
        }
        // Only between files, so that no reader sees half of one. With many workers some file is always open, so they
        // are held.
        if self.open.is_empty() {
            self.commit()?;
        } else if self.held_since.get_or_insert_with(Instant::now).elapsed() < HOLD_MAX {
            self.hold.store(true, Ordering::Relaxed);
            return Ok(());
        } else {
            // A file takes longer than the others may wait.
            self.last_commit = Instant::now();
            self.waiting_bytes = 0;
        }
        self.held_since = None;
        self.hold.store(false, Ordering::Relaxed);
        Ok(())
    }

    fn outcome(&mut self, job: &Job, record: &FileRecord) -> Outcome {
        self.in_part(record.partial());
        self.not_read(&record.not_read);
        let read = read_file(record);
        if let Some(moved) = &job.moved {
            self.summary.moved += 1;
            return Outcome::Moved { from: path_from_text(&moved.path), read };
        }
        if job.known.as_ref().is_some_and(|known| known.refused.is_none()) {
            self.summary.updated += 1;
            Outcome::Updated(read)
        } else if record.reports == 0 && !record.failed_parts.is_empty() {
            // Its parts are listed as what failed.
            Outcome::Failed { cause: NO_PART.to_owned(), code: "other" }
        } else {
            self.summary.added += 1;
            Outcome::Added(read)
        }
    }

    fn commit(&mut self) -> Result<(), IndexError> {
        if self.dirty
            && let Some(reprints) = &mut self.payload.reprints
        {
            reprints.complete = false;
        }
        if let Some(writer) = &mut self.writer {
            writer.commit(&self.payload)?;
            (self.each)(Event::Committed { paragraphs: self.summary.paragraphs });
        }
        self.committed = Some(self.payload.clone());
        self.dirty = false;
        self.last_commit = Instant::now();
        self.waiting_bytes = 0;
        Ok(())
    }

    /// Compares the paragraphs of the last commit and lets another one say so; a run that was stopped leaves it to the next.
    fn compare(&mut self, jobs: usize) -> Result<(), IndexError> {
        let is_current =
            self.payload.reprints.as_ref().is_some_and(|file| file.is_current(self.dir));
        let Some(writer) = self.writer.as_mut().filter(|_| !is_current) else { return Ok(()) };
        if self.stop.load(Ordering::Relaxed) {
            self.summary.interrupted = true;
            return Ok(());
        }
        (self.each)(Event::Comparing);
        let started = Instant::now();
        let mut tell = |done, all| (self.each)(Event::Compared { done, all });
        match compare(&OpenIndex::open(self.dir)?, jobs, self.stop, &mut tell)? {
            Some(file) => {
                self.payload.reprints = Some(file);
                writer.commit(&self.payload)?;
            }
            None => self.summary.interrupted = true,
        }
        self.summary.compare_elapsed = started.elapsed();
        Ok(())
    }

    /// `payload` is what the index may say of itself when all of it was made with this run's data.
    pub(super) fn finish(
        mut self,
        payload: &Payload,
        request: &IndexRequest,
    ) -> Result<(), PipelineError> {
        if self.stale.is_empty() {
            self.payload.fingerprints = payload.fingerprints.clone();
        }
        if self.dirty || self.committed.as_ref() != Some(&self.payload) {
            // Merges come after comparing, with its commit: both at once take the more memory.
            if let Some(writer) = &self.writer {
                writer.hold_merges(true);
            }
            self.commit()?;
            if let Some(writer) = &self.writer {
                writer.hold_merges(false);
            }
        }
        self.compare(request.jobs)?;
        self.totals.note_in(self.summary);
        if let Some(mut writer) = self.writer {
            if request.optimize {
                writer.optimize()?;
            }
            writer.finish()?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::Fingerprints;
    use crate::ingest::{Format, ReadError};

    fn job(name: &str) -> Job {
        Job {
            path: PathBuf::from(name),
            root: PathBuf::new(),
            format: Format::Plain,
            size: 1,
            mtime_ns: 0,
            known: None,
            key: name.to_owned(),
            moved: None,
            file_number: 0,
            held: None,
            options: 0,
        }
    }

    #[test]
    fn workers_are_let_go_when_the_last_open_file_fails() {
        let jobs = ["a.txt", "b.txt"].map(job);
        let record = serde_json::json!({
            "key": "a.txt", "number": 0, "path": "/a.txt", "root": "/", "size": 1, "mtime_ns": 0, "seen_ns": 0,
            "hash": "", "made_with": "", "generation": 1, "encoding": null, "reports": 1, "articles": 1,
            "paragraphs": 1, "dropped": [], "notes": [], "failed_parts": [], "not_read": [],
        });
        let record: FileRecord = serde_json::from_value(record).unwrap();
        let (stop, hold, mut summary) =
            (AtomicBool::new(false), AtomicBool::new(false), IndexSummary::default());
        let mut intake = Intake {
            writer: None,
            payload: Payload {
                program: String::new(),
                fingerprints: Fingerprints::current(String::new()),
                roots: Vec::new(),
                reprints: None,
            },
            committed: None,
            dir: Path::new("/"),
            stop: &stop,
            stale: HashSet::new(),
            totals: Totals::of(&[]),
            jobs: &jobs,
            open: HashMap::new(),
            summary: &mut summary,
            each: &mut |_| (),
            dirty: false,
            commit_every: Duration::ZERO,
            commit_bytes: 1,
            waiting_bytes: 0,
            last_commit: Instant::now(),
            took: Duration::ZERO,
            hold: &hold,
            held_since: None,
        };
        intake.take(Message::Begin(0)).unwrap();
        intake.take(Message::Begin(1)).unwrap();
        intake.take(Message::End(0, Box::new(record))).unwrap();
        assert!(hold.load(Ordering::Relaxed) && intake.committed.is_none());
        intake.take(Message::Failed(1, ReadError::Internal, None)).unwrap();
        assert!(!hold.load(Ordering::Relaxed) && intake.committed.is_some());
    }
}
