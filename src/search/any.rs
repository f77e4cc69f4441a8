//! A query any part of which makes a hit: questions, and what comes near when nothing holds all items.
//!
//! A hit holds a gram of the query: two neighbouring Han, a number, a word of letters. Not its words: how a query is
//! cut must not decide what is found, and who asks for `旅游团` wants 旅游 as well. Everything else is ranking.

use crate::search::ast::{Item, Node};
use crate::search::literal_query::{begins_a_term, stands_in_at_most};
use crate::search::plan::{Clause, Mark, Plan, PlannedItem, Planner, exact_grams};
use crate::search::sum::Part;
use crate::search::term_list::AnyTermQuery;
use crate::text::fold::fold;
use crate::text::literal::{Needle, Pattern};
use crate::text::tokens::is_han;
use std::collections::BTreeSet;
use std::sync::PoisonError;
use tantivy::Term;
use tantivy::query::{BooleanQuery, Query};

/// Characters that say little alone.
const FUNCTION_WORDS: &str =
    "的了在是和与及或之等吗呢吧么也都就而其于以为从到由被把将对向这那哪几个什谁何怎有不";

/// Fewest letters of a part of a word that is looked for where the word is not: shorter ones stand in many others.
const PART_LETTERS_MIN: usize = 5;

/// A single character scores only where it stands in no more paragraphs: the rare ones tell paragraphs apart, and each
/// costs the reading of all grams that begin with it.
const RARE_PARAGRAPHS: u64 = 2000;
/// Or in one paragraph of so many.
const RARE_ONE_IN: u64 = 100;

impl Planner<'_> {
    /// Plans a query any gram of which makes a hit.
    pub(crate) fn any(&self, root: &Node) -> Plan {
        let (conjuncts, selections) = self.split_selections(root);
        let typed = root.items();
        // A tag makes no hit here.
        let planned = typed.iter().filter_map(|item| self.planned_item(item));
        let planned = planned.map(|item| PlannedItem { by_tag: None, ..item }).collect();
        let items: Vec<Item> = typed.iter().flat_map(|item| without_wildcards(item)).collect();
        let items: Vec<&Item> = items.iter().collect();
        let grams: BTreeSet<String> =
            items.iter().flat_map(|item| exact_grams(&item.text)).collect();
        let mut alternatives: Vec<Box<dyn Query>> = Vec::new();
        if !grams.is_empty() {
            let terms = grams.iter().map(|gram| Term::from_field_text(self.fields.grams, gram));
            alternatives.push(Box::new(AnyTermQuery { terms: terms.collect() }));
        }
        let mut known_parts: Vec<String> = Vec::new();
        // Items that no gram stands for: patterns and single characters.
        let gramless = |item: &&&Item| {
            let is_single = exact_grams(&item.text).is_empty();
            item.has_wildcard() || is_single && (grams.is_empty() || !is_function(&item.text))
        };
        alternatives
            .extend(typed.iter().filter(gramless).filter_map(|item| self.item_in_text(item)));
        if !grams.is_empty() && !grams.iter().any(|gram| self.occurs(gram)) {
            let characters = characters(&items).into_iter();
            alternatives.extend(characters.filter_map(|c| self.character(c)));
            // What all its items would find, a synonym or a part of a longer word, is found here too.
            alternatives.extend(typed.iter().filter_map(|item| self.item_in_text(item)));
            known_parts = grams.iter().filter_map(|gram| self.known_part(gram)).collect();
            alternatives.extend(known_parts.iter().filter_map(|part| self.pattern(part)));
        }
        // What fields ask in the place of an item.
        alternatives
            .extend(root.itemless_alternatives().into_iter().filter_map(|node| self.node(node)));
        let mut parts: Vec<Box<dyn Query>> = Vec::new();
        match alternatives.len() {
            0 => {}
            1 => parts.append(&mut alternatives),
            _ => parts.push(Box::new(BooleanQuery::union(alternatives))),
        }
        let fields = conjuncts.into_iter().filter(|node| matches!(node, Node::Field(_)));
        parts.extend(fields.filter_map(|node| self.node(node)));
        let literal = |text: &String| Mark::Literal(Needle::new(text));
        let mut marks: Vec<Mark> = self.content_words(&items).iter().map(literal).collect();
        let patterns = typed.iter().filter(|item| item.has_wildcard());
        marks.extend(patterns.flat_map(|item| self.item_marks(item)));
        marks.extend(known_parts.iter().map(|part| Mark::Pattern(Pattern::new(part))));
        let mut plan = self.finish(parts, selections, &items, planned, self.weights.any);
        if self.scored {
            plan.clauses.extend(self.character_clauses(&items));
        }
        plan.marks.append(&mut marks);
        plan.parts_of_words = grams.iter().map(literal).collect();
        plan
    }

    /// The longest part of a word of letters that words of the index begin with, as a pattern: `networks` then finds
    /// network, and of `pizzahutprice`, typed without its space, there is pizzahut. Half of the word at least.
    fn known_part(&self, word: &str) -> Option<String> {
        let letters: Vec<char> = word.chars().collect();
        let least = PART_LETTERS_MIN.max(letters.len().div_ceil(2));
        if !letters.iter().all(|c| c.is_alphabetic() && !is_han(*c)) {
            return None;
        }
        let mut longest = None;
        let mut wanted = least;
        for from in 0..letters.len() {
            while let Some(part) = letters.get(from..from + wanted) {
                let part: String = part.iter().collect();
                // What cannot be read is taken as not there; the search itself says what is wrong.
                if !begins_a_term(self.searcher, self.fields.grams, &part).unwrap_or(false) {
                    break;
                }
                longest = Some(format!("{part}*"));
                wanted += 1;
            }
        }
        longest
    }

    fn occurs(&self, gram: &str) -> bool {
        // What cannot be read is taken as found; the search itself says what is wrong.
        let is_known = self.frequency(gram).map_or(true, |paragraphs| paragraphs > 0);
        // The frequency still counts what was deleted.
        let has_deleted = || self.searcher.segment_readers().iter().any(|one| one.has_deletes());
        is_known && (!has_deleted() || self.is_found(gram))
    }

    /// Every paragraph with a Han character, wherever it stands.
    fn character(&self, han: char) -> Option<Box<dyn Query>> {
        self.literal(self.fields.grams, &han.to_string())
    }

    /// The distinct words of items without function words, unless there is nothing else.
    fn content_words(&self, items: &[&Item]) -> Vec<String> {
        let words = self.words(items.iter().map(|item| item.text.as_str()));
        let is_function = |word: &String| word.chars().count() == 1 && is_function(word);
        let content: Vec<String> =
            words.iter().filter(|word| !is_function(word)).cloned().collect();
        if content.is_empty() { words.into_iter().collect() } else { content }
    }

    /// Single characters as parts of the score: 张稀哲 then comes near 张希哲.
    fn character_clauses(&self, items: &[&Item]) -> Vec<Clause> {
        let limit = RARE_PARAGRAPHS.max(self.searcher.num_docs() / RARE_ONE_IN);
        // Finding out walks the terms that begin with the character: a thirtieth of a search.
        let known = || self.rare.lock().unwrap_or_else(PoisonError::into_inner);
        let rare = |&han: &char| {
            let remembered = known().get(&han).copied();
            remembered.unwrap_or_else(|| {
                // What cannot be read adds nothing; the search itself says what is wrong.
                let rare = stands_in_at_most(self.searcher, self.fields.grams, han, limit);
                *known().entry(han).or_insert(rare.unwrap_or(false))
            })
        };
        let rare = characters(items).into_iter().filter(rare);
        let clauses = rare.filter_map(|han| {
            let part = Part::query(self.character(han)?, self.weights.any.chars);
            Clause::new(format!("chars:{han}"), part)
        });
        clauses.collect()
    }
}

/// An item as it is, or the parts of a pattern between its wildcards.
fn without_wildcards(item: &Item) -> Vec<Item> {
    if !item.has_wildcard() {
        return vec![item.clone()];
    }
    let parts = item.text.split(['*', '?']).filter(|part| !part.is_empty());
    parts.map(Item::quoted).collect()
}

/// Whether a text says little by itself.
fn is_function(text: &str) -> bool {
    text.chars().all(|c| FUNCTION_WORDS.contains(c))
}

/// The distinct Han of items that say something alone.
fn characters(items: &[&Item]) -> BTreeSet<char> {
    let all = items.iter().flat_map(|item| fold(&item.text).chars().collect::<Vec<_>>());
    all.filter(|&c| is_han(c) && !FUNCTION_WORDS.contains(c)).collect()
}
