//! Bytes to tagged paragraphs: decoding, cleaning, tagging, and all of it. Bytes of the files per second, one thread.
//!
//! Measured on 250 recombined reports of ten paragraphs, in UTF-8 and as GB18030, held in memory. Left out: walking
//! folders and reading from disk; making the tagger, which happens once a run.

mod data;

use criterion::{Criterion, Throughput};
use data::Source;
use encoding_rs::GB18030;
use fangzhi::ingest::clean::{Cleaned, clean};
use fangzhi::ingest::decode::{DecodeOptions, decode};
use fangzhi::ingest::{Format, ReadOptions, Taken, extract_bytes};
use fangzhi::tag::Tagger;
use fangzhi::tag::gazetteer::Gazetteer;
use std::hint::black_box;

fn main() {
    let mut criterion = data::criterion();
    let reports: Vec<String> =
        Source::load().reports(data::PARAGRAPHS_SMALL).map(|report| report.text).collect();
    let tagger = Tagger::new(data::vocabulary());
    bench_decode(&mut criterion, &reports);
    bench_clean_and_tag(&mut criterion, &reports, &tagger);
    bench_gazetteer(&mut criterion);
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

/// The names of all divisions made ready to be found, which happens once a run.
fn bench_gazetteer(criterion: &mut Criterion) {
    let vocabulary = data::vocabulary();
    criterion.bench_function("gazetteer/load", |bencher| {
        bencher.iter(|| Gazetteer::new(black_box(vocabulary.clone())));
    });
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
