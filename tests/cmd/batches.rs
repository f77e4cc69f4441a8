//! `fangzhi index` as it is run by the folder, from cron and for ever: its report, its lock, `--watch`.

use crate::reports;
use crate::run;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// The longest that anything here may take.
const LONGEST: Duration = Duration::from_secs(120);

/// A running command whose lines can be waited for; it ends with the test.
struct Running {
    child: Child,
    lines: Receiver<String>,
}

impl Running {
    fn start(folder: &Path, arguments: &[&str]) -> Self {
        Self::start_with(folder, arguments, &[])
    }

    fn start_with(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut child = Command::new(assert_cmd::cargo::cargo_bin!("fangzhi"))
            .args(arguments)
            .env_clear()
            .envs(variables.iter().copied())
            .current_dir(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let (send, lines) = channel();
        std::thread::spawn(move || {
            out.lines().map_while(Result::ok).all(|line| send.send(line).is_ok())
        });
        Self { child, lines }
    }

    /// Waits for a line with `text`.
    #[track_caller]
    fn line(&self, text: &str) -> String {
        let end = Instant::now() + LONGEST;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let line = self.lines.recv_timeout(left).unwrap_or_else(|_| panic!("no line {text:?}"));
            if line.contains(text) {
                return line;
            }
        }
    }

    /// Presses Ctrl-C and gives the exit code.
    fn interrupt(mut self) -> Option<i32> {
        let process = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(process, rustix::process::Signal::INT).unwrap();
        self.child.wait().unwrap().code()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It ended already where the test went well.
        let _ended = self.child.kill();
        let _waited = self.child.wait();
    }
}

/// A report that says what no other does.
fn write(folder: &Path, name: &str) {
    let text = format!("{name}小组把水渠修到了地头，村民当年用上了自来水。\n");
    fs::write(folder.join("reports").join(name), text).unwrap();
}

#[test]
fn the_report_has_a_row_for_every_file_whatever_became_of_it() {
    let folder = reports();
    write(folder.path(), "丙.txt");
    let ran = run(folder.path(), &["index", "reports", "--report", "first.csv"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let path = |name: &str| folder.path().join("reports").join(name);
    fs::remove_file(path("甲.txt")).unwrap();
    fs::rename(path("丙.txt"), path("丁.txt")).unwrap();
    fs::write(path("戊.txt"), b"text\0\x01\x02\x03 text").unwrap();
    fs::write(path("己.xyz"), "\u{1}\u{2}").unwrap();
    let arguments = ["index", "reports", "--report", "second.csv", "--prune"];
    assert_eq!(run(folder.path(), &arguments).code, 0);
    let text = fs::read_to_string(folder.path().join("second.csv")).unwrap();
    let mut rows = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    assert_eq!(rows.headers().unwrap().iter().nth(2), Some("status"));
    let mut found: Vec<_> = rows
        .records()
        .map(|row| {
            let row = row.unwrap();
            let name = row[0].rsplit('/').next().unwrap().to_owned();
            // A file that moved is read anew.
            (name, row[2].to_owned(), row[6].to_owned(), !row[9].is_empty())
        })
        .collect();
    found.sort();
    let row = |name: &str, status: &str, paragraphs: &str, read| {
        (name.to_owned(), status.to_owned(), paragraphs.to_owned(), read)
    };
    assert_eq!(
        found,
        [
            row("丁.txt", "moved", "1", true),
            row("乙.txt", "unchanged", "3", true),
            row("己.xyz", "not-read", "", false),
            row("戊.txt", "failed", "", true),
            row("甲.txt", "removed", "", false),
        ]
    );
}

#[test]
fn a_report_among_the_files_is_refused_and_nothing_is_written_over() {
    let folder = reports();
    let text = folder.path().join("reports/一.txt");
    fs::write(&text, "甲村修路。").unwrap();
    let ran = run(folder.path(), &["index", "reports", "--report", "reports/一.txt"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("would be indexed itself"), "{}", ran.err);
    assert_eq!(fs::read_to_string(&text).unwrap(), "甲村修路。");
}

#[test]
fn nothing_to_watch_is_an_error() {
    let folder = reports();
    let ran = run(folder.path(), &["index", "nowhere", "--watch"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("none of these is there"), "{}", ran.err);
}

#[test]
fn a_report_that_cannot_be_written_stops_the_run_before_it_begins() {
    let folder = reports();
    let ran = run(folder.path(), &["index", "reports", "--report", "nowhere/files.csv"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("nowhere/files.csv: no such file or folder"), "{}", ran.err);
    assert!(!folder.path().join(".fangzhi").exists());
}

#[test]
fn a_second_writer_leaves_with_a_hint_or_waits() {
    let folder = reports();
    assert_eq!(run(folder.path(), &["index", "reports"]).code, 0);
    let lock = fs::File::create(folder.path().join(".fangzhi/index/.tantivy-writer.lock")).unwrap();
    lock.lock().unwrap();
    let ran = run(folder.path(), &["index"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("another process is updating this index"), "{}", ran.err);
    assert!(ran.err.contains("--wait"), "{}", ran.err);
    let ran = run(folder.path(), &["index", "--wait", "1"]);
    assert!(ran.code == 2 && ran.err.contains("at most 1 s"), "{}", ran.err);
    let waiting = Running::start(folder.path(), &["index", "--wait", "100", "--json"]);
    waiting.line(r#""event":"waiting""#);
    lock.unlock().unwrap();
    waiting.line(r#""event":"summary""#);
}

#[test]
fn folders_are_followed_until_ctrl_c() {
    let folder = reports();
    fs::create_dir(folder.path().join("more")).unwrap();
    let watching = Running::start(folder.path(), &["index", "reports", "more", "--watch"]);
    watching.line("2 files added (");
    watching.line("watching ");
    write(folder.path(), "丙.txt");
    fs::create_dir(folder.path().join("reports/new")).unwrap();
    write(folder.path(), "new/丁.txt");
    fs::write(folder.path().join("more/戊.txt"), "另一个文件夹里也修好了水渠。\n").unwrap();
    // What changes soon after each other is one batch.
    watching.line("3 files added (3 paragraphs)");
    write(folder.path(), "更多.txt");
    watching.line("1 file added (1 paragraph), ");
    fs::remove_file(folder.path().join("reports/丙.txt")).unwrap();
    watching.line("1 removed, 5 unchanged");
    assert_eq!(watching.interrupt(), Some(0));
    let ran = run(folder.path(), &["index", "--json"]);
    assert!(ran.out.contains(r#""added":0,"updated":0,"unchanged":5"#), "{}", ran.out);
}

#[test]
fn a_folder_made_anew_above_a_root_and_own_vocabularies_are_followed() {
    let folder = reports();
    let [above, old] = ["above", "old"].map(|name| folder.path().join(name));
    fs::create_dir_all(above.join("in")).unwrap();
    fs::write(above.join("in/戊.txt"), "大理州把全州划为网格，发动群众修好了水渠。\n").unwrap();
    let watching = Running::start(folder.path(), &["index", "above/in", "--watch"]);
    watching.line("1 file added (1 paragraph)");
    watching.line("watching ");
    // Nothing of this happens in the folder that is watched.
    fs::rename(&above, &old).unwrap();
    fs::create_dir_all(above.join("in")).unwrap();
    for name in ["戊.txt", "己.txt"] {
        fs::write(above.join("in").join(name), format!("{name}所说的水渠也修好了。\n")).unwrap();
    }
    watching.line("1 file added and 1 updated (2 paragraphs)");
    fs::write(above.join("in/庚.txt"), "这里的水渠后来也修好了。\n").unwrap();
    watching.line("1 file added (1 paragraph)");
    let schema = folder.path().join(".fangzhi/schema");
    fs::create_dir_all(&schema).unwrap();
    let measures = "[[measure]]\npath = \"城乡建设/口袋公园\"\nenglish = \"Parks\"\n\
        covers = \"parks\"\nstrong = [\"水渠\"]\n";
    fs::write(schema.join("measures.toml"), measures).unwrap();
    watching.line("3 files updated (3 paragraphs)");
    assert_eq!(watching.interrupt(), Some(0));
}

#[test]
fn a_folder_that_is_not_there_yet_is_followed_from_when_it_is() {
    let folder = reports();
    let late = folder.path().join("late");
    let watching = Running::start(folder.path(), &["index", "reports", "late", "--watch"]);
    watching.line("watching ");
    fs::create_dir(&late).unwrap();
    fs::write(late.join("迟.txt"), "迟到的材料说水渠也修好了。\n").unwrap();
    watching.line("1 file added (1 paragraph)");
    fs::write(late.join("再.txt"), "再来的材料说道路也修好了。\n").unwrap();
    watching.line("1 file added (1 paragraph)");
    assert_eq!(watching.interrupt(), Some(0));
}

#[test]
fn a_first_run_that_records_nothing_leaves_no_index() {
    let folder = reports();
    let empty = folder.path().join("empty");
    fs::create_dir(&empty).unwrap();
    assert_eq!(run(folder.path(), &["index", "empty"]).code, 2);
    assert!(!folder.path().join(".fangzhi").exists());
    fs::write(empty.join("a.jpg"), "\u{1}").unwrap();
    let ran = run(folder.path(), &["index", "empty"]);
    assert!(ran.out.contains("not read: ") && !ran.out.contains(".fangzhi"), "{}", ran.out);
    assert!(!folder.path().join(".fangzhi").exists());
    // What stood there before stays.
    fs::create_dir_all(folder.path().join(".fangzhi/schema")).unwrap();
    assert_eq!(run(folder.path(), &["index", "empty"]).code, 2);
    assert!(folder.path().join(".fangzhi/schema").exists());
    assert!(!folder.path().join(".fangzhi/index").exists());
}

#[test]
fn a_folder_of_the_engine_without_a_file_is_a_new_index() {
    let folder = reports();
    fs::create_dir_all(folder.path().join(".fangzhi/index")).unwrap();
    let ran = run(folder.path(), &["index", "reports"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(ran.out.contains("2 files added"), "{}", ran.out);
}

#[test]
fn a_first_run_that_is_stopped_before_a_file_is_finished_says_so_and_leaves_no_index() {
    let folder = reports();
    let records: String = (0..60_000)
        .map(|number| {
            format!("{{\"text\": \"第{number}村把水渠修到了地头，村民用上了自来水。\"}}\n")
        })
        .collect();
    fs::write(folder.path().join("all.jsonl"), records).unwrap();
    let child = Command::new(assert_cmd::cargo::cargo_bin!("fangzhi"))
        .args(["index", "all.jsonl"])
        .env_clear()
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let end = Instant::now() + LONGEST;
    while !folder.path().join(".fangzhi/index/meta.json").exists() {
        assert!(Instant::now() < end, "it did not begin");
        std::thread::sleep(Duration::from_millis(10));
    }
    let process = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(process, rustix::process::Signal::INT).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("stopped before any file was finished"), "{said}");
    assert!(!folder.path().join(".fangzhi").exists());
}

#[test]
fn the_folder_of_a_project_that_moved_is_forgotten_and_its_files_known_again() {
    let folder = reports();
    let [old, new] = ["old", "new"].map(|name| folder.path().join(name));
    for case in ["at once", "afterwards"] {
        fs::create_dir(&old).unwrap();
        fs::rename(folder.path().join("reports"), old.join("reports")).unwrap();
        assert_eq!(run(&old, &["index", "reports"]).code, 0);
        fs::rename(&old, &new).unwrap();
        if case == "at once" {
            let ran = run(&new, &["index", "reports", "--forget", "../old/reports"]);
            assert!(ran.code == 0 && ran.out.contains("2 moved"), "{}{}", ran.out, ran.err);
            assert_eq!(ran.err, "");
        } else {
            let ran = run(&new, &["index", "reports"]);
            assert!(ran.code == 0 && ran.err.contains("index --forget '"), "{}", ran.err);
            let ran = run(&new, &["index", "--forget", "../old"]);
            assert!(ran.out.contains("2 removed, 2 unchanged"), "{}{}", ran.out, ran.err);
        }
        let ran = run(&new, &["index"]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        let found = run(&new, &["search", "网格员", "--count"]);
        assert_eq!(found.out, "1 paragraph · 1 article\n", "{case}");
        fs::rename(new.join("reports"), folder.path().join("reports")).unwrap();
        fs::remove_dir_all(&new).unwrap();
    }
}

#[test]
fn nothing_is_forgotten_while_the_place_named_with_it_is_not_all_there() {
    let folder = reports();
    let path = folder.path();
    assert_eq!(run(path, &["index", "reports"]).code, 0);
    fs::rename(path.join("reports"), path.join("moved")).unwrap();
    fs::create_dir(path.join("unmounted")).unwrap();
    for (places, cause) in [
        (vec!["mvoed"], "mvoed: no such file or folder"),
        (vec!["unmounted"], "unmounted: no file here that can be read"),
        (vec!["moved", "mvoed"], "mvoed: no such file or folder"),
        (vec!["moved/甲.txt", "unmounted", "--dry-run"], "unmounted: no file here"),
        (vec!["mvoed", "--prune"], "mvoed: no such file or folder"),
    ] {
        let arguments = [&["index", "--forget", "reports"], places.as_slice()].concat();
        let ran = run(path, &arguments);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{places:?}");
        assert!(ran.err.contains(cause), "{}", ran.err);
        assert!(ran.err.contains("hint: nothing was read or forgotten"), "{}", ran.err);
        let found = run(path, &["search", "网格员", "--count"]);
        assert_eq!(found.out, "1 paragraph · 1 article\n", "{places:?}");
    }
    // It is remembered as before, and nothing that was named meanwhile took its keys.
    let ran = run(path, &["index", "moved", "--forget", "reports"]);
    assert!(ran.code == 0 && ran.out.contains("2 moved"), "{}{}", ran.out, ran.err);
}

#[test]
#[cfg(unix)]
fn nothing_is_forgotten_while_a_part_of_the_place_named_with_it_cannot_be_read() {
    use std::os::unix::fs::PermissionsExt;
    let folder = reports();
    let path = folder.path();
    assert_eq!(run(path, &["index", "reports"]).code, 0);
    fs::create_dir(path.join("moved")).unwrap();
    fs::rename(path.join("reports"), path.join("moved/reports")).unwrap();
    fs::write(path.join("moved/丙.txt"), "丙村的水渠修好了。\n").unwrap();
    let locked = path.join("moved/reports");
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o000)).unwrap();
    let may_read_all = fs::read_dir(&locked).is_ok();
    let ran = run(path, &["index", "moved", "--forget", "reports"]);
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o755)).unwrap();
    if may_read_all {
        println!("skipped: this user may read every folder");
        return;
    }
    assert!(ran.code == 2 && ran.err.contains("a part of it cannot be read"), "{}", ran.err);
    let ran = run(path, &["index", "moved", "--forget", "reports"]);
    assert!(ran.code == 0 && ran.out.contains("2 moved"), "{}{}", ran.out, ran.err);
}

#[test]
fn a_folder_that_is_forgotten_and_asked_for_anew_holds_what_it_is_asked_for_now() {
    let folder = reports();
    let path = folder.path();
    assert_eq!(run(path, &["index", "reports"]).code, 0);
    let ran = run(path, &["index", "reports", "--include", "甲*", "--forget", "reports"]);
    assert!(ran.out.contains("1 removed, 1 unchanged"), "{}{}", ran.out, ran.err);
    let stats = run(path, &["stats"]);
    assert!(stats.out.contains("reports"), "{}", stats.out);
    fs::write(path.join("reports/甲二.txt"), "丁村的桥也修好了。\n").unwrap();
    let ran = run(path, &["index"]);
    assert!(ran.out.contains("1 file added") && ran.out.contains("1 unchanged"), "{}", ran.out);
    let ran = run(path, &["index", "--forget", "reports"]);
    assert!(ran.code == 0 && ran.out.contains("2 removed"), "{}{}", ran.out, ran.err);
    // A narrower look at a folder that stays remembered whole takes nothing of another one out.
    assert_eq!(run(path, &["index", "reports", "reports/乙.txt"]).code, 0);
    let forget = ["index", "reports", "--include", "甲*", "--forget", "reports/乙.txt"];
    let ran = run(path, &forget);
    assert!(ran.code == 0 && !ran.out.contains("removed"), "{}{}", ran.out, ran.err);
}

#[test]
fn the_command_for_a_folder_that_moved_names_the_index_and_is_one_for_a_shell() {
    let folder = reports();
    let path = folder.path();
    fs::rename(path.join("reports"), path.join("it's")).unwrap();
    assert_eq!(run(path, &["index", "it's", "--index", "ix"]).code, 0);
    fs::rename(path.join("it's"), path.join("moved")).unwrap();
    let ran = run(path, &["index", "moved", "--index", "ix"]);
    let command = ran.err.split_once("if it moved: `").unwrap().1.split_once('`').unwrap().0;
    assert!(command.contains(r"it'\''s' --index '") && command.ends_with("ix'"), "{command}");
    let command = command.replacen("fangzhi", env!("CARGO_BIN_EXE_fangzhi"), 1);
    let output = Command::new("sh").args(["-c", &command]).current_dir(path).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && said.contains("2 removed"), "{command}\n{said}");
}

#[test]
fn only_what_is_remembered_can_be_forgotten_and_what_another_folder_holds_stays() {
    let folder = reports();
    let path = folder.path();
    assert_eq!(run(path, &["index", "reports", "reports/甲.txt"]).code, 0);
    let ran = run(path, &["index", "--forget", "reports/nowhere"]);
    assert!(ran.code == 2 && ran.err.contains("nowhere is no remembered folder"), "{}", ran.err);
    assert!(ran.err.contains("hint: `fangzhi stats`"), "{}", ran.err);
    let ran = run(path, &["index", "--forget", "reports/nowhere", "--lang", "zh"]);
    assert!(ran.err.contains("nowhere 不是已记住的文件夹"), "{}", ran.err);
    let ran = run(path, &["index", "--forget", "reports/甲.txt"]);
    assert!(ran.out.contains("2 unchanged") && !ran.out.contains("removed"), "{}", ran.out);
    let ran = run(path, &["index", "--forget", "reports"]);
    assert!(ran.code == 0 && ran.out.contains("2 removed"), "{}{}", ran.out, ran.err);
}

#[test]
fn a_file_is_followed_whose_neighbour_is_gone() {
    let folder = reports();
    let arguments = ["index", "reports/甲.txt", "reports/乙.txt", "--watch"];
    let often = [("FANGZHI_LOOK_AGAIN_MS", "500")];
    let watching = Running::start_with(folder.path(), &arguments, &often);
    watching.line("watching ");
    fs::rename(folder.path().join("reports/甲.txt"), folder.path().join("away.txt")).unwrap();
    // It has been looked what is there, and a batch is done.
    std::thread::sleep(Duration::from_secs(4));
    fs::write(folder.path().join("reports/乙.txt"), "乙村的水渠后来也修好了。\n").unwrap();
    watching.line("1 file updated (1 paragraph)");
    assert_eq!(watching.interrupt(), Some(0));
}

/// The system would end the command by a signal, and nothing would be said.
#[cfg(target_os = "linux")]
#[test]
fn a_limit_on_the_size_of_files_is_an_error_that_is_told() {
    let folder = reports();
    let done = Command::new("sh")
        .args(["-c", "ulimit -f 2; exec \"$0\" index reports"])
        .arg(assert_cmd::cargo::cargo_bin!("fangzhi"))
        .env_clear()
        .current_dir(folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8(done.stderr).unwrap();
    assert_eq!(done.status.code(), Some(2), "{said}");
    assert!(said.contains("File too large"), "{said}");
}
