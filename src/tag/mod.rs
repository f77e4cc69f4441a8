//! Paragraphs to regions and measures, with the evidence for each tag.
//!
//! [`gazetteer`] finds the names of divisions and decides which division each means; [`region`] decides which of them
//! a paragraph reports on, and what it inherits within its article; [`measure`] weighs cues; [`figure`] finds the
//! quantities it reports, [`period`] the years it names from its own day. Nothing is remembered from one article to the next. The rules follow `index-schema/README.md`. Read [`gazetteer`] next.

pub mod figure;
pub mod gazetteer;
pub mod measure;
pub mod period;
pub mod region;

mod offsets;

use crate::model::{Article, ParagraphKind, Report};
use crate::text::script::to_simplified;
use crate::vocab::Vocabulary;
use gazetteer::Gazetteer;
pub use measure::MeasureCase;
use measure::{MeasureTagger, WeighedMeasure};
use region::Unresolved;
use std::sync::Arc;

/// Gives paragraphs their tags. Making one costs some milliseconds; it can be shared by threads.
#[derive(Debug)]
pub struct Tagger {
    gazetteer: Gazetteer,
    measures: MeasureTagger,
}

impl Tagger {
    /// A tagger for a vocabulary.
    pub fn new(vocabulary: Arc<Vocabulary>) -> Self {
        Self {
            measures: MeasureTagger::new(&vocabulary.measures),
            gazetteer: Gazetteer::new(vocabulary),
        }
    }

    /// Tags all articles of a report, each by itself.
    pub fn tag(&self, report: &mut Report) {
        for article in &mut report.articles {
            self.tag_article(article);
        }
    }

    /// What is known of each measure in each paragraph of an article, by the paragraph's ordinal: what
    /// `benches/tags/train.py` learns from.
    pub fn measure_cases(&self, article: &Article) -> Vec<(usize, Vec<MeasureCase>)> {
        self.measures.cases(article, &texts_of(article))
    }

    /// What each measure reaches in each paragraph of an article, given or not, by the paragraph's ordinal.
    pub fn weigh_measures(&self, article: &Article) -> Vec<(usize, WeighedMeasure)> {
        self.measures.weigh(article, &texts_of(article))
    }

    /// Full names of divisions that several bear and nothing in the article decides, by the paragraph's ordinal.
    pub fn unresolved_names(&self, article: &Article) -> Vec<(usize, Unresolved)> {
        region::unresolved(&self.gazetteer, article.clone(), &texts_of(article))
    }

    /// Fills regions, measures, mentions, evidence and figures of every paragraph; tags from an earlier run are replaced.
    pub fn tag_article(&self, article: &mut Article) {
        let texts = texts_of(article);
        for (paragraph, text) in article.paragraphs.iter_mut().zip(&texts) {
            // Who wrote it and when counts nothing.
            paragraph.figures = match paragraph.kind {
                ParagraphKind::Byline => Vec::new(),
                _ => figure::find(text),
            };
            paragraph.regions.clear();
            paragraph.measures.clear();
            paragraph.mentions.clear();
            paragraph.evidence.clear();
        }
        region::tag(&self.gazetteer, article, &texts);
        self.measures.tag(article, &texts);
    }
}

/// The Simplified texts of an article's paragraphs, owned: paragraphs are written while they are read.
fn texts_of(article: &Article) -> Vec<String> {
    let texts = article.paragraphs.iter().map(|paragraph| to_simplified(&paragraph.display));
    texts.map(std::borrow::Cow::into_owned).collect()
}
