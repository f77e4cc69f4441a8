//! The engine's schema, built from `index-schema/paragraph.toml`.
//!
//! The file is data; this turns it into fields and weights. Read `document.rs` next for what goes into the fields.

use serde::Deserialize;
use std::sync::LazyLock;
use tantivy::schema::{
    BytesOptions, Field, IndexRecordOption, NumericOptions, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::store::{Compressor, ZstdCompressor};
use tantivy::{IndexSettings, index};

/// The schema file that is built in.
pub(crate) const PARAGRAPH_TOML: &str = include_str!("../../index-schema/paragraph.toml");

/// How much each part of a score weighs.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weights {
    /// Words of the paragraph.
    pub words: f32,
    /// Pairs of characters of the paragraph.
    pub grams: f32,
    /// Single characters of a query any part of which makes a hit.
    pub chars: f32,
    /// Items found literally.
    pub phrase: f32,
    /// Pairs of characters of the titles.
    pub title: f32,
    /// Pairs of characters of the nearest heading.
    pub heading: f32,
    /// Items that follow each other in the text as in the query.
    pub adjacent: f32,
    /// The query found as typed.
    pub whole: f32,
    /// What the score of a heading, byline or caption is multiplied by.
    pub aside: f32,
    /// BM25's average length, as a multiple of that of running text: the greater, the less shortness counts.
    pub length: f32,
}

/// Weights by how a query is matched.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ModeWeights {
    /// All items must be found.
    pub(crate) all: Weights,
    /// Any part is enough.
    pub(crate) any: Weights,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum FieldKind {
    Text,
    String,
    U64,
    F64,
    Column,
    Bytes,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Record {
    Doc,
    Freq,
    Position,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldDeclaration {
    name: String,
    kind: FieldKind,
    #[serde(default)]
    analyzer: String,
    record: Option<Record>,
    /// Whether the length of the field in each document is kept, which scores need.
    #[serde(default)]
    lengths: bool,
    #[serde(default)]
    indexed: bool,
    #[serde(default)]
    fast: bool,
    #[serde(default)]
    stored: bool,
    #[serde(rename = "about")]
    _about: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Store {
    compression_level: i32,
    block_bytes: usize,
}

/// The declared document: fields, weights, store.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ParagraphSchema {
    /// Changes when older indexes cannot be read any more.
    pub(crate) version: u32,
    pub(crate) weights: ModeWeights,
    store: Store,
    field: Vec<FieldDeclaration>,
}

/// The built-in declaration, parsed once.
pub(crate) static PARAGRAPH: LazyLock<ParagraphSchema> = LazyLock::new(|| {
    toml::from_str(PARAGRAPH_TOML).expect("a test parses the built-in paragraph.toml")
});

impl ParagraphSchema {
    /// The engine's schema.
    pub(crate) fn build(&self) -> Schema {
        let mut builder = Schema::builder();
        for field in &self.field {
            match field.kind {
                FieldKind::Text => {
                    let indexing = TextFieldIndexing::default()
                        .set_tokenizer(&field.analyzer)
                        .set_index_option(match field.record {
                            Some(Record::Position) => IndexRecordOption::WithFreqsAndPositions,
                            Some(Record::Freq) => IndexRecordOption::WithFreqs,
                            Some(Record::Doc) | None => IndexRecordOption::Basic,
                        })
                        .set_fieldnorms(field.lengths);
                    builder.add_text_field(
                        &field.name,
                        TextOptions::default().set_indexing_options(indexing),
                    )
                }
                FieldKind::String => {
                    let indexing = TextFieldIndexing::default()
                        .set_tokenizer("raw")
                        .set_index_option(IndexRecordOption::Basic)
                        .set_fieldnorms(false);
                    let options = TextOptions::default().set_indexing_options(indexing);
                    let options = if field.fast { options.set_fast("raw") } else { options };
                    builder.add_text_field(&field.name, options)
                }
                FieldKind::U64 => {
                    let mut options = NumericOptions::default();
                    if field.indexed {
                        options = options.set_indexed();
                    }
                    if field.fast {
                        options = options.set_fast();
                    }
                    builder.add_u64_field(&field.name, options)
                }
                FieldKind::F64 => {
                    builder.add_f64_field(&field.name, NumericOptions::default().set_fast())
                }
                FieldKind::Column => {
                    builder.add_text_field(&field.name, TextOptions::default().set_fast("raw"))
                }
                FieldKind::Bytes => {
                    let options = if field.stored {
                        BytesOptions::default().set_stored()
                    } else {
                        BytesOptions::default()
                    };
                    builder.add_bytes_field(&field.name, options)
                }
            };
        }
        builder.build()
    }

    /// The engine's settings for a new index.
    pub(crate) fn settings(&self) -> IndexSettings {
        let zstd = ZstdCompressor { compression_level: Some(self.store.compression_level) };
        IndexSettings {
            docstore_compression: Compressor::Zstd(zstd),
            docstore_blocksize: self.store.block_bytes,
            ..index::IndexSettings::default()
        }
    }
}

macro_rules! fields {
    ($($name:ident),+ $(,)?) => {
        /// The engine's handle of every field, by name.
        #[derive(Debug, Clone, Copy)]
        pub(crate) struct Fields {
            $(pub(crate) $name: Field,)+
        }

        impl Fields {
            /// Looks the fields up; the name of the first missing one when the schema is another.
            pub(crate) fn of(schema: &Schema) -> Result<Self, &'static str> {
                Ok(Self {
                    $($name: schema.get_field(stringify!($name)).map_err(|_missing| stringify!($name))?,)+
                })
            }
        }
    };
}

fields! {
    words, grams, title, heading, source_text, id_start, id_head, id_tail, file, record, path, doc, kind, report_key, article_key, ordinal, line, byte,
    date_from, date_to, source, region, region_all, region_inferred, region_inferred_all, measure, measure_all,
    measure_inferred, measure_inferred_all, mention, figure, figure_value, reprint, sketch, stored,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_declared_fields_are_those_the_code_uses() {
        let schema = PARAGRAPH.build();
        Fields::of(&schema).expect("every field is declared");
        assert_eq!(schema.num_fields(), PARAGRAPH.field.len());
    }

    #[test]
    fn another_schema_is_recognised_by_its_missing_field() {
        assert_eq!(Fields::of(&Schema::builder().build()).err(), Some("words"));
    }
}
