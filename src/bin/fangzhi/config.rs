//! Where things are: the index and the cache folder. The rules, as functions of the environment passed in.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Name of the folder that holds an index.
pub(crate) const INDEX_FOLDER: &str = ".fangzhi";

/// How the index was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Chosen {
    /// By `--index`.
    Option(PathBuf),
    /// By `$FANGZHI_INDEX`.
    Variable(PathBuf),
    /// The nearest `.fangzhi` upwards.
    Nearest(PathBuf),
}

impl Chosen {
    /// The folder of the index.
    pub(crate) fn folder(&self) -> &Path {
        match self {
            Self::Option(folder) | Self::Variable(folder) | Self::Nearest(folder) => folder,
        }
    }
}

/// Reads one variable of the environment.
pub(crate) type Variables<'a> = &'a dyn Fn(&str) -> Option<OsString>;

/// The variables of this process.
pub(crate) fn variables(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// How often `index --watch` looks which folders are there, where `$FANGZHI_LOOK_AGAIN_MS` says so: for tests, which would
/// wait long.
pub(crate) fn look_again() -> Option<Duration> {
    let millis = variables("FANGZHI_LOOK_AGAIN_MS")?.to_str()?.parse().ok()?;
    Some(Duration::from_millis(millis))
}

/// The index to use: `--index`, else `$FANGZHI_INDEX`, else the nearest `.fangzhi` from `cwd` upwards.
pub(crate) fn index(option: Option<&Path>, variables: Variables<'_>, cwd: &Path) -> Option<Chosen> {
    if let Some(folder) = option {
        return Some(Chosen::Option(cwd.join(folder)));
    }
    if let Some(folder) = variables("FANGZHI_INDEX") {
        return Some(Chosen::Variable(cwd.join(folder)));
    }
    let nearest =
        cwd.ancestors().map(|folder| folder.join(INDEX_FOLDER)).find(|folder| folder.is_dir());
    nearest.map(Chosen::Nearest)
}

/// The cache folder: `$FANGZHI_CACHE`, else the platform's; `None` where there is no home either.
pub(crate) fn cache_folder(variables: Variables<'_>) -> Option<PathBuf> {
    let absolute = |name| variables(name).map(PathBuf::from).filter(|path| path.is_absolute());
    if let Some(folder) = variables("FANGZHI_CACHE") {
        return std::path::absolute(folder).ok();
    }
    let platform = if cfg!(windows) {
        absolute("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        absolute("HOME").map(|home| home.join("Library/Caches"))
    } else {
        absolute("XDG_CACHE_HOME").or_else(|| absolute("HOME").map(|home| home.join(".cache")))
    };
    platform.map(|folder| folder.join("fangzhi"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(pairs: &'static [(&str, &str)]) -> impl Fn(&str) -> Option<OsString> {
        move |name| {
            pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| OsString::from(value))
        }
    }

    /// The index found from `cwd`, if it lies below `folder`: what lies above a temporary folder is no matter of a test.
    fn found_below(folder: &Path, cwd: &Path) -> Option<Chosen> {
        index(None, &set(&[]), cwd).filter(|chosen| chosen.folder().starts_with(folder))
    }

    #[test]
    fn the_option_goes_before_the_variable_and_that_before_the_nearest_folder() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("a/b");
        std::fs::create_dir_all(&inner).unwrap();
        assert_eq!(found_below(folder.path(), &inner), None);
        std::fs::create_dir(folder.path().join(INDEX_FOLDER)).unwrap();
        let nearest = found_below(folder.path(), &inner);
        assert_eq!(nearest, Some(Chosen::Nearest(folder.path().join(INDEX_FOLDER))));
        let variable = set(&[("FANGZHI_INDEX", "/x")]);
        assert_eq!(index(None, &variable, &inner), Some(Chosen::Variable("/x".into())));
        let option = index(Some(Path::new("y")), &variable, &inner);
        assert_eq!(option, Some(Chosen::Option(inner.join("y"))));
    }

    #[test]
    fn a_file_of_that_name_is_no_index() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(INDEX_FOLDER), "").unwrap();
        assert_eq!(found_below(folder.path(), folder.path()), None);
    }

    #[cfg(all(unix, not(target_os = "macos")))]
    #[test]
    fn the_cache_folder_is_the_variable_or_the_platforms() {
        assert_eq!(cache_folder(&set(&[])), None);
        assert_eq!(cache_folder(&set(&[("HOME", "/h")])), Some("/h/.cache/fangzhi".into()));
        assert_eq!(
            cache_folder(&set(&[("HOME", "/h"), ("XDG_CACHE_HOME", "/c")])),
            Some("/c/fangzhi".into())
        );
        assert_eq!(
            cache_folder(&set(&[("HOME", "/h"), ("XDG_CACHE_HOME", "rel")])),
            Some("/h/.cache/fangzhi".into())
        );
        assert_eq!(
            cache_folder(&set(&[("HOME", "/h"), ("FANGZHI_CACHE", "/f")])),
            Some("/f".into())
        );
    }
}
