//! Small files that would cost much: each is refused, or read, in little time.

use super::fixture::{Id, Pdf, hex, shown, utf16};
use super::tests::extracted;
use super::*;
use crate::ingest::limits::{LimitName, OverLimit};
use std::time::{Duration, Instant};

fn packed(content: &[u8]) -> Vec<u8> {
    let mut stream = lopdf::Stream::new(lopdf::Dictionary::new(), content.to_vec());
    stream.compress().unwrap();
    stream.content
}

fn han(text: &str) -> String {
    shown(&hex(utf16(text)), 50.0, 700.0, 10.0)
}

#[track_caller]
fn quickly<T>(work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let found = work();
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    found
}

#[track_caller]
fn check_refused(bytes: &[u8], unpacked_bytes_max: u64) {
    let limits = Limits { unpacked_bytes_max, ..Limits::default() };
    let error = quickly(|| extract(bytes, &limits)).unwrap_err();
    let is_limit =
        matches!(error, ExtractError::OverLimit(OverLimit { limit: LimitName::UnpackedBytes, .. }));
    assert!(is_limit, "{error}");
}

#[test]
fn nodes_that_share_their_kids_are_refused() {
    let mut pdf = Pdf::default();
    let nodes: String = (0..2000).map(|node| format!("{} ", Id(4 + node))).collect();
    let kids = pdf.object(format!("[{nodes}]"));
    for _ in 0..2000 {
        pdf.object(format!("<</Type/Pages/Kids {kids}>>"));
    }
    pdf.page_with("", "", "");
    let bytes = pdf.finish();
    let root = memchr::memmem::find(&bytes, b"/Pages 2 0 R").unwrap();
    let mut shared = bytes.clone();
    shared[root..root + 12].copy_from_slice(b"/Pages 4 0 R");
    check_refused(&shared, 100 << 20);
}

#[test]
fn packed_blanks_are_unpacked_a_few_times_only() {
    let mut pdf = Pdf::default();
    let blanks = packed(&vec![b' '; 4 << 20]);
    for _ in 0..40 {
        let names = "/ObjStm".repeat(100);
        pdf.stream(&format!("/X[{names}]/Type/ObjStm/N 0/First 0/Filter/FlateDecode"), &blanks);
    }
    check_refused(&pdf.finish(), 64 << 20);
}

#[test]
fn a_stream_that_is_unpacked_over_and_over_is_refused() {
    let mut pdf = Pdf::default();
    // Blocks of nothing: long to read, and nothing comes of them.
    let nothing: Vec<u8> = [&[0x78, 0x9c][..], &[0, 0, 0, 0xff, 0xff].repeat(100_000)].concat();
    let form = pdf.stream("/Subtype/Form/Filter/FlateDecode", nothing);
    pdf.page_with("/X Do ".repeat(100_000), &format!("/XObject<</X {form}>>"), "");
    check_refused(&pdf.finish(), 20 << 20);
}

#[test]
fn filters_of_filters_end() {
    let mut pdf = Pdf::default();
    let font = pdf.unicode_font();
    let mut content = vec![b' '; 1000];
    for _ in 0..20 {
        content = packed(&content);
    }
    let filters = "/FlateDecode".repeat(100_000);
    let content = pdf.stream(&format!("/Filter[{filters}]"), content);
    pdf.page_with("", "", &format!("/Contents {content}"));
    pdf.page(han("县治"), font);
    assert_eq!(quickly(|| extracted(&pdf.finish())).unwrap().text, "县治");
}

#[test]
fn fonts_that_share_one_long_map_are_refused() {
    let mut pdf = Pdf::default();
    let map = "1 beginbfrange <00000000> <ffffffff> <4E00> endbfrange\n".repeat(20_000);
    let map = pdf.stream("/Filter/FlateDecode", packed(map.as_bytes()));
    let fonts: Vec<Id> = (0..200)
        .map(|_| pdf.cid_font("/Identity-H", "Identity", &format!("/ToUnicode {map}"), ""))
        .collect();
    let names: String = fonts.iter().zip(0..).map(|(id, at)| format!("/F{at} {id}")).collect();
    let content: String = (0..200).map(|at| format!("BT /F{at} 10 Tf <0001> Tj ET ")).collect();
    pdf.page_with(content, &format!("/Font<<{names}>>"), "");
    check_refused(&pdf.finish(), 16 << 20);
}

#[test]
fn a_map_that_gives_all_codes_a_character_is_one_entry() {
    let mut pdf = Pdf::default();
    let map = "1 beginbfrange <00000000> <ffffffff> <4E00> endbfrange";
    let map = pdf.stream("", map);
    let font = pdf.cid_font("/Identity-H", "Identity", &format!("/ToUnicode {map}"), "");
    pdf.page(shown("<00000001>", 50.0, 700.0, 10.0), font);
    assert_eq!(quickly(|| extracted(&pdf.finish())).unwrap().text, "一丁");
}

#[test]
fn tables_that_claim_more_objects_than_there_are_end() {
    let mut pdf = Pdf::default();
    let font = pdf.unicode_font();
    pdf.page(han("县治"), font);
    let bytes = pdf.finish();
    let text = String::from_utf8_lossy(&bytes);
    let (_, size) = text.rsplit_once("/Size ").unwrap();
    let (size, _) = size.split_once('/').unwrap();
    let claims = text
        .replace(&format!("xref\n0 {size}"), "xref\n0 4294967295")
        .replace(&format!("/Size {size}"), "/Size 4294967295");
    assert_ne!(claims, text);
    drop(quickly(|| extracted(claims.as_bytes())));
    // The same in a stream.
    let start = bytes.len();
    let stream = "<</Type/XRef/Size 4294967295/Index[0 4294967295]/W[0 0 0]/Root 1 0 R/Length 0>>";
    let table =
        format!("99 0 obj\n{stream}stream\n\nendstream\nendobj\nstartxref\n{start}\n%%EOF\n");
    drop(quickly(|| extracted(&[&bytes, table.as_bytes()].concat())));
}

#[test]
fn a_file_of_nothing_but_beginnings_ends() {
    for beginning in [
        "1 0 obj ",
        "1 0 obj<</Length 9>>stream\n",
        "1 0 obj<</Type/ObjStm>>stream\n",
        "trailer<<",
        "xref\n0 1\n",
        "startxref\n9\n",
    ] {
        let bytes = [b"%PDF-1.4\n", beginning.repeat(100_000).as_bytes()].concat();
        drop(quickly(|| {
            extract(&bytes, &Limits { unpacked_bytes_max: 64 << 20, ..Limits::default() })
        }));
    }
}
