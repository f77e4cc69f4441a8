//! Which regions paragraphs get, rule by rule.

mod elsewhere;
mod goes_on;
mod villages;

use super::*;
use crate::tag::Tagger;
use crate::vocab::Vocabulary;
use std::sync::{Arc, LazyLock};

/// An article from lines: `# ` begins a heading, `@ ` a byline, all else is body.
fn article(lines: &[&str]) -> Article {
    let paragraph = |line: &&str| {
        let (kind, text) = match (line.strip_prefix("# "), line.strip_prefix("@ ")) {
            (Some(text), _) => (ParagraphKind::Heading, text),
            (_, Some(text)) => (ParagraphKind::Byline, text),
            _ => (ParagraphKind::Body, *line),
        };
        Paragraph::new(text, kind)
    };
    Article { paragraphs: lines.iter().map(paragraph).collect(), ..Article::default() }
}

fn tagger() -> &'static Tagger {
    static TAGGER: LazyLock<Tagger> =
        LazyLock::new(|| Tagger::new(Arc::new(Vocabulary::builtin())));
    &TAGGER
}

/// The regions of each paragraph, joined by spaces; inferred ones in brackets.
fn regions(lines: &[&str]) -> Vec<String> {
    let mut article = article(lines);
    tagger().tag_article(&mut article);
    let show = |tag: &Tag<RegionPath>| {
        if tag.inferred { format!("[{}]", tag.path) } else { tag.path.to_string() }
    };
    let row =
        |paragraph: &Paragraph| paragraph.regions.iter().map(show).collect::<Vec<_>>().join(" ");
    article.paragraphs.iter().map(row).collect()
}

/// The regions of the last line.
#[track_caller]
fn check(lines: &[&str], expected: &str) {
    assert_eq!(regions(lines).last().map(String::as_str), Some(expected), "{lines:?}");
}

const DIQING: &str = "云南省/迪庆藏族自治州";

#[test]
fn a_paragraph_without_a_name_has_the_place_of_the_title() {
    check(&["# 德钦县:抓党建促治理", "目前,全县已配备网格员。"], "[云南省/迪庆藏族自治州/德钦县]");
    check(
        &["# 德钦县:抓党建促治理", "# 健全机制", "优化组织设置。"],
        "[云南省/迪庆藏族自治州/德钦县]",
    );
}

#[test]
fn what_is_done_in_a_village_is_no_name_of_one() {
    for deed in [
        "推行",
        "选优配强",
        "轮训",
        "担任",
        "当选",
        "离任后兼任",
        "任命",
        "联系",
        "协助",
        "配合",
        "监督",
        "推荐",
        "表现优秀的转为",
    ] {
        let text = format!("县里组织换届,{deed}村党支部书记。");
        check(&["# 德钦县:抓党建促治理", &text], "[云南省/迪庆藏族自治州/德钦县]");
    }
    for clause in [
        "网格长由村党支部委员担任",
        "账目由社区党支部公开",
        "先报给村党支部",
        "难题交由社区党支部",
        "面向社区党支部征集",
        "不服的,请村党支部书记到场",
    ] {
        let text = format!("{clause},每月一次。");
        check(&["# 德钦县:抓党建促治理", &text], "[云南省/迪庆藏族自治州/德钦县]");
    }
    // The same characters in names.
    for village in ["堑对村", "永和村", "任家村"] {
        let text = format!("去年,{village}党支部书记带人修渠。");
        let path = format!("云南省/迪庆藏族自治州/德钦县/{village}");
        check(&["# 德钦县:抓党建促治理", &text], &path);
    }
}

#[test]
fn the_nearest_heading_wins_over_the_title() {
    let lines = [
        "# 迪庆州抓基层",
        "全州推进。",
        "# 香格里拉市:做实服务",
        "新增支部30个。",
        "# 维西县:建网格",
        "该县推进。",
    ];
    let found = regions(&lines);
    assert_eq!(found[3], format!("[{DIQING}/香格里拉市]"));
    assert_eq!(found[5], format!("[{DIQING}/维西傈僳族自治县]"));
}

#[test]
fn a_numbered_heading_ends_the_place_of_an_equal_one() {
    let lines = [
        "# 西藏自治区抓基层",
        "各地推进。",
        "# 一、昌都市的做法",
        "开展宣讲。",
        "# 二、下一步",
        "继续推进。",
    ];
    let found = regions(&lines);
    assert_eq!(found[3], "[西藏自治区/昌都市]");
    assert_eq!(found[5], "[西藏自治区]");
}

#[test]
fn a_place_does_not_leak_into_the_next_article() {
    let mut report = crate::model::Report {
        encoding: crate::model::EncodingReport {
            encoding: "UTF-8".to_owned(),
            decided_by: crate::model::DecidedBy::Valid,
            margin: None,
            replacements: 0,
            first_replacement: None,
        },
        articles: vec![
            article(&["# 德钦县:抓治理", "全县推进。"]),
            article(&["# 简讯", "全县推进。"]),
        ],
        dropped: Vec::new(),
        notes: Vec::new(),
    };
    tagger().tag(&mut report);
    assert_eq!(report.articles[0].paragraphs[1].regions.len(), 1);
    assert!(report.articles[1].paragraphs.iter().all(|paragraph| paragraph.regions.is_empty()));
}

#[test]
fn a_county_gets_its_full_path_and_its_town_and_village() {
    check(&["琼结县加麻乡办起了集市。"], "西藏自治区/山南市/琼结县/加麻乡");
    check(&["改则县麻米乡古昌村村级水渠修好了"], "西藏自治区/阿里地区/改则县/麻米乡/古昌村");
    check(&["札达县产业引领乡村建设示范县的经验"], "西藏自治区/阿里地区/札达县");
    check(&["海南琼海博鳌镇的变化"], "海南省/琼海市/博鳌镇");
    check(&["天津市和平区的社区"], "天津市/和平区");
}

#[test]
fn an_example_below_the_main_place_gives_both() {
    check(
        &["# 阿里地区抓基层", "抓好村道养护。先在改则县修了样板路,再推到其他60个村。"],
        "西藏自治区/阿里地区/改则县 [西藏自治区/阿里地区]",
    );
}

#[test]
fn a_county_that_is_the_subject_stands_alone() {
    check(&["# 阿里地区抓基层", "今年,改则县新修村道3条。"], "西藏自治区/阿里地区/改则县");
}

#[test]
fn a_list_of_places_gives_each() {
    let expected = format!("{DIQING}/香格里拉市 {DIQING}/德钦县 {DIQING}/维西傈僳族自治县");
    check(&["香格里拉市、德钦县、维西县分别推进。"], &expected);
}

#[test]
fn a_town_without_its_county_hangs_below_the_articles_county() {
    check(
        &["# 香格里拉市:做实服务", "各村比着干。去年,建塘镇北门社区拿了奖。"],
        &format!("{DIQING}/香格里拉市/建塘镇/北门社区 [{DIQING}/香格里拉市]"),
    );
}

#[test]
fn a_town_of_a_prefecture_is_found_in_its_county() {
    check(&["阿里地区狮泉河镇的居民"], "西藏自治区/阿里地区/噶尔县/狮泉河镇");
    check(&["# 阿里地区:抓服务", "近来,狮泉河镇建成大厅。"], "西藏自治区/阿里地区/噶尔县/狮泉河镇");
}

#[test]
fn scheme_names_partners_visits_and_issuers_are_not_reported_on() {
    check(&["# 迪庆州抓培训", "利用“北京讲堂”平台开展培训。"], &format!("[{DIQING}]"));
    check(&["# 迪庆州抓培训", "选派干部赴上海学习。"], &format!("[{DIQING}]"));
    check(&["# 迪庆州抓培训", "印发《云南省实施细则》。"], &format!("[{DIQING}]"));
    check(&["# 学习", "学习考察贵州时重要讲话精神。"], "");
    check(&["# 学习", "学习青海省第十四次党代会精神。"], "");
    check(&["# 要闻", "会议4日在京召开。大会在北京举行。"], "");
}

#[test]
fn a_byline_gives_no_region() {
    check(&["# 简讯", "@ 中共那曲市委员会宣传部"], "");
}

#[test]
fn an_exam_paper_does_not_report_on_its_issuer_and_a_law_rules_its_place() {
    check(&["# 2023年北京市公考《申论》题", "社区建立了议事会。"], "");
    check(&["# 2023年北京市公考《申论》题", "全市建立了议事会。"], "");
    check(&["# 上海市消防条例", "第一条 为了预防火灾,制定本条例。"], "[上海市]");
}

#[test]
fn a_masked_place_is_in_its_province_or_nowhere() {
    check(&["浙江省H市建成平台。", "H市的做法受到欢迎。"], "[浙江省]");
    check(&["# 2023年公考《申论》题", "在安徽省凤阳县,村民种上了果树。", "D县人民医院很忙。"], "");
    check(&["某县建成平台。"], "");
}

#[test]
fn a_village_named_with_its_county_is_known_by_itself_later() {
    let lines = [
        "# 最美医生",
        "黑龙江省克山县城西村的村医陈医生工作了十六年。",
        "她常走夜路。",
        "城西村村民都认识她。",
    ];
    let village = "黑龙江省/齐齐哈尔市/克山县/城西村";
    let found = regions(&lines);
    assert_eq!(found[2], format!("[{village}]"));
    assert_eq!(found[3], village);
    check(
        &["# 安吉县余村:看变化", "村里的山绿了。", "余村的山绿了。"],
        "浙江省/湖州市/安吉县/余村",
    );
    check(&["# 克山县:看变化", "很多村民参加。根据村民意见修路。"], "[黑龙江省/齐齐哈尔市/克山县]");
}

#[test]
fn a_town_borne_once_is_found_without_its_county() {
    check(&["近日,西三旗街道试点助餐。"], "北京市/海淀区/西三旗街道");
    check(&["推进小城镇建设和乡村治理。"], "");
}

#[test]
fn a_work_report_is_about_its_own_place() {
    let lines = [
        "# 政府工作报告",
        "# ——2026年1月27日在海南省第七届人民代表大会第五次会议上",
        "一年来,成绩来之不易。支持琼海建设示范区。",
    ];
    assert_eq!(regions(&lines)[2], "[海南省]");
}

#[test]
fn a_list_passes_as_a_whole() {
    check(&["# 迪庆州抓培训", "选派干部赴上海、江苏学习。"], &format!("[{DIQING}]"));
    check(&["# 学习", "学习在江苏、上海考察时的重要讲话精神。"], "");
}

#[test]
fn material_of_an_exam_paper_begins_anew() {
    let lines = [
        "# 2023年公考《申论》题",
        "材料1",
        "深圳市建成平台。",
        "市民办事方便了。",
        "材料2",
        "社区建立了议事会。",
    ];
    let found = regions(&lines);
    assert_eq!(found[3], "[广东省/深圳市]");
    assert_eq!(found[5], "");
}

#[test]
fn a_masked_city_is_known_by_the_counties_it_governs() {
    let lines = [
        "# 党建引领治理实践",
        "今年,内蒙古自治区XX盟改善服务。",
        "XX盟下辖苏尼特左旗、阿巴嘎旗等牧业旗。",
        "牧民办事更近了。",
    ];
    let found = regions(&lines);
    assert_eq!(found[1], "内蒙古自治区");
    assert_eq!(found[2], "内蒙古自治区/锡林郭勒盟/苏尼特左旗 内蒙古自治区/锡林郭勒盟/阿巴嘎旗");
    assert_eq!(found[3], "[内蒙古自治区/锡林郭勒盟]");
    check(&["某县和XX市推进治理。"], "");
}

#[test]
fn every_named_division_is_a_mention_also_when_it_is_not_reported_on() {
    let mut article = article(&["# 迪庆州抓培训", "选派干部赴上海学习。"]);
    tagger().tag_article(&mut article);
    let mentions: Vec<&str> =
        article.paragraphs[1].mentions.iter().map(RegionPath::as_str).collect();
    assert_eq!(mentions, ["上海市"]);
}

#[test]
fn evidence_stands_where_the_name_stands() {
    let mut article = article(&["目前,云南省迪庆州推进治理。"]);
    tagger().tag_article(&mut article);
    let evidence = &article.paragraphs[0].evidence[0];
    assert_eq!(
        (evidence.rule.as_str(), evidence.words.as_slice()),
        ("named", &["云南省迪庆州".to_owned()][..])
    );
    assert_eq!(evidence.at, [Span::new(3, 9)]);
}

#[test]
fn a_place_that_opens_a_later_sentence_is_reported_beside_the_lead() {
    let found = regions(&[
        "# 2024年公考《申论》题",
        "青岛市建成平台。",
        "各地都在试点。南宁市开通扫码入馆。来访的人里有几位说他们早年去过潮州市。",
    ]);
    assert_eq!(found[2], "广西壮族自治区/南宁市");
}

#[test]
fn a_list_that_says_how_many_it_names_gives_each() {
    check(
        &[
            "# 2024年公考《申论》题",
            "青岛市建成平台。",
            "短短几个月里,这张卡迅速普及到千家万户,办卡的人排起了长队,丽水、福州、新余等多地开通。",
        ],
        "浙江省/丽水市 福建省/福州市 江西省/新余市",
    );
}

#[test]
fn the_whole_county_is_the_county_named_last() {
    let lines = [
        "# 2024年公考《申论》题",
        "这是一个故事。",
        "云南省大关县种下筇竹。",
        "目前,全县已有30万亩。",
        "目前,全省已有30万亩。",
    ];
    let found = regions(&lines);
    assert_eq!(found[3], "[云南省/昭通市/大关县]");
    assert_eq!(found[4], "");
}

#[test]
fn a_list_of_cases_or_people_reports_on_no_place() {
    check(&["# 中央第二轮巡视全面展开", "巡视组进驻吉林、云南。"], "");
    check(&["# 全国先进集体表彰名单公布", "获奖的有四川省天全县文化站。"], "");
    check(&["# 先进集体表彰大会", "四川省天全县表彰了20名村干部。"], "四川省/雅安市/天全县");
    check(&["# 云南省通报典型问题", "昆明市的问题已整改。"], "云南省/昆明市");
}

#[test]
fn offices_held_once_births_teams_and_examples_pass() {
    for text in [
        "查处了广东省惠州市水务局原局长。",
        "他是陕西富平人，早年参加工作。",
        "上海医疗队抵达现场。",
        "像迪庆州一样推进。",
        "时任福建省省长的他来过。",
        "全国现场会16日在四川省达州市召开。",
    ] {
        check(&["# 简讯", text], "");
    }
}

#[test]
fn a_district_given_up_is_that_of_the_articles_city() {
    check(&["# 石家庄:打造特色社区", "桥东区组织志愿者。"], "河北省/石家庄市");
}

#[test]
fn an_example_goes_on_where_its_village_is_spoken_of() {
    let lines = [
        "# 甘肃：干部驻村",
        "甘肃选派干部驻村。",
        "在甘肃省通渭县李店村，干部修了路。",
        "村民说，出门方便多了。",
        "今年，全省还将新选派一批村干部。",
        "来到邻村，记者看到村民正在修路。",
        "数据说明了变化。",
    ];
    let found = regions(&lines);
    assert_eq!(found[3], "[甘肃省/定西市/通渭县/李店村]");
    for other in [4, 5, 6] {
        assert_eq!(found[other], "[甘肃省]", "{}", lines[other]);
    }
}

#[test]
fn a_village_is_that_of_the_county_beside_it_or_of_the_example() {
    let lines = [
        "# 甘肃：干部驻村",
        "在甘肃省通渭县走访期间，李店村党支部书记提了建议。",
        "王湾村村民也来了。",
    ];
    let found = regions(&lines);
    assert_eq!(found[1], "甘肃省/定西市/通渭县 甘肃省/定西市/通渭县/李店村");
    assert_eq!(found[2], "甘肃省/定西市/通渭县/王湾村");
    check(
        &["# 平阳县：身边好人", "腾蛟镇的干部和青湾村村民：一起修路。青湾村变了。"],
        "浙江省/温州市/平阳县/腾蛟镇 浙江省/温州市/平阳县/腾蛟镇/青湾村",
    );
}

#[test]
fn the_opening_of_a_piece_of_news_moves_no_subject() {
    let dateline = "央视网消息（新闻联播）：";
    check(
        &[
            "# 云南：抓基层",
            &format!("{dateline}今年以来，为了方便群众办事，昆明、大理、保山建起了大厅。"),
        ],
        "云南省/昆明市 云南省/大理白族自治州 云南省/保山市",
    );
}

#[test]
fn a_county_is_reported_on_again_behind_a_lead_about_its_village() {
    check(
        &["# 甘肃：干部驻村", "通渭县李店村的路修好了。", "通渭县今年修路30公里。"],
        "甘肃省/定西市/通渭县",
    );
}

#[test]
fn in_an_exam_paper_a_lead_about_two_places_sets_none() {
    for lead in ["青岛市发了第一张卡。南宁市也在试点。", "深圳市的公司来到D市的园区。"]
    {
        check(&["# 2024年公考《申论》题", "材料1", lead, "办理的人很多。"], "");
    }
}

#[test]
fn in_an_exam_paper_a_real_place_beside_a_masked_one_is_only_mentioned() {
    let exam = "# 2024年公考《申论》题";
    check(
        &[
            exam,
            "材料1",
            "热线开通。",
            "J市的热线开通以来，接线员每天要回答几百个问题，大家都说这样办事方便多了，也有人问起过去昆明市的做法。",
        ],
        "",
    );
    check(
        &[
            exam,
            "材料1",
            "热线开通。",
            "热线开通以来，接线员每天要回答几百个问题，大家都说这样办事方便多了，也有人问起过去昆明市的做法。",
        ],
        "云南省/昆明市",
    );
}

#[test]
fn an_officer_of_before_is_of_the_place_unless_he_offended() {
    check(&["# 简讯", "河北省内丘县原书记王某退休后种树。"], "河北省/邢台市/内丘县");
    check(&["# 简讯", "河北省内丘县原书记王某被开除党籍。"], "");
}

#[test]
fn what_is_told_of_a_stricken_area_is_of_the_place() {
    check(&["# 简讯", "四川省芦山县地震发生后，各地赶来救灾。"], "四川省/雅安市/芦山县");
    check(&["# 简讯", "四川省芦山县地震，人们没有忘记。"], "");
    check(&["# 简讯", "代表们回到北京。"], "");
    check(&["# 简讯", "记者走进北京市的大厅。"], "北京市");
}

proptest::proptest! {
    #[test]
    fn no_text_panics_and_evidence_lies_inside(
        lines in proptest::collection::vec("[云南省迪庆州市县区镇乡村“”《》XX、。a1 网格员培训\u{3000}]{0,40}", 0..6)
    ) {
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let mut article = article(&lines);
        tagger().tag_article(&mut article);
        for paragraph in &article.paragraphs {
            let length = paragraph.display.chars().count();
            for evidence in &paragraph.evidence {
                proptest::prop_assert!(evidence.at.iter().all(|span| span.end() <= length));
            }
        }
    }
}

#[test]
fn the_offices_of_a_county_end_the_example_of_its_village_or_town() {
    let town = "海东市互助县五十镇把村民请进议事会。";
    for whole in [
        "县财政每村补助2万元，村民都说好。",
        "各村村民轮流值班。",
        "全县村民都能参加。",
        "这样的做法已在58个村的村民中推开。",
    ] {
        check(
            &["# 互助县：村里的事村民议", "互助县推行议事会。", town, whole],
            "[青海省/海东市/互助土族自治县]",
        );
    }
    let village = "村民说，出门方便多了。";
    check(
        &["# 互助县：村里的事村民议", "互助县推行议事会。", town, village],
        "[青海省/海东市/互助土族自治县/五十镇]",
    );
    // 社区委员 is no office of a 区.
    let lines = [
        "# 长春市朝阳区：小区自治",
        "朝阳区推行楼长制。",
        "朝阳区湖西街道选出楼长。",
        "社区委员上门走访。",
    ];
    check(&lines, "[吉林省/长春市/朝阳区/湖西街道]");
}

#[test]
fn a_lead_about_a_town_holds_until_the_county_of_the_title_speaks() {
    let lines = ["# 互助县人才下乡见闻", "记者来到互助县五十镇。", "县直单位抽调干部120名。"];
    check(&lines, "[青海省/海东市/互助土族自治县]");
}

#[test]
fn partners_far_from_the_county_of_the_title_are_only_mentioned() {
    let title = "# 互助县：引才回乡";
    for far in [
        "流动党员在无锡、东莞等地有了支部。",
        "无锡市新吴区投入协作资金900万元。",
        "引来无锡的制衣厂3家。",
    ] {
        check(&[title, far], "[青海省/海东市/互助土族自治县]");
    }
    // Beside it, and as the subject in its province, places report for themselves.
    check(&[title, "乐都区新建3个站点。"], "青海省/海东市/乐都区");
    check(&[title, "格尔木市新建3个站点。"], "青海省/海西蒙古族藏族自治州/格尔木市");
}

#[test]
fn a_town_behind_an_ambiguous_name_tells_which_is_meant() {
    check(&["西湖区蒋村街道建起议事厅。"], "浙江省/杭州市/西湖区/蒋村街道");
    check(&["# 西湖区见闻", "西湖区建起议事厅。"], "");
}

#[test]
fn a_short_name_that_begins_a_towns_name_is_no_place() {
    check(&["银川乡村振兴工作推进有力。"], "宁夏回族自治区/银川市");
    check(
        &["# 恩施市：楼栋自治", "舞阳坝街道选出楼长。"],
        "湖北省/恩施土家族苗族自治州/恩施市/舞阳坝街道",
    );
}

#[test]
fn where_a_place_lies_and_what_a_province_asks_for_is_no_report_on_it() {
    check(
        &["# 宁强县：强基层", "这里地处陕甘川三省交界，有党员1.4万名。"],
        "[陕西省/汉中市/宁强县]",
    );
    check(
        &["# 讷河市：屯长制", "黑龙江省委农村工作会议指出，要健全体系。"],
        "[黑龙江省/齐齐哈尔市/讷河市]",
    );
}

#[test]
fn a_title_may_come_from_its_place() {
    let mut article = article(&["新任书记跟班三个月。"]);
    article.title = Some("头雁高飞——来自吉林省集安市的报道".to_owned());
    tagger().tag_article(&mut article);
    assert_eq!(article.paragraphs[0].regions[0].path.as_str(), "吉林省/通化市/集安市");
}

#[test]
fn a_village_called_as_a_town_of_its_county_lies_in_it() {
    check(&["海南省琼海市潭门村的船厂开工。"], "海南省/琼海市/潭门镇/潭门村");
    check(&["琼海市博鳌镇潭门村的船厂开工。"], "海南省/琼海市/博鳌镇/潭门村");
    check(
        &["# 琼海市:船厂开工", "潭门村的船台修好了。潭门村村民来看。"],
        "海南省/琼海市/潭门镇/潭门村",
    );
    // Towns in many counties are called so.
    check(&["重庆市奉节县新民村的路修好了。"], "重庆市/奉节县/新民村");
}

#[test]
fn roads_called_by_a_village_are_none() {
    check(&["北京市海淀区中关村大街27号新设窗口。"], "北京市/海淀区");
    check(&["北京市海淀区中关村东路18号新设窗口。"], "北京市/海淀区");
    check(&["北京市海淀区北坞村路23号新设窗口。"], "北京市/海淀区");
    check(&["北京市海淀区北坞村路修好了。"], "北京市/海淀区/北坞村");
}

#[test]
fn the_town_of_a_nationality_is_one() {
    check(&["湖南省绥宁县黄桑坪苗族乡办起护林队。"], "湖南省/邵阳市/绥宁县/黄桑坪苗族乡");
    check(&["湖南省绥宁县办起民族乡。"], "湖南省/邵阳市/绥宁县");
}

#[test]
fn far_partners_are_only_mentioned_however_they_are_told() {
    let title = "# 互助县：夜校开班";
    let province = "# 青海：夜校开班";
    for far in [
        "老家在陕西安康的何某学会了电焊。",
        "菜卖到了广东、福建和上海。",
        "他曾在浙江义乌摆过摊。",
        "教材参照江苏昆山的做法编写。",
        "先后到浙江安吉、江苏江阴参观学习。",
        "引进福建客商建厂。",
        "产品远销内蒙古、新疆等地。",
    ] {
        check(&[title, far], "[青海省/海东市/互助土族自治县]");
        check(&[province, far], "[青海省]");
    }
    check(&[province, "到西宁市参观的人很多。"], "青海省/西宁市");
    check(&[province, "张某实地看到了西宁市的变化。"], "青海省/西宁市");
}

#[test]
fn a_border_and_an_escort_are_no_places_reported_on() {
    check(&["在浙江、江西两省交界的江山市，村医跨省出诊。"], "浙江省/衢州市/江山市");
    check(&["青海、甘肃交界处的牧民和好了。"], "");
    check(
        &["# 要闻", "张某在青海省委书记王某、省长李某陪同下，来到海西、海东考察。"],
        "青海省/海西蒙古族藏族自治州 青海省/海东市",
    );
    check(&["# 要闻", "青海省委书记王某到牧区走访。"], "青海省");
}

#[test]
fn a_place_before_its_parts_says_where_they_lie() {
    check(
        &["四川省阿坝州的红原县和松潘县联防草原火灾。"],
        "四川省/阿坝藏族羌族自治州/红原县 四川省/阿坝藏族羌族自治州/松潘县",
    );
}

#[test]
fn who_met_is_reported_on_where_a_text_opens_with_it() {
    check(&["攀枝花市第十一届人民代表大会第五次会议闭幕。"], "四川省/攀枝花市");
    check(&["学习攀枝花市第十一次党代会精神。"], "");
}

#[test]
fn what_is_tried_out_is_no_name() {
    check(&["束河街道试行社区网格化管理。"], "云南省/丽江市/古城区/束河街道");
}

#[test]
fn a_report_to_an_assembly_names_places_by_the_way() {
    // A format may declare it as a heading.
    for greeting in ["各位代表：", "# 各位代表："] {
        check(&[greeting, "我代表国务院报告工作。", "上海世界博览会的筹办工作继续进行。"], "");
        check(
            &[greeting, "我代表寻乌县人民政府报告工作。", "与深圳的公司建了果园。"],
            "[江西省/赣州市/寻乌县]",
        );
    }
    check(&["各位代表来到上海市。", "会场里坐满了人。"], "[上海市]");
}

#[test]
fn headings_of_sections_with_places_far_apart_are_no_title() {
    let lines = [
        "# 各地抓春耕",
        "# 河北南皮：水肥一体",
        "滴灌带铺了两万亩。",
        "# 山东惠民：菌菇工厂",
        "菌菇一年收六茬。",
    ];
    let found = regions(&lines);
    assert_eq!(found[2], "[河北省/沧州市/南皮县]");
    assert_eq!(found[4], "[山东省/滨州市/惠民县]");
    let found = regions(&["# 各地抓春耕", "# 一、河北南皮", "滴灌。", "# 二、启示", "抢农时。"]);
    assert_eq!((found[2].as_str(), found[4].as_str()), ("[河北省/沧州市/南皮县]", ""));
    // The first heading is the title.
    let found = regions(&["# 河北南皮：水肥一体", "滴灌。", "# 山东惠民来客", "抢农时。"]);
    assert_eq!(found[3], "[河北省/沧州市/南皮县]");
}

#[test]
fn people_and_shares_are_elsewhere_only_where_a_text_says_so() {
    for (text, place) in [
        ("福建省上市公司突破200家。", "福建省"),
        ("丽江市游客接待量下降一成。", "云南省/丽江市"),
        ("丽江市游客中心修好了。", "云南省/丽江市"),
        ("浙江省永康市商人协会选出会长。", "浙江省/金华市/永康市"),
        ("丽江市客商接待站开门。", "云南省/丽江市"),
    ] {
        check(&["# 简讯", text], place);
        check(&["昆明市海埂大坝开放。", text], place);
    }
    for text in [
        "村里的公司在上海上市。",
        "公司在上海上市后扩建了厂房。",
        "园区里的企业在香港上市公司有两家。",
        "头一天就迎来江苏、上海游客两百多人。",
        "山货卖给了广东客商。",
        "合作社与福建客商签了约。",
    ] {
        check(&["# 简讯", text], "");
    }
    check(&["# 丽江市：古镇开街", "重庆、四川游客王某住了三天。"], "[云南省/丽江市]");
    check(&["# 简讯", "泉州客商在云南省丽江市租下三座院子。"], "云南省/丽江市");
}

#[test]
fn a_visit_is_where_it_goes_or_where_the_officer_beside_the_visitor_is() {
    let text = "云南省委书记王某在大理州委书记张某陪同下走访牧区。";
    check(&["# 要闻", text], "云南省/大理白族自治州");
    let text = "云南省委书记王某在大理州委书记张某陪同下，来到洱源县走访。";
    check(&["# 要闻", text], "云南省/大理白族自治州/洱源县");
    check(&["# 要闻", "张某在青海省委书记王某陪同下走访牧区。"], "青海省");
    check(
        &["# 要闻", "大理州委书记张某陪同。他说，昭通市修了路。"],
        "云南省/大理白族自治州 云南省/昭通市",
    );
}

#[test]
fn a_place_is_gone_to_only_where_the_word_stands_right_before_it() {
    for text in ["去年昆明市教师进修学校搬了家。", "往年，昆明市学习考察团不少。"]
    {
        check(&["# 简讯", text], "云南省/昆明市");
    }
    check(&["# 简讯", "得到云南省昆明市学习考察团称赞。"], "云南省/昆明市");
    check(&["# 简讯", "到云南省昆明市教师进修学校报到的人不少。"], "云南省/昆明市");
    for text in ["村干部到云南昆明、江苏昆山跟班学习。", "老师们去云南省昆明市进修。"]
    {
        check(&["# 简讯", text], "");
    }
    check(&["# 青海：夜校开班", "张某看到了西宁市学习考察的队伍。"], "青海省/西宁市");
}

#[test]
fn a_meeting_is_reported_on_behind_a_time_or_the_opening_of_news() {
    for before in ["9月12日，", "9月12日", "本报讯 ", "会上，", "近日，", "人都到了。"]
    {
        let text = format!("{before}攀枝花市第十一届人民代表大会第五次会议闭幕。");
        check(&["# 简讯", &text], "四川省/攀枝花市");
    }
    check(&["# 简讯", "学习党的会议精神，攀枝花市第十一次党代会精神入户。"], "");
    check(&["# 简讯", "他参加了攀枝花市第十一次党代会。"], "");
    // Who is sent is no meeting.
    check(&["# 简讯", "近日，攀枝花市第三批驻村干部进村。"], "四川省/攀枝花市");
    check(&["# 简讯", "近日，攀枝花市第三批援藏干部启程。"], "");
}

#[test]
fn an_assembly_is_greeted_with_all_who_sit_in_it() {
    for greeting in
        ["各位代表、同志们：", "各位代表，各位委员：", "各位委员、各位列席人员：", "各位代表："]
    {
        check(&[greeting, "我代表政府报告工作。", "与深圳市合作的码头完工。"], "");
    }
    for line in ["各位代表来到深圳市：", "各位代表，深圳市："] {
        check(&[line, "请看这座码头。"], "[广东省/深圳市]");
    }
    check(&["各位代表、同志们", "深圳市的码头完工。"], "广东省/深圳市");
}

#[test]
fn a_village_lies_in_the_town_it_is_called_after_though_the_lead_set_another() {
    let own = "海南省/琼海市/潭门镇/潭门村";
    let paragraph = "潭门村的船台修好了。潭门村村民来看。";
    // A list of two subjects is the lead's; none of them alone is.
    check(&["# 琼海市:船厂开工", "博鳌镇和潭门镇都来了。", paragraph], own);
    check(&["# 琼海市:船厂开工", "博鳌镇搭了棚。", "潭门镇出了船。", paragraph], own);
    // The other town is the one told of.
    check(
        &[
            "# 琼海市:船厂开工",
            "博鳌镇搭了棚。",
            "潭门镇出了船。",
            "博鳌镇的潭门村修了路，潭门村村民来看。",
        ],
        "海南省/琼海市/博鳌镇/潭门村",
    );
}

#[test]
fn a_village_has_streets() {
    for text in ["村街道两旁种了树。", "村大街上挂了灯。"] {
        check(&[&format!("海南省琼海市博鳌镇古坡{text}")], "海南省/琼海市/博鳌镇/古坡村");
    }
    check(&["海南省琼海市博鳌镇古坡村街道办事处开门。"], "海南省/琼海市/博鳌镇");
}

#[test]
fn a_village_called_like_help_is_one_behind_its_county() {
    check(&["云南省永德县帮卡村修了水窖。"], "云南省/临沧市/永德县/帮卡村");
    check(&["西藏自治区边坝县帮达村修了水窖。"], "西藏自治区/昌都市/边坝县/帮达村");
    for text in ["永德县帮扶村修了水窖。", "永德县帮带村修了水窖。", "永德县结对帮扶村修了水窖。"]
    {
        check(&[text], "云南省/临沧市/永德县");
    }
}
