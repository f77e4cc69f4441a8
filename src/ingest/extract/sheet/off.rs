//! Sheets in a build without feature `sheets`: they are known and not read.

use crate::ingest::extract::ExtractError;
use crate::ingest::limits::Limits;
use crate::ingest::{Extracted, Format};

/// Always [`ExtractError::NotBuilt`].
pub(super) fn extract(_bytes: &[u8], _limits: &Limits) -> Result<Extracted, ExtractError> {
    Err(ExtractError::NotBuilt { format: Format::Sheet, feature: "sheets".to_owned() })
}
