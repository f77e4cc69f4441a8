#!/usr/bin/env python3
"""Make the encoded samples of corpus/samples from the plain UTF-8 texts in corpus/sources.

    python3 corpus/make_encodings.py            write the samples
    python3 corpus/make_encodings.py --check    compare them with what would be written; exit 1 if they differ

Standard library only. Samples that are plain UTF-8 have no source: they are edited where they stand.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCES = HERE / "sources"
SAMPLES = HERE / "samples"

# source (below sources/), sample (below samples/), steps in their order.
RECIPES = [
    ("云南/怒江新闻版面.txt", "云南/怒江新闻版面.txt", ["wrap", "utf-8"]),
    ("云南/麻栗坡强边固防.txt", "云南/麻栗坡强边固防.txt", ["gb18030"]),
    ("四川/昭觉移风易俗.txt", "四川/昭觉移风易俗_注音网页.txt", ["gloss", "utf-8"]),
    ("四川/北川防汛重建.txt", "四川/北川防汛重建.txt", ["utf-8-sig"]),
    ("西藏/那曲牧区服务.txt", "西藏/那曲地区牧区服务_注音网页.txt", ["gloss", "utf-8"]),
    ("新疆/霍尔果斯口岸.txt", "新疆/霍尔果斯口岸.txt", ["utf-16-le-bom"]),
    ("福建/晋江民营经济.txt", "福建/晋江民营经济_海外版.txt", ["big5"]),
    ("广西/边境治理探索.txt", "广西/边境治理探索_残缺.txt", ["utf-8", "cut"]),
]


def load_glosses() -> dict[str, str]:
    """Character -> toned reading, from sources/glosses.tsv."""
    lines = (SOURCES / "glosses.tsv").read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines if line)


def gloss(text: str) -> str:
    """Put its reading in brackets behind every character of the table, as some converted pages do."""
    table = load_glosses()
    return "".join(f"{c}({table[c]})" if c in table else c for c in text)


def wrap(text: str) -> str:
    """Turn the mark for a column's end into a line end and a blank line, as a copied newspaper page has."""
    return text.replace("⏎", "\n\n")


def cut(data: bytes) -> bytes:
    """Drop the last byte of the last character, as a transfer that broke off does."""
    return data.rstrip(b"\n")[:-1]


def build(source: Path, steps: list[str]) -> bytes:
    """The bytes of one sample."""
    text = source.read_text(encoding="utf-8")
    data = b""
    for step in steps:
        if step == "gloss":
            text = gloss(text)
        elif step == "wrap":
            text = wrap(text)
        elif step == "cut":
            data = cut(data)
        elif step == "utf-16-le-bom":
            data = b"\xff\xfe" + text.encode("utf-16-le")
        else:
            data = text.encode(step)
    return data


def write(samples: Iterable[tuple[str, bytes]], checking: bool) -> int:
    """Writes samples, or only says which differ from what is made of their sources; gives the exit code."""
    differing = 0
    for sample, data in samples:
        target = SAMPLES / sample
        if not checking:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        elif not target.exists() or target.read_bytes() != data:
            differing += 1
            print(f"differs from its source: samples/{sample}", file=sys.stderr)
    return 1 if differing else 0


def main(arguments: list[str]) -> int:
    if arguments not in ([], ["--check"]):
        print(__doc__, file=sys.stderr)
        return 2
    samples = ((sample, build(SOURCES / source, steps)) for source, sample, steps in RECIPES)
    return write(samples, checking=bool(arguments))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
