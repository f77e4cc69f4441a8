//! Web pages of many kinds of site, written for this: what must be read from each, and what must not.
//!
//! Beside each page of `tests/fixtures/html` lies a TOML file with what is expected of it.

use crate::support::repository;
use encoding_rs::{BIG5, Encoding, GBK, UTF_8};
use fangzhi::ingest::clean::clean;
use fangzhi::ingest::{Extracted, Format, ReadOptions, Role, Taken, extract_bytes};
use fangzhi::model::Span;
use serde::Deserialize;
use std::fmt::Write;
use std::fs;

/// What is expected of a page.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Expected {
    title: Option<String>,
    date: Option<String>,
    source: Option<String>,
    author: Option<String>,
    /// The encoding its bytes are in; UTF-8 when not given.
    encoding: Option<String>,
    /// Paragraphs that must come out whole.
    paragraphs: Vec<String>,
    /// Lines that must have these roles.
    headings: Vec<String>,
    rows: Vec<String>,
    captions: Vec<String>,
    /// Words that no paragraph may hold.
    absent: Vec<String>,
    /// Codes of notes.
    notes: Vec<String>,
}

/// All pages with their names.
fn pages() -> Vec<(String, String, Expected)> {
    let mut pages = Vec::new();
    for entry in fs::read_dir(repository("tests/fixtures/html")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "html") {
            let expected = fs::read_to_string(path.with_extension("toml")).unwrap();
            let expected = toml::from_str(&expected).unwrap();
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            pages.push((name, fs::read_to_string(&path).unwrap(), expected));
        }
    }
    pages.sort_by(|first, second| first.0.cmp(&second.0));
    pages
}

fn take(bytes: &[u8]) -> Taken {
    extract_bytes(bytes, Format::Html, &ReadOptions::default()).unwrap()
}

/// Everything that is not as expected, a line each.
fn faults(name: &str, taken: &Taken, expected: &Expected) -> String {
    let mut faults = String::new();
    let mut add = |fault: String| writeln!(faults, "{name}: {fault}").unwrap();
    let extracted = &taken.extracted;
    let cleaned = clean(extracted, &taken.lines);
    let article = cleaned.articles.first().cloned().unwrap_or_default();
    for (field, found, wanted) in [
        ("title", &article.title, &expected.title),
        ("source", &article.source, &expected.source),
        ("author", &article.author, &expected.author),
        ("date", &article.date.map(|date| date.to_string()), &expected.date),
    ] {
        if wanted.is_some() && found != wanted {
            add(format!("{field} {found:?}, expected {wanted:?}"));
        }
    }
    let shown: Vec<&str> = cleaned
        .articles
        .iter()
        .flat_map(|article| &article.paragraphs)
        .map(|paragraph| paragraph.display.as_str())
        .collect();
    for paragraph in &expected.paragraphs {
        match shown.iter().filter(|shown| *shown == paragraph).count() {
            1 => {}
            count => add(format!("{count} times: {paragraph}")),
        }
    }
    for absent in &expected.absent {
        for shown in shown.iter().filter(|shown| shown.contains(absent.as_str())) {
            add(format!("must not show {absent:?}: {shown}"));
        }
    }
    let role_of = |words: &String| {
        let line = |span: Span| extracted.text.get(span.range()) == Some(words.as_str());
        extracted.blocks.iter().find(|block| line(block.span)).map(|block| block.role)
    };
    let mut check = |lines: &[String], is_it: fn(Role) -> bool| {
        for words in lines {
            if !role_of(words).flatten().is_some_and(is_it) {
                add(format!("role {:?} of {words:?}", role_of(words)));
            }
        }
    };
    check(&expected.headings, |role| matches!(role, Role::Heading(_)));
    check(&expected.rows, |role| role == Role::Row);
    check(&expected.captions, |role| role == Role::Caption);
    for code in &expected.notes {
        if !extracted.notes.iter().any(|note| note.code == *code) {
            add(format!("no note {code}"));
        }
    }
    faults
}

/// Checks that the lines of the text are its blocks and stand in the file at their places.
fn place_faults(
    name: &str,
    bytes: &[u8],
    encoding: &'static Encoding,
    extracted: &Extracted,
) -> String {
    let mut faults = String::new();
    let map = extracted.map.as_ref().unwrap();
    let lines: Vec<&str> = extracted.text.lines().collect();
    let blocks: Vec<&str> = extracted
        .blocks
        .iter()
        .map(|block| extracted.text.get(block.span.range()).unwrap_or("not on a boundary"))
        .collect();
    if lines != blocks {
        writeln!(faults, "{name}: blocks are not the lines").unwrap();
    }
    for (at, c) in extracted.text.char_indices().filter(|(_, c)| !c.is_whitespace()) {
        let place = map.to_source(Span::new(at, at + c.len_utf8()));
        let own = encoding.decode_without_bom_handling(&bytes[place.range()]).0;
        if !own.starts_with(c) && !own.starts_with('&') {
            writeln!(faults, "{name}: {c:?} at {at} leads to {own:?}").unwrap();
        }
    }
    faults
}

#[test]
fn pages_of_all_kinds_are_read_as_a_person_reads_them() {
    let mut all = String::new();
    for (name, page, expected) in pages() {
        let encoding = expected
            .encoding
            .as_deref()
            .map_or(UTF_8, |label| Encoding::for_label(label.as_bytes()).unwrap());
        let bytes = encoding.encode(&page).0;
        let taken = take(&bytes);
        all.push_str(&faults(&name, &taken, &expected));
        all.push_str(&place_faults(&name, &bytes, encoding, &taken.extracted));
    }
    assert!(all.is_empty(), "\n{all}");
}

#[test]
fn what_a_page_declares_about_its_encoding_may_be_wrong() {
    let mut all = String::new();
    for (name, page, expected) in pages() {
        if name == "frameset" {
            continue; // Too little text to tell an encoding by.
        }
        let declaring = |label: &str| {
            page.replace("charset=utf-8", &format!("charset={label}"))
                .replace("charset=\"utf-8\"", &format!("charset=\"{label}\""))
                .replace("charset=gb2312", &format!("charset={label}"))
        };
        let utf16 = |page: &str| {
            let mut bytes = vec![0xFF, 0xFE];
            bytes.extend(page.encode_utf16().flat_map(u16::to_le_bytes));
            bytes
        };
        let cases = [
            ("UTF-8 as gb2312", declaring("gb2312").into_bytes()),
            ("GBK as utf-8", GBK.encode(&declaring("utf-8")).0.into_owned()),
            ("GBK undeclared", GBK.encode(&declaring("none")).0.into_owned()),
            ("UTF-16", utf16(&page)),
        ];
        for (how, bytes) in cases {
            all.push_str(&faults(&format!("{name}, {how}"), &take(&bytes), &expected));
        }
    }
    assert!(all.is_empty(), "\n{all}");
}

#[test]
fn a_page_in_big5_is_read() {
    let paragraph = "示範縣把全縣劃分為一百二十個網格，每個網格配備一名網格員，群眾有事不用出村，幹部帶著表格上門服務。";
    let body: String = (1..=8).map(|n| format!("<p>{n}月，{paragraph}</p>")).collect();
    for declared in ["<meta charset=big5>", "", "<meta charset=utf-8>"] {
        let page =
            format!("<html><head>{declared}<title>網格</title></head><body>{body}</body></html>");
        let taken = take(&BIG5.encode(&page).0);
        assert!(taken.extracted.text.contains(&format!("8月，{paragraph}")), "{declared}");
    }
}
