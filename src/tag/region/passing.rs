//! Names that a paragraph only mentions: in the name of a scheme, visited, quoted, sent from, partners; and texts
//! whose title names who issued them.

use std::ops::Range;

/// How far into a paragraph, in characters, its subject may stand.
const SUBJECT_WITHIN: usize = 36;
/// Longest quotation, in characters, that is taken for the name of a scheme: 心中的“香格里拉”.
const SCHEME_NAME_MAX: usize = 16;

/// How far behind a place the border of several may be told, in characters with the word for it.
const BORDER_WITHIN: usize = 11;

/// How far behind the place of an officer his going along with a visitor may be told, in characters.
const ESCORT_WITHIN: usize = 40;

/// How near the start of a paragraph a visitor's summing up is told, in characters.
const SUMS_UP_WITHIN: usize = 16;

/// How far behind a place the reason to go there may be told, in characters.
const LESSON_WITHIN: usize = 12;

/// How far behind a place somebody left the leaving may be told, in characters: 从上海一家互联网企业离职.
const LEAVING_WITHIN: usize = 24;

/// Longest opening of a piece of news, in characters: 央视网消息（新闻联播）：.
const DATELINE_MAX: usize = 24;

/// What stands before a place that somebody goes to, sends to, helps or comes from.
const BEFORE: [&str; 73] = [
    "考察",
    "视察",
    "赴",
    "前往",
    "对口支援",
    "对口帮扶",
    "支援",
    "援建",
    "驰援",
    "支持",
    "新华社",
    "本报",
    "中新社",
    "人民网",
    "央视网",
    "中新网",
    "光明网",
    "抵达",
    "飞往",
    "运往",
    "销往",
    "开往",
    "驶往",
    "发往",
    "寄往",
    "输往",
    "迁往",
    "出口到",
    "运到",
    "卖到",
    "销到",
    "嫁到",
    "远嫁",
    "逃难到",
    "逃到",
    "移居",
    "定居",
    "毕业于",
    "就读于",
    "任教于",
    "来自",
    "出生于",
    "出生在",
    "生于",
    "祖籍",
    "籍贯",
    "老家",
    "自驾游",
    "路过",
    "途经",
    "学习借鉴",
    "对接",
    "对标",
    "对照",
    "拒绝",
    "结对",
    "原产",
    "盛产于",
    "时任",
    "曾任",
    "授予",
    "追授",
    "像",
    "户籍地",
    "远在",
    "转业到",
    "远销",
    "热销",
    "参照",
    "借鉴",
    "效仿",
    "比",
    "迁到",
];

/// What stands behind a place that is visited, quoted or a partner.
const AFTER: [&str; 65] = [
    "重要讲话",
    "重要指示",
    "工作重要讲话",
    "工作时",
    "时的重要讲话",
    "时重要讲话",
    "讲话精神",
    "代表团",
    "日电",
    "电(",
    "电（",
    "协作",
    "合作项目",
    "话剧",
    "的路上",
    "打工",
    "务工",
    "求学",
    "上学",
    "读书",
    "念书",
    "就读",
    "留学",
    "参会",
    "参展",
    "旅游",
    "游玩",
    "籍",
    "人士",
    "的一对",
    "老家",
    "时期",
    "起义",
    "战役",
    "会战",
    "战场",
    "保卫战",
    "解放战争",
    "失守",
    "沦陷",
    "地震",
    "大地震",
    "特大地震",
    "全国赛",
    "经验",
    "模式",
    "行政长官",
    "总决赛",
    "医疗队",
    "的重要讲话",
    "同胞",
    "人，",
    "人,",
    "负责同志",
    "主要负责同志",
    "赛区",
    "攻读",
    "援建",
    "对口",
    "金融管理局",
    "报道：",
    "报道:",
    "相比",
    "旅居史",
    "旅行史",
];

/// What an authority keeps in another place: 驻上海招商局.
const OFFICES_ELSEWHERE: [&str; 5] = ["办事处", "联络处", "招商", "商会", "流动党"];

/// How far behind the place such an office may be named, in characters.
const OFFICE_WITHIN: usize = 10;

/// Who works far from the place in his name or visits another, and what leads to where: 北京首农集团在河北.
const FAR_WORKERS: [&str; 9] =
    ["集团", "公司", "研究院", "研究所", "一行", "考察团", "访问团", "参访团", "参观团"];
const AT_WORK: [&str; 7] = ["在", "到", "赴", "走进", "到访", "落户", "落地"];
const WORK_WITHIN: usize = 16;

/// Who is told of by where he comes from: 台湾青年, 澳门居民.
const FROM_BEYOND: [&str; 6] = ["青年", "居民", "学生", "企业家", "业者", "媒体"];

/// Who is told of by where he comes from: 引进福建客商.
const COMERS: [&str; 3] = ["客商", "商人", "游客"];

/// How they come, or what is sold to them.
const COMING: [&str; 15] = [
    "引进", "引来", "吸引", "招引", "招来", "迎来", "接待", "邀请", "来自", "卖给", "销给", "售给",
    "与", "同", "向",
];

/// 芦山地震灾区, 鲁甸地震发生后: what is told there is of the place; 汶川地震 alone is an event remembered.
fn is_a_stricken_area(after: &str) -> bool {
    ["地震", "强烈地震", "特大地震"]
        .iter()
        .filter_map(|word| after.strip_prefix(word))
        .any(|rest| ["灾区", "发生", "震中", "重灾区"].iter().any(|word| rest.starts_with(word)))
}

/// What the nation does in its capital.
const IN_THE_CAPITAL: [&str; 18] = [
    "举行",
    "隆重举行",
    "召开",
    "开幕",
    "闭幕",
    "人民大会堂",
    "钓鱼台",
    "会见",
    "会谈",
    "逝世",
    "火化",
    "出席",
    "签署",
    "发布",
    "揭晓",
    "时装周",
    "中南海",
    "胜利闭幕",
];

/// How people of the whole country come to the capital.
const TO_THE_CAPITAL: [&str; 8] = ["回到", "返回", "上", "带到", "带上", "专机到", "飞抵", "到了"];
/// Words that end like one of these: 网上北京. Who 来到了北京 may be a visitor that is told of.
const NOT_TO_THE_CAPITAL: [&str; 7] = ["网上", "线上", "以上", "早上", "晚上", "马上", "来到了"];

/// Why somebody goes to a place that is not reported on: 到昆山跟班学习.
const LESSONS: [&str; 8] =
    ["参观学习", "跟班学习", "学习考察", "考察学习", "观摩学习", "学习取经", "取经", "进修"];
/// Words that end like one for going to a place and are none.
const NO_GOING: [&str; 16] = [
    "看到", "得到", "达到", "受到", "收到", "感到", "想到", "谈到", "提到", "遇到", "直到", "等到",
    "过去", "失去", "以往", "向往",
];

/// Inside 《…》, or inside quotation marks that hold no more than the name of a scheme.
pub(super) fn in_scheme_name(before: &str, after: &str) -> bool {
    let open = before
        .rfind(['《', '》'])
        .and_then(|at| before.get(at..))
        .is_some_and(|rest| rest.starts_with('《'));
    if open && after.contains('》') {
        return true;
    }
    // What begins further away is longer than a name.
    let mut near = before.char_indices().rev().take(SCHEME_NAME_MAX);
    let mark = near.find(|(_, c)| matches!(c, '“' | '”' | '「' | '」' | '"'));
    let Some((start, '“' | '「' | '"')) = mark else { return false };
    let quoted = before.get(start..).unwrap_or_default();
    // Straight quotes open and close alike: an odd number of them is open.
    if quoted.starts_with('"') && before.matches('"').count().is_multiple_of(2) {
        return false;
    }
    let Some(close) = after.find(['”', '」', '"']) else { return false };
    let length =
        quoted.chars().count() + after.get(..close).map_or(0, |inside| inside.chars().count());
    length <= SCHEME_NAME_MAX
}

/// Gone to, helped, come from: what stands before a place, or before the first of a list, says so.
pub(super) fn passing_by_before(before: &str) -> bool {
    // 卖到了广东, 老家在安康, 曾在义乌
    let stem = without_done(before);
    let at_home = before.strip_suffix('在').is_some_and(|before| before.ends_with("老家"));
    at_home || before.ends_with("曾在") || BEFORE.iter().any(|word| stem.ends_with(word))
}

/// 卖到了, 来到了 as 卖到, 来到.
fn without_done(before: &str) -> &str {
    before.strip_suffix('了').filter(|stem| stem.ends_with('到')).unwrap_or(before)
}

/// Visited, quoted, partner: what stands behind a place, or behind the last of a list, says so. `before_list` is what
/// stands before the first of the list, `before` where it is none.
pub(super) fn passing_by_after(name: &str, before: &str, before_list: &str, after: &str) -> bool {
    if is_a_stricken_area(after) {
        return false;
    }
    if AFTER.iter().any(|word| after.starts_with(word)) || is_quoted_visit(after) {
        return true;
    }
    if before_says_national(before)
        && ["召开", "举行", "开幕", "闭幕"].iter().any(|w| after.starts_with(w))
    {
        return true;
    }
    if names_a_former_officer(after) && (tells_an_offence(after) || tells_an_offence(before)) {
        return true;
    }
    let ends_with = |words: &[&str]| words.iter().any(|word| before.ends_with(word));
    if matches!(name, "北京" | "北京市")
        && ends_with(&TO_THE_CAPITAL)
        && !ends_with(&NOT_TO_THE_CAPITAL)
    {
        return true;
    }
    if name.starts_with("北京") && IN_THE_CAPITAL.iter().any(|word| after.starts_with(word)) {
        return true;
    }
    // 深圳驻龙川县工作队 is at work elsewhere, 桃城区驻村干部 are at home, and 靖江市驻上海招商局 is of 靖江市.
    if after.strip_prefix('驻').is_some_and(|rest| {
        !rest.starts_with(['村', '地', '点', '社', '乡', '镇']) && !names_an_office(rest)
    }) || before.ends_with('驻') && names_an_office(after)
        || ["台湾", "香港", "澳门"].contains(&name)
            && FROM_BEYOND.iter().any(|word| after.starts_with(word))
    {
        return true;
    }
    // 第九次党代会, 第十五届人民代表大会: who met, not where something was done; it is when a sentence opens with it.
    if is_meeting_number(after) && !opens_with_it(before, after)
        || is_a_group_sent(after)
        || is_an_order_from_above(name, after)
    {
        return true;
    }
    if is_a_common_border(after)
        || is_left_behind(before_list, after)
        || comes_for_a_lesson(after)
        || goes_for_a_lesson(before_list, after)
        || is_listed_on_a_market(name, before_list, after)
        || names_comers(after) && is_a_coming(before_list)
    {
        return true;
    }
    // 昆明6月1日电
    let digits = after.trim_start_matches(|c: char| c.is_ascii_digit());
    digits.len() < after.len()
        && digits.starts_with('月')
        && after.chars().take(8).any(|c| c == '电')
}

fn names_an_office(text: &str) -> bool {
    let end = text.char_indices().nth(OFFICE_WITHIN).map_or(text.len(), |(end, _)| end);
    let near = text.get(..end).unwrap_or("");
    OFFICES_ELSEWHERE.iter().any(|word| near.contains(word))
}

/// What stands between a place and another one says that somebody named by the first is at work at the second.
pub(super) fn works_at_the_next(between: &str) -> bool {
    between.char_indices().nth(WORK_WITHIN).is_none()
        && AT_WORK.iter().any(|word| between.ends_with(word))
        && between.chars().all(char::is_alphanumeric)
        && FAR_WORKERS.iter().any(|word| between.contains(word))
}

/// 在北京待了十年: a place of years gone by, where the text goes on to another.
pub(super) fn is_of_years_gone_by(before: &str, after: &str) -> bool {
    const BEING: [&str; 10] = ["待", "呆", "住", "干", "生活", "工作", "打拼", "经商", "读", "漂"];
    let clause = after.split(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
    before.ends_with('在')
        && BEING
            .iter()
            .any(|word| clause.strip_prefix(*word).is_some_and(|rest| rest.starts_with('了')))
        && clause.contains('年')
}

/// 从重庆酉阳 + 迁到 + 湖北省来凤县: where those who left came to is told of.
pub(super) fn moves_to_the_next(before: &str, between: &str) -> bool {
    before.ends_with('从')
        && ["迁到", "迁至", "迁往", "搬到", "移居"].iter().any(|word| between.ends_with(word))
        && between.chars().all(char::is_alphanumeric)
}

/// The title of a visit: 某某在山西考察.
pub(super) fn is_a_visit(title: &str) -> bool {
    title
        .split_once('在')
        .is_some_and(|(_, rest)| ["考察", "视察", "调研"].iter().any(|word| rest.contains(word)))
}

/// What a visitor says in the end is said to all: 他强调, 他指出.
pub(super) fn sums_up_a_visit(text: &str) -> bool {
    let start = text.char_indices().nth(SUMS_UP_WITHIN).map_or(text.len(), |(end, _)| end);
    let start = text.get(..start).unwrap_or("");
    ["强调", "指出", "要求", "听取", "座谈", "会议", "陪同", "参加", "期间"]
        .iter()
        .any(|word| start.contains(word))
}

/// A meeting of the whole country is held there: 全国现场会16日在达州市召开.
fn before_says_national(before: &str) -> bool {
    let sentence = before.rsplit(['。', '！', '？', '；']).next().unwrap_or(before);
    sentence.contains("全国") && sentence.ends_with('在')
}

/// What lists of cases tell of those who held an office.
fn tells_an_offence(text: &str) -> bool {
    const OFFENCES: [&str; 16] = [
        "违纪", "违法", "违规", "处分", "开除", "查处", "查办", "立案", "受贿", "贪污", "免职",
        "撤职", "落马", "被查", "审查", "腐败",
    ];
    OFFENCES.iter().any(|word| text.contains(word))
}

/// Who held an office there once, as the lists of cases say: 安监局原局长.
fn names_a_former_officer(after: &str) -> bool {
    const OFFICES: [&str; 11] =
        ["局长", "书记", "常委", "党组", "党委", "党工委", "主席", "主任", "董事长", "政委", "副"];
    let clause = after.split(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
    clause.char_indices().take(18).any(|(at, c)| {
        c == '原'
            && clause
                .get(at + c.len_utf8()..)
                .is_some_and(|rest| OFFICES.iter().any(|office| rest.starts_with(office)))
    })
}

/// 考察时的重要讲话精神: what was said there, not a report of the visit.
fn is_quoted_visit(after: &str) -> bool {
    const VISITS: [&str; 6] = ["考察", "视察", "调研", "期间", "时", "工作"];
    const QUOTED: [&str; 4] = ["讲话", "指示", "嘱托", "批示"];
    if !VISITS.iter().any(|word| after.starts_with(word)) {
        return false;
    }
    let near = start_of(after, 20);
    QUOTED.iter().any(|word| near.contains(word))
}

/// 云南省委农村工作会议指出: what a province asks for is no report on it.
fn is_an_order_from_above(name: &str, after: &str) -> bool {
    const MEETINGS: [&str; 3] = ["会议", "全会", "文件"];
    const ORDERS: [&str; 5] = ["指出", "强调", "要求", "提出", "精神"];
    let Some(words) = after.strip_prefix('委').or_else(|| after.strip_prefix("党委")) else {
        return false;
    };
    let clause = words.split(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
    name.ends_with(['省', '区'])
        && MEETINGS.iter().any(|word| clause.contains(word))
        && ORDERS.iter().any(|word| clause.contains(word))
}

/// 陕甘川三省交界, behind any of the three: where a place lies.
pub(super) fn is_a_border(after: &str) -> bool {
    before_a_border(after).is_some_and(|between| without_kind(between).is_some())
}

/// 两省交界的, 交界处: behind the last of the places whose border it is.
fn is_a_common_border(after: &str) -> bool {
    before_a_border(after).is_some_and(|between| {
        let number = without_kind(between).unwrap_or(between);
        number.chars().all(|c| matches!(c, '两' | '三' | '四'))
    })
}

/// 与从江县接壤: the border of what stands before it.
pub(super) fn is_bordered_on(before: &str, after: &str) -> bool {
    before.ends_with(['与', '同']) && after.starts_with("接壤")
}

/// What stands before the word for a border: 川三省 of 川三省交界处.
fn before_a_border(after: &str) -> Option<&str> {
    let near = start_of(after, BORDER_WITHIN);
    let clause = near.split(|c: char| !c.is_alphanumeric()).next()?;
    let at = ["交界", "接壤", "结合部"].iter().filter_map(|word| clause.find(word)).min()?;
    let between = clause.get(..at)?;
    // 杆洞乡与从江县接壤 is told of 杆洞乡.
    let is_told = between.starts_with(['与', '同']) && clause.get(at..)?.starts_with("接壤");
    (!is_told).then_some(between)
}

/// What stands before the kind of those that have a border: 两 of 两省.
fn without_kind(text: &str) -> Option<&str> {
    const KINDS: [&str; 7] = ["省区", "省市", "省", "市", "州", "县", "地"];
    KINDS.iter().find_map(|kind| text.strip_suffix(kind))
}

/// 在省委书记某某、省长某某陪同下: who went along. The visitor (省委书记某某在…) has no 在 before him.
pub(super) fn is_an_escort(before: &str, after: &str) -> bool {
    after.starts_with("委书记") && goes_along(after) && clause_before(before).contains('在')
}

/// 省委书记某某在州委书记某某陪同下: whoever visited, or went along.
pub(super) fn goes_along(after: &str) -> bool {
    start_of(after, ESCORT_WITHIN)
        .split(['，', ',', '。', '；'])
        .next()
        .is_some_and(|clause| clause.contains("陪同"))
}

/// 到昆山跟班学习: the reason to go stands behind the place or its town, the going before it or the list it stands in.
fn goes_for_a_lesson(before_list: &str, after: &str) -> bool {
    let near = start_of(after, LESSON_WITHIN);
    let clause = near.split(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
    // One look spares most places eight.
    if !clause.contains(['学', '取', '修']) || !names_a_lesson(clause) {
        return false;
    }
    let going = without_done(before_list);
    going.ends_with(['到', '去', '往', '赴']) && !NO_GOING.iter().any(|word| going.ends_with(word))
}

fn names_a_lesson(clause: &str) -> bool {
    // 进修学校 is one there.
    let is_a_school = |rest: &str| rest.starts_with(['学', '校', '院']);
    LESSONS.iter().any(|word| clause.split(word).skip(1).any(|rest| !is_a_school(rest)))
}

/// 从深圳一家公司辞职, 从上海迁到安徽, 在上海打拼多年: where somebody was before.
fn is_left_behind(before_list: &str, after: &str) -> bool {
    const LEAVING: [&str; 12] = [
        "离职", "辞职", "辞去", "辞掉", "返乡", "回乡", "返回", "回到", "迁到", "迁至", "搬到",
        "赶来",
    ];
    const FAR_FROM_HOME: [&str; 5] = ["打拼", "闯荡", "漂泊", "打工", "务工"];
    let (words, within) = match before_list.chars().next_back() {
        Some('从') => (&LEAVING[..], LEAVING_WITHIN),
        Some('在') => (&FAR_FROM_HOME[..], LESSON_WITHIN),
        _ => return false,
    };
    let near = start_of(after, within);
    let clause = near.split(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
    words.iter().any(|word| clause.contains(word))
}

/// 神木市、府谷县派人来学, 的同行前来参观: whose people come for a lesson. 来府谷县参观 is a visit there.
fn comes_for_a_lesson(after: &str) -> bool {
    const WHO_AND_HOW: [&str; 21] = [
        "等地", "等", "的", "也", "都", "还", "居民", "村民", "群众", "同行", "干部", "代表",
        "农户", "企业", "纷纷", "派人", "派员", "组团", "专程", "慕名", "多次",
    ];
    const WHY: [&str; 6] = ["学习", "参观", "取经", "考察", "观摩", "学"];
    let mut rest = after;
    while let Some(shorter) = WHO_AND_HOW.iter().find_map(|word| rest.strip_prefix(word)) {
        rest = shorter;
    }
    let coming = rest.strip_prefix("前来").or_else(|| rest.strip_prefix('来'));
    coming.is_some_and(|rest| WHY.iter().any(|why| rest.starts_with(why)))
}

/// 在上海上市, 香港上市。: where a company's shares are sold. 浙江省上市公司 are at home.
fn is_listed_on_a_market(name: &str, before_list: &str, after: &str) -> bool {
    after.strip_prefix("上市").is_some_and(|rest| {
        let ends = !rest.starts_with(char::is_alphanumeric);
        let is_market = matches!(name, "香港" | "上海" | "深圳" | "北京");
        ends || before_list.ends_with('在') && (is_market || !rest.starts_with(['公', '企']))
    })
}

/// Whether a place only says where somebody is from: 福建客商.
pub(super) fn names_comers(after: &str) -> bool {
    COMERS.iter().any(|word| after.starts_with(word))
}

/// Whether a clause says before a list of places that people from there come or are dealt with.
fn is_a_coming(before_list: &str) -> bool {
    let clause = clause_before(before_list);
    // 与福建客商: a small word only right before the list.
    COMING.iter().any(|word| {
        if word.chars().nth(1).is_some() { clause.contains(word) } else { clause.ends_with(word) }
    })
}

/// The clause that ends here, with the lists in it.
fn clause_before(before: &str) -> &str {
    before.rsplit(|c: char| !c.is_alphanumeric() && c != '、').next().unwrap_or(before)
}

/// So many characters of a text, or all of it.
fn start_of(text: &str, characters: usize) -> &str {
    text.char_indices().nth(characters).and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}

/// 9月12日，, 会上，, 本报讯: before a meeting's place stands no more than a time or a few words of their own.
/// 学习…精神 is no report of the meeting.
fn opens_with_it(before: &str, after: &str) -> bool {
    let is_apart = before.chars().next_back().is_none_or(|c| !c.is_alphanumeric() && c != '、');
    let is_meant = || {
        after
            .split(|c: char| !c.is_alphanumeric())
            .next()
            .is_some_and(|clause| !clause.contains("精神"))
    };
    (is_apart || before.ends_with(['日', '午'])) && opens_a_sentence(before) && is_meant()
}

/// 第九次, 第十五届.
pub(super) fn is_meeting_number(after: &str) -> bool {
    numbered(after).is_some_and(|rest| rest.starts_with(['次', '届']))
}

/// What is counted: 届 of 第十五届.
fn numbered(text: &str) -> Option<&str> {
    let rest = text.strip_prefix('第')?;
    Some(rest.trim_start_matches(|c| "一二三四五六七八九十百0123456789".contains(c)))
}

/// 第三批援藏干部: who works elsewhere. 第三批驻村干部 are at home.
fn is_a_group_sent(after: &str) -> bool {
    numbered(after)
        .and_then(|rest| rest.strip_prefix('批'))
        .is_some_and(|rest| rest.starts_with(['援', '赴']) || rest.starts_with("支援"))
}

/// 各省、自治区、直辖市和新疆生产建设兵团: one of all, so none.
pub(super) fn one_of_all(before: &str, name: &str) -> bool {
    name.ends_with("兵团")
        && ["直辖市", "各省", "省份", "区、市", "区市"].iter().any(|word| before.contains(word))
}

/// A round-up of short news: each heading begins a piece of its own.
pub(super) fn is_round_up(title: &str) -> bool {
    ["快讯", "简讯", "短讯", "速览", "一句话新闻", "要闻集锦"]
        .iter()
        .any(|word| title.contains(word))
}

/// 与广州市越秀区签订协议: a partner, where a place of another province stands before it.
pub(super) fn is_signed_with(between: &str, after: &str) -> bool {
    let clause = after.split(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
    matches!(between, "与" | "和" | "同")
        && ["签订", "签署", "签约", "结对", "缔结", "结成", "结为"]
            .iter()
            .any(|word| clause.contains(word))
}

/// What joins the places of a list.
pub(super) fn joins_a_list(between: &str) -> bool {
    matches!(between, "、" | "和" | "与" | "及" | "以及")
}

/// Behind a list: 等多地, 7省市, 三县.
pub(super) fn counts_a_list(after: &str) -> bool {
    after.starts_with(|c: char| c.is_ascii_digit() || "等两三四五六七八九十".contains(c))
}

/// Within the first sentence, near its start, and not behind a word for a partner: 与北京协作.
pub(super) fn stands_as_subject(before: &str) -> bool {
    let before = behind_dateline(before);
    if before.char_indices().nth(SUBJECT_WITHIN).is_some() {
        return false;
    }
    let later_sentence =
        before.char_indices().any(|(at, c)| matches!(c, '。' | '！' | '？' | '；') && at > 0);
    let partner = before.ends_with(['与', '同', '和', '向', '赴', '从', '被', '给', '为']);
    !later_sentence && !partner
}

/// At the start of a sentence, but for a time or a small word: 。在深圳, 。2019年，深圳.
pub(super) fn opens_a_sentence(before: &str) -> bool {
    let before = behind_dateline(before);
    let sentence = before.rsplit(['。', '！', '？', '；', '”']).next().unwrap_or(before);
    let partner = before.ends_with(['与', '同', '和', '向', '赴', '从', '被', '给', '为', '到']);
    sentence.char_indices().nth(14).is_none() && !partner
}

/// An exam paper: its title says who issued it, not what it reports on.
pub(super) fn is_exam(title: &str) -> bool {
    const EXAM: [&str; 9] =
        ["申论", "公考", "试题", "真题", "试卷", "公务员", "考试", "省考", "国考"];
    EXAM.iter().any(|word| title.contains(word))
}

/// A yearly report of an authority: it is about its own place all through, and names others as sites of projects.
pub(super) fn is_work_report(title: &str) -> bool {
    ["工作报告", "发展规划", "规划纲要", "统计公报"].iter().any(|word| title.contains(word))
        || greets_an_assembly(title)
}

/// 各位代表：, 各位代表、同志们：: how an authority's report to its assembly begins.
pub(super) fn greets_an_assembly(text: &str) -> bool {
    const PERSONS: [&str; 9] =
        ["代表", "委员", "同志", "同仁", "来宾", "嘉宾", "领导", "列席人员", "列席同志"];
    let text = text.trim();
    let is_greeted = |person: &str| {
        person.is_empty()
            || matches!(person, "同志们" | "朋友们")
            || person.strip_prefix("各位").is_some_and(|person| PERSONS.contains(&person))
    };
    let Some(rest) = text.strip_prefix("各位代表").or_else(|| text.strip_prefix("各位委员"))
    else {
        return false;
    };
    !rest.contains(char::is_alphanumeric)
        || text.ends_with(['：', ':']) && rest.split(|c: char| !c.is_alphanumeric()).all(is_greeted)
}

/// 关于印发《…办法》的通知: a title that names the text it is about.
pub(super) fn is_an_issue(title: &str) -> bool {
    title.contains("关于")
        && ["印发《", "公布《", "发布《", "修改《", "修订《", "实施《", "施行《"]
            .iter()
            .any(|word| title.contains(word))
}

/// A title about what the state's organs did: a place that it happens to name is not the article's.
pub(super) fn is_national(text: &str) -> bool {
    const NATIONAL: [&str; 11] = [
        "国务院",
        "中共中央",
        "党中央",
        "全国人大",
        "全国政协",
        "国家主席",
        "习近平",
        "李克强",
        "中央军委",
        "外交部",
        "国家卫生健康委",
    ];
    NATIONAL.iter().any(|word| text.contains(word))
}

/// A list of people or cases from all over the country, or a life: no place in it is reported on.
pub(super) fn is_list_of_cases(title: &str) -> bool {
    const LIVES: [&str; 5] = ["简历", "逝世", "讣告", "生平", "光辉的一生"];
    const LISTS: [&str; 6] = ["表彰", "荣誉称号", "曝光", "通报", "典型问题", "巡视"];
    const OF_THE_STATE: [&str; 5] = ["全国", "中央", "中共", "国家", "国务院"];
    let has = |words: &[&str]| words.iter().any(|word| title.contains(word));
    has(&LIVES) || has(&LISTS) && has(&OF_THE_STATE)
}

/// 材料1, 给定资料二: what follows has nothing to do with what stands before.
pub(super) fn opens_material(text: &str) -> bool {
    let rest = ["给定资料", "给定材料", "材料", "资料", "案例"].iter().find_map(|word| {
        text.trim_start_matches(|c: char| !c.is_alphanumeric()).strip_prefix(word)
    });
    rest.is_some_and(|number| {
        let number = number.trim().trim_end_matches([':', '：', '、', '.']);
        !number.is_empty()
            && number.chars().all(|c| c.is_ascii_digit() || "一二三四五六七八九十".contains(c))
    })
}

/// Nothing but the words that open a piece of news: 央视网消息（新闻联播）：
pub(super) fn is_only_dateline(text: &str) -> bool {
    let text = text.trim();
    text.ends_with([':', '：'])
        && ["消息", "电", "讯", "联播"].iter().any(|word| text.contains(word))
        && text.char_indices().nth(DATELINE_MAX).is_none()
}

/// What stands behind the words that open a piece of news: 央视网消息（新闻联播）：.
fn behind_dateline(text: &str) -> &str {
    let colon = text.char_indices().take(DATELINE_MAX).find(|(_, c)| matches!(c, ':' | '：'));
    let Some((at, colon)) = colon else { return text };
    let is_dateline = text
        .get(..at)
        .is_some_and(|words| ["消息", "电", "讯", "联播"].iter().any(|word| words.contains(word)));
    if is_dateline { text.get(at + colon.len_utf8()..).unwrap_or("") } else { text }
}

/// A made-up or hidden name of a place (H市, 某县, XX镇): where it stands.
pub(super) fn masked_place(text: &str) -> Option<Range<usize>> {
    const KINDS: [&str; 13] =
        ["省", "市", "县", "区", "镇", "乡", "村", "州", "旗", "盟", "街道", "社区", "地区"];
    let is_mask = |c: char| c.is_ascii_uppercase() || matches!(c, '某' | '×' | '＊' | '*' | 'x');
    let mut before = None;
    let mut chars = text.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        let previous = before.replace(c);
        if !is_mask(c) || previous.is_some_and(|c: char| c.is_ascii_alphanumeric()) {
            continue;
        }
        let mut length = 1;
        while chars.peek().is_some_and(|(_, c)| is_mask(*c)) {
            before = chars.next().map(|(_, c)| c);
            length += 1;
        }
        let end = chars.peek().map_or(text.len(), |(at, _)| *at);
        let behind = text.get(end..).unwrap_or("");
        if length <= 2 && KINDS.iter().any(|kind| behind.starts_with(kind)) {
            return Some(start..end);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_masked_place_is_letters_or_signs_before_a_kind_of_place() {
        for text in ["在H市开展", "XX镇", "某县的干部", "××市", "A区在推进"] {
            assert!(masked_place(text).is_some(), "{text}");
        }
        for text in ["DNA区分", "A股市场", "某些县", "PM2.5", "", "市", "X"] {
            assert!(masked_place(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_dateline_alone_is_no_text() {
        assert!(is_only_dateline("央视网消息（新闻联播）："));
        assert!(!is_only_dateline("央视网消息（新闻联播）：今天，全国秋收过六成。"));
        assert!(!is_only_dateline("主要做法："));
    }

    #[test]
    fn material_has_a_number() {
        assert!(opens_material("材料1") && opens_material("给定资料二："));
        assert!(!opens_material("材料准备") && !opens_material("资料"));
    }
}
