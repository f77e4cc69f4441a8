//! Files written by hand, read to their characters; then files that lie, loop or are cut.

use super::fixture::{Id, Pdf, hex, shown, truetype, utf16};
use super::*;
use crate::ingest::limits::{LimitName, OverLimit};
use encoding_rs::{BIG5, GB18030};

fn pages(bytes: &[u8]) -> Result<Vec<PageText>, ExtractError> {
    let limits = Limits::default();
    read_pages(&Document::open(bytes, &limits)?, &limits)
}

/// The characters of all pages in the order they are drawn.
pub(super) fn text(bytes: &[u8]) -> String {
    let pages = pages(bytes).unwrap();
    pages.iter().flat_map(|page| &page.glyphs).map(|glyph| glyph.text.as_str()).collect()
}

#[track_caller]
fn check(bytes: &[u8], expected: &str) {
    assert_eq!(text(bytes), expected);
}

/// A file of one page on which a font shows one string.
fn one(build: impl FnOnce(&mut Pdf) -> Id, string: impl AsRef<[u8]>) -> Vec<u8> {
    let mut pdf = Pdf::default();
    let font = build(&mut pdf);
    pdf.page(shown(&hex(string), 100.0, 700.0, 10.0), font);
    pdf.finish()
}

/// A file of one page with that content; the font `F` has UCS-2 codes.
fn content(content: &str) -> Vec<u8> {
    let mut pdf = Pdf::default();
    let font = pdf.unicode_font();
    pdf.page(content, font);
    pdf.finish()
}

fn han(text: &str) -> String {
    hex(utf16(text))
}

const SENTENCE: &str = "示例县推进网格化管理,共建“四个一”,覆盖95%的村(社区)。";

#[test]
fn fonts_without_unicode_are_read_by_the_cmap_they_name() {
    let gb = GB18030.encode(SENTENCE).0;
    for name in ["GB-EUC-H", "GBK-EUC-H", "GBK-EUC-V", "GBKp-EUC-H", "GBK2K-H", "GBpc-EUC-H"] {
        check(&one(|pdf| pdf.cid_font(&format!("/{name}"), "GB1", "", ""), &gb), SENTENCE);
    }
    let traditional = "示例縣推動網格化管理。";
    let big5 = BIG5.encode(traditional).0;
    for name in ["B5pc-H", "ETen-B5-H", "ETenms-B5-H", "HKscs-B5-H"] {
        check(&one(|pdf| pdf.cid_font(&format!("/{name}"), "CNS1", "", ""), &big5), traditional);
    }
    for name in ["UniGB-UCS2-H", "UniGB-UTF16-H", "UniCNS-UTF16-H", "UniCNS-UCS2-V"] {
        check(
            &one(|pdf| pdf.cid_font(&format!("/{name}"), "GB1", "", ""), utf16(SENTENCE)),
            SENTENCE,
        );
    }
}

#[test]
fn a_cmap_without_table_gives_unknown_characters_of_two_bytes() {
    check(
        &one(|pdf| pdf.cid_font("/CNS-EUC-H", "CNS1", "", ""), b"\xa4\xa4\xa4\xe5"),
        "\u{fffd}\u{fffd}",
    );
}

fn to_unicode(pdf: &mut Pdf, entries: &str) -> String {
    let stream =
        pdf.stream("", format!("1 begincodespacerange <0000> <ffff> endcodespacerange {entries}"));
    format!("/ToUnicode {stream}")
}

#[test]
fn to_unicode_is_asked_first() {
    let font = |pdf: &mut Pdf| {
        let unicode = to_unicode(
            pdf,
            "1 beginbfchar <0001> <53BF> endbfchar 2 beginbfrange <0002> <0003> <6CBB> \
             <0004> <0005> [<D840DC00> <00660069>] endbfrange",
        );
        pdf.cid_font("/Identity-H", "Identity", &unicode, "")
    };
    check(&one(font, b"\0\x01\0\x02\0\x03\0\x04\0\x05\0\x06"), "县治沼\u{20000}fi\u{fffd}");
}

#[test]
fn what_to_unicode_lacks_or_hides_comes_from_the_named_cmap() {
    let font = |pdf: &mut Pdf| {
        let unicode = to_unicode(pdf, "2 beginbfchar <53BF> <E000> <6CBB> <0000> endbfchar");
        pdf.cid_font("/UniGB-UCS2-H", "GB1", &unicode, "")
    };
    check(&one(font, utf16("县治理")), "县治理");
}

#[test]
fn private_use_is_unknown() {
    check(
        &one(|pdf| pdf.cid_font("/UniGB-UCS2-H", "GB1", "", ""), utf16("县\u{e123}")),
        "县\u{fffd}",
    );
}

#[test]
fn codes_without_unicode_are_read_from_the_embedded_font() {
    let font = |pdf: &mut Pdf| {
        let file = pdf.stream("", truetype(&[(3, '县'), (4, '治')]));
        let map = pdf.stream("", [0, 0, 0, 4, 0, 3]);
        let descriptor = pdf.object(format!("<</Type/FontDescriptor/FontFile2 {file}>>"));
        let more = format!("/FontDescriptor {descriptor}/CIDToGIDMap {map}");
        pdf.cid_font("/Identity-H", "Identity", "", &more)
    };
    check(&one(font, b"\0\x01\0\x02\0\x03"), "治县\u{fffd}");
}

#[test]
fn glyph_numbers_of_adobe_gb1_are_known_for_gb_2312() {
    let font = |pdf: &mut Pdf| pdf.cid_font("/Identity-H", "GB1", "", "");
    check(
        &one(font, [940_u16.to_be_bytes(), 4695_u16.to_be_bytes(), 34_u16.to_be_bytes()].concat()),
        "啊亍A",
    );
}

#[test]
fn a_cmap_in_the_file_may_build_on_a_named_one() {
    let font = |pdf: &mut Pdf| {
        let map = pdf.stream(
            "/Type/CMap/CMapName/Own",
            "/GBK-EUC-H usecmap 1 begincidchar <a1a1> 7 endcidchar",
        );
        pdf.cid_font(&map.to_string(), "GB1", "", "")
    };
    check(&one(font, GB18030.encode("县治a").0), "县治a");
}

#[test]
fn drawn_fonts_are_read_by_their_to_unicode() {
    let font = |pdf: &mut Pdf| {
        let unicode = to_unicode(pdf, "1 beginbfrange <01> <02> [<53BF> <6CBB>] endbfrange");
        let glyph = pdf.stream("", "0 0 m");
        pdf.object(format!(
            "<</Type/Font/Subtype/Type3/FontMatrix[.001 0 0 .001 0 0]/FontBBox[0 0 0 0]/FirstChar 1/LastChar 2\
             /Widths[1000 500]/CharProcs<</g1 {glyph}/g2 {glyph}>>\
             /Encoding<</Type/Encoding/Differences[1/g1/g2]>>{unicode}>>"
        ))
    };
    let bytes = one(font, [1, 2, 3]);
    check(&bytes, "县治\u{fffd}");
    let glyphs = &pages(&bytes).unwrap()[0].glyphs;
    assert_eq!(
        (glyphs[0].left, glyphs[1].left, glyphs[1].right, glyphs[1].size),
        (100.0, 110.0, 115.0, 10.0)
    );
}

#[test]
fn simple_fonts_are_read_by_encoding_and_differences() {
    let font = |pdf: &mut Pdf| {
        pdf.object(
            "<</Type/Font/Subtype/Type1/BaseFont/Own/Encoding<</BaseEncoding/WinAnsiEncoding\
             /Differences[1/uni53BF/g7 65/fi/Aacute]>>>>",
        )
    };
    check(&one(font, [1, 2, 65, 66, 67, 0x93]), "县\u{fffd}fiÁC“");
}

#[test]
fn a_type_1_file_says_its_encoding() {
    let font = |pdf: &mut Pdf| {
        let file = pdf.stream(
            "",
            "%!PS /Encoding 256 array dup 1 /uni53BF put dup 2 /A put readonly def eexec x",
        );
        let descriptor = pdf.object(format!("<</Type/FontDescriptor/FontFile {file}>>"));
        pdf.object(format!("<</Type/Font/Subtype/Type1/BaseFont/Own/FontDescriptor {descriptor}>>"))
    };
    check(&one(font, [1, 2]), "县A");
}

#[test]
fn codes_of_an_embedded_font_of_signs_are_no_latin_letters() {
    let font = |flags: u8, encoding: &str| {
        one(
            |pdf| {
                let file = pdf.stream("", [0; 4]);
                let descriptor =
                    pdf.object(format!("<</Type/FontDescriptor/Flags {flags}/FontFile2 {file}>>"));
                pdf.object(format!(
                    "<</Type/Font/Subtype/TrueType/BaseFont/ABCDEF+Song{encoding}/FontDescriptor {descriptor}>>"
                ))
            },
            b"!A",
        )
    };
    check(&font(4, ""), "\u{fffd}\u{fffd}");
    check(&font(4, "/Encoding/WinAnsiEncoding"), "!A");
    check(&font(32, ""), "!A");
}

#[test]
fn subsets_of_one_typeface_are_one_and_its_name_says_bold() {
    let mut pdf = Pdf::default();
    let names = ["/ABCDEF+Song", "/GHIJKL+Song", "/Song-Bold", "/#B4#D6#CB#CE"];
    let mut fonts = String::new();
    let mut content = String::new();
    for (at, name) in names.iter().enumerate() {
        let font = pdf.object(format!("<</Type/Font/Subtype/Type1/BaseFont{name}>>"));
        fonts.push_str(&format!("/F{at} {font}"));
        content.push_str(&format!("BT /F{at} 10 Tf {at}0 700 Td (a) Tj ET "));
    }
    pdf.page_with(content, &format!("/Font<<{fonts}>>"), "");
    let glyphs = &pages(&pdf.finish()).unwrap()[0].glyphs;
    let faces: Vec<_> = glyphs.iter().map(|glyph| (glyph.font, glyph.bold)).collect();
    assert_eq!(faces, [(0, false), (0, false), (1, true), (2, true)]);
}

#[test]
fn bullets_of_sign_fonts_are_bullets() {
    let font = |pdf: &mut Pdf| {
        pdf.object("<</Type/Font/Subtype/TrueType/BaseFont/ABCDEF+Wingdings/Encoding/None>>")
    };
    check(&one(|pdf| font(pdf), b"\x01"), "•");
}

#[test]
fn glyphs_stand_where_they_are_drawn() {
    let page = pages(&content(&shown(&han("县a治"), 100.0, 700.0, 10.0))).unwrap().remove(0);
    assert_eq!((page.number, page.width, page.height), (1, 595.0, 842.0));
    let [first, second, third] = page.glyphs.as_slice() else { panic!("{:?}", page.glyphs) };
    assert_eq!((first.left, first.right, first.baseline, first.size), (100.0, 110.0, 142.0, 10.0));
    assert!((first.top - 133.2).abs() < 0.01 && (first.bottom - 143.2).abs() < 0.01, "{first:?}");
    assert_eq!((second.left, second.right, third.left), (110.0, 115.0, 115.0));
    assert!(!first.vertical && !first.bold);
}

#[test]
fn all_ways_to_move_the_pen_are_followed() {
    let text = han("县");
    let bytes = content(&format!(
        "BT /F 10 Tf 14 TL 1 0 0 1 50 800 Tm {text} Tj T* {text} Tj 5 -20 TD {text} Tj {text} ' 3 2 {text} \" \
         50 Tz {text} Tj 100 Tz 0 Tc 4 Ts {text} Tj ET"
    ));
    let glyphs = &pages(&bytes).unwrap()[0].glyphs;
    let places: Vec<_> = glyphs.iter().map(|glyph| (glyph.left, 842.0 - glyph.baseline)).collect();
    assert_eq!(
        places,
        [
            (50.0, 800.0),
            (50.0, 786.0),
            (55.0, 766.0),
            (55.0, 746.0),
            (55.0, 726.0),
            (67.0, 726.0),
            (73.0, 730.0)
        ]
    );
}

#[test]
fn numbers_between_strings_move_the_pen_back() {
    let bytes = content(&format!(
        "BT /F 10 Tf 0 700 Td [{} -500 {} 1000] TJ {} Tj ET",
        han("县"),
        han("治"),
        han("理")
    ));
    let glyphs = &pages(&bytes).unwrap()[0].glyphs;
    let lefts: Vec<_> = glyphs.iter().map(|glyph| glyph.left).collect();
    assert_eq!(lefts, [0.0, 15.0, 15.0]);
}

#[test]
fn word_space_is_for_single_bytes_only() {
    let mut pdf = Pdf::default();
    let (latin, unicode) = (pdf.latin_font(), pdf.unicode_font());
    let fonts = format!("/Font<</L {latin}/F {unicode}>>");
    let content =
        format!("BT 20 Tw /L 10 Tf 0 700 Td ( a) Tj /F 10 Tf 0 -20 Td {} Tj ET", han(" 县"));
    pdf.page_with(content, &fonts, "");
    let glyphs = &pages(&pdf.finish()).unwrap()[0].glyphs;
    assert!((glyphs[1].left - 22.78).abs() < 0.01, "{:?}", glyphs[1]);
    assert_eq!(glyphs[3].left, 5.0);
}

#[test]
fn vertical_writing_runs_downwards() {
    let bytes = one(|pdf| pdf.cid_font("/UniGB-UCS2-V", "GB1", "", ""), utf16("县治"));
    let glyphs = &pages(&bytes).unwrap()[0].glyphs;
    let boxes: Vec<_> =
        glyphs.iter().map(|glyph| [glyph.left, glyph.top, glyph.right, glyph.bottom]).collect();
    for (found, wanted) in
        boxes.iter().flatten().zip([95.0, 142.0, 105.0, 152.0, 95.0, 152.0, 105.0, 162.0])
    {
        assert!((found - wanted).abs() < 0.01, "{boxes:?}");
    }
    assert!(glyphs[0].vertical);
}

#[test]
fn turned_pages_are_read_upright() {
    let mut pdf = Pdf::default();
    let font = pdf.unicode_font();
    // Upwards on the sheet is to the right once it is turned.
    let content = format!("BT /F 10 Tf 0 1 -1 0 300 100 Tm {} Tj ET", han("县治"));
    pdf.page_with(content, &format!("/Font<</F {font}>>"), "/Rotate 90/CropBox[0 50 500 842]");
    let page = pages(&pdf.finish()).unwrap().remove(0);
    assert_eq!((page.width, page.height), (792.0, 500.0));
    let places: Vec<_> = page.glyphs.iter().map(|glyph| (glyph.left, glyph.baseline)).collect();
    assert_eq!(places, [(50.0, 300.0), (60.0, 300.0)]);
}

#[test]
fn forms_are_drawn_where_they_are_called() {
    let mut pdf = Pdf::default();
    let font = pdf.unicode_font();
    let inner = pdf.stream(
        &format!(
            "/Type/XObject/Subtype/Form/Matrix[1 0 0 1 10 20]/Resources<</Font<</G {font}>>>>"
        ),
        format!("Q BT /G 10 Tf {} Tj ET q q", han("县")),
    );
    let content = format!("q 2 0 0 2 100 100 cm /X Do Q {}", shown(&han("治"), 0.0, 0.0, 10.0));
    pdf.page_with(content, &format!("/Font<</F {font}>>/XObject<</X {inner}>>"), "");
    let page = pages(&pdf.finish()).unwrap().remove(0);
    let places: Vec<_> =
        page.glyphs.iter().map(|glyph| (glyph.left, 842.0 - glyph.baseline, glyph.size)).collect();
    assert_eq!(places, [(120.0, 140.0, 20.0), (0.0, 0.0, 10.0)]);
}

#[test]
fn a_form_that_draws_itself_ends() {
    let mut pdf = Pdf::default();
    let font = pdf.unicode_font();
    let id = Id(4 + 1);
    let content = format!("{} /X Do /X Do", shown(&han("县"), 10.0, 10.0, 10.0));
    let form = pdf.stream(
        &format!(
            "/Subtype/Form/Matrix[1 0 0 1 20 0]/Resources<</Font<</F {font}>>/XObject<</X {id}>>>>"
        ),
        content,
    );
    assert_eq!(form, id);
    pdf.page_with("/X Do", &format!("/XObject<</X {form}>>"), "");
    assert!(text(&pdf.finish()).starts_with("县"));
}

#[test]
fn actual_text_stands_for_what_is_drawn() {
    let drawn = |mark: &str, shown: &str| {
        content(&format!(
            "BT /F 10 Tf 100 700 Td {mark} BDC {} Tj EMC {} Tj ET",
            han(shown),
            han("治")
        ))
    };
    check(&drawn("/Span<</ActualText<FEFF53BF57CE>>>", "一丁"), "县城治");
    check(&drawn("/Span<</ActualText<FEFF53BF57CE>>>", "一"), "县城治");
    check(&drawn("/Span<</ActualText()>>", "-"), "治");
    check(&drawn("/Span<</Lang(zh)>>", "县"), "县治");
    check(&drawn("/P", "县"), "县治");
}

#[test]
fn layers_that_are_off_are_not_read() {
    let mut pdf = Pdf::default();
    let font = pdf.unicode_font();
    let (off, on) = (pdf.object("<</Type/OCG/Name(x)>>"), pdf.object("<</Type/OCG/Name(y)>>"));
    pdf.catalog(&format!("/OCProperties<</OCGs[{off} {on}]/D<</OFF[{off}]>>>>"));
    let text = |text: &str| shown(&han(text), 100.0, 700.0, 10.0);
    let content = format!("/OC /A BDC {} EMC /OC /B BDC {} EMC", text("隐"), text("县"));
    pdf.page_with(content, &format!("/Font<</F {font}>>/Properties<</A {off}/B {on}>>"), "");
    check(&pdf.finish(), "县");
}

#[test]
fn invisible_text_of_a_scan_is_text() {
    let bytes =
        content(&format!("BI /W 1 /H 1 ID x EI 3 Tr {}", shown(&han("县"), 10.0, 10.0, 10.0)));
    check(&bytes, "县");
    assert!(pages(&bytes).unwrap()[0].covered > 0.0);
}

#[test]
fn what_is_drawn_twice_is_said_once() {
    let at = |x: f32| shown(&han("县治"), x, 700.0, 10.0);
    check(&content(&format!("{}{}{}", at(100.0), at(100.4), at(300.0))), "县治县治");
}

#[test]
fn text_beside_the_sheet_is_not_on_the_page() {
    let at = |x: f32, text: &str| shown(&han(text), x, 700.0, 10.0);
    check(&content(&format!("{}{}", at(-500.0, "外"), at(10.0, "县"))), "县");
}

/// The text of a file through the public door.
pub(super) fn extracted(bytes: &[u8]) -> Result<Extracted, ExtractError> {
    extract(bytes, &Limits::default())
}

pub(super) fn notes(extracted: &Extracted) -> Vec<String> {
    extracted.notes.iter().map(|note| format!("{}: {}", note.code, note.detail)).collect()
}

#[test]
fn page_numbers_beside_pictures_are_no_text() {
    let mut pdf = Pdf::default();
    let font = pdf.latin_font();
    for number in 1..=2 {
        let number = shown(&format!("(- {number} -)"), 290.0, 30.0, 10.0);
        pdf.page(format!("q 595 0 0 842 0 0 cm BI /W 1 ID x EI Q {number}"), font);
    }
    assert_eq!(extracted(&pdf.finish()), Err(ExtractError::Scanned { pages: 2 }));
}

#[test]
fn pages_of_pictures_are_a_scan() {
    let mut pdf = Pdf::default();
    for _ in 0..3 {
        pdf.page_with("", "", "");
    }
    assert_eq!(extracted(&pdf.finish()), Err(ExtractError::Scanned { pages: 3 }));
}

#[test]
fn some_pages_without_text_are_a_note() {
    let mut pdf = Pdf::default();
    let font = pdf.unicode_font();
    let picture = "q 500 0 0 600 40 40 cm BI /W 1 /H 1 ID x EI Q ";
    pdf.page(shown(&han("县推进治理，城乡共建四个一\u{e000}"), 10.0, 700.0, 10.0), font);
    pdf.page(picture, font);
    pdf.page_with("", "", "");
    pdf.page(format!("{picture}{}", shown(&han("第四页"), 10.0, 700.0, 10.0)), font);
    pdf.page("1 1 2 2 re f ".repeat(200), font);
    pdf.page("q 90 0 0 90 40 40 cm BI /W 1 /H 1 ID x EI Q 1 1 2 2 re f", font);
    let found = extracted(&pdf.finish()).unwrap();
    assert_eq!(found.unread_pages, [2, 4, 5]);
    assert_eq!(notes(&found), ["pages-without-text: 2, 4-5", "unmapped-characters: 1"]);
}

#[test]
fn fonts_that_say_nothing_are_refused() {
    let bytes = one(|pdf| pdf.cid_font("/Identity-H", "Identity", "", ""), [7; 40]);
    assert_eq!(extracted(&bytes), Err(ExtractError::Unmapped { percent: 100, pages: 1 }));
}

#[test]
fn a_title_is_taken_when_it_is_one() {
    let title = |title: &str| {
        let mut pdf = Pdf::default();
        let font = pdf.unicode_font();
        pdf.page(shown(&han("县"), 10.0, 700.0, 10.0), font);
        let info = pdf.object(format!(
            "<</Title {}/Author(x)/CreationDate(D:20200101)>>",
            hex([b"\xfe\xff".as_slice(), &utf16(title)].concat())
        ));
        pdf.trailer(&format!("/Info {info}"));
        extracted(&pdf.finish()).unwrap().metadata
    };
    let taken = title("示例县推进网格化管理");
    assert_eq!(
        (taken.title.as_deref(), taken.author, taken.date),
        (Some("示例县推进网格化管理"), None, None)
    );
    for other in [
        "Microsoft Word - 示例县工作报告.doc",
        "示例县工作报告.docx",
        "untitled",
        "C:\\工作报告全文",
        "2",
    ] {
        assert_eq!(title(other).title, None, "{other}");
    }
}

#[test]
fn a_title_in_the_xmp_packet_is_taken_too() {
    let mut pdf = Pdf::default();
    let font = pdf.unicode_font();
    pdf.page(shown(&han("县"), 10.0, 700.0, 10.0), font);
    let packet = "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">示例县推进治理</rdf:li></rdf:Alt></dc:title>";
    let metadata = pdf.stream("/Type/Metadata/Subtype/XML", packet);
    pdf.catalog(&format!("/Metadata {metadata}"));
    assert_eq!(extracted(&pdf.finish()).unwrap().metadata.title.as_deref(), Some("示例县推进治理"));
}

#[test]
fn more_pages_than_allowed_are_refused() {
    let mut pdf = Pdf::default();
    for _ in 0..5 {
        pdf.page_with("", "", "");
    }
    let limits = Limits { pages_max: 4, ..Limits::default() };
    let expected = OverLimit { limit: LimitName::Pages, max: 4, found: 4, exact: false };
    assert_eq!(extract(&pdf.finish(), &limits), Err(expected.into()));
}

mod hostile {
    use super::*;
    use proptest::prelude::*;
    use std::time::{Duration, Instant};

    fn small() -> Limits {
        Limits { unpacked_bytes_max: 1 << 20, ..Limits::default() }
    }

    /// A zlib stream of zero bytes, stored as a repeated block would be: here simply packed by lopdf.
    fn packed(bytes: usize) -> Vec<u8> {
        let mut stream = lopdf::Stream::new(lopdf::Dictionary::new(), vec![b' '; bytes]);
        stream.compress().unwrap();
        stream.content
    }

    #[track_caller]
    fn check_unpacked(bytes: &[u8]) {
        let error = extract(bytes, &small()).unwrap_err();
        assert!(
            matches!(
                error,
                ExtractError::OverLimit(OverLimit { limit: LimitName::UnpackedBytes, .. })
            ),
            "{error}"
        );
    }

    #[test]
    fn a_page_that_unpacks_to_too_much_is_refused() {
        let mut pdf = Pdf::default();
        let content = pdf.stream("/Filter/FlateDecode", packed(2 << 20));
        pdf.page_with("", "", &format!("/Contents {content}"));
        let bytes = pdf.finish();
        // The last entry of a dictionary counts.
        check_unpacked(&bytes);
    }

    #[test]
    fn objects_that_unpack_to_too_much_are_refused() {
        let mut pdf = Pdf::default();
        pdf.stream("/Type/ObjStm/N 1/First 4/Filter/FlateDecode", packed(2 << 20));
        pdf.page_with("", "", "");
        check_unpacked(&pdf.finish());
    }

    #[test]
    fn forms_that_draw_each_other_many_times_are_refused() {
        let mut pdf = Pdf::default();
        let mut next = pdf.stream("/Subtype/Form", "");
        for _ in 0..11 {
            let content = "/X Do ".repeat(30);
            next =
                pdf.stream(&format!("/Subtype/Form/Resources<</XObject<</X {next}>>>>"), content);
        }
        pdf.page_with("/X Do", &format!("/XObject<</X {next}>>"), "");
        check_unpacked(&pdf.finish());
    }

    #[track_caller]
    fn check_fast(bytes: &[u8]) {
        let start = Instant::now();
        drop(extracted(bytes));
        assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    }

    #[test]
    fn deep_states_marks_arrays_and_strings_end() {
        for part in ["q ", "BT ", "/P BMC ", "[", "<<", "(", "<", "/OC/A BDC "] {
            check_fast(&content(&part.repeat(100_000)));
        }
        let after = shown(&han("县"), 10.0, 700.0, 10.0);
        check(&content(&format!("{}{}{after}", "q ".repeat(100_000), "Q ".repeat(100_000))), "县");
        check(
            &content(&format!("{}{}{after}", "/P BMC ".repeat(10_000), "EMC ".repeat(10_000))),
            "县",
        );
    }

    #[test]
    fn an_array_of_a_hundred_thousand_strings_is_shown() {
        let string = han("县");
        let array = format!("{string} -1 ").repeat(100_000);
        let bytes = content(&format!("BT /F .001 Tf 100 700 Td [{array}] TJ ET"));
        assert_eq!(text(&bytes).chars().count(), 100_000);
    }

    #[test]
    fn a_page_tree_that_holds_itself_ends() {
        let mut pdf = Pdf::default();
        let font = pdf.unicode_font();
        pdf.page(shown(&han("县"), 10.0, 700.0, 10.0), font);
        let bytes = pdf.finish();
        let kids = memchr::memmem::find(&bytes, b"/Kids[6 0 R ").unwrap();
        let mut looped = bytes.clone();
        looped[kids + 6..kids + 11].copy_from_slice(b"2 0 R");
        // The tree gives nothing; the page is found without it.
        check(&looped, "县");
    }

    #[test]
    fn a_page_named_twice_is_read_once_and_the_fault_is_said() {
        let mut pdf = Pdf::default();
        let font = pdf.unicode_font();
        let page = pdf.page(shown(&han("示例县推进网格化管理。"), 10.0, 800.0, 10.0), font);
        pdf.page(shown(&han("一、云岭县办实事。"), 10.0, 800.0, 10.0), font);
        pdf.pages.extend([page.0, 2, page.0, page.0]);
        let found = extracted(&pdf.finish()).unwrap();
        assert_eq!(found.text, "示例县推进网格化管理。\n一、云岭县办实事。");
        assert!(found.blocks.iter().all(|block| block.role.is_none()));
        let note = |note: &Note| format!("{}: {}", note.code, note.detail);
        let notes: Vec<String> = found.notes.iter().map(note).collect();
        assert_eq!(notes, ["damaged-file: its tree of pages names a page more than once"]);
    }

    #[test]
    fn references_that_turn_in_circles_end() {
        let mut pdf = Pdf::default();
        let loops = Id(4);
        assert_eq!(pdf.object("4 0 R"), Id(3));
        assert_eq!(pdf.object("3 0 R"), loops);
        let font = pdf.cid_font(
            "/GBK-EUC-H",
            "GB1",
            &format!("/ToUnicode {loops}"),
            &format!("/W {loops}"),
        );
        pdf.page(shown(&hex(GB18030.encode("县").0), 10.0, 700.0, 10.0), font);
        check(&pdf.finish(), "县");
    }

    #[test]
    fn a_cross_reference_that_leads_to_itself_ends() {
        let bytes = content(&shown(&han("县"), 10.0, 700.0, 10.0));
        let start = memchr::memmem::find(&bytes, b"xref\n0").unwrap();
        let text = String::from_utf8_lossy(&bytes)
            .replace("/Root 1 0 R", &format!("/Root 1 0 R/Prev {start}"));
        check_fast(text.as_bytes());
    }

    #[test]
    fn a_file_cut_off_gives_the_pages_that_are_left() {
        let mut pdf = Pdf::default();
        let font = pdf.unicode_font();
        for text in ["县", "治", "理"] {
            pdf.page(shown(&han(text), 10.0, 700.0, 10.0), font);
        }
        let bytes = pdf.finish();
        let xref = memchr::memmem::find(&bytes, b"xref\n0").unwrap();
        check(&bytes[..xref], "县治理");
        let third = memchr::memmem::find(&bytes, b"9 0 obj").unwrap();
        check(&bytes[..third], "县治");
    }

    #[test]
    fn a_file_that_lost_its_root_gives_the_pages_that_are_left() {
        let bytes = content(&shown(&han("县推进"), 10.0, 700.0, 10.0));
        let bytes = String::from_utf8_lossy(&bytes);
        let (_, body) = bytes.split_once("endobj").unwrap();
        let (body, _) = body.split_once("xref").unwrap();
        let cut =
            extracted(format!("%PDF-1.4\n{body}\n9 0 obj\n<</Length 99>>stream\ncut").as_bytes())
                .unwrap();
        assert_eq!(cut.text, "县推进");
        let notes: Vec<_> = cut.notes.iter().map(|note| note.code.as_str()).collect();
        assert_eq!(notes, ["damaged-file"]);
    }

    #[test]
    fn what_is_no_pdf_is_damaged() {
        for bytes in [&b""[..], b"x", b"%PDF-1.4", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n", &[0; 1000]]
        {
            let error = extracted(bytes).unwrap_err();
            assert!(matches!(error, ExtractError::Damaged { .. }), "{error}");
        }
    }

    fn encrypted(owner_password: &str, user_password: &str) -> Vec<u8> {
        let mut pdf = Pdf::default();
        let font = pdf.unicode_font();
        pdf.page(shown(&han(SENTENCE), 10.0, 700.0, 10.0), font);
        pdf.trailer("/ID[<00112233445566778899aabbccddeeff><00112233445566778899aabbccddeeff>]");
        let mut document = lopdf::Document::load_mem(&pdf.finish()).unwrap();
        let version = lopdf::EncryptionVersion::V2 {
            document: &document,
            owner_password,
            user_password,
            key_length: 128,
            permissions: lopdf::Permissions::PRINTABLE,
        };
        let state = lopdf::EncryptionState::try_from(version).unwrap();
        document.encrypt(&state).unwrap();
        let mut bytes = Vec::new();
        document.save_to(&mut bytes).unwrap();
        bytes
    }

    #[test]
    fn a_file_that_only_its_owner_may_change_is_read() {
        check(&encrypted("owner", ""), SENTENCE);
    }

    #[test]
    fn a_file_that_needs_a_password_is_refused() {
        let error = extracted(&encrypted("owner", "user")).unwrap_err();
        assert!(matches!(error, ExtractError::Encrypted { .. }), "{error}");
    }

    fn sample() -> Vec<u8> {
        let mut pdf = Pdf::default();
        let unicode = to_unicode(&mut pdf, "1 beginbfrange <0001> <0009> <4E00> endbfrange");
        let fonts = [
            pdf.cid_font("/Identity-H", "Identity", &unicode, "/W[1[500 600] 3 9 700]"),
            pdf.cid_font("/GBK-EUC-V", "GB1", "", "/W2[1[500 600 700]]"),
            pdf.object("<</Type/Font/Subtype/Type1/Encoding<</Differences[1/A/uni4E00]>>/Widths[1 2 3]/FirstChar 1>>"),
        ];
        let form = pdf
            .stream("/Subtype/Form/Matrix[1 0 0 1 2 3]", "BT /F0 9 Tf [<0001> -20 <0002>] TJ ET");
        let content = "q 1 0 0 1 9 9 cm BT /F0 10 Tf 14 TL 1 0 0 1 50 800 Tm <00010002> Tj T* /F1 9 Tf (\\312\\276) ' \
                       /F2 8 Tf 1 2 (\\001\\002) \" ET Q /X Do /Span<</ActualText(x)>>BDC (a)Tj EMC BI /W 1 ID x EI";
        let resources = format!(
            "/Font<</F0 {}/F1 {}/F2 {}>>/XObject<</X {form}>>",
            fonts[0], fonts[1], fonts[2]
        );
        pdf.page_with(content, &resources, "/Rotate 90");
        pdf.finish()
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            drop(extracted(&bytes));
            drop(extracted(&[b"%PDF-1.7\n".as_slice(), &bytes].concat()));
        }

        #[test]
        fn any_content_is_read_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let mut pdf = Pdf::default();
            let font = pdf.unicode_font();
            pdf.page(&bytes, font);
            drop(extracted(&pdf.finish()));
        }

        #[test]
        fn a_changed_file_is_read_without_panic(changes in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..20)) {
            let mut bytes = sample();
            for (at, byte) in changes {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            drop(extracted(&bytes));
        }

        #[test]
        fn a_cut_file_is_read_without_panic(end in any::<proptest::sample::Index>()) {
            let bytes = sample();
            drop(extracted(&bytes[..end.index(bytes.len())]));
        }
    }
}
