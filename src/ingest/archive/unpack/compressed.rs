//! Compressed files: one file, or a TAR archive, in gzip or Zstandard.

use crate::ingest::Format;
use crate::ingest::archive::unpack::names::MemberName;
use crate::ingest::archive::unpack::tar::{self, Stream};
use crate::ingest::archive::unpack::{Body, Level, Unpacker, damaged, fault_words};
use crate::ingest::decode::NameDecoder;
use crate::ingest::extract::ExtractError;
use crate::ingest::sniff;
use flate2::bufread::GzDecoder;
use std::cell::Cell;
use std::io::{self, BufRead, Read};
use std::ops::ControlFlow;
use std::path::Path;
use std::rc::Rc;

/// Windows larger than 2 to the power of this are refused: 128 MiB, what the `zstd` command allows unasked.
const WINDOW_LOG_MAX: u32 = 27;

/// Gives the file, or the members of the TAR archive that it is.
pub(super) fn open(
    unpacker: &mut Unpacker<'_>,
    bytes: &[u8],
    format: Format,
    file_name: &str,
    level: &Level,
) -> Result<ControlFlow<()>, ExtractError> {
    let mut start = Vec::new();
    let header_bytes = u64::try_from(sniff::TAR_HEADER_BYTES).unwrap_or(u64::MAX);
    // What is wrong with it is said when it is read.
    let _fault = reader(bytes, format)?.take(header_bytes).read_to_end(&mut start);
    if sniff::is_tar(&start) {
        let start = || reader(bytes, format);
        return tar::open(
            unpacker,
            level,
            &Stream { format, packed_bytes: bytes.len(), start: &start },
        );
    }
    if let Err(over) = unpacker.count_member() {
        return Ok(unpacker.stop(level, over.into()));
    }
    let name = MemberName::new(&content_name(bytes, format, file_name));
    let meter = unpacker.meter;
    let body = || {
        let used = Rc::new(Cell::new(0));
        let packed = Packed { rest: bytes, used: Rc::clone(&used) };
        let reader: Box<dyn Read> = Box::new(meter.reader(unpacked(packed, format)?, bytes.len()));
        Ok(Body { reader, format, declared_bytes: None, crc: None, packed_bytes_used: Some(used) })
    };
    Ok(unpacker.visit(level, &name, body))
}

fn reader<'a>(bytes: &'a [u8], format: Format) -> Result<Box<dyn Read + 'a>, ExtractError> {
    unpacked(Packed { rest: bytes, used: Rc::default() }, format)
}

fn unpacked<'a>(packed: Packed<'a>, format: Format) -> Result<Box<dyn Read + 'a>, ExtractError> {
    if format == Format::Zstd {
        return Ok(Box::new(zstd_reader(packed)?));
    }
    Ok(Box::new(GzipMembers(Some(GzDecoder::new(packed)))))
}

/// Packed bytes that count how many of them were used.
struct Packed<'a> {
    rest: &'a [u8],
    used: Rc<Cell<u64>>,
}

impl Read for Packed<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.rest.read(buffer)?;
        self.count(count);
        Ok(count)
    }
}

impl BufRead for Packed<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        Ok(self.rest)
    }

    fn consume(&mut self, count: usize) {
        self.rest.consume(count);
        self.count(count);
    }
}

impl Packed<'_> {
    fn count(&self, count: usize) {
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        self.used.set(self.used.get().saturating_add(count));
    }
}

/// Unpacks Zstandard frames, one behind the other.
pub(super) fn zstd_reader<'a>(bytes: impl BufRead + 'a) -> Result<impl Read + 'a, ExtractError> {
    let start = || {
        let mut decoder = zstd::stream::read::Decoder::with_buffer(bytes)?;
        decoder.window_log_max(WINDOW_LOG_MAX)?;
        Ok(decoder)
    };
    start().map_err(|error: io::Error| damaged(Format::Zstd, &fault_words(&error)))
}

/// Unpacks gzip members, one behind the other. What follows the last and is none is left out, as `gzip` does: tapes
/// and web servers append zeros.
struct GzipMembers<'a>(Option<GzDecoder<Packed<'a>>>);

impl Read for GzipMembers<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(decoder) = &mut self.0 {
            let count = decoder.read(buffer)?;
            if count > 0 || buffer.is_empty() {
                return Ok(count);
            }
            let packed = self.0.take().map(GzDecoder::into_inner);
            let next = packed.filter(|packed| packed.rest.starts_with(b"\x1F\x8B"));
            self.0 = next.map(GzDecoder::new);
        }
        Ok(0)
    }
}

/// What a compressed file is called: as it was before, where the file says so, else as the file without `.gz`.
fn content_name(bytes: &[u8], format: Format, file_name: &str) -> String {
    let lower = file_name.to_ascii_lowercase();
    let ending = [".gz", ".tgz", ".zst"].into_iter().find(|ending| lower.ends_with(ending));
    let kept = ending.and_then(|ending| file_name.get(..file_name.len() - ending.len()));
    let outer = kept.filter(|kept| !kept.is_empty()).unwrap_or(file_name);
    let is_told = |name: &str| Format::from_path(Path::new(name)).is_some();
    match own_name(bytes, format) {
        // Programs that pack what they have no file for write names such as `tmp4711`.
        Some(own) if is_told(&own) || !is_told(outer) => own,
        _ => outer.to_owned(),
    }
}

fn own_name(bytes: &[u8], format: Format) -> Option<String> {
    if format != Format::Gzip {
        return None;
    }
    let decoder = GzDecoder::new(bytes);
    let raw = decoder.header()?.filename()?;
    let name = NameDecoder::for_names([raw]).decode(raw);
    let last = name.rsplit(['/', '\\']).next().unwrap_or(&name);
    (!last.is_empty() && last != "..").then(|| last.to_owned())
}
