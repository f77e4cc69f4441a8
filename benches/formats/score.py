"""Compares what `fangzhi` reads out of files with the texts they were made from.

    score.py MADE [--program PROGRAM] [--only PRODUCER ...] [--faults]

MADE is a folder that `make.py` wrote: PRODUCER/NAME.<extension> with the truth beside it, PRODUCER/NAME.txt. Both are
read with `fangzhi inspect --json`, so that cleaning, which is the same for both, does not count. One line a producer:

    files        compared; files that could not be read count as empty
    characters   share of the truth's characters that were read, whatever their place
    order        2 x longest common subsequence / both lengths, the mean over the files
    precision    share of the paragraphs read that stand in the truth exactly, character for character
    recall       share of the truth's paragraphs that were read exactly
    equal        share of the truth's characters that stand in paragraphs that were read exactly
    tagged       the same, of those whose kind, regions and measures are equal too

White space is left out of all comparisons, and compatibility characters count as what they stand for. `--faults` names
the paragraphs that differ.

Needs Python 3.9 and nothing else. The program is PROGRAM, $FANGZHI, or `fangzhi` on the path.
"""

import argparse
import sys
import unicodedata
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import texts


class Paragraph(NamedTuple):
    """A paragraph as it is compared."""

    text: str
    kind: str
    regions: tuple
    measures: tuple

    @classmethod
    def of(cls, row):
        """From what the program says of it."""
        return cls(plain(row["text"]), row["kind"], tuple(sorted(row["regions"])), tuple(sorted(row["measures"])))


def paragraphs(program, paths):
    """The paragraphs of files as the program reads them, by path."""
    read = texts.inspect(program, paths)
    return {path: [one for one in map(Paragraph.of, read[str(path)]) if one.text] for path in paths}


def plain(text):
    """A text as it is compared."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def common_subsequence(a, b):
    """The length of the longest common subsequence, a row of the table at a time in the bits of one number."""
    places = {}
    for at, char in enumerate(a):
        places[char] = places.get(char, 0) | 1 << at
    row = everything = (1 << len(a)) - 1
    for char in b:
        hit = row & places.get(char, 0)
        row = ((row + hit) | (row - hit)) & everything
    return len(a) - bin(row).count("1")


def count_chars(counted):
    """The characters of counted texts."""
    return sum(len(text) * count for text, count in counted.items())


class Score:
    """What was counted over the files of a producer."""

    def __init__(self):
        self.files = self.characters = self.characters_read = self.equal = self.tagged = 0
        self.order = 0.0
        self.read = self.wanted = self.exact = 0

    def add(self, wanted, read):
        """Counts a file by its paragraphs."""
        texts_wanted, texts_read = [one.text for one in wanted], [one.text for one in read]
        a, b = "".join(texts_wanted), "".join(texts_read)
        self.files += 1
        self.characters += len(a)
        self.characters_read += sum((Counter(a) & Counter(b)).values())
        self.order += 1.0 if a == b else 2 * common_subsequence(a, b) / max(1, len(a) + len(b))
        self.wanted += len(wanted)
        self.read += len(read)
        exact = Counter(texts_wanted) & Counter(texts_read)
        self.exact += sum(exact.values())
        self.equal += count_chars(exact)
        tagged = Counter(wanted) & Counter(read)
        self.tagged += sum(len(one.text) * count for one, count in tagged.items())

    def row(self, name):
        """The line of the table."""
        share = lambda part, whole: f"{part / max(1, whole):.4f}"
        return "\t".join([name, str(self.files), share(self.characters_read, self.characters),
                          share(self.order, self.files), share(self.exact, self.read),
                          share(self.exact, self.wanted), share(self.equal, self.characters),
                          share(self.tagged, self.characters)])


def show_faults(path, wanted, read):
    """Names what differs: `-` was not read, `+` was read and does not exist, `~` has other tags."""
    print(path)
    lost, added = Counter(wanted) - Counter(read), Counter(read) - Counter(wanted)
    others = {}
    for one in added.elements():
        others.setdefault(one.text, []).append(one)
    for one in lost.elements():
        if others.get(one.text):
            print(f"  ~ {shown(one.text)}: {tags(one)} -> {tags(others[one.text].pop())}")
        else:
            print(f"  - {shown(one.text)}")
    for one in (one for left in others.values() for one in left):
        print(f"  + {shown(one.text)}")


def shown(text):
    """The ends of a text."""
    return text if len(text) <= 60 else f"{text[:40]} … {text[-20:]}"


def tags(one):
    """What a paragraph was given, in short."""
    return " ".join([one.kind, *one.regions, *one.measures])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("made", type=Path, help="folder that make.py wrote")
    parser.add_argument("--program", default=texts.PROGRAM)
    parser.add_argument("--faults", action="store_true", help="name the paragraphs that differ")
    parser.add_argument("--only", nargs="+", help="these producers, default all")
    asked = parser.parse_args()
    print("producer\tfiles\tcharacters\torder\tprecision\trecall\tequal\ttagged")
    known = {}
    for folder in sorted(path for path in asked.made.iterdir() if path.is_dir()):
        if asked.only and folder.name not in asked.only:
            continue
        made_of = {path.stem: path for path in folder.iterdir() if path.suffix != ".txt"}
        pairs = [(path, made_of[path.stem]) for path in sorted(folder.glob("*.txt")) if path.stem in made_of]
        text_of = {truth: truth.read_text(encoding="utf-8") for truth, _ in pairs}
        new = {text_of[truth]: truth for truth, _ in pairs if text_of[truth] not in known}
        read = paragraphs(asked.program, [*new.values(), *(made for _, made in pairs)])
        known.update((text, read[truth]) for text, truth in new.items())
        score = Score()
        for truth, made in pairs:
            wanted = known[text_of[truth]]
            score.add(wanted, read[made])
            if asked.faults and wanted != read[made]:
                show_faults(made, wanted, read[made])
        if score.files:
            print(score.row(folder.name), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
