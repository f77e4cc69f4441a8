//! What stands in for Word documents before 2007 in a build without them.

use crate::ingest::extract::ExtractError;
use crate::ingest::limits::Limits;
use crate::ingest::{Extracted, Format};

/// Says that DOC is not part of this build.
pub(super) fn extract(_bytes: &[u8], _limits: &Limits) -> Result<Extracted, ExtractError> {
    Err(ExtractError::NotBuilt { format: Format::Doc, feature: "doc".to_owned() })
}
