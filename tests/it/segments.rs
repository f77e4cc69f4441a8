//! The same files in indexes of one, four and fifty segments.

use crate::support::{TestIndex, files_below, repository};
use fangzhi::ingest::Format;
use fangzhi::pipeline::IndexRequest;
use std::fs;
use std::path::{Path, PathBuf};

/// Files that [`SegmentedCopies::delete_and_change`] removes.
pub(crate) const DELETED: [&str; 2] = ["怒江新闻版面.txt", "理塘县_高原支部工程.txt"];
/// A file it changes.
pub(crate) const CHANGED: &str = "隆阳区_一网统管见实效.txt";

/// The samples that are text, each record of the batch a file of its own, copied to a folder and indexed several times.
pub(crate) struct SegmentedCopies {
    folder: tempfile::TempDir,
    /// Number of segments and the index.
    pub(crate) indexes: Vec<(usize, TestIndex)>,
}

impl SegmentedCopies {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy_samples(folder.path());
        let files = files_below(folder.path());
        assert!(files.len() >= 50, "{} files", files.len());
        let indexes =
            [1, 4, 50].map(|count| (count, index_of_segments(folder.path(), &files, count)));
        Self { folder, indexes: indexes.into() }
    }

    /// Removes some files and changes one, and brings an index up to date.
    pub(crate) fn delete_and_change(&self, index: &TestIndex) {
        for file in files_below(self.folder.path()) {
            let name = file.file_name().unwrap().to_string_lossy().into_owned();
            if DELETED.contains(&name.as_str()) {
                fs::remove_file(&file).unwrap();
            } else if name == CHANGED {
                let text = fs::read_to_string(&file).unwrap();
                fs::write(&file, text + "\n\n新增的一段话写明全区村村都有网格。\n").unwrap();
            }
        }
        let summary = index.run(&IndexRequest {
            paths: vec![self.folder.path().to_path_buf()],
            ..IndexRequest::default()
        });
        assert_eq!((summary.removed, summary.updated, summary.added), (DELETED.len(), 1, 0));
    }

    /// Puts the files back as they were.
    pub(crate) fn restore(&self) {
        copy_samples(self.folder.path());
    }
}

fn copy_samples(folder: &Path) {
    for file in files_below(&repository("corpus/samples")) {
        let name = file.file_name().unwrap();
        // Text is enough here: how packed files are read is no matter of segments.
        if Format::from_path(&file).is_some_and(|format| !format.is_text()) {
            continue;
        }
        match file.extension().and_then(|extension| extension.to_str()) {
            Some("css") => {}
            Some("jsonl") => {
                for (number, line) in fs::read_to_string(&file).unwrap().lines().enumerate() {
                    fs::write(folder.join(format!("{number:02}.jsonl")), line).unwrap();
                }
            }
            _ => drop(fs::copy(&file, folder.join(name)).unwrap()),
        }
    }
}

/// An index of the files with that many segments.
///
/// A run ends with one new segment, but the engine merges eight small ones. So each part is indexed by itself, and
/// the segments, which are files with names of their own, are put together in one folder under one list.
fn index_of_segments(folder: &Path, files: &[PathBuf], count: usize) -> TestIndex {
    let whole = TestIndex::new();
    let engine = whole.dir().join("index");
    fs::create_dir_all(&engine).unwrap();
    let mut lists: Vec<serde_json::Value> = Vec::new();
    let mut managed: Vec<serde_json::Value> = Vec::new();
    let mut numbered = 0;
    for part in 0..count {
        // A part has the files whose number leaves this rest.
        let files: Vec<PathBuf> = files.iter().skip(part).step_by(count).cloned().collect();
        let (index, others) = index_that_has_numbered(numbered);
        numbered += files.len();
        index.run(&IndexRequest { paths: files, ..IndexRequest::default() });
        for file in files_below(&index.dir().join("index")) {
            fs::copy(&file, engine.join(file.file_name().unwrap())).unwrap();
        }
        let json = |name| -> serde_json::Value {
            serde_json::from_slice(&fs::read(engine.join(name)).unwrap()).unwrap()
        };
        let mut list = json("meta.json");
        list["segments"].as_array_mut().unwrap().retain(|segment| !others.contains(segment));
        lists.push(list);
        managed.extend(json(".managed.json").as_array().unwrap().iter().cloned());
    }
    let mut meta = lists[0].clone();
    meta["segments"] =
        lists.iter().flat_map(|list| list["segments"].as_array().unwrap().clone()).collect();
    let opstamp = lists.iter().map(|list| list["opstamp"].as_u64().unwrap()).max();
    meta["opstamp"] = opstamp.unwrap().into();
    let mut payload: serde_json::Value =
        serde_json::from_str(meta["payload"].as_str().unwrap()).unwrap();
    payload["roots"] = serde_json::json!([{ "path": folder.to_str().unwrap() }]);
    meta["payload"] = payload.to_string().into();
    fs::write(engine.join("meta.json"), meta.to_string()).unwrap();
    fs::write(engine.join(".managed.json"), serde_json::Value::Array(managed).to_string()).unwrap();
    whole
}

/// An index that has given numbers to as many files, with its segments: reports are told apart by the number of their
/// file in the index, and parts that are put together must not give the same twice.
fn index_that_has_numbered(files: usize) -> (TestIndex, Vec<serde_json::Value>) {
    let (index, folder) = (TestIndex::new(), tempfile::tempdir().unwrap());
    if files == 0 {
        return (index, Vec::new());
    }
    for number in 0..files {
        fs::write(folder.path().join(format!("{number}.txt")), "").unwrap();
    }
    let paths = vec![folder.path().canonicalize().unwrap()];
    index.run(&IndexRequest { paths, ..IndexRequest::default() });
    let list = fs::read(index.dir().join("index/meta.json")).unwrap();
    let list: serde_json::Value = serde_json::from_slice(&list).unwrap();
    (index, list["segments"].as_array().unwrap().clone())
}
