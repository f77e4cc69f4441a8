//! Hits as CSV for spreadsheets: a byte order mark, a header, one row a hit.
//!
//! The text of reports is not to be trusted, and a spreadsheet runs a cell that starts with `=`, `+`, `-` or `@` as a
//! formula. Such cells get an apostrophe in front, which every spreadsheet shows as text; `--jsonl` gives the text
//! untouched.

use fangzhi::model::Tag;
use fangzhi::search::request::Hit;
use std::borrow::Cow;
use std::io::{self, Write};

/// Names of the columns.
const HEADER: [&str; 11] = [
    "id", "regions", "measures", "date", "title", "source", "path", "line", "text", "page", "block",
];

/// Writes hits as they come.
pub(crate) struct CsvOutput<W: Write> {
    rows: csv::Writer<W>,
}

impl<W: Write> CsvOutput<W> {
    /// Writes the byte order mark, by which spreadsheets know UTF-8, and the header.
    pub(crate) fn start(mut out: W) -> io::Result<Self> {
        out.write_all("\u{feff}".as_bytes())?;
        let mut rows = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
        rows.write_record(HEADER).map_err(io_error)?;
        Ok(Self { rows })
    }

    /// Writes one hit.
    pub(crate) fn hit(&mut self, hit: &Hit) -> io::Result<()> {
        let regions = joined(&hit.regions);
        let measures = joined(&hit.measures);
        let date = hit.date.map(|date| date.to_string()).unwrap_or_default();
        let first = |range: Option<(usize, usize)>| {
            range.map(|(from, _)| from.to_string()).unwrap_or_default()
        };
        let line = first(hit.place.and_then(|place| place.line()));
        let page = first(hit.place.and_then(|place| place.page()));
        let block = first(hit.place.and_then(|place| place.block()));
        let cells = [
            &hit.id,
            &regions,
            &measures,
            &date,
            hit.title.as_deref().unwrap_or_default(),
            hit.source.as_deref().unwrap_or_default(),
            &hit.path,
            &line,
            &hit.text,
            &page,
            &block,
        ];
        self.rows.write_record(cells.map(|cell| harmless(cell).into_owned())).map_err(io_error)
    }

    /// Writes what is still buffered.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.rows.flush()
    }
}

/// Tags of one cell, the first ones first; no path holds the separator.
fn joined<P: ToString>(tags: &[Tag<P>]) -> String {
    tags.iter().map(|tag| tag.path.to_string()).collect::<Vec<_>>().join("; ")
}

/// A cell that no spreadsheet runs as a formula.
pub(super) fn harmless(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

/// Keeps the kind of the error: a closed pipe must be known as one.
pub(super) fn io_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::text::samples;
    use fangzhi::model::Place;

    #[track_caller]
    fn check(change: impl FnOnce(&mut Hit), expected: &str) {
        let mut hit = samples::hit();
        change(&mut hit);
        let mut bytes = Vec::new();
        let mut csv = CsvOutput::start(&mut bytes).unwrap();
        csv.hit(&hit).unwrap();
        csv.finish().unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let start = "\u{feff}id,regions,measures,date,title,source,path,line,text,page,block\r\n";
        assert_eq!(text.strip_prefix(start), Some(expected));
    }

    #[test]
    fn a_row_has_the_columns_of_the_header() {
        check(
            |_| (),
            "5f0c1d2e3a4b5c6d7e8f901122334455,云南省/迪庆藏族自治州,基层治理/网格化管理,2023-06,山城推行网格化,\
             示例日报(虚构),/data/reports/山城.txt,12,全州推行网格化管理，划分网格845个。,,\r\n",
        );
    }

    #[test]
    fn a_packed_file_has_page_and_block_in_place_of_a_line() {
        check(
            |hit| {
                let (block, page) = ((40, 41), Some((3, 4)));
                hit.place = Some(Place::Block { block, page, area: None });
            },
            "5f0c1d2e3a4b5c6d7e8f901122334455,云南省/迪庆藏族自治州,基层治理/网格化管理,2023-06,山城推行网格化,\
             示例日报(虚构),/data/reports/山城.txt,,全州推行网格化管理，划分网格845个。,3,40\r\n",
        );
    }

    #[test]
    fn quotes_commas_and_line_ends_are_quoted_and_unknown_is_empty() {
        check(
            |hit| {
                hit.text = "一,\"二\"\n三".to_owned();
                hit.title = None;
                hit.source = None;
                hit.date = None;
                hit.place = None;
                hit.regions.clear();
                hit.measures.clear();
            },
            "5f0c1d2e3a4b5c6d7e8f901122334455,,,,,,/data/reports/山城.txt,,\"一,\"\"二\"\"\n三\",,\r\n",
        );
    }

    #[test]
    fn a_cell_is_never_a_formula() {
        for (cell, expected) in
            [("=1+1", "'=1+1"), ("-5%", "'-5%"), ("@a", "'@a"), ("一=1", "一=1")]
        {
            assert_eq!(harmless(cell), expected);
        }
    }
}
