//! One file read, cleaned and tagged as a run would, for view.

use crate::index::{part_path, path_text};
use crate::ingest::clean::Cleaned;
use crate::ingest::extract::Record;
use crate::ingest::lines::LineIndex;
use crate::ingest::reports::{NotRead, RecordPlace};
use crate::ingest::{Format, ReadError, Taken, begins_as_records, open_records, read_bytes};
use crate::model::{EncodingReport, Report};
use crate::pipeline::attach::Attacher;
use crate::pipeline::failure::failure_code;
use crate::pipeline::read::{
    PartName, PartNames, RecordNames, extractor, file_name, line_name, read_options,
};
use crate::pipeline::report::ReportReader;
use crate::pipeline::{IndexRequest, PipelineError};
use crate::tag::Tagger;
use crate::vocab::Vocabulary;
use std::path::Path;
use std::sync::Arc;

/// A report of a file as a whole, for view: pieces of it are added to what came before.
struct WholeReport<'a> {
    reader: ReportReader<'a>,
    attacher: Attacher<'a>,
    report: Report,
}

impl<'a> WholeReport<'a> {
    fn new(reader: ReportReader<'a>, attacher: Attacher<'a>, encoding: EncodingReport) -> Self {
        let (articles, dropped, notes) = (Vec::new(), Vec::new(), Vec::new());
        let report = Report { encoding, articles, dropped, notes };
        Self { reader, attacher, report }
    }

    fn add(&mut self, taken: &Taken, record: Option<&RecordPlace>) {
        let Report { articles, dropped, notes, .. } = &mut self.report;
        let (articles, dropped) = (std::mem::take(articles), std::mem::take(dropped));
        let mut whole = Cleaned { articles, dropped, notes: std::mem::take(notes) };
        self.reader.read(taken, record, &mut |mut section| {
            self.attacher.correct(&mut section.cleaned.articles);
            section.add_to(&mut whole);
            true
        });
        let Cleaned { articles, dropped, notes } = whole;
        self.report = Report { articles, dropped, notes, encoding: self.report.encoding.clone() };
    }
}

/// Shows a report that is whole.
fn show(open: Option<(PartName, WholeReport<'_>)>, each: &mut dyn FnMut(Inspected)) {
    if let Some((PartName { member, record }, whole)) = open {
        each(Inspected { member, record, report: Ok(whole.report) });
    }
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
/// Gives how many files of an archive are of no format that is read, by extension.
pub fn inspect(
    path: &Path,
    vocabulary: &Arc<Vocabulary>,
    request: &IndexRequest,
    each: &mut dyn FnMut(Inspected),
) -> Result<NotRead, PipelineError> {
    let failed = |error: ReadError| PipelineError::File {
        path: path.to_path_buf(),
        cause: error.to_string(),
        code: failure_code(&error),
    };
    let options = read_options(request.encoding.as_deref(), request)?;
    let tagger = Tagger::new(Arc::clone(vocabulary));
    let known_as = path_text(&path.canonicalize().unwrap_or_else(|_| path.to_path_buf()));
    let whole_report = |name: &PartName, encoding| {
        let path = part_path(&known_as, name.member.as_deref(), None);
        let attacher = Attacher::new(&vocabulary.overrides, &path, name.record.as_deref(), None);
        WholeReport::new(ReportReader::new(&tagger), attacher, encoding)
    };
    let extension =
        path.extension().and_then(|extension| extension.to_str()).unwrap_or("").to_lowercase();
    let named = Format::from_extension(&extension);
    if named != Some(Format::Jsonl) || !begins_as_records(path).map_err(failed)? {
        let bytes = read_bytes(path, &options.limits).map_err(failed)?;
        let mut parts = PartNames::default();
        let mut extractor = extractor(request);
        // A report is shown when another one begins: it may come in several parts.
        let mut open: Option<(PartName, WholeReport<'_>)> = None;
        let read = extractor.pieces(&bytes, &file_name(path), named, &options, &mut |piece| {
            let name = parts.name(&piece);
            match (piece.taken, &mut open) {
                (Ok(taken), Some((_, whole))) if piece.part > 0 => {
                    whole.add(&taken, piece.record.as_ref());
                }
                (Ok(taken), _) => {
                    let mut whole = whole_report(&name, taken.encoding.clone());
                    whole.add(&taken, piece.record.as_ref());
                    show(open.replace((name, whole)), each);
                }
                (Err(error), _) => {
                    show(open.take(), each);
                    let PartName { member, record } = name;
                    each(Inspected { member, record, report: Err(error.to_string()) });
                }
            }
            true
        });
        show(open, each);
        return read.map_err(failed);
    }
    let mut names = RecordNames::default();
    for found in open_records(path, &options).map_err(failed)? {
        match found {
            Ok(record) => {
                let Record { id, line, bytes, encoding, extracted } = record;
                let record = Some(names.name(id.as_deref(), &extracted.text));
                let name = PartName { member: None, record };
                let mut whole = whole_report(&name, encoding.clone());
                let taken = Taken { encoding, extracted, lines: LineIndex::default() };
                whole.add(&taken, Some(&RecordPlace { id, line, bytes }));
                let PartName { member, record } = name;
                each(Inspected { member, record, report: Ok(whole.report) });
            }
            Err(error) => {
                let record = Some(line_name(error.line));
                each(Inspected { member: None, record, report: Err(error.cause.to_string()) });
            }
        }
    }
    Ok(NotRead::new())
}
