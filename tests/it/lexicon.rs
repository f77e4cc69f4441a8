//! Words of a user: texts and queries are cut by them, and an index made with others says so.

use crate::support::{TestIndex, every_hit};
use fangzhi::index::Outdated;
use fangzhi::pipeline::{
    self, Correction, IndexRequest, IndexSummary, PipelineError, RetagRequest,
};
use fangzhi::search::Searcher;
use fangzhi::search::request::SearchRequest;
use fangzhi::vocab::Vocabulary;
use std::fs;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// The vocabulary of an index with these words.
fn with_words(index: &TestIndex, words: &str) -> Arc<Vocabulary> {
    let schema = index.dir().join("schema");
    fs::create_dir_all(&schema).unwrap();
    fs::write(schema.join("words.txt"), words).unwrap();
    Arc::new(Vocabulary::load(Some(&schema)).unwrap())
}

fn run(index: &TestIndex, vocabulary: &Arc<Vocabulary>) -> IndexSummary {
    let (request, stop) = (IndexRequest::default(), AtomicBool::new(false));
    pipeline::run(&index.dir(), vocabulary, &request, &stop, &mut |_| {}).unwrap()
}

fn outdated(index: &TestIndex, vocabulary: &Vocabulary) -> Vec<Outdated> {
    fangzhi::index::info(&index.dir(), &vocabulary.fingerprint().whole()).unwrap().outdated
}

/// The words that a query is ranked by, of those that stand in its best hit.
fn words_found(index: &TestIndex, vocabulary: &Arc<Vocabulary>, query: &str) -> Vec<String> {
    let searcher = Searcher::open(&index.dir(), Arc::clone(vocabulary)).unwrap();
    let request = SearchRequest { explain: true, ..every_hit(query) };
    let hits = searcher.search(&request).unwrap().hits;
    assert_eq!(hits.len(), 1, "what is found depends on words");
    let parts = hits.into_iter().flat_map(|hit| hit.explanation.unwrap().parts);
    let mut words: Vec<String> =
        parts.filter_map(|part| part.what.strip_prefix("words:").map(str::to_owned)).collect();
    words.sort();
    words
}

#[test]
fn words_of_a_user_rank_after_everything_is_read_again() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.txt"), "村里每月召开院坝会，听取群众意见。").unwrap();
    let index = TestIndex::of(&[folder.path().canonicalize().unwrap()]);
    let own = with_words(&index, "院坝会\n");
    assert_eq!(
        outdated(&index, &own),
        [Outdated { part: "lexicon", remedy: "reanalyze" }],
        "the words are new"
    );
    // The index knows the new word only when its texts were cut by it.
    assert!(!words_found(&index, &own, "院坝会").contains(&"院坝会".to_owned()));
    assert_eq!(run(&index, &own).updated, 1);
    assert_eq!(outdated(&index, &own), []);
    assert_eq!(words_found(&index, &own, "院坝会"), ["院坝会"]);
    assert_eq!(words_found(&index, &own, "院壩會"), ["院坝会"]);
    assert_eq!(run(&index, &own).updated, 0);
    // Taken away, it is as new as it was.
    let builtin = with_words(&index, "");
    assert_eq!(outdated(&index, &builtin).len(), 1);
    assert_eq!(run(&index, &builtin).updated, 1);
}

#[test]
fn tags_are_not_written_among_texts_cut_by_other_words() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.txt"), "村里每月召开院坝会，听取群众意见。").unwrap();
    let index = TestIndex::of(&[folder.path().canonicalize().unwrap()]);
    let id = index.paragraphs()[0].id.clone();
    with_words(&index, "院坝会\n");
    let (all, stop) =
        (RetagRequest { all: true, ..RetagRequest::default() }, AtomicBool::new(false));
    let retag = || pipeline::retag(&index.dir(), &all, &stop, &mut |_| {}).map(drop);
    let ids = [id];
    let set = || pipeline::set_tags(&index.dir(), &ids, &Correction::default());
    let unset = || pipeline::unset_tags(&index.dir(), &ids).map(drop);
    for refused in [retag(), set(), unset()] {
        assert!(matches!(refused, Err(PipelineError::OtherWords { .. })), "{refused:?}");
    }
    assert!(!index.dir().join("schema/overrides.jsonl").exists());
    // The index is as it was.
    let builtin = with_words(&index, "");
    assert_eq!(fangzhi::index::check(&index.dir(), &builtin, true).unwrap(), []);
    let own = with_words(&index, "院坝会\n");
    assert_eq!(run(&index, &own).updated, 1);
    retag().unwrap();
    unset().unwrap();
    assert_eq!(words_found(&index, &own, "院坝会"), ["院坝会"]);
}

#[test]
fn who_waits_for_another_writer_cuts_by_the_words_of_then() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.txt"), "村里每月召开院坝会，听取群众意见。").unwrap();
    let index = TestIndex::of(&[folder.path().canonicalize().unwrap()]);
    let again = IndexRequest::default();
    let second = index.run_behind(&again, &again, || {
        with_words(&index, "院坝会\n");
    });
    assert_eq!(second.updated, 1);
    let own = Arc::new(Vocabulary::load(Some(&index.dir().join("schema"))).unwrap());
    assert_eq!(outdated(&index, &own), []);
    assert_eq!(fangzhi::index::check(&index.dir(), &own, true).unwrap(), []);
}
