"""Drives the `fangzhi` command for a comparison with other search engines.

Keeps the protocol of two verbs that every engine of such a run answers to:

    fangzhi.py index PASSAGES.jsonl INDEXDIR   -> last line {"stat":"index","seconds","cpu","docs","threads"}
    fangzhi.py query INDEXDIR QUERIES.jsonl    -> a line {"qid","ms","ids":[at most 10]} a query, then {"stat":"query","seconds","cpu","queries","open_seconds"}

Passages are lines {"id","title","text"}, which `fangzhi index` reads as they are; queries are lines {"id","text"}.
Nothing but the command's public face is used. README.md beside this file says what is compared and what is not.

Environment:
    FANGZHI             the program; default `fangzhi` on the path
    FANGZHI_MATCH       auto | any | all; unset: the command's default, which is what people get
    FANGZHI_INDEX_ARGS  further arguments of `fangzhi index`, for example to set the number of threads
    PEER_WARM           queries asked first and not timed, default 200
    PEER_CAP            seconds after which the timed pass ends, default 120; the queries left are not answered

Needs Python 3.9 and nothing else.
"""

import json
import os
import re
import resource
import shlex
import subprocess
import sys
import threading
import time
from pathlib import Path

PROGRAM = os.environ.get("FANGZHI", "fangzhi")
MATCH = os.environ.get("FANGZHI_MATCH", "")

IDS_MAX = 10
"""How many passages an answer may name."""

HITS_MAX = 30
"""How many hits are asked for: a passage can be several paragraphs, its title being one of its own."""

INDEX_COMMAND = ["index", "{passages}", "--index", "{index}", "--json"]
SEARCH_COMMAND = ["search", "--batch", "-", "--index", "{index}", "--json", "-n", str(HITS_MAX), "--group", "none"]
MATCH_OPTION = "--match"

RECORD_ID = re.compile(r"\.jsonl#(?P<id>.*)", re.DOTALL)
"""In a hit's path: what follows the name of a JSONL file is the id of the record."""


def command(template, **places):
    """The argument list of `template` with the paths in `places` filled in."""
    return [PROGRAM] + [argument.format(**places) for argument in template]


def read_jsonl(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def passage_ids(answer):
    """The distinct passages of an answer's hits, best first.

    >>> passage_ids({"hits": [{"path": "a/p.jsonl#x-1"}, {"path": "a/p.jsonl#x-2"}, {"path": "a/p.jsonl#x-1"}]})
    ['x-1', 'x-2']
    >>> passage_ids({"hits": []})
    []
    """
    found = (RECORD_ID.search(hit["path"]) for hit in answer["hits"])
    return list(dict.fromkeys(match["id"] for match in found if match))[:IDS_MAX]


def query_line(text):
    """The query as one line of the batch; what would end the line becomes a space.

    >>> query_line("党建\\n引领\\t网格")
    '党建 引领 网格'
    """
    return " ".join(text.split())


def emit(value):
    print(json.dumps(value, ensure_ascii=False))


def children_cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def process_cpu_seconds(pid):
    """CPU seconds of a process that was not waited for yet; it may have ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def index(passages, folder):
    """Builds the index with one call of the command and reports what that call took, its start included."""
    target = Path(folder) / "index"
    line = command(INDEX_COMMAND, passages=passages, index=target) + shlex.split(os.environ.get("FANGZHI_INDEX_ARGS", ""))
    started = time.perf_counter()
    done = subprocess.run(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", errors="replace")
    seconds = time.perf_counter() - started
    if done.returncode != 0:
        sys.exit(f"`{shlex.join(line)}` ended with {done.returncode}: {done.stderr[-2000:]}")
    try:
        summary = json.loads(done.stdout.strip().splitlines()[-1])
    except (IndexError, json.JSONDecodeError):
        summary = {}
    threads = summary.get("threads") if isinstance(summary, dict) else None
    emit({
        "stat": "index",
        "seconds": seconds,
        "cpu": children_cpu_seconds(),
        "docs": len(read_jsonl(passages)),
        "threads": threads or 1,
    })


def query(folder, queries_path):
    """Puts all queries to one process and reports its answers.

    `ms` is the `took_ms` of the answer: reading the query, searching, snippets. Writing the JSON and the pipe are not in
    it; they are in the `seconds` of the last line.
    """
    queries = read_jsonl(queries_path)
    # A line of white space may be no query to the command; it would shift all answers after it.
    asked = [q for q in queries if query_line(q["text"])]
    warm = asked[: int(os.environ.get("PEER_WARM", "200"))]
    cap_seconds = float(os.environ.get("PEER_CAP", "120"))
    line = command(SEARCH_COMMAND, index=Path(folder) / "index") + ([MATCH_OPTION, MATCH] if MATCH else [])

    started = time.perf_counter()
    process = subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8", errors="replace")

    # Writing happens beside reading: both pipes are small, and one side alone would block.
    def feed():
        try:
            for q in warm + asked:
                process.stdin.write(query_line(q["text"]) + "\n")
            process.stdin.close()
        except BrokenPipeError:
            pass  # the reader below sees the answers end and says so

    threading.Thread(target=feed, daemon=True).start()

    opened_at = None

    def read():
        nonlocal opened_at
        for answer in process.stdout:
            opened_at = opened_at or time.perf_counter()
            if answer.strip():
                yield json.loads(answer)

    answers = read()
    for _ in zip(warm, answers):
        pass
    timed, cpu_before = time.perf_counter(), process_cpu_seconds(process.pid)

    rows, capped = [], False
    for q, answer in zip(asked, answers):
        if "hits" in answer:
            rows.append({"qid": q["id"], "ms": answer["took_ms"], "ids": passage_ids(answer)})
        else:
            rows.append({"qid": q["id"], "ms": 0.0, "ids": [], "err": json.dumps(answer, ensure_ascii=False)[:200]})
        capped = time.perf_counter() - timed > cap_seconds
        if capped:
            break
    seconds, cpu_after = time.perf_counter() - timed, process_cpu_seconds(process.pid)
    if capped:
        process.kill()
    code = process.wait()
    if len(rows) < len(asked) and not capped:
        sys.exit(f"`{shlex.join(line)}` gave {len(rows)} answers to {len(asked)} queries and ended with {code}")
    if not capped:
        rows += [{"qid": q["id"], "ms": 0.0, "ids": []} for q in queries if not query_line(q["text"])]

    for row in rows:
        emit(row)
    emit({
        "stat": "query",
        "seconds": seconds,
        "cpu": cpu_after - cpu_before,
        "queries": len(rows),
        "open_seconds": opened_at - started if opened_at else None,
    })


def main():
    verbs = {"index": index, "query": query}
    if len(sys.argv) < 4 or sys.argv[1] not in verbs:
        sys.exit("usage: fangzhi.py index PASSAGES.jsonl INDEXDIR | fangzhi.py query INDEXDIR QUERIES.jsonl")
    # A fourth argument is the variant; there is only one.
    verbs[sys.argv[1]](sys.argv[2], sys.argv[3])


if __name__ == "__main__":
    main()
