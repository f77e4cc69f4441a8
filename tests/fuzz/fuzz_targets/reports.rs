//! A file of unknown kind, as the walk meets it.
#![no_main]

use fangzhi::ingest::reports::pieces;
use fangzhi::ingest::{Format, ReadOptions};
use fangzhi_fuzz::{contained, limits};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| contained(|| {
    let options = ReadOptions { limits: limits(), ..ReadOptions::default() };
    let _result = pieces(bytes, "a.txt", Some(Format::Plain), &options, &mut |_| true);
}));
