//! What is asked and what is answered, as plain data: no engine types, no flags, no terminal.
//!
//! The command turns its arguments into one [`SearchRequest`]; `search::Searcher` answers with one
//! [`SearchResponse`]. Read `ast.rs` and `parse.rs` next for how the query text is understood.

use crate::model::{
    Date, Evidence, Figure, MeasurePath, ParagraphKind, Place, RegionPath, Span, Tag,
};
use serde::Serialize;
use std::path::PathBuf;

/// How the items of a query must be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MatchMode {
    /// All items; a question ranks by any of its words.
    #[default]
    Auto,
    /// All items, never relaxed.
    All,
    /// Any word of any item.
    Any,
}

/// Where all items of a query must stand together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Within {
    /// In one paragraph.
    #[default]
    Paragraph,
    /// In one article; every paragraph of it that holds an item is a hit.
    Article,
}

/// Order of the hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// Best score first, then id.
    #[default]
    Score,
    /// Newest first, undated last, then score.
    Date,
    /// Largest figure of those the filter asks for first, then score.
    Figure,
}

/// What is counted in totals and facets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// Paragraphs.
    #[default]
    Paragraph,
    /// Distinct articles.
    Article,
    /// Distinct reports.
    Report,
    /// Clusters of reprints; a paragraph without any is one by itself.
    Cluster,
}

/// What hits are shown together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Group {
    /// Every hit by itself.
    None,
    /// At most two hits an article.
    #[default]
    Article,
    /// At most two hits a report.
    Report,
}

/// What counts are made by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Facet {
    /// Regions, a tree.
    Region,
    /// Measures, a tree of two levels.
    Measure,
    /// Years; a report over several years counts in each.
    Year,
    /// Publishers.
    Source,
    /// Kinds of paragraph.
    Kind,
}

impl Facet {
    /// All facets, in the order they are shown.
    pub const ALL: [Self; 5] = [Self::Region, Self::Measure, Self::Year, Self::Source, Self::Kind];

    /// The name used in JSON and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Region => "region",
            Self::Measure => "measure",
            Self::Year => "year",
            Self::Source => "source",
            Self::Kind => "kind",
        }
    }
}

/// What paragraphs without a tag are called in facets, filters and reasons.
pub const UNTAGGED: &str = "untagged";

/// Counts wanted for one facet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetRequest {
    /// Which facet.
    pub facet: Facet,
    /// Show what lies directly below this path; `None` shows the top level.
    pub under: Option<String>,
    /// Most buckets in the answer, largest first; the rest is summed as `other`.
    pub limit: usize,
}

/// Counts wanted of one facet by another: a table of rows and columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrossRequest {
    rows: FacetRequest,
    columns: FacetRequest,
}

impl CrossRequest {
    /// A table; `None` where rows are no regions or measures, which alone can be selected, or both are of one facet.
    pub fn new(rows: FacetRequest, columns: FacetRequest) -> Option<Self> {
        let is_possible =
            matches!(rows.facet, Facet::Region | Facet::Measure) && rows.facet != columns.facet;
        is_possible.then_some(Self { rows, columns })
    }

    /// What has a row each, largest first.
    pub fn rows(&self) -> &FacetRequest {
        &self.rows
    }

    /// What has a column each, largest first.
    pub fn columns(&self) -> &FacetRequest {
        &self.columns
    }
}

/// What figures are of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FigureOf {
    /// A unit, given as the base unit of its kind: 平方米 for 亩 and 公顷.
    Unit(String),
    /// A noun; longer ones that end with it are found too.
    Noun(String),
}

/// Figures asked for; made by [`FigureFilter::typed`].
#[derive(Debug, Clone, PartialEq)]
pub struct FigureFilter {
    /// The unit or noun as typed, with the bounds where there are any: `人次 1万..10万`.
    pub text: String,
    /// What it means.
    pub of: FigureOf,
    /// At least so many base units.
    pub min: Option<f64>,
    /// At most so many base units.
    pub max: Option<f64>,
}

/// Selections that do not score.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Filters {
    /// Any of these or below; empty for all.
    pub regions: Vec<RegionPath>,
    /// Any of these or below; empty for all.
    pub measures: Vec<MeasurePath>,
    /// Regions or measures of which a paragraph has none, or one of those above where any is named.
    pub untagged: Vec<Facet>,
    /// Any of these kinds; empty for all.
    pub kinds: Vec<ParagraphKind>,
    /// Dated on or after this day, `yyyymmdd`.
    pub since: Option<u32>,
    /// Dated on or before this day, `yyyymmdd`.
    pub until: Option<u32>,
    /// With such a figure.
    pub figure: Option<FigureFilter>,
    /// In a file or below a folder of these, absolute; empty for all.
    pub paths: Vec<PathBuf>,
}

/// Everything asked in one search.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchRequest {
    /// The query as typed.
    pub query: String,
    /// Take the whole query as one literal string.
    pub literal: bool,
    /// Items that must not be found, each literal.
    pub not: Vec<String>,
    /// Further alternatives to the whole query.
    pub or: Vec<String>,
    /// How items are matched.
    pub match_mode: MatchMode,
    /// Where they must stand together.
    pub within: Within,
    /// Whether unquoted items also find their synonyms.
    pub synonyms: bool,
    /// Whether inferred tags count in filters, facets and tag matches.
    pub inferred: bool,
    /// Selections.
    pub filters: Filters,
    /// Order of the hits.
    pub sort: Sort,
    /// Most hits in the answer.
    pub limit: usize,
    /// What hits are shown together.
    pub group: Group,
    /// Show one paragraph of each cluster of reprints.
    pub collapse: bool,
    /// What facets count.
    pub count_by: Unit,
    /// Facets wanted.
    pub facets: Vec<FacetRequest>,
    /// One facet by another, if wanted.
    pub cross: Option<CrossRequest>,
    /// Whether each hit explains its score.
    pub explain: bool,
    /// Paragraphs of the same article to give before and after each hit.
    pub context: usize,
    /// Characters of a snippet.
    pub snippet_chars: usize,
}

impl Default for SearchRequest {
    fn default() -> Self {
        Self {
            query: String::new(),
            literal: false,
            not: Vec::new(),
            or: Vec::new(),
            match_mode: MatchMode::Auto,
            within: Within::Paragraph,
            synonyms: true,
            inferred: true,
            filters: Filters::default(),
            sort: Sort::Score,
            limit: 10,
            group: Group::Article,
            collapse: false,
            count_by: Unit::Paragraph,
            facets: Vec::new(),
            cross: None,
            explain: false,
            context: 0,
            snippet_chars: 120,
        }
    }
}

/// One found paragraph.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// Full paragraph id, 32 hexadecimal digits.
    pub id: String,
    /// Shortest start of the id that no other paragraph has, at least 7 digits.
    pub short_id: String,
    /// Score; 0 for hits of a filter alone.
    pub score: f32,
    /// The file, and for a record `file#id`; a name that is not UTF-8 has `\xNN` escapes.
    pub path: String,
    /// The raw bytes of the path where it is not UTF-8.
    pub path_bytes: Option<Vec<u8>>,
    /// Ordinal of the article in its report, from 1.
    pub article: usize,
    /// Ordinal of the paragraph in its article, from 1.
    pub paragraph: usize,
    /// What part of the article it is.
    pub kind: ParagraphKind,
    /// Title of the article.
    pub title: Option<String>,
    /// Date of the article.
    pub date: Option<Date>,
    /// Publisher.
    pub source: Option<String>,
    /// The whole display text.
    pub text: String,
    /// An extract of `text` around the matches, `…` where it was cut.
    pub snippet: Snippet,
    /// Matches in `text`, half-open ranges of characters, sorted, not touching.
    pub highlights: Vec<Span>,
    /// Region tags.
    pub regions: Vec<Tag<RegionPath>>,
    /// Measure tags.
    pub measures: Vec<Tag<MeasurePath>>,
    /// Why it has them.
    pub evidence: Vec<Evidence>,
    /// The quantities it reports, in order.
    pub figures: Vec<Figure>,
    /// Where it stands in the untouched file.
    pub place: Option<Place>,
    /// Its reprints and excerpts, when they were asked for.
    pub reprints: Option<Reprints>,
    /// Further matching paragraphs of the same group that are not shown.
    pub more: usize,
    /// The paragraphs before it in its article, when asked for.
    pub before: Vec<String>,
    /// The paragraphs after it in its article, when asked for.
    pub after: Vec<String>,
    /// How the score came about, when asked for.
    pub explanation: Option<Explanation>,
}

/// Other paragraphs with the same text, wherever they are in the index.
#[derive(Debug, Clone, PartialEq)]
pub struct Reprints {
    /// The cluster, by the least id of its paragraphs.
    pub cluster: String,
    /// How many others have the same or nearly the same text.
    pub count: u64,
    /// They, by id, at most [`Self::LISTED_MAX`].
    pub paragraphs: Vec<Reprint>,
    /// Paragraphs that it, or a reprint of it, is an excerpt of.
    pub excerpt_of: Vec<Reprint>,
    /// Paragraphs that are excerpts of it or of a reprint of it.
    pub excerpts: Vec<Reprint>,
}

impl Reprints {
    /// Most paragraphs that are listed of each sort.
    pub const LISTED_MAX: usize = 1000;
}

/// Where a reprint stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Reprint {
    /// Full paragraph id.
    pub id: String,
    /// The file, as in [`Hit::path`].
    pub path: String,
    /// Place in it.
    pub place: Option<Place>,
}

/// An extract with its marks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Snippet {
    /// The extract.
    pub text: String,
    /// Matches in it, half-open ranges of characters.
    pub highlights: Vec<Span>,
}

/// How a score came about: parts add up to `value`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explanation {
    /// What this part is.
    pub what: String,
    /// Its share of the score.
    pub value: f32,
    /// Its own parts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Explanation>,
}

/// Counts of one facet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetCounts {
    /// Which facet.
    pub facet: Facet,
    /// The path whose children these are; `None` for the top level.
    pub under: Option<String>,
    /// What counts: all that match the query and every selection but this facet's own.
    pub total: u64,
    /// What lies in buckets beyond the limit, as a count of buckets.
    pub other: usize,
    /// Largest first, then by path; the untagged bucket last.
    pub buckets: Vec<Bucket>,
}

/// One count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    /// Which.
    pub key: BucketKey,
    /// How many.
    pub count: u64,
}

/// What a count is of.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum BucketKey {
    /// A path, year, publisher or kind.
    Path(String),
    /// Tagged with the parent path itself, not with anything below it (本级).
    Own,
    /// Without any tag, date or publisher (未标注, 无日期).
    Missing,
}

/// Counts of one facet by another. A paragraph with several paths counts in each of them, so rows and columns do not add
/// up to the whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrossCounts {
    /// What was asked.
    pub of: CrossRequest,
    /// What counts: all that match the query and every selection but those of the columns' facet.
    pub total: u64,
    /// The columns with their counts in all that match, largest first.
    pub columns: Vec<Bucket>,
    /// Columns beyond the limit.
    pub other_columns: usize,
    /// The rows, largest first.
    pub rows: Vec<CrossRow>,
    /// Rows beyond the limit.
    pub other_rows: usize,
}

/// One row of [`CrossCounts`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrossRow {
    /// The region or measure, or [`BucketKey::Missing`].
    pub key: BucketKey,
    /// All of the row, whatever column it is in.
    pub total: u64,
    /// A count for each column.
    pub counts: Vec<u64>,
}

/// Something the person asking should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SearchNote {
    /// Query syntax was taken as plain text.
    PlainText {
        /// The text taken plainly.
        text: String,
        /// Why, as a code: `unknown-field`, `unknown-value`, `ambiguous-value`, `no-value`, `unbalanced`, `distance`, `empty`.
        reason: &'static str,
    },
    /// An item was also found through synonyms.
    Synonyms {
        /// The item as typed.
        item: String,
        /// What it was also found by.
        also: Vec<String>,
    },
    /// An item names a division or measure and was also found by tag.
    ByTag {
        /// The item as typed.
        item: String,
        /// `Region` or `Measure`.
        facet: Facet,
        /// Hits of the answer that hold it as a tag only.
        hits: u64,
    },
    /// Numbers such as Ⅲ and ①, which count as separators: hits may have another sign in their place.
    AsSeparators {
        /// The signs, each once.
        signs: String,
    },
    /// A question: ranked by any of its words.
    AnyWord,
    /// Paragraphs of the last commit were not compared yet, or what comparing found is lost: reprints that are not the
    /// same letter by letter are missing.
    NotCompared,
    /// The value of a field names an area (雄安新区) that is only a part of the division taken.
    PartOf {
        /// The name as typed.
        name: String,
        /// The division.
        path: String,
    },
    /// Undated paragraphs were left out by a date filter.
    Undated {
        /// How many.
        count: u64,
    },
}

/// What part of a request a [`Reason`] is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReasonOf {
    /// Something to be found.
    Item,
    /// Two items near each other.
    Distance,
    /// What must not be found.
    Excluded,
    /// Regions, by option or field, as all below.
    Region,
    /// Measures.
    Measure,
    /// Days, as `2020-05-01..`.
    Date,
    /// Kinds of paragraph, by their names in JSON with ` | ` between them.
    Kind,
    /// A publisher.
    Source,
    /// A title.
    Title,
    /// Files and folders.
    Path,
    /// A figure.
    Figure,
}

impl ReasonOf {
    /// The name used in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Item => "item",
            Self::Distance => "distance",
            Self::Excluded => "excluded",
            Self::Region => "region",
            Self::Measure => "measure",
            Self::Date => "date",
            Self::Kind => "kind",
            Self::Source => "source",
            Self::Title => "title",
            Self::Path => "path",
            Self::Figure => "figure",
        }
    }

    /// Whether it takes paragraphs away from those that hold what is to be found.
    pub fn is_filter(self) -> bool {
        !matches!(self, Self::Item | Self::Distance)
    }

    /// The facet that such a filter selects in.
    pub(crate) fn facet(self) -> Option<Facet> {
        match self {
            Self::Region => Some(Facet::Region),
            Self::Measure => Some(Facet::Measure),
            Self::Date => Some(Facet::Year),
            Self::Kind => Some(Facet::Kind),
            Self::Source => Some(Facet::Source),
            Self::Item
            | Self::Distance
            | Self::Excluded
            | Self::Title
            | Self::Path
            | Self::Figure => None,
        }
    }
}

/// Why nothing was found: one part of the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The item or filter, as typed where that is known.
    pub what: String,
    /// What it is.
    pub of: ReasonOf,
    /// Paragraphs that match it alone; of what is excluded, paragraphs that hold it.
    pub alone: u64,
    /// Of an item that names a division or measure: how many of these hold it as a tag only.
    pub by_tag: Option<u64>,
    /// Of an item beside filters: how many of these pass all of them.
    pub filtered: Option<u64>,
    /// Of a filter: hits the query has without it. Of a distance: paragraphs that hold both items.
    pub without: Option<u64>,
    /// Of an item that stands nowhere: strings that do and have two characters swapped, then strings with one other,
    /// most frequent first.
    pub near: Vec<Spelling>,
    /// Of an item that stands nowhere: other names of the division or measure it names that do.
    pub names: Vec<Spelling>,
}

impl Reason {
    /// A part of a request of which nothing is known yet.
    pub fn new(of: ReasonOf, what: &str) -> Self {
        Self {
            what: what.to_owned(),
            of,
            alone: 0,
            by_tag: None,
            filtered: None,
            without: None,
            near: Vec::new(),
            names: Vec::new(),
        }
    }
}

/// A string that may have been meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Spelling {
    /// The string.
    pub text: String,
    /// Paragraphs that hold it.
    pub alone: u64,
}

/// Best inexact hits, when the strict query finds nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Relaxed {
    /// The hits, by any word.
    pub hits: Vec<Hit>,
    /// Paragraphs that hold any of the words.
    pub total: u64,
}

/// Everything answered to one search.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchResponse {
    /// The query as typed.
    pub query: String,
    /// `All` or `Any`: how items were matched in the end.
    pub matched: MatchMode,
    /// Matching paragraphs.
    pub total: u64,
    /// Articles that hold them.
    pub articles: u64,
    /// Reports that hold them.
    pub reports: u64,
    /// Clusters of reprints among them, when they are collapsed or counted.
    pub clusters: Option<u64>,
    /// What facets count.
    pub unit: Unit,
    /// Wall time in milliseconds.
    pub took_ms: f64,
    /// What the person asking should know.
    pub notes: Vec<SearchNote>,
    /// Best hits, in order.
    pub hits: Vec<Hit>,
    /// Best inexact hits when there are none.
    pub relaxed: Option<Relaxed>,
    /// Why there are none.
    pub reasons: Vec<Reason>,
    /// Counts, in the order asked.
    pub facets: Vec<FacetCounts>,
    /// Counts of one facet by another, when asked for and something was found.
    pub cross: Option<CrossCounts>,
}
