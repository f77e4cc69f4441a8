//! Doubtful tags, corrections by hand and `retag`, from outside.

use crate::Ran;
use crate::reports;
use crate::run;
use serde_json::Value;
use std::fs::File;
use std::path::Path;
use std::time::{Duration, SystemTime};

const GRID: &str = "基层治理/网格化管理";

/// A folder with two reports and an index of them.
fn indexed() -> tempfile::TempDir {
    let folder = reports();
    assert_eq!(run(folder.path(), &["index", "reports"]).code, 0);
    folder
}

/// How many paragraphs have a measure.
fn count(folder: &Path, measure: &str) -> u64 {
    let answer = run(folder, &["search", "--measure", measure, "--json"]);
    let answer: Value = serde_json::from_str(&answer.out).unwrap();
    answer["total"].as_u64().unwrap()
}

fn lines(ran: &Ran) -> Vec<Value> {
    ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Asserts that a value is as its schema file says.
#[track_caller]
fn valid(schema: &str, value: &Value) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("index-schema/json");
    let text = std::fs::read_to_string(folder.join(format!("{schema}.schema.json"))).unwrap();
    let validator = jsonschema::validator_for(&serde_json::from_str(&text).unwrap()).unwrap();
    let errors: Vec<_> = validator.iter_errors(value).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?} in {value:#}");
}

#[test]
fn a_tag_is_set_by_place_shown_as_such_and_taken_back() {
    let folder = indexed();
    let dir = folder.path();
    assert_eq!(count(dir, GRID), 1);
    let set = ["tags", "set", "reports/乙.txt:5", "--measure", "网格化管理", "--note", "据原文"];
    let ran = run(dir, &set);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(ran.out.contains("基层治理/网格化管理  set by hand\n"), "{}", ran.out);
    assert_eq!(count(dir, GRID), 2);
    let hit: Value =
        serde_json::from_str(&run(dir, &["show", "reports/乙.txt:5", "--json"]).out).unwrap();
    let evidence = hit["evidence"].as_array().unwrap();
    let by_hand = evidence.iter().find(|evidence| evidence["rule"] == "override").unwrap();
    assert_eq!(by_hand["tag"], GRID);
    let inspected = run(dir, &["inspect", "reports/乙.txt", "--json"]).out;
    assert!(inspected.contains("\"rule\":\"override\""), "{inspected}");
    let stats: Value = serde_json::from_str(&run(dir, &["stats", "--json"]).out).unwrap();
    assert_eq!((&stats["overrides"], &stats["overridden"]), (&1.into(), &1.into()));
    let file = std::fs::read_to_string(dir.join(".fangzhi/schema/overrides.jsonl")).unwrap();
    assert!(file.starts_with(r#"{"report":"reports/乙.txt","text":"城关区"#), "{file}");
    let listed = run(dir, &["tags", "overrides"]);
    valid("override", &lines(&run(dir, &["tags", "overrides", "--json"]))[0]);
    assert!(
        listed.out.contains("reports/乙.txt  by id") && listed.out.contains("(据原文)"),
        "{}",
        listed.out
    );
    let taken = run(dir, &["tags", "unset", "reports/乙.txt:5"]);
    assert_eq!((taken.code, taken.err.as_str()), (0, "corrections taken back: 1\n"));
    assert_eq!(count(dir, GRID), 1);
    assert_eq!(run(dir, &["tags", "unset", "reports/乙.txt:5"]).code, 2);
    assert_eq!(run(dir, &["tags", "overrides"]).err, "no tags were set by hand\n");
}

#[test]
fn several_paragraphs_lose_all_tags_and_keep_none_after_indexing_again() {
    let folder = indexed();
    let dir = folder.path();
    assert_eq!(run(dir, &["search", "网格 | 第一书记", "-n", "9"]).code, 0);
    let ran = run(dir, &["tags", "set", "1", "2", "--none", "--region", "怒江州"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    for _ in 0..2 {
        assert_eq!(count(dir, "基层治理"), 1, "the one of the other report");
        let regions = run(dir, &["search", "--region", "怒江", "-c"]);
        assert!(regions.out.starts_with("2 paragraphs"), "{}{}", regions.out, regions.err);
        let shown = run(dir, &["show", "reports/甲.txt:5"]);
        assert!(shown.out.contains("taken away by hand: 基层治理/网格化管理"), "{}", shown.out);
        assert_eq!(run(dir, &["index", "--reread"]).code, 0);
    }
}

#[test]
fn a_correction_without_its_paragraph_is_listed() {
    let folder = indexed();
    let dir = folder.path();
    run(dir, &["tags", "set", "reports/乙.txt:5", "--measure", GRID]);
    std::fs::write(dir.join("reports/乙.txt"), "拉萨市城关区\n\n开展普法宣传进校园活动。\n")
        .unwrap();
    run(dir, &["index"]);
    let listed = run(dir, &["tags", "overrides", "--unattached", "--json"]);
    let entries = lines(&listed);
    assert_eq!((entries.len(), &entries[0]["attached"]), (1, &Value::Array(Vec::new())));
    assert!(listed.err.contains("corrections that found no paragraph: 1"), "{}", listed.err);
    let id = entries[0]["entry"]["id"].as_str().unwrap().get(..12).unwrap();
    assert_eq!(run(dir, &["tags", "unset", id]).code, 0);
    assert_eq!(run(dir, &["tags", "overrides", "--json"]).out, "");
}

#[test]
fn what_cannot_be_set_is_said_and_changes_nothing() {
    let folder = indexed();
    let dir = folder.path();
    let check = |arguments: &[&str], said: &str| {
        let ran = run(dir, &[&["tags", "set", "reports/甲.txt:5"], arguments].concat());
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments:?}");
        assert!(ran.err.contains(said), "{said:?} is not in {:?}", ran.err);
    };
    check(&[], "nothing to set");
    check(&["--measure", "基层治理"], "基层治理 is a group of measures");
    check(&["--measure", "网格"], "did you mean");
    check(&["--region", "朝阳区"], "several regions are called 朝阳区");
    check(&["--measure", GRID, "--not-measure", "基层治理"], "both given and taken away");
    assert!(!dir.join(".fangzhi/schema").exists());
}

#[test]
fn an_index_that_may_vanish_takes_no_corrections() {
    let folder = reports();
    let dir = folder.path();
    assert_eq!(run(dir, &["search", "网格员", "reports"]).code, 0);
    let ran = run(dir, &["tags", "set", "1", "--none"]);
    assert_eq!(ran.code, 2, "{}", ran.out);
    assert!(ran.err.contains("an index in the cache folder"), "{}", ran.err);
}

#[test]
fn doubtful_measures_have_score_threshold_and_words() {
    let folder = indexed();
    let dir = folder.path();
    let ran = run(dir, &["tags", "--doubtful", "--json"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let answer: Value = serde_json::from_str(&ran.out).unwrap();
    let doubts = answer["doubts"].as_array().unwrap();
    valid("doubtful", &answer);
    assert_eq!(answer["total"], doubts.len());
    assert!(!doubts.is_empty());
    let mut last = 0.0;
    for doubt in doubts {
        let (score, threshold) =
            (doubt["score"].as_f64().unwrap(), doubt["threshold"].as_f64().unwrap());
        let distance = (score / threshold).ln().abs();
        assert!(distance >= last - 1e-6 && distance <= 0.7);
        last = distance;
        assert_eq!(doubt["given"], score >= threshold, "{doubt}");
        assert!(!doubt["words"].as_array().unwrap().is_empty());
        assert!(doubt["hit"]["highlights"].as_array().is_some_and(|marks| !marks.is_empty()));
    }
    // What somebody decided is not in doubt.
    let (id, measure) = (&doubts[0]["hit"]["id"], &doubts[0]["measure"]);
    let set = ["tags", "set", id.as_str().unwrap(), "--not-measure", measure.as_str().unwrap()];
    assert_eq!(run(dir, &set).code, 0);
    let again: Value =
        serde_json::from_str(&run(dir, &["tags", "--doubtful", "--json"]).out).unwrap();
    assert_eq!(again["total"].as_u64().unwrap() + 1, answer["total"].as_u64().unwrap());
    let one = run(dir, &["tags", "--doubtful", "-n", "1"]);
    assert!(one.err.contains(&format!("1 of {} doubtful tags", again["total"])), "{}", one.err);
    let none = run(dir, &["tags", "--doubtful", "-r", "怒江"]);
    assert_eq!(none.out, "");
    assert!(none.err.ends_with("nothing is doubtful here\n"), "{}", none.err);
    assert!(none.err.contains("leaves no paragraph"), "{}", none.err);
}

#[test]
fn a_name_that_nothing_decides_is_doubtful_with_its_bearers() {
    let folder = indexed();
    let dir = folder.path();
    std::fs::write(dir.join("reports/丙.txt"), "朝阳区开展垃圾分类，发放宣传册3000份。\n").unwrap();
    run(dir, &["index"]);
    let ran = run(dir, &["tags", "--doubtful=regions", "--json"]);
    let answer: Value = serde_json::from_str(&ran.out).unwrap();
    valid("doubtful", &answer);
    assert_eq!(answer["total"], 1, "{}", ran.out);
    let doubt = &answer["doubts"][0];
    assert_eq!(doubt["words"][0], "朝阳区");
    let candidates: Vec<&str> =
        doubt["candidates"].as_array().unwrap().iter().map(|path| path.as_str().unwrap()).collect();
    assert!(candidates.contains(&"北京市/朝阳区") && candidates.len() > 1, "{candidates:?}");
}

#[test]
fn changed_vocabularies_are_said_tried_and_applied_without_the_files() {
    let folder = indexed();
    let dir = folder.path();
    let schema = dir.join(".fangzhi/schema");
    std::fs::create_dir_all(&schema).unwrap();
    let measure = "[[measure]]\npath = \"产业与振兴/葡萄\"\nenglish = \"Grapes\"\ncovers = \"grapes\"\nthreshold = 0.3\nstrong = [\"葡萄产业\"]\n";
    std::fs::write(schema.join("measures.toml"), measure).unwrap();
    let searched = run(dir, &["search", "葡萄"]);
    assert!(searched.err.contains("`fangzhi retag` renews it"), "{}", searched.err);
    std::fs::remove_dir_all(dir.join("reports")).unwrap();
    let planned = run(dir, &["retag", "--dry-run", "--json"]);
    let planned: Value = serde_json::from_str(&planned.out).unwrap();
    valid("retag", &planned);
    assert_eq!((&planned["changed"], &planned["dry_run"]), (&1.into(), &true.into()));
    assert_eq!(planned["measures"][0]["path"], "产业与振兴/葡萄");
    assert_eq!(count(dir, "产业与振兴/葡萄"), 0);
    let done = run(dir, &["retag"]);
    assert_eq!(done.code, 0, "{}", done.err);
    assert!(done.out.starts_with("1 of "), "{}", done.out);
    assert_eq!(count(dir, "产业与振兴/葡萄"), 1);
    assert_eq!(run(dir, &["check"]).code, 0);
    assert_eq!(run(dir, &["retag"]).out, "all tags are of these vocabularies\n");
}

#[test]
fn schema_check_names_every_fault_of_every_file() {
    let folder = indexed();
    let dir = folder.path();
    let schema = dir.join(".fangzhi/schema");
    std::fs::create_dir_all(&schema).unwrap();
    std::fs::write(schema.join("synonyms.txt"), "网格员\n甲 = 乙\n=\n").unwrap();
    std::fs::write(schema.join("overrides.jsonl"), "{}\nnot json\n").unwrap();
    let ran = run(dir, &["schema", "check"]);
    assert_eq!(ran.code, 2);
    for place in [
        "synonyms.txt:1: ",
        "synonyms.txt:3: ",
        "overrides.jsonl:1: ",
        "overrides.jsonl:2: not json",
    ] {
        assert!(ran.out.contains(place), "{place} is not in {}", ran.out);
    }
    assert!(ran.err.contains("faults found: 4"), "{}", ran.err);
}

#[test]
fn tags_without_anything_to_do_shows_help_or_says_what_is_missing() {
    let folder = reports();
    let ran = run(folder.path(), &["tags"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("fangzhi tags --doubtful"), "{}", ran.err);
    let ran = run(folder.path(), &["tags", "网格"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("missing: --doubtful"), "{}", ran.err);
}

#[test]
fn a_rank_of_a_search_in_another_index_is_refused() {
    let folder = indexed();
    let dir = folder.path();
    assert_eq!(run(dir, &["search", "网格", "-n", "1"]).code, 0);
    assert_eq!(run(dir, &["--index", "other", "index", "reports"]).code, 0);
    for args in [vec!["tags", "set", "1", "--none"], vec!["show", "1"]] {
        let ran = run(dir, &[vec!["--index", "other"], args.clone()].concat());
        assert_eq!(ran.code, 2, "{args:?}: {}", ran.out);
        assert!(ran.err.contains("the last search was in"), "{}", ran.err);
    }
    assert!(!dir.join(".fangzhi/schema").exists());
    assert_eq!(run(dir, &["show", "1"]).code, 0);
}

/// What a run said is a note or a hint, not an error.
#[track_caller]
fn noted(ran: &Ran, said: &str) {
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(
        ran.err.contains(said) && ran.err.starts_with("note: "),
        "{said} is not in {}",
        ran.err
    );
}

#[test]
fn a_bad_line_of_corrections_is_told_where_nothing_is_written_and_refused_elsewhere() {
    let folder = indexed();
    let dir = folder.path();
    assert_eq!(run(dir, &["tags", "set", "reports/乙.txt:5", "--measure", GRID]).code, 0);
    let file = dir.join(".fangzhi/schema/overrides.jsonl");
    let good = std::fs::read_to_string(&file).unwrap();
    let bad = good.replace(GRID, "基层治理/没有").replace("\"id\":\"", "\"id\":\"0000");
    let id = bad.split_once("\"id\":\"").unwrap().1.get(..36).unwrap();
    let bad = bad.replace(id, id.get(..32).unwrap());
    std::fs::write(&file, format!("{good}{bad}not json\n")).unwrap();
    let said = "schema folder that cannot be used: 2; the first: ";
    for arguments in [
        vec!["search", "网格"],
        vec!["show", "reports/甲.txt:5"],
        vec!["stats"],
        vec!["check"],
        vec!["inspect", "reports/甲.txt"],
        vec!["tags", "--doubtful"],
        vec!["tags", "overrides"],
        vec!["schema", "show", "大理"],
    ] {
        let ran = run(dir, &arguments);
        noted(&ran, said);
        assert!(ran.err.contains("overrides.jsonl:2: 基层治理/没有: no measure"), "{}", ran.err);
    }
    for arguments in
        [vec!["index"], vec!["retag"], vec!["tags", "set", "reports/甲.txt:5", "--measure", GRID]]
    {
        let ran = run(dir, &arguments);
        assert_eq!(ran.code, 2, "{arguments:?}: {}", ran.out);
        assert!(ran.err.contains("error: "), "{}", ran.err);
        assert!(ran.err.contains("overrides.jsonl:2: 基层治理/没有: no measure"), "{}", ran.err);
    }
    assert_eq!(run(dir, &["tags", "unset", id.get(..12).unwrap()]).code, 0);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), format!("{good}not json\n"));
    assert_eq!(run(dir, &["tags", "unset", "reports/乙.txt:5"]).code, 0);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "not json\n");
    assert!(!run(dir, &["tags", "overrides"]).err.contains("no tags were set by hand"));
}

#[test]
fn a_line_number_of_a_file_that_changed_names_no_paragraph_to_correct() {
    let folder = indexed();
    let dir = folder.path();
    let id = run(dir, &["show", "reports/乙.txt:5", "--json"]).out;
    let id: Value = serde_json::from_str(&id).unwrap();
    let text = std::fs::read_to_string(dir.join("reports/乙.txt")).unwrap();
    std::fs::write(dir.join("reports/乙.txt"), format!("西藏要闻\n\n{text}")).unwrap();
    let ran = run(dir, &["tags", "set", "reports/乙.txt:5", "--measure", GRID]);
    assert_eq!(ran.code, 2, "{}", ran.out);
    assert!(ran.err.contains("乙.txt: not as it was when it was indexed"), "{}", ran.err);
    let set = ["tags", "set", id["id"].as_str().unwrap(), "--measure", GRID];
    assert_eq!(run(dir, &set).code, 0);
}

#[test]
fn a_correction_whose_file_moved_shows_where_it_is_and_one_that_lost_its_paragraph_is_told() {
    let folder = indexed();
    let dir = folder.path();
    run(dir, &["tags", "set", "reports/乙.txt:5", "--measure", GRID]);
    std::fs::rename(dir.join("reports/乙.txt"), dir.join("reports/丙.txt")).unwrap();
    assert_eq!(run(dir, &["index"]).err, "");
    let listed = run(dir, &["tags", "overrides"]);
    assert!(listed.out.contains("reports/乙.txt → reports/丙.txt  by id"), "{}", listed.out);
    let entry = &lines(&run(dir, &["tags", "overrides", "--json"]))[0];
    valid("override", entry);
    assert_eq!(entry["moved_to"], serde_json::json!(["reports/丙.txt"]));
    std::fs::write(dir.join("reports/丙.txt"), "拉萨市城关区\n\n开展普法宣传。\n").unwrap();
    let ran = run(dir, &["index"]);
    assert!(ran.err.contains("corrections that found no paragraph: 1"), "{}", ran.err);
}

#[test]
fn schema_check_knows_a_table_without_names_of_columns_and_files_that_nobody_reads() {
    let folder = indexed();
    let dir = folder.path();
    let schema = dir.join(".fangzhi/schema");
    std::fs::create_dir_all(&schema).unwrap();
    std::fs::write(schema.join("divisions.csv"), "533499,虚构县,county,533400,虚构,\n").unwrap();
    std::fs::write(schema.join("measure.toml"), "").unwrap();
    std::fs::write(schema.join(".hidden"), "").unwrap();
    let ran = run(dir, &["schema", "check"]);
    assert_eq!(ran.code, 2);
    assert!(ran.out.contains("divisions.csv:1: 533499,虚构县"), "{}", ran.out);
    assert!(ran.out.contains("the first line names the columns: code,name,"), "{}", ran.out);
    assert!(ran.err.contains("note: not looked at: measure.toml; the files"), "{}", ran.err);
    assert!(ran.err.contains("faults found: 1"), "{}", ran.err);
    let chinese = run(dir, &["--lang", "zh", "schema", "check"]);
    assert!(chinese.out.contains("首行应为列名：code,name,"), "{}", chinese.out);
}

#[test]
fn faults_are_told_in_plain_words() {
    let folder = indexed();
    let dir = folder.path();
    let schema = dir.join(".fangzhi/schema");
    std::fs::create_dir_all(&schema).unwrap();
    let said = |file: &str, text: &str, english: &str, chinese: &str| {
        std::fs::write(schema.join(file), text).unwrap();
        for (arguments, said) in
            [(vec!["schema", "check"], english), (vec!["--lang", "zh", "schema", "check"], chinese)]
        {
            let ran = run(dir, &arguments);
            assert!(ran.out.contains(said), "{said} is not in {}", ran.out);
        }
        std::fs::remove_file(schema.join(file)).unwrap();
    };
    said("overrides.jsonl", "2\n", "expected an object", "类型不对");
    said(
        "overrides.jsonl",
        "{}\n",
        "missing field `report`, at byte 2",
        "缺字段 `report`，在第 2 字节",
    );
    let header = "code,name,level,parent\n";
    let row = format!("{header}533499,虚构县\n");
    said("divisions.csv", &row, ": 2 fields, where the first line has 4", "有 2 栏，首行有 4 栏");
    let row = "code,name,level\n533499,虚构县,county\n";
    said("divisions.csv", row, "虚构县,county: missing field `parent`\n", "缺字段 `parent`\n");
}

#[test]
fn notes_on_the_query_of_doubtful_tags_are_told() {
    let folder = indexed();
    let dir = folder.path();
    let ran = run(dir, &["tags", "--doubtful", "\"网格"]);
    assert!(ran.err.contains("a quote or parenthesis is not closed"), "{}", ran.err);
}

#[test]
fn tags_wait_for_texts_to_be_cut_by_new_words() {
    let folder = indexed();
    let dir = folder.path();
    let schema = dir.join(".fangzhi/schema");
    std::fs::create_dir_all(&schema).unwrap();
    std::fs::write(schema.join("words.txt"), "院坝会\n").unwrap();
    let set = ["tags", "set", "reports/乙.txt:5", "--measure", "网格化管理"];
    for (lang, said) in
        [("en", "`fangzhi index` reads everything again"), ("zh", "会重新读取全部文件")]
    {
        for args in [&["retag"][..], &set] {
            let ran = run(dir, &[&["--lang", lang], args].concat());
            assert!(ran.code == 2 && ran.err.contains(said), "{}", ran.err);
        }
    }
    assert_eq!(run(dir, &["index"]).code, 0);
    assert_eq!(run(dir, &set).code, 0);
}

#[test]
fn a_paragraph_is_shown_without_what_comparing_found() {
    let folder = indexed();
    let dir = folder.path();
    let show = ["show", "reports/乙.txt:5", "--json"];
    let whole = run(dir, &show);
    assert_eq!((whole.code, whole.err.as_str()), (0, ""));
    for entry in std::fs::read_dir(dir.join(".fangzhi/index")).unwrap() {
        let path = entry.unwrap().path();
        if path.to_string_lossy().contains("reprints-") {
            std::fs::remove_file(path).unwrap();
        }
    }
    let ran = run(dir, &show);
    assert_eq!((ran.code, &ran.out), (0, &whole.out));
    assert!(ran.err.contains("not compared for reprints"), "{}", ran.err);
}

#[test]
fn newer_corrections_that_say_the_same_are_told_until_they_were_applied() {
    let folder = indexed();
    let dir = folder.path();
    run(dir, &["tags", "set", "reports/乙.txt:5", "--measure", "网格化管理"]);
    let file = dir.join(".fangzhi/schema/overrides.jsonl");
    let touch = |seconds: u64| {
        let time = SystemTime::now() + Duration::from_secs(seconds);
        File::options().append(true).open(&file).unwrap().set_modified(time).unwrap();
    };
    let told =
        || run(dir, &["search", "网格"]).err.contains("overrides.jsonl changed after this index");
    touch(60);
    assert!(told());
    run(dir, &["retag", "--dry-run"]);
    assert!(told());
    run(dir, &["retag"]);
    assert!(!told());
    touch(120);
    assert!(!told());
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("乙", "丙")).unwrap();
    touch(180);
    assert!(told());
}
