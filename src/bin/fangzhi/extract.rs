//! `fangzhi __extract`: the process in which the command takes reports out of files. It is started by the command
//! itself, talks to it over pipes, and stands in no help: people use `inspect`.

use fangzhi::ingest::sandbox::{ExtractorCommand, Fault, confine, serve};
use std::ffi::OsString;
use std::io::{BufReader, BufWriter, stdin, stdout};
use std::process::ExitCode;
use std::thread;

/// The word that leads here, before any other argument.
pub(crate) const WORD: &str = "__extract";

/// Stack of the reading thread: libraries recurse into nested content.
const STACK_BYTES: usize = 32 << 20;

/// How this program is started as the process that reads.
pub(crate) fn command() -> Option<ExtractorCommand> {
    let program = std::env::current_exe().ok()?;
    Some(ExtractorCommand { program, arguments: vec![WORD.into()] })
}

/// Runs the process: gives up what it does not need, and answers until nobody asks.
pub(crate) fn run(arguments: impl Iterator<Item = OsString>) -> ExitCode {
    // A library that panics has its file reported; nothing of it is for the eyes of a person.
    std::panic::set_hook(Box::new(|_| {}));
    let arguments: Vec<String> =
        arguments.filter_map(|argument| argument.into_string().ok()).collect();
    let Some(memory_bytes_max) = value(&arguments, "--memory").and_then(|n| n.parse().ok()) else {
        return ExitCode::from(2);
    };
    let fault = value(&arguments, "--fault").and_then(Fault::parse);
    confine(memory_bytes_max);
    let reading = thread::Builder::new().name(WORD.to_owned()).stack_size(STACK_BYTES).spawn(
        // What cannot be said any more has no listener either.
        move || {
            let mut output = BufWriter::with_capacity(1 << 16, stdout());
            serve(&mut BufReader::with_capacity(1 << 16, stdin()), &mut output, fault).is_ok()
        },
    );
    match reading.map(thread::JoinHandle::join) {
        Ok(Ok(true)) => ExitCode::SUCCESS,
        _ => ExitCode::from(2),
    }
}

fn value<'a>(arguments: &'a [String], name: &str) -> Option<&'a str> {
    let mut rest = arguments.iter().skip_while(|argument| *argument != name);
    rest.nth(1).map(String::as_str)
}
