//! Folded text and its tokens: as long as before, the same in part and whole, and every run of tokens is found where
//! it stands.
#![no_main]

use fangzhi::model::Span;
use fangzhi::text::fold::fold;
use fangzhi::text::literal::{Needle, TokenizedText};
use fangzhi::text::tokens::is_token;
use fangzhi_fuzz::contained;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| contained(|| {
    // Two bytes choose a part of the text.
    let [from, length, bytes @ ..] = bytes else { return };
    let text: Vec<char> = String::from_utf8_lossy(bytes).chars().collect();
    let folded: Vec<char> = fold(&text.iter().collect::<String>()).chars().collect();
    assert_eq!(folded.len(), text.len());
    assert_eq!(fold(&folded.iter().collect::<String>()), folded.iter().collect::<String>());

    let from = usize::from(*from).min(text.len());
    let part = from..(from + usize::from(*length)).min(text.len());
    let cut: String = text[part.clone()].iter().collect();
    assert_eq!(fold(&cut), folded[part].iter().collect::<String>());

    let whole = TokenizedText::new(&text.iter().collect::<String>());
    let mut end = 0;
    for token in whole.tokens() {
        assert!(folded[end..token.char_start].iter().all(|&c| !is_token(c)), "passed over");
        assert_eq!(token.after_separator, end > 0 && token.char_start > end);
        let stands = folded[token.char_start..token.char_end].iter().collect::<String>();
        assert_eq!(token.text, stands);
        end = token.char_end;
    }
    assert!(folded[end..].iter().all(|&c| !is_token(c)), "the last ones passed over");

    let first = usize::from(*length) % whole.len().max(1);
    let run: Vec<_> = whole.tokens().skip(first).take(1 + usize::from(*length) % 7).collect();
    if let [first, .., last] | [first @ last] = run.as_slice() {
        let place = Span::new(first.char_start, last.char_end);
        let needle: String = text[place.range()].iter().collect();
        assert!(Needle::new(&needle).find_all(&whole).contains(&place), "{needle:?} is not found");
    }
}));
