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
use measure::MeasureTagger;
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
        let texts: Vec<String> = article
            .paragraphs
            .iter()
            .map(|paragraph| to_simplified(&paragraph.display).into_owned())
            .collect();
        self.measures.cases(article, &texts)
    }

    /// Fills regions, measures, mentions, evidence and figures of every paragraph; tags from an earlier run are replaced.
    pub fn tag_article(&self, article: &mut Article) {
        // Owned where the script changed, borrowed from a copy elsewhere: paragraphs are written while it is read.
        let texts: Vec<String> = article
            .paragraphs
            .iter()
            .map(|paragraph| to_simplified(&paragraph.display).into_owned())
            .collect();
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
