//! `fangzhi formats`: what is read.

use crate::app::App;
use crate::exit::{Exit, Failure};
use crate::lang::{Lang, tr};
use crate::output::layout::table;

/// Runs the command.
pub(crate) fn run(app: &App) -> Result<Exit, Failure> {
    app.print(&text(app.lang))?;
    Ok(Exit::Fine)
}

fn text(lang: Lang) -> String {
    let row = |name: &str, what: &str| vec![name.to_owned(), what.to_owned()];
    table(
        &[
            row(".txt .text", tr!(lang, "plain text; hard-wrapped lines are joined again")),
            row(".md .markdown", tr!(lang, "Markdown, read as text")),
            row(
                ".html .htm .xhtml .shtml",
                tr!(lang, "saved web pages; the body, with title, date and source of the page"),
            ),
            row(
                ".jsonl .ndjson",
                tr!(
                    lang,
                    "a report a line: {\"text\", \"title\"?, \"id\"?, \"date\"?, \"source\"?, \"url\"?}"
                ),
            ),
            row(tr!(lang, "no extension"), tr!(lang, "read when it is text")),
            row(
                tr!(lang, "encodings"),
                tr!(
                    lang,
                    "UTF-8, UTF-16, GB18030 (GBK, GB2312), Big5; guessed for each file, or given by --encoding LABEL"
                ),
            ),
        ],
        &[],
    )
}
