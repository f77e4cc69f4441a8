//! One indexing run: walk, decide, read with workers, write with one writer, commit.

use crate::index::{
    Documents, FileRecord, Fingerprints, IndexError, OpenIndex, Payload, REBUILD_FOLDER, Root,
    SCHEMA_FOLDER, Writer, WriterOptions, lock_engine, outdated, path_from_text, path_text,
    recover_engine, replace_engine,
};
use crate::ingest::walk::{ProblemCause, RootState, Walk, WalkOptions, walk};
use crate::ingest::{Format, ReadError, ReadOptions};
use crate::pipeline::changes::{Changes, Job, Policy, nanoseconds};
use crate::pipeline::intake::{Intake, Totals};
use crate::pipeline::read::{Message, Reader, Worker, extractor, hash_file, read_options};
use crate::pipeline::{Event, IndexRequest, IndexSummary, Outcome, PipelineError, RootOptions};
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
/// What is wrong with a root of which a part could not be looked at.
const INCOMPLETE: &str = "incomplete";
/// How often it is asked whether another process still writes.
const ASK_EVERY: Duration = Duration::from_millis(100);
/// How long a lock may seem held that nobody holds: a child process that another thread just starts has it too until it
/// runs its own program.
const LOCK_LINGERS: Duration = Duration::from_millis(500);

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
    let roots = known.roots.iter().filter(|root| !is_forgotten(root, &request.forget));
    request.paths.extend(roots.map(|root| path_from_text(&root.path)));
    let summary = Run::new(&fresh, Arc::clone(vocabulary), &request, stop, known)?.go(each)?;
    if summary.interrupted || request.dry_run {
        return Ok(summary);
    }
    if summary.bad_roots.is_empty() && summary.incomplete_roots.is_empty() || request.prune {
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
        let is_known = |path: &&PathBuf| {
            known.roots.iter().any(|root| is_forgotten(root, std::slice::from_ref(path)))
        };
        if let Some(unknown) = request.forget.iter().find(|path| !is_known(path)) {
            let cause = format!("{} is no remembered folder", unknown.display());
            return Err(PipelineError::Option { option: "--forget", cause });
        }
        let mut remembered = known.roots.clone();
        remembered.retain(|root| !is_forgotten(root, &request.forget));
        for root in &wanted {
            // A narrower look at a root that is remembered whole does not narrow what is remembered.
            let is_wider = |known: &Root| {
                known.path == root.path && !root.include.is_empty() && known.include != root.include
            };
            if !remembered.iter().any(is_wider) {
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
        summary.as_before = self.as_before();
        let (walks, walk_options) = self.walk()?;
        if self.is_stopped(&mut summary) {
            Totals::of(&self.known.records).note_in(&mut summary);
            return Ok(summary);
        }
        self.new_places_are_whole(&walks)?;
        self.forget_new_bad_roots(&walks);
        self.remember_problems(&walks, &walk_options);
        note_walk(&walks, &mut summary);
        tell_walk(&walks, each);
        let made_with = self.made_with.clone();
        let limits = limits_in_short(self.request);
        let remembered = self.payload.roots.iter();
        let remembered = remembered
            .map(|root| Ok((path_from_text(&root.path), options_of(root)?)))
            .collect::<Result<Vec<_>, PipelineError>>()?;
        let policy = Policy {
            made_with: &made_with,
            overrides: &self.vocabulary.overrides,
            limits: &limits,
            options: &walk_options,
            reread: self.request.reread,
            prune: self.request.prune,
            keep_missing: self.request.keep_missing,
            forget: &self.request.forget,
            remembered: &remembered,
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

    /// Roots that this run named, without the options they were asked for with before.
    fn as_before(&self) -> Vec<RootOptions> {
        let IndexRequest { include, exclude, encoding, .. } = self.request;
        let is_given = |root: &Root| {
            (&root.include, &root.exclude, &root.encoding) == (include, exclude, encoding)
        };
        let is_named = |root: &Root| self.request.paths.contains(&path_from_text(&root.path));
        let roots = self.roots.iter().filter(|root| is_named(root) && !is_given(root));
        let options = roots.map(|root| RootOptions {
            root: path_from_text(&root.path),
            include: root.include.clone(),
            exclude: root.exclude.clone(),
            encoding: root.encoding.clone(),
        });
        let has_any = |options: &RootOptions| {
            !options.include.is_empty() || !options.exclude.is_empty() || options.encoding.is_some()
        };
        options.filter(has_any).collect()
    }

    /// How the files of each root are read.
    fn read_options(&self) -> Result<Vec<ReadOptions>, PipelineError> {
        let of_root = |root: &Root| {
            let ReadOptions { encoding, limits } =
                read_options(root.encoding.as_deref(), self.request)?;
            let limits = limits.with_files_of(self.request.memory.file_bytes_max());
            Ok(ReadOptions { encoding, limits })
        };
        self.roots.iter().map(of_root).collect()
    }

    /// Whether the run is to end before it is decided what there is to do.
    fn is_stopped(&self, summary: &mut IndexSummary) -> bool {
        summary.interrupted = self.stop.load(Ordering::Relaxed);
        summary.elapsed = self.started.elapsed();
        summary.interrupted
    }

    /// An error where something is to be forgotten and a place named with it is not all there: of what moved there the keys,
    /// and what hangs on them, would be lost. An index that is made anew has no keys to be lost.
    fn new_places_are_whole(&self, walks: &[Walk]) -> Result<(), PipelineError> {
        if self.request.forget.is_empty() || self.known.payload.is_none() {
            return Ok(());
        }
        let roots = walks.iter().flat_map(|walk| &walk.roots);
        for root in roots.filter(|root| self.request.paths.contains(&root.path)) {
            if let Some(cause) = bad_cause(root.state) {
                return Err(PipelineError::NewPlace { path: root.path.clone(), cause });
            }
        }
        Ok(())
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
        let memory = self.request.memory;
        let threads = memory.writer_threads(self.request.jobs);
        let options = WriterOptions { heap_bytes: memory.writer_bytes(), threads };
        let (asked, mut waits) = (Instant::now(), false);
        loop {
            let may_wait = self.started.elapsed() < self.request.wait;
            match Writer::open(self.dir, options) {
                Err(IndexError::Locked { .. }) if may_wait || asked.elapsed() < LOCK_LINGERS => {}
                opened => return Ok(Some((opened?, waits))),
            }
            if !std::mem::replace(&mut waits, true) && may_wait {
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
            let options = options_of(root)?;
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
        let Changes { jobs, unchanged, refused, removed, missing, kept, not_included } = changes;
        (summary.kept_missing, summary.not_included) = (kept, not_included);
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
            commit_bytes: self.request.commit_bytes,
            waiting_bytes: 0,
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
        for record in &missing {
            intake.missing(record);
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
            is_short_of_memory: is_short_of_memory(self.request),
            stop: self.stop,
            options,
        };
        let memory = self.request.memory;
        let workers = memory.workers(self.request.jobs).min(jobs.len()).max(1);
        let (give, take) = unbounded();
        for number in 0..jobs.len() {
            // The receiver is alive: it is a few lines below.
            let _sent = give.send(number);
        }
        drop(give);
        let hold = intake.hold;
        let (room, (send, receive)) = (memory.room(), bounded(memory.waiting_parts()));
        std::thread::scope(|scope| {
            for _ in 0..workers {
                let (take, send, reader, room) = (take.clone(), send.clone(), &reader, &room);
                scope.spawn(move || {
                    let mut extractor = extractor(self.request).with_stop(self.stop);
                    for number in take {
                        let Some(job) = jobs.get(number) else { continue };
                        let place = room.begin(reader.bytes_in_memory(job), hold, self.stop);
                        if self.stop.load(Ordering::Relaxed) {
                            break;
                        }
                        let mut worker = Worker { extractor: &mut extractor, place };
                        let begun = Instant::now();
                        let mut pass_on = |message| send.send((begun.elapsed(), message)).is_ok();
                        // A fault of ours in one file must not cost the others.
                        let read = catch_unwind(AssertUnwindSafe(|| {
                            reader.read(number, job, &mut worker, &mut pass_on);
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
}

/// Whether a root is one of those that are to be forgotten, or below one.
fn is_forgotten(root: &Root, forget: &[PathBuf]) -> bool {
    let root = path_from_text(&root.path);
    forget.iter().any(|path| root.starts_with(path))
}

/// The limits of a run, whether it reads scanned pages and which readers it has, as a short text that changes with
/// each of them.
fn limits_in_short(request: &IndexRequest) -> String {
    let built = Format::ALL.map(Format::is_built);
    let limits = request.limits.with_files_of(request.memory.file_bytes_max());
    let asked = format!("{limits:?} {} {built:?} {READERS}", request.ocr.is_some());
    crate::index::digest(&[asked.as_bytes()])
}

/// Whether files are refused that the limits would let in, for want of memory.
fn is_short_of_memory(request: &IndexRequest) -> bool {
    request.memory.file_bytes_max() < request.limits.file_bytes_max
}

/// What is wrong with a root, in a word; `None` where it was walked to the end and has files.
fn bad_cause(state: RootState) -> Option<&'static str> {
    match state {
        RootState::Complete => None,
        RootState::Incomplete => Some(INCOMPLETE),
        RootState::Empty => Some("empty"),
        RootState::Missing => Some("missing"),
        RootState::Unreadable => Some("unreadable"),
    }
}

/// How a root is walked.
fn options_of(root: &Root) -> Result<WalkOptions, PipelineError> {
    WalkOptions::new(&root.include, &root.exclude).map_err(|error| PipelineError::Option {
        option: "--include, --exclude",
        cause: error.to_string(),
    })
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
            if let Some(cause) = bad_cause(root.state).filter(|cause| *cause != INCOMPLETE) {
                summary.bad_roots.push((root.path.clone(), cause.to_owned()));
            }
            if root.state == RootState::Incomplete {
                summary.incomplete_roots.push(root.path.clone());
            }
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
