//! A PDF file opened: its objects, its pages in order, the bytes of its streams, and what all that may cost.
//!
//! Everything asked of lopdf stands here and in `fonts/encoding.rs`; lopdf bounds its own recursion, this file what
//! comes to memory. Neighbour: `content` reads the pages.

use super::cost;
use super::inflate::{Soundness, inflate};
use crate::ingest::Format;
use crate::ingest::extract::ExtractError;
use crate::ingest::faults::plain;
use crate::ingest::limits::{LimitName, Limits, OverLimit};
use lopdf::xref::XrefRecovery;
use lopdf::{DecompressError, Dictionary, LoadOptions, Object, ObjectId, Stream};
use std::borrow::Cow;
use std::cell::Cell;
use std::collections::HashSet;

/// How much of [`Limits::unpacked_bytes_max`] one stream may take while the file is opened: streams of objects become
/// objects many times their size.
const LOAD_SHARE: u64 = 64;

/// Filters of one stream, each of which may make it larger.
const FILTERS_MAX: usize = 8;

/// What a page or node that is waiting to be visited costs of the limit for unpacked bytes.
const WAITING_BYTES: usize = 128;

/// Last bytes of a file by which a stream is known that it was cut off in.
const FILE_END_BYTES: usize = 12;

/// References followed from one object to the next.
const REFERENCES_MAX: usize = 32;

/// The sheet of paper taken where a page names none that makes sense: A4.
const DEFAULT_AREA: [f32; 4] = [0.0, 0.0, 595.0, 842.0];

/// Longest side of a page, in points.
const SIDE_MAX: f32 = 1e6;

/// An opened file with what is left of its limits.
#[derive(Debug)]
pub(super) struct Document {
    inner: lopdf::Document,
    unpacked_bytes_max: u64,
    unpacked_bytes: Cell<u64>,
    misses_pages: Cell<bool>,
    repeats_pages: Cell<bool>,
    /// The last bytes of the file.
    file_end: Vec<u8>,
    was_encrypted: bool,
}

/// One page with what it inherits.
#[derive(Debug, Clone)]
pub(super) struct Page<'a> {
    pub(super) dict: &'a Dictionary,
    pub(super) resources: Option<&'a Dictionary>,
    /// What is shown: left, bottom, right, top in the page's own units.
    pub(super) area: [f32; 4],
    /// The whole sheet.
    pub(super) sheet: [f32; 4],
    /// Quarter turns clockwise: 0 to 3.
    pub(super) turns: u8,
}

impl Document {
    /// Opens a file.
    ///
    /// Files that only their owner's password protects are opened as every viewer does. Damaged tables of objects are
    /// rebuilt where the objects are still there.
    ///
    /// Errors: [`ExtractError::Encrypted`], [`ExtractError::Damaged`], [`ExtractError::OverLimit`].
    pub(super) fn open(bytes: &[u8], limits: &Limits) -> Result<Self, ExtractError> {
        let unpacked_bytes_max = limits.unpacked_bytes_max;
        if !cost::is_affordable(bytes, unpacked_bytes_max) {
            return Err(over_unpacked(unpacked_bytes_max).into());
        }
        let stream_bytes_max =
            usize::try_from(unpacked_bytes_max / LOAD_SHARE).unwrap_or(usize::MAX);
        let options = LoadOptions::with_max_decompressed_size(stream_bytes_max);
        let inner = match lopdf::Document::load_mem_with_options(bytes, options.clone()) {
            Ok(inner) => inner,
            Err(error) => {
                let error = open_error(error, unpacked_bytes_max);
                load_without_root(bytes, options, &error).ok_or(error)?
            }
        };
        // What was encrypted and is readable now has lost its mark.
        if inner.trailer.has(b"Encrypt") {
            return Err(ExtractError::Encrypted { format: Format::Pdf });
        }
        Ok(Self {
            was_encrypted: inner.encryption_state.is_some(),
            inner,
            unpacked_bytes_max,
            unpacked_bytes: Cell::new(0),
            misses_pages: Cell::new(false),
            repeats_pages: Cell::new(false),
            file_end: bytes
                .get(bytes.len().saturating_sub(FILE_END_BYTES)..)
                .unwrap_or_default()
                .to_vec(),
        })
    }

    /// Whether its table of objects was lost, so that pages may be missing without anyone knowing, or pages that it
    /// names were.
    pub(super) fn is_damaged(&self) -> bool {
        self.inner.xref_recovery == Some(XrefRecovery::Reconstructed) || self.misses_pages.get()
    }

    /// Whether its tree names a page, or a part of itself, more than once; each was read once.
    pub(super) fn repeats_pages(&self) -> bool {
        self.repeats_pages.get()
    }

    /// Whether its table of objects was lost, and with it fonts, or what they say of their characters.
    pub(super) fn lost_fonts(&self) -> bool {
        const PARTS: [&[u8]; 4] =
            [b"ToUnicode", b"DescendantFonts", b"FontDescriptor", b"Encoding"];
        let is_lost = |object: &Object| {
            matches!(object, Object::Reference(_)) && self.resolve(object).is_none()
        };
        let lacks = |dict: &Dictionary| {
            let fonts = self.dict(dict, b"Font");
            let is_font = self.name(dict, b"Type") == Some(b"Font");
            fonts.is_some_and(|fonts| fonts.iter().any(|(_, font)| is_lost(font)))
                || is_font && PARTS.iter().any(|part| self.is_lost(dict, part))
                || is_font && self.array(dict, b"DescendantFonts").iter().any(is_lost)
        };
        let resources = |dict: &Dictionary| self.dict(dict, b"Resources").is_some_and(lacks);
        let mut dicts = self.inner.objects.values().filter_map(as_dict);
        self.is_damaged() && dicts.any(|dict| lacks(dict) || resources(dict))
    }

    /// Counts memory and work against the limit for unpacked bytes.
    pub(super) fn charge(&self, bytes: usize) -> Result<(), OverLimit> {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        let sum = self.unpacked_bytes.get().saturating_add(bytes);
        self.unpacked_bytes.set(sum);
        if sum > self.unpacked_bytes_max { Err(self.over_limit()) } else { Ok(()) }
    }

    fn over_limit(&self) -> OverLimit {
        over_unpacked(self.unpacked_bytes_max)
    }

    /// The object itself, when `object` only refers to it; `None` for what is missing or turns in circles.
    pub(super) fn resolve<'a>(&'a self, mut object: &'a Object) -> Option<&'a Object> {
        for _ in 0..REFERENCES_MAX {
            match object {
                Object::Reference(id) => object = self.inner.objects.get(id)?,
                Object::Null => return None,
                _ => return Some(object),
            }
        }
        None
    }

    pub(super) fn get<'a>(&'a self, dict: &'a Dictionary, key: &[u8]) -> Option<&'a Object> {
        self.resolve(dict.get(key).ok()?)
    }

    /// Whether a dictionary refers to something that the file does not have.
    pub(super) fn is_lost(&self, dict: &Dictionary, key: &[u8]) -> bool {
        dict.get(key).is_ok_and(|object| {
            matches!(object, Object::Reference(_)) && self.resolve(object).is_none()
        })
    }

    /// A dictionary, or that of a stream.
    pub(super) fn dict<'a>(&'a self, dict: &'a Dictionary, key: &[u8]) -> Option<&'a Dictionary> {
        as_dict(self.get(dict, key)?)
    }

    pub(super) fn stream<'a>(&'a self, dict: &'a Dictionary, key: &[u8]) -> Option<&'a Stream> {
        self.get(dict, key)?.as_stream().ok()
    }

    pub(super) fn array<'a>(&'a self, dict: &'a Dictionary, key: &[u8]) -> &'a [Object] {
        self.get(dict, key).and_then(|object| object.as_array().ok()).map_or(&[], Vec::as_slice)
    }

    pub(super) fn name<'a>(&'a self, dict: &'a Dictionary, key: &[u8]) -> Option<&'a [u8]> {
        self.get(dict, key)?.as_name().ok()
    }

    pub(super) fn number(&self, dict: &Dictionary, key: &[u8]) -> Option<f32> {
        self.as_number(dict.get(key).ok()?)
    }

    pub(super) fn as_number(&self, object: &Object) -> Option<f32> {
        self.resolve(object)?.as_float().ok().filter(|number| number.is_finite())
    }

    /// Numbers of an array, as many as asked; `None` when it has fewer.
    pub(super) fn numbers<const N: usize>(
        &self,
        dict: &Dictionary,
        key: &[u8],
    ) -> Option<[f32; N]> {
        let mut numbers = [0.0; N];
        let array = self.array(dict, key);
        for (at, number) in numbers.iter_mut().enumerate() {
            *number = self.as_number(array.get(at)?)?;
        }
        Some(numbers)
    }

    /// Text of a text string: UTF-16 or UTF-8 by its mark, else PDFDocEncoding.
    pub(super) fn text(&self, dict: &Dictionary, key: &[u8]) -> Option<String> {
        lopdf::decode_text_string(self.get(dict, key)?).ok()
    }

    /// The general information that the file carries.
    pub(super) fn info(&self) -> Option<&Dictionary> {
        self.dict(&self.inner.trailer, b"Info")
    }

    /// The root of all.
    pub(super) fn catalog(&self) -> Option<&Dictionary> {
        self.dict(&self.inner.trailer, b"Root")
    }

    /// The bytes of a stream, unpacked; `None` where it is damaged, so that nobody builds on what it only seems to say.
    ///
    /// Errors: above the limit for unpacked bytes.
    pub(super) fn stream_bytes(&self, stream: &Stream) -> Result<Option<Vec<u8>>, OverLimit> {
        let (bytes, soundness) = self.unpack(stream)?;
        Ok((soundness == Soundness::Whole).then_some(bytes))
    }

    /// The bytes of page contents, of which the first part is worth having: what was drawn before the file was cut off.
    ///
    /// Errors: above the limit for unpacked bytes.
    pub(super) fn content_bytes(&self, stream: &Stream) -> Result<(Vec<u8>, Soundness), OverLimit> {
        let (bytes, soundness) = self.unpack(stream)?;
        // Only the last stream of a file can be cut off: another that has no end was changed.
        let is_last = soundness == Soundness::Cut
            && memchr::memmem::rfind(&stream.content, &self.file_end).is_some();
        Ok(match soundness {
            Soundness::Cut if !is_last => (Vec::new(), Soundness::Broken),
            Soundness::Broken => (Vec::new(), Soundness::Broken),
            _ => (bytes, soundness),
        })
    }

    fn unpack(&self, stream: &Stream) -> Result<(Vec<u8>, Soundness), OverLimit> {
        let left = self.unpacked_bytes_max.saturating_sub(self.unpacked_bytes.get());
        let left = usize::try_from(left).unwrap_or(usize::MAX);
        let mut filters = self.filters(stream);
        if !filters.is_empty() {
            // Work, though nothing may come of it.
            self.charge(stream.content.len())?;
        }
        if filters.len() > FILTERS_MAX {
            return Ok((Vec::new(), Soundness::Broken));
        }
        let is_flate = |(filter, params): &(Object, Object)| {
            matches!(filter, Object::Name(name) if name == b"FlateDecode")
                && !params.as_dict().is_ok_and(|params| params.has(b"Predictor"))
        };
        let deflated = filters.pop_if(|last| is_flate(last)).is_some();
        let mut inner = Cow::Borrowed(stream.content.as_slice());
        if !filters.is_empty() {
            let (filters, params): (Vec<_>, Vec<_>) = filters.into_iter().unzip();
            let mut dict = Dictionary::new();
            dict.set("Filter", filters);
            dict.set("DecodeParms", params);
            let packed = Stream::new(dict, stream.content.clone());
            inner = match packed.decompressed_content_with_limit(left) {
                Ok(bytes) => {
                    self.charge(bytes.len())?;
                    Cow::Owned(bytes)
                }
                Err(lopdf::Error::Decompress(DecompressError::MemoryLimitExceeded { .. })) => {
                    return Err(self.over_limit());
                }
                Err(_) => return Ok((Vec::new(), Soundness::Broken)),
            };
        }
        let (bytes, mut soundness) = if deflated {
            inflate(&inner, left).ok_or_else(|| self.over_limit())?
        } else {
            (inner.into_owned(), Soundness::Whole)
        };
        // Of the last block of a stream that was encrypted some writers fill up the wrong end.
        if self.was_encrypted && !bytes.is_empty() {
            soundness = Soundness::Whole;
        }
        self.charge(bytes.len())?;
        Ok((bytes, soundness))
    }

    /// The filters of a stream with their parameters, written plainly: lopdf takes streams whose filters are references
    /// for unfiltered ones, and refuses a filter that does nothing.
    fn filters(&self, stream: &Stream) -> Vec<(Object, Object)> {
        let list = |key: &[u8]| -> Vec<Object> {
            match self.get(&stream.dict, key) {
                Some(Object::Array(items)) => items
                    .iter()
                    .map(|item| self.resolve(item).map_or(Object::Null, |item| self.plain(item)))
                    .collect(),
                Some(other) => vec![self.plain(other)],
                None => Vec::new(),
            }
        };
        let filters = list(b"Filter");
        let mut params = list(b"DecodeParms");
        params.resize(filters.len(), Object::Null);
        let does_nothing =
            |filter: &Object| matches!(filter, Object::Name(name) if name == b"Crypt");
        filters.into_iter().zip(params).filter(|(filter, _)| !does_nothing(filter)).collect()
    }

    /// A dictionary of parameters with its references followed; another object as it is.
    fn plain(&self, object: &Object) -> Object {
        let Object::Dictionary(dict) = object else { return object.clone() };
        let entries = dict
            .iter()
            .filter_map(|(key, value)| Some((key.clone(), self.resolve(value)?.clone())));
        Object::Dictionary(entries.collect())
    }

    /// The pages in their order.
    ///
    /// Errors: [`ExtractError::OverLimit`] for too many, [`ExtractError::Damaged`] for none.
    pub(super) fn pages(&self, limits: &Limits) -> Result<Vec<Page<'_>>, ExtractError> {
        // One more than allowed is enough to know that there are too many.
        let asked = usize::try_from(limits.pages_max).unwrap_or(usize::MAX).saturating_add(1);
        let mut pages = self.tree_pages(asked)?;
        if pages.is_empty() {
            self.misses_pages.set(true);
            pages = self.loose_pages(asked);
        }
        if pages.is_empty() {
            return Err(damaged("no page is left of it"));
        }
        let found = u64::try_from(pages.len()).unwrap_or(u64::MAX);
        if found > limits.pages_max {
            let over = OverLimit::more_than(LimitName::Pages, limits.pages_max);
            return Err(over.into());
        }
        Ok(pages)
    }

    /// Walks the page tree without trusting it: a node is entered and a page read once, and no more than `asked` pages
    /// are found.
    ///
    /// Errors: nodes that share their lists of kids come to more than the limit for unpacked bytes.
    fn tree_pages(&self, asked: usize) -> Result<Vec<Page<'_>>, OverLimit> {
        let mut pages = Vec::new();
        let mut entered: HashSet<ObjectId> = HashSet::new();
        let root = self.catalog().and_then(|catalog| catalog.get(b"Pages").ok());
        // The next one to visit stands last.
        let mut waiting: Vec<(&Object, Inherited<'_>)> =
            root.map(|root| (root, Inherited::default())).into_iter().collect();
        while let Some((object, inherited)) = waiting.pop().filter(|_| pages.len() < asked) {
            let Some(dict) = self.resolve(object).and_then(as_dict) else {
                self.misses_pages.set(true);
                continue;
            };
            if let Object::Reference(id) = object
                && !entered.insert(*id)
            {
                self.repeats_pages.set(true);
                continue;
            }
            let inherited = inherited.with(self, dict);
            let Some(kids) = self.get(dict, b"Kids").and_then(|kids| kids.as_array().ok()) else {
                if self.name(dict, b"Type") != Some(b"Pages") {
                    pages.push(inherited.page(dict));
                }
                continue;
            };
            self.charge(kids.len().min(asked) * WAITING_BYTES)?;
            waiting.extend(kids.iter().take(asked).rev().map(|kid| (kid, inherited)));
        }
        Ok(pages)
    }

    /// All page objects in the order of their numbers, for files whose tree is lost.
    fn loose_pages(&self, asked: usize) -> Vec<Page<'_>> {
        let dicts = self.inner.objects.values().filter_map(|object| object.as_dict().ok());
        dicts
            .filter(|dict| self.name(dict, b"Type") == Some(b"Page"))
            .map(|dict| {
                let parent = self.dict(dict, b"Parent");
                let inherited = parent.map_or_else(Inherited::default, |parent| {
                    Inherited::default().with(self, parent)
                });
                inherited.with(self, dict).page(dict)
            })
            .take(asked)
            .collect()
    }

    /// The content of a page, its parts joined by line ends, and what became of it.
    pub(super) fn contents(&self, page: &Dictionary) -> Result<(Vec<u8>, Soundness), OverLimit> {
        let Ok(contents) = page.get(b"Contents") else { return Ok((Vec::new(), Soundness::Whole)) };
        let parts = match self.resolve(contents) {
            Some(Object::Array(parts)) => parts.as_slice(),
            _ => std::slice::from_ref(contents),
        };
        let (mut content, mut soundness) = (Vec::new(), Soundness::Whole);
        for part in parts {
            let (bytes, found) = match self.resolve(part) {
                Some(Object::Stream(stream)) => self.content_bytes(stream)?,
                None if matches!(part, Object::Reference(_)) => (Vec::new(), Soundness::Broken),
                _ => continue,
            };
            content.extend(bytes);
            content.push(b'\n');
            if found == Soundness::Broken {
                // What follows would be drawn with the fonts and at the places of what went before.
                return Ok((Vec::new(), found));
            }
            if found == Soundness::Cut {
                soundness = found;
            }
        }
        Ok((content, soundness))
    }
}

/// What a page has from the nodes above it.
#[derive(Debug, Clone, Copy, Default)]
struct Inherited<'a> {
    resources: Option<&'a Dictionary>,
    media: Option<[f32; 4]>,
    crop: Option<[f32; 4]>,
    turns: u8,
}

impl<'a> Inherited<'a> {
    fn with(mut self, document: &'a Document, dict: &'a Dictionary) -> Self {
        self.resources = document.dict(dict, b"Resources").or(self.resources);
        self.media = document.numbers(dict, b"MediaBox").and_then(area).or(self.media);
        self.crop = document.numbers(dict, b"CropBox").and_then(area).or(self.crop);
        if let Some(degrees) = document.number(dict, b"Rotate") {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "the remainder lies between 0 and 360"
            )]
            let turns = (degrees.rem_euclid(360.0) / 90.0).round() as u8 % 4;
            self.turns = turns;
        }
        self
    }

    fn page(self, dict: &'a Dictionary) -> Page<'a> {
        let sheet = self.media.unwrap_or(DEFAULT_AREA);
        let area = self.crop.and_then(|crop| overlap(crop, sheet)).unwrap_or(sheet);
        Page { dict, resources: self.resources, area, sheet, turns: self.turns }
    }
}

/// A rectangle with its corners in order; `None` for one without area and for absurd ones.
fn area([x0, y0, x1, y1]: [f32; 4]) -> Option<[f32; 4]> {
    let area = [x0.min(x1), y0.min(y1), x0.max(x1), y0.max(y1)];
    let sane = area.iter().all(|side| side.abs() < SIDE_MAX);
    (sane && area[2] - area[0] >= 1.0 && area[3] - area[1] >= 1.0).then_some(area)
}

fn overlap(one: [f32; 4], other: [f32; 4]) -> Option<[f32; 4]> {
    let [left, bottom] = [one[0].max(other[0]), one[1].max(other[1])];
    let [right, top] = [one[2].min(other[2]), one[3].min(other[3])];
    (left < right && bottom < top).then_some([left, bottom, right, top]).and_then(area)
}

/// The dictionary of an object, also that of a stream.
pub(super) fn as_dict(object: &Object) -> Option<&Dictionary> {
    match object {
        Object::Dictionary(dict) => Some(dict),
        Object::Stream(stream) => Some(&stream.dict),
        _ => None,
    }
}

pub(super) fn damaged(cause: &str) -> ExtractError {
    ExtractError::Damaged { format: Format::Pdf, cause: cause.to_owned() }
}

fn over_unpacked(max: u64) -> OverLimit {
    OverLimit::more_than(LimitName::UnpackedBytes, max)
}

/// Opens a file that lost its end, and with it the root of all its objects: a root without pages is written after it,
/// and the pages that are left are found one by one.
fn load_without_root(
    bytes: &[u8],
    options: LoadOptions,
    error: &ExtractError,
) -> Option<lopdf::Document> {
    // Should the cut have gone through a stream, it ends here. The number is the highest that lopdf believes.
    const ROOT: &[u8] = b"\nendstream\nendobj\n999999 0 obj\n<</Type/Catalog>>\nendobj\n\
        trailer\n<</Root 999999 0 R/Size 1000000>>\nstartxref\n0\n%%EOF\n";
    // What was encrypted would be read as if it were not.
    const ENCRYPTED: [&[u8]; 3] = [b"/Encrypt", b"/Filter/Standard", b"/Filter /Standard"];
    let has_objects = memchr::memmem::find(bytes, b" obj").is_some();
    let encrypted = ENCRYPTED.iter().any(|mark| memchr::memmem::find(bytes, mark).is_some());
    if !matches!(error, ExtractError::Damaged { .. }) || !has_objects || encrypted {
        return None;
    }
    let options = LoadOptions { force_reconstruct: true, ..options };
    lopdf::Document::load_mem_with_options(&[bytes, ROOT].concat(), options).ok()
}

fn open_error(error: lopdf::Error, unpacked_bytes_max: u64) -> ExtractError {
    match error {
        lopdf::Error::Decompress(DecompressError::MemoryLimitExceeded { .. }) => {
            over_unpacked(unpacked_bytes_max).into()
        }
        lopdf::Error::InvalidPassword
        | lopdf::Error::UnsupportedSecurityHandler(_)
        | lopdf::Error::Decryption(_) => ExtractError::Encrypted { format: Format::Pdf },
        lopdf::Error::Parse(lopdf::ParseError::InvalidFileHeader) => {
            damaged("it does not begin like one")
        }
        lopdf::Error::Xref(_) | lopdf::Error::Parse(_) | lopdf::Error::MissingXrefEntry => {
            damaged("its table of objects is lost, as in a file that was cut off")
        }
        other => damaged(&plain(other)),
    }
}
