//! Stands for `unpack` in a build without archives.

use crate::ingest::Format;
use crate::ingest::archive::Member;
use crate::ingest::extract::ExtractError;
use crate::ingest::limits::Limits;

/// Says that archives are not part of this build.
pub fn members(
    _bytes: &[u8],
    format: Format,
    _file_name: &str,
    _limits: &Limits,
    _each: &mut dyn FnMut(Member) -> bool,
) -> Result<Vec<(String, usize)>, ExtractError> {
    Err(ExtractError::NotBuilt { format, feature: "archives".to_owned() })
}
