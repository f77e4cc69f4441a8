//! The title of a page's article and the line that shows it.

use crate::ingest::Role;
use crate::ingest::extract::html::locate::compact;
use crate::ingest::extract::html::near::{is_publisher, says_published, tells_day};
use crate::ingest::extract::html::page::{Field, Page, PageLine};
use crate::model::Span;
use crate::text::OffsetMap;
use memchr::memmem;
use std::ops::Range;

/// Shorter words are no title.
const TITLE_CHARACTERS_MIN: usize = 4;

/// Longer lines are no titles.
const TITLE_CHARACTERS_MAX: usize = 60;

/// How the names of sites end.
const SITE_ENDS: [&str; 10] =
    ["网", "网站", "政府", "门户", "信息港", "主页", "客户端", "手机版", "触屏版", "数字报"];

/// What ends like one and is what a report tells of: 织密基层治理一张网.
const NO_SITE_ENDS: [&str; 12] = [
    "张网",
    "治理网",
    "安全网",
    "平安网",
    "服务网",
    "保障网",
    "防护网",
    "防控网",
    "监督网",
    "关爱网",
    "数字政府",
    "法治政府",
];

/// Lines from that of a date to the text below it.
const LINES_TO_TEXT_MAX: usize = 4;

/// What stands before the title of a letter to an office.
const LABELS: [&str; 15] = [
    "来信标题",
    "信件标题",
    "信件主题",
    "来信主题",
    "留言标题",
    "留言主题",
    "咨询标题",
    "咨询主题",
    "投诉标题",
    "建议标题",
    "问题标题",
    "诉求标题",
    "邮件标题",
    "写信标题",
    "标题",
];

/// So many parts of a title are looked at: `标题_频道_网站` has three.
const PARTS_MAX: usize = 7;

/// Places of the same words that are compared.
const PLACES_MAX: usize = 8;

/// Longer names are none of an office or a part of a site.
const OFFICE_CHARS_MAX: usize = 16;
const CHANNEL_CHARS_MAX: usize = 8;

/// How the names of offices end.
const OFFICE_ENDS: [&str; 12] = [
    "局",
    "厅",
    "办公室",
    "委员会",
    "管委会",
    "办事处",
    "镇政府",
    "乡政府",
    "县委",
    "市委",
    "州委",
    "区委",
];

/// How the names of parts of a site end, and of its pages for the printer.
const CHANNEL_ENDS: [&str; 16] = [
    "新闻中心",
    "信息",
    "信息公开",
    "政务公开",
    "动态",
    "公告",
    "要闻",
    "专栏",
    "打印",
    "打印文章",
    "打印页面",
    "文章内容",
    "文章正文",
    "新闻内容",
    "详细页",
    "内容页",
];

/// A shortened title must have so many characters before its dots to be found by them.
const SHORTENED_CHARACTERS_MIN: usize = 8;

/// Characters between a title and the names of its site.
const SEPARATORS: [char; 13] = ['_', '|', '｜', '-', '–', '—', '－', '·', '»', '>', '＞', '›', '/'];

/// Separators that hardly stand in a title itself.
const SURE_SEPARATORS: [char; 7] = ['_', '|', '｜', '»', '>', '＞', '›'];

/// Marks between the steps of the way to a page.
const CRUMBS: [char; 4] = ['>', '＞', '»', '›'];

/// Names of channels that stand beside a title with nothing but a space between them.
const CHANNELS: [&str; 20] = [
    "要闻",
    "新闻",
    "动态",
    "资讯",
    "时政",
    "头条",
    "本地",
    "公告",
    "政务",
    "首页",
    "正文",
    "详情",
    "国内",
    "社会",
    "综合",
    "工作动态",
    "时政要闻",
    "新闻中心",
    "政务要闻",
    "政务动态",
];

/// A title and where it stands.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Title {
    /// Its words.
    pub(super) text: Option<String>,
    /// The part of the page's text that shows it and nothing else.
    pub(super) place: Option<Span>,
}

impl Title {
    /// The first candidate that stands on a line of its own in the page, whole or without the names of the site beside
    /// it (`标题_频道_网站`); else the only `h1` whose words a candidate holds; else the first candidate without what
    /// follows a sure separator. Where all candidates only name the site, a row that is labelled as the title, such an
    /// `h1`, or the line over that of date and source, goes before them.
    pub(super) fn choose(
        candidates: &[String],
        site: &[String],
        page: &Page,
        compacted: &(String, OffsetMap),
    ) -> Self {
        let is_own = candidates.iter().any(|candidate| !is_site(candidate));
        if let Some(title) = (!is_own).then(|| labelled(page)).flatten() {
            return title;
        }
        let stands = || {
            let named = || named_title(site, page);
            let several = || first_heading(site, page);
            let centred = || centred(page);
            let found = heading(&[], site, page).or_else(|| over_facts(page)).or_else(named);
            found.or_else(several).or_else(centred)
        };
        let at = |place| Self { text: Some(shown(&page.text, place)), place: Some(place) };
        if let Some(place) = (!is_own).then(stands).flatten() {
            return at(place);
        }
        // Whose paper a document is written on is no title: its own stands below, and is found with its text.
        if candidates.iter().all(|candidate| is_letterhead(candidate)) {
            return Self::default();
        }
        for candidate in candidates {
            for words in parts(candidate) {
                let is_site = site.iter().any(|site| site == words);
                if let Some(place) = own_line(page, compacted, words).filter(|_| !is_site) {
                    return at(place);
                }
            }
        }
        // A page may name its site and column before the title with nothing but spaces between them.
        let spaced = candidates.iter().flat_map(|candidate| spaced_parts(candidate));
        let own = spaced.filter(|words| !site.iter().any(|site| site == words));
        if let Some(place) = own.filter_map(|words| own_line(page, compacted, words)).next() {
            return at(place);
        }
        let over_facts = || heading_over_facts(site, page);
        if let Some(place) = heading(candidates, site, page).or_else(over_facts) {
            return at(place);
        }
        let first = candidates.iter().find(|candidate| !site.contains(candidate));
        Self { text: first.map(|candidate| without_site(candidate).to_owned()), place: None }
    }
}

/// A title that stands nowhere in its page, without the names of the site and its channels beside it:
/// `某县人民政府 >> 要闻 >> 标题`, `标题_要闻_某网`, `标题 要闻 某县人民政府`.
fn without_site(candidate: &str) -> &str {
    // A dash in a title has no spaces round it.
    let mut parts = candidate
        .split(SURE_SEPARATORS)
        .flat_map(|part| part.split(" - "))
        .map(str::trim)
        .filter(|part| !part.is_empty());
    let is_own = |part: &&str| {
        !is_site_name(part)
            && !is_page_of_a_paper(part)
            && part.chars().count() > TITLE_CHARACTERS_MIN
    };
    // The way to a page ends with its title.
    let found =
        if candidate.contains(CRUMBS) { parts.filter(is_own).last() } else { parts.find(is_own) };
    let words = found.unwrap_or(candidate).trim();
    let Some((before, last)) = words.rsplit_once(char::is_whitespace) else { return words };
    if !is_site_name(last) {
        return words;
    }
    let mut before = before.trim_end();
    while let Some((rest, last)) = before.rsplit_once(char::is_whitespace)
        && CHANNELS.contains(&last)
    {
        before = rest.trim_end();
    }
    if before.chars().count() >= TITLE_CHARACTERS_MIN * 2 { before } else { words }
}

/// The words at a place, in one line and without the mark of a note.
fn shown(page: &str, place: Span) -> String {
    let words = page.get(place.range()).unwrap_or_default();
    let words = words.get(..words.len() - note_mark(words)).unwrap_or(words);
    words.split('\n').map(str::trim).collect::<Vec<_>>().join(" ")
}

/// What stands before and behind the spaces of a candidate, the longest first; neither short nor the name of a site.
fn spaced_parts(candidate: &str) -> Vec<&str> {
    let cuts: Vec<(usize, &str)> =
        candidate.match_indices(char::is_whitespace).take(PARTS_MAX).collect();
    let heads = cuts.iter().rev().filter_map(|(at, _)| candidate.get(..*at));
    let tails = cuts.iter().filter_map(|(at, _)| candidate.get(*at..));
    let is_title = |part: &&str| part.chars().count() >= TITLE_CHARACTERS_MIN * 2 && !is_site(part);
    heads.chain(tails).map(str::trim).filter(is_title).collect()
}

/// How many bytes at the end of a line are the mark of a note, `[1]` or `①`; `[2021]` is none.
fn note_mark(words: &str) -> usize {
    let is_circled = |c: char| ('①'..='⑳').contains(&c);
    let numbered = || {
        let words = words.strip_suffix([']', '］', '〕'])?;
        let head = words.trim_end_matches(|c: char| c.is_ascii_digit());
        let is_note = matches!(words.len() - head.len(), 1 | 2);
        head.strip_suffix(['[', '［', '〔']).filter(|_| is_note)
    };
    let head = words.strip_suffix(is_circled).or_else(numbered);
    head.map_or(0, |head| words.len() - head.trim_end().len())
}

/// A candidate whole, then without one and more names of the site at its end, then without those at its start.
fn parts(candidate: &str) -> Vec<&str> {
    let cuts: Vec<(usize, &str)> = candidate.match_indices(SEPARATORS).collect();
    let mut parts = vec![candidate.trim()];
    let trim = |c: char| c.is_whitespace() || SEPARATORS.contains(&c);
    let ends = cuts.iter().rev().take(PARTS_MAX);
    parts.extend(ends.filter_map(|(at, _)| Some(candidate.get(..*at)?.trim_matches(trim))));
    let starts = cuts.iter().take(PARTS_MAX);
    parts.extend(
        starts.filter_map(|(at, mark)| Some(candidate.get(at + mark.len()..)?.trim_matches(trim))),
    );
    if let (Some((first, mark)), Some((last, _))) = (cuts.first(), cuts.last())
        && let Some(middle) = candidate.get(first + mark.len()..*last)
    {
        parts.push(middle.trim_matches(trim));
    }
    parts.push(without_site(candidate));
    let bare = parts.iter().flat_map(|part| [without_labels(part), without_number(part)]);
    let bare: Vec<&str> = bare.flatten().collect();
    parts.extend(bare);
    parts.dedup();
    parts
}

/// Words without the number of a document behind them: `…的意见（某政发〔2019〕8号）`.
fn without_number(words: &str) -> Option<&str> {
    let (title, number) = words.strip_suffix(['）', ')'])?.rsplit_once(['（', '('])?;
    is_number(number).then(|| title.trim_end())
}

/// The words between labels in brackets at the beginning and end, `【图片】标题【某某吧】`; `None` where there are no
/// labels, or nothing else.
fn without_labels(part: &str) -> Option<&str> {
    let bare = part
        .strip_prefix('【')
        .and_then(|rest| rest.split_once('】'))
        .map_or(part, |(_, rest)| rest);
    let bare = bare
        .strip_suffix('】')
        .and_then(|rest| rest.rsplit_once('【'))
        .map_or(bare, |(rest, _)| rest);
    (bare.len() < part.len() && !bare.is_empty()).then_some(bare.trim())
}

/// Where the page shows these words and no others, in one line or a few: as a heading, else as text, else as a link,
/// which leads to this page or another one, else in a table.
fn own_line(page: &Page, (compacted, map): &(String, OffsetMap), words: &str) -> Option<Span> {
    let (words, _) = compact(words);
    let head = words.trim_end_matches(['…', '.']);
    let is_shortened = head.len() < words.len() && head.chars().count() >= SHORTENED_CHARACTERS_MIN;
    if words.chars().count() < TITLE_CHARACTERS_MIN {
        return None;
    }
    let find = |words: &str, is_open: bool| {
        memmem::find_iter(compacted.as_bytes(), words.as_bytes())
            .take(PLACES_MAX)
            .filter_map(|at| {
                whole_lines(&page.text, map.to_source(Span::new(at, at + words.len())), is_open)
            })
            .min_by_key(|place| rank(page, *place))
    };
    find(&words, false).or_else(|| if is_shortened { find(head, true) } else { None })
}

/// A place that is whole lines of the text, the mark of a note at their end aside; an open one is made longer up to the
/// end of its line.
fn whole_lines(text: &str, place: Span, is_open: bool) -> Option<Span> {
    let starts = text.get(..place.start())?.chars().next_back().is_none_or(|c| c == '\n');
    let rest = text.get(place.end()..)?;
    let line = rest.split('\n').next().unwrap_or_default();
    let more = if is_open { line.len() } else { note_mark(line) };
    let ends = rest.get(more..)?.chars().next().is_none_or(|c| c == '\n');
    let whole = Span::new(place.start(), place.end() + more);
    let is_title = !is_open || !text.get(whole.range())?.contains('。');
    (starts && ends && is_title).then_some(whole)
}

/// How likely a line is the title as against others with the same words; the first of the lowest rank counts.
fn rank(page: &Page, place: Span) -> usize {
    match page.lines.get(page.lines_of(place)).and_then(<[_]>::first) {
        Some(line) if line.is_linked() => 2,
        Some(line) if matches!(line.role, Some(Role::Heading(_))) => 0,
        Some(line) if line.role == Some(Role::Row) => 3,
        _ => 1,
    }
}

/// The only heading of the least depth, if it is no name of the site: pages show another title than they declare when
/// the declared one was made shorter, has another dash, or is but the name of an office.
fn heading(candidates: &[String], site: &[String], page: &Page) -> Option<Span> {
    let depth_of = |line: &PageLine| match line.role {
        Some(Role::Heading(depth)) => Some(depth),
        _ => None,
    };
    let depth = page.lines.iter().filter_map(depth_of).min().filter(|depth| *depth <= 2)?;
    let mut headings =
        page.lines.iter().enumerate().filter(|(_, line)| depth_of(line) == Some(depth));
    let (ordinal, _) = headings.next()?;
    let lines = lines_of_heading(page, ordinal);
    let place = page.lines.get(lines.start)?.span;
    let place = Span::new(place.start(), page.lines.get(lines.end - 1)?.span.end());
    // `——见闻` in a heading of its own is the second title.
    let mut others =
        headings.filter(|(at, line)| !lines.contains(at) && !page.line_text(line).starts_with('—'));
    let second = others.next();
    let words = page.text.get(place.range())?;
    let key = letters_only(words);
    let is_named = candidates.iter().any(|candidate| {
        let candidate = letters_only(candidate);
        candidate.contains(&key) || key.contains(&candidate)
    });
    let is_longer = candidates.iter().all(|candidate| candidate.len() < words.len());
    let chars = words.chars().count();
    // The largest heading may be short where all that was declared is a part of it.
    let is_whole = depth == 1 && is_named && is_longer && chars >= TITLE_CHARACTERS_MIN;
    let is_title = (chars >= TITLE_CHARACTERS_MIN * 2 || is_whole && !is_site(words))
        && !site.iter().any(|site| site == words)
        && (is_named || is_longer);
    (second.is_none() && is_title).then_some(place)
}

/// The lines of a heading that is broken by hand.
fn lines_of_heading(page: &Page, first: usize) -> Range<usize> {
    let more = (first..page.lines.len()).take_while(|line| page.is_one_heading(*line));
    first..first + 1 + more.count()
}

/// The first of several headings of the least depth with text below it: of the first article, where a page with
/// several declares nothing but the name of its site.
fn first_heading(site: &[String], page: &Page) -> Option<Span> {
    let depth_of = |line: &PageLine| match line.role {
        Some(Role::Heading(depth)) => Some(depth),
        _ => None,
    };
    let is_title = |line: &PageLine| {
        let words = page.line_text(line);
        line.linked == 0
            && words.chars().count() >= TITLE_CHARACTERS_MIN * 2 - 2
            && !is_site(words)
            && !site.iter().any(|site| site == words)
    };
    let is_said = |line: &&PageLine| line.linked == 0 && page.line_text(line).contains('。');
    let headed: Vec<(u8, Span)> = page
        .lines
        .iter()
        .enumerate()
        .filter(|(_, line)| is_title(line))
        .filter_map(|(at, line)| {
            let depth = depth_of(line)?;
            let below = page.lines.iter().skip(at + 1).take(LINES_TO_TEXT_MAX);
            let mut below = below.take_while(|line| depth_of(line).is_none_or(|own| own > depth));
            below.find(is_said).map(|_| (depth, line.span))
        })
        .collect();
    let least = headed.iter().map(|(depth, _)| *depth).min()?;
    headed.into_iter().find(|(depth, _)| *depth == least).map(|(_, place)| place)
}

/// The only `h1` of a page, right over the line that says when it was published: pages declare what sells a text.
fn heading_over_facts(site: &[String], page: &Page) -> Option<Span> {
    let is_largest = |line: &PageLine| line.role == Some(Role::Heading(1));
    let mut largest = page.lines.iter().enumerate().filter(|(_, line)| is_largest(line));
    let (ordinal, line) = largest.next()?;
    let words = page.line_text(line);
    let facts = page.lines.get(ordinal + 1)?;
    let is_title = line.linked == 0
        && (TITLE_CHARACTERS_MIN * 2..=TITLE_CHARACTERS_MAX).contains(&words.chars().count())
        && !is_site(words)
        && !site.iter().any(|site| site == words)
        && tells_day(&page.words(facts));
    (largest.next().is_none() && is_title).then_some(line.span)
}

/// `某县人民政府办公室文件`: the head of a sheet on which documents are written.
fn is_letterhead(words: &str) -> bool {
    words.chars().count() <= OFFICE_CHARS_MAX
        && words
            .strip_suffix("文件")
            .is_some_and(|office| is_office(office) || office.ends_with("政府"))
}

/// `某县教育局`, alone.
fn is_office(words: &str) -> bool {
    words.chars().count() <= OFFICE_CHARS_MAX && OFFICE_ENDS.iter().any(|end| words.ends_with(end))
}

/// `新闻中心`, `某县政务信息`.
fn is_channel(words: &str) -> bool {
    words.chars().count() <= CHANNEL_CHARS_MAX
        && CHANNEL_ENDS.iter().any(|end| words.ends_with(end))
}

/// `云南日报-2018年07月12日 第04版：要闻`: the title of a page of a paper.
fn is_page_of_a_paper(part: &str) -> bool {
    let (before, channel) = part.split_once('版').unwrap_or((part, ""));
    let is_channel =
        channel.chars().filter(|c| c.is_alphanumeric()).count() <= TITLE_CHARACTERS_MIN;
    let is_count = |c: char| {
        c.is_ascii_digit()
            || c.is_whitespace()
            || "年月日第星期一二三四五六七八九十A-Z:：".contains(c)
    };
    let paper = before.trim_end_matches(is_count);
    part.contains('版')
        && is_channel
        && before.contains(|c: char| c.is_ascii_digit())
        && (paper.is_empty() || paper.ends_with('报'))
}

/// Whether a title is that of all pages of a site, or of a part of it: `某县政府网`, `工作动态-某县政府网`.
fn is_site(candidate: &str) -> bool {
    let is_name = |part: &str| {
        is_site_name(part)
            || is_page_of_a_paper(part)
            || is_office(part)
            || is_channel(part)
            || is_letterhead(part)
    };
    let mut parts = candidate.split(SEPARATORS).map(str::trim);
    parts.all(|part| is_name(part) || part.chars().count() <= TITLE_CHARACTERS_MIN)
}

/// Whether words end as the name of a site does.
pub(super) fn is_site_name(part: &str) -> bool {
    SITE_ENDS.iter().any(|end| part.ends_with(end))
        && !NO_SITE_ENDS.iter().any(|end| part.ends_with(end))
}

/// The first element that is named for the title and is neither a link nor the name of the site.
fn named_title(site: &[String], page: &Page) -> Option<Span> {
    let mut named = page.head.named.iter().filter(|named| named.field == Field::Title);
    named.find_map(|named| {
        let lines = page.lines.get(page.lines_of(named.span))?;
        let (first, last) = match lines {
            [line] => (line, line),
            [first, last] if last.breaks == 1 => (first, last),
            _ => return None,
        };
        let place = Span::new(first.span.start(), last.span.end());
        let words = page.text.get(place.range())?;
        let is_title = first.linked + last.linked == 0
            && (TITLE_CHARACTERS_MIN * 2..=TITLE_CHARACTERS_MAX).contains(&words.chars().count())
            && !is_site(words)
            && !site.iter().any(|site| site == words);
        is_title.then_some(place)
    })
}

/// The line over the first one that says when the page was published. Of lists of pages the titles are links. A line
/// that only holds a date, or says when the page was changed, counts where text follows.
fn over_facts(page: &Page) -> Option<Span> {
    let is_title = |line: &PageLine| {
        let words = page.line_text(line);
        let chars = words.chars().count();
        let is_press = is_publisher(words) && !NO_SITE_ENDS.iter().any(|end| words.ends_with(end));
        line.linked == 0
            && (TITLE_CHARACTERS_MIN * 2..=TITLE_CHARACTERS_MAX).contains(&chars)
            && !words.contains('。')
            && !tells_day(words)
            && !says_published(&page.words(line))
            && !is_press
    };
    let lines = &page.lines;
    let is_text = |line: &PageLine| line.linked == 0 && page.line_text(line).contains('。');
    let has_text = |facts: usize| lines.iter().skip(facts + 1).take(LINES_TO_TEXT_MAX).any(is_text);
    let is_facts = |at: usize, line: &PageLine| {
        let words = page.words(line);
        says_published(&words) || tells_day(&words) && has_text(at)
    };
    let over = |at: usize| {
        let above = at.checked_sub(1)?;
        // The number of a document stands between its title and its day.
        let is_number = lines.get(above).is_some_and(|line| is_number(page.line_text(line)));
        lines
            .get(if is_number { above.checked_sub(1)? } else { above })
            .filter(|line| is_title(line))
    };
    // Below the text stand its signature and the day of that.
    let mut said = 0;
    let before_text = lines.iter().enumerate().take_while(|(_, line)| {
        said += usize::from(line.is_prose && is_text(line));
        said < 2
    });
    let mut facts = before_text.filter(|(at, line)| is_facts(*at, line));
    facts.find_map(|(at, _)| over(at)).map(|title| title.span)
}

/// `某政发〔2019〕8号`
fn is_number(words: &str) -> bool {
    words.ends_with('号') && words.contains(['〔', '[', '［', '【'])
}

/// The first line in the middle of the page over text that is not.
fn centred(page: &Page) -> Option<Span> {
    let is_said = |line: &PageLine| line.linked == 0 && page.line_text(line).contains('。');
    let until = page.lines.iter().position(is_said)?;
    let is_title = |line: &&PageLine| {
        let words = page.line_text(line);
        line.is_centred
            && line.linked == 0
            && line.role.is_none()
            && (TITLE_CHARACTERS_MIN * 2..=TITLE_CHARACTERS_MAX).contains(&words.chars().count())
            && !is_site(words)
            && !is_number(words)
            && !tells_day(words)
    };
    let above = page.lines.get(until.saturating_sub(LINES_TO_TEXT_MAX)..until)?;
    let is_text = page.lines.get(until).is_some_and(|line| !line.is_centred);
    above.iter().filter(|_| is_text).find(is_title).map(|line| line.span)
}

/// The row or line of a letter to an office, or of a table of facts, that is labelled as its title.
fn labelled(page: &Page) -> Option<Title> {
    let is_mark = |c: char| c.is_whitespace() || matches!(c, ':' | '：');
    page.lines.iter().filter(|line| line.linked == 0).find_map(|line| {
        let words = page.line_text(line);
        let (label, value) = words.split_once(is_mark)?;
        let value = value.trim_matches(is_mark);
        let is_title = LABELS.contains(&label)
            && (TITLE_CHARACTERS_MIN..=TITLE_CHARACTERS_MAX).contains(&value.chars().count());
        is_title.then(|| Title { text: Some(value.to_owned()), place: Some(line.span) })
    })
}

fn letters_only(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(page: &str, declared: &[&str], expected: (&str, Option<&str>)) {
        let page = Page::read(page, 100);
        let candidates: Vec<String> = declared.iter().map(|&text| text.to_owned()).collect();
        let title =
            Title::choose(&candidates, &["示例日报网".to_owned()], &page, &compact(&page.text));
        let place = title.place.map(|place| page.text.get(place.range()).unwrap());
        assert_eq!((title.text.as_deref().unwrap_or_default(), place), expected);
    }

    #[test]
    fn the_mark_of_a_note_behind_a_title_is_no_part_of_it() {
        for mark in ["<sup>[1]</sup>", "［12］", "①"] {
            let page = format!("<h2>示例县统计公报{mark}</h2><p>示例县统计局</p>");
            let place = Page::read(&page, 100).text.lines().next().unwrap().to_owned();
            check(&page, &["示例县统计公报 - 示例县统计局"], ("示例县统计公报", Some(&place)));
        }
        let page = "<h2>示例县统计公报[修订]</h2>";
        check(page, &["示例县统计公报"], ("示例县统计公报[修订]", Some("示例县统计公报[修订]")));
        let page = "<h2>示例县统计公报<sup>[2021]</sup></h2><p>示例县统计局</p>";
        let whole = "示例县统计公报[2021]";
        check(page, &[whole], (whole, Some(whole)));
    }

    #[test]
    fn labels_and_channels_before_a_title_go() {
        let page = "<p>首页</p><h3>老家的水渠又通了水</h3><p>正文</p>";
        for declared in
            ["【图片】老家的水渠又通了水【河湾吧】_贴吧", "示例县 今日示例 老家的水渠又通了水"]
        {
            check(page, &[declared], ("老家的水渠又通了水", Some("老家的水渠又通了水")));
        }
        let page = "<p>示例县人民政府</p><h3>水渠又通了水</h3><p>正文</p>";
        let declared = "老家 示例县人民政府";
        check(page, &[declared], (declared, None));
    }

    #[test]
    fn the_names_of_the_site_beside_a_title_go() {
        let page = "<p>首页</p><h2>示例县推进网格化</h2><p>正文</p>";
        for declared in [
            "示例县推进网格化_要闻_示例日报网",
            "示例县推进网格化-示例日报网",
            "示例县推进网格化 — 示例日报网",
            "示例县推进网格化 » 示例日报网",
            "示例日报网 - 示例县推进网格化",
            "要闻 · 示例县推进网格化 · 示例日报网",
        ] {
            check(page, &[declared], ("示例县推进网格化", Some("示例县推进网格化")));
        }
    }

    #[test]
    fn a_title_that_stands_nowhere_is_cut_at_sure_marks_only() {
        check("<p>正文</p>", &["做法-经验_示例日报网"], ("做法-经验", None));
        check("<p>正文</p>", &["示例日报网", "县里的做法"], ("县里的做法", None));
    }

    #[test]
    fn the_way_to_a_page_is_no_part_of_its_title() {
        let own = "示例县晒出改厕账单";
        for declared in [
            "示例县人民政府 >> 要闻 >> 示例县晒出改厕账单",
            "示例县政府网 > 乡镇传真信息 > 示例县晒出改厕账单",
            "示例县晒出改厕账单 要闻 示例县人民政府",
            "示例县晒出改厕账单 示例县政府网",
            "示例县人民政府_要闻_示例县晒出改厕账单",
        ] {
            check("<p>正文</p>", &[declared], (own, None));
            check(&format!("<p>{own}</p><p>正文</p>"), &[declared], (own, Some(own)));
        }
        for whole in
            ["改厕记 三年织密一张网", "示例县人民政府 关于改厕的通告", "示例县 示例县政府网"]
        {
            check("<p>正文</p>", &[whole], (whole, None));
        }
    }

    #[test]
    fn names_of_the_site_may_stand_beside_a_title_with_spaces_between() {
        let own = "网格员走进每一户人家";
        let page = format!("<p>示例县人民政府</p><p>{own}</p><p>正文</p>");
        check(&page, &["示例县 今日示例 网格员走进每一户人家"], (own, Some(own)));
        check(&page, &["网格员走进每一户人家 今日示例 示例县"], (own, Some(own)));
        let other = "<p>示例县人民政府</p><p>正文</p>";
        check(other, &["示例县 网格员走进每一户人家"], ("示例县 网格员走进每一户人家", None));
    }

    #[test]
    fn the_number_of_a_document_is_no_part_of_its_title() {
        let own = "示例县推进网格化的意见";
        let page = format!("<p>{own}</p><p>正文</p>");
        check(&page, &[&format!("{own}（示政发〔2019〕8号）")], (own, Some(own)));
        let whole = format!("{own}（试行）");
        check(&page, &[&whole], (&whole, None));
    }

    #[test]
    fn a_paper_shows_the_title_in_a_cell_of_its_class() {
        let own = "老渠里来了新水工";
        let page = |class: &str| {
            format!(
                "<table><tr><td class=font02>——河湾镇见闻</td><tr><td class={class}>{own}</td></table><p>正文</p>"
            )
        };
        check(&page("font01"), &["示例日报-数字报"], (own, Some(own)));
        check(&page("font03"), &["示例日报-数字报"], ("示例日报-数字报", None));
    }

    #[test]
    fn an_element_named_for_the_title_shows_it_where_only_the_site_is_declared() {
        let page = "<div class='bar title'>示例新闻客户端手机版</div><div class=title>示例县晒出改厕账单</div><p>正文</p>";
        let own = "示例县晒出改厕账单";
        check(page, &["示例新闻客户端"], (own, Some(own)));
        check(page, &["别的一个标题在这里"], ("别的一个标题在这里", None));
        let link = "<div class=title><a href=1>示例县晒出改厕账单</a></div><p>正文</p>";
        check(link, &["示例新闻客户端"], ("示例新闻客户端", None));
    }

    #[test]
    fn a_shortened_title_is_found_by_its_beginning() {
        check(
            "<div>示例县推进网格化管理的做法和经验</div>",
            &["示例县推进网格化管理…"],
            ("示例县推进网格化管理的做法和经验", Some("示例县推进网格化管理的做法和经验")),
        );
    }

    #[test]
    fn the_only_heading_is_the_title_when_a_candidate_holds_it() {
        check(
            "<h1>“示例县”推进网格化</h1>",
            &["\"示例县\"推进网格化的做法"],
            ("“示例县”推进网格化", Some("“示例县”推进网格化")),
        );
        check(
            "<h2>河湾镇去年的工作总结</h2><h4>一、党建</h4>",
            &["河湾镇政府"],
            ("河湾镇去年的工作总结", Some("河湾镇去年的工作总结")),
        );
        check("<h1>示例日报网</h1><p>正文</p>", &["县里的做法"], ("县里的做法", None));
    }

    #[test]
    fn the_page_of_a_paper_is_no_title() {
        let page = "<h1>示例州搬出新生活</h1><h2>——十万群众告别旧时代</h2><div>2018年07月12日 星期四</div><p>正文</p>";
        let title = ("示例州搬出新生活", Some("示例州搬出新生活"));
        check(page, &["示例日报-2018年07月12日 第04版：要闻"], title);
        check(page, &["示例报2018年7月12日第4版：要闻"], title);
        let own = "村级组织换届第二版方案出台";
        check(&format!("<p>{own}</p>"), &[own], (own, Some(own)));
    }

    #[test]
    fn a_title_that_only_ends_like_a_site_is_one() {
        check(
            "<p>织密基层治理一张网</p><p>示例县推进网格化管理工作侧记</p><p>2023-06-19 来源：示例日报</p>",
            &["织密基层治理一张网"],
            ("织密基层治理一张网", Some("织密基层治理一张网")),
        );
    }

    #[test]
    fn under_the_name_of_a_site_the_line_over_date_and_source_is_the_title() {
        let page = "<table><tr><td>工作动态</table><table><tr><td>示例县推进网格化<tr><td>发布日期：2009年6月19日 来源：示例日报\
                    <tr><td>正文</table>";
        let title = ("示例县推进网格化", Some("示例县推进网格化"));
        check(page, &["示例县政府网"], title);
        check(page, &["工作动态_示例县人民政府"], title);
        check(page, &[], title);
        check(&page.replace("发布日期", "更新时间"), &["示例县情网"], title);
        check(page, &["县里的做法"], ("县里的做法", None));
        let list = "<p><a href=1>示例县推进网格化</a><p>2009-06-19 10:20<p>更多";
        check(list, &["示例县政府网"], ("示例县政府网", None));
    }

    #[test]
    fn a_date_of_change_under_a_line_makes_it_the_title_where_text_follows() {
        let page = |facts: &str, text: &str| {
            format!("<table><tr><td>示例县推进网格化<tr><td>{facts}<tr><td>{text}</table>")
        };
        let title = ("示例县推进网格化", Some("示例县推进网格化"));
        let text = "全县划分了网格。";
        check(&page("更新时间：2008-6-12", text), &["示例县情网"], title);
        check(&page("2008-6-12", text), &[], title);
        check(&page("2008-6-12", "关于本站"), &["示例县情网"], ("示例县情网", None));
        check(&page("点击数：20", text), &["示例县情网"], ("示例县情网", None));
    }

    #[test]
    fn the_largest_heading_is_the_title_when_a_shorter_one_was_declared() {
        let page = "<h1>示例县的网格</h1><p>正文</p>";
        check(page, &["示例县"], ("示例县的网格", Some("示例县的网格")));
        check("<h1>示例县政府</h1><p>正文</p>", &["示例县"], ("示例县", None));
        check("<h3>示例县的网格</h3><p>正文</p>", &["示例县"], ("示例县", None));
    }

    #[test]
    fn a_letter_has_the_title_of_its_row() {
        let rows = "<table><tr><td>来信标题<td>想问公交车的事<tr><td>来信内容<td>车太少。<tr><td>回复时间<td>2021-03-09 09:00</table>";
        let title = ("想问公交车的事", Some("来信标题 想问公交车的事"));
        check(rows, &["县长信箱-示例县人民政府"], title);
        check(&rows.replace("来信标题", "来信编号"), &["县长信箱"], ("县长信箱", None));
        let own = "来信来访工作情况";
        check(&format!("<p>{own}</p>{rows}"), &[own], (own, Some(own)));
    }

    #[test]
    fn the_title_is_not_the_link_to_it() {
        let page = Page::read(
            "<ul><li><a href=1>县里的做法</a><li><a href=2>别的</a></ul><p>县里的做法</p>",
            100,
        );
        let place = own_line(&page, &compact(&page.text), "县里的做法").unwrap();
        assert_eq!(page.text.get(..place.start()), Some("县里的做法\n别的\n"));
    }

    #[test]
    fn a_title_in_two_lines_is_one() {
        check(
            "<h1>党建引领<br>基层治理</h1>",
            &["党建引领基层治理"],
            ("党建引领 基层治理", Some("党建引领\n基层治理")),
        );
        check(
            "<h1>河湾镇把会<br>开到楼道里</h1><p>正文</p>",
            &["示例区：河湾镇把会开到楼道里"],
            ("河湾镇把会 开到楼道里", Some("河湾镇把会\n开到楼道里")),
        );
        let apart = ("老宅变民宿 一年接客六万", Some("老宅变民宿\n一年接客六万"));
        check("<h1>老宅变民宿<br>一年接客六万</h1><p>正文</p>", &["示例日报-数字报"], apart);
        check(
            "<h1>老宅变民宿一年接客六万</h1><h1>——河湾镇见闻</h1><p>正文</p>",
            &["示例日报-数字报"],
            ("老宅变民宿一年接客六万", Some("老宅变民宿一年接客六万")),
        );
    }

    #[test]
    fn the_name_of_an_office_or_a_part_of_its_site_is_no_title() {
        let page = "<h3>示例县推进网格化</h3><p>2012-4-6 8:51:00</p><p>全县划分了网格。</p>";
        let title = ("示例县推进网格化", Some("示例县推进网格化"));
        for declared in
            ["示例县林业局", "示例县教育局--新闻中心", "示例县政务信息", "打印文章 - 示例县政府网"]
        {
            check(page, &[declared], title);
        }
        // Nothing else is there.
        check("<p>正文</p>", &["示例县林业局"], ("示例县林业局", None));
        check("<p>示例县政府办公室文件</p><p>正文</p>", &["示例县政府办公室文件"], ("", None));
        let own = "示例县调查营商环境的信息";
        check(page, &[own], (own, None));
    }

    #[test]
    fn under_the_name_of_a_part_of_a_site_a_line_in_the_middle_is_the_title() {
        let page = |attributes: &str| {
            format!("<p {attributes}>老宅变民宿的一年</p><p>镇里修好了老宅。</p>")
        };
        let title = ("老宅变民宿的一年", Some("老宅变民宿的一年"));
        check(&page("align=center"), &["示例县政务信息"], title);
        check(&page(""), &["示例县政务信息"], ("示例县政务信息", None));
        check(&page("align=center"), &["别的一个标题"], ("别的一个标题", None));
        let numbered = "<p align=center>关于加快油茶产业发展的意见</p><p align=center>示发〔2013〕5号</p><p>（2013年2月4日）</p><p>各镇要抓紧。</p>";
        let own = "关于加快油茶产业发展的意见";
        check(numbered, &["中共示例县委文件"], (own, Some(own)));
    }

    #[test]
    fn of_several_articles_the_first_one_gives_the_title() {
        let page = "<h1>示例州搬出新生活</h1><p>搬迁户住进了新房。</p><h1>老渠来了新水工</h1><p>水渠通了水。</p>";
        let title = ("示例州搬出新生活", Some("示例州搬出新生活"));
        check(page, &["示例报 第3版"], title);
        check(page, &["两篇稿子一起看"], ("两篇稿子一起看", None));
        let list = "<h1>示例州搬出新生活</h1><h1>老渠来了新水工</h1>";
        check(list, &["示例报 第3版"], ("示例报 第3版", None));
    }

    #[test]
    fn the_largest_heading_over_the_day_goes_before_what_sells_a_text() {
        let declared = "修渠也有“渠长”！这个镇火了";
        let page = |facts: &str| format!("<h1>河湾镇管渠有了“渠长”</h1><p>{facts}</p><p>正文</p>");
        let own = "河湾镇管渠有了“渠长”";
        check(&page("2022-08-10 示例网"), &[declared], (own, Some(own)));
        check(&page("首页"), &[declared], (declared, None));
    }
}
