//! An old Word document.
#![no_main]

use fangzhi::ingest::Format;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| fangzhi_fuzz::read(bytes, Format::Doc));
