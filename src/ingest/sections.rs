//! A long text cleaned section by section, so that what is in memory depends on the section and not on the text.
//!
//! A text of ordinary length is one section. Of a longer one a section ends, where possible, before the last article
//! that began in it, which is cleaned with the next; an article that is longer itself goes on in the next section with
//! its title, source, author and date. What a section is cleaned like is `clean`'s work.

use crate::ingest::clean::{Cleaned, Masthead, apply_declared, clean_part};
use crate::ingest::lines::LineIndex;
use crate::ingest::normalize::{Context, boundary_before};
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
    let most = boundary_before(rest, SECTION_BYTES);
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
        unread_pages: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::clean::{clean, reread};
    use crate::ingest::{Layout, Metadata};
    use crate::text::OffsetMap;

    fn extracted(text: &str) -> (Extracted, LineIndex) {
        let map = OffsetMap::identity(text.len());
        let lines = LineIndex::from_decoded(text, &map);
        let (text, map, layout) = (text.to_owned(), Some(map), Layout::Lines);
        let (metadata, blocks, notes) = (Metadata::default(), Vec::new(), Vec::new());
        (Extracted { text, map, layout, blocks, metadata, notes, unread_pages: Vec::new() }, lines)
    }

    fn sections(text: &str) -> Vec<Section> {
        let (extracted, lines) = extracted(text);
        let mut sections = Vec::new();
        Sections::default().clean(&extracted, &lines, &mut |section| {
            sections.push(section);
            true
        });
        sections
    }

    fn displays(cleaned: &Cleaned) -> Vec<&str> {
        let paragraphs = cleaned.articles.iter().flat_map(|article| &article.paragraphs);
        paragraphs.map(|paragraph| paragraph.display.as_str()).collect()
    }

    #[test]
    fn articles_of_a_long_text_are_those_of_the_whole() {
        let article = |number: usize| {
            format!(
                "云岭县:办好第{number}期夜校\n\n云岭县修了路，種(zhòng)了树，第{number}次。\n\n本报记者 张某 李某\n\n"
            )
        };
        let text: String = (0..9_000).map(article).collect();
        assert!(text.len() > SECTION_BYTES * 3 / 2);
        let (extracted, lines) = extracted(&text);
        let whole = clean_part(&extracted, &lines, clean::context(&extracted), true).cleaned;
        assert_eq!(clean(&extracted, &lines), whole);
        let sections = sections(&text);
        assert!(sections.len() > 1 && sections.iter().all(|section| !section.continues));
    }

    #[test]
    fn a_long_article_goes_on_with_its_title_and_date() {
        let body: String = (0..9_000)
            .map(|number| format!("第{number}小组把水渠修到了地头，办了夜校，户户用上自来水。\n\n"))
            .collect();
        let text = format!("某县的经验\n\n某某日报 2019年12月11日\n\n{body}");
        let sections = sections(&text);
        assert!(sections.len() > 1, "{}", text.len());
        let first = &sections[0].cleaned.articles[0];
        assert_eq!(first.title.as_deref(), Some("某县的经验"));
        for section in &sections[1..] {
            assert!(section.continues && section.cleaned.articles.len() == 1);
            let rest = &section.cleaned.articles[0];
            assert_eq!(
                (&rest.title, &rest.source, rest.date),
                (&first.title, &first.source, first.date)
            );
        }
        let (extracted, lines) = extracted(&text);
        let whole = clean(&extracted, &lines);
        assert_eq!((whole.articles.len(), displays(&whole).len()), (1, 9_002));
    }

    #[test]
    fn paragraphs_of_later_sections_are_found_again_at_their_places() {
        let text: String = (0..9_000)
            .map(|number| {
                format!("第{number}小组修渠，办了夜校，種(zhòng)了树。\r\n").replace('\r', "")
            })
            .collect();
        let (extracted, lines) = extracted(&text);
        let context = clean::context(&extracted);
        let whole = clean(&extracted, &lines);
        for (number, paragraph) in whole.articles[0].paragraphs.iter().enumerate() {
            let place = paragraph.place.unwrap();
            assert_eq!(place.line(), Some((number + 1, number + 1)));
            let part = text.get(place.bytes().unwrap().range()).unwrap();
            assert_eq!(reread(part, context), paragraph.display);
        }
    }

    #[test]
    fn a_line_that_is_longer_than_a_section_loses_nothing() {
        for text in ["某县修了路，种了树。".repeat(50_000), "网".repeat(400_000)] {
            let (extracted, lines) = extracted(&text);
            assert_eq!(displays(&clean(&extracted, &lines)).concat(), text);
        }
    }

    #[test]
    fn very_many_short_lines_make_many_sections() {
        let sections = sections(&"治\n".repeat(SECTION_LINES * 2 + 10));
        assert_eq!(sections.len(), 3);
        let counts: usize = sections.iter().map(|section| displays(&section.cleaned).len()).sum();
        assert_eq!(counts, SECTION_LINES * 2 + 10);
    }

    #[test]
    fn whoever_wants_no_more_gets_no_more() {
        let (extracted, lines) = extracted(&"治\n".repeat(SECTION_LINES * 3));
        let mut count = 0;
        let goes_on = Sections::default().clean(&extracted, &lines, &mut |_| {
            count += 1;
            false
        });
        assert_eq!((goes_on, count), (false, 1));
    }

    #[test]
    fn counts_in_notes_add_up() {
        let mut all = vec![Note::new("repaired", "2"), Note::new(GLOSSES, "throughout")];
        let more = vec![Note::new("repaired", "3"), Note::new(GLOSSES, "throughout")];
        merge_notes(&mut all, more);
        merge_notes(
            &mut all,
            vec![Note::new("bad-field", "date: x"), Note::new("bad-field", "id")],
        );
        let shown: Vec<_> =
            all.iter().map(|note| (note.code.as_str(), note.detail.as_str())).collect();
        let expected = [
            ("repaired", "5"),
            (GLOSSES, "throughout"),
            ("bad-field", "date: x"),
            ("bad-field", "id"),
        ];
        assert_eq!(shown, expected);
    }
}
