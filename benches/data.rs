//! Inputs of the benches: reports made by recombining the sentences of `corpus/samples`, decided by a seed.
//!
//! A sentence keeps its words; its numbers and division names change from paragraph to paragraph, as they do between
//! real reports. So vocabulary and style are those of the samples however large the input is: good for speed, useless
//! for relevance. Real text can be taken instead with `FANGZHI_BENCH_TEXT`, a folder of UTF-8 files.
#![allow(dead_code, reason = "every bench includes this file and uses a part of it")]

use aho_corasick::{AhoCorasick, MatchKind};
use fangzhi::eval::random::SplitMix64;
use fangzhi::vocab::{Level, Vocabulary};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Paragraphs that layers which touch no disk are measured on: about 1 MB of text.
pub(crate) const PARAGRAPHS_SMALL: usize = 2_500;

/// Paragraphs that are indexed.
pub(crate) const PARAGRAPHS_INDEX: usize = 10_000;

/// Paragraphs that are searched.
pub(crate) const PARAGRAPHS_QUERY: usize = 100_000;

/// Body paragraphs of one report.
pub(crate) const PARAGRAPHS_PER_REPORT: usize = 10;

/// Every draw of lots starts here.
pub(crate) const SEED: u64 = 20_260_101;

/// `default`, or what `FANGZHI_BENCH_PARAGRAPHS` says.
///
/// # Panics
/// When it is set to something that is no number: a bench of another size than asked would mislead.
pub(crate) fn paragraphs(default: usize) -> usize {
    match std::env::var("FANGZHI_BENCH_PARAGRAPHS") {
        Ok(wanted) => {
            wanted.replace('_', "").parse().expect("FANGZHI_BENCH_PARAGRAPHS is a number")
        }
        Err(_) => default,
    }
}

/// Sentences written for this project, for a tree without `corpus/samples`.
const SENTENCES: [&str; 8] = [
    "全县推行网格化管理，把87个村划成412个网格，选聘网格员430名。",
    "县里办起夜校，请老支书和农技员轮流上课，全年培训村干部1260人次。",
    "镇上把大厅窗口减到6个，水电气过户一次办完，平均用时从3天降到40分钟。",
    "每周三晚上开院坝会，谁家漏雨、哪条路没灯，记在一本账上，月底逐条公布。",
    "下派的第一书记先跑遍全村238户，再和村民一起定下修渠、通路、种花椒三件事。",
    "河长每月巡河4次，发现的57处排污口全部封堵，水质由四类升到三类。",
    "调解室设在集市旁，去年受理土地、彩礼、欠薪纠纷316件，调成301件。",
    "合作社统一买苗、统一防病、统一卖果，户均增收4200元。",
];

/// A part of a sentence.
enum Piece {
    Text(String),
    /// So many digits, drawn anew each time.
    Number(usize),
    /// The division the report is on.
    Place,
}

/// Where recombined reports come from.
pub(crate) struct Source {
    sentences: Vec<Vec<Piece>>,
    /// Counties with what stands above them: 云南省, 迪庆藏族自治州, 香格里拉市.
    places: Vec<Vec<String>>,
    /// What the sentences are from, for the head of a record.
    pub(crate) name: String,
    /// Decides the draws of lots.
    pub(crate) seed: u64,
}

/// One report as it would stand in a file.
pub(crate) struct GeneratedReport {
    pub(crate) text: String,
    /// Its body paragraphs, each also in `text`.
    pub(crate) paragraphs: Vec<String>,
}

impl Source {
    /// The sentences of `FANGZHI_BENCH_TEXT`, else of `corpus/samples`, else a few of our own.
    ///
    /// # Panics
    /// When `FANGZHI_BENCH_TEXT` holds no sentences.
    pub(crate) fn load() -> Self {
        let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/samples");
        let (mut texts, name) = match std::env::var_os("FANGZHI_BENCH_TEXT") {
            Some(folder) => {
                let sentences = sentences_in(Path::new(&folder));
                assert!(!sentences.is_empty(), "FANGZHI_BENCH_TEXT holds no UTF-8 sentences");
                (sentences, "FANGZHI_BENCH_TEXT")
            }
            None => (sentences_in(&samples), "corpus/samples"),
        };
        let name = if texts.is_empty() { "own sentences" } else { name };
        if texts.is_empty() {
            texts.extend(SENTENCES.map(str::to_owned));
        }
        let vocabulary = Vocabulary::builtin();
        let divisions = vocabulary.divisions.all();
        let counties = divisions.iter().filter(|division| division.level == Level::County);
        let above = |path: &str| path.split('/').map(str::to_owned).collect();
        let places = counties.map(|county| above(county.path.as_str())).collect();
        let names = divisions.iter().map(|division| division.name.as_str());
        let names = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(names)
            .expect("a few thousand names fit");
        let sentences = texts.iter().map(|text| pieces(text, &names)).collect();
        Self { sentences, places, name: name.to_owned(), seed: SEED }
    }

    /// Reports with `paragraphs` body paragraphs together, made when asked for. The same seed gives the same.
    pub(crate) fn reports(
        &self,
        paragraphs: usize,
    ) -> impl Iterator<Item = GeneratedReport> + use<'_> {
        let mut random = SplitMix64::new(self.seed);
        let mut left = paragraphs;
        std::iter::from_fn(move || {
            let here = left.min(PARAGRAPHS_PER_REPORT);
            left -= here;
            (here > 0).then(|| self.report(here, &mut random))
        })
    }

    /// Body paragraphs alone.
    pub(crate) fn paragraphs(&self, count: usize) -> Vec<String> {
        self.reports(count).flat_map(|report| report.paragraphs).collect()
    }

    /// Writes reports as one `.txt` file each into folders of a thousand below `dir`; gives files and bytes.
    pub(crate) fn write(&self, paragraphs: usize, dir: &Path) -> Written {
        let mut written = Written { dir: dir.to_path_buf(), files: 0, bytes: 0 };
        for (ordinal, report) in self.reports(paragraphs).enumerate() {
            let folder = dir.join(format!("{:04}", ordinal / 1000));
            if ordinal % 1000 == 0 {
                std::fs::create_dir_all(&folder).expect("the folder of the bench can be made");
            }
            let file = folder.join(format!("{ordinal:07}.txt"));
            std::fs::write(file, &report.text).expect("the folder of the bench can be written");
            written.files += 1;
            written.bytes += report.text.len() as u64;
        }
        written
    }

    fn report(&self, paragraphs: usize, random: &mut SplitMix64) -> GeneratedReport {
        let place = random.choose(&self.places).cloned().unwrap_or_default();
        let county = place.last().map_or("", String::as_str);
        let (year, month, day) =
            (random.between(2015, 2025), random.between(1, 12), random.between(1, 28));
        let number = random.between(1, 999);
        let mut text = format!(
            "{county}：为民办事第{number}期\n\n示例日报(虚构) {year}年{month}月{day}日 本报记者 示例\n\n"
        );
        let mut body = Vec::with_capacity(paragraphs);
        for ordinal in 0..paragraphs {
            let mut paragraph = String::new();
            if ordinal == 0 {
                // The lead names the whole path, as reports do.
                paragraph.push_str(&place.concat());
                paragraph.push('：');
            }
            for _ in 0..random.between(2, 5) {
                self.sentence(&mut paragraph, county, random);
            }
            text.push_str(&paragraph);
            text.push_str("\n\n");
            body.push(paragraph);
        }
        GeneratedReport { text, paragraphs: body }
    }

    fn sentence(&self, out: &mut String, place: &str, random: &mut SplitMix64) {
        for piece in random.choose(&self.sentences).into_iter().flatten() {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Place => out.push_str(place),
                Piece::Number(digits) => {
                    for ordinal in 0..*digits {
                        let digit = random.between(usize::from(ordinal == 0), 9);
                        out.extend(
                            u32::try_from(digit).ok().and_then(|digit| char::from_digit(digit, 10)),
                        );
                    }
                }
            }
        }
    }
}

/// Reports on disk.
pub(crate) struct Written {
    pub(crate) dir: PathBuf,
    pub(crate) files: usize,
    pub(crate) bytes: u64,
}

/// Characters of a sentence that is taken: shorter ones are headings, longer ones lists.
const SENTENCE_CHARS: std::ops::RangeInclusive<usize> = 10..=120;

/// The whole sentences of all UTF-8 text files below a folder, sorted by path, each once.
fn sentences_in(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut seen = std::collections::HashSet::new();
    let files =
        walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().filter_map(Result::ok);
    for file in files.filter(|entry| entry.file_type().is_file()) {
        let Ok(text) = std::fs::read_to_string(file.path()) else { continue };
        // Markup would be no sentence; what a line cut off stays out, as the end of a sentence is missed.
        let lines = text.lines().filter(|line| !line.trim_start().starts_with(['<', '{', '|']));
        for sentence in lines.flat_map(|line| line.split_inclusive('。')) {
            let sentence = sentence.trim();
            let whole =
                sentence.ends_with('。') && SENTENCE_CHARS.contains(&sentence.chars().count());
            if whole && seen.insert(sentence.to_owned()) {
                found.push(sentence.to_owned());
            }
        }
    }
    found
}

/// A sentence in parts that stay and parts that are drawn.
fn pieces(sentence: &str, names: &AhoCorasick) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut at = 0;
    for name in names.find_iter(sentence) {
        numbers(sentence.get(at..name.start()).unwrap_or_default(), &mut found);
        found.push(Piece::Place);
        at = name.end();
    }
    numbers(sentence.get(at..).unwrap_or_default(), &mut found);
    found
}

/// A text in words and numbers.
fn numbers(text: &str, found: &mut Vec<Piece>) {
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let words = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        if digits > 0 {
            found.push(Piece::Number(digits));
        } else {
            found.push(Piece::Text(rest.get(..words).unwrap_or_default().to_owned()));
        }
        rest = rest.get(digits.max(words)..).unwrap_or_default();
    }
}

/// Samples, warm-up and time per bench, so that all benches end within minutes on two cores.
pub(crate) fn criterion() -> criterion::Criterion {
    criterion::Criterion::default()
        .sample_size(10)
        .warm_up_time(std::time::Duration::from_millis(500))
        .measurement_time(std::time::Duration::from_secs(3))
        .configure_from_args()
}

/// The built-in vocabulary, to be shared.
pub(crate) fn vocabulary() -> Arc<Vocabulary> {
    Arc::new(Vocabulary::builtin())
}
