//! The query tree rendered for the engine: what is a hit, what adds to its score, what is marked in its text.
//!
//! What is a hit never depends on how text is cut into words: items are found literally (or by synonym, or by the tag
//! they name), words only rank. Here all items must be found; `any.rs` plans queries of which any part is enough.

use crate::analysis::{self, Lexicon, TermMatch, WordTokenizer};
use crate::index::{DOC_PARAGRAPH, DOC_TITLE, Fields, ModeWeights, Weights};
use crate::model::Span;
use crate::search::ast::{FieldClause, Item, Node};
use crate::search::excluded::excluded;
use crate::search::figures::FigureQuery;
use crate::search::found::OnceQuery;
use crate::search::literal_query::literal_query;
use crate::search::names::item_region;
use crate::search::request::{Facet, Filters, ReasonOf, SearchNote, UNTAGGED};
use crate::search::sum::{Part, SumQuery};
use crate::search::verified::VerifiedQuery;
use crate::text::literal::{Needle, Pattern, TokenizedText, has_wildcard};
use crate::text::tokens::{TokenKind, tokens};
use crate::vocab::Vocabulary;
use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeSet, HashMap};
use std::ops::Bound;
use std::sync::{Arc, Mutex};
use tantivy::query::{
    BooleanQuery, ConstScoreQuery, ExistsQuery, Occur, Query, RangeQuery, RegexQuery, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, Term, collector::Count};

/// What plans are made with.
pub(crate) struct Planner<'a> {
    pub(crate) searcher: &'a Searcher,
    pub(crate) fields: Fields,
    pub(crate) weights: ModeWeights,
    pub(crate) vocabulary: &'a Vocabulary,
    pub(crate) lexicon: &'a Arc<Lexicon>,
    pub(crate) synonyms: bool,
    pub(crate) inferred: bool,
    /// Whether hits are ranked; without it no dictionary of words is loaded.
    pub(crate) scored: bool,
    /// What was made and found out so far.
    pub(crate) made: Made,
    /// Which characters are rare ([`Planner::any`]), as far as queries of this searcher asked.
    pub(crate) rare: &'a Mutex<HashMap<char, bool>>,
}

/// Queries for strings and patterns, made once: a copy shares what the query has found ([`crate::search::found`]), so a
/// plan that needs an item in several places looks for it once.
#[derive(Default)]
pub(crate) struct Made {
    queries: RefCell<HashMap<(Field, String), MadeQuery>>,
    is_found: RefCell<HashMap<String, bool>>,
}

/// A query, or nothing where the text asks for nothing.
type MadeQuery = Option<Box<dyn Query>>;

impl Made {
    fn query(&self, field: Field, text: &str, make: impl FnOnce() -> MadeQuery) -> MadeQuery {
        let key = (field, text.to_owned());
        if let Some(made) = self.queries.borrow().get(&key) {
            return made.as_ref().map(|query| query.box_clone());
        }
        let made = make();
        let copy = made.as_ref().map(|query| query.box_clone());
        self.queries.borrow_mut().insert(key, made);
        copy
    }
}

/// A query ready to run.
pub(crate) struct Plan {
    /// What a hit must match, one part each: top-level items and groups.
    pub(crate) parts: Vec<Box<dyn Query>>,
    /// What every hit must match besides, wherever its parts stand together: an item in its own text.
    pub(crate) grounded: Option<Box<dyn Query>>,
    /// What adds to the score of a hit.
    pub(crate) clauses: Vec<Clause>,
    /// What the parts of the score weigh.
    pub(crate) weights: Weights,
    /// Items that must be found, for explaining why nothing was.
    pub(crate) items: Vec<PlannedItem>,
    /// Pairs of items that must stand near each other, for explaining why nothing was found.
    pub(crate) distances: Vec<PlannedDistance>,
    /// Selections, some of which facets leave out, and exclusions.
    pub(crate) selections: Vec<Selection>,
    /// What is marked in the text.
    pub(crate) marks: Vec<Mark>,
    /// What is marked in a hit that holds none of these.
    pub(crate) parts_of_words: Vec<Mark>,
    /// What the person asking should know.
    pub(crate) notes: Vec<SearchNote>,
    /// What is a hit, once it was asked for; nothing of the above changes after.
    hits: OnceCell<OnceQuery>,
}

/// A part of the score.
pub(crate) struct Clause {
    /// What it is, for `--explain`.
    pub(crate) what: String,
    /// What it scores.
    pub(crate) part: Part,
}

impl Clause {
    /// A clause, unless it weighs nothing.
    pub(super) fn new(what: String, part: Part) -> Option<Self> {
        (part.weight > 0.0).then_some(Self { what, part })
    }
}

/// An item of the query.
pub(crate) struct PlannedItem {
    /// As typed.
    pub(crate) text: String,
    /// Finds it in text.
    pub(crate) in_text: Box<dyn Query>,
    /// Finds it by the tag it names.
    pub(crate) by_tag: Option<(Facet, Box<dyn Query>)>,
}

/// Two items of the query with a distance between them.
pub(crate) struct PlannedDistance {
    /// As typed.
    pub(crate) text: String,
    /// Finds them near each other.
    pub(crate) near: Box<dyn Query>,
    /// Finds both, anywhere in a text.
    pub(crate) both: Box<dyn Query>,
}

/// A filter, from an option or from a field in the query, or an exclusion.
pub(crate) struct Selection {
    pub(crate) of: ReasonOf,
    /// For people.
    pub(crate) what: String,
    /// Finds what is selected, or what is excluded.
    pub(crate) query: Box<dyn Query>,
}

impl Selection {
    fn new(of: ReasonOf, what: String, query: Box<dyn Query>) -> Self {
        Self { of, what, query }
    }

    /// As a part of a query that has another part which must match.
    pub(crate) fn clause(&self) -> (Occur, Box<dyn Query>) {
        match self.of {
            ReasonOf::Excluded => excluded(self.query.box_clone()),
            _ => (Occur::Must, self.query.box_clone()),
        }
    }
}

/// A way an item may stand in text.
enum Form {
    Literal(String),
    Pattern(String),
}

/// Finds the places to mark in a text.
pub(crate) enum Mark {
    /// A literal string.
    Literal(Needle),
    /// A pattern with wildcards.
    Pattern(Pattern),
}

impl Mark {
    /// All places in characters.
    pub(crate) fn find_all(&self, text: &TokenizedText) -> Vec<Span> {
        match self {
            Self::Literal(needle) => needle.find_all(text),
            Self::Pattern(pattern) => pattern.find_all(text),
        }
    }
}

impl Plan {
    /// What is a hit, without selections and without a score.
    pub(crate) fn matching(&self) -> Box<dyn Query> {
        let parts = self.parts.iter().chain(&self.grounded).map(|query| query.box_clone());
        intersection(parts.collect())
    }

    /// What is a hit, with all selections but those of one facet.
    pub(crate) fn selected(&self, without: Option<Facet>) -> Box<dyn Query> {
        let kept = |selection: &Selection| without.is_none() || selection.of.facet() != without;
        self.selected_by(self.selections.iter().filter(|selection| kept(selection)))
    }

    /// What is a hit, with these selections alone.
    pub(crate) fn selected_by<'a>(
        &self,
        selections: impl Iterator<Item = &'a Selection>,
    ) -> Box<dyn Query> {
        let mut parts = vec![(Occur::Must, self.matching())];
        parts.extend(selections.map(Selection::clause));
        if parts.len() == 1 { self.matching() } else { Box::new(BooleanQuery::new(parts)) }
    }

    /// Whether a facet has a selection of its own.
    pub(crate) fn selects(&self, facet: Facet) -> bool {
        self.selections.iter().any(|selection| selection.of.facet() == Some(facet))
    }

    /// Every hit, without a score; copies share what was found.
    pub(crate) fn hits(&self) -> OnceQuery {
        self.hits.get_or_init(|| OnceQuery::new(self.selected(None))).clone()
    }

    /// Every hit with its score.
    pub(crate) fn scored(&self) -> SumQuery {
        let parts = self.clauses.iter().map(|clause| clause.part.clone());
        SumQuery { hits: self.hits(), parts: parts.collect() }
    }
}

impl Planner<'_> {
    /// Plans a query whose items must be found.
    pub(crate) fn all(&self, root: &Node) -> Plan {
        let (conjuncts, selections) = self.split_selections(root);
        let items = root.items();
        let planned = self.planned_items(root);
        let parts = conjuncts.into_iter().filter_map(|node| self.node(node)).collect();
        let mut grounded = None;
        if planned.iter().any(|item| item.by_tag.is_some()) {
            // A tag stands for an item, but never for all of them: something must be in the text.
            let mut in_text: Vec<_> = planned.iter().map(|item| item.in_text.box_clone()).collect();
            in_text.extend(root.itemless_alternatives().into_iter().filter_map(|n| self.node(n)));
            grounded = Some(Box::new(BooleanQuery::union(in_text)) as Box<dyn Query>);
        }
        let notes = self.synonym_notes(&items);
        let distances = root.parts_in_text().into_iter().filter_map(|part| self.distance(part));
        Plan {
            grounded,
            distances: distances.collect(),
            notes,
            ..self.finish(parts, selections, &items, planned, self.weights.all)
        }
    }

    /// The items of a query. Those with a distance between them are found in text alone, whatever they name.
    fn planned_items(&self, root: &Node) -> Vec<PlannedItem> {
        let mut planned = Vec::new();
        for part in root.parts_in_text() {
            let items = part.own_items().into_iter().filter_map(|item| self.planned_item(item));
            planned.extend(items.map(|item| match part {
                Node::Near { .. } => PlannedItem { by_tag: None, ..item },
                _ => item,
            }));
        }
        planned
    }

    fn distance(&self, part: &Node) -> Option<PlannedDistance> {
        let Node::Near { left, right, distance } = part else { return None };
        let both = vec![self.item_in_text(left)?, self.item_in_text(right)?];
        Some(PlannedDistance {
            text: part.to_string(),
            near: self.near(left, right, *distance)?,
            both: Box::new(BooleanQuery::intersection(both)),
        })
    }

    pub(super) fn finish(
        &self,
        mut parts: Vec<Box<dyn Query>>,
        selections: Vec<Selection>,
        items: &[&Item],
        planned: Vec<PlannedItem>,
        weights: Weights,
    ) -> Plan {
        if parts.is_empty() {
            parts.push(self.every_paragraph());
        }
        let clauses = if self.scored { self.clauses(items, weights) } else { Vec::new() };
        Plan {
            parts,
            grounded: None,
            clauses,
            weights,
            items: planned,
            distances: Vec::new(),
            selections,
            marks: items.iter().flat_map(|item| self.item_marks(item)).collect(),
            parts_of_words: Vec::new(),
            notes: Vec::new(),
            hits: OnceCell::new(),
        }
    }

    /// Separates the top-level field clauses and exclusions, each of which may be left out by itself, from the rest.
    pub(super) fn split_selections<'n>(&self, root: &'n Node) -> (Vec<&'n Node>, Vec<Selection>) {
        let nodes: Vec<&Node> = match root {
            Node::And(nodes) => nodes.iter().collect(),
            node => vec![node],
        };
        let mut selections = Vec::new();
        let mut rest = Vec::new();
        for node in nodes {
            let selection =
                match node {
                    Node::Not(inner) => {
                        // An exclusion that asks nothing leaves nothing behind.
                        let query = self.node(inner);
                        selections.extend(query.map(|query| {
                            Selection::new(ReasonOf::Excluded, inner.to_string(), query)
                        }));
                        continue;
                    }
                    Node::Field(clause) => self.selection(clause),
                    _ => None,
                };
            match selection {
                Some(selection) => selections.push(selection),
                None => rest.push(node),
            }
        }
        (rest, selections)
    }

    /// A field clause that may be left out by itself.
    fn selection(&self, clause: &FieldClause) -> Option<Selection> {
        let (of, what) = match clause {
            FieldClause::Region(path) => (ReasonOf::Region, path.to_string()),
            FieldClause::Measure(path) => (ReasonOf::Measure, path.to_string()),
            FieldClause::Date { from, to } => (ReasonOf::Date, days(Some(*from), Some(*to))),
            FieldClause::Source(item) => (ReasonOf::Source, item.text.clone()),
            FieldClause::Title(item) => (ReasonOf::Title, item.text.clone()),
            FieldClause::Mention(_) => return None,
        };
        Some(Selection::new(of, what, self.field(clause)?))
    }

    /// The selections of options: any value within one facet, every facet.
    pub(crate) fn filters(
        &self,
        filters: &Filters,
        path_text: impl Fn(&std::path::Path) -> String,
    ) -> Vec<Selection> {
        let mut selections = Vec::new();
        let mut select = |of, names: Vec<String>, queries: Vec<Box<dyn Query>>| {
            if !queries.is_empty() {
                let query = Box::new(BooleanQuery::union(queries));
                selections.push(Selection::new(of, names.join(" | "), query));
            }
        };
        let names = |paths: &mut dyn Iterator<Item = String>| paths.collect::<Vec<_>>();
        for (of, facet, mut paths) in [
            (
                ReasonOf::Region,
                Facet::Region,
                names(&mut filters.regions.iter().map(ToString::to_string)),
            ),
            (
                ReasonOf::Measure,
                Facet::Measure,
                names(&mut filters.measures.iter().map(ToString::to_string)),
            ),
        ] {
            let tag = |path: &String| match facet {
                Facet::Region => self.region(path),
                _ => self.measure(path),
            };
            let mut queries: Vec<_> = paths.iter().map(tag).collect();
            if filters.untagged.contains(&facet) {
                paths.push(UNTAGGED.to_owned());
                queries.push(self.without_tag(facet));
            }
            select(of, paths, queries);
        }
        select(
            ReasonOf::Kind,
            names(&mut filters.kinds.iter().map(|kind| kind.as_str().to_owned())),
            filters.kinds.iter().map(|kind| self.term(self.fields.kind, kind.as_str())).collect(),
        );
        // Components, so that a slash at the end makes no difference.
        let plain = |path: &std::path::PathBuf| path.components().collect::<std::path::PathBuf>();
        let paths: Vec<String> = filters.paths.iter().map(|path| path_text(&plain(path))).collect();
        // As they are too: the id of a record may hold two slashes, or one at its end.
        let as_given = filters.paths.iter().map(|path| path_text(path));
        let terms = paths.iter().cloned().chain(as_given);
        let path_queries = terms.map(|path| self.term(self.fields.path, &path)).collect();
        select(ReasonOf::Path, paths, path_queries);
        if filters.since.is_some() || filters.until.is_some() {
            let what = days(filters.since, filters.until);
            select(ReasonOf::Date, vec![what], vec![self.dates(filters.since, filters.until)]);
        }
        if let Some(figure) = &filters.figure {
            let query = Box::new(FigureQuery::new(figure.clone()));
            select(ReasonOf::Figure, vec![figure.text.clone()], vec![query]);
        }
        selections
    }

    /// A node as a query; `None` where it asks nothing.
    pub(super) fn node(&self, node: &Node) -> Option<Box<dyn Query>> {
        match node {
            Node::And(nodes) => {
                let mut parts: Vec<(Occur, Box<dyn Query>)> = Vec::new();
                for node in nodes {
                    match node {
                        Node::Not(inner) => {
                            parts.extend(self.node(inner).map(excluded));
                        }
                        node => parts.extend(self.node(node).map(|query| (Occur::Must, query))),
                    }
                }
                if !parts.is_empty() && parts.iter().all(|(occur, _)| *occur == Occur::MustNot) {
                    parts.push((Occur::Must, self.every_paragraph()));
                }
                (!parts.is_empty()).then(|| Box::new(BooleanQuery::new(parts)) as Box<dyn Query>)
            }
            Node::Or(nodes) => {
                let parts: Vec<_> = nodes.iter().filter_map(|node| self.node(node)).collect();
                (!parts.is_empty()).then(|| Box::new(BooleanQuery::union(parts)) as Box<dyn Query>)
            }
            Node::Not(inner) => self.node(inner).map(|query| {
                let parts = vec![(Occur::Must, self.every_paragraph()), excluded(query)];
                Box::new(BooleanQuery::new(parts)) as Box<dyn Query>
            }),
            Node::Item(item) => self.item(item),
            Node::Near { left, right, distance } => self.near(left, right, *distance),
            Node::Field(clause) => self.field(clause),
        }
    }

    /// An item found in text or by the tag it names.
    fn item(&self, item: &Item) -> Option<Box<dyn Query>> {
        let planned = self.planned_item(item)?;
        Some(match planned.by_tag {
            Some((_, tag)) => Box::new(BooleanQuery::union(vec![planned.in_text, tag])),
            None => planned.in_text,
        })
    }

    pub(super) fn planned_item(&self, item: &Item) -> Option<PlannedItem> {
        let in_text = self.item_in_text(item)?;
        Some(PlannedItem { text: item.text.clone(), in_text, by_tag: self.item_tag(item) })
    }

    /// An item found in the paragraph's text.
    pub(super) fn item_in_text(&self, item: &Item) -> Option<Box<dyn Query>> {
        let mut forms: Vec<Box<dyn Query>> =
            self.forms(item).iter().filter_map(|form| self.form(form)).collect();
        match forms.len() {
            0 => None,
            1 => forms.pop(),
            _ => Some(Box::new(BooleanQuery::union(forms))),
        }
    }

    /// The ways an item may stand in text: as typed, by its wildcards, by a synonym.
    ///
    /// An item that begins or ends with a number or a Latin word and is found nowhere as such is looked for inside
    /// longer ones: `300余` then finds 42300余, as a plain text search would.
    fn forms(&self, item: &Item) -> Vec<Form> {
        if item.has_wildcard() {
            return vec![Form::Pattern(item.text.clone())];
        }
        let mut forms = vec![Form::Literal(item.text.clone())];
        forms.extend(self.synonyms_of(item).into_iter().map(Form::Literal));
        if forms.len() == 1
            && !has_wildcard(&item.text)
            && let Some(open) = open_at_parts(&item.text)
            && !self.is_found(&item.text)
        {
            forms = vec![Form::Pattern(open)];
        }
        forms
    }

    fn form(&self, form: &Form) -> Option<Box<dyn Query>> {
        match form {
            Form::Literal(text) => self.literal(self.fields.grams, text),
            Form::Pattern(text) => self.pattern(text),
        }
    }

    /// Whether a string stands anywhere. What cannot be read is taken as found; the search itself says what is wrong.
    pub(super) fn is_found(&self, text: &str) -> bool {
        if let Some(&known) = self.made.is_found.borrow().get(text) {
            return known;
        }
        let is_found = self.literal(self.fields.grams, text).is_some_and(|query| {
            self.searcher.search(query.as_ref(), &Count).map_or(true, |count| count > 0)
        });
        self.made.is_found.borrow_mut().insert(text.to_owned(), is_found);
        is_found
    }

    /// The tag that an unquoted item names.
    fn item_tag(&self, item: &Item) -> Option<(Facet, Box<dyn Query>)> {
        if item.quoted || item.has_wildcard() {
            return None;
        }
        if let Some(path) = item_region(self.vocabulary, &item.text) {
            return Some((Facet::Region, self.region(path.as_str())));
        }
        let measure = self.vocabulary.measures.resolve(&item.text)?;
        Some((Facet::Measure, self.measure(measure.path.as_str())))
    }

    fn synonyms_of(&self, item: &Item) -> Vec<String> {
        if self.synonyms && !item.quoted {
            self.vocabulary.synonyms.expand(&item.text)
        } else {
            Vec::new()
        }
    }

    fn synonym_notes(&self, items: &[&Item]) -> Vec<SearchNote> {
        let notes = items.iter().filter_map(|item| {
            let mut also = self.synonyms_of(item);
            // One that holds the item itself finds nothing more.
            let typed = Needle::new(&item.text);
            also.retain(|synonym| !typed.is_in(&TokenizedText::new(synonym)));
            (!also.is_empty()).then(|| SearchNote::Synonyms { item: item.text.clone(), also })
        });
        notes.collect()
    }

    /// A literal string in a field of grams.
    pub(crate) fn literal(&self, field: Field, text: &str) -> Option<Box<dyn Query>> {
        self.made.query(field, text, || {
            analysis::literal_terms(text).map(|terms| literal_query(field, &terms))
        })
    }

    /// A pattern with wildcards: candidates hold its fixed parts, the stored text decides.
    pub(super) fn pattern(&self, text: &str) -> Option<Box<dyn Query>> {
        let stored = self.fields.stored;
        self.made.query(stored, text, || {
            let pattern = Pattern::new(text);
            if pattern.is_empty() {
                return None;
            }
            let candidates = self.pattern_candidates(text);
            let check = Arc::new(move |text: &str| pattern.is_in(&TokenizedText::new(text)));
            Some(Box::new(VerifiedQuery::new(candidates, stored, check)))
        })
    }

    /// Documents that hold every fixed part of a pattern. A part of a number or word at a wildcard is any term that
    /// holds it.
    fn pattern_candidates(&self, text: &str) -> Box<dyn Query> {
        let folded = crate::text::fold::fold(text);
        let mut parts: Vec<Box<dyn Query>> = Vec::new();
        let pieces: Vec<&str> = folded.split(['*', '?']).collect();
        let last = pieces.len().saturating_sub(1);
        for (at, piece) in pieces.iter().enumerate() {
            let tokens = tokens(piece);
            let end = tokens.len().saturating_sub(1);
            for (n, token) in tokens.iter().enumerate() {
                let at_wildcard = (n == 0 && at > 0) || (n == end && at < last);
                match token.kind {
                    TokenKind::Han => {
                        let next = tokens
                            .get(n + 1)
                            .filter(|next| next.kind == TokenKind::Han && !next.after_separator);
                        let pair = next.map_or_else(
                            || token.text.to_owned(),
                            |next| format!("{}{}", token.text, next.text),
                        );
                        parts.extend(self.literal(self.fields.grams, &pair));
                    }
                    TokenKind::Number | TokenKind::Word if at_wildcard => {
                        let regex = format!(".*{}.*", token.text.replace('.', "\\."));
                        // Letters, digits, commas and escaped points always make a regular expression.
                        if let Ok(query) = RegexQuery::from_pattern(&regex, self.fields.grams) {
                            parts.push(Box::new(query));
                        }
                    }
                    _ => parts.push(self.term(self.fields.grams, token.text)),
                }
            }
        }
        if parts.is_empty() {
            self.every_paragraph()
        } else {
            Box::new(BooleanQuery::intersection(parts))
        }
    }

    /// Two items with at most `distance` characters between them.
    fn near(&self, left: &Item, right: &Item, distance: usize) -> Option<Box<dyn Query>> {
        let candidates = vec![self.item_in_text(left)?, self.item_in_text(right)?];
        let (left, right): (Vec<Mark>, Vec<Mark>) = (self.item_marks(left), self.item_marks(right));
        let check = Arc::new(move |text: &str| {
            let text = TokenizedText::new(text);
            let places = |marks: &[Mark]| {
                marks.iter().flat_map(|mark| mark.find_all(&text)).collect::<Vec<Span>>()
            };
            let (left, right) = (places(&left), places(&right));
            left.iter().any(|a| {
                right.iter().any(|b| {
                    let gap = if a.end() <= b.start() {
                        Some(b.start() - a.end())
                    } else {
                        a.start().checked_sub(b.end())
                    };
                    gap.is_some_and(|gap| gap <= distance)
                })
            })
        });
        let candidates: Box<dyn Query> = Box::new(BooleanQuery::intersection(candidates));
        Some(Box::new(VerifiedQuery::new(candidates, self.fields.stored, check)))
    }

    fn field(&self, clause: &FieldClause) -> Option<Box<dyn Query>> {
        match clause {
            FieldClause::Region(path) => Some(self.region(path.as_str())),
            FieldClause::Measure(path) => Some(self.measure(path.as_str())),
            FieldClause::Mention(path) => Some(self.term(self.fields.mention, path.as_str())),
            FieldClause::Title(item) => self.title(&item.text),
            FieldClause::Source(item) => self.literal(self.fields.source_text, &item.text),
            FieldClause::Date { from, to } => Some(self.dates(Some(*from), Some(*to))),
        }
    }

    /// A literal string in the titles, or in a paragraph that is the title.
    fn title(&self, text: &str) -> Option<Box<dyn Query>> {
        let itself =
            vec![self.literal(self.fields.grams, text)?, self.term(self.fields.doc, DOC_TITLE)];
        let titles = self.literal(self.fields.title, text)?;
        Some(Box::new(BooleanQuery::union(vec![
            titles,
            Box::new(BooleanQuery::intersection(itself)),
        ])))
    }

    fn region(&self, path: &str) -> Box<dyn Query> {
        self.tag(path, self.fields.region_all, self.fields.region_inferred_all)
    }

    fn measure(&self, path: &str) -> Box<dyn Query> {
        self.tag(path, self.fields.measure_all, self.fields.measure_inferred_all)
    }

    fn tag(&self, path: &str, written: Field, inferred: Field) -> Box<dyn Query> {
        if !self.inferred {
            return self.term(written, path);
        }
        Box::new(BooleanQuery::union(vec![self.term(written, path), self.term(inferred, path)]))
    }

    /// Paragraphs without a region, or without a measure, of which inferred ones may not count.
    fn without_tag(&self, facet: Facet) -> Box<dyn Query> {
        let [written, inferred] = match facet {
            Facet::Region => ["region", "region_inferred"],
            _ => ["measure", "measure_inferred"],
        };
        let columns = std::iter::once(written).chain(self.inferred.then_some(inferred));
        let tagged = columns.map(|column| -> (Occur, Box<dyn Query>) {
            (Occur::MustNot, Box::new(ExistsQuery::new(column.to_owned(), false)))
        });
        let every = std::iter::once((Occur::Must, self.every_paragraph()));
        Box::new(BooleanQuery::new(every.chain(tagged).collect()))
    }

    /// Dates that overlap with the days from `since` to `until`.
    fn dates(&self, since: Option<u32>, until: Option<u32>) -> Box<dyn Query> {
        let day = |field, day: u32| Bound::Included(Term::from_field_u64(field, u64::from(day)));
        let lower = since
            .map_or_else(|| day(self.fields.date_to, 0), |since| day(self.fields.date_to, since));
        let mut parts: Vec<Box<dyn Query>> =
            vec![Box::new(RangeQuery::new(lower, Bound::Unbounded))];
        if let Some(until) = until {
            parts.push(Box::new(RangeQuery::new(
                Bound::Unbounded,
                day(self.fields.date_from, until),
            )));
        }
        Box::new(BooleanQuery::intersection(parts))
    }

    /// Every paragraph that has a date.
    pub(crate) fn dated(&self) -> Box<dyn Query> {
        self.dates(None, None)
    }

    /// How many documents hold a gram, deleted ones among them.
    pub(super) fn frequency(&self, gram: &str) -> tantivy::Result<u64> {
        self.searcher.doc_freq(&Term::from_field_text(self.fields.grams, gram))
    }

    /// The inverse document frequency of a gram, as BM25 has it.
    fn rarity(&self, gram: &str) -> f32 {
        // A term that cannot be read adds nothing; the search itself says what is wrong.
        let found = self.frequency(gram).unwrap_or(0);
        let documents = self
            .searcher
            .segment_readers()
            .iter()
            .map(|reader| u64::from(reader.max_doc()))
            .sum::<u64>();
        #[allow(
            clippy::cast_precision_loss,
            reason = "a logarithm needs no more than seven digits"
        )]
        let ratio = (documents.saturating_sub(found) as f32 + 0.5) / (found as f32 + 0.5);
        (1.0 + ratio).ln()
    }

    /// Every paragraph, and no file record.
    pub(crate) fn every_paragraph(&self) -> Box<dyn Query> {
        self.term(self.fields.doc, DOC_PARAGRAPH)
    }

    pub(super) fn term(&self, field: Field, text: &str) -> Box<dyn Query> {
        Box::new(TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::WithFreqs))
    }

    pub(super) fn item_marks(&self, item: &Item) -> Vec<Mark> {
        let marks = self.forms(item).into_iter().map(|form| match form {
            Form::Literal(text) => Mark::Literal(Needle::new(&text)),
            Form::Pattern(text) => Mark::Pattern(Pattern::new(&text)),
        });
        marks.collect()
    }

    /// The distinct words of texts.
    pub(super) fn words<'t>(&self, texts: impl Iterator<Item = &'t str>) -> BTreeSet<String> {
        let mut tokenizer = WordTokenizer::new(Arc::clone(self.lexicon));
        texts.flat_map(|text| tokenizer.words(text)).collect()
    }

    /// What adds to the score.
    fn clauses(&self, items: &[&Item], weights: Weights) -> Vec<Clause> {
        let mut clauses = Vec::new();
        let mut add = |what: String, part: Part| {
            clauses.extend(Clause::new(what, part));
        };
        let items: Vec<&&Item> = items.iter().filter(|item| !item.has_wildcard()).collect();
        let term =
            |field, text: &str, weight| Part::term(Term::from_field_text(field, text), weight);
        for word in self.words(items.iter().map(|item| item.text.as_str())) {
            add(format!("words:{word}"), term(self.fields.words, &word, weights.words));
        }
        let grams: BTreeSet<String> =
            items.iter().flat_map(|item| exact_grams(&item.text)).collect();
        for gram in grams {
            add(format!("grams:{gram}"), term(self.fields.grams, &gram, weights.grams));
            add(format!("title:{gram}"), term(self.fields.title, &gram, weights.title));
            add(format!("heading:{gram}"), term(self.fields.heading, &gram, weights.heading));
        }
        for item in &items {
            if let Some(query) = self.literal(self.fields.grams, &item.text) {
                add(format!("phrase:{}", item.text), Part::query(query, weights.phrase));
            }
        }
        for pair in items.windows(2) {
            if let [first, second] = pair {
                let texts = [first.text.as_str(), second.text.as_str()];
                self.add_joined(&mut add, "adjacent", weights.adjacent, &texts);
            }
        }
        if items.len() > 2 {
            let texts: Vec<&str> = items.iter().map(|item| item.text.as_str()).collect();
            self.add_joined(&mut add, "whole", weights.whole, &texts);
        }
        clauses
    }

    /// Items that follow each other in the text, with and without separators between them. Worth the rarity of their
    /// grams, however often they do: BM25 would let long paragraphs with several such places win.
    fn add_joined(
        &self,
        add: &mut impl FnMut(String, Part),
        what: &str,
        weight: f32,
        texts: &[&str],
    ) {
        let (glued, spaced) = (texts.concat(), texts.join(" "));
        let forms: Vec<_> = [&glued, &spaced]
            .into_iter()
            .filter_map(|text| self.literal(self.fields.grams, text))
            .collect();
        if !forms.is_empty() {
            let rarity: f32 = texts
                .iter()
                .flat_map(|text| exact_grams(text))
                .map(|gram| self.rarity(&gram))
                .sum();
            let either = ConstScoreQuery::new(Box::new(BooleanQuery::union(forms)), rarity);
            add(format!("{what}:{spaced}"), Part::query(Box::new(either), weight));
        }
    }
}

/// What all of some queries find.
fn intersection(mut queries: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    match queries.len() {
        1 => queries.remove(0),
        _ => Box::new(BooleanQuery::intersection(queries)),
    }
}

/// Days as they are typed: `2020-05-01..`.
fn days(from: Option<u32>, to: Option<u32>) -> String {
    let day = |day: u32| format!("{:04}-{:02}-{:02}", day / 10_000, day / 100 % 100, day % 100);
    let [from, to] = [from, to].map(|end| end.map(day).unwrap_or_default());
    if from == to { from } else { format!("{from}..{to}") }
}

/// An item with a wildcard at each end that is a number or a Latin word; `None` where neither is.
fn open_at_parts(text: &str) -> Option<String> {
    let folded = crate::text::fold::fold(text);
    let tokens = tokens(&folded);
    let is_part = |token: Option<&crate::text::tokens::Token<'_>>| {
        token.is_some_and(|token| matches!(token.kind, TokenKind::Number | TokenKind::Word))
    };
    let (first, last) = (is_part(tokens.first()), is_part(tokens.last()));
    let star = |open: bool| if open { "*" } else { "" };
    (first || last).then(|| format!("{}{}{}", star(first), text.trim(), star(last)))
}

/// The grams of an item that stand for themselves: pairs of Han and other tokens. A Han at the end of a run inside
/// the item is a gram for finding it; that the run ends there says nothing of what is meant, and neither do separators.
pub(super) fn exact_grams(text: &str) -> Vec<String> {
    let Some(terms) = analysis::literal_terms(text) else { return Vec::new() };
    let exact = terms.terms.into_iter().filter_map(|(_, term)| match term {
        TermMatch::Exact(text) => Some(text).filter(|text| !text.ends_with(analysis::is_mark)),
        TermMatch::Prefix(_) => None,
    });
    exact.collect()
}
