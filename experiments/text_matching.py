"""Question: how often is the name that a Dutch text resembles most the right one.

Run: python experiments/text_matching.py --data ../shared/data [--tune] [--calibrate] [--speed]
"""

import argparse
import csv
import gzip
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import product
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.competentieruimte import confidence, own_id, propose
from features.text_matching import AT_ONCE, LabelIndex, MatchConfig, words

Vector = NDArray[np.float64]
Scorer = Callable[[Sequence[str]], NDArray[np.float32]]
"""Texts -> their likeness with every name."""
RESAMPLES = 2_000
DEPTH = 1_000
"""Things that are ranked; what lies deeper counts as not found."""


@dataclass(frozen=True)
class Task:
    """Texts, names, the thing of each name, and the right things of each text."""

    name: str
    texts: list[str]
    labels: list[str]
    things: list[int]
    right: list[set[int]]


def main() -> None:
    """Print a markdown table per list, and what else is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    for option in ("tune", "calibrate", "speed"):
        parser.add_argument(f"--{option}", action="store_true")
    options = parser.parse_args()
    exact, other = vdab(options.data)
    bel, nld = (melo(options.data, name) for name in ("bel", "nld"))
    if options.tune:
        lines = tune(other, bel)
    elif options.calibrate:
        lines = calibrate([other, exact, bel, nld])
    elif options.speed:
        lines = speed(exact, nld)
    else:
        lines = (line for task in (exact, bel, nld) for line in compare(task))
    for line in lines:
        print(line, flush=True)


def melo(data: Path, name: str) -> Task:
    """Return one of the Dutch lists of MELO: names of occupations, to find in ESCO."""
    rows = partial(_rows, data / "melo-nl")
    elements = rows("corpus_nl.tsv.gz")
    concept = dict(rows("corpus_concept_nl.tsv.gz"))
    number = {uri: at for at, uri in enumerate(dict.fromkeys(concept[one] for one, _ in elements))}
    thing = {one: number[concept[one]] for one, _ in elements}
    right: dict[str, set[int]] = {}
    for query, _, element, _ in rows(f"{name}_q_nl_c_nl.annotations.tsv.gz"):
        right.setdefault(query, set()).add(thing[element])
    queries = rows(f"{name}_q_nl_c_nl.queries.tsv.gz")
    return Task(
        f"MELO {name}",
        [text for _, text in queries],
        [text for _, text in elements],
        [thing[one] for one, _ in elements],
        [right[query] for query, _ in queries],
    )


def _rows(folder: Path, name: str) -> list[list[str]]:
    with gzip.open(folder / name, "rt", encoding="utf-8", newline="") as file:
        return list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def vdab(data: Path) -> tuple[Task, Task]:
    """Return the VDAB competenties with an exact ESCO skill, and all the others."""
    links = pl.read_csv(data / "esco-vdab-competenties" / "kruistabel.csv.gz")
    skills = links.select("esco_skill_uri", "esco_skill_nl").unique(
        "esco_skill_uri", maintain_order=True
    )
    number = {uri: at for at, uri in enumerate(skills["esco_skill_uri"])}
    exact = links.filter(relatie="exactMatch")
    rest = links.join(exact, on="vdab_uri", how="anti")

    def task(name: str, chosen: pl.DataFrame) -> Task:
        told = chosen.group_by("vdab_uri", "vdab_competentie_nl", maintain_order=True).agg(
            "esco_skill_uri"
        )
        return Task(
            name,
            told["vdab_competentie_nl"].to_list(),
            skills["esco_skill_nl"].to_list(),
            list(number.values()),
            [{number[uri] for uri in uris} for uris in told["esco_skill_uri"]],
        )

    return task("ESCO-VDAB exact", exact), task("ESCO-VDAB other relations", rest)


def compare(task: Task) -> Iterator[str]:
    """Tell how the plain methods, what was tried, and the matcher of the product do on a list."""
    yield f"\n{task.name}: {len(task.texts)} texts, {len(task.labels)} names\n"
    yield "| method | MRR | accuracy at 1 |\n|---|---|---|"
    names = list(range(len(task.labels)))
    by_name = replace(
        task,
        things=names,
        right=[{at for at in names if task.things[at] in things} for things in task.right]
        if len(set(task.things)) < len(names)
        else task.right,
    )
    scorers = {
        "char_wb 3-5 TF-IDF": partial(_tfidf, analyzer="char_wb", ngram_range=(3, 5)),
        "word TF-IDF": partial(_tfidf, analyzer="word"),
        "rapidfuzz token_sort_ratio": _fuzz,
    }
    for name, make in scorers.items():
        yield line(name, ranks(make(task.labels), by_name))
    yield line("reciprocal rank fusion of these three", _fused(scorers, by_name))
    if len(set(task.things)) < len(names):
        yield line(
            "char_wb 3-5 TF-IDF, each thing once",
            ranks(scorers["char_wb 3-5 TF-IDF"](task.labels), task),
        )
    yield line("product, names apart", searched(by_name, MatchConfig()))
    if len(set(task.things)) < len(names):
        whole = replace(MatchConfig(), whole_weight=0.0)
        yield line("product, each name with its whole", ranks(_with_whole(task), by_name))
        yield line("product without the whole, each thing once", searched(task, whole))
    yield line(
        "product without beginnings", searched(task, replace(MatchConfig(), begin_weight=0.0))
    )
    ours = searched(task, MatchConfig())
    yield line("**product**", ours)
    theirs = ranks(scorers["char_wb 3-5 TF-IDF"](task.labels), task)
    yield f"\nMRR more than char_wb 3-5 TF-IDF, each thing once: {gain(ours, theirs)}"


def line(name: str, found: Vector) -> str:
    """Return one line of a table from the rank of the first right thing of every text."""
    rng = np.random.default_rng(1)
    drawn = rng.integers(0, found.size, (RESAMPLES, found.size))
    cells = [name]
    for values in (1 / found, (found == 1).astype(float)):
        low, high = np.quantile(values[drawn].mean(axis=1), [0.025, 0.975])
        cells.append(f"{values.mean():.3f} ({low:.3f}-{high:.3f})")
    return f"| {' | '.join(cells)} |"


def gain(ours: Vector, theirs: Vector) -> str:
    """Return how much higher the first MRR is, with an interval over resampled texts."""
    more = 1 / ours - 1 / theirs
    drawn = np.random.default_rng(1).integers(0, more.size, (RESAMPLES, more.size))
    low, high = np.quantile(more[drawn].mean(axis=1), [0.025, 0.975])
    return f"{more.mean():+.3f} ({low:+.3f} to {high:+.3f})"


def searched(task: Task, config: MatchConfig) -> Vector:
    """Return the rank of the first right thing by the matcher of the product."""
    index = LabelIndex(task.labels, task.things, config=config)
    found = index.search(task.texts, top=DEPTH).thing
    return np.array([_first(row, right) for row, right in zip(found, task.right, strict=True)])


def _first(row: NDArray[np.int64], right: set[int]) -> float:
    at = np.flatnonzero(np.isin(row, list(right)))
    return at[0] + 1.0 if at.size else np.inf


def ranks(scorer: Scorer, task: Task) -> Vector:
    """Return the rank of the first right thing; equal scores in the order of the list."""
    order = np.argsort(task.things, kind="stable")
    _, starts = np.unique(np.asarray(task.things)[order], return_index=True)
    found = []
    for at in range(0, len(task.texts), AT_ONCE):
        scores = np.maximum.reduceat(
            scorer(task.texts[at : at + AT_ONCE])[:, order], starts, axis=1
        )
        top = np.argsort(-scores, axis=1, kind="stable")[:, :DEPTH]
        found += [_first(row, right) for row, right in zip(top, task.right[at:], strict=False)]
    return np.array(found)


def _tfidf(labels: Sequence[str], **options: object) -> Scorer:
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(sublinear_tf=True, dtype=np.float32, **options)
    names = vectorizer.fit_transform(labels).T.tocsr()
    return lambda texts: (vectorizer.transform(texts) @ names).toarray()


def _with_whole(task: Task) -> Scorer:
    """Return the matcher of the product as a score of every name, as MELO ranks them."""
    names = LabelIndex(task.labels)
    things = LabelIndex(task.labels, task.things)
    weight = MatchConfig().whole_weight
    ids = np.asarray(task.things)
    return lambda texts: (
        (names._vectors(texts) @ names._names).toarray()
        + weight * (things._vectors(texts) @ things._wholes).toarray()[:, ids]
    )


def _fuzz(labels: Sequence[str]) -> Scorer:
    from rapidfuzz import fuzz, process

    names = [" ".join(words(label)) for label in labels]
    return lambda texts: process.cdist(
        [" ".join(words(text)) for text in texts],
        names,
        scorer=fuzz.token_sort_ratio,
        dtype=np.float32,
    )


def _fused(scorers: dict[str, Callable[[Sequence[str]], Scorer]], task: Task) -> Vector:
    made = [make(task.labels) for make in scorers.values()]

    def fused(texts: Sequence[str]) -> NDArray[np.float32]:
        total = np.zeros((len(texts), len(task.labels)), np.float32)
        for scorer in made:
            place = np.argsort(np.argsort(-scorer(texts), axis=1, kind="stable"), axis=1)
            total += 1 / (60 + place)
        return total

    return ranks(fused, task)


def tune(competenties: Task, beroepen: Task) -> Iterator[str]:
    """Choose the settings on lists that are not reported: other relations, and Flemish jobs."""
    yield "| letters | begin | weight | MRR, other relations |\n|---|---|---|---|"
    best = (0.0, MatchConfig())
    for letters, begin, weight in product([(2, 4), (3, 4), (3, 5)], [4, 5], [0.15, 0.3, 0.6]):
        config = MatchConfig(letters, begin, weight)
        mrr = float((1 / searched(competenties, config)).mean())
        best = max(best, (mrr, config), key=lambda one: one[0])
        yield f"| {letters} | {begin} | {weight} | {mrr:.4f} |"
    yield "| weight of the whole | MRR, bel |\n|---|---|"
    for weight in (0.0, 0.125, 0.25, 0.5):
        mrr = float((1 / searched(beroepen, replace(best[1], whole_weight=weight))).mean())
        yield f"| {weight} | {mrr:.4f} |"


def calibrate(tasks: Sequence[Task]) -> Iterator[str]:
    """Fit the confidence on half of all VDAB competenties and tell its error on the rest."""
    from sklearn.linear_model import LogisticRegression

    told = {task.name: _evidence(task) for task in tasks}
    x, y = (np.concatenate(parts) for parts in zip(*list(told.values())[:2], strict=True))
    half = np.random.default_rng(1).random(y.size) < 0.5
    fitted = LogisticRegression(C=1e3).fit(x[half], y[half])
    said = fitted.predict_proba(x[~half])[:, 1]
    yield f"half: {_reliability(said, y[~half])}"
    whole = LogisticRegression(C=1e3).fit(x, y)
    yield f"all: {whole.intercept_[0]:.2f} {whole.coef_[0].round(2)}"
    yield "| list | n | said | right | calibration error | of those said above 0.8, right |"
    yield "|---|---|---|---|---|---|"
    for name, (evidence, right) in told.items():
        said = np.array([confidence(*row) for row in evidence])
        yield f"| {name} | {right.size} | {_reliability(said, right)}"


def _evidence(task: Task) -> tuple[Vector, Vector]:
    """Return likeness and lead of the nearest thing of each text, and whether it is right."""
    found = LabelIndex(task.labels, task.things).search(task.texts, top=2)
    score = found.score.astype(float)
    right = [thing in things for thing, things in zip(found.thing[:, 0], task.right, strict=True)]
    return np.column_stack([score[:, 0], score[:, 0] - score[:, 1]]), np.array(right, float)


def _reliability(said: Vector, right: Vector) -> str:
    parts = np.array_split(np.argsort(said), 10)
    error = sum(abs(said[one].mean() - right[one].mean()) * one.size for one in parts) / said.size
    sure = said > 0.8
    return (
        f"{said.mean():.3f} | {right.mean():.3f} | {error:.3f} "
        f"| {right[sure].mean():.2f} ({sure.sum()}) |"
    )


def speed(texts: Task, names: Task) -> Iterator[str]:
    """Tell how long 1,000 texts against 15,000 names take, by the clock and the processor."""
    labels = (texts.labels + names.labels)[:15_000]
    known = pl.DataFrame(
        {"competentie_id": [f"C{at}" for at in range(len(labels))], "titel": labels}
    )
    asked = texts.texts[:1_000]
    own = pl.DataFrame({"eigen_id": [own_id(text) for text in asked], "tekst": asked})
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    clock, processor = time.perf_counter(), time.process_time()
    found = propose(known, own)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield (
        f"{found['eigen_id'].n_unique()} of {len(asked)} texts against {len(labels)} names: "
        f"{time.perf_counter() - clock:.1f} s by the clock, "
        f"{time.process_time() - processor:.1f} s of processor, "
        f"{(after - before) / 1024:.0f} MB more at the peak"
    )


if __name__ == "__main__":
    main()
