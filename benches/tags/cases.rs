//! Prints what the model of measures learns from: for each labelled paragraph the measures that have a cue in it, with
//! their features. `cargo run --example measure-cases -- LABELS FOLDER > cases.jsonl`; `train.py` reads it.

#![allow(clippy::print_stdout, reason = "its output is what it is for")]

use fangzhi::eval::labels::text_key;
use fangzhi::pipeline::{self, IndexRequest};
use fangzhi::tag::Tagger;
use fangzhi::vocab::Vocabulary;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [labels, folder] = arguments.as_slice() else {
        return Err("give the labels and the folder of the reports".into());
    };
    let lines = std::fs::read_to_string(labels)?;
    let wanted: BTreeSet<(String, String)> = lines
        .lines()
        .map(|line| {
            let label: Value = serde_json::from_str(line)?;
            let field = |name: &str| label[name].as_str().unwrap_or("").to_owned();
            Ok((field("file"), field("text")))
        })
        .collect::<Result<_, serde_json::Error>>()?;
    let files: BTreeSet<&String> = wanted.iter().map(|(file, _)| file).collect();
    let vocabulary = Arc::new(Vocabulary::builtin());
    let tagger = Tagger::new(Arc::clone(&vocabulary));
    for file in files {
        let mut seen = BTreeSet::new();
        pipeline::inspect(
            &folder.join(file),
            &vocabulary,
            &IndexRequest::default(),
            &mut |inspected| {
                let Ok(report) = inspected.report else { return };
                for article in &report.articles {
                    for (at, cases) in tagger.measure_cases(article) {
                        let Some(paragraph) = article.paragraphs.get(at) else { continue };
                        let key = text_key(&paragraph.display);
                        // Of equal paragraphs the first was labelled.
                        if !wanted.contains(&(file.clone(), key.clone()))
                            || !seen.insert(key.clone())
                        {
                            continue;
                        }
                        let named = |list: Vec<(String, f32)>| {
                            list.into_iter()
                                .map(|(name, value)| (name, json!(value)))
                                .collect::<Map<_, _>>()
                        };
                        let cases: Vec<Value> = cases
                            .into_iter()
                            .map(|case| {
                                json!({
                                    "measure": case.measure,
                                    "plain": case.plain,
                                    "features": named(case.features),
                                    "cues": named(case.cues),
                                })
                            })
                            .collect();
                        println!("{}", json!({ "file": file, "text": key, "cases": cases }));
                    }
                }
            },
        )?;
    }
    Ok(())
}
