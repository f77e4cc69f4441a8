//! `fangzhi eval`: ranking measured on judged queries.

use crate::app::App;
use crate::args::EvalArgs;
use crate::exit::{Exit, Failure};

/// Runs the command.
pub(crate) fn run(app: &App, args: &EvalArgs) -> Result<Exit, Failure> {
    let _ = (app, &args.passages, &args.queries, &args.run, args.json, args.match_mode);
    Err(Failure::new("eval: written next"))
}
