//! A query: it prints as a query of the same meaning, and is no deeper or longer than what was typed.
#![no_main]

use fangzhi::search::ast::Node;
use fangzhi::search::parse::{date_range, is_question, parse};
use fangzhi::text::fold::fold;
use fangzhi::text::tokens::has_token;
use fangzhi::vocab::Vocabulary;
use fangzhi_fuzz::contained;
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(Vocabulary::builtin);

/// Brackets in each other, what a minus excludes, and the pairs of a distance.
const DEPTH_MAX: usize = 200;

/// The depth of a tree that has the shape the parser promises.
fn depth(node: &Node, is_root: bool) -> usize {
    match node {
        Node::And(parts) | Node::Or(parts) => {
            assert!(is_root || parts.len() > 1, "a single part: {node:?}");
            let same = std::mem::discriminant(node);
            assert!(parts.iter().all(|part| std::mem::discriminant(part) != same), "{node:?}");
            parts.iter().map(|part| depth(part, false)).max().unwrap_or(0) + 1
        }
        Node::Not(part) => depth(part, false) + 1,
        Node::Item(_) | Node::Near { .. } | Node::Field(_) => 1,
    }
}

fuzz_target!(|bytes: &[u8]| contained(|| {
    let query = &*String::from_utf8_lossy(bytes);
    let parsed = parse(query, &*VOCABULARY);
    let printed = parsed.root.to_string();
    let again = parse(&printed, &*VOCABULARY);
    assert_eq!(again.root, parsed.root, "{query:?} printed as {printed:?}");
    assert!(depth(&parsed.root, true) <= DEPTH_MAX);
    let items = parsed.root.items();
    let typed: usize = items.iter().map(|item| item.text.chars().count()).sum();
    // Both items of a pair, where three or more stand in a chain.
    assert!(typed <= 2 * query.chars().count(), "{items:?}");
    assert!(items.iter().all(|item| has_token(&fold(&item.text))), "{items:?}");
    assert!(!is_question(query) || query.trim_end().ends_with(['?', '？']));
    if let Some((from, to)) = date_range(query) {
        assert!(from <= to);
    }
}));
