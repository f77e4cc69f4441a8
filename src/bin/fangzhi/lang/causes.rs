//! Chinese for what the library says in English: why a file, a record or an index could not be read.
//!
//! The library's errors are English texts, which JSON keeps. For people they are compared with patterns: `{name}` takes
//! what stands there as it is, `{@name}` translates it by the same table, `{#name}` takes a figure or size only. The first pattern that fits wins. The test
//! below reads the errors out of the sources of `ingest` and asserts that each has Chinese.

use crate::lang::Lang;
use std::borrow::Cow;

/// How often a cause may stand in a cause.
const DEPTH_MAX: usize = 4;

/// A cause in the language of the person; one that is not known stays English.
pub(crate) fn cause(lang: Lang, english: &str) -> Cow<'_, str> {
    match lang {
        Lang::English => Cow::Borrowed(english),
        Lang::Chinese => known(english).map_or(Cow::Borrowed(english), Cow::Owned),
    }
}

/// The Chinese of a cause, `None` where no pattern fits.
pub(crate) fn known(english: &str) -> Option<String> {
    translated(english, DEPTH_MAX)
}

fn translated(english: &str, depth: usize) -> Option<String> {
    let depth = depth.checked_sub(1)?;
    CAUSES.iter().find_map(|(pattern, chinese)| {
        let values = values(pattern, english)?;
        Some(filled(chinese, |name| {
            let (marked, value) =
                values.iter().find(|(hole, _)| hole.trim_start_matches(['@', '#']) == name)?;
            let inner = marked.starts_with('@').then(|| translated(value, depth)).flatten();
            Some(inner.unwrap_or_else(|| (*value).to_owned()))
        }))
    })
}

/// What a hole `{#n}` takes: `12`, `64 MiB`.
fn is_figure(text: &str) -> bool {
    text.starts_with(|char: char| char.is_ascii_digit())
        && text.chars().all(|char| char.is_ascii_digit() || ". KMGiB".contains(char))
}

/// What stands in the holes of a pattern, in their order; `None` when the text is not of the pattern.
///
/// A hole ends where the text after it stands first, the last one at the end of the text.
fn values<'p, 't>(pattern: &'p str, text: &'t str) -> Option<Vec<(&'p str, &'t str)>> {
    let mut values = Vec::new();
    let (start, mut holes) = pattern.split_once('{').unwrap_or((pattern, ""));
    let mut text = text.strip_prefix(start)?;
    if start.len() == pattern.len() {
        return text.is_empty().then_some(values);
    }
    loop {
        let (hole, after) = holes.split_once('}')?;
        match after.split_once('{') {
            Some((between, rest)) => {
                let (value, left) = text.split_once(between)?;
                if hole.starts_with('#') && !is_figure(value) {
                    return None;
                }
                values.push((hole, value));
                (text, holes) = (left, rest);
            }
            None => {
                let value = text.strip_suffix(after)?;
                values.push((hole, value));
                return (!hole.starts_with('#') || is_figure(value)).then_some(values);
            }
        }
    }
}

/// `chinese` with its holes filled.
fn filled(chinese: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut text = String::new();
    let mut rest = chinese;
    while let Some((before, (name, after))) =
        rest.split_once('{').and_then(|(before, open)| Some((before, open.split_once('}')?)))
    {
        push_spaced(&mut text, before);
        push_spaced(&mut text, &value(name).unwrap_or_default());
        rest = after;
    }
    push_spaced(&mut text, rest);
    text
}

/// Adds a piece, with a space where a Latin word or figure meets Han.
fn push_spaced(text: &mut String, piece: &str) {
    let is_latin = |char: char| char.is_ascii_alphanumeric();
    let is_han = |char: char| ('\u{4e00}'..='\u{9fff}').contains(&char);
    if let (Some(left), Some(right)) = (text.chars().next_back(), piece.chars().next())
        && (is_latin(left) && is_han(right) || is_han(left) && is_latin(right))
    {
        text.push(' ');
    }
    text.push_str(piece);
}

/// Patterns and their Chinese, the narrower ones first.
const CAUSES: &[(&str, &str)] = &[
    ("it is cut off: the directory at its end is missing", "不完整，缺末尾的目录"),
    // Vocabularies and corrections.
    ("{@what}, at byte {n}", "{what}，在第 {n} 字节"),
    ("{path} is no remembered folder", "{path} 不是已记住的文件夹"),
    ("a code has six digits", "代码应为六位数字"),
    ("the code is given twice", "代码重复"),
    (
        "level is province, prefecture or county",
        "`level` 应为 `province`、`prefecture` 或 `county`",
    ),
    ("a province has no parent", "省级没有上级"),
    ("no division has the code of its parent, {code}", "没有代码为 {code} 的上级区划"),
    ("no division has the code {code}", "没有代码为 {code} 的区划"),
    ("its parent is not above it", "上级的级别不高于它"),
    ("a division needs a name", "区划缺名称"),
    ("a former name needs a name", "曾用名缺名称"),
    ("until is a year", "`until` 应为年份"),
    ("the first line names the columns: {columns}", "首行应为列名：{columns}"),
    ("{#n} fields, where the first line has {m}", "有 {n} 栏，首行有 {m} 栏"),
    ("missing field {field}", "缺字段 {field}"),
    (
        "unknown field {field}, expected one of {fields}",
        "没有名为 {field} 的字段，可用的有 {fields}",
    ),
    ("the path is given twice", "路径重复"),
    ("a measure's path is group/name", "举措的路径应为“类/名”"),
    ("threshold {n} is not above 0", "门槛 {n} 不大于 0"),
    ("the cue {cue} has an empty part", "线索 {cue} 有一部分为空"),
    ("there is no such measure to remove", "没有此举措，无从删除"),
    ("an empty word beside =", "= 旁边缺词"),
    ("wanted `a = b`, `a => b` or `!a`", "应写作 `a = b`、`a => b` 或 `!a`"),
    ("wanted `word`, `word frequency` or `!word`", "应写作 `词`、`词 词频` 或 `!词`"),
    ("a separator inside a word: text is cut there anyway", "词中有标点或空格：文字本就在此切开"),
    ("wanted a word of 2 to 32 characters", "应为 2 到 32 字的词"),
    ("given twice", "写了两次"),
    ("wanted a frequency of 1 to {n}", "词频应为 1 到 {n}"),
    ("no built-in word; those of jieba stay", "不是内置的词；分词词典自带的词不能删除"),
    (
        "not a tag path: {path} (wanted names joined by single slashes)",
        "不是标签路径：{path}（应为以单个斜线相连的名称）",
    ),
    ("an id has 32 hexadecimal digits", "编号应为 32 位十六进制数字"),
    ("the key of a text has 16 hexadecimal digits", "文字的键应为 16 位十六进制数字"),
    ("it corrects nothing", "没有更正任何内容"),
    ("no measure has this path", "没有此路径的举措"),
    ("no region has this path", "没有此路径的地区"),
    ("both given and taken away", "既给予又去除"),
    ("line {n} is for this paragraph too", "第 {n} 行也是此段的更正"),
    ("a name is given twice", "名称重复"),
    ("its code does not begin as that of {name}", "代码的开头与{name}的不同"),
    ("spaces around {name}", "{name} 前后有空格"),
    ("the cue {cue} is too short to mean anything", "线索 {cue} 太短，没有意义"),
    ("the cue {cue} is given twice", "线索 {cue} 重复"),
    ("no English gloss", "缺英文说明"),
    ("no cue, so no paragraph is ever tagged with it", "没有线索，不会有段落标上它"),
    ("the name {name} means more than one measure", "名称 {name} 指不止一项举措"),
    ("given twice with {other}", "与 {other} 的同义重复给出"),
    // ReadError.
    ("vanished while being read", "读取时文件消失"),
    ("not a regular file", "不是普通文件"),
    (
        "internal fault while reading it: please report it with the file",
        "读取时程序内部出错，请连同文件一并反馈",
    ),
    ("cannot be read: {@cause}", "无法读取：{cause}"),
    // OverLimit.
    ("{@what} more than {@max} ({option} raises the limit)", "{what}超过{max}（{option} 可放宽）"),
    (
        "unpacks to {@found}, the limit is {@max} ({option} raises it)",
        "解压后{found}，上限为{max}（{option} 可放宽）",
    ),
    (
        "{@what} {@found}, the limit is {@max} ({option} raises it)",
        "{what}{found}，上限为{max}（{option} 可放宽）",
    ),
    ("has", "共有"),
    (
        "{command} did not read its pages: what it printed has",
        "{command} 未能识别其页面：输出的文字",
    ),
    ("unpacks to", "解压后"),
    ("lies", "压缩包相套"),
    ("takes", "用了"),
    ("{#n} byte", "{n} 字节"),
    ("{#n} bytes", "{n} 字节"),
    ("{#n} page", "{n} 页"),
    ("{#n} pages", "{n} 页"),
    ("{#n} member", "{n} 个文件"),
    ("{#n} members", "{n} 个文件"),
    ("{#n} archive deep", "{n} 层"),
    ("{#n} archives deep", "{n} 层"),
    ("{#n} time its size", "原大小的 {n} 倍"),
    ("{#n} times its size", "原大小的 {n} 倍"),
    ("{#n} second", "{n} 秒"),
    ("{#n} seconds", "{n} 秒"),
    ("{#n} bytes of memory", "{n} 字节内存"),
    ("{#size} of memory", "{size} 内存"),
    // DecodeError.
    (
        "not a text file: control byte {byte} at offset {offset}",
        "不是文本文件：第 {offset} 字节是控制字节 {byte}",
    ),
    ("not a text file: {@format}", "不是文本文件：{format}"),
    (
        "encoding undecided: not UTF-8, and too short to tell (characters outside ASCII: {n}), perhaps {best}",
        "无法判定编码：不是 UTF-8，文字又太短（非 ASCII 字符 {n} 个），可能是 {best}",
    ),
    (
        "encoding undecided: not UTF-8, and {best} fits better than {other} by {margin} only",
        "无法判定编码：不是 UTF-8，{best} 只比 {other} 合适 {margin}",
    ),
    (
        "encoding unknown: neither UTF-8, UTF-16, GB18030 nor Big5 gives Chinese text",
        "无法判定编码：按 UTF-8、UTF-16、GB18030、Big5 都解不出中文",
    ),
    (
        "not {encoding}: places that cannot be decoded: {n}, the first at offset {first}",
        "不是 {encoding}：有 {n} 处无法解码，首处在第 {first} 字节",
    ),
    ("not {encoding}: bad byte at offset {offset}", "不是 {encoding}：第 {offset} 字节有误"),
    (
        "unknown encoding {label}, did you mean {near}?; known are {labels}",
        "没有名为 {label} 的编码，是否指 {near}？可用的有 {labels}",
    ),
    ("unknown encoding {label}; known are {labels}", "没有名为 {label} 的编码；可用的有 {labels}"),
    // ExtractError.
    ("holds many reports: read it record by record", "内有多份报告，应逐条读取"),
    ("damaged {@format}: {@cause}", "{format}已损坏：{cause}"),
    ("encrypted {@format}: save it without a password", "{format}已加密：请另存为无密码的文件"),
    (
        "scanned: pages without text: {pages} (--ocr COMMAND reads them)",
        "扫描件：{pages} 页没有文字（--ocr 命令 可读取）",
    ),
    (
        "fonts without Unicode mapping: {percent} % of its characters can not be known",
        "字体没有 Unicode 映射：{percent} % 的字无从得知",
    ),
    ("{@what} is not read", "{what}，不在读取之列"),
    (
        "{@format} is not part of this build: build with feature `{feature}`",
        "本程序编译时没有包含{format}：编译时请加 `{feature}` 功能",
    ),
    ("{members} further members: {@limit}", "其余 {members} 个文件：{limit}"),
    ("{count} more could not be read", "另有 {count} 项无法读取"),
    ("refused: {@cause}", "拒绝读取：{cause}"),
    ("stopped before it was read", "尚未读取即已中止"),
    ("ended the process that reads it: {@how}", "使读取进程中止：{how}"),
    ("the process that reads it {@cause}", "读取进程{cause}"),
    ("{command} did not read its pages: {@cause}", "{command} 未能识别其页面：{cause}"),
    // RecordCause.
    (
        "UTF-16, which is not read as JSONL: convert the file to UTF-8",
        "是 UTF-16，不能按 JSONL 读取：请把文件转为 UTF-8",
    ),
    (
        "not a JSON object: {@message} at byte {column} of the line",
        "不是 JSON 对象：{message}，在该行第 {column} 字节",
    ),
    ("has no \"text\"", "没有 \"text\""),
    ("its \"text\" is empty", "\"text\" 为空"),
    ("its {field} is not {@wanted}", "{field} 不是{wanted}"),
    ("its id {id} is that of line {first}", "编号 {id} 与第 {first} 行的相同"),
    ("a string or number", "字符串或数"),
    ("a string", "字符串"),
    ("line {n}: {@cause}", "第 {n} 行：{cause}"),
    // The words of the JSON parser.
    ("it is a number", "是一个数"),
    ("it is a string", "是一个字符串"),
    ("it is a list", "是一个列表"),
    ("it is true or false", "是真或假"),
    ("it is null", "是空值"),
    ("EOF while parsing {what}", "没有写完"),
    ("trailing characters", "后面有多余的字符"),
    ("trailing comma", "多了一个逗号"),
    ("expected value", "此处应有值"),
    ("expected `{sign}` or `{other}`", "此处应为 `{sign}` 或 `{other}`"),
    ("expected `{sign}`", "此处应为 `{sign}`"),
    ("expected ident", "此处写法有误"),
    ("key must be a string", "键应为字符串"),
    ("invalid escape", "转义写法有误"),
    ("invalid number", "数写得有误"),
    ("invalid unicode code point", "字符编码有误"),
    ("lone leading surrogate in hex escape", "字符编码有误"),
    ("unexpected end of hex escape", "转义写法有误"),
    ("control character ({range}) found while parsing a string", "字符串中有控制字符"),
    ("recursion limit exceeded", "嵌套过深"),
    ("invalid type: {@found}, expected {@wanted}", "类型不对：是 {found}，应为 {wanted}"),
    ("integer `{n}`", "整数 {n}"),
    ("floating point `{n}`", "小数 {n}"),
    ("boolean `{value}`", "真假值 {value}"),
    ("string \"{text}\"", "字符串“{text}”"),
    ("a boolean", "真假值"),
    ("sequence", "列表"),
    ("a sequence", "列表"),
    ("map", "表"),
    ("a map", "表"),
    ("duplicate field `{field}`", "字段 `{field}` 重复"),
    // ProblemCause, BadPattern.
    ("not found", "没有找到"),
    ("link to a folder above itself, not followed", "链接指向上级文件夹，未跟随"),
    ("link out of the folder to {target}, not followed", "链接指向文件夹之外的 {target}，未跟随"),
    ("link to nothing", "链接没有目标"),
    ("{@what}, not opened", "{what}，未打开"),
    ("not a file pattern: {pattern}: {cause}", "不是文件通配：{pattern}：{cause}"),
    ("named pipe", "命名管道"),
    ("socket", "套接字"),
    ("device", "设备文件"),
    ("special file", "特殊文件"),
    // Other errors of the index.
    ("{file} is missing", "缺少 {file}"),
    ("not enough memory to read the index", "内存不足，无法读取索引"),
    // What systems say.
    ("No such file or directory (os error {n})", "没有这个文件或文件夹"),
    ("Permission denied (os error {n})", "没有权限"),
    ("Operation not permitted (os error {n})", "不允许此操作"),
    ("Input/output error (os error {n})", "读写出错"),
    ("Is a directory (os error {n})", "是文件夹"),
    ("Not a directory (os error {n})", "不是文件夹"),
    ("Too many open files (os error {n})", "打开的文件太多"),
    ("Too many levels of symbolic links (os error {n})", "链接绕成了圈"),
    ("File name too long (os error {n})", "文件名太长"),
    ("Cannot allocate memory (os error {n})", "内存不足"),
    ("No space left on device (os error {n})", "磁盘空间不足"),
    ("Disk quota exceeded (os error {n})", "超出磁盘配额"),
    ("Read-only file system (os error {n})", "文件系统只读"),
    ("Stale file handle (os error {n})", "网络磁盘上的文件已失效"),
    ("Transport endpoint is not connected (os error {n})", "网络磁盘已断开"),
    ("Connection timed out (os error {n})", "网络磁盘没有响应"),
    ("Resource temporarily unavailable (os error {n})", "暂时无法读取"),
    ("stream did not contain valid UTF-8", "不是 UTF-8 文字"),
    ("unexpected end of file", "文件不完整"),
    ("cannot be started: {@error}", "无法启动：{error}"),
    ("cannot be asked: {@error}", "无法通信：{error}"),
    ("gave an answer that makes no sense: {error}", "的答复无法理解：{error}"),
    ("is another program, or another version of this one", "是别的程序，或版本不同"),
    ("{@what} (signal {n})", "{what}（信号 {n}）"),
    ("a wrong memory access", "访问内存出错"),
    ("a wrong instruction", "执行了错误的指令"),
    ("it gave up", "自行中止"),
    ("the system ended it, perhaps for want of memory", "被系统终止，可能是内存不足"),
    ("the system ended it", "被系统终止"),
    ("it ended with code {code}", "退出，代码 {code}"),
    ("it ended", "退出"),
    ("stack overflow, as deeply nested content brings about", "栈溢出，多因内容嵌套过深"),
    ("it printed no text", "没有输出文字"),
    ("it printed no form feeds between pages", "各页之间没有输出换页符"),
    (
        "it printed more pages than there are: {n} for {all}",
        "输出的页数多于实有：实有 {all} 页，输出 {n} 页",
    ),
    (
        "it printed fewer pages than there are: {n} for {all} (all must come in order, empty where not wanted)",
        "输出的页数少于实有：实有 {all} 页，输出 {n} 页（须依次输出各页，不需要的页留空）",
    ),
    ("what it printed is not UTF-8", "输出不是 UTF-8"),
    (
        "it took more than {n} seconds (--max-seconds raises it)",
        "超过 {n} 秒（--max-seconds 可放宽）",
    ),
    ("exit status: {code}", "退出代码 {code}"),
    ("it is empty", "是空文件"),
    ("it holds only zero bytes", "内容全是零字节"),
    ("does not begin as {@what} does", "内容不是{what}"),
    ("it does not begin as a Word document does", "开头与 Word 文档不符"),
    ("it does not begin like one", "开头不符"),
    ("its directory is cut off or damaged: {cause}", "目录不完整或已损坏"),
    ("its directory is cut off or damaged", "目录不完整或已损坏"),
    ("its part {name} is cut off or damaged: {cause}", "其中的 {name} 不完整或已损坏"),
    ("it says to have more characters than it has bytes", "所称的字数多于字节数"),
    ("its pieces of text lie over one another", "各段文字的位置互相重叠"),
    ("its notes have more text than the document", "脚注所占的文字多于全文"),
    ("it lists more pages of properties than it has", "所列的格式页多于实有"),
    ("its sheets lie over one another", "各工作表的位置互相重叠"),
    (
        "a sheet in it says to have more cells than a sheet can have",
        "其中一个工作表所称的单元格数超出格式允许",
    ),
    ("its table of objects is lost, as in a file that was cut off", "对象表缺失，文件可能不完整"),
    ("it was cut off before the fonts of its pages", "不完整，各页的字体随之缺失"),
    ("the fonts of its pages are lost", "各页的字体缺失"),
    ("what its pages show is lost", "各页内容缺失或损坏"),
    ("no page is left of it", "没有留下任何页面"),
    ("it is cut off", "不完整"),
    ("its checksum is wrong", "校验和不符"),
    ("its name is absolute", "文件名是绝对路径"),
    ("its name is too long", "文件名太长"),
    ("it has no name", "没有文件名"),
    ("it is one part of several, and the member is in another", "是分卷之一，此文件在另一卷中"),
    (
        "it takes more than {n} MiB to unpack: pack it without --long",
        "解压需要 {n} MiB 以上内存：打包时请不用 --long",
    ),
    (
        "its end is missing, and with it the directory; members that begin in it: {n}",
        "末尾和目录缺失，其中可见 {n} 个文件的开头",
    ),
    (
        "its directory is cut off: members that are there: {seen} of {all}",
        "目录不完整：应有 {all} 个文件，只见 {seen} 个",
    ),
    ("it says to have {all} bytes and has {n}", "应有 {all} 字节，实有 {n} 字节"),
    ("its directory does not fit what it holds", "目录与内容不符"),
    ("what is packed in it cannot be unpacked", "其中压缩的内容无法解开"),
    ("it is packed in an unknown way", "用了不支持的压缩方式"),
    ("its XML is written wrongly", "XML 写法有误"),
    ("it names a part that it does not hold", "缺少它所指的部分"),
    // The words of a library say nothing to who does not read English; JSON keeps them.
    ("its structure is wrong ({error})", "内部结构有误"),
    ("{part}.xml: {@cause}", "其中的 `{part}.xml`：{cause}"),
    ("{part}.rels: {@cause}", "其中的 `{part}.rels`：{cause}"),
    ("its name leads out of the archive", "文件名指向压缩包之外"),
    ("the member's bytes are missing", "文件内容缺失"),
    ("{n} % of its characters are no text", "其中 {n} % 的字符不是文字"),
    ("more than {n} elements inside one another", "元素嵌套超过 {n} 层"),
    ("{n} members did; what follows them was not read", "其中 {n} 个文件使它中止，其后的没有读取"),
    ("two of its members have the same name", "其中有两个文件同名"),
    ("it holds {name} twice", "其中有两个 {name}"),
    ("it has no {part}", "其中没有 {part}"),
    ("it ends before its elements do", "内容没有写完"),
    ("a document type, which these files have not", "含有不应有的文档类型声明"),
    ("it is an OLE file, as Word wrote before 2007", "是 Word 2007 之前的文件"),
    ("neither a zip file nor a compound file", "既不是 ZIP 也不是复合文档"),
    ("a compound file without a workbook", "复合文档中没有工作簿"),
    ("an OpenDocument file without sheets", "其中没有工作表"),
    ("a part of it is larger than it says", "其中一部分比所说的大"),
    ("its reader broke down on it", "读取程序出错"),
    ("holds no web page", "其中没有网页"),
    ("its parts have no boundary", "各部分没有分界"),
    ("begins with no header, as saved pages do", "开头没有网页归档应有的信息"),
    ("a message of one part ({kind}), not a saved page", "只有一个部分（{kind}），不是保存的网页"),
    ("its base64 is cut or wrong", "Base64 不完整或有误"),
    ("transfer encoding {name} is unknown", "不认识传输编码 {name}"),
    ("{n} lines in {encoding}", "{encoding} 的有 {n} 行"),
    // Formats, as the library names them.
    ("text", "文本"),
    ("markdown", "Markdown 文档"),
    ("html", "网页"),
    ("mhtml", "网页归档"),
    ("jsonl", "JSONL 文件"),
    ("csv", "CSV 文件"),
    ("pdf", "PDF 文件"),
    ("docx", "DOCX 文档"),
    ("doc", "DOC 文档"),
    ("odt", "ODT 文档"),
    ("sheet", "电子表格"),
    ("zip", "ZIP 压缩包"),
    ("tar", "TAR 包"),
    ("gzip", "GZIP 压缩文件"),
    ("zstd", "Zstandard 压缩文件"),
    ("a ZIP archive (DOCX, XLSX, ODT or plain ZIP)", "ZIP 压缩包（DOCX、XLSX、ODT 或普通 ZIP）"),
    ("an empty ZIP archive", "空的 ZIP 压缩包"),
    ("a ZIP archive", "ZIP 压缩包"),
    ("a PDF", "PDF 文件"),
    ("a text", "文本"),
    ("a DOC", "DOC 文档"),
    ("a DOCX", "DOCX 文档"),
    ("an ODT", "ODT 文档"),
    ("an MHTML page", "网页归档"),
    ("an XLSX, XLS or ODS", "XLSX、XLS 或 ODS"),
    ("a TAR archive", "TAR 包"),
    ("an old Office file (DOC, XLS, PPT or WPS)", "旧版 Office 文件（DOC、XLS、PPT 或 WPS）"),
    ("an RTF document", "RTF 文档"),
    ("a PostScript file", "PostScript 文件"),
    ("a CAJ document", "CAJ 文档"),
    ("a presentation", "演示文稿"),
    ("a PowerPoint presentation (save it as PDF)", "PowerPoint 演示文稿（请另存为 PDF）"),
    ("an EPUB book (convert it to HTML or DOCX)", "EPUB 电子书（请转换为网页或 DOCX）"),
    ("an OFD document (save it as PDF)", "OFD 文档（请另存为 PDF）"),
    ("an RTF document (save it as DOCX)", "RTF 文档（请另存为 DOCX）"),
    ("a Word 2003 XML document (save it as DOCX)", "Word 2003 XML 文档（请另存为 DOCX）"),
    ("a Flat OPC document (save it as DOCX)", "单一 XML 的 Word 文档（请另存为 DOCX）"),
    ("a UOF document (save it as DOCX)", "UOF 文档（请另存为 DOCX）"),
    ("an Excel 2003 XML sheet (save it as XLSX)", "Excel 2003 XML 表格（请另存为 XLSX）"),
    ("a binary workbook (XLSB)", "二进制工作簿（XLSB）"),
    (
        "a flat OpenDocument file (save it as ODT or ODS)",
        "单一 XML 的 OpenDocument 文件（请另存为 ODT 或 ODS）",
    ),
    ("an OpenDocument presentation (save it as PDF)", "OpenDocument 演示文稿（请另存为 PDF）"),
    ("an OpenDocument drawing", "OpenDocument 绘图"),
    ("an OpenDocument file of another kind", "其他 OpenDocument 文件"),
    ("an old Office file of another kind", "其他旧版 Office 文件"),
    ("an old Office file that is cut off", "不完整的旧版 Office 文件"),
    ("an office file that is cut off", "不完整的 Office 文件"),
    ("an OLE file that is no Word document", "不是 Word 文档的 OLE 文件"),
    ("an Excel workbook named like a Word document", "名为 Word 文档的 Excel 工作簿"),
    ("a newer office file named like an old Word document", "名为旧版 Word 文档的新版 Office 文件"),
    ("an Outlook message", "Outlook 邮件"),
    ("an iWork document", "iWork 文档"),
    ("a Hangul document", "HWP 文档"),
    ("a Visio drawing", "Visio 绘图"),
    ("a DjVu document", "DjVu 文档"),
    ("a thumbnail cache", "缩略图缓存"),
    ("a video or HEIC image", "视频或 HEIC 图片"),
    ("it is a link, which is not followed", "是链接，未跟随"),
    ("it is a device, pipe or socket", "是设备、管道或套接字"),
    ("it is a sparse file", "是稀疏文件"),
    ("a file inside a {@format} file", "{format}里的文件"),
    ("a member compressed with {method}", "用 {method} 压缩的文件"),
    ("a PNG image", "PNG 图片"),
    ("a JPEG image", "JPEG 图片"),
    ("a GIF image", "GIF 图片"),
    ("a TIFF image", "TIFF 图片"),
    ("a WebP image", "WebP 图片"),
    ("a BMP image", "BMP 图片"),
    ("a RAR archive (unpack it)", "RAR 压缩包（请先解压）"),
    ("a 7z archive (unpack it)", "7z 压缩包（请先解压）"),
    ("a gzip archive", "GZIP 压缩文件"),
    ("an xz archive (unpack it)", "XZ 压缩文件（请先解压）"),
    ("a bzip2 archive (unpack it)", "BZIP2 压缩文件（请先解压）"),
    ("a Zstandard archive", "Zstandard 压缩文件"),
    ("a gzip file", "GZIP 压缩文件"),
    ("a Zstandard file", "Zstandard 压缩文件"),
    ("an SQLite database", "SQLite 数据库"),
    ("a program", "可执行程序"),
    ("UTF-32 text, which is not supported", "UTF-32 文本，尚不支持"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use fangzhi::ingest::decode::{DecodeError, encoding_for_label};
    use fangzhi::ingest::extract::{ExtractError, RecordCause};
    use fangzhi::ingest::limits::{LimitName, OverLimit};
    use fangzhi::ingest::walk::ProblemCause;
    use fangzhi::ingest::{Format, ReadError};
    use regex::Regex;
    use std::io;
    use std::path::Path;

    /// Latin words that Chinese texts keep: names of formats and encodings, fields.
    const NAMES: &str = "UTF UTF-8 UTF-16 UTF-32 GB18030 Big5 GBK ASCII Unicode JSON JSONL PDF DOCX DOC ODT ODS XLSX XLSB XLS PPT WPS ZIP TAR GZIP XZ BZIP2 CSV XML UOF HWP OLE RTF CAJ OFD EPUB PNG JPEG GIF TIFF HEIC WebP BMP SQLite PostScript Markdown Zstandard RAR Office Word Excel Outlook PowerPoint Visio OpenDocument iWork DjVu Base64 MiB";

    /// The English words of a Chinese text, names, options and what is quoted aside.
    fn foreign(chinese: &str) -> Vec<&str> {
        let word =
            Regex::new(r#"--[a-z-]+|`[^`]*`|"[^"]*"|0x[0-9a-f]+|[A-Za-z][A-Za-z0-9-]+"#).unwrap();
        let words = word.find_iter(chinese).map(|word| word.as_str());
        words
            .filter(|word| !word.starts_with(['-', '`', '"', '0']))
            .filter(|word| !NAMES.split(' ').any(|name| name == *word))
            .collect()
    }

    /// Asserts that a message has Chinese without English words in it.
    #[track_caller]
    fn check(english: &str) {
        let chinese = known(english).unwrap_or_else(|| panic!("without Chinese: {english:?}"));
        assert!(!chinese.is_ascii() || NAMES.contains(&chinese), "{chinese:?}");
        assert!(foreign(&chinese).is_empty(), "{chinese:?} of {english:?}");
    }

    #[track_caller]
    fn check_text(english: &str, chinese: &str) {
        assert_eq!(cause(Lang::Chinese, english), chinese);
        assert_eq!(cause(Lang::English, english), english);
    }

    #[test]
    fn a_pattern_takes_what_stands_in_its_holes() {
        assert_eq!(values("a {x} b {y}", "a 1 b 2"), Some(vec![("x", "1"), ("y", "2")]));
        assert_eq!(values("{x}: {y}", "甲: 乙: 丙"), Some(vec![("x", "甲"), ("y", "乙: 丙")]));
        assert_eq!(values("{x} is", "this is is"), Some(vec![("x", "this is")]));
        assert_eq!(values("a", "a"), Some(vec![]));
        for (pattern, text) in [("a", "ab"), ("a {x} b", "a 1 c"), ("{x}, {y}", "a")] {
            assert_eq!(values(pattern, text), None);
        }
    }

    #[test]
    fn what_stands_inside_is_translated_too_and_the_unknown_stays() {
        check_text(
            "unpacks to more than 200 times its size (--max-ratio raises the limit)",
            "解压后超过原大小的 200 倍（--max-ratio 可放宽）",
        );
        check_text(
            "ocr did not read its pages: what it printed has more than 64 MiB (--max-file-bytes raises the limit)",
            "ocr 未能识别其页面：输出的文字超过 64 MiB（--max-file-bytes 可放宽）",
        );
        check_text("damaged docx: its heart is broken", "DOCX 文档已损坏：its heart is broken");
        check_text("an odd thing of tomorrow", "an odd thing of tomorrow");
        check_text("cannot be read: Permission denied (os error 13)", "无法读取：没有权限");
        check_text("_rels/.rels: its XML is written wrongly", "其中的 `_rels/.rels`：XML 写法有误");
        check_text(
            "invalid type: integer `3`, expected a string",
            "类型不对：是 整数 3，应为 字符串",
        );
        // What only a library says is no Chinese.
        check_text(
            "damaged doc: its structure is wrong (Malformed FAT (chain of 7))",
            "DOC 文档已损坏：内部结构有误",
        );
    }

    #[test]
    fn causes_in_causes_end_somewhere() {
        check_text(
            "line 1: line 2: line 3: line 4: line 5: x",
            "第 1 行：第 2 行：第 3 行：第 4 行：line 5: x",
        );
    }

    const LIMITS: [LimitName; 10] = [
        LimitName::FileBytes,
        LimitName::RecordBytes,
        LimitName::Pages,
        LimitName::UnpackedBytes,
        LimitName::Ratio,
        LimitName::Members,
        LimitName::Nesting,
        LimitName::Seconds,
        LimitName::Memory,
        LimitName::Share,
    ];

    #[test]
    fn every_limit_is_said_in_chinese() {
        for limit in LIMITS {
            for exact in [true, false] {
                check(&OverLimit { limit, max: 10, found: 12, exact }.to_string());
            }
        }
    }

    #[test]
    fn every_error_of_extracting_is_said_in_chinese() {
        for format in Format::ALL {
            let damaged = ExtractError::Damaged { format, cause: "缺一块".to_owned() };
            check(&damaged.to_string());
            check(&ExtractError::Encrypted { format }.to_string());
            let feature = "pdf".to_owned();
            check(&ExtractError::NotBuilt { format, feature }.to_string());
        }
        for error in [
            ExtractError::ManyReports,
            ExtractError::Scanned { pages: 3 },
            ExtractError::Unmapped { percent: 40, pages: 2 },
            ExtractError::NotRead { what: "an RTF document".to_owned() },
        ] {
            check(&ReadError::Extract(error).to_string());
        }
    }

    #[test]
    fn every_error_of_decoding_is_said_in_chinese() {
        for error in [
            DecodeError::Format { format: "a PDF".into() },
            DecodeError::Binary { byte: 0, offset: 12 },
            DecodeError::TooShort { best: "Big5".into(), characters: 3 },
            DecodeError::Undecided { best: "GB18030".into(), other: "Big5".into(), margin: 0.02 },
            DecodeError::Unknown,
            DecodeError::WrongEncoding { encoding: "Big5".into(), replacements: 2, first: 9 },
        ] {
            check(&ReadError::Decode(error).to_string());
        }
        for label in ["gb1803", "完全不对"] {
            let message = encoding_for_label(label).unwrap_err().to_string();
            assert!(
                known(&message).is_some_and(|chinese| chinese.contains("没有名为")),
                "{message}"
            );
        }
    }

    #[test]
    fn every_error_of_reading_is_said_in_chinese() {
        let refused = || io::Error::from_raw_os_error(13);
        for error in [
            ReadError::Vanished,
            ReadError::NotRegular,
            ReadError::Internal,
            ReadError::Io(refused()),
            ReadError::Record(RecordCause::Io(refused())),
            ReadError::Record(RecordCause::Utf16),
            ReadError::Record(RecordCause::BadByte { encoding: "UTF-8".to_owned(), offset: 3 }),
            ReadError::Record(RecordCause::Json {
                message: "expected value".to_owned(),
                column: 1,
            }),
            ReadError::Record(RecordCause::MissingText),
            ReadError::Record(RecordCause::EmptyText),
            ReadError::Record(RecordCause::WrongType {
                field: "id".into(),
                wanted: "a string or number".into(),
            }),
            ReadError::Record(RecordCause::DuplicateId { id: "7".to_owned(), first: 2 }),
        ] {
            check(&error.to_string());
        }
    }

    #[test]
    fn every_problem_of_walking_is_said_in_chinese() {
        for error in [
            ProblemCause::Missing,
            ProblemCause::Unreadable(io::Error::from_raw_os_error(5)),
            ProblemCause::Cycle,
            ProblemCause::LinkOut { target: "/甲".into() },
            ProblemCause::BrokenLink,
        ] {
            check(&error.to_string());
        }
        for what in ["named pipe", "socket", "device", "special file"] {
            check(&ProblemCause::Special(what).to_string());
        }
    }

    /// The string literals of the sources of `ingest` that a pattern finds.
    fn literals(pattern: &str) -> Vec<String> {
        literals_of("ingest", pattern)
    }

    /// The string literals of the sources of a module that a pattern finds.
    fn literals_of(module: &str, pattern: &str) -> Vec<String> {
        fn files(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() { files(&path, found) } else { found.push(path) }
            }
        }
        let mut sources = Vec::new();
        files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(module), &mut sources);
        let pattern = Regex::new(pattern).unwrap();
        sources.retain(|path| !path.ends_with("tests.rs"));
        let read = sources.iter().map(|path| {
            let source = std::fs::read_to_string(path).unwrap();
            source.split("#[cfg(test)]").next().unwrap_or_default().to_owned()
        });
        read.flat_map(|source| {
            let found = pattern.captures_iter(&source).map(|found| found[1].replace("\\\"", "\""));
            found.collect::<Vec<_>>()
        })
        .collect()
    }

    #[test]
    fn every_message_in_the_sources_of_ingest_has_chinese() {
        let errors = literals(r#"#\[error\(\s*"((?:[^"\\]|\\.)*)""#);
        assert!(errors.len() > 20, "the sources were not read right: {errors:?}");
        let hole = Regex::new(r"\{[^{}]*\}").unwrap();
        // The two that are put together of parts are tested above.
        for error in
            errors.iter().filter(|error| !error.contains("{} {}") && !error.contains("?}{}"))
        {
            check(&hole.replace_all(error, "7"));
        }
    }

    #[test]
    fn every_cause_that_our_own_readers_give_has_chinese() {
        let causes = literals(
            r#"(?:damaged\((?:\s*[A-Za-z:]+,)?\s*(?:&?format!\(\s*)?|failed\(\s*(?:format!\(\s*)?|XmlError\(|(?:cause|how)(?::| =)\s(?:&?format!\(\s*)?|Some\(|_WORDS: &str = |const [A-Z_]+: &str = )"((?:it |its |two |a part |no page|neither |an? |what |more than |holds |[{0-9])(?:[^"\\]|\\.)*)""#,
        );
        assert!(causes.len() > 30, "the sources were not read right: {causes:?}");
        let hole = Regex::new(r"\{[^{}]*\}").unwrap();
        let missing: Vec<_> = causes
            .iter()
            .map(|cause| hole.replace_all(cause, "7").into_owned())
            // Put together of parts that stand in the table.
            .filter(|cause| !["7: 7", "it is a 7", "what it printed 7"].contains(&cause.as_str()))
            .filter(|cause| known(cause).is_none_or(|chinese| !foreign(&chinese).is_empty()))
            .collect();
        assert!(missing.is_empty(), "without Chinese: {missing:#?}");
    }

    #[test]
    fn every_fault_of_a_vocabulary_or_correction_has_chinese() {
        let faults = literals_of("vocab", r#"[ (|]"([a-z{](?:[^"\\]|\\.)* (?:[^"\\]|\\.)*)""#);
        let hole = Regex::new(r"\{[^{}]*\}").unwrap();
        // What panics, what `fault` puts together, and names of divisions.
        let is_fault = |text: &String| {
            let others = [
                "the built",
                "plain data",
                "a code is",
                "some doz",
                "an object",
                "struct ",
                "{word} ",
            ];
            !text.starts_with("{}")
                && !text.starts_with("{file}")
                && !others.iter().any(|start| text.starts_with(start))
        };
        let faults: Vec<String> = faults.into_iter().filter(is_fault).collect();
        assert!(faults.len() > 30, "the sources were not read right: {faults:?}");
        faults.iter().for_each(|fault| check(&hole.replace_all(fault, "7")));
    }

    #[test]
    fn every_format_that_is_known_by_its_first_bytes_has_chinese() {
        let formats = literals(r#"\(\s*b"[^"]*",\s*\d+,\s*b"[^"]*",\s*"([^"]*)",?\s*\)"#);
        assert!(formats.len() > 15, "the sources were not read right: {formats:?}");
        formats.iter().for_each(|format| check(&format!("not a text file: {format}")));
    }

    #[test]
    fn a_size_that_differs_is_not_called_too_small() {
        let chinese = known("it says to have 7739 bytes and has 7754");
        assert_eq!(chinese.as_deref(), Some("应有 7739 字节，实有 7754 字节"));
    }

    #[test]
    fn no_pattern_stands_behind_one_that_takes_all_it_takes() {
        let hole = Regex::new(r"\{[^{}]*\}").unwrap();
        let figure = Regex::new(r"\{#[a-z]+\}").unwrap();
        for (at, (pattern, chinese)) in CAUSES.iter().enumerate() {
            let sample = figure.replace_all(pattern, "7").replace(['{', '}', '@'], "");
            let first = CAUSES.iter().position(|(pattern, _)| values(pattern, &sample).is_some());
            assert_eq!(first, Some(at), "{pattern:?} is never reached");
            let mut holes: Vec<_> = values(pattern, &sample).unwrap();
            holes.retain(|(hole, _)| {
                chinese.contains(&format!("{{{}}}", hole.trim_start_matches(['@', '#'])))
            });
            assert_eq!(holes.len(), chinese.matches('{').count(), "{chinese:?}");
            assert!(foreign(&hole.replace_all(chinese, "7")).is_empty(), "{chinese:?}");
        }
    }
}
