//! Why nothing was found: what each item and each filter finds alone and together with the others, and what may have
//! been meant.

use crate::search::names::item_region;
use crate::search::plan::{Plan, PlannedItem};
use crate::search::request::{Reason, Spelling};
use crate::search::{SearchError, Searcher, spellings};
use tantivy::query::{BooleanQuery, Occur};

/// Most other spellings and most other names of an item.
const SUGGESTIONS_MAX: usize = 3;

impl Searcher {
    /// A reason for each item and each filter of a query that found nothing.
    pub(super) fn reasons(&self, plan: &Plan) -> Result<Vec<Reason>, SearchError> {
        let mut reasons = Vec::new();
        for item in &plan.items {
            reasons.push(self.item_reason(item, plan)?);
        }
        for (at, selection) in plan.selections.iter().enumerate() {
            let mut rest = vec![(Occur::Must, plan.matching())];
            let others = plan.selections.iter().enumerate().filter(|(other, _)| *other != at);
            rest.extend(others.map(|(_, other)| (Occur::Must, other.query.box_clone())));
            reasons.push(Reason {
                alone: self.count_query(selection.query.as_ref())?,
                without: Some(self.count_query(&BooleanQuery::new(rest))?),
                ..Reason::of(&selection.what, true)
            });
        }
        Ok(reasons)
    }

    fn item_reason(&self, item: &PlannedItem, plan: &Plan) -> Result<Reason, SearchError> {
        let mut reason = Reason::of(&item.text, false);
        let mut either = item.in_text.box_clone();
        let in_text = self.count_query(item.in_text.as_ref())?;
        reason.alone = in_text;
        if let Some((_, tag)) = &item.by_tag {
            either = Box::new(BooleanQuery::union(vec![either, tag.box_clone()]));
            reason.alone = self.count_query(either.as_ref())?;
            reason.by_tag = Some(reason.alone - in_text);
        }
        if !plan.selections.is_empty() {
            let mut parts = vec![either];
            parts.extend(plan.selections.iter().map(|selection| selection.query.box_clone()));
            reason.filtered = Some(self.count_query(&BooleanQuery::intersection(parts))?);
        }
        if in_text == 0 {
            let found = spellings::candidates(self.engine(), self.index().fields.grams, &item.text);
            for like in found.map_err(|error| self.failed(error))? {
                reason.near.extend(self.standing(like)?);
            }
            reason.near.truncate(SUGGESTIONS_MAX);
            reason.names = self.standing(self.names(&item.text))?;
        }
        Ok(reason)
    }

    /// The other names of the division or measure that an item names.
    fn names(&self, item: &str) -> Vec<String> {
        let vocabulary = self.vocabulary();
        let mut names: Vec<String> = Vec::new();
        if let Some(path) = item_region(vocabulary, item) {
            if let Some(division) = vocabulary.divisions.find(&path) {
                names.push(division.name.clone());
                names.extend(division.short.iter().cloned());
                let former = division.former.iter();
                names.extend(former.flat_map(|former| [former.name.clone(), former.short.clone()]));
            }
        } else if let Some(measure) = vocabulary.measures.resolve(item) {
            names.push(measure.path.name().to_owned());
            names.extend(measure.aliases.iter().cloned());
        }
        names.retain(|name| !name.is_empty() && name != item);
        names.sort();
        names.dedup();
        names
    }

    /// Those of some strings that stand in paragraphs, most frequent first.
    fn standing(&self, strings: Vec<String>) -> Result<Vec<Spelling>, SearchError> {
        let mut standing = Vec::new();
        for text in strings {
            let Some(query) = self.literal(&text) else { continue };
            let alone = self.count_query(query.as_ref())?;
            if alone > 0 {
                standing.push(Spelling { text, alone });
            }
        }
        standing.sort_by(|a, b| b.alone.cmp(&a.alone).then_with(|| a.text.cmp(&b.text)));
        standing.truncate(SUGGESTIONS_MAX);
        Ok(standing)
    }
}
