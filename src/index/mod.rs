//! What stands on disk: schema, documents, file records, writer, reader, reprints, check.
//!
//! The folder given to the functions here is the one people name (`.fangzhi`): the engine's files are in `index/`
//! below it, a user's additions to the vocabularies in `schema/` beside that. Invariant: one commit holds paragraphs
//! and file records together, so no reader ever sees one without the other.

mod articles;
mod characters;
mod check;
mod content;
mod directory;
mod document;
mod error;
#[cfg(test)]
pub(crate) mod faults;
mod lists;
mod queue;
mod reader;
mod record;
mod reprints;
mod schema;
mod stored;
mod writer;

pub use check::{Problem, check, damage};
pub use content::content_digest;
pub use error::IndexError;
pub use reader::{IndexInfo, Outdated, info};
pub use record::{Attached, AttachedBy, PartialFile, path_from_text, path_text, split_member};
pub use schema::Weights;
pub use writer::{discard_empty, is_made};

pub(crate) use articles::{StoredReport, StoredSection};
pub(crate) use check::{
    Findings, begin_repair, document_count, drop_damaged_segments, end_repair,
    is_repair_unfinished, restore,
};
pub(crate) use document::{
    DOC_PARAGRAPH, DOC_REPORT, DOC_TITLE, MEMBER_MARK, Origin, ReportDocuments, UPPER_END, digest,
    head, id_start, paragraph_id,
};
pub(crate) use queue::Document;
pub(crate) use reader::{NumberColumns, OpenIndex, outdated, stored_bytes, stored_document};
pub(crate) use record::{
    Corrected, FailedPart, FileRecord, Parts, StoredParagraph, part_path, path_bytes,
};
pub(crate) use reprints::compare;
pub(crate) use schema::{Fields, ModeWeights, PARAGRAPH};
pub(crate) use writer::{
    Documents, Fingerprints, Payload, Root, Writer, WriterOptions, lock_engine, recover_engine,
    replace_engine,
};

/// Folder of the engine's files, below the folder people name.
const ENGINE_FOLDER: &str = "index";
/// Folder where an index of a new schema is made before it takes the place of the old one.
pub(crate) const REBUILD_FOLDER: &str = "index.new";
/// Where the old engine's files stand while the new ones take their place.
const REPLACED_FOLDER: &str = "index.old";
/// Folder of a user's additions to the vocabularies, beside the engine's files.
pub const SCHEMA_FOLDER: &str = "schema";
