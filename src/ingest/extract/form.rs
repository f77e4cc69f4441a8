//! Forms: rows of labels, each with its value beside it, as 申报表 and 登记表 have them.
//!
//! A form has no names of columns: `项目名称 | 红旗路 | 联系人 | 张三` says two things. It is known by its labels, which
//! are short words such as forms ask for, differ all over the sheet, and stand at every other place of nearly all rows.

use crate::ingest::extract::table::{Cell, Part, is_labelled, is_number};
use std::collections::HashSet;

/// Characters of the longest label, without its mark.
const LABEL_CHARS_MAX: usize = 16;
/// Characters of the longest label that is known by its end; a longer one may be the title of something.
const KNOWN_CHARS_MAX: usize = 10;
/// Cells of the widest row of a form.
const CELLS_MAX: usize = 24;

/// Ends of what forms ask for.
const LABEL_ENDS: &[&str] = &[
    "名称",
    "姓名",
    "项目名",
    "村名",
    "题目",
    "标题",
    "单位",
    "部门",
    "机构",
    "性别",
    "民族",
    "籍贯",
    "年龄",
    "年月",
    "日期",
    "时间",
    "年限",
    "期限",
    "工期",
    "学历",
    "学位",
    "专业",
    "院校",
    "职务",
    "职称",
    "职业",
    "岗位",
    "面貌",
    "电话",
    "手机",
    "传真",
    "邮箱",
    "邮编",
    "网址",
    "编码",
    "代码",
    "编号",
    "证号",
    "号码",
    "账号",
    "帐号",
    "户名",
    "银行",
    "开户行",
    "地址",
    "地点",
    "住址",
    "所在地",
    "位置",
    "籍地",
    "负责人",
    "联系人",
    "填表人",
    "填报人",
    "经办人",
    "申报人",
    "申请人",
    "报送人",
    "审核人",
    "责任人",
    "代表人",
    "法人",
    "主体",
    "金额",
    "投资",
    "资金",
    "经费",
    "预算",
    "来源",
    "规模",
    "面积",
    "人数",
    "户数",
    "人口",
    "收入",
    "类别",
    "类型",
    "种类",
    "性质",
    "级别",
    "等级",
    "内容",
    "情况",
    "概况",
    "简介",
    "简历",
    "说明",
    "备注",
    "意见",
    "依据",
    "目标",
    "效益",
    "成效",
    "做法",
    "经验",
    "措施",
    "举措",
    "问题",
    "计划",
    "进度",
    "方式",
    "范围",
    "对象",
    "标准",
    "事由",
    "理由",
    "原因",
    "要求",
    "事迹",
    "奖惩",
    "成果",
    "结果",
    "状态",
    "附件",
    "背景",
    "特长",
    "关系",
    "身份证",
    "亮点",
    "领域",
];

/// What names columns and is no label of a form.
const COLUMN_NAMES: &[&str] = &[
    "正文", "全文", "文本", "摘要", "数量", "数值", "序号", "链接", "乡镇", "地区", "县区", "区县",
    "点评", "项目", "指标", "事项", "任务", "工作", "措施", "举措",
];

/// Whether a cell can be a label: short, words without figures, no sentence.
fn is_label(cell: &Cell) -> bool {
    let word = word_of(&cell.text);
    !word.is_empty()
        && word.chars().count() <= LABEL_CHARS_MAX
        && !word.contains(['，', '。', '；', '！', '？', '：', ':'])
        && !word.chars().any(|c| c.is_ascii_digit())
}

/// Whether a cell is what forms ask for: it ends with such a word, or with the mark that announces a value.
fn is_known(cell: &Cell) -> bool {
    is_label(cell) && (cell.text.ends_with(['：', ':']) || ends_known(word_of(&cell.text)))
}

fn ends_known(word: &str) -> bool {
    let bare: String = word.chars().filter(|c| !c.is_whitespace()).collect();
    bare.chars().count() <= KNOWN_CHARS_MAX
        && !bare.contains('的')
        && LABEL_ENDS.iter().any(|end| bare.ends_with(end))
}

/// Whether a cell names a column rather than says a value.
fn is_column_name(cell: &Cell) -> bool {
    let word = word_of(&cell.text);
    is_known(cell)
        || COLUMN_NAMES.contains(&word)
        || (word.ends_with(['数', '率', '量']) && word.chars().count() <= KNOWN_CHARS_MAX)
}

/// A label without the mark behind it and what stands in brackets: `总投资（万元）：`.
fn word_of(text: &str) -> &str {
    let text = text.trim_end_matches(['：', ':']).trim_end();
    let is_closed = text.ends_with(['）', ')']);
    text.split_once(['（', '(']).filter(|_| is_closed).map_or(text, |(word, _)| word).trim()
}

/// `填报单位：某局`, `审核人：`: a label that forms have, and its value or the place for it.
pub(super) fn is_signed(cell: &Cell) -> bool {
    cell.text.split_once(['：', ':']).is_some_and(|(label, _)| {
        label.chars().count() <= LABEL_CHARS_MAX && ends_known(label.trim())
    })
}

/// What stands together in a row of a form, by ordinals of its cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    /// A label and its value.
    Pair(usize, usize),
    /// A label without value, the name of a group of rows, or a value without label.
    Alone(usize),
}

/// Cuts a row into labels with their values. An empty value has no cell: a label follows another then.
fn pieces(cells: &[Cell]) -> Vec<Piece> {
    let mut pieces = Vec::with_capacity(cells.len());
    let mut at = 0;
    while let Some(cell) = cells.get(at) {
        let is_value = |next: &Cell| {
            let is_beside = next.column == cell.column + cell.columns;
            !is_known(next) || (is_beside && (cells.len() - at).is_multiple_of(2))
        };
        if is_label(cell) && cells.get(at + 1).is_some_and(is_value) {
            pieces.push(Piece::Pair(at, at + 1));
            at += 2;
        } else {
            pieces.push(Piece::Alone(at));
            at += 1;
        }
    }
    pieces
}

/// Which of the rows seen is the first of labels and values; `None` for what is no form.
pub(super) fn find(rows: &[&[Cell]]) -> Option<usize> {
    // Titles, groups and remarks have one cell, lines above and below the form have labels and values in one.
    let is_row = |row: &&&[Cell]| row.len() >= 2 && !row.iter().all(is_labelled);
    let of_cells: Vec<&[Cell]> = rows.iter().filter(is_row).copied().collect();
    let first = *of_cells.first()?;
    if first.iter().all(is_column_name) || has_column_of_figures(&of_cells) {
        return None;
    }
    let mut seen = Seen::default();
    let fitting = of_cells.iter().filter(|row| seen.add(row)).count();
    let is_form = fitting >= 2
        && fitting * 5 >= of_cells.len() * 4
        && seen.are_labels()
        && !is_table_of_names(&of_cells);
    is_form.then(|| rows.iter().position(|row| std::ptr::eq(*row, first)))?
}

/// Whether most rows have three or more cells of which only the first is what forms ask for: `河道整治资金 | 水务局 |
/// 已拨付` is a name with facts in columns. A form has labels further right, or a picture beside all its rows, or its
/// labels are plainly such.
fn is_table_of_names(rows: &[&[Cell]]) -> bool {
    let is_picture = |cell: &Cell| cell.text.contains(['照', '像']);
    let is_plain =
        |cell: &Cell| cell.text.ends_with(['：', ':']) || LABEL_ENDS.contains(&word_of(&cell.text));
    let (mut named, mut plain) = (0, 0);
    for row in rows {
        let [first, rest @ ..] = *row else { continue };
        let width = rest.iter().filter(|cell| !is_picture(cell)).count();
        if width >= 2 && is_known(first) && !rest.iter().any(is_known) {
            named += 1;
            plain += usize::from(is_plain(first));
        }
    }
    named >= 2 && named * 2 > rows.len() && plain * 2 < named
}

/// Whether all rows are two cells wide and have figures below a word: names of columns stand above them.
fn has_column_of_figures(rows: &[&[Cell]]) -> bool {
    let mut values = rows.iter().map(|row| row.get(1).filter(|_| row.len() == 2));
    let is_word = |cell: &Cell| !is_number(&cell.text);
    values.next().flatten().is_some_and(is_word)
        && rows.len() > 2
        && values.all(|cell| cell.is_some_and(|cell| is_number(&cell.text)))
}

/// The labels and values seen so far.
#[derive(Default)]
struct Seen<'c> {
    labels: usize,
    distinct: HashSet<&'c str>,
    known: usize,
    known_values: usize,
}

impl<'c> Seen<'c> {
    /// Adds the pairs of a row; says whether it is one of a form.
    fn add(&mut self, cells: &'c [Cell]) -> bool {
        if cells.len() > CELLS_MAX {
            return false;
        }
        let pieces = pieces(cells);
        let mut has_known = false;
        let mut fits = true;
        for piece in &pieces {
            match *piece {
                Piece::Pair(label, value) => {
                    let Some((label, value)) = cells.get(label).zip(cells.get(value)) else {
                        continue;
                    };
                    self.labels += 1;
                    self.distinct.insert(&label.text);
                    self.known_values += usize::from(is_known(value));
                    self.known += usize::from(is_known(label));
                    has_known |= is_known(label);
                }
                Piece::Alone(at) => fits &= cells.get(at).is_some_and(is_label),
            }
        }
        fits && has_known
    }

    /// Whether they are the labels of a form: most known, hardly any asked for twice, few among the values.
    fn are_labels(&self) -> bool {
        self.known * 5 >= self.labels * 3
            && self.distinct.len() * 10 >= self.labels * 9
            && self.known_values * 4 <= self.labels
    }
}

/// The parts of a row of a form.
pub(super) fn parts(cells: &[Cell]) -> Vec<Part<'static>> {
    let mut parts = Vec::with_capacity(cells.len() * 2);
    for piece in pieces(cells) {
        if !parts.is_empty() {
            parts.push(Part::Inserted("；"));
        }
        match piece {
            Piece::Pair(label, value) => {
                let has_mark =
                    cells.get(label).is_some_and(|cell| cell.text.ends_with(['：', ':']));
                let mark = if has_mark { "" } else { "：" };
                parts.extend([Part::Cell(label), Part::Inserted(mark), Part::Cell(value)]);
            }
            Piece::Alone(at) => parts.push(Part::Cell(at)),
        }
    }
    parts
}
