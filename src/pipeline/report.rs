//! One report on its way into the index: cleaned, tagged and made into documents, section by section.

use crate::index::{Document, Documents, Origin, ReportDocuments};
use crate::ingest::clean::{context, reread};
use crate::ingest::lines::LineIndex;
use crate::ingest::reports::RecordPlace;
use crate::ingest::sections::{Section, Sections};
use crate::ingest::{Extracted, Taken};
use crate::model::{Article, Paragraph, ParagraphKind, Place};
use crate::tag::Tagger;

/// Documents are sent to the writer when they take so many bytes: with the number of parts that may wait, that bounds
/// what does.
const PART_BYTES: usize = 256 << 10;
/// Paragraphs at the start of an article by which the places of later ones are known.
const HEAD_PARAGRAPHS_MAX: usize = 8;

/// Cleans and tags a report that comes in one piece or in several.
pub(super) struct ReportReader<'a> {
    tagger: &'a Tagger,
    sections: Sections,
    /// The first paragraphs of the article that goes on, up to its lead, and its last heading after them.
    head: Vec<Paragraph>,
    heading: Option<Paragraph>,
    has_begun: bool,
}

impl<'a> ReportReader<'a> {
    pub(super) fn new(tagger: &'a Tagger) -> Self {
        let (sections, head, heading) = (Sections::default(), Vec::new(), None);
        Self { tagger, sections, head, heading, has_begun: false }
    }

    /// Gives the sections of the next piece of the report, cleaned and tagged; `each` says whether to go on, which is
    /// the answer. `record` says where a record of a JSONL file stands.
    pub(super) fn read(
        &mut self,
        taken: &Taken,
        record: Option<&RecordPlace>,
        each: &mut dyn FnMut(Section) -> bool,
    ) -> bool {
        let extracted = &taken.extracted;
        let mut sections = std::mem::take(&mut self.sections);
        let lines = if record.is_some() { &LineIndex::default() } else { &taken.lines };
        let goes_on = sections.clean(extracted, lines, &mut |mut section| {
            if let Some(place) = record {
                place_in_record(&mut section, place.line);
                if !self.has_begun {
                    let lines = (place.line, place.line);
                    let place = Place::Text { line: lines, bytes: place.bytes };
                    add_declared_title(&mut section, extracted, place);
                }
            }
            self.has_begun = true;
            self.tag(&mut section);
            each(section)
        });
        self.sections = sections;
        goes_on
    }

    fn tag(&mut self, section: &mut Section) {
        let continues = section.continues;
        for (at, article) in section.cleaned.articles.iter_mut().enumerate() {
            self.tag_article(article, at == 0 && continues);
        }
    }

    /// Tags an article; one that `continues` is the rest of the one before it.
    pub(super) fn tag_article(&mut self, article: &mut Article, continues: bool) {
        self.with_beginning(article, continues, |tagger, article, _| tagger.tag_article(article));
    }

    /// An article that goes on is tagged with its first paragraphs and last heading before it; `f` is told how many
    /// paragraphs these are.
    pub(super) fn with_beginning<T>(
        &mut self,
        article: &mut Article,
        continues: bool,
        f: impl FnOnce(&Tagger, &mut Article, usize) -> T,
    ) -> T {
        if !continues {
            self.head.clear();
            self.heading = None;
        }
        let before = self.head.len() + usize::from(self.heading.is_some());
        article.paragraphs.splice(0..0, self.head.iter().chain(&self.heading).cloned());
        let found = f(self.tagger, article, before);
        article.paragraphs.drain(..before);
        self.remember(article, before == 0);
        found
    }

    fn remember(&mut self, article: &Article, is_start: bool) {
        let mut rest = article.paragraphs.iter();
        if is_start {
            for paragraph in rest.by_ref().take(HEAD_PARAGRAPHS_MAX) {
                self.head.push(paragraph.clone());
                if paragraph.kind == ParagraphKind::Body {
                    break;
                }
            }
        }
        let heading = rest.rev().find(|paragraph| paragraph.kind == ParagraphKind::Heading);
        self.heading = heading.cloned().or(self.heading.take());
    }
}

/// Makes the documents of a report and hands them on in parts.
pub(super) struct ReportWriter {
    documents: ReportDocuments,
    part: Vec<Document>,
    part_bytes: usize,
    /// Paragraphs so far.
    pub(super) paragraphs: usize,
    /// Articles so far.
    pub(super) articles: usize,
}

impl ReportWriter {
    pub(super) fn new(documents: &Documents, origin: &Origin<'_>) -> Self {
        let documents = documents.of(origin);
        Self { documents, part: Vec::new(), part_bytes: 0, paragraphs: 0, articles: 0 }
    }

    /// Takes the articles of a section; `send` says whether anyone still listens, which is the answer.
    pub(super) fn write(
        &mut self,
        articles: &[Article],
        continues: bool,
        send: &mut dyn FnMut(Vec<Document>) -> bool,
    ) -> bool {
        let Self { documents, part, part_bytes, paragraphs, articles: written } = self;
        articles.iter().enumerate().all(|(at, article)| {
            let continues = continues && at == 0 && *written > 0;
            *written += usize::from(!continues);
            documents.article(article, continues, &mut |document| {
                *part_bytes += document.bytes();
                part.push(document);
                *paragraphs += 1;
                if *part_bytes < PART_BYTES {
                    return true;
                }
                *part_bytes = 0;
                send(std::mem::take(part))
            })
        })
    }

    /// The last documents.
    pub(super) fn rest(&mut self) -> Vec<Document> {
        self.part_bytes = 0;
        std::mem::take(&mut self.part)
    }
}

/// A record has one line, and its number is known.
fn place_in_record(section: &mut Section, number: usize) {
    let paragraphs =
        section.cleaned.articles.iter_mut().flat_map(|article| &mut article.paragraphs);
    for paragraph in paragraphs {
        if let Some(Place::Text { line, .. }) = &mut paragraph.place {
            *line = (number, number);
        }
    }
    for dropped in &mut section.cleaned.dropped {
        dropped.line = Some(number);
    }
}

/// A title that a record declares beside its text is a heading of its own.
fn add_declared_title(section: &mut Section, extracted: &Extracted, place: Place) {
    let Some(title) =
        extracted.metadata.title.as_deref().map(str::trim).filter(|title| !title.is_empty())
    else {
        return;
    };
    let display = reread(title, context(extracted));
    let heading =
        Paragraph { place: Some(place), ..Paragraph::new(display, ParagraphKind::Heading) };
    let articles = &mut section.cleaned.articles;
    if articles.is_empty() {
        articles.push(Article::default());
    }
    if let Some(article) = articles.first_mut()
        && article.paragraphs.first().is_none_or(|first| first.display != heading.display)
    {
        article.paragraphs.insert(0, heading);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::clean::Cleaned;
    use crate::vocab::Vocabulary;
    use std::sync::Arc;

    #[test]
    fn documents_are_handed_on_in_parts_of_bounded_size() {
        let body = |number| Paragraph::new(format!("第{number}次修路。"), ParagraphKind::Body);
        let article = Article { paragraphs: (0..5_000).map(body).collect(), ..Article::default() };
        let origin = Origin { file_key: "k", path: "/a.csv", ..Origin::default() };
        let mut writer = ReportWriter::new(&Documents::new(), &origin);
        let mut parts = Vec::new();
        let mut send = |documents: Vec<Document>| {
            parts.push(documents.len());
            true
        };
        assert!(writer.write(std::slice::from_ref(&article), false, &mut send));
        assert!(writer.write(&[article], true, &mut send));
        parts.push(writer.rest().len());
        // Each document is taken for a kibibyte at least.
        assert!(parts.iter().all(|&count| count <= PART_BYTES >> 10), "{parts:?}");
        assert_eq!(parts.iter().sum::<usize>(), 10_000);
        assert_eq!((writer.articles, writer.paragraphs), (1, 10_000));
    }

    #[test]
    fn an_article_that_goes_on_is_tagged_by_its_beginning() {
        let tagger = Tagger::new(Arc::new(Vocabulary::builtin()));
        let mut reader = ReportReader::new(&tagger);
        let section = |texts: &[(&str, ParagraphKind)], continues| {
            let paragraphs =
                texts.iter().map(|(text, kind)| Paragraph::new(*text, *kind)).collect();
            let articles = vec![Article { paragraphs, ..Article::default() }];
            Section { cleaned: Cleaned { articles, ..Cleaned::default() }, continues }
        };
        let (heading, body) = (ParagraphKind::Heading, ParagraphKind::Body);
        let mut first =
            section(&[("云南省香格里拉市办好夜校", heading), ("夜校办到村口。", body)], false);
        reader.tag(&mut first);
        let mut rest = section(&[("群众都来上课。", body)], true);
        reader.tag(&mut rest);
        let paragraphs = &rest.cleaned.articles[0].paragraphs;
        assert_eq!(paragraphs.len(), 1);
        assert_eq!(paragraphs[0].regions, first.cleaned.articles[0].paragraphs[1].regions);
        assert_eq!(paragraphs[0].regions.len(), 1);
        let mut other = section(&[("群众都来上课。", body)], false);
        reader.tag(&mut other);
        assert_eq!(other.cleaned.articles[0].paragraphs[0].regions, []);
    }
}
