//! Paragraphs whose tags are doubtful: a measure scores close to its threshold, or a name is borne by several divisions
//! and nothing says which is meant. Found by tagging what is stored once more; nothing is changed.

use crate::index::{FileRecord, IndexError, OpenIndex};
use crate::model::{Article, MeasurePath, RegionPath, Span};
use crate::pipeline::PipelineError;
use crate::pipeline::report::ReportReader;
use crate::tag::Tagger;
use crate::vocab::overrides::Change;
use crate::vocab::{Override, Vocabulary};
use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// A score is close to its threshold up to this many times it, and down to the same part of it.
const CLOSE: f32 = 2.0;

/// Which doubts are wanted.
#[derive(Debug, Clone, Default)]
pub struct DoubtRequest {
    /// Only paragraphs with these ids; `None` for all.
    pub only: Option<HashSet<String>>,
    /// Only these measures or groups of measures; empty for all.
    pub measures: Vec<MeasurePath>,
    /// Names of regions that are not decided, instead of measures.
    pub regions: bool,
    /// Most that are wanted.
    pub limit: usize,
}

/// What is doubtful about a paragraph.
#[derive(Debug, Clone, PartialEq)]
pub enum DoubtAbout {
    /// A measure whose score is a little over or under its threshold.
    Measure {
        /// Which.
        path: String,
        /// Its score.
        score: f32,
        /// What it must reach.
        threshold: f32,
    },
    /// A name that several divisions bear.
    Region {
        /// Who bears it.
        candidates: Vec<RegionPath>,
    },
}

/// A doubtful tag.
#[derive(Debug, Clone, PartialEq)]
pub struct Doubt {
    /// Id of the paragraph.
    pub id: String,
    /// What is doubtful.
    pub about: DoubtAbout,
    /// The words that speak for it.
    pub words: Vec<String>,
    /// Where they stand, in characters of the display text.
    pub at: Vec<Span>,
}

impl Doubt {
    /// How far from its threshold, 0 for none; names come before.
    fn distance(&self) -> f32 {
        match &self.about {
            DoubtAbout::Measure { score, threshold, .. } => (score / threshold).ln().abs(),
            DoubtAbout::Region { .. } => 0.0,
        }
    }
}

/// The doubtful tags of the index in `dir`, the closest to a threshold first, and how many there are. `each` is told
/// how many files of how many are done.
pub fn doubtful(
    dir: &Path,
    vocabulary: &Arc<Vocabulary>,
    request: &DoubtRequest,
    stop: &AtomicBool,
    each: &(dyn Fn(usize, usize) + Sync),
) -> Result<(usize, Vec<Doubt>), PipelineError> {
    let index = OpenIndex::open(dir)?;
    let records = index.file_records()?;
    let finder = Finder { index: &index, tagger: Tagger::new(Arc::clone(vocabulary)), request };
    let next = AtomicUsize::new(0);
    let found = Mutex::new(Ok((0, Vec::new())));
    let corrected = corrected(vocabulary, &records);
    let workers = std::thread::available_parallelism().map_or(1, usize::from).min(records.len());
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some(record) = records.get(number) else { break };
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                    let doubts = finder.file(record, &corrected);
                    // What was found so far is whole, also where another worker panicked.
                    let mut all = found.lock().unwrap_or_else(PoisonError::into_inner);
                    match (doubts, all.as_mut()) {
                        (Ok(doubts), Ok((total, kept))) => {
                            *total += doubts.len();
                            kept.extend(doubts);
                            keep_closest(kept, request.limit);
                        }
                        (Err(error), Ok(_)) => *all = Err(error),
                        (_, Err(_)) => {}
                    }
                    each(number + 1, records.len());
                }
            });
        }
    });
    let (total, doubts) = found.into_inner().unwrap_or_else(PoisonError::into_inner)?;
    Ok((total, doubts))
}

fn keep_closest(doubts: &mut Vec<Doubt>, limit: usize) {
    doubts.sort_by(|a, b| a.distance().total_cmp(&b.distance()).then_with(|| a.id.cmp(&b.id)));
    doubts.truncate(limit);
}

/// The corrections of each paragraph that has one, by its id: what somebody decided is not in doubt.
fn corrected<'v>(
    vocabulary: &'v Vocabulary,
    records: &[FileRecord],
) -> HashMap<String, &'v Override> {
    let entries: HashMap<&str, &Override> =
        vocabulary.overrides.all().iter().map(|entry| (entry.id.as_str(), entry)).collect();
    let attached = records.iter().flat_map(|record| &record.corrected.attached);
    let entry = |entry: &str| entries.get(entry).copied();
    attached.filter_map(|found| Some((found.paragraph.clone(), entry(&found.entry)?))).collect()
}

/// Finds doubts.
struct Finder<'a> {
    index: &'a OpenIndex,
    tagger: Tagger,
    request: &'a DoubtRequest,
}

impl Finder<'_> {
    fn file(
        &self,
        record: &FileRecord,
        corrected: &HashMap<String, &Override>,
    ) -> Result<Vec<Doubt>, IndexError> {
        let mut doubts = Vec::new();
        self.index.reports_of(record, &mut |report| {
            let mut reader = ReportReader::new(&self.tagger);
            report.sections(&mut |mut section| {
                let is_wanted =
                    |id: &String| self.request.only.as_ref().is_none_or(|only| only.contains(id));
                // Also where nothing is wanted: the rest of a long article needs its beginning.
                let (article, continues) = (&mut section.article, section.continues);
                let found = reader.with_beginning(article, continues, |_, article, before| {
                    if section.ids.iter().any(is_wanted) {
                        self.article(article, before)
                    } else {
                        Vec::new()
                    }
                });
                if !found.is_empty() {
                    let found = found.into_iter();
                    let found = found.filter_map(|(at, doubt)| {
                        let id = section.ids.get(at).filter(|id| is_wanted(id))?;
                        Some(Doubt { id: id.clone(), ..doubt })
                    });
                    doubts.extend(found.filter(|doubt| {
                        corrected.get(&doubt.id).is_none_or(|entry| !is_decided(entry, doubt))
                    }));
                }
                Ok(true)
            })
        })?;
        Ok(doubts)
    }

    /// The doubts about an article, by the paragraph's ordinal behind the first `before`, without ids.
    fn article(&self, article: &Article, before: usize) -> Vec<(usize, Doubt)> {
        let found = self.all(article).into_iter();
        found.filter_map(|(at, doubt)| Some((at.checked_sub(before)?, doubt))).collect()
    }

    fn all(&self, article: &Article) -> Vec<(usize, Doubt)> {
        if self.request.regions {
            let names = self.tagger.unresolved_names(article).into_iter();
            return names
                .map(|(paragraph, name)| {
                    let about = DoubtAbout::Region { candidates: name.bearers };
                    let (words, at) = (vec![name.name], vec![name.at]);
                    (paragraph, Doubt { id: String::new(), about, words, at })
                })
                .collect();
        }
        let weighed = self.tagger.weigh_measures(article).into_iter();
        let close = weighed.filter(|(_, weighed)| {
            let over = weighed.score / weighed.threshold;
            (1.0 / CLOSE..=CLOSE).contains(&over) && self.is_asked_for(&weighed.evidence.tag)
        });
        close
            .map(|(paragraph, weighed)| {
                let (score, threshold) = (weighed.score, weighed.threshold);
                let about = DoubtAbout::Measure { path: weighed.evidence.tag, score, threshold };
                let (words, at) = (weighed.evidence.words, weighed.evidence.at);
                (paragraph, Doubt { id: String::new(), about, words, at })
            })
            .collect()
    }

    fn is_asked_for(&self, path: &str) -> bool {
        let wanted = &self.request.measures;
        let Ok(path) = MeasurePath::new(path) else { return false };
        wanted.is_empty() || wanted.iter().any(|wanted| path.is_within(wanted))
    }
}

/// Whether a correction says what is doubtful.
fn is_decided(entry: &Override, doubt: &Doubt) -> bool {
    match &doubt.about {
        DoubtAbout::Measure { path, .. } => entry.measures.decides(path),
        DoubtAbout::Region { .. } => entry.regions != Change::default(),
    }
}
