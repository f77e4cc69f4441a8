//! What stands in for DOCX and ODT in a build without them.

use crate::ingest::extract::ExtractError;
use crate::ingest::limits::Limits;
use crate::ingest::{Extracted, Format};

fn not_built(format: Format) -> Result<Extracted, ExtractError> {
    Err(ExtractError::NotBuilt { format, feature: "docx".to_owned() })
}

/// Says that DOCX is not part of this build.
pub(super) fn docx(_bytes: &[u8], _limits: &Limits) -> Result<Extracted, ExtractError> {
    not_built(Format::Docx)
}

/// Says that ODT is not part of this build.
pub(super) fn odt(_bytes: &[u8], _limits: &Limits) -> Result<Extracted, ExtractError> {
    not_built(Format::Odt)
}
