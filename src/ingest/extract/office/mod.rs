//! Word-processing files that are packed XML: DOCX and ODT.
//!
//! `package` opens the file and [`crate::ingest::extract::xml`] walks its parts, both bounded; `docx` and `odt` know what the elements mean;
//! `numerals` writes the automatic numbers that neither format holds as text.

mod docx;
mod numerals;
mod odt;
mod package;

pub(super) use docx::extract as docx;
pub(super) use odt::extract as odt;
