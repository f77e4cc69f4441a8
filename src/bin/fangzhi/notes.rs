//! Words for the notes on what was read, which JSON keeps as codes.

use crate::lang::{Lang, cause, tr};
use crate::partial;
use fangzhi::model::Note;

/// What a note says, in the language of the person.
pub(crate) fn words(lang: Lang, note: &Note) -> String {
    if note.loss().is_some() {
        return partial::reason(lang, note);
    }
    let detail = note.detail.as_str();
    match note.code.as_str() {
        "bad-field" => match detail.split_once(": ") {
            Some((field, value)) => {
                tr!(
                    lang,
                    "the field {field} is not understood: {value}",
                    field = field,
                    value = value
                )
            }
            None => {
                tr!(lang, "the field {field} is of another type than it should be", field = detail)
            }
        },
        "column-names" => {
            tr!(lang, "the names of the columns are too long to be repeated in every row")
                .to_owned()
        }
        "cut" => tr!(lang, "a long paragraph that was cut: part {n}", n = detail),
        "description" => tr!(lang, "the page shows no text: its description was taken").to_owned(),
        "format-by-content" => named_and_is(lang, detail),
        "frames" => {
            tr!(lang, "its text stands in the pages of its frames: {pages}", pages = detail)
        }
        "glosses" => tr!(lang, "readings in parentheses were left out").to_owned(),
        "html-too-deep" => {
            tr!(lang, "elements are nested too deeply to look for the article: all text was taken")
                .to_owned()
        }
        "html-too-large" => {
            tr!(lang, "too much markup to look for the article: all text was taken").to_owned()
        }
        "joined" => tr!(lang, "joined from {n} lines", n = detail),
        "low-margin" => tr!(lang, "the encoding is not certain: margin {margin}", margin = detail),
        "mixed-encodings" => {
            tr!(lang, "lines in different encodings: {lines}", lines = cause(lang, detail))
        }
        "no-line-end" => {
            tr!(lang, "its last row has no line end: look whether it is all there").to_owned()
        }
        "ocr" => tr!(lang, "recognised by {program}", program = detail),
        "private-use" => {
            tr!(lang, "characters of private use, which no font names: {n}", n = detail)
        }
        "repaired" => tr!(lang, "shifted characters or garbled lines put right: {n}", n = detail),
        "text-lost" => tr!(lang, "its source lost text here").to_owned(),
        "whole-page" => {
            tr!(lang, "no article was found in the page: all text was taken").to_owned()
        }
        code if detail.is_empty() => code.to_owned(),
        code => format!("{code}: {detail}"),
    }
}

/// `named docx, is html` in the words for the formats.
fn named_and_is(lang: Lang, detail: &str) -> String {
    let formats = detail.strip_prefix("named ").and_then(|rest| rest.split_once(", is "));
    let Some((named, is)) = formats else { return detail.to_owned() };
    tr!(
        lang,
        "named as {named}, but its content is {found}",
        named = cause(lang, named),
        found = cause(lang, is)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use regex::Regex;
    use std::collections::BTreeSet;
    use std::path::Path;

    /// The codes of all notes that the sources of `ingest` give.
    fn codes() -> BTreeSet<String> {
        fn files(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() { files(&path, found) } else { found.push(path) }
            }
        }
        let mut sources = Vec::new();
        files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/ingest"), &mut sources);
        let code = Regex::new(r#"Note::new\(\s*"([a-z-]+)""#).unwrap();
        let mut codes = BTreeSet::new();
        for path in sources {
            let source = std::fs::read_to_string(&path).unwrap();
            let source = source.split("#[cfg(test)]").next().unwrap_or_default();
            codes.extend(code.captures_iter(source).map(|found| found[1].to_owned()));
        }
        codes
    }

    #[test]
    fn every_note_of_the_readers_has_words_in_both_languages() {
        let codes = codes();
        assert!(codes.len() > 20, "the sources were not read right: {codes:?}");
        for code in codes {
            let note = Note::new(&code, "2 of 7");
            let (english, chinese) = (words(Lang::English, &note), words(Lang::Chinese, &note));
            assert!(english.contains(' ') && english != format!("{code}: 2 of 7"), "{english}");
            assert!(code == "format-by-content" || !chinese.is_ascii(), "{code}: {chinese}");
        }
    }

    #[test]
    fn formats_and_fields_are_put_into_words() {
        let said = |code, detail| words(Lang::Chinese, &Note::new(code, detail));
        assert_eq!(said("format-by-content", "named docx, is html"), "名为DOCX 文档，内容却是网页");
        assert_eq!(said("bad-field", "date: 昨天"), "字段 date 无法理解：昨天");
        assert_eq!(said("bad-field", "title"), "字段 title 的类型不对");
        assert_eq!(
            said("mixed-encodings", "3 lines in GB18030"),
            "各行编码不同：GB18030 的有 3 行"
        );
        assert_eq!(said("cut-end", "2 bytes"), "末尾不完整");
    }
}
