//! Archives written by the tests: names, refusals, bombs, nesting, damage.

use crate::ingest::archive::{Member, members};
use crate::ingest::extract::ExtractError;
use crate::ingest::limits::Limits;
use crate::ingest::reports::pieces;
use crate::ingest::{Format, ReadOptions};
use encoding_rs::{BIG5, GBK};
use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder};
use std::io::{Cursor, Write};
use std::time::{Duration, Instant};

const TEXT: &str = "示例县推进网格化管理，把办事窗口开到群众家门口。";

/// A member of a ZIP file as it is to be written; what is odd about it is set by the test.
#[derive(Clone)]
struct Entry {
    name: Vec<u8>,
    flags: u16,
    method: u16,
    data: Vec<u8>,
    crc: u32,
    unpacked_bytes: u32,
    extra: Vec<u8>,
    system: u8,
    attributes: u32,
    /// Stands where the member before it stands.
    is_overlapping: bool,
}

impl Entry {
    fn new(name: impl AsRef<[u8]>, content: &[u8]) -> Self {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(content).unwrap();
        let mut crc = flate2::Crc::new();
        crc.update(content);
        Self {
            name: name.as_ref().to_vec(),
            flags: 0,
            method: 8,
            data: encoder.finish().unwrap(),
            crc: crc.sum(),
            unpacked_bytes: u32::try_from(content.len()).unwrap(),
            extra: Vec::new(),
            system: 0,
            attributes: 0,
            is_overlapping: false,
        }
    }

    fn text(name: impl AsRef<[u8]>) -> Self {
        Self::new(name, TEXT.as_bytes())
    }

    fn unix(self, mode: u32) -> Self {
        Self { system: 3, attributes: mode << 16, ..self }
    }

    /// The fields that the local header and the directory share.
    fn shared_fields(&self) -> Vec<u8> {
        let length = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap();
        let mut bytes = Vec::new();
        bytes.extend(20_u16.to_le_bytes());
        bytes.extend(self.flags.to_le_bytes());
        bytes.extend(self.method.to_le_bytes());
        bytes.extend([0; 4]);
        for number in [self.crc, length(&self.data), self.unpacked_bytes] {
            bytes.extend(number.to_le_bytes());
        }
        for part in [&self.name, &self.extra] {
            bytes.extend(u16::try_from(part.len()).unwrap().to_le_bytes());
        }
        bytes
    }
}

fn zip_of(entries: &[Entry]) -> Vec<u8> {
    let (mut bytes, mut directory, mut at) = (Vec::new(), Vec::new(), 0_u32);
    for entry in entries {
        if !entry.is_overlapping {
            at = u32::try_from(bytes.len()).unwrap();
            bytes.extend(b"PK\x03\x04");
            bytes.extend(entry.shared_fields());
            bytes.extend(&entry.name);
            bytes.extend(&entry.extra);
            bytes.extend(&entry.data);
        }
        directory.extend(b"PK\x01\x02\x14");
        directory.push(entry.system);
        directory.extend(entry.shared_fields());
        directory.extend([0; 6]);
        directory.extend(entry.attributes.to_le_bytes());
        directory.extend(at.to_le_bytes());
        directory.extend(&entry.name);
        directory.extend(&entry.extra);
    }
    let count = u16::try_from(entries.len() % 65_536).unwrap().to_le_bytes();
    let size = u32::try_from(directory.len()).unwrap().to_le_bytes();
    let offset = u32::try_from(bytes.len()).unwrap().to_le_bytes();
    bytes.extend(directory);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    for part in [count.as_slice(), &count, &size, &offset, &[0, 0]] {
        bytes.extend(part);
    }
    bytes
}

fn tar_of(members: &[(&[u8], &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, content) in members {
        let mut header = tar::Header::new_ustar();
        header.as_old_mut().name[..name.len()].copy_from_slice(name);
        append(&mut builder, header, content);
    }
    builder.into_inner().unwrap()
}

fn append(builder: &mut tar::Builder<Vec<u8>>, mut header: tar::Header, content: &[u8]) {
    header.set_size(u64::try_from(content.len()).unwrap());
    header.set_mode(0o644);
    header.set_cksum();
    builder.append(&header, content).unwrap();
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn zstd(content: &[u8]) -> Vec<u8> {
    ::zstd::stream::encode_all(content, 1).unwrap()
}

/// Everything an archive gives, and what it counts.
struct Opened {
    members: Vec<Member>,
    not_read: Vec<(String, usize)>,
    error: Option<ExtractError>,
}

fn opened(bytes: &[u8], format: Format, file_name: &str, limits: &Limits) -> Opened {
    let mut given = Vec::new();
    let result = members(bytes, format, file_name, limits, &mut |member| {
        given.push(member);
        true
    });
    let (not_read, error) = match result {
        Ok(not_read) => (not_read, None),
        Err(error) => (Vec::new(), Some(error)),
    };
    Opened { members: given, not_read, error }
}

impl Opened {
    /// `name` of a member with content, `name: reason` of one without.
    fn lines(&self) -> Vec<String> {
        let line = |member: &Member| match &member.content {
            Ok(_) => member.name.clone(),
            Err(error) => format!("{}: {error}", member.name),
        };
        let members = self.members.iter().map(line);
        members.chain(self.error.as_ref().map(ToString::to_string)).collect()
    }
}

#[track_caller]
fn check_with(limits: &Limits, bytes: &[u8], format: Format, expected: &[&str]) -> Opened {
    let opened = opened(bytes, format, "外.txt", limits);
    assert_eq!(opened.lines(), expected);
    opened
}

#[track_caller]
fn check(bytes: &[u8], format: Format, expected: &[&str]) -> Opened {
    check_with(&Limits::default(), bytes, format, expected)
}

#[track_caller]
fn check_text(opened: &Opened) {
    for member in &opened.members {
        assert_eq!(member.content.as_deref().unwrap(), TEXT.as_bytes(), "{}", member.name);
    }
}

#[test]
fn members_come_in_the_order_of_the_archive() {
    let names = ["b.txt", "某县/a.txt", "报告"];
    let entries = names.map(Entry::text);
    check_text(&check(&zip_of(&entries), Format::Zip, &names));
    let raw = names.map(|name| (name.as_bytes(), TEXT.as_bytes()));
    let tar = tar_of(&raw);
    check_text(&check(&tar, Format::Tar, &names));
    check_text(&check(&gzip(&tar), Format::Gzip, &names));
    check_text(&check(&zstd(&tar), Format::Zstd, &names));
}

#[test]
fn reading_stops_when_the_caller_has_enough() {
    let bytes = zip_of(&["a.txt", "b.txt"].map(Entry::text));
    let mut count = 0;
    members(&bytes, Format::Zip, "a.zip", &Limits::default(), &mut |_| {
        count += 1;
        false
    })
    .unwrap();
    assert_eq!(count, 1);
}

#[test]
fn reports_are_taken_out_of_members_by_their_content() {
    let entries = [
        Entry::new("a.doc", "<html><body><p>治理</p></body></html>".as_bytes()),
        Entry::new("b.jsonl", "{\"text\":\"前\"}\n{\"text\":\"后\"}\n".as_bytes()),
        Entry::new("c.docx", TEXT.as_bytes()),
        Entry::new("d.docx", &[0, 1, 2, 3]),
        Entry::new("e.txt", b"{\\rtf1}"),
    ];
    let mut given = Vec::new();
    let options = ReadOptions::default();
    pieces(&zip_of(&entries), "外.zip", Some(Format::Plain), &options, &mut |piece| {
        let taken =
            piece.taken.map(|taken| taken.extracted.text).map_err(|error| error.to_string());
        given.push((piece.member.unwrap_or_default(), piece.format, taken));
        true
    })
    .unwrap();
    let expected = [
        ("a.doc", Format::Html, Ok("治理")),
        ("b.jsonl", Format::Jsonl, Ok("前")),
        ("b.jsonl", Format::Jsonl, Ok("后")),
        ("c.docx", Format::Plain, Ok(TEXT)),
        ("d.docx", Format::Docx, Err("damaged docx: does not begin as a DOCX does")),
        ("e.txt", Format::Plain, Err("an RTF document (save it as DOCX) is not read")),
    ]
    .map(|(name, format, taken)| {
        (name.to_owned(), format, taken.map(str::to_owned).map_err(str::to_owned))
    });
    assert_eq!(given, expected);
}

#[test]
fn an_empty_archive_gives_nothing() {
    check(&zip_of(&[]), Format::Zip, &[]);
    check(&tar_of(&[]), Format::Tar, &[]);
    let bytes = gzip(&tar_of(&[]));
    assert_eq!(opened(&bytes, Format::Gzip, "空.tar.gz", &Limits::default()).lines(), [""; 0]);
}

#[test]
fn names_are_decoded_by_flag_by_extra_field_or_all_together() {
    let names = ["示例县/基层治理工作报告.txt", "示例县/网格化.txt", "情况.txt"];
    let gbk = names.map(|name| Entry::text(GBK.encode(name).0));
    check(&zip_of(&gbk), Format::Zip, &names);
    let traditional = ["示例縣/基層治理工作報告.txt", "示例縣/網格化.txt"];
    check(
        &zip_of(&traditional.map(|name| Entry::text(BIG5.encode(name).0))),
        Format::Zip,
        &traditional,
    );
    let flagged = names.map(|name| Entry { flags: 1 << 11, ..Entry::text(name) });
    check(&zip_of(&flagged), Format::Zip, &names);
    let wrongly = names.map(|name| Entry { flags: 1 << 11, ..Entry::text(GBK.encode(name).0) });
    check(&zip_of(&wrongly), Format::Zip, &names);
    check(&zip_of(&names.map(Entry::text)), Format::Zip, &names);
    let raw = names.map(|name| GBK.encode(name).0.into_owned());
    let tar: Vec<_> = raw.iter().map(|name| (name.as_slice(), TEXT.as_bytes())).collect();
    check(&tar_of(&tar), Format::Tar, &names);

    let with_path = |name: &[u8], crc_of: &[u8], path: &str| {
        let mut crc = flate2::Crc::new();
        crc.update(crc_of);
        let size = u16::try_from(5 + path.len()).unwrap().to_le_bytes();
        let extra =
            [&[0x75, 0x70], size.as_slice(), &[1], &crc.sum().to_le_bytes(), path.as_bytes()];
        Entry { extra: extra.concat(), ..Entry::text(name) }
    };
    let entries =
        [with_path(b"__.txt", b"__.txt", "报告.txt"), with_path(b"new.txt", b"old.txt", "旧.txt")];
    check(&zip_of(&entries), Format::Zip, &["报告.txt", "new.txt"]);
}

#[test]
fn long_names_of_tar_are_read_in_both_of_their_forms() {
    let name = format!("{}/报告.txt", "目录".repeat(60));
    let mut builder = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(u64::try_from(TEXT.len()).unwrap());
    header.set_cksum();
    builder.append_data(&mut header, &name, TEXT.as_bytes()).unwrap();
    check_text(&check(&builder.into_inner().unwrap(), Format::Tar, &[&name]));

    let mut builder = tar::Builder::new(Vec::new());
    builder.append_pax_extensions([("path", name.as_bytes())]).unwrap();
    let mut header = tar::Header::new_ustar();
    header.set_path("short.txt").unwrap();
    append(&mut builder, header, TEXT.as_bytes());
    check_text(&check(&builder.into_inner().unwrap(), Format::Tar, &[&name]));
}

#[test]
fn members_that_lead_elsewhere_or_are_no_files_are_refused() {
    let entries = [
        Entry::text("../a.txt"),
        Entry::text("..\\b.txt"),
        Entry::text("/etc/c.txt"),
        Entry::text("C:\\d.txt"),
        Entry::text("e.txt").unix(0o120_777),
        Entry::text("f.txt").unix(0o010_644),
        Entry { flags: 1, ..Entry::text("g.txt") },
        Entry { method: 14, ..Entry::text("h.txt") },
        Entry { method: 200, ..Entry::text("i.txt") },
        Entry { crc: 1, ..Entry::text("j.txt") },
        Entry { unpacked_bytes: 3, ..Entry::text("k.txt") },
        Entry { data: vec![0xFF; 9], ..Entry::text("l.txt") },
        Entry::text("m\0.txt"),
        Entry::text("n.txt").unix(0o100_644),
    ];
    check(
        &zip_of(&entries),
        Format::Zip,
        &[
            "../a.txt: refused: its name leads out of the archive",
            "../b.txt: refused: its name leads out of the archive",
            "/etc/c.txt: refused: its name is absolute",
            "C:/d.txt: refused: its name is absolute",
            "e.txt: refused: it is a link, which is not followed",
            "f.txt: refused: it is a device, pipe or socket",
            "g.txt: encrypted zip: save it without a password",
            "h.txt: a member compressed with LZMA (method 14) is not read",
            "i.txt: a member compressed with method 200 is not read",
            "j.txt: damaged zip: its checksum is wrong",
            "k.txt: damaged zip: it says to have 3 bytes and has 72",
            "l.txt: damaged zip: what is packed in it cannot be unpacked",
            "m␀.txt",
            "n.txt",
        ],
    );
}

#[test]
fn links_and_devices_in_a_tar_are_refused() {
    let mut builder = tar::Builder::new(Vec::new());
    let kinds = [
        (tar::EntryType::Symlink, "a.txt"),
        (tar::EntryType::Link, "b.txt"),
        (tar::EntryType::Char, "c.txt"),
        (tar::EntryType::Fifo, "d.txt"),
        (tar::EntryType::Directory, "e.txt"),
        (tar::EntryType::Regular, "f.txt"),
    ];
    for (kind, name) in kinds {
        let mut header = tar::Header::new_ustar();
        header.set_path(name).unwrap();
        header.set_entry_type(kind);
        if kind != tar::EntryType::Directory {
            header.set_link_name("/etc/passwd").unwrap();
        }
        append(&mut builder, header, b"");
    }
    check(
        &builder.into_inner().unwrap(),
        Format::Tar,
        &[
            "a.txt: refused: it is a link, which is not followed",
            "b.txt: refused: it is a link, which is not followed",
            "c.txt: refused: it is a device, pipe or socket",
            "d.txt: refused: it is a device, pipe or socket",
            "f.txt",
        ],
    );
}

#[test]
fn what_the_walk_skips_is_skipped_and_other_formats_are_counted() {
    let picture = b"\x89PNG\r\n\x1A\n....";
    let entries = [
        Entry::text("d/"),
        Entry::text(".DS_Store"),
        Entry::text("__MACOSX/._a.txt"),
        Entry::text("d/页_files/x.html"),
        Entry::text("d/页.html"),
        Entry::new("1.jpg", picture),
        Entry { crc: 1, ..Entry::new("../2.JPG", picture) },
        Entry::text("style.css"),
        Entry::new("扫描", picture),
        Entry::new("slides.pptx", b"PK\x03\x04"),
        Entry::new("download.dat", b"%PDF-1.4"),
        Entry::new("page.php", b"<!DOCTYPE html>"),
        Entry::new("report", b"%PDF-1.4"),
    ];
    let opened =
        check(&zip_of(&entries), Format::Zip, &["d/页.html", "download.dat", "page.php", "report"]);
    let counted = [("", 1), ("css", 1), ("jpg", 2), ("pptx", 1)];
    assert_eq!(opened.not_read, counted.map(|(extension, count)| (extension.to_owned(), count)));
}

#[test]
fn a_companion_folder_is_skipped_also_when_its_page_comes_later() {
    let names: [&[u8]; 3] = ["页_files/x.html".as_bytes(), "页.html".as_bytes(), b"b_files/y.html"];
    let tar = tar_of(&names.map(|name| (name, TEXT.as_bytes())));
    check(&tar, Format::Tar, &["页.html", "b_files/y.html"]);
}

#[test]
fn members_of_one_name_are_kept_apart() {
    let bytes = zip_of(&["a.txt", "a.txt", "d\\a.txt", "d/a.txt"].map(Entry::text));
    check(&bytes, Format::Zip, &["a.txt", "a#2.txt", "d/a.txt", "d/a#2.txt"]);
}

#[test]
fn a_compressed_file_is_called_as_it_was_or_after_the_file() {
    let name = |bytes: &[u8], format, file_name: &str| {
        let opened = opened(bytes, format, file_name, &Limits::default());
        opened.lines().join(" ")
    };
    let plain = gzip(TEXT.as_bytes());
    assert_eq!(name(&plain, Format::Gzip, "报告.txt.gz"), "报告.txt");
    assert_eq!(name(&plain, Format::Gzip, "报告.md.GZ"), "报告.md");
    assert_eq!(name(&plain, Format::Gzip, "报告"), "报告");
    assert_eq!(name(&zstd(TEXT.as_bytes()), Format::Zstd, "报告.txt.zst"), "报告.txt");
    let named = |own: &[u8]| {
        let builder = flate2::GzBuilder::new().filename(own);
        let mut encoder = builder.write(Vec::new(), Compression::fast());
        encoder.write_all(TEXT.as_bytes()).unwrap();
        encoder.finish().unwrap()
    };
    assert_eq!(
        name(&named(&GBK.encode("某县报告.csv").0), Format::Gzip, "a.txt.gz"),
        "某县报告.csv"
    );
    assert_eq!(name(&named(b"/tmp/tmp4711"), Format::Gzip, "a.txt.gz"), "a.txt");
    assert_eq!(name(&named(b"../x.txt"), Format::Gzip, "a.gz"), "x.txt");
}

#[test]
fn gzip_files_one_behind_the_other_are_one_and_zeros_behind_them_nothing() {
    let (first, second) = TEXT.as_bytes().split_at(20);
    let bytes = [gzip(first), gzip(second), vec![0; 100]].concat();
    check_text(&check(&bytes, Format::Gzip, &["外.txt"]));
    let bytes = [zstd(first), zstd(second)].concat();
    check_text(&check(&bytes, Format::Zstd, &["外.txt"]));
}

#[test]
fn an_archive_in_an_archive_is_read_and_a_deeper_one_refused() {
    let inner = zip_of(&[Entry::text("c.txt"), Entry::text("c.txt")]);
    let tar = gzip(&tar_of(&[(b"d.txt", TEXT.as_bytes())]));
    let middle = zip_of(&[Entry::new("deep.zip", &inner), Entry::text("e.txt")]);
    let outer = zip_of(&[
        Entry::new("b.zip", &inner),
        Entry::new("t.tar.gz", &tar),
        Entry::new("f.txt.gz", &gzip(TEXT.as_bytes())),
        Entry::new("m.zip", &middle),
        Entry::new("broken.zip", b"PK\x03\x04"),
    ]);
    check(
        &outer,
        Format::Zip,
        &[
            "b.zip!/c.txt",
            "b.zip!/c#2.txt",
            "t.tar.gz!/d.txt",
            "f.txt.gz!/f.txt",
            "m.zip!/deep.zip: lies 2 archives deep, the limit is 1 archive deep (--max-nesting raises it)",
            "m.zip!/e.txt",
            "broken.zip: damaged zip: its end is missing, and with it the directory; members that begin in it: 0",
        ],
    );
    let none = Limits { nesting_max: 0, ..Limits::default() };
    let lines = opened(&outer, Format::Zip, "a.zip", &none).lines();
    assert!(lines.iter().all(|line| line.contains("--max-nesting")), "{lines:?}");
    let deep = Limits { nesting_max: 2, ..Limits::default() };
    let lines = opened(&outer, Format::Zip, "a.zip", &deep).lines();
    assert!(lines.contains(&"m.zip!/deep.zip!/c.txt".to_owned()), "{lines:?}");
}

#[test]
fn too_large_a_member_is_refused_and_the_next_one_read() {
    let limits = Limits { file_bytes_max: 100, ..Limits::default() };
    let large = TEXT.repeat(2);
    let entries = [
        Entry::new("a.jsonl", large.as_bytes()),
        Entry { unpacked_bytes: 50, ..Entry::new("b.txt", large.as_bytes()) },
        Entry::text("c.txt"),
    ];
    check_with(
        &limits,
        &zip_of(&entries),
        Format::Zip,
        &[
            "a.jsonl: has 144 bytes, the limit is 100 bytes (--max-file-bytes raises it)",
            "b.txt: has more than 100 bytes (--max-file-bytes raises the limit)",
            "c.txt",
        ],
    );
    let tar = tar_of(&[(b"a.txt", large.as_bytes()), (b"c.txt", TEXT.as_bytes())]);
    check_with(
        &limits,
        &gzip(&tar),
        Format::Gzip,
        &["a.txt: has 144 bytes, the limit is 100 bytes (--max-file-bytes raises it)", "c.txt"],
    );
}

#[test]
fn when_the_total_is_met_the_members_behind_it_are_counted() {
    let limits = Limits { unpacked_bytes_max: 100, ..Limits::default() };
    let over = "unpacks to more than 100 bytes (--max-unpacked-bytes raises the limit)";
    let rest = |met: &str, count: usize| {
        let further = format!("*: {count} further members: {over}");
        ["a.txt".to_owned(), format!("{met}: {over}"), further]
    };
    let bytes = zip_of(&["a.txt", "b.txt", "c.txt", "d.txt"].map(Entry::text));
    assert_eq!(opened(&bytes, Format::Zip, "a.zip", &limits).lines(), rest("b.txt", 2));
    // The total counts over all levels.
    let outer = zip_of(&[
        Entry::text("a.txt"),
        Entry::new("b.zip", &zip_of(&[Entry::text("x.txt")])),
        Entry::text("c.txt"),
    ]);
    assert_eq!(opened(&outer, Format::Zip, "a.zip", &limits).lines(), rest("b.zip", 1));
    // A stream does not say what follows.
    let tar =
        tar_of(&[b"a.txt".as_slice(), b"b.txt", b"c.txt"].map(|name| (name, TEXT.as_bytes())));
    let limits = Limits { unpacked_bytes_max: 1200, ..limits };
    let lines = opened(&gzip(&tar), Format::Gzip, "a.tar.gz", &limits).lines();
    assert_eq!(lines[0], "a.txt");
    assert!(lines[lines.len() - 1].starts_with("*: unpacks to more than 1200 bytes"), "{lines:?}");
}

#[test]
fn members_above_their_number_are_one_entry() {
    let limits = Limits { members_max: 2, ..Limits::default() };
    let over = "*: has more than 2 members (--max-members raises the limit)";
    let names = ["a.txt", "b.txt", "c.txt", "d.txt"];
    check_with(&limits, &zip_of(&names.map(Entry::text)), Format::Zip, &["a.txt", "b.txt", over]);
    let tar = tar_of(&names.map(|name| (name.as_bytes(), TEXT.as_bytes())));
    check_with(&limits, &tar, Format::Tar, &["a.txt", "b.txt", over]);
    // The members of an archive inside count too.
    let outer =
        zip_of(&[Entry::new("b.zip", &zip_of(&names.map(Entry::text))), Entry::text("c.txt")]);
    let lines = opened(&outer, Format::Zip, "a.zip", &limits).lines();
    assert_eq!(lines[..2], ["b.zip!/a.txt".to_owned(), format!("b.zip!/{over}")]);
    assert_eq!(lines[2], over);
    // A TAR inside that ends exactly at the limit is read as a whole, and one that goes on beyond it is not.
    let tar = |names: &[&str]| {
        let members: Vec<_> = names.iter().map(|name| (name.as_bytes(), TEXT.as_bytes())).collect();
        zip_of(&[Entry::new("b.tar", &tar_of(&members))])
    };
    let limits = Limits { members_max: 3, ..limits };
    check_with(&limits, &tar(&names[..2]), Format::Zip, &["b.tar!/a.txt", "b.tar!/b.txt"]);
    let over = over.replace('2', "3");
    let over = format!("b.tar!/{over}");
    check_with(&limits, &tar(&names[..3]), Format::Zip, &["b.tar!/a.txt", "b.tar!/b.txt", &over]);
}

#[test]
fn a_gibibyte_of_zeros_is_stopped_early() {
    // Packed once and repeated: each format allows pieces one behind the other.
    let zeros = vec![0; 16 << 20];
    let mut deflated = DeflateEncoder::new(Vec::new(), Compression::best());
    deflated.write_all(&zeros).unwrap();
    deflated.flush().unwrap();
    let deflated = [deflated.get_ref().repeat(64), b"\x03\0".to_vec()].concat();
    let lies = Entry { data: deflated, unpacked_bytes: 10, ..Entry::text("a.txt") };
    let archive = zip_of(&[lies, Entry::text("b.txt")]);
    let (gzipped, packed) = (gzip(&zeros).repeat(64), zstd(&zeros).repeat(64));

    let start = Instant::now();
    let size = "has more than 64 MiB (--max-file-bytes raises the limit)";
    let ratio = "unpacks to more than 200 times its size (--max-ratio raises the limit)";
    check(&archive, Format::Zip, &[&format!("a.txt: {size}"), "b.txt"]);
    check(&gzipped, Format::Gzip, &[&format!("外.txt: {size}")]);
    check(&packed, Format::Zstd, &[&format!("外.txt: {ratio}")]);
    // Also where nothing says that it might be a report.
    let bare = opened(&zstd(&zeros).repeat(2), Format::Zstd, "外", &Limits::default());
    assert_eq!(bare.lines(), [format!("外: {ratio}")]);
    // Packed it is large enough to fill what a file may have: the beginning tells.
    let mut dense = GzEncoder::new(Vec::new(), Compression::best());
    dense.write_all(&zeros).unwrap();
    let dense = dense.finish().unwrap().repeat(64);
    for (bomb, format) in [(&dense, Format::Gzip), (&zstd(&zeros).repeat(1_024), Format::Zstd)] {
        assert!(bomb.len() > (64 << 20) / 200);
        let bare = opened(bomb, format, "外", &Limits::default());
        assert_eq!(bare.lines(), [format!("外: {ratio}")], "{format}");
    }
    let larger =
        Limits { file_bytes_max: 1 << 40, unpacked_bytes_max: 1 << 40, ..Limits::default() };
    check_with(&larger, &archive, Format::Zip, &[&format!("a.txt: {ratio}"), "b.txt"]);
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
}

#[test]
fn many_members_over_one_stream_of_bytes_are_stopped_by_the_total() {
    // Packed 100 times, below the ratio, and named a thousand times.
    let mut content = vec![b'a'; 1 << 20];
    let mut state = 1_u32;
    for byte in content.iter_mut().step_by(110) {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        *byte = state.to_le_bytes()[3];
    }
    let first = Entry::new("0.txt", &content);
    let mut entries = vec![first.clone()];
    for number in 1..1000 {
        let name = format!("{number}.txt").into_bytes();
        entries.push(Entry { name, is_overlapping: true, ..first.clone() });
    }
    let limits = Limits { unpacked_bytes_max: 8 << 20, ..Limits::default() };
    let opened = opened(&zip_of(&entries), Format::Zip, "a.zip", &limits);
    // Eight that are read, the one that meets the limit, and one for all behind it.
    assert_eq!(opened.members.len(), 10);
    assert!(opened.lines()[9].starts_with("*: 991 further members: "));
    let read = opened.members.iter().filter(|member| member.content.is_ok()).count();
    assert_eq!(read, 8);
}

#[test]
fn an_archive_with_more_members_than_its_record_can_count_is_bounded() {
    let first =
        Entry { method: 0, data: Vec::new(), crc: 0, unpacked_bytes: 0, ..Entry::text("a.txt") };
    let entries = vec![Entry { is_overlapping: true, ..first.clone() }; 70_000];
    let bytes = zip_of(&[vec![first], entries].concat());
    let opened = opened(&bytes, Format::Zip, "a.zip", &Limits::default());
    assert_eq!(opened.members.len(), 50_001);
    assert_eq!(opened.members[50_000].name, "*");
}

#[test]
fn archives_by_other_writers_are_read() {
    use ::zip::write::SimpleFileOptions;
    let mut writer = ::zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(::zip::CompressionMethod::Stored);
    writer.start_file("存.txt", stored.large_file(true)).unwrap();
    writer.write_all(TEXT.as_bytes()).unwrap();
    writer.start_file("压.txt", SimpleFileOptions::default()).unwrap();
    writer.write_all(TEXT.as_bytes()).unwrap();
    let bytes = writer.finish().unwrap().into_inner();
    check_text(&check(&bytes, Format::Zip, &["存.txt", "压.txt"]));
    // Written as a stream: sizes stand behind each member.
    let mut writer = ::zip::ZipWriter::new_stream(Vec::new());
    writer.start_file("流.txt", SimpleFileOptions::default()).unwrap();
    writer.write_all(TEXT.as_bytes()).unwrap();
    let bytes = writer.finish().unwrap().into_inner();
    check_text(&check(&bytes, Format::Zip, &["流.txt"]));
}

#[test]
fn an_archive_cut_or_changed_anywhere_gives_errors_or_fewer_members() {
    let inner = zip_of(&[Entry::text("c.txt")]);
    let tar = tar_of(&[(b"a.txt", TEXT.as_bytes()), (b"b.zip", &inner)]);
    let archives = [
        (Format::Zip, zip_of(&[Entry::text("a.txt"), Entry::new("b.zip", &inner)])),
        (Format::Gzip, gzip(&tar)),
        (Format::Zstd, zstd(&tar)),
        (Format::Tar, tar),
    ];
    let limits = Limits::default();
    for (format, bytes) in archives {
        for end in 0..bytes.len() {
            let opened = opened(&bytes[..end], format, "a", &limits);
            assert!(opened.members.len() <= 4, "{format} cut at {end}: {:?}", opened.lines());
            for member in &opened.members {
                let is_right = |content: &Vec<u8>| content == TEXT.as_bytes();
                assert!(member.content.as_ref().map_or(true, is_right), "{format} cut at {end}");
            }
        }
        for at in 0..bytes.len() {
            for value in [0, 0xFF, bytes[at] ^ 1] {
                let mut changed = bytes.clone();
                changed[at] = value;
                let _any = opened(&changed, format, "a", &limits);
            }
        }
    }
}

#[test]
fn a_zip_without_its_end_says_so() {
    let bytes = zip_of(&[Entry::text("a.txt"), Entry::text("b.txt")]);
    check(
        bytes.get(..bytes.len() - 100).unwrap(),
        Format::Zip,
        &[
            "damaged zip: its end is missing, and with it the directory; members that begin in it: 2",
        ],
    );
}

#[test]
fn a_stream_that_is_cut_off_gives_what_was_whole() {
    let tar = tar_of(&[(b"a.txt", TEXT.as_bytes()), (b"b.txt", TEXT.as_bytes())]);
    check(
        tar.get(..512 + 512 + 512 + 20).unwrap(),
        Format::Tar,
        &[
            "a.txt",
            "b.txt: damaged tar: it says to have 72 bytes and has 20",
            "*: damaged tar: it is cut off",
        ],
    );
    let bytes = gzip(TEXT.repeat(50).as_bytes());
    let cut = bytes.get(..bytes.len() - 9).unwrap();
    check(cut, Format::Gzip, &["外.txt: damaged gzip: it is cut off"]);
}
