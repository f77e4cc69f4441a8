"""Prints the cues of index-schema/measures.toml that never occur in the texts below a folder, a line each:
measure, list, cue.

    python3 benches/tags/unused.py index-schema/measures.toml ../shared/data
"""

import pathlib
import re
import sys
import tomllib

LISTS = ("schemes", "strong", "usual", "faint")
# Characters between the parts of one cue, as in src/tag/measure/cues.rs.
GAP = 15
SUFFIXES = {".txt", ".md", ".html", ".json", ".jsonl", ".tsv", ".csv"}


def texts(folder):
    for path in sorted(pathlib.Path(folder).rglob("*")):
        if path.is_file() and (path.suffix in SUFFIXES or not path.suffix):
            yield path.read_bytes().decode("utf-8", "ignore")


def occurs(cue, text):
    parts = cue.split("…")
    if len(parts) == 1:
        return cue in text
    if not all(part in text for part in parts):
        return False
    gap = "[^。！？；;!?\n]{0,%d}?" % GAP
    return re.search(gap.join(map(re.escape, parts)), text) is not None


def main():
    vocabulary, folder = sys.argv[1:3]
    text = "\n".join(texts(folder))
    with open(vocabulary, "rb") as file:
        measures = tomllib.load(file)["measure"]
    for measure in measures:
        for name in LISTS:
            for cue in measure.get(name, []):
                if not occurs(cue, text):
                    print(measure["path"], name, cue, sep="\t")


if __name__ == "__main__":
    main()
