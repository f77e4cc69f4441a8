//! One file to reports: read, decode, extract, clean, tag.

use crate::index::{Document, Documents, FileRecord, Origin, path_text};
use crate::ingest::clean::{clean, context, reread};
use crate::ingest::decode::DecodeError;
use crate::ingest::extract::{Record, RecordCause, RecordError};
use crate::ingest::lines::LineIndex;
use crate::ingest::{
    Extracted, Format, ReadError, ReadOptions, extract_bytes, open_records, read_bytes,
};
use crate::model::{EncodingReport, Paragraph, ParagraphKind, Place, Report};
use crate::pipeline::changes::Job;
use crate::pipeline::{IndexRequest, PipelineError};
use crate::tag::Tagger;
use crate::text::OffsetMap;
use crate::vocab::Vocabulary;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

/// Most lines of dropped text that the record of a JSONL file keeps.
const DROPPED_LINES_MAX: usize = 200;

/// What a worker sends to the writer, in this order for each file.
pub(super) enum Message {
    /// The file is known with this content: only its record changes.
    Unchanged(usize, Box<FileRecord>),
    /// What is known of the file goes; documents follow.
    Begin(usize),
    /// The documents of a report of the file.
    Report(usize, Vec<Document>),
    /// A record that could not be read.
    FailedRecord(usize, String, String),
    /// The file is done.
    End(usize, Box<FileRecord>),
    /// The file could not be read; what is known of it stays.
    Failed(usize, ReadError),
}

/// What workers need.
pub(super) struct Reader {
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
}

impl Reader {
    /// Reads a file and sends what it holds; `send` says whether anyone still listens.
    pub(super) fn read(&self, number: usize, job: &Job, send: &mut dyn FnMut(Message) -> bool) {
        let options = self.options.get(job.options).copied().unwrap_or_default();
        let sent = match job.format {
            Format::Jsonl => self.read_records(number, job, &options, send),
            _ => self.read_whole(number, job, &options, send),
        };
        if let Err(error) = sent {
            send(Message::Failed(number, error));
        }
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
            failed: Vec::new(),
        }
    }

    /// The record of a known file whose content did not change.
    fn unchanged(&self, number: usize, job: &Job, hash: &str) -> Option<Message> {
        let known = job.known.as_ref().filter(|known| {
            known.hash == hash && known.made_with == self.made_with(job) && !self.reread
        })?;
        let record = FileRecord { mtime_ns: job.mtime_ns, seen_ns: self.now_ns, ..known.clone() };
        Some(Message::Unchanged(number, Box::new(record)))
    }

    fn read_whole(
        &self,
        number: usize,
        job: &Job,
        options: &ReadOptions,
        send: &mut dyn FnMut(Message) -> bool,
    ) -> Result<(), ReadError> {
        let bytes = read_bytes(&job.path, &options.limits)?;
        let hash = blake3::hash(&bytes).to_hex().to_string();
        if let Some(message) = self.unchanged(number, job, &hash) {
            send(message);
            return Ok(());
        }
        let report = read_report(&bytes, job.format, options, &self.tagger)?;
        let mut record = self.record_of(job, hash);
        record.encoding = Some(report.encoding.clone());
        let documents = self.count_in(&mut record, job, None, &report);
        record.dropped = report.dropped;
        record.notes = report.notes;
        let _listening = send(Message::Begin(number))
            && send(Message::Report(number, documents))
            && send(Message::End(number, Box::new(record)));
        Ok(())
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
                    let name = names.name(&found);
                    let report = record_report(found, &self.tagger);
                    record.encoding.get_or_insert_with(|| report.encoding.clone());
                    let documents = self.count_in(&mut record, job, Some(&name), &report);
                    let room = DROPPED_LINES_MAX.saturating_sub(record.dropped.len());
                    record.dropped.extend(report.dropped.into_iter().take(room));
                    send(Message::Report(number, documents))
                }
                Err(RecordError { cause: RecordCause::Io(error), .. }) => {
                    return Err(ReadError::from(error));
                }
                Err(error) => {
                    let (name, cause) = (format!("line {}", error.line), error.cause.to_string());
                    record.failed.push((name.clone(), cause.clone()));
                    send(Message::FailedRecord(number, name, cause))
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
        name: Option<&str>,
        report: &Report,
    ) -> Vec<Document> {
        let path = path_text(&job.path);
        let origin = Origin { file_key: &job.key, path: &path, record: name };
        let documents = self.documents.of(&origin, report);
        record.reports += 1;
        record.articles += report.articles.len();
        record.paragraphs += documents.len();
        documents
    }
}

/// Names of the records of a file: the id, or the hash of the content with its occurrence.
#[derive(Default)]
struct RecordNames {
    occurrences: HashMap<String, usize>,
}

impl RecordNames {
    fn name(&mut self, record: &Record) -> String {
        if let Some(id) = &record.id {
            return id.clone();
        }
        let mut hash = blake3::hash(record.extracted.text.as_bytes()).to_hex().to_string();
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

/// Reads a report that is a whole file.
fn read_report(
    bytes: &[u8],
    format: Format,
    options: &ReadOptions,
    tagger: &Tagger,
) -> Result<Report, ReadError> {
    let read = extract_bytes(bytes, format, options)?;
    Ok(tagged(read.encoding, &read.extracted, &read.lines, tagger))
}

/// A record of a JSONL file as a report.
fn record_report(record: Record, tagger: &Tagger) -> Report {
    let line = (record.line, record.line);
    let mut report = tagged_with(record.encoding, &record.extracted, &one_line(), |report| {
        for article in &mut report.articles {
            for paragraph in &mut article.paragraphs {
                if let Some(Place::Text { line: own, .. }) = &mut paragraph.place {
                    *own = line;
                }
            }
        }
        add_declared_title(report, &record.extracted, Place::Text { line, bytes: record.bytes });
        tagger.tag(report);
    });
    for dropped in &mut report.dropped {
        dropped.line = Some(record.line);
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

fn tagged(
    encoding: EncodingReport,
    extracted: &Extracted,
    lines: &LineIndex,
    tagger: &Tagger,
) -> Report {
    tagged_with(encoding, extracted, lines, |report| tagger.tag(report))
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
    let format = Format::from_extension(&extension).unwrap_or(Format::Plain);
    if format != Format::Jsonl {
        let bytes = read_bytes(path, &options.limits).map_err(failed)?;
        let report = read_report(&bytes, format, &options, &tagger).map_err(failed)?;
        each(Inspected { record: None, report: Ok(report) });
        return Ok(());
    }
    let mut names = RecordNames::default();
    for found in open_records(path, &options).map_err(failed)? {
        match found {
            Ok(record) => {
                let name = names.name(&record);
                each(Inspected { record: Some(name), report: Ok(record_report(record, &tagger)) });
            }
            Err(error) => {
                let record = Some(format!("line {}", error.line));
                each(Inspected { record, report: Err(error.cause.to_string()) });
            }
        }
    }
    Ok(())
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

/// The hint that goes with a failure, as a code.
pub(super) fn failure_code(error: &ReadError) -> &'static str {
    match error {
        ReadError::Vanished => "vanished",
        ReadError::NotRegular => "special",
        ReadError::Io(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
            "permission"
        }
        ReadError::OverLimit(_) => "too-large",
        ReadError::Decode(DecodeError::Binary { .. } | DecodeError::Format { .. }) => "binary",
        ReadError::Decode(DecodeError::WrongEncoding { .. }) => "wrong-encoding",
        ReadError::Decode(_) => "undecided",
        _ => "other",
    }
}
