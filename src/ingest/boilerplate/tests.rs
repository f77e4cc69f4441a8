//! Tests of the rules for what is no report.

use crate::ingest::Role;
use crate::ingest::boilerplate::patterns::{CREDIT, PAGE_HEAD, PAGE_NUMBER, POSITION, PREV_NEXT};
use crate::ingest::boilerplate::{
    is_credit, is_page_head, is_page_number, is_position, is_prev_next, mark, part_trails,
};
use crate::ingest::kinds::tests::lines_of;
use crate::ingest::page;
use regex::Regex;
use std::borrow::Cow;
use std::sync::LazyLock;

/// A sentence long enough to be text of an article.
fn long() -> String {
    "某县把网格员的工作写进制度，村里的事情有人问、有人管、有人办。".repeat(6)
}

/// Checks which lines stay and by which rules the others go.
#[track_caller]
fn check(text: &str, kept: &[&str], rules: &[&str]) {
    let mut lines = page::lines(text, &|text| Cow::Borrowed(text));
    mark(&mut lines);
    let stays: Vec<&str> =
        lines.iter().filter(|line| line.is_kept()).map(|line| line.text).collect();
    let gone: Vec<&str> = lines.iter().filter_map(|line| line.dropped).collect();
    assert_eq!(stays, kept);
    assert_eq!(gone, rules);
}

#[test]
fn a_path_to_the_page_goes() {
    check("您所在的位置:某网 >> 新闻 >> 正文\n标题", &["标题"], &["breadcrumb"]);
    check("首页 > 要闻 > 正文\n标题", &["标题"], &["breadcrumb"]);
}
#[test]
fn a_path_goes_with_one_label_a_line_too() {
    let text = "您的位置:\n首页\n>\n云岭要闻\n云岭要闻\n标题";
    check(text, &["标题"], &["breadcrumb"; 5]);
}
#[test]
fn the_label_of_a_column_stays() {
    check("> 视点\n标题", &["> 视点", "标题"], &[]);
}
#[test]
fn notices_of_document_sites_go() {
    let text = "温馨提示:\n1. 请放心下载本文档。\n2. 版权归本站用户。\n网站客服:12345678\n标题";
    check(text, &["标题"], &["document-site"; 4]);
}
#[test]
fn what_a_page_asks_of_its_readers_goes() {
    for line in [
        "点击蓝字",
        "關注我們",
        "点击蓝字 关注我们",
        "↑↑↑点击上方蓝字关注我们",
        "▲点击上方“示例发布”关注我们",
        "上方蓝字关注我们",
        "关注“示例发布”公众号",
        "欢迎关注示例微信公众号！",
        "微信扫一扫",
        "微信扫一扫关注该公众号",
        "识别二维码关注",
        "点在看",
        "点个赞",
        "点赞、在看、转发",
        "分享 收藏 点赞 在看",
        "阅读 1.2万",
        "阅读 1000 赞 20 在看",
        "赞 ，轻点两下取消赞",
        "喜欢此内容的人还喜欢",
        "预览时标签不可点",
        "继续滑动看下一个",
        "轻触阅读原文",
        "广告",
        "— END —",
        "（完）",
        "- 完 -",
        "投稿邮箱：sample@example.com",
        "我要留言",
        "进入讨论区",
        "分享让更多人看到",
        "关注公众号：示例网财经",
        "返回搜狐，查看更多",
        "阅读 ()",
        "首赞",
        "在看 12",
        "转发 3",
        "扫描二维码",
        "长按二维码，关注我们",
        "扫码关注",
        "下载APP，查看更多",
        "打开示例山乡，查看更多内容",
        "举报/反馈",
        "+关注",
        "点个在看再走呗",
        "看完点亮“在看”让更多人知道",
        "点个赞再走吧",
        "点击进入专题：种树的人",
        "点击“阅读原文”查看更多",
        "正在加载…",
        "加载更多",
        "您的浏览器不支持框架！",
        "您需要登录后才可以回帖 登录 | 立即注册",
        "此网页使用了框架，但您的浏览器不支持框架。",
        "展开全文c",
        "字数 1,200 阅读 30",
        "【纠错】",
        "Powered by Sample 1.0",
        "查看: 13 | 回复: 2",
        "如需转载请注明来源",
        "浏览人次：123",
        "浏览次数：4567",
        "浏览次数 1024 次",
        "本文浏览量：1,024",
        "访问量：3321",
        "今日访问：12 总访问：3400",
        "阅读数：12 | 点击数：34",
        "人气：88",
        "您是第 10234 位访客",
        "已有12人参与评论",
        "我来说两句 (3)",
        "发表评论 文明上网理性发言",
        "网友评论 文明上网，理性发言，请遵守评论服务协议",
        "文明上网理性发言，请遵守新闻评论服务协议",
        "更多精彩内容请进入示例新闻网频道>>",
        "更多精彩内容，请点击进入专题",
        "更多精彩视频敬请关注示例融媒",
        "新闻热线：0800-1234567 投稿邮箱：news@example.com",
        "新闻热线：12345678",
        "觉得不错，请点赞、转发",
        "觉得内容不错就点个赞分享给朋友吧",
        "▲点击上方“示例发布”关注",
        "扫描下方二维码 加入读者群",
        "扫码加入示例交流群",
        "长按识别图中二维码 进入读者群",
        "【浏览字号：大 中 小】",
        "[10-27 08:12]",
    ] {
        let mut lines =
            page::lines(line, &|text| Cow::Owned(text.replace("關", "关").replace("們", "们")));
        mark(&mut lines);
        assert!(lines.iter().all(|line| line.dropped == Some("page-tools")), "{line}");
    }
}
#[test]
fn why_a_platform_took_a_text_over_goes() {
    for line in [
        "声明：转载此文是出于传递更多信息之目的。",
        "本文来源：网络，如有侵权请联系删除",
        "声明：本文来源示例日报，版权归原作者所有",
    ] {
        check(&format!("标题\n{line}"), &["标题"], &["copyright"]);
    }
    for line in ["来源于网络的谣言被及时澄清，群众没有恐慌。", "转载这批木料的车队夜里出发。"]
    {
        check(&format!("标题\n{line}"), &["标题", line], &[]);
    }
}
#[test]
fn what_an_old_forum_says_around_a_post_goes() {
    let text = "本页主题: 议事小院 打印 | 复制链接\n级别: 骑士\n发帖: 123\n注册时间:2007-01-02\n最后登录:2009-05-06\n小 中 大 引用 推荐 编辑\n村民来小院说事。\nPowered by PHPWind v6.0";
    check(text, &["村民来小院说事。"], &["page-tools"; 7]);
    let form = "登记表\n级别: 三级\n注册时间:2007-01-02";
    check(form, &["登记表", "级别: 三级", "注册时间:2007-01-02"], &[]);
}
#[test]
fn sentences_below_what_looks_like_a_foot_stay() {
    let text = "邻里节方案\n主办单位：示例县委宣传部\n活动当天来了三百名村民，大家都说这样的日子越过越有味道。";
    check(
        text,
        &["邻里节方案", "活动当天来了三百名村民，大家都说这样的日子越过越有味道。"],
        &["site-footer"],
    );
}

#[test]
fn headings_that_begin_alike_stay() {
    for line in [
        "“扫一扫”办成事",
        "微信工作群泛滥引关注",
        "关注我们身边的好人",
        "关注基层“僵尸”政务公众号",
        "来稿：示例县委组织部",
        "爆料：村支书侵占集体资金",
        "扫一扫，办事不用跑",
        "微信扫码支付进村口小店",
        "关注“一老一小”",
        "关注民生",
        "点亮微心愿",
        "点赞台",
        "评论",
        "阅读一千小时",
        "广告业",
        "在看得见的地方用力",
        "转载者须登记",
        "蓝色字体为修改内容",
        "搜索引擎受关注度不高",
        "上下方案",
        "留言板",
        "我要留言给县长",
        "在看台上",
        "转发三百份",
        "举报奖励办法",
        "点赞好网格员",
        "点个赞给老书记",
        "关注公众号的老人",
        "浏览器里看村务",
        "正在加载的货车",
        "首赞歌",
        "纠错机制",
        "扫描二维码 领树苗",
        "扫描二维码查树苗的果农，去年有三百人。",
        "扫码关注山里的果树",
        "下载APP成了果农的难事",
        "打开客户端，树苗送到家",
        "已关注困难户",
        "登录方法",
        "完善机制",
        "该县开通新闻热线12345，群众有事随时打。",
        "新闻热线办结群众诉求五百件",
        "服务热线：12345678",
        "点击次数达3万人次的视频讲了怎样办证。",
        "点击数：指群众点开一次服务事项的次数。",
        "浏览人次：全年达到十二万人次，比上年增长一成。",
        "访问人数：320人",
        "阅读量突破百万",
        "阅读1234本书的管理员",
        "今日访问三个村",
        "您是第一书记",
        "扫描二维码即可办理落户。",
        "扫码入群办事更方便",
        "居民扫码加入微信群",
        "扫码加入志愿队",
        "长按识别二维码的老人越来越多，村里办了手机课。",
        "更多精彩内容请进村里来看，乡亲们发出邀请。",
        "更多信息请登录县政府网站查询",
        "更多新闻人才进入县融媒体中心",
        "发表评论要文明，县里把网上议事规矩贴上了墙。",
        "文明上网 理性发言",
        "文明上网理性发言进校园活动启动",
        "觉得不错，就把经验推广到全县",
        "点赞转发不如动手干，村支书带头清沟。",
        "点击上方的图标，村民就能报修",
        "声明：本县从未设立收费窗口",
        "版权声明制度写进了合作社章程。",
        "转载机的水泵坏了",
        "[2024-10-27 08:12] 出发",
        "我来说两句公道话",
        "已有12人参与培训",
        "本文化站浏览量",
    ] {
        check(&format!("标题\n{line}"), &["标题", line], &[]);
    }
}
#[test]
fn one_real_item_about_downloads_stays() {
    let text = "工作要点\n1. 群众下载手机软件。\n2. 网格员上门教。";
    check(text, &["工作要点", "1. 群众下载手机软件。", "2. 网格员上门教。"], &[]);
}
#[test]
fn the_notice_of_an_office_stays() {
    for items in [
        "1. 请到网站下载表格。\n2. 报名时带户口本。",
        "1. 请到网站下载表格。\n2. 填好后在网站上传。",
        "1. 请下载本文档。\n2. 报名时带户口本。",
    ] {
        let text = format!("报名\n温馨提示：\n{items}");
        check(&text, &text.split('\n').collect::<Vec<_>>(), &[]);
    }
}
#[test]
fn keywords_go_when_they_make_up_the_title() {
    let text = "果树\n夜校\n培训\n管理\n果树夜校培训管理办法";
    check(text, &["果树夜校培训管理办法"], &["keywords"; 4]);
    let list = "张村\n李村\n王村\n赵村\n四个村的名单";
    check(list, &["张村", "李村", "王村", "赵村", "四个村的名单"], &[]);
}
#[test]
fn a_list_of_headlines_goes_when_they_come_again() {
    let text = "主要内容:\n1.甲地修路;\n2.乙地种树;\n3.丙地办学。\n甲地修路\n乙地种树\n丙地办学";
    check(text, &["甲地修路", "乙地种树", "丙地办学"], &["contents"; 4]);
    let plan = "1.修路;\n2.种树;\n3.办学。";
    check(plan, &["1.修路;", "2.种树;", "3.办学。"], &[]);
}
#[test]
fn buttons_go_and_single_characters_only_beside_them() {
    check("下载\n打印\n【字号：\n加大\n还原\n】\n标题", &["标题"], &["page-tools"; 6]);
    check("【打印】 【关闭】\n点击上方蓝字关注我们\n标题", &["标题"], &["page-tools"; 2]);
    check("【字体：\n大\n中\n小\n】\n标题", &["标题"], &["page-tools"; 5]);
    check("标题\n大\n正文。", &["标题", "大", "正文。"], &[]);
    check("标题\n字体：大 中 小 打印本页 关闭窗口\n正文。", &["标题", "正文。"], &["page-tools"]);
    check("关闭窗口 | 打印 | 【小 中 大】字号\n标题", &["标题"], &["page-tools"]);
    check("标题\n分享到：微信/微博　收藏》\n正文。", &["标题", "正文。"], &["page-tools"]);
    for text in ["打印店关闭窗口三处。", "字体大小不一", "打印、收藏档案", "大 中 小", "大中型水库"]
    {
        check(&format!("标题\n{text}"), &["标题", text], &[]);
    }
    check("标题\n展开全文\n打开APP，阅读体验更佳", &["标题"], &["page-tools"; 2]);
}
#[test]
fn lines_to_other_pages_go() {
    check("标题\n上一篇：甲地修路\n下一篇：没有了", &["标题"], &["prev-next"; 2]);
    check(
        "标题\n[查看原文](https://example.org/a)\n- 3 -\n第 3 页",
        &["标题"],
        &["link", "page-number", "page-number"],
    );
    check("标题\n---\n……", &["标题", "……"], &["separator"]);
}
#[test]
fn lines_of_a_drawn_table_go_and_its_rows_stay() {
    let text = "标题\n┌──┬──┐\n│村│亩│\n├──┼──┤\n│甲│3│\n└──┴──┘";
    check(text, &["标题", "│村│亩│", "│甲│3│"], &["separator"; 3]);
}
#[test]
fn editors_and_photo_credits_go() {
    check("标题\n（责任编辑：某某）\n本版图片均由某某提供", &["标题"], &["editor", "photo-credit"]);
    check("标题\n责任编辑：\n某某", &["标题"], &["editor"; 2]);
    check("标题\n编辑部的工作很多。", &["标题", "编辑部的工作很多。"], &[]);
}
#[test]
fn only_names_and_what_people_do_make_a_line_of_editors() {
    for line in [
        "责编：甲某某 审核：乙某",
        "[责任编辑: 欧阳某某 SN012]",
        "审核：甲某、乙 某",
        "初审：甲某某 复审：乙某某 终审：丙某某",
        "监制：示例县融媒体中心",
        "来源：示例报 责任编辑：阿依古丽·某某",
        "编辑/甲某（实习）",
        "（编辑 甲某）",
    ] {
        check(&format!("标题\n{line}"), &["标题"], &["editor"]);
    }
    for line in [
        "责任：分到每家每户",
        "责任人：甲某",
        "初审：各组把树苗的数目报上来",
        "初审：村委会",
        "复审：逐棵清点",
        "编辑：把果树的事写成小报",
        "制作：腌菜二十坛",
    ] {
        check(&format!("标题\n{line}"), &["标题", line], &[]);
    }
}
#[test]
fn the_head_and_the_makers_of_a_printed_page_go() {
    check("第A03版：要闻\n标题\n责任编辑 某某 美编 某某某", &["标题"], &["page-head", "editor"]);
}
#[test]
fn a_repeated_title_stays_once() {
    check(
        "某县的基层治理\n某县的基层治理\n正文。",
        &["某县的基层治理", "正文。"],
        &["repeated-title"],
    );
}
#[test]
fn everything_after_a_notice_of_rights_goes_unless_text_follows() {
    let text = "标题\n版权声明：本站所有文章。\n-\n甲地修路\n简介……[详细] -\n- 乙地种树";
    check(text, &["标题"], &["copyright", "separator", "copyright", "copyright", "copyright"]);
    let more = format!("标题\n版权声明：本站所有文章。\n第二篇\n{}", long());
    check(&more, &["标题", "第二篇", &long()], &["copyright"]);
}
#[test]
fn what_only_begins_like_a_notice_of_rights_stays_with_all_below_it() {
    for line in [
        "未经合作社理事会同意，不得使用冷库。",
        "未经许可，不得复制账册",
        "特别说明：本办法所称果农，包括租地种果树的人。",
        "郑重声明：本村的鱼塘从来没有承包给外村人。",
        "版权所有者登记三十件",
        "版权所有，侵权必究，这几个字刻在木板上。",
        "未经许可不得转载的告示贴了三年。",
        "技术支持：省里来了两位专家，教了三天。",
        "ICP备案办好了，网站就开了。",
        "凡注明来源不清的树苗",
        "本文采用入户走访的办法",
        "本作品是果农自己编的小戏。",
    ] {
        check(
            &format!("标题\n{line}\n冷库的账\n三把钥匙"),
            &["标题", line, "冷库的账", "三把钥匙"],
            &[],
        );
    }
}
#[test]
fn a_notice_of_rights_takes_no_sentence_or_section_with_it() {
    for line in [
        "未经授权，不得转载。",
        "版权所有，翻印必究。",
        "版权声明：本刊所有。",
        "郑重声明：转载须注明本报。",
        "© 示例刊",
    ] {
        let text = format!("标题\n{line}\n二、账目公开\n张榜三天。");
        check(&text, &["标题", "二、账目公开", "张榜三天。"], &["copyright"]);
        let more = format!("标题\n{line}\n账目公开\n村里张榜三天。\n张榜");
        check(&more, &["标题", "账目公开", "村里张榜三天。", "张榜"], &["copyright"]);
        let furniture = format!("标题\n{line}\n本网站转载的文章，版权归作者。\n修渠记");
        check(&furniture, &["标题"], &["copyright"; 3]);
    }
    let licence = "标题\n本作品是\n法规。依据\n著作权法\n属于\n公有领域\n。\n注：讲话不总是法规。\nPublic domain";
    check(licence, &["标题"], &["licence"; 8]);
}
#[test]
fn related_links_go_to_the_end() {
    let text = "县里今年大力推行“一窗受理”，减少审批环节，群众办事时间缩短一半。";
    let lines = format!("热点新闻\n·我市召开会议\n古城区推行一窗受理\n{text}");
    check(&lines, &["古城区推行一窗受理", text], &["related"; 2]);
    check("标题\n正文。\n相关报道：\n甲地修路\n乙地种树", &["标题", "正文。"], &["related"; 3]);
    check("标题\n相关附件>>\n相关链接>>", &["标题"], &["related"; 2]);
    check("标题\n相关部门要负责。", &["标题", "相关部门要负责。"], &[]);
}
#[test]
fn a_teaser_goes_with_its_title() {
    let text = format!("{0}\n{0}甲。\n甲地修路很快\n记者看到新路……[详细]\n{0}乙。", long());
    let last = format!("{}乙。", long());
    let second = format!("{}甲。", long());
    check(&text, &[&long(), &second, &last], &["teaser"; 2]);
}
#[test]
fn rows_of_tables_stay_whatever_they_read_like() {
    let text =
        "名称 说明\n甲县的网格\n甲县的网格\n1/2\n主办单位：甲\n版权声明：乙\n丙\n---\n责任编辑：丁";
    let mut lines = page::lines(text, &|text| Cow::Borrowed(text));
    for line in &mut lines {
        line.role = Some(Role::Row);
    }
    lines[0].dropped = Some("running-head");
    mark(&mut lines);
    let kept = lines.iter().filter(|line| line.is_kept()).count();
    assert_eq!((kept, lines.len()), (8, 9));
}
#[test]
fn the_foot_of_a_site_goes_only_at_the_end() {
    check(
        "标题\n正文。\n主办单位：某县人民政府\n某ICP备12345678号",
        &["标题", "正文。"],
        &["site-footer"; 2],
    );
    let text = format!("标题\n主办单位：某县人民政府\n{}", long());
    check(&text, &["标题", "主办单位：某县人民政府", &long()], &[]);
}
#[test]
fn editors_behind_buttons_go() {
    check("标题\n【纠错】 【责任编辑:甲某】", &["标题"], &["editor"]);
    check("标题\n【纠错】在前，改正在后。", &["标题", "【纠错】在前，改正在后。"], &[]);
}
#[test]
fn the_head_of_the_place_for_comments_goes_though_it_is_declared() {
    check("# 标题\n种了树。\n## 我要留言\n进入讨论区", &["标题", "种了树。"], &["page-tools"; 2]);
    check("# 标题\n## 点击关注我们\n种了树。", &["标题", "点击关注我们", "种了树。"], &[]);
}
#[test]
fn buttons_of_a_post_go_with_their_counts() {
    check("标题\n收藏\n转发 3\n评论 5\n赞 10", &["标题"], &["page-tools"; 4]);
    let sign = "用户名 自动登录 找回密码 登录 立即注册";
    check(&format!("设为首页收藏本站\n{sign}\n标题"), &["标题"], &["page-tools"; 2]);
    check("标题\n用户名\n密码\n正文。", &["标题", "用户名", "密码", "正文。"], &[]);
}
#[test]
fn the_button_to_follow_goes_only_below_source_and_date() {
    let text = "标题\n2020-03-12 10:00 示例网\n关注\n正文。";
    check(text, &["标题", "2020-03-12 10:00 示例网", "正文。"], &["page-tools"]);
    check("关注\n标题\n正文。", &["关注", "标题", "正文。"], &[]);
}
#[test]
fn what_platforms_say_of_the_texts_of_others_goes() {
    for line in [
        "平台声明：该文观点仅代表作者本人，示例号系信息发布平台。",
        "声明：本网转载此文是为了传递更多信息，版权归原作者所有。",
        "本文为示例号作者上传并发布，仅代表该作者观点，示例新闻仅提供信息发布平台。",
        "图片来源于网络，如有侵权请联系删除。",
        "Notice: The content above is uploaded and posted by a user.",
    ] {
        // The text behind it stays.
        check(&format!("标题\n{line}\n又种了树。"), &["标题", "又种了树。"], &["copyright"]);
    }
    for line in [
        "声明：近日有人冒用本局名义收费，来源不明的电话不要信。",
        "本文作者代表全村发言。",
        "文章来源于他在村里的十年。",
        "部分村民不代表全村。",
    ] {
        check(&format!("标题\n{line}"), &["标题", line], &[]);
    }
}
#[test]
fn pagers_go() {
    for line in [
        "上一页 1 2 3 下一页",
        "首页 上一页 [1] [2] … 下一页 尾页",
        "共120条 1/15 首页 上一页 下一页 尾页 转到 页",
        "（本文共3页）",
        "1 2 3 下一页 余下全文",
    ] {
        check(&format!("标题\n{line}"), &["标题"], &["prev-next"]);
    }
    check("标题\n第 3 页 共 5 页", &["标题"], &["page-number"]);
    for line in ["首页改版之后", "1 2 3", "下一页新篇章", "共120条意见", "第1页 第2页"]
    {
        check(&format!("标题\n{line}"), &["标题", line], &[]);
    }
}
#[test]
fn a_list_of_what_others_read_goes_at_the_end() {
    check("标题\n种了树。\n往期精彩\n修路记", &["标题", "种了树。"], &["related"; 2]);
    check("标题\n种了树。\n大家还在搜\n种树法", &["标题", "种了树。"], &["related"; 2]);
    check("往期精彩纷呈\n标题", &["往期精彩纷呈", "标题"], &[]);
}
#[test]
fn the_links_of_a_foot_go_together() {
    check("标题\n示例社概况 | 关于示例网 | 报社招聘", &["标题"], &["site-footer"]);
    check("标题\n概况 | 治理", &["标题", "概况 | 治理"], &[]);
}
#[test]
fn contents_with_leaders_go() {
    let text = "目　录\n种树……………………1\n修路……………………2\n种树\n种了树。";
    check(text, &["种树", "种了树。"], &["contents"; 3]);
    let alone = "甲……1\n乙……1\n丙........3\n丁……4\n戊……12\n种了树。";
    check(alone, &["种了树。"], &["contents"; 5]);
    // Numbers that fall lead to no pages, and two lines are no table.
    for text in ["目录\n甲……3\n乙……1", "甲……1\n乙……2", "说了……\n做了……"]
    {
        check(text, &text.split('\n').collect::<Vec<_>>(), &[]);
    }
}
#[test]
fn what_a_forum_says_around_a_post_goes() {
    let text = "论坛›示例版›修渠的事\n修渠的事\n甲某\n新手上路\n积分\n32\n楼主\n发表于 2013-7-8 21:33 | 只看该作者\n渠要修。\n签名：好\n乙某金牌会员\n渠该修。\n回复 使用道具 举报";
    check(
        text,
        &["修渠的事", "发表于 2013-7-8 21:33 | 只看该作者", "渠要修。", "渠该修。"],
        &[
            "breadcrumb",
            "page-tools",
            "page-tools",
            "page-tools",
            "page-tools",
            "page-tools",
            "page-tools",
            "page-tools",
            "page-tools",
        ],
    );
    let plain = "积分\n32\n楼主\n签名：好\n新手上路";
    check(plain, &plain.split('\n').collect::<Vec<_>>(), &[]);
}
#[test]
fn who_answers_below_a_post_goes_with_the_seat() {
    let text = "甲某\n楼主\n发表于 2013-7-8 | 只看该作者\n渠要修。\n回复 使用道具 举报\n乙某\n板凳\n发表于 2013-7-9 | 只看该作者\n顶\n沙发";
    let stamps = ["发表于 2013-7-8 | 只看该作者", "发表于 2013-7-9 | 只看该作者"];
    check(text, &["甲某", stamps[0], "渠要修。", stamps[1], "顶"], &["page-tools"; 5]);
}
#[test]
fn the_labels_of_answers_and_of_a_lexicon_go() {
    let text = "关注者\n1,320\n写回答\n甲某\n21 人赞同了该回答\n渠要修。\n赞同 21\n3 条评论\n喜欢";
    check(text, &["甲某", "渠要修。"], &["page-tools"; 7]);
    let lexicon = "水渠\n播报\n编辑\n查看我的收藏\n有用+1\n8\n水渠是引水的沟。\n3";
    check(lexicon, &["水渠", "水渠是引水的沟。", "3"], &["page-tools"; 5]);
    for text in ["关注者\n1,320\n赞同 21\n喜欢", "21 人赞同了该回答的做法\n喜欢", "播报\n编辑\n8"]
    {
        check(text, &text.split('\n').collect::<Vec<_>>(), &[]);
    }
}
#[test]
fn a_button_behind_the_last_sentence_is_parted_from_it() {
    let simplify: &dyn Fn(&str) -> Cow<'_, str> = &|text| Cow::Owned(text.to_owned());
    let parts = |text| {
        let mut lines = page::lines(text, simplify);
        part_trails(&mut lines, simplify);
        mark(&mut lines);
        let shown = lines.iter().map(|line| (line.text.to_owned(), line.is_kept()));
        shown.collect::<Vec<_>>()
    };
    let whole = |text: &str, kept| (text.to_owned(), kept);
    assert_eq!(
        parts("种了树。返回搜狐，查看更多"),
        [whole("种了树。", true), whole("返回搜狐，查看更多", false)]
    );
    assert_eq!(
        parts("【种树】种了树。 展开全文c"),
        [whole("【种树】种了树。", true), whole("展开全文c", false)]
    );
    assert_eq!(parts("渠要修 [复制链接]"), [whole("渠要修", true), whole("[复制链接]", false)]);
    assert_eq!(parts("点一下就能展开全文"), [whole("点一下就能展开全文", true)]);
}

#[test]
fn no_line_is_kept_from_the_pattern_that_it_matches() {
    type Rule = (&'static LazyLock<Regex>, fn(&str) -> bool);
    let rules: [Rule; 5] = [
        (&POSITION, is_position),
        (&PREV_NEXT, is_prev_next),
        (&PAGE_NUMBER, is_page_number),
        (&CREDIT, is_credit),
        (&PAGE_HEAD, is_page_head),
    ];
    for (pattern, is_found) in rules {
        for line in lines_of(pattern) {
            assert!(is_found(&line), "{line:?} {pattern:?}");
        }
    }
}
