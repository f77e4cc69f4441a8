"""Compares what `fangzhi` reads out of files with the texts they were made from.

    score.py MADE [--program PROGRAM] [--faults]

MADE is a folder that `make.py` wrote: PRODUCER/NAME.<extension> with the truth beside it, PRODUCER/NAME.txt. Both are
read with `fangzhi inspect --json`, so that cleaning, which is the same for both, does not count. One line a producer:

    files        compared; files that could not be read count as empty
    characters   share of the truth's characters that were read, whatever their place
    order        2 x longest common subsequence / both lengths, the mean over the files
    precision    share of the paragraphs read that stand in the truth exactly, character for character
    recall       share of the truth's paragraphs that were read exactly

White space is left out of all comparisons, and compatibility characters count as what they stand for. `--faults` names
the paragraphs that differ.

Needs Python 3.9 and nothing else. The program is PROGRAM, $FANGZHI, or `fangzhi` on the path.
"""

import argparse
import json
import os
import subprocess
import sys
import unicodedata
from collections import Counter
from pathlib import Path

SECONDS_MAX = 120
"""A file that takes longer counts as not read."""


def paragraphs(program, path):
    """The paragraphs of a file as the program reads them."""
    try:
        done = subprocess.run([program, "inspect", "--json", str(path)], capture_output=True,
                              text=True, encoding="utf-8", timeout=SECONDS_MAX)
    except subprocess.TimeoutExpired:
        return []
    rows = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    texts = [plain(row["text"]) for row in rows if row.get("text")]
    return [text for text in texts if text]


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


class Score:
    """What was counted over the files of a producer."""

    def __init__(self):
        self.files = self.characters = self.characters_read = 0
        self.order = 0.0
        self.read = self.wanted = self.exact = 0

    def add(self, wanted, read):
        """Counts a file by its paragraphs."""
        a, b = "".join(wanted), "".join(read)
        self.files += 1
        self.characters += len(a)
        self.characters_read += sum((Counter(a) & Counter(b)).values())
        self.order += 2 * common_subsequence(a, b) / max(1, len(a) + len(b))
        self.wanted += len(wanted)
        self.read += len(read)
        self.exact += sum((Counter(wanted) & Counter(read)).values())

    def row(self, name):
        """The line of the table."""
        share = lambda part, whole: f"{part / max(1, whole):.4f}"
        return "\t".join([name, str(self.files), share(self.characters_read, self.characters),
                          share(self.order, self.files), share(self.exact, self.read),
                          share(self.exact, self.wanted)])


def show_faults(path, wanted, read):
    """Names what differs: `-` was not read, `+` was read and does not exist."""
    print(path)
    for sign, texts in (("-", Counter(wanted) - Counter(read)), ("+", Counter(read) - Counter(wanted))):
        for text in texts:
            print(f"  {sign} {text[:40]} … {text[-20:]}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("made", type=Path, help="folder that make.py wrote")
    parser.add_argument("--program", default=os.environ.get("FANGZHI", "fangzhi"))
    parser.add_argument("--faults", action="store_true", help="name the paragraphs that differ")
    asked = parser.parse_args()
    print("producer\tfiles\tcharacters\torder\tprecision\trecall")
    known = {}
    for folder in sorted(path for path in asked.made.iterdir() if path.is_dir()):
        score = Score()
        for truth in sorted(folder.glob("*.txt")):
            made = [path for path in folder.glob(f"{truth.stem}.*") if path != truth]
            if not made:
                continue
            text = truth.read_text(encoding="utf-8")
            if text not in known:
                known[text] = paragraphs(asked.program, truth)
            read = paragraphs(asked.program, made[0])
            score.add(known[text], read)
            if asked.faults and known[text] != read:
                show_faults(made[0], known[text], read)
        if score.files:
            print(score.row(folder.name), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
