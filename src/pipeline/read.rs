//! One file to reports: read, decode, extract, clean, tag.

use crate::index::{Document, Documents, FailedPart, FileRecord, Origin, path_text};
use crate::ingest::archive::REST;
use crate::ingest::clean::{clean, context, reread};
use crate::ingest::decode::DecodeError;
use crate::ingest::extract::{ExtractError, RecordCause, RecordError};
use crate::ingest::limits::LimitName;
use crate::ingest::lines::LineIndex;
use crate::ingest::reports::{NotRead, Piece, RecordPlace};
use crate::ingest::sandbox::Extractor;
use crate::ingest::{Extracted, Format, ReadError, ReadOptions, Taken, open_records, read_bytes};
use crate::model::{EncodingReport, Paragraph, ParagraphKind, Place, Report, Span};
use crate::pipeline::changes::Job;
use crate::pipeline::{IndexRequest, PipelineError};
use crate::tag::Tagger;
use crate::text::OffsetMap;
use crate::vocab::Vocabulary;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Most lines of dropped text that the record of a JSONL file keeps.
const DROPPED_LINES_MAX: usize = 200;

/// Stands where the limits of a run stand in [`FileRecord::over_limits`], and is none: the file is read again.
const AGAIN: &str = "again";

/// What a worker sends to the writer, in this order for each file.
pub(super) enum Message {
    /// The file is known with this content: only its record changes.
    Unchanged(usize, Box<FileRecord>),
    /// What is known of the file goes; documents follow.
    Begin(usize),
    /// The documents of a report of the file.
    Report(usize, Vec<Document>),
    /// A member or record that could not be read.
    FailedPart(usize, FailedPart),
    /// Files of an archive that are of no format that is read.
    NotRead(NotRead),
    /// The file is done.
    End(usize, Box<FileRecord>),
    /// The file could not be read; what is known of it stays. Where trying again would give the same, with a record
    /// that says so.
    Failed(usize, ReadError, Option<Box<FileRecord>>),
    /// The file could not be read before and is as it was.
    Refused(usize, Box<FileRecord>),
    /// The run is being stopped in the middle of the file: nothing of it stays, and the next run reads it.
    Abandoned(usize),
}

/// What workers need.
pub(super) struct Reader<'a> {
    pub(super) tagger: Tagger,
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
    /// Set when the run is to end.
    pub(super) stop: &'a AtomicBool,
}

impl Reader<'_> {
    /// Reads a file and sends what it holds; `send` says whether anyone still listens.
    pub(super) fn read(
        &self,
        number: usize,
        job: &Job,
        extractor: &mut Extractor<'_>,
        send: &mut dyn FnMut(Message) -> bool,
    ) {
        let options = self.options.get(job.options).copied().unwrap_or_default();
        let sent = match job.format {
            Format::Jsonl => self
                .read_records(number, job, &options, send)
                .map_err(|error| (error, String::new())),
            _ => self.read_whole(number, job, &options, extractor, send),
        };
        if let Err((error, hash)) = sent {
            let record = self.refused_record(job, &error, hash);
            send(Message::Failed(number, error, record));
        }
    }

    /// What is remembered of a file that gives nothing however often it is read; only where nothing else is known of it.
    fn refused_record(
        &self,
        job: &Job,
        error: &ReadError,
        hash: String,
    ) -> Option<Box<FileRecord>> {
        let code = failure_code(error);
        // A file that moved here had text where it was.
        let had_text = job.moved_from.is_some()
            || job.known.as_ref().is_some_and(|known| known.refused.is_none());
        if had_text || !is_lasting(error) {
            return None;
        }
        let mut record = self.record_of(job, hash);
        record.refused = Some((error.to_string(), code.to_owned()));
        if is_over_limit(error) {
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
            path: path_text(&job.path),
            root: path_text(&job.root),
            size: job.size,
            mtime_ns: job.mtime_ns,
            seen_ns: self.now_ns,
            hash,
            made_with: self.made_with(job).to_owned(),
            encoding: None,
            reports: 0,
            articles: 0,
            paragraphs: 0,
            dropped: Vec::new(),
            notes: Vec::new(),
            failed_parts: Vec::new(),
            over_limits: None,
            refused: None,
        }
    }

    /// The record of a known file whose content did not change.
    fn unchanged(&self, number: usize, job: &Job, hash: &str) -> Option<Message> {
        let known = job.known.as_ref().filter(|known| {
            known.hash == hash
                && known.made_with == self.made_with(job)
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
        extractor: &mut Extractor<'_>,
        send: &mut dyn FnMut(Message) -> bool,
    ) -> Result<(), (ReadError, String)> {
        let bytes =
            read_bytes(&job.path, &options.limits).map_err(|error| (error, String::new()))?;
        let hash = blake3::hash(&bytes).to_hex().to_string();
        if let Some(message) = self.unchanged(number, job, &hash) {
            send(message);
            return Ok(());
        }
        let record = self.record_of(job, hash.clone());
        let mut file = OpenFile { reader: self, number, job, record, state: State::New, send };
        let mut parts = PartNames::default();
        let name = file_name(&job.path);
        let read = extractor.pieces(&bytes, &name, Some(job.format), options, &mut |piece| {
            let name = parts.name(&piece);
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
        let hash = hash_file(&job.path)?;
        if let Some(message) = self.unchanged(number, job, &hash) {
            send(message);
            return Ok(());
        }
        let mut record = self.record_of(job, hash);
        let records = open_records(&job.path, options)?;
        if !send(Message::Begin(number)) {
            return Ok(());
        }
        let mut names = RecordNames::default();
        for found in records {
            let sent = match found {
                Ok(found) => {
                    let name = names.name(found.id.as_deref(), &found.extracted.text);
                    let place = (found.line, found.bytes);
                    let report =
                        record_report(found.encoding, &found.extracted, place, &self.tagger);
                    let documents = self.count_in(&mut record, job, (None, Some(&name)), report);
                    send(Message::Report(number, documents))
                }
                Err(RecordError { cause: RecordCause::Io(error), .. }) => {
                    return Err(ReadError::from(error));
                }
                Err(error) => {
                    let name = PartName { member: None, record: Some(line_name(error.line)) };
                    let cause = error.cause.to_string();
                    let part = name.failed(cause, "record");
                    record.failed_parts.push(part.clone());
                    send(Message::FailedPart(number, part))
                }
            };
            if !sent {
                return Ok(());
            }
        }
        send(Message::End(number, Box::new(record)));
        Ok(())
    }

    /// Makes the documents of a report and counts them in the file's record.
    fn count_in(
        &self,
        record: &mut FileRecord,
        job: &Job,
        (member, name): (Option<&str>, Option<&str>),
        report: Report,
    ) -> Vec<Document> {
        let path = path_text(&job.path);
        let member = member.map(|member| path_text(Path::new(member)));
        let origin =
            Origin { file_key: &job.key, path: &path, member: member.as_deref(), record: name };
        let documents = self.documents.of(&origin, &report);
        record.encoding.get_or_insert(report.encoding);
        record.reports += 1;
        record.articles += report.articles.len();
        record.paragraphs += documents.len();
        let room = DROPPED_LINES_MAX.saturating_sub(record.dropped.len());
        let is_whole = member.is_none() && name.is_none();
        record.dropped.extend(report.dropped.into_iter().take(if is_whole {
            usize::MAX
        } else {
            room
        }));
        if is_whole {
            record.notes = report.notes;
        }
        documents
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
    state: State,
    send: &'a mut dyn FnMut(Message) -> bool,
}

impl OpenFile<'_> {
    /// Sends a report, or why there is none; says whether to go on.
    fn take(&mut self, piece: Piece, name: PartName) -> bool {
        if self.reader.stop.load(Ordering::Relaxed) {
            self.stop();
            return false;
        }
        let mut listening = true;
        if self.state == State::New {
            listening = (self.send)(Message::Begin(self.number));
            self.state = State::Begun;
        }
        let listening = listening
            && match piece.taken {
                Ok(taken) => {
                    let report = piece_report(&taken, piece.record.as_ref(), &self.reader.tagger);
                    let part = (name.member.as_deref(), name.record.as_deref());
                    let documents = self.reader.count_in(&mut self.record, self.job, part, report);
                    (self.send)(Message::Report(self.number, documents))
                }
                Err(error) => self.part_failed(name, &error),
            };
        if !listening {
            self.state = State::Stopped;
        }
        listening
    }

    fn part_failed(&mut self, name: PartName, error: &ReadError) -> bool {
        let (cause, code) = (error.to_string(), failure_code(error));
        if is_passing(error) {
            self.record.over_limits = Some(AGAIN.to_owned());
        } else if is_over_limit(error) {
            self.record.over_limits.get_or_insert_with(|| self.reader.limits.clone());
        }
        let part = name.failed(cause, code);
        self.record.failed_parts.push(part.clone());
        (self.send)(Message::FailedPart(self.number, part))
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
                (self.send)(Message::Begin(self.number));
                (self.send)(Message::NotRead(not_read));
            }
            (State::Begun, Err(error)) => {
                let rest = PartName { member: Some(REST.to_owned()), record: None };
                self.part_failed(rest, &error);
            }
            (State::Begun, Ok(not_read)) => {
                (self.send)(Message::NotRead(not_read));
            }
        }
        (self.send)(Message::End(self.number, Box::new(self.record)));
        Ok(())
    }
}

/// What a part of a file is called.
#[derive(Debug, Clone, PartialEq, Eq)]
struct PartName {
    /// Its path inside the archive.
    member: Option<String>,
    /// Record of a JSONL file or member: its name, or its line when it could not be read.
    record: Option<String>,
}

impl PartName {
    fn failed(self, cause: String, code: &str) -> FailedPart {
        let Self { member, record } = self;
        FailedPart { member, record, cause, code: code.to_owned() }
    }
}

/// What a record is called that could not be read.
fn line_name(line: usize) -> String {
    format!("line {line}")
}

/// Names of the parts of a file, in their order.
#[derive(Default)]
struct PartNames {
    member: Option<String>,
    records: RecordNames,
}

impl PartNames {
    fn name(&mut self, piece: &Piece) -> PartName {
        if self.member != piece.member {
            self.member.clone_from(&piece.member);
            self.records = RecordNames::default();
        }
        let record = piece.record.as_ref().map(|place| match &piece.taken {
            Ok(taken) => self.records.name(place.id.as_deref(), &taken.extracted.text),
            Err(_) => line_name(place.line),
        });
        PartName { member: piece.member.clone(), record }
    }
}

/// The name of a file without its folders.
fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Names of the records of a file: the id, or the hash of the content with its occurrence.
#[derive(Default)]
struct RecordNames {
    occurrences: HashMap<String, usize>,
}

impl RecordNames {
    fn name(&mut self, id: Option<&str>, text: &str) -> String {
        if let Some(id) = id {
            return id.to_owned();
        }
        let mut hash = blake3::hash(text.as_bytes()).to_hex().to_string();
        hash.truncate(12);
        let times = self.occurrences.entry(hash.clone()).or_insert(0);
        *times += 1;
        if *times == 1 { hash } else { format!("{hash}.{times}") }
    }
}

pub(super) fn hash_file(path: &Path) -> Result<String, ReadError> {
    let mut hasher = blake3::Hasher::new();
    let file = std::fs::File::open(path).map_err(ReadError::from)?;
    hasher.update_reader(file).map_err(ReadError::from)?;
    Ok(hasher.finalize().to_hex().to_string())
}

/// A report of a file, cleaned and tagged.
fn piece_report(taken: &Taken, record: Option<&RecordPlace>, tagger: &Tagger) -> Report {
    let Taken { encoding, extracted, lines } = taken;
    match record {
        Some(place) => {
            record_report(encoding.clone(), extracted, (place.line, place.bytes), tagger)
        }
        None => tagged_with(encoding.clone(), extracted, lines, |report| tagger.tag(report)),
    }
}

/// A record of a JSONL file as a report; `line` is its line, `bytes` are those of the line.
fn record_report(
    encoding: EncodingReport,
    extracted: &Extracted,
    (line, bytes): (usize, Span),
    tagger: &Tagger,
) -> Report {
    let lines = (line, line);
    let mut report = tagged_with(encoding, extracted, &one_line(), |report| {
        for article in &mut report.articles {
            for paragraph in &mut article.paragraphs {
                if let Some(Place::Text { line, .. }) = &mut paragraph.place {
                    *line = lines;
                }
            }
        }
        add_declared_title(report, extracted, Place::Text { line: lines, bytes });
        tagger.tag(report);
    });
    for dropped in &mut report.dropped {
        dropped.line = Some(line);
    }
    report
}

/// The lines of a record: it has one, and its number is known.
fn one_line() -> LineIndex {
    LineIndex::from_decoded("", &OffsetMap::identity(0))
}

/// A title that a record declares beside its text is a heading of its own.
fn add_declared_title(report: &mut Report, extracted: &Extracted, place: Place) {
    let Some(title) =
        extracted.metadata.title.as_deref().map(str::trim).filter(|title| !title.is_empty())
    else {
        return;
    };
    let heading = Paragraph {
        display: reread(title, context(extracted)),
        kind: ParagraphKind::Heading,
        place: Some(place),
        notes: Vec::new(),
        regions: Vec::new(),
        measures: Vec::new(),
        mentions: Vec::new(),
        evidence: Vec::new(),
        figures: Vec::new(),
    };
    if report.articles.is_empty() {
        report.articles.push(crate::model::Article::default());
    }
    if let Some(article) = report.articles.first_mut() {
        if article.paragraphs.first().is_some_and(|first| first.display == heading.display) {
            return;
        }
        article.paragraphs.insert(0, heading);
    }
}

fn tagged_with(
    encoding: EncodingReport,
    extracted: &Extracted,
    lines: &LineIndex,
    finish: impl FnOnce(&mut Report),
) -> Report {
    let cleaned = clean(extracted, lines);
    let mut report = Report {
        encoding,
        articles: cleaned.articles,
        dropped: cleaned.dropped,
        notes: cleaned.notes,
    };
    finish(&mut report);
    report
}

/// A file or record read, cleaned and tagged, but not indexed.
#[derive(Debug)]
pub struct Inspected {
    /// Its path inside the archive.
    pub member: Option<String>,
    /// Record of a JSONL file: its id, or its line when it could not be read.
    pub record: Option<String>,
    /// The report, or why there is none.
    pub report: Result<Report, String>,
}

/// Reads one file as indexing would, for view. A file that cannot be read is an error; a record that cannot is not.
pub fn inspect(
    path: &Path,
    vocabulary: &Arc<Vocabulary>,
    request: &IndexRequest,
    each: &mut dyn FnMut(Inspected),
) -> Result<(), PipelineError> {
    let failed = |error: ReadError| PipelineError::File {
        path: path.to_path_buf(),
        cause: error.to_string(),
        code: failure_code(&error),
    };
    let options = read_options(request.encoding.as_deref(), request)?;
    let tagger = Tagger::new(Arc::clone(vocabulary));
    let extension =
        path.extension().and_then(|extension| extension.to_str()).unwrap_or("").to_lowercase();
    let named = Format::from_extension(&extension);
    if named != Some(Format::Jsonl) {
        let bytes = read_bytes(path, &options.limits).map_err(failed)?;
        let mut parts = PartNames::default();
        let mut extractor = extractor(request);
        let read = extractor.pieces(&bytes, &file_name(path), named, &options, &mut |piece| {
            let PartName { member, record } = parts.name(&piece);
            let report = match &piece.taken {
                Ok(taken) => Ok(piece_report(taken, piece.record.as_ref(), &tagger)),
                Err(error) => Err(error.to_string()),
            };
            each(Inspected { member, record, report });
            true
        });
        return read.map(drop).map_err(failed);
    }
    let mut names = RecordNames::default();
    for found in open_records(path, &options).map_err(failed)? {
        match found {
            Ok(record) => {
                let name = names.name(record.id.as_deref(), &record.extracted.text);
                let place = (record.line, record.bytes);
                let report = record_report(record.encoding, &record.extracted, place, &tagger);
                each(Inspected { member: None, record: Some(name), report: Ok(report) });
            }
            Err(error) => {
                let record = Some(line_name(error.line));
                each(Inspected { member: None, record, report: Err(error.cause.to_string()) });
            }
        }
    }
    Ok(())
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

/// Every code that [`failure_code`] gives.
const FAILURE_CODES: [&str; 19] = [
    "binary",
    "crashed",
    "damaged",
    "encrypted",
    "link",
    "memory",
    "not-built",
    "not-read",
    "ocr",
    "permission",
    "record",
    "scanned",
    "special",
    "time",
    "too-large",
    "undecided",
    "unmapped",
    "vanished",
    "wrong-encoding",
];

/// A code as a record keeps it.
pub(super) fn known_code(code: &str) -> &'static str {
    FAILURE_CODES.into_iter().find(|known| *known == code).unwrap_or("other")
}

/// The hint that goes with a failure, as a code.
pub(super) fn failure_code(error: &ReadError) -> &'static str {
    match error {
        ReadError::Vanished => "vanished",
        ReadError::NotRegular => "special",
        ReadError::Io(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
            "permission"
        }
        ReadError::OverLimit(over) | ReadError::Extract(ExtractError::OverLimit(over)) => {
            match over.limit {
                LimitName::Seconds => "time",
                LimitName::Memory => "memory",
                _ => "too-large",
            }
        }
        ReadError::Extract(error) => match error {
            ExtractError::Damaged { .. } => "damaged",
            ExtractError::Encrypted { .. } => "encrypted",
            ExtractError::Scanned { .. } => "scanned",
            ExtractError::Unmapped { .. } => "unmapped",
            ExtractError::NotRead { .. } => "not-read",
            ExtractError::NotBuilt { .. } => "not-built",
            _ => "other",
        },
        ReadError::Record(_) => "record",
        ReadError::Died { .. } => "crashed",
        ReadError::Ocr { .. } => "ocr",
        ReadError::Decode(DecodeError::Binary { .. } | DecodeError::Format { .. }) => "binary",
        ReadError::Decode(DecodeError::WrongEncoding { .. }) => "wrong-encoding",
        ReadError::Decode(_) => "undecided",
        _ => "other",
    }
}

/// Whether reading the same bytes with the same data and limits would fail again.
fn is_lasting(error: &ReadError) -> bool {
    match error {
        ReadError::OverLimit(_) | ReadError::Decode(_) | ReadError::Extract(_) => true,
        ReadError::Vanished
        | ReadError::NotRegular
        | ReadError::Internal
        | ReadError::Stopped
        | ReadError::Died { .. }
        | ReadError::Extractor { .. }
        | ReadError::Ocr { .. }
        | ReadError::Io(_)
        | ReadError::Record(_) => false,
    }
}

/// Whether other limits, a command that reads scanned pages, or a build with more readers may let it be read.
fn is_over_limit(error: &ReadError) -> bool {
    matches!(failure_code(error), "too-large" | "time" | "memory" | "scanned" | "ocr" | "not-built")
}

/// Whether it has nothing to do with what was read.
fn is_passing(error: &ReadError) -> bool {
    matches!(error, ReadError::Io(_) | ReadError::Extractor { .. } | ReadError::Stopped)
}
