//! Reports taken out of files in a process of its own, so that a fault in a library costs one file.

use crate::ingest::ocr::OcrCommand;
use crate::ingest::reports::{self, Piece};
use crate::ingest::{Format, ReadError, ReadOptions};
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

/// How the process is started that takes reports out of files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtractorCommand {
    /// The program, with its whole path.
    pub program: PathBuf,
    /// Its arguments; the limits follow them.
    pub arguments: Vec<OsString>,
}

/// Takes reports out of files, in a process of its own where one is given.
///
/// Each worker has its own. The process is started at the first file that needs it, reads one file after the other,
/// and is started again when it died.
#[derive(Debug)]
pub struct Extractor<'s> {
    command: Option<ExtractorCommand>,
    ocr: Option<OcrCommand>,
    stop: Option<&'s AtomicBool>,
}

impl<'s> Extractor<'s> {
    /// Takes everything out in this process: a fault of a library is a fault of the caller.
    pub fn in_process() -> Self {
        Self { command: None, ocr: None, stop: None }
    }

    /// Takes formats that are not plain text out in a process of its own.
    pub fn spawning(command: ExtractorCommand) -> Self {
        Self { command: Some(command), ..Self::in_process() }
    }

    /// Reads PDFs whose pages are pictures with a command.
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

    /// As [`reports::pieces`].
    pub fn pieces(
        &mut self,
        bytes: &[u8],
        file_name: &str,
        named: Option<Format>,
        options: &ReadOptions,
        each: &mut dyn FnMut(Piece) -> bool,
    ) -> Result<(), ReadError> {
        reports::pieces(bytes, file_name, named, options, each)
    }
}
