//! Judged queries: retrieval sets as JSONL (passages, queries), and the judgements over `corpus/samples` as TOML.
//!
//! Formats: `{"id","title","text"}` and `{"id","text","relevant":[id…]}` a line; for the samples see
//! `corpus/judgements/README.md`. Figures are computed in [`super::metrics`].

use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, HashSet};
use std::io::BufRead;

/// Why judgements could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JudgementError {
    /// The file could not be read.
    #[error("line {line}: {cause}")]
    Read {
        /// The line, from 1.
        line: usize,
        /// What the system says.
        cause: std::io::Error,
    },
    /// A line is no JSON object of the wanted form.
    #[error("line {line}: {cause}")]
    Json {
        /// The line, from 1.
        line: usize,
        /// What was met.
        cause: serde_json::Error,
    },
    /// An id stands twice.
    #[error("line {line}: id {id:?} stands twice")]
    DoubleId {
        /// The line of the second, from 1.
        line: usize,
        /// The id.
        id: String,
    },
    /// A judgement file of the samples is no TOML of the wanted form.
    #[error("{0}")]
    Toml(#[from] toml::de::Error),
    /// An id of the samples stands twice.
    #[error("query {0:?} stands twice")]
    DoubleQuery(String),
}

/// What can be found in a retrieval set.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Passage {
    /// Its id, named by judgements.
    pub id: String,
    /// Its title; empty where it has none.
    #[serde(default)]
    pub title: String,
    /// Its text.
    pub text: String,
}

/// A query of a retrieval set.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Query {
    /// Its id.
    pub id: String,
    /// The words typed.
    pub text: String,
    /// Passages that answer it; empty where nobody judged.
    #[serde(default)]
    pub relevant: Vec<String>,
}

/// What has an id of its own in a JSONL file.
pub trait Identified {
    /// The id.
    fn id(&self) -> &str;
}

impl Identified for Passage {
    fn id(&self) -> &str {
        &self.id
    }
}

impl Identified for Query {
    fn id(&self) -> &str {
        &self.id
    }
}

/// Reads passages or queries, one a line, lazily; empty lines are passed over. After an error reading may go on.
///
/// # Errors
/// Per line: it could not be read, is of another form, or its id stood before.
pub fn read_jsonl<T: DeserializeOwned + Identified>(
    source: impl BufRead,
) -> impl Iterator<Item = Result<T, JudgementError>> {
    let mut seen = HashSet::new();
    source.lines().enumerate().filter_map(move |(ordinal, text)| {
        let line = ordinal + 1;
        let text = match text {
            Ok(text) => text,
            Err(cause) => return Some(Err(JudgementError::Read { line, cause })),
        };
        // A byte order mark is no part of the first object.
        let text = text.trim_start_matches('\u{feff}').trim();
        if text.is_empty() {
            return None;
        }
        Some(match serde_json::from_str::<T>(text) {
            Err(cause) => Err(JudgementError::Json { line, cause }),
            Ok(record) if !seen.insert(record.id().to_owned()) => {
                Err(JudgementError::DoubleId { line, id: record.id().to_owned() })
            }
            Ok(record) => Ok(record),
        })
    })
}

/// A judged query over `corpus/samples`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SampleQuery {
    /// Class and number: `wrap-03`.
    pub id: String,
    /// The query text, as one argument.
    pub query: String,
    /// What it is about.
    pub note: Option<String>,
    /// Options of the command.
    #[serde(default)]
    pub options: SampleOptions,
    /// Paragraphs that must be among the hits.
    pub must_find: Vec<MustFind>,
    /// Exact number of matching paragraphs, where the text itself decides it.
    pub total: Option<u64>,
    /// Exit code of the command: 0 found, 1 nothing, 2 error.
    pub exit: u8,
    /// Expected counts of single buckets: facet, path, count.
    #[serde(default)]
    pub facets: BTreeMap<String, BTreeMap<String, u64>>,
}

impl SampleQuery {
    /// The class, `wrap` of `wrap-03`.
    pub fn class(&self) -> &str {
        self.id.rsplit_once('-').map_or(&self.id, |(class, _)| class)
    }

    /// Most hits that are looked at for `must_find`: 10 where any word ranks, else all.
    pub fn depth(&self) -> usize {
        if self.class() == "question" { 10 } else { usize::MAX }
    }

    /// What an answer has otherwise than judged, one sentence each; empty when it is right.
    pub fn faults(&self, found: &Found) -> Vec<String> {
        let mut faults = Vec::new();
        if let Some(total) = self.total.filter(|total| *total != found.total) {
            faults.push(format!("total {} instead of {total}", found.total));
        }
        let hits = found.hits.get(..self.depth().min(found.hits.len())).unwrap_or_default();
        for wanted in &self.must_find {
            if !hits.iter().any(|(path, text)| *path == wanted.path && text.contains(&wanted.quote))
            {
                faults.push(format!("not found: {} {:?}", wanted.path, wanted.quote));
            }
        }
        for (facet, buckets) in &self.facets {
            for (path, wanted) in buckets {
                let count = found.facets.get(facet).and_then(|buckets| buckets.get(path));
                let count = count.copied().unwrap_or(0);
                if count != *wanted {
                    faults.push(format!("{facet} {path}: {count} instead of {wanted}"));
                }
            }
        }
        faults
    }
}

/// Options of a judged query.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SampleOptions {
    /// `--region`.
    pub region: Vec<String>,
    /// `--measure`.
    pub measure: Vec<String>,
    /// `--since`.
    pub since: Option<String>,
    /// `--until`.
    pub until: Option<String>,
    /// `--no-synonyms`.
    pub no_synonyms: bool,
}

/// A paragraph that must be found.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MustFind {
    /// Its file, below `corpus/samples`.
    pub path: String,
    /// Text of its cleaned form that no other paragraph of the file has.
    pub quote: String,
}

/// What an engine answered to a judged query.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// Matching paragraphs.
    pub total: u64,
    /// File below `corpus/samples`, without the id of a record, and whole text of every hit, in order.
    pub hits: Vec<(String, String)>,
    /// Counts by facet and path; `未标注` for what has no tag.
    pub facets: BTreeMap<String, BTreeMap<String, u64>>,
}

/// Reads the judgements over the samples.
///
/// # Errors
/// The text is no TOML of the form, has a key that is not known, or an id stands twice.
pub fn read_samples(text: &str) -> Result<Vec<SampleQuery>, JudgementError> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        query: Vec<SampleQuery>,
    }
    let queries = toml::from_str::<File>(text)?.query;
    let mut seen = HashSet::new();
    match queries.iter().find(|query| !seen.insert(query.id.as_str())) {
        Some(double) => Err(JudgementError::DoubleQuery(double.id.clone())),
        None => Ok(queries),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn queries(text: &str) -> Vec<Result<Query, JudgementError>> {
        read_jsonl(text.as_bytes()).collect()
    }

    #[test]
    fn queries_are_read_a_line_each() {
        let read = queries(
            "\u{feff}{\"id\":\"q1\",\"text\":\"网格\",\"relevant\":[\"p1\"],\"more\":1}\n\n{\"id\":\"q2\",\"text\":\"培训\"}\n",
        );
        let read: Vec<Query> = read.into_iter().map(Result::unwrap).collect();
        assert_eq!(read[0].relevant, ["p1"]);
        assert_eq!(read[1].relevant, [""; 0]);
    }

    #[test]
    fn a_bad_line_is_named_and_the_rest_is_read() {
        let read = queries("{}\n{\"id\":\"a\",\"text\":\"x\"}\n{\"id\":\"a\",\"text\":\"y\"}\n");
        let errors: Vec<String> = read
            .iter()
            .filter_map(|record| record.as_ref().err())
            .map(ToString::to_string)
            .collect();
        assert_eq!(read.len(), 3);
        assert!(errors[0].starts_with("line 1: missing field `id`"), "{errors:?}");
        assert_eq!(errors[1], "line 3: id \"a\" stands twice");
    }

    const SAMPLE: &str = r#"
        [[query]]
        id = "literal-01"
        query = "网格化管理"
        must_find = [{ path = "云南/甲.txt", quote = "划分网格" }]
        total = 1
        exit = 0
        facets = { region = { "云南省" = 1 } }

        [[query]]
        id = "date-range-02"
        query = "培训"
        options = { region = ["云南"], since = "2020" }
        must_find = []
        exit = 1
    "#;

    #[test]
    fn sample_judgements_are_read_with_their_options() {
        let read = read_samples(SAMPLE).unwrap();
        assert_eq!(read[0].class(), "literal");
        assert_eq!(read[0].facets["region"]["云南省"], 1);
        assert_eq!(read[1].class(), "date-range");
        assert_eq!(read[1].options.since.as_deref(), Some("2020"));
    }

    #[test]
    fn a_key_nobody_knows_is_an_error() {
        let text = SAMPLE.replace("since =", "sincere =");
        assert!(read_samples(&text).unwrap_err().to_string().contains("sincere"));
    }

    #[test]
    fn a_double_id_is_an_error() {
        let text = SAMPLE.replace("date-range-02", "literal-01");
        assert!(
            matches!(read_samples(&text), Err(JudgementError::DoubleQuery(id)) if id == "literal-01")
        );
    }

    #[test]
    fn faults_name_what_is_missing() {
        let query = read_samples(SAMPLE).unwrap().remove(0);
        let right = Found {
            total: 1,
            hits: vec![("云南/甲.txt".to_owned(), "全县划分网格九个。".to_owned())],
            facets: query.facets.clone(),
        };
        assert_eq!(query.faults(&right), [""; 0]);
        let faults = query.faults(&Found::default());
        assert_eq!(
            faults,
            [
                "total 0 instead of 1",
                "not found: 云南/甲.txt \"划分网格\"",
                "region 云南省: 0 instead of 1"
            ]
        );
    }

    #[test]
    fn a_question_must_find_among_the_first_ten() {
        let mut query = read_samples(SAMPLE).unwrap().remove(0);
        query.id = "question-01".to_owned();
        let mut hits = vec![("云南/乙.txt".to_owned(), String::new()); 10];
        hits.push(("云南/甲.txt".to_owned(), "划分网格".to_owned()));
        let found = Found { total: 1, hits, facets: query.facets.clone() };
        assert_eq!(query.faults(&found).len(), 1);
    }

    #[test]
    fn the_judgements_of_the_samples_are_read() {
        let path =
            std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/judgements/queries.toml");
        let Ok(text) = std::fs::read_to_string(&path) else {
            println!("skipped: {} is not there", path.display());
            return;
        };
        assert!(read_samples(&text).unwrap().len() >= 60);
    }
}
