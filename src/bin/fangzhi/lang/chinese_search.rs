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
    (
        "{file}: relevant ids that no passage has: {n}, the first {id}; they count as not found",
        "{file}：{n} 个相关编号没有对应的段落，第一个是 {id}；按未找到计",
    ),
    (
        "{name} was taken as {path}, not as {above}, which was called {former} until {year}",
        "{name} 按 {path} 处理，而非 {above}（{year} 年以前称{former}）",
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
    (
        "{file} was measured with another number of threads; times of several at once are longer",
        "{file} 测量时的线程数与本次不同：多个线程同时提问，用时会更长",
    ),
    (
        "compared are the {n} of {all} queries that {file} has too",
        "只比较 {file} 中也有的查询：{all} 个中的 {n} 个",
    ),
    ("no interval is given of fewer than {n} queries", "查询不足 {n} 个的不给区间"),
    ("less that of {file}", "与 {file} 之差"),
    ("{difference} ({low} to {high}), {n} queries", "{difference}（{low} 至 {high}），{n} 个查询"),
    ("Date", "日期"),
    ("Title", "篇名"),
    ("Path", "路径"),
    (
        "{query} holds nothing that can be searched: characters, letters, digits or symbols",
        "“{query}”中没有可搜索的内容：汉字、字母、数字或符号",
    ),
    ("-F finds signs of the query language as they are", "加 -F 可按原样查找检索语法的符号"),
    (", none of them under the filters", "，经筛选后一段不剩"),
    (", none of them without what is excluded", "，去掉排除的内容后一段不剩"),
    (", without what is excluded in {n}", "，去掉排除的内容后有 {n}"),
    ("--since is after --until: no day is between them", "--since 晚于 --until，其间没有一天"),
    (", under the filters in {n}", "，经筛选后有 {n}"),
    ("; it is also called {names}", "；又名{names}"),
    (
        "`{text}` was searched as plain text: no such value; either is asked for with spaces: {either}",
        "“{text}”按普通文字搜索：没有这个取值；要其中任意一个，请写：{either}",
    ),
    (
        "`{text}` was searched as plain text: a value stands directly behind the colon",
        "“{text}”按普通文字搜索：取值要紧跟在冒号后面",
    ),
    (
        "{name} is a part of {path}, and the whole was taken; \"{name}\" in quotes finds where it is named",
        "{name} 只是 {path} 的一部分，已按整个 {path} 处理；用引号（“{name}”）可查到写明它的段落",
    ),
    ("; all items are wanted without a word between them", "；各项之间不必写连接词，都要有"),
    ("; either is asked for with one |: 甲 | 乙", "；要其中任意一个，用一条竖线：甲 | 乙"),
    ("; what is left out has a - before it: 甲 -乙", "；要排除的词前面加减号：甲 -乙"),
    (
        "; a distance of at most four digits stands between spaces: 甲 ~5 乙",
        "；距离最多四位数，两边要有空格：甲 ~5 乙",
    ),
    (
        "{target}: no paragraph stands there; the nearest: {places}",
        "{target}: 此处没有段落；最近的是 {places}",
    ),
    ("{path}: the index holds no paragraph of it", "{path}: 索引中没有它的段落"),
    ("several are asked for one by one: {options}", "要其中几个，请逐个给出：{options}"),
    (
        "searched below {name}, a folder here; written first it is a word to find: {name} {query}",
        "已在此处的文件夹 {name} 中搜索；写在前面则是要找的词：{name} {query}",
    ),
    (
        "; ？ is punctuation here, any one character is asked for with ?: {any}",
        "；这里的 ？ 是标点，任意一个字请用半角问号：{any}",
    ),
    (
        "; quotes that touch other text are part of it, two items are asked for with spaces: {items}",
        "；紧贴其他文字的引号算作原文，要查两项请用空格分开：{items}",
    ),
    (
        "; fields are 地区, 举措, 提及, 标题, 来源 and 日期, as in 地区:云南",
        "；可用的字段有 地区、举措、提及、标题、来源、日期，如 地区:云南",
    ),
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
    ("… {n} more columns, see --facet-limit", "… 另有 {n} 列，见 --facet-limit"),
    ("… {n} more columns, see --csv", "… 另有 {n} 列，见 --csv"),
    ("all", "全部"),
    (
        "--cross: rows are regions or measures, and columns something else",
        "--cross：行只能是地区或举措，列须是另一种计数",
    ),
    (
        "for example: --cross region measure, --cross measure year",
        "例如：--cross region measure，--cross measure year",
    ),
    (
        "{signs}: searched as separators are, so hits may have other signs there",
        "{signs}：按分隔符对待，结果中该处可能是别的符号",
    ),
];
