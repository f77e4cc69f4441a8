//! The text part of a Word document.
#![no_main]

use fangzhi::ingest::Format;
use fangzhi_fuzz::{package, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    // A NUL parts the text from the styles and the numbering.
    let mut parts = bytes.split(|byte| *byte == 0);
    let mut part = || parts.next().unwrap_or_default();
    let members = [
        ("word/document.xml", part()),
        ("word/styles.xml", part()),
        ("word/numbering.xml", part()),
        ("word/footnotes.xml", part()),
    ];
    read(&package(&members), Format::Docx);
});
