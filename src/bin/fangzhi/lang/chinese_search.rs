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
    ("Threads that ask at once", "同时提问的线程数"),
    (
        "Write the time of every query to this file, one JSON object a line",
        "把每个查询的用时写入此文件，每行一个 JSON 对象",
    ),
    (
        "Compare with a file that --run wrote before, query by query",
        "与先前 --run 写出的文件逐个查询比较",
    ),
    ("{file}: no query in common with this run", "{file}: 与本次没有共同的查询"),
    ("cold p50 ms", "冷 p50 ms"),
    ("cold p95 ms", "冷 p95 ms"),
    ("to {file}", "与 {file} 之比"),
    ("{ratio} ({low} to {high})", "{ratio}（{low} 至 {high}）"),
    (
        "{n} queries found another number of paragraphs than in {file}",
        "{n} 个查询查到的段数与 {file} 中不同",
    ),
    ("less that of {file}", "与 {file} 之差"),
    ("{difference} ({low} to {high}), {n} queries", "{difference}（{low} 至 {high}），{n} 个查询"),
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
