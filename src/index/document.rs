//! Paragraphs and file records as documents of the engine, and the ids they get.
//!
//! One paragraph is one document; a file's record is one more, which no query ever finds.

use crate::index::queue::Document;
use crate::index::record::{FileRecord, StoredParagraph, has_extension};
use crate::index::schema::Fields;
use crate::model::{Article, Figure, Paragraph, ParagraphKind, Place};
use crate::reprints;
use crate::text::fold::letters;
use std::collections::HashMap;
use std::path::Path;
use tantivy::TantivyDocument;

/// Value of the field `doc` for a paragraph.
pub(crate) const DOC_PARAGRAPH: &str = "paragraph";
/// A second value of the field `doc`, for a paragraph that is the title of its article and nothing else: it is found
/// there by its own text, and has nothing in the field `title`, where every word of it would count twice.
pub(crate) const DOC_TITLE: &str = "title";
/// Value of the field `doc` for a file's record.
pub(crate) const DOC_REPORT: &str = "report";

/// About what a document takes besides its texts, in bytes: ids, keys, kind, fields.
const DOCUMENT_BYTES: usize = 1 << 10;

/// What stands between the path of an archive and the path of a member in it.
pub(crate) const MEMBER_MARK: &str = "!/";

/// The key of the upper end of a range, which belongs to the figure before it.
pub(crate) const UPPER_END: &str = "~";

/// Where a report comes from.
#[derive(Debug, Clone, Default)]
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
    /// Number of the file in the index.
    pub(crate) file_number: u32,
    /// Reports of the file before this one.
    pub(crate) reports_before: usize,
    /// Articles in them.
    pub(crate) articles_before: usize,
}

impl Origin<'_> {
    /// Key of the report: that of the file, or of the member or record in it.
    pub(crate) fn report_key(&self) -> String {
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

/// The id of a paragraph: of the key of its report, its letters and the number of earlier equal texts in the report.
pub(crate) fn paragraph_id(report_key: &str, letters: &str, times: usize) -> String {
    digest(&[report_key.as_bytes(), letters.as_bytes(), &times.to_le_bytes()])
}

/// A number for something of a file that no other file's has. Neighbours have neighbouring numbers, which take hardly
/// any room in a column and in the list of terms; hashes took sixteen bytes a paragraph.
fn number_in_file(file_number: u32, before: usize) -> u64 {
    (u64::from(file_number) << 32) + before as u64
}

/// What [`number_in_file`] was given as `file_number`.
pub(crate) fn file_in(number: u64) -> u32 {
    u32::try_from(number >> 32).unwrap_or(u32::MAX)
}

/// What [`number_in_file`] was given as `before`.
pub(crate) fn place_in_file(number: u64) -> usize {
    usize::try_from(number & u64::from(u32::MAX)).unwrap_or(usize::MAX)
}

/// What paragraphs are looked up by: the first three digits of the id, of its first sixteen. The few paragraphs that share
/// them are told apart by the column `id_head`; a term for every id took a twentieth of the index.
pub(crate) fn id_start(id_head: u64) -> u64 {
    id_head >> 52
}

/// The last 16 of 32 hexadecimal digits as a number.
pub(crate) fn tail(hex: &str) -> u64 {
    hex.get(16..).and_then(|digits| u64::from_str_radix(digits, 16).ok()).unwrap_or(0)
}

/// Makes the documents of one report, part by part: a long report is never in memory as a whole.
pub(crate) struct ReportDocuments {
    fields: Fields,
    file_key: String,
    generation: String,
    record: Option<String>,
    report_key: String,
    report_number: u64,
    /// Number that its first article has.
    first_article: u64,
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
    /// Whether the next paragraph is the first of a section in which an article goes on.
    goes_on: bool,
}

impl ReportDocuments {
    pub(crate) fn new(fields: Fields, origin: &Origin<'_>) -> Self {
        Self {
            fields,
            file_key: origin.file_key.to_owned(),
            generation: generation_term(origin.file_key, origin.generation),
            record: origin.record.map(str::to_owned),
            report_key: origin.report_key(),
            report_number: number_in_file(origin.file_number, origin.reports_before),
            first_article: number_in_file(origin.file_number, origin.articles_before),
            path: origin.shown_path(),
            path_terms: path_terms(origin),
            earlier: HashMap::new(),
            articles: 0,
            paragraphs: 0,
            heading: String::new(),
            goes_on: false,
        }
    }

    /// Gives the documents of an article; one that `continues` is the rest of the article before it. `each` says whether to
    /// go on, which is the answer.
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
        self.goes_on = self.paragraphs > 0;
        let article_key = self.first_article + (self.articles - 1) as u64;
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
        let letters = letters(&paragraph.display);
        let mut key = [0; 8];
        blake3::Hasher::new().update(letters.as_bytes()).finalize_xof().fill(&mut key);
        let times = self.earlier.entry(u64::from_le_bytes(key)).or_insert(0);
        let id = paragraph_id(&self.report_key, &letters, *times);
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
        let is_title = titles == paragraph.display;
        if is_title {
            document.add_text(fields.doc, DOC_TITLE);
        }
        document.add_text(fields.title, if is_title { "" } else { titles });
        // A heading that is the title counts as such already.
        let under_title = article.title.as_ref() == Some(&self.heading);
        document.add_text(fields.heading, if under_title { "" } else { &self.heading });
        document.add_text(fields.source_text, article.source.as_deref().unwrap_or(""));
        document.add_text(fields.file, &self.file_key);
        document.add_text(fields.file, &self.generation);
        for term in &self.path_terms {
            document.add_text(fields.path, term);
        }
        document.add_text(fields.kind, paragraph.kind.as_str());
        document.add_u64(fields.report_key, self.report_number);
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
        let (key, sketch) = reprints::columns(&paragraph.display, is_row);
        document.add_u64(fields.reprint, key);
        sketch.into_iter().for_each(|value| document.add_u64(fields.sketch, value));

        let stored = StoredParagraph {
            id,
            text: paragraph.display.clone(),
            kind: paragraph.kind,
            path: self.path.clone(),
            record: self.record.clone(),
            article: self.articles,
            paragraph: self.paragraphs,
            goes_on: std::mem::take(&mut self.goes_on),
            title: article.title.clone(),
            subtitle: article.subtitle.clone(),
            date: article.date,
            source: article.source.clone(),
            place: paragraph.place,
            regions: paragraph.regions.clone(),
            measures: paragraph.measures.clone(),
            evidence: paragraph.evidence.clone(),
            figures: paragraph.figures.clone(),
            notes: paragraph.notes.clone(),
        };
        let columns = stored.columns();
        document.add_u64(fields.id_start, id_start(columns.id_head));
        document.add_u64(fields.id_head, columns.id_head);
        document.add_u64(fields.id_tail, columns.id_tail);
        if let Some(Place::Text { .. }) = paragraph.place {
            document.add_u64(fields.line, columns.line);
            document.add_u64(fields.byte, columns.byte);
        }
        let stored = stored.pack();
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
    let stored = serde_json::to_vec(record).expect("plain data with string keys is always JSON");
    document.add_bytes(fields.stored, &stored);
    Document::new(document, DOCUMENT_BYTES + stored.len())
}

fn titles(article: &Article) -> String {
    let parts: Vec<&str> =
        article.title.as_deref().into_iter().chain(article.subtitle.as_deref()).collect();
    parts.join("\n")
}

/// The path itself, every folder and archive above it, and the record. Also folders above the root: a larger root may
/// be indexed later, and files that did not change are not read again for it.
pub(super) fn path_terms(origin: &Origin<'_>) -> Vec<String> {
    let above = |path: &str| -> Vec<String> {
        let all = Path::new(path).ancestors().filter(|path| !path.as_os_str().is_empty());
        all.map(|path| path.to_string_lossy().into_owned()).collect()
    };
    let mut terms = above(origin.path);
    let inside = origin.member.map(above).unwrap_or_default();
    // `b.zip!` is an archive in the archive, and goes by its own name; `好!` is a folder.
    let inside = inside.iter().map(|path| match path.strip_suffix('!') {
        Some(archive) if has_extension(archive) => archive,
        _ => path.as_str(),
    });
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

pub(super) fn add_tags<'a>(
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
        let mut terms = path_terms(&Origin { path, member, record, ..Origin::default() });
        terms.sort();
        assert_eq!(terms, expected);
    }

    #[test]
    fn numbers_of_one_file_are_not_those_of_another() {
        assert_eq!(number_in_file(3, 1), number_in_file(3, 0) + 1);
        assert!(number_in_file(3, u32::MAX as usize) < number_in_file(4, 0));
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
        check(
            "/a.zip",
            Some("好!/c.txt"),
            None,
            &["/", "/a.zip", "/a.zip!/好!", "/a.zip!/好!/c.txt"],
        );
    }
}
