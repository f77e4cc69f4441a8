//! Page contents run for the characters they draw.
//!
//! Only what moves the pen, chooses a font or shows text is understood; lines and colours are passed over. Text that is
//! drawn invisibly is kept: it is what a scanner's OCR found. Neighbours: `lexer` gives the words, `fonts` the
//! characters, `marked` what stands in marked content.

use super::document::{Document, Page, as_dict};
use super::fonts::{Font, Fonts};
use super::inflate::Soundness;
use super::lexer::{Arena, Lexer, Slice, Token};
use super::marked::{Layers, Marks};
use super::matrix::Matrix;
use super::overprint;
use super::page::{Glyph, PageText};
use crate::ingest::limits::OverLimit;
use lopdf::{Dictionary, Object, Stream};
use std::rc::Rc;

/// Forms drawn inside forms.
const FORM_DEPTH_MAX: usize = 12;

/// Saved graphic states; real pages stay below thirty.
const STATES_MAX: usize = 1 << 10;

/// Operands kept for one operator; only arrays of shown strings are long.
const OPERANDS_MAX: usize = 1 << 20;

/// What an operator, a glyph and a form cost of the limit for unpacked bytes, so that forms that draw each other many times
/// come to an end.
const OPERATOR_BYTES: usize = 8;
const FORM_BYTES: usize = 1 << 10;
const GLYPH_BYTES: usize = 2 * size_of::<Glyph>();

/// How far a character reaches above and below its baseline, in sizes of its font. What fonts say of it themselves is
/// too often wrong.
const ABOVE: f32 = 0.88;
const BELOW: f32 = -0.12;

/// Reads pages of one document, in any order.
#[derive(Debug)]
pub(super) struct PageReader<'a> {
    document: &'a Document,
    fonts: Fonts,
    lost_font: Rc<Font>,
    layers: Layers,
    /// Reused from page to page.
    arena: Arena,
    text: String,
}

impl<'a> PageReader<'a> {
    pub(super) fn new(document: &'a Document) -> Self {
        Self {
            document,
            fonts: Fonts::default(),
            lost_font: Rc::new(Font::lost()),
            layers: Layers::load(document),
            arena: Arena::default(),
            text: String::new(),
        }
    }

    /// The characters of a page.
    ///
    /// Errors: everything read so far comes to more than [`crate::ingest::limits::Limits::unpacked_bytes_max`].
    pub(super) fn read(&mut self, page: &Page<'a>, number: usize) -> Result<PageText, OverLimit> {
        let matrix = Matrix::of_page(page.area, page.turns);
        let [left, top, right, bottom] = matrix.cover(page.area);
        let mut run = Run {
            reader: self,
            state: State::new(matrix),
            states: Vec::new(),
            unsaved: 0,
            line: Matrix::IDENTITY,
            pen: Matrix::IDENTITY,
            marks: Marks::default(),
            sheet: matrix.cover(page.sheet),
            glyphs: Vec::new(),
            pictures: 0.0,
            outlines: 0,
            soundness: Soundness::Whole,
        };
        let (content, soundness) = run.reader.document.contents(page.dict)?;
        run.found(soundness);
        run.content(&content, page.resources, 0)?;
        let Run { mut glyphs, pictures, outlines, soundness, .. } = run;
        overprint::drop_doubles(&mut glyphs);
        let (width, height) = (right - left, bottom - top);
        let covered = pictures / (width * height).max(1.0);
        Ok(PageText { number, width, height, glyphs, covered, outlines, soundness })
    }
}

/// What `q` saves and `Q` brings back.
#[derive(Debug, Clone)]
struct State {
    matrix: Matrix,
    font: Option<Rc<Font>>,
    size: f32,
    char_space: f32,
    word_space: f32,
    /// Horizontal scale; 1 is the font's own.
    scale: f32,
    leading: f32,
    rise: f32,
}

impl State {
    fn new(matrix: Matrix) -> Self {
        Self {
            matrix,
            font: None,
            size: 0.0,
            char_space: 0.0,
            word_space: 0.0,
            scale: 1.0,
            leading: 0.0,
            rise: 0.0,
        }
    }
}

/// One page while it is read.
struct Run<'r, 'a> {
    reader: &'r mut PageReader<'a>,
    state: State,
    states: Vec<State>,
    /// States that were to be saved when no more were.
    unsaved: usize,
    /// Text line matrix and text matrix.
    line: Matrix,
    pen: Matrix,
    marks: Marks,
    /// The sheet in points: what lies beside it is not on the page.
    sheet: [f32; 4],
    glyphs: Vec<Glyph>,
    /// Area of the pictures that are drawn on the sheet.
    pictures: f32,
    outlines: usize,
    soundness: Soundness,
}

/// The operands of one operator.
struct Operands<'o> {
    tokens: &'o [Token<'o>],
    arena: &'o Arena,
}

impl<'o> Operands<'o> {
    /// The last `N` operands as numbers.
    fn numbers<const N: usize>(&self) -> Option<[f32; N]> {
        let start = self.tokens.len().checked_sub(N)?;
        let mut numbers = [0.0; N];
        for (number, token) in numbers.iter_mut().zip(self.tokens.get(start..)?) {
            let Token::Number(value) = token else { return None };
            *number = *value;
        }
        Some(numbers)
    }

    fn number(&self) -> Option<f32> {
        self.numbers::<1>().map(|[number]| number)
    }

    /// The last operand as a string.
    fn text(&self) -> Option<&'o [u8]> {
        match self.tokens.last()? {
            Token::Text(slice) => Some(self.arena.get(*slice)),
            _ => None,
        }
    }

    /// The operand at that place as a name.
    fn name(&self, at: usize) -> Option<&'o [u8]> {
        match self.tokens.get(at)? {
            Token::Name(slice) => Some(self.arena.get(*slice)),
            _ => None,
        }
    }

    /// A string in the dictionary that is an operand, by its key.
    fn text_of(&self, key: &[u8]) -> Option<&'o [u8]> {
        let is_key = |slice: Slice| self.arena.get(slice) == key;
        self.tokens.windows(2).find_map(|pair| match pair {
            [Token::Name(name), Token::Text(text)] if is_key(*name) => Some(self.arena.get(*text)),
            _ => None,
        })
    }
}

impl<'a> Run<'_, 'a> {
    /// Runs a page's or form's content.
    fn content(
        &mut self,
        content: &[u8],
        resources: Option<&'a Dictionary>,
        depth: usize,
    ) -> Result<(), OverLimit> {
        let mut lexer = Lexer::new(content);
        let mut arena = std::mem::take(&mut self.reader.arena);
        arena.clear();
        let mut tokens = Vec::new();
        // A form must not take what its caller saved.
        let saved = self.states.len();
        let marked = self.marks.depth();
        let before = self.glyphs.len();
        while let Some(token) = lexer.next(&mut arena) {
            let Token::Word(word) = token else {
                if tokens.len() < OPERANDS_MAX {
                    tokens.push(token);
                }
                continue;
            };
            match word {
                // Operands after all.
                b"true" | b"false" | b"null" => continue,
                b"ID" => {
                    lexer.skip_inline_image();
                    self.draw_picture();
                }
                b"Q" if self.unsaved > 0 => self.unsaved -= 1,
                b"Q" if self.states.len() > saved => {
                    if let Some(state) = self.states.pop() {
                        self.state = state;
                    }
                }
                b"EMC" if self.marks.depth() > marked => self.end_marked()?,
                b"Q" | b"EMC" => {}
                _ => {
                    let operands = Operands { tokens: &tokens, arena: &arena };
                    self.operator(word, &operands, resources, depth)?;
                }
            }
            self.reader.document.charge(OPERATOR_BYTES)?;
            tokens.clear();
            arena.clear();
        }
        while self.marks.depth() > marked {
            self.end_marked()?;
        }
        if lexer.is_garbled() {
            self.glyphs.truncate(before);
            self.found(Soundness::Broken);
        }
        self.states.truncate(saved);
        self.reader.arena = arena;
        Ok(())
    }

    fn operator(
        &mut self,
        word: &[u8],
        operands: &Operands<'_>,
        resources: Option<&'a Dictionary>,
        depth: usize,
    ) -> Result<(), OverLimit> {
        match word {
            b"q" if self.states.len() < STATES_MAX => self.states.push(self.state.clone()),
            b"q" => self.unsaved += 1,
            b"cm" => {
                if let Some(matrix) = operands.numbers() {
                    self.state.matrix = Matrix(matrix).then(self.state.matrix);
                }
            }
            b"BT" => self.set_line(Matrix::IDENTITY),
            b"Tf" => self.choose_font(operands, resources)?,
            b"gs" => self.graphics_state(operands, resources)?,
            b"Tc" => self.state.char_space = operands.number().unwrap_or_default(),
            b"Tw" => self.state.word_space = operands.number().unwrap_or_default(),
            b"Tz" => self.state.scale = operands.number().unwrap_or(100.0) / 100.0,
            b"TL" => self.state.leading = operands.number().unwrap_or_default(),
            b"Ts" => self.state.rise = operands.number().unwrap_or_default(),
            b"Td" | b"TD" => {
                if let Some([x, y]) = operands.numbers() {
                    if word == b"TD" {
                        self.state.leading = -y;
                    }
                    self.set_line(self.line.moved(x, y));
                }
            }
            b"Tm" => {
                if let Some(matrix) = operands.numbers() {
                    self.set_line(Matrix(matrix));
                }
            }
            b"T*" => self.next_line(),
            b"Tj" => self.show(operands.text().unwrap_or_default())?,
            b"'" => {
                self.next_line();
                self.show(operands.text().unwrap_or_default())?;
            }
            b"\"" => {
                if let [Token::Number(word_space), Token::Number(char_space), ..] = operands.tokens
                {
                    self.state.word_space = *word_space;
                    self.state.char_space = *char_space;
                }
                self.next_line();
                self.show(operands.text().unwrap_or_default())?;
            }
            b"TJ" => self.show_spaced(operands)?,
            b"Do" => self.draw(operands, resources, depth)?,
            b"f" | b"F" | b"f*" | b"S" | b"s" | b"B" | b"B*" | b"b" | b"b*" => self.outlines += 1,
            b"BMC" => self.marks.begin(None, false, self.glyphs.len()),
            b"BDC" => self.begin_marked(operands, resources)?,
            _ => {}
        }
        Ok(())
    }

    fn set_line(&mut self, matrix: Matrix) {
        self.line = matrix;
        self.pen = matrix;
    }

    fn next_line(&mut self) {
        self.set_line(self.line.moved(0.0, -self.state.leading));
    }

    fn resource(
        &self,
        resources: Option<&'a Dictionary>,
        kind: &[u8],
        name: &[u8],
    ) -> Option<&'a Object> {
        let document = self.reader.document;
        document.get(document.dict(resources?, kind)?, name)
    }

    fn choose_font(
        &mut self,
        operands: &Operands<'_>,
        resources: Option<&'a Dictionary>,
    ) -> Result<(), OverLimit> {
        self.state.size = operands.number().unwrap_or_default();
        let font = operands
            .name(0)
            .and_then(|name| self.resource(resources, b"Font", name))
            .and_then(as_dict);
        // What is shown with a font that is lost is lost too, and must be missed.
        self.state.font = match font {
            Some(font) => Some(self.reader.fonts.get(self.reader.document, font)?),
            None => None,
        };
        Ok(())
    }

    fn graphics_state(
        &mut self,
        operands: &Operands<'_>,
        resources: Option<&'a Dictionary>,
    ) -> Result<(), OverLimit> {
        let document = self.reader.document;
        let state = operands
            .name(0)
            .and_then(|name| self.resource(resources, b"ExtGState", name))
            .and_then(as_dict);
        let Some(state) = state else { return Ok(()) };
        if let [font, size, ..] = document.array(state, b"Font")
            && let Some(font) = document.resolve(font).and_then(as_dict)
        {
            self.state.font = Some(self.reader.fonts.get(document, font)?);
            self.state.size = document.as_number(size).unwrap_or_default();
        }
        Ok(())
    }

    fn begin_marked(
        &mut self,
        operands: &Operands<'_>,
        resources: Option<&'a Dictionary>,
    ) -> Result<(), OverLimit> {
        let document = self.reader.document;
        // The properties stand here or among the resources.
        let properties = operands
            .name(1)
            .and_then(|name| self.resource(resources, b"Properties", name))
            .and_then(as_dict);
        let hidden = operands.name(0) == Some(b"OC")
            && properties.is_some_and(|properties| self.reader.layers.hides(document, properties));
        let here =
            operands.text_of(b"ActualText").map(|bytes| Object::string_literal(bytes.to_vec()));
        let actual = match here {
            Some(text) => lopdf::decode_text_string(&text).ok(),
            None => properties.and_then(|properties| document.text(properties, b"ActualText")),
        };
        document.charge(actual.as_ref().map_or(0, String::len))?;
        self.marks.begin(actual, hidden, self.glyphs.len());
        Ok(())
    }

    fn end_marked(&mut self) -> Result<(), OverLimit> {
        let before = self.glyphs.len();
        self.marks.end(&mut self.glyphs);
        self.reader.document.charge(self.glyphs.len().saturating_sub(before) * GLYPH_BYTES)
    }

    fn draw(
        &mut self,
        operands: &Operands<'_>,
        resources: Option<&'a Dictionary>,
        depth: usize,
    ) -> Result<(), OverLimit> {
        let found = operands.name(0).and_then(|name| self.resource(resources, b"XObject", name));
        let Some(Object::Stream(stream)) = found else { return Ok(()) };
        let document = self.reader.document;
        match document.name(&stream.dict, b"Subtype") {
            Some(b"Image") => self.draw_picture(),
            Some(b"Form") if depth < FORM_DEPTH_MAX => {
                let layer = document.dict(&stream.dict, b"OC");
                let hidden = layer.is_some_and(|layer| self.reader.layers.hides(document, layer));
                if !hidden {
                    self.draw_form(stream, resources, depth + 1)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Counts a picture: it fills the square of side 1, wherever that has come to lie.
    fn draw_picture(&mut self) {
        let [left, top, right, bottom] = self.state.matrix.cover([0.0, 0.0, 1.0, 1.0]);
        let [sheet_left, sheet_top, sheet_right, sheet_bottom] = self.sheet;
        let width = right.min(sheet_right) - left.max(sheet_left);
        let height = bottom.min(sheet_bottom) - top.max(sheet_top);
        if !self.marks.hidden() && width > 0.0 && height > 0.0 {
            self.pictures += width * height;
        }
    }

    /// The worst that became of a content counts.
    fn found(&mut self, soundness: Soundness) {
        if self.soundness != Soundness::Broken {
            self.soundness = soundness;
        }
    }

    fn draw_form(
        &mut self,
        form: &'a Stream,
        resources: Option<&'a Dictionary>,
        depth: usize,
    ) -> Result<(), OverLimit> {
        let document = self.reader.document;
        document.charge(FORM_BYTES)?;
        let (content, soundness) = document.content_bytes(form)?;
        self.found(soundness);
        let before = (self.state.clone(), self.line, self.pen, self.unsaved);
        if let Some(matrix) = document.numbers(&form.dict, b"Matrix") {
            self.state.matrix = Matrix(matrix).then(self.state.matrix);
        }
        self.unsaved = 0;
        // A form without resources of its own uses those of its page, as files of old do.
        let own = document.dict(&form.dict, b"Resources");
        self.content(&content, own.or(resources), depth)?;
        (self.state, self.line, self.pen, self.unsaved) = before;
        Ok(())
    }

    /// Shows strings with numbers between them that move the pen back.
    fn show_spaced(&mut self, operands: &Operands<'_>) -> Result<(), OverLimit> {
        for token in operands.tokens {
            match token {
                Token::Text(slice) => self.show(operands.arena.get(*slice))?,
                Token::Number(back) => {
                    let step = -back / 1000.0 * self.state.size;
                    self.step(step, self.state.font.as_ref().is_some_and(|font| font.vertical));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Moves the pen along the line.
    fn step(&mut self, by: f32, vertical: bool) {
        self.pen = if vertical {
            self.pen.moved(0.0, by)
        } else {
            self.pen.moved(by * self.state.scale, 0.0)
        };
    }

    fn show(&mut self, mut bytes: &[u8]) -> Result<(), OverLimit> {
        let font = self.state.font.clone().unwrap_or_else(|| Rc::clone(&self.reader.lost_font));
        let mut text = std::mem::take(&mut self.reader.text);
        while let Some(advance) = font.next(bytes, &mut text) {
            bytes = bytes.get(advance.len.max(1)..).unwrap_or_default();
            if !self.marks.hidden() {
                let (x, y) = advance.origin;
                let place = [-x, BELOW - y, advance.width - x, ABOVE - y];
                self.push(&font, &text, place);
                self.reader.document.charge(GLYPH_BYTES)?;
            }
            let space =
                self.state.char_space + if advance.word_end { self.state.word_space } else { 0.0 };
            self.step(advance.step * self.state.size + space, font.vertical);
        }
        self.reader.text = text;
        Ok(())
    }

    /// Adds a character whose box is given in sizes of the font, from the pen.
    fn push(&mut self, font: &Font, text: &str, [left, bottom, right, top]: [f32; 4]) {
        let State { size, scale, rise, matrix, .. } = self.state;
        let em = font.em;
        let glyph = Matrix([size * scale, 0.0, 0.0, size, 0.0, rise]).then(self.pen).then(matrix);
        let (bottom, top) = (bottom * em, top * em);
        let [left, top, right, bottom] = glyph.cover([left, bottom, right, top]);
        // Text that stands upright hangs on its baseline; in turned text the box tells more.
        let baseline =
            if font.vertical { bottom + BELOW * (bottom - top) } else { glyph.point(0.0, 0.0).1 };
        let size = glyph.height() * em;
        let [sheet_left, sheet_top, sheet_right, sheet_bottom] = self.sheet;
        let on_sheet = left <= sheet_right
            && right >= sheet_left
            && top <= sheet_bottom
            && bottom >= sheet_top;
        if on_sheet
            && [left, top, right, bottom, baseline, size].iter().all(|number| number.is_finite())
        {
            let (font, bold, vertical) = (font.id, font.bold, font.vertical);
            self.glyphs.push(Glyph {
                text: text.to_owned(),
                left,
                top,
                right,
                bottom,
                baseline,
                size,
                vertical,
                font,
                bold,
            });
        }
    }
}
