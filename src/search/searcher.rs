//! Answers requests over one state of an index: runs plans, counts facets, explains. `fetch` makes hits of what is found.

use crate::analysis::Lexicon;
use crate::index::{IndexError, IndexInfo, OpenIndex, PARAGRAPH, path_text};
use crate::model::RegionPath;
use crate::reprints::Clusters;
use crate::search::ast::{Item, Node};
use crate::search::excluded::excluded;
use crate::search::facet::{CountCollector, Counts, Known};
use crate::search::parse::{is_question, parse};
use crate::search::plan::{Made, Plan, Planner};
use crate::search::rank::{DistinctKeys, Ranked, SegmentKinds, TopHits};
use crate::search::request::{
    Explanation, Facet, FacetCounts, Group, Hit, MatchMode, ReasonOf, Relaxed, SearchNote,
    SearchRequest, SearchResponse, Sort, Unit, Within,
};
use crate::search::statistics::{Lengths, ParagraphStatistics};
use crate::search::{QUERY_CHARS_MAX, SearchError};
use crate::text::fold::{fold, fold_char};
use crate::text::script::to_simplified;
use crate::text::tokens::{has_token, is_token};
use crate::vocab::Vocabulary;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::AtomicU32;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Instant;
use tantivy::collector::Count;
use tantivy::query::{BooleanQuery, EnableScoring, Occur, Query, TermQuery, TermSetQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet, Term};
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// Hits shown together at most.
const PER_GROUP: usize = 2;

/// Answers searches over one state of an index.
pub struct Searcher {
    index: OpenIndex,
    vocabulary: Arc<Vocabulary>,
    lexicon: Arc<Lexicon>,
    searcher: tantivy::Searcher,
    pub(super) clusters: OnceLock<(Arc<Clusters>, bool)>,
    lengths: OnceLock<Lengths>,
    known: Known,
    kinds: OnceLock<Arc<[SegmentKinds]>>,
    rare: Mutex<HashMap<char, bool>>,
}

impl Searcher {
    /// Opens the last commit of the index in `dir`.
    pub fn open(dir: &Path, vocabulary: Arc<Vocabulary>) -> Result<Self, IndexError> {
        let index = OpenIndex::open(dir)?;
        let searcher = index.reader.searcher();
        let lexicon = Lexicon::of(&vocabulary.words);
        let known = Known::new(Arc::clone(&index.columns));
        Ok(Self {
            index,
            vocabulary,
            lexicon,
            searcher,
            lengths: OnceLock::new(),
            known,
            kinds: OnceLock::new(),
            rare: Mutex::default(),
            clusters: OnceLock::new(),
        })
    }

    /// Answers one request.
    pub fn search(&self, request: &SearchRequest) -> Result<SearchResponse, SearchError> {
        let started = Instant::now();
        let (plan, mut response) = self.prepare(request)?;
        let counts = self.count(&plan, request)?;
        self.fill_counts(&counts, &plan, request, &mut response)?;
        if counts.paragraphs > 0 {
            response.hits = self.grouped_hits(&plan, request, counts.paragraphs)?;
            let cross = request.cross.as_ref();
            let cross = cross.map(|wanted| self.cross(request, response.matched, wanted));
            response.cross = cross.transpose()?;
        } else {
            response.reasons = self.reasons(&plan)?;
            response.relaxed = self.relaxed(request)?;
        }
        response.took_ms = started.elapsed().as_secs_f64() * 1000.0;
        Ok(response)
    }

    /// Gives every hit, in order and without a ceiling, until `each` breaks; the response itself has no hits.
    pub fn for_each(
        &self,
        request: &SearchRequest,
        each: &mut dyn FnMut(Hit) -> ControlFlow<()>,
    ) -> Result<SearchResponse, SearchError> {
        let started = Instant::now();
        // Every hit is ranked, whatever the limit says.
        let request = &SearchRequest { limit: usize::MAX, ..request.clone() };
        let (plan, mut response) = self.prepare(request)?;
        let counts = self.count(&plan, request)?;
        self.fill_counts(&counts, &plan, request, &mut response)?;
        if counts.paragraphs == 0 {
            response.reasons = self.reasons(&plan)?;
        }
        let all = usize::try_from(counts.paragraphs).unwrap_or(usize::MAX);
        let mut all = self.ranked(&plan, request, all)?;
        let mut members = None;
        if request.collapse {
            all = self.first_of_clusters(all)?;
            members = Some(self.members(all.iter().map(|ranked| ranked.address))?);
        }
        for ranked in all {
            let mut hit = self.hit(ranked, &plan, request)?;
            if let Some(members) = &members {
                hit.reprints = Some(self.reprints(&hit, ranked.address, members)?);
            }
            if each(hit).is_break() {
                break;
            }
        }
        response.took_ms = started.elapsed().as_secs_f64() * 1000.0;
        Ok(response)
    }

    /// Paragraphs tagged with a region or below it.
    pub fn count_region(&self, path: &RegionPath) -> Result<u64, SearchError> {
        let filters =
            crate::search::request::Filters { regions: vec![path.clone()], ..Default::default() };
        let mut count = 0;
        for selection in self.planner(&SearchRequest::default()).filters(&filters, path_text) {
            count += self.count_query(selection.query.as_ref())?;
        }
        Ok(count)
    }

    /// The regions that paragraphs are tagged with, or that lie above such, whose own name this is: towns and villages,
    /// which the vocabulary does not know by their name alone.
    pub fn regions_called(&self, name: &str) -> Result<Vec<RegionPath>, SearchError> {
        let end = format!("/{}", to_simplified(name.trim()));
        let mut called = BTreeSet::new();
        for reader in self.searcher.segment_readers() {
            for field in [self.index.fields.region_all, self.index.fields.region_inferred_all] {
                let inverted = reader.inverted_index(field).map_err(|error| self.failed(error))?;
                let terms = inverted.terms().stream();
                let mut terms = terms.map_err(|error| self.failed(error.into()))?;
                while let Some((term, _)) = terms.next() {
                    let path = std::str::from_utf8(term).ok().filter(|path| path.ends_with(&end));
                    called.extend(path.and_then(|path| RegionPath::new(path).ok()));
                }
            }
        }
        let mut found = Vec::with_capacity(called.len());
        for path in called {
            // A name may be left of what was deleted.
            if self.count_region(&path)? > 0 {
                found.push(path);
            }
        }
        Ok(found)
    }

    /// The display texts of paragraphs, at most `limit`, in an order that depends on the index alone; for measuring
    /// with queries drawn from the index itself.
    pub fn sample_texts(&self, limit: usize) -> Result<Vec<String>, SearchError> {
        let request = SearchRequest::default();
        let every = self.planner(&request).every_paragraph();
        let (kinds, columns) = (self.kinds()?, Arc::clone(&self.known.columns));
        let (sort, figure, aside) = (Sort::Score, None, 1.0);
        let least = AtomicU32::default();
        let top = TopHits { limit, sort, figure, aside, kinds, columns, least };
        let ranked = self.searcher.search(&tantivy::query::ConstScoreQuery::new(every, 0.0), &top);
        let mut texts = Vec::new();
        for hit in ranked.map_err(|error| self.failed(error))? {
            texts.push(self.stored(hit.address)?.text);
        }
        Ok(texts)
    }

    /// The first 16 digits of the ids of all hits as numbers, unranked and unread; for checking what is found in large
    /// indexes.
    pub fn hit_keys(&self, request: &SearchRequest) -> Result<HashSet<u64>, SearchError> {
        let (plan, _response) = self.prepare(request)?;
        self.distinct(&plan.hits(), "id_head")
    }

    pub(super) fn index(&self) -> &OpenIndex {
        &self.index
    }

    pub(super) fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// A string in the text of paragraphs; `None` for one without a token.
    pub(super) fn literal(&self, text: &str) -> Option<Box<dyn Query>> {
        self.planner(&SearchRequest::default()).literal(self.index.fields.grams, text)
    }

    pub(super) fn known(&self) -> &Known {
        &self.known
    }

    fn kinds(&self) -> Result<Arc<[SegmentKinds]>, SearchError> {
        if let Some(kinds) = self.kinds.get() {
            return Ok(Arc::clone(kinds));
        }
        let opened = self.searcher.segment_readers().iter().map(SegmentKinds::open);
        let opened: tantivy::Result<Arc<[SegmentKinds]>> = opened.collect();
        let opened = opened.map_err(|error| self.failed(error))?;
        Ok(Arc::clone(self.kinds.get_or_init(|| opened)))
    }

    pub(super) fn engine(&self) -> &tantivy::Searcher {
        &self.searcher
    }

    pub(super) fn failed(&self, error: tantivy::TantivyError) -> SearchError {
        SearchError::Index(IndexError::from_engine(&self.index.dir, error))
    }

    fn planner(&self, request: &SearchRequest) -> Planner<'_> {
        Planner {
            searcher: &self.searcher,
            fields: self.index.fields,
            weights: PARAGRAPH.weights,
            vocabulary: &self.vocabulary,
            lexicon: &self.lexicon,
            synonyms: request.synonyms,
            inferred: request.inferred,
            scored: request.limit > 0,
            made: Made::default(),
            rare: &self.rare,
        }
    }

    /// What is known of the index besides what is in it, without opening it again.
    pub fn info(&self) -> IndexInfo {
        self.index.info(&self.vocabulary.fingerprint().whole())
    }

    /// The facets of a request alone, without hits.
    pub(super) fn facets_alone(
        &self,
        request: &SearchRequest,
    ) -> Result<Vec<FacetCounts>, SearchError> {
        let (plan, _response) = self.prepare(request)?;
        let counts = self.count(&plan, request)?;
        self.facets(&counts, &plan, request)
    }

    /// Understands the query and decides how its items are matched.
    fn prepare(&self, request: &SearchRequest) -> Result<(Plan, SearchResponse), SearchError> {
        let queries = std::iter::once(&request.query).chain(&request.or).chain(&request.not);
        let chars = queries.map(|query| query.chars().count()).max().unwrap_or(0);
        if chars > QUERY_CHARS_MAX {
            return Err(SearchError::QueryTooLong { chars, max: QUERY_CHARS_MAX });
        }
        let (root, mut notes) = self.understand(request);
        let queries = std::iter::once(&request.query).chain(&request.or).chain(&request.not);
        notes.extend(as_separators(queries.flat_map(|query| query.chars())));
        let planner = self.planner(request);
        let (matched, mut plan) = match request.match_mode {
            MatchMode::Auto => {
                let answer = self.plan_auto(&planner, &root, request)?;
                if answer.0 == MatchMode::Any {
                    notes.push(SearchNote::AnyWord);
                }
                answer
            }
            matched => (matched, self.plan(&planner, &root, request, matched)?),
        };
        notes.append(&mut plan.notes);
        let response = SearchResponse {
            query: request.query.clone(),
            matched,
            total: 0,
            articles: 0,
            reports: 0,
            clusters: None,
            unit: request.count_by,
            took_ms: 0.0,
            notes,
            hits: Vec::new(),
            relaxed: None,
            reasons: Vec::new(),
            facets: Vec::new(),
            cross: None,
        };
        Ok((plan, response))
    }

    /// All items, or any word of a question: of one with its mark, or of one long item that is found nowhere.
    fn plan_auto(
        &self,
        planner: &Planner<'_>,
        root: &Node,
        request: &SearchRequest,
    ) -> Result<(MatchMode, Plan), SearchError> {
        let mut question = !request.literal && is_question(&request.query);
        if !question {
            let plan = self.plan(planner, root, request, MatchMode::All)?;
            question = !request.literal
                && root.long_item().is_some()
                && self.count_query(plan.matching().as_ref())? == 0;
            if !question {
                return Ok((MatchMode::All, plan));
            }
        }
        Ok((MatchMode::Any, self.plan(planner, root, request, MatchMode::Any)?))
    }

    /// The tree of the query with the options that belong to it.
    fn understand(&self, request: &SearchRequest) -> (Node, Vec<SearchNote>) {
        let mut notes = Vec::new();
        let mut one = |query: &str| {
            let query = visible(query);
            if request.literal {
                return literal_item(&query, &mut notes);
            }
            let parsed = parse(&query, self.vocabulary.as_ref());
            notes.extend(parsed.notes);
            parsed.root
        };
        let mut root = one(&request.query);
        if !request.or.is_empty() {
            let alternatives = request.or.iter().map(|query| one(query));
            root =
                Node::Or(std::iter::once(root).chain(alternatives.collect::<Vec<_>>()).collect());
        }
        if !request.not.is_empty() || !matches!(root, Node::And(_)) {
            let mut parts = match root {
                Node::And(parts) => parts,
                other => vec![other],
            };
            let not = request.not.iter().map(|text| literal_item(text, &mut notes));
            parts.extend(not.map(|part| Node::Not(Box::new(part))));
            root = Node::And(parts);
        }
        (root, notes)
    }

    fn plan(
        &self,
        planner: &Planner<'_>,
        root: &Node,
        request: &SearchRequest,
        matched: MatchMode,
    ) -> Result<Plan, SearchError> {
        let mut plan =
            if matched == MatchMode::Any { planner.any(root) } else { planner.all(root) };
        plan.selections.extend(planner.filters(&request.filters, path_text));
        if request.within == Within::Article && matched != MatchMode::Any {
            self.within_article(&mut plan)?;
        }
        Ok(plan)
    }

    /// Turns "all parts in one paragraph" into "any part, in an article that has all of them"; what is excluded must
    /// stand nowhere in the article.
    fn within_article(&self, plan: &mut Plan) -> Result<(), SearchError> {
        let mut articles: Option<HashSet<u64>> = None;
        for part in &plan.parts {
            let keys = self.distinct(part.as_ref(), "article_key")?;
            articles = Some(match articles {
                Some(known) => known.intersection(&keys).copied().collect(),
                None => keys,
            });
        }
        let any = BooleanQuery::union(std::mem::take(&mut plan.parts));
        plan.parts = vec![Box::new(any), self.in_articles(articles.unwrap_or_default())];
        for selection in &mut plan.selections {
            if selection.of == ReasonOf::Excluded {
                let articles = self.distinct(selection.query.as_ref(), "article_key")?;
                selection.query = self.in_articles(articles);
            }
        }
        Ok(())
    }

    /// Every paragraph of articles.
    fn in_articles(&self, keys: HashSet<u64>) -> Box<dyn Query> {
        let field = self.index.fields.article_key;
        Box::new(TermSetQuery::new(keys.into_iter().map(|key| Term::from_field_u64(field, key))))
    }

    fn distinct(
        &self,
        query: &dyn Query,
        column: &'static str,
    ) -> Result<HashSet<u64>, SearchError> {
        self.searcher.search(query, &DistinctKeys { column }).map_err(|error| self.failed(error))
    }

    pub(super) fn count_query(&self, query: &dyn Query) -> Result<u64, SearchError> {
        let count = self.searcher.search(query, &Count).map_err(|error| self.failed(error))?;
        Ok(count as u64)
    }

    /// Counts the hits, and in the same pass the facets that no selection of their own changes.
    fn count(&self, plan: &Plan, request: &SearchRequest) -> Result<Counts, SearchError> {
        let asked = |facet: &Facet| request.facets.iter().any(|wanted| wanted.facet == *facet);
        let facets = Facet::ALL.into_iter().filter(|facet| asked(facet) && !plan.selects(*facet));
        self.collect_counts(&plan.hits(), facets.collect(), request)
    }

    fn collect_counts(
        &self,
        query: &dyn Query,
        facets: Vec<Facet>,
        request: &SearchRequest,
    ) -> Result<Counts, SearchError> {
        let counts_clusters = request.collapse || request.count_by == Unit::Cluster;
        let collector = CountCollector {
            facets,
            unit: request.count_by,
            inferred: request.inferred,
            clusters: if counts_clusters { Some(self.clusters()) } else { None },
            known: self.known.clone(),
        };
        self.searcher.search(query, &collector).map_err(|error| self.failed(error))
    }

    fn fill_counts(
        &self,
        counts: &Counts,
        plan: &Plan,
        request: &SearchRequest,
        response: &mut SearchResponse,
    ) -> Result<(), SearchError> {
        response.total = counts.paragraphs;
        response.articles = counts.articles.len();
        response.reports = counts.reports.len();
        if request.collapse || request.count_by == Unit::Cluster {
            response.clusters = Some(counts.clusters.len() as u64);
            if !self.is_compared() {
                response.notes.push(SearchNote::NotCompared);
            }
        }
        response.facets = self.facets(counts, plan, request)?;
        self.tag_notes(plan, &mut response.notes)?;
        if plan.selects(Facet::Year) {
            let all = plan.selected(Some(Facet::Year));
            let dated =
                BooleanQuery::intersection(vec![all.box_clone(), self.planner(request).dated()]);
            let count = self.count_query(all.as_ref())?.saturating_sub(self.count_query(&dated)?);
            if count > 0 {
                response.notes.push(SearchNote::Undated { count });
            }
        }
        Ok(())
    }

    fn facets(
        &self,
        counts: &Counts,
        plan: &Plan,
        request: &SearchRequest,
    ) -> Result<Vec<FacetCounts>, SearchError> {
        let mut answers = Vec::with_capacity(request.facets.len());
        for wanted in &request.facets {
            if plan.selects(wanted.facet) {
                // Its own selection must not shrink it, so it is counted over another set of hits.
                let query = plan.selected(Some(wanted.facet));
                let own = self.collect_counts(query.as_ref(), vec![wanted.facet], request)?;
                answers.extend(own.buckets(wanted, request.count_by));
            } else {
                answers.extend(counts.buckets(wanted, request.count_by));
            }
        }
        Ok(answers)
    }

    /// Says of each item that names a tag how many hits hold it as a tag only.
    fn tag_notes(&self, plan: &Plan, notes: &mut Vec<SearchNote>) -> Result<(), SearchError> {
        for item in &plan.items {
            let Some((facet, tag)) = &item.by_tag else { continue };
            let only_by_tag: Vec<(Occur, Box<dyn Query>)> = vec![
                (Occur::Must, Box::new(plan.hits())),
                (Occur::Must, tag.box_clone()),
                excluded(item.in_text.box_clone()),
            ];
            let hits = self.count_query(&BooleanQuery::new(only_by_tag))?;
            if hits > 0 {
                notes.push(SearchNote::ByTag { item: item.text.clone(), facet: *facet, hits });
            }
        }
        Ok(())
    }

    fn ranked(
        &self,
        plan: &Plan,
        request: &SearchRequest,
        limit: usize,
    ) -> Result<Vec<Ranked>, SearchError> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        let statistics = self.statistics(plan)?;
        self.searcher
            .search_with_statistics_provider(
                &plan.scored(),
                &TopHits {
                    limit,
                    sort: request.sort,
                    figure: request.filters.figure.clone(),
                    aside: plan.weights.aside,
                    kinds: self.kinds()?,
                    columns: Arc::clone(&self.known.columns),
                    least: AtomicU32::default(),
                },
                &statistics,
            )
            .map_err(|error| self.failed(error))
    }

    fn statistics(&self, plan: &Plan) -> Result<ParagraphStatistics<'_>, SearchError> {
        let lengths = match self.lengths.get() {
            Some(lengths) => lengths,
            None => {
                let counted = Lengths::new(&self.searcher, &self.index.fields);
                let counted = counted.map_err(|error| self.failed(error))?;
                self.lengths.get_or_init(|| counted)
            }
        };
        Ok(ParagraphStatistics { searcher: &self.searcher, lengths, stretch: plan.weights.length })
    }

    /// The best hits with at most two a group; looks further down the ranking until there are enough.
    fn grouped_hits(
        &self,
        plan: &Plan,
        request: &SearchRequest,
        total: u64,
    ) -> Result<Vec<Hit>, SearchError> {
        let total = usize::try_from(total).unwrap_or(usize::MAX);
        let column = match request.group {
            Group::None if !request.collapse => {
                let ranked = self.ranked(plan, request, request.limit.min(total))?;
                return ranked.into_iter().map(|ranked| self.hit(ranked, plan, request)).collect();
            }
            // Every paragraph by itself.
            Group::None => "id_head",
            Group::Article => "article_key",
            Group::Report => "report_key",
        };
        let mut depth = request.limit.saturating_mul(PER_GROUP + 1);
        let chosen = loop {
            let mut ranked = self.ranked(plan, request, depth.min(total))?;
            if request.collapse {
                ranked = self.first_of_clusters(ranked)?;
            }
            let mut shown: HashMap<u64, usize> = HashMap::new();
            let mut chosen = Vec::new();
            for hit in ranked {
                let key = self.key(hit.address, column)?;
                let times = shown.entry(key).or_insert(0);
                *times += 1;
                if *times <= PER_GROUP && chosen.len() < request.limit {
                    chosen.push((hit, key));
                }
            }
            if chosen.len() >= request.limit || depth >= total {
                break chosen;
            }
            depth = depth.saturating_mul(8);
        };
        let addresses: Vec<DocAddress> = chosen.iter().map(|(hit, _)| hit.address).collect();
        let mut hits = self.with_more(chosen, column, plan, request)?;
        if request.collapse {
            let members = self.members(addresses.iter().copied())?;
            for (hit, &address) in hits.iter_mut().zip(&addresses) {
                hit.reprints = Some(self.reprints(hit, address, &members)?);
            }
        }
        Ok(hits)
    }

    /// Fetches chosen hits; the last one shown of each group says how many more it has.
    fn with_more(
        &self,
        chosen: Vec<(Ranked, u64)>,
        column: &'static str,
        plan: &Plan,
        request: &SearchRequest,
    ) -> Result<Vec<Hit>, SearchError> {
        let last_of: HashMap<u64, usize> =
            chosen.iter().enumerate().map(|(at, (_, key))| (*key, at)).collect();
        let mut shown: HashMap<u64, usize> = HashMap::new();
        for (_, key) in &chosen {
            *shown.entry(*key).or_insert(0) += 1;
        }
        let field = if column == "article_key" {
            self.index.fields.article_key
        } else {
            self.index.fields.report_key
        };
        let mut hits = Vec::with_capacity(chosen.len());
        for (at, (ranked, key)) in chosen.into_iter().enumerate() {
            let mut hit = self.hit(ranked, plan, request)?;
            let times = shown.get(&key).copied().unwrap_or(0);
            if times == PER_GROUP && last_of.get(&key) == Some(&at) {
                let member =
                    TermQuery::new(Term::from_field_u64(field, key), IndexRecordOption::Basic);
                let group =
                    BooleanQuery::intersection(vec![Box::new(plan.hits()), Box::new(member)]);
                hit.more = usize::try_from(self.count_query(&group)?)
                    .unwrap_or(usize::MAX)
                    .saturating_sub(times);
            }
            hits.push(hit);
        }
        Ok(hits)
    }

    /// The parts of a score, largest first; they add up to it.
    pub(super) fn explain(&self, plan: &Plan, ranked: Ranked) -> Result<Explanation, SearchError> {
        let failed = |error| self.failed(error);
        let statistics = self.statistics(plan)?;
        let scoring = EnableScoring::enabled_from_statistics_provider(&statistics, &self.searcher);
        let reader = self.searcher.segment_reader(ranked.address.segment_ord);
        let mut parts = Vec::new();
        for clause in &plan.clauses {
            let weight = clause.part.alone().weight(scoring).map_err(failed)?;
            let mut scorer = weight.scorer(reader, 1.0).map_err(failed)?;
            let doc = ranked.address.doc_id;
            if scorer.doc() <= doc && scorer.seek(doc) == doc {
                parts.push(Explanation {
                    what: clause.what.clone(),
                    value: scorer.score(),
                    parts: Vec::new(),
                });
            }
        }
        let sum: f32 = parts.iter().map(|part| part.value).sum();
        let aside = ranked.score - sum;
        if aside.abs() > sum * 1e-4 {
            parts.push(Explanation {
                what: "not running text".to_owned(),
                value: aside,
                parts: Vec::new(),
            });
        }
        parts.sort_by(|a, b| b.value.total_cmp(&a.value).then_with(|| a.what.cmp(&b.what)));
        Ok(Explanation { what: "score".to_owned(), value: ranked.score, parts })
    }

    /// The best hits by any word, when the strict query found nothing and was not told to stay strict.
    fn relaxed(&self, request: &SearchRequest) -> Result<Option<Relaxed>, SearchError> {
        if request.match_mode != MatchMode::Auto || request.literal || request.limit == 0 {
            return Ok(None);
        }
        let request = SearchRequest { within: Within::Paragraph, ..request.clone() };
        let (root, _notes) = self.understand(&request);
        if root.items().is_empty() {
            return Ok(None);
        }
        let plan = self.plan(&self.planner(&request), &root, &request, MatchMode::Any)?;
        let total = self.count_query(&plan.hits())?;
        if total == 0 {
            return Ok(None);
        }
        Ok(Some(Relaxed { hits: self.grouped_hits(&plan, &request, total)?, total }))
    }
}

/// A note on numbers that are no tokens.
fn as_separators(characters: impl Iterator<Item = char>) -> Option<SearchNote> {
    let is_number = |c: &char| {
        matches!(c.general_category(), GeneralCategory::LetterNumber | GeneralCategory::OtherNumber)
            && !is_token(*c)
    };
    let signs: BTreeSet<char> = characters.filter(is_number).collect();
    (!signs.is_empty()).then(|| SearchNote::AsSeparators { signs: signs.into_iter().collect() })
}

/// A literal string to find; one without anything that can be searched asks nothing, which is noted.
fn literal_item(text: &str, notes: &mut Vec<SearchNote>) -> Node {
    if has_token(&fold(text)) || text.trim().is_empty() {
        return Node::Item(Item::quoted(text));
    }
    notes.push(SearchNote::PlainText { text: text.to_owned(), reason: "empty" });
    Node::And(Vec::new())
}

/// A query as cleaning leaves text: controls become spaces, zero-width and other format characters go, and radicals
/// become the ideographs they look like.
fn visible(query: &str) -> String {
    let is_format = |c: char| c.general_category() == GeneralCategory::Format;
    let shown = |c: char| match c {
        '\u{2e80}'..='\u{2fdf}' => fold_char(c),
        c if c.is_control() => ' ',
        c => c,
    };
    query.chars().filter(|&c| !is_format(c)).map(shown).collect()
}
