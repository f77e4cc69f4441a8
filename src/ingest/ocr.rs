//! Text of pages that are pictures, read by a command of the user's choice. The library runs no other.

use crate::ingest::clean::clean;
use crate::ingest::extract::{BlockText, ExtractError};
use crate::ingest::limits::{LimitName, Limits, OverLimit};
use crate::ingest::lines::LineIndex;
use crate::ingest::normalize::rejoin;
use crate::ingest::sandbox::{end, set_apart};
use crate::ingest::{Block, Extracted, Layout, Metadata, ReadError, Taken, page_ranges};
use crate::model::{DecidedBy, EncodingReport, Note, Place, Span};
use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// How often it is looked whether the command has ended, or the run was stopped.
const TICK: Duration = Duration::from_millis(50);
/// How many times the seconds of other files a scanned one may take.
const SECONDS_TIMES: u64 = 10;
/// The variable of its environment that names the pages wanted, parted by blanks, when the others have text.
const PAGES_VARIABLE: &str = "FANGZHI_PAGES";
/// What ends a page.
const PAGE_END: char = '\u{c}';
/// The code of the note that the command failed on pages among others.
pub(crate) const FAILED_NOTE: &str = "ocr-failed";
/// The code of the note that names pages of which the command gave no text.
pub(crate) const UNRECOGNISED_NOTE: &str = "pages-unrecognised";
/// Codes of the notes that name pages without text.
const UNREAD_NOTES: [&str; 2] = ["pages-without-text", "pages-unmapped"];
/// Bytes of standard error that are looked at.
const COMPLAINT_BYTES_MAX: u64 = 8 << 10;

/// A command that is given the path of a PDF as its last argument and prints its text in UTF-8: every page in its order,
/// ended by a form feed. Of a PDF with text only some pages are wanted: `FANGZHI_PAGES` names them, parted by blanks, and
/// the others may be empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OcrCommand {
    program: String,
    arguments: Vec<String>,
}

impl OcrCommand {
    /// The words of a command line, quoted as in a shell, which is not asked: no variables, pipes or patterns. `None`
    /// when there is no word, or a quote is left open.
    pub fn parse(line: &str) -> Option<Self> {
        let mut words = shlex::split(line)?.into_iter();
        let program = words.next().filter(|program| !program.is_empty())?;
        Some(Self { program, arguments: words.collect() })
    }

    /// The text of a scanned PDF, each line a block on its page.
    ///
    /// The command reads a copy in a temporary file that only this user can read: the file may lie in an archive, and
    /// may have changed since.
    /// `pages` is how many it has, where that is known: those that were not printed are noted.
    /// Errors: [`ReadError::Ocr`] when the command fails, prints no text, too much or too many pages; it is ended after
    /// ten times the seconds that a file may take, and when the run is stopped.
    pub(crate) fn read(
        &self,
        pdf: &[u8],
        pages: Option<usize>,
        limits: &Limits,
        stop: Option<&AtomicBool>,
    ) -> Result<Taken, ReadError> {
        let printed = self.printed(pdf, &[], limits, stop)?;
        let mut taken = taken(&printed, &self.program);
        if taken.extracted.blocks.is_empty() {
            return Err(self.failed("it printed no text".to_owned()));
        }
        let count = pages_in(&printed);
        if let Some(pages) = pages {
            self.check_most(&printed, pages)?;
            let unread: Vec<usize> = (count + 1..=pages).collect();
            if !unread.is_empty() {
                let note = Note::new(UNRECOGNISED_NOTE, page_ranges(&unread));
                taken.extracted.notes.push(note);
            }
            taken.extracted.unread_pages = unread;
        }
        Ok(taken)
    }

    /// Adds the text of pages that are pictures to that of the others; a command that fails costs a note.
    ///
    /// Errors: [`ReadError::Stopped`].
    pub(crate) fn complete(
        &self,
        mut taken: Taken,
        pdf: &[u8],
        limits: &Limits,
        stop: Option<&AtomicBool>,
    ) -> Result<Taken, ReadError> {
        let wanted = &taken.extracted.unread_pages;
        let several = wanted.last().is_some_and(|&last| last > 1)
            || taken.extracted.blocks.iter().any(|block| block.page.is_some_and(|page| page.1 > 1));
        let pages = taken.extracted.metadata.pages;
        let printed = self.printed(pdf, wanted, limits, stop).and_then(|printed| {
            if several && !printed.contains(PAGE_END) {
                return Err(self.failed("it printed no form feeds between pages".to_owned()));
            }
            if let Some(pages) = pages {
                self.check_places(&printed, wanted, pages)?;
            }
            Ok(printed)
        });
        match printed {
            Ok(printed) => taken.extracted = merged(taken.extracted, &printed, &self.program),
            Err(ReadError::Stopped) => return Err(ReadError::Stopped),
            Err(error) => {
                taken.extracted.notes.push(Note::new(FAILED_NOTE, error.to_string()));
            }
        }
        Ok(taken)
    }

    /// Errors: more pages were printed than there are, so that nobody knows which of them are which.
    fn check_most(&self, printed: &str, pages: usize) -> Result<(), ReadError> {
        // Form feeds behind the last text may be any number.
        let last = printed.trim_end().matches(PAGE_END).count() + 1;
        if last > pages {
            return Err(
                self.failed(format!("it printed more pages than there are: {last} for {pages}"))
            );
        }
        Ok(())
    }

    /// Errors: what was printed may stand on other pages than those it was printed for, because there is too much of it,
    /// or no more than the pages wanted, one after the other.
    fn check_places(&self, printed: &str, wanted: &[usize], pages: usize) -> Result<(), ReadError> {
        self.check_most(printed, pages)?;
        let printed = pages_in(printed);
        let is_ambiguous = wanted
            .get(..printed)
            .is_some_and(|first| printed < pages && !first.iter().copied().eq(1..=printed));
        if is_ambiguous { Err(self.too_few(printed, pages)) } else { Ok(()) }
    }

    fn too_few(&self, printed: usize, pages: usize) -> ReadError {
        self.failed(format!(
            "it printed fewer pages than there are: {printed} for {pages} (all must come in order, empty where not wanted)"
        ))
    }

    /// What the command prints of a PDF; of those pages only, when there are any.
    fn printed(
        &self,
        pdf: &[u8],
        pages: &[usize],
        limits: &Limits,
        stop: Option<&AtomicBool>,
    ) -> Result<String, ReadError> {
        let failed = |error: io::Error| self.failed(error.to_string());
        let mut file = tempfile::Builder::new()
            .prefix("fangzhi-")
            .suffix(".pdf")
            .tempfile()
            .map_err(failed)?;
        file.write_all(pdf).and_then(|()| file.flush()).map_err(failed)?;
        let printed = self.run(file.path(), pages, limits, stop)?;
        String::from_utf8(printed)
            .map_err(|_| self.failed("what it printed is not UTF-8".to_owned()))
    }

    fn failed(&self, cause: String) -> ReadError {
        ReadError::Ocr { command: self.program.clone(), cause }
    }

    fn run(
        &self,
        path: &Path,
        pages: &[usize],
        limits: &Limits,
        stop: Option<&AtomicBool>,
    ) -> Result<Vec<u8>, ReadError> {
        let failed = |error: io::Error| self.failed(error.to_string());
        let mut command = Command::new(&self.program);
        command
            .args(&self.arguments)
            .arg(OsString::from(path))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command.env_remove(PAGES_VARIABLE);
        if !pages.is_empty() {
            let pages: Vec<String> = pages.iter().map(usize::to_string).collect();
            command.env(PAGES_VARIABLE, pages.join(" "));
        }
        set_apart(&mut command);
        let mut child = command.spawn().map_err(failed)?;
        let (Some(out), Some(mut err)) = (child.stdout.take(), child.stderr.take()) else {
            return Err(failed(io::ErrorKind::BrokenPipe.into()));
        };
        let bytes_max = limits.file_bytes_max;
        let (status, printed, complaint) = thread::scope(|scope| {
            // Who prints more finds the pipe closed.
            let printing = scope.spawn(move || first_bytes(out, bytes_max.saturating_add(1)));
            let complaining = scope.spawn(move || {
                let complaint = first_bytes(&mut err, COMPLAINT_BYTES_MAX);
                io::copy(&mut err, &mut io::sink()).ok();
                complaint
            });
            let status = self.wait(&mut child, limits, stop);
            (status, printing.join().unwrap_or_default(), complaining.join().unwrap_or_default())
        });
        let status = status?;
        if u64::try_from(printed.len()).is_ok_and(|len| len > bytes_max) {
            let over = OverLimit::more_than(LimitName::FileBytes, bytes_max);
            return Err(self.failed(format!("what it printed {over}")));
        }
        if !status.success() {
            let complaint = String::from_utf8_lossy(&complaint);
            let first = complaint.lines().map(str::trim).find(|line| !line.is_empty());
            return Err(self.failed(first.map_or_else(|| status.to_string(), str::to_owned)));
        }
        Ok(printed)
    }

    /// Waits for the command to end, and ends it when it is time.
    fn wait(
        &self,
        child: &mut Child,
        limits: &Limits,
        stop: Option<&AtomicBool>,
    ) -> Result<ExitStatus, ReadError> {
        let seconds = limits.seconds_max.max(1).saturating_mul(SECONDS_TIMES);
        let started = Instant::now();
        loop {
            let ended = child.try_wait();
            if let Some(status) = ended.map_err(|error| self.failed(error.to_string()))? {
                return Ok(status);
            }
            let stopped = stop.is_some_and(|stop| stop.load(Ordering::Relaxed));
            if stopped || started.elapsed() > Duration::from_secs(seconds) {
                end(child);
                child.wait().ok();
                let late = || {
                    self.failed(format!(
                        "it took more than {seconds} seconds (--max-seconds raises it)"
                    ))
                };
                return Err(if stopped { ReadError::Stopped } else { late() });
            }
            thread::sleep(TICK);
        }
    }
}

/// Whether a command may find more text than was taken: pages are pictures, or their fonts do not say what they draw.
pub(crate) fn can_help(taken: &Result<Taken, ReadError>) -> bool {
    match taken {
        Ok(taken) => !taken.extracted.unread_pages.is_empty(),
        Err(error) => can_read(error),
    }
}

/// Whether a command may read a file that gave no text.
pub(crate) fn can_read(error: &ReadError) -> bool {
    matches!(
        error,
        ReadError::Extract(ExtractError::Scanned { .. } | ExtractError::Unmapped { .. })
    )
}

/// How many pages a PDF has in which no text was found, where that is known.
pub(crate) fn pages_of(error: &ReadError) -> Option<usize> {
    match error {
        ReadError::Extract(
            ExtractError::Scanned { pages } | ExtractError::Unmapped { pages, .. },
        ) => Some(*pages),
        _ => None,
    }
}

/// How many pages were printed; the last may lack its form feed.
fn pages_in(printed: &str) -> usize {
    let ended = printed.matches(PAGE_END).count();
    let after = printed.rsplit(PAGE_END).next().unwrap_or_default();
    ended + usize::from(!after.trim().is_empty())
}

/// The first bytes of a stream.
fn first_bytes(stream: impl Read, most: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    stream.take(most).read_to_end(&mut bytes).ok();
    bytes
}

/// Lines on pages as a text whose blocks are the lines.
fn taken(printed: &str, program: &str) -> Taken {
    let mut text = String::new();
    let mut blocks = Vec::new();
    for (page, lines) in printed.split(PAGE_END).enumerate() {
        for line in lines.lines() {
            if !text.is_empty() {
                text.push('\n');
            }
            let start = text.len();
            let line = line.trim_end();
            text.push_str(line);
            if !line.is_empty() {
                let span = Span::new(start, text.len());
                let (number, page) = (blocks.len() + 1, Some((page + 1, page + 1)));
                blocks.push(Block { span, role: None, number, page, area: None });
            }
        }
    }
    let encoding = EncodingReport {
        encoding: "UTF-8".to_owned(),
        decided_by: DecidedBy::Format,
        margin: None,
        replacements: text.matches('\u{fffd}').count(),
        first_replacement: None,
    };
    let (metadata, notes) = (Metadata::default(), vec![Note::new("ocr", program)]);
    let layout = Layout::Lines;
    let extracted =
        Extracted { text, map: None, layout, blocks, metadata, notes, unread_pages: Vec::new() };
    Taken { encoding, extracted, lines: LineIndex::default() }
}

/// Puts what was printed of the pages without text among the blocks of the others.
fn merged(extracted: Extracted, printed: &str, program: &str) -> Extracted {
    let wanted = &extracted.unread_pages;
    let pages = printed.split(PAGE_END).zip(1..);
    let pages: Vec<&str> =
        pages.map(|(text, page)| if wanted.contains(&page) { text } else { "" }).collect();
    let recognised = paragraphs(&pages.join("\u{c}"));
    let is_read = |page: usize| {
        recognised.iter().any(|paragraph| (paragraph.pages.0..=paragraph.pages.1).contains(&page))
    };
    let mut text = BlockText::default();
    let mut add = |content: &str, role, pages, area| {
        text.push(content, role, text.blocks.len() + 1, Some(pages), area);
    };
    let mut waiting = recognised.iter().peekable();
    for block in &extracted.blocks {
        let (first, last) = block.page.unwrap_or_default();
        while let Some(paragraph) = waiting.next_if(|paragraph| paragraph.pages.0 <= first) {
            add(&paragraph.text, None, paragraph.pages, None);
        }
        // The little that a picture page says itself was recognised too.
        if !(first == last && is_read(first)) {
            let content = extracted.text.get(block.span.range()).unwrap_or_default();
            add(content, block.role, (first, last), block.area);
        }
    }
    for paragraph in waiting {
        add(&paragraph.text, None, paragraph.pages, None);
    }
    let (read, unread): (Vec<usize>, Vec<usize>) = wanted.iter().partition(|page| is_read(**page));
    let mut notes = extracted.notes;
    notes.retain(|note| !UNREAD_NOTES.contains(&note.code.as_str()));
    if !read.is_empty() {
        notes.push(Note::new("ocr", format!("{program}: {}", page_ranges(&read))));
    }
    if !unread.is_empty() {
        notes.push(Note::new(UNRECOGNISED_NOTE, page_ranges(&unread)));
    }
    Extracted { unread_pages: unread, ..text.finish(extracted.metadata, notes) }
}

/// A paragraph of recognised lines.
#[derive(Debug)]
struct Recognised {
    text: String,
    /// First and last page.
    pages: (usize, usize),
}

/// The paragraphs of recognised pages: lines that cleaning would join are joined now, because the pages around them
/// know their paragraphs.
fn paragraphs(printed: &str) -> Vec<Recognised> {
    let Taken { extracted, lines, .. } = taken(printed, "");
    let mut joins: Vec<bool> = vec![false; extracted.blocks.len()];
    let cleaned = clean(&extracted, &lines);
    for paragraph in cleaned.articles.iter().flat_map(|article| &article.paragraphs) {
        if let Some(Place::Block { block: (first, last), .. }) = paragraph.place {
            // Numbers are from 1: the line after the first is the one of that number.
            joins.iter_mut().take(last).skip(first).for_each(|joins| *joins = true);
        }
    }
    let mut paragraphs: Vec<Recognised> = Vec::new();
    for (block, joins) in extracted.blocks.iter().zip(joins) {
        let line = extracted.text.get(block.span.range()).unwrap_or_default().trim();
        let page = block.page.map_or(1, |(page, _)| page);
        // The page between two that are not neighbours has a text of its own.
        match paragraphs.last_mut().filter(|open| joins && page <= open.pages.1 + 1) {
            Some(open) => {
                let joint = rejoin::joint(&open.text, line);
                open.text.push_str(joint);
                open.text.push_str(line);
                open.pages.1 = page;
            }
            None => paragraphs.push(Recognised { text: line.to_owned(), pages: (page, page) }),
        }
    }
    paragraphs.retain(|paragraph| !paragraph.text.is_empty());
    paragraphs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::Role;

    #[test]
    fn a_command_line_is_split_as_a_shell_does_and_no_further() {
        let parsed = OcrCommand::parse("ocr --lang 'chi sim' $HOME|wc").unwrap();
        assert_eq!(parsed.program, "ocr");
        assert_eq!(parsed.arguments, ["--lang", "chi sim", "$HOME|wc"]);
        for wrong in ["", "  ", "ocr 'open", "''"] {
            assert_eq!(OcrCommand::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn form_feeds_end_pages_and_lines_are_blocks() {
        let Extracted { text, blocks, layout, .. } =
            taken("示例县修路\r\n\n三条。\n\u{c}第二页\n\u{c}", "ocr").extracted;
        assert_eq!(layout, Layout::Lines);
        let found: Vec<_> = blocks
            .iter()
            .map(|block| {
                (text.get(block.span.range()).unwrap(), block.number, block.page.unwrap().0)
            })
            .collect();
        assert_eq!(found, [("示例县修路", 1, 1), ("三条。", 2, 1), ("第二页", 3, 2)]);
    }

    /// A text of three pages, of which the second and fourth are pictures; the second has a page number.
    fn mixed() -> Extracted {
        let mut text = BlockText::default();
        for (line, pages) in [("一、修路。", (1, 1)), ("- 2 -", (2, 2)), ("三、造林。", (3, 3))]
        {
            text.push(line, Some(Role::Body), text.blocks.len() + 1, Some(pages), Some([1; 4]));
        }
        let notes = [("pages-without-text", "2, 4"), ("unmapped-characters", "1")];
        let notes = notes.map(|(code, detail)| Note::new(code, detail)).to_vec();
        let metadata = Metadata { pages: Some(4), ..Metadata::default() };
        Extracted { unread_pages: vec![2, 4], ..text.finish(metadata, notes) }
    }

    fn lines_with_pages(extracted: &Extracted) -> Vec<(&str, usize)> {
        let blocks = extracted.blocks.iter();
        let line = |block: &Block| {
            (extracted.text.get(block.span.range()).unwrap(), block.page.unwrap().0)
        };
        blocks.map(line).collect()
    }

    fn noted(extracted: &Extracted) -> Vec<String> {
        extracted.notes.iter().map(|note| format!("{}: {}", note.code, note.detail)).collect()
    }

    #[test]
    fn recognised_pages_stand_where_they_belong() {
        let found = merged(mixed(), "甲\u{c}二、治水。\n\u{c}丙\u{c}四、办学。\u{c}", "ocr");
        assert_eq!(
            lines_with_pages(&found),
            [("一、修路。", 1), ("二、治水。", 2), ("三、造林。", 3), ("四、办学。", 4)]
        );
        assert_eq!(noted(&found), ["unmapped-characters: 1", "ocr: ocr: 2, 4"]);
        assert_eq!(found.unread_pages, [0; 0]);
        let numbers: Vec<_> = found.blocks.iter().map(|block| block.number).collect();
        assert_eq!(numbers, [1, 2, 3, 4]);
    }

    #[test]
    fn pages_of_which_nothing_was_printed_stay_as_they_are() {
        let found = merged(mixed(), "甲\u{c} \n\u{c}丙\u{c}四、办学。", "ocr");
        assert_eq!(
            lines_with_pages(&found),
            [("一、修路。", 1), ("- 2 -", 2), ("三、造林。", 3), ("四、办学。", 4)]
        );
        assert_eq!(
            noted(&found),
            ["unmapped-characters: 1", "ocr: ocr: 4", "pages-unrecognised: 2"]
        );
        assert_eq!(merged(mixed(), "甲", "ocr").unread_pages, [2, 4]);
    }

    #[test]
    fn lines_of_recognised_pages_are_joined_to_paragraphs() {
        let paragraph = "　　示例县地处东部沿海，下辖六个镇和两个街道，常住人口四十二万\n人，全年实现地区生产总值三百一十亿元，比上年增长百分之六点五，\n城乡居民收入稳步提高。\n";
        let broken = "　　全县新建改建农村公路一百二十公里，解决了三万多名群众出行难";
        let page = format!("一、基本情况\n{}{broken}", paragraph.repeat(4));
        let next = format!("的问题。\n{}", paragraph.repeat(4));
        let joined = |last: &str| {
            let found = paragraphs(&format!("{page}\u{c}{last}"));
            let starts: Vec<_> =
                found.iter().map(|paragraph| paragraph.text.chars().count()).collect();
            (starts, found[5].pages)
        };
        let first = [6, 71, 71, 71, 71];
        assert_eq!(joined(&next), ([&first[..], &[33, 71, 71, 71, 71]].concat(), (1, 2)));
        let apart = format!("\u{c}{next}");
        assert_eq!(joined(&apart), ([&first[..], &[29, 4, 71, 71, 71, 71]].concat(), (1, 1)));
    }

    #[cfg(unix)]
    mod with_a_shell {
        use super::*;

        fn complete(script: &str) -> Extracted {
            let arguments = vec!["-c".to_owned(), script.to_owned()];
            let command = OcrCommand { program: "sh".to_owned(), arguments };
            let taken = Taken { extracted: mixed(), ..taken("", "") };
            let limits = Limits { seconds_max: 1, ..Limits::of_files(4 << 10) };
            command.complete(taken, b"%PDF-1.4 x", &limits, None).unwrap().extracted
        }

        #[test]
        fn the_command_is_told_which_pages_are_wanted() {
            let found = complete("printf '\\f%s页\\f\\f\\f' \"$FANGZHI_PAGES\"");
            assert_eq!(lines_with_pages(&found)[1], ("2 4页", 2));
            let whole = read("echo \"${FANGZHI_PAGES-all}\"", &Limits::default()).unwrap();
            assert_eq!(whole.extracted.text, "all");
        }

        #[test]
        fn a_command_that_fails_leaves_the_text_that_is_there() {
            for (script, cause) in [
                ("echo 'no such language' >&2; exit 3", "no such language"),
                ("echo 二、治水。", "it printed no form feeds between pages"),
                (
                    "printf '二、治水。\\f四、办学。\\f'",
                    "it printed fewer pages than there are: 2 for 4 (all must come in order, empty where not wanted)",
                ),
                (
                    "printf '甲\\f二\\f丙\\f四\\f五'",
                    "it printed more pages than there are: 5 for 4",
                ),
            ] {
                let found = complete(script);
                assert_eq!(lines_with_pages(&found), lines_with_pages(&mixed()));
                assert_eq!(found.unread_pages, [2, 4]);
                assert_eq!(
                    noted(&found)[2],
                    format!("ocr-failed: sh did not read its pages: {cause}")
                );
            }
        }

        fn read(script: &str, limits: &Limits) -> Result<Taken, ReadError> {
            let arguments = vec!["-c".to_owned(), script.to_owned()];
            let command = OcrCommand { program: "sh".to_owned(), arguments };
            command.read(b"%PDF-1.4 x", Some(3), limits, None)
        }

        #[test]
        fn wanted_pages_that_were_not_printed_are_listed() {
            let found = complete("printf '\\f二、治水。\\f丙'");
            assert_eq!(lines_with_pages(&found)[1], ("二、治水。", 2));
            assert_eq!(found.unread_pages, [4]);
            let noted = noted(&found);
            assert_eq!(noted[1..], ["ocr: sh: 2", "pages-unrecognised: 4"]);
        }

        #[test]
        fn pages_of_a_scanned_file_are_counted() {
            let unread = |script: &str| {
                let found = read(script, &Limits::default()).unwrap().extracted;
                assert_eq!(found.unread_pages.is_empty(), found.notes.len() == 1);
                found.unread_pages
            };
            assert_eq!(unread("printf '甲\\n'"), [2, 3]);
            assert_eq!(unread("printf '甲\\f乙'"), [3]);
            for whole in ["甲\\f乙\\f丙", "甲\\f\\f丙\\n\\f", "甲\\f\\f\\f\\n"] {
                assert_eq!(unread(&format!("printf '{whole}'")), [0; 0], "{whole}");
            }
            check(
                "printf '甲\\f乙\\f丙\\f丁\\f'",
                "sh did not read its pages: it printed more pages than there are: 4 for 3",
            );
        }

        #[track_caller]
        fn check(script: &str, error: &str) {
            let limits = Limits { seconds_max: 1, ..Limits::of_files(4 << 10) };
            assert_eq!(read(script, &limits).unwrap_err().to_string(), error);
        }

        #[test]
        fn the_command_is_given_the_pdf_in_a_file_of_its_own() {
            // With `sh -c`, the first argument after the script is $0.
            let taken = read("ls -l \"$0\" | cut -c1-10; cat \"$0\"", &Limits::default()).unwrap();
            assert_eq!(taken.extracted.text, "-rw-------\n%PDF-1.4 x");
            assert_eq!(taken.extracted.notes[0], Note::new("ocr", "sh"));
        }

        #[test]
        fn what_goes_wrong_is_said_in_the_words_of_the_command() {
            check(
                "echo '' >&2; echo 'no such language' >&2; exit 3",
                "sh did not read its pages: no such language",
            );
            check("exit 3", "sh did not read its pages: exit status: 3");
            check("true", "sh did not read its pages: it printed no text");
            check("printf '\\377'", "sh did not read its pages: what it printed is not UTF-8");
            check(
                "yes 县",
                "sh did not read its pages: what it printed has more than 4 KiB (--max-file-bytes raises the limit)",
            );
        }

        #[test]
        fn a_program_that_is_not_there_is_named() {
            let missing = OcrCommand::parse("/no/such/program").unwrap();
            let error = missing.read(b"", None, &Limits::default(), None).unwrap_err().to_string();
            assert!(error.starts_with("/no/such/program did not read its pages: "), "{error}");
        }

        #[test]
        fn a_stopped_run_ends_the_command() {
            let stop = AtomicBool::new(true);
            let command = OcrCommand::parse("sleep 60").unwrap();
            let started = Instant::now();
            // `sleep` would refuse the path; it is stopped before or after that.
            let found = command.read(b"", None, &Limits::default(), Some(&stop));
            assert!(found.is_err() && started.elapsed() < Duration::from_secs(10));
        }
    }
}
