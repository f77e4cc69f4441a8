//! Runs over a disk that goes wrong at every operation in turn: what was committed stays, the index is sound, and the
//! next run ends with what an undisturbed one gives.
//!
//! An ordinary run of the tests tries every 53rd operation, and errors of all on lists of deletions: one left over
//! stood in the way of the next. `FANGZHI_FAULTS=1` tries every one, `FANGZHI_FAULTS=7` each seventh.

use crate::index::faults::{self, Fault};
use crate::index::{IndexError, check, content_digest};
use crate::pipeline::{Event, IndexRequest, Memory, PipelineError, run};
use crate::vocab::Vocabulary;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, SystemTime};

/// A folder of reports and an index of them in an earlier state, or none.
struct Case {
    folder: tempfile::TempDir,
    vocabulary: Arc<Vocabulary>,
}

impl Case {
    fn new(vocabulary: &Arc<Vocabulary>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("reports")).unwrap();
        let case = Self { folder, vocabulary: Arc::clone(vocabulary) };
        (0..5).for_each(|number| case.write(number, 1));
        case
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join(name)
    }

    fn write(&self, number: u64, edition: u64) {
        let path = self.path("reports").join(format!("{number}.txt"));
        // The second text is near that of every other report, and the third an excerpt of it.
        let who = ["村里", "乡里", "县里", "市里", "省里"];
        let who = who[usize::try_from(number).unwrap() % who.len()];
        let first = "干部逐户走访，了解生活和生产的困难，当场能办的当场办，一时办不了的列出清单，";
        let text = format!(
            "第{number}村把水渠修到了地头，第{edition}次走访。\n\n\
             {first}{who}会商以后再答复群众，并在村口公示办理的结果和经办的人。\n\n\
             {who}的{first}逐项销号。\n"
        );
        fs::write(&path, text).unwrap();
        let written = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000 + edition);
        fs::File::options().write(true).open(path).unwrap().set_modified(written).unwrap();
    }

    fn change(&self) {
        self.write(1, 2);
        self.write(7, 2);
        fs::remove_file(self.path("reports/2.txt")).unwrap();
        fs::rename(self.path("reports/3.txt"), self.path("reports/8.txt")).unwrap();
    }

    /// Brings the index up to date, with a commit after each file; shows each commit.
    fn run(&self, dir: &Path, committed: &mut dyn FnMut()) -> Result<(), PipelineError> {
        let request = IndexRequest {
            paths: vec![self.path("reports")],
            jobs: 1,
            commit_every: Duration::ZERO,
            memory: Memory::of(0),
            ..IndexRequest::default()
        };
        let stop = AtomicBool::new(false);
        let each = &mut |event| {
            if matches!(event, Event::Committed { .. }) {
                committed();
            }
        };
        run(dir, &self.vocabulary, &request, &stop, each).map(drop)
    }

    /// Tries `fault` at each operation of a run that begins with the index in `before`.
    fn sweep(&self, before: &Path, fault: Fault, stride: usize) {
        let dir = self.path("index");
        let engine = dir.join("index");
        let start = || {
            let _not_there = fs::remove_dir_all(&dir);
            copy(before, &dir);
        };
        start();
        // What the index holds after each commit of an undisturbed run.
        let mut states = vec![digest(&dir)];
        faults::plan(&engine, usize::MAX, fault);
        self.run(&dir, &mut || states.push(digest(&dir))).unwrap();
        let operations = faults::end(&engine);
        // Reprints have a commit of their own at the end.
        states.push(digest(&dir));
        assert_ne!(states[states.len() - 2], states[states.len() - 1]);
        assert!(operations.len() > 50 && states.len() > 3, "{operations:?}");
        for (wrong, file) in operations.iter().enumerate() {
            let is_deletions = file.extension().is_some_and(|extension| extension == "del");
            if wrong % stride != 0 && !(is_deletions && fault == Fault::Fail) {
                continue;
            }
            let what = format!("{fault:?} at operation {wrong} of {}, {file:?}", operations.len());
            start();
            faults::plan(&engine, wrong, fault);
            let mut commits = 0;
            // Whether it is an error depends on what went wrong: a file that could not be cleared up is none.
            let _run = self.run(&dir, &mut || commits += 1);
            faults::end(&engine);
            let state = digest(&dir);
            let at = states.iter().position(|known| *known == state);
            // What was said to be committed is; the next commit may be, too.
            let allowed = commits..=commits + 1;
            assert!(
                at.is_some_and(|at| allowed.contains(&at)),
                "{what}: {at:?}, {commits} commits"
            );
            self.assert_sound(&dir, &what);
            self.run(&dir, &mut || ()).unwrap_or_else(|error| panic!("{what}: {error}"));
            assert_eq!(Some(&digest(&dir)), states.last(), "{what}");
            self.assert_sound(&dir, &what);
        }
    }

    fn assert_sound(&self, dir: &Path, what: &str) {
        match check(dir, &self.vocabulary, true) {
            Ok(problems) => assert_eq!(problems, [], "{what}"),
            Err(IndexError::Missing { .. }) => {}
            Err(error) => panic!("{what}: {error}"),
        }
    }
}

/// What an index holds; nothing where there is none yet.
fn digest(dir: &Path) -> Option<String> {
    match content_digest(dir) {
        Ok(digest) => Some(digest),
        Err(IndexError::Missing { .. }) => None,
        Err(error) => panic!("{error}"),
    }
}

/// Copies the files of an index, which has one folder.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to.join("index")).unwrap();
    let Ok(files) = fs::read_dir(from.join("index")) else { return };
    for file in files.map(Result::unwrap) {
        fs::copy(file.path(), to.join("index").join(file.file_name())).unwrap();
    }
}

#[test]
fn whatever_operation_of_the_disk_goes_wrong_nothing_committed_is_lost() {
    let stride = std::env::var("FANGZHI_FAULTS").ok().and_then(|value| value.parse().ok());
    let stride = stride.unwrap_or(53);
    let vocabulary = Arc::new(Vocabulary::builtin());
    for fault in [Fault::Fail, Fault::Tear, Fault::PowerCut] {
        let case = Case::new(&vocabulary);
        case.sweep(&case.path("none"), fault, stride);
        let before = case.path("before");
        case.run(&before, &mut || ()).unwrap();
        case.change();
        case.sweep(&before, fault, stride);
    }
}
