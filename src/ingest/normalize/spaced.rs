//! Spaces that a program which reads pictures put between all characters: `关 于 春 灌` becomes `关于春灌`.
//!
//! Only a long run of single characters is closed up: words, names and cells of tables that are parted by spaces have two
//! characters or are few.

use crate::text::tokens::is_han;
use crate::text::{OffsetMap, OffsetMapBuilder};
use std::borrow::Cow;

/// Shorter runs may be the days of a week or the cells of a row.
const HAN_MIN: usize = 8;

/// Takes the spaces out of long runs of single characters.
///
/// Units: the map counts bytes of UTF-8, from the result to `text`.
/// Errors: none; text without such runs is returned borrowed.
pub fn close_up(text: &str) -> (Cow<'_, str>, OffsetMap) {
    let mut spaces = memchr::memchr_iter(b' ', text.as_bytes());
    if spaces.nth(HAN_MIN - 2).is_none() {
        return (Cow::Borrowed(text), OffsetMap::identity(text.len()));
    }
    let mut closed = String::new();
    let mut map = OffsetMapBuilder::default();
    let mut done = 0;
    for at in spaces_in_runs(text) {
        let before = text.get(done..at).unwrap_or_default();
        closed.push_str(before);
        map.copy(before.len());
        map.replace(0, 1);
        done = at + 1;
    }
    if done == 0 {
        return (Cow::Borrowed(text), OffsetMap::identity(text.len()));
    }
    closed.push_str(text.get(done..).unwrap_or_default());
    map.copy(text.len() - done);
    (Cow::Owned(closed), map.finish())
}

/// Where the spaces stand that go.
fn spaces_in_runs(text: &str) -> Vec<usize> {
    let mut found = Vec::new();
    let mut chars = text.char_indices().peekable();
    // The character before, unless it is one that may stand beside a run.
    let mut attached = false;
    while let Some((_, c)) = chars.next() {
        if attached || !is_single(c) {
            attached = is_word(c);
            continue;
        }
        // A run from here on: single characters, each with one space behind it.
        let (mut run, mut han, mut others) =
            (Vec::new(), usize::from(is_han(c)), usize::from(!is_han(c)));
        let mut last = c;
        while let Some(&(at, ' ')) = chars.peek() {
            let mut ahead = chars.clone();
            ahead.next();
            let Some((_, next)) = ahead.next().filter(|&(_, next)| is_single(next)) else { break };
            // A word of several characters ends the run before it.
            if is_word(next) && ahead.peek().is_some_and(|&(_, after)| is_word(after)) {
                break;
            }
            run.push(at);
            if is_han(next) {
                han += 1;
            } else {
                others += 1;
            }
            (chars, last) = (ahead, next);
        }
        attached = is_word(last);
        if han >= HAN_MIN && han > others {
            found.append(&mut run);
        }
    }
    found
}

/// Whether a character may stand alone in such a run: Han, digits, marks of sentences.
fn is_single(c: char) -> bool {
    is_word(c) || "，。、；：！？“”‘’《》（）〔〕—".contains(c)
}

fn is_word(c: char) -> bool {
    is_han(c) || c.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(input: &str, expected: &str) {
        let (text, map) = close_up(input);
        assert_eq!(text, expected);
        map.assert_sound(input, &text);
    }

    #[test]
    fn spaces_between_all_characters_go() {
        check("关 于 做 好 春 灌 工 作 的 通 知\n各村：", "关于做好春灌工作的通知\n各村：");
        check(
            "山脚村 种 了 三 百 棵 柳 树 ， 修 了 渠，很好。",
            "山脚村 种了三百棵柳树，修了渠，很好。",
        );
        check("2 0 2 4 年 村 里 修 好 了 水 渠 。", "2024年村里修好了水渠。");
    }
    #[test]
    fn words_and_cells_that_are_parted_stay() {
        for text in [
            "种树 修渠 办学 养蜂 护林 治沙 修路 架桥",
            "日 一 二 三 四 五 六",
            "甲 乙 丙 丁 戊 己 庚",
            "1 2 3 4 5 6 7 8 9 10",
            "通 知\n各 村 ：\n",
            "甲  乙  丙  丁  戊  己  庚  辛  壬",
        ] {
            check(text, text);
        }
    }
}
