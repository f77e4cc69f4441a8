//! Extracted text made clean, character by character; which lines make a paragraph is decided later.
//!
//! Order: leftover page markup, invisible characters and line ends, shifted bytes, radicals, width, NFC, spaces between
//! all characters, pinyin glosses. Each rule is
//! one file and returns the text with an [`OffsetMap`]; the maps compose. `rejoin` works on lines and is called by
//! `clean`. The script stays as it is: Simplified text is made where rules or fields need it.

pub mod cuts;
pub mod gloss;
pub mod invisible;
pub mod markup;
pub mod radicals;
pub mod rejoin;
pub mod shifted;
pub mod spaced;
pub mod titles;
pub mod width;

use crate::ingest::Layout;
use crate::ingest::normalize::markup::Markup;
use crate::model::Note;
use crate::text::OffsetMap;
use std::borrow::Cow;

/// What a rule must know of the whole document, so that a part of it is cleaned as it was in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Context {
    /// What becomes of the tags that the text holds.
    pub markup: Markup,
    /// Full of pinyin glosses, so that doubtful ones go too.
    pub glossed: bool,
}

/// Cleaned text with the way back.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Normalized {
    /// The text, lines ended by `\n`.
    pub text: String,
    /// Leads from `text` to the text it was made from, in bytes.
    pub map: OffsetMap,
    /// What the rules saw in the whole.
    pub context: Context,
    /// Repaired or doubtful things, counted over the whole.
    pub notes: Vec<Note>,
}

/// About how much of a text is looked at at once, in bytes, to see whether it is full of glosses.
const WINDOW_BYTES: usize = 512 << 10;

/// What the rules must know of the whole document; `is_table` says whether nearly all of it is rows of tables.
pub fn context(text: &str, layout: Layout, is_table: bool) -> Context {
    let markup = match layout {
        Layout::Lines if markup::has_markup(text) => Markup::Lines,
        Layout::Blocks if is_table && markup::has_markup(text) => Markup::Rows,
        Layout::Blocks if !is_table && markup::has_paragraph_tags(text) => Markup::Lines,
        Layout::Lines | Layout::Blocks => Markup::None,
    };
    let mut readings = 0;
    let mut rest = text;
    while !rest.is_empty() && readings < gloss::GLOSSED_FROM {
        let (window, after) = rest.split_at(window_end(rest));
        rest = after;
        if window.contains([')', '）'])
            && (markup != Markup::None || gloss::may_hold_glosses(window))
        {
            let mut work = Work::new(window);
            work.apply_plain_rules(markup);
            readings += gloss::count_readings(&work.text);
        }
    }
    Context { markup, glossed: readings >= gloss::GLOSSED_FROM }
}

/// The end of a line about so far from the start, the end of the text, or any place between two characters.
fn window_end(text: &str) -> usize {
    if text.len() <= WINDOW_BYTES {
        return text.len();
    }
    let end = boundary_before(text, WINDOW_BYTES);
    let head = text.get(..end).unwrap_or_default();
    head.rfind('\n').map_or(end, |at| at + 1)
}

/// The last place between two characters that is not behind `at`, in bytes.
pub(crate) fn boundary_before(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

/// Cleans a whole document.
pub fn normalize(text: &str, layout: Layout) -> Normalized {
    normalize_in(text, context(text, layout, false))
}

/// Cleans a document, or a section of one, whose context is known.
pub fn normalize_in(text: &str, context: Context) -> Normalized {
    let glossed = context.glossed;
    let mut work = Work::new(text);
    let is_settled = work.apply_plain_rules(context.markup);
    work.apply(spaced::close_up);
    let with_glosses = work.text.len();
    work.apply(|text| gloss::strip_glosses(text, glossed));

    let mut notes = Vec::new();
    // What they count is nothing in settled text.
    let odd = if is_settled && context.markup == Markup::None { "" } else { text };
    let private_use = odd.chars().filter(|&c| invisible::is_private_use(c)).count();
    if private_use > 0 {
        notes.push(Note::new("private-use", private_use.to_string()));
    }
    if work.text.len() < with_glosses {
        notes.push(Note::new("glosses", if glossed { "throughout" } else { "single" }));
    }
    let shifted_runs = shifted::count_runs(odd);
    if shifted_runs > 0 {
        notes.push(Note::new("repaired", shifted_runs.to_string()));
    }
    Normalized { text: work.text.into_owned(), map: work.map, context, notes }
}

/// Cleans a part of a document whose context is known.
pub fn normalize_part(text: &str, context: Context) -> (String, OffsetMap) {
    let mut work = Work::new(text);
    work.apply_plain_rules(context.markup);
    work.apply(spaced::close_up);
    work.apply(|text| gloss::strip_glosses(text, context.glossed));
    (work.text.into_owned(), work.map)
}

/// Text on its way through the rules.
struct Work<'a> {
    text: Cow<'a, str>,
    map: OffsetMap,
}

impl<'a> Work<'a> {
    fn new(text: &'a str) -> Self {
        Self { text: Cow::Borrowed(text), map: OffsetMap::identity(text.len()) }
    }

    /// All rules before glosses; says whether there was nothing for them to do, markup aside.
    fn apply_plain_rules(&mut self, markup: Markup) -> bool {
        if markup != Markup::None {
            self.apply(|text| markup::strip_markup(text, markup));
        }
        let needs = Needs::of(&self.text);
        if needs.plain {
            self.apply(invisible::make_plain);
        }
        // Before all rules that change a character's bytes in GBK.
        if needs.shifted {
            self.apply(shifted::realign);
        }
        if needs.radicals {
            self.apply(radicals::unify_radicals);
        }
        // Composition comes last: a narrowed letter may take the accent behind it.
        if needs.narrow {
            self.apply(width::narrow);
        }
        if needs.compose {
            self.apply(radicals::compose);
        }
        needs == Needs::default()
    }

    /// Runs one rule; a rule that changed nothing returns its input borrowed and costs no map.
    fn apply(&mut self, rule: impl for<'t> Fn(&'t str) -> (Cow<'t, str>, OffsetMap)) {
        let (text, map) = match rule(&self.text) {
            (Cow::Borrowed(_), _) => return,
            (Cow::Owned(text), map) => (text, map),
        };
        self.text = Cow::Owned(text);
        self.map = self.map.then(&map);
    }
}

/// Which of the plain rules may have something to do in a text; none makes work for another (a test looks).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Needs {
    plain: bool,
    shifted: bool,
    radicals: bool,
    narrow: bool,
    compose: bool,
}

impl Needs {
    fn of(text: &str) -> Self {
        let mut needs = Self::default();
        for c in text.chars().filter(|c| !is_settled(*c)) {
            needs.plain |= !invisible::is_plain(c);
            needs.shifted |= c == '?';
            needs.radicals |= radicals::is_radical(c);
            needs.narrow |= width::is_wide(c);
            needs.compose |= !radicals::is_usual(c);
        }
        needs
    }
}

/// The characters of which no plain rule changes any, whatever stands beside it (a test looks). Nearly all texts have
/// no others, so all rules together need to look at them once.
fn is_settled(c: char) -> bool {
    matches!(c,
        '\u{3400}'..='\u{9fff}' | '\t' | '\n' | ' '..='>' | '@'..='~' | '\u{2010}'..='\u{2027}' | '\u{3000}'..='\u{3029}'
        | '\u{ff01}'..='\u{ff04}' | '\u{ff06}'..='\u{ff0d}' | '\u{ff1a}'..='\u{ff20}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Text made of the troubles the rules are for.
    fn damaged_text() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            "[网格化管理社区，。：“”]{1,4}",
            Just("網(wǎng)".to_owned()),
            Just("(wǎng)".to_owned()),
            Just("(wang)".to_owned()),
            Just("(ù)".to_owned()),
            Just("wa\u{30c}ng".to_owned()),
            Just("\r\n".to_owned()),
            Just("\u{200b}".to_owned()),
            Just("⺠⼈\u{f9e9}".to_owned()),
            Just("１．５％Ａ".to_owned()),
            "[()（） \u{a0}\u{3000}\r\u{301}\u{30c}aYē1\u{e000}]{1,3}",
            Just("?;鶎狱h".to_owned()),
            any::<char>().prop_map(String::from),
        ];
        prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn normalizing_twice_equals_once(text in damaged_text()) {
            let once = normalize(&text, Layout::Blocks);
            // A line end of one byte that became another of one byte counts as copied.
            once.map.assert_sound(&text.replace(['\r', '\u{b}', '\u{c}'], "\n"), &once.text);
            prop_assert_eq!(&normalize_part(&once.text, once.context).0, &once.text);
            prop_assert_eq!(&normalize(&once.text, Layout::Blocks).text, &once.text);
        }

        #[test]
        fn a_rule_that_is_left_out_has_nothing_to_do(text in damaged_text()) {
            let mut all = Work::new(&text);
            all.apply(invisible::make_plain);
            all.apply(shifted::realign);
            all.apply(radicals::unify_radicals);
            all.apply(width::narrow);
            all.apply(radicals::compose);
            let mut needed = Work::new(&text);
            needed.apply_plain_rules(Markup::None);
            prop_assert_eq!((all.text, all.map), (needed.text, needed.map));
        }

        #[test]
        fn a_text_that_can_hold_no_gloss_holds_none_when_it_is_plain(text in damaged_text()) {
            let mut work = Work::new(&text);
            work.apply_plain_rules(Markup::None);
            let readings = gloss::count_readings(&work.text);
            prop_assert!(readings == 0 || gloss::may_hold_glosses(&text), "{}", work.text);
            let (stripped, _) = gloss::strip_glosses(&work.text, true);
            prop_assert!(stripped.len() == work.text.len() || gloss::may_hold_glosses(&text));
        }

        #[test]
        fn a_map_is_sound_with_markup_too(text in damaged_text()) {
            let text = format!("<p>{text}<br>&nbsp;</p>");
            let once = normalize(&text, Layout::Lines);
            // A line end of one byte that became another of one byte counts as copied.
            once.map.assert_sound(&text.replace(['\r', '\u{b}', '\u{c}'], "\n"), &once.text);
        }
    }

    #[test]
    fn settled_text_is_left_by_every_plain_rule() {
        let settled: String = ('\0'..=char::MAX).filter(|c| is_settled(*c)).collect();
        let backwards: String = settled.chars().rev().collect();
        for text in [settled, backwards] {
            for rule in [
                invisible::make_plain,
                shifted::realign,
                radicals::unify_radicals,
                width::narrow,
                radicals::compose,
            ] {
                assert!(matches!(rule(&text).0, Cow::Borrowed(_)));
            }
        }
        // What a rule looks for beside others is not among them.
        assert!(!['?', '．', '\u{301}', '\r'].into_iter().any(is_settled));
    }

    #[test]
    fn the_steps_compose() {
        let done =
            normalize("\u{feff}新時(shi\u{301})代⺠\u{a0}２０２３\u{e000}\r\n", Layout::Lines);
        assert_eq!(done.text, "新時代民 2023\u{fffd}\n");
        let codes: Vec<&str> = done.notes.iter().map(|note| note.code.as_str()).collect();
        assert_eq!(codes, ["private-use", "glosses"]);
    }
}
