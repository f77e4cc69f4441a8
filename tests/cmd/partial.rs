//! What was read in part is said so, wherever totals are given; errors and archives in `inspect`.

use crate::Ran;
use crate::run;
use serde_json::Value;
use std::fs::File;
use std::io::Write;
use std::path::Path;

const SENTENCE: &str = "示例县推进网格化管理，划分网格八十五个，配备网格员九十人。\n";

/// A folder with `reports/`: a whole text, one that ends inside a character, and one with wrong bytes.
fn damaged() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let text = SENTENCE.repeat(20);
    let bytes = text.as_bytes();
    write(&folder, "好.txt", bytes);
    write(&folder, "断.txt", &bytes[..bytes.len() - 2]);
    write(&folder, "坏字.txt", &[bytes, b"\xff\xfe\n"].concat());
    folder
}

fn write(folder: &tempfile::TempDir, name: &str, bytes: &[u8]) {
    let reports = folder.path().join("reports");
    std::fs::create_dir_all(&reports).unwrap();
    std::fs::write(reports.join(name), bytes).unwrap();
}

/// A stored ZIP archive: headers and bytes, without compression.
fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn lines(ran: &Ran) -> Vec<Value> {
    ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn index_counts_and_names_what_was_read_in_part_now_and_later() {
    let folder = damaged();
    for _ in 0..2 {
        let ran = run(folder.path(), &["index", "reports"]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        let counts = "read in part: 2 files: end cut off 1, characters that cannot be decoded 1\n";
        assert!(ran.out.contains(counts), "{}", ran.out);
        assert!(
            ran.err.contains("note: reports/断.txt: read in part: end cut off\n"),
            "{}",
            ran.err
        );
        assert!(ran.err.contains("hint: fetch it again"), "{}", ran.err);
        assert!(!ran.err.contains("好.txt"), "{}", ran.err);
    }
    let ran = run(folder.path(), &["index", "reports", "--lang", "zh"]);
    assert!(ran.out.contains("未读全：2 个文件：末尾不完整 1、有的字无法解码 1\n"), "{}", ran.out);
    assert!(ran.err.contains("说明: reports/断.txt: 未读全：末尾不完整\n"), "{}", ran.err);
}

#[test]
fn events_and_summary_as_json_hold_what_was_read_in_part() {
    let folder = damaged();
    let ran = run(folder.path(), &["index", "reports", "--json"]);
    let lines = lines(&ran);
    let cut = lines
        .iter()
        .find(|line| line["path"].as_str().is_some_and(|path| path.ends_with("断.txt")));
    assert_eq!(cut.unwrap()["in_part"][0]["notes"][0]["code"], "cut-end");
    let summary = lines.last().unwrap();
    assert_eq!(summary["in_part_total"], 2);
    assert_eq!(summary["in_part"].as_array().unwrap().len(), 2);
}

#[test]
fn stats_agree_with_index_and_list_the_problems() {
    let folder = damaged();
    write(&folder, "空.txt", b"");
    write(&folder, "空白.txt", b" \n");
    write(&folder, "图.txt", b"\x89PNG\r\n\x1a\n\0\0\0\0");
    let indexed = run(folder.path(), &["index", "reports"]);
    let held = "5 reports (2 without text)";
    assert!(indexed.out.contains(held), "{}", indexed.out);
    let stats = run(folder.path(), &["stats"]);
    assert!(stats.out.contains(held), "{}", stats.out);
    assert!(stats.out.contains("3 files: without text 1, end cut off 1,"), "{}", stats.out);
    assert!(stats.out.contains("A report is a file,"), "{}", stats.out);
    let problems = run(folder.path(), &["stats", "--problems"]);
    assert_eq!(
        problems.out,
        "reports/图.txt: a PNG image is not read\n\
         reports/空白.txt: read in part: no text was found in it\n\
         reports/断.txt: read in part: end cut off\n\
         reports/坏字.txt: read in part: characters that cannot be decoded: 2\n"
    );
    let json = &lines(&run(folder.path(), &["stats", "--json"]))[0];
    assert_eq!((&json["reports"], &json["reports_without_text"]), (&5.into(), &2.into()));
    assert_eq!(
        (&json["in_part_total"], &json["failed"][0]["code"]),
        (&3.into(), &"not-read".into())
    );
}

#[test]
fn a_whole_collection_has_no_problems() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder, "好.txt", SENTENCE.as_bytes());
    let indexed = run(folder.path(), &["index", "reports"]);
    assert!(!indexed.out.contains("read in part"), "{}", indexed.out);
    let problems = run(folder.path(), &["stats", "--problems", "--lang", "zh"]);
    assert_eq!(problems.out, "所有文件都已完整读取\n");
}

#[cfg(unix)]
#[test]
fn what_the_walk_could_not_follow_is_among_the_problems_until_it_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder, "好.txt", SENTENCE.as_bytes());
    let link = folder.path().join("reports/断.txt");
    std::os::unix::fs::symlink("nowhere.txt", &link).unwrap();
    let problems = || run(folder.path(), &["stats", "--problems"]).out;
    let indexed = run(folder.path(), &["index", "reports"]);
    assert!(indexed.out.contains("failed: 1 file: "), "{}", indexed.out);
    assert!(problems().starts_with("reports/断.txt: "), "{}", problems());
    std::fs::remove_file(&link).unwrap();
    run(folder.path(), &["index"]);
    assert_eq!(problems(), "all files were read whole\n");
}

#[test]
fn an_archive_whose_members_all_failed_is_not_counted_as_added() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder, "好.txt", SENTENCE.as_bytes());
    write(&folder, "a.zip", &zipped(&[("坏.docx", b"\0\x01\x02")]));
    let ran = run(folder.path(), &["index", "reports"]);
    assert!(ran.out.starts_with("1 file added (1 paragraph)"), "{}", ran.out);
    assert!(ran.out.contains("failed: 1 member of an archive: "), "{}", ran.out);
    let events =
        lines(&run(folder.path(), &["index", "reports", "--reread", "--index", "i", "--json"]));
    let of_archive = events
        .iter()
        .filter(|event| event["path"].as_str().is_some_and(|path| path.ends_with("a.zip")));
    let outcomes: Vec<_> = of_archive.map(|event| event["outcome"].clone()).collect();
    assert_eq!(outcomes, ["failed"]);
}

#[test]
fn an_empty_member_needs_no_word_as_an_empty_file_does() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder, "空.txt", b"");
    write(&folder, "a.zip", &zipped(&[("空.txt", b""), ("空白.txt", b" \n")]));
    let ran = run(folder.path(), &["index", "reports"]);
    assert!(!ran.err.contains("空.txt"), "{}", ran.err);
    let counts = "read in part: 1 member of an archive: without text 1\n";
    assert!(ran.out.contains(counts), "{}", ran.out);
}

#[test]
fn stats_as_json_holds_the_problems_too() {
    let folder = damaged();
    run(folder.path(), &["index", "reports"]);
    let both = run(folder.path(), &["stats", "--json", "--problems"]);
    assert_eq!((both.code, &lines(&both)[0]["in_part_total"]), (0, &2.into()), "{}", both.err);
    let names_measures =
        |arguments: &[&str]| run(folder.path(), arguments).out.contains("基层治理/");
    assert!(names_measures(&["stats", "--tags"]) && !names_measures(&["stats"]));
}

#[test]
fn what_cannot_be_inspected_in_an_archive_is_named_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let members = [("甲.txt", SENTENCE.as_bytes()), ("图.png", b"\x89PNG"), ("乙.xyz", b"\0")];
    write(&folder, "a.zip", &zipped(&members));
    write(&folder, "b.txt", SENTENCE.as_bytes());
    let wrong = |path: &str, lang: &str| {
        let ran = run(folder.path(), &["inspect", path, "--lang", lang]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""));
        ran.err
    };
    assert_eq!(
        wrong("reports/a.zip!/图.png", "en"),
        "error: reports/a.zip!/图.png: not read: pictures\nhint: turn it into text by OCR\n"
    );
    assert!(
        wrong("reports/a.zip!/乙.xyz", "zh")
            .starts_with("错误: reports/a.zip!/乙.xyz: 不读取：.xyz\n")
    );
    assert_eq!(
        wrong("reports/b.txt!/x", "zh"),
        "错误: reports/b.txt: 不是压缩包，是一个完整的文件\n提示: 用 `fangzhi inspect 'reports/b.txt'` 查看\n"
    );
}

#[test]
fn notes_are_said_in_words_of_the_language() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder, "a.docx", b"<html><body><p>\xe7\xa4\xba</p>");
    let inspected =
        |lang: &str| run(folder.path(), &["inspect", "reports/a.docx", "--lang", lang]).out;
    assert!(inspected("zh").contains("! 名为DOCX 文档，内容却是网页\n"), "{}", inspected("zh"));
    assert!(inspected("en").contains("! named as docx, but its content is html\n"));
}

#[test]
fn members_of_formats_that_are_not_read_are_counted_now_and_later() {
    let folder = tempfile::tempdir().unwrap();
    let members = [("甲.txt", SENTENCE.as_bytes()), ("图.png", b"\x89PNG"), ("乙.exe", b"MZ")];
    write(&folder, "a.zip", &zipped(&members));
    for round in 0..3 {
        if round == 2 {
            // Only its time stamp changes.
            write(&folder, "a.zip", &zipped(&members));
        }
        let ran = run(folder.path(), &["index", "reports"]);
        assert!(ran.out.contains("not read: .exe 1, .png 1\n"), "{round}: {}", ran.out);
        std::thread::sleep(std::time::Duration::from_millis(2_100));
    }
}

#[test]
fn members_and_records_that_were_read_in_part_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let text = SENTENCE.repeat(20);
    let cut = &text.as_bytes()[..text.len() - 2];
    write(&folder, "a.zip", &zipped(&[("甲.txt", cut), ("乙.txt", text.as_bytes())]));
    let ran = run(folder.path(), &["index", "reports"]);
    let counts = "read in part: 1 member of an archive: end cut off 1\n";
    assert!(ran.out.contains(counts), "{}", ran.out);
    assert!(ran.err.contains("reports/a.zip!/甲.txt: read in part: end cut off"), "{}", ran.err);
}

#[test]
fn a_search_of_files_says_what_was_read_in_part_and_where_all_is_listed() {
    let folder = damaged();
    let text = SENTENCE.repeat(20);
    for number in 0..4 {
        write(&folder, &format!("断{number}.txt"), &text.as_bytes()[..text.len() - 2]);
    }
    let ran = run(folder.path(), &["search", "网格员", "reports"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.contains("note: read in part: 6 files: end cut off 5,"), "{}", ran.err);
    assert_eq!(ran.err.matches(": read in part: ").count(), 3 + 1, "{}", ran.err);
    let (_, more) = ran.err.split_once("… and 3 more read in part: `fangzhi ").unwrap();
    let command = more.split_once('`').unwrap().0;
    let words = shlex::split(command).unwrap();
    let words: Vec<_> = words.iter().map(String::as_str).collect();
    let all = run(folder.path(), &words);
    assert_eq!(all.out.lines().count(), 6, "{}{}", all.out, all.err);
}

#[test]
fn a_long_list_is_cut_and_the_rest_is_said() {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..25 {
        write(&folder, &format!("{number}.txt"), format!("{SENTENCE}\u{fffd}").as_bytes());
        let path = folder.path().join(format!("reports/{number}.txt"));
        File::options().append(true).open(path).unwrap().write_all(b"\xe7").unwrap();
    }
    let ran = run(folder.path(), &["index", "reports"]);
    assert!(ran.out.contains("read in part: 25 files"), "{}", ran.out);
    assert!(
        ran.err.contains("… and 5 more read in part: `fangzhi stats --problems"),
        "{}",
        ran.err
    );
}

#[test]
fn a_member_of_an_archive_is_inspected_by_the_path_that_search_prints() {
    let folder = tempfile::tempdir().unwrap();
    let text = SENTENCE.as_bytes();
    let inner = zipped(&[("里.txt", text)]);
    write(
        &folder,
        "a.zip",
        &zipped(&[
            ("子/甲.txt", text),
            ("子/乙.txt", text),
            ("b.zip", &inner),
            ("坏.docx", b"\0\x01\x02"),
        ]),
    );
    let headings = |member: &str| {
        let ran = run(folder.path(), &["inspect", &format!("reports/a.zip!/{member}")]);
        assert_eq!(ran.code, 0, "{member}: {}", ran.err);
        let named = ran.out.lines().filter(|line| line.starts_with("reports/a.zip!/"));
        named.map(|line| line.replace("reports/a.zip!/", "")).collect::<Vec<_>>()
    };
    assert_eq!(headings("子/甲.txt"), ["子/甲.txt"]);
    assert_eq!(headings("子"), ["子/甲.txt", "子/乙.txt"]);
    assert_eq!(headings("子/"), ["子/甲.txt", "子/乙.txt"]);
    assert_eq!(headings("b.zip!/里.txt"), ["b.zip!/里.txt"]);
    assert_eq!(headings("b.zip"), ["b.zip!/里.txt"]);
    let wrong = |member: &str| {
        let ran = run(folder.path(), &["inspect", &format!("reports/a.zip!/{member}")]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""));
        ran.err
    };
    assert_eq!(
        wrong("甲.txt"),
        "error: reports/a.zip: holds no 甲.txt that is read\nhint: did you mean 子/甲.txt?\n"
    );
    let unlike = wrong("zz");
    assert!(unlike.contains("hint: it holds b.zip!/里.txt, "), "{unlike}");
    assert!(wrong("坏.docx").contains("reports/a.zip!/坏.docx: damaged "));
    let none = run(folder.path(), &["inspect", "reports/b.zip!/甲.txt"]);
    assert!(none.err.contains("reports/b.zip: no such file or folder"), "{}", none.err);
}

#[test]
fn a_member_of_a_compressed_tar_is_inspected_and_shown() {
    let folder = tempfile::tempdir().unwrap();
    let mut tar = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(SENTENCE.len() as u64);
    header.set_mode(0o644);
    tar.append_data(&mut header, "材料/甲.txt", SENTENCE.as_bytes()).unwrap();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&tar.into_inner().unwrap()).unwrap();
    write(&folder, "a.tar.gz", &gzip.finish().unwrap());
    let member = "reports/a.tar.gz!/材料/甲.txt";
    let ran = run(folder.path(), &["inspect", member]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.starts_with(member), "{}", ran.out);
    run(folder.path(), &["index", "reports"]);
    let shown = run(folder.path(), &["show", &format!("{member}:1")]);
    assert!(shown.out.contains("八十五个"), "{}{}", shown.out, shown.err);
}

#[test]
fn inspect_as_json_says_why_a_file_failed() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder, "坏.pdf", b"%PDF-1.4\n");
    write(&folder, "好.txt", SENTENCE.as_bytes());
    write(&folder, "a.zip", &zipped(&[("甲.txt", SENTENCE.as_bytes())]));
    let files = ["reports/坏.pdf", "reports/没有.txt", "reports/a.zip!/乙.txt", "reports/好.txt"];
    let ran = run(folder.path(), &[&["inspect", "--json"], files.as_slice()].concat());
    assert_eq!(ran.code, 2);
    let lines = lines(&ran);
    let kinds: Vec<_> = lines.iter().map(|line| line["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["error", "error", "error", "document", "body"]);
    for (line, file) in lines.iter().zip(files) {
        assert_eq!(line["path"], file);
    }
    assert!(lines[0]["error"].as_str().unwrap().starts_with("damaged pdf: "), "{}", ran.out);
    assert_eq!(lines[2]["error"], "holds no 乙.txt that is read");
}

#[test]
fn an_empty_folder_is_an_error_without_an_empty_summary() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("reports")).unwrap();
    let ran = run(folder.path(), &["index", "reports"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{}", ran.err);
    assert!(ran.err.contains("no file here that can be read"), "{}", ran.err);
}

#[test]
fn a_link_in_a_tar_is_no_file_to_be_saved_as_something_else() {
    let folder = tempfile::tempdir().unwrap();
    let mut tar = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(0);
    header.set_entry_type(tar::EntryType::Symlink);
    tar.append_link(&mut header, Path::new("乙.txt"), Path::new("甲.txt")).unwrap();
    write(&folder, "a.tar", &tar.into_inner().unwrap());
    let ran = run(folder.path(), &["index", "reports"]);
    assert!(
        ran.err.contains("a.tar!/乙.txt: refused: it is a link, which is not followed"),
        "{}",
        ran.err
    );
    assert!(!ran.err.contains("DOCX"), "{}", ran.err);
    let ran = run(folder.path(), &["index", "reports", "--lang", "zh"]);
    assert!(ran.err.contains("拒绝读取：是链接，未跟随"), "{}", ran.err);
}

#[test]
fn limits_are_written_as_options_take_them() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder, "大.txt", SENTENCE.repeat(30_000).as_bytes());
    let index = |lang: &str, size: &str| {
        run(folder.path(), &["index", "reports", "--lang", lang, "--max-file-bytes", size]).err
    };
    let english = index("en", "1M");
    assert!(
        english.contains("has 2.6 MiB, the limit is 1 MiB (--max-file-bytes raises it)"),
        "{english}"
    );
    let chinese = index("zh", "1M");
    assert!(chinese.contains("共有 2.6 MiB，上限为 1 MiB（--max-file-bytes 可放宽）"), "{chinese}");
    assert_eq!(index("en", "64M"), "");
}
