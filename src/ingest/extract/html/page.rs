//! The lines of a page, by a tokenizer that builds no tree and knows where everything stood.
//!
//! One pass, without recursion, in time linear in the source: nothing in the markup can make it slow or deep. What a
//! browser does not show (scripts, styles, forms' choices, hidden blocks, readings over characters) is left out.
//! `reader` reads the tags, `lines` builds the text.

use crate::ingest::Role;
use crate::ingest::extract::html::lines::Mark;
use crate::ingest::extract::html::markup::{attribute, is_one_of};
use crate::ingest::extract::html::reader::Reader;
use crate::model::Span;
use crate::text::OffsetMap;
use std::borrow::Cow;
use std::ops::Range;

/// Lines with at least so many letters, and a comma or full stop, are running text.
const PROSE_LETTERS_MIN: usize = 30;

/// Longer lines below a picture are no caption.
const CAPTION_CHARS_MAX: usize = 60;

/// Items of a list that begin with a short label such as `来源：` may be facts about the page.
const LABEL_CHARS_MAX: usize = 8;

/// A page as lines, with what its head declares.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// One block of the page a line; the cells of a table row are one line.
    pub(super) text: String,
    /// Leads from `text` to the source.
    pub(super) map: OffsetMap,
    /// What is known of each line of `text`.
    pub(super) lines: Vec<PageLine>,
    /// Blocks that have a class, in the order of their start tags.
    pub(super) containers: Vec<Container>,
    /// Where in `text` elements of a line meet without a space between them, in order.
    pub(super) seams: Vec<usize>,
    /// Whether elements are nested deeper than the limit.
    pub(super) is_too_deep: bool,
    /// Whether something was left out because an attribute hides it.
    pub(super) has_hidden: bool,
    /// Whether the page ends before its end.
    pub(super) is_cut: bool,
    /// What the page says about itself.
    pub(super) head: Head,
}

/// A line of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PageLine {
    /// Where it stands in the text, without its line end.
    pub(super) span: Span,
    /// What the markup says it is.
    pub(super) role: Option<Role>,
    /// The innermost container it stands in.
    pub(super) container: Option<usize>,
    /// Letters of all scripts in it, and those of them in links.
    pub(super) letters: usize,
    pub(super) linked: usize,
    /// How many links start in it.
    pub(super) links: usize,
    /// Whether it is running text.
    pub(super) is_prose: bool,
    /// Whether it stands in the middle of the page.
    pub(super) is_centred: bool,
    /// How many ends of lines part it from the line above; 0 where something else does.
    pub(super) breaks: usize,
    /// Columns of white space before it that the page shows.
    pub(super) indent: usize,
}

impl PageLine {
    /// Whether it is links and nothing else.
    pub(super) fn is_linked(&self) -> bool {
        self.linked > 0 && self.linked == self.letters
    }
}

/// A block with a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Container {
    /// Equal for blocks of the same element and class, digits aside.
    pub(super) signature: u64,
    /// The container round it.
    pub(super) parent: Option<usize>,
    /// How many elements are open where it starts.
    pub(super) depth: usize,
    /// Whether it has a name that many sites give to the block of their article.
    pub(super) is_article: bool,
    /// Whether it is named as the side or the foot of a page, or as a box of it.
    pub(super) is_aside: bool,
    /// Whether it holds the ways to other pages: `nav`.
    pub(super) is_nav: bool,
    /// Whether it is named as what a forum says of who wrote a post.
    pub(super) is_of_poster: bool,
}

/// What a page says about itself, apart from its text.
#[derive(Debug, Default)]
pub(super) struct Head {
    /// The first `title` element.
    pub(super) title: Option<String>,
    /// `meta` tags: name or property in lower case, and content.
    pub(super) metas: Vec<(String, String)>,
    /// Blocks of `application/ld+json`.
    pub(super) json_ld: Vec<String>,
    /// `link rel=canonical`.
    pub(super) canonical: Option<String>,
    /// The address in the comment that browsers put into saved pages.
    pub(super) saved_from: Option<String>,
    /// `time datetime=…`.
    pub(super) times: Vec<Time>,
    /// Elements whose class says what they hold.
    pub(super) named: Vec<Named>,
    /// The addresses of frames.
    pub(super) frames: Vec<String>,
    /// Whether the page is nothing but frames.
    pub(super) is_frameset: bool,
}

/// A `time` element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Time {
    /// Its date, as written.
    pub(super) value: String,
    /// Where it starts in the text.
    pub(super) at: usize,
    /// Whether it says that it is the date of publication.
    pub(super) is_published: bool,
}

/// What an element holds by its class or id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    /// Who published the page.
    Source,
    /// Who wrote it.
    Author,
    /// The account that published the page, by its whole name.
    Account,
    /// A second title.
    Subtitle,
    /// The title.
    Title,
}

impl Field {
    /// What the class or id of an element says.
    pub(super) fn of(attributes: &str) -> Option<Self> {
        const WORDS: [(&str, Field); 14] = [
            ("source", Field::Source),
            ("laiyuan", Field::Source),
            ("medianame", Field::Source),
            ("media-name", Field::Source),
            ("js_name", Field::Account),
            ("author", Field::Author),
            ("zuozhe", Field::Author),
            ("subtitle", Field::Subtitle),
            ("sub-title", Field::Subtitle),
            ("sub_title", Field::Subtitle),
            ("yinti", Field::Subtitle),
            ("kicker", Field::Subtitle),
            // Papers made with the publishing system of Founder.
            ("bt2", Field::Subtitle),
            ("font02", Field::Subtitle),
        ];
        if !attributes.contains("class") && !attributes.contains("id") {
            return None;
        }
        let word = |key: &str| {
            let value = attribute(attributes, key)?.to_ascii_lowercase();
            WORDS.iter().find(|(word, _)| value.contains(word)).map(|(_, field)| *field)
        };
        word("id").or_else(|| word("class")).or_else(|| is_title(attributes).then_some(Self::Title))
    }
}

/// Whether an element has one of the names that pages give to the block of their title.
fn is_title(attributes: &str) -> bool {
    const NAMES: &[&str] = &[
        "title",
        "article-title",
        "article_title",
        "articletitle",
        "news-title",
        "news_title",
        "newstitle",
        "art_title",
        "art-title",
        "content-title",
        "content_title",
        "detail-title",
        "detail_title",
        "main-title",
        "biaoti",
        "bt",
        "wzbt",
        "tit",
        "arttitle",
        "con_tit",
        "xl-tit",
        "ctitle",
        // Papers made with the publishing system of Founder.
        "font01",
    ];
    let has = |key: &str| {
        attribute(attributes, key)
            .is_some_and(|value| value.split_whitespace().any(|name| is_one_of(name, NAMES)))
    };
    has("class") || has("id")
}

/// An element whose class says what it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Named {
    /// What that is.
    pub(super) field: Field,
    /// Its words in the text.
    pub(super) span: Span,
}

impl Page {
    /// Reads a page or a part of one; nesting is only counted up to `depth_max`.
    pub(super) fn read(source: &str, depth_max: usize) -> Self {
        Self::read_hiding(source, depth_max, true)
    }

    /// Reads a page with everything in it that attributes hide.
    pub(super) fn read_shown(source: &str, depth_max: usize) -> Self {
        Self::read_hiding(source, depth_max, false)
    }

    fn read_hiding(source: &str, depth_max: usize, is_hiding: bool) -> Self {
        let mut reader = Reader::new(source, depth_max, is_hiding);
        let is_whole = reader.run();
        if !is_whole && is_hiding {
            // The end of something hidden is not there: what follows it would be lost.
            return Self::read_hiding(source, depth_max, false);
        }
        let (text, map, marks) = reader.lines.finish();
        let mut lines = lines(&text, &marks, &reader.links);
        no_captions(&mut lines, &reader.head.named);
        Self {
            text,
            map,
            lines,
            containers: reader.containers,
            seams: reader.seams,
            is_too_deep: reader.is_too_deep,
            has_hidden: reader.has_hidden,
            is_cut: reader.is_cut,
            head: reader.head,
        }
    }

    /// The words of a line, elements that stand side by side in it parted by spaces.
    pub(super) fn words(&self, line: &PageLine) -> Cow<'_, str> {
        let (start, end) = (line.span.start(), line.span.end());
        let first = self.seams.partition_point(|seam| *seam <= start);
        let seams = self.seams.iter().skip(first).take_while(|seam| **seam < end);
        let mut words = String::new();
        let mut from = start;
        for &seam in seams {
            words.push_str(self.text.get(from..seam).unwrap_or_default().trim());
            words.push(' ');
            from = seam;
        }
        let rest = self.text.get(from..end).unwrap_or_default();
        if words.is_empty() {
            return Cow::Borrowed(rest);
        }
        words.push_str(rest.trim());
        Cow::Owned(words)
    }

    /// Whether a line and the next are one heading that is broken by hand.
    pub(super) fn is_one_heading(&self, line: usize) -> bool {
        let pair = self.lines.get(line).zip(self.lines.get(line + 1));
        pair.is_some_and(|(line, next)| {
            matches!(line.role, Some(Role::Heading(_)))
                && next.role == line.role
                && next.breaks == 1
        })
    }

    /// The words of a line.
    pub(super) fn line_text(&self, line: &PageLine) -> &str {
        self.text.get(line.span.range()).unwrap_or_default()
    }

    /// The lines that a part of the text touches, by their ordinals.
    pub(super) fn lines_of(&self, part: Span) -> Range<usize> {
        let first = self.lines.partition_point(|line| line.span.end() <= part.start());
        let end = self.lines.partition_point(|line| line.span.start() < part.end());
        first..end.max(first)
    }

    /// The containers round a line, the innermost first.
    pub(super) fn containers_of(&self, line: &PageLine) -> impl Iterator<Item = usize> {
        let parent = |container: &usize| self.containers.get(*container)?.parent;
        std::iter::successors(line.container, parent)
    }
}

/// Letters and digits of all scripts.
pub(super) fn letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphanumeric()).count()
}

fn lines(text: &str, marks: &[Mark], links: &[Span]) -> Vec<PageLine> {
    let mut lines = Vec::with_capacity(marks.len());
    let mut links = links.iter().peekable();
    let mut open: Option<Span> = None;
    for (ordinal, mark) in marks.iter().enumerate() {
        // Up to the line end before the next line.
        let end = marks.get(ordinal + 1).map_or(text.len(), |next| next.start.saturating_sub(1));
        let words = text.get(mark.start..end).unwrap_or_default();
        let (mut linked, mut count) = (0, 0);
        let mut add = |link: Span| {
            let part = link.start().max(mark.start)..link.end().min(end);
            linked += text.get(part).map_or(0, letters);
            count += 1;
        };
        open.into_iter().for_each(&mut add);
        while let Some(link) = links.next_if(|link| link.start() < end) {
            add(*link);
            open = Some(*link);
        }
        open = open.filter(|link| link.end() > end);
        let letters = letters(words);
        let is_prose = letters >= PROSE_LETTERS_MIN && words.contains(['。', '，', ',', '.', '；']);
        lines.push(PageLine {
            span: Span::new(mark.start, end.max(mark.start)),
            role: role(mark, words, linked == letters),
            container: mark.container,
            letters,
            linked,
            links: count,
            is_prose,
            is_centred: mark.is_centred,
            breaks: mark.breaks,
            indent: mark.indent,
        });
    }
    lines
}

/// A second title below a picture is no caption.
fn no_captions(lines: &mut [PageLine], named: &[Named]) {
    for named in named.iter().filter(|named| named.field == Field::Subtitle) {
        let first = lines.partition_point(|line| line.span.end() <= named.span.start());
        let rest = lines.get_mut(first..).unwrap_or_default();
        if let Some(line) = rest.first_mut().filter(|line| line.role == Some(Role::Caption)) {
            line.role = None;
        }
    }
}

/// What a line is, with all its words known.
fn role(mark: &Mark, words: &str, is_linked: bool) -> Option<Role> {
    match mark.role {
        // The heading of a page it leads to.
        Some(Role::Heading(_)) if is_linked => None,
        Some(Role::Body) => {
            let has_label = words.chars().take(LABEL_CHARS_MAX).any(|c| matches!(c, ':' | '：'));
            (!has_label && !is_linked).then_some(Role::Body)
        }
        None if mark.is_below_image => {
            let is_short = words.chars().take(CAPTION_CHARS_MAX + 1).count() <= CAPTION_CHARS_MAX;
            is_short.then_some(Role::Caption)
        }
        role => role,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(source: &str, expected: &str) -> Page {
        let page = Page::read(source, 100);
        assert_eq!(page.text, expected);
        assert_eq!((page.map.out_len(), page.map.source_len()), (page.text.len(), source.len()));
        page
    }

    #[test]
    fn blocks_become_lines_and_inline_elements_do_not() {
        check("<div>一<p>二<b>三</b><br>四</div>五", "一\n二三\n四\n五");
        check("<p> 　一 \n 二&nbsp;</p><p>&nbsp;</p>三", "一 二\n三");
        check("示例县\n<b>推进</b>\r\nworks\nwell", "示例县推进 works well");
        check("<pre>一\n二</pre>", "一\n二");
    }

    #[test]
    fn a_row_of_data_is_a_line_and_a_row_of_layout_is_not() {
        check(
            "<table><tr><td>县</td><td><p>网格</p></td></tr><tr><td>示例县<td>120</table>尾",
            "县 网格\n示例县 120\n尾",
        );
        let long = "长".repeat(400);
        check(
            &format!("<table><tr><td>左<td><p>{long}</p><p>段</p></tr></table>"),
            &format!("左\n{long}\n段"),
        );
        check("<table><tr><td>左<td><table><tr><td>甲<td>乙</table></table>", "左\n甲 乙");
    }

    #[test]
    fn rows_round_a_table_of_data_are_rows() {
        let roles = |source: &str, expected: &str| {
            let page = check(source, expected);
            page.lines.iter().map(|line| line.role.is_some()).collect::<Vec<_>>()
        };
        let nested = "<table><tr><td>新建<td>3<tr><td>修复<td>5</table>";
        let source = format!("<table><tr><td>县<td>夜校<tr><td>甲县<td>{nested}</table>");
        assert_eq!(roles(&source, "县 夜校\n甲县\n新建 3\n修复 5"), [true, true, true, true]);
        // A table that places a date, a source and a table on the page.
        let source = format!(
            "<table><tr><td>来源<td>日期<tr><td>甲县办夜校，群众到村口学习果树修剪和水渠养护，三个月办了四十二期，来了一千余人。<p>完</p><td>{nested}</table>"
        );
        let shown = "来源 日期\n甲县办夜校，群众到村口学习果树修剪和水渠养护，三个月办了四十二期，来了一千余人。\n完\n新建 3\n修复 5";
        assert!(!roles(&source, shown)[0]);
    }

    #[test]
    fn what_is_not_shown_is_left_out() {
        check(
            "一<script>if (a<b) '</p>'</script><style>x</style><!-- 注 --><template><p>无</p></template>二",
            "一二",
        );
        check("一<div style='display: none'><div>藏</div></div><div hidden>藏</div>二", "一二");
        check("<ruby>網<rp>(</rp><rt>wǎng<rp>)</rp></ruby>站<ruby>路<rt>lù</ruby>上", "網站路上");
        check("<script>没有结尾", "");
        check("一<p style='display:none'>原标题：<b>藏</b></p>二", "一二");
        check("一<p style='display:none'>露<p>二</p>三", "一\n露\n二\n三");
    }

    #[test]
    fn markup_that_is_none_is_text() {
        check("3 < 5 且 a<3，<>&copy=1", "3 < 5 且 a<3，<>&copy=1");
        check("<a title=\"a>b\" href=x>链</a><p class='x\">尾", "链");
    }

    #[test]
    fn characters_lead_to_their_references() {
        let page = check("<p>&ldquo;治&#x7406;&rdquo;</p>", "“治理”");
        assert_eq!(page.map.to_source(Span::new(0, 3)), Span::new(3, 10));
        assert_eq!(page.map.to_source(Span::new(6, 9)), Span::new(13, 21));
    }

    #[test]
    fn the_head_is_read() {
        let page = check(
            "<!-- saved from url=(0025)http://a.example/1.html --><title> 题&amp;\n目 </title>\
             <META NAME=PubDate content='2023-06-19'><meta property=\"og:title\" content=\"题\"/>\
             <link rel=canonical href=/c><script type='application/ld+json'>{}</script><time datetime=2023>",
            "",
        );
        assert_eq!(page.head.title.as_deref(), Some("题& 目"));
        assert_eq!(
            page.head.metas,
            [("pubdate".into(), "2023-06-19".into()), ("og:title".into(), "题".into())]
        );
        assert_eq!(page.head.canonical.as_deref(), Some("/c"));
        assert_eq!(page.head.saved_from.as_deref(), Some("http://a.example/1.html"));
        assert_eq!(
            (page.head.json_ld, page.head.times[0].value.as_str()),
            (vec!["{}".to_owned()], "2023")
        );
    }

    #[test]
    fn depth_is_counted_with_left_out_end_tags_in_mind() {
        assert!(Page::read(&"<div>".repeat(101), 100).is_too_deep);
        assert!(!Page::read("<p>文<li>", 100).is_too_deep);
        assert!(!Page::read(&"<li>文".repeat(1000), 100).is_too_deep);
        let fonts: String = (0..200).map(|n| format!("<p><font size={n}>文</p>")).collect();
        assert!(Page::read(&fonts, 100).is_too_deep, "a tree nests what is never closed");
        assert!(!Page::read(&"<div><br></div>".repeat(1000), 100).is_too_deep);
    }

    #[test]
    fn what_a_style_makes_a_block_is_a_line() {
        check("<span style='display: block'>一</span><span>二</span>三", "一\n二三");
        check("<span style='display: inline-block'>一</span><span>二</span>", "一二");
    }

    #[test]
    fn the_lines_of_a_text_without_markup_stay() {
        check("一\n二 < 三\n", "一\n二 < 三");
        check("一\n二<br>", "一二");
    }
}
