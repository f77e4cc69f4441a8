//! Puts an index right from its sources: takes out what a full check names and lets an ordinary run read it again.

use crate::index::{
    Findings, OpenIndex, Problem, Writer, WriterOptions, begin_repair, check, document_count,
    drop_damaged_segments, end_repair, is_repair_unfinished, lock_engine, path_from_text,
    path_text, recover_engine, restore,
};
use crate::ingest::walk::{WalkOptions, walk};
use crate::pipeline::read::hash_file;
use crate::pipeline::{Event, IndexRequest, IndexSummary, PipelineError, run};
use crate::vocab::Vocabulary;
use std::collections::{HashMap, HashSet};
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
    /// Files, escaped, with something wrong whose sources are gone, changed since, or no more among those that are
    /// indexed: they stay as they are.
    pub without_source: Vec<String>,
    /// The run over all remembered folders; `None` where nothing was wrong.
    pub run: Option<IndexSummary>,
    /// What is wrong still.
    pub left: Vec<Problem>,
}

/// Puts the index in `dir` right. Nothing is taken out that could not be read again as it was. A repair that was stopped or killed is
/// gone on with by the next [`run`], as what was taken out is a new file to it.
pub fn repair(
    dir: &Path,
    vocabulary: &Arc<Vocabulary>,
    request: &IndexRequest,
    stop: &AtomicBool,
    each: &mut dyn FnMut(Event),
) -> Result<RepairSummary, PipelineError> {
    recover_engine(dir)?;
    let mut summary = RepairSummary::default();
    {
        let _lock = lock_engine(dir)?;
        summary.problems.extend(restore(dir)?);
    }
    // What is given up is read again only from folders that are there.
    for root in OpenIndex::remembered_roots(dir)? {
        let path = path_from_text(&root.path);
        if let Err(error) = path.metadata() {
            let cause = error.to_string();
            return Err(PipelineError::File { path, cause, code: "away" });
        }
    }
    // A repair takes out nothing that is sound; what vanished is for an ordinary run to decide.
    let request = IndexRequest { paths: Vec::new(), keep_missing: true, ..request.clone() };
    let goes_on = is_repair_unfinished(dir);
    let before = {
        let _lock = lock_engine(dir)?;
        let before = document_count(dir)?;
        summary.segments_dropped = drop_damaged_segments(dir)?;
        before
    };
    let wrong = take_out(dir, vocabulary, &request, stop, &mut summary)?;
    summary.problems.extend(wrong);
    if summary.segments_dropped == 0 && summary.problems.is_empty() && !goes_on {
        return Ok(summary);
    }
    if !stop.load(Ordering::Relaxed) {
        summary.run = Some(run(dir, vocabulary, &request, stop, each)?);
    }
    let is_whole = |run: &IndexSummary| {
        !run.interrupted && run.bad_roots.is_empty() && run.incomplete_roots.is_empty()
    };
    if summary.run.as_ref().is_some_and(is_whole) {
        end_repair(dir)?;
    }
    summary.left = check(dir, vocabulary, true)?;
    summary.left.extend(lost(dir, &summary.files)?);
    let now = document_count(dir)?;
    if summary.segments_dropped > 0 && now < before {
        let detail = format!("{before} documents before the repair, {now} after it");
        summary.left.push(Problem { code: "totals", detail });
    }
    Ok(summary)
}

/// The files that were taken out and gave no text when they were read again.
fn lost(dir: &Path, files: &[String]) -> Result<Vec<Problem>, PipelineError> {
    let records = OpenIndex::open(dir)?.file_records()?;
    let read = records.iter().filter(|record| record.refused.is_none());
    let read: HashSet<&str> = read.map(|record| record.path.as_str()).collect();
    let lost = files.iter().filter(|path| !read.contains(path.as_str()));
    let problem = |path: &String| Problem {
        code: "paragraphs",
        detail: format!("{path}: taken out, and could not be read again"),
    };
    Ok(lost.map(problem).collect())
}

/// Takes out the files with something wrong, in one commit; what is wrong.
fn take_out(
    dir: &Path,
    vocabulary: &Vocabulary,
    request: &IndexRequest,
    stop: &AtomicBool,
    summary: &mut RepairSummary,
) -> Result<Vec<Problem>, PipelineError> {
    let options = WriterOptions { heap_bytes: request.memory.writer_bytes(), threads: 1 };
    let mut writer = Writer::open(dir, options)?;
    let index = OpenIndex::open(dir)?;
    let Findings { problems, files } = Findings::full(&index, vocabulary)?;
    if files.is_empty() {
        writer.finish()?;
        return Ok(problems);
    }
    let indexed = indexed(&index, stop)?;
    let records = index.file_records()?;
    let hashes: HashMap<&str, &str> =
        records.iter().map(|record| (record.key.as_str(), record.hash.as_str())).collect();
    // One that changed is read by the run anyway, which keeps what it holds if that fails.
    let is_as_it_was = |key: &str, path: &str| {
        let now = hash_file(&path_from_text(path), stop);
        hashes.get(key).is_none_or(|known| now.is_ok_and(|now| now == *known))
    };
    begin_repair(dir)?;
    for (key, path) in files {
        if indexed.contains(&path) && is_as_it_was(&key, &path) {
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

/// The paths, escaped, of all files that the next run finds.
fn indexed(index: &OpenIndex, stop: &AtomicBool) -> Result<HashSet<String>, PipelineError> {
    let mut paths = HashSet::new();
    for root in &index.payload.roots {
        let options = WalkOptions::new(&root.include, &root.exclude).map_err(|error| {
            PipelineError::Option { option: "--include, --exclude", cause: error.to_string() }
        })?;
        let walked = walk(&[path_from_text(&root.path)], &options, stop);
        paths.extend(walked.files.iter().map(|file| path_text(&file.path)));
    }
    Ok(paths)
}
