//! A scanned query cut into items, fields and operators.
//!
//! Everything that looks like syntax and is none becomes literal text here, with a note; `parse` puts the rest together.

use super::FieldValues;
use super::fields::{Field, Prefix, clause, field_prefix};
use super::scan::{Mark, Quote, Scan, is_close_bracket, is_open_bracket};
use crate::search::ast::{FieldClause, Item, is_minus};
use crate::search::request::SearchNote;
use crate::text::fold::fold_char;
use crate::text::tokens::is_token;

/// A piece of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Lexeme {
    Item(Item),
    Field(FieldClause),
    /// Excludes what follows.
    Minus,
    Open,
    Close,
    /// `|` between two items.
    Or,
    /// `~5` between two items, with its text for where there are none.
    Near {
        distance: usize,
        text: String,
    },
}

/// Cuts a scanned query; adds to `notes` what was taken as plain text.
pub(super) fn lex(
    scan: &Scan,
    values: &dyn FieldValues,
    notes: &mut Vec<SearchNote>,
) -> Vec<Lexeme> {
    let mut lexer = Lexer { scan, values, notes, found: Vec::new(), groups: Vec::new() };
    let mut at = 0;
    while at < scan.chars.len() {
        at = lexer.step(at);
    }
    lexer.found
}

/// Whether a character as typed makes a token: what has none can not be searched.
pub(super) fn is_searchable(c: char) -> bool {
    is_token(fold_char(c))
}

struct Lexer<'a> {
    scan: &'a Scan,
    values: &'a dyn FieldValues,
    notes: &'a mut Vec<SearchNote>,
    found: Vec<Lexeme>,
    /// For each group around: the field that its items are values of.
    groups: Vec<Option<Field>>,
}

impl Lexer<'_> {
    /// Takes what stands at `at` and gives the place after it.
    fn step(&mut self, at: usize) -> usize {
        let Some(&c) = self.scan.chars.get(at) else { return self.scan.chars.len() };
        if c.is_whitespace() {
            return at + 1;
        }
        match self.scan.marks[at] {
            Mark::Open => self.open(self.field_around(), at + 1),
            Mark::Close => {
                self.groups.pop();
                self.operator(Lexeme::Close, at + 1)
            }
            Mark::Quote(quote) => self.quoted(at, quote),
            Mark::Plain if is_minus(c) && self.has_value(at + 1) => self.excluded(at + 1),
            Mark::Plain => match field_prefix(&self.scan.chars, at) {
                Some(prefix) => self.field(at, prefix),
                None => self.run(at),
            },
        }
    }

    fn open(&mut self, field: Option<Field>, next: usize) -> usize {
        self.groups.push(field);
        self.operator(Lexeme::Open, next)
    }

    /// The field that an item here is a value of: `标题:(报告 | 通知)`.
    fn field_around(&self) -> Option<Field> {
        self.groups.last().copied().flatten()
    }

    fn operator(&mut self, lexeme: Lexeme, next: usize) -> usize {
        self.found.push(lexeme);
        next
    }

    /// Whether something that can be excluded starts at `at`.
    fn has_value(&self, at: usize) -> bool {
        match self.scan.marks.get(at) {
            None | Some(Mark::Close) => false,
            Some(Mark::Open | Mark::Quote(_)) => true,
            Some(Mark::Plain) => {
                let run = self.chars(at, self.run_end(at));
                run.first().is_some_and(|&c| !is_minus(c)) && run.iter().any(|&c| is_searchable(c))
            }
        }
    }

    /// A minus and the value at `at`; the minus goes with a value that comes to nothing.
    fn excluded(&mut self, at: usize) -> usize {
        let minus = self.found.len();
        self.found.push(Lexeme::Minus);
        let next = self.step(at);
        let text = self.text(at, next);
        match self.found.get_mut(minus + 1) {
            None => self.found.truncate(minus),
            // After a minus an operator is text: `-|` excludes the sign.
            Some(value @ (Lexeme::Or | Lexeme::Near { .. })) => {
                *value = Lexeme::Item(Item::quoted(text));
            }
            Some(_) => {}
        }
        next
    }

    /// Quoted text that opens at `open`.
    fn quoted(&mut self, open: usize, quote: Quote) -> usize {
        if quote.glued {
            let end = self.run_end(quote.close + 1);
            self.literal(self.text(open, end), None);
            return end;
        }
        let text = self.unquote(open, quote);
        if !quote.closed {
            self.note(&text, "unbalanced");
        }
        self.literal(text, None);
        quote.close + usize::from(quote.closed)
    }

    /// The text between quotes; doubled straight quotes in it are one.
    fn unquote(&self, open: usize, quote: Quote) -> String {
        let text = self.text(open + 1, quote.close);
        match self.scan.chars.get(open) {
            Some('"') => text.replace("\"\"", "\""),
            Some('＂') => text.replace("＂＂", "＂"),
            _ => text,
        }
    }

    /// A `name:` at `at` with the value directly after it.
    fn field(&mut self, at: usize, prefix: Prefix) -> usize {
        let (value, end) = match self.scan.marks.get(prefix.value) {
            Some(Mark::Open) => return self.open(prefix.field, prefix.value + 1),
            Some(&Mark::Quote(quote)) if quote.glued => {
                let end = self.run_end(quote.close + 1);
                (Item::quoted(self.text(prefix.value, end)), end)
            }
            Some(&Mark::Quote(quote)) => {
                let text = self.unquote(prefix.value, quote);
                if !quote.closed {
                    self.note(&text, "unbalanced");
                }
                (Item::quoted(text), quote.close + usize::from(quote.closed))
            }
            _ => {
                let end = self.run_end(prefix.value);
                (self.bare(prefix.value, end), end)
            }
        };
        let text = self.text(at, end);
        match prefix.field {
            Some(field) => self.value(field, &value, text),
            None => self.literal(text, Some("unknown-field")),
        }
        end
    }

    /// A value of a field; where the field has no such value it is literal text, as typed.
    fn value(&mut self, field: Field, value: &Item, text: String) {
        let is_region = matches!(field, Field::Region | Field::Mention);
        let searchable = value.text.chars().any(is_searchable);
        let clause = clause(field, value, self.values).filter(|_| searchable);
        let Some(clause) = clause else {
            let reason = match value.text.as_str() {
                "" => "no-value",
                name if is_region && self.values.is_region_of_several(name) => "ambiguous-value",
                _ => "unknown-value",
            };
            return self.literal(text, Some(reason));
        };
        if let FieldClause::Region(path) | FieldClause::Mention(path) = &clause
            && self.values.is_part_of_region(&value.text)
        {
            let (name, path) = (value.text.clone(), path.to_string());
            self.notes.push(SearchNote::PartOf { name, path });
        }
        self.found.push(Lexeme::Field(clause));
    }

    /// Text without quotes from `at` to the next white space.
    fn run(&mut self, at: usize) -> usize {
        let end = self.run_end(at);
        let text = self.text(at, end);
        if matches!(text.as_str(), "|" | "｜") {
            self.found.push(Lexeme::Or);
        } else if let Some(distance) = near_distance(&text) {
            self.found.push(Lexeme::Near { distance, text });
        } else {
            let item = self.bare(at, end);
            let edges = [item.text.chars().next(), item.text.chars().next_back()];
            let bracket =
                edges.iter().flatten().any(|&c| is_open_bracket(c) || is_close_bracket(c));
            if item.quoted && bracket {
                self.literal(text, Some("unbalanced"));
            } else if !item.text.chars().any(is_searchable) {
                self.note(&text, "empty");
            } else {
                self.item(item);
            }
        }
        end
    }

    /// Adds an item, which may be a value of the field of its group.
    fn item(&mut self, item: Item) {
        match self.field_around() {
            Some(field) => self.value(field, &item, item.text.clone()),
            None => self.found.push(Lexeme::Item(item)),
        }
    }

    /// The item typed from `at` to `end` without quotes. Where its brackets could be read otherwise in another place
    /// (`(a`, `b)`, or a pair too deep to group) it is literal text.
    fn bare(&self, at: usize, end: usize) -> Item {
        let chars = self.chars(at, end);
        let grouped = chars.first().is_some_and(|&c| is_open_bracket(c))
            && chars.last().is_some_and(|&c| is_close_bracket(c));
        if grouped || !brackets_pair(chars) {
            return Item::quoted(self.text(at, end));
        }
        Item::plain(self.text(at, end).replace('＊', "*"))
    }

    /// Adds literal text; with a reason it was meant otherwise. Text without tokens is left out.
    fn literal(&mut self, text: String, reason: Option<&'static str>) {
        let searchable = text.chars().any(is_searchable);
        match reason {
            Some(reason) => {
                self.note(&text, reason);
                if searchable {
                    self.found.push(Lexeme::Item(Item::quoted(text)));
                }
            }
            None if searchable => self.item(Item::quoted(text)),
            None => self.note(&text, "empty"),
        }
    }

    fn note(&mut self, text: &str, reason: &'static str) {
        self.notes.push(SearchNote::PlainText { text: text.to_owned(), reason });
    }

    /// Where text that starts at `from` ends: at white space, or at a bracket or quote that is syntax.
    fn run_end(&self, from: usize) -> usize {
        let chars = self.scan.chars.get(from..).unwrap_or_default();
        let marks = self.scan.marks.get(from..).unwrap_or_default();
        let is_text = |(c, mark): &(&char, &Mark)| !c.is_whitespace() && **mark == Mark::Plain;
        from + chars.iter().zip(marks).take_while(is_text).count()
    }

    fn chars(&self, from: usize, to: usize) -> &[char] {
        self.scan.chars.get(from..to).unwrap_or_default()
    }

    fn text(&self, from: usize, to: usize) -> String {
        self.chars(from, to).iter().collect()
    }
}

/// The distance of `~5`; four digits at most, no text is longer than that between two words one means.
fn near_distance(text: &str) -> Option<usize> {
    let digits = text.strip_prefix(['~', '～', '〜'])?;
    let count = digits.chars().count();
    (1..=4).contains(&count).then_some(())?;
    digits.chars().try_fold(0, |sum, c| {
        let digit = match c {
            '０'..='９' => u32::from(c) - u32::from('０'),
            c => c.to_digit(10)?,
        };
        Some(sum * 10 + usize::try_from(digit).ok()?)
    })
}

/// Whether every bracket of a text has its partner in it.
fn brackets_pair(chars: &[char]) -> bool {
    let mut open = 0_usize;
    for &c in chars {
        if is_open_bracket(c) {
            open += 1;
        } else if is_close_bracket(c) {
            match open.checked_sub(1) {
                Some(rest) => open = rest,
                None => return false,
            }
        }
    }
    open == 0
}
