//! What the elements of HTML do to the text of a page.

/// Elements whose content is not markup and not text of the page.
pub(super) const RAW: &[&str] =
    &["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "noscript"];

/// Elements whose content is not text of the page.
pub(super) const SKIPPED: &[&str] = &[
    "template", "select", "svg", "math", "object", "datalist", "audio", "video", "canvas",
    "button", "xml", "map",
];

/// Elements that may be hidden by an attribute together with their content; their end tags are never left out.
pub(super) const HIDEABLE: &[&str] = &[
    "div", "span", "section", "ul", "ol", "dl", "table", "aside", "article", "form", "a", "b",
    "em", "i", "font", "strong", "label", "figure", "nav", "header", "footer", "main", "h1", "h2",
    "h3", "h4", "h5", "h6",
];

/// Elements in whose case `aria-hidden` means an ornament; a whole page has it while a dialog is open.
pub(super) const ORNAMENTS: &[&str] = &["span", "i", "em", "b", "a"];

/// Toolbars and heads that archives and search engines put above the pages they keep, by the element's `id`.
pub(super) const SNAPSHOT_IDS: &[&str] = &[
    "wm-ipp-base",
    "wm-ipp",
    "wm-ipp-print",
    "bd_snap",
    "bd_snap_head",
    "bd_snap_note",
    "google-cache-hdr",
    "bN015htcoyT__google-cache-hdr",
    "donato",
];

/// Containers: blocks whose class tells one part of a page from another.
pub(super) const CONTAINERS: &[&str] = &[
    "div",
    "td",
    "li",
    "article",
    "section",
    "dd",
    "main",
    "table",
    "blockquote",
    "tr",
    "ul",
    "dl",
    "aside",
    "footer",
    "nav",
];

/// How classes and ids begin of blocks beside an article that are not of it: sides, lists of other pages, comments.
pub(super) const ASIDE_STARTS: &[&str] =
    &["side", "aside", "foot", "hot", "rank", "share", "login", "tuijian", "xiangguan", "tips"];

/// What such names hold anywhere.
pub(super) const ASIDE_WORDS: &[&str] = &[
    "sidebar",
    "footer",
    "copyright",
    "relat",
    "recommend",
    "comment",
    "pinglun",
    "right",
    "toolbar",
    "breadcrumb",
    "advert",
    "qrcode",
    "disclaimer",
    "popup",
    "modal",
];

/// Blocks that end the search for a heading or caption round a line.
pub(super) const PARAGRAPHS: &[&str] = &[
    "p",
    "td",
    "th",
    "tr",
    "table",
    "ul",
    "ol",
    "dl",
    "dd",
    "dt",
    "section",
    "article",
    "body",
    "main",
    "aside",
    "blockquote",
    "pre",
    "form",
];

/// Classes and ids of the block that holds the article: of the social network most offices publish on, of government
/// pages, of the editors and publishing systems their sites are made with.
pub(super) const ARTICLE_NAMES: &[&str] = &[
    "js_content",
    "ucap-content",
    "trs_editor",
    "trs_ueditor",
    "articlecontent",
    "article-content",
    "article_content",
    "v_news_content",
    "vsb_content",
    "ozoom",
    "zoom",
    "zoomcon",
];

/// Classes of what forums show beside a post, of whom and when it is.
pub(super) const POSTER_NAMES: &[&str] = &[
    "pls",
    "authi",
    "p_author",
    "d_author",
    "post-tail-wrap",
    "postauthor",
    "postactions",
    "lzl_cnt_tail",
    "user_info",
];

/// Elements that start and end a line.
pub(super) const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "br",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "frameset",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hgroup",
    "hr",
    "html",
    "legend",
    "li",
    "main",
    "menu",
    "nav",
    "noframes",
    "ol",
    "optgroup",
    "option",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "tfoot",
    "thead",
    "tr",
    "ul",
];

/// Elements without an end.
pub(super) const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];

/// Elements whose end tag is usually left out: a new one ends the one before.
pub(super) const SELF_ENDING: &[&str] =
    &["p", "li", "dt", "dd", "tr", "td", "th", "option", "rt", "rp"];

/// Elements that a tree opens again in every block until they are ended (HTML Living Standard, formatting elements).
pub(super) const FORMATTING: &[&str] =
    &["b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];
