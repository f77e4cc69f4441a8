//! The main job from outside: index, search, show, and what each leaves behind.

use crate::fangzhi;
use crate::ran;
use crate::reports;
use crate::run;
use serde_json::Value;

#[test]
fn index_then_search_then_show() {
    let folder = reports();
    let indexed = run(folder.path(), &["index", "reports"]);
    assert_eq!(indexed.code, 0, "{}", indexed.err);
    assert!(indexed.out.contains("2 files added"), "{}", indexed.out);
    let found = run(folder.path(), &["search", "网格员"]);
    assert_eq!(found.code, 0, "{}", found.err);
    assert!(found.out.starts_with("1 paragraph · 1 article"), "{}", found.out);
    assert!(found.out.contains("reports/甲.txt:5"), "{}", found.out);
    for target in ["1", "#1", "reports/甲.txt:5"] {
        let shown = run(folder.path(), &["show", target]);
        assert_eq!(shown.code, 0, "{}", shown.err);
        assert!(shown.out.contains("每个网格配一名网格员"), "{}", shown.out);
    }
}

#[test]
fn a_folder_is_searched_without_an_index_of_its_own() {
    let folder = reports();
    let found = run(folder.path(), &["search", "第一书记", "reports", "--count"]);
    assert_eq!((found.code, found.out.as_str()), (0, "1 paragraph · 1 article\n"), "{}", found.err);
    assert!(found.err.contains("note: index: "), "{}", found.err);
    assert!(!folder.path().join(".fangzhi").exists());
    assert_eq!(run(folder.path(), &["cache", "list"]).out.lines().count(), 1);
    assert_eq!(run(folder.path(), &["cache", "clear"]).code, 0);
    assert_eq!(run(folder.path(), &["cache", "list"]).out, "");
}

#[test]
fn an_index_that_covers_the_path_is_filtered_to_it() {
    let folder = reports();
    run(folder.path(), &["index", "reports"]);
    let all = run(folder.path(), &["search", "网格 | 便民服务", "-l", "--match", "all"]);
    assert_eq!(all.out.lines().count(), 2, "{}", all.out);
    let one = run(folder.path(), &["search", "网格 | 便民服务", "-l", "reports/乙.txt"]);
    assert_eq!((one.code, one.out.as_str()), (0, "reports/乙.txt\n"));
    assert!(!folder.path().join("cache").join("last.json").exists());
}

#[test]
fn nothing_found_is_one_and_says_why() {
    let folder = reports();
    run(folder.path(), &["index", "reports"]);
    let found = run(folder.path(), &["search", "网格员", "海洋牧场", "--lang", "zh"]);
    assert_eq!(found.code, 1);
    assert!(found.out.starts_with("0 段 · 0 篇"), "{}", found.out);
    assert!(found.out.contains("近似结果"), "{}", found.out);
    assert!(
        found.err.contains("没有找到") && found.err.contains("海洋牧场：没有任何段落含有"),
        "{}",
        found.err
    );
}

#[test]
fn a_word_after_a_hyphen_is_excluded() {
    let folder = reports();
    run(folder.path(), &["index", "reports"]);
    let found = run(folder.path(), &["search", "网格", "-网格员", "-l"]);
    assert_eq!((found.code, found.out.as_str()), (0, "reports/甲.txt\n"), "{}", found.err);
    let shell_safe = run(folder.path(), &["search", "第一书记", "--not", "驻村"]);
    assert_eq!(shell_safe.code, 1);
}

#[test]
fn json_is_one_object_and_jsonl_one_a_line() {
    let folder = reports();
    run(folder.path(), &["index", "reports"]);
    let answer: Value =
        serde_json::from_str(&run(folder.path(), &["search", "网格", "--json"]).out).unwrap();
    assert_eq!(
        (&answer["schema"], &answer["match"], &answer["relaxed"]),
        (&1.into(), &"all".into(), &Value::Null)
    );
    assert_eq!(answer["hits"].as_array().unwrap().len(), 2);
    let lines = run(folder.path(), &["search", "网格", "--jsonl"]).out;
    assert_eq!(lines.lines().filter(|line| serde_json::from_str::<Value>(line).is_ok()).count(), 2);
    let table = run(folder.path(), &["search", "网格", "--csv"]).out;
    assert!(table.starts_with("\u{feff}id,regions,measures,"), "{table}");
}

#[test]
fn figures_filter_and_sort_and_stand_in_json() {
    let folder = reports();
    run(folder.path(), &["index", "reports"]);
    let found = run(
        folder.path(),
        &["search", "--figure", "人次", "--min", "1万", "--max", "10万", "--json"],
    );
    assert_eq!(found.code, 0, "{}", found.err);
    let answer: Value = serde_json::from_str(&found.out).unwrap();
    assert_eq!(answer["total"], 1);
    let figure = &answer["hits"][0]["figures"][1];
    assert_eq!(figure["as_written"], "9.73万人次");
    assert_eq!((&figure["value"], &figure["unit"]), (&Value::from(97_300), &Value::from("人次")));
    let sorted = run(folder.path(), &["search", "--figure", "个", "--sort", "figure", "-l"]);
    assert_eq!(sorted.out, "reports/甲.txt\nreports/乙.txt\n", "{}", sorted.err);
    for (arguments, said) in [
        (["--min", "3", "--lang", "en"], "--min: say which figure is meant"),
        (["--sort", "figure", "--lang", "en"], "--sort figure: say which figure is meant"),
    ] {
        let failed = run(folder.path(), &[&["search", "网格"][..], &arguments].concat());
        assert_eq!(failed.code, 2);
        assert!(failed.err.contains(said), "{}", failed.err);
    }
    for (min, said) in [("许多", "许多 is not a number"), ("5亩", "5亩 is not counted in 人次")]
    {
        let failed = run(folder.path(), &["search", "--figure", "人次", "--min", min]);
        assert_eq!(failed.code, 2);
        assert!(failed.err.contains(said), "{}", failed.err);
    }
}

#[test]
fn a_batch_answers_each_line_of_standard_input() {
    let folder = reports();
    run(folder.path(), &["index", "reports"]);
    let too_long = "网".repeat(5000);
    let queries = format!("网格员\n\n海洋牧场\n{too_long}\n第一书记\n");
    let answered =
        ran(fangzhi(folder.path()).args(["search", "--batch", "-"]).write_stdin(queries.clone()));
    let totals: Vec<_> = answered.out.lines().filter_map(|line| line.split('\t').nth(1)).collect();
    assert_eq!((answered.code, totals), (2, vec!["1", "0", "1"]), "{}", answered.err);
    let answered =
        ran(fangzhi(folder.path()).args(["search", "--batch", "-", "--json"]).write_stdin(queries));
    assert_eq!(
        answered.out.lines().filter(|line| serde_json::from_str::<Value>(line).is_ok()).count(),
        4
    );
}

#[test]
fn ambiguous_and_unknown_regions_are_errors_with_candidates() {
    let folder = reports();
    run(folder.path(), &["index", "reports"]);
    let ambiguous = run(folder.path(), &["search", "网格", "--region", "朝阳区"]);
    assert_eq!(ambiguous.code, 2);
    assert!(
        ambiguous.err.contains("110105") && ambiguous.err.contains("220104"),
        "{}",
        ambiguous.err
    );
    let unknown = run(folder.path(), &["search", "网格", "--region", "虚构市"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.err.contains("no region is called 虚构市"), "{}", unknown.err);
}

#[test]
fn a_short_name_that_was_also_that_of_the_division_above_says_so() {
    let folder = reports();
    run(folder.path(), &["index", "reports"]);
    let said = |name| run(folder.path(), &["search", "网格", "--region", name, "--count"]).err;
    let above = "not as 甘肃省/陇南市, which was called 武都地区 until";
    for name in ["武都", " 武都"] {
        let said = said(name);
        assert!(said.contains("taken as 甘肃省/陇南市/武都区") && said.contains(above), "{said}");
    }
    // Nobody asks for the division above by the name in full, and 宾川 was never above itself.
    for name in ["武都区", "宾川"] {
        let said = said(name);
        assert!(!said.contains("which was called"), "{said}");
    }
}

#[test]
fn an_area_that_is_part_of_a_division_does_not_stand_for_the_whole() {
    let folder = reports();
    let text =
        "石家庄市修水渠\n\n2024年3月2日\n\n石家庄市修好了水渠。\n\n雄安新区的水渠也修好了。\n";
    std::fs::write(folder.path().join("reports/丙.txt"), text).unwrap();
    run(folder.path(), &["index", "reports"]);
    let count = |arguments: &[&str]| {
        let arguments = [&["search", "--count"], arguments].concat();
        let ran = run(folder.path(), &arguments);
        (ran.out.trim().to_owned(), ran.err)
    };
    let named = count(&["雄安", "水渠"]).0;
    assert!(named.starts_with("1 paragraph"), "{named}");
    let whole = "雄安新区 is a part of 河北省, and the whole was taken";
    for asked in [&["水渠", "--region", "雄安新区"], &["水渠", "地区:雄安新区"][..]] {
        let (found, said) = count(asked);
        assert!(found.starts_with("3 paragraphs") && said.contains(whole), "{found} {said}");
    }
    assert!(!count(&["水渠", "--region", "河北"]).1.contains("part of"));
}

#[test]
fn options_say_how_several_are_asked_for_and_know_english_names() {
    let folder = reports();
    run(folder.path(), &["index", "reports"]);
    let several = run(folder.path(), &["search", "网格", "--region", "云南、西藏"]);
    assert!(several.err.contains("--region 云南 --region 西藏"), "{}", several.err);
    let english =
        run(folder.path(), &["search", "网格", "--measure", "grid management", "--count"]);
    assert_eq!(english.code, 0, "{}", english.err);
}

#[cfg(unix)]
#[test]
fn an_index_is_open_to_all_who_may_look_into_its_folder() {
    use std::os::unix::fs::PermissionsExt;
    let folder = reports();
    let index = folder.path().join(".fangzhi/index");
    for open in [0o755, 0o750] {
        run(folder.path(), &["index", "reports"]);
        std::fs::set_permissions(&index, std::fs::Permissions::from_mode(open)).unwrap();
        std::fs::write(folder.path().join(format!("reports/{open}.txt")), "村里修好了水渠。")
            .unwrap();
        run(folder.path(), &["index"]);
        for name in ["meta.json", ".meta.copy", ".managed.json"] {
            let mode = std::fs::metadata(index.join(name)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, open & 0o666, "{name}");
        }
    }
}

#[test]
fn a_folder_called_as_a_division_is_told_when_it_is_searched() {
    let folder = reports();
    std::fs::rename(folder.path().join("reports"), folder.path().join("云南")).unwrap();
    run(folder.path(), &["index", "云南"]);
    let below = run(folder.path(), &["search", "网格", "云南"]);
    assert!(below.err.contains("searched below 云南, a folder here"), "{}", below.err);
    std::fs::rename(folder.path().join("云南"), folder.path().join("村里")).unwrap();
    run(folder.path(), &["index", "村里"]);
    let below = run(folder.path(), &["search", "网格", "村里"]);
    assert!(!below.err.contains("searched below"), "{}", below.err);
}

#[test]
fn a_group_of_measures_is_a_value_of_the_field() {
    let folder = reports();
    run(folder.path(), &["index", "reports"]);
    let count =
        |arguments: &[&str]| run(folder.path(), &[&["search", "--count"], arguments].concat()).out;
    let by_option = count(&["大理州", "-m", "基层治理"]);
    assert!(by_option.starts_with(['1', '2']), "{by_option}");
    assert_eq!(count(&["大理州", "举措:基层治理"]), by_option);
    // The option and the field only: the words by themselves are text.
    assert!(count(&["大理州", "基层治理"]).starts_with("0 "));
}

#[test]
fn a_report_to_standard_output_is_refused() {
    let folder = reports();
    let refused = run(folder.path(), &["index", "reports", "--report", "-"]);
    assert!(refused.code == 2 && refused.err.contains("- is no file"), "{}", refused.err);
    assert!(!folder.path().join("-").exists());
}

#[test]
fn a_place_without_a_paragraph_names_the_nearest() {
    let folder = reports();
    run(folder.path(), &["index", "reports"]);
    let nearest = run(folder.path(), &["show", "reports/甲.txt:6"]);
    assert!(nearest.err.contains("'reports/甲.txt:5', 'reports/甲.txt:7'"), "{}", nearest.err);
    let last = run(folder.path(), &["show", "reports/甲.txt:500"]);
    assert!(last.err.contains("the nearest: 'reports/甲.txt:7'\n"), "{}", last.err);
    let other = run(folder.path(), &["show", "reports/丁.txt:5"]);
    assert!(other.err.contains("the index holds no paragraph of it"), "{}", other.err);
}

#[test]
fn a_town_or_village_of_the_index_is_listed_with_its_path() {
    let folder = reports();
    let text = "阿里地区修水渠\n\n2024年3月2日\n\n噶尔县狮泉河镇加木村修好了水渠。\n";
    std::fs::write(folder.path().join("reports/丙.txt"), text).unwrap();
    run(folder.path(), &["index", "reports"]);
    let path = "西藏自治区/阿里地区/噶尔县/狮泉河镇";
    for (name, listed) in [("狮泉河镇", path.to_owned()), ("加木村", format!("{path}/加木村"))]
    {
        let found = run(folder.path(), &["search", "水渠", "--region", name]);
        assert_eq!(found.code, 2);
        assert!(found.err.contains(&listed) && found.err.contains("1 paragraph"), "{}", found.err);
        let found = run(folder.path(), &["search", "水渠", "--region", &listed, "--count"]);
        assert_eq!(found.code, 0, "{}", found.err);
    }
    let none = run(folder.path(), &["search", "水渠", "--region", "虚构村"]);
    assert!(none.err.contains("no region is called 虚构村"), "{}", none.err);
    let several = run(folder.path(), &["search", "地区:朝阳区"]);
    assert!(several.err.contains("several regions are called so"), "{}", several.err);
}

#[test]
fn a_missing_or_empty_root_is_two_and_removes_nothing() {
    let folder = reports();
    run(folder.path(), &["index", "reports"]);
    std::fs::create_dir(folder.path().join("empty")).unwrap();
    for root in ["nosuch", "empty"] {
        let indexed = run(folder.path(), &["index", root]);
        assert_eq!(indexed.code, 2, "{}", indexed.err);
        assert!(indexed.err.contains("nothing below it was removed"), "{}", indexed.err);
    }
    assert_eq!(
        run(folder.path(), &["search", "网格员", "--count"]).out,
        "1 paragraph · 1 article\n"
    );
}

#[test]
fn a_binary_file_is_listed_with_a_hint_and_stops_nothing() {
    let folder = reports();
    std::fs::write(folder.path().join("reports/图.txt"), b"\x01\x02 no text \0\0\x03\x04").unwrap();
    let indexed = run(folder.path(), &["index", "reports"]);
    assert_eq!(indexed.code, 0, "{}", indexed.err);
    assert!(
        indexed.err.contains("图.txt") && indexed.err.contains("hint: skip it with --exclude"),
        "{}",
        indexed.err
    );
    assert!(indexed.out.contains("failed: 1 file"), "{}", indexed.out);
}

#[test]
fn index_events_end_with_the_summary() {
    let folder = reports();
    let out = run(folder.path(), &["index", "reports", "--json"]).out;
    let events: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(events.first().map(|event| event["event"].clone()), Some("found".into()));
    let last = events.last().unwrap();
    assert_eq!(
        (&last["event"], &last["added"], &last["failed"]),
        (&"summary".into(), &2.into(), &Value::Array(vec![]))
    );
}

#[test]
fn inspect_shows_encoding_articles_and_tags() {
    let folder = reports();
    let shown = run(folder.path(), &["inspect", "reports/甲.txt", "--lang", "zh"]);
    assert_eq!(shown.code, 0, "{}", shown.err);
    assert!(shown.out.contains("编码 UTF-8") && shown.out.contains("第 1 篇"), "{}", shown.out);
    let lines = run(folder.path(), &["inspect", "reports/甲.txt", "--json"]).out;
    let first: Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    assert_eq!((&first["kind"], &first["encoding"]), (&"document".into(), &"UTF-8".into()));
    let wrong = run(folder.path(), &["inspect", "reports/甲.txt", "--encoding", "klingon"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.contains("--encoding: ") && wrong.err.contains("gb18030"), "{}", wrong.err);
}

#[test]
fn schema_is_exported_once_and_checked() {
    let folder = reports();
    run(folder.path(), &["index", "reports"]);
    let exported = run(folder.path(), &["schema", "export"]);
    assert_eq!(exported.code, 0, "{}", exported.err);
    assert!(folder.path().join(".fangzhi/schema/measures.toml").is_file());
    assert_eq!(run(folder.path(), &["schema", "export"]).code, 2);
    assert_eq!(run(folder.path(), &["schema", "check"]).code, 0);
    std::fs::write(
        folder.path().join(".fangzhi/schema/measures.toml"),
        "[[measure]]\npath = \"甲/乙\"\nbold = 1\n",
    )
    .unwrap();
    let checked = run(folder.path(), &["schema", "check"]);
    assert_eq!(checked.code, 2);
    assert!(checked.out.contains("measures.toml:"), "{}", checked.out);
}

#[test]
fn eval_and_bench_print_their_figures() {
    let folder = reports();
    std::fs::write(
        folder.path().join("passages.jsonl"),
        "{\"id\":\"p#1\",\"text\":\"大理州推行网格化管理，配备网格员。\"}\n{\"id\":\"p2\",\"text\":\"城关区建立便民服务站。\"}\n",
    )
    .unwrap();
    std::fs::write(
        folder.path().join("queries.jsonl"),
        "{\"id\":\"q1\",\"text\":\"网格员\",\"relevant\":[\"p#1\"]}\n",
    )
    .unwrap();
    let measured =
        run(folder.path(), &["eval", "passages.jsonl", "queries.jsonl", "--run", "run.jsonl"]);
    assert_eq!(measured.code, 0, "{}", measured.err);
    assert!(measured.out.contains("nDCG@10         1.0000"), "{}", measured.out);
    assert!(std::fs::read_to_string(folder.path().join("run.jsonl")).unwrap().contains("\"p#1\""));
    assert!(!measured.err.contains("relevant ids"), "{}", measured.err);
    run(folder.path(), &["index", "reports"]);
    let measured = run(folder.path(), &["bench", "--queries", "3"]);
    assert_eq!(measured.code, 0, "{}", measured.err);
    assert_eq!(measured.out.lines().count(), 7, "{}", measured.out);
}

#[test]
fn eval_says_which_relevant_ids_no_passage_has() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    // No query finds the second, whose id is as addresses of pages are.
    write(
        "passages.jsonl",
        "{\"id\":\"p1\",\"text\":\"山村修好了水渠。\"}\n{\"id\":\"http://b.example//2/\",\"text\":\"小镇办起夜校。\"}\n",
    );
    write(
        "queries.jsonl",
        "{\"id\":\"q1\",\"text\":\"水渠\",\"relevant\":[\"p1\",\"p7\",\"http://b.example//2/\"]}\n{\"id\":\"q2\",\"text\":\"水渠\",\"relevant\":[\"p7\"]}\n",
    );
    let measured = run(folder.path(), &["eval", "passages.jsonl", "queries.jsonl"]);
    assert_eq!(measured.code, 0, "{}", measured.err);
    assert!(
        measured.err.contains("relevant ids that no passage has: 1, the first p7"),
        "{}",
        measured.err
    );
}

#[test]
fn runs_of_eval_and_bench_are_compared_with_earlier_ones() {
    let folder = reports();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write(
        "passages.jsonl",
        "{\"id\":\"p1\",\"text\":\"大理州推行网格化管理。\"}\n{\"id\":\"p2\",\"text\":\"城关区建立便民服务站。\"}\n",
    );
    write("queries.jsonl", "{\"id\":\"q1\",\"text\":\"网格\",\"relevant\":[\"p1\"]}\n");
    write("none.jsonl", "{\"qid\":\"q1\",\"ids\":[],\"ms\":1.0}\n");
    let eval = ["eval", "passages.jsonl", "queries.jsonl", "--compare", "none.jsonl"];
    let compared = run(folder.path(), &eval);
    assert_eq!(compared.code, 0, "{}", compared.err);
    assert!(compared.out.contains("+1.0000 (+1.0000 to +1.0000), 1 queries"), "{}", compared.out);
    run(folder.path(), &["index", "reports"]);
    let bench = |more: &[&str]| {
        run(folder.path(), &[&["bench", "--queries", "3", "--threads", "2"], more].concat())
    };
    assert_eq!(bench(&["--run", "before.jsonl"]).code, 0);
    let compared = bench(&["--compare", "before.jsonl", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&compared.out).unwrap();
    for class in json["classes"].as_array().unwrap() {
        assert_eq!(
            (&class["compared"]["queries"], &class["compared"]["other_hits"]),
            (&3.into(), &0.into())
        );
        assert_eq!(class["cold"]["queries"], 3);
    }
    let other = bench(&["--seed", "2", "--compare", "none.jsonl"]);
    assert_eq!(other.code, 2, "{}", other.out);
    let bench = ["bench", "--queries", "4", "--compare", "before.jsonl"];
    let compared = run(folder.path(), &bench);
    assert_eq!(compared.code, 0, "{}", compared.err);
    for said in ["another number of threads", "the 18 of 24 queries", "of fewer than 30 queries"] {
        assert!(compared.err.contains(said), "{}", compared.err);
    }
    assert!(!compared.out.contains('('), "{}", compared.out);
    let none = run(folder.path(), &["bench", "--queries", "0"]);
    assert_eq!(none.code, 2, "{}", none.out);
}

#[test]
fn a_query_of_punctuation_alone_is_refused() {
    let folder = reports();
    run(folder.path(), &["index", "reports"]);
    std::fs::write(folder.path().join("signs.txt"), "|\n").unwrap();
    for arguments in [
        ["search", "-F", "。"].as_slice(),
        &["search", "-F", "，"],
        &["search", "。"],
        &["search", "|"],
        &["search", "( | )"],
        &["search", "。 | ，"],
        &["search", "--batch", "signs.txt"],
    ] {
        let found = run(folder.path(), arguments);
        assert_eq!((found.code, found.out.as_str()), (2, ""), "{}", found.err);
        assert!(found.err.contains("nothing that can be searched"), "{}", found.err);
    }
    std::fs::write(folder.path().join("queries.txt"), "网格员\n。\n").unwrap();
    let found = run(folder.path(), &["search", "-F", "--batch", "queries.txt"]);
    assert_eq!((found.code, found.out.lines().count()), (2, 1), "{}", found.out);
    // Beside a filter it is left out, and that is said.
    let found = run(folder.path(), &["search", "-F", "。", "--kind", "body"]);
    assert_eq!(found.code, 0, "{}", found.err);
    assert!(found.err.contains("left out"), "{}", found.err);
}

#[test]
fn days_that_end_before_they_begin_are_refused() {
    let folder = reports();
    run(folder.path(), &["index", "reports"]);
    let found = run(folder.path(), &["search", "网格", "--since", "2021", "--until", "2020-12"]);
    assert_eq!((found.code, found.out.as_str()), (2, ""), "{}", found.err);
    assert!(found.err.contains("--since is after --until"), "{}", found.err);
}

#[test]
fn words_of_a_user_are_checked_and_shown_by_analyze() {
    let folder = reports();
    run(folder.path(), &["index", "reports"]);
    let words = folder.path().join(".fangzhi/schema/words.txt");
    std::fs::create_dir_all(words.parent().unwrap()).unwrap();
    std::fs::write(&words, "院坝会\n").unwrap();
    assert_eq!(run(folder.path(), &["schema", "check"]).code, 0);
    let shown = run(folder.path(), &["analyze", "召开院坝会"]);
    assert!(shown.out.contains("召开 | 院坝会"), "{}", shown.out);
    let found = run(folder.path(), &["search", "网格员"]);
    assert!(found.err.contains("dictionary: the index was made with others"), "{}", found.err);
    run(folder.path(), &["index"]);
    let found = run(folder.path(), &["search", "网格员"]);
    assert!(!found.err.contains("dictionary"), "{}", found.err);
    std::fs::write(&words, "院坝会 一\n").unwrap();
    let checked = run(folder.path(), &["schema", "check"]);
    assert_eq!(checked.code, 2);
    assert!(checked.out.contains("words.txt:1: 院坝会 一"), "{}", checked.out);
    // Who only searches is told, and finds what there is.
    let found = run(folder.path(), &["search", "网格员"]);
    assert_eq!(found.code, 0, "{}", found.err);
    assert!(found.err.contains("the first: ") && found.err.contains("words.txt:1: 院坝会 一"));
    assert_eq!(run(folder.path(), &["index"]).code, 2);
}

#[test]
fn a_closed_pipe_ends_quietly() {
    use std::process::Stdio;
    let folder = reports();
    let many: String =
        (0..4000).map(|n| format!("第{n}个网格配备网格员一名，走访群众{n}人次。\n\n")).collect();
    std::fs::write(folder.path().join("reports/丙.txt"), many).unwrap();
    run(folder.path(), &["index", "reports"]);
    let mut child = std::process::Command::new(assert_cmd::cargo::cargo_bin("fangzhi"))
        .args(["search", "网格员", "--jsonl"])
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(0), "{}", String::from_utf8_lossy(&ended.stderr));
}
