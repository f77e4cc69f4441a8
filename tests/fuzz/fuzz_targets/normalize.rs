//! The rules that clean text: each leads back, once is enough, and no character that carries meaning is lost.
#![no_main]

use fangzhi::ingest::Layout;
use fangzhi::ingest::normalize::markup::Markup;
use fangzhi::ingest::normalize::{
    gloss, invisible, markup, normalize, normalize_part, radicals, shifted, width,
};
use fangzhi::text::OffsetMap;
use fangzhi::text::tokens::is_han;
use fangzhi_fuzz::contained;
use libfuzzer_sys::fuzz_target;
use std::borrow::Cow;

type Rule = for<'t> fn(&'t str) -> (Cow<'t, str>, OffsetMap);

/// Line ends of one byte that became another of one byte count as copied.
fn with_plain_ends(text: &str) -> String {
    text.replace(['\r', '\u{b}', '\u{c}'], "\n")
}

fuzz_target!(|bytes: &[u8]| contained(|| {
    let text = &*String::from_utf8_lossy(bytes);
    let rules: [Rule; 9] = [
        |text| markup::strip_markup(text, Markup::Lines),
        |text| markup::strip_markup(text, Markup::Rows),
        invisible::make_plain,
        shifted::realign,
        radicals::unify_radicals,
        width::narrow,
        radicals::compose,
        |text| gloss::strip_glosses(text, false),
        |text| gloss::strip_glosses(text, true),
    ];
    for rule in rules {
        let (changed, map) = rule(text);
        map.assert_sound(&with_plain_ends(text), &with_plain_ends(&changed));
    }
    for layout in [Layout::Lines, Layout::Blocks] {
        let once = normalize(text, layout);
        once.map.assert_sound(&with_plain_ends(text), &once.text);
        assert_eq!(normalize_part(text, once.context).0, once.text);
    }
    let once = normalize(text, Layout::Blocks);
    // A later step may make a sign or a character after which what was no shifted run is one.
    if shifted::count_runs(&once.text) == 0 {
        assert_eq!(normalize(&once.text, Layout::Blocks).text, once.text, "twice is once");
    }
    if shifted::count_runs(&invisible::make_plain(text).0) == 0 {
        let han = |text: &str| text.chars().filter(|&c| is_han(c)).count();
        assert_eq!(han(&once.text), han(text), "a Han was lost or invented");
    }
}));
