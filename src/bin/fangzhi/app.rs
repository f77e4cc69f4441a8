//! What every subcommand is given: language, the looks of both outputs, where it was started; and how it talks.
//!
//! Results go to standard output through [`App::out`]; notes, hints and errors go to standard error through the
//! functions here, each with its word in front.

use crate::args::Color;
use crate::exit::{Exit, Failure};
use crate::lang::{Lang, tr};
use crate::member;
use crate::output::layout::{Ink, Look, Run, visible};
use crate::output::text::View;
use anstream::{AutoStream, ColorChoice};
use std::borrow::Cow;
use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};
use std::path::{Path, PathBuf};

/// The surroundings of one run of the command.
#[derive(Debug, Clone)]
pub(crate) struct App {
    /// Language of everything people read.
    pub(crate) lang: Lang,
    /// What standard output can show.
    pub(crate) out_look: Look,
    /// What standard error can show.
    pub(crate) err_look: Look,
    /// Whether somebody watches standard error, so that progress is worth drawing.
    pub(crate) watched: bool,
    /// `--index`.
    pub(crate) index: Option<PathBuf>,
    /// The folder the command was started in.
    pub(crate) cwd: PathBuf,
}

impl App {
    /// Looks at the terminal and the environment.
    pub(crate) fn new(lang: Lang, color: Color, index: Option<PathBuf>) -> Self {
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let stderr = io::stderr();
        Self {
            lang,
            out_look: look(&io::stdout(), color, dumb),
            err_look: look(&stderr, color, dumb),
            watched: stderr.is_terminal() && !dumb,
            index,
            cwd: std::env::current_dir().unwrap_or_default(),
        }
    }

    /// Standard output, buffered; what is written must be flushed.
    pub(crate) fn out(&self) -> BufWriter<StdoutLock<'static>> {
        BufWriter::new(io::stdout().lock())
    }

    /// How answers are shown on standard output.
    pub(crate) fn view(&self, explain: bool) -> View<'_> {
        View { lang: self.lang, look: self.out_look, base: &self.cwd, explain }
    }

    /// Writes text to standard output.
    pub(crate) fn print(&self, text: &str) -> Result<(), Failure> {
        let mut out = self.out();
        out.write_all(text.as_bytes())?;
        Ok(out.flush()?)
    }

    /// Says something worth knowing that is no error.
    pub(crate) fn note(&self, text: &str) {
        self.say(Ink::Note, tr!(self.lang, "note:"), text);
    }

    /// Says what went wrong and what can be done.
    pub(crate) fn report(&self, failure: &Failure) {
        match failure {
            Failure::Output(error) => {
                self.error(&tr!(self.lang, "cannot write the output: {cause}", cause = error), &[]);
            }
            Failure::Said { cause, hints } => self.error(cause, hints),
        }
    }

    /// Says a cause, then its hints.
    pub(crate) fn error(&self, cause: &str, hints: &[String]) {
        self.say(Ink::Error, tr!(self.lang, "error:"), cause);
        hints.iter().for_each(|hint| self.hint(hint));
    }

    /// Says what can be done.
    pub(crate) fn hint(&self, text: &str) {
        self.say(Ink::Hint, tr!(self.lang, "hint:"), text);
    }

    /// A line on standard error without a word in front.
    pub(crate) fn line(&self, text: &str) {
        self.write(&format!("{}\n", visible(&self.with_index(text))));
    }

    fn say(&self, ink: Ink, word: &str, text: &str) {
        let first = format!("{} ", self.err_look.paint(ink, word));
        let mut lines = String::new();
        // A line end is meant; all other control characters came from a name or a text.
        for (at, line) in self.with_index(text).split('\n').enumerate() {
            let prefix = if at == 0 { first.as_str() } else { "  " };
            Run::default().then(Ink::Plain, line).lines(
                &Look { columns: None, ..self.err_look },
                prefix,
                2,
                &mut lines,
            );
        }
        self.write(&lines);
    }

    /// A text whose commands, between backticks, are for the index of `--index` where one was given.
    fn with_index<'t>(&self, text: &'t str) -> Cow<'t, str> {
        const OF_AN_INDEX: [&str; 8] =
            ["check", "index", "repair", "retag", "schema", "show", "stats", "tags"];
        let Some(index) = &self.index else { return Cow::Borrowed(text) };
        let index = in_shell(&index.to_string_lossy());
        let is_for_one = |code: &str| {
            let command = code.strip_prefix("fangzhi ").and_then(|rest| rest.split(' ').next());
            command.is_some_and(|command| OF_AN_INDEX.contains(&command))
                && !code.contains("--help")
                && !code.contains("--index")
        };
        let with_index = text.split('`').enumerate().map(|(at, part)| {
            let is_command = at % 2 == 1 && is_for_one(part);
            if is_command { Cow::Owned(format!("{part} --index {index}")) } else { part.into() }
        });
        Cow::Owned(with_index.collect::<Vec<_>>().join("`"))
    }

    /// Nobody can be told when standard error itself fails.
    fn write(&self, text: &str) {
        io::stderr().lock().write_all(text.as_bytes()).ok();
    }

    /// An absolute path for something named by the user, links resolved where it exists; also inside archives.
    pub(crate) fn absolute(&self, path: &Path) -> PathBuf {
        member::absolute(path, &self.cwd)
    }

    /// As [`Self::absolute`], of a path that may be gone.
    pub(crate) fn once_absolute(&self, path: &Path) -> PathBuf {
        member::once_absolute(path, &self.cwd)
    }
}

/// Ends a run: says what failed; a reader that closed the pipe is no failure.
pub(crate) fn finish(app: &App, result: Result<Exit, Failure>) -> Exit {
    match result {
        Ok(exit) => exit,
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Fine,
        Err(failure) => {
            app.report(&failure);
            Exit::Failed
        }
    }
}

/// A text as one word of a shell.
pub(crate) fn in_shell(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

fn look<S: anstream::stream::RawStream>(stream: &S, color: Color, dumb: bool) -> Look {
    let terminal = stream.is_terminal();
    let color = match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => AutoStream::choice(stream) != ColorChoice::Never,
    };
    let columns = terminal
        .then(terminal_size::terminal_size)
        .flatten()
        .map(|(terminal_size::Width(columns), _)| usize::from(columns).max(20));
    Look { color, links: terminal && color && !dumb, columns }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_that_are_named_are_for_the_index_that_was_given() {
        let app =
            |index: Option<&str>| App::new(Lang::English, Color::Never, index.map(Into::into));
        let text = "`fangzhi retag`, or `fangzhi index --index DIR` (`fangzhi index --help`); `fangzhi formats`, index";
        assert_eq!(app(None).with_index(text), text);
        assert_eq!(
            app(Some("own index")).with_index(text),
            text.replace("retag`", "retag --index 'own index'`")
        );
    }
}
