//! Chinese of `fangzhi index --watch` and `--forget`, `check` and `repair`.

/// English text, Chinese text.
pub(super) const TABLE: &[(&str, &str)] = &[
    ("--report: - is no file", "--report：- 不是文件"),
    (
        "name a file; `fangzhi index --json` prints what became of each file",
        "请给出文件名；`fangzhi index --json` 会逐个打印文件的处理结果",
    ),
    ("SECONDS", "秒数"),
    (
        "{root}: {files} that vanished or are excluded were kept; --prune removes them from the index",
        "{root}：有 {files} 已消失或被排除，暂且保留；--prune 可将其移出索引",
    ),
    (
        "{root}: read with {options} as in an earlier run; options given anew take their place, and to be rid of them: fangzhi index --forget {root}, then fangzhi index {root}",
        "{root}：沿用以前的选项 {options}；重新给出选项即取代之；要取消，先 fangzhi index --forget {root}，再 fangzhi index {root}",
    ),
    (
        "--include, --exclude and --encoding go with a folder or file",
        "--include、--exclude、--encoding 须与文件夹或文件一起给出",
    ),
    (
        "remembered folders are read as they were asked for; name one to have it read otherwise",
        "记住的文件夹按当初的选项读取；要换一种读法，请写出该文件夹",
    ),
    (
        "{files} that --include leaves out stay in the index as they were; --exclude takes files out",
        "--include 未选中的 {files} 照旧留在索引中；--exclude 才会移出",
    ),
    (
        "Most memory for what is read and written; a file read whole may have an eighth of it",
        "读取和写入最多占用的内存；整个读入的文件不得超过其八分之一",
    ),
    ("Most memory for what is read and written", "读取和写入最多占用的内存"),
    (
        "{option}: {value} is too little; the least is {least}",
        "{option}：{value} 太少，至少需要 {least}",
    ),
    (
        "--memory: {value} is too little for {jobs} threads; the least is {least}",
        "--memory：{jobs} 个线程用 {value} 太少，至少需要 {least}",
    ),
    (
        "give the run more memory with --memory: a file that is read whole may have an eighth of it",
        "用 --memory 放宽内存：整个读入的文件不得超过其八分之一",
    ),
    (
        "Stay, and index again whenever something below the folders or in schema/ changes, until Ctrl-C; not with --dry-run or --report",
        "持续运行，文件夹内或 schema/ 有变化就再次索引，直到按 Ctrl-C；不能与 --dry-run、--report 同用",
    ),
    (
        "Wait so many seconds for another process that writes to the index",
        "若有其他进程在写索引，最多等待的秒数",
    ),
    (
        "Make what is finished safe at least every so many seconds; 0 after each file",
        "至少每隔多少秒把已完成的部分写稳；0 表示每个文件之后",
    ),
    (
        "Or when files of so many bytes were read since the last time",
        "或自上次以来读取的文件达到这么多字节时",
    ),
    ("Write what became of every file to this CSV file", "把每个文件的处理结果写入这个 CSV 文件"),
    (
        "another process is updating this index; waiting for it, at most {n} s",
        "另一个进程正在更新这个索引；等它完成，最多 {n} 秒",
    ),
    (
        "wait until it is done, or let it be waited for with --wait 600; searching works meanwhile",
        "等它完成，或用 --wait 600 自动等待；其间可以照常搜索",
    ),
    ("cannot watch folders: {cause}", "无法监视文件夹：{cause}"),
    (
        "allow more watched folders: sudo sysctl fs.inotify.max_user_watches=1048576; or run `fangzhi index` by a timer",
        "允许监视更多文件夹：sudo sysctl fs.inotify.max_user_watches=1048576；或定时运行 `fangzhi index`",
    ),
    (
        "run `fangzhi index` by a timer instead, for example from cron",
        "改为定时运行 `fangzhi index`，例如用 cron",
    ),
    ("watching {folders}; Ctrl-C ends it", "正在监视 {folders}；按 Ctrl-C 结束"),
    ("ended; what was finished is in the index", "已结束；完成的部分都在索引里"),
    ("Read again from the files what is damaged in the index", "从原文件重新读取索引中损坏的部分"),
    (
        "Compare also every stored text with the terms it is found by; takes about as long as indexing",
        "还逐段核对存储的文字与其索引词；用时与建立索引相当",
    ),
    (
        "Print only a digest of all documents: the same for the same files in whatever order and runs they were indexed, unless files moved meanwhile",
        "只输出全部内容的摘要：同样的文件不论以何种次序、分几次索引，摘要都相同，其间移动过的除外",
    ),
    (
        "`fangzhi repair` reads again from the files what is damaged",
        "`fangzhi repair` 会从原文件重新读取损坏的部分",
    ),
    (
        "`fangzhi repair` reads again from the files what is damaged; where it cannot, remove `index` in this folder and index again; keep `schema`, it holds own vocabularies and corrections",
        "`fangzhi repair` 会从原文件重新读取损坏的部分；若不成功，删除该目录中的 `index` 后重新索引；保留 `schema`，其中是自己的词表和更正",
    ),
    ("{path}: damaged index: meta.json and its copy", "{path}：索引已损坏：meta.json 及其副本"),
    (
        "remove '{path}/index' and name its folders again: fangzhi index FOLDER… --index '{path}'; keep '{path}/schema', it holds own vocabularies and corrections",
        "删除 '{path}/index'，再重新指定文件夹：fangzhi index 文件夹… --index '{path}'；保留 '{path}/schema'，其中是自己的词表和更正",
    ),
    (
        "what is damaged is read again from this folder: repair again when it is there; nothing was taken out",
        "损坏的部分要从这个文件夹重新读取：等它在了再修复；目前什么也没有取出",
    ),
    ("no space left on the disk", "磁盘空间不足"),
    (
        "{path}: the words of this index are others than those in use",
        "{path}：这个索引所用的词与现在的不同",
    ),
    ("`fangzhi index` reads everything again", "`fangzhi index` 会重新读取全部文件"),
    ("{index}: nothing to repair", "{index}: 没有需要修复的"),
    ("damaged segments given up: {n}", "放弃的损坏分段：{n}"),
    ("read again: {files}", "重新读取：{files}"),
    (
        "{path}: something of it is damaged, and the file is gone, changed or no more among those that are indexed; what the index has of it stays",
        "{path}：其中有损坏，而原文件已不在、已改动或已不在索引范围内；索引中剩下的部分保留",
    ),
    ("{index}: repaired", "{index}: 已修复"),
    ("{index}: {n} problems are left", "{index}: 还剩 {n} 个问题"),
    (
        "what the index still has can be searched; to make it anew from the files, remove `index` in this folder and index again; keep `schema`, it holds own vocabularies and corrections",
        "索引中剩下的仍可查找；要从原文件重做，请删除该目录中的 `index` 后重新索引；保留 `schema`，其中是自己的词表和更正",
    ),
    (
        "{path}: a report in a folder that is indexed would be indexed itself",
        "{path}：放在被索引的文件夹里，它自己也会被索引",
    ),
    ("none of these is there: {folders}", "这些文件夹都不存在：{folders}"),
    ("name a place outside these folders", "请放到这些文件夹之外"),
    ("{files} updated ({paragraphs})", "更新 {files}（{paragraphs}）"),
    ("{files} added and {n} updated ({paragraphs})", "新增 {files}、更新 {n} 个（{paragraphs}）"),
    (
        "Remember this file or folder no more and take what is below it out of the index, be it there or not (repeatable)",
        "不再记住这个文件或文件夹，并把其下内容移出索引，无论它是否还在（可重复）",
    ),
    (
        "{root}: remembered and not there; if it moved: `fangzhi index --forget {typed}`",
        "{root}：已记住但不存在；若已迁走：`fangzhi index --forget {typed}`",
    ),
    ("a part of it cannot be read", "其中一部分无法读取"),
    (
        "nothing was read or forgotten: run it again when all of it is there",
        "什么也没有读取或移除：等它全部就位后再运行",
    ),
    ("`fangzhi stats` names the remembered folders", "`fangzhi stats` 列出已记住的文件夹"),
    ("internal error: {cause}", "程序内部错误：{cause}"),
    (
        "a fault of this program: report it with the command; where an index is in use, `fangzhi check --full` looks for damage",
        "这是程序的缺陷：请连同命令一起报告；若用到索引，可用 `fangzhi check --full` 查看是否损坏",
    ),
];
