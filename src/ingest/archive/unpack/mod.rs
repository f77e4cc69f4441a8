//! Goes through an archive, and the archives in it, and gives what may be a report.
//!
//! `zip`, `tar` and `compressed` know their containers and hand each member to [`Unpacker::visit`], which decides what
//! becomes of it. `meter` counts bytes over all levels, `names` judges names.

mod compressed;
mod meter;
mod names;
mod tar;
mod zip;

use crate::ingest::Format;
use crate::ingest::archive::unpack::meter::Meter;
use crate::ingest::archive::unpack::names::{Given, MemberName};
use crate::ingest::archive::unpack::tar::Stream;
use crate::ingest::archive::{Member, REST};
use crate::ingest::decode;
use crate::ingest::extract::{ExtractError, fault};
use crate::ingest::faults::plain;
use crate::ingest::limits::{LimitName, Limits, OverLimit};
use crate::ingest::sniff::{self, sniff};
use crate::ingest::walk::Named;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::path::Path;
use std::rc::Rc;

/// A member that only names another.
const LINK: &str = "link, which is not followed";

/// Extensions of files that are not read but begin as files do that are: not worth unpacking to see it.
const KNOWN_NOT_READ: &[&str] = &[
    "apk", "db", "dps", "dpt", "epub", "jar", "key", "msg", "msi", "numbers", "odg", "odp", "ofd",
    "pages", "pot", "potx", "pps", "ppsx", "ppt", "pptm", "pptx", "vsd", "vsdx", "xps",
];

/// Unpacks the files of an archive in their order; `each` says whether to go on.
///
/// Archives inside are opened too, as deep as the limits allow. A member that cannot be had is given with the reason,
/// and the others follow. Folders, hidden files and the companion folders of saved pages give nothing; files of
/// formats that are not read are counted by their extension, which is the result.
///
/// `file_name` names the archive: the member of a `.gz` or `.zst` without a name of its own is called after it.
/// Errors: an archive of which nothing can be read.
pub fn members(
    bytes: &[u8],
    format: Format,
    file_name: &str,
    limits: &Limits,
    each: &mut dyn FnMut(Member) -> bool,
) -> Result<Vec<(String, usize)>, ExtractError> {
    let meter = Meter::new(limits);
    let mut unpacker = Unpacker {
        limits,
        meter: &meter,
        members_left: limits.members_max,
        given: Given::default(),
        not_read: BTreeMap::new(),
        beyond: 0,
        each,
    };
    let flow = unpacker.open(bytes, format, file_name, &Level::default())?;
    if let (ControlFlow::Continue(()), 1.., Some(over)) = (flow, unpacker.beyond, meter.exhausted())
    {
        let members = unpacker.beyond;
        // Whether the caller had enough makes no difference any more.
        let _stopped = unpacker
            .stop(&Level::default(), ExtractError::OverLimitBeyond { members, limit: over });
    }
    Ok(unpacker.not_read.into_iter().collect())
}

/// An archive that is being read.
#[derive(Debug, Default)]
struct Level {
    /// How many archives it lies in.
    depth: u64,
    /// What stands before the names of its members: nothing, or `b.zip!/`.
    prefix: String,
}

/// A member that can be read.
struct Body<'a> {
    reader: Box<dyn Read + 'a>,
    /// The archive's format, named when the member is damaged.
    format: Format,
    /// The size it says it has, where it says one.
    declared_bytes: Option<u64>,
    /// The CRC-32 that its bytes must have.
    crc: Option<u32>,
    /// How many packed bytes have been used, where that is counted.
    packed_bytes_used: Option<Rc<Cell<u64>>>,
}

struct Unpacker<'a> {
    limits: &'a Limits,
    meter: &'a Meter,
    /// Members that may still be looked at, in all levels together.
    members_left: u64,
    given: Given,
    /// Files of formats that are not read, by extension.
    not_read: BTreeMap<String, usize>,
    /// Members that come when nothing more is unpacked.
    beyond: u64,
    each: &'a mut dyn FnMut(Member) -> bool,
}

impl<'a> Unpacker<'a> {
    /// Reads an archive; what is broken off is what the caller wants no more of.
    fn open(
        &mut self,
        bytes: &[u8],
        format: Format,
        file_name: &str,
        level: &Level,
    ) -> Result<ControlFlow<()>, ExtractError> {
        match format {
            Format::Zip => zip::open(self, bytes, level),
            Format::Tar => {
                let start = || Ok(Box::new(bytes) as Box<dyn Read>);
                tar::open(self, level, &Stream { format, packed_bytes: bytes.len(), start: &start })
            }
            Format::Gzip | Format::Zstd => compressed::open(self, bytes, format, file_name, level),
            _ => Err(ExtractError::NotRead { what: format!("a file inside a {format} file") }),
        }
    }

    /// Takes one more member into account.
    ///
    /// Errors: there were enough.
    fn count_member(&mut self) -> Result<(), OverLimit> {
        if self.members_left == 0 {
            return Err(OverLimit::more_than(LimitName::Members, self.limits.members_max));
        }
        self.members_left -= 1;
        Ok(())
    }

    /// Decides what becomes of a member that is neither a folder nor hidden.
    fn visit<'b>(
        &mut self,
        level: &Level,
        name: &MemberName,
        body: impl FnOnce() -> Result<Body<'b>, ExtractError>,
    ) -> ControlFlow<()> {
        let named = Named::of(Path::new(name.file_name()));
        let was_exhausted = self.meter.exhausted().is_some();
        let content = match name.refused {
            Some(cause) => Err(ExtractError::Refused { cause: cause.to_owned() }),
            None => self.read(&named, body),
        };
        match (content, named) {
            (Ok(Some(bytes)), named) => self.content(level, name, bytes, &named),
            // That a picture is damaged or too large is nothing to tell.
            (Ok(None) | Err(_), Named::Other(extension)) => self.pass(extension),
            (Ok(None), _) => self.pass(String::new()),
            // The member that met the limit is named; of those behind it there may be very many.
            (Err(ExtractError::OverLimit(_)), _) if was_exhausted => {
                self.beyond += 1;
                ControlFlow::Continue(())
            }
            (Err(error), _) => self.give(level, &name.shown, Err(error)),
        }
    }

    /// Says that nothing behind this place is read.
    fn stop(&mut self, level: &Level, error: ExtractError) -> ControlFlow<()> {
        self.give(level, REST, Err(error))
    }

    /// The bytes of a member; `None` when its name says nothing and its first bytes are not those of a report.
    fn read<'b>(
        &self,
        named: &Named,
        body: impl FnOnce() -> Result<Body<'b>, ExtractError>,
    ) -> Result<Option<Vec<u8>>, ExtractError> {
        if let Some(over) = self.meter.exhausted() {
            return Err(over.into());
        }
        if matches!(named, Named::Other(extension) if KNOWN_NOT_READ.contains(&extension.as_str()))
        {
            return Ok(None);
        }
        let mut body = body()?;
        let mut bytes = Vec::new();
        if !matches!(named, Named::Format(_)) {
            let start_bytes = u64::try_from(sniff::START_BYTES).unwrap_or(u64::MAX);
            self.read_some(&mut body, start_bytes, &mut bytes)?;
            if !is_worth_reading(named, &bytes) {
                return self.check_ratio(named, &mut body).map(|()| None);
            }
        }
        let max = self.limits.file_bytes_max;
        if let Some(found) = body.declared_bytes.filter(|&declared| declared > max) {
            return Err(OverLimit {
                found,
                exact: true,
                ..OverLimit::more_than(LimitName::FileBytes, max)
            }
            .into());
        }
        let room = max.saturating_add(1).saturating_sub(len(&bytes));
        self.read_some(&mut body, room, &mut bytes)?;
        if len(&bytes) > max {
            return Err(OverLimit::more_than(LimitName::FileBytes, max).into());
        }
        check(&body, &bytes)?;
        Ok(Some(bytes))
    }

    /// Whether a compressed file of which nothing tells what it is unpacks to more than the ratio allows: it was made
    /// to. That it is damaged or large is nothing to tell.
    fn check_ratio(&self, named: &Named, body: &mut Body<'_>) -> Result<(), ExtractError> {
        let is_compressed = matches!(body.format, Format::Gzip | Format::Zstd);
        if !is_compressed || !matches!(named, Named::Bare) || body.declared_bytes.is_some() {
            return Ok(());
        }
        let rest = body.reader.by_ref().take(self.limits.file_bytes_max);
        let read = io::copy(&mut { rest }, &mut io::sink());
        match read.map_err(|error| self.fault(body.format, &error)) {
            Err(ExtractError::OverLimit(over)) if over.limit == LimitName::Ratio => {
                Err(over.into())
            }
            // Not read to its end: what was is a sample of the rest.
            Ok(unpacked) if unpacked >= self.limits.file_bytes_max => {
                let used = body.packed_bytes_used.as_ref().map_or(u64::MAX, |used| used.get());
                let is_dense = unpacked > self.limits.dense_bytes_max(used);
                let over = || OverLimit::more_than(LimitName::Ratio, self.limits.ratio_max);
                if is_dense { Err(over().into()) } else { Ok(()) }
            }
            _ => Ok(()),
        }
    }

    fn read_some(
        &self,
        body: &mut Body<'_>,
        count: u64,
        bytes: &mut Vec<u8>,
    ) -> Result<(), ExtractError> {
        match body.reader.by_ref().take(count).read_to_end(bytes) {
            Ok(_) => Ok(()),
            Err(error) => Err(self.fault(body.format, &error)),
        }
    }

    /// Why reading failed: a limit, or what is wrong with the archive.
    fn fault(&self, format: Format, error: &io::Error) -> ExtractError {
        match self.meter.take_over() {
            Some(over) => over.into(),
            None => fault(error, self.limits, || damaged(format, &fault_words(error))),
        }
    }

    /// Gives the content of a member, or opens it where it is an archive.
    fn content(
        &mut self,
        level: &Level,
        name: &MemberName,
        bytes: Vec<u8>,
        named: &Named,
    ) -> ControlFlow<()> {
        let (format, extension) = match named {
            Named::Format(format) => (Some(*format), None),
            Named::Bare => (None, Some(String::new())),
            Named::Other(extension) => (None, Some(extension.clone())),
        };
        match (sniff(&bytes, format), extension) {
            (Ok(found), Some(extension)) if !is_told(named, found, &bytes) => self.pass(extension),
            (Err(_), Some(extension)) => self.pass(extension),
            (Ok(found), _) if found.is_archive() => self.nested(level, name, &bytes, found),
            (Ok(_), _) => self.give(level, &name.shown, Ok(bytes)),
            (Err(error), None) => self.give(level, &name.shown, Err(error)),
        }
    }

    fn nested(
        &mut self,
        level: &Level,
        name: &MemberName,
        bytes: &[u8],
        format: Format,
    ) -> ControlFlow<()> {
        let depth = level.depth + 1;
        if depth > self.limits.nesting_max {
            let over = OverLimit::more_than(LimitName::Nesting, self.limits.nesting_max);
            let over = OverLimit { found: depth, exact: true, ..over };
            return self.give(level, &name.shown, Err(over.into()));
        }
        let path = self.given.unique(format!("{}{}", level.prefix, name.shown));
        let inner = Level { depth, prefix: format!("{path}!/") };
        match self.open(bytes, format, name.file_name(), &inner) {
            Ok(flow) => flow,
            Err(error) => flow((self.each)(Member { name: path, content: Err(error) })),
        }
    }

    fn give(
        &mut self,
        level: &Level,
        shown: &str,
        content: Result<Vec<u8>, ExtractError>,
    ) -> ControlFlow<()> {
        let name = self.given.unique(format!("{}{shown}", level.prefix));
        flow((self.each)(Member { name, content }))
    }

    /// Counts a file that is not read.
    fn pass(&mut self, extension: String) -> ControlFlow<()> {
        *self.not_read.entry(extension).or_insert(0) += 1;
        ControlFlow::Continue(())
    }
}

fn flow(goes_on: bool) -> ControlFlow<()> {
    if goes_on { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
}

/// Whether a member whose name says nothing is worth unpacking by its first bytes.
fn is_worth_reading(named: &Named, start: &[u8]) -> bool {
    sniff::begins_as_report(start)
        || matches!(named, Named::Bare)
            && sniff(start, None).is_ok_and(|found| is_told(named, found, start))
}

/// Whether the content alone says what a member is. Text tells only where the name has no extension; an archive is not
/// looked for under the extension of something else, such as a program's.
fn is_told(named: &Named, found: Format, bytes: &[u8]) -> bool {
    match named {
        Named::Format(_) => true,
        Named::Bare => {
            let start = bytes.get(..sniff::START_BYTES).unwrap_or(bytes);
            found != Format::Plain || decode::is_text(start)
        }
        Named::Other(_) => found != Format::Plain && !found.is_archive(),
    }
}

/// Compares what was unpacked with what the archive says of it.
fn check(body: &Body<'_>, bytes: &[u8]) -> Result<(), ExtractError> {
    if let Some(declared) = body.declared_bytes.filter(|&declared| declared != len(bytes)) {
        let cause = format!("it says to have {declared} bytes and has {}", bytes.len());
        return Err(damaged(body.format, &cause));
    }
    if body.crc.is_some_and(|declared| declared != crc(bytes)) {
        return Err(damaged(body.format, "its checksum is wrong"));
    }
    Ok(())
}

fn crc(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}

/// What an error of a decompressor means; some give it no kind but words of their own.
fn fault_words(error: &io::Error) -> String {
    let words = error.to_string();
    if error.kind() == io::ErrorKind::UnexpectedEof || words.starts_with("unexpected EOF") {
        "it is cut off".to_owned()
    } else if words.starts_with("Frame requires too much memory") {
        "it takes more than 128 MiB to unpack: pack it without --long".to_owned()
    } else {
        plain(words)
    }
}

/// A member that is no file of its own, such as a link.
fn special(what: &str) -> ExtractError {
    ExtractError::Refused { cause: format!("it is a {what}") }
}

fn damaged(format: Format, cause: &str) -> ExtractError {
    ExtractError::Damaged { format, cause: cause.to_owned() }
}

fn len(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
