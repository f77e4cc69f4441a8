//! JSONL: one report a line, `{"id"?, "title"?, "text", "date"?, "source"?, "author"?, "url"?}`.
//!
//! The reader holds one line at a time, whatever the size of the file, and a bad record never stops the others. A
//! record's map leads from its text through the JSON escapes to the bytes of the file.

use crate::ingest::decode::{DecodeError, DecodeOptions, decode};
use crate::ingest::extract::{declared_date, plain};
use crate::ingest::limits::{LimitName, OverLimit};
use crate::ingest::{Extracted, Metadata};
use crate::model::{DecidedBy, EncodingReport, Note, Span};
use crate::text::{OffsetMap, OffsetMapBuilder};
use encoding_rs::{Encoding, UTF_8};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::io::{self, BufRead};
use std::ops::Range;

/// How records are read.
#[derive(Debug, Clone, Copy)]
pub struct RecordsOptions {
    /// Bytes of a line, its line end included, above which it is refused.
    pub record_bytes_max: usize,
    /// The encoding the user chose.
    pub encoding: Option<&'static Encoding>,
}

/// One report of a JSONL file.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Its own id, unique in the file; a number is written as text.
    pub id: Option<String>,
    /// Its physical line, from 1.
    pub line: usize,
    /// The line in the file, without its line end.
    pub bytes: Span,
    /// How the line was decoded.
    pub encoding: EncodingReport,
    /// Its text and what it declares; the map leads to the bytes of the file. Notes: `bad-field`.
    pub extracted: Extracted,
}

/// Why a line gave no record.
#[derive(Debug, thiserror::Error)]
#[error("line {line}: {cause}")]
pub struct RecordError {
    /// The physical line, from 1.
    pub line: usize,
    /// The line in the file, without its line end.
    pub bytes: Span,
    /// What is wrong.
    #[source]
    pub cause: RecordCause,
}

/// What is wrong with a line.
#[derive(Debug, thiserror::Error, Serialize, Deserialize)]
#[non_exhaustive]
pub enum RecordCause {
    /// The system failed; nothing more is read.
    #[error("cannot be read: {0}")]
    Io(
        #[source]
        #[serde(with = "crate::ingest::sandbox::io_error")]
        io::Error,
    ),
    /// The line is longer than allowed.
    #[error(transparent)]
    OverLimit(#[from] OverLimit),
    /// The file is UTF-16, whose lines can not be told apart; nothing more is read.
    #[error("UTF-16, which is not read as JSONL: convert the file to UTF-8")]
    Utf16,
    /// The bytes are no text.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// Some bytes could not be decoded.
    #[error("not {encoding}: bad byte at offset {offset}")]
    BadByte {
        /// What the line seems to be.
        encoding: String,
        /// Bytes from the start of the file.
        offset: usize,
    },
    /// The line is no JSON object.
    #[error("not a JSON object: {message} at byte {column} of the line")]
    Json {
        /// The parser's words.
        message: String,
        /// Byte of the line, from 1.
        column: usize,
    },
    /// There is no `text`.
    #[error("has no \"text\"")]
    MissingText,
    /// `text` is empty or blank.
    #[error("its \"text\" is empty")]
    EmptyText,
    /// A field is of the wrong type.
    #[error("its {field:?} is not {wanted}")]
    WrongType {
        /// The field.
        field: Cow<'static, str>,
        /// What it must be.
        wanted: Cow<'static, str>,
    },
    /// An earlier record has the same id.
    #[error("its id {id:?} is that of line {first}")]
    DuplicateId {
        /// The id.
        id: String,
        /// The line of the first record that has it.
        first: usize,
    },
}

/// The records of a file, one a line; blank lines are passed over.
#[derive(Debug)]
pub struct JsonlRecords<R> {
    reader: R,
    options: RecordsOptions,
    /// Bytes read so far.
    offset: usize,
    /// Lines read so far.
    line: usize,
    is_done: bool,
    buffer: Vec<u8>,
    /// The line of each id, the ids as hashes of twelve bytes: a file can hold millions.
    ids: HashMap<[u8; 12], u32>,
    /// What the last line was in, when it was not UTF-8: short lines can not be told alone.
    legacy: Option<&'static Encoding>,
}

impl<R: BufRead> JsonlRecords<R> {
    /// Reads records from the start of a file.
    pub fn new(reader: R, options: RecordsOptions) -> Self {
        Self {
            reader,
            options,
            offset: 0,
            line: 0,
            is_done: false,
            buffer: Vec::new(),
            ids: HashMap::new(),
            legacy: None,
        }
    }

    /// Bytes of the file read so far, for progress.
    pub fn bytes_read(&self) -> usize {
        self.offset
    }

    /// Reads up to the next line end into the buffer; `None` at the end of the file.
    ///
    /// Of a line longer than allowed nothing is kept.
    fn next_line(&mut self) -> io::Result<Option<Line>> {
        self.buffer.clear();
        let (start, mut is_too_long) = (self.offset, false);
        loop {
            let chunk = match self.reader.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                chunk => chunk?,
            };
            if chunk.is_empty() && self.offset == start {
                return Ok(None);
            }
            let end = memchr::memchr(b'\n', chunk);
            let used = end.map_or(chunk.len(), |at| at + 1);
            let part = chunk.get(..used).unwrap_or(chunk);
            let is_last = end.is_some() || chunk.is_empty();
            if self.buffer.len() + used > self.options.record_bytes_max {
                is_too_long = true;
                self.buffer = Vec::new();
            }
            if !is_too_long {
                self.buffer.extend_from_slice(part);
            }
            self.reader.consume(used);
            self.offset += used;
            if is_last {
                break;
            }
        }
        self.line += 1;
        Ok(Some(Line { number: self.line, start, end: self.offset, is_too_long }))
    }

    fn record(&mut self, line: &Line) -> Result<Option<Record>, RecordCause> {
        if line.is_too_long {
            let found = u64::try_from(line.end - line.start).unwrap_or(u64::MAX);
            let max = u64::try_from(self.options.record_bytes_max).unwrap_or(u64::MAX);
            let limit = LimitName::RecordBytes;
            return Err(OverLimit { limit, max, found, exact: true }.into());
        }
        let bytes = self.buffer.trim_ascii_end();
        if line.start == 0 && (bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF")) {
            self.is_done = true;
            return Err(RecordCause::Utf16);
        }
        if bytes.is_empty() || bytes == b"\xEF\xBB\xBF" {
            return Ok(None);
        }
        // A line is short, but its braces are proof enough that valid UTF-8 is meant.
        let is_utf8 = self.legacy.is_none() && std::str::from_utf8(bytes).is_ok();
        let forced = self.options.encoding.or(is_utf8.then_some(UTF_8));
        let mut decoded = decode(bytes, &DecodeOptions { forced, declared: self.legacy })?;
        if self.options.encoding.is_none() && decoded.report.decided_by == DecidedBy::Option {
            decoded.report.decided_by = DecidedBy::Valid;
        }
        if let Some(first) = decoded.report.first_replacement {
            return Err(RecordCause::BadByte {
                encoding: decoded.report.encoding,
                offset: line.start + first,
            });
        }
        let is_whole = !decoded.notes.iter().any(|note| note.code.starts_with("cut-"));
        if !is_whole {
            return Err(RecordCause::BadByte {
                encoding: decoded.report.encoding,
                offset: line.start,
            });
        }
        if matches!(decoded.report.decided_by, DecidedBy::Frequency) {
            self.legacy = Encoding::for_label(decoded.report.encoding.as_bytes());
        }
        let mut in_file = OffsetMapBuilder::default();
        in_file.skip_to(line.start);
        in_file.copy(bytes.len());
        let map = in_file.finish().then(&decoded.map);
        let end = line.start + bytes.len();
        let (id, extracted) = parse(&decoded.text, &map)?;
        self.remember(id.as_deref(), line.number)?;
        let bytes = Span::new(line.start, end);
        Ok(Some(Record { id, line: line.number, bytes, encoding: decoded.report, extracted }))
    }

    fn remember(&mut self, id: Option<&str>, line: usize) -> Result<(), RecordCause> {
        let Some(id) = id else { return Ok(()) };
        let mut key = [0; 12];
        blake3::Hasher::new().update(id.as_bytes()).finalize_xof().fill(&mut key);
        match self.ids.entry(key) {
            Entry::Vacant(entry) => {
                entry.insert(u32::try_from(line).unwrap_or(u32::MAX));
                Ok(())
            }
            Entry::Occupied(entry) => {
                let first = usize::try_from(*entry.get()).unwrap_or(usize::MAX);
                Err(RecordCause::DuplicateId { id: id.to_owned(), first })
            }
        }
    }
}

impl<R: BufRead> Iterator for JsonlRecords<R> {
    type Item = Result<Record, RecordError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.is_done {
            let line = match self.next_line() {
                Ok(Some(line)) => line,
                Ok(None) => break,
                Err(error) => {
                    self.is_done = true;
                    let bytes = Span::new(self.offset, self.offset);
                    return Some(Err(RecordError {
                        line: self.line + 1,
                        bytes,
                        cause: RecordCause::Io(error),
                    }));
                }
            };
            match self.record(&line) {
                Ok(None) => {}
                Ok(Some(record)) => return Some(Ok(record)),
                Err(cause) => {
                    let kept = if line.is_too_long {
                        line.end - line.start
                    } else {
                        self.buffer.trim_ascii_end().len()
                    };
                    let bytes = Span::new(line.start, line.start + kept);
                    return Some(Err(RecordError { line: line.number, bytes, cause }));
                }
            }
        }
        None
    }
}

/// Where a physical line stands in the file.
#[derive(Debug)]
struct Line {
    number: usize,
    start: usize,
    end: usize,
    is_too_long: bool,
}

/// The fields of a record as they stand in the line.
#[derive(Deserialize)]
struct Fields {
    id: Option<Value>,
    title: Option<Value>,
    text: Option<Value>,
    date: Option<Value>,
    source: Option<Value>,
    author: Option<Value>,
    url: Option<Value>,
}

fn wrong_type(field: &'static str, wanted: &'static str) -> RecordCause {
    RecordCause::WrongType { field: field.into(), wanted: wanted.into() }
}

/// What a line of JSON is that is no object.
fn kind_of(line: &str) -> &'static str {
    match line.trim_start().bytes().next() {
        Some(b'[') => "it is a list",
        Some(b'"') => "it is a string",
        Some(b't' | b'f') => "it is true or false",
        Some(b'n') => "it is null",
        _ => "it is a number",
    }
}

/// The id and text of a line; `map` leads from the line to the file.
fn parse(line: &str, map: &OffsetMap) -> Result<(Option<String>, Extracted), RecordCause> {
    let no_object = |words: &str, column| RecordCause::Json { message: words.to_owned(), column };
    let fields: Result<Fields, _> = serde_json::from_str(line);
    // The parser takes a list of as many values for the fields in their order, and names our type for other values.
    let is_value = |error: &serde_json::Error| error.to_string().contains("struct Fields");
    if !line.trim_start().starts_with('{') && fields.as_ref().err().is_none_or(is_value) {
        return Err(no_object(kind_of(line), 1));
    }
    let fields = fields.map_err(|error| {
        let message = error.to_string();
        let words = message.rsplit_once(" at line ").map_or(message.as_str(), |(words, _)| words);
        no_object(words, error.column())
    })?;
    let id = match fields.id {
        None | Some(Value::Null) => None,
        Some(Value::String(id)) => Some(id),
        Some(Value::Number(id)) => Some(id.to_string()),
        Some(_) => return Err(wrong_type("id", "a string or number")),
    };
    match &fields.text {
        None | Some(Value::Null) => return Err(RecordCause::MissingText),
        Some(Value::String(text)) if text.trim().is_empty() => return Err(RecordCause::EmptyText),
        Some(Value::String(_)) => {}
        Some(_) => return Err(wrong_type("text", "a string")),
    }
    let raw = find_text(line).ok_or(RecordCause::MissingText)?;
    let (text, escapes) = unescape(line, raw);
    let mut extracted = plain::extract(text);
    extracted.map = extracted.map.map(|lines| map.then(&escapes).then(&lines));
    let notes = &mut extracted.notes;
    let date_text = field("date", fields.date, notes);
    let date = date_text.as_deref().and_then(declared_date);
    if let (Some(text), None) = (&date_text, date) {
        notes.push(Note::new("bad-field", format!("date: {text}")));
    }
    extracted.metadata = Metadata {
        title: field("title", fields.title, notes),
        source: field("source", fields.source, notes),
        author: field("author", fields.author, notes),
        url: field("url", fields.url, notes),
        date,
        pages: None,
    };
    Ok((id, extracted))
}

/// The text of an optional field; one of another type is noted and left out, its record is not lost for it.
fn field(name: &str, value: Option<Value>, notes: &mut Vec<Note>) -> Option<String> {
    match value {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Some(Value::Number(number)) => Some(number.to_string()),
        Some(_) => {
            notes.push(Note::new("bad-field", name));
            None
        }
    }
}

/// Where the raw value of `text` stands, between its quotes, in a line that is known to be a JSON object.
fn find_text(line: &str) -> Option<Range<usize>> {
    let bytes = line.as_bytes();
    let mut at = memchr::memchr(b'{', bytes)? + 1;
    loop {
        let key_start = at + memchr::memchr(b'"', bytes.get(at..)?)? + 1;
        let key_end = string_end(bytes, key_start)?;
        let colon = key_end + memchr::memchr(b':', bytes.get(key_end..)?)?;
        let value = colon
            + 1
            + bytes.get(colon + 1..)?.iter().position(|byte| !byte.is_ascii_whitespace())?;
        let is_text = is_key(line.get(key_start - 1..=key_end)?, "text");
        if is_text && bytes.get(value) == Some(&b'"') {
            return Some(value + 1..string_end(bytes, value + 1)?);
        }
        at = value_end(bytes, value)?;
    }
}

/// Whether a quoted raw key is that name; it may be written with escapes.
fn is_key(raw: &str, name: &str) -> bool {
    serde_json::from_str::<String>(raw).is_ok_and(|key| key == name)
}

/// The place of the quote that ends the string whose content starts at `at`.
fn string_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += memchr::memchr2(b'"', b'\\', bytes.get(at..)?)?;
        if bytes.get(at) == Some(&b'"') {
            return Some(at);
        }
        at += 2;
    }
}

/// The place after the value that starts at `at`.
fn value_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    let mut depth = 0_usize;
    loop {
        match bytes.get(at)? {
            b'"' => at = string_end(bytes, at + 1)?,
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth == 0 => return Some(at),
            b'}' | b']' => depth -= 1,
            b',' if depth == 0 => return Some(at),
            _ => {}
        }
        at += 1;
    }
}

/// The text of a raw JSON string that is known to be valid, with its map to the line.
fn unescape(line: &str, raw: Range<usize>) -> (String, OffsetMap) {
    let mut text = String::with_capacity(raw.len());
    let mut map = OffsetMapBuilder::default();
    let mut at = raw.start;
    map.skip_to(at);
    while let Some(rest) = line.get(at..raw.end).filter(|rest| !rest.is_empty()) {
        let plain = memchr::memchr(b'\\', rest.as_bytes()).unwrap_or(rest.len());
        text.push_str(rest.get(..plain).unwrap_or_default());
        map.copy(plain);
        at += plain;
        if let Some((c, len)) = rest.get(plain..).and_then(escape) {
            text.push(c);
            map.replace(c.len_utf8(), len);
            at += len;
        } else if plain < rest.len() {
            break; // Not reached: the parser has read the same string.
        }
    }
    map.skip_to(line.len());
    (text, map.finish())
}

/// The character of the escape at the start of `source` and the escape's length.
fn escape(source: &str) -> Option<(char, usize)> {
    let simple = match source.as_bytes().get(1)? {
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'u' => {
            let unit = |at: usize| u16::from_str_radix(source.get(at..at + 4)?, 16).ok();
            let first = unit(2)?;
            if let Some(c) = char::from_u32(u32::from(first)) {
                return Some((c, 6));
            }
            let c = char::decode_utf16([first, unit(8)?]).next()?.ok()?;
            return Some((c, 12));
        }
        &other => char::from(other),
    };
    Some((simple, 2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::Cursor;

    fn read(bytes: impl AsRef<[u8]>) -> Vec<Result<Record, RecordError>> {
        let options = RecordsOptions { record_bytes_max: 1000, encoding: None };
        JsonlRecords::new(Cursor::new(bytes), options).collect()
    }

    fn one(bytes: impl AsRef<[u8]>) -> Record {
        let mut all = read(bytes);
        assert_eq!(all.len(), 1, "{all:?}");
        all.remove(0).unwrap()
    }

    #[track_caller]
    fn check_error(line: &str, expected: &str) {
        let good = r#"{"text":"好"}"#;
        let all = read(format!("{line}\n{good}\n"));
        assert_eq!(all.len(), 2, "the rest goes on: {all:?}");
        assert_eq!(all[0].as_ref().unwrap_err().to_string(), format!("line 1: {expected}"));
        assert_eq!(all[1].as_ref().unwrap().line, 2);
    }

    /// The source bytes of each character of a record's text.
    fn sources<'a>(file: &'a [u8], record: &Record) -> Vec<&'a [u8]> {
        let map = record.extracted.map.as_ref().unwrap();
        let text = &record.extracted.text;
        text.char_indices()
            .map(|(at, c)| &file[map.to_source(Span::new(at, at + c.len_utf8())).range()])
            .collect()
    }

    #[test]
    fn a_record_is_read_with_all_its_fields() {
        let line = r#"{"id":7,"title":" 题 ","text":"文","date":"2023-06-19","source":"示例日报","url":"http://a.example/"}"#;
        let record = one(format!("\n{line}\r\n"));
        assert_eq!((record.id.as_deref(), record.line), (Some("7"), 2));
        assert_eq!(record.bytes, Span::new(1, 1 + line.len()));
        let metadata = &record.extracted.metadata;
        assert_eq!(metadata.title.as_deref(), Some("题"));
        assert_eq!(metadata.source.as_deref(), Some("示例日报"));
        assert_eq!(metadata.date.unwrap().to_string(), "2023-06-19");
    }

    #[test]
    fn every_character_leads_to_its_escape_in_the_file() {
        let file = "{\"id\":1,\"x\":{\"text\":\"no\",\"y\":[\"}\"]},\"text\":\"第\\n\\u4e00\\\"\\uD840\\uDC00z\"}".as_bytes();
        let record = one(file);
        assert_eq!(record.extracted.text, "第\n一\"𠀀z");
        let expected: [&[u8]; 6] =
            ["第".as_bytes(), b"\\n", b"\\u4e00", b"\\\"", b"\\uD840\\uDC00", b"z"];
        assert_eq!(sources(file, &record), expected);
    }

    #[test]
    fn a_key_written_with_escapes_is_the_same_key() {
        assert_eq!(one(r#"{"te\u0078t":"文"}"#).extracted.text, "文");
    }

    #[test]
    fn what_is_no_object_is_named() {
        let message = |line: &str| {
            let found = JsonlRecords::new(
                line.as_bytes(),
                RecordsOptions { record_bytes_max: 1_000, encoding: None },
            );
            found.last().unwrap().unwrap_err().cause.to_string()
        };
        for (line, kind) in
            [("2", "number"), ("-2.5", "number"), ("\"甲\"", "string"), ("[]", "list")]
                .into_iter()
                // As many values as a record has fields.
                .chain([(r#"["7","题","文","2023","报","人","u"]"#, "list")])
        {
            let message = message(line);
            assert!(
                message.starts_with(&format!("not a JSON object: it is a {kind} at byte")),
                "{message}"
            );
        }
        assert!(message("null").contains(": it is null at"), "{}", message("null"));
        assert!(message("true").contains(": it is true or false at"));
    }

    #[test]
    fn a_bad_record_is_an_error_and_the_rest_goes_on() {
        check_error(
            "{\"text\":\"文\"",
            "not a JSON object: EOF while parsing an object at byte 13 of the line",
        );
        check_error("{\"title\":\"题\"}", "has no \"text\"");
        check_error("{\"text\":\" \"}", "its \"text\" is empty");
        check_error("{\"text\":[\"文\"]}", "its \"text\" is not a string");
        check_error("{\"id\":{},\"text\":\"文\"}", "its \"id\" is not a string or number");
        check_error(
            &format!("{{\"text\":\"{}\"}}", "长".repeat(400)),
            "has 1212 bytes, the limit is 1000 bytes (--max-file-bytes raises it)",
        );
        let deep = "[".repeat(400);
        check_error(
            &format!("{{\"text\":{deep}"),
            "not a JSON object: recursion limit exceeded at byte 135 of the line",
        );
    }

    #[test]
    fn a_double_id_is_an_error_for_the_later_record() {
        let all = read(
            "{\"id\":\"a\",\"text\":\"一\"}\n{\"id\":\"a\",\"text\":\"二\"}\n{\"id\":\"b\",\"text\":\"三\"}",
        );
        assert_eq!(
            all[1].as_ref().unwrap_err().to_string(),
            "line 2: its id \"a\" is that of line 1"
        );
        assert!(all[2].is_ok());
    }

    #[test]
    fn a_field_of_another_type_is_noted_and_left_out() {
        let record = one(r#"{"text":"文","title":["题"],"date":"昨天"}"#);
        let notes: Vec<_> =
            record.extracted.notes.iter().map(|note| note.detail.as_str()).collect();
        assert_eq!(notes, ["date: 昨天", "title"]);
    }

    #[test]
    fn a_mark_and_gb18030_are_understood() {
        let file = "\u{FEFF}{\"text\":\"文\"}".as_bytes();
        assert_eq!(sources(file, &one(file)), ["文".as_bytes()]);
        let lines = "{\"text\":\"示例县推进网格化管理工作\\n\"}\n{\"text\":\"治\"}";
        let file = encoding_rs::GBK.encode(lines).0.into_owned();
        let all = read(&file);
        assert_eq!(all[0].as_ref().unwrap().encoding.encoding, "GB18030");
        assert_eq!(sources(&file, all[1].as_ref().unwrap()), [b"\xd6\xce"]);
    }

    #[test]
    fn utf16_is_refused_once_and_bad_bytes_for_their_record_only() {
        assert_eq!(read(b"\xFF\xFE{\0\n\0").len(), 1);
        let all = read(b"{\"text\":\"\xe4\xb8\xad\xe6\x96\x87\xe4\xb8\xad\xe6\x96\x87\xe4\xb8\xad\xe6\x96\x87\xff\"}\n{\"text\":\"a\"}");
        assert!(
            matches!(all[0].as_ref().unwrap_err().cause, RecordCause::BadByte { offset: 27, .. }),
            "{all:?}"
        );
        assert!(all[1].is_ok());
    }

    proptest! {
        #[test]
        fn any_bytes_give_records_or_errors(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            read(bytes);
        }

        #[test]
        fn any_text_is_read_back_with_sound_places(text in "\\PC{0,40}|(\r|\n|\"|\\\\|a|文|𠀀){1,20}", ascii in any::<bool>()) {
            let quoted = serde_json::to_string(&text).unwrap();
            let quoted = if ascii { quoted.chars().flat_map(escaped).collect() } else { quoted };
            let line = format!("{{\"n\":[1,{{}}], \"text\" : {quoted}}}");
            if let Ok(record) = &read(&line)[0] {
                let map = record.extracted.map.as_ref().unwrap();
                map.assert_sound(&line, &record.extracted.text);
                prop_assert_eq!(&record.extracted.text, &text.replace("\r\n", "\n").replace('\r', "\n"));
            } else {
                prop_assert!(text.trim().is_empty());
            }
        }
    }

    /// As writers that keep to ASCII put it.
    fn escaped(c: char) -> Vec<char> {
        if c.is_ascii() {
            return vec![c];
        }
        c.encode_utf16(&mut [0; 2])
            .iter()
            .flat_map(|unit| format!("\\u{unit:04x}").chars().collect::<Vec<_>>())
            .collect()
    }
}
