//! `fangzhi bench`: query latency by class on the user's own index.

use crate::app::App;
use crate::args::BenchArgs;
use crate::exit::{Exit, Failure};

/// Runs the command.
pub(crate) fn run(app: &App, args: &BenchArgs) -> Result<Exit, Failure> {
    let _ = (app, args.queries, args.seed, args.json);
    Err(Failure::new("bench: written next"))
}
