//! Pages: not read yet.

mod layout;
mod page;

use crate::ingest::extract::ExtractError;
use crate::ingest::limits::Limits;
use crate::ingest::{Extracted, Format};

/// The text of the file.
pub(super) fn extract(_bytes: &[u8], _limits: &Limits) -> Result<Extracted, ExtractError> {
    Err(ExtractError::NotRead { what: Format::Pdf.to_string() })
}
