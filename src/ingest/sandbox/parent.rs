//! The side that starts the process, asks it about files, and outlives it.

use crate::ingest::ReadError;
use crate::ingest::limits::{LimitName, Limits, OverLimit};
use crate::ingest::reports::{Follow, NotRead, Piece};
use crate::ingest::sandbox::ExtractorCommand;
use crate::ingest::sandbox::protocol::{
    Begin, Frame, GREETING, Kind, Request, invalid, json, piece, read_frame, write_frame,
    write_json,
};
use crate::ingest::sandbox::system::{Ending, end, ending, set_apart, without_environment};
use crossbeam_channel::{Receiver, RecvTimeoutError, bounded};
use std::io::{self, BufReader, Read};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle, ScopedJoinHandle};
use std::time::{Duration, Instant};

/// How often it is looked whether the run was stopped.
const TICK: Duration = Duration::from_millis(100);
/// Members of one archive that may end the process before the rest is given up.
const DEATHS_MAX: usize = 8;
/// Bytes of the process's last words that are kept.
const LAST_WORDS_BYTES: usize = 8 << 10;
/// Bytes that an answer may have beyond the text and its places.
const HEAD_BYTES_MAX: u64 = 1 << 20;

/// A file to be asked about.
pub(super) struct Asked<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) request: Request,
    pub(super) is_archive: bool,
    pub(super) stop: Option<&'a AtomicBool>,
}

impl Asked<'_> {
    fn is_stopped(&self) -> bool {
        self.stop.is_some_and(|stop| stop.load(Ordering::Relaxed))
    }
}

/// Takes the reports out of a file with the process in `slot`, starting it where there is none.
///
/// A member that ends the process is a piece with the reason, and the members after it are asked for again. Errors as
/// in [`crate::ingest::reports::pieces`]; a file that ends the process gives the reason.
pub(super) fn read(
    slot: &mut Option<Process>,
    command: &ExtractorCommand,
    mut asked: Asked<'_>,
    follow: &mut dyn Follow,
) -> Result<NotRead, ReadError> {
    let mut deaths = 0;
    loop {
        let process = Process::usable(slot, command, &asked.request.limits)?;
        let is_fresh = !process.has_greeted;
        let mut answer = Answer::to(&asked);
        let outcome = process.ask(&asked, &mut answer, follow);
        let reason = match outcome {
            // A panic that was caught while a member was read.
            Outcome::Finished(Err(ReadError::Internal)) if answer.member().is_some() => {
                ReadError::Internal
            }
            Outcome::Finished(result) => return result,
            Outcome::Unwanted => {
                *slot = None;
                return Ok(NotRead::new());
            }
            Outcome::Stopped => {
                *slot = None;
                return Err(ReadError::Stopped);
            }
            Outcome::Lost(loss) => match slot.take() {
                Some(process) => process.bury(&loss, &asked.request.limits),
                None => loss.reason(&asked.request.limits),
            },
        };
        // Memory that earlier files took is no fault of this one.
        let is_memory = |limit| limit == LimitName::Memory;
        let over_memory = matches!(&reason, ReadError::OverLimit(over) if is_memory(over.limit));
        let again = over_memory && !is_fresh && answer.pieces == 0;
        match answer.current.take() {
            Some(Begin { ordinal, member: Some(member) }) if !again => {
                if !follow.piece(Piece::failed(member, reason), &[]) {
                    return Ok(NotRead::new());
                }
                deaths += 1;
                if deaths == DEATHS_MAX {
                    let how = format!("{deaths} members did; what follows them was not read");
                    return Err(ReadError::Died { how });
                }
                asked.request.skipped = ordinal + 1;
            }
            Some(_) if !again => return Err(reason),
            // Between members; a process that has just been started would come no further.
            None if is_fresh && answer.done <= asked.request.skipped => return Err(reason),
            _ => asked.request.skipped = answer.done,
        }
    }
}

/// How asking about a file ended.
enum Outcome {
    /// With an answer to the end; the process waits for the next file.
    Finished(Result<NotRead, ReadError>),
    /// Nobody wants the rest.
    Unwanted,
    /// The run was stopped.
    Stopped,
    /// The process cannot be used any more.
    Lost(Loss),
}

/// Why the process cannot be used any more.
enum Loss {
    /// It closed its pipe: it ended, or is about to.
    Closed,
    /// It took too long.
    TooLong,
    /// What it said makes no sense.
    Nonsense(io::Error),
    /// It was not started as it should be.
    Wrong(String),
}

impl Loss {
    /// Why the file was not read, as far as it is known without the status of the process.
    fn reason(&self, limits: &Limits) -> ReadError {
        match self {
            Self::Closed => ReadError::Died { how: "it ended".to_owned() },
            Self::TooLong => over(LimitName::Seconds, limits.seconds_max),
            Self::Nonsense(error) => ReadError::Extractor {
                cause: format!("gave an answer that makes no sense: {error}"),
            },
            Self::Wrong(cause) => ReadError::Extractor { cause: cause.clone() },
        }
    }
}

fn over(limit: LimitName, max: u64) -> ReadError {
    OverLimit::more_than(limit, max).into()
}

/// A process that takes reports out of files.
#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    /// Listens to standard error, until it is closed.
    last_words: Option<JoinHandle<Vec<u8>>>,
    memory_bytes_max: u64,
    has_greeted: bool,
}

impl Drop for Process {
    fn drop(&mut self) {
        end(&mut self.child);
        self.child.wait().ok();
    }
}

impl Process {
    /// The process in `slot`, if it lives and has the memory wanted, else a new one.
    fn usable<'a>(
        slot: &'a mut Option<Self>,
        command: &ExtractorCommand,
        limits: &Limits,
    ) -> Result<&'a mut Self, ReadError> {
        let is_usable = |process: &mut Self| {
            let lives = matches!(process.child.try_wait(), Ok(None));
            lives && process.memory_bytes_max == limits.memory_bytes_max
        };
        if !slot.as_mut().is_some_and(is_usable) {
            *slot = None;
        }
        match *slot {
            Some(ref mut process) => Ok(process),
            None => Ok(slot.insert(Self::start(command, limits.memory_bytes_max)?)),
        }
    }

    fn start(command: &ExtractorCommand, memory_bytes_max: u64) -> Result<Self, ReadError> {
        let failed = |error: io::Error| ReadError::Extractor {
            cause: format!("cannot be started: {error}"),
        };
        let mut starting = Command::new(&command.program);
        starting
            .args(&command.arguments)
            .arg("--memory")
            .arg(memory_bytes_max.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        set_apart(&mut starting);
        without_environment(&mut starting);
        let mut child = starting.spawn().map_err(failed)?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(input), Some(output), Some(errors)) = pipes else {
            return Err(failed(io::ErrorKind::BrokenPipe.into()));
        };
        let listener = thread::Builder::new().spawn(move || last_words(errors));
        let output = BufReader::with_capacity(1 << 16, output);
        let last_words = None;
        let mut process =
            Self { child, input, output, last_words, memory_bytes_max, has_greeted: false };
        process.last_words = Some(listener.map_err(failed)?);
        Ok(process)
    }

    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Asks about a file. Two threads wait on the pipes meanwhile; both end when the process does.
    fn ask(
        &mut self,
        asked: &Asked<'_>,
        answer: &mut Answer<'_>,
        follow: &mut dyn Follow,
    ) -> Outcome {
        let Self { child, input, output, has_greeted, .. } = self;
        let frame_bytes_max = answer.frame_bytes_max;
        let outcome = thread::scope(|scope| {
            let (sender, frames) = bounded(2);
            let writing = thread::Builder::new().spawn_scoped(scope, move || {
                // What goes wrong here shows in what does not come back.
                write_json(input, Kind::Request, &asked.request)
                    .and_then(|()| write_frame(input, Kind::File, asked.bytes))
                    .ok();
            });
            let reading = thread::Builder::new().spawn_scoped(scope, move || {
                loop {
                    let frame = read_frame(output, frame_bytes_max).transpose();
                    let goes_on = matches!(&frame, Some(Ok(frame)) if frame.kind != Kind::End);
                    if sender.send(frame).is_err() || !goes_on {
                        break;
                    }
                }
            });
            // A panic of who takes the reports must not leave the threads waiting, nor half an answer in the pipe.
            let outcome = catch_unwind(AssertUnwindSafe(|| match (&writing, &reading) {
                (Ok(_), Ok(_)) => answer.take_in(&frames, has_greeted, follow),
                (Err(error), _) | (_, Err(error)) => {
                    Outcome::Lost(Loss::Wrong(format!("cannot be asked: {error}")))
                }
            }));
            let is_fine = matches!(outcome, Ok(Outcome::Finished(_)));
            if !is_fine || !writing.is_ok_and(|writing| ends_soon(&writing)) {
                end(child);
                child.wait().ok();
            }
            outcome
        });
        outcome.unwrap_or_else(|panic| resume_unwind(panic))
    }

    /// Ends it, if it has not ended, and says why the file was not read.
    fn bury(mut self, loss: &Loss, limits: &Limits) -> ReadError {
        let status = self.child.wait();
        let words = self.last_words.take().and_then(|listener| listener.join().ok());
        let words = String::from_utf8_lossy(words.as_deref().unwrap_or_default()).into_owned();
        let Loss::Closed = loss else { return loss.reason(limits) };
        if words.contains("memory allocation of ") && words.contains(" failed") {
            return over(LimitName::Memory, limits.memory_bytes_max);
        }
        if words.contains("has overflowed its stack") {
            let how = "stack overflow, as deeply nested content brings about".to_owned();
            return ReadError::Died { how };
        }
        match status.map(ending) {
            Ok(Ending::ProcessorTime) => over(LimitName::Seconds, limits.seconds_max),
            Ok(Ending::Other(how)) => ReadError::Died { how },
            Err(_) => loss.reason(limits),
        }
    }
}

/// Whether a thread that has nothing left to do ends: an answer to a file that was not read to its end is false.
fn ends_soon(thread: &ScopedJoinHandle<'_, ()>) -> bool {
    (0..100).any(|_| {
        if !thread.is_finished() {
            thread::sleep(Duration::from_millis(1));
        }
        thread.is_finished()
    })
}

/// The first bytes that a process writes to standard error; what follows is read and forgotten.
fn last_words(mut errors: ChildStderr) -> Vec<u8> {
    let mut words = Vec::new();
    let most = u64::try_from(LAST_WORDS_BYTES).unwrap_or(0);
    (&mut errors).take(most).read_to_end(&mut words).ok();
    io::copy(&mut errors, &mut io::sink()).ok();
    words
}

/// What has been answered about a file.
struct Answer<'a> {
    asked: &'a Asked<'a>,
    /// The member, or the file, that is being read.
    current: Option<Begin>,
    /// Reports that came of it.
    pieces: usize,
    /// Members that were read or passed over.
    done: usize,
    /// Bytes of the scanned member whose piece follows.
    scanned: Vec<u8>,
    frame_bytes_max: u64,
    /// Bytes that may still come.
    bytes_left: u64,
    source_bytes_max: usize,
}

/// What to do after a frame.
enum Step {
    /// Wait for the next.
    On,
    /// As before, with all the time again.
    OnAnew,
    Finished(Result<NotRead, ReadError>),
    Unwanted,
}

impl<'a> Answer<'a> {
    fn to(asked: &'a Asked<'a>) -> Self {
        let limits = &asked.request.limits;
        // A text in UTF-8 is up to half longer than in other encodings, and each of its characters may have a place.
        let file = limits.file_bytes_max.saturating_mul(8).saturating_add(HEAD_BYTES_MAX);
        let all = limits.unpacked_bytes_max.saturating_mul(4);
        let source = if asked.is_archive {
            usize::try_from(limits.file_bytes_max).unwrap_or(usize::MAX)
        } else {
            asked.bytes.len()
        };
        Self {
            asked,
            current: None,
            pieces: 0,
            done: 0,
            scanned: Vec::new(),
            frame_bytes_max: file,
            bytes_left: if asked.is_archive { all.max(file) } else { file },
            source_bytes_max: source,
        }
    }

    /// The member of an archive that is being read.
    fn member(&self) -> Option<&str> {
        self.current.as_ref()?.member.as_deref()
    }

    /// Takes the frames that come, until the file is done or something is wrong.
    fn take_in(
        &mut self,
        frames: &Receiver<Option<io::Result<Frame>>>,
        has_greeted: &mut bool,
        follow: &mut dyn Follow,
    ) -> Outcome {
        let most = Duration::from_secs(self.asked.request.limits.seconds_max.max(1));
        let mut waited = Duration::ZERO;
        loop {
            let before = Instant::now();
            let frame = frames.recv_timeout(TICK.min(most - waited));
            // A machine that slept has not waited.
            waited += before.elapsed().min(TICK * 2);
            if self.asked.is_stopped() {
                return Outcome::Stopped;
            }
            let step = match frame {
                Ok(Some(Ok(frame))) if *has_greeted => self.take(frame, follow),
                Ok(Some(Ok(frame))) => {
                    if frame.kind != Kind::Hello || frame.body != GREETING {
                        let cause = "is another program, or another version of this one";
                        return Outcome::Lost(Loss::Wrong(cause.to_owned()));
                    }
                    *has_greeted = true;
                    Ok(Step::OnAnew)
                }
                Ok(Some(Err(error))) if error.kind() == io::ErrorKind::InvalidData => Err(error),
                Ok(None | Some(Err(_))) | Err(RecvTimeoutError::Disconnected) => {
                    return Outcome::Lost(Loss::Closed);
                }
                Err(RecvTimeoutError::Timeout) if waited < most => Ok(Step::On),
                Err(RecvTimeoutError::Timeout) => return Outcome::Lost(Loss::TooLong),
            };
            match step {
                Ok(Step::On) => {}
                Ok(Step::OnAnew) => waited = Duration::ZERO,
                Ok(Step::Finished(result)) => return Outcome::Finished(result),
                Ok(Step::Unwanted) => return Outcome::Unwanted,
                Err(error) => return Outcome::Lost(Loss::Nonsense(error)),
            }
            waited = waited.min(most);
        }
    }

    fn take(&mut self, frame: Frame, follow: &mut dyn Follow) -> io::Result<Step> {
        let Frame { kind, body } = frame;
        let bytes = u64::try_from(body.len()).unwrap_or(u64::MAX).saturating_add(9);
        self.bytes_left = self.bytes_left.checked_sub(bytes).ok_or_else(|| invalid("too much"))?;
        match kind {
            Kind::Begin => {
                let begin: Begin = json(&body)?;
                let fits =
                    begin.ordinal == self.done && begin.ordinal >= self.asked.request.skipped;
                let is_member = begin.member.is_some() == self.asked.is_archive;
                if self.current.is_some() || !fits || !is_member {
                    return Err(invalid("a member out of turn"));
                }
                self.current = Some(begin);
                self.pieces = 0;
                Ok(Step::OnAnew)
            }
            Kind::Scanned if self.asked.request.scanned && self.current.is_some() => {
                self.scanned = body;
                Ok(Step::On)
            }
            Kind::Piece => self.take_piece(&body, follow),
            Kind::Done => {
                if !self.asked.is_archive || json::<usize>(&body)? != self.done {
                    return Err(invalid("an end out of turn"));
                }
                self.done += 1;
                self.current = None;
                Ok(Step::OnAnew)
            }
            Kind::End => Ok(Step::Finished(json(&body)?)),
            Kind::Hello | Kind::Request | Kind::File | Kind::Scanned => {
                Err(invalid("a frame out of turn"))
            }
        }
    }

    fn take_piece(&mut self, body: &[u8], follow: &mut dyn Follow) -> io::Result<Step> {
        let piece = piece(body, self.source_bytes_max)?;
        let is_current =
            self.current.as_ref().is_some_and(|current| current.member == piece.member);
        // Records follow each other, and the parts of one report.
        let is_next = match piece.record {
            Some(_) => piece.part == 0,
            None => piece.part == self.pieces,
        };
        if !is_current || !is_next {
            return Err(invalid("a report out of turn"));
        }
        self.pieces += 1;
        let scanned = std::mem::take(&mut self.scanned);
        let bytes = if self.asked.is_archive { &scanned } else { self.asked.bytes };
        Ok(if follow.piece(piece, bytes) { Step::On } else { Step::Unwanted })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::extract::ExtractError;
    use crate::ingest::sandbox::protocol::piece_body;

    /// Members and the bytes they came with.
    #[derive(Default)]
    struct Heard(Vec<(Option<String>, Vec<u8>)>);

    impl Follow for Heard {
        fn piece(&mut self, piece: Piece, bytes: &[u8]) -> bool {
            self.0.push((piece.member, bytes.to_vec()));
            true
        }
    }

    /// What an archive is heard to hold when these frames come; `None` when one makes no sense.
    fn heard(frames: Vec<(Kind, Vec<u8>)>) -> Option<Heard> {
        let limits = Limits::default();
        let (file_name, named) = ("甲.zip".to_owned(), None);
        let request =
            Request { file_name, named, encoding: None, limits, skipped: 1, scanned: true };
        let asked = Asked { bytes: b"PK", request, is_archive: true, stop: None };
        let mut answer = Answer::to(&asked);
        let mut heard = Heard::default();
        for (kind, body) in frames {
            answer.take(Frame { kind, body }, &mut heard).ok()?;
        }
        Some(heard)
    }

    fn begin(ordinal: usize, member: &str) -> (Kind, Vec<u8>) {
        let begin = Begin { ordinal, member: Some(member.to_owned()) };
        (Kind::Begin, serde_json::to_vec(&begin).unwrap())
    }

    fn failed(member: &str) -> (Kind, Vec<u8>) {
        let error = ExtractError::Scanned { pages: 1 }.into();
        (Kind::Piece, piece_body(Piece::failed(member.to_owned(), error)).unwrap())
    }

    fn done(ordinal: usize) -> (Kind, Vec<u8>) {
        (Kind::Done, ordinal.to_string().into_bytes())
    }

    #[test]
    fn a_scanned_member_is_handed_on_with_its_bytes() {
        let scanned = (Kind::Scanned, b"%PDF".to_vec());
        let frames = vec![done(0), begin(1, "乙.pdf"), scanned, failed("乙.pdf"), done(1)];
        let expected = (Some("乙.pdf".to_owned()), b"%PDF".to_vec());
        assert_eq!(heard(frames).unwrap().0, [expected]);
    }

    #[test]
    fn frames_out_of_turn_make_no_sense() {
        assert!(
            heard(vec![done(0), begin(1, "乙"), failed("乙"), done(1), begin(2, "丙")]).is_some()
        );
        let wrong = [
            vec![begin(0, "甲")],
            vec![done(1)],
            vec![done(0), begin(2, "丙")],
            vec![done(0), begin(1, "乙"), begin(2, "丙")],
            vec![done(0), begin(1, "乙"), failed("丙")],
            vec![done(0), begin(1, "乙"), failed("乙"), failed("乙")],
            vec![done(0), failed("乙")],
            vec![(Kind::Hello, GREETING.to_vec())],
            vec![(Kind::Scanned, Vec::new())],
            vec![done(0), (Kind::Begin, b"{".to_vec())],
        ];
        for frames in wrong {
            let said = format!("{frames:?}");
            assert!(heard(frames).is_none(), "{said}");
        }
    }
}
