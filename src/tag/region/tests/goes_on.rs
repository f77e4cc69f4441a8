//! Examples that go on, villages and towns named without their county, visitors and who left.

use super::check;

#[test]
fn a_mountain_village_has_a_name_right_behind_its_county() {
    check(&["浏阳市石牛山村修通了公路。"], "湖南省/长沙市/浏阳市/石牛山村");
    check(
        &["喜洲镇和周边乡镇都来了人。", "大理市喜洲镇周城村办起扎染工坊。"],
        "云南省/大理白族自治州/大理市/喜洲镇/周城村",
    );
    for village in ["深山村", "偏远山村", "的小山村", "藏族山村", "贫困山村"] {
        check(&[&format!("浏阳市{village}修通了公路。")], "湖南省/长沙市/浏阳市");
    }
    check(&["格尔木市唐古拉山镇的牧民搬了家。"], "青海省/海西蒙古族藏族自治州/格尔木市/唐古拉山镇");
    check(&["浏阳市侗族山乡的公路通了。"], "湖南省/长沙市/浏阳市");
}

#[test]
fn a_village_may_stand_behind_a_town_named_alone() {
    let lead = "澜沧县上允镇的干部住进了村里。";
    let town = "云南省/普洱市/澜沧拉祜族自治县/上允镇";
    check(&[lead, "上允镇的芒角村种起了甘蔗。"], &format!("{town}/芒角村"));
    check(&[lead, "上允镇的示范村种起了甘蔗。"], town);
}

#[test]
fn a_list_of_villages_goes_on_in_the_county_of_the_first() {
    let county = "广东省/韶关市/乳源瑶族自治县";
    check(
        &["乳源瑶族自治县石下村、乌石岭村和大桥镇试点积分超市。"],
        &format!("{county}/石下村 {county}/乌石岭村 {county}/大桥镇"),
    );
    check(&["乳源瑶族自治县石下村、示范村试点积分超市。"], &format!("{county}/石下村"));
    check(&["乳源瑶族自治县石下村试点，乌石岭村观望。"], &format!("{county}/石下村"));
}

#[test]
fn an_example_goes_on_where_no_title_names_a_place() {
    let lead = "各地干部都在学习。";
    let village = "尚志市三阳村种起了水稻。";
    let path = "黑龙江省/哈尔滨市/尚志市/三阳村";
    let inferred = format!("[{path}]");
    check(&[lead, village, "村里的老人起初并不理解。"], &inferred);
    check(&[lead, village, "改种要花不少力气。"], "");
    check(&[lead, village, "全国的村干部都在学习。"], "");
    check(&[lead, village, "某村的村干部也在学习。"], "");
    check(&["尚志市和五常市改种水稻。", "方案报了三次。", "村里的老人不理解。"], "");
}

#[test]
fn an_example_goes_on_with_who_was_named_there() {
    let title = "# 浙江:干部走进企业";
    let example = "在杭州,科长丁一舟每天坐公交上班。";
    let lead = "干部走亲连心的活动开始了。";
    check(&[title, lead, example, "丁一舟数了数,一路有三十个红绿灯。"], "[浙江省/杭州市]");
    check(&[title, lead, example, "丁一舟的建议全省都采纳了。"], "[浙江省]");
    check(&[title, lead, example, "一路有三十个红绿灯。"], "[浙江省]");
    check(&[title, lead, "在杭州,丁一舟每天坐公交上班。", "丁一舟数了数。"], "[浙江省]");
}

#[test]
fn places_of_the_example_do_not_bring_the_title_back() {
    let county = "四川省/巴中市/通江县";
    let lines = [
        "# 四川:抱团发展",
        "省里今年选派了三千名干部。",
        "在通江县,石坎村和黄嘴头村合成一个党总支。",
        "如今,通过资源整合,石坎村和黄嘴头村种起了青花椒。",
    ];
    check(&lines, &format!("{county}/石坎村 {county}/黄嘴头村"));
    let lines = [
        lines[0],
        lines[1],
        lines[2],
        "如今,通过资源整合,全省都种起了青花椒,石坎村和黄嘴头村也不例外。",
    ];
    check(&lines, &format!("{county}/石坎村 {county}/黄嘴头村 [四川省]"));
}

#[test]
fn who_left_a_place_is_told_of_where_he_is_now() {
    let ruijin = "江西省/赣州市/瑞金市";
    for from in [
        "从深圳一家公司辞职的小李在",
        "从上海迁至这里的企业在",
        "在深圳打拼了十二年的小李回到",
        "在北京的工地打工的小李回到",
    ] {
        check(&[&format!("{from}瑞金市建起了新厂。")], ruijin);
    }
    check(&["从瑞金市看,新厂已经建成。"], ruijin);
    check(&["在瑞金市开店的小李请了十个人。"], ruijin);
}

#[test]
fn who_comes_for_a_lesson_is_not_reported_on() {
    let fugu = "陕西省/榆林市/府谷县";
    check(&["府谷县推行股份合作,神木市、靖边县派人来学。"], fugu);
    check(&["府谷县推行股份合作,靖边县的同行前来参观。"], fugu);
    check(&["府谷县的干部来到村里。"], fugu);
    check(&["府谷县吸引了许多人来参观。"], fugu);
}

#[test]
fn who_borders_on_another_is_told_of() {
    check(
        &[
            "杆洞乡与从江县接壤,融水县融水镇不与它接壤。",
            "融水苗族自治县杆洞乡与从江县接壤,巡逻队每天出发。",
        ],
        "广西壮族自治区/柳州市/融水苗族自治县/杆洞乡",
    );
}

#[test]
fn a_visitor_visits_where_he_arrives_within_the_titles_place() {
    let title = "# 王某某在青海考察";
    let golmud = "青海省/海西蒙古族藏族自治州/格尔木市";
    check(&[title, "他先到了省里。", "20日,他抵达格尔木市,下午看了盐湖。"], golmud);
    check(&[title, "他先到了省里。", "20日,他抵达敦煌市,离开了这里。"], "[青海省]");
}

#[test]
fn the_titles_place_named_by_the_way_is_meant_rather_than_the_leads() {
    let title = "# 喀什地区疏附县:石榴花开";
    let lead = "疏附县托克扎克镇建起扶贫车间。";
    let county = "新疆维吾尔自治区/喀什地区/疏附县";
    check(&[title, lead, "广州市对口支援疏附县,派来三十名教师。"], &format!("[{county}]"));
    check(&[title, lead, "该县还签订了用工协议。"], &format!("[{county}]"));
    check(&[title, lead, "车间有三百名工人。"], &format!("[{county}/托克扎克镇]"));
}

#[test]
fn a_list_of_cases_has_no_lead() {
    check(&["# 中央纪委通报四起典型问题", "毕节市某局违规发放补贴。", "有关人员受到处分。"], "");
}
