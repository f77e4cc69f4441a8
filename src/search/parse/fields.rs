//! The fields a query may ask: their names in both languages, and how a `name:` is recognised.

use super::FieldValues;
use super::dates::date_range;
use super::scan::is_close_bracket;
use crate::search::ast::{FieldClause, Item};
use crate::text::script::to_simplified;

/// A field of the query language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Region,
    Measure,
    Mention,
    Title,
    Source,
    Date,
}

/// Every name of every field; English ones in any case, Chinese ones in either script.
const NAMES: [(&str, Field); 12] = [
    ("region", Field::Region),
    ("地区", Field::Region),
    ("measure", Field::Measure),
    ("举措", Field::Measure),
    ("mention", Field::Mention),
    ("提及", Field::Mention),
    ("title", Field::Title),
    ("标题", Field::Title),
    ("source", Field::Source),
    ("来源", Field::Source),
    ("date", Field::Date),
    ("日期", Field::Date),
];

/// A `name:` at the start of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Prefix {
    /// The field, `None` for a name that is none of ours.
    pub(super) field: Option<Field>,
    /// Where the value starts.
    pub(super) value: usize,
}

/// The `name:` that starts at `at`.
///
/// A name we do not know counts only when it can hardly be text: two or more ASCII letters and a value. So `author:张` is taken
/// for a mistaken field and noted, while `香格里拉市:抓实`, `10:30`, `C:` and `http://` are plain text.
pub(super) fn field_prefix(chars: &[char], at: usize) -> Option<Prefix> {
    let rest = chars.get(at..)?;
    let colon = rest.iter().take(NAME_CHARS_MAX + 1).position(|&c| is_colon(c))?;
    let name: String = rest.get(..colon)?.iter().collect();
    let simplified = to_simplified(&name);
    let known = NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(&simplified));
    let field = known.map(|&(_, field)| field);
    let like_a_field = colon >= 2
        && name.bytes().all(|byte| byte.is_ascii_alphabetic())
        && rest
            .get(colon + 1)
            .is_some_and(|&c| c != '/' && !c.is_whitespace() && !is_close_bracket(c));
    (field.is_some() || like_a_field).then_some(Prefix { field, value: at + colon + 1 })
}

/// Longest name looked for.
const NAME_CHARS_MAX: usize = 16;

fn is_colon(c: char) -> bool {
    matches!(c, ':' | '：')
}

/// The clause of a field with this value; `None` where the field has no such value.
pub(super) fn clause(field: Field, value: &Item, values: &dyn FieldValues) -> Option<FieldClause> {
    match field {
        Field::Region => values.region(&value.text).map(FieldClause::Region),
        Field::Measure => values.measure(&value.text).map(FieldClause::Measure),
        Field::Mention => values.region(&value.text).map(FieldClause::Mention),
        Field::Title => Some(FieldClause::Title(value.clone())),
        Field::Source => Some(FieldClause::Source(value.clone())),
        Field::Date => date_range(&value.text).map(|(from, to)| FieldClause::Date { from, to }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<(Option<Field>, usize)>) {
        let chars: Vec<char> = text.chars().collect();
        let found = field_prefix(&chars, 0).map(|prefix| (prefix.field, prefix.value));
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn fields_answer_to_both_languages_and_any_case() {
        check("region:云南", Some((Some(Field::Region), 7)));
        check("Region：云南", Some((Some(Field::Region), 7)));
        check("举措：网格", Some((Some(Field::Measure), 3)));
        check("提及:云南", Some((Some(Field::Mention), 3)));
        check("地區:雲南", Some((Some(Field::Region), 3)));
        check("舉措:网格", Some((Some(Field::Measure), 3)));
    }

    #[test]
    fn a_name_of_letters_is_a_mistaken_field() {
        check("author:张", Some((None, 7)));
    }

    #[test]
    fn other_colons_are_text() {
        for text in
            ["香格里拉市:抓实", "10:30", "C:x", "http://x", ":x", "地区", "re-gion:x", "note: x"]
        {
            check(text, None);
        }
    }
}
