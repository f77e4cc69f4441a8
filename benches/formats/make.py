"""Makes files of the formats that offices have out of plain texts, with the producers that are installed.

    make.py TEXTS OUT [--only PRODUCER ...] [--list]

TEXTS is a folder of UTF-8 files `NAME.txt`, one paragraph a line, the title first. For every producer a folder
OUT/PRODUCER with `NAME.<extension>` and the truth beside it, `NAME.txt`, is written; `score.py` compares the two.
A producer whose tool is missing is named and left out. Files that exist already are kept.

TEXTS of reports are written by `texts.py`. Needs Python 3.9. Tools, each optional: LibreOffice (soffice), Chromium,
wkhtmltopdf, the Python packages reportlab and openpyxl, a Chinese font, named by FORMATS_FONT. The other producers write
their files themselves and need nothing.

To add a producer: a function that takes (documents, folder) and writes `NAME.<extension>` for each document into the
folder, and a line in PRODUCERS.
"""

import argparse
import csv
import html
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata
import zipfile
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path
from typing import NamedTuple

FONT = os.environ.get("FORMATS_FONT", "Noto Serif CJK SC")
"""The font of producers that embed one. Small files come of fonts with few curves, such as WenQuanYi Micro Hei."""

HEADING_CHARS_MAX = 30
"""Longer lines are no headings."""

SECONDS_MAX = 300
"""A tool that takes longer over its input is given up."""

FILES_AT_ONCE = 50
"""Files that LibreOffice is given in one call."""

NOT_FIRST = set("，。、；：？！”’）》】」』〉…%％,.;:?!)]}")
"""Characters that may not begin a line."""

NOT_LAST = set("“‘（《【「『〈([{")
"""Characters that may not end a line."""


class Document(NamedTuple):
    """A text to be made into a file."""

    name: str
    title: str
    paragraphs: list  # of strings, the title left out

    def styled(self):
        """The paragraphs with their styles: `h2` for headings, else `p`."""
        return [("h2" if is_heading(text) else "p", text) for text in self.paragraphs]


def is_heading(text):
    """Whether a paragraph is set as a heading: short, and no sentence."""
    return len(text) <= HEADING_CHARS_MAX and text[-1] not in "。；，！？：.;,!?:”"


def read_documents(folder):
    """The documents of a folder, by name."""
    documents = []
    for path in sorted(folder.glob("*.txt")):
        lines = [" ".join(line.split()) for line in path.read_text(encoding="utf-8").splitlines()]
        lines = [line for line in lines if line]
        if lines:
            documents.append(Document(path.stem, lines[0], lines[1:]))
    return documents


def run(*command):
    """Runs a tool quietly; its failure is an error with the tail of what it said."""
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, timeout=SECONDS_MAX
    )
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]}: exit {done.returncode}: {done.stderr[-300:]}")


def missing(documents, folder, extension):
    """The documents that have no file yet."""
    return [one for one in documents if not (folder / f"{one.name}.{extension}").exists()]


# ---------------------------------------------------------------------------------------------- web pages to PDF

INDENTED = "p{margin:0;text-indent:2em;text-align:justify}"
"""Paragraphs as reports have them: two characters indented, no space between."""

SPACED = "p{margin:.7em 0}"
"""Paragraphs as web pages have them: not indented, a space between."""


def page(document, columns, paragraphs):
    """The document as a web page for printing, in `columns` columns below its title."""
    body = "".join(f"<{tag}>{html.escape(text)}</{tag}>\n" for tag, text in document.styled())
    return (
        f'<!doctype html><meta charset="utf-8"><title>{html.escape(document.title)}</title><style>'
        "@page{size:A4;margin:20mm}"
        f"body{{font:10.5pt/1.7 '{FONT}',serif;margin:0}}"
        "h1{font-size:18pt;text-align:center}h2{font-size:12pt;margin:.5em 0}"
        f"div{{column-count:{columns};column-gap:2em}}{paragraphs}"
        f"</style><h1>{html.escape(document.title)}</h1><div>{body}</div>"
    )


def chromium(columns, paragraphs, *options):
    """A producer: Chromium's print of a page."""
    program = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chrome")

    def produce(documents, folder):
        for document in missing(documents, folder, "pdf"):
            with tempfile.TemporaryDirectory() as scratch:
                source = Path(scratch) / "page.html"
                source.write_text(page(document, columns, paragraphs), encoding="utf-8")
                run(program, "--headless", "--no-sandbox", "--disable-gpu", *options,
                    f"--user-data-dir={scratch}/profile",
                    f"--print-to-pdf={folder.resolve()}/{document.name}.pdf", source.as_uri())

    return produce if program else None


def wkhtmltopdf():
    """A producer: wkhtmltopdf, with a running head and page numbers."""
    program = shutil.which("wkhtmltopdf")

    def produce(documents, folder):
        for document in missing(documents, folder, "pdf"):
            with tempfile.TemporaryDirectory() as scratch:
                source = Path(scratch) / "page.html"
                source.write_text(page(document, 1, INDENTED), encoding="utf-8")
                run(program, "--quiet", "--header-left", "内部资料", "--footer-center", "[page]/[topage]",
                    source, folder / f"{document.name}.pdf")

    return produce if program else None


# ---------------------------------------------------------------------------------------------- LibreOffice

FLAT_ODT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"
 xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"
 office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.text">
<office:font-face-decls><style:font-face style:name="F" svg:font-family="'FONT'"/></office:font-face-decls>
<office:styles>
<style:style style:name="Body" style:family="paragraph"><style:paragraph-properties fo:text-indent="21pt"
 fo:text-align="justify" fo:line-height="170%"/><style:text-properties style:font-name="F"
 style:font-name-asian="F" fo:font-size="10.5pt" style:font-size-asian="10.5pt" fo:language="zh" fo:country="CN"/></style:style>
<style:style style:name="Title" style:family="paragraph"><style:paragraph-properties fo:text-align="center"
 fo:margin-bottom="12pt"/><style:text-properties style:font-name="F" style:font-name-asian="F" fo:font-size="18pt"
 style:font-size-asian="18pt" fo:font-weight="bold" style:font-weight-asian="bold"/></style:style>
<style:style style:name="Head" style:family="paragraph"><style:paragraph-properties fo:text-indent="21pt"/>
<style:text-properties style:font-name="F" style:font-name-asian="F" fo:font-size="12pt" style:font-size-asian="12pt"
 fo:font-weight="bold" style:font-weight-asian="bold"/></style:style>
<style:style style:name="Foot" style:family="paragraph"><style:paragraph-properties fo:text-align="center"/></style:style>
</office:styles>
<office:automatic-styles>
<style:page-layout style:name="A4"><style:page-layout-properties fo:page-width="21cm" fo:page-height="29.7cm"
 fo:margin="2.4cm"/><style:header-style/><style:footer-style><style:header-footer-properties
 fo:margin-top="0.5cm"/></style:footer-style></style:page-layout>
<style:style style:name="Part" style:family="section"><style:section-properties text:dont-balance-text-columns="false">
<style:columns fo:column-count="COLUMNS" fo:column-gap="0.8cm"/></style:section-properties></style:style>
</office:automatic-styles>
<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="A4">
<style:footer><text:p text:style-name="Foot">— <text:page-number/> —</text:p></style:footer>
</style:master-page></office:master-styles>
<office:body><office:text><text:p text:style-name="Title">TITLE</text:p>
<text:section text:style-name="Part" text:name="part">BODY</text:section></office:text></office:body></office:document>
"""


def flat_odt(document, columns):
    """The document as one XML file that LibreOffice opens."""
    styles = {"h2": "Head", "p": "Body"}
    body = "".join(
        f'<text:p text:style-name="{styles[tag]}">{html.escape(text)}</text:p>\n'
        for tag, text in document.styled()
    )
    template = FLAT_ODT.replace("COLUMNS", str(columns)).replace("'FONT'", f"'{FONT}'")
    if columns > 1:
        # LibreOffice cuts off punctuation that hangs out of a column of a section: it is lost in the PDF.
        template = template.replace("fo:text-align=\"justify\"", "fo:text-align=\"justify\" style:punctuation-wrap=\"simple\"")
    return template.replace("TITLE", html.escape(document.title)).replace("BODY", body)


def libreoffice(extension, columns=1):
    """A producer: LibreOffice, to the format with that extension."""
    program = shutil.which("soffice") or shutil.which("libreoffice")

    def produce(documents, folder):
        documents = missing(documents, folder, extension)
        for start in range(0, len(documents), FILES_AT_ONCE):
            convert(documents[start:start + FILES_AT_ONCE], folder)

    def convert(documents, folder):
        with tempfile.TemporaryDirectory() as scratch:
            sources = []
            for document in documents:
                sources.append(Path(scratch) / f"{document.name}.fodt")
                sources[-1].write_text(flat_odt(document, columns), encoding="utf-8")
            run(program, "--headless", f"-env:UserInstallation=file://{scratch}/profile",
                "--convert-to", extension, "--outdir", folder, *sources)

    return produce if program else None


# ---------------------------------------------------------------------------------------------- reportlab

def reportlab(columns):
    """A producer: reportlab, with a Chinese font that is named and not embedded, a running head and page numbers."""
    try:
        from reportlab.lib.styles import ParagraphStyle
        from reportlab.pdfbase import pdfmetrics
        from reportlab.pdfbase.cidfonts import UnicodeCIDFont
        from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph
    except ImportError:
        return None
    width, height, margin, gap = 595.0, 842.0, 60.0, 22.0

    def decorate(canvas, template):
        canvas.setFont("STSong-Light", 9)
        canvas.drawString(margin, height - 40, template.title)
        canvas.drawCentredString(width / 2, 34, f"- {canvas.getPageNumber()} -")

    def produce(documents, folder):
        pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
        common = {"fontName": "STSong-Light", "wordWrap": "CJK"}
        styles = {
            "h1": ParagraphStyle("h1", fontSize=16, leading=26, alignment=1, spaceAfter=8, **common),
            "h2": ParagraphStyle("h2", fontSize=10.5, leading=18, firstLineIndent=21, **common),
            "p": ParagraphStyle("p", fontSize=10.5, leading=18, firstLineIndent=21, **common),
        }
        for document in missing(documents, folder, "pdf"):
            wide = (width - 2 * margin - gap * (columns - 1)) / columns
            frames = [
                Frame(margin + at * (wide + gap), margin, wide, height - 2 * margin,
                      leftPadding=0, rightPadding=0)
                for at in range(columns)
            ]
            template = BaseDocTemplate(str(folder / f"{document.name}.pdf"),
                                       pagesize=(width, height), title="政策汇编")
            template.addPageTemplates(PageTemplate(frames=frames, onPage=decorate))
            parts = [("h1", document.title), *document.styled()]
            template.build([Paragraph(html.escape(text), styles[tag]) for tag, text in parts])

    return produce


# ---------------------------------------------------------------------------------------------- PDF by hand

class Style(NamedTuple):
    """How a hand-written PDF looks. Lengths are points."""

    width: float
    height: float
    margin: float
    columns: int
    gap: float
    size: float
    leading: float
    title_size: float
    vertical: bool = False

    def squares(self, text):
        """Room that a text takes, in squares: half a square for Latin, but every character has its own in a column."""
        if self.vertical:
            return len(text)
        return sum(1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.5 for char in text)


def break_lines(text, units, indent, style):
    """Cuts a text into lines of at most `units` squares; the first line is shorter by `indent`.

    Returns (indent, line) pairs. Closing marks do not begin a line and opening ones do not end it: they take the
    character before or after with them. Words are broken anywhere.
    """
    lines, line, room = [], "", units - indent
    for char in text:
        need = style.squares(char)
        if room < need:
            carried = ""
            while len(line) > 2 and (char in NOT_FIRST and not carried or line[-1] in NOT_LAST):
                carried, line = line[-1] + carried, line[:-1]
            lines.append((0 if lines else indent, line))
            line, room = carried, units - style.squares(carried)
        line += char
        room -= need
    lines.append((0 if lines else indent, line))
    return lines


def set_pages(document, style):
    """Sets a document: per page a list of (x, y, size, text), the title above the columns of the first page.

    `y` counts from the bottom. The texts of a page come row by row across its columns, as some typesetting systems
    draw them.
    """
    column = (style.width - 2 * style.margin - style.gap * (style.columns - 1)) / style.columns
    units = column // style.size
    lines = [pair for text in document.paragraphs for pair in break_lines(text, units, 2, style)]
    pages, top = [], style.height - style.margin
    room = int((style.width - 2 * style.margin) // style.title_size)
    heading = []
    for _, line in break_lines(document.title, room, 0, style):
        length = style.squares(line) * style.title_size
        heading.append(((style.width - length) / 2, top - style.title_size, style.title_size, line))
        top -= style.title_size * 1.5
    while lines or heading:
        rows = int((top - style.margin) // style.leading)
        taken, lines = lines[: rows * style.columns], lines[rows * style.columns:]
        drawn = heading
        for row in range(rows):
            for at in range(style.columns):
                ordinal = at * rows + row
                if ordinal < len(taken):
                    indent, line = taken[ordinal]
                    x = style.margin + at * (column + style.gap) + indent * style.size
                    drawn.append((x, top - (row + 1) * style.leading, style.size, line))
        pages.append(drawn)
        heading, top = [], style.height - style.margin
    return pages


def encode(text, cmap):
    """The bytes of a text under one of the predefined CMaps; characters it lacks become `?`."""
    codec = "gbk" if cmap.startswith("GBK") else "utf-16-be"
    if codec == "utf-16-be":
        text = "".join(char if ord(char) < 0x10000 else "?" for char in text)
    return text.encode(codec, errors="replace")


def write_pdf(path, pages, style, cmap):
    """Writes a PDF whose only font is named, not embedded, and has no Unicode map of its own."""
    vertical = " /WMode 1" if cmap.endswith("-V") else ""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"",  # the page tree, written last
        f"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /{cmap}{vertical}"
        " /DescendantFonts [4 0 R] >>".encode(),
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /W [1 95 500 814 939 500]"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /FontDescriptor 5 0 R >>",
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880]"
        b" /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
    ]
    kids = []
    for drawn in pages:
        content = ["BT"]
        for x, y, size, text in drawn:
            content.append(f"/F1 {size:g} Tf 1 0 0 1 {x:.2f} {y:.2f} Tm <{encode(text, cmap).hex()}> Tj")
        content.append("ET")
        stream = "\n".join(content).encode()
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {style.width:g} {style.height:g}] /Contents "
            f"{len(objects)} 0 R /Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>".encode()
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    path.write_bytes(out)


def by_hand(style, cmap):
    """A producer: columns drawn row by row, in a font that is not embedded."""

    def produce(documents, folder):
        for document in missing(documents, folder, "pdf"):
            write_pdf(folder / f"{document.name}.pdf", set_pages(document, style), style, cmap)

    return produce


def by_hand_vertical(style, cmap):
    """A producer: lines from top to bottom, from right to left."""

    def produce(documents, folder):
        turned = style._replace(width=style.height, height=style.width, vertical=True)
        for document in missing(documents, folder, "pdf"):
            pages = [
                [(y + size / 2, style.height - x, size, text) for x, y, size, text in drawn]
                for drawn in set_pages(document, turned)
            ]
            write_pdf(folder / f"{document.name}.pdf", pages, style, cmap)

    return produce


# ---------------------------------------------------------------------------------------------- web pages, text, tables

def written(extension, render):
    """A producer: files whose text the function `render` gives for a document."""

    def produce(documents, folder):
        for document in missing(documents, folder, extension):
            (folder / f"{document.name}.{extension}").write_bytes(render(document).encode("utf-8"))

    return produce


def article(document):
    """The document as the elements of a web page: its title and its paragraphs, all alike."""
    texts = "".join(f"<p>{html.escape(text)}</p>\n" for text in document.paragraphs)
    return f"<h1>{html.escape(document.title)}</h1>\n", texts


def plain_page(document):
    """The document as a page with nothing around it."""
    title, texts = article(document)
    return (
        f'<!doctype html>\n<html lang="zh">\n<head><meta charset="utf-8"><title>{html.escape(document.title)}</title></head>\n'
        f"<body>\n{title}{texts}</body>\n</html>\n"
    )


FRAME = """<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml">
<head>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8" />
<meta name="SiteName" content="云岭县人民政府" />
<title>TITLE_云岭县人民政府</title>
<link rel="stylesheet" href="/images/style.css" /><script src="/images/jquery.js"></script>
<style>.nav li{float:left} .TRS_Editor P{line-height:2}</style>
</head>
<body>
<div class="top"><a href="/">设为首页</a> | <a href="/wap">手机版</a> | <a href="/login">登录</a></div>
<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/zwgk/">政务公开</a></li><li><a href="/zwfw/">政务服务</a></li>
<li><a href="/hdjl/">互动交流</a></li><li><a href="/zjyl/">走进云岭</a></li></ul></div>
<div class="position">当前位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a> &gt; 工作动态</div>
<div class="main"><div class="content">
ARTICLE_TITLE<div class="tools">字体：<a href="#">大</a> <a href="#">中</a> <a href="#">小</a> <a href="#">打印本页</a></div>
<div class="TRS_Editor" id="zoom">
ARTICLE_TEXT</div>
<div class="pages">上一篇：<a href="t1.html">关于办好夜校的通知</a> 下一篇：<a href="t2.html">云岭县召开民政会议</a></div>
</div>
<div class="side"><h3>热点新闻</h3><ul><li><a href="t3.html">云岭县开展集中走访</a></li><li><a href="t4.html">全县水利工作会议召开</a></li>
<li><a href="t5.html">村级议事会办起来</a></li></ul></div></div>
<div class="footer"><p>主办：云岭县人民政府办公室</p><p>网站标识码：0000000000 <a href="#">网站地图</a> | <a href="#">联系我们</a></p></div>
<script>var _hmt = _hmt || [];</script>
</body>
</html>
"""
"""A page of a government's content management system, with an invented county."""


def framed_page(document):
    """The document as such a page."""
    title, texts = article(document)
    page = FRAME.replace("TITLE_", f"{html.escape(document.title)}_")
    return page.replace("ARTICLE_TITLE", title).replace("ARTICLE_TEXT", texts)


def saved_page(document):
    """The same page as browsers save it in one file with its parts."""
    message = MIMEMultipart("related", boundary="----MultipartBoundary--formats----", type="text/html")
    message["Snapshot-Content-Location"] = "https://www.example.org/zwgk/t0.html"
    for text, kind, place in (
        (framed_page(document), "html", "zwgk/t0.html"),
        (".nav li{float:left}", "css", "images/style.css"),
    ):
        part = MIMEText(text, kind, "utf-8")
        part["Content-Location"] = f"https://www.example.org/{place}"
        message.attach(part)
    return message.as_string()


MARKS = re.compile(r"^(\s*)([#>+*-]|\d+[.)])|([\\`*_\[\]<>|~&])")
"""What Markdown would read as more than text."""


def markdown(document):
    """The document as Markdown; characters that mean something there are escaped."""

    def escaped(text):
        return MARKS.sub(lambda found: f"{found[0][:-1]}\\{found[0][-1]}", text)

    return "\n\n".join([f"# {escaped(document.title)}", *map(escaped, document.paragraphs)]) + "\n"


def rows(document):
    """The document as a list: a paragraph a row, all in the first column of two."""
    return [(text, "") for text in (document.title, *document.paragraphs)]


def comma_separated(document):
    """The list as CSV."""
    lines = io.StringIO()
    csv.writer(lines, quoting=csv.QUOTE_ALL).writerows(rows(document))
    return lines.getvalue()


def workbook():
    """A producer: the list as a sheet, written by openpyxl."""
    try:
        from openpyxl import Workbook
    except ImportError:
        return None

    def produce(documents, folder):
        for document in missing(documents, folder, "xlsx"):
            book = Workbook(write_only=True)
            sheet = book.create_sheet("Sheet1")
            for row in rows(document):
                sheet.append(row)
            book.save(folder / f"{document.name}.xlsx")

    return produce


def zipped(documents, folder):
    """A producer: an archive with the text in it."""
    for document in missing(documents, folder, "zip"):
        with zipfile.ZipFile(folder / f"{document.name}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(folder / f"{document.name}.txt", "报告/正文.txt")


BOOK = Style(595, 842, 56, 2, 22, 10.5, 17, 18)
NEWSPAPER = Style(980, 1400, 50, 5, 18, 10, 15, 36)
BROADSIDE = Style(842, 595, 50, 3, 20, 10, 16, 24)

PRODUCERS = {
    "libreoffice": libreoffice("pdf"),
    "libreoffice-2": libreoffice("pdf", columns=2),
    "chromium": chromium(1, INDENTED, "--no-pdf-header-footer"),
    "chromium-spaced": chromium(1, SPACED),
    "chromium-2": chromium(2, INDENTED, "--no-pdf-header-footer"),
    "chromium-3": chromium(3, INDENTED, "--no-pdf-header-footer"),
    "wkhtmltopdf": wkhtmltopdf(),
    "reportlab": reportlab(1),
    "reportlab-2": reportlab(2),
    "rows-2": by_hand(BOOK, "GBK-EUC-H"),
    "newspaper-5": by_hand(NEWSPAPER, "UniGB-UCS2-H"),
    "vertical-3": by_hand_vertical(BROADSIDE, "UniGB-UCS2-V"),
    "html": written("html", plain_page),
    "html-framed": written("html", framed_page),
    "mhtml": written("mhtml", saved_page),
    "markdown": written("md", markdown),
    "docx": libreoffice("docx"),
    "odt": libreoffice("odt"),
    "doc": libreoffice("doc"),
    "csv": written("csv", comma_separated),
    "xlsx": workbook(),
    "zip": zipped,
}
"""Producers by name; the number is that of columns of a PDF. `None` where the tool is not installed."""


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("texts", type=Path, nargs="?", help="folder of NAME.txt")
    parser.add_argument("out", type=Path, nargs="?", help="folder for PRODUCER/NAME.*")
    parser.add_argument("--only", nargs="+", choices=PRODUCERS, help="these producers, default all")
    parser.add_argument("--list", action="store_true", help="name the producers and whether each can run")
    asked = parser.parse_args()
    if asked.list:
        for name, produce in PRODUCERS.items():
            print(name, "ready" if produce else "not installed", sep="\t")
        return 0
    if not asked.texts or not asked.out:
        parser.error("TEXTS and OUT are needed")
    documents = read_documents(asked.texts)
    failed = 0
    for name in asked.only or PRODUCERS:
        produce = PRODUCERS[name]
        if produce is None:
            print(f"{name}: left out, its tool is not installed", file=sys.stderr)
            continue
        folder = asked.out / name
        folder.mkdir(parents=True, exist_ok=True)
        for document in documents:
            lines = [document.title, *document.paragraphs]
            (folder / f"{document.name}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
        try:
            produce(documents, folder)
        except (RuntimeError, subprocess.TimeoutExpired) as error:
            print(f"{name}: {error}", file=sys.stderr)
            failed += 1
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
