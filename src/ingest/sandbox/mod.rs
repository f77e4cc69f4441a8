//! Reports taken out of files in a process of its own, so that a panic, an endless loop or exhausted memory in a
//! library costs one file, or one member of an archive.
//!
//! [`Extractor`] is for who wants the reports; `parent` starts the process and asks it, [`serve`] answers in it,
//! `protocol` is what the two say, `system` what contains it. Text that is read without libraries stays with the caller.

mod child;
mod parent;
mod protocol;
mod system;

pub use child::{Fault, serve};
pub(crate) use protocol::io_error;
pub use system::confine;
pub(crate) use system::{end, set_apart};

use crate::ingest::ocr::{OcrCommand, can_read, pages_of};
use crate::ingest::reports::{Follow, NotRead, Piece, follow};
use crate::ingest::sandbox::parent::{Asked, Process};
use crate::ingest::sandbox::protocol::Request;
use crate::ingest::sniff::sniff;
use crate::ingest::{Format, ReadError, ReadOptions, Taken};
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

/// How the process is started that takes reports out of files: a program that calls [`confine`] and [`serve`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtractorCommand {
    /// The program, with its whole path.
    pub program: PathBuf,
    /// Its arguments; `--memory` and a number of bytes follow them.
    pub arguments: Vec<OsString>,
}

/// Takes reports out of files, in a process of its own where one is given.
///
/// Each worker has its own. The process is started at the first file that needs it, reads one file after the other,
/// is started again after it died, and is ended with the extractor.
#[derive(Debug)]
pub struct Extractor<'s> {
    command: Option<ExtractorCommand>,
    ocr: Option<OcrCommand>,
    stop: Option<&'s AtomicBool>,
    process: Option<Process>,
}

impl<'s> Extractor<'s> {
    /// Takes everything out in this process: a fault of a library is a fault of the caller.
    pub fn in_process() -> Self {
        Self { command: None, ocr: None, stop: None, process: None }
    }

    /// Takes formats that are not plain text out in a process of its own.
    pub fn spawning(command: ExtractorCommand) -> Self {
        Self { command: Some(command), ..Self::in_process() }
    }

    /// Reads PDFs with a command, as far as their pages are pictures.
    #[must_use]
    pub fn with_ocr(mut self, ocr: Option<OcrCommand>) -> Self {
        self.ocr = ocr;
        self
    }

    /// Gives up a file soon after `stop` was set: [`ReadError::Stopped`].
    #[must_use]
    pub fn with_stop(mut self, stop: &'s AtomicBool) -> Self {
        self.stop = Some(stop);
        self
    }

    /// The number of the process, while there is one.
    pub fn process_id(&self) -> Option<u32> {
        self.process.as_ref().map(Process::id)
    }

    /// Takes the reports out of a file, as [`crate::ingest::reports::pieces`] does.
    ///
    /// A member that ends the process is a piece with the reason, and those after it follow. Errors:
    /// [`ReadError::Stopped`] when the run was stopped, whatever was given before.
    pub fn pieces(
        &mut self,
        bytes: &[u8],
        file_name: &str,
        named: Option<Format>,
        options: &ReadOptions,
        each: &mut dyn FnMut(Piece) -> bool,
    ) -> Result<NotRead, ReadError> {
        let format = sniff(bytes, named)?;
        let Self { command, ocr, stop, process } = self;
        let ocr = Ocr { command: ocr.as_ref(), stop: *stop, options };
        let mut delivery = Delivery { ocr: &ocr, each };
        let is_plain =
            matches!(format, Format::Plain | Format::Markdown | Format::Csv | Format::Jsonl);
        let read = match command.as_ref().filter(|_| !is_plain) {
            None => follow(bytes, file_name, named, options, &mut delivery),
            Some(command) => {
                let request = Request {
                    file_name: file_name.to_owned(),
                    named,
                    encoding: options.encoding.map(|encoding| encoding.name().to_owned()),
                    limits: options.limits,
                    skipped: 0,
                    scanned: ocr.command.is_some(),
                };
                let is_archive = format.is_archive();
                let asked = Asked { bytes, request, is_archive, stop: *stop };
                parent::read(process, command, asked, &mut delivery)
            }
        };
        let mut not_read = NotRead::new();
        let read = read.map(|counts| not_read = counts);
        if let Some(taken) = ocr.read_instead(read, bytes)? {
            each(Piece { member: None, format, record: None, part: 0, taken: Ok(taken) });
        }
        Ok(not_read)
    }
}

/// How scanned pages are read, if they are.
struct Ocr<'a> {
    command: Option<&'a OcrCommand>,
    stop: Option<&'a AtomicBool>,
    options: &'a ReadOptions,
}

impl Ocr<'_> {
    /// The text of a file that was found to be scanned; `None` when there is nothing to be done.
    fn read_instead<T>(
        &self,
        found: Result<T, ReadError>,
        bytes: &[u8],
    ) -> Result<Option<Taken>, ReadError> {
        match (found, self.command) {
            (Err(error), Some(command)) if can_read(&error) => {
                let pages = pages_of(&error);
                command.read(bytes, pages, &self.options.limits, self.stop).map(Some)
            }
            (found, _) => found.map(|_| None),
        }
    }

    /// The text with that of its pages that are pictures, where a command reads them.
    fn complete(&self, taken: Taken, bytes: &[u8]) -> Result<Taken, ReadError> {
        match self.command.filter(|_| !taken.extracted.unread_pages.is_empty()) {
            Some(command) => command.complete(taken, bytes, &self.options.limits, self.stop),
            None => Ok(taken),
        }
    }
}

/// Hands reports on; pages that are pictures are read before.
struct Delivery<'a, 'e> {
    ocr: &'a Ocr<'a>,
    each: &'e mut dyn FnMut(Piece) -> bool,
}

impl Follow for Delivery<'_, '_> {
    fn piece(&mut self, mut piece: Piece, bytes: &[u8]) -> bool {
        piece.taken = match piece.taken {
            Ok(taken) => self.ocr.complete(taken, bytes),
            failed => match self.ocr.read_instead(failed, bytes) {
                Ok(Some(taken)) => Ok(taken),
                Ok(None) => return true,
                Err(error) => Err(error),
            },
        };
        (self.each)(piece)
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::ingest::extract::ExtractError;

    #[test]
    fn a_scanned_member_is_read_by_the_command() {
        let options = ReadOptions::default();
        // The path of the PDF is what `$0` is in a script given with `-c`.
        let command = OcrCommand::parse("sh -c 'cat $0'");
        let ocr = Ocr { command: command.as_ref(), stop: None, options: &options };
        let mut found = Vec::new();
        let mut each = |piece: Piece| {
            found.push(piece);
            true
        };
        let scanned = ExtractError::Scanned { pages: 1 };
        let piece = Piece::failed("甲.pdf".to_owned(), scanned.into());
        Delivery { ocr: &ocr, each: &mut each }.piece(piece, "示例县修路。".as_bytes());
        let encrypted = ExtractError::Encrypted { format: Format::Pdf };
        let piece = Piece::failed("乙.pdf".to_owned(), encrypted.into());
        Delivery { ocr: &ocr, each: &mut each }.piece(piece, b"");
        let texts: Vec<_> =
            found.into_iter().map(|piece| piece.taken.map(|taken| taken.extracted.text)).collect();
        assert_eq!(texts[0].as_deref().unwrap(), "示例县修路。");
        assert!(matches!(texts[1], Err(ReadError::Extract(ExtractError::Encrypted { .. }))));
    }
}
