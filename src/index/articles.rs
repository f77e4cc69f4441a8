//! What the index holds of a file, read back report by report and article by article, in reading order.
//!
//! By it tags are given anew without reading files. Long articles come in the sections in which they were tagged. What a
//! paragraph lacks here is what tagging gives anew (divisions only mentioned) and what no document has (the author).

use crate::index::document::{
    MEMBER_MARK, file_in, generation_term, head, id_start, place_in_file, tail,
};
use crate::index::record::{FileRecord, StoredParagraph, split_member};
use crate::index::{IndexError, OpenIndex};
use crate::model::{Article, Paragraph};
use std::collections::BTreeMap;
use tantivy::collector::DocSetCollector;
use tantivy::query::TermQuery;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, Searcher, Term};

/// A report as the index holds it.
pub(crate) struct StoredReport<'a> {
    index: &'a OpenIndex,
    searcher: &'a Searcher,
    /// How many reports of the file stand before it.
    pub(crate) reports_before: usize,
    /// Path of the file with that of the member, as shown.
    pub(crate) path: String,
    /// Path inside the file, if that is an archive.
    pub(crate) member: Option<String>,
    /// Record of a JSONL file or member.
    pub(crate) record: Option<String>,
    /// Number and key of each article, with its paragraphs in order.
    articles: Vec<(usize, u64, Vec<DocAddress>)>,
}

/// An article, or the part of a long one that was tagged at once, with the tags it has.
pub(crate) struct StoredSection {
    /// Number of the article in its report, from 1.
    pub(crate) number: usize,
    /// Key of the article, by which its paragraphs are found.
    pub(crate) key: u64,
    /// Whether it is the rest of the article before it.
    pub(crate) continues: bool,
    /// Ordinal of its first paragraph in the article, from 1.
    pub(crate) first: usize,
    pub(crate) article: Article,
    /// Ids of its paragraphs.
    pub(crate) ids: Vec<String>,
}

impl OpenIndex {
    /// Gives every report of a file, in no particular order.
    pub(crate) fn reports_of(
        &self,
        file: &FileRecord,
        each: &mut dyn FnMut(&StoredReport<'_>) -> Result<(), IndexError>,
    ) -> Result<(), IndexError> {
        let failed = |error| IndexError::from_engine(&self.dir, error);
        let searcher = self.reader.searcher();
        let term = generation_term(&file.key, file.generation);
        let query = TermQuery::new(
            Term::from_field_text(self.fields.file, &term),
            IndexRecordOption::Basic,
        );
        let mut reports: BTreeMap<u64, BTreeMap<u64, Vec<(u64, DocAddress)>>> = BTreeMap::new();
        for address in searcher.search(&query, &DocSetCollector).map_err(failed)? {
            let number = |name| -> Result<u64, IndexError> {
                Ok(self.number(&searcher, address, name)?.unwrap_or(0))
            };
            let articles = reports.entry(number("report_key")?).or_default();
            let paragraphs = articles.entry(number("article_key")?).or_default();
            paragraphs.push((number("ordinal")?, address));
        }
        for (report_key, articles) in reports {
            let mut in_order = Vec::with_capacity(articles.len());
            let mut first: Option<StoredParagraph> = None;
            for (key, mut paragraphs) in articles {
                paragraphs.sort_unstable();
                let addresses: Vec<DocAddress> =
                    paragraphs.into_iter().map(|(_, address)| address).collect();
                let Some(address) = addresses.first() else { continue };
                let stored = self.stored_paragraph(&searcher, *address)?;
                in_order.push((stored.article, key, addresses));
                first.get_or_insert(stored);
            }
            in_order.sort_unstable();
            let Some(StoredParagraph { path, record, .. }) = first else { continue };
            // Of a file that moved and could not be read then, the paragraphs say where it was.
            let member = match path.strip_prefix(&file.path) {
                Some(rest) => rest.strip_prefix(MEMBER_MARK),
                None => split_member(&path).map(|(_, member)| member),
            };
            let member = member.map(str::to_owned);
            let (index, searcher, articles) = (self, &searcher, in_order);
            let reports_before = place_in_file(report_key);
            each(&StoredReport {
                index,
                searcher,
                reports_before,
                path,
                member,
                record,
                articles,
            })?;
        }
        Ok(())
    }

    /// What is stored of the paragraph with an id, and the number of its file; `None` when there is none.
    pub(crate) fn paragraph_of(
        &self,
        id: &str,
    ) -> Result<Option<(StoredParagraph, u32)>, IndexError> {
        let failed = |error| IndexError::from_engine(&self.dir, error);
        let searcher = self.reader.searcher();
        let term = Term::from_field_u64(self.fields.id_start, id_start(head(id)));
        let query = TermQuery::new(term, IndexRecordOption::Basic);
        for address in searcher.search(&query, &DocSetCollector).map_err(failed)? {
            let number = |name| self.number(&searcher, address, name);
            // In a large index hundreds begin alike, and unpacking one costs more than looking at two columns.
            if (number("id_head")?, number("id_tail")?) == (Some(head(id)), Some(tail(id))) {
                let stored = self.stored_paragraph(&searcher, address)?;
                return Ok(number("report_key")?.map(|key| (stored, file_in(key))));
            }
        }
        Ok(None)
    }

    fn stored_paragraph(
        &self,
        searcher: &Searcher,
        address: DocAddress,
    ) -> Result<StoredParagraph, IndexError> {
        self.paragraph(searcher, address)?.ok_or_else(|| IndexError::Damaged {
            path: self.dir.clone(),
            cause: "stored paragraph".to_owned(),
        })
    }
}

impl StoredReport<'_> {
    /// How many articles of the file stand before its first.
    pub(crate) fn articles_before(&self) -> usize {
        let first = self.articles.first();
        first.map_or(0, |(number, key, _)| (place_in_file(*key) + 1).saturating_sub(*number))
    }

    /// Gives its articles in order, a long one in its sections; `each` says whether to go on.
    pub(crate) fn sections(
        &self,
        each: &mut dyn FnMut(StoredSection) -> Result<bool, IndexError>,
    ) -> Result<(), IndexError> {
        for (number, key, addresses) in &self.articles {
            let mut section: Option<StoredSection> = None;
            for address in addresses {
                let stored = self.index.stored_paragraph(self.searcher, *address)?;
                if stored.goes_on
                    && let Some(whole) = section.take()
                    && !each(whole)?
                {
                    return Ok(());
                }
                section.get_or_insert_with(|| begin(*number, *key, &stored)).add(stored);
            }
            if let Some(last) = section
                && !each(last)?
            {
                return Ok(());
            }
        }
        Ok(())
    }
}

fn begin(number: usize, key: u64, first: &StoredParagraph) -> StoredSection {
    let article = Article {
        title: first.title.clone(),
        subtitle: first.subtitle.clone(),
        source: first.source.clone(),
        author: None,
        date: first.date,
        paragraphs: Vec::new(),
    };
    let (continues, first, ids) = (first.goes_on, first.paragraph, Vec::new());
    StoredSection { number, key, continues, first, article, ids }
}

impl StoredSection {
    fn add(&mut self, stored: StoredParagraph) {
        self.ids.push(stored.id);
        self.article.paragraphs.push(Paragraph {
            display: stored.text,
            kind: stored.kind,
            place: stored.place,
            notes: stored.notes,
            regions: stored.regions,
            measures: stored.measures,
            mentions: Vec::new(),
            evidence: stored.evidence,
            figures: stored.figures,
        });
    }
}
