"""Question: what does training the risk cost, and how much of it is more than the fits themselves.

A made-up region is copied, each copy with ids of its own, until there are as many rows (a jongere
on a peildatum) as asked for. Each size is measured in a process of its own: the features, and then
all that follows (test on later time, final fit, figures, comparison of groups, card). What stands
beside it in the same run is what the fits alone took: bare `lightgbm.train` on the ready matrix,
with putting it in bins, and the logistic member. A search for settings is timed with `--trials`.

Run: python experiments/bench_training.py --rows 10000 30000 100000 300000 1000000
     python experiments/bench_training.py --trials 50
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from unittest.mock import patch

import lightgbm
import polars as pl

from features.contract import Tables
from features.peildatum import table
from features.synthetic import RegionConfig, generate_region
from models.history import History, uitval_history
from models.linear import LinearModel
from models.recipes import RECIPES
from models.study import Search
from models.training import THOROUGH, train_uitvalrisico
from models.tuning import searched
from models.uitvalrisico import UitvalrisicoModel

PEILDATUM = date(2026, 11, 1)
ROWS_PER_JONGERE = 8.5
BASE = 6_000
SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000)
HEADER = (
    "| rows | features | per 1,000 rows | peak | the rest | of that trees | of that logistic | "
    "whole / all fits | whole / trees | peak |\n|---|---|---|---|---|---|---|---|---|---|"
)


def main() -> None:
    """Measure each size, or a search on the demo region, and print a markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--trials", type=int, default=0)
    parser.add_argument("--measure", type=int, default=0, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options.measure)))
        return
    if options.trials:
        print(search_demo(options.trials))
        return
    print(HEADER)
    for rows in options.rows:
        command = [sys.executable, __file__, "--measure", str(rows)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603  # ourselves
        print(line(json.loads(done.stdout.splitlines()[-1])), flush=True)


def line(found: dict[str, float]) -> str:
    """Return one line of the table; all times are of the processor."""
    whole = found["features"] + found["rest"]
    return (
        f"| {found['rows']:,.0f} | {found['features']:.1f} s "
        f"| {1e6 * found['features'] / found['rows']:.1f} ms | {found['features_mb']:,.0f} MB "
        f"| {found['rest']:.1f} s | {found['trees']:.1f} s | {found['linear']:.1f} s "
        f"| {whole / (found['trees'] + found['linear']):.2f}x | {whole / found['trees']:.2f}x "
        f"| {found['memory']:,.0f} MB |"
    )


def measure(rows: int) -> dict[str, float]:
    """Return processor seconds and MB of training on about so many rows."""
    tables = region(round(rows / ROWS_PER_JONGERE))
    began = time.process_time()
    history = uitval_history(tables, observed_until=PEILDATUM)
    features, memory = time.process_time() - began, _memory()
    with fits() as spent:
        began = time.process_time()
        train_on(tables, history)
        rest = time.process_time() - began
    return {
        "rows": history.frame.height,
        "features": features,
        "features_mb": memory,
        "rest": rest,
        "memory": _memory(),
        **spent,
    }


def train_on(tables: Tables, history: History) -> None:
    """Train as the command does, on features that were timed already."""
    with patch("models.training.uitval_history", lambda *_, **__: history):
        train_uitvalrisico(
            tables, observed_until=PEILDATUM, seed=1, progress=lambda _: None, evaluation=THOROUGH
        )


@contextmanager
def fits() -> Iterator[dict[str, float]]:
    """Add up what the fits alone take."""
    spent = {"trees": 0.0, "linear": 0.0}

    def timed(name: str, fit: Callable[..., object]) -> Callable[..., object]:
        def run(*args: object, **options: object) -> object:
            began = time.process_time()
            try:
                return fit(*args, **options)
            finally:
                spent[name] += time.process_time() - began

        return run

    with (
        patch.object(lightgbm, "train", timed("trees", lightgbm.train)),
        patch.object(LinearModel, "fit", timed("linear", LinearModel.fit)),
    ):
        yield spent


def region(jongeren: int) -> dict[str, pl.DataFrame]:
    """Return the tables of so many jongeren: those of a region, copied."""
    size = min(BASE, jongeren)
    config = RegionConfig(size, max(20, size // 15), max(60, size // 5), peildatum=PEILDATUM)
    tables = generate_region(config).tables
    ids = table(tables, "jongere")["jongere_id"]
    copies = [ids.head(jongeren - begin) for begin in range(0, jongeren, len(ids))]
    return {
        name: pl.concat(
            frame.filter(pl.col("jongere_id").is_in(own.implode())).with_columns(
                pl.format("{}-{}", "jongere_id", pl.lit(copy))
            )
            for copy, own in enumerate(copies)
        )
        if "jongere_id" in frame.columns
        else frame
        for name, frame in tables.items()
    }


def search_demo(trials: int) -> str:
    """Return what a search and the training after it take on a region of the demo's size."""
    tables = region(BASE)
    history = uitval_history(tables, observed_until=PEILDATUM)
    began, busy = time.perf_counter(), time.process_time()
    recipe = RECIPES[UitvalrisicoModel.name]
    tuned = searched(recipe.kind, history, recipe.trees, search=Search(trials), seed=1)
    middle = time.perf_counter(), time.process_time()
    train_on(tables, history)
    pruned = 0 if tuned.study is None else tuned.study.pruned
    return (
        f"{trials} trials ({pruned} given up) on {history.frame.height:,} rows: "
        f"{middle[1] - busy:.0f} s of processor in {middle[0] - began:.0f} s; training after it "
        f"{time.process_time() - middle[1]:.0f} s in {time.perf_counter() - middle[0]:.0f} s"
    )


def _memory() -> float:
    """Return the highest memory use so far, in MB; Linux keeps it per program started."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(found.split()[1]) / 1024


if __name__ == "__main__":
    main()
