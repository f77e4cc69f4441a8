//! What an EQ field of Word shows: the base of a phonetic guide, a circled character, a fraction in a line.
//!
//! Word and WPS keep phonetic guides and enclosed characters as such fields, which have a code and no result: their
//! text stands in the code alone. Each character of the code is kept, replaced or dropped where it stands, so that a
//! reader may do so in the bytes of a file.
//!
//! Source: ECMA-376 part 1, 17.16.5.20 has the name; the instructions are those of Word's help, "Field codes: Eq".

/// Instructions inside one another; what stands deeper is taken as it is.
const DEPTH_MAX: usize = 32;

/// Signs that Word puts round a character.
const FRAMES: [char; 5] = ['○', '◯', '□', '△', '◇'];

/// For each character of a field's code what it shows; `None` where the field is no EQ field.
pub(super) fn shown(code: &[char]) -> Option<Vec<Option<char>>> {
    let mut name = code.iter().enumerate().skip_while(|(_, c)| c.is_whitespace());
    let (start, first) = name.next()?;
    let (_, second) = name.next()?;
    let is_eq = first.eq_ignore_ascii_case(&'E') && second.eq_ignore_ascii_case(&'Q');
    if !is_eq || code.get(start + 2).is_some_and(|c| c.is_alphanumeric()) {
        return None;
    }
    let mut equation = Equation { code, shown: vec![None; code.len()], at: start + 2, last: None };
    equation.text(0, false);
    equation.trim(0, code.len());
    Some(equation.shown)
}

/// The text that an EQ field shows; `None` where the field is no EQ field.
#[cfg(feature = "docx")]
pub(super) fn text(code: &str) -> Option<String> {
    let code: Vec<char> = code.chars().collect();
    Some(shown(&code)?.into_iter().flatten().collect())
}

/// A code being read.
struct Equation<'a> {
    code: &'a [char],
    shown: Vec<Option<char>>,
    at: usize,
    /// The last character shown.
    last: Option<char>,
}

/// What stands in the parentheses of an instruction.
#[derive(Default)]
struct Arguments {
    /// Where the parentheses stand; the second may be missing.
    open: usize,
    close: Option<usize>,
    /// From where to where each argument goes; behind each but the last stands a comma.
    parts: Vec<(usize, usize)>,
}

/// What stands between an instruction and its arguments.
#[derive(Default)]
struct Options {
    is_raised: bool,
    left: Option<char>,
    right: Option<char>,
}

impl Equation<'_> {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.code.get(self.at + ahead).copied()
    }

    fn skip(&mut self, is_skipped: impl Fn(char) -> bool) {
        while self.peek(0).is_some_and(&is_skipped) {
            self.at += 1;
        }
    }

    /// Shows a character of the text where it stands.
    fn show(&mut self, at: usize, c: char) {
        self.put(at, Some(c));
        self.last = Some(c);
    }

    /// Shows a sign, or nothing, in the place of the character at `at`.
    fn put(&mut self, at: usize, c: Option<char>) {
        if let Some(place) = self.shown.get_mut(at) {
            *place = c;
        }
    }

    /// Text and instructions, to the end of the code or of the argument.
    fn text(&mut self, depth: usize, in_argument: bool) {
        let mut parentheses = 0_usize;
        while let Some(c) = self.peek(0) {
            match (c, self.peek(1)) {
                ('\\', Some('*' | '@' | '#')) => {
                    self.at += 2;
                    self.switch();
                    continue;
                }
                ('\\', Some(name)) if depth < DEPTH_MAX && is_instruction(name) => {
                    self.at += 2;
                    self.instruction(name.to_ascii_lowercase(), depth);
                    continue;
                }
                ('\\', Some(escaped)) => {
                    self.at += 1;
                    self.show(self.at, escaped);
                }
                ('\\', None) => {}
                (',' | ')', _) if in_argument && parentheses == 0 => return,
                _ => {
                    parentheses += usize::from(c == '(');
                    parentheses = parentheses.saturating_sub(usize::from(c == ')'));
                    self.show(self.at, c);
                }
            }
            self.at += 1;
        }
    }

    /// Passes over how the field is set: `\* MERGEFORMAT`, `\* "Font:宋体"`.
    fn switch(&mut self) {
        self.skip(char::is_whitespace);
        if self.peek(0) == Some('"') {
            self.at += 1;
            self.skip(|c| c != '"');
            self.at += 1;
        } else {
            self.skip(|c| !c.is_whitespace() && c != '\\');
        }
    }

    fn instruction(&mut self, name: char, depth: usize) {
        let before = self.last;
        let options = self.options();
        let Some(arguments) = self.arguments(depth) else { return };
        let Arguments { open, close, parts } = &arguments;
        let between = match name {
            'f' => Some('/'),
            'r' => Some('√'),
            'l' => Some(','),
            'a' | 'i' | 's' => Some(' '),
            _ => None,
        };
        for (_, comma) in parts.iter().take(parts.len().saturating_sub(1)) {
            self.put(*comma, between);
        }
        match name {
            'b' => {
                let is_plain = options.left.is_none() && options.right.is_none();
                self.put(*open, options.left.or(is_plain.then_some('(')));
                if let Some(close) = *close {
                    self.put(close, options.right.or(is_plain.then_some(')')));
                }
            }
            // A displacement shows nothing.
            'd' => parts.iter().for_each(|part| self.hide(*part)),
            'o' => self.overstrike(parts),
            'r' if parts.len() == 1 => self.put(*open, Some('√')),
            // A power would otherwise be one number with its base.
            's' if options.is_raised && before.is_some_and(|c| c.is_ascii_alphanumeric()) => {
                self.put(*open, Some('^'));
            }
            _ => {}
        }
    }

    /// What stands behind the name of an instruction: `\al`, `\up 10`, `\bc\{`.
    fn options(&mut self) -> Options {
        let mut options = Options::default();
        loop {
            self.skip(char::is_whitespace);
            let (Some('\\'), Some(first), Some(second)) =
                (self.peek(0), self.peek(1), self.peek(2))
            else {
                return options;
            };
            if !first.is_ascii_alphabetic() || !second.is_ascii_alphabetic() {
                return options;
            }
            self.at += 3;
            let name = [first.to_ascii_lowercase(), second.to_ascii_lowercase()];
            options.is_raised |= name == ['u', 'p'];
            if matches!(name, ['l' | 'r' | 'b' | 'f' | 'v', 'c']) && self.peek(0) == Some('\\') {
                let sign = self.peek(1);
                self.at += 2;
                match name[0] {
                    'l' => options.left = sign,
                    'r' => options.right = sign,
                    'b' => (options.left, options.right) = (sign, sign.map(closing)),
                    _ => {}
                }
            }
            self.skip(|c| c.is_whitespace() || c.is_ascii_digit() || matches!(c, '-' | '.'));
        }
    }

    /// The arguments of an instruction, their text shown; `None` where it has none.
    fn arguments(&mut self, depth: usize) -> Option<Arguments> {
        self.skip(char::is_whitespace);
        if self.peek(0) != Some('(') {
            return None;
        }
        let mut arguments = Arguments { open: self.at, ..Arguments::default() };
        loop {
            self.at += 1;
            let start = self.at;
            self.text(depth + 1, true);
            self.trim(start, self.at);
            arguments.parts.push((start, self.at));
            match self.peek(0) {
                Some(',') => {}
                Some(_) => {
                    arguments.close = Some(self.at);
                    self.at += 1;
                    return Some(arguments);
                }
                None => return Some(arguments),
            }
        }
    }

    /// Of what is drawn over one another, readings raised over a text behind them and frames round a text go.
    fn overstrike(&mut self, parts: &[(usize, usize)]) {
        let texts: Vec<bool> = parts.iter().map(|part| self.has_letter(*part)).collect();
        let last = texts.iter().rposition(|has_letter| *has_letter);
        for (ordinal, part) in parts.iter().enumerate() {
            let is_reading = last.is_some_and(|last| ordinal < last) && self.is_raised(*part);
            if is_reading || (last.is_some() && self.is_frame(*part)) {
                self.hide(*part);
            }
        }
    }

    fn has_letter(&self, part: (usize, usize)) -> bool {
        self.of(part).any(char::is_alphanumeric)
    }

    fn is_frame(&self, part: (usize, usize)) -> bool {
        let mut shown = self.of(part);
        shown.next().is_some_and(|c| FRAMES.contains(&c)) && shown.next().is_none()
    }

    /// Whether an argument begins with something raised: `\s\up 10(…)`.
    fn is_raised(&self, (start, end): (usize, usize)) -> bool {
        let code = self.code.get(start..end).unwrap_or_default();
        let code = code.iter().filter(|c| !c.is_whitespace()).map(char::to_ascii_lowercase);
        code.take(5).eq("\\s\\up".chars())
    }

    fn of(&self, (start, end): (usize, usize)) -> impl Iterator<Item = char> {
        self.shown.get(start..end).unwrap_or_default().iter().flatten().copied()
    }

    fn hide(&mut self, (start, end): (usize, usize)) {
        self.shown.get_mut(start..end).unwrap_or_default().fill(None);
    }

    /// Hides white space at both ends.
    fn trim(&mut self, start: usize, end: usize) {
        let shown = self.shown.get_mut(start..end).unwrap_or_default();
        let is_blank = |c: &&mut Option<char>| c.is_none_or(char::is_whitespace);
        shown.iter_mut().take_while(is_blank).for_each(|c| *c = None);
        shown.iter_mut().rev().take_while(is_blank).for_each(|c| *c = None);
    }
}

/// The names of instructions: array, bracket, displacement, fraction, integral, list, overstrike, radical, script, box.
fn is_instruction(name: char) -> bool {
    matches!(name.to_ascii_lowercase(), 'a' | 'b' | 'd' | 'f' | 'i' | 'l' | 'o' | 'r' | 's' | 'x')
}

/// The bracket that closes what another one opens.
fn closing(bracket: char) -> char {
    match bracket {
        '(' => ')',
        '[' => ']',
        '{' => '}',
        '<' => '>',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(code: &str, expected: Option<&str>) {
        let code: Vec<char> = code.chars().collect();
        let text = shown(&code).map(|shown| shown.into_iter().flatten().collect::<String>());
        assert_eq!(text.as_deref(), expected);
    }

    #[test]
    fn of_a_phonetic_guide_the_base_is_shown() {
        check(r" EQ \* jc2 \* hps10 \o\ad(\s\up 9(yí),彝) ", Some("彝"));
        check(r#"EQ \* jc2 \* "Font:某体, 二" \* hps10 \o\al(\s\up 10(yī wū),义乌)"#, Some("义乌"));
        check(r"eq \O\AC( \S\UP 8(dá) , 妲 ) \* MERGEFORMAT", Some("妲"));
    }

    #[test]
    fn of_an_enclosed_character_the_frame_goes() {
        check(r"EQ \o\ac(○,甲)", Some("甲"));
        check(r"EQ \o\ac(□,\s\do 2(12))", Some("12"));
        check(r"eq \o\ac(\s\up 1(△),B)", Some("B"));
        // Frames round nothing are what is shown.
        check(r"EQ \o\ac(○,△)", Some("○△"));
        check(r"EQ \o(甲,/)", Some("甲/"));
        // A power over an index behind the letter is no reading.
        check(r"EQ \o(x,\s\up 8(2))", Some("x^2"));
    }

    #[test]
    fn other_fields_keep_their_words() {
        check(r"EQ \f(3,4)", Some("3/4"));
        check(r"EQ x=\f(1,2) 公顷", Some("x=1/2 公顷"));
        check(r"EQ 10\s\up 5(2)", Some("10^2"));
        check(r"EQ 面积\s\up 5(注)", Some("面积注"));
        check(r"EQ H\s\do 4(2)O", Some("H2O"));
        check(r"EQ \r(3,8)＋\r(2)", Some("3√8＋√2"));
        check(r"EQ \b\bc\{(甲) \b(乙) \b\lc\[(丙)", Some("{甲} (乙) [丙"));
        check(r"EQ \a\al\co2\vs3(甲,乙,丙)", Some("甲 乙 丙"));
        check(r"EQ \l(甲,乙)", Some("甲,乙"));
        check(r"EQ \d\fo10()字\x\to\bo(框)", Some("字框"));
        check(r"EQ \i\su(1,5,x)", Some("1 5 x"));
        check(r"EQ \f(甲\,乙\(丙\),f(a,b))", Some("甲,乙(丙)/f(a,b)"));
    }

    #[test]
    fn other_codes_are_none() {
        for code in ["", "E", " PAGE ", "EQUAL 1", r"SEQ 图 \* ARABIC", "HYPERLINK \"EQ\"", "EQ1"]
        {
            check(code, None);
        }
        for code in ["EQ", " eq ", r"EQ \o", r"EQ \", r"EQ \o\ac("] {
            check(code, Some(""));
        }
    }

    #[test]
    fn deep_codes_are_read_in_bounded_time() {
        let deep = format!("EQ {}甲{}", r"\f(".repeat(20_000), ")".repeat(20_000));
        let deep: Vec<char> = deep.chars().collect();
        let text: String = shown(&deep).unwrap().into_iter().flatten().collect();
        assert!(text.contains('甲'));
    }

    proptest! {
        #[test]
        fn any_code_shows_no_more_than_it_has(code in r"( ?EQ)?[\\a-z(),\[甲 0-9]{0,40}") {
            let code: Vec<char> = code.chars().collect();
            if let Some(shown) = shown(&code) {
                prop_assert_eq!(shown.len(), code.len());
            }
        }
    }
}
