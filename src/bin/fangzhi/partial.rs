//! What was read in part: how many files, of what kind, what is missing in each, and what can be done.
//!
//! Which notes mean that text is missing the library decides ([`Note::LOSS_CODES`]); here stand the words for them.

use crate::app::App;
use crate::index::counted_paths;
use crate::lang::{Lang, Noun, cause, counted, tr};
use crate::output::layout::{shortened, visible};
use crate::output::text::relative;
use fangzhi::index::PartialFile;
use fangzhi::model::Note;
use std::collections::{BTreeMap, HashSet};

/// How many files, members of archives and records were read in part and of what kind: `3 files: pages without text 2, damaged 1`.
///
/// A file counts under what costs most. `None` when all were read whole.
pub(crate) fn counts(lang: Lang, files: &[PartialFile], total: u64) -> Option<String> {
    let mut kinds: BTreeMap<usize, (&str, usize)> = BTreeMap::new();
    for worst in files.iter().filter_map(|file| file.notes.first()) {
        let order = worst.loss().unwrap_or(usize::MAX);
        kinds.entry(order).or_insert((kind(lang, &worst.code), 0)).1 += 1;
    }
    let kinds: Vec<_> = kinds.values().map(|(kind, count)| format!("{kind} {count}")).collect();
    (total > 0).then(|| {
        // Of those beyond the named ones only the number is known.
        let are_all_named = u64::try_from(files.len()) == Ok(total);
        let counted = match are_all_named {
            true => counted_paths(lang, files.iter().map(|file| file.path.as_str())),
            false => counted(lang, total, Noun::Report),
        };
        tr!(lang, "{files}: {kinds}", files = counted, kinds = kinds.join(tr!(lang, ", ")))
    })
}

/// Names on standard error the first files that were read in part; what can be done is said with the first it helps.
/// `all` is the command that lists the others.
pub(crate) fn list(app: &App, (files, total): (&[PartialFile], u64), most: usize, all: &str) {
    let mut hinted = HashSet::new();
    for file in files.iter().take(most) {
        app.note(&line(app, file));
        for hint in hinting(file).map(|note| hint(app.lang, &note.code)) {
            if hinted.insert(hint) {
                app.hint(&hint.replace("FILE", &visible(shown(app, &file.path))));
            }
        }
    }
    let more = total.saturating_sub(files.len().min(most) as u64);
    if more > 0 {
        app.line(&tr!(
            app.lang,
            "… and {n} more read in part: `{command}` lists them",
            n = more,
            command = all
        ));
    }
}

/// The code of the note that the OCR command failed.
const OCR_FAILED: &str = "ocr-failed";

/// Notes that are said of a file: a command that failed is listed with its cause among what failed.
fn said(file: &PartialFile) -> impl Iterator<Item = &Note> {
    file.notes.iter().filter(|note| note.code != OCR_FAILED)
}

/// Notes whose hints help: who has given an OCR command that failed is told so where that is listed.
fn hinting(file: &PartialFile) -> impl Iterator<Item = &Note> {
    let ocr_failed = file.notes.iter().any(|note| note.code == OCR_FAILED);
    let is_for_ocr = |note: &Note| ["pages-without-text", "pages-unmapped"].contains(&&*note.code);
    said(file).filter(move |note| !(ocr_failed && is_for_ocr(note)))
}

/// A file and what is missing in it.
pub(crate) fn line(app: &App, file: &PartialFile) -> String {
    let reasons: Vec<_> = said(file).map(|note| reason(app.lang, note)).collect();
    tr!(
        app.lang,
        "{path}: read in part: {reasons}",
        path = shortened(shown(app, &file.path)),
        reasons = reasons.join(tr!(app.lang, "; "))
    )
}

fn shown<'a>(app: &App, path: &'a str) -> &'a str {
    relative(path, &app.cwd)
}

/// What is missing in files with a note, in a word or two.
fn kind(lang: Lang, code: &str) -> &'static str {
    match code {
        "no-text" => tr!(lang, "without text"),
        "damaged-file" => tr!(lang, "damaged"),
        "pages-damaged" => tr!(lang, "pages damaged"),
        "pages-without-text" => tr!(lang, "pages without text"),
        "pages-unmapped" => tr!(lang, "pages of unknown characters"),
        "pages-unrecognised" => tr!(lang, "pages not recognised"),
        "ocr-failed" => tr!(lang, "the OCR command failed"),
        "part-unread" => tr!(lang, "parts unreadable"),
        "mojibake" => tr!(lang, "garbled"),
        "unmapped-characters" => tr!(lang, "characters unknown"),
        "cut-end" => tr!(lang, "end cut off"),
        "cut-start" => tr!(lang, "beginning cut off"),
        "nul-tail" => tr!(lang, "end never written"),
        "block-without-place" => tr!(lang, "parts of the page not found"),
        "hidden-sheets" => tr!(lang, "hidden sheets"),
        "hidden-text" => tr!(lang, "hidden text"),
        "numbers-unread" => tr!(lang, "automatic numbers missing"),
        "formulas-unread" => tr!(lang, "formulas without results"),
        "replacements" => tr!(lang, "characters that cannot be decoded"),
        _ => tr!(lang, "text missing"),
    }
}

/// Numbers of pages as people write them in a language: `2, 5-7`, `2、5-7`.
pub(crate) fn page_list(lang: Lang, pages: &str) -> String {
    pages.replace(", ", tr!(lang, ", "))
}

/// What is missing, with its figures.
pub(crate) fn reason(lang: Lang, note: &Note) -> String {
    // `3 of 12`, `3, the first at offset 12`, `500 bytes`: the first figure, and the second where there is one.
    let mut figures = note.detail.split(|char: char| !char.is_ascii_digit());
    let mut figure = || figures.find(|figure| !figure.is_empty()).unwrap_or("?");
    let pages = page_list(lang, &note.detail);
    match note.code.as_str() {
        "no-text" => tr!(lang, "no text was found in it").to_owned(),
        "damaged-file" => tr!(lang, "damaged, and read as far as it goes").to_owned(),
        "pages-damaged" => tr!(lang, "pages that are damaged: {pages}", pages = pages),
        "pages-without-text" => tr!(lang, "pages without text: {pages}", pages = pages),
        "pages-unmapped" => {
            tr!(lang, "pages whose fonts do not say what they show: {pages}", pages = pages)
        }
        "pages-unrecognised" => {
            tr!(lang, "pages of which the OCR command gave no text: {pages}", pages = pages)
        }
        "ocr-failed" => {
            tr!(lang, "pages not recognised: {cause}", cause = cause(lang, &note.detail))
        }
        "part-unread" => {
            tr!(lang, "a part cannot be read: {cause}", cause = cause(lang, &note.detail))
        }
        "unmapped-characters" => {
            tr!(lang, "characters that its fonts do not name: {n}", n = figure())
        }
        "block-without-place" => tr!(
            lang,
            "parts of the article that were not found in the page: {n} of {all}",
            n = figure(),
            all = figure()
        ),
        "hidden-sheets" => tr!(lang, "hidden sheets left out: {n}", n = figure()),
        "hidden-text" => tr!(lang, "characters of hidden text left out: {n}", n = figure()),
        "numbers-unread" => tr!(lang, "automatic numbers not read: {n}", n = figure()),
        "formulas-unread" => tr!(lang, "formulas without a result in the file: {n}", n = figure()),
        "replacements" => tr!(lang, "characters that cannot be decoded: {n}", n = figure()),
        "mojibake" => tr!(lang, "garbled: it was once read in a wrong encoding").to_owned(),
        code => kind(lang, code).to_owned(),
    }
}

/// What can be done; `FILE` stands for the path.
fn hint(lang: Lang, code: &str) -> &'static str {
    match code {
        "damaged-file" | "pages-damaged" | "cut-end" | "cut-start" | "nul-tail" => tr!(
            lang,
            "fetch it again; or open it in its program, look whether all is there, and save it anew"
        ),
        "no-text" => tr!(
            lang,
            "look at it with `fangzhi inspect 'FILE'`; a page that draws its text by script must be saved from the browser as MHTML"
        ),
        "pages-without-text" | "pages-unmapped" => tr!(
            lang,
            "name a program that recognises characters with --ocr COMMAND (see `fangzhi index --help`), or index the text it was made from"
        ),
        "pages-unrecognised" => tr!(
            lang,
            "if they hold text: the command given to --ocr must print every page in its order, each ended by a form feed; then read 'FILE' again with --reread"
        ),
        "ocr-failed" => {
            tr!(lang, "run the command given to --ocr by itself on 'FILE' and see what it says")
        }
        "part-unread" | "numbers-unread" => {
            tr!(lang, "open it in its program and save it anew as DOCX")
        }
        "mojibake" => tr!(lang, "take the text again from where it came from, saved as UTF-8"),
        "unmapped-characters" => tr!(
            lang,
            "print it to PDF again from the document it was made from, or read it as pictures with an OCR program"
        ),
        "hidden-sheets" => {
            tr!(lang, "to have hidden sheets read, show them in its program and save it")
        }
        "hidden-text" => {
            tr!(lang, "to have hidden text read, show it in its program and save it")
        }
        "formulas-unread" => {
            tr!(lang, "open it in its program, which computes them, and save it")
        }
        "replacements" => tr!(
            lang,
            "see where with `fangzhi inspect 'FILE'`; if the whole encoding is wrong, give it with --encoding"
        ),
        _ => tr!(lang, "see what was taken with `fangzhi inspect 'FILE'`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(notes: &[(&str, &str)]) -> PartialFile {
        let notes = notes.iter().map(|(code, detail)| Note::new(code, *detail)).collect();
        PartialFile { path: "甲.pdf".to_owned(), notes }
    }

    #[test]
    fn files_are_counted_by_what_costs_most() {
        let files = [
            file(&[("pages-without-text", "1 of 2"), ("replacements", "3")]),
            file(&[("replacements", "3, the first at offset 12")]),
            file(&[("damaged-file", "")]),
            file(&[("pages-without-text", "4 of 9")]),
        ];
        let counts = |lang, total| counts(lang, &files, total);
        assert_eq!(
            counts(Lang::English, 4).unwrap(),
            "4 files: damaged 1, pages without text 2, characters that cannot be decoded 1"
        );
        assert_eq!(
            counts(Lang::Chinese, 4).unwrap(),
            "4 个文件：已损坏 1、有的页没有文字 2、有的字无法解码 1"
        );
        assert_eq!(counts(Lang::English, 0), None);
    }

    #[test]
    fn a_command_that_failed_is_not_asked_for_nor_said_twice() {
        let codes = |file: &PartialFile| {
            let codes = |note: &Note| note.code.clone();
            (
                said(file).map(codes).collect::<Vec<_>>(),
                hinting(file).map(codes).collect::<Vec<_>>(),
            )
        };
        let (pages, failed) = (("pages-without-text", "2"), ("ocr-failed", "sh did not"));
        let (damaged, page) = (("damaged-file", ""), "pages-without-text".to_owned());
        let said_and_hinted = codes(&file(&[damaged, pages, failed]));
        let damaged = "damaged-file".to_owned();
        assert_eq!(said_and_hinted, (vec![damaged.clone(), page.clone()], vec![damaged]));
        assert_eq!(codes(&file(&[pages])), (vec![page.clone()], vec![page]));
    }

    #[test]
    fn every_code_of_loss_has_words_and_a_hint_in_both_languages() {
        for code in Note::LOSS_CODES {
            let note = Note::new(code, "2 of 7");
            let (english, chinese) = (reason(Lang::English, &note), reason(Lang::Chinese, &note));
            assert!(!chinese.is_ascii() && english != chinese, "{code}: {chinese}");
            assert!(!english.contains('?') && !chinese.contains('?'), "{code}: {chinese}");
            assert_ne!(kind(Lang::English, code), "text missing", "{code}");
            assert!(!hint(Lang::Chinese, code).is_ascii(), "{code}");
        }
        let note = Note::new("pages-without-text", "2, 4-7");
        assert_eq!(reason(Lang::Chinese, &note), "没有文字的页：2、4-7");
        let note = Note::new("block-without-place", "4 of 13");
        assert_eq!(reason(Lang::Chinese, &note), "正文 13 块中有 4 块在网页里没有找到");
    }
}
