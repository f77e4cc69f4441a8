//! Paths inside archives as people type them: `dir/a.zip!/b/c.txt`.
//!
//! The index names the members of an archive so. A path of this shape exists when the archive does; whether the archive
//! holds such a member only its index knows.

use fangzhi::index::split_member;
use std::path::{Component, Path, PathBuf};

/// The archive, with what stands in it, of a path that leads into one.
pub(crate) fn split(path: &Path) -> Option<(&Path, &str)> {
    let (archive, member) = split_member(path.to_str()?)?;
    Some((Path::new(archive), member))
}

/// Whether there is a file or folder, or an archive that the path leads into.
pub(crate) fn exists(path: &Path) -> bool {
    path.exists() || split(path).is_some_and(|(archive, _)| archive.is_file())
}

/// The file on disk: the archive of a member, anything else as it is.
pub(crate) fn on_disk(path: &Path) -> &Path {
    match split(path) {
        Some((archive, _)) if !path.exists() => archive,
        _ => path,
    }
}

/// An absolute path with the links of what is on disk resolved, where it exists; `a.zip!/` is all of the archive.
pub(crate) fn absolute(path: &Path, cwd: &Path) -> PathBuf {
    let path = cwd.join(path);
    if let Ok(path) = path.canonicalize() {
        return path;
    }
    if let Some((archive, member)) = split(&path)
        && let Ok(archive) = archive.canonicalize()
    {
        if member.is_empty() {
            return archive;
        }
        let mut name = archive.into_os_string();
        name.push("!/");
        name.push(member);
        return name.into();
    }
    path
}

/// An absolute path of what may be gone: the links of as much of it as is there resolved, `..` behind it taken back.
pub(crate) fn once_absolute(path: &Path, cwd: &Path) -> PathBuf {
    let path = cwd.join(path);
    for there in path.ancestors() {
        let Ok(resolved) = there.canonicalize() else { continue };
        let gone = path.strip_prefix(there).unwrap_or(Path::new("")).components();
        return gone.fold(resolved, |path, part| match part {
            Component::ParentDir => path.parent().map_or(path.clone(), Path::to_path_buf),
            part => path.join(part),
        });
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_is_gone_is_found_from_what_is_left_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        std::fs::create_dir(root.join("new")).unwrap();
        let check = |path, cwd: &str| once_absolute(Path::new(path), &root.join(cwd));
        assert_eq!(check("../old/reports", "new"), root.join("old/reports"));
        assert_eq!(check("old/in/../reports", "new/.."), root.join("old/reports"));
        assert_eq!(check("new", ""), root.join("new"));
    }

    #[test]
    fn a_path_into_an_archive_exists_when_the_archive_does() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        std::fs::write(root.join("甲.zip"), "").unwrap();
        std::fs::create_dir(root.join("d.zip")).unwrap();
        let member = root.join("甲.zip!/乙/丙.txt");
        assert!(exists(&member) && exists(&root.join("甲.zip")) && exists(&root));
        assert_eq!(on_disk(&member), root.join("甲.zip"));
        assert_eq!(absolute(Path::new("./甲.zip!/乙/丙.txt"), &root), member);
        assert_eq!(absolute(Path::new("甲.zip!/"), &root), root.join("甲.zip"));
        for missing in ["乙.zip!/丙.txt", "d.zip!/丙.txt", "甲.zip!"] {
            assert!(!exists(&root.join(missing)), "{missing}");
        }
        assert_eq!(on_disk(&root.join("d")), root.join("d"));
    }

    #[test]
    fn a_folder_whose_name_looks_like_an_archive_is_a_folder() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        std::fs::create_dir(root.join("a.zip!")).unwrap();
        std::fs::write(root.join("a.zip!/b.txt"), "").unwrap();
        let file = root.join("a.zip!/b.txt");
        assert!(exists(&file));
        assert_eq!(on_disk(&file), file);
        assert_eq!(absolute(Path::new("a.zip!/b.txt"), &root), file);
    }
}
