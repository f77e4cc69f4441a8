//! Page furniture: the lines of a saved page that are not the report. Dropped lines are kept for view, with the rule.
//!
//! Every rule prefers to leave furniture in over losing a sentence: rules ask for whole lines, known words and short
//! lengths. Rules see [`Line::key`], so Traditional pages and both kinds of punctuation are covered. Order matters: runs
//! (navigation, notices of document sites, keyword lists) first, then single lines, then tails, which need to know what
//! text is left.

use crate::ingest::Role;
use crate::ingest::page::Line;
use crate::text::tokens::is_han;
use regex::Regex;
use std::collections::HashMap;
use std::sync::LazyLock;

/// A paragraph this long is text of an article, whatever stands around it.
const TEXT_FROM_CHARS: usize = 150;
/// A line that ends like a sentence is one from so many characters on.
const SENTENCE_FROM_CHARS: usize = 25;
/// No label, button or link title is longer.
const LABEL_MAX_CHARS: usize = 40;

macro_rules! patterns {
    ($($(#[$doc:meta])* $name:ident = $pattern:expr;)*) => {
        $($(#[$doc])* static $name: LazyLock<Regex> =
            LazyLock::new(|| Regex::new($pattern).expect("a fixed pattern"));)*
    };
}

patterns! {
    POSITION = r"^(您|你|当前|现在)?(现在|当前)?(所在|所处)?的?位置\s*:";
    CRUMB_MARK = r"^(>+|»|›|》+|/|-)$";
    CRUMB_BETWEEN = r"\w\s*(>+|»|›)\s*\w";
    /// A button with which a word begins, the longer ones first.
    BUTTON = r"(?x)^(
        打印(本页|此页|页面)?|关闭(窗口|本页)?|字体大小|字体|字号|大中小|分享(到|至)?(微信|微博|朋友圈)|分享[到至]?|我要(纠错|分享|评论)
        |(网站)?首页|返回(首页|顶部|列表)|回到顶部|下载|全屏|加入收藏|收藏|转发|复制链接|加大|还原|减小|放大|缩小|默认|标准|设为首页
        |繁体|简体|无障碍(浏览|阅读)?|语音播报|听全文|朗读|扫一扫(在手机上?打开(当前页|本页)?)?|手机(查看|阅读|扫码浏览)
        |登录|注册|发表评论|网友评论|点赞|微信|微博|QQ空间
    )";
    /// A size of letters that can be chosen; only beside buttons.
    SIZE = r"^(特大|超大|大|中|小)";
    /// Unmistakable even when it stands alone.
    TOOL_ALONE = r"(?x)^[\s【\[(]*(
        (字号|字体)(大小)?\s*:?\s*[\[(【]?\s*((大|中|小|特大|默认|超大|标准)[\s|/]*)*
        |分享(到|至)?\s*:(\s*(微信|微博|QQ|朋友圈|更多|QQ空间)[\s|、]*)*
        |扫一扫(在手机(上)?打开(当前页|本页)?|.{0,6}(阅读|关注|分享).{0,10})|打印(本|此)页|关闭(窗口|本页)|返回(顶部|列表|首页)|回到顶部|分享到(微信|微博|朋友圈)
        |点击(上方|下方|左上角|右上角).{0,20}(关注|订阅).{0,10}|[》>\s]*点击.{0,6}进入专题[《<\s]*|(长按|扫码|扫描).{0,12}(关注|二维码).{0,20}|点击(这里|此处|图片|链接)?(查看|阅读)(原文|全文|更多|详情).{0,6}
        |(展开|点击展开|收起)(阅读)?全文|(去|在)?(打开|下载)\s?(APP|App|客户端).{0,12}|更新时间戳?\s*:?\s*\d{10,14}|(浏览|点击|阅读)(次数|量|数)?\s*:\s*\d*\s*次?|打印\s+关闭(\s*.{0,6})?|收藏\s*\|?\s*打印.{0,20}
    )[\s】\])|]*$";
    /// What pages made for sharing ask of their readers: `点击蓝字 关注我们`, `点赞、在看`, `轻触阅读原文`.
    SHARING = r"(?x)^[^\p{Han}\w]*(
        (请|快|先|来)*(点击?|轻触|轻点|戳|猛戳)(左|右)?(上|下)?(方|面|角)?的?[^\p{Han}\w]*(蓝字|蓝色(字体?|文字|小字))[^。；;]{0,24}
        |(左|右)?(上|下)?(方|面|角)?的?蓝字[^。；;]{0,6}关注[^。；;]{0,8}
        |(欢迎|请|赶快|快来|长按|扫码|识别|点击|一键|点个|立即|搜索|记得|上方|下方|\s)*关注(我们|本号|本公众号)[^。；;]{0,8}
        |(点击|长按|扫码|搜索|轻触|微信)[^。；;,，]{0,24}关注(我们|本号|一下|吧|[^。；;,，]{0,8}(公众号|视频号|订阅号|微信号))?
        |(点击|长按|扫码|搜索|微信|欢迎|请|敬请)*关注[^。；;,，]{0,20}(公众号|视频号|订阅号|微信号|抖音号)
        |微信(扫一扫|扫码)((关注|分享|阅读|查看|可?打开)[^。；;]{0,16})?|识别(图中)?二维码([^。；;]{0,4}(关注|阅读|查看|进入)[^。；;]{0,12})?
        |点(亮?在看|个在看|个?赞|点赞|分享|收藏|转发)
        |(点?赞|在看|分享|收藏|转发|留言|评论|喜欢)(\s*[、,，/|·+和&\s]\s*(点?赞|在看|分享|收藏|转发|留言|评论|喜欢|一键三连))+
        |(阅读|浏览)\s*[\d.,]+\s*(万|w|W)?\+?(\s*(点?赞|在看|分享|收藏|评论|留言)\s*\d*)*|写留言|精选留言
        |(赞|在看)\s*[,，]\s*轻点两下取消(赞|在看)|喜欢此内容的人还喜欢|预览时标签不可点|(继续|向[上下])滑动看下一个|使用(小程序|完整服务)
        |(轻触|点击|戳)?(左下角|下方|上方)?阅读原文(查看|了解)?.{0,8}
        |广告|(?i:THE\s+)?(?i:END)|[-—(【]\s*(全文)?完\s*[-—)】]
        |(投稿|来稿|爆料|商务合作)(邮箱|信箱|热线|电话|微信|QQ)?\s*:\s*[\w.@+\-()\s]{5,30}
        |(如需|如要|欢迎|若)?转载\s*[,，]?\s*(请|须|务必)[^。；;]{0,4}(注明|标注|联系)[^。；;]{0,16}
    )[^\p{Han}\w]*$";
    TOOL_PART = r"^(大|中|小|】|\]|\)|\||×|x|X|[>》]+|:)$";
    NOTICE = r"^(温馨|友情)提示\s*:?$";
    NOTICE_ITEM = r"^\(?\d{1,2}\s*[.、)].*(下载|文档|客服|版权归|预览|上传|本站|网站)";
    SUPPORT = r"^(网站|在线|联系)?客服(QQ|微信|电话|热线)?\s*:\s*[\w\-+ ]{5,}$";
    PREV_NEXT = r"(?x)^[\s•·●◆■\-|]*(
        (上|下)一?(篇|条|页|则|个)(文章|新闻|资讯|信息)?\s*(:|$).*|(前|后)一(篇|条)\s*:.*|(没有了|已经?是(最[前后新]|第|最后).{0,4})
    )$";
    PAGE_NUMBER = r"^([-—–·~\s]+\d{1,4}[-—–·~\s]+|第\s*\d{1,4}\s*页(\s*[,，/]?\s*共\s*\d{1,4}\s*页)?|共\s*\d{1,4}\s*页.{0,20}|\d{1,4}\s*/\s*\d{1,4})$";
    COPYRIGHT = r"(?x)^[\s*※★(\[【]*(
        (版权|免责|郑重|特别|法律|转载)(归属)?(声明|说明)\s*[:】\]]|凡(本网|本站)?注明.{0,4}[“\x22']?(来源|稿件来源)|(本网|本站)(所有|所载|刊登).{0,12}(内容|作品|文章).{0,40}版权
        |版权所有|(?i:copyright|©).{0,60}|未经.{0,14}(授权|许可|同意).{0,14}(转载|复制|使用)
    )";
    RELATED = r"(?x)^[\s•·●◆■▪|【\[>》]*(
        (相关|延伸|推荐|热门|最新|更多|精彩|热点|今日|往期|猜你|为您|大家都在看|编辑)(的)?(新闻|阅读|链接|报道|文章|推荐|文档|附件|稿件|专题|内容|资讯|信息|解读|喜欢|回顾|视频|图片|话题|搜索)
        |友情链接|网站导航|站内导航|点击排行|阅读排行|新闻排行|热门排行|一周排行|相关政策|图文推荐
    )[\s>》:»】\]…]*$";
    /// The licence box of a text library.
    LICENCE = r"^(本(作品|文|页)(来自|是|属于|采用|在).{0,60}|Public domain|(本|该)?作品.{0,40}公有领域.{0,20})$";
    TEASER = r"\[\s*(详细|查看全文|阅读全文|全文|更多|查看详情)\s*(>>|》)?\s*\]\s*[-—]?$";
    LINK_ONLY = r"^([!\[*\-\s]*\[[^\[\]]{0,30}\]\(\s*\S+\s*\)|(?:原文(链接|地址)?|链接|网址|本文(链接|网址|地址))\s*:\s*https?://\S+|https?://[\w./?=&%#:~+-]+|(查看|阅读)原文)$";
    RULE_LINE = r"^[-—_=*•~#＊※─━═]+$";
    CREDIT = r"^本(版|报|网|刊)(今日)?(图片|照片|摄影|版图).{0,14}(供图|提供|摄|摄影|资料|资料图).{0,14}$";
    EDITOR = r"(?x)^[\[(【]*(\S{1,8}\s*:\s*\S{2,8}\s+)?(
        (本期|本版|网络|网站|值班|文字|视频|图片|执行|美术|见习|实习)?(责任|责|编辑?|编校|审核|校对|审校|编审|主编|监制|初审|复审|终审|审签|签发|排版|录入|制作)(编辑|编|人|员|主任)?
    )\s*[:/丨|]\s*.{0,40}[\])】]*$";
    /// The people who made the page, without colons: `责任编辑 某某 美编 某某`.
    EDITORS = r"^((责任编辑|责编|编辑|美编|校对|检校|版式|组版|值班主任|值班编委)\s*:?\s+[\p{Han}]{2,4}\s*){1,6}$";
    /// The head of a newspaper page: `第A03版：要闻`.
    PAGE_HEAD = r"^第?\s*[A-Z]?\d{1,3}\s*版\s*(:|\s)\s*\S{0,8}$";
    FOOTER = r"(?x)^(
        (主办|承办|协办|技术支持|运维|建设)(单位|部门|方)?\s*:.{1,40}|(网站标识码|备案号|许可证(编)?号).{0,40}|.{0,30}(ICP备|公网安备|ICP证).{0,40}
        |(关于我们|联系我们|网站地图|隐私(政策|声明)|法律声明|版权声明|广告服务|网站声明|使用帮助)([\s|·-]+.{2,8}){0,8}|(举报|违法和不良信息举报)(电话|邮箱).{0,40}
    )$";
    COMMENT = r"^<!--.*-->$";
    HASH = r"^[0-9a-f]{24,}:?$";
    ITEM = r"^\(?(\d{1,2}|[一二三四五六七八九十]{1,3})\s*[.、)]";
}

/// Marks the lines that are furniture with the name of the rule. Rows of tables are data: two that are equal are two,
/// and one that reads as a page number is none.
pub fn mark(lines: &mut [Line<'_>]) {
    let rows: Vec<(usize, Option<&'static str>)> = lines
        .iter()
        .enumerate()
        .filter(|(_, line)| line.role == Some(Role::Row))
        .map(|(at, line)| (at, line.dropped))
        .collect();
    mark_all(lines);
    for (at, dropped) in rows {
        lines[at].dropped = dropped;
    }
}

fn mark_all(lines: &mut [Line<'_>]) {
    drop_crumbs(lines);
    drop_notices(lines);
    drop_keywords(lines);
    drop_contents(lines);
    drop_tools(lines);
    drop_single_lines(lines);
    drop_repeated_titles(lines);
    drop_tails(lines);
}

/// Rules whose lines stand between two pages, so that a sentence may go on behind them.
const PAGE_BREAKS: [&str; 2] = ["page-number", "separator"];

/// Whether a sentence may go on behind this line: a page number or a ruled line.
pub fn is_page_break(line: &Line<'_>) -> bool {
    match line.dropped {
        Some(rule) => PAGE_BREAKS.contains(&rule),
        None => line.chars <= 100 && PAGE_NUMBER.is_match(&line.key) || is_rule(&line.key),
    }
}

/// `您的位置: 首页 > 新闻`, in one line or one label a line.
fn drop_crumbs(lines: &mut [Line<'_>]) {
    let mut at = 0;
    while at < lines.len() {
        let key = lines[at].key.as_str();
        let named = lines[at].chars <= 120 && POSITION.is_match(key);
        let path = lines[at].chars <= 80
            && !key.contains('。')
            && separated_labels(key)
            && CRUMB_BETWEEN.find_iter(key).count() >= 2;
        let home = matches!(key, "首页" | "网站首页");
        let mut end = at;
        if named || path {
            end = at + 1;
            // The position label alone in its line: labels and marks follow.
            if key.ends_with(':') && lines.get(end).is_some_and(|line| line.chars <= 12) {
                end += 1;
            }
        } else if home {
            end = at + 1;
        }
        if end > at {
            let first_mark = end;
            while let [mark, label, ..] = lines.get(end..).unwrap_or_default() {
                if !CRUMB_MARK.is_match(&mark.key) || label.chars > 24 {
                    break;
                }
                end += 2;
            }
            // The last label once more, as the name of the section.
            if end > first_mark && lines.get(end).is_some_and(|line| line.key == lines[end - 1].key)
            {
                end += 1;
            }
            let alone = home && end == first_mark;
            if !alone {
                drop_run(lines, at, end, "breadcrumb");
            }
        }
        at = end.max(at + 1);
    }
}

/// Whether all parts between marks are short labels, as no comparison in a sentence has them.
fn separated_labels(key: &str) -> bool {
    key.split(['>', '»', '›'])
        .all(|label| label.chars().count() <= 30 && !label.contains([',', ';', '。']))
}

/// The notices of document-sharing sites: a head such as 温馨提示 and numbered items about downloading.
fn drop_notices(lines: &mut [Line<'_>]) {
    let half = lines.len() / 2;
    let mut at = 0;
    while at < lines.len() {
        let head = begins(&lines[at].key, "温友") && NOTICE.is_match(&lines[at].key);
        let items_from = at + usize::from(head);
        let items = count_run(lines, items_from, |line| is_notice_item(&line.key));
        // Without the head a real list about downloads could look alike: two items at the top of the page decide.
        if (head && items >= 1) || (items >= 2 && at <= half.min(12)) {
            let mut end = items_from + items;
            end += count_run(lines, end, |line| is_support(&line.key));
            drop_run(lines, at, end, "document-site");
            at = end;
        } else {
            at += 1;
        }
    }
    for line in lines.iter_mut().filter(|line| line.is_kept() && is_support(&line.key)) {
        line.dropped = Some("document-site");
    }
}

fn is_notice_item(key: &str) -> bool {
    key.starts_with(|c: char| c == '(' || c.is_numeric()) && NOTICE_ITEM.is_match(key)
}

fn is_support(key: &str) -> bool {
    begins(key, "网在联客") && SUPPORT.is_match(key)
}

/// Whether a line begins with one of these characters: what most lines do not need no pattern for.
fn begins(key: &str, with: &str) -> bool {
    key.starts_with(|c| with.contains(c))
}

/// A title cut into keywords, one a line, before the title itself.
fn drop_keywords(lines: &mut [Line<'_>]) {
    let mut at = 0;
    while at < lines.len() {
        let run = count_run(lines, at, |line| line.chars <= 8 && line.is_kept());
        let next = lines.get(at + run).filter(|line| line.is_kept());
        if run >= 4
            && let Some(title) = next
        {
            let title = letters(&title.key);
            // The longest end of the run whose words, joined, begin the title; titles have few words.
            let end = at + run;
            let from = (end.saturating_sub(24).max(at)..=end - 4).find(|&from| {
                let run = lines.get(from..end).unwrap_or_default();
                let joined: String = run.iter().map(|line| letters(&line.key)).collect();
                !joined.is_empty() && title.starts_with(&joined)
            });
            if let Some(from) = from {
                drop_run(lines, from, end, "keywords");
            }
        }
        at += run.max(1);
    }
}

/// Headlines of a list that must come again.
const CONTENTS_MIN: usize = 3;

/// A list of headlines at the top, most of which come again as headings of their own.
fn drop_contents(lines: &mut [Line<'_>]) {
    if lines.iter().filter(|line| is_item(&line.key)).nth(CONTENTS_MIN - 1).is_none() {
        return;
    }
    let mut places: HashMap<String, usize> = HashMap::new();
    for (at, line) in lines.iter().enumerate() {
        if line.is_kept() && line.chars <= 120 {
            places.insert(title_of(&line.key), at);
        }
    }
    let mut at = 0;
    while at < lines.len() {
        let end = at + contents_run(lines, at);
        let items = (at..end).filter(|&i| ITEM.is_match(&lines[i].key)).count();
        let again = (at..end).filter(|&i| comes_again(lines, &places, i, end)).count();
        if again >= CONTENTS_MIN && again * 5 >= items * 2 {
            let head = at.checked_sub(1).filter(|&i| lines[i].key.ends_with(':')).unwrap_or(at);
            drop_run(lines, head, end, "contents");
        }
        at = end.max(at + 1);
    }
}

fn is_item(key: &str) -> bool {
    let first = |c: char| c == '(' || c.is_numeric() || "一二三四五六七八九十".contains(c);
    key.starts_with(first) && ITEM.is_match(key)
}

/// Lines from here that are a list of headlines: numbered ones, second halves after a colon, a stamp in brackets.
fn contents_run(lines: &[Line<'_>], from: usize) -> usize {
    let mut open = false;
    count_run(lines, from, |line| {
        let item = ITEM.is_match(&line.key);
        let stamp = line.key.starts_with('(') && line.key.ends_with(')');
        let is_in = line.is_kept()
            && line.level.is_none()
            && line.chars <= 80
            && !line.key.trim_end_matches('。').contains('。')
            && (item || open || stamp);
        open = item && line.key.ends_with(':');
        is_in
    })
}

fn comes_again(lines: &[Line<'_>], places: &HashMap<String, usize>, at: usize, end: usize) -> bool {
    let line = &lines[at];
    if !ITEM.is_match(&line.key) {
        return false;
    }
    let later =
        |title: &str| !title.is_empty() && places.get(title).is_some_and(|&place| place >= end);
    let title = title_of(&line.key);
    let broken = lines.get(at + 1).filter(|next| at + 1 < end && !ITEM.is_match(&next.key));
    later(&title) || broken.is_some_and(|next| later(&(title + &title_of(&next.key))))
}

/// The words of a headline without its number.
fn title_of(key: &str) -> String {
    letters(&ITEM.replace(key, ""))
}

/// Buttons; a single `大` or `|` only next to one.
fn drop_tools(lines: &mut [Line<'_>]) {
    let mut at = 0;
    while at < lines.len() {
        let run = count_run(lines, at, |line| {
            line.is_kept()
                && line.level.is_none()
                && line.chars <= LABEL_MAX_CHARS
                && (buttons(&line.key).is_some()
                    || TOOL_ALONE.is_match(&line.key)
                    || TOOL_PART.is_match(&line.key))
        });
        let part = lines.get(at..at + run).unwrap_or_default();
        let sure = part.iter().any(|line| TOOL_ALONE.is_match(&line.key));
        let buttons: usize = part.iter().filter_map(|line| buttons(&line.key)).sum();
        if sure || buttons >= 2 {
            drop_run(lines, at, at + run, "page-tools");
        }
        at += run.max(1);
    }
}

/// How many buttons a line has that has nothing else but sizes of letters, in any order and with any marks between;
/// `None` for other lines, and where the marks are those of a sentence.
fn buttons(key: &str) -> Option<usize> {
    if key.contains(['。', '，', ',', ';']) {
        return None;
    }
    let mut count = 0;
    for word in key.split(|c: char| !c.is_alphanumeric()) {
        let mut rest = word;
        while !rest.is_empty() {
            let button = BUTTON.find(rest);
            count += usize::from(button.is_some());
            rest = rest.get(button.or_else(|| SIZE.find(rest))?.end()..)?;
        }
    }
    (count > 0).then_some(count)
}

/// Lines that are furniture wherever they stand.
fn drop_single_lines(lines: &mut [Line<'_>]) {
    let count = lines.len();
    let mut at = 0;
    while at < count {
        let line = &lines[at];
        let short = line.chars <= 100;
        let rule = if !line.is_kept() {
            None
        } else if short && PREV_NEXT.is_match(&line.key) {
            Some("prev-next")
        } else if short && PAGE_NUMBER.is_match(&line.key) {
            Some("page-number")
        } else if is_link(&line.key) {
            Some("link")
        } else if is_rule(&line.key) {
            Some("separator")
        } else if short && CREDIT.is_match(&line.key) {
            Some("photo-credit")
        } else if short && PAGE_HEAD.is_match(&line.key) {
            Some("page-head")
        } else if line.chars <= 60 && !line.key.contains('。') && is_editors(&line.key) {
            Some("editor")
        } else if is_sharing(line) || is_hash(&line.key) || is_comment(&line.key) {
            Some("page-tools")
        } else {
            None
        };
        if let Some(rule) = rule {
            lines[at].dropped = Some(rule);
            // `责任编辑:` with the name in the next line.
            let names = rule == "editor" && lines[at].key.ends_with(':');
            if let Some(next) = lines.get_mut(at + 1).filter(|next| names && is_name(&next.key)) {
                next.dropped = Some(rule);
            }
        }
        at += 1;
    }
}

/// Whether a line asks to follow, share or open the page.
fn is_sharing(line: &Line<'_>) -> bool {
    let words = line.key.trim_start_matches(|c: char| !c.is_alphanumeric());
    line.chars <= LABEL_MAX_CHARS
        && line.level.is_none()
        && begins(
            words,
            "请快先来点轻戳猛左右上下方蓝欢赶长扫识一立搜记关微敬赞在分收转留评喜阅浏写精预继向使广TtEe完全投爆商如若",
        )
        && SHARING.is_match(&line.key)
}

fn is_copyright(key: &str) -> bool {
    let words = key.trim_start_matches(|c: char| c.is_whitespace() || "*※★([【".contains(c));
    begins(words, "版免郑特法转凡本未cC©") && COPYRIGHT.is_match(key)
}

fn is_link(key: &str) -> bool {
    let first = |c: char| c.is_whitespace() || "![*-原链网本h查阅".contains(c);
    key.starts_with(first) && LINK_ONLY.is_match(key)
}

fn is_rule(key: &str) -> bool {
    begins(key, "-—_=*•~#＊※─━═") && RULE_LINE.is_match(key)
}

fn is_hash(key: &str) -> bool {
    key.starts_with(|c: char| c.is_ascii_hexdigit()) && HASH.is_match(key)
}

fn is_comment(key: &str) -> bool {
    key.starts_with("<!--") && COMMENT.is_match(key)
}

/// A title that stands there twice before the text begins, at once or after the navigation: the first stays. What
/// stood right below it may come again with it.
fn drop_repeated_titles(lines: &mut [Line<'_>]) {
    let kept: Vec<usize> = (0..lines.len()).filter(|&at| lines[at].is_kept()).take(30).collect();
    // The place among the kept lines that the next repeated line must equal.
    let mut expected = 0;
    for (n, &at) in kept.iter().enumerate().skip(1) {
        let line = &lines[at];
        if line.chars > 60 || line.key.ends_with('。') {
            break;
        }
        let same = |other: usize| {
            line.chars >= 5 && kept.get(other).is_some_and(|&other| lines[other].key == line.key)
        };
        if same(expected) && expected < n {
            lines[at].dropped = Some("repeated-title");
            expected += 1;
        } else if same(n - 1) {
            lines[at].dropped = Some("repeated-title");
        } else {
            expected = 0;
        }
    }
}

/// What follows a copyright notice or a list of related pages goes, unless text of an article comes after it.
fn drop_tails(lines: &mut [Line<'_>]) {
    let mut text_after = vec![false; lines.len() + 1];
    for (at, line) in lines.iter().enumerate().rev() {
        text_after[at] = text_after[at + 1] || is_article_text(line);
    }
    let mut at = 0;
    while at < lines.len() {
        let line = &lines[at];
        let rule = if !line.is_kept() {
            None
        } else if at > 0 && line.chars <= 400 && is_copyright(&line.key) {
            Some("copyright")
        } else if line.chars <= LABEL_MAX_CHARS && RELATED.is_match(&line.key) {
            Some("related")
        } else if !text_after[at + 1] && LICENCE.is_match(&line.key) {
            Some("licence")
        } else if line.key.contains('[') && TEASER.is_match(&line.key) {
            Some("teaser")
        } else if line.chars <= 100 && !text_after[at + 1] && FOOTER.is_match(&line.key) {
            Some("site-footer")
        } else {
            None
        };
        let Some(rule) = rule else {
            at += 1;
            continue;
        };
        if rule == "teaser" {
            drop_teaser_title(lines, at);
        }
        // A box of links may stand before a short article: its sentences are no titles.
        let goes_on = rule == "related" && lines[at + 1..].iter().any(is_sentence);
        let to_end = !text_after[at + 1] && !goes_on && rule != "teaser";
        let end = if to_end {
            lines.len()
        } else if rule == "related" {
            at + 1 + count_run(lines, at + 1, |line| is_link_title(line))
        } else {
            at + 1
        };
        drop_run(lines, at, end, rule);
        at = end;
    }
}

/// The title line above a teaser.
fn drop_teaser_title(lines: &mut [Line<'_>], teaser: usize) {
    if teaser >= 2
        && let Some(title) = lines.get_mut(teaser - 1)
        && title.is_kept()
        && title.chars <= 60
        && !title.key.ends_with(['。', '!', '?'])
    {
        title.dropped = Some("teaser");
    }
}

/// Text that no list of links holds: a long paragraph, or a heading the format declares.
fn is_article_text(line: &Line<'_>) -> bool {
    line.is_kept()
        && (line.chars > TEXT_FROM_CHARS || line.level.is_some())
        && !TEASER.is_match(&line.key)
        && !COPYRIGHT.is_match(&line.key)
}

/// A whole sentence that is kept.
fn is_sentence(line: &Line<'_>) -> bool {
    line.is_kept()
        && line.chars >= SENTENCE_FROM_CHARS
        && line.key.ends_with('。')
        && !TEASER.is_match(&line.key)
        && !COPYRIGHT.is_match(&line.key)
}

/// A headline in a list of links.
fn is_link_title(line: &Line<'_>) -> bool {
    line.is_kept()
        && line.level.is_none()
        && line.chars <= LABEL_MAX_CHARS
        && line.key.starts_with(['-', '•', '·', '▪', '●'])
        && !line.key.ends_with('。')
}

fn is_editors(key: &str) -> bool {
    EDITOR.is_match(key) || EDITORS.is_match(key)
}

fn is_name(key: &str) -> bool {
    let han = key.chars().filter(|&c| is_han(c)).count();
    (2..=12).contains(&han) && key.chars().all(|c| is_han(c) || c == ' ' || c == '·' || c == '、')
}

fn letters(key: &str) -> String {
    key.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn count_run(lines: &[Line<'_>], from: usize, is_in: impl FnMut(&&Line<'_>) -> bool) -> usize {
    lines.get(from..).unwrap_or_default().iter().take_while(is_in).count()
}

fn drop_run(lines: &mut [Line<'_>], from: usize, to: usize, rule: &'static str) {
    for line in lines.get_mut(from..to).unwrap_or_default() {
        if line.dropped.is_none() {
            line.dropped = Some(rule);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::page;
    use std::borrow::Cow;

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
            "如需转载请注明来源",
        ] {
            let mut lines =
                page::lines(line, &|text| Cow::Owned(text.replace("關", "关").replace("們", "们")));
            mark(&mut lines);
            assert!(lines.iter().all(|line| line.dropped == Some("page-tools")), "{line}");
        }
    }
    #[test]
    fn headings_that_begin_alike_stay() {
        for line in [
            "“扫一扫”办成事",
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
            "完善机制",
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
    fn keywords_go_when_they_make_up_the_title() {
        let text = "果树\n夜校\n培训\n管理\n果树夜校培训管理办法";
        check(text, &["果树夜校培训管理办法"], &["keywords"; 4]);
        let list = "张村\n李村\n王村\n赵村\n四个村的名单";
        check(list, &["张村", "李村", "王村", "赵村", "四个村的名单"], &[]);
    }
    #[test]
    fn a_list_of_headlines_goes_when_they_come_again() {
        let text =
            "主要内容:\n1.甲地修路;\n2.乙地种树;\n3.丙地办学。\n甲地修路\n乙地种树\n丙地办学";
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
        check(
            "标题\n字体：大 中 小 打印本页 关闭窗口\n正文。",
            &["标题", "正文。"],
            &["page-tools"],
        );
        check("关闭窗口 | 打印 | 【小 中 大】字号\n标题", &["标题"], &["page-tools"]);
        check("标题\n分享到：微信/微博　收藏》\n正文。", &["标题", "正文。"], &["page-tools"]);
        for text in
            ["打印店关闭窗口三处。", "字体大小不一", "打印、收藏档案", "大 中 小", "大中型水库"]
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
    fn editors_and_photo_credits_go() {
        check(
            "标题\n（责任编辑：某某）\n本版图片均由某某提供",
            &["标题"],
            &["editor", "photo-credit"],
        );
        check("标题\n责任编辑：\n某某", &["标题"], &["editor"; 2]);
        check("标题\n编辑部的工作很多。", &["标题", "编辑部的工作很多。"], &[]);
    }
    #[test]
    fn the_head_and_the_makers_of_a_printed_page_go() {
        check(
            "第A03版：要闻\n标题\n责任编辑 某某 美编 某某某",
            &["标题"],
            &["page-head", "editor"],
        );
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
        let text = "名称 说明\n甲县的网格\n甲县的网格\n1/2\n主办单位：甲\n版权声明：乙\n丙\n---\n责任编辑：丁";
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
}
