//! Where each byte of a changed text came from.
//!
//! Every step that changes text (decoding, unescaping, cleaning) returns its text and an [`OffsetMap`]; maps compose
//! with [`OffsetMap::then`], so a place in the final text leads back to the untouched file.

use crate::model::Span;
use serde::{Deserialize, Serialize};

/// A run of units that were changed alike: each takes `out_unit` bytes now and took `source_unit` bytes before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Piece {
    out: usize,
    source: usize,
    out_unit: usize,
    source_unit: usize,
    count: usize,
}

impl Piece {
    fn out_end(&self) -> usize {
        self.out + self.out_unit * self.count
    }

    fn source_end(&self) -> usize {
        self.source + self.source_unit * self.count
    }

    fn is_copy(&self) -> bool {
        self.out_unit == 1 && self.source_unit == 1
    }
}

/// A run of units of a map, as it is written down elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct MapRun {
    /// Bytes of the source that were dropped before it.
    pub(crate) skipped: usize,
    /// Bytes that each of its units takes.
    pub(crate) out_unit: usize,
    /// Bytes of the source that each unit was made from.
    pub(crate) source_unit: usize,
    /// How many units.
    pub(crate) count: usize,
}

/// A map from the bytes of a text to the bytes of the text it was made from.
///
/// It never runs backwards. A place inside a unit that was changed as a whole (a character of another encoding, an
/// entity) leads to the whole unit. Source text that was dropped belongs to no unit.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct OffsetMap {
    pieces: Vec<Piece>,
    out_len: usize,
    source_len: usize,
}

impl OffsetMap {
    /// The map of a text that was not changed.
    pub fn identity(len: usize) -> Self {
        let mut builder = OffsetMapBuilder::default();
        builder.copy(len);
        builder.finish()
    }

    /// Length in bytes of the text it maps from.
    pub fn out_len(&self) -> usize {
        self.out_len
    }

    /// Length in bytes of the text it leads to.
    pub fn source_len(&self) -> usize {
        self.source_len
    }

    /// All of the map but its lengths, from left to right.
    pub(crate) fn runs(&self) -> impl Iterator<Item = MapRun> + '_ {
        let ends = self.pieces.iter().map(Piece::source_end);
        let ends = std::iter::once(0).chain(ends);
        self.pieces.iter().zip(ends).map(|(piece, end)| MapRun {
            skipped: piece.source - end,
            out_unit: piece.out_unit,
            source_unit: piece.source_unit,
            count: piece.count,
        })
    }

    /// The map that has these runs; `None` when they do not make up a map of these lengths.
    pub(crate) fn from_runs(
        runs: impl IntoIterator<Item = MapRun>,
        out_len: usize,
        source_len: usize,
    ) -> Option<Self> {
        let mut builder = OffsetMapBuilder::default();
        for run in runs {
            let MapRun { skipped, out_unit, source_unit, count } = run;
            let out = out_unit.checked_mul(count)?.checked_add(builder.map.out_len)?;
            let start = builder.map.source_len.checked_add(skipped)?;
            let source = source_unit.checked_mul(count)?.checked_add(start)?;
            if out > out_len || source > source_len || out_unit == 0 || count == 0 {
                return None;
            }
            builder.skip_to(start);
            builder.repeat(out_unit, source_unit, count);
        }
        if builder.map.out_len != out_len {
            return None;
        }
        builder.skip_to(source_len);
        Some(builder.finish())
    }

    /// The smallest source range that holds everything `out` was made from.
    ///
    /// An empty range, or one made of inserted text only, gives the empty range at its place.
    pub fn to_source(&self, out: Span) -> Span {
        let first = self.pieces.partition_point(|piece| piece.out_end() <= out.start());
        let mut range: Option<(usize, usize)> = None;
        for piece in self.pieces.iter().skip(first) {
            if piece.out >= out.end() {
                break;
            }
            let from = (out.start().max(piece.out) - piece.out) / piece.out_unit;
            let to = (out.end().min(piece.out_end()) - piece.out).div_ceil(piece.out_unit);
            let start = piece.source + from * piece.source_unit;
            let end = piece.source + to * piece.source_unit;
            range = Some(range.map_or((start, end), |(known, _)| (known, end)));
        }
        match range {
            Some((start, end)) => Span::new(start, end),
            None => {
                let at = self.pieces.get(first).map_or(self.source_len, |piece| piece.source);
                Span::new(at, at)
            }
        }
    }

    /// The map of two steps in a row: `self` leads from the middle text to the source, `next` from the final text to
    /// the middle one.
    pub fn then(&self, next: &Self) -> Self {
        let mut builder = OffsetMapBuilder::default();
        for piece in &next.pieces {
            if piece.is_copy() {
                self.copy_range(Span::new(piece.source, piece.source_end()), &mut builder);
                continue;
            }
            for unit in 0..piece.count {
                let middle = piece.source + unit * piece.source_unit;
                let source = self.to_source(Span::new(middle, middle + piece.source_unit));
                builder.replace_range(piece.out_unit, source);
            }
        }
        builder.skip_to(self.source_len);
        builder.finish()
    }

    /// The map of the part `out` of the text; it leads to the same source.
    pub fn slice(&self, out: Span) -> Self {
        let mut builder = OffsetMapBuilder::default();
        self.copy_range(out, &mut builder);
        builder.skip_to(self.source_len);
        builder.finish()
    }

    /// Appends the units of the part `out` to a map that is being built over the same source.
    fn copy_range(&self, out: Span, builder: &mut OffsetMapBuilder) {
        let first = self.pieces.partition_point(|piece| piece.out_end() <= out.start());
        for piece in self.pieces.iter().skip(first) {
            if piece.out >= out.end() {
                break;
            }
            let (mut at, end) = (out.start().max(piece.out), out.end().min(piece.out_end()));
            // A unit cut by the range's start or end leads to the whole unit.
            while at < end {
                let unit = (at - piece.out) / piece.out_unit;
                let unit_start = piece.out + unit * piece.out_unit;
                let source_start = piece.source + unit * piece.source_unit;
                let is_new = builder.source_len() <= source_start || piece.source_unit == 0;
                if is_new && at == unit_start && unit_start + piece.out_unit <= end {
                    let count = (end - at) / piece.out_unit;
                    builder.skip_to(source_start);
                    builder.repeat(piece.out_unit, piece.source_unit, count);
                    at += count * piece.out_unit;
                } else {
                    let stop = end.min(unit_start + piece.out_unit);
                    let source = Span::new(source_start, source_start + piece.source_unit);
                    builder.replace_range(stop - at, source);
                    at = stop;
                }
            }
        }
    }

    /// Checks the map against both texts, for tests: in range, never backwards, on character boundaries, and copied
    /// stretches are equal.
    ///
    /// # Panics
    /// When the map is unsound; the text of the panic names the piece.
    pub fn assert_sound(&self, source: &str, out: &str) {
        assert_eq!(self.out_len, out.len(), "map and text differ in length");
        assert_eq!(self.source_len, source.len(), "map and source differ in length");
        let (mut out_at, mut source_at) = (0, 0);
        for piece in &self.pieces {
            assert_eq!(piece.out, out_at, "a hole or overlap in the text before {piece:?}");
            assert!(piece.source >= source_at, "runs backwards at {piece:?}");
            assert!(piece.out_unit > 0 && piece.count > 0, "empty {piece:?}");
            for unit in 0..piece.count {
                let (o, s) =
                    (piece.out + unit * piece.out_unit, piece.source + unit * piece.source_unit);
                if piece.is_copy() {
                    break;
                }
                assert!(
                    out.is_char_boundary(o) && source.is_char_boundary(s),
                    "inside a character: {piece:?}"
                );
            }
            if piece.is_copy() {
                assert_eq!(
                    out.as_bytes().get(piece.out..piece.out_end()),
                    source.as_bytes().get(piece.source..piece.source_end()),
                    "a copy that differs: {piece:?}"
                );
            }
            (out_at, source_at) = (piece.out_end(), piece.source_end());
        }
        assert_eq!(out_at, out.len(), "the end of the text is not mapped");
        assert!(source_at <= source.len(), "leads past the source");
    }
}

/// Builds an [`OffsetMap`] from left to right.
#[derive(Debug, Clone, Default)]
pub struct OffsetMapBuilder {
    map: OffsetMap,
}

impl OffsetMapBuilder {
    /// The next `len` bytes were taken over unchanged.
    pub fn copy(&mut self, len: usize) {
        self.repeat(1, 1, len);
    }

    /// The next `out` bytes were made, as a whole, from the next `source` bytes; `out` of 0 drops them, `source` of 0
    /// inserts.
    pub fn replace(&mut self, out: usize, source: usize) {
        if out == 0 {
            self.map.source_len += source;
        } else {
            self.repeat(out, source, 1);
        }
    }

    /// The next `count` units of `source` bytes each became `out` bytes each.
    pub fn repeat(&mut self, out: usize, source: usize, count: usize) {
        if count == 0 || out == 0 {
            self.map.source_len += source * count;
            return;
        }
        let next = Piece {
            out: self.map.out_len,
            source: self.map.source_len,
            out_unit: out,
            source_unit: source,
            count,
        };
        match self.map.pieces.last_mut() {
            Some(last)
                if last.out_unit == out
                    && last.source_unit == source
                    && last.source_end() == next.source =>
            {
                last.count += count;
            }
            _ => self.map.pieces.push(next),
        }
        self.map.out_len += out * count;
        self.map.source_len += source * count;
    }

    /// The next `out` bytes were made, as a whole, from `source`. What lies before it was dropped; where a part of it
    /// was passed already, they become one with the unit before.
    fn replace_range(&mut self, out: usize, source: Span) {
        let passed = self.map.source_len;
        if out == 0 || source.start() >= passed || source.is_empty() {
            self.skip_to(source.start());
            return self.replace(out, source.len());
        }
        match self.map.pieces.last_mut() {
            Some(last) if last.source_end() == passed => {
                let (out_unit, start) = (last.out_unit, passed - last.source_unit);
                last.count -= 1;
                if last.count == 0 {
                    self.map.pieces.pop();
                }
                self.map.out_len -= out_unit;
                self.map.source_len = start;
                self.repeat(out_unit + out, passed.max(source.end()) - start, 1);
            }
            // Dropped text lies between: only what is left of the source is this unit's own.
            _ => self.replace(out, source.end().saturating_sub(passed)),
        }
    }

    /// The source from here to before `source` was dropped; going back is not possible and changes nothing.
    pub fn skip_to(&mut self, source: usize) {
        self.map.source_len = self.map.source_len.max(source);
    }

    /// Bytes of the source passed so far.
    pub fn source_len(&self) -> usize {
        self.map.source_len
    }

    /// Bytes of the text built so far.
    pub fn out_len(&self) -> usize {
        self.map.out_len
    }

    /// The finished map. Call [`Self::skip_to`] first where the end of the source was dropped.
    pub fn finish(self) -> OffsetMap {
        self.map
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built(steps: impl Fn(&mut OffsetMapBuilder)) -> OffsetMap {
        let mut builder = OffsetMapBuilder::default();
        steps(&mut builder);
        builder.finish()
    }

    #[test]
    fn a_dropped_gloss_leaves_a_hole_in_the_source() {
        let (source, out) = ("網(wǎng)站", "網站");
        let gloss = "(wǎng)".len();
        let map = built(|b| {
            b.copy(3);
            b.replace(0, gloss);
            b.copy(3);
        });
        map.assert_sound(source, out);
        assert_eq!(map.to_source(Span::new(0, 3)), Span::new(0, 3));
        assert_eq!(map.to_source(Span::new(3, 6)), Span::new(3 + gloss, 6 + gloss));
        assert_eq!(map.to_source(Span::new(0, 6)), Span::new(0, 6 + gloss));
    }

    #[test]
    fn units_of_another_encoding_lead_to_whole_characters() {
        // "年a年" in GBK: 2 + 1 + 2 bytes.
        let map = built(|b| {
            b.repeat(3, 2, 1);
            b.copy(1);
            b.repeat(3, 2, 1);
        });
        assert_eq!(map.to_source(Span::new(3, 4)), Span::new(2, 3));
        assert_eq!(map.to_source(Span::new(4, 7)), Span::new(3, 5));
        assert_eq!(map.to_source(Span::new(5, 6)), Span::new(3, 5));
    }

    #[test]
    fn two_steps_in_a_row_compose() {
        let decode = built(|b| b.repeat(3, 2, 4)); // four Han in GBK
        let drop_second = built(|b| {
            b.copy(3);
            b.replace(0, 3);
            b.copy(6);
        });
        let both = decode.then(&drop_second);
        assert_eq!(both.out_len(), 9);
        assert_eq!(both.source_len(), 8);
        assert_eq!(both.to_source(Span::new(3, 6)), Span::new(4, 6));
        assert_eq!(both.to_source(Span::new(0, 9)), Span::new(0, 8));
    }

    #[test]
    fn a_slice_leads_to_the_same_source() {
        let map = built(|b| {
            b.copy(2);
            b.replace(0, 5);
            b.copy(4);
        });
        let part = map.slice(Span::new(1, 4));
        assert_eq!(part.to_source(Span::new(0, 3)), Span::new(1, 9));
        assert_eq!(part.source_len(), 11);
    }

    #[test]
    fn a_map_written_down_as_runs_is_the_same() {
        let map = built(|b| {
            b.copy(2);
            b.replace(0, 5);
            b.repeat(3, 2, 4);
            b.replace(2, 0);
            b.skip_to(30);
        });
        let (out_len, source_len) = (map.out_len(), map.source_len());
        assert_eq!(OffsetMap::from_runs(map.runs(), out_len, source_len), Some(map.clone()));
        for (out_len, source_len) in [(15, 30), (17, 30), (16, 14)] {
            assert_eq!(OffsetMap::from_runs(map.runs(), out_len, source_len), None);
        }
    }

    #[test]
    fn runs_that_are_too_long_for_a_map_make_none() {
        let run =
            |out_unit, source_unit, count| MapRun { skipped: 1, out_unit, source_unit, count };
        for run in
            [run(0, 1, 1), run(1, 1, 0), run(2, 1, usize::MAX), run(1, usize::MAX, 2), run(9, 1, 1)]
        {
            assert_eq!(OffsetMap::from_runs([run], 8, 8), None, "{run:?}");
        }
    }

    #[test]
    fn parts_of_one_unit_with_a_hole_between_stay_one_unit() {
        // An entity of three characters, the second of which is dropped.
        let entity = built(|b| {
            b.replace(3, 5);
            b.copy(1);
        });
        let drop_second = built(|b| {
            b.copy(1);
            b.replace(0, 1);
            b.copy(2);
        });
        let both = entity.then(&drop_second);
        assert_eq!((both.out_len(), both.source_len()), (3, 6));
        for (out, source) in [((0, 1), (0, 5)), ((1, 2), (0, 5)), ((2, 3), (5, 6))] {
            assert_eq!(both.to_source(Span::new(out.0, out.1)), Span::new(source.0, source.1));
        }
    }

    /// A map over so many bytes of source, from any steps.
    fn any_map(source_len: usize, steps: &[(u8, usize, usize)]) -> OffsetMap {
        built(|b| {
            for &(kind, out, source) in steps {
                let left = source_len - b.source_len();
                match kind {
                    0 => b.copy(source.min(left)),
                    1 => b.replace(out, source.min(left)),
                    2 => b.repeat(out, 2, source.min(left / 2)),
                    _ => b.skip_to(b.source_len() + source.min(left)),
                }
            }
            b.skip_to(source_len);
        })
    }

    proptest::proptest! {
        #[test]
        fn maps_in_a_row_stay_within_their_source(
            first in proptest::collection::vec((0_u8..4, 0_usize..5, 0_usize..6), 0..12),
            second in proptest::collection::vec((0_u8..4, 0_usize..5, 0_usize..6), 0..12),
        ) {
            let decoded = any_map(40, &first);
            let cleaned = any_map(decoded.out_len(), &second);
            let both = decoded.then(&cleaned);
            proptest::prop_assert_eq!(both.out_len(), cleaned.out_len());
            proptest::prop_assert_eq!(both.source_len(), 40);
            let mut last = 0;
            for at in 0..both.out_len() {
                let place = both.to_source(Span::new(at, at + 1));
                // What stands one step away from the source stands in what two steps give.
                let middle = cleaned.to_source(Span::new(at, at + 1));
                let direct = decoded.to_source(middle);
                proptest::prop_assert!(place.end() <= 40 && place.start() >= last, "{at}: {place:?}");
                proptest::prop_assert!(
                    middle.is_empty() || direct.is_empty()
                        || place.start() <= direct.start() && direct.end() <= place.end(),
                    "{at}: {place:?} does not hold {direct:?}"
                );
                last = place.start();
            }
        }
    }

    #[test]
    fn an_empty_range_stays_empty() {
        let map = OffsetMap::identity(4);
        assert_eq!(map.to_source(Span::new(2, 2)), Span::new(2, 2));
        assert_eq!(map.to_source(Span::new(4, 4)), Span::new(4, 4));
    }
}
