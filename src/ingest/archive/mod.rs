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

pub use unpack::members;

use crate::ingest::extract::ExtractError;

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
