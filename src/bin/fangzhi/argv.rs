//! What is done to the raw arguments before clap reads them, and to the words of a search after.
//!
//! Before: `-词` is text that excludes, not an option, and `help X` is `X --help`. After: the last words that exist as
//! a path, or lead into an archive that exists, are where to search; one that looks like a path and does not exist is
//! an error.

use crate::exit::Failure;
use crate::lang::{Lang, tr};
use crate::member;
use fangzhi::ingest::Format;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// Stands before a word that begins with a hyphen but is no option. No argument of a process can hold it.
const TEXT_MARK: &str = "\0";

/// Fields a query may name; `-地区:…` and `-region:…` are text.
const FIELDS: [&str; 5] = ["region", "measure", "title", "source", "date"];

/// Extensions of files that are not read, but that people may want to search in.
const OTHER_EXTENSIONS: [&str; 7] = ["rtf", "epub", "pptx", "ppt", "ofd", "rar", "7z"];

/// Prepares the arguments (without the program's name) for clap.
pub(crate) fn prepare(arguments: Vec<OsString>) -> Vec<OsString> {
    let mut prepared: Vec<OsString> = Vec::with_capacity(arguments.len());
    let mut options = true;
    for argument in arguments {
        options &= argument != "--";
        let excluded = argument.to_str().filter(|text| options && is_excluded_text(text));
        prepared.push(match excluded {
            Some(text) => format!("{TEXT_MARK}{text}").into(),
            None => argument,
        });
    }
    if prepared.first().is_some_and(|first| first == "help") {
        prepared.remove(0);
        prepared.push("--help".into());
    }
    prepared
}

/// Whether an argument that begins with a hyphen is text to exclude: `-扶贫`, `-5G网络`, `-"村务公开"`, `-title:通知`.
fn is_excluded_text(argument: &str) -> bool {
    let Some(rest) = argument.strip_prefix('-').filter(|rest| !rest.starts_with('-')) else {
        return false;
    };
    let is_field = rest.split_once(':').is_some_and(|(name, _)| FIELDS.contains(&name));
    !rest.is_ascii() || rest.starts_with(['"', '(']) || is_field
}

/// An argument as it was typed.
pub(crate) fn typed(argument: &str) -> &str {
    argument.strip_prefix(TEXT_MARK).unwrap_or(argument)
}

fn typed_os(argument: &OsStr) -> &OsStr {
    argument.to_str().map_or(argument, |text| OsStr::new(typed(text)))
}

/// The words of a search, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Words {
    /// The query.
    pub(crate) query: String,
    /// Where to search, as typed.
    pub(crate) paths: Vec<PathBuf>,
    /// What was taken otherwise than it may have been meant.
    pub(crate) notes: Vec<String>,
}

/// Takes the words of a search apart. `query_elsewhere`: a filter or option asks already, so that even the first
/// word may be a path.
pub(crate) fn split(
    lang: Lang,
    words: &[OsString],
    query_elsewhere: bool,
    cwd: &Path,
) -> Result<Words, Failure> {
    let words: Vec<&OsStr> = words.iter().map(|word| typed_os(word)).collect();
    let first = usize::from(!query_elsewhere);
    let mut cut = words.len();
    let exists = |word: &OsStr| !word.is_empty() && member::exists(&cwd.join(word));
    while cut > first && words.get(cut - 1).is_some_and(|word| exists(word)) {
        cut -= 1;
    }
    let (query, paths) = words.split_at(cut);
    let mut notes = Vec::new();
    for (at, word) in query.iter().enumerate() {
        let path = Path::new(word);
        if at >= first && exists(word) {
            notes.push(tr!(
                lang,
                "{word} is a path, but not at the end: it was searched as text",
                word = path.display()
            ));
        } else if at >= first && looks_like_path(word) {
            return Err(no_such_path(lang, path));
        } else if at >= first
            && at + 1 == query.len()
            && let Some(near) = near_entry(word, cwd)
        {
            notes.push(tr!(
                lang,
                "{word} was searched as text; to search in {near}, write that name",
                word = path.display(),
                near = near
            ));
        }
    }
    let query: Option<Vec<&str>> = query.iter().map(|word| word.to_str()).collect();
    let query =
        query.ok_or_else(|| Failure::new(tr!(lang, "the query is not UTF-8 text")))?.join(" ");
    let alone = first == 1 && paths.is_empty() && words.len() == 1 && !query.is_empty();
    if alone && cwd.join(&query).is_dir() {
        notes.push(tr!(
            lang,
            "{word} was searched as text, though there is a folder of this name",
            word = query
        ));
    }
    Ok(Words { query, paths: paths.iter().map(PathBuf::from).collect(), notes })
}

fn no_such_path(lang: Lang, path: &Path) -> Failure {
    let failure = Failure::new(tr!(lang, "{path}: no such file or folder", path = path.display()));
    failure.hint(tr!(
        lang,
        "to search for it as text, put it into the same quotes as the word before it, or first: '{text}'",
        text = path.display()
    ))
}

/// Whether a word reads like a path: with a separator, a leading `.` or `~`, or a known extension. A field with its
/// value, a quoted text and a word with spaces do not.
fn looks_like_path(word: &OsStr) -> bool {
    let Some(text) = word.to_str() else { return true };
    let is_text = text.contains(|c: char| c.is_whitespace() || "\"“”「」|*?".contains(c))
        || text.contains([':', '：']) && !text.contains(":\\")
        || text.starts_with(['-', '(']);
    let extension = text.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    let known = extension.is_some_and(|extension| {
        Format::from_extension(&extension).is_some()
            || OTHER_EXTENSIONS.contains(&extension.as_str())
    });
    // `甲 ~5 乙` is a distance.
    let is_distance = text
        .strip_prefix('~')
        .is_some_and(|rest| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit()));
    !is_text
        && (known || text.contains(['/', '\\']) || text.starts_with(['.', '~']) && !is_distance)
}

/// A file or folder here whose name is one letter away from a word, as a slip of the finger makes it.
fn near_entry(word: &OsStr, cwd: &Path) -> Option<String> {
    let word = word.to_str().filter(|word| word.len() > 3 && word.is_ascii())?;
    let names = std::fs::read_dir(cwd)
        .ok()?
        .take(1000)
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    names.filter(|name| name.is_ascii()).find(|name| is_one_edit(word.as_bytes(), name.as_bytes()))
}

/// Whether one letter added, left out, replaced or swapped with its neighbour makes `a` to `b`.
fn is_one_edit(a: &[u8], b: &[u8]) -> bool {
    let start = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (Some(a), Some(b)) = (a.get(start..), b.get(start..)) else { return false };
    let end = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    match (a.get(..a.len() - end), b.get(..b.len() - end)) {
        (Some([p, q]), Some([r, s])) => p == s && q == r,
        (Some(a), Some(b)) => a.len().max(b.len()) == 1,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn os(words: &[&str]) -> Vec<OsString> {
        words.iter().map(OsString::from).collect()
    }

    #[test]
    fn a_hyphen_before_han_quotes_or_a_field_is_no_option() {
        let text = [
            "-扶贫",
            "-5G网络",
            "-“村务公开”",
            "-\"a b\"",
            "-(甲 | 乙)",
            "-title:通知",
            "-地区:云南",
        ];
        assert!(text.into_iter().all(is_excluded_text));
        let options =
            ["-n", "-z", "-n10", "--regoin", "--地区", "-", "--", "-F", "-covid", "词-词"];
        assert!(!options.into_iter().any(is_excluded_text));
    }

    #[test]
    fn what_is_marked_for_clap_comes_back_as_typed() {
        let prepared = prepare(os(&["search", "治理", "-扶贫", "-n", "3", "--", "-乙"]));
        assert_eq!(prepared, os(&["search", "治理", "\0-扶贫", "-n", "3", "--", "-乙"]));
        assert_eq!(
            split(Lang::English, &os(&["治理", "\0-扶贫"]), false, Path::new("/")).unwrap().query,
            "治理 -扶贫"
        );
    }

    #[test]
    fn help_with_a_subcommand_is_its_help() {
        assert_eq!(prepare(os(&["help", "search"])), os(&["search", "--help"]));
        assert_eq!(prepare(os(&["search", "help"])), os(&["search", "help"]));
    }

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("reports")).unwrap();
        std::fs::write(folder.path().join("甲.txt"), "").unwrap();
        std::fs::write(folder.path().join("乙.zip"), "").unwrap();
        folder
    }

    #[track_caller]
    fn check(words: &[&str], query: &str, paths: &[&str], notes: usize) {
        let folder = folder();
        let found = split(Lang::English, &os(words), false, folder.path()).unwrap();
        assert_eq!((found.query.as_str(), found.notes.len()), (query, notes), "{found:?}");
        assert_eq!(found.paths, paths.iter().map(PathBuf::from).collect::<Vec<_>>());
    }

    #[test]
    fn the_last_words_that_exist_are_paths() {
        check(&["康定", "第一书记"], "康定 第一书记", &[], 0);
        check(&["康定", "reports", "甲.txt"], "康定", &["reports", "甲.txt"], 0);
        check(&["reports", "甲.txt"], "reports", &["甲.txt"], 0);
        check(&["康定", "reports", "治理"], "康定 reports 治理", &[], 1);
        check(&["reports"], "reports", &[], 1);
        check(&["康定", "reprots"], "康定 reprots", &[], 1);
        check(&["康定", "乙.zip!/a/丙.txt"], "康定", &["乙.zip!/a/丙.txt"], 0);
        check(&["康定", ""], "康定 ", &[], 0);
        check(&[""], "", &[], 0);
        check(&[], "", &[], 0);
    }

    #[test]
    fn what_looks_like_a_path_and_does_not_exist_is_an_error() {
        let folder = folder();
        for wrong in ["乙.txt", "乙.et", "丙.zip!/a", "./x", "~/x", "a/b", "a\\b", ".."] {
            let found =
                split(Lang::English, &os(&["康定", wrong]), false, &folder.path().join("reports"));
            assert_eq!(found.is_err(), wrong != "..", "{wrong}");
        }
    }

    #[test]
    fn fields_quotes_and_numbers_are_no_paths() {
        for text in [
            "region:云南省/迪庆",
            "地区：云南省/迪庆",
            "“a/b”",
            "甲 a/b",
            "1.5",
            "9.73万",
            "-甲/乙",
            "~10",
        ] {
            assert!(!looks_like_path(OsStr::new(text)), "{text}");
        }
        check(&["1/3"], "1/3", &[], 0);
    }

    #[test]
    fn with_a_filter_the_first_word_may_be_a_path() {
        let folder = folder();
        let found = split(Lang::English, &os(&["reports"]), true, folder.path()).unwrap();
        assert_eq!((found.query.as_str(), found.paths.len()), ("", 1));
    }

    #[test]
    fn one_slip_of_the_finger_is_seen() {
        let check = |a: &str, b: &str| is_one_edit(a.as_bytes(), b.as_bytes());
        assert!(
            check("reprots", "reports")
                && check("report", "reports")
                && check("reportz", "reports")
        );
        assert!(
            !check("reports", "reports") && !check("rep", "reports") && !check("abcd", "abdcx")
        );
    }
}
