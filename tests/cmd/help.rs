//! Help, completions and manual pages in both languages.

use crate::run;

const COMMANDS: [&str; 17] = [
    "index",
    "search",
    "show",
    "inspect",
    "analyze",
    "stats",
    "check",
    "repair",
    "eval",
    "bench",
    "schema",
    "tags",
    "retag",
    "cache",
    "formats",
    "completions",
    "man",
];

#[track_caller]
fn printed(arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let ran = run(folder.path(), arguments);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{arguments:?}");
    ran.out
}

#[test]
fn the_help_of_the_command_in_english() {
    insta::assert_snapshot!(printed(&["--help"]), @r"
    Full-text search that finds what places did, in piles of Chinese reports

    Usage: fangzhi [OPTIONS] COMMAND

    Commands:
      index        Read, clean and index files and folders
      search       Find paragraphs, ranked, with counts by region and measure
      show         Show a paragraph whole, with its tags and their evidence
      inspect      Show how a file is read, cleaned, split and tagged, without indexing it
      analyze      Show how a text is folded and cut into tokens
      stats        Show what the index holds
      check        Check the index for damage
      repair       Read again from the files what is damaged in the index
      eval         Measure ranking on judged queries: Recall, MRR, nDCG and latency
      bench        Measure query latency by class on your own index
      schema       Export, check or show the vocabularies that decide tags
      tags         List doubtful tags, correct tags by hand, measure how right they are
      retag        Give all paragraphs the tags of changed vocabularies, without reading files again
      cache        List or clear the indexes kept in the cache folder
      formats      List the formats and encodings that are read
      completions  Print a completion script for a shell
      man          Print the manual page of the command or a subcommand

    Global options:
          --index <DIR>   Use the index in this folder
          --lang <LANG>   Language of messages and help [choices: en, zh]
          --color <WHEN>  When to use colour [choices: auto, always, never] [default: auto]
      -h, --help          Print help
      -V, --version       Print version

    Start here:
      fangzhi search 网格化管理 reports/   search a folder; its index is kept in the cache folder
      fangzhi index reports/               or make an index here, in ./.fangzhi, and then
      fangzhi search 康定 第一书记         search it from this folder or below
      fangzhi show 1                       read the first hit whole

    `fangzhi COMMAND --help` explains each command with examples.
    The index is --index, else $FANGZHI_INDEX, else the nearest .fangzhi upwards.
    Exit codes: search 0 found, 1 nothing found, 2 error; other commands 0 fine, 2 something failed.
    ");
}

#[test]
fn the_help_of_the_command_in_chinese() {
    insta::assert_snapshot!(printed(&["--lang", "zh", "--help"]), @r"
    方志：在大量中文材料中查找各地做了什么的全文搜索

    用法: fangzhi [选项] 命令

    命令:
      index        读取、清理文件和文件夹并建立索引
      search       查找段落，按相关度排序，并按地区、举措计数
      show         显示一段的全文、标签及其依据
      inspect      显示文件如何被读取、清理、切分和标注，不写入索引
      analyze      显示一段文字如何归一和切成词元
      stats        显示索引的内容
      check        检查索引是否损坏
      repair       从原文件重新读取索引中损坏的部分
      eval         用有标准答案的查询评测排序：Recall、MRR、nDCG 与延迟
      bench        在你自己的索引上按类别测量查询延迟
      schema       导出、检查或查询决定标签的词表
      tags         列出可疑的标签，人工更正标签，衡量标签的准确程度
      retag        按改动后的词表重新标注所有段落，不重新读取文件
      cache        列出或清除缓存目录中的索引
      formats      列出可读取的格式和编码
      completions  输出 shell 的补全脚本
      man          输出命令或子命令的手册页

    通用选项:
          --index <目录>  使用此目录中的索引
          --lang <语言>   消息和帮助的语言 [可选：en, zh]
          --color <何时>  何时使用颜色 [可选：auto, always, never] [默认：auto]
      -h, --help          显示帮助
      -V, --version       显示版本

    从这里开始：
      fangzhi search 网格化管理 reports/     直接搜索一个文件夹，索引存放在缓存目录
      fangzhi index reports/                 或在当前目录建立索引（./.fangzhi），然后
      fangzhi search 康定 第一书记           在本目录或其下级目录中搜索
      fangzhi show 1                         查看第一条结果的全文

    每条命令的说明与示例：`fangzhi 命令 --help`。
    索引的位置：--index，其次 $FANGZHI_INDEX，再次是向上最近的 .fangzhi。
    退出码：search 0 有结果，1 无结果，2 出错；其他命令 0 正常，2 有失败。
    ");
}

#[test]
fn the_help_of_search_in_english() {
    insta::assert_snapshot!(printed(&["search", "-h"]), @r#"
    Find paragraphs, ranked, with counts by region and measure

    Usage: fangzhi search [OPTIONS] QUERY... [PATH]...

    Arguments:
      [QUERY]...  Words to find, then files or folders to search in

    Filters:
      -r, --region <REGION>    Only this region and what lies below it; untagged: without any
                               (repeatable)
      -m, --measure <MEASURE>  Only this measure or group of measures; untagged: without any
                               (repeatable)
          --kind <KIND>        Only this kind of paragraph (repeatable) [choices: heading, body, byline,
                               caption, table]
          --since <DATE>       Dated on or after: 2020, 2020-05 or 2020-05-01
          --until <DATE>       Dated on or before: 2020, 2020-05 or 2020-05-01
          --figure <UNIT>      With a figure of this unit or noun: 人次, 万元, 党员
          --min <NUMBER>       The figure is at least this: 500, 1万, 5000万元
          --max <NUMBER>       The figure is at most this
          --no-inferred        Leave inferred tags out of filters and counts

    Matching:
          --not <TEXT>     Leave out paragraphs with this text (repeatable)
          --or <QUERY>     Or find this query (repeatable)
      -F, --literal        Take the query as one literal text
          --match <MODE>   Items that must be found; auto: all, but a question by any of its words
                           [choices: auto, all, any] [default: auto]
          --within <UNIT>  Where the items must stand together [choices: paragraph, article] [default:
                           paragraph]
          --no-synonyms    Do not look for synonyms

    Results:
      -n, --limit <N>     Most hits shown; default 10, and all with --jsonl and --csv
          --sort <ORDER>  Order of the hits; figure: largest of --figure first [choices: score, date,
                          figure] [default: score]
          --group <UNIT>  Show at most two hits of an article, a report, or all [choices: none, article,
                          report] [default: article]
          --collapse      Show one paragraph of those with nearly the same text, and where the others
                          stand
      -C, --context <N>   Paragraphs of the article to show before and after each hit [default: 0]
          --explain       Show scores, how they came about, and why each tag is there

    Counts:
          --facet <NAME[:PATH]>     Count by region, measure, year, source or kind, below a path if
                                    given (repeatable)
          --cross <ROWS> <COLUMNS>  Count regions or measures by another facet, as a table: --cross
                                    region measure
          --no-facets               Show no counts
          --facet-limit <N>         Most rows of a facet, and columns of a table [default: 10]
          --count-by <UNIT>         What is counted; cluster: nearly the same text once [choices:
                                    paragraph, article, report, cluster] [default: paragraph]

    Output:
      -l, --files         Print only the paths of files with hits
      -c, --count         Print only how many match
          --json          Print one JSON object
          --jsonl         Print every hit as a JSON line
          --csv           Print every hit as a CSV row, or the table of --cross, for spreadsheets
          --batch <FILE>  Answer the queries in a file (- for standard input), one a line

    Options:
          --no-update      Search the last state of the index in the cache folder, do not update it
          --ocr <COMMAND>  Read PDF pages that are pictures with this command: it is given the path,
                           prints every page in order with a form feed after each (empty where
                           FANGZHI_PAGES, a list separated by blanks, does not want it), and may take
                           ten times --max-seconds

    Limits:
          --max-file-bytes <SIZE>      Refuse files and archive members larger than this [default: 64M]
          --max-pages <N>              Most pages of a PDF [default: 3000]
          --max-unpacked-bytes <SIZE>  Most that a packed file or an archive may unpack to [default: 1G]
          --max-ratio <N>              Most times its size that a part may unpack to [default: 200]
          --max-members <N>            Most members of an archive [default: 50000]
          --max-nesting <N>            Archives in archives that are opened: 0 for none, 16 at most
                                       [default: 1]
          --max-seconds <N>            Most seconds for a file or member that is not plain text
                                       [default: 60]
          --max-extract-memory <SIZE>  Most memory to read what is not plain text [default: 2G]

    Global options:
          --index <DIR>   Use the index in this folder
          --lang <LANG>   Language of messages and help [choices: en, zh]
          --color <WHEN>  When to use colour [choices: auto, always, never] [default: auto]
      -h, --help          Print help

    The query:
      康定 第一书记            all of them: as written, by a synonym, or as a region or measure tag
      "素质培养"  “素质培养”   exactly this text, in either script; "" inside quotes is a quote
      甲 | 乙   (甲 乙) | 丙     either; parentheses group; both need space around them;
                               甲 乙 | 丙 is 甲 and one of the other two
      党建 -宣传                leaves out paragraphs with 宣传; also: --not 宣传
      党建 ~10 引领             both within ten characters
      网格*  第?书记            * any and ? one character of a word or run
      地区:云南省  举措:网格化管理  标题:通知  来源:日报  日期:2023
                               fields; also region: measure: mention: title: source: date:
    Chinese punctuation works like ASCII: “ ” （ ） ｜ ： －. No query is a syntax error: what
    cannot be understood is searched as text, with a note. A question is ranked by any of its
    words. When nothing has all items, the reasons follow on standard error and the nearest hits
    under "Inexact results". Shells need quotes around " | ( ) *: fangzhi search '(甲 乙) | 丙'

    Last words that exist as files or folders are where to search. With an index that covers
    them it is used; otherwise an index is kept in the cache folder and brought up to date
    first. 'a.zip!/sub' is what lies below sub in an archive.

    Examples:
      fangzhi search 网格化管理 --region 云南省 --since 2020
      fangzhi search 第一书记 -m 队伍建设 --facet region:四川省 --facet year
      fangzhi search 网格化管理 --cross region:云南省 measure -n 0
      fangzhi search -F '9.73万人次' -C 1
      fangzhi search 培训 --figure 人次 --min 1万 --sort figure
      fangzhi search 网格化管理 --collapse
      fangzhi search 网格员 --csv > hits.csv
      fangzhi search 治理 -l | wc -l
      fangzhi search --batch queries.txt --json

    --figure finds all units of a kind and converts them: 元 万元 亿元, 亩 公顷, 公里 米, 人 名 位
    (人次 is another kind). A noun finds longer ones that end with it: 党员, 农牧民党员. A range such
    as 5-15户 is found by any number in it; 余, 近, 超 do not change the number.

    --cross counts each row as a search of its own that selects it. A paragraph with several regions
    or measures counts in each of them, so rows do not add up to the last line, which is of all.

    --csv: cells that begin with = + - @ get ' in front, as spreadsheets would run them as formulas;
    --jsonl gives the text untouched.
    --batch prints for each query: query, paragraphs, articles, id and path:line of the best
    hit, tab-separated; ~ before the id marks an inexact hit. Empty lines are passed over.

    Exit codes: 0 found, 1 nothing found, 2 error.
    "#);
}

#[test]
fn the_help_of_search_in_chinese() {
    insta::assert_snapshot!(printed(&["search", "-h", "--lang=zh"]), @r#"
    查找段落，按相关度排序，并按地区、举措计数

    用法: fangzhi search [选项] 查询词... [路径]...

    参数:
      [查询词]...  要找的词，其后是要搜索的文件或文件夹

    筛选:
      -r, --region <地区>   只看此地区及其下级；untagged 或 未标注：没有地区的（可重复）
      -m, --measure <举措>  只看此举措或此类举措；untagged 或 未标注：没有举措的（可重复）
          --kind <类型>     只看此类型的段落（可重复） [可选：heading, body, byline, caption, table]
          --since <日期>    不早于：2020、2020-05 或 2020-05-01
          --until <日期>    不晚于：2020、2020-05 或 2020-05-01
          --figure <单位>   含此单位或所数之物的数字：人次、万元、党员
          --min <数值>      数字不小于此值：500、1万、5000万元
          --max <数值>      数字不大于此值
          --no-inferred     筛选和计数时不用推断的标签

    匹配:
          --not <文字>     排除含此文字的段落（可重复）
          --or <查询词>    或者符合此查询（可重复）
      -F, --literal        把整个查询当作字面文字
          --match <方式>   必须找到哪些项；auto：全部，问句则任一词 [可选：auto, all, any] [默认：auto]
          --within <单位>  各项须同在何处 [可选：paragraph, article] [默认：paragraph]
          --no-synonyms    不查同义词

    结果:
      -n, --limit <数>    最多显示的结果数；默认 10，--jsonl 与 --csv 为全部
          --sort <顺序>   结果的顺序；figure：--figure 的数字由大到小 [可选：score, date, figure]
                          [默认：score]
          --group <单位>  每篇、每份最多显示两条，或全部显示 [可选：none, article, report]
                          [默认：article]
          --collapse      文字相同或几乎相同的段落只显示一段，并列出其余各段所在
      -C, --context <数>  每条结果前后各显示几段 [默认：0]
          --explain       显示得分、得分由来和每个标签的依据

    计数:
          --facet <名称[:路径]>  按 region 地区、measure 举措、year 年份、source 来源、kind
                                 类型计数，可指定上级路径（可重复）
          --cross <行> <列>      地区或举措与另一种计数交叉列表：--cross region measure
          --no-facets            不显示计数
          --facet-limit <数>     每组计数最多显示的行数，也是表格最多的列数 [默认：10]
          --count-by <单位>      以什么为单位计数；cluster：几乎相同的文字只计一次 [可选：paragraph,
                                 article, report, cluster] [默认：paragraph]

    输出:
      -l, --files         只输出有结果的文件路径
      -c, --count         只输出数目
          --json          输出一个 JSON 对象
          --jsonl         每条结果输出一行 JSON
          --csv           每条结果输出一行 CSV，有 --cross 时输出其表格，供表格软件使用
          --batch <文件>  回答文件中的查询（- 为标准输入），每行一个

    选项:
          --no-update   直接搜索缓存目录中现有的索引，不先更新
          --ocr <命令>  识别图片页的命令：末尾给出 PDF
                        路径，由它依次输出各页文字，每页以换页符结束（环境变量 FANGZHI_PAGES
                        以空格分隔列出所需的页，其余页留空），用时至多 --max-seconds 的十倍

    限制:
          --max-file-bytes <大小>      拒绝大于此值的文件和压缩包成员 [默认：64M]
          --max-pages <数>             PDF 最多的页数 [默认：3000]
          --max-unpacked-bytes <大小>  压缩文件或压缩包解开后的最大总量 [默认：1G]
          --max-ratio <数>             一个部分解开后最多为原大小的几倍 [默认：200]
          --max-members <数>           压缩包最多的成员数 [默认：50000]
          --max-nesting <数>           打开几层压缩包中的压缩包，0 为不打开，最多 16 [默认：1]
          --max-seconds <数>           读取一个非纯文本文件或压缩包成员最多的秒数 [默认：60]
          --max-extract-memory <大小>  读取非纯文本文件最多占用的内存 [默认：2G]

    通用选项:
          --index <目录>  使用此目录中的索引
          --lang <语言>   消息和帮助的语言 [可选：en, zh]
          --color <何时>  何时使用颜色 [可选：auto, always, never] [默认：auto]
      -h, --help          显示帮助

    查询语法：
      康定 第一书记            各项都要有：原文、同义词，或地区、举措标签
      "素质培养"  “素质培养”   完全照字面，繁简皆可；引号内用 "" 表示引号
      甲 | 乙   (甲 乙) | 丙     任一；括号分组；两侧要有空格；甲 乙 | 丙 是要有甲，并有乙或丙
      党建 -宣传                排除含“宣传”的段落；也可写 --not 宣传
      党建 ~10 引领             两项相距不超过十个字
      网格*  第?书记            * 代表任意个字，? 代表一个字
      地区:云南省  举措:网格化管理  标题:通知  来源:日报  日期:2023
                               字段；也可写 提及: region: measure: mention: title: source: date:
    中文标点与英文标点同样有效：“ ” （ ） ｜ ： －。任何查询都不会报语法错误：看不懂的部分按原文
    搜索并加以说明。问句按其中任一词排序。没有段落满足全部条件时，原因写到标准错误，最接近的段落
    列在“近似结果”之下。在 shell 中，" | ( ) * 需要加引号：fangzhi search '(甲 乙) | 丙'

    末尾的词如果是已有的文件或文件夹，就在其中搜索：已有索引涵盖时直接使用，否则在缓存目录中另建
    索引并先行更新。压缩包内的文件夹写作 'a.zip!/sub'。

    示例：
      fangzhi search 网格化管理 --region 云南省 --since 2020
      fangzhi search 第一书记 -m 队伍建设 --facet region:四川省 --facet year
      fangzhi search 网格化管理 --cross region:云南省 measure -n 0
      fangzhi search -F '9.73万人次' -C 1
      fangzhi search 培训 --figure 人次 --min 1万 --sort figure
      fangzhi search 网格化管理 --collapse
      fangzhi search 网格员 --csv > hits.csv
      fangzhi search 治理 -l | wc -l
      fangzhi search --batch queries.txt --json

    --figure 查同类的各种单位并换算：元 万元 亿元，亩 公顷，公里 米，人 名 位（人次另算一类）。所数之物
    也找以它结尾的：党员，农牧民党员。5-15户 这样的范围，其间任何数都能找到；余、近、超不改变数值。

    --cross 每一行相当于另选该行单独搜索一次。一段有几个地区或举措，就在各处各计一次，因此各行之和不
    等于末行的全部。

    --csv：以 = + - @ 开头的单元格前加 '，以免表格软件当作公式执行；--jsonl 给出原文。
    --batch 每个查询输出一行，以制表符分隔：查询、段数、篇数、最佳结果的编号与“路径:行号”；
    编号前的 ~ 表示近似结果。空行跳过。

    退出码：0 有结果，1 无结果，2 出错。
    "#);
}

#[test]
fn every_command_has_help_in_both_languages() {
    for command in COMMANDS {
        let english = printed(&[command, "--help"]);
        assert!(english.contains(&format!("Usage: fangzhi {command}")), "{english}");
        let chinese = printed(&["--lang", "zh", command, "--help"]);
        assert!(chinese.contains(&format!("用法: fangzhi {command}")), "{chinese}");
        assert_eq!(printed(&["help", command]), english);
    }
}

#[test]
fn completions_know_every_command() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = printed(&["completions", shell]);
        assert!(COMMANDS.iter().all(|command| script.contains(command)), "{shell}");
    }
}

#[test]
fn manual_pages_are_made_for_every_command() {
    assert!(printed(&["man"]).contains(".TH fangzhi 1"));
    for command in COMMANDS {
        let page = printed(&["man", command]);
        assert!(
            page.contains(&format!(".TH fangzhi-{command} 1")),
            "{command}: {}",
            page.lines().nth(2).unwrap()
        );
    }
}

#[test]
fn the_examples_of_search_can_be_run() {
    let folder = crate::reports();
    std::fs::write(folder.path().join("queries.txt"), "网格\n").unwrap();
    run(folder.path(), &["index", "reports"]);
    let help = printed(&["search", "--help"]);
    let examples = help.split_once("Examples:\n").unwrap().1.lines();
    let examples: Vec<&str> = examples.map_while(|line| line.strip_prefix("  fangzhi ")).collect();
    assert!(examples.len() > 5, "{help}");
    for example in examples {
        let words = shlex::split(example).unwrap();
        let words: Vec<&str> = words
            .iter()
            .map(String::as_str)
            .take_while(|word| !["|", ">"].contains(word))
            .collect();
        let ran = run(folder.path(), &words);
        assert!(ran.code < 2, "{example}: {}", ran.err);
    }
}

#[test]
fn the_version_is_that_of_the_package() {
    assert_eq!(printed(&["--version"]), format!("fangzhi {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn formats_name_extensions_and_encodings() {
    let text = printed(&["formats", "--lang", "zh"]);
    let parts = [
        ".txt",
        ".jsonl",
        ".docx",
        "GB18030",
        "编码",
        "--max-pages",
        "3000",
        ".rtf",
        "请另存为 DOCX",
    ];
    assert!(parts.iter().all(|part| text.contains(part)), "{text}");
}

#[test]
fn formats_in_json_are_one_object() {
    let value: serde_json::Value = serde_json::from_str(&printed(&["formats", "--json"])).unwrap();
    let formats = value["formats"].as_array().unwrap();
    assert!(formats.iter().any(|format| format["format"] == "pdf"), "{value}");
    assert_eq!(value["schema"], 1);
}
