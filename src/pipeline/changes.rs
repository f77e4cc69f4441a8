//! What to do with each file: read it, leave it, take it for one that moved, remove it.

use crate::index::{FileRecord, path_from_text, path_text};
use crate::ingest::Format;
use crate::ingest::walk::{FoundFile, Walk, WalkOptions};
use crate::pipeline::read::is_settled;
use crate::vocab::Overrides;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// A change this close to the time of the last look may not show in the file's time stamp.
const RACY_NS: i128 = 2_000_000_000;

/// A file to be read, or at least to be looked into.
#[derive(Debug, Clone)]
pub(super) struct Job {
    pub(super) path: PathBuf,
    pub(super) root: PathBuf,
    pub(super) format: Format,
    pub(super) size: u64,
    pub(super) mtime_ns: i128,
    /// What is known of it.
    pub(super) known: Option<FileRecord>,
    /// Key of the file: that of its record, or of the file it was before it moved, or a new one.
    pub(super) key: String,
    /// What is known of the file that it was before it moved here.
    pub(super) moved: Option<FileRecord>,
    /// Number of the file in the index.
    pub(super) file_number: u32,
    /// Which reading of it the index holds; `None` where it holds none.
    pub(super) held: Option<u64>,
    /// Index of the options it is read with.
    pub(super) options: usize,
}

impl Job {
    /// The number of the reading that begins.
    pub(super) fn generation(&self) -> u64 {
        self.held.unwrap_or(0) + 1
    }

    /// What is known of its last reading that gave reports, here or where it was before.
    pub(super) fn before(&self) -> Option<&FileRecord> {
        self.known.as_ref().or(self.moved.as_ref()).filter(|record| has_text(record))
    }
}

/// What a run has to do.
#[derive(Debug, Default)]
pub(super) struct Changes {
    pub(super) jobs: Vec<Job>,
    pub(super) unchanged: Vec<(PathBuf, FileRecord)>,
    /// Files that could not be read before and are as they were.
    pub(super) refused: Vec<FileRecord>,
    pub(super) removed: Vec<FileRecord>,
    /// Files that vanished or are excluded and that stay in the index.
    pub(super) missing: Vec<FileRecord>,
    /// Roots with more than half of their reports gone, and how many are gone: kept until told otherwise.
    pub(super) kept: Vec<(PathBuf, usize)>,
    /// How many are there that the run does not include.
    pub(super) not_included: usize,
}

/// What the walks met besides the files that are read.
struct Met<'a> {
    /// Regular files that are not read.
    not_read: HashSet<&'a Path>,
    /// The roots that were walked.
    walked: HashSet<&'a Path>,
}

impl<'a> Met<'a> {
    fn of(walks: &'a [Walk]) -> Self {
        let not_read = walks.iter().flat_map(|walk| &walk.not_read);
        let walked = walks.iter().flat_map(|walk| &walk.roots);
        Self {
            not_read: not_read.map(|file| file.path.as_path()).collect(),
            walked: walked.map(|root| root.path.as_path()).collect(),
        }
    }

    /// Whether a known file that no walk gave is there all the same: met and not read, or one that the walk of `root`
    /// was not asked for. What is reached only through a link in the way is not: it stands somewhere else.
    fn is_there(
        &self,
        path: &Path,
        (root, options): (&Path, &WalkOptions),
        policy: &Policy<'_>,
    ) -> bool {
        if self.not_read.contains(path) {
            return true;
        }
        let below = path.strip_prefix(root).unwrap_or(path);
        let mut elsewhere = policy.remembered.iter().filter(|(other, options)| {
            !self.walked.contains(other.as_path()) && holds(other, options, path)
        });
        (!options.includes(below) && is_file_below(root, path))
            || elsewhere.any(|(other, _)| is_file_below(other, path))
    }
}

/// Whether a regular file stands below a root without a link in the way.
fn is_file_below(root: &Path, path: &Path) -> bool {
    if root == path {
        return path.is_file();
    }
    let Some(folder) = path.parent() else { return false };
    let below = folder.strip_prefix(root).unwrap_or(folder);
    let real = root
        .canonicalize()
        .map(|root| if below.as_os_str().is_empty() { root } else { root.join(below) });
    path.is_file()
        && real.is_ok_and(|real| folder.canonicalize().is_ok_and(|folder| folder == real))
}

/// How changes are decided.
#[derive(Debug, Clone, Copy)]
pub(super) struct Policy<'a> {
    /// Fingerprint of the data files are read with, by walk; a file read with other data is read again.
    pub(super) made_with: &'a [String],
    /// Corrections by hand; a file is read again when those that concern it changed.
    pub(super) overrides: &'a Overrides,
    /// The limits of the run, in short; a file that held something over others is read again.
    pub(super) limits: &'a str,
    /// How each walk was asked for.
    pub(super) options: &'a [WalkOptions],
    /// Read every file, changed or not.
    pub(super) reread: bool,
    /// Remove even when more than half of a root is gone.
    pub(super) prune: bool,
    /// Remove nothing.
    pub(super) keep_missing: bool,
    /// What is below these goes, wherever it is now.
    pub(super) forget: &'a [PathBuf],
    /// But not what these hold, each as it was asked for.
    pub(super) remembered: &'a [(PathBuf, WalkOptions)],
    /// The last number of a file in the index, also of paragraphs whose record is lost.
    pub(super) last_number: Option<u32>,
}

/// Nanoseconds since 1970, before it negative.
pub(super) fn nanoseconds(time: SystemTime) -> i128 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(since) => i128::try_from(since.as_nanos()).unwrap_or(i128::MAX),
        Err(before) => -i128::try_from(before.duration().as_nanos()).unwrap_or(i128::MAX),
    }
}

impl Changes {
    /// Compares what was found with what is known. `hash` gives the hash of a file that may have moved.
    pub(super) fn decide(
        walks: &[Walk],
        known: Vec<FileRecord>,
        policy: Policy<'_>,
        hash: impl Fn(&Path) -> Option<String>,
    ) -> Self {
        let mut known: HashMap<String, FileRecord> =
            known.into_iter().map(|record| (record.path.clone(), record)).collect();
        let numbers = known.values().map(|record| record.number);
        let numbers: HashSet<u32> = numbers.chain(policy.last_number).collect();
        let mut changes = Self::default();
        let mut seen = HashSet::new();
        let mut keys: HashSet<String> = known.values().map(|record| record.key.clone()).collect();
        // A root inside another one is read as it was asked for, so the innermost comes first.
        let mut order: Vec<(usize, &Walk)> = walks.iter().enumerate().collect();
        let depth = |walk: &Walk| walk.roots.first().map_or(0, |root| root.path.as_os_str().len());
        order.sort_by_key(|(_, walk)| std::cmp::Reverse(depth(walk)));
        for (options, walk) in order {
            for file in &walk.files {
                if seen.insert(file.path.clone()) {
                    let record = known.remove(&path_text(&file.path));
                    changes.file(file, walk, record, options, &policy, &mut keys);
                }
            }
        }
        changes.vanished(walks, known.into_values().collect(), &policy, hash);
        changes.number(&numbers);
        changes
    }

    /// Gives new files the numbers behind the last that is `taken`, then those that are free before it.
    fn number(&mut self, taken: &HashSet<u32>) {
        let last = taken.iter().max().copied();
        let behind = last.map_or(0, |last| last.saturating_add(1));
        let numbers = (behind..=u32::MAX).chain(0..behind);
        let mut free = numbers.filter(|number| !taken.contains(number));
        for job in &mut self.jobs {
            let known = job.known.as_ref().map(|record| record.number);
            job.file_number = known.or_else(|| free.next()).unwrap_or(u32::MAX);
        }
    }

    fn file(
        &mut self,
        file: &FoundFile,
        walk: &Walk,
        known: Option<FileRecord>,
        options: usize,
        policy: &Policy<'_>,
        keys: &mut HashSet<String>,
    ) {
        let mtime_ns = file.modified.map_or(0, nanoseconds);
        let same = known.as_ref().is_some_and(|record| {
            record.size == file.size_bytes
                && policy.made_with.get(options) == Some(&record.made_with)
                && is_settled(record, policy.overrides)
                && record.over_limits.as_ref().is_none_or(|limits| limits == policy.limits)
                && record.mtime_ns == mtime_ns
                && mtime_ns != 0
                && record.seen_ns - mtime_ns > RACY_NS
        });
        if same && !policy.reread {
            match known {
                Some(record) if record.refused.is_some() => self.refused.push(record),
                Some(record) => self.unchanged.push((file.path.clone(), record)),
                None => {}
            }
            return;
        }
        let root =
            walk.roots.get(file.root).map_or_else(|| file.path.clone(), |root| root.path.clone());
        let key =
            known.as_ref().map_or_else(|| new_key(&file.path, keys), |record| record.key.clone());
        let held = known.as_ref().filter(|record| has_text(record)).map(|record| record.generation);
        self.jobs.push(Job {
            path: file.path.clone(),
            root,
            format: file.format,
            size: file.size_bytes,
            mtime_ns,
            known,
            key,
            moved: None,
            file_number: 0,
            held,
            options,
        });
    }

    /// Known files that were not seen, below roots that were walked to the end; `hash` gives the hash of a new file.
    fn vanished(
        &mut self,
        walks: &[Walk],
        unseen: Vec<FileRecord>,
        policy: &Policy<'_>,
        hash: impl Fn(&Path) -> Option<String>,
    ) {
        let met = Met::of(walks);
        let walked = walks.iter().zip(policy.options);
        let roots =
            walked.flat_map(|(walk, options)| walk.roots.iter().map(move |root| (root, options)));
        let roots: Vec<(&PathBuf, &WalkOptions)> = roots
            .filter(|(root, _)| root.state.allows_removal())
            .map(|(root, options)| (&root.path, options))
            .collect();
        let mut gone = Vec::new();
        for record in unseen {
            let path = path_from_text(&record.path);
            let is_below = |root: &&PathBuf| path.starts_with(root);
            if let Some(root) = policy.forget.iter().find(is_below)
                && !policy.remembered.iter().any(|(root, options)| holds(root, options, &path))
            {
                gone.push((root, record));
                continue;
            }
            // The innermost root that was walked decides.
            let root = roots
                .iter()
                .filter(|(root, _)| path.starts_with(root))
                .max_by_key(|(root, _)| root.as_os_str().len());
            let Some((root, options)) = root else { continue };
            // Not seen and not gone: a run that includes less leaves the rest as it is, one that excludes takes it out.
            let below = path.strip_prefix(root).unwrap_or(&path);
            if options.excludes(below) || !met.is_there(&path, (root, options), policy) {
                gone.push((*root, record));
            } else if has_text(&record) && !options.includes(below) {
                self.not_included += 1;
            }
        }
        // What only moved is not lost, however much else is.
        let mut lost: HashMap<&PathBuf, Vec<FileRecord>> = HashMap::new();
        for (root, record) in self.moved(gone, hash) {
            lost.entry(root).or_default().push(record);
        }
        for (root, records) in lost {
            let jobs = self.jobs.iter().filter(|job| job.before().is_some()).map(|job| &job.path);
            let still_there = self.unchanged.iter().map(|(path, _)| path).chain(jobs);
            let still_there = still_there.filter(|path| path.starts_with(root)).count();
            let lost = records.iter().filter(|record| has_text(record)).count();
            if policy.keep_missing {
                self.missing.extend(records);
            } else if lost > still_there && !policy.prune && !policy.forget.contains(root) {
                self.kept.push((root.clone(), lost));
                self.missing.extend(records);
            } else {
                self.removed.extend(records);
            }
        }
        self.kept.sort();
        self.removed.sort_by(|a, b| a.path.cmp(&b.path));
        self.missing.sort_by(|a, b| a.path.cmp(&b.path));
    }

    /// Gives new files with the content of a vanished one its key; the others that vanished, with their roots.
    fn moved<'r>(
        &mut self,
        mut gone: Vec<(&'r PathBuf, FileRecord)>,
        hash: impl Fn(&Path) -> Option<String>,
    ) -> Vec<(&'r PathBuf, FileRecord)> {
        // The first of equal ones is taken first, so it must be the last of its list.
        gone.sort_by(|(_, a), (_, b)| b.path.cmp(&a.path));
        let (with_text, refused): (Vec<_>, Vec<_>) =
            gone.into_iter().partition(|(_, record)| has_text(record));
        let mut by_size: HashMap<u64, Vec<(&PathBuf, FileRecord)>> = HashMap::new();
        for (root, record) in with_text {
            by_size.entry(record.size).or_default().push((root, record));
        }
        for job in self.jobs.iter_mut().filter(|job| job.known.is_none()) {
            let Some(records) = by_size.get_mut(&job.size).filter(|records| !records.is_empty())
            else {
                continue;
            };
            let Some(hash) = hash(&job.path) else { continue };
            let Some(at) = records.iter().rposition(|(_, record)| record.hash == hash) else {
                continue;
            };
            let (_, record) = records.remove(at);
            job.key.clone_from(&record.key);
            job.held = Some(record.generation);
            job.moved = Some(record);
        }
        by_size.into_values().flatten().chain(refused).collect()
    }
}

/// Whether a file is one of those that a root was asked for with; a root that is a file holds itself.
fn holds(root: &Path, options: &WalkOptions, file: &Path) -> bool {
    file.strip_prefix(root).is_ok_and(|below| {
        below.as_os_str().is_empty() || (options.includes(below) && !options.excludes(below))
    })
}

/// Whether the index holds reports of the file: not where it could not be read.
fn has_text(record: &FileRecord) -> bool {
    record.refused.is_none()
}

/// The key of a file that is seen for the first time. A file that moved away took the key of its old path with it, so
/// the next one there gets another.
fn new_key(path: &Path, keys: &mut HashSet<String>) -> String {
    let path = path.as_os_str().as_encoded_bytes();
    let mut key = crate::index::digest(&[path]);
    let mut times = 1_u64;
    while !keys.insert(key.clone()) {
        times += 1;
        key = crate::index::digest(&[path, &times.to_le_bytes()]);
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(taken: &[u32], expected: [u32; 2]) {
        let job = Job {
            path: PathBuf::new(),
            root: PathBuf::new(),
            format: Format::Plain,
            size: 0,
            mtime_ns: 0,
            known: None,
            key: String::new(),
            moved: None,
            file_number: 0,
            held: None,
            options: 0,
        };
        let mut changes = Changes { jobs: vec![job.clone(), job], ..Changes::default() };
        changes.number(&taken.iter().copied().collect());
        let given: Vec<u32> = changes.jobs.iter().map(|job| job.file_number).collect();
        assert_eq!(given, expected);
    }

    #[test]
    fn new_files_get_numbers_that_no_other_has_also_behind_the_last() {
        check(&[], [0, 1]);
        check(&[4, 2], [5, 6]);
        check(&[0, 2, u32::MAX], [1, 3]);
        check(&[0, u32::MAX - 1], [u32::MAX, 1]);
    }
}
