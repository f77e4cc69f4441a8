//! `fangzhi tags set`, `unset` and `overrides`: corrections of tags by hand.

use crate::app::App;
use crate::args::{NoTags, TagsOverridesArgs, TagsSetArgs, TagsUnsetArgs};
use crate::argv::typed;
use crate::config;
use crate::exit::{Exit, Failure};
use crate::lang::{Lang, tr};
use crate::output::layout::{Ink, Run, visible};
use crate::output::{json, text};
use crate::request::name_failure;
use crate::search::{index_here, open};
use crate::show;
use crate::values;
use crate::values::near_names;
use crate::vocabulary;
use fangzhi::index::AttachedBy;
use fangzhi::pipeline::{
    Correction, OverrideState, changed_files, overrides, set_tags, unset_tags,
};
use fangzhi::search::Searcher;
use fangzhi::vocab::Vocabulary;
use fangzhi::vocab::overrides::{Change, NOT_RULE, Override, SET_RULE};
use serde_json::json;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Digits of an id that are shown.
const SHORT_ID: usize = 12;

/// Runs `tags set`.
pub(crate) fn set(app: &App, args: &TagsSetArgs) -> Result<Exit, Failure> {
    let (index, ids) = paragraphs(app, &args.targets)?;
    let vocabulary = vocabulary::of_index(app.lang, &index)?;
    let searcher = open(app, &index)?;
    let correction = correction(app, args, &vocabulary, &searcher)?;
    if correction.regions.is_empty() && correction.measures.is_empty() {
        let cause = tr!(app.lang, "nothing to set");
        return Err(Failure::new(cause).hint(tr!(
            app.lang,
            "say what the paragraph has or has not: --measure, --not-measure, --region, --not-region, --none"
        )));
    }
    set_tags(&index, &ids, &correction).map_err(|error| Failure::pipeline(app.lang, &error))?;
    let searcher = open(app, &index)?;
    let mut out = app.out();
    for (at, id) in ids.iter().enumerate() {
        let hits = searcher.by_id(id, 1, 0).map_err(|error| Failure::search(app.lang, &error))?;
        for hit in &hits {
            if args.json {
                json::line(&mut out, &json::hit(hit))?;
            } else {
                let between = if at > 0 { "\n" } else { "" };
                write!(out, "{between}{}", text::paragraph(hit, &app.view(false)))?;
            }
        }
    }
    out.flush()?;
    Ok(Exit::Fine)
}

/// The index and the ids of the paragraphs that were named, each once.
fn paragraphs(app: &App, targets: &[OsString]) -> Result<(PathBuf, Vec<String>), Failure> {
    let mut opened = None;
    let (mut ids, mut by_place): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    let mut index: Option<PathBuf> = None;
    for target in targets {
        let hits = show::find(app, target, 0, &mut opened)?;
        if let [_, _, ..] = hits.as_slice() {
            let lines: Vec<_> = hits
                .iter()
                .map(|hit| format!("{}  {}", hit.short_id, text::path_line(hit, &app.cwd)))
                .collect();
            let target = target.to_string_lossy();
            let cause = tr!(app.lang, "{target}: several paragraphs stand there:", target = target);
            return Err(Failure::new(format!("{cause}\n{}", lines.join("\n")))
                .hint(tr!(app.lang, "name the one that is meant by its id")));
        }
        let here = opened.as_ref().map(|(index, _)| index.clone());
        if index.is_some() && index != here {
            return Err(Failure::new(tr!(app.lang, "the paragraphs are of different indexes")));
        }
        index = here;
        let found: Vec<String> =
            hits.into_iter().map(|hit| hit.id).filter(|id| !ids.contains(id)).collect();
        if show::is_place(target) {
            by_place.extend(found.iter().cloned());
        }
        ids.extend(found);
    }
    let index = index.map_or_else(|| index_here(app), Ok)?;
    let changed =
        changed_files(&index, &by_place).map_err(|error| Failure::pipeline(app.lang, &error))?;
    if let Some(file) = changed.first() {
        let cause = tr!(
            app.lang,
            "{file}: not as it was when it was indexed, so other paragraphs may stand at its lines now",
            file = file.display()
        );
        return Err(Failure::new(cause)
            .hint(tr!(app.lang, "run `fangzhi index` first, or name the paragraph by its id")));
    }
    // What is there is removed when it was not used for a while.
    if config::cache_folder(&config::variables).is_some_and(|cache| index.starts_with(cache)) {
        let cause = tr!(app.lang, "{index}: an index in the cache folder", index = index.display());
        return Err(Failure::new(cause).hint(tr!(
            app.lang,
            "make one of your own with `fangzhi index FOLDER`, and correct that"
        )));
    }
    Ok((index, ids))
}

fn correction(
    app: &App,
    args: &TagsSetArgs,
    vocabulary: &Vocabulary,
    searcher: &Searcher,
) -> Result<Correction, Failure> {
    let named = |fault| name_failure(app, fault, Some(searcher));
    let measure = |option, name: &String| {
        let path = values::measure(app, vocabulary, option, typed(name));
        path.map(|path| path.to_string()).map_err(named)
    };
    let region = |option, name: &String| {
        let path = values::region(app, vocabulary, option, typed(name));
        path.map(|path| path.to_string()).map_err(named)
    };
    let none = |sort| args.none.is_some_and(|none| none == NoTags::All || none == sort);
    let measures = Change {
        none: none(NoTags::Measures),
        add: collect(&args.measure, |name| measure("--measure", name))?,
        not: collect(&args.not_measure, |name| measure("--not-measure", name))?,
    };
    let regions = Change {
        none: none(NoTags::Regions),
        add: collect(&args.region, |name| region("--region", name))?,
        not: collect(&args.not_region, |name| region("--not-region", name))?,
    };
    let all = vocabulary.measures.all();
    if let Some(group) = measures
        .add
        .iter()
        .find(|path| all.iter().all(|measure| measure.path.as_str() != path.as_str()))
    {
        let cause = tr!(app.lang, "--measure: {group} is a group of measures", group = group);
        let below = all.iter().map(|measure| measure.path.as_str());
        let below: Vec<String> =
            below.filter(|path| path.starts_with(group.as_str())).map(str::to_owned).collect();
        return Err(near_names(app.lang, Failure::new(cause), &below));
    }
    for change in [&measures, &regions] {
        if let Some(path) = change.add.iter().find(|path| change.refuses(path)) {
            let cause = tr!(app.lang, "{path} is both given and taken away", path = path);
            return Err(Failure::new(cause));
        }
    }
    Ok(Correction { regions, measures, note: args.note.clone() })
}

fn collect(
    names: &[String],
    resolve: impl Fn(&String) -> Result<String, Failure>,
) -> Result<Vec<String>, Failure> {
    names.iter().map(resolve).collect()
}

/// Runs `tags unset`.
pub(crate) fn unset(app: &App, args: &TagsUnsetArgs) -> Result<Exit, Failure> {
    let mut index = index_here(app)?;
    let folder = vocabulary::schema_folder(&index);
    let (vocabulary, _) = vocabulary::usable(app.lang, Some(&folder))?;
    // A correction that found no paragraph has an id of its own.
    let entry = |target: &OsString| entry_of(&vocabulary, target.to_str()?);
    let (entries, targets): (Vec<_>, Vec<_>) =
        args.targets.iter().cloned().partition(|target| entry(target).is_some());
    let mut ids: Vec<String> = entries.iter().filter_map(entry).collect();
    if !targets.is_empty() {
        let (found, paragraphs) = paragraphs(app, &targets)?;
        index = found;
        ids.extend(paragraphs);
    }
    let unknown = unset_tags(&index, &ids).map_err(|error| Failure::pipeline(app.lang, &error))?;
    for id in &unknown {
        let id = id.get(..SHORT_ID).unwrap_or(id);
        app.error(
            &tr!(app.lang, "{id}: no correction is for this paragraph", id = id),
            &[tr!(app.lang, "`fangzhi tags overrides` lists them").to_owned()],
        );
    }
    let taken = ids.len() - unknown.len();
    app.line(&tr!(app.lang, "corrections taken back: {n}", n = taken));
    Ok(if unknown.is_empty() { Exit::Fine } else { Exit::Failed })
}

/// The one entry whose id begins so.
fn entry_of(vocabulary: &Vocabulary, start: &str) -> Option<String> {
    let start = start.to_ascii_lowercase();
    let overrides = &vocabulary.overrides;
    let ids = overrides.all().iter().map(|entry| &entry.id);
    let ids = ids.chain(overrides.unsound().iter().filter_map(|line| line.id.as_ref()));
    let mut ids = ids.filter(|id| start.len() >= 4 && id.starts_with(&start));
    let first = ids.next()?;
    ids.all(|id| id == first).then(|| first.clone())
}

/// Runs `tags overrides`.
pub(crate) fn list(app: &App, args: &TagsOverridesArgs) -> Result<Exit, Failure> {
    let index = index_here(app)?;
    let vocabulary = vocabulary::to_look(app, Some(&vocabulary::schema_folder(&index)))?;
    let states = overrides(&index, &vocabulary.overrides)
        .map_err(|error| Failure::pipeline(app.lang, &error))?;
    let mut out = app.out();
    for state in states.iter().filter(|state| !args.unattached || is_lost(state)) {
        if args.json {
            json::line(&mut out, &shape(state))?;
        } else {
            out.write_all(lines(app, state).as_bytes())?;
        }
    }
    out.flush()?;
    let lost = states.iter().filter(is_lost).count();
    let pending = states.iter().filter(|state| state.pending).count();
    if lost > 0 {
        app.note(&tr!(
            app.lang,
            "corrections that found no paragraph: {n}; `fangzhi retag` looks in all files for those whose file is gone; set the others anew, or take them back with `fangzhi tags unset ID`",
            n = lost
        ));
    }
    if pending > 0 {
        app.note(&tr!(
            app.lang,
            "corrections that are not in the index yet: {n}; `fangzhi retag` applies them",
            n = pending
        ));
    }
    if states.is_empty() && vocabulary.overrides.unsound().is_empty() && !args.json {
        app.line(tr!(app.lang, "no tags were set by hand"));
    }
    Ok(Exit::Fine)
}

/// Whether a correction found no paragraph.
fn is_lost(state: &&OverrideState) -> bool {
    state.attached.is_empty() && !state.pending
}

/// Says how many corrections have no paragraph any more, where tags may have changed.
pub(crate) fn note_lost(app: &App, lost: usize) {
    if lost > 0 {
        app.note(&tr!(
            app.lang,
            "corrections that found no paragraph: {n}; `fangzhi tags overrides --unattached` lists them",
            n = lost
        ));
    }
}

/// As [`note_lost`], for an index that files were read into, if any were.
pub(crate) fn look_for_lost(app: &App, index: &Path, vocabulary: &Vocabulary) {
    if !vocabulary.overrides.is_empty()
        && let Ok(states) = overrides(index, &vocabulary.overrides)
    {
        note_lost(app, states.iter().filter(is_lost).count());
    }
}

fn shape(state: &OverrideState) -> serde_json::Value {
    let attached = state.attached.iter();
    let attached: Vec<_> =
        attached.map(|found| json!({ "paragraph": found.paragraph, "by": found.by })).collect();
    json!({ "schema": 1, "entry": state.entry, "attached": attached, "pending": state.pending, "moved_to": state.moved_to })
}

/// How it was attached and where it belongs, what it says, the text.
fn lines(app: &App, state: &OverrideState) -> String {
    let (lang, look, entry) = (app.lang, app.out_look, &state.entry);
    let how = match state.by() {
        _ if state.pending => tr!(lang, "not in the index yet"),
        None => tr!(lang, "NO PARAGRAPH"),
        Some(AttachedBy::Id) => tr!(lang, "by id"),
        Some(AttachedBy::Text) => tr!(lang, "by report and text"),
        Some(AttachedBy::Around) => tr!(lang, "by the texts around it"),
        Some(AttachedBy::Moved) => tr!(lang, "moved to another file"),
    };
    let id = entry.id.get(..SHORT_ID).unwrap_or(&entry.id);
    let place =
        [std::slice::from_ref(&entry.report), state.moved_to.as_slice()].concat().join(" → ");
    let mut text = format!("{}  {}  {how}\n", look.paint(Ink::Faint, id), visible(&place));
    let run = Run::default().then(Ink::Region, &says(entry, lang)).then(Ink::Plain, &{
        if entry.note.is_empty() { String::new() } else { format!("  ({})", entry.note) }
    });
    run.lines(&look, "  ", 2, &mut text);
    Run::default().then(Ink::Faint, &entry.text).lines(&look, "  ", 2, &mut text);
    text
}

/// `+基层治理/网格化管理 -云南省`.
fn says(entry: &Override, lang: Lang) -> String {
    let mut text = String::new();
    let sorts = [
        (&entry.regions, tr!(lang, "no other region")),
        (&entry.measures, tr!(lang, "no other measure")),
    ];
    for (change, none) in sorts {
        for path in &change.add {
            let _infallible = write!(text, "+{path} ");
        }
        for path in &change.not {
            let _infallible = write!(text, "-{path} ");
        }
        if change.none {
            let _infallible = write!(text, "{none} ");
        }
    }
    text.truncate(text.trim_end().len());
    text
}

/// What the rule of an evidence is called where people read it.
pub(crate) fn rule_name(rule: &str, lang: Lang) -> &str {
    match rule {
        SET_RULE => tr!(lang, "set by hand"),
        NOT_RULE => tr!(lang, "taken away by hand"),
        "named" => tr!(lang, "named"),
        "title" => tr!(lang, "title"),
        "heading" => tr!(lang, "heading"),
        "lead" => tr!(lang, "lead"),
        "masked" => tr!(lang, "masked"),
        "cue" => tr!(lang, "cue"),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fangzhi::model::{Article, Paragraph, ParagraphKind};
    use fangzhi::tag::Tagger;
    use std::collections::BTreeSet;
    use std::sync::Arc;

    #[test]
    fn every_rule_that_gives_tags_has_a_chinese_name() {
        let texts = [
            ("四川省修好便民桥", ParagraphKind::Heading),
            ("今年修了三座桥。", ParagraphKind::Body),
            ("一、甘孜州康定市的桥", ParagraphKind::Heading),
            ("桥修在河上。", ParagraphKind::Body),
            ("炉城街道推行网格化管理，全市都来学。", ParagraphKind::Body),
            ("成都市金牛区修好一座桥。", ParagraphKind::Body),
            ("全区都来看。", ParagraphKind::Body),
        ];
        let paragraphs = texts.map(|(text, kind)| Paragraph::new(text, kind)).to_vec();
        let mut article = Article { paragraphs, ..Article::default() };
        Tagger::new(Arc::new(Vocabulary::builtin())).tag_article(&mut article);
        let evidence = article.paragraphs.iter().flat_map(|paragraph| &paragraph.evidence);
        let rules: BTreeSet<&str> = evidence.map(|evidence| evidence.rule.as_str()).collect();
        assert_eq!(rules, BTreeSet::from(["cue", "heading", "lead", "named", "title"]));
        for rule in rules.into_iter().chain(["masked"]) {
            assert!(!rule_name(rule, Lang::Chinese).is_ascii(), "{rule}");
        }
    }
}
