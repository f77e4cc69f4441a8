//! The language people are answered in: English text in the code, Chinese looked up in one table.
//!
//! `tr!(lang, "no hits for {query}", query = q)` gives the text in `lang` with its pieces filled in. The English text
//! is the key, as in gettext. The test below reads the sources and asserts that the tables in the files `chinese*.rs` hold every
//! key once, keep its pieces, and hold nothing else. Long help with examples stands in `help.rs`, both languages
//! side by side.

mod causes;
mod chinese;
mod chinese_index;
mod chinese_reading;
mod chinese_search;
mod chinese_tags;

pub(crate) use causes::{cause, known};

use clap::ValueEnum;
use std::collections::HashMap;
use std::fmt::{Display, Write as _};
use std::sync::LazyLock;

/// A language of messages and help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Lang {
    /// English.
    #[value(name = "en")]
    English,
    /// Chinese, Simplified script.
    #[value(name = "zh")]
    Chinese,
}

static CHINESE: LazyLock<HashMap<&'static str, &'static str>> =
    LazyLock::new(|| table().copied().collect());

/// All messages in English with their Chinese.
fn table() -> impl Iterator<Item = &'static (&'static str, &'static str)> {
    chinese::TABLE
        .iter()
        .chain(chinese_index::TABLE)
        .chain(chinese_reading::TABLE)
        .chain(chinese_search::TABLE)
        .chain(chinese_tags::TABLE)
}

impl Lang {
    /// What the environment asks for: the first of `LC_ALL`, `LC_MESSAGES` and `LANG` that is set decides.
    pub(crate) fn from_environment(get: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name| get(name).filter(|value| !value.is_empty());
        match set("LC_ALL").or_else(|| set("LC_MESSAGES")).or_else(|| set("LANG")) {
            Some(locale) if locale.to_ascii_lowercase().starts_with("zh") => Self::Chinese,
            _ => Self::English,
        }
    }

    /// What `--lang` in the raw arguments asks for: needed before they are parsed, for the messages of the parser.
    pub(crate) fn from_arguments<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let mut arguments = arguments.into_iter().take_while(|argument| *argument != "--");
        while let Some(argument) = arguments.next() {
            let value = match argument.strip_prefix("--lang") {
                Some("") => arguments.next(),
                Some(rest) => rest.strip_prefix('='),
                None => None,
            };
            if let Some(lang) = value.and_then(|value| Self::from_str(value, true).ok()) {
                return Some(lang);
            }
        }
        None
    }

    /// `english` in this language; text without an entry stays English.
    pub(crate) fn text(self, english: &str) -> &str {
        match self {
            Self::English => english,
            Self::Chinese => CHINESE.get(english).copied().unwrap_or(english),
        }
    }

    /// Like [`Self::text`], with each `{name}` replaced by its value. Braces in values are left alone.
    pub(crate) fn fill(self, english: &str, pieces: &[(&str, &dyn Display)]) -> String {
        let mut filled = String::new();
        let mut rest = self.text(english);
        while let Some((before, (name, after))) =
            rest.split_once('{').and_then(|(before, open)| Some((before, open.split_once('}')?)))
        {
            filled.push_str(before);
            match pieces.iter().find(|(piece, _)| *piece == name) {
                Some((_, value)) => write!(filled, "{value}").unwrap_or_default(),
                None => debug_assert!(false, "no piece {name:?} for {english:?}"),
            }
            rest = after;
        }
        filled.push_str(rest);
        filled
    }
}

/// The text in a language, with named pieces filled in.
macro_rules! tr {
    ($lang:expr, $text:literal) => { $lang.text($text) };
    ($lang:expr, $text:literal, $($name:ident = $value:expr),+ $(,)?) => {
        $lang.fill($text, &[$((stringify!($name), &$value as &dyn std::fmt::Display)),+])
    };
}
pub(crate) use tr;

/// What is counted, for [`counted`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Noun {
    Paragraph,
    Article,
    Report,
    Cluster,
    File,
    /// A file in an archive.
    Member,
    /// A line of a JSONL file.
    Record,
    Index,
    Segment,
}

/// A number with its unit: `1 paragraph`, `1,204 paragraphs`, `1,204 段`.
pub(crate) fn counted(lang: Lang, count: u64, noun: Noun) -> String {
    let number = thousands(count);
    match (noun, count) {
        (Noun::Paragraph, 1) => tr!(lang, "{n} paragraph", n = number),
        (Noun::Paragraph, _) => tr!(lang, "{n} paragraphs", n = number),
        (Noun::Article, 1) => tr!(lang, "{n} article", n = number),
        (Noun::Article, _) => tr!(lang, "{n} articles", n = number),
        (Noun::Report, 1) => tr!(lang, "{n} report", n = number),
        (Noun::Report, _) => tr!(lang, "{n} reports", n = number),
        (Noun::Cluster, 1) => tr!(lang, "{n} different text", n = number),
        (Noun::Cluster, _) => tr!(lang, "{n} different texts", n = number),
        (Noun::File, 1) => tr!(lang, "{n} file", n = number),
        (Noun::File, _) => tr!(lang, "{n} files", n = number),
        (Noun::Member, 1) => tr!(lang, "{n} member of an archive", n = number),
        (Noun::Member, _) => tr!(lang, "{n} members of archives", n = number),
        (Noun::Record, 1) => tr!(lang, "{n} record", n = number),
        (Noun::Record, _) => tr!(lang, "{n} records", n = number),
        (Noun::Index, 1) => tr!(lang, "{n} index", n = number),
        (Noun::Index, _) => tr!(lang, "{n} indexes", n = number),
        (Noun::Segment, 1) => tr!(lang, "{n} segment", n = number),
        (Noun::Segment, _) => tr!(lang, "{n} segments", n = number),
    }
}

/// A number with a comma after each three digits.
pub(crate) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Bytes as a person reads them: `812 B`, `3.4 MB`.
pub(crate) fn bytes(count: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    if count < 1000 {
        return format!("{count} B");
    }
    let (mut whole, mut tenths, mut unit) = (count, 0, "B");
    for next in UNITS {
        if whole < 1000 {
            break;
        }
        (whole, tenths, unit) = (whole / 1000, whole % 1000 / 100, next);
    }
    format!("{whole}.{tenths} {unit}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::path::Path;

    /// Every string literal that follows `tr!(lang,` in the sources of the command.
    fn keys_in_sources() -> BTreeSet<String> {
        fn files(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    files(&path, found);
                } else if path.extension().is_some_and(|extension| extension == "rs") {
                    found.push(path);
                }
            }
        }
        let mut sources = Vec::new();
        files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/bin/fangzhi"), &mut sources);
        let call = regex::Regex::new(r#"tr!\(\s*[a-z_.()]+,\s*"((?:[^"\\]|\\.)*)""#).unwrap();
        let line_end = regex::Regex::new(r"\\\n\s*").unwrap();
        let mut keys = BTreeSet::new();
        for path in sources {
            let source = std::fs::read_to_string(&path).unwrap();
            for found in call.captures_iter(&source) {
                // A line end after a backslash and the spaces that follow it are not part of the text.
                let literal = line_end.replace_all(&found[1], "");
                keys.insert(
                    literal.replace("\\\"", "\"").replace("\\n", "\n").replace("\\\\", "\\"),
                );
            }
        }
        // The example in the doc comment at the head of this file.
        keys.remove("no hits for {query}");
        keys
    }

    fn pieces(text: &str) -> BTreeSet<&str> {
        text.split('{')
            .skip(1)
            .filter_map(|rest| rest.split_once('}'))
            .map(|(name, _)| name)
            .collect()
    }

    #[test]
    fn the_table_holds_every_message_and_help_text_once_and_nothing_else() {
        let mut wanted = keys_in_sources();
        assert!(wanted.len() > 100, "the sources were not read right: {}", wanted.len());
        wanted.extend(crate::tree::english_texts());
        let mut known = BTreeSet::new();
        for (english, _) in table() {
            assert!(known.insert((*english).to_owned()), "twice in the table: {english:?}");
        }
        let missing: Vec<_> = wanted.difference(&known).collect();
        let unused: Vec<_> = known.difference(&wanted).collect();
        assert!(missing.is_empty(), "without Chinese: {missing:#?}");
        assert!(unused.is_empty(), "in the table, but not used: {unused:#?}");
    }

    #[test]
    fn the_chinese_text_has_the_same_pieces() {
        for (english, chinese) in table() {
            assert_eq!(pieces(english), pieces(chinese), "{english:?}");
            assert!(!chinese.contains("度量"), "a measure is 举措: {chinese:?}");
        }
    }

    #[test]
    fn the_first_locale_variable_that_is_set_decides() {
        let from = |pairs: &[(&str, &str)]| {
            let pairs: HashMap<String, String> =
                pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
            Lang::from_environment(|name| pairs.get(name).cloned())
        };
        assert_eq!(from(&[]), Lang::English);
        assert_eq!(from(&[("LANG", "zh_CN.UTF-8")]), Lang::Chinese);
        assert_eq!(from(&[("LC_ALL", ""), ("LC_MESSAGES", "zh_TW"), ("LANG", "C")]), Lang::Chinese);
        assert_eq!(from(&[("LC_ALL", "C"), ("LANG", "zh_CN.UTF-8")]), Lang::English);
    }

    #[test]
    fn the_language_option_is_seen_before_the_arguments_are_parsed() {
        let from = |arguments: &[&str]| Lang::from_arguments(arguments.iter().copied());
        assert_eq!(from(&["search", "--lang", "zh", "治理"]), Some(Lang::Chinese));
        assert_eq!(from(&["--lang=en"]), Some(Lang::English));
        assert_eq!(from(&["search", "--", "--lang=zh"]), None);
        assert_eq!(from(&["--lang"]), None);
        assert_eq!(from(&["--language=zh"]), None);
    }

    #[test]
    fn pieces_are_filled_and_braces_in_values_stay() {
        assert_eq!(Lang::English.fill("a {x} b {y}", &[("x", &"{y}"), ("y", &1)]), "a {y} b 1");
        assert_eq!(counted(Lang::English, 1, Noun::Article), "1 article");
        assert_eq!(counted(Lang::Chinese, 12345, Noun::Paragraph), "12,345 段");
    }

    #[test]
    fn numbers_read_well() {
        assert_eq!(thousands(0), "0");
        assert_eq!(thousands(999), "999");
        assert_eq!(thousands(1_000_000), "1,000,000");
        assert_eq!(bytes(812), "812 B");
        assert_eq!(bytes(3_450_000), "3.4 MB");
        assert_eq!(bytes(2_100_000_000_000_000), "2100.0 TB");
    }
}
