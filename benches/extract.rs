//! Formats to text: bytes of the text that comes out per second of processor time, and pages of PDF, one thread.
//!
//! Measured on 40 reports of 50 recombined paragraphs, written here as web pages, Markdown, rows, DOCX, ODT, ZIP and PDF
//! (one column, a predefined Chinese font that is not embedded), and on the fixtures' DOC and XLSX. Left out: the process
//! of its own in which the command reads them, cleaning and tagging (`ingest`), and reading from disk.

mod data;

use criterion::{Bencher, Criterion, Throughput};
use data::Source;
use fangzhi::ingest::reports::pieces;
use fangzhi::ingest::{Format, ReadOptions};
use rustix::time::{ClockId, clock_gettime};
use std::fmt::Write as _;
use std::hint::black_box;
use std::io::{Cursor, Write as _};
use std::path::Path;
use std::time::Duration;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Reports of each format.
const REPORTS: usize = 40;
/// Paragraphs of each: enough that opening the file does not decide.
const PARAGRAPHS: usize = 50;
/// Characters of a line and lines of a page of the PDFs.
const LINE_CHARS: usize = 40;
const PAGE_LINES: usize = 40;

/// Writes a file of paragraphs.
type Producer = fn(&[String]) -> Vec<u8>;

fn main() {
    let mut criterion = data::criterion();
    let paragraphs = Source::load().paragraphs(REPORTS * PARAGRAPHS);
    let reports: Vec<&[String]> = paragraphs.chunks(PARAGRAPHS).collect();
    bench_written(&mut criterion, &reports);
    bench_fixtures(&mut criterion);
    bench_pages(&mut criterion, &reports);
    criterion.final_summary();
}

/// Formats that are written here; what comes out must be all that went in.
fn bench_written(criterion: &mut Criterion, reports: &[&[String]]) {
    let writers: [(&str, Format, Producer); 6] = [
        ("html", Format::Html, html),
        ("markdown", Format::Markdown, |paragraphs| paragraphs.join("\n\n").into_bytes()),
        ("csv", Format::Csv, csv),
        ("docx", Format::Docx, docx),
        ("odt", Format::Odt, odt),
        ("zip of text", Format::Zip, |paragraphs| package(&[("a.txt", &paragraphs.join("\n"))])),
    ];
    let expected: usize = reports.iter().map(|paragraphs| letters(&paragraphs.join(""))).sum();
    let mut group = criterion.benchmark_group("extract");
    for (name, format, write) in writers {
        let files: Vec<Vec<u8>> = reports.iter().map(|paragraphs| write(paragraphs)).collect();
        let found = read(&files, format);
        assert!(found.letters >= expected, "{name}: {} of {expected} letters", found.letters);
        group.throughput(Throughput::Bytes(found.bytes));
        group.bench_function(name, |bencher| time(bencher, &files, format));
    }
    group.finish();
}

/// Formats that only other programs write.
fn bench_fixtures(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("extract");
    for (name, format, path) in [
        ("doc", Format::Doc, "tests/fixtures/doc/night-school.doc"),
        ("xlsx", Format::Sheet, "tests/fixtures/sheet/book.xlsx"),
    ] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        let files = [std::fs::read(path).expect("a fixture of the repository")];
        let found = read(&files, format);
        assert!(found.letters > 100, "{name}: {} letters", found.letters);
        group.throughput(Throughput::Bytes(found.bytes));
        group.bench_function(name, |bencher| time(bencher, &files, format));
    }
    group.finish();
}

fn bench_pages(criterion: &mut Criterion, reports: &[&[String]]) {
    let (mut files, mut pages, mut expected) = (Vec::new(), 0, 0);
    for paragraphs in reports {
        let (file, count) = pdf(paragraphs);
        files.push(file);
        pages += count;
        expected += letters(&paragraphs.join(""));
    }
    let found = read(&files, Format::Pdf);
    assert_eq!(found.letters, expected, "letters of the PDFs");
    let mut group = criterion.benchmark_group("extract");
    group.throughput(Throughput::Bytes(found.bytes));
    group.bench_function("pdf", |bencher| time(bencher, &files, Format::Pdf));
    group.throughput(Throughput::Elements(pages));
    group.bench_function("pdf pages", |bencher| time(bencher, &files, Format::Pdf));
    group.finish();
}

/// Reads files again and again; what else the machine does counts little, since processor time is taken.
fn time(bencher: &mut Bencher<'_>, files: &[Vec<u8>], format: Format) {
    bencher.iter_custom(|rounds| {
        let started = processor_time();
        for _ in 0..rounds {
            black_box(read(black_box(files), format));
        }
        processor_time() - started
    });
}

fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::try_from(time).expect("no time before the start")
}

/// What came out of files.
struct Found {
    letters: usize,
    bytes: u64,
}

fn read(files: &[Vec<u8>], format: Format) -> Found {
    let mut found = Found { letters: 0, bytes: 0 };
    for file in files {
        let read = pieces(file, "a", Some(format), &ReadOptions::default(), &mut |piece| {
            let text = piece.taken.expect("a report that was just written").extracted.text;
            found.letters += letters(&text);
            found.bytes += text.len() as u64;
            true
        });
        read.expect("a file that was just written");
    }
    found
}

fn letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphanumeric()).count()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

fn html(paragraphs: &[String]) -> Vec<u8> {
    let mut page = String::from(
        "<!DOCTYPE html><html><head><meta charset=utf-8><title>示例县工作情况_示例网</title></head><body>\
         <div class=nav><a href=/>首页</a> <a href=/b>要闻</a> <a href=/c>专题</a></div><div id=content><h1>示例县工作情况</h1>",
    );
    for paragraph in paragraphs {
        let _infallible = writeln!(page, "<p>　　{}</p>", escaped(paragraph));
    }
    page.push_str("</div><div class=footer>版权所有</div></body></html>");
    page.into_bytes()
}

fn csv(paragraphs: &[String]) -> Vec<u8> {
    let mut rows = String::from("县,编号,做法\n");
    for (number, paragraph) in paragraphs.iter().enumerate() {
        let cell = paragraph.replace('"', "\"\"");
        let _infallible = writeln!(rows, "示例县,{number},\"{cell}\"");
    }
    rows.into_bytes()
}

fn docx(paragraphs: &[String]) -> Vec<u8> {
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>",
    );
    for paragraph in paragraphs {
        let run = escaped(paragraph);
        let _infallible = write!(
            text,
            "<w:p><w:pPr><w:ind w:firstLine=\"640\"/></w:pPr><w:r><w:t>{run}</w:t></w:r></w:p>"
        );
    }
    text.push_str("</w:body></w:document>");
    package(&[("word/document.xml", &text)])
}

fn odt(paragraphs: &[String]) -> Vec<u8> {
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document-content xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\"><office:body><office:text>",
    );
    for paragraph in paragraphs {
        let _infallible = write!(text, "<text:p>{}</text:p>", escaped(paragraph));
    }
    text.push_str("</office:text></office:body></office:document-content>");
    package(&[("mimetype", "application/vnd.oasis.opendocument.text"), ("content.xml", &text)])
}

/// A ZIP archive of these members.
fn package(members: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in members {
        let is_stored = *name == "mimetype";
        let method =
            if is_stored { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        let options = SimpleFileOptions::default().compression_method(method);
        archive.start_file(*name, options).expect("memory takes it");
        archive.write_all(text.as_bytes()).expect("memory takes it");
    }
    archive.finish().expect("memory takes it").into_inner()
}

/// Pages of indented paragraphs in one column, and how many there are.
fn pdf(paragraphs: &[String]) -> (Vec<u8>, u64) {
    let mut lines: Vec<(bool, String)> = Vec::new();
    for paragraph in paragraphs {
        let chars: Vec<char> = paragraph.chars().filter(|c| u32::from(*c) < 0x1_0000).collect();
        let first = chars.len().min(LINE_CHARS - 2);
        lines.push((true, chars[..first].iter().collect()));
        lines.extend(chars[first..].chunks(LINE_CHARS).map(|line| (false, line.iter().collect())));
    }
    let pages: Vec<String> = lines.chunks(PAGE_LINES).map(page).collect();
    let count = pages.len();
    let kids: String = (0..count).map(|page| format!("{} 0 R ", 5 + page * 2)).collect();
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        format!("<</Type/Pages/Count {count}/Kids[{kids}]>>"),
        "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[4 0 R]>>".to_owned(),
        "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/DW 1000/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>>>".to_owned(),
    ];
    for (number, content) in pages.iter().enumerate() {
        objects.push(format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {} 0 R/Resources<</Font<</F 3 0 R>>>>>>",
            6 + number * 2
        ));
        objects.push(format!("<</Length {}>>stream\n{content}\nendstream", content.len()));
    }
    let (mut file, mut offsets) = (String::from("%PDF-1.4\n"), Vec::new());
    for (number, object) in objects.iter().enumerate() {
        offsets.push(file.len());
        let _infallible = writeln!(file, "{} 0 obj{object}endobj", number + 1);
    }
    let table = file.len();
    let _infallible = write!(file, "xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for offset in offsets {
        let _infallible = writeln!(file, "{offset:010} 00000 n ");
    }
    let size = objects.len() + 1;
    let _infallible = write!(file, "trailer<</Size {size}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF");
    (file.into_bytes(), count as u64)
}

fn page(lines: &[(bool, String)]) -> String {
    let mut content = String::from("BT/F 12 Tf ");
    for (number, (is_first, line)) in lines.iter().enumerate() {
        let (left, up) = (if *is_first { 84 } else { 60 }, 780 - number * 18);
        let codes: String = line.encode_utf16().map(|unit| format!("{unit:04X}")).collect();
        let _infallible = write!(content, "1 0 0 1 {left} {up} Tm<{codes}>Tj ");
    }
    content.push_str("ET");
    content
}
