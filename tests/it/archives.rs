//! Archives in the index: members found, filtered, shown and listed under the path of their archive.

use crate::support::{TestIndex, every_hit};
use fangzhi::pipeline::IndexRequest;
use fangzhi::search::request::{Filters, SearchRequest};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// Writes a ZIP archive of these members.
fn write_zip(path: &Path, members: &[(&str, &[u8])]) {
    let mut archive = ZipWriter::new(File::create(path).unwrap());
    for (name, bytes) in members {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap();
}

fn folder_with_archive(members: &[(&str, &[u8])]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().canonicalize().unwrap();
    write_zip(&dir.join("a.zip"), members);
    (folder, dir)
}

const FIRST: &str = "示例县把水渠修到了地头，三百户村民当年用上了自来水。";
const SECOND: &str = "云岭县办起了农民夜校，农闲时节课堂坐得满满当当。";

#[test]
fn members_are_found_under_the_path_of_their_archive() {
    let records = format!("{{\"id\":\"7\",\"text\":\"{SECOND}\"}}\n");
    let (_folder, dir) = folder_with_archive(&[
        ("报告/水渠.txt", FIRST.as_bytes()),
        ("夜校.jsonl", records.as_bytes()),
    ]);
    std::fs::write(dir.join("b.txt"), FIRST).unwrap();
    let index = TestIndex::of(std::slice::from_ref(&dir));
    let archive = dir.join("a.zip");
    let shown = |query: &str, below: Option<PathBuf>| -> Vec<String> {
        let filters = Filters { paths: below.into_iter().collect(), ..Filters::default() };
        let request = SearchRequest { filters, ..every_hit(query) };
        let hits = index.searcher().search(&request).unwrap().hits;
        let mut paths: Vec<String> = hits
            .into_iter()
            .map(|hit| hit.path.strip_prefix(dir.to_str().unwrap()).unwrap().to_owned())
            .collect();
        paths.sort();
        paths
    };
    assert_eq!(shown("水渠", None), ["/a.zip!/报告/水渠.txt", "/b.txt"]);
    assert_eq!(shown("夜校", None), ["/a.zip!/夜校.jsonl#7"]);
    assert_eq!(shown("水渠", Some(archive.clone())), ["/a.zip!/报告/水渠.txt"]);
    let inside = PathBuf::from(format!("{}!/报告", archive.display()));
    assert_eq!(shown("", Some(inside)), ["/a.zip!/报告/水渠.txt"]);
    let place = PathBuf::from(format!("{}!/报告/水渠.txt", archive.display()));
    let hits = index.searcher().by_place(&place, &|place| place.line() == Some((1, 1)), 0).unwrap();
    assert_eq!(hits.len(), 1);
    assert_eq!(hits[0].text, FIRST);
}

#[test]
fn a_member_that_gives_nothing_is_listed_and_the_others_are_found() {
    let picture = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    let (_folder, dir) = folder_with_archive(&[("坏.txt", picture), ("好.txt", FIRST.as_bytes())]);
    let index = TestIndex::new();
    let request = IndexRequest { paths: vec![dir.clone()], ..IndexRequest::default() };
    let summary = index.run(&request);
    let failed: Vec<&str> = summary.failed.iter().map(|(path, ..)| path.as_str()).collect();
    assert_eq!(failed, [format!("{}/a.zip!/坏.txt", dir.display())]);
    assert_eq!((summary.added, index.search("水渠").total), (1, 1));
    let again = index.run(&request);
    assert_eq!((again.unchanged, &again.failed), (1, &summary.failed));
}

#[test]
fn an_archive_that_changed_is_read_anew_and_one_that_vanished_takes_its_members_along() {
    let (_folder, dir) =
        folder_with_archive(&[("1.txt", FIRST.as_bytes()), ("2.txt", SECOND.as_bytes())]);
    let index = TestIndex::new();
    let request = IndexRequest { paths: vec![dir.clone()], prune: true, ..IndexRequest::default() };
    index.run(&request);
    let ids = |query: &str| -> Vec<String> {
        index.search(query).hits.into_iter().map(|hit| hit.id).collect()
    };
    let before = ids("水渠");
    write_zip(&dir.join("a.zip"), &[("1.txt", FIRST.as_bytes())]);
    assert_eq!(index.run(&request).updated, 1);
    assert_eq!((ids("水渠"), ids("夜校")), (before, Vec::new()));
    std::fs::write(dir.join("b.txt"), SECOND).unwrap();
    std::fs::remove_file(dir.join("a.zip")).unwrap();
    index.run(&request);
    assert_eq!((ids("水渠").len(), ids("夜校").len()), (0, 1));
}
