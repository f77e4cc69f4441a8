//! Extracted text to articles with clean paragraphs: the order of the cleaning steps.
//!
//! `normalize -> page -> boilerplate -> kinds -> rejoin -> split -> metadata`. Each paragraph keeps the way back to the
//! untouched file. Tags are given by `tag`.

use crate::ingest::lines::LineIndex;
use crate::ingest::normalize::rejoin::{self, Border};
use crate::ingest::normalize::{self, Context, Normalized};
use crate::ingest::page::{self, Line};
use crate::ingest::{Extracted, Layout, Metadata, boilerplate, kinds, metadata, split};
use crate::model::{Article, Dropped, Note, Paragraph, ParagraphKind, Place, Span};
use crate::text::{OffsetMap, OffsetMapBuilder, script};
use std::borrow::Cow;

/// Longer paragraphs are cut at the end of a sentence.
pub const PARAGRAPH_CHARS_MAX: usize = 16_384;

/// What became of a report's text.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cleaned {
    /// Its pieces in reading order.
    pub articles: Vec<Article>,
    /// What was left out, for view.
    pub dropped: Vec<Dropped>,
    /// What a person should know about the whole; the extractor's notes come first.
    pub notes: Vec<Note>,
}

/// Cleans a report and cuts it into articles and paragraphs.
///
/// `lines` are those of the untouched file. Where the format declares a title, source, author or date, they win.
pub fn clean(extracted: &Extracted, lines: &LineIndex) -> Cleaned {
    clean_with(extracted, lines, &script::to_simplified)
}

/// What a rule must know of the whole report to clean a part of it as it was in its place; see [`reread`].
pub fn context(extracted: &Extracted) -> Context {
    normalize::normalize(&extracted.text, extracted.layout).context
}

/// Cleans the extracted text of one paragraph again: the same text comes out that the paragraph shows.
pub fn reread(part: &str, context: Context) -> String {
    let (text, _) = normalize::normalize_part(part, context);
    let mut paragraph = String::with_capacity(text.len());
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        paragraph.push_str(rejoin::joint(&paragraph, line));
        paragraph.push_str(line);
    }
    paragraph
}

fn clean_with(
    extracted: &Extracted,
    index: &LineIndex,
    simplify: &dyn Fn(&str) -> Cow<'_, str>,
) -> Cleaned {
    let normalized = normalize::normalize(&extracted.text, extracted.layout);
    let mut lines = page::lines(&normalized.text, simplify);
    boilerplate::mark(&mut lines);
    split::part_signed_titles(&mut lines, simplify);
    let borders = mark_kinds(&mut lines, extracted.layout);
    let sources = Sources::new(extracted, &normalized, index);
    let mut articles: Vec<Article> = split::articles(&lines)
        .into_iter()
        .map(|range| Article {
            paragraphs: paragraphs(&lines, &borders, range, extracted.layout, &sources),
            ..Article::default()
        })
        .collect();
    for article in &mut articles {
        metadata::fill(article, simplify);
    }
    apply_declared(&mut articles, &extracted.metadata);
    inherit_from_masthead(&mut articles);
    let dropped = lines.iter().filter_map(|line| sources.dropped(line)).collect();
    let notes = extracted.notes.iter().cloned().chain(normalized.notes.iter().cloned()).collect();
    Cleaned { articles, dropped, notes }
}

/// Gives the lines their kinds and says what becomes of the border after each.
fn mark_kinds(lines: &mut [Line<'_>], layout: Layout) -> Vec<Border> {
    let nothing_goes_on = vec![false; lines.len()];
    if layout == Layout::Blocks {
        kinds::mark(lines, &nothing_goes_on);
        return vec![Border::Break; lines.len()];
    }
    if let Some(column) = rejoin::find_column(lines) {
        let borders = rejoin::column_borders(lines, column);
        let goes_on: Vec<bool> = borders.iter().map(|&border| border == Border::Join).collect();
        kinds::mark(lines, &goes_on);
        return borders;
    }
    kinds::mark(lines, &nothing_goes_on);
    rejoin::line_borders(lines)
}

/// The paragraphs of one article.
fn paragraphs(
    lines: &[Line<'_>],
    borders: &[Border],
    range: std::ops::Range<usize>,
    layout: Layout,
    sources: &Sources<'_>,
) -> Vec<Paragraph> {
    let mut paragraphs = Vec::new();
    let mut open = Draft::default();
    let last_kept = range.clone().rev().find(|&at| lines[at].is_kept());
    for at in range {
        let line = &lines[at];
        if !line.is_kept() {
            continue;
        }
        open.add(line);
        let cut_off = Some(at) == last_kept && layout == Layout::Lines && rejoin::is_cut_off(line);
        match borders[at] {
            Border::Join if Some(at) != last_kept => {}
            border => {
                open.lost = border == Border::Lost || cut_off;
                std::mem::take(&mut open).finish(sources, &mut paragraphs);
            }
        }
    }
    paragraphs
}

/// A paragraph being put together.
#[derive(Default)]
struct Draft {
    text: String,
    /// From `text` to the cleaned text, apart from inserted joints.
    map: OffsetMapBuilder,
    kind: Option<ParagraphKind>,
    lines: usize,
    lost: bool,
}

impl Draft {
    fn add(&mut self, line: &Line<'_>) {
        let joint = rejoin::joint(&self.text, line.text);
        self.text.push_str(joint);
        self.map.replace(joint.len(), 0);
        self.map.skip_to(line.range.start);
        self.text.push_str(line.text);
        self.map.copy(line.text.len());
        self.kind.get_or_insert(line.kind);
        self.lines += 1;
    }

    fn finish(self, sources: &Sources<'_>, paragraphs: &mut Vec<Paragraph>) {
        let mut map = self.map;
        map.skip_to(sources.cleaned_len);
        let map = map.finish();
        let mut notes = Vec::new();
        if self.lines > 1 {
            notes.push(Note::new("joined", self.lines.to_string()));
        }
        let pieces = cut(&self.text);
        let count = pieces.len();
        for (number, piece) in pieces.into_iter().enumerate() {
            let display = self.text.get(piece.range()).unwrap_or_default();
            let mut notes = notes.clone();
            if count > 1 {
                notes.push(Note::new("cut", format!("{}/{count}", number + 1)));
            }
            if self.lost && number + 1 == count {
                notes.push(Note::new("text-lost", ""));
            }
            let replacements = display.matches('\u{fffd}').count();
            if replacements > 0 {
                notes.push(Note::new("replacements", replacements.to_string()));
            }
            paragraphs.push(Paragraph {
                display: display.to_owned(),
                kind: self.kind.unwrap_or(ParagraphKind::Body),
                place: sources.place(map.to_source(piece)),
                notes,
                regions: Vec::new(),
                measures: Vec::new(),
                mentions: Vec::new(),
                evidence: Vec::new(),
            });
        }
    }
}

/// Cuts a text that is too long after the last sentence that fits; without one, at the longest length.
fn cut(text: &str) -> Vec<Span> {
    let mut pieces = Vec::new();
    let (mut start, mut count, mut sentence_end) = (0, 0, None);
    for (at, c) in text.char_indices() {
        if count == PARAGRAPH_CHARS_MAX {
            let end = sentence_end.take().unwrap_or(at);
            pieces.push(Span::new(start, end));
            count = text.get(end..at).map_or(0, |rest| rest.chars().count());
            start = end;
        }
        count += 1;
        if kinds::SENTENCE_ENDS.contains(&c) || matches!(c, '；' | ';') {
            sentence_end = Some(at + c.len_utf8());
        }
    }
    if start < text.len() {
        pieces.push(Span::new(start, text.len()));
    }
    pieces
}

/// The way from cleaned text back to the file.
struct Sources<'a> {
    extracted: &'a Extracted,
    normalized: &'a Normalized,
    cleaned_len: usize,
    /// From cleaned text to the untouched file.
    to_file: Option<OffsetMap>,
    index: &'a LineIndex,
}

impl<'a> Sources<'a> {
    fn new(extracted: &'a Extracted, normalized: &'a Normalized, index: &'a LineIndex) -> Self {
        let to_file = extracted.map.as_ref().map(|map| map.then(&normalized.map));
        Self { extracted, normalized, cleaned_len: normalized.text.len(), to_file, index }
    }

    fn place(&self, cleaned: Span) -> Option<Place> {
        let bytes = self.to_file.as_ref()?.to_source(cleaned);
        Some(Place { line: self.index.lines_of(bytes), bytes })
    }

    fn dropped(&self, line: &Line<'_>) -> Option<Dropped> {
        let rule = line.dropped?;
        let cleaned = Span::new(line.range.start, line.range.end);
        let decoded = self.normalized.map.to_source(cleaned);
        let text = self.extracted.text.get(decoded.range()).unwrap_or(line.text);
        let place = self.place(cleaned);
        Some(Dropped {
            text: text.trim().to_owned(),
            rule: rule.to_owned(),
            line: place.map(|place| place.line.0),
        })
    }
}

/// What the format declares holds for the page; its title only where the page is one article.
fn apply_declared(articles: &mut [Article], declared: &Metadata) {
    let single = articles.len() == 1;
    for article in articles {
        let win = |own: &mut Option<String>, declared: &Option<String>| {
            if let Some(declared) = declared {
                *own = Some(declared.clone());
            }
        };
        win(&mut article.source, &declared.source);
        if single {
            win(&mut article.title, &declared.title);
            win(&mut article.author, &declared.author);
        }
        article.date = declared.date.or(article.date);
    }
}

/// A first piece without text is the head of the page: its date and source hold for all.
fn inherit_from_masthead(articles: &mut [Article]) {
    let Some((head, others)) = articles.split_first_mut() else { return };
    if head.paragraphs.iter().any(|paragraph| paragraph.kind == ParagraphKind::Body) {
        return;
    }
    for article in others {
        article.date = article.date.or(head.date);
        if article.source.is_none() {
            article.source.clone_from(&head.source);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;
    use std::path::{Path, PathBuf};

    fn shared() -> Option<PathBuf> {
        let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
        shared.is_dir().then_some(shared)
    }

    fn extracted(text: &str, layout: Layout) -> (Extracted, LineIndex) {
        let map = OffsetMap::identity(text.len());
        let index = LineIndex::from_decoded(text, &map);
        let extracted = Extracted {
            text: text.to_owned(),
            map: Some(map),
            layout,
            metadata: Metadata::default(),
            notes: Vec::new(),
        };
        (extracted, index)
    }

    /// DUMP
    fn table() -> HashMap<char, char> {
        let path = shared().unwrap().join("data/opencc/TSCharacters.txt");
        let text = std::fs::read_to_string(path).unwrap();
        text.lines()
            .filter_map(|line| {
                let (from, to) = line.split_once('\t')?;
                let to = to.split(' ').next()?.chars().next()?;
                Some((from.chars().next()?, to))
            })
            .collect()
    }

    fn simplifier(table: HashMap<char, char>) -> impl for<'t> Fn(&'t str) -> Cow<'t, str> {
        move |text| Cow::Owned(text.chars().map(|c| table.get(&c).copied().unwrap_or(c)).collect())
    }

    #[test]
    fn dump() {
        if let Ok(f) = std::env::var("FP") {
            let t = std::fs::read_to_string(f).unwrap_or_else(|e| panic!("{e}"));
            let (o, m) = crate::ingest::normalize::shifted::realign(&t);
            let _ = m;
            println!(
                "runs {} of {} marks",
                crate::ingest::normalize::shifted::count_runs(&t),
                t.matches('?').count()
            );
            for (i, _) in o.match_indices('\u{fffd}').take(20) {
                println!("{}", o[i..].chars().take(20).collect::<String>());
            }
            let (_, g) = (0, crate::ingest::normalize::gloss::is_glossed(&t));
            println!("glossed {g}");
            let (o, _) = crate::ingest::normalize::gloss::strip_glosses(&t, false);
            println!("gloss bytes {}", t.len() - o.len());
        }
        let Ok(files) = std::env::var("DUMP") else { return };
        let table = table();
        let simplify = simplifier(table);
        let out = std::env::var("DUMP_TO").unwrap();
        for file in files.split_whitespace() {
            let text = String::from_utf8_lossy(&std::fs::read(file).unwrap()).into_owned();
            let (extracted, index) = extracted(&text, Layout::Lines);
            let cleaned = clean_with(&extracted, &index, &simplify);
            let mut rows = Vec::new();
            let articles: Vec<_> = cleaned
                .articles
                .iter()
                .map(|a| serde_json::json!({"title": a.title, "subtitle": a.subtitle, "author": a.author, "source": a.source, "date": a.date.map(|d| d.to_string())}))
                .collect();
            rows.push(serde_json::json!({"kind": "document", "articles": articles, "dropped": cleaned.dropped, "notes": cleaned.notes}).to_string());
            for (n, article) in cleaned.articles.iter().enumerate() {
                for p in &article.paragraphs {
                    rows.push(serde_json::json!({"article": n + 1, "kind": p.kind, "text": simplify(&p.display), "place": p.place, "notes": p.notes}).to_string());
                }
            }
            let name = Path::new(file).file_stem().unwrap().to_string_lossy().into_owned();
            std::fs::write(format!("{out}/{name}.jsonl"), rows.join("\n")).unwrap();
        }
    }
}
