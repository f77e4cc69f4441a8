//! A disk that goes wrong at one write, sync, rename or deletion, for tests.
//!
//! [`plan`] says which operation on a folder goes wrong and how. A power cut is the strictest one a disk may show: what
//! was not synced is not there afterwards, neither the bytes of a file nor its name, be it new, renamed or deleted. A
//! disk that says it has synced and has not can keep no promise, and is not tried.

use std::collections::{HashMap, HashSet};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::{fs, mem};
use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    AntiCallToken, Directory, DirectoryLock, FileHandle, Lock, MmapDirectory, TerminatingWrite,
    WatchCallback, WatchHandle, WritePtr,
};

/// How an operation goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It is an error, and nothing else is.
    Fail,
    /// Half of it is done, and the power goes; all done before is there.
    Tear,
    /// It is not done, and the power goes with all that was not synced.
    PowerCut,
}

/// What is known of a folder.
#[derive(Debug)]
struct Disk {
    folder: PathBuf,
    /// The file or, empty, the folder of each operation so far.
    done: Vec<PathBuf>,
    /// The one that goes wrong.
    wrong: usize,
    fault: Fault,
    is_off: bool,
    /// Files whose bytes are not synced.
    unsynced: HashSet<PathBuf>,
    /// Names that are not synced, in order, with the bytes that were there before.
    names: Vec<(PathBuf, Option<Vec<u8>>)>,
}

/// What is done to a disk that may go wrong.
enum Step {
    /// Do it.
    Go,
    /// Do half of it, then fail.
    Half,
}

fn off() -> io::Error {
    io::Error::other("the disk is gone")
}

impl Disk {
    /// Counts an operation.
    fn step(&mut self, name: &Path) -> io::Result<Step> {
        if self.is_off {
            return Err(off());
        }
        self.done.push(name.to_path_buf());
        if self.done.len() - 1 != self.wrong {
            return Ok(Step::Go);
        }
        match self.fault {
            Fault::Fail => Err(io::Error::other("an error of the disk")),
            Fault::Tear => {
                self.is_off = true;
                Ok(Step::Half)
            }
            Fault::PowerCut => {
                self.lose();
                Err(off())
            }
        }
    }

    /// An operation that is done or not; half of one is none.
    fn whole_step(&mut self, name: &Path) -> io::Result<()> {
        match self.step(name)? {
            Step::Go => Ok(()),
            Step::Half => Err(off()),
        }
    }

    /// Takes away what was not synced.
    fn lose(&mut self) {
        self.is_off = true;
        for name in mem::take(&mut self.unsynced) {
            let path = self.folder.join(name);
            let bytes = fs::read(&path).unwrap();
            fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
        }
        for (name, before) in mem::take(&mut self.names).into_iter().rev() {
            let path = self.folder.join(name);
            match before {
                Some(bytes) => fs::write(path, bytes).unwrap(),
                None => fs::remove_file(path).unwrap_or_default(),
            }
        }
    }

    /// Notes that a name changes.
    fn renames(&mut self, name: &Path) {
        let before = fs::read(self.folder.join(name)).ok();
        self.names.push((name.to_path_buf(), before));
    }
}

type Shared = Arc<Mutex<Disk>>;

static DISKS: Mutex<Option<HashMap<PathBuf, Shared>>> = Mutex::new(None);

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Lets the operation number `wrong` on a folder, counted from 0, go wrong in writers that are opened from now on.
pub(crate) fn plan(engine: &Path, wrong: usize, fault: Fault) {
    let disk = Disk {
        folder: engine.to_path_buf(),
        done: Vec::new(),
        wrong,
        fault,
        is_off: false,
        unsynced: HashSet::new(),
        names: Vec::new(),
    };
    let disk = Arc::new(Mutex::new(disk));
    locked(&DISKS).get_or_insert_default().insert(engine.to_path_buf(), disk);
}

/// Makes the folder sound from now on; the file or, empty, the folder of each operation there was.
pub(crate) fn end(engine: &Path) -> Vec<PathBuf> {
    let disk = locked(&DISKS).get_or_insert_default().remove(engine);
    disk.map_or_else(Vec::new, |disk| mem::take(&mut locked(&disk).done))
}

/// The engine's folder, with the faults that are planned for it.
#[derive(Debug, Clone)]
pub(crate) struct FaultyDirectory {
    inner: MmapDirectory,
    disk: Option<Shared>,
}

impl FaultyDirectory {
    pub(crate) fn new(engine: &Path, inner: MmapDirectory) -> Self {
        Self { inner, disk: locked(&DISKS).get_or_insert_default().get(engine).cloned() }
    }

    fn disk(&self) -> Option<MutexGuard<'_, Disk>> {
        self.disk.as_ref().map(|disk| locked(disk))
    }
}

impl Directory for FaultyDirectory {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.inner.get_file_handle(path)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        if let Some(mut disk) = self.disk() {
            disk.whole_step(path).map_err(|error| DeleteError::IoError {
                io_error: Arc::new(error),
                filepath: path.to_path_buf(),
            })?;
            disk.renames(path);
        }
        self.inner.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.inner.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        let Some(mut disk) = self.disk() else { return self.inner.open_write(path) };
        let failed = |error| OpenWriteError::wrap_io_error(error, path.to_path_buf());
        disk.whole_step(path).map_err(failed)?;
        disk.renames(path);
        disk.unsynced.insert(path.to_path_buf());
        let (inner, name) = (self.inner.open_write(path)?, path.to_path_buf());
        let disk = self.disk.clone().expect("it was locked above");
        Ok(BufWriter::new(Box::new(FaultyFile { inner, name, disk })))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.inner.atomic_read(path)
    }

    /// Writes another file, syncs it and renames it: three operations, of which only the last one can be seen.
    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        if let Some(mut disk) = self.disk() {
            for _write_sync_rename in 0..3 {
                disk.whole_step(path)?;
            }
            disk.renames(path);
        }
        self.inner.atomic_write(path, data)
    }

    fn sync_directory(&self) -> io::Result<()> {
        if let Some(mut disk) = self.disk() {
            disk.whole_step(Path::new(""))?;
            disk.names.clear();
        }
        self.inner.sync_directory()
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        self.inner.acquire_lock(lock)
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.inner.watch(callback)
    }
}

/// A file that is being written.
struct FaultyFile {
    inner: WritePtr,
    name: PathBuf,
    disk: Shared,
}

impl Write for FaultyFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match locked(&self.disk).step(&self.name)? {
            Step::Go => self.inner.write_all(bytes).map(|()| bytes.len()),
            Step::Half => {
                self.inner.write_all(&bytes[..bytes.len() / 2])?;
                self.inner.flush()?;
                Err(off())
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl TerminatingWrite for FaultyFile {
    fn terminate_ref(&mut self, token: AntiCallToken) -> io::Result<()> {
        let mut disk = locked(&self.disk);
        disk.whole_step(&self.name)?;
        disk.unsynced.remove(&self.name);
        drop(disk);
        self.inner.terminate_ref(token)
    }
}
