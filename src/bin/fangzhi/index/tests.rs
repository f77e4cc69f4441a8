//! What a run says at its end.

use super::*;
use insta::assert_snapshot;

fn summary() -> IndexSummary {
    IndexSummary {
        added: 3,
        unchanged: 40,
        removed: 1,
        not_read: vec![
            ("pdf".to_owned(), 7),
            ("companion".to_owned(), 2),
            ("\x1b[1m".to_owned(), 1),
        ],
        failed: vec![
            ("甲.txt".to_owned(), "no text".to_owned(), "binary"),
            ("乙.pdf".to_owned(), "scanned".to_owned(), "scanned"),
            ("丙.pdf".to_owned(), "scanned".to_owned(), "scanned"),
        ],
        paragraphs: 120,
        paragraphs_total: 9120,
        reports_total: 42,
        bytes_read: 3_400_000,
        elapsed: Duration::from_millis(1700),
        ..IndexSummary::default()
    }
}

#[test]
fn the_summary_names_what_was_not_read() {
    assert_snapshot!(text(&summary(), Path::new("/data/.fangzhi"), false, Lang::English), @r"
    3 files added (120 paragraphs), 1 removed, 40 unchanged
    not read: .pdf 7, folders of saved pages 2, .␛[1m 1
    failed: 3 files: pages are pictures 2, not a text file 1
    index  /data/.fangzhi
    holds  42 reports · 9,120 paragraphs
    read   3.4 MB, 1.7 s, 2.0 MB/s
    ");
}

#[test]
fn paragraphs_are_those_of_files_that_were_read() {
    let first = |added, updated, lang| {
        changes(&IndexSummary { added, updated, paragraphs: 2, ..summary() }, lang).swap_remove(0)
    };
    assert_eq!(first(0, 1, Lang::English), "1 file updated (2 paragraphs)");
    assert_eq!(first(1, 3, Lang::English), "1 file added and 3 updated (2 paragraphs)");
    assert_eq!(first(1, 3, Lang::Chinese), "新增 1 个文件、更新 3 个（2 段）");
}

#[test]
fn the_summary_in_chinese_of_a_dry_run() {
    assert_snapshot!(text(&summary(), Path::new("/data/.fangzhi"), true, Lang::Chinese), @r"
    将会：新增 3 个文件（120 段）、移除 1 个、未变 40 个
    未读取：.pdf 7、网页附属文件夹 2、.␛[1m 1
    失败：3 个文件：页面是图片 2、不是文本文件 1
    索引  /data/.fangzhi
    共有  42 份报告 · 9,120 段
    读取  3.4 MB、1.7 s、2.0 MB/s
    ");
}

#[test]
fn members_and_records_are_not_called_files() {
    let paths = ["/d/a.pdf#page 2", "/d/a.zip!/b.doc", "/d/a.zip!/c.jsonl#line 7", "/d/e.jsonl#x"];
    let counted = |lang, paths: &[&str]| counted_paths(lang, paths.iter().copied());
    assert_eq!(counted(Lang::English, &paths), "1 file, 1 member of an archive, 2 records");
    assert_eq!(counted(Lang::Chinese, &paths), "1 个文件、压缩包内 1 个文件、2 条记录");
    assert_eq!(counted(Lang::English, &["/d/C#.txt", "/d/e.jsonl"]), "2 files");
}

#[test]
fn every_code_of_the_pipeline_has_a_hint() {
    let codes = [
        "permission",
        "binary",
        "undecided",
        "wrong-encoding",
        "too-large",
        "vanished",
        "record",
        "encrypted",
        "scanned",
        "unmapped",
        "damaged",
        "not-read",
        "not-built",
        "time",
        "memory",
        "crashed",
        "ocr",
    ];
    let cause = "has 12 pages, the limit for a file is 10 (--max-pages raises it)";
    for code in codes {
        let english = hint(Lang::English, code, cause).unwrap_or_else(|| panic!("{code}"));
        let chinese = hint(Lang::Chinese, code, cause).unwrap_or_default();
        assert!(!chinese.is_ascii() && chinese != english, "{code}: {chinese}");
        assert_ne!(failed_kind(Lang::English, code), "cannot be read", "{code}");
    }
    assert!(hint(Lang::English, "too-large", cause).is_some_and(|h| h.contains("--max-pages")));
    assert_eq!(hint(Lang::English, "other", cause), None);
    // --include would narrow the folder that is remembered to this file.
    let undecided = hint(Lang::English, "undecided", "");
    assert!(undecided.is_some_and(|hint| !hint.contains("--include")));
}

#[test]
fn pages_that_failed_stand_behind_the_path() {
    let cwd = Path::new("/d");
    let shown = |path| [Lang::English, Lang::Chinese].map(|lang| shown_path(path, lang, cwd));
    assert_eq!(shown("/d/a.pdf#page 2, 5-7"), ["a.pdf (pages 2, 5-7)", "a.pdf (第2、5-7页)"]);
    assert_eq!(shown("/d/a.pdf#page 2")[0], "a.pdf (page 2)");
    assert_eq!(shown("/d/a.jsonl#line 3")[1], "a.jsonl:3");
    assert_eq!(split_pages("甲#page one.pdf"), ("甲#page one.pdf", None));
}

#[test]
fn what_to_do_with_other_formats_is_said_once() {
    let count = |extension: &str| (extension.to_owned(), 3);
    let not_read = ["jpg", "odp", "ppt", "rtf", "xyz"].map(count).to_vec();
    let summary = IndexSummary { not_read, ..IndexSummary::default() };
    assert_eq!(
        instead(&summary, Lang::Chinese),
        [".jpg：请用 OCR 识别为文本", ".odp、.ppt：请另存为 PDF", ".rtf：请另存为 DOCX"]
    );
}

#[test]
fn what_to_do_with_a_file_of_another_format_is_said_once_a_cause() {
    for (lang, cause, expected) in [
        (
            Lang::English,
            "a UOF document (save it as DOCX) is not read",
            "a UOF document is not read",
        ),
        (Lang::Chinese, "a UOF document (save it as DOCX) is not read", "UOF 文档，不在读取之列"),
        (
            Lang::English,
            "a binary workbook (XLSB) is not read",
            "a binary workbook (XLSB) is not read",
        ),
    ] {
        assert_eq!(without_advice(failed_cause(lang, "not-read", cause)), expected);
    }
}

#[test]
fn in_chinese_each_cause_begins_in_chinese() {
    for code in ["permission", "wrong-encoding", "special", "link", "other"] {
        let cause = failed_cause(Lang::Chinese, code, "odd and new");
        assert!(!cause.starts_with(|first: char| first.is_ascii()), "{cause}");
        assert!(cause.ends_with(" (odd and new)"), "{cause}");
        assert_eq!(failed_cause(Lang::Chinese, code, "link to nothing"), "链接没有目标");
        assert_eq!(failed_cause(Lang::English, code, "why"), "why");
    }
    for cause in ["empty", "missing", "unreadable", "incomplete"] {
        assert!(!root_cause(Lang::Chinese, cause).is_ascii(), "{cause}");
    }
}
