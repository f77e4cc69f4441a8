//! What is said of why nothing was found and how a score came about, in Chinese.

/// English and Chinese, as in `chinese.rs`.
pub(super) const TABLE: &[(&str, &str)] = &[
    ("{what}: in the text of none, as a tag of {n}", "{what}：正文里没有，作为标签有 {n}"),
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
    // Reprints.
    (
        "this index was not compared for reprints to its end; `fangzhi index` finishes it, until then only equal texts are put together",
        "此索引尚未比对完重印；运行 `fangzhi index` 可完成，此前只合并文字完全相同的段落",
    ),
    ("different texts", "种"),
    ("{n} different text", "{n} 种不同文字"),
    ("{n} different texts", "{n} 种不同文字"),
    ("1 reprint", "另有 1 处重印"),
    ("{n} reprints", "另有 {n} 处重印"),
    ("an excerpt of", "摘自"),
    ("excerpts of it", "其摘录"),
    ("looking for reprints", "正在比对重印"),
];
