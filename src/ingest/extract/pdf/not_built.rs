//! Stands in for the reader of PDF in builds without the feature `pdf`.

use crate::ingest::extract::ExtractError;
use crate::ingest::limits::Limits;
use crate::ingest::{Extracted, Format};

/// Says that it is not part of this build.
pub(super) fn extract(_bytes: &[u8], _limits: &Limits) -> Result<Extracted, ExtractError> {
    Err(ExtractError::NotBuilt { format: Format::Pdf, feature: "pdf".to_owned() })
}
