//! Tags given anew from what is stored are those of a fresh index over the same files, and corrections by hand keep to
//! their paragraphs.

use crate::support::{TestIndex, repository, vocabulary};
use fangzhi::index::AttachedBy;
use fangzhi::ingest::limits::Limits;
use fangzhi::model::MeasurePath;
use fangzhi::pipeline::{
    self, Correction, Event, IndexRequest, RetagRequest, RetagSummary, changed_files, overrides,
    set_tags, unset_tags,
};
use fangzhi::search::request::Hit;
use fangzhi::vocab::Vocabulary;
use fangzhi::vocab::overrides::{Change, NOT_RULE, SET_RULE};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tantivy::postings::Postings;
use tantivy::schema::{FieldType, IndexRecordOption, Value};
use tantivy::{DocSet, Index, SegmentReader, TERMINATED, TantivyDocument};

const GRID: &str = "基层治理/网格化管理";
const PARKS: &str = "城乡建设/口袋公园";

/// Measures and divisions of a user: one measure more, one less, one with another threshold; a county less.
const MEASURES: &str = "[[measure]]\npath = \"城乡建设/口袋公园\"\nenglish = \"Parks\"\ncovers = \"parks\"\nstrong = [\"群众\", \"口袋公园\"]\n\
    [[measure]]\npath = \"基层治理/便民服务\"\nremove = true\n";
const DIVISIONS: &str = "code,name,level,parent,short,word_like,remove\n532924,,,,,,true\n533499,虚构县,county,533400,虚构,,\n";

fn of_user(index: &TestIndex) -> Arc<Vocabulary> {
    let schema = index.dir().join("schema");
    Arc::new(Vocabulary::load(Some(&schema)).unwrap())
}

fn write_schema(index: &TestIndex) {
    let schema = index.dir().join("schema");
    fs::create_dir_all(&schema).unwrap();
    fs::write(schema.join("measures.toml"), MEASURES).unwrap();
    fs::write(schema.join("divisions.csv"), DIVISIONS).unwrap();
}

fn run_with(
    index: &TestIndex,
    vocabulary: &Arc<Vocabulary>,
    paths: &[PathBuf],
) -> pipeline::IndexSummary {
    let request = IndexRequest { paths: paths.to_vec(), ..IndexRequest::default() };
    pipeline::run(&index.dir(), vocabulary, &request, &AtomicBool::new(false), &mut |_| {}).unwrap()
}

fn retag(index: &TestIndex, request: &RetagRequest) -> RetagSummary {
    pipeline::retag(&index.dir(), request, &AtomicBool::new(false), &mut |_| {}).unwrap()
}

/// Everything the index holds of each paragraph and file: what is stored, every term with its positions, every column.
fn documents(index: &TestIndex) -> BTreeMap<String, String> {
    let index = Index::open_in_dir(index.dir().join("index")).unwrap();
    let searcher = index.reader().unwrap().searcher();
    let mut documents = BTreeMap::new();
    for reader in searcher.segment_readers() {
        let mut texts = vec![String::new(); reader.max_doc() as usize];
        terms(reader, &mut texts);
        columns(reader, &mut texts);
        let store = reader.get_store_reader(1).unwrap();
        for doc in reader.doc_ids_alive() {
            let stored: TantivyDocument = store.get(doc).unwrap();
            let (_, value) = stored.field_values().next().unwrap();
            let bytes = value.as_value().as_bytes().unwrap();
            // The record of a file is JSON and says when it was looked at; all else must be the same.
            let stored = match serde_json::from_slice::<serde_json::Value>(bytes) {
                Ok(mut value) => {
                    value.as_object_mut().unwrap().remove("seen_ns");
                    value.to_string()
                }
                Err(_) => format!("{bytes:?}"),
            };
            let text = &texts[doc as usize];
            let id = text
                .lines()
                .filter(|line| ["id", "path", "record"].iter().any(|name| line.starts_with(name)));
            let id = format!(
                "{}{}",
                id.collect::<String>(),
                text.lines().find(|line| line.starts_with("ordinal")).unwrap()
            );
            let text = format!("{stored}\n{text}");
            assert!(documents.insert(id, text).is_none());
        }
    }
    documents
}

fn terms(reader: &SegmentReader, texts: &mut [String]) {
    for (field, entry) in reader.schema().fields().filter(|(_, entry)| entry.is_indexed()) {
        let inverted = reader.inverted_index(field).unwrap();
        let mut terms = inverted.terms().stream().unwrap();
        while let Some((term, info)) = terms.next() {
            let option = IndexRecordOption::WithFreqsAndPositions;
            let mut postings = inverted.read_postings_from_terminfo(info, option).unwrap();
            while postings.doc() != TERMINATED {
                let mut positions = Vec::new();
                if entry
                    .field_type()
                    .index_record_option()
                    .is_some_and(|option| option.has_positions())
                {
                    postings.positions(&mut positions);
                }
                let text = &mut texts[postings.doc() as usize];
                let times = postings.term_freq();
                writeln!(text, "{} {term:?} {times} {positions:?}", entry.name()).unwrap();
                postings.advance();
            }
        }
    }
}

fn columns(reader: &SegmentReader, texts: &mut [String]) {
    for (_, entry) in reader.schema().fields().filter(|(_, entry)| entry.is_fast()) {
        let (name, columns) = (entry.name(), reader.fast_fields());
        for (doc, text) in texts.iter_mut().enumerate() {
            let doc = u32::try_from(doc).unwrap();
            let values: Vec<String> = match entry.field_type() {
                FieldType::U64(_) => columns
                    .u64(name)
                    .unwrap()
                    .values_for_doc(doc)
                    .map(|value| value.to_string())
                    .collect(),
                FieldType::F64(_) => columns
                    .f64(name)
                    .unwrap()
                    .values_for_doc(doc)
                    .map(|value| value.to_string())
                    .collect(),
                _ => columns.str(name).unwrap().map_or_else(Vec::new, |column| {
                    let ords: Vec<u64> = column.term_ords(doc).collect();
                    let mut value = String::new();
                    ords.into_iter()
                        .map(|ord| {
                            value.clear();
                            column.ord_to_str(ord, &mut value).unwrap();
                            value.clone()
                        })
                        .collect()
                }),
            };
            writeln!(text, "{name}: {values:?}").unwrap();
        }
    }
}

/// The samples, and a report so long that its one article is tagged in several sections.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut long = String::from("云南省迪庆藏族自治州2023年工作总结\n\n");
    for number in 0..4_500 {
        let town = ["香格里拉市建塘镇", "德钦县", "全州", "该市"][number % 4];
        writeln!(long, "{town}第{number}次组织群众修路，投入{number}万元，网格员走访{number}户，便民服务站办件{number}件。\n").unwrap();
    }
    fs::write(folder.join("long.txt"), long).unwrap();
    vec![repository("corpus/samples"), folder.canonicalize().unwrap()]
}

#[test]
fn retagging_gives_what_a_fresh_index_gives() {
    let folder = tempfile::tempdir().unwrap();
    let paths = sources(folder.path());
    let fresh = TestIndex::new();
    write_schema(&fresh);
    run_with(&fresh, &of_user(&fresh), &paths);
    let retagged = TestIndex::new();
    run_with(&retagged, &vocabulary(), &paths);
    let before = documents(&retagged);
    write_schema(&retagged);
    let planned = retag(&retagged, &RetagRequest { dry_run: true, ..RetagRequest::default() });
    assert_eq!(documents(&retagged), before, "a dry run changes nothing");
    let done = retag(&retagged, &RetagRequest::default());
    assert_eq!((planned.changed, &planned.measures), (done.changed, &done.measures));
    assert!(done.changed > 1_000, "{}", done.changed);
    let parks = done.measures.iter().find(|change| change.path == PARKS).unwrap();
    assert!(parks.gained > 0 && parks.lost == 0);
    let (wanted, found) = (documents(&fresh), documents(&retagged));
    assert_eq!(wanted.len(), found.len());
    for (id, wanted) in &wanted {
        assert_eq!(Some(wanted), found.get(id), "{id}");
    }
    assert_ne!(before, found);
    let again = run_with(&retagged, &of_user(&retagged), &[]);
    assert_eq!((again.added, again.updated), (0, 0), "nothing is left to read");
    assert_eq!(retag(&retagged, &RetagRequest::default()).files_tagged, 0);
}

#[test]
fn synonyms_need_no_tags_and_a_stopped_run_changes_nothing() {
    let index = TestIndex::of(&[repository("corpus/samples/云南")]);
    write_schema(&index);
    let before = documents(&index);
    let stopped = AtomicBool::new(true);
    let request = RetagRequest::default();
    let summary = pipeline::retag(&index.dir(), &request, &stopped, &mut |_| {}).unwrap();
    assert!(summary.interrupted);
    assert_eq!(documents(&index), before);
    fs::remove_dir_all(index.dir().join("schema")).unwrap();
    fs::create_dir(index.dir().join("schema")).unwrap();
    fs::write(index.dir().join("schema/synonyms.txt"), "路 = 道\n").unwrap();
    assert_eq!(retag(&index, &RetagRequest::default()).files_tagged, 0);
    let info = fangzhi::index::info(&index.dir(), &of_user(&index).fingerprint().whole()).unwrap();
    assert_eq!(info.outdated, []);
}

/// A file of paragraphs and an index of it.
struct Case {
    folder: tempfile::TempDir,
    index: TestIndex,
}

const TEXTS: [&str; 5] = [
    "大理州把全州划为845个网格，每个网格配一名网格员。",
    "宾川县选派第一书记85名驻村，帮助发展葡萄产业。",
    "洱源县清理水渠32公里，修建蓄水池18座，解决灌溉难题。",
    "剑川县开办木雕培训班12期，培训学员600人次。",
    "鹤庆县调解矛盾纠纷46起，化解信访积案7件。",
];
/// The paragraph that is corrected.
const WATER: usize = 2;

impl Case {
    fn new() -> Self {
        let case = Self { folder: tempfile::tempdir().unwrap(), index: TestIndex::new() };
        case.write("a.txt", &TEXTS);
        case.run();
        case
    }

    fn dir(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap()
    }

    fn write(&self, name: &str, texts: &[&str]) {
        fs::write(self.dir().join(name), texts.join("\n\n")).unwrap();
    }

    fn run(&self) -> pipeline::IndexSummary {
        run_with(&self.index, &of_user(&self.index), &[self.dir()])
    }

    fn find(&self, start: &str) -> Hit {
        let found = self.index.paragraphs().into_iter().find(|hit| hit.text.starts_with(start));
        found.unwrap_or_else(|| panic!("no paragraph begins with {start}"))
    }

    /// Says by hand that the paragraph about water is about parks.
    fn correct(&self) {
        let id = self.find("洱源县").id;
        let measures = Change { add: vec![GRID.to_owned()], ..Change::default() };
        let correction =
            Correction { measures, note: Some("据实".to_owned()), ..Correction::default() };
        set_tags(&self.index.dir(), &[id], &correction).unwrap();
    }

    /// How the one entry was attached.
    fn by(&self) -> Option<AttachedBy> {
        let states = overrides(&self.index.dir(), &of_user(&self.index).overrides).unwrap();
        assert_eq!(states.len(), 1);
        assert!(!states[0].pending);
        states[0].by()
    }

    /// Starts of the texts that have the tag by hand.
    fn by_hand(&self) -> Vec<String> {
        let by_hand = |hit: &Hit| {
            hit.evidence.iter().any(|evidence| evidence.tag == GRID && evidence.rule == SET_RULE)
        };
        let hits = self.index.paragraphs().into_iter().filter(by_hand);
        hits.map(|hit| hit.text.chars().take(3).collect()).collect()
    }

    /// After `texts` are what the file says, a run and the same run on a new index attach alike.
    #[track_caller]
    fn check(&self, texts: &[&str], expected: Option<AttachedBy>, starts: &[&str]) {
        self.write("a.txt", texts);
        self.run();
        assert_eq!(
            (self.by(), self.by_hand()),
            (expected, starts.iter().map(|s| (*s).to_owned()).collect())
        );
        fs::remove_dir_all(self.index.dir().join("index")).unwrap();
        self.run();
        assert_eq!(self.by(), expected);
        assert_eq!(self.by_hand(), starts);
        assert_eq!(
            retag(&self.index, &RetagRequest { all: true, ..RetagRequest::default() }).changed,
            0
        );
    }
}

#[test]
fn a_tag_set_by_hand_is_there_at_once_counted_and_shown_as_such() {
    let case = Case::new();
    let others = |case: &Case| -> Vec<Hit> {
        case.index.paragraphs().into_iter().filter(|hit| !hit.text.starts_with("洱源县")).collect()
    };
    let before = others(&case);
    case.correct();
    let hit = case.find("洱源县");
    assert!(hit.measures.iter().any(|tag| tag.path.as_str() == GRID && !tag.inferred));
    assert_eq!((case.by_hand(), case.by()), (vec!["洱源县".to_owned()], Some(AttachedBy::Id)));
    assert_eq!(others(&case), before);
    let stats = case.index.searcher().stats().unwrap();
    assert_eq!(
        stats.with_measure,
        before.iter().filter(|hit| !hit.measures.is_empty()).count() as u64 + 1
    );
    let problems = fangzhi::index::check(&case.index.dir(), &vocabulary(), false);
    assert_eq!(problems.unwrap(), []);
    assert_eq!(case.run().updated, 0, "what was corrected is not read again for it");
    unset_tags(&case.index.dir(), &[hit.id]).unwrap();
    assert_eq!(case.by_hand(), Vec::<String>::new());
    assert!(of_user(&case.index).overrides.is_empty());
}

#[test]
fn what_is_taken_away_stays_away() {
    let case = Case::new();
    let hit = case.find("大理州");
    let measure = hit.measures[0].path.clone();
    let correction = Correction {
        measures: Change { not: vec![measure.to_string()], ..Change::default() },
        regions: Change {
            none: true,
            add: vec!["云南省/怒江傈僳族自治州".to_owned()],
            ..Change::default()
        },
        note: None,
    };
    set_tags(&case.index.dir(), &[hit.id], &correction).unwrap();
    for _ in 0..2 {
        let hit = case.find("大理州");
        let has = |path: &MeasurePath| hit.measures.iter().any(|tag| tag.path == *path);
        assert!(!has(&measure));
        let refused = hit.evidence.iter().find(|evidence| evidence.tag == measure.as_str());
        assert_eq!(refused.map(|evidence| evidence.rule.as_str()), Some(NOT_RULE));
        let regions: Vec<&str> = hit.regions.iter().map(|tag| tag.path.as_str()).collect();
        assert_eq!(regions, ["云南省/怒江傈僳族自治州"]);
        let reread =
            IndexRequest { paths: vec![case.dir()], reread: true, ..IndexRequest::default() };
        let vocabulary = of_user(&case.index);
        pipeline::run(
            &case.index.dir(),
            &vocabulary,
            &reread,
            &AtomicBool::new(false),
            &mut |_| {},
        )
        .unwrap();
    }
}

#[test]
fn a_correction_keeps_to_its_paragraph_when_others_are_put_before_it() {
    let case = Case::new();
    case.correct();
    let texts = ["云龙县保护诺邓古村。", TEXTS[0], TEXTS[1], "漾濞县种核桃。", TEXTS[2], TEXTS[3]];
    case.check(&texts, Some(AttachedBy::Id), &["洱源县"]);
}

#[test]
fn a_correction_keeps_to_its_paragraph_when_the_order_changes() {
    let case = Case::new();
    case.correct();
    let texts = [TEXTS[4], TEXTS[2], TEXTS[0], TEXTS[3], TEXTS[1]];
    case.check(&texts, Some(AttachedBy::Id), &["洱源县"]);
}

#[test]
fn an_edited_paragraph_is_known_by_those_around_it() {
    let case = Case::new();
    case.correct();
    let edited = "洱源县当年清理水渠35公里，修建蓄水池19座，解决了灌溉难题。";
    let mut texts = TEXTS;
    texts[WATER] = edited;
    case.check(&texts, Some(AttachedBy::Around), &["洱源县"]);
    let texts = [TEXTS[0], "漾濞县种核桃。", edited, TEXTS[3], TEXTS[4]];
    case.check(&texts, Some(AttachedBy::Around), &["洱源县"]);
}

#[test]
fn what_stands_in_the_place_of_a_paragraph_is_not_taken_for_it() {
    let case = Case::new();
    case.correct();
    let mut texts = TEXTS;
    texts[WATER] = "祥云县开展普法宣传进校园活动。";
    case.check(&texts, None, &[]);
}

#[test]
fn of_equal_texts_the_one_between_the_same_texts_is_meant() {
    let case = Case::new();
    case.correct();
    let texts = [TEXTS[2], TEXTS[0], TEXTS[1], TEXTS[2], TEXTS[3], TEXTS[4]];
    case.write("a.txt", &texts);
    case.run();
    let corrected: Vec<usize> = case
        .index
        .paragraphs()
        .iter()
        .filter(|hit| hit.evidence.iter().any(|evidence| evidence.rule == SET_RULE))
        .map(|hit| hit.paragraph)
        .collect();
    assert_eq!(corrected, [4]);
}

#[test]
fn a_correction_moves_with_its_file() {
    let case = Case::new();
    case.correct();
    fs::rename(case.dir().join("a.txt"), case.dir().join("b.txt")).unwrap();
    case.run();
    assert_eq!((case.by(), case.by_hand()), (Some(AttachedBy::Id), vec!["洱源县".to_owned()]));
    // A new index gives the file another key, and with it other ids.
    fs::remove_dir_all(case.index.dir().join("index")).unwrap();
    case.run();
    assert_eq!((case.by(), case.by_hand()), (Some(AttachedBy::Moved), vec!["洱源县".to_owned()]));
    fs::rename(case.dir().join("b.txt"), case.dir().join("a.txt")).unwrap();
    fs::remove_dir_all(case.index.dir().join("index")).unwrap();
    case.run();
    assert_eq!(case.by(), Some(AttachedBy::Id));
}

#[test]
fn a_correction_whose_file_is_gone_finds_its_paragraph_in_a_file_that_was_there_before() {
    let case = Case::new();
    case.correct();
    case.write("copy.txt", &TEXTS);
    case.run();
    assert_eq!(case.by_hand(), ["洱源县"], "the copy is another paragraph");
    fs::remove_file(case.dir().join("a.txt")).unwrap();
    case.run();
    assert_eq!((case.by(), case.by_hand()), (None, Vec::new()));
    assert_eq!(retag(&case.index, &RetagRequest::default()).changed, 1);
    assert_eq!((case.by(), case.by_hand()), (Some(AttachedBy::Moved), vec!["洱源县".to_owned()]));
    assert_eq!(retag(&case.index, &RetagRequest::default()).files_tagged, 0);
}

#[test]
fn a_correction_goes_back_to_its_file_when_that_comes_back() {
    let case = Case::new();
    case.write("b.txt", &TEXTS);
    case.run();
    let [a, away] = [case.dir().join("a.txt"), case.folder.path().with_extension("away")];
    let is_of_a = |hit: &Hit| hit.path.ends_with("a.txt") && hit.text.starts_with("洱源县");
    let id = case.index.paragraphs().into_iter().find(is_of_a).unwrap().id;
    let measures = Change { add: vec![GRID.to_owned()], ..Change::default() };
    let correction = Correction { measures, ..Correction::default() };
    set_tags(&case.index.dir(), &[id], &correction).unwrap();
    fs::rename(&a, &away).unwrap();
    case.run();
    retag(&case.index, &RetagRequest::default());
    assert_eq!((case.by(), case.by_hand()), (Some(AttachedBy::Moved), vec!["洱源县".to_owned()]));
    fs::rename(&away, &a).unwrap();
    let summary = case.run();
    assert_eq!((summary.added, summary.updated), (1, 1));
    assert_eq!((case.by(), case.by_hand()), (Some(AttachedBy::Id), vec!["洱源县".to_owned()]));
    assert_eq!(case.run().updated, 0);
}

#[test]
fn entries_from_elsewhere_take_effect_with_the_next_run_or_retag() {
    let case = Case::new();
    case.correct();
    let file = case.index.dir().join("schema/overrides.jsonl");
    let entries = fs::read_to_string(&file).unwrap();
    fs::remove_file(&file).unwrap();
    assert_eq!(case.run().updated, 1);
    assert_eq!(case.by_hand(), Vec::<String>::new());
    // Of another machine: the id says nothing here.
    let id = case.find("洱源县").id;
    fs::write(&file, entries.replace(&id, &"0".repeat(32))).unwrap();
    let states = overrides(&case.index.dir(), &of_user(&case.index).overrides).unwrap();
    assert!(states[0].pending);
    let summary = retag(&case.index, &RetagRequest::default());
    assert_eq!((summary.changed, summary.overrides_attached), (1, 1));
    assert_eq!((case.by(), case.by_hand()), (Some(AttachedBy::Text), vec!["洱源县".to_owned()]));
    assert_eq!(case.run().updated, 0);
}

#[test]
fn what_waits_for_another_report_of_the_file_still_waits_after_a_correction() {
    let case = Case { folder: tempfile::tempdir().unwrap(), index: TestIndex::new() };
    let record = |id: usize| format!("{{\"id\":\"{id}\",\"text\":\"{}\"}}\n", TEXTS[id]);
    fs::write(case.dir().join("b.jsonl"), record(WATER) + &record(3)).unwrap();
    case.run();
    case.correct();
    let file = case.index.dir().join("schema/overrides.jsonl");
    let entries = fs::read_to_string(&file).unwrap();
    fs::remove_file(&file).unwrap();
    case.run();
    fs::write(&file, entries).unwrap();
    let measures = Change { none: true, ..Change::default() };
    let correction = Correction { measures, ..Correction::default() };
    set_tags(&case.index.dir(), &[case.find("剑川县").id], &correction).unwrap();
    assert_eq!(case.by_hand(), Vec::<String>::new());
    assert_eq!(case.run().updated, 1);
    assert_eq!(case.by_hand(), ["洱源县"]);
}

#[test]
fn a_bad_file_of_corrections_is_an_error_and_stays_as_it_is() {
    let case = Case::new();
    let file = case.index.dir().join("schema/overrides.jsonl");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, "not json\n").unwrap();
    let id = case.find("洱源县").id;
    let measures = Change { none: true, ..Change::default() };
    let correction = Correction { measures, ..Correction::default() };
    let error = set_tags(&case.index.dir(), &[id], &correction).unwrap_err().to_string();
    assert!(error.contains("overrides.jsonl:1: not json"), "{error}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "not json\n");
}

#[test]
fn an_archive_that_moved_and_cannot_be_read_there_is_tagged_and_corrected_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let zip = |name: &str| folder.path().join(name);
    let mut archive = zip::ZipWriter::new(fs::File::create(zip("a.zip")).unwrap());
    archive.start_file("甲.txt", zip::write::SimpleFileOptions::default()).unwrap();
    archive.write_all("某县建成口袋公园12个。".as_bytes()).unwrap();
    archive.finish().unwrap();
    let index = TestIndex::new();
    let paths = [folder.path().to_path_buf()];
    run_with(&index, &vocabulary(), &paths);
    fs::rename(zip("a.zip"), zip("b.zip")).unwrap();
    let limits = Limits::of_files(10);
    let small = IndexRequest { paths: paths.to_vec(), limits, ..IndexRequest::default() };
    let stop = AtomicBool::new(false);
    let run = pipeline::run(&index.dir(), &vocabulary(), &small, &stop, &mut |_| {}).unwrap();
    assert_eq!(run.failed.len(), 1, "{run:?}");
    write_schema(&index);
    assert_eq!(retag(&index, &RetagRequest { all: true, ..RetagRequest::default() }).changed, 1);
    let hits = index.search("口袋公园").hits;
    assert!(hits[0].measures.iter().any(|tag| tag.path.as_str() == PARKS), "{hits:?}");
    let measures = Change { none: true, ..Change::default() };
    let correction = Correction { measures, ..Correction::default() };
    set_tags(&index.dir(), &[hits[0].id.clone()], &correction).unwrap();
    assert!(index.search("口袋公园").hits[0].measures.is_empty());
}

impl Case {
    /// The lines of the file of corrections.
    fn lines(&self) -> Vec<String> {
        let file = self.index.dir().join("schema/overrides.jsonl");
        fs::read_to_string(file).unwrap().lines().map(str::to_owned).collect()
    }

    fn write_lines(&self, lines: &[String]) {
        fs::write(self.index.dir().join("schema/overrides.jsonl"), lines.join("\n")).unwrap();
    }

    /// Makes a file one that cannot be read, of an age that shows every later change.
    fn damage(&self, name: &str) {
        let mut file = fs::File::create(self.dir().join(name)).unwrap();
        file.write_all(&[0; 64]).unwrap();
        file.set_modified(std::time::SystemTime::UNIX_EPOCH + Duration::from_secs(1)).unwrap();
    }

    /// How many files a run looks into.
    fn read_again(&self) -> usize {
        let mut looked = 0;
        let request = IndexRequest { paths: vec![self.dir()], ..IndexRequest::default() };
        let vocabulary = of_user(&self.index);
        pipeline::run(
            &self.index.dir(),
            &vocabulary,
            &request,
            &AtomicBool::new(false),
            &mut |event| {
                if let Event::Found { files, .. } = event {
                    looked += files;
                }
            },
        )
        .unwrap();
        looked
    }

    fn pending(&self) -> bool {
        let states = overrides(&self.index.dir(), &of_user(&self.index).overrides).unwrap();
        states.iter().any(|state| state.pending)
    }
}

#[test]
fn a_correction_is_taken_back_beside_bad_lines_and_from_one() {
    let case = Case::new();
    case.correct();
    let good = case.lines().remove(0);
    let bad = good.replace(GRID, "基层治理/没有");
    // Of a measure that is gone, and beside a line that is none.
    case.write_lines(&["not json".to_owned(), bad.clone()]);
    let id = case.find("洱源县").id;
    assert_eq!(
        unset_tags(&case.index.dir(), std::slice::from_ref(&id)).unwrap(),
        Vec::<String>::new()
    );
    assert_eq!(case.lines(), ["not json"]);
    assert_eq!(case.by_hand(), Vec::<String>::new());
    case.write_lines(&["not json".to_owned(), good]);
    assert_eq!(unset_tags(&case.index.dir(), &[id]).unwrap(), Vec::<String>::new());
    assert_eq!(case.lines(), ["not json"]);
}

#[test]
fn a_copy_keeps_its_correction_when_that_of_the_other_is_changed_or_taken_back() {
    let case = Case::new();
    case.correct();
    case.write("b.txt", &TEXTS);
    case.write("c.txt", &TEXTS);
    fs::remove_file(case.dir().join("a.txt")).unwrap();
    case.run();
    let summary = retag(&case.index, &RetagRequest { all: true, ..RetagRequest::default() });
    assert_eq!(case.by_hand(), ["洱源县"; 2]);
    assert_eq!((summary.overrides, summary.overrides_attached), (1, 1));
    let before = case.lines();
    let of = |name: &str| {
        let is_it = |hit: &Hit| hit.path.ends_with(name) && hit.text.starts_with("洱源县");
        case.index.paragraphs().into_iter().find(is_it).unwrap()
    };
    let measures = Change { none: true, ..Change::default() };
    let correction = Correction { measures, ..Correction::default() };
    set_tags(&case.index.dir(), &[of("b.txt").id], &correction).unwrap();
    assert_eq!(of("b.txt").measures, []);
    assert!(of("c.txt").measures.iter().any(|tag| tag.path.as_str() == GRID));
    assert!(case.lines().iter().all(|line| line.contains("据实")), "{:?}", case.lines());
    case.write_lines(&before);
    retag(&case.index, &RetagRequest { all: true, ..RetagRequest::default() });
    unset_tags(&case.index.dir(), &[of("c.txt").id]).unwrap();
    assert_eq!(case.by_hand(), ["洱源县"]);
    assert!(of("b.txt").measures.iter().any(|tag| tag.path.as_str() == GRID));
}

#[test]
fn notes_of_two_corrections_of_a_paragraph_stay() {
    let case = Case::new();
    case.correct();
    let line = case.lines().remove(0);
    let id = case.find("洱源县").id;
    let other = line.replace(&id, &"0".repeat(32)).replace("据实", "另据");
    case.write_lines(&[line, other]);
    retag(&case.index, &RetagRequest::default());
    let measures = Change { none: true, ..Change::default() };
    let correction = Correction { measures, ..Correction::default() };
    set_tags(&case.index.dir(), &[id], &correction).unwrap();
    let lines = case.lines();
    assert_eq!(lines.len(), 1);
    assert!(lines[0].contains("据实") && lines[0].contains("另据"), "{lines:?}");
}

#[test]
fn a_retag_that_is_stopped_in_its_middle_counts_nothing() {
    let index = TestIndex::of(&[repository("corpus/samples/云南")]);
    let before = documents(&index);
    write_schema(&index);
    let stop = AtomicBool::new(false);
    let request = RetagRequest { jobs: 1, ..RetagRequest::default() };
    let mut tagged = 0;
    let summary = pipeline::retag(&index.dir(), &request, &stop, &mut |done| {
        tagged = done.paragraphs;
        stop.store(true, Ordering::Relaxed);
    })
    .unwrap();
    assert!(tagged > 0);
    let nothing = RetagSummary {
        files: summary.files,
        elapsed: summary.elapsed,
        interrupted: true,
        ..RetagSummary::default()
    };
    assert_eq!(summary, nothing);
    assert_eq!(documents(&index), before);
}

/// The divisions that paragraphs only mention, by paragraph.
fn mentions(index: &TestIndex) -> Vec<String> {
    let documents = documents(index);
    let lines = documents.values().flat_map(|text| text.lines());
    lines.filter(|line| line.starts_with("mention ")).map(str::to_owned).collect()
}

#[test]
fn what_a_stopped_run_with_other_divisions_wrote_is_written_again() {
    let case = Case { folder: tempfile::tempdir().unwrap(), index: TestIndex::new() };
    let text = "昆明市组织干部赴宾川县考察。";
    case.write("a.txt", &[text]);
    case.write("b.txt", &["昆明市修路。"]);
    case.run();
    let before = mentions(&case.index);
    write_schema(&case.index);
    let stop = AtomicBool::new(false);
    let request = IndexRequest { paths: vec![case.dir()], jobs: 1, ..IndexRequest::default() };
    pipeline::run(&case.index.dir(), &of_user(&case.index), &request, &stop, &mut |event| {
        if matches!(event, Event::File { .. }) {
            stop.store(true, Ordering::Relaxed);
        }
    })
    .unwrap();
    assert_ne!(mentions(&case.index), before);
    fs::remove_dir_all(case.index.dir().join("schema")).unwrap();
    retag(&case.index, &RetagRequest::default());
    assert_eq!(mentions(&case.index), before);
}

#[test]
fn a_corrected_file_that_cannot_be_read_is_not_tried_again_by_each_run() {
    let case = Case::new();
    case.correct();
    case.damage("a.txt");
    assert_eq!((case.read_again(), case.read_again()), (1, 0));
    // What is corrected in the text that is kept is for `retag`.
    case.write_lines(&[case.lines()[0].replace("据实", "另据")]);
    assert!(case.pending());
    assert_eq!(case.read_again(), 0);
    retag(&case.index, &RetagRequest::default());
    assert!(!case.pending());
    // A new index has nothing of it to keep.
    fs::remove_dir_all(case.index.dir().join("index")).unwrap();
    assert_eq!((case.read_again(), case.read_again()), (1, 0));
}

#[test]
fn a_file_without_paragraphs_waits_for_no_correction() {
    let case = Case::new();
    case.correct();
    case.write("a.txt", &[]);
    case.run();
    case.write_lines(&[case.lines()[0].replace("据实", "另据")]);
    assert!(case.pending());
    retag(&case.index, &RetagRequest::default());
    assert!(!case.pending());
}

#[test]
fn text_that_is_kept_of_a_file_gets_the_tags_of_new_vocabularies() {
    let case = Case::new();
    case.write("b.txt", &["某县建成口袋公园12个。"]);
    case.run();
    case.damage("b.txt");
    write_schema(&case.index);
    case.run();
    assert_eq!(retag(&case.index, &RetagRequest::default()).changed, 1);
    assert!(case.find("某县").measures.iter().any(|tag| tag.path.as_str() == PARKS));
}

#[test]
fn files_that_are_not_those_that_were_read_are_known() {
    let case = Case::new();
    let id = [case.find("洱源县").id];
    let file = case.dir().join("a.txt");
    assert_eq!(changed_files(&case.index.dir(), &id).unwrap(), Vec::<PathBuf>::new());
    case.write("a.txt", &TEXTS[1..]);
    assert_eq!(changed_files(&case.index.dir(), &id).unwrap(), std::slice::from_ref(&file));
    fs::remove_file(&file).unwrap();
    assert_eq!(changed_files(&case.index.dir(), &id).unwrap(), Vec::<PathBuf>::new());
    case.damage("a.txt");
    case.run();
    assert_eq!(changed_files(&case.index.dir(), &id).unwrap(), [file]);
}

#[test]
fn a_correction_whose_archive_member_is_gone_is_looked_for_in_all_others() {
    let case = Case { folder: tempfile::tempdir().unwrap(), index: TestIndex::new() };
    let pack = |names: &[&str]| {
        let file = fs::File::create(case.dir().join("a.zip")).unwrap();
        let mut archive = zip::ZipWriter::new(file);
        for name in names {
            archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            archive.write_all(TEXTS.join("\n\n").as_bytes()).unwrap();
        }
        archive.finish().unwrap();
    };
    pack(&["甲.txt"]);
    case.run();
    case.correct();
    pack(&["甲.txt", "乙.txt"]);
    case.run();
    retag(&case.index, &RetagRequest { all: true, ..RetagRequest::default() });
    assert_eq!(case.by_hand(), ["洱源县"], "the copy is another paragraph");
    pack(&["乙.txt"]);
    case.run();
    assert_eq!(case.by(), None);
    retag(&case.index, &RetagRequest::default());
    assert_eq!((case.by(), case.by_hand()), (Some(AttachedBy::Moved), vec!["洱源县".to_owned()]));
    // Another paragraph of the member is corrected, and taken back.
    let id = [case.find("剑川县").id];
    let measures = Change { none: true, ..Change::default() };
    let correction = Correction { measures, ..Correction::default() };
    set_tags(&case.index.dir(), &id, &correction).unwrap();
    assert_eq!(case.by_hand(), ["洱源县"]);
    unset_tags(&case.index.dir(), &id).unwrap();
    assert_eq!((case.by(), case.by_hand()), (Some(AttachedBy::Moved), vec!["洱源县".to_owned()]));
}
