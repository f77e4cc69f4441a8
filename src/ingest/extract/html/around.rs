//! What stands round the article and was published with it: its titles, an introduction, a closing part. The finder
//! takes the longest block of a page; an editor's note before it or a comment behind it is a block of its own.
//!
//! What is not taken and reads like text is named ([`rest`]), so that no sentence is left out unseen.

use crate::ingest::Role;
use crate::ingest::extract::html::near::{is_publisher, tells_day};
use crate::ingest::extract::html::page::{Field, Page, PageLine, letters};
use crate::ingest::extract::html::select::{NAMED_UP_MAX, Selection, is_in_menu, is_text};
use crate::ingest::extract::html::title::is_site_name;
use crate::ingest::kinds;
use crate::ingest::metadata::find_date;
use crate::model::{DatePrecision, Span};

/// Shorter headings above a title are names of channels.
const KICKER_CHARS_MIN: usize = 8;

/// Longer lines are no heads.
const HEADLINE_CHARS_MAX: usize = 60;

/// Lines between a title and its text that may belong to the title.
const SUBTITLE_LINES_MAX: usize = 8;

/// Lines between a title and its text that may be an introduction.
const LEAD_LINES_MAX: usize = 16;

/// Lines behind the article that may be its closing part.
const CLOSING_LINES_MAX: usize = 60;

/// A closing part may be as long as the article, and so many letters where the article is short.
const CLOSING_LETTERS_MIN: usize = 200;

/// Lines behind the text that may be its end mark, who signed it and on which day.
pub(super) const SIGNED_LINES_MAX: usize = 5;

/// Longer lines sign nothing.
const SIGNATURE_CHARS_MAX: usize = 30;

/// Words with fewer letters are no sentence.
const SENTENCE_LETTERS_MIN: usize = 8;

/// Letters of the longest line that says on which day and at which hour a release was made.
const END_LETTERS_MAX: usize = 16;

/// Shorter lines between a title and its text are buttons.
const PASSED_OVER_LETTERS_MIN: usize = 4;

/// Longer lines are no furniture by the words they begin with.
const FURNITURE_CHARS_MAX: usize = 30;

/// Lines over the text where a heading is looked for when none was named as the title.
const HEADING_LINES_MAX: usize = 12;

/// Labels over an introduction.
const LEADS: [&str; 16] = [
    "编者按",
    "编者的话",
    "编者",
    "编前",
    "导语",
    "导读",
    "核心提示",
    "核心阅读",
    "阅读提示",
    "内容提要",
    "内容摘要",
    "摘要",
    "提要",
    "开栏语",
    "开栏的话",
    "引言",
];

/// How lines begin that stand behind articles and belong to the page.
const FURNITURE: [&str; 45] = [
    "相关",
    "推荐",
    "热门",
    "热点",
    "往期",
    "猜你",
    "大家都在",
    "评论",
    "网友",
    "我要",
    "发表",
    "最新",
    "跟帖",
    "留言",
    "上一篇",
    "下一篇",
    "上一条",
    "下一条",
    "上一版",
    "下一版",
    "上一期",
    "下一期",
    "版权",
    "copyright",
    "©",
    "主办",
    "承办",
    "主管",
    "登录",
    "扫一扫",
    "扫码",
    "长按",
    "分享",
    "返回",
    "关注",
    "更多",
    "技术支持",
    "联系",
    "地址",
    "友情",
    "备案",
    "违法",
    "举报",
    "广告",
    "预览",
];

/// Buttons that stand alone in a line.
const BUTTONS: [&str; 16] = [
    "0",
    "发表",
    "提交",
    "登录",
    "注册",
    "举报",
    "回复",
    "分享至",
    "我要评论",
    "我要留言",
    "查看更多",
    "加载更多",
    "展开全文",
    "特别声明",
    "字号：T|T",
    "分享至好友和朋友圈",
];

/// What the lines below a title hold that say when and by whom it was published, or are buttons.
const FACTS: [&str; 14] = [
    "来源", "作者", "编辑", "记者", "字体", "字号", "打印", "分享", "浏览", "点击", "阅读", "收藏",
    "发布", "http",
];

/// The parts of a page that are its article, its titles and introduction first, its closing part last: the finder
/// leaves them out of the text, but they are part of what was published.
pub(super) fn with_surroundings(
    page: &Page,
    title: Option<Span>,
    selection: &Selection,
    menus: &[Span],
    sites: &[String],
) -> Vec<Span> {
    let start = selection.spans.first().map_or(page.text.len(), |span| span.start());
    let round = Surroundings::of(page, selection, menus);
    let mut parts = Vec::with_capacity(selection.spans.len() + 2);
    let overlaps = |place: Span| selection.spans.iter().any(|span| span.overlaps(place));
    let within = || heading_within(page, selection, sites).filter(|place| !overlaps(*place));
    let title = title.or_else(|| heading_above(page, start, sites)).or_else(within);
    if let Some(place) = title.filter(|place| place.end() <= start) {
        let first = page.lines_of(place).start;
        let above = first.checked_sub(1).and_then(|above| page.lines.get(above));
        let role = page.lines.get(first).and_then(|line| line.role);
        parts.extend(above.filter(|line| is_kicker(page, line, role)).map(|line| line.span));
        parts.push(place);
        parts.extend(round.introduction(page.lines_of(place).end, start));
    } else if title.is_none() {
        let until = page.lines_of(Span::new(start, page.text.len())).start;
        let count = page.lines.get(..until).unwrap_or_default().iter().rev();
        let count = count.take(SUBTITLE_LINES_MAX).take_while(|line| round.is_lead(line)).count();
        let lead = until - count;
        parts.extend(round.headlines(lead));
        parts.extend(round.introduction(lead, start));
    }
    let from = parts.last().map_or(0, |part| part.end());
    parts.extend(rows_above(page, from, start, menus));
    // What was found may begin with what is set over the title.
    parts.extend(title.filter(|place| place.end() > start && !overlaps(*place)));
    parts.extend(&selection.spans);
    parts.extend(round.closing());
    parts
}

/// The lines that are left out and are no furniture of the page, down to rows of a table and short sentences.
pub(super) fn rest(page: &Page, parts: &[Span], menus: &[Span]) -> Vec<Span> {
    let inside =
        parts.first().map_or(0, |part| part.end())..parts.last().map_or(0, |part| part.start());
    let letters_min = |line: &PageLine| {
        if line.role == Some(Role::Row) {
            1
        } else if inside.contains(&line.span.start()) && is_passed_over(page, line) {
            PASSED_OVER_LETTERS_MIN
        } else {
            SENTENCE_LETTERS_MIN
        }
    };
    let mut parts = parts.iter().peekable();
    let is_rest = |line: &&PageLine| {
        while parts.next_if(|part| part.end() <= line.span.start()).is_some() {}
        let is_taken = parts.peek().is_some_and(|part| part.start() < line.span.end());
        let words = page.line_text(line);
        !is_taken
            && line.linked * 2 <= line.letters
            && (is_said(words) || !is_furniture(words) && line.letters >= letters_min(line))
            && !is_in_menu(menus, line.span)
    };
    page.lines.iter().filter(is_rest).map(|line| line.span).collect()
}

/// Whether a line between the title and the end of a text, in none of its parts, may be more than a button or what the
/// page says of its publication.
fn is_passed_over(page: &Page, line: &PageLine) -> bool {
    let words = page.line_text(line);
    line.linked == 0 && !is_fact(words) && !tells_day(words) && !is_publisher(words)
}

/// Whether a page shows running text, links aside.
pub(super) fn shows_text(page: &Page) -> bool {
    let is_text = |line: &PageLine| {
        let words = page.line_text(line);
        line.linked * 2 <= line.letters
            && (line.is_prose || is_sentence(words))
            && !is_furniture(words)
    };
    page.lines.iter().any(is_text)
}

/// Whether words are a sentence, or several.
pub(super) fn is_sentence(words: &str) -> bool {
    words.contains(['。', '！', '？']) && letters(words) >= SENTENCE_LETTERS_MIN
}

/// Whether words are a sentence, or a short one that ends as sentences do.
pub(super) fn is_said(words: &str) -> bool {
    is_sentence(words) || words.ends_with('。')
}

/// An article on its page.
struct Surroundings<'a> {
    page: &'a Page,
    menus: &'a [Span],
    /// The line behind the last one of the article.
    end: usize,
    /// Letters of the article.
    letters: usize,
    /// The containers round its last line.
    containers: Vec<usize>,
}

impl<'a> Surroundings<'a> {
    fn of(page: &'a Page, selection: &Selection, menus: &'a [Span]) -> Self {
        let end = selection.spans.last().map_or(page.lines.len(), |last| page.lines_of(*last).end);
        let part = |span: &Span| page.text.get(span.range()).map_or(0, letters);
        let last = end.checked_sub(1).and_then(|last| page.lines.get(last));
        let containers = last
            .map(|line| page.containers_of(line).take(NAMED_UP_MAX).collect())
            .unwrap_or_default();
        Self { page, menus, end, letters: selection.spans.iter().map(part).sum(), containers }
    }

    /// What belongs to the article between its title, which ends before a line, and its first words.
    fn introduction(&self, from: usize, start: usize) -> Vec<Span> {
        let page = self.page;
        let lines = page.lines.get(from..).unwrap_or_default();
        let lines = lines.iter().take(LEAD_LINES_MAX).take_while(|line| line.span.end() <= start);
        let lines: Vec<&PageLine> = lines.collect();
        let has_row_above = from.checked_sub(1).is_some_and(|above| self.is_row(above));
        let rows = lines.iter().take_while(|line| line.role == Some(Role::Row)).count();
        let is_wanted = |at: usize, line: &PageLine| {
            // The rows below that of the title, of a letter to an office.
            let is_row = has_row_above && at < rows && is_text(line, self.menus);
            let is_of_title = is_subtitle(page, line)
                || at == 0 && is_plain_subtitle(page, line)
                || is_author_line(page, line);
            let next = lines.get(at + 1);
            is_row
                || self.is_lead(line)
                || at < SUBTITLE_LINES_MAX && is_of_title
                || is_lead_label(page, line) && next.is_some_and(|next| self.is_lead(next))
        };
        let wanted = lines.iter().enumerate().filter(|(at, line)| is_wanted(*at, line));
        wanted.map(|(_, line)| line.span).collect()
    }

    fn is_row(&self, ordinal: usize) -> bool {
        self.page.lines.get(ordinal).is_some_and(|line| line.role == Some(Role::Row))
    }

    /// The lines over the text of a page whose title stands nowhere in it, in the block of the text: heads of papers that
    /// were put on the web as they were. They begin below the last line of links or furniture.
    fn headlines(&self, until: usize) -> Vec<Span> {
        let page = self.page;
        let block = page.lines.get(until).and_then(|line| line.container);
        let is_head = |line: &&PageLine| {
            let words = page.line_text(line);
            line.linked == 0
                && line.container == block
                && line.role != Some(Role::Row)
                && (words.chars().count() <= HEADLINE_CHARS_MAX || self.is_lead(line))
                && !words.contains(['>', '|', '｜'])
                && !is_in_menu(self.menus, line.span)
                && !is_furniture(words)
                && !is_site_name(words)
        };
        let above = page.lines.get(..until).unwrap_or_default().iter().rev();
        let above = above.take(SUBTITLE_LINES_MAX).take_while(is_head);
        let is_wanted = |line: &&PageLine| line.letters > 0 && !is_fact(page.line_text(line));
        let mut heads: Vec<Span> = above.filter(is_wanted).map(|line| line.span).collect();
        heads.reverse();
        heads
    }

    /// Running text between title and text: what the article is about, or the question that posts answer.
    fn is_lead(&self, line: &PageLine) -> bool {
        let words = self.page.line_text(line);
        line.linked == 0
            && (line.is_prose || line.letters > 0 && is_said(words))
            && !is_in_menu(self.menus, line.span)
            && !self.is_aside(line)
    }

    /// What goes on behind the article in a block of its own, up to its last sentence, the last row of a table or the last
    /// item of a list that is announced, and who signed it on which day below that: a comment, a note, an annex. It ends
    /// where links or furniture of the page begin.
    fn closing(&self) -> Vec<Span> {
        let lines = self.page.lines.get(self.end..).unwrap_or_default();
        let is_row = |line: &PageLine| line.role == Some(Role::Row);
        let is_part = |line: &PageLine| {
            (line.linked * 2 <= line.letters || self.is_attached(line))
                && !is_in_menu(self.menus, line.span)
                && !is_furniture(self.page.line_text(line))
                && !self.is_aside(line)
        };
        // A table may be longer than all else.
        let mut others = 0;
        let lines = lines.iter().take_while(|line| {
            others += usize::from(!is_row(line));
            others <= CLOSING_LINES_MAX && is_part(line)
        });
        let lines: Vec<&PageLine> = lines.collect();
        let last = self.end.checked_sub(1).and_then(|last| self.page.lines.get(last));
        let mut is_announced = last.is_some_and(|line| self.announces(line));
        let (mut count, mut has_row) = (0, false);
        for (at, &line) in lines.iter().enumerate() {
            let is_item = line.role == Some(Role::Body);
            let is_last = line.linked == 0 && is_sentence(self.page.line_text(line))
                || is_row(line) && has_row
                || is_item && is_announced && line.linked == 0
                || self.is_attached(line);
            if is_last {
                count = at + 1;
            }
            has_row = is_row(line);
            is_announced = is_item && is_announced || self.announces(line);
        }
        count += signed(self.page, lines.get(count..).unwrap_or_default());
        let lines = lines.get(..count).unwrap_or_default();
        let letters: usize =
            lines.iter().filter(|line| !is_row(line)).map(|line| line.letters).sum();
        // More than that is another part of the page.
        if letters > self.letters.max(CLOSING_LETTERS_MIN) {
            return Vec::new();
        }
        let with_words = lines.iter().filter(|line| line.letters > 0);
        with_words.map(|line| line.span).collect()
    }

    /// Whether a list below a line belongs to the text above: `有以下做法：`, `主要名单如下`, a heading.
    fn announces(&self, line: &PageLine) -> bool {
        let words = self.page.line_text(line).trim_end();
        let is_heading = matches!(line.role, Some(Role::Heading(_)));
        line.linked == 0
            && (is_heading || words.ends_with(['：', ':']) || words.ends_with("如下"))
            && !is_furniture(words)
    }

    /// `附件：…`, which may be a link.
    fn is_attached(&self, line: &PageLine) -> bool {
        let words = self.page.line_text(line);
        words.starts_with("附件") && words.chars().nth(3).is_some()
    }

    /// Whether a line stands in a block beside the article that is named as the side or foot of the page.
    fn is_aside(&self, line: &PageLine) -> bool {
        let own = self.page.containers_of(line).take(NAMED_UP_MAX);
        let mut own = own.take_while(|container| !self.containers.contains(container));
        own.any(|container| self.page.containers.get(container).is_some_and(|known| known.is_aside))
    }
}

/// How many of the first lines behind a text sign it: its end mark, a name, a day with the hour below it.
fn signed(page: &Page, lines: &[&PageLine]) -> usize {
    let words = |line: &&PageLine| page.line_text(line);
    let is_name = |line: &&&PageLine| {
        let words = words(line);
        line.linked == 0
            && words.chars().count() <= SIGNATURE_CHARS_MAX
            && !words.contains([':', '：'])
            && !is_fact(words)
    };
    let is_end = |line: &&&PageLine| words(line).trim_matches(['（', '）', '(', ')']) == "完";
    let short = lines.iter().take(SIGNED_LINES_MAX).take_while(is_name);
    let short: Vec<&PageLine> = short.copied().collect();
    let Some(day) = short.iter().position(|line| is_day_alone(words(line))) else {
        return short.iter().take(1).filter(is_end).count();
    };
    let is_hour = |line: &&&PageLine| {
        line.letters <= END_LETTERS_MAX
            && words(line).contains(['时', '時'])
            && words(line).ends_with(['分', '时', '時'])
    };
    day + 1 + short.iter().skip(day + 1).take(1).filter(is_hour).count()
}

/// Whether words are a day and nothing else, no time of day either, as texts are signed: `2014年4月16日（星期三）`.
pub(super) fn is_day_alone(words: &str) -> bool {
    let is_other = |c: char| {
        let is_word = c.is_alphanumeric() && !c.is_ascii_digit();
        is_word && !"年月日星期〇零一二三四五六七八九十".contains(c) || matches!(c, ':' | '：')
    };
    letters(words) <= END_LETTERS_MAX
        && !words.contains(is_other)
        && find_date(words).is_some_and(|date| date.precision == DatePrecision::Day)
}

/// The last heading over the text, on pages whose title stands nowhere in them.
pub(super) fn heading_above(page: &Page, start: usize, sites: &[String]) -> Option<Span> {
    let until = page.lines.partition_point(|line| line.span.end() <= start);
    let lines = page.lines.get(..until)?.iter().rev().take(HEADING_LINES_MAX);
    lines.into_iter().find(|line| heads(page, line, sites)).map(|line| line.span)
}

/// The first heading of the text, where an introduction that was found stands over it.
fn heading_within(page: &Page, selection: &Selection, sites: &[String]) -> Option<Span> {
    let introduction = page.lines_of(*selection.spans.first()?).end;
    let lines = page.lines.get(introduction..)?.iter().take(HEADING_LINES_MAX);
    let mut lines = lines.take_while(|line| !line.is_prose);
    lines.find(|line| heads(page, line, sites)).map(|line| line.span)
}

/// Whether a line is a heading that may be a title.
fn heads(page: &Page, line: &PageLine, sites: &[String]) -> bool {
    let words = page.line_text(line);
    matches!(line.role, Some(Role::Heading(1 | 2)))
        && line.linked == 0
        && line.letters > 0
        && !sites.iter().any(|site| site == words)
}

/// The first rows of a table that was found without them: 来信标题, 来信人.
fn rows_above(page: &Page, from: usize, start: usize, menus: &[Span]) -> Vec<Span> {
    let first = page.lines.partition_point(|line| line.span.end() <= start);
    let is_row = |line: &&PageLine| line.role == Some(Role::Row) && line.span.start() >= from;
    let is_table = page.lines.get(first).is_some_and(|line| line.role == Some(Role::Row));
    let above = page.lines.get(..first).unwrap_or_default().iter().rev();
    let rows = above.take_while(|line| is_table && is_row(line));
    let rows = rows.filter(|line| is_text(line, menus)).map(|line| line.span);
    let mut rows: Vec<Span> = rows.collect();
    rows.reverse();
    rows
}

/// `……办夜校——` above a title, or what the page sets there as a smaller heading.
fn is_kicker(page: &Page, line: &PageLine, title: Option<Role>) -> bool {
    let words = page.line_text(line);
    let chars = words.chars().count();
    let is_smaller = match (line.role, title) {
        (Some(Role::Heading(own)), Some(Role::Heading(title))) => own > title,
        // A heading over what was taken for the title.
        (Some(Role::Heading(1 | 2)), None) => !is_site_name(words),
        _ => false,
    };
    line.linked == 0
        && chars <= 60
        && (words.ends_with("——")
            || is_named_subtitle(page, line)
            || is_smaller && chars >= KICKER_CHARS_MIN)
}

/// Whether the class of a line, or what the page declares, says that it is a second title.
fn is_named_subtitle(page: &Page, line: &PageLine) -> bool {
    let named = &page.head.named;
    let words = page.line_text(line);
    let is_declared = |(name, value): &(String, String)| {
        name == "subtitle" && !value.is_empty() && value == words
    };
    named.iter().any(|named| named.field == Field::Subtitle && named.span.overlaps(line.span))
        || page.head.metas.iter().any(is_declared)
}

/// A line between title and text that belongs to the title: a heading, or one that begins with a dash.
fn is_subtitle(page: &Page, line: &PageLine) -> bool {
    let words = page.line_text(line);
    let is_heading = matches!(line.role, Some(Role::Heading(_)));
    let has_label = words.contains([':', '：']) && words.contains(|c: char| c.is_ascii_digit());
    line.linked == 0
        && words.chars().count() <= 80
        && !has_label
        && (is_named_subtitle(page, line) || is_heading || words.starts_with("——"))
}

/// The line below a title that says neither when nor by whom it was published, and is no button.
fn is_plain_subtitle(page: &Page, line: &PageLine) -> bool {
    let words = page.line_text(line);
    line.linked == 0
        && line.role.is_none()
        && line.letters >= SENTENCE_LETTERS_MIN
        && words.chars().count() <= 40
        && !words.contains([':', '：', '|', '>'])
        && !words.contains(|c: char| c.is_ascii_digit())
        && words.split(' ').count() < 3
        && !is_fact(words)
}

/// Whether a line below a title says when or by whom it was published, or is a button.
fn is_fact(words: &str) -> bool {
    FACTS.iter().any(|fact| words.contains(fact))
}

/// `编者按` in a line of its own.
fn is_lead_label(page: &Page, line: &PageLine) -> bool {
    let words = page.line_text(line).trim_matches(|c: char| !c.is_alphanumeric());
    line.linked == 0 && LEADS.contains(&words)
}

/// Who wrote it, as papers put it below a title, `本报记者 某某 通讯员 某某`, or as the class of the line says.
fn is_author_line(page: &Page, line: &PageLine) -> bool {
    let words = page.line_text(line);
    let is_named = || {
        let mut named = page.head.named.iter().filter(|named| named.field == Field::Author);
        words.chars().count() <= SIGNATURE_CHARS_MAX
            && !words.contains(|c: char| c.is_ascii_digit())
            && named.any(|named| named.span == line.span)
    };
    line.linked == 0 && (kinds::is_author_line(&words.replace('：', ":")) || is_named())
}

/// Whether a line behind an article begins as those of the page do: `相关阅读`, `版权所有`.
pub(super) fn is_furniture(words: &str) -> bool {
    let head = words.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '©');
    let head: String =
        head.chars().take(FURNITURE_CHARS_MAX + 1).collect::<String>().to_lowercase();
    let is_short = head.chars().count() <= FURNITURE_CHARS_MAX && !head.contains('。');
    // `声明：`, `平台声明：`, `免责声明：`.
    let is_declaration = head
        .split([':', '：'])
        .next()
        .is_some_and(|label| label.chars().count() <= 6 && label.ends_with("声明"));
    let is_notice =
        is_declaration || ["免责", "凡本", "版权"].iter().any(|word| head.starts_with(word));
    let is_named =
        head.contains("icp备") || head.contains("版权所有") || head.contains("copyright");
    is_notice || is_named || is_short && FURNITURE.iter().any(|word| head.starts_with(word))
}

/// Whether a line is a button of the page, or a count that nobody raised.
pub(super) fn is_button(words: &str) -> bool {
    let words = words.trim_matches(|c: char| !c.is_alphanumeric());
    BUTTONS.contains(&words)
}

/// `声明：转载此文是出于传递更多信息之目的……`: what sites say of the texts of others, and search engines of the pages they
/// keep.
pub(super) fn is_notice(words: &str) -> bool {
    if words.starts_with("这是 Google 对") || words.starts_with("This is Google's cache of") {
        return true;
    }
    let Some((label, rest)) = words.split_once([':', '：']) else { return false };
    let label = label.trim_start_matches(|c: char| !c.is_alphanumeric());
    label.chars().count() <= 6
        && label.ends_with("声明")
        && ["转载", "轉載"].iter().any(|word| rest.contains(word))
        && ["本网", "本站", "本網", "本平台", "本公众号"].iter().any(|word| rest.contains(word))
}

#[cfg(feature = "html")]
#[cfg(test)]
mod tests;
