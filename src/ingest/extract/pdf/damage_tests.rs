//! Files that lost a part: what was lost is missed, what is left is true, and a page of scraps is none.

use super::fixture::{Id, Pdf, hex, shown};
use super::tests::{extracted, notes, text};
use super::*;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use proptest::prelude::*;
use std::io::Write;

const LINE: &str = "示例县推进网格化管理，共建四个一，覆盖百分之九十五的村与社区。";

/// The object of this number is in no file of these tests.
const LOST: Id = Id(900);

fn deflated(content: impl AsRef<[u8]>) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content.as_ref()).unwrap();
    encoder.finish().unwrap()
}

fn packed(pdf: &mut Pdf, content: impl AsRef<[u8]>) -> Id {
    pdf.stream("/Filter/FlateDecode", deflated(content))
}

/// A CMap that gives the characters of a text the codes from 1.
fn unicode(text: &str) -> String {
    let mut map = String::from("1 begincodespacerange <0000> <ffff> endcodespacerange ");
    for (code, char) in (1..).zip(text.chars()) {
        map += &format!("1 beginbfchar <{code:04x}> <{:04X}> endbfchar\n", u32::from(char));
    }
    map
}

/// The codes from `first` to `last`, two bytes each.
fn codes(first: u16, last: u16) -> String {
    hex((first..=last).flat_map(u16::to_be_bytes).collect::<Vec<_>>())
}

/// A subset of a font as printers write it: numbered glyphs, and a ToUnicode under that reference.
fn subset(pdf: &mut Pdf, to_unicode: Id) -> Id {
    pdf.cid_font("/Identity-H", "Identity", &format!("/ToUnicode {to_unicode}"), "")
}

/// A page that shows all of [`LINE`] in one font and `count` codes in another.
fn beside(build: impl FnOnce(&mut Pdf) -> Id, count: u16) -> Vec<u8> {
    let mut pdf = Pdf::default();
    let map = packed(&mut pdf, unicode(LINE));
    let good = subset(&mut pdf, map);
    let other = build(&mut pdf);
    let len = u16::try_from(LINE.chars().count()).unwrap();
    let content = format!(
        "BT 1 0 0 1 50 700 Tm /F 10 Tf {} Tj /G 10 Tf {} Tj /F 10 Tf {} Tj ET",
        codes(1, 3),
        codes(1, count),
        codes(4, len),
    );
    pdf.page_with(content, &format!("/Font<</F {good}/G {other}>>"), "");
    pdf.finish()
}

#[track_caller]
fn check_lost(what: &str, build: impl FnOnce(&mut Pdf) -> Id) {
    let bytes = beside(build, 1);
    assert_eq!(text(&bytes), LINE.replacen("县", "县\u{fffd}", 1), "{what}");
}

#[test]
fn characters_of_fonts_that_lost_something_are_missed() {
    check_lost("the font", |_| LOST);
    check_lost("its ToUnicode", |pdf| subset(pdf, LOST));
    check_lost("its descendant", |pdf| {
        let map = packed(pdf, unicode(LINE));
        pdf.object(format!(
            "<</Type/Font/Subtype/Type0/Encoding/Identity-H/DescendantFonts[{LOST}]/ToUnicode {map}>>"
        ))
    });
    check_lost("its encoding", |pdf| pdf.cid_font(&LOST.to_string(), "GB1", "", ""));
    check_lost("the way to its glyphs", |pdf| {
        let file = pdf.stream("", super::fixture::truetype(&[(1, '县')]));
        let descriptor = pdf.object(format!("<</Type/FontDescriptor/FontFile2 {file}>>"));
        let more = format!("/FontDescriptor {descriptor}/CIDToGIDMap {LOST}");
        pdf.cid_font("/Identity-H", "Identity", "", &more)
    });
    check_lost("a hole in its ToUnicode", |pdf| {
        let map = unicode(LINE).replacen("<0009>", "<\0\0\0\0>", 1);
        let map = pdf.stream("", map);
        subset(pdf, map)
    });
}

#[test]
fn a_damaged_map_is_not_believed() {
    let map = deflated(unicode(LINE));
    for at in (2..map.len()).step_by(map.len() / 40) {
        let mut changed = map.clone();
        changed[at] ^= 0x04;
        check_lost(&format!("byte {at}"), |pdf| {
            let map = pdf.stream("/Filter/FlateDecode", changed);
            subset(pdf, map)
        });
    }
    let half = map[..map.len() / 2].to_vec();
    check_lost("its second half", |pdf| {
        let map = pdf.stream("/Filter/FlateDecode", half);
        subset(pdf, map)
    });
}

#[test]
fn codes_of_simple_fonts_that_lost_something_are_no_latin_letters() {
    let simple = |entries: String| {
        move |pdf: &mut Pdf| {
            pdf.object(format!("<</Type/Font/Subtype/TrueType/BaseFont/ABCDEF+Song{entries}>>"))
        }
    };
    let check = |what: &str, build: &dyn Fn(&mut Pdf) -> Id| {
        let mut pdf = Pdf::default();
        let font = build(&mut pdf);
        pdf.page(shown("(A!)", 50.0, 700.0, 10.0), font);
        assert_eq!(text(&pdf.finish()), "\u{fffd}\u{fffd}", "{what}");
    };
    check("its encoding", &simple(format!("/Encoding {LOST}")));
    check("its descriptor", &simple(format!("/FontDescriptor {LOST}")));
    check("its ToUnicode", &|pdf| {
        let file = pdf.stream("", [0; 4]);
        let descriptor = pdf.object(format!("<</Type/FontDescriptor/Flags 4/FontFile2 {file}>>"));
        simple(format!("/Encoding/WinAnsiEncoding/FontDescriptor {descriptor}/ToUnicode {LOST}"))(
            pdf,
        )
    });
}

#[test]
fn a_file_that_was_cut_off_before_its_fonts_is_damaged() {
    let mut pdf = Pdf::default();
    pdf.page(shown(&codes(1, 30), 50.0, 700.0, 10.0), LOST);
    let whole = pdf.finish();
    assert!(matches!(extracted(&whole), Err(ExtractError::Unmapped { .. })));
    let table = memchr::memmem::rfind(&whole, b"xref\n0 ").unwrap();
    let found = extracted(&whole[..table]).unwrap_err().to_string();
    assert!(found.contains("it was cut off before the fonts"), "{found}");
}

#[test]
fn a_file_that_lost_its_table_and_its_fonts_is_damaged() {
    let file = |font: &dyn Fn(&mut Pdf) -> Id| {
        let mut pdf = Pdf::default();
        let font = font(&mut pdf);
        pdf.page(shown(&codes(1, 30), 50.0, 700.0, 10.0), font);
        let mut bytes = pdf.finish();
        let table = memchr::memmem::rfind(&bytes, b"xref\n0 ").unwrap();
        bytes[table..table + 40].fill(b' ');
        extracted(&bytes).unwrap_err()
    };
    let lost = "damaged pdf: the fonts of its pages are lost";
    assert_eq!(file(&|_| LOST).to_string(), lost);
    assert_eq!(file(&|pdf| subset(pdf, LOST)).to_string(), lost);
    // Where the fonts are all there they never said what they show, and OCR helps.
    let mute = file(&|pdf| pdf.cid_font("/Identity-H", "Identity", "", ""));
    assert!(matches!(mute, ExtractError::Unmapped { .. }), "{mute}");
}

#[test]
fn a_page_with_few_unknown_characters_keeps_them_as_such() {
    let found = extracted(&beside(|_| LOST, 1)).unwrap();
    assert_eq!(found.text, LINE.replacen("县", "县\u{fffd}", 1));
    assert_eq!(notes(&found), ["unmapped-characters: 1"]);
}

#[test]
fn a_page_with_many_unknown_characters_gives_no_text() {
    let found = extracted(&beside(|_| LOST, 9));
    assert_eq!(found, Err(ExtractError::Unmapped { percent: 22, pages: 1 }));
    let mut pdf = Pdf::default();
    let map = packed(&mut pdf, unicode(LINE));
    let good = subset(&mut pdf, map);
    let line = |y: f32| shown(&codes(1, 31), 50.0, y, 10.0);
    for lost in [true, false, true] {
        let scraps = format!("BT /G 10 Tf 1 0 0 1 50 600 Tm {} Tj ET", codes(1, 9));
        let content = format!("{}{}", line(700.0), if lost { &scraps } else { "" });
        pdf.page_with(content, &format!("/Font<</F {good}/G {LOST}>>"), "");
    }
    let found = extracted(&pdf.finish()).unwrap();
    assert_eq!(found.text, LINE);
    assert_eq!(found.blocks[0].page, Some((2, 2)));
    assert_eq!(notes(&found), ["pages-unmapped: 1, 3"]);
    assert_eq!(found.unread_pages, [1, 3]);
}

/// A file of one page for each content; all contents are packed.
fn pages_of(contents: &[Option<Vec<u8>>]) -> Vec<u8> {
    let mut pdf = Pdf::default();
    let font = pdf.unicode_font();
    for content in contents {
        let content = match content {
            Some(content) => pdf.stream("/Filter/FlateDecode", content),
            None => LOST,
        };
        pdf.page_with("", &format!("/Font<</F {font}>>"), &format!("/Contents {content}"));
    }
    pdf.finish()
}

fn line(text: &str) -> Vec<u8> {
    deflated(shown(&hex(super::fixture::utf16(text)), 50.0, 700.0, 10.0))
}

#[test]
fn pages_whose_content_is_lost_or_changed_are_named() {
    let mut changed = line(LINE);
    let middle = changed.len() / 2;
    changed[middle] ^= 0x10;
    let found = extracted(&pages_of(&[None, Some(line("县治")), Some(changed.clone())])).unwrap();
    assert_eq!(found.text, "县治");
    assert_eq!(notes(&found), ["pages-damaged: 1, 3"]);
    let error = extracted(&pages_of(&[Some(changed), None])).unwrap_err();
    assert_eq!(error.to_string(), "damaged pdf: what its pages show is lost");
}

#[test]
fn a_content_with_a_hole_is_damaged() {
    let mut content = shown(&hex(super::fixture::utf16(LINE)), 50.0, 700.0, 10.0).into_bytes();
    content[30..34].fill(0);
    let found = extracted(&pages_of(&[Some(deflated(content)), Some(line("县治"))])).unwrap();
    assert_eq!((found.text.as_str(), notes(&found)), ("县治", vec!["pages-damaged: 1".to_owned()]));
}

#[test]
fn a_page_that_the_tree_names_and_the_file_lacks_is_noted() {
    let bytes = pages_of(&[Some(line("县治")), Some(line("理"))]);
    let second = memchr::memmem::rfind(&bytes, b"/Type/Page/").unwrap();
    let mut lacking = bytes.clone();
    lacking[second..second + 40].fill(b' ');
    let found = extracted(&lacking).unwrap();
    assert_eq!(found.text, "县治");
    assert!(notes(&found).contains(&"damaged-file: pages may be missing".to_owned()));
}

/// Characters that stand in both texts in the same order.
fn common(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row = vec![0; b.len() + 1];
    for x in a.chars() {
        let mut diagonal = 0;
        for (at, y) in b.iter().enumerate() {
            let above = row[at + 1];
            row[at + 1] = if x == *y { diagonal + 1 } else { above.max(row[at]) };
            diagonal = above;
        }
    }
    row[b.len()]
}

/// Three pages of several lines, each page in two fonts, the fonts at the end as Chromium writes them; and its text.
fn report() -> (Vec<u8>, String) {
    let words =
        ["城乡共建", "修路架桥", "植树造林", "减税降费", "网格管理", "治水护河", "兴办学校"];
    let lines: Vec<String> = (0..15)
        .map(|line| (0..6).map(|word| words[(line * 5 + word * word) % words.len()]).collect())
        .collect();
    let all: String = words.concat();
    let mut pdf = Pdf::default();
    let fonts = ["/Font<</F 30 0 R/G 31 0 R>>"; 3];
    for (page, resources) in lines.chunks(5).zip(fonts) {
        let mut content = String::new();
        for (at, line) in page.iter().enumerate() {
            content += &format!("BT 1 0 0 1 50 {} Tm ", 700 - at * 16);
            for (place, char) in line.chars().enumerate() {
                // A code of the one font or the other.
                let code = all.chars().position(|known| known == char).unwrap() + 1;
                let font = if place % 3 == 0 { "G" } else { "F" };
                content += &format!("/{font} 10 Tf <{code:04x}> Tj ");
            }
            content += "ET\n";
        }
        let content = packed(&mut pdf, content);
        pdf.page_with("", resources, &format!("/Contents {content}"));
    }
    let mut next = pdf.object("null");
    while next.0 < 29 {
        next = pdf.object("null");
    }
    let (first, second) = (Id(32), Id(33));
    for map in [first, second] {
        pdf.object(format!(
            "<</Type/Font/Subtype/Type0/Encoding/Identity-H/DescendantFonts[34 0 R]/ToUnicode {map}>>"
        ));
    }
    packed(&mut pdf, unicode(&all));
    packed(&mut pdf, unicode(&all));
    pdf.object("<</Type/Font/Subtype/CIDFontType2/DW 1000/CIDSystemInfo<</Ordering(Identity)>>>>");
    (pdf.finish(), lines.concat())
}

#[track_caller]
fn check_true(bytes: &[u8], truth: &str) {
    let Ok(found) = extracted(bytes) else { return };
    let text: String = found.text.split_whitespace().collect();
    let (chars, right) = (text.chars().count(), common(&text, truth));
    assert!(right * 100 >= chars * 97, "{right} of {chars} characters are right: {text}");
}

#[test]
fn the_report_is_whole_before_it_is_damaged() {
    let (bytes, truth) = report();
    let found = extracted(&bytes).unwrap();
    assert_eq!(found.text.split_whitespace().collect::<String>(), truth);
    assert_eq!(notes(&found), [""; 0]);
}

#[test]
fn what_is_read_of_a_file_that_was_cut_off_is_true() {
    let (bytes, truth) = report();
    for end in (0..bytes.len()).step_by(37) {
        check_true(&bytes[..end], &truth);
    }
}

#[test]
fn what_is_read_of_a_file_that_lost_an_object_is_true() {
    let (bytes, truth) = report();
    for start in memchr::memmem::find_iter(&bytes, b" 0 obj") {
        let from = bytes[..start].iter().rposition(|&byte| byte == b'\n').unwrap();
        let end = start + memchr::memmem::find(&bytes[start..], b"endobj").unwrap() + 6;
        let mut lacking = bytes.clone();
        lacking[from + 1..end].fill(b' ');
        check_true(&lacking, &truth);
    }
}

proptest! {
    #[test]
    fn what_is_read_of_a_file_with_a_hole_is_true(
        at in any::<proptest::sample::Index>(),
        len in 1..200_usize,
        filling in prop_oneof![Just(0_u8), any::<u8>()],
        shifted in any::<bool>(),
    ) {
        let (mut bytes, truth) = report();
        let start = at.index(bytes.len());
        let end = (start + len).min(bytes.len());
        if shifted {
            bytes.drain(start..end);
        } else {
            bytes[start..end].fill(filling);
        }
        check_true(&bytes, &truth);
    }
}
