//! Names in invented sentences: which are found, which are words.

use super::*;
use std::sync::LazyLock;

fn gazetteer() -> &'static Gazetteer {
    static GAZETTEER: LazyLock<Gazetteer> =
        LazyLock::new(|| Gazetteer::new(Arc::new(Vocabulary::builtin())));
    &GAZETTEER
}

/// The divisions named in a text, in an article about `context`.
fn named(text: &str, context: &[&str]) -> Vec<String> {
    let gazetteer = gazetteer();
    let divisions = gazetteer.divisions();
    let context: Vec<usize> = context.iter().filter_map(|path| divisions.ordinal(path)).collect();
    let hits = gazetteer.hits(text, &context);
    let resolved = hits.iter().filter_map(|hit| divisions.get(hit.division?));
    resolved.map(|division| division.path.as_str().to_owned()).collect()
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    assert_eq!(named(text, &[]), expected, "{text}");
}

#[test]
fn a_longer_name_hides_the_shorter_inside_it() {
    check("五大连池风景区", &["黑龙江省/黑河市/五大连池市"]);
    check("祁连山区的牧民", &[]);
    check("在皖东山区演习", &[]);
    check("我国沿海城市很多", &[]);
    check("顺应城市发展规律", &[]);
}

#[test]
fn roads_schools_banks_and_brands_are_no_places() {
    for text in [
        "四川北路的商店",
        "北京大学教授",
        "南京路上人来人往",
        "浦东发展银行",
        "中国人民银行",
        "长安汽车销量",
        "河北梆子",
        "中山大学附属医院",
        "辽阳石化公司",
        "上海证券交易所",
        "黄山风景",
        "天津日报",
        "武陵山深处",
        "鄱阳湖水位",
    ] {
        check(text, &[]);
    }
}

#[test]
fn a_company_named_in_full_is_meant_by_its_short_name_too() {
    check("阿里巴巴和腾讯派人参加，阿里的表态很清楚。", &[]);
    check("阿里巴巴在阿里地区建了学校。", &["西藏自治区/阿里地区"]);
    check("阿里的牧民参加了培训。", &["西藏自治区/阿里地区"]);
}

#[test]
fn words_that_are_also_names_are_words() {
    for text in [
        "平安建设持续推进",
        "团结各族群众",
        "和平与发展",
        "深化合作",
        "惠民富民",
        "公安机关",
        "光明前景",
        "建设美丽家园",
        "创新和发展",
        "整合资源",
        "畅通道路",
        "长治久安",
        "阿里巴巴",
        "国内来宾",
        "世界和平",
        "大同小异",
        "创新县域治理",
        "新城区建设",
    ] {
        check(text, &[]);
    }
}

#[test]
fn a_word_is_a_name_beside_its_parent() {
    check("甘南州合作市", &["甘肃省/甘南藏族自治州", "甘肃省/甘南藏族自治州/合作市"]);
    check("甘肃甘南合作", &["甘肃省", "甘肃省/甘南藏族自治州", "甘肃省/甘南藏族自治州/合作市"]);
    check("青海海东平安", &["青海省", "青海省/海东市", "青海省/海东市/平安区"]);
}

#[test]
fn a_name_of_several_divisions_needs_a_parent() {
    check("朝阳区的街道", &[]);
    check("北京市朝阳区", &["北京市", "北京市/朝阳区"]);
    check("沈阳市和平区", &["辽宁省/沈阳市", "辽宁省/沈阳市/和平区"]);
    check("在天津,和平区的社区", &["天津市", "天津市/和平区"]);
    assert_eq!(named("朝阳区的街道", &["吉林省/长春市"]), ["吉林省/长春市/朝阳区"]);
    assert_eq!(named("朝阳区的街道", &["云南省"]), [""; 0]);
}

#[test]
fn short_names_resolve_where_the_context_allows() {
    check("迪庆举办运动会", &["云南省/迪庆藏族自治州"]);
    check("维西县举办比赛", &["云南省/迪庆藏族自治州/维西傈僳族自治县"]);
    check("夜里阿里飘起了雪", &[]);
    assert_eq!(named("从阿里出发", &["西藏自治区"]), ["西藏自治区/阿里地区"]);
    assert_eq!(
        named("走进康定看变化", &["四川省/甘孜藏族自治州"]),
        ["四川省/甘孜藏族自治州/康定市"]
    );
    check("大理的古城", &["云南省/大理白族自治州"]);
}

#[test]
fn a_short_name_right_before_its_child_needs_no_word_boundary() {
    check("采访唐山滦南的农户", &["河北省/唐山市", "河北省/唐山市/滦南县"]);
    check("记者从江苏连云港了解到", &["江苏省", "江苏省/连云港市"]);
    check("贵州从江的梯田", &["贵州省", "贵州省/黔东南苗族侗族自治州/从江县"]);
    check("下城区的社区", &["浙江省/杭州市/拱墅区"]);
}

#[test]
fn a_town_decides_a_short_name_of_its_county() {
    check("位于崇头镇的云和梯田", &["浙江省/丽水市/云和县"]);
    check("雾中的云和梯田", &[]);
    check("位于龙门镇的云和梯田", &[]);
    check("位于崇头镇的平安工程", &[]);
}

#[test]
fn a_branch_of_a_citys_office_names_its_district() {
    check("大连市公安局甘井子分局", &["辽宁省/大连市", "辽宁省/大连市/甘井子区"]);
    check("市公安局甘井子分局", &[]);
}

#[test]
fn what_a_division_was_called_stands_behind_the_word_for_it() {
    check("靠黄花脱贫的原大同县", &["山西省/大同市/云州区"]);
    check("高原大同小异的风光", &[]);
}

#[test]
fn former_names_are_todays_divisions() {
    check("昌都地区的寺院", &["西藏自治区/昌都市"]);
    check("四川省康定县", &["四川省", "四川省/甘孜藏族自治州/康定市"]);
    check("当年的中甸县城", &["云南省/迪庆藏族自治州/香格里拉市"]);
    check("襄樊市的工厂", &["湖北省/襄阳市"]);
}

#[test]
fn a_list_goes_on_among_siblings() {
    check(
        "香格里拉市、德钦县、维西县",
        &[
            "云南省/迪庆藏族自治州/香格里拉市",
            "云南省/迪庆藏族自治州/德钦县",
            "云南省/迪庆藏族自治州/维西傈僳族自治县",
        ],
    );
}

#[test]
fn a_landscape_and_its_side_are_no_division() {
    for text in [
        "黄河北岸的村子",
        "湖南岸种了芦苇",
        "洱海南端的湿地",
        "山东坡种果树",
        "渭河南缘修了堤",
        "长江西侧的堤防",
        "天台山东麓",
        "嵩山山西部种茶",
        "贺兰山西门",
        "黄河北上",
        "大巴山西段",
        "珠江西路",
    ] {
        check(text, &[]);
    }
    check("黄河河南段的巡护员", &["河南省"]);
    check("高速公路湖南段通车", &["湖南省"]);
    check("山东部分地区降温", &["山东省"]);
    check("江西侧重育种", &["江西省"]);
    check("海南端午赛龙舟", &["海南省"]);
    check("孔孟之乡山东", &["山东省"]);
    check("大屿山东涌的步道", &["香港特别行政区"]);
}

#[test]
fn a_landscape_bears_no_divisions_name() {
    let divisions = gazetteer().divisions();
    let borne = LANDSCAPES.iter().filter(|name| !divisions.named(name).is_empty());
    assert_eq!(borne.collect::<Vec<_>>(), Vec::<&&str>::new());
}

#[test]
fn a_province_right_before_a_river_name_stays() {
    check("西藏江孜县", &["西藏自治区", "西藏自治区/日喀则市/江孜县"]);
}

#[test]
fn a_zone_is_the_division_that_governs_it() {
    check("洋浦经济开发区的码头", &["海南省/儋州市"]);
    check("万盛经开区改了名", &["重庆市/綦江区"]);
    check("平潭综合实验区的风机", &["福建省/福州市/平潭县"]);
    for text in ["经济开发区的码头", "某经开区改了名", "综合实验区的风机"] {
        check(text, &[]);
    }
}

#[test]
fn taiwan_and_hong_kong_have_divisions() {
    check("台北市的老街", &["台湾省/台北市"]);
    check("台湾花莲县瑞穗乡", &["台湾省", "台湾省/花莲县"]);
    check("香港元朗区的村屋", &["香港特别行政区", "香港特别行政区/元朗区"]);
    check("香港东区的渡轮", &["香港特别行政区", "香港特别行政区/东区"]);
    // Words, and names of others.
    check("城市东区的渡轮", &[]);
    check("桃园里的花", &[]);
    check("广东省梅州市大埔县", &["广东省", "广东省/梅州市", "广东省/梅州市/大埔县"]);
    check("江苏省常州市新北区", &["江苏省", "江苏省/常州市", "江苏省/常州市/新北区"]);
}

#[test]
fn three_characters_that_one_county_bears_are_its_name() {
    check("我在麻栗坡教书", &["云南省/文山壮族苗族自治州/麻栗坡县"]);
    check("都江堰的水", &["四川省/成都市/都江堰市"]);
    check("来到张家港，码头正忙", &["江苏省/苏州市/张家港市"]);
    // Mountains, within words, and shorter ones.
    check("登上武夷山看日出", &[]);
    check("小麻栗坡村", &[]);
    check("我在上林教书", &[]);
}
