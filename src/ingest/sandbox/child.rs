//! The process that takes reports out of files: it reads requests from one pipe and answers on another.

use crate::ingest::ReadError;
use crate::ingest::ocr::can_help;
use crate::ingest::reports::{Follow, Piece, follow};
use crate::ingest::sandbox::protocol::{
    Begin, GREETING, Kind, Request, invalid, json, piece_body, read_frame, write_frame, write_json,
};
use crate::ingest::sandbox::system::allow_processor_time;
use std::hint::black_box;
use std::io::{self, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Answers requests until there are no more.
///
/// It is to run on a thread with a large stack, in a process that called [`crate::ingest::sandbox::confine`] and
/// writes nothing else to `output`; `fault` is for tests of whoever asks.
/// Errors: whoever asks is gone, or asks what makes no sense.
pub fn serve(input: &mut dyn Read, output: &mut dyn Write, fault: Option<Fault>) -> io::Result<()> {
    write_frame(output, Kind::Hello, GREETING)?;
    output.flush()?;
    while let Some(frame) = read_frame(input, u64::MAX)? {
        let request: Request = match frame.kind {
            Kind::Request => json(&frame.body)?,
            other => return Err(invalid(format!("{other:?} for a request"))),
        };
        let file = read_frame(input, u64::MAX)?.filter(|frame| frame.kind == Kind::File);
        let bytes = file.ok_or_else(|| invalid("a request without a file"))?.body;
        let mut answer = Answer { output: &mut *output, request: &request, fault, written: Ok(()) };
        let options = request.options();
        let read = catch_unwind(AssertUnwindSafe(|| {
            follow(&bytes, &request.file_name, request.named, &options, &mut answer)
        }));
        answer.written?;
        write_json(output, Kind::End, &read.unwrap_or(Err(ReadError::Internal)))?;
        output.flush()?;
    }
    Ok(())
}

/// What is being answered to a request.
struct Answer<'a> {
    output: &'a mut dyn Write,
    request: &'a Request,
    fault: Option<Fault>,
    /// Whether all that was written has arrived.
    written: io::Result<()>,
}

impl Answer<'_> {
    /// Writes something, and sends it on; whether anybody takes it.
    fn write(&mut self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> bool {
        if self.written.is_ok() {
            self.written = write(self.output).and_then(|()| self.output.flush());
        }
        self.written.is_ok()
    }
}

impl Follow for Answer<'_> {
    fn begin(&mut self, ordinal: usize, member: Option<&str>) -> bool {
        if ordinal < self.request.skipped {
            return false;
        }
        allow_processor_time(self.request.limits.seconds_max);
        let begin = Begin { ordinal, member: member.map(str::to_owned) };
        let listening = self.write(|output| write_json(output, Kind::Begin, &begin));
        if let Some(fault) = self.fault.filter(|fault| fault.member.is_none_or(|at| at == ordinal))
        {
            fault.kind.happen(self.output);
        }
        listening
    }

    fn piece(&mut self, piece: Piece, bytes: &[u8]) -> bool {
        // Whoever asks has the bytes of a file that is no archive.
        let wanted = self.request.scanned && piece.member.is_some() && can_help(&piece.taken);
        self.write(|output| {
            if wanted {
                write_frame(output, Kind::Scanned, bytes)?;
            }
            write_frame(output, Kind::Piece, &piece_body(piece)?)
        })
    }

    fn end(&mut self, ordinal: usize) {
        self.write(|output| write_json(output, Kind::Done, &ordinal));
    }
}

/// A fault to happen when a member is begun, so that tests see what becomes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    kind: FaultKind,
    /// At this member, `None` at each.
    member: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FaultKind {
    Loop,
    Stack,
    Memory,
    Panic,
    Exit,
    Garbage,
    Endless,
    Chatter,
}

impl Fault {
    /// A fault by its name and the ordinal of the member, or `*` for each: `loop:2`.
    ///
    /// Names: `loop`, `stack` (overflows it), `memory` (allocates without end), `panic`, `exit`, `garbage` (says what is
    /// no frame), `endless` (frames without end), `chatter` (much on standard error, then an end).
    pub fn parse(text: &str) -> Option<Self> {
        let (name, member) = text.split_once(':')?;
        let kind = match name {
            "loop" => FaultKind::Loop,
            "stack" => FaultKind::Stack,
            "memory" => FaultKind::Memory,
            "panic" => FaultKind::Panic,
            "exit" => FaultKind::Exit,
            "garbage" => FaultKind::Garbage,
            "endless" => FaultKind::Endless,
            "chatter" => FaultKind::Chatter,
            _ => return None,
        };
        let member = if member == "*" { None } else { Some(member.parse().ok()?) };
        Some(Self { kind, member })
    }
}

impl FaultKind {
    fn happen(self, output: &mut dyn Write) {
        match self {
            Self::Loop => loop {
                std::hint::spin_loop();
            },
            Self::Stack => {
                black_box(depth(u64::MAX));
            }
            Self::Memory => {
                let mut all = Vec::new();
                loop {
                    all.push(black_box(vec![1_u8; 4 << 20]));
                }
            }
            Self::Panic => panic!("a fault that was asked for"),
            Self::Exit => std::process::exit(7),
            Self::Garbage => {
                output.write_all(&[0xFF; 64]).and_then(|()| output.flush()).ok();
            }
            Self::Endless => while write_frame(output, Kind::Scanned, &[0; 1 << 16]).is_ok() {},
            Self::Chatter => {
                let words = [b'x'; 1 << 16];
                (0..64).for_each(|_| io::stderr().write_all(&words).unwrap_or_default());
                std::process::exit(8);
            }
        }
    }
}

/// Goes as deep as it is told.
fn depth(to: u64) -> u64 {
    if to == 0 { 0 } else { black_box(depth(black_box(to - 1))) + 1 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::extract::ExtractError;
    use crate::ingest::limits::Limits;
    use crate::ingest::sandbox::protocol::Frame;

    /// The frames that answer a request about a page.
    fn answered(request: &Request, file: &[u8]) -> Vec<Frame> {
        let (mut input, mut output) = (Vec::new(), Vec::new());
        write_json(&mut input, Kind::Request, request).unwrap();
        write_frame(&mut input, Kind::File, file).unwrap();
        serve(&mut input.as_slice(), &mut output, None).unwrap();
        let mut rest = output.as_slice();
        std::iter::from_fn(|| read_frame(&mut rest, u64::MAX).unwrap()).collect()
    }

    fn request(scanned: bool) -> Request {
        let (named, limits) = (Some(crate::ingest::Format::Plain), Limits::default());
        Request {
            file_name: "甲.txt".to_owned(),
            named,
            encoding: None,
            limits,
            skipped: 0,
            scanned,
        }
    }

    #[test]
    fn a_file_is_answered_from_begin_to_end() {
        let kinds: Vec<Kind> = answered(&request(false), "示例县修路。".as_bytes())
            .iter()
            .map(|frame| frame.kind)
            .collect();
        assert_eq!(kinds, [Kind::Hello, Kind::Begin, Kind::Piece, Kind::End]);
    }

    #[test]
    fn a_scanned_member_comes_with_its_bytes_when_they_are_wanted() {
        for wanted in [true, false] {
            let (mut output, request) = (Vec::new(), request(wanted));
            let mut answer =
                Answer { output: &mut output, request: &request, fault: None, written: Ok(()) };
            let scanned = ExtractError::Scanned { pages: 2 };
            assert!(answer.piece(Piece::failed("甲.pdf".to_owned(), scanned.into()), b"%PDF"));
            let first = read_frame(&mut output.as_slice(), 1 << 20).unwrap().unwrap();
            assert_eq!(first.kind, if wanted { Kind::Scanned } else { Kind::Piece });
            assert_eq!(first.body == b"%PDF", wanted);
        }
    }

    #[test]
    fn what_makes_no_sense_ends_the_process() {
        let serve = |input: &[u8]| serve(&mut &*input, &mut Vec::new(), None);
        assert!(serve(b"").is_ok());
        assert!(serve(b"hello, is anybody there?").is_err());
    }
}
