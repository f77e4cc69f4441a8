"""Learns the weights of index-schema/measure-model.tsv from labelled paragraphs.

    L=corpus/judgements
    cargo run --release --example measure-cases -- $L/tags.jsonl ../shared/data/reports > cases.jsonl
    cargo run --release --example measure-cases -- $L/tags-records.jsonl ../shared/data/corpus > records.jsonl
    cargo run --release --example measure-cases -- $L/tags-seeds.jsonl ../shared/seeds > seeds.jsonl
    python3 benches/tags/train.py --labels $L/tags.jsonl --labels $L/tags-records.jsonl --labels $L/tags-seeds.jsonl \\
        --cases cases.jsonl --cases records.jsonl --cases seeds.jsonl \\
        --weight 002_ba4e5abbe85d1466.txt=5 --weight 003_a42fece71bac7abf.txt=5 --out index-schema/measure-model.tsv

Needs numpy. The two reports weigh more because they alone have the form of party-building reports. Only labels of the
half `build` are used. A logistic model over the features that every measure shares, a weight for each measure and one
for each cue, all drawn towards zero; the value at which a tag is given is chosen, by cross-validation over files, for
the best micro-F1, and subtracted, so that the model's odds of 1 are where a tag is given. Without --out it only prints
the cross-validated figures, beside those of the weighted lexicon alone.
"""

import argparse
import collections
import json
import zlib

import numpy as np

FOLDS = 5
# How strongly each kind of weight is drawn towards zero.
SHARED, WORD, MEASURE, CUE = 1.0, 40.0, 1.0, 1.5
# What a label that another reader could well decide otherwise counts.
MAYBE = 0.5
# How far around a threshold its surroundings reach, in log odds.
SMOOTH = 0.4
ROUNDS = 80


def lines(paths):
    for path in paths:
        with open(path, encoding="utf-8") as file:
            for line in file:
                if line.strip():
                    yield json.loads(line)


def fold_of(file):
    return zlib.crc32(file.encode()) % FOLDS


class Data:
    """All (paragraph, measure) pairs in which the measure has a cue."""

    def __init__(self, labels, cases, weights):
        truth = {(row["file"], row["text"]): row for row in labels}
        self.shared, self.measures, self.cues = {}, {}, {}
        rows, columns, values = [], [], []
        cue_rows, cue_columns, cue_values = [], [], []
        self.y, self.weight, self.measure, self.file, self.plain, self.key = [], [], [], [], [], []
        # All labels by file, also of measures without a cue.
        self.wanted = collections.defaultdict(list)
        for case in cases:
            key = (case["file"], case["text"])
            row = truth.pop(key, None)
            if row is None:
                continue
            for path in row["measures"]:
                self.wanted[row["file"]].append((path, key))
            for one in case["cases"]:
                path = one["measure"]
                n = len(self.y)
                for name, value in one["features"].items():
                    rows.append(n)
                    columns.append(self.shared.setdefault(name, len(self.shared)))
                    values.append(value)
                for cue, value in one["cues"].items():
                    cue_rows.append(n)
                    cue_columns.append(self.cues.setdefault((path, cue), len(self.cues)))
                    cue_values.append(value)
                self.measure.append(self.measures.setdefault(path, len(self.measures)))
                self.y.append(path in row["measures"])
                self.weight.append(weights(row) * (MAYBE if path in row["measures_maybe"] else 1.0))
                self.file.append(row["file"])
                self.plain.append(one["plain"])
                self.key.append(key)
        self.lost = len(truth)
        self.y = np.array(self.y, dtype=float)
        self.weight = np.array(self.weight)
        self.measure = np.array(self.measure)
        self.fold = np.array([fold_of(file) for file in self.file])
        self.plain = np.array(self.plain)
        self.x = np.zeros((len(self.y), len(self.shared)), dtype=np.float32)
        self.x[rows, columns] = values
        self.cue = (np.array(cue_rows), np.array(cue_columns), np.array(cue_values))

    def decay(self):
        word = [WORD if ":" in name else SHARED for name in self.shared]
        word[self.shared["one"]] = 0.01
        return np.concatenate([word, np.full(len(self.measures), MEASURE), np.full(len(self.cues), CUE)])

    def scores(self, theta):
        shared, rest = np.split(theta, [len(self.shared)])
        measure, cue = np.split(rest, [len(self.measures)])
        rows, columns, values = self.cue
        own = np.bincount(rows, cue[columns] * values, len(self.y))
        return self.x @ shared + measure[self.measure] + own

    def gradient(self, residual):
        rows, columns, values = self.cue
        return np.concatenate([
            residual @ self.x,
            np.bincount(self.measure, residual, len(self.measures)),
            np.bincount(columns, residual[rows] * values, len(self.cues)),
        ])

    def fit(self, used):
        weight = self.weight * used
        decay = self.decay()

        def loss(theta):
            z = self.scores(theta)
            value = (weight * (np.logaddexp(0, z) - self.y * z)).sum() + (decay * theta**2).sum() / 2
            return value, self.gradient(weight * (1 / (1 + np.exp(-z)) - self.y)) + decay * theta

        return minimise(loss, np.zeros(len(decay)))


def minimise(loss, theta, memory=10):
    """L-BFGS with a halving line search."""
    value, gradient = loss(theta)
    history = collections.deque(maxlen=memory)
    for _ in range(ROUNDS):
        direction = -gradient
        kept = []
        for step, change in reversed(history):
            share = (step @ direction) / (step @ change)
            kept.append(share)
            direction = direction - share * change
        if history:
            step, change = history[-1]
            direction *= (step @ change) / (change @ change)
        else:
            direction /= max(1.0, np.abs(gradient).sum())
        for (step, change), share in zip(history, reversed(kept)):
            direction = direction + (share - (change @ direction) / (step @ change)) * step
        length = 1.0
        while True:
            new, new_gradient = loss(theta + length * direction)
            if new <= value + 1e-4 * length * (gradient @ direction) or length < 1e-6:
                break
            length /= 2
        step, change = length * direction, new_gradient - gradient
        theta = theta + step
        if step @ change > 1e-10:
            history.append((step, change))
        done = abs(value - new) < 1e-5 * abs(value)
        value, gradient = new, new_gradient
        if done:
            break
    return theta


def best_threshold(score, y, wanted):
    """The middle of the values whose F1, averaged over their surroundings, is best: a single peak is chance."""
    values = np.linspace(score.min(), score.max(), 400)
    order = np.sort(score)
    given = len(score) - np.searchsorted(order, values)
    hits = np.sort(score[y > 0])
    right = len(hits) - np.searchsorted(hits, values)
    f1 = 2 * right / (given + wanted)
    width = max(1, round(SMOOTH / (values[1] - values[0])))
    around = np.convolve(f1, np.ones(2 * width + 1), "valid")
    return values[int(np.argmax(around)) + width]


def figures(y, given, wanted):
    right = float(y[given].sum())
    p, r = right / max(1, given.sum()), right / max(1, wanted)
    return p, r, 2 * p * r / max(1e-9, p + r)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--labels", action="append", required=True)
    parser.add_argument("--cases", action="append", required=True)
    parser.add_argument("--weight", action="append", default=[], metavar="FILE=WEIGHT")
    parser.add_argument("--out")
    parser.add_argument("--by-measure", action="store_true")
    parser.add_argument("--wrong", help="write wrong and missed tags of the held-out folds here")
    args = parser.parse_args()
    heavy = {name: float(weight) for name, weight in (one.split("=") for one in args.weight)}
    labels = [row for row in lines(args.labels) if row["half"] != "check"]
    data = Data(labels, lines(args.cases), lambda row: heavy.get(row["file"], 1.0))
    total = sum(len(rows) for rows in data.wanted.values())
    print(f"{len(data.y)} pairs, {total} labels, {int(data.y.sum())} of them with a cue, {data.lost} labels not found")

    held_out = np.zeros(len(data.y))
    for fold in range(FOLDS):
        theta = data.fit(data.fold != fold)
        pick = data.fold == fold
        held_out[pick] = data.scores(theta)[pick]
    common = best_threshold(held_out, data.y, total)
    given = held_out >= common
    print("lexicon alone        P %.3f R %.3f F1 %.3f" % figures(data.y, data.plain >= best_threshold(data.plain, data.y, total), total))
    print("model                P %.3f R %.3f F1 %.3f" % figures(data.y, given, total))
    for name in sorted(heavy):
        pick = np.array([file == name for file in data.file])
        print(f"  of it {name[:12]}" + "  P %.3f R %.3f F1 %.3f" % figures(data.y[pick], given[pick], len(data.wanted[name])))
    if args.by_measure:
        wanted = collections.Counter(path for rows in data.wanted.values() for path, _ in rows)
        for path, at in sorted(data.measures.items(), key=lambda item: -wanted[item[0]]):
            pick = data.measure == at
            p, r, f1 = figures(data.y[pick], given[pick], wanted[path])
            cue = int(data.y[pick].sum())
            print(f"{path}\t{wanted[path]} labels, {cue} with a cue\tP {p:.2f} R {r:.2f} F1 {f1:.2f}")
    if args.wrong:
        seen = set()
        with open(args.wrong, "w", encoding="utf-8") as out:
            for n in range(len(data.y)):
                path = list(data.measures)[data.measure[n]]
                seen.add((path, data.key[n]))
                if bool(given[n]) != bool(data.y[n]):
                    out.write(json.dumps(["+" if given[n] else "-", path, *data.key[n], round(float(held_out[n] - common), 2)], ensure_ascii=False) + "\n")
            for rows in data.wanted.values():
                for path, key in rows:
                    if (path, key) not in seen:
                        out.write(json.dumps(["no cue", path, *key, 0], ensure_ascii=False) + "\n")
    if args.out:
        theta = data.fit(np.ones(len(data.y)))
        write(args.out, data, theta, common)


def write(path, data, theta, common):
    shared, rest = np.split(theta, [len(data.shared)])
    measure, cue = np.split(rest, [len(data.measures)])
    rows = []
    for name, at in data.shared.items():
        value = shared[at] - (common if name == "one" else 0)
        rows.append(("shared", name, value))
    for name, at in data.measures.items():
        rows.append(("measure", name, measure[at]))
    for (name, words), at in data.cues.items():
        rows.append(("cue", name, words, cue[at]))
    order = {"shared": 0, "measure": 1, "cue": 2}
    with open(path, "w", encoding="utf-8") as out:
        out.write("# Weights of the model of measures, written by benches/tags/train.py; not meant to be edited.\n")
        for row in sorted(rows, key=lambda row: (order[row[0]], row[1:-1])):
            if row[0] == "measure" or abs(row[-1]) >= 0.01:
                out.write("\t".join([*row[:-1], f"{row[-1]:.3f}"]) + "\n")


if __name__ == "__main__":
    main()
