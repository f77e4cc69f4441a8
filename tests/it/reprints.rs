//! Reprints: the same text in several reports is known as one, however the reports came into the index, and none is lost.

use crate::support::{Draws, TestIndex, assert_none, every_hit, vocabulary};
use fangzhi::pipeline::{self, Event, IndexRequest, RetagRequest};
use fangzhi::search::request::{
    Bucket, BucketKey, Facet, FacetRequest, Hit, SearchNote, SearchRequest, Unit,
};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

const LEAD: &str = "全县把八十七个村划成四百一十二个网格，选聘网格员四百三十名，每天上门走访，把老人、病人和在外务工人员的家底记在一本账上。";
const REST: &str = "入夏以来，网格员先后报告滑坡点十一处，帮着转移群众两百多人，没有一人受伤；秋收时又替三十几户缺劳力的人家联系收割机。";

/// The one file of reprints in an index.
fn file(index: &TestIndex) -> (String, Vec<u8>) {
    let files = fs::read_dir(index.dir().join("index")).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> =
        files.filter(|path| name(path).starts_with("reprints-")).collect();
    assert_eq!(files.len(), 1, "{files:?}");
    let file = files.remove(0);
    (name(&file), fs::read(&file).unwrap())
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

fn collapsed(index: &TestIndex, query: &str) -> Vec<Hit> {
    let request = SearchRequest { collapse: true, ..every_hit(query) };
    index.searcher().search(&request).unwrap().hits
}

fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path
}

/// A folder with a report, a reprint of it, one in the other script, an excerpt, and another text.
fn reports() -> (tempfile::TempDir, TestIndex) {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().canonicalize().unwrap();
    write(&dir, "a.txt", &format!("{LEAD}{REST}"));
    write(
        &dir,
        "b.txt",
        &format!("{LEAD}{REST}").replace("每天上门", "天天登门").replace("先后", "共"),
    );
    let traditional = "全縣把八十七個村劃成四百一十二個網格，選聘網格員四百三十名，每天上門走訪，把老人、病人和在外務工人員的家底記在一本賬上。入夏以來，網格員先後報告滑坡點十一處，幫著轉移群眾兩百多人，沒有一人受傷；秋收時又替三十幾戶缺勞力的人家聯繫收割機。";
    write(&dir, "c.txt", traditional);
    write(&dir, "d.txt", LEAD);
    write(
        &dir,
        "e.txt",
        "县里办起夜校，请老支书和农技员轮流上课，网格员也来听，全年培训村干部一千二百六十人次，考试合格的发给证书，成绩记入档案。",
    );
    let index = TestIndex::of(&[dir]);
    (folder, index)
}

#[test]
fn a_reprint_is_shown_once_with_all_its_places() {
    let (_folder, index) = reports();
    let hits = collapsed(&index, "网格员");
    let found: BTreeMap<String, u64> = hits
        .iter()
        .map(|hit| (name(Path::new(&hit.path)), hit.reprints.as_ref().unwrap().count))
        .collect();
    let counts: Vec<u64> = found.values().copied().collect();
    assert_eq!(counts.iter().sum::<u64>(), 2, "{found:?}");
    assert_eq!(hits.len(), 3, "{found:?}");
    assert_eq!(index.search("网格员").hits.len(), 5, "without --collapse nothing is left out");

    let whole = hits.iter().find(|hit| hit.reprints.as_ref().unwrap().count == 2).unwrap();
    let reprints = whole.reprints.as_ref().unwrap();
    let mut places: BTreeSet<String> =
        reprints.paragraphs.iter().map(|one| name(Path::new(&one.path))).collect();
    places.insert(name(Path::new(&whole.path)));
    assert_eq!(places, ["a.txt", "b.txt", "c.txt"].map(str::to_owned).into());
    let ids = reprints.paragraphs.iter().map(|one| &one.id).chain([&whole.id]);
    assert_eq!(Some(&reprints.cluster), ids.min());
}

#[test]
fn collapsing_keeps_the_order_and_the_totals() {
    let (_folder, index) = reports();
    let all = index.search("网格员");
    let facets = vec![FacetRequest { facet: Facet::Kind, under: None, limit: 10 }];
    let request =
        SearchRequest { collapse: true, count_by: Unit::Cluster, facets, ..every_hit("网格员") };
    let response = index.searcher().search(&request).unwrap();
    let body = Bucket { key: BucketKey::Path("body".to_owned()), count: 3 };
    assert_eq!((response.facets[0].total, &response.facets[0].buckets), (3, &vec![body]));
    assert_eq!((all.total, all.clusters), (5, None));
    assert_eq!((response.total, response.articles, response.clusters), (5, 5, Some(3)));
    let order = |hits: &[Hit]| hits.iter().map(|hit| hit.id.clone()).collect::<Vec<_>>();
    let kept = order(&response.hits);
    let mut rest = order(&all.hits);
    rest.retain(|id| kept.contains(id));
    assert_eq!(rest, kept);
    assert_eq!(all.hits[0].id, response.hits[0].id);

    let mut streamed = Vec::new();
    let _response = index.searcher().for_each(&request, &mut |hit| {
        streamed.push(hit.id);
        std::ops::ControlFlow::Continue(())
    });
    assert_eq!(streamed, kept);
}

#[test]
fn an_excerpt_is_linked_and_stays_a_text_of_its_own() {
    let (_folder, index) = reports();
    let all = index.paragraphs();
    let of = |name: &str| {
        let hit = all.iter().find(|hit| hit.path.ends_with(name)).unwrap();
        index.searcher().by_id(&hit.id, 1, 0).unwrap().remove(0).reprints.unwrap()
    };
    let excerpt = of("d.txt");
    assert_eq!((excerpt.count, excerpt.excerpt_of.len(), excerpt.excerpts.len()), (0, 3, 0));
    let whole = of("b.txt");
    assert_eq!((whole.count, whole.excerpt_of.len(), whole.excerpts.len()), (2, 0, 1));
    assert!(whole.excerpts[0].path.ends_with("d.txt"));
    assert_eq!(of("e.txt").excerpt_of, []);
}

#[test]
fn any_order_and_batching_of_files_gives_the_same_file_of_reprints() {
    let mut draws = Draws::new();
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().canonicalize().unwrap();
    let subjects = ["网格员", "护林员", "农技员", "调解员"];
    let mut files = Vec::new();
    for at in 0..24 {
        let text = format!("{LEAD}{REST}").replace("网格员", subjects[at % 4]);
        let text = if at % 5 == 4 { LEAD.to_owned() } else { text };
        let (from, to) = draws.pick(&[("每天", "天天"), ("群众", "村民"), ("账上", "账里")]);
        let text = if draws.once_in(2) { text.replace(from, to) } else { text };
        // The same letters, of which some are a title.
        let text = match draws.below(3) {
            0 => text.replace("在一本账", "在《一本账》"),
            1 => text.replace("在一本账", "在“一本账”"),
            _ => text,
        };
        files.push(write(&dir, &format!("{at}.txt"), &text));
    }
    let request = |paths: &[PathBuf]| IndexRequest {
        paths: paths.to_vec(),
        jobs: 2,
        ..IndexRequest::default()
    };
    let fresh = file(&TestIndex::of(&files));
    assert!(fresh.1.len() > 100, "something is near something");
    let mut failures = Vec::new();
    for round in 0..4 {
        let mut left = files.clone();
        let index = TestIndex::new();
        while !left.is_empty() {
            let count = (draws.below(8) + 1).min(left.len());
            let batch: Vec<PathBuf> =
                (0..count).map(|_| left.swap_remove(draws.below(left.len()))).collect();
            index.run(&request(&batch));
        }
        if file(&index) != fresh {
            failures.push(format!("round {round}"));
        }
    }
    assert_none(&failures);

    // What is gone leaves nothing behind, and what comes back is as before.
    let index = TestIndex::of(std::slice::from_ref(&dir));
    let (gone, kept) = files.split_at(9);
    gone.iter().for_each(|path| fs::remove_file(path).unwrap());
    index.run(&request(&[dir]));
    assert_eq!(file(&index), file(&TestIndex::of(kept)));
}

#[test]
fn moved_files_and_tags_given_anew_change_nothing_of_it() {
    let (folder, index) = reports();
    let before = file(&index);
    let dir = folder.path().canonicalize().unwrap();
    fs::rename(dir.join("a.txt"), dir.join("z.txt")).unwrap();
    index.run(&IndexRequest::default());
    assert_eq!(file(&index), before);
    let request = RetagRequest { all: true, ..RetagRequest::default() };
    let stop = AtomicBool::new(false);
    pipeline::retag(&index.dir(), &request, &stop, &mut |_| ()).unwrap();
    assert_eq!(file(&index), before);
    let request = SearchRequest { collapse: true, ..every_hit("网格员") };
    let response = index.searcher().search(&request).unwrap();
    assert!(!response.notes.contains(&SearchNote::NotCompared));
    assert_eq!(response.clusters, Some(3));
}

#[test]
fn of_short_texts_only_equal_ones_are_reprints() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().canonicalize().unwrap();
    for (name, text) in [
        ("a.txt", "全县办夜校四十所。"),
        ("b.txt", "全县办夜校，四十所。"),
        ("c.txt", "全县办夜校五十所。"),
    ] {
        write(&dir, name, text);
    }
    let index = TestIndex::of(&[dir]);
    let counts: Vec<u64> =
        collapsed(&index, "夜校").iter().map(|hit| hit.reprints.as_ref().unwrap().count).collect();
    assert_eq!(counts.iter().sum::<u64>(), 1);
    assert_eq!(counts.len(), 2);
}

#[test]
fn an_interrupted_comparison_is_said_and_finished_by_the_next_run() {
    let (folder, complete) = reports();
    let is_comparing: fn(&Event) -> bool = |event| *event == Event::Comparing;
    let is_compared: fn(&Event) -> bool = |event| matches!(event, Event::Compared { .. });
    let is_committed: fn(&Event) -> bool = |event| matches!(event, Event::Committed { .. });
    for stops in [is_comparing, is_compared, is_committed] {
        finished_by_the_next_run(folder.path(), &complete, stops);
    }
}

/// Stops the first run over a folder at an event.
fn finished_by_the_next_run(folder: &Path, complete: &TestIndex, stops: fn(&Event) -> bool) {
    let index = TestIndex::new();
    let request =
        IndexRequest { paths: vec![folder.canonicalize().unwrap()], ..IndexRequest::default() };
    let stop = AtomicBool::new(false);
    let mut stop_at = |event| {
        if stops(&event) {
            stop.store(true, Ordering::Relaxed);
        }
    };
    let summary =
        pipeline::run(&index.dir(), &vocabulary(), &request, &stop, &mut stop_at).unwrap();
    assert!(summary.interrupted);
    let request = SearchRequest { collapse: true, ..every_hit("网格员") };
    let response = index.searcher().search(&request).unwrap();
    // The one in the other script is the same letter by letter.
    assert!(response.notes.contains(&SearchNote::NotCompared));
    assert_eq!(response.clusters, Some(4));
    index.run(&IndexRequest::default());
    assert_eq!(file(&index), file(complete));
    let response = index.searcher().search(&request).unwrap();
    assert!(!response.notes.contains(&SearchNote::NotCompared));
    assert_eq!(response.clusters, Some(3));
}

#[test]
fn a_file_of_reprints_that_is_lost_or_damaged_is_made_again() {
    let (_folder, index) = reports();
    let (before, bytes) = file(&index);
    let path = index.dir().join("index").join(&before);
    let problems = || {
        let problems = fangzhi::index::check(&index.dir(), &vocabulary(), false).unwrap();
        problems.into_iter().map(|problem| problem.code).collect::<Vec<_>>()
    };
    // Searched and shown it is as if it had not been compared.
    let not_compared = || {
        let searcher = index.searcher();
        let request = SearchRequest { collapse: true, ..every_hit("网格员") };
        let response = searcher.search(&request).unwrap();
        assert!(response.notes.contains(&SearchNote::NotCompared) && !searcher.is_compared());
        assert_eq!(response.clusters, Some(4));
        let shown = searcher.by_id(&response.hits[0].id, 1, 0).unwrap();
        assert!(shown[0].reprints.is_some());
        assert_eq!(searcher.search(&every_hit("网格员")).unwrap().total, 5);
    };
    assert_eq!(problems(), [""; 0]);
    fs::write(&path, &bytes[..bytes.len() - 1]).unwrap();
    assert_eq!(problems(), ["reprints"]);
    not_compared();
    // That of another version is whole, and of no use.
    let mut other = bytes[..bytes.len() - 16].to_vec();
    other[7] = 1;
    let checksum = blake3::hash(&other);
    other.extend(&checksum.as_bytes()[..16]);
    fs::write(&path, other).unwrap();
    assert_eq!(problems(), [""; 0]);
    not_compared();
    index.run(&IndexRequest::default());
    assert_eq!(file(&index), (before.clone(), bytes));

    fs::remove_file(&path).unwrap();
    assert_eq!(problems(), ["reprints"]);
    assert_eq!(index.search("网格员").total, 5, "only reprints need the file");
    not_compared();
    index.run(&IndexRequest::default());
    assert_eq!(file(&index).0, before);
}
