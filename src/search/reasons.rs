//! Why nothing was found: what each item and each filter finds alone and together with the others, and what may have
//! been meant.

use crate::search::names::item_region;
use crate::search::plan::{Plan, PlannedDistance, PlannedItem, Selection};
use crate::search::request::{Reason, ReasonOf, Spelling};
use crate::search::{SearchError, Searcher, spellings};
use tantivy::query::{BooleanQuery, Occur, Query};

/// Most other spellings and most other names of an item.
const SUGGESTIONS_MAX: usize = 3;

impl Searcher {
    /// A reason for each item, distance, filter and exclusion of a query that found nothing.
    pub(super) fn reasons(&self, plan: &Plan) -> Result<Vec<Reason>, SearchError> {
        let mut reasons = Vec::new();
        for item in &plan.items {
            reasons.push(self.item_reason(item, plan)?);
        }
        for distance in &plan.distances {
            reasons.push(self.distance_reason(distance, plan)?);
        }
        for selection in &plan.selections {
            let others = plan.selections.iter().filter(|other| !std::ptr::eq(*other, selection));
            reasons.push(Reason {
                alone: self.count_query(selection.query.as_ref())?,
                without: Some(self.count_query(plan.selected_by(others).as_ref())?),
                ..Reason::new(selection.of, &selection.what)
            });
        }
        Ok(reasons)
    }

    fn distance_reason(
        &self,
        distance: &PlannedDistance,
        plan: &Plan,
    ) -> Result<Reason, SearchError> {
        Ok(Reason {
            alone: self.count_query(distance.near.as_ref())?,
            without: Some(self.count_query(distance.both.as_ref())?),
            filtered: self.filtered(distance.near.box_clone(), plan)?,
            ..Reason::new(ReasonOf::Distance, &distance.text)
        })
    }

    /// How much of what a query finds passes all filters; `None` where there are none.
    fn filtered(&self, query: Box<dyn Query>, plan: &Plan) -> Result<Option<u64>, SearchError> {
        if plan.selections.is_empty() {
            return Ok(None);
        }
        let mut parts = vec![(Occur::Must, query)];
        parts.extend(plan.selections.iter().map(Selection::clause));
        self.count_query(&BooleanQuery::new(parts)).map(Some)
    }

    fn item_reason(&self, item: &PlannedItem, plan: &Plan) -> Result<Reason, SearchError> {
        let mut reason = Reason::new(ReasonOf::Item, &item.text);
        let mut either = item.in_text.box_clone();
        let in_text = self.count_query(item.in_text.as_ref())?;
        reason.alone = in_text;
        if let Some((_, tag)) = &item.by_tag {
            either = Box::new(BooleanQuery::union(vec![either, tag.box_clone()]));
            reason.alone = self.count_query(either.as_ref())?;
            reason.by_tag = Some(reason.alone - in_text);
        }
        reason.filtered = self.filtered(either, plan)?;
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
