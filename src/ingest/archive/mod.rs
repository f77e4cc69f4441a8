//! Members of archives, unpacked in memory one after the other; nothing is written to disk.
//!
//! What the archive says about itself (names, sizes, counts) is never trusted: sizes are measured while unpacking,
//! names are only shown. `directory` reads the directory of a ZIP file and is part of every build, because `sniff`
//! looks at names; `unpack` is the rest.

#[cfg_attr(
    not(feature = "archives"),
    allow(dead_code, reason = "without archives only names are looked at")
)]
pub(crate) mod directory;
#[cfg_attr(not(feature = "archives"), path = "unbuilt.rs")]
mod unpack;

use crate::ingest::Format;
use crate::ingest::extract::ExtractError;
use crate::ingest::limits::Limits;

/// The name of what stands for all further members, of which nothing is known.
pub const REST: &str = "*";

/// A file inside an archive.
#[derive(Debug)]
pub struct Member {
    /// Its path inside the archive, with `/`; for an archive in the archive `b.zip!/c.txt`. A second member of the
    /// same name is `c#2.txt`; [`REST`] stands for the members behind the place where reading stopped.
    pub name: String,
    /// Its bytes, or why there are none.
    pub content: Result<Vec<u8>, ExtractError>,
}

/// Unpacks the files of an archive in their order; `each` says whether to go on.
///
/// Archives inside are opened too, as deep as the limits allow. A member that cannot be had is given with the reason,
/// and the others follow. Folders, hidden files and the companion folders of saved pages give nothing; files of
/// formats that are not read are counted by their extension, which is the result.
///
/// `file_name` names the archive: the member of a `.gz` or `.zst` without a name of its own is called after it.
/// Errors: an archive of which nothing can be read.
pub fn members(
    bytes: &[u8],
    format: Format,
    file_name: &str,
    limits: &Limits,
    each: &mut dyn FnMut(Member) -> bool,
) -> Result<Vec<(String, usize)>, ExtractError> {
    unpack::members(bytes, format, file_name, limits, each)
}
