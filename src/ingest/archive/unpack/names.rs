//! Names of members: made safe to show, refused where they lead out of the archive, skipped where the walk over folders
//! skips them too. Names never reach the file system.

use crate::ingest::walk;
use std::collections::{HashMap, HashSet};
use std::path::Path;

/// Longer names, in bytes, are refused: no file system has them.
pub(super) const NAME_BYTES_MAX: usize = 4096;

/// A member's name.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct MemberName {
    /// As it is shown: with `/`, without empty parts, control characters made visible.
    pub(super) shown: String,
    /// Why the member is not read.
    pub(super) refused: Option<&'static str>,
}

impl MemberName {
    /// The name as decoded; tools of Windows write backslashes.
    pub(super) fn new(decoded: &str) -> Self {
        let name: String =
            decoded.chars().map(|c| visible(if c == '\\' { '/' } else { c })).collect();
        let parts: Vec<&str> =
            name.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
        let mut letters = name.chars();
        let has_drive =
            letters.next().is_some_and(|c| c.is_ascii_alphabetic()) && letters.next() == Some(':');
        let refused = if name.starts_with('/') || has_drive {
            Some("its name is absolute")
        } else if parts.contains(&"..") {
            Some("its name leads out of the archive")
        } else if parts.is_empty() {
            Some("it has no name")
        } else if name.len() > NAME_BYTES_MAX {
            Some("its name is too long")
        } else {
            None
        };
        let mut shown = if refused.is_some() { name } else { parts.join("/") };
        if shown.len() > NAME_BYTES_MAX {
            let end = (0..=NAME_BYTES_MAX).rev().find(|&end| shown.is_char_boundary(end));
            shown.truncate(end.unwrap_or_default());
        }
        Self { shown, refused }
    }

    /// Whether the walk would skip it: hidden files and folders, and what macOS adds to archives.
    pub(super) fn is_hidden(&self) -> bool {
        let is_hidden = |part: &str| {
            walk::is_hidden(part.as_ref()) && part != ".." && part != "." || part == "__MACOSX"
        };
        self.shown.split('/').any(is_hidden)
    }

    /// The last part.
    pub(super) fn file_name(&self) -> &str {
        self.shown.rsplit('/').next().unwrap_or(&self.shown)
    }
}

/// Control characters as their pictures, so that no name plays tricks on a terminal or ends early.
fn visible(c: char) -> char {
    match c {
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{2426}'),
        '\u{7f}' => '\u{2421}',
        // C1 controls, and marks that turn the direction of what follows.
        '\u{80}'..='\u{9f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{2426}',
        _ => c,
    }
}

/// The saved pages of an archive, whose companion folders are not entered.
#[derive(Debug, Default)]
pub(super) struct Pages(HashSet<String>);

impl Pages {
    pub(super) fn of<'a>(names: impl Iterator<Item = &'a MemberName>) -> Self {
        let page = |name: &'a MemberName| {
            let path = Path::new(&name.shown);
            let extension = path.extension()?.to_str()?;
            walk::is_page_extension(extension)
                .then(|| path.with_extension("").to_string_lossy().into_owned())
        };
        Self(names.filter_map(page).collect())
    }

    /// Whether the member lies in the companion folder of a page.
    pub(super) fn has_companion(&self, name: &MemberName) -> bool {
        !self.0.is_empty()
            && name.shown.match_indices('/').any(|(at, _)| {
                let folder = name.shown.get(..at).unwrap_or_default();
                walk::companion_stem(folder).is_some_and(|stem| self.0.contains(stem))
            })
    }
}

/// Keeps names apart: of several members of one name all but the first get a number.
#[derive(Debug, Default)]
pub(super) struct Given(HashMap<String, usize>);

impl Given {
    pub(super) fn unique(&mut self, name: String) -> String {
        let Some(count) = self.0.get_mut(&name) else {
            self.0.insert(name.clone(), 1);
            return name;
        };
        *count += 1;
        let numbered = numbered(&name, *count);
        self.unique(numbered)
    }
}

/// The number goes before the extension, which says the format.
fn numbered(name: &str, number: usize) -> String {
    let (folder, file) = name.rsplit_once('/').map_or(("", name), |(folder, file)| (folder, file));
    let slash = if folder.is_empty() { "" } else { "/" };
    match file.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() => {
            format!("{folder}{slash}{stem}#{number}.{extension}")
        }
        _ => format!("{folder}{slash}{file}#{number}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, shown: &str, refused: Option<&'static str>) {
        assert_eq!(MemberName::new(name), MemberName { shown: shown.to_owned(), refused });
    }

    #[test]
    fn names_are_shown_with_slashes_and_without_empty_parts() {
        check("a/b.txt", "a/b.txt", None);
        check("./a//b.txt", "a/b.txt", None);
        check("某县\\报告.txt", "某县/报告.txt", None);
        check("a..b/c...txt", "a..b/c...txt", None);
        check("a\0b\u{1b}[31m.txt", "a␀b␛[31m.txt", None);
    }

    #[test]
    fn names_that_lead_out_are_refused() {
        for name in ["../a.txt", "a/../../b.txt", "..\\a.txt", ".."] {
            assert_eq!(MemberName::new(name).refused, Some("its name leads out of the archive"));
        }
        for name in ["/etc/a.txt", "C:\\a.txt", "c:a.txt", "\\\\server\\a.txt"] {
            assert_eq!(MemberName::new(name).refused, Some("its name is absolute"), "{name}");
        }
        assert_eq!(MemberName::new("").refused, Some("it has no name"));
        let long = MemberName::new(&"长".repeat(5000));
        assert_eq!((long.shown.len(), long.refused), (4095, Some("its name is too long")));
    }

    #[test]
    fn hidden_parts_hide_what_is_below_them() {
        let is_hidden = |name: &str| MemberName::new(name).is_hidden();
        assert!(is_hidden(".DS_Store") && is_hidden("a/._b.txt") && is_hidden(".git/a.txt"));
        assert!(is_hidden("__MACOSX/a.txt") && is_hidden("a/~$报告.docx"));
        assert!(!is_hidden("../a.txt") && !is_hidden("a.b/c.txt"));
    }

    #[test]
    fn a_companion_folder_is_known_by_its_page() {
        let names = ["d/页.html", "d/页_files/x.html", "页_files/y.html", "b_files/z.txt"]
            .map(MemberName::new);
        let pages = Pages::of(names.iter());
        let found: Vec<bool> = names.iter().map(|name| pages.has_companion(name)).collect();
        assert_eq!(found, [false, true, false, false]);
    }

    #[test]
    fn equal_names_are_numbered_before_the_extension() {
        let mut given = Given::default();
        let names = ["d/a.txt", "d/a.txt", "d/a#2.txt", "d/a.txt", "b", "b"];
        let unique = names.map(|name| given.unique(name.to_owned()));
        assert_eq!(unique, ["d/a.txt", "d/a#2.txt", "d/a#2#2.txt", "d/a#3.txt", "b", "b#2"]);
    }
}
