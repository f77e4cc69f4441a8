//! What became of every file of an indexing run, as CSV: a byte order mark, a header, one row a file.
//!
//! Names of columns and their values are English: programs compare them.

use crate::output::csv::{harmless, io_error};
use fangzhi::index::path_text;
use fangzhi::pipeline::{Event, Outcome, ReadFile};
use serde_json::Value;
use std::io::{self, Write};

/// Names of the columns.
const HEADER: [&str; 13] = [
    "path",
    "record",
    "status",
    "encoding",
    "decided_by",
    "articles",
    "paragraphs",
    "dropped_lines",
    "notes",
    "seconds",
    "bytes",
    "moved_from",
    "cause",
];

/// Writes rows as files are done.
pub(crate) struct ReportOutput<W: Write> {
    rows: csv::Writer<W>,
}

impl<W: Write> ReportOutput<W> {
    /// Writes the byte order mark, by which spreadsheets know UTF-8, and the header.
    pub(crate) fn start(mut out: W) -> io::Result<Self> {
        out.write_all("\u{feff}".as_bytes())?;
        let mut rows = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
        rows.write_record(HEADER).map_err(io_error)?;
        Ok(Self { rows })
    }

    /// Writes what became of a file, a member of an archive or a record that could not be read.
    pub(crate) fn event(&mut self, event: &Event) -> io::Result<()> {
        let Event::File { path, record, bytes, took, outcome } = event else { return Ok(()) };
        let (mut from, mut reason) = (String::new(), "");
        let (status, read) = match outcome {
            Outcome::Added(read) => ("added", Some(read)),
            Outcome::Updated(read) => ("updated", Some(read)),
            Outcome::Unchanged(read) => ("unchanged", Some(read)),
            Outcome::Moved { from: old, read } => {
                from = path_text(old);
                ("moved", Some(read))
            }
            Outcome::Removed => ("removed", None),
            Outcome::Kept => ("kept", None),
            Outcome::NotRead => ("not-read", None),
            Outcome::Failed { cause, .. } => {
                reason = cause;
                ("failed", None)
            }
        };
        let [encoding, decided_by, articles, paragraphs, dropped, notes] =
            read.map(|read| cells(read)).unwrap_or_default();
        let row = [
            path_text(path),
            record.clone().unwrap_or_default(),
            status.to_owned(),
            encoding,
            decided_by,
            articles,
            paragraphs,
            dropped,
            notes,
            if took.is_zero() { String::new() } else { format!("{:.3}", took.as_secs_f64()) },
            bytes.to_string(),
            from,
            reason.to_owned(),
        ];
        self.rows.write_record(row.map(|cell| harmless(&cell).into_owned())).map_err(io_error)
    }

    /// Writes what is still buffered.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.rows.flush()
    }
}

/// Encoding, how it was decided, articles, paragraphs, dropped lines and notes of a file.
fn cells(read: &ReadFile) -> [String; 6] {
    let encoding = read.encoding.as_ref();
    let decided_by = encoding.map(|found| serde_json::to_value(found.decided_by));
    let decided_by = match decided_by {
        Some(Ok(Value::String(name))) => name,
        _ => String::new(),
    };
    let notes = read.notes.iter().map(|note| format!("{} {}", note.code, note.detail));
    [
        encoding.map(|found| found.encoding.clone()).unwrap_or_default(),
        decided_by,
        read.articles.to_string(),
        read.paragraphs.to_string(),
        read.dropped.to_string(),
        notes.map(|note| note.trim_end().to_owned()).collect::<Vec<_>>().join("; "),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use fangzhi::model::{DecidedBy, EncodingReport, Note};
    use std::time::Duration;

    #[test]
    fn each_file_has_a_row_with_how_it_was_read() {
        let read = Box::new(ReadFile {
            encoding: Some(EncodingReport {
                encoding: "GB18030".to_owned(),
                decided_by: DecidedBy::Frequency,
                margin: None,
                replacements: 0,
                first_replacement: None,
            }),
            articles: 1,
            paragraphs: 3,
            dropped: 2,
            notes: vec![Note::new("cut-end", "12"), Note::new("joined", "")],
            in_part: Vec::new(),
            in_part_total: 0,
        });
        let file = |path: &str, took, outcome| Event::File {
            path: path.into(),
            record: None,
            bytes: 9,
            took: Duration::from_millis(took),
            outcome,
        };
        let failed = Outcome::Failed { cause: "no text".to_owned(), code: "binary" };
        let mut report = ReportOutput::start(Vec::new()).unwrap();
        for event in [
            Event::Waiting,
            file("/d/=甲\n.txt", 1250, Outcome::Added(read.clone())),
            file("/d/乙.txt", 0, Outcome::Moved { from: "/d/丙.txt".into(), read }),
            file("=丁.bin", 3, failed),
        ] {
            report.event(&event).unwrap();
        }
        let text = String::from_utf8(report.rows.into_inner().unwrap()).unwrap();
        insta::assert_snapshot!(text.trim_start_matches('\u{feff}').replace('\r', ""), @r#"
        path,record,status,encoding,decided_by,articles,paragraphs,dropped_lines,notes,seconds,bytes,moved_from,cause
        "/d/=甲
        .txt",,added,GB18030,frequency,1,3,2,cut-end 12; joined,1.250,9,,
        /d/乙.txt,,moved,GB18030,frequency,1,3,2,cut-end 12; joined,,9,/d/丙.txt,
        '=丁.bin,,failed,,,,,,,0.003,9,,no text
        "#);
    }
}
