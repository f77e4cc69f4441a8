"""Learns the weights of index-schema/measure-model.tsv from labelled paragraphs.

    L=corpus/judgements
    cargo run --release --example measure-cases -- $L/tags.jsonl ../shared/data/reports > cases.jsonl
    cargo run --release --example measure-cases -- $L/tags-records.jsonl ../shared/data/corpus > records.jsonl
    cargo run --release --example measure-cases -- $L/tags-seeds.jsonl ../shared/seeds > seeds.jsonl
    cargo run --release --example measure-cases -- $L/tags-training.jsonl corpus/training > training.jsonl
    python3 benches/tags/train.py --labels $L/tags.jsonl --labels $L/tags-records.jsonl --labels $L/tags-seeds.jsonl \\
        --written $L/tags-training.jsonl --cases cases.jsonl --cases records.jsonl --cases seeds.jsonl --cases training.jsonl \\
        --weight 002_ba4e5abbe85d1466.txt=5 --weight 003_a42fece71bac7abf.txt=5 --out index-schema/measure-model.tsv

Needs numpy. The two reports weigh more because they alone have the form of party-building reports. Only labels of the
half `build` are used. A logistic model over the features that every measure shares, a weight for each measure and one
for each cue, and what features weigh for single measures of their own, all drawn towards zero; of these last the OWN_KEPT
that say most are kept, and all is learned again with them. The value at which a tag is given is chosen, by
cross-validation over files, for the best micro-F1 on reports that were not written for training, which tell more measures
than others, and subtracted, so that the model's odds of 1 are where a tag is given.
Without --out it only prints the cross-validated figures, beside those of the weighted lexicon alone.
"""

import argparse
import collections
import json
import zlib

import numpy as np

FOLDS = 5
# How strongly each kind of weight is drawn towards zero.
SHARED, WORD, MEASURE, CUE = 1.0, 40.0, 1.0, 1.5
# The same of what a feature weighs for one measure: plain ones, words in the cues' sentences, topic words.
OWN = {"": 20.0, "sentence": 7.0, "topic": 8.0}
# Pairs that must have a feature before it can have a weight of its own, and how many such weights the model has.
OWN_PAIRS = 8
OWN_KEPT = 8000
# What a label that another reader could well decide otherwise counts.
MAYBE = 0.5
# What a label of a report written for training counts: more, and the model is worse on real ones.
WRITTEN = 0.3
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


def kind_of(feature):
    return feature.partition(":")[0] if ":" in feature else ""


class Sparse:
    """Values of some columns by pair."""

    def __init__(self):
        self.rows, self.columns, self.values, self.names = [], [], [], {}

    def add(self, row, name, value):
        self.rows.append(row)
        self.columns.append(self.names.setdefault(name, len(self.names)))
        self.values.append(value)

    def arrays(self, length):
        self.rows, self.columns, self.values = np.array(self.rows), np.array(self.columns), np.array(self.values)
        self.names, self.length = list(self.names), length
        return self

    def only(self, kept):
        """The columns where `kept` is true."""
        few = Sparse()
        here = kept[self.columns]
        few.rows, few.values = self.rows[here], self.values[here]
        few.columns = (np.cumsum(kept) - 1)[self.columns[here]]
        few.names, few.length = [name for name, is_kept in zip(self.names, kept) if is_kept], self.length
        return few

    def pairs(self, used=None):
        """In how many pairs each column stands."""
        weights = None if used is None else used[self.rows].astype(float)
        return np.bincount(self.columns, weights, len(self.names))

    def scores(self, theta):
        return np.bincount(self.rows, theta[self.columns] * self.values, self.length)

    def gradient(self, residual):
        return np.bincount(self.columns, residual[self.rows] * self.values, len(self.names))


class Data:
    """All (paragraph, measure) pairs in which the measure has a cue."""

    def __init__(self, labels, cases, weights):
        truth = {(row["file"], row["text"]): row for row in labels}
        self.shared, self.measures = {}, {}
        rows, columns, values = [], [], []
        cues, own = Sparse(), Sparse()
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
                    kind = kind_of(name)
                    if kind != "topic":
                        rows.append(n)
                        columns.append(self.shared.setdefault(name, len(self.shared)))
                        values.append(value)
                    if kind in OWN and name != "one":
                        own.add(n, (path, name), value)
                for cue, value in one["cues"].items():
                    cues.add(n, (path, cue), value)
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
        self.cues, self.own = cues.arrays(len(self.y)), own.arrays(len(self.y))
        self.own = self.own.only(self.own.pairs() >= OWN_PAIRS)

    def decay(self, own):
        word = [WORD if ":" in name else SHARED for name in self.shared]
        word[self.shared["one"]] = 0.01
        return np.concatenate([
            word,
            np.full(len(self.measures), MEASURE),
            np.full(len(self.cues.names), CUE),
            [OWN[kind_of(name)] for _, name in own.names],
        ])

    def split(self, theta):
        ends = np.cumsum([len(self.shared), len(self.measures), len(self.cues.names)])
        return np.split(theta, ends)

    def scores(self, own, theta):
        shared, measure, cue, of_own = self.split(theta)
        return self.x @ shared + measure[self.measure] + self.cues.scores(cue) + own.scores(of_own)

    def fit(self, used):
        """The kept weights of their own, and the weights, learned from the pairs where `used` is true."""
        theta = self.learn(used, self.own)
        worth = np.abs(self.split(theta)[3]) * np.sqrt(self.own.pairs(used))
        kept = np.zeros(len(worth), dtype=bool)
        kept[np.argsort(-worth, kind="stable")[:OWN_KEPT]] = True
        own = self.own.only(kept)
        return own, self.learn(used, own)

    def learn(self, used, own):
        weight = self.weight * used
        decay = self.decay(own)

        def loss(theta):
            z = self.scores(own, theta)
            value = (weight * (np.logaddexp(0, z) - self.y * z)).sum() + (decay * theta**2).sum() / 2
            residual = weight * (1 / (1 + np.exp(-z)) - self.y)
            gradient = np.concatenate([
                residual @ self.x,
                np.bincount(self.measure, residual, len(self.measures)),
                self.cues.gradient(residual),
                own.gradient(residual),
            ])
            return value, gradient + decay * theta

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
    parser.add_argument("--written", help="labels of reports written for training")
    parser.add_argument("--out")
    parser.add_argument("--by-measure", action="store_true")
    parser.add_argument("--wrong", help="write wrong and missed tags of the held-out folds here")
    args = parser.parse_args()
    heavy = {name: float(weight) for name, weight in (one.split("=") for one in args.weight)}
    own = list(lines([args.written])) if args.written else []
    written = {row["file"] for row in own}
    labels = [row for row in lines(args.labels) if row["half"] != "check"] + own
    data = Data(labels, lines(args.cases), lambda row: heavy.get(row["file"], WRITTEN if row["file"] in written else 1.0))
    total = sum(len(rows) for rows in data.wanted.values())
    print(f"{len(data.y)} pairs, {total} labels, {int(data.y.sum())} of them with a cue, {data.lost} labels not found")

    held_out = np.zeros(len(data.y))
    for fold in range(FOLDS):
        own, theta = data.fit(data.fold != fold)
        pick = data.fold == fold
        held_out[pick] = data.scores(own, theta)[pick]
    found = np.array([file not in written for file in data.file])
    total = sum(len(rows) for file, rows in data.wanted.items() if file not in written)
    common = best_threshold(held_out[found], data.y[found], total)
    given = held_out >= common
    plain = data.plain >= best_threshold(data.plain[found], data.y[found], total)
    print("lexicon alone        P %.3f R %.3f F1 %.3f" % figures(data.y[found], plain[found], total))
    print("model                P %.3f R %.3f F1 %.3f" % figures(data.y[found], given[found], total))
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
        own, theta = data.fit(np.ones(len(data.y), dtype=bool))
        write(args.out, data, own, theta, common)


def write(path, data, own, theta, common):
    shared, measure, cue, of_own = data.split(theta)
    rows = []
    for name, at in data.shared.items():
        value = shared[at] - (common if name == "one" else 0)
        rows.append(("shared", name, value))
    for name, at in data.measures.items():
        rows.append(("measure", name, measure[at]))
    rows += [("cue", *name, value) for name, value in zip(data.cues.names, cue)]
    rows += [("own", *name, value) for name, value in zip(own.names, of_own)]
    order = {"shared": 0, "measure": 1, "cue": 2, "own": 3}
    with open(path, "w", encoding="utf-8") as out:
        out.write("# Weights of the model of measures, written by benches/tags/train.py; not meant to be edited.\n")
        for row in sorted(rows, key=lambda row: (order[row[0]], row[1:-1])):
            if row[0] == "measure" or abs(row[-1]) >= 0.01:
                out.write("\t".join([*row[:-1], f"{row[-1]:.3f}"]) + "\n")


if __name__ == "__main__":
    main()
