//! Deflated streams, and whether they came out as they went in.
//!
//! Viewers show what they can of a damaged stream. Here that would be indexed as if it had been written, so that the
//! checksum counts: behind a changed byte a deflated text goes on with other words that look like words.

use flate2::{Decompress, FlushDecompress, Status};

/// Bytes of the checksum at the end of a zlib stream.
const CHECKSUM_BYTES: usize = 4;

/// Bytes of the head of a zlib stream.
const HEAD_BYTES: usize = 2;

/// First room for what comes out.
const ROOM_BYTES: usize = 1 << 12;

/// What became of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Soundness {
    /// It came out to its end.
    Whole,
    /// Its end is missing; what came out is right.
    Cut,
    /// It was changed, and what came out may be anything.
    Broken,
}

/// The bytes of a zlib stream; `None` when there are more than `bytes_max`.
pub(super) fn inflate(packed: &[u8], bytes_max: usize) -> Option<(Vec<u8>, Soundness)> {
    // The head says nothing that the data do not show, and the checksum is compared here: some writers leave it out, or
    // half of it, and the data have an end of their own.
    let data = packed.get(HEAD_BYTES..).unwrap_or_default();
    let (bytes, mut found, behind) = run(data, bytes_max)?;
    if found == Soundness::Whole {
        let sum = adler32(&bytes).to_be_bytes();
        let written = behind.get(..CHECKSUM_BYTES).unwrap_or(behind);
        let is_left_out = behind.iter().all(|byte| b"\r\n".contains(byte));
        if !sum.starts_with(written) && !is_left_out {
            found = Soundness::Broken;
        }
    }
    Some((bytes, found))
}

/// Inflates data without head and checksum; gives also what stands behind their end.
fn run(data: &[u8], bytes_max: usize) -> Option<(Vec<u8>, Soundness, &[u8])> {
    let mut inflater = Decompress::new(false);
    let mut bytes = Vec::with_capacity(ROOM_BYTES);
    loop {
        let read = usize::try_from(inflater.total_in()).unwrap_or(usize::MAX);
        let rest = data.get(read..).unwrap_or_default();
        let before = (read, bytes.len());
        let status = inflater.decompress_vec(rest, &mut bytes, FlushDecompress::None);
        if bytes.len() > bytes_max {
            return None;
        }
        let read = usize::try_from(inflater.total_in()).unwrap_or(usize::MAX);
        let behind = data.get(read..).unwrap_or_default();
        match status {
            Ok(Status::StreamEnd) => return Some((bytes, Soundness::Whole, behind)),
            Err(_) => return Some((bytes, Soundness::Broken, behind)),
            Ok(Status::Ok | Status::BufError) if bytes.len() == bytes.capacity() => {
                bytes.reserve_exact(bytes.len().min(bytes_max - bytes.len() + 1));
            }
            Ok(_) if before == (read, bytes.len()) => return Some((bytes, Soundness::Cut, behind)),
            Ok(_) => {}
        }
    }
}

/// The checksum of zlib (RFC 1950).
fn adler32(bytes: &[u8]) -> u32 {
    const MODULUS: u32 = 65_521;
    /// So many bytes stay below 32 bits.
    const BLOCK: usize = 5_552;
    let (mut a, mut b) = (1_u32, 0_u32);
    for block in bytes.chunks(BLOCK) {
        for &byte in block {
            a += u32::from(byte);
            b += a;
        }
        (a, b) = (a % MODULUS, b % MODULUS);
    }
    b << 16 | a
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::ZlibEncoder;
    use std::io::Write;

    fn packed(text: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn sample() -> Vec<u8> {
        (0..20_000_u32)
            .flat_map(|number| number.wrapping_mul(7919).to_string().into_bytes())
            .collect()
    }

    #[test]
    fn what_was_packed_comes_out() {
        for text in [sample(), Vec::new(), b"a".to_vec()] {
            let found = inflate(&packed(&text), 1 << 20).unwrap();
            assert_eq!(found, (text, Soundness::Whole));
        }
    }

    #[test]
    fn bytes_behind_the_end_do_not_matter() {
        let mut bytes = packed(&sample());
        bytes.extend(b"\r\nmore than four");
        assert_eq!(inflate(&bytes, 1 << 20).unwrap().1, Soundness::Whole);
    }

    #[test]
    fn a_stream_that_is_cut_gives_what_is_left() {
        let text = sample();
        let bytes = packed(&text);
        let (found, soundness) = inflate(&bytes[..bytes.len() / 2], 1 << 20).unwrap();
        assert_eq!(soundness, Soundness::Cut);
        assert!(found.len() > 1000 && text.starts_with(&found));
        assert_eq!(inflate(&[], 1 << 20).unwrap(), (Vec::new(), Soundness::Cut));
    }

    #[test]
    fn a_stream_without_checksum_is_whole() {
        let text = sample();
        let bytes = packed(&text);
        for end in 1..=CHECKSUM_BYTES {
            let found = inflate(&bytes[..bytes.len() - end], 1 << 20).unwrap();
            assert_eq!(found, (text.clone(), Soundness::Whole), "{end}");
        }
    }

    #[test]
    fn a_stream_with_a_changed_byte_is_broken() {
        let text = sample();
        let bytes = packed(&text);
        for at in (HEAD_BYTES..bytes.len()).step_by(97) {
            let mut changed = bytes.clone();
            changed[at] ^= 0x10;
            let (found, soundness) = inflate(&changed, 1 << 20).unwrap();
            // The checksum is a sum: a word taken from another place may have the same. It has 258 bytes at most.
            let wrong = text.iter().zip(&found).filter(|(was, is)| was != is).count();
            assert!(soundness != Soundness::Whole || wrong <= 258, "{at}: {wrong}");
        }
    }

    #[test]
    fn the_checksum_is_that_of_zlib() {
        assert_eq!(adler32(b""), 1);
        assert_eq!(adler32(b"Wikipedia"), 0x11e6_0398);
    }

    #[test]
    fn more_than_allowed_is_refused() {
        assert_eq!(inflate(&packed(&vec![b' '; 1 << 20]), 1 << 19), None);
    }
}
