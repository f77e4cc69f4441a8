//! What the two processes say to each other: frames of a kind and a body, over a pipe.
//!
//! The starting process sends a request and the bytes of a file; the other answers with what it finds, and with
//! [`Kind::End`] when the file is done. Texts, their maps and line starts are written as they are, all else as JSON.
//! The answers come from a process that has read a hostile file: each is checked when it is taken apart.

use crate::ingest::limits::Limits;
use crate::ingest::lines::LineIndex;
use crate::ingest::reports::{Piece, RecordPlace};
use crate::ingest::{Block, Extracted, Format, Layout, Metadata, ReadError, ReadOptions, Taken};
use crate::model::{EncodingReport, Note};
use crate::text::{MapRun, OffsetMap};
use serde::{Deserialize, Serialize};
use std::io::{self, Read, Write};

/// What the other process says first; another program, or another version of this one, says something else.
pub(super) const GREETING: &[u8] =
    concat!("fangzhi ", env!("CARGO_PKG_VERSION"), " extract 2").as_bytes();

/// Bytes of a frame that are taken up at once, before more of them have come.
const CHUNK_BYTES: u64 = 1 << 20;

/// What a frame is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// [`GREETING`].
    Hello,
    /// A [`Request`].
    Request,
    /// The bytes of the file asked about.
    File,
    /// A [`Begin`].
    Begin,
    /// The bytes of the member whose piece follows: it is scanned.
    Scanned,
    /// A report, or why there is none.
    Piece,
    /// A member is done, or was passed over: its ordinal.
    Done,
    /// The file is done: `Result<(), ReadError>`.
    End,
}

impl Kind {
    const ALL: [Self; 8] = [
        Self::Hello,
        Self::Request,
        Self::File,
        Self::Begin,
        Self::Scanned,
        Self::Piece,
        Self::Done,
        Self::End,
    ];

    fn code(self) -> u8 {
        Self::ALL.iter().zip(1..).find(|(kind, _)| **kind == self).map_or(0, |(_, code)| code)
    }
}

/// A frame that was read.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) kind: Kind,
    pub(super) body: Vec<u8>,
}

/// What is asked about the file that follows.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Request {
    pub(super) file_name: String,
    pub(super) named: Option<Format>,
    /// Name of the encoding the user chose.
    pub(super) encoding: Option<String>,
    pub(super) limits: Limits,
    /// Members to pass over.
    pub(super) skipped: usize,
    /// Whether the bytes of scanned members are wanted.
    pub(super) scanned: bool,
}

impl Request {
    pub(super) fn options(&self) -> ReadOptions {
        let encoding = self.encoding.as_deref();
        let encoding = encoding.and_then(|name| encoding_rs::Encoding::for_label(name.as_bytes()));
        ReadOptions { encoding, limits: self.limits }
    }
}

/// A member of an archive, or the file itself, is being read.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Begin {
    pub(super) ordinal: usize,
    pub(super) member: Option<String>,
}

/// Writes a frame: kind, length of the body in eight bytes, body.
pub(super) fn write_frame(out: &mut dyn Write, kind: Kind, body: &[u8]) -> io::Result<()> {
    out.write_all(&[kind.code()])?;
    out.write_all(&u64::try_from(body.len()).unwrap_or(u64::MAX).to_le_bytes())?;
    out.write_all(body)
}

/// Writes a frame whose body is JSON.
pub(super) fn write_json(out: &mut dyn Write, kind: Kind, body: &impl Serialize) -> io::Result<()> {
    write_frame(out, kind, &serde_json::to_vec(body)?)
}

/// Reads a frame; `None` at the end of the stream.
///
/// Memory is taken as the body comes, whatever the length says. Errors: [`io::ErrorKind::InvalidData`] for what is no
/// frame or has a body above `bytes_max`, [`io::ErrorKind::UnexpectedEof`] for one that is cut off.
pub(super) fn read_frame(input: &mut dyn Read, bytes_max: u64) -> io::Result<Option<Frame>> {
    let mut head = Vec::with_capacity(9);
    (&mut *input).take(9).read_to_end(&mut head)?;
    let Ok([code, len @ ..]) = <[u8; 9]>::try_from(head.as_slice()) else {
        return if head.is_empty() { Ok(None) } else { Err(io::ErrorKind::UnexpectedEof.into()) };
    };
    let kind = Kind::ALL.into_iter().find(|kind| kind.code() == code);
    let kind = kind.ok_or_else(|| invalid(format!("a frame of kind {code}")))?;
    let len = u64::from_le_bytes(len);
    if len > bytes_max {
        return Err(invalid(format!("a frame of {len} bytes, the most is {bytes_max}")));
    }
    let mut body = Vec::with_capacity(usize::try_from(len.min(CHUNK_BYTES)).unwrap_or(0));
    (&mut *input).take(len).read_to_end(&mut body)?;
    if u64::try_from(body.len()).is_ok_and(|got| got < len) {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(Some(Frame { kind, body }))
}

/// A body that is JSON.
pub(super) fn json<'a, T: Deserialize<'a>>(body: &'a [u8]) -> io::Result<T> {
    serde_json::from_slice(body).map_err(|error| invalid(error.to_string()))
}

/// A fault of what the other process said.
pub(super) fn invalid(what: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.into())
}

/// The part of a [`Piece`] that is written as JSON, with the sizes of the parts that follow it.
#[derive(Serialize, Deserialize)]
struct PieceHead {
    member: Option<String>,
    format: Format,
    record: Option<RecordPlace>,
    part: usize,
    taken: Result<TakenHead, ReadError>,
}

/// The part of a [`Taken`] that is written as JSON.
#[derive(Serialize, Deserialize)]
struct TakenHead {
    encoding: EncodingReport,
    layout: Layout,
    blocks: Vec<Block>,
    metadata: Metadata,
    notes: Vec<Note>,
    unread_pages: Vec<usize>,
    /// Bytes of the text.
    text: usize,
    /// Line starts.
    lines: usize,
    /// Lines before the first of them that are left out.
    lines_before: usize,
    /// Bytes of the source and runs of the map.
    map: Option<(usize, usize)>,
}

/// The body of a [`Kind::Piece`]: length of the head in eight bytes, head, text, line starts, map.
pub(super) fn piece_body(piece: Piece) -> io::Result<Vec<u8>> {
    let mut tail = Vec::new();
    let Piece { member, format, record, part, taken } = piece;
    let taken = taken.map(|taken| taken_head(taken, &mut tail));
    let head = serde_json::to_vec(&PieceHead { member, format, record, part, taken })?;
    let mut body = Vec::with_capacity(8 + head.len() + tail.len());
    body.extend(u64::try_from(head.len()).unwrap_or(u64::MAX).to_le_bytes());
    body.extend(head);
    body.append(&mut tail);
    Ok(body)
}

fn taken_head(taken: Taken, tail: &mut Vec<u8>) -> TakenHead {
    let Taken { encoding, extracted, lines } = taken;
    let Extracted { text, map, layout, blocks, metadata, notes, unread_pages } = extracted;
    tail.extend(text.as_bytes());
    let mut last = 0;
    for &start in lines.starts() {
        put_number(tail, start - last);
        last = start;
    }
    let mut runs = 0;
    for run in map.iter().flat_map(OffsetMap::runs) {
        let MapRun { skipped, out_unit, source_unit, count } = run;
        [skipped, out_unit, source_unit, count].into_iter().for_each(|n| put_number(tail, n));
        runs += 1;
    }
    let map = map.map(|map| (map.source_len(), runs));
    let (text, lines_before, lines) = (text.len(), lines.before(), lines.starts().len());
    TakenHead {
        encoding,
        layout,
        blocks,
        metadata,
        notes,
        unread_pages,
        text,
        lines,
        lines_before,
        map,
    }
}

/// Takes the body of a [`Kind::Piece`] apart and checks it; `source_bytes_max` is the size of the file or, where that
/// is not known, the most a member can have.
///
/// Errors: anything that this program would not have said.
pub(super) fn piece(body: &[u8], source_bytes_max: usize) -> io::Result<Piece> {
    let mut rest = body;
    let len = rest.split_off(..8).and_then(|len| len.try_into().ok()).map(u64::from_le_bytes);
    let len = len.and_then(|len| usize::try_from(len).ok());
    let head = len.and_then(|len| rest.split_off(..len)).ok_or_else(|| invalid("no head"))?;
    let PieceHead { member, format, record, part, taken } = json(head)?;
    if record.as_ref().is_some_and(|record| record.bytes.end() > source_bytes_max) {
        return Err(invalid("a record beyond its file"));
    }
    let taken = match taken {
        Ok(head) => {
            let fault = "a text that does not fit its places";
            Ok(checked(head, &mut rest, source_bytes_max).ok_or_else(|| invalid(fault))?)
        }
        Err(error) => Err(error),
    };
    if !rest.is_empty() {
        return Err(invalid("more than was announced"));
    }
    Ok(Piece { member, format, record, part, taken })
}

fn checked(head: TakenHead, rest: &mut &[u8], source_bytes_max: usize) -> Option<Taken> {
    let TakenHead {
        encoding,
        layout,
        blocks,
        metadata,
        notes,
        unread_pages,
        text,
        lines,
        lines_before,
        map,
    } = head;
    let text = std::str::from_utf8(rest.split_off(..text)?).ok()?;
    // Each number takes a byte at least.
    let mut starts = Vec::with_capacity(lines.min(rest.len()));
    let mut last: usize = 0;
    for _ in 0..lines {
        last = last.checked_add(take_number(rest)?)?;
        starts.push(last);
    }
    let lines = LineIndex::from_starts(starts, lines_before, source_bytes_max)?;
    let map = match map {
        Some((source_len, count)) => {
            if source_len > source_bytes_max {
                return None;
            }
            let mut taken = 0;
            let runs = std::iter::from_fn(|| {
                let run = if taken < count { take_run(rest) } else { None };
                taken += usize::from(run.is_some());
                run
            });
            let map = OffsetMap::from_runs(runs, text.len(), source_len)?;
            if taken < count {
                return None;
            }
            Some(map)
        }
        None => None,
    };
    if !blocks_fit(&blocks, text) {
        return None;
    }
    let text = text.to_owned();
    let extracted = Extracted { text, map, layout, blocks, metadata, notes, unread_pages };
    Some(Taken { encoding, extracted, lines })
}

/// Whether the blocks stand in the text, in their order, without overlap.
fn blocks_fit(blocks: &[Block], text: &str) -> bool {
    let mut end = 0;
    blocks.iter().all(|block| {
        let follows = block.span.start() >= end;
        end = block.span.end();
        follows && text.get(block.span.range()).is_some()
    })
}

fn take_run(rest: &mut &[u8]) -> Option<MapRun> {
    Some(MapRun {
        skipped: take_number(rest)?,
        out_unit: take_number(rest)?,
        source_unit: take_number(rest)?,
        count: take_number(rest)?,
    })
}

/// Writes a number seven bits a byte, the lowest first; the high bit says that more follow. Nearly all take one byte.
fn put_number(out: &mut Vec<u8>, mut number: usize) {
    loop {
        let low = u8::try_from(number & 0x7F).unwrap_or(0);
        number >>= 7;
        if number == 0 {
            out.push(low);
            return;
        }
        out.push(low | 0x80);
    }
}

fn take_number(rest: &mut &[u8]) -> Option<usize> {
    let (mut number, mut shift) = (0_usize, 0);
    loop {
        let byte = *rest.split_off_first()?;
        let low = usize::from(byte & 0x7F);
        if low.checked_shl(shift)? >> shift != low {
            return None;
        }
        number |= low << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
        shift += 7;
    }
}

/// An error of the system, by its number or its words.
pub(crate) mod io_error {
    use super::{Deserialize, Serialize, io};
    use serde::{Deserializer, Serializer};

    #[derive(Serialize, Deserialize)]
    enum Written {
        Number(i32),
        Words(String),
    }

    pub(crate) fn serialize<S: Serializer>(error: &io::Error, to: S) -> Result<S::Ok, S::Error> {
        error
            .raw_os_error()
            .map_or_else(|| Written::Words(error.to_string()), Written::Number)
            .serialize(to)
    }

    pub(crate) fn deserialize<'a, D: Deserializer<'a>>(from: D) -> Result<io::Error, D::Error> {
        Ok(match Written::deserialize(from)? {
            Written::Number(number) => io::Error::from_raw_os_error(number),
            Written::Words(words) => io::Error::other(words),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::decode::DecodeError;
    use crate::ingest::extract::{ExtractError, RecordCause};
    use crate::ingest::limits::{LimitName, OverLimit};
    use crate::ingest::{Role, extract_bytes};
    use crate::model::Span;
    use proptest::prelude::*;

    fn found(taken: Result<Taken, ReadError>) -> Piece {
        let member = Some("甲/乙.html".to_owned());
        Piece { member, format: Format::Html, record: None, part: 0, taken }
    }

    fn page() -> (Vec<u8>, Taken) {
        let html = "<html><head><title>示例县修路</title></head><body><p>示例县修路&nbsp;三条。</p>\r\n<p>群众很满意。</p></body></html>";
        let bytes = encoding_rs::GBK.encode(html).0.into_owned();
        let mut taken = extract_bytes(&bytes, Format::Html, &ReadOptions::default()).unwrap();
        let span = Span::new(0, taken.extracted.text.lines().next().unwrap().len());
        let block =
            Block { span, role: Some(Role::Heading(1)), number: 1, page: Some((1, 2)), area: None };
        taken.extracted.blocks = vec![block];
        (bytes, taken)
    }

    #[test]
    fn a_report_crosses_unchanged() {
        let (bytes, taken) = page();
        let body = piece_body(found(Ok(taken.clone()))).unwrap();
        let back = piece(&body, bytes.len()).unwrap();
        assert_eq!((back.member.as_deref(), back.format), (Some("甲/乙.html"), Format::Html));
        assert_eq!(back.taken.unwrap(), taken);
    }

    #[test]
    fn every_error_crosses_with_its_words() {
        let limit = OverLimit { limit: LimitName::Pages, max: 1, found: 2, exact: true };
        let errors = [
            ReadError::Vanished,
            ReadError::Internal,
            ReadError::Io(io::Error::from_raw_os_error(13)),
            ReadError::Io(io::Error::other("途中断了")),
            ReadError::Died { how: "signal 11".to_owned() },
            limit.into(),
            DecodeError::Format { format: "a PDF".into() }.into(),
            DecodeError::Undecided { best: "Big5".into(), other: "GB18030".into(), margin: 0.07 }
                .into(),
            ExtractError::Scanned { pages: 3 }.into(),
            ExtractError::OverLimit(limit).into(),
            ReadError::Record(RecordCause::WrongType {
                field: "id".into(),
                wanted: "a string".into(),
            }),
            ReadError::Record(RecordCause::Io(io::ErrorKind::NotFound.into())),
        ];
        for error in errors {
            let words = error.to_string();
            let body = piece_body(found(Err(error))).unwrap();
            assert_eq!(piece(&body, 0).unwrap().taken.unwrap_err().to_string(), words);
        }
        let denied =
            piece_body(found(Err(ReadError::Io(io::Error::from_raw_os_error(13))))).unwrap();
        let Err(ReadError::Io(denied)) = piece(&denied, 0).unwrap().taken else { panic!() };
        assert_eq!(denied.kind(), io::ErrorKind::PermissionDenied);
    }

    /// What is said of a page that was changed after it was read.
    fn said(change: impl FnOnce(&mut Taken)) -> io::Result<Piece> {
        let (bytes, mut taken) = page();
        change(&mut taken);
        piece(&piece_body(found(Ok(taken))).unwrap(), bytes.len())
    }

    #[test]
    fn places_that_do_not_fit_the_text_are_refused() {
        let block = |start, end| Block {
            span: Span::new(start, end),
            role: None,
            number: 2,
            page: None,
            area: None,
        };
        assert!(said(|_| {}).is_ok());
        assert!(said(|taken| taken.extracted.text.push('多')).is_err());
        assert!(said(|taken| taken.extracted.map = Some(OffsetMap::identity(3))).is_err());
        assert!(said(|taken| taken.extracted.blocks.push(block(0, 3))).is_err(), "overlap");
        assert!(said(|taken| taken.extracted.blocks.push(block(900, 901))).is_err(), "outside");
        assert!(
            said(|taken| taken.extracted.blocks = vec![block(1, 3)]).is_err(),
            "in a character"
        );
        let far = LineIndex::from_starts(vec![1, 99_999], 0, 100_000).unwrap();
        assert!(said(|taken| taken.lines = far).is_err());
    }

    #[test]
    fn a_length_that_lies_takes_no_memory() {
        let mut bytes = vec![Kind::Piece.code()];
        bytes.extend((1_u64 << 60).to_le_bytes());
        let over = read_frame(&mut bytes.as_slice(), 1 << 30).unwrap_err();
        assert_eq!(over.kind(), io::ErrorKind::InvalidData);
        let cut = read_frame(&mut bytes.as_slice(), u64::MAX).unwrap_err();
        assert_eq!(cut.kind(), io::ErrorKind::UnexpectedEof);
        assert!(read_frame(&mut [].as_slice(), 1).unwrap().is_none());
        assert!(read_frame(&mut [0xFF; 20].as_slice(), 1).is_err());
    }

    proptest! {
        #[test]
        fn any_number_crosses(number: usize) {
            let mut bytes = Vec::new();
            put_number(&mut bytes, number);
            let mut rest = bytes.as_slice();
            prop_assert_eq!(take_number(&mut rest), Some(number));
            prop_assert!(rest.is_empty());
        }

        #[test]
        fn a_damaged_answer_is_an_error_or_a_sound_report(at in 0_usize..2_000, byte: u8, cut in 0_usize..2_000) {
            let (bytes, taken) = page();
            let mut body = piece_body(found(Ok(taken))).unwrap();
            let at = at % body.len();
            body[at] = byte;
            if cut % 4 == 0 {
                body.truncate(cut % body.len());
            }
            if let Ok(Piece { taken: Ok(taken), .. }) = piece(&body, bytes.len()) {
                let Extracted { text, map, blocks, .. } = taken.extracted;
                prop_assert!(blocks_fit(&blocks, &text));
                prop_assert!(map.is_none_or(|map| map.out_len() == text.len() && map.source_len() <= bytes.len()));
            }
        }
    }
}
