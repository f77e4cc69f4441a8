//! A packed office file: its members by name, each read whole and within limits.
//!
//! Nothing is written anywhere, so a member's name can do no harm; it is only compared.

use crate::ingest::Format;
use crate::ingest::extract::xml::{Xml, XmlError};
use crate::ingest::extract::{ExtractError, fault};
use crate::ingest::faults::plain;
use crate::ingest::limits::{LimitName, Limits, OverLimit};
use crate::ingest::sniff::OLE;
use crate::model::Note;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use memchr::memmem;
use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{Cursor, Read};
use zip::ZipArchive;
use zip::result::ZipError;

/// The declaration of an XML part is no longer.
const DECLARATION_BYTES_MAX: usize = 256;
/// So many characters beyond ASCII that are valid UTF-8, and the text is in UTF-8.
const UTF_8_CHARS_MIN: usize = 8;

/// A ZIP archive that is one document.
pub(super) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    /// Places of the members by their names as [`key`] writes them; `None` where two have one name.
    members: HashMap<String, Option<usize>>,
    format: Format,
    limits: Limits,
    /// Bytes unpacked so far.
    unpacked: u64,
}

impl<'a> Package<'a> {
    /// Opens a file that should be of that format.
    ///
    /// Errors: [`ExtractError::Encrypted`] for an OLE file round an encrypted document, [`ExtractError::Damaged`] for
    /// what is no archive, [`ExtractError::OverLimit`] above [`Limits::members_max`].
    pub(super) fn open(
        bytes: &'a [u8],
        format: Format,
        limits: &Limits,
    ) -> Result<Self, ExtractError> {
        if bytes.starts_with(OLE) {
            return Err(if is_encrypted_ole(bytes) {
                ExtractError::Encrypted { format }
            } else {
                damaged(format, "it is an OLE file, as Word wrote before 2007")
            });
        }
        let archive =
            ZipArchive::new(Cursor::new(bytes)).map_err(|error| zip_error(format, &error))?;
        let count = u64::try_from(archive.len()).unwrap_or(u64::MAX);
        if count > limits.members_max {
            let limit = LimitName::Members;
            return Err(
                OverLimit { limit, max: limits.members_max, found: count, exact: true }.into()
            );
        }
        if archive.has_duplicate_names() {
            return Err(damaged(format, "two of its members have the same name"));
        }
        let mut members = HashMap::with_capacity(archive.len());
        for (place, name) in archive.file_names_raw().enumerate() {
            let same = members.entry(key(&String::from_utf8_lossy(name))).or_insert(Some(place));
            if *same != Some(place) {
                *same = None;
            }
        }
        Ok(Self { archive, members, format, limits: *limits, unpacked: 0 })
    }

    /// Whether there is a member of that name.
    pub(super) fn contains(&self, name: &str) -> bool {
        self.members.contains_key(&key(name))
    }

    /// The text of an XML member; `None` where there is none of that name.
    pub(super) fn text(&mut self, name: &str) -> Result<Option<String>, ExtractError> {
        let Some(bytes) = self.bytes(name)? else { return Ok(None) };
        let text = decoded(&bytes).ok_or_else(|| {
            damaged(self.format, format!("{name}: it is not in the encoding that it declares"))
        })?;
        Ok(Some(text))
    }

    /// Reads a part that the text can do without; one that is wrong is noted.
    pub(super) fn part<T>(
        &mut self,
        name: &str,
        notes: &mut Vec<Note>,
        read: impl FnOnce(&mut Xml<'_>) -> Result<T, XmlError>,
    ) -> Result<Option<T>, ExtractError> {
        let text = match self.text(name) {
            Ok(Some(text)) => text,
            Ok(None) => return Ok(None),
            Err(ExtractError::Damaged { cause, .. }) => {
                notes.push(Note::new("part-unread", cause));
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        match read(&mut Xml::new(&text)) {
            Ok(found) => Ok(Some(found)),
            Err(XmlError(cause)) => {
                notes.push(Note::new("part-unread", format!("{name}: {cause}")));
                Ok(None)
            }
        }
    }

    /// The error for a document that is not what it should be.
    pub(super) fn damaged(&self, cause: impl Into<String>) -> ExtractError {
        damaged(self.format, cause)
    }

    fn bytes(&mut self, name: &str) -> Result<Option<Vec<u8>>, ExtractError> {
        let Some(found) = self.members.get(&key(name)) else { return Ok(None) };
        let format = self.format;
        let Some(place) = *found else {
            return Err(damaged(format, format!("it holds {name} twice")));
        };
        let member = self.archive.by_index(place).map_err(|error| zip_error(format, &error))?;
        let limits = self.limits;
        let left = limits.unpacked_bytes_max.saturating_sub(self.unpacked);
        let dense = limits.dense_bytes_max(member.compressed_size());
        let mut bytes = Vec::new();
        member.take(left.min(dense).saturating_add(1)).read_to_end(&mut bytes).map_err(
            |error| {
                fault(&error, &limits, || damaged(format, format!("{name}: {}", plain(&error))))
            },
        )?;
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if size > left {
            return Err(
                OverLimit::more_than(LimitName::UnpackedBytes, limits.unpacked_bytes_max).into()
            );
        }
        if size > dense {
            return Err(OverLimit::more_than(LimitName::Ratio, limits.ratio_max).into());
        }
        self.unpacked += size;
        Ok(Some(bytes))
    }
}

/// The text of an XML part, by its mark of order, its declaration, or as UTF-8; `None` where it is no such text.
fn decoded(bytes: &[u8]) -> Option<String> {
    let (encoding, mark) =
        Encoding::for_bom(bytes).unwrap_or_else(|| (declared(bytes).unwrap_or(UTF_8), 0));
    let bytes = bytes.get(mark..).unwrap_or_default();
    // Programs that rewrite a part in UTF-8 may leave the declaration as it was; other text is no UTF-8 by chance.
    if encoding != UTF_8
        && let Ok(text) = std::str::from_utf8(bytes)
        && text.chars().filter(|c| !c.is_ascii()).nth(UTF_8_CHARS_MIN - 1).is_some()
    {
        return Some(text.to_owned());
    }
    encoding.decode_without_bom_handling_and_without_replacement(bytes).map(Cow::into_owned)
}

/// The encoding that a part without a mark of order declares, or shows by its first bytes.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    if bytes.starts_with(b"<\0") {
        return Some(UTF_16LE);
    }
    if bytes.starts_with(b"\0<") {
        return Some(UTF_16BE);
    }
    let head = bytes.get(..DECLARATION_BYTES_MAX.min(bytes.len()))?.strip_prefix(b"<?xml")?;
    let head = head.get(..memmem::find(head, b"?>")?)?;
    let rest = head.get(memmem::find(head, b"encoding")? + "encoding".len()..)?;
    let rest = rest.trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let (quote, rest) = rest.split_first()?;
    let label = rest.split(|byte| byte == quote).next()?;
    // What declares two bytes a character in one byte each has not two.
    Encoding::for_label(label).filter(|encoding| encoding.is_ascii_compatible())
}

/// Whether an OLE file holds the stream that office programs put an encrypted document into.
fn is_encrypted_ole(bytes: &[u8]) -> bool {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    memmem::find(bytes, &name).is_some()
}

/// A member's name as it is compared: some writers start it with a slash, or take the other slash.
fn key(name: &str) -> String {
    name.replace('\\', "/").trim_start_matches('/').to_ascii_lowercase()
}

fn damaged(format: Format, cause: impl Into<String>) -> ExtractError {
    ExtractError::Damaged { format, cause: cause.into() }
}

fn zip_error(format: Format, error: &ZipError) -> ExtractError {
    match error {
        ZipError::InvalidPassword | ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => {
            ExtractError::Encrypted { format }
        }
        other => damaged(format, plain(other)),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use std::io::Write;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    /// An archive of these members.
    pub(in crate::ingest::extract::office) fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in members {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn open<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Package<'a>, ExtractError> {
        Package::open(bytes, Format::Docx, limits)
    }

    #[track_caller]
    fn check_message(result: Result<impl Sized, ExtractError>, expected: &str) {
        let message = result.err().expect("an error").to_string();
        assert!(message.contains(expected), "{message}");
    }

    #[test]
    fn a_member_is_found_by_its_name_however_that_is_written() {
        let bytes =
            zipped(&[("/Word\\document.XML", "甲".as_bytes()), ("b.xml", b"\xef\xbb\xbfb")]);
        let mut package = open(&bytes, &Limits::default()).unwrap();
        assert_eq!(package.text("word/document.xml").unwrap().as_deref(), Some("甲"));
        assert_eq!(package.text("b.xml").unwrap().as_deref(), Some("b"));
        assert_eq!(package.text("c.xml").unwrap(), None);
    }

    #[test]
    fn text_in_sixteen_bits_is_decoded() {
        let utf_16: Vec<u8> = "\u{feff}甲".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let bytes = zipped(&[("a.xml", &utf_16)]);
        let mut package = open(&bytes, &Limits::default()).unwrap();
        assert_eq!(package.text("a.xml").unwrap().as_deref(), Some("甲"));
    }

    #[track_caller]
    fn check_decoded(bytes: &[u8], expected: Option<&str>) {
        assert_eq!(decoded(bytes).as_deref(), expected);
    }

    #[test]
    fn a_declared_encoding_is_believed() {
        let gb = |head: &str| [head.as_bytes(), b"\xd4\xc6\xc1\xeb\xcf\xd8"].concat();
        for head in ["<?xml version='1.0' encoding = 'gb2312'?>", "<?xml encoding=\"GB18030\"?>"] {
            check_decoded(&gb(head), Some(&format!("{head}云岭县")));
        }
        let big5 = [b"<?xml encoding='Big5'?>".as_slice(), b"\xb6\xb3\xc0\xad"].concat();
        check_decoded(&big5, Some("<?xml encoding='Big5'?>雲嶺"));
        let wide: Vec<u8> = "<a>甲</a>".encode_utf16().flat_map(u16::to_be_bytes).collect();
        check_decoded(&wide, Some("<a>甲</a>"));
        // Not behind the declaration, and not of a name that is none.
        for head in [
            "<a encoding='gbk'>",
            "<?xml version='1.0'?><a encoding='gbk'>",
            "<?xml encoding='x'?>",
            "",
        ] {
            check_decoded(&gb(head), None);
            check_decoded(format!("{head}云").as_bytes(), Some(&format!("{head}云")));
        }
        let narrow = "<?xml encoding='UTF-16'?>云岭县";
        check_decoded(narrow.as_bytes(), Some(narrow));
    }

    #[test]
    fn a_declaration_that_was_left_in_a_part_of_utf_8_is_not_believed() {
        let text = "<?xml encoding='GB18030'?>云岭县推行网格化管理";
        check_decoded(text.as_bytes(), Some(text));
    }

    #[test]
    fn a_part_that_is_not_what_it_declares_is_damaged() {
        let bytes =
            zipped(&[("a.xml", b"<?xml encoding='Big5'?>\xff\xff"), ("b.xml", b"\xe4\xba")]);
        let mut package = open(&bytes, &Limits::default()).unwrap();
        for name in ["a.xml", "b.xml"] {
            let cause = format!("{name}: it is not in the encoding that it declares");
            check_message(package.text(name), &cause);
        }
    }

    #[test]
    fn a_bomb_is_refused_before_it_goes_off() {
        let zeros = vec![0; 8 << 20];
        let bytes = zipped(&[("a.xml", &zeros)]);
        let mut package = open(&bytes, &Limits::default()).unwrap();
        check_message(package.text("a.xml"), "more than 200 times its size");
        let limits = Limits { ratio_max: 10_000, unpacked_bytes_max: 1 << 20, ..Limits::default() };
        let mut package = open(&bytes, &limits).unwrap();
        check_message(package.text("a.xml"), "unpacks to more than 1 MiB (");
    }

    #[test]
    fn all_members_together_have_a_limit() {
        let bytes = zipped(&[("a.xml", &[b'a'; 600]), ("b.xml", &[b'b'; 600])]);
        let limits = Limits { unpacked_bytes_max: 1_000, ..Limits::default() };
        let mut package = open(&bytes, &limits).unwrap();
        assert!(package.text("a.xml").is_ok());
        check_message(package.text("b.xml"), "more than 1000 bytes");
        check_message(open(&bytes, &Limits { members_max: 1, ..limits }), "has 2 members");
    }

    #[test]
    fn two_members_of_one_name_are_not_chosen_between() {
        let bytes = zipped(&[("a.xml", b"1"), ("A.xml", b"2"), ("b.xml", b"3")]);
        let mut package = open(&bytes, &Limits::default()).unwrap();
        check_message(package.text("a.xml"), "it holds a.xml twice");
        assert!(package.text("b.xml").is_ok());
        // The writer refuses equal names, so one is renamed in the bytes.
        let mut bytes = zipped(&[("a.xml", b"1"), ("c.xml", b"2")]);
        while let Some(at) = memmem::find(&bytes, b"c.xml") {
            bytes[at] = b'a';
        }
        check_message(open(&bytes, &Limits::default()), "the same name");
    }

    #[test]
    fn a_file_with_a_password_says_so() {
        let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let ole = [OLE, &[0; 504], &name].concat();
        check_message(open(&ole, &Limits::default()), "encrypted docx");
        check_message(open(OLE, &Limits::default()), "an OLE file");
        let mut bytes = zipped(&[("a.xml", b"1")]);
        // The flag of a cipher, in both headers of the member.
        bytes[6] |= 1;
        let directory = memmem::find(&bytes, b"PK\x01\x02").unwrap();
        bytes[directory + 8] |= 1;
        let mut package = open(&bytes, &Limits::default()).unwrap();
        check_message(package.text("a.xml"), "encrypted docx");
    }

    #[test]
    fn what_is_cut_off_is_damaged() {
        let bytes = zipped(&[("a.xml", &[b'a'; 600])]);
        check_message(open(&bytes[..bytes.len() / 2], &Limits::default()), "damaged docx");
        check_message(open(b"", &Limits::default()), "damaged docx");
    }
}
