//! Buttons that stand behind the last sentence, in the same line: parted from it, so that only they are left out.

use crate::ingest::page::Line;
use std::borrow::Cow;

/// The buttons as pages write them. All are also known alone in a line.
const TRAILS: [&str; 8] = [
    BUTTON_BEHIND_TITLE,
    "返回搜狐，查看更多",
    "返回搜狐,查看更多",
    "展开全文c",
    "展开全文",
    "收起全文",
    "点击进入专题",
    "举报/反馈",
];
/// What stands behind the titles of threads.
const BUTTON_BEHIND_TITLE: &str = "[复制链接]";
/// What a sentence ends with, where a button may begin.
const ENDS: [char; 8] = ['。', '！', '？', '”', '…', '）', '】', '」'];

/// Parts a button behind the text of a line from it.
pub fn part_trails(lines: &mut Vec<Line<'_>>, simplify: &dyn Fn(&str) -> Cow<'_, str>) {
    if !lines.iter().any(|line| trail(line).is_some()) {
        return;
    }
    for line in std::mem::take(lines) {
        let parts = trail(&line).and_then(|at| {
            line.part(0..at, simplify).zip(line.part(at..line.text.len(), simplify))
        });
        match parts {
            Some((text, button)) => lines.extend([text, button]),
            None => lines.push(line),
        }
    }
}

/// Where the button begins that a line ends with.
///
/// Units: bytes of [`Line::text`].
fn trail(line: &Line<'_>) -> Option<usize> {
    if !line.is_kept() || line.level.is_some() {
        return None;
    }
    let (trail, text) =
        TRAILS.iter().find_map(|&trail| Some((trail, line.text.strip_suffix(trail)?)))?;
    let is_behind = trail == BUTTON_BEHIND_TITLE || text.trim_end().ends_with(ENDS);
    is_behind.then_some(text.len())
}
