//! Web pages, and office documents that are markup, by how their text begins.

use crate::ingest::Format;
use crate::ingest::extract::ExtractError;
use crate::ingest::sniff::{START_BYTES, not_read};
use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

/// Bytes in which a page must begin: scripts of archives put long comments before it.
const HEAD_BYTES: usize = 64 << 10;

/// Bytes that the header lines of a page with its parts take at most.
const MIME_BYTES: usize = START_BYTES;

/// A page begins like this, whatever its name.
const PAGE: &[&str] = &["!doctype html", "html"];

/// So begins a piece of a page under the name of a text.
const PIECE: &[&str] = &["head", "body", "meta", "title", "table", "style", "frameset"];

/// So begins a piece of a page under the name of an office file: programs write pages and call them `.doc` or `.xls`.
const LOOSE_PIECE: &[&str] = &[
    "div", "p", "span", "font", "center", "br", "hr", "h1", "h2", "h3", "script", "link", "base",
    "b", "form", "ul", "ol",
];

/// What text with markup is; `None` for other text, and where the name is to decide.
pub(super) fn markup(bytes: &[u8], named: Option<Format>) -> Option<Result<Format, ExtractError>> {
    let first = bytes.iter().find(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | 0))?;
    // A tag, a byte order mark, or the name of a header field.
    if !matches!(first, b'<' | 0xEF | 0xFE | 0xFF) && !first.is_ascii_alphabetic() {
        return None;
    }
    if is_mime(bytes, named) {
        return Some(Ok(Format::Mhtml));
    }
    let head = head(bytes);
    let (prologue, root) = split_prologue(&head)?;
    if let Some(what) = office_markup(prologue, root) {
        return Some(Err(not_read(what)));
    }
    is_page(root, named).then_some(Ok(Format::Html))
}

/// The beginning of the text in lower case; only its ASCII characters matter.
fn head(bytes: &[u8]) -> String {
    let head = bytes.get(..HEAD_BYTES).unwrap_or(bytes);
    let encoding = match Encoding::for_bom(head) {
        Some((encoding, _)) => Some(encoding),
        None if head.first() == Some(&0) => Some(UTF_16BE),
        None if head.get(1) == Some(&0) => Some(UTF_16LE),
        None => None,
    };
    let text = match encoding {
        Some(encoding) => encoding.decode_with_bom_removal(head).0,
        None => String::from_utf8_lossy(head),
    };
    text.to_ascii_lowercase()
}

/// Declarations and comments, and what begins with the `<` behind them.
fn split_prologue(head: &str) -> Option<(&str, &str)> {
    let mut rest = head;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        let end = if rest.starts_with("<?") {
            "?>"
        } else if rest.starts_with("<!--") {
            "-->"
        } else {
            let prologue = head.get(..head.len() - rest.len())?;
            return rest.starts_with('<').then_some((prologue, rest));
        };
        rest = rest.get(rest.find(end)? + end.len()..)?;
    }
}

/// The office document that the markup is.
fn office_markup(prologue: &str, root: &str) -> Option<&'static str> {
    let is = |tag: &str| has_tag(root, tag);
    if prologue.contains("progid=\"word.document\"") || is("w:worddocument") {
        Some("a Word 2003 XML document (save it as DOCX)")
    } else if prologue.contains("progid=\"excel.sheet\"")
        || is("ss:workbook")
        || is("workbook") && root.contains("urn:schemas-microsoft-com:office:spreadsheet")
    {
        Some("an Excel 2003 XML sheet (save it as XLSX)")
    } else if is("pkg:package") {
        Some("a Flat OPC document (save it as DOCX)")
    } else if is("office:document") {
        Some("a flat OpenDocument file (save it as ODT or ODS)")
    } else if is("uof:uof") {
        Some("a UOF document (save it as DOCX)")
    } else {
        None
    }
}

fn is_page(root: &str, named: Option<Format>) -> bool {
    let begins = |tags: &[&str]| tags.iter().any(|tag| has_tag(root, tag));
    match named {
        // Markdown may begin with a table or a comment in markup, and a record is never a page.
        Some(Format::Markdown | Format::Jsonl) => begins(PAGE),
        Some(Format::Html) => true,
        Some(Format::Plain | Format::Csv) | None => {
            begins(PAGE) || begins(PIECE) || has_tag(root, "div") && is_of_office(root)
        }
        Some(_) => begins(PAGE) || begins(PIECE) || begins(LOOSE_PIECE),
    }
}

/// Whether the first tag declares names of Word or Excel.
fn is_of_office(root: &str) -> bool {
    root.split('>').next().is_some_and(|tag| tag.contains("xmlns:"))
}

/// Whether the text, which begins with `<`, begins with that tag.
fn has_tag(root: &str, tag: &str) -> bool {
    let behind = root.get(1..).and_then(|rest| rest.strip_prefix(tag));
    behind.is_some_and(|rest| rest.starts_with(|c: char| c.is_whitespace() || c == '>' || c == '/'))
}

/// Whether the file begins as a page saved with its parts: lines of fields as in a mail, one of which says so.
fn is_mime(bytes: &[u8], named: Option<Format>) -> bool {
    let head = bytes.get(..MIME_BYTES).unwrap_or(bytes);
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let head = head.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let fields: Vec<&str> = head.lines().take_while(|line| !line.trim().is_empty()).collect();
    let is_field = |line: &&str| -> bool {
        line.starts_with([' ', '\t'])
            || line.split_once(':').is_some_and(|(name, _)| {
                !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            })
    };
    // The last line looked at may be cut off.
    let is_cut = bytes.len() >= MIME_BYTES && fields.len() == head.lines().count();
    let whole = fields.len() - usize::from(is_cut && !fields.is_empty());
    if whole < 2 || !fields.iter().take(whole).all(is_field) {
        return false;
    }
    let has = |start: &str| fields.iter().any(|line| line.starts_with(start));
    let is_page = has("content-type: multipart/related")
        || has("content-type:multipart/related")
        || has("from: <saved by")
        || has("snapshot-content-location:");
    has("content-type:") && (is_page || named == Some(Format::Mhtml) && has("mime-version:"))
}
