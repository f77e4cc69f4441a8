//! Records, one a line.
#![no_main]

use fangzhi::ingest::extract::{JsonlRecords, RecordsOptions};
use fangzhi_fuzz::contained;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| contained(|| {
    let options = RecordsOptions { record_bytes_max: 4096, encoding: None };
    let mut end = 0;
    for record in JsonlRecords::new(bytes, options).flatten() {
        assert!(record.bytes.start() >= end && record.bytes.end() <= bytes.len());
        end = record.bytes.end();
    }
}));
