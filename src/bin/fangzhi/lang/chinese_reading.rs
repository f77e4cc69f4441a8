//! Chinese for what is said of files that were read in part or not at all; the rest stands in `chinese.rs`.

/// English text and its Chinese.
pub(super) const TABLE: &[(&str, &str)] = &[
    // Read in part.
    ("read in part: {files}", "未读全：{files}"),
    ("{path}: read in part: {reasons}", "{path}: 未读全：{reasons}"),
    (
        "… and {n} more read in part: `{command}` lists them",
        "… 另有 {n} 个未读全：用 `{command}` 列出",
    ),
    ("; ", "；"),
    ("without text", "没有文字"),
    ("no text was found in it", "没有找到文字"),
    (
        "look at it with `fangzhi inspect 'FILE'`; a page that draws its text by script must be saved from the browser as MHTML",
        "用 `fangzhi inspect 'FILE'` 查看；文字由脚本生成的网页，须在浏览器中另存为 MHTML",
    ),
    ("pages damaged", "有的页已损坏"),
    ("pages without text", "有的页没有文字"),
    ("pages of unknown characters", "有的页是未知的字"),
    ("parts unreadable", "有的部分无法读取"),
    ("garbled", "文字错乱"),
    ("end cut off", "末尾不完整"),
    ("beginning cut off", "开头不完整"),
    ("end never written", "末尾没有写完"),
    ("parts of the page not found", "网页有的部分没有找到"),
    ("hidden sheets", "有隐藏的工作表"),
    ("automatic numbers missing", "缺自动编号"),
    ("characters that cannot be decoded", "有的字无法解码"),
    ("text missing", "缺文字"),
    ("damaged, and read as far as it goes", "已损坏，读到了能读的部分"),
    ("pages that are damaged: {pages}", "已损坏的页：{pages}"),
    ("pages not recognised: {cause}", "有的页未能识别：{cause}"),
    ("pages not recognised", "有的页未能识别"),
    ("pages of which the OCR command gave no text: {pages}", "识别命令没有给出文字的页：{pages}"),
    (
        "if they hold text: the command given to --ocr must print every page in its order, each ended by a form feed; then read 'FILE' again with --reread",
        "这些页若有文字：--ocr 的命令须依次输出每一页，各以换页符结尾；然后用 --reread 重新读取 'FILE'",
    ),
    ("pages without text: {pages}", "没有文字的页：{pages}"),
    ("pages whose fonts do not say what they show: {pages}", "字体没有说明是什么字的页：{pages}"),
    ("a part cannot be read: {cause}", "有一部分无法读取：{cause}"),
    ("characters that its fonts do not name: {n}", "字体没有说明是什么字：{n} 个"),
    (
        "parts of the article that were not found in the page: {n} of {all}",
        "正文 {all} 块中有 {n} 块在网页里没有找到",
    ),
    ("hidden sheets left out: {n}", "略去隐藏的工作表 {n} 个"),
    ("automatic numbers not read: {n}", "没有读出的自动编号：{n} 处"),
    ("characters that cannot be decoded: {n}", "无法解码的字：{n} 个"),
    ("garbled: it was once read in a wrong encoding", "文字错乱：曾经用错误的编码读过"),
    (
        "fetch it again; or open it in its program, look whether all is there, and save it anew",
        "请重新获取；或用相应软件打开，看内容是否齐全，再另存一份",
    ),
    ("open it in its program and save it anew as DOCX", "请用相应软件打开，另存为 DOCX"),
    (
        "take the text again from where it came from, saved as UTF-8",
        "请从来源重新取得文字，存为 UTF-8",
    ),
    (
        "print it to PDF again from the document it was made from, or read it as pictures with an OCR program",
        "请由原始文档重新输出 PDF，或用文字识别软件当作图片识别",
    ),
    (
        "to have hidden sheets read, show them in its program and save it",
        "要读取隐藏的工作表，请在相应软件中取消隐藏并保存",
    ),
    (
        "see where with `fangzhi inspect 'FILE'`; if the whole encoding is wrong, give it with --encoding",
        "用 `fangzhi inspect 'FILE'` 查看是哪些字；若整个编码判断有误，用 --encoding 指明",
    ),
    (
        "see what was taken with `fangzhi inspect 'FILE'`",
        "用 `fangzhi inspect 'FILE'` 查看读到了什么",
    ),
    // Not read.
    ("unpack the archive and pack it again as an ordinary ZIP", "请解压后重新打包为普通 ZIP"),
    ("`fangzhi formats` lists what is read", "可读取的格式见 `fangzhi formats`"),
    // Counts of reports.
    ("{n} member of an archive", "压缩包内 {n} 个文件"),
    ("{n} members of archives", "压缩包内 {n} 个文件"),
    ("{n} record", "{n} 条记录"),
    ("{n} records", "{n} 条记录"),
    ("Say of each measure how right its tags are", "列出每项举措标签的准确程度"),
    ("Print one JSON object, which holds all of it", "输出一个 JSON 对象，包含以上全部"),
    ("`fangzhi stats --tags` says it of each measure.\n", "各项举措见 `fangzhi stats --tags`。\n"),
    ("{reports} ({n} without text)", "{reports}（{n} 份没有文字）"),
    ("read in part", "未读全"),
    ("failed", "失败"),
    (
        "A report is a file, a member of an archive or a record of a JSONL file. `fangzhi stats --problems` lists what was not or only partly read.",
        "一份报告是一个文件、压缩包中的一个文件或 JSONL 的一条记录。用 `fangzhi stats --problems` 列出读取失败和未读全的文件。",
    ),
    (
        "List the files that could not be read, or only in part, and why",
        "列出读取失败或未读全的文件及原因",
    ),
    ("… and {n} more read in part, in files named above", "… 另有 {n} 个未读全，在上列文件中"),
    ("all files were read whole", "所有文件都已完整读取"),
    // Notes on what was read.
    ("the field {field} is not understood: {value}", "字段 {field} 无法理解：{value}"),
    ("the field {field} is of another type than it should be", "字段 {field} 的类型不对"),
    (
        "the names of the columns are too long to be repeated in every row",
        "列名太长，没有在每行重复",
    ),
    ("a long paragraph that was cut: part {n}", "长段落分段：第 {n} 部分"),
    ("its text stands in the pages of its frames: {pages}", "文字在框架中的网页里：{pages}"),
    ("readings in parentheses were left out", "略去括号内的注音"),
    (
        "elements are nested too deeply to look for the article: all text was taken",
        "元素嵌套过深，没有辨认正文，取了全部文字",
    ),
    (
        "too much markup to look for the article: all text was taken",
        "标记太多，没有辨认正文，取了全部文字",
    ),
    ("joined from {n} lines", "由 {n} 行连成"),
    ("the encoding is not certain: margin {margin}", "编码判断不确定：余量 {margin}"),
    ("lines in different encodings: {lines}", "各行编码不同：{lines}"),
    (
        "its last row has no line end: look whether it is all there",
        "最后一行没有换行符：请看是否完整",
    ),
    ("recognised by {program}", "由 {program} 识别"),
    ("characters of private use, which no font names: {n}", "自造字 {n} 个，无法得知是什么字"),
    ("runs of shifted characters put right: {n}", "改正错位的字：{n} 处"),
    ("its source lost text here", "来源在此处缺文字"),
    ("no article was found in the page: all text was taken", "没有找到正文，取了整页文字"),
    ("named as {named}, but its content is {found}", "名为{named}，内容却是{found}"),
    // Archives and members that are named by hand.
    (
        "{path}: an archive, and {n} of its files have such a place",
        "{path}: 是压缩包，其中 {n} 个文件有这个位置",
    ),
    ("name which: fangzhi show {places}", "请指明是哪个：fangzhi show {places}"),
    ("{path}: no archive, it is read as a whole", "{path}: 不是压缩包，是一个完整的文件"),
    ("look at it with `fangzhi inspect '{path}'`", "用 `fangzhi inspect '{path}'` 查看"),
    ("{path}: not read: {what}", "{path}: 不读取：{what}"),
    // Members of archives that are inspected.
    ("{archive}: holds no {member} that is read", "{archive}: 其中没有可读取的 {member}"),
    ("{archive}: holds no files that are read", "{archive}: 其中没有可读取的文件"),
    (
        "it holds {names}; `fangzhi inspect '{archive}'` shows all",
        "其中有 {names}；用 `fangzhi inspect '{archive}'` 查看全部",
    ),
];
