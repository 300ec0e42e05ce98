"""Question: is our risk learner at the top on real students, and what do sensitive columns add.

Run: python experiments/real_uitval.py

Every learner sees the same folds: 5 x 5 repeated stratified, seed 42, students who recur kept in
one fold. Scores of a fold are kept under the temporary folder, so a run can be taken up again;
what is fitted is fitted inside the training part of the fold, stacking weights included.
CatBoost and EBM stand beside us where they are installed.
"""

import argparse
import hashlib
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from real_learners import OURS, Learner, comparators
from real_tables import LOADERS, Task

from models import metrics

REPEATS = 5
FOLDS = 5
SEED = 42
NAMES = (OURS, "CatBoost", "EBM", "logistisch", "LightGBM kaal")
Rows = NDArray[np.int64]
Vector = NDArray[np.float64]
Table = NDArray[np.float64]
"""Shape (n_folds, n_metrics)."""


@dataclass(frozen=True)
class Fold:
    """Rows to fit on and rows to test on."""

    number: int
    train: Rows
    test: Rows


def folds(task: Task, repeat: int) -> Iterator[Fold]:
    """Return the five folds of one repeat; nobody stands on both sides."""
    from sklearn.model_selection import RepeatedStratifiedKFold, StratifiedGroupKFold

    if task.groups is None:
        every = RepeatedStratifiedKFold(n_splits=FOLDS, n_repeats=REPEATS, random_state=SEED)
        cuts = list(every.split(task.labels, task.labels))[repeat * FOLDS : (repeat + 1) * FOLDS]
    else:
        grouped = StratifiedGroupKFold(n_splits=FOLDS, shuffle=True, random_state=SEED + repeat)
        cuts = list(grouped.split(task.labels, task.labels, task.groups))
    for place, (train, test) in enumerate(cuts):
        yield Fold(repeat * FOLDS + place, train, test)


def scores(
    task: Task, fold: Fold, name: str, learner: Learner | None, cache: Path
) -> Vector | None:
    """Return a learner's scores of a fold's test rows, from the cache when they are there."""
    kept = cache / f"{_slug(task.name)}-{_slug(name)}-{fold.number}.npy"
    if kept.exists():
        return np.asarray(np.load(kept))
    if learner is None:
        return None
    groups = None if task.groups is None else task.groups[fold.train]
    found = learner(
        task.frame[fold.train], task.labels[fold.train], groups, task.frame[fold.test], fold.number
    )
    np.save(kept, found)
    return found


def _slug(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def narrowed(task: Task) -> list[Task]:
    """Return the task without what should not be used, to see what that costs."""
    found = [task.without(task.sensitive, "zonder gevoelige kolommen")]
    if task.undated:
        found.append(task.without(task.undated, "zonder ongedateerde kolommen"))
    return found


def run(options: argparse.Namespace) -> None:
    """Fit what is not in the cache, repeat by repeat; narrowed tables for ours only, last."""
    learners = {
        name: learner
        for name, learner in comparators().items()
        if options.learners is None or name in options.learners
    }
    tasks = [task for name in options.data for task in LOADERS[name]()]
    jobs = [(repeat, task, learners) for repeat in range(options.repeats) for task in tasks]
    less = [one for task in tasks for one in narrowed(task)]
    if OURS in learners:
        ours = {OURS: learners[OURS]}
        jobs += [(repeat, task, ours) for repeat in range(options.repeats) for task in less]
    for repeat, task, chosen in jobs:
        for fold in folds(task, repeat):
            for name, learner in chosen.items():
                began = time.perf_counter()
                scores(task, fold, name, learner, options.cache)
                lasted = f"{time.perf_counter() - began:.1f} s"
                print(task.name, fold.number, name, lasted, file=sys.stderr, flush=True)


METRICS: dict[str, tuple[metrics.Metric, int]] = {
    "AUC": (metrics.auc, 1),
    "PR-AUC": (metrics.average_precision, 1),
    "Brier": (metrics.brier, -1),
    "log loss": (metrics.log_loss, -1),
}
"""Each metric, and whether more of it is better."""


def measured(task: Task, names: list[str], options: argparse.Namespace) -> dict[str, Table]:
    """Return per learner the metrics of each fold that every learner has scored."""
    found: dict[str, list[list[float]]] = {name: [] for name in names}
    for repeat in range(options.repeats):
        for fold in folds(task, repeat):
            said = {name: scores(task, fold, name, None, options.cache) for name in names}
            if any(one is None for one in said.values()):
                continue
            labels = task.labels[fold.test]
            for name, one in said.items():
                row = [metric(labels, np.asarray(one)) for metric, _ in METRICS.values()]
                found[name].append([*row, metrics.ece(labels, np.asarray(one))])
    return {name: np.asarray(rows) for name, rows in found.items()}


def lines(task: Task, options: argparse.Namespace) -> list[str]:
    """Return the lines of one task: each learner, and what ours has over it on the same folds."""
    kept = [name for name in NAMES if _has(task, name, options)]
    table = measured(task, kept, options)
    told = []
    for name in kept:
        rows = table[name]
        values = " | ".join(f"{value:.4f}" for value in rows.mean(axis=0))
        gains = ["-"] * len(METRICS)
        if name != OURS and OURS in table:
            gains = [
                _gain(sign * (table[OURS][:, place] - rows[:, place]))
                for place, (_, sign) in enumerate(METRICS.values())
            ]
        told.append(f"| {task.name} | {name} | {len(rows)} | {values} | {' | '.join(gains)} |")
    return told


def price(full: Task, less: Task, options: argparse.Namespace) -> str:
    """Return the line of ours without some columns, and what these columns add on each fold."""
    both: list[list[list[float]]] = [[], []]
    for repeat in range(options.repeats):
        for fold in folds(full, repeat):
            said = [scores(task, fold, OURS, None, options.cache) for task in (full, less)]
            for rows, one in zip(both, said, strict=True):
                if all(other is not None for other in said):
                    rows.append(
                        [f(full.labels[fold.test], np.asarray(one)) for f, _ in METRICS.values()]
                    )
    with_all, without = map(np.asarray, both)
    if not len(without):
        return f"| {less.name} | niet gedraaid |"
    gains = [
        _gain(sign * (with_all[:, place] - without[:, place]))
        for place, (_, sign) in enumerate(METRICS.values())
    ]
    values = " | ".join(f"{value:.4f}" for value in without.mean(axis=0))
    return f"| {less.name} | {OURS} | {len(without)} | {values} | - | {' | '.join(gains)} |"


def _has(task: Task, name: str, options: argparse.Namespace) -> bool:
    """Whether a learner scored the first repeat of a task."""
    return all(scores(task, one, name, None, options.cache) is not None for one in folds(task, 0))


def _gain(differences: Vector) -> str:
    low, high = metrics.paired_interval(differences)
    return f"{differences.mean():+.4f} ({low:+.4f} to {high:+.4f})"


def main() -> None:
    """Run the comparison and print its tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", nargs="+", default=list(LOADERS), choices=list(LOADERS))
    parser.add_argument("--learners", nargs="+")
    parser.add_argument("--repeats", type=int, default=REPEATS)
    parser.add_argument(
        "--cache", type=Path, default=Path(tempfile.gettempdir()) / "vangnet_real_uitval"
    )
    options = parser.parse_args()
    options.cache.mkdir(parents=True, exist_ok=True)
    run(options)
    tasks = [task for name in options.data for task in LOADERS[name]()]
    print("| data | wie | vouwen | " + " | ".join([*METRICS, "ECE"]), end=" | ")
    print(" | ".join(f"winst {name}" for name in METRICS), "|")
    print("|" + "---|" * (4 + 2 * len(METRICS)))
    for task in tasks:
        for line in lines(task, options):
            print(line)
        for less in narrowed(task):
            print(price(task, less, options))
    absent = [name for name in NAMES if name not in comparators()]
    if absent:
        print(f"niet geïnstalleerd, alleen uit eerdere runs: {', '.join(absent)}")


if __name__ == "__main__":
    main()
