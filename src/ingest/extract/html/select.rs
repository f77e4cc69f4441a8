//! Which lines of a page are its article: those that were found, and those that belong to them.
//!
//! What was found is only a hint. The finder drops short answers of a forum and tables between paragraphs; the classes
//! of the blocks show that they belong to the text. What it took out of menus is left out. The result is always text
//! of the page, in its order.

use crate::ingest::Role;
use crate::ingest::extract::html::around::{
    is_button, is_furniture, is_notice, is_said, is_sentence,
};
use crate::ingest::extract::html::facts::facts;
use crate::ingest::extract::html::locate::{Finding, locate};
use crate::ingest::extract::html::near::{is_split_day, tells_day};
use crate::ingest::extract::html::page::{Page, PageLine, letters};
use crate::model::Span;
use crate::text::OffsetMap;
use std::collections::{HashMap, HashSet};

/// An article with fewer letters may be a wrong guess.
const LETTERS_MIN: usize = 200;

/// So many lines of links in a row are a menu.
const MENU_LINES_MIN: usize = 5;

/// So many links in one line are a menu.
const MENU_LINKS_MIN: usize = 5;

/// So many short links are one where they stand alone, each with so many letters at most, taken together.
const BAR_LINKS_MIN: usize = 3;
const BAR_LETTERS_MAX: usize = 5;

/// Longer links at the end of an article may be a part of it.
const LAST_LINK_LETTERS_MAX: usize = 8;

/// How far up the blocks of a line are looked at.
const UP_MAX: usize = 6;

/// How far up a line looks for the block of the article; pages made of sections in sections have some dozen.
pub(super) const NAMED_UP_MAX: usize = 64;

/// Longer lines over a title, links aside, may belong to it.
const TOP_LETTERS_MAX: usize = 6;

/// Other blocks of the same class that make a page a forum, when none of them holds a sentence.
const POSTS_MIN: usize = 2;

/// What was selected of a page.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Selection {
    /// Parts of the page's text, in order.
    pub(super) spans: Vec<Span>,
    /// Blocks that were found and whose words the page does not show.
    pub(super) homeless: usize,
    /// All blocks that were found.
    pub(super) found: usize,
}

impl Selection {
    /// Whether nothing of this one is in another.
    pub(super) fn misses(&self, other: &Self) -> bool {
        let overlaps = |one: &Span, two: &Span| one.start() < two.end() && two.start() < one.end();
        !self.spans.iter().any(|one| other.spans.iter().any(|two| overlaps(one, two)))
    }

    /// This one without some of the lines of the page; whole where nothing would stay.
    pub(super) fn without(self, page: &Page, is_left_out: &[bool]) -> Self {
        let is_out = |ordinal: usize| is_left_out.get(ordinal) == Some(&true);
        let mut spans = Vec::with_capacity(self.spans.len());
        for span in &self.spans {
            let lines = page.lines_of(*span);
            if !lines.clone().any(is_out) {
                spans.push(*span);
                continue;
            }
            for ordinal in lines.filter(|ordinal| !is_out(*ordinal)) {
                let line = page.lines.get(ordinal).map(|line| line.span);
                let part =
                    line.map(|line| (line.start().max(span.start()), line.end().min(span.end())));
                spans.extend(part.map(|(start, end)| Span::new(start, end.max(start))));
            }
        }
        if spans.is_empty() { self } else { Self { spans, ..self } }
    }
}

/// The article, from the text that was found; `None` when that is too little to be it.
pub(super) fn select(
    page: &Page,
    compacted: &(String, OffsetMap),
    article: &str,
    menus: &[Span],
) -> Option<Selection> {
    let mut findings = locate(compacted, article.lines());
    findings.retain(|finding| finding.place.is_none_or(|place| !is_in_menu(menus, place)));
    let homeless = findings.iter().filter(|finding| finding.place.is_none()).count();
    // Text that the page's own lines lack for the most part was moved or made up by the tree: it is not believed.
    if homeless * 2 >= findings.len() {
        return None;
    }
    let mut spans = places(&findings);
    take_off_foot(page, &mut spans)?;
    let mut is_taken = taken_lines(page, &spans);
    add_posts(page, menus, &mut is_taken, &mut spans);
    add_between(page, menus, &mut is_taken, &mut spans);
    add_rows(page, menus, &mut is_taken, &mut spans);
    spans.sort_unstable_by_key(|span| span.start());
    take_off_links(page, &mut spans);
    let selection = Selection { spans, homeless, found: findings.len() };
    is_enough(page, &selection).then_some(selection)
}

/// The article by the name of its block, where the finder saw none: it does not look into blocks that a script shows.
pub(super) fn select_named(page: &Page, menus: &[Span]) -> Option<Selection> {
    let is_article =
        |container: usize| page.containers.get(container).is_some_and(|c| c.is_article);
    let is_inside = |line: &PageLine| page.containers_of(line).take(NAMED_UP_MAX).any(is_article);
    let lines = page.lines.iter().filter(|line| is_inside(line) && is_text(line, menus));
    let selection =
        Selection { spans: lines.map(|line| line.span).collect(), ..Selection::default() };
    is_enough(page, &selection).then_some(selection)
}

fn places(findings: &[Finding<'_>]) -> Vec<Span> {
    findings.iter().filter_map(|finding| finding.place).collect()
}

/// Takes what is named as the side or foot of the page and says no sentence off the end; `None` where nothing else was
/// found than such blocks though the page says something elsewhere: of a short article the foot may be the longest part.
fn take_off_foot(page: &Page, spans: &mut Vec<Span>) -> Option<()> {
    let is_aside = |line: &PageLine| {
        let mut containers = page.containers_of(line).take(NAMED_UP_MAX);
        containers.any(|at| page.containers.get(at).is_some_and(|known| known.is_aside))
    };
    let says = |line: &PageLine| is_sentence(page.line_text(line));
    let is_foot = |line: &PageLine| !says(line) && is_aside(line);
    let lines = |span: &Span| page.lines.get(page.lines_of(*span)).unwrap_or_default();
    let count = spans.iter().rev().take_while(|span| lines(span).iter().all(is_foot)).count();
    if spans.iter().flat_map(lines).all(is_aside) {
        // Sentences of another side are elsewhere only where the one that was found says none.
        let is_only_foot = count == spans.len();
        let is_elsewhere =
            |line: &PageLine| line.linked == 0 && says(line) && (is_only_foot || !is_aside(line));
        if page.lines.iter().any(is_elsewhere) {
            return None;
        }
    }
    if count < spans.len() {
        spans.truncate(spans.len() - count);
    }
    Some(())
}

/// Takes short links off the end, `返回` and `1 2 下一页`; those of documents attached stay.
fn take_off_links(page: &Page, spans: &mut Vec<Span>) {
    let is_link = |line: &PageLine| {
        line.is_linked()
            && line.letters <= LAST_LINK_LETTERS_MAX
            && !page.line_text(line).contains("附")
    };
    let lines = |span: &Span| page.lines.get(page.lines_of(*span)).unwrap_or_default();
    let count = spans.iter().rev().take_while(|span| lines(span).iter().all(is_link)).count();
    spans.truncate(spans.len() - count);
}

/// Whether what was selected is long enough, or nearly all running text there is.
fn is_enough(page: &Page, selection: &Selection) -> bool {
    let part = |span: &Span| page.text.get(span.range()).map_or(0, letters);
    let found: usize = selection.spans.iter().map(part).sum();
    let prose: usize =
        page.lines.iter().filter(|line| line.is_prose).map(|line| line.letters).sum();
    found > 0 && if found < LETTERS_MIN { found * 5 >= prose * 4 } else { found * 3 >= prose }
}

/// Lines that are no text wherever they were found: tables of facts, buttons and notices, ways to other pages, and what
/// forums say of who wrote a post.
pub(super) fn left_out(page: &Page, title: Option<Span>) -> Vec<bool> {
    let mut is_out = facts(page);
    for (is_out, in_nav) in is_out.iter_mut().zip(in_nav(page, title)) {
        *is_out |= in_nav;
    }
    let is_of_poster = |line: &PageLine| {
        let mut containers = page.containers_of(line).take(NAMED_UP_MAX);
        containers.any(|at| page.containers.get(at).is_some_and(|known| known.is_of_poster))
            && !is_sentence(page.line_text(line))
    };
    for (is_out, line) in is_out.iter_mut().zip(&page.lines) {
        let words = page.line_text(line);
        // The address of the page beside its day, as pages for the printer have it.
        let is_address = words.starts_with("http") && tells_day(&page.words(line));
        *is_out |= is_of_poster(line)
            || is_notice(words)
            || is_button(words)
            || is_address
            || is_split_day(page, line);
    }
    is_out
}

/// Which lines stand in a `nav` that holds neither the title nor a sentence: some pages have their text in one. None where
/// the page says nothing elsewhere: a list of links is all it has.
fn in_nav(page: &Page, title: Option<Span>) -> Vec<bool> {
    if !page.containers.iter().any(|container| container.is_nav) {
        return vec![false; page.lines.len()];
    }
    let nav_of = |line: &PageLine| {
        let mut containers = page.containers_of(line).take(NAMED_UP_MAX);
        containers.find(|&at| page.containers.get(at).is_some_and(|known| known.is_nav))
    };
    let navs: Vec<Option<usize>> = page.lines.iter().map(nav_of).collect();
    let says = |line: &PageLine| line.linked == 0 && is_said(page.line_text(line));
    if !page.lines.iter().zip(&navs).any(|(line, nav)| nav.is_none() && says(line)) {
        return vec![false; page.lines.len()];
    }
    let titles = title.map_or(0..0, |title| page.lines_of(title));
    let holds_text = |at: usize, line: &PageLine| {
        titles.contains(&at) || (line.linked == 0 && is_sentence(page.line_text(line)))
    };
    let lines = page.lines.iter().enumerate().zip(&navs);
    let texts: HashSet<Option<usize>> =
        lines.filter(|&((at, line), _)| holds_text(at, line)).map(|(_, &nav)| nav).collect();
    navs.iter().map(|nav| nav.is_some() && !texts.contains(nav)).collect()
}

/// Lines over the title that are links or too short to be set over it; none where a sentence stands among them: it
/// stands in a text.
pub(super) fn over_title(page: &Page, title: Option<Span>) -> Vec<bool> {
    let above = title.map_or(0, |title| page.lines_of(title).start);
    let lines = page.lines.get(..above).unwrap_or_default();
    if lines.iter().any(|line| line.linked == 0 && is_sentence(page.line_text(line))) {
        return Vec::new();
    }
    let is_top = |line: &PageLine| {
        line.role != Some(Role::Row)
            && (line.is_linked() || line.letters <= TOP_LETTERS_MAX)
            && !tells_day(&page.words(line))
    };
    lines.iter().map(is_top).collect()
}

/// Which lines of the page lie, in part at least, in one of these spans, which are in order.
fn taken_lines(page: &Page, spans: &[Span]) -> Vec<bool> {
    let mut is_taken = vec![false; page.lines.len()];
    for span in spans {
        if let Some(lines) = is_taken.get_mut(page.lines_of(*span)) {
            lines.fill(true);
        }
    }
    is_taken
}

/// Whether a line may be added: it has letters, and not mostly those of links.
pub(super) fn is_text(line: &PageLine, menus: &[Span]) -> bool {
    line.letters > 0 && line.linked * 2 <= line.letters && !is_in_menu(menus, line.span)
}

/// Adds the other posts of a page that is a row of posts: blocks of the same class and depth as the innermost ones
/// that hold nearly all that was found.
fn add_posts(page: &Page, menus: &[Span], is_taken: &mut [bool], spans: &mut Vec<Span>) {
    let Some(signature) = signature_of_found(page, is_taken) else { return };
    let is_post = |container: &usize| {
        page.containers.get(*container).is_some_and(|container| container.signature == signature)
    };
    // The lines of each post, by its container.
    let mut posts: HashMap<usize, Vec<usize>> = HashMap::new();
    for (ordinal, line) in page.lines.iter().enumerate() {
        if let Some(post) = page.containers_of(line).take(UP_MAX).find(is_post) {
            posts.entry(post).or_default().push(ordinal);
        }
    }
    let taken = |lines: &[usize]| lines.iter().any(|&line| is_taken.get(line) == Some(&true));
    let depth_of = |container: &usize| page.containers.get(*container).map(|known| known.depth);
    let depths: Vec<_> =
        posts.iter().filter(|(_, lines)| taken(lines)).map(|(post, _)| depth_of(post)).collect();
    let line = |ordinal: usize| page.lines.get(ordinal);
    let others: Vec<Vec<usize>> = posts
        .iter()
        .filter(|(post, lines)| !taken(lines) && depths.contains(&depth_of(post)))
        .map(|(_, lines)| {
            let is_text = |&&at: &&usize| line(at).is_some_and(|line| is_text(line, menus));
            lines.iter().filter(is_text).copied().collect()
        })
        .filter(|lines: &Vec<usize>| !lines.is_empty())
        .collect();
    let is_said = |line: &PageLine| line.is_prose || is_sentence(page.line_text(line));
    let says_something = |lines: &Vec<usize>| lines.iter().any(|&at| line(at).is_some_and(is_said));
    if others.len() >= POSTS_MIN || others.iter().any(says_something) {
        for ordinal in others.into_iter().flatten() {
            add_line(page, ordinal, is_taken, spans);
        }
    }
}

fn add_line(page: &Page, ordinal: usize, is_taken: &mut [bool], spans: &mut Vec<Span>) {
    if let (Some(line), Some(is_taken)) = (page.lines.get(ordinal), is_taken.get_mut(ordinal))
        && !*is_taken
    {
        *is_taken = true;
        spans.push(line.span);
    }
}

/// The class of the innermost blocks that together hold nearly all that was found.
fn signature_of_found(page: &Page, is_taken: &[bool]) -> Option<u64> {
    let found = || page.lines.iter().zip(is_taken).filter(|(_, is_taken)| **is_taken);
    let all: usize = found().map(|(line, _)| line.letters).sum();
    // Letters found in blocks of each class, and how deep they lie.
    let mut classes: HashMap<u64, (usize, usize)> = HashMap::new();
    for (line, _) in found() {
        let mut seen: Vec<u64> = Vec::new();
        for container in page.containers_of(line).take(UP_MAX) {
            let Some(container) = page.containers.get(container) else { continue };
            if !seen.contains(&container.signature) {
                seen.push(container.signature);
                let class = classes.entry(container.signature).or_insert((0, container.depth));
                class.0 += line.letters;
                class.1 = class.1.min(container.depth);
            }
        }
    }
    let nearly_all = classes.into_iter().filter(|(_, (letters, _))| letters * 5 >= all * 4);
    // Two classes of one depth differ by their value only, so that the choice is always the same.
    nearly_all
        .max_by_key(|(signature, (_, depth))| (*depth, *signature))
        .map(|(signature, _)| signature)
}

/// Adds what the finder left out inside the block that holds the article: lines between those found, tables and
/// running text behind them, and sentences there with what leads to them. A page without classes is one block.
fn add_between(page: &Page, menus: &[Span], is_taken: &mut [bool], spans: &mut Vec<Span>) {
    let taken = |at: &usize| is_taken.get(*at) == Some(&true);
    let count = page.lines.len();
    let (Some(first), Some(last)) = ((0..count).find(taken), (0..count).rev().find(taken)) else {
        return;
    };
    let Some(block) = block_of_found(page, is_taken) else { return };
    let is_inside = |line: &PageLine| {
        block.is_none_or(|block| page.containers_of(line).any(|container| container == block))
    };
    let says = |line: &PageLine| line.linked == 0 && is_sentence(page.line_text(line));
    // A comment or a note at the end of the block is of the article whatever its class, up to where furniture begins.
    let behind = page.lines.iter().skip(last + 1);
    let behind = behind.take_while(|line| !is_inside(line) || !is_furniture(page.line_text(line)));
    let behind: Vec<&PageLine> = behind.collect();
    let said = behind.iter().rposition(|line| is_inside(line) && says(line));
    let said = last + said.map_or(0, |said| said + 1);
    // On a page without classes only headings lead to a sentence.
    let leads = |ordinal: usize, line: &PageLine| {
        block.is_some()
            || matches!(line.role, Some(Role::Heading(_)))
                && page.lines.get(ordinal + 1).is_some_and(says)
    };
    let added: Vec<usize> = page
        .lines
        .iter()
        .enumerate()
        .skip(first)
        .filter(|(ordinal, line)| {
            let is_said = *ordinal <= said && (says(line) || leads(*ordinal, line));
            let is_wanted =
                *ordinal < last || line.role == Some(Role::Row) || line.is_prose || is_said;
            !taken(ordinal) && is_wanted && is_text(line, menus) && is_inside(line)
        })
        .map(|(ordinal, _)| ordinal)
        .collect();
    let letters_of = |ordinals: &mut dyn Iterator<Item = usize>| -> usize {
        ordinals.filter_map(|at| page.lines.get(at)).map(|line| line.letters).sum()
    };
    let found = letters_of(&mut (0..count).filter(taken));
    // More than that is another part of the page; a table may be longer than the text round it.
    let without_rows =
        |at: &usize| page.lines.get(*at).is_some_and(|line| line.role != Some(Role::Row));
    if letters_of(&mut added.iter().copied().filter(without_rows)) * 2 <= found {
        for ordinal in added {
            add_line(page, ordinal, is_taken, spans);
        }
    }
}

/// Adds the other rows of tables of which a row was found, wherever they stand: the finder drops those of few words.
fn add_rows(page: &Page, menus: &[Span], is_taken: &mut [bool], spans: &mut Vec<Span>) {
    let mut from = 0;
    for run in page.lines.chunk_by(|first, second| first.role == second.role) {
        let rows = from..from + run.len();
        from = rows.end;
        let is_found = || is_taken.get(rows.clone()).is_some_and(|taken| taken.contains(&true));
        if run.first().is_some_and(|line| line.role == Some(Role::Row)) && is_found() {
            for (ordinal, line) in rows.zip(run) {
                if is_text(line, menus) {
                    add_line(page, ordinal, is_taken, spans);
                }
            }
        }
    }
}

/// The innermost container that holds nearly all that was found; `Some(None)` on a page without any.
fn block_of_found(page: &Page, is_taken: &[bool]) -> Option<Option<usize>> {
    if page.containers.is_empty() {
        return Some(None);
    }
    let mut letters_in: HashMap<usize, usize> = HashMap::new();
    let mut all = 0;
    for (line, _) in page.lines.iter().zip(is_taken).filter(|(_, is_taken)| **is_taken) {
        all += line.letters;
        for container in page.containers_of(line).take(UP_MAX) {
            *letters_in.entry(container).or_default() += line.letters;
        }
    }
    let nearly_all = letters_in.into_iter().filter(|(_, letters)| letters * 5 >= all * 4);
    // Of two containers the later one is the inner one.
    nearly_all.map(|(container, _)| container).max().map(Some)
}

/// The menus of a page: runs of lines that are links, and lines of many links. None when there is little else: then
/// the links are what the page is about.
pub(super) fn menus(page: &Page) -> Vec<Span> {
    let runs = page.lines.chunk_by(|first, second| first.is_linked() == second.is_linked());
    let menus: Vec<Span> = runs
        .filter(|run| {
            let links: usize = run.iter().map(|line| line.links).sum();
            let is_long = run.len() >= MENU_LINES_MIN || links >= MENU_LINKS_MIN;
            (is_long || is_bar(page, run)) && run.iter().all(PageLine::is_linked)
        })
        .filter_map(|run| {
            let (first, last) = (run.first()?.span, run.last()?.span);
            // The line end behind it goes with it.
            Some(Span::new(first.start(), (last.end() + 1).min(page.text.len())))
        })
        .collect();
    let part = |menu: &Span| page.text.get(menu.range()).map_or(0, letters);
    let in_menus: usize = menus.iter().map(part).sum();
    let all: usize = page.lines.iter().map(|line| line.letters).sum();
    if all.saturating_sub(in_menus) < LETTERS_MIN.min(all / 4) { Vec::new() } else { menus }
}

/// Whether a line is a few short links, `首页 政务公开 办事服务`; documents attached are none.
fn is_bar(page: &Page, run: &[PageLine]) -> bool {
    let [line] = run else { return false };
    line.links >= BAR_LINKS_MIN
        && line.letters <= line.links * BAR_LETTERS_MAX
        && !page.line_text(line).contains('附')
}

/// Whether a place lies in one of the menus, which are in order.
pub(super) fn is_in_menu(menus: &[Span], place: Span) -> bool {
    let next = menus.partition_point(|menu| menu.end() <= place.start());
    menus.get(next).is_some_and(|menu| menu.overlaps(place))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::extract::html::locate::compact;

    const PROSE: &str = "示例县把全县划分为一百二十个网格，每个网格配备一名网格员，群众有事不用出村，干部带着表格上门服务。";

    /// Checks what is selected when `found` was found.
    #[track_caller]
    fn check(source: &str, found: &str, expected: &[&str]) {
        let page = Page::read(source, 100);
        let selection = select(&page, &compact(&page.text), found, &menus(&page));
        let parts: Vec<&str> = selection
            .iter()
            .flat_map(|selection| &selection.spans)
            .map(|span| page.text.get(span.range()).unwrap())
            .collect();
        assert_eq!(parts, expected);
    }

    #[test]
    fn the_answers_of_a_forum_belong_to_its_first_post() {
        let long = PROSE.repeat(4);
        let source = format!(
            "<div class=side><p>旁边，有别的一句话。</p></div><div class=t_f id=p1>{long}</div><div class=sign>签名</div>\
             <div class=t_f id=p2>支持！</div><div class=t_f id=p3>学习了</div><div class=foot>关于</div>"
        );
        check(&source, &long, &[&long, "支持！", "学习了"]);
    }

    #[test]
    fn one_answer_of_a_sentence_is_a_post() {
        let long = PROSE.repeat(4);
        let answer = "我们村那架水车还在转。";
        let source = format!(
            "<div class=t_f>{long}</div><div class=x>1楼</div><div class=t_f>{answer}</div>"
        );
        check(&source, &long, &[&long, answer]);
    }

    #[test]
    fn a_sentence_behind_the_text_inside_its_block_stays_with_its_heading() {
        let long = PROSE.repeat(4);
        let aside = "<aside><h4>记者手记</h4><p>离开时水车还在转。</p></aside>";
        let source = format!("<div class=a>{long}{aside}</div><div class=x>尾</div>");
        check(&source, &long, &[&long, "记者手记", "离开时水车还在转。"]);
        let source = format!("<div class=a>{long}</div>{aside}");
        check(&source, &long, &[&long]);
        let source = format!("<div class=a>{long}<h4>打印</h4><p>关闭</p></div>");
        check(&source, &long, &[&long]);
    }

    #[test]
    fn the_foot_of_a_page_is_no_part_of_a_short_article() {
        let foot = "主办：河湾镇党政办";
        let source =
            format!("<div class=a><p>{PROSE}</p></div><div class=footer><p>{foot}</p></div>");
        check(&source, &format!("{PROSE}\n{foot}"), &[PROSE]);
        check(&source, foot, &[]);
        // A page whose article stands in such a block.
        let source = format!("<div class=right>{PROSE}<p>{foot}</p></div>");
        check(&source, &format!("{PROSE}\n{foot}"), &[PROSE]);
        let source = format!("<div class=footer>{foot}</div>");
        check(&source, foot, &[foot]);
    }

    #[test]
    fn a_bar_of_a_few_links_is_a_menu() {
        let menus_of = |bar: &str| {
            let page = Page::read(&format!("<div>{bar}</div><p>{}</p>", PROSE.repeat(4)), 100);
            menus(&page).len()
        };
        let link = |words: &str| format!("<a href=1>{words}</a>");
        assert_eq!(menus_of(&["首页", "政务公开", "办事服务"].map(link).concat()), 1);
        assert_eq!(menus_of(&["附件1", "附件2", "附件3"].map(link).concat()), 0);
        assert_eq!(menus_of(&["首页", "办事服务"].map(link).concat()), 0);
        assert_eq!(menus_of(&["河湾镇的水渠今年通了水"; 3].map(link).concat()), 0);
    }

    #[test]
    fn another_block_of_that_class_without_text_is_no_post() {
        let long = PROSE.repeat(4);
        let source = format!(
            "<div class=box>{long}</div><div class=box>版权所有</div><div class=x>尾</div>"
        );
        check(&source, &long, &[&long]);
    }

    #[test]
    fn a_table_and_a_short_line_inside_the_article_stay() {
        let source = format!(
            "<div class=a><p>{PROSE}甲</p><p>{PROSE}乙</p><ul><li>三个网格</ul><p>{PROSE}丙</p><p>{PROSE}丁</p><p>{PROSE}戊</p>\
             <table><tr><td>县<td>网格<tr><td>示例县<td>120</table></div><div class=b><p>尾</p></div>"
        );
        let found: String =
            ["甲", "乙", "丙", "丁", "戊"].iter().map(|end| format!("{PROSE}{end}\n")).collect();
        let line = |end: &str| format!("{PROSE}{end}");
        check(
            &source,
            &found,
            &[
                &line("甲"),
                &line("乙"),
                "三个网格",
                &line("丙"),
                &line("丁"),
                &line("戊"),
                "县 网格",
                "示例县 120",
            ],
        );
    }

    #[test]
    fn links_to_other_pages_at_the_end_go_and_those_of_attachments_stay() {
        let long = PROSE.repeat(5);
        let page = |links: &str| format!("<div class=a><p>{long}</p>{links}</div>");
        let links =
            "<p><a href=1>1</a><a href=2>2</a><a href=3>下一页</a></p><p><a href=x>返回</a></p>";
        check(&page(links), &format!("{long}\n12下一页\n返回"), &[&long]);
        let attached = "<p><a href=1.doc>附件1</a></p>";
        check(&page(attached), &format!("{long}\n附件1"), &[&long, "附件1"]);
    }

    #[test]
    fn words_the_page_does_not_show_are_not_made_up() {
        let long = PROSE.repeat(5);
        let source = format!("<p>{long}</p><p>{PROSE}乙</p>");
        let second = format!("{PROSE}乙");
        let alien = "这里没有的一句话，很长很长很长";
        check(&source, &format!("{long}\n{alien}\n{second}"), &[&long, &second]);
        check(&source, alien, &[]);
    }

    #[test]
    fn one_other_post_is_taken_when_it_says_something() {
        let page =
            |other: &str| format!("<div class=post>{PROSE}</div><div class=post>{other}</div>");
        let other = "借钱买的机器还没有回本。";
        check(&page(other), PROSE, &[PROSE, other]);
        check(&page("关于我们"), PROSE, &[PROSE]);
    }

    #[test]
    fn the_rows_of_a_table_of_which_one_was_found_are_taken() {
        let rows = "<table><tr><td>来信人<td>某某<tr><td>来信内容<td>路灯坏了，请来修一修</table>";
        let page =
            format!("<div class=a>{rows}</div><div class=b>{PROSE}</div><div class=c>{rows}</div>");
        let content = "来信内容 路灯坏了，请来修一修";
        // No block holds nearly all: the text is short beside the table.
        let long = format!("{content}\n{PROSE}");
        check(&page, &long, &["来信人 某某", content, PROSE]);
    }

    #[test]
    fn the_foot_of_a_page_is_no_article_when_the_page_says_something() {
        let foot = format!("<div class=footer><p>{PROSE}</p></div>");
        check(&format!("<div class=letter><p>村口的路坏了，请来修。</p></div>{foot}"), PROSE, &[]);
        check(&format!("<div class=letter><p>来信</p></div>{foot}"), PROSE, &[PROSE]);
    }

    #[test]
    fn a_comment_inside_the_block_of_the_article_is_of_it() {
        let page = |behind: &str| format!("<div class=content><p>{PROSE}</p>{behind}</div>");
        let comment = "<div class=comment><h3>短评</h3><p>网格小了，事情就近了。</p></div>";
        check(&page(comment), PROSE, &[PROSE, "短评", "网格小了，事情就近了。"]);
        let other = "<h3>相关阅读</h3><p>网格小了，事情就近了。</p>";
        check(&page(other), PROSE, &[PROSE]);
    }
}
