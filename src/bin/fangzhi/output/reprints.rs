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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::layout::Look;
    use crate::output::text::samples;
    use std::path::Path;

    fn shown(lang: Lang, count: u64) -> String {
        let mut hit = samples::hit();
        let place = hit.place;
        let at = |path: &str| Reprint { id: hit.id.clone(), path: path.to_owned(), place };
        hit.reprints = Some(Reprints {
            cluster: hit.id.clone(),
            count,
            paragraphs: vec![at("/data/a.txt"); NAMED_MAX.min(usize::try_from(count).unwrap())],
            excerpt_of: vec![at("/data/b.txt")],
            excerpts: Vec::new(),
        });
        let view = View { lang, look: Look::default(), base: Path::new("/data"), explain: false };
        let mut text = String::new();
        lines(&hit, &view, 2, &mut text);
        text
    }

    #[test]
    fn every_place_stands_on_a_line_of_its_own_below_its_heading() {
        assert_eq!(
            shown(Lang::English, 1),
            "  1 reprint\n    a.txt:12\n  an excerpt of\n    b.txt:12\n"
        );
        assert_eq!(
            shown(Lang::Chinese, 2),
            "  另有 2 处重印\n    a.txt:12\n    a.txt:12\n  摘自\n    b.txt:12\n"
        );
    }

    #[test]
    fn more_than_are_named_are_counted() {
        assert!(shown(Lang::English, 25).contains("25 reprints\n"));
        assert!(shown(Lang::English, 25).contains("    … and 5 more here\n"));
    }
}
