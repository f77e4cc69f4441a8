//! Places that somebody left, visits from or signs with, and titles that name a text.

use super::{check, regions};

const NEWS: &str = "# 简讯";

#[test]
fn where_somebody_spent_years_is_left_for_where_the_text_goes_on_to() {
    for text in [
        "他在北京待了十年，去年回到云南省德钦县开茶馆。",
        "她在上海生活了二十多年，如今在云南省德钦县教书。",
        "在广州经商了六年，2019年他来到云南省德钦县。",
        "从杭州一家网络科技公司的岗位上离职后，他在云南省德钦县办起民宿。",
        "从成都的一所中学辞掉工作，她到了云南省德钦县。",
    ] {
        check(&[NEWS, text], "云南省/迪庆藏族自治州/德钦县");
    }
    // Nothing comes after it, or not in the same sentence, or what comes lies there.
    check(&[NEWS, "他在昆明市待了两年。"], "云南省/昆明市");
    check(&[NEWS, "工作队在昆明市干了三年。"], "云南省/昆明市");
    check(
        &[NEWS, "他在昆明市住了两年，先后走遍昆明市呈贡区的街巷。"],
        "云南省/昆明市 云南省/昆明市/呈贡区",
    );
    check(
        &[NEWS, "车队在昆明市待了两天，又去看云南省德钦县的雪山。"],
        "云南省/昆明市 云南省/迪庆藏族自治州/德钦县",
    );
}

#[test]
fn who_moved_from_one_place_to_another_is_told_of_there() {
    for text in [
        "1998年，他家从重庆迁到湖北省来凤县，那时来凤还是国家级贫困县。",
        "全家从四川搬到湖北省来凤县。",
        "厂子从广东省中山市迁至湖北省来凤县。",
    ] {
        check(&[NEWS, text], "湖北省/恩施土家族苗族自治州/来凤县");
    }
    // Where the article's own people went is not told of.
    check(&["# 德钦县:搬迁记", "村里有三户迁到四川省。"], "[云南省/迪庆藏族自治州/德钦县]");
    check(&["# 德钦县:搬迁记", "有人从德钦县迁到四川省成都市。"], "[云南省/迪庆藏族自治州/德钦县]");
    check(&[NEWS, "厂子迁到湖北省来凤县。"], "");
}

#[test]
fn who_visits_is_told_of_where_the_visit_goes() {
    for text in [
        "湖南省农科院专家一行到云南省德钦县看葡萄。",
        "四川省甘孜州考察团走进云南省德钦县。",
        "台湾花莲县农会参访团到访云南省德钦县。",
    ] {
        check(&[NEWS, text], "云南省/迪庆藏族自治州/德钦县");
    }
    check(&[NEWS, "云南省德钦县考察团昨天回来了。"], "云南省/迪庆藏族自治州/德钦县");
    check(&[NEWS, "云南省德钦县委书记一行看望了老人。"], "云南省/迪庆藏族自治州/德钦县");
    check(
        &[NEWS, "迪庆州领导一行到德钦县调研。"],
        "云南省/迪庆藏族自治州 云南省/迪庆藏族自治州/德钦县",
    );
}

#[test]
fn with_whom_something_is_signed_is_a_partner() {
    for text in [
        "德钦县与上海市金山区签订协议。",
        "德钦县和广东省珠海市签约，共建产业园。",
        "德钦县同浙江省桐庐县结对。",
    ] {
        check(&[NEWS, text], "云南省/迪庆藏族自治州/德钦县");
    }
    // Not where both lie in one province, nor what is told of both.
    check(
        &[NEWS, "德钦县与维西县签订协议。"],
        "云南省/迪庆藏族自治州/德钦县 云南省/迪庆藏族自治州/维西傈僳族自治县",
    );
    check(&[NEWS, "云南省与四川省都下了雨。"], "云南省 四川省");
    check(&[NEWS, "云南省和四川省粮食增产。"], "云南省 四川省");
}

#[test]
fn a_title_that_issues_a_text_is_about_the_place_in_its_name() {
    for title in [
        "# 关于印发《德钦县用水管理办法》的通知",
        "# 德钦县人民政府办公室关于修改《德钦县用水管理办法》的决定",
        "# 关于公布《德钦县保护名录》的公告",
    ] {
        check(&[title, "现印发给你们，请遵照执行。"], "[云南省/迪庆藏族自治州/德钦县]");
    }
    for title in
        ["# 读《德钦县志》", "# 《德钦县的雪》首发", "# 关于征集意见的通知：学习《云南省条例》"]
    {
        check(&[title, "请遵照执行。"], "");
    }
}

#[test]
fn who_stayed_in_a_city_of_an_outbreak_is_dealt_with_elsewhere() {
    let title = "# 德钦县通告";
    check(&[title, "有昆明市旅居史的人员请报备。"], "[云南省/迪庆藏族自治州/德钦县]");
    check(&[title, "十天内有贵阳、成都旅居史的人员请报备。"], "[云南省/迪庆藏族自治州/德钦县]");
    check(&[title, "有大理州旅行史的请报备。"], "[云南省/迪庆藏族自治州/德钦县]");
    check(&[title, "香格里拉市旅居客人不少。"], "云南省/迪庆藏族自治州/香格里拉市");
    check(&[NEWS, "大理州居民也来参观学习。"], "");
    check(&[NEWS, "大理州居民也来帮忙。"], "云南省/大理白族自治州");
    assert_eq!(regions(&[title]), ["云南省/迪庆藏族自治州/德钦县"]);
}
