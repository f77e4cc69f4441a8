//! The index writer without anything before it, so that its speed can be told from that of reading and tagging.

use crate::index::{Documents, Fingerprints, Origin, Payload, Writer, WriterOptions};
use crate::model::Article;
use crate::pipeline::{Memory, PipelineError};
use crate::vocab::Vocabulary;
use std::path::Path;

/// Writes articles that are cleaned and tagged into a new index in `dir`, commits them and waits for merges; each item
/// of `reports` is one report. Gives the number of paragraphs. For benches: the index remembers no files and no roots.
pub fn write_alone(
    dir: &Path,
    vocabulary: &Vocabulary,
    reports: &[Vec<Article>],
) -> Result<u64, PipelineError> {
    let heap_bytes = Memory::default().writer_bytes();
    let mut writer = Writer::open(dir, WriterOptions { heap_bytes, threads: 1 })?;
    writer.use_words(&vocabulary.words);
    let documents = Documents::new();
    let mut written = 0;
    for (number, articles) in reports.iter().enumerate() {
        let key = number.to_string();
        let file_number = u32::try_from(number).unwrap_or(u32::MAX);
        let origin = Origin { file_key: &key, path: &key, file_number, ..Origin::default() };
        let mut report = documents.of(&origin);
        let mut made = Vec::new();
        for article in articles {
            report.article(article, false, &mut |document| {
                made.push(document);
                true
            });
        }
        written += made.len() as u64;
        writer.add(made)?;
    }
    let payload = Payload {
        program: "fangzhi".to_owned(),
        fingerprints: Fingerprints::current(vocabulary.fingerprint().whole()),
        roots: Vec::new(),
        reprints: None,
    };
    writer.commit(&payload)?;
    writer.finish()?;
    Ok(written)
}
