//! `fangzhi tags score`: how right the tags are.

use crate::app::App;
use crate::args::TagsScoreArgs;
use crate::exit::{Exit, Failure};
use crate::lang::{Lang, tr};
use crate::output::json;
use crate::output::layout::table;
use crate::vocabulary;
use fangzhi::eval::labels::{Counts, Label, LabelLine, LabelScore, Tagged, score};
use fangzhi::eval::read_jsonl;
use serde_json::json;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufReader, Write as _};
use std::path::Path;

/// Runs the command.
pub(crate) fn run(app: &App, args: &TagsScoreArgs) -> Result<Exit, Failure> {
    let mut labels = labels(app, &args.labels)?;
    if let Some(half) = &args.half {
        labels.retain(|label| label.half == *half);
    }
    if labels.is_empty() {
        let file = args.labels.display();
        return Err(Failure::new(tr!(app.lang, "{file}: nothing to measure", file = file)));
    }
    let vocabulary = vocabulary::load(app.lang, None)?;
    let tagged = Tagged::read(&args.folder, &labels, &vocabulary)
        .map_err(|error| Failure::pipeline(app.lang, &error))?;
    let score = score(&labels, &tagged, args.lenient);
    if let Some(first) = score.not_found.first() {
        app.note(&tr!(
            app.lang,
            "{n} labels have no paragraph here, the first is {first}",
            n = score.not_found.len(),
            first = first
        ));
    }
    let mut out = app.out();
    if args.json {
        json::line(&mut out, &json!({ "schema": 1, "lenient": args.lenient, "score": score }))?;
    } else {
        if args.differences {
            out.write_all(differences(&labels, &tagged).as_bytes())?;
        }
        out.write_all(text(&score, app.lang).as_bytes())?;
    }
    out.flush()?;
    Ok(Exit::Fine)
}

/// The labels; lines that cannot be used are an error, since a figure without them would not be the figure asked for.
fn labels(app: &App, file: &Path) -> Result<Vec<Label>, Failure> {
    let opened = File::open(file).map_err(|cause| Failure::io(app.lang, file, &cause))?;
    read_jsonl::<LabelLine>(BufReader::new(opened))
        .map(|line| line.map(|line| line.label))
        .collect::<Result<_, _>>()
        .map_err(|fault| Failure::new(format!("{}: {fault}", file.display())))
}

/// A line for each paragraph that differs: + only the tagger, - only the reader.
fn differences(labels: &[Label], tagged: &Tagged) -> String {
    let mut text = String::new();
    for label in labels {
        let Some(tags) = tagged.of(label) else { continue };
        let mut signs = signs(&tags.regions, &label.regions);
        signs.extend(self::signs(&tags.measures, &label.measures));
        if signs.is_empty() {
            continue;
        }
        let line = tags.line.map_or_else(String::new, |line| format!(":{line}"));
        let _ = writeln!(text, "{}{line}\t{}", label.file, signs.join(" "));
    }
    text
}

fn signs(given: &[String], wanted: &[String]) -> Vec<String> {
    let only = |these: &[String], others: &[String], sign: char| -> Vec<String> {
        let missing = these.iter().filter(|tag| !others.contains(tag));
        missing.map(|tag| format!("{sign}{tag}")).collect()
    };
    [only(given, wanted, '+'), only(wanted, given, '-')].concat()
}

fn text(score: &LabelScore, lang: Lang) -> String {
    let figure =
        |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| format!("{value:.3}"));
    let row = |name: &str, counts: &Counts, interval: Option<(f64, f64)>| {
        vec![
            name.to_owned(),
            counts.right.to_string(),
            counts.wrong.to_string(),
            counts.missed.to_string(),
            figure(counts.precision()),
            figure(counts.recall()),
            figure(counts.f1()),
            interval.map_or_else(String::new, |(low, high)| format!("{low:.3}–{high:.3}")),
        ]
    };
    let heads = [
        "",
        tr!(lang, "right"),
        tr!(lang, "wrong"),
        tr!(lang, "missed"),
        tr!(lang, "precision"),
        tr!(lang, "recall"),
        "F1",
        "95 %",
    ];
    let mut rows = vec![heads.map(ToOwned::to_owned).to_vec()];
    rows.push(row(tr!(lang, "regions, exact"), &score.regions, None));
    rows.push(row(
        tr!(lang, "regions, with all above"),
        &score.regions_above,
        Some(score.regions_interval),
    ));
    rows.push(row(tr!(lang, "measures"), &score.measures, Some(score.measures_interval)));
    rows.extend(score.by_measure.iter().map(|(measure, counts)| row(measure, counts, None)));
    let mut text =
        tr!(lang, "{n} paragraphs of {m} files\n", n = score.paragraphs, m = score.files);
    text.push_str(&table(&rows, &[false, true, true, true, true, true, true]));
    text
}
