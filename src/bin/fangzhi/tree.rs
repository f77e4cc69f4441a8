//! The tree of commands in one language, and what clap finds wrong with arguments said in that language.

use crate::args::Cli;
use crate::exit::Failure;
use crate::help;
use crate::lang::{Lang, tr};
use crate::values::near_names;
use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command, CommandFactory};
use std::error::Error as _;

/// The whole command with help in `lang`.
pub(crate) fn command(lang: Lang) -> Command {
    translated(Cli::command(), "", lang)
}

/// One command and what lies below it: its texts looked up, its usage and examples taken from `help.rs`.
fn translated(mut command: Command, path: &str, lang: Lang) -> Command {
    let names: Vec<String> =
        command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    for name in names {
        let path = format!("{path} {name}");
        command = command.mut_subcommand(&name, |sub| translated(sub, path.trim(), lang));
    }
    if let Some(about) = command.get_about().map(StyledStr::to_string) {
        command = command.about(lang.text(&about).to_owned());
    }
    if let Some(page) = help::page(path) {
        command = command.override_usage(page.usage(lang)).after_help(page.after(lang));
    }
    command
        .mut_args(|arg| translated_argument(arg, lang))
        .subcommand_help_heading(tr!(lang, "Commands"))
        .help_template(format!(
            "{{about-with-newline}}\n{} {{usage}}\n\n{{all-args}}{{after-help}}",
            tr!(lang, "Usage:")
        ))
}

fn translated_argument(mut arg: Arg, lang: Lang) -> Arg {
    let heading = match arg.get_help_heading() {
        Some(heading) => heading.to_owned(),
        None if arg.is_positional() => tr!(lang, "Arguments").to_owned(),
        None => tr!(lang, "Options").to_owned(),
    };
    arg = arg.help_heading(lang.text(&heading).to_owned());
    if let Some(names) = arg.get_value_names().map(<[_]>::to_vec) {
        arg = arg
            .value_names(names.iter().map(|name| lang.text(name).to_owned()).collect::<Vec<_>>());
    }
    let Some(help) = arg.get_help().map(StyledStr::to_string) else { return arg };
    let mut help = lang.text(&help).to_owned();
    if !arg.get_action().takes_values() {
        return arg.help(help);
    }
    // clap writes these two in English, so they are written here.
    let choices = arg.get_possible_values();
    let choices: Vec<&str> =
        choices.iter().filter(|value| !value.is_hide_set()).map(|value| value.get_name()).collect();
    if !choices.is_empty() {
        help.push_str(&tr!(lang, " [choices: {choices}]", choices = choices.join(", ")));
    }
    if let Some(default) = arg.get_default_values().first().and_then(|value| value.to_str()) {
        help.push_str(&tr!(lang, " [default: {value}]", value = default));
    }
    // A flag has no values to hide, and clap insists on that.
    let takes_values = arg.get_action().takes_values();
    arg.help(help).hide_possible_values(takes_values).hide_default_value(takes_values)
}

/// What clap found wrong, said in `lang`; `None` for errors that are no errors (`--help`).
pub(crate) fn failure(lang: Lang, error: &clap::Error) -> Failure {
    let argument = context(error, ContextKind::InvalidArg);
    let value = crate::argv::typed(&context(error, ContextKind::InvalidValue)).to_owned();
    match error.kind() {
        ErrorKind::UnknownArgument => unknown_argument(lang, error, &argument),
        ErrorKind::InvalidSubcommand => {
            let name = context(error, ContextKind::InvalidSubcommand);
            // clap gives them in ascending order of likeness.
            let near: Vec<_> =
                list(error, ContextKind::SuggestedSubcommand).pop().into_iter().collect();
            let failure = Failure::new(tr!(lang, "there is no command {name}", name = name));
            let failure = near_names(lang, failure, &near);
            if name.is_ascii() {
                failure.hint(tr!(lang, "`fangzhi --help` lists the commands"))
            } else {
                failure.hint(tr!(lang, "to search, write: fangzhi search {name}", name = name))
            }
        }
        ErrorKind::InvalidValue if value.is_empty() => {
            Failure::new(tr!(lang, "{argument} needs a value", argument = argument))
        }
        ErrorKind::InvalidValue => {
            let failure = Failure::new(tr!(
                lang,
                "{value} is no value of {argument}",
                value = value,
                argument = argument
            ));
            let failure = near_names(lang, failure, &list(error, ContextKind::SuggestedValue));
            let choices = list(error, ContextKind::ValidValue);
            if choices.is_empty() {
                failure
            } else {
                failure.hint(tr!(lang, "choices: {choices}", choices = choices.join(", ")))
            }
        }
        ErrorKind::ValueValidation => Failure::new(tr!(
            lang,
            "{value} is no value of {argument}",
            value = value,
            argument = argument
        ))
        .hint(wanted_number(lang, error)),
        ErrorKind::ArgumentConflict => {
            let other = list(error, ContextKind::PriorArg).join(", ");
            Failure::new(tr!(
                lang,
                "{argument} cannot be used with {other}",
                argument = argument,
                other = other
            ))
        }
        ErrorKind::MissingRequiredArgument => {
            let missing = list(error, ContextKind::InvalidArg).join(" ");
            let failure = Failure::new(tr!(lang, "missing: {missing}", missing = missing));
            failure.hint(tr!(lang, "`--help` after the command shows examples"))
        }
        ErrorKind::TooManyValues | ErrorKind::WrongNumberOfValues | ErrorKind::TooFewValues => {
            Failure::new(tr!(lang, "{argument}: wrong number of values", argument = argument))
        }
        ErrorKind::InvalidUtf8 => Failure::new(tr!(lang, "an argument is not UTF-8 text")),
        _ => Failure::new(first_line(error)),
    }
}

/// Which number is wanted: clap names the bounds in the cause of its error, `17 is not in 0..=16`.
fn wanted_number(lang: Lang, error: &clap::Error) -> String {
    let cause = error.source().map(ToString::to_string).unwrap_or_default();
    let bounds = cause.split_once(" is not in ").and_then(|(_, bounds)| bounds.split_once("..="));
    match bounds {
        Some((from, to)) if to == u64::MAX.to_string() => {
            tr!(lang, "a whole number is wanted, {from} or more", from = from)
        }
        Some((from, to)) => {
            tr!(lang, "a whole number is wanted, from {from} to {to}", from = from, to = to)
        }
        None => tr!(lang, "a whole number is wanted").to_owned(),
    }
}

fn unknown_argument(lang: Lang, error: &clap::Error, argument: &str) -> Failure {
    let near = list(error, ContextKind::SuggestedArg);
    if !argument.starts_with('-') {
        let failure = Failure::new(tr!(lang, "{argument}: not expected here", argument = argument));
        return near_names(lang, failure, &near);
    }
    let failure = Failure::new(tr!(lang, "there is no option {argument}", argument = argument));
    let failure = near_names(lang, failure, &near);
    let is_word =
        argument.strip_prefix('-').is_some_and(|word| word.chars().all(char::is_alphabetic));
    if !is_word {
        failure.hint(tr!(lang, "`--help` after the command lists its options"))
    } else {
        failure.hint(tr!(lang, "to leave out a Latin word, write --not WORD"))
    }
}

/// One piece of what clap knows about an error.
fn context(error: &clap::Error, kind: ContextKind) -> String {
    list(error, kind).into_iter().next().unwrap_or_default()
}

fn list(error: &clap::Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::String(value)) => vec![value.clone()],
        Some(ContextValue::Strings(values)) => values.clone(),
        _ => Vec::new(),
    }
}

/// clap's own words, for what is too rare to have ours.
fn first_line(error: &clap::Error) -> String {
    let text = error.to_string();
    let line = text.lines().next().unwrap_or_default();
    line.strip_prefix("error: ").unwrap_or(line).to_owned()
}

/// Every English text of the tree that must have a Chinese one, for the test of the table.
#[cfg(test)]
pub(crate) fn english_texts() -> Vec<String> {
    fn gather(command: &Command, texts: &mut Vec<String>) {
        texts.extend(command.get_about().map(StyledStr::to_string));
        for arg in command.get_arguments() {
            texts.extend(arg.get_help().map(StyledStr::to_string));
            texts.extend(arg.get_help_heading().map(str::to_owned));
            if arg.get_action().takes_values() {
                texts.extend(
                    arg.get_value_names().unwrap_or_default().iter().map(ToString::to_string),
                );
            }
        }
        command.get_subcommands().for_each(|sub| gather(sub, texts));
    }
    let mut texts = Vec::new();
    gather(&Cli::command(), &mut texts);
    texts
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The help of every command, in the order of the tree.
    fn pages(lang: Lang) -> Vec<(String, String)> {
        fn gather(command: &mut Command, pages: &mut Vec<(String, String)>) {
            pages.push((
                command.get_bin_name().unwrap_or_default().to_owned(),
                command.render_long_help().to_string(),
            ));
            command.get_subcommands_mut().for_each(|sub| gather(sub, pages));
        }
        let mut root = command(lang);
        root.build();
        let mut pages = Vec::new();
        gather(&mut root, &mut pages);
        pages
    }

    #[test]
    fn the_tree_is_sound() {
        command(Lang::English).debug_assert();
        command(Lang::Chinese).debug_assert();
    }

    #[test]
    fn every_command_has_a_page_and_every_page_a_command() {
        let commands: Vec<_> = pages(Lang::English)
            .into_iter()
            .map(|(name, _)| name.trim_start_matches("fangzhi").trim().to_owned())
            .collect();
        let known: Vec<_> = help::PAGES.iter().map(|page| page.command).collect();
        assert_eq!(commands, known);
    }

    #[test]
    fn chinese_help_has_no_english_left_but_names_and_examples() {
        for (name, text) in pages(Lang::Chinese) {
            for word in [
                "Usage",
                "Options:",
                "Arguments",
                "Commands",
                "Print",
                "[default",
                "[possible",
                "Examples",
            ] {
                assert!(!text.contains(word), "{name}: {word} in {text}");
            }
        }
    }

    #[test]
    fn help_fits_a_terminal_of_100_columns() {
        for lang in [Lang::English, Lang::Chinese] {
            for page in help::PAGES {
                for line in page.after(lang).lines() {
                    assert!(fangzhi::text::width::width(line) <= 100, "{}: {line}", page.command);
                }
            }
        }
    }

    #[track_caller]
    fn check(arguments: &[&str], cause: &str, hint: &str) {
        let error = command(Lang::English).try_get_matches_from(arguments).unwrap_err();
        let Failure::Said { cause: said, hints } = failure(Lang::English, &error) else { panic!() };
        assert_eq!(said, cause);
        assert!(hints.iter().any(|known| known == hint), "{hints:?}");
    }

    #[test]
    fn wrong_arguments_are_named_with_what_may_be_meant() {
        check(
            &["fangzhi", "search", "--regoin", "x"],
            "there is no option --regoin",
            "did you mean --region?",
        );
        check(
            &["fangzhi", "search", "-z"],
            "there is no option -z",
            "to leave out a Latin word, write --not WORD",
        );
        check(
            &["fangzhi", "search", "x", "-n", "-1"],
            "there is no option -1",
            "`--help` after the command lists its options",
        );
        check(&["fangzhi", "serach"], "there is no command serach", "did you mean search?");
        check(
            &["fangzhi", "网格"],
            "there is no command 网格",
            "to search, write: fangzhi search 网格",
        );
        check(
            &["fangzhi", "search", "--sort", "dat"],
            "dat is no value of --sort <ORDER>",
            "choices: score, date, figure",
        );
        check(
            &["fangzhi", "search", "-n", "x"],
            "x is no value of --limit <N>",
            "a whole number is wanted",
        );
        check(
            &["fangzhi", "show"],
            "missing: <ID|PATH:LINE|N>...",
            "`--help` after the command shows examples",
        );
    }
}
