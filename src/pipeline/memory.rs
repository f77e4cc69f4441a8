//! How much memory a run takes, and how it is shared out: the writer, what waits for it, the files being read.
//!
//! The shares bound what grows with the input. The program itself (vocabularies, the dictionary), what is known of each
//! file and the processes that take text out of files come on top; `benches/records/memory.md` has the figures.

use crate::pipeline::intake::HOLD_MAX;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// A file that is read whole takes at most one in so many parts of all memory.
const FILE_SHARE: u64 = 8;
/// How many times its size a file takes while it is decoded, split and tagged.
const FILE_TIMES: u64 = 4;
/// What each thread but the first takes besides its file.
const WORKER_BYTES: u64 = 16 << 20;
/// Threads of the engine's writer have no less than this each: below, a segment would hold a few megabytes of text.
const WRITER_THREAD_BYTES: usize = 56 << 20;
/// The engine takes no more of them.
const WRITER_THREADS_MAX: usize = 8;
/// Of how much memory one part of a report may wait for the writer: a 64th part of it waits.
const BYTES_FOR_A_PART: u64 = 16 << 20;
/// How often it is looked whether the run is to end.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// How often workers that begin no file look whether they may.
const HELD_LOOK_EVERY: Duration = Duration::from_millis(2);

/// The most memory that a run may take for what it reads and writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Memory {
    bytes: u64,
}

impl Default for Memory {
    fn default() -> Self {
        Self { bytes: 512 << 20 }
    }
}

impl Memory {
    /// The least that a run with so many threads can do with, in bytes; 0 threads are as many as there is room for.
    pub fn least(jobs: usize) -> u64 {
        let more = u64::try_from(jobs.saturating_sub(1)).unwrap_or(u64::MAX);
        more.saturating_mul(WORKER_BYTES).saturating_add(64 << 20)
    }

    /// So many bytes, or [`Memory::least`] of one thread where that is more.
    pub fn of(bytes: u64) -> Self {
        Self { bytes: bytes.max(Self::least(1)) }
    }

    /// Bytes of the largest file that is read whole.
    pub fn file_bytes_max(self) -> u64 {
        self.bytes / FILE_SHARE
    }

    /// Bytes for the engine's writer: what files, parts of reports and documents that wait leave.
    pub(super) fn writer_bytes(self) -> usize {
        usize::try_from(self.bytes / 16 * 7).unwrap_or(usize::MAX)
    }

    /// Threads of the engine's writer, which share its bytes. It does about as much of the work as those that read, so there
    /// are as many, as far as there is room: on two cores one alone was busy while a reading one waited.
    pub(super) fn writer_threads(self, jobs: usize) -> usize {
        let room = self.writer_bytes() / WRITER_THREAD_BYTES;
        self.workers(jobs).min(room).clamp(1, WRITER_THREADS_MAX)
    }

    /// Parts of reports that may wait for the writer.
    pub(super) fn waiting_parts(self) -> usize {
        usize::try_from(self.bytes / BYTES_FOR_A_PART).unwrap_or(usize::MAX)
    }

    /// How many threads read and clean, where `jobs` are asked for and 0 are as many as there are cores and room for.
    pub(super) fn workers(self, jobs: usize) -> usize {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let room = (self.bytes - Self::least(1)) / WORKER_BYTES + 1;
        if jobs == 0 { cores.min(usize::try_from(room).unwrap_or(usize::MAX)) } else { jobs }
    }

    /// Room for the files that are read at a time.
    pub(super) fn room(self) -> Room {
        Room::new(self.file_bytes_max() * FILE_TIMES)
    }
}

/// Bounds the files that are read at a time by what they take.
pub(super) struct Room {
    bytes_max: u64,
    taken: Mutex<u64>,
    has_more: Condvar,
    /// Held by who waits: a large file is not passed by small ones for ever.
    turn: Mutex<()>,
}

impl Room {
    fn new(bytes_max: u64) -> Self {
        Self {
            bytes_max,
            taken: Mutex::default(),
            has_more: Condvar::new(),
            turn: Mutex::default(),
        }
    }

    /// Waits until a file of so many bytes may begin: no commit is due, and there is room. Who waits for a commit holds no
    /// place, since a file that the commit waits for may wait for one.
    pub(super) fn begin(&self, file_bytes: u64, hold: &AtomicBool, stop: &AtomicBool) -> Place<'_> {
        loop {
            let is_lifted = wait_while(hold, stop);
            let place = self.enter(file_bytes, stop);
            // A commit may have become due while there was no room.
            if !is_lifted || !hold.load(Ordering::Relaxed) || stop.load(Ordering::Relaxed) {
                return place;
            }
        }
    }

    /// Waits until there is room for a file of so many bytes, or `stop` is set; one file always has room.
    pub(super) fn enter(&self, file_bytes: u64, stop: &AtomicBool) -> Place<'_> {
        let bytes = file_bytes.saturating_mul(FILE_TIMES);
        // Nobody can leave a bare number half written.
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let mut taken = self.taken();
        while *taken > 0
            && taken.saturating_add(bytes) > self.bytes_max
            && !stop.load(Ordering::Relaxed)
        {
            let waited = self.has_more.wait_timeout(taken, LOOK_EVERY);
            taken = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        *taken = taken.saturating_add(bytes);
        Place { room: self, bytes }
    }

    fn taken(&self) -> MutexGuard<'_, u64> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Waits while a commit is due, but not for ever, as a long file may be under way; whether none is due now.
fn wait_while(hold: &AtomicBool, stop: &AtomicBool) -> bool {
    let begun = Instant::now();
    while hold.load(Ordering::Relaxed) && !stop.load(Ordering::Relaxed) {
        if begun.elapsed() >= HOLD_MAX {
            return false;
        }
        std::thread::sleep(HELD_LOOK_EVERY);
    }
    true
}

/// What a file takes as long as it lives.
pub(super) struct Place<'a> {
    room: &'a Room,
    bytes: u64,
}

impl Place<'_> {
    /// Waits until there is room for what was unpacked of the file, where that is more than the file. It gives up its
    /// place meanwhile, so that no two wait for each other. That bounds what is made of the text; the text itself is there
    /// already, one piece for each worker.
    pub(super) fn grow(&mut self, unpacked_bytes: u64, stop: &AtomicBool) {
        if unpacked_bytes.saturating_mul(FILE_TIMES) > self.bytes {
            self.leave();
            *self = self.room.enter(unpacked_bytes, stop);
        }
    }

    fn leave(&mut self) {
        let mut taken = self.room.taken();
        *taken = taken.saturating_sub(std::mem::take(&mut self.bytes));
        drop(taken);
        self.room.has_more.notify_one();
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.leave();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    #[test]
    fn the_shares_of_the_least_and_of_the_default() {
        let shares = |memory: Memory| {
            (memory.writer_bytes() >> 20, memory.waiting_parts(), memory.file_bytes_max() >> 20)
        };
        assert_eq!(shares(Memory::of(0)), (28, 4, 8));
        assert_eq!(shares(Memory::default()), (224, 32, 64));
        assert_eq!(Memory::least(0), Memory::least(1));
        assert_eq!(Memory::of(Memory::least(1)).workers(0), 1);
        assert_eq!(Memory::of(Memory::least(1)).workers(3), 3);
    }

    #[test]
    fn the_writer_has_as_many_threads_as_there_are_readers_where_it_has_room() {
        let default = Memory::default();
        assert_eq!([1, 2, 4, 8].map(|jobs| default.writer_threads(jobs)), [1, 2, 4, 4]);
        assert_eq!(Memory::of(Memory::least(2)).writer_threads(2), 1);
        assert_eq!(Memory::of(256 << 20).writer_threads(2), 2);
        assert_eq!(Memory::of(16 << 30).writer_threads(64), 8);
    }

    #[test]
    fn a_file_waits_until_there_is_room() {
        let (room, stop) = (Room::new(10 * FILE_TIMES), AtomicBool::new(false));
        let (first, small) = (room.enter(8, &stop), room.enter(2, &stop));
        thread::scope(|scope| {
            let next = scope.spawn(|| drop(room.enter(5, &stop)));
            drop(small);
            thread::sleep(LOOK_EVERY * 2);
            assert!(!next.is_finished());
            drop(first);
            next.join().unwrap();
        });
        assert_eq!(*room.taken(), 0);
    }

    #[test]
    fn what_is_unpacked_of_two_files_at_a_time_has_room_one_after_the_other() {
        let (room, stop) = (Room::new(10 * FILE_TIMES), AtomicBool::new(false));
        let (mut first, mut second) = (room.enter(5, &stop), room.enter(5, &stop));
        thread::scope(|scope| {
            let growing = scope.spawn(|| {
                first.grow(9, &stop);
                // It has more already.
                first.grow(2, &stop);
                assert_eq!(*room.taken(), 9 * FILE_TIMES);
                drop(first);
            });
            thread::sleep(LOOK_EVERY * 2);
            assert!(!growing.is_finished());
            second.grow(8, &stop);
            drop(second);
            growing.join().unwrap();
        });
        assert_eq!(*room.taken(), 0);
    }

    #[test]
    fn who_is_held_for_a_commit_leaves_room_for_the_file_it_waits_for() {
        let (room, stop) = (Room::new(10 * FILE_TIMES), AtomicBool::new(false));
        let hold = AtomicBool::new(true);
        let mut open = room.enter(4, &stop);
        thread::scope(|scope| {
            let held = scope.spawn(|| drop(room.begin(6, &hold, &stop)));
            thread::sleep(LOOK_EVERY);
            assert_eq!(*room.taken(), 4 * FILE_TIMES);
            open.grow(9, &stop);
            assert!(!held.is_finished());
            // There is no room until the next commit is due.
            hold.store(false, Ordering::Relaxed);
            thread::sleep(LOOK_EVERY);
            hold.store(true, Ordering::Relaxed);
            drop(open);
            thread::sleep(LOOK_EVERY * 2);
            assert!(!held.is_finished() && *room.taken() == 0);
            hold.store(false, Ordering::Relaxed);
            held.join().unwrap();
        });
    }

    #[test]
    fn one_file_always_has_room_and_nobody_waits_when_the_run_ends() {
        let (room, stop) = (Room::new(1), AtomicBool::new(false));
        let first = room.enter(100, &stop);
        stop.store(true, Ordering::Relaxed);
        drop(room.enter(100, &stop));
        drop(first);
        assert_eq!(*room.taken(), 0);
    }
}
