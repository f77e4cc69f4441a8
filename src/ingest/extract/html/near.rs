//! Date, source and author as a page shows them: in the lines round its title and behind its text.

use crate::ingest::extract::declared_date;
use crate::ingest::extract::html::around::{SIGNED_LINES_MAX, is_day_alone, is_sentence};
use crate::ingest::extract::html::facts::with_colons;
use crate::ingest::extract::html::page::{Field, Page, PageLine};
use crate::ingest::metadata::{find_date, is_clock, names_nobody};
use crate::model::{Date, Span};
use regex::{Captures, Regex};
use std::borrow::Cow;
use std::sync::LazyLock;

/// Lines after the title that may name date and source, and lines before it.
const LINES_AFTER_MAX: usize = 12;
const LINES_BEFORE_MAX: usize = 14;

/// Lines behind the article that may.
const LINES_BEHIND_MAX: usize = 8;
/// How many of its last lines.
const LINES_LAST: usize = 2;

/// Lines of the article itself that may; papers and printed pages keep the line of source and date in the text.
const LINES_INSIDE_MAX: usize = 4;

/// Longer lines are sentences, not facts about the page.
const LINE_CHARACTERS_MAX: usize = 160;

/// Last lines of an article that may be credits.
const CREDITS_MAX: usize = 12;

/// Longer lines head nothing.
const HEAD_CHARACTERS_MAX: usize = 12;

/// Longer words are no name of a person or an office.
const NAME_CHARACTERS_MAX: usize = 30;

/// How sure it is that a date is the page's, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sureness {
    /// Labelled as the date of publication.
    Published,
    /// Labelled 时间, with a time of day, or beside a source.
    Likely,
    /// A date alone in its line below the title.
    Bare,
    /// When it was written, or changed last.
    Written,
    /// A date above the title: the paper's, or the day the page was saved.
    Above,
}

/// What the lines say.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Near {
    /// The surest date, of equals the nearest.
    pub(super) date: Option<(Sureness, Date)>,
    /// The account that published the page.
    pub(super) account: Option<String>,
    /// The source that is labelled so.
    pub(super) source: Option<String>,
    /// A publisher beside the date, or an element named for it.
    pub(super) publisher: Option<String>,
    /// The office that issued the document.
    pub(super) office: Option<String>,
    /// Who wrote it.
    pub(super) author: Option<String>,
    /// The title in a table of facts.
    pub(super) title: Option<String>,
}

/// Where a line stands as seen from the title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Where {
    After,
    Before,
    /// In the first or last lines of the article.
    Beside,
    /// Behind the article, where comments stand as well.
    Behind,
}

/// The characters of a label with any white space between them: `来　　源`.
fn spaced(labels: &[&str]) -> String {
    let spaced = labels.iter().map(|label| {
        let characters: Vec<String> = label.chars().map(|c| c.to_string()).collect();
        characters.join(r"\s*")
    });
    spaced.collect::<Vec<_>>().join("|")
}

const DAY: &str = r"(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}";
/// `24/03/05`, behind a label only.
const SHORT_DAY: &str = r"\d\d[-/]\d{1,2}[-/]\d{1,2}";
const PUBLISHED: &[&str] = &[
    "发布时间",
    "发布日期",
    "发表时间",
    "发表日期",
    "刊发时间",
    "刊发日期",
    "刊登时间",
    "刊登日期",
    "公开时间",
    "公开日期",
    "公布时间",
    "公布日期",
    "发稿时间",
    "上传时间",
    "上传日期",
    "添加时间",
    "录入时间",
    "信息时间",
    "发表于",
    "发布于",
    "發佈時間",
    "發佈日期",
    "發布時間",
    "發布日期",
    "發表時間",
    "發表於",
    "發佈於",
    "发文时间",
    "见报日期",
];
const LIKELY: &[&str] = &["时间", "日期", "時間"];
const WRITTEN: &[&str] = &[
    "成文日期",
    "成文时间",
    "生成日期",
    "生成时间",
    "印发日期",
    "印发时间",
    "发文日期",
    "更新时间",
    "更新日期",
    "修改时间",
    "编辑时间",
    "最后更新",
    "编辑于",
    "更新於",
    "更新于",
    "最後更新",
];
/// Dates of other things.
const OTHER_DATES: &[&str] = &[
    "打印", "当前", "现在", "今天", "今日", "系统", "访问", "有效", "截止", "截至", "报名", "活动",
    "会议", "开标", "到期", "失效", "废止", "施行", "实施", "生效", "登录", "注册", "快照", "抓取",
    "保存", "存档", "浏览",
];
const SOURCES: &[&str] =
    &["来源", "來源", "稿源", "出处", "出處", "转自", "转载自", "信息提供", "供稿单位", "来稿单位"];
const OFFICES: &[&str] = &[
    "发布机构",
    "发文机关",
    "发布单位",
    "发文单位",
    "制发机关",
    "公开机构",
    "發布機關",
    "发布机关",
    "责任部门",
];
const AUTHORS: &[&str] = &["作者", "记者", "記者", "撰稿", "撰文", "撰稿人", "供稿人", "文字"];
/// Where others publish: `澎湃新闻·澎湃号·政务` names nobody who did.
const PLATFORMS: &[&str] =
    &["澎湃号", "百家号", "搜狐号", "网易号", "大风号", "头条号", "企鹅号", "一点号"];
const TITLES: &[&str] = &["标题", "名称", "信息名称", "文件名称", "文件标题"];
/// What follows a name in the same line.
const LABELS: &[&str] = &[
    "作者",
    "记者",
    "编辑",
    "责任编辑",
    "责编",
    "发布",
    "时间",
    "日期",
    "浏览",
    "点击",
    "阅读",
    "字体",
    "字号",
    "打印",
    "分享",
    "收藏",
    "来源",
    "審核",
    "审核",
    "校对",
    "摄影",
    "通讯员",
    "评论",
    "更新",
    "访问",
    "我要",
    "查看",
    "字數",
    "字数",
    "人气",
];
static PUBLISHED_DATE: LazyLock<Regex> = LazyLock::new(|| labelled_date(PUBLISHED, ""));
static LIKELY_DATE: LazyLock<Regex> = LazyLock::new(|| labelled_date(LIKELY, r"(?:^|[^\p{Han}])"));
static WRITTEN_DATE: LazyLock<Regex> = LazyLock::new(|| labelled_date(WRITTEN, ""));

fn labelled_date(labels: &[&str], before: &str) -> Regex {
    let labels = spaced(labels);
    let han =
        r"[〇零○一二三四五六七八九]{4}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日";
    Regex::new(&format!(r"{before}(?:{labels})\s*[】\]]?\s*[:：]?\s*[\[【(（]?\s*(?P<date>{DAY}|{han}|(?:19|20)\d{{6}}\b|{SHORT_DAY}\b)"))
        .expect("the pattern is constant")
}

impl Near {
    /// Looks at the lines round the title, or round the start of the article, and behind it.
    pub(super) fn of(page: &Page, title: Option<Span>, article: Option<Span>) -> Self {
        let mut near = Self::default();
        let (text_from, text_to) = match article {
            Some(part) => (page.lines_of(part).start, page.lines_of(part).end),
            None => (usize::MAX, usize::MAX),
        };
        let title_lines = title.map(|place| page.lines_of(place));
        let start =
            title_lines.as_ref().map_or(text_from.min(page.lines.len()), |lines| lines.start);
        let end = title_lines.map_or(start, |lines| lines.end);
        if article.is_none() && title.is_none() {
            near.look(page, 0..LINES_AFTER_MAX, Where::After);
            return near;
        }
        let mut inside = text_from.max(end);
        if text_from <= end {
            // The article begins with its title: what stands over its first sentence stands beside the title.
            let lines = page.lines.iter().skip(inside).take(LINES_INSIDE_MAX);
            inside += lines.take_while(|line| !line.is_prose).count();
        }
        near.look(page, end..inside.min(end + LINES_AFTER_MAX), Where::After);
        let first = inside.saturating_add(LINES_INSIDE_MAX).min(text_to);
        near.look(page, inside..first, Where::Beside);
        near.look_back(page, start.saturating_sub(LINES_BEFORE_MAX)..start);
        // The last lines of an article often say where it was first, and who edited it: 来源：…, 编辑：….
        let last = text_to.saturating_sub(LINES_LAST).max(inside);
        near.ask_posted(page, inside..text_to);
        near.look(page, last..text_to, Where::Beside);
        near.look_at_credits(page, inside..text_to);
        near.look(page, text_to..text_to.saturating_add(LINES_BEHIND_MAX), Where::Behind);
        near.ask_signed(page, text_to);
        near.check_clock(page, end..inside.min(end + LINES_AFTER_MAX));
        near.ask_named(page, start, text_to);
        near
    }

    fn look(&mut self, page: &Page, lines: std::ops::Range<usize>, place: Where) {
        let end = lines.end.min(page.lines.len());
        let mut ordinals = lines.start..end;
        while let Some(ordinal) = ordinals.next() {
            let line = words(page, ordinal);
            let line = with_colons(&line);
            if place == Where::Behind && is_other_part(&line) {
                return;
            }
            // A label whose value stands in the next line, or a day over its month.
            if is_open_label(&line) || is_day(&line) {
                let whole = format!("{line} {}", words(page, ordinal + 1));
                self.line(&whole, place);
                let _next = ordinals.next();
                continue;
            }
            if is_list_item(page, ordinal) {
                continue;
            }
            let had_publisher = self.publisher.is_some();
            self.line(&line, place);
            // The publisher alone in the line over that of the date.
            if place == Where::After && !had_publisher && date_of(&line, place).is_some() {
                let above = ordinal.checked_sub(1).filter(|above| *above >= lines.start);
                let above = above.map(|above| words(page, above)).unwrap_or_default();
                let above = above.trim();
                if PUBLISHER.is_match(above) && !names_nobody(above) {
                    self.publisher = Some(above.trim_matches(MARKS).to_owned());
                }
            }
        }
    }

    /// Who is named below a text, over the words with which pages made for sharing end: `来源 | 某县政府`.
    fn look_at_credits(&mut self, page: &Page, lines: std::ops::Range<usize>) {
        let lines = page.lines.get(lines.start..lines.end.min(page.lines.len()));
        let is_short =
            |words: &&str| words.chars().count() <= NAME_CHARACTERS_MAX && !words.ends_with('。');
        let words = lines.unwrap_or_default().iter().rev().map(|line| page.line_text(line));
        for line in words.take(CREDITS_MAX).take_while(is_short) {
            let at_start =
                |pattern: &Regex| pattern.find(line).is_some_and(|found| found.start() == 0);
            if self.source.is_none() && at_start(&SOURCE) {
                self.source = labelled(&SOURCE, line).and_then(|found| name(&found, false));
            }
            if self.author.is_none() && at_start(&AUTHOR) {
                self.author = labelled(&AUTHOR, line).and_then(|found| name(&found, true));
            }
        }
    }

    /// The lines before the title, the nearest first.
    fn look_back(&mut self, page: &Page, lines: std::ops::Range<usize>) {
        for ordinal in lines.rev() {
            let line = words(page, ordinal);
            let line = with_colons(&line);
            if is_open_label(&line) {
                let whole = format!("{line} {}", words(page, ordinal + 1));
                self.line(&whole, Where::Before);
            } else {
                self.line(&line, Where::Before);
            }
        }
    }

    fn line(&mut self, line: &str, place: Where) {
        if line.chars().count() > LINE_CHARACTERS_MAX || line.contains('。') {
            return;
        }
        let date = date_of(line, place);
        if let Some((sureness, date)) = date
            && self.date.is_none_or(|(known, _)| sureness < known)
        {
            self.date = Some((sureness, date));
        }
        if self.source.is_none() {
            self.source = labelled(&SOURCE, line).and_then(|found| name(&found, false));
        }
        if self.office.is_none() {
            self.office = labelled(&OFFICE, line).and_then(|found| name(&found, false));
        }
        if self.author.is_none() {
            self.author = labelled(&AUTHOR, line).and_then(|found| name(&found, true));
        }
        // In the article itself a name beside a date may be any name.
        let is_inside = matches!(place, Where::Beside | Where::Behind);
        if self.author.is_none() && date.is_some() && !is_inside {
            self.author = reporter(line);
        }
        if self.title.is_none() && place == Where::Before {
            self.title = TITLE.captures(line).map(|found| value(&found).trim().to_owned());
        }
        if self.publisher.is_none() && date.is_some() && !is_inside {
            self.publisher = publisher(line);
        }
    }

    /// `发布于 2023-06-19` under the first of several posts, where no line round the title says more.
    fn ask_posted(&mut self, page: &Page, lines: std::ops::Range<usize>) {
        if self.date.is_some_and(|(sureness, _)| sureness <= Sureness::Likely) {
            return;
        }
        static POSTED: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(&format!(r"^(?:发布于|发表于)\s*[:：]?\s*(?P<date>{DAY})"))
                .expect("the pattern is constant")
        });
        let lines = page.lines.get(lines.start..lines.end.min(page.lines.len()));
        let mut lines = lines.unwrap_or_default().iter().map(|line| page.line_text(line));
        let posted = lines.find_map(|line| {
            let found =
                POSTED.captures(line).filter(|_| line.chars().count() <= NAME_CHARACTERS_MAX)?;
            date_in(found.name("date")?.as_str())
        });
        if let Some(date) = posted {
            self.date = Some((Sureness::Likely, date));
        }
    }

    /// The day under a text, alone in its line, where no other line tells one: `完`, `2014年4月16日（星期三）`.
    fn ask_signed(&mut self, page: &Page, end: usize) {
        let lines = page.lines.iter().skip(end.saturating_sub(SIGNED_LINES_MAX));
        let lines = lines.take(2 * SIGNED_LINES_MAX).take_while(|line| line.linked == 0);
        let words: Vec<&str> = lines.map(|line| page.line_text(line)).collect();
        let below = words.iter().rposition(|line| is_sentence(line)).map_or(0, |said| said + 1);
        let day = words.into_iter().skip(below).find(|line| is_day_alone(line));
        if let Some(day) = day.and_then(date_in)
            && self.date.is_none_or(|(sureness, _)| sureness == Sureness::Written)
        {
            self.date = Some((Sureness::Above, day));
        }
    }

    /// A date above the title is not the page's where the line below it shows another day without a year.
    fn check_clock(&mut self, page: &Page, lines: std::ops::Range<usize>) {
        static MONTH_DAY: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^(?P<m>\d{1,2})\s?[-/月]\s?(?P<d>\d{1,2})(?:\s?日|\s+\d{1,2}[:：]\d\d)")
                .expect("the pattern is constant")
        });
        let Some((Sureness::Above, date)) = self.date else { return };
        let shown = lines.map(|ordinal| words(page, ordinal)).find_map(|line| {
            let found = MONTH_DAY.captures(line.trim())?;
            let number = |name| found.name(name)?.as_str().parse::<u32>().ok();
            Date::new(date.from / 10_000, number("m"), number("d"))
        });
        if shown.is_some_and(|shown| shown != date) {
            self.date = None;
        }
    }

    /// What stands in elements whose class says what they hold, between title and end of the article.
    fn ask_named(&mut self, page: &Page, first: usize, last: usize) {
        let from = page.lines.get(first.saturating_sub(2)).map_or(0, |line| line.span.start());
        let to = page.lines.get(last).map_or(page.text.len(), |line| line.span.end());
        for named in &page.head.named {
            if named.span.start() < from || named.span.end() > to {
                continue;
            }
            let words = page.text.get(named.span.range()).unwrap_or_default();
            if words.chars().count() > NAME_CHARACTERS_MAX || words.contains(['，', '。']) {
                continue;
            }
            let whole = words;
            let words = words.rsplit([':', '：']).next().unwrap_or_default();
            match named.field {
                Field::Account if self.account.is_none() => {
                    let name = words.trim().trim_matches(MARKS);
                    self.account =
                        (!name.is_empty() && !names_nobody(name)).then(|| name.to_owned());
                }
                Field::Source if self.publisher.is_none() => self.publisher = name(words, false),
                Field::Author if !names_editor(whole) => {
                    // Where an office wrote it, the office published it.
                    let (person, office) = match name(words, true) {
                        Some(found) if found.split(' ').all(is_person) => (Some(found), None),
                        found => (None, found),
                    };
                    self.author = self.author.take().or(person);
                    self.publisher = self.publisher.take().or(office);
                }
                _ => {}
            }
        }
    }
}

/// Whether words are labelled as the names of those who made the page.
fn names_editor(words: &str) -> bool {
    let head = words.trim_start_matches(MARKS);
    ["责任编辑", "责编", "编辑", "编审", "审核", "校对"].iter().any(|label| head.starts_with(label))
}

/// Whether a line says who wrote or first published the text, `作者：某某`: no heading, whatever element it stands in.
pub(super) fn is_credit(line: &str) -> bool {
    let at_start = |pattern: &Regex| pattern.find(line).is_some_and(|found| found.start() == 0);
    line.chars().count() <= NAME_CHARACTERS_MAX
        && (at_start(&SOURCE) || at_start(&AUTHOR))
        && !line.contains(['，', '。'])
}

/// `记者 某某` beside a date, without a colon.
fn reporter(line: &str) -> Option<String> {
    static NAMED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:^|\s)(?:本报|本网|本台)?(?:记者|記者)\s+(?P<value>[\p{Han}·]{2,4})(?:\s|$)")
            .expect("the pattern is constant")
    });
    name(value(&NAMED.captures(line)?), true)
}

/// Whether these words are the name of a publisher alone.
pub(super) fn is_publisher(words: &str) -> bool {
    PUBLISHER.is_match(words)
}

/// Whether a line below a title says when the page was published or written.
pub(super) fn says_published(line: &str) -> bool {
    line.chars().count() <= LINE_CHARACTERS_MAX
        && !line.contains('。')
        && date_of(line, Where::After).is_some_and(|(sureness, _)| sureness != Sureness::Bare)
}

/// Whether a line tells when a page was published, written or changed, or is a date alone.
pub(super) fn tells_day(line: &str) -> bool {
    line.chars().count() <= LINE_CHARACTERS_MAX
        && !line.contains('。')
        && date_of(line, Where::After).is_some()
}

/// Whether these words are the name of a paper, or of the site of one: `某某日报`, `某某新闻网`.
pub(super) fn is_press(words: &str) -> bool {
    static PRESS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^[\p{Han}·]{2,12}(?:日报|晚报|早报|时报|商报|都市报|周报|新闻网|日报网|报网|日報|晚報|時報|新聞網)$")
            .expect("the pattern is constant")
    });
    PRESS.is_match(words)
}

/// The words of a line; none past the end.
fn words(page: &Page, ordinal: usize) -> Cow<'_, str> {
    page.lines.get(ordinal).map(|line| page.words(line)).unwrap_or_default()
}

/// Whether a line and the one beside it are links with a date each: a list of other pages.
fn is_list_item(page: &Page, ordinal: usize) -> bool {
    let is_dated_link = |ordinal: Option<usize>| {
        let line = ordinal.and_then(|ordinal| page.lines.get(ordinal));
        line.is_some_and(|line| {
            line.linked > 0 && date_of(&page.words(line), Where::After).is_some()
        })
    };
    is_dated_link(Some(ordinal))
        && (is_dated_link(ordinal.checked_add(1)) || is_dated_link(ordinal.checked_sub(1)))
}

/// `05` over `2019-04`.
fn is_day(line: &str) -> bool {
    (1..=2).contains(&line.len()) && line.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a line heads what follows an article: comments on it, or other pages.
fn is_other_part(line: &str) -> bool {
    static HEAD: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:(?:网友|最新|最热|热门|全部|精彩|文章|查看|发表|我要|我来)?(?:评论|留言|跟帖|回复|热评)|相关|推荐|热点|更多|上一篇|下一篇)")
            .expect("the pattern is constant")
    });
    line.chars().count() <= HEAD_CHARACTERS_MAX && HEAD.is_match(line)
}

fn is_open_label(line: &str) -> bool {
    line.ends_with([':', '：']) && line.chars().count() <= 8
}

/// Marks round a name that are no part of it.
const MARKS: [char; 27] = [
    '《', '》', '“', '”', '"', '\'', '-', '—', '·', '•', '：', ':', '[', ']', '【', '】', '〖',
    '〗', '「', '」', ')', '）', '|', '｜', '丨', '+', ' ',
];

static SOURCE: LazyLock<Regex> = LazyLock::new(|| labelled_name(SOURCES));
static OFFICE: LazyLock<Regex> = LazyLock::new(|| labelled_name(OFFICES));
static AUTHOR: LazyLock<Regex> = LazyLock::new(|| labelled_name(AUTHORS));
static TITLE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!(r"^(?:{})\s*[:：]\s*(?P<value>\S.{{3,80}})$", spaced(TITLES)))
        .expect("the pattern is constant")
});
static PUBLISHER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^《?[\p{Han}A-Za-z·]{2,15}(?:日报|晚报|早报|时报|商报|周报|周刊|报|网|新闻|电视台|广播|社|在线|客户端|发布|融媒|中心|传媒|杂志|之声|日報|晚報|時報|報|網)》?$")
        .expect("the pattern is constant")
});

fn labelled_name(labels: &[&str]) -> Regex {
    Regex::new(&format!(
        r"(?:{})\s*[】\]]?\s*[:：丨|｜∣]\s*(?P<value>[^丨|｜∣。;；\[【〖<>]{{1,60}})",
        spaced(labels)
    ))
    .expect("the pattern is constant")
}

fn value<'a>(found: &Captures<'a>) -> &'a str {
    found.name("value").map_or("", |value| value.as_str())
}

/// What stands behind a label, up to the next label.
fn labelled(pattern: &Regex, line: &str) -> Option<String> {
    let found = pattern.captures(line)?;
    let value = value(&found);
    // `来源：某报 作者：某某`: what stands right before the second colon is its label.
    let value = match value.split_once([':', '：']) {
        Some((before, _)) => {
            before.rsplit_once(char::is_whitespace).map_or(before, |(before, _)| before)
        }
        None => value,
    };
    Some(value.trim().to_owned())
}

/// A name without what else stands in its line; several persons are separated by a space.
fn name(words: &str, is_person_list: bool) -> Option<String> {
    let words = words.split(['(', '（']).next().unwrap_or_default();
    let mut words = words.trim();
    // A button beside the name of an account.
    if let Some(name) = words.strip_suffix("关注").filter(|name| name.ends_with(['+', '＋'])) {
        words = name;
    }
    // `某报作者：` and `某报2023-06-19` are written without a space.
    static YEAR: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?:19|20)\d\d").expect("the pattern is constant"));
    if let Some(year) = YEAR.find(words) {
        words = words.get(..year.start()).unwrap_or_default();
    }
    for label in LABELS {
        // `某县发布` is the name that many offices publish under.
        let is_name = |at: usize| {
            let behind = words.get(at + label.len()..).unwrap_or_default();
            let before = words.get(..at).unwrap_or_default();
            *label == "发布"
                && (behind.is_empty() || behind.starts_with(char::is_whitespace))
                && !before.ends_with(char::is_whitespace)
        };
        if let Some(at) = words.find(label).filter(|at| *at > 3 && !is_name(*at)) {
            words = words.get(..at).unwrap_or_default();
        }
    }
    let separators = |c: char| c.is_whitespace() || matches!(c, '、' | ',' | '，' | '/' | ';');
    let mut tokens = words
        .split(separators)
        .map(|token| token.trim_matches(MARKS))
        .filter(|token| !token.is_empty());
    let first = tokens.next()?;
    let mut name = first.to_owned();
    if is_person_list && is_person(first) {
        for token in tokens.take_while(|token| is_person(token) && !LABELS.contains(token)) {
            name.push(' ');
            name.push_str(token);
        }
    }
    let count = name.chars().count();
    let is_name = (2..=NAME_CHARACTERS_MAX).contains(&count)
        && name.chars().any(char::is_alphabetic)
        && !names_nobody(&name)
        && !LABELS.contains(&name.as_str())
        && !PLATFORMS.iter().any(|platform| name.contains(platform))
        && !name.contains("://");
    is_name.then_some(name)
}

/// Whether a word can be the name of a person.
pub(super) fn is_person(word: &str) -> bool {
    let han = word
        .chars()
        .filter(|c| matches!(c, '\u{3400}'..='\u{9FFF}' | '·' | '\u{20000}'..='\u{3FFFF}'))
        .count();
    let all = word.chars().count();
    let is_han = han == all && ((2..=4).contains(&all) || word.contains('·') && all <= 16);
    is_han && !names_nobody(word) && !PUBLISHER.is_match(word)
}

/// The date a line names, with how sure it is the page's.
fn date_of(line: &str, place: Where) -> Option<(Sureness, Date)> {
    let labelled = |pattern: &Regex| {
        let found = pattern.captures(line)?;
        let words = found.name("date")?.as_str();
        date_in(words).or_else(|| short_date(words))
    };
    // Answers and comments are labelled as pages are.
    let is_comment = matches!(place, Where::Beside | Where::Behind)
        && ["发表于", "发布于"].iter().any(|word| line.contains(word));
    if let Some(date) = labelled(&PUBLISHED_DATE) {
        let sureness = if is_comment { Sureness::Written } else { Sureness::Published };
        return Some((sureness, date));
    }
    let is_other = |before: &str| OTHER_DATES.iter().any(|other| before.contains(other));
    if let Some(date) = labelled(&LIKELY_DATE) {
        return Some((Sureness::Likely, date));
    }
    if let Some(date) = labelled(&WRITTEN_DATE) {
        return Some((Sureness::Written, date));
    }
    if line.contains('，')
        || matches!(place, Where::Beside | Where::Behind)
            && line.chars().count() > 60
            && !SOURCE.is_match(line)
    {
        return None;
    }
    static BARE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(&format!(
            r"(?P<date>{DAY})\s?[日号]?(?:(?P<time>[T\s]*\d{{1,2}}\s?[:：时]\s?\d{{1,2}})|\s*(?:$|[\])）】|｜]|星期|周[一二三四五六日天]|来源|來源|作者|字号)|\s+(?P<next>\S))"
        ))
        .expect("the pattern is constant")
    });
    let Some(found) = BARE.captures(line) else {
        let date = split_date(line).filter(|_| place == Where::After)?;
        return Some((Sureness::Bare, date));
    };
    let date = found.name("date")?;
    if place == Where::Before && is_clock(line) {
        return None;
    }
    let before = line.get(..date.start()).unwrap_or_default().trim_end();
    let next = found.name("next").and_then(|next| next.as_str().chars().next());
    // `2023-06-19 至 …` is a stretch of time.
    if is_other(before) || next.is_some_and(|c| matches!(c, '至' | '-' | '—' | '~' | '～' | '到'))
    {
        return None;
    }
    let has_time = found.name("time").is_some();
    let starts = before.is_empty()
        || before.ends_with(['[', '(', '（', '【', '|', '｜', ':', '：', '/', '>', '》', '•', '·'])
        || line.get(..date.start()).is_some_and(|before| before.ends_with(char::is_whitespace));
    let is_beside_source = SOURCE.is_match(line);
    if !starts && !has_time && !is_beside_source {
        return None;
    }
    // A letter is published with its answer.
    let is_of_letter = ["来信", "写信"].iter().any(|word| before.contains(word));
    let sureness = match place {
        _ if is_of_letter => Sureness::Written,
        Where::Before if is_beside_source => Sureness::Likely,
        Where::Before => Sureness::Above,
        _ if is_beside_source => Sureness::Likely,
        Where::Behind => Sureness::Written,
        _ if has_time => Sureness::Likely,
        Where::After => Sureness::Bare,
        // A date alone among the paragraphs is that of a letter or a law.
        Where::Beside => Sureness::Written,
    };
    Some((sureness, date_in(date.as_str())?))
}

/// Whether a line is a day whose parts stand in elements of their own, such as `05` over `2019-04`.
pub(super) fn is_split_day(page: &Page, line: &PageLine) -> bool {
    let words = page.words(line);
    words != page.line_text(line) && split_date(&words).is_some()
}

/// `24/03/05`, `98-3-5`: year, month and day, as pages of the turn of the century wrote them.
fn short_date(words: &str) -> Option<Date> {
    let mut numbers = words.split(['-', '/']).map(|number| number.trim().parse::<u32>().ok());
    let (year, month, day) = (numbers.next()??, numbers.next()??, numbers.next()??);
    let year = match year {
        0..=69 => 2000 + year,
        70..=99 => 1900 + year,
        _ => return None,
    };
    Date::new(year, Some(month), Some(day))
}

/// `05 2019-04`, `2019年4月 05`: the day in an element of its own.
fn split_date(line: &str) -> Option<Date> {
    static SPLIT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:(?P<d1>\d{1,2})日?\s+)?(?P<y>(?:19|20)\d\d)\s?[-/.年]\s?(?P<m>\d{1,2})月?(?:\s+(?P<d2>\d{1,2})日?)?$")
            .expect("the pattern is constant")
    });
    let found = SPLIT.captures(line.trim())?;
    let number = |name| found.name(name)?.as_str().parse::<u32>().ok();
    let day = [number("d1"), number("d2")].into_iter().flatten();
    let [day] = day.collect::<Vec<_>>()[..] else { return None };
    Date::new(number("y")?, Some(number("m")?), Some(day))
}

/// The publisher beside a date, without a label; spans of one line often have no space between them.
fn publisher(line: &str) -> Option<String> {
    static MOMENT: LazyLock<Regex> = LazyLock::new(|| {
        let time = r"\d{1,2}\s?[:：时]\s?\d{1,2}(?:\s?[:：分]\s?\d{1,2})?[分秒]?";
        Regex::new(&format!(r"{DAY}\s?[日号]?(?:[T\s]*{time})?")).expect("the pattern is constant")
    });
    let rest = MOMENT.replace_all(line, " ");
    let is_end =
        |c: char| c.is_whitespace() || matches!(c, '|' | '｜' | '/' | '[' | ']' | '（' | '(');
    let named = rest.split(is_end).find_map(|token| {
        let first = LABELS.iter().filter_map(|label| token.find(&format!("{label}："))).min();
        let token = first.and_then(|at| token.get(..at)).unwrap_or(token);
        let token = token.trim_matches(MARKS);
        PUBLISHER.is_match(token).then(|| token.trim_matches(MARKS).to_owned())
    });
    // An office, where nothing else stands in the line.
    static OFFICE_ALONE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"^\p{Han}{3,18}(?:局|政府|办公室|委员会|县委|市委|州委|区委|厅|镇|乡|街道|办事处)$",
        )
        .expect("the pattern is constant")
    });
    let tokens = rest.split(is_end).map(|token| token.trim_matches(MARKS));
    let mut tokens = tokens.filter(|token| !token.is_empty());
    let alone = tokens.next().filter(|_| tokens.next().is_none());
    named.or_else(|| alone.filter(|token| OFFICE_ALONE.is_match(token)).map(str::to_owned))
}

/// A date in any of the shapes that pages and their scripts use.
pub(super) fn date_in(text: &str) -> Option<Date> {
    let text = text.trim();
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number && (text.len() == 10 || text.len() == 13) {
        return since_1970(text.get(..10)?.parse().ok()?);
    }
    // Of a date with the name of its month only the year would be seen.
    english(text).or_else(|| declared_date(text)).or_else(|| find_date(text))
}

/// The day of a time in seconds since 1970, in China.
fn since_1970(seconds: i64) -> Option<Date> {
    let days = (seconds + 8 * 3600).div_euclid(86_400);
    // Days to civil: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_of_year = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_of_year + 2) / 5 + 1;
    let month = if month_of_year < 10 { month_of_year + 3 } else { month_of_year - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    Date::new(year.try_into().ok()?, Some(month.try_into().ok()?), Some(day.try_into().ok()?))
}

/// `Mon Jun 19 10:20:00 CST 2023`, `19 Jun 2023`, `June 19, 2023`.
fn english(text: &str) -> Option<Date> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    static WORD: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b")
            .expect("the pattern is constant")
    });
    static NUMBER: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\b\d{1,4}\b").expect("the pattern is constant"));
    let month = WORD.captures(text)?.get(1)?.as_str().to_ascii_lowercase();
    let month = MONTHS.iter().position(|known| *known == month)? + 1;
    let month = u32::try_from(month).ok()?;
    let numbers: Vec<u32> =
        NUMBER.find_iter(text).filter_map(|found| found.as_str().parse().ok()).collect();
    let day = numbers.iter().find(|number| (1..=31).contains(*number))?;
    let year = numbers.iter().find(|number| (1900..=2100).contains(*number))?;
    Date::new(*year, Some(month), Some(*day))
}

#[cfg(test)]
mod tests;
