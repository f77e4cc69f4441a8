//! Paragraphs, regions, measures and figures against the hand-made truth, by the scorer that comes with it.

use crate::support::{repository, shared, vocabulary};
use fangzhi::pipeline::{self, IndexRequest};
use fangzhi::text::script::to_simplified;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::Command;

/// What the gold files ask of each file; raised as the program gets better, never lowered.
const FLOORS: [(&str, f64); 5] = [
    ("coverage", 0.99),
    ("boundaries", 0.98),
    ("regions_hier", 0.97),
    ("measures", 0.80),
    ("figures", 0.99),
];
const LEAKED_MAX: f64 = 0.01;

fn write_prediction(seed: &Path, to: &Path) {
    let mut lines = String::new();
    pipeline::inspect(seed, &vocabulary(), &IndexRequest::default(), &mut |inspected| {
        for article in inspected.report.unwrap().articles {
            for paragraph in article.paragraphs {
                let paths = |paths: Vec<&str>| Value::from(paths);
                let line = json!({
                    "text": to_simplified(&paragraph.display),
                    "kind": paragraph.kind.as_str(),
                    "regions": paths(paragraph.regions.iter().map(|tag| tag.path.as_str()).collect()),
                    "measures": paths(paragraph.measures.iter().map(|tag| tag.path.as_str()).collect()),
                    "figures": paragraph
                        .figures
                        .iter()
                        .map(|figure| json!({ "value": figure.value, "unit": figure.unit }))
                        .collect::<Vec<_>>(),
                });
                lines.push_str(&format!("{line}\n"));
            }
        }
    })
    .unwrap();
    fs::write(to, lines).unwrap();
}

#[test]
fn the_gold_seeds_score_above_the_floors() {
    let (Some(gold), Some(seeds)) = (shared("gold"), shared("seeds")) else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut arguments =
        vec![gold.join("score.py").into_os_string(), "--strict".into(), "--json".into()];
    for seed in fs::read_dir(seeds).unwrap().map(|entry| entry.unwrap().path()) {
        let name = seed.file_name().unwrap().to_string_lossy().into_owned();
        let truth = gold.join(format!("{}.jsonl", name.get(..3).unwrap()));
        if truth.exists() {
            let prediction = folder.path().join(&name);
            write_prediction(&seed, &prediction);
            arguments.extend([truth.into_os_string(), prediction.into_os_string()]);
        }
    }
    let Ok(output) = Command::new("python3").args(&arguments).current_dir(repository(".")).output()
    else {
        eprintln!("skipped: python3 is not there");
        return;
    };
    let scores: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
    let number = |value: &Value| value.as_f64().or_else(|| value["f1"].as_f64()).unwrap();
    for (file, score) in scores["files"].as_object().unwrap() {
        let figures = FLOORS.map(|(name, _)| format!("{name} {:.3}", number(&score[name])));
        eprintln!("{file}: {} leaked {:.3}", figures.join(" "), number(&score["leaked"]));
        for (name, floor) in FLOORS {
            assert!(
                number(&score[name]) >= floor,
                "{file}: {name} is {:.3}, below {floor}",
                number(&score[name])
            );
        }
        assert!(
            number(&score["leaked"]) <= LEAKED_MAX,
            "{file}: leaked {:.3}",
            number(&score["leaked"])
        );
    }
}
