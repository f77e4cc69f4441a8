//! Files read in a process of its own: what a fault costs, and that nothing is left behind.

use crate::run;
use fangzhi::ingest::limits::Limits;
use fangzhi::ingest::reports::Piece;
use fangzhi::ingest::sandbox::{Extractor, ExtractorCommand};
use fangzhi::ingest::{Format, ReadError, ReadOptions, Taken};
#[cfg(feature = "archives")]
use fangzhi::pipeline::IndexRequest;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const PAGE: &str = "<html><head><title>示例县修路</title></head><body><p>示例县修了三条路，群众很满意。</p></body></html>";

fn command(fault: &str) -> ExtractorCommand {
    let mut arguments = vec!["__extract".into()];
    if !fault.is_empty() {
        arguments.extend(["--fault".into(), fault.into()]);
    }
    ExtractorCommand { program: env!("CARGO_BIN_EXE_fangzhi").into(), arguments }
}

/// Little memory, and so many seconds: few where they are what is met, many where a busy machine must not meet them.
fn limited(seconds_max: u64) -> ReadOptions {
    let limits = Limits { seconds_max, memory_bytes_max: 256 << 20, ..Limits::default() };
    ReadOptions { limits, ..ReadOptions::default() }
}

/// The only report of a page.
fn page(
    extractor: &mut Extractor<'_>,
    html: &[u8],
    options: &ReadOptions,
) -> Result<Taken, ReadError> {
    let mut found = Vec::new();
    extractor.pieces(html, "甲.html", Some(Format::Html), options, &mut |piece| {
        found.push(piece);
        true
    })?;
    let Piece { member: None, format: Format::Html, record: None, part: 0, taken } =
        found.remove(0)
    else {
        panic!("{found:?}")
    };
    assert!(found.is_empty());
    taken
}

/// What is said of a page whose reader has a fault.
#[track_caller]
fn check(fault: &str, expected: &str) {
    let mut extractor = Extractor::spawning(command(&format!("{fault}:0")));
    let options = limited(if fault == "loop" { 1 } else { 60 });
    let error = page(&mut extractor, PAGE.as_bytes(), &options).unwrap_err().to_string();
    assert_eq!(error, expected);
    assert_eq!(extractor.process_id().is_some(), fault == "panic", "only a panic is outlived");
}

#[test]
fn a_reader_that_loops_costs_its_file() {
    check("loop", "takes more than 1 second (--max-seconds raises the limit)");
}

#[test]
fn a_reader_that_overflows_its_stack_costs_its_file() {
    check(
        "stack",
        "ended the process that reads it: stack overflow, as deeply nested content brings about",
    );
}

#[test]
fn a_reader_that_allocates_without_end_costs_its_file() {
    check("memory", "takes more than 256 MiB of memory (--max-extract-memory raises the limit)");
}

#[test]
fn a_reader_that_panics_costs_its_file() {
    check("panic", "internal fault while reading it: please report it with the file");
}

#[test]
fn a_reader_that_ends_the_process_costs_its_file() {
    check("exit", "ended the process that reads it: it ended with code 7");
    check("chatter", "ended the process that reads it: it ended with code 8");
}

#[test]
fn answers_that_make_no_sense_are_refused() {
    check(
        "garbage",
        "the process that reads it gave an answer that makes no sense: a frame of kind 255",
    );
    check(
        "endless",
        "the process that reads it gave an answer that makes no sense: a frame out of turn",
    );
}

#[test]
fn another_program_is_not_asked() {
    let command = ExtractorCommand { program: "echo".into(), arguments: Vec::new() };
    let error = page(&mut Extractor::spawning(command), PAGE.as_bytes(), &limited(60)).unwrap_err();
    assert!(error.to_string().starts_with("the process that reads it "), "{error}");
    let command = ExtractorCommand { program: "/no/such/program".into(), arguments: Vec::new() };
    let error = page(&mut Extractor::spawning(command), PAGE.as_bytes(), &limited(60)).unwrap_err();
    assert!(
        error.to_string().starts_with("the process that reads it cannot be started: "),
        "{error}"
    );
}

#[test]
fn one_process_reads_many_files_and_another_takes_its_place_when_it_died() {
    let mut extractor = Extractor::spawning(command(""));
    let options = ReadOptions::default();
    assert_eq!(extractor.process_id(), None);
    let started = Instant::now();
    page(&mut extractor, PAGE.as_bytes(), &options).unwrap();
    println!("the first page, with the start of the process: {:?}", started.elapsed());
    let first = extractor.process_id().unwrap();
    let started = Instant::now();
    for _ in 0..200 {
        page(&mut extractor, PAGE.as_bytes(), &options).unwrap();
    }
    println!("200 small pages: {:?}", started.elapsed());
    assert_eq!(extractor.process_id(), Some(first));
    #[cfg(unix)]
    {
        kill(first);
        page(&mut extractor, PAGE.as_bytes(), &options).unwrap();
        assert_ne!(extractor.process_id(), Some(first));
    }
}

#[test]
fn plain_text_needs_no_process() {
    let mut extractor = Extractor::spawning(command("exit:*"));
    let mut texts = Vec::new();
    for (name, format) in
        [("甲.txt", Format::Plain), ("乙.md", Format::Markdown), ("丙.csv", Format::Csv)]
    {
        let read = extractor.pieces(
            "示例县修路。".as_bytes(),
            name,
            Some(format),
            &limited(60),
            &mut |piece| {
                texts.push(piece.taken.unwrap().extracted.text);
                true
            },
        );
        read.unwrap();
    }
    assert_eq!(texts.len(), 3);
    assert_eq!(extractor.process_id(), None);
}

/// All that a file gives, in words.
fn shown(extractor: &mut Extractor<'_>, bytes: &[u8], name: &str) -> String {
    let mut found = Vec::new();
    let named = Format::from_path(Path::new(name));
    let read = extractor.pieces(bytes, name, named, &ReadOptions::default(), &mut |piece| {
        found.push(piece);
        true
    });
    format!("{found:?} {read:?}")
}

#[test]
fn reports_are_the_same_in_either_process() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/samples");
    let mut here = Extractor::in_process();
    let mut there = Extractor::spawning(command(""));
    let mut count = 0;
    for entry in walkdir::WalkDir::new(samples).into_iter().filter_map(Result::ok) {
        let format = Format::from_path(entry.path());
        if !format.is_some_and(|format| format.is_text() && format != Format::Jsonl) {
            continue;
        }
        let bytes = std::fs::read(entry.path()).unwrap();
        let name = entry.file_name().to_str().unwrap();
        assert_eq!(shown(&mut here, &bytes, name), shown(&mut there, &bytes, name), "{name}");
        // As a page of that text, in two encodings.
        let Ok(text) = String::from_utf8(bytes) else { continue };
        let body: Vec<String> = text.lines().map(|line| format!("<p>{line}</p>\r\n")).collect();
        let html = format!("<html><body>{}</body></html>", body.concat());
        for bytes in [encoding_rs::GBK.encode(&html).0.as_ref(), html.as_bytes()] {
            assert_eq!(
                shown(&mut here, bytes, "甲.html"),
                shown(&mut there, bytes, "甲.html"),
                "{name}"
            );
            count += 1;
        }
    }
    assert!(count > 20, "{count} pages");
    // What is no page is refused in the same words.
    let binary = [b"<html>".as_slice(), &[0; 64], b"</html>"].concat();
    let refused = shown(&mut here, &binary, "甲.html");
    assert!(refused.contains("Err"), "{refused}");
    assert_eq!(refused, shown(&mut there, &binary, "甲.html"));
}

#[test]
fn two_read_side_by_side() {
    let read = |times| {
        let mut extractor = Extractor::spawning(command(""));
        for _ in 0..times {
            page(&mut extractor, PAGE.as_bytes(), &ReadOptions::default()).unwrap();
        }
        extractor.process_id().unwrap()
    };
    std::thread::scope(|scope| {
        let other = scope.spawn(move || read(50));
        let own = read(50);
        assert_ne!(other.join().unwrap(), own);
    });
}

#[test]
fn a_stopped_run_waits_for_nothing() {
    let stop = AtomicBool::new(false);
    let mut extractor = Extractor::spawning(command("loop:0")).with_stop(&stop);
    let started = Instant::now();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(Duration::from_millis(300));
            stop.store(true, Ordering::Relaxed);
        });
        let read = page(&mut extractor, PAGE.as_bytes(), &ReadOptions::default());
        assert!(matches!(read, Err(ReadError::Stopped)), "{read:?}");
    });
    assert!(started.elapsed() < Duration::from_secs(10));
    assert_eq!(extractor.process_id(), None);
}

#[test]
fn whoever_wants_no_more_can_ask_again() {
    let mut extractor = Extractor::spawning(command(""));
    let options = ReadOptions::default();
    let read =
        extractor.pieces(PAGE.as_bytes(), "甲.html", Some(Format::Html), &options, &mut |_| false);
    read.unwrap();
    page(&mut extractor, PAGE.as_bytes(), &options).unwrap();
}

#[test]
fn who_panics_with_a_report_in_hand_can_ask_again() {
    let mut extractor = Extractor::spawning(command(""));
    let options = ReadOptions::default();
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let named = Some(Format::Html);
        extractor
            .pieces(PAGE.as_bytes(), "甲.html", named, &options, &mut |_| panic!("of the test"))
    }));
    assert!(panicked.is_err());
    page(&mut extractor, PAGE.as_bytes(), &options).unwrap();
}

/// Not a test of anything but that it ends; it prints what reading apart costs.
#[test]
fn a_large_page_crosses() {
    let paragraph = "<p>示例县修了三条路，群众&nbsp;很满意。The road is 3 km long.</p>\n";
    let html =
        format!("<html><body>{}</body></html>", paragraph.repeat((1 << 18) / paragraph.len()));
    let options = ReadOptions::default();
    let mut times = Vec::new();
    let mut texts = Vec::new();
    let bytes = encoding_rs::GBK.encode(&html).0;
    for mut extractor in [Extractor::in_process(), Extractor::spawning(command(""))] {
        page(&mut extractor, PAGE.as_bytes(), &options).unwrap();
        for bytes in [PAGE.as_bytes(), &bytes] {
            let started = Instant::now();
            texts.push(page(&mut extractor, bytes, &options).unwrap());
            times.push(started.elapsed());
        }
    }
    println!("in process and apart, a small page and one of 256 kB: {times:?}");
    assert!(texts[1].extracted.text.len() > 1 << 17);
    assert_eq!(texts[..2], texts[2..]);
}

#[cfg(feature = "archives")]
mod archives {
    use super::*;

    /// A TAR of files with their names.
    pub(super) fn of(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut tar = tar::Builder::new(Vec::new());
        for (name, bytes) in files {
            let mut header = tar::Header::new_gnu();
            header.set_size(u64::try_from(bytes.len()).unwrap());
            header.set_mode(0o644);
            header.set_cksum();
            tar.append_data(&mut header, name, *bytes).unwrap();
        }
        tar.into_inner().unwrap()
    }

    /// Names and causes of an archive's members, and of what was not read of it.
    fn members(fault: &str, names: &[&str]) -> (Vec<String>, Option<String>) {
        let options = limited(if fault.starts_with("loop") { 2 } else { 60 });
        let pages: Vec<(&str, &[u8])> = names.iter().map(|name| (*name, PAGE.as_bytes())).collect();
        let mut found = Vec::new();
        let read = Extractor::spawning(command(fault)).pieces(
            &of(&pages),
            "甲.tar",
            Some(Format::Tar),
            &options,
            &mut |piece| {
                let cause = piece.taken.err().map(|error| format!(": {error}")).unwrap_or_default();
                found.push(format!("{}{cause}", piece.member.unwrap()));
                true
            },
        );
        (found, read.err().map(|error| error.to_string()))
    }

    #[test]
    fn a_member_that_ends_the_process_costs_itself_only() {
        let names = ["a.html", "b.html", "c.html"];
        let over = "takes more than 2 seconds (--max-seconds raises the limit)";
        let expected = ["a.html".to_owned(), format!("b.html: {over}"), "c.html".to_owned()];
        assert_eq!(members("loop:1", &names), (expected.to_vec(), None));
        let internal = "b.html: internal fault while reading it: please report it with the file";
        let expected = ["a.html", internal, "c.html"].map(str::to_owned);
        assert_eq!(members("panic:1", &names), (expected.to_vec(), None));
        let ended = "c.html: ended the process that reads it: it ended with code 7";
        let expected = ["a.html", "b.html", ended].map(str::to_owned);
        assert_eq!(members("exit:2", &names), (expected.to_vec(), None));
    }

    /// How many failures a run with the fault lists, one without it over the same file, and one with other limits.
    fn failures(fault: &str, name: &str, bytes: &[u8]) -> [usize; 3] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().canonicalize().unwrap().join(name);
        std::fs::write(&path, bytes).unwrap();
        let vocabulary = std::sync::Arc::new(fangzhi::vocab::Vocabulary::builtin());
        [(fault, 60), ("", 60), ("", 61)].map(|(fault, seconds_max)| {
            let request = IndexRequest {
                paths: vec![path.clone()],
                limits: limited(seconds_max).limits,
                extractor: Some(command(fault)),
                ..IndexRequest::default()
            };
            let (dir, stop) = (folder.path().join("index.fangzhi"), AtomicBool::new(false));
            let run = fangzhi::pipeline::run(&dir, &vocabulary, &request, &stop, &mut |_| {});
            run.unwrap().failed.len()
        })
    }

    #[test]
    fn what_ended_the_process_is_remembered_until_limits_or_readers_change() {
        let archive = of(&[("a.html", PAGE.as_bytes()), ("b.html", PAGE.as_bytes())]);
        for fault in ["exit", "panic"] {
            let file = failures(&format!("{fault}:0"), "甲.html", PAGE.as_bytes());
            assert_eq!(file, [1, 1, 0], "{fault}");
            let member = failures(&format!("{fault}:1"), "甲.tar", &archive);
            assert_eq!(member, [1, 1, 0], "{fault}");
        }
    }

    #[test]
    fn what_a_passing_fault_left_out_is_read_again() {
        let archive = of(&[("a.html", PAGE.as_bytes()), ("b.html", PAGE.as_bytes())]);
        assert_eq!(failures("garbage:0", "甲.html", PAGE.as_bytes()), [1, 0, 0]);
        assert_eq!(failures("garbage:1", "甲.tar", &archive), [1, 0, 0]);
    }

    #[test]
    fn an_archive_that_ends_it_again_and_again_is_given_up() {
        let names: Vec<String> = (0..12).map(|n| format!("{n}.html")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let (found, rest) = members("exit:*", &names);
        assert_eq!(found.len(), 8, "{found:?}");
        let cause =
            "ended the process that reads it: 8 members did; what follows them was not read";
        assert_eq!(rest.as_deref(), Some(cause));
    }
}

#[cfg(all(unix, feature = "pdf", feature = "archives"))]
mod scanned {
    use super::*;
    use fangzhi::ingest::ocr::OcrCommand;

    const PICTURE: &str = "q 500 0 0 700 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \u{1} EI Q";

    /// A page that only draws a picture.
    fn pdf() -> Vec<u8> {
        pdf_of(&[PICTURE.to_owned()])
    }

    /// A page with text and one that is a picture.
    fn mixed() -> Vec<u8> {
        let codes: String =
            "示例县修了三条路。".encode_utf16().map(|unit| format!("{unit:04x}")).collect();
        pdf_of(&[format!("BT /F 12 Tf 60 700 Td <{codes}> Tj ET"), PICTURE.to_owned()])
    }

    fn pdf_of(contents: &[String]) -> Vec<u8> {
        let font = "/BaseFont /Song /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R]";
        let kids: String =
            (0..contents.len()).map(|page| format!("{} 0 R ", 5 + 2 * page)).collect();
        let mut objects = vec![
            "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
            format!("<< /Type /Pages /Kids [{kids}] /Count {} >>", contents.len()),
            format!("<< /Type /Font /Subtype /Type0 {font} >>"),
            "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /Song >>".to_owned(),
        ];
        for (page, content) in contents.iter().enumerate() {
            let resources = "/MediaBox [0 0 595 842] /Resources << /Font << /F 3 0 R >> >>";
            let content_id = 6 + 2 * page;
            objects.push(format!(
                "<< /Type /Page /Parent 2 0 R {resources} /Contents {content_id} 0 R >>"
            ));
            let len = content.len();
            objects.push(format!("<< /Length {len} >>\nstream\n{content}\nendstream"));
        }
        let mut pdf = "%PDF-1.4\n".to_owned();
        let mut places = String::new();
        for (at, object) in objects.iter().enumerate() {
            places += &format!("{:010} 00000 n \n", pdf.len());
            pdf += &format!("{} 0 obj\n{object}\nendobj\n", at + 1);
        }
        let start = pdf.len();
        pdf += &format!(
            "xref\n0 {size}\n0000000000 65535 f \n{places}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n",
            size = objects.len() + 1
        );
        pdf.into_bytes()
    }

    /// What is read of a file with a command for scanned pages, by either process.
    fn read(ocr: &str, bytes: &[u8], name: &str) -> Vec<String> {
        let named = Format::from_path(Path::new(name));
        let extractors = [Extractor::in_process(), Extractor::spawning(command(""))];
        let mut all = extractors.into_iter().map(|extractor| {
            let mut extractor = extractor.with_ocr(OcrCommand::parse(ocr));
            let mut found = Vec::new();
            let read =
                extractor.pieces(bytes, name, named, &ReadOptions::default(), &mut |piece| {
                    found.push(match piece.taken {
                        Ok(taken) => taken.extracted.text,
                        Err(error) => error.to_string(),
                    });
                    true
                });
            found.extend(read.err().map(|error| error.to_string()));
            found
        });
        let (here, there) = (all.next().unwrap(), all.next().unwrap());
        assert_eq!(here, there);
        here
    }

    #[test]
    fn the_command_reads_a_scanned_file_and_a_scanned_member() {
        let pdf = pdf();
        assert_eq!(
            read("", &pdf, "甲.pdf"),
            ["scanned: pages without text: 1 (--ocr COMMAND reads them)"]
        );
        assert_eq!(
            read("sh -c 'echo 示例县修路。; head -c 5 $0'", &pdf, "甲.pdf"),
            ["示例县修路。\n%PDF-"]
        );
        let tar = archives::of(&[("乙.pdf", &pdf), ("丙.html", PAGE.as_bytes())]);
        let found = read("sh -c 'wc -c < $0'", &tar, "甲.tar");
        assert_eq!(found[0].trim(), pdf.len().to_string());
        assert!(found[1].contains("示例县修了三条路"), "{found:?}");
        let found = read("sh -c 'echo no language >&2; exit 1'", &tar, "甲.tar");
        assert_eq!(found[0], "sh did not read its pages: no language");
        assert_eq!(found.len(), 2, "{found:?}");
    }

    #[test]
    fn the_command_reads_pages_that_are_pictures_among_others() {
        let pdf = mixed();
        assert_eq!(read("", &pdf, "甲.pdf"), ["示例县修了三条路。"]);
        let ocr = "sh -c 'printf \"\\f第\"; echo $FANGZHI_PAGES页，$(wc -c < $0)个'";
        let whole = format!("示例县修了三条路。\n第2页，{}个", pdf.len());
        assert_eq!(read(ocr, &pdf, "甲.pdf"), [whole.as_str()]);
        let tar = archives::of(&[("乙.pdf", &pdf), ("丙.html", PAGE.as_bytes())]);
        assert_eq!(read(ocr, &tar, "甲.tar")[0], whole);
    }

    #[test]
    fn a_scanned_file_whose_command_failed_is_among_the_problems_and_tried_again() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("甲.pdf"), pdf()).unwrap();
        let index =
            |ocr: &str| run(folder.path(), &["index", "甲.pdf", "--index", "i", "--ocr", ocr]);
        let problems = || run(folder.path(), &["stats", "--problems", "--index", "i"]).out;
        for _ in 0..2 {
            let failed = index("sh -c 'echo no language >&2; exit 1'");
            assert!(failed.err.contains("no language"), "{}", failed.err);
            assert_eq!(problems(), "甲.pdf: sh did not read its pages: no language\n");
        }
        let read = index("sh -c 'echo 各村齐心治水修堤。'");
        assert!(read.out.starts_with("1 file added"), "{}", read.out);
        assert_eq!(problems(), "all files were read whole\n");
    }

    #[test]
    fn pages_that_the_command_gave_no_text_of_are_said_and_it_is_not_run_again() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("甲.pdf"), mixed()).unwrap();
        let ocr = "sh -c 'echo run >> runs; printf \"\\f\\f\"'";
        let index = || run(folder.path(), &["index", "甲.pdf", "--index", "i", "--ocr", ocr]);
        for _ in 0..2 {
            let indexed = index();
            let said = "read in part: pages of which the OCR command gave no text: 2\n";
            assert!(indexed.err.contains(said), "{}", indexed.err);
            assert!(indexed.err.contains("--reread") && !indexed.err.contains("name a program"));
        }
        assert_eq!(std::fs::read_to_string(folder.path().join("runs")).unwrap(), "run\n");
    }

    #[test]
    fn a_file_is_read_again_when_a_command_for_its_pictures_is_given() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("甲.pdf"), mixed()).unwrap();
        let hits = |ocr: &[&str]| {
            let indexed = run(folder.path(), &[&["index", "甲.pdf", "--index", "i"], ocr].concat());
            assert_eq!(indexed.code, 0, "{}", indexed.err);
            let found = run(folder.path(), &["search", "治水", "--index", "i", "--jsonl"]);
            found.out.lines().count()
        };
        assert_eq!(hits(&[]), 0);
        assert_eq!(hits(&["--ocr", "sh -c 'echo no language >&2; exit 1'"]), 0);
        let ocr = "sh -c 'printf \"\\f各村齐心治水修堤。\"'";
        assert_eq!(hits(&["--ocr", ocr]), 1);
    }
}

#[test]
fn people_are_not_shown_the_word_that_starts_the_process() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [["--help"].as_slice(), &["completions", "bash"], &["man"]] {
        let ran = run(folder.path(), arguments);
        assert!(ran.code == 0 && !ran.out.contains("__extract"), "{arguments:?}");
    }
    // By hand, without what it is started with, it does nothing.
    let ran = run(folder.path(), &["__extract"]);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (2, "", ""));
}

#[test]
fn what_is_no_command_and_no_limit_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let ran = run(folder.path(), &["inspect", "甲.pdf", "--ocr", "ocr 'open"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.starts_with("error: --ocr: ocr 'open is not a command\nhint: "), "{}", ran.err);
    let ran = run(folder.path(), &["inspect", "甲.pdf", "--max-nesting", "17"]);
    let expected = "error: 17 is no value of --max-nesting <N>\n\
        hint: a whole number is wanted, from 0 to 16\n";
    assert_eq!((ran.code, ran.err.as_str()), (2, expected));
    for option in ["--max-seconds", "--max-extract-memory"] {
        let ran = run(folder.path(), &["inspect", "甲.pdf", option, "0"]);
        assert!(ran.code == 2 && ran.err.contains(option), "{}", ran.err);
    }
}

#[cfg(unix)]
fn kill(id: u32) {
    let id = rustix::process::Pid::from_raw(i32::try_from(id).unwrap()).unwrap();
    rustix::process::kill_process(id, rustix::process::Signal::KILL).unwrap();
    // Until it is seen to have ended.
    std::thread::sleep(Duration::from_millis(200));
}

#[cfg(target_os = "linux")]
mod on_linux {
    use super::*;

    fn state(id: u32) -> Option<String> {
        let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
        stat.rsplit_once(") ").map(|(_, rest)| rest.chars().take(1).collect())
    }

    #[test]
    fn with_the_extractor_goes_its_process() {
        let mut extractor = Extractor::spawning(command(""));
        page(&mut extractor, PAGE.as_bytes(), &ReadOptions::default()).unwrap();
        let id = extractor.process_id().unwrap();
        assert!(state(id).is_some());
        drop(extractor);
        assert_eq!(state(id), None, "neither alive nor a zombie");
    }

    #[test]
    fn the_process_gave_up_what_it_does_not_need() {
        let mut extractor = Extractor::spawning(command(""));
        page(&mut extractor, PAGE.as_bytes(), &limited(60)).unwrap();
        let id = extractor.process_id().unwrap();
        let read = |name: &str| std::fs::read_to_string(format!("/proc/{id}/{name}")).unwrap();
        let limits = read("limits");
        for (limit, most) in [
            ("Max core file size", "0"),
            ("Max file size", "0"),
            ("Max data size", "268435456"),
            ("Max open files", "64"),
        ] {
            let line = limits.lines().find_map(|line| line.strip_prefix(limit)).unwrap();
            let line: Vec<&str> = line.split_whitespace().collect();
            assert_eq!(line[..2], [most, most], "{limit}");
        }
        // Processor time for each file anew: what was used, the seconds of a file, and one.
        let line = limits.lines().find_map(|line| line.strip_prefix("Max cpu time")).unwrap();
        let soft: u64 = line.split_whitespace().next().unwrap().parse().unwrap();
        assert!((61..70).contains(&soft), "{soft}");
        assert!(read("status").lines().any(|line| line == "NoNewPrivs:\t1"));
        let environment = read("environ");
        let names: Vec<&str> = environment
            .split('\0')
            .filter_map(|entry| entry.split_once('='))
            .map(|(name, _)| name)
            .collect();
        assert_eq!(names, ["RUST_BACKTRACE"]);
    }

    #[test]
    fn with_the_thread_that_started_it_the_process_ends_even_when_it_is_busy() {
        use std::io::Read;
        use std::os::unix::process::ExitStatusExt;
        use std::process::{Command, Stdio};
        let started = std::thread::spawn(|| {
            let mut child = Command::new(env!("CARGO_BIN_EXE_fangzhi"))
                .args(["__extract", "--memory", "268435456"])
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
                .unwrap();
            // It greets when it has set itself up.
            child.stdout.as_mut().unwrap().read_exact(&mut [0; 9]).unwrap();
            child
        });
        let mut child = started.join().unwrap();
        let input = child.stdin.take();
        assert_eq!(child.wait().unwrap().signal(), Some(9));
        drop(input);
    }

    #[test]
    fn without_the_one_that_started_it_the_process_ends() {
        use std::process::{Command, Stdio};
        let mut child = Command::new(env!("CARGO_BIN_EXE_fangzhi"))
            .args(["__extract", "--memory", "268435456"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdin.take());
        assert!(child.wait().unwrap().success());
    }
}
