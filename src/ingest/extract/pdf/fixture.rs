//! PDF files for tests, written byte by byte: objects, streams, fonts, pages, text at places.

use std::fmt::Write as _;

/// A file that grows object by object.
#[derive(Debug, Default)]
pub(super) struct Pdf {
    objects: Vec<Vec<u8>>,
    /// What the page tree names.
    pub(super) pages: Vec<usize>,
    trailer: String,
    catalog: String,
}

/// The number of an object, printed as a reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Id(pub(super) usize);

impl std::fmt::Display for Id {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} 0 R", self.0)
    }
}

/// Objects 1 and 2 are the catalog and the page tree.
const FIRST: usize = 3;

impl Pdf {
    /// Adds an object as it is written.
    pub(super) fn object(&mut self, body: impl AsRef<[u8]>) -> Id {
        self.objects.push(body.as_ref().to_vec());
        Id(self.objects.len() - 1 + FIRST)
    }

    /// Adds a stream; `dict` holds what its dictionary says beside its length.
    pub(super) fn stream(&mut self, dict: &str, content: impl AsRef<[u8]>) -> Id {
        let content = content.as_ref();
        let mut body = format!("<<{dict}/Length {}>>stream\n", content.len()).into_bytes();
        body.extend(content);
        body.extend(b"\nendstream");
        self.object(body)
    }

    /// Adds a page of 595 by 842 points; `resources` and `more` are parts of dictionaries.
    pub(super) fn page_with(
        &mut self,
        content: impl AsRef<[u8]>,
        resources: &str,
        more: &str,
    ) -> Id {
        let content = self.stream("", content);
        let page = self.object(format!(
            "<</Type/Page/Parent 2 0 R/Contents {content}/Resources<<{resources}>>{more}>>"
        ));
        self.pages.push(page.0);
        page
    }

    /// Adds a page with one font under the name `F`.
    pub(super) fn page(&mut self, content: impl AsRef<[u8]>, font: Id) -> Id {
        self.page_with(content, &format!("/Font<</F {font}>>"), "")
    }

    /// Adds to the trailer.
    pub(super) fn trailer(&mut self, entries: &str) {
        self.trailer.push_str(entries);
    }

    /// Adds to the catalog.
    pub(super) fn catalog(&mut self, entries: &str) {
        self.catalog.push_str(entries);
    }

    /// A composite font with an encoding by name, not embedded; `more` belongs to the font, `descendant` to its
    /// descendant.
    pub(super) fn cid_font(
        &mut self,
        encoding: &str,
        ordering: &str,
        more: &str,
        descendant: &str,
    ) -> Id {
        let descendant = self.object(format!(
            "<</Type/Font/Subtype/CIDFontType0/BaseFont/Song/DW 1000{descendant}\
             /CIDSystemInfo<</Registry(Adobe)/Ordering({ordering})/Supplement 2>>>>"
        ));
        self.object(format!(
            "<</Type/Font/Subtype/Type0/BaseFont/Song/Encoding {encoding}/DescendantFonts[{descendant}]{more}>>"
        ))
    }

    /// A font in which the code of a character is its number in UCS-2.
    pub(super) fn unicode_font(&mut self) -> Id {
        self.cid_font("/UniGB-UCS2-H", "GB1", "", "/W[1 95 500]")
    }

    /// A simple font of the kind every viewer has.
    pub(super) fn latin_font(&mut self) -> Id {
        self.object("<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>")
    }

    /// The bytes of the whole file.
    pub(super) fn finish(self) -> Vec<u8> {
        let mut kids = String::new();
        for page in &self.pages {
            let _ = write!(kids, "{} ", Id(*page));
        }
        let head = [
            format!("<</Type/Catalog/Pages 2 0 R{}>>", self.catalog),
            format!(
                "<</Type/Pages/Count {}/MediaBox[0 0 595 842]/Kids[{kids}]>>",
                self.pages.len()
            ),
        ];
        let bodies = head.into_iter().map(String::into_bytes).chain(self.objects);
        let mut file = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
        let mut xref = String::from("0000000000 65535 f \n");
        let mut count = 1;
        for body in bodies {
            let _ = writeln!(xref, "{:010} 00000 n ", file.len());
            file.extend(format!("{count} 0 obj\n").into_bytes());
            file.extend(body);
            file.extend(b"\nendobj\n");
            count += 1;
        }
        let start = file.len();
        let trailer = self.trailer;
        file.extend(
            format!("xref\n0 {count}\n{xref}trailer\n<</Size {count}/Root 1 0 R{trailer}>>\nstartxref\n{start}\n%%EOF\n")
                .into_bytes(),
        );
        file
    }
}

/// Bytes as a string of page contents.
pub(super) fn hex(bytes: impl AsRef<[u8]>) -> String {
    let mut text = String::from("<");
    for byte in bytes.as_ref() {
        let _ = write!(text, "{byte:02x}");
    }
    text.push('>');
    text
}

/// Text as UTF-16BE, as UCS-2 and UTF-16 fonts have it.
pub(super) fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

/// Content that shows a string at a place, counted from the bottom left corner.
pub(super) fn shown(string: &str, x: f32, y: f32, size: f32) -> String {
    format!("BT /F {size} Tf {x} {y} Td {string} Tj ET\n")
}

/// A TrueType file with a Unicode table of format 12 and nothing else; glyph numbers with their characters.
pub(super) fn truetype(glyphs: &[(u16, char)]) -> Vec<u8> {
    let mut groups: Vec<_> =
        glyphs.iter().map(|&(glyph, char)| (u32::from(char), u32::from(glyph))).collect();
    groups.sort_unstable();
    let mut font = vec![0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0];
    font.extend(b"cmap\0\0\0\0\0\0\0\x1c\0\0\0\0");
    font.extend([0, 0, 0, 1, 0, 3, 0, 10, 0, 0, 0, 12]);
    font.extend([0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    font.extend(u32::try_from(groups.len()).unwrap_or(0).to_be_bytes());
    for (code, glyph) in groups {
        for number in [code, code, glyph] {
            font.extend(number.to_be_bytes());
        }
    }
    font
}
