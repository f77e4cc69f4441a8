//! Literal search in one text: where the tokens of a string stand in the tokens of a text.
//!
//! This plain scan is what a literal hit means; the engine's answers are tested against it, and it finds the places
//! to mark in a hit. [`Needle`] is a literal string, [`Pattern`] one with the wildcards `*` and `?`;
//! both are made once and looked for in many a [`TokenizedText`]. Tokens come from [`crate::text::tokens`].

use crate::model::Span;
use crate::text::fold::fold;
use crate::text::tokens::{Token, TokenKind, Tokens};

/// All places, in characters of `text`, where `needle` stands literally: its folded tokens are a run of the text's,
/// with separators in the same gaps (what separators they are does not matter).
pub fn find_all(text: &str, needle: &str) -> Vec<Span> {
    Needle::new(needle).find_all(&TokenizedText::new(text))
}

/// A text folded and cut once, to be searched many times.
#[derive(Debug, Clone)]
pub struct TokenizedText {
    folded: String,
    tokens: Vec<Placed>,
}

/// A token by its places, so that it can stand beside its text.
#[derive(Debug, Clone, Copy)]
struct Placed {
    byte_start: usize,
    byte_end: usize,
    char_start: usize,
    char_end: usize,
    kind: TokenKind,
    after_separator: bool,
}

impl TokenizedText {
    /// Folds and cuts `text`.
    pub fn new(text: &str) -> Self {
        let folded = fold(text);
        let tokens = Tokens::new(&folded).with_bytes().map(|(byte_start, token)| Placed {
            byte_start,
            byte_end: byte_start + token.text.len(),
            char_start: token.char_start,
            char_end: token.char_end,
            kind: token.kind,
            after_separator: token.after_separator,
        });
        let tokens = tokens.collect();
        Self { folded, tokens }
    }

    /// The whole folded text.
    pub fn folded(&self) -> &str {
        &self.folded
    }

    /// How many tokens it has.
    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Whether it has no token.
    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// The tokens in order.
    pub fn tokens(&self) -> impl ExactSizeIterator<Item = Token<'_>> {
        self.tokens.iter().map(|placed| Token {
            text: self.text_of(placed),
            kind: placed.kind,
            char_start: placed.char_start,
            char_end: placed.char_end,
            after_separator: placed.after_separator,
        })
    }

    fn text_of(&self, placed: &Placed) -> &str {
        self.folded.get(placed.byte_start..placed.byte_end).unwrap_or_default()
    }
}

/// A literal string, trimmed of separators at both ends, to be looked for in many texts.
#[derive(Debug, Clone)]
pub struct Needle {
    tokens: TokenizedText,
}

impl Needle {
    /// Folds and cuts the string.
    pub fn new(needle: &str) -> Self {
        Self { tokens: TokenizedText::new(needle) }
    }

    /// Whether there is nothing to look for: no token at all.
    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// All places in characters of the text, by their start; they overlap where the needle overlaps itself.
    /// An empty needle stands nowhere.
    pub fn find_all(&self, text: &TokenizedText) -> Vec<Span> {
        self.places(text).collect()
    }

    /// Whether it stands anywhere in the text.
    pub fn is_in(&self, text: &TokenizedText) -> bool {
        self.places(text).next().is_some()
    }

    fn places<'a>(&'a self, text: &'a TokenizedText) -> impl Iterator<Item = Span> + 'a {
        // `windows` takes no zero.
        text.tokens
            .windows(self.tokens.len().max(1))
            .filter(|window| self.matches(text, window))
            .filter_map(|window| {
                let (first, last) = (window.first()?, window.last()?);
                Some(Span::new(first.char_start, last.char_end))
            })
    }

    fn matches(&self, text: &TokenizedText, window: &[Placed]) -> bool {
        let gap = |at: usize, placed: &Placed| at > 0 && placed.after_separator;
        !self.is_empty()
            && window.iter().zip(&self.tokens.tokens).enumerate().all(|(at, (placed, wanted))| {
                gap(at, placed) == gap(at, wanted)
                    && text.text_of(placed) == self.tokens.text_of(wanted)
            })
    }
}

/// Whether a string holds a wildcard, so that it is a [`Pattern`] and no [`Needle`].
pub fn has_wildcard(item: &str) -> bool {
    item.contains(WILDCARDS)
}

const WILDCARDS: [char; 2] = ['*', '?'];

/// A literal string in which `*` stands for any characters of one unbroken run, or none, and `?` for exactly one.
///
/// A run is broken by separators, and a wildcard never reaches over them. Inside the pattern a wildcard may divide a
/// number or a word of the text; at its ends only `*` may: `98*` finds 985 and `?85` too, but `98?5` no 98551. A star
/// at an end takes the rest of the number or word it divides, a star inside takes as little as it can.
#[derive(Debug, Clone)]
pub struct Pattern {
    /// Without stars at both ends.
    steps: Vec<Step>,
    open_start: bool,
    open_end: bool,
    literals: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// This folded character.
    Char(char),
    /// A point or comma of the pattern beside a wildcard: the same inside a number, or separators.
    Point(char),
    /// A run of separators.
    Gap,
    /// `?`
    One,
    /// `*`
    Any,
}

/// A text as a pattern sees it: the characters of its tokens, and one unit for each run of separators.
#[derive(Debug, Clone, Copy)]
struct Unit {
    /// `None` for separators.
    character: Option<char>,
    char_start: usize,
    /// Whether a token begins, or separators begin, at this unit.
    is_start: bool,
}

impl Pattern {
    /// Reads a pattern; every string is one.
    pub fn new(pattern: &str) -> Self {
        let mut steps = Vec::new();
        let mut literals = Vec::new();
        for part in parts(pattern) {
            part.add_steps(&mut steps);
            literals.extend(part.literal());
            match part.wildcard {
                Some('*') => steps.push(Step::Any),
                Some(_) => steps.push(Step::One),
                None => {}
            }
        }
        let open_end = trim_end(&mut steps);
        steps.reverse();
        let open_start = trim_end(&mut steps);
        steps.reverse();
        Self { steps, open_start, open_end, literals }
    }

    /// Strings that stand literally, as [`Needle`]s, in every text the pattern is in: its parts between wildcards
    /// without the numbers and words that a wildcard may continue. An index looks for them first.
    pub fn literals(&self) -> &[String] {
        &self.literals
    }

    /// Whether there is nothing to look for: no character and no `?`.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// The places in characters of the text, by their start and without overlaps. An empty pattern stands nowhere.
    pub fn find_all(&self, text: &TokenizedText) -> Vec<Span> {
        let units = units(text);
        let mut found = Vec::new();
        let mut at = 0;
        while at < units.len() {
            let end = if self.is_empty() { None } else { self.match_at(&units, at) };
            match end {
                Some(end) => {
                    found.push(self.span(&units, at, end));
                    at = end;
                }
                None => at += 1,
            }
        }
        found
    }

    /// Whether it stands anywhere in the text.
    pub fn is_in(&self, text: &TokenizedText) -> bool {
        let units = units(text);
        !self.is_empty() && (0..units.len()).any(|at| self.match_at(&units, at).is_some())
    }

    /// The end of the shortest match that begins at unit `start`.
    fn match_at(&self, units: &[Unit], start: usize) -> Option<usize> {
        if !self.open_start && !is_boundary(units, start) {
            return None;
        }
        let (mut step, mut at) = (0, start);
        // Only the last star passed ever needs another try: what stands before it matches as early as it can already.
        let mut retry: Option<(usize, usize)> = None;
        loop {
            let matched = match self.steps.get(step) {
                None if self.open_end || is_boundary(units, at) => return Some(at),
                None => false,
                Some(Step::Any) => {
                    retry = Some((step, at));
                    step += 1;
                    continue;
                }
                Some(step) => units.get(at).is_some_and(|unit| unit_matches(*step, unit)),
            };
            if matched {
                (step, at) = (step + 1, at + 1);
                continue;
            }
            let (star, taken) = retry?;
            units.get(taken)?.character?;
            retry = Some((star, taken + 1));
            (step, at) = (star + 1, taken + 1);
        }
    }

    /// The matched characters, with the rest of a token that a star at an end divides.
    fn span(&self, units: &[Unit], mut start: usize, mut end: usize) -> Span {
        while self.open_start && !is_boundary(units, start) {
            start -= 1;
        }
        while self.open_end && !is_boundary(units, end) {
            end += 1;
        }
        let from = units.get(start).map_or(0, |unit| unit.char_start);
        let to = end
            .checked_sub(1)
            .and_then(|last| units.get(last))
            .map_or(from, |unit| unit.char_start + 1);
        Span::new(from, to)
    }
}

/// Whether a token ends or begins before unit `at`; so it is at both ends of the text.
fn is_boundary(units: &[Unit], at: usize) -> bool {
    units.get(at).is_none_or(|unit| unit.is_start)
}

fn unit_matches(step: Step, unit: &Unit) -> bool {
    match step {
        Step::Char(wanted) => unit.character == Some(wanted),
        Step::Point(wanted) => unit.character.is_none_or(|character| character == wanted),
        Step::Gap => unit.character.is_none(),
        Step::One => unit.character.is_some(),
        Step::Any => false,
    }
}

/// The characters of a text's tokens with a unit for each gap.
fn units(text: &TokenizedText) -> Vec<Unit> {
    let mut units = Vec::with_capacity(text.folded.len() / 2);
    for token in text.tokens() {
        if token.after_separator {
            units.push(Unit {
                character: None,
                char_start: token.char_start.saturating_sub(1),
                is_start: true,
            });
        }
        units.extend(token.text.chars().enumerate().map(|(nth, character)| Unit {
            character: Some(character),
            char_start: token.char_start + nth,
            is_start: nth == 0,
        }));
    }
    units
}

/// Takes what does not narrow a pattern from its end; whether a star was among it.
///
/// A point beside that star stays and must stand in a number: `13.*` does not mean 135.
fn trim_end(steps: &mut Vec<Step>) -> bool {
    let mut is_open = false;
    while let Some(last) = steps.pop() {
        match last {
            Step::Any => is_open = true,
            Step::Gap => {}
            Step::Point(_) if !is_open => {}
            Step::Point(point) => {
                steps.push(Step::Char(point));
                break;
            }
            Step::Char(_) | Step::One => {
                steps.push(last);
                break;
            }
        }
    }
    is_open
}

/// A literal part of a pattern, up to a wildcard or the end.
struct Part {
    text: TokenizedText,
    follows_wildcard: bool,
    wildcard: Option<char>,
}

fn parts(pattern: &str) -> impl Iterator<Item = Part> {
    pattern.split_inclusive(WILDCARDS).enumerate().map(|(nth, part)| Part {
        text: TokenizedText::new(part.strip_suffix(WILDCARDS).unwrap_or(part)),
        follows_wildcard: nth > 0,
        wildcard: part.chars().next_back().filter(|c| WILDCARDS.contains(c)),
    })
}

impl Part {
    /// Adds the steps of its tokens and of the separators around them.
    fn add_steps(&self, steps: &mut Vec<Step>) {
        let tokens = &self.text.tokens;
        let folded = |from: usize, to: usize| self.text.folded.get(from..to).unwrap_or_default();
        let end = self.text.folded.len();
        let Some((first, last)) = tokens.first().zip(tokens.last()) else {
            let may_be_point = self.follows_wildcard && self.wildcard.is_some();
            steps.extend(edge_step(folded(0, end), may_be_point));
            return;
        };
        let is_number = |token: &Placed| token.kind == TokenKind::Number;
        steps.extend(edge_step(
            folded(0, first.byte_start),
            self.follows_wildcard && is_number(first),
        ));
        for token in self.text.tokens() {
            steps.extend(token.after_separator.then_some(Step::Gap));
            steps.extend(token.text.chars().map(Step::Char));
        }
        steps.extend(edge_step(
            folded(last.byte_end, end),
            self.wildcard.is_some() && is_number(last),
        ));
    }

    /// Its text without a number or word at an end where a wildcard is.
    fn literal(&self) -> Option<String> {
        let is_whole = |token: &Placed| matches!(token.kind, TokenKind::Han | TokenKind::Symbol);
        let mut tokens = self.text.tokens.as_slice();
        if self.follows_wildcard && tokens.first().is_some_and(|first| !is_whole(first)) {
            tokens = tokens.get(1..)?;
        }
        if self.wildcard.is_some() && tokens.last().is_some_and(|last| !is_whole(last)) {
            tokens = tokens.get(..tokens.len() - 1)?;
        }
        let (first, last) = (tokens.first()?, tokens.last()?);
        self.text.folded.get(first.byte_start..last.byte_end).map(str::to_owned)
    }
}

/// What separators at the end of a literal part ask for.
fn edge_step(separators: &str, may_be_point: bool) -> Option<Step> {
    match separators {
        "" => None,
        "." if may_be_point => Some(Step::Point('.')),
        "," if may_be_point => Some(Step::Point(',')),
        _ => Some(Step::Gap),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::tokens::tokens;
    use proptest::prelude::*;

    /// Shows the places found as the text with marks.
    #[track_caller]
    fn check(places: &[Span], text: &str, expected: &str) {
        let mut shown = String::new();
        for (at, c) in text.chars().chain([' ']).enumerate() {
            places.iter().filter(|place| place.end() == at).for_each(|_| shown.push(']'));
            places.iter().filter(|place| place.start() == at).for_each(|_| shown.push('['));
            shown.push(c);
        }
        assert_eq!(shown.trim_end_matches(' '), expected);
    }

    #[track_caller]
    fn check_literal(needle: &str, text: &str, expected: &str) {
        check(&find_all(text, needle), text, expected);
    }

    #[track_caller]
    fn check_pattern(pattern: &str, text: &str, expected: &str) {
        let (pattern, tokenized) = (Pattern::new(pattern), TokenizedText::new(text));
        let places = pattern.find_all(&tokenized);
        assert_eq!(pattern.is_in(&tokenized), !places.is_empty());
        check(&places, text, expected);
    }

    #[test]
    fn a_literal_is_found_in_either_script_and_width() {
        check_literal("网格", "網格化，ＷＥＢ网格", "[網格]化，ＷＥＢ[网格]");
        check_literal("web網格", "網格化，ＷＥＢ网格", "網格化，[ＷＥＢ网格]");
    }

    #[test]
    fn any_separators_match_any_others() {
        check_literal("村（社区）两委", "村(社区)“两委”班子", "[村(社区)“两委]”班子");
        check_literal("村社区", "村(社区)", "村(社区)");
        check_literal("村(社区)", "村社区", "村社区");
    }

    #[test]
    fn separators_at_both_ends_of_the_needle_do_not_count() {
        check_literal("“网格”。", "建网格，", "建[网格]，");
        check_literal("。", "建网格。", "建网格。");
        check_literal("", "建网格。", "建网格。");
    }

    #[test]
    fn numbers_and_words_are_found_whole() {
        check_literal("13.5", "13.5万与13.55万", "[13.5]万与13.55万");
        check_literal("5", "13.5万", "13.5万");
        check_literal("vid", "COVID", "COVID");
    }

    #[test]
    fn a_needle_that_overlaps_itself_is_found_at_every_place() {
        assert_eq!(find_all("人人人", "人人"), [Span::new(0, 2), Span::new(1, 3)]);
    }

    #[test]
    fn a_star_takes_any_run() {
        check_pattern(
            "网格*管理",
            "网格化管理，网格管理，网格，管理",
            "[网格化管理]，[网格管理]，网格，管理",
        );
        check_pattern("5*万", "5985万元，5万，6万", "[5985万]元，[5万]，6万");
    }

    #[test]
    fn a_star_at_an_end_takes_the_rest_of_its_token() {
        check_pattern("98*", "5985，985，98", "5985，[985]，[98]");
        check_pattern("*98*", "5985，985，98", "[5985]，[985]，[98]");
        check_pattern("co*", "COVID-19", "[COVID]-19");
        check_pattern("*治", "治理，自治", "[治]理，自[治]");
    }

    #[test]
    fn a_question_mark_takes_exactly_one_character() {
        check_pattern("网?化", "网格化，网化，网络格化", "[网格化]，网化，网络格化");
        check_pattern("201?年", "2019年，201年，20199年", "[2019年]，201年，20199年");
        check_pattern("?85", "985，1985，85", "[985]，1985，85");
    }

    #[test]
    fn a_pattern_may_cross_separators_only_where_it_has_some() {
        check_pattern("村(社*治", "村（社区自治）、村社区自治", "[村（社区自治]）、村社区自治");
        check_pattern("a*(b*c", "ax(bc ab c", "[ax(bc] ab c");
    }

    #[test]
    fn a_point_beside_a_wildcard_may_belong_to_a_number() {
        check_pattern("13.*万", "13.5万，135万，13.5，万", "[13.5万]，135万，13.5，万");
        check_pattern("*.5万", "13.5万，15万，5万", "[13.5万]，15万，5万");
        check_pattern("13.*", "13.5万，135万，13", "[13.5]万，135万，13");
        check_pattern("*.*", "13.5万，135万，x.y", "[13.5]万，135万，x.y");
    }

    #[test]
    fn a_pattern_of_nothing_but_stars_is_empty() {
        for pattern in ["", "*", "**", "。*，"] {
            assert!(Pattern::new(pattern).is_empty(), "{pattern}");
            check_pattern(pattern, "网格1.5", "网格1.5");
        }
    }

    #[test]
    fn a_pattern_names_what_must_stand_literally() {
        let literals = |pattern: &str| Pattern::new(pattern).literals().join("/");
        assert_eq!(literals("網格*管理"), "网格/管理");
        assert_eq!(literals("第98*号 a"), "第/号 a");
        assert_eq!(literals("98*"), "");
        assert_eq!(literals("98 co*vid19年"), "98/19年");
    }

    /// Tries every length of every star.
    fn stands_at(pattern: &Pattern, units: &[Unit], steps: &[Step], at: usize) -> bool {
        match steps.split_first() {
            None => pattern.open_end || is_boundary(units, at),
            Some((Step::Any, rest)) => {
                stands_at(pattern, units, rest, at)
                    || (units.get(at).is_some_and(|unit| unit.character.is_some())
                        && stands_at(pattern, units, steps, at + 1))
            }
            Some((step, rest)) => {
                units.get(at).is_some_and(|unit| unit_matches(*step, unit))
                    && stands_at(pattern, units, rest, at + 1)
            }
        }
    }

    proptest! {
        #[test]
        fn trying_only_the_last_star_again_misses_nothing(
            text in "[网格a1.，]{0,12}", pattern in "[网格a1.，*?]{0,7}",
        ) {
            let tokenized = TokenizedText::new(&text);
            let (pattern, units) = (Pattern::new(&pattern), units(&tokenized));
            let stands = (0..units.len()).any(|at| {
                (pattern.open_start || is_boundary(&units, at)) && stands_at(&pattern, &units, &pattern.steps, at)
            });
            prop_assert_eq!(pattern.is_in(&tokenized), stands && !pattern.is_empty());
        }

        #[test]
        fn the_literals_of_a_pattern_stand_wherever_it_does(
            text in "[网格a1.,， %]{0,16}", pattern in "[网格a1.,，*?]{0,5}",
        ) {
            let tokenized = TokenizedText::new(&text);
            let pattern = Pattern::new(&pattern);
            if pattern.is_in(&tokenized) {
                for literal in pattern.literals() {
                    prop_assert!(Needle::new(literal).is_in(&tokenized), "{} in {}", literal, text);
                }
            }
        }

        #[test]
        fn whatever_begins_and_ends_at_tokens_is_found_where_it_stands(
            text in "([网格乾干a1.,，。% ]|\\PC){1,24}", from in 0..24_usize, count in 1..24_usize,
        ) {
            let folded = fold(&text);
            let all = tokens(&folded);
            let from = from.min(all.len().saturating_sub(1));
            let to = (from + count).min(all.len());
            if from >= to {
                return Ok(());
            }
            let span = Span::new(all[from].char_start, all[to - 1].char_end);
            let needle: String = text.chars().skip(span.start()).take(span.len()).collect();
            prop_assert!(find_all(&text, &needle).contains(&span), "{} in {}", needle, text);
        }

        #[test]
        fn a_pattern_without_wildcards_finds_what_the_literal_finds(
            text in "[网格a1.,， %]{0,16}", needle in "[网格a1.,， %]{0,3}",
        ) {
            let tokenized = TokenizedText::new(&text);
            let literal = Needle::new(&needle);
            prop_assert_eq!(Pattern::new(&needle).is_in(&tokenized), literal.is_in(&tokenized));
        }

        #[test]
        fn a_star_between_two_characters_means_a_run_without_separators(
            text in "[网格化，]{0,12}",
        ) {
            let runs = text.split('，').any(|run| run.find('网').is_some_and(|at| run.get(at..).unwrap_or("").contains('化')));
            prop_assert_eq!(Pattern::new("网*化").is_in(&TokenizedText::new(&text)), runs);
        }

        #[test]
        fn no_pattern_panics(pattern in "([*?网a1.,，]|\\PC){0,12}", text in "([网a1.,，]|\\PC){0,24}") {
            let tokenized = TokenizedText::new(&text);
            let characters = text.chars().count();
            for place in Pattern::new(&pattern).find_all(&tokenized) {
                prop_assert!(place.end() <= characters && !place.is_empty());
            }
        }
    }
}
