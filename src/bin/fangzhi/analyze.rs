//! `fangzhi analyze`: how a text is folded and cut into tokens.

use crate::app::App;
use crate::args::AnalyzeArgs;
use crate::argv::typed;
use crate::exit::{Exit, Failure};
use crate::lang::{Lang, tr};
use crate::output::json;
use crate::output::layout::{table, visible};
use crate::schema::schema_here;
use crate::vocabulary;
use fangzhi::analysis::{Analysis, END_MARK, GAP, JOIN_MARK, Lexicon, analyze};
use std::io::Write;

/// Runs the command.
pub(crate) fn run(app: &App, args: &AnalyzeArgs) -> Result<Exit, Failure> {
    let text = args.text.iter().map(|word| typed(word)).collect::<Vec<_>>().join(" ");
    let words = vocabulary::words(app.lang, &schema_here(app))?;
    let analysis = analyze(&text, Lexicon::of(&words));
    let mut out = app.out();
    if args.json {
        json::line(&mut out, &json::analysis(&text, &analysis))?;
    } else {
        out.write_all(shown(&analysis, app.lang).as_bytes())?;
    }
    out.flush()?;
    Ok(Exit::Fine)
}

/// A row for each view of the text; tokens stand between bars, `‖` where separators stood.
fn shown(analysis: &Analysis, lang: Lang) -> String {
    let mut tokens = String::new();
    for (at, token) in analysis.tokens.iter().enumerate() {
        tokens.push_str(match (at, token.after_separator) {
            (0, _) => "",
            (_, true) => " ‖ ",
            (_, false) => " | ",
        });
        tokens.push_str(&token.text);
    }
    let grams = analysis.grams.iter().map(|gram| printable(&gram.term)).collect::<Vec<_>>();
    let row = |name: &str, value: &str| vec![name.to_owned(), visible(value).into_owned()];
    table(
        &[
            row(tr!(lang, "Simplified"), &analysis.simplified),
            row(tr!(lang, "folded"), &analysis.folded),
            row(tr!(lang, "tokens"), &tokens),
            row(tr!(lang, "words"), &analysis.words.join(" | ")),
            row(tr!(lang, "grams"), &grams.join(" | ")),
        ],
        &[],
    )
}

/// A gram with its marks shown: `$` the end of a run of Han, `+` one at another token, `_` separators.
fn printable(term: &str) -> String {
    term.replace(END_MARK, "$").replace(JOIN_MARK, "+").replace(GAP, "_")
}
