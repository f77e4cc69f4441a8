#!/usr/bin/env python3
"""Make the samples of corpus/samples that are no plain text from the texts in corpus/sources.

    python3 corpus/make_samples.py            write the samples, all but the .doc
    python3 corpus/make_samples.py --check    compare them with what would be written; exit 1 if they differ
    python3 corpus/make_samples.py --doc      write the .doc; needs LibreOffice (`soffice`), whose bytes differ from run to run

Standard library only. The bytes are the same in every run: no clock, no compression, no random names. A line of a
source is one block; what it begins with says which:

    `# `  a heading     `## `  a heading that the format numbers by itself     `@ `  who wrote it and when
    `| `  a row of a table     `^ `  a footnote
    `~ `  a page's head or foot, navigation     `x `  deleted text, a hidden sheet: neither must be read
    anything else is a paragraph

So the sources also say what reading a sample must give: see tests/it/samples.rs.
"""

import base64
import quopri
import struct
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path
from xml.sax.saxutils import escape

from make_encodings import SAMPLES, SOURCES, write


def blocks(source: str) -> list[tuple[str, str]]:
    """The blocks of a source: mark (empty for a paragraph) and text."""
    found = []
    for line in (SOURCES / source).read_text(encoding="utf-8").splitlines():
        mark, space, text = line.partition(" ")
        if space and mark in ("#", "##", "@", "|", "^", "~", "x"):
            found.append((mark, text))
        else:
            found.append(("", line))
    return found


def cells(row: str) -> list[str]:
    """The cells of a row `a | b |`; an empty one stays."""
    return [cell.strip() for cell in row.rstrip().removesuffix("|").split("|")]


# ---- packages -------------------------------------------------------------------------------------------------------


def zipped(members: list[tuple[bytes, bytes]], flags: int = 0x800) -> bytes:
    """A ZIP of stored members of 1 January 2020; names are given as bytes, the flag 0x800 calls them UTF-8."""
    body, directory = b"", b""
    date = (2020 - 1980) << 9 | 1 << 5 | 1
    for name, data in members:
        head = struct.pack(
            "<HHHHHIIIHH", 20, flags, 0, 0, date, zlib.crc32(data), len(data), len(data), len(name), 0
        )
        directory += b"PK\x01\x02" + struct.pack("<H", 20) + head + struct.pack("<HHHII", 0, 0, 0, 0, len(body)) + name
        body += b"PK\x03\x04" + head + name + data
    end = struct.pack("<HHHHIIH", 0, 0, len(members), len(members), len(directory), len(body), 0)
    return body + directory + b"PK\x05\x06" + end


def package(parts: dict[str, str]) -> bytes:
    """A package of XML parts."""
    declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return zipped(
        [
            (name.encode(), (text if name == "mimetype" else declaration + text).encode("utf-8"))
            for name, text in parts.items()
        ]
    )


def gzipped(data: bytes) -> bytes:
    """A gzip file of one stored block, without name and time."""
    block = b"\x01" + struct.pack("<HH", len(data), len(data) ^ 0xFFFF) + data
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + block + struct.pack("<II", zlib.crc32(data), len(data))


# ---- documents ------------------------------------------------------------------------------------------------------

WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml."


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def docx_paragraph(text: str, style: str = "", more: str = "") -> str:
    """A paragraph in two runs, as an edit in its middle leaves it."""
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    half = len(text) // 2
    return f"<w:p>{properties}{run(text[:half])}{run(text[half:])}{more}</w:p>"


def docx_body(source: str) -> tuple[str, str, str, list[str]]:
    """Body, header text, footer text and footnotes."""
    body: list[str] = []
    head = foot = ""
    notes: list[str] = []
    rows: list[str] = []
    # Where the signs of footnotes stand.
    first_text = None

    def end_table() -> None:
        if rows:
            body.append("<w:tbl>" + "".join(rows) + "</w:tbl>")
            rows.clear()

    for mark, text in blocks(source):
        if mark == "|":
            row = "".join(f"<w:tc>{docx_paragraph(cell)}</w:tc>" for cell in cells(text))
            rows.append(f"<w:tr>{row}</w:tr>")
            continue
        end_table()
        if mark == "#":
            body.append(docx_paragraph(text, "Heading1"))
        elif mark == "##":
            # The number is not in the text: the style has it counted.
            body.append(docx_paragraph(text.partition("、")[2], "Heading2"))
        elif mark == "x":
            deleted = f'<w:del w:id="9" w:author="x"><w:r><w:delText>{escape(text)}</w:delText></w:r></w:del>'
            body[-1] = body[-1].removesuffix("</w:p>") + deleted + "</w:p>"
        elif mark == "~":
            head, foot = (head, text) if head else (text, foot)
        elif mark == "^":
            notes.append(text)
            sign = f'<w:r><w:footnoteReference w:id="{len(notes)}"/></w:r></w:p>'
            body[first_text] = body[first_text].removesuffix("</w:p>") + sign
        else:
            if not mark and first_text is None:
                first_text = len(body)
            body.append(docx_paragraph(text))
    end_table()
    return "".join(body), head, foot, notes


def docx(source: str) -> bytes:
    body, head, foot, notes = docx_body(source)
    parts = {"styles": "styles", "numbering": "numbering"}
    parts |= {"header1": "header"} if head else {}
    parts |= {"footer1": "footer"} if foot else {}
    parts |= {"footnotes": "footnotes"} if notes else {}
    types = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{TYPES}{kind}+xml"/>' for name, kind in parts.items()
    )
    links = "".join(
        f'<Relationship Id="{name}" Type="{OFFICE}/{kind}" Target="{name}.xml"/>' for name, kind in parts.items()
    )
    section = "".join(
        f'<w:{kind}Reference w:type="default" r:id="{name}"/>'
        for name, kind in parts.items()
        if kind in ("header", "footer")
    )
    page = '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1440" w:right="1440" w:bottom="1440" w:left="1440"/>'
    heading = (
        '<w:style w:type="paragraph" w:styleId="Heading{0}"><w:name w:val="heading {0}"/><w:pPr>{1}'
        '<w:outlineLvl w:val="{2}"/></w:pPr></w:style>'
    )
    numbered = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    built = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{TYPES}document.main+xml"/>{types}</Types>',
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="d" Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
        f'relationships">{links}</Relationships>',
        "word/document.xml": f'<w:document {WORD} xmlns:r="{OFFICE}"><w:body>{body}'
        f"<w:sectPr>{section}{page}</w:sectPr></w:body></w:document>",
        "word/styles.xml": f"<w:styles {WORD}>{heading.format(1, '', 0)}{heading.format(2, numbered, 1)}</w:styles>",
        "word/numbering.xml": f'<w:numbering {WORD}><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0">'
        '<w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:suff w:val="nothing"/><w:lvlText w:val="%1、"/>'
        '</w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>',
    }
    if head:
        built["word/header1.xml"] = f"<w:hdr {WORD}>{docx_paragraph(head)}</w:hdr>"
    if foot:
        built["word/footer1.xml"] = f"<w:ftr {WORD}>{docx_paragraph(foot)}</w:ftr>"
    if notes:
        shown = "".join(
            f'<w:footnote w:id="{at}">{docx_paragraph(text)}</w:footnote>' for at, text in enumerate(notes, 1)
        )
        built["word/footnotes.xml"] = f"<w:footnotes {WORD}>{shown}</w:footnotes>"
    return package(built)


ODF = "urn:oasis:names:tc:opendocument:xmlns:"
NAMESPACES = " ".join(
    f'xmlns:{short}="{ODF}{long}:1.0"'
    for short, long in [
        ("office", "office"),
        ("text", "text"),
        ("table", "table"),
        ("style", "style"),
        ("fo", "xsl-fo-compatible"),
    ]
) + ' xmlns:dc="http://purl.org/dc/elements/1.1/"'


def opendocument(kind: str, content: str, styles: str) -> bytes:
    mime = f"application/vnd.oasis.opendocument.{kind}"
    entry = '<manifest:file-entry manifest:full-path="{}" manifest:media-type="{}"/>'
    entries = entry.format("/", mime) + entry.format("content.xml", "text/xml") + entry.format("styles.xml", "text/xml")
    return package(
        {
            "mimetype": mime,
            "content.xml": f'<office:document-content {NAMESPACES} office:version="1.2">{content}'
            "</office:document-content>",
            "styles.xml": f'<office:document-styles {NAMESPACES} office:version="1.2">{styles}</office:document-styles>',
            "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{ODF}manifest:1.0" '
            f'manifest:version="1.2">{entries}</manifest:manifest>',
        }
    )


def odt(source: str) -> bytes:
    body: list[str] = []
    head, deleted, rows = "", "", []
    all_blocks = blocks(source)
    notes = [text for mark, text in all_blocks if mark == "^"]
    for mark, text in [*all_blocks, ("", "")]:
        shown = escape(text)
        if mark == "|":
            rows.append(
                "<table:table-row>"
                + "".join(
                    f"<table:table-cell><text:p>{escape(cell)}</text:p></table:table-cell>" for cell in cells(text)
                )
                + "</table:table-row>"
            )
            continue
        if rows:
            columns = rows[0].count("<table:table-cell>")
            column = f'<table:table-column table:number-columns-repeated="{columns}"/>'
            body.append(f'<table:table table:name="表">{column}{"".join(rows)}</table:table>')
            rows = []
        if mark in ("#", "##"):
            body.append(f'<text:h text:outline-level="{len(mark)}">{shown}</text:h>')
        elif mark == "~":
            head = shown
        elif mark == "x":
            deleted = (
                '<text:tracked-changes><text:changed-region xml:id="c1" text:id="c1"><text:deletion>'
                "<office:change-info><dc:creator>x</dc:creator><dc:date>2019-06-10T09:00:00</dc:date>"
                f"</office:change-info><text:p>{shown}</text:p></text:deletion></text:changed-region>"
                "</text:tracked-changes>"
            )
            body.append('<text:p><text:change text:change-id="c1"/></text:p>')
        elif mark != "^" and text:
            note = ""
            if notes and not mark:
                note = (
                    '<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation>'
                    f"<text:note-body><text:p>{escape(notes.pop(0))}</text:p></text:note-body></text:note>"
                )
            body.append(f"<text:p>{shown}{note}</text:p>")
    styles = (
        '<office:automatic-styles><style:page-layout style:name="pm"/></office:automatic-styles><office:master-styles>'
        '<style:master-page style:name="Standard" style:page-layout-name="pm"><style:header>'
        f"<text:p>{head}</text:p></style:header></style:master-page></office:master-styles>"
    )
    content = f"<office:body><office:text>{deleted}{''.join(body)}</office:text></office:body>"
    return opendocument("text", content, styles)


# ---- sheets ---------------------------------------------------------------------------------------------------------


def sheets(source: str) -> list[tuple[str, bool, list[list[str]]]]:
    """Name, whether it is seen, and rows of each sheet; `x name` is one that is hidden."""
    found: list[tuple[str, bool, list[list[str]]]] = []
    for mark, text in blocks(source):
        if mark in ("#", "x"):
            found.append((text, mark == "#", [] if mark == "#" else [["不要看"]]))
        else:
            found[-1][2].append(cells(text) if mark == "|" else [text])
    return found


def is_number(cell: str) -> bool:
    return cell.replace(".", "", 1).isdigit()


def xlsx(source: str) -> bytes:
    book = sheets(source)
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml."
    shared: list[str] = []
    parts = {}
    for at, (_, _, rows) in enumerate(book, 1):
        xml = ""
        for number, row in enumerate(rows, 1):
            xml += f'<row r="{number}">'
            for column, cell in enumerate(row):
                place = f"{chr(ord('A') + column)}{number}"
                if is_number(cell):
                    xml += f'<c r="{place}"><v>{cell}</v></c>'
                elif cell:
                    shared.append(cell)
                    xml += f'<c r="{place}" t="s"><v>{len(shared) - 1}</v></c>'
            xml += "</row>"
        merged = '<mergeCells count="1"><mergeCell ref="A1:D1"/></mergeCells>' if len(rows[0]) == 1 else ""
        parts[f"xl/worksheets/sheet{at}.xml"] = (
            f'<worksheet xmlns="{main}"><sheetData>{xml}</sheetData>{merged}</worksheet>'
        )
    sheet_list = "".join(
        f'<sheet name="{name}" sheetId="{at}"{"" if seen else " state=" + chr(34) + "hidden" + chr(34)} r:id="s{at}"/>'
        for at, (name, seen, _) in enumerate(book, 1)
    )
    links = "".join(
        f'<Relationship Id="s{at}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{at}.xml"/>'
        for at in range(1, len(book) + 1)
    )
    types = "".join(
        f'<Override PartName="/{name}" ContentType="{kinds}worksheet+xml"/>' for name in parts
    )
    strings = "".join(f"<si><t>{escape(text)}</t></si>" for text in shared)
    return package(
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kinds}sheet.main+xml"/>'
            f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kinds}sharedStrings+xml"/>{types}</Types>',
            "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="w" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{OFFICE}"><sheets>{sheet_list}</sheets></workbook>',
            "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
            f'relationships">{links}<Relationship Id="t" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
            "</Relationships>",
            **parts,
            "xl/sharedStrings.xml": f'<sst xmlns="{main}" count="{len(shared)}" uniqueCount="{len(shared)}">'
            f"{strings}</sst>",
        }
    )


def ods(source: str) -> bytes:
    tables = ""
    for name, _, rows in sheets(source):
        tables += f'<table:table table:name="{name}">'
        for row in rows:
            tables += "<table:table-row>"
            for cell in row:
                if is_number(cell):
                    tables += f'<table:table-cell office:value-type="float" office:value="{cell}">'
                else:
                    tables += '<table:table-cell office:value-type="string">'
                tables += f"<text:p>{escape(cell)}</text:p></table:table-cell>" if cell else "</table:table-cell>"
            tables += "</table:table-row>"
        # What every sheet of LibreOffice ends with.
        tables += (
            '<table:table-row table:number-rows-repeated="1048500"><table:table-cell '
            'table:number-columns-repeated="1024"/></table:table-row></table:table>'
        )
    return opendocument(
        "spreadsheet",
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>",
        "",
    )


def csv(source: str) -> bytes:
    """GB18030 with CR LF, as spreadsheets save it here; cells with commas in quotes."""
    quoted = lambda cell: f'"{cell}"' if "," in cell else cell
    lines = [",".join(quoted(cell) for cell in cells(text)) for _, text in blocks(source)]
    return ("\r\n".join(lines) + "\r\n").encode("gb18030")


# ---- web pages ------------------------------------------------------------------------------------------------------

# A picture of one pixel.
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def mhtml(source: str) -> bytes:
    """A page as browsers save it: the HTML in quoted-printable, a style sheet, a picture in Base64."""
    body, aside = [], []
    title = ""
    rows = ""
    for mark, text in [*blocks(source), ("", "")]:
        shown = escape(text)
        if mark == "|":
            rows += "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells(text)) + "</tr>\n"
            continue
        if rows:
            body.append(f"<table>\n{rows}</table>")
            rows = ""
        if mark == "#":
            title = text
            body.append(f"<h1>{shown}</h1>")
        elif mark == "@":
            body.append(f'<div class="info">{shown}</div>')
        elif mark == "~":
            aside.append(f'<div class="{"crumbs" if not body else "footer"}"><a href="/">{shown}</a></div>')
        elif text:
            body.append(f"<p>&emsp;&emsp;{shown}</p>")
    head, foot = aside[:1], aside[1:]
    page = "\n".join(
        [
            '<!DOCTYPE html><html><head><meta charset="utf-8">',
            f'<title>{escape(title)}</title><link rel="stylesheet" href="cid:style@example"></head><body>',
            *head,
            '<div class="article">',
            *body,
            '<img src="https://example.com/roof.png" alt="">',
            "</div>",
            *foot,
            "</body></html>\n",
        ]
    )
    edge = "----MultipartBoundary--0123456789----"
    coded = quopri.encodestring(page.encode("utf-8"), quotetabs=False).decode("ascii")
    message = [
        "From: <Saved by Blink>",
        "Snapshot-Content-Location: https://example.com/roof.html",
        "Subject: =?utf-8?B?" + base64.b64encode(title.encode("utf-8")).decode("ascii") + "?=",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/related; type="text/html"; boundary="{edge}"',
        "",
        "",
        f"--{edge}",
        "Content-Type: text/html",
        "Content-ID: <frame-0@example>",
        "Content-Transfer-Encoding: quoted-printable",
        "Content-Location: https://example.com/roof.html",
        "",
        coded,
        f"--{edge}",
        "Content-Type: text/css",
        "Content-Transfer-Encoding: quoted-printable",
        "Content-Location: cid:style@example",
        "",
        ".article { width: 60em; }",
        "",
        f"--{edge}",
        "Content-Type: image/png",
        "Content-Transfer-Encoding: base64",
        "Content-Location: https://example.com/roof.png",
        "",
        base64.b64encode(PIXEL).decode("ascii"),
        "",
        f"--{edge}--",
        "",
    ]
    return "\r\n".join("\n".join(message).splitlines()).encode("ascii") + b"\r\n"


# ---- pages ----------------------------------------------------------------------------------------------------------

PAGE_WIDTH, PAGE_HEIGHT, MARGIN = 595, 842, 80
CLOSING = "，。、；：！？）》”％%"


def set_lines(text: str, size: float, width: float, indent: float) -> list[str]:
    """Breaks text to lines; closing marks may hang over the edge, no line begins with one."""
    lines, line, used = [], "", indent
    for c in text:
        step = size if ord(c) > 0x7F else size / 2
        if used + step > width and c not in CLOSING:
            lines.append(line)
            line, used = "", 0.0
        line += c
        used += step
    return [*lines, line]


class Pages:
    """Pages that are drawn line by line with a font that every reader of Chinese must know without having it."""

    def __init__(self, cmap: str, encoding: str, narrow: str) -> None:
        self.cmap, self.encoding, self.narrow = cmap, encoding, narrow
        self.pages: list[list[str]] = []

    def start(self) -> None:
        self.pages.append([])

    def draw(self, x: float, y: float, size: float, text: str) -> None:
        shown = text.encode(self.encoding).hex().upper()
        self.pages[-1].append(f"BT /F1 {size:g} Tf {x:g} {y:g} Td <{shown}> Tj ET")

    def finish(self) -> bytes:
        count = len(self.pages)
        kids = " ".join(f"{6 + 2 * at} 0 R" for at in range(count))
        objects = [
            "<< /Type /Catalog /Pages 2 0 R >>",
            f"<< /Type /Pages /Kids [{kids}] /Count {count} >>",
            f"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light-{self.cmap} /Encoding /{self.cmap} "
            "/DescendantFonts [4 0 R] >>",
            "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo "
            f"<< /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /DW 1000 /W [{self.narrow} 500] "
            "/FontDescriptor 5 0 R >>",
            "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] "
            "/ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
        ]
        for at, lines in enumerate(self.pages):
            stream = "\n".join(lines)
            objects.append(
                f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {PAGE_WIDTH} {PAGE_HEIGHT}] "
                f"/Resources << /Font << /F1 3 0 R >> >> /Contents {7 + 2 * at} 0 R >>"
            )
            objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        data = b"%PDF-1.4\n%\xe4\xb8\xad\n"
        places = []
        for at, text in enumerate(objects, 1):
            places.append(len(data))
            data += f"{at} 0 obj\n{text}\nendobj\n".encode("ascii")
        table = "".join(f"{place:010d} 00000 n \n" for place in places)
        size = len(objects) + 1
        tail = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R >>\n"
        return data + f"{tail}startxref\n{len(data)}\n%%EOF\n".encode("ascii")


def pdf_column(source: str) -> bytes:
    """One column over three pages, with a running head and page numbers."""
    pages = Pages("UniGB-UCS2-H", "utf-16-be", "1 95")
    running = next(text for mark, text in blocks(source) if mark == "~")
    width = PAGE_WIDTH - 2 * MARGIN
    y = 0.0

    def next_line(step: float) -> float:
        nonlocal y
        if y - step < MARGIN + 10:
            pages.start()
            number = f"— {len(pages.pages)} —"
            pages.draw(MARGIN, PAGE_HEIGHT - 48, 9, running)
            pages.draw(PAGE_WIDTH / 2 - 18, 40, 9, number)
            y = PAGE_HEIGHT - MARGIN - 14
        else:
            y -= step
        return y

    titles = 0
    for mark, text in blocks(source):
        if mark == "~":
            continue
        if mark == "#" and not titles:
            titles += 1
            at = next_line(30)
            pages.draw((PAGE_WIDTH - 20 * len(text)) / 2, at, 20, text)
            next_line(16)
        elif mark == "@":
            at = next_line(26)
            pages.draw((PAGE_WIDTH - 12 * len(text)) / 2, at, 12, text)
            next_line(14)
        elif mark == "#":
            next_line(12)
            pages.draw(MARGIN + 32, next_line(30), 16, text)
        else:
            for at, line in enumerate(set_lines(text, 16, width, 32)):
                pages.draw(MARGIN + (0 if at else 32), next_line(30), 16, line)
    return pages.finish()


def pdf_columns(source: str) -> bytes:
    """A newspaper page: a title over two columns, drawn row by row across both."""
    pages = Pages("GBK-EUC-H", "gbk", "814 908")
    pages.start()
    gap, size, step = 24, 10.5, 17
    # Columns end with their last whole character.
    width = (PAGE_WIDTH - 2 * MARGIN - gap) / 2 // size * size
    lines: list[tuple[float, str]] = []
    has_title = False
    for mark, text in blocks(source):
        if mark == "#":
            has_title = True
            pages.draw(MARGIN, PAGE_HEIGHT - 110, 26, text)
        elif mark == "@" and not has_title:
            pages.draw(MARGIN, PAGE_HEIGHT - 48, 9, text)
        elif mark == "@":
            pages.draw(MARGIN, PAGE_HEIGHT - 140, size, text)
        else:
            for at, line in enumerate(set_lines(text, size, width, 2 * size)):
                lines.append((0 if at else 2 * size, line))
    rows = (len(lines) + 1) // 2
    for row in range(rows):
        y = PAGE_HEIGHT - 180 - step * row
        for column, at in enumerate((row, row + rows)):
            if at < len(lines):
                indent, line = lines[at]
                pages.draw(MARGIN + column * (width + gap) + indent, y, size, line)
    return pages.finish()


# ---- archives -------------------------------------------------------------------------------------------------------


def gz(source: str) -> bytes:
    text = "\n\n".join(text for _, text in blocks(source)) + "\n"
    return gzipped(text.encode("utf-8"))


def archive(folder: str) -> bytes:
    """Names in GBK without the mark for UTF-8, as Windows packed them for years."""
    members = [
        ("材料/古丈县_茶园道路.docx", docx(f"{folder}/古丈县_茶园道路.txt")),
        ("材料/说明.txt", (SOURCES / folder / "说明.txt").read_text(encoding="utf-8").encode("gbk")),
    ]
    return zipped([(name.encode("gbk"), data) for name, data in members], flags=0)


def doc(source: str) -> bytes:
    """The same document saved by LibreOffice as Word 97 did."""
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "a.docx"
        made.write_bytes(docx(source))
        command = ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/home", "--convert-to", "doc:MS Word 97"]
        subprocess.run([*command, "--outdir", folder, str(made)], check=True, stdout=subprocess.DEVNULL)
        return made.with_suffix(".doc").read_bytes()


# source (below sources/), sample (below samples/), what makes it.
RECIPES = [
    ("安徽/黟县_古民居修缮.txt", "安徽/黟县_古民居修缮.mhtml", mhtml),
    ("批量/滇中农村饮水台账.txt", "批量/滇中农村饮水台账.csv", csv),
    ("广东/南雄市_水利工作通报.txt", "广东/南雄市_水利工作通报.pdf", pdf_column),
    ("河北/蔚县_剪纸与小杂粮版面.txt", "河北/蔚县_剪纸与小杂粮版面.pdf", pdf_columns),
    ("陕西/洛川县_苹果产业提升方案.txt", "陕西/洛川县_苹果产业提升方案.docx", docx),
    ("广西/三江县_风雨桥管护简报.txt", "广西/三江县_风雨桥管护简报.odt", odt),
    ("四川/若尔盖县_湿地保护统计.txt", "四川/若尔盖县_湿地保护统计.xlsx", xlsx),
    ("江苏/高邮市_农田排涝统计.txt", "江苏/高邮市_农田排涝统计.ods", ods),
    ("江西/婺源县_晒秋与护林.txt", "江西/婺源县_晒秋与护林.txt.gz", gz),
    ("批量/湘西材料", "批量/湘西材料.zip", archive),
]
DOC = ("山西/平遥县_古城消防工作总结.txt", "山西/平遥县_古城消防工作总结.doc")


def main(arguments: list[str]) -> int:
    if arguments not in ([], ["--check"], ["--doc"]):
        print(__doc__, file=sys.stderr)
        return 2
    if arguments == ["--doc"]:
        (SAMPLES / DOC[1]).write_bytes(doc(DOC[0]))
        return 0
    samples = ((sample, make(source)) for source, sample, make in RECIPES)
    return write(samples, checking=bool(arguments))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
