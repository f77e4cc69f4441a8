//! Usage lines and the long part of each help text, with examples that run; both languages side by side.

use crate::lang::Lang;

/// What stands around the list of options in the help of one command.
#[derive(Debug)]
pub(crate) struct Page {
    /// The command as typed after `fangzhi`, empty for `fangzhi` itself.
    pub(crate) command: &'static str,
    usage: [&'static str; 2],
    after: [&'static str; 2],
}

impl Page {
    /// How it is called.
    pub(crate) fn usage(&self, lang: Lang) -> &'static str {
        choose(lang, self.usage)
    }

    /// What follows the options: explanations, examples, exit codes.
    pub(crate) fn after(&self, lang: Lang) -> &'static str {
        choose(lang, self.after)
    }
}

fn choose(lang: Lang, [english, chinese]: [&'static str; 2]) -> &'static str {
    match lang {
        Lang::English => english,
        Lang::Chinese => chinese,
    }
}

/// The page of a command.
pub(crate) fn page(command: &str) -> Option<&'static Page> {
    PAGES.iter().find(|page| page.command == command)
}

/// All pages, in the order of the commands.
pub(crate) const PAGES: &[Page] = &[
    Page {
        command: "",
        usage: ["fangzhi [OPTIONS] COMMAND", "fangzhi [选项] 命令"],
        after: [
            "\
Start here:
  fangzhi search 网格化管理 reports/   search a folder; its index is kept in the cache folder
  fangzhi index reports/               or make an index here, in ./.fangzhi, and then
  fangzhi search 康定 第一书记         search it from this folder or below
  fangzhi show 1                       read the first hit whole

`fangzhi COMMAND --help` explains each command with examples.
The index is --index, else $FANGZHI_INDEX, else the nearest .fangzhi upwards.
Exit codes: search 0 found, 1 nothing found, 2 error; other commands 0 fine, 2 something failed.",
            "\
从这里开始：
  fangzhi search 网格化管理 reports/     直接搜索一个文件夹，索引存放在缓存目录
  fangzhi index reports/                 或在当前目录建立索引（./.fangzhi），然后
  fangzhi search 康定 第一书记           在本目录或其下级目录中搜索
  fangzhi show 1                         查看第一条结果的全文

每条命令的说明与示例：`fangzhi 命令 --help`。
索引的位置：--index，其次 $FANGZHI_INDEX，再次是向上最近的 .fangzhi。
退出码：search 0 有结果，1 无结果，2 出错；其他命令 0 正常，2 有失败。",
        ],
    },
    Page {
        command: "index",
        usage: ["fangzhi index [OPTIONS] [PATH]...", "fangzhi index [选项] [路径]..."],
        after: [
            "\
Only files that are new or changed are read again. Reports whose files vanished are removed,
but only below a folder named in this run (or remembered) that could be read; when more than
half of a folder vanished, --prune is needed. A folder that is gone itself keeps its reports
until --forget names it; named together with its new place, its files are known again by their
content, and nothing is done while that place is missing, empty or in part unreadable. Ctrl-C
keeps what is finished; the next run goes on from there. Of a file or archive that is being read
it keeps nothing: the next run reads it from its beginning.

Files of which text is missing (a cut end, pages without text, hidden sheets) are counted as
read in part and named with what to do; `fangzhi stats --problems` lists all of them.

Of two runs at once the second waits --wait seconds, then leaves; searching is never held up.
With --watch an ordinary run begins when, after a change below the folders, nothing changed for
two seconds, or half a minute after the first: what holds for one holds here, and each that
changed something is a line of the log.
--report says of every file: status (added, updated, unchanged, moved, removed, failed,
not-read), encoding and how it was decided, articles, paragraphs, dropped lines, notes, seconds.

Examples:
  fangzhi index reports/                          make or update ./.fangzhi
  fangzhi index                                   refresh all remembered folders, as from cron:
  0 5 * * *  fangzhi index --index ~/news --wait 600
  fangzhi index reports/ --watch                  follow the folder until Ctrl-C
  fangzhi index reports/ --report files.csv       what became of every file
  fangzhi index new/reports/ --forget old/reports the folder moved
  fangzhi index --index ~/news 2023/ 2024/        an index in a folder of its own
  fangzhi index reports/ --exclude '**/draft/**' --encoding gb18030
  fangzhi index reports/ --json | jq 'select(.outcome == \"failed\")'

Exit codes: 0 when every file was read or listed with a reason; 2 when a folder is missing,
unreadable or empty, when the index cannot be written, or when the run was stopped (--watch:
Ctrl-C is its end, with 0). A file that cannot be read is listed and does not stop the run or
change the exit code.",
            "\
只重新读取新增或改动过的文件。文件消失的报告会从索引中移除，但仅限于本次指定（或已记住）且能
正常读取的文件夹；若某个文件夹的报告有一半以上消失，需要加 --prune。文件夹本身不在时，其报告一
直保留，直到用 --forget 指明它；同时指定新位置，其中的文件会按内容认出；新位置不存在、为空或有部
分读不了时，什么也不做。按 Ctrl-C 会保留已完成的部分，下次运行接着做；正在读取的文件或压缩包则
完全不保留，下次从头读起。

缺文字的文件（末尾不完整、有的页没有文字、有隐藏的工作表等）计为“未读全”，并列出原因和办法；
`fangzhi stats --problems` 列出全部。

两次运行撞在一起时，后一次最多等待 --wait 秒，然后退出；搜索从不受影响。加 --watch 时，文件夹
里有了变化并停下两秒后（变化不停则在半分钟后）做一次普通的运行：普通运行的保证在这里都成立，每
次有改动就记一行日志。
--report 逐个文件列出：状态（added、updated、unchanged、moved、removed、failed、not-read）、
编码及判定方式、文章数、段数、去掉的行数、注记、用时（秒）。

示例：
  fangzhi index reports/                          建立或更新 ./.fangzhi
  fangzhi index                                   刷新所有已记住的文件夹，例如由 cron 运行：
  0 5 * * *  fangzhi index --index ~/news --wait 600
  fangzhi index reports/ --watch                  持续跟踪文件夹，直到按 Ctrl-C
  fangzhi index reports/ --report files.csv       每个文件的处理结果
  fangzhi index new/reports/ --forget old/reports 文件夹换了位置
  fangzhi index --index ~/news 2023/ 2024/        把索引放在单独的目录
  fangzhi index reports/ --exclude '**/draft/**' --encoding gb18030
  fangzhi index reports/ --json | jq 'select(.outcome == \"failed\")'

退出码：所有文件都已读取或已列明原因时为 0；文件夹不存在、无法读取或为空，索引无法写入，或运
行被中止时为 2（--watch 以 Ctrl-C 正常结束，为 0）。单个文件读不了只会列出，不会中断运行，也不改
变退出码。",
        ],
    },
    Page {
        command: "search",
        usage: ["fangzhi search [OPTIONS] QUERY... [PATH]...", "fangzhi search [选项] 查询词... [路径]..."],
        after: [
            "\
The query:
  康定 第一书记            all of them: as written, by a synonym, or as a region or measure tag
  \"素质培养\"  “素质培养”   exactly this text, in either script; \"\" inside quotes is a quote
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
under \"Inexact results\". Shells need quotes around \" | ( ) *: fangzhi search '(甲 乙) | 丙'

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

Exit codes: 0 found, 1 nothing found, 2 error.",
            "\
查询语法：
  康定 第一书记            各项都要有：原文、同义词，或地区、举措标签
  \"素质培养\"  “素质培养”   完全照字面，繁简皆可；引号内用 \"\" 表示引号
  甲 | 乙   (甲 乙) | 丙     任一；括号分组；两侧要有空格；甲 乙 | 丙 是要有甲，并有乙或丙
  党建 -宣传                排除含“宣传”的段落；也可写 --not 宣传
  党建 ~10 引领             两项相距不超过十个字
  网格*  第?书记            * 代表任意个字，? 代表一个字
  地区:云南省  举措:网格化管理  标题:通知  来源:日报  日期:2023
                           字段；也可写 提及: region: measure: mention: title: source: date:
中文标点与英文标点同样有效：“ ” （ ） ｜ ： －。任何查询都不会报语法错误：看不懂的部分按原文
搜索并加以说明。问句按其中任一词排序。没有段落满足全部条件时，原因写到标准错误，最接近的段落
列在“近似结果”之下。在 shell 中，\" | ( ) * 需要加引号：fangzhi search '(甲 乙) | 丙'

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

退出码：0 有结果，1 无结果，2 出错。",
        ],
    },
    Page {
        command: "show",
        usage: ["fangzhi show [OPTIONS] ID|PATH:LINE|N...", "fangzhi show [选项] 编号|路径:行号|序号..."],
        after: [
            "\
Examples:
  fangzhi show 1                  the first hit of the last search; also '#1' in quotes
  fangzhi show 5f0c1d2            by the start of its id, at least four digits of it
  fangzhi show reports/a.txt:12   what stands at that line
  fangzhi show reports/a.pdf:3    all of page 3
  fangzhi show reports/a.docx:12  the 12th paragraph of the file
  fangzhi show a.xlsx:2.12        row 12 of sheet 2; a.xlsx:12 is row 12 of every sheet
  fangzhi show 'a.zip!/b.txt:12'  the same in an archive
  fangzhi show 1 2 3 -C 2         with two paragraphs before and after

Exit codes: 0 shown, 2 not found or failed.",
            "\
示例：
  fangzhi show 1                  上次搜索的第一条结果；也可写 '#1'（# 在 shell 中是注释，需加引号）
  fangzhi show 5f0c1d2            按编号开头（至少四位）
  fangzhi show reports/a.txt:12   该行所在的段落
  fangzhi show reports/a.pdf:3    第 3 页全部段落
  fangzhi show reports/a.docx:12  文件的第 12 段
  fangzhi show a.xlsx:2.12        第 2 张表第 12 行；a.xlsx:12 为每张表的第 12 行
  fangzhi show 'a.zip!/b.txt:12'  压缩包内的文件同样写法
  fangzhi show 1 2 3 -C 2         连同前后各两段

退出码：0 已显示，2 未找到或出错。",
        ],
    },
    Page {
        command: "inspect",
        usage: ["fangzhi inspect [OPTIONS] FILE...", "fangzhi inspect [选项] 文件..."],
        after: [
            "\
Shows the encoding and how it was found, the articles with title, date and source, every
paragraph with its line, kind, regions and measures, and what was left out and why. Nothing
is written.

Examples:
  fangzhi inspect reports/a.txt
  fangzhi inspect reports/a.txt --encoding big5
  fangzhi inspect 'reports/a.zip!/b.docx'         a file in an archive; 'a.zip!/sub' a folder
  fangzhi inspect reports/a.txt --json | jq -r 'select(.regions) | .regions[]'

Exit codes: 0 read, 2 a file or member could not be read; --json gives a line with its error.",
            "\
显示编码及判定方式、各篇的标题、日期、来源，每段的行号、类型、地区、举措，以及略去的内容和原
因。不写入任何东西。

示例：
  fangzhi inspect reports/a.txt
  fangzhi inspect reports/a.txt --encoding big5
  fangzhi inspect 'reports/a.zip!/b.docx'         压缩包中的文件；'a.zip!/sub' 为其中的文件夹
  fangzhi inspect reports/a.txt --json | jq -r 'select(.regions) | .regions[]'

退出码：0 已读取，2 有文件无法读取；此时 --json 给出一行带 error 的记录。",
        ],
    },
    Page {
        command: "analyze",
        usage: ["fangzhi analyze [OPTIONS] TEXT...", "fangzhi analyze [选项] 文字..."],
        after: [
            "\
Shows why a text is found or not: its folded form (what literal comparison sees), its
Simplified form, its tokens.

Examples:
  fangzhi analyze 乾隆年間推行網格化管理
  fangzhi analyze '9.73万人次' --json",
            "\
说明一段文字为何能或不能被找到：归一形式（字面比较所见）、简体形式与词元。

示例：
  fangzhi analyze 乾隆年間推行網格化管理
  fangzhi analyze '9.73万人次' --json",
        ],
    },
    Page {
        command: "stats",
        usage: ["fangzhi stats [OPTIONS]", "fangzhi stats [选项]"],
        after: [
            "\
Counts are exact; the tags they count were given automatically and hold errors. Their measured
error stands below the counts; `fangzhi search --explain` shows the words behind each tag.
A report is a file, a member of an archive or a record of a JSONL file that was read.

Examples:
  fangzhi stats --problems    files that failed, and files of which text is missing
  fangzhi stats --tags        how right the tags of each measure are
  fangzhi stats --json        all of it",
            "\
计数是精确的；但所计的标签由程序自动标注，会有差错。实测误差列在计数之后；`fangzhi search
--explain` 显示每个标签的依据。一份报告是读出的一个文件、压缩包中的一个文件或 JSONL 的一条记录。

示例：
  fangzhi stats --problems    读取失败和未读全的文件
  fangzhi stats --tags        每项举措标签的准确程度
  fangzhi stats --json        以上全部",
        ],
    },
    Page {
        command: "check",
        usage: ["fangzhi check [OPTIONS]", "fangzhi check [选项]"],
        after: [
            "\
Reads every file of the index, compares checksums, report records and paragraphs, and says
which parts were made with other data than this program has now. --full also analyses every stored
text anew and compares it with the terms it is found by. Nothing is changed.

Examples:
  fangzhi check --full || fangzhi repair    look at everything, put right what is wrong
  fangzhi check --digest                    are two indexes of the same files the same?

Exit codes: 0 all well, 2 a problem was found.",
            "\
读取索引的全部文件，核对校验和、报告记录与段落，并指出哪些部分是用不同于本程序现有的数据制作
的。--full 还会重新分析每段存储的文字，与其索引词逐一核对。不作任何改动。

示例：
  fangzhi check --full || fangzhi repair    全面检查，有问题就修复
  fangzhi check --digest                    比较同一批文件的两个索引是否相同

退出码：0 一切正常，2 发现问题。",
        ],
    },
    Page {
        command: "repair",
        usage: ["fangzhi repair [OPTIONS]", "fangzhi repair [选项]"],
        after: [
            "\
Checks as `fangzhi check --full` does. Nothing is done while a remembered folder is away. Damaged
segments are given up; of files whose record or paragraphs are wrong everything is taken out, if
they are among those that are indexed and as they were when they were read; then an ordinary run
over the remembered folders reads these files again, and only these unless others changed
meanwhile. Own vocabularies and corrections stay. What is damaged and has no such file stays as it
is and is named; what was in a damaged segment and has no file any more is lost: the documents
before and after are told then.

Example:
  fangzhi repair && fangzhi check --full

Exit codes: 0 nothing was wrong or all is put right, 2 something is left or it was stopped; the
next run of `fangzhi index` or `fangzhi repair` goes on.",
            "\
先作 `fangzhi check --full` 的检查。已记住的文件夹有不在的，就什么也不做。放弃损坏的分段；记录或
段落有误的文件，若仍在索引范围内且与读取时相同，其内容全部移出；然后对已记住的文件夹做一次普通的
运行，重新读取这些文件（此外只读其间改动过的）。自己的词表和更正保留。
有损坏而没有这样的原文件的，保持原样并列出；损坏分段里原文件已不在的内容则会丢失，届时说明前后各有
多少条。

示例：
  fangzhi repair && fangzhi check --full

退出码：0 没有问题或已全部修复，2 仍有问题或被中止；再次运行 `fangzhi index` 或
`fangzhi repair` 会接着做。",
        ],
    },
    Page {
        command: "eval",
        usage: ["fangzhi eval [OPTIONS] PASSAGES QUERIES", "fangzhi eval [选项] 段落文件 查询文件"],
        after: [
            "\
PASSAGES holds a line {\"id\", \"text\", \"title\"?} for each passage, QUERIES a line {\"id\",
\"text\", \"relevant\"} for each query, where \"relevant\" is the list of the ids of passages that
answer it. Prints Recall@10, MRR@10, nDCG@10 and latency (p50, p95, p99).
With --compare also by how much nDCG@10 differs from that of an earlier run, with its 95 %
interval by a paired bootstrap over queries: where it holds 0, neither is better.

Examples:
  fangzhi eval passages.jsonl queries.jsonl --match any --run any.jsonl
  fangzhi eval passages.jsonl queries.jsonl --compare any.jsonl",
            "\
段落文件每行一段 {\"id\", \"text\", \"title\"?}；查询文件每行一个 {\"id\", \"text\", \"relevant\"}，其中
\"relevant\" 是应找到的段落编号的列表。输出 Recall@10、MRR@10、nDCG@10 与延迟（p50、p95、p99）。
加 --compare 还输出 nDCG@10 与先前一次之差及其 95% 区间（按查询配对的自助法）：区间含 0 即不分高下。

示例：
  fangzhi eval passages.jsonl queries.jsonl --match any --run any.jsonl
  fangzhi eval passages.jsonl queries.jsonl --compare any.jsonl",
        ],
    },
    Page {
        command: "bench",
        usage: ["fangzhi bench [OPTIONS]", "fangzhi bench [选项]"],
        after: [
            "\
Takes queries from the text of your own index, the same ones for the same seed, and prints
p50, p95, p99 and queries per second for each class: term, all, any, literal, filter,
facets. Cold is the first time a query is asked, of an index opened anew for its class; what
the system keeps of its files in memory stays there. The other figures are those of the
second time. With --compare also the time as a multiple of that of an earlier run on the same
index, with its 95 % interval by a paired bootstrap over queries, of 30 queries or more:
where it holds 1, neither is faster. What else the machine did meanwhile is not in it: two
runs of the same program show how much that is.

Examples:
  fangzhi bench --queries 500 --run before.jsonl
  fangzhi bench --queries 500 --threads 1 --compare before.jsonl",
            "\
从你自己的索引文字中取查询（种子相同则查询相同），按类别输出 p50、p95、p99 与每秒查询数：单
词、全部、任一、字面、筛选、分面。“冷”指为该类重新打开索引后首次提问（系统在内存中保留的文件
不清除），其余为第二次提问的数字。加 --compare 还输出用时与先前在同一索引上一次之比及其 95% 区
间（按查询配对的自助法，查询不少于 30 个时给出）：区间含 1 即不分快慢。机器同时在做别的事造成的
差别不在其中：同一程序测两次即可看出有多大。

示例：
  fangzhi bench --queries 500 --run before.jsonl
  fangzhi bench --queries 500 --threads 1 --compare before.jsonl",
        ],
    },
    Page {
        command: "schema",
        usage: ["fangzhi schema COMMAND", "fangzhi schema 命令"],
        after: [
            "\
Regions, measures and synonyms are built in. A folder `schema` in the folder of the index
(.fangzhi/schema) adds to them or replaces single entries, and holds corrections by hand
(overrides.jsonl); `fangzhi retag` then brings the tags up to date.

Examples:
  fangzhi schema export           write the built-in files there, to be edited
  fangzhi schema check            check what stands there
  fangzhi schema show 迪庆        what this name stands for",
            "\
地区、举措与同义词都已内置。索引目录中的 `schema` 文件夹（.fangzhi/schema）可以补充或替换其
中的条目，并存放人工更正（overrides.jsonl）；之后运行 `fangzhi retag` 即更新标签。

示例：
  fangzhi schema export           把内置文件写到那里，以便修改
  fangzhi schema check            检查那里的文件
  fangzhi schema show 迪庆        这个名称指什么",
        ],
    },
    Page {
        command: "schema export",
        usage: ["fangzhi schema export [DIR]", "fangzhi schema export [目录]"],
        after: ["Files that exist are never overwritten.", "已有的文件不会被覆盖。"],
    },
    Page {
        command: "schema check",
        usage: ["fangzhi schema check [DIR]", "fangzhi schema check [目录]"],
        after: [
            "Corrections by hand are checked once divisions and measures are in order.\n\nExit codes: 0 no faults, 2 faults.",
            "行政区划与举措无误后，再检查人工更正。\n\n退出码：0 无误，2 有误。",
        ],
    },
    Page {
        command: "schema show",
        usage: ["fangzhi schema show NAME", "fangzhi schema show 名称"],
        after: [
            "Example:\n  fangzhi schema show 朝阳区      every division of this name, with its code",
            "示例：\n  fangzhi schema show 朝阳区      所有同名的行政区划及其代码",
        ],
    },
    Page {
        command: "tags",
        usage: [
            "fangzhi tags --doubtful [OPTIONS] [QUERY]\n       fangzhi tags COMMAND",
            "fangzhi tags --doubtful [选项] [查询]\n      fangzhi tags 命令",
        ],
        after: [
            "\
Regions and measures are given automatically and hold errors. These commands find doubtful ones,
correct them, and tell how many are wrong. A score from half to twice its threshold is doubtful.

Examples:
  fangzhi tags --doubtful -m 网格化管理        paragraphs that just are or are not about it
  fangzhi tags --doubtful -r 云南 培训         of these, those that a query finds
  fangzhi tags --doubtful=regions              names that several divisions bear
  fangzhi tags set 5f0c1d2 --not-measure 网格化管理
  fangzhi tags score corpus/judgements/tags.jsonl reports/",
            "\
地区与举措由程序自动标注，会有差错。这些命令找出可疑的标签，加以更正，并说明差错有多少。得分在
门槛的一半到两倍之间的为可疑。

示例：
  fangzhi tags --doubtful -m 网格化管理        刚好够上或差一点够上此举措的段落
  fangzhi tags --doubtful -r 云南 培训         其中能被查询找到的段落
  fangzhi tags --doubtful=regions              几地同名而无从判断的地名
  fangzhi tags set 5f0c1d2 --not-measure 网格化管理
  fangzhi tags score corpus/judgements/tags.jsonl reports/",
        ],
    },
    Page {
        command: "tags set",
        usage: ["fangzhi tags set [OPTIONS] ID...", "fangzhi tags set [选项] 段落..."],
        after: [
            "\
Writes overrides.jsonl in the folder `schema` of the index, a line each: it beats the tagger when
files are read again, and may be shared. The paragraph is found again by its id, by report and
text, or by the texts around it. What is not said stays as the tagger has it; what was set before
stays where it does not disagree. Other paragraphs inherit nothing from it.

Examples:
  fangzhi tags set 5f0c1d2 --measure 便民服务 --not-measure 网格化管理 --note 据原文
  fangzhi tags set reports/a.txt:12 --none=regions --region 云南省/大理白族自治州
  fangzhi tags set 1 2 3 --none               hits 1 to 3 of the last search have no tags",
            "\
写入索引目录的 `schema` 文件夹中的 overrides.jsonl，每条一行：重新读取文件时仍以它为准，也可以
与人共用。段落依次按编号、按材料与文字、按前后段文字认出。没有说到的仍由程序标注；以前设定的，不
矛盾的保留。其他段落不从它沿用地区。

示例：
  fangzhi tags set 5f0c1d2 --measure 便民服务 --not-measure 网格化管理 --note 据原文
  fangzhi tags set reports/a.txt:12 --none=regions --region 云南省/大理白族自治州
  fangzhi tags set 1 2 3 --none               上次搜索的第 1 至 3 条没有任何标签",
        ],
    },
    Page {
        command: "tags unset",
        usage: ["fangzhi tags unset ID...", "fangzhi tags unset 段落..."],
        after: [
            "Example:\n  fangzhi tags unset 5f0c1d2      the tagger decides again",
            "示例：\n  fangzhi tags unset 5f0c1d2      恢复由程序标注",
        ],
    },
    Page {
        command: "tags overrides",
        usage: ["fangzhi tags overrides [OPTIONS]", "fangzhi tags overrides [选项]"],
        after: [
            "\
Says of each correction how its paragraph was found: by id, by report and text, by the texts
around it, in another file after the first was moved, or not at all.

Example:
  fangzhi tags overrides --unattached",
            "\
逐条说明更正所指的段落是怎样认出的：按编号、按材料与文字、按前后段文字、文件移走后在别的文件
中，或没有找到。

示例：
  fangzhi tags overrides --unattached",
        ],
    },
    Page {
        command: "tags score",
        usage: [
            "fangzhi tags score [OPTIONS] LABELS FOLDER",
            "fangzhi tags score [选项] 标注文件 目录",
        ],
        after: [
            "\
LABELS holds a line {\"file\", \"text\", \"half\", \"regions\", \"regions_maybe\", \"measures\",
\"measures_maybe\"} for each paragraph; \"text\" is a key of its letters and digits, not the text
itself. Prints precision, recall and F1 of regions (exact, and with all above them) and of
measures (all, and each), with 95 % intervals that come from drawing files.

Example:
  fangzhi tags score labels.jsonl reports/ --half check",
            "\
标注文件每行一段：{\"file\", \"text\", \"half\", \"regions\", \"regions_maybe\", \"measures\",
\"measures_maybe\"}；\"text\" 是该段文字与数字的校验码，不是原文。输出地区（精确、含上级）与
举措（总体、逐项）的精确率、召回率与 F1，以及按文件重抽样得到的 95 % 区间。

示例：
  fangzhi tags score labels.jsonl reports/ --half check",
        ],
    },
    Page {
        command: "retag",
        usage: ["fangzhi retag [OPTIONS]", "fangzhi retag [选项]"],
        after: [
            "\
Tags paragraphs of which vocabularies or corrections changed (--all: every one) from what the index
keeps of them, as `fangzhi index` would after reading the files again, and writes the articles in
which one changed. It is one commit: searches see all old tags or all new ones, and a run that is
stopped changes nothing.

Examples:
  fangzhi schema check && fangzhi retag --dry-run    what own vocabularies would change
  fangzhi retag                                      after `git pull` of schema/",
            "\
根据索引中保存的内容，重新标注词表或更正有变化的段落（--all：每一段），结果与重新读取文件相同，
只写入有变化的文章。一次提交：搜索看到的或全是旧标签，或全是新标签；中途停止则不作任何改动。

示例：
  fangzhi schema check && fangzhi retag --dry-run    自己的词表会改变什么
  fangzhi retag                                      `git pull` 取得新的 schema/ 之后",
        ],
    },
    Page {
        command: "cache",
        usage: ["fangzhi cache COMMAND", "fangzhi cache 命令"],
        after: [
            "\
`fangzhi search QUERY PATH` without an index keeps one for these paths here. Unused for 30
days it is removed.
The folder is $FANGZHI_CACHE, else $XDG_CACHE_HOME/fangzhi or
~/.cache/fangzhi; only you can look into it.",
            "\
没有索引时，`fangzhi search 查询词 路径` 会为这些路径在此保存一份索引；30 天不用即删除。
目录是 $FANGZHI_CACHE，否则为 $XDG_CACHE_HOME/fangzhi 或 ~/.cache/fangzhi；只有你本人可以查看。",
        ],
    },
    Page {
        command: "cache list",
        usage: ["fangzhi cache list", "fangzhi cache list"],
        after: [
            "Columns: key, size, last use, paths.",
            "各列：编号、大小、上次使用、路径。",
        ],
    },
    Page {
        command: "cache clear",
        usage: ["fangzhi cache clear", "fangzhi cache clear"],
        after: [
            "Reports are not touched; the next search makes the index again.",
            "不影响报告本身；下次搜索会重新建立索引。",
        ],
    },
    Page {
        command: "formats",
        usage: ["fangzhi formats [OPTIONS]", "fangzhi formats [选项]"],
        after: [
            "\
For each format: its extensions, what the number after a path counts in hits and for `show`,
what is taken and what is left out. A file is read as what it is, whatever its name says.
Other files are listed by `fangzhi index` as not read.

Example:
  fangzhi formats --json | jq -r '.formats[] | select(.built) | .extensions[]'",
            "\
每种格式列出扩展名、结果与 `show` 中路径后的数字指什么、取什么、略去什么。文件按内容而非名称判
定格式。其他文件由 `fangzhi index` 列为未读取。

示例：
  fangzhi formats --json | jq -r '.formats[] | select(.built) | .extensions[]'",
        ],
    },
    Page {
        command: "completions",
        usage: ["fangzhi completions SHELL", "fangzhi completions SHELL"],
        after: [
            "\
Examples:
  fangzhi completions bash > ~/.local/share/bash-completion/completions/fangzhi
  fangzhi completions zsh > ~/.zfunc/_fangzhi
  fangzhi completions fish > ~/.config/fish/completions/fangzhi.fish",
            "\
示例：
  fangzhi completions bash > ~/.local/share/bash-completion/completions/fangzhi
  fangzhi completions zsh > ~/.zfunc/_fangzhi
  fangzhi completions fish > ~/.config/fish/completions/fangzhi.fish",
        ],
    },
    Page {
        command: "man",
        usage: ["fangzhi man [COMMAND]", "fangzhi man [命令]"],
        after: [
            "\
Examples:
  fangzhi man search | man -l -
  fangzhi man > ~/.local/share/man/man1/fangzhi.1",
            "\
示例：
  fangzhi man search | man -l -
  fangzhi man > ~/.local/share/man/man1/fangzhi.1",
        ],
    },
];
