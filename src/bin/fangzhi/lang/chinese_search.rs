//! What is said of why nothing was found and how a score came about, in Chinese.

/// English and Chinese, as in `chinese.rs`.
pub(super) const TABLE: &[(&str, &str)] = &[
    ("{what}: in the text of none, as a tag of {n}", "{what}：正文里没有，作为标签有 {n}"),
    (
        "`{text}` was searched as plain text: a distance stands between two items, as in `A ~5 B`",
        "“{text}”按普通文字搜索：距离要写在两个词之间，如 A ~5 B",
    ),
    (
        "{what}: alone in the text of {n}, as a tag of {tagged} more",
        "{what}：单独在 {n}的正文中，另有 {tagged} 段由标签命中",
    ),
    ("; both, at any distance, in {n}", "；不论远近同时含有二者的有 {n}"),
    ("-{what}: keeps {n} out", "-{what}：排除了 {n}"),
    ("Date", "日期"),
    ("Title", "篇名"),
    ("Path", "路径"),
    (
        "{query} holds nothing that can be searched: characters, letters, digits or symbols",
        "“{query}”中没有可搜索的内容：汉字、字母、数字或符号",
    ),
    (", none of them under the filters", "，经筛选后一段不剩"),
    (", under the filters in {n}", "，经筛选后有 {n}"),
    ("; it is also called {names}", "；又名{names}"),
    ("; similar: {near}", "；相近的有：{near}"),
    ("; without it the query finds {n}", "；去掉它可查到 {n}"),
    ("{text} ({n})", "{text}（{n}）"),
    ("score", "得分"),
    ("a heading, byline or caption", "标题、署名或图注"),
    ("word {item}", "词 {item}"),
    ("characters {item}", "字 {item}"),
    ("single character {item}", "单字 {item}"),
    ("characters {item} in the title", "篇名中的字 {item}"),
    ("characters {item} in the heading above", "上方小标题中的字 {item}"),
    ("{item} as a whole", "{item} 整体"),
    ("{item} one after the other", "{item} 相连"),
    ("{item} as the query has it", "{item} 与查询一致"),
];
