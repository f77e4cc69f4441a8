//! The text part of an OpenDocument text.
#![no_main]

use fangzhi::ingest::Format;
use fangzhi_fuzz::{package, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mimetype = b"application/vnd.oasis.opendocument.text";
    read(&package(&[("mimetype", mimetype), ("content.xml", bytes)]), Format::Odt);
});
