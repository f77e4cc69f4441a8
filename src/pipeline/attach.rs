//! Which paragraph a correction by hand is for, in files that were read again, changed or moved.
//!
//! By id; else the same text in the report of the same path; else, in that report, an edited text beside the same texts.
//! Of a file that is gone, the same text between the same texts in any other. Among equal texts of a report the one
//! beside the same texts is meant. What fits two places alike is not attached.

use crate::index::{Attached, AttachedBy, Origin, paragraph_id, part_path};
use crate::model::{Article, Paragraph};
use crate::text::fold::letters;
use crate::vocab::Overrides;
use crate::vocab::overrides::{Override, likeness, text_key};
use std::collections::{HashMap, HashSet};

/// How much of its beginning an edited text must have kept.
const LIKE_ENOUGH: f32 = 0.5;

/// Corrects the tags of one report, section by section.
pub(super) struct Attacher<'a> {
    overrides: &'a Overrides,
    /// Its path as entries write it.
    report: String,
    /// Its key; `None` for a report that is in no index.
    report_key: Option<String>,
    /// How often each text came so far.
    earlier: HashMap<String, usize>,
    /// Key of the last text of the section before.
    before: Option<String>,
    /// Entries whose text was met in the report, attached or not.
    met: HashSet<usize>,
    /// What was attached so far.
    pub(super) attached: Vec<Attached>,
}

/// A paragraph of a section.
struct Place {
    key: String,
    id: String,
    before: Option<String>,
    after: Option<String>,
}

/// A place that may be an entry's.
struct Candidate {
    at: usize,
    by: AttachedBy,
    /// How many neighbours are the same, then how like the text is.
    fit: (u8, f32),
}

impl<'a> Attacher<'a> {
    /// For a report of an index.
    pub(super) fn of(overrides: &'a Overrides, origin: &Origin<'_>) -> Self {
        let path = part_path(origin.path, origin.member, None);
        Self::new(overrides, &path, origin.record, Some(origin.report_key()))
    }

    /// For the report at a path, with record, as the index shows it.
    pub(super) fn new(
        overrides: &'a Overrides,
        path: &str,
        record: Option<&str>,
        report_key: Option<String>,
    ) -> Self {
        let mut report = overrides.report_name(path);
        if let Some(record) = record {
            report.push('#');
            report.push_str(record);
        }
        Self {
            overrides,
            report,
            report_key,
            earlier: HashMap::new(),
            before: None,
            met: HashSet::new(),
            attached: Vec::new(),
        }
    }

    /// Corrects the tags of the paragraphs of a section.
    pub(super) fn correct(&mut self, articles: &mut [Article]) {
        if self.overrides.is_empty() {
            return;
        }
        let mut paragraphs: Vec<&mut Paragraph> =
            articles.iter_mut().flat_map(|article| &mut article.paragraphs).collect();
        let places = self.places(&paragraphs);
        let mut chosen = self.same_text(&places);
        chosen.extend(self.edited_text(&places, &paragraphs, &chosen));
        chosen.sort_unstable();
        for (entry, at, by) in chosen {
            let (Some(known), Some(paragraph), Some(place)) =
                (self.overrides.all().get(entry), paragraphs.get_mut(at), places.get(at))
            else {
                continue;
            };
            known.apply(paragraph);
            let (entry, paragraph) = (known.id.clone(), place.id.clone());
            self.attached.push(Attached { entry, paragraph, by });
        }
    }

    fn places(&mut self, paragraphs: &[&mut Paragraph]) -> Vec<Place> {
        let mut places: Vec<Place> = Vec::with_capacity(paragraphs.len());
        for paragraph in paragraphs {
            let letters = letters(&paragraph.display);
            let key = text_key(&letters);
            let times = self.earlier.entry(key.clone()).or_insert(0);
            let id =
                self.report_key.as_deref().map(|report| paragraph_id(report, &letters, *times));
            *times += 1;
            let before = self.before.replace(key.clone());
            if let Some(last) = places.last_mut() {
                last.after = Some(key.clone());
            }
            places.push(Place { key, id: id.unwrap_or_default(), before, after: None });
        }
        places
    }

    /// Entries whose text stands in the section.
    fn same_text(&mut self, places: &[Place]) -> Vec<(usize, usize, AttachedBy)> {
        let mut candidates: HashMap<usize, Vec<Candidate>> = HashMap::new();
        for (at, place) in places.iter().enumerate() {
            for &entry in self.overrides.of_text(&place.key) {
                let Some(known) = self.overrides.all().get(entry) else { continue };
                let same = neighbours(known, place);
                let by = if known.id == place.id {
                    AttachedBy::Id
                } else if known.report == self.report {
                    AttachedBy::Text
                } else if self.overrides.is_homeless(entry) && same == 2 {
                    AttachedBy::Moved
                } else {
                    continue;
                };
                // Of equal texts beside the same texts the one with the id is meant.
                let fit = (same, f32::from(u8::from(by == AttachedBy::Id)));
                candidates.entry(entry).or_default().push(Candidate { at, by, fit });
            }
        }
        let met = &mut self.met;
        let new = candidates.into_iter().filter(|(entry, _)| met.insert(*entry));
        new.filter_map(|(entry, candidates)| {
            best(&candidates).map(|best| (entry, best.at, best.by))
        })
        .collect()
    }

    /// Entries for the report whose text does not stand in it: an edited one beside the same texts.
    fn edited_text(
        &self,
        places: &[Place],
        paragraphs: &[&mut Paragraph],
        taken: &[(usize, usize, AttachedBy)],
    ) -> Vec<(usize, usize, AttachedBy)> {
        let mut chosen = Vec::new();
        for &entry in self.overrides.of_report(&self.report) {
            let Some(known) = self.overrides.all().get(entry) else { continue };
            let is_attached = self.attached.iter().any(|attached| attached.entry == known.id);
            if is_attached || self.met.contains(&entry) {
                continue;
            }
            let free = places.iter().enumerate().filter(|(at, place)| {
                neighbours(known, place) > 0 && taken.iter().all(|(_, other, _)| other != at)
            });
            let candidates = free.filter_map(|(at, place)| {
                let like = likeness(&known.text, &paragraphs.get(at)?.display);
                let fit = (neighbours(known, place), like);
                (like >= LIKE_ENOUGH).then_some(Candidate { at, by: AttachedBy::Around, fit })
            });
            let candidates: Vec<Candidate> = candidates.collect();
            chosen.extend(best(&candidates).map(|best| (entry, best.at, best.by)));
        }
        chosen
    }
}

/// How many neighbours of an entry's text stand beside a place; where both have none that is the same too.
fn neighbours(entry: &Override, place: &Place) -> u8 {
    u8::from(entry.before == place.before) + u8::from(entry.after == place.after)
}

/// The candidate that fits best; `None` when two fit alike.
fn best(candidates: &[Candidate]) -> Option<&Candidate> {
    let order =
        |a: &Candidate, b: &Candidate| a.fit.0.cmp(&b.fit.0).then(a.fit.1.total_cmp(&b.fit.1));
    let best = candidates.iter().max_by(|a, b| order(a, b))?;
    let alike = candidates.iter().filter(|other| order(other, best).is_eq()).count();
    (alike == 1).then_some(best)
}
