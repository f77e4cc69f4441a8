//! Text to tokens: folding, Simplified script, tokens, grams, words. Bytes of UTF-8 per second, one thread.
//!
//! Measured on 2,500 recombined paragraphs, one call each, as the index writer does; the results are dropped. Left
//! out: loading jieba's dictionary (it is loaded before the clock starts) and what the engine does with the tokens.

mod data;

use criterion::{BenchmarkId, Criterion, Throughput};
use data::Source;
use fangzhi::analysis::{grams, words};
use fangzhi::text::fold::fold;
use fangzhi::text::script::to_simplified;
use fangzhi::text::tokens::tokens;
use std::hint::black_box;

/// From a text to the number of its results.
type Step = fn(&str) -> usize;

/// What is measured.
const STEPS: [(&str, Step); 5] = [
    ("fold", |text| fold(text).chars().count()),
    ("simplified", |text| to_simplified(text).chars().count()),
    ("fold and tokens", |text| tokens(&fold(text)).len()),
    ("grams", |text| grams(text).len()),
    ("words", |text| words(text).len()),
];

fn main() {
    let mut criterion = data::criterion();
    let paragraphs = Source::load().paragraphs(data::PARAGRAPHS_SMALL);
    assert_sound(&paragraphs);
    bench_steps(&mut criterion, &paragraphs);
    criterion.final_summary();
}

/// Fast and wrong fails: folding and script keep the number of characters, every token is a gram, as are separators behind
/// some, and words are no more than tokens.
fn assert_sound(paragraphs: &[String]) {
    let chars: usize = paragraphs.iter().map(|text| text.chars().count()).sum();
    let [folded, simplified, tokens, grams, words] =
        STEPS.map(|(_, step)| paragraphs.iter().map(|text| step(text)).sum::<usize>());
    assert_eq!((folded, simplified), (chars, chars), "characters were lost");
    assert!((tokens..2 * tokens).contains(&grams), "{grams} grams of {tokens} tokens");
    assert!(words > 0 && words < tokens, "{words} words of {tokens} tokens");
}

fn bench_steps(criterion: &mut Criterion, paragraphs: &[String]) {
    let bytes: usize = paragraphs.iter().map(String::len).sum();
    let mut group = criterion.benchmark_group("analyze");
    group.throughput(Throughput::Bytes(bytes as u64));
    for (name, step) in STEPS {
        group.bench_with_input(BenchmarkId::from_parameter(name), paragraphs, |bencher, texts| {
            bencher.iter(|| texts.iter().map(|text| step(black_box(text))).sum::<usize>());
        });
    }
    group.finish();
}
