//! First look at a query: which quotes and brackets are syntax, and where each ends.
//!
//! They count only with white space or the query's edge outside them, so this must be known before anything is cut.
//! One pass over the characters with a stack of open brackets; `lex` cuts by what is found here.

use super::fields::field_prefix;
use crate::search::ast::is_minus;

/// What a character is to the syntax.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// Text, white space or an operator: looked at by `lex`.
    Plain,
    /// Opens a group.
    Open,
    /// Closes a group.
    Close,
    /// Opens quoted text.
    Quote(Quote),
}

/// Where quoted text ends, and what follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Quote {
    /// Place of the closing quote, or the length of the query.
    pub(super) close: usize,
    /// Whether there is a closing quote.
    pub(super) closed: bool,
    /// Whether text follows the closing quote directly: then the quotes are part of a text, as in `“一肩挑”改革`.
    pub(super) glued: bool,
}

/// A query with its syntax marked, one mark a character.
pub(super) struct Scan {
    pub(super) chars: Vec<char>,
    pub(super) marks: Vec<Mark>,
}

/// Most brackets in each other; deeper ones are text. It bounds the recursion of the parser and of all who walk trees.
pub(super) const DEPTH_MAX: usize = 64;

/// Marks the quotes and brackets of a query.
pub(super) fn scan(query: &str) -> Scan {
    let chars: Vec<char> = query.chars().collect();
    let mut scanner = Scanner {
        marks: vec![Mark::Plain; chars.len()],
        free_after: free_after(&chars),
        missing: Vec::new(),
        chars,
    };
    scanner.run();
    Scan { chars: scanner.chars, marks: scanner.marks }
}

pub(super) fn is_open_bracket(c: char) -> bool {
    matches!(c, '(' | '（')
}

pub(super) fn is_close_bracket(c: char) -> bool {
    matches!(c, ')' | '）')
}

/// For each place, whether only closing brackets stand between it and the next white space or the end.
///
/// Made from the back, so that a run of brackets costs one step each.
fn free_after(chars: &[char]) -> Vec<bool> {
    let mut free = vec![true; chars.len()];
    for at in (0..chars.len().saturating_sub(1)).rev() {
        let next = chars[at + 1];
        free[at] = next.is_whitespace() || (is_close_bracket(next) && free[at + 1]);
    }
    free
}

/// The quotes that end text after an opening quote: its own, then those that mixed keyboards give instead.
fn closing_quotes(open: char) -> Option<[char; 4]> {
    Some(match open {
        '"' => ['"', '”', '＂', '“'],
        '＂' => ['＂', '"', '”', '“'],
        // A Chinese keyboard that lost count opens with ”.
        '“' | '”' => ['”', '"', '＂', '“'],
        '「' => ['」', '』', '」', '』'],
        '『' => ['』', '」', '』', '」'],
        _ => return None,
    })
}

/// A bracket that waits for its partner.
struct OpenBracket {
    at: usize,
    /// Whether it stands where an item may start, so that it can open a group.
    at_start: bool,
}

struct Scanner {
    chars: Vec<char>,
    marks: Vec<Mark>,
    free_after: Vec<bool>,
    /// Closing quotes that do not come any more.
    missing: Vec<char>,
}

impl Scanner {
    fn run(&mut self) {
        let mut open: Vec<OpenBracket> = Vec::new();
        let mut depth = 0;
        // Whether an item may start here: after white space, the edge, a bracket or a minus that may open one.
        let mut at_start = true;
        let mut at = 0;
        while let Some(&c) = self.chars.get(at) {
            let mut next = at + 1;
            if c.is_whitespace() {
                at_start = true;
            } else if at_start && closing_quotes(c).is_some() {
                let quote = self.quote(at, c);
                self.marks[at] = Mark::Quote(quote);
                next = quote.close + usize::from(quote.closed);
                at_start = !quote.glued;
            } else if is_open_bracket(c) {
                let may_group = at_start && depth < DEPTH_MAX;
                depth += usize::from(may_group);
                open.push(OpenBracket { at, at_start: may_group });
            } else if is_close_bracket(c) {
                if let Some(partner) = open.pop().filter(|partner| partner.at_start) {
                    depth -= 1;
                    if self.free_after[at] {
                        self.marks[partner.at] = Mark::Open;
                        self.marks[at] = Mark::Close;
                    }
                }
                at_start = false;
            } else if at_start && is_minus(c) {
                at_start = self.chars.get(at + 1).is_some_and(|&c| !is_minus(c));
            } else if at_start && let Some(prefix) = field_prefix(&self.chars, at) {
                next = prefix.value;
                at_start = self.chars.get(next).is_some_and(|&c| {
                    closing_quotes(c).is_some() || prefix.field.is_some() && is_open_bracket(c)
                });
            } else {
                at_start = false;
            }
            at = next;
        }
    }

    /// The quoted text that opens at `open`.
    fn quote(&mut self, open: usize, sign: char) -> Quote {
        let closers = closing_quotes(sign).unwrap_or([sign; 4]);
        let Some(close) = closers.iter().find_map(|&closer| self.find_close(open + 1, closer))
        else {
            return Quote { close: self.chars.len(), closed: false, glued: false };
        };
        // An opening quote may follow directly: “一肩挑”“网格化” are two items.
        let opens = self.chars.get(close + 1).is_some_and(|&c| closing_quotes(c).is_some());
        Quote { close, closed: true, glued: !self.free_after[close] && !opens }
    }

    /// The first `closer` from `from` that is not doubled; only straight quotes are written twice for one.
    fn find_close(&mut self, from: usize, closer: char) -> Option<usize> {
        let doubles = matches!(closer, '"' | '＂');
        let mut at = from;
        loop {
            let rest = self.chars.get(at..)?;
            if !doubles && rest.first() == Some(&closer) {
                return Some(at);
            }
            let run = rest.iter().take_while(|&&c| c == closer).count();
            if run % 2 == 1 {
                return Some(at + run - 1);
            }
            // From here on whole runs are ahead, as they were for an earlier search that found none: without this
            // memory a text of opening quotes would be searched to its end for each.
            if self.missing.contains(&closer) {
                return None;
            }
            at += run;
            match rest.iter().skip(run).position(|&c| c == closer) {
                Some(offset) => at += offset,
                None => {
                    self.missing.push(closer);
                    return None;
                }
            }
        }
    }
}
