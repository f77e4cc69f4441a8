"""SQLite's FTS5 as it is advised for Chinese: text and queries cut into pairs of Han before they reach it.

    sqlite.py index PASSAGES.tsv DIR
    sqlite.py query DIR QUERIES.tsv

The protocol is that of README.md beside this file. Needs Python 3.9 with an SQLite that has FTS5, and nothing else.
Ranked by bm25(); the text is stored, so that a passage can be shown.
"""

import re
import sqlite3
import sys
import time
import unicodedata
from pathlib import Path

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff々〇"
RUN = re.compile(f"[{HAN}]+|[^\\W_{HAN}]+")
IDS_MAX = 10


def tokens(text):
    """Pairs of neighbouring Han, a lone one as it is, other words whole.

    >>> tokens("2022年，抓党建")
    ['2022', '年', '抓党', '党建']
    """
    found = []
    for run in RUN.findall(unicodedata.normalize("NFKC", text).lower()):
        if len(run) > 1 and re.match(f"[{HAN}]", run):
            found.extend(run[at : at + 2] for at in range(len(run) - 1))
        else:
            found.append(run)
    return found


def rows(path):
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            yield line.rstrip("\n").split("\t")


def index(passages, folder):
    database = sqlite3.connect(Path(folder) / "passages.sqlite")
    # What a killed run leaves is thrown away, so nothing is synced; that is in favour of SQLite.
    database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
    database.execute("CREATE VIRTUAL TABLE tokens USING fts5(text, content = '', tokenize = 'unicode61')")
    database.execute("CREATE TABLE passages (number INTEGER PRIMARY KEY, id TEXT, text TEXT)")
    for number, (passage, *texts) in enumerate(rows(passages)):
        text = "\n".join(texts)
        database.execute("INSERT INTO tokens (rowid, text) VALUES (?, ?)", (number, " ".join(tokens(text))))
        database.execute("INSERT INTO passages VALUES (?, ?, ?)", (number, passage, text))
    database.execute("INSERT INTO tokens (tokens) VALUES ('optimize')")
    database.commit()
    database.close()


def phrase(item):
    return '"' + " ".join(tokens(item)) + '"'


def answer(database, kind, texts):
    """How many passages are found, where that is asked, and the ids of the best ten, or of all."""
    if kind == "any":
        wanted = " OR ".join(dict.fromkeys(f'"{token}"' for token in tokens(texts[0])))
    else:
        wanted = " AND ".join(phrase(item) for item in texts)
    if not wanted:
        return None, []
    if kind == "find":
        found = database.execute("SELECT id FROM passages WHERE number IN (SELECT rowid FROM tokens WHERE tokens MATCH ?)", (wanted,))
        return None, [passage for (passage,) in found]
    best = database.execute("SELECT rowid FROM tokens WHERE tokens MATCH ? ORDER BY rank LIMIT ?", (wanted, IDS_MAX)).fetchall()
    ids = [database.execute("SELECT id FROM passages WHERE number = ?", number).fetchone()[0] for number in best]
    total = None
    if kind == "all":
        total = database.execute("SELECT count(*) FROM tokens WHERE tokens MATCH ?", (wanted,)).fetchone()[0]
    return total, ids


def query(folder, queries):
    database = sqlite3.connect(Path(folder) / "passages.sqlite")
    asked = list(rows(queries))
    for kind, _, *texts in asked:
        if kind != "find":
            answer(database, kind, texts)
    for kind, name, *texts in asked:
        started, cpu = time.perf_counter(), time.thread_time()
        total, ids = answer(database, kind, texts)
        cpu, wall = time.thread_time() - cpu, time.perf_counter() - started
        print(name, f"{cpu * 1e3:.4f}", f"{wall * 1e3:.4f}", "" if total is None else total, *ids, sep="\t")


if __name__ == "__main__":
    verbs = {"index": index, "query": query}
    if len(sys.argv) != 4 or sys.argv[1] not in verbs:
        sys.exit("usage: sqlite.py index PASSAGES.tsv DIR | sqlite.py query DIR QUERIES.tsv")
    verbs[sys.argv[1]](*sys.argv[2:])
