"""Passages and queries for a comparison of search engines.

The large set is drawn from the bulk text in ../shared/data/corpus, or, where that is not there, taken from the samples of
this project; each of its queries is cut out of one passage, which is what it should find. The judged sets are the
folders of ../shared/data/retrieval, or others of that form: passages.jsonl and queries.jsonl, plain or packed (.zst).
The same input gives the same sets. `zstd` unpacks; nothing else but Python 3.9 is needed.
"""

import json
import random
import re
import subprocess
import unicodedata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data"
SAMPLES = ROOT / "corpus" / "samples"

SEED = 20261122
ITEM_QUERIES = 600
STRINGS = 500

HAN = "\u3400-\u4dbf\u4e00-\u9fff"
RUN_OF_HAN = re.compile(f"[{HAN}]{{4,}}")
TOKEN = re.compile(f"[{HAN}]|[A-Za-z0-9]+")


def read_jsonl(path):
    """The records of a file, or of the same file packed."""
    packed = path.with_name(path.name + ".zst") if path.suffix != ".zst" else path
    if path.suffix != ".zst" and path.exists():
        with open(path, encoding="utf-8") as lines:
            yield from map(json.loads, lines)
        return
    with subprocess.Popen(["zstd", "-dcq", "--long=27", packed], stdout=subprocess.PIPE, encoding="utf-8") as unpacked:
        yield from map(json.loads, unpacked.stdout)


def large(count):
    """Name and passages of the large set: different paragraphs of 40 to 600 characters, in the order of chance."""
    corpus = sorted((SHARED / "corpus").glob("*.jsonl.zst"))
    found = {}
    for path in corpus:
        for record in read_jsonl(path):
            for number, line in enumerate(record["text"].split("\n")):
                text = line.strip()
                if 40 <= len(text) <= 600 and text not in found:
                    found[text] = {"id": f"{record['id']}-{number}", "title": record.get("title", ""), "text": text}
    if not corpus:
        for path in sorted(SAMPLES.rglob("*.txt")):
            try:
                lines = path.read_text(encoding="utf-8").split("\n")
            except UnicodeDecodeError:
                continue  # a sample of another encoding
            for number, line in enumerate(lines):
                text = line.strip()
                if len(text) >= 40 and text not in found:
                    found[text] = {"id": f"{path.stem}-{number}", "title": path.stem, "text": text}
    passages = list(found.values())
    random.Random(SEED).shuffle(passages)
    return "corpus" if corpus else "samples", passages[:count]


def judged(folder):
    """Passages and judged queries of a folder."""
    passages = list(read_jsonl(folder / "passages.jsonl"))
    queries = [
        {"kind": "any", "id": query["id"], "texts": [query["text"]], "relevant": query["relevant"]}
        for query in read_jsonl(folder / "queries.jsonl")
        if query.get("relevant")
    ]
    return passages, queries


def judged_folders():
    return sorted(path for path in (SHARED / "retrieval").glob("*") if path.is_dir())


def item_queries(passages):
    """One, two and three items of two to four Han of one passage, equally many of each."""
    chance = random.Random(SEED + 1)
    queries = []
    while len(queries) < ITEM_QUERIES:
        passage = chance.choice(passages)
        runs = RUN_OF_HAN.findall(passage["text"])
        if not runs:
            continue
        items = []
        for _ in range(1 + len(queries) % 3):
            run, length = chance.choice(runs), chance.randint(2, 4)
            start = chance.randrange(len(run) - length + 1)
            items.append(run[start : start + length])
        queries.append({"kind": "all", "id": f"all-{len(queries)}", "texts": items, "relevant": [passage["id"]]})
    return queries


def strings(passages):
    """Strings of one to eight tokens without signs between them, from Han to Han, numbers and Latin words whole."""
    chance = random.Random(SEED + 2)
    queries = []
    while len(queries) < STRINGS:
        text = normal(chance.choice(passages)["text"])
        tokens = list(TOKEN.finditer(text))
        length = chance.randint(1, 8)
        if len(tokens) < length:
            continue
        start = chance.randrange(len(tokens) - length + 1)
        string = text[tokens[start].start() : tokens[start + length - 1].end()]
        if re.fullmatch(f"[{HAN}]([{HAN}A-Za-z0-9]*[{HAN}])?", string):
            queries.append({"kind": "find", "id": f"find-{len(queries)}", "texts": [string]})
    return queries


def scan(passages, queries):
    """The passages that hold each string, by reading all of them."""
    texts = [(passage["id"], normal(whole(passage))) for passage in passages]
    return {query["id"]: {name for name, text in texts if query["texts"][0] in text} for query in queries}


def normal(text):
    return unicodedata.normalize("NFKC", text).lower()


def whole(passage):
    return f"{passage.get('title') or ''}\n{passage['text']}"


def text_bytes(passages):
    return sum(len((passage.get("title") or "").encode()) + len(passage["text"].encode()) for passage in passages)


def one_line(text):
    return " ".join(text.split())


def write(passages, queries, folder):
    """Both as JSONL, and as tables for the engines here: id, title, text; kind, id, texts."""
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "passages.jsonl", "w", encoding="utf-8") as out:
        for passage in passages:
            record = {"id": passage["id"], "title": passage.get("title") or "", "text": passage["text"]}
            out.write(json.dumps(record, ensure_ascii=False) + "\n")
    with open(folder / "passages.tsv", "w", encoding="utf-8") as out:
        for passage in passages:
            out.write("\t".join([passage["id"], one_line(passage.get("title") or ""), one_line(passage["text"])]) + "\n")
    write_queries(queries, folder, "queries")


def write_queries(queries, folder, name):
    """As JSONL for engines that were added, and as a table."""
    with open(folder / f"{name}.jsonl", "w", encoding="utf-8") as out:
        for query in queries:
            out.write(json.dumps({"id": query["id"], "text": " ".join(query["texts"])}, ensure_ascii=False) + "\n")
    with open(folder / f"{name}.tsv", "w", encoding="utf-8") as out:
        for query in queries:
            out.write("\t".join([query["kind"], query["id"], *map(one_line, query["texts"])]) + "\n")
