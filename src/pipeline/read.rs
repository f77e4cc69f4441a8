//! One file to reports: read, decode, extract, clean, tag.

use crate::index::{
    Corrected, Document, Documents, FailedPart, FileRecord, Origin, Parts, path_text,
};
use crate::ingest::archive::REST;
use crate::ingest::clean::Cleaned;
use crate::ingest::extract::{Record, RecordCause, RecordError};
use crate::ingest::lines::LineIndex;
use crate::ingest::reports::{NotRead, Piece, RecordPlace};
use crate::ingest::sandbox::Extractor;
use crate::ingest::sections::{Section, merge_notes};
use crate::ingest::{
    Extracted, Format, ReadError, ReadOptions, Taken, begins_as_records, ocr, open_records,
    page_ranges, read_bytes,
};
use crate::model::{Dropped, Note};
use crate::pipeline::attach::Attacher;
use crate::pipeline::changes::Job;
use crate::pipeline::failure::{
    depends_on_run, failed_cause, failure_code, is_passing, is_remembered, what_helps,
};
use crate::pipeline::memory::Place;
use crate::pipeline::report::{ReportReader, ReportWriter};
use crate::pipeline::{IndexRequest, PipelineError};
use crate::tag::Tagger;
use crate::vocab::Overrides;
use std::collections::HashMap;
use std::io::Read;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

/// Most lines of dropped text that the record of a file of many reports keeps.
const DROPPED_LINES_MAX: usize = 200;
/// Most lines of dropped text that the record of a file of one report keeps.
const DROPPED_LINES_OF_ONE_MAX: usize = 10_000;
/// Members and records of a file that are listed singly when they cannot be read; the others are counted.
const FAILED_PARTS_MAX: usize = 1_000;
/// Bytes that are hashed between two looks at whether to stop.
const HASHED_BYTES: usize = 1 << 20;

/// Stands where the limits of a run stand in [`FileRecord::over_limits`], and is none: the file is read again.
const AGAIN: &str = "again";

/// What a worker sends to the writer, in this order for each file.
pub(super) enum Message {
    /// The file is known with this content: only its record changes.
    Unchanged(usize, Box<FileRecord>),
    /// Documents of the file follow; what is known of it stays until its end.
    Begin(usize),
    /// Documents of a report of the file; a long report comes in several parts.
    Report(usize, Vec<Document>),
    /// A member or record that could not be read.
    FailedPart(usize, FailedPart),
    /// The file is done.
    End(usize, Box<FileRecord>),
    /// The file could not be read; what is known of it stays. With a record that says so, where it is still there.
    Failed(usize, ReadError, Option<Box<FileRecord>>),
    /// The file could not be read before and is as it was.
    Refused(usize, Box<FileRecord>),
    /// The run is being stopped in the middle of the file: nothing of it stays, and the next run reads it.
    Abandoned(usize),
}

/// What workers need.
pub(super) struct Reader<'a> {
    pub(super) tagger: Tagger,
    pub(super) overrides: &'a Overrides,
    pub(super) documents: Documents,
    /// By the index in [`Job::options`].
    pub(super) options: Vec<ReadOptions>,
    /// When the run began, in nanoseconds since 1970.
    pub(super) now_ns: i128,
    /// Read also what has the content it had.
    pub(super) reread: bool,
    /// Fingerprint of the data files are read with, by the index in [`Job::options`].
    pub(super) made_with: Vec<String>,
    /// What the limits are, in short; see [`FileRecord::over_limits`].
    pub(super) limits: String,
    /// Whether the limits of files and records come from the memory of the run.
    pub(super) is_short_of_memory: bool,
    /// Set when the run is to end.
    pub(super) stop: &'a AtomicBool,
}

/// What a worker has of its own.
pub(super) struct Worker<'w, 'r> {
    pub(super) extractor: &'w mut Extractor<'r>,
    /// Of the file that it reads.
    pub(super) place: Place<'r>,
}

impl Reader<'_> {
    /// Reads a file and sends what it holds; `send` says whether anyone still listens.
    pub(super) fn read(
        &self,
        number: usize,
        job: &Job,
        worker: &mut Worker<'_, '_>,
        send: &mut dyn FnMut(Message) -> bool,
    ) {
        let options = self.options.get(job.options).copied().unwrap_or_default();
        let sent = match job.format {
            Format::Jsonl if begins_as_records(&job.path).unwrap_or(true) => self
                .read_records(number, job, &options, send)
                .map_err(|error| (error, String::new())),
            _ => self.read_whole(number, job, &options, worker, send),
        };
        if let Err((error, hash)) = sent {
            if matches!(error, ReadError::Stopped) {
                return;
            }
            let error = what_helps(error, self.is_short_of_memory);
            let record = self.refused_record(job, &error, hash);
            send(Message::Failed(number, error, record));
        }
    }

    /// How much of a file is in memory at a time: all of it, but of JSONL a record. What is unpacked of it is not known
    /// before.
    pub(super) fn bytes_in_memory(&self, job: &Job) -> u64 {
        let options = self.options.get(job.options).copied().unwrap_or_default();
        match job.format {
            Format::Jsonl => job.size.min(options.limits.record_bytes_max as u64),
            _ => job.size.min(options.limits.file_bytes_max),
        }
    }

    /// What is remembered of a file that gives nothing; `None` where there is nothing to remember.
    ///
    /// A file that gave text before keeps it, and its record tells both: what was read, and that it fails now.
    pub(super) fn refused_record(
        &self,
        job: &Job,
        error: &ReadError,
        hash: String,
    ) -> Option<Box<FileRecord>> {
        if !is_remembered(error) {
            return None;
        }
        let mut record = self.record_of(job, hash);
        let (cause, code) = (failed_cause(job, error), failure_code(error).to_owned());
        match job.before() {
            None => {
                record.refused = Some((cause, code));
                note_corrected(&mut record, self.overrides);
            }
            Some(before) => {
                let FileRecord { path, root, size, mtime_ns, seen_ns, hash, made_with, .. } =
                    record;
                let before = before.clone();
                record =
                    FileRecord { path, root, size, mtime_ns, seen_ns, hash, made_with, ..before };
                record.over_limits = None;
                // What failed as a whole before fails for another reason now.
                let of_part = |part: &FailedPart| part.member.is_some() || part.record.is_some();
                record.failed_parts.retain(of_part);
                let whole = FailedPart { member: None, record: None, cause, code };
                record.failed_parts.insert(0, whole);
            }
        }
        if is_passing(error) {
            record.over_limits = Some(AGAIN.to_owned());
        } else if depends_on_run(error) {
            record.over_limits = Some(self.limits.clone());
        }
        Some(Box::new(record))
    }

    fn made_with(&self, job: &Job) -> &str {
        self.made_with.get(job.options).map_or("", String::as_str)
    }

    fn record_of(&self, job: &Job, hash: String) -> FileRecord {
        FileRecord {
            key: job.key.clone(),
            number: job.file_number,
            path: path_text(&job.path),
            root: path_text(&job.root),
            size: job.size,
            mtime_ns: job.mtime_ns,
            seen_ns: self.now_ns,
            hash,
            made_with: self.made_with(job).to_owned(),
            generation: job.generation(),
            encoding: None,
            reports: 0,
            articles: 0,
            paragraphs: 0,
            dropped: Vec::new(),
            notes: Vec::new(),
            failed_parts: Vec::new(),
            not_read: NotRead::new(),
            over_limits: None,
            parts: Parts::default(),
            corrected: Corrected::default(),
            refused: None,
        }
    }

    /// The record of a known file whose content did not change.
    fn unchanged(&self, number: usize, job: &Job, hash: &str) -> Option<Message> {
        let known = job.known.as_ref().filter(|known| {
            known.hash == hash
                && known.made_with == self.made_with(job)
                && is_settled(known, self.overrides)
                && known.over_limits.as_ref().is_none_or(|limits| *limits == self.limits)
                && !self.reread
        })?;
        let record = FileRecord { mtime_ns: job.mtime_ns, seen_ns: self.now_ns, ..known.clone() };
        Some(match record.refused {
            Some(_) => Message::Refused(number, Box::new(record)),
            None => Message::Unchanged(number, Box::new(record)),
        })
    }

    fn read_whole(
        &self,
        number: usize,
        job: &Job,
        options: &ReadOptions,
        worker: &mut Worker<'_, '_>,
        send: &mut dyn FnMut(Message) -> bool,
    ) -> Result<(), (ReadError, String)> {
        let bytes =
            read_bytes(&job.path, &options.limits).map_err(|error| (error, String::new()))?;
        let hash = blake3::hash(&bytes).to_hex().to_string();
        if let Some(message) = self.unchanged(number, job, &hash) {
            send(message);
            return Ok(());
        }
        let mut file = OpenFile::new(self, number, job, hash.clone(), send);
        let mut parts = PartNames::default();
        let name = file_name(&job.path);
        let read =
            worker.extractor.pieces(&bytes, &name, Some(job.format), options, &mut |piece| {
                let name = parts.name(&piece);
                if let Ok(taken) = &piece.taken {
                    worker.place.grow(taken.extracted.text.len() as u64, self.stop);
                }
                file.take(piece, name)
            });
        file.finish(read).map_err(|error| (error, hash))
    }

    fn read_records(
        &self,
        number: usize,
        job: &Job,
        options: &ReadOptions,
        send: &mut dyn FnMut(Message) -> bool,
    ) -> Result<(), ReadError> {
        let hash = hash_file(&job.path, self.stop)?;
        if let Some(message) = self.unchanged(number, job, &hash) {
            send(message);
            return Ok(());
        }
        let records = open_records(&job.path, options)?;
        let mut file = OpenFile::new(self, number, job, hash, send);
        if !file.begin() {
            return Ok(());
        }
        let mut names = RecordNames::default();
        for found in records {
            let goes_on = match found {
                Ok(Record { id, line, bytes, encoding, extracted }) => {
                    let record = Some(names.name(id.as_deref(), &extracted.text));
                    let place = RecordPlace { id, line, bytes };
                    let taken = Taken { encoding, extracted, lines: LineIndex::default() };
                    file.take_report(&taken, 0, Some(&place), PartName { member: None, record })
                }
                Err(RecordError { cause: RecordCause::Io(error), .. }) => {
                    return Err(ReadError::from(error));
                }
                Err(error) => {
                    let name = PartName { member: None, record: Some(line_name(error.line)) };
                    file.piece_failed(name, ReadError::Record(error.cause))
                }
            };
            if !goes_on || file.is_stopped() {
                return Ok(());
            }
        }
        file.finish(Ok(NotRead::new()))
    }
}

/// How far a file has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing of it was sent.
    New,
    /// Some of its reports were sent.
    Begun,
    /// Nobody listens, or the run is to end.
    Stopped,
}

/// A file whose reports are being sent.
struct OpenFile<'a> {
    reader: &'a Reader<'a>,
    number: usize,
    job: &'a Job,
    record: FileRecord,
    /// The report that is being sent, or was last.
    report: Option<OpenReport<'a>>,
    /// Members and records that could not be read and are not listed singly.
    failed_beyond: usize,
    state: State,
    send: &'a mut dyn FnMut(Message) -> bool,
}

/// A report that is being sent.
struct OpenReport<'a> {
    name: PartName,
    reader: ReportReader<'a>,
    attacher: Attacher<'a>,
    writer: ReportWriter,
    notes: Vec<Note>,
    /// Whether there are no bytes to be read.
    is_empty: bool,
}

impl<'a> OpenFile<'a> {
    fn new(
        reader: &'a Reader<'a>,
        number: usize,
        job: &'a Job,
        hash: String,
        send: &'a mut dyn FnMut(Message) -> bool,
    ) -> Self {
        let record = reader.record_of(job, hash);
        let (report, failed_beyond, state) = (None, 0, State::New);
        Self { reader, number, job, record, report, failed_beyond, state, send }
    }

    /// Says that something of the file follows; whether anyone still listens.
    fn begin(&mut self) -> bool {
        if self.state == State::New {
            self.state = State::Begun;
            self.send(Message::Begin(self.number));
        }
        self.state == State::Begun
    }

    fn send(&mut self, message: Message) {
        if !(self.send)(message) {
            self.state = State::Stopped;
        }
    }

    /// Sends a report, a part of one, or why there is none; says whether to go on.
    fn take(&mut self, piece: Piece, name: PartName) -> bool {
        if self.is_stopped() {
            return false;
        }
        if !self.begin() {
            return false;
        }
        match piece.taken {
            Ok(taken) => {
                let member = name.member.clone();
                self.take_report(&taken, piece.part, piece.record.as_ref(), name)
                    && self.note_unread(member, &taken.extracted)
            }
            Err(error) => self.piece_failed(name, error),
        }
    }

    /// Whether the run is to end; what was sent of the file goes then.
    fn is_stopped(&mut self) -> bool {
        let stopped = self.reader.stop.load(Ordering::Relaxed);
        if stopped {
            self.stop();
        }
        stopped
    }

    /// Sends a report, or its next part: its documents, and what they add up to in the file's record.
    fn take_report(
        &mut self,
        taken: &Taken,
        part: usize,
        place: Option<&RecordPlace>,
        name: PartName,
    ) -> bool {
        if part == 0 {
            self.close_report();
        }
        let mut open = self.report.take().unwrap_or_else(|| self.open_report(taken, name));
        let before = open.writer.articles;
        open.reader.read(taken, place, &mut |section| {
            let Section { cleaned: Cleaned { mut articles, dropped, notes }, continues } = section;
            open.attacher.correct(&mut articles);
            self.keep_dropped(open.name.is_whole(), dropped);
            merge_notes(&mut open.notes, notes);
            let written = open.writer.write(&articles, continues, &mut |documents| {
                self.send(Message::Report(self.number, documents));
                self.state == State::Begun
            });
            written && !self.is_stopped()
        });
        self.record.articles += open.writer.articles - before;
        let rest = open.writer.rest();
        if self.state == State::Begun && !rest.is_empty() {
            self.send(Message::Report(self.number, rest));
        }
        self.report = Some(open);
        self.state == State::Begun
    }

    /// Counts the report that was sent last in the file's record.
    fn close_report(&mut self) {
        if let Some(OpenReport { name, attacher, writer, notes, is_empty, .. }) = self.report.take()
        {
            self.record.corrected.attached.extend(attacher.attached);
            let part = (name.member.as_deref(), name.record.as_deref());
            self.record.count(part, writer.paragraphs, is_empty, notes);
        }
    }

    fn open_report(&mut self, taken: &Taken, name: PartName) -> OpenReport<'a> {
        let path = path_text(&self.job.path);
        let member = name.member.as_ref().map(|member| path_text(Path::new(member)));
        let origin = Origin {
            file_key: &self.job.key,
            path: &path,
            member: member.as_deref(),
            record: name.record.as_deref(),
            generation: self.job.generation(),
            file_number: self.job.file_number,
            reports_before: self.record.reports,
            articles_before: self.record.articles,
        };
        self.record.encoding.get_or_insert_with(|| taken.encoding.clone());
        let reader = ReportReader::new(&self.reader.tagger);
        let attacher = Attacher::of(self.reader.overrides, &origin);
        let writer = ReportWriter::new(&self.reader.documents, &origin);
        let is_empty = taken.extracted.map.as_ref().is_some_and(|map| map.source_len() == 0);
        OpenReport { name, reader, attacher, writer, notes: Vec::new(), is_empty }
    }

    /// A text that lacks pages is read again when a command for them is given; pages on which the command failed are
    /// listed. Says whether to go on.
    fn note_unread(&mut self, member: Option<String>, extracted: &Extracted) -> bool {
        let pages = &extracted.unread_pages;
        if pages.is_empty() {
            return true;
        }
        let noted = |code| extracted.notes.iter().find(|note| note.code == code);
        let Some(note) = noted(ocr::FAILED_NOTE) else {
            // The command would give no more of these pages the next time.
            if noted(ocr::UNRECOGNISED_NOTE).is_some() {
                return true;
            }
            self.record.over_limits.get_or_insert_with(|| self.reader.limits.clone());
            return true;
        };
        self.record.over_limits = Some(AGAIN.to_owned());
        let record = Some(format!("page {}", page_ranges(pages)));
        self.part_failed(PartName { member, record }, note.detail.clone(), "ocr")
    }

    fn keep_dropped(&mut self, is_whole: bool, dropped: Vec<Dropped>) {
        let most = if is_whole { DROPPED_LINES_OF_ONE_MAX } else { DROPPED_LINES_MAX };
        let room = most.saturating_sub(self.record.dropped.len());
        self.record.dropped.extend(dropped.into_iter().take(room));
    }

    fn piece_failed(&mut self, name: PartName, error: ReadError) -> bool {
        let error = what_helps(error, self.reader.is_short_of_memory);
        if is_passing(&error) {
            self.record.over_limits = Some(AGAIN.to_owned());
        } else if depends_on_run(&error) {
            self.record.over_limits.get_or_insert_with(|| self.reader.limits.clone());
        }
        self.part_failed(name, error.to_string(), failure_code(&error))
    }

    fn part_failed(&mut self, name: PartName, cause: String, code: &str) -> bool {
        if self.record.failed_parts.len() >= FAILED_PARTS_MAX {
            self.failed_beyond += 1;
            return true;
        }
        self.list_failed(name.failed(cause, code));
        self.state == State::Begun
    }

    fn list_failed(&mut self, part: FailedPart) {
        self.record.failed_parts.push(part.clone());
        self.send(Message::FailedPart(self.number, part));
    }

    fn stop(&mut self) {
        if self.state == State::Begun {
            (self.send)(Message::Abandoned(self.number));
        }
        self.state = State::Stopped;
    }

    /// An error before the first report is one of the whole file, a later one costs what had not come yet.
    fn finish(mut self, read: Result<NotRead, ReadError>) -> Result<(), ReadError> {
        if self.reader.stop.load(Ordering::Relaxed) && read.is_err() {
            self.stop();
        }
        match (self.state, read) {
            (State::Stopped, _) => return Ok(()),
            (State::New, Err(error)) => return Err(error),
            (State::New, Ok(not_read)) => {
                // An archive of nothing that is read.
                self.begin();
                self.record.not_read = not_read;
            }
            (State::Begun, Err(error)) => {
                let rest = PartName { member: Some(REST.to_owned()), record: None };
                self.piece_failed(rest, error);
            }
            (State::Begun, Ok(not_read)) => self.record.not_read = not_read,
        }
        self.close_report();
        note_corrected(&mut self.record, self.reader.overrides);
        if self.failed_beyond > 0 {
            let (member, record) = (Some(REST.to_owned()), None);
            let cause = format!("{} more could not be read", self.failed_beyond);
            self.list_failed(FailedPart { member, record, cause, code: "record".to_owned() });
        }
        self.send(Message::End(self.number, Box::new(self.record.clone())));
        Ok(())
    }
}

/// Whether a file was corrected by the entries that concern it now.
pub(super) fn is_corrected(record: &FileRecord, overrides: &Overrides) -> bool {
    overrides.of_file(&record.path, &record.corrected.entries()) == record.corrected.with
}

/// Whether the entries that concern a file give no reason to read it. Those of text that is kept are applied by giving
/// its tags anew: reading the file would fail again.
pub(super) fn is_settled(record: &FileRecord, overrides: &Overrides) -> bool {
    record.is_kept() || is_corrected(record, overrides)
}

/// Notes in the record by which entries its file was corrected.
pub(super) fn note_corrected(record: &mut FileRecord, overrides: &Overrides) {
    record.corrected.attached.sort();
    record.corrected.with = overrides.of_file(&record.path, &record.corrected.entries());
}

/// What a part of a file is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PartName {
    /// Its path inside the archive.
    pub(super) member: Option<String>,
    /// Record of a JSONL file or member: its name, or its line when it could not be read.
    pub(super) record: Option<String>,
}

impl PartName {
    /// Whether it is all of its file.
    fn is_whole(&self) -> bool {
        self.member.is_none() && self.record.is_none()
    }

    fn failed(self, cause: String, code: &str) -> FailedPart {
        let Self { member, record } = self;
        FailedPart { member, record, cause, code: code.to_owned() }
    }
}

/// What a record is called that could not be read.
pub(super) fn line_name(line: usize) -> String {
    format!("line {line}")
}

/// Names of the parts of a file, in their order.
#[derive(Default)]
pub(super) struct PartNames {
    member: Option<String>,
    records: RecordNames,
}

impl PartNames {
    pub(super) fn name(&mut self, piece: &Piece) -> PartName {
        if self.member != piece.member {
            self.member.clone_from(&piece.member);
            self.records = RecordNames::default();
        }
        // The next part of a report is called as its first.
        let record = piece.record.as_ref().map(|place| match &piece.taken {
            Ok(taken) => self.records.name(place.id.as_deref(), &taken.extracted.text),
            Err(_) => line_name(place.line),
        });
        PartName { member: piece.member.clone(), record }
    }
}

/// The name of a file without its folders.
pub(super) fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Names of the records of a file: the id, or the hash of the content with its occurrence.
#[derive(Default)]
pub(super) struct RecordNames {
    /// By the first six bytes of the hash: a file can hold millions.
    occurrences: HashMap<u64, u32>,
}

impl RecordNames {
    pub(super) fn name(&mut self, id: Option<&str>, text: &str) -> String {
        if let Some(id) = id {
            return id.to_owned();
        }
        let mut key = [0; 8];
        blake3::Hasher::new().update(text.as_bytes()).finalize_xof().fill(&mut key);
        let key = u64::from_be_bytes(key) >> 16;
        let hash = format!("{key:012x}");
        let times = self.occurrences.entry(key).or_insert(0);
        *times = times.saturating_add(1);
        if *times == 1 { hash } else { format!("{hash}.{times}") }
    }
}

/// The hash of a file; [`ReadError::Stopped`] soon after `stop` was set.
pub(super) fn hash_file(path: &Path, stop: &AtomicBool) -> Result<String, ReadError> {
    let mut hasher = blake3::Hasher::new();
    let mut file = std::fs::File::open(path).map_err(ReadError::from)?;
    let mut bytes = vec![0; HASHED_BYTES];
    loop {
        if stop.load(Ordering::Relaxed) {
            return Err(ReadError::Stopped);
        }
        match file.read(&mut bytes) {
            Ok(0) => return Ok(hasher.finalize().to_hex().to_string()),
            Ok(read) => hasher.update(bytes.get(..read).unwrap_or_default()),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error.into()),
        };
    }
}

/// What takes reports out of packed files, as a run asks for it.
pub(super) fn extractor<'s>(request: &IndexRequest) -> Extractor<'s> {
    let extractor = match &request.extractor {
        Some(command) => Extractor::spawning(command.clone()),
        None => Extractor::in_process(),
    };
    extractor.with_ocr(request.ocr.clone())
}

/// How files are read, from the options of a run.
pub(super) fn read_options(
    encoding: Option<&str>,
    request: &IndexRequest,
) -> Result<ReadOptions, PipelineError> {
    let encoding = encoding.map(crate::ingest::decode::encoding_for_label).transpose();
    let encoding = encoding.map_err(|error| PipelineError::Option {
        option: "--encoding",
        cause: error.to_string(),
    })?;
    Ok(ReadOptions { encoding, limits: request.limits })
}
