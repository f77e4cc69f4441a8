//! What every fuzz target asks of a reader: any bytes give text with sound places, or an error, and no panic of ours.

use fangzhi::ingest::clean::clean;
use fangzhi::ingest::limits::Limits;
use fangzhi::ingest::{Format, ReadOptions, extract_bytes};
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};
use std::sync::Once;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// Small enough for many runs a second.
pub fn limits() -> Limits {
    Limits {
        file_bytes_max: 1 << 20,
        unpacked_bytes_max: 8 << 20,
        members_max: 100,
        pages_max: 50,
        ..Limits::default()
    }
}

/// Reads the bytes as a file of that format and checks what comes out.
pub fn read(bytes: &[u8], format: Format) {
    contained(|| {
        let options = ReadOptions { limits: limits(), ..ReadOptions::default() };
        let Ok(taken) = extract_bytes(bytes, format, &options) else { return };
        let extracted = &taken.extracted;
        if let Some(map) = &extracted.map {
            assert_eq!((map.out_len(), map.source_len()), (extracted.text.len(), bytes.len()));
        }
        let mut end = 0;
        for block in &extracted.blocks {
            assert!(block.span.start() >= end, "blocks follow one another");
            assert!(extracted.text.get(block.span.range()).is_some(), "blocks are of the text");
            end = block.span.end();
        }
        for article in clean(extracted, &taken.lines).articles {
            for paragraph in article.paragraphs {
                let bytes_of = paragraph.place.and_then(|place| place.bytes());
                assert!(bytes_of.is_none_or(|place| place.end() <= bytes.len()));
            }
        }
    });
}

/// Runs `what`; a panic inside a library is what the reading process is there for, one of ours ends the run.
pub fn contained(what: impl FnOnce()) {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        set_hook(Box::new(|info| {
            let ours = info.location().is_none_or(|place| !place.file().contains("registry"));
            if ours {
                eprintln!("{info}");
                std::process::abort();
            }
        }));
    });
    let _ = catch_unwind(AssertUnwindSafe(what));
}

/// A packed file with these members, the first stored as it is.
pub fn package(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        let written = archive
            .start_file(*name, SimpleFileOptions::default())
            .map(|()| archive.write_all(bytes));
        if !matches!(written, Ok(Ok(()))) {
            return Vec::new();
        }
    }
    archive.finish().map(std::io::Cursor::into_inner).unwrap_or_default()
}
