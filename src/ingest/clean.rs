//! Extracted text to articles with clean paragraphs: the order of the cleaning steps.
//!
//! `normalize -> page -> boilerplate -> kinds -> rejoin -> split -> metadata`. Each paragraph keeps the way back to the
//! untouched file. Tags are given by `tag`. A long text is cleaned in parts: see `sections`.

use crate::ingest::lines::LineIndex;
use crate::ingest::normalize::rejoin::{self, Border};
use crate::ingest::normalize::{self, Context, Normalized, cuts, titles};
use crate::ingest::page::{self, Line};
use crate::ingest::sections::Sections;
use crate::ingest::{
    Block, Extracted, Layout, Metadata, Role, boilerplate, kinds, metadata, split,
};
use crate::model::{Article, Date, Dropped, Note, Paragraph, ParagraphKind, Place, Span};
use crate::text::{OffsetMap, OffsetMapBuilder, script};
use std::borrow::Cow;

/// Longer paragraphs are cut at the end of a sentence.
pub const PARAGRAPH_CHARS_MAX: usize = 16_384;

/// Longer text is no heading, whatever the format says: people style whole paragraphs as headings.
const DECLARED_HEADING_CHARS_MAX: usize = 120;

/// So many paragraphs of an article may be its title and byline.
const OWN_LINES: usize = 4;

/// What became of a report's text, or of a section of it.
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
    let mut whole = Cleaned::default();
    Sections::default().clean(extracted, lines, &mut |section| {
        section.add_to(&mut whole);
        true
    });
    whole
}

/// What a rule must know of the whole report to clean a part of it as it was in its place; see [`reread`].
pub fn context(extracted: &Extracted) -> Context {
    let rows = extracted.blocks.iter().filter(|block| block.role == Some(Role::Row)).count();
    let is_table = rows * 10 >= extracted.blocks.len() * 9 && rows > 0;
    normalize::context(&extracted.text, extracted.layout, is_table)
}

/// Cleans the extracted text of one paragraph again: the same text comes out that the paragraph shows.
///
/// `part` runs from the first to the last character of the paragraph, as its place says; `context` is that of the
/// whole report.
pub fn reread(part: &str, context: Context) -> String {
    let (text, _) = normalize::normalize_part(part, context);
    let lines = page::lines(&text, &|text| Cow::Borrowed(text));
    // A page number may stand between two lines that were joined; first and last line are the paragraph's own.
    let last = lines.len().saturating_sub(1);
    let mut paragraph = String::with_capacity(text.len());
    for (at, line) in lines.iter().enumerate() {
        if at == 0 || at == last || !boilerplate::is_page_break(line) {
            // A heading mark stands before the paragraph; what looks like one at its beginning is its text.
            let text = text.get(..line.range.end).filter(|_| at == 0).map_or(line.text, str::trim);
            paragraph.push_str(rejoin::joint(&paragraph, text));
            paragraph.push_str(text);
        }
    }
    paragraph
}

/// A section of a report, cleaned by itself.
pub(crate) struct Part {
    pub(crate) cleaned: Cleaned,
    /// Where in the extracted text the article begins that was left for the next section.
    pub(crate) left_from: Option<usize>,
}

/// Cleans a section of a report whose `context` is known. With `is_last` false the last article, if another one comes
/// before it, is left for the next section, which may have more of it.
pub(crate) fn clean_part(
    extracted: &Extracted,
    index: &LineIndex,
    context: Context,
    is_last: bool,
) -> Part {
    let simplify: &dyn Fn(&str) -> Cow<'_, str> = &script::to_simplified;
    let normalized = normalize::normalize_in(&extracted.text, context);
    let mut lines = page::lines(&normalized.text, simplify);
    give_roles(&mut lines, extracted, &normalized);
    find_pages(&mut lines, extracted, &normalized);
    if extracted.layout == Layout::Lines {
        boilerplate::part_head(&mut lines, simplify);
    }
    boilerplate::part_trails(&mut lines, simplify);
    boilerplate::mark(&mut lines);
    split::part_signed_titles(&mut lines, simplify);
    let borders = mark_kinds(&mut lines, extracted.layout);
    let sources = Sources::new(extracted, &normalized, index);
    let mut ranges = split::articles(&lines);
    let left = if is_last || ranges.len() < 2 { None } else { ranges.pop() };
    let mut articles: Vec<Article> = ranges
        .into_iter()
        .map(|range| Article {
            paragraphs: paragraphs(&lines, &borders, range, extracted.layout, &sources),
            ..Article::default()
        })
        .collect();
    for article in &mut articles {
        metadata::fill(article, simplify);
    }
    let left = left.map(|range| range.start);
    let done = lines.get(..left.unwrap_or(lines.len())).unwrap_or_default();
    let dropped = done.iter().filter_map(|line| sources.dropped(line)).collect();
    let notes = extracted.notes.iter().cloned().chain(normalized.notes.iter().cloned()).collect();
    let left_from = left.and_then(|at| lines.get(at)).map(|line| sources.line_start(line));
    Part { cleaned: Cleaned { articles, dropped, notes }, left_from }
}

/// Tells each line what the format says of the block it stands in.
fn give_roles(lines: &mut [Line<'_>], extracted: &Extracted, normalized: &Normalized) {
    if extracted.blocks.is_empty() {
        return;
    }
    for line in lines {
        let place = normalized.map.to_source(Span::new(line.range.start, line.range.end));
        line.role = block_at(&extracted.blocks, place.start()).and_then(|block| block.role);
        match line.role {
            Some(Role::RunningHead) => line.dropped = Some("running-head"),
            Some(Role::LeftOut) => line.dropped = Some("page-rest"),
            Some(Role::Heading(depth)) if line.chars <= DECLARED_HEADING_CHARS_MAX => {
                line.level = Some(usize::from(depth));
            }
            _ => {}
        }
    }
}

/// Tells each line whether a form feed stands before it.
fn find_pages(lines: &mut [Line<'_>], extracted: &Extracted, normalized: &Normalized) {
    let mut feeds = memchr::memchr_iter(b'\x0c', extracted.text.as_bytes()).peekable();
    for line in lines {
        if feeds.peek().is_none() {
            return;
        }
        let start = normalized.map.to_source(Span::new(line.range.start, line.range.end)).start();
        while feeds.next_if(|&feed| feed < start).is_some() {
            line.new_page = true;
        }
    }
}

/// The block that covers a byte of the extracted text.
fn block_at(blocks: &[Block], at: usize) -> Option<&Block> {
    let next = blocks.partition_point(|block| block.span.end() <= at);
    blocks.get(next).filter(|block| block.span.start() <= at)
}

/// Gives the lines their kinds and says what becomes of the border after each.
fn mark_kinds(lines: &mut [Line<'_>], layout: Layout) -> Vec<Border> {
    if layout == Layout::Blocks {
        kinds::mark(lines, &vec![false; lines.len()]);
        return vec![Border::Break; lines.len()];
    }
    let in_titles = titles::find(lines);
    titles::mark(lines, &in_titles);
    let mut borders = if let Some(column) = rejoin::find_column(lines) {
        let borders = rejoin::column_borders(lines, column);
        let goes_on: Vec<bool> = borders.iter().map(|&border| border == Border::Join).collect();
        kinds::mark(lines, &goes_on);
        borders
    } else {
        let cut = cuts::find(lines);
        kinds::mark(lines, &cut);
        rejoin::line_borders(lines, &cut)
    };
    for ((line, border), goes_on) in lines.iter().zip(&mut borders).zip(in_titles) {
        if line.in_title {
            *border = if goes_on { Border::Join } else { Border::Break };
        }
    }
    borders
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
                place: sources.place(map.to_source(piece)),
                notes,
                ..Paragraph::new(display, self.kind.unwrap_or(ParagraphKind::Body))
            });
        }
    }
}

/// Cuts a text that is too long after the last sentence that fits; without one, at the longest length.
fn cut(text: &str) -> Vec<Span> {
    if text.len() <= PARAGRAPH_CHARS_MAX {
        return if text.is_empty() { Vec::new() } else { vec![Span::new(0, text.len())] };
    }
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
        if let Some(to_file) = &self.to_file {
            let bytes = to_file.to_source(cleaned);
            return Some(Place::Text { line: self.index.lines_of(bytes), bytes });
        }
        let extracted = self.normalized.map.to_source(cleaned);
        let blocks = &self.extracted.blocks;
        let first = block_at(blocks, extracted.start())?;
        let last = block_at(blocks, extracted.end().saturating_sub(1)).unwrap_or(first);
        let page = first.page.zip(last.page).map(|((from, _), (_, to))| (from, to));
        Some(Place::Block { block: (first.number, last.number), page, area: first.area })
    }

    /// Where in the extracted text the line begins that this one is, or is a part of.
    fn line_start(&self, line: &Line<'_>) -> usize {
        let before = self.normalized.text.get(..line.range.start).unwrap_or_default();
        before
            .rfind('\n')
            .map_or(0, |at| self.normalized.map.to_source(Span::new(at, at + 1)).end())
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
            line: place.and_then(|place| place.line()).map(|line| line.0),
        })
    }
}

/// What the format declares holds for the page; its title only where the page is one article. Of several articles each
/// keeps the date and source in its own byline, or the day that stands alone there.
pub(crate) fn apply_declared(articles: &mut [Article], single: bool, declared: &Metadata) {
    for article in articles {
        let win = |own: &mut Option<String>, declared: &Option<String>| {
            if let Some(declared) = declared {
                *own = Some(declared.clone());
            }
        };
        let has_own = |paragraph: &Paragraph| {
            paragraph.kind == ParagraphKind::Byline
                && metadata::is_source_and_date(&paragraph.display)
        };
        if !single && article.paragraphs.iter().take(OWN_LINES).any(has_own) {
            continue;
        }
        win(&mut article.source, &declared.source);
        if single {
            win(&mut article.title, &declared.title);
            // The heading over the title was taken for it, and the title for the one below.
            if article.subtitle == article.title {
                article.subtitle = None;
            }
            win(&mut article.author, &declared.author);
        }
        let dated = !single && article.date.is_some() && {
            let mut own = article.paragraphs.iter().take(OWN_LINES);
            own.any(|one| one.kind == ParagraphKind::Byline && metadata::is_dated(&one.display))
        };
        if !dated {
            article.date = declared.date.or(article.date);
        }
    }
}

/// What stands above the first title of a page, or in a first piece without text, is said of all its articles: date
/// and source of a newspaper page.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Masthead {
    date: Option<Date>,
    source: Option<String>,
}

impl Masthead {
    /// What the first piece of a page says of the others.
    pub(crate) fn of(head: &Article) -> Self {
        let mut kinds = head.paragraphs.iter().map(|paragraph| paragraph.kind);
        let above_title = kinds.clone().next() == Some(ParagraphKind::Byline);
        if !above_title && kinds.any(|kind| kind == ParagraphKind::Body) {
            return Self::default();
        }
        Self { date: head.date, source: head.source.clone() }
    }

    pub(crate) fn inherit(&self, articles: &mut [Article]) {
        for article in articles {
            article.date = article.date.or(self.date);
            if article.source.is_none() {
                article.source.clone_from(&self.source);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Date;
    use proptest::prelude::*;
    use std::io::Write;
    use std::path::{Path, PathBuf};
    use std::process::Command;
    use std::time::{Duration, Instant};

    /// A page with every trouble: path, gloss, wraps, lost text, caption, several articles, furniture. Invented.
    const PAGE: &str = "您所在的位置:某网 >> 新聞(wén) >> 正文\r\n\r\n> 视点\r\n\r\n\
        某州办夜校——\r\n\r\n果农(nóng)学技术 亩产大提高\r\n\r\n本报记者 张某\r\n\r\n\
        全州把道路养护列入年度民生实事，各县分段负责，重点管好路面清扫、行道树修剪、边沟疏\r\n\r\n\
        通三件小事，农(nóng)民出行更方便。\r\n\r\n\r\n\r\n果农在地里上课\r\n\r\n\
        办好夜校讲堂 方便农户\r\n\r\n此外，某州以农技推广“三大行\r\n\r\n\
        雲(yún)嶺(lǐng)县:办好农民夜校\r\n\r\n云岭县修了路，種(zhòng)了树，⺠生２０２３年更好。\r\n\r\n\
        本报记者 张某 李某\r\n\r\n本版图片由张某提供\r\n";

    fn extracted(text: &str, layout: Layout) -> (Extracted, LineIndex) {
        let map = OffsetMap::identity(text.len());
        let index = LineIndex::from_decoded(text, &map);
        let metadata = Metadata::default();
        let notes = Vec::new();
        let (text, blocks) = (text.to_owned(), Vec::new());
        (
            Extracted {
                text,
                map: Some(map),
                layout,
                blocks,
                metadata,
                notes,
                unread_pages: Vec::new(),
            },
            index,
        )
    }

    fn cleaned(text: &str, layout: Layout) -> Cleaned {
        let (extracted, index) = extracted(text, layout);
        clean(&extracted, &index)
    }

    fn displays(cleaned: &Cleaned) -> Vec<&str> {
        let paragraphs = cleaned.articles.iter().flat_map(|article| &article.paragraphs);
        paragraphs.map(|paragraph| paragraph.display.as_str()).collect()
    }

    fn codes(paragraph: &Paragraph) -> Vec<&str> {
        paragraph.notes.iter().map(|note| note.code.as_str()).collect()
    }

    #[test]
    fn a_day_under_the_title_of_one_of_several_articles_is_its_own() {
        let text = "## 黄精涨价\n2024-03-01\n黄精涨到每斤九元，药农忙着采挖。\n\
            ## 天麻减产\n2024-03-02\n倒春寒让天麻减产三成。\n## 水渠通水\n本报讯 村里的水渠通了水。";
        let (mut extracted, index) = extracted(text, Layout::Lines);
        extracted.metadata.date = Date::new(2024, Some(3), Some(5));
        let page = clean(&extracted, &index);
        let days = page.articles.iter().map(|article| article.date.unwrap().to_string());
        assert_eq!(days.collect::<Vec<_>>(), ["2024-03-01", "2024-03-02", "2024-03-05"]);
    }

    #[test]
    fn a_page_with_every_trouble_comes_out_clean() {
        let page = cleaned(PAGE, Layout::Lines);
        let expected = [
            "> 视点",
            "某州办夜校——",
            "果农学技术 亩产大提高",
            "本报记者 张某",
            "全州把道路养护列入年度民生实事，各县分段负责，重点管好路面清扫、行道树修剪、边沟疏通三件小事，农民出行更方便。",
            "果农在地里上课",
            "办好夜校讲堂 方便农户",
            "此外，某州以农技推广“三大行",
            "雲嶺县:办好农民夜校",
            "云岭县修了路，種了树，民生2023年更好。",
            "本报记者 张某 李某",
        ];
        assert_eq!(displays(&page), expected);
        assert_eq!(page.articles.len(), 2);
        assert_eq!(page.articles[1].title.as_deref(), Some("雲嶺县:办好农民夜校"));
        let first = &page.articles[0].paragraphs;
        assert_eq!(codes(&first[4]), ["joined"]);
        assert_eq!(codes(&first[7]), ["text-lost"]);
        assert_eq!(first[5].kind, ParagraphKind::Caption);
        assert_eq!(first[4].place.and_then(|place| place.line()), Some((11, 13)));
        let rules: Vec<&str> = page.dropped.iter().map(|dropped| dropped.rule.as_str()).collect();
        assert_eq!(rules, ["breadcrumb", "photo-credit"]);
        assert_eq!(page.dropped[0].text, "您所在的位置:某网 >> 新聞(wén) >> 正文");
        assert_eq!(page.dropped[0].line, Some(1));
    }

    /// Every paragraph of a text, read again at its place, gives the text it shows.
    #[track_caller]
    fn check_places(text: &str, layout: Layout) {
        let (extracted, index) = extracted(text, layout);
        let context = context(&extracted);
        for article in clean(&extracted, &index).articles {
            for paragraph in article.paragraphs {
                let place = paragraph.place.expect("the text has places");
                let (line, bytes) = place.line().zip(place.bytes()).expect("the text has lines");
                let part = text.get(bytes.range()).expect("on character boundaries");
                assert_eq!(reread(part, context), paragraph.display);
                let before = text.get(..bytes.start()).unwrap_or_default();
                assert_eq!(line.0, before.replace("\r\n", "\n").matches(['\n', '\r']).count() + 1);
            }
        }
    }

    #[test]
    fn rows_of_a_drawn_table_are_joined_with_nothing() {
        let row = "│示例县山脚村的第三个果园│树苗三百二十棵，两年生│";
        let rule = format!("├{}┤", "─".repeat(24));
        let text =
            format!("果园的树苗\n{rule}\n{}\n今年少了些。", format!("{row}\n{rule}\n").repeat(9));
        let page = cleaned(&text, Layout::Lines);
        let mut expected = vec!["果园的树苗"];
        expected.extend([row; 9]);
        expected.push("今年少了些。");
        assert_eq!(displays(&page), expected);
        check_places(&text, Layout::Lines);
    }
    #[test]
    fn every_paragraph_is_found_again_at_its_place() {
        check_places(PAGE, Layout::Lines);
        check_places("标题\n<p>某县<b>修路</b>。</p><p>种树&nbsp;了。</p>", Layout::Lines);
        check_places(" # 某县修了路。\n\n# # 某县种了树。\n\n## 某县", Layout::Lines);
        check_places(
            "某县修路\n某县修了路。 展开全文c\n\n又種(zhòng)了树。返回搜狐，查看更多",
            Layout::Lines,
        );
        let ruled = format!(
            "某县把道路养护列入年度民生实事，县乡村三级分段负责，重点管好路面清扫\n{}\n和边沟疏通。",
            "#".repeat(120)
        );
        check_places(&ruled, Layout::Lines);
        assert_eq!(displays(&cleaned(&ruled, Layout::Lines)).len(), 1);
        let long = "某县修了路，种了树。".repeat(4_000);
        check_places(&long, Layout::Lines);
    }

    #[test]
    fn markup_within_blocks_is_read() {
        let page = cleaned(
            "某县的经验\n<p>甲村修了水泥路。</p> <p>乙村&nbsp;种了两千棵树。<br></p>",
            Layout::Blocks,
        );
        assert_eq!(displays(&page), ["某县的经验", "甲村修了水泥路。", "乙村 种了两千棵树。"]);
        let text = "某县的经验\n段落写成<p>甲</p>，换行写成<br>，标题写成<b>乙</b>。";
        assert_eq!(displays(&cleaned(text, Layout::Blocks)).join("\n"), text);
    }

    #[test]
    fn markup_within_rows_leaves_them_rows() {
        let text = "标题：夜校；正文：<p>甲村办夜校。</p><p>乙村也办。</p>；日期：2020";
        let (mut extracted, index) = extracted(text, Layout::Blocks);
        let span = Span::new(0, text.len());
        extracted.blocks =
            vec![Block { span, role: Some(Role::Row), number: 1, page: None, area: None }];
        let page = clean(&extracted, &index);
        assert_eq!(displays(&page), ["标题：夜校；正文：甲村办夜校。 乙村也办。；日期：2020"]);
        assert_eq!(page.articles[0].paragraphs[0].kind, ParagraphKind::Table);
    }

    #[test]
    fn cleaning_cleaned_text_changes_nothing() {
        let once = cleaned(PAGE, Layout::Lines);
        let again = cleaned(&displays(&once).join("\n"), Layout::Blocks);
        assert_eq!(displays(&again), displays(&once));
    }

    #[test]
    fn blocks_are_never_joined() {
        let text = "全县把道路养护列入年度民生实事，县乡村三级分段负责，重点管好路面清扫、边沟疏\n通等小事，群众出行更方便。";
        assert_eq!(displays(&cleaned(text, Layout::Blocks)).len(), 2);
        assert_eq!(displays(&cleaned(text, Layout::Lines)).len(), 1);
    }

    #[test]
    fn a_text_without_places_is_cleaned_all_the_same() {
        let (mut extracted, index) = extracted("标题\n某县修了路。\n下载\n打印", Layout::Blocks);
        extracted.map = None;
        let cleaned = clean(&extracted, &index);
        assert_eq!(cleaned.articles[0].paragraphs[1].place, None);
        assert_eq!(cleaned.dropped[0].line, None);
    }

    #[test]
    fn a_very_long_paragraph_is_cut_after_a_sentence() {
        let text = "某县修了路。".repeat(6_000);
        let page = cleaned(&text, Layout::Lines);
        let paragraphs = &page.articles[0].paragraphs;
        assert_eq!(paragraphs.len(), 3);
        for paragraph in paragraphs {
            assert!(paragraph.display.chars().count() <= PARAGRAPH_CHARS_MAX);
            assert!(paragraph.display.ends_with("修了路。"));
            assert_eq!(codes(paragraph), ["cut"]);
        }
        assert_eq!(displays(&page).concat(), text);
    }

    #[test]
    fn without_a_sentence_it_is_cut_at_the_longest_length() {
        let pieces = cut(&"网".repeat(PARAGRAPH_CHARS_MAX + 1));
        assert_eq!(
            pieces.iter().map(|piece| piece.len()).collect::<Vec<_>>(),
            [PARAGRAPH_CHARS_MAX * 3, 3]
        );
    }

    #[test]
    fn what_the_format_declares_wins() {
        let (mut extracted, index) =
            extracted("标题\n来源：某某日报 2020-01-01\n某县修了路。", Layout::Blocks);
        extracted.metadata.title = Some("另一标题".to_owned());
        extracted.metadata.date = Date::new(2021, None, None);
        let article = clean(&extracted, &index).articles.remove(0);
        assert_eq!(article.title.as_deref(), Some("另一标题"));
        assert_eq!(article.source.as_deref(), Some("某某日报"));
        assert_eq!(article.date, Date::new(2021, None, None));
    }

    #[test]
    fn each_of_several_articles_keeps_its_own_date_and_source() {
        let text = "某县修路\n来源：某某日报 2020-01-01\n路修好了。\n某县种树\n来源：某某晚报 2020-01-02\n树种好了。\n\
            某县引水\n记者 张某\n水引来了。\n某县养蜂\n2020-01-04\n蜜收了。";
        let (mut extracted, index) = extracted(text, Layout::Blocks);
        extracted.metadata.source = Some("某某网".to_owned());
        extracted.metadata.date = Date::new(2021, None, None);
        let said = clean(&extracted, &index).articles.into_iter().map(|article| {
            let date = article.date.map(|date| date.to_string()).unwrap_or_default();
            format!("{} {date}", article.source.unwrap_or_default())
        });
        let said: Vec<String> = said.collect();
        let others = ["某某网 2021", "某某网 2020-01-04"];
        assert_eq!(said.get(..2).unwrap(), ["某某日报 2020-01-01", "某某晚报 2020-01-02"]);
        assert_eq!(said.get(2..).unwrap(), others);
    }

    #[test]
    fn a_narrow_page_is_put_together_and_loses_its_running_heads() {
        let head = |page| format!("示例县果园账目\n第 {page} 页 共 3 页\n\n");
        let text = [
            &head(1),
            "一、收成\n\n果农办起合作社，社员扫\n码就能领树苗，去年领了1,\n246棵。\n\n",
            &head(2),
            "二、销路\n\n果子卖到了县城里。\n\n",
            &head(3),
            "三、打算\n\n今年再种一百棵果树。",
        ];
        let text = text.concat();
        let page = cleaned(&text, Layout::Lines);
        let shown = page.articles.iter().flat_map(|article| &article.paragraphs);
        let shown: Vec<&str> = shown.map(|one| one.display.as_str()).collect();
        let expected = [
            "示例县果园账目",
            "一、收成",
            "果农办起合作社，社员扫码就能领树苗，去年领了1,246棵。",
            "二、销路",
            "果子卖到了县城里。",
            "三、打算",
            "今年再种一百棵果树。",
        ];
        assert_eq!(shown, expected);
        let rules = page.dropped.iter().filter(|dropped| dropped.rule == "running-head");
        assert_eq!(rules.count(), 2);
        check_places(&text, Layout::Lines);
    }

    #[test]
    fn the_head_of_a_page_dates_its_articles() {
        let text = "# 某某联播 (20240105)\n### 某县修路\n某视网消息：路修好了。\n### 某县种树\n某视网消息：树种好了。";
        let page = cleaned(text, Layout::Lines);
        assert_eq!(page.articles.len(), 3);
        assert!(
            page.articles.iter().all(|article| article.date == Date::new(2024, Some(1), Some(5)))
        );
    }

    #[test]
    fn empty_and_blank_text_gives_nothing() {
        for text in ["", "\n\n \u{3000}\r\n", "\u{feff}"] {
            assert_eq!(cleaned(text, Layout::Lines).articles, []);
        }
    }

    #[test]
    fn time_stays_bounded_on_hostile_text() {
        let texts = [
            "村民说网格化管理好，".repeat(60_000),
            "标题\n".repeat(50_000),
            "网".repeat(500_000),
            format!("{}wǎng{}", "(".repeat(300_000), ")".repeat(300_000)),
            "某某市标题很好 ■某某部 2023年1月1日\n".repeat(10_000),
            format!("{}{}", "?".repeat(300_000), ";鶎狱h".repeat(30_000)),
            format!("a{}", "\u{301}".repeat(300_000)),
            "首页\n>\n".repeat(50_000),
            "示例县水务局\n".repeat(40_000) + "2020年3月12日\n（此件公开发布）",
            "种了树。\n示例县水务局\n2020年3月12日\n".repeat(20_000),
            "甲……9\n乙……1\n".repeat(30_000),
            format!("只看该作者\n{}", "甲某\n新手上路\n积分\n32\n".repeat(20_000)),
            "1 2 3 上一页 ".repeat(30_000),
            "展开全文".repeat(50_000),
            "果农，去年领了1,\n246棵树，成活98.\n".repeat(20_000),
            "果园账目\n第 1 页\n".repeat(30_000),
        ];
        for text in texts {
            let start = Instant::now();
            cleaned(&text, Layout::Lines);
            // About half a second each in a debug build; what grows with the square takes minutes.
            assert!(
                start.elapsed() < Duration::from_secs(30),
                "{:?}",
                text.chars().take(20).collect::<String>()
            );
        }
    }

    #[test]
    fn a_declared_title_is_no_subtitle_of_itself() {
        let text = "全县划网格\n示例县推进网格化\n示例县把全县划分为一百二十个网格，每个网格配备一名网格员。";
        let (mut extracted, index) = extracted(text, Layout::Blocks);
        let titles = |extracted: &Extracted| {
            let articles = clean(extracted, &index).articles;
            (articles[0].title.clone(), articles[0].subtitle.clone())
        };
        let second = Some("示例县推进网格化".to_owned());
        assert_eq!(titles(&extracted), (Some("全县划网格".to_owned()), second.clone()));
        extracted.metadata.title.clone_from(&second);
        assert_eq!(titles(&extracted), (second, None));
    }

    proptest! {
        #[test]
        fn any_text_is_cleaned_and_found_again(lines in prop::collection::vec(
            prop_oneof![
                "[网格化管理社区。，：“”（）]{0,50}",
                "[一二三]、[网格化管理]{2,12}",
                "\\PC{0,12}",
                Just("网(wǎng)格(gé)化(huà)".to_owned()),
                Just("本报记者 张某".to_owned()),
                Just("支持?;鶎狱h建".to_owned()),
                Just("- 3 -".to_owned()),
            ],
            0..24,
        )) {
            check_places(&lines.join("\n"), Layout::Lines);
        }
    }

    fn shared() -> Option<PathBuf> {
        let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
        if !shared.is_dir() {
            println!("skipped: no folder {}", shared.display());
        }
        shared.is_dir().then_some(shared)
    }

    /// The paragraphs as the scorer reads them.
    fn rows(cleaned: &Cleaned) -> String {
        let mut rows = String::new();
        for (number, article) in cleaned.articles.iter().enumerate() {
            for paragraph in &article.paragraphs {
                let text = script::to_simplified(&paragraph.display);
                let row = serde_json::json!({"article": number + 1, "kind": paragraph.kind, "text": text});
                rows.push_str(&row.to_string());
                rows.push('\n');
            }
        }
        rows
    }

    #[test]
    fn the_annotated_pages_come_out_as_a_reader_would_have_them() {
        let Some(shared) = shared() else { return };
        let seeds = std::fs::read_dir(shared.join("seeds")).unwrap();
        for seed in seeds.map(|entry| entry.unwrap().path()) {
            let name = seed.file_name().unwrap().to_string_lossy().into_owned();
            let gold = shared.join("gold").join(format!("{}.jsonl", name.get(..3).unwrap()));
            if !gold.exists() {
                continue;
            }
            let mut predicted = tempfile::NamedTempFile::new().unwrap();
            let text = std::fs::read_to_string(&seed).unwrap();
            predicted.write_all(rows(&cleaned(&text, Layout::Lines)).as_bytes()).unwrap();
            let scorer = Command::new("python3")
                .arg(shared.join("gold/score.py"))
                .args(["--json", "--strict"])
                .args([gold.as_path(), predicted.path()])
                .output();
            let Ok(scored) = scorer else {
                println!("skipped: no python3");
                return;
            };
            let scores: serde_json::Value = serde_json::from_slice(&scored.stdout).unwrap();
            let scores = scores.get("total").unwrap_or(&scores);
            assert!(scores["coverage"].as_f64().unwrap() >= 0.98, "{name}: {scores}");
            assert!(scores["leaked"].as_f64().unwrap() <= 0.02, "{name}: {scores}");
            assert!(scores["boundaries"]["f1"].as_f64().unwrap() >= 0.95, "{name}: {scores}");
        }
    }

    #[test]
    fn paragraphs_of_real_reports_are_found_again_at_their_places() {
        let Some(shared) = shared() else { return };
        let mut files: Vec<PathBuf> = Vec::new();
        for folder in
            ["seeds", "data/reports/mangled", "data/reports/daily-page", "data/reports/work-report"]
        {
            files.extend(
                std::fs::read_dir(shared.join(folder)).unwrap().map(|entry| entry.unwrap().path()),
            );
        }
        for file in files {
            check_places(&std::fs::read_to_string(file).unwrap(), Layout::Lines);
        }
    }
}
