//! One indexing run: walk, decide, read with workers, write with one writer, commit.

use crate::index::{
    Documents, FailedPart, FileRecord, Fingerprints, IndexError, MEMBER_MARK, OpenIndex,
    PartialFile, Payload, REBUILD_FOLDER, Root, SCHEMA_FOLDER, Writer, WriterOptions, compare,
    lock_engine, outdated, part_path, path_from_text, path_text, recover_engine, replace_engine,
};
use crate::ingest::walk::{ProblemCause, RootState, Walk, WalkOptions, walk};
use crate::ingest::{Format, ReadError, ReadOptions};
use crate::pipeline::changes::{Changes, Job, Policy, nanoseconds};
use crate::pipeline::read::{
    Message, Reader, extractor, failed_cause, failure_code, hash_file, known_code, read_options,
};
use crate::pipeline::report::WAITING_PARTS;
use crate::pipeline::{Event, IndexRequest, IndexSummary, Outcome, PipelineError, ReadFile};
use crate::tag::Tagger;
use crate::vocab::Vocabulary;
use crossbeam_channel::{bounded, unbounded};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime};

/// Which readers these are: what ended one of another version is tried again.
const READERS: &str = env!("CARGO_PKG_VERSION");
/// What an event says of a file of many reports, none of which could be read; each has an event of its own.
const NO_PART: &str = "none of what it holds could be read";
/// How long workers begin no file so that those that were begun can end and be committed.
const HOLD_MAX: Duration = Duration::from_secs(5);
/// How often workers that begin no file look whether they may.
const LOOK_EVERY: Duration = Duration::from_millis(2);
/// How often it is asked whether another process still writes.
const ASK_EVERY: Duration = Duration::from_millis(100);

/// Brings files into the index in `dir`, which is made when it does not exist. `stop` ends the run early, after what
/// is finished has been committed.
///
/// An index of another schema is an error; see [`rebuild`]. Where vocabularies, dictionary or cleaning rules changed,
/// all remembered roots are walked and what was read with the old ones is read again; the index says it is up to date
/// when nothing else is left, so a run that was stopped is taken up by the next.
pub fn run(
    dir: &Path,
    vocabulary: &Arc<Vocabulary>,
    request: &IndexRequest,
    stop: &AtomicBool,
    each: &mut dyn FnMut(Event),
) -> Result<IndexSummary, PipelineError> {
    recover_engine(dir)?;
    let known = match OpenIndex::open(dir) {
        Ok(index) => Known::of(&index)?,
        Err(IndexError::Missing { .. }) if !request.paths.is_empty() => Known::default(),
        Err(error) => return Err(error.into()),
    };
    Run::new(dir, Arc::clone(vocabulary), request, stop, known)?.go(each)
}

/// Makes the index in `dir` anew from its remembered roots and puts it in the place of the old one at the end. The old
/// one stays when the run was stopped, is a dry one, or met a root that is not there (unless vanished reports may go).
pub fn rebuild(
    dir: &Path,
    vocabulary: &Arc<Vocabulary>,
    request: &IndexRequest,
    stop: &AtomicBool,
    each: &mut dyn FnMut(Event),
) -> Result<IndexSummary, PipelineError> {
    recover_engine(dir)?;
    // Nobody else writes to the old index, or makes a new one, until this one is in its place.
    let _lock = lock_engine(dir)?;
    let roots = OpenIndex::remembered_roots(dir)?;
    let fresh = dir.join(REBUILD_FOLDER);
    let known = Known { roots, ..Known::default() };
    // What an interrupted rebuild left is of no use.
    if fresh.exists() {
        std::fs::remove_dir_all(&fresh).map_err(|error| IndexError::from_io(dir, &error))?;
    }
    let mut request = request.clone();
    request.paths.extend(known.roots.iter().map(|root| path_from_text(&root.path)));
    let summary = Run::new(&fresh, Arc::clone(vocabulary), &request, stop, known)?.go(each)?;
    if summary.interrupted || request.dry_run {
        return Ok(summary);
    }
    if summary.bad_roots.is_empty() || request.prune {
        replace_engine(dir, &fresh)?;
    } else {
        // What is below a root that is not there now is only in the old index.
        std::fs::remove_dir_all(&fresh).map_err(|error| IndexError::from_io(dir, &error))?;
    }
    Ok(summary)
}

/// What the index knew before the run.
#[derive(Default)]
struct Known {
    records: Vec<FileRecord>,
    roots: Vec<Root>,
    payload: Option<Payload>,
    /// Number of the commit that says so; 0 where there is none.
    commit: u64,
    /// The last number of a file, also of paragraphs without a record.
    last_number: Option<u32>,
}

impl Known {
    fn of(index: &OpenIndex) -> Result<Self, IndexError> {
        let payload = index.payload.clone();
        Ok(Self {
            commit: index.commit_number()?,
            last_number: index.last_number()?,
            records: index.file_records()?,
            roots: payload.roots.clone(),
            payload: Some(payload),
        })
    }
}

/// The parts of a run that do not change while it goes on.
struct Run<'a> {
    dir: &'a Path,
    vocabulary: Arc<Vocabulary>,
    request: &'a IndexRequest,
    stop: &'a AtomicBool,
    known: Known,
    /// Roots to walk, with their options.
    roots: Vec<Root>,
    payload: Payload,
    /// What decides the content of a file, by root.
    made_with: Vec<String>,
    started: Instant,
}

impl<'a> Run<'a> {
    fn new(
        dir: &'a Path,
        vocabulary: Arc<Vocabulary>,
        request: &'a IndexRequest,
        stop: &'a AtomicBool,
        known: Known,
    ) -> Result<Self, PipelineError> {
        let wanted: Vec<Root> = request
            .paths
            .iter()
            .map(|path| {
                // A rebuild knows how each root was asked for.
                known
                    .roots
                    .iter()
                    .find(|root| {
                        path_from_text(&root.path) == *path
                            && request.include.is_empty()
                            && request.exclude.is_empty()
                            && request.encoding.is_none()
                    })
                    .cloned()
                    .unwrap_or_else(|| Root {
                        path: path_text(path),
                        include: request.include.clone(),
                        exclude: request.exclude.clone(),
                        encoding: request.encoding.clone(),
                        problems: Vec::new(),
                    })
            })
            .collect();
        let mut remembered = known.roots.clone();
        for root in &wanted {
            // A narrower look at a root that is remembered whole does not narrow what is remembered.
            let is_wider = |known: &Root| {
                known.path == root.path && !root.include.is_empty() && known.include != root.include
            };
            if !known.roots.iter().any(is_wider) {
                remembered.retain(|known| known.path != root.path);
                remembered.push(root.clone());
            }
        }
        remembered.sort_by(|a, b| a.path.cmp(&b.path));
        let payload = Payload {
            program: "fangzhi".to_owned(),
            fingerprints: Fingerprints::current(vocabulary.fingerprint().whole()),
            roots: remembered.clone(),
            reprints: known.payload.as_ref().and_then(|payload| payload.reprints.clone()),
        };
        let changed = known
            .payload
            .as_ref()
            .is_some_and(|old| !outdated(&old.fingerprints, &payload.fingerprints).is_empty());
        // What the index says of itself must be true of all of it: after a change every root is read again.
        let roots = if wanted.is_empty() || changed { remembered } else { wanted };
        // An encoding chosen by hand is part of how a file was made into paragraphs.
        let content = payload.fingerprints.content();
        let made_with = |root: &Root| match &root.encoding {
            Some(label) => format!("{content} {label}"),
            None => content.clone(),
        };
        let made_with = roots.iter().map(made_with).collect();
        Ok(Self {
            dir,
            vocabulary,
            request,
            stop,
            known,
            roots,
            payload,
            made_with,
            started: Instant::now(),
        })
    }

    fn go(mut self, each: &mut dyn FnMut(Event)) -> Result<IndexSummary, PipelineError> {
        let mut options = self.read_options()?;
        let mut summary = IndexSummary::default();
        // Roots that are not there make no index.
        if self.known.payload.is_none() && self.known.roots.is_empty() {
            let (walks, _) = self.walk()?;
            if self.is_stopped(&mut summary) {
                return Ok(summary);
            }
            let gone = [RootState::Missing, RootState::Unreadable];
            if walks.iter().flat_map(|walk| &walk.roots).all(|root| gone.contains(&root.state)) {
                note_walk(&walks, &mut summary);
                summary.elapsed = self.started.elapsed();
                return Ok(summary);
            }
        }
        // The lock comes first: who else writes must not change what is decided here.
        let opened = if self.request.dry_run { None } else { self.open_writer(each)? };
        let (writer, waited) =
            opened.map_or((None, false), |(writer, waited)| (Some(writer), waited));
        if writer.is_none() && self.is_stopped(&mut summary) {
            return Ok(summary);
        }
        if let Some(writer) = &writer
            && (waited || writer.commit_number()? != self.known.commit)
        {
            // Somebody wrote before the lock was ours, maybe corrections too.
            let known = match writer.commit_number()? == self.known.commit {
                true => std::mem::take(&mut self.known),
                false => Known::of(&OpenIndex::open(self.dir)?)?,
            };
            let vocabulary = Arc::new(Vocabulary::load(Some(&self.dir.join(SCHEMA_FOLDER)))?);
            self = Self::new(self.dir, vocabulary, self.request, self.stop, known)?;
            options = self.read_options()?;
        }
        if let Some(writer) = &writer {
            writer.use_words(&self.vocabulary.words);
        }
        let (walks, walk_options) = self.walk()?;
        if self.is_stopped(&mut summary) {
            Totals::of(&self.known.records).note_in(&mut summary);
            return Ok(summary);
        }
        self.forget_new_bad_roots(&walks);
        self.remember_problems(&walks, &walk_options);
        note_walk(&walks, &mut summary);
        tell_walk(&walks, each);
        let made_with = self.made_with.clone();
        let limits = limits_in_short(self.request);
        let policy = Policy {
            made_with: &made_with,
            overrides: &self.vocabulary.overrides,
            limits: &limits,
            options: &walk_options,
            reread: self.request.reread,
            prune: self.request.prune,
            keep_missing: self.request.keep_missing,
            last_number: self.known.last_number,
        };
        let records = std::mem::take(&mut self.known.records);
        let stale = records.iter().filter(|record| !self.made_with.contains(&record.made_with));
        let stale: HashSet<String> = stale.map(|record| record.key.clone()).collect();
        let totals = Totals::of(&records);
        let hash = |path: &Path| hash_file(path, self.stop).ok();
        let changes = Changes::decide(&walks, records, policy, hash);
        each(Event::Found {
            files: changes.jobs.len(),
            bytes: changes.jobs.iter().map(|job| job.size).sum(),
        });
        self.carry_out(changes, (stale, totals), options, writer, &mut summary, each)?;
        summary.in_part.sort_by(|a, b| a.order().cmp(&b.order()));
        summary.elapsed = self.started.elapsed();
        Ok(summary)
    }

    /// How the files of each root are read.
    fn read_options(&self) -> Result<Vec<ReadOptions>, PipelineError> {
        let of_root = |root: &Root| read_options(root.encoding.as_deref(), self.request);
        self.roots.iter().map(of_root).collect()
    }

    /// Whether the run is to end before it is decided what there is to do.
    fn is_stopped(&self, summary: &mut IndexSummary) -> bool {
        summary.interrupted = self.stop.load(Ordering::Relaxed);
        summary.elapsed = self.started.elapsed();
        summary.interrupted
    }

    /// A root that was never seen is not remembered when it is not there to be walked.
    fn forget_new_bad_roots(&mut self, walks: &[Walk]) {
        let is_bad = |path: &str| {
            walks.iter().flat_map(|walk| &walk.roots).any(|root| {
                matches!(root.state, RootState::Missing | RootState::Unreadable)
                    && path_text(&root.path) == path
            })
        };
        let known = &self.known.roots;
        self.payload.roots.retain(|root| {
            known.iter().any(|known| known.path == root.path) || !is_bad(&root.path)
        });
    }

    /// What the walk met below a root is told again until the next walk of it, or of the part it stands in.
    fn remember_problems(&mut self, walks: &[Walk], options: &[WalkOptions]) {
        for ((walked, walk), options) in self.roots.iter().zip(walks).zip(options) {
            let is_there = |root: &crate::ingest::walk::Root| {
                !matches!(root.state, RootState::Missing | RootState::Unreadable)
            };
            let root = self.payload.roots.iter_mut().find(|root| root.path == walked.path);
            if let Some(root) = root.filter(|_| walk.roots.iter().all(is_there)) {
                let is_narrower = walked.include != root.include;
                root.problems.retain(|(path, ..)| {
                    let path = path_from_text(path);
                    let below = path.strip_prefix(path_from_text(&root.path)).unwrap_or(&path);
                    is_narrower && !options.includes(below) && path.symlink_metadata().is_ok()
                });
                let problems = walk_problems(walk).into_iter();
                root.problems
                    .extend(problems.map(|(path, cause, code)| (path, cause, code.to_owned())));
                root.problems.sort();
                root.problems.dedup();
            }
        }
    }

    /// Opens the index for writing, after another process has, if that is soon enough, and says whether it had to wait;
    /// `None` when the run was stopped meanwhile.
    fn open_writer(
        &self,
        each: &mut dyn FnMut(Event),
    ) -> Result<Option<(Writer, bool)>, IndexError> {
        let options = WriterOptions { heap_bytes: self.request.writer_bytes, threads: 1 };
        let mut waits = false;
        loop {
            match Writer::open(self.dir, options) {
                Err(IndexError::Locked { .. }) if self.started.elapsed() < self.request.wait => {}
                opened => return Ok(Some((opened?, waits))),
            }
            if !std::mem::replace(&mut waits, true) {
                each(Event::Waiting);
            }
            if self.stop.load(Ordering::Relaxed) {
                return Ok(None);
            }
            std::thread::sleep(ASK_EVERY);
        }
    }

    /// Walks every root, each as it was asked for.
    fn walk(&self) -> Result<(Vec<Walk>, Vec<WalkOptions>), PipelineError> {
        let (mut walks, mut all_options) = (Vec::new(), Vec::new());
        for root in &self.roots {
            let options = WalkOptions::new(&root.include, &root.exclude).map_err(|error| {
                PipelineError::Option { option: "--include, --exclude", cause: error.to_string() }
            })?;
            walks.push(walk(&[path_from_text(&root.path)], &options, self.stop));
            all_options.push(options);
        }
        Ok((walks, all_options))
    }

    fn carry_out(
        &self,
        changes: Changes,
        (stale, totals): (HashSet<String>, Totals),
        options: Vec<ReadOptions>,
        writer: Option<Writer>,
        summary: &mut IndexSummary,
        each: &mut dyn FnMut(Event),
    ) -> Result<(), PipelineError> {
        let Changes { jobs, unchanged, refused, removed, kept } = changes;
        summary.kept_missing = kept;
        summary.unchanged = unchanged.len();
        let committed = self.known.payload.clone();
        let mut payload = self.payload.clone();
        if let Some(known) = &committed {
            payload.fingerprints = known.fingerprints.clone();
        }
        let dir = self.dir;
        let hold = AtomicBool::new(false);
        let mut intake = Intake {
            writer,
            payload,
            committed,
            dir,
            stop: self.stop,
            stale,
            totals,
            jobs: &jobs,
            open: HashMap::new(),
            summary,
            each,
            dirty: false,
            commit_every: self.request.commit_every,
            last_commit: Instant::now(),
            took: Duration::ZERO,
            hold: &hold,
            held_since: None,
        };
        for (path, record) in unchanged {
            intake.unchanged(&path, 0, record);
        }
        for record in &refused {
            intake.refused(record, 0);
        }
        for record in removed {
            intake.remove(&record);
        }
        self.read_all(&jobs, options, &mut intake)?;
        intake.finish(&self.payload, self.request)
    }

    /// Lets workers read all jobs and takes in what they send.
    fn read_all(
        &self,
        jobs: &[Job],
        options: Vec<ReadOptions>,
        intake: &mut Intake<'_>,
    ) -> Result<(), PipelineError> {
        if jobs.is_empty() {
            return Ok(());
        }
        let reader = Reader {
            tagger: Tagger::new(Arc::clone(&self.vocabulary)),
            overrides: &self.vocabulary.overrides,
            documents: Documents::new(),
            now_ns: nanoseconds(SystemTime::now()),
            reread: self.request.reread,
            made_with: self.made_with.clone(),
            limits: limits_in_short(self.request),
            stop: self.stop,
            options,
        };
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let workers =
            if self.request.jobs == 0 { cores } else { self.request.jobs }.min(jobs.len()).max(1);
        let (give, take) = unbounded();
        for number in 0..jobs.len() {
            // The receiver is alive: it is a few lines below.
            let _sent = give.send(number);
        }
        drop(give);
        let hold = intake.hold;
        let (send, receive) = bounded(WAITING_PARTS);
        std::thread::scope(|scope| {
            for _ in 0..workers {
                let (take, send, reader) = (take.clone(), send.clone(), &reader);
                scope.spawn(move || {
                    let mut extractor = extractor(self.request).with_stop(self.stop);
                    for number in take {
                        let Some(job) = jobs.get(number) else { continue };
                        self.wait_while(hold);
                        if self.stop.load(Ordering::Relaxed) {
                            break;
                        }
                        let begun = Instant::now();
                        let mut pass_on = |message| send.send((begun.elapsed(), message)).is_ok();
                        // A fault of ours in one file must not cost the others.
                        let read = catch_unwind(AssertUnwindSafe(|| {
                            reader.read(number, job, &mut extractor, &mut pass_on);
                        }));
                        if read.is_err() {
                            let error = ReadError::Internal;
                            let record = reader.refused_record(job, &error, String::new());
                            if !pass_on(Message::Failed(number, error, record)) {
                                break;
                            }
                        }
                    }
                });
            }
            drop(send);
            let taken = receive.iter().try_for_each(|(took, message)| {
                intake.took = took;
                intake.take(message)
            });
            intake.took = Duration::ZERO;
            // Workers that still send stop when nobody listens.
            drop(receive);
            taken
        })?;
        intake.summary.interrupted = self.stop.load(Ordering::Relaxed);
        Ok(())
    }

    /// Begins nothing while a commit is due, but not for ever: a long file may be under way.
    fn wait_while(&self, hold: &AtomicBool) {
        let begun = Instant::now();
        while hold.load(Ordering::Relaxed)
            && !self.stop.load(Ordering::Relaxed)
            && begun.elapsed() < HOLD_MAX
        {
            std::thread::sleep(LOOK_EVERY);
        }
    }
}

/// The limits of a run, whether it reads scanned pages and which readers it has, as a short text that changes with
/// each of them.
fn limits_in_short(request: &IndexRequest) -> String {
    let built = Format::ALL.map(Format::is_built);
    let asked = format!("{:?} {} {built:?} {READERS}", request.limits, request.ocr.is_some());
    crate::index::digest(&[asked.as_bytes()])
}

/// Counts what the walk found besides files to read.
fn note_walk(walks: &[Walk], summary: &mut IndexSummary) {
    let mut not_read: BTreeMap<String, usize> = BTreeMap::new();
    for walk in walks {
        for file in &walk.not_read {
            *not_read.entry(file.extension.clone()).or_insert(0) += 1;
        }
        if !walk.companions.is_empty() {
            *not_read.entry("companion".to_owned()).or_insert(0) += walk.companions.len();
        }
        summary.failed.extend(walk_problems(walk));
        for root in &walk.roots {
            let cause = match root.state {
                RootState::Complete | RootState::Incomplete => continue,
                RootState::Empty => "empty",
                RootState::Missing => "missing",
                RootState::Unreadable => "unreadable",
            };
            summary.bad_roots.push((root.path.clone(), cause.to_owned()));
        }
    }
    summary.not_read = not_read.into_iter().collect();
}

/// Tells of the files that are not looked into, and of what could not be followed or read.
fn tell_walk(walks: &[Walk], each: &mut dyn FnMut(Event)) {
    for walk in walks {
        for file in &walk.not_read {
            let (path, outcome) = (file.path.clone(), Outcome::NotRead);
            each(Event::File { path, record: None, bytes: 0, took: Duration::ZERO, outcome });
        }
        for (path, cause, code) in walk_problems(walk) {
            let (path, outcome) = (path_from_text(&path), Outcome::Failed { cause, code });
            each(Event::File { path, record: None, bytes: 0, took: Duration::ZERO, outcome });
        }
    }
}

/// What a walk could not follow or read below its roots: path, cause, code of the hint.
fn walk_problems(walk: &Walk) -> Vec<(String, String, &'static str)> {
    let below = |path: &Path| !walk.roots.iter().any(|root| root.path == path);
    let problems = walk.problems.iter().filter(|problem| below(&problem.path));
    let problems = problems.map(|problem| {
        let code = match &problem.cause {
            ProblemCause::Special(_) => "special",
            ProblemCause::Unreadable(cause)
                if cause.kind() == std::io::ErrorKind::PermissionDenied =>
            {
                "permission"
            }
            ProblemCause::Unreadable(_) => "other",
            ProblemCause::Missing => "vanished",
            _ => "link",
        };
        (path_text(&problem.path), problem.cause.to_string(), code)
    });
    problems.collect()
}

/// The path of a member of an archive.
fn with_member(archive: &Path, member: &str) -> PathBuf {
    let mut path = archive.as_os_str().to_owned();
    path.push(MEMBER_MARK);
    path.push(member);
    path.into()
}

/// What the index holds of each file, by its key, kept up while records are written: reading them all again at the end
/// costs as much as at the start.
struct Totals(HashMap<String, FileTotals>);

/// Reports of a file, those of them without a paragraph, and paragraphs.
type FileTotals = (usize, usize, usize);

impl Totals {
    fn of(records: &[FileRecord]) -> Self {
        Self(records.iter().map(|record| (record.key.clone(), Self::of_file(record))).collect())
    }

    fn of_file(record: &FileRecord) -> FileTotals {
        (record.reports, record.parts.without_text, record.paragraphs)
    }

    fn note_in(&self, summary: &mut IndexSummary) {
        for (reports, without_text, paragraphs) in self.0.values() {
            summary.reports_total += *reports as u64;
            summary.reports_without_text += *without_text as u64;
            summary.paragraphs_total += *paragraphs as u64;
        }
    }
}

/// What the index holds of a file.
fn read_file(record: &FileRecord) -> Box<ReadFile> {
    let (in_part_total, in_part) = record.partial();
    Box::new(ReadFile {
        encoding: record.encoding.clone(),
        articles: record.articles,
        paragraphs: record.paragraphs,
        dropped: record.dropped.len(),
        notes: record.notes.clone(),
        in_part,
        in_part_total,
    })
}

/// The writer's side: takes in what workers send.
struct Intake<'a> {
    /// None in a dry run.
    writer: Option<Writer>,
    /// What the next commit says of itself: the fingerprints of before, as long as anything made with them is left.
    payload: Payload,
    /// What the last commit says.
    committed: Option<Payload>,
    dir: &'a Path,
    stop: &'a AtomicBool,
    /// Keys of the files that were read with other data than this run reads with.
    stale: HashSet<String>,
    totals: Totals,
    jobs: &'a [Job],
    /// Paragraphs so far of files that are being taken in, by job.
    open: HashMap<usize, u64>,
    summary: &'a mut IndexSummary,
    each: &'a mut dyn FnMut(Event),
    /// Whether anything waits for a commit.
    dirty: bool,
    commit_every: Duration,
    last_commit: Instant,
    /// How long the worker has been at the file whose message is taken in.
    took: Duration,
    /// Set while workers are to begin no file.
    hold: &'a AtomicBool,
    held_since: Option<Instant>,
}

impl Intake<'_> {
    fn remove(&mut self, record: &FileRecord) {
        if let Some(writer) = &self.writer {
            writer.remove_file(&record.key);
            self.totals.0.remove(&record.key);
        }
        self.dirty = true;
        self.stale.remove(&record.key);
        if record.refused.is_some() {
            return;
        }
        self.summary.removed += 1;
        self.tell(path_from_text(&record.path), 0, Outcome::Removed);
    }

    /// Tells what became of a file.
    fn tell(&mut self, path: PathBuf, bytes: u64, outcome: Outcome) {
        (self.each)(Event::File { path, record: None, bytes, took: self.took, outcome });
    }

    /// Tells of a file that is as it was, and lists again what is missing of it.
    fn unchanged(&mut self, path: &Path, bytes: u64, record: FileRecord) {
        self.in_part(record.partial());
        self.not_read(&record.not_read);
        self.tell(path.to_path_buf(), bytes, Outcome::Unchanged(read_file(&record)));
        record.failed_parts.into_iter().for_each(|part| self.part_failed(path, part));
    }

    fn take(&mut self, message: Message) -> Result<(), IndexError> {
        match message {
            Message::Unchanged(number, record) => {
                let Some(job) = self.jobs.get(number) else { return Ok(()) };
                self.write_record(&record)?;
                self.dirty = true;
                self.summary.unchanged += 1;
                self.unchanged(&job.path, job.size, *record);
            }
            Message::Begin(number) => {
                self.dirty = true;
                self.open.insert(number, 0);
            }
            Message::Report(number, documents) => {
                if let Some(paragraphs) = self.open.get_mut(&number) {
                    *paragraphs += documents.len() as u64;
                }
                if let Some(writer) = &self.writer {
                    writer.add(documents)?;
                }
            }
            Message::FailedPart(number, part) => {
                let Some(job) = self.jobs.get(number) else { return Ok(()) };
                self.part_failed(&job.path, part);
            }
            Message::End(number, record) => self.end(number, &record)?,
            Message::Abandoned(number) => self.give_up(number),
            Message::Refused(number, record) => {
                let Some(job) = self.jobs.get(number) else { return Ok(()) };
                self.write_record(&record)?;
                self.dirty = true;
                self.refused(&record, job.size);
            }
            Message::Failed(number, error, record) => {
                let Some(job) = self.jobs.get(number) else { return Ok(()) };
                self.give_up(number);
                if let Some(record) = record.filter(|_| self.writer.is_some()) {
                    self.write_record(&record)?;
                    self.stale.remove(&record.key);
                    self.dirty = true;
                }
                let (cause, code) = (failed_cause(job, &error), failure_code(&error));
                self.summary.failed.push((path_text(&job.path), cause.clone(), code));
                self.tell(job.path.clone(), job.size, Outcome::Failed { cause, code });
            }
        }
        Ok(())
    }

    /// Writes the record of a file in the place of the one before.
    fn write_record(&mut self, record: &FileRecord) -> Result<(), IndexError> {
        if let Some(writer) = &self.writer {
            writer.remove_record(&record.key);
            writer.add_record(record)?;
            self.totals.0.insert(record.key.clone(), Totals::of_file(record));
        }
        Ok(())
    }

    /// Lists what was read in part.
    fn in_part(&mut self, (total, files): (u64, Vec<PartialFile>)) {
        self.summary.in_part_total += total;
        self.summary.in_part.extend(files);
    }

    /// Counts files of an archive that are of no format that is read.
    fn not_read(&mut self, counts: &[(String, usize)]) {
        let all = &mut self.summary.not_read;
        for (extension, count) in counts {
            match all.iter_mut().find(|(known, _)| known == extension) {
                Some((_, known)) => *known += count,
                None => all.push((extension.clone(), *count)),
            }
        }
    }

    /// Takes out what was taken in of a file that came to no end: half of a file must not stay, and what an earlier
    /// reading gave does.
    fn give_up(&mut self, number: usize) {
        let Some(job) = self.jobs.get(number) else { return };
        if self.open.remove(&number).is_some()
            && let Some(writer) = &self.writer
        {
            writer.remove_generation(&job.key, job.generation());
        }
    }

    /// Lists a member or record that could not be read.
    fn part_failed(&mut self, file: &Path, part: FailedPart) {
        let FailedPart { member, record, cause, code } = part;
        let code = known_code(&code);
        let path = match member {
            Some(member) => with_member(file, &member),
            None => file.to_path_buf(),
        };
        let shown = part_path(&path_text(&path), None, record.as_deref());
        self.summary.failed.push((shown, cause.clone(), code));
        let outcome = Outcome::Failed { cause, code };
        (self.each)(Event::File { path, record, bytes: 0, took: self.took, outcome });
    }

    /// Lists a file again that could not be read before.
    fn refused(&mut self, record: &FileRecord, bytes: u64) {
        let Some((cause, code)) = &record.refused else { return };
        let (cause, code) = (cause.clone(), known_code(code));
        self.summary.failed.push((record.path.clone(), cause.clone(), code));
        self.tell(path_from_text(&record.path), bytes, Outcome::Failed { cause, code });
    }

    fn end(&mut self, number: usize, record: &FileRecord) -> Result<(), IndexError> {
        let Some(job) = self.jobs.get(number) else { return Ok(()) };
        // Now that the new paragraphs are complete the old ones go.
        if let (Some(writer), Some(held)) = (&self.writer, job.held) {
            writer.remove_generation(&job.key, held);
        }
        self.write_record(record)?;
        self.stale.remove(&record.key);
        self.summary.paragraphs += self.open.remove(&number).unwrap_or(0);
        self.summary.bytes_read += job.size;
        let outcome = self.outcome(job, record);
        self.tell(job.path.clone(), job.size, outcome);
        if self.last_commit.elapsed() < self.commit_every {
            return Ok(());
        }
        // Only between files, so that no reader sees half of one. With many workers some file is always open, so they
        // are held.
        if self.open.is_empty() {
            self.commit()?;
        } else if self.held_since.get_or_insert_with(Instant::now).elapsed() < HOLD_MAX {
            self.hold.store(true, Ordering::Relaxed);
            return Ok(());
        } else {
            // A file takes longer than the others may wait.
            self.last_commit = Instant::now();
        }
        self.held_since = None;
        self.hold.store(false, Ordering::Relaxed);
        Ok(())
    }

    fn outcome(&mut self, job: &Job, record: &FileRecord) -> Outcome {
        self.in_part(record.partial());
        self.not_read(&record.not_read);
        let read = read_file(record);
        if let Some(moved) = &job.moved {
            self.summary.moved += 1;
            return Outcome::Moved { from: path_from_text(&moved.path), read };
        }
        if job.known.as_ref().is_some_and(|known| known.refused.is_none()) {
            self.summary.updated += 1;
            Outcome::Updated(read)
        } else if record.reports == 0 && !record.failed_parts.is_empty() {
            // Its parts are listed as what failed.
            Outcome::Failed { cause: NO_PART.to_owned(), code: "other" }
        } else {
            self.summary.added += 1;
            Outcome::Added(read)
        }
    }

    fn commit(&mut self) -> Result<(), IndexError> {
        if self.dirty
            && let Some(reprints) = &mut self.payload.reprints
        {
            reprints.complete = false;
        }
        if let Some(writer) = &mut self.writer {
            writer.commit(&self.payload)?;
            (self.each)(Event::Committed { paragraphs: self.summary.paragraphs });
        }
        self.committed = Some(self.payload.clone());
        self.dirty = false;
        self.last_commit = Instant::now();
        Ok(())
    }

    /// Compares the paragraphs of the last commit and lets another one say so; a run that was stopped leaves it to the next.
    fn compare(&mut self, jobs: usize) -> Result<(), IndexError> {
        let is_current =
            self.payload.reprints.as_ref().is_some_and(|file| file.is_current(self.dir));
        let Some(writer) = self.writer.as_mut().filter(|_| !is_current) else { return Ok(()) };
        if self.stop.load(Ordering::Relaxed) {
            self.summary.interrupted = true;
            return Ok(());
        }
        (self.each)(Event::Comparing);
        let started = Instant::now();
        let mut tell = |done, all| (self.each)(Event::Compared { done, all });
        match compare(&OpenIndex::open(self.dir)?, jobs, self.stop, &mut tell)? {
            Some(file) => {
                self.payload.reprints = Some(file);
                writer.commit(&self.payload)?;
            }
            None => self.summary.interrupted = true,
        }
        self.summary.compare_elapsed = started.elapsed();
        Ok(())
    }

    /// `payload` is what the index may say of itself when all of it was made with this run's data.
    fn finish(mut self, payload: &Payload, request: &IndexRequest) -> Result<(), PipelineError> {
        if self.stale.is_empty() {
            self.payload.fingerprints = payload.fingerprints.clone();
        }
        if self.dirty || self.committed.as_ref() != Some(&self.payload) {
            self.commit()?;
        }
        self.compare(request.jobs)?;
        self.totals.note_in(self.summary);
        if let Some(mut writer) = self.writer {
            if request.optimize {
                writer.optimize()?;
            }
            writer.finish()?;
        }
        Ok(())
    }
}
