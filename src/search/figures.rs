//! Filter and order by figures: which paragraphs report so many of something.
//!
//! A paragraph's figures stand in two columns side by side (`index::document`). Unit and noun are told by the ordinal
//! of their key, so a segment's keys are compared once and its paragraphs by number.

use crate::index::UPPER_END;
use crate::model::Figure;
use crate::search::found::{ListScorer, explain_by_score};
use crate::search::request::{FigureFilter, FigureOf};
use crate::text::quantity::{measure_of, typed_number, typed_unit};
use tantivy::columnar::Column;
use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, Score, SegmentReader};

/// Bounds are taken a little wider than typed, as 亩 in square metres have no end.
const ROUNDING: f64 = 1e-9;

/// Why figures cannot be asked for as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FigureFault {
    /// A bound is no number.
    NoNumber,
    /// A bound has a unit that cannot be compared with the one asked for.
    OtherUnit,
    /// No figure lies between the bounds.
    Empty,
}

impl FigureFilter {
    /// Figures of a unit (`人次`, `万元`) or of a noun (`党员`), from `min` to `max`, as typed.
    ///
    /// Bounds count in the unit asked for, or in one of their own: `--figure 万元 --min 5` is 50,000 元, and so is
    /// `--figure 元 --min 5万元`.
    pub fn typed(
        of: &str,
        min: Option<&str>,
        max: Option<&str>,
    ) -> Result<Self, (FigureFault, String)> {
        let unit = typed_unit(of);
        let bound = |text: Option<&str>| {
            let Some(text) = text else { return Ok(None) };
            let failed = |fault| (fault, text.to_owned());
            let (value, own) = typed_number(text).ok_or_else(|| failed(FigureFault::NoNumber))?;
            let factor = match (own, unit) {
                (Some(own), Some((wanted, _))) if own.base == wanted.base => own.factor,
                (Some(_), _) => return Err(failed(FigureFault::OtherUnit)),
                (None, Some((wanted, scale))) => wanted.factor * scale,
                (None, None) => 1.0,
            };
            Ok(Some(value * factor))
        };
        let (low, high) = (bound(min)?, bound(max)?);
        if let (Some(low), Some(high)) = (low, high)
            && low > high
        {
            return Err((FigureFault::Empty, max.unwrap_or_default().to_owned()));
        }
        let of_what = match unit {
            Some((measure, _)) => FigureOf::Unit(measure.base.to_owned()),
            None => FigureOf::Noun(of.trim().to_owned()),
        };
        let bounds = match (min, max) {
            (None, None) => String::new(),
            (min, max) => {
                format!(" {}..{}", min.unwrap_or_default().trim(), max.unwrap_or_default().trim())
            }
        };
        Ok(Self { text: format!("{}{bounds}", of.trim()), of: of_what, min: low, max: high })
    }

    /// How many base units one of a figure's is; `None` where it is of another kind.
    fn factor(&self, unit: Option<&str>, noun: Option<&str>) -> Option<f64> {
        match &self.of {
            FigureOf::Unit(base) => {
                let measure = unit.and_then(measure_of)?;
                (measure.base == base).then_some(measure.factor)
            }
            // 农牧民党员 are 党员.
            FigureOf::Noun(wanted) => noun?.ends_with(wanted.as_str()).then_some(1.0),
        }
    }

    fn holds(&self, low: f64, high: f64) -> bool {
        self.min.is_none_or(|min| high >= min * (1.0 - ROUNDING))
            && self.max.is_none_or(|max| low <= max * (1.0 + ROUNDING))
    }

    /// Whether a figure is one of those asked for.
    pub fn matches(&self, figure: &Figure) -> bool {
        self.factor(figure.unit.as_deref(), figure.noun.as_deref()).is_some_and(|factor| {
            let upper = figure.value_max.unwrap_or(figure.value);
            self.holds(figure.value * factor, upper * factor)
        })
    }
}

/// The figures of one segment that a filter may ask for.
pub(crate) struct SegmentFigures {
    filter: FigureFilter,
    keys: Column<u64>,
    values: Column<f64>,
    /// By ordinal of the key: base units of one, or `None` for figures of another kind.
    factors: Vec<Option<f64>>,
    upper_end: Option<u64>,
}

impl SegmentFigures {
    /// `None` where the segment has no such figures.
    pub(crate) fn open(
        filter: &FigureFilter,
        reader: &SegmentReader,
    ) -> tantivy::Result<Option<Self>> {
        let columns = reader.fast_fields();
        let Some(keys) = columns.str("figure")? else { return Ok(None) };
        let mut factors = Vec::with_capacity(keys.num_terms());
        let mut terms = keys.dictionary().stream()?;
        while terms.advance() {
            let key = String::from_utf8_lossy(terms.key());
            let (unit, noun) = key.split_once('\t').unwrap_or((&key, ""));
            let known = |part: &'_ str| (!part.is_empty()).then(|| part.to_owned());
            factors.push(filter.factor(known(unit).as_deref(), known(noun).as_deref()));
        }
        if factors.iter().all(Option::is_none) {
            return Ok(None);
        }
        let upper_end = keys.dictionary().term_ord(UPPER_END)?;
        let values = columns.f64("figure_value")?;
        let keys = keys.ords().clone();
        Ok(Some(Self { filter: filter.clone(), keys, values, factors, upper_end }))
    }

    /// The largest figure of a paragraph that is asked for, in base units.
    pub(crate) fn largest(&self, doc: DocId) -> Option<f64> {
        let mut largest: Option<f64> = None;
        let mut entries =
            self.keys.values_for_doc(doc).zip(self.values.values_for_doc(doc)).peekable();
        while let Some((key, low)) = entries.next() {
            let upper = entries.next_if(|(key, _)| Some(*key) == self.upper_end);
            let at = usize::try_from(key).unwrap_or(usize::MAX);
            let Some(factor) = self.factors.get(at).copied().flatten() else { continue };
            let high = upper.map_or(low, |(_, high)| high) * factor;
            if self.filter.holds(low * factor, high) {
                largest = Some(largest.map_or(high, |before| before.max(high)));
            }
        }
        largest
    }
}

/// Paragraphs with a figure that is asked for.
#[derive(Debug, Clone)]
pub(crate) struct FigureQuery {
    filter: FigureFilter,
}

impl FigureQuery {
    pub(crate) fn new(filter: FigureFilter) -> Self {
        Self { filter }
    }
}

impl Query for FigureQuery {
    fn weight(&self, _scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(FigureWeight { filter: self.filter.clone() }))
    }
}

struct FigureWeight {
    filter: FigureFilter,
}

impl Weight for FigureWeight {
    fn scorer(&self, reader: &SegmentReader, _boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let mut found = Vec::new();
        if let Some(figures) = SegmentFigures::open(&self.filter, reader)? {
            let docs = 0..reader.max_doc();
            found.extend(docs.filter(|doc| figures.largest(*doc).is_some()));
        }
        Ok(Box::new(ListScorer::<DocId>::new(found.into(), None)))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        explain_by_score(self, reader, doc, "has such a figure")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Span;

    fn figure(value: f64, value_max: Option<f64>, unit: &str, noun: &str) -> Figure {
        let known = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Figure {
            value,
            value_max,
            unit: known(unit),
            qualifier: None,
            noun: known(noun),
            at: Span::new(0, 1),
        }
    }

    #[track_caller]
    fn check(of: &str, min: Option<&str>, max: Option<&str>, figure: &Figure, expected: bool) {
        let filter = FigureFilter::typed(of, min, max).unwrap();
        assert_eq!(filter.matches(figure), expected, "{of} {min:?} {max:?} {figure:?}");
    }

    #[test]
    fn a_unit_finds_all_units_of_its_kind() {
        let money = figure(59_850_000.0, None, "元", "");
        check("元", Some("1000万"), Some("1亿"), &money, true);
        check("万元", Some("5985"), Some("5985"), &money, true);
        check("亿元", Some("1"), None, &money, false);
        check("元", Some("0.5亿元"), None, &money, true);
        check("美元", None, None, &money, false);
        check("公顷", Some("1"), Some("1"), &figure(15.0, None, "亩", ""), true);
        check("亩", Some("15"), Some("15"), &figure(1.0, None, "公顷", ""), true);
        check("公里", Some("3"), None, &figure(3000.0, None, "米", ""), true);
        check("人", Some("5"), None, &figure(5.0, None, "名", "党员"), true);
        check("人", None, None, &figure(5.0, None, "人次", ""), false);
        check("人次", Some("1万"), Some("10万"), &figure(97_300.0, None, "人次", ""), true);
    }

    #[test]
    fn a_noun_finds_what_ends_with_it() {
        let members = figure(8521.0, None, "名", "农牧民党员");
        check("党员", Some("8000"), None, &members, true);
        check("农牧民", None, None, &members, false);
    }

    #[test]
    fn a_range_is_found_by_any_number_in_it() {
        let households = figure(5.0, Some(15.0), "户", "");
        check("户", Some("10"), Some("12"), &households, true);
        check("户", Some("16"), None, &households, false);
        check("户", None, Some("4"), &households, false);
    }

    #[test]
    fn a_filter_is_named_with_its_bounds() {
        let named = |min, max| FigureFilter::typed(" 人次", min, max).unwrap().text;
        assert_eq!(named(None, None), "人次");
        assert_eq!(named(Some("1万"), None), "人次 1万..");
        assert_eq!(named(Some("1万"), Some("10万")), "人次 1万..10万");
    }

    #[test]
    fn what_cannot_be_asked_says_why() {
        let fault = |of, min, max| FigureFilter::typed(of, min, max).map_err(|(fault, _)| fault);
        assert_eq!(fault("户", Some("许多"), None), Err(FigureFault::NoNumber));
        assert_eq!(fault("户", Some("5亩"), None), Err(FigureFault::OtherUnit));
        assert_eq!(fault("户", Some("5"), Some("4")), Err(FigureFault::Empty));
    }
}
