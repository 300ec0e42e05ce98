"""Question: is our risk learner at the top on real students, and what do sensitive columns add.

Run: python experiments/real_uitval.py

Every learner sees the same folds: 5 x 5 repeated stratified, seed 42, students who recur kept in
one fold. Scores of a fold are kept under the temporary folder, so a run can be taken up again;
what is fitted is fitted inside the training part of the fold, stacking weights included.
CatBoost and EBM stand beside us where they are installed.
"""

import argparse
import hashlib
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from real_learners import OURS, Learner, comparators
from real_tables import LOADERS, Task

REPEATS = 5
FOLDS = 5
SEED = 42
Rows = NDArray[np.int64]


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


def scores(task: Task, fold: Fold, name: str, learner: Learner | None, cache: Path) -> object:
    """Return a learner's scores of a fold's test rows, from the cache when they are there."""
    kept = cache / f"{_slug(task.name)}-{_slug(name)}-{fold.number}.npy"
    if kept.exists():
        return np.load(kept)
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
    """Fit what is not in the cache, repeat by repeat."""
    learners = {
        name: learner
        for name, learner in comparators().items()
        if options.learners is None or name in options.learners
    }
    tasks = [task for name in options.data for task in LOADERS[name]()]
    tasks = [one for task in tasks for one in (task, *narrowed(task))]
    for repeat in range(options.repeats):
        for task in tasks:
            for fold in folds(task, repeat):
                for name, learner in learners.items():
                    if "zonder" in task.name and name != OURS:
                        continue
                    began = time.perf_counter()
                    scores(task, fold, name, learner, options.cache)
                    print(
                        task.name,
                        fold.number,
                        name,
                        f"{time.perf_counter() - began:.1f}",
                        flush=True,
                    )


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


if __name__ == "__main__":
    main()
