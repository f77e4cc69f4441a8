//! Ctrl-C: the first one ends the run after what is finished is safe, the second one at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A flag that is set by the first Ctrl-C (or a request to terminate).
pub(crate) fn stop_flag() -> Arc<AtomicBool> {
    /// What a shell reports for a command that was ended by Ctrl-C.
    const INTERRUPTED: i32 = 130;
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    let handler = move || {
        if flag.swap(true, Ordering::SeqCst) {
            std::process::exit(INTERRUPTED);
        }
    };
    // Where no handler can be set, Ctrl-C ends the run at once: the last commit stands.
    ctrlc::set_handler(handler).ok();
    stop
}

/// Makes a file that grows over the limit of `ulimit -f` an error of writing, which is told, and not the end of the
/// command by a signal.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[allow(
    unsafe_code,
    reason = "ignoring a signal has no safe form; the test of it writes over the limit"
)]
pub(crate) fn full_files_are_errors() {
    // SAFETY: the signal is ignored, no handler runs, and no other thread does yet.
    unsafe { libc::signal(libc::SIGXFSZ, libc::SIG_IGN) };
}

/// Other systems keep what they do.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(crate) fn full_files_are_errors() {}
