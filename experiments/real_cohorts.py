"""Question: what do a later cohort and an unseen course of OULAD cost, and does recalibrating help.

Later cohort: fit on the presentations that began in 2013 and early 2014, test on those of October
2014. Course never seen: fit on six courses, test on the seventh; students of the seventh are left
out of the six. Columns that can hold nothing known in the test (code of the presentation; code of
the course) are left out for every learner. What is lost is told against random folds: the scores
that `real_uitval.py` kept of its first repeat, on the same rows.

Run: python experiments/real_cohorts.py (scores are kept under the temporary folder; it goes on
where it was). Without kept random folds their column is empty.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray
from real_learners import OURS, comparators
from real_tables import Task, oulad_day
from real_uitval import folds, scores
from scipy.special import expit, logit

from models import metrics
from models.calibration import Platt, choose_calibration, shift

DAYS = (0, 60, 120)
NAMES = (OURS, "logistisch", "LightGBM kaal")
LATER, NEWEST = "2014J", "2014B"
"""The cohort to test on; and the newest one of which the outcome is known by then."""
OF_TIME = frozenset({"code_presentation", "presentation"})
OF_COURSE = frozenset({"code_module", "presentation"})
Metric = metrics.Metric
Vector = NDArray[np.float64]
Rows = NDArray[np.bool_]


@dataclass(frozen=True)
class Cut:
    """Rows to fit on, rows to score, and the columns that cannot count."""

    name: str
    train: Rows
    test: Rows
    without: frozenset[str]


def later(task: Task) -> list[Cut]:
    """Return the cuts in time: fitted with and without the newest cohort."""
    cohort = task.parts["code_presentation"]
    last, newest = (_mask(cohort == one) for one in (LATER, NEWEST))
    return [
        Cut("fitted with the newest", ~last, last, OF_TIME),
        Cut("fitted without the newest", ~last & ~newest, last | newest, OF_TIME),
    ]


def unseen(task: Task) -> list[Cut]:
    """Return a cut per course; nobody stands on both sides."""
    cuts = []
    for course in sorted(task.parts["code_module"].unique()):
        test = _mask(task.parts["code_module"] == course)
        shared = np.isin(_groups(task), _groups(task)[test])
        cuts.append(Cut(f"without {course}", ~test & ~shared, test, OF_COURSE))
    return cuts


def scored(task: Task, cut: Cut, name: str, cache: Path) -> Vector:
    """Return a score for each row of the task, NaN outside the test; kept in the cache."""
    kept = cache / f"{task.name}-{cut.name}-{name}.npy".replace(" ", "_").replace(",", "")
    if not kept.exists():
        began = time.perf_counter()
        frame = task.frame.drop(*(cut.without & set(task.frame.columns)))
        said = np.full(len(task.labels), np.nan)
        said[cut.test] = comparators()[name](
            frame.filter(cut.train),
            task.labels[cut.train],
            _groups(task)[cut.train],
            frame.filter(cut.test),
            0,
        )
        np.save(kept, said)
        lasted = f"{time.perf_counter() - began:.1f} s"
        print(task.name, cut.name, name, lasted, file=sys.stderr, flush=True)
    return np.asarray(np.load(kept))


def at_random(task: Task, name: str, cache: Path) -> Vector | None:
    """Return the kept score of each row from random folds, None where one is absent."""
    found = np.full(len(task.labels), np.nan)
    for fold in folds(task, 0):
        said = scores(task, fold, name, None, cache)
        if said is None:
            return None
        found[fold.test] = said
    return found


def line(task: Task, rows: Rows, said: Vector, *start: str) -> str:
    """Return a line of a table: metrics with their intervals over students."""
    labels, one, groups = task.labels[rows], said[rows], _groups(task)[rows]
    told = []
    for metric, form in METRICS:
        rng = np.random.default_rng(0)
        low, high = metrics.bootstrap_interval(metric, labels, one, rng=rng, groups=groups)
        told.append(f"{metric(labels, one):{form}} ({low:{form}}-{high:{form}})")
    floor = metrics.ece_noise_floor(one, rng=np.random.default_rng(0))
    return f"| {' | '.join(start)} | {' | '.join(told)} | {floor:.3f} |"


METRICS: tuple[tuple[metrics.Metric, str], ...] = (
    (metrics.auc, ".3f"),
    (metrics.brier, ".4f"),
    (metrics.log_loss, ".4f"),
    (metrics.ece, ".3f"),
    (metrics.calibration_slope, ".2f"),
)
COLUMNS = "| data | wie | wat | AUC | Brier | log loss | ECE | helling | ruis ECE |"


def gain(task: Task, rows: Rows, ours: Vector, other: Vector) -> str:
    """Return what ours has over another learner on the same rows, with intervals over students."""
    labels, pair = task.labels[rows], np.column_stack([ours, other])[rows]
    told = []
    for metric, sign in ((metrics.auc, 1), (metrics.log_loss, -1)):

        def difference(
            seen: Vector, places: Vector, metric: Metric = metric, s: int = sign
        ) -> float:
            one, two = pair[places.astype(np.int64)].T
            return s * (metric(seen, one) - metric(seen, two))

        places = np.arange(len(labels), dtype=np.float64)
        low, high = metrics.bootstrap_interval(
            difference, labels, places, rng=np.random.default_rng(0), groups=_groups(task)[rows]
        )
        told.append(f"{difference(labels, places):+.4f} ({low:+.4f} to {high:+.4f})")
    return " | ".join(told)


def cohort_lines(task: Task, options: argparse.Namespace) -> Iterator[str]:
    """Yield for each learner: the later cohort, and the same rows in random folds."""
    with_newest = later(task)[0]
    yield from _compared(
        task,
        with_newest.test,
        {
            "random folds, same rows": lambda name: at_random(task, name, options.random),
            f"later cohort ({LATER})": lambda name: scored(task, with_newest, name, options.cache),
        },
    )


def course_lines(task: Task, options: argparse.Namespace) -> Iterator[str]:
    """Yield for each learner: all courses, each scored unseen, and the same in random folds."""

    def never_seen(name: str) -> Vector:
        said = np.full(len(task.labels), np.nan)
        for cut in unseen(task):
            said[cut.test] = scored(task, cut, name, options.cache)[cut.test]
        return said

    yield from _compared(
        task,
        np.ones(len(task.labels), dtype=bool),
        {
            "random folds": lambda name: at_random(task, name, options.random),
            "course never seen": never_seen,
        },
    )


def _compared(
    task: Task, rows: Rows, ways: dict[str, Callable[[str], Vector | None]]
) -> Iterator[str]:
    for what, score in ways.items():
        ours = score(OURS)
        for name in NAMES:
            said = score(name)
            if ours is None or said is None:
                continue
            beside = "- | -" if name == OURS else gain(task, rows, ours, said)
            inside = f"{what}; within courses {within(task, rows, said):.3f}"
            yield line(task, rows, said, task.name, name, inside) + f" {beside} |"


def within(task: Task, rows: Rows, said: Vector) -> float:
    """Return the mean AUC inside each course, weighed by its rows."""
    courses = task.parts["code_module"].to_numpy()[rows]
    labels, one = task.labels[rows], said[rows]
    known, sizes = np.unique(courses, return_counts=True)
    each = [metrics.auc(labels[courses == course], one[courses == course]) for course in known]
    return float(np.average(each, weights=sizes))


def recalibrated(task: Task, options: argparse.Namespace) -> Iterator[str]:
    """Yield ours on the later cohort: as it is, and after learning from the newest outcomes.

    What a correction is fitted on is scored by a model that did not see it: the one that was
    fitted without the newest cohort. That correction is then used on this model, and (as an
    approximation) on the one that was fitted with the newest cohort.
    """
    fresh, stale = (scored(task, cut, OURS, options.cache) for cut in later(task))
    cohort = task.parts["code_presentation"]
    newest, last = (_mask(cohort == one) for one in (NEWEST, LATER))
    margins, labels = logit(stale[newest]), task.labels[newest]
    chosen = choose_calibration(margins, labels, _groups(task)[newest])
    corrections: dict[str, Callable[[Vector], Vector]] = {
        "as it is": lambda margin: margin,
        "moved to the newest rate": shift(margins, labels).logit,
        "line on the newest": Platt.fit(margins, labels).logit,
        f"what helps on the newest ({chosen.intercept:+.2f}, {chosen.slope:.2f})": chosen.logit,
    }
    for who, said in (("without the newest", stale), ("with the newest", fresh)):
        for what, correct in corrections.items():
            found = np.full(len(said), np.nan)
            found[last] = expit(correct(logit(said[last])))
            yield line(task, last, found, task.name, f"{OURS}, fitted {who}", what)


def rates(task: Task) -> str:
    """Return the rate of each cohort, which is what drifts."""
    found = (
        pl.DataFrame({"cohort": task.parts["code_presentation"], "rate": task.labels})
        .group_by("cohort")
        .agg(pl.col("rate").mean())
        .sort("cohort")
    )
    return f"{task.name}: " + ", ".join(f"{one} {100 * rate:.1f}%" for one, rate in found.rows())


def _mask(series: pl.Series) -> Rows:
    return np.asarray(series.to_numpy(), dtype=bool)


def _groups(task: Task) -> NDArray[np.int64]:
    if task.groups is None:
        raise ValueError("students recur in OULAD: their numbers are needed")
    return task.groups


def main() -> None:
    """Fit what is not in the cache and print the tables asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", nargs="+", type=int, default=list(DAYS))
    parser.add_argument("--parts", nargs="+", default=list(PARTS), choices=list(PARTS))
    parser.add_argument("--cache", type=Path, default=_folder("vangnet_real_cohorts"))
    parser.add_argument("--random", type=Path, default=_folder("vangnet_real_uitval"))
    options = parser.parse_args()
    options.cache.mkdir(parents=True, exist_ok=True)
    tasks = [oulad_day(day) for day in options.days]
    print("\n".join(map(rates, tasks)))
    for part in options.parts:
        more = " winst van ons: AUC | log loss |" if part != "recalibration" else ""
        print(f"\n{COLUMNS}{more}\n|" + "---|" * (f"{COLUMNS}{more}".count("|") - 1))
        for task in tasks:
            for one in PARTS[part](task, options):
                print(one, flush=True)


def _folder(name: str) -> Path:
    return Path(tempfile.gettempdir()) / name


PARTS: dict[str, Callable[[Task, argparse.Namespace], Iterator[str]]] = {
    "cohorts": cohort_lines,
    "recalibration": recalibrated,
    "courses": course_lines,
}


if __name__ == "__main__":
    main()
