//! An archive of any kind, and what is in it.
#![no_main]

use fangzhi::ingest::Format;
use fangzhi::ingest::archive::members;
use fangzhi_fuzz::{contained, limits};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for format in [Format::Zip, Format::Tar, Format::Gzip, Format::Zstd] {
        contained(|| {
            let limits = limits();
            let mut total = 0;
            let _result = members(bytes, format, "a.bin", &limits, &mut |member| {
                assert!(!member.name.split('/').any(|part| part == ".."));
                total += member.content.map_or(0, |content| content.len() as u64);
                assert!(total <= limits.unpacked_bytes_max);
                true
            });
        });
    }
});
