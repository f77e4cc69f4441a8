//! The main text of a page, as dom_smoothie finds it.

use dom_smoothie::{Config, Readability, TextMode};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Pages with more elements give their whole text.
const ELEMENTS_MAX: usize = 200_000;

/// What was found.
#[derive(Debug)]
pub(super) struct Found {
    /// What it takes for the title.
    pub(super) title: String,
    /// The main text, as markup.
    pub(super) content: String,
}

/// What dom_smoothie takes for the article. It is not ours to trust with any input, so a panic there is no article.
pub(super) fn find(source: &str) -> Option<Found> {
    let config = Config {
        max_elements_to_parse: ELEMENTS_MAX,
        text_mode: TextMode::Raw,
        ..Config::default()
    };
    let article = catch_unwind(AssertUnwindSafe(|| {
        Readability::new(source, None, Some(config)).ok()?.parse().ok()
    }));
    let article = article.ok().flatten()?;
    Some(Found { title: article.title, content: article.content.to_string() })
}
