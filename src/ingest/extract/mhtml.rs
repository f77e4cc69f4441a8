//! Web pages saved with their parts in one file: a MIME message whose parts are the page, its frames and pictures.
//!
//! Only as much of MIME is read as browsers write (RFC 2045, 2047, 2557). The page is decoded like a page of its own;
//! its text does not stand in the bytes of the file, so its places are the numbers of its blocks.

use crate::ingest::decode::{DecodeOptions, decode};
use crate::ingest::extract::{ExtractError, declared_encoding, html};
use crate::ingest::limits::{LimitName, Limits, OverLimit};
use crate::ingest::{Block, Extracted, Format, ReadOptions};
use crate::model::{Note, Span};
use encoding_rs::Encoding;
use memchr::memmem;
use std::borrow::Cow;

/// Messages in messages that are looked into.
const DEPTH_MAX: usize = 3;

/// Headers of one part that are read, in bytes.
const HEAD_BYTES_MAX: usize = 1 << 16;

/// A page that shows fewer letters has its text in its frames.
const LETTERS_MIN: usize = 200;

/// Words put together of encoded ones in a header.
const ENCODED_WORDS_MAX: usize = 64;

/// The text of the page, and of its frames where it has no other.
pub(super) fn extract(bytes: &[u8], options: &ReadOptions) -> Result<Extracted, ExtractError> {
    let mut message = Message::default();
    message.read(bytes, 0, &options.limits)?;
    let root = message.root().ok_or_else(|| damaged("holds no web page"))?;
    let mut page = read_page(root, options)?;
    let letters = page.text.chars().filter(|c| c.is_alphanumeric()).count();
    let is_frameset = page.notes.iter().any(|note| note.code == "frames");
    if is_frameset || letters < LETTERS_MIN {
        for frame in
            message.parts.iter().filter(|part| part.is_page() && !std::ptr::eq(*part, root))
        {
            // A frame that can not be read is as good as an advertisement.
            if let Ok(frame) = read_page(frame, options) {
                append(&mut page, frame);
            }
        }
    }
    let location = root
        .head
        .field("content-location")
        .or_else(|| message.head.field("snapshot-content-location"));
    let address = location.filter(|location| location.starts_with("http"));
    page.metadata.url = address.or(page.metadata.url);
    if page.metadata.title.is_none() {
        page.metadata.title = message.head.field("subject").map(|subject| plain_header(&subject));
    }
    if message.is_cut && !page.notes.iter().any(|note| note.code == "cut-end") {
        page.notes.push(Note::new("cut-end", ""));
    }
    page.map = None;
    Ok(page)
}

fn damaged(cause: &str) -> ExtractError {
    ExtractError::Damaged { format: Format::Mhtml, cause: cause.to_owned() }
}

/// The text of one part that is a page.
fn read_page(part: &Part<'_>, options: &ReadOptions) -> Result<Extracted, ExtractError> {
    let content = part.content()?;
    let declared = part
        .head
        .parameter("content-type", "charset")
        .and_then(|label| Encoding::for_label(label.as_bytes()))
        .or_else(|| declared_encoding(&content));
    let decoded = decode(&content, &DecodeOptions { forced: options.encoding, declared })
        .map_err(|error| damaged(&error.to_string()))?;
    let mut extracted = html::extract(&decoded.text, &options.limits);
    extracted.notes.splice(0..0, decoded.notes);
    Ok(extracted)
}

/// Puts the text of a frame behind that of the page.
fn append(page: &mut Extracted, frame: Extracted) {
    if frame.text.trim().is_empty() {
        return;
    }
    if !page.text.is_empty() {
        page.text.push('\n');
    }
    let (shift, count) = (page.text.len(), page.blocks.len());
    page.text.push_str(&frame.text);
    page.blocks.extend(frame.blocks.into_iter().map(|block| Block {
        span: Span::new(block.span.start() + shift, block.span.end() + shift),
        number: block.number + count,
        ..block
    }));
    let (own, other) = (&mut page.metadata, frame.metadata);
    own.title = own.title.take().or(other.title);
    own.source = own.source.take().or(other.source);
    own.author = own.author.take().or(other.author);
    own.date = own.date.or(other.date);
}

/// A message with its parts.
#[derive(Debug, Default)]
struct Message<'a> {
    head: Head,
    /// Parts that hold no others, in order.
    parts: Vec<Part<'a>>,
    /// The `start` parameter of the message.
    start: Option<String>,
    /// Whether its last part has no end.
    is_cut: bool,
}

/// A part of a message.
#[derive(Debug)]
struct Part<'a> {
    head: Head,
    body: &'a [u8],
}

impl<'a> Message<'a> {
    /// Reads a message or a part that holds parts.
    fn read(&mut self, bytes: &'a [u8], depth: usize, limits: &Limits) -> Result<(), ExtractError> {
        let (head, body) = Head::read(bytes);
        if depth == 0 {
            if head.fields.is_empty() {
                return Err(damaged("begins with no header, as saved pages do"));
            }
            self.start = head.parameter("content-type", "start");
            self.head = head.clone();
        }
        let kind = head.kind();
        if !kind.starts_with("multipart/") {
            let is_read = depth > 0 || (Part { head: head.clone(), body }).is_page();
            if !is_read {
                return Err(damaged(&format!("a message of one part ({kind}), not a saved page")));
            }
            self.parts.push(Part { head, body });
            let count = u64::try_from(self.parts.len()).unwrap_or(u64::MAX);
            if count > limits.members_max {
                return Err(OverLimit::more_than(LimitName::Members, limits.members_max).into());
            }
            return Ok(());
        }
        let Some(boundary) = head.parameter("content-type", "boundary") else {
            return Err(damaged("its parts have no boundary"));
        };
        if depth == DEPTH_MAX {
            return Ok(());
        }
        let (parts, is_cut) = split(body, &boundary);
        self.is_cut |= is_cut;
        parts.into_iter().try_for_each(|part| self.read(part, depth + 1, limits))
    }

    /// The part that is the page: the one the message names, else the first page.
    fn root(&self) -> Option<&Part<'a>> {
        let bare = |id: &str| id.trim().trim_matches(['<', '>']).to_owned();
        let named = self.start.as_deref().map(bare).and_then(|start| {
            let is_it = |part: &&Part<'_>| {
                part.head.field("content-id").is_some_and(|id| bare(&id) == start)
            };
            self.parts.iter().find(is_it)
        });
        let address = self.head.field("snapshot-content-location");
        let located = address.and_then(|address| {
            let is_it =
                |part: &&Part<'_>| part.head.field("content-location").as_ref() == Some(&address);
            self.parts.iter().find(is_it)
        });
        let is_page = |part: &&Part<'_>| part.is_page();
        named
            .filter(is_page)
            .or(located.filter(is_page))
            .or_else(|| self.parts.iter().find(is_page))
    }
}

impl Part<'_> {
    fn is_page(&self) -> bool {
        matches!(self.head.kind().as_str(), "text/html" | "application/xhtml+xml")
    }

    /// Its bytes, decoded from the form they were sent in.
    fn content(&self) -> Result<Cow<'_, [u8]>, ExtractError> {
        let encoding = self.head.field("content-transfer-encoding").unwrap_or_default();
        match encoding.trim().to_ascii_lowercase().as_str() {
            "quoted-printable" => Ok(Cow::Owned(quoted_printable(self.body))),
            "base64" => base64(self.body)
                .map(Cow::Owned)
                .ok_or_else(|| damaged("its base64 is cut or wrong")),
            "" | "7bit" | "8bit" | "binary" => Ok(Cow::Borrowed(self.body)),
            other => Err(damaged(&format!("transfer encoding {other} is unknown"))),
        }
    }
}

/// The headers of a message or part.
#[derive(Debug, Clone, Default)]
struct Head {
    /// Name in lower case, and value on one line.
    fields: Vec<(String, String)>,
}

impl Head {
    /// The headers at the start of `bytes`, and what follows them.
    fn read(bytes: &[u8]) -> (Self, &[u8]) {
        let mut head = Self::default();
        let mut rest = bytes;
        // Blank lines before the first header are a slip of some programs.
        while let Some(after) = rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n")) {
            rest = after;
        }
        let all = rest.len();
        while !rest.is_empty() && all - rest.len() <= HEAD_BYTES_MAX {
            let end = memchr::memchr(b'\n', rest).map_or(rest.len(), |at| at + 1);
            let (line, after) = rest.split_at(end);
            let line = String::from_utf8_lossy(line.trim_ascii_end());
            if line.is_empty() {
                rest = after;
                break;
            }
            if line.starts_with([' ', '\t']) {
                if let Some((_, value)) = head.fields.last_mut() {
                    value.push(' ');
                    value.push_str(line.trim());
                }
            } else if let Some((name, value)) =
                line.split_once(':').filter(|(name, _)| is_header_name(name))
            {
                head.fields.push((name.to_ascii_lowercase(), value.trim().to_owned()));
            } else {
                // No header: the text began without a blank line.
                break;
            }
            rest = after;
        }
        (head, rest)
    }

    fn field(&self, name: &str) -> Option<String> {
        let found = self.fields.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.clone()).filter(|value| !value.is_empty())
    }

    /// The content type in lower case, without its parameters; text where it says nothing (RFC 2045).
    fn kind(&self) -> String {
        let value = self.field("content-type").unwrap_or_else(|| "text/plain".to_owned());
        value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }

    /// A parameter of a header: `text/html; charset="utf-8"`.
    fn parameter(&self, field: &str, name: &str) -> Option<String> {
        let value = self.field(field)?;
        let mut rest = value.split_once(';')?.1;
        loop {
            let (key, after) = rest.split_once('=')?;
            let after = after.trim_start();
            let (found, next) = match after.strip_prefix('"') {
                Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
                None => after.split_at(after.find(';').unwrap_or(after.len())),
            };
            if key.trim_matches([';', ' ', '\t']).eq_ignore_ascii_case(name) {
                return Some(found.trim().to_owned());
            }
            rest = next;
        }
    }
}

fn is_header_name(name: &str) -> bool {
    !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// The parts between the boundaries, and whether the last boundary is missing.
fn split<'a>(body: &'a [u8], boundary: &str) -> (Vec<&'a [u8]>, bool) {
    let mark = format!("--{boundary}");
    let mut parts = Vec::new();
    let mut start = None;
    for at in memmem::find_iter(body, mark.as_bytes()) {
        let is_line_start = at == 0 || body.get(at - 1) == Some(&b'\n');
        let after = body.get(at + mark.len()..).unwrap_or_default();
        // `--b` is no boundary where it begins `--b2`.
        let is_end = after.starts_with(b"--");
        let is_whole = is_end || after.first().is_none_or(u8::is_ascii_whitespace);
        if !is_line_start || !is_whole {
            continue;
        }
        if let Some(part) = start.and_then(|start| body.get(start..at)) {
            // The line end before a boundary belongs to the boundary.
            let part = part.strip_suffix(b"\n").unwrap_or(part);
            parts.push(part.strip_suffix(b"\r").unwrap_or(part));
        }
        if is_end {
            return (parts, false);
        }
        let line = memchr::memchr(b'\n', after).map_or(after.len(), |end| end + 1);
        start = Some(at + mark.len() + line);
    }
    parts.extend(start.and_then(|start| body.get(start..)));
    (parts, true)
}

/// Decodes quoted-printable; what is none stays as it is.
fn quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = memchr::memchr(b'=', rest) {
        let (before, code) = rest.split_at(at);
        decoded.extend_from_slice(before);
        rest = match code {
            [_, b'\r', b'\n', rest @ ..] | [_, b'\n', rest @ ..] => rest,
            [_, high, low, rest @ ..] => match hex(*high).zip(hex(*low)) {
                Some((high, low)) => {
                    decoded.push(high << 4 | low);
                    rest
                }
                None => keep_sign(&mut decoded, code),
            },
            _ => keep_sign(&mut decoded, code),
        };
    }
    decoded.extend_from_slice(rest);
    decoded
}

fn keep_sign<'a>(decoded: &mut Vec<u8>, code: &'a [u8]) -> &'a [u8] {
    decoded.push(b'=');
    code.get(1..).unwrap_or_default()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// Decodes base64; `None` where a character is none of its, or the last group is cut.
fn base64(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut decoded = Vec::with_capacity(bytes.len() / 4 * 3);
    let (mut group, mut count) = (0_u32, 0);
    for byte in bytes.iter().filter(|byte| !byte.is_ascii_whitespace()) {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => break,
            _ => return None,
        };
        group = group << 6 | u32::from(value);
        count += 1;
        if count == 4 {
            decoded.extend(group.to_be_bytes().iter().skip(1));
            (group, count) = (0, 0);
        }
    }
    match count {
        0 => {}
        2 => decoded.extend((group << 12).to_be_bytes().iter().skip(1).take(1)),
        3 => decoded.extend((group << 6).to_be_bytes().iter().skip(1).take(2)),
        _ => return None,
    }
    Some(decoded)
}

/// A header with its encoded words decoded: `=?gb2312?B?1s7A7Q==?=` (RFC 2047).
fn plain_header(value: &str) -> String {
    let mut plain = String::new();
    // Bytes of encoded words in a row: a character may lie in two of them.
    let mut bytes: Vec<u8> = Vec::new();
    let mut label = String::new();
    let mut rest = value;
    for _ in 0..ENCODED_WORDS_MAX {
        let Some((before, word)) = rest.split_once("=?") else { break };
        let mut fields = word.splitn(4, '?');
        let (Some(charset), Some(kind), Some(text), Some(after)) =
            (fields.next(), fields.next(), fields.next(), fields.next())
        else {
            break;
        };
        let Some(after) = after.strip_prefix('=') else { break };
        let decoded = match kind {
            "B" | "b" => base64(text.as_bytes()),
            "Q" | "q" => Some(quoted_printable(text.replace('_', " ").as_bytes())),
            _ => None,
        };
        let Some(decoded) = decoded else { break };
        if !before.trim().is_empty() || !charset.eq_ignore_ascii_case(&label) {
            plain.push_str(&in_charset(&label, &bytes));
            bytes.clear();
            plain.push_str(if before.trim().is_empty() { "" } else { before });
            label = charset.to_owned();
        }
        bytes.extend(decoded);
        rest = after;
    }
    plain.push_str(&in_charset(&label, &bytes));
    plain.push_str(rest);
    plain.trim().to_owned()
}

fn in_charset(label: &str, bytes: &[u8]) -> String {
    let encoding = Encoding::for_label(label.as_bytes()).unwrap_or(encoding_rs::UTF_8);
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::GBK;
    use proptest::prelude::*;

    const BODY: &str = "示例县把全县划分为一百二十个网格，每个网格配备一名网格员，群众有事不用出村，干部带着表格上门服务。";

    fn page(title: &str) -> String {
        let paragraphs: String = (1..=6).map(|n| format!("<p>{n}月，{BODY}</p>")).collect();
        format!(
            "<html><head><title>{title}</title></head><body><h1>{title}</h1>{paragraphs}</body></html>"
        )
    }

    fn quoted(bytes: &[u8]) -> String {
        let mut text = String::new();
        for (at, byte) in bytes.iter().enumerate() {
            text.push_str(&format!("={byte:02X}"));
            if at % 24 == 23 {
                text.push_str("=\r\n");
            }
        }
        text
    }

    fn encoded(bytes: &[u8]) -> String {
        const DIGITS: &[u8; 64] =
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let mut text = String::new();
        for group in bytes.chunks(3) {
            let number =
                group.iter().fold(0_usize, |number, byte| number << 8 | usize::from(*byte))
                    << (8 * (3 - group.len()));
            for digit in 0..4 {
                let is_padding = digit > group.len();
                text.push(if is_padding {
                    '='
                } else {
                    char::from(DIGITS[number >> (18 - 6 * digit) & 63])
                });
            }
            if text.len() % 78 == 76 {
                text.push_str("\r\n");
            }
        }
        text
    }

    /// A message of parts: content type, transfer encoding, other headers, body.
    fn message(head: &str, parts: &[(&str, &str, &str, String)]) -> Vec<u8> {
        let mut text = format!(
            "From: <Saved by a browser>\r\n{head}MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\ttype=\"text/html\";\r\n\tboundary=\"----b--1\"\r\n\r\n\r\n"
        );
        for (kind, encoding, other, body) in parts {
            text.push_str(&format!(
                "------b--1\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: {encoding}\r\n{other}\r\n{body}\r\n"
            ));
        }
        text.push_str("------b--1--\r\n");
        text.into_bytes()
    }

    fn read(bytes: &[u8]) -> Result<Extracted, ExtractError> {
        extract(bytes, &ReadOptions::default())
    }

    fn cause(bytes: &[u8]) -> String {
        read(bytes).unwrap_err().to_string()
    }

    #[test]
    fn a_saved_page_is_read_whatever_its_transfer_encoding() {
        let page = page("示例县推进网格化");
        let gbk = GBK.encode(&page).0.into_owned();
        for (kind, encoding, body) in [
            ("text/html", "quoted-printable", quoted(page.as_bytes())),
            ("text/html; charset=gb2312", "quoted-printable", quoted(&gbk)),
            ("TEXT/HTML; charset=\"GBK\"", "BASE64", encoded(&gbk)),
            ("text/html", "8bit", page.clone()),
            ("application/xhtml+xml", "binary", page.clone()),
        ] {
            let location = "Content-Location: http://a.example/1.html\r\n";
            let image = ("image/png", "base64", "", "iVBORw0KGgo=".to_owned());
            let bytes = message("", &[image, (kind, encoding, location, body)]);
            let extracted = read(&bytes).unwrap();
            assert!(
                extracted.text.contains(&format!("6月，{BODY}")),
                "{kind} {encoding}: {}",
                extracted.text
            );
            assert_eq!(extracted.metadata.title.as_deref(), Some("示例县推进网格化"));
            assert_eq!(extracted.metadata.url.as_deref(), Some("http://a.example/1.html"));
            assert_eq!((extracted.map, extracted.metadata.date), (None, None));
            let numbers: Vec<usize> = extracted.blocks.iter().map(|block| block.number).collect();
            assert_eq!(numbers, (1..=extracted.text.lines().count()).collect::<Vec<_>>());
        }
    }

    #[test]
    fn the_page_a_message_names_is_the_page() {
        let parts = [
            ("text/html", "8bit", "Content-ID: <a>\r\n", page("广告的页面")),
            (
                "text/html",
                "8bit",
                "Content-ID: <b>\r\nContent-Location: http://a.example/\r\n",
                page("示例县的页面"),
            ),
        ];
        let bytes = message("Snapshot-Content-Location: http://a.example/\r\n", &parts);
        assert!(read(&bytes).unwrap().text.starts_with("示例县的页面"));
        let text = String::from_utf8(bytes).unwrap().replace("type=\"text/html\"", "start=\"<a>\"");
        assert!(read(text.as_bytes()).unwrap().text.starts_with("广告的页面"));
    }

    #[test]
    fn the_frames_of_a_page_without_text_are_read() {
        let root = "<frameset><frame src=menu.htm><frame src=main.htm></frameset>".to_owned();
        let parts =
            [("text/html", "8bit", "", root), ("text/html", "8bit", "", page("示例县的页面"))];
        let extracted = read(&message("", &parts)).unwrap();
        assert!(extracted.text.starts_with("示例县的页面\n1月"), "{}", extracted.text);
        assert_eq!(extracted.metadata.title.as_deref(), Some("示例县的页面"));
    }

    #[test]
    fn the_subject_is_the_title_of_a_page_without() {
        let body = ("text/html", "8bit", "", "<p>好</p>".to_owned());
        let subject = format!(
            "Subject: =?gb2312?B?{}?=\r\n =?GB2312?Q?=CD=F8?= (1)\r\n",
            encoded(&GBK.encode("示例").0)
        );
        let title = read(&message(&subject, &[body])).unwrap().metadata.title;
        assert_eq!(title.as_deref(), Some("示例网 (1)"));
        assert_eq!(plain_header("=?utf-8?B?!?= x"), "=?utf-8?B?!?= x");
    }

    #[test]
    fn what_is_no_saved_page_is_refused_with_the_cause() {
        let damaged = |cause: &str| format!("damaged mhtml: {cause}");
        assert_eq!(cause(b""), damaged("begins with no header, as saved pages do"));
        assert_eq!(cause("没有头".as_bytes()), damaged("begins with no header, as saved pages do"));
        assert_eq!(
            cause(b"Subject: x\r\nContent-Type: text/plain\r\n\r\nhello"),
            damaged("a message of one part (text/plain), not a saved page")
        );
        assert_eq!(
            cause(b"Content-Type: multipart/related\r\n\r\n"),
            damaged("its parts have no boundary")
        );
        let image = ("image/png", "base64", "", "iVBORw0KGgo=".to_owned());
        assert_eq!(cause(&message("", &[image])), damaged("holds no web page"));
        let wrong = ("text/html", "base64", "", "PHA+*".to_owned());
        assert_eq!(cause(&message("", &[wrong])), damaged("its base64 is cut or wrong"));
    }

    #[test]
    fn a_page_of_one_part_and_a_message_cut_off_are_read() {
        let single = format!(
            "Subject: x\nContent-Type: text/html; charset=utf-8\n\n{}",
            page("示例县的页面")
        );
        assert!(read(single.as_bytes()).unwrap().text.contains(BODY));
        let mut cut = message("", &[("text/html", "8bit", "", page("示例县的页面"))]);
        cut.truncate(cut.len() - 14);
        assert!(read(&cut).unwrap().notes.iter().any(|note| note.code == "cut-end"));
    }

    #[test]
    fn parts_and_depth_are_limited() {
        let part = || ("text/html", "8bit", "", page("示例县的页面"));
        let bytes = message("", &[part(), part(), part()]);
        let options = ReadOptions {
            limits: Limits { members_max: 2, ..Limits::default() },
            ..ReadOptions::default()
        };
        assert!(matches!(extract(&bytes, &options), Err(ExtractError::OverLimit(_))));
        let nested = "Content-Type: multipart/mixed; boundary=b\n\n--b\n".repeat(10_000);
        assert_eq!(cause(nested.as_bytes()), "damaged mhtml: holds no web page");
    }

    proptest! {
        #[test]
        fn any_bytes_end_in_text_or_an_error(bytes in "(Content-Type: (multipart/related; boundary=b|text/html)\n|\n|--b\n|--b--\n|Content-Transfer-Encoding: (base64|quoted-printable)\n|<p>|文|=|=E4|A|: ){0,40}") {
            if let Ok(extracted) = read(bytes.as_bytes()) {
                prop_assert!(extracted.map.is_none());
            }
        }
    }
}
