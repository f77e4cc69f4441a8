//! What the system's allocator does with large pieces of memory.

/// Bytes from which a piece goes back to the system when it is let go; the engine asks for pieces of 1 MiB.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const RETURNED_FROM: i32 = 512 << 10;

/// Lets glibc give back every large piece. Left alone it raises the size from which it does so to that of the largest
/// piece seen, and keeps what the engine has let go while other parts of a run ask for more
/// (`benches/records/memory.md` has the difference).
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[allow(unsafe_code, reason = "mallopt has no safe form; the record has what it saves")]
pub(crate) fn return_large_pieces() {
    // SAFETY: it sets a number of the allocator, and no other thread runs yet.
    unsafe { libc::mallopt(libc::M_MMAP_THRESHOLD, RETURNED_FROM) };
}

/// Other allocators have no such setting.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(crate) fn return_large_pieces() {}
