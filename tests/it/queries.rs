//! No query text is an error; scores add up; the order does not depend on how the index was made.

use crate::segments::SegmentedCopies;
use crate::support::{TestIndex, assert_none, assert_noticed, every_hit, repository, samples};
use fangzhi::pipeline::IndexRequest;
use fangzhi::search::request::{
    Explanation, Facet, FacetRequest, Group, Hit, MatchMode, SearchNote, SearchRequest, Sort, Unit,
    Within,
};
use fangzhi::search::{QUERY_CHARS_MAX, SearchError, Searcher};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Pieces that mean something to some step of a search, and nonsense.
const PIECES: &[&str] = &[
    "\"",
    "“",
    "”",
    "「",
    "」",
    "(",
    ")",
    "（",
    "）",
    "|",
    "｜",
    "-",
    "－",
    "*",
    "?",
    "？",
    "~5",
    "~0",
    "~99999999999999999999",
    ":",
    "：",
    "region:",
    "地区:",
    "measure:",
    "举措：",
    "title:",
    "date:",
    "日期:2020",
    "date:2020..2019",
    "date:0000-99-99",
    "source:",
    "网格",
    "網格化",
    "治",
    "云南",
    "西藏",
    "第一书记",
    "5",
    "1.36",
    "1,",
    "５Ｇ",
    "App",
    "COVID-19",
    "%",
    "‰",
    "。",
    "，",
    " ",
    "\u{3000}",
    "\t",
    "\n",
    "\0",
    "\u{7f}",
    "\u{85}",
    "\u{200b}",
    "\u{202e}",
    "\u{feff}",
    "\u{fffd}",
    "\u{e000}",
    "\u{10ffff}",
    "𠮷",
    "⺠",
    "〇",
    "々",
    "①",
    "e\u{301}",
    "\u{301}",
    "\\",
    "[",
    "]",
    "{",
    "}",
    ".",
    "^",
    "$",
    "/",
    "//",
    "AND",
    "OR",
    "NOT",
    "TO",
    "+",
    "&&",
    "||",
    "<",
    ">",
    "İ",
    "ß",
    "ﬁ",
    "👨‍👩‍👧",
    "\u{1f1e8}\u{1f1f3}",
];

fn query() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => proptest::sample::select(PIECES).prop_map(str::to_owned),
        1 => "\\PC{1,3}",
        1 => any::<char>().prop_map(String::from),
    ];
    vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

fn request() -> impl Strategy<Value = SearchRequest> {
    let mode = proptest::sample::select(&[MatchMode::Auto, MatchMode::All, MatchMode::Any][..]);
    let flags = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    let sizes = (0..4_usize, 0..3_usize, 0..30_usize);
    (query(), vec(query(), 0..2), vec(query(), 0..2), mode, flags, sizes).prop_map(
        |(
            query,
            not,
            or,
            match_mode,
            (literal, article, date, synonyms),
            (limit, context, snippet),
        )| {
            SearchRequest {
                query,
                literal: literal && article,
                not,
                or,
                match_mode,
                within: if article { Within::Article } else { Within::Paragraph },
                synonyms,
                inferred: !date,
                sort: if date { Sort::Date } else { Sort::Score },
                limit,
                group: if literal { Group::Article } else { Group::Report },
                count_by: if date { Unit::Article } else { Unit::Paragraph },
                facets: vec![FacetRequest { facet: Facet::Region, under: None, limit: 2 }],
                explain: synonyms,
                context,
                snippet_chars: snippet,
                ..SearchRequest::default()
            }
        },
    )
}

/// What is wrong with the answer to a request.
fn faults(searcher: &Searcher, request: &SearchRequest) -> Vec<String> {
    let answer = match searcher.search(request) {
        Ok(answer) => answer,
        Err(error) => return vec![format!("{:?}: {error}", request.query)],
    };
    let mut faults = Vec::new();
    if answer.hits.len() > request.limit || (answer.total > 0) != (answer.articles > 0) {
        faults.push(format!("{:?}: {} of {}", request.query, answer.hits.len(), answer.total));
    }
    for hit in &answer.hits {
        let end = hit.text.chars().count();
        if hit.highlights.iter().any(|mark| mark.end() > end) {
            faults.push(format!("{:?}: marks {:?} in {end}", request.query, hit.highlights));
        }
    }
    faults
}

#[test]
fn no_query_is_an_error() {
    let index = samples();
    let searcher = index.searcher();
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(250) };
    proptest!(config, |(request in request())| {
        prop_assert!(faults(&searcher, &request).is_empty());
    });
}

#[test]
fn what_cost_others_most_is_answered() {
    let index = samples();
    let searcher = index.searcher();
    for query in [
        "(".repeat(4096),
        "-".repeat(4096),
        "\"".repeat(4096),
        "* ".repeat(2048),
        "?".repeat(4096),
        "a*".repeat(2048),
        "治 ".repeat(2048),
        "(治|".repeat(1365),
        "-(".repeat(2048),
        "治~5".repeat(1024),
        "的".repeat(4096),
        "网格化管理".repeat(819),
        "9".repeat(4096),
    ] {
        let mut request = every_hit(&query);
        request.limit = 3;
        assert_none(&faults(&searcher, &request));
    }
}

#[test]
fn only_a_query_that_is_too_long_is_refused() {
    let index = samples();
    let searcher = index.searcher();
    assert_none(&faults(&searcher, &every_hit(&"治".repeat(QUERY_CHARS_MAX))));
    for chars in [QUERY_CHARS_MAX + 1, 100_000] {
        let request = every_hit(&"治".repeat(chars));
        assert_noticed("a query that is too long", &faults(&searcher, &request));
        let refused = searcher.search(&request);
        assert!(
            matches!(refused, Err(SearchError::QueryTooLong { chars: found, .. }) if found == chars)
        );
    }
}

/// Queries whose scores have parts of every kind.
const RANKED: [&str; 8] = [
    "网格化管理",
    "村 支部 群众",
    "\"村规民约\"",
    "西藏 网格化管理",
    "怎样化解矛盾纠纷？",
    "村",
    "村 title:区",
    "1.36万人次 | 5G",
];

/// What is wrong with an explanation: its parts do not add up to its value, and that is not the score.
fn explanation_faults(hit: &Hit) -> Vec<String> {
    let Some(explanation) = &hit.explanation else { return vec!["no explanation".to_owned()] };
    let near = |a: f32, b: f32| (a - b).abs() <= a.abs().max(b.abs()) * 1e-3 + 1e-4;
    let mut faults = Vec::new();
    if !near(explanation.value, hit.score) {
        faults.push(format!("{} explained, {} the score", explanation.value, hit.score));
    }
    let mut open = vec![explanation];
    while let Some(Explanation { what, value, parts }) = open.pop() {
        let sum: f32 = parts.iter().map(|part| part.value).sum();
        if !parts.is_empty() && !near(sum, *value) {
            faults.push(format!("{what}: parts make {sum}, not {value}: {parts:?}"));
        }
        open.extend(parts);
    }
    faults
}

#[test]
fn explanations_add_up_to_the_score() {
    let index = samples();
    let searcher = index.searcher();
    let (mut faults, mut without_the_best) = (Vec::new(), Vec::new());
    for query in RANKED {
        let mut request = every_hit(query);
        request.explain = true;
        for mut hit in searcher.search(&request).unwrap().hits {
            faults.extend(explanation_faults(&hit));
            if let Some(explanation) = hit.explanation.as_mut()
                && explanation.parts.len() > 1
            {
                explanation.parts.remove(0);
                without_the_best.extend(explanation_faults(&hit));
            }
        }
    }
    assert_none(&faults);
    assert_noticed("a part left out", &without_the_best);
}

/// Where hits are out of order: score first, then id.
fn order_faults(hits: &[Hit]) -> Vec<String> {
    let in_order = |a: &Hit, b: &Hit| a.score > b.score || (a.score == b.score && a.id < b.id);
    let wrong = hits.windows(2).filter(|pair| !in_order(&pair[0], &pair[1]));
    wrong
        .map(|pair| {
            format!("{} {} before {} {}", pair[0].score, pair[0].id, pair[1].score, pair[1].id)
        })
        .collect()
}

#[test]
fn hits_come_by_score_and_then_by_id() {
    let index = samples();
    let (mut faults, mut reversed) = (Vec::new(), Vec::new());
    for query in RANKED {
        let mut hits = index.search(query).hits;
        faults.extend(order_faults(&hits));
        // What cannot be among the best few is left before all of it is known.
        let few = SearchRequest { limit: 3, ..every_hit(query) };
        let few = index.searcher().search(&few).unwrap().hits;
        let best = |hits: &[Hit]| {
            hits.iter().map(|hit| (hit.id.clone(), hit.score)).take(3).collect::<Vec<_>>()
        };
        assert_eq!(best(&few), best(&hits), "{query}");
        hits.reverse();
        reversed.extend(order_faults(&hits));
    }
    // Nothing scores here: the id alone decides.
    faults.extend(order_faults(&index.search("").hits));
    assert_none(&faults);
    assert_noticed("the last hit first", &reversed);
}

/// Where the hits of two indexes of the same files differ. Scores may differ in their last digits, as sums do that
/// are made in another order; hits that score so nearly the same may change places.
fn copies_differ(one: &[Hit], other: &[Hit]) -> Vec<String> {
    let scores: BTreeMap<&str, f32> =
        other.iter().map(|hit| (hit.id.as_str(), hit.score)).collect();
    let near = |a: f32, b: f32| (a - b).abs() <= a.abs().max(b.abs()) * 1e-5;
    let mut wrong = Vec::new();
    if one.len() != other.len() {
        wrong.push(format!("{} hits, not {}", one.len(), other.len()));
    }
    for (a, b) in one.iter().zip(other) {
        let same = scores.get(a.id.as_str()).is_some_and(|&score| near(a.score, score));
        if !same || !(a.id == b.id || near(a.score, b.score)) {
            wrong.push(format!("{} {} stands where {} {} does", a.score, a.id, b.score, b.id));
        }
    }
    wrong
}

#[test]
fn the_ranking_does_not_depend_on_segments() {
    let copies = SegmentedCopies::new();
    let (_, one) = &copies.indexes[0];
    let (mut wrong, mut without_first) = (Vec::new(), Vec::new());
    for (_, other) in &copies.indexes[1..] {
        for query in RANKED {
            let (one, other) = (one.search(query).hits, other.search(query).hits);
            assert!(!one.is_empty(), "{query} finds nothing");
            wrong.extend(copies_differ(&one, &other));
            without_first.extend(copies_differ(&one, &other[1..]));
        }
    }
    assert_none(&wrong);
    assert_noticed("first hit left out", &without_first);
}

#[test]
fn the_content_does_not_depend_on_the_number_of_workers() {
    let of_jobs = |jobs| {
        let index = TestIndex::new();
        index.run(&IndexRequest {
            paths: vec![repository("corpus/samples")],
            jobs,
            ..IndexRequest::default()
        });
        let shown =
            index.paragraphs().into_iter().map(|hit| (hit.id, hit.text, hit.place, hit.regions));
        (shown.collect::<Vec<_>>(), index.search("网格化管理").hits.len())
    };
    let one = of_jobs(1);
    assert!(one.0.len() > 400);
    for jobs in [2, 4] {
        assert!(of_jobs(jobs) == one, "{jobs} workers give another index");
    }
}

/// Two records with titles and publishers, one of them without a date.
fn two_records() -> (tempfile::TempDir, TestIndex) {
    let folder = tempfile::tempdir().unwrap();
    let lines = [
        r#"{"id": "1", "title": "山村新事", "source": "示例日报", "date": "2021-05-01", "text": "小组推行积分制，村民当年用上了自来水。\n\n村里修通了水渠，田里不再缺水。"}"#,
        r#"{"id": "2", "title": "水乡旧闻", "source": "另一日报", "text": "村里修通了水渠，还推行了网格管理。"}"#,
    ];
    std::fs::write(folder.path().join("a.jsonl"), lines.join("\n")).unwrap();
    let index = TestIndex::of(&[folder.path().canonicalize().unwrap()]);
    (folder, index)
}

#[test]
fn a_publisher_asked_for_does_not_shrink_its_own_facet() {
    let (_folder, index) = two_records();
    let facets = vec![FacetRequest { facet: Facet::Source, under: None, limit: 10 }];
    let request = SearchRequest { facets, ..every_hit("水渠 source:示例日报") };
    let response = index.searcher().search(&request).unwrap();
    assert_eq!((response.total, response.facets[0].buckets.len()), (1, 2));
}

#[test]
fn a_title_is_that_of_every_paragraph_below_it_and_of_itself() {
    let (_folder, index) = two_records();
    for title in ["山村", "新", "山村新事"] {
        let texts: Vec<String> =
            index.search(&format!("title:{title}")).hits.into_iter().map(|hit| hit.text).collect();
        assert_eq!(texts.len(), 3, "{texts:?}");
        assert!(texts.iter().any(|text| text == "山村新事"), "{texts:?}");
    }
}

#[test]
fn within_an_article_a_title_makes_no_hit() {
    let (_folder, index) = two_records();
    let request =
        SearchRequest { within: Within::Article, ..every_hit("title:山村 积分 水渠") };
    let hits = index.searcher().search(&request).unwrap().hits;
    assert_eq!(hits.len(), 2, "{hits:?}");
    assert!(hits.iter().all(|hit| hit.text.contains("积分") || hit.text.contains("水渠")));
}

#[test]
fn a_date_in_the_query_says_how_many_are_undated() {
    let (_folder, index) = two_records();
    let response = index.search("水渠 date:2021");
    assert_eq!((response.total, response.notes), (1, vec![SearchNote::Undated { count: 1 }]));
}

#[test]
fn a_field_beside_a_bar_is_an_alternative_of_its_own() {
    let samples = samples();
    let of_region = samples.search("region:云南").total;
    assert!(of_region > 0);
    for query in ["region:云南 | 迪庆", "region:云南 | 谁也没有写过的词"] {
        for match_mode in [MatchMode::All, MatchMode::Any] {
            let request = SearchRequest { match_mode, ..every_hit(query) };
            let total = samples.searcher().search(&request).unwrap().total;
            assert!(total >= of_region, "{query} {match_mode:?}: {total} of {of_region}");
        }
    }
}

#[test]
fn alternatives_and_exclusions_may_not_be_longer_than_a_query() {
    let samples = samples();
    let long = vec!["治".repeat(QUERY_CHARS_MAX + 1)];
    for request in [
        SearchRequest { or: long.clone(), ..every_hit("网格") },
        SearchRequest { not: long.clone(), ..every_hit("网格") },
    ] {
        let answer = samples.searcher().search(&request);
        assert!(matches!(answer, Err(SearchError::QueryTooLong { .. })));
    }
}

#[test]
fn counting_alone_counts_what_a_search_counts() {
    let samples = samples();
    for query in ["网格", "云南 网格", "治理?", "云南 | 网格 -西藏", "怎样管理网格"]
    {
        let counted = SearchRequest { limit: 0, ..every_hit(query) };
        let counted = samples.searcher().search(&counted).unwrap();
        assert_eq!(counted.total, samples.search(query).total, "{query}");
    }
}

#[test]
fn deep_brackets_are_no_danger() {
    let samples = samples();
    let depth = 800;
    let query = format!("{}网格{}", "(治 | (理 ".repeat(depth / 2), "))".repeat(depth / 2));
    assert!(query.chars().count() <= QUERY_CHARS_MAX);
    let _total = samples.search(&query).total;
}

#[test]
fn numbers_that_count_as_separators_are_told() {
    let index = samples();
    let told = |query: &str| {
        let notes = index.search(query).notes.into_iter();
        notes
            .filter_map(|note| match note {
                SearchNote::AsSeparators { signs } => Some(signs),
                _ => None,
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(told("\"达到Ⅲ类\" Ⅲ级 第①组"), ["Ⅲ①"]);
    assert_eq!(told("达到三类 〇 3级、四级"), [""; 0]);
}
