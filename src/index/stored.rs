//! The form in which the store keeps a paragraph: short numbers, and characters of two bytes.
//!
//! The store packs what it is given in blocks of a few paragraphs. Chinese in UTF-8 packs a tenth worse than in UTF-16,
//! and field names, quotes and numbers in digits of JSON took half of the store. Nothing is kept that the text says:
//! a title that is the paragraph itself, words of evidence that stand where it points to. The id is in the columns
//! `id_head` and `id_tail`: bytes that nothing repeats only break up what could be packed.

use crate::index::record::StoredParagraph;
use crate::model::{
    Date, DatePrecision, Evidence, Figure, MeasurePath, Note, ParagraphKind, Place, RegionPath,
    Span, Tag,
};

/// Begins every paragraph, so that a file's record, which is JSON, is told from one.
const MARK: u8 = 1;

/// Greatest whole number that `f64` has without a gap below it, which is also where its conversion is exact.
const WHOLE_MAX: f64 = 9_007_199_254_740_992.0;

impl StoredParagraph {
    /// The bytes that [`StoredParagraph::unpack`] reads.
    pub(crate) fn pack(&self) -> Vec<u8> {
        let mut out = Packer { bytes: Vec::with_capacity(self.text.len() + 64) };
        out.bytes.push(MARK);
        out.text(&self.text);
        let kind = ParagraphKind::ALL.iter().position(|kind| *kind == self.kind).unwrap_or(0);
        out.size(kind);
        out.text(&self.path);
        out.option(self.record.as_ref(), |out, record| out.text(record));
        out.size(self.article);
        out.size(self.paragraph);
        out.bytes.push(u8::from(self.goes_on));
        out.title(self.title.as_deref(), &self.text);
        out.option(self.subtitle.as_ref(), |out, subtitle| out.text(subtitle));
        out.option(self.date.as_ref(), Packer::date);
        out.option(self.source.as_ref(), |out, source| out.text(source));
        out.option(self.place.as_ref(), Packer::place);
        out.list(&self.regions, |out, tag| out.tag(tag.path.as_str(), tag.inferred));
        out.list(&self.measures, |out, tag| out.tag(tag.path.as_str(), tag.inferred));
        let characters = Characters::of(&self.text, !self.evidence.is_empty());
        out.list(&self.evidence, |out, evidence| out.evidence(evidence, self, &characters));
        out.list(&self.figures, Packer::figure);
        out.list(&self.notes, |out, note| {
            out.text(&note.code);
            out.text(&note.detail);
        });
        out.bytes
    }

    /// What [`StoredParagraph::pack`] wrote, with the halves of its id; `None` for anything else.
    pub(crate) fn unpack(bytes: &[u8], (id_head, id_tail): (u64, u64)) -> Option<Self> {
        let mut input = Unpacker { bytes };
        (input.byte()? == MARK).then_some(())?;
        let text = input.text()?;
        let kind = *ParagraphKind::ALL.get(input.size()?)?;
        let path = input.text()?;
        let record = input.option(Unpacker::text)?;
        let (article, paragraph) = (input.size()?, input.size()?);
        let goes_on = input.byte()? != 0;
        let title = input.title(&text)?;
        let subtitle = input.option(Unpacker::text)?;
        let date = input.option(Unpacker::date)?;
        let source = input.option(Unpacker::text)?;
        let place = input.option(Unpacker::place)?;
        let regions = input.list(|input| {
            let (path, inferred) = input.tag()?;
            Some(Tag { path: RegionPath::new(path).ok()?, inferred })
        })?;
        let measures = input.list(|input| {
            let (path, inferred) = input.tag()?;
            Some(Tag { path: MeasurePath::new(path).ok()?, inferred })
        })?;
        let mut stored = Self {
            id: format!("{id_head:016x}{id_tail:016x}"),
            text,
            kind,
            path,
            record,
            article,
            paragraph,
            goes_on,
            title,
            subtitle,
            date,
            source,
            place,
            regions,
            measures,
            evidence: Vec::new(),
            figures: Vec::new(),
            notes: Vec::new(),
        };
        let count = input.size()?;
        let characters = Characters::of(&stored.text, count > 0);
        for _ in 0..count {
            let evidence = input.evidence(&stored, &characters)?;
            stored.evidence.push(evidence);
        }
        stored.figures = input.list(Unpacker::figure)?;
        stored.notes = input.list(|input| {
            let code = input.text()?;
            Some(Note { code, detail: input.text()? })
        })?;
        Some(stored)
    }

    /// The text alone, at less cost.
    pub(crate) fn unpack_text(bytes: &[u8]) -> Option<String> {
        let mut input = Unpacker { bytes };
        (input.byte()? == MARK).then(|| input.text())?
    }

    /// The path of a tag by its ordinal among regions and measures.
    fn tag_path(&self, at: usize) -> Option<&str> {
        let regions = self.regions.iter().map(|tag| tag.path.as_str());
        regions.chain(self.measures.iter().map(|tag| tag.path.as_str())).nth(at)
    }

    fn tag_at(&self, path: &str) -> Option<usize> {
        (0..self.regions.len() + self.measures.len()).find(|at| self.tag_path(*at) == Some(path))
    }
}

/// Where the characters of a text begin.
struct Characters<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Characters<'a> {
    /// Those of `text`, or none when nobody will ask.
    fn of(text: &'a str, asked: bool) -> Self {
        let starts = text.char_indices().map(|(at, _)| at).chain([text.len()]);
        Self { text, starts: if asked { starts.collect() } else { Vec::new() } }
    }

    fn get(&self, span: Span) -> Option<&'a str> {
        self.text.get(*self.starts.get(span.start())?..*self.starts.get(span.end())?)
    }
}

struct Packer {
    bytes: Vec<u8>,
}

impl Packer {
    /// Seven bits a byte, the lowest first; the highest bit says that more follow.
    fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.bytes.push(number.to_le_bytes()[0] | 0x80);
            number >>= 7;
        }
        self.bytes.push(number.to_le_bytes()[0]);
    }

    fn size(&mut self, size: usize) {
        self.number(size as u64);
    }

    /// ASCII as it is, other text as UTF-16; which of the two is the lowest bit of the length.
    fn text(&mut self, text: &str) {
        if text.is_ascii() {
            self.size(text.len() << 1);
            self.bytes.extend(text.as_bytes());
        } else {
            self.size(text.encode_utf16().count() << 1 | 1);
            self.bytes.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
        }
    }

    fn option<T: ?Sized>(&mut self, value: Option<&T>, each: impl FnOnce(&mut Self, &T)) {
        self.bytes.push(u8::from(value.is_some()));
        if let Some(value) = value {
            each(self, value);
        }
    }

    fn list<T>(&mut self, values: &[T], mut each: impl FnMut(&mut Self, &T)) {
        self.size(values.len());
        for value in values {
            each(self, value);
        }
    }

    /// Most first paragraphs are the title.
    fn title(&mut self, title: Option<&str>, text: &str) {
        match title {
            None => self.bytes.push(0),
            Some(title) if title == text => self.bytes.push(2),
            Some(title) => {
                self.bytes.push(1);
                self.text(title);
            }
        }
    }

    fn date(&mut self, date: &Date) {
        let precision = match date.precision {
            DatePrecision::Day => 0,
            DatePrecision::Month => 1,
            DatePrecision::Year => 2,
        };
        self.bytes.push(precision);
        self.number(u64::from(date.from));
        self.number(u64::from(date.to));
    }

    fn place(&mut self, place: &Place) {
        match *place {
            Place::Text { line, bytes } => {
                self.bytes.push(0);
                self.pair(line);
                self.span(bytes);
            }
            Place::Block { block, page, area } => {
                self.bytes.push(1);
                self.pair(block);
                self.option(page.as_ref(), |out, page| out.pair(*page));
                self.option(area.as_ref(), |out, area| {
                    out.bytes.extend(area.iter().flat_map(|edge| edge.to_be_bytes()));
                });
            }
        }
    }

    /// First and last, which is seldom far behind.
    fn pair(&mut self, (first, last): (usize, usize)) {
        self.size(first);
        self.size(last.saturating_sub(first));
    }

    fn span(&mut self, span: Span) {
        self.size(span.start());
        self.size(span.len());
    }

    fn tag(&mut self, path: &str, inferred: bool) {
        self.bytes.push(u8::from(inferred));
        self.text(path);
    }

    /// The tag as its ordinal, or 0 and its path when the paragraph does not have it; words only where they are not
    /// those at the places.
    fn evidence(&mut self, evidence: &Evidence, of: &StoredParagraph, text: &Characters<'_>) {
        match of.tag_at(&evidence.tag) {
            Some(at) => self.size(at + 1),
            None => {
                self.size(0);
                self.text(&evidence.tag);
            }
        }
        self.text(&evidence.rule);
        self.list(&evidence.at, |out, span| out.span(*span));
        let in_text = evidence.at.iter().map(|span| text.get(*span));
        if in_text.eq(evidence.words.iter().map(|word| Some(word.as_str()))) {
            self.bytes.push(0);
        } else {
            self.bytes.push(1);
            self.list(&evidence.words, |out, word| out.text(word));
        }
    }

    fn figure(&mut self, figure: &Figure) {
        self.value(figure.value);
        self.option(figure.value_max.as_ref(), |out, value| out.value(*value));
        self.option(figure.unit.as_ref(), |out, unit| out.text(unit));
        self.option(figure.qualifier.as_ref(), |out, qualifier| out.text(qualifier));
        self.option(figure.noun.as_ref(), |out, noun| out.text(noun));
        self.span(figure.at);
    }

    /// Most figures are whole numbers, which take few bytes as such.
    fn value(&mut self, value: f64) {
        let is_whole = value.fract() == 0.0 && (0.0..WHOLE_MAX).contains(&value);
        if is_whole && !value.is_sign_negative() {
            #[allow(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "checked above: whole, not negative, below 2^53"
            )]
            self.number((value as u64) << 1);
        } else {
            self.number(1);
            self.bytes.extend(value.to_be_bytes());
        }
    }
}

/// Reads what [`Packer`] wrote, method by method; `None` where the bytes end or say nothing that can be.
struct Unpacker<'a> {
    bytes: &'a [u8],
}

impl<'a> Unpacker<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(count)?;
        self.bytes = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    fn number(&mut self) -> Option<u64> {
        let mut number = 0_u64;
        for shift in (0..u64::BITS).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    fn size(&mut self) -> Option<usize> {
        usize::try_from(self.number()?).ok()
    }

    fn text(&mut self) -> Option<String> {
        let length = self.size()?;
        if length & 1 == 0 {
            return std::str::from_utf8(self.take(length >> 1)?).ok().map(str::to_owned);
        }
        let units = self.take((length >> 1).checked_mul(2)?)?;
        let units = units.chunks_exact(2).map(|unit| u16::from_be_bytes([unit[0], unit[1]]));
        char::decode_utf16(units).collect::<Result<String, _>>().ok()
    }

    fn option<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<Option<T>> {
        match self.byte()? {
            0 => Some(None),
            1 => read(self).map(Some),
            _ => None,
        }
    }

    fn list<T>(&mut self, mut read: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count = self.size()?;
        // A count that nothing follows takes no memory: what may end early is collected without making room before.
        (0..count).map(|_| read(self)).collect()
    }

    fn title(&mut self, text: &str) -> Option<Option<String>> {
        match self.byte()? {
            0 => Some(None),
            1 => self.text().map(Some),
            2 => Some(Some(text.to_owned())),
            _ => None,
        }
    }

    fn date(&mut self) -> Option<Date> {
        let precision = match self.byte()? {
            0 => DatePrecision::Day,
            1 => DatePrecision::Month,
            2 => DatePrecision::Year,
            _ => return None,
        };
        let from = u32::try_from(self.number()?).ok()?;
        Some(Date { from, to: u32::try_from(self.number()?).ok()?, precision })
    }

    fn place(&mut self) -> Option<Place> {
        match self.byte()? {
            0 => Some(Place::Text { line: self.pair()?, bytes: self.span()? }),
            1 => Some(Place::Block {
                block: self.pair()?,
                page: self.option(Self::pair)?,
                area: self.option(Self::area)?,
            }),
            _ => None,
        }
    }

    fn area(&mut self) -> Option<[i32; 4]> {
        let mut area = [0; 4];
        for edge in &mut area {
            *edge = i32::from_be_bytes(self.take(4)?.try_into().ok()?);
        }
        Some(area)
    }

    fn pair(&mut self) -> Option<(usize, usize)> {
        let first = self.size()?;
        Some((first, first.checked_add(self.size()?)?))
    }

    fn span(&mut self) -> Option<Span> {
        let (start, end) = self.pair()?;
        Some(Span::new(start, end))
    }

    fn tag(&mut self) -> Option<(String, bool)> {
        let inferred = self.byte()? == 1;
        Some((self.text()?, inferred))
    }

    fn evidence(&mut self, of: &StoredParagraph, text: &Characters<'_>) -> Option<Evidence> {
        let tag = match self.size()?.checked_sub(1) {
            Some(at) => of.tag_path(at)?.to_owned(),
            None => self.text()?,
        };
        let rule = self.text()?;
        let at = self.list(Self::span)?;
        let words = match self.byte()? {
            0 => at.iter().map(|span| text.get(*span).map(str::to_owned)).collect::<Option<_>>()?,
            _ => self.list(Self::text)?,
        };
        Some(Evidence { tag, rule, words, at })
    }

    fn figure(&mut self) -> Option<Figure> {
        Some(Figure {
            value: self.value()?,
            value_max: self.option(Self::value)?,
            unit: self.option(Self::text)?,
            qualifier: self.option(Self::text)?,
            noun: self.option(Self::text)?,
            at: self.span()?,
        })
    }

    fn value(&mut self) -> Option<f64> {
        match self.number()? {
            1 => Some(f64::from_be_bytes(self.take(8)?.try_into().ok()?)),
            #[allow(clippy::cast_precision_loss, reason = "what was packed is below 2^53")]
            whole => Some((whole >> 1) as f64),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::document::{head, tail};
    use proptest::collection::vec;
    use proptest::option::of;
    use proptest::prelude::*;

    fn paragraph(text: &str) -> StoredParagraph {
        StoredParagraph {
            id: "0123456789abcdef00000000000000ff".to_owned(),
            text: text.to_owned(),
            kind: ParagraphKind::Body,
            path: "/报告/a.jsonl".to_owned(),
            record: Some("r-1".to_owned()),
            article: 1,
            paragraph: 2,
            goes_on: true,
            subtitle: Some("副题".to_owned()),
            title: Some("标题".to_owned()),
            date: Date::new(2023, Some(6), None),
            source: None,
            place: None,
            regions: Vec::new(),
            measures: Vec::new(),
            evidence: Vec::new(),
            figures: Vec::new(),
            notes: Vec::new(),
        }
    }

    #[track_caller]
    fn check(stored: &StoredParagraph) {
        let bytes = stored.pack();
        assert_eq!(
            StoredParagraph::unpack(&bytes, (head(&stored.id), tail(&stored.id))).as_ref(),
            Some(stored)
        );
        assert_eq!(StoredParagraph::unpack_text(&bytes).as_ref(), Some(&stored.text));
        for end in 0..bytes.len() {
            let cut = bytes.get(..end).unwrap_or_default();
            assert_eq!(StoredParagraph::unpack(cut, (0, 0)), None, "cut at {end}");
        }
    }

    fn tag<P>(path: P) -> Tag<P> {
        Tag { path, inferred: true }
    }

    #[test]
    fn everything_of_a_paragraph_comes_back() {
        let mut stored = paragraph("香格里拉市办夜校𠮷12所。");
        stored.place =
            Some(Place::Block { block: (3, 4), page: Some((1, 2)), area: Some([-1, 0, 5, 9]) });
        stored.regions = vec![tag(RegionPath::new("云南省/迪庆藏族自治州").unwrap())];
        stored.measures = vec![tag(MeasurePath::new("教育/夜校").unwrap())];
        let evidence = |tag: &str, words: &[&str], at: &[[usize; 2]]| Evidence {
            tag: tag.to_owned(),
            rule: "cue".to_owned(),
            words: words.iter().map(|word| (*word).to_owned()).collect(),
            at: at.iter().map(|&[start, end]| Span::new(start, end)).collect(),
        };
        stored.evidence = vec![
            evidence("教育/夜校", &["夜校"], &[[6, 8]]),
            evidence("教育/夜校", &["夜  校"], &[[6, 8]]),
            evidence("云南省/迪庆藏族自治州", &["迪庆"], &[]),
            evidence("别处", &["市"], &[[99, 100]]),
        ];
        stored.figures = vec![Figure {
            value: 12.0,
            value_max: Some(12.5),
            unit: Some("所".to_owned()),
            qualifier: None,
            noun: None,
            at: Span::new(9, 12),
        }];
        stored.notes = vec![Note::new("joined", "")];
        check(&stored);
    }

    #[test]
    fn a_title_that_is_the_paragraph_is_kept_once() {
        let mut stored = paragraph("大兴夜校");
        let other = stored.pack().len();
        stored.title = Some(stored.text.clone());
        assert!(stored.pack().len() < other);
        check(&stored);
    }

    #[test]
    fn the_record_of_a_file_is_no_paragraph() {
        assert_eq!(StoredParagraph::unpack(br#"{"key":"k"}"#, (0, 0)), None);
        assert_eq!(StoredParagraph::unpack_text(br#"{"key":"k"}"#), None);
    }

    proptest! {
        #[test]
        fn every_text_place_and_figure_comes_back(
            text in "([网格化乾隆a1Ａ。𠮷 ]|\\PC){0,24}",
            ends in (0_usize..usize::MAX / 2, 0_usize..usize::MAX / 2),
            title in of("\\PC{0,4}"),
            values in vec(prop_oneof![any::<f64>().prop_filter("equal to itself", |v| !v.is_nan()), (0..1_u64 << 55).prop_map(|v| v as f64)], 0..3),
        ) {
            let mut stored = paragraph(&text);
            stored.title = title;
            stored.place = Some(Place::Text { line: (7, 7), bytes: Span::new(ends.0, ends.0 + ends.1) });
            stored.figures = values.into_iter().map(|value| Figure {
                value, value_max: None, unit: None, qualifier: Some(text.clone()), noun: None, at: Span::new(0, 1),
            }).collect();
            let bytes = stored.pack();
            prop_assert_eq!(StoredParagraph::unpack(&bytes, (head(&stored.id), tail(&stored.id))), Some(stored));
        }

        #[test]
        fn any_bytes_are_read_without_a_fault(mut bytes in vec(any::<u8>(), 0..64)) {
            bytes.insert(0, MARK);
            let _read = StoredParagraph::unpack(&bytes, (0, 0));
        }
    }
}
