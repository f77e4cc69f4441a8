"""Writes reports as the plain texts that `make.py` wants: one paragraph a line, as the program reads them.

    texts.py OUT FILE ... [--program PROGRAM]

Wrapped lines are joined, glosses and the page around the text are left out, so that none of it disturbs a comparison of
formats: `fangzhi inspect` says what the paragraphs are, in all articles of the file one after the other. OUT/NAME.txt is
named after the file and its folder. Files in which nothing is read are named and left out.

Needs Python 3.9 and nothing else. The program is PROGRAM, $FANGZHI, or `fangzhi` on the path.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

FILES_AT_ONCE = 100
"""Files that the program is given in one call."""

PROGRAM = os.environ.get("FANGZHI", "fangzhi")
"""The program where no option names it."""


def inspect(program, paths):
    """The paragraphs of files as the program reads them: their JSON rows, by path, for every path.

    The paragraphs of an archive's members come one after the other. What can not be read has none.
    """
    paths = [str(path) for path in paths]
    found = {path: [] for path in paths}
    for start in range(0, len(paths), FILES_AT_ONCE):
        done = subprocess.run([program, "inspect", "--json", "--", *paths[start:start + FILES_AT_ONCE]],
                              capture_output=True, text=True, encoding="utf-8")
        sys.stderr.write(done.stderr)
        rows = None
        for line in done.stdout.splitlines():
            row = json.loads(line)
            if row.get("kind") == "document":
                rows = found[containing(found, row["path"])]
            elif row.get("text"):
                rows.append(row)
    return found


def containing(paths, path):
    """Which of the paths it is, or is a member of."""
    while path not in paths:
        path, mark, _ = path.rpartition("!/")
        if not mark:
            raise KeyError("the program names a file that it was not given")
    return path


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("out", type=Path, help="folder for NAME.txt")
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--program", default=PROGRAM)
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    for path, rows in inspect(asked.program, asked.files).items():
        if not rows:
            print(f"{path}: left out, nothing is read", file=sys.stderr)
            continue
        file = Path(path)
        lines = [row["display"] for row in rows]
        name = f"{file.parent.name}-{file.name.replace('.', '-')}.txt"
        (asked.out / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
