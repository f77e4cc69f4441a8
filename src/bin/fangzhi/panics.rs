//! Panics: none reaches a person as such. One over a damaged index is said as damage, any other as a fault of this program.
//!
//! The engine takes its files to be as it wrote them and checks their sums only when asked, so that a changed byte makes
//! it index out of bounds. What damage is the checksums say, not where the panic came from.

use crate::app::App;
use crate::exit::{Exit, Failure};
use crate::lang::tr;
use fangzhi::index::{self, IndexError};
use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// The first panic that was not said in other words: what it said, and where.
static FIRST: Mutex<Option<String>> = Mutex::new(None);
/// The index that is in use.
static INDEX: Mutex<Option<PathBuf>> = Mutex::new(None);

/// Notes which index is in use.
pub(crate) fn uses(index: &Path) {
    *INDEX.lock().unwrap_or_else(PoisonError::into_inner) = Some(index.to_path_buf());
}

/// Runs a command. What panics in it, or ended a thread of it, is said as an error; with `RUST_BACKTRACE` set also as usual.
pub(crate) fn caught(
    app: &App,
    command: impl FnOnce() -> Result<Exit, Failure>,
) -> Result<Exit, Failure> {
    let usual = panic::take_hook();
    let with_backtrace = std::env::var_os("RUST_BACKTRACE").is_some_and(|value| value != "0");
    panic::set_hook(Box::new(move |panic| {
        let payload = panic.payload();
        let said = payload.downcast_ref::<String>().map(String::as_str);
        let said = said.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or_default();
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        FIRST
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get_or_insert_with(|| format!("{said} ({place})"));
        if with_backtrace {
            usual(panic);
        }
    }));
    let ended = catch_unwind(AssertUnwindSafe(command));
    let first = FIRST.lock().unwrap_or_else(PoisonError::into_inner).take();
    match (ended, first) {
        (Ok(result), None) => result,
        (Ok(result), Some(first)) => {
            // In a thread: what it cost is in the result.
            if !matches!(result, Err(Failure::Said { .. })) {
                app.error(&fault(app, &first), &[]);
            }
            result
        }
        (Err(_), first) => {
            let index = INDEX.lock().unwrap_or_else(PoisonError::into_inner).take();
            let damage = index.map(|path| (index::damage(&path).join(", "), path));
            if let Some((cause, path)) = damage.filter(|(cause, _)| !cause.is_empty()) {
                return Err(Failure::index(app.lang, &IndexError::Damaged { path, cause }));
            }
            Err(Failure::new(fault(app, &first.unwrap_or_default())).hint(tr!(
                app.lang,
                "a fault of this program: report it with the command; where an index is in use, `fangzhi check --full` looks for damage"
            )))
        }
    }
}

fn fault(app: &App, said: &str) -> String {
    tr!(app.lang, "internal error: {cause}", cause = said)
}
