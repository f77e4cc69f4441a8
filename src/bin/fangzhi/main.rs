//! The `fangzhi` command: arguments in, text and JSON out; the work is in the library.
//!
//! Reading order: `args` (what can be asked), `argv` and `tree` (how arguments are read and help is translated), `app`
//! (what every subcommand is given), then one file for each subcommand; `output` shows answers, `lang` holds the words.

mod advice;
mod allocator;
mod analyze;
mod app;
mod args;
mod argv;
mod bench;
mod cache;
mod check;
mod config;
mod eval;
mod exit;
mod extract;
mod formats;
mod help;
mod index;
mod inspect;
mod interrupt;
mod lang;
mod last;
mod manual;
mod member;
mod notes;
mod output;
mod panics;
mod partial;
mod progress;
mod repair;
mod request;
mod retag;
mod schema;
mod search;
mod show;
mod stats;
mod tags;
mod tree;
mod values;
mod vocabulary;
mod watch;

use app::App;
use args::{Cli, Color, Command};
use clap::FromArgMatches;
use clap::error::ErrorKind;
use exit::{Exit, Failure};
use lang::Lang;
use std::ffi::OsString;
use std::process::ExitCode;

fn main() -> ExitCode {
    allocator::return_large_pieces();
    interrupt::full_files_are_errors();
    let mut typed = std::env::args_os().skip(1);
    if typed.next().is_some_and(|word| word == extract::WORD) {
        return extract::run(typed);
    }
    let arguments = argv::prepare(std::env::args_os().skip(1).collect());
    let lang = Lang::from_arguments(arguments.iter().filter_map(|argument| argument.to_str()))
        .unwrap_or_else(|| Lang::from_environment(|name| std::env::var(name).ok()));
    match parse(arguments, lang) {
        Ok(cli) => {
            let app = App::new(lang, cli.global.color, cli.global.index);
            app::finish(&app, panics::caught(&app, || run(&app, &cli.command))).into()
        }
        Err(error) => refuse(lang, &error).into(),
    }
}

fn parse(arguments: Vec<OsString>, lang: Lang) -> Result<Cli, clap::Error> {
    let arguments = std::iter::once(OsString::from("fangzhi")).chain(arguments);
    Cli::from_arg_matches(&tree::command(lang).try_get_matches_from(arguments)?)
}

/// Prints help or version where that was asked for, else says what is wrong with the arguments.
fn refuse(lang: Lang, error: &clap::Error) -> Exit {
    let app = App::new(lang, Color::Auto, None);
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let text = error.render();
            let text = if app.out_look.color { text.ansi().to_string() } else { text.to_string() };
            app::finish(&app, app.print(&text).map(|()| Exit::Fine))
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            for line in error.render().to_string().lines() {
                app.line(line);
            }
            Exit::Failed
        }
        _ => app::finish(&app, Err(tree::failure(lang, error))),
    }
}

fn run(app: &App, command: &Command) -> Result<Exit, Failure> {
    match command {
        Command::Index(args) => index::run(app, args),
        Command::Search(args) => search::run(app, args),
        Command::Show(args) => show::run(app, args),
        Command::Inspect(args) => inspect::run(app, args),
        Command::Analyze(args) => analyze::run(app, args),
        Command::Stats(args) => stats::run(app, args),
        Command::Check(args) => check::run(app, args),
        Command::Repair(args) => repair::run(app, args),
        Command::Eval(args) => eval::run(app, args),
        Command::Bench(args) => bench::run(app, args),
        Command::Schema(command) => schema::run(app, command),
        Command::Tags(args) => tags::run(app, args),
        Command::Retag(args) => retag::run(app, args),
        Command::Cache(command) => cache::run(app, command),
        Command::Formats(args) => formats::run(app, args),
        Command::Completions(args) => manual::completions(app, args),
        Command::Man(args) => manual::page(app, args),
    }
}
