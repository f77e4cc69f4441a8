//! A long text cleaned section by section, so that what is in memory depends on the section and not on the text.
//!
//! A text of ordinary length is one section. Of a longer one a section ends, where possible, before the last article
//! that began in it, which is cleaned with the next; an article that is longer itself goes on in the next section with
//! its title, source, author and date. What a section is cleaned like is `clean`'s work.

use crate::ingest::clean::{Cleaned, Masthead, apply_declared, clean_part};
use crate::ingest::lines::LineIndex;
use crate::ingest::normalize::Context;
use crate::ingest::{Block, Extracted, clean};
use crate::model::{Article, Date, Note, Span};

/// Bytes of the longest section.
pub const SECTION_BYTES: usize = 512 << 10;
/// Lines of the longest section: each takes some hundred bytes besides its text.
pub const SECTION_LINES: usize = 8_192;

/// What became of a section.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Section {
    /// Its articles, and what was left out of it.
    pub cleaned: Cleaned,
    /// Whether its first article is the rest of the last one before it.
    pub continues: bool,
}

impl Section {
    /// Appends it to what was made of the sections before it.
    pub fn add_to(self, whole: &mut Cleaned) {
        let Cleaned { articles, dropped, notes } = self.cleaned;
        let mut articles = articles.into_iter();
        if self.continues
            && let Some(last) = whole.articles.last_mut()
            && let Some(rest) = articles.next()
        {
            last.paragraphs.extend(rest.paragraphs);
        }
        whole.articles.extend(articles);
        whole.dropped.extend(dropped);
        merge_notes(&mut whole.notes, notes);
    }
}

/// Adds the notes of a section to those of the sections before it: counts add up, other things are said once.
pub fn merge_notes(all: &mut Vec<Note>, more: Vec<Note>) {
    for note in more {
        let known = all.iter_mut().find(|known| known.code == note.code);
        let counts = |known: &Note| {
            let known = known.detail.parse::<usize>().ok()?;
            Some(known.saturating_add(note.detail.parse().ok()?))
        };
        match known {
            None => all.push(note),
            Some(known) => match counts(known) {
                Some(sum) => known.detail = sum.to_string(),
                None if known.detail == note.detail || note.code == GLOSSES => {}
                None => all.push(note),
            },
        }
    }
}

/// The note that says how glosses were taken out, which is the same throughout a report.
const GLOSSES: &str = "glosses";

/// Cleans a report that comes in one piece or in several; remembers what one section must know of those before it.
#[derive(Debug, Default)]
pub struct Sections {
    context: Option<Context>,
    masthead: Masthead,
    /// The last article, where the next section has the rest of it.
    open: Option<Head>,
    has_articles: bool,
}

/// What is said of an article as a whole.
#[derive(Debug)]
struct Head {
    title: Option<String>,
    subtitle: Option<String>,
    source: Option<String>,
    author: Option<String>,
    date: Option<Date>,
}

impl Sections {
    /// Cleans a text and gives its sections; `each` says whether to go on, which is the answer. Called again with the
    /// next piece of the same report, the last article goes on in it.
    ///
    /// `lines` are those of the untouched file.
    pub fn clean(
        &mut self,
        extracted: &Extracted,
        lines: &LineIndex,
        each: &mut dyn FnMut(Section) -> bool,
    ) -> bool {
        let context = *self.context.get_or_insert_with(|| clean::context(extracted));
        let mut start = 0;
        loop {
            let end = section_end(&extracted.text, start);
            let is_last = end == extracted.text.len();
            let section = if start == 0 && is_last {
                clean_part(extracted, lines, context, true)
            } else {
                clean_part(&part(extracted, start, end), lines, context, is_last)
            };
            // Each step goes on by half a section at least, so no text is cleaned more than twice.
            let left_from = section.left_from.filter(|&from| from * 2 > end - start);
            let section = match (section.left_from, left_from) {
                (Some(_), None) => clean_part(&part(extracted, start, end), lines, context, true),
                _ => section,
            };
            let goes_on = left_from.is_none();
            let cleaned = self.in_report(section.cleaned, extracted, goes_on);
            if !each(cleaned) {
                return false;
            }
            if is_last {
                return true;
            }
            start = left_from.map_or(end, |from| start + from);
        }
    }

    /// Gives the articles what the sections before say of them; `goes_on` tells whether more of the last one may come.
    fn in_report(&mut self, mut cleaned: Cleaned, extracted: &Extracted, goes_on: bool) -> Section {
        let articles = &mut cleaned.articles;
        let is_first = !self.has_articles;
        let open = self.open.take();
        let continues = open.is_some() && !articles.is_empty();
        let is_only = is_first && articles.len() == 1;
        apply_declared(articles, is_only, &extracted.metadata);
        if is_first && let Some(first) = articles.first() {
            self.masthead = Masthead::of(first);
            self.has_articles = true;
        }
        self.masthead.inherit(articles.get_mut(usize::from(is_first)..).unwrap_or_default());
        match (articles.first_mut(), open) {
            (Some(first), Some(open)) => open.give_to(first),
            // A section of furniture ends no article.
            (None, open) => self.open = open,
            (Some(_), None) => {}
        }
        if let Some(last) = articles.last().filter(|_| goes_on) {
            self.open = Some(Head::of(last));
        }
        Section { cleaned, continues }
    }
}

impl Head {
    fn of(article: &Article) -> Self {
        let Article { title, subtitle, source, author, date, paragraphs: _ } = article;
        Self {
            title: title.clone(),
            subtitle: subtitle.clone(),
            source: source.clone(),
            author: author.clone(),
            date: *date,
        }
    }

    /// What is found in the middle of an article says nothing of it.
    fn give_to(self, article: &mut Article) {
        let Self { title, subtitle, source, author, date } = self;
        *article = Article {
            title,
            subtitle,
            source,
            author,
            date,
            paragraphs: std::mem::take(&mut article.paragraphs),
        };
    }
}

/// Where the section ends that begins at `start`: at the end of the text, at the last blank line of a full section, at
/// its last line end, at its last sentence, or anywhere.
fn section_end(text: &str, start: usize) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    let most = rest.floor_char_boundary(SECTION_BYTES);
    let lines_end = memchr::memchr_iter(b'\n', rest.as_bytes().get(..most).unwrap_or_default())
        .nth(SECTION_LINES - 1)
        .map(|at| at + 1);
    let most = lines_end.unwrap_or(most);
    if most == rest.len() {
        return text.len();
    }
    let section = rest.get(..most).unwrap_or_default();
    let last = |mark: &str, from: usize| {
        section.rfind(mark).map(|at| at + mark.len()).filter(|&at| at > from)
    };
    let end = last("\n\n", most / 2)
        .or_else(|| last("\n", 0))
        .or_else(|| last("。", 0))
        .or_else(|| last("；", most / 2))
        .or_else(|| last("，", most / 2));
    start + end.unwrap_or(most)
}

/// A part of an extracted text as a text of its own; places lead to the same file. Its notes stay with the whole,
/// apart from the first part.
fn part(extracted: &Extracted, start: usize, end: usize) -> Extracted {
    let blocks = &extracted.blocks;
    let first = blocks.partition_point(|block| block.span.end() <= start);
    let within = blocks.iter().skip(first).take_while(|block| block.span.start() < end);
    let rebased = |block: &Block| {
        let from = block.span.start().max(start) - start;
        Block { span: Span::new(from, block.span.end().min(end) - start), ..block.clone() }
    };
    Extracted {
        text: extracted.text.get(start..end).unwrap_or_default().to_owned(),
        map: extracted.map.as_ref().map(|map| map.slice(Span::new(start, end))),
        layout: extracted.layout,
        blocks: within.map(rebased).collect(),
        metadata: extracted.metadata.clone(),
        notes: if start == 0 { extracted.notes.clone() } else { Vec::new() },
    }
}
