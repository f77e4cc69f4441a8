//! Web pages saved with their parts in one file: not read yet.

use crate::ingest::extract::ExtractError;
use crate::ingest::{Extracted, Format, ReadOptions};

/// The text of the page.
pub(super) fn extract(_bytes: &[u8], _options: &ReadOptions) -> Result<Extracted, ExtractError> {
    Err(ExtractError::NotRead { what: Format::Mhtml.to_string() })
}
