//! Where a paragraph stands: what is typed after the path for `show`, and the words beside it.
//!
//! What the number after `path:` counts depends on the file: a line where the text stands in the bytes, `SHEET.ROW` in
//! sheets, a page where there are pages, else the paragraph of the file. [`Wanted`] reads what [`typed`] writes.

use crate::lang::{Lang, tr};
use fangzhi::ingest::Format;
use fangzhi::model::Place;
use std::path::Path;

/// What stands after `path:` so that `show` finds the place again: `12`, in sheets `2.12`.
pub(crate) fn typed(path: &str, place: &Place) -> String {
    match Counted::of(path, place) {
        Counted::Line((from, _)) | Counted::Page((from, _)) | Counted::Block((from, _)) => {
            from.to_string()
        }
        Counted::Row { sheet, row: (from, _) } => format!("{sheet}.{from}"),
    }
}

/// What the number counts, in words; lines are what everybody expects and get none.
pub(crate) fn words(path: &str, place: &Place, lang: Lang) -> Option<String> {
    Some(match Counted::of(path, place) {
        Counted::Line(_) => return None,
        Counted::Page(pages) => match range(pages) {
            (pages, true) => tr!(lang, "page {n}", n = pages),
            (pages, false) => tr!(lang, "pages {n}", n = pages),
        },
        Counted::Row { sheet, row } => {
            tr!(lang, "sheet {sheet}, row {row}", sheet = sheet, row = range(row).0)
        }
        Counted::Block(blocks) => tr!(lang, "¶{n}", n = range(blocks).0),
    })
}

/// What the numbers in the margin of `inspect` count; `None` for lines.
pub(crate) fn unit(path: &str, place: &Place, lang: Lang) -> Option<&'static str> {
    Some(match Counted::of(path, place) {
        Counted::Line(_) => return None,
        Counted::Page(_) => tr!(lang, "page"),
        Counted::Row { .. } => tr!(lang, "sheet.row"),
        Counted::Block(_) => tr!(lang, "paragraph of the file"),
    })
}

/// What the number after a path counts.
enum Counted {
    Line((usize, usize)),
    Page((usize, usize)),
    Row { sheet: usize, row: (usize, usize) },
    Block((usize, usize)),
}

impl Counted {
    fn of(path: &str, place: &Place) -> Self {
        match *place {
            Place::Text { line, .. } => Self::Line(line),
            Place::Block { block, page: Some((sheet, _)), .. } if is_sheet(path) => {
                Self::Row { sheet, row: block }
            }
            Place::Block { page: Some(page), .. } => Self::Page(page),
            Place::Block { block, page: None, .. } => Self::Block(block),
        }
    }
}

fn is_sheet(path: &str) -> bool {
    Format::from_path(Path::new(path)) == Some(Format::Sheet)
}

/// `3` or `3-4`, and whether it is one.
fn range((from, to): (usize, usize)) -> (String, bool) {
    if from == to { (from.to_string(), true) } else { (format!("{from}-{to}"), false) }
}

/// A place that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Wanted {
    /// Page or sheet, of `2.12`.
    page: Option<usize>,
    /// Line, page, row or paragraph; with a page, row or paragraph.
    number: usize,
}

impl Wanted {
    /// Reads `12` or `2.12`; numbers count from 1.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let number = |digits: &str| digits.parse().ok().filter(|number| *number > 0);
        match text.split_once('.') {
            Some((page, row)) => Some(Self { page: Some(number(page)?), number: number(row)? }),
            None => Some(Self { page: None, number: number(text)? }),
        }
    }

    /// Whether a place in a file covers what was asked for; without a sheet every sheet does.
    pub(crate) fn fits(self, path: &str, place: &Place) -> bool {
        let covers = |(from, to): (usize, usize), wanted| from <= wanted && wanted <= to;
        if let Some(page) = self.page {
            return place.page().is_some_and(|pages| covers(pages, page))
                && place.block().is_some_and(|blocks| covers(blocks, self.number));
        }
        match Counted::of(path, place) {
            Counted::Line(places)
            | Counted::Page(places)
            | Counted::Row { row: places, .. }
            | Counted::Block(places) => covers(places, self.number),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fangzhi::model::Span;

    fn lines() -> Place {
        Place::Text { line: (12, 13), bytes: Span::new(300, 352) }
    }

    fn block(number: usize, page: Option<(usize, usize)>) -> Place {
        Place::Block { block: (number, number), page, area: None }
    }

    #[track_caller]
    fn check(path: &str, place: Place, expected: &str, words_expected: [Option<&str>; 2]) {
        assert_eq!(typed(path, &place), expected);
        assert_eq!(words(path, &place, Lang::English).as_deref(), words_expected[0]);
        assert_eq!(words(path, &place, Lang::Chinese).as_deref(), words_expected[1]);
        let wanted = Wanted::read(expected).unwrap();
        assert!(wanted.fits(path, &place), "{expected} leads back");
    }

    #[test]
    fn every_kind_of_place_can_be_typed_and_leads_back() {
        check("a.txt", lines(), "12", [None, None]);
        check("a.pdf", block(40, Some((3, 3))), "3", [Some("page 3"), Some("第3页")]);
        check("a.pdf", block(40, Some((3, 4))), "3", [Some("pages 3-4"), Some("第3-4页")]);
        check("a.docx", block(12, None), "12", [Some("¶12"), Some("文件第12段")]);
        let row = [Some("sheet 2, row 12"), Some("第2张表第12行")];
        check("a.xlsx", block(12, Some((2, 2))), "2.12", row);
        check("d/a.zip!/b.ODS", block(12, Some((2, 2))), "2.12", row);
    }

    #[test]
    fn a_row_without_its_sheet_is_that_row_of_every_sheet() {
        let wanted = |text| Wanted::read(text).unwrap();
        for sheet in [1, 2] {
            assert!(wanted("12").fits("a.xlsx", &block(12, Some((sheet, sheet)))));
        }
        assert!(!wanted("1.12").fits("a.xlsx", &block(12, Some((2, 2)))));
        assert!(!wanted("2").fits("a.xlsx", &block(12, Some((2, 2)))));
        assert!(!wanted("1.12").fits("a.txt", &lines()));
    }

    #[test]
    fn a_page_and_a_block_name_one_paragraph_of_a_page() {
        let wanted = Wanted::read("3.41").unwrap();
        assert!(wanted.fits("a.pdf", &block(41, Some((3, 3)))));
        assert!(!wanted.fits("a.pdf", &block(40, Some((3, 3)))));
    }

    #[test]
    fn places_count_from_one() {
        for wrong in ["", "0", "1.0", "0.1", "a", "1.", ".1", "1.2.3", "-1"] {
            assert_eq!(Wanted::read(wrong), None, "{wrong}");
        }
    }
}
