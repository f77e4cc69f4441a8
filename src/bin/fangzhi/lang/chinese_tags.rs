//! Chinese for what is said of doubtful tags, corrections by hand and tags given anew; the rest stands in `chinese.rs`.

/// English text and its Chinese.
pub(super) const TABLE: &[(&str, &str)] = &[
    // Help of `tags`.
    (
        "List doubtful tags, correct tags by hand, measure how right they are",
        "列出可疑的标签，人工更正标签，衡量标签的准确程度",
    ),
    ("SORT", "种类"),
    (
        "List measures close to their threshold, or names of regions that nothing decides, the most doubtful first",
        "列出得分接近门槛的举措，或无从判断所指的地名，最可疑的在前",
    ),
    ("Only paragraphs that this query finds", "只看此查询找到的段落"),
    (
        "Only paragraphs of this region and what lies below it (repeatable)",
        "只看此地区及其下级的段落（可重复）",
    ),
    (
        "Only doubts about this measure or group of measures (repeatable)",
        "只看对此举措或此类举措的疑问（可重复）",
    ),
    ("Most that are shown", "最多显示的条数"),
    (
        "Set the tags of paragraphs by hand; they are so at once, and stay",
        "人工设定段落的标签，立即生效并一直保留",
    ),
    ("Take corrections back", "撤销更正"),
    ("List the corrections, and those that found no paragraph", "列出更正，以及没有找到段落的更正"),
    ("They describe this measure (repeatable)", "这些段落有此举措（可重复）"),
    (
        "They do not describe this measure or group of measures (repeatable)",
        "这些段落没有此举措或此类举措（可重复）",
    ),
    ("They report on this region (repeatable)", "这些段落说的是此地区（可重复）"),
    (
        "They do not report on this region, nor on one below it (repeatable)",
        "这些段落说的不是此地区及其下级（可重复）",
    ),
    (
        "They have no tags, of one sort or at all, but those given here",
        "除这里给出的以外，没有某一种标签，或没有任何标签",
    ),
    ("Why, for those who read the file of corrections", "理由，供看更正文件的人参考"),
    (
        "Start of the id of a paragraph or correction, PATH:LINE, or rank in the last search",
        "段落或更正编号的开头、路径:行号，或上次搜索中的名次",
    ),
    ("Only those that found no paragraph", "只列没有找到段落的更正"),
    ("Print each correction as a JSON line", "每条更正输出一行 JSON"),
    // Help of `retag`.
    (
        "Give all paragraphs the tags of changed vocabularies, without reading files again",
        "按改动后的词表重新标注所有段落，不重新读取文件",
    ),
    (
        "Also where the vocabularies did not change; for a program with other rules",
        "词表没有改动的也重新标注；用于规则不同的程序",
    ),
    ("Count what would change, change nothing", "只计算会有哪些变化，不作改动"),
    ("Threads that tag; 0 takes one a core", "标注所用的线程数；0 为每核一个"),
    // Doubtful tags.
    ("given", "已标"),
    ("not given", "未标"),
    ("nothing is doubtful here", "没有可疑的标签"),
    ("{n} of {all} doubtful tags", "可疑的标签 {all} 处，显示 {n} 处"),
    ("stopped; not all files were looked at", "已停止；有的文件没有看到"),
    // Corrections.
    ("nothing to set", "没有要设定的内容"),
    (
        "say what the paragraph has or has not: --measure, --not-measure, --region, --not-region, --none",
        "请说明段落有什么或没有什么：--measure、--not-measure、--region、--not-region、--none",
    ),
    ("{target}: several paragraphs stand there:", "{target}: 此处有几段："),
    ("name the one that is meant by its id", "请用编号指明是哪一段"),
    ("{index}: an index in the cache folder", "{index}: 这是缓存目录中的索引"),
    (
        "make one of your own with `fangzhi index FOLDER`, and correct that",
        "请用 `fangzhi index 文件夹` 自建索引，在其中更正",
    ),
    (
        "{file}: not as it was when it was indexed, so other paragraphs may stand at its lines now",
        "{file}: 文件在建立索引之后有变动，行号所指可能已是别的段落",
    ),
    (
        "run `fangzhi index` first, or name the paragraph by its id",
        "请先运行 `fangzhi index`，或用编号指明段落",
    ),
    (
        "entries of this index's schema folder that cannot be used: {n}; the first: {fault}; `fangzhi schema check` lists all",
        "此索引的 schema 文件夹中无法采用的条目：{n} 处；第一处：{fault}；用 `fangzhi schema check` 全部列出",
    ),
    (
        "`fangzhi tags unset ID` takes a correction back, by the id in its line",
        "用 `fangzhi tags unset 编号` 撤销更正，编号见该行",
    ),
    ("the paragraphs are of different indexes", "这些段落属于不同的索引"),
    ("--measure: {group} is a group of measures", "--measure: {group} 是一类举措"),
    ("{path} is both given and taken away", "{path} 既给予又去除"),
    ("{id}: no correction is for this paragraph", "{id}: 此段没有更正"),
    ("`fangzhi tags overrides` lists them", "更正见 `fangzhi tags overrides`"),
    ("corrections taken back: {n}", "已撤销更正 {n} 处"),
    (
        "corrections that found no paragraph: {n}; `fangzhi retag` looks in all files for those whose file is gone; set the others anew, or take them back with `fangzhi tags unset ID`",
        "没有找到段落的更正：{n} 处；文件已不在的，`fangzhi retag` 会到所有文件中寻找；其余请重新设定，或用 `fangzhi tags unset 编号` 撤销",
    ),
    (
        "corrections that are not in the index yet: {n}; `fangzhi retag` applies them",
        "尚未写入索引的更正：{n} 处；用 `fangzhi retag` 写入",
    ),
    ("no tags were set by hand", "没有人工设定的标签"),
    ("not in the index yet", "尚未写入索引"),
    ("NO PARAGRAPH", "没有找到段落"),
    ("by id", "按编号"),
    ("by report and text", "按材料与文字"),
    ("by the texts around it", "按前后段文字"),
    ("moved to another file", "移到了别的文件"),
    ("no other region", "没有其他地区"),
    ("no other measure", "没有其他举措"),
    ("set by hand", "人工设定"),
    ("taken away by hand", "人工去除"),
    ("corrected", "更正"),
    ("{paragraphs} by corrections: {n}", "{paragraphs}，{n} 处"),
    (
        "{file} changed after this index was made; `fangzhi retag` brings the tags up to date",
        "{file} 在建立索引之后有变动；`fangzhi retag` 可更新标签",
    ),
    (
        "{part}: the index was made with others than the present; `fangzhi retag` renews it",
        "{part}：索引所用的与现有的不同；`fangzhi retag` 可更新",
    ),
    // Tags given anew.
    ("all tags are of these vocabularies", "所有标签都已按现在的词表标注"),
    (
        "{changed} of {paragraphs} changed; {files} of {all} tagged",
        "{paragraphs}中 {changed} 段有变化；重新标注 {files} 个文件，共 {all}",
    ),
    (
        "{changed} of {paragraphs} would change; {files} of {all} tagged",
        "{paragraphs}中 {changed} 段会有变化；试着标注 {files} 个文件，共 {all}",
    ),
    ("files", "个文件"),
    ("gained", "增加"),
    ("lost", "减少"),
    ("… and {n} more; --json has all", "… 另有 {n} 行，--json 列出全部"),
    (
        "corrections that found no paragraph: {n}; `fangzhi tags overrides --unattached` lists them",
        "没有找到段落的更正：{n} 处；用 `fangzhi tags overrides --unattached` 列出",
    ),
    ("stopped; the index is as it was", "已停止；索引没有改动"),
];
