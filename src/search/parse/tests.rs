//! Queries and how they are understood, one rule a test; then properties over damaged and nasty text.

use super::*;
use crate::search::ast::FieldClause;
use proptest::prelude::*;

/// Knows two divisions and two measures, by name and by path.
struct Known;

impl FieldValues for Known {
    fn region(&self, value: &str) -> Option<RegionPath> {
        ["云南省", "云南省/迪庆藏族自治州"]
            .into_iter()
            .find(|path| *path == value || path.ends_with(&format!("/{value}")))
            .and_then(|path| RegionPath::new(path).ok())
    }

    fn is_region_of_several(&self, value: &str) -> bool {
        value == "朝阳区"
    }

    fn measure(&self, value: &str) -> Option<MeasurePath> {
        ["基层治理/网格化管理", "人才/\"四个一\" 培养"]
            .into_iter()
            .find(|path| *path == value || path.ends_with(&format!("/{value}")))
            .and_then(|path| MeasurePath::new(path).ok())
    }
}

fn reasons(parsed: &Parsed) -> Vec<(String, &'static str)> {
    let plain = |note: &SearchNote| match note {
        SearchNote::PlainText { text, reason } => (text.clone(), *reason),
        other => panic!("a note the parser does not give: {other:?}"),
    };
    parsed.notes.iter().map(plain).collect()
}

/// `expected` is the tree as it prints; no notes.
#[track_caller]
fn check(query: &str, expected: &str) {
    let parsed = parse(query, &Known);
    assert_eq!(parsed.root.to_string(), expected, "{:?}", parsed.root);
    assert_eq!(reasons(&parsed), [], "{query}");
}

/// As [`check`], with the one note.
#[track_caller]
fn check_noted(query: &str, expected: &str, text: &str, reason: &'static str) {
    let parsed = parse(query, &Known);
    assert_eq!(parsed.root.to_string(), expected, "{:?}", parsed.root);
    assert_eq!(reasons(&parsed), [(text.to_owned(), reason)], "{query}");
}

/// The one item that a query is.
#[track_caller]
fn check_item(query: &str, expected: Item) {
    let parsed = parse(query, &Known);
    assert_eq!(parsed.root, Node::And(vec![Node::Item(expected)]), "{query}");
}

#[test]
fn an_empty_query_is_an_empty_and() {
    for query in ["", " ", "\u{3000}\n\t"] {
        assert_eq!(parse(query, &Known), Parsed { root: Node::And(Vec::new()), notes: Vec::new() });
    }
}

#[test]
fn white_space_of_any_kind_separates_items() {
    check("网格\u{3000}培训\u{a0}党建\n积分", "网格 培训 党建 积分");
}

#[test]
fn an_item_without_quotes_is_plain() {
    check_item("网格化管理", Item::plain("网格化管理"));
}

#[test]
fn quotes_of_every_style_make_literal_text() {
    for query in ["\"网格 培训\"", "“网格 培训”", "「网格 培训」", "『网格 培训』", "＂网格 培训＂"]
    {
        check_item(query, Item::quoted("网格 培训"));
    }
}

#[test]
fn mixed_quotes_close_each_other() {
    for query in ["“网格 培训\"", "\"网格 培训”", "”网格 培训”", "“网格 培训“", "「网格 培训』"]
    {
        check_item(query, Item::quoted("网格 培训"));
    }
}

#[test]
fn the_own_closing_quote_goes_before_others() {
    check_item("“所谓\"网格\"培训”", Item::quoted("所谓\"网格\"培训"));
    check_item("\"所谓“网格”培训\"", Item::quoted("所谓“网格”培训"));
}

#[test]
fn a_doubled_straight_quote_is_a_quote() {
    check_item("\"a\"\"b\"", Item::quoted("a\"b"));
}

#[test]
fn chinese_quotes_may_follow_each_other_directly() {
    check("“一肩挑”“网格化”", "\"一肩挑\" \"网格化\"");
}

#[test]
fn quotes_inside_a_text_are_part_of_it() {
    check_item("开展“一肩挑”改革", Item::plain("开展“一肩挑”改革"));
    check_item("“一肩挑”改革", Item::quoted("“一肩挑”改革"));
    check("“一肩挑 模式”改革 试点", "\"“一肩挑 模式”改革\" 试点");
    check_item("5\"屏", Item::plain("5\"屏"));
}

#[test]
fn an_unclosed_quote_is_literal_to_the_end() {
    check_noted("网格 “培训 -x", "网格 \"培训 -x\"", "培训 -x", "unbalanced");
}

#[test]
fn a_minus_before_a_value_excludes() {
    check("网格 -培训", "网格 -培训");
    check("网格 －培训", "网格 -培训");
    check("-“网格 培训”", "-\"网格 培训\"");
    check("a -(b c)", "a -(b c)");
    check("(-a b)", "-a b");
}

#[test]
fn a_hyphen_inside_a_text_is_part_of_it() {
    check_item("COVID-19", Item::plain("COVID-19"));
    check_item("2019－2021", Item::plain("2019－2021"));
    check_item("--网格", Item::plain("--网格"));
}

#[test]
fn a_minus_excludes_what_a_distance_joins() {
    let parsed = parse("水渠 -“夜校” ~3 积分", &Known);
    let Node::And(parts) = &parsed.root else { panic!("{parsed:?}") };
    assert!(
        matches!(&parts[1], Node::Not(part) if matches!(**part, Node::Near { distance: 3, .. })),
        "{parts:?}"
    );
    check("水渠 -“夜校” ~3 积分", "水渠 -(\"夜校\" ~3 积分)");
    check("水渠 -夜校 积分", "水渠 -夜校 积分");
    check("水渠 -(--夜校)", "水渠 -(--夜校)");
}

#[test]
fn a_group_may_be_the_value_of_a_field() {
    check("标题:（山村 ｜ 水乡） 水渠", "title:山村 | title:水乡 水渠");
    check("地区:(云南省 | 迪庆藏族自治州)", "region:\"云南省\" | region:\"云南省/迪庆藏族自治州\"");
    check("-标题:(山村 “水 乡”)", "-(title:山村 title:\"水 乡\")");
    check("标题:(山村 | 来源:日报) 夜校", "title:山村 | source:日报 夜校");
    check_noted("地区:(云南省 | 乌有)", "region:\"云南省\" | \"乌有\"", "乌有", "unknown-value");
    // Where text follows, or the field is none, the brackets are text.
    check("标题:(山村)夜校", "title:(山村)夜校");
    check_noted("note:(山村", "\"note:(山村\"", "note:(山村", "unknown-field");
}

#[test]
fn a_field_wants_its_value_right_behind_it() {
    check_noted("地区： 云南省", "\"地区：\" 云南省", "地区：", "no-value");
}

#[test]
fn a_minus_before_nothing_is_left_out() {
    check_noted("网格 - 培训", "网格 培训", "-", "empty");
}

#[test]
fn a_bar_binds_its_two_neighbours() {
    check("迪庆 网格 | 积分", "迪庆 网格 | 积分");
    let alternatives = Node::Or(vec![
        Node::Item(Item::plain("网格")),
        Node::Item(Item::plain("积分")),
        Node::Not(Box::new(Node::Item(Item::plain("党建")))),
    ]);
    let expected = Node::And(vec![Node::Item(Item::plain("迪庆")), alternatives]);
    assert_eq!(parse("迪庆 网格 | 积分 ｜ -党建", &Known).root, expected);
}

#[test]
fn a_bar_without_white_space_is_text() {
    check_item("网格|积分", Item::plain("网格|积分"));
    check_item("图说｜网格", Item::plain("图说｜网格"));
}

#[test]
fn a_bar_beside_nothing_is_left_out() {
    check_noted("| 网格", "网格", "|", "empty");
    check_noted("网格 |", "网格", "|", "empty");
    check_noted("网格 | | 积分", "网格 | 积分", "|", "empty");
    check_noted("(网格 |) 积分", "网格 积分", "|", "empty");
}

#[test]
fn brackets_group() {
    check("(a b) | (c d)", "(a b) | (c d)");
    check("（a | b） c", "a | b c");
    check("((a))", "a");
    check("a (b (c | d))", "a b c | d");
}

#[test]
fn brackets_inside_a_text_are_part_of_it() {
    check_item("村(社区)", Item::plain("村(社区)"));
    check_item("村（社区）", Item::plain("村（社区）"));
    check("(村(社区) 治理) | b", "(村(社区) 治理) | b");
    check_item("(社区)治理", Item::plain("(社区)治理"));
    check_item("(a)|(b)", Item::quoted("(a)|(b)"));
}

#[test]
fn brackets_without_partner_are_text() {
    check_noted("(网格 培训", "\"(网格\" 培训", "(网格", "unbalanced");
    check_noted("1)网格 培训)", "\"1)网格\" \"培训)\"", "培训)", "unbalanced");
}

#[test]
fn an_empty_group_is_left_out() {
    check_noted("网格 ()", "网格", "()", "empty");
    check_noted("-() 网格", "网格", "()", "empty");
}

#[test]
fn a_known_field_with_a_known_value_is_a_clause() {
    let path = RegionPath::new("云南省/迪庆藏族自治州").unwrap();
    let expected = Node::And(vec![Node::Field(FieldClause::Region(path))]);
    for query in ["region:迪庆藏族自治州", "Region：迪庆藏族自治州", "地区:“迪庆藏族自治州”"]
    {
        assert_eq!(parse(query, &Known).root, expected, "{query}");
    }
    check("网格 举措:网格化管理", "网格 measure:\"基层治理/网格化管理\"");
    check("-地区:云南省 a", "-region:\"云南省\" a");
    check(
        "date:2019-2021 日期：2020年5月",
        "date:2019-01-01..2021-12-31 date:2020-05-01..2020-05-31",
    );
}

#[test]
fn title_and_source_take_any_item() {
    check("标题:网格* 来源:\"示例 日报\"", "title:网格* source:\"示例 日报\"");
    check("title:村(社区)", "title:村(社区)");
}

#[test]
fn unknown_values_and_fields_are_literal_text() {
    check_noted("region:火星 网格", "\"region:火星\" 网格", "region:火星", "unknown-value");
    check_noted("地区:朝阳区", "\"地区:朝阳区\"", "地区:朝阳区", "ambiguous-value");
    check_noted("title: 朝阳区", "\"title:\" 朝阳区", "title:", "no-value");
    check_noted("date:春节", "\"date:春节\"", "date:春节", "unknown-value");
    check_noted(
        "author:\"张 三\"",
        "\"author:\"\"张 三\"\"\"",
        "author:\"张 三\"",
        "unknown-field",
    );
    check_noted("title: 网格", "\"title:\" 网格", "title:", "no-value");
    check("网格 -(夜校 note: )", "网格 -(夜校 note:)");
    check("网格 -(夜校 note:)", "网格 -(夜校 note:)");
}

#[test]
fn a_colon_inside_a_text_is_part_of_it() {
    for text in ["香格里拉市:抓实", "10:30", "http://example.org/a", "图说：网格"] {
        check_item(text, Item::plain(text));
    }
}

#[test]
fn a_tilde_with_a_number_asks_for_nearness() {
    let near = |left: &str, right: &str, distance| Node::Near {
        left: Item::plain(left),
        right: Item::plain(right),
        distance,
    };
    assert_eq!(parse("网格 ~5 培训", &Known).root, Node::And(vec![near("网格", "培训", 5)]));
    assert_eq!(
        parse("a ～１２ b ~0 c", &Known).root,
        Node::And(vec![near("a", "b", 12), near("b", "c", 0)])
    );
    check("a ~5 b | c", "a ~5 b | c");
    check("-(a ~5 b) c", "-(a ~5 b) c");
}

#[test]
fn a_tilde_beside_nothing_is_text() {
    check_noted("~5 网格", "\"~5\" 网格", "~5", "distance");
    check_noted("网格 ~5", "网格 \"~5\"", "~5", "distance");
    check_noted("a ~5 -b", "a \"~5\" -b", "~5", "distance");
    check("5 网格 3~5 ~12345", "5 网格 3~5 ~12345");
}

#[test]
fn stars_stay_in_their_item() {
    let parsed = parse("网＊员", &Known);
    assert_eq!(parsed.root.items(), [&Item::plain("网*员")]);
    assert!(parsed.root.items()[0].has_wildcard());
}

#[test]
fn what_has_no_token_is_left_out() {
    check_noted("网格 ，", "网格", "，", "empty");
    check_noted("* 网格", "网格", "*", "empty");
    check_noted("“” 网格", "网格", "", "empty");
    check_noted("-“，” 网格", "网格", "，", "empty");
}

#[test]
fn a_question_mark_at_the_end_is_no_wildcard() {
    check("怎样 培训？", "怎样 培训");
    check("怎样 培训?？ ", "怎样 培训");
    check("网?格 培训", "网?格 培训");
    check("(网格?)", "(网格?)");
}

#[test]
fn a_question_ends_in_a_question_mark() {
    assert!(is_question("怎样培训？"));
    assert!(is_question("怎样培训? "));
    assert!(!is_question("怎样培训"));
    assert!(!is_question("“怎样培训？”"));
    assert!(!is_question("？？"));
}

#[test]
fn brackets_deeper_than_the_limit_are_text() {
    let nested = |depth: usize| format!("{}a{}", "(".repeat(depth), ")".repeat(depth));
    check_item(&nested(scan::DEPTH_MAX), Item::plain("a"));
    let parsed = parse(&nested(scan::DEPTH_MAX + 1), &Known);
    assert_eq!(reasons(&parsed), [("(a)".to_owned(), "unbalanced")]);
    assert_eq!(parsed.root.items(), [&Item::quoted("(a)")]);
}

#[test]
fn long_nasty_queries_take_no_longer_than_their_length_allows() {
    // A quadratic step over 200,000 characters would take minutes in a test build.
    let started = std::time::Instant::now();
    for part in [
        "(",
        ")",
        "\"",
        "“",
        "(a ",
        "-",
        "a ~5 ",
        "| ",
        "“a\" ",
        "region:",
        "date:2-",
        "\"\" ",
        "“ “\"\"",
    ] {
        let query = part.repeat(200_000 / part.chars().count());
        let parsed = parse(&query, &Known);
        assert!(matches!(parsed.root, Node::And(_)));
    }
    assert!(started.elapsed().as_secs() < 20, "took {:?}", started.elapsed());
}

/// Pieces that meet every rule, and some that break it.
fn nasty() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "\"",
        "＂",
        "“",
        "”",
        "「",
        "」",
        "『",
        "』",
        "(",
        ")",
        "（",
        "）",
        "-",
        "－",
        "|",
        "｜",
        " ",
        "  ",
        "\u{3000}",
        ":",
        "：",
        "region:",
        "地区：",
        "measure:",
        "title:",
        "标题:",
        "date:",
        "author:",
        "云南省",
        "2020",
        "2019..2021",
        "~5",
        "～3",
        "~",
        "*",
        "?",
        "？",
        "＊",
        "网格",
        "a",
        "培训",
        "，",
        "𠀀",
        "é",
        "\u{301}",
        "\0",
        "\u{feff}",
        "\n",
        "%",
    ]);
    prop::collection::vec(pieces, 0..24).prop_map(|pieces| pieces.concat())
}

fn assert_prints_as_itself(query: &str) {
    let parsed = parse(query, &Known);
    let printed = parsed.root.to_string();
    assert_eq!(parse(&printed, &Known).root, parsed.root, "{query:?} printed as {printed:?}");
    assert_flat(&parsed.root, true);
}

/// The shape that [`Node`] promises.
fn assert_flat(node: &Node, is_root: bool) {
    match node {
        Node::And(parts) | Node::Or(parts) => {
            assert!(is_root || parts.len() > 1, "a single part: {node:?}");
            for part in parts {
                let same = std::mem::discriminant(part) == std::mem::discriminant(node);
                assert!(!same, "nested in its own kind: {node:?}");
                assert_flat(part, false);
            }
        }
        Node::Not(part) => assert_flat(part, false),
        Node::Item(item) => assert!(item.text.chars().any(lex::is_searchable), "{item:?}"),
        Node::Near { .. } | Node::Field(_) => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn a_printed_query_is_the_same_query(query in nasty()) {
        assert_prints_as_itself(&query);
    }

    #[test]
    fn any_text_prints_as_itself(query in any::<String>()) {
        assert_prints_as_itself(&query);
    }

    #[test]
    fn quoted_text_is_found_as_it_is(text in "[网格a\"“” ()|~5:-]{1,12}") {
        let quoted = Item::quoted(format!("网{text}"));
        check_item(&quoted.to_string(), quoted);
    }

    #[test]
    fn plain_words_stay_plain(words in prop::collection::vec("[\u{4e00}-\u{9fa5}a-z0-9]{1,5}", 1..6)) {
        let items: Vec<Item> = words.iter().map(Item::plain).collect();
        let parsed = parse(&words.join(" "), &Known);
        prop_assert_eq!(parsed.root.items(), items.iter().collect::<Vec<_>>());
    }
}
