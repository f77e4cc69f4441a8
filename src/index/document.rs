//! Paragraphs and file records as documents of the engine, and the ids they get.
//!
//! One paragraph is one document; a file's record is one more, which no query ever finds.

use crate::index::queue::Document;
use crate::index::record::{FileRecord, StoredParagraph};
use crate::index::schema::Fields;
use crate::model::{Article, Figure, Paragraph, ParagraphKind};
use crate::reprints;
use crate::text::fold::fold_char;
use std::collections::HashMap;
use std::path::Path;
use tantivy::TantivyDocument;

/// Value of the field `doc` for a paragraph.
pub(crate) const DOC_PARAGRAPH: &str = "paragraph";
/// Value of the field `doc` for a file's record.
pub(crate) const DOC_REPORT: &str = "report";

/// About what a document takes besides its texts, in bytes: ids, keys, kind, fields.
const DOCUMENT_BYTES: usize = 1 << 10;

/// What stands between the path of an archive and the path of a member in it.
pub(crate) const MEMBER_MARK: &str = "!/";

/// The key of the upper end of a range, which belongs to the figure before it.
pub(crate) const UPPER_END: &str = "~";

/// Where a report comes from.
#[derive(Debug, Clone)]
pub(crate) struct Origin<'a> {
    /// Key of the file.
    pub(crate) file_key: &'a str,
    /// Path of the file, escaped.
    pub(crate) path: &'a str,
    /// Path inside the file, if that is an archive, escaped.
    pub(crate) member: Option<&'a str>,
    /// Record of a JSONL file.
    pub(crate) record: Option<&'a str>,
    /// Which reading of the file it is; see [`generation_term`].
    pub(crate) generation: u64,
}

impl Origin<'_> {
    /// Key of the report: that of the file, or of the member or record in it.
    fn report_key(&self) -> String {
        let file = self.file_key.as_bytes();
        match (self.member, self.record) {
            (None, None) => self.file_key.to_owned(),
            (None, Some(record)) => digest(&[file, record.as_bytes()]),
            (Some(member), None) => digest(&[file, b"member", member.as_bytes()]),
            (Some(member), Some(record)) => {
                digest(&[file, b"member", member.as_bytes(), record.as_bytes()])
            }
        }
    }

    /// The path shown: that of the file, with that of the member behind `!/`.
    fn shown_path(&self) -> String {
        match self.member {
            Some(member) => format!("{}{MEMBER_MARK}{member}", self.path),
            None => self.path.to_owned(),
        }
    }
}

/// What stands in the field `file`, beside the key, in the paragraphs of one reading of a file: by it the paragraphs of
/// an earlier reading go when those of the new one are complete.
pub(crate) fn generation_term(file_key: &str, generation: u64) -> String {
    format!("{file_key}@{generation}")
}

/// blake3-128 of the parts, each with its length before it, as 32 hexadecimal digits.
pub(crate) fn digest(parts: &[&[u8]]) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    let mut hex = hasher.finalize().to_hex().to_string();
    hex.truncate(32);
    hex
}

/// The first 16 of hexadecimal digits as a number.
pub(crate) fn head(hex: &str) -> u64 {
    hex.get(..16).and_then(|digits| u64::from_str_radix(digits, 16).ok()).unwrap_or(0)
}

/// Makes the documents of one report, part by part: a long report is never in memory as a whole.
pub(crate) struct ReportDocuments {
    fields: Fields,
    file_key: String,
    generation: String,
    record: Option<String>,
    report_key: String,
    path: String,
    path_terms: Vec<String>,
    /// How often each text came so far, by a hash of its letters. Two texts with one hash would only be counted as
    /// one; their ids differ all the same.
    earlier: HashMap<u64, usize>,
    /// Articles begun.
    articles: usize,
    /// Paragraphs of the last of them so far.
    paragraphs: usize,
    /// Its last heading so far.
    heading: String,
}

impl ReportDocuments {
    pub(crate) fn new(fields: Fields, origin: &Origin<'_>) -> Self {
        Self {
            fields,
            file_key: origin.file_key.to_owned(),
            generation: generation_term(origin.file_key, origin.generation),
            record: origin.record.map(str::to_owned),
            report_key: origin.report_key(),
            path: origin.shown_path(),
            path_terms: path_terms(origin),
            earlier: HashMap::new(),
            articles: 0,
            paragraphs: 0,
            heading: String::new(),
        }
    }

    /// Gives the documents of an article; one that `continues` is the rest of the article before it. `each` says whether to go on, which is the answer.
    pub(crate) fn article(
        &mut self,
        article: &Article,
        continues: bool,
        each: &mut dyn FnMut(Document) -> bool,
    ) -> bool {
        if !continues || self.articles == 0 {
            self.articles += 1;
            self.paragraphs = 0;
            self.heading.clear();
        }
        let article_at = self.articles - 1;
        let article_key = head(&digest(&[self.report_key.as_bytes(), &article_at.to_le_bytes()]));
        let titles = titles(article);
        article.paragraphs.iter().all(|paragraph| {
            self.paragraphs += 1;
            let document = self.document(article, paragraph, article_key, &titles);
            if paragraph.kind == ParagraphKind::Heading {
                self.heading.clone_from(&paragraph.display);
            }
            each(document)
        })
    }

    fn id(&mut self, paragraph: &Paragraph) -> String {
        let letters: String =
            paragraph.display.chars().map(fold_char).filter(|c| c.is_alphanumeric()).collect();
        let mut key = [0; 8];
        blake3::Hasher::new().update(letters.as_bytes()).finalize_xof().fill(&mut key);
        let times = self.earlier.entry(u64::from_le_bytes(key)).or_insert(0);
        let parts = [self.report_key.as_bytes(), letters.as_bytes(), &times.to_le_bytes()];
        let id = digest(&parts);
        *times += 1;
        id
    }

    fn document(
        &mut self,
        article: &Article,
        paragraph: &Paragraph,
        article_key: u64,
        titles: &str,
    ) -> Document {
        let id = self.id(paragraph);
        let fields = &self.fields;
        let mut document = TantivyDocument::default();
        document.add_text(fields.doc, DOC_PARAGRAPH);
        document.add_text(fields.words, &paragraph.display);
        document.add_text(fields.grams, &paragraph.display);
        document.add_text(fields.title, titles);
        document.add_text(fields.heading, &self.heading);
        document.add_text(fields.source_text, article.source.as_deref().unwrap_or(""));
        document.add_text(fields.id, &id);
        document.add_u64(fields.id_head, head(&id));
        document.add_text(fields.file, &self.file_key);
        document.add_text(fields.file, &self.generation);
        for term in &self.path_terms {
            document.add_text(fields.path, term);
        }
        document.add_text(fields.kind, paragraph.kind.as_str());
        document.add_u64(fields.report_key, head(&self.report_key));
        document.add_u64(fields.article_key, article_key);
        document.add_u64(fields.ordinal, self.paragraphs as u64);
        if let Some(date) = article.date {
            document.add_u64(fields.date_from, u64::from(date.from));
            document.add_u64(fields.date_to, u64::from(date.to));
        }
        if let Some(source) = &article.source {
            document.add_text(fields.source, source);
        }
        let regions = paragraph.regions.iter().map(|tag| (tag.path.as_str(), tag.inferred));
        add_tags(
            &mut document,
            regions,
            (fields.region, fields.region_all),
            (fields.region_inferred, fields.region_inferred_all),
        );
        let measures = paragraph.measures.iter().map(|tag| (tag.path.as_str(), tag.inferred));
        add_tags(
            &mut document,
            measures,
            (fields.measure, fields.measure_all),
            (fields.measure_inferred, fields.measure_inferred_all),
        );
        for path in with_ancestors(paragraph.mentions.iter().map(|path| path.as_str())) {
            document.add_text(fields.mention, path);
        }
        add_figures(&mut document, fields, &paragraph.figures);
        let is_row = paragraph.kind == ParagraphKind::Table;
        for value in reprints::column_values(&paragraph.display, is_row) {
            document.add_u64(fields.reprint, value);
        }

        let stored = StoredParagraph {
            id,
            text: paragraph.display.clone(),
            kind: paragraph.kind,
            path: self.path.clone(),
            record: self.record.clone(),
            article: self.articles,
            paragraph: self.paragraphs,
            title: article.title.clone(),
            date: article.date,
            source: article.source.clone(),
            place: paragraph.place,
            regions: paragraph.regions.clone(),
            measures: paragraph.measures.clone(),
            evidence: paragraph.evidence.clone(),
            figures: paragraph.figures.clone(),
            notes: paragraph.notes.clone(),
        };
        let stored = json(&stored);
        document.add_bytes(fields.stored, &stored);
        let texts = paragraph.display.len() * 2 + titles.len() + self.heading.len();
        let paths: usize = self.path_terms.iter().map(String::len).sum();
        Document::new(document, DOCUMENT_BYTES + texts + paths + stored.len())
    }
}

/// The document of a file's record.
pub(crate) fn record_document(fields: &Fields, record: &FileRecord) -> Document {
    let mut document = TantivyDocument::default();
    document.add_text(fields.doc, DOC_REPORT);
    for field in [fields.words, fields.grams, fields.title, fields.heading, fields.source_text] {
        // No text: the analyzers give their placeholder.
        document.add_text(field, "");
    }
    document.add_text(fields.file, &record.key);
    document.add_text(fields.record, &record.key);
    let stored = json(record);
    document.add_bytes(fields.stored, &stored);
    Document::new(document, DOCUMENT_BYTES + stored.len())
}

fn json<T: serde::Serialize>(value: &T) -> Vec<u8> {
    serde_json::to_vec(value).expect("plain data with string keys is always JSON")
}

fn titles(article: &Article) -> String {
    let parts: Vec<&str> =
        article.title.as_deref().into_iter().chain(article.subtitle.as_deref()).collect();
    parts.join("\n")
}

/// The path itself, every folder and archive above it, and the record. Also folders above the root: a larger root may
/// be indexed later, and files that did not change are not read again for it.
fn path_terms(origin: &Origin<'_>) -> Vec<String> {
    let above = |path: &str| -> Vec<String> {
        let all = Path::new(path).ancestors().filter(|path| !path.as_os_str().is_empty());
        all.map(|path| path.to_string_lossy().into_owned()).collect()
    };
    let mut terms = above(origin.path);
    let inside = origin.member.map(above).unwrap_or_default();
    // `b.zip!` is an archive in the archive, and goes by its own name.
    let inside = inside.iter().map(|path| path.strip_suffix('!').unwrap_or(path));
    terms.extend(inside.map(|path| format!("{}{MEMBER_MARK}{path}", origin.path)));
    if let Some(record) = origin.record {
        terms.push(format!("{}#{record}", origin.shown_path()));
    }
    terms
}

/// Every path and every path above one of them, each once.
fn with_ancestors<'a>(paths: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut all: Vec<&str> = paths
        .flat_map(|path| {
            path.match_indices('/')
                .filter_map(|(at, _)| path.get(..at))
                .chain(std::iter::once(path))
        })
        .collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// What a figure is found by in its column: unit and noun, either of which may be missing.
fn figure_key(unit: Option<&str>, noun: Option<&str>) -> String {
    format!("{}\t{}", unit.unwrap_or(""), noun.unwrap_or(""))
}

/// Two columns, value beside key. The upper end of a range is an entry behind its lower end, which costs less than a
/// third column that is nearly always empty.
fn add_figures(document: &mut TantivyDocument, fields: &Fields, figures: &[Figure]) {
    for figure in figures {
        let key = figure_key(figure.unit.as_deref(), figure.noun.as_deref());
        document.add_text(fields.figure, key);
        document.add_f64(fields.figure_value, figure.value);
        if let Some(upper) = figure.value_max {
            document.add_text(fields.figure, UPPER_END);
            document.add_f64(fields.figure_value, upper);
        }
    }
}

fn add_tags<'a>(
    document: &mut TantivyDocument,
    tags: impl Iterator<Item = (&'a str, bool)>,
    written: (tantivy::schema::Field, tantivy::schema::Field),
    inferred: (tantivy::schema::Field, tantivy::schema::Field),
) {
    let (mut own, mut concluded) = (Vec::new(), Vec::new());
    for (path, is_inferred) in tags {
        if is_inferred { concluded.push(path) } else { own.push(path) }
    }
    for (paths, (field, all)) in [(own, written), (concluded, inferred)] {
        for path in with_ancestors(paths.iter().copied()) {
            document.add_text(all, path);
        }
        for path in paths {
            document.add_text(field, path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, member: Option<&str>, record: Option<&str>, expected: &[&str]) {
        let mut terms = path_terms(&Origin { file_key: "", path, member, record, generation: 1 });
        terms.sort();
        assert_eq!(terms, expected);
    }

    #[test]
    fn a_file_lies_below_its_folders() {
        check("/d/a.txt", None, None, &["/", "/d", "/d/a.txt"]);
        check("/a.jsonl", None, Some("7"), &["/", "/a.jsonl", "/a.jsonl#7"]);
    }

    #[test]
    fn a_member_lies_below_its_archive() {
        let below = ["/", "/a.zip", "/a.zip!/b", "/a.zip!/b/c.txt"];
        check("/a.zip", Some("b/c.txt"), None, &below);
        let below = ["/", "/a.zip", "/a.zip!/b.tar", "/a.zip!/b.tar!/c.txt"];
        check("/a.zip", Some("b.tar!/c.txt"), None, &below);
        let below = ["/", "/a.zip", "/a.zip!/c.jsonl", "/a.zip!/c.jsonl#7"];
        check("/a.zip", Some("c.jsonl"), Some("7"), &below);
        check("/好!/c.txt", None, None, &["/", "/好!", "/好!/c.txt"]);
    }
}
