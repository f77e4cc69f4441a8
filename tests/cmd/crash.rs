//! The command is killed at random moments, again and again: what was committed is there, the index is sound, and the
//! next run ends with what an undisturbed one gives.
//!
//! `FANGZHI_KILLS=300 cargo test --test cmd crash -- --nocapture` is the long run; `FANGZHI_SEED` draws other moments.

use crate::fangzhi;
use crate::run;
use proptest::prelude::Rng;
use proptest::test_runner::{RngAlgorithm, TestRng};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

/// Kills of an ordinary run of the tests.
const KILLS: usize = 12;
/// Files of the folder that is indexed.
const FILES: usize = 24;

/// What is killed.
#[derive(Debug, Clone, Copy)]
enum Job {
    /// The first run over a folder.
    Index,
    /// A run after files were changed, added, removed and renamed.
    Update,
    /// All tags given anew.
    Retag,
    /// Many segments made one.
    Merge,
    /// Many long texts compared with each other.
    Reprints,
}

const JOBS: [Job; 5] = [Job::Index, Job::Update, Job::Retag, Job::Merge, Job::Reprints];

impl Job {
    /// What is done undisturbed before it.
    fn prepare(self, folder: &Path) {
        write_all(folder);
        if !matches!(self, Self::Index) {
            assert_eq!(run(folder, &INDEX).code, 0);
        }
        if matches!(self, Self::Update) {
            change(folder);
        }
        if matches!(self, Self::Reprints) {
            (0..FILES)
                .for_each(|number| write(folder, &format!("again{number}.txt"), 300 + number));
        }
        if matches!(self, Self::Retag) {
            let schema = folder.join(".fangzhi/schema");
            fs::create_dir_all(&schema).unwrap();
            fs::write(schema.join("synonyms.txt"), "水渠 = 引水沟\n").unwrap();
        }
    }

    fn arguments(self) -> Vec<&'static str> {
        match self {
            Self::Index | Self::Update | Self::Reprints => INDEX.to_vec(),
            Self::Retag => vec!["retag", "--all"],
            Self::Merge => [INDEX.as_slice(), &["--optimize"]].concat(),
        }
    }
}

/// A commit after each file, so that there are many moments that matter.
const INDEX: [&str; 6] = ["index", "reports", "--commit-every", "0", "--jobs", "2"];

fn write(folder: &Path, name: &str, seed: usize) {
    let who = ["村里", "乡里", "县里", "市里", "省里"][seed % 5];
    let paragraph = |at: usize| {
        let short = format!("第{seed}村第{at}小组把水渠修到了地头，{at}户用上了自来水。");
        // Every third one is a reprint of that of every other file.
        let long = format!(
            "村口第{at}组的干部逐户走访，了解生活和生产的困难，当场能办的当场办，一时办不了的列出清单，{who}\
             会商以后再答复群众，并公示办理的结果和经办的人。"
        );
        (if at.is_multiple_of(3) { long } else { short }) + "\n\n"
    };
    let path = folder.join("reports").join(name);
    fs::write(&path, (1..60).map(paragraph).collect::<String>()).unwrap();
    let written = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000 + seed as u64);
    fs::File::options().write(true).open(path).unwrap().set_modified(written).unwrap();
}

fn write_all(folder: &Path) {
    fs::create_dir_all(folder.join("reports")).unwrap();
    (0..FILES).for_each(|number| write(folder, &format!("{number}.txt"), number));
}

fn change(folder: &Path) {
    let reports = folder.join("reports");
    (0..6).for_each(|number| write(folder, &format!("{number}.txt"), 100 + number));
    (6..9).for_each(|number| fs::remove_file(reports.join(format!("{number}.txt"))).unwrap());
    for number in 9..12 {
        let path = |end: &str| reports.join(format!("{number}{end}.txt"));
        fs::rename(path(""), path("新")).unwrap();
    }
    (0..6).for_each(|number| write(folder, &format!("more{number}.txt"), 200 + number));
}

fn digest(folder: &Path) -> String {
    let ran = run(folder, &["check", "--digest"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    ran.out
}

/// How many paragraphs each file has in the index; none where there is no commit yet.
fn paragraphs(folder: &Path) -> BTreeMap<String, usize> {
    let ran = run(folder, &["search", "村", "--jsonl", "--limit", "100000", "--group", "none"]);
    assert!(ran.code < 2 || ran.err.contains("no index here"), "{}", ran.err);
    let mut counts = BTreeMap::new();
    for line in ran.out.lines() {
        let hit: Value = serde_json::from_str(line).unwrap();
        if let Some(path) = hit["path"].as_str() {
            *counts.entry(path.to_owned()).or_default() += 1;
        }
    }
    counts
}

/// Starts the job and kills it after `after`; whether it was still at it.
fn kill(folder: &Path, job: Job, after: Duration) -> bool {
    let program = fangzhi(folder).get_program().to_owned();
    let mut child = Command::new(program)
        .args(job.arguments())
        .env_clear()
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(after);
    let was_at_it = child.try_wait().unwrap().is_none();
    child.kill().unwrap();
    child.wait().unwrap();
    was_at_it
}

/// What an undisturbed job ends with, and how long it takes.
fn undisturbed(folder: &Path, job: Job) -> (String, Duration) {
    job.prepare(folder);
    let begun = Instant::now();
    assert_eq!(run(folder, &job.arguments()).code, 0);
    let took = begun.elapsed();
    (digest(folder), took)
}

/// What must hold after a kill: the index opens, is sound, and each file is in it whole or not at all.
fn assert_sound(folder: &Path, what: &str) {
    let whole = paragraphs(folder);
    for (path, count) in &whole {
        assert_eq!(*count, 59, "{what}: {path}");
    }
    let ran = run(folder, &["search", "答复群众", "--collapse", "--json"]);
    assert!(ran.code < 2 || ran.err.contains("no index here"), "{what}: {}", ran.err);
    let ran = run(folder, &["check", "--full"]);
    let has_index = folder.join(".fangzhi/index/meta.json").exists();
    // Changed vocabularies are no damage.
    let is_sound = ran.code == 0 || ran.out.lines().all(|line| line.starts_with("outdated: "));
    let is_new = ran.err.contains("no index here");
    assert!(is_new || (has_index && is_sound), "{what}: {}{}", ran.out, ran.err);
}

#[test]
fn a_killed_command_loses_nothing_and_the_next_one_completes_it() {
    let variable = |name: &str| std::env::var(name).ok().and_then(|value| value.parse().ok());
    let kills = variable("FANGZHI_KILLS").unwrap_or(KILLS);
    let seed = u8::try_from(variable("FANGZHI_SEED").unwrap_or(0)).unwrap();
    let mut draws = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
    let mut fraction =
        || f64::from(u32::try_from(draws.next_u64() >> 32).unwrap()) / f64::from(u32::MAX);
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path().canonicalize().unwrap();
    let (mut killed, mut hits) = (0, 0);
    for job in JOBS.into_iter().cycle() {
        if killed >= kills {
            break;
        }
        let start = || {
            for gone in [".fangzhi", "reports"] {
                let _not_there = fs::remove_dir_all(folder.join(gone));
            }
        };
        start();
        let (expected, took) = undisturbed(&folder, job);
        start();
        job.prepare(&folder);
        let mut before = paragraphs(&folder);
        // The same job is killed a few times before it may end.
        for _ in 0..3 {
            let what = format!("{job:?}, kill {killed}, seed {seed}");
            hits += usize::from(kill(&folder, job, took.mul_f64(fraction())));
            killed += 1;
            assert_sound(&folder, &what);
            let after = paragraphs(&folder);
            let lost = before.keys().filter(|path| !after.contains_key(*path));
            // What vanished or moved is gone from its path.
            let lost: Vec<_> = lost.filter(|path| Path::new(path).exists()).collect();
            assert!(lost.is_empty(), "{what}: {lost:?}");
            before = after;
        }
        let ran = run(&folder, &job.arguments());
        assert_eq!(ran.code, 0, "{job:?}: {}", ran.err);
        assert!(paragraphs(&folder).len() >= FILES, "{job:?}");
        assert_eq!(digest(&folder), expected, "{job:?}, before kill {killed}, seed {seed}");
    }
    println!("{killed} kills, {hits} of them of a command at work");
    assert!(hits * 2 > killed, "{hits} of {killed} kills came in time");
}
