//! Prints what the model of measures learns from: for each labelled paragraph the measures that have a cue in it, with
//! their features. `cargo run --example measure-cases -- LABELS FOLDER > cases.jsonl`; `train.py` reads it.

#![allow(clippy::print_stdout, reason = "its output is what it is for")]

use fangzhi::eval::labels::{Label, LabelLine, each_article, text_key};
use fangzhi::eval::read_jsonl;
use fangzhi::tag::{MeasureCase, Tagger};
use fangzhi::vocab::Vocabulary;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::error::Error;
use std::fs::File;
use std::io::BufReader;
use std::path::PathBuf;
use std::sync::Arc;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [labels, folder] = arguments.as_slice() else {
        return Err("give the labels and the folder of the reports".into());
    };
    let labels: Vec<Label> = read_jsonl::<LabelLine>(BufReader::new(File::open(labels)?))
        .map(|line| line.map(|line| line.label))
        .collect::<Result<_, _>>()?;
    let wanted: BTreeSet<(&str, &str)> =
        labels.iter().map(|label| (label.file.as_str(), label.text.as_str())).collect();
    let vocabulary = Arc::new(Vocabulary::builtin());
    let tagger = Tagger::new(Arc::clone(&vocabulary));
    // Of equal paragraphs the first was labelled.
    let mut seen = BTreeSet::new();
    each_article(folder, &labels, &vocabulary, &mut |file, article| {
        for (at, cases) in tagger.measure_cases(article) {
            let Some(paragraph) = article.paragraphs.get(at) else { continue };
            let key = text_key(&paragraph.display);
            if wanted.contains(&(file, key.as_str())) && seen.insert((file.to_owned(), key.clone()))
            {
                println!(
                    "{}",
                    json!({ "file": file, "text": key, "cases": cases.into_iter().map(case).collect::<Vec<_>>() })
                );
            }
        }
    })?;
    Ok(())
}

fn case(case: MeasureCase) -> Value {
    let named = |list: Vec<(String, f32)>| {
        list.into_iter().map(|(name, value)| (name, json!(value))).collect::<Map<_, _>>()
    };
    json!({
        "measure": case.measure,
        "plain": case.plain,
        "features": named(case.features),
        "cues": named(case.cues),
    })
}
