//! Word documents before 2007, and WPS documents, which are the same container.
//!
//! The reader is a library; what it knows of paragraphs is put into blocks here, as for DOCX. It says of an automatic
//! number only its value, not how it is written: these numbers are left out. `file` takes the streams with text out of
//! the container and checks them before the library sees them; `fields` writes out what fields without a result show;
//! `boxes` reads what the library passes over.

mod boxes;
mod fields;
mod file;

use crate::ingest::extract::doc::file::{LOST, WordFile};
use crate::ingest::extract::story::{Paragraph, Piece, Row, Story, believed_title, role_of_style};
use crate::ingest::extract::{ExtractError, fault};
use crate::ingest::faults;
use crate::ingest::limits::Limits;
use crate::ingest::sniff::OLE;
use crate::ingest::{Extracted, Format, Metadata, Role};
use crate::model::Note;
use undoc::Error;
use undoc::doc::DocParser;
use undoc::model::{Block, Document, ListType, RevisionType};

/// More characters in a hundred that are no text, and the file was read wrongly.
const GARBAGE_PERCENT: usize = 5;

/// The text of the file.
///
/// Errors: [`ExtractError::Encrypted`]; [`ExtractError::NotRead`] for other files in the same container, and
/// [`ExtractError::Damaged`] for what is none or gives characters that are no text.
pub(super) fn extract(bytes: &[u8], limits: &Limits) -> Result<Extracted, ExtractError> {
    let format = Format::Doc;
    if !bytes.starts_with(OLE) {
        let cause = "it does not begin as a Word document does".to_owned();
        return Err(ExtractError::Damaged { format, cause });
    }
    let file = WordFile::open(bytes, limits)?;
    let document = file
        .container()
        .map_err(Error::from)
        .and_then(DocParser::from_bytes)
        .and_then(|mut parser| parser.parse())
        .map_err(|error| failed(&error, limits))?;
    let mut reader = Reader::default();
    let boxes: Vec<Piece> = boxes::paragraphs(&file).into_iter().map(plain).collect();
    let story = reader.read(&document, &boxes);
    let percent = garbage_percent(story.text());
    if percent > GARBAGE_PERCENT {
        let cause = format!("{percent} % of its characters are no text");
        return Err(ExtractError::Damaged { format, cause });
    }
    let title = believed_title(document.metadata.title, story.text());
    let mut notes = Vec::new();
    if file.lost > 0 {
        notes.push(Note::new("damaged-file", format!("{} characters are zeros", file.lost)));
    }
    if reader.numbers > 0 {
        notes.push(Note::new("numbers-unread", reader.numbers.to_string()));
    }
    Ok(story.finish(Metadata { title, ..Metadata::default() }, notes))
}

fn failed(error: &Error, limits: &Limits) -> ExtractError {
    let format = Format::Doc;
    match error {
        Error::Encrypted => ExtractError::Encrypted { format },
        Error::InvalidData(cause) => {
            let cause = faults::plain(cause.strip_prefix("Word document: ").unwrap_or(cause));
            ExtractError::Damaged { format, cause }
        }
        Error::Io(cause) => {
            fault(cause, limits, || ExtractError::Damaged { format, cause: faults::plain(cause) })
        }
        other => ExtractError::Damaged { format, cause: faults::plain(other) },
    }
}

/// Takes over what the library found.
#[derive(Default)]
struct Reader {
    /// Automatic numbers that are left out.
    numbers: usize,
}

impl Reader {
    fn read(&mut self, document: &Document, boxes: &[Piece]) -> Story {
        let mut story = Story::default();
        let sections = &document.sections;
        let blocks = || sections.iter().flat_map(|section| &section.content);
        // Notes come after the boxes.
        let notes = blocks().filter_map(|block| match block {
            Block::Note { content, .. } => Some(content),
            _ => None,
        });
        for block in blocks() {
            match block {
                Block::Paragraph(paragraph) => story.add(&[self.paragraph(paragraph)]),
                Block::Table(table) => {
                    let rows = table.rows.iter().map(|row| self.row(row)).collect();
                    story.add(&[Piece::Table(rows)]);
                }
                _ => {}
            }
        }
        story.add(boxes);
        for paragraph in notes.flatten() {
            let mut piece = self.paragraph(paragraph);
            if let Piece::Paragraph(note) = &mut piece {
                note.role = Some(Role::Body);
            }
            story.add(&[piece]);
        }
        for section in sections {
            for head in [&section.header, &section.footer].into_iter().flatten() {
                let pieces: Vec<Piece> = head.iter().map(|text| self.paragraph(text)).collect();
                story.add_running_head(&pieces);
            }
        }
        story
    }

    fn row(&mut self, row: &undoc::model::Row) -> Row {
        let cells = row.cells.iter();
        cells.map(|cell| cell.content.iter().map(|text| self.paragraph(text)).collect()).collect()
    }

    fn paragraph(&mut self, paragraph: &undoc::model::Paragraph) -> Piece {
        let mut text = String::new();
        for run in &paragraph.runs {
            if run.revision == RevisionType::Deleted {
                continue;
            }
            text.extend(run.text.chars().map(|c| match c {
                '\t' => ' ',
                LOST => '\u{fffd}',
                c => c,
            }));
            if run.line_break || run.page_break {
                text.push('\n');
            }
        }
        let kind = paragraph.list_info.as_ref().map(|list| list.list_type);
        let is_numbered = kind == Some(ListType::Numbered) && !text.trim().is_empty();
        self.numbers += usize::from(is_numbered);
        let depth = paragraph.heading.level();
        let role = if depth > 0 {
            Some(Role::Heading(depth))
        } else {
            let by_style = paragraph.style_name.as_deref().and_then(role_of_style);
            by_style.or((kind == Some(ListType::Bullet)).then_some(Role::Body))
        };
        Piece::Paragraph(Paragraph { text, role })
    }
}

fn plain(text: String) -> Piece {
    Piece::Paragraph(Paragraph { text, role: None })
}

/// How many characters in a hundred are controls, private or replaced.
fn garbage_percent(text: &str) -> usize {
    let is_garbage = |c: &char| {
        (c.is_control() && *c != '\n')
            || matches!(c, '\u{fffd}' | '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..)
    };
    let garbage = text.chars().filter(is_garbage).count();
    (garbage * 100).checked_div(text.chars().count()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::extract::compound::with_streams;
    use undoc::model::{HeadingLevel, ListInfo, Section, Table, TextRun};

    #[track_caller]
    fn check_message(bytes: &[u8], expected: &str) {
        let message = extract(bytes, &Limits::default()).unwrap_err().to_string();
        assert!(message.starts_with(expected), "{message}");
    }

    #[test]
    fn what_is_no_word_document_says_so() {
        check_message(b"", "damaged doc: it does not begin as a Word document does");
        check_message(b"{\\rtf1", "damaged doc: it does not begin as a Word document does");
        check_message(OLE, "damaged doc: its directory is cut off or damaged");
        check_message(&[OLE, &[0; 1_000]].concat(), "damaged doc: its directory is cut off");
        let other = with_streams(&[("VisioDocument", b"")]).unwrap();
        check_message(&other, "an OLE file that is no Word document is not read");
    }

    #[test]
    fn what_the_library_found_becomes_blocks() {
        let run = |text: &str| TextRun::plain(text);
        let paragraph = |runs: Vec<TextRun>| undoc::model::Paragraph { runs, ..Default::default() };
        let mut broken = run("甲");
        broken.line_break = true;
        let mut deleted = run("删");
        deleted.revision = RevisionType::Deleted;
        let mut numbered = paragraph(vec![run("要求")]);
        numbered.list_info =
            Some(ListInfo { list_type: ListType::Numbered, number: Some(1), ..Default::default() });
        let mut heading = paragraph(vec![run("标题")]);
        heading.heading = HeadingLevel::H2;
        let mut caption = paragraph(vec![run("图一")]);
        caption.style_name = Some("caption".to_owned());
        let mut table = Table::new();
        let mut row = undoc::model::Row::new();
        for text in ["县", "网格"] {
            row.add_cell(undoc::model::Cell::with_text(text));
        }
        table.add_row(row);
        let mut section = Section::new(0);
        for text in [heading, paragraph(vec![broken, deleted, run("\t乙")]), numbered, caption] {
            section.add_paragraph(text);
        }
        section.add_table(table);
        section.add_block(Block::Note {
            label: "1".to_owned(),
            content: vec![paragraph(vec![run("注")])],
        });
        section.header = Some(vec![paragraph(vec![run("简报")])]);
        section.footer = Some(vec![paragraph(vec![run("简报")])]);
        let mut document = Document::new();
        document.add_section(section);
        let mut reader = Reader::default();
        let extracted = reader
            .read(&document, &[plain("框中".to_owned())])
            .finish(Metadata::default(), Vec::new());
        assert_eq!(extracted.text, "标题\n甲\n乙\n要求\n图一\n县 网格\n框中\n注\n简报");
        let roles: Vec<_> = extracted.blocks.iter().map(|block| block.role).collect();
        let expected = [
            Some(Role::Heading(2)),
            None,
            None,
            Some(Role::Caption),
            Some(Role::Row),
            None,
            Some(Role::Body),
            Some(Role::RunningHead),
        ];
        assert_eq!((roles.as_slice(), reader.numbers), (expected.as_slice(), 1));
    }

    #[test]
    fn characters_that_are_no_text_are_counted() {
        assert_eq!(garbage_percent(""), 0);
        assert_eq!(garbage_percent("云岭县\n夜校"), 0);
        assert_eq!(garbage_percent("云\u{fffd}\u{e005}\u{1}"), 75);
    }
}
