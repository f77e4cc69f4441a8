//! Compressed files: one file, or a TAR archive, in gzip or Zstandard.

use crate::ingest::Format;
use crate::ingest::archive::unpack::names::MemberName;
use crate::ingest::archive::unpack::tar::{self, Stream};
use crate::ingest::archive::unpack::{Body, Level, Unpacker, damaged, fault_words};
use crate::ingest::decode::NameDecoder;
use crate::ingest::extract::ExtractError;
use crate::ingest::sniff;
use flate2::bufread::GzDecoder;
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::path::Path;

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
        let reader = Box::new(meter.reader(reader(bytes, format)?, bytes.len()));
        Ok(Body { reader, format, declared_bytes: None, crc: None })
    };
    Ok(unpacker.visit(level, &name, body))
}

fn reader<'a>(bytes: &'a [u8], format: Format) -> Result<Box<dyn Read + 'a>, ExtractError> {
    if format == Format::Zstd {
        return Ok(Box::new(zstd_reader(bytes)?));
    }
    Ok(Box::new(GzipMembers(Some(GzDecoder::new(bytes)))))
}

/// Unpacks Zstandard frames, one behind the other.
pub(super) fn zstd_reader(bytes: &[u8]) -> Result<impl Read + '_, ExtractError> {
    let start = || {
        let mut decoder = zstd::stream::read::Decoder::with_buffer(bytes)?;
        decoder.window_log_max(WINDOW_LOG_MAX)?;
        Ok(decoder)
    };
    start().map_err(|error: io::Error| damaged(Format::Zstd, &fault_words(&error)))
}

/// Unpacks gzip members, one behind the other. What follows the last and is none is left out, as `gzip` does: tapes
/// and web servers append zeros.
struct GzipMembers<'a>(Option<GzDecoder<&'a [u8]>>);

impl Read for GzipMembers<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(decoder) = &mut self.0 {
            let count = decoder.read(buffer)?;
            if count > 0 || buffer.is_empty() {
                return Ok(count);
            }
            let rest = self.0.take().map(GzDecoder::into_inner).unwrap_or_default();
            self.0 = rest.starts_with(b"\x1F\x8B").then(|| GzDecoder::new(rest));
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
