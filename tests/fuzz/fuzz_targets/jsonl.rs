//! Records, one a line: each is of its own line, has the text its JSON has, and leads back into that line.
#![no_main]

use fangzhi::ingest::extract::{JsonlRecords, RecordsOptions};
use fangzhi::model::Span;
use fangzhi_fuzz::contained;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| contained(|| {
    let options = RecordsOptions { record_bytes_max: 4096, encoding: None };
    let mut end = 0;
    for record in JsonlRecords::new(bytes, options).flatten() {
        let place = record.bytes;
        assert!(place.start() >= end && place.end() <= bytes.len());
        end = place.end();
        let text = &record.extracted.text;
        let map = record.extracted.map.expect("records have places");
        assert_eq!((map.out_len(), map.source_len()), (text.len(), place.end()));
        let source = map.to_source(Span::new(0, text.len()));
        assert!(source.start() > place.start() && source.end() < place.end(), "between quotes");
        let line = bytes.get(place.range()).expect("inside the file");
        if let Ok(fields) = serde_json::from_slice::<serde_json::Value>(line) {
            let written = fields["text"].as_str().expect("a record has a text");
            assert_eq!(*text, written.replace("\r\n", "\n").replace('\r', "\n"));
        }
    }
}));
