//! A full check names what is wrong, and a repair puts right just that, from the sources.

use crate::support::{TestIndex, files_below, vocabulary};
use fangzhi::index::{IndexError, check, content_digest};
use fangzhi::pipeline::{self, IndexRequest, PipelineError, RepairSummary};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::Duration;
use tantivy::schema::Value;
use tantivy::{Index, IndexWriter, TantivyDocument, Term};

/// Twelve reports of two paragraphs, in several segments.
struct Case {
    folder: tempfile::TempDir,
    index: TestIndex,
    /// What the sound index holds.
    digest: String,
}

impl Case {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for number in 0..12 {
            let text = format!("第{number}村把水渠修到了地头。\n\n第{number}村的路也修通了。\n");
            fs::write(folder.path().join(format!("{number}.txt")), text).unwrap();
        }
        let index = TestIndex::new();
        let paths = vec![folder.path().canonicalize().unwrap()];
        let often =
            IndexRequest { commit_every: Duration::ZERO, jobs: 1, ..IndexRequest::default() };
        index.run(&IndexRequest { paths, ..often });
        let digest = content_digest(&index.dir()).unwrap();
        Self { folder, index, digest }
    }

    fn engine(&self) -> PathBuf {
        self.index.dir().join("index")
    }

    /// The codes of what a check finds, each once; `open` where the index cannot be opened.
    fn codes(&self, full: bool) -> Vec<&'static str> {
        match check(&self.index.dir(), &vocabulary(), full) {
            Ok(problems) => {
                let mut codes: Vec<_> = problems.iter().map(|problem| problem.code).collect();
                codes.sort_unstable();
                codes.dedup();
                codes
            }
            Err(_) => vec!["open"],
        }
    }

    fn repair(&self) -> RepairSummary {
        self.try_repair(false).unwrap()
    }

    fn try_repair(&self, stopped: bool) -> Result<RepairSummary, PipelineError> {
        let (request, stop) = (IndexRequest::default(), AtomicBool::new(stopped));
        pipeline::repair(&self.index.dir(), &vocabulary(), &request, &stop, &mut |_| {})
    }

    /// Takes a paragraph of a file out behind the back of the program.
    fn lose_a_paragraph(&self, name: &str) {
        self.change(|index, writer| {
            let path = self.folder.path().canonicalize().unwrap().join(name);
            let _opstamp = writer.delete_term(term(index, "path", path.to_str().unwrap()));
        });
    }

    /// Damages the store of a segment.
    fn damage_a_store(&self) {
        let live = fs::read_to_string(self.engine().join("meta.json")).unwrap().replace('-', "");
        let is_store = |file: &PathBuf| file.extension().is_some_and(|found| found == "store");
        let file = files_below(&self.engine())
            .into_iter()
            .filter(is_store)
            .find(|file| live.contains(file.file_stem().unwrap().to_str().unwrap()))
            .unwrap();
        let mut bytes = fs::read(&file).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 0x55;
        fs::write(file, bytes).unwrap();
    }

    /// Changes the documents of the index behind the back of the program, and keeps what the commit says.
    fn change(&self, change: impl FnOnce(&Index, &mut IndexWriter)) {
        let index = Index::open_in_dir(self.engine()).unwrap();
        fangzhi::analysis::register(index.tokenizers(), fangzhi::analysis::Lexicon::builtin());
        let payload = index.load_metas().unwrap().payload.unwrap();
        let mut writer: IndexWriter = index.writer_with_num_threads(1, 15_000_000).unwrap();
        change(&index, &mut writer);
        let mut commit = writer.prepare_commit().unwrap();
        commit.set_payload(&payload);
        commit.commit().unwrap();
        writer.wait_merging_threads().unwrap();
    }

    /// What was wrong is put right, by reading `files` files.
    #[track_caller]
    fn check(&self, quick: &[&str], full: &[&str], files: usize) {
        assert_eq!((self.codes(false), self.codes(true)), (quick.to_vec(), full.to_vec()));
        let summary = self.repair();
        assert_eq!(summary.left, []);
        let run = summary.run.unwrap();
        assert_eq!((run.added, run.added + run.unchanged), (files, 12));
        assert_eq!(content_digest(&self.index.dir()).unwrap(), self.digest);
        assert_eq!(self.codes(true), [""; 0]);
        assert_eq!(self.repair(), RepairSummary::default());
    }
}

/// The key of the file of a name, and what is stored of its record.
fn record(index: &Index, name: &str) -> (String, TantivyDocument) {
    let searcher = index.reader().unwrap().searcher();
    let stored = index.schema().get_field("stored").unwrap();
    for reader in searcher.segment_readers() {
        let store = reader.get_store_reader(1).unwrap();
        for doc in reader.doc_ids_alive() {
            let document: TantivyDocument = store.get(doc).unwrap();
            let bytes = document.get_first(stored).unwrap().as_bytes().unwrap();
            let Ok(record) = serde_json::from_slice::<serde_json::Value>(bytes) else { continue };
            if record["path"].as_str().unwrap().ends_with(name) {
                return (record["key"].as_str().unwrap().to_owned(), document);
            }
        }
    }
    panic!("no record of {name}");
}

fn term(index: &Index, field: &str, text: &str) -> Term {
    Term::from_field_text(index.schema().get_field(field).unwrap(), text)
}

#[test]
fn a_sound_index_is_left_alone() {
    let case = Case::new();
    assert_eq!((case.codes(false), case.codes(true)), (vec![], vec![]));
    assert_eq!(case.repair(), RepairSummary::default());
}

#[test]
fn a_lost_paragraph_costs_its_file_to_be_read() {
    let case = Case::new();
    case.lose_a_paragraph("7.txt");
    case.check(&["paragraphs", "totals"], &["paragraphs", "totals"], 1);
}

#[test]
fn paragraphs_without_a_record_go_and_come_back_with_one() {
    let case = Case::new();
    case.change(|index, writer| {
        let (key, _) = record(index, "/7.txt");
        let _opstamp = writer.delete_term(term(index, "record", &key));
    });
    case.check(&["totals"], &["orphan", "totals"], 1);
}

#[test]
fn terms_that_the_text_does_not_have_are_found_by_a_full_check() {
    let case = Case::new();
    case.change(|index, writer| {
        let searcher = index.reader().unwrap().searcher();
        let path = case.folder.path().canonicalize().unwrap().join("7.txt");
        let query = tantivy::query::TermQuery::new(
            term(index, "path", path.to_str().unwrap()),
            tantivy::schema::IndexRecordOption::Basic,
        );
        let found = searcher.search(&query, &tantivy::collector::DocSetCollector).unwrap();
        let address = *found.iter().next().unwrap();
        let columns = searcher.segment_reader(address.segment_ord).fast_fields();
        let number = |name: &str| columns.u64(name).unwrap().first(address.doc_id).unwrap();
        let field = |name: &str| index.schema().get_field(name).unwrap();
        // The same paragraph, indexed by another text, and the only one left of its article.
        let mut document: TantivyDocument = searcher.doc(address).unwrap();
        let (key, _) = record(index, "/7.txt");
        for name in ["id_head", "id_tail", "report_key", "article_key", "ordinal"] {
            document.add_u64(field(name), number(name));
        }
        document.add_text(field("doc"), "paragraph");
        document.add_text(field("file"), &key);
        document.add_text(field("file"), format!("{key}@1"));
        document.add_text(field("words"), "完全不同的话");
        let article = Term::from_field_u64(field("article_key"), number("article_key"));
        let _opstamp = writer.delete_term(article);
        writer.add_document(document).unwrap();
    });
    case.check(&["paragraphs", "totals"], &["paragraphs", "terms", "totals"], 1);
}

#[test]
fn a_damaged_or_missing_segment_costs_what_was_in_it() {
    type Damage = fn(&Path);
    let flip: Damage = |file| {
        let mut bytes = fs::read(file).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 0x55;
        fs::write(file, bytes).unwrap();
    };
    let remove: Damage = |file| fs::remove_file(file).unwrap();
    for damage in [flip, remove] {
        for extension in ["store", "idx", "term"] {
            let case = Case::new();
            let is_such = |file: &PathBuf| file.extension().is_some_and(|found| found == extension);
            let live =
                fs::read_to_string(case.engine().join("meta.json")).unwrap().replace('-', "");
            let file = files_below(&case.engine())
                .into_iter()
                .filter(is_such)
                .find(|file| live.contains(file.file_stem().unwrap().to_str().unwrap()));
            damage(&file.unwrap());
            assert_eq!(case.codes(true), ["checksum"], "{extension}");
            let summary = case.repair();
            assert_eq!((summary.segments_dropped, summary.left), (1, vec![]), "{extension}");
            assert_eq!(content_digest(&case.index.dir()).unwrap(), case.digest, "{extension}");
        }
    }
}

#[test]
fn what_is_damaged_and_has_no_source_stays_and_is_named() {
    let case = Case::new();
    case.change(|index, writer| {
        let (key, _) = record(index, "/7.txt");
        let _opstamp = writer.delete_term(term(index, "record", &key));
    });
    fs::remove_file(case.folder.path().join("7.txt")).unwrap();
    let total = case.index.search("").total;
    let summary = case.repair();
    assert_eq!((summary.files.len(), summary.without_source.len()), (0, 1));
    assert!(!summary.left.is_empty());
    assert_eq!(case.index.search("").total, total);
}

#[test]
fn nothing_is_given_up_while_a_folder_is_away() {
    let case = Case::new();
    case.damage_a_store();
    let root = case.folder.path().canonicalize().unwrap();
    let away = root.with_extension("away");
    fs::rename(&root, &away).unwrap();
    let refused = case.try_repair(false);
    fs::rename(&away, &root).unwrap();
    assert!(matches!(refused, Err(PipelineError::File { path, .. }) if path == root));
    assert_eq!(case.codes(true), ["checksum"]);
    assert_eq!(case.repair().left, []);
    assert_eq!(content_digest(&case.index.dir()).unwrap(), case.digest);
}

#[test]
fn a_repair_that_was_stopped_is_noticed_and_gone_on_with() {
    let case = Case::new();
    case.damage_a_store();
    assert_eq!(case.try_repair(true).unwrap().run, None);
    assert_eq!(case.codes(false), ["unfinished"]);
    assert_eq!(case.repair().left, []);
    assert_eq!(case.codes(true), [""; 0]);
    assert_eq!(content_digest(&case.index.dir()).unwrap(), case.digest);
}

#[test]
fn what_could_not_be_read_again_as_it_was_is_not_taken_out() {
    let case = Case::new();
    case.lose_a_paragraph("7.txt");
    let total = case.index.search("").total;
    fs::write(case.folder.path().join("7.txt"), [0, 159, 146, 150, 0, 1]).unwrap();
    let summary = case.repair();
    assert_eq!((summary.files.len(), summary.without_source.len()), (0, 1));
    assert_eq!(case.index.search("").total, total);
}

#[test]
fn text_that_is_lost_with_its_segment_is_told() {
    let case = Case::new();
    for number in 0..12 {
        fs::remove_file(case.folder.path().join(format!("{number}.txt"))).unwrap();
    }
    fs::write(case.folder.path().join("new.txt"), "新村修通了公路。\n").unwrap();
    case.damage_a_store();
    let left = case.repair().left;
    assert!(left.iter().any(|problem| problem.detail.contains("before the repair")), "{left:?}");
}

#[test]
fn a_new_file_has_no_number_of_paragraphs_without_a_record() {
    let case = Case::new();
    case.change(|index, writer| {
        let (key, _) = record(index, "/11.txt");
        let _opstamp = writer.delete_term(term(index, "record", &key));
    });
    fs::remove_file(case.folder.path().join("11.txt")).unwrap();
    fs::write(case.folder.path().join("new.txt"), "新村修通了公路。\n").unwrap();
    case.index.run(&IndexRequest::default());
    let index = Index::open_in_dir(case.engine()).unwrap();
    let searcher = index.reader().unwrap().searcher();
    let mut numbers = std::collections::BTreeSet::new();
    for reader in searcher.segment_readers() {
        let keys = reader.fast_fields().u64("report_key").unwrap();
        numbers
            .extend(reader.doc_ids_alive().filter_map(|doc| keys.first(doc)).map(|key| key >> 32));
    }
    assert_eq!(numbers.len(), 13);
}

/// Gives a file other bytes.
fn change_file(file: &Path, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = fs::read(file).unwrap();
    change(&mut bytes);
    fs::write(file, bytes).unwrap();
}

#[test]
fn a_damaged_list_of_segments_is_restored_and_no_file_is_read() {
    let case = Case::new();
    let meta = case.engine().join("meta.json");
    let sound = fs::read(&meta).unwrap();
    let flips = (0..sound.len()).step_by(sound.len() / 30);
    let flipped = flips.map(|at| {
        let mut bytes = sound.clone();
        bytes[at] ^= 0x11;
        bytes
    });
    for bytes in flipped.chain([sound[..sound.len() / 2].to_vec(), Vec::new()]) {
        fs::write(&meta, &bytes).unwrap();
        let what = String::from_utf8_lossy(&bytes);
        assert_eq!(case.codes(false), ["checksum"], "{what}");
        let summary = case.repair();
        assert_eq!((summary.left, summary.segments_dropped), (vec![], 0), "{what}");
        let run = summary.run.unwrap();
        assert_eq!((run.added + run.updated, run.unchanged), (0, 12), "{what}");
        assert_eq!(content_digest(&case.index.dir()).unwrap(), case.digest, "{what}");
        assert_eq!(case.codes(true), [""; 0], "{what}");
        fs::write(&meta, &sound).unwrap();
    }
    fs::remove_file(&meta).unwrap();
    assert_eq!(case.codes(false), ["checksum"]);
    assert_eq!(case.repair().left, []);
    assert_eq!(content_digest(&case.index.dir()).unwrap(), case.digest);
}

#[test]
fn a_damaged_copy_or_list_of_files_is_made_anew_and_in_nobodys_way() {
    for name in [".meta.copy", ".managed.json"] {
        let case = Case::new();
        change_file(&case.engine().join(name), |bytes| bytes.truncate(bytes.len() / 2));
        assert_eq!(case.codes(false), ["checksum"], "{name}");
        assert_eq!(case.index.search("水渠").total, 12, "{name}");
        assert_eq!(case.repair().left, [], "{name}");
        assert_eq!(case.codes(true), [""; 0], "{name}");
        change_file(&case.engine().join(name), Vec::clear);
        fs::write(case.folder.path().join("new.txt"), "新村修通了公路。\n").unwrap();
        assert_eq!(case.index.run(&IndexRequest::default()).added, 1, "{name}");
        assert_eq!(case.codes(true), [""; 0], "{name}");
    }
}

#[test]
fn where_nothing_tells_what_the_list_of_segments_held_that_is_said() {
    let case = Case::new();
    for name in ["meta.json", ".meta.copy"] {
        change_file(&case.engine().join(name), |bytes| bytes.truncate(bytes.len() / 2));
    }
    assert_eq!(case.codes(false), ["checksum"]);
    let repaired = case.try_repair(false);
    assert!(matches!(repaired, Err(PipelineError::Index(IndexError::Lost { .. }))), "{repaired:?}");
    let run = pipeline::run(
        &case.index.dir(),
        &vocabulary(),
        &IndexRequest::default(),
        &AtomicBool::new(false),
        &mut |_| {},
    );
    assert!(matches!(run, Err(PipelineError::Index(IndexError::Lost { .. }))), "{run:?}");
}
