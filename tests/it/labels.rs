//! The tags against paragraphs labelled by reading: `corpus/judgements/tags.jsonl`.

use crate::support::{repository, shared, vocabulary};
use fangzhi::eval::labels::{Label, LabelLine, MEASURED, Tagged, score};
use fangzhi::eval::read_jsonl;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::BufReader;

fn labels(file: &str) -> Vec<Label> {
    let file = File::open(repository("corpus/judgements").join(file)).unwrap();
    read_jsonl::<LabelLine>(BufReader::new(file)).map(|line| line.unwrap().label).collect()
}

#[test]
fn the_figures_that_stats_prints_are_those_of_this_tagger() {
    let Some(reports) = shared("data/reports") else { return };
    let mut labels = labels("tags.jsonl");
    labels.retain(|label| label.half == "check");
    let tagged = Tagged::read(&reports, &labels, &vocabulary()).unwrap();
    let found = score(&labels, &tagged, false);
    assert!(
        found == *MEASURED,
        "corpus/judgements/tags-check.json is of another tagger; write it again with `fangzhi tags score \
         corpus/judgements/tags.jsonl ../shared/data/reports --half check --json`: {:?} {:?}, now {:?} {:?}",
        MEASURED.regions_above,
        MEASURED.measures,
        found.regions_above,
        found.measures
    );
}

#[test]
fn a_file_is_in_one_half_and_all_labels_are_in_the_vocabulary() {
    let vocabulary = vocabulary();
    let mut halves: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in ["tags.jsonl", "tags-records.jsonl", "tags-seeds.jsonl", "tags-training.jsonl"] {
        let mut last = (String::new(), String::new());
        for label in labels(file) {
            let key = (label.file.clone(), label.text.clone());
            assert!(last < key, "not sorted, or twice: {key:?}");
            last = key;
            halves.entry(label.file.clone()).or_default().insert(label.half.clone());
            for measure in label.measures.iter().chain(&label.measures_maybe) {
                let known = vocabulary.measures.resolve(measure);
                assert_eq!(known.map(|known| known.path.as_str()), Some(measure.as_str()));
            }
        }
    }
    assert!(halves.values().all(|halves| halves.len() == 1), "a file in both halves");
}

#[test]
fn two_readers_of_the_same_paragraphs_agree() {
    let second = labels("tags-second.jsonl");
    let first = labels("tags.jsonl");
    let (mut right, mut differ) = (0, 0);
    for label in &second {
        let other = first.iter().find(|first| first.file == label.file && first.text == label.text);
        let one: BTreeSet<&String> = other.unwrap().measures.iter().collect();
        let two: BTreeSet<&String> = label.measures.iter().collect();
        right += one.intersection(&two).count();
        differ += one.symmetric_difference(&two).count();
    }
    let f1 = f64::from(2 * u32::try_from(right).unwrap())
        / f64::from(u32::try_from(2 * right + differ).unwrap());
    eprintln!("{} paragraphs labelled twice: measures F1 {f1:.3}", second.len());
    assert!(second.len() >= 100 && f1 > 0.9, "{f1:.3}");
}

/// The regions were not learned from these reports, but rules were written on their errors: a guard, not a measure.
#[test]
fn the_training_reports_are_all_there_and_their_regions_found() {
    let labels = labels("tags-training.jsonl");
    let tagged = Tagged::read(&repository("corpus/training"), &labels, &vocabulary()).unwrap();
    let found = score(&labels, &tagged, false);
    assert!(found.not_found.is_empty(), "{:?}", found.not_found);
    let files: BTreeSet<&String> = labels.iter().map(|label| &label.file).collect();
    let reports = repository("corpus/training").read_dir().unwrap().count();
    assert_eq!((labels.len(), files.len(), reports), (1013, 96, 96));
    let f1 = found.regions_above.f1().unwrap();
    assert!(f1 > 0.97, "regions with all above {f1:.3}");
}
