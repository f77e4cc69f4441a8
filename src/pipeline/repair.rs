//! Puts an index right from its sources: takes out what a full check names and lets an ordinary run read it again.

use crate::index::{
    Findings, OpenIndex, Problem, Writer, WriterOptions, drop_damaged_segments, lock_engine,
    path_from_text, recover_engine, tells_of_our_fields,
};
use crate::pipeline::{Event, IndexRequest, IndexSummary, PipelineError, rebuild, run};
use crate::vocab::Vocabulary;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What was wrong and what became of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RepairSummary {
    /// Segments with damaged or missing files, which were given up: the run read what had been in them.
    pub segments_dropped: usize,
    /// What the check named.
    pub problems: Vec<Problem>,
    /// Files, escaped, of which all was taken out, to be read again.
    pub files: Vec<String>,
    /// Files, escaped, with something wrong whose sources are gone: they stay as they are.
    pub without_source: Vec<String>,
    /// The run over all remembered folders; `None` where nothing was wrong.
    pub run: Option<IndexSummary>,
    /// What is wrong still.
    pub left: Vec<Problem>,
}

/// Puts the index in `dir` right. Nothing is taken out whose source is gone. A repair that was stopped or killed is
/// gone on with by the next [`run`], as what was taken out is a new file to it.
pub fn repair(
    dir: &Path,
    vocabulary: &Arc<Vocabulary>,
    request: &IndexRequest,
    stop: &AtomicBool,
    each: &mut dyn FnMut(Event),
) -> Result<RepairSummary, PipelineError> {
    recover_engine(dir)?;
    let request = IndexRequest { paths: Vec::new(), ..request.clone() };
    let mut summary = RepairSummary::default();
    if !tells_of_our_fields(dir)? {
        summary.run = Some(rebuild(dir, vocabulary, &request, stop, each)?);
        summary.left = Findings::full(&OpenIndex::open(dir)?, vocabulary)?.problems;
        return Ok(summary);
    }
    {
        let _lock = lock_engine(dir)?;
        summary.segments_dropped = drop_damaged_segments(dir)?;
    }
    summary.problems = take_out(dir, vocabulary, &request, &mut summary)?;
    if summary.segments_dropped == 0 && summary.problems.is_empty() {
        return Ok(summary);
    }
    if !stop.load(Ordering::Relaxed) {
        summary.run = Some(run(dir, vocabulary, &request, stop, each)?);
    }
    summary.left = Findings::full(&OpenIndex::open(dir)?, vocabulary)?.problems;
    Ok(summary)
}

/// Takes out the files with something wrong, in one commit; what is wrong.
fn take_out(
    dir: &Path,
    vocabulary: &Vocabulary,
    request: &IndexRequest,
    summary: &mut RepairSummary,
) -> Result<Vec<Problem>, PipelineError> {
    let options = WriterOptions { heap_bytes: request.writer_bytes, threads: 1 };
    let mut writer = Writer::open(dir, options)?;
    let index = OpenIndex::open(dir)?;
    let Findings { problems, files } = Findings::full(&index, vocabulary)?;
    for (key, path) in files {
        if path_from_text(&path).exists() {
            writer.remove_file(&key);
            summary.files.push(path);
        } else {
            summary.without_source.push(path);
        }
    }
    if !summary.files.is_empty() {
        writer.commit(&index.payload)?;
    }
    writer.finish()?;
    Ok(problems)
}
