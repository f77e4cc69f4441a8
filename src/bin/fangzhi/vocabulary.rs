//! The one place where the command meets the vocabularies: load, resolve names, export, check.

use crate::app::App;
use crate::exit::{Failure, io_cause};
use crate::lang::{Lang, cause, tr};
use fangzhi::index::SCHEMA_FOLDER;
use fangzhi::model::{MeasurePath, RegionPath};
use fangzhi::text::script::to_simplified;
use fangzhi::vocab::divisions::FormerName;
use fangzhi::vocab::overrides::OVERRIDES_FILE;
use fangzhi::vocab::{NameKind, Problem, Resolution, VocabError, Vocabulary, Words};
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

/// The folder of the user's own vocabularies for the index in `index`, whether or not it exists.
pub(crate) fn schema_folder(index: &Path) -> PathBuf {
    index.join(SCHEMA_FOLDER)
}

/// What the corrections of an index are by now; `None` where there are none.
pub(crate) fn corrections(index: &Path) -> Option<String> {
    let text = std::fs::read(schema_folder(index).join(OVERRIDES_FILE)).ok()?;
    Some(blake3::hash(&text).to_hex().to_string())
}

/// The file that says which corrections are in the tags; beside the engine's files, and gone with them.
fn applied(index: &Path) -> PathBuf {
    index.join("index/.corrections")
}

/// Remembers that the tags have the corrections that were there when the work began.
pub(crate) fn remember_corrections(index: &Path, corrections: Option<String>) {
    if let Some(corrections) = corrections {
        // Where it cannot be written a file that is newer than the index is told once more.
        std::fs::write(applied(index), corrections).ok();
    }
}

/// Whether the corrections of an index are those remembered last: a copy is newer, and says the same.
pub(crate) fn corrections_are_applied(index: &Path) -> bool {
    let applied = std::fs::read_to_string(applied(index)).ok();
    applied.is_some_and(|applied| corrections(index) == Some(applied))
}

/// The built-in vocabulary, with the entries of `folder` added or put in their place.
pub(crate) fn load(lang: Lang, folder: Option<&Path>) -> Result<Arc<Vocabulary>, Failure> {
    Vocabulary::load(folder.filter(|folder| folder.is_dir()))
        .map(Arc::new)
        .map_err(|error| failure(lang, &error))
}

/// The words of `folder`, whether or not it exists, and those built in.
pub(crate) fn words(lang: Lang, folder: &Path) -> Result<Words, Failure> {
    Vocabulary::load_words(Some(folder)).map_err(|error| failure(lang, &error))
}

/// The vocabulary that belongs to the index in `index`, to write by.
pub(crate) fn of_index(lang: Lang, index: &Path) -> Result<Arc<Vocabulary>, Failure> {
    load(lang, Some(&schema_folder(index)))
}

/// As [`load`], with the corrections that cannot be used left out, and these.
pub(crate) fn usable(
    lang: Lang,
    folder: Option<&Path>,
) -> Result<(Arc<Vocabulary>, Vec<VocabError>), Failure> {
    Vocabulary::load_usable(folder.filter(|folder| folder.is_dir()))
        .map(|(vocabulary, faults)| (Arc::new(vocabulary), faults))
        .map_err(|error| failure(lang, &error))
}

/// As [`load`], to look at something: corrections that cannot be used are only told.
pub(crate) fn to_look(app: &App, folder: Option<&Path>) -> Result<Arc<Vocabulary>, Failure> {
    let (vocabulary, faults) = usable(app.lang, folder)?;
    remark(app, &faults);
    Ok(vocabulary)
}

/// As [`load`], to search: entries that cannot be used are left out and told, whatever file they stand in.
pub(crate) fn to_search(app: &App, folder: &Path) -> Arc<Vocabulary> {
    let (vocabulary, faults) = Vocabulary::load_sound(Some(folder).filter(|dir| dir.is_dir()));
    remark(app, &faults);
    Arc::new(vocabulary)
}

fn remark(app: &App, faults: &[VocabError]) {
    let Some(first) = faults.first() else { return };
    app.note(&tr!(
        app.lang,
        "entries of this index's schema folder that cannot be used: {n}; the first: {fault}; `fangzhi schema check` lists all",
        n = faults.len(),
        fault = fault(app.lang, first)
    ));
}

/// The division that `name` (path, name, alias, former name, code) stands for.
pub(crate) fn region(lang: Lang, vocabulary: &Vocabulary, name: &str) -> Resolved<RegionPath> {
    match vocabulary.divisions.resolve(name) {
        Resolution::One(path, note) => {
            let note = match note {
                Some(note) => Some(named_otherwise(lang, vocabulary, name, &path).unwrap_or(note)),
                None if vocabulary.divisions.names_a_part(name) => {
                    Some(part_of(lang, name, path.as_str()))
                }
                None => formerly_above(lang, vocabulary, name, &path),
            };
            Resolved::One(path, note)
        }
        Resolution::Ambiguous(candidates) => Resolved::Ambiguous(
            candidates.into_iter().map(|candidate| (candidate.path, candidate.code)).collect(),
        ),
        Resolution::Unknown { near } => Resolved::Unknown(near),
    }
}

/// Why a name was taken for `path`: it is a former name of it, or others bear it too.
fn named_otherwise(
    lang: Lang,
    vocabulary: &Vocabulary,
    name: &str,
    path: &RegionPath,
) -> Option<String> {
    let divisions = &vocabulary.divisions;
    let bearers = divisions.named(name);
    let chosen = divisions.ordinal(path.as_str())?;
    let kind = bearers.iter().find(|(at, _)| *at == chosen).map(|(_, kind)| *kind);
    if let Some(NameKind::Former(year)) = kind {
        return Some(tr!(
            lang,
            "{name} is a former name, until {year}, of {path}",
            name = name,
            year = year,
            path = path
        ));
    }
    let others: Vec<&str> = bearers
        .iter()
        .filter(|(at, _)| *at != chosen)
        .filter_map(|(at, _)| divisions.get(*at).map(|division| division.path.as_str()))
        .collect();
    (!others.is_empty()).then(|| {
        let others = others.join(tr!(lang, ", "));
        tr!(
            lang,
            "{name} was taken as {path}, not as {others}",
            name = name,
            path = path,
            others = others
        )
    })
}

/// That a name was taken as the division of which it is only a part.
pub(crate) fn part_of(lang: Lang, name: &str, path: &str) -> String {
    tr!(
        lang,
        "{name} is a part of {path}, and the whole was taken; \"{name}\" in quotes finds where it is named",
        name = name,
        path = path
    )
}

/// That a division above `path` once had the name of which `name` is the short form: 武都 is a district of 陇南市, which
/// was called 武都地区.
fn formerly_above(
    lang: Lang,
    vocabulary: &Vocabulary,
    name: &str,
    path: &RegionPath,
) -> Option<String> {
    const ENDS: [&str; 2] = ["地区", "市"];
    let divisions = &vocabulary.divisions;
    let short = to_simplified(name.trim());
    let chosen = divisions.find(path).filter(|chosen| chosen.short.iter().any(|s| *s == short))?;
    let above = divisions.get(chosen.parent?)?;
    let of_short = |former: &&FormerName| {
        former.name.strip_prefix(&*short).is_some_and(|end| ENDS.contains(&end))
    };
    let former = above.former.iter().filter(of_short).max_by_key(|former| former.until)?;
    Some(tr!(
        lang,
        "{name} was taken as {path}, not as {above}, which was called {former} until {year}",
        name = name,
        path = path,
        above = above.path,
        former = former.name,
        year = former.until
    ))
}

/// The measure or group of measures that `name` (path, name, alias) stands for.
pub(crate) fn measure(vocabulary: &Vocabulary, name: &str) -> Resolved<MeasurePath> {
    match vocabulary.measures.resolve_path(name) {
        Some(path) => Resolved::One(path, None),
        None => Resolved::Unknown(vocabulary.measures.near(name)),
    }
}

/// The code of a division.
pub(crate) fn region_code(vocabulary: &Vocabulary, path: &RegionPath) -> Option<String> {
    vocabulary.divisions.find(path).map(|division| division.code.clone())
}

/// What a measure covers: its English gloss or, in Chinese, its other names; for a group its measures.
pub(crate) fn measure_covers(lang: Lang, vocabulary: &Vocabulary, path: &MeasurePath) -> String {
    let all = vocabulary.measures.all();
    match all.iter().find(|measure| measure.path == *path) {
        Some(measure) if lang == Lang::English => {
            format!("{}: {}", measure.english, measure.covers)
        }
        Some(measure) => measure.aliases.join(tr!(lang, ", ")),
        None => {
            let below = all
                .iter()
                .filter(|measure| measure.path.is_within(path))
                .map(|measure| measure.path.name());
            below.collect::<Vec<_>>().join(tr!(lang, ", "))
        }
    }
}

/// Writes the built-in files into `folder`; gives their paths.
pub(crate) fn export(lang: Lang, folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    Vocabulary::export(folder).map_err(|error| failure(lang, &error))
}

/// What is wrong with the files of a folder, and what is odd in them though it loads, one line each.
pub(crate) fn check(lang: Lang, folder: Option<&Path>) -> Vec<String> {
    let (vocabulary, faults) = Vocabulary::load_sound(folder);
    let faults = faults.iter().map(|error| fault(lang, error));
    let odd = vocabulary.check().into_iter().map(|problem| {
        let Problem { file, entry, what } = problem;
        format!("{file}: {entry}: {}", cause(lang, &what))
    });
    faults.chain(odd).collect()
}

/// What is wrong with a vocabulary, and where.
fn fault(lang: Lang, error: &VocabError) -> String {
    match error {
        VocabError::Entry { file, line, entry, reason } => {
            format!("{file}:{line}: {entry}: {}", cause(lang, reason))
        }
        VocabError::Read { path, cause } | VocabError::Write { path, cause } => {
            io_cause(lang, path, cause)
        }
        other => other.to_string(),
    }
}

/// A vocabulary that could not be read or written.
pub(crate) fn failure(lang: Lang, error: &VocabError) -> Failure {
    let failure = Failure::new(fault(lang, error));
    let VocabError::Entry { file, .. } = error else { return failure };
    let failure = failure.hint(tr!(
        lang,
        "correct this entry, or delete it; `fangzhi schema check` looks at the whole folder"
    ));
    if !Path::new(file).ends_with(OVERRIDES_FILE) {
        return failure;
    }
    failure
        .hint(tr!(lang, "`fangzhi tags unset ID` takes a correction back, by the id in its line"))
}
