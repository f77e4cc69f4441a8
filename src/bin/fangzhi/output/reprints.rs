//! Where the reprints and excerpts of a paragraph stand, as text for people.

use crate::lang::{Lang, thousands, tr};
use crate::output::layout::{Ink, visible};
use crate::output::text::{View, path_place};
use fangzhi::search::request::{Hit, Reprint, Reprints};
use std::fmt::Write as _;

/// Most places that are named of each sort; `--json` names more.
const NAMED_MAX: usize = 20;

/// Headings with the places below them; nothing where there are none.
pub(crate) fn lines(hit: &Hit, view: &View<'_>, indent: usize, text: &mut String) {
    let Some(reprints) = &hit.reprints else { return };
    let count = |list: &[Reprint]| u64::try_from(list.len()).unwrap_or(u64::MAX);
    let Reprints { paragraphs, excerpt_of, excerpts, .. } = reprints;
    let lists = [
        (reprints.count, paragraphs, counted_reprints(view.lang, reprints.count)),
        (count(excerpt_of), excerpt_of, tr!(view.lang, "an excerpt of").to_owned()),
        (count(excerpts), excerpts, tr!(view.lang, "excerpts of it").to_owned()),
    ];
    for (count, list, heading) in lists.iter().filter(|(count, ..)| *count > 0) {
        let _ = writeln!(text, "{:indent$}{}", "", view.look.paint(Ink::Faint, heading));
        for reprint in list.iter().take(NAMED_MAX) {
            let place = visible(&path_place(&reprint.path, reprint.place, view.base)).into_owned();
            let _ = writeln!(text, "{:indent$}  {}", "", view.look.paint(Ink::Faint, &place));
        }
        let named = u64::try_from(list.len().min(NAMED_MAX)).unwrap_or(u64::MAX);
        if *count > named {
            let more = tr!(view.lang, "… and {n} more here", n = thousands(count - named));
            let _ = writeln!(text, "{:indent$}  {}", "", view.look.paint(Ink::Faint, &more));
        }
    }
}

fn counted_reprints(lang: Lang, count: u64) -> String {
    match count {
        1 => tr!(lang, "1 reprint").to_owned(),
        _ => tr!(lang, "{n} reprints", n = thousands(count)),
    }
}
