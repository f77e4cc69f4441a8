//! How fast an index answers, by class of query: queries are drawn from its own paragraphs, so they are of the kind
//! its users ask and find something.
//!
//! The caller samples paragraphs, [`classes`] makes requests of them, [`measure`] asks. Retrieval sets with judgements
//! are measured in [`super::metrics`].

use super::metrics::LatencySummary;
use super::random::SplitMix64;
use crate::model::{ParagraphKind, RegionPath};
use crate::search::ast::Item;
use crate::search::request::{Facet, FacetRequest, Filters, Hit, MatchMode, SearchRequest};
use crate::text::tokens::is_han;
use serde::Serialize;
use std::time::Duration;

/// A kind of query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// One item of two to four Han.
    Term,
    /// Two or three items of one paragraph.
    All,
    /// A clause, ranked by any of its words.
    Any,
    /// A quoted string of four to twelve characters.
    Literal,
    /// One item with a province, a year or a kind as filter.
    Filter,
    /// As `All`, with counts of regions and measures.
    Facets,
}

impl Class {
    /// All classes, in the order they are measured and shown.
    pub const ALL: [Self; 6] =
        [Self::Term, Self::All, Self::Any, Self::Literal, Self::Filter, Self::Facets];

    /// The name used in tables and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Term => "term",
            Self::All => "all",
            Self::Any => "any",
            Self::Literal => "literal",
            Self::Filter => "filter",
            Self::Facets => "facets",
        }
    }
}

/// A paragraph that queries are drawn from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampledParagraph {
    /// Its display text.
    pub text: String,
    /// A region it is tagged with.
    pub region: Option<RegionPath>,
    /// Its year.
    pub year: Option<u32>,
}

/// A paragraph of which only the text is known.
impl From<String> for SampledParagraph {
    fn from(text: String) -> Self {
        Self { text, region: None, year: None }
    }
}

/// A paragraph that a search found, with its first region and the year it begins in.
impl From<&Hit> for SampledParagraph {
    fn from(hit: &Hit) -> Self {
        Self {
            text: hit.text.clone(),
            region: hit.regions.first().map(|tag| tag.path.clone()),
            year: hit.date.map(|date| date.from / 10_000),
        }
    }
}

/// Requests of one class.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassRequests {
    /// The class.
    pub class: Class,
    /// Its requests.
    pub requests: Vec<SearchRequest>,
}

/// Draws `count` requests of each class. The same paragraphs and seed give the same requests.
///
/// Paragraphs without four Han in a row are passed over; a class is empty when there are no others.
pub fn classes(paragraphs: &[SampledParagraph], count: usize, seed: u64) -> Vec<ClassRequests> {
    let clauses: Vec<(&SampledParagraph, Vec<Vec<char>>)> = paragraphs
        .iter()
        .map(|paragraph| (paragraph, clauses(&paragraph.text)))
        .filter(|(_, clauses)| !clauses.is_empty())
        .collect();
    let draw_class = |(ordinal, class): (usize, Class)| {
        // Each class has lots of its own, so that one more class leaves the others' queries as they were.
        let mut random = SplitMix64::new(seed ^ ((ordinal as u64 + 1) << 32));
        let requests = (0..count).filter_map(|_| {
            let (paragraph, clauses) = random.choose(&clauses)?;
            draw(class, paragraph, clauses, &mut random)
        });
        ClassRequests { class, requests: requests.collect() }
    };
    Class::ALL.into_iter().enumerate().map(draw_class).collect()
}

/// Asks every request twice, the first time to warm up, and sums up the second.
///
/// `answer` gives the number of hits; `clock` the time since any fixed moment. Also gives the sum of all hits, so that
/// two runs can be seen to have found the same.
///
/// # Errors
/// The first error of `answer`.
pub fn measure<E>(
    requests: &[SearchRequest],
    clock: &dyn Fn() -> Duration,
    mut answer: impl FnMut(&SearchRequest) -> Result<u64, E>,
) -> Result<(LatencySummary, u64), E> {
    for request in requests {
        answer(request)?;
    }
    let mut times_ms = Vec::with_capacity(requests.len());
    let mut hits = 0;
    for request in requests {
        let started = clock();
        hits += answer(request)?;
        times_ms.push(clock().saturating_sub(started).as_secs_f64() * 1000.0);
    }
    Ok((LatencySummary::of(times_ms), hits))
}

/// Han in a row that make a clause queries can be drawn from.
const CLAUSE_HAN_MIN: usize = 4;

/// The runs of Han of a text, without short ones.
fn clauses(text: &str) -> Vec<Vec<char>> {
    let runs = text.split(|c| !is_han(c)).map(|run| run.chars().collect::<Vec<char>>());
    runs.filter(|run| run.len() >= CLAUSE_HAN_MIN).collect()
}

/// One request of a class from a paragraph with these clauses.
fn draw(
    class: Class,
    paragraph: &SampledParagraph,
    clauses: &[Vec<char>],
    random: &mut SplitMix64,
) -> Option<SearchRequest> {
    let mut request = SearchRequest::default();
    match class {
        Class::Term => request.query = part(clauses, 2, 4, random)?,
        Class::All => request.query = items(clauses, random)?,
        Class::Any => {
            request.query = part(clauses, 8, 20, random)?;
            request.match_mode = MatchMode::Any;
        }
        Class::Literal => request.query = Item::quoted(part(clauses, 4, 12, random)?).to_string(),
        Class::Filter => {
            request.query = part(clauses, 2, 4, random)?;
            request.filters = filter(paragraph);
        }
        Class::Facets => {
            request.query = items(clauses, random)?;
            request.facets = [Facet::Region, Facet::Measure]
                .map(|facet| FacetRequest { facet, under: None, limit: 10 })
                .to_vec();
        }
    }
    Some(request)
}

/// Two or three parts of the clauses, as items of a query.
fn items(clauses: &[Vec<char>], random: &mut SplitMix64) -> Option<String> {
    let count = random.between(2, 3);
    let parts: Option<Vec<String>> = (0..count).map(|_| part(clauses, 2, 4, random)).collect();
    Some(parts?.join(" "))
}

/// Characters in a row out of one clause, as many as wanted or as it has.
fn part(
    clauses: &[Vec<char>],
    chars_min: usize,
    chars_max: usize,
    random: &mut SplitMix64,
) -> Option<String> {
    let clause = random.choose(clauses)?;
    let length = random.between(chars_min, chars_max).min(clause.len());
    let from = random.between(0, clause.len() - length);
    clause.get(from..from + length).map(|part| part.iter().collect())
}

/// The paragraph's province, else its year, else running text.
fn filter(paragraph: &SampledParagraph) -> Filters {
    let region = paragraph.region.as_ref();
    let province = region.and_then(|path| RegionPath::new(path.ancestors().next()?).ok());
    let year = paragraph.year.filter(|_| province.is_none());
    let bare = province.is_none() && year.is_none();
    Filters {
        kinds: if bare { vec![ParagraphKind::Body] } else { Vec::new() },
        regions: province.into_iter().collect(),
        since: year.map(|year| year * 10_000 + 101),
        until: year.map(|year| year * 10_000 + 1231),
        ..Filters::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    fn paragraphs() -> Vec<SampledParagraph> {
        let text = |text: &str, region: Option<&str>| SampledParagraph {
            text: text.to_owned(),
            region: region.and_then(|path| RegionPath::new(path).ok()),
            year: Some(2021),
        };
        vec![
            text("全县把网格化管理落到每个村组，选聘网格员312名。", Some("云南省/迪庆藏族自治州")),
            text("乡里办夜校，请老支书讲党课", None),
            text("2021年5月", None),
        ]
    }

    #[test]
    fn the_same_seed_draws_the_same_queries() {
        assert_eq!(classes(&paragraphs(), 5, 7), classes(&paragraphs(), 5, 7));
        assert_ne!(classes(&paragraphs(), 5, 7), classes(&paragraphs(), 5, 8));
    }

    #[test]
    fn every_class_gets_its_count_and_every_item_stands_in_a_paragraph() {
        let texts: String =
            paragraphs().into_iter().map(|paragraph| paragraph.text + "\n").collect();
        for drawn in classes(&paragraphs(), 20, 1) {
            assert_eq!(drawn.requests.len(), 20, "{:?}", drawn.class);
            for request in drawn.requests {
                for item in request.query.split(' ') {
                    let item = item.trim_matches('"');
                    assert!(item.chars().count() >= 2 && texts.contains(item), "{}", request.query);
                }
            }
        }
    }

    #[test]
    fn a_filter_is_the_province_or_else_the_year_or_else_running_text() {
        let [with_region, without_region, _] = paragraphs().try_into().unwrap();
        assert_eq!(filter(&with_region).regions[0].as_str(), "云南省");
        assert_eq!(filter(&without_region).since, Some(20210101));
        assert_eq!(filter(&String::new().into()).kinds, [ParagraphKind::Body]);
    }

    #[test]
    fn paragraphs_without_clauses_give_no_queries() {
        let bare = [SampledParagraph { text: "2021-05".to_owned(), region: None, year: None }];
        assert!(classes(&bare, 5, 1).iter().all(|class| class.requests.is_empty()));
    }

    #[test]
    fn the_first_asking_only_warms_up() {
        let time = Cell::new(Duration::ZERO);
        let requests = vec![SearchRequest::default(); 3];
        let mut asked = 0;
        let (latency, hits) = measure(&requests, &|| time.get(), |_| {
            asked += 1;
            let cold = asked <= 3;
            time.set(time.get() + Duration::from_millis(if cold { 100 } else { 4 }));
            Ok::<u64, std::convert::Infallible>(2)
        })
        .unwrap();
        assert_eq!((latency.p99_ms, latency.queries, hits), (4.0, 3, 6));
    }
}
