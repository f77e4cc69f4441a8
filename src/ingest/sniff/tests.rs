//! One row for each format, and files whose name and content differ.

use super::*;
use crate::ingest::sniff::ole::tests::container;
use std::io::Write;

/// A ZIP file with these members.
fn zip_of(members: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = ::zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = ::zip::write::SimpleFileOptions::default()
        .compression_method(::zip::CompressionMethod::Stored);
    for (name, content) in members {
        writer.start_file(*name, options).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn utf16(text: &str) -> Vec<u8> {
    std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

#[track_caller]
fn check(bytes: &[u8], named: Option<Format>, expected: Format) {
    assert_eq!(sniff(bytes, named), Ok(expected));
}

/// The same whatever the name says.
#[track_caller]
fn check_any_name(bytes: &[u8], expected: Format) {
    for named in Format::ALL.into_iter().map(Some).chain([None]) {
        assert_eq!(sniff(bytes, named), Ok(expected), "named {named:?}");
    }
}

#[track_caller]
fn check_not_read(bytes: &[u8], expected: &str) {
    for named in Format::ALL.into_iter().map(Some).chain([None]) {
        let error = sniff(bytes, named).unwrap_err();
        assert_eq!(error.to_string(), format!("{expected} is not read"), "named {named:?}");
    }
}

fn tar_header(mark: &[u8]) -> Vec<u8> {
    let mut header = vec![0; TAR_HEADER_BYTES];
    header[..5].copy_from_slice(b"a.txt");
    header[257..257 + mark.len()].copy_from_slice(mark);
    header[148..156].fill(b' ');
    let sum: u32 = header.iter().map(|&byte| u32::from(byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    header
}

#[test]
fn packed_formats_are_known_whatever_their_name() {
    check_any_name(b"%PDF-1.4\n...", Format::Pdf);
    check_any_name(b"\x1F\x8B\x08\0\0\0\0\0\0\x03", Format::Gzip);
    check_any_name(b"\x28\xB5\x2F\xFD\0", Format::Zstd);
    check_any_name(b"\x50\x2A\x4D\x18\x01\0\0\0x\x28\xB5\x2F\xFD\0", Format::Zstd);
    check_any_name(&tar_header(b"ustar\0"), Format::Tar);
    check_any_name(&tar_header(b""), Format::Tar);
    check_any_name(&zip_of(&[("报告.txt", "")]), Format::Zip);
    check_any_name(&zip_of(&[]), Format::Zip);
    let package = |part: &str| zip_of(&[("[Content_Types].xml", ""), (part, "")]);
    check_any_name(&package("word/document.xml"), Format::Docx);
    check_any_name(&package("word/document2.xml"), Format::Docx);
    check_any_name(&package("word\\document.xml"), Format::Docx);
    check_any_name(&package("word/main.xml"), Format::Docx);
    check_any_name(&package("xl/workbook.xml"), Format::Sheet);
    check_any_name(&package("xl/workbook.bin"), Format::Sheet);
    let opendocument = |kind: &str| {
        let media_type = format!("application/vnd.oasis.opendocument.{kind}");
        zip_of(&[("mimetype", &media_type), ("content.xml", "")])
    };
    check_any_name(&opendocument("text"), Format::Odt);
    check_any_name(&opendocument("text-template"), Format::Odt);
    check_any_name(&opendocument("spreadsheet"), Format::Sheet);
    check_any_name(&container(&[("WordDocument", 0), ("1Table", 0)]), Format::Doc);
    check_any_name(&container(&[("Workbook", 0)]), Format::Sheet);
    check_any_name(&container(&[("Book", 0)]), Format::Sheet);
}

#[test]
fn a_document_with_a_sheet_in_it_is_a_document() {
    check_any_name(
        &container(&[("ObjectPool", 0), ("Workbook", 1), ("WordDocument", 0)]),
        Format::Doc,
    );
    check_any_name(&container(&[("MBD1", 0), ("WordDocument", 1), ("Workbook", 0)]), Format::Sheet);
}

#[test]
fn known_formats_that_are_not_read_are_named() {
    let package = |part: &str| zip_of(&[("[Content_Types].xml", ""), (part, "")]);
    check_not_read(&package("ppt/presentation.xml"), "a PowerPoint presentation (save it as PDF)");
    check_not_read(
        &zip_of(&[("mimetype", "application/epub+zip")]),
        "an EPUB book (convert it to HTML or DOCX)",
    );
    check_not_read(&zip_of(&[("OFD.xml", "")]), "an OFD document (save it as PDF)");
    let presentation = "application/vnd.oasis.opendocument.presentation";
    check_not_read(
        &zip_of(&[("mimetype", presentation)]),
        "an OpenDocument presentation (save it as PDF)",
    );
    check_not_read(
        &container(&[("PowerPoint Document", 0)]),
        "a PowerPoint presentation (save it as PDF)",
    );
    check_not_read(&container(&[("__properties_version1.0", 0)]), "an Outlook message");
    check_not_read(b"{\\rtf1\\ansi", "an RTF document (save it as DOCX)");
    check_not_read(b"7z\xBC\xAF\x27\x1C\0\x04", "a 7z archive (unpack it)");
    check_not_read(b"Rar!\x1A\x07\x01\0", "a RAR archive (unpack it)");
    check_not_read(b"\xFD7zXZ\0\0", "an xz archive (unpack it)");
    check_not_read(b"BZh91AY&SY", "a bzip2 archive (unpack it)");
    check_not_read(b"\x89PNG\r\n\x1A\n", "a PNG image");
    let word =
        "<?xml version=\"1.0\"?>\n<?mso-application progid=\"Word.Document\"?>\n<w:wordDocument>";
    check_not_read(word.as_bytes(), "a Word 2003 XML document (save it as DOCX)");
    check_not_read(&utf16(word), "a Word 2003 XML document (save it as DOCX)");
    check_not_read(
        b"<?xml version=\"1.0\"?><pkg:package xmlns:pkg=\"x\">",
        "a Flat OPC document (save it as DOCX)",
    );
    check_not_read(
        b"<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">",
        "an Excel 2003 XML sheet (save it as XLSX)",
    );
}

#[test]
fn an_unknown_old_office_file_is_a_document_if_its_name_says_so() {
    let bytes = container(&[("CONTENTS", 0)]);
    check(&bytes, Some(Format::Doc), Format::Doc);
    let error = sniff(&bytes, Some(Format::Sheet)).unwrap_err();
    assert_eq!(error.to_string(), "an old Office file of another kind is not read");
}

#[test]
fn an_encrypted_office_file_is_said_to_be_one() {
    let bytes = container(&[("EncryptionInfo", 0), ("EncryptedPackage", 0)]);
    let encrypted = |format| Err(ExtractError::Encrypted { format });
    assert_eq!(sniff(&bytes, Some(Format::Sheet)), encrypted(Format::Sheet));
    assert_eq!(sniff(&bytes, Some(Format::Doc)), encrypted(Format::Docx));
    assert_eq!(sniff(&bytes, None), encrypted(Format::Docx));
}

#[test]
fn pages_under_other_names_are_pages() {
    use Format::{Csv, Doc, Docx, Html, Markdown, Mhtml, Pdf, Plain, Sheet};
    for page in [
        "<!DOCTYPE html><p>治理",
        "\u{feff}\r\n <!-- saved -->\n<html lang=zh>",
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><!DOCTYPE HTML PUBLIC \"x\">",
        "<HTML>",
    ] {
        for named in [Plain, Markdown, Csv, Doc, Docx, Sheet, Pdf, Mhtml, Html] {
            check(page.as_bytes(), Some(named), Html);
            check(&utf16(page), Some(named), Html);
        }
        check(&encoding_rs::GBK.encode(page.trim_start_matches('\u{feff}')).0, None, Html);
    }
    check(b"<table border=1><tr>", Some(Sheet), Html);
    check(b"<table border=1><tr>", Some(Plain), Html);
    check(b"<table border=1><tr>", Some(Markdown), Markdown);
    check(b"<div align=center>", Some(Markdown), Markdown);
    check(b"<div class=a>", Some(Plain), Plain);
    check(b"<div xmlns:w=\"urn:schemas-microsoft-com:office:word\">", Some(Plain), Html);
    check(b"<div class=a>", Some(Doc), Html);
    check("<一>《标题》".as_bytes(), Some(Doc), Plain);
    check(b"<htmlx>", Some(Plain), Plain);
    check(b"<html>", Some(Format::Jsonl), Html);
}

#[test]
fn a_page_with_its_parts_begins_with_fields_of_a_mail() {
    use Format::{Doc, Html, Mhtml, Plain};
    let chrome = "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://example.org/\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\ttype=\"text/html\"\r\n\r\n--x";
    let word =
        "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=\"x\"\n\nThis is a page";
    for named in [Mhtml, Html, Doc, Plain] {
        check(chrome.as_bytes(), Some(named), Mhtml);
        check(word.as_bytes(), Some(named), Mhtml);
    }
    let mail = "MIME-Version: 1.0\nContent-Type: text/plain\n\nbody";
    check(mail.as_bytes(), Some(Plain), Plain);
    check(mail.as_bytes(), Some(Mhtml), Mhtml);
    check("Content-Type: multipart/related 是什么\n一种格式".as_bytes(), Some(Plain), Plain);
}

#[test]
fn text_is_what_its_name_says_and_under_a_packed_name_plain() {
    let text = "示例县推进网格化管理工作。\n".as_bytes();
    for named in Format::ALL {
        check(text, Some(named), if named.is_text() { named } else { Format::Plain });
    }
    check(text, None, Format::Plain);
    check(&encoding_rs::GBK.encode("示例县推进网格化管理工作").0, Some(Format::Doc), Format::Plain);
    check(&utf16("示例县推进网格化管理工作"), Some(Format::Docx), Format::Plain);
}

#[test]
fn a_text_about_pdf_is_text_and_a_pdf_behind_junk_is_a_pdf() {
    let text = "文件的第一行是 %PDF-1.4 这样的标记。\n".as_bytes();
    check(text, Some(Format::Plain), Format::Plain);
    check(b"\r\n\r\n%PDF-1.4\n...", Some(Format::Pdf), Format::Pdf);
    check(b"HTTP/1.1 200 OK\r\n\r\n%PDF-1.4\n...startxref\n9\n%%EOF", None, Format::Pdf);
}

#[test]
fn a_packed_name_over_other_bytes_is_damage_and_says_what_is_missing() {
    let bytes: Vec<u8> = (0..=255).cycle().skip(128).take(4096).collect();
    let message = |bytes: &[u8], named| sniff(bytes, Some(named)).unwrap_err().to_string();
    assert_eq!(message(&bytes, Format::Docx), "damaged docx: does not begin as a DOCX does");
    assert_eq!(message(&[0; 600], Format::Pdf), "damaged pdf: it holds only zero bytes");
    assert_eq!(message(b"", Format::Pdf), "damaged pdf: it is empty");
    check(b"", Some(Format::Markdown), Format::Markdown);
    check(b"", None, Format::Plain);
    // Text-like names are refused where bytes become text, which says at which byte.
    check(&bytes, Some(Format::Plain), Format::Plain);
}

#[test]
fn an_archive_cut_off_is_known_by_the_headers_in_it() {
    let docx = zip_of(&[("[Content_Types].xml", "x"), ("word/document.xml", "y")]);
    let cut = docx.get(..docx.len() - 30).unwrap();
    check(cut, Some(Format::Docx), Format::Docx);
    let archive = zip_of(&[("a.txt", "文字")]);
    check(archive.get(..archive.len() - 30).unwrap(), None, Format::Zip);
    let program = [b"MZ program".to_vec(), archive].concat();
    check(&program, Some(Format::Zip), Format::Zip);
}

#[test]
fn an_empty_tar_is_a_tar_by_its_name_only() {
    check(&[0; 1024], Some(Format::Tar), Format::Tar);
    assert!(sniff(&[0; 1024], Some(Format::Doc)).is_err());
}

#[test]
fn a_difference_is_noted() {
    let note = differs(Some(Format::Doc), Format::Html).unwrap();
    assert_eq!(
        (note.code.as_str(), note.detail.as_str()),
        ("format-by-content", "named doc, is html")
    );
    assert_eq!(differs(Some(Format::Doc), Format::Doc), None);
    assert_eq!(differs(None, Format::Doc), None);
}

#[test]
fn any_bytes_have_an_answer() {
    let seeds = [
        zip_of(&[("[Content_Types].xml", "x"), ("word/document.xml", "y")]),
        container(&[("ObjectPool", 0), ("Workbook", 1), ("WordDocument", 0)]),
        tar_header(b"ustar\0"),
        b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n".to_vec(),
        b"<?xml version=\"1.0\"?><!-- x --><html>".to_vec(),
    ];
    for seed in &seeds {
        for at in 0..seed.len() {
            let mut bytes = seed.clone();
            for value in [0, 0xFF] {
                bytes[at] = value;
                let _answer = sniff(&bytes, Some(Format::Docx));
            }
            let _answer = sniff(&seed[..at], None);
        }
    }
}

#[test]
fn what_is_named_jsonl_may_be_something_else() {
    for start in [
        b"%PDF-1.4\n%abc\n{".as_slice(),
        GZIP,
        OLE,
        b"{\\rtf1 ",
        b"<html><p>",
        b"\x89PNG\r\n\x1a\n",
    ] {
        assert_eq!(is_misnamed_records(start), start[0] != b'{', "{start:?}");
    }
    for start in ["", "{\"text\": \"%PDF-1.4\"}", "\u{feff} {\"text\": \"<html>\"}", "12\n{}", "甲"]
    {
        assert!(!is_misnamed_records(start.as_bytes()), "{start}");
    }
}
