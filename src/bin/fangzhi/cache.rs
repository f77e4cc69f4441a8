//! `fangzhi cache`, and the folder it looks after: one index for each set of paths searched without an index.
//!
//! `CACHE/KEY/` holds `index/` and `about.json` (the paths, and when it was last used). The key is the hash of the
//! sorted absolute paths. Entries unused for 30 days are removed; nothing that does not look like an entry is touched.

use crate::app::App;
use crate::args::CacheCommand;
use crate::config;
use crate::exit::{Exit, Failure};
use crate::lang::{Noun, bytes, counted, tr};
use crate::output::layout::{table, visible};
use serde::{Deserialize, Serialize};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// After this long without use an entry is removed.
const UNUSED_MAX: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// The cache folder, made and readable for its owner only.
#[derive(Debug)]
pub(crate) struct Cache {
    folder: PathBuf,
}

/// What `about.json` says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct About {
    paths: Vec<String>,
    used_unix_secs: u64,
}

/// One index in the cache folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    folder: PathBuf,
    about: About,
}

impl Entry {
    /// Where its index is.
    pub(crate) fn index(&self) -> PathBuf {
        self.folder.join("index")
    }
}

impl Cache {
    /// Opens the cache folder of this user, making it where it does not exist.
    pub(crate) fn open(app: &App) -> Result<Self, Failure> {
        let Some(folder) = config::cache_folder(&config::variables) else {
            return Err(Failure::new(tr!(app.lang, "no cache folder: neither FANGZHI_CACHE nor HOME is set"))
                .hint(tr!(app.lang, "set FANGZHI_CACHE to a folder, or make an index of your own with `fangzhi index --index DIR PATH`")));
        };
        private_folder(&folder).map_err(|cause| {
            Failure::io(app.lang, &folder, &cause)
                .hint(tr!(app.lang, "choose another cache folder with FANGZHI_CACHE=DIR"))
        })?;
        Ok(Self { folder })
    }

    /// The folder itself.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The entry for a set of absolute paths, marked as used now.
    pub(crate) fn entry(&self, paths: &[PathBuf], now: SystemTime) -> io::Result<Entry> {
        let folder = self.folder.join(key(paths));
        private_folder(&folder)?;
        let used_unix_secs = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let paths = paths.iter().map(|path| path.display().to_string()).collect();
        let entry = Entry { folder, about: About { paths, used_unix_secs } };
        fs::write(entry.folder.join("about.json"), serde_json::to_vec(&entry.about)?)?;
        Ok(entry)
    }

    /// All entries, the last used first.
    pub(crate) fn entries(&self) -> io::Result<Vec<Entry>> {
        let mut entries = Vec::new();
        for found in fs::read_dir(&self.folder)? {
            let folder = found?.path();
            let is_key = folder.file_name().and_then(|name| name.to_str()).is_some_and(is_key);
            // Whatever else lies here, or is just being made, is left alone.
            let about = fs::read(folder.join("about.json")).ok();
            if let Some(about) =
                about.filter(|_| is_key).and_then(|text| serde_json::from_slice(&text).ok())
            {
                entries.push(Entry { folder, about });
            }
        }
        entries.sort_by_key(|entry| {
            (std::cmp::Reverse(entry.about.used_unix_secs), entry.folder.clone())
        });
        Ok(entries)
    }

    /// Removes entries that were not used for 30 days; gives how many.
    pub(crate) fn sweep(&self, now: SystemTime) -> io::Result<usize> {
        let now = now.duration_since(UNIX_EPOCH).unwrap_or_default();
        let is_old = |entry: &Entry| {
            now.saturating_sub(Duration::from_secs(entry.about.used_unix_secs)) > UNUSED_MAX
        };
        let old: Vec<_> = self.entries()?.into_iter().filter(is_old).collect();
        for entry in &old {
            fs::remove_dir_all(&entry.folder)?;
        }
        Ok(old.len())
    }
}

/// Runs `cache list` or `cache clear`.
pub(crate) fn run(app: &App, command: &CacheCommand) -> Result<Exit, Failure> {
    let cache = Cache::open(app)?;
    let entries = cache.entries().map_err(|cause| Failure::io(app.lang, cache.folder(), &cause))?;
    let sizes: Vec<u64> = entries.iter().map(|entry| size(&entry.folder)).collect();
    let total = bytes(sizes.iter().sum());
    let count = counted(app.lang, u64::try_from(entries.len()).unwrap_or(0), Noun::Index);
    match command {
        CacheCommand::List => {
            app.line(&tr!(app.lang, "cache folder: {path}", path = cache.folder().display()));
            let rows: Vec<_> =
                entries.iter().zip(&sizes).map(|(entry, size)| row(app, entry, *size)).collect();
            app.print(&table(&rows, &[false, true, true, false]))?;
            app.line(&tr!(app.lang, "{indexes}, {size}", indexes = count, size = total));
        }
        CacheCommand::Clear => {
            for entry in &entries {
                fs::remove_dir_all(&entry.folder)
                    .map_err(|cause| Failure::io(app.lang, &entry.folder, &cause))?;
            }
            app.line(&tr!(app.lang, "removed {indexes}, {size}", indexes = count, size = total));
        }
    }
    Ok(Exit::Fine)
}

fn row(app: &App, entry: &Entry, size: u64) -> Vec<String> {
    let key = entry
        .folder
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let used = UNIX_EPOCH + Duration::from_secs(entry.about.used_unix_secs);
    let days = used.elapsed().unwrap_or_default().as_secs() / (24 * 60 * 60);
    let used = if days == 0 {
        tr!(app.lang, "today").to_owned()
    } else {
        tr!(app.lang, "{n} days ago", n = days)
    };
    let paths: Vec<_> = entry.about.paths.iter().map(|path| visible(path).into_owned()).collect();
    vec![key.chars().take(8).collect(), bytes(size), used, paths.join("  ")]
}

/// The name of the entry of these paths: the same for the same set in any order.
fn key(paths: &[PathBuf]) -> String {
    let mut sorted: Vec<_> = paths.iter().map(|path| path.as_os_str().as_encoded_bytes()).collect();
    sorted.sort_unstable();
    sorted.dedup();
    let mut hash = blake3::Hasher::new();
    for path in sorted {
        hash.update(path);
        hash.update(&[0]);
    }
    hash.finalize().to_hex().chars().take(32).collect()
}

fn is_key(name: &str) -> bool {
    name.len() == 32 && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Makes a folder that only its owner can look into: what was searched is nobody else's business.
fn private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Bytes of all files below a folder; what cannot be read counts nothing.
fn size(folder: &Path) -> u64 {
    let files = walkdir::WalkDir::new(folder).into_iter().filter_map(Result::ok);
    files
        .filter_map(|file| file.metadata().ok())
        .filter(fs::Metadata::is_file)
        .map(|data| data.len())
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cache() -> (tempfile::TempDir, Cache) {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache { folder: folder.path().to_owned() };
        (folder, cache)
    }

    #[test]
    fn the_same_set_of_paths_has_the_same_entry() {
        let paths = |names: &[&str]| names.iter().map(PathBuf::from).collect::<Vec<_>>();
        assert_eq!(key(&paths(&["/a", "/b"])), key(&paths(&["/b", "/a", "/a"])));
        assert_ne!(key(&paths(&["/a", "/b"])), key(&paths(&["/ab"])));
        assert!(is_key(&key(&paths(&["/a"]))));
    }

    #[test]
    fn only_entries_unused_for_thirty_days_are_removed() {
        let (_folder, cache) = cache();
        let now = SystemTime::now();
        let days = |days: u64| now - Duration::from_secs(days * 24 * 60 * 60);
        cache.entry(&["/new".into()], now).unwrap();
        cache.entry(&["/month".into()], days(29)).unwrap();
        cache.entry(&["/old".into()], days(31)).unwrap();
        fs::create_dir(cache.folder.join("something else")).unwrap();
        fs::write(cache.folder.join("last.json"), "{}").unwrap();
        assert_eq!(cache.sweep(now).unwrap(), 1);
        let left: Vec<_> =
            cache.entries().unwrap().into_iter().flat_map(|entry| entry.about.paths).collect();
        assert_eq!(left, ["/new", "/month"]);
        assert!(cache.folder.join("something else").is_dir());
        assert!(cache.folder.join("last.json").is_file());
    }

    #[cfg(unix)]
    #[test]
    fn entries_are_for_their_owner_only() {
        use std::os::unix::fs::PermissionsExt;
        let (_folder, cache) = cache();
        let entry = cache.entry(&["/a".into()], SystemTime::now()).unwrap();
        assert_eq!(fs::metadata(&entry.folder).unwrap().permissions().mode() & 0o777, 0o700);
    }
}
