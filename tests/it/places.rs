//! The bytes a paragraph says it comes from, read again, give the paragraph.

use crate::support::{
    TestIndex, assert_none, assert_noticed, files_below, repository, shared, vocabulary,
};
use encoding_rs::Encoding;
use fangzhi::ingest::clean::{context, reread};
use fangzhi::ingest::extract;
use fangzhi::ingest::limits::Limits;
use fangzhi::ingest::sniff::sniff;
use fangzhi::ingest::{Format, ReadOptions, extract_bytes, open_records};
use fangzhi::model::{DecidedBy, Paragraph, ParagraphKind, Place, Report};
use fangzhi::pipeline::{self, IndexRequest};
use std::fs;
use std::path::{Path, PathBuf};

/// A paragraph of a file with what reading its place again gives.
struct Reread {
    shown: String,
    again: String,
    place: Place,
    lines: (usize, usize),
}

/// What is wrong with places: another text, another line.
fn faults(file: &Path, reread: &[Reread]) -> Vec<String> {
    let name = file.file_name().unwrap().to_string_lossy();
    let wrong =
        reread.iter().filter(|one| one.again != one.shown || Some(one.lines) != one.place.line());
    wrong
        .map(|one| {
            let (place, lines) = (one.place, one.lines);
            format!("{name} {place:?} is {lines:?}: {:?}, shown {:?}", one.again, one.shown)
        })
        .collect()
}

/// The reports of a file with the ids of their records.
fn inspect(file: &Path) -> Vec<(Option<String>, Report)> {
    let mut reports = Vec::new();
    let request = IndexRequest::default();
    let read = pipeline::inspect(file, &vocabulary(), &request, &mut |inspected| {
        reports.extend(inspected.report.ok().map(|report| (inspected.record, report)));
    });
    // A file that cannot be read has no places.
    read.map_or_else(|_| Vec::new(), |_| reports)
}

fn paragraphs(report: &Report) -> impl Iterator<Item = &Paragraph> {
    report.articles.iter().flat_map(|article| &article.paragraphs)
}

/// The encoding a report says it is in.
fn encoding(report: &Report) -> &'static Encoding {
    // Lines in different encodings: the second is tried where a part is not in the first, UTF-8.
    let label = report.encoding.encoding.rsplit(" + ").next().unwrap();
    Encoding::for_label(label.as_bytes()).unwrap_or_else(|| panic!("unknown label {label}"))
}

/// The number of the line a byte stands in.
fn line_of(bytes: &[u8], encoding: &'static Encoding, byte: usize) -> usize {
    let (before, _) = encoding.decode_without_bom_handling(&bytes[..byte]);
    before.replace("\r\n", "\n").matches(['\n', '\r']).count() + 1
}

/// Reads the places of a file again that is one report.
fn reread_whole(file: &Path, format: Format) -> Vec<Reread> {
    let bytes = fs::read(file).unwrap();
    let reports = inspect(file);
    let Some((_, report)) = reports.first() else { return Vec::new() };
    let taken = extract_bytes(&bytes, format, &ReadOptions::default()).unwrap();
    let context = context(&taken.extracted);
    let encoding = encoding(report);
    let mixed = report.encoding.decided_by == DecidedBy::LineByLine;
    let one = |paragraph: &Paragraph| {
        let place = paragraph.place?;
        let part = &bytes[place.bytes()?.range()];
        let decode = |part: &[u8]| match std::str::from_utf8(part) {
            Ok(text) if mixed => text.to_owned(),
            _ => encoding.decode_without_bom_handling(part).0.into_owned(),
        };
        // Of a file with lines in different encodings each line is decoded by itself.
        let text: String = if mixed {
            part.split_inclusive(|&byte| byte == b'\n').map(decode).collect()
        } else {
            decode(part)
        };
        let extracted = extract::text(text, format, &Limits::default()).unwrap();
        let line = |byte| line_of(&bytes, encoding, byte);
        Some(Reread {
            shown: paragraph.display.clone(),
            again: reread(&extracted.text, context),
            place,
            lines: (line(place.bytes()?.start()), line(place.bytes()?.end().saturating_sub(1))),
        })
    };
    paragraphs(report).filter_map(one).collect()
}

/// Reads the places of the records of a JSONL file again: they lie inside the raw string.
fn reread_records(file: &Path) -> Vec<Reread> {
    let bytes = fs::read(file).unwrap();
    let records = open_records(file, &ReadOptions::default()).unwrap().map(Result::unwrap);
    let mut all = Vec::new();
    for (record, (_, report)) in records.zip(inspect(file)) {
        let context = context(&record.extracted);
        for paragraph in paragraphs(&report) {
            let place = paragraph.place.unwrap();
            let at = place.bytes().unwrap();
            let part = std::str::from_utf8(&bytes[at.range()]).unwrap();
            // A declared title stands in the record as a whole.
            let text = if paragraph.kind == ParagraphKind::Heading && part.starts_with('{') {
                let record: serde_json::Value = serde_json::from_str(part).unwrap();
                record["title"].as_str().unwrap().to_owned()
            } else {
                serde_json::from_str(&format!("\"{part}\"")).unwrap()
            };
            let line = line_of(&bytes, encoding_rs::UTF_8, at.start());
            all.push(Reread {
                shown: paragraph.display.clone(),
                again: reread(&text, context),
                place,
                lines: (line, line),
            });
        }
    }
    all
}

fn reread_file(file: &Path) -> Vec<Reread> {
    let extension = file.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    let named = extension.as_deref().map_or(Some(Format::Plain), Format::from_extension);
    let found = named.and_then(|named| sniff(&fs::read(file).unwrap(), Some(named)).ok());
    match found {
        // What a browser shows has no place in the bytes of the page, and a row has its column names put in.
        None | Some(Format::Html | Format::Csv) => Vec::new(),
        Some(Format::Jsonl) => reread_records(file),
        Some(format) if format.is_text() => reread_whole(file, format),
        // A packed format has no bytes of its text.
        Some(_) => Vec::new(),
    }
}

/// Checks every paragraph of the files; gives how many there were.
#[track_caller]
fn check(files: &[PathBuf]) -> usize {
    let mut count = 0;
    let mut wrong = Vec::new();
    for file in files {
        let reread = reread_file(file);
        count += reread.len();
        wrong.extend(faults(file, &reread));
    }
    assert_none(&wrong);
    count
}

#[test]
fn every_paragraph_of_the_samples_is_where_it_says() {
    let files = files_below(&repository("corpus/samples"));
    let count = check(&files);
    assert!(count > 400, "{count} paragraphs only");
}

#[test]
fn a_place_off_by_one_line_is_noticed() {
    let file = repository("corpus/samples/新疆/疏附县_宣讲与阵地.txt");
    let mut reread = reread_file(&file);
    reread.iter_mut().for_each(|one| one.lines.0 += 1);
    assert_noticed("line off by one", &faults(&file, &reread));
}

#[test]
fn every_paragraph_of_real_reports_is_where_it_says() {
    let Some(seeds) = shared("seeds") else { return };
    let mut files = files_below(&seeds);
    files.extend(files_below(&shared("data/reports").unwrap()).into_iter().step_by(12));
    // What describes the folder is no report.
    files.retain(|file| !file.ends_with("README.md"));
    eprintln!("{} paragraphs", check(&files));
}

#[test]
fn every_paragraph_is_where_it_says_in_every_encoding() {
    let Some(folder) = shared("data/encodings") else { return };
    let files: Vec<PathBuf> = files_below(&folder)
        .into_iter()
        .filter(|file| file.extension().is_some_and(|extension| extension == "txt"))
        .collect();
    eprintln!("{} paragraphs", check(&files));
}

#[test]
fn a_hit_shows_the_place_that_reading_gave() {
    let file = repository("corpus/samples/云南/怒江新闻版面.txt");
    let places = |paragraph: &Paragraph| paragraph.place;
    let mut read: Vec<_> = inspect(&file)
        .iter()
        .flat_map(|(_, report)| paragraphs(report).map(places).collect::<Vec<_>>())
        .collect();
    let mut found: Vec<_> =
        TestIndex::of(&[file]).paragraphs().iter().map(|hit| hit.place).collect();
    read.sort_by_key(|place| place.and_then(|place| place.bytes()));
    found.sort_by_key(|place| place.and_then(|place| place.bytes()));
    assert_eq!(found, read);
}
