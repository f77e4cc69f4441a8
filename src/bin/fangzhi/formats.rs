//! `fangzhi formats`: what this build reads and how, what it does not read, and what limits there are.

use crate::advice::ADVICE;
use crate::app::App;
use crate::args::FormatsArgs;
use crate::exit::{Exit, Failure};
use crate::lang::{Lang, cause, tr};
use crate::output::json;
use crate::output::layout::{Ink, Look, Run, table};
use fangzhi::ingest::Format;
use fangzhi::ingest::limits::{LimitName, Limits};
use fangzhi::text::width::{pad, width};
use std::io::Write as _;

/// Encodings that are told from the bytes.
pub(crate) const ENCODINGS: [&str; 4] = ["UTF-8", "UTF-16", "GB18030", "Big5"];

/// Runs the command.
pub(crate) fn run(app: &App, args: &FormatsArgs) -> Result<Exit, Failure> {
    if args.json {
        let mut out = app.out();
        json::line(&mut out, &json::formats())?;
        out.flush()?;
    } else {
        app.print(&text(app.lang, app.out_look))?;
    }
    Ok(Exit::Fine)
}

/// What is taken out of a format.
pub(crate) fn taken(format: Format, lang: Lang) -> &'static str {
    match format {
        Format::Plain => tr!(
            lang,
            "plain text, also in files without extension; hard-wrapped lines are joined again"
        ),
        Format::Markdown => tr!(lang, "headings, text, lists, tables row by row"),
        Format::Html if cfg!(feature = "html") => tr!(
            lang,
            "the body of a web page, tables row by row; its title, date, source and author"
        ),
        Format::Html => {
            tr!(lang, "all text of a web page (the finder of the body is not part of this build)")
        }
        Format::Mhtml => tr!(lang, "a web page saved with its parts, read like HTML"),
        Format::Jsonl => tr!(
            lang,
            "a report a line: {\"text\", \"title\"?, \"id\"?, \"date\"?, \"source\"?, \"url\"?}"
        ),
        Format::Csv => tr!(lang, "a row is a paragraph, with the names of its columns"),
        Format::Pdf => tr!(
            lang,
            "text in reading order, columns one after the other, lines joined to paragraphs; pages that are pictures only with --ocr COMMAND"
        ),
        Format::Docx | Format::Odt => tr!(
            lang,
            "paragraphs, headings, numbers of lists, text boxes, words of graphics, footnotes, tables row by row"
        ),
        Format::Doc => tr!(lang, "Word before 2007, and WPS: paragraphs, tables row by row"),
        Format::Sheet => {
            tr!(
                lang,
                "every sheet that is shown; a row is a paragraph, with the names of its columns; comments and text boxes of XLSX behind the rows"
            )
        }
        Format::Zip | Format::Tar => tr!(
            lang,
            "the files inside, unpacked in memory; names in UTF-8 or GBK; paths are shown as a.zip!/b.docx"
        ),
        Format::Gzip | Format::Zstd => tr!(lang, "the file inside; a TAR is read as an archive"),
    }
}

/// What is left out of a format.
pub(crate) fn left_out(format: Format, lang: Lang) -> Option<&'static str> {
    Some(match format {
        Format::Plain => tr!(lang, "heads and tails of web sites, glosses of pinyin"),
        Format::Markdown => tr!(lang, "markup, addresses of links, pictures"),
        Format::Html | Format::Mhtml => {
            tr!(lang, "navigation, advertisements, scripts, ruby readings, pictures")
        }
        Format::Pdf => tr!(lang, "running heads, page numbers, pictures"),
        Format::Docx | Format::Odt => {
            tr!(
                lang,
                "deleted and hidden text, comments, ruby readings, headers and footers, pictures"
            )
        }
        Format::Doc => tr!(
            lang,
            "deleted and hidden text, numbers of lists, ruby readings, headers and footers, pictures"
        ),
        Format::Sheet => tr!(
            lang,
            "formulas (their results are taken), hidden sheets, empty rows, charts; comments and text boxes of XLS and ODS"
        ),
        Format::Zip | Format::Tar => {
            tr!(lang, "hidden files; members with a password, absolute and .. names are listed")
        }
        Format::Jsonl | Format::Csv | Format::Gzip | Format::Zstd => return None,
    })
}

/// The places that a format's paragraphs have, as the fields of JSON.
pub(crate) fn places(format: Format) -> &'static [&'static str] {
    match format {
        Format::Plain | Format::Markdown | Format::Html | Format::Jsonl | Format::Csv => {
            &["line", "bytes"]
        }
        Format::Pdf => &["page", "block", "box"],
        Format::Sheet => &["page", "block"],
        Format::Mhtml | Format::Docx | Format::Doc | Format::Odt => &["block"],
        Format::Zip | Format::Tar | Format::Gzip | Format::Zstd => &[],
    }
}

/// The same for people.
fn place_name(format: Format, lang: Lang) -> &'static str {
    match places(format) {
        ["line", ..] => tr!(lang, "line"),
        ["page", "block", "box"] => tr!(lang, "page"),
        ["page", "block"] => tr!(lang, "sheet and row"),
        ["block"] => tr!(lang, "paragraph of the file"),
        _ => tr!(lang, "that of the file inside"),
    }
}

/// A limit of reading.
pub(crate) struct Limit {
    /// The option that sets it.
    pub(crate) option: &'static str,
    /// Its value where the option is not given.
    pub(crate) default: u64,
    /// `bytes`, `pages`, …
    pub(crate) unit: &'static str,
    what: fn(Lang) -> &'static str,
}

impl Limit {
    /// What is limited.
    pub(crate) fn what(&self, lang: Lang) -> &'static str {
        (self.what)(lang)
    }
}

/// Every limit that has an option of its own.
pub(crate) fn limits() -> Vec<Limit> {
    let defaults = Limits::default();
    let limit =
        |name: LimitName, default, unit, what| Limit { option: name.option(), default, unit, what };
    vec![
        limit(LimitName::FileBytes, defaults.file_bytes_max, "bytes", |lang| {
            tr!(lang, "size of a file or member; a quarter of it for a line of JSONL")
        }),
        limit(LimitName::Pages, defaults.pages_max, "pages", |lang| tr!(lang, "pages of one PDF")),
        limit(LimitName::UnpackedBytes, defaults.unpacked_bytes_max, "bytes", |lang| {
            tr!(lang, "size of all parts of a packed file, unpacked")
        }),
        limit(LimitName::Ratio, defaults.ratio_max, "times", |lang| {
            tr!(lang, "how many times its size a part may unpack to, above 1M")
        }),
        limit(LimitName::Members, defaults.members_max, "files", |lang| {
            tr!(lang, "files in one archive")
        }),
        limit(LimitName::Nesting, defaults.nesting_max, "levels", |lang| {
            tr!(lang, "levels of archives in an archive")
        }),
        limit(LimitName::Seconds, defaults.seconds_max, "seconds", |lang| {
            tr!(lang, "seconds for taking the text out of one file")
        }),
        limit(LimitName::Memory, defaults.memory_bytes_max, "bytes", |lang| {
            tr!(lang, "memory for taking the text out of one file")
        }),
    ]
}

fn text(lang: Lang, look: Look) -> String {
    let mut text = heading(tr!(lang, "Formats that are read"), look);
    read(lang, look, &mut text);
    text.push('\n');
    text.push_str(&heading(tr!(lang, "Formats that are not read"), look));
    let rows: Vec<_> = ADVICE
        .iter()
        .map(|advice| {
            vec![
                format!("  {}", advice.what(lang)),
                dotted(advice.extensions),
                advice.instead(lang).to_owned(),
            ]
        })
        .collect();
    text.push_str(&table(&rows, &[]));
    text.push('\n');
    text.push_str(&heading(tr!(lang, "Encodings of text"), look));
    let encodings = tr!(
        lang,
        "{names}; told apart for each file, or given by --encoding LABEL",
        names = "UTF-8, UTF-16, GB18030 (GBK, GB2312), Big5"
    );
    Run::default().then(Ink::Plain, &encodings).lines(&look, "  ", 2, &mut text);
    text.push('\n');
    text.push_str(&heading(tr!(lang, "Limits, and the options that raise them"), look));
    let rows: Vec<_> = limits()
        .iter()
        .map(|limit| {
            let default = short_number(limit.default, limit.unit);
            vec![format!("  {}", limit.option), default, limit.what(lang).to_owned()]
        })
        .collect();
    text.push_str(&table(&rows, &[false, true, false]));
    text
}

fn heading(text: &str, look: Look) -> String {
    format!("{}\n", look.paint(Ink::Strong, text))
}

/// Each format: name, extensions and place in columns, then what is taken and left out.
fn read(lang: Lang, look: Look, text: &mut String) {
    let name = |format: Format| cause(lang, format.as_str()).into_owned();
    let columns = |cell: &dyn Fn(Format) -> String| {
        Format::ALL.into_iter().map(|format| width(&cell(format))).max().unwrap_or(0)
    };
    let names = columns(&name);
    let extensions = columns(&|format| dotted(format.extensions()));
    let indent = names + 4;
    for format in Format::ALL {
        text.push_str("  ");
        text.push_str(&look.paint(Ink::Region, &pad(&name(format), names)));
        text.push_str("  ");
        text.push_str(&pad(&dotted(format.extensions()), extensions));
        text.push_str("  ");
        text.push_str(&look.paint(Ink::Faint, place_name(format, lang)));
        text.push('\n');
        let mut how = taken(format, lang).to_owned();
        if let Some(left_out) = left_out(format, lang) {
            how = tr!(lang, "{taken}. Left out: {left_out}", taken = how, left_out = left_out);
        }
        let mut run = Run::default();
        if let (false, Some(feature)) = (format.is_built(), format.feature()) {
            let missing = tr!(
                lang,
                "Not part of this build (cargo feature `{feature}`). ",
                feature = feature
            );
            run = run.then(Ink::Note, &missing);
        }
        run.then(Ink::Plain, &how).lines(&look, &" ".repeat(indent), indent, text);
    }
}

/// `.html .htm`.
fn dotted(extensions: &[&str]) -> String {
    let dotted: Vec<_> = extensions.iter().map(|extension| format!(".{extension}")).collect();
    dotted.join(" ")
}

/// A value as it is typed after its option: `64M`, `3000`.
fn short_number(value: u64, unit: &str) -> String {
    let units = [(30, 'G'), (20, 'M'), (10, 'K')];
    let fits =
        |shift: &(u32, char)| unit == "bytes" && value > 0 && value.is_multiple_of(1 << shift.0);
    match units.iter().find(|shift| fits(shift)) {
        Some((shift, letter)) => format!("{}{letter}", value >> shift),
        None => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values;

    #[test]
    fn every_format_and_limit_is_said_in_both_languages() {
        for lang in [Lang::English, Lang::Chinese] {
            let text = text(lang, Look::default());
            for format in Format::ALL {
                assert!(text.contains(taken(format, lang)), "{format}");
                assert!(text.contains(&dotted(format.extensions())), "{format}");
            }
            for limit in limits() {
                assert!(text.contains(limit.option) && text.contains(limit.what(lang)));
            }
        }
    }

    /// The columns at which the cells of a table begin, by the width of what stands before them.
    fn starts(line: &str, cell: &str) -> usize {
        width(line.split_once(cell).unwrap_or_else(|| panic!("{cell} in {line}")).0)
    }

    #[test]
    fn columns_are_aligned_also_with_wide_characters() {
        for lang in [Lang::English, Lang::Chinese] {
            let text = text(lang, Look::default());
            let line = |cell: &str| text.lines().find(|line| line.contains(cell)).unwrap();
            let columns: Vec<_> = Format::ALL
                .into_iter()
                .map(|format| {
                    let extensions = dotted(format.extensions());
                    let line = line(&extensions);
                    (starts(line, &extensions), starts(line, place_name(format, lang)))
                })
                .collect();
            assert!(columns.iter().all(|column| *column == columns[0]), "{columns:?}\n{text}");
            let advice: Vec<_> = ADVICE
                .iter()
                .map(|advice| {
                    let line = line(&dotted(advice.extensions));
                    (starts(line, &dotted(advice.extensions)), starts(line, advice.instead(lang)))
                })
                .collect();
            assert!(advice.iter().all(|column| *column == advice[0]), "{advice:?}\n{text}");
        }
    }

    #[test]
    fn on_a_terminal_no_line_is_wider_than_it() {
        for (lang, columns) in [(Lang::English, 100), (Lang::Chinese, 100)] {
            let look = Look { columns: Some(columns), ..Look::default() };
            for line in text(lang, look).lines() {
                assert!(width(line) <= columns, "{line}");
            }
        }
    }

    #[test]
    fn a_default_is_shown_as_it_can_be_typed() {
        for limit in limits().iter().filter(|limit| limit.unit == "bytes") {
            let typed = short_number(limit.default, limit.unit);
            let read = values::size(Lang::English, limit.option, &typed).ok();
            assert_eq!(read, Some(limit.default), "{typed}");
        }
        assert_eq!(short_number(1024, "pages"), "1024");
        assert_eq!(short_number(1000, "bytes"), "1000");
    }
}
