//! Text of pages that are pictures, read by a command of the user's choice. The library runs no other.

use crate::ingest::limits::{LimitName, Limits, OverLimit};
use crate::ingest::lines::LineIndex;
use crate::ingest::sandbox::{end, set_apart};
use crate::ingest::{Block, Extracted, Layout, Metadata, ReadError, Taken};
use crate::model::{DecidedBy, EncodingReport, Note, Span};
use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// How often it is looked whether the command has ended, or the run was stopped.
const TICK: Duration = Duration::from_millis(50);
/// How many times the seconds of other files a scanned one may take.
const SECONDS_TIMES: u64 = 10;
/// Bytes of standard error that are looked at.
const COMPLAINT_BYTES_MAX: u64 = 8 << 10;

/// A command that is given the path of a PDF as its last argument and prints its text in UTF-8, pages ended by form
/// feeds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OcrCommand {
    program: String,
    arguments: Vec<String>,
}

impl OcrCommand {
    /// The words of a command line, quoted as in a shell, which is not asked: no variables, pipes or patterns. `None`
    /// when there is no word, or a quote is left open.
    pub fn parse(line: &str) -> Option<Self> {
        let mut words = shlex::split(line)?.into_iter();
        let program = words.next().filter(|program| !program.is_empty())?;
        Some(Self { program, arguments: words.collect() })
    }

    /// The text of a scanned PDF, each line a block on its page.
    ///
    /// The command reads a copy in a temporary file that only this user can read: the file may lie in an archive, and
    /// may have changed since.
    /// Errors: [`ReadError::Ocr`] when the command fails, prints no text or too much; it is ended after ten times the
    /// seconds that a file may take, and when the run is stopped.
    pub(crate) fn read(
        &self,
        pdf: &[u8],
        limits: &Limits,
        stop: Option<&AtomicBool>,
    ) -> Result<Taken, ReadError> {
        let failed = |error: io::Error| self.failed(error.to_string());
        let mut file = tempfile::Builder::new()
            .prefix("fangzhi-")
            .suffix(".pdf")
            .tempfile()
            .map_err(failed)?;
        file.write_all(pdf).and_then(|()| file.flush()).map_err(failed)?;
        let printed = self.run(file.path(), limits, stop)?;
        let text = String::from_utf8(printed)
            .map_err(|_| self.failed("what it printed is not UTF-8".to_owned()))?;
        let taken = taken(&text, &self.program);
        if taken.extracted.blocks.is_empty() {
            return Err(self.failed("it printed no text".to_owned()));
        }
        Ok(taken)
    }

    fn failed(&self, cause: String) -> ReadError {
        ReadError::Ocr { command: self.program.clone(), cause }
    }

    fn run(
        &self,
        path: &Path,
        limits: &Limits,
        stop: Option<&AtomicBool>,
    ) -> Result<Vec<u8>, ReadError> {
        let failed = |error: io::Error| self.failed(error.to_string());
        let mut command = Command::new(&self.program);
        command
            .args(&self.arguments)
            .arg(OsString::from(path))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        set_apart(&mut command);
        let mut child = command.spawn().map_err(failed)?;
        let (Some(out), Some(mut err)) = (child.stdout.take(), child.stderr.take()) else {
            return Err(failed(io::ErrorKind::BrokenPipe.into()));
        };
        let bytes_max = limits.file_bytes_max;
        let (status, printed, complaint) = thread::scope(|scope| {
            // Who prints more finds the pipe closed.
            let printing = scope.spawn(move || first_bytes(out, bytes_max.saturating_add(1)));
            let complaining = scope.spawn(move || {
                let complaint = first_bytes(&mut err, COMPLAINT_BYTES_MAX);
                io::copy(&mut err, &mut io::sink()).ok();
                complaint
            });
            let status = self.wait(&mut child, limits, stop);
            (status, printing.join().unwrap_or_default(), complaining.join().unwrap_or_default())
        });
        let status = status?;
        if u64::try_from(printed.len()).is_ok_and(|len| len > bytes_max) {
            return Err(OverLimit::more_than(LimitName::FileBytes, bytes_max).into());
        }
        if !status.success() {
            let complaint = String::from_utf8_lossy(&complaint);
            let first = complaint.lines().map(str::trim).find(|line| !line.is_empty());
            return Err(self.failed(first.map_or_else(|| status.to_string(), str::to_owned)));
        }
        Ok(printed)
    }

    /// Waits for the command to end, and ends it when it is time.
    fn wait(
        &self,
        child: &mut Child,
        limits: &Limits,
        stop: Option<&AtomicBool>,
    ) -> Result<ExitStatus, ReadError> {
        let seconds = limits.seconds_max.max(1).saturating_mul(SECONDS_TIMES);
        let started = Instant::now();
        loop {
            let ended = child.try_wait();
            if let Some(status) = ended.map_err(|error| self.failed(error.to_string()))? {
                return Ok(status);
            }
            let stopped = stop.is_some_and(|stop| stop.load(Ordering::Relaxed));
            if stopped || started.elapsed() > Duration::from_secs(seconds) {
                end(child);
                child.wait().ok();
                let late = || {
                    self.failed(format!(
                        "it took more than {seconds} seconds (--max-seconds raises it)"
                    ))
                };
                return Err(if stopped { ReadError::Stopped } else { late() });
            }
            thread::sleep(TICK);
        }
    }
}

/// The first bytes of a stream.
fn first_bytes(stream: impl Read, most: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    stream.take(most).read_to_end(&mut bytes).ok();
    bytes
}

/// Lines on pages as a text whose blocks are the lines.
fn taken(printed: &str, program: &str) -> Taken {
    let mut text = String::new();
    let mut blocks = Vec::new();
    for (page, lines) in printed.split('\u{c}').enumerate() {
        for line in lines.lines() {
            if !text.is_empty() {
                text.push('\n');
            }
            let start = text.len();
            let line = line.trim_end();
            text.push_str(line);
            if !line.is_empty() {
                let span = Span::new(start, text.len());
                let (number, page) = (blocks.len() + 1, Some((page + 1, page + 1)));
                blocks.push(Block { span, role: None, number, page, area: None });
            }
        }
    }
    let encoding = EncodingReport {
        encoding: "UTF-8".to_owned(),
        decided_by: DecidedBy::Format,
        margin: None,
        replacements: text.matches('\u{fffd}').count(),
        first_replacement: None,
    };
    let (metadata, notes) = (Metadata::default(), vec![Note::new("ocr", program)]);
    let layout = Layout::Lines;
    let extracted = Extracted { text, map: None, layout, blocks, metadata, notes };
    Taken { encoding, extracted, lines: LineIndex::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_line_is_split_as_a_shell_does_and_no_further() {
        let parsed = OcrCommand::parse("ocr --lang 'chi sim' $HOME|wc").unwrap();
        assert_eq!(parsed.program, "ocr");
        assert_eq!(parsed.arguments, ["--lang", "chi sim", "$HOME|wc"]);
        for wrong in ["", "  ", "ocr 'open", "''"] {
            assert_eq!(OcrCommand::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn form_feeds_end_pages_and_lines_are_blocks() {
        let Extracted { text, blocks, layout, .. } =
            taken("示例县修路\r\n\n三条。\n\u{c}第二页\n\u{c}", "ocr").extracted;
        assert_eq!(layout, Layout::Lines);
        let found: Vec<_> = blocks
            .iter()
            .map(|block| {
                (text.get(block.span.range()).unwrap(), block.number, block.page.unwrap().0)
            })
            .collect();
        assert_eq!(found, [("示例县修路", 1, 1), ("三条。", 2, 1), ("第二页", 3, 2)]);
    }

    #[cfg(unix)]
    mod with_a_shell {
        use super::*;

        fn read(script: &str, limits: &Limits) -> Result<Taken, ReadError> {
            let arguments = vec!["-c".to_owned(), script.to_owned()];
            OcrCommand { program: "sh".to_owned(), arguments }.read(b"%PDF-1.4 x", limits, None)
        }

        #[track_caller]
        fn check(script: &str, error: &str) {
            let limits = Limits { seconds_max: 1, ..Limits::of_files(4 << 10) };
            assert_eq!(read(script, &limits).unwrap_err().to_string(), error);
        }

        #[test]
        fn the_command_is_given_the_pdf_in_a_file_of_its_own() {
            // With `sh -c`, the first argument after the script is $0.
            let taken = read("ls -l \"$0\" | cut -c1-10; cat \"$0\"", &Limits::default()).unwrap();
            assert_eq!(taken.extracted.text, "-rw-------\n%PDF-1.4 x");
            assert_eq!(taken.extracted.notes, [Note::new("ocr", "sh")]);
        }

        #[test]
        fn what_goes_wrong_is_said_in_the_words_of_the_command() {
            check(
                "echo '' >&2; echo 'no such language' >&2; exit 3",
                "scanned, and sh did not read it: no such language",
            );
            check("exit 3", "scanned, and sh did not read it: exit status: 3");
            check("true", "scanned, and sh did not read it: it printed no text");
            check(
                "printf '\\377'",
                "scanned, and sh did not read it: what it printed is not UTF-8",
            );
            check("yes 县", "has more than 4 KiB (--max-file-bytes raises the limit)");
        }

        #[test]
        fn a_program_that_is_not_there_is_named() {
            let missing = OcrCommand::parse("/no/such/program").unwrap();
            let error = missing.read(b"", &Limits::default(), None).unwrap_err().to_string();
            assert!(
                error.starts_with("scanned, and /no/such/program did not read it: "),
                "{error}"
            );
        }

        #[test]
        fn a_stopped_run_ends_the_command() {
            let stop = AtomicBool::new(true);
            let command = OcrCommand::parse("sleep 60").unwrap();
            let started = Instant::now();
            // `sleep` would refuse the path; it is stopped before or after that.
            let found = command.read(b"", &Limits::default(), Some(&stop));
            assert!(found.is_err() && started.elapsed() < Duration::from_secs(10));
        }
    }
}
