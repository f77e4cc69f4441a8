//! Which places a paragraph reports on: named in it, or inherited from heading, lead or title of the same article.
//!
//! The rules are those of `index-schema/README.md`, "Regions". Names come resolved from [`super::gazetteer`], towns
//! and villages from [`local`]; [`passing`] tells what is only mentioned, [`places`] keeps what the article is about.
//! An article's places are forgotten at its end.

mod local;
mod passing;
mod places;

use super::gazetteer::{Gazetteer, Hit};
use super::offsets::{CharOffsets, around};
use crate::model::{Article, Evidence, Paragraph, ParagraphKind, RegionPath, Span, Tag};
use crate::vocab::divisions::Division;
use local::{Suffix, VillageNames, add_local_places, local_names, suffixes};
use passing::{
    counts_a_list, goes_along, in_scheme_name, is_a_border, is_an_escort, is_bordered_on,
    is_of_years_gone_by, is_only_dateline, is_signed_with, joins_a_list, masked_place,
    moves_to_the_next, one_of_all, opens_a_sentence, opens_material, passing_by_after,
    passing_by_before, stands_as_subject, works_at_the_next,
};
use places::{Inherited, Places, report_what_is_issued};
use std::ops::Range;

/// From so many provinces on, the places of a paragraph of an exam paper are a survey of the country.
const PROVINCES_OF_A_SURVEY: usize = 5;

/// A place named in a paragraph.
#[derive(Debug, Clone)]
struct Named {
    path: String,
    /// The last division of the gazetteer on the path.
    division: usize,
    /// Bytes of the name or names.
    at: Range<usize>,
    /// Whether the paragraph can report on it: not inside a scheme's name, no visited or quoted place.
    reported: bool,
    /// Whether it stands where a paragraph's subject stands.
    subject: bool,
    /// Whether it opens a later sentence, or stands in a list that says how many it names.
    stressed: bool,
}

/// A full name of divisions that several bear, where nothing decides which is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unresolved {
    /// The name.
    pub name: String,
    /// Where it stands, in characters.
    pub at: Span,
    /// Who bears it, in the order of their codes.
    pub bearers: Vec<RegionPath>,
}

/// Fills regions, mentions and their evidence; `texts` are the paragraphs in Simplified script.
pub(crate) fn tag(gazetteer: &Gazetteer, article: &mut Article, texts: &[String]) {
    tag_with(gazetteer, article, texts, &mut |_, _, _| {});
}

/// The full names in an article that nothing resolves, by the paragraph's ordinal.
pub(crate) fn unresolved(
    gazetteer: &Gazetteer,
    mut article: Article,
    texts: &[String],
) -> Vec<(usize, Unresolved)> {
    let mut found = Vec::new();
    tag_with(gazetteer, &mut article, texts, &mut |paragraph, text, hits| {
        let offsets = CharOffsets::new(text);
        for hit in hits.iter().filter(|hit| hit.division.is_none()) {
            let bearers = hit.full_bearers().filter_map(|at| gazetteer.divisions().get(at));
            let bearers: Vec<RegionPath> = bearers.map(|division| division.path.clone()).collect();
            if bearers.len() > 1 {
                let name = text.get(hit.at.clone()).unwrap_or_default().to_owned();
                let at = offsets.span(hit.at.start, hit.at.end);
                found.push((paragraph, Unresolved { name, at, bearers }));
            }
        }
    });
    found
}

/// Tags an article; `look` is shown the names found in each paragraph.
fn tag_with(
    gazetteer: &Gazetteer,
    article: &mut Article,
    texts: &[String],
    look: &mut dyn FnMut(usize, &str, &[Hit<'_>]),
) {
    let mut places = Places::default();
    let suffixes: Vec<Vec<Suffix>> = texts.iter().map(|text| suffixes(text)).collect();
    let read = texts.iter().map(String::as_str).zip(suffixes.iter().map(Vec::as_slice));
    let villages = VillageNames::read(gazetteer.divisions(), read.clone());
    if let Some(title) = &article.title {
        let title = crate::text::script::to_simplified(title);
        places.read_title(gazetteer, &title);
    }
    for (at, (paragraph, (text, suffixes))) in article.paragraphs.iter_mut().zip(read).enumerate() {
        let look = &mut |hits: &[Hit<'_>]| look(at, text, hits);
        tag_paragraph(gazetteer, &mut places, &villages, paragraph, text, suffixes, look);
    }
}

fn tag_paragraph(
    gazetteer: &Gazetteer,
    places: &mut Places,
    villages: &VillageNames<'_>,
    paragraph: &mut Paragraph,
    text: &str,
    suffixes: &[Suffix],
    look: &mut dyn FnMut(&[Hit<'_>]),
) {
    let opens_material = opens_material(text);
    if opens_material {
        places.forget_to_title();
    }
    let hits = gazetteer.hits(text, &places.context());
    look(&hits);
    let mut named = places_named(gazetteer, text, &hits);
    places.pass_who_comes(gazetteer, text, &mut named);
    places.arrive(gazetteer, text, &mut named);
    if paragraph.kind == ParagraphKind::Heading {
        report_what_is_issued(text, &mut named);
    }
    places.remember_local(&named);
    add_local_places(gazetteer, places, villages, text, suffixes, &mut named);
    for place in &named {
        mention(paragraph, &place.path);
    }
    if paragraph.kind == ParagraphKind::Byline || is_only_dateline(text) {
        return;
    }
    places.remember_local(&named);
    let masked = masked_place(text).is_some();
    if masked {
        places.meet_masked_place(&named);
    }
    if paragraph.kind == ParagraphKind::Heading {
        places.leave_the_first_section(&named);
    }
    let mut chosen = choose(gazetteer, places, text, &named);
    if paragraph.kind == ParagraphKind::Heading {
        places.read_heading(text, &named, &mut chosen);
    } else if !opens_material {
        places.read_body(gazetteer, text, &named, paragraph.kind);
        places.remember_reported(gazetteer, text, &chosen);
    }
    for (path, evidence) in chosen.into_evidence(text) {
        let inferred = evidence.at.is_empty();
        let Ok(path) = RegionPath::new(path) else { continue };
        if paragraph.regions.iter().all(|tag| tag.path != path) {
            paragraph.regions.push(Tag { path, inferred });
            paragraph.evidence.push(evidence);
        }
    }
}

fn mention(paragraph: &mut Paragraph, path: &str) {
    if let Ok(path) = RegionPath::new(path)
        && !paragraph.mentions.contains(&path)
    {
        paragraph.mentions.push(path);
    }
}

/// What a paragraph reports on.
#[derive(Debug, Default)]
struct Chosen {
    named: Vec<(String, Range<usize>, &'static str)>,
    inherited: Vec<Inherited>,
}

impl Chosen {
    fn into_evidence(self, text: &str) -> Vec<(String, Evidence)> {
        let mut offsets = None;
        let named = self.named.into_iter().map(|(path, at, rule)| {
            let offsets = offsets.get_or_insert_with(|| CharOffsets::new(text));
            let words = text.get(at.clone()).unwrap_or("").to_owned();
            let span = offsets.span(at.start, at.end);
            (path.clone(), evidence(path, rule, words, vec![span]))
        });
        let inherited = self.inherited.into_iter().map(|place| {
            (place.path.clone(), evidence(place.path, place.rule, place.words, Vec::new()))
        });
        named.chain(inherited).collect()
    }
}

fn evidence(tag: String, rule: &str, words: String, at: Vec<Span>) -> Evidence {
    Evidence { tag, rule: rule.to_owned(), words: vec![words], at }
}

/// Decides between the named and the inherited places.
fn choose(gazetteer: &Gazetteer, places: &Places, text: &str, named: &[Named]) -> Chosen {
    let mut chosen = Chosen::default();
    let mut reported: Vec<&Named> = Vec::new();
    for place in named.iter().filter(|place| place.reported) {
        if reported.iter().all(|known| known.path != place.path) {
            reported.push(place);
        }
    }
    // In an exam paper places from all over the country are examples, but for the subject.
    let of_the_country = places.exam && provinces(gazetteer, &reported) >= PROVINCES_OF_A_SURVEY;
    // Nor is a real place the one that a story of a masked one (F市) is about.
    let beside_a_masked = places.exam && places.current.is_empty() && masked_place(text).is_some();
    let mut has_subject = false;
    for (number, place) in reported.iter().enumerate() {
        if is_only_wider(text, &reported, number)
            || (of_the_country || beside_a_masked) && !place.subject && !place.stressed
            || !places.let_report(gazetteer, place)
        {
            continue;
        }
        has_subject |= place.subject;
        chosen.named.push((place.path.clone(), place.at.clone(), "named"));
    }
    let refers = refers_to_current(text, places, gazetteer.divisions().all());
    if !chosen.named.is_empty() && has_subject && !refers {
        return chosen;
    }
    // The main statement is about the inherited place, the named ones are examples: both.
    let is_named = |place: &Inherited| chosen.named.iter().any(|(path, _, _)| *path == place.path);
    let has_example = |place: &Inherited| {
        chosen.named.iter().any(|(path, _, _)| is_strictly_below(path, &place.path))
            && (refers || place.rule != "lead")
            && (refers || !places.stays_with_example(&chosen.named))
    };
    let main = places.current.iter().filter(|place| {
        !is_named(place)
            && if chosen.named.is_empty() { places.reach(place, text) } else { has_example(place) }
    });
    chosen.inherited.extend(main.cloned());
    if chosen.named.is_empty()
        && let Some(title) = places.back_to_the_title(text, named)
    {
        chosen.inherited = title.to_vec();
    } else if chosen.named.is_empty()
        && let Some(meant) = places.referred_to(text)
    {
        chosen.inherited = vec![meant];
    } else if chosen.named.is_empty()
        && !refers
        && let Some(example) = places.goes_on_with(text)
    {
        chosen.inherited = vec![example];
    }
    chosen
}

/// How many provinces the places lie in.
fn provinces(gazetteer: &Gazetteer, named: &[&Named]) -> usize {
    let all = gazetteer.divisions();
    let mut provinces: Vec<usize> = named
        .iter()
        .map(|place| {
            let mut at = place.division;
            while let Some(parent) = all.get(at).and_then(|division| division.parent) {
                at = parent;
            }
            at
        })
        .collect();
    provinces.sort_unstable();
    provinces.dedup();
    provinces.len()
}

/// Whether a place only says where a narrower one lies: 云南省 beside 云南省/迪庆州. It reports on itself where it is
/// the subject and the narrower one comes later.
fn is_only_wider(text: &str, reported: &[&Named], number: usize) -> bool {
    let Some(place) = reported.get(number) else { return false };
    reported.iter().enumerate().any(|(at, other)| {
        // 阿坝州的若尔盖县
        let right_behind = at == number + 1
            && text
                .get(place.at.end..other.at.start)
                .is_none_or(|between| matches!(between, "" | "的"));
        is_strictly_below(&other.path, &place.path)
            && (at < number || !place.subject || right_behind)
    })
}

fn province_of(path: &str) -> &str {
    path.split('/').next().unwrap_or(path)
}

fn is_strictly_below(path: &str, ancestor: &str) -> bool {
    path.strip_prefix(ancestor).is_some_and(|rest| rest.starts_with('/'))
}

/// Whether the text says 全州, 我市, 该县 of a current place of that kind.
fn refers_to_current(text: &str, places: &Places, all: &[Division]) -> bool {
    places.current.iter().any(|place| {
        let Some(name) = all.get(place.division).map(|division| division.name.as_str()) else {
            return false;
        };
        let Some(kind) = name.chars().next_back() else { return false };
        let mut from = 0;
        while let Some(at) = text.get(from..).and_then(|rest| rest.find(kind)) {
            let before = text.get(..from + at).and_then(|before| before.chars().next_back());
            if matches!(before, Some('全' | '我' | '该' | '本')) {
                return true;
            }
            from += at + kind.len_utf8();
        }
        false
    })
}

/// The hits of a paragraph as places, with the towns and villages written behind them.
fn places_named(gazetteer: &Gazetteer, text: &str, hits: &[Hit<'_>]) -> Vec<Named> {
    let divisions = gazetteer.divisions();
    let mut named: Vec<Named> = Vec::new();
    // Whether the list that the last place stands in is one of places passed, and where it ended.
    let mut list_passes = false;
    // What stands before the list.
    let mut before_list = "";
    for (number, hit) in hits.iter().enumerate() {
        let Some(ordinal) = hit.division else { continue };
        let Some(division) = divisions.get(ordinal) else { continue };
        // 云南省 in 云南省迪庆州 is part of the longer name.
        let continued =
            hits.get(number + 1).is_some_and(|next| next.chained && next.at.start == hit.at.end);
        if continued {
            continue;
        }
        let start = chain_start(hits, number);
        let (local, end) = local_names(gazetteer, division, text, hit.at.end);
        let path = local
            .iter()
            .fold(division.path.as_str().to_owned(), |path, name| format!("{path}/{name}"));
        let at = start..end;
        let (before, after) = around(text, &at);
        let goes_on =
            named.last().and_then(|last| text.get(last.at.end..at.start)).is_some_and(joins_a_list);
        if !goes_on {
            before_list = before;
        }
        let comes_here = || {
            let last = named.last().filter(|last| !divisions.is_within(ordinal, last.division));
            last.is_some_and(|last| {
                let (before, _) = around(text, &last.at);
                text.get(last.at.end..at.start)
                    .is_some_and(|between| moves_to_the_next(before, between))
            })
        };
        list_passes = passing_by_before(before) && !comes_here() || goes_on && list_passes;
        let name = text.get(at.clone()).unwrap_or("");
        let works_elsewhere = || {
            hits.get(number + 1).is_some_and(|next| {
                text.get(at.end..next.at.start).is_some_and(|between| {
                    works_at_the_next(between)
                        || is_of_years_gone_by(before, after) && !between.contains('。')
                }) && next.division.is_some_and(|next| !divisions.is_within(next, ordinal))
            })
        };
        let passes_behind = passing_by_after(name, before, before_list, after)
            || one_of_all(before, name)
            || works_elsewhere();
        if passes_behind && !is_bordered_on(before, after) {
            pass_the_list(text, &mut named, at.start);
        }
        let is_partner = named.last().is_some_and(|last| {
            let between = text.get(last.at.end..at.start);
            between.is_some_and(|between| is_signed_with(between, after))
                && province_of(&last.path) != province_of(&path)
        });
        let reported =
            !in_scheme_name(before, after) && !list_passes && !passes_behind && !is_partner;
        // In a list all are the subject or none.
        let subject = if goes_on {
            named.last().is_some_and(|last| last.subject)
        } else {
            stands_as_subject(before)
        };
        named.push(Named {
            path,
            division: ordinal,
            reported,
            subject,
            stressed: opens_a_sentence(before),
            at,
        });
    }
    pass_who_goes_along(text, &mut named);
    stress_lists(text, &mut named);
    named.extend(abbreviated(gazetteer, text));
    named.sort_by_key(|place| place.at.start);
    named
}

/// 川渝两地: two or more provinces by their abbreviations.
fn abbreviated(gazetteer: &Gazetteer, text: &str) -> Vec<Named> {
    let found = gazetteer.abbreviated(text).into_iter();
    let places = found.filter_map(|(at, division)| {
        let (before, after) = around(text, &at);
        Some(Named {
            path: gazetteer.divisions().get(division)?.path.as_str().to_owned(),
            division,
            reported: !in_scheme_name(before, after) && !is_a_border(after),
            subject: stands_as_subject(before),
            stressed: false,
            at,
        })
    });
    places.collect()
}

/// 在青海省委书记陪同下，来到海西: where a sentence goes on to what was visited, neither the visitor's place nor that
/// of who went along is. Where it does not, that one is what was visited.
fn pass_who_goes_along(text: &str, named: &mut [Named]) {
    for at in 1..named.len() {
        let [.., place, next] = &mut named[..=at] else { continue };
        let (before, after) = around(text, &place.at);
        if !goes_along(after) {
            continue;
        }
        let (before_next, after_next) = around(text, &next.at);
        let is_visited = !text
            .get(place.at.end..next.at.start)
            .is_none_or(|between| between.contains(['。', '！', '？', '；']));
        if is_visited && (is_an_escort(before, after) || is_an_escort(before_next, after_next)) {
            place.reported = false;
        }
    }
}

/// 福州、新余、九江等多地: the places of a list of three and more whose number is told or left open.
fn stress_lists(text: &str, named: &mut [Named]) {
    let mut first = 0;
    for end in 1..=named.len() {
        let goes_on = matches!((named.get(end - 1), named.get(end)), (Some(last), Some(next))
            if text.get(last.at.end..next.at.start).is_some_and(joins_a_list));
        if goes_on {
            continue;
        }
        if let Some(list) = named.get_mut(first..end).filter(|list| list.len() > 2)
            && list.last().and_then(|last| text.get(last.at.end..)).is_some_and(counts_a_list)
        {
            list.iter_mut().for_each(|place| place.stressed = true);
        }
        first = end;
    }
}

/// What stands behind the last place of a list is said of all of it: 江苏、上海考察时.
fn pass_the_list(text: &str, named: &mut [Named], start: usize) {
    let mut next = start;
    for place in named.iter_mut().rev() {
        if !text.get(place.at.end..next).is_some_and(joins_a_list) {
            break;
        }
        place.reported = false;
        next = place.at.start;
    }
}

fn chain_start(hits: &[Hit<'_>], number: usize) -> usize {
    let mut first = number;
    while hits.get(first).is_some_and(|hit| hit.chained)
        && first > 0
        && hits[first - 1].at.end == hits[first].at.start
    {
        first -= 1;
    }
    hits.get(first).map_or(0, |hit| hit.at.start)
}

#[cfg(test)]
mod tests;
