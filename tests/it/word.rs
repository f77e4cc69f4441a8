//! A real Word document of before 2007, from its bytes to paragraphs.
#![cfg(feature = "doc")]

use fangzhi::ingest::clean::clean;
use fangzhi::ingest::{Format, ReadOptions, Role, extract_bytes};
use fangzhi::model::{ParagraphKind, Place};
use std::path::Path;

fn fixture(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/doc");
    std::fs::read(folder.join(name)).unwrap()
}

#[test]
fn an_old_word_document_gives_what_a_reader_sees() {
    let bytes = fixture("night-school.doc");
    let taken = extract_bytes(&bytes, Format::Doc, &ReadOptions::default()).unwrap();
    let extracted = &taken.extracted;
    assert_eq!(extracted.text.as_bytes(), fixture("night-school.txt").trim_ascii_end());
    let roles: Vec<_> = extracted.blocks.iter().map(|block| block.role).collect();
    let (row, none) = (Some(Role::Row), None);
    let head = Some(Role::RunningHead);
    let expected =
        [Some(Role::Heading(1)), none, none, row, row, none, none, Some(Role::Body), head];
    assert_eq!(roles, expected);
    assert_eq!(extracted.notes, []);
}

#[test]
fn its_paragraphs_have_their_kinds_and_places() {
    let bytes = fixture("night-school.doc");
    let taken = extract_bytes(&bytes, Format::Doc, &ReadOptions::default()).unwrap();
    let cleaned = clean(&taken.extracted, &taken.lines);
    let [article] = cleaned.articles.as_slice() else { panic!("{:?}", cleaned.articles) };
    assert_eq!(article.title.as_deref(), Some("云岭县办好农民夜校"));
    let rows = article.paragraphs.iter().filter(|it| it.kind == ParagraphKind::Table);
    let rows: Vec<_> = rows.map(|it| (it.display.as_str(), it.place)).collect();
    let place = |block| Some(Place::Block { block: (block, block), page: None, area: None });
    assert_eq!(rows, [("乡镇 场次", place(4)), ("青石镇 36", place(5))]);
    let dropped: Vec<_> = cleaned.dropped.iter().map(|it| it.text.as_str()).collect();
    assert_eq!(dropped, ["基层治理简报"]);
}

#[test]
fn a_cut_off_word_document_is_an_error_or_less_text() {
    let bytes = fixture("night-school.doc");
    for share in 1..8 {
        let cut = &bytes[..bytes.len() * share / 8];
        if let Ok(taken) = extract_bytes(cut, Format::Doc, &ReadOptions::default()) {
            assert!(taken.extracted.text.len() <= 1_000, "{share}/8");
        }
    }
}
