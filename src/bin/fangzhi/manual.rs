//! `fangzhi completions` and `fangzhi man`: made from the same tree as the help.

use crate::app::App;
use crate::args::{CompletionsArgs, ManArgs};
use crate::exit::{Exit, Failure};
use crate::lang::tr;
use crate::tree;

/// Prints a completion script.
pub(crate) fn completions(app: &App, args: &CompletionsArgs) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut tree::command(app.lang), "fangzhi", &mut script);
    app.print(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Fine)
}

/// Prints a manual page.
pub(crate) fn page(app: &App, args: &ManArgs) -> Result<Exit, Failure> {
    let mut root = tree::command(app.lang);
    root.build();
    let command = match &args.command {
        None => root,
        Some(name) => root.find_subcommand(name).cloned().ok_or_else(|| {
            Failure::new(tr!(app.lang, "there is no command {name}", name = name))
                .hint(tr!(app.lang, "`fangzhi --help` lists the commands"))
        })?,
    };
    let name = command.get_display_name().unwrap_or("fangzhi").to_owned();
    let mut page = Vec::new();
    clap_mangen::Man::new(command).title(name).render(&mut page)?;
    app.print(&String::from_utf8_lossy(&page))?;
    Ok(Exit::Fine)
}
