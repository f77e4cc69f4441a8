//! Chinese for every message, help text and heading, in the order of the files that use them.

/// English text and its Chinese.
pub(super) const TABLE: &[(&str, &str)] = &[];
