//! Answers as text, JSON and CSV.
//!
//! Everything here is a function from an answer to a string or a writer; nothing looks at the terminal, the
//! environment or the clock. [`layout`] has the tools: colour, width, wrapping, control characters made visible.

pub(crate) mod cross;
pub(crate) mod csv;
pub(crate) mod json;
pub(crate) mod layout;
pub(crate) mod notes;
pub(crate) mod place;
pub(crate) mod report;
pub(crate) mod reprints;
pub(crate) mod text;
