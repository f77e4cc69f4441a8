//! What is kept of the pages, and what a person should know of the rest: never garbage, and never a silent gap.
//!
//! A page whose glyphs nobody knows gives no text, because the few that are known make words that do not stand there.

use super::document::damaged;
use super::inflate::Soundness;
use super::page::PageText;
use crate::ingest::extract::ExtractError;
use crate::ingest::page_ranges;
use crate::model::Note;
use crate::text::tokens::is_han;

/// Share of glyphs without Unicode value, in percent, above which a page gives no text.
const PAGE_UNMAPPED_PERCENT_MAX: usize = 3;

/// So many glyphs without Unicode value are signs in a text, on a page with ten times as many known ones: a bullet, a
/// logo.
const PAGE_UNMAPPED_FREE: usize = 2;

/// Share of glyphs without Unicode value, in percent, above which a file is refused.
const FILE_UNMAPPED_PERCENT_MAX: usize = 40;

/// Characters that may stand beside a picture of a whole page: its number, the mark of the program that scanned it.
const PICTURE_CHARS_MAX: usize = 20;

/// Share of a page that its pictures cover at least when the page is a picture.
const PICTURE_SHARE_MIN: f32 = 0.5;

/// Outlines that a page without characters draws at least when it is a picture: text turned into curves, a map.
const PICTURE_OUTLINES_MIN: usize = 100;

/// The pages as they are kept, and what was found.
#[derive(Debug, Default)]
pub(super) struct Judged {
    pub(super) notes: Vec<Note>,
    /// Pages, from 1, whose text only a program that recognises characters could tell.
    pub(super) unread: Vec<usize>,
}

/// Takes away the glyphs of pages that are not to be read.
///
/// Errors: [`ExtractError::Scanned`] when all text is in pictures, [`ExtractError::Unmapped`] when too much of it is not
/// known, [`ExtractError::Damaged`] when none is left.
pub(super) fn judge(pages: &mut [PageText]) -> Result<Judged, ExtractError> {
    let counts: Vec<Count> = pages.iter().map(Count::of).collect();
    let of_pages = |is: &dyn Fn(&PageText, &Count) -> bool| -> Vec<usize> {
        let both = pages.iter().zip(&counts).filter(|(page, count)| is(page, count));
        both.map(|(page, _)| page.number).collect()
    };
    let unmapped = of_pages(&|_, count| count.is_unmapped());
    let pictures = of_pages(&|page, count| !count.is_unmapped() && is_picture(page, count));
    let damaged_pages = of_pages(&|page, _| page.soundness != Soundness::Whole);
    let sum = counts.iter().fold(Count::default(), Count::plus);
    if sum.percent() > FILE_UNMAPPED_PERCENT_MAX || (!unmapped.is_empty() && sum.kept == 0) {
        let percent = u8::try_from(sum.percent()).unwrap_or(100);
        return Err(ExtractError::Unmapped { percent, pages: pages.len() });
    }
    if sum.kept == 0 && !damaged_pages.is_empty() {
        return Err(damaged("what its pages show is lost"));
    }
    if sum.kept == 0 || (sum.han == 0 && pictures.len() == pages.len()) {
        return Err(ExtractError::Scanned { pages: pages.len() });
    }
    let mut notes = Vec::new();
    for (code, numbers) in [
        ("pages-without-text", &pictures),
        ("pages-unmapped", &unmapped),
        ("pages-damaged", &damaged_pages),
    ] {
        if !numbers.is_empty() {
            notes.push(Note::new(code, page_ranges(numbers)));
        }
    }
    if sum.unmapped_kept > 0 {
        notes.push(Note::new("unmapped-characters", sum.unmapped_kept.to_string()));
    }
    for (page, count) in pages.iter_mut().zip(&counts) {
        if count.is_unmapped() {
            page.glyphs.clear();
        }
    }
    let mut unread = [pictures, unmapped].concat();
    unread.sort_unstable();
    Ok(Judged { notes, unread })
}

fn is_picture(page: &PageText, count: &Count) -> bool {
    (count.known <= PICTURE_CHARS_MAX && page.covered >= PICTURE_SHARE_MIN)
        || (count.known == 0 && page.outlines >= PICTURE_OUTLINES_MIN)
}

/// The glyphs of a page, or of all.
#[derive(Debug, Default, Clone, Copy)]
struct Count {
    /// All but blanks and unknown ones.
    known: usize,
    unmapped: usize,
    han: usize,
    /// Those of pages that are kept.
    kept: usize,
    unmapped_kept: usize,
}

impl Count {
    fn of(page: &PageText) -> Self {
        let mut count = Self::default();
        for char in page.glyphs.iter().flat_map(|glyph| glyph.text.chars()) {
            let unmapped = char == char::REPLACEMENT_CHARACTER;
            count.unmapped += usize::from(unmapped);
            count.known += usize::from(!unmapped && !char.is_whitespace());
            count.han += usize::from(is_han(char));
        }
        if !count.is_unmapped() {
            (count.kept, count.unmapped_kept) = (count.known, count.unmapped);
        }
        count
    }

    fn plus(self, other: &Self) -> Self {
        Self {
            known: self.known + other.known,
            unmapped: self.unmapped + other.unmapped,
            han: self.han + other.han,
            kept: self.kept + other.kept,
            unmapped_kept: self.unmapped_kept + other.unmapped_kept,
        }
    }

    /// Share of unknown glyphs in percent.
    fn percent(&self) -> usize {
        self.unmapped * 100 / (self.unmapped + self.known).max(1)
    }

    fn is_unmapped(&self) -> bool {
        self.unmapped > PAGE_UNMAPPED_FREE.min(self.known / 10)
            && self.unmapped * 100 > PAGE_UNMAPPED_PERCENT_MAX * (self.unmapped + self.known)
    }
}
