//! The content of an index does not depend on how it came to be: number of workers, order of files, runs, segments.

use crate::support::{TestIndex, repository};
use fangzhi::index::content_digest;
use fangzhi::pipeline::IndexRequest;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

fn digest(index: &TestIndex) -> String {
    content_digest(&index.dir()).unwrap()
}

fn samples_with(jobs: usize) -> IndexRequest {
    IndexRequest { paths: vec![repository("corpus/samples")], jobs, ..IndexRequest::default() }
}

fn digest_with(request: &IndexRequest) -> String {
    let index = TestIndex::new();
    index.run(request);
    digest(&index)
}

#[test]
fn the_content_is_the_same_with_any_number_of_workers() {
    let digests: Vec<String> =
        [1, 2, 8, 1, 2, 8].map(|jobs| digest_with(&samples_with(jobs))).into();
    assert!(digests.iter().all(|digest| *digest == digests[0]), "{digests:?}");
    // Many commits, many segments and their merges leave it as it is.
    let often = IndexRequest { commit_every: Duration::ZERO, ..samples_with(2) };
    assert_eq!(digest_with(&often), digests[0]);
    let merged = IndexRequest { optimize: true, ..often };
    assert_eq!(digest_with(&merged), digests[0]);
}

fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path
}

#[test]
fn files_in_any_order_of_runs_give_the_same_content_and_other_text_another() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().canonicalize().unwrap();
    let one = write(&folder, "1.txt", "第一小组把水渠修到了地头。");
    let two = write(&folder, "2.txt", "第二小组把水渠修到了地头。");
    let request =
        |path: &PathBuf| IndexRequest { paths: vec![path.clone()], ..IndexRequest::default() };
    let of_runs = |paths: [&PathBuf; 2]| {
        let index = TestIndex::new();
        for path in paths {
            index.run(&request(path));
        }
        digest(&index)
    };
    let content = of_runs([&one, &two]);
    assert_eq!(of_runs([&two, &one]), content);
    let index = TestIndex::new();
    index.run(&request(&one));
    assert_ne!(digest(&index), content);
    index.run(&request(&two));
    index.run(&IndexRequest { reread: true, ..IndexRequest::default() });
    assert_eq!(digest(&index), content);
    let modified = fs::metadata(&two).unwrap().modified().unwrap();
    write(&folder, "2.txt", "第三小组把水渠修到了地头。");
    fs::File::options().write(true).open(&two).unwrap().set_modified(modified).unwrap();
    index.run(&IndexRequest { reread: true, ..IndexRequest::default() });
    assert_ne!(digest(&index), content);
}
