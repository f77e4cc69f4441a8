//! The number formats of an XLS workbook, which calamine does not tell: per cent, decimals, units.
//!
//! Source: [MS-XLS] 2.4.126 (Format), 2.4.353 (XF); the cells name an XF, which names a format.

use crate::ingest::extract::sheet::biff::{
    BEGIN, BOUND_SHEET, END, FORMULA, MUL_RK, NUMBER, RK, Records,
};
use crate::ingest::little_endian::{u16_at, u32_at};
use std::collections::HashMap;

const FORMAT: u16 = 0x041e;
const XF: u16 = 0x00e0;
/// The version of the format in which texts say how wide their characters are.
const VERSION_8: u16 = 0x0600;

/// The format codes of the cells with numbers.
#[derive(Debug, Default)]
pub(super) struct Codes {
    /// Of each sheet in their order, by row and column: an ordinal in `codes`.
    sheets: Vec<HashMap<(u32, u32), usize>>,
    codes: Vec<String>,
}

impl Codes {
    /// Reads the formats of a workbook whose records were measured.
    pub(super) fn read(stream: &[u8]) -> Self {
        let (mut places, mut styles, mut named) = (Vec::new(), Vec::new(), HashMap::new());
        let mut has_widths = true;
        for (kind, data) in Records::from(stream, 0) {
            match kind {
                END => break,
                BEGIN => has_widths = u16_at(data, 0).is_none_or(|version| version == VERSION_8),
                BOUND_SHEET => places.extend(u32_at(data, 0)),
                XF => styles.push(u16_at(data, 2).unwrap_or(0)),
                FORMAT => {
                    let code = if has_widths { wide_code(data) } else { narrow_code(data) };
                    named.extend(u16_at(data, 0).zip(code));
                }
                _ => {}
            }
        }
        let code = |id: &u16| named.get(id).cloned().or_else(|| built_in(*id).map(str::to_owned));
        let mut found = Self {
            sheets: Vec::new(),
            codes: styles.iter().map(|id| code(id).unwrap_or_default()).collect(),
        };
        for place in places {
            let at = usize::try_from(place).unwrap_or(usize::MAX);
            found.add_sheet(Records::from(stream, at));
        }
        found
    }

    /// The format code of a cell of a sheet, which is given by its number from 1; empty for none.
    pub(super) fn of(&self, sheet: usize, row: u32, column: u32) -> &str {
        let cells = sheet.checked_sub(1).and_then(|sheet| self.sheets.get(sheet));
        let code = cells.and_then(|cells| self.codes.get(*cells.get(&(row, column))?));
        code.map(String::as_str).unwrap_or_default()
    }

    fn add_sheet(&mut self, records: Records<'_>) {
        let mut cells = HashMap::new();
        let mut add = |row: u16, column: u32, style: u16| {
            let style = usize::from(style);
            if self.codes.get(style).is_some_and(|code| !code.is_empty()) {
                cells.insert((u32::from(row), column), style);
            }
        };
        // Charts in a sheet have cells of their own.
        let (mut depth, mut is_begun) = (0_usize, false);
        for (kind, data) in records {
            match kind {
                BEGIN if is_begun => depth += 1,
                BEGIN => is_begun = true,
                END if depth == 0 => break,
                END => depth -= 1,
                NUMBER | RK | FORMULA if depth == 0 => {
                    if let [Some(row), Some(column), Some(style)] =
                        [0, 2, 4].map(|at| u16_at(data, at))
                    {
                        add(row, u32::from(column), style);
                    }
                }
                MUL_RK if depth == 0 => {
                    let (Some(row), Some(first)) = (u16_at(data, 0), u16_at(data, 2)) else {
                        continue;
                    };
                    // The last column stands behind the cells.
                    let cells = data.get(4..data.len().saturating_sub(2)).unwrap_or_default();
                    for (column, cell) in (u32::from(first)..).zip(cells.chunks_exact(6)) {
                        u16_at(cell, 0).into_iter().for_each(|style| add(row, column, style));
                    }
                }
                _ => {}
            }
        }
        self.sheets.push(cells);
    }
}

/// The code in a record since Excel 97.
fn wide_code(data: &[u8]) -> Option<String> {
    const WIDE: u8 = 1;
    let len = usize::from(u16_at(data, 2)?);
    let text = data.get(5..)?;
    Some(if data.get(4)? & WIDE == 0 {
        text.get(..len)?.iter().map(|&byte| char::from(byte)).collect()
    } else {
        encoding_rs::UTF_16LE.decode_without_bom_handling(text.get(..len * 2)?).0.into_owned()
    })
}

/// The code in a record before, where its words have the encoding of the file: only codes without any are read.
fn narrow_code(data: &[u8]) -> Option<String> {
    let text = data.get(3..)?.get(..usize::from(*data.get(2)?))?;
    String::from_utf8(text.to_vec()).ok().filter(|code| code.is_ascii())
}

/// The codes that are not written down.
///
/// Source: ECMA-376 part 1, 18.8.30.
fn built_in(id: u16) -> Option<&'static str> {
    Some(match id {
        1 => "0",
        2 => "0.00",
        3 | 37 | 38 => "#,##0",
        4 | 39 | 40 => "#,##0.00",
        9 => "0%",
        10 => "0.00%",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn push(stream: &mut Vec<u8>, kind: u16, data: &[u8]) {
        stream.extend(kind.to_le_bytes());
        stream.extend(u16::try_from(data.len()).unwrap().to_le_bytes());
        stream.extend(data);
    }

    fn shorts(values: &[u16]) -> Vec<u8> {
        values.iter().flat_map(|value| value.to_le_bytes()).collect()
    }

    /// A workbook of that version with an XF for each format, and a sheet of these records.
    fn workbook(
        version: u16,
        formats: &[(u16, &[u8])],
        styles: &[u16],
        sheet: &[(u16, &[u16])],
    ) -> Vec<u8> {
        let mut head = Vec::new();
        for (id, text) in formats {
            push(&mut head, FORMAT, &[&id.to_le_bytes(), *text].concat());
        }
        styles.iter().for_each(|id| push(&mut head, XF, &shorts(&[0, *id, 0])));
        let mut stream = Vec::new();
        push(&mut stream, BEGIN, &shorts(&[version]));
        let start = u32::try_from(6 + head.len() + 8 + 4).unwrap();
        push(&mut stream, BOUND_SHEET, &start.to_le_bytes());
        stream.extend(head);
        push(&mut stream, END, &[]);
        push(&mut stream, BEGIN, &shorts(&[version]));
        sheet.iter().for_each(|(kind, data)| push(&mut stream, *kind, &shorts(data)));
        push(&mut stream, END, &[]);
        stream
    }

    #[track_caller]
    fn check(codes: &Codes, row: u32, column: u32, expected: &str) {
        assert_eq!(codes.of(1, row, column), expected);
    }

    #[test]
    fn cells_have_the_codes_of_their_styles() {
        let wide = [[2, 0, 1].as_slice(), &shorts(&[0x30, 0x4e07])].concat();
        let formats: &[(u16, &[u8])] =
            &[(164, b"\x04\0\x000.0%"), (165, &wide), (166, b"\x09\0\0cut")];
        let sheet: &[(u16, &[u16])] = &[
            (NUMBER, &[0, 0, 1, 0, 0, 0, 0]),
            (RK, &[0, 1, 2, 0, 0]),
            (BEGIN, &[0]),
            (RK, &[0, 1, 1, 0, 0]),
            (END, &[]),
            (MUL_RK, &[7, 3, 0, 0, 0, 3, 0, 0, 1, 0, 0, 5]),
            (FORMULA, &[8, 0, 4, 0, 0, 0, 0]),
            (RK, &[9, 0, 99, 0, 0]),
        ];
        let codes = Codes::read(&workbook(VERSION_8, formats, &[0, 164, 165, 10, 166], sheet));
        for (row, column, expected) in [
            (0, 0, "0.0%"),
            (0, 1, "0万"),
            (7, 3, ""),
            (7, 4, "0.00%"),
            (7, 5, "0.0%"),
            (7, 6, ""),
            (8, 0, ""),
            (9, 0, ""),
            (99, 0, ""),
        ] {
            check(&codes, row, column, expected);
        }
        assert_eq!((codes.of(0, 0, 0), codes.of(2, 0, 0)), ("", ""));
    }

    #[test]
    fn codes_before_excel_97_are_read_without_words() {
        let formats: &[(u16, &[u8])] = &[(164, b"\x040.0%"), (165, b"\x030\xcd\xf2")];
        let sheet: &[(u16, &[u16])] = &[(RK, &[0, 0, 0, 0, 0]), (RK, &[1, 0, 1, 0, 0])];
        let codes = Codes::read(&workbook(0x0500, formats, &[164, 165], sheet));
        check(&codes, 0, 0, "0.0%");
        check(&codes, 1, 0, "");
    }

    #[test]
    fn records_that_are_cut_off_have_no_code() {
        let sheet: &[(u16, &[u16])] = &[(RK, &[0, 0]), (MUL_RK, &[0]), (NUMBER, &[])];
        let mut stream =
            workbook(VERSION_8, &[(164, b""), (165, b"\x04\0\x010")], &[164, 165], sheet);
        while !stream.is_empty() {
            check(&Codes::read(&stream), 0, 0, "");
            stream.pop();
        }
    }
}
