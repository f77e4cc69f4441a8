//! The engine's two lists, which no checksum guards: of its segments, with what the last commit says (`meta.json`), and
//! of its files (`.managed.json`).
//!
//! Of the first a copy with a checksum is written right before it, whoever writes it: a commit or the end of a merge.
//! The copy also has the checksum of the list before, which is the one that stands there after a kill between the two.
//! The second can be made anew from the names in the folder; only writers need it.

use crate::index::reader::open_engine;
use crate::index::writer::{open_as_folder, replace_file};
use crate::index::{ENGINE_FOLDER, IndexError};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, io};
use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    Directory, DirectoryLock, FileHandle, Lock, WatchCallback, WatchHandle, WritePtr,
};

/// The list of segments.
pub(super) const META: &str = "meta.json";
/// Its copy; like other files that are not the engine's it begins with a dot.
const COPY: &str = ".meta.copy";
/// The list of files.
pub(super) const FILES: &str = ".managed.json";

/// The engine's folder for writing: copies the list of segments, and does with a damaged list of files.
#[derive(Debug, Clone)]
pub(crate) struct WriteDirectory<D> {
    folder: PathBuf,
    inner: D,
}

impl<D> WriteDirectory<D> {
    pub(crate) fn new(folder: &Path, inner: D) -> Self {
        Self { folder: folder.to_path_buf(), inner }
    }
}

impl<D: Directory + Clone> Directory for WriteDirectory<D> {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.inner.get_file_handle(path)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.inner.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.inner.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        self.inner.open_write(path)
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        let read = self.inner.atomic_read(path)?;
        if path == Path::new(FILES) && names(&read).is_none() {
            let listed = list_of_files(&self.folder);
            return listed.map_err(|error| OpenReadError::wrap_io_error(error, path.to_path_buf()));
        }
        Ok(read)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        if path == Path::new(META) {
            let before = self.inner.atomic_read(path).ok();
            self.inner.atomic_write(Path::new(COPY), &copy(before.as_deref(), data))?;
            open_as_folder(&self.folder, COPY);
        }
        self.inner.atomic_write(path, data)?;
        open_as_folder(&self.folder, path);
        Ok(())
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.inner.sync_directory()
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        self.inner.acquire_lock(lock)
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.inner.watch(callback)
    }
}

fn sum(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

/// The bytes of a copy of `meta`, which takes the place of `before`: a checksum of the rest, a line with that of
/// `before`, the list.
fn copy(before: Option<&[u8]>, meta: &[u8]) -> Vec<u8> {
    let before = before.map(sum).unwrap_or_default();
    let rest = [before.as_bytes(), b"\n", meta].concat();
    [sum(&rest).as_bytes(), b"\n", &rest].concat()
}

/// What a copy says.
struct Copy {
    /// Checksum of the list before.
    before: String,
    meta: Vec<u8>,
}

impl Copy {
    /// Reads a copy; `None` where it is damaged.
    fn parse(bytes: &[u8]) -> Option<Self> {
        let (whole, rest) =
            bytes.split_at_checked(bytes.iter().position(|&byte| byte == b'\n')?)?;
        let rest = rest.get(1..)?;
        if whole != sum(rest).as_bytes() {
            return None;
        }
        let (before, meta) = rest.split_at_checked(rest.iter().position(|&byte| byte == b'\n')?)?;
        let before = String::from_utf8(before.to_vec()).ok()?;
        Some(Self { before, meta: meta.get(1..)?.to_vec() })
    }
}

/// The number of the commit of a list of segments; `None` where it is no such list.
fn number(meta: &[u8]) -> Option<u64> {
    let meta: serde_json::Value = serde_json::from_slice(meta).ok()?;
    meta["segments"].as_array()?;
    meta["opstamp"].as_u64()
}

/// Whether a list of segments is not empty.
fn lists_segments(meta: &[u8]) -> bool {
    let meta: Option<serde_json::Value> = serde_json::from_slice(meta).ok();
    meta.is_some_and(|meta| meta["segments"].as_array().is_some_and(|all| !all.is_empty()))
}

/// The list of segments and its copy, as they stand on disk.
struct Segments {
    meta: Option<Vec<u8>>,
    /// None where there is no copy.
    copy: Option<Option<Copy>>,
}

impl Segments {
    /// Reads both, again where somebody wrote meanwhile.
    fn read(engine: &Path) -> io::Result<Self> {
        let mut before = read_if_there(&engine.join(COPY))?;
        loop {
            let meta = read_if_there(&engine.join(META))?;
            let copy = read_if_there(&engine.join(COPY))?;
            if copy == before {
                return Ok(Self { meta, copy: copy.map(|bytes| Copy::parse(&bytes)) });
            }
            before = copy;
        }
    }

    /// Whether the list is not as it was written. One of a later commit than the copy was written by another program.
    fn is_damaged(&self) -> bool {
        let Some(meta) = self.meta.as_deref() else {
            // Before the first one is written there is a copy of a list of nothing.
            return matches!(&self.copy, Some(Some(copy)) if lists_segments(&copy.meta));
        };
        let Some(number_now) = number(meta) else { return true };
        let Some(Some(copy)) = &self.copy else { return false };
        meta != copy.meta
            && sum(meta) != copy.before
            && number(&copy.meta).is_some_and(|copied| number_now <= copied)
    }

    fn is_copy_damaged(&self) -> bool {
        matches!(self.copy, Some(None))
    }
}

fn read_if_there(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        read => read.map(Some),
    }
}

/// The names of a list of files; `None` where it is none.
fn names(list: &[u8]) -> Option<BTreeSet<PathBuf>> {
    serde_json::from_slice(list).ok()
}

/// A list of the engine's files in a folder.
fn list_of_files(folder: &Path) -> io::Result<Vec<u8>> {
    let is_engines = |name: &str| {
        let id = name.split('.').next().unwrap_or_default();
        name == META || id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    let names =
        fs::read_dir(folder)?.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let names: Vec<String> = names.filter(|name| is_engines(name)).collect();
    Ok(serde_json::to_vec(&names)?)
}

/// Whether the list of files is none, or lacks one that the last commit needs, which would then never be cleared up.
fn lacks_files(dir: &Path) -> Result<bool, IndexError> {
    let engine = dir.join(ENGINE_FOLDER);
    let failed = |error| IndexError::from_engine(dir, error);
    let needed = open_engine(&engine).map_err(failed)?.load_metas().map_err(failed)?;
    // A writer at work lists a file before it makes it and deletes one before it takes it off the list: the list is read
    // after what needs it, and looked for last.
    let list =
        read_if_there(&engine.join(FILES)).map_err(|error| IndexError::from_io(dir, &error))?;
    let names = list.as_deref().and_then(names);
    let is_there = |file: &PathBuf| engine.join(file).exists();
    let needed = needed.list_segment_files().into_iter().chain([PathBuf::from(META)]);
    let needed: Vec<PathBuf> = needed.filter(is_there).collect();
    Ok(names.is_none_or(|names| needed.iter().any(|file| !names.contains(file))))
}

/// Whether the list of segments is damaged and its copy has what it said.
pub(super) fn can_be_restored(dir: &Path) -> bool {
    let read = Segments::read(&dir.join(ENGINE_FOLDER));
    read.is_ok_and(|read| read.is_damaged() && matches!(read.copy, Some(Some(_))))
}

/// The lists that are damaged, by the names of their files. Of the list of files nothing is said where that of segments
/// is damaged.
pub(super) fn damaged_lists(dir: &Path) -> Result<Vec<&'static str>, IndexError> {
    let read = Segments::read(&dir.join(ENGINE_FOLDER));
    let read = read.map_err(|error| IndexError::from_io(dir, &error))?;
    if read.is_damaged() {
        return Ok(vec![META]);
    }
    if read.meta.is_none() {
        return Ok(Vec::new());
    }
    let mut damaged = Vec::new();
    if read.is_copy_damaged() {
        damaged.push(COPY);
    }
    if lacks_files(dir)? {
        damaged.push(FILES);
    }
    Ok(damaged)
}

/// Writes the damaged lists anew; which they were. Call it under the writer lock.
///
/// Errors: [`IndexError::Lost`] where the list of segments is damaged and there is no sound copy.
pub(super) fn restore_lists(dir: &Path) -> Result<Vec<&'static str>, IndexError> {
    let engine = dir.join(ENGINE_FOLDER);
    let failed = |error: io::Error| IndexError::from_io(dir, &error);
    let damaged = damaged_lists(dir)?;
    if damaged.contains(&META) {
        match Segments::read(&engine).map_err(failed)?.copy {
            Some(Some(copy)) => replace_file(&engine, META, &copy.meta).map_err(failed)?,
            _ => return Err(IndexError::Lost { path: dir.to_path_buf() }),
        }
        return Ok([damaged, restore_lists(dir)?].concat());
    }
    if damaged.contains(&COPY) {
        let meta = fs::read(engine.join(META)).map_err(failed)?;
        replace_file(&engine, COPY, &copy(None, &meta)).map_err(failed)?;
    }
    if damaged.contains(&FILES) {
        let list = list_of_files(&engine).map_err(failed)?;
        replace_file(&engine, FILES, &list).map_err(failed)?;
    }
    Ok(damaged)
}

/// Writes the list of segments, its copy first. Call it under the writer lock.
pub(super) fn replace_meta(dir: &Path, meta: &[u8]) -> io::Result<()> {
    let engine = dir.join(ENGINE_FOLDER);
    let before = read_if_there(&engine.join(META))?;
    replace_file(&engine, COPY, &copy(before.as_deref(), meta))?;
    replace_file(&engine, META, meta)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &[u8] = br#"{"segments": [], "opstamp": 1}"#;
    const NEW: &[u8] = br#"{"segments": [], "opstamp": 2}"#;

    #[track_caller]
    fn check(meta: &[u8], copy: Option<Vec<u8>>, expected: (bool, bool)) {
        let copy = copy.map(|bytes| Copy::parse(&bytes));
        let read = Segments { meta: Some(meta.to_vec()), copy };
        assert_eq!((read.is_damaged(), read.is_copy_damaged()), expected);
    }

    #[test]
    fn a_list_is_sound_that_its_copy_has_or_that_stood_there_before() {
        let written = copy(Some(OLD), NEW);
        check(NEW, Some(written.clone()), (false, false));
        check(OLD, Some(written.clone()), (false, false));
        check(&NEW[1..], Some(written.clone()), (true, false));
        let other = br#"{"segments": [7], "opstamp": 2}"#;
        check(other, Some(written.clone()), (true, false));
        let later = br#"{"segments": [7], "opstamp": 3}"#;
        check(later, Some(written), (false, false));
        check(NEW, None, (false, false));
        check(b"", None, (true, false));
    }

    #[test]
    fn any_changed_byte_of_a_copy_is_noticed() {
        let written = copy(Some(OLD), NEW);
        for at in 0..written.len() {
            let mut flipped = written.clone();
            flipped[at] ^= 1;
            check(NEW, Some(flipped), (false, true));
            check(NEW, Some(written[..at].to_vec()), (false, true));
        }
    }
}
