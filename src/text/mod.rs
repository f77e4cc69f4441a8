//! String tools used everywhere: places in changed text, character classes, folding, display width.
//!
//! Nothing here knows files, divisions or the engine. Read [`OffsetMap`] first, then [`fold`] and [`tokens`].

pub(crate) mod finder;
pub mod fold;
pub mod literal;
mod offset_map;
pub mod quantity;
pub mod script;
pub mod tokens;
pub mod width;

pub(crate) use offset_map::MapRun;
pub use offset_map::{OffsetMap, OffsetMapBuilder};
