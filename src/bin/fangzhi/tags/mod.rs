//! `fangzhi tags`: which tags are doubtful, corrections by hand, how right the tags are.

mod correct;
mod doubtful;
mod score;

pub(crate) use correct::rule_name;

use crate::app::App;
use crate::args::{TagsArgs, TagsCommand};
use crate::exit::{Exit, Failure};
use crate::lang::tr;

/// Runs the command.
pub(crate) fn run(app: &App, args: &TagsArgs) -> Result<Exit, Failure> {
    match (&args.command, args.doubtful) {
        (Some(TagsCommand::Set(args)), _) => correct::set(app, args),
        (Some(TagsCommand::Unset(args)), _) => correct::unset(app, args),
        (Some(TagsCommand::Overrides(args)), _) => correct::list(app, args),
        (Some(TagsCommand::Score(args)), _) => score::run(app, args),
        (None, Some(sort)) => doubtful::run(app, args, sort),
        (None, None) => {
            Err(Failure::new(tr!(app.lang, "missing: {missing}", missing = "--doubtful"))
                .hint(tr!(app.lang, "`--help` after the command shows examples")))
        }
    }
}
