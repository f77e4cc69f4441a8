//! Bytes to tagged paragraphs: decoding, cleaning, tagging, and all of it. Bytes of the files per second, one thread.
//!
//! Measured on 250 recombined reports of ten paragraphs, in UTF-8 and as GB18030, held in memory. Left out: walking
//! folders and reading from disk; making the tagger, which happens once a run and is measured by itself (`load`).
//! `beside` compares all of it with the index writer alone on the tagged paragraphs of the same reports, commit and
//! merges included, in turns, and prints how many times as fast it is in the fastest turn of each.

mod data;

use criterion::{Criterion, Throughput};
use data::Source;
use encoding_rs::GB18030;
use fangzhi::ingest::clean::{Cleaned, clean};
use fangzhi::ingest::decode::{DecodeOptions, decode};
use fangzhi::ingest::{Format, ReadOptions, Taken, extract_bytes};
use fangzhi::model::Article;
use fangzhi::pipeline::write_alone;
use fangzhi::tag::Tagger;
use fangzhi::tag::gazetteer::Gazetteer;
use fangzhi::vocab::Vocabulary;
use std::hint::black_box;
use std::time::{Duration, Instant};

fn main() {
    let mut criterion = data::criterion();
    let reports: Vec<String> =
        Source::load().reports(data::PARAGRAPHS_SMALL).map(|report| report.text).collect();
    let tagger = Tagger::new(data::vocabulary());
    bench_decode(&mut criterion, &reports);
    bench_clean_and_tag(&mut criterion, &reports, &tagger);
    bench_load(&mut criterion);
    bench_gazetteer(&mut criterion, &reports);
    bench_beside_writer(&mut criterion, &reports, &tagger);
    criterion.final_summary();
}

fn bench_decode(criterion: &mut Criterion, reports: &[String]) {
    let encoded = |text: &String| GB18030.encode(text).0.into_owned();
    let gb18030: Vec<Vec<u8>> = reports.iter().map(encoded).collect();
    let utf8: Vec<Vec<u8>> = reports.iter().map(|text| text.clone().into_bytes()).collect();
    let chars: usize = reports.iter().map(|text| text.chars().count()).sum();

    let mut group = criterion.benchmark_group("decode");
    for (name, files) in [("UTF-8", utf8), ("GB18030", gb18030)] {
        assert_eq!(decode_all(&files, name), chars, "{name} was not decoded rightly");
        group.throughput(Throughput::Bytes(files.iter().map(|file| file.len() as u64).sum()));
        group.bench_function(name, |bencher| {
            bencher.iter(|| decode_all(black_box(&files), name));
        });
    }
    group.finish();
}

/// Characters of all files; each must be found to be in `encoding`.
fn decode_all(files: &[Vec<u8>], encoding: &str) -> usize {
    let chars = files.iter().map(|file| {
        let decoded = decode(file, &DecodeOptions::default()).expect("a generated report is text");
        assert!(decoded.report.encoding.starts_with(encoding), "{}", decoded.report.encoding);
        decoded.text.chars().count()
    });
    chars.sum()
}

fn bench_clean_and_tag(criterion: &mut Criterion, reports: &[String], tagger: &Tagger) {
    let paragraphs = |cleaned: &[Cleaned]| -> usize {
        let articles = cleaned.iter().flat_map(|cleaned| &cleaned.articles);
        articles.map(|article| article.paragraphs.len()).sum()
    };
    let taken: Vec<Taken> = reports.iter().map(|text| take(text)).collect();
    let cleaned: Vec<Cleaned> =
        taken.iter().map(|taken| clean(&taken.extracted, &taken.lines)).collect();
    let expected = paragraphs(&cleaned);
    assert!(expected >= data::PARAGRAPHS_SMALL, "{expected} paragraphs were cut");
    let tagged = tag_all(cleaned.clone(), tagger);
    assert!(tagged * 2 > expected, "only {tagged} of {expected} paragraphs have a region");

    let mut group = criterion.benchmark_group("ingest");
    group.throughput(Throughput::Bytes(reports.iter().map(|text| text.len() as u64).sum()));
    group.bench_function("clean", |bencher| {
        bencher.iter(|| {
            let clean = |taken: &Taken| clean(&taken.extracted, &taken.lines);
            let cleaned: Vec<Cleaned> = black_box(&taken).iter().map(clean).collect();
            assert_eq!(paragraphs(&cleaned), expected);
        });
    });
    group.bench_function("tag", |bencher| {
        bencher.iter_batched(
            || cleaned.clone(),
            |cleaned| assert_eq!(tag_all(cleaned, tagger), tagged),
            criterion::BatchSize::LargeInput,
        );
    });
    group.bench_function("all", |bencher| {
        bencher.iter(|| {
            let clean = |taken: Taken| clean(&taken.extracted, &taken.lines);
            let cleaned = black_box(reports).iter().map(|text| clean(take(text))).collect();
            assert_eq!(tag_all(cleaned, tagger), tagged);
        });
    });
    group.finish();
}

/// What a run makes once: the built-in vocabulary, the names of its divisions ready to be found, the whole tagger.
fn bench_load(criterion: &mut Criterion) {
    let vocabulary = data::vocabulary();
    let mut group = criterion.benchmark_group("load");
    group.bench_function("vocabulary", |bencher| bencher.iter(Vocabulary::builtin));
    group.bench_function("gazetteer", |bencher| {
        bencher.iter(|| Gazetteer::new(black_box(vocabulary.clone())));
    });
    group.bench_function("tagger", |bencher| {
        bencher.iter(|| Tagger::new(black_box(vocabulary.clone())));
    });
    group.finish();
}

/// Names of divisions found in plain text and told from each other.
fn bench_gazetteer(criterion: &mut Criterion, reports: &[String]) {
    let gazetteer = Gazetteer::new(data::vocabulary());
    let named = || -> usize {
        reports
            .iter()
            .flat_map(|text| text.lines())
            .map(|line| gazetteer.named_in(line).len())
            .sum()
    };
    let expected = named();
    assert!(expected >= reports.len(), "{expected} names: every report has its county's");
    let mut group = criterion.benchmark_group("gazetteer");
    group.throughput(Throughput::Bytes(reports.iter().map(|text| text.len() as u64).sum()));
    group.bench_function("match", |bencher| bencher.iter(|| assert_eq!(named(), expected)));
    group.finish();
}

/// Reading, cleaning and tagging, and the index writer alone on what they give, in turns.
#[expect(clippy::print_stdout, reason = "the ratio is what it is for")]
fn bench_beside_writer(criterion: &mut Criterion, reports: &[String], tagger: &Tagger) {
    let vocabulary = data::vocabulary();
    let ingest = |text: &String| -> Vec<Article> {
        let taken = take(text);
        let mut articles = clean(&taken.extracted, &taken.lines).articles;
        articles.iter_mut().for_each(|article| tagger.tag_article(article));
        articles
    };
    let tagged: Vec<Vec<Article>> = reports.iter().map(ingest).collect();
    let paragraphs: usize = tagged.iter().flatten().map(|article| article.paragraphs.len()).sum();
    let (mut fastest, mut turns) = ((Duration::MAX, Duration::MAX), 0);
    let mut turn = || {
        let started = Instant::now();
        let all: Vec<Vec<Article>> = black_box(reports).iter().map(ingest).collect();
        let ingested = started.elapsed();
        assert_eq!(all.len(), tagged.len());
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let started = Instant::now();
        let written = write_alone(&folder.path().join("index"), &vocabulary, black_box(&tagged))
            .expect("an index can be written to a temporary folder");
        let wrote = started.elapsed();
        assert_eq!(written, paragraphs as u64);
        // Whatever else the machine does only makes a turn slower.
        (fastest, turns) = ((fastest.0.min(ingested), fastest.1.min(wrote)), turns + 1);
        (ingested, wrote)
    };
    let mut group = criterion.benchmark_group("beside");
    group.throughput(Throughput::Bytes(reports.iter().map(|text| text.len() as u64).sum()));
    group.bench_function("ingest and tag", |bencher| {
        bencher.iter_custom(|times| (0..times).map(|_| turn().0).sum());
    });
    group.bench_function("index writer", |bencher| {
        bencher.iter_custom(|times| (0..times).map(|_| turn().1).sum());
    });
    group.finish();
    if turns > 0 {
        let ratio = fastest.1.as_secs_f64() / fastest.0.as_secs_f64();
        println!("ingest and tag is {ratio:.2} times as fast as the index writer ({turns} turns)");
    }
}

/// A report decoded and taken out of its format.
fn take(text: &str) -> Taken {
    extract_bytes(text.as_bytes(), Format::Plain, &ReadOptions::default())
        .expect("a generated report is text")
}

/// Tags all articles; gives how many paragraphs have a region.
fn tag_all(mut cleaned: Vec<Cleaned>, tagger: &Tagger) -> usize {
    let articles = cleaned.iter_mut().flat_map(|cleaned| &mut cleaned.articles);
    let with_region = articles.map(|article| {
        tagger.tag_article(article);
        article.paragraphs.iter().filter(|paragraph| !paragraph.regions.is_empty()).count()
    });
    with_region.sum()
}
