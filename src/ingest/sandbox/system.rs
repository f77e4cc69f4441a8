//! What the operating system offers to contain a process; where it offers nothing, the wall time is all there is.

use crate::ingest::limits::Limits;
use std::process::{Child, Command, ExitStatus};

/// Mapped but not written: the program itself, room that the allocator reserves.
#[cfg(unix)]
const MAPPED_BYTES: u64 = 512 << 20;

/// Sets a command up to run apart: a Ctrl-C is for who started it, who then ends it.
pub(crate) fn set_apart(command: &mut Command) {
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    #[cfg(not(unix))]
    let _ = command;
}

/// Gives a command none of this process's environment, where programs do without; readers need none.
pub(super) fn without_environment(command: &mut Command) {
    #[cfg(unix)]
    command.env_clear();
    command.env("RUST_BACKTRACE", "0");
}

/// Ends a process that was set apart, and what it started.
pub(crate) fn end(child: &mut Child) {
    // The number of a process that was waited for may be that of another by now.
    if !matches!(child.try_wait(), Ok(None)) {
        return;
    }
    #[cfg(unix)]
    if let Some(group) = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw) {
        // It may just have ended by itself.
        rustix::process::kill_process_group(group, rustix::process::Signal::KILL).ok();
    }
    child.kill().ok();
}

/// Gives up, for good, what reading files does not need: memory above a limit, files, core dumps, new privileges.
///
/// A limit that the system refuses is done without: the wall time holds everywhere.
pub fn confine(memory_bytes_max: u64) {
    let memory = memory_bytes_max.max(Limits::MEMORY_BYTES_MIN);
    #[cfg(unix)]
    {
        use rustix::process::Resource;
        limit(Resource::Core, 0);
        limit(Resource::Fsize, 0);
        limit(Resource::Nofile, 64);
        limit(Resource::Data, memory);
        limit(Resource::As, memory.saturating_add(MAPPED_BYTES));
    }
    #[cfg(target_os = "linux")]
    {
        rustix::thread::set_no_new_privs(true).ok();
        // When the thread that started this process ends, nobody listens.
        let signal = Some(rustix::process::Signal::KILL);
        rustix::process::set_parent_process_death_signal(signal).ok();
    }
    #[cfg(not(unix))]
    let _ = memory;
}

/// Lets this process use so many more seconds of processor time.
pub(super) fn allow_processor_time(seconds: u64) {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        use rustix::time::{ClockId, clock_gettime};
        let used = u64::try_from(clock_gettime(ClockId::ProcessCPUTime).tv_sec).unwrap_or(0);
        let maximum = getrlimit(Resource::Cpu).maximum;
        let wanted = used.saturating_add(seconds).saturating_add(1);
        let current = Some(maximum.map_or(wanted, |maximum| maximum.min(wanted)));
        setrlimit(Resource::Cpu, Rlimit { current, maximum }).ok();
    }
    #[cfg(not(unix))]
    let _ = seconds;
}

#[cfg(unix)]
fn limit(resource: rustix::process::Resource, most: u64) {
    use rustix::process::{Rlimit, getrlimit, setrlimit};
    // What is already less cannot be raised.
    let most = getrlimit(resource).maximum.map_or(most, |known| known.min(most));
    setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) }).ok();
}

/// How a process came to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ending {
    /// It used up its processor time.
    ProcessorTime,
    /// In words.
    Other(String),
}

/// Reads the status of a process that has ended.
pub(super) fn ending(status: ExitStatus) -> Ending {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        use rustix::process::Signal;
        if signal == Signal::XCPU.as_raw() {
            return Ending::ProcessorTime;
        }
        let known = [
            (Signal::SEGV, "a wrong memory access"),
            (Signal::BUS, "a wrong memory access"),
            (Signal::ILL, "a wrong instruction"),
            (Signal::ABORT, "it gave up"),
            (Signal::KILL, "the system ended it, perhaps for want of memory"),
        ];
        let words = known.iter().find(|(known, _)| known.as_raw() == signal);
        let words = words.map_or("the system ended it", |(_, words)| words);
        return Ending::Other(format!("{words} (signal {signal})"));
    }
    Ending::Other(match status.code() {
        Some(code) => format!("it ended with code {code}"),
        None => "it ended".to_owned(),
    })
}
