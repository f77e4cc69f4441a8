//! `fangzhi index --watch`: an ordinary run whenever something below the folders changed and then kept still.

use crate::config;
use crate::exit::{Exit, Failure};
use crate::index::{Batch, changes, complain, elapsed, roots};
use crate::lang::tr;
use crate::output::layout::visible;
use fangzhi::index::SCHEMA_FOLDER;
use fangzhi::pipeline::IndexSummary;
use notify::event::{AccessKind, AccessMode};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use std::collections::HashSet;
use std::fs::Metadata;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// A batch begins when nothing changed for so long: a file that is being copied is not read half.
const QUIET: Duration = Duration::from_secs(2);
/// Or so long after the first change, when it never is quiet.
const LONGEST: Duration = Duration::from_secs(30);
/// How often it is looked whether Ctrl-C was pressed.
const TICK: Duration = Duration::from_millis(100);
/// How often it is looked which folders are there, and whether they are those that are watched.
const LOOK_AGAIN: Duration = Duration::from_secs(10);
/// After a batch that failed the next one begins so much later, whether anything changes or not.
const TRY_AGAIN: Duration = Duration::from_secs(60);
/// Waits at least so long for another process that writes to the index.
const WAIT: Duration = Duration::from_secs(60);

/// Follows the folders until Ctrl-C, which is the expected end.
pub(crate) fn run(mut batch: Batch<'_>) -> Result<Exit, Failure> {
    let lang = batch.app.lang;
    batch.request.wait = batch.request.wait.max(WAIT);
    let (send, events) = channel();
    // Nobody listens any more only when the command ends.
    let watcher = notify::recommended_watcher(move |event| drop(send.send(event)));
    let roots = roots(&batch)?;
    let names = roots.iter().map(|root| root.display().to_string()).collect::<Vec<_>>();
    let names = names.join(tr!(lang, ", "));
    if !roots.iter().any(|root| root.exists()) {
        return Err(Failure::new(tr!(lang, "none of these is there: {folders}", folders = names)));
    }
    // Own vocabularies and corrections decide what is in the index, too.
    let roots = roots.into_iter().chain([batch.folder.join(SCHEMA_FOLDER)]);
    let mut watched = Watched {
        watcher: watcher.map_err(|error| cannot_watch(&batch, &error))?,
        roots: roots.map(|path| Root { path, watched: None }).collect(),
        looked: Instant::now(),
        look_every: config::look_again().unwrap_or(LOOK_AGAIN),
    };
    watched.look(&batch)?;
    let mut log = Log { batch: &batch, told: HashSet::new() };
    log.summary(&batch.run(&mut |_| Ok(()))?)?;
    log.line(&tr!(lang, "watching {folders}; Ctrl-C ends it", folders = names))?;
    // What the first run does the next ones need not do again.
    let mut request = batch.request.clone();
    (request.reread, request.optimize) = (false, false);
    let next = Batch { request, stop: batch.stop.clone(), folder: batch.folder.clone(), ..batch };
    let mut again = None;
    while watched.wait(&next, &events, again)? {
        match next.run(&mut |_| Ok(())) {
            Ok(summary) => {
                log.summary(&summary)?;
                again = None;
            }
            Err(Failure::Output(error)) => return Err(Failure::Output(error)),
            Err(failure) => {
                next.app.report(&failure);
                again = Some(Instant::now() + TRY_AGAIN);
            }
        }
    }
    log.line(tr!(lang, "ended; what was finished is in the index"))?;
    Ok(Exit::Fine)
}

fn cannot_watch(batch: &Batch<'_>, error: &notify::Error) -> Failure {
    let lang = batch.app.lang;
    let failure = Failure::new(tr!(lang, "cannot watch folders: {cause}", cause = error));
    if matches!(error.kind, notify::ErrorKind::MaxFilesWatch) {
        failure.hint(tr!(
            lang,
            "allow more watched folders: sudo sysctl fs.inotify.max_user_watches=1048576; or run `fangzhi index` by a timer"
        ))
    } else {
        failure.hint(tr!(lang, "run `fangzhi index` by a timer instead, for example from cron"))
    }
}

/// A file or folder whose changes begin a batch.
struct Root {
    path: PathBuf,
    /// The folder that is watched for it, as it was when that began; `None` when it was not there.
    watched: Option<Place>,
}

/// A folder on the disk: a path, and what stood there. Another one may come to stand there without an event, when a
/// folder above it is renamed.
#[derive(PartialEq)]
struct Place {
    path: PathBuf,
    id: (u64, u64),
}

impl Place {
    /// The folder that a root is watched from; `None` where it is not there.
    fn of(root: &Path) -> Option<Self> {
        // Programs put a new file in the place of an old one, so a single file is watched from its folder.
        let path = root.parent().filter(|_| root.is_file()).unwrap_or(root);
        let id = id(&root.metadata().and_then(|_there| path.metadata()).ok()?);
        Some(Self { path: path.to_path_buf(), id })
    }
}

/// What tells a folder from any other.
#[cfg(unix)]
fn id(folder: &Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt;
    (folder.dev(), folder.ino())
}

#[cfg(not(unix))]
fn id(_folder: &Metadata) -> (u64, u64) {
    (0, 0)
}

/// What is watched.
struct Watched {
    watcher: RecommendedWatcher,
    roots: Vec<Root>,
    /// When it was last looked what is there.
    looked: Instant,
    /// How often that is done.
    look_every: Duration,
}

impl Watched {
    /// Begins to watch the roots that are there now and were not, or were others; whether there was one.
    fn look(&mut self, batch: &Batch<'_>) -> Result<bool, Failure> {
        self.looked = Instant::now();
        let mut found = false;
        let is_other = |root: &&Root| root.watched != Place::of(&root.path);
        let gone = self.roots.iter().filter(is_other).filter_map(|root| root.watched.as_ref());
        let gone: HashSet<PathBuf> = gone.map(|place| place.path.clone()).collect();
        for folder in gone {
            // One that is gone is watched no more.
            let _not_watched = self.watcher.unwatch(&folder);
            self.forget_shared(&folder);
        }
        for root in &mut self.roots {
            let now = Place::of(&root.path);
            if root.watched == now {
                continue;
            }
            let Some(place) = now else { continue };
            let mode = if root.path.is_file() {
                RecursiveMode::NonRecursive
            } else {
                RecursiveMode::Recursive
            };
            match self.watcher.watch(&place.path, mode) {
                Ok(()) => (root.watched, found) = (Some(place), true),
                // It went again.
                Err(error) if matches!(error.kind, notify::ErrorKind::PathNotFound) => {}
                Err(error) => return Err(cannot_watch(batch, &error)),
            }
        }
        Ok(found)
    }

    /// Notes that roots are watched no more that were watched by the same folder, or one in or above it.
    fn forget_shared(&mut self, folder: &Path) {
        for root in &mut self.roots {
            let is_shared =
                |place: &Place| place.path.starts_with(folder) || folder.starts_with(&place.path);
            if root.watched.as_ref().is_some_and(is_shared) {
                root.watched = None;
            }
        }
    }

    /// Notes that roots are gone: what comes in their place must be watched anew.
    fn forget(&mut self, event: &Event) {
        if !matches!(event.kind, EventKind::Remove(_) | EventKind::Modify(_)) {
            return;
        }
        for root in &mut self.roots {
            if event.paths.contains(&root.path) && !root.path.exists() {
                root.watched = None;
            }
        }
    }

    /// Waits until a batch is due; `false` when the command is to end. `again`: when one is due in any case.
    fn wait(
        &mut self,
        batch: &Batch<'_>,
        events: &Receiver<notify::Result<Event>>,
        again: Option<Instant>,
    ) -> Result<bool, Failure> {
        // The first and the last change.
        let mut changed: Option<(Instant, Instant)> = None;
        loop {
            if batch.stop.load(Ordering::Relaxed) {
                return Ok(false);
            }
            let now = Instant::now();
            let is_due =
                |(first, last): (Instant, Instant)| now - last >= QUIET || now - first >= LONGEST;
            if changed.is_some_and(is_due) || again.is_some_and(|again| now >= again) {
                return Ok(true);
            }
            let is_new = self.looked.elapsed() >= self.look_every && self.look(batch)?;
            let is_change = match events.recv_timeout(TICK) {
                Ok(Ok(event)) => {
                    self.forget(&event);
                    is_new || is_change(&event, &batch.folder, &self.roots)
                }
                // What was missed a run finds.
                Ok(Err(_)) => true,
                Err(RecvTimeoutError::Timeout) => is_new,
                Err(RecvTimeoutError::Disconnected) => return Ok(false),
            };
            if is_change {
                let now = Instant::now();
                changed = Some((changed.map_or(now, |(first, _)| first), now));
            }
        }
    }
}

/// Whether an event may change the index: not that something was read, nor what happens in the index itself.
fn is_change(event: &Event, index: &Path, roots: &[Root]) -> bool {
    if event.need_rescan() {
        return true;
    }
    let is_read = match event.kind {
        EventKind::Access(AccessKind::Close(mode)) => mode != AccessMode::Write,
        EventKind::Access(_) => true,
        _ => false,
    };
    let schema = index.join(SCHEMA_FOLDER);
    !is_read
        && event.paths.iter().any(|path| {
            (!path.starts_with(index) || path.starts_with(&schema))
                && roots.iter().any(|root| path.starts_with(&root.path))
        })
}

/// What is said while folders are watched: a line for each batch that changed something.
struct Log<'a, 'b> {
    batch: &'a Batch<'b>,
    /// What failed and was said already: path and cause.
    told: HashSet<(String, String)>,
}

impl Log<'_, '_> {
    fn line(&self, text: &str) -> Result<(), Failure> {
        if self.batch.is_json {
            return Ok(());
        }
        let mut out = self.batch.app.out();
        writeln!(out, "{} {}", clock(SystemTime::now()), visible(text))?;
        Ok(out.flush()?)
    }

    fn summary(&mut self, summary: &IndexSummary) -> Result<(), Failure> {
        let lang = self.batch.app.lang;
        let IndexSummary { added, updated, moved, removed, .. } = summary;
        if added + updated + moved + removed > 0 {
            let changes = changes(summary, lang).join(tr!(lang, ", "));
            self.line(&format!("{changes} · {}", elapsed(summary.elapsed)))?;
        }
        let mut new = summary.clone();
        new.interrupted = false;
        new.not_read.clear();
        new.failed.retain(|(path, cause, _)| self.told.insert((path.clone(), cause.clone())));
        new.bad_roots
            .retain(|(root, cause)| self.told.insert((root.display().to_string(), cause.clone())));
        complain(self.batch.app, &new);
        Ok(())
    }
}

/// Date and time of day in UTC: `2026-03-01 09:05:07Z`.
fn clock(time: SystemTime) -> String {
    let seconds = time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    let (year, month, day) = date(days);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}Z")
}

/// Year, month and day so many days after 1970-01-01. Years begin in March here, so that a leap day ends one: the
/// months before it have 153 days in five of them.
fn date(days: u64) -> (u64, u64, u64) {
    const ERA: u64 = 146_097;
    let days = days + 719_468;
    let (era, day) = (days / ERA, days % ERA);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (era * 400 + year + u64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use notify::event::{CreateKind, Flag};

    #[test]
    fn the_clock_knows_leap_days() {
        let at = |seconds| clock(UNIX_EPOCH + Duration::from_secs(seconds));
        assert_eq!(at(0), "1970-01-01 00:00:00Z");
        assert_eq!(at(951_782_399), "2000-02-28 23:59:59Z");
        assert_eq!(at(951_782_400), "2000-02-29 00:00:00Z");
        assert_eq!(at(1_772_355_907), "2026-03-01 09:05:07Z");
        assert_eq!(at(1_798_761_599), "2026-12-31 23:59:59Z");
    }

    #[test]
    fn reading_and_the_index_itself_are_no_changes() {
        let root = |path: &str| Root { path: path.into(), watched: None };
        let roots = ["/d", "/e/a.txt"].map(root);
        let check = |kind, path: &str| {
            is_change(&Event::new(kind).add_path(path.into()), Path::new("/d/.fangzhi"), &roots)
        };
        let created = EventKind::Create(CreateKind::File);
        assert!(check(created, "/d/甲.txt"));
        assert!(check(EventKind::Access(AccessKind::Close(AccessMode::Write)), "/d/甲.txt"));
        assert!(check(created, "/e/a.txt"));
        assert!(!check(created, "/e/b.txt"));
        assert!(!check(created, "/d/.fangzhi/index/meta.json"));
        assert!(check(created, "/d/.fangzhi/schema/measures.toml"));
        assert!(!check(EventKind::Access(AccessKind::Open(AccessMode::Read)), "/d/甲.txt"));
        let lost = Event::new(EventKind::Other).set_flag(Flag::Rescan);
        assert!(is_change(&lost, Path::new("/d/.fangzhi"), &roots));
    }
}
