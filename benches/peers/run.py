"""Runs this engine, plain tantivy, SQLite FTS5 and Lucene on the same passages and queries and prints one table.

    python3 benches/peers/run.py [--rounds 3] [--paragraphs 120000] [--engines NAME,…] [--add NAME=PROGRAM]
                                 [--judged FOLDER] [--work FOLDER] [--rows FILE]

Builds the release programs first. An engine that is not installed is named with what it needs, and left out. What is
measured and how to read it stands in README.md beside this file.
"""

import argparse
import json
import math
import os
import re
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import sets

HERE = Path(__file__).resolve().parent
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", sets.ROOT / "target")) / "release"
OURS = "fangzhi"
DEBIAN_JARS = Path("/usr/share/java")


@dataclass
class Engine:
    """The commands of one engine; `{passages}`, `{index}`, `{queries}` are filled in, without an ending."""

    name: str
    index: list  # empty: it searches the index of `shares`
    query: list
    shares: str = ""
    table: bool = True  # it reads tables and answers in them; otherwise JSONL, as fangzhi.py does

    def folder(self):
        return self.shares or self.name


def engines(added):
    """The engines that can run here; says of the others what they need."""
    peer = str(TARGET / "examples" / "peer")
    rust = [
        Engine(name, [peer, name, "index", "{passages}.tsv", "{index}"], [peer, name, "query", "{index}", "{queries}.tsv"])
        for name in ("tantivy-jieba", "tantivy-bigrams")
    ]
    ours = [
        Engine(
            OURS,
            [str(TARGET / "fangzhi"), "index", "{passages}.jsonl", "--index", "{index}"],
            [peer, "fangzhi", "query", "{index}", "{queries}.tsv"],
        ),
        Engine("fangzhi-facets", [], [peer, "fangzhi-facets", "query", "{index}", "{queries}.tsv"], shares=OURS),
    ]
    found = ours + rust
    for name, maker in (("sqlite-fts5", sqlite), ("lucene", lucene)):
        made = maker()
        if isinstance(made, str):
            print(f"left out: {name}: {made}", file=sys.stderr)
        else:
            verbs = (["index", "{passages}.tsv", "{index}"], ["query", "{index}", "{queries}.tsv"])
            found.append(Engine(name, *(made + verb for verb in verbs)))
    for one in added:
        name, _, program = one.partition("=")
        program = shlex.split(program)
        index, query = ["index", "{passages}.jsonl", "{index}"], ["query", "{index}", "{queries}.jsonl"]
        found.append(Engine(name, program + index, program + query, table=False))
    return found


def sqlite():
    try:
        import sqlite3

        sqlite3.connect(":memory:").execute("CREATE VIRTUAL TABLE probe USING fts5(text)")
    except (ImportError, sqlite3.OperationalError) as error:
        return f"Python's sqlite3 with FTS5 is needed ({error})"
    return [sys.executable, str(HERE / "sqlite.py")]


def lucene_jars():
    """The jars named in LUCENE_JARS, else the newest that Debian installed; none when a part is not there."""
    named = [jar for jar in os.environ.get("LUCENE_JARS", "").split(":") if jar]
    parts = [sorted(DEBIAN_JARS.glob(f"lucene-{part}-[89]*.jar")) for part in ("core", "analyzers-common")]
    return named or ([str(part[-1]) for part in parts] if all(parts) else [])


def lucene():
    """The command of Lucene, compiled once, or what it needs."""
    if not shutil.which("javac"):
        return "a JDK from 11 on is needed (Debian: openjdk-17-jdk-headless)"
    if not lucene_jars():
        return "name its jars (core and the common analyzers) in LUCENE_JARS, or install Debian's liblucene8-java"
    jars = ":".join(lucene_jars())
    classes = TARGET / "lucene-classes"
    classes.mkdir(parents=True, exist_ok=True)
    compiled = subprocess.run(
        ["javac", "-nowarn", "-proc:none", "-cp", jars, "-d", str(classes), str(HERE / "Lucene.java")],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    if compiled.returncode != 0:
        return f"it does not compile with {jars}: {compiled.stdout[-500:]}"
    return ["java", "-Xmx2g", "-cp", f"{classes}:{jars}", "Lucene"]


def call(command, places):
    """Runs a command of an engine; gives its output and its processor seconds, those of its children included."""
    line = [part.format(**places) for part in command]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(line, stdout=out, stderr=errors)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        for stream in (out, errors):
            stream.seek(0)
        if process.returncode != 0:
            told = errors.read().decode("utf-8", "replace")[-1500:]
            raise RuntimeError(f"`{shlex.join(line)}` ended with {process.returncode}: {told}")
        return out.read().decode("utf-8", "replace"), usage.ru_utime + usage.ru_stime


def answers(engine, output):
    """By query: processor and wall milliseconds (the first unknown of an engine that was added), and the passages."""
    found = {}
    for line in output.splitlines():
        if engine.table:
            name, cpu, wall, _total, *ids = line.split("\t")
            found[name] = (float(cpu), float(wall), [passage for passage in ids if passage])
        else:
            row = json.loads(line)
            if "qid" in row:
                found[row["qid"]] = (None, row["ms"], row["ids"])
    return found


def folder_bytes(folder):
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def ndcg(ids, relevant):
    """nDCG@10.

    >>> ndcg(["a", "b"], ["a"]), round(ndcg(["b", "a"], ["a"]), 3), ndcg([], ["a"])
    (1.0, 0.631, 0.0)
    """

    def gain(places):
        return sum(1 / math.log2(place + 2) for place in places)

    hits = [place for place, passage in enumerate(ids[:10]) if passage in relevant]
    return gain(hits) / gain(range(min(len(set(relevant)), 10)))


def quality(found, queries):
    """Mean nDCG@10; an engine that gave no answer to a query gets nothing for it."""
    gained = [ndcg(found.get(query["id"], (0, 0, []))[2], query["relevant"]) for query in queries]
    return statistics.fmean(gained)


def percentile(values, part):
    """The least value that so large a part of all does not exceed.

    >>> percentile([4, 1, 3, 2], 0.5), percentile([1, 2, 3], 0.95)
    (2, 3)
    """
    return sorted(values)[max(0, math.ceil(part * len(values)) - 1)]


class Run:
    """What was measured, by engine, and by round where it is a time."""

    def __init__(self, work, rows):
        self.work = work
        self.rows = rows
        self.measured = {}
        self.failed = {}

    def note(self, engine, what, value):
        self.measured.setdefault(engine.name, {}).setdefault(what, []).append(value)
        if self.rows:
            with open(self.rows, "a", encoding="utf-8") as out:
                out.write(json.dumps({"engine": engine.name, "what": what, "value": value}) + "\n")

    def attempt(self, engine, step):
        """Whether a step of an engine came to its end; one that failed is left alone from then on."""
        if engine.name in self.failed:
            return False
        started = time.perf_counter()
        try:
            step(engine)
        except (RuntimeError, OSError, ValueError) as error:
            self.failed[engine.name] = str(error)
            print(f"failed: {engine.name}: {error}", file=sys.stderr)
            return False
        print(f"  {engine.name} {time.perf_counter() - started:.1f} s", file=sys.stderr)
        return True

    def places(self, engine, folder, queries="queries"):
        index = self.work / "indexes" / engine.folder()
        return {"passages": folder / "passages", "queries": folder / queries, "index": index}

    def make(self, engine, folder):
        """Makes the index of an engine; gives its processor seconds."""
        places = self.places(engine, folder)
        shutil.rmtree(places["index"], ignore_errors=True)
        places["index"].mkdir(parents=True)
        return call(engine.index, places)[1]

    def large(self, engine, folder, megabytes, queries):
        """One round of one engine on the large set."""
        if engine.index:
            self.note(engine, "speed", megabytes / self.make(engine, folder))
            self.note(engine, "size", folder_bytes(self.places(engine, folder)["index"]) / 1e6 / megabytes)
        found = answers(engine, call(engine.query, self.places(engine, folder))[0])
        cpu = [cpu for cpu, _, _ in found.values()]
        if None not in cpu:
            self.note(engine, "p50", percentile(cpu, 0.5))
            self.note(engine, "p95", percentile(cpu, 0.95))
        self.note(engine, "wall", percentile([wall for _, wall, _ in found.values()], 0.5))
        self.note(engine, "known", quality(found, queries))

    def complete(self, engine, folder, strings, expected):
        """Of the strings of one Han and of the others: how many were found in all their passages, and passages missed."""
        found = answers(engine, call(engine.query, self.places(engine, folder, "strings"))[0])
        missing, passages, extra, whole = Counter(), Counter(), 0, {"one": [], "more": []}
        for string in strings:
            group = "one" if len(string["texts"][0]) == 1 else "more"
            ids, wanted = set(found.get(string["id"], (0, 0, []))[2]), expected[string["id"]]
            whole[group].append(wanted <= ids)
            missing[group] += len(wanted - ids)
            passages[group] += len(wanted)
            extra += len(ids - wanted)
        for group, were in whole.items():
            self.note(engine, f"whole {group}", statistics.fmean(were))
        self.note(engine, "missed", missing["more"] / passages["more"])
        self.note(engine, "extra", extra)

    def judged(self, engine, folder, name, queries):
        self.make(engine, folder)
        self.note(engine, name, quality(answers(engine, call(engine.query, self.places(engine, folder))[0]), queries))

    def value(self, name, what):
        values = self.measured.get(name, {}).get(what)
        return statistics.median(values) if values else None

    def ratio(self, name, what):
        """The middle of the ratios to ours in each round."""
        values, ours = (self.measured.get(engine, {}).get(what, []) for engine in (name, OURS))
        ratios = [value / our for value, our in zip(values, ours) if our]
        return statistics.median(ratios) if ratios else None

    def table(self, names, judged):
        heads = ["engine", "index, MB / CPU s", "index / text", "`all` p50, CPU ms", "p95, CPU ms", "p50, wall ms"]
        heads += ["one Han found whole", "longer strings", "passages missed", "known items", *judged]
        lines = [heads, ["---"] * len(heads)]
        for name in names:
            cells = [f"{name} (failed)" if name in self.failed else name]
            for what, digits in (("speed", 2), ("size", 2), ("p50", 3), ("p95", 3), ("wall", 3)):
                value, ratio = self.value(name, what), self.ratio(name, what)
                cells.append("" if value is None else f"{value:.{digits}f} ({ratio:.2f} ×)" if ratio else f"{value:.{digits}f}")
            for what in ("whole one", "whole more", "missed"):
                value = self.value(name, what)
                cells.append("" if value is None else f"{value * 100:.2f} %")
            for what in ("known", *judged):
                value = self.value(name, what)
                cells.append("" if value is None else f"{value:.4f}")
            lines.append(cells)
        return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def commit():
    told = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=sets.ROOT, stdout=subprocess.PIPE, encoding="utf-8")
    return told.stdout.strip() or "unknown"


def versions(chosen):
    """What the engines are, for the record."""
    lock = (sets.ROOT / "Cargo.lock").read_text(encoding="utf-8")

    def package(name):
        return re.search(rf'name = "{name}"\nversion = "([^"]+)"', lock)[1]

    told = {
        OURS: f"commit {commit()}",
        "tantivy-jieba": f"tantivy {package('tantivy')}, tantivy-jieba {package('tantivy-jieba')}",
        "tantivy-bigrams": f"tantivy {package('tantivy')}",
    }
    if "sqlite-fts5" in chosen:
        import sqlite3

        told["sqlite-fts5"] = f"SQLite {sqlite3.sqlite_version}"
    if "lucene" in chosen:
        told["lucene"] = ", ".join(Path(jar).name for jar in lucene_jars())
    return "; ".join(f"{name}: {told[name]}" for name in chosen if name in told)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=3, help="times that the large set is indexed and searched (3)")
    options.add_argument("--paragraphs", type=int, default=120_000, help="passages of the large set (120000)")
    options.add_argument("--engines", help="only these, with commas between them")
    options.add_argument("--add", action="append", default=[], help="one more engine: NAME=PROGRAM, called as fangzhi.py is")
    options.add_argument("--judged", action="append", default=[], type=Path, help="one more folder of judged queries")
    options.add_argument("--work", type=Path, help="where sets and indexes are made; kept (default: a folder that is removed)")
    options.add_argument("--rows", type=Path, help="add each value measured to this file, a JSON line each")
    options.add_argument("--no-build", action="store_true", help="take the release programs as they are")
    given = options.parse_args()
    if not given.no_build:
        subprocess.run(["cargo", "build", "--release", "--locked", "--bin", "fangzhi", "--example", "peer"], cwd=sets.ROOT, check=True)
    chosen = engines(given.add)
    if given.engines:
        wanted = given.engines.split(",")
        chosen = [engine for engine in chosen if engine.name in wanted]
    with tempfile.TemporaryDirectory() as temporary:
        compare(given, chosen, given.work or Path(temporary))


def compare(given, chosen, work):
    run = Run(work, given.rows)
    source, passages = sets.large(given.paragraphs)
    queries, strings = sets.item_queries(passages), sets.strings(passages)
    folder = work / "large"
    sets.write(passages, queries, folder)
    sets.write_queries(strings, folder, "strings")
    megabytes = sets.text_bytes(passages) / 1e6
    print(f"{len(passages)} passages from the {source}, {megabytes:.1f} MB of titles and texts", file=sys.stderr)
    for number in range(given.rounds):
        print(f"round {number + 1}", file=sys.stderr)
        for engine in chosen:
            run.attempt(engine, lambda one: run.large(one, folder, megabytes, queries))
    print("strings", file=sys.stderr)
    expected = sets.scan(passages, strings)
    for engine in chosen:
        if engine.table and engine.index:
            run.attempt(engine, lambda one: run.complete(one, folder, strings, expected))
    names = []
    for judged in sets.judged_folders() + given.judged:
        print(judged.name, file=sys.stderr)
        names.append(judged.name)
        passages_judged, queries_judged = sets.judged(judged)
        sets.write(passages_judged, queries_judged, work / judged.name)
        for engine in chosen:
            if engine.index:
                run.attempt(engine, lambda one: run.judged(one, work / judged.name, judged.name, queries_judged))
    print(f"{len(passages)} passages from the {source}, {megabytes:.1f} MB; {given.rounds} rounds; load {os.getloadavg()[0]:.1f} at the end")
    print(versions([engine.name for engine in chosen]) + (" (programs as they were)" if given.no_build else "") + "\n")
    print(run.table([engine.name for engine in chosen], names))
    found = sum(map(len, expected.values()))
    extra = {engine.name: run.value(engine.name, "extra") for engine in chosen}
    told = ", ".join(f"{name} {value:.0f}" for name, value in extra.items() if value is not None)
    print(f"\n{len(strings)} strings stand in {found} passages, by a plain scan; found beyond these: {told}.")


if __name__ == "__main__":
    main()
